"""Looking from an earlier date: nothing that was learnt later shows."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from itilkit.adapters.servicenow import audit_log
from itilkit.events import Person, Resolved
from itilkit.lifecycle import SERVICENOW, Timeline, replay

from .conftest import Reading

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("log")]

DATES = [datetime(2016, 3, 16, 11, 30, tzinfo=UTC), datetime(2016, 5, 2, 8, tzinfo=UTC)]
TRACKS = (
    "beats", "events", "statuses", "states", "hold_reasons", "impacts", "urgencies", "priorities", "assignments",
    "fields", "marks", "steps", "defects",
)  # fmt: skip
# When each column that was filled in afterwards was filled in, as far as the file says.
FILLED_IN = {"resolved_at": "resolved_at", "resolved_by": "resolved_at", "closed_at": "closed_at",
             "closed_code": "closed_at", "notify": "closed_at"}  # fmt: skip


def _known(reading: Reading, as_of: datetime) -> pd.Series[bool]:
    """Which rows were known: in the order of the file, up to the first one stamped later."""
    clamped = reading.rows.groupby("number")["sys_updated_at"].cummax()
    opened = reading.rows["opened_at"]
    return clamped.where(clamped > opened, opened) <= as_of


@pytest.mark.parametrize("as_of", DATES, ids=str)
def test_states_as_of_a_date(reading: Reading, as_of: datetime) -> None:
    """State, levels and group of every incident are those of its last row known by then."""
    rows = reading.rows[_known(reading, as_of)].drop_duplicates("number", keep="last").set_index("number")
    rows = rows.astype(object).where(rows.notna(), None)
    opened = reading.last["opened_at"] <= as_of
    for number, case in reading.cases.items():
        seen = replay(case.incident, SERVICENOW, as_of=as_of, strict=False)
        assert bool(seen.beats) == opened[number]
        assert all(beat <= as_of for beat in seen.beats)
        if number not in rows.index:
            assert seen.priority is None
            continue
        row = rows.loc[number]
        assert seen.state == row["incident_state"]
        assert (seen.impact, seen.priority) == (int(row["impact"][0]), int(row["priority"][0]))
        assert seen.assignment.group == row["assignment_group"]


@pytest.mark.parametrize("as_of", DATES, ids=str)
def test_the_backlog_as_of_a_date(reading: Reading, as_of: datetime) -> None:
    """The incidents open at a date are those opened by then whose last known state is no end."""
    rows = reading.rows[_known(reading, as_of)].drop_duplicates("number", keep="last").set_index("number")
    done = set(rows.index[rows["incident_state"].isin(["Resolved", "Closed"])])
    expected = set(reading.last.index[reading.last["opened_at"] <= as_of]) - done
    found = set()
    for case in reading.timelines:
        status = replay(case.incident, SERVICENOW, as_of=as_of, strict=False).status
        if status is not None and status.is_open:
            found.add(case.incident.number)
    assert found == expected


def test_an_early_look_equals_a_log_that_ends_there(reading: Reading) -> None:
    """Cutting the file at a date, and the columns filled in later, changes nothing as of that date."""
    as_of = DATES[0]
    known = _known(reading, as_of)
    header, *lines = reading.lines
    columns = header.strip().split(",")
    cut = [header]
    later = {column: (~(reading.rows[when] <= as_of)).tolist() for column, when in FILLED_IN.items()}
    for index, line in enumerate(lines):
        if known.iloc[index]:
            cells = line.rstrip("\r\n").split(",")
            for column, beyond in later.items():
                if beyond[index]:
                    cells[columns.index(column)] = "?"
            cut.append(",".join(cells))
    log = audit_log(cut, zone=reading.zone)
    assert log.rows == int(known.sum())
    for incident in log.incidents:
        whole = replay(reading.cases[incident.number].incident, SERVICENOW, as_of=as_of, strict=False)
        early = replay(incident, SERVICENOW, as_of=as_of, strict=False)
        for track in TRACKS:
            if track != "events":
                assert getattr(whole, track) == getattr(early, track), (incident.number, track)
        assert [_plain(event) for event in whole.events] == [_plain(event) for event in early.events]
        assert _resolvers(early) <= _resolvers(whole)


def _plain(event: object) -> object:
    return (type(event), event.at, event.by, event.state) if isinstance(event, Resolved) else event


def _resolvers(timeline: Timeline) -> set[Person]:
    return {event.resolver for event in timeline.events if isinstance(event, Resolved) and event.resolver}
