"""What comes shortly after what? Runs of instants with no long gap in between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from itilkit.errors import MatchingError, shown

__all__ = ["check_within", "parts_of"]


def check_within(within: object, path: str = "within") -> None:
    """Refuse what is no amount of time.

    Raises:
        MatchingError: no timedelta, or one of no time.
    """
    if not isinstance(within, timedelta) or within <= timedelta(0):
        hint = "give a timedelta above 0"
        raise MatchingError.one("bad_duration", f"{shown(within)} is no amount of time", path=path, hint=hint)


def parts_of(by: str | Iterable[str]) -> tuple[str, ...]:
    """The names that make a key; a single one is no list of letters.

    Raises:
        MatchingError: none, or what is no name.
    """
    given: object = by
    names = (by,) if isinstance(by, str) else tuple(by) if isinstance(given, Iterable) else ()
    each: tuple[object, ...] = names
    if not names or not all(isinstance(name, str) and name for name in each):
        hint = "name at least one field"
        raise MatchingError.one("no_name", f"{shown(by)} names no fields to group by", path="by", hint=hint)
    return names
