"""Timers as plain data: what is read is what was written, and every slip is told with its place."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import PolicyError
from itilkit.events import Event, Replied, RequesterWrote
from itilkit.lifecycle import SERVICENOW_AUTO_CLOSE, Delay, Timer
from itilkit.lifecycle.timers import Fires, Since
from itilkit.vocabulary import HoldReason, Status

REMINDER = Timer(
    "Are you there?",
    "remind",
    after=Delay(working_days=2),
    status=Status.ON_HOLD,
    hold_reason=HoldReason.AWAITING_USER,
    since="last_update",
    restart_on={Replied},
    cancel_on={RequesterWrote},
    exclude={"priority": 1},
)


def test_the_words_of_a_table() -> None:
    """Names of attributes, events in small letters with underscores, one kind of time."""
    assert REMINDER.to_data() == {
        "name": "Are you there?",
        "fires": "remind",
        "after": {"working_days": 2},
        "status": "on_hold",
        "hold_reason": "awaiting_user",
        "since": "last_update",
        "restart_on": ["replied"],
        "cancel_on": ["requester_wrote"],
        "exclude": {"priority": 1},
    }


def test_a_single_event_and_a_timer_that_is_off() -> None:
    """One event stands without a list, in any case; 0 is off."""
    timer = Timer.from_data(
        {"name": "x", "fires": "close", "after": 0, "state": "Done", "cancel_on": "Requester wrote"}
    )
    assert timer == Timer("x", "close", after=None, state="Done", cancel_on={RequesterWrote})
    assert timer.to_data()["after"] == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"after": {}}, "after: expected one of working_days, open_time and wall_time, got none of them"),
        ({"after": {"open_time": "soon"}}, "after.open_time: expected an amount of time"),
        ({"after": "5 days"}, "after: expected 0 or a table, got '5 days'"),
        ({"after": True}, "after: expected 0 or a table, got True"),
        ({"restart_on": ["replid"]}, "restart_on[0]: 'replid' is no event (did you mean replied"),
        ({"restart_on": 5}, "restart_on: expected names of events, got 5"),
        ({"exclude": ["major"]}, "exclude: expected facts and their values, got ['major']"),
        ({"exclude": {"major": []}}, "exclude.major: a field cannot hold []"),
        ({"fires": "boom"}, "fires: 'boom' is no fires"),
        ({"fires": 1}, "fires: expected a text, got 1"),
        ({"status": "reslved"}, "status: 'reslved' is no status (did you mean resolved"),
        ({"afterr": 1}, "afterr: nothing is called 'afterr' (did you mean after?)"),
        ({"state": "x"}, "timer 'Auto-close' runs nowhere or in two places"),
    ],
)
def test_what_is_wrong_is_told(changes: dict[str, Any], message: str) -> None:
    """One fault, with its key."""
    with pytest.raises(PolicyError) as caught:
        Timer.from_data({**SERVICENOW_AUTO_CLOSE.to_data(), **changes})
    (fault,) = caught.value.faults
    assert str(fault).startswith(message)


def test_what_is_missing_and_what_is_no_table() -> None:
    """All missing keys are told at once."""
    with pytest.raises(PolicyError) as caught:
        Timer.from_data({"status": "resolved"})
    assert [fault.path for fault in caught.value.faults] == ["name", "fires", "after"]
    with pytest.raises(PolicyError, match="expected name, fires, after, got 5"):
        Timer.from_data(5)  # type: ignore[arg-type]


delays = st.one_of(
    st.none(),
    st.integers(1, 99).map(lambda days: Delay(working_days=days)),
    st.timedeltas(timedelta(microseconds=1), timedelta(days=400)).map(lambda time: Delay(open_time=time)),
    st.timedeltas(timedelta(microseconds=1), timedelta(days=400)).map(lambda time: Delay(wall_time=time)),
)
kinds = st.frozensets(st.sampled_from(get_args(Event)), max_size=3)


@given(st.data())
def test_what_is_written_is_read(data: st.DataObject) -> None:
    """Through JSON as well: the same timer comes back."""
    place = data.draw(
        st.one_of(
            st.sampled_from(Status).map(lambda status: {"status": status}),
            st.text(min_size=1, max_size=5).map(lambda state: {"state": state}),
        )
    )
    timer = Timer(
        data.draw(st.text(max_size=8)),
        data.draw(st.sampled_from(get_args(Fires))),
        after=data.draw(delays),
        hold_reason=data.draw(st.none() | st.sampled_from(HoldReason)),
        since=data.draw(st.sampled_from(get_args(Since))),
        restart_on=data.draw(kinds),
        cancel_on=data.draw(kinds),
        exclude=data.draw(st.dictionaries(st.text(max_size=4), st.booleans() | st.integers(), max_size=2)),
        code=data.draw(st.none() | st.text(min_size=1, max_size=4)),
        **place,
    )
    assert Timer.from_data(json.loads(json.dumps(timer.to_data()))) == timer
