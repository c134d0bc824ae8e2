"""Conditions as plain data: tables, lists, texts, numbers and truth values, as TOML and JSON have them.

Short form: ``service = ["payments", "invoicing"]`` asks for any of a list, ``reporter.vip = true`` for one value,
``priority.at_most = 2`` compares. Several keys mean and. ``all`` and ``any`` hold a list of tables, ``not`` a table,
``always = true`` stands for no condition. Long form: ``{ field = "priority", op = "at_most", value = 2 }``.

Reading never stops at the first fault, and nests no deeper than conditions do, whatever it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias, TypeVar, cast

import attrs

from itilkit.conditions.fields import INCIDENT, OPERATORS, Field, Schema, Texts, written
from itilkit.conditions.predicates import (
    BY_OPERATOR,
    DEEPEST,
    AllOf,
    Always,
    AnyOf,
    Condition,
    Eq,
    HasAny,
    In,
    Known,
    Missing,
    Not,
    Predicate,
)
from itilkit.errors import Fault, PolicyError, near, shown

__all__ = ["LARGEST", "Plain", "from_data", "to_data"]

# Any, because the values of data are whatever their reader finds in them.
Plain: TypeAlias = dict[str, Any]

LARGEST = 10_000
"""How many keys and values the data of one condition may hold."""

_SHORT = {  # the class names, as the long form may write them too
    "eq": "is",
    "ne": "is_not",
    "in": "one_of",
    "not_in": "none_of",
    "lt": "below",
    "le": "at_most",
    "gt": "above",
    "ge": "at_least",
}
T = TypeVar("T")
_LONG_KEYS = ("field", "op", "value")


def from_data(data: object, schema: Schema = INCIDENT, *, path: str = "") -> Condition:
    """The condition that the data describes.

    Args:
        data: A table, in short or long form.
        schema: The fields there are.
        path: Where the data stands, for messages: ``agreements[0].when``.

    Raises:
        PolicyError: with every fault, each with its path.

    >>> print(from_data({"service": ["payments", "mail"], "priority": {"at_most": 2}}))
    service is one of payments, mail and priority is at most 2
    >>> print(from_data({"any": [{"field": "impact", "op": "le", "value": 2}, {"reporter": {"vip": True}}]}))
    impact is at most 2 or reporter.vip is true
    """
    reader = _Reader(schema)
    condition = reader.table(data, path, 0)
    if reader.faults or condition is None:
        raise PolicyError(reader.faults)
    return condition


class _Reader:
    """Conditions from tables; faults are collected, so that one bad value does not hide the next."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.faults: list[Fault] = []
        self.read = 0
        self.joints: Mapping[object, Callable[[object, str, int], Condition | None]] = {
            "all": self.every,
            "any": self.some,
            "not": self.opposite,
            "always": self.always,
        }
        self.above = {name[:at] for name in schema.fields for at, sign in enumerate(name) if sign == "."}

    def fault(self, code: str, message: str, path: str, hint: str = "") -> None:
        """Note what is wrong."""
        self.faults.append(Fault(code, message, path=path, hint=hint))

    def within_bounds(self, count: int, depth: int, path: str) -> bool:
        """Whether that much more may be read; a fault is noted once where it may not."""
        before = self.read
        self.read += count
        if depth > DEEPEST:
            self.fault(
                "too_deep", f"conditions lie in each other more than {DEEPEST} deep", path, "flatten it"
            )
            return False
        if self.read > LARGEST:
            if before <= LARGEST:
                self.fault(
                    "too_large", f"a condition of more than {LARGEST} values is not read", path, "split it"
                )
            return False
        return True

    def table(self, data: object, path: str, depth: int) -> Condition | None:
        """The condition of a table; None, and faults, where there is none."""
        table = _tabled(data)
        if table is None:
            hint = "" if isinstance(data, str | int | float) else "several tables go into any = [ ... ]"
            self.fault("not_a_table", f"expected a table, got {shown(data)}", path, hint)
            return None
        if not self.within_bounds(len(table), depth, path):
            return None
        if not table:
            self.fault("empty_condition", "an empty condition asks nothing", path, "write always = true")
            return None
        if "field" in table:
            return self.long(table, path)
        parts: list[Condition] = []
        for key, value in table.items():
            where = _under(path, key)
            if key in self.joints:
                part = self.joints[key](value, where, depth + 1)
                parts += [] if part is None else [part]
            elif isinstance(key, str):
                parts += self.short(key, value, where)
            else:
                self.fault("unknown_key", f"{shown(key)} is no name of a field", path)
        return self.joined(AllOf, parts, path) if len(parts) > 1 else parts[0] if parts else None

    def joined(self, kind: type[AllOf | AnyOf], parts: Sequence[Condition], path: str) -> Condition | None:
        """The parts in one; None where there are none, or where they lie too deep."""
        return self.tried(path, "", lambda: kind(parts)) if parts else None

    def listed(self, data: object, path: str, depth: int) -> Sequence[Condition]:
        """The conditions of a list of tables."""
        items = _listed(data)
        if items is None:
            self.fault("not_a_list", f"expected a list of tables, got {shown(data)}", path, "put it in [ ]")
            return ()
        if not items:
            self.fault("empty_condition", "an empty list asks nothing", path, "write always = true")
        if not self.within_bounds(len(items), depth, path):
            return ()
        found = [self.table(item, f"{path}[{place}]", depth) for place, item in enumerate(items)]
        return [condition for condition in found if condition is not None]

    def every(self, data: object, path: str, depth: int) -> Condition | None:
        """``all = [...]``."""
        return self.joined(AllOf, self.listed(data, path, depth), path)

    def some(self, data: object, path: str, depth: int) -> Condition | None:
        """``any = [...]``."""
        return self.joined(AnyOf, self.listed(data, path, depth), path)

    def opposite(self, data: object, path: str, depth: int) -> Condition | None:
        """``not = {...}``."""
        part = self.table(data, path, depth)
        return None if part is None else self.tried(path, "", lambda: Not(part))

    def always(self, data: object, path: str, depth: int) -> Condition | None:  # noqa: ARG002  one shape for all
        """``always = true``."""
        if data is not True:
            message, hint = f"expected true, got {shown(data)}", "write not = { always = true } for never"
            self.fault("wrong_kind", message, path, hint)
            return None
        return Always()

    def long(self, table: Mapping[object, object], path: str) -> Condition | None:
        """``{ field = ..., op = ..., value = ... }``."""
        for key in table:
            if key not in _LONG_KEYS:
                self.fault(
                    "unknown_key", f"nothing is called {shown(key)}", _under(path, key), near(key, _LONG_KEYS)
                )
        for key in _LONG_KEYS:
            if key not in table:
                self.fault(
                    "missing_key", f"{key} is missing", _under(path, key), f"give {', '.join(_LONG_KEYS)}"
                )
        field = self.field(table["field"], _under(path, "field"))
        if "op" not in table or "value" not in table:
            return None
        word = table["op"]
        operator = _SHORT.get(word, word) if isinstance(word, str) else ""
        if operator not in OPERATORS:
            hint = near(operator, OPERATORS)
            self.fault("unknown_operator", f"{shown(word)} is no operator", _under(path, "op"), hint)
            return None
        return None if field is None else self.built(operator, field, table["value"], _under(path, "value"))

    def short(self, name: str, value: object, path: str) -> Sequence[Condition]:
        """``name = value``, or ``name = { ... }`` with operators and names below this one."""
        table = _tabled(value)
        if table is not None and (name in self.schema.fields or name in self.above):
            return self.nested(name, table, path)
        field = self.field(name, path)
        if field is None:
            return ()
        items = _listed(value)
        operator, operand = ("is", value) if items is None else ("one_of", items)
        if isinstance(field.type, Texts):
            operator, operand = "has_any", (value,) if items is None else items
        found = self.built(operator, field, operand, path)
        return () if found is None else (found,)

    def nested(self, name: str, table: Mapping[object, object], path: str) -> Sequence[Condition]:
        """What stands in the table of a name; goes no deeper than the names of fields do."""
        if not table:
            self.fault("empty_condition", f"asks nothing of {name}", path, "write known = true")
        if not self.within_bounds(len(table), 0, path):
            return ()
        found: list[Condition] = []
        for key, value in table.items():
            where, full = _under(path, key), f"{name}.{key}"
            if isinstance(key, str) and key in OPERATORS:
                field = self.field(name, path)
                part = None if field is None else self.built(key, field, value, where)
                found += [] if part is None else [part]
            elif full in self.schema.fields or full in self.above:
                found += self.short(full, value, where)
            else:
                self.fault("unknown_key", f"{name} has no {shown(key)}", where, near(key, self.under(name)))
        return found

    def under(self, name: str) -> set[str]:
        """The keys that the table of a name may have."""
        inner = {full[len(name) + 1 :] for full in self.schema.fields if full.startswith(f"{name}.")}
        return inner | (self.schema.fields[name].operators if name in self.schema.fields else set())

    def field(self, name: object, path: str) -> Field | None:
        """The field of a name."""
        return self.tried(path, "", lambda: self.schema.field(name))

    def built(self, operator: str, field: Field, value: object, path: str) -> Condition | None:
        """A question to a field."""
        values = _listed(value) or ()
        if not self.within_bounds(len(values), 0, path):
            return None
        build = BY_OPERATOR[operator]
        given: tuple[object, ...] = (value,)
        if operator == "known":
            if not isinstance(value, bool):
                self.fault("wrong_kind", f"expected true or false, got {shown(value)}", path)
                return None
            build, given = (Known if value else Missing), ()
        elif operator == "between" and operator in field.type.operators:
            if len(values) != 2:  # noqa: PLR2004  from and to
                message = f"expected a list of two, from and to, got {shown(value)}"
                self.fault("wrong_kind", message, path)
                return None
            given = values
        elif operator == "between":
            given = (None, None)  # building says that this makes no sense on the field
        return self.tried(path, field.name, lambda: build(field, *given))

    def tried(self, path: str, replaced: str, build: Callable[[], T]) -> T | None:
        """What `build` gives; its faults are kept under `path`, in place of what it calls the place itself."""
        try:
            return build()
        except PolicyError as error:
            for fault in error.faults:
                inner = fault.path.removeprefix(replaced) if replaced else ""
                self.faults.append(attrs.evolve(fault, path=f"{path}{inner}"))
        return None


