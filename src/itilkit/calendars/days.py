"""The fast lane: open time so far by day, for instants as they come.

Turning an instant into a number costs more than finding it among sorted numbers. Two datetimes of one and the
same zone object are subtracted wall clock from wall clock, which is cheap and tells day and time of day at once.
So a year that is asked for often gets a table by day: for instants in the calendar's own zone by local date, for
all others by date of UTC. A row `(opens, closes, shift)` says that at `t`
microseconds into the day the open time so far is `min(max(t, opens), closes) + shift`; a day that opens more than
once has three columns instead, as a timeline has. A local date near a change of clocks, where wall clock and real
time part, has neither; such instants go the exact way.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime
from threading import Lock
from typing import Protocol

from itilkit.calendars.hours import DAY_US
from itilkit.calendars.zones import EPOCH_DAY, midnight, wall_of, zone_of

__all__ = ["Days"]

Row = tuple[int, int, int]
Busy = tuple[list[int], list[int], list[int]]
_OFTEN = 8


class Compiled(Protocol):
    """Columns of open spans, as a timeline keeps them."""

    @property
    def starts(self) -> list[int]: ...
    @property
    def ends(self) -> list[int]: ...
    @property
    def after(self) -> list[int]: ...
    @property
    def shift(self) -> list[int]: ...
    @property
    def low(self) -> int: ...
    @property
    def high(self) -> int: ...


class Days:
    """Rows by day for instants of one zone object; `rows[(instant - base).days]` where there is one.

    Rows are added and never changed, so any number of threads may read them without locking.
    """

    __slots__ = ("_learned", "_lock", "_misses", "_zone", "base", "busy", "rows")

    def __init__(self, zone: str | None) -> None:
        self.base = datetime(1970, 1, 1, tzinfo=UTC if zone is None else zone_of(zone))
        self.rows: dict[int, Row] = {}
        self.busy: dict[int, Busy] = {}
        self._zone = zone
        self._misses: dict[int, int] = {}
        self._learned: set[int] = set()
        self._lock = Lock()

    def missed(self, day: int, columns: Compiled) -> None:
        """Takes note of a question for a day that has no row; a year that is asked for often gets its rows."""
        year = date.fromordinal(day + EPOCH_DAY).year
        self._misses[year] = misses = self._misses.get(year, 0) + 1
        if misses >= _OFTEN and year not in self._learned:
            with self._lock:
                for each, low in self._edges(year):
                    if columns.low <= low and low + DAY_US <= columns.high:
                        self._learn(each, low, columns)
                self._learned.add(year)

    def _edges(self, year: int) -> Iterable[tuple[int, int]]:
        """The days of a year that are 24 hours long, each with the instant at which it begins."""
        first, stop = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        if self._zone is None:
            return ((day - EPOCH_DAY, midnight(day)) for day in range(first, stop))
        quiet = wall_of(self._zone, year).quiet(first, stop)
        return ((day - EPOCH_DAY, midnight(day) - offset) for day, offset in quiet if offset is not None)

    def _learn(self, day: int, low: int, columns: Compiled) -> None:
        starts, ends, after, shift = columns.starts, columns.ends, columns.after, columns.shift
        first, stop = bisect_right(ends, low), bisect_left(starts, low + DAY_US)
        if first >= stop:
            self.rows[day] = (0, 0, after[first - 1])
        elif stop - first == 1:
            opens, closes = max(starts[first] - low, 0), min(ends[first] - low, DAY_US)
            self.rows[day] = (opens, closes, low + shift[first])
        else:
            # The span before stands for the time until the first opening.
            opened = [start - low for start in starts[first - 1 : stop]]
            self.busy[day] = (
                opened,
                after[first - 1 : stop],
                [ahead + low for ahead in shift[first - 1 : stop]],
            )
