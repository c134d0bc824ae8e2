"""What a caller writes, turned into a `Schedule`, with every fault found and told at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time

from itilkit.calendars.hours import Windows, read_days, read_time, read_week, read_windows
from itilkit.calendars.public_holidays import PublicHolidays, read_public_holidays
from itilkit.calendars.recurrence import read_recurring
from itilkit.calendars.schedule import Schedule
from itilkit.calendars.shapes import is_table
from itilkit.calendars.zones import read_zone
from itilkit.errors import CalendarError, Fault

__all__ = ["Holidays", "Hours", "read_cutoff", "read_date", "read_schedule"]

Hours = str | Sequence[str]
Holidays = str | PublicHolidays | Iterable[str | PublicHolidays] | Mapping[str, object]

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE_HINT = "write an ISO date such as 2026-12-31"


def read_date(value: object, path: str, faults: list[Fault]) -> date | None:
    """A date, or the date an ISO text names; None, and a fault, for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _ISO.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            faults.append(Fault("bad_date", f"there is no date {value}", path=path, hint=_DATE_HINT))
            return None
    faults.append(Fault("bad_date", f"expected a date, got {value!r}", path=path, hint=_DATE_HINT))
    return None


def _by_date(value: object, path: str, faults: list[Fault]) -> Iterator[tuple[date, object, str]]:
    """The entries of a mapping by date, each with its path."""
    if value is None:
        return
    if not is_table(value):
        hint = 'write {"2026-12-31": ...}'
        faults.append(Fault("bad_dates", f"expected entries by date, got {value!r}", path=path, hint=hint))
        return
    seen: set[date] = set()
    for key, item in value.items():
        here = f"{path}.{key}"
        day = read_date(key, here, faults)
        if day is None:
            continue
        if day in seen:
            faults.append(Fault("date_twice", f"{day} stands here twice", path=here, hint="keep one of them"))
        seen.add(day)
        yield day, item, here


def _closed(value: object, faults: list[Fault]) -> Iterator[tuple[date, str]]:
    for day, reason, path in _by_date(value, "closed", faults):
        if isinstance(reason, str):
            yield day, reason
        else:
            message = f"expected a reason, got {reason!r}"
            faults.append(Fault("bad_reason", message, path=path, hint='write "Stocktaking"'))


def _special(value: object, faults: list[Fault]) -> Iterator[tuple[date, Windows]]:
    for day, hours, path in _by_date(value, "special_hours", faults):
        yield day, read_windows(hours, path, faults)


def read_schedule(
    weekly: object,
    zone: object,
    *,
    public_holidays: object = None,
    closed: object = None,
    special_hours: object = None,
    working_days: object = None,
    recurring: object = None,
    faults: list[Fault],
) -> Schedule:
    """The schedule that these values describe; what is wrong with them is added to `faults`."""
    week = read_week(weekly, "weekly", faults)
    key = read_zone(zone, "zone", faults)
    return Schedule(
        week,
        key,
        public_holidays=read_public_holidays(public_holidays, "public_holidays", faults),
        closed=tuple(sorted(_closed(closed, faults))),
        special=tuple(sorted(_special(special_hours, faults))),
        working_days=None if working_days is None else read_days(working_days, "working_days", faults),
        recurring=read_recurring(recurring, "recurring", faults),
    )


def read_cutoff(value: str | time | None) -> int | None:
    """Microseconds from midnight to a cutoff given as a time or a text.

    Raises:
        CalendarError: The text is no time, or the time has a zone of its own.
    """
    if value is None:
        return None
    if isinstance(value, time):
        if value.tzinfo is not None:
            message = (
                f"{value.isoformat()} has a zone; a cutoff is a wall-clock time of the calendar's own zone"
            )
            raise CalendarError.one("bad_time", message, path="cutoff", hint="leave the zone out")
        return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    faults: list[Fault] = []
    found = read_time(value, "cutoff", faults)
    if found is None:
        raise CalendarError(faults)
    return found
