"""Agreements that hold for some incidents only: which one is in force when, and what it promises then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from itilkit.calendars import Calendar
from itilkit.conditions import AllOf, Eq, Field, HasAny, In, Text
from itilkit.errors import PolicyError, RecordError
from itilkit.events import Cancelled, Classified, Event, Held, Logged, Person, PrioritySet, Resolved, Resumed
from itilkit.lifecycle import ITIL4_DEFAULT, PERMISSIVE
from itilkit.policy import Agreement, Objective, Policy, SmallNumbers, Target
from itilkit.priority import ITIL_3X3, PriorityRule
from itilkit.records import Incident
from itilkit.vocabulary import Scale

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
OFFICE = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC", name="office")
ACME = Calendar({"mon-sun": "06:00-22:00"}, zone="UTC", name="acme")


def at(hours: float) -> datetime:
    """So many hours after Monday at nine."""
    return MONDAY + timedelta(hours=hours)


def agreement(name: str, hours: int, **options: Any) -> Agreement:
    """An agreement with one resolution target for all priorities."""
    target = Target((1, 2, 3, 4, 5), {"resolution": timedelta(hours=hours)})
    return Agreement(name, [target], **{"calendar": OFFICE, **options})


def policy(*agreements: Agreement, **options: Any) -> Policy:
    """A policy of these agreements."""
    return Policy("Desk", lifecycle=PERMISSIVE, matrix=ITIL_3X3, agreements=agreements, **options)


def incident(*events: Event, **options: Any) -> Incident:
    """An incident opened on Monday at nine with priority 3."""
    return Incident("INC1", [Logged(MONDAY), PrioritySet(MONDAY, priority=3), *events], **options)


GOLD = agreement("Gold", 2, when=In("service", ["payments", "mail"]))
SILVER = agreement("Silver", 6)
TIERS = policy(GOLD, SILVER)


@pytest.mark.parametrize(
    ("fields", "name", "hours"),
    [({"service": "payments"}, "Gold", 2), ({"service": "wiki"}, "Silver", 6), ({}, "Silver", 6)],
)
def test_the_first_agreement_whose_condition_holds(fields: dict[str, str], name: str, hours: int) -> None:
    """A condition that is not known to hold does not."""
    reading = TIERS.promise(opened_at=MONDAY, priority=3, **fields)["resolution"]
    assert (reading.agreement, reading.due_at) == (name, at(hours))


def test_a_change_of_service_moves_the_incident() -> None:
    """From the change on the other agreement's target holds, counted from the opening."""
    moved = incident(Classified(at(0), service="wiki"), Classified(at(1), service="mail"))
    before = TIERS.assess(moved, as_of=at(0.5)).readings["resolution"]
    after = TIERS.assess(moved, as_of=at(1)).readings["resolution"]
    assert (before.agreement, before.due_at) == ("Silver", at(6))
    assert (after.agreement, after.due_at) == ("Gold", at(2))


def test_what_changes_after_the_end_changes_nothing() -> None:
    """A service that is corrected after the resolution leaves the promise that was judged."""
    solved = incident(Classified(at(0), service="wiki"), Resolved(at(3)))
    late = solved.appended(Classified(at(4), service="mail"))
    for each in (solved, late):
        reading = TIERS.assess(each, as_of=at(5)).readings["resolution"]
        assert (reading.agreement, reading.outcome) == ("Silver", "met")


def test_a_cancelled_incident_keeps_the_agreement_that_judged_it() -> None:
    """Cancelling ends every clock, so a service corrected afterwards moves nothing, the name included."""
    ended = incident(Classified(at(0), service="mail"), Cancelled(at(1), reason="test"))
    moved = ended.appended(Classified(at(3), service="wiki"))
    before, after = (
        TIERS.assess(each, as_of=at(4), strict=False).readings["resolution"] for each in (ended, moved)
    )
    assert (after.agreement, after.target) == ("Gold", timedelta(hours=2))
    assert (after.agreement, after.target, after.outcome) == (before.agreement, before.target, before.outcome)


def test_each_agreement_brings_its_own_pauses() -> None:
    """What pauses the clock is what the agreement in force says."""
    strict = agreement("Gold", 2, when=Eq("service", "mail"), pausing=[])
    house = policy(strict, SILVER)
    events: list[Event] = [Held(at(0.5)), Resumed(at(1.5))]
    wiki = incident(Classified(at(0), service="wiki"), *events)
    mail = incident(Classified(at(0), service="mail"), *events)
    assert house.assess(wiki, as_of=at(2)).readings["resolution"].due_at == at(7)
    assert house.assess(mail, as_of=at(2)).readings["resolution"].due_at == at(2)


