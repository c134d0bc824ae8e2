"""Whose hand may not take a step."""

from __future__ import annotations

import json
import pickle
import re

import attrs
import pytest

from itilkit.errors import PolicyError, RecordError, TransitionError
from itilkit.events import Assigned, Classified, Closed, Event, Logged, Migrated, Person, Reopened, Resolved
from itilkit.lifecycle import (
    Accepted,
    Delay,
    Lifecycle,
    Reason,
    Refused,
    State,
    Timer,
    Transition,
    apply,
    decide,
    due_timers,
    lint,
    permitted,
    replay,
)
from itilkit.lifecycle.diagram import html
from itilkit.records import Incident

from .stories import NOON, at

LOGGER, CALLER, HOLDER, FIXER = map(Person, ("lee", "cal", "hal", "fay"))
STATES = [State("work", "in_progress"), State("done", "resolved"), State("shut", "closed")]


def _house(*not_by: str, requires: tuple[str, ...] = ()) -> Lifecycle:
    return Lifecycle(
        "house",
        STATES,
        transitions=[
            Transition("resolve", "work", "done"),
            Transition("reopen", "done", "work"),
            Transition("close", "done", "shut", not_by=not_by, requires=requires),
        ],
    )


def _solved(*events: Event, by: Person | None = None, resolver: Person | None = FIXER) -> Incident:
    first = Logged(NOON, LOGGER, reporter=CALLER)
    solved = Resolved(at(2), by, resolver=resolver)
    return Incident("INC1", [first, Assigned(at(1), group="desk", assignee=HOLDER), solved, *events])


DID = {
    "assignee": ("hal", "has it assigned"),
    "opened_by": ("lee", "logged it"),
    "reporter": ("cal", "reported it"),
    "resolver": ("fay", "resolved it"),
}


@pytest.mark.parametrize("hand", ["hal", "lee", "cal", "fay", "bob"])
@pytest.mark.parametrize("rule", DID)
def test_a_step_is_kept_from_a_person_whom_the_record_knows(rule: str, hand: str) -> None:
    """Only the hand that the rule names is refused: by its id, with the person, the rule and a way out."""
    event, house = Closed(at(9), hand), _house(rule)
    barred, did = DID[rule]
    decision = decide(_solved(), event, house)
    if hand != barred:
        assert isinstance(decision, Accepted)
        return
    message = f"{hand} may not close it, by the rule not_by {rule}: {hand} {did}"
    assert decision == Refused((Reason("same_person", message, field="by", remedy="ask somebody else"),))
    with pytest.raises(TransitionError, match=re.escape(f"by: {message} (ask somebody else)")) as caught:
        apply(_solved(), event, house)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [("same_person", "by")]


def test_the_id_says_who_it_is() -> None:
    """A person is the same whatever else was known of them; the message shows the name."""
    event = Closed(at(9), Person("fay", name="Fay Weldon", vip=True))
    decision = decide(_solved(), event, _house("resolver"))
    assert str(decision) == (
        "Fay Weldon may not close it, by the rule not_by resolver: Fay Weldon resolved it (ask somebody else)"
    )


def test_one_person_may_be_several() -> None:
    """All that bars somebody is told in one reason, and nothing that does not."""
    house = _house("resolver", "reporter", "opened_by")
    decision = decide(_solved(resolver=CALLER), Closed(at(9), CALLER), house)
    assert isinstance(decision, Refused)
    assert [reason.message for reason in decision.reasons] == [
        "cal may not close it, by the rule not_by reporter, resolver: cal reported it and resolved it"
    ]


@pytest.mark.parametrize(
    ("incident", "hand", "refused"),
    [
        (_solved(by=LOGGER), "fay", True),
        (_solved(by=LOGGER), "lee", False),
        (_solved(by=LOGGER, resolver=None), "lee", True),
        (_solved(resolver=None), "lee", False),
        (_solved(Reopened(at(3)), Resolved(at(4), "bob")), "fay", False),
        (_solved(Reopened(at(3)), Resolved(at(4), "bob")), "bob", True),
        (_solved(Reopened(at(3)), Migrated(at(4), state="done")), "fay", False),
    ],
    ids=[
        "named by somebody else",
        "who named somebody else",
        "who recorded it",
        "recorded by nobody",
        "an earlier resolution",
        "the one that stands",
        "none that stands",
    ],
)
def test_the_resolver_is_that_of_the_resolution_that_stands(
    incident: Incident, hand: str, refused: bool
) -> None:
    """Who is named as resolver, or else who recorded it; what was reopened is forgotten."""
    assert isinstance(decide(incident, Closed(at(9), hand), _house("resolver")), Refused) == refused


def test_nobody_is_nobodys_hand() -> None:
    """A timer, and any event without a name, is not kept from the step; a house may require a name."""
    house = _house(*DID)
    assert isinstance(decide(_solved(), Closed(at(9)), house), Accepted)
    timer = Timer("Auto-close", "close", after=Delay(working_days=1), status="resolved")
    timer = attrs.evolve(timer, after=at(60) - NOON)
    (due,) = due_timers(replay(_solved(), house, as_of=at(90)), [timer])
    assert isinstance(decide(_solved(), due.event, house), Accepted)
    signed = _house(*DID, requires=("by",))
    unsigned = decide(_solved(Classified(at(3), fields={"by": "fay"})), Closed(at(9)), signed)
    assert isinstance(unsigned, Refused)
    assert [(reason.code, reason.field) for reason in unsigned.reasons] == [("missing_fact", "by")]
    assert isinstance(decide(_solved(), Closed(at(9), "bob"), signed), Accepted)


