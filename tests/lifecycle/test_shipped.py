"""Each shipped lifecycle against a table of its own: from, then by which trigger to where.

Sources of the tables: the default lifecycle and its variants as the practice and the products' documentation tell
them; iTop's from its data model; Request Tracker's from its shipped configuration.
"""

from __future__ import annotations

import pickle

import pytest

from itilkit.lifecycle import (
    ITIL4_DEFAULT,
    ITOP,
    JIRA_SM,
    PERMISSIVE,
    RT_DEFAULT,
    SERVICENOW,
    SHIPPED,
    SIMPLE,
    ZENDESK,
    Lifecycle,
)
from itilkit.vocabulary import HoldReason, Status

# From | trigger target, ...; the target that an event means when it names none is marked where there are two.
TABLES = {
    "ITIL 4 default": """
        new         | assign assigned, start in_progress, resolve resolved, cancel cancelled
        assigned    | assign assigned, start in_progress, hold on_hold, resolve resolved, cancel cancelled
        in_progress | assign assigned, hold on_hold, resolve resolved, cancel cancelled
        on_hold     | resume in_progress, assign assigned, resolve resolved, cancel cancelled
        resolved    | close closed, reopen in_progress!, reopen assigned
        closed      |
        cancelled   |
    """,
    "Simple": """
        new         | start in_progress, resolve resolved
        in_progress | resolve resolved
        resolved    | reopen in_progress, close closed
        closed      |
    """,
    "iTop": """
        new           | assign assigned, escalate escalated_tto, resolve resolved
        escalated_tto | assign assigned
        assigned      | assign assigned, escalate escalated_ttr, hold pending, resolve resolved
        escalated_ttr | assign assigned, hold pending, resolve resolved
        pending       | assign assigned, resolve resolved
        resolved      | resolve resolved, close closed, reopen assigned
        closed        |
    """,
    "Zendesk": """
        new     | start open, hold pending!, hold hold, resolve solved
        open    | hold pending!, hold hold, resolve solved
        pending | resume open, hold hold, resolve solved
        hold    | resume open, hold pending, resolve solved
        solved  | reopen open, close closed
        closed  |
    """,
    "Jira Service Management": """
        Open             | start Work in progress, hold Pending, cancel Canceled
        Work in progress | hold Pending, resolve Completed, cancel Canceled
        Pending          | resume Work in progress, cancel Canceled
        Completed        | reopen Work in progress, close Closed
        Canceled         |
        Closed           |
    """,
    "RT default": """
        new      | start open, hold stalled, resolve resolved, cancel rejected!, cancel deleted
        open     | reopen new, hold stalled, resolve resolved, cancel rejected!, cancel deleted
        stalled  | reopen new, resume open, resolve resolved, cancel rejected!, cancel deleted
        resolved | reopen open!, reopen new, hold stalled, cancel rejected!, cancel deleted
        rejected | reopen open!, reopen new, hold stalled, resolve resolved, cancel deleted
        deleted  | reopen open!, reopen new, hold stalled, resolve resolved, cancel rejected
    """,
}
TRIGGERS = ("assign", "start", "hold", "resume", "escalate", "resolve", "reopen", "close", "cancel")


def _rows(text: str) -> dict[str, set[tuple[str, str]]]:
    rows: dict[str, set[tuple[str, str]]] = {}
    for line in text.strip().splitlines():
        source, _, steps = line.partition("|")
        words = (step.strip().partition(" ") for step in steps.split(",") if step.strip())
        rows[source.strip()] = {(trigger, target) for trigger, _, target in words}
    return rows


@pytest.mark.parametrize("name", TABLES)
def test_a_shipped_lifecycle_is_its_table(name: str) -> None:
    """Every step of the lifecycle is in its table and the other way round; the marked target is the default."""
    lifecycle = SHIPPED[name]
    rows = _rows(TABLES[name])
    assert [state.name for state in lifecycle.states if state.name in rows] == [
        state.name for state in lifecycle.states
    ]
    assert len(lifecycle.states) == len(rows)
    for source, steps in rows.items():
        plain = {(trigger, target.removesuffix("!")) for trigger, target in steps}
        found = {(trigger, target) for trigger in TRIGGERS for target in lifecycle.moves(source, trigger)}
        assert found == plain, source
        for trigger in TRIGGERS:
            marked = [target[:-1] for each, target in steps if each == trigger and target.endswith("!")]
            cell = list(lifecycle.moves(source, trigger))
            assert cell[:1] == marked if len(cell) > 1 else not marked


def test_every_shipped_lifecycle_is_listed_by_its_name() -> None:
    """A policy file finds the eight by name."""
    assert list(SHIPPED) == [
        "ITIL 4 default",
        "Simple",
        "ServiceNow",
        "iTop",
        "Zendesk",
        "Jira Service Management",
        "RT default",
        "Permissive",
    ]
    named = [ITIL4_DEFAULT, SIMPLE, SERVICENOW, ITOP, ZENDESK, JIRA_SM, RT_DEFAULT, PERMISSIVE]
    assert list(SHIPPED.values()) == named


