"""Who may take a step, and until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from itilkit.errors import PolicyError
from itilkit.lifecycle import Delay, Lifecycle, State, Transition, Window
from itilkit.vocabulary import Status

STATES = [State("new", Status.NEW), State("done", Status.RESOLVED), State("shut", Status.CLOSED)]
STEPS = [Transition("resolve", "new", "done"), Transition("close", "done", "shut")]
WEEK = Delay(working_days=5)


def _with(*also: Transition) -> Lifecycle:
    return Lifecycle("house", STATES, transitions=[*STEPS, *also])


def test_a_step_may_be_kept_to_roles_and_to_a_window() -> None:
    """Roles are a set, also when one is given as a text; without any, anyone may; a window is kept as it is."""
    reopen = Transition("reopen", "done", "new", roles="agent", within=Window(WEEK))
    assert reopen.roles == {"agent"}
    assert reopen.within == Window(WEEK, since="resolved_at")
    assert Transition("reopen", "done", "new").roles == frozenset()
    assert Transition("reopen", "done", "new").within is None
    assert _with(reopen).moves("done", "reopen")["new"] is reopen


@pytest.mark.parametrize(
    ("delay", "text", "shown", "calendar"),
    [
        (Delay(working_days=1), "1 working day", "Delay(working_days=1)", True),
        (WEEK, "5 working days", "Delay(working_days=5)", True),
        (
            Delay(open_time=timedelta(hours=8)),
            "8:00:00 of open time",
            "Delay(open_time=datetime.timedelta(seconds=28800))",
            True,
        ),
        (
            Delay(wall_time=timedelta(days=2)),
            "2 days, 0:00:00",
            "Delay(wall_time=datetime.timedelta(days=2))",
            False,
        ),
    ],
    ids=str,
)
def test_a_delay_says_of_which_time_it_is(delay: Delay, text: str, shown: str, calendar: bool) -> None:
    """Working dates and open time need a calendar, time on the wall needs none; each reads as what it is."""
    assert (str(delay), repr(delay), delay.needs_calendar) == (text, shown, calendar)


@pytest.mark.parametrize(
    ("build", "code", "told"),
    [
        (Delay, "not_one_delay", "got none of them"),
        (
            lambda: Delay(working_days=1, wall_time=timedelta(1)),
            "not_one_delay",
            "got working_days and wall_time",
        ),
        (lambda: Delay(working_days=0), "empty_delay", "a delay of 0 is over at once"),
        (lambda: Delay(open_time=-timedelta(1)), "empty_delay", "open_time: a delay of -1 day"),
        (lambda: Delay(working_days=True), "not_a_delay", "working_days: True is no int"),
        (lambda: Delay(wall_time=5), "not_a_delay", "wall_time: 5 is no timedelta"),  # type: ignore[arg-type]
        (lambda: Window(WEEK, since="solved_at"), "unknown_instant", "'solved_at'.*did you mean resolved_at"),
    ],
)
def test_what_is_no_window_is_refused(build: Callable[[], object], code: str, told: str) -> None:
    """A window has one amount of one kind of time, more than nothing, after an instant of the timeline."""
    with pytest.raises(PolicyError, match=told) as caught:
        build()
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_window_on_a_state_that_is_not_settled_is_refused() -> None:
    """A window after the resolution has no meaning where the incident is not resolved (vector: non-settled source)."""
    with pytest.raises(PolicyError, match="from 'new': an incident that is new has no resolved_at") as caught:
        _with(Transition("cancel", ("new", "done"), "shut", within=Window(WEEK)))
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [
        ("window_not_settled", "transitions[2].within")
    ]
    with pytest.raises(PolicyError, match="that is resolved has no closed_at"):
        _with(Transition("reopen", Status.RESOLVED, "new", within=Window(WEEK, since="closed_at")))


@pytest.mark.parametrize(
    ("source", "since"),
    [("done", "resolved_at"), ("shut", "resolved_at"), ("shut", "closed_at"), ("new", "opened_at")],
)
def test_a_window_after_what_is_known_is_taken(source: str, since: str) -> None:
    """The instant of the window is known in the state that the step leads from."""
    window = Window(WEEK, since=since)
    trigger = "cancel" if source == "new" else "reopen"
    target = "done" if source == "shut" else "shut"
    house = _with(Transition(trigger, source, target, within=window))
    assert house.moves(source, trigger)[target].within == window
