"""From events to tracks, marks, steps and defects, as could be known at an instant."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta

import pytest

from itilkit.errors import InstantError, TransitionError
from itilkit.events import (
    Acknowledged,
    Assigned,
    Attached,
    Cancelled,
    Classified,
    Closed,
    Escalated,
    Event,
    Excluded,
    Held,
    Linked,
    Logged,
    Noted,
    Person,
    PrioritySet,
    Reopened,
    Replied,
    RequesterWrote,
    Resolved,
    Resumed,
    Started,
)
from itilkit.lifecycle import ITIL4_DEFAULT, SERVICENOW, Assignment, Mark, Step, replay
from itilkit.records import Incident
from itilkit.vocabulary import Channel, HoldReason, Status

from .stories import ANN, FAR, NOON, USER, at, known, logged


def test_tracks_hold_one_value_per_event() -> None:
    """Each track says what held from each event on; the singular names say what holds now."""
    incident = Incident(
        "INC1",
        [
            Logged(NOON, USER, title="No e-mail", reporter=USER, channel=Channel.PHONE),
            Classified(at(1), category="network", impact=2, urgency=3, fields={"floor": 3}),
            PrioritySet(at(2), priority=4),
            Assigned(at(3), ANN, group="desk"),
            Assigned(at(4), ANN, group="network", assignee=ANN),
            Started(at(5), ANN),
            Classified(at(6), urgency=2, fields={"floor": 4}),
            Held(at(7), ANN, reason=HoldReason.AWAITING_USER),
            Resumed(at(8), ANN),
            Resolved(at(9), ANN, code="other", notes="Restarted."),
            Closed(at(10)),
        ],
    )
    timeline = replay(incident, ITIL4_DEFAULT, as_of=at(30))
    assert timeline.beats == tuple(at(minute) for minute in range(11))
    assert timeline.events == incident.events
    assert timeline.statuses == (
        *(Status.NEW,) * 3,
        *(Status.ASSIGNED,) * 2,
        *(Status.IN_PROGRESS,) * 2,
        Status.ON_HOLD,
        Status.IN_PROGRESS,
        Status.RESOLVED,
        Status.CLOSED,
    )
    assert timeline.states == tuple(status.value for status in timeline.statuses)
    assert timeline.hold_reasons == (*(None,) * 7, HoldReason.AWAITING_USER, *(None,) * 3)
    assert timeline.impacts == (None, *(2,) * 10)
    assert timeline.urgencies == (None, *(3,) * 5, *(2,) * 5)
    assert timeline.priorities == (None, None, *(4,) * 9)
    desk, network = Assignment("desk"), Assignment("network", ANN)
    assert timeline.assignments == (*(Assignment(),) * 3, desk, *(network,) * 7)
    assert timeline.fields[0] == {"channel": "phone"}
    assert timeline.fields[1] == {"channel": "phone", "category": "network", "floor": 3}
    assert timeline.fields[6] == {"channel": "phone", "category": "network", "floor": 4}
    assert timeline.steps == (
        Step(3, "new", "assigned", legal=True),
        Step(5, "assigned", "in_progress", legal=True),
        Step(7, "in_progress", "on_hold", legal=True),
        Step(8, "on_hold", "in_progress", legal=True),
        Step(9, "in_progress", "resolved", legal=True),
        Step(10, "resolved", "closed", legal=True),
    )
    assert timeline.defects == ()
    now = (timeline.status, timeline.state, timeline.hold_reason, timeline.impact, timeline.urgency)
    assert now == (Status.CLOSED, "closed", None, 2, 2)
    assert (timeline.priority, timeline.assignment, timeline.as_of) == (4, network, at(30))


def test_every_classifying_value_becomes_a_field() -> None:
    """The standard values stand under their own names beside the tool's own fields."""
    event = Classified(
        at(1),
        category="a",
        subcategory="b",
        service="c",
        configuration_item="d",
        fields={"category": "x", "z": None},
    )
    fields = replay(logged(event), ITIL4_DEFAULT, as_of=FAR).fields[-1]
    assert fields == {
        "category": "a",
        "subcategory": "b",
        "service": "c",
        "configuration_item": "d",
        "z": None,
    }


def test_before_the_opening_nothing_is_known() -> None:
    """A look from before the incident was opened gives an empty timeline."""
    timeline = replay(known(), ITIL4_DEFAULT, as_of=NOON - timedelta(microseconds=1))
    assert not any((timeline.beats, timeline.events, timeline.statuses, timeline.fields, timeline.marks))
    assert [getattr(timeline, name) for name in ("status", "state", "hold_reason", "impact", "urgency")] == [
        None
    ] * 5
    assert [getattr(timeline, name) for name in ("priority", "opened_at", "resolved_at", "closed_at")] == [
        None
    ] * 4
    assert (timeline.first_resolved_at, timeline.reopen_count, timeline.exclusions) == (None, 0, ())
    assert timeline.assignment == Assignment()
    assert not list(timeline.groups())
    assert repr(timeline) == "<Timeline INC1: not yet opened as of 2026-03-02T11:59:59.999999+00:00>"


