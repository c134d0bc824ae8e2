"""Every oddity of the log is counted as pandas counts it, and as the log's description says."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from .conftest import STAMPS, Reading

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("log")]


def _per_incident(reading: Reading, rows: pd.Series[bool]) -> int:
    return int(reading.rows.loc[rows, "number"].nunique())


def _changed(column: str) -> Callable[[Reading], int]:
    return lambda r: int((r.rows.groupby("number")[column].nunique() > 1).sum())


def _known_at_end(column: str) -> Callable[[Reading], int]:
    return lambda r: int(r.last[column].notna().sum())


def _jumps(reading: Reading) -> pd.Series[bool]:
    return reading.rows.groupby("number")["sys_mod_count"].diff() > 1


def _raw(reading: Reading) -> pd.Series[bool]:
    return reading.rows["incident_state"].str.fullmatch(r"-?\d+")


def _resolutions(reading: Reading) -> pd.Series[pd.Timestamp]:
    """The first entry into Resolved of each incident of the log; missing where there is none."""
    return reading.entered_resolved.groupby("number")["sys_updated_at"].first().reindex(reading.last.index)


def _open_to_close(reading: Reading) -> pd.Series[float]:
    """Days from resolution to closure where both columns are filled."""
    return (reading.last["closed_at"] - reading.last["resolved_at"]).dropna().dt.total_seconds() / 86_400


def _made_sla_lost(reading: Reading) -> pd.Series[bool]:
    return (reading.before["made_sla"] == "true") & (reading.rows["made_sla"] == "false")


def _visible_reassignments(reading: Reading) -> pd.Series[int]:
    """By incident, how often a group followed another one, rows without a group ending the comparison."""
    before, now = reading.before["assignment_group"], reading.rows["assignment_group"]
    moved = before.notna() & now.notna() & (before != now)
    return moved.astype(int).groupby(reading.rows["number"]).sum().reindex(reading.last.index)


def _doubled_spaces(reading: Reading) -> int:
    texts = reading.rows.drop(columns=[*STAMPS, "sys_mod_count", "reassignment_count", "reopen_count"])
    return sum(int(texts[column].str.contains("  ", na=False).sum()) for column in texts)


COUNTS: dict[str, tuple[int, Callable[[Reading], int]]] = {
    "rows": (141_712, lambda r: len(r.rows)),
    "incidents": (24_918, lambda r: int(r.rows["number"].nunique())),
    "row_pairs": (116_794, lambda r: len(r.rows) - r.rows["number"].nunique()),
    "rows_keeping_state": (
        52_761,
        lambda r: int((r.rows["incident_state"] == r.before["incident_state"]).sum()),
    ),
    "rows_in_same_minute": (
        14_118,
        lambda r: int((r.rows["sys_updated_at"] == r.before["sys_updated_at"]).sum()),
    ),
    "rows_out_of_order": (1, lambda r: int((r.rows["sys_updated_at"] < r.before["sys_updated_at"]).sum())),
    "first_row_before_opened": (
        5,
        lambda r: int((r.rows[r.first]["sys_updated_at"] < r.rows[r.first]["opened_at"]).sum()),
    ),
    "created_before_opened": (6, lambda r: int((r.last["sys_created_at"] < r.last["opened_at"]).sum())),
    "created_at_missing": (11_495, lambda r: int(r.last["sys_created_at"].isna().sum())),
    "mod_count_decreasing": (4, lambda r: int((r.rows.groupby("number")["sys_mod_count"].diff() < 0).sum())),
    "mod_count_jumping_rows": (14_892, lambda r: int(_jumps(r).sum())),
    "mod_count_jumping_incidents": (9_254, lambda r: _per_incident(r, _jumps(r))),
    "raw_state_rows": (5, lambda r: int(_raw(r).sum())),
    "raw_state_incidents": (2, lambda r: _per_incident(r, _raw(r))),
    "closed_more_than_once_in_file": (
        57,
        lambda r: int((r.rows[r.rows["incident_state"] == "Closed"]["number"].value_counts() > 1).sum()),
    ),
    "inactive_before_closure": (
        1,
        lambda r: int(((r.rows["active"] == "false") & (r.rows["incident_state"] != "Closed")).sum()),
    ),
    "reopened_incidents": (275, lambda r: int((r.last["reopen_count"] > 0).sum())),
    "reopenings": (331, lambda r: int(r.last["reopen_count"].sum())),
    "priority_changed": (383, _changed("priority")),
    "impact_changed": (315, _changed("impact")),
    "urgency_changed": (299, _changed("urgency")),
    "made_sla_turned_false": (9_114, lambda r: _per_incident(r, _made_sla_lost(r))),
    "made_sla_turned_false_on_closure": (
        9_113,
        lambda r: int((_made_sla_lost(r) & (r.rows["incident_state"] == "Closed")).sum()),
    ),
    "made_sla_false_from_first_row": (1, lambda r: int((r.rows[r.first]["made_sla"] == "false").sum())),
    "made_sla_false_at_priority_1_or_2": (
        671,
        lambda r: int(((r.last["made_sla"] == "false") & r.last["priority"].str.match("[12] ")).sum()),
    ),
    "resolved_at_missing": (1_556, lambda r: int(r.last["resolved_at"].isna().sum())),
    "resolved_at_missing_though_resolved": (
        1_543,
        lambda r: int((r.last["resolved_at"].isna() & _resolutions(r).notna()).sum()),
    ),
    "never_resolved": (13, lambda r: int(_resolutions(r).isna().sum())),
    "resolved_at_after_first_resolution": (
        558,
        lambda r: int((_resolutions(r) < r.last["resolved_at"]).sum()),
    ),
    "resolved_before_opened": (0, lambda r: int((r.last["resolved_at"] < r.last["opened_at"]).sum())),
    "resolved_at_opening": (39, lambda r: int((r.last["resolved_at"] == r.last["opened_at"]).sum())),
    "closed_before_resolved": (0, lambda r: int((_open_to_close(r) < 0).sum())),
    "closed_at_resolution": (57, lambda r: int((_open_to_close(r) == 0).sum())),
    "closed_automatically": (20_056, lambda r: int(_open_to_close(r).between(5.0, 5.1).sum())),
    "closed_later_than_automatically": (3_072, lambda r: int((_open_to_close(r) > 5.1).sum())),
    "closed_earlier_than_automatically": (234, lambda r: int((_open_to_close(r) < 5.0).sum())),
    "reassignments_above_visible": (
        3_531,
        lambda r: int((r.last["reassignment_count"] > _visible_reassignments(r)).sum()),
    ),
    "reassignments_below_visible": (
        0,
        lambda r: int((r.last["reassignment_count"] < _visible_reassignments(r)).sum()),
    ),
    "without_group_at_end": (2_157, lambda r: int(r.last["assignment_group"].isna().sum())),
    "without_assignee_at_end": (725, lambda r: int(r.last["assigned_to"].isna().sum())),
    "assignment_group_known_at_end": (24_918 - 2_157, _known_at_end("assignment_group")),
    "assigned_to_known_at_end": (24_918 - 725, _known_at_end("assigned_to")),
    "cmdb_ci_known_at_end": (54, _known_at_end("cmdb_ci")),
    "caused_by_known_at_end": (3, _known_at_end("caused_by")),
    "rfc_known_at_end": (176, _known_at_end("rfc")),
    "problem_id_known_at_end": (380, _known_at_end("problem_id")),
    "vendor_known_at_end": (15, _known_at_end("vendor")),
    "doubled_spaces": (139_172, _doubled_spaces),
}
# Four events, closures by the tool itself, are stamped 02:59 on 27 March 2016, an hour that Berlin's clocks skipped;
# 25 rows name one of these closures in `closed_at`. No clock of UTC ever skips an hour.
ODD_STAMPS = {
    "UTC": {"stamps_in_gap": 0, "stamps_in_fold": 0},
    "Europe/Berlin": {"stamps_in_gap": 29, "stamps_in_fold": 0},
}


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_equals_pandas(reading: Reading, name: str) -> None:
    """Each oddity occurs as often as a line of pandas finds it, and as the log's description says."""
    described, counted = COUNTS[name]
    assert reading.log.counts[name] == counted(reading)
    # The description compares stamps as they are written; across a change of the clocks Berlin sees other gaps.
    if reading.whole and reading.zone == "UTC":
        assert reading.log.counts[name] == described


