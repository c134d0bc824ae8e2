"""How a log keeps to its lifecycle, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from itilkit.lifecycle.timeline import DefectCode, Timeline

__all__ = ["Conformance", "conformance"]

Move = tuple[str, str]


@attrs.frozen
class Conformance:
    """Counts over many timelines.

    Attributes:
        incidents: How many timelines were counted.
        steps: Changes of state by (source, target), steps out of an inferred state left out.
        illegal: The steps among them that the lifecycle does not permit. An event that repeats a state, such as a
            second resolution, is no step; where it is not permitted, the incident is in `affected`.
        unknown: The steps among them that touch a state the lifecycle does not know; these are not judged.
        mid_life: Incidents by the first state on record, where that is not the state in which a record begins.
        affected: By defect code, the incidents that have it, in the order given.
    """

    incidents: int
    steps: Mapping[Move, int]
    illegal: Mapping[Move, int]
    unknown: Mapping[Move, int]
    mid_life: Mapping[str, int]
    affected: Mapping[DefectCode, tuple[str, ...]]


def conformance(timelines: Iterable[Timeline]) -> Conformance:
    """The departures of many histories from their lifecycle, counted by kind.

    An empty iterable gives zeros.
    """
    steps: Counter[Move] = Counter()
    illegal: Counter[Move] = Counter()
    unknown: Counter[Move] = Counter()
    mid_life: Counter[str] = Counter()
    affected: dict[DefectCode, list[str]] = {}
    incidents = 0
    for timeline in timelines:
        incidents += 1
        strange = {defect.event for defect in timeline.defects if defect.code == "unknown_state"}
        for step in timeline.steps:
            move = (step.source, step.target)
            if not step.known:
                mid_life[step.target] += 1
                continue
            steps[move] += 1
            if not step.legal:
                illegal[move] += 1
        codes: dict[DefectCode, None] = {defect.code: None for defect in timeline.defects}
        for code in codes:
            affected.setdefault(code, []).append(timeline.incident.number)
        if strange:
            unknown.update(_touching(timeline, {timeline.states[beat] for beat in strange}))
    return Conformance(
        incidents,
        steps=dict(steps),
        illegal=dict(illegal),
        unknown=dict(unknown),
        mid_life=dict(mid_life),
        affected={code: tuple(numbers) for code, numbers in affected.items()},
    )


def _touching(timeline: Timeline, states: set[str]) -> Iterable[Move]:
    for step in timeline.steps:
        if step.known and not states.isdisjoint((step.source, step.target)):
            yield step.source, step.target