def test_all_that_stands_in_the_way_is_told() -> None:
    """The missing fact, the role and the person are three reasons."""
    strict = Transition("close", "done", "shut", not_by="resolver", roles="lead", requires="code")
    house = Lifecycle("house", STATES, transitions=[Transition("resolve", "work", "done"), strict])
    decision = decide(_solved(), Closed(at(9), FIXER), house, roles=("agent",))
    assert isinstance(decision, Refused)
    assert [(reason.code, reason.field) for reason in decision.reasons] == [
        ("missing_fact", "code"),
        ("role_missing", "by"),
        ("same_person", "by"),
    ]


def test_a_button_is_drawn_for_a_person() -> None:
    """Told who would act, a step that is kept from them says so; not told, it does not ask for who."""
    house = _house("resolver", requires=("by",))
    for by, codes, missing in (
        (None, [], ("by",)),
        ("bob", [], ()),
        ("fay", ["same_person"], ()),
        (Person("fay", name="Fay"), ["same_person"], ()),
    ):
        (_, close) = permitted(_solved(), house, at=at(9), by=by)
        assert ([reason.code for reason in close.reasons], close.missing) == (codes, missing)
        assert close.allowed == (not codes)
    with pytest.raises(RecordError, match="expected a Person or an id, got 7"):
        permitted(_solved(), house, at=at(9), by=7)  # type: ignore[arg-type]


def test_the_narrowest_transition_says_from_whom() -> None:
    """As with what it asks for, the transition that counts is the one that bars."""
    wide = Transition("close", "*", "shut", not_by="resolver")
    narrow = Transition("close", "done", "shut")
    house = Lifecycle("house", STATES, transitions=[Transition("resolve", "work", "done"), wide, narrow])
    assert isinstance(decide(_solved(), Closed(at(9), FIXER), house), Accepted)


def test_the_rule_is_part_of_the_value() -> None:
    """A single name is one name, the order of names does not matter, and the rule counts in comparison and hash."""
    one = Transition("close", "done", "shut", not_by="resolver")
    assert one.not_by == {"resolver"}
    names = ["resolver", "reporter"]
    both = [Transition("close", "done", "shut", not_by=each) for each in (names, names[::-1])]
    assert both[0] == both[1]
    assert hash(both[0]) == hash(both[1])
    assert one not in both
    assert Transition("close", "done", "shut").not_by == frozenset()
    assert pickle.loads(pickle.dumps(_house("resolver"))) == _house("resolver") != _house()  # noqa: S301


def test_the_rule_is_written_and_read() -> None:
    """JSON to lifecycle to JSON is the same text; no rule writes nothing."""
    house = _house("resolver", "assignee")
    text = json.dumps(house.to_data())
    assert house.to_data()["transitions"][2]["not_by"] == ["assignee", "resolver"]
    back = Lifecycle.from_data(json.loads(text))
    assert back == house
    assert json.dumps(back.to_data()) == text
    assert "not_by" not in json.dumps(_house().to_data())


@pytest.mark.parametrize(
    ("not_by", "faults", "told"),
    [
        (["resolvr"], [("unknown_person", "transitions[2].not_by")], "did you mean resolver"),
        (
            ["closer", "agent"],
            [("unknown_person", "transitions[2].not_by")] * 2,
            "no record knows who is its 'agent'",
        ),
        ([7], [("not_a_text", "transitions[2].not_by[0]")], "expected a name, got 7"),
        (7, [("not_a_list", "transitions[2].not_by")], "expected a list, got 7"),
    ],
)
def test_a_person_whom_no_record_knows_is_a_fault(
    not_by: object, faults: list[tuple[str, str]], told: str
) -> None:
    """In data and in code, with its place and the near words."""
    data = _house().to_data()
    data["transitions"][2]["not_by"] = not_by
    with pytest.raises(PolicyError, match=told) as caught:
        Lifecycle.from_data(data)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == faults
    if faults[0][0] == "unknown_person":
        with pytest.raises(PolicyError, match=told) as built:
            _house(*not_by)  # type: ignore[misc]
        assert built.value.faults == caught.value.faults


def test_a_rule_that_bars_nobody_is_told() -> None:
    """An open incident has no resolver, so a step out of open states only cannot be kept from them."""
    for sources, found in ((("work",), ["nobody_barred"]), (("work", "done"), [])):
        row = Transition("cancel", sources, "shut", not_by=("resolver", "reporter"))
        close = Transition("close", "done", "shut")
        house = Lifecycle("house", STATES, transitions=[Transition("resolve", "work", "done"), close, row])
        assert [fault.code for fault in lint(house)] == found
    assert lint(_house(*DID)) == ()


def test_a_row_that_differs_in_the_rule_only_is_not_superfluous() -> None:
    """Lint compares what steps ask for, and from whom they are kept is part of it."""
    rows = [
        Transition("resolve", "work", "done"),
        Transition("close", "*", "shut"),
        Transition("close", "done", "shut", not_by="resolver"),
    ]
    assert lint(Lifecycle("house", STATES, transitions=rows)) == ()


def test_a_notebook_shows_the_rule() -> None:
    """The table of steps says who may not take them."""
    assert "close → shut (not by the resolver)" in html(_house("resolver"))
