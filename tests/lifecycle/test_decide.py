"""May this event be appended? The answer explains itself and changes nothing."""

from __future__ import annotations

import pickle
import re

import pytest

from itilkit.errors import TransitionError
from itilkit.events import (
    Assigned,
    Classified,
    Closed,
    Event,
    Held,
    Linked,
    Logged,
    Migrated,
    Noted,
    PrioritySet,
    Reopened,
    Resolved,
    Started,
)
from itilkit.lifecycle import (
    ITIL4_DEFAULT,
    SERVICENOW,
    SIMPLE,
    Accepted,
    Lifecycle,
    Reason,
    Refused,
    apply,
    decide,
    replay,
)
from itilkit.records import Incident
from itilkit.vocabulary import HoldReason, Status

from .stories import ASK, FAR, NOON, WAY, at, known, logged

# Where each trigger leads from each status of the default lifecycle; what is not named is refused.
LEADS = {
    "new": {"assign": "assigned", "start": "in_progress", "resolve": "resolved", "cancel": "cancelled"},
    "assigned": {
        "assign": "assigned",
        "start": "in_progress",
        "hold": "on_hold",
        "resolve": "resolved",
        "cancel": "cancelled",
    },
    "in_progress": {"assign": "assigned", "hold": "on_hold", "resolve": "resolved", "cancel": "cancelled"},
    "on_hold": {"assign": "assigned", "resume": "in_progress", "resolve": "resolved", "cancel": "cancelled"},
    "resolved": {"close": "closed", "reopen": "in_progress"},
    "closed": {},
    "cancelled": {},
}


@pytest.mark.parametrize("trigger", ASK)
@pytest.mark.parametrize("source", LEADS)
def test_every_event_from_every_status(source: str, trigger: str) -> None:
    """An event leads where the practice's table says; elsewhere it is refused and changes nothing."""
    before = known(Assigned(NOON, group="desk", state="new"), *WAY[source])
    history, event = before.events, ASK[trigger]
    decision = decide(before, event, ITIL4_DEFAULT)
    assert before.events is history
    if trigger in LEADS[source]:
        assert isinstance(decision, Accepted)
        assert decision.events == (event,)
        assert decision.incident.events == (*history, event)
        assert replay(decision.incident, ITIL4_DEFAULT, as_of=FAR).state == LEADS[source][trigger]
    elif trigger == "assign" and source == "resolved":
        # A group may be noted on a resolved record; its state stays.
        assert isinstance(decision, Accepted)
        assert replay(decision.incident, ITIL4_DEFAULT, as_of=FAR).state == source
    else:
        assert isinstance(decision, Refused)
        code = "final_record" if trigger == "assign" else "not_permitted"
        assert [reason.code for reason in decision.reasons] == [code]
        with pytest.raises(TransitionError, match=r"not permitted|does not lead|comes too late"):
            apply(before, event, ITIL4_DEFAULT)
    assert before == known(Assigned(NOON, group="desk", state="new"), *WAY[source])


