"""The opening rules of one zone: a week of hours, and the dates on which other rules hold.

A shift belongs to the date on which it opens: what governs that date governs the whole shift, also the part
after midnight. On a date the first of these that speaks decides: special hours, a closed date, a public
holiday, the week.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

import attrs

from itilkit.calendars.hours import DAY_US, Week, Windows, week_text, windows_data
from itilkit.calendars.public_holidays import PublicHolidays
from itilkit.calendars.recurrence import Recurrence
from itilkit.calendars.rules import Shift, spans_of_shifts
from itilkit.calendars.zones import Wall, date_of, midnight, reads, turn, wall_of
from itilkit.spans import Pair

__all__ = ["Schedule"]

_ALL_DAY: Windows = ((0, DAY_US),)


@attrs.frozen
class Schedule:
    """Weekly hours in a zone with their exceptions.

    Attributes:
        week: Windows by weekday, Monday first.
        zone: IANA zone in which all times are read.
        public_holidays: Dates without opening, by country.
        closed: Dates without opening, with the reason.
        special: Dates whose windows replace everything else.
        working_days: The weekdays that may count as working dates; None for every date that opens.
        recurring: Further openings, by rule; closed dates, holidays and special hours govern them too.
    """

    week: Week
    zone: str
    public_holidays: tuple[PublicHolidays, ...] = attrs.field(default=(), kw_only=True)
    closed: tuple[tuple[date, str], ...] = attrs.field(default=(), kw_only=True)
    special: tuple[tuple[date, Windows], ...] = attrs.field(default=(), kw_only=True)
    working_days: tuple[int, ...] | None = attrs.field(default=None, kw_only=True)
    recurring: tuple[Recurrence, ...] = attrs.field(default=(), kw_only=True)
    _exceptions: Mapping[int, Windows] = attrs.field(
        init=False,
        eq=False,
        repr=False,
        default=attrs.Factory(lambda self: _exceptions(self.closed, self.special), takes_self=True),
    )

    @property
    def is_round_the_clock(self) -> bool:
        """Whether no instant is ever closed."""
        return all(day == _ALL_DAY for day in self.week) and not (self.public_holidays or self._exceptions)

    def spans(self, year: int) -> tuple[Pair, ...]:
        """The open spans within a year, as a set of spans."""
        if self.is_round_the_clock:
            return ((turn(self.zone, year), turn(self.zone, year + 1)),)
        return spans_of_shifts(self, year)

    def counts(self, day: int) -> bool:
        """Whether the weekday of a date is among the working days."""
        return self.working_days is None or (day + 6) % 7 in self.working_days

    @property
    def reach(self) -> int:
        """How many days after the date on which it opens a shift may close."""
        days = (*self.week, *(windows for _, windows in self.special))
        night = any(closes > DAY_US for windows in days for _, closes in windows)
        return max((2 * night, *(recurrence.lasts.days + 2 for recurrence in self.recurring)))

    def shifts(self, year: int) -> Iterator[Shift]:
        """The shifts that open on the dates of a year, in order of date, empty ones left out."""
        weekly = self._weekly(year)
        if not self.recurring:
            return weekly
        first, last = date(year, 1, 1), date(year, 12, 31)
        occurrences = (self._occurrences(one, first, last) for one in self.recurring)
        return iter(
            sorted((*weekly, *(shift for shifts in occurrences for shift in shifts if self._usual(shift[0]))))
        )

    def _occurrences(self, recurrence: Recurrence, first: date, last: date) -> Iterator[Shift]:
        """What a recurrence opens on the dates of a span, whatever else governs them."""
        for day in recurrence.days(first, last):
            opens = self._wall(day).opening(midnight(day) + recurrence.at)
            closes = opens + recurrence.lasts_us
            if recurrence.whole_days:
                end = day + recurrence.lasts.days
                closes = self._wall(end).closing(midnight(end))
            if opens < closes:
                yield day, opens, closes

    def _wall(self, day: int) -> Wall:
        return wall_of(self.zone, date.fromordinal(day).year)

    def _usual(self, day: int) -> bool:
        """Whether the week and the recurrences govern a date."""
        return day not in self._exceptions and day not in self._holidays(date.fromordinal(day).year)

    def late(self, year: int) -> Iterator[Shift]:
        """The shifts that open before a year and run into it."""
        low, first = turn(self.zone, year), date(year, 1, 1)
        for day in (first.toordinal() - 2, first.toordinal() - 1):
            yield from self._night(day, wall_of(self.zone, year), low)
        for recurrence in self.recurring:
            reach = recurrence.lasts + timedelta(days=2)
            for shift in self._occurrences(recurrence, first - reach, first - timedelta(days=1)):
                if shift[2] > low and self._usual(shift[0]):
                    yield shift

    def _weekly(self, year: int) -> Iterator[Shift]:
        wall = wall_of(self.zone, year)
        holidays = self._holidays(year)
        exceptions, week = self._exceptions, self.week
        first, stop = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        if not any(week):
            for day, special in exceptions.items():
                if first <= day < stop:
                    yield from _exact(day, special, wall)
            return
        for day, offset in wall.quiet(first, stop):
            windows = exceptions.get(day)
            if windows is None:
                windows = () if day in holidays else week[(day + 6) % 7]
            if not windows:
                continue
            if offset is None:
                yield from _exact(day, windows, wall)
                continue
            start = midnight(day) - offset
            for opens, closes in windows:
                yield day, start + opens, start + closes

    def _night(self, day: int, wall: Wall, low: int) -> Iterator[Shift]:
        """The shifts of a date before a year that run into it.

        Holidays are looked up only where they matter: the year before may lie outside what is known.
        """
        exception = self._exceptions.get(day)
        windows = self.week[(day + 6) % 7] if exception is None else exception
        late = [shift for shift in _exact(day, windows, wall) if shift[2] > low]
        if late and (exception is not None or day not in self._holidays(date.fromordinal(day).year)):
            yield from late

    def _holidays(self, year: int) -> Mapping[int, str]:
        if not self.public_holidays or not (any(self.week) or self.recurring):
            return {}
        if len(self.public_holidays) == 1:
            return self.public_holidays[0].of(year)
        return {day: name for spec in self.public_holidays for day, name in spec.of(year).items()}

    def why_closed(self, instant: int) -> str:
        """The rule that keeps a closed instant closed, in words."""
        wall = reads(self.zone, instant)
        today = date_of(wall)
        for day in (today, today - 1):
            at = wall - midnight(day)
            missed = any(opens <= at < closes for opens, closes in self.week[(day + 6) % 7])
            reason = self.reason(date.fromordinal(day))
            if reason and (missed or day == today):
                return reason
        rules = [recurrence.text for recurrence in self.recurring]
        hours = "; ".join([week_text(self.week), *rules] if any(self.week) else rules)
        unknown = self._unknown(date.fromordinal(today).year)
        return f"outside {hours}{unknown}" if hours else "never open"

    def reason(self, when: date) -> str:
        """What sets a date apart from the week, in words; empty on an ordinary date."""
        special = dict(self.special).get(when)
        if special is not None:
            hours = ", ".join(windows_data(special))
            return (
                f"outside the special hours {hours} of {when}" if hours else f"special hours of {when}: none"
            )
        closed = dict(self.closed).get(when)
        if closed is not None:
            return closed or f"closed on {when}"
        named = ((spec.of(when.year).get(when.toordinal()), spec.code) for spec in self.public_holidays)
        return ", ".join(f"{name} (holiday {code})" for name, code in named if name)

    def remark(self, instant: int) -> str:
        """What is worth knowing of the date of an instant besides its hours; mostly empty."""
        day = date_of(reads(self.zone, instant))
        if any(special.toordinal() == day for special, _ in self.special):
            return f" (special hours of {date.fromordinal(day)})"
        return self._unknown(date.fromordinal(day).year)

    def _unknown(self, year: int) -> str:
        unknown = [spec.code for spec in self.public_holidays if not spec.knows(year)]
        return f" (public holidays {', '.join(unknown)} are not known for {year})" if unknown else ""


def _exceptions(
    closed: Iterable[tuple[date, str]], special: Iterable[tuple[date, Windows]]
) -> Mapping[int, Windows]:
    """The windows of the dates that the week does not govern, by ordinal, in order."""
    exceptions: dict[int, Windows] = {day.toordinal(): () for day, _ in closed}
    exceptions.update((day.toordinal(), windows) for day, windows in special)
    return dict(sorted(exceptions.items()))


def _exact(day: int, windows: Windows, wall: Wall) -> Iterator[Shift]:
    start = midnight(day)
    for opens, closes in windows:
        opening, closing = wall.opening(start + opens), wall.closing(start + closes)
        if opening < closing:
            yield day, opening, closing
