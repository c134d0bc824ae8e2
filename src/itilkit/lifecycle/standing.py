"""How an incident stands after each event: the one walk that deciding and replaying share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from itilkit.events import (
    NO_FIELDS,
    Acknowledged,
    Assigned,
    Attached,
    Classified,
    Escalated,
    Event,
    Excluded,
    Fields,
    Held,
    Linked,
    Logged,
    Person,
    PrioritySet,
    Reopened,
    Replied,
    RequesterWrote,
    Resolved,
    Scalar,
)
from itilkit.lifecycle.definition import MOVES, NATURAL, TRIGGERS, Lifecycle
from itilkit.lifecycle.table import ANY
from itilkit.lifecycle.timeline import NOBODY, Assignment, MarkKind, Side
from itilkit.lifecycle.ways import ON_HOLD, Target
from itilkit.records import Incident, extended, remember
from itilkit.spans import EPOCH
from itilkit.vocabulary import HoldReason, Status

__all__ = ["Standing", "Target", "appended", "standing_of", "stepped"]


# Names of this module, because an Enum takes ten times as long to give a member, and each event asks for some.
RESOLVED, CLOSED = Status.RESOLVED, Status.CLOSED
OPEN = tuple(status for status in Status if status.is_open)


class Standing:
    """The values that hold now; `apply` moves on by one event. Mutable, and never handed out.

    `latest` is the latest instant in the history. `resolved_at` and `closed_at` are those of the `Timeline`, and
    `resolution` is the event that resolved it; all three are None while it is open.
    """

    __slots__ = (
        "assignment", "closed_at", "fields", "hold_reason", "impact", "inferred", "latest", "lifecycle",
        "opened_at", "priority", "reporter", "resolution", "state", "status", "title", "urgency",
        "was_resolved_at",
    )  # fmt: skip

    def __init__(self, lifecycle: Lifecycle) -> None:
        self.lifecycle = lifecycle
        self.state = lifecycle.initial.name
        self.status = lifecycle.initial.status
        self.hold_reason: HoldReason | None = None
        self.impact: int | None = None
        self.urgency: int | None = None
        self.priority: int | None = None
        self.assignment: Assignment = NOBODY
        self.fields: Fields = NO_FIELDS
        self.reporter: Person | None = None
        self.title = ""
        self.inferred = False
        self.latest = self.opened_at = EPOCH
        self.was_resolved_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.resolution: Resolved | None = None

    def copy(self) -> Standing:
        """One that can be moved on while this one stays as it is."""
        after = Standing.__new__(Standing)
        # One by one, because that takes a fifth of a loop over the names, and every decision pays for it.
        after.lifecycle = self.lifecycle
        after.state = self.state
        after.status = self.status
        after.hold_reason = self.hold_reason
        after.impact = self.impact
        after.urgency = self.urgency
        after.priority = self.priority
        after.assignment = self.assignment
        after.fields = self.fields
        after.reporter = self.reporter
        after.title = self.title
        after.inferred = self.inferred
        after.latest = self.latest
        after.opened_at = self.opened_at
        after.was_resolved_at = self.was_resolved_at
        after.closed_at = self.closed_at
        after.resolution = self.resolution
        return after

    def target(self, event: Event) -> Target | None:
        """Where the event leads, or None where it leaves the state alone. Legality is not judged here.

        `Target.transition` tells whether the lifecycle permits the step.
        """
        kind, name = event.__class__, event.state
        ways = self.lifecycle.ways
        found = (ways.get(self.state) or ways[ANY]).get(kind if name is None else (kind, name))
        if found is None:
            return None if name is None else self._elsewhere(event, name)
        if isinstance(event, Held) and event.reason is not None and found.status is ON_HOLD:
            # Not _replace, which takes five times as long.
            return Target(found.state, ON_HOLD, event.reason, found.transition, found.free)
        return found

    def _elsewhere(self, event: Event, name: str) -> Target | None:
        """Where an event leads that names a state to which it draws no permitted step from here."""
        trigger = TRIGGERS.get(event.__class__)
        if name == self.state and trigger not in MOVES:
            return None  # it merely says where it happened
        state = self.lifecycle.state(name)
        if state is not None:
            reason = event.reason if isinstance(event, Held) and event.reason else state.hold_reason
            return Target(name, state.status, reason if state.status is ON_HOLD else None, None)
        if isinstance(event, Held):
            return Target(name, ON_HOLD, event.reason, None)
        status = NATURAL.get(trigger or "", self.status)
        return Target(name, status, self.hold_reason if status is self.status else None, None)

    def apply(self, event: Event, target: Target | None) -> None:
        """Move on by one event to the target worked out for it."""
        if event.at > self.latest:  # noqa: PLR1730  max() takes thrice as long, and every event pays for it
            self.latest = event.at
        if target is not None:
            before = self.status
            self.state, self.status, self.hold_reason, _, _ = target
            self.inferred = event.inferred
            if self.status is not before:
                self._turn(event, self.status)
        take = _TAKE.get(event.__class__)
        if take is not None:
            take(self, event)

    @property
    def is_final(self) -> bool:
        """The record is at its end: closed or cancelled, and nothing leads out."""
        return self.status.is_final and not self.lifecycle.permitted(self.state)

    @property
    def resolved_at(self) -> datetime | None:
        """When it was last resolved, while that stands."""
        return self.was_resolved_at if self.status in (RESOLVED, CLOSED) else None

    def _turn(self, event: Event, status: Status) -> None:
        """Note what a change of status settles or opens again."""
        self.closed_at = event.at if status is CLOSED else None
        if status is RESOLVED:
            self.was_resolved_at = event.at
        elif status in OPEN:
            self.was_resolved_at = self.resolution = None

    def fact(self, name: str, event: Event) -> object:
        """The value that a requirement names: the event's own, or the record's as it stands; None for an empty text.

        An `Assigned` states the whole assignment, so who had the incident before does not count.
        """
        own = getattr(event, name, None)
        if own not in (None, "") or (name in ("group", "assignee") and isinstance(event, Assigned)):
            return own or None
        holder = self.assignment if name in ("group", "assignee") else self
        held = getattr(holder, name) if name in _HELD else self.fields.get(name)
        return None if held == "" else held


_HELD = frozenset({"group", "assignee", "impact", "urgency", "priority", "reporter", "title"})


def _logged(standing: Standing, event: Logged) -> None:
    standing.opened_at = standing.latest = event.at
    standing.reporter = event.reporter
    standing.title = event.title
    standing.inferred = event.inferred
    if event.channel is not None:
        standing.fields = Fields({"channel": event.channel.value})


def _classified(standing: Standing, event: Classified) -> None:
    if event.impact is not None:
        standing.impact = event.impact
    if event.urgency is not None:
        standing.urgency = event.urgency
    changes: dict[str, Scalar] = dict(event.fields)
    for name in ("category", "subcategory", "service", "configuration_item"):
        value = getattr(event, name)
        if value is not None:
            changes[name] = value
    if changes:
        standing.fields = standing.fields.merged(changes)


def _priority_set(standing: Standing, event: PrioritySet) -> None:
    standing.priority = event.priority


def _assigned(standing: Standing, event: Assigned) -> None:
    standing.assignment = Assignment(event.group, event.assignee)


def _resolved(standing: Standing, event: Resolved) -> None:
    if standing.status not in OPEN:
        standing.resolution = event


# An Any in all but name: each entry takes the event type it stands under, which a mapping cannot say.
_TAKE: Mapping[type[Event], Callable[..., None]] = {
    Logged: _logged,
    Classified: _classified,
    PrioritySet: _priority_set,
    Assigned: _assigned,
    Resolved: _resolved,
}


# What a record remembers: its lifecycle, the state it is in and since which instant nothing has happened, which is
# enough for a step that is free; and how it stood after how many of its events. What came after these is worked out
# when somebody asks.
Place: TypeAlias = tuple[Lifecycle, str, datetime, Standing, int]


def standing_of(incident: Incident, lifecycle: Lifecycle) -> Standing:
    """How an incident stands after its whole history, believed as it is; not to be moved on.

    Worked out once: the record remembers it, so that deciding on the next event walks nothing again.
    """
    place: Place | None = incident.memo
    if place is None or place[0] is not lifecycle:
        return _remembered(incident, Standing(lifecycle), 0)
    _, _, _, standing, known = place
    return standing if known == len(incident.events) else _remembered(incident, standing.copy(), known)


def _remembered(incident: Incident, standing: Standing, known: int) -> Standing:
    """Move a standing on to the end of a history, and leave it with the record."""
    for event in incident.events[known:]:
        standing.apply(event, standing.target(event))
    remember(incident, _place(standing, len(incident.events)))
    return standing


def _place(standing: Standing, known: int) -> Place:
    return standing.lifecycle, standing.state, standing.latest, standing, known


def appended(incident: Incident, event: Event, lifecycle: Lifecycle) -> Incident:
    """The longer history, which remembers how it stands, so that the next decision need not walk it; not judged."""
    after = standing_of(incident, lifecycle).copy()
    after.apply(event, after.target(event))
    return extended(incident, (event,), _place(after, len(incident.events) + 1))


def stepped(incident: Incident, event: Event, lifecycle: Lifecycle) -> Incident | None:
    """The longer history, where the event takes a free step and is no earlier than what happened before.

    Nothing can stand in the way of such a step. None where it is another one, which has to be looked into.
    """
    place: Place | None = incident.memo
    if place is None or place[0] is not lifecycle:
        place = _place(standing_of(incident, lifecycle), len(incident.events))
    _, state, latest, standing, known = place
    named, at = event.state, event.at
    steps = lifecycle.free.get(state)
    target = steps and steps.get(event.__class__ if named is None else (event.__class__, named))
    if not target or at < latest:
        return None
    return extended(incident, (event,), (lifecycle, target, at, standing, known))


MARKS: Mapping[type[Event], MarkKind] = {
    Logged: "opened",
    Attached: "attached",
    Acknowledged: "acknowledged",
    Replied: "agent_reply",
    RequesterWrote: "requester_message",
    Reopened: "reopened",
    Escalated: "escalated",
    Excluded: "excluded",
    Linked: "workaround",
}


def mark_of(event: Event, standing: Standing) -> tuple[MarkKind, Side] | None:
    """What the event marks on the timeline and from which side it came, or None.

    Only a public reply by a human answers the user; of the links only one to a known error or a workaround is marked:
    from then on there is something that reduces the impact. An incident logged by nobody in particular, or by the
    reporter, was logged by the requester.
    """
    kind = MARKS.get(event.__class__)
    if kind is None or (isinstance(event, Replied) and (not event.public or event.automatic)):
        return None
    if isinstance(event, Linked) and event.kind not in ("known_error", "workaround"):
        return None
    if isinstance(event, RequesterWrote):
        return kind, "requester"
    own = event.by is not None and standing.reporter is not None and event.by.id == standing.reporter.id
    if own or (isinstance(event, Logged) and event.by is None):
        return kind, "requester"
    return kind, "agent"
