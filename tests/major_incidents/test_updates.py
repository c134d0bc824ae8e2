"""What each audience is told, and the summary for those who decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import pytest

from itilkit import Agreement, Calendar, Policy, Target
from itilkit.conditions import Eq
from itilkit.errors import InstantError, PolicyError, RecordError
from itilkit.escalation import Cadence, communications_due
from itilkit.events import (
    Assigned,
    Cancelled,
    Classified,
    Closed,
    DisasterRecoveryInvoked,
    Escalated,
    Event,
    Held,
    MajorDeclared,
    MajorProposed,
    MajorRejected,
    PrioritySet,
    Replied,
    Resolved,
    RoleTaken,
    Started,
    StoodDown,
)
from itilkit.lifecycle import ITIL4_DEFAULT, PERMISSIVE, Delay, replay
from itilkit.major_incidents import executive_summary, status_update
from itilkit.priority import ITIL_3X3
from itilkit.sla import Assessment
from itilkit.vocabulary import Audience

from .stories import ANN, BO, QUINN, at, case, opened

NIGHT: list[Event] = [
    Classified(at(2), service="orders", impact=1, urgency=1),
    PrioritySet(at(2), priority=1),
    Assigned(at(3), group="platform", assignee=ANN),
    Started(at(4), ANN),
    MajorProposed(at(15), ANN, reason="Half of all orders fail"),
    MajorDeclared(at(20), QUINN, war_room="Bridge 4", approved_by="cto"),
    RoleTaken(at(20), QUINN, role="incident_manager", person=QUINN),
    RoleTaken(at(21), QUINN, role="technical_lead", person=ANN),
    Escalated(at(30), ANN, kind="functional", to="Hoster Ltd", level=4, reference="HX-8812"),
    Escalated(at(31), ANN, kind="functional", to="Hoster Ltd", level=4, reference="HX-8812"),
    DisasterRecoveryInvoked(at(85), QUINN, plan="Second site"),
]
GOLD = Agreement(
    "Gold",
    [Target(1, {"resolution": timedelta(hours=4)}, calendar=Calendar.round_the_clock("UTC"))],
    calendar=Calendar.round_the_clock("UTC"),
)
DESK = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[GOLD])


def night(*more: Event, until: int = 90) -> Assessment:
    """The story of the night at some minute, under a promise of four hours."""
    return DESK.assess(opened(*NIGHT, *more), as_of=at(until))


def told(audience: str, *more: Event, until: int = 90) -> dict[str, str]:
    """The facts that an audience learns."""
    return dict(status_update(night(*more, until=until), audience, "We are on it.", zone="UTC").brief.facts)


PUBLIC = {"Status": "in progress", "Service": "orders", "Since": "Tue 2026-03-10 02:00 UTC, so far 1h 30m"}


@pytest.mark.parametrize(
    ("audience", "more"),
    [
        ("users", {}),
        ("customers", {}),
        ("public", {}),
        (
            "regulator",
            {
                "Declared": "Tue 2026-03-10 02:20 UTC",
                "Impact": "Half of all orders fail",
                "Disaster recovery": "Tue 2026-03-10 03:25 UTC (Second site)",
            },
        ),
        (
            "stakeholders",
            {
                "Impact": "Half of all orders fail",
                "Incident manager": "Quinn",
                "Resolution promised": "by Tue 2026-03-10 06:00 UTC",
            },
        ),
        (
            "management",
            {
                "Declared": "Tue 2026-03-10 02:20 UTC",
                "Impact": "Half of all orders fail",
                "Incident manager": "Quinn",
                "Roles": "Ann (technical lead)",
                "Resolution promised": "by Tue 2026-03-10 06:00 UTC",
                "Called in": "Hoster Ltd (HX-8812)",
                "Disaster recovery": "Tue 2026-03-10 03:25 UTC (Second site)",
                "War room": "Bridge 4",
            },
        ),
    ],
)
def test_each_audience_learns_what_it_may_know(audience: str, more: dict[str, str]) -> None:
    """No names, no room and no supplier outside of the house."""
    assert told(audience) == PUBLIC | more


def test_no_fact_of_the_table_is_cut_off() -> None:
    """An incident of which everything is known tells management all of it, in each form."""
    update = status_update(night(), "management", "x", zone="UTC")
    names = [name for name, _ in update.brief.facts]
    assert len(names) == 11
    for form in (str(update), update.to_markdown(), str(update.to_slack()), str(update.to_teams())):
        assert [name for name in names if name not in form] == []


def test_facts_follow_the_incident() -> None:
    """Once it is resolved it lasted so long, and the promise was kept; once it is stood down nobody leads it."""
    over = told("management", Resolved(at(180), ANN, code="workaround_provided"), until=200)
    assert over["Status"] == "resolved"
    assert over["Since"] == "Tue 2026-03-10 02:00 UTC, for 3h 00m"
    assert over["Resolution promised"] == "by Tue 2026-03-10 06:00 UTC, met"
    down = told("management", Resolved(at(180), ANN, code="other"), StoodDown(at(190)), until=200)
    assert not {"Incident manager", "Roles", "War room"} & set(down)
    late = told("stakeholders", until=241)
    assert late["Resolution promised"] == "by Tue 2026-03-10 06:00 UTC, breached"


def test_an_incident_of_which_little_is_known() -> None:
    """What is not known is left out, and what nobody holds for major is told as it is."""
    update = status_update(case(), "management", "Down.", zone="UTC")
    assert [name for name, _ in update.brief.facts] == ["Status", "Since"]
    unopened = Assessment(replay(opened(), PERMISSIVE, as_of=at(-5)), {})
    assert status_update(unopened, "users", "Soon.", zone="UTC").brief.facts == ()
    assert status_update(case(title=""), "users", "x", zone="UTC").brief.heading == "INC200"


def test_instants_are_told_in_the_zone_that_is_given() -> None:
    """With its abbreviation, and once only where the hour comes twice."""
    assert dict(status_update(night(), "users", "x", zone="Europe/Berlin").brief.facts)["Since"].startswith(
        "Tue 2026-03-10 03:00 CET,"
    )
    twice = datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=ZoneInfo("Europe/London"))
    update = status_update(case(), "users", "x", zone="Europe/London", next_update_at=twice)
    assert update.brief.footer == "Next update by Sun 2026-10-25 01:30 GMT."
    with pytest.raises(InstantError, match="no IANA time zone"):
        status_update(case(), "users", "x", zone="Europe/Lodnon")


HALF, HOUR = Cadence(timedelta(minutes=30), "users"), Cadence(timedelta(hours=1), "users")


@pytest.mark.parametrize(
    ("cadences", "expected"),
    [
        ([], None),
        ([HOUR], 150),
        ([HOUR, HALF], 120),
        ([Cadence(timedelta(minutes=10), "management")], None),
        ([Cadence(timedelta(minutes=10))], 100),
        ([Cadence(timedelta(minutes=10), "users", priorities=[2, 3])], None),
        ([Cadence(timedelta(minutes=10), "users", priorities=1)], 100),
        ([Cadence(timedelta(minutes=10), "users", when=Eq("service", "mail"))], None),
        ([Cadence(timedelta(minutes=10), "users", when=Eq("service", "orders"))], 100),
    ],
)
def test_the_next_update_comes_by_the_shortest_cadence(cadences: list[Cadence], expected: int | None) -> None:
    """Counted from the update itself; one for another audience, priority or incident does not count."""
    update = status_update(night(), "users", "x", zone="UTC", cadences=cadences)
    assert update.next_update_at == (None if expected is None else at(expected))
    assert bool(update.brief.footer) is (expected is not None)


def test_an_update_that_is_sent_answers_and_promises() -> None:
    """The event keeps it from being owed again until the instant that it names, and not a microsecond longer."""
    before = night()
    assert [due.at for due in communications_due(before, [HALF])] == [at(30)]
    update = status_update(before, "users", "Moving to the second site.", zone="UTC", cadences=[HALF])
    event = update.event("pia", channel="email")
    assert event == Replied(
        at(90),
        "pia",
        text="Moving to the second site.",
        audience="users",
        channel="email",
        next_update_due_at=at(120),
    )
    incident = before.timeline.incident.appended(event)
    last = at(120) - timedelta(microseconds=1)
    assert communications_due(DESK.assess(incident, as_of=last), [HALF]) == ()
    assert [due.at for due in communications_due(DESK.assess(incident, as_of=at(120)), [HALF])] == [at(120)]


@pytest.mark.parametrize("audience", Audience)
def test_who_is_inside_is_written_to_in_private(audience: Audience) -> None:
    """A message to management is none that the user sees."""
    event = status_update(night(), audience, "x", zone="UTC").event()
    assert event.public is (audience.value not in ("stakeholders", "management"))


def test_what_is_over_promises_nothing_by_itself() -> None:
    """Unless the writer does."""
    over = night(Resolved(at(100), ANN, code="other"), until=110)
    assert status_update(over, "users", "x", zone="UTC", cadences=[HALF]).next_update_at is None
    named = status_update(over, "users", "x", zone="UTC", cadences=[HALF], next_update_at=at(500))
    assert named.next_update_at == at(500)


def test_a_headline_of_its_own() -> None:
    """The title may be more than people outside should read."""
    update = status_update(night(), "public", "x", zone="UTC", headline="Orders: delays")
    assert update.to_markdown().startswith("**Orders: delays**")
    assert "nodes" not in str(update)
    assert update.to_slack() == update.brief.to_slack()
    assert update.to_teams() == update.brief.to_teams()


def test_what_cannot_be_told() -> None:
    """An unknown audience, an update before this one, an instant without a zone, working days without a calendar."""
    with pytest.raises(RecordError, match=r"audience: 'managment' is no audience \(did you mean management"):
        status_update(night(), "managment", "x", zone="UTC")
    with pytest.raises(RecordError, match="text: expected a text, got None"):
        status_update(night(), "users", None, zone="UTC")  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(RecordError, match="03:30Z is not after 2026-03-10T03:30Z"):
        status_update(night(), "users", "x", zone="UTC", next_update_at=at(90))
    with pytest.raises(InstantError, match="has no zone"):
        status_update(night(), "users", "x", zone="UTC", next_update_at=datetime(2026, 4, 1))  # noqa: DTZ001
    daily = Cadence(Delay(working_days=1), "users")
    with pytest.raises(PolicyError, match="calendar"):
        status_update(night(), "users", "x", zone="UTC", cadences=[daily])


def test_the_summary_of_a_running_one() -> None:
    """What it does to the business, how it is led, how often people were told, and the facts beside it."""
    brief = executive_summary(night(Replied(at(88), BO, text="x", audience="users")), zone="UTC")
    assert brief.heading == "INC200: 8 of 16 nodes unreachable"
    assert brief.text.splitlines() == [
        "Half of all orders fail. Reported at Tue 2026-03-10 02:00 UTC, in progress, 1h 30m so far.",
        "Declared a major incident at Tue 2026-03-10 02:20 UTC by Quinn, approved by cto. Quinn leads it.",
        "1 bulletin so far, the last at Tue 2026-03-10 03:28 UTC.",
    ]
    assert dict(brief.facts)["Called in"] == "Hoster Ltd (HX-8812)"


@pytest.mark.parametrize(
    ("events", "lines"),
    [
        ([], ["Reported at Tue 2026-03-10 02:00 UTC, new, 10h 00m so far."]),
        (
            [MajorProposed(at(5), ANN, reason="Down?")],
            [
                "Down? Reported at Tue 2026-03-10 02:00 UTC, new, 10h 00m so far.",
                "Proposed as a major incident at Tue 2026-03-10 02:05 UTC by Ann; nobody has decided.",
            ],
        ),
        (
            [MajorProposed(at(5)), MajorRejected(at(6), BO), Resolved(at(60))],
            [
                "Reported at Tue 2026-03-10 02:00 UTC, resolved after 1h 00m.",
                "Not held for a major incident: rejected at Tue 2026-03-10 02:06 UTC by Bo.",
            ],
        ),
        (
            [MajorDeclared(at(5)), Held(at(6), reason="awaiting_supplier")],
            [
                "Reported at Tue 2026-03-10 02:00 UTC, on hold, 10h 00m so far. It waits: awaiting supplier.",
                "Declared a major incident at Tue 2026-03-10 02:05 UTC. Nobody leads it.",
            ],
        ),
        (
            [MajorDeclared(at(5), BO), StoodDown(at(6), BO), Cancelled(at(7))],
            [
                "Reported at Tue 2026-03-10 02:00 UTC, cancelled after 7m.",
                "Declared a major incident at Tue 2026-03-10 02:05 UTC by Bo. "
                "Stood down at Tue 2026-03-10 02:06 UTC by Bo.",
            ],
        ),
        (
            [Resolved(at(5)), Closed(at(9))],
            ["Reported at Tue 2026-03-10 02:00 UTC, resolved after 5m, and closed."],
        ),
        ([Closed(at(9))], ["Reported at Tue 2026-03-10 02:00 UTC, closed after 9m."]),
        (
            [Classified(at(1), fields={"major": True}), Replied(at(2)), Replied(at(3))],
            [
                "Reported at Tue 2026-03-10 02:00 UTC, new, 10h 00m so far.",
                "Declared a major incident. Nobody leads it.",
                "2 bulletins so far, the last at Tue 2026-03-10 02:03 UTC.",
            ],
        ),
    ],
)
def test_the_summary_of_others(events: list[Event], lines: list[str]) -> None:
    """Proposed, rejected, without a leader, stood down, or made major by a tool's own field."""
    assert executive_summary(case(*events), zone="UTC").text.splitlines() == lines


def test_a_summary_of_nothing() -> None:
    """Before it was opened there is nothing to tell but its number."""
    unopened = Assessment(replay(opened(), PERMISSIVE, as_of=at(-5)), {})
    assert executive_summary(unopened, zone="UTC").text == ""


def test_values_are_values() -> None:
    """An update equals another one that says the same."""
    one, other = (status_update(night(), "users", "x", zone="UTC") for _ in range(2))
    assert one == other
    assert attrs.evolve(one, number="INC1") != other
