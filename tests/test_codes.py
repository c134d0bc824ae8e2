"""The one table of codes: all that can be told is in it, all in it can be told, and the documentation shows it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from itilkit.codes import _TABLE, CODES  # pyright: ignore[reportPrivateUsage]  what CODES would hide

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/itilkit"
PAGE = ROOT / "docs/reference/codes.md"
ROOMS = sorted(
    path.stem
    for path in SOURCE.iterdir()
    if (path.suffix == ".py" or path.is_dir()) and path.stem[0] not in "_."
)

# Codes handed on from what has one already.
_HANDED_ON = {"reason.code", "defect.code", "fault.code", "error.code"}

# Codes that a table beside the call pairs with something else, by room and by the expression in the call.
_PAIRED = {
    ("adapters", "name"): {"raw_state_rows", "stamps_in_fold", "stamps_in_gap"},
    ("calendars", "code"): {"bad_duration", "bad_line", "bad_rule", "bad_time"},
    ("kpi", "f'unknown_{what}'"): {
        f"unknown_{what}"
        for what in ("cohort", "counting", "end", "negative", "resolution", "side", "source", "target")
    },
}


class _Told(ast.NodeVisitor):
    """What is told in one file: the codes, and the expressions that are no plain code.

    A code is the first argument of `Fault`, `Reason`, `Defect`, `MajorFinding` and of an error's `one`, and of
    whatever function of the file hands its own argument on to one of these.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.codes: set[str] = set()
        self.else_: set[str] = set()
        self.places: dict[str, int] = {}
        self.functions: list[ast.FunctionDef] = []
        before = None
        while before != self.places:
            before = dict(self.places)
            self.codes, self.else_ = set(), set()
            self.visit(tree)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Remember which function a call stands in."""
        self.functions.append(node)
        self.generic_visit(node)
        self.functions.pop()

    def visit_Call(self, node: ast.Call) -> None:
        """Take the code of a call that tells of something."""
        called = ast.unparse(node.func)
        name = called.rpartition(".")[2]
        if (
            name in ("Fault", "Reason", "Defect", "MajorFinding")
            or called.endswith("Error.one")
            or called == "cls.one"
        ):
            self._take(node, 0)
        elif name in self.places:
            self._take(node, self.places[name])
        self.generic_visit(node)

    def _take(self, node: ast.Call, place: int) -> None:
        keyed = [each.value for each in node.keywords if each.arg == "code"]
        given = node.args[place] if len(node.args) > place else keyed[0] if keyed else None
        for each in (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                self.codes.add(each.value)
            elif not (isinstance(each, ast.Name) and self._is_handed_on(each.id)):
                told = "" if each is None else ast.unparse(each)
                self.else_ |= {told} - _HANDED_ON

    def _is_handed_on(self, name: str) -> bool:
        for function in reversed(self.functions):
            names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
            if name in names:
                self.places[function.name] = names.index(name) - (names[0] in ("self", "cls"))
                return True
        return False


def _files(room: str) -> Iterator[Path]:
    if (SOURCE / f"{room}.py").exists():
        yield SOURCE / f"{room}.py"
    yield from sorted((SOURCE / room).rglob("*.py"))


def _told(room: str) -> tuple[set[str], set[str]]:
    codes, unclear = set[str](), set[str]()
    for path in _files(room):
        told = _Told(ast.parse(path.read_text(encoding="utf-8")))
        codes |= told.codes
        unclear |= told.else_
    paired = {told for where, told in _PAIRED if where == room}
    assert paired <= unclear, "a pairing that is gone"
    return codes.union(*(_PAIRED[room, told] for told in paired)), unclear - paired


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_tells_the_codes_of_the_table(room: str) -> None:
    """No code outside of the table can be told, and the table names no room that does not tell it."""
    codes, unclear = _told(room)
    assert unclear == set(), "a code that cannot be read off the source: pair it in _PAIRED"
    table = {name for name, code in CODES.items() if room in code.rooms}
    assert codes - table == set(), "give it a row in itilkit.codes, and provoke it in test_codes_told.py"
    assert table - codes == set(), "the room does not tell it any more: take it out of itilkit.codes"


NONE: set[str] = set()


@pytest.mark.parametrize(
    ("text", "codes", "unclear"),
    [
        ("Fault('a', 'm')", {"a"}, NONE),
        ("PolicyError.one('a' if x else 'b', 'm')", {"a", "b"}, NONE),
        ("def f(where, code): yield Fault(code, 'm')\nf('x', 'a')", {"a"}, NONE),
        ("def f(code): g(code)\ndef g(code): Fault(code)\nf('a')", {"a"}, NONE),
        ("class C:\n def f(self, code): Fault(code)\n def g(self): self.f('a')", {"a"}, NONE),
        ("Fault(reason.code, 'm')", NONE, NONE),
        ("Fault(name, 'm')", NONE, {"name"}),
        ("Fault(f'un{name}', 'm')", NONE, {"f'un{name}'"}),
        ("Fault(code='a')", {"a"}, NONE),
        ("Fault(**found)", NONE, {""}),
        ("total.one('volume')", NONE, NONE),
    ],
)
def test_what_is_told_is_read_off_the_source(text: str, codes: set[str], unclear: set[str]) -> None:
    """The reader of the source finds codes behind helpers, and says where it cannot tell."""
    told = _Told(ast.parse(text))
    assert (told.codes, told.else_) == (codes, unclear)


def test_the_words_that_a_kpi_checks_are_those_of_the_table() -> None:
    """What `check_word` is given makes a code of the table."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in _files("kpi")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    words = {ast.literal_eval(each.args[0]) for each in calls if ast.unparse(each.func) == "check_word"}
    assert {f"unknown_{word}" for word in words} == _PAIRED["kpi", "f'unknown_{what}'"]


