"""The compiled form of a calendar: when it is open, as sorted integers, grown year by year on demand.

Open time so far is one monotone function of the instant. It is kept as four columns, one entry per open span:
`starts`, `ends`, `after` (open time so far at the end) and `shift` (`after - ends`), so that inside span `i`
the function reads `instant + shift[i]`, and between two spans it stands still at `after[i]`. Entry 0 is an
empty span at the left edge. Its zero lies at the left edge of the first year that was asked for: only
differences mean something, and only on one timeline.

Columns are never changed once they are published, and a grown set of columns replaces the old one in a single
assignment under a lock; so any number of threads may ask without locking.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime
from threading import RLock
from typing import Any

import attrs

from itilkit.calendars.days import Days
from itilkit.calendars.rules import FIRST_YEAR, LAST_YEAR, Rules
from itilkit.calendars.zones import turn, zone_of
from itilkit.errors import CalendarError
from itilkit.spans import EPOCH, Pair, instant_of, micros_of, utc

__all__ = ["Columns", "Timeline"]


@attrs.frozen(eq=False)
class Columns:
    """A stretch of the compiled function, from `low` up to but not including `high`."""

    first: int
    last: int
    low: int
    high: int
    starts: list[int]
    ends: list[int]
    after: list[int]
    shift: list[int]

    def then(self, later: Columns) -> Columns:
        """This stretch and the one that follows it, as one."""
        starts, ends, after, shift = self.starts, self.ends, self.after, self.shift
        drop = 1
        if len(later.starts) > 1 and len(starts) > 1 and later.starts[1] == ends[-1]:
            ends, after, shift, drop = ends[:-1], after[:-1], shift[:-1], 2
        return Columns(
            self.first,
            later.last,
            self.low,
            later.high,
            starts + later.starts[drop:],
            ends + later.ends[1:],
            after + later.after[1:],
            shift + later.shift[1:],
        )


def compiled(rules: Rules, first: int, last: int, before: int) -> Columns:
    """The columns of some years, with `before` as the open time so far at their beginning."""
    low, high = turn(rules.zone, first), turn(rules.zone, last + 1)
    starts, ends, after = [low], [low], [before]
    for year in range(first, last + 1):
        for start, end in rules.spans(year):
            before += end - start
            if start == ends[-1] and len(starts) > 1:
                ends[-1], after[-1] = end, before
            else:
                starts.append(start)
                ends.append(end)
                after.append(before)
    shift = [spent - end for spent, end in zip(after, ends, strict=True)]
    return Columns(first, last, low, high, starts, ends, after, shift)


class Timeline:
    """A calendar's compiled function, extended both ways as far as questions reach.

    All instants and amounts are integer microseconds.
    """

    __slots__ = ("_columns", "_lock", "_rules", "abroad", "bulk", "home", "zone")

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self.zone = zone_of(rules.zone)
        self.home = Days(rules.zone)
        self.abroad = Days(None)
        self.bulk: dict[str, Any] = {}  # what bulk.py has tabulated, by unit
        self._columns: Columns | None = None
        self._lock = RLock()

    def around(self, instant: int) -> Columns:
        """Columns that hold an instant.

        Raises:
            CalendarError: The instant lies outside the years that calendars work in, or in a year whose
                public holidays are not known.
        """
        columns = self._columns
        if columns is not None and columns.low <= instant < columns.high:
            return columns
        return self._extend(self._year(instant))

    def upto(self, instant: int) -> Columns:
        """Columns that hold an instant, or end at it: what follows the end of a span need not be known."""
        columns = self._columns
        if columns is None or instant < columns.low:
            return self.around(instant)
        return columns if instant <= columns.high else self._extend(self._year(instant - 1))

    def _year(self, instant: int) -> int:
        try:
            year = instant_of(instant).year
        except OverflowError:
            year = 0
        if FIRST_YEAR <= year <= LAST_YEAR:
            # A year may begin up to a day earlier or later here than in UTC.
            if instant < turn(self._rules.zone, year):
                year -= 1
            elif instant >= turn(self._rules.zone, year + 1):
                year += 1
        if FIRST_YEAR <= year <= LAST_YEAR:
            return year
        shown = instant_of(instant).isoformat() if year else "the instant"
        message = f"{shown} lies outside the years {FIRST_YEAR} to {LAST_YEAR} in which calendars work"
        raise CalendarError.one("beyond_years", message)

    def _extend(self, year: int) -> Columns:
        with self._lock:
            columns = self._columns
            if columns is None:
                columns = compiled(self._rules, year, year, 0)
            elif year > columns.last:
                columns = columns.then(compiled(self._rules, columns.last + 1, year, columns.after[-1]))
            elif year < columns.first:
                earlier = compiled(self._rules, year, columns.first - 1, 0)
                earlier = compiled_from(earlier, columns.after[0] - earlier.after[-1])
                columns = earlier.then(columns)
            self._columns = columns
            return columns

    def spent(self, instant: datetime) -> int:
        """Open time so far at an aware instant.

        Raises:
            InstantError: The instant has no zone, or is none.
        """
        try:
            days = self.home if instant.tzinfo is self.zone else self.abroad
            since = instant - days.base
        except (AttributeError, TypeError):
            since, days = utc(instant) - EPOCH, self.abroad
        at = since.seconds * 1_000_000 + since.microseconds
        row = days.rows.get(since.days)
        if row is not None:
            opens, closes, shift = row
            return (opens if at < opens else closes if at > closes else at) + shift
        busy = days.busy.get(since.days)
        if busy is None:
            return self._slowly(instant, days, since.days)
        starts, most, ahead = busy
        index = bisect_right(starts, at) - 1
        return min(at + ahead[index], most[index])

    def _slowly(self, instant: datetime, days: Days, day: int) -> int:
        """Open time so far, the exact way."""
        spent = self.open_at(micros_of(utc(instant)))
        columns = self._columns
        if columns is not None:
            days.missed(day, columns)
        return spent

    def _later(self, columns: Columns) -> Columns | None:
        """Columns that reach a year further on, or None at the end of all years."""
        return self._extend(columns.last + 1) if columns.last < LAST_YEAR else None

    def _earlier(self, columns: Columns) -> Columns | None:
        """Columns that reach a year further back, or None at the beginning of all years."""
        return self._extend(columns.first - 1) if columns.first > FIRST_YEAR else None

    def open_at(self, instant: int) -> int:
        """Open time so far."""
        columns = self._columns
        if columns is None or not columns.low <= instant <= columns.high:
            columns = self.upto(instant)
        index = bisect_right(columns.starts, instant) - 1
        spent, most = instant + columns.shift[index], columns.after[index]
        return spent if spent < most else most

    def earliest(self, spent: int) -> int | None:
        """The earliest instant at which open time so far reaches `spent`; None when it never does."""
        columns = self._columns or self.around(0)
        while columns.after[-1] < spent:
            later = self._later(columns)
            if later is None:
                return None
            columns = later
        while columns.after[0] >= spent:
            earlier = self._earlier(columns)
            if earlier is None:
                return columns.low
            columns = earlier
        index = bisect_left(columns.after, spent)
        return spent - columns.shift[index]

    def latest(self, spent: int) -> int | None:
        """The latest instant at which open time so far is at most `spent`.

        None when it is so for good, or was never so.
        """
        columns = self._columns or self.around(0)
        while columns.after[0] > spent:
            earlier = self._earlier(columns)
            if earlier is None:
                return None
            columns = earlier
        while columns.after[-1] <= spent:
            later = self._later(columns)
            if later is None:
                return None
            columns = later
        index = bisect_right(columns.after, spent)
        return spent - columns.shift[index]

    def is_open(self, instant: int) -> bool:
        """Whether the instant lies in an open span."""
        columns = self.around(instant)
        return instant < columns.ends[bisect_right(columns.starts, instant) - 1]

    def next_open(self, instant: int) -> int | None:
        """The instant itself when open, else the next start of an open span; None when there is none."""
        columns: Columns | None = self.around(instant)
        while columns is not None:
            index = bisect_right(columns.starts, instant) - 1
            if instant < columns.ends[index]:
                return instant
            if index + 1 < len(columns.starts):
                return columns.starts[index + 1]
            columns = self._later(columns)
        return None

    def next_close(self, instant: int) -> int | None:
        """The end of the open span at the instant, or of the next one; None when there is none."""
        columns: Columns | None = self.around(instant)
        while columns is not None:
            index = bisect_right(columns.ends, instant)
            # A span that ends where the columns end may go on.
            if index < len(columns.ends) and columns.ends[index] < columns.high:
                return columns.ends[index]
            columns = self._later(columns)
        return None

    def previous_close(self, instant: int) -> int | None:
        """The latest end of an open span at or before the instant; None when there is none."""
        columns: Columns | None = self.around(instant)
        while columns is not None:
            index = bisect_right(columns.ends, instant) - 1
            if index > 0:
                return columns.ends[index]
            columns = self._earlier(columns)
        return None

    def spans(self, low: int, high: int) -> tuple[Pair, ...]:
        """The open spans between two instants, cut to them."""
        if high <= low:
            return ()
        self.around(low)
        columns = self.upto(high)
        first = bisect_right(columns.ends, low)
        stop = bisect_left(columns.starts, high)
        found = list(zip(columns.starts[first:stop], columns.ends[first:stop], strict=True))
        if found:
            found[0] = (max(found[0][0], low), found[0][1])
            found[-1] = (found[-1][0], min(found[-1][1], high))
        return tuple(found)


def compiled_from(columns: Columns, before: int) -> Columns:
    """The same columns with another open time so far at their beginning."""
    more = before - columns.after[0]
    return attrs.evolve(
        columns,
        after=[spent + more for spent in columns.after],
        shift=[ahead + more for ahead in columns.shift],
    )
