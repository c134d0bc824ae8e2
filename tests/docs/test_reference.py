"""The reference covers the house: each room has its page."""

from __future__ import annotations

import pkgutil
from pathlib import Path

import itilkit

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def test_every_room_has_a_page() -> None:
    """Each room, and nothing else, has a page in the reference, and the index lists it."""
    rooms = {module.name for module in pkgutil.iter_modules(itilkit.__path__) if module.name != "__main__"}
    pages = {page.stem for page in REFERENCE.glob("*.md")} - {"index"}
    listed = (REFERENCE / "index.md").read_text(encoding="utf-8").split("```{toctree}")[1].split()
    assert rooms == pages
    assert rooms <= set(listed)


def test_every_adapter_is_in_the_reference() -> None:
    """Each adapter has its section on the page of the adapters."""
    adapters = {module.name for module in pkgutil.iter_modules([str(Path(itilkit.__path__[0]) / "adapters")])}
    page = (REFERENCE / "adapters.md").read_text(encoding="utf-8")
    assert {name for name in adapters if f"automodule:: itilkit.adapters.{name}\n" not in page} == set()
