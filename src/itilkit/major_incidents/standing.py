"""How does a major incident stand? Its state, who leads it, and what was done about it, read from the history.

Rules of this file:

* It is proposed by `MajorProposed`, accepted by `MajorDeclared`, rejected by `MajorRejected` and stood down by
  `StoodDown`. One that is declared without a proposal is accepted, too. It may be proposed or declared anew.
* While it is accepted, exactly one person is its incident manager. The doors of this room see to that; a history of
  another tool may not, and then a finding says from when to when nobody was.
* The axis is that of the timeline: an event stamped before its predecessor takes its predecessor's instant.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias

import attrs

from itilkit.events import (
    Cancelled,
    Closed,
    DisasterRecoveryInvoked,
    Event,
    MajorDeclared,
    MajorProposed,
    MajorRejected,
    Person,
    StoodDown,
    WarRoomOpened,
)
from itilkit.lifecycle import Timeline
from itilkit.records import Communication, RoleAssignment, communications, roles
from itilkit.spans import utc
from itilkit.vocabulary import Role

__all__ = ["MajorFinding", "MajorFindingCode", "MajorIncident", "MajorState", "Spell", "standing"]

MajorState = Literal["proposed", "accepted", "rejected", "stood_down"]
MajorFindingCode = Literal[
    "no_incident_manager", "undeclared_major", "declared_twice", "nothing_proposed", "nothing_to_stand_down",
    "ended_while_major",
]  # fmt: skip

Deciding: TypeAlias = MajorProposed | MajorRejected | MajorDeclared | StoodDown


@attrs.frozen
class MajorFinding:
    """What a history of a major incident lacks or contradicts.

    Attributes:
        code: A stable word for programs.
        at: When, or from when on; UTC.
        message: What is the matter.
        until: Until when, where it is a time in which something was missing; None while it still is, and otherwise.
    """

    code: MajorFindingCode
    at: datetime
    message: str = attrs.field(kw_only=True)
    until: datetime | None = attrs.field(default=None, kw_only=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ}: {self.message}"


@attrs.frozen
class Spell:
    """A time in which it was a major incident.

    Attributes:
        start: When it was declared; UTC.
        end: When it was stood down, not included; None while it is not.
    """

    start: datetime
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether an instant lies in it.

        Raises:
            InstantError: `at` has no zone.
        """
        instant = utc(at)
        return self.start <= instant and (self.end is None or instant < self.end)


@attrs.frozen(kw_only=True)
class MajorIncident:
    """A major incident as it stands at `as_of`.

    Of several proposals or declarations, the fields tell of the latest one; `spells` has every time in which it was
    a major incident, and `roles` everybody who had a role.

    Attributes:
        number: The incident.
        title: What it is about.
        as_of: The instant of the timeline; UTC.
        state: ``proposed``, ``accepted``, ``rejected`` or ``stood_down``.
        reason: Why it was declared, or else proposed.
        proposed_at: When it was proposed; None where it was declared without a proposal.
        proposed_by: Who proposed it.
        declared_at: When it was declared; None while it is not, and where it was rejected.
        declared_by: Who declared it.
        approved_by: Who approved it: whoever the declaration names, or else who declared it.
        rejected_at: When it was rejected; None where it was not.
        rejected_by: Who rejected it.
        stood_down_at: When it was stood down; None while it is not.
        stood_down_by: Who stood it down.
        war_room: Where people meet, or last met; empty where nobody said.
        disaster_recovery: The plans that were invoked, the earliest first.
        bulletins: The messages that people sent out since it was first declared, the earliest first.
        roles: Who had which role when, in the order in which the roles were taken.
        spells: When it was a major incident.
        findings: What the history lacks or contradicts, the earliest first.
    """

    number: str
    title: str
    as_of: datetime
    state: MajorState
    reason: str = ""
    proposed_at: datetime | None = None
    proposed_by: Person | None = None
    declared_at: datetime | None = None
    declared_by: Person | None = None
    approved_by: Person | None = None
    rejected_at: datetime | None = None
    rejected_by: Person | None = None
    stood_down_at: datetime | None = None
    stood_down_by: Person | None = None
    war_room: str = ""
    disaster_recovery: tuple[DisasterRecoveryInvoked, ...] = ()
    bulletins: tuple[Communication, ...] = ()
    roles: tuple[RoleAssignment, ...] = ()
    spells: tuple[Spell, ...] = ()
    findings: tuple[MajorFinding, ...] = ()

    def __str__(self) -> str:
        leader = f", led by {self.incident_manager}" if self.incident_manager else ""
        return f"{self.number}: major incident, {self.state.replace('_', ' ')}{leader}"

    @property
    def incident_manager(self) -> Person | None:
        """Who leads it, also called its commander; None while it is not accepted, or where nobody does."""
        if self.state != "accepted":
            return None
        found = self.holders(Role.INCIDENT_MANAGER)
        return found[0] if found else None

    def holders(self, role: Role | str, at: datetime | None = None) -> tuple[Person, ...]:
        """Who has a role at an instant, in the order in which they took it.

        Args:
            role: Which role.
            at: When; None is `as_of`.

        Raises:
            InstantError: `at` has no zone.
        """
        wanted, instant = Role(role), self.as_of if at is None else utc(at)
        return tuple(each.person for each in self.roles if each.role is wanted and each.holds(instant))

    def accepted_at(self, at: datetime) -> bool:
        """Whether it was a major incident at an instant.

        Raises:
            InstantError: `at` has no zone.
        """
        instant = utc(at)
        return any(spell.holds(instant) for spell in self.spells)


