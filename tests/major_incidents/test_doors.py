"""What may be done to a major incident now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from itilkit import major_incidents as major
from itilkit.errors import InstantError, RecordError
from itilkit.events import (
    Classified,
    Closed,
    Event,
    MajorDeclared,
    MajorProposed,
    MajorRejected,
    Noted,
    Person,
    Resolved,
    RoleLeft,
    RoleTaken,
    StoodDown,
)
from itilkit.lifecycle import ITIL4_DEFAULT, Accepted, Refused, decide
from itilkit.records import Incident
from itilkit.vocabulary import Role

from .stories import ANN, BO, QUINN, at, opened

LEAD = Role.INCIDENT_MANAGER
DECLARED = (MajorDeclared(at(10), QUINN), RoleTaken(at(10), QUINN, role=LEAD, person=QUINN))


def accepted(answer: Accepted | Refused) -> tuple[Event, ...]:
    """The events of an answer that is yes; they are what the longer history ends in."""
    assert isinstance(answer, Accepted), answer
    assert answer.incident.events[-len(answer.events) :] == answer.events
    return answer.events


def refused(answer: Accepted | Refused) -> list[str]:
    """The codes of an answer that is no."""
    assert isinstance(answer, Refused), answer
    return [reason.code for reason in answer.reasons]


def test_a_proposal() -> None:
    """One event, by whom and why; a second proposal is refused, and so is one of what was declared."""
    found = accepted(major.propose(opened(), at(5), "ann", reason="Down"))
    assert found == (MajorProposed(at(5), "ann", reason="Down"),)
    assert refused(major.propose(opened(*found), at(6))) == ["already_proposed"]
    assert refused(major.propose(opened(*DECLARED), at(11))) == ["already_major"]
    rejected = opened(*found, MajorRejected(at(6)))
    assert accepted(major.propose(rejected, at(7))) == (MajorProposed(at(7)),)


def test_a_rejection_needs_a_proposal() -> None:
    """It is by whoever decides."""
    proposed = opened(MajorProposed(at(5), ANN))
    assert accepted(major.reject(proposed, at(6), BO, reason="One user")) == (
        MajorRejected(at(6), BO, reason="One user"),
    )
    assert refused(major.reject(opened(), at(6))) == ["not_proposed"]
    assert refused(major.reject(opened(*DECLARED), at(11))) == ["not_proposed"]


@pytest.mark.parametrize("before", [(), (MajorProposed(at(5), ANN),), (MajorRejected(at(5)),)])
def test_a_declaration_names_its_leader(before: tuple[Event, ...]) -> None:
    """Two events at one instant, with or without a proposal."""
    answer = major.declare(
        opened(*before),
        at(10),
        QUINN,
        incident_manager=BO,
        reason="Down",
        war_room="Bridge 4",
        approved_by="cto",
    )
    assert accepted(answer) == (
        MajorDeclared(at(10), QUINN, reason="Down", war_room="Bridge 4", approved_by="cto"),
        RoleTaken(at(10), QUINN, role=LEAD, person=BO),
    )


def test_what_is_declared_is_not_declared_again() -> None:
    """Until it is stood down; one that only a tool's field makes major has yet to be declared."""
    assert refused(major.declare(opened(*DECLARED), at(11), incident_manager=BO)) == ["already_major"]
    over = opened(*DECLARED, StoodDown(at(20)))
    assert len(accepted(major.declare(over, at(30), incident_manager=BO))) == 2
    foreign = opened(Classified(at(5), fields={"major": True}))
    assert len(accepted(major.declare(foreign, at(30), incident_manager=BO))) == 2
    assert len(accepted(major.propose(foreign, at(30)))) == 1


def test_nobody_cannot_lead() -> None:
    """A declaration without a leader is a mistake of the program."""
    with pytest.raises(RecordError, match="nobody cannot take a role"):
        major.declare(opened(), at(10), incident_manager=None)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(RecordError, match="nobody cannot take a role"):
        major.hand_over(opened(*DECLARED), at(10), to=None)  # type: ignore[arg-type]


def test_a_record_at_its_end_is_not_declared() -> None:
    """By the lifecycle that is given, or else by any record that is closed or cancelled."""
    closed = opened(Resolved(at(5)), Closed(at(6)))
    assert refused(major.declare(closed, at(10), incident_manager=BO)) == ["final_record"]
    assert refused(major.propose(closed, at(10), lifecycle=ITIL4_DEFAULT)) == ["final_record"]
    resolved = opened(Resolved(at(5)))
    assert len(accepted(major.declare(resolved, at(10), incident_manager=BO, lifecycle=ITIL4_DEFAULT))) == 2


