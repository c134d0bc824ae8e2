"""What happened, event by event, in words: the course of an incident for people who look at it afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeAlias

import attrs

from itilkit.events import (
    Acknowledged,
    Assigned,
    Attached,
    Cancelled,
    Classified,
    Closed,
    DisasterRecoveryInvoked,
    Escalated,
    Event,
    Excluded,
    Held,
    Linked,
    Logged,
    MajorDeclared,
    MajorProposed,
    MajorRejected,
    Migrated,
    ModelAttached,
    Noted,
    Person,
    PrioritySet,
    Reopened,
    Replied,
    RequesterWrote,
    Resolved,
    Resumed,
    Reviewed,
    RoleLeft,
    RoleTaken,
    Started,
    StepDone,
    StoodDown,
    Surveyed,
    SurveySent,
    WarRoomOpened,
)
from itilkit.lifecycle import Timeline
from itilkit.vocabulary import Role

__all__ = ["Entry", "account"]


@attrs.frozen
class Entry:
    """Something that happened.

    Attributes:
        at: When; UTC.
        what: In words.
        by: Who did it; None is a tool, or nobody knows.
    """

    at: datetime
    what: str
    by: Person | None = None


def account(timeline: Timeline, *, notes: bool = False) -> tuple[Entry, ...]:
    """The course of an incident as far as `as_of` knows, in the order of its history; empty before it was opened.

    Left out are automatic replies, replies that no reader saw, what the user wrote, surveys, and the fine print of
    agreements.

    Args:
        timeline: What held when.
        notes: Work notes stand in it, too; they may hold what is not for every reader.

    >>> from datetime import UTC
    >>> from itilkit.lifecycle import ITIL4_DEFAULT, replay
    >>> from itilkit.records import Incident
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> events = [Logged(nine, title="No e-mail"), Escalated(nine, "ann", kind="functional", to="network")]
    >>> for entry in account(replay(Incident("INC1", events), ITIL4_DEFAULT, as_of=nine)):
    ...     print(entry.what, entry.by)
    Reported: No e-mail None
    Called in network (functional) ann
    """
    return tuple(
        Entry(at, what, event.by)
        for at, event in zip(timeline.beats, timeline.events, strict=True)
        for what in _told(event, notes=notes)
        if what
    )


def _told(event: Event, *, notes: bool) -> Iterator[str]:
    """What is told of an event; an empty text, or none, where nothing is."""
    match event:
        case Logged():
            yield _and("Reported", event.title)
        case Classified():
            yield _classified(event)
        case PrioritySet():
            yield f"Priority P{event.priority}{_beside(event.reason)}"
        case Replied() | Noted():
            yield _written(event, notes=notes)
        case Linked():
            yield f"Tied to {_words(event.kind)} {event.to}"
        case ModelAttached():
            yield f"Incident model {event.model}{_beside(event.version)} attached"
        case StepDone():
            yield _and(f"Step done: {event.step}", event.notes)
        case Reviewed():
            yield f"Review held{_beside(event.reference)}"
        case RequesterWrote() | Attached() | Excluded() | SurveySent() | Surveyed():
            pass
        case MajorProposed() | MajorRejected() | MajorDeclared() | StoodDown():
            yield from _decided(event)
        case RoleTaken() | RoleLeft() | WarRoomOpened() | DisasterRecoveryInvoked():
            yield from _led(event)
        case _:
            yield from _moved(event)


_Moving: TypeAlias = (
    Assigned | Acknowledged | Started | Held | Resumed | Escalated | Resolved | Reopened | Closed | Cancelled
    | Migrated
)  # fmt: skip


def _moved(event: _Moving) -> Iterator[str]:
    """What moved the incident on."""
    match event:
        case Assigned():
            whose = [name for name in (event.group, event.assignee and str(event.assignee)) if name]
            yield f"Assigned to {', '.join(whose) or 'nobody'}"
        case Acknowledged():
            yield "Acknowledged"
        case Started():
            yield "Work began"
        case Held():
            waits = _and("On hold", "" if event.reason is None else _words(event.reason))
            yield f"{waits}{_beside(event.reference)}"
        case Resumed():
            yield "Work went on"
        case Escalated():
            beside = ", ".join(filter(None, (event.kind, event.reference)))
            yield _and(f"Called in {event.to or 'others'} ({beside})", event.reason)
        case Resolved():
            yield _and(f"Resolved{_beside(_words(event.code or ''))}", event.notes or "")
        case Reopened():
            yield _and("Reopened", event.reason)
        case Closed():
            confirmed = f", confirmed by {event.confirmed_by}" if event.confirmed_by else ""
            yield f"Closed{_beside(_words(event.code or ''))}{confirmed}"
        case Cancelled():
            repeats = f"repeats {event.duplicate_of}" if event.duplicate_of else ""
            yield _and(f"Cancelled{_beside(repeats)}", event.reason)
        case _:
            carried: Migrated = event  # type checkers see that nothing else is left
            yield _and("Carried over from elsewhere", carried.reason)


def _decided(event: MajorProposed | MajorRejected | MajorDeclared | StoodDown) -> Iterator[str]:
    """What was decided about a major incident."""
    match event:
        case MajorProposed():
            yield _and("Proposed as a major incident", event.reason)
        case MajorRejected():
            yield _and("Rejected as a major incident", event.reason)
        case MajorDeclared():
            approved = f", approved by {event.approved_by}" if event.approved_by else ""
            met = f", war room {event.war_room}" if event.war_room else ""
            yield _and(f"Declared a major incident{approved}{met}", event.reason)
        case _:
            ended: StoodDown = event
            yield _and("Stood down", ended.reason)


def _led(event: RoleTaken | RoleLeft | WarRoomOpened | DisasterRecoveryInvoked) -> Iterator[str]:
    """What was done to lead a major incident."""
    match event:
        case RoleTaken():
            yield f"{event.person} became {_words(event.role)}"
        case RoleLeft():
            yield f"{event.person} is no longer {_words(event.role)}"
        case WarRoomOpened():
            yield f"War room: {event.war_room}"
        case _:
            invoked: DisasterRecoveryInvoked = event
            yield _and(f"Disaster recovery invoked{_beside(invoked.plan)}", invoked.reason)


def _classified(event: Classified) -> str:
    named: Iterable[tuple[str, object]] = (
        ("category", event.category),
        ("subcategory", event.subcategory),
        ("service", event.service),
        ("configuration item", event.configuration_item),
        ("impact", event.impact),
        ("urgency", event.urgency),
    )
    told = ", ".join(f"{name} {value}" for name, value in named if value is not None)
    return f"Classified: {told}" if told else ""


def _written(event: Replied | Noted, *, notes: bool) -> str:
    if isinstance(event, Noted):
        return _and("Note", event.text) if notes and event.text else ""
    if event.automatic:
        return ""
    if event.audience is not None:
        return _and(f"To {event.audience}", event.text)
    return _and("Answered", event.text) if event.public else ""


def _and(what: str, more: str) -> str:
    return f"{what}: {more}" if more else what


def _beside(more: str) -> str:
    return f" ({more})" if more else ""


def _words(word: str | Role) -> str:
    return word.replace("_", " ")
