"""The locator: each key of a text stands on the line that it says."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.policy.locate import depth, line_of, lines

from .texts import EXAMPLE


def _lines(text: str) -> dict[str, int]:
    tomllib.loads(text)
    return dict(lines(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\nb = 2", {"a": 1, "b": 2}),
        ("\n# a = 1\n\n  b = 2 # c = 3", {"b": 4}),
        ("a = 1\r\n\r\nb = 2\r\n", {"a": 1, "b": 3}),
        ("a.b = 1\na.c.d = 2", {"a": 1, "a.b": 1, "a.c": 2, "a.c.d": 2}),
        ("a . b = 1\n[ c . d ]\ne=1", {"a": 1, "a.b": 1, "c.d": 2, "c.d.e": 3}),
        ("\"a b\" = 1\n'c.d' = 2\n\"e\\u0066\" = 3", {"a b": 1, "c.d": 2, "ef": 3}),
        ("a = { b = 1, c = { d = 2 } }", {"a": 1, "a.b": 1, "a.c": 1, "a.c.d": 1}),
        ("a = [\n  1, # one\n  2,\n\n  [3,\n 4] ]",
         {"a": 1, "a[0]": 2, "a[1]": 3, "a[2]": 5, "a[2][0]": 5, "a[2][1]": 6}),
        ("a = [{ b = 1 },\n{ b = 2 }]", {"a": 1, "a[0]": 1, "a[0].b": 1, "a[1]": 2, "a[1].b": 2}),
        ("[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 1\n[[a.e]]\nf = 1\n[[a.e]]",
         {"a[0]": 1, "a[0].b": 2, "a[1]": 3, "a[1].b": 4, "a[1].c": 5, "a[1].c.d": 6, "a[1].e[0]": 7,
          "a[1].e[0].f": 8, "a[1].e[1]": 9}),
        ('a = """\nb = 1\n[c]\n"""\nd = 1', {"a": 1, "d": 5}),
        ("a = '''\nb = 1'''\nd = 1", {"a": 1, "d": 3}),
        ('a = """"x"""""\nb = 1', {"a": 1, "b": 2}),
        ("a = ''''x'''''\nb = 1", {"a": 1, "b": 2}),
        ('a = """\\"""" \nb = 1', {"a": 1, "b": 2}),
        ('a = ""\nb = \'\'\nc = """"""\nd = 1', {"a": 1, "b": 2, "c": 3, "d": 4}),
        ('a = "# \\" ]"\nb = \'# " [\'\nc = 1', {"a": 1, "b": 2, "c": 3}),
        ("a = 2026-12-31 07:32:00Z\nb = 1e6\nc = inf", {"a": 1, "b": 2, "c": 3}),
        ("[a] # note\nb = true\n[\"c d\".e]\nf = 1", {"a": 1, "a.b": 2, "c d.e": 3, "c d.e.f": 4}),
        ("", {}),
    ],
)  # fmt: skip
def test_lines(text: str, expected: dict[str, int]) -> None:
    """Keys in every form that TOML knows stand where they stand."""
    assert _lines(text) == expected


def _paths(value: Any, path: str = "") -> set[str]:
    """Every path of parsed data, as faults name them."""
    found = set()
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{path}.{key}" if path else key
            found |= {here} | _paths(inner, here)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found |= {f"{path}[{index}]"} | _paths(inner, f"{path}[{index}]")
    return found


def test_every_path_of_the_example() -> None:
    """Each key and item of the shipped policy has a line, and on it stands its name."""
    known, data = lines(EXAMPLE), tomllib.loads(EXAMPLE)
    rows = EXAMPLE.splitlines()
    paths = _paths(data)
    assert paths - {"calendars", "agreements"} <= set(known)
    for path in paths & set(known):
        name = path.rpartition(".")[2]
        if "[" not in name:
            assert name in rows[known[path] - 1], path


names = st.text("ab.[ \"'#=\u00e9", min_size=1, max_size=4)
scalars = st.one_of(st.integers(-9, 9), st.booleans(), st.text("a\"'\\[]{}#=,\n ", max_size=6))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


def _written(value: Any, draw: st.DataObject) -> str:
    """A value as TOML, with line breaks where they may stand."""
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(key)} = {_written(inner, draw)}" for key, inner in value.items())
        return f"{{{inside}}}"
    if isinstance(value, list):
        gap = draw.draw(st.sampled_from(["", "\n", " # ]\n"]))
        return f"[{gap}" + "".join(f"{_written(inner, draw)},{gap}" for inner in value) + "]"
    return json.dumps(value)


@given(st.dictionaries(names, values, max_size=4), st.data())
def test_the_scan_keeps_step_with_the_parser(data: dict[str, Any], draw: st.DataObject) -> None:
    """Of any text, the locator finds the paths that tomllib finds, and each top-level key on its line."""
    text, expected = "", {}
    for key, value in data.items():
        text += draw.draw(st.sampled_from(["", "\n", "# x = [\n"]))
        expected[key] = text.count("\n") + 1
        text += f"{json.dumps(key)} = {_written(value, draw)}\n"
    assert tomllib.loads(text) == data
    known = lines(text)
    assert set(known) == _paths(data)
    if all("." not in key and "[" not in key for key in data):
        assert {key: known[key] for key in data} == expected


@pytest.mark.parametrize(
    ("path", "line"),
    [("a", 1), ("a.b[2]", 3), ("a.b[2].c.d", 3), ("a.b[7]", 2), ("a.x", 1), ("x", None), ("", None), ("x[", None),
     ("a.", 1), ("a.]", 1), ("[0]", None), ("\n", None)],
)  # fmt: skip
def test_the_line_of_a_path(path: str, line: int | None) -> None:
    """A path that is not in the text has the line of the nearest key above it; an odd one ends the search."""
    assert line_of(path, {"a": 1, "a.b": 2, "a.b[2]": 3}) == line


@pytest.mark.parametrize(
    ("text", "deep"),
    [("", 0), ("a = 1", 0), ("[a]", 1), ("[[a]]\nb = [{c = [1]}]", 3), ('a = "[[["', 0),
     ("# [[[", 0), ("a = '''[[['''", 0),
     ('a = ["\\"[["]', 1), ("]]]", 0)],
)  # fmt: skip
def test_depth(text: str, deep: int) -> None:
    """Brackets count where they are syntax."""
    assert depth(text) == deep


def test_many_keys_are_found_in_one_pass() -> None:
    """Twenty thousand lines are no matter: each has its line."""
    count = 20_000
    known = lines("\n".join(f"k{number} = {number}" for number in range(count)))
    assert known[f"k{count - 1}"] == count
