"""What is checked and converted at the door of an event or a record.

Each gives the plain value and raises `RecordError` for what is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from math import isfinite
from operator import index
from typing import Any, SupportsIndex

import attrs

from itilkit.errors import RecordError, near
from itilkit.events.values import NO_FIELDS, Fields, Person, Scalar
from itilkit.spans import utc
from itilkit.vocabulary import Audience, Channel, HoldReason, Role

__all__ = [
    "among",
    "audience_of",
    "channel_of",
    "fields_of",
    "hold_reason_of",
    "is_number",
    "level_of",
    "named",
    "optional_instant",
    "optional_level",
    "person_of",
    "role_of",
    "scale_of",
    "somebody",
]


def person_of(value: Person | str | None) -> Person | None:
    """A person, or one known by the id alone."""
    if value is None or isinstance(value, Person):
        return value
    if isinstance(value, str):
        return Person(value)
    raise RecordError.one("not_a_person", f"expected a Person or an id, got {value!r}")


def fields_of(value: Mapping[str, Scalar] | None) -> Fields:
    """Fields; none at all are the same value each time."""
    if isinstance(value, Fields):
        return value
    return Fields(value) if value else NO_FIELDS


def hold_reason_of(value: HoldReason | str | None) -> HoldReason | None:
    """The hold reason that a word names."""
    if value is None or isinstance(value, HoldReason):
        return value
    try:
        return HoldReason(value)
    except ValueError:
        raise RecordError.one(
            "unknown_hold_reason", f"{value!r} is no hold reason", path="reason", hint=near(value, HoldReason)
        ) from None


def channel_of(value: Channel | str | None) -> Channel | None:
    """The channel that a word names."""
    if value is None or isinstance(value, Channel):
        return value
    try:
        return Channel(value)
    except ValueError:
        raise RecordError.one(
            "unknown_channel", f"{value!r} is no channel", path="channel", hint=near(value, Channel)
        ) from None


def audience_of(value: Audience | str | None) -> Audience | None:
    """The audience that a word names."""
    if value is None or isinstance(value, Audience):
        return value
    try:
        return Audience(value)
    except ValueError:
        raise RecordError.one(
            "unknown_word", f"{value!r} is no audience", path="audience", hint=near(value, Audience)
        ) from None


def role_of(value: Role | str) -> Role:
    """The role that a word names."""
    try:
        return Role(value)
    except ValueError:
        raise RecordError.one(
            "unknown_role", f"{value!r} is no role", path="role", hint=near(value, Role)
        ) from None


def somebody(value: Person | str) -> Person:
    """A person, because nobody cannot take a role."""
    person = person_of(value)
    if person is None:
        raise RecordError.one(
            "not_a_person", "nobody cannot take a role", path="person", hint="give a Person"
        )
    return person


def optional_instant(value: datetime | None) -> datetime | None:
    """An instant in UTC, or None."""
    return None if value is None else utc(value)


def level_of(value: SupportsIndex) -> int:
    """A plain whole number from anything that is one, such as a member of an IntEnum."""
    try:
        level = index(value)
    except TypeError:
        level = 0
    if level < 1 or isinstance(value, bool):
        hint = "levels are whole numbers; 1 is the highest"
        raise RecordError.one("not_a_level", f"{value!r} is no level", hint=hint)
    return level


def optional_level(value: SupportsIndex | None) -> int | None:
    """A level, or None."""
    return None if value is None else level_of(value)


def among(
    what: str, known: tuple[str, ...], *, or_none: bool = False
) -> Callable[[object, attrs.Attribute[Any], str | None], None]:
    """A check that a word is on a closed list."""

    def check(event: object, attribute: attrs.Attribute[Any], value: str | None) -> None:  # noqa: ARG001  attrs gives all three
        if value not in known and not (or_none and value is None):
            hint = near(value, known)
            raise RecordError.one("unknown_word", f"{value!r} is no {what}", path=attribute.name, hint=hint)

    return check


def named(event: object, attribute: attrs.Attribute[Any], value: object) -> None:  # noqa: ARG001  attrs gives all three
    """A check that a name was given."""
    if not isinstance(value, str) or not value:
        raise RecordError.one(
            "no_name", f"{value!r} names nothing", path=attribute.name, hint="give its name"
        )


def scale_of(value: Iterable[float]) -> tuple[float, float]:
    """The lowest and the highest answer of a survey."""
    try:
        low, high = value
    except (TypeError, ValueError):
        low = high = 0
    if not (is_number(low) and is_number(high) and low < high):
        hint = "give the lowest and the highest answer, such as (1, 5)"
        raise RecordError.one("not_a_scale", f"{value!r} is no scale", path="scale", hint=hint)
    return low, high


def is_number(value: object) -> bool:
    """A number that a calculation can end in: no truth value, not infinite, no NaN."""
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    except OverflowError:  # a whole number beyond what a float can hold
        return False
