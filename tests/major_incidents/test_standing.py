"""How a major incident stands, by its history."""

from __future__ import annotations

from datetime import datetime

import pytest

from itilkit.errors import InstantError
from itilkit.events import (
    Cancelled,
    Classified,
    Closed,
    DisasterRecoveryInvoked,
    Event,
    MajorDeclared,
    MajorProposed,
    MajorRejected,
    Noted,
    Person,
    Replied,
    RequesterWrote,
    Resolved,
    RoleLeft,
    RoleTaken,
    StoodDown,
    WarRoomOpened,
)
from itilkit.lifecycle import PERMISSIVE, replay
from itilkit.major_incidents import MajorIncident, Spell, standing
from itilkit.vocabulary import Audience, Role

from .stories import ANN, BO, QUINN, at, opened, seen


def found(*events: Event, until: int = 600) -> MajorIncident:
    """How it stands; somebody held it for a major incident."""
    major = standing(seen(*events, until=until))
    assert major is not None
    return major


def leads(minutes: int, who: str = "quinn") -> RoleTaken:
    """Somebody takes the lead."""
    return RoleTaken(at(minutes), role="incident_manager", person=who)


def test_an_ordinary_incident_is_none() -> None:
    """Nobody held it for one; one that is not opened yet is none either."""
    assert standing(seen(Noted(at(1)))) is None
    assert standing(replay(opened(), PERMISSIVE, as_of=at(-1))) is None


@pytest.mark.parametrize(
    ("events", "state", "spells"),
    [
        ([MajorProposed(at(1))], "proposed", []),
        ([MajorProposed(at(1)), MajorProposed(at(2))], "proposed", []),
        ([MajorProposed(at(1)), MajorRejected(at(2))], "rejected", []),
        ([MajorProposed(at(1)), MajorRejected(at(2)), MajorProposed(at(3))], "proposed", []),
        ([MajorProposed(at(1)), MajorDeclared(at(2))], "accepted", [(2, None)]),
        ([MajorDeclared(at(2))], "accepted", [(2, None)]),
        ([MajorDeclared(at(2)), MajorProposed(at(3))], "accepted", [(2, None)]),
        ([MajorDeclared(at(2)), StoodDown(at(4))], "stood_down", [(2, 4)]),
        ([MajorDeclared(at(2)), StoodDown(at(4)), MajorDeclared(at(6))], "accepted", [(2, 4), (6, None)]),
        ([MajorDeclared(at(2)), StoodDown(at(4)), MajorProposed(at(6))], "proposed", [(2, 4)]),
        ([MajorDeclared(at(2)), StoodDown(at(2))], "stood_down", [(2, 2)]),
        ([MajorProposed(at(1)), MajorRejected(at(2)), MajorDeclared(at(3))], "accepted", [(3, None)]),
        # Histories that contradict themselves are believed as far as they go.
        ([MajorRejected(at(2))], "rejected", []),
        ([StoodDown(at(2))], "stood_down", []),
        ([MajorDeclared(at(2)), MajorDeclared(at(3))], "accepted", [(2, None)]),
        ([MajorDeclared(at(2)), MajorRejected(at(3))], "accepted", [(2, None)]),
    ],
)
def test_the_state(events: list[Event], state: str, spells: list[tuple[int, int | None]]) -> None:
    """Proposed, accepted, rejected or stood down, as often as it takes."""
    major = found(*events)
    assert major.state == state
    assert major.spells == tuple(Spell(at(start), None if end is None else at(end)) for start, end in spells)


def test_who_proposed_approved_and_ended_it() -> None:
    """Each with the instant; the reason of the proposal stands where the declaration gives none."""
    major = found(
        MajorProposed(at(5), ANN, reason="Half of the orders fail"),
        MajorDeclared(at(10), QUINN, war_room="Bridge 4", approved_by=BO),
        leads(10),
        StoodDown(at(60), QUINN),
    )
    assert (major.number, major.title) == ("INC200", "8 of 16 nodes unreachable")
    assert (major.proposed_at, major.proposed_by) == (at(5), ANN)
    assert (major.declared_at, major.declared_by, major.approved_by) == (at(10), QUINN, BO)
    assert (major.stood_down_at, major.stood_down_by) == (at(60), QUINN)
    assert (major.reason, major.war_room) == ("Half of the orders fail", "Bridge 4")
    assert (major.rejected_at, major.rejected_by) == (None, None)
    assert major.findings == ()


