"""What every kind of calendar is made of: rules that are asked one year at a time.

A shift is `(day, opens, closes)`: the ordinal of the local date on which it opens, and its ends as instants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from itilkit.calendars.zones import turn
from itilkit.spans import Pair, union

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Rules", "Shift", "spans_of_shifts"]

FIRST_YEAR = 1900
LAST_YEAR = 2200

Shift = tuple[int, int, int]


class Rules(Protocol):
    """When a calendar opens, which dates may be working dates, and why it is closed."""

    @property
    def zone(self) -> str:
        """The IANA zone whose dates the rules speak of."""
        ...

    @property
    def reach(self) -> int:
        """How many days after the date on which it opens a shift may close."""
        ...

    def spans(self, year: int) -> tuple[Pair, ...]:
        """The open spans from the turn of the year to the next, as a set of spans."""
        ...

    def shifts(self, year: int) -> Iterable[Shift]:
        """The shifts that open on the dates of a year, in order of date, empty ones left out."""
        ...

    def late(self, year: int) -> Iterable[Shift]:
        """The shifts that open before a year and run into it."""
        ...

    def counts(self, day: int) -> bool:
        """Whether a date may be a working date, if it opens."""
        ...

    def why_closed(self, instant: int) -> str:
        """The rule that keeps a closed instant closed, in words."""
        ...

    def remark(self, instant: int) -> str:
        """What else is worth knowing of an instant, in words; mostly empty."""
        ...


def spans_of_shifts(rules: Rules, year: int) -> tuple[Pair, ...]:
    """The open spans of a year, from the shifts that open in it or run into it."""
    low, high = turn(rules.zone, year), turn(rules.zone, year + 1)
    return union((*_cut(rules.late(year), low, high), *_cut(rules.shifts(year), low, high)))


def _cut(shifts: Iterable[Shift], low: int, high: int) -> Iterator[Pair]:
    for _, opens, closes in shifts:
        yield max(opens, low), min(closes, high)
