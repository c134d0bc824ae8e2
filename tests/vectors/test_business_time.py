"""The runner over the shipped vectors, and what it says when something does not hold."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.vectors import run
from tests.vectors.business_time import check

from itilkit.calendars import Calendar

HERE = Path(__file__).resolve().parent
QUIRKS = {case["id"]: case for case in run.cases_of(HERE / "business_time_quirks.jsonl")}


def test_every_vector_holds(capsys: pytest.CaptureFixture[str]) -> None:
    """All answers of the other suites, the definitions and the reference hold to the microsecond."""
    assert run.main(["business_time", str(HERE / "business_time.jsonl")]) == 0
    assert capsys.readouterr().out == "725 of 725 hold\n"


@pytest.mark.parametrize(
    ("field", "value"), [("expected_us", 1), ("calendar", {"tz": "Nowhere"}), ("op", "no_such_question")]
)
def test_a_planted_fault_fails_the_run(
    field: str, value: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong answer, a broken calendar or an unknown question is told by id, and the exit status is 1."""
    good = next(run.cases_of(HERE / "business_time.jsonl"))
    wrong = {**good, "id": "planted", field: value}
    (tmp_path / "cases.jsonl").write_text("\n".join(json.dumps(case) for case in (good, wrong)) + "\n")
    assert run.main(["business_time", str(tmp_path / "cases.jsonl")]) == 1
    told = capsys.readouterr().out
    assert told.startswith("planted: ")
    assert told.endswith("1 of 2 hold\n")


def test_an_empty_run_does_not_pass(tmp_path: Path) -> None:
    """No case at all is no evidence: the exit status is 1."""
    (tmp_path / "none.jsonl").write_text("")
    assert run.main(["business_time", str(tmp_path / "none.jsonl")]) == 1


def test_a_wrong_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown kind or a missing file name prints the usage."""
    assert run.main(["weather", "x"]) == run.main(["sla"]) == 2
    assert "usage" in capsys.readouterr().err


def test_quirk_a_missing_opening_snaps_to_the_change() -> None:
    """biz-after-15: a 02:30-03:15 shift over a gap is open for 15 minutes; zendesk/biz says none."""
    case = QUIRKS["biz-after-15"]
    assert check(case) is None
    assert check({**case, "expected": case["peer_expected"]}) is not None


def test_quirk_days_are_no_amount_of_open_time() -> None:
    """biz-for-days: a timedelta of a day is 24 open hours, three working days of eight hours here."""
    office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
    assert office.add(
        datetime.fromisoformat("2026-03-02T09:00Z"), timedelta(days=1)
    ) == datetime.fromisoformat("2026-03-04T17:00Z")


def test_quirk_back_and_forth_comes_home_inside_open_time() -> None:
    """btd-negation: adding and taking away an amount gives the start again when it lies inside open time."""
    office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
    start, amount = datetime.fromisoformat("2026-03-02T10:00Z"), timedelta(hours=31)
    assert office.add(office.add(start, amount), -amount) == start
