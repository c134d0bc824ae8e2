"""What KPIs ask of one incident: each fact is found once, however many KPIs ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, Literal, Self, TypeVar, overload

import attrs

from itilkit.events import NO_FIELDS, Cancelled, Linked, MajorDeclared, Scalar
from itilkit.lifecycle import MarkKind, Timeline
from itilkit.sla import Assessment, Reading
from itilkit.vocabulary import Status

__all__ = ["NO_STAYS", "Case", "Kind", "LeftOut", "Reason", "Stays"]

Kind = Literal["cancelled", "duplicate", "child", "request"]
"""Incidents that a KPI may leave out as a kind: cancelled, repeating another one, following a major incident, or a
service request that was filed as an incident."""

Reason = Literal[
    "open", "missing", "not_recorded", "negative", "cancelled", "duplicate", "child", "request", "pending",
    "no_agreement", "not_opened", "not_eligible", "out_of_period", "no_unit", "ended", "unripe", "never_warned",
    "no_target",
]  # fmt: skip


@attrs.frozen
class LeftOut:
    """An incident that a KPI does not count, and why."""

    reason: Reason


T = TypeVar("T")


class _Once(Generic[T]):
    """A property that is worked out once; `functools.cached_property` takes a lock for each."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self.find = find
        self.name = find.__name__
        self.__doc__ = find.__doc__

    @overload
    def __get__(self, case: None, owner: type) -> Self: ...
    @overload
    def __get__(self, case: object, owner: type) -> T: ...
    def __get__(self, case: object | None, owner: type) -> T | Self:
        if case is None:
            return self
        found = self.find(case)
        case.__dict__[self.name] = found
        return found