def test_who_declares_it_approves_it_unless_another_one_is_named() -> None:
    """One event can say all; a reason of the declaration comes before that of the proposal."""
    major = found(MajorProposed(at(1), reason="Slow"), MajorDeclared(at(2), QUINN, reason="Down"))
    assert (major.approved_by, major.reason) == (QUINN, "Down")


def test_a_rejection_is_told_with_its_hand() -> None:
    """And a later proposal begins anew."""
    rejected = found(MajorProposed(at(1), ANN, reason="Slow"), MajorRejected(at(2), BO))
    assert (rejected.rejected_at, rejected.rejected_by, rejected.reason) == (at(2), BO, "Slow")
    again = found(
        MajorProposed(at(1), ANN), MajorRejected(at(2), BO), MajorProposed(at(3), QUINN, reason="Down")
    )
    assert (again.rejected_at, again.proposed_by, again.reason) == (None, QUINN, "Down")


def test_what_is_later_is_not_known() -> None:
    """At an earlier instant the incident stands as it did then."""
    events: list[Event] = [MajorProposed(at(1)), MajorDeclared(at(5)), leads(5), StoodDown(at(60))]
    assert found(*events, until=2).state == "proposed"
    assert found(*events, until=59).state == "accepted"
    assert standing(seen(*events, until=0)) is None


def test_roles_over_time() -> None:
    """Who leads is told at any instant, and who else has a role; nobody leads what is stood down."""
    events: list[Event] = [
        MajorDeclared(at(10)),
        leads(10),
        RoleTaken(at(11), role="sme", person=ANN),
        RoleTaken(at(12), role="sme", person=BO),
        leads(30, "bo"),
        RoleLeft(at(40), role="sme", person=ANN),
        StoodDown(at(60)),
    ]
    major = found(*events)
    assert [major.holders("incident_manager", at(minute)) for minute in (9, 10, 29, 30, 59, 60)] == [
        (), (Person("quinn"),), (Person("quinn"),), (Person("bo"),),
        (Person("bo"),), (),
    ]  # fmt: skip
    assert [len(major.holders(Role.SME, at(minute))) for minute in (11, 12, 40, 60)] == [1, 2, 1, 0]
    assert (major.incident_manager, major.holders(Role.SME)) == (None, ())
    assert str(found(*events, until=20).incident_manager) == "quinn"
    assert str(found(*events, until=20)) == "INC200: major incident, accepted, led by quinn"
    assert str(major) == "INC200: major incident, stood down"
    with pytest.raises(InstantError, match="has no zone"):
        major.holders(Role.SME, datetime(2026, 3, 10))  # noqa: DTZ001  the mistake under test
    with pytest.raises(InstantError, match="has no zone"):
        found(MajorProposed(at(10))).accepted_at(datetime(2026, 3, 10))  # noqa: DTZ001
    with pytest.raises(InstantError, match="has no zone"):
        Spell(at(0)).holds(datetime(2026, 3, 10))  # noqa: DTZ001


def test_when_it_was_a_major_incident() -> None:
    """From each declaration to before its end."""
    major = found(MajorDeclared(at(10)), leads(1), StoodDown(at(20)), MajorDeclared(at(30)), leads(30))
    assert [major.accepted_at(at(minute)) for minute in (9, 10, 19, 20, 29, 30, 599)] == [
        False, True, True, False, False, True, True,
    ]  # fmt: skip


