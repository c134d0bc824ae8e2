"""What lint tells of a lifecycle that works."""

from __future__ import annotations

import pytest

from itilkit.lifecycle import SHIPPED, Lifecycle, Right, State, Transition, lint
from itilkit.vocabulary import Status

STATES = [
    State("new", Status.NEW),
    State("work", Status.IN_PROGRESS),
    State("wait", Status.ON_HOLD),
    State("done", Status.RESOLVED),
    State("shut", Status.CLOSED),
]
STEPS = [
    Transition("start", "new", "work"),
    Transition("hold", "work", "wait"),
    Transition("resume", "wait", "work"),
    Transition("resolve", ("new", "work", "wait"), "done", requires="code"),
    Transition("close", "done", "shut"),
]


def _codes(*also: Transition) -> list[tuple[str, str]]:
    house = Lifecycle("house", STATES, transitions=[*STEPS, *also])
    return [(fault.code, fault.path) for fault in lint(house)]


FOUND = {
    "iTop": ["unused_stimulus", "all_but_one"],
    "RT default": ["no_constraint"],
    "Permissive": ["no_constraint"],
}


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_lifecycles_lint_clean_but_for_what_their_products_are(name: str) -> None:
    """Vectors: exactly two findings in iTop's table, "unconstrained" for RT's; the others have none."""
    assert [fault.code for fault in lint(SHIPPED[name])] == FOUND.get(name, [])


def test_itop_lints_to_its_two_oddities() -> None:
    """Nothing uses ``ev_autoclose``, and ``escalated_tto`` does not accept ``ev_autoresolve``."""
    unused, missing = lint(SHIPPED["iTop"])
    assert "'ev_autoclose'" in unused.message
    assert "'ev_autoresolve'" in missing.message
    assert "'escalated_tto'" in missing.message
    assert {unused.severity, missing.severity} == {"warning"}


def test_a_sound_lifecycle_has_no_findings() -> None:
    """Nothing is told of a table that has no oddity."""
    assert _codes() == []


def test_what_is_declared_and_never_used_is_told() -> None:
    """Declared stimuli and roles that no transition and no right uses."""
    house = Lifecycle(
        "house",
        STATES,
        transitions=[*STEPS[:-1], Transition("close", "done", "shut", stimuli="ev_close", roles="agent")],
        stimuli=("ev_open", "ev_close"),
        roles=("agent", "user", "admin"),
        rights=[Right("*", "*", "user")],
    )
    assert [(fault.code, fault.path) for fault in lint(house)] == [
        ("unused_stimulus", "stimuli[0]"),
        ("unused_role", "roles"),
    ]


def test_a_trigger_accepted_in_every_open_state_but_one_is_told() -> None:
    """Without stimuli it is the triggers that are looked at."""
    assert _codes(Transition("cancel", ("new", "work"), "shut")) == [("all_but_one", "transitions")]
    assert _codes(Transition("cancel", ("new", "work", "wait"), "shut")) == []
    assert _codes(Transition("cancel", ("new",), "shut")) == []


def test_a_state_that_a_trigger_leads_to_is_not_missed() -> None:
    """To hold what is on hold already is no oversight."""
    assert _codes(Transition("hold", "new", "wait")) == []


def test_two_open_states_are_too_few_to_miss_one() -> None:
    """Every second step of a small house would be found otherwise."""
    house = Lifecycle(
        "house",
        [STATES[0], STATES[1], STATES[3]],
        transitions=[STEPS[0], Transition("resolve", "work", "done")],
    )
    assert lint(house) == ()


def test_a_transition_that_never_counts_is_told() -> None:
    """Narrower transitions take all its steps."""
    wide = Transition("resolve", Status.IN_PROGRESS, "done", requires="notes")
    assert _codes(wide) == [("shadowed", "transitions[5]")]


def test_a_transition_that_changes_nothing_is_told() -> None:
    """A narrower transition with the guard of a wider one is superfluous; with another guard it is not."""
    cancel = Transition("cancel", "*", "shut", requires="reason")
    assert _codes(cancel, Transition("cancel", "work", "shut", requires="reason")) == [
        ("same_guard", "transitions[6]")
    ]
    assert _codes(cancel, Transition("cancel", "work", "shut", requires="notes")) == []
    assert _codes(cancel, Transition("cancel", "work", "shut", requires="reason", roles="lead")) == []


def test_no_constraint_at_all_is_told() -> None:
    """A table in which every state reaches every other one constrains nothing; two states are no finding."""
    states = [STATES[0], STATES[1], STATES[4]]
    every = tuple(state.name for state in states)
    free = [
        Transition("start", every, "work"),
        Transition("close", every, "shut"),
        Transition("reopen", every, "new"),
    ]
    assert [fault.code for fault in lint(Lifecycle("free", states, transitions=free))] == ["no_constraint"]
    pair = [Transition("start", "new", "work"), Transition("reopen", "work", "new")]
    shut = Transition("close", "work", "shut")
    assert lint(Lifecycle("pair", states, transitions=[*pair, shut])) == ()
