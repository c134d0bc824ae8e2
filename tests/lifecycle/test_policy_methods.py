"""The policy answers with its own lifecycle and its agreement's calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from itilkit.calendars import Calendar
from itilkit.errors import PolicyError
from itilkit.events import Classified, Logged, Reopened, Resolved
from itilkit.lifecycle import (
    SERVICENOW_AUTO_CLOSE,
    Accepted,
    Delay,
    Lifecycle,
    Refused,
    State,
    Timer,
    Transition,
    Window,
)
from itilkit.policy import Agreement, Policy, Target
from itilkit.priority import ITIL_3X3
from itilkit.records import Incident
from itilkit.vocabulary import Status

FRIDAY = datetime(2026, 3, 6, 12, tzinfo=UTC)
BOUNDARY = datetime(2026, 3, 10, 17, 30, tzinfo=UTC)
OFFICE = Calendar({"mon-fri": "09:00-17:30"}, zone="UTC")
LIMITED = Lifecycle(
    "Limited",
    [State("open", Status.IN_PROGRESS), State("solved", Status.RESOLVED), State("closed", Status.CLOSED)],
    transitions=[
        Transition("resolve", ("open",), "solved", roles=("agent",)),
        Transition("close", ("solved",), "closed"),
        Transition("reopen", ("solved",), "open", within=Window(Delay(working_days=2))),
    ],
)
GOLD = Agreement("Gold", [Target(3, {"resolution": timedelta(hours=3)})], calendar=OFFICE)
POLICY = Policy("Desk", lifecycle=LIMITED, matrix=ITIL_3X3, agreements=[GOLD])
OPEN = Incident("INC1", [Logged(FRIDAY), Classified(FRIDAY, impact=1, urgency=1)])
SOLVED = OPEN.appended(Resolved(FRIDAY))


def test_a_policy_decides_with_roles_and_children() -> None:
    """Roles and children go to the decision, and what it proposes elsewhere comes back."""
    child = Incident("INC2", [Logged(FRIDAY)])
    event = Resolved(FRIDAY, code="other")
    decision = POLICY.decide(OPEN, event, roles=("agent",), children=[child])
    assert isinstance(decision, Accepted)
    assert decision.elsewhere == (("INC2", event),)
    assert isinstance(POLICY.decide(OPEN, event, roles=("user",)), Refused)
    assert isinstance(POLICY.decide(OPEN, event), Accepted)


def test_a_window_is_counted_on_the_first_agreement() -> None:
    """Two working days after a Friday end on Tuesday evening, for the decision and for the button."""
    late = BOUNDARY + timedelta(microseconds=1)
    for at, allowed in ((BOUNDARY, True), (late, False)):
        assert isinstance(POLICY.decide(SOLVED, Reopened(at)), Accepted) == allowed
        (reopen, close) = POLICY.permitted(SOLVED, at=at, roles=("agent",))
        assert (reopen.trigger, reopen.allowed, close.allowed) == ("reopen", allowed, True)


def test_a_policy_without_agreement_has_no_calendar() -> None:
    """Nothing is assumed: a window in working days is then the caller's mistake."""
    bare = Policy("Bare", lifecycle=LIMITED, matrix=ITIL_3X3)
    with pytest.raises(PolicyError, match="without a calendar"):
        bare.decide(SOLVED, Reopened(FRIDAY))


def test_a_policy_tells_which_timers_are_due() -> None:
    """Timers run on the agreement's calendar and see the priority that the matrix gives."""
    after = Delay(working_days=1)
    timers = [
        Timer("Close", "close", after=after, status=Status.RESOLVED),
        Timer("Close all but P1", "close", after=after, status=Status.RESOLVED, exclude={"priority": 1}),
        SERVICENOW_AUTO_CLOSE,
    ]
    monday = datetime(2026, 3, 9, 17, 30, tzinfo=UTC)
    due = POLICY.due_timers(SOLVED, timers, as_of=monday)
    assert [(each.timer.name, each.due_at) for each in due] == [
        ("Auto-close", FRIDAY + timedelta(days=1)),
        ("Close", monday),
    ]
    assert POLICY.due_timers(SOLVED, timers[:1], as_of=monday - timedelta(microseconds=1)) == ()


def test_a_policy_checks_the_timers_it_is_given() -> None:
    """A timer on a state that the lifecycle does not have is told, not passed over."""
    with pytest.raises(PolicyError, match="does not have"):
        POLICY.due_timers(SOLVED, [Timer("X", "close", after=timedelta(1), state="Done")], as_of=FRIDAY)


def test_buttons_know_whose_hand_would_press_them() -> None:
    """Whoever resolved it is told beforehand that closing is for somebody else."""
    kept_apart = attrs.evolve(
        LIMITED,
        transitions=[
            attrs.evolve(row, not_by=("resolver",)) if row.trigger == "close" else row
            for row in LIMITED.transitions
        ],
    )
    policy = attrs.evolve(POLICY, lifecycle=kept_apart)
    solved = OPEN.appended(Resolved(FRIDAY, "ann"))
    told = {
        by: {step.trigger: step.allowed for step in policy.permitted(solved, at=FRIDAY, by=by)}
        for by in ("ann", "bob", None)
    }
    assert told == {
        "ann": {"close": False, "reopen": True},
        "bob": {"close": True, "reopen": True},
        None: {"close": True, "reopen": True},
    }
