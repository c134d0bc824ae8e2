"""The library as a comparison of business-time libraries calls it: public face only, one callable per lane.

Each function takes the public holidays of the comparison and gives a callable for its calendar: Monday to Friday,
09:00 to 17:30, Europe/London.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from itilkit.calendars import Calendar

__all__ = ["add", "elapsed"]


def calendar(holidays: Iterable[date]) -> Calendar:
    """The calendar of the comparison."""
    return Calendar(
        {"mon-fri": "09:00-17:30"}, zone="Europe/London", closed=dict.fromkeys(holidays, "holiday")
    )


def elapsed(holidays: Iterable[date]) -> Callable[[datetime, datetime], timedelta]:
    """Open time between two instants."""
    return calendar(holidays).elapsed


def add(holidays: Iterable[date]) -> Callable[[datetime, float], datetime]:
    """The instant by which some seconds of open time have passed."""
    desk = calendar(holidays)
    return lambda start, seconds: desk.add(start, timedelta(seconds=seconds))
