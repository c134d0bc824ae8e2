"""What do several events tell together? Links, the resolution, messages, escalations and roles, read from a history.

Rules of this file:

* An event is what one person or tool did at one instant; it is what can be appended, and the only thing that is
  stored. What is read here joins several events and is worked out on each call.
* Each function takes events in their order: ``incident.events``, or ``timeline.events`` for what was known at its
  `as_of`. No events give nothing.
* The order of the history counts, not the stamps.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import attrs

from itilkit.events import (
    Acknowledged,
    AppliedBy,
    Assigned,
    Cancelled,
    Closed,
    Escalated,
    EscalationKind,
    EscalationTrigger,
    Event,
    Linked,
    LinkKind,
    Person,
    Reopened,
    Replied,
    RequesterWrote,
    Resolved,
    RoleLeft,
    RoleTaken,
    StoodDown,
)
from itilkit.spans import utc
from itilkit.vocabulary import Audience, Channel, ResolutionCode, Role

__all__ = [
    "Communication",
    "Escalation",
    "Links",
    "Resolution",
    "RoleAssignment",
    "communications",
    "escalations",
    "links",
    "resolution",
    "roles",
]

Direction = Literal["in", "out"]


@attrs.frozen(kw_only=True)
class Links:
    """The other records that an incident is tied to, by number.

    Of a kind of which there is only one, the last one told counts; the others keep their order, each once.

    Attributes:
        parent: The incident that this one follows.
        children: The incidents that follow this one.
        duplicate_of: The incident that this one repeats.
        duplicates: The incidents that repeat this one.
        problem: Its problem.
        known_error: The known error that it shows.
        workaround: The workaround that was used.
        change: The change raised to mend it.
        caused_by_change: The change that broke it.
        related: Others, such as the incident of which this one is a recurrence.
    """

    parent: str | None = None
    children: tuple[str, ...] = ()
    duplicate_of: str | None = None
    duplicates: tuple[str, ...] = ()
    problem: str | None = None
    known_error: str | None = None
    workaround: str | None = None
    change: str | None = None
    caused_by_change: str | None = None
    related: tuple[str, ...] = ()


def links(events: Iterable[Event]) -> Links:
    """The records that a history ties its incident to; one that was cancelled as a duplicate is tied to the other.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, tzinfo=UTC)
    >>> links([Linked(at, kind="problem", to="PRB1"), Cancelled(at, duplicate_of="INC7")]).duplicate_of
    'INC7'
    """
    told: dict[LinkKind, list[str]] = {}
    for event in events:
        if isinstance(event, Linked):
            told.setdefault(event.kind, []).append(event.to)
        elif isinstance(event, Cancelled) and event.duplicate_of:
            told.setdefault("duplicate_of", []).append(event.duplicate_of)

    def last(kind: LinkKind) -> str | None:
        return told[kind][-1] if kind in told else None

    def each(kind: LinkKind) -> tuple[str, ...]:
        return tuple(dict.fromkeys(told.get(kind, ())))

    return Links(
        parent=last("parent"),
        children=each("child"),
        duplicate_of=last("duplicate_of"),
        duplicates=each("duplicate"),
        problem=last("problem"),
        known_error=last("known_error"),
        workaround=last("workaround"),
        change=last("change"),
        caused_by_change=last("caused_by_change"),
        related=each("related"),
    )


@attrs.frozen
class Resolution:
    """How service was restored: the resolution, what it rests on, and the user's confirmation.

    Attributes:
        at: When it was declared; UTC.
        by: Who declared it.
        code: A `ResolutionCode` or the tool's own word.
        notes: What was done.
        resolver: Who restored service, where that is not who wrote it down.
        applied_by: Who applied the fix; None is not recorded.
        known_error: The known error that the incident shows.
        workaround: The workaround that was used.
        confirmed_by: The user who agreed that it is resolved; None where the record was closed without asking, or is
            not closed.
        confirmed_at: When.
    """

    at: datetime
    by: Person | None = None
    code: str | None = attrs.field(default=None, kw_only=True)
    notes: str | None = attrs.field(default=None, kw_only=True)
    resolver: Person | None = attrs.field(default=None, kw_only=True)
    applied_by: AppliedBy | None = attrs.field(default=None, kw_only=True)
    known_error: str | None = attrs.field(default=None, kw_only=True)
    workaround: str | None = attrs.field(default=None, kw_only=True)
    confirmed_by: Person | None = attrs.field(default=None, kw_only=True)
    confirmed_at: datetime | None = attrs.field(default=None, kw_only=True)

    @property
    def permanent(self) -> bool | None:
        """Whether the fault is gone for good, as far as the code says; None for a tool's own word."""
        known = next((code for code in ResolutionCode if code == self.code), None)
        return None if known is None else known.permanent


