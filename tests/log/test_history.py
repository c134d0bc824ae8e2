"""Rows and events: every row is in one history, and every event comes from a row."""

from __future__ import annotations

from itertools import groupby

import pandas as pd
import pytest

from itilkit.events import Logged
from itilkit.priority import ITIL_3X3, PriorityMatrix, priorities

from .conftest import Reading

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("log")]

CLASSIFYING = (
    "impact", "urgency", "category", "subcategory", "cmdb_ci", "u_symptom", "location", "caller_id", "contact_type",
    "knowledge", "u_priority_confirmation", "vendor", "problem_id", "rfc", "caused_by", "reassignment_count",
    "reopen_count",
)  # fmt: skip
LINKING = ("problem_id", "rfc", "caused_by")

# The shipped policy's matrix: eight cells as the log shows them; High x Low never occurs in it, 3 is our choice.
DESK = PriorityMatrix("Service desk", [[1, 2, 3], [2, 3, 4], [3, 4, 4]])


def _differs(reading: Reading, *columns: str) -> pd.Series[bool]:
    """Where any of the columns shows another value than in the row before it; nothing stands before the first."""
    changed = pd.Series(data=False, index=reading.rows.index)
    for column in columns:
        before, now = reading.before[column], reading.rows[column]
        changed |= ~((before == now) | (before.isna() & now.isna()))
    return changed


def test_every_row_is_in_one_history(reading: Reading) -> None:
    """Beside Logged, a history holds the stamps and authors of its incident's rows, in order, and nothing else."""
    rows: dict[str, list[tuple[object, object]]] = {number: [] for number in reading.cases}
    authors = reading.rows["sys_updated_by"].str.replace("  ", " ")
    for number, at, by in zip(reading.rows["number"], reading.rows["sys_updated_at"], authors, strict=True):
        rows[number].append((at, by))
    for number, case in reading.cases.items():
        logged, *events = case.incident.events
        assert isinstance(logged, Logged)
        told = [(event.at, event.by.id if event.by else None) for event in events]
        assert [key for key, _ in groupby(told)] == [key for key, _ in groupby(rows[number])]
        assert len(events) >= len(rows[number])
    assert sum(map(len, rows.values())) == reading.log.rows == len(reading.rows)


def test_a_row_becomes_one_event_per_change(reading: Reading) -> None:
    """The events of each incident are as many as the changes that pandas sees, one where a row shows none."""
    rows = reading.rows
    state = rows["incident_state"] != reading.before["incident_state"].fillna("New")
    counted = (
        _differs(reading, *CLASSIFYING).astype(int)
        + sum((_differs(reading, column) & rows[column].notna()).astype(int) for column in LINKING)
        + _differs(reading, "priority").astype(int)
        + _differs(reading, "assignment_group", "assigned_to").astype(int)
        + state.astype(int)
    )
    # The first row says who has the incident only where somebody has it.
    nobody = reading.first & rows["assignment_group"].isna() & rows["assigned_to"].isna()
    counted -= nobody.astype(int) * _differs(reading, "assignment_group", "assigned_to").astype(int)
    expected = counted.clip(lower=1).groupby(rows["number"]).sum() + 1
    assert {number: len(case.incident.events) for number, case in reading.cases.items()} == expected.to_dict()


def test_the_last_values_are_those_of_the_last_row(reading: Reading) -> None:
    """State, levels, assignment and fields at the end are what the last row shows."""
    last = reading.last.astype(object).where(reading.last.notna(), None)
    for number, row in zip(last.index, last.to_dict("records"), strict=True):
        case = reading.cases[number]
        assert case.state == row["incident_state"]
        assert (case.impact, case.urgency, case.priority) == tuple(
            int(row[column][0]) for column in ("impact", "urgency", "priority")
        )
        assert case.assignment.group == row["assignment_group"]
        assert (case.assignment.assignee and case.assignment.assignee.id) == row["assigned_to"]
        fields = case.fields[-1]
        assert fields.get("category") == row["category"]
        assert fields.get("configuration_item") == row["cmdb_ci"]
        assert fields.get("reassignment_count") == row["reassignment_count"]
        assert fields.get("knowledge_used") is (row["knowledge"] == "true")


def test_columns_filled_in_afterwards_are_kept_apart(reading: Reading) -> None:
    """What the tool filled in afterwards is in `reported`; in the history only the last resolution names anyone."""
    last = reading.last.astype(object).where(reading.last.notna(), None)
    for number, row in zip(last.index, last.to_dict("records"), strict=True):
        incident = reading.cases[number].incident
        assert incident.reported.get("closed_at") == row["closed_at"]
        assert incident.reported.get("closed_code") == row["closed_code"]
        assert incident.reported.get("notify") == row["notify"]
        assert incident.reported.get("made_sla") is (row["made_sla"] == "true")
        named = [event for event in incident.events if getattr(event, "resolver", None) is not None]
        resolutions = [event for event in incident.events if type(event).__name__ == "Resolved"]
        assert named == (resolutions[-1:] if row["resolved_by"] else [])


def test_the_matrix_reproduces_every_priority(reading: Reading) -> None:
    """Our matrix derives the recorded priority at every beat; ITIL 3x3 differs where both levels are low."""
    levels = {column: reading.rows[column].str[0].astype(int) for column in ("impact", "urgency", "priority")}
    differing = {"desk": 0, "itil": 0}
    for impact, urgency, priority in zip(*levels.values(), strict=True):
        differing["desk"] += DESK.priority_of(impact=impact, urgency=urgency) != priority
        differing["itil"] += ITIL_3X3.priority_of(impact=impact, urgency=urgency) != priority
    low = int(((levels["impact"] == 3) & (levels["urgency"] == 3)).sum())
    assert differing == {"desk": 0, "itil": low}
    if reading.whole:
        assert low == 3_431
        assert not ((levels["impact"] == 1) & (levels["urgency"] == 3)).any()
    for case in reading.timelines:
        nothing = [None] * len(case.beats)
        derived = priorities(DESK, impacts=case.impacts, urgencies=case.urgencies, recorded=nothing)
        assert derived[-1] == case.priority