def test_the_lead_is_handed_over() -> None:
    """To somebody else, without an instant between the two."""
    incident = opened(*DECLARED)
    assert accepted(major.hand_over(incident, at(30), QUINN, to="bo")) == (
        RoleTaken(at(30), QUINN, role=LEAD, person="bo"),
    )
    assert refused(major.hand_over(incident, at(30), to=QUINN)) == ["has_role"]
    assert refused(major.hand_over(opened(), at(30), to=BO)) == ["not_major"]


def test_roles_are_given_and_given_up() -> None:
    """Any role but the lead may be left; nobody leaves what they do not have."""
    incident = opened(*DECLARED)
    taken = accepted(major.assign_role(incident, at(12), role="sme", person=ANN))
    assert taken == (RoleTaken(at(12), role="sme", person=ANN),)
    incident = incident.appended(*taken)
    assert refused(major.assign_role(incident, at(13), role=Role.SME, person=ANN)) == ["has_role"]
    assert accepted(major.release_role(incident, at(14), QUINN, role="sme", person="ann")) == (
        RoleLeft(at(14), QUINN, role="sme", person="ann"),
    )
    assert refused(major.release_role(incident, at(14), role="sme", person=BO)) == ["has_no_role"]
    assert refused(major.release_role(incident, at(14), role=LEAD, person=QUINN)) == ["must_hand_over"]
    assert refused(major.release_role(incident, at(14), role=LEAD, person=BO)) == ["has_no_role"]
    with pytest.raises(RecordError, match="'comander' is no role"):
        major.assign_role(incident, at(14), role="comander", person=ANN)


def test_standing_down_ends_all_roles() -> None:
    """After it nobody has one, and it cannot be done twice."""
    incident = opened(*DECLARED, RoleTaken(at(12), role="sme", person=ANN))
    events = accepted(major.stand_down(incident, at(60), QUINN, reason="Stable"))
    assert events == (StoodDown(at(60), QUINN, reason="Stable"),)
    over = incident.appended(*events)
    assert refused(major.stand_down(over, at(61))) == ["not_major"]
    assert refused(major.assign_role(over, at(61), role="sme", person=ANN)) == ["not_major"]
    assert refused(major.stand_down(opened(MajorProposed(at(5))), at(6))) == ["not_major"]


ASKED: list[Callable[[Incident, datetime], Accepted | Refused]] = [
    major.propose,
    major.reject,
    lambda incident, when: major.declare(incident, when, incident_manager=BO),
    lambda incident, when: major.hand_over(incident, when, to=BO),
    lambda incident, when: major.assign_role(incident, when, role="sme", person=BO),
    lambda incident, when: major.release_role(incident, when, role="sme", person=BO),
    major.stand_down,
]


@pytest.mark.parametrize("ask", ASKED)
def test_time_runs_forwards(ask: Callable[[Incident, datetime], Accepted | Refused]) -> None:
    """What is earlier than the history is refused with everything else that stands in the way."""
    late = opened(*DECLARED, Noted(at(90)))
    assert "out_of_order" in refused(ask(late, at(89)))
    with pytest.raises(InstantError, match="has no zone"):
        ask(late, datetime(2026, 3, 10))  # noqa: DTZ001  the mistake under test


def test_a_history_that_departs_from_its_lifecycle_is_believed() -> None:
    """What another tool let happen is no reason to stop leading."""
    odd = opened(Closed(at(8)), Noted(at(5)), MajorDeclared(at(9)))
    assert len(accepted(major.hand_over(odd, at(10), to=BO))) == 1
    assert refused(major.propose(odd, at(10), lifecycle=ITIL4_DEFAULT)) == ["final_record", "already_major"]


def test_all_that_stands_in_the_way_is_told_at_once() -> None:
    """So that a user mends it once; nothing has changed."""
    incident = opened(Resolved(at(5)), Closed(at(6)), MajorProposed(at(7)))
    answer = major.propose(incident, at(6))
    assert refused(answer) == ["out_of_order", "final_record", "already_proposed"]
    assert str(answer).splitlines()[1:] == [
        "INC200 is closed (log a new incident linked as related)",
        "INC200 has been proposed already (declare or reject it)",
    ]


def test_what_a_door_lets_through_the_lifecycle_takes() -> None:
    """The events of an answer are accepted one by one by the ordinary lifecycle as well."""
    incident = opened()
    steps: list[Callable[[Incident], Accepted | Refused]] = [
        lambda each: major.propose(each, at(5), ANN),
        lambda each: major.declare(each, at(10), QUINN, incident_manager=Person("quinn")),
        lambda each: major.hand_over(each, at(30), QUINN, to=BO),
        lambda each: major.assign_role(each, at(30), BO, role="sme", person=ANN),
        lambda each: major.release_role(each, at(31), BO, role="sme", person=ANN),
        lambda each: major.stand_down(each, at(60), BO),
    ]
    for ask in steps:
        for event in accepted(ask(incident)):
            decision = decide(incident, event, ITIL4_DEFAULT)
            assert isinstance(decision, Accepted)
            incident = decision.incident
    assert len(incident.events) == 8