def test_no_code_stands_in_the_table_twice() -> None:
    """One code means one thing: it has one row, whatever rooms tell of it."""
    assert sum(map(len, _TABLE.values())) == len(CODES)


@pytest.mark.parametrize("name", CODES)
def test_every_code_says_what_it_means_and_how_to_mend_it(name: str) -> None:
    """Names are words joined by underscores; meaning and remedy are phrases without a full stop; rooms exist."""
    code = CODES[name]
    assert code.name == name
    assert name.replace("_", "").isalnum()
    assert name == name.lower() or re.fullmatch("P[0-9]{3}", name)  # what lint of a policy finds has a number
    assert code.title == code.title.capitalize() == name.replace("_", " ").capitalize()
    for text in (code.meaning, code.remedy):
        assert text
        assert not text.endswith(".")
        assert "|" not in text
    assert code.rooms
    assert all(any(_files(room)) for room in code.rooms)


_HEAD = """\
# Codes: what is told, and how to mend it

Every fault, refusal, defect and warning has a code: `Fault.code`, `Reason.code`, `Defect.code`,
`MajorFinding.code`. Programs compare it, people read the message beside it. One code means one thing in every room that
tells of it, and a minor version renames none. The same table as a value is `itilkit.codes.CODES`.
"""


def _page() -> str:
    """The page of the documentation that the table makes."""
    lines = _HEAD.splitlines()
    for room in sorted({room for code in CODES.values() for room in code.rooms}):
        lines += ["", f"## {room}", "", "| code | what is wrong | how to mend it |", "|---|---|---|"]
        lines += [
            f"| `{name}` | {code.meaning} | {code.remedy} |"
            for name, code in sorted(CODES.items())
            if room in code.rooms
        ]
    table = ["", "## The table", "", "```{eval-rst}", ".. automodule:: itilkit.codes", "```", ""]
    return "\n".join([*lines, *table])


def test_the_page_shows_the_table() -> None:
    """Each code has its row in the documentation, under each of its rooms."""
    assert PAGE.read_text(encoding="utf-8") == _page(), "python -m tests.test_codes > docs/reference/codes.md"


if __name__ == "__main__":
    sys.stdout.write(_page())
