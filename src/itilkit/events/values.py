"""What events hold: the people and the fields of a house, by value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from itilkit.errors import RecordError
from itilkit.spans import utc

__all__ = ["NO_FIELDS", "Fields", "Person", "Scalar"]

Scalar = str | int | float | bool | datetime | None


_PLAIN = frozenset({str, int, float, bool, type(None)})


def _scalar(name: str, value: object) -> Scalar:
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, str | int | float):
        return value
    raise RecordError.one(
        "not_a_scalar",
        f"a field cannot hold {value!r}",
        path=name,
        hint="give a text, a number, True, False, an instant or None",
    )


class Fields(Mapping[str, Scalar]):
    """Named values that a tool keeps beside the standard ones: an immutable mapping that can be hashed.

    Raises:
        RecordError: a value is no text, number, truth value, instant or None.

    >>> Fields({"category": "Network"}).merged({"floor": 3})
    Fields({'category': 'Network', 'floor': 3})
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Scalar] | None = None) -> None:
        plain = dict(values or {})
        if not _PLAIN.issuperset(map(type, plain.values())):
            plain = {
                name: value if type(value) in _PLAIN else _scalar(name, value)
                for name, value in plain.items()
            }
        self._values: dict[str, Scalar] = plain

    def __getitem__(self, name: str) -> Scalar:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(
        self, name: object
    ) -> bool:  # the inherited one raises and catches, for every absent name
        return name in self._values

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"Fields({self._values!r})"

    def merged(self, changes: Mapping[str, Scalar]) -> Fields:
        """These values with the changed ones laid over them."""
        merged = Fields(changes)
        merged._values = {**self._values, **merged._values}
        return merged


NO_FIELDS = Fields()


@attrs.frozen
class Person:
    """A person as known when the event happened: `id` in the tool, and what rules may ask about.

    Attributes:
        id: Their identity in the tool.
        name: What people call them.
        organisation: Whom they work for.
        vip: They are to be served first.
        contact: Where they are reached: a number, an address, a channel. No rule asks about it.
    """

    id: str
    name: str = attrs.field(default="", kw_only=True)
    organisation: str = attrs.field(default="", kw_only=True)
    vip: bool = attrs.field(default=False, kw_only=True)
    contact: str = attrs.field(default="", kw_only=True)

    def __str__(self) -> str:
        return self.name or self.id
