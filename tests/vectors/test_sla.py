"""The runner over the shipped SLA scenarios, and that it tells a fault when there is one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.vectors import run

from itilkit.calendars import Calendar
from itilkit.sla import Pauses, Reading

HERE = Path(__file__).resolve().parent
SCENARIOS = HERE / "sla_scenarios.jsonl"


def test_every_scenario_holds(capsys: pytest.CaptureFixture[str]) -> None:
    """All figures of the other suites, the documented examples, the rules and the random mixtures hold."""
    assert run.main(["sla", str(SCENARIOS)]) == 0
    assert capsys.readouterr().out == "251 of 251 hold\n"


OPEN_AT = Calendar.open_at
EARLIEST = Calendar.earliest


def _at_next_opening(calendar: Calendar, spent: int) -> int | None:
    found = EARLIEST(calendar, spent)
    return None if found is None else calendar.next_open_us(found)


FAULTS: dict[str, tuple[type, str, object, str]] = {
    "no pause is ever seen": (Pauses, "hold", lambda *_: False, "rule13"),
    "every reason pauses": (Pauses, "hold", lambda self, status, _: status in self.statuses, "rule13"),
    "a due at closing time moves to the next opening": (Calendar, "earliest", _at_next_opening, "frappe"),
    "open time is off by a second an hour": (
        Calendar,
        "open_at",
        lambda self, instant: OPEN_AT(self, instant) // 3_600_000_000 * 3_599_000_000,
        "znuny",
    ),
    "a stop at due is late": (
        Reading,
        "breached",
        property(lambda self: self.outcome == "breached" or self.remaining == timedelta(0)),
        "edge",
    ),
    "working dates never close": (Calendar, "closings", lambda *_: (), "rule16"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_in_the_library_fails_the_run(
    fault: tuple[type, str, object, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A fault planted in the library is told by the ids of the scenarios that it breaks."""
    owner, name, wrong, told = fault
    monkeypatch.setattr(owner, name, wrong)
    assert run.main(["sla", str(SCENARIOS)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert any(line.startswith(told) for line in printed[:-1])
    hold = int(printed[-1].split()[0])
    assert len(printed) - 1 == 251 - hold > 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(
            lambda case: case["expected"]["resolution"].update(elapsed_s=1), "elapsed_s", id="figure"
        ),
        pytest.param(lambda case: case["events"][0].update(type="vanished"), "KeyError", id="unknown event"),
        pytest.param(
            lambda case: case.update(calendar={"tz": "Nowhere", "weekly": {}}), "CalendarError", id="calendar"
        ),
    ],
)
def test_a_wrong_scenario_fails_the_run(
    change: Callable[[dict[str, Any]], None], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong figure, an unknown event or a broken calendar is told by id, and the exit status is 1."""
    good = next(case for case in run.cases_of(SCENARIOS) if "resolution" in case["expected"])
    wrong = {**json.loads(json.dumps(good)), "id": "planted"}
    change(wrong)
    (tmp_path / "cases.jsonl").write_text("\n".join(json.dumps(case) for case in (good, wrong)) + "\n")
    assert run.main(["sla", str(tmp_path / "cases.jsonl")]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("planted: ")
    assert told in printed
    assert printed.endswith("1 of 2 hold\n")
