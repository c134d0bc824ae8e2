"""When is a delay over? The one place where windows and timers meet a calendar."""

from __future__ import annotations

from datetime import datetime

from itilkit.calendars import Calendar
from itilkit.errors import CalendarError, PolicyError
from itilkit.lifecycle.window import Delay
from itilkit.spans import utc

__all__ = ["over_at"]


def over_at(delay: Delay, start: datetime, calendar: Calendar | None) -> datetime | None:
    """The instant at which a delay that began at `start` is over; None where the calendar never gets so far.

    Args:
        delay: How long.
        start: When it began; aware.
        calendar: What working days and open time are counted on; wall time needs none.

    Raises:
        PolicyError: the delay needs a calendar and there is none.

    >>> from datetime import UTC, timedelta
    >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="UTC")
    >>> friday = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
    >>> for delay in (Delay(wall_time=timedelta(days=1)), Delay(open_time=timedelta(hours=2)), Delay(working_days=5)):
    ...     print(over_at(delay, friday, office))
    2026-03-07 16:30:00+00:00
    2026-03-09 10:00:00+00:00
    2026-03-13 17:30:00+00:00
    """
    if delay.wall_time is not None:
        try:
            return utc(start) + delay.wall_time
        except OverflowError:
            return None
    if calendar is None:
        raise PolicyError.one(
            "no_calendar",
            f"{delay} cannot be counted without a calendar",
            path="calendar",
            hint="pass calendar=",
        )
    try:
        if delay.open_time is not None:
            return calendar.add(start, delay.open_time)
        return calendar.end_of_working_day(start, delay.working_days or 1)
    except CalendarError:
        return None