REFUSALS: list[tuple[str, Incident, Event, list[tuple[str, str, str, str]]]] = [
    (
        "out of the table",
        logged(),
        Closed(at(1)),
        [
            (
                "not_permitted",
                "state",
                "new -> closed is not permitted; "
                "from new the lifecycle permits: assigned, in_progress, resolved, cancelled",
                "",
            )
        ],
    ),
    (
        "a priority after the end",
        known(*WAY["closed"]),
        PrioritySet(at(9), priority=1),
        [
            (
                "final_record",
                "state",
                "INC1 is closed: PrioritySet comes too late",
                "log a new incident linked as related",
            )
        ],
    ),
    (
        "out of the end",
        known(*WAY["closed"]),
        Reopened(at(9), reason="It is back."),
        [
            (
                "not_permitted",
                "state",
                "closed -> in_progress is not permitted; "
                "from closed the lifecycle permits: nothing, it is final",
                "",
            )
        ],
    ),
    (
        "the wrong event for the step",
        known(),
        Started(at(1), state="resolved"),
        [
            (
                "not_permitted",
                "state",
                "Started does not lead from new to resolved; that step is drawn by resolve",
                "",
            )
        ],
    ),
    (
        "no event of state",
        known(),
        Noted(at(1), state="resolved"),
        [
            (
                "not_permitted",
                "state",
                "Noted does not lead from new to resolved; that step is drawn by resolve",
                "",
            )
        ],
    ),
    (
        "a second resolution",
        known(*WAY["resolved"]),
        Resolved(at(9), code="solution_provided", notes="Again.", state="resolved"),
        [
            (
                "not_permitted",
                "state",
                "resolved -> resolved is not permitted; "
                "from resolved the lifecycle permits: in_progress, assigned, closed",
                "",
            )
        ],
    ),
    (
        "missing facts",
        logged(),
        Resolved(at(1), code="solution_provided", notes=""),
        [
            (
                "missing_fact",
                "notes",
                "to resolve it, notes must be known",
                "give it in the event or record it first",
            )
        ],
    ),
    (
        "all missing facts at once",
        logged(),
        Started(at(1)),
        [
            (
                "missing_fact",
                "group or assignee",
                "to start it, group or assignee must be known",
                "give it in the event or record it first",
            ),
            (
                "missing_fact",
                "priority",
                "to start it, priority must be known",
                "give it in the event or record it first",
            ),
        ],
    ),
    (
        "an assignment to nobody",
        known(*WAY["assigned"]),
        Assigned(at(9)),
        [
            (
                "missing_fact",
                "group or assignee",
                "to assign it, group or assignee must be known",
                "give it in the event or record it first",
            )
        ],
    ),
    (
        "an unknown state",
        logged(),
        Started(at(1), state="Brooding"),
        [
            (
                "unknown_state",
                "state",
                "the lifecycle has no state 'Brooding'",
                "states: new, assigned, in_progress, on_hold, resolved, closed, cancelled",
            )
        ],
    ),
    (
        "out of an unknown state",
        logged(Noted(at(1), state="-100")),
        Resolved(at(2), code="solution_provided", notes="Restarted."),
        [
            (
                "unknown_state",
                "state",
                "the incident stands in '-100', which the lifecycle does not know",
                "append Migrated(at, state=...) to put it into a known state",
            )
        ],
    ),
    (
        "earlier than the last event",
        logged(Noted(at(5))),
        Noted(at(4)),
        [
            (
                "out_of_order",
                "at",
                "Noted at 2026-03-02T12:04Z is earlier than the last event at 2026-03-02T12:05Z",
                "append events in the order in which they happened",
            )
        ],
    ),
    (
        "logged twice",
        logged(),
        Logged(at(1)),
        [("already_logged", "", "INC1 has been logged already", "append another event")],
    ),
    (
        "all reasons at once",
        logged(Noted(at(5))),
        Closed(at(4)),
        [
            (
                "out_of_order",
                "at",
                "Closed at 2026-03-02T12:04Z is earlier than the last event at 2026-03-02T12:05Z",
                "append events in the order in which they happened",
            ),
            (
                "not_permitted",
                "state",
                "new -> closed is not permitted; "
                "from new the lifecycle permits: assigned, in_progress, resolved, cancelled",
                "",
            ),
        ],
    ),
]


@pytest.mark.parametrize(
    ("incident", "event", "reasons"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS]
)
def test_a_refusal_says_why_and_what_would_help(
    incident: Incident, event: Event, reasons: list[tuple[str, str, str, str]]
) -> None:
    """Each reason has a stable code, the field it is about, a message and a remedy."""
    decision = decide(incident, event, ITIL4_DEFAULT)
    assert decision == Refused(
        tuple(Reason(code, message, field=field, remedy=remedy) for code, field, message, remedy in reasons)
    )
    told = [f"{message} ({remedy})" if remedy else message for _, _, message, remedy in reasons]
    assert str(decision) == "\n".join(told)
    with pytest.raises(TransitionError, match=re.escape(reasons[0][2])) as caught:
        apply(incident, event, ITIL4_DEFAULT)
    assert [(fault.code, fault.path, fault.message, fault.hint) for fault in caught.value.faults] == reasons


