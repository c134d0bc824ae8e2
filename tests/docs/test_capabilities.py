"""The capability pages: what guides to ITIL incident management name, where it is in itilkit, and an example that runs.

``docs/capabilities`` has the data: one TOML file a section with its rows, and beside it a Python file with its
examples. ``python -m tests.docs.test_capabilities`` writes ``docs/reference/capabilities`` from them.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import io
import pkgutil
import re
import textwrap
import tomllib
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import attrs
import pytest

import itilkit

ROOT = Path(__file__).parents[2]
DATA = ROOT / "docs/capabilities"
PAGES = ROOT / "docs/reference/capabilities"

# Counted when the list was made; a row that leaves or joins these is a decision, so it is written down here.
ROWS = 183
OUT_OF_SCOPE = {88, 89, 98, 114, 119, 124, 138, 141, 143, 145, 161, 162, 163, 174, 175, 176, 181, 182}
NOT_YET = {146, 147, 149, 150, 151, 152, 153, 154, 155, 169}

_MOST_ROWS_OF_AN_EXAMPLE = 3


@attrs.frozen(kw_only=True)
class Row:
    """A capability: what guides call it, and what itilkit has for it.

    Attributes:
        number: Its place in the list.
        item: What guides name.
        kind: A concept, an activity, a role ...
        how: How itilkit serves it, or what serves meanwhile.
        names: Where in the API.
        example: The example that shows it: a function of the section's file, or ``section.function``.
        shows: What the example prints for this row.
        not_yet: What is missing.
        awaits: What will be there once it is not missing any more.
        out: Why it is out of scope.
    """

    number: int
    item: str
    kind: str
    how: str = ""
    names: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    example: str = ""
    shows: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    not_yet: str = ""
    awaits: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    out: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.item}"


@attrs.frozen
class Section:
    """Rows that belong together: one page."""

    name: str
    title: str
    rows: tuple[Row, ...]


@cache
def sections() -> tuple[Section, ...]:
    """Every section, in the order of its rows."""
    found: list[Section] = []
    for path in DATA.glob("*.toml"):
        if not path.with_suffix(".py").exists():
            continue  # how the examples are laid out
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        rows = tuple(Row(**_whole(row, path.stem)) for row in table["rows"])
        found.append(Section(path.stem, table["title"], rows))
    return tuple(sorted(found, key=lambda section: section.rows[0].number))


def _whole(row: dict[str, Any], section: str) -> dict[str, Any]:
    """The row with the whole name of its example."""
    example = row.get("example", "")
    return row if not example or "." in example else {**row, "example": f"{section}.{example}"}


def rows() -> list[Row]:
    """Every row."""
    return [row for section in sections() for row in section.rows]


# --- examples


@cache
def _module(section: str) -> ModuleType:
    path = DATA / f"{section}.py"
    spec = importlib.util.spec_from_file_location(f"capabilities_{section}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _functions(section: str) -> dict[str, tuple[str, str]]:
    """The examples of a section by name: what each is about, and its lines."""
    text = (DATA / f"{section}.py").read_text(encoding="utf-8")
    lines = text.splitlines()
    found: dict[str, tuple[str, str]] = {}
    for node in ast.parse(text).body:
        assert isinstance(node, ast.FunctionDef | ast.Expr), f"{section}.py has examples and nothing else"
        if isinstance(node, ast.FunctionDef):
            title, body = ast.get_docstring(node) or "", node.body[0].end_lineno or 0
            found[node.name] = (title, textwrap.dedent("\n".join(lines[body : node.end_lineno])).strip())
    return found


def examples() -> list[str]:
    """Every example that there is, as ``section.function``."""
    return [f"{path.stem}.{name}" for path in sorted(DATA.glob("*.py")) for name in _functions(path.stem)]


def code(example: str) -> str:
    """The lines of an example, as a reader would write them."""
    section, name = example.split(".")
    return _functions(section)[name][1]


def title(example: str) -> str:
    """What an example is about."""
    section, name = example.split(".")
    return _functions(section)[name][0]


@cache
def output(example: str) -> str:
    """What an example prints."""
    section, name = example.split(".")
    function: Callable[[], None] = getattr(_module(section), name)
    printed = io.StringIO()
    with redirect_stdout(printed):
        function()
    return printed.getvalue()


# --- names


def found(name: str) -> object:
    """What a dotted name means; a field of an attrs class counts as its attribute."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            value: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            fields = attrs.fields_dict(value) if isinstance(value, type) and attrs.has(value) else {}
            value = fields[part] if part in fields else getattr(value, part)
        return value
    raise AttributeError(name)


