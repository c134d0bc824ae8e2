"""A lifecycle is checked when it is built."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from itilkit.errors import PolicyError
from itilkit.events import Escalated, Logged
from itilkit.lifecycle import ITOP, SIMPLE, Lifecycle, Right, State, Transition, replay
from itilkit.records import Incident
from itilkit.vocabulary import Status

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


def test_a_step_may_need_to_be_named() -> None:
    """Of two targets of one trigger, the one that needs no naming comes first, wherever it stands in the table."""
    deep = State("deep work", Status.IN_PROGRESS)
    house = Lifecycle(
        "house",
        [NEW, WORK, deep, DONE, SHUT],
        transitions=[
            Transition("start", "new", "deep work", when_named=True),
            START,
            Transition("resolve", ("work", "deep work"), "done"),
            SHUTTING,
        ],
    )
    assert list(house.moves("new", "start")) == ["work", "deep work"]


def test_two_targets_for_one_trigger_are_refused() -> None:
    """Vector: two unguarded targets. An event that names no state has one meaning, and it has one."""
    with pytest.raises(
        PolicyError, match=r"start leads from 'new' to 'work' and to 'done'.*when_named"
    ) as two:
        _lifecycle(also=(Transition("start", "new", "done"),))
    assert [(fault.code, fault.path) for fault in two.value.faults] == [("ambiguous", "transitions[3]")]
    with pytest.raises(
        PolicyError, match=r"reopen from 'done' leads to 'work' only when.*drop when_named"
    ) as none:
        _lifecycle(also=(Transition("reopen", "done", "work", when_named=True),))
    assert [(fault.code, fault.path) for fault in none.value.faults] == [("no_default", "transitions[3]")]


def test_the_narrowest_transition_counts() -> None:
    """For one step a named state comes before a status, a status before any state, whichever is declared first."""
    wide = Transition("cancel", "*", "shut", requires="reason")
    status = Transition("cancel", Status.IN_PROGRESS, "shut", requires="notes")
    exact = Transition("cancel", "work", "shut", requires="code")
    group = Transition("cancel", "new", Status.CLOSED, requires="title")
    house = _lifecycle(also=(group, wide, status, exact))
    assert house.moves("work", "cancel")["shut"] is exact
    assert house.moves("done", "cancel")["shut"] is wide
    assert house.moves("new", "cancel")["shut"] is wide
    assert not house.moves("shut", "cancel")
    assert _lifecycle(also=(wide, status)).moves("work", "cancel")["shut"] is status


def test_a_record_may_begin_in_several_states() -> None:
    """Where a record may begin is reached, and the first start is where a logged incident stands."""
    states = (WORK, NEW, DONE, SHUT)
    house = Lifecycle("house", states, transitions=(START, SOLVE, SHUTTING), starts=("new", "work"))
    assert house.initial is NEW
    assert _lifecycle().starts == ("new",)


def test_rights_have_one_precedence() -> None:
    """RT's order: exact beats ``* -> to`` beats ``from -> *`` beats ``* -> *``; a transition's own roles beat all."""
    order = [
        Right("work", "done", "exact"),
        Right("*", "done", "to"),
        Right("work", "*", "from"),
        Right("*", "*", "any"),
    ]
    for index, right in enumerate(order):
        house = Lifecycle(
            "house",
            [NEW, WORK, DONE, SHUT],
            transitions=[START, SOLVE, SHUTTING],
            rights=reversed(order[index:]),
        )
        assert house.roles_for("work", "resolve", "done") == right.roles
    open_house = _lifecycle()
    assert open_house.roles_for("work", "resolve", "done") == frozenset()
    own = Transition("resolve", "work", "done", roles={"own"})
    house = Lifecycle("house", [NEW, WORK, DONE, SHUT], transitions=[START, own, SHUTTING], rights=order)
    assert house.roles_for("work", "resolve", "done") == {"own"}
    assert house.roles_for("new", "start", "work") == {"any"}


def test_roles_are_those_of_the_narrowest_transition_that_names_any() -> None:
    """A narrow transition without roles leaves them to a wider one; of wide ones the narrower counts."""
    wide = Transition("cancel", "*", "shut", roles="any")
    status = Transition("cancel", Status.IN_PROGRESS, "shut", roles="status")
    silent = Transition("cancel", "work", "shut", requires="reason")
    house = _lifecycle(also=(wide, status, silent))
    assert house.roles_for("work", "cancel", "shut") == {"status"}
    assert house.roles_for("new", "cancel", "shut") == {"any"}
    assert house.roles_for("shut", "cancel", "shut") == frozenset()


def _declaring(
    *,
    starts: tuple[str, ...] = ("new",),
    roles: tuple[str, ...] = (),
    stimuli: tuple[str, ...] = (),
    rights: tuple[Right, ...] = (),
    also: Transition = SHUTTING,
) -> Lifecycle:
    return Lifecycle(
        "house",
        [NEW, WORK, DONE, SHUT],
        transitions=[START, SOLVE, also],
        starts=starts,
        roles=roles,
        stimuli=stimuli,
        rights=rights,
    )


@pytest.mark.parametrize(
    ("build", "code", "path", "told"),
    [
        (lambda: _declaring(starts=()), "no_initial", "starts", "no state is the first of a record"),
        (lambda: _declaring(starts=("nwe",)), "unknown_state", "starts[0]", "'nwe'.*did you mean new"),
        (
            lambda: _declaring(stimuli=("ev", "ev")),
            "twin_stimulus",
            "stimuli[1]",
            "stimulus 'ev' is declared twice",
        ),
        (
            lambda: _declaring(
                stimuli=("ev_close",), also=Transition("close", "done", "shut", stimuli="ev_clos")
            ),
            "unknown_stimulus",
            "transitions[2].stimuli[0]",
            "'ev_clos'.*did you mean ev_close",
        ),
        (
            lambda: _declaring(roles=("agent",), also=Transition("close", "done", "shut", roles="agnet")),
            "unknown_role",
            "transitions[2].roles",
            "'agnet'.*did you mean agent",
        ),
        (
            lambda: _declaring(roles=("agent",), rights=(Right("*", "*", "agnet"),)),
            "unknown_role",
            "rights[0].roles",
            "'agnet'",
        ),
        (
            lambda: _declaring(rights=(Right("*", "shutt", "agent"),)),
            "unknown_state",
            "rights[0]",
            "'shutt'.*did you mean shut",
        ),
        (
            lambda: _declaring(rights=(Right("new", "*", "agent"), Right("new", "*", "user"))),
            "twin_right",
            "rights[1]",
            r"new -> \* is declared twice",
        ),
        (lambda: _declaring(rights=(Right("new", "*", ()),)), "no_roles", "rights[0]", "is nobody's"),
    ],
)
def test_what_is_declared_is_checked(build: Callable[[], object], code: str, path: str, told: str) -> None:
    """Starts, stimuli, roles and rights are checked against what the lifecycle declares."""
    with pytest.raises(PolicyError, match=told) as caught:
        build()
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [(code, path)]


def test_undeclared_roles_and_stimuli_are_anybodys() -> None:
    """Without a declaration no role and no stimulus is unknown."""
    closing = Transition("close", "done", "shut", roles="agent", stimuli="ev_close")
    assert _declaring(also=closing).moves("done", "close")["shut"] is closing
    assert str(closing) == "close: done -> shut"


def test_escalation_moves_only_where_the_house_says_so() -> None:
    """An escalation leads to a state in a house that has one for it, and leaves the state alone elsewhere."""
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    late = Incident("INC1", [Logged(at), Escalated(at, kind="functional")])
    assert replay(late, ITOP, as_of=at).state == "escalated_tto"
    assert replay(late, SIMPLE, as_of=at).state == "new"


NAMED = Transition("reopen", "done", "work", when_named=True)


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ((NAMED, Transition("reopen", "*", "work")), [("named_default", "transitions[3]")]),
        ((Transition("reopen", "*", "work"), NAMED), [("named_default", "transitions[4]")]),
        (
            (Transition("reopen", Status.RESOLVED, Status.IN_PROGRESS), NAMED),
            [("named_default", "transitions[4]")],
        ),
        (
            (
                Transition("reopen", "*", "work"),
                Transition("reopen", ("done", "shut"), "work", when_named=True),
            ),
            [("named_default", "transitions[4]"), ("named_default", "transitions[4]")],
        ),
        ((Transition("reopen", "done", "new"), NAMED), []),
        (
            (
                Transition("reopen", "*", "work", when_named=True),
                Transition("reopen", ("new", "done", "shut"), "work"),
            ),
            [],
        ),
    ],
    ids=["any state", "the other order", "by status", "twice", "another default", "a narrow default"],
)
def test_a_step_cannot_need_naming_and_be_the_default(
    rows: tuple[Transition, ...], faults: list[tuple[str, str]]
) -> None:
    """A narrow row that needs naming over a wider default to the same target is refused, in code and as data."""
    states, steps = [NEW, WORK, DONE, SHUT], (START, SOLVE, SHUTTING, *rows)
    data = {
        "name": "house",
        "states": [{"name": state.name, "status": state.status.value} for state in states],
        "transitions": [
            {"trigger": row.trigger, "sources": [*row.sources], "target": row.target, "when_named": row.when_named}
            for row in steps
        ],
    }  # fmt: skip
    builds: list[Callable[[], Lifecycle]] = [
        lambda: Lifecycle("house", states, transitions=steps),
        lambda: Lifecycle.from_data(data),
    ]
    for build in builds:
        if not faults:
            assert build().moves("done", "reopen")
            continue
        with pytest.raises(
            PolicyError, match=r"reopen from 'done' to 'work' has to be named.*\(drop when_named here"
        ) as caught:
            build()
        assert [(fault.code, fault.path) for fault in caught.value.faults] == faults
