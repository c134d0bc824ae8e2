"""Openings that recur: the second Sunday of a month at 02:00 for four hours.

The rule is written as in iCalendar (RFC 5545, section 3.3.10). It picks dates; the time of day is `at`, in the zone
of the calendar, and the occurrence lasts its real time, also across a change of clocks, or, where it is said to last
whole days, from midnight to midnight. A time that a clock change skips is the instant of the change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast

import attrs

from itilkit.calendars.hours import DAY_US, clock_text, read_time
from itilkit.calendars.shapes import is_table
from itilkit.errors import CalendarError, Fault, near
from itilkit.spans import micros

__all__ = ["Recurrence", "duration_text", "read_duration", "read_recurring"]

_LONGEST = timedelta(days=366)
_DURATION = re.compile(r"(?:(\d{1,9})d)?\s*(?:(\d{1,9})h)?\s*(?:(\d{1,9})m)?\s*(?:(\d{1,9})s)?", re.ASCII)


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
    try:
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        faults.append(Fault("bad_duration", f"{value!r} is too long", path=path, hint='write "4h"'))
        return timedelta()


def duration_text(duration: timedelta) -> str:
    """The text that `read_duration` reads back, of a duration in whole seconds.

    >>> duration_text(timedelta(hours=4)), duration_text(timedelta(days=1, minutes=30))
    ('4h', '1d 30m')
    """
    seconds = duration.seconds
    parts = ((duration.days, "d"), (seconds // 3600, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return " ".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


@attrs.frozen(init=False, repr=False)
class Recurrence:
    """An opening that recurs.

    Attributes:
        rule: What picks the dates, as an RFC 5545 rule without times: ``FREQ=MONTHLY;BYDAY=2SU``.
        at: Wall-clock time at which it begins, as ``02:00`` or a time; kept in microseconds from midnight.
        lasts: How long, in real time; at most 366 days.
        start: The date from which the rule counts; needed where it counts (``INTERVAL``, ``COUNT``) or takes
            its day from there, as ``FREQ=WEEKLY`` alone does.
        whole_days: Whether `lasts` counts dates, from midnight to midnight, also where one is 23 or 25 hours long;
            then `at` is ``00:00``.

    Raises:
        CalendarError: The rule cannot be read, is denser than daily, or needs a start; with all faults at once.

    >>> Recurrence("FREQ=MONTHLY;BYDAY=2SU", at="02:00", lasts=timedelta(hours=4)).text
    'FREQ=MONTHLY;BYDAY=2SU at 02:00 for 4h'
    """

    rule: str
    at: int
    lasts: timedelta
    start: date | None
    whole_days: bool

    if TYPE_CHECKING:  # what attrs writes for a class with an __init__ of its own

        def __attrs_init__(
            self, rule: str, at: int, lasts: timedelta, *, start: date | None, whole_days: bool
        ) -> None: ...

    def __init__(
        self,
        rule: str,
        *,
        at: str | time | int,
        lasts: str | timedelta,
        start: date | str | None = None,
        whole_days: bool = False,
    ) -> None:
        from itilkit.calendars.rrule import rule_faults  # noqa: PLC0415  few calendars need it

        faults: list[Fault] = []
        since = _date(start, faults)
        faults += rule_faults(rule, has_start=start is not None)
        faults += _flag_faults(whole_days)
        clock = _clock(at, whole_days, faults)
        length = _lasting(lasts, whole_days, faults)
        if faults:
            raise CalendarError(faults)
        self.__attrs_init__(rule, clock, length, start=since, whole_days=whole_days)

    def __repr__(self) -> str:
        start = f", start=date({self.start:%Y, %-m, %-d})" if self.start else ""
        whole = ", whole_days=True" if self.whole_days else ""
        when = f"at={clock_text(self.at)!r}, lasts={duration_text(self.lasts)!r}"
        return f"Recurrence({self.rule!r}, {when}{start}{whole})"

    @property
    def lasts_us(self) -> int:
        """How long, in microseconds."""
        return micros(self.lasts)

    @property
    def text(self) -> str:
        """The recurrence in words."""
        since = f" from {self.start}" if self.start else ""
        when = "on whole days," if self.whole_days else f"at {clock_text(self.at)}"
        return f"{self.rule} {when} for {duration_text(self.lasts)}{since}"

    def days(self, first: date, last: date) -> tuple[int, ...]:
        """The ordinals of the dates from `first` to `last`, both included, on which it begins."""
        from itilkit.calendars.rrule import dates_of  # noqa: PLC0415  few calendars need it

        return tuple(
            day
            for year in range(first.year, last.year + 1)
            for day in dates_of(self.rule, self.start, year)
            if first.toordinal() <= day <= last.toordinal()
        )


def _clock(value: object, whole_days: object, faults: list[Fault]) -> int:
    """The time of day at which an occurrence begins, in microseconds; zero, and a fault, for what is none."""
    found: int | None = None
    if isinstance(value, str):
        found = read_time(value, "at", faults)
        if found is None:
            return 0
    elif isinstance(value, time) and value.tzinfo is None:
        found = ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    elif isinstance(value, int):
        found = value
    if found is None or not 0 <= found < DAY_US:
        message = f"expected a time of day without a zone, before 24:00, got {value!r}"
        faults.append(Fault("bad_time", message, path="at", hint='write "02:00"'))
    elif whole_days and found:
        message = f"whole days begin at 00:00, not at {clock_text(found)}"
        faults.append(Fault("bad_time", message, path="at", hint='write "00:00"'))
    return found or 0


def _lasting(value: object, whole_days: object, faults: list[Fault]) -> timedelta:
    """How long an occurrence lasts; a fault for what is none."""
    before = len(faults)
    found = read_duration(value, "lasts", faults)
    if len(faults) > before:
        return found
    if not timedelta() < found <= _LONGEST:
        message = f"expected more than nothing and at most {_LONGEST.days} days, got {found}"
        faults.append(Fault("bad_duration", message, path="lasts", hint='write "4h"'))
    elif whole_days and found % timedelta(days=1):
        message = f"expected whole days, got {duration_text(found)}"
        faults.append(Fault("bad_duration", message, path="lasts", hint='write "1d"'))
    return found


def _flag_faults(value: object) -> list[Fault]:
    if isinstance(value, bool):
        return []
    message = f"expected true or false, got {value!r}"
    return [Fault("bad_whole_days", message, path="whole_days", hint="write true")]


def _date(value: object, faults: list[Fault]) -> date | None:
    """The date that is given, as such or as a text; None where there is none, and a fault for anything else."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    faults.append(Fault("bad_date", f"expected a date, got {value!r}", path="start", hint="write 2026-12-31"))
    return None


