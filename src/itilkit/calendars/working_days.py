"""Working dates: the local dates on which a shift opens, each with its closing, the end of its last shift.

"N working days" counts these, not 24-hour days and not open hours: the end of the N-th working date.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from threading import Lock
from typing import Literal

import attrs

from itilkit.calendars.rules import FIRST_YEAR, LAST_YEAR, Rules
from itilkit.calendars.zones import date_of, midnight, reads

__all__ = ["FirstDay", "WorkingDays"]

FirstDay = Literal["next", "opening_day"]


@attrs.frozen(eq=False)
class _Year:
    days: list[int]
    closings: list[int]
    in_order: list[int]


class WorkingDays:
    """The working dates of a calendar, compiled year by year as questions need them.

    Instants are integer microseconds, dates are proleptic ordinals.
    """

    __slots__ = ("_lock", "_rules", "_years")

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._years: dict[int, _Year] = {}
        self._lock = Lock()

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            closing_of: dict[int, int] = {}
            for day, _, closes in self._rules.shifts(year):
                if self._rules.counts(day):
                    closing_of[day] = max(closes, closing_of.get(day, closes))
            closings = list(closing_of.values())
            found = _Year(list(closing_of), closings, sorted(closings))
            with self._lock:
                self._years[year] = found
        return found

    def local(self, instant: int) -> tuple[int, int]:
        """The local date of an instant, and the microseconds its wall clock shows since midnight."""
        wall = reads(self._rules.zone, instant)
        day = date_of(wall)
        return day, wall - midnight(day)

    def closing(self, day: int) -> int | None:
        """The closing of a working date; None when the date is none."""
        year = self._year(_year_of(day))
        index = bisect_right(year.days, day) - 1
        return year.closings[index] if index >= 0 and year.days[index] == day else None

    def after(self, day: int, n: int) -> tuple[int, int] | None:
        """The `n`-th working date strictly after a date, with its closing; None when there is none."""
        start = _year_of(day)
        for number in range(start, LAST_YEAR + 1):
            year = self._year(number)
            skipped = bisect_right(year.days, day) if number == start else 0
            if skipped + n <= len(year.days):
                index = skipped + n - 1
                return year.days[index], year.closings[index]
            n -= len(year.days) - skipped
        return None

    def end(self, start: int, n: int, first_day: FirstDay, cutoff: int | None) -> int | None:
        """The closing of the `n`-th working date from an instant; None when there are not so many."""
        day, clock = self.local(start)
        if cutoff is not None and (clock >= cutoff or self.closing(day) is None):
            following = self.after(day, 1)
            if following is None:
                return None
            day = following[0]
        if first_day == "opening_day":
            closing = self.closing(day)
            if closing is not None and start < closing:
                if n == 1:
                    return closing
                n -= 1
        found = self.after(day, n)
        return found[1] if found else None

    def closings(self, low: int, high: int) -> tuple[int, ...]:
        """The closings strictly after `low` and up to and including `high`, in order."""
        if high <= low:
            return ()
        reach = self._rules.reach
        first = max(_year_of(self.local(low)[0] - reach), FIRST_YEAR)
        # A closing at midnight belongs to the date that ends.
        last = min(_year_of(self.local(high - 1)[0]), LAST_YEAR)
        found: list[int] = []
        for number in range(first, last + 1):
            closings = self._year(number).in_order
            found += closings[bisect_right(closings, low) : bisect_right(closings, high)]
        return tuple(sorted(found)) if reach else tuple(found)

    def between(self, first: int, stop: int) -> int:
        """How many working dates lie from the date `first` up to, but not including, `stop`."""
        count = 0
        if first == stop:
            return count
        for number in range(_year_of(first), _year_of(stop - 1) + 1):
            days = self._year(number).days
            count += bisect_right(days, stop - 1) - bisect_right(days, first - 1)
        return count


def _year_of(day: int) -> int:
    return date.fromordinal(day).year
