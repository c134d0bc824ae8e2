"""Openings that recur: the second Sunday of a month at 02:00 for four hours.

The rule is written as in iCalendar (RFC 5545, section 3.3.10) and read by `dateutil`, which is imported when the
first such rule is used. It picks dates; the time of day is `at`, in the zone of the calendar, and the occurrence
lasts its real time, also across a change of clocks. A time that a clock change skips is the instant of the change.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import attrs

from itilkit.calendars.hours import DAY_US, clock_text, read_time
from itilkit.calendars.shapes import is_list, is_table
from itilkit.errors import CalendarError, Fault, near
from itilkit.spans import micros

if TYPE_CHECKING:
    from dateutil.rrule import rrule

__all__ = ["Recurrence", "duration_text", "read_duration", "read_recurring"]

_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_PARTS = (
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST",
    "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYSETPOS", "BYEASTER",
)  # fmt: skip
_PICKS = ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYEASTER")
_LONGEST = timedelta(days=31)
_DURATION = re.compile(r"(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+)s)?")
_HINT = 'write "FREQ=MONTHLY;BYDAY=2SU"'


def read_duration(value: object, path: str, faults: list[Fault]) -> timedelta:
    """A duration given as such or as a text ``4h``, ``1h 30m``; zero, and a fault, for anything else.

    >>> read_duration("1h 30m", "", [])
    datetime.timedelta(seconds=5400)
    """
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or not any(match.groups()):
        faults.append(
            Fault("bad_duration", f"expected a duration, got {value!r}", path=path, hint='write "4h"')
        )
        return timedelta()
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def duration_text(duration: timedelta) -> str:
    """The text that `read_duration` reads back, of a duration in whole seconds.

    >>> duration_text(timedelta(hours=4)), duration_text(timedelta(days=1, minutes=30))
    ('4h', '1d 30m')
    """
    seconds = duration.seconds
    parts = ((duration.days, "d"), (seconds // 3600, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return " ".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def _clock(value: str | time | int) -> int:
    if isinstance(value, int):
        return value
    if isinstance(value, time):
        return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    faults: list[Fault] = []
    found = read_time(value, "at", faults)
    if found is None or found >= DAY_US:
        raise CalendarError(
            faults or [Fault("bad_time", "24:00 begins the next date", path="at", hint="00:00")]
        )
    return found


def _lasting(value: str | timedelta) -> timedelta:
    faults: list[Fault] = []
    found = read_duration(value, "lasts", faults)
    if faults:
        raise CalendarError(faults)
    return found


@attrs.frozen(repr=False)
class Recurrence:
    """An opening that recurs.

    Attributes:
        rule: What picks the dates, as an RFC 5545 rule without times: ``FREQ=MONTHLY;BYDAY=2SU``.
        at: Wall-clock time at which it begins, as ``02:00`` or a time; kept in microseconds from midnight.
        lasts: How long, in real time; at most 31 days.
        start: The date from which the rule counts; needed where it counts (``INTERVAL``, ``COUNT``) or takes
            its day from there, as ``FREQ=WEEKLY`` alone does.

    Raises:
        CalendarError: The rule cannot be read, is denser than daily, or needs a start.

    >>> Recurrence("FREQ=MONTHLY;BYDAY=2SU", at="02:00", lasts=timedelta(hours=4)).text
    'FREQ=MONTHLY;BYDAY=2SU at 02:00 for 4h'
    """

    rule: str
    at: int = attrs.field(converter=_clock, kw_only=True)
    lasts: timedelta = attrs.field(converter=_lasting, kw_only=True)
    start: date | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            raise CalendarError(faults)

    def __repr__(self) -> str:
        start = f", start=date({self.start:%Y, %-m, %-d})" if self.start else ""
        return f"Recurrence({self.rule!r}, at={clock_text(self.at)!r}, lasts={duration_text(self.lasts)!r}{start})"

    @property
    def lasts_us(self) -> int:
        """How long, in microseconds."""
        return micros(self.lasts)

    @property
    def text(self) -> str:
        """The recurrence in words."""
        since = f" from {self.start}" if self.start else ""
        return f"{self.rule} at {clock_text(self.at)} for {duration_text(self.lasts)}{since}"

    def days(self, first: date, last: date) -> tuple[int, ...]:
        """The ordinals of the dates from `first` to `last`, both included, on which it begins."""
        return tuple(
            day
            for year in range(first.year, last.year + 1)
            for day in _days(self.rule, self.start, year)
            if first.toordinal() <= day <= last.toordinal()
        )


def _faults(recurrence: Recurrence) -> list[Fault]:
    faults: list[Fault] = []
    pieces = (part.partition("=") for part in recurrence.rule.upper().split(";"))
    parts = {name: value for name, _, value in pieces}
    faults += [
        Fault(
            "bad_rule", f"{name or recurrence.rule!r} is not understood", path="rule", hint=near(name, _PARTS)
        )
        for name in parts
        if name not in _PARTS
    ]
    frequency = parts.get("FREQ", "")
    if frequency not in _FREQUENCIES:
        message = (
            f"a recurrence opens once a day at most, not FREQ={frequency}"
            if frequency
            else "there is no FREQ"
        )
        faults.append(Fault("too_dense", message, path="rule", hint=f"one of {', '.join(_FREQUENCIES)}"))
    # dateutil would search for ever in steps of nothing.
    faults += [
        Fault("bad_rule", f"{name}={parts[name]} is no number from 1", path="rule", hint=f"{name}=1")
        for name in ("INTERVAL", "COUNT")
        if name in parts and not (parts[name].isdecimal() and parts[name].strip("0"))
    ]
    counts = parts.get("INTERVAL", "1") != "1" or "COUNT" in parts
    floats = frequency in _FREQUENCIES[:3] and not any(name in parts for name in _PICKS)
    if recurrence.start is None and (counts or floats):
        hint = "give start=, the date from which it counts"
        faults.append(Fault("no_start", f"{recurrence.rule!r} counts from a date", path="rule", hint=hint))
    if not timedelta() < recurrence.lasts <= _LONGEST:
        message = f"expected more than nothing and at most {_LONGEST.days} days, got {recurrence.lasts}"
        faults.append(Fault("bad_duration", message, path="lasts"))
    if not faults:
        try:
            _rule(recurrence.rule, recurrence.start or date(2000, 1, 1))
        except (ValueError, TypeError, KeyError) as error:
            message = f"{recurrence.rule!r} cannot be read: {error}"
            faults.append(Fault("bad_rule", message, path="rule", hint=_HINT))
    return faults


@lru_cache(maxsize=256)
def _rule(text: str, start: date) -> rrule:
    from dateutil.rrule import rrulestr  # noqa: PLC0415  loaded on first use

    return cast("rrule", rrulestr(text, dtstart=datetime(start.year, start.month, start.day), cache=True))  # noqa: DTZ001  dates only


@lru_cache(maxsize=4096)
def _days(text: str, start: date | None, year: int) -> tuple[int, ...]:
    """The ordinals of the dates of a year that a rule picks.

    A rule that counts from nowhere is asked from a year before, so that no week or month is cut.
    """
    rule = _rule(text, start or date(year - 1, 1, 1))
    first, last = datetime(year, 1, 1), datetime(year, 12, 31)  # noqa: DTZ001  dates only
    return tuple(found.toordinal() for found in rule.between(first, last, inc=True))


def read_recurring(value: object, path: str, faults: list[Fault]) -> tuple[Recurrence, ...]:
    """The recurrences of a list, each one such or a table of its fields."""
    if value is None:
        return ()
    if not is_list(value):
        message = f"expected a list of recurrences, got {value!r}"
        faults.append(
            Fault("bad_recurring", message, path=path, hint="write [{ rule = ..., at = ..., lasts = ... }]")
        )
        return ()
    read = (_read(item, f"{path}[{index}]", faults) for index, item in enumerate(value))
    return tuple(dict.fromkeys(one for one in read if one is not None))


def _read(value: object, path: str, faults: list[Fault]) -> Recurrence | None:
    if isinstance(value, Recurrence):
        return value
    keys = ("rule", "at", "lasts", "start")
    if not is_table(value):
        faults.append(Fault("bad_recurring", f"expected a recurrence, got {value!r}", path=path))
        return None
    before = len(faults)
    faults += [
        Fault("unknown_key", f"unknown key {key!r}", path=f"{path}.{key}", hint=near(str(key), keys))
        for key in value
        if key not in keys
    ]
    rule, at, start = value.get("rule"), value.get("at"), value.get("start")
    if not isinstance(rule, str):
        faults.append(Fault("bad_rule", f"expected a rule, got {rule!r}", path=f"{path}.rule", hint=_HINT))
    if not isinstance(at, str | time):
        faults.append(
            Fault("bad_time", f"expected a time, got {at!r}", path=f"{path}.at", hint='write "02:00"')
        )
    if isinstance(start, str):
        start = _date(start, f"{path}.start", faults)
    lasts = read_duration(value.get("lasts"), f"{path}.lasts", faults)
    if len(faults) > before:
        return None
    try:
        return Recurrence(
            cast("str", rule), at=cast("str", at), lasts=lasts, start=cast("date | None", start)
        )
    except CalendarError as error:
        faults += [attrs.evolve(fault, path=f"{path}.{fault.path}") for fault in error.faults]
        return None


def _date(text: str, path: str, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(Fault("bad_date", f"there is no date {text}", path=path, hint="write 2026-12-31"))
        return None
