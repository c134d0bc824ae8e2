"""The library as a comparison of business-time libraries calls it: public face only, one callable per lane.

Each function takes the public holidays of the comparison and gives a callable for its calendar: Monday to Friday,
09:00 to 17:30, Europe/London.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from itilkit.adapters import servicenow
from itilkit.calendars import Calendar
from itilkit.events import Assigned, Closed, Held, Logged, Reopened, Resolved, Resumed, Started
from itilkit.lifecycle import Lifecycle, State, Transition, apply
from itilkit.records import Incident

__all__ = [
    "add",
    "bulk_add_numpy",
    "bulk_elapsed_numpy",
    "bulk_elapsed_pandas",
    "bulk_elapsed_polars",
    "calendar",
    "elapsed",
    "machine",
    "records",
]

Seconds = Any  # numpy array of int64
Series = Any  # of pandas or polars


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


def bulk_elapsed_numpy(holidays: Iterable[date]) -> Callable[[Seconds, Seconds], Seconds]:
    """Open seconds between columns of seconds since 1970."""
    desk = calendar(holidays)
    return lambda starts, ends: desk.elapsed_many(starts, ends, unit="s")


def bulk_add_numpy(holidays: Iterable[date]) -> Callable[[Seconds, Seconds], Seconds]:
    """Deadlines, in seconds since 1970."""
    desk = calendar(holidays)
    return lambda starts, seconds: desk.add_many(starts, seconds, unit="s")


def bulk_elapsed_pandas(holidays: Iterable[date]) -> Callable[[Series, Series], Series]:
    """Open time between pandas columns with a zone."""
    desk = calendar(holidays)

    def elapsed_of(starts: Series, ends: Series) -> Series:
        found = desk.elapsed_many(starts.dt.tz_convert(None).to_numpy(), ends.dt.tz_convert(None).to_numpy())
        return type(starts)(found, index=starts.index)

    return elapsed_of


def bulk_elapsed_polars(holidays: Iterable[date]) -> Callable[[Series, Series], Series]:
    """Open microseconds between polars columns of Datetime("us")."""
    desk = calendar(holidays)

    def elapsed_of(starts: Series, ends: Series) -> Series:
        columns = (column.to_physical().to_numpy() for column in (starts, ends))
        return type(starts)("elapsed", desk.elapsed_many(*columns, unit="us"))

    return elapsed_of


def machine() -> tuple[Callable[[], Incident], Callable[[Incident], Incident]]:
    """A maker of incidents, and a life of eight transitions, each event made and decided on its own."""
    names = ["new", "assigned", "in_progress", "on_hold", "resolved", "closed", "cancelled"]
    rows = {
        "assign": ("new", "assigned"),
        "start": ("assigned", "in_progress"),
        "hold": ("in_progress", "on_hold"),
        "resume": ("on_hold", "in_progress"),
        "resolve": ("in_progress", "resolved"),
        "reopen": ("resolved", "in_progress"),
        "close": ("resolved", "closed"),
        "cancel": ("new", "cancelled"),
    }
    lifecycle = Lifecycle(
        "Comparison",
        [State(name, name) for name in names],
        transitions=[Transition(trigger, source, target) for trigger, (source, target) in rows.items()],
    )
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    life = (Assigned, Started, Held, Resumed, Resolved, Reopened, Resolved, Closed)

    def lap(incident: Incident) -> Incident:
        for happened in life:
            incident = apply(incident, happened(at), lifecycle)
        return incident

    return lambda: Incident("INC1", [Logged(at)]), lap


def records(path: Path) -> tuple[Incident, ...]:
    """The incidents of an event log, each with its typed history."""
    return tuple(servicenow.audit_log(path.read_text(encoding="utf-8"), zone="UTC").incidents)