def test_no_agreement_holds() -> None:
    """An empty mapping that says why; an incident that leaves every agreement has its clock cancelled."""
    house = policy(GOLD)
    case = house.assess(incident(), as_of=at(1))
    assert dict(case.readings) == {}
    assert case.why_none == (
        "no agreement's condition holds: Gold asks that service is one of payments, mail"
    )
    left = incident(Classified(at(0), service="mail"), Classified(at(1), service="wiki"))
    assert house.assess(left, as_of=at(2)).readings["resolution"].outcome == "cancelled"
    assert house.assess(left, as_of=at(0.5)).readings["resolution"].outcome == "pending"


def test_kinds_are_asked_apart() -> None:
    """The OLA and the contract have conditions of their own; readings keep their keys."""
    telco = agreement("Telco", 1, kind="UC", when=Eq("configuration_item", "line"))
    network = agreement("Network", 2, kind="OLA", when=Eq("group", "network"))
    house = policy(SILVER, network, telco)
    assert set(house.promise(opened_at=MONDAY, priority=3)) == {"resolution"}
    found = house.promise(opened_at=MONDAY, priority=3, configuration_item="line")
    assert set(found) == {"resolution", "UC.resolution"}


def test_the_priority_may_be_asked_for() -> None:
    """The one that holds, derived or recorded."""
    pressing = agreement("Pressing", 1, when=Eq("priority", "P1"))
    house = policy(pressing, SILVER)
    derived = Incident("INC1", [Logged(MONDAY), Classified(MONDAY, impact=1, urgency=1)])
    assert house.assess(derived, as_of=MONDAY).readings["resolution"].agreement == "Pressing"
    assert house.promise(opened_at=MONDAY, priority=2)["resolution"].agreement == "Silver"


def test_labels_of_the_house_s_own_scales() -> None:
    """A condition may name levels as the matrix does."""
    matrix = ITIL_3X3.__class__(
        "House", ITIL_3X3.rows, priority=Scale("x", ["Critical", "High", "Moderate", "Low", "Planning"])
    )
    severe = agreement("Severe", 1, when=Eq("priority", 2))
    house = Policy("Desk", lifecycle=PERMISSIVE, matrix=matrix, agreements=[severe, SILVER])
    assert house.promise(opened_at=MONDAY, priority="High")["resolution"].agreement == "Severe"


def test_fields_of_the_house() -> None:
    """Declared fields are typed; one that is not declared cannot be asked for."""
    region, tags = Field("region", Text()), In("customer", ["acme"])
    house = policy(
        agreement("EU", 1, when=Eq(region, "EU")),
        agreement("Tier", 2, when=AllOf([tags, Eq(Field("tier", Text()), "gold")])),
        SILVER,
        fields={"region": ["EU", "US"], "tier": str},
    )
    promised = {
        name: house.promise(opened_at=MONDAY, priority=3, **fields)["resolution"].agreement
        for name, fields in {
            "eu": {"region": "eu"},
            "us": {"region": "US"},
            "moon": {"region": "moon"},
            "gold": {"customer": "acme", "tier": "gold"},
        }.items()
    }
    assert promised == {"eu": "EU", "us": "Silver", "moon": "Silver", "gold": "Tier"}
    with pytest.raises(PolicyError) as caught:
        policy(agreement("EU", 1, when=Eq(region, "EU")))
    assert str(caught.value).startswith("agreements[0].when.region: an incident has no field 'region'")


def test_a_value_that_is_none_of_its_field() -> None:
    """A history with a text where the house declared a number is told with its place."""
    house = policy(
        SILVER, agreement("Big", 1, kind="OLA", when=Eq(Field("cost", Text()), "1")), fields={"cost": str}
    )
    assert house.promise(opened_at=MONDAY, priority=3, cost="1")["OLA.resolution"].agreement == "Big"
    numbers = policy(
        SILVER,
        agreement("Far", 1, kind="OLA", when=Eq("site", "moon")),
        fields={"distance": int},
    )
    with pytest.raises(RecordError, match=r"fields\.distance: expected a whole number, got 'far'"):
        numbers.promise(opened_at=MONDAY, priority=3, distance="far")


def test_tags() -> None:
    """Tags of a record are a text parted by commas."""
    house = policy(agreement("VIP", 1, when=HasAny("tags", ["vip"])), SILVER)
    tagged = incident(attributes={"tags": "new, vip"})
    assert house.assess(tagged, as_of=MONDAY).readings["resolution"].agreement == "VIP"


def test_who_reported_it() -> None:
    """The reporter of a promise is a person."""
    house = policy(agreement("VIP", 1, when=Eq("reporter.vip", True)), SILVER)
    promised = house.promise(opened_at=MONDAY, priority=3, reporter=Person("ann", vip=True))
    assert promised["resolution"].agreement == "VIP"


