"""Triggers and delays in words, and ladders as data: read, written, and refused with every fault."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.escalation.draws import ladders

from itilkit.conditions import Eq
from itilkit.errors import Fault, PolicyError
from itilkit.escalation import (
    BesideDue,
    Cadence,
    Idle,
    Ladder,
    PriorityRaised,
    PriorityReached,
    ReopenedTimes,
    Repeat,
    Rung,
    ShareOfTarget,
    SinceOpened,
    Trigger,
    delay,
    from_data,
    to_data,
    trigger,
)
from itilkit.lifecycle import Delay

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("75% of resolution", ShareOfTarget(0.75, "resolution")),
        ("33.3 % of Next Response", ShareOfTarget(0.333, "next_response")),
        ("100% of OLA.resolution", ShareOfTarget(1, "OLA.resolution")),
        ("30m before resolution", BesideDue(-30 * MINUTE, "resolution")),
        ("1h 30m after uc.periodic-update", BesideDue(90 * MINUTE, "UC.periodic_update")),
        ("2 h before resolution", BesideDue(-2 * HOUR, "resolution")),
        ("opened", SinceOpened()),
        ("2h after opened", SinceOpened(2 * HOUR)),
        ("1h of open time after opened", SinceOpened(Delay(open_time=HOUR))),
        ("3 working days after opened", SinceOpened(Delay(working_days=3))),
        ("idle for 4h", Idle(4 * HOUR)),
        ("Idle  for 45m OF OPEN TIME", Idle(Delay(open_time=45 * MINUTE))),
        ("reopened", ReopenedTimes()),
        ("reopened 2 times", ReopenedTimes(2)),
        ("reopened 1 time", ReopenedTimes(1)),
        ("priority P1", PriorityReached(1)),
        ("priority 2", PriorityReached(2)),
        ("priority raised", PriorityRaised()),
    ],
)
def test_words_of_a_trigger(words: str, found: Trigger) -> None:
    """Each form of the words names its trigger, and what the trigger is called is read as itself."""
    assert trigger(words) == found
    assert trigger(str(found)) == found
    assert Rung(words, "x").at == found


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("75% of resoluton", "unknown_target", "did you mean resolution"),
        ("75% of XLA.resolution", "unknown_target", "no target is called"),
        ("0% of resolution", "bad_share", "more than no share"),
        ("10001% of resolution", "bad_share", "at most 10000%"),
        ("30m befor resolution", "no_trigger", "75% of resolution"),
        ("0m before resolution", "bad_duration", "more than none"),
        ("3d before resolution", "bad_duration", 'write "72h" or "3 working days"'),
        ("2 days after opened", "bad_duration", "ambiguous"),
        ("soon after opened", "bad_duration", "expected an amount of time"),
        ("idle for h", "bad_duration", "expected an amount of time"),
        ("idle for", "no_trigger", "when it fires"),
        ("reopened 0 times", "no_trigger", "when it fires"),
        ("priority P0", "no_trigger", "when it fires"),
        ("", "no_trigger", "when it fires"),
        ("9" * 300, "no_trigger", "when it fires"),
        (75, "no_trigger", "when it fires"),
        (None, "no_trigger", "when it fires"),
        (["opened"], "no_trigger", "when it fires"),
    ],
)
def test_words_that_name_nothing(words: Any, code: str, message: str) -> None:
    """What is no trigger is refused with its place and a way to mend it."""
    with pytest.raises(PolicyError, match=message) as caught:
        trigger(words, path="escalate[0].at")
    (fault,) = caught.value.faults
    assert (fault.code, fault.path) == (code, "escalate[0].at")
    assert fault.hint


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("30m", Delay(wall_time=30 * MINUTE)),
        ("1h 30m", Delay(wall_time=90 * MINUTE)),
        ("1.5s", Delay(wall_time=timedelta(seconds=1.5))),
        ("8h of open time", Delay(open_time=8 * HOUR)),
        ("1 working day", Delay(working_days=1)),
    ],
)
def test_words_of_a_delay(words: str, found: Delay) -> None:
    """Wall time, open time and working days."""
    assert delay(words) == found


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("0 working days", "expected 1 to 9999 working days"),
        ("-2 working days", "expected 1 to 9999 working days"),
        ("99999 working days", "expected 1 to 9999 working days"),
        ("99999999h", "more than none and below 1000000h"),
        ("-3m", "more than none and below 1000000h"),
    ],
)
def test_too_little_and_too_much(words: str, told: str) -> None:
    """The message says how much may be written, in the kind of time that was meant."""
    with pytest.raises(PolicyError, match=told):
        delay(words)


FULL: list[dict[str, Any]] = [
    {"at": "75% of resolution", "to": ["incident_manager"], "kind": "hierarchical"},
    {
        "at": "opened",
        "to": ["payments", "network"],
        "kind": "functional",
        "level": 2,
        "unless": ["acknowledged", "on_hold"],
        "when": {"service": "payments"},
        "repeat": {"every": "30m of open time", "times": 3},
        "name": "At once",
    },
    {"at": "idle for 4h", "to": ["desk"]},
]


def test_a_ladder_from_data() -> None:
    """Every key has its value, and the whole is written as it was read."""
    found = from_data(FULL, "Gold")
    assert found == Ladder(
        "Gold",
        [
            Rung(ShareOfTarget(0.75, "resolution"), "incident_manager", kind="hierarchical"),
            Rung(
                SinceOpened(),
                ["payments", "network"],
                kind="functional",
                level=2,
                unless=["acknowledged", "on_hold"],
                when=Eq("service", "payments"),
                repeat=Repeat(Delay(open_time=30 * MINUTE), times=3),
                name="At once",
            ),
            Rung(Idle(4 * HOUR), "desk"),
        ],
    )
    assert to_data(found) == FULL


def test_every_fault_is_told_with_its_place() -> None:
    """One reading tells all that is wrong."""
    rows = [
        {"at": "75% of resoluton", "to": "boss", "kind": "vertical", "extra": 1},
        {"to": []},
        "opened",
        {
            "at": "opened",
            "to": ["x", 3],
            "level": 0,
            "unless": ["acknowleged"],
            "when": {"servic": "x"},
            "repeat": {"every": "3d", "times": True},
            "name": "",
        },
        {"at": "opened", "to": ["x"], "repeat": {"every": "30m", "times": 5000}},
        {"at": "opened", "to": ["x"], "repeat": {"often": 3}},
    ]
    with pytest.raises(PolicyError) as caught:
        from_data(rows, "Gold", path="escalate")
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("escalate[0].extra", "unknown_key"),
        ("escalate[0].at", "unknown_target"),
        ("escalate[0].to", "not_a_list"),
        ("escalate[0].kind", "unknown_word"),
        ("escalate[1].at", "missing_key"),
        ("escalate[1].to", "nobody"),
        ("escalate[2]", "not_a_table"),
        ("escalate[3].to[1]", "not_a_text"),
        ("escalate[3].level", "not_a_count"),
        ("escalate[3].unless[0]", "unknown_word"),
        ("escalate[3].when.servic", "unknown_field"),
        ("escalate[3].repeat.every", "bad_duration"),
        ("escalate[3].repeat.times", "not_a_count"),
        ("escalate[3].name", "not_a_text"),
        ("escalate[4].repeat.times", "not_a_count"),
        ("escalate[5].repeat.often", "unknown_key"),
        ("escalate[5].repeat.every", "missing_key"),
        ("escalate[5].repeat.times", "missing_key"),
    ]
    assert all(fault.hint for fault in caught.value.faults if fault.code != "not_a_text")


@pytest.mark.parametrize("data", [None, {}, "x", 3, {"at": "opened"}])
def test_no_list_of_rungs(data: object) -> None:
    """A ladder is a list of tables."""
    with pytest.raises(PolicyError, match="escalate: expected a list"):
        from_data(data, "Gold", path="escalate")


def test_twins_are_told_at_their_rows() -> None:
    """Two rungs that cannot be told apart would take each other's events for their own."""
    rows = [{"at": "opened", "to": ["a"]}, {"at": "idle for 1h", "to": ["a"]}, {"at": "opened", "to": ["b"]}]
    with pytest.raises(PolicyError) as caught:
        from_data(rows, "Gold", path="escalate")
    assert [fault.path for fault in caught.value.faults] == ["escalate[0].name", "escalate[2].name"]
    assert {fault.code for fault in caught.value.faults} == {"twin_rung"}