def resolution(events: Iterable[Event]) -> Resolution | None:
    """The resolution that stands: the last one that was not reopened; None where there is none.

    A tool's own state names no resolution: a record that came into a resolved state without a `Resolved` has none.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, tzinfo=UTC)
    >>> history = [Resolved(at, "ann", code="workaround_provided"), Closed(at, "ann", confirmed_by="bob")]
    >>> found = resolution(history)
    >>> found and (str(found.confirmed_by), found.permanent)
    ('bob', False)
    >>> resolution([*history, Reopened(at, "bob")]) is None
    True
    """
    known = tuple(events)
    stands: Resolved | None = None
    confirmed: Closed | None = None
    for event in known:
        if isinstance(event, Resolved):
            stands, confirmed = event, None
        elif isinstance(event, Reopened):
            stands = confirmed = None
        elif isinstance(event, Closed) and event.confirmed_by is not None:
            confirmed = event
    if stands is None:
        return None
    tied = links(known)
    return Resolution(
        stands.at,
        stands.by,
        code=stands.code,
        notes=stands.notes,
        resolver=stands.resolver,
        applied_by=stands.applied_by,
        known_error=tied.known_error,
        workaround=tied.workaround,
        confirmed_by=confirmed.confirmed_by if confirmed else None,
        confirmed_at=confirmed.at if confirmed else None,
    )


@attrs.frozen
class Communication:
    """A message between the desk and others.

    Attributes:
        at: When; UTC.
        by: Who wrote.
        direction: ``in`` from the user, or ``out`` to others.
        text: What was said.
        public: The user sees it.
        automatic: A tool wrote it.
        audience: Whom it was meant for; None is not recorded.
        channel: By which way; None is not recorded.
        next_update_due_at: When the reader was told to expect the next message; None where nothing was promised.
    """

    at: datetime
    by: Person | None = None
    direction: Direction = attrs.field(kw_only=True)
    text: str = attrs.field(default="", kw_only=True)
    public: bool = attrs.field(default=True, kw_only=True)
    automatic: bool = attrs.field(default=False, kw_only=True)
    audience: Audience | None = attrs.field(default=None, kw_only=True)
    channel: Channel | None = attrs.field(default=None, kw_only=True)
    next_update_due_at: datetime | None = attrs.field(default=None, kw_only=True)


def communications(events: Iterable[Event]) -> tuple[Communication, ...]:
    """The messages of a history, in its order: replies of the desk and what the user wrote."""
    found: list[Communication] = []
    for event in events:
        if isinstance(event, Replied):
            found.append(
                Communication(
                    event.at,
                    event.by,
                    direction="out",
                    text=event.text,
                    public=event.public,
                    automatic=event.automatic,
                    audience=event.audience,
                    channel=event.channel,
                    next_update_due_at=event.next_update_due_at,
                )
            )
        elif isinstance(event, RequesterWrote):
            found.append(
                Communication(event.at, event.by, direction="in", text=event.text, channel=event.channel)
            )
    return tuple(found)


