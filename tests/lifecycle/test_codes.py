"""Each code of the lifecycle's rows in the table of codes, provoked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, cast

import attrs
import pytest

from itilkit.codes import CODES
from itilkit.errors import Fault, FaultError
from itilkit.events import Assigned, Closed, Event, Logged, Migrated, Noted, Reopened, Resolved, Started
from itilkit.lifecycle import (
    SERVICENOW,
    SERVICENOW_AUTO_CLOSE,
    SIMPLE,
    Defect,
    Delay,
    Lifecycle,
    Reason,
    Refused,
    Right,
    State,
    Timer,
    Transition,
    Window,
    check_timers,
    decide,
    lint,
    replay,
)
from itilkit.lifecycle.migration import check_mapping
from itilkit.records import Incident

from .stories import FAR, NOON, at

Told = Iterable[Fault | Reason | Defect]

STATES = (
    State("new", "new"),
    State("work", "in_progress"),
    State("wait", "on_hold"),
    State("done", "resolved"),
    State("shut", "closed"),
)
STEPS = (
    Transition("start", "new", "work"),
    Transition("hold", "work", "wait"),
    Transition("resume", "wait", "work"),
    Transition("resolve", ("new", "work", "wait"), "done", requires="code", roles="agent"),
    Transition("reopen", "done", "work", within=Window(Delay(wall_time=timedelta(hours=1)))),
    Transition("close", "done", "shut", not_by="resolver"),
)
DATA: dict[str, Any] = {
    "name": "house",
    "states": [{"name": "new", "status": "new"}, {"name": "shut", "status": "closed"}],
    "transitions": [{"trigger": "close", "sources": ["new"], "target": "shut"}],
}
DONE: tuple[Event, ...] = (Started(at(1)), Resolved(at(2), "ann", code="other"))


def _house(*also: Transition, states: tuple[State, ...] = STATES, **declared: Any) -> Lifecycle:
    return Lifecycle("house", states, transitions=(*STEPS, *also), **declared)


def _asked(event: Event, *before: Event, **options: Any) -> Told:
    decision = decide(Incident("INC1", [Logged(NOON), *before]), event, _house(), **options)
    return decision.reasons if isinstance(decision, Refused) else ()


def _seen(*events: Event) -> Told:
    return replay(Incident("INC1", [Logged(NOON), *events]), _house(), as_of=FAR, strict=False).defects


def _read(key: str, value: object) -> object:
    return Lifecycle.from_data({**DATA, key: value})


def _read_step(**changes: object) -> object:
    return _read("transitions", [{**DATA["transitions"][0], **changes}])


def _linted(*also: Transition, **declared: Any) -> Told:
    return lint(_house(*also, **declared))


def _timer(**changes: Any) -> Timer:
    return attrs.evolve(SERVICENOW_AUTO_CLOSE, **changes)


DAY = timedelta(1)
FREE = [Transition("reopen", "*", "new"), Transition("start", "*", "work"), Transition("close", "*", "shut")]
PROVOKED: list[tuple[str, Callable[[], object]]] = [
    ("already_logged", lambda: _asked(Logged(at(1)))),
    ("final_record", lambda: _asked(Assigned(at(9)), *DONE, Closed(at(3)))),
    ("missing_fact", lambda: _asked(Resolved(at(9)), Started(at(1)))),
    ("not_permitted", lambda: _asked(Closed(at(1)))),
    ("not_permitted", lambda: check_timers([_timer(status="new")], _house())),
    ("out_of_order", lambda: _asked(Noted(at(1)), Noted(at(2)))),
    ("out_of_order", lambda: _seen(Noted(at(2)), Noted(at(1)))),
    ("role_missing", lambda: _asked(Resolved(at(2), code="x"), Started(at(1)), roles=())),
    ("same_person", lambda: _asked(Closed(at(3), "ann"), *DONE)),
    ("window_passed", lambda: _asked(Reopened(at(99)), *DONE)),
    ("unknown_state", lambda: _asked(Started(at(1), state="wrok"))),
    ("unknown_state", lambda: _seen(Migrated(at(1), state="wrok"))),
    ("unknown_state", lambda: _house(starts="nwe")),
    ("unknown_state", lambda: check_timers([_timer(status=None, state="doen")], _house())),
    ("before_opened", lambda: _seen(Noted(at(-1)))),
    ("illegal_step", lambda: _seen(Closed(at(1)))),
    ("starts_mid_life", lambda: _seen_in(Logged(NOON, state="work", inferred=True), Closed(at(1)))),
    ("illegal_start", lambda: _seen_in(Logged(NOON, state="work"))),
    ("ambiguous", lambda: _house(Transition("start", "new", "wait"))),
    ("dead_end", lambda: Lifecycle("house", STATES[:2], transitions=STEPS[:1])),
    ("empty_delay", lambda: Delay(working_days=0)),
    (
        "named_default",
        lambda: _house(
            Transition("start", "*", "work"), Transition("start", "wait", "work", when_named=True)
        ),
    ),
    ("no_calendar", lambda: decide(*_windowed())),
    ("no_default", lambda: _house(Transition("start", "wait", "new", when_named=True))),
    ("no_end", lambda: Lifecycle("house", STATES[:2], transitions=[*STEPS[:1], Transition("reopen", "work", "new")])),
    ("no_initial", lambda: _house(starts=())),
    ("no_roles", lambda: _house(rights=[Right("*", "*", ())])),
    ("no_source", lambda: _house(Transition("cancel", (), "shut"))),
    ("no_states", lambda: Lifecycle("house", [], transitions=[])),
    ("not_a_delay", lambda: Delay(wall_time=5)),  # type: ignore[arg-type]
    ("not_a_delay", lambda: _timer(after="1d")),
    ("not_one_delay", Delay),
    ("not_one_place", lambda: _timer(state="done")),
    ("twin_right", lambda: _house(rights=[Right("*", "*", "a"), Right("*", "*", "b")])),
    ("twin_state", lambda: _house(states=(*STATES, STATES[0]))),
    ("twin_stimulus", lambda: _house(stimuli=("ev", "ev"))),
    ("twin_transition", lambda: _house(STEPS[0])),
    ("unknown_fact", lambda: _house(Transition("cancel", "new", "shut", requires="colour"))),
    ("unknown_hold_reason", lambda: State("wait", "on_hold", hold_reason="lunch")),
    ("unknown_instant", lambda: Window(Delay(working_days=1), since="held_at")),
    ("unknown_person", lambda: _house(Transition("cancel", "new", "shut", not_by="boss"))),
    ("unknown_role", lambda: _house(Transition("cancel", "new", "shut", roles="x"), roles="agent")),
    ("unknown_status", lambda: State("wait", "waiting")),
    ("unknown_stimulus", lambda: _house(Transition("cancel", "new", "shut", stimuli="x"), stimuli="y")),
    ("unknown_trigger", lambda: _house(Transition("begin", "new", "work"))),
    ("unknown_word", lambda: _timer(fires="explode")),
    ("unknown_word", lambda: _timer(status="waiting")),
    ("unknown_word", lambda: _timer(hold_reason="lunch")),
    ("unreachable", lambda: _house(states=(*STATES, State("moon", "closed")))),
    ("window_not_settled", lambda: _house(Transition("cancel", "new", "shut", within=Window(Delay(wall_time=DAY))))),
    ("missing_key", lambda: _read("states", [{"name": "new"}, DATA["states"][1]])),
    ("unknown_key", lambda: _read("colour", "red")),
    ("not_a_duration", lambda: _read_step(within={"wall_time": "1 day", "since": "opened_at"})),
    ("not_a_flag", lambda: _read_step(when_named="no")),
    ("not_a_list", lambda: _read("transitions", 7)),
    ("not_a_table", lambda: _read("states", [7])),
    ("not_a_text", lambda: _read("name", 7)),
    ("all_but_one", lambda: _linted(Transition("cancel", ("new", "work"), "shut"))),
    (
        "no_constraint",
        lambda: lint(Lifecycle("free", [STATES[0], STATES[1], STATES[4]], transitions=FREE)),
    ),
    ("nobody_barred", lambda: _linted(Transition("cancel", "new", "shut", not_by="resolver"))),
    ("same_guard", lambda: _linted(Transition("cancel", "*", "shut"), Transition("cancel", "new", "shut"))),
    (
        "shadowed",
        lambda: _linted(
            Transition("cancel", "new", "closed", roles="a"), Transition("cancel", "new", "shut", roles="b")
        ),
    ),
    ("unused_role", lambda: _linted(roles=("agent", "lead"))),
    ("unmapped_state", lambda: check_mapping({}, old=SIMPLE, new=SERVICENOW)),
    ("unused_stimulus", lambda: _linted(stimuli="ev")),
]  # fmt: skip


def _seen_in(*events: Event) -> Told:
    return replay(Incident("INC1", events), _house(), as_of=FAR, strict=False).defects


def _windowed() -> tuple[Incident, Event, Lifecycle]:
    close = Transition("close", "done", "shut", within=Window(Delay(working_days=1)))
    steps = [Transition("resolve", "new", "done"), close]
    house = Lifecycle("house", [STATES[0], *STATES[3:]], transitions=steps)
    return Incident("INC1", [Logged(NOON), Resolved(NOON)]), Closed(at(1)), house


def _codes(provoke: Callable[[], object]) -> set[str]:
    """The codes that come back, or that are raised."""
    try:
        told = provoke()
    except FaultError as error:
        told = error.faults
    assert isinstance(told, tuple), told
    return {each.code for each in cast("tuple[Fault | Reason | Defect, ...]", told)}


@pytest.mark.parametrize(("code", "provoke"), PROVOKED, ids=[code for code, _ in PROVOKED])
def test_a_code_is_told_where_it_is_due(code: str, provoke: Callable[[], object]) -> None:
    """What is done wrong in one way is told by that code and by no other."""
    assert _codes(provoke) == {code}


def test_each_code_of_the_room_is_provoked() -> None:
    """The table has no code for the lifecycle that is never told."""
    assert {code for code, _ in PROVOKED} == {
        name for name, code in CODES.items() if "lifecycle" in code.rooms
    }
