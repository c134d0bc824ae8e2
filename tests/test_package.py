"""The package as a whole: what its import costs and what its face offers.

That every `__all__` is sorted is held by ruff (RUF022).
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import itilkit

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"

# The core imports what it uses when it is used; the extras belong to the shells.
HEAVY = (
    "altair",
    "dateutil.rrule",
    "holidays",
    "hypothesis",
    "jinja2",
    "narwhals",
    "numpy",
    "pandas",
    "pytest",
    "rich",
)

ROOMS = sorted(
    module.name
    for module in pkgutil.walk_packages(itilkit.__path__, "itilkit.")
    if not module.name.endswith("__main__")
)


def test_importing_the_package_loads_nothing_heavy() -> None:
    """`import itilkit` loads neither holidays nor any library of the extras."""
    code = f"import itilkit, sys; print(*sorted(set({HEAVY}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_star_import_gives_what_all_lists() -> None:
    """`from itilkit import *` works and brings exactly the names of `__all__`."""
    names: dict[str, object] = {}
    exec("from itilkit import *", names)  # noqa: S102  # a star import is no statement of a function
    del names["__builtins__"]
    assert sorted(names) == sorted(itilkit.__all__)


def test_what_checkers_see_is_what_the_face_offers() -> None:
    """The names imported for type checkers, `__all__` and `dir` agree, so that no name is loadable yet unknown."""
    tree = ast.parse(Path(itilkit.__file__).read_text(encoding="utf-8"))
    seen = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen - {"import_module", "TYPE_CHECKING", "Any"} == set(itilkit.__all__)
    assert dir(itilkit) == sorted([*itilkit.__all__, "__version__"])


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A name that the face does not offer is told as any module tells it."""
    misspelt = "Incidents"
    with pytest.raises(AttributeError, match="module 'itilkit' has no attribute 'Incidents'"):
        getattr(itilkit, misspelt)


@pytest.mark.parametrize("room", ["itilkit", *ROOMS])
def test_names_listed_by_a_module_resolve(room: str) -> None:
    """Each name in a module's `__all__` is there, once."""
    module = importlib.import_module(room)
    names = getattr(module, "__all__", [])
    assert len(names) == len(set(names))
    assert [name for name in names if not hasattr(module, name)] == []


def test_every_module_says_what_it_is_for() -> None:
    """Each module opens with a docstring."""
    silent = [room for room in ROOMS if not importlib.import_module(room).__doc__]
    assert silent == []


def test_the_version_is_the_one_that_is_packaged() -> None:
    """`itilkit.__version__` equals the version in pyproject.toml."""
    packaged = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"]
    assert itilkit.__version__ == packaged


def test_the_package_is_typed() -> None:
    """The marker file for type checkers lies in the package."""
    assert (Path(itilkit.__file__).parent / "py.typed").is_file()
