"""What a monitoring tool tells: checked at the door, and placed in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest

from itilkit.errors import InstantError, RecordError
from itilkit.events import Fields
from itilkit.records import MonitoringEvent

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(**given: Any) -> MonitoringEvent:
    """A message, with what is asked for changed."""
    values: dict[str, Any] = {"dedup_key": "disk/db-1", "status": "firing", "occurred_at": NINE}
    return MonitoringEvent("prometheus", "17", **{**values, **given})


@pytest.mark.parametrize(
    ("given", "at"),
    [
        pytest.param({"started_at": NINE - HOUR}, NINE, id="the message counts"),
        pytest.param({"occurred_at": None, "started_at": NINE - HOUR}, NINE - HOUR, id="else the start"),
        pytest.param(
            {"status": "resolved", "occurred_at": None, "started_at": NINE, "ended_at": NINE + HOUR},
            NINE + HOUR,
            id="the end of a resolved one",
        ),
        pytest.param(
            {"occurred_at": None, "started_at": NINE, "ended_at": NINE + HOUR},
            NINE,
            id="a firing one is not at its end",
        ),
        pytest.param(
            {
                "status": "acknowledged",
                "occurred_at": None,
                "acknowledged_at": NINE + HOUR,
                "started_at": NINE,
            },
            NINE + HOUR,
            id="the acknowledgement of an acknowledged one",
        ),
        pytest.param(
            {"status": "suppressed", "occurred_at": None, "started_at": NINE, "acknowledged_at": NINE + HOUR},
            NINE,
            id="a silenced one is at its start",
        ),
    ],
)
def test_a_message_is_placed_in_time(given: dict[str, Any], at: datetime) -> None:
    """When it was made counts; else the instant of its status; else the start."""
    assert told(**given).at == at


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param({"dedup_key": ""}, "no_name", id="no key"),
        pytest.param({"status": "open"}, "unknown_word", id="no such status"),
        pytest.param({"severity": "fatal"}, "unknown_word", id="no such severity"),
        pytest.param({"priority": 0}, "not_a_level", id="no such priority"),
        pytest.param({"occurred_at": None}, "no_instant", id="no instant"),
        pytest.param({"occurred_at": None, "ended_at": NINE}, "no_instant", id="firing with an end only"),
        pytest.param(
            {"started_at": NINE, "ended_at": NINE - HOUR}, "backward_span", id="ends before the start"
        ),
        pytest.param({"occurrences": 0}, "not_a_count", id="not seen"),
        pytest.param({"occurrences": True}, "not_a_count", id="a truth value"),
        pytest.param({"labels": {"a": ["b"]}}, "not_a_scalar", id="a list in a label"),
        pytest.param({"labels": ["a"]}, "not_a_table", id="labels in a list"),
        pytest.param({"labels": 7}, "not_a_table", id="labels that are a number"),
        pytest.param({"status": ["firing"]}, "unknown_word", id="a list of statuses"),
        pytest.param({"title": None}, "not_a_text", id="no title at all"),
        *(
            pytest.param({name: value}, "not_a_text", id=f"{name} is a {type(value).__name__}")
            for name in ("title", "description", "group_key", "resource", "service", "url", "runbook_url")
            for value in (7, ["x"])
        ),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, Any], code: str) -> None:
    """A message that contradicts itself or lacks what it needs is told by its code."""
    with pytest.raises(RecordError) as caught:
        told(**given)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_source_and_id_are_needed() -> None:
    """A message of nobody, or without identity, is refused."""
    for source, source_id in (("", "17"), ("prometheus", "")):
        with pytest.raises(RecordError, match="names nothing"):
            MonitoringEvent(source, source_id, dedup_key="x", status="firing", occurred_at=NINE)


@pytest.mark.parametrize("name", ["started_at", "occurred_at", "acknowledged_at", "ended_at"])
def test_instants_are_aware_and_turned_to_utc(name: str) -> None:
    """Each instant is taken in any zone and kept in UTC; a naive one is an error."""
    summer = timezone(HOUR)
    assert getattr(told(**{name: datetime(2026, 3, 2, 10, tzinfo=summer)}), name) == NINE
    with pytest.raises(InstantError, match="has no zone"):
        told(**{name: NINE.replace(tzinfo=None)})


def test_a_message_is_a_value() -> None:
    """Equal messages are equal, can be hashed, and a changed copy moves in time with its instants."""
    one = told(labels={"cluster": "eu"})
    assert one == told(labels={"cluster": "eu"})
    assert hash(one) == hash(told(labels={"cluster": "eu"}))
    assert one.labels == Fields({"cluster": "eu"})
    assert attrs.evolve(one, occurred_at=NINE + HOUR).at == NINE + HOUR
