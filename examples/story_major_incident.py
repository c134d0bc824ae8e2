"""Story 3: a major incident. Half of the nodes are down, a supplier holds the key, and disaster recovery is invoked.

What is special about a major incident is on record like everything else: that it was proposed and declared, who had
which role, who was told what and until when, that disaster recovery was invoked. The lifecycle stays the ordinary one.
The library says what may be done, who leads, and who is owed a message; the tool stores events and sends.

    python examples/story_major_incident.py
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from itilkit import (
    Accepted,
    Agreement,
    Assessment,
    Calendar,
    Event,
    Incident,
    Person,
    Policy,
    Refused,
    Target,
    lifecycle,
    major_incidents,
    records,
    reviews,
)
from itilkit.conditions import AllOf, Eq, Le
from itilkit.escalation import Cadence
from itilkit.events import (
    Acknowledged,
    Assigned,
    Classified,
    Closed,
    DisasterRecoveryInvoked,
    Escalated,
    Held,
    Linked,
    Logged,
    PrioritySet,
    Resolved,
    Resumed,
    Started,
)
from itilkit.lifecycle import ITIL4_DEFAULT, Delay, Timer
from itilkit.major_incidents import MajorIncident, MajorRule
from itilkit.priority import ITIL_3X3
from itilkit.records import Group, Supplier
from itilkit.reviews import ActionItem, ContributingFactor, PostIncidentReview

LONDON = ZoneInfo("Europe/London")
ZONE = LONDON.key
PLATFORM = Group("platform", "Platform team", support_level=3, members=["ola", "pia"])
HOSTER = Supplier("hoster", "Hoster Ltd", contract="UC-7")
OLA, PIA, QUINN = Person("ola", name="Ola"), Person("pia", name="Pia"), Person("quinn", name="Quinn")
ROSA, VERA = Person("rosa", name="Rosa"), Person("vera", name="Vera (CTO)")

always = Calendar.round_the_clock("Europe/London")
office = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London", public_holidays="GB-ENG")
gold = Agreement(
    "Gold",
    [Target(1, {"response": timedelta(minutes=15), "resolution": timedelta(hours=4)}, calendar=always)],
    calendar=office,
    but_not_while=["awaiting_supplier"],  # our supplier's delay is no excuse towards our users
)
half_hourly = Cadence(timedelta(minutes=30), "users", priorities=1)
hourly = Cadence(timedelta(hours=1), "management", priorities=1)
desk = Policy(
    "Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[gold], cadences=[half_hourly, hourly]
)
rules = [
    MajorRule(
        "Shop", AllOf([Eq("service", "orders"), Le("priority", 1)]), because="Orders fail", ask="duty_manager"
    ),
]
after = Delay(working_days=5)
auto_close = Timer("Auto-close", "close", after=after, status="resolved", exclude={"major": True})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2026; the 10th is a Tuesday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=LONDON)


def clock(instant: datetime) -> str:
    """The time of day in London."""
    return f"{instant.astimezone(LONDON):%H:%M}"


def record(incident: Incident, *events: Event) -> Incident:
    """Ask, then store what was accepted."""
    for event in events:
        decision = desk.decide(incident, event)
        assert isinstance(decision, Accepted), decision
        incident = decision.incident
    return incident


def led(answer: Accepted | Refused) -> Incident:
    """What a door of the major incident lets through is stored as well."""
    assert isinstance(answer, Accepted), answer
    return answer.incident


def seen(incident: Incident, as_of: datetime) -> Assessment:
    """The incident as it is known at some time."""
    return desk.assess(incident, as_of=as_of)


def standing(incident: Incident, as_of: datetime) -> MajorIncident:
    """How the major incident stands."""
    found = major_incidents.standing(seen(incident, as_of).timeline)
    assert found is not None
    return found


def told(incident: Incident, when: datetime, audience: str, text: str) -> Incident:
    """Pia writes to an audience: the tool sends the text, and its event says when they hear next."""
    update = major_incidents.status_update(
        seen(incident, when), audience, text, zone=ZONE, cadences=desk.cadences, calendar=office
    )
    following = f" (next by {clock(update.next_update_at)})" if update.next_update_at else ""
    print(f"  {clock(when)}  to {audience}: {text}{following}")
    return record(incident, update.event(PIA))


def owed(incident: Incident, when: datetime) -> None:
    """Who is owed a message by now."""
    for due in desk.due(seen(incident, when)):
        print(f"  {clock(when)}  owed by {' and '.join(due.notify)}: {due.why}")


def declared() -> Incident:
    """From the alarm to the declaration."""
    incident = record(
        Incident("INC0200", [Logged(at(10, 2, 10), title="8 of 16 nodes unreachable", channel="monitoring")]),
        Classified(
            at(10, 2, 12),
            OLA,
            category="Infrastructure",
            service="orders",
            impact=1,
            urgency=1,
            fields={"occurred_at": at(10, 2, 7)},
        ),
        PrioritySet(at(10, 2, 12), OLA, priority=ITIL_3X3.priority_of(impact=1, urgency=1)),
        Assigned(at(10, 2, 13), OLA, group=PLATFORM.id, assignee=OLA),
        Acknowledged(at(10, 2, 14), OLA),
        Started(at(10, 2, 14), OLA),
    )
    found = major_incidents.candidate(seen(incident, at(10, 2, 15)), rules)
    print(f"  02:15  a candidate: {found.reason}; {', '.join(found.ask)} decides")
    incident = led(major_incidents.propose(incident, at(10, 2, 16), OLA, reason="Half of all orders fail"))
    incident = led(
        major_incidents.declare(
            incident, at(10, 2, 20), QUINN, incident_manager=QUINN, war_room="bridge 4", approved_by=VERA
        )
    )
    major = standing(incident, at(10, 2, 20))
    print(f"  02:20  MAJOR INCIDENT: {major.reason}; meet at {major.war_room}")
    print(f"  02:20  {major.incident_manager} is incident manager")
    for minute, role, person in ((21, "technical_lead", OLA), (22, "communications_manager", PIA)):
        incident = led(
            major_incidents.assign_role(incident, at(10, 2, minute), QUINN, role=role, person=person)
        )
    return incident


def night(incident: Incident) -> Incident:
    """What was done until orders work again."""
    incident = told(incident, at(10, 2, 25), "users", "Half of the orders fail. We are on it.")
    incident = record(
        incident,
        Escalated(at(10, 2, 30), OLA, kind="functional", to=HOSTER.id, level=4, reference="HX-8812"),
        Held(at(10, 2, 31), OLA, reason="awaiting_supplier", reference="HX-8812"),
        Acknowledged(at(10, 2, 50), HOSTER.id),
    )
    print(f"  02:30  escalated to {HOSTER.name} as their P1, HX-8812")
    owed(incident, at(10, 2, 54))  # nobody yet
    owed(incident, at(10, 2, 55))
    incident = told(incident, at(10, 2, 56), "users", "The supplier is looking for the fault.")
    incident = told(incident, at(10, 3), "management", "The supplier names no time of repair.")
    incident = record(
        incident,
        Classified(at(10, 3, 15), OLA, fields={"diagnosed_at": at(10, 3, 10)}),
        Resumed(at(10, 3, 20), QUINN),
        DisasterRecoveryInvoked(at(10, 3, 25), VERA, plan="Second site"),
    )
    print("  03:25  disaster recovery invoked: Second site")
    incident = told(incident, at(10, 3, 26), "users", "We are moving to the second site.")

    refused = major_incidents.release_role(
        incident, at(10, 3, 50), QUINN, role="incident_manager", person=QUINN
    )
    print(f"  03:50  Quinn's shift is over: {refused}")
    incident = led(major_incidents.hand_over(incident, at(10, 3, 50), QUINN, to=ROSA))
    print(f"  03:50  {standing(incident, at(10, 3, 50)).incident_manager} is incident manager")

    incident = told(incident, at(10, 3, 56), "users", "Half of the orders run on the second site.")
    incident = told(incident, at(10, 4), "management", "The second site takes over; a quarter is left.")
    incident = told(incident, at(10, 4, 26), "users", "Nearly all orders work again.")
    incident = record(
        incident,
        Classified(at(10, 4, 50), OLA, fields={"repaired_at": at(10, 4, 45)}),
        Resolved(at(10, 5), OLA, code="workaround_provided", notes="Runs on the second site."),
    )
    print("  05:00  resolved: Runs on the second site.")
    incident = told(incident, at(10, 5, 5), "users", "Orders work again.")
    return record(incident, Linked(at(10, 8, 30), ROSA, kind="problem", to="PRB31"))


def closes_at(incident: Incident, as_of: datetime) -> datetime | None:
    """When the record would close by itself."""
    due = lifecycle.next_due(seen(incident, as_of).timeline, [auto_close], calendar=office)
    return due.due_at if due else None


def reviewed(incident: Incident) -> tuple[Incident, PostIncidentReview]:
    """What was found a week later, and the closed record."""
    review = PostIncidentReview(
        id="PIR-12",
        incident=incident.number,
        held_at=at(17, 10),
        attendees=[QUINN, ROSA, OLA, PIA],
        contributing=[
            ContributingFactor("Both power feeds of rack 4 hang on one breaker", "configuration"),
            ContributingFactor("The supplier's night shift had no access to the rack", "supplier"),
            "Nobody had tried the move to the second site with real load",
        ],
        went_well=["Users heard from us every half hour.", "The lead was handed over without a gap."],
        went_wrong=["The runbook of the second site names servers that are gone."],
        actions=[
            ActionItem(
                "Have the feeds of all racks checked", "Ola", due=date(2026, 4, 30), feeds="problem management"
            ),
            ActionItem("Rewrite the runbook of the second site", "Pia", due=date(2026, 3, 31)),
            ActionItem(
                "Agree on access at night with the supplier", "Quinn", due=date(2026, 4, 15),
                feeds="supplier management",
            ),
        ],
        problem=records.links(incident.events).problem,
    )  # fmt: skip
    incident = record(
        incident, review.event(at(17, 11), QUINN), Closed(at(17, 11, 5), QUINN, code="reviewed")
    )
    return incident, review


def main() -> reviews.ReviewDocument:
    """Tell the story; it ends in the document of the review."""
    print("02:10, monitoring: 8 of 16 nodes unreachable. The night:")
    incident = night(declared())

    print("\nAt seven, for the board:")
    print(major_incidents.executive_summary(seen(incident, at(10, 7)), zone=ZONE))

    case = seen(incident, at(10, 9))
    print(f"\n{case.readings['resolution'].explain()}")
    assert case.readings["resolution"].outcome == "met"  # 2 h 50 min of 4 h: waiting for the supplier counted
    assert case.readings["resolution"].elapsed == timedelta(hours=2, minutes=50)
    (escalation,) = records.escalations(incident.events)
    assert escalation.acknowledged_at == at(10, 2, 50)
    assert closes_at(incident, at(10, 9)) is None  # no major incident is closed by itself

    incident = led(major_incidents.stand_down(incident, at(10, 9, 30), ROSA, reason="Both sites stable"))
    due = closes_at(incident, at(10, 9, 30))
    assert due is not None
    assert due == at(17, 17, 30)
    print("\nStood down on Tuesday at 09:30; nobody has a role any more.")
    assert all(role.end is not None for role in standing(incident, at(10, 10)).roles)
    print(f"It would close by itself on {due.astimezone(LONDON):%A %d %B at %H:%M}.")

    incident, review = reviewed(incident)
    links, timeline = records.links(incident.events), seen(incident, at(17, 12)).timeline
    print(f"Reviewed the week after (PIR-12), {timeline.status}; the cause is looked for in {links.problem}.")
    assert (timeline.status, links.problem) == ("closed", "PRB31")
    major = standing(incident, at(17, 12))
    assert (major.state, major.findings) == ("stood_down", ())

    print("Still open on 2 April:")
    for action in reviews.open_actions([review], on=date(2026, 4, 2)):
        print(f"  {action}")
    return reviews.document(seen(incident, at(17, 12)), review, zone=ZONE)


if __name__ == "__main__":
    print(f"\n{main().to_markdown()}")
