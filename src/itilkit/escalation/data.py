"""A ladder as plain data: the list of tables that stands under ``escalate`` in a policy file.

``{ at = "75% of resolution", to = ["incident_manager"], kind = "hierarchical" }`` with, where wanted, ``level``,
``unless``, ``when``, ``repeat = { every = "30m", times = 3 }`` and ``name``. Reading never stops at the first fault.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar, cast

import attrs

from itilkit.conditions import INCIDENT, Always, Schema
from itilkit.conditions import from_data as condition_from
from itilkit.conditions import to_data as condition_data
from itilkit.errors import Fault, PolicyError, near, shown
from itilkit.escalation.ladder import ANSWERS, Ladder, Repeat, Rung
from itilkit.escalation.triggers import delay_words
from itilkit.escalation.words import delay, trigger
from itilkit.sla import RULES
from itilkit.vocabulary import fold

__all__ = ["Plain", "from_data", "to_data"]

# Any, because the values of data are whatever their reader finds in them.
Plain: TypeAlias = dict[str, Any]

LARGEST = 1_000
"""How many rungs, names or words one list may hold."""

_KEYS = ("at", "to", "kind", "level", "unless", "when", "repeat", "name")
_KINDS = ("functional", "hierarchical", "notification")
T = TypeVar("T")


def from_data(
    data: object,
    name: str,
    *,
    schema: Schema = INCIDENT,
    targets: Collection[str] = tuple(RULES),
    path: str = "",
) -> Ladder:
    """The ladder that a list of tables describes.

    Args:
        data: The list under ``escalate``.
        name: The name of the ladder, such as that of its agreement.
        schema: The fields that ``when`` may ask about.
        targets: The names of the targets that there are.
        path: Where the data stands, for messages: ``agreements[0].escalate``.

    Raises:
        PolicyError: with every fault, each with its path.

    >>> rows = [{"at": "75% of resolution", "to": ["incident_manager"], "kind": "hierarchical"}]
    >>> str(from_data(rows, "Gold").rungs[0].at)
    '75% of resolution'
    """
    reader = _Reader(schema, targets)
    items = reader.listed(data, path, "[{ at = ..., to = [...] }]")
    rungs = [reader.rung(item, f"{path}[{place}]") for place, item in enumerate(items)]
    if reader.faults:
        raise PolicyError(reader.faults)
    try:
        return Ladder(name, [rung for rung in rungs if rung is not None])
    except PolicyError as error:
        raise PolicyError(
            attrs.evolve(fault, path=f"{path}{fault.path.removeprefix('rungs')}") for fault in error.faults
        ) from None


def to_data(ladder: Ladder) -> list[Plain]:
    """The shortest data that `from_data` reads as these rungs.

    >>> to_data(Ladder("Desk", [Rung("idle for 4h", "desk")]))
    [{'at': 'idle for 4h', 'to': ['desk']}]
    """
    return [_table(rung) for rung in ladder.rungs]


def _table(rung: Rung) -> Plain:
    table: Plain = {"at": str(rung.at), "to": list(rung.to)}
    if rung.kind != "notification":
        table["kind"] = rung.kind
    if rung.level != 1:
        table["level"] = rung.level
    if rung.unless:
        table["unless"] = sorted(rung.unless)
    if not isinstance(rung.when, Always):
        table["when"] = condition_data(rung.when)
    if rung.repeat:
        table["repeat"] = {"every": delay_words(rung.repeat.every), "times": rung.repeat.times}
    if rung.name:
        table["name"] = rung.name
    return table


class _Reader:
    """Values from tables; faults are collected, so that one bad value does not hide the next."""

    def __init__(self, schema: Schema, targets: Collection[str]) -> None:
        self.schema = schema
        self.targets = targets
        self.faults: list[Fault] = []

    def fault(self, code: str, message: str, path: str, hint: str = "") -> None:
        """Note one fault."""
        self.faults.append(Fault(code, message, path=path, hint=hint))

    def tried(self, path: str, build: Callable[[], T]) -> T | None:
        """What `build` gives; its faults are kept, under `path` where they name no place below it."""
        try:
            return build()
        except PolicyError as error:
            for fault in error.faults:
                inside = fault.path.startswith(path)
                where = fault.path if inside else f"{path}.{fault.path}" if fault.path else path
                self.faults.append(attrs.evolve(fault, path=where))
        return None

    def rung(self, data: object, path: str) -> Rung | None:
        """A rung; None, and faults, where the table describes none."""
        table = self.table(data, path, _KEYS, ("at", "to"))
        if table is None:
            return None
        before = len(self.faults)
        given: Plain = {}
        for key, read in self.readers().items():
            if key in table:
                given[key] = read(table[key], f"{path}.{key}")
        if len(self.faults) > before or not {"at", "to"} <= set(given):
            return None
        at, to = given.pop("at"), given.pop("to")
        return self.tried(path, lambda: Rung(at, to, **given))

    def readers(self) -> Mapping[str, Callable[[object, str], Any]]:
        """By key, what reads its value."""
        return {
            "at": lambda value, path: self.tried(
                path, lambda: trigger(value, targets=self.targets, path=path)
            ),
            "to": self.names,
            "kind": lambda value, path: self.word(value, path, _KINDS),
            "level": self.count,
            "unless": self.answers,
            "when": lambda value, path: self.tried(
                path, lambda: condition_from(value, self.schema, path=path)
            ),
            "repeat": self.repeat,
            "name": self.text,
        }

    def repeat(self, data: object, path: str) -> Repeat | None:
        """``{ every = "30m", times = 3 }``."""
        table = self.table(data, path, ("every", "times"), ("every", "times"))
        if table is None or not {"every", "times"} <= set(table):
            return None
        every = self.tried(f"{path}.every", lambda: delay(table["every"], path=f"{path}.every"))
        times = self.count(table["times"], f"{path}.times")
        if every is None or times is None:
            return None
        return self.tried(path, lambda: Repeat(every, times=times))

    def table(
        self, data: object, path: str, known: Sequence[str], needed: Sequence[str]
    ) -> Mapping[str, object] | None:
        """A table with known keys only, and with the needed ones; None where it is none."""
        if not isinstance(data, Mapping):
            self.fault(
                "not_a_table", f"expected a table, got {shown(data)}", path, f"give {', '.join(needed)}"
            )
            return None
        table = cast("Mapping[object, object]", data)
        for key in table:
            if key not in known:
                self.fault(
                    "unknown_key", f"nothing is called {shown(key)}", f"{path}.{key}", near(key, known)
                )
        for key in needed:
            if key not in table:
                self.fault("missing_key", f"{key} is missing", f"{path}.{key}", f"give {key}")
        return {key: table[key] for key in known if key in table}

    def listed(self, data: object, path: str, example: str) -> Sequence[object]:
        """The items of a list."""
        if not isinstance(data, list | tuple):
            self.fault("not_a_list", f"expected a list, got {shown(data)}", path, f"write {example}")
            return ()
        items = cast("Sequence[object]", data)
        if len(items) > LARGEST:
            self.fault("too_large", f"a list of more than {LARGEST} is not read", path, "split it")
            return ()
        return items

    def names(self, data: object, path: str) -> list[str]:
        """A list of names, at least one."""
        items = self.listed(data, path, '["incident_manager"]')
        if not items and isinstance(data, list | tuple):
            self.fault("nobody", "names nobody", path, 'write ["incident_manager"]')
        return [self.text(item, f"{path}[{place}]") for place, item in enumerate(items)]

    def answers(self, data: object, path: str) -> list[str | None]:
        """A list of the words of `unless`."""
        items = self.listed(data, path, '["acknowledged"]')
        return [self.word(item, f"{path}[{place}]", ANSWERS) for place, item in enumerate(items)]

    def word(self, data: object, path: str, known: Sequence[str]) -> str | None:
        """A word of a closed list; case, spaces, ``_`` and ``-`` do not matter."""
        if isinstance(data, str):
            for word in known:
                if fold(word) == fold(data):
                    return word
        self.fault("unknown_word", f"{shown(data)} may not stand here", path, near(data, known))
        return None

    def text(self, data: object, path: str) -> str:
        """A text that is not empty."""
        if isinstance(data, str) and data:
            return str.__str__(data)
        self.fault("not_a_text", f"expected a text, got {shown(data)}", path, "write it in quotes")
        return ""

    def count(self, data: object, path: str) -> int | None:
        """A whole number from 1."""
        if isinstance(data, int) and not isinstance(data, bool) and data >= 1:
            return data
        self.fault(
            "not_a_count", f"expected a whole number from 1, got {shown(data)}", path, "write 1 or more"
        )
        return None
