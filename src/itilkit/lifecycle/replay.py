"""From events to a timeline, in one pass."""

from __future__ import annotations

from datetime import datetime
from itertools import repeat
from typing import TypeAlias

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


_Row: TypeAlias = tuple[
    datetime, Event, Status, str, HoldReason | None, int | None, int | None, int | None, Assignment, Fields
]


class _Walk:
    """The tracks as they grow: one row per beat."""

    def __init__(self, lifecycle: Lifecycle) -> None:
        self.standing = Standing(lifecycle)
        self.beat: datetime | None = None
        self.rows: list[_Row] = []
        self.marks: list[Mark] = []
        self.steps: list[Step] = []
        self.defects: list[Defect] = []

    def take(self, event: Event, limit: datetime) -> bool:
        """Move on by one event; False when it lies beyond the limit and so is not known yet."""
        beat = event.at
        if self.beat is not None and beat < self.beat:
            # Told once where time steps back, not again for each event on the way up to where it was.
            if beat < self.rows[-1][1].at:
                self._backward(event)
            beat = self.beat
        if beat > limit:
            return False
        self.beat = beat
        standing = self.standing
        target = standing.target(event)
        if target is not None:
            self._step(event, target)
        standing.apply(event, target)
        marked = mark_of(event, standing)
        if marked is not None:
            self.marks.append(Mark(len(self.rows), *marked))
        self.rows.append(
            (
                beat,
                event,
                standing.status,
                standing.state,
                standing.hold_reason,
                standing.impact,
                standing.urgency,
                standing.priority,
                standing.assignment,
                standing.fields,
            )
        )
        return True

    def _step(self, event: Event, target: Target) -> None:
        """Judge a change of state and note it."""
        source, name = self.standing.state, target.state
        lifecycle = self.standing.lifecycle
        here = name in lifecycle.ways
        if not here:
            self._defect("unknown_state", event, f"the lifecycle has no state {name!r}")
        if isinstance(event, Logged):
            if here and not event.inferred and name not in lifecycle.starts:
                begins = " or ".join(lifecycle.starts)
                self._defect("illegal_start", event, f"an incident begins in {begins}, not in {name}")
            return
        if isinstance(event, Migrated):
            return
        known = not self.standing.inferred
        legal = target.transition is not None or not known or not here or source not in lifecycle.ways
        if not known:
            self._defect("starts_mid_life", event, f"the first state on record is {name}")
        elif not legal:
            self._defect("illegal_step", event, refusal(self.standing, event, name))
        if source != name:
            self.steps.append(Step(len(self.rows), source, name, legal, known))

    def _backward(self, event: Event) -> None:
        opened, before = self.rows[0][1].at, self.rows[-1][1].at
        if event.at < opened:
            self._defect(
                "before_opened", event, f"happened before the incident was opened ({opened:%Y-%m-%dT%H:%MZ})"
            )
        else:
            self._defect(
                "out_of_order", event, f"is stamped before the event it follows ({before:%Y-%m-%dT%H:%MZ})"
            )

    def _defect(self, code: DefectCode, event: Event, message: str) -> None:
        self.defects.append(Defect(code, len(self.rows), event.at, message))

    def timeline(self, incident: Incident, as_of: datetime) -> Timeline:
        """The finished tracks."""
        tracks = zip(*self.rows, strict=True) if self.rows else repeat((), 10)
        beats, events, statuses, states, hold_reasons, impacts, urgencies, priorities, assignments, fields = (
            tracks
        )
        return Timeline(
            incident,
            as_of,
            beats,
            events,
            statuses=statuses,
            states=states,
            hold_reasons=hold_reasons,
            impacts=impacts,
            urgencies=urgencies,
            priorities=priorities,
            assignments=assignments,
            fields=fields,
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