def test_an_event_at_the_very_instant_is_known() -> None:
    """The right edge belongs to the timeline."""
    incident = known(Started(at(5), state="in_progress"))
    assert replay(incident, ITIL4_DEFAULT, as_of=at(5)).state == "in_progress"
    assert replay(incident, ITIL4_DEFAULT, as_of=at(4)).state == "new"


def test_a_look_needs_a_zone() -> None:
    """An instant without a zone is refused."""
    with pytest.raises(InstantError, match=r"has no zone.*pass zone="):
        replay(known(), ITIL4_DEFAULT, as_of=datetime(2026, 3, 2))  # noqa: DTZ001  the mistake under test


def test_strict_raises_with_every_place() -> None:
    """All departures are told at once, each at its event."""
    incident = logged(
        Closed(at(1)), Noted(at(3), state="Brooding"), Noted(at(2)), Cancelled(at(4), reason="No incident.")
    )
    with pytest.raises(TransitionError, match="new -> closed") as caught:
        replay(incident, ITIL4_DEFAULT, as_of=FAR)
    assert str(caught.value).splitlines() == [
        "events[1]: 2026-03-02T12:01Z: new -> closed is not permitted; "
        "from new the lifecycle permits: assigned, in_progress, resolved, cancelled",
        "events[2]: 2026-03-02T12:03Z: the lifecycle has no state 'Brooding'",
        "events[3]: 2026-03-02T12:02Z: is stamped before the event it follows (2026-03-02T12:03Z)",
    ]
    assert [fault.code for fault in caught.value.faults] == ["illegal_step", "unknown_state", "out_of_order"]
    assert pickle.loads(pickle.dumps(caught.value)).faults == caught.value.faults  # noqa: S301


def test_strict_looks_no_further_than_the_instant() -> None:
    """A departure that lies later than the look is not known and raises nothing."""
    incident = logged(Closed(at(10)))
    assert replay(incident, ITIL4_DEFAULT, as_of=at(9)).status is Status.NEW


def test_without_strict_every_departure_is_reported_and_the_walk_goes_on() -> None:
    """The record is believed: each defect names its event, and the incident stands where the record says."""
    incident = logged(Closed(at(1)), Reopened(at(2), reason="It is back."), Closed(at(3)))
    timeline = replay(incident, ITIL4_DEFAULT, as_of=FAR, strict=False)
    assert timeline.states == ("new", "closed", "in_progress", "closed")
    assert [(defect.code, defect.event, defect.at) for defect in timeline.defects] == [
        ("illegal_step", 1, at(1)),
        ("illegal_step", 2, at(2)),
        ("illegal_step", 3, at(3)),
    ]
    assert str(timeline.defects[1]) == (
        "events[2] at 2026-03-02T12:02Z: closed -> in_progress is not permitted; "
        "from closed the lifecycle permits: nothing, it is final"
    )
    assert [(step.source, step.target, step.legal) for step in timeline.steps] == [
        ("new", "closed", False),
        ("closed", "in_progress", False),
        ("in_progress", "closed", False),
    ]


def test_an_event_without_a_way_leads_to_its_own_status() -> None:
    """Where the table has no target, the first state of the event's status is taken, or the status' own name."""
    timeline = replay(logged(Resumed(at(1)), Held(at(2))), SERVICENOW, as_of=FAR, strict=False)
    assert timeline.states == ("New", "In Progress", "On Hold")
    assert [defect.code for defect in timeline.defects] == ["illegal_step"]


def test_a_backward_stamp_takes_the_beat_before_it() -> None:
    """Beats never run back; the event keeps its own stamp, and the place is told once per step back."""
    incident = logged(
        Started(at(9), state="in_progress"), Noted(at(5)), Noted(at(6)), Noted(at(20)), Noted(at(4))
    )
    timeline = replay(incident, SERVICENOW, as_of=FAR, strict=False)
    assert timeline.beats == (NOON, at(9), at(9), at(9), at(20), at(20))
    assert timeline.events[2].at == at(5)
    backward = [defect for defect in timeline.defects if defect.code == "out_of_order"]
    assert [(defect.event, defect.message[-19:]) for defect in backward] == [
        (2, "(2026-03-02T12:09Z)"),
        (5, "(2026-03-02T12:20Z)"),
    ]
    # Known only from the beat at which it entered the record.
    assert replay(incident, SERVICENOW, as_of=at(8), strict=False).beats == (NOON,)


def test_an_event_before_the_opening_is_told_apart() -> None:
    """An update stamped before the incident was opened is its own defect; it is known from the opening on."""
    timeline = replay(logged(Noted(at(-30)), Noted(at(-20))), SERVICENOW, as_of=NOON, strict=False)
    assert timeline.beats == (NOON,) * 3
    assert [str(defect) for defect in timeline.defects] == [
        "events[1] at 2026-03-02T11:30Z: happened before the incident was opened (2026-03-02T12:00Z)"
    ]


