"""What a clock says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from itilkit.sla.cycle import Cycle, Outcome, State
from itilkit.sla.explain import explained
from itilkit.sla.faces import html, markdown
from itilkit.sla.goal import Goal
from itilkit.sla.ledger import ZERO, Entry

__all__ = ["Cycle", "Entry", "Outcome", "Reading", "State"]


@attrs.frozen(repr=False, slots=False)
class Reading:
    """What one clock of one incident says at `as_of`.

    The figures are those of the latest cycle; `cycles` holds them all, so that a restart hides no earlier breach.

    Attributes:
        name: The target, such as ``resolution``.
        as_of: The instant of the reading.
        cycles: The earliest first; empty while the clock has not started.
        goal: What is promised now; None where nothing is.
        priority: The priority that the promise is for.
        missing: The fact that the source does not record and without which there is no reading.
        agreement: The name of the agreement.
    """

    name: str
    as_of: datetime
    cycles: tuple[Cycle, ...] = attrs.field(default=(), kw_only=True)
    goal: Goal | None = attrs.field(default=None, kw_only=True)
    priority: int | None = attrs.field(default=None, kw_only=True)
    missing: str = attrs.field(default="", kw_only=True)
    agreement: str = attrs.field(default="", kw_only=True)

    def __repr__(self) -> str:
        due = f", due {self.due_at.isoformat()}" if self.due_at else ""
        return f"<Reading {self.name}: {self.outcome}, {self.state}{due}>"

    @property
    def latest(self) -> Cycle | None:
        """The latest cycle, None while there is none."""
        return self.cycles[-1] if self.cycles else None

    @property
    def state(self) -> State:
        """What the clock does at `as_of`."""
        return self.cycles[-1].state if self.cycles else "not_started"

    @property
    def outcome(self) -> Outcome:
        """Pending, met, breached, cancelled, or not_recorded where the source lacks what the clock needs."""
        if self.missing:
            return "not_recorded"
        return self.cycles[-1].outcome if self.cycles else "pending"

    @property
    def breached(self) -> bool:
        """The clock ran past its due in the latest cycle."""
        return self.outcome == "breached"

    @property
    def ever_breached(self) -> bool:
        """The clock ran past its due in any cycle: a restart hides no earlier breach."""
        return any(cycle.breached for cycle in self.cycles)

    @property
    def started_at(self) -> datetime | None:
        """When the latest cycle began, None while there is none."""
        return self.cycles[-1].started_at if self.cycles else None

    @property
    def stopped_at(self) -> datetime | None:
        """When the clock stopped or was cancelled, None while it has not."""
        return self.cycles[-1].stopped_at if self.cycles else None

    @property
    def due_at(self) -> datetime | None:
        """When the target is used up; None while nobody can know."""
        return self.cycles[-1].due_at if self.cycles else None

    @property
    def projected_due_at(self) -> datetime | None:
        """When it would be, if the clock ran on from now or from its stop."""
        return self.cycles[-1].projected_due_at if self.cycles else None

    @property
    def breached_at(self) -> datetime | None:
        """The first instant at which the clock ran past its due."""
        return self.cycles[-1].breached_at if self.cycles else None

    @property
    def elapsed(self) -> timedelta:
        """Open time spent."""
        return self.cycles[-1].elapsed if self.cycles else ZERO

    @property
    def paused_for(self) -> timedelta:
        """Open time on hold."""
        return self.cycles[-1].paused_for if self.cycles else ZERO

    @property
    def excluded(self) -> timedelta:
        """Open time in agreed exclusions."""
        return self.cycles[-1].excluded if self.cycles else ZERO

    @property
    def target(self) -> timedelta | None:
        """The target in open time, grace included; None where there is none, or one in working days."""
        if self.cycles:
            return self.cycles[-1].target
        target = self.goal.target if self.goal else None
        return target if isinstance(target, timedelta) else None

    @property
    def remaining(self) -> timedelta | None:
        """Target less elapsed; negative when over, None where the target is none in open time."""
        return None if self.target is None else self.target - self.elapsed

    @property
    def overrun(self) -> timedelta | None:
        """Elapsed less target, zero while the target is not used up; None where it is none in open time."""
        return None if self.remaining is None else max(ZERO, -self.remaining)

    @property
    def spent_share(self) -> float | None:
        """Elapsed as a share of the target: 0.75 is three quarters, more than 1 is over.

        None where there is no target in open time, or one of no time at all.
        """
        return self.elapsed / self.target if self.target else None

    @property
    def thresholds(self) -> Mapping[str, datetime | None]:
        """When each threshold asked for is or will be reached; None while nobody can know."""
        return self.cycles[-1].thresholds if self.cycles else {}

    def when(self, spent: timedelta) -> datetime | None:
        """The instant by which so much open time is spent on the latest cycle.

        Up to `as_of` it is a fact; later it is what comes if nothing more happens. None where nobody can know,
        because the clock has not started, waits or has ended.
        """
        return self.cycles[-1].when(spent) if self.cycles else None

    def explain(self) -> str:
        """The ledger as text: every span, counted or not, and the reason, in local time of the calendar."""
        return explained(self)

    def to_markdown(self) -> str:
        """What `explain` says, as Markdown; names that the house chose cannot break out of it."""
        return markdown(self)

    def _repr_html_(self) -> str:
        """What `explain` says, with a line of time, for a notebook or a page."""
        return html(self)

    def to_rows(self) -> list[dict[str, Any]]:
        """The ledgers of all cycles as rows for any table library; empty where nothing is measured.

        The columns are ``cycle`` (1 for the first), ``start`` and ``end`` (UTC), ``kind`` (``counted`` or why not:
        ``paused``, ``excluded``, ``suspended``, ``resolved``), ``open_time``, ``total`` (counted so far in the
        cycle, this row included) and ``reason``. The open time of the counted rows sums to the elapsed time.
        """
        return [
            {"cycle": cycle.number, **attrs.asdict(entry, recurse=False)}
            for cycle in self.cycles
            for entry in cycle.ledger
        ]
