"""From events to a timeline, in one pass."""

from __future__ import annotations

from datetime import datetime

from itilkit.errors import Fault, TransitionError
from itilkit.events import Event, Fields, Logged, Migrated
from itilkit.lifecycle.definition import Lifecycle
from itilkit.lifecycle.standing import Standing, Target, mark_of
from itilkit.lifecycle.timeline import Assignment, Defect, DefectCode, Mark, Step, Timeline
from itilkit.records import Incident
from itilkit.spans import utc
from itilkit.vocabulary import HoldReason, Status

__all__ = ["replay"]

# A record that enters its log in mid-life is a property of the log, not a fault of the history.
_REPORTED_ONLY = "starts_mid_life"


def replay(incident: Incident, lifecycle: Lifecycle, *, as_of: datetime, strict: bool = True) -> Timeline:
    """The timeline of an incident as it could be known at `as_of`.

    Events later than `as_of` are invisible. An incident opened later than that has an empty timeline.

    Args:
        incident: The record and its history.
        lifecycle: What may follow what.
        as_of: The instant to look from; aware.
        strict: Raise when the history departs from the lifecycle. With False every departure becomes a `Defect`
            of the timeline, the record is believed, and the walk goes on.

    Raises:
        TransitionError: `strict`, and the history takes a step that the lifecycle does not permit, names a state
            it does not know, or runs backwards in time; all such places at once.
        InstantError: `as_of` has no zone.

    >>> from datetime import UTC, datetime
    >>> from itilkit.events import Logged, Started
    >>> from itilkit.lifecycle import SERVICENOW
    >>> at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> replay(Incident("INC1", [Logged(at), Started(at, "ann")]), SERVICENOW, as_of=at)
    <Timeline INC1: In Progress as of 2026-03-02T09:00:00+00:00>
    """
    walk = _Walk(lifecycle)
    limit = utc(as_of)
    for event in incident.events:
        if not walk.take(event, limit):
            break
    if strict:
        faults = [
            Fault(
                defect.code, f"{defect.at:%Y-%m-%dT%H:%MZ}: {defect.message}", path=f"events[{defect.event}]"
            )
            for defect in walk.defects
            if defect.code != _REPORTED_ONLY
        ]
        if faults:
            raise TransitionError(faults)
    return walk.timeline(incident, limit)


class _Walk:
    """The tracks as they grow."""

    def __init__(self, lifecycle: Lifecycle) -> None:
        self.standing = Standing(lifecycle)
        self.beats: list[datetime] = []
        self.events: list[Event] = []
        self.statuses: list[Status] = []
        self.states: list[str] = []
        self.hold_reasons: list[HoldReason | None] = []
        self.impacts: list[int | None] = []
        self.urgencies: list[int | None] = []
        self.priorities: list[int | None] = []
        self.assignments: list[Assignment] = []
        self.fields: list[Fields] = []
        self.marks: list[Mark] = []
        self.steps: list[Step] = []
        self.defects: list[Defect] = []

    def take(self, event: Event, limit: datetime) -> bool:
        """Move on by one event; False when it lies beyond the limit and so is not known yet."""
        at = event.at
        beats = self.beats
        beat = at if not beats or at >= beats[-1] else beats[-1]
        if beat > limit:
            return False
        # Told once where time steps back, not again for each event on the way up to where it was.
        if beat is not at and at < self.events[-1].at:
            self._backward(event)
        standing = self.standing
        target = standing.target(event)
        if target is not None:
            self._step(event, target)
        standing.apply(event, target)
        marked = mark_of(event, standing)
        if marked is not None:
            self.marks.append(Mark(len(beats), *marked))
        self._record(event, beat)
        return True

    def _record(self, event: Event, beat: datetime) -> None:
        standing = self.standing
        self.beats.append(beat)
        self.events.append(event)
        self.statuses.append(standing.status)
        self.states.append(standing.state)
        self.hold_reasons.append(standing.hold_reason)
        self.impacts.append(standing.impact)
        self.urgencies.append(standing.urgency)
        self.priorities.append(standing.priority)
        self.assignments.append(standing.assignment)
        self.fields.append(standing.fields)

    def _step(self, event: Event, target: Target) -> None:
        """Judge a change of state and note it."""
        source, name = self.standing.state, target[0]
        if self.standing.lifecycle.state(name) is None:
            self._defect("unknown_state", event, f"the lifecycle has no state {name!r}")
        if isinstance(event, Logged | Migrated):
            return
        unknown = self.standing.lifecycle.state(source) is None or self.standing.lifecycle.state(name) is None
        known = not self.standing.inferred
        legal = unknown or not known or self.standing.permits(event, target)
        if not known:
            self._defect("starts_mid_life", event, f"the first state on record is {name}")
        elif not legal:
            self._defect("illegal_step", event, refusal(self.standing, event, name))
        if source != name:
            self.steps.append(Step(len(self.beats), source, name, legal, known))

    def _backward(self, event: Event) -> None:
        opened = self.events[0].at
        if event.at < opened:
            self._defect(
                "before_opened", event, f"happened before the incident was opened ({opened:%Y-%m-%dT%H:%MZ})"
            )
        else:
            before = self.events[-1].at
            self._defect(
                "out_of_order", event, f"is stamped before the event it follows ({before:%Y-%m-%dT%H:%MZ})"
            )

    def _defect(self, code: DefectCode, event: Event, message: str) -> None:
        self.defects.append(Defect(code, len(self.beats), event.at, message))

    def timeline(self, incident: Incident, as_of: datetime) -> Timeline:
        """The finished tracks."""
        return Timeline(
            incident,
            as_of,
            tuple(self.beats),
            tuple(self.events),
            statuses=tuple(self.statuses),
            states=tuple(self.states),
            hold_reasons=tuple(self.hold_reasons),
            impacts=tuple(self.impacts),
            urgencies=tuple(self.urgencies),
            priorities=tuple(self.priorities),
            assignments=tuple(self.assignments),
            fields=tuple(self.fields),
            marks=tuple(self.marks),
            steps=tuple(self.steps),
            defects=tuple(self.defects),
        )


def refusal(standing: Standing, event: Event, target: str) -> str:
    """Why a step is refused, and what may be done instead."""
    lifecycle, source = standing.lifecycle, standing.state
    triggers = lifecycle.triggers(source, target)
    if triggers:
        drawn = " or ".join(triggers)
        return (
            f"{type(event).__name__} does not lead from {source} to {target}; that step is drawn by {drawn}"
        )
    permitted = ", ".join(lifecycle.permitted(source)) or "nothing, it is final"
    return f"{source} -> {target} is not permitted; from {source} the lifecycle permits: {permitted}"