def test_what_was_done() -> None:
    """The war room moves, recovery plans are invoked, and bulletins are what people sent out since it began."""
    major = found(
        Replied(at(5), ANN, text="Thank you for your call."),
        MajorDeclared(at(10), war_room="Bridge 4"),
        leads(10),
        Replied(at(10), ANN, text="Half of the orders fail.", audience="users"),
        Replied(at(16), text="Your ticket changed.", automatic=True),
        RequesterWrote(at(17), text="And?"),
        DisasterRecoveryInvoked(at(20), QUINN, plan="Second site"),
        WarRoomOpened(at(25), war_room="Room 12"),
        Replied(at(30), ANN, text="Moving.", audience="management", public=False),
    )
    assert major.war_room == "Room 12"
    assert [(each.at, each.plan) for each in major.disaster_recovery] == [(at(20), "Second site")]
    assert [(each.at, each.audience) for each in major.bulletins] == [
        (at(10), Audience.USERS),
        (at(30), Audience.MANAGEMENT),
    ]


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([MajorDeclared(at(10)), leads(10)], []),
        ([leads(5), MajorDeclared(at(10))], []),
        ([MajorDeclared(at(10))], [("no_incident_manager", 10, None)]),
        ([MajorDeclared(at(10)), leads(15)], [("no_incident_manager", 10, 15)]),
        ([MajorDeclared(at(10)), StoodDown(at(30))], [("no_incident_manager", 10, 30)]),
        (
            [
                MajorDeclared(at(10)),
                leads(10),
                RoleLeft(at(20), role="incident_manager", person="quinn"),
                leads(25),
                StoodDown(at(30)),
            ],
            [("no_incident_manager", 20, 25)],
        ),
        (
            [MajorDeclared(at(10)), leads(10), StoodDown(at(30)), MajorDeclared(at(40))],
            [("no_incident_manager", 40, None)],
        ),
        (
            [
                leads(1),
                RoleLeft(at(5), role="incident_manager", person="quinn"),
                MajorDeclared(at(10)),
                leads(12),
            ],
            [("no_incident_manager", 10, 12)],
        ),
        ([MajorDeclared(at(10)), StoodDown(at(20)), leads(25)], [("no_incident_manager", 10, 20)]),
        ([MajorDeclared(at(10)), leads(10), MajorDeclared(at(12))], [("declared_twice", 12, None)]),
        ([MajorRejected(at(10))], [("nothing_proposed", 10, None)]),
        ([StoodDown(at(10))], [("nothing_to_stand_down", 10, None)]),
        ([MajorProposed(at(1)), StoodDown(at(10))], [("nothing_to_stand_down", 10, None)]),
        (
            [MajorDeclared(at(10)), leads(10), Resolved(at(20)), Closed(at(30))],
            [("ended_while_major", 30, None)],
        ),
        ([MajorDeclared(at(10)), leads(10), Cancelled(at(30))], [("ended_while_major", 30, None)]),
        ([MajorDeclared(at(10)), leads(10), StoodDown(at(20)), Cancelled(at(30))], []),
        (
            [Classified(at(5), fields={"major": True})],
            [("undeclared_major", 0, None), ("no_incident_manager", 0, None)],
        ),
    ],
)
def test_what_a_history_lacks_is_told(events: list[Event], told: list[tuple[str, int, int | None]]) -> None:
    """A history of another tool is believed and nothing raises: what it lacks is a finding, with its time."""
    major = found(*events)
    assert [(each.code, each.at, each.until) for each in major.findings] == [
        (code, at(start), None if end is None else at(end)) for code, start, end in told
    ]


def test_a_finding_reads_as_a_sentence() -> None:
    """With its instant before it."""
    [finding] = found(MajorDeclared(at(10))).findings
    assert str(finding) == "2026-03-10T02:10Z: nobody was its incident manager"


def test_a_tool_with_a_field_of_its_own() -> None:
    """It is accepted since it was opened, and nobody is known to have declared it."""
    major = found(Classified(at(5), fields={"major": True}), leads(0))
    assert (major.state, major.declared_at, major.spells) == ("accepted", None, (Spell(at(0)),))
    assert str(major.incident_manager) == "quinn"


def test_a_backward_stamp_takes_its_place_on_the_axis() -> None:
    """The order of the history is the truth: the lead taken after the declaration began no earlier."""
    major = found(MajorDeclared(at(10)), leads(3), StoodDown(at(8)))
    assert (major.declared_at, major.stood_down_at) == (at(10), at(10))
    assert [(each.start, each.end) for each in major.roles] == [(at(10), at(10))]
    assert major.findings == ()
