"""The dates that a rule of iCalendar picks (RFC 5545, section 3.3.10), a year at a time.

A date is picked when it fits every part of the rule, lies in a day, week, month or year that the interval does not
skip, and is among the places that BYSETPOS names of those picked there. So the dates of a year follow from the rule
and its start alone, and cost the same however far away the start lies or however seldom a date fits; only a COUNT
has to be counted from the start. (`dateutil.rrule` walks on to the year 9999 where no date fits any more, takes no
notice of some parts and fails in the midst of an answer for others. The tests hold the two equal where it answers.)
BYEASTER, days from Easter Sunday, is an extension that `dateutil` reads too.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from calendar import isleap, monthrange
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from itertools import groupby, islice

import attrs

from itilkit.calendars.rules import LAST_YEAR
from itilkit.errors import Fault, near

__all__ = ["dates_of", "rule_faults"]

_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_DENSER = ("HOURLY", "MINUTELY", "SECONDLY")
_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")
_PICKS = ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYEASTER")
_WEEK = 7
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# The least and the greatest number; zero is one only among the days from Easter Sunday, all of which lie in its year.
_NUMBERS = {
    "BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31), "BYYEARDAY": (-366, 366), "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366), "BYEASTER": (-80, 250), "INTERVAL": (1, 99_999), "COUNT": (1, 999_999),
}  # fmt: skip
_EXAMPLES = {
    "BYMONTH": "BYMONTH=6", "BYMONTHDAY": "BYMONTHDAY=-1", "BYYEARDAY": "BYYEARDAY=1", "BYWEEKNO": "BYWEEKNO=20",
    "BYSETPOS": "BYDAY=MO,TU;BYSETPOS=-1", "BYEASTER": "BYEASTER=1", "INTERVAL": "INTERVAL=2", "COUNT": "COUNT=3",
    "BYDAY": "BYDAY=2SU", "WKST": "WKST=MO", "UNTIL": "UNTIL=20261231",
}  # fmt: skip
_PARTS = ("FREQ", *_EXAMPLES)
_ONCE = ("INTERVAL", "COUNT", "WKST", "UNTIL")
_BYDAY = re.compile(rf"([+-]?[1-9][0-9]?)?({'|'.join(_WEEKDAYS)})")
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T\d{6})?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,6}", re.ASCII)


def rule_faults(rule: object, *, has_start: bool) -> list[Fault]:
    """What is wrong with a rule, which may have a date to count from.

    >>> [str(fault) for fault in rule_faults("FREQ=MONTHLY;BYDAY=9SU", has_start=False)]
    ['rule: BYDAY=9SU is not understood (write BYDAY=2SU)']
    """
    if not isinstance(rule, str):
        return [_fault("bad_rule", f"expected a rule, got {rule!r}", 'write "FREQ=MONTHLY;BYDAY=2SU"')]
    pieces = [(name, value) for name, _, value in (part.partition("=") for part in rule.upper().split(";"))]
    parts = dict(pieces)
    found = [
        _fault("bad_rule", f"{name or rule!r} is not understood", _unknown(name)) for name in _strange(parts)
    ]
    found += [
        _fault("bad_rule", f"{name} is given twice", "give it once")
        for name in _PARTS
        if [one for one, _ in pieces].count(name) > 1
    ]
    frequency = parts.get("FREQ", "")
    if frequency not in _FREQUENCIES:
        found.append(_frequency_fault(frequency))
    found += [
        _fault("bad_rule", f"{name}={value} is not understood", f"write {_EXAMPLES[name]}")
        for name, value in parts.items()
        if name in _EXAMPLES and not _fits(name, value, parts)
    ]
    if "COUNT" in parts and "UNTIL" in parts:
        found.append(_fault("bad_rule", "COUNT and UNTIL are both given", "give one of them"))
    counts = parts.get("INTERVAL", "1") != "1" or "COUNT" in parts
    floats = frequency in _FREQUENCIES[:3] and not any(name in parts for name in _PICKS)
    if not has_start and (counts or floats):
        hint = "give start=, the date from which it counts"
        found.append(_fault("no_start", f"{rule!r} counts from a date", hint))
    return found


def _fault(code: str, message: str, hint: str) -> Fault:
    return Fault(code, message, path="rule", hint=hint)


def _strange(parts: Mapping[str, str]) -> list[str]:
    return [name for name in parts if name not in _PARTS]


def _unknown(name: str) -> str:
    return "leave it out: a recurrence has one time of day" if name in _TIMES else near(name, _PARTS)


def _frequency_fault(frequency: str) -> Fault:
    hint = f"one of {', '.join(_FREQUENCIES)}"
    if not frequency:
        return _fault("too_dense", "there is no FREQ", hint)
    if frequency in _DENSER:
        return _fault("too_dense", f"a recurrence opens once a day at most, not FREQ={frequency}", hint)
    return _fault("bad_rule", f"FREQ={frequency} is not understood", hint)


def _fits(name: str, value: str, parts: Mapping[str, str]) -> bool:
    """Whether a part has a value that means something there."""
    if name == "WKST":
        return value in _WEEKDAYS
    if name == "UNTIL":
        return _until(value) is not None
    values = value.split(",")
    if name == "BYDAY":
        most = _most_weekdays(parts)
        return all((match := _BYDAY.fullmatch(one)) and abs(int(match[1] or 0)) <= most for one in values)
    least, greatest = _NUMBERS[name]
    if name in _ONCE and len(values) > 1:
        return False
    return all(
        _NUMBER.fullmatch(one) and least <= int(one) <= greatest and (int(one) or name == "BYEASTER")
        for one in values
    )


def _most_weekdays(parts: Mapping[str, str]) -> int:
    """How often a weekday comes at most in what a rule counts its weekdays in; a week or a day counts none."""
    months = parts.get("FREQ") == "MONTHLY" or "BYMONTH" in parts
    return (5 if months else 53) if parts.get("FREQ") in ("MONTHLY", "YEARLY") else 0


def _until(value: str) -> date | None:
    match = _UNTIL.fullmatch(value)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def dates_of(rule: str, start: date | None, year: int) -> tuple[int, ...]:
    """The ordinals of the dates of a year that a rule without faults picks, in order.

    >>> [str(date.fromordinal(day)) for day in dates_of("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", None, 2026)]
    ['2026-03-29']
    """
    read = _read(rule, start)
    if not read.count:
        return read.of(year)
    counted = _counted(read)
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return counted[bisect_left(counted, first) : bisect_right(counted, last)]


@lru_cache(maxsize=256)
def _counted(rule: _Rule) -> tuple[int, ...]:
    """All the dates of a rule with a COUNT."""
    years = range(date.fromordinal(rule.start).year, LAST_YEAR + 1)
    return tuple(islice((day for year in years for day in rule.of(year)), rule.count))


@lru_cache(maxsize=256)
def _read(rule: str, start: date | None) -> _Rule:
    parts = {name: value for name, _, value in (part.partition("=") for part in rule.upper().split(";"))}
    if start is not None and not any(name in parts for name in _PICKS):
        parts = _taken(parts["FREQ"], start) | parts

    def numbers(name: str) -> frozenset[int]:
        return frozenset(int(one) for one in parts[name].split(",")) if name in parts else frozenset()

    weekdays = [_BYDAY.fullmatch(one) for one in parts["BYDAY"].split(",")] if "BYDAY" in parts else []
    until = _until(parts.get("UNTIL", "")) or date.max
    return _Rule(
        parts["FREQ"],
        (start or date.min).toordinal(),
        until=until.toordinal(),
        interval=int(parts.get("INTERVAL", "1")),
        count=int(parts.get("COUNT", "0")),
        week_start=_WEEKDAYS.index(parts.get("WKST", "MO")),
        months=numbers("BYMONTH"),
        month_days=numbers("BYMONTHDAY"),
        year_days=numbers("BYYEARDAY"),
        weeks=numbers("BYWEEKNO"),
        weekdays=frozenset((int(one[1] or 0), _WEEKDAYS.index(one[2])) for one in weekdays if one),
        easter=numbers("BYEASTER"),
        places=numbers("BYSETPOS"),
    )


def _taken(frequency: str, start: date) -> dict[str, str]:
    """The parts that a rule takes from its start where it picks no days itself."""
    return {
        "YEARLY": {"BYMONTH": str(start.month), "BYMONTHDAY": str(start.day)},
        "MONTHLY": {"BYMONTHDAY": str(start.day)},
        "WEEKLY": {"BYDAY": _WEEKDAYS[start.weekday()]},
        "DAILY": {},
    }[frequency]


@attrs.frozen
class _Rule:
    """A rule as numbers; an empty set picks every date. Dates are ordinals, weekdays count from Monday as 0."""

    frequency: str
    start: int
    until: int = attrs.field(kw_only=True)
    interval: int = attrs.field(kw_only=True)
    count: int = attrs.field(kw_only=True)
    week_start: int = attrs.field(kw_only=True)
    months: frozenset[int] = attrs.field(kw_only=True)
    month_days: frozenset[int] = attrs.field(kw_only=True)
    year_days: frozenset[int] = attrs.field(kw_only=True)
    weeks: frozenset[int] = attrs.field(kw_only=True)
    weekdays: frozenset[tuple[int, int]] = attrs.field(kw_only=True)
    easter: frozenset[int] = attrs.field(kw_only=True)
    places: frozenset[int] = attrs.field(kw_only=True)

    def of(self, year: int) -> tuple[int, ...]:
        """The dates of a year, in order, before any COUNT."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        # A week that reaches over the turn of the year is looked at as a whole.
        days = range(max(first - _WEEK, 1), last + _WEEK + 1)
        low, high = max(first, self.start), min(last, self.until)
        if low > high:
            return ()
        found: list[int] = []
        begun = self._period(date.fromordinal(max(self.start, 1)))
        for period, group in groupby(days, lambda day: self._period(date.fromordinal(day))):
            if (period - begun) % self.interval == 0:
                found += self._placed([day for day in group if self._fits(date.fromordinal(day))])
        return tuple(day for day in found if low <= day <= high)

    def _period(self, day: date) -> int:
        """The number of the day, week, month or year that a date lies in."""
        if self.frequency == "YEARLY":
            return day.year
        if self.frequency == "MONTHLY":
            return day.year * 12 + day.month
        # The ordinal 1 is a Monday.
        return (
            (day.toordinal() - 1 - self.week_start) // _WEEK
            if self.frequency == "WEEKLY"
            else day.toordinal()
        )

    def _placed(self, days: list[int]) -> list[int]:
        if not self.places:
            return days
        count = len(days)
        return [day for at, day in enumerate(days) if at + 1 in self.places or at - count in self.places]

    def _fits(self, day: date) -> bool:
        """Whether a date fits every part."""
        if self.months and day.month not in self.months:
            return False
        if self.month_days and not _either(self.month_days, day.day, monthrange(day.year, day.month)[1]):
            return False
        if self.year_days and not _either(self.year_days, *_in_year(day)):
            return False
        if self.weeks and not _either(self.weeks, *self._week(day)):
            return False
        if self.easter and day.toordinal() - _easter(day.year) not in self.easter:
            return False
        return not self.weekdays or (0, day.weekday()) in self.weekdays or self._counted_weekday(day)

    def _counted_weekday(self, day: date) -> bool:
        """Whether a date is the weekday of its month, or year, that is counted from its beginning or end."""
        monthly = self.frequency == "MONTHLY" or self.months
        at, length = (day.day, monthrange(day.year, day.month)[1]) if monthly else _in_year(day)
        nth, last = (at - 1) // _WEEK + 1, -((length - at) // _WEEK + 1)
        return (nth, day.weekday()) in self.weekdays or (last, day.weekday()) in self.weekdays

    def _week(self, day: date) -> tuple[int, int]:
        """The number of the week of a date, and how many the year has that the week belongs to."""
        begins = day.toordinal() - (day.weekday() - self.week_start) % _WEEK
        year = date.fromordinal(begins + 3).year  # a week belongs to the year in which most of it lies
        first, following = self._first_week(year), self._first_week(year + 1)
        return (begins - first) // _WEEK + 1, (following - first) // _WEEK

    def _first_week(self, year: int) -> int:
        fourth = date(year, 1, 4)
        return fourth.toordinal() - (fourth.weekday() - self.week_start) % _WEEK


def _either(numbers: frozenset[int], at: int, length: int) -> bool:
    """Whether a place is among numbers that count from the beginning, or, below zero, from the end."""
    return at in numbers or at - length - 1 in numbers


def _in_year(day: date) -> tuple[int, int]:
    return day.timetuple().tm_yday, 366 if isleap(day.year) else 365


@lru_cache(maxsize=512)
def _easter(year: int) -> int:
    from dateutil.easter import easter  # noqa: PLC0415  loaded on first use

    return easter(year).toordinal()