def read_recurring(value: object, path: str, faults: list[Fault]) -> tuple[Recurrence, ...]:
    """The recurrences of a list, each one such or a table of its fields."""
    if value is None:
        return ()
    if not isinstance(value, Iterable) or isinstance(value, str | Mapping):
        message = f"expected a list of recurrences, got {value!r}"
        faults.append(
            Fault("bad_recurring", message, path=path, hint="write [{ rule = ..., at = ..., lasts = ... }]")
        )
        return ()
    read = (
        _read(item, f"{path}[{index}]", faults) for index, item in enumerate(cast("Iterable[object]", value))
    )
    return tuple(dict.fromkeys(one for one in read if one is not None))


def _read(value: object, path: str, faults: list[Fault]) -> Recurrence | None:
    if isinstance(value, Recurrence):
        return value
    keys = ("rule", "at", "lasts", "start", "whole_days")
    if not is_table(value):
        hint = "write { rule = ..., at = ..., lasts = ... }"
        faults.append(Fault("bad_recurring", f"expected a recurrence, got {value!r}", path=path, hint=hint))
        return None
    before = len(faults)
    faults += [
        Fault("unknown_key", f"unknown key {key!r}", path=f"{path}.{key}", hint=near(str(key), keys))
        for key in value
        if key not in keys
    ]
    given = dict.fromkeys(keys[:3]) | {str(key): item for key, item in value.items() if key in keys}
    if isinstance(given["at"], int):  # microseconds are no plain data
        message = f"expected a time, got {given['at']!r}"
        faults.append(Fault("bad_time", message, path=f"{path}.at", hint='write "02:00"'))
        given["at"] = "00:00"
    try:
        found = Recurrence(**cast("dict[str, Any]", given))
    except CalendarError as error:
        faults += [attrs.evolve(fault, path=f"{path}.{fault.path}") for fault in error.faults]
        return None
    return found if len(faults) == before else None