def test_an_unknown_state_keeps_the_status() -> None:
    """A state that the lifecycle does not know is believed; status and hold reason stay unless the event says more."""
    incident = logged(
        Held(at(1), state="Awaiting Vendor"),
        Noted(at(2), state="-100"),
        Resolved(at(3), state="Fixed"),
        Reopened(at(4), state="Again"),
        Held(at(5), state="Parked", reason=HoldReason.SCHEDULED),
        Started(at(6), state="Active"),
    )
    timeline = replay(incident, SERVICENOW, as_of=FAR, strict=False)
    assert timeline.states == ("New", "Awaiting Vendor", "-100", "Fixed", "Again", "Parked", "Active")
    assert timeline.statuses == (
        Status.NEW, Status.ON_HOLD, Status.ON_HOLD, Status.RESOLVED, Status.IN_PROGRESS, Status.ON_HOLD,
        Status.IN_PROGRESS,
    )  # fmt: skip
    supplier = HoldReason.AWAITING_SUPPLIER
    assert timeline.hold_reasons == (None, supplier, supplier, None, None, HoldReason.SCHEDULED, None)
    assert [(defect.code, defect.event) for defect in timeline.defects] == [
        ("unknown_state", 2), ("unknown_state", 3), ("unknown_state", 4), ("unknown_state", 5),
    ]  # fmt: skip
    # A step out of or into a state that nobody knows is not judged.
    assert all(step.legal for step in timeline.steps)


def test_a_record_may_enter_its_log_in_mid_life() -> None:
    """The first state after an inferred opening is reported and judged no step; strict accepts it."""
    incident = Incident("INC1", [Logged(NOON, inferred=True), Closed(at(1), state="Closed")])
    timeline = replay(incident, SERVICENOW, as_of=FAR)
    assert [(defect.code, defect.message) for defect in timeline.defects] == [
        ("starts_mid_life", "the first state on record is Closed")
    ]
    assert timeline.steps == (Step(1, "New", "Closed", legal=True, known=False),)


@pytest.mark.parametrize(
    ("event", "kind", "side"),
    [
        (Attached(at(1), "ann"), "attached", "agent"),
        (Acknowledged(at(1), "ann"), "acknowledged", "agent"),
        (Acknowledged(at(1)), "acknowledged", "agent"),
        (Replied(at(1), "ann"), "agent_reply", "agent"),
        (RequesterWrote(at(1), "user"), "requester_message", "requester"),
        (RequesterWrote(at(1)), "requester_message", "requester"),
        (Reopened(at(1), "user", state="New"), "reopened", "requester"),
        (Reopened(at(1), "ann", state="New"), "reopened", "agent"),
        (Reopened(at(1), state="New"), "reopened", "agent"),
        (Escalated(at(1), "ann", kind="functional", to="network"), "escalated", "agent"),
        (Excluded(at(1), "ann", start=at(2), end=at(3)), "excluded", "agent"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value,
)
def test_what_an_event_marks(event: Event, kind: str, side: str) -> None:
    """Clocks and KPIs look for marks: the kind of thing that happened and the side it came from."""
    timeline = replay(logged(event), SERVICENOW, as_of=FAR, strict=False)
    assert [(mark.beat, mark.kind, mark.by) for mark in timeline.marks] == [
        (0, "opened", "requester"),
        (1, kind, side),
    ]


@pytest.mark.parametrize(
    "event",
    [
        Replied(at(1), "ann", public=False),
        Replied(at(1), "ann", automatic=True),
        Noted(at(1), "ann"),
        Linked(at(1), "ann", kind="problem", to="PRB1"),
        Assigned(at(1), "ann", group="desk"),
        Classified(at(1), "ann", impact=1),
    ],
    ids=repr,
)
def test_what_marks_nothing(event: Event) -> None:
    """A private or automatic reply answers nobody, and paperwork is no mark."""
    assert replay(logged(event), SERVICENOW, as_of=FAR).marks == (Mark(0, "opened", "requester"),)


@pytest.mark.parametrize(
    ("by", "reporter", "side"),
    [(None, None, "requester"), (USER, USER, "requester"), (ANN, USER, "agent"), (ANN, None, "agent")],
)
def test_who_opened_it(by: Person | None, reporter: Person | None, side: str) -> None:
    """Logged by the reporter or by nobody in particular comes from the requester, by anybody else from an agent."""
    timeline = replay(Incident("INC1", [Logged(NOON, by, reporter=reporter)]), SERVICENOW, as_of=FAR)
    assert [mark.by for mark in timeline.marks] == [side]


def test_a_timeline_is_a_value() -> None:
    """Two replays are equal, and a timeline survives pickling."""
    incident = known(Assigned(at(1), ANN, group="desk"), Closed(at(2)), Noted(at(1)))
    timeline = replay(incident, ITIL4_DEFAULT, as_of=FAR, strict=False)
    assert timeline == replay(incident, ITIL4_DEFAULT, as_of=FAR, strict=False)
    assert timeline != replay(incident, ITIL4_DEFAULT, as_of=at(2), strict=False)
    assert pickle.loads(pickle.dumps(timeline)) == timeline  # noqa: S301
    assert repr(timeline) == "<Timeline INC1: closed as of 2100-01-01T00:00:00+00:00>"
