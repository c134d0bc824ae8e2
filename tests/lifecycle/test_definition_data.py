"""A lifecycle as plain data: there and back, with the same checks as in code."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import PolicyError
from itilkit.lifecycle import SHIPPED, Delay, Lifecycle, Right, State, Transition, Window

DATA: dict[str, Any] = {
    "name": "house",
    "states": [
        {"name": "new", "status": "new"},
        {"name": "wait", "status": "on_hold", "hold_reason": "awaiting_user"},
        {"name": "done", "status": "resolved"},
        {"name": "shut", "status": "closed"},
    ],
    "starts": ["new", "done"],
    "transitions": [
        {"trigger": "hold", "sources": ["new"], "target": "wait", "roles": ["agent", "lead"]},
        {"trigger": "resolve", "sources": ["new", "wait"], "target": "done", "requires": ["code"]},
        {
            "trigger": "reopen",
            "sources": ["done"],
            "target": "new",
            "within": {"working_days": 5, "since": "resolved_at"},
        },
        {
            "trigger": "reopen",
            "sources": ["done"],
            "target": "wait",
            "when_named": True,
            "stimuli": ["ev_back"],
        },
        {"trigger": "close", "sources": ["done"], "target": "shut"},
    ],
    "stimuli": ["ev_back"],
    "roles": ["agent", "lead", "user"],
    "rights": [{"source": "*", "target": "shut", "roles": ["user"]}],
}


@pytest.mark.parametrize("lifecycle", SHIPPED.values(), ids=str)
def test_every_shipped_lifecycle_comes_back_from_its_data(lifecycle: Lifecycle) -> None:
    """Object to JSON to object is the same value, and JSON to object to JSON the same text."""
    text = json.dumps(lifecycle.to_data())
    back = Lifecycle.from_data(json.loads(text))
    assert back == lifecycle
    assert json.dumps(back.to_data()) == text


def test_data_that_says_everything_comes_back_as_it_was() -> None:
    """All that a definition can say is written as it was read."""
    house = Lifecycle.from_data(DATA)
    assert house.to_data() == DATA
    assert house.starts == ("new", "done")
    assert house.moves("done", "reopen")["new"].within == Window(Delay(working_days=5))
    assert house.rights == (Right("*", "shut", "user"),)
    assert house.states[1] == State("wait", "on_hold", hold_reason="awaiting_user")


def test_a_single_name_is_a_list_of_one() -> None:
    """A text where names are wanted is one name, as in code."""
    rows = [
        {"trigger": "resolve", "sources": "new", "target": "done", "requires": "code", "roles": "agent"},
    ]
    states = [{"name": "new", "status": "new"}, {"name": "done", "status": "resolved"}]
    house = Lifecycle.from_data({"name": "house", "states": states, "transitions": rows})
    resolve = Transition("resolve", ("new",), "done", requires=("code",), roles={"agent"})
    assert house.transitions == (resolve,)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (timedelta(hours=4), "4h"),
        (timedelta(hours=1, minutes=30), "1h 30m"),
        (timedelta(days=2, seconds=5), "48h 5s"),
        (timedelta(seconds=1, microseconds=250_000), "1.25s"),
        (timedelta(microseconds=1), "0.000001s"),
        (timedelta.max, "23999999999h 59m 59.999999s"),
    ],
)
def test_amounts_are_written_as_people_write_them(amount: timedelta, text: str) -> None:
    """Hours, minutes and seconds, to the microsecond."""
    data = json.loads(json.dumps(DATA))
    for kind, delay in (("open_time", Delay(open_time=amount)), ("wall_time", Delay(wall_time=amount))):
        data["transitions"][2]["within"] = {kind: text, "since": "resolved_at"}
        house = Lifecycle.from_data(data)
        window = house.moves("done", "reopen")["new"].within
        assert window == Window(delay)
        assert house.to_data() == data


@given(st.timedeltas(min_value=timedelta(microseconds=1)))
def test_any_amount_comes_back(amount: timedelta) -> None:
    """No amount of time is lost in writing."""
    states = [State("new", "new"), State("done", "resolved")]
    window = Window(Delay(wall_time=amount))
    states.append(State("shut", "closed"))
    steps = [Transition("resolve", "new", "done"), Transition("close", "done", "shut", within=window)]
    house = Lifecycle("house", states, transitions=steps)
    assert Lifecycle.from_data(house.to_data()) == house


def _changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    data: Any = json.loads(json.dumps(DATA))
    place = data
    for key in path[:-1]:
        place = place[key]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize(
    ("path", "value", "code", "where", "told"),
    [
        (("name",), ..., "missing_key", "", "name is missing"),
        (("name",), 7, "not_a_text", "name", "expected a text, got 7"),
        (("state",), [], "unknown_key", "", "'state'.*did you mean states or starts"),
        (("roles",), 7, "not_a_list", "roles", "expected a list, got 7"),
        (("stimuli",), [7], "not_a_text", "stimuli[0]", "expected a name, got 7"),
        (("starts",), ["nwe"], "unknown_state", "starts[0]", "'nwe'.*did you mean new"),
        (("starts",), [], "no_initial", "starts", "no state is the first"),
        (("states", 0), "new", "not_a_table", "states[0]", "expected name, status, got 'new'"),
        (("states", 0, "status"), ..., "missing_key", "states[0]", "status is missing"),
        (("states", 0, "status"), "nwe", "unknown_status", "states[0].status", "'nwe' is no status"),
        (("states", 0, "status"), [1], "not_a_text", "states[0].status", r"expected a text, got \[1\]"),
        (
            ("states", 1, "hold_reason"),
            "awaiting_usr",
            "unknown_hold_reason",
            "states[1].hold_reason",
            "did you mean awaiting_user",
        ),
        (("transitions", 1, "trigger"), ..., "missing_key", "transitions[1]", "trigger is missing"),
        (("transitions", 1, "target"), "doen", "unknown_state", "transitions[1]", "did you mean done"),
        (("transitions", 1, "requires"), ["cod"], "unknown_fact", "transitions[1].requires[0]", "'cod'"),
        (("transitions", 0, "roles"), ["agnet"], "unknown_role", "transitions[0].roles", "'agnet'"),
        (("transitions", 3, "when_named"), "yes", "not_a_flag", "transitions[3].when_named", "got 'yes'"),
        (("transitions", 3, "when_named"), False, "ambiguous", "transitions[3]", "reopen leads from 'done'"),
        (("transitions", 2, "within"), 5, "not_a_table", "transitions[2].within", "expected since, got 5"),
        (
            ("transitions", 2, "within", "since"),
            ...,
            "missing_key",
            "transitions[2].within",
            "since is missing",
        ),
        (
            ("transitions", 2, "within", "since"),
            "solved_at",
            "unknown_instant",
            "transitions[2].within.since",
            "did you mean resolved_at",
        ),
        (
            ("transitions", 2, "within", "open_time"),
            "3d",
            "not_a_duration",
            "transitions[2].within.open_time",
            "such as .4h.*got '3d'",
        ),
        (
            ("transitions", 2, "within", "wall_time"),
            5,
            "not_a_duration",
            "transitions[2].within.wall_time",
            "got 5",
        ),
        (
            ("transitions", 2, "within", "wall_time"),
            "99999999999h",
            "not_a_duration",
            "transitions[2].within.wall_time",
            "got '99999999999h'",
        ),
        (
            ("transitions", 2, "within", "wall_time"),
            "4h",
            "not_one_delay",
            "transitions[2].within",
            "got working_days and wall_time",
        ),
        (
            ("transitions", 2, "within", "working_days"),
            0,
            "empty_delay",
            "transitions[2].within.working_days",
            "a delay of 0",
        ),
        (
            ("transitions", 2, "within", "since"),
            "closed_at",
            "window_not_settled",
            "transitions[2].within",
            "has no closed_at",
        ),
        (("rights", 0, "roles"), ..., "missing_key", "rights[0]", "roles is missing"),
        (("rights", 0, "target"), "shutt", "unknown_state", "rights[0]", "'shutt'"),
        (("transitions", 4, "trigger"), "clsoe", "unknown_trigger", "transitions[4]", "did you mean close"),
    ],
)
def test_what_is_no_lifecycle_is_refused(
    path: tuple[str | int, ...], value: object, code: str, where: str, told: str
) -> None:
    """Each fault of the data has the path in the data, and the checks of code hold for data too."""
    with pytest.raises(PolicyError, match=told) as caught:
        Lifecycle.from_data(_changed(path, value))
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [(code, where)]


def test_all_faults_of_data_are_told_at_once() -> None:
    """Faults of kinds and faults of rows are told in one go, and what one has caused is not told again."""
    data = _changed(("states", 0, "status"), "nwe")
    data["transitions"][1]["target"] = "doen"
    data["transitions"][4]["sources"] = {"done": 1}
    data["transitions"][2]["within"] = {"since": "resolved_at", "weeks": 1}
    with pytest.raises(PolicyError, match="nwe") as caught:
        Lifecycle.from_data(data)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [
        ("unknown_status", "states[0].status"),
        ("unknown_key", "transitions[2].within"),
        ("not_one_delay", "transitions[2].within"),
        ("not_a_list", "transitions[4].sources"),
        ("unknown_state", "transitions[1]"),
    ]


def test_what_is_no_mapping_is_refused() -> None:
    """A list is no lifecycle, and a long one is not shown in full."""
    with pytest.raises(
        PolicyError, match=r"expected name, states, transitions, got \[0, 0.*\.\.\."
    ) as caught:
        Lifecycle.from_data([0] * 100)  # type: ignore[arg-type]
    assert [fault.code for fault in caught.value.faults] == ["not_a_table"]


def test_the_graph_of_data_is_checked() -> None:
    """Data whose rows are sound is held against the rules of the graph."""
    with pytest.raises(PolicyError, match="no step leads to 'pit'") as caught:
        Lifecycle.from_data({**DATA, "states": [*DATA["states"], {"name": "pit", "status": "closed"}]})
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [("unreachable", "states[4]")]


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["new", "*"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["name", "status", "sources", "target", "trigger", "within", "roles", "since", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(sorted(DATA)), st.integers(0, 4), _JSON)
def test_reading_is_total(key: str, index: int, value: object) -> None:
    """Whatever stands in the data, the answer is a lifecycle or its faults."""
    path = (key, index) if isinstance(DATA[key], list) and index < len(DATA[key]) else (key,)
    house = None
    with suppress(PolicyError):
        house = Lifecycle.from_data(_changed(path, value))
    if house is not None:
        assert Lifecycle.from_data(house.to_data()) == house