def _is_offered(name: str) -> bool:
    """Whether a room offers it, so that the reference has a place to link to."""
    home, _, last = name.rpartition(".")
    try:
        room = importlib.import_module(home)
    except ModuleNotFoundError:
        return False
    return home != "itilkit" and last in room.__all__ and isinstance(getattr(room, last), type | FunctionType)


def _shown(name: str) -> str:
    """A name as the page shows it, with a link where there is something to link to."""
    home, _, last = name.rpartition(".")
    if home == "itilkit" and last in itilkit.__all__:
        value = getattr(itilkit, last)
        name = getattr(value, "__module__", "") + f".{last}" if isinstance(value, type) else name
        name = re.sub(r"^(itilkit\.\w+)\..*\.", r"\1.", name)
    return f"{{py:obj}}`{name}`" if _is_offered(name) else f"`{name}`"


# --- pages


def _head(row: Row) -> list[str]:
    return ["", f"## {row}", ""]


def _row(row: Row, seen: dict[str, int]) -> list[str]:
    if row.out:
        return [*_head(row), f"*{row.kind}, out of scope.* {row.out}"]
    state = ", not yet" if row.not_yet else ""
    lines = [*_head(row), f"*{row.kind}{state}.* " + " ".join(filter(None, (row.not_yet, row.how)))]
    if row.names:
        lines += ["", "In the API: " + ", ".join(map(_shown, row.names))]
    if row.example in seen:
        number = seen[row.example]
        lines += ["", f"The example of row {number} shows it, too: " + _quoted(row)]
    elif row.example:
        seen[row.example] = row.number
        lines += ["", f"{title(row.example)}", "", "```py", code(row.example), "```", ""]
        lines += ["It prints:", "", "```text", output(row.example).rstrip(), "```"]
    return lines


def _quoted(row: Row) -> str:
    return "; ".join(f"`{each}`" for each in row.shows) + "."


def page(section: Section) -> str:
    """The page of a section."""
    first, last = section.rows[0].number, section.rows[-1].number
    lines = [f"# {section.title}", "", f"Rows {first} to {last} of {ROWS}."]
    seen: dict[str, int] = {}
    for row in section.rows:
        lines += _row(row, seen)
    return "\n".join([*lines, ""])


_INDEX = """\
# Capabilities: what guides name, and where it is

Guides to ITIL incident management name {rows} capabilities: definitions, activities, record fields, roles, escalation,
service levels, metrics, neighbour practices, systems, scenarios and steps. These pages have a row for each: how itilkit
serves it, the names in the API, and an example with what it prints. Where something is missing, the row says so, and
what can be done meanwhile; a row that is no matter for a library says why.

The pages are made from `docs/capabilities`; the tests run every example and compare what it prints.
"""


def index() -> str:
    """The page that lists the others."""
    lines = _INDEX.format(rows=ROWS).splitlines()
    lines += ["", "| section | rows | served | not yet | out of scope |", "|---|---|---|---|---|"]
    for section in sections():
        lines.append(f"| [{section.title}]({section.name}.md) | {_counts(section.rows)} |")
    lines += [f"| all | {_counts(rows())} |", "", "```{toctree}", ":hidden:", ""]
    lines += [section.name for section in sections()] + ["```"]
    for heading, chosen in (
        ("Not yet", [(row, row.not_yet) for row in rows() if row.not_yet]),
        ("Out of scope", [(row, row.out) for row in rows() if row.out]),
    ):
        if chosen:
            lines += ["", f"## {heading}", ""]
            lines += [f"- {row}: {why}" for row, why in chosen]
    return "\n".join([*lines, ""])


def _counts(of: tuple[Row, ...] | list[Row]) -> str:
    counts = Counter("out" if row.out else "not yet" if row.not_yet else "served" for row in of)
    return " | ".join(map(str, (len(of), counts["served"], counts["not yet"], counts["out"])))


def pages() -> dict[str, str]:
    """Every page by the name of its file."""
    return {"index.md": index()} | {f"{section.name}.md": page(section) for section in sections()}