def _listed(value: object) -> tuple[object, ...] | None:
    """The items of a list; None for anything else."""
    return tuple(cast("Sequence[object]", value)) if isinstance(value, list | tuple) else None


def _tabled(value: object) -> Mapping[object, object] | None:
    """The table that a value is; None for anything else."""
    return cast("Mapping[object, object]", value) if isinstance(value, Mapping) else None


def _under(path: str, key: object) -> str:
    name = key if isinstance(key, str) else shown(key)
    return f"{path}.{name}" if path else name


def to_data(condition: Condition) -> Plain:
    """The shortest data that `from_data` reads as this very condition, with the same schema.

    >>> to_data(AllOf([In("service", ["payments"]), Eq("reporter.vip", True), Not(Eq("impact", 3))]))
    {'service': ['payments'], 'reporter': {'vip': True}, 'not': {'impact': 3}}
    """
    if isinstance(condition, Always):
        return {"always": True}
    if isinstance(condition, Not):
        return {"not": to_data(condition.part)}
    if isinstance(condition, AnyOf):
        return {"any": [to_data(part) for part in condition.parts]}
    if isinstance(condition, AllOf):
        return _merged(condition.parts) or {"all": [to_data(part) for part in condition.parts]}
    return _question(condition)


def _question(predicate: Predicate) -> Plain:
    operand = _plain(predicate.operand)
    found: Any = {predicate.operator: operand}
    if isinstance(predicate, Known):
        found = {"known": not isinstance(predicate, Missing)}
    elif isinstance(predicate, Eq | In | HasAny):
        found = operand
    for part in reversed(predicate.field.name.split(".")):
        found = {part: found}
    return cast("Plain", found)


def _plain(value: object) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in cast("tuple[object, ...]", value)]
    return written(value) if isinstance(value, datetime) else value


def _merged(parts: Sequence[Condition]) -> Plain | None:
    """One table for all parts; None where it would be read in another order, or as something else."""
    if len(parts) == 1:
        return None
    whole: Plain = {}
    for part in parts:
        if isinstance(part, AllOf) or not _laid(whole, to_data(part)):
            return None
    return whole


def _laid(whole: Plain, more: Plain) -> bool:
    """Whether `more` could be laid over `whole` without disturbing it; only the last key may be gone into."""
    ((key, value),) = more.items()
    if key not in whole:
        whole[key] = value
        return True
    held = whole[key]
    if (
        key == "not"
        or key != next(reversed(whole))
        or not isinstance(held, dict)
        or not isinstance(value, dict)
    ):
        return False
    return _laid(cast("Plain", held), cast("Plain", value))
