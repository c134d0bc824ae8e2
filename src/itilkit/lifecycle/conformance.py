"""How a log keeps to its lifecycle, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape

import attrs

from itilkit.lifecycle.decision import missing_facts
from itilkit.lifecycle.definition import TRIGGERS, Lifecycle
from itilkit.lifecycle.standing import Standing
from itilkit.lifecycle.timeline import Defect, DefectCode, Step, Timeline
from itilkit.svg import Bar, bars
from itilkit.vocabulary import Status

__all__ = ["CaseConformance", "Conformance", "MissingFact", "conformance"]

Move = tuple[str, str]

_TABLE = ' style="border-collapse:collapse;font-variant-numeric:tabular-nums"'
_EDGE = "padding:0.2em 1em 0.2em 0;border-bottom:1px solid var(--itilkit-line, currentColor)"
_LEFT = f' style="text-align:left;{_EDGE}"'
_RIGHT = f' style="text-align:right;{_EDGE}"'


@attrs.frozen
class MissingFact:
    """A fact that a step asked for and that was not known then; `event` indexes the history."""

    event: int
    trigger: str
    fact: str


@attrs.frozen
class CaseConformance:
    """How one history keeps to its lifecycle.

    Attributes:
        number: Whose history it is.
        judged: How many steps could be judged: out of a state on record, between states the lifecycle knows.
        illegal: The steps among them that the lifecycle does not permit; `beat` indexes the history.
        defects: Every departure from the lifecycle or from the order of time, with its place.
        closed_unresolved: It was closed by a step from a status other than resolved.
        missing: Facts that a permitted step asked for and that were not known; only where a lifecycle was given.
    """

    number: str
    judged: int = attrs.field(kw_only=True)
    illegal: tuple[Step, ...] = attrs.field(kw_only=True)
    defects: tuple[Defect, ...] = attrs.field(kw_only=True)
    closed_unresolved: bool = attrs.field(kw_only=True)
    missing: tuple[MissingFact, ...] = attrs.field(default=(), kw_only=True)

    @property
    def fitness(self) -> float | None:
        """The share of the judged steps that the lifecycle permits; None where there was none to judge."""
        return 1 - len(self.illegal) / self.judged if self.judged else None


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
        cases: The histories one by one, in the order given.
    """

    incidents: int
    steps: Mapping[Move, int]
    illegal: Mapping[Move, int]
    unknown: Mapping[Move, int]
    mid_life: Mapping[str, int]
    affected: Mapping[DefectCode, tuple[str, ...]]
    cases: tuple[CaseConformance, ...] = attrs.field(default=(), kw_only=True, repr=False)

    @property
    def fitness(self) -> float | None:
        """The share of all judged steps that the lifecycle permits; None where there was none to judge."""
        judged = sum(case.judged for case in self.cases)
        return 1 - sum(len(case.illegal) for case in self.cases) / judged if judged else None

    @property
    def closed_unresolved(self) -> tuple[str, ...]:
        """The incidents that were closed without being resolved, in the order given."""
        return tuple(case.number for case in self.cases if case.closed_unresolved)

    @property
    def missing(self) -> Mapping[Move, int]:
        """By (trigger, fact), how often a step was taken without a fact that it asks for."""
        return Counter((each.trigger, each.fact) for case in self.cases for each in case.missing)

    def to_rows(self) -> list[dict[str, str | int]]:
        """One row per kind of departure: ``kind``, ``what``, ``count``; the commonest first within a kind."""
        counted: dict[str, Mapping[str, int]] = {
            "illegal step": _arrows(self.illegal),
            "step at an unknown state": _arrows(self.unknown),
            "starts in mid-life": self.mid_life,
            "missing fact": {
                f"{trigger}: {fact}": number for (trigger, fact), number in self.missing.items()
            },
            "closed without being resolved": {"incidents": len(self.closed_unresolved)},
            "against the order of time": {
                code: len(self.affected.get(code, ())) for code in ("out_of_order", "before_opened")
            },
        }
        return [
            {"kind": kind, "what": what, "count": number}
            for kind, counts in counted.items()
            for what, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            if number
        ]

    def to_markdown(self) -> str:
        """The summary as Markdown: a line with the fitness, and a table of the rows where there are any.

        >>> print(conformance([]).to_markdown())
        0 incidents, 0 steps judged, fitness unknown
        """
        rows = self.to_rows()
        if not rows:
            return self._head
        lines = [f"| {row['kind']} | {_cell(str(row['what']))} | {row['count']} |" for row in rows]
        return "\n".join([self._head, "", "| kind | what | count |", "| --- | --- | ---: |", *lines])

    def to_html(self) -> str:
        """The summary as a piece of HTML: a table under the fitness, and the illegal steps as bars where there are any.

        Names are escaped. There are no colours but those of the page, so that it is readable on light and on dark;
        a page may set ``--itilkit-line`` and ``--itilkit-bar``. A notebook shows this by itself.

        >>> conformance([]).to_html()
        '<div><p>0 incidents, 0 steps judged, fitness unknown</p></div>'
        """
        rows = "".join(
            f"<tr><td{_LEFT}>{escape(str(row['kind']))}</td><td{_LEFT}>{escape(str(row['what']))}</td>"
            f"<td{_RIGHT}>{row['count']:,}</td></tr>"
            for row in self.to_rows()
        )
        head = "".join(
            f'<th scope="col"{style}>{name}</th>'
            for name, style in (("kind", _LEFT), ("what", _LEFT), ("count", _RIGHT))
        )
        table = f"<table{_TABLE}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
        commonest = sorted(_arrows(self.illegal).items(), key=lambda pair: (-pair[1], pair[0]))
        drawn = [Bar(move, number, f"{number:,}") for move, number in commonest]
        return f"<div><p>{self._head}</p>{table}{bars(drawn, title='Illegal steps') if drawn else ''}</div>"

    def _repr_html_(self) -> str:
        return self.to_html()

    @property
    def _head(self) -> str:
        judged = sum(case.judged for case in self.cases)
        fitness = "unknown" if self.fitness is None else f"{self.fitness:.4f}"
        return f"{self.incidents} incidents, {judged} steps judged, fitness {fitness}"