def standing(timeline: Timeline) -> MajorIncident | None:
    """How the major incident stands at the timeline's `as_of`; None where nobody ever held it for one.

    A record that a tool's own field ``major`` makes one is accepted, with a finding that nobody declared it.

    >>> from datetime import UTC, datetime
    >>> from itilkit.events import Logged, RoleTaken
    >>> from itilkit.lifecycle import ITIL4_DEFAULT, replay
    >>> from itilkit.records import Incident
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> taken = RoleTaken(nine, role="incident_manager", person="quinn")
    >>> incident = Incident("INC1", [Logged(nine), MajorDeclared(nine, "quinn", war_room="Bridge 4"), taken])
    >>> found = standing(replay(incident, ITIL4_DEFAULT, as_of=nine))
    >>> print(found, "in", found.war_room)
    INC1: major incident, accepted, led by quinn in Bridge 4
    """
    events = _on_axis(timeline)
    deciding = [event for event in events if isinstance(event, Deciding)]
    if not deciding and not timeline.is_major:
        return None
    walked = _walk(deciding)
    if not deciding:  # the tool's own field
        walked = attrs.evolve(walked, state="accepted", spells=(Spell(timeline.beats[0]),))
    assigned = roles(events)
    return MajorIncident(
        number=timeline.incident.number,
        title=timeline.incident.logged.title,
        as_of=timeline.as_of,
        war_room=_war_room(events),
        disaster_recovery=tuple(each for each in events if isinstance(each, DisasterRecoveryInvoked)),
        bulletins=_bulletins(events, walked.spells),
        roles=assigned,
        findings=_findings(events, walked, assigned, declared=bool(deciding)),
        **attrs.asdict(walked, recurse=False, filter=lambda field, _: field.name != "contradictions"),
    )


def _on_axis(timeline: Timeline) -> tuple[Event, ...]:
    """The events at the instants of their beats."""
    return tuple(
        event if event.at == beat else attrs.evolve(event, at=beat)
        for event, beat in zip(timeline.events, timeline.beats, strict=True)
    )


@attrs.frozen(kw_only=True)
class _Walked:
    """What proposals, decisions and endings come to."""

    state: MajorState | None = None  # nothing has happened yet
    reason: str = ""
    proposed_at: datetime | None = None
    proposed_by: Person | None = None
    declared_at: datetime | None = None
    declared_by: Person | None = None
    approved_by: Person | None = None
    rejected_at: datetime | None = None
    rejected_by: Person | None = None
    stood_down_at: datetime | None = None
    stood_down_by: Person | None = None
    spells: tuple[Spell, ...] = ()
    contradictions: tuple[MajorFinding, ...] = ()

    def anew(self) -> _Walked:
        """The beginning of another turn: what was told of the one before is history."""
        return _Walked(spells=self.spells, contradictions=self.contradictions)

    def noting(self, code: MajorFindingCode, at: datetime, message: str) -> _Walked:
        """The same, with something that contradicts it."""
        return attrs.evolve(
            self, contradictions=(*self.contradictions, MajorFinding(code, at, message=message))
        )


def _walk(deciding: Iterable[Deciding]) -> _Walked:
    found = _NOTHING
    for event in deciding:
        found = _STEPS[type(event)](found, event)
    return found


