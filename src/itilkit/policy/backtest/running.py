"""Reading many incidents under two policies at once, and keeping counts of them, not the readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, get_args

import attrs

from itilkit.calendars import Period
from itilkit.errors import PolicyError, near
from itilkit.lifecycle import Timeline, replay
from itilkit.policy.assessing import assessed, prioritised
from itilkit.policy.backtest.figures import (
    Cell,
    Cohort,
    Flip,
    Kept,
    Verdict,
    Which,
    is_flip,
    judged,
    outcome_of,
)
from itilkit.policy.backtest.result import Backtest
from itilkit.policy.objective import Objective
from itilkit.records import Incident
from itilkit.sla import Assessment, Reading
from itilkit.spans import utc

if TYPE_CHECKING:
    from itilkit.policy.policy import Policy

__all__ = ["backtest"]

Pair: TypeAlias = tuple[Assessment, Assessment]


def backtest(
    new: Policy,
    incidents: Iterable[Incident],
    *,
    against: Policy,
    as_of: datetime,
    strict: bool = True,
    cohort: Cohort = "resolved",
    progress: Callable[[int], object] | None = None,
) -> Backtest:
    """What becomes of the same incidents under a new policy and an old one; see `Policy.backtest`."""
    if cohort not in get_args(Cohort):
        hint = near(cohort, get_args(Cohort))
        raise PolicyError.one("unknown_word", f"{cohort!r} is no cohort", path="cohort", hint=hint)
    tally = _Tally(against, new, cohort)
    both = _reader(against, new, utc(as_of), strict=strict)
    for done, incident in enumerate(incidents, start=1):
        tally.count(*both(incident))
        if progress is not None:
            progress(done)
    return tally.result(utc(as_of))


def _reader(old: Policy, new: Policy, as_of: datetime, *, strict: bool) -> Callable[[Incident], Pair]:
    """From an incident to what both policies say of it; what they have in common is worked out once."""
    one_replay = old.lifecycle == new.lifecycle
    one_track = one_replay and _priorities(old) == _priorities(new)

    def read(incident: Incident) -> Pair:
        before = replay(incident, old.lifecycle, as_of=as_of, strict=strict)
        after = before if one_replay else replay(incident, new.lifecycle, as_of=as_of, strict=strict)
        before = prioritised(old, before)
        after = before if one_track else prioritised(new, after)
        return assessed(old, before), assessed(new, after)

    return read


def _priorities(policy: Policy) -> tuple[object, ...]:
    """All that decides which priority an incident has; what the matrix is called does not."""
    matrix = attrs.evolve(policy.matrix, name="")
    return matrix, policy.priority_rules, policy.when_facts_change, dict(policy.fields)


class _Key(NamedTuple):
    """What an objective is counted under."""

    policy: Which
    target: str
    agreement: str
    period: Period


class _Tally:
    """The counts as they grow: one for each pair of verdicts, and one for each objective and period."""

    def __init__(self, old: Policy, new: Policy, cohort: Cohort) -> None:
        self.old = _Side("old", old)
        self.new = _Side("new", new)
        self.targets = tuple(dict.fromkeys((*self.old.kinds, *self.new.kinds)))
        self.cohort = cohort
        self.names = (old.name, new.name)
        self.incidents = 0
        self.cells: Counter[tuple[str, Verdict, Verdict]] = Counter()
        self.flips: list[Flip] = []
        self.periods: dict[_Key, Counter[str]] = {}

    def count(self, before: Assessment, after: Assessment) -> None:
        """Count one incident: exactly one cell for each target."""
        self.incidents += 1
        for target in self.targets:
            old, new = before.readings.get(target), after.readings.get(target)
            was, now = (
                self.old.verdict(target, old, before.timeline),
                self.new.verdict(target, new, after.timeline),
            )
            self.cells[target, was, now] += 1
            if old and new and is_flip(was, now):
                number = before.timeline.incident.number
                self.flips.append(Flip(number, target, old=judged(old, was), new=judged(new, now)))
            self._place(self.old, target, was, before.timeline)
            self._place(self.new, target, now, after.timeline)

    def _place(self, side: _Side, target: str, verdict: Verdict, timeline: Timeline) -> None:
        """Count a verdict in the period in which its objective is judged."""
        objective = side.objectives.get(verdict.agreement)
        if objective is None or verdict.outcome not in ("met", "breached", "pending"):
            return
        at = timeline.opened_at if self.cohort == "opened" else timeline.resolved_at
        if at is not None:
            period = Period.of(objective.per, at, zone=side.zone)
            key = _Key(side.which, target, verdict.agreement, period)
            self.periods.setdefault(key, Counter())[verdict.outcome] += 1

    def result(self, as_of: datetime) -> Backtest:
        """The counts as a value, in an order that does not depend on that of the incidents."""
        place = {target: index for index, target in enumerate(self.targets)}
        cells = (Cell(target, old, new=new, count=count) for (target, old, new), count in self.cells.items())
        return Backtest(
            *self.names,
            as_of=as_of,
            incidents=self.incidents,
            targets=self.targets,
            cells=sorted(cells, key=lambda each: (place[each.target], _rank(each.old), _rank(each.new))),
            flips=sorted(self.flips, key=lambda each: (place[each.target], each.number)),
            objectives=self._kept(place),
        )

    def _kept(self, place: Mapping[str, int]) -> Iterator[Kept]:
        order = sorted(
            self.periods,
            key=lambda key: (place[key.target], key.agreement, key.period.start, key.policy != "old"),
        )
        for key in order:
            side, counts = self.old if key.policy == "old" else self.new, self.periods[key]
            yield Kept(
                key.policy,
                key.target,
                agreement=key.agreement,
                objective=side.objectives[key.agreement],
                period=key.period,
                met=counts["met"],
                breached=counts["breached"],
                pending=counts["pending"],
            )


def _rank(verdict: Verdict) -> tuple[int, str, str]:
    """Where a verdict stands in a list: by priority, then agreement; without a priority first."""
    return (verdict.priority or 0, verdict.agreement, verdict.outcome)


class _Side:
    """One of the two policies: its words for the agreements, and what they must keep."""

    def __init__(self, which: Which, policy: Policy) -> None:
        self.which: Which = which
        self.zone = policy.zone
        self.kinds = {f"{each.prefix}{name}": each.kind for each in policy.agreements for name in each.rules}
        self.objectives: dict[str, Objective] = {}
        for each in policy.agreements:
            if each.objective is not None:
                self.objectives.setdefault(f"{each.kind} {each.name}", each.objective)

    def verdict(self, target: str, reading: Reading | None, timeline: Timeline) -> Verdict:
        """What the policy says of a clock."""
        if reading is None:
            return Verdict("", timeline.priority, outcome="no_agreement")
        label = f"{self.kinds[target]} {reading.agreement}"
        return Verdict(label, reading.priority, outcome=outcome_of(reading))
