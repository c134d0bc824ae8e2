"""Tables as TOML text, laid out as people write a policy: one line per key, per target and per calendar rule."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, cast

from itilkit.errors import PolicyError
from itilkit.policy.strict import is_list, is_table

__all__ = ["LISTS", "SECTIONS", "toml_text"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDE = 100
# What stands under a [header] of its own; all other tables stand on one line.
SECTIONS = frozenset({"calendars.*", "fields", "priority", "lifecycle"})
LISTS = frozenset(
    {
        "agreements",
        "priority.rules",
        "lifecycle.timers",
        "cadences",
        "incident_models",
        "incident_models.steps",
        "routing",
        "major_rules",
    }
)
_DOTTED = frozenset({"when"})


def toml_text(data: Mapping[str, Any]) -> str:
    """The text of the tables of a policy.

    Raises:
        PolicyError: a value that TOML does not know.

    >>> print(toml_text({"name": "Desk", "priority": {"rules": [{"when": {"reporter": {"vip": True}}}]}}), end="")
    name = "Desk"
    <BLANKLINE>
    [priority]
    <BLANKLINE>
    [[priority.rules]]
    when.reporter.vip = true
    """
    return "\n".join(_table(data, "", "")) + "\n"


def _table(data: Mapping[str, Any], path: str, kind: str) -> Iterator[str]:
    """The lines of a table: its own keys first, then the tables under headers of their own."""
    later: list[tuple[str, str, str, Any]] = []
    for key, value in data.items():
        inner = f"{path}.{_key(key)}" if path else _key(key)
        sort = f"{kind}.*" if kind == "calendars" else f"{kind}.{key}" if kind else key
        if (is_table(value) and (sort in SECTIONS or sort == "calendars")) or (
            sort in LISTS and is_list(value)
        ):
            later.append((key, inner, sort, value))
        elif key in _DOTTED and is_table(value) and value:
            yield from _dotted(_key(key), cast("Mapping[str, Any]", value))
        else:
            yield f"{_key(key)} = {_value(value, len(key))}"
    for _, inner, sort, value in later:
        if sort == "calendars":
            yield from _table(cast("Mapping[str, Any]", value), inner, sort)
        elif is_table(value):
            yield from ("", f"[{inner}]")
            yield from _table(cast("Mapping[str, Any]", value), inner, sort)
        else:
            for item in cast("Sequence[Mapping[str, Any]]", value):
                yield from ("", f"[[{inner}]]")
                yield from _table(item, inner, sort)


def _dotted(path: str, table: Mapping[str, Any]) -> Iterator[str]:
    """A condition as dotted keys, one line per question."""
    for key, value in table.items():
        inner = f"{path}.{_key(key)}"
        if is_table(value) and value:
            yield from _dotted(inner, cast("Mapping[str, Any]", value))
        else:
            yield f"{inner} = {_value(value, len(inner))}"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object, before: int = 0) -> str:
    """A value; a list that is too long for a line has one line per item."""
    if is_list(value):
        items = [_value(item) for item in cast("Sequence[object]", value)]
        line = f"[{', '.join(items)}]"
        tables = any(map(is_table, cast("Sequence[object]", value)))
        if before and items and (tables or len(line) + before > _WIDE):
            return "[\n" + "".join(f"  {item},\n" for item in items) + "]"
        return line
    if is_table(value):
        table = cast("Mapping[str, object]", value)
        inside = ", ".join(f"{_key(key)} = {_value(item)}" for key, item in table.items())
        return f"{{ {inside} }}" if inside else "{}"
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise PolicyError.one("no_words", f"a policy file has no words for {value!r}")