@attrs.frozen
class Escalation:
    """More skill or more authority called in, and whether they took notice.

    Attributes:
        at: When; UTC.
        by: Who called them in; None may be a tool.
        kind: ``functional`` (more skill) or ``hierarchical`` (more authority).
        from_group: The group that had the incident then; None where none had it.
        to: The group, person or supplier that was called in.
        level: The support level or rung that was reached.
        trigger: What called for it; None is not recorded.
        reason: Why, in words.
        reference: Their own number for it.
        acknowledged_at: When somebody next took notice of the incident; None while nobody did.
    """

    at: datetime
    by: Person | None = None
    kind: EscalationKind = attrs.field(kw_only=True)
    from_group: str | None = attrs.field(default=None, kw_only=True)
    to: str = attrs.field(default="", kw_only=True)
    level: int = attrs.field(default=1, kw_only=True)
    trigger: EscalationTrigger | None = attrs.field(default=None, kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)
    reference: str = attrs.field(default="", kw_only=True)
    acknowledged_at: datetime | None = attrs.field(default=None, kw_only=True)


def escalations(events: Iterable[Event]) -> tuple[Escalation, ...]:
    """The escalations of a history, in its order; an acknowledgement answers all that came before it.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, tzinfo=UTC)
    >>> history = [Assigned(at, group="desk"), Escalated(at, kind="functional", to="network"), Acknowledged(at, "bo")]
    >>> [(each.from_group, each.to, each.acknowledged_at == at) for each in escalations(history)]
    [('desk', 'network', True)]
    """
    found: list[Escalation] = []
    group: str | None = None
    unanswered = 0
    for event in events:
        if isinstance(event, Assigned):
            group = event.group
        elif isinstance(event, Acknowledged):
            found[unanswered:] = [attrs.evolve(each, acknowledged_at=event.at) for each in found[unanswered:]]
            unanswered = len(found)
        elif isinstance(event, Escalated):
            found.append(
                Escalation(
                    event.at,
                    event.by,
                    kind=event.kind,
                    from_group=group,
                    to=event.to,
                    level=event.level,
                    trigger=event.trigger,
                    reason=event.reason,
                    reference=event.reference,
                )
            )
    return tuple(found)


@attrs.frozen
class RoleAssignment:
    """A role that a person had for a while.

    Attributes:
        role: The role.
        person: Who had it.
        start: From when; UTC.
        end: Until when, not included; None while they have it.
    """

    role: Role
    person: Person
    start: datetime = attrs.field(kw_only=True)
    end: datetime | None = attrs.field(default=None, kw_only=True)

    def holds(self, at: datetime) -> bool:
        """Whether the person has the role at an instant.

        Raises:
            InstantError: `at` has no zone.
        """
        instant = utc(at)
        return self.start <= instant and (self.end is None or instant < self.end)


def roles(events: Iterable[Event]) -> tuple[RoleAssignment, ...]:
    """Who had which role when, in the order in which the roles were taken.

    A role ends when its person leaves it, when another person takes it over (unless it is one that people share,
    `Role.shared`), and when the major incident is stood down. Who takes a role again that they have keeps it. A stamp
    earlier than the taking of the role ends it when it began.

    >>> from datetime import UTC
    >>> nine, ten = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10))
    >>> history = [RoleTaken(at, role="incident_manager", person=who) for at, who in ((nine, "ann"), (ten, "bo"))]
    >>> [(str(each.person), each.end == ten) for each in roles(history)]
    [('ann', True), ('bo', False)]
    """
    found: list[RoleAssignment] = []
    held: dict[Role, dict[str, int]] = {}  # by role and person, the place among those found

    def end(place: int, at: datetime) -> None:
        found[place] = attrs.evolve(found[place], end=max(at, found[place].start))

    for event in events:
        if isinstance(event, RoleTaken):
            holders = held.setdefault(event.role, {})
            if event.person.id in holders:
                continue
            if not event.role.shared:
                for place in holders.values():
                    end(place, event.at)
                holders.clear()
            holders[event.person.id] = len(found)
            found.append(RoleAssignment(event.role, event.person, start=event.at))
        elif isinstance(event, RoleLeft):
            left = held.get(event.role, {}).pop(event.person.id, None)
            if left is not None:
                end(left, event.at)
        elif isinstance(event, StoodDown):
            for holders in held.values():
                for place in holders.values():
                    end(place, event.at)
            held.clear()
    return tuple(found)
