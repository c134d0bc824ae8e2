"""When is the service supported? `Calendar` answers in instants and open time, and says why.

Semantics. Open spans are half-open: open at the opening instant, closed at the closing instant. Elapsed time
is real time, so that a whole day is 23 or 25 hours long where clocks change. `add` gives the earliest instant
by which the amount has passed: an amount used up at closing time ends at closing time, not at the next
opening. Which instants open and close a shift on a day with a clock change: see `itilkit.calendars.zones`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

import attrs

from itilkit.calendars.algebra import AllOf, AnyOf, Changing, Except
from itilkit.calendars.period import Period
from itilkit.calendars.reading import Holidays, Hours, read_cutoff, read_date, read_schedule
from itilkit.calendars.recurrence import Recurrence
from itilkit.calendars.rules import LAST_YEAR, Rules
from itilkit.calendars.schedule import Schedule
from itilkit.calendars.tables import calendar_data, read_calendar, schedule_text
from itilkit.calendars.timeline import Timeline
from itilkit.calendars.working_days import FirstDay, WorkingDays
from itilkit.calendars.zones import until_text
from itilkit.errors import CalendarError, Fault, near
from itilkit.spans import EPOCH, Pair, Span, instant_of, micros_of, utc

__all__ = ["Calendar"]

_MICROSECOND = timedelta(microseconds=1)  # multiplied, the fastest way from an integer to a timedelta


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
        recurring: Openings by rule, such as the second Sunday of the month; taken away from another calendar
            they are closures. Closed dates, holidays and special hours hold for them as for the weekly hours.
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
        recurring: Iterable[Recurrence] | None = None,
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
            recurring=recurring,
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

    @staticmethod
    def from_data(
        data: Mapping[str, Any],
        *,
        zone: str | ZoneInfo | None = None,
        calendars: Mapping[str, Calendar] | None = None,
        name: str = "",
    ) -> Calendar:
        """The calendar that a table of a policy file describes.

        Args:
            data: The arguments of the constructor as plain data, or ``open_when_any``, and with either
                ``except_when`` and ``changes``, which name other calendars.
            zone: The zone where the table names none.
            calendars: The calendars that may be named; ``round_the_clock`` is always known.
            name: What people call it.

        Raises:
            CalendarError: With all faults at once; paths such as ``weekly.mon-fri[0]`` lead into `data`.

        >>> Calendar.from_data({"weekly": {"mon-fri": ["09:00-12:30", "13:30-17:30"]}}, zone="Europe/London")
        Calendar({'mon-fri': ['09:00-12:30', '13:30-17:30']}, zone='Europe/London')
        """
        faults: list[Fault] = []
        calendar = read_calendar(Calendar, data, zone=zone, known=calendars or {}, name=name, faults=faults)
        if faults or calendar is None:
            raise CalendarError(faults)
        return calendar

    def to_data(self) -> dict[str, Any]:
        """Plain data that `from_data` reads back; parts of a joined calendar stand there by name.

        Raises:
            CalendarError: A part has no name, or the calendar is a combination that no table can express.
        """
        return calendar_data(self)

    @property
    def zone(self) -> str:
        """The IANA zone in which the calendar counts dates and `why` speaks."""
        return self.rules.zone

    def __repr__(self) -> str:
        if isinstance(self.rules, Schedule):
            return schedule_text(self.rules, self.name)
        return f"{self.rules!r}.named({self.name!r})" if self.name else repr(self.rules)

    def to_html(self, *, on: date | None = None, days: int = 90) -> str:
        """The week as bars, and the dates on which other hours hold, as HTML.

        Args:
            on: The date from which the coming exceptions and public holidays are listed; None lists the
                exceptions that are written down.
            days: How many days from `on` are looked at.
        """
        from itilkit.calendars.html import calendar_html  # noqa: PLC0415  for notebooks only

        return calendar_html(self, on, days)

    def _repr_html_(self) -> str:
        return self.to_html()

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
        timeline = self._timeline
        # What `timeline.spent` does, written out twice: two calls would cost as much as the answer.
        try:
            zone = timeline.zone
            days = timeline.home if start.tzinfo is zone and end.tzinfo is zone else timeline.abroad
            base, rows = days.base, days.rows
            low, high = start - base, end - base
            opens, closes, shift = rows[low.days]
            before = low.seconds * 1_000_000 + low.microseconds
            before = (opens if before < opens else closes if before > closes else before) + shift
            opens, closes, shift = rows[high.days]
            after = high.seconds * 1_000_000 + high.microseconds
            after = (opens if after < opens else closes if after > closes else after) + shift
        except (AttributeError, KeyError, TypeError):
            before, after = timeline.spent(start), timeline.spent(end)
        return _MICROSECOND * (after - before)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest instant by which `amount` of open time has passed since `start`, in UTC.

        A negative amount gives the latest instant from which as much open time leads up to `start`; zero
        gives `start` itself, open or closed.

        Raises:
            InstantError: `start` has no zone.
            CalendarError: There is not so much open time from `start` on.
        """
        if not amount:
            return utc(start)
        timeline = self._timeline
        wanted = (amount.days * 86_400 + amount.seconds) * 1_000_000 + amount.microseconds
        spent = timeline.spent(start) + wanted
        found = timeline.earliest(spent) if wanted > 0 else timeline.latest(spent)
        if found is None:
            raise self._exhausted(_micros(start), forward=wanted > 0)
        return EPOCH + _MICROSECOND * found

    def elapsed_many(self, starts: Any, ends: Any, *, unit: str | None = None) -> Any:
        """The open time from each start to its end: the answers of `elapsed`, for whole columns.

        Args:
            starts: Aware datetimes in a list or a column of a frame, one by one; or, much faster, a numpy array of
                datetime64 (in UTC) or of integers, as ``series.to_numpy()`` of polars or
                ``series.to_numpy("datetime64[us]")`` of pandas gives for instants with a zone.
            ends: As many, of the same kind.
            unit: Of integers: ``s``, ``ms``, ``us`` or ``ns`` since 1970-01-01T00:00Z.

        Returns:
            A list of timedelta, an array of timedelta64 in the unit of `starts`, or integers in `unit`. What is
            missing (None, NaT) stays missing.

        Raises:
            CalendarError: As `elapsed`; or the columns do not go together, or are finer than their unit can tell.

        >>> import numpy as np
        >>> days = np.array(["2026-03-06T17:00", "NaT"], dtype="datetime64[s]")
        >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London")
        >>> office.elapsed_many(days, days + np.timedelta64(3, "D"))
        array([30600, 'NaT'], dtype='timedelta64[s]')
        """
        from itilkit.calendars import bulk  # noqa: PLC0415  numpy is loaded on first use

        return bulk.elapsed_many(self, starts, ends, unit)

    def add_many(self, starts: Any, amounts: Any, *, unit: str | None = None) -> Any:
        """The deadline of each start and amount: the answers of `add`, for whole columns.

        Args:
            starts: As for `elapsed_many`.
            amounts: As many: timedelta, timedelta64, or integers in `unit`; negative ones too.
            unit: Of integers.

        Returns:
            A list of datetime in UTC, an array of datetime64 (in UTC), or integers, as `starts`.
        """
        from itilkit.calendars import bulk  # noqa: PLC0415  numpy is loaded on first use

        return bulk.add_many(self, starts, amounts, unit)

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

    def working_days_between(self, first: date, stop: date) -> int:
        """How many working dates lie from `first` up to, but not including, `stop`; negative when reversed.

        >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="UTC")
        >>> office.working_days_between(date(2026, 3, 2), date(2026, 3, 9))
        5
        """
        if stop < first:
            return -self.working_days_between(stop, first)
        return self._working.between(first.toordinal(), stop.toordinal())

    def open_time(self, period: Period) -> timedelta:
        """The open time of a period.

        >>> Calendar({"mon": "09:00-17:00"}, zone="UTC").open_time(Period.week(2026, 10, zone="UTC"))
        datetime.timedelta(seconds=28800)
        """
        return self.elapsed(period.start, period.end)

    def same_hours(self, other: Calendar, period: Period) -> bool:
        """Whether both calendars are open at the same instants of a period, however they are made."""
        low, high = micros_of(period.start), micros_of(period.end)
        return self.open_spans(low, high) == other.open_spans(low, high)

    def why(self, instant: datetime) -> str:
        """Why the calendar is open or closed at an instant, in the calendar's own zone.

        >>> from datetime import UTC
        >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="UTC")
        >>> office.why(datetime(2026, 3, 6, 12, tzinfo=UTC)), office.why(datetime(2026, 3, 7, 12, tzinfo=UTC))
        ('open until 17:30', 'closed: outside Mon-Fri 09:00-17:30')
        """
        at = _micros(instant)
        if not self._timeline.is_open(at):
            return f"closed: {self.rules.why_closed(at)}"
        remark = self.rules.remark(at)
        until = self._timeline.next_close(at)
        if until is None:
            return f"open round the clock{remark}"
        return f"open until {until_text(self.zone, at, until)}{remark}"

    # Algebra

    def __or__(self, other: Calendar) -> Calendar:
        """Open when either is; dates are counted in the zone of the first.

        >>> london = Calendar({"mon-fri": "09:00-17:00"}, zone="Europe/London", name="London")
        >>> tokyo = Calendar({"mon-fri": "09:00-17:00"}, zone="Asia/Tokyo", name="Tokyo")
        >>> (london | tokyo).why(datetime.fromisoformat("2026-03-03T03:00Z"))
        'open until 08:00 (Tokyo)'
        """
        return Calendar.any_of((self, other))

    def __and__(self, other: Calendar) -> Calendar:
        """Open when both are; working dates are those of the first."""
        return Calendar.of(AllOf(_flat((self, other), AllOf)))

    def __sub__(self, other: Calendar) -> Calendar:
        """Open when the first is and the second is not; working dates are those of the first."""
        return self.except_when((other,))

    def __invert__(self) -> Calendar:
        """Open when this is closed."""
        return Calendar.round_the_clock(self.zone) - self

    @staticmethod
    def any_of(calendars: Iterable[Calendar], *, name: str = "") -> Calendar:
        """Open when any of the calendars is; at least one is needed."""
        parts = _flat(calendars, AnyOf)
        if not parts:
            raise CalendarError.one("no_calendars", "there is no calendar to join")
        return Calendar.of(AnyOf(parts), name)

    def except_when(self, calendars: Iterable[Calendar], *, name: str = "") -> Calendar:
        """Open when this is and none of the calendars is."""
        base, without = self, tuple(calendars)
        if isinstance(self.rules, Except):
            base, without = self.rules.base, (*self.rules.without, *without)
        return Calendar.of(Except(base, tuple(dict.fromkeys(without))), name)

    def changing(
        self, changes: Mapping[date, Calendar] | Mapping[str, Calendar], *, name: str = ""
    ) -> Calendar:
        """This calendar until a date, another one from then on, and so on; all of one zone.

        A shift belongs to the calendar that is in force on the date on which it opens.

        >>> office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
        >>> late = office.changing({"2026-07-01": Calendar({"mon-fri": "10:00-18:00"}, zone="UTC")})
        >>> late.why(datetime.fromisoformat("2026-07-01T09:30Z"))
        'closed: outside Mon-Fri 10:00-18:00'
        """
        faults: list[Fault] = []
        parts: list[tuple[date, Calendar]] = [(date.min, self)]
        for key, calendar in changes.items():
            path = f"changes.{key}"
            day = read_date(key, path, faults)
            if calendar.zone != self.zone:
                message = f"{calendar.zone} is another zone than {self.zone}"
                faults.append(Fault("zone_changes", message, path=path, hint="keep to one zone"))
            if day is not None:
                parts.append((day, calendar))
        if faults:
            raise CalendarError(faults)
        return Calendar.of(Changing(tuple(sorted(parts, key=lambda part: part[0]))), name)

    def named(self, name: str) -> Calendar:
        """The same calendar under another name; what is compiled is shared."""
        calendar = Calendar.of(self.rules, name)
        object.__setattr__(calendar, "_timeline", self._timeline)
        object.__setattr__(calendar, "_working", self._working)
        return calendar

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

    @property
    def timeline(self) -> Timeline:
        """The compiled form."""
        return self._timeline

    def add_us(self, instant: int, amount: int) -> int:
        """`add` in microseconds."""
        spent = self._timeline.open_at(instant) + amount
        found = self._timeline.earliest(spent) if amount > 0 else self._timeline.latest(spent)
        if found is None:
            raise self._exhausted(instant, forward=amount > 0)
        return found

    def is_open_us(self, instant: int) -> bool:
        """Whether the instant lies in opening hours."""
        return self._timeline.is_open(instant)

    def next_open_us(self, instant: int) -> int | None:
        """The instant itself when open, else the next opening; None when it never opens again."""
        return self._timeline.next_open(instant)

    def next_close_us(self, instant: int) -> int | None:
        """The end of the open stretch at the instant, or of the next one; None when none ends any more."""
        return self._timeline.next_close(instant)


def _micros(instant: datetime) -> int:
    return micros_of(utc(instant))


def _instant(found: int | None) -> datetime | None:
    return None if found is None else instant_of(found)


def _flat(calendars: Iterable[Calendar], kind: type[AnyOf | AllOf]) -> tuple[Calendar, ...]:
    """The calendars without repetition, those that are such a combination themselves replaced by their parts."""
    parts: list[Calendar] = []
    for calendar in calendars:
        rules = calendar.rules
        parts += rules.parts if isinstance(rules, kind) and not calendar.name else (calendar,)
    return tuple(dict.fromkeys(parts))
