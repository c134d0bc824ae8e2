"""What held when: the tracks and marks of one incident over a shared axis of beats.

There is one *beat* per event known at `as_of`. A track has one value per beat: what held from that beat until the
next one. Beats never run backwards: an event stamped before its predecessor takes its predecessor's beat, because
the order of the history is the truth; the event keeps its own stamp.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import attrs

from itilkit.events import Event, Excluded, Fields, MajorDeclared, Person, StoodDown
from itilkit.records import Incident
from itilkit.vocabulary import HoldReason, Status

__all__ = ["Assignment", "Defect", "DefectCode", "Mark", "MarkKind", "Step", "Timeline"]

MarkKind = Literal[
    "opened",
    "attached",
    "acknowledged",
    "agent_reply",
    "requester_message",
    "reopened",
    "escalated",
    "excluded",
    "workaround",
]
Side = Literal["agent", "requester", "system"]
DefectCode = Literal[
    "illegal_step", "illegal_start", "unknown_state", "starts_mid_life", "out_of_order", "before_opened"
]


@attrs.frozen
class Assignment:
    """Whose the incident is: a group, a person, both or nobody."""

    group: str | None = None
    assignee: Person | None = None


NOBODY = Assignment()


@attrs.frozen
class Mark:
    """Something that happened at a beat and that clocks and KPIs look for; `by` is the side it came from."""

    beat: int
    kind: MarkKind
    by: Side


@attrs.frozen
class Step:
    """A change of state at a beat; `known` is False where the source recorded nothing before it."""

    beat: int
    source: str
    target: str
    legal: bool
    known: bool = True


@attrs.frozen
class Defect:
    """Where a history departs from its lifecycle or from the order of time; `event` indexes the history."""

    code: DefectCode
    event: int
    at: datetime
    message: str

    def __str__(self) -> str:
        return f"events[{self.event}] at {self.at:%Y-%m-%dT%H:%MZ}: {self.message}"


@attrs.frozen(repr=False)
class Timeline:
    """All that was known of an incident at one instant.

    Plural names are tracks, one value per beat; singular names are the value at `as_of`, or None while nothing is
    known yet.

    Attributes:
        incident: The record.
        as_of: The right edge: facts later than this are not in here.
        beats: The instants at which something happened; UTC, never decreasing.
        events: The events known, one per beat.
        statuses: Where the incident stood.
        states: The tool's own state.
        hold_reasons: What it waited for while on hold.
        impacts: Impact as recorded; 1 is highest.
        urgencies: Urgency as recorded; 1 is highest.
        priorities: Priority as recorded; None until one was.
        assignments: Whose it was.
        fields: Category, channel, service and the tool's own fields.
        marks: What clocks and KPIs look for.
        steps: The changes of state.
        defects: Where the history departs from its lifecycle.
    """

    incident: Incident
    as_of: datetime
    beats: tuple[datetime, ...]
    events: tuple[Event, ...]
    statuses: tuple[Status, ...] = attrs.field(kw_only=True)
    states: tuple[str, ...] = attrs.field(kw_only=True)
    hold_reasons: tuple[HoldReason | None, ...] = attrs.field(kw_only=True)
    impacts: tuple[int | None, ...] = attrs.field(kw_only=True)
    urgencies: tuple[int | None, ...] = attrs.field(kw_only=True)
    priorities: tuple[int | None, ...] = attrs.field(kw_only=True)
    assignments: tuple[Assignment, ...] = attrs.field(kw_only=True)
    fields: tuple[Fields, ...] = attrs.field(kw_only=True)
    marks: tuple[Mark, ...] = attrs.field(kw_only=True)
    steps: tuple[Step, ...] = attrs.field(kw_only=True)
    defects: tuple[Defect, ...] = attrs.field(kw_only=True)

    def __repr__(self) -> str:
        stands = self.state if self.beats else "not yet opened"
        return f"<Timeline {self.incident.number}: {stands} as of {self.as_of.isoformat()}>"

    @property
    def status(self) -> Status | None:
        """Where the incident stands."""
        return self.statuses[-1] if self.statuses else None

    @property
    def state(self) -> str | None:
        """The tool's own state."""
        return self.states[-1] if self.states else None

    @property
    def hold_reason(self) -> HoldReason | None:
        """What the incident waits for; None unless it is on hold for a recorded reason."""
        return self.hold_reasons[-1] if self.hold_reasons else None

    @property
    def impact(self) -> int | None:
        """Impact as recorded; 1 is highest."""
        return self.impacts[-1] if self.impacts else None

    @property
    def urgency(self) -> int | None:
        """Urgency as recorded; 1 is highest."""
        return self.urgencies[-1] if self.urgencies else None

    @property
    def priority(self) -> int | None:
        """Priority; 1 is highest."""
        return self.priorities[-1] if self.priorities else None

    @property
    def assignment(self) -> Assignment:
        """Whose the incident is."""
        return self.assignments[-1] if self.assignments else NOBODY

    @property
    def opened_at(self) -> datetime | None:
        """When the incident was reported."""
        return self.events[0].at if self.events else None

    @property
    def first_resolved_at(self) -> datetime | None:
        """When the incident was first declared resolved, by the event's own stamp."""
        return next(self.entered(Status.RESOLVED), None)

    @property
    def resolved_at(self) -> datetime | None:
        """When it last entered resolved, by the event's own stamp; None once it is open again or cancelled.

        A resolution that was reopened does not count, also where the incident was then closed without another one.
        """
        return (
            self._entered_last(Status.RESOLVED) if self.status in (Status.RESOLVED, Status.CLOSED) else None
        )

    @property
    def closed_at(self) -> datetime | None:
        """When it last entered closed, by the event's own stamp, while it still is closed."""
        return self._entered_last(Status.CLOSED) if self.status is Status.CLOSED else None

    def _entered_last(self, status: Status) -> datetime | None:
        """The last entry into `status` that no later open time undid."""
        entered: datetime | None = None
        before: Status | None = None
        for event, now in zip(self.events, self.statuses, strict=True):
            if now is status and before is not status:
                entered = event.at
            elif now.is_open:
                entered = None
            before = now
        return entered

    @property
    def reopen_count(self) -> int:
        """How often it left resolved, closed or cancelled for an open status."""
        return sum(
            not before.is_open and after.is_open
            for before, after in zip(self.statuses, self.statuses[1:], strict=False)
        )

    @property
    def exclusions(self) -> tuple[Excluded, ...]:
        """The agreed exclusions known by now, in the order in which they became known."""
        found = (self.events[mark.beat] for mark in self.marks if mark.kind == "excluded")
        return tuple(event for event in found if isinstance(event, Excluded))

    @property
    def declared_major(self) -> bool | None:
        """Whether it is a major incident by its history: declared, and not stood down; None where neither happened."""
        for event in reversed(self.events):
            if isinstance(event, MajorDeclared | StoodDown):
                return isinstance(event, MajorDeclared)
        return None

    @property
    def is_major(self) -> bool:
        """It is a major incident: by its history, else by the tool's own field or attribute ``major``."""
        declared = self.declared_major
        if declared is not None or not self.events:
            return declared is True
        fields = self.fields[-1]
        return (fields["major"] if "major" in fields else self.incident.attributes.get("major")) is True

    def entered(self, status: Status) -> Iterator[datetime]:
        """Each instant at which the incident came into `status` from another one, by the event's own stamp."""
        before: Status | None = None
        for event, now in zip(self.events, self.statuses, strict=True):
            if now is status and before is not status:
                yield event.at
            before = now

    def groups(self) -> Iterator[str]:
        """The groups that had the incident, one after the other; times without a group are passed over."""
        before: str | None = None
        for assignment in self.assignments:
            if assignment.group is not None and assignment.group != before:
                before = assignment.group
                yield before
