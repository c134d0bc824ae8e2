"""Story 1: one user. A locked account, put right at the first call and closed with five stars.

A ticket tool keeps a list of events for each incident. Everything else it shows is asked of the library: which model
fits, how urgent it is and who gets it, by when each step is due, the buttons, what is still missing, why a step is
refused, and whether the promise was kept.

    python examples/story_single_user.py
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from itilkit import Accepted, Agreement, Calendar, Event, Incident, Person, Policy, Refused, Target, records
from itilkit.events import (
    Classified,
    Closed,
    Logged,
    Replied,
    RequesterWrote,
    Resolved,
    StepDone,
    Surveyed,
)
from itilkit.incident_models import Progress, Route, shipped
from itilkit.lifecycle import ITIL4_DEFAULT
from itilkit.priority import ITIL_3X3

LONDON = ZoneInfo("Europe/London")
ANN = Person("ann", name="Ann (service desk)")
BEN = Person("ben", name="Ben (payroll)")

office = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London", public_holidays="GB-ENG")
standard = Agreement(
    "Standard",
    [Target((1, 2, 3, 4, 5), {"response": timedelta(minutes=30), "resolution": timedelta(hours=8)})],
    calendar=office,
)
desk = Policy(
    "Desk",
    lifecycle=ITIL4_DEFAULT,
    matrix=ITIL_3X3,
    agreements=[standard],
    incident_models=[shipped("locked_account"), shipped("database_error")],
    routes=[Route("service_desk", because="every call begins there")],
)


def at(hour: int, minute: int) -> datetime:
    """A time on that Monday."""
    return datetime(2026, 3, 2, hour, minute, tzinfo=LONDON)


def record(incident: Incident, *events: Event) -> Incident:
    """What a tool does with each event: ask, then store what was accepted."""
    for event in events:
        decision = desk.decide(incident, event)
        assert isinstance(decision, Accepted), decision
        incident = decision.incident
    return incident


def steps_of(incident: Incident, *, as_of: datetime) -> Progress:
    """How far an incident is on the plan of its model."""
    found = desk.progress(desk.assess(incident, as_of=as_of))
    assert found is not None
    return found


def triaged(incident: Incident) -> Incident:
    """What the rules of the desk make of a new incident, and the plan of the model that is meant for it."""
    print("\nWhat the desk's rules make of it, and the events that they propose:")
    triage = desk.triage(incident, at=at(9, 5), by=ANN)
    print(triage.explain())
    for event in triage.events:
        print(f"  + {type(event).__name__}")
    incident = record(incident, *triage.events)

    print("\nThe plan of the model, held against the promise:")
    laid = steps_of(incident, as_of=at(9, 5)).plan
    for each in laid.steps:
        due = f"due {each.due_at.astimezone(LONDON):%H:%M}" if each.due_at else "no limit"
        print(f"  {due:10} {each.step.title}")
    print(f"  critical path: {' -> '.join(laid.critical_path)}")
    print(f"  too long for the promise: {', '.join(map(str, laid.findings)) or 'no'}")
    assert laid.findings == ()
    return incident


def main() -> None:
    """Tell the story."""
    print("09:04  Ben calls: his account is locked, and payroll closes tonight.")
    incident = Incident(
        "INC0001", [Logged(at(9, 4), ANN, title="Account locked", reporter=BEN, channel="phone")]
    )
    incident = record(
        incident,
        Classified(at(9, 5), ANN, category="access", subcategory="locked account", service="sign-in"),
    )

    incident = triaged(incident)

    print("\nThe buttons on Ann's screen, and what each one asks for:")
    buttons = desk.permitted(incident, at=at(9, 5))
    for button in buttons:
        print(f"  [{button.label}]  {', '.join(button.missing) or 'nothing more'}")

    print("\nAnn is quick and tries to close it at once:")
    refused = desk.decide(incident, Closed(at(9, 6), ANN))
    assert isinstance(refused, Refused)
    print(f"  {refused}")

    print("\n09:09  Ben is who he says, and mistyped his password: no break-in, so security is not called.")
    incident = record(
        incident,
        StepDone(at(9, 7), ANN, step="verify"),
        StepDone(at(9, 9), ANN, step="find_reason"),
    )
    for each in steps_of(incident, as_of=at(9, 9)).steps:
        print(f"  {each.state:8} {each.step.id}: {each.why}")

    print("\n09:12  She unlocks the account while Ben is on the line.")
    incident = record(
        incident,
        Replied(at(9, 12), ANN, text="Unlocked. Please try again.", channel="phone"),
        Resolved(at(9, 12), ANN, code="solution_provided", notes="Account unlocked.", applied_by="support"),
        RequesterWrote(at(9, 14), BEN, text="I am in. Thank you!", channel="phone"),
        Closed(at(9, 15), ANN, confirmed_by=BEN),
        Surveyed(at(11, 30), BEN, score=5, scale=(1, 5), comment="Two minutes after I was through!"),
    )

    case = desk.assess(incident, as_of=at(12, 0))
    timeline, resolution = case.timeline, records.resolution(incident.events)
    assert resolution is not None
    assert timeline.closed_at is not None
    assert timeline.resolved_at is not None
    assert timeline.opened_at is not None
    survey = next(event for event in incident.events if isinstance(event, Surveyed))
    steps = steps_of(incident, as_of=at(12, 0))

    print(f"\n{incident.number} at noon: {timeline.status}, P{timeline.priority}, {incident.version} events")
    print(f"  resolved after {timeline.resolved_at - timeline.opened_at}: {resolution.notes}")
    print(f"  confirmed by {resolution.confirmed_by}, for good: {resolution.permanent}")
    print(f'  survey: {"*" * int(survey.score)} "{survey.comment}"')
    for name, reading in case.readings.items():
        print(f"  {name}: {reading.outcome}, {reading.elapsed} of {reading.target}")
    print(f"  steps: {', '.join(f'{each.step.id} {each.state}' for each in steps.steps)}")

    # The first contact was the only one: nobody else had it, and it did not come back.
    assert (timeline.status, timeline.priority) == ("closed", 4)
    assert timeline.resolved_at - timeline.opened_at == timedelta(minutes=8)
    assert list(timeline.groups()) == ["service_desk"]
    assert timeline.reopen_count == 0
    assert (resolution.confirmed_by, resolution.permanent) == (BEN, True)
    assert survey.normalised == 1
    assert {name: reading.outcome for name, reading in case.readings.items()} == {
        "response": "met",
        "resolution": "met",
    }
    assert (steps.share, steps.missing) == (1, ())
    assert desk.permitted(incident, at=at(12, 0)) == ()  # a closed record stays closed


if __name__ == "__main__":
    main()