def test_no_count_is_untested(reading: Reading) -> None:
    """The log tells exactly the counts of these tables."""
    assert set(reading.log.counts) == {*COUNTS, *ODD_STAMPS["UTC"]}


def test_stamps_that_no_clock_showed(reading: Reading) -> None:
    """Stamps in a skipped or repeated hour of the zone are counted, and the reader is warned of the zone."""
    found = {name: reading.log.counts[name] for name in reading.odd_stamps}
    assert found == reading.odd_stamps
    assert {fault.code for fault in reading.log.faults} >= {name for name, count in found.items() if count}
    if reading.whole:
        assert found == ODD_STAMPS[reading.zone]


def test_the_log_says_what_it_lacks(reading: Reading) -> None:
    """Acknowledgement, replies and notes are not recorded; the one warning is about raw codes."""
    assert reading.log.source.lacks == {"acknowledged", "agent_reply", "requester_message", "notes"}
    assert not reading.log.source.stand_ins
    assert {fault.severity for fault in reading.log.faults} <= {"warning"}
    raw = reading.log.counts["raw_state_rows"]
    assert [str(fault) for fault in reading.log.faults if fault.code == "raw_state_rows"] == (
        [f"{raw} rows carry a state code without a label; the status stays as it was"] if raw else []
    )
    assert f"{len(reading.rows):,} rows" in repr(reading.log)