# --- tests


def test_every_row_is_there_once() -> None:
    """The list is whole, and each number stands in it once."""
    assert [row.number for row in rows()] == list(range(1, ROWS + 1))


def test_what_is_out_of_scope_is_known() -> None:
    """Which rows no library serves is a decision, not a way to be done with a row."""
    assert {row.number for row in rows() if row.out} == OUT_OF_SCOPE


def test_what_is_not_there_yet_is_not_forgotten() -> None:
    """A row that waits for its room is counted until the room is there."""
    assert {row.number for row in rows() if row.not_yet} == NOT_YET


@pytest.mark.parametrize("row", [row for row in rows() if row.not_yet or row.awaits], ids=str)
def test_what_is_there_is_not_called_missing(row: Row) -> None:
    """Once an adapter is there, the rows that wait for it have to be written anew."""
    assert row.awaits
    assert row.not_yet
    for name in row.awaits:
        with pytest.raises(AttributeError):
            found(name)


def test_each_row_out_of_scope_has_a_reason_of_its_own() -> None:
    """A reason says why this one is no matter for a library; it needs neither a name nor an example."""
    chosen = [row for row in rows() if row.out]
    assert all(not (row.names or row.example or row.shows or row.not_yet or row.how) for row in chosen)
    assert len({row.out for row in chosen}) == len(chosen)


@pytest.mark.parametrize("row", [row for row in rows() if not row.out], ids=str)
def test_a_row_has_names_that_exist(row: Row) -> None:
    """What a row names can be imported, and its example uses at least one of the names."""
    assert row.how.endswith(".")
    assert row.names or row.not_yet
    for name in row.names:
        assert name.startswith("itilkit")
        found(name)
    if row.names and row.example:
        assert any(name.rpartition(".")[2] in code(row.example) for name in row.names)


@pytest.mark.parametrize("row", [row for row in rows() if not row.out], ids=str)
def test_the_example_of_a_row_prints_what_the_row_is_about(row: Row) -> None:
    """Each row that is served has an example whose output has the row's words, and some of them were worked out."""
    assert bool(row.example) == bool(row.shows)
    assert row.example or row.not_yet
    if row.example:
        printed = output(row.example)
        assert [words for words in row.shows if words not in printed] == []
        assert any(words not in code(row.example) for words in row.shows), (
            "the example only repeats what it says"
        )


def test_no_example_is_forgotten_or_serves_too_many() -> None:
    """Each example serves one row at least and three at most."""
    served = Counter(row.example for row in rows() if row.example)
    assert set(served) == set(examples())
    assert {name: n for name, n in served.items() if n > _MOST_ROWS_OF_AN_EXAMPLE} == {}


@pytest.mark.parametrize("example", examples())
def test_an_example_is_written_as_a_user_would_write_it(example: str) -> None:
    """It says what it is about, and imports what rooms offer, from the rooms."""
    assert title(example)[-1] in ".?"
    for node in ast.walk(ast.parse(code(example))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("itilkit"):
            room = importlib.import_module(node.module or "")
            inside = {module.name for module in pkgutil.iter_modules(getattr(room, "__path__", ()))}
            offered = getattr(room, "__all__", ())
            assert room.__name__.count(".") <= 1
            assert {alias.name for alias in node.names} <= {*offered, *inside}


def test_rows_of_one_example_have_words_of_their_own() -> None:
    """Rows that share an example are shown by different parts of its output."""
    words = [(row.example, each) for row in rows() for each in row.shows]
    assert [pair for pair, n in Counter(words).items() if n > 1] == []


@pytest.mark.parametrize("name", ["index.md", *(f"{section.name}.md" for section in sections())])
def test_the_page_is_up_to_date(name: str) -> None:
    """What is committed is what the data make."""
    assert (PAGES / name).read_text(encoding="utf-8") == pages()[name], (
        "python -m tests.docs.test_capabilities"
    )


def test_there_is_no_page_without_data() -> None:
    """A section that is gone leaves no page behind."""
    assert {path.name for path in PAGES.iterdir()} == set(pages())


if __name__ == "__main__":
    PAGES.mkdir(exist_ok=True)
    for path in PAGES.glob("*.md"):
        path.unlink()
    for name, text in pages().items():
        (PAGES / name).write_text(text, encoding="utf-8")
