"""May this be done now? Each step of a major incident as a question with an answer: `Accepted` or `Refused`.

What goes through these doors keeps the law of the room: from its declaration until it is stood down, a major
incident has exactly one incident manager. So declaring one names its manager in the same breath, the role is handed
over and never left, and standing down ends all roles.

The answer's events are for the host to store together, in their order. Whether the acting person has the right to do
it is the host's own question.
"""

from __future__ import annotations

from datetime import datetime

from itilkit.events import (
    Event,
    MajorDeclared,
    MajorProposed,
    MajorRejected,
    Person,
    RoleLeft,
    RoleTaken,
    StoodDown,
)
from itilkit.events.doors import person_of, role_of, somebody
from itilkit.lifecycle import PERMISSIVE, Accepted, Lifecycle, Reason, Refused, Timeline, replay
from itilkit.major_incidents.standing import MajorState, standing
from itilkit.records import Incident, roles
from itilkit.spans import utc
from itilkit.vocabulary import Role

__all__ = ["assign_role", "declare", "hand_over", "propose", "reject", "release_role", "stand_down"]

LEADER = Role.INCIDENT_MANAGER


def propose(
    incident: Incident,
    at: datetime,
    by: Person | str | None = None,
    *,
    reason: str = "",
    lifecycle: Lifecycle = PERMISSIVE,
) -> Accepted | Refused:
    """A proposal to hold it for a major incident, for somebody else to decide on.

    Args:
        incident: The record and its history.
        at: When; aware.
        by: Who proposes it; None is a tool.
        reason: The business impact that would make it one.
        lifecycle: Says which records are at their end; these are not proposed.

    Raises:
        InstantError: `at` has no zone.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> first = propose(Incident("INC1", [Logged(nine)]), nine, "ann", reason="Nobody can pay")
    >>> print(propose(first.incident, nine, "bo"))
    INC1 has been proposed already (declare or reject it)
    """
    door = _Door(incident, at, lifecycle)
    door.must_live()
    door.must_not_be_declared("there is nothing to propose")
    if door.state == "proposed":
        message = f"{incident.number} has been proposed already"
        door.refuse(Reason("already_proposed", message, field="state", remedy="declare or reject it"))
    return door.answer(MajorProposed(door.at, person_of(by), reason=reason))


def reject(
    incident: Incident, at: datetime, by: Person | str | None = None, *, reason: str = ""
) -> Accepted | Refused:
    """A proposal turned down or taken back; the arguments are those of `propose`.

    Raises:
        InstantError: `at` has no zone.
    """
    door = _Door(incident, at)
    door.must_be("proposed", "not_proposed", "has not been proposed", "propose it first")
    return door.answer(MajorRejected(door.at, person_of(by), reason=reason))


def declare(
    incident: Incident,
    at: datetime,
    by: Person | str | None = None,
    *,
    incident_manager: Person | str,
    reason: str = "",
    war_room: str = "",
    approved_by: Person | str | None = None,
    lifecycle: Lifecycle = PERMISSIVE,
) -> Accepted | Refused:
    """The declaration of a major incident, with who leads it from that instant on.

    It may answer a proposal or come without one.

    Args:
        incident: The record and its history.
        at: When; aware.
        by: Who declares it.
        incident_manager: Who leads it.
        reason: The business impact that makes it one; empty keeps that of the proposal.
        war_room: Where people meet.
        approved_by: Who approved it, where that is not who declares it.
        lifecycle: Says which records are at their end; these are not declared.

    Raises:
        InstantError: `at` has no zone.
        RecordError: nobody is named as incident manager.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> answer = declare(Incident("INC1", [Logged(nine)]), nine, "ann", incident_manager="quinn")
    >>> [type(event).__name__ for event in answer.events]
    ['MajorDeclared', 'RoleTaken']
    """
    door = _Door(incident, at, lifecycle)
    door.must_live()
    door.must_not_be_declared("hand it over instead")
    person, leader = person_of(by), somebody(incident_manager)
    return door.answer(
        MajorDeclared(door.at, person, reason=reason, war_room=war_room, approved_by=person_of(approved_by)),
        RoleTaken(door.at, person, role=LEADER, person=leader),
    )


def hand_over(
    incident: Incident, at: datetime, by: Person | str | None = None, *, to: Person | str
) -> Accepted | Refused:
    """The lead handed over to another person, without an instant between the two.

    Raises:
        InstantError: `at` has no zone.
        RecordError: `to` is nobody.
    """
    return assign_role(incident, at, by, role=LEADER, person=to)


