"""``[fields]``: the house's own fields, so that conditions can be checked when the file is read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, cast

import attrs

from itilkit.conditions import INCIDENT, Choice, FieldType, Flag, Instant, Level, Number, Text, Texts
from itilkit.errors import Fault, PolicyError, near, shown
from itilkit.policy.file.reading import Reading
from itilkit.policy.strict import is_list, is_table, structured
from itilkit.vocabulary import Scale, fold

__all__ = ["TYPES", "FieldTable", "fields_data", "read_fields"]

TYPES: Mapping[str, FieldType] = {
    "text": Text(),
    "texts": Texts(),
    "number": Number(),
    "whole number": Number(whole=True),
    "true or false": Flag(),
    "instant": Instant(),
    "level": Level(),
}


@attrs.frozen
class FieldTable:
    """A field told more closely: the labels of its levels, the highest first, or the least number that occurs."""

    type: str | None = None
    least: int | None = None
    levels: list[str] | None = None
    letter: str = ""


@attrs.frozen
class _Words:
    words: list[str]


def read_fields(reading: Reading) -> dict[str, FieldType]:
    """The types of the house's own fields by name."""
    tables = reading.data.get("fields", {})
    if not is_table(tables):
        message, hint = (
            f"expected a table, got {shown(tables)}",
            'write [fields] and under it region = ["EU", "US"]',
        )
        reading.faults.append(Fault("bad_value", message, path="fields", hint=hint))
        return {}
    found: dict[str, FieldType] = {}
    for name, value in cast("Mapping[str, object]", tables).items():
        path = f"fields.{name}"
        kind = reading.tried(path, partial(_kind, value, name))
        if kind is None:  # what asks about a field that cannot be read is not told twice
            found |= {} if name in INCIDENT.fields else {name: Text()}
        elif reading.tried(path, partial(_allowed, name, kind)):
            found[name] = kind
    return found


def _allowed(name: str, kind: FieldType) -> bool:
    """True; a name that no field can have, or another kind than every incident has, is a fault."""
    try:
        return bool(INCIDENT.having({name: kind}).fields)
    except PolicyError as error:
        raise PolicyError(attrs.evolve(fault, path="") for fault in error.faults) from None


def _kind(value: object, name: str) -> FieldType:
    if isinstance(value, str):
        return _called(value)
    if is_list(value):
        try:
            return Choice(structured({"words": value}, _Words).words)
        except PolicyError as error:
            raise PolicyError(
                attrs.evolve(fault, path=fault.path.removeprefix("words")) for fault in error.faults
            ) from None
    table = structured(value, FieldTable)
    if table.levels is not None or table.letter:
        return Level(None if table.levels is None else Scale(name, table.levels), letter=table.letter)
    kind = _called(table.type or "text")
    return attrs.evolve(kind, least=table.least) if isinstance(kind, Number) else kind


def _called(word: str) -> FieldType:
    kind = next((kind for known, kind in TYPES.items() if fold(known) == fold(word)), None)
    if kind is None:
        hint = near(word, TYPES)
        raise PolicyError.one("unknown_word", f"{shown(word)} is no type of a field", hint=hint)
    return kind


def fields_data(fields: Mapping[str, FieldType]) -> dict[str, Any]:
    """The table of the fields."""
    return {name: _plain(kind) for name, kind in fields.items()}


def _plain(kind: FieldType) -> object:
    if isinstance(kind, Choice):
        return list(kind.words)
    if isinstance(kind, Level) and kind != Level():
        levels = {} if kind.scale is None else {"levels": list(kind.scale.labels)}
        return {**levels, **({"letter": kind.letter} if kind.letter else {})}
    if isinstance(kind, Number) and kind.least is not None:
        return {"type": "whole number" if kind.whole else "number", "least": kind.least}
    return next(word for word, known in TYPES.items() if known == kind)