BAD: list[tuple[Any, str]] = [
    (lambda: Rung("opened", []), "who is called in"),
    (lambda: Rung("opened", [""]), "who is called in"),
    (lambda: Rung("opened", 3), "who is called in"),  # type: ignore[arg-type]
    (lambda: Rung(3, "x"), "when it fires"),  # type: ignore[arg-type]
    (lambda: Rung("opened", "x", kind="vertical"), "no kind of rung"),  # type: ignore[arg-type]
    (lambda: Rung("opened", "x", level=0), "no level"),
    (lambda: Rung("opened", "x", level=True), "no level"),
    (lambda: Rung("opened", "x", unless=["acknowleged"]), "did you mean acknowledged"),
    (lambda: Rung("opened", "x", when="service"), "expected a condition"),  # type: ignore[arg-type]
    (lambda: Rung("opened", "x", repeat=3), "expected a Repeat"),  # type: ignore[arg-type]
    (lambda: Rung("opened", "x", name=3), "expected a name"),  # type: ignore[arg-type]
    (lambda: Repeat(HOUR, times=0), "from 1 to 1000"),
    (lambda: Repeat(HOUR, times=True), "from 1 to 1000"),
    (lambda: Repeat("1h", times=1), "no delay"),  # type: ignore[arg-type]
    (lambda: Repeat(timedelta(0), times=1), "over at once"),
    (lambda: Ladder("", []), "needs a name"),
    (lambda: Ladder(3, []), "needs a name"),  # type: ignore[arg-type]
    (lambda: Ladder("Gold", ["opened"]), "expected a Rung"),  # type: ignore[list-item]
    (lambda: Ladder("Gold", 3), "expected a Rung"),  # type: ignore[arg-type]
    (lambda: ShareOfTarget(0, "resolution"), "expected a share"),
    (lambda: ShareOfTarget(float("nan"), "resolution"), "expected a share"),
    (lambda: ShareOfTarget("75%", "resolution"), "expected a share"),  # type: ignore[arg-type]
    (lambda: ShareOfTarget(True, "resolution"), "expected a share"),
    (lambda: ShareOfTarget(0.5, ""), "names no target"),
    (lambda: BesideDue(timedelta(0), "resolution"), "neither before nor after"),
    (lambda: BesideDue(30, "resolution"), "an amount of time"),  # type: ignore[arg-type]
    (lambda: SinceOpened("2h"), "no delay"),  # type: ignore[arg-type]
    (lambda: Idle(timedelta(0)), "over at once"),
    (lambda: ReopenedTimes(0), "whole number from 1"),
    (lambda: PriorityReached(True), "whole number from 1"),
    (lambda: Cadence("1h"), "no delay"),  # type: ignore[arg-type]
    (lambda: Cadence(HOUR, "userz"), "did you mean users"),
    (lambda: Cadence(HOUR, priorities=[0]), "expected a whole number"),
]