def assign_role(
    incident: Incident,
    at: datetime,
    by: Person | str | None = None,
    *,
    role: Role | str,
    person: Person | str,
) -> Accepted | Refused:
    """A role given to a person; one that is not shared (`Role.shared`) is taken over from whoever has it.

    Raises:
        InstantError: `at` has no zone.
        RecordError: no such role, or `person` is nobody.
    """
    door = _Door(incident, at)
    door.must_be_major()
    wanted, taker = role_of(role), somebody(person)
    if door.has(wanted, taker):
        message = f"{taker} is {wanted.replace('_', ' ')} already"
        door.refuse(Reason("has_role", message, field="person", remedy="name somebody else"))
    return door.answer(RoleTaken(door.at, person_of(by), role=wanted, person=taker))


def release_role(
    incident: Incident,
    at: datetime,
    by: Person | str | None = None,
    *,
    role: Role | str,
    person: Person | str,
) -> Accepted | Refused:
    """A role that a person gives up; the incident manager's is handed over instead.

    Raises:
        InstantError: `at` has no zone.
        RecordError: no such role, or `person` is nobody.
    """
    door = _Door(incident, at)
    door.must_be_major()
    wanted, leaver = role_of(role), somebody(person)
    if not door.has(wanted, leaver):
        message = f"{leaver} is not {wanted.replace('_', ' ')}"
        door.refuse(Reason("has_no_role", message, field="person", remedy="name who has the role"))
    elif wanted is LEADER:
        message = f"a major incident has an incident manager at any instant: {leaver} cannot just leave"
        door.refuse(Reason("must_hand_over", message, field="role", remedy="hand it over, or stand it down"))
    return door.answer(RoleLeft(door.at, person_of(by), role=wanted, person=leaver))


def stand_down(
    incident: Incident, at: datetime, by: Person | str | None = None, *, reason: str = ""
) -> Accepted | Refused:
    """The end of a major incident: all roles end, and the ordinary flow goes on.

    Raises:
        InstantError: `at` has no zone.
    """
    door = _Door(incident, at)
    door.must_be_major()
    return door.answer(StoodDown(door.at, person_of(by), reason=reason))


class _Door:
    """An incident at the instant at which something is asked, and what stands in the way so far."""

    def __init__(self, incident: Incident, at: datetime, lifecycle: Lifecycle = PERMISSIVE) -> None:
        self.incident = incident
        self.at = utc(at)
        latest = max(event.at for event in incident.events)
        self.timeline: Timeline = replay(incident, lifecycle, as_of=max(latest, self.at), strict=False)
        found = standing(self.timeline)
        self.state: MajorState | None = None if found is None else found.state
        self.declared = self.timeline.declared_major is True
        self.reasons: list[Reason] = []
        if self.at < latest:
            message = f"{self.at:%Y-%m-%dT%H:%MZ} is earlier than the last event at {latest:%Y-%m-%dT%H:%MZ}"
            remedy = "append events in the order in which they happened"
            self.refuse(Reason("out_of_order", message, field="at", remedy=remedy))

    def refuse(self, reason: Reason) -> None:
        """Note what stands in the way."""
        self.reasons.append(reason)

    def must_live(self) -> None:
        """It may not be at its end."""
        status = self.timeline.status
        if status is not None and status.is_final:
            message = f"{self.incident.number} is {self.timeline.state}"
            self.refuse(
                Reason("final_record", message, field="state", remedy="log a new incident linked as related")
            )

    def must_not_be_declared(self, remedy: str) -> None:
        """It may not be a major incident that somebody declared."""
        if self.declared:
            message = f"{self.incident.number} is a major incident already"
            self.refuse(Reason("already_major", message, field="state", remedy=remedy))

    def must_be(self, state: MajorState, code: str, told: str, remedy: str) -> None:
        """It must stand so."""
        if self.state != state:
            self.refuse(Reason(code, f"{self.incident.number} {told}", field="state", remedy=remedy))

    def must_be_major(self) -> None:
        """It must be a major incident."""
        self.must_be("accepted", "not_major", "is no major incident", "declare it first")

    def has(self, role: Role, person: Person) -> bool:
        """Whether a person has a role now."""
        return any(
            each.role is role and each.end is None and each.person.id == person.id
            for each in roles(self.incident.events)
        )

    def answer(self, *events: Event) -> Accepted | Refused:
        """The longer history, or all that stands in the way."""
        if self.reasons:
            return Refused(tuple(self.reasons))
        return Accepted(self.incident.appended(*events), events)
