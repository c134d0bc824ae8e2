"""What may happen next: every step, with what is missing and what stands in the way."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.calendars import Calendar
from itilkit.errors import InstantError
from itilkit.events import (
    Assigned,
    Closed,
    Escalated,
    Event,
    Held,
    Logged,
    Migrated,
    Noted,
    Reopened,
    Resolved,
    Started,
)
from itilkit.lifecycle import (
    ITIL4_DEFAULT,
    ITOP,
    SERVICENOW,
    Accepted,
    Delay,
    Lifecycle,
    Permitted,
    Refused,
    State,
    Transition,
    Window,
    decide,
    permitted,
)
from itilkit.records import Incident
from itilkit.vocabulary import HoldReason, Status

from .stories import ASK, NOON, WAY, at, known, logged


def _told(incident: Incident, **asked: object) -> list[tuple[str, bool, tuple[str, ...]]]:
    steps = permitted(incident, ITIL4_DEFAULT, at=at(60), **asked)  # type: ignore[arg-type]
    return [(each.label, each.allowed, each.missing) for each in steps]


def test_the_buttons_of_a_new_incident() -> None:
    """A button per step, with the facts that its form has to ask for."""
    assert _told(logged()) == [
        ("Assign", True, ("group or assignee", "category", "impact", "urgency")),
        ("Start", True, ("group or assignee", "priority")),
        ("Resolve", True, ("code", "notes")),
        ("Cancel", True, ("reason or duplicate_of",)),
    ]
    assert _told(known(Assigned(NOON, group="desk", state="new"))) == [
        ("Assign", True, ("group or assignee",)),
        ("Start", True, ()),
        ("Resolve", True, ("code", "notes")),
        ("Cancel", True, ("reason or duplicate_of",)),
    ]


def test_a_trigger_with_two_targets_has_two_buttons() -> None:
    """Where a trigger leads to several states, the label names the state and the default comes first."""
    assert _told(known(*WAY["resolved"])) == [
        ("Reopen: in_progress", True, ("reason",)),
        ("Reopen: assigned", True, ("reason",)),
        ("Close", True, ()),
    ]


def test_an_escalation_that_moves_has_a_button() -> None:
    """Where a house has a state for an escalation, it is a step like any other."""
    steps = permitted(logged(), ITOP, at=at(60))
    assert [(each.label, each.target, each.event) for each in steps if each.trigger == "escalate"] == [
        ("Escalate", "escalated_tto", Escalated)
    ]


def test_nothing_is_left_at_the_end() -> None:
    """A closed or cancelled record, or one in a state nobody knows, has no button."""
    for incident in (known(*WAY["closed"]), known(*WAY["cancelled"]), logged(Noted(NOON, state="-100"))):
        assert permitted(incident, ITIL4_DEFAULT, at=at(60)) == ()


LIMITED = Lifecycle(
    "Limited",
    [State("open", Status.IN_PROGRESS), State("solved", Status.RESOLVED), State("closed", Status.CLOSED)],
    transitions=[
        Transition("resolve", ("open",), "solved", roles=("agent",)),
        Transition("close", ("solved",), "closed", roles=("user", "system")),
        Transition(
            "reopen", ("solved",), "open", roles=("user",), within=Window(Delay(working_days=1)), requires=("reason",)
        ),
    ],
)  # fmt: skip
OFFICE = Calendar({"mon-fri": "09:00-17:30"}, zone="UTC")
SOLVED = Incident("INC1", [Logged(NOON), Resolved(NOON)])
TUESDAY_EVENING = datetime.fromisoformat("2026-03-03T17:30:00+00:00")


def test_what_is_not_allowed_says_why() -> None:
    """Roles, a window that has passed and a step back in time are told with the same codes as a refusal."""
    (reopen, close) = permitted(SOLVED, LIMITED, at=TUESDAY_EVENING, roles=("user",), calendar=OFFICE)
    assert (reopen.allowed, reopen.missing, close.allowed) == (True, ("reason",), True)
    late = TUESDAY_EVENING + timedelta(microseconds=1)
    (reopen, close) = permitted(SOLVED, LIMITED, at=late, roles=("agent",), calendar=OFFICE)
    assert [reason.code for reason in reopen.reasons] == ["role_missing", "window_passed"]
    assert reopen.reasons[1].until == TUESDAY_EVENING
    assert [reason.code for reason in close.reasons] == ["role_missing"]
    assert (reopen.allowed, close.allowed) == (False, False)
    (reopen, _) = permitted(SOLVED, LIMITED, at=NOON - timedelta(1), calendar=OFFICE)
    assert [reason.code for reason in reopen.reasons] == ["out_of_order"]


def test_a_button_knows_its_event() -> None:
    """Each step names the status it leads to and the event type that draws it."""
    steps = permitted(known(*WAY["in_progress"]), ITIL4_DEFAULT, at=at(60))
    assert [(each.event, each.status) for each in steps if each.trigger in ("hold", "resolve")] == [
        (Held, Status.ON_HOLD),
        (Resolved, Status.RESOLVED),
    ]
    with pytest.raises(InstantError, match="has no zone"):
        permitted(logged(), ITIL4_DEFAULT, at=datetime(2026, 3, 2, 12))  # noqa: DTZ001  naive is what is refused


_HISTORIES = st.lists(
    st.sampled_from(
        [
            *ASK.values(), Held(NOON, reason=HoldReason.OTHER), Closed(NOON), Started(NOON), Reopened(NOON),
            Migrated(NOON, state="resolved"), Migrated(NOON, state="Resolved"),
        ]
    ),
    max_size=6,
)  # fmt: skip


@given(_HISTORIES, st.sampled_from([ITIL4_DEFAULT, SERVICENOW]))
def test_a_button_does_what_it_says(history: list[Event], lifecycle: Lifecycle) -> None:
    """A complete event for an allowed step is accepted, and what has no button is refused."""
    incident = known(*(attrs.evolve(event, at=NOON) for event in history))
    steps = permitted(incident, lifecycle, at=NOON)
    drawn = {(each.trigger, each.target): each for each in steps}
    for trigger, complete in ASK.items():
        for state in lifecycle.states:
            event = attrs.evolve(complete, at=NOON, state=state.name)
            decision = decide(incident, event, lifecycle)
            step: Permitted | None = drawn.get((trigger, state.name))
            if step is None:
                assert isinstance(decision, Refused) or trigger == "assign"
            else:
                codes = {r.code for r in decision.reasons} if isinstance(decision, Refused) else set[str]()
                assert codes <= {"missing_fact"}
                assert isinstance(decision, Accepted) or set(step.missing) >= {
                    reason.field for reason in decision.reasons
                }