def _arrows(moves: Mapping[Move, int]) -> dict[str, int]:
    return {f"{source} -> {target}": number for (source, target), number in moves.items()}


def _cell(text: str) -> str:
    """A text that cannot break out of its cell."""
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").split())


def conformance(timelines: Iterable[Timeline], lifecycle: Lifecycle | None = None) -> Conformance:
    """The departures of many histories from their lifecycle, counted by kind.

    An empty iterable gives zeros. Nothing is raised, however broken the histories are.

    Args:
        timelines: The histories, as replayed with ``strict=False``.
        lifecycle: The one they were replayed with, to look for facts that steps ask for. A fact that the source
            lacks, or that none of its records had where it was asked for, is not recorded and so not missing.
    """
    cases: list[CaseConformance] = []
    gaps = _Gaps(lifecycle) if lifecycle is not None else None
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
        cases.append(_case(timeline))
        if gaps is not None:
            gaps.look(timeline)
        if strange:
            unknown.update(_touching(timeline, {timeline.states[beat] for beat in strange}))
    return Conformance(
        incidents,
        steps=dict(steps),
        illegal=dict(illegal),
        unknown=dict(unknown),
        mid_life=dict(mid_life),
        affected={code: tuple(numbers) for code, numbers in affected.items()},
        cases=tuple(cases if gaps is None else gaps.told(cases)),
    )


def _case(timeline: Timeline) -> CaseConformance:
    strange = {timeline.states[each.event] for each in timeline.defects if each.code == "unknown_state"}
    judged = [
        step for step in timeline.steps if step.known and strange.isdisjoint((step.source, step.target))
    ]
    return CaseConformance(
        timeline.incident.number,
        judged=len(judged),
        illegal=tuple(step for step in judged if not step.legal),
        defects=timeline.defects,
        closed_unresolved=any(
            step.known
            and timeline.statuses[step.beat] is Status.CLOSED
            and timeline.statuses[step.beat - 1] not in (Status.RESOLVED, Status.CLOSED)
            for step in timeline.steps
        ),
    )


class _Gaps:
    """The facts that steps ask for, known and not known, by source."""

    def __init__(self, lifecycle: Lifecycle) -> None:
        self.lifecycle = lifecycle
        self.found: list[tuple[str, list[MissingFact]]] = []
        self.recorded: set[tuple[str, str]] = set()

    def look(self, timeline: Timeline) -> None:
        """Walk one history once more, asking for facts."""
        source = timeline.incident.source
        standing = Standing(self.lifecycle)
        found: list[MissingFact] = []
        for index, event in enumerate(timeline.events):
            target = standing.target(event)
            trigger = TRIGGERS.get(type(event), "")
            moves = self.lifecycle.moves(standing.state, trigger)
            if target is not None and target[0] in moves and not standing.inferred:
                transition = moves[target[0]]
                missing = set(missing_facts(transition, event, standing))
                for fact in transition.requires:
                    if fact not in missing:
                        self.recorded.add((source.name, fact))
                    elif source.lacks.isdisjoint(fact.split(" or ")):
                        found.append(MissingFact(index, trigger, fact))
            standing.apply(event, target)
        self.found.append((source.name, found))

    def told(self, cases: Iterable[CaseConformance]) -> Iterable[CaseConformance]:
        """The cases with what they miss, facts that their source never had left out."""
        for case, (source, found) in zip(cases, self.found, strict=True):
            kept = tuple(each for each in found if (source, each.fact) in self.recorded)
            yield attrs.evolve(case, missing=kept) if kept else case


def _touching(timeline: Timeline, states: set[str]) -> Iterable[Move]:
    for step in timeline.steps:
        if step.known and not states.isdisjoint((step.source, step.target)):
            yield step.source, step.target