def test_a_calendar_from_the_customer() -> None:
    """The customer's own calendar by name, else the one that the agreement has; a target's own stands before both."""
    row = [
        Target((1, 2), {"resolution": timedelta(hours=10)}, calendar=OFFICE),
        Target((3, 4, 5), {"resolution": timedelta(hours=10)}),
    ]
    house = policy(
        Agreement("Gold", row, calendar=OFFICE, calendar_from="customer"), calendars={"Acme": ACME}
    )
    due = {
        (customer, priority): house.promise(opened_at=MONDAY, priority=priority, customer=customer)[
            "resolution"
        ].due_at
        for customer in ("acme", "other")
        for priority in (1, 3)
    }
    tuesday = at(24 + 2)
    assert due == {
        ("acme", 1): tuesday, ("acme", 3): at(10), ("other", 1): tuesday, ("other", 3): tuesday,
    }  # fmt: skip
    with pytest.raises(
        PolicyError, match=r"agreements\[0\]\.calendar\.from: an incident has no field 'custommer'"
    ):
        policy(Agreement("Gold", row, calendar=OFFICE, calendar_from="custommer"))


def test_every_calendar_has_a_name() -> None:
    """Calendars that agreements use stand in the policy under their own name, or under the next free one."""
    other = Calendar({"mon": "09:00-10:00"}, zone="UTC")
    twin = Calendar({"tue": "09:00-10:00"}, zone="UTC", name="office")
    house = policy(
        SILVER, agreement("A", 1, kind="OLA", calendar=other), agreement("B", 1, kind="UC", calendar=twin)
    )
    assert house.calendars == {
        "round_the_clock": Calendar.round_the_clock(),
        "office": OFFICE,
        "calendar": other,
        "office_2": twin,
    }


def test_rules_raise_the_priority_of_a_policy() -> None:
    """The derived priority follows the rules, pinned or not, and says why; what was recorded stands."""
    vip = PriorityRule(Eq("reporter.vip", True), urgency_at_least=1, because="VIP caller")
    events: list[Event] = [
        Logged(MONDAY, reporter=Person("ann", vip=True)),
        Classified(MONDAY, impact=3, urgency=3),
        Classified(at(1), impact=1),
    ]
    case = Incident("INC1", events)
    house, plain = policy(SILVER, priority_rules=[vip]), policy(SILVER)
    pinned = policy(SILVER, priority_rules=[vip], when_facts_change="pinned")
    assert [each.assess(case, as_of=at(2)).timeline.priorities[1:] for each in (house, plain, pinned)] == [
        (3, 1), (5, 3), (3, 3),
    ]  # fmt: skip
    assert [each.why_priority(case, as_of=at(2)).priority for each in (house, plain, pinned)] == [1, 3, 3]
    lowered = case.appended(PrioritySet(at(2), priority=4, reason="works from home"))
    assert house.why_priority(lowered, as_of=at(2)).explain().splitlines()[-1] == (
        "Recorded as P4 over the derived P1: works from home."
    )
    with pytest.raises(PolicyError, match=r"priority\.rules\[0\]\.impact_at_least: impact has no level 4"):
        policy(SILVER, priority_rules=[PriorityRule(vip.when, impact_at_least=4)])


def test_two_agreements_with_one_condition() -> None:
    """The second one never holds; behind another condition it may."""
    twice = policy(GOLD, agreement("Bronze", 9, when=GOLD.when), SILVER)
    assert [fault.path for fault in twice.lint() if fault.code == "P003"] == ["agreements[1]"]
    assert [fault for fault in TIERS.lint() if fault.code == "P003"] == []


@pytest.mark.parametrize(
    ("met", "of", "kept"),
    [
        (95, 100, True),
        (94, 100, False),
        (19, 20, True),
        (18, 20, True),
        (17, 20, False),
        (0, 2, True),
        (0, 0, None),
    ],
)
def test_an_objective(met: int, of: int, kept: bool | None) -> None:
    """A share from 20 on, two breaches at most below, and nothing is shown by nothing."""
    objective = Objective(0.95, "month", small_n=SmallNumbers(below=21, allow=2))
    assert objective.is_kept(met=met, of=of) is kept


def test_what_is_no_objective() -> None:
    """All that is wrong is told."""
    with pytest.raises(PolicyError) as caught:
        Objective(95, "monthly", small_n=3)  # type: ignore[arg-type]
    assert [fault.path for fault in caught.value.faults] == ["share", "per", "small_n"]
    with pytest.raises(PolicyError, match="expected a whole number from 0, got -1"):
        SmallNumbers(-1, 2)
    with pytest.raises(PolicyError, match="3 of 2 is no share"):
        Objective(0.9).is_kept(met=3, of=2)


def test_windows_on_the_policy_s_own_calendar() -> None:
    """A calendar of the policy stands before that of the first agreement."""
    assert policy(SILVER).office == OFFICE
    assert policy(SILVER, calendar=ACME).office == ACME
    assert Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3).office is None
