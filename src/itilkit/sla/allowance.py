"""How far a clock may go: an amount of open time, or of working dates that close.

Both are spent by the runs of a clock and differ in two questions only, so that the rest of the room asks without
knowing which of them it has.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import timedelta

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import CalendarError
from itilkit.sla.goal import Goal, WorkingDays
from itilkit.sla.runs import FOREVER, Run
from itilkit.spans import instant_of, micros, micros_of

__all__ = ["Allowance", "OpenTime", "WorkingDates", "allowance_of", "open_target"]

_DAY = 86_400_000_000
_YEARS_AHEAD = 50


@attrs.frozen
class Allowance(ABC):
    """An amount that a clock may spend.

    Attributes:
        calendar: What it is counted on.
        start: When the clock began, in microseconds.
        amount: How much it is.
    """

    calendar: Calendar
    start: int
    amount: int

    @abstractmethod
    def length(self, run: Run) -> int:
        """How much lies in a run that ends."""

    @abstractmethod
    def after(self, start: int, amount: int) -> int | None:
        """The earliest instant by which so much has come since `start`; None when it never does."""

    def spend(self, runs: Iterable[Run], left: int) -> tuple[int | None, int]:
        """When the running runs have spent what is left, the earliest instant (rule 4), else None and the rest."""
        if left <= 0:
            return self.start, 0
        for run in runs:
            if run.doing != "running":
                continue
            length = left if run.end == FOREVER else self.length(run)
            if length >= left:
                return self.after(run.start, left), 0
            left -= length
        return None, left


@attrs.frozen
class OpenTime(Allowance):
    """An amount of open time, in microseconds."""

    def length(self, run: Run) -> int:
        """The open time of the run."""
        return run.opened

    def after(self, start: int, amount: int) -> int | None:
        """The earliest instant by which so much open time has passed."""
        return self.calendar.earliest(self.calendar.open_at(start) + amount)


@attrs.frozen
class WorkingDates(Allowance):
    """A number of working dates that close: after the start of a run, up to and including its end (rule 16)."""

    def length(self, run: Run) -> int:
        """How many close in the run."""
        return len(self.calendar.closings(run.start, run.end))

    def after(self, start: int, amount: int) -> int | None:
        """The closing of the `amount`-th working date, looked for in windows that double; it may never come."""
        if amount >= FOREVER:
            return None
        days = 16
        while days < _YEARS_AHEAD * 366:
            closings = self.calendar.closings(start, start + days * _DAY)
            if len(closings) >= amount:
                return closings[amount - 1]
            days *= 2
        return None


def open_target(goal: Goal, start: int) -> timedelta | None:
    """The target in open time, with the grace for a start out of hours (rule 10); None for one in working days."""
    if isinstance(goal.target, WorkingDays):
        return None
    if goal.grace_out_of_hours and not goal.calendar.is_open_us(start):
        return goal.target + goal.grace_out_of_hours
    return goal.target


def allowance_of(goal: Goal, start: int, target: timedelta | None) -> Allowance:
    """How far a clock that starts then may go, in open time or in working dates that close (rule 16).

    `target` is the goal's `open_target`.
    """
    if isinstance(goal.target, WorkingDays):
        return WorkingDates(goal.calendar, start, _closings(goal.target, start, goal.calendar))
    return OpenTime(goal.calendar, start, micros(target or goal.target))


def _closings(target: WorkingDays, start: int, calendar: Calendar) -> int:
    """How many working dates close until the target's end; more than ever come where there are too few."""
    try:
        end = calendar.end_of_working_day(
            instant_of(start), target.days, first_day=target.first_day, cutoff=target.cutoff
        )
    except CalendarError:
        return FOREVER
    return len(calendar.closings(start, micros_of(end)))