def test_facts_may_be_on_the_record_or_in_the_event() -> None:
    """What was recorded before counts, whoever recorded it; an empty text does not."""
    facts: list[Event] = [
        Classified(NOON, category="network", impact=1, urgency=1, fields={"notes": "See the wiki."}),
        PrioritySet(NOON, priority=1),
    ]
    assert isinstance(decide(logged(*facts), Assigned(at(1), assignee="ann"), ITIL4_DEFAULT), Accepted)
    assert isinstance(decide(logged(*facts), Resolved(at(1), code="other"), ITIL4_DEFAULT), Accepted)
    empty = Classified(at(1), category="", fields={"notes": ""})
    refused = decide(logged(*facts, empty), Assigned(at(2), group="desk"), ITIL4_DEFAULT)
    assert isinstance(refused, Refused)
    assert [reason.field for reason in refused.reasons] == ["category"]


def test_apply_appends() -> None:
    """An accepted event comes back on a longer incident; the one given stays as it was."""
    incident = known()
    longer = apply(incident, ASK["assign"], ITIL4_DEFAULT)
    assert (incident.version, longer.version) == (3, 4)
    assert longer.events[-1] is ASK["assign"]


@pytest.mark.parametrize("lifecycle", [SIMPLE, ITIL4_DEFAULT], ids=str)
def test_apply_gives_what_a_decision_accepts(lifecycle: Lifecycle) -> None:
    """With and without guards on the step, both ways to ask have one answer."""
    for event in ASK.values():
        decision = decide(known(), event, lifecycle)
        if isinstance(decision, Accepted):
            assert apply(known(), event, lifecycle) == decision.incident
            continue
        with pytest.raises(TransitionError, match=re.escape(decision.reasons[0].message)) as caught:
            apply(known(), event, lifecycle)
        assert [fault.code for fault in caught.value.faults] == [each.code for each in decision.reasons]


def test_equal_instants_may_follow_each_other() -> None:
    """An event at the instant of the last one is in order."""
    assert isinstance(decide(logged(), Noted(NOON), ITIL4_DEFAULT), Accepted)


def test_a_house_state_chooses_among_targets() -> None:
    """Without a state the table's first target is taken; with one, that one."""
    resolved = known(*WAY["resolved"])
    for state, expected in ((None, "in_progress"), ("assigned", "assigned")):
        reopened = apply(resolved, Reopened(at(9), reason="It is back.", state=state), ITIL4_DEFAULT)
        assert replay(reopened, ITIL4_DEFAULT, as_of=FAR).state == expected


def test_a_migrated_record_stands_where_it_says() -> None:
    """Migrated needs no step, but a state that the lifecycle knows."""
    moved = apply(logged(), Migrated(at(1), state="resolved", reason="from the old tool"), ITIL4_DEFAULT)
    timeline = replay(moved, ITIL4_DEFAULT, as_of=FAR)
    assert (timeline.status, timeline.defects) == (Status.RESOLVED, ())
    refused = decide(logged(), Migrated(at(1), state="Brooding"), ITIL4_DEFAULT)
    assert isinstance(refused, Refused)
    assert refused.reasons[0].code == "unknown_state"


def test_another_hold_reason_is_a_step_of_servicenow() -> None:
    """On hold may follow on hold with another reason; the state's own reason is the default."""
    held = logged(Held(at(1), state="Awaiting Vendor"), Held(at(2), reason=HoldReason.AWAITING_CHANGE))
    timeline = replay(held, SERVICENOW, as_of=FAR)
    assert timeline.hold_reasons == (None, HoldReason.AWAITING_SUPPLIER, HoldReason.AWAITING_CHANGE)
    assert timeline.states == ("New", "Awaiting Vendor", "On Hold")


def test_a_decision_survives_pickling() -> None:
    """Decisions are values that cross a process border."""
    for event in (ASK["assign"], ASK["close"], Linked(at(60), kind="problem", to="PRB1")):
        decision = decide(known(), event, ITIL4_DEFAULT)
        assert pickle.loads(pickle.dumps(decision)) == decision  # noqa: S301
    with pytest.raises(TransitionError, match="not permitted") as caught:
        apply(known(), ASK["close"], ITIL4_DEFAULT)
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert (type(copy), copy.faults, str(copy)) == (TransitionError, caught.value.faults, str(caught.value))
