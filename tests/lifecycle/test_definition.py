"""A lifecycle is checked when it is built."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from itilkit.errors import PolicyError
from itilkit.lifecycle import ITIL4_DEFAULT, SERVICENOW, SHIPPED, Lifecycle, State, Transition
from itilkit.vocabulary import HoldReason, Status

NEW = State("new", Status.NEW)
WORK = State("work", Status.IN_PROGRESS)
DONE = State("done", Status.RESOLVED)
SHUT = State("shut", Status.CLOSED)
START = Transition("start", ("new",), "work")
SOLVE = Transition("resolve", ("work",), "done")
SHUTTING = Transition("close", ("done",), "shut")


def _lifecycle(
    *, states: tuple[State, ...] = (NEW, WORK, DONE, SHUT), also: tuple[Transition, ...] = ()
) -> Lifecycle:
    return Lifecycle("house", states, transitions=(START, SOLVE, SHUTTING, *also))


def test_a_sound_definition_is_built() -> None:
    """States, steps and their triggers can be asked for by name."""
    house = _lifecycle(also=(Transition("reopen", ("done",), "work", requires="reason"),))
    assert house.initial is NEW
    assert house.state("work") is WORK
    assert house.state("wrok") is None
    assert (house.status("done"), house.status("wrok")) == (Status.RESOLVED, None)
    assert house.permitted("done") == ("shut", "work")
    assert house.permitted("shut") == house.permitted("wrok") == ()
    assert house.triggers("done", "work") == ("reopen",)
    assert house.moves("done", "reopen")["work"].requires == ("reason",)
    assert repr(house) == "<Lifecycle house: 4 states, 4 transitions>"


def test_a_single_name_is_one_source() -> None:
    """A text is one name and not a list of letters."""
    assert Transition("start", "new", "work").sources == ("new",)


def test_a_status_stands_for_all_its_states() -> None:
    """A step named by statuses leads from every state of the one to every state of the other, the first by default."""
    house = Lifecycle(
        "house",
        [NEW, WORK, State("deep work", Status.IN_PROGRESS), SHUT],
        transitions=[
            Transition("start", ("new",), Status.IN_PROGRESS),
            Transition("close", (Status.IN_PROGRESS,), "shut"),
        ],
    )
    assert house.permitted("new") == ("work", "deep work")
    assert house.permitted("deep work") == ("shut",)


@pytest.mark.parametrize(
    ("build", "code", "told"),
    [
        (
            lambda: _lifecycle(also=(Transition("start", ("nwe",), "work"),)),
            "unknown_state",
            "'nwe'.*did you mean new",
        ),
        (
            lambda: _lifecycle(also=(Transition("start", ("new",), "wrok"),)),
            "unknown_state",
            "'wrok'.*did you mean work",
        ),
        (
            lambda: _lifecycle(also=(Transition("begin", ("new",), "done"),)),
            "unknown_trigger",
            "triggered by 'begin'",
        ),
        (
            lambda: _lifecycle(also=(Transition("log", ("new",), "done"),)),
            "unknown_trigger",
            "triggered by 'log'",
        ),
        (
            lambda: _lifecycle(also=(Transition("cancel", ("new",), "done", requires=("reson",)),)),
            "unknown_fact",
            r"transitions\[3\]\.requires\[0\]: nothing is called 'reson'.*reason",
        ),
        (
            lambda: _lifecycle(
                also=(Transition("cancel", ("new",), "done", requires=("group or asignee",)),)
            ),
            "unknown_fact",
            "'asignee'.*did you mean assignee",
        ),
        (
            lambda: _lifecycle(states=(NEW, WORK, DONE, SHUT, WORK)),
            "twin_state",
            r"states\[4\]: state 'work'.*twice",
        ),
        (lambda: _lifecycle(also=(START,)), "twin_transition", "start: new -> work is declared twice"),
        (lambda: _lifecycle(also=(Transition("cancel", (), "done"),)), "no_source", "cancel starts nowhere"),
        (
            lambda: _lifecycle(states=(NEW, WORK, DONE, SHUT, State("moon", Status.CLOSED))),
            "unreachable",
            r"states\[4\]: no step leads to 'moon'",
        ),
        (
            lambda: _lifecycle(
                states=(NEW, WORK, DONE, SHUT, State("pit", Status.ON_HOLD)),
                also=(Transition("hold", "work", "pit"),),
            ),
            "dead_end",
            r"states\[4\]: no step leads out of 'pit'",
        ),
        (
            lambda: Lifecycle("house", [NEW, WORK], transitions=[START, Transition("hold", "work", "new")]),
            "no_end",
            "from 'new' no end can be reached",
        ),
        (lambda: Lifecycle("house", [], transitions=[]), "no_states", "lifecycle 'house' has no state"),
        (
            lambda: State("odd", "resloved"),
            "unknown_status",
            "'resloved' is no status.*did you mean resolved",
        ),
        (
            lambda: State("odd", "on_hold", hold_reason="awaiting_usr"),
            "unknown_hold_reason",
            "'awaiting_usr' is no hold reason.*awaiting_user",
        ),
    ],
)
def test_what_is_no_lifecycle_is_refused(build: Callable[[], object], code: str, told: str) -> None:
    """Each fault has a code, a place and a way to mend it."""
    with pytest.raises(PolicyError, match=told) as caught:
        build()
    assert code in {fault.code for fault in caught.value.faults}


def test_all_faults_are_told_at_once() -> None:
    """Faults of names are told together, and so are faults of the graph."""
    with pytest.raises(PolicyError, match="twice") as names:
        Lifecycle(
            "house",
            [NEW, NEW],
            transitions=[
                Transition("strat", ("old",), "new", requires=("colour",)),
                Transition("start", (), "new"),
            ],
        )
    assert [fault.code for fault in names.value.faults] == [
        "twin_state",
        "unknown_trigger",
        "unknown_state",
        "unknown_fact",
        "no_source",
    ]
    with pytest.raises(PolicyError, match="moon") as graph:
        Lifecycle("house", [NEW, WORK, State("moon", Status.CLOSED)], transitions=[START])
    assert [(fault.code, fault.path) for fault in graph.value.faults] == [
        ("dead_end", "states[1]"),
        ("unreachable", "states[2]"),
    ]


@pytest.mark.parametrize("lifecycle", SHIPPED.values(), ids=str)
def test_shipped_lifecycles_are_values(lifecycle: Lifecycle) -> None:
    """A lifecycle survives pickling, equal and with its table."""
    copy = pickle.loads(pickle.dumps(lifecycle))  # noqa: S301
    assert copy == lifecycle
    assert hash(copy) == hash(lifecycle)
    assert copy.permitted(lifecycle.initial.name) == lifecycle.permitted(lifecycle.initial.name)
    assert SHIPPED[lifecycle.name] is lifecycle


# DOMAIN: the default lifecycle, as a table of its own: from, trigger, to.
ITIL4 = """
new         assign assigned, start in_progress, resolve resolved, cancel cancelled
assigned    assign assigned, start in_progress, hold on_hold, resolve resolved, cancel cancelled
in_progress assign assigned, hold on_hold, resolve resolved, cancel cancelled
on_hold     resume in_progress, assign assigned, resolve resolved, cancel cancelled
resolved    close closed, reopen in_progress, reopen assigned
closed
cancelled
"""


def test_the_default_lifecycle_is_that_of_the_practice() -> None:
    """Every step of ITIL4_DEFAULT is in the practice's table, and every step of the table is in it."""
    triggers = ("assign", "start", "hold", "resume", "resolve", "reopen", "close", "cancel")
    for line in ITIL4.strip().splitlines():
        source, _, steps = line.partition(" ")
        expected = {tuple(step.split()) for step in steps.split(",") if step.strip()}
        found = {(trigger, target) for trigger in triggers for target in ITIL4_DEFAULT.moves(source, trigger)}
        assert found == expected, source
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
