"""What is due under a whole policy: ladders of the agreements in force, timers and messages, in one list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import pytest
from tests.escalation.stories import ALWAYS, ANN, HOUR, LONDON, MINUTE, OFFICE, at, opened

from itilkit.conditions import INCIDENT, Eq
from itilkit.errors import PolicyError
from itilkit.escalation import Cadence, Ladder, Rung
from itilkit.events import Classified, Event, Replied, Resolved
from itilkit.lifecycle import ITIL4_DEFAULT, Accepted, Delay, Timer
from itilkit.policy import Agreement, Policy, Target
from itilkit.priority import ITIL_3X3
from itilkit.records import Incident
from itilkit.vocabulary import Status

MONDAY = opened("03-09 09:00")


def _agreement(name: str, hours: int, *rungs: Rung, **other: Any) -> Agreement:
    given: dict[str, Any] = {"calendar": OFFICE, "escalate": Ladder(name, rungs), **other}
    return Agreement(name, [Target(3, {"resolution": hours * HOUR})], **given)


def _policy(*agreements: Agreement, **other: Any) -> Policy:
    return Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=agreements, **other)


def _due(policy: Policy, events: Iterable[Event], as_of: str) -> list[str]:
    found = policy.due(policy.assess(Incident("INC1", events), as_of=at(as_of), strict=False))
    return [f"{each.at.astimezone(LONDON):%H:%M} {each.kind} {', '.join(each.notify)}" for each in found]


MANAGER = Rung("75% of resolution", "manager", kind="hierarchical")


def test_ladders_timers_and_messages_come_in_the_order_of_time() -> None:
    """SLA of four hours, OLA of two: 75% at 10:30 and 12:00; a reminder at 11:00; a message owed at 09:30."""
    policy = _policy(
        _agreement("Gold", 4, MANAGER),
        _agreement("Network", 2, Rung("75% of resolution", "network_lead", kind="hierarchical"), kind="OLA"),
        timers=[Timer("Untouched", "remind", after=Delay(open_time=2 * HOUR), status=Status.NEW)],
        cadences=[Cadence(30 * MINUTE, "users", to="desk")],
    )
    assert _due(policy, MONDAY, "03-09 12:00") == [
        "09:30 communication desk",
        "10:30 hierarchical network_lead",
        "11:00 timer ",
        "12:00 hierarchical manager",
    ]


def test_a_target_in_a_ladder_is_the_agreements_own() -> None:
    """In the ladder of an OLA, resolution is that of the OLA; OLA.resolution is so everywhere."""
    policy = _policy(
        _agreement("Gold", 4, Rung("100% of OLA.resolution", "duty_manager")),
        _agreement("Network", 2, Rung("100% of resolution", "network_lead"), kind="OLA"),
    )
    assert _due(policy, MONDAY, "03-09 11:00") == [
        "11:00 notification duty_manager",
        "11:00 notification network_lead",
    ]


def test_the_ladder_of_the_agreement_in_force() -> None:
    """Of each kind the first agreement whose condition holds now: that of payments, once it is payments."""
    policy = _policy(
        _agreement("Gold", 2, Rung("opened", "gold_manager"), when=Eq("service", "payments")),
        _agreement("Default", 4, Rung("opened", "desk")),
    )
    assert _due(policy, MONDAY, "03-09 09:30") == ["09:00 notification desk"]
    payments = [*MONDAY, Classified(at("03-09 10:00"), ANN, service="payments")]
    assert _due(policy, payments, "03-09 10:30") == ["09:00 notification gold_manager"]


def test_a_calendar_that_a_field_names() -> None:
    """Open time of a ladder is counted on the calendar of the customer, where the agreement takes that."""
    rung = Rung("2h of open time after opened", "desk")
    policy = _policy(_agreement("Gold", 4, rung, calendar_from="customer"), calendars={"acme": ALWAYS})
    for customer, expected in (("ACME", ["18:30 notification desk"]), ("other", [])):
        incident = Incident("INC1", opened("03-06 16:30"), customer=customer)
        found = policy.due(policy.assess(incident, as_of=at("03-06 19:00")))
        assert [f"{each.at.astimezone(LONDON):%H:%M} {each.kind} desk" for each in found] == expected


def test_conditions_ask_for_the_fields_of_the_house() -> None:
    """A rung that asks for a field of the house's own finds it in what was recorded."""
    house = INCIDENT.having({"region": ["EMEA", "APAC"]})
    rung = Rung("opened", "emea_desk", when=Eq(house.field("region"), "EMEA"))
    policy = _policy(_agreement("Gold", 4, rung), fields=dict(house.fields.items() - INCIDENT.fields.items()))
    assert _due(policy, MONDAY, "03-09 12:00") == []
    emea = [*MONDAY, Classified(at("03-09 10:00"), ANN, fields={"region": "emea"})]
    assert _due(policy, emea, "03-09 12:00") == ["10:00 notification emea_desk"]


def test_a_host_that_decides_and_appends_is_not_told_again() -> None:
    """Every due event passes decide with the role of the system, and nothing is due after it."""
    policy = _policy(
        _agreement("Gold", 4, MANAGER, Rung("2h after opened", "second_line", kind="functional", level=2)),
        timers=[Timer("Untouched", "remind", after=HOUR, status=Status.NEW)],
    )
    incident = Incident("INC1", MONDAY)
    for each in policy.due(policy.assess(incident, as_of=at("03-09 12:30"))):
        assert each.event is not None
        decision = policy.decide(incident, each.event, roles={"system"})
        assert isinstance(decision, Accepted)
        incident = decision.incident
    assert incident.version == len(MONDAY) + 3
    assert policy.due(policy.assess(incident, as_of=at("03-09 12:30"))) == ()


def test_why_a_timer_is_due() -> None:
    """Its name, what it does and after how long, in local time."""
    timer = Timer("Auto-close", "close", after=Delay(working_days=1), status=Status.RESOLVED)
    policy = _policy(_agreement("Gold", 4), timers=[timer])
    incident = Incident("INC1", [*MONDAY, Resolved(at("03-09 10:00"), ANN)])
    [found] = policy.due(policy.assess(incident, as_of=at("03-11 10:00"), strict=False))
    assert found.why == "Auto-close, close after 1 working day: Tue 2026-03-10 17:30 Europe/London"
    assert (found.number, found.notify, found.kind) == ("INC1", (), "timer")


def test_a_policy_without_rules_has_nothing_due() -> None:
    """No ladder, no timer, no cadence: only what was promised is owed."""
    policy = _policy(attrs.evolve(_agreement("Gold", 4), escalate=None))
    assert _due(policy, MONDAY, "03-13 12:00") == []
    told = Replied(at("03-09 09:10"), ANN, audience="users", next_update_due_at=at("03-09 10:00"))
    assert _due(policy, [*MONDAY, told], "03-09 12:00") == ["10:00 communication communications_manager"]
    assert _due(policy, MONDAY, "03-09 08:00") == []


def test_what_is_no_ladder_is_refused() -> None:
    """An agreement takes a ladder and nothing else."""
    with pytest.raises(PolicyError, match="escalate: expected a Ladder"):
        _agreement("Gold", 4, escalate=[MANAGER])