class Case:
    """One incident as it is measured: its assessment, and the facts that more than one KPI asks for.

    Attributes:
        assessment: What it was made of.
        timeline: What held when.
        readings: What the clocks say, by target.
        kinds: What it is besides an incident that counts; a duplicate, else cancelled; a request; the
            child of a major incident (which `measure` finds out when it has seen all incidents).
        parent: The incident that it follows, by number; None where it follows none.
        repeats: The incident that it is a duplicate of, by number; None where it is none.
        merged_at: The earliest opening of the incidents that were merged into it, where that is before its own; known
            when all incidents are (`Cases`).
        declared_major: It was declared a major incident.
    """

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.timeline: Timeline = assessment.timeline
        self.readings: Mapping[str, Reading] = assessment.readings
        self.parent: str | None = None
        self.declared_major = False
        self.repeats: str | None = None
        self.merged_at: datetime | None = None
        for event in self.timeline.events:
            kind = event.__class__
            if kind not in _TELLING:
                continue
            if isinstance(event, MajorDeclared):
                self.declared_major = True
            elif isinstance(event, Cancelled):
                self.repeats = event.duplicate_of or self.repeats
            elif isinstance(event, Linked) and event.kind == "duplicate_of":
                self.repeats = event.to
            elif isinstance(event, Linked) and event.kind == "parent":
                self.parent = event.to
        self.kinds: tuple[Kind, ...] = ()
        statuses = self.timeline.statuses
        if self.repeats is not None:
            self.kinds = ("duplicate",)
        elif statuses and statuses[-1] is Status.CANCELLED:
            self.kinds = ("cancelled",)
        if self.known("kind") in _REQUESTS:
            self.kinds = (*self.kinds, "request")

    def __repr__(self) -> str:
        return f"<Case {self.timeline.incident.number}>"

    def left_out(self, kinds: frozenset[Kind]) -> LeftOut | None:
        """Why it does not count where these kinds are left out; None where it does."""
        if not self.timeline.statuses:
            return LeftOut("not_opened")
        for kind in self.kinds:
            if kind in kinds:
                return LeftOut(kind)
        return None

    @_Once
    def unresolved(self) -> LeftOut:
        """Why it has no resolution, where it has none: it still is open, or it ended without one."""
        return LeftOut("open" if self.timeline.statuses[-1].is_open else "missing")

    @_Once
    def opened_at(self) -> datetime | None:
        """When it was reported."""
        return self.timeline.opened_at

    @_Once
    def resolved_at(self) -> datetime | None:
        """When it last entered resolved; None while it is open."""
        return self.timeline.resolved_at

    @_Once
    def first_resolved_at(self) -> datetime | None:
        """When it was first declared resolved, even if it is open again."""
        return self.timeline.first_resolved_at

    @_Once
    def closed_at(self) -> datetime | None:
        """When it last entered closed; None while it is not."""
        return self.timeline.closed_at

    @_Once
    def reopened_at(self) -> tuple[datetime, ...]:
        """Each instant at which it came back from resolved or closed."""
        timeline = self.timeline
        found: list[datetime] = []
        before: Status | None = None
        for at, now in zip(timeline.beats, timeline.statuses, strict=True):
            if now is not before:  # most events change no status
                if before is not None and now.is_open and not before.is_open:
                    found.append(at)
                before = now
        return tuple(found)

    @_Once
    def in_status(self) -> Mapping[str, Stays]:
        """How often it came into each status, and how long it was there on the wall."""
        return _stays(self.timeline, self.timeline.statuses)

    @_Once
    def in_state(self) -> Mapping[str, Stays]:
        """The same for the states of the tool's own."""
        return _stays(self.timeline, self.timeline.states)

    @_Once
    def groups(self) -> tuple[str, ...]:
        """The groups that had it, one after the other; a spell without a group does not count."""
        return tuple(self.timeline.groups())

    @property
    def hops(self) -> int | LeftOut:
        """Changes of group: the first one is none."""
        return len(self.groups) - 1 if self.groups else LeftOut("missing")

    @property
    def is_major(self) -> bool:
        """It was declared a major incident, or the tool's own field ``major`` says so."""
        return self.declared_major or self.known("major") is True

    @_Once
    def fields(self) -> Mapping[str, Scalar]:
        """Its fields as they stand; empty before it was opened."""
        fields = self.timeline.fields
        return fields[-1] if fields else {}

    def known(self, name: str) -> Scalar:
        """A field as it stands, else an attribute of the record; None where neither is known."""
        fields, attributes = self.fields, self.timeline.incident.attributes
        value = fields[name] if name in fields else None  # noqa: SIM401  get() costs an exception where it is absent
        if value is not None or attributes is NO_FIELDS:
            return value
        return attributes[name] if name in attributes else None  # noqa: SIM401

    def counter(self, name: str) -> int | LeftOut:
        """A counter of the tool's own."""
        value = self.fields.get(name)
        return value if type(value) is int else LeftOut("not_recorded")

    def lacks(self, facts: Iterable[str]) -> bool:
        """Whether its source does not record one of these facts."""
        return not self.timeline.incident.source.lacks.isdisjoint(facts)

    def marked(self, *kinds: MarkKind) -> datetime | None:
        """When one of these marks was first set, by the event's own stamp."""
        for mark in self.timeline.marks:
            if mark.kind in kinds:
                return self.timeline.events[mark.beat].at
        return None


Stays = tuple[int, timedelta]
NO_STAYS: Stays = (0, timedelta(0))


def _stays(timeline: Timeline, track: Sequence[str]) -> dict[str, Stays]:
    """The last stay counts up to `as_of`, and where the record is at its end up to the last event."""
    found: dict[str, Stays] = {}
    held, since = track[0], timeline.beats[0]
    for at, now in zip(timeline.beats, track, strict=True):
        if now != held:
            count, spent = found.get(str(held), NO_STAYS)
            found[str(held)] = count + 1, spent + (at - since)
            held, since = now, at
    end = timeline.beats[-1] if timeline.statuses[-1].is_final else timeline.as_of
    count, spent = found.get(str(held), NO_STAYS)
    found[str(held)] = count + 1, spent + (end - since)
    return found


_TELLING: tuple[type, ...] = (Cancelled, Linked, MajorDeclared)
_REQUESTS = ("service_request", "request")