@pytest.mark.parametrize(("build", "message"), BAD)
def test_values_are_checked_at_the_door(build: Any, message: str) -> None:
    """What makes no sense is refused when it is built, never by a TypeError later."""
    with pytest.raises(PolicyError, match=message):
        build()


def test_one_rung_tells_all_its_faults() -> None:
    """Kind, level and unless at once."""
    with pytest.raises(PolicyError) as caught:
        Rung("opened", [], kind="x", level=0, unless=["y"])  # type: ignore[arg-type]
    assert [fault.path for fault in caught.value.faults] == ["to", "kind", "level", "unless"]


@given(ladders())
def test_a_ladder_is_read_as_it_was_written(steps: Ladder) -> None:
    """from_data of to_data is the same ladder."""
    assert from_data(to_data(steps), steps.name) == steps


_JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["opened", "75% of x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["at", "to", "kind", "level", "unless", "when", "repeat", "name", "every", "times", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.lists(_JUNK, max_size=3) | _JUNK)
def test_hostile_data_ends_in_faults(data: Any) -> None:
    """Whatever is read gives a ladder or faults with places, nothing else."""
    faults: tuple[Fault, ...] = ()
    try:
        from_data(data, "Gold", path="escalate")
    except PolicyError as error:
        faults = error.faults or (Fault("none", "told nothing"),)
    assert all(fault.path.startswith("escalate") for fault in faults)
