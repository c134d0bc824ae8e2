"""The drawings on the page about writing a model are those of the incident that the page tells of."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docs.test_examples import SYBIL

from itilkit.incident_models import SHIPPED

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-model.md"
DRAWN = PAGE.parent / "drawn"


def drawings() -> Iterator[tuple[str, str]]:
    """What the examples of the page draw, by the name of the file."""
    document = SYBIL.parse(PAGE)
    for example in document.examples():
        example.evaluate()
    for name, value in (("plan.html", "laid"), ("progress.html", "seen")):
        yield name, f"<figure>{document.namespace[value].to_svg()}</figure>\n"


def test_the_page_shows_what_its_examples_draw() -> None:
    """A drawing that is not made again after a change is told, with the way to make it."""
    for name, drawing in drawings():
        written = (DRAWN / name).read_text(encoding="utf-8")
        assert written == drawing, "python -m tests.incident_models.test_page"


@pytest.mark.parametrize("name", ["plan.html", "progress.html"])
def test_the_page_includes_each_drawing(name: str) -> None:
    """The page names the file."""
    assert f":file: drawn/{name}" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SHIPPED)
def test_each_shipped_model_is_shown_at_work(name: str) -> None:
    """The page about the five takes one incident through each; its examples run with those of all pages."""
    assert f"\n1. {name}: " in PAGE.with_name("five-models.md").read_text(encoding="utf-8")


if __name__ == "__main__":
    for _name, _drawing in drawings():
        (DRAWN / _name).write_text(_drawing, encoding="utf-8")
        sys.stdout.write(f"{_name}\n")
