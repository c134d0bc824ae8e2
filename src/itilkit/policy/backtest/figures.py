"""What a back-test is made of: verdicts and how often each pair of them occurs, flips, objectives by period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

import attrs

from itilkit.calendars import Period
from itilkit.policy.objective import Objective
from itilkit.sla import Reading
from itilkit.sla.explain import duration, stamp
from itilkit.spans import zone_named

__all__ = [
    "Cell",
    "Cohort",
    "Flip",
    "Judged",
    "Kept",
    "Outcome",
    "Verdict",
    "is_flip",
    "judged",
    "outcome_of",
]

Outcome: TypeAlias = Literal["met", "breached", "pending", "cancelled", "not_recorded", "no_agreement"]
Cohort: TypeAlias = Literal["opened", "resolved"]
Which: TypeAlias = Literal["old", "new"]


@attrs.frozen
class Verdict:
    """What one policy says of one clock of an incident, for counting.

    Attributes:
        agreement: Kind and name of the agreement, ``SLA Gold``; empty where none is in force.
        priority: The priority that the promise is for; None where there is none.
        outcome: ``met``, ``breached`` in any cycle, ``pending``, ``cancelled``, ``not_recorded`` where the source
            lacks what the clock needs, or ``no_agreement`` where nothing is promised.
    """

    agreement: str
    priority: int | None
    outcome: Outcome = attrs.field(kw_only=True)


@attrs.frozen
class Cell:
    """How many incidents have one pair of verdicts.

    Attributes:
        target: The key of the reading: ``resolution``, ``OLA.resolution``.
        old: What the old policy says.
        new: What the new one says.
        count: How many incidents.
    """

    target: str
    old: Verdict
    new: Verdict = attrs.field(kw_only=True)
    count: int = attrs.field(kw_only=True)

    @property
    def flips(self) -> bool:
        """Whether a promise that one policy says was met was breached under the other."""
        return is_flip(self.old, self.new)

    def to_row(self) -> dict[str, Any]:
        """The cell as a row; what each policy says stands under ``old_`` and ``new_``."""
        sides: dict[Which, Verdict] = {"old": self.old, "new": self.new}
        told = {
            f"{side}_{name}": getattr(each, name)
            for side, each in sides.items()
            for name in ("agreement", "priority", "outcome")
        }
        return {"target": self.target, **told, "count": self.count}


@attrs.frozen
class Judged:
    """What one policy says of a clock that flipped, with the figures that decided it.

    Attributes:
        agreement: Kind and name of the agreement.
        priority: The priority that the promise is for.
        outcome: ``met`` or ``breached``.
        due_at: When the target was used up, or would have been; UTC.
        stopped_at: When the clock stopped; None while it has not.
        elapsed: Open time spent.
        target: The target in open time; None for one in working days.
        promised: The target in words.
        zone: The zone of the calendar, in which `str` tells the times.
    """

    agreement: str
    priority: int | None
    outcome: Outcome = attrs.field(kw_only=True)
    due_at: datetime | None = attrs.field(kw_only=True)
    stopped_at: datetime | None = attrs.field(kw_only=True)
    elapsed: timedelta = attrs.field(kw_only=True)
    target: timedelta | None = attrs.field(kw_only=True)
    promised: str = attrs.field(kw_only=True)
    zone: str = attrs.field(kw_only=True)

    def __str__(self) -> str:
        whose = self.agreement if self.priority is None else f"{self.agreement}, P{self.priority}"
        zone = zone_named(self.zone)
        due = "" if self.due_at is None else f"; due {stamp(self.due_at, zone)}"
        ended = "still running" if self.stopped_at is None else f"stopped {stamp(self.stopped_at, zone)}"
        spent = f" after {duration(self.elapsed)} of open time"
        return f"{self.outcome}: {whose} allows {self.promised}{due}, {ended}{spent} ({self.zone})"


@attrs.frozen
class Flip:
    """A promise that was met under one policy and breached under the other.

    Attributes:
        number: The number of the incident.
        target: The key of the reading.
        old: What the old policy says.
        new: What the new one says.
    """

    number: str
    target: str
    old: Judged = attrs.field(kw_only=True)
    new: Judged = attrs.field(kw_only=True)

    def explain(self) -> str:
        """Both answers with what is promised, when it was due and when the clock stopped, in local time.

        The spans behind them are those of `Reading.explain`, after `Policy.assess` with either policy.
        """
        return f"{self.number} {self.target}\n  old: {self.old}\n  new: {self.new}"

    def to_row(self) -> dict[str, Any]:
        """The flip as a row; what each policy says stands under ``old_`` and ``new_``."""
        sides: dict[Which, Judged] = {"old": self.old, "new": self.new}
        told = {
            f"{side}_{name}": getattr(each, name)
            for side, each in sides.items()
            for name in ("agreement", "priority", "outcome", "due_at", "stopped_at")
        }
        return {"number": self.number, "target": self.target, **told}


@attrs.frozen
class Kept:
    """What became of an objective in one period under one policy.

    Attributes:
        policy: ``old`` or ``new``.
        target: The key of the reading.
        agreement: Kind and name of the agreement.
        objective: What is promised.
        period: The period.
        met: How many incidents met the target.
        breached: How many did not.
        pending: How many can still do either; they are in neither count.
    """

    policy: Which
    target: str
    agreement: str = attrs.field(kw_only=True)
    objective: Objective = attrs.field(kw_only=True)
    period: Period = attrs.field(kw_only=True)
    met: int = attrs.field(kw_only=True)
    breached: int = attrs.field(kw_only=True)
    pending: int = attrs.field(kw_only=True)

    @property
    def kept(self) -> bool | None:
        """Whether the objective is kept by what was met and breached so far; None where nothing was."""
        return self.objective.is_kept(met=self.met, of=self.met + self.breached)

    def to_row(self) -> dict[str, Any]:
        """The period as a row."""
        return {
            "policy": self.policy,
            "target": self.target,
            "agreement": self.agreement,
            "objective": self.objective.share,
            "period": self.period.label,
            "met": self.met,
            "breached": self.breached,
            "pending": self.pending,
            "kept": self.kept,
        }

    def __str__(self) -> str:
        verdict: Mapping[bool | None, str] = {True: "kept", False: "missed", None: "nothing to judge"}
        pending = f", {self.pending:,} pending" if self.pending else ""
        return f"{self.met:,} of {self.met + self.breached:,}{pending}: {verdict[self.kept]}"


def is_flip(old: Verdict, new: Verdict) -> bool:
    """Whether one of the two was met and the other breached."""
    return old.outcome != new.outcome and {old.outcome, new.outcome} <= {"met", "breached"}


def outcome_of(reading: Reading | None) -> Outcome:
    """What a reading comes to; breached in any cycle is breached, as in `itilkit.kpi.sla_compliance`."""
    if reading is None:
        return "no_agreement"
    outcome = reading.outcome
    if outcome in ("breached", "not_recorded"):
        return outcome
    if len(reading.cycles) > 1 and reading.ever_breached:
        return "breached"
    return "no_agreement" if outcome == "cancelled" and reading.goal is None else outcome


def judged(reading: Reading, verdict: Verdict) -> Judged:
    """The figures of the cycle that decided a reading that was met or breached: the first one that was late."""
    cycle = next((each for each in reading.cycles if each.breached), reading.cycles[-1])
    goal = cycle.goal
    if cycle.target is not None:
        promised = f"{duration(cycle.target)} of open time"
    else:
        promised = "nothing" if goal is None else str(goal.target)
    return Judged(
        verdict.agreement,
        verdict.priority,
        outcome=verdict.outcome,
        due_at=cycle.due_at,
        stopped_at=cycle.stopped_at,
        elapsed=cycle.elapsed,
        target=cycle.target,
        promised=promised,
        zone="UTC" if goal is None else goal.calendar.zone,
    )
