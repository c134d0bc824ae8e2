"""Story 3: a major incident. Half of the nodes are down, a supplier holds the key, and disaster recovery is invoked.

What is special about a major incident is on record like everything else: that it was declared, who took which role,
who was told what and until when, which step of the plan was done. The lifecycle stays the ordinary one.

    python examples/story_major_incident.py
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from itilkit import Accepted, Agreement, Calendar, Event, Incident, Person, Policy, Target, lifecycle, records
from itilkit.events import (
    Acknowledged,
    Assigned,
    Classified,
    Closed,
    Escalated,
    Held,
    Linked,
    Logged,
    MajorDeclared,
    ModelAttached,
    PrioritySet,
    Replied,
    Resolved,
    Resumed,
    Reviewed,
    RoleTaken,
    Started,
    StepDone,
    StoodDown,
)
from itilkit.lifecycle import ITIL4_DEFAULT, Delay, Timer
from itilkit.priority import ITIL_3X3
from itilkit.records import Group, Supplier

LONDON = ZoneInfo("Europe/London")
PLATFORM = Group("platform", "Platform team", support_level=3, members=["ola", "pia"])
HOSTER = Supplier("hoster", "Hoster Ltd", contract="UC-7")
OLA, PIA, QUINN = Person("ola", name="Ola"), Person("pia", name="Pia"), Person("quinn", name="Quinn")

always = Calendar.round_the_clock("Europe/London")
office = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London", public_holidays="GB-ENG")
gold = Agreement(
    "Gold",
    [Target(1, {"response": timedelta(minutes=15), "resolution": timedelta(hours=4)}, calendar=always)],
    calendar=office,
    but_not_while=["awaiting_supplier"],  # our supplier's delay is no excuse towards our users
)
desk = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[gold])
after = Delay(working_days=5)
auto_close = Timer("Auto-close", "close", after=after, status="resolved", exclude={"major": True})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2026; the 10th is a Tuesday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=LONDON)


def record(incident: Incident, *events: Event) -> Incident:
    """Ask, then store what was accepted."""
    for event in events:
        decision = desk.decide(incident, event)
        assert isinstance(decision, Accepted), decision
        incident = decision.incident
    return incident


def bulletin(when: datetime, audience: str, text: str, *, until: datetime | None = None) -> Replied:
    """A message to some audience, with when they will hear from us next; only users see what is public."""
    return Replied(
        when, PIA, text=text, audience=audience, public=audience == "users", next_update_due_at=until
    )


def closes_at(incident: Incident, as_of: datetime) -> datetime | None:
    """When the record would close by itself."""
    timeline = desk.assess(incident, as_of=as_of).timeline
    due = lifecycle.next_due(timeline, [auto_close], calendar=office)
    return due.due_at if due else None


def main() -> None:
    """Tell the story."""
    incident = record(
        Incident("INC0200", [Logged(at(10, 2, 10), title="8 of 16 nodes unreachable", channel="monitoring")]),
        Classified(at(10, 2, 12), OLA, category="Infrastructure", service="orders", impact=1, urgency=1),
        PrioritySet(at(10, 2, 12), OLA, priority=ITIL_3X3.priority_of(impact=1, urgency=1)),
        Assigned(at(10, 2, 13), OLA, group=PLATFORM.id, assignee=OLA),
        Started(at(10, 2, 14), OLA),
        MajorDeclared(at(10, 2, 20), QUINN, reason="Half of all orders fail", war_room="bridge 4"),
        ModelAttached(at(10, 2, 20), QUINN, model="Major incident", version="3"),
        RoleTaken(at(10, 2, 21), QUINN, role="incident_manager", person=QUINN),
        RoleTaken(at(10, 2, 21), QUINN, role="technical_lead", person=OLA),
        RoleTaken(at(10, 2, 22), QUINN, role="communications_manager", person=PIA),
        bulletin(at(10, 2, 25), "users", "Half of the orders fail. We are on it.", until=at(10, 3)),
        Escalated(at(10, 2, 30), OLA, kind="functional", to=HOSTER.id, level=4, reference="HX-8812"),
        Held(at(10, 2, 31), OLA, reason="awaiting_supplier", reference="HX-8812"),
        Acknowledged(at(10, 2, 50), HOSTER.id),
        bulletin(at(10, 3), "management", "The supplier names no time of repair.", until=at(10, 4)),
        Resumed(at(10, 3, 20), QUINN),
        StepDone(at(10, 3, 25), QUINN, step="Invoke disaster recovery", notes="The second site takes over."),
        bulletin(at(10, 4), "users", "We are moving to the second site.", until=at(10, 5)),
        Resolved(at(10, 5), OLA, code="workaround_provided", notes="Runs on the second site."),
        bulletin(at(10, 5, 5), "users", "Orders work again."),
        Linked(at(10, 8, 30), QUINN, kind="problem", to="PRB31"),
    )

    print("02:10, monitoring: 8 of 16 nodes unreachable. The night:")
    for event in incident.events:
        match event:
            case MajorDeclared():
                told = f"MAJOR INCIDENT: {event.reason}; meet at {event.war_room}"
            case RoleTaken():
                told = f"{event.person} is {event.role.replace('_', ' ')}"
            case Escalated():
                told = f"escalated to {HOSTER.name} as their P1, {event.reference}"
            case StepDone():
                told = f"{event.step}: {event.notes}"
            case Replied():
                told = f"to {event.audience}: {event.text}"
            case Resolved():
                told = f"resolved: {event.notes}"
            case _:
                continue
        print(f"  {event.at.astimezone(LONDON):%H:%M}  {told}")

    case = desk.assess(incident, as_of=at(10, 9))
    print(f"\n{case.readings['resolution'].explain()}")
    assert case.readings["resolution"].outcome == "met"  # 2 h 50 min of 4 h: waiting for the supplier counted
    assert case.readings["resolution"].elapsed == timedelta(hours=2, minutes=50)
    (escalation,) = records.escalations(incident.events)
    assert escalation.acknowledged_at == at(10, 2, 50)
    assert closes_at(incident, at(10, 9)) is None  # no major incident is closed by itself

    incident = record(incident, StoodDown(at(10, 9, 30), QUINN, reason="Both sites stable"))
    due = closes_at(incident, at(10, 9, 30))
    assert due is not None
    assert due == at(17, 17, 30)
    print("\nStood down on Tuesday at 09:30.")
    print(f"It would close by itself on {due.astimezone(LONDON):%A %d %B at %H:%M}.")

    incident = record(
        incident,
        Reviewed(at(17, 11), QUINN, reference="PIR-12", held_at=at(17, 10)),
        Closed(at(17, 11, 5), QUINN, code="reviewed"),
    )
    links, timeline = records.links(incident.events), desk.assess(incident, as_of=at(17, 12)).timeline
    print(f"Reviewed the week after (PIR-12), {timeline.status}; the cause is looked for in {links.problem}.")
    assert (timeline.status, links.problem) == ("closed", "PRB31")


if __name__ == "__main__":
    main()
