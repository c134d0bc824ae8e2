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
from itilkit.lifecycle.timeline import NOBODY, Assignment, MarkKind, Side
from itilkit.records import Incident, recall, remember
from itilkit.spans import EPOCH
from itilkit.vocabulary import HoldReason, Status

__all__ = ["Standing", "Target", "standing_of"]

Target: TypeAlias = tuple[str, Status, HoldReason | None]


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

    def followed_by(self, event: Event, target: Target | None) -> Standing:
        """How the incident stands after one more event; this standing stays as it is."""
        after = Standing.__new__(Standing)
        for name in Standing.__slots__:
            setattr(after, name, getattr(self, name))
        after.apply(event, target)
        return after

    def target(self, event: Event) -> Target | None:
        """Where the event leads, or None where it leaves the state alone. Legality is not judged here."""
        trigger = TRIGGERS.get(event.__class__)
        name = event.state
        if name is None:
            if trigger is None or trigger == "log":
                return None
            moves = self.lifecycle.moves(self.state, trigger)
            name = next(iter(moves), None)
            if name is None:
                return self._natural(trigger, event) if trigger in MOVES else None
        elif name == self.state and self._only_names(trigger):
            return None
        known = self.lifecycle.state(name)
        if known is not None:
            reason = event.reason if isinstance(event, Held) and event.reason else known.hold_reason
            return name, known.status, reason if known.status is Status.ON_HOLD else None
        if isinstance(event, Held):
            return name, Status.ON_HOLD, event.reason
        status = NATURAL.get(trigger or "", self.status)
        return name, status, self.hold_reason if status is self.status else None

    def _only_names(self, trigger: str | None) -> bool:
        """An event that asks for no step from here and names the present state merely says where it happened."""
        return trigger not in MOVES and self.state not in self.lifecycle.moves(self.state, trigger or "")

    def _natural(self, trigger: str, event: Event) -> Target | None:
        """Where an event that the table does not permit here would lead: the first state of its own status."""
        status = NATURAL[trigger]
        reason = event.reason if isinstance(event, Held) else None
        named = (state.name for state in self.lifecycle.states if state.status is status)
        return next(named, status.value), status, reason

    def permits(self, event: Event, target: Target) -> bool:
        """The table allows the event to lead from where the incident stands to the target."""
        return target[0] in self.lifecycle.moves(self.state, TRIGGERS.get(event.__class__, ""))

    def apply(self, event: Event, target: Target | None) -> None:
        """Move on by one event to the target worked out for it."""
        self.latest = max(self.latest, event.at)
        if target is not None:
            if target[1] is not self.status:
                self._turn(event, target[1])
            self.state, self.status, self.hold_reason = target
            self.inferred = event.inferred
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
        return self.was_resolved_at if self.status in (Status.RESOLVED, Status.CLOSED) else None

    def _turn(self, event: Event, status: Status) -> None:
        """Note what a change of status settles or opens again."""
        self.closed_at = event.at if status is Status.CLOSED else None
        if status.is_open:
            self.was_resolved_at = self.resolution = None
        elif status is Status.RESOLVED:
            self.was_resolved_at = event.at

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
    if not standing.status.is_open:
        standing.resolution = event


# An Any in all but name: each entry takes the event type it stands under, which a mapping cannot say.
_TAKE: Mapping[type[Event], Callable[..., None]] = {
    Logged: _logged,
    Classified: _classified,
    PrioritySet: _priority_set,
    Assigned: _assigned,
    Resolved: _resolved,
}


def standing_of(incident: Incident, lifecycle: Lifecycle) -> Standing:
    """How an incident stands after its whole history, believed as it is; not to be moved on.

    Worked out once: the record remembers it, so that deciding on the next event walks nothing again.
    """
    known = recall(incident)
    if isinstance(known, Standing) and known.lifecycle is lifecycle:
        return known
    standing = Standing(lifecycle)
    for event in incident.events:
        standing.apply(event, standing.target(event))
    remember(incident, standing)
    return standing


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
