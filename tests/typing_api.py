"""The public face as a type checker sees it; nothing here is run.

mypy and pyright read this file in their strict modes, so a name whose type is lost, or a call that a reader of the
documentation would write and a checker refuse, is an error here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import assert_never, assert_type

from itilkit import (
    Accepted,
    Agreement,
    Assessment,
    Calendar,
    Incident,
    Measure,
    Measures,
    Person,
    Policy,
    Reading,
    Refused,
    Status,
    Target,
    Timeline,
    kpi,
    lifecycle,
    major_incidents,
    priority,
    records,
    reviews,
)
from itilkit.adapters import servicenow
from itilkit.events import (
    Acknowledged,
    Assigned,
    Attached,
    Cancelled,
    Classified,
    Closed,
    DisasterRecoveryInvoked,
    Escalated,
    Event,
    Excluded,
    Held,
    Linked,
    Logged,
    MajorDeclared,
    MajorProposed,
    MajorRejected,
    Migrated,
    ModelAttached,
    Noted,
    PrioritySet,
    Reopened,
    Replied,
    RequesterWrote,
    Resolved,
    Resumed,
    Reviewed,
    RoleLeft,
    RoleTaken,
    Started,
    StepDone,
    StoodDown,
    Surveyed,
    SurveySent,
    WarRoomOpened,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def calendars_answer_in_instants_and_durations(office: Calendar) -> None:
    """When is it due, and how long was it open?"""
    assert_type(office.add(NOW, timedelta(hours=4)), datetime)
    assert_type(office.elapsed(NOW, NOW), timedelta)
    assert_type(office.is_open(NOW), bool)
    assert_type(office.next_open(NOW), datetime | None)
    assert_type(office.end_of_working_day(NOW, 3), datetime)


def values_are_built_from_plain_python() -> None:
    """What the README writes."""
    office = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London", public_holidays="GB-ENG")
    target = Target(3, {"response": timedelta(hours=1), "resolution": timedelta(hours=3)})
    gold = Agreement("Gold", [target], calendar=office)
    Policy("Desk", lifecycle=lifecycle.ITIL4_DEFAULT, matrix=priority.ITIL_3X3, agreements=[gold])
    assert_type(Incident("INC1", [Logged(NOW), Started(NOW, "ann")]), Incident)


def policies_assess_and_decide(policy: Policy, incident: Incident) -> None:
    """One incident: where it stands, what is left, what may follow."""
    case = policy.assess(incident, as_of=NOW)
    assert_type(case, Assessment)
    assert_type(case.timeline, Timeline)
    assert_type(case.timeline.status, Status | None)
    assert_type(case.timeline.priority, int | None)
    assert_type(case.readings, Mapping[str, Reading])
    assert_type(case.readings["resolution"].explain(), str)
    match policy.decide(incident, Resolved(NOW, "ann", code="solution_provided", notes="...")):
        case Accepted(incident=longer):
            assert_type(longer, Incident)
        case Refused(reasons=reasons):
            assert_type([reason.message for reason in reasons], list[str])


def logs_are_measured(text: str, policy: Policy) -> None:
    """Many incidents: figures with their unit and n."""
    log = servicenow.audit_log(text.splitlines(), zone="UTC")
    judged = list(policy.assess_all(log.incidents, as_of=NOW, strict=False))
    assert_type(judged, list[Assessment])
    measures = kpi.measure(judged, kpi.time_to_resolve("median", "p90"), kpi.sla_compliance(), by="priority")
    assert_type(measures, Measures)
    for measure in measures:
        assert_type(measure, Measure)
        assert_type(measure.n, int)


def histories_tell_what_several_events_mean(incident: Incident, timeline: Timeline) -> None:
    """Of an incident's events, or of those known at an instant; a sorted incident is an incident."""
    assert_type(records.links(incident.events), records.Links)
    assert_type(records.resolution(timeline.events), records.Resolution | None)
    assert_type(records.communications(timeline.events), tuple[records.Communication, ...])
    assert_type(records.escalations(timeline.events), tuple[records.Escalation, ...])
    assert_type(records.roles(timeline.events), tuple[records.RoleAssignment, ...])
    assert_type(incident.in_order(), Incident)
    assert_type(
        records.Group("desk", "Service desk", support_level=1, members=["ann"]).members, tuple[str, ...]
    )


def major_incidents_are_led(incident: Incident, case: Assessment) -> None:
    """A step is accepted or refused; how it stands, and what an audience is told, are values."""
    rules = major_incidents.rules_from_data([{"name": "P1", "when": {"priority": "P1"}}])
    assert_type(major_incidents.candidate(case, rules).reason, str)
    match major_incidents.declare(incident, NOW, "ann", incident_manager="bo"):
        case Accepted(events=events):
            assert_type(events, tuple[Event, ...])
        case Refused(reasons=reasons):
            assert_type([str(reason) for reason in reasons], list[str])
    major = major_incidents.standing(case.timeline)
    assert_type(major, major_incidents.MajorIncident | None)
    if major is not None:
        assert_type(major.incident_manager, Person | None)
        assert_type(major.holders("sme", NOW), tuple[Person, ...])
    update = major_incidents.status_update(case, "users", "We are on it.", zone="UTC")
    assert_type(update.to_markdown(), str)
    assert_type(update.event("pia"), Replied)


def reviews_join_history_and_findings(case: Assessment, review: reviews.PostIncidentReview) -> None:
    """Stages with their length, a document, and what is still to be done."""
    assert_type([stage.lasted for stage in reviews.stages(case).known], list[timedelta])
    assert_type(reviews.document(case, review, zone="UTC").to_html(), str)
    assert_type(reviews.open_actions([review], on=NOW.date()), tuple[reviews.OpenAction, ...])
    assert_type(reviews.from_data(reviews.to_data(review)), reviews.PostIncidentReview)


def events_are_a_closed_union(event: Event) -> str:  # noqa: PLR0911  one answer for each event
    """A `match` that forgets an event does not type-check: what is left would have to be nothing."""
    match event:
        case Logged() | Classified() | PrioritySet() | Assigned() | Attached() | Linked() | Excluded():
            return "record"
        case Acknowledged() | Started() | Held() | Resumed() | Escalated() | Noted() | StepDone():
            return "work"
        case Resolved() | Reopened() | Closed() | Cancelled() | Migrated():
            return "state"
        case Replied() | RequesterWrote():
            return "message"
        case MajorProposed() | MajorRejected() | MajorDeclared() | StoodDown() | DisasterRecoveryInvoked():
            return event.reason
        case RoleTaken() | RoleLeft() | WarRoomOpened():
            return "major incident"
        case ModelAttached():
            return event.digest
        case SurveySent() | Surveyed() | Reviewed():
            return "afterwards"
        case _:
            assert_never(event)


def a_history_in_a_variable(at: datetime) -> None:
    """A tuple of several kinds of events, and a list whose type is written, are histories."""
    kept = (Logged(at), Started(at), Resolved(at))
    written: list[Event] = [Logged(at), Resolved(at)]
    for history in (kept, written):
        assert_type(Incident("INC1", history), Incident)
        assert_type(records.links(history), records.Links)
