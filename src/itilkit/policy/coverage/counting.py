"""Reading incidents under a policy and counting which of its lines they exercise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from itilkit.calendars import Calendar
from itilkit.conditions import Situation
from itilkit.lifecycle import Timeline, replay, situations
from itilkit.policy.agreement import Agreement
from itilkit.policy.assessing import known_to, prioritised, readings
from itilkit.policy.coverage.result import Coverage, Item
from itilkit.policy.coverage.windows import RunningTime, window_items
from itilkit.policy.held import by_kind, course
from itilkit.policy.whole import BUILT_IN
from itilkit.priority import PriorityMatrix, derive
from itilkit.records import Incident
from itilkit.sla import Reading
from itilkit.spans import utc

if TYPE_CHECKING:
    from itilkit.policy.policy import Policy

__all__ = ["coverage"]

Key: TypeAlias = tuple[object, ...]


def coverage(
    policy: Policy,
    incidents: Iterable[Incident],
    *,
    as_of: datetime,
    strict: bool = True,
    progress: Callable[[int], object] | None = None,
) -> Coverage:
    """Which lines of a policy the incidents exercise; see `Policy.coverage`."""
    limit, tally, done = utc(as_of), _Tally(policy), 0
    for done, incident in enumerate(incidents, start=1):
        timeline = replay(incident, policy.lifecycle, as_of=limit, strict=strict)
        if timeline.beats:
            tally.count(prioritised(policy, timeline))
        if progress is not None:
            progress(done)
    return Coverage(policy.name, limit, incidents=done, items=tally.items())


class _Tally:
    """How many incidents exercised each line, and when clocks ran on which calendar.

    Lines are counted under keys that begin with their kind; an agreement and a rule by its place in the policy,
    because two may have one name.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.counts: Counter[Key] = Counter()
        self.running = RunningTime()
        self.places = {id(each): place for place, each in enumerate(policy.agreements)}
        self.rules = {id(each): place for place, each in enumerate(policy.priority_rules)}

    def count(self, timeline: Timeline) -> None:
        """Count the lines that one incident exercises, each once."""
        known = known_to(self.policy, timeline)
        self.counts.update(
            {
                *self._agreements(known),
                *self._targets(timeline, known),
                *self._derived(timeline),
                *(
                    ("transition", step.source, step.target)
                    for step in timeline.steps
                    if step.known and step.legal
                ),
            }
        )

    def _agreements(self, known: Sequence[Situation]) -> Iterator[Key]:
        """Those that are in force at some beat."""
        for several in by_kind(self.policy.agreements).values():
            for each in course(several, known):
                if each is not None:
                    yield "agreement", self.places[id(each)]

    def _targets(self, timeline: Timeline, known: Sequence[Situation]) -> Iterator[Key]:
        """Those by which a clock was judged that started and whose facts are recorded."""
        for clock, reading in readings(self.policy, timeline, known):
            for cycle in reading.cycles:
                if cycle.goal is not None:
                    spans = [(run.start, run.end) for run in cycle.past if run.doing == "running"]
                    self.running.add(cycle.goal.calendar, spans)
            if reading.cycles and reading.goal is not None:
                judging = self._judging(clock.agreement, reading, known)
                yield "target", self.places[id(judging)], reading.priority, reading.name

    def _judging(self, named: Agreement, reading: Reading, known: Sequence[Situation]) -> Agreement:
        """The agreement whose promise judged: the one that the reading names, or one that was in force before."""
        if _promises(named, reading):
            return named
        in_force = course(by_kind(self.policy.agreements)[named.kind], known)
        return next((each for each in in_force if each and _promises(each, reading)), named)

    def _derived(self, timeline: Timeline) -> Iterator[Key]:
        """The cells of the matrix that impact and urgency lead to, as the rules raise them, and these rules."""
        policy = self.policy
        if not policy.priority_rules:
            pairs = zip(timeline.impacts, timeline.urgencies, strict=True)
            yield from (("matrix cell", *pair) for pair in pairs)
            return
        for known in situations(timeline, policy.fields):
            found = derive(policy.matrix, policy.priority_rules, known)
            levels: dict[str, int | None] = {"impact": found.impact, "urgency": found.urgency}
            for each in found.raised:
                yield "priority rule", self.rules[id(each.rule)]
                levels[each.what] = each.after
            yield "matrix cell", levels["impact"], levels["urgency"]

    def items(self) -> Iterator[Item]:
        """Every line with its count, in the order of the policy."""
        policy, counts = self.policy, self.counts
        for place, each in enumerate(policy.agreements):
            words = f"{each.kind} {each.name}"
            yield Item("agreement", f"agreements[{place}]", words=words, count=counts["agreement", place])
        yield from self._target_items()
        for place, rule in enumerate(policy.priority_rules):
            words = rule.because or str(rule.when)
            yield Item(
                "priority rule", f"priority.rules[{place}]", words=words, count=counts["priority rule", place]
            )
        yield from self._matrix_items()
        yield from window_items(policy.calendars, _used(policy), self.running)
        yield from self._transition_items()

    def _target_items(self) -> Iterator[Item]:
        for place, agreement in enumerate(self.policy.agreements):
            for row, target in enumerate(agreement.targets):
                promised = [name for name, promise in target.promises.items() if promise is not None]
                for name, priority in product(promised, target.priorities):
                    yield Item(
                        "target",
                        f"agreements[{place}].targets[{row}].{name}",
                        words=f"{agreement.kind} {agreement.name}: P{priority} {name}",
                        count=self.counts["target", place, priority, name],
                    )

    def _matrix_items(self) -> Iterator[Item]:
        matrix = self.policy.matrix
        table = isinstance(matrix, PriorityMatrix)
        for impact, urgency in product(matrix.impact.levels, matrix.urgency.levels):
            told = f"impact {matrix.impact.label(impact)}, urgency {matrix.urgency.label(urgency)}"
            yield Item(
                "matrix cell",
                f"priority.rows[{impact - 1}][{urgency - 1}]" if table else "priority",
                words=f"{told}: P{matrix.priority_of(impact=impact, urgency=urgency)}",
                count=self.counts["matrix cell", impact, urgency],
            )

    def _transition_items(self) -> Iterator[Item]:
        """One line for each pair of states; a step that stays where it is is not told apart in a history."""
        lifecycle = self.policy.lifecycle
        rows = {id(each): f"lifecycle.transitions[{row}]" for row, each in enumerate(lifecycle.transitions)}
        told: set[tuple[str, str]] = set()
        for source, target, transition in lifecycle.steps:
            if source == target or (source, target) in told:
                continue
            told.add((source, target))
            yield Item(
                "transition",
                rows.get(id(transition), "lifecycle"),
                words=f"{source} -> {target} ({', '.join(lifecycle.triggers(source, target))})",
                count=self.counts["transition", source, target],
            )


def _promises(agreement: Agreement, reading: Reading) -> bool:
    """Whether an agreement has the target by which a clock is judged."""
    return reading.goal is not None and any(
        reading.priority in row.priorities and row.promises.get(reading.name) == reading.goal.target
        for row in agreement.targets
    )


def _used(policy: Policy) -> Iterator[Calendar]:
    """The calendars that agreements may count on: their own and, where a field names them, all that are declared."""
    for agreement in policy.agreements:
        yield from agreement.calendars
    if any(agreement.calendar_from for agreement in policy.agreements):
        yield from (calendar for name, calendar in policy.calendars.items() if name != BUILT_IN)
