"""How the log keeps to ServiceNow's lifecycle: every departure is found, none is invented."""

from __future__ import annotations

from collections import Counter

import pytest

from itilkit.lifecycle import Conformance, conformance

from .conftest import Reading

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("log")]

# The table of the log's description, first states left out.
STEPS = {
    "New": "Active 7,936; Resolved 6,347; Awaiting User Info 1,944; Awaiting Vendor 81; Awaiting Problem 75; "
    "Closed 11; Awaiting Evidence 2; -100 1",
    "Active": "Resolved 12,048; Awaiting User Info 3,629; Awaiting Vendor 160; Awaiting Problem 146; "
    "Awaiting Evidence 3; Closed 1; -100 1",
    "Awaiting User Info": "Resolved 4,657; Active 1,140; Awaiting Problem 25; Awaiting Vendor 21; "
    "Awaiting Evidence 8; Closed 1",
    "Awaiting Vendor": "Resolved 191; Active 42; Awaiting User Info 26; Awaiting Evidence 9; Awaiting Problem 1",
    "Awaiting Problem": "Resolved 155; Awaiting User Info 57; Active 36; Awaiting Vendor 3; Awaiting Evidence 2",
    "Awaiting Evidence": "Resolved 17; Awaiting Vendor 4; Active 2; Awaiting User Info 1",
    "Resolved": "Closed 24,917; Active 317; Awaiting User Info 2",
    "Closed": "Active 12",
    "-100": "Resolved 2",
}
ILLEGAL = {
    ("New", "Closed"): 11,
    ("Active", "Closed"): 1,
    ("Awaiting User Info", "Closed"): 1,
    ("Closed", "Active"): 12,
    ("Resolved", "Awaiting User Info"): 2,
}
UNKNOWN = {("New", "-100"): 1, ("Active", "-100"): 1, ("-100", "Resolved"): 2}
MID_LIFE = {"Active": 6_503, "Resolved": 1_819, "Awaiting User Info": 193, "Awaiting Problem": 6}

# Which step is illegal is a rule of ours; it is written out here a second time, in another form.
WORK = {"Active", "Awaiting User Info", "Awaiting Evidence", "Awaiting Problem", "Awaiting Vendor"}


def _allowed(source: str, target: str) -> bool:
    if source == "Resolved":
        return target in ("Active", "Closed")
    return source in {"New", *WORK} and target in {*WORK, "Resolved"}


def _described() -> dict[tuple[str, str], int]:
    found = {}
    for source, text in STEPS.items():
        for each in text.split("; "):
            target, _, count = each.rpartition(" ")
            found[source, target] = int(count.replace(",", ""))
    return found


def _steps(reading: Reading) -> dict[tuple[str, str], int]:
    """The changes of state, by a shift of the column."""
    before, now = reading.before["incident_state"], reading.rows["incident_state"]
    moved = before.notna() & (before != now)
    moves = zip(before[moved], now[moved], strict=True)
    return dict(Counter((str(source), str(target)) for source, target in moves))


@pytest.fixture(scope="session")
def found(reading: Reading) -> Conformance:
    """The conformance of this reading."""
    return conformance(reading.timelines)


def test_every_step_is_counted(reading: Reading, found: Conformance) -> None:
    """The whole table of transitions is pandas' and, over the whole log, that of its description."""
    assert found.steps == _steps(reading)
    assert found.incidents == len(reading.last)
    if reading.whole:
        assert found.steps == _described()
        assert sum(found.steps.values()) == 116_794 - 52_761


def test_illegal_steps_are_found_by_kind(reading: Reading, found: Conformance) -> None:
    """27 steps break the lifecycle, each of the five kinds as often as described; -100 is not judged."""
    steps = _steps(reading)
    unknown = {move: count for move, count in steps.items() if "-100" in move}
    assert found.unknown == unknown
    assert found.illegal == {
        move: count for move, count in steps.items() if move not in unknown and not _allowed(*move)
    }
    if reading.whole:
        assert found.illegal == ILLEGAL
        assert sum(found.illegal.values()) == 27
        assert found.unknown == UNKNOWN
        assert sum(found.unknown.values()) == 4


def test_mid_life_starts_are_told_by_state(reading: Reading, found: Conformance) -> None:
    """A record that is not New on its first row entered the log in mid-life; it is reported, not illegal."""
    states = reading.rows[reading.first]["incident_state"]
    assert found.mid_life == states[states != "New"].value_counts().to_dict()
    if reading.whole:
        assert found.mid_life == MID_LIFE
        assert sum(found.mid_life.values()) == 8_521


def test_backward_stamps_are_told_apart(reading: Reading, found: Conformance) -> None:
    """Five records were touched before they were opened; one row is stamped before the row it follows."""
    rows = reading.rows
    early = rows[reading.first & (rows["sys_updated_at"] < rows["opened_at"])]["number"]
    backward = rows[rows["sys_updated_at"] < reading.before["sys_updated_at"]]["number"]
    assert set(found.affected.get("before_opened", ())) == set(early)
    assert set(found.affected.get("out_of_order", ())) == set(backward)
    if reading.whole:
        assert len(found.affected["before_opened"]) == 5
        assert found.affected["out_of_order"] == ("INC0000137",)
        assert set(found.affected["unknown_state"]) == {"INC0028089", "INC0030413"}


def test_a_backward_stamp_names_its_place(reading: Reading) -> None:
    """The defect of INC0000137 names the event, its stamp and the one it follows, in words."""
    case = reading.cases.get("INC0000137")
    if case is None:
        pytest.skip("this incident is among the deleted ones")
    (defect,) = [defect for defect in case.defects if defect.code == "out_of_order"]
    rows = reading.rows[reading.rows["number"] == "INC0000137"]["sys_updated_at"].tolist()
    at = next(i for i in range(1, len(rows)) if rows[i] < rows[i - 1])
    assert defect.at == rows[at]
    assert str(defect).endswith(f"is stamped before the event it follows ({rows[at - 1]:%Y-%m-%dT%H:%MZ})")
    assert list(case.beats) == sorted(case.beats)


def test_reopenings_by_history_equal_the_counter(reading: Reading) -> None:
    """Leaving Resolved or Closed for an open state is counted as the tool's own counter counts it."""
    assert {number: case.reopen_count for number, case in reading.cases.items()} == dict(
        reading.last["reopen_count"]
    )
