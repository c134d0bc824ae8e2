"""When is the service supported? `Calendar` answers in instants and open time, and says why.

Semantics. Open spans are half-open: open at the opening instant, closed at the closing instant. Elapsed time
is real time, so that a whole day is 23 or 25 hours long where clocks change. `add` gives the earliest instant
by which the amount has passed: an amount used up at closing time ends at closing time, not at the next
opening. Which instants open and close a shift on a day with a clock change: see `itilkit.calendars.zones`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Protocol, Self
from zoneinfo import ZoneInfo

import attrs

from itilkit.calendars.hours import days_text, week_data, windows_data
from itilkit.calendars.reading import Holidays, Hours, read_cutoff, read_schedule
from itilkit.calendars.schedule import Schedule
from itilkit.calendars.timeline import LAST_YEAR, Source, Timeline
from itilkit.calendars.working_days import FirstDay, WorkingDays, WorkingSource
from itilkit.calendars.zones import zone_of
from itilkit.errors import CalendarError, Fault, near
from itilkit.spans import Pair, Span, instant_of, micros, micros_of, utc

__all__ = ["Calendar"]

_KEYS = ("weekly", "zone", "public_holidays", "closed", "special_hours", "working_days")


class Rules(Source, WorkingSource, Protocol):
    """What a calendar is made of: when it opens, which dates work, and why it is closed."""

    def why_closed(self, instant: int) -> str:
        """The rule that keeps a closed instant closed, in words."""
        ...

    def remark(self, instant: int) -> str:
        """What else is worth knowing of an instant, in words; mostly empty."""
        ...


@attrs.frozen(init=False, repr=False)
class Calendar:
    """Opening hours in a zone, with their exceptions: a value, equal to another with the same rules.

    Args:
        weekly: Opening hours by weekday (``mon``, ``mon-fri``, ``mon,wed``): ``09:00-17:30``, or a list of
            such windows. A window that closes at or before it opens ends on the next date; ``24:00`` ends a
            day. Windows that touch or overlap are one. A weekday that is not named is closed.
        zone: IANA zone of all times and dates, such as ``Europe/London``.
        public_holidays: Codes such as ``GB-ENG``, or `PublicHolidays`; the days on which nothing opens.
        closed: Further dates on which nothing opens, each with its reason.
        special_hours: Dates whose windows replace all else, also a public holiday and a closed date.
        working_days: Weekdays that may count as working dates, ``mon-fri``; None for every date that opens.
        name: What people call it; no part of its value.

    Raises:
        CalendarError: With all the faults of the arguments at once, each with its path.

    >>> from datetime import UTC
    >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London", public_holidays="GB-ENG")
    >>> office.add(datetime(2026, 3, 6, 16, 30, tzinfo=UTC), timedelta(hours=3)).isoformat()
    '2026-03-09T11:00:00+00:00'
    """

    rules: Rules
    name: str = attrs.field(eq=False)
    _timeline: Timeline = attrs.field(
        init=False, eq=False, default=attrs.Factory(lambda self: Timeline(self.rules), takes_self=True)
    )
    _working: WorkingDays = attrs.field(
        init=False, eq=False, default=attrs.Factory(lambda self: WorkingDays(self.rules), takes_self=True)
    )

    if TYPE_CHECKING:  # what attrs writes for a class with an __init__ of its own

        def __attrs_init__(self, rules: Rules, name: str) -> None: ...

    def __init__(
        self,
        weekly: Mapping[str, Hours],
        *,
        zone: str | ZoneInfo,
        public_holidays: Holidays | None = None,
        closed: Mapping[date, str] | Mapping[str, str] | None = None,
        special_hours: Mapping[date, Hours] | Mapping[str, Hours] | None = None,
        working_days: Hours | None = None,
        name: str = "",
    ) -> None:
        faults: list[Fault] = []
        rules = read_schedule(
            weekly,
            zone,
            public_holidays=public_holidays,
            closed=closed,
            special_hours=special_hours,
            working_days=working_days,
            faults=faults,
        )
        if faults:
            raise CalendarError(faults)
        self.__attrs_init__(rules, name)

    @classmethod
    def of(cls, rules: Rules, name: str = "") -> Self:
        """The calendar of ready rules, as the algebra makes them."""
        calendar = cls.__new__(cls)
        calendar.__attrs_init__(rules, name)
        return calendar

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        # What is compiled is left behind: it is made again where it is needed.
        return type(self).of, (self.rules, self.name)

    @classmethod
    def round_the_clock(cls, zone: str | ZoneInfo = "UTC") -> Self:
        """A calendar that never closes; its working dates are those of `zone` and close at midnight."""
        return cls({"mon-sun": "00:00-24:00"}, zone=zone, name="round_the_clock")

    @classmethod
    def never(cls, zone: str | ZoneInfo) -> Self:
        """A calendar that never opens."""
        return cls({}, zone=zone, name="never")

    @classmethod
    def from_data(
        cls, data: Mapping[str, Any], *, zone: str | ZoneInfo | None = None, name: str = ""
    ) -> Self:
        """The calendar that a table of a policy file describes.

        Args:
            data: The keys of the constructor as plain data: texts, lists, tables.
            zone: The zone where the table names none.
            name: What people call it.

        Raises:
            CalendarError: With all faults at once; paths such as ``weekly.mon-fri[0]`` lead into `data`.

        >>> Calendar.from_data({"weekly": {"mon-fri": ["09:00-12:30", "13:30-17:30"]}}, zone="Europe/London")
        Calendar({'mon-fri': ['09:00-12:30', '13:30-17:30']}, zone='Europe/London')
        """
        faults = [
            Fault("unknown_key", f"unknown key {key!r}", path=str(key), hint=near(str(key), _KEYS))
            for key in data
            if key not in _KEYS
        ]
        if "weekly" not in data:
            hint = 'write weekly = { mon-fri = "09:00-17:30" }'
            faults.append(Fault("no_hours", "there are no opening hours", path="weekly", hint=hint))
        rules = read_schedule(
            data.get("weekly", {}),
            data.get("zone", zone),
            public_holidays=data.get("public_holidays"),
            closed=data.get("closed"),
            special_hours=data.get("special_hours"),
            working_days=data.get("working_days"),
            faults=faults,
        )
        if faults:
            raise CalendarError(faults)
        return cls.of(rules, name)

    @property
    def zone(self) -> str:
        """The IANA zone in which the calendar counts dates and `why` speaks."""
        return self.rules.zone

    def __repr__(self) -> str:
        return self._said(self.rules) if isinstance(self.rules, Schedule) else repr(self.rules)

    def _said(self, rules: Schedule) -> str:
        parts = [_short(week_data(rules.week)), f"zone={rules.zone!r}"]
        if rules.public_holidays:
            codes = [spec.code if spec.is_plain else spec for spec in rules.public_holidays]
            parts.append(f"public_holidays={codes[0]!r}" if len(codes) == 1 else f"public_holidays={codes!r}")
        if rules.closed:
            parts.append(f"closed={ {str(day): reason for day, reason in rules.closed}!r}")
        if rules.special:
            hours = {str(day): windows_data(windows) for day, windows in rules.special}
            parts.append(f"special_hours={_short(hours)}")
        if rules.working_days is not None:
            parts.append(f"working_days={days_text(rules.working_days)!r}")
        return f"Calendar({', '.join(parts)})"

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """The open time from `start` to `end`; negative when they are reversed.

        Raises:
            InstantError: An instant has no zone.
            CalendarError: An instant lies outside 1900 to 2200, or where the public holidays are not known.

        >>> from datetime import UTC
        >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="UTC")
        >>> office.elapsed(datetime(2026, 3, 6, 17, tzinfo=UTC), datetime(2026, 3, 9, 10, tzinfo=UTC))
        datetime.timedelta(seconds=5400)
        """
        before = self._timeline.open_at(_micros(start))
        return timedelta(microseconds=self._timeline.open_at(_micros(end)) - before)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest instant by which `amount` of open time has passed since `start`, in UTC.

        A negative amount gives the latest instant from which as much open time leads up to `start`; zero
        gives `start` itself, open or closed.

        Raises:
            InstantError: `start` has no zone.
            CalendarError: There is not so much open time from `start` on.
        """
        instant, wanted = _micros(start), micros(amount)
        if not wanted:
            return utc(start)
        spent = self._timeline.open_at(instant) + wanted
        found = self._timeline.earliest(spent) if wanted > 0 else self._timeline.latest(spent)
        if found is None:
            raise self._exhausted(instant, forward=wanted > 0)
        return instant_of(found)

    def _exhausted(self, instant: int, *, forward: bool) -> CalendarError:
        edge = self.next_open_us(instant) if forward else self._timeline.previous_close(instant)
        which = "opens" if forward else "was open"
        where = f"{'after' if forward else 'before'} {instant_of(instant).isoformat()}"
        if edge is None:
            return CalendarError.one("never_open", f"the calendar never {which} {where}")
        return CalendarError.one("not_enough_open_time", f"there is not so much open time {where}")

    def is_open(self, instant: datetime) -> bool:
        """Whether the instant lies in opening hours; the closing instant does not."""
        return self._timeline.is_open(_micros(instant))

    def next_open(self, instant: datetime) -> datetime | None:
        """The instant itself when open, else the next opening, in UTC; None when it never opens again."""
        return _instant(self._timeline.next_open(_micros(instant)))

    def next_close(self, instant: datetime) -> datetime | None:
        """The end of the open stretch at the instant, or of the next one; None when no stretch ends any more.

        Stretches that touch are one; a lunch break ends one.
        """
        return _instant(self._timeline.next_close(_micros(instant)))

    def previous_close(self, instant: datetime) -> datetime | None:
        """The latest end of an open stretch at or before the instant; None when none ended before."""
        return _instant(self._timeline.previous_close(_micros(instant)))

    def spans(self, start: datetime, end: datetime) -> tuple[Span, ...]:
        """The open stretches between two instants, cut to them, touching ones as one.

        >>> from datetime import UTC
        >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="UTC")
        >>> friday, monday = datetime(2026, 3, 6, 17, tzinfo=UTC), datetime(2026, 3, 9, 10, tzinfo=UTC)
        >>> [span.duration for span in office.spans(friday, monday)]
        [datetime.timedelta(seconds=1800), datetime.timedelta(seconds=3600)]
        """
        found = self._timeline.spans(_micros(start), _micros(end))
        return tuple(Span(instant_of(low), instant_of(high)) for low, high in found)

    def end_of_working_day(
        self, start: datetime, n: int, first_day: FirstDay = "next", cutoff: str | time | None = None
    ) -> datetime:
        """The closing of the `n`-th working date from `start`, in UTC.

        A working date is a local date on which a shift opens; its closing is the end of the last of them.

        Args:
            start: Where counting starts.
            n: How many, at least 1.
            first_day: ``next`` counts the working dates after the date of `start`; ``opening_day`` counts
                that date too, when it is a working date and has not closed.
            cutoff: A wall-clock time from which on `start` counts as on the next working date; then so does a
                `start` on a date that is no working date.

        Raises:
            CalendarError: There are not so many working dates, or an argument is none of these.

        >>> from datetime import UTC
        >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="UTC")
        >>> office.end_of_working_day(datetime(2026, 3, 6, 12, tzinfo=UTC), 1).isoformat()
        '2026-03-09T17:30:00+00:00'
        """
        if n < 1:
            raise CalendarError.one("bad_count", f"expected 1 working day or more, got {n}", path="n")
        if first_day not in ("next", "opening_day"):
            hint = near(str(first_day), ("next", "opening_day"))
            raise CalendarError.one("bad_first_day", f"unknown {first_day!r}", path="first_day", hint=hint)
        found = self._working.end(_micros(start), n, first_day, read_cutoff(cutoff))
        if found is None:
            message = f"there are not {n} working days after {utc(start).isoformat()} before {LAST_YEAR + 1}"
            raise CalendarError.one("not_enough_working_days", message)
        return instant_of(found)

    def why(self, instant: datetime) -> str:
        """Why the calendar is open or closed at an instant, in the calendar's own zone.

        >>> from datetime import UTC
        >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="UTC")
        >>> office.why(datetime(2026, 3, 6, 12, tzinfo=UTC)), office.why(datetime(2026, 3, 7, 12, tzinfo=UTC))
        ('open until 17:30', 'closed: outside Mon-Fri 09:00-17:30')
        """
        at = _micros(instant)
        remark = self.rules.remark(at)
        if not self._timeline.is_open(at):
            return f"closed: {self.rules.why_closed(at)}{remark}"
        until = _instant(self._timeline.next_close(at))
        if until is None:
            return f"open round the clock{remark}"
        zone = zone_of(self.zone)
        here, there = instant.astimezone(zone), until.astimezone(zone)
        shown = f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}"
        when = "" if here.date() == there.date() else f"{there:%a %Y-%m-%d} "
        return f"open until {when}{shown}{remark}"

    # The integer face: instants and amounts in microseconds, instants since 1970-01-01T00:00Z.

    def open_at(self, instant: int) -> int:
        """Open time so far: one function that grows while the calendar is open and stands still while closed.

        Its zero is of no meaning and may differ from one calendar object to the next, also between equal
        ones; the difference of two values of one calendar object is the open time between the two instants.
        """
        return self._timeline.open_at(instant)

    def earliest(self, spent: int) -> int | None:
        """The earliest instant at which `open_at` reaches `spent`; None when it never does."""
        return self._timeline.earliest(spent)

    def latest(self, spent: int) -> int | None:
        """The latest instant at which `open_at` is at most `spent`; None when it is so for good, or never."""
        return self._timeline.latest(spent)

    def open_spans(self, low: int, high: int) -> tuple[Pair, ...]:
        """The open spans between two instants, cut to them."""
        return self._timeline.spans(low, high)

    def closings(self, low: int, high: int) -> tuple[int, ...]:
        """The closings of working dates strictly after `low` and up to and including `high`, in order."""
        return self._working.closings(low, high)

    def is_open_us(self, instant: int) -> bool:
        """Whether the instant lies in opening hours."""
        return self._timeline.is_open(instant)

    def next_open_us(self, instant: int) -> int | None:
        """The instant itself when open, else the next opening; None when it never opens again."""
        return self._timeline.next_open(instant)


def _micros(instant: datetime) -> int:
    return micros_of(utc(instant))


def _instant(found: int | None) -> datetime | None:
    return None if found is None else instant_of(found)


def _short(hours: Mapping[str, Sequence[str]]) -> str:
    """Hours as they are written by hand: a single window stands without a list."""
    return repr({key: texts[0] if len(texts) == 1 else list(texts) for key, texts in hours.items()})