@pytest.mark.parametrize("lifecycle", SHIPPED.values(), ids=str)
def test_shipped_lifecycles_are_values(lifecycle: Lifecycle) -> None:
    """A lifecycle survives pickling, equal and with its table."""
    copy = pickle.loads(pickle.dumps(lifecycle))  # noqa: S301
    assert copy == lifecycle
    assert hash(copy) == hash(lifecycle)
    assert copy.steps == lifecycle.steps
    assert SHIPPED[lifecycle.name] is lifecycle


def test_the_default_lifecycle_has_each_status_as_its_state() -> None:
    """The default lifecycle's states are the statuses, by their own names."""
    assert {state.name: state.status for state in ITIL4_DEFAULT.states} == {
        each.value: each for each in Status
    }


def test_the_servicenow_lifecycle_is_our_reading() -> None:
    """From each status the states of the permitted statuses follow; the older model's states stand for them."""
    follows = {
        Status.NEW: {Status.IN_PROGRESS, Status.ON_HOLD, Status.RESOLVED, Status.CANCELLED},
        Status.IN_PROGRESS: {Status.ON_HOLD, Status.RESOLVED, Status.CANCELLED},
        Status.ON_HOLD: {Status.ON_HOLD, Status.IN_PROGRESS, Status.RESOLVED, Status.CANCELLED},
        Status.RESOLVED: {Status.IN_PROGRESS, Status.CLOSED},
        Status.CLOSED: set(),
        Status.CANCELLED: set(),
    }
    for source in SERVICENOW.states:
        expected = {each.name for each in SERVICENOW.states if each.status in follows[source.status]}
        assert set(SERVICENOW.permitted(source.name)) == expected
    older = [each for each in SERVICENOW.states if each.name == "Active" or each.name.startswith("Awaiting")]
    assert {each.name: (each.status, each.hold_reason) for each in older} == {
        "Active": (Status.IN_PROGRESS, None),
        "Awaiting User Info": (Status.ON_HOLD, HoldReason.AWAITING_USER),
        "Awaiting Evidence": (Status.ON_HOLD, HoldReason.AWAITING_EVIDENCE),
        "Awaiting Problem": (Status.ON_HOLD, HoldReason.AWAITING_PROBLEM),
        "Awaiting Vendor": (Status.ON_HOLD, HoldReason.AWAITING_SUPPLIER),
    }


def test_itop_has_its_seven_states_nine_stimuli_and_eighteen_steps() -> None:
    """The steps by stimulus are those of iTop's data model (vector: 7 states, 9 stimuli, 18 transitions)."""
    accepted = {
        "ev_assign": "new escalated_tto pending",
        "ev_reassign": "assigned escalated_ttr",
        "ev_timeout": "new assigned",
        "ev_pending": "assigned escalated_ttr",
        "ev_resolve": "assigned escalated_ttr",
        "ev_autoresolve": "new assigned escalated_ttr pending resolved",
        "ev_close": "resolved",
        "ev_reopen": "resolved",
        "ev_autoclose": "",
    }
    found = [(stimulus, source) for source, _, transition in ITOP.steps for stimulus in transition.stimuli]
    assert sorted(found) == sorted(
        (name, source) for name, text in accepted.items() for source in text.split()
    )
    assert (len(ITOP.states), len(ITOP.stimuli), len(found)) == (7, 9, 18)
    assert set(ITOP.stimuli) == set(accepted)
    assert ITOP.moves("assigned", "resolve")["resolved"].requires == ("service", "code", "notes")
    assert ITOP.moves("new", "assign")["assigned"].requires == ("group", "assignee")


def test_rt_lets_every_status_reach_every_other_one() -> None:
    """Vector: 6 statuses, 30 directed changes, and the creation set new, open, resolved."""
    names = {state.name for state in RT_DEFAULT.states}
    assert {name: set(RT_DEFAULT.permitted(name)) for name in names} == {
        name: names - {name} for name in names
    }
    assert len(RT_DEFAULT.steps) == 30
    assert RT_DEFAULT.starts == ("new", "open", "resolved")


def test_permissive_takes_any_order() -> None:
    """Every status follows every other one, a record may begin anywhere, and an assignment reopens nothing."""
    for source in Status:
        assert set(PERMISSIVE.permitted(source.value)) >= {each.value for each in Status} - {source.value}
        assert bool(PERMISSIVE.moves(source.value, "assign")) == source.is_open
    assert PERMISSIVE.starts == tuple(Status)


def test_the_two_holds_of_zendesk_say_what_they_wait_for() -> None:
    """Pending waits for the requester, hold for a third party."""
    assert {each.name: each.hold_reason for each in ZENDESK.states if each.hold_reason} == {
        "pending": HoldReason.AWAITING_USER,
        "hold": HoldReason.AWAITING_SUPPLIER,
    }