def _propose(before: _Walked, event: MajorProposed) -> _Walked:
    """A proposal of what is proposed or accepted already adds nothing."""
    if before.state in ("proposed", "accepted"):
        return before
    return attrs.evolve(
        before.anew(),
        state="proposed",
        reason=event.reason,
        proposed_at=event.at,
        proposed_by=event.by,
    )


def _reject(before: _Walked, event: MajorRejected) -> _Walked:
    if before.state != "proposed":
        message = "a proposal was rejected that nobody had made"
        odd = before.noting("nothing_proposed", event.at, message)
        return odd if before.state else attrs.evolve(odd, state="rejected", rejected_at=event.at)
    return attrs.evolve(before, state="rejected", rejected_at=event.at, rejected_by=event.by)


def _declare(before: _Walked, event: MajorDeclared) -> _Walked:
    if before.state == "accepted":
        return before.noting("declared_twice", event.at, "it was declared while it was a major incident")
    asked = before if before.state == "proposed" else before.anew()
    return attrs.evolve(
        asked,
        state="accepted",
        reason=event.reason or asked.reason,
        declared_at=event.at,
        declared_by=event.by,
        approved_by=event.approved_by or event.by,
        spells=(*before.spells, Spell(event.at)),
    )


def _stand_down(before: _Walked, event: StoodDown) -> _Walked:
    if before.state != "accepted":
        message = "it was stood down while it was no major incident"
        odd = before.noting("nothing_to_stand_down", event.at, message)
        return odd if before.state else attrs.evolve(odd, state="stood_down", stood_down_at=event.at)
    *earlier, last = before.spells
    return attrs.evolve(
        before,
        state="stood_down",
        stood_down_at=event.at,
        stood_down_by=event.by,
        spells=(*earlier, attrs.evolve(last, end=event.at)),
    )


# Any, because each step takes the one event that it is kept under.
_STEPS: Mapping[type[Deciding], Callable[[_Walked, Any], _Walked]] = {
    MajorProposed: _propose,
    MajorRejected: _reject,
    MajorDeclared: _declare,
    StoodDown: _stand_down,
}
_NOTHING = _Walked()


def _war_room(events: Iterable[Event]) -> str:
    told = ""
    for event in events:
        if isinstance(event, MajorDeclared | WarRoomOpened) and event.war_room:
            told = event.war_room
    return told


def _bulletins(events: Iterable[Event], spells: tuple[Spell, ...]) -> tuple[Communication, ...]:
    if not spells:
        return ()
    return tuple(
        each
        for each in communications(events)
        if each.direction == "out" and not each.automatic and each.at >= spells[0].start
    )


def _findings(
    events: Iterable[Event], walked: _Walked, assigned: Iterable[RoleAssignment], *, declared: bool
) -> tuple[MajorFinding, ...]:
    found = list(walked.contradictions)
    if not declared:
        start = walked.spells[0].start
        found.append(
            MajorFinding("undeclared_major", start, message="the field major says so, and nobody declared it")
        )
    leaders = [each for each in assigned if each.role is Role.INCIDENT_MANAGER]
    found += _unled(walked.spells, leaders)
    found += _ended(walked.spells, events)
    return tuple(sorted(found, key=lambda finding: finding.at))


def _unled(spells: Iterable[Spell], leaders: Sequence[RoleAssignment]) -> Iterator[MajorFinding]:
    """The times in which nobody was incident manager; spells and leaders follow each other and never overlap."""
    place = 0  # of the first leader who may still matter
    for spell in spells:
        free = spell.start  # from here on nobody is known to have led
        while place < len(leaders) and (spell.end is None or leaders[place].start < spell.end):
            leader = leaders[place]
            if leader.start > free:
                yield _nobody(free, leader.start)
            if leader.end is None or (spell.end is not None and leader.end > spell.end):
                break  # they led until its end
            free = max(free, leader.end)
            place += 1
        else:
            if spell.end is None or free < spell.end:
                yield _nobody(free, spell.end)


def _nobody(start: datetime, end: datetime | None) -> MajorFinding:
    return MajorFinding("no_incident_manager", start, message="nobody was its incident manager", until=end)


def _ended(spells: Sequence[Spell], events: Iterable[Event]) -> Iterator[MajorFinding]:
    starts = [spell.start for spell in spells]
    for event in events:
        if isinstance(event, Closed | Cancelled):
            place = bisect_right(starts, event.at) - 1
            if place >= 0 and spells[place].holds(event.at):
                word = "closed" if isinstance(event, Closed) else "cancelled"
                message = f"the record was {word} while it was a major incident"
                yield MajorFinding("ended_while_major", event.at, message=message)
