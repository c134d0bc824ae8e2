"""Time to resolve under its two readings: by history and as the tool reported it."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from itilkit.vocabulary import Status

from .conftest import Reading

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("log")]

# n, mean and median in seconds, by zone: worked out elsewhere, by hand-written pandas over the whole log.
BY_HISTORY = {"UTC": (24_905, 595_471, 54_540), "Europe/Berlin": (24_905, 595_255, 54_540)}
AS_REPORTED = {"UTC": (23_362, 641_418, 79_560), "Europe/Berlin": (23_362, 641_187, 79_560)}


def _figures(spent: pd.Series[pd.Timedelta]) -> tuple[int, int, int]:
    seconds = spent.dropna().dt.total_seconds()
    return len(seconds), round(seconds.mean()), round(seconds.median())


def test_by_history(reading: Reading) -> None:
    """The last entry into Resolved less the opening, incident by incident and in sum, is pandas'."""
    opened = reading.last["opened_at"]
    expected = (reading.entered_resolved.groupby("number")["sys_updated_at"].last() - opened).dropna()
    found = {
        number: case.resolved_at - case.opened_at
        for number, case in reading.cases.items()
        if case.resolved_at is not None and case.opened_at is not None
    }
    assert found == {number: spent.to_pytimedelta() for number, spent in expected.items()}
    if reading.whole:
        assert _figures(pd.Series(found)) == BY_HISTORY[reading.zone]


def test_as_reported(reading: Reading) -> None:
    """The tool's own column, kept apart from the history, is the column of the file."""
    expected = reading.last["resolved_at"].dropna()
    found = {
        timeline.incident.number: timeline.incident.reported["resolved_at"]
        for timeline in reading.timelines
        if "resolved_at" in timeline.incident.reported
    }
    assert found == {number: stamp.to_pydatetime() for number, stamp in expected.items()}
    if reading.whole:
        opened = pd.Series({number: case.opened_at for number, case in reading.cases.items()})
        assert _figures(pd.Series(found) - opened) == AS_REPORTED[reading.zone]


def test_first_resolution(reading: Reading) -> None:
    """The first entry into Resolved is kept beside the last one."""
    expected = reading.entered_resolved.groupby("number")["sys_updated_at"].first()
    found = {
        number: case.first_resolved_at for number, case in reading.cases.items() if case.first_resolved_at
    }
    assert found == {number: stamp.to_pydatetime() for number, stamp in expected.items()}


def test_closure(reading: Reading) -> None:
    """Every incident ends closed, at the last row in which it came into Closed."""
    closed = reading.rows[
        (reading.rows["incident_state"] == "Closed") & (reading.before["incident_state"] != "Closed")
    ]
    expected = closed.groupby("number")["sys_updated_at"].last()
    assert {case.status for case in reading.timelines} == {Status.CLOSED}
    found: dict[str, datetime | None] = {number: case.closed_at for number, case in reading.cases.items()}
    assert found == {number: stamp.to_pydatetime() for number, stamp in expected.items()}
