"""One cycle of a clock on the calendar of its goal: its runs, and the figures that are read off them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import attrs

from itilkit.sla.allowance import Allowance, OpenTime
from itilkit.sla.clock import Clock
from itilkit.sla.goal import Goal
from itilkit.sla.ledger import Entry, entries, priority_changed, stopped_by
from itilkit.sla.runs import Piece, Run, measured, running_from
from itilkit.sla.walk import Doing
from itilkit.spans import instant_of, micros

__all__ = ["Cycle", "Outcome", "State"]

State = Literal["not_started", "running", "paused", "suspended", "stopped", "cancelled"]
Outcome = Literal["pending", "met", "breached", "cancelled", "not_recorded"]

_STANDING = ("suspended", "stopped", "cancelled")


@attrs.frozen(repr=False, slots=False)
class Cycle:
    """One cycle of a clock, from its start to its end or to the instant of the reading.

    A cycle is its runs on the calendar of its goal; every figure is read off them when it is asked for. Open time
    is real time while the calendar is open.

    Attributes:
        number: 1 for the first.
        start: When it began, in microseconds.
        goal: What it is judged by; None where no target is in force, which cancels the clock.
        target: The target in open time, grace included; None for a target in working days.
        allowance: The target as an amount that the runs spend.
        used_up: When the target was used up, in microseconds; None while it is not.
        left: What is left of the allowance.
        past: What the clock did, in microseconds; the last run is what it does now.
        ahead: What it goes on to do, if nothing more happens.
    """

    number: int
    start: int
    clock: Clock = attrs.field(kw_only=True, eq=False)
    goal: Goal | None = attrs.field(default=None, kw_only=True)
    target: timedelta | None = attrs.field(default=None, kw_only=True)
    allowance: Allowance | None = attrs.field(default=None, kw_only=True)
    used_up: int | None = attrs.field(default=None, kw_only=True)
    left: int = attrs.field(default=0, kw_only=True)
    past: tuple[Run, ...] = attrs.field(default=(), kw_only=True)
    ahead: tuple[Piece, ...] = attrs.field(default=(), kw_only=True)

    def __repr__(self) -> str:
        due = f", due {self.due_at.isoformat()}" if self.due_at else ""
        return f"<Cycle {self.number} from {self.started_at.isoformat()}: {self.outcome}, {self.state}{due}>"

    @property
    def started_at(self) -> datetime:
        """When it began."""
        return instant_of(self.start)

    @property
    def state(self) -> State:
        """What the clock does now."""
        if not self.past:
            return "cancelled"
        doing = self.past[-1].doing
        return "paused" if doing == "excluded" else doing

    @property
    def stopped_at(self) -> datetime | None:
        """When it stopped or was cancelled, None while it has not."""
        ended = self.past and self.past[-1].doing in ("stopped", "cancelled")
        return instant_of(self.past[-1].start) if ended else None

    @property
    def elapsed(self) -> timedelta:
        """Open time spent."""
        return self._open("running")

    @property
    def paused_for(self) -> timedelta:
        """Open time on hold."""
        return self._open("paused")

    @property
    def excluded(self) -> timedelta:
        """Open time in agreed exclusions."""
        return self._open("excluded")

    def _open(self, doing: Doing) -> timedelta:
        spent = 0
        for run in self.past:
            if run.doing == doing:
                spent += run.opened
        return timedelta(microseconds=spent)

    @property
    def remaining(self) -> timedelta | None:
        """Target less elapsed; negative when over, None for a target in working days."""
        return None if self.target is None else self.target - self.elapsed

    @property
    def due_at(self) -> datetime | None:
        """When the target is used up; None while paused or suspended and not late, because nobody knows."""
        state, used_up = self.state, self.used_up
        if state == "cancelled":
            return _instant(used_up) if self.breached else None
        if used_up is not None:
            return instant_of(used_up)
        return _instant(self._if_it_ran_on() if state == "stopped" else self._as_it_goes())

    @property
    def projected_due_at(self) -> datetime | None:
        """When it would be, if the clock ran on from now or from its stop."""
        if self.used_up is not None or self.state == "cancelled":
            return _instant(self.used_up)
        return _instant(self._if_it_ran_on())

    @property
    def breached_at(self) -> datetime | None:
        """The first instant at which the clock ran past its due (rule 5), None if it never did."""
        due = self.used_up
        if due is None:
            return None
        for run in self.past:
            since = max(run.start, due)
            if run.end > since and run.doing == "running":
                return instant_of(since)
        return None

    @property
    def breached(self) -> bool:
        """The clock ran past its due."""
        return self.breached_at is not None

    @property
    def outcome(self) -> Outcome:
        """Breached, met, pending or cancelled."""
        if self.breached:
            return "breached"
        state = self.state
        if state == "stopped":
            return "met"
        return "cancelled" if state == "cancelled" else "pending"

    def when(self, spent: timedelta) -> datetime | None:
        """The instant by which so much open time is spent: a fact of the past, else as the clock goes on.

        None where nobody can know, because the clock waits or has ended.
        """
        if self.goal is None:
            return None
        calendar = self.goal.calendar
        runs = self.past if self.state in _STANDING else self.past + measured(self.ahead, calendar)
        amount = micros(spent)
        return _instant(OpenTime(calendar, self.start, amount).spend(runs, amount)[0])

    @property
    def thresholds(self) -> Mapping[str, datetime | None]:
        """When each threshold asked for is or will be reached (rule 11); none for a target in working days."""
        target = self.target
        if target is None:
            return {}
        return {
            name: self.when(target + mark if isinstance(mark, timedelta) else target * mark)
            for name, mark in self.clock.thresholds.items()
        }

    @property
    def ledger(self) -> tuple[Entry, ...]:
        """Every run of the clock, in order; the counted ones sum to `elapsed`."""
        if self.goal is None:
            return ()
        runs = self.past if self.stopped_at is None else self.past[:-1]
        return tuple(entries(runs, self.clock, self.goal.calendar))

    @property
    def stopped_by(self) -> str:
        """What stopped it, in words: ``resolved``, ``agent reply``; empty while it has not stopped."""
        return "" if self.stopped_at is None else stopped_by(self.past[-1].beat, self.clock)

    @property
    def priority_changed(self) -> bool:
        """Whether the incident had more than one priority since the cycle began."""
        return bool(self.past) and priority_changed(self.past[0].beat, self.clock)

    def _as_it_goes(self) -> int | None:
        """When the target will be used up, if nothing more happens; it is not yet."""
        return self._spend_ahead(self.ahead)

    def _if_it_ran_on(self) -> int | None:
        """When the target would be used up, if the clock ran on from its stop, or from now; it is not yet."""
        last = self.past[-1]
        since = last.start if last.doing == "stopped" else last.end
        return self._spend_ahead(running_from(since, last.beat, self.clock.exclusions))

    def _spend_ahead(self, pieces: Sequence[Piece]) -> int | None:
        allowance = self.allowance
        if allowance is None:
            return None
        if (
            len(pieces) == 1 and pieces[0][2] == "running"
        ):  # it runs for ever, and nothing needs to be measured
            return allowance.after(pieces[0][0], self.left)
        return allowance.spend(measured(pieces, allowance.calendar), self.left)[0]


def _instant(us: int | None) -> datetime | None:
    return None if us is None else instant_of(us)
