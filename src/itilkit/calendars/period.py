"""Months, quarters, weeks and years in a zone: what figures are told for.

A period begins at the first instant of its first local date and ends where the next one begins, so that
periods of one kind follow each other without gap or overlap, also across a change of clocks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal, Self, get_args
from zoneinfo import ZoneInfo

import attrs

from itilkit.calendars.zones import date_of, midnight, read_zone, wall_of
from itilkit.errors import CalendarError, Fault, InstantError, near
from itilkit.spans import instant_of, micros_of, utc

__all__ = ["Period", "Unit"]

Unit = Literal["day", "week", "month", "quarter", "year"]


@attrs.frozen(order=True)
class Period:
    """The time from `start` up to, but not including, `end`, with a name to print.

    Attributes:
        start: First instant, in UTC.
        end: First instant that no longer belongs to it, in UTC.
        label: ``2026-03``, ``2026-Q1``, ``2026-W10``, ``2026``, ``2026-03-02``, or the two ends.
        zone: IANA zone whose dates bound it.

    >>> march = Period.month(2026, 3, zone="Europe/London")
    >>> march.label, march.end.isoformat(), march.duration.total_seconds() / 3600
    ('2026-03', '2026-03-31T23:00:00+00:00', 743.0)
    """

    start: datetime = attrs.field(converter=utc)
    end: datetime = attrs.field(converter=utc)
    label: str = attrs.field(kw_only=True)
    zone: str = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.end < self.start:
            message = (
                f"a period cannot end ({self.end.isoformat()}) before it starts ({self.start.isoformat()})"
            )
            raise InstantError.one("backward_period", message, hint="swap the two")

    def __str__(self) -> str:
        return self.label

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= utc(instant) < self.end

    @property
    def duration(self) -> timedelta:
        """The real time between the two ends."""
        return self.end - self.start

    @classmethod
    def year(cls, year: int, *, zone: str | ZoneInfo) -> Self:
        """A calendar year.

        Raises:
            CalendarError: There is no such year, or no such zone; so for the other kinds.
        """
        return cls._from(lambda: date(year, 1, 1), "year", zone)

    @classmethod
    def quarter(cls, year: int, quarter: int, *, zone: str | ZoneInfo) -> Self:
        """A calendar quarter, 1 to 4.

        >>> Period.quarter(2026, 2, zone="UTC").label
        '2026-Q2'
        """
        return cls._from(lambda: date(year, 3 * quarter - 2, 1), "quarter", zone)

    @classmethod
    def month(cls, year: int, month: int, *, zone: str | ZoneInfo) -> Self:
        """A calendar month, 1 to 12."""
        return cls._from(lambda: date(year, month, 1), "month", zone)

    @classmethod
    def week(cls, year: int, week: int, *, zone: str | ZoneInfo) -> Self:
        """A week from Monday on, counted as in ISO 8601: week 1 holds the year's first Thursday.

        >>> Period.week(2026, 1, zone="UTC").start.isoformat()
        '2025-12-29T00:00:00+00:00'
        """
        return cls._from(lambda: date.fromisocalendar(year, week, 1), "week", zone)

    @classmethod
    def day(cls, day: date, *, zone: str | ZoneInfo) -> Self:
        """One date; 23, 24 or 25 hours long, or empty where a zone skipped it."""
        return cls._from(lambda: day, "day", zone)

    @classmethod
    def of(cls, unit: Unit, instant: datetime, *, zone: str | ZoneInfo) -> Self:
        """The period of a kind that an instant lies in.

        >>> from datetime import UTC
        >>> Period.of("month", datetime(2026, 3, 31, 23, 30, tzinfo=UTC), zone="Europe/London").label
        '2026-04'
        """
        at, key, first = micros_of(utc(instant)), _zone(zone), _FIRST[_unit(unit)]
        day = date.fromordinal(date_of(at))
        local = date.fromordinal(date_of(wall_of(key, day.year).reads(at)))
        return cls._from(lambda: first(local), unit, key)

    @classmethod
    def month_of(cls, instant: datetime, *, zone: str | ZoneInfo) -> Self:
        """The month that an instant lies in."""
        return cls.of("month", instant, zone=zone)

    @classmethod
    def each(cls, unit: Unit, start: datetime, end: datetime, *, zone: str | ZoneInfo) -> tuple[Self, ...]:
        """The periods of a kind that share some time with `[start, end)`, whole ones, in order.

        >>> from datetime import UTC
        >>> start, end = datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
        >>> [period.label for period in Period.each("month", start, end, zone="UTC")]
        ['2026-01', '2026-02', '2026-03']
        """
        found: list[Self] = []
        at, stop = utc(start), utc(end)
        while at < stop:
            found.append(cls.of(unit, at, zone=zone))
            at = found[-1].end
        return tuple(found)

    @classmethod
    def between(
        cls, start: datetime, end: datetime, *, label: str = "", zone: str | ZoneInfo = "UTC"
    ) -> Self:
        """Any stretch of time; without a label its two ends in UTC are its name.

        >>> from datetime import UTC
        >>> Period.between(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 8, 12, tzinfo=UTC)).label
        '2026-03-01T00:00Z/2026-03-08T12:00Z'
        """
        low, high = utc(start), utc(end)
        ends = (f"{instant.replace(tzinfo=None).isoformat(timespec='minutes')}Z" for instant in (low, high))
        return cls(low, high, label=label or "/".join(ends), zone=_zone(zone))

    def next(self) -> Self:
        """The period of the same kind that follows; for a stretch of its own, one of the same duration."""
        unit = _UNIT_OF_LABEL.get(_shape(self.label))
        if unit is not None:
            return type(self).of(unit, self.end, zone=self.zone)
        return type(self).between(self.end, self.end + self.duration, zone=self.zone)

    @classmethod
    def _from(cls, first: Callable[[], date], unit: Unit, zone: str | ZoneInfo) -> Self:
        key = _zone(zone)
        try:
            day = first()
            start, end, label = _bounds(unit, day.toordinal(), key)
        except (ValueError, OverflowError) as error:
            raise CalendarError.one("bad_period", f"there is no such {unit}: {error}", path=unit) from error
        return cls(start, end, label=label, zone=key)


_FIRST: Mapping[Unit, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "quarter": lambda day: day.replace(month=day.month - (day.month - 1) % 3, day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
_DAYS: Mapping[Unit, int] = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
_LABEL: Mapping[Unit, Callable[[date], str]] = {
    "day": date.isoformat,
    "week": lambda day: "{}-W{:02}".format(*day.isocalendar()),
    "month": lambda day: f"{day:%Y-%m}",
    "quarter": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    "year": lambda day: f"{day.year}",
}


def _shape(label: str) -> str:
    return "".join("0" if letter.isdigit() else letter for letter in label)


_UNIT_OF_LABEL: Mapping[str, Unit] = {_shape(name(date(2026, 3, 2))): unit for unit, name in _LABEL.items()}


def _unit(unit: Unit) -> Unit:
    if unit not in get_args(Unit):
        hint = near(str(unit), get_args(Unit))
        raise CalendarError.one("unknown_unit", f"{unit!r} is no kind of period", path="unit", hint=hint)
    return unit


@lru_cache(maxsize=128)
def _zone(zone: str | ZoneInfo) -> str:
    faults: list[Fault] = []
    key = read_zone(zone, "zone", faults)
    if faults:
        raise CalendarError(faults)
    return key


@lru_cache(maxsize=4096)
def _bounds(unit: Unit, first: int, zone: str) -> tuple[datetime, datetime, str]:
    """Start, end and label of the period of a kind whose first date has that ordinal."""
    day = date.fromordinal(first)
    following = _FIRST[unit](day + timedelta(days=_DAYS[unit]))
    start, end = (
        instant_of(wall_of(zone, one.year).opening(midnight(one.toordinal()))) for one in (day, following)
    )
    return start, end, _LABEL[unit](day)
