"""The commands on policies and lifecycles as a user meets them: what they print, and their exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.small import AS_OF, POLICY

from itilkit.cli import main
from itilkit.cli.histories import MAIN, WORDS, told
from itilkit.errors import Fault, FaultError
from itilkit.events import Event
from itilkit.lifecycle import SHIPPED, SIMPLE, Lifecycle
from itilkit.policy import Policy

from . import test_cli
from .test_cli import Desk, fails

desk = test_cli.desk
EXAMPLES = Path(__file__).parents[1] / "examples" / "policies"

LONDON = POLICY.replace('zone = "UTC"', 'zone = "Europe/London"').replace(
    'name = "Small <desk>"', 'name = "Small <desk>"\nzone = "Europe/London"'
)
# Four hours of 09:00-17:00 from Friday 16:00 in London, an hour ahead of UTC: one on Friday, three on Monday.
FRIDAY = "2026-07-03T15:00Z"

SHADOWED = """\
itilkit = 1
name = "Shadowed"
zone = "UTC"

[priority]
matrix = "ITIL 3x3"

[lifecycle]
like = "Simple"

[[agreements]]
name = "First"
calendar = "round_the_clock"
targets = [{ priority = ["P1", "P2", "P3", "P4", "P5"], resolution = "4h" }]

[[agreements]]
name = "Second"
calendar = "round_the_clock"
targets = [{ priority = ["P1", "P2", "P3", "P4", "P5"], resolution = "8h" }]
"""

HOUSE = """\
name = "House"
roles = ["agent", "auditor"]

[[states]]
name = "new"
status = "new"

[[states]]
name = "done"
status = "resolved"

[[transitions]]
trigger = "resolve"
sources = "new"
target = "done"
requires = ["code"]
roles = ["agent"]
"""


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code and what was printed; nothing stands on stderr."""
    code = main(words)
    out, err = capsys.readouterr()
    assert err == ""
    return code, out


def data(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    """The exit code and the JSON that was printed, in ASCII."""
    code, out = run([*words, "--json"], capsys)
    assert out.isascii()
    return code, json.loads(out)


def due(
    desk: Desk, *more: str, priority: str = "P1", opened: str = FRIDAY, command: str = "due"
) -> list[str]:
    """The words of a `due` under the desk's policy."""
    return [command, "--policy", str(desk.policy), "--priority", priority, "--opened", opened, *more]


@pytest.fixture
def london(desk: Desk) -> Desk:
    """A desk whose policy lives in London."""
    desk.policy.write_text(LONDON, encoding="utf-8")
    return desk


def written(desk: Desk, text: str, name: str = "other.toml") -> str:
    """The path of a file with that text."""
    path = desk.home / name
    path.write_text(text, encoding="utf-8")
    return str(path)


# lint


def test_lint_is_content_with_a_good_policy(capsys: pytest.CaptureFixture[str]) -> None:
    """A policy without findings ends with 0 and says so."""
    assert run(["lint", str(EXAMPLES / "service_desk.toml")], capsys) == (0, "no findings in 1 file\n")


def test_lint_tells_what_cannot_be_meant(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Each finding has its file and line, its severity and code; what is wrong and how to mend it stand below."""
    code, out = run(["lint", written(desk, SHADOWED)], capsys)
    assert code == 1
    path = desk.home / "other.toml"
    assert f"{path}:11: error P004 at agreements[0]\n    " in out
    assert f"{path}:16: error P003 at agreements[1]\n    " in out
    assert out.endswith("\n2 errors, 0 warnings in 1 file\n")


def test_lint_tells_every_fault_of_a_policy(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A policy that cannot be built is a policy with findings: all of its faults are told, each with its line."""
    broken = SHADOWED.replace('"4h"', '"4 hrs"').replace('"8h"', '"8 hrs"')
    code, told = data(["lint", written(desk, broken)], capsys)
    assert code == 1
    [file] = told["files"]
    assert file["name"] == ""
    assert [(each["line"], each["severity"], each["path"]) for each in file["findings"]] == [
        (14, "error", "agreements[0].targets[0].resolution"),
        (19, "error", "agreements[1].targets[0].resolution"),
    ]
    assert (told["errors"], told["warnings"]) == (2, 0)


def test_lint_looks_at_every_file(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Several files are told in their order, the clean ones too, with stable keys."""
    clean = str(EXAMPLES / "service_desk.toml")
    code, told = data(["lint", clean, written(desk, SHADOWED), clean], capsys)
    assert code == 1
    assert [(each["name"], len(each["findings"])) for each in told["files"]] == [
        ("Service desk", 0), ("Shadowed", 2), ("Service desk", 0),
    ]  # fmt: skip
    finding = told["files"][1]["findings"][1]
    assert set(finding) == {"code", "severity", "line", "path", "message", "hint"}
    assert (finding["code"], finding["line"]) == ("P003", 16)


def test_lint_prints_nothing_where_one_file_is_no_policy(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that cannot be read ends it all with 2: half an answer could pass for a whole one."""
    assert "none.toml" in fails(["lint", written(desk, SHADOWED), str(desk.home / "none.toml")], capsys)


def test_lint_passes_over_what_the_house_means(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A finding is passed over by its code; a fault of the file is not."""
    words = ["lint", written(desk, SHADOWED), "--ignore", "P003"]
    code, told = data(words, capsys)
    assert (code, [each["code"] for each in told["files"][0]["findings"]]) == (1, ["P004"])
    assert run([*words, "--ignore", "P004"], capsys) == (0, "no findings in 1 file\n")
    broken = written(desk, SHADOWED.replace('"4h"', '"4 hrs"'))
    assert run(["lint", broken, "--ignore", "bad_value"], capsys)[0] == 1


def test_lint_asks_whether_it_holds_in_a_year(capsys: pytest.CaptureFixture[str]) -> None:
    """Public holidays are known for so many years and no further."""
    words = ["lint", str(EXAMPLES / "bank.toml"), "--year"]
    assert run([*words, "2027"], capsys)[0] == 0
    code, told = data([*words, "2150"], capsys)
    assert (code, {each["code"] for each in told["files"][0]["findings"]}) == (1, {"P011"})


# diff


def test_diff_of_a_policy_with_itself(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The same policy ends with 0, also when it is written otherwise."""
    other = written(desk, f"# the same\n{POLICY}".replace('"4h"', '"240m"'))
    assert run(["diff", str(desk.policy), other], capsys) == (0, "no change\n")
    assert data(["diff", str(desk.policy), other], capsys) == (
        0,
        {"old": "Small <desk>", "new": "Small <desk>", "changes": [], "stricter": 0, "looser": 0, "other": 0},
    )


def test_diff_tells_each_change(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """What changes, from what to what, which way, and how many of each; the code is 1."""
    other = written(desk, POLICY.replace('resolution = "4h"', 'resolution = "3h"').replace('"8h"', '"12h"'))
    words = ["diff", str(desk.policy), other]
    code, out = run(words, capsys)
    assert code == 1
    first, second, sums = out.splitlines()
    assert first.startswith("SLA Gold: P1 resolution: 4h -> 3h; ")
    assert first.endswith("stricter")
    assert second.startswith("SLA Gold: P3 resolution: 8h -> 12h; ")
    assert second.endswith("looser")
    assert sums == "2 changes: 1 stricter, 1 looser"
    code, told = data(words, capsys)
    assert code == 1
    assert [(each["old"], each["new"], each["severity"]) for each in told["changes"]] == [
        ("4h", "3h", "stricter"), ("8h", "12h", "looser"),
    ]  # fmt: skip
    assert (told["stricter"], told["looser"], told["other"]) == (1, 1, 0)
    code, out = run([*words, "--markdown"], capsys)
    assert code == 1
    assert "| SLA Gold: P1 resolution | 4h | 3h | " in out


# backtest


def trial(desk: Desk, *more: str, log: Path | None = None, zone: str = "UTC") -> list[str]:
    """The words of a back-test of a stricter policy against that of the desk."""
    new = written(
        desk, POLICY.replace('resolution = "4h"', 'resolution = "90m"').replace("Small", "New"), "new.toml"
    )
    words = ["backtest", str(log or desk.log), "--policy", new, "--against", str(desk.policy), "--zone", zone]
    return [*words, *(() if "--as-of" in more else ("--as-of", AS_OF.isoformat())), *more]


def test_backtest_of_a_policy_with_itself(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing flips: the code is 0."""
    same = str(desk.policy)
    words = ["backtest", str(desk.log), "--policy", same, "--against", same, "--zone", "UTC"]
    code, out = run([*words, "--as-of", AS_OF.isoformat()], capsys)
    assert (code, out.count("No promise flips.")) == (0, 2)


def test_backtest_tells_what_flips(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """INC1 took two hours, an hour before it was reopened and one after: more than 90 minutes."""
    code, out = run(trial(desk), capsys)
    assert code == 1
    assert out.startswith("New <desk> against Small <desk>: 5 incidents as of 2026-04-15 12:00 UTC.\n")
    assert "\n  1 newly breached, 0 newly met: p = 1 (exact McNemar test, n = 1).\n" in out
    assert "\n  Newly breached: INC1.\n" in out
    code, told = data(trial(desk), capsys)
    assert code == 1
    assert set(told) == {"old", "new", "as_of", "incidents", "targets", "cells", "flips", "objectives"}
    resolution = next(each for each in told["targets"] if each["target"] == "resolution")
    assert (resolution["newly_breached"], resolution["newly_met"], resolution["p"]) == (1, 0, 1)
    assert sum(resolution["old"].values()) == sum(resolution["new"].values()) == told["incidents"]
    [flip] = told["flips"]
    assert (flip["number"], flip["old_outcome"], flip["new_outcome"]) == ("INC1", "met", "breached")
    # 09:00 to 10:00 is an hour, the other half from 11:00.
    assert (flip["new_due_at"], flip["new_stopped_at"]) == ("2026-03-02T11:30:00Z", "2026-03-02T12:00:00Z")
    code, out = run([*trial(desk), "--markdown"], capsys)
    assert (code, "| resolution | P1, SLA Gold | 1 | 0 |" in out) == (1, True)


OBJECTIVE = POLICY.replace('name = "Gold"', 'name = "Gold"\nobjective = { share = "50%", per = "month" }')


@pytest.mark.parametrize("cohort", ["opened", "resolved"])
def test_backtest_judges_objectives(desk: Desk, capsys: pytest.CaptureFixture[str], cohort: str) -> None:
    """Objectives are told by period; which event places an incident there is asked for."""
    desk.policy.write_text(OBJECTIVE, encoding="utf-8")
    _, told = data(trial(desk, "--cohort", cohort), capsys)
    march = [
        each for each in told["objectives"] if each["period"] == "2026-03" and each["target"] == "resolution"
    ]
    assert [(each["policy"], each["met"], each["breached"], each["kept"]) for each in march] == [
        ("old", 1, 1, True)
    ]
    pending = sum(each["pending"] for each in told["objectives"] if each["target"] == "resolution")
    assert pending == (1 if cohort == "opened" else 0), "INC3 is open: it is in no period of those resolved"


def test_backtest_is_seen_from_now_by_default(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Without an instant, or with the word, the clock is read."""
    before = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251  the clock is what is tested
    for words in (trial(desk, "--as-of", "now"), trial(desk)[:-2]):
        _, told = data(words, capsys)
        assert before <= datetime.fromisoformat(told["as_of"]) <= before + timedelta(minutes=5)


# coverage


def covered(desk: Desk, *more: str, log: Path | None = None) -> list[str]:
    """The words of a coverage of the desk's policy."""
    return ["coverage", str(log or desk.log), "--policy", str(desk.policy), "--zone", "UTC", *more]


def test_coverage_tells_what_was_never_tried(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """INC1 to INC3 are P1 and INC4 is P3; no response was ever measured, for the log does not record it."""
    words = covered(desk, "--as-of", AS_OF.isoformat())
    code, out = run(words, capsys)
    assert code == 1
    assert out.startswith("Small <desk>: 5 incidents as of 2026-04-15 12:00 UTC.\n")
    assert "\ntargets: 2 of 3 exercised; never:\n  SLA Gold: P1 response\n" in out
    code, told = data(words, capsys)
    assert code == 1
    assert set(told) == {"policy", "as_of", "incidents", "never", "lines"}
    assert {line["words"]: line["count"] for line in told["lines"] if line["what"] == "target"} == {
        "SLA Gold: P1 response": 0, "SLA Gold: P1 resolution": 3, "SLA Gold: P3 resolution": 1,
    }  # fmt: skip
    assert told["never"] == sum(not line["count"] for line in told["lines"])


# due and explain


def test_due_tells_each_target_here_and_in_utc(london: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Four hours from Friday at four: Monday at noon in London, which is eleven in UTC."""
    code, out = run(due(london), capsys)
    assert code == 0
    assert (
        out
        == """\
Small <desk>: P1 Critical, New
opened Fri 2026-07-03 16:00, as of Fri 2026-07-03 16:00 Europe/London

response (Gold): pending, running.
    due Fri 2026-07-03 16:15 Europe/London = 2026-07-03T15:15:00Z
    P1 allows 15m of open time; due Fri 2026-07-03 16:15. All times are
        Europe/London.

resolution (Gold): pending, running.
    due Mon 2026-07-06 12:00 Europe/London = 2026-07-06T11:00:00Z
    P1 allows 4h 00m of open time; due Mon 2026-07-06 12:00. All times are
        Europe/London.
"""
    )


def test_due_is_told_in_the_zone_of_the_policy(london: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A calendar of its own zone says why on its own clocks; when it is due is told on those of the house."""
    elsewhere = LONDON.replace(
        '[calendars.office]\nzone = "Europe/London"', '[calendars.office]\nzone = "Asia/Tokyo"'
    )
    london.policy.write_text(
        elsewhere.replace("targets = [", 'warn = ["50%"]\ntargets = ['), encoding="utf-8"
    )
    # Saturday midnight in Tokyo: four hours from Monday 09:00 there, which is 01:00 in London, an hour ahead of UTC.
    code, out = run(due(london), capsys)
    assert code == 0
    resolution = out.partition("resolution (Gold)")[2]
    assert "due Mon 2026-07-06 05:00 Europe/London = 2026-07-06T04:00:00Z\n" in resolution
    assert "due Mon 2026-07-06 13:00. All times are" in resolution
    assert "    warnings: 50% at Mon 2026-07-06 03:00 Europe/London\n" in resolution
    _, found = data(due(london), capsys)
    assert found["zone"] == "Europe/London"
    assert found["targets"][1]["due_local"] == "2026-07-06T05:00:00+01:00"
    assert found["targets"][1]["calendar_zone"] == "Asia/Tokyo"


@pytest.mark.parametrize("priority", ["P1", "p1", "1", "Critical", "critical"])
def test_a_priority_is_named_by_number_or_label(
    london: Desk, capsys: pytest.CaptureFixture[str], priority: str
) -> None:
    """P1, 1 and the matrix's own word are one priority."""
    code, found = data(due(london, priority=priority), capsys)
    assert code == 0
    assert found["priority"] == 1
    assert [(each["target"], each["due_at"], each["due_local"]) for each in found["targets"]] == [
        ("response", "2026-07-03T15:15:00Z", "2026-07-03T16:15:00+01:00"),
        ("resolution", "2026-07-06T11:00:00Z", "2026-07-06T12:00:00+01:00"),
    ]


def test_a_priority_is_derived_where_none_is_given(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --priority the policy's matrix and rules say how pressing it is: the second row and column are P3."""
    desk.policy.write_text(LONDON, encoding="utf-8")
    words = [
        "due",
        "--policy",
        str(desk.policy),
        "--opened",
        FRIDAY,
        "--field",
        "impact=2",
        "--field",
        "urgency=Medium",
    ]
    code, found = data(words, capsys)
    assert (code, found["priority"]) == (0, 3)
    # Eight hours from Friday at four: one on Friday, seven on Monday.
    assert [each["due_local"] for each in found["targets"] if each["due_at"]] == ["2026-07-06T16:00:00+01:00"]


WAITED = ["--event", "2026-07-03T15:30Z held awaiting_user", "--event", "2026-07-06T09:00Z resumed"]


def test_what_if_the_user_lets_us_wait(london: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Half an hour counts on Friday, the hold does not, and 3 h 30 min from Monday at ten end at half past one."""
    code, found = data(due(london, *WAITED), capsys)
    resolution = found["targets"][1]
    assert resolution["due_local"] == "2026-07-06T13:30:00+01:00"
    assert resolution["elapsed_seconds"] == 1800
    assert resolution["state"] == "running"
    assert found["as_of"] == "2026-07-06T09:00:00Z", "the latest instant given"
    assert code == 1, "nobody answered within 15 minutes"
    assert [each["outcome"] for each in found["targets"]] == ["breached", "pending"]


def test_events_are_told_in_any_order(london: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The instants count, not the order of the options."""
    forward = run(due(london, *WAITED), capsys)
    assert run(due(london, *WAITED[2:], *WAITED[:2]), capsys) == forward


def test_a_paused_clock_says_what_nobody_knows(london: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """While the incident waits, no due time is made up; what it would be is told as such."""
    code, out = run(due(london, *WAITED[:2]), capsys)
    assert (code, "no due time while paused" in out) == (1, True)
    _, found = data(due(london, *WAITED[:2]), capsys)
    resolution = found["targets"][1]
    assert (resolution["due_at"], resolution["state"]) == (None, "paused")
    assert resolution["projected_due_at"] == "2026-07-06T11:00:00Z"


@pytest.mark.parametrize(
    ("as_of", "code"), [("2026-07-03T15:15Z", 0), ("2026-07-03T15:15:01Z", 1), ("2026-07-03T16:15+01:00", 0)]
)
def test_the_code_tells_a_broken_target(
    london: Desk, capsys: pytest.CaptureFixture[str], as_of: str, code: int
) -> None:
    """A target is kept to the very instant at which it is due."""
    assert run(due(london, "--as-of", as_of), capsys)[0] == code


def test_as_of_now_asks_the_clock(london: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Only `--as-of now` reads the clock."""
    before = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251  the clock is what is tested
    _, found = data(due(london, "--as-of", "now", opened="2026-03-02T09:00Z"), capsys)
    assert before <= datetime.fromisoformat(found["as_of"]) <= before + timedelta(minutes=5)


def test_explain_tells_every_span(london: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The ledger of the whole history, its counted spans summing to what is spent."""
    words = due(london, *WAITED, command="explain")
    code, out = run(words, capsys)
    assert code == 1
    resolution = out.partition("resolution (Gold)")[2]
    assert "    Fri 2026-07-03 16:00  Fri 2026-07-03 16:30      30m    30m  New\n" in resolution
    assert "        On Hold, awaiting user (30m not counted)\n" in resolution
    assert resolution.endswith("counted, 3h 30m left, 1h 30m paused.\n")
    _, found = data(words, capsys)
    ledger = found["targets"][1]["ledger"]
    counted = [row["open_seconds"] for row in ledger if row["kind"] == "counted"]
    assert sum(counted) == found["targets"][1]["elapsed_seconds"] == 1800
    assert ledger[0]["start"] == "2026-07-03T15:00:00Z"


def test_explain_differs_from_due_by_the_ledger_alone(
    london: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same question, the same answer, told at greater length."""
    _, short = data(due(london, *WAITED), capsys)
    _, long = data(due(london, *WAITED, command="explain"), capsys)
    for target in long["targets"]:
        assert target.pop("ledger")
    assert long == short


CONDITIONS = SHADOWED.replace('name = "First"', 'name = "First"\nwhen = { customer = "ACME" }').replace(
    'zone = "UTC"\n', 'zone = "UTC"\nfields = { floor = "number", wing = "text", since = "instant" }\n'
)


@pytest.mark.parametrize(
    ("when", "field", "agreement"),
    [
        ('customer = "ACME"', "customer=ACME", "First"),
        ('customer = "ACME"', "customer=Other", "Second"),
        ('service = "Mail"', "service=Mail", "First"),
        ("impact = 1", "impact=1", "First"),
        ("impact = 1", "impact=high", "First"),
        ("reporter.vip = true", "reporter.vip=true", "First"),
        ("reporter.vip = true", "reporter=ann", "Second"),
        ('channel = "phone"', "channel=phone", "First"),
        ("floor = 3", "floor=3", "First"),
        ("floor.below = 0", "floor=-1.5", "First"),
        ('since.below = "2026-01-01T00:00:00Z"', "since=2025-12-31T23:59Z", "First"),
        ('wing = "3"', "wing=3", "First"),
    ],
)
def test_conditions_are_judged_by_the_fields(
    desk: Desk, capsys: pytest.CaptureFixture[str], when: str, field: str, agreement: str
) -> None:
    """Which agreement holds depends on what is known of the incident; values are read by the field's type."""
    desk.policy.write_text(CONDITIONS.replace('customer = "ACME"', when), encoding="utf-8")
    code, found = data(due(desk, "--field", field), capsys)
    assert (code, [each["agreement"] for each in found["targets"]]) == (0, [agreement])


def test_a_field_of_the_house_may_change(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """An event can tell the house's own fields, too: from then on another agreement holds."""
    desk.policy.write_text(CONDITIONS.replace('customer = "ACME"', "floor = 3"), encoding="utf-8")
    for event, agreement in (("floor=3 category=Mail", "First"), ("floor=4", "Second")):
        _, found = data(due(desk, "--event", f"2026-07-03T15:10Z classified {event}"), capsys)
        assert [each["agreement"] for each in found["targets"]] == [agreement]


def test_a_policy_without_targets_says_why(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """No agreement holds: the reason stands where the targets would."""
    desk.policy.write_text(CONDITIONS.partition('[[agreements]]\nname = "Second"')[0], encoding="utf-8")
    code, out = run(due(desk), capsys)
    assert code == 0
    assert "There is no target: no agreement's condition holds: First asks that" in out
    _, found = data(due(desk), capsys)
    assert found["targets"] == []
    assert found["why_none"].startswith("no agreement's condition holds")


LADDER = SHADOWED.replace(
    'name = "First"',
    'name = "First"\nescalate = [{ at = "50% of resolution", to = ["incident_manager"], kind = "hierarchical" }]',
)


def test_due_tells_who_must_know_by_now(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Half of four hours is over after two: the ladder's rung is owed."""
    desk.policy.write_text(LADDER, encoding="utf-8")
    words = due(desk, "--as-of", "2026-07-03T17:00Z")
    code, out = run(words, capsys)
    assert (code, "Owed by now:\n    hierarchical to incident_manager: " in out) == (0, True)
    _, found = data(words, capsys)
    assert [(each["at"], each["notify"]) for each in found["owed"]] == [
        ("2026-07-03T17:00:00Z", ["incident_manager"])
    ]


def test_every_event_has_a_word() -> None:
    """The words are those of the library's events, but for the opening; values without a name have a field."""
    assert len(WORDS) == len(get_args(Event)) - 1
    assert WORDS["requester_wrote"].__name__ == "RequesterWrote"
    assert set(MAIN) <= set(WORDS)


EVENTS = [
    ("replied", "Replied"),
    ("replied public=false text='not yet'", "Replied"),
    ("priority_set P3", "PrioritySet"),
    ("assigned 'Mail team' assignee=ann by=bob", "Assigned"),
    ("excluded start=2026-07-03T16:00Z end=2026-07-03T17:00Z reason=maintenance", "Excluded"),
    ("surveyed score=4 scale=1-5", "Surveyed"),
    ("escalated hierarchical level=2", "Escalated"),
    ("classified impact=High category=Mail", "Classified"),
    ("linked kind=parent to=INC1", "Linked"),
    ("major_declared 'no e-mail'", "MajorDeclared"),
    ("role_taken role=incident_manager person=ann", "RoleTaken"),
    ("war_room_opened 'Bridge 4'", "WarRoomOpened"),
    ("disaster_recovery_invoked 'Second site'", "DisasterRecoveryInvoked"),
    ("noted inferred=true", "Noted"),
]


@pytest.mark.parametrize(("text", "kind"), EVENTS, ids=[text for text, _ in EVENTS])
def test_an_event_is_written_in_a_line(text: str, kind: str) -> None:
    """When, what, and its fields by name, each in its own type."""
    history = told(
        Policy.from_toml(LONDON), opened=FRIDAY, priority="P1", events=[f"2026-07-03T15:10Z {text}"]
    )
    event = history.incident.events[-1]
    assert type(event).__name__ == kind
    assert event.at == datetime(2026, 7, 3, 15, 10, tzinfo=UTC)


@given(
    word=st.sampled_from([*WORDS, "logged", ""]),
    values=st.lists(
        st.one_of(
            st.text(max_size=8),
            st.tuples(
                st.sampled_from(
                    sorted({f for kind in WORDS.values() for f in kind.__annotations__} | {"by", "x"})
                ),
                st.sampled_from(["", "1", "-1", "1.5", "true", "P1", "a", "1-5", "2026-07-03T15:10Z", "a'"]),
            ).map("=".join),
        ),
        max_size=3,
    ),
)
def test_no_event_ends_in_a_traceback(word: str, values: list[str]) -> None:
    """Whatever is written, it is an event or a fault that says what is wrong."""
    text = " ".join(["2026-07-03T15:10Z", word, *values])
    faults: tuple[Fault, ...] = ()
    try:
        history = told(Policy.from_toml(LONDON), opened=FRIDAY, priority="P1", events=[text])
    except FaultError as error:
        faults = error.faults
    else:
        assert type(history.incident.events[-1]) is WORDS[word]
    assert [fault for fault in faults if fault.path != f'--event "{text}"'] == []


# lifecycle


def test_lifecycle_show_lists_states_and_steps(capsys: pytest.CaptureFixture[str]) -> None:
    """A shipped lifecycle by its name, in whatever case."""
    code, out = run(["lifecycle", "show", "simple"], capsys)
    assert code == 0
    assert (
        out
        == """\
Simple: 4 states, 5 steps; begins in new

new (new)
    start → in_progress
    resolve → resolved

in_progress (in_progress)
    resolve → resolved

resolved (resolved)
    reopen → in_progress
    close → closed

closed (closed)
    final
"""
    )


def test_lifecycle_show_draws(capsys: pytest.CaptureFixture[str]) -> None:
    """The diagrams are those of the library, byte by byte."""
    assert run(["lifecycle", "show", "Simple", "--format", "mermaid"], capsys) == (0, SIMPLE.to_mermaid())
    assert run(["lifecycle", "show", "Simple", "--format", "dot"], capsys) == (0, SIMPLE.to_dot())


@pytest.mark.parametrize("name", SHIPPED)
def test_lifecycle_show_as_data(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What it prints as JSON is the lifecycle again."""
    code, told = data(["lifecycle", "show", name], capsys)
    assert (code, Lifecycle.from_data(told)) == (0, SHIPPED[name])


def test_lifecycle_show_reads_files(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A file has a lifecycle's own tables, or is a policy and has one."""
    code, out = run(["lifecycle", "show", written(desk, HOUSE)], capsys)
    assert (code, out.splitlines()[0]) == (0, "House: 2 states, 1 step; begins in new")
    assert "    resolve → done (needs code; by agent)\n" in out
    code, out = run(["lifecycle", "show", str(desk.policy)], capsys)
    assert (code, out.partition(":")[0]) == (0, "ServiceNow")


def test_lifecycle_check_finds_oversights(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """What works and cannot be meant is told with its line: nobody is an auditor."""
    words = ["lifecycle", "check", written(desk, HOUSE)]
    code, out = run(words, capsys)
    assert code == 1
    assert out.startswith(f"{desk.home / 'other.toml'}:2: warning unused_role at roles\n    role 'auditor' ")
    assert out.endswith("\n0 errors, 1 warning in 1 file\n")
    mended = written(desk, HOUSE.replace(', "auditor"', ""))
    assert run(["lifecycle", "check", mended], capsys) == (0, "no findings in 1 file\n")
    code, told = data(words, capsys)
    assert (code, told["files"], told["warnings"]) == (0, [{**told["files"][0], "findings": []}], 0)


def test_lifecycle_check_tells_every_fault(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A definition that cannot be built is told whole, each fault with its line."""
    broken = HOUSE.replace('status = "resolved"', 'status = "resolvd"').replace('"resolve"', '"resolv"')
    code, told = data(["lifecycle", "check", written(desk, broken)], capsys)
    assert code == 1
    found = told["files"][0]["findings"]
    assert [(each["line"], each["path"]) for each in found] == [
        (10, "states[1].status"), (12, "transitions[0]"),
    ]  # fmt: skip


def test_lifecycle_check_of_a_policy(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The lifecycle of a policy is checked under its own paths; a shipped one by its name."""
    own = "\n".join(
        line.replace("[[", "[[lifecycle.") if line.startswith("[[") else line for line in HOUSE.splitlines()
    )
    policy = SHADOWED.replace('[lifecycle]\nlike = "Simple"\n', f"[lifecycle]\n{own}\n")
    code, told = data(["lifecycle", "check", written(desk, policy)], capsys)
    assert code == 1
    [found] = told["files"][0]["findings"]
    assert (found["code"], found["path"], found["line"]) == ("unused_role", "lifecycle.roles", 10)
    assert run(["lifecycle", "check", "ServiceNow"], capsys) == (0, "no findings in 1 file\n")
    assert run(["lifecycle", "check", "iTop"], capsys)[0] == 1


# schema


def test_schema_is_that_of_the_wheel(capsys: pytest.CaptureFixture[str]) -> None:
    """What it prints is the schema that is shipped beside the code, with --json and without."""
    shipped = json.loads(
        (resources.files("itilkit.policy") / "policy.schema.json").read_text(encoding="utf-8")
    )
    assert data(["schema", "policy"], capsys) == (0, shipped)
    code, out = run(["schema", "policy"], capsys)
    assert (code, json.loads(out)) == (0, shipped)


# What every command shares

TAKING = {
    "lint": lambda path: ["lint", path],
    "diff old": lambda path: ["diff", path, str(EXAMPLES / "service_desk.toml")],
    "diff new": lambda path: ["diff", str(EXAMPLES / "service_desk.toml"), path],
    "due": lambda path: ["due", "--policy", path, "--priority", "P1", "--opened", FRIDAY],
    "explain": lambda path: ["explain", "--policy", path, "--priority", "P1", "--opened", FRIDAY],
    "backtest": lambda path: ["backtest", "no.csv", "--policy", path, "--against", path, "--zone", "UTC"],
    "coverage": lambda path: ["coverage", "no.csv", "--policy", path, "--zone", "UTC"],
    "lifecycle show": lambda path: ["lifecycle", "show", path],
    "lifecycle check": lambda path: ["lifecycle", "check", path],
}  # fmt: skip

FILES: dict[str, tuple[bytes | None, list[str]]] = {
    "missing file": (None, ["cannot be read: no such file", "check the path"]),
    "empty file": (b"", ["is empty", "the right file"]),
    "blank file": (b" \n\n", ["is empty"]),
    "cp1252 bytes": (POLICY.replace("Gold", "Gr\u00fcn").encode("cp1252"), ["line 16", "0xfc", "as UTF-8"]),
    "utf-16": (POLICY.encode("utf-16"), ["0xff", "not UTF-8"]),
    "no toml": (b"[lifecycle", ["is not TOML"]),
    "newer format": (POLICY.replace("itilkit = 1", "itilkit = 2").encode(), ["line 1", "newer than 1"]),
    "too deep": (b"lifecycle = " + b"[" * 500 + b"]" * 500, ["32 levels deep"]),
    "too large": (b"# " + b"x" * (1 << 20) + b"\xff", ["more than 1 MiB"]),
}  # fmt: skip


@pytest.mark.parametrize("bad", FILES)
@pytest.mark.parametrize("command", TAKING)
def test_a_file_that_is_no_policy_ends_in_one_line(
    bad: str, command: str, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command that reads a file says which one is wrong, where and how to mend it, with exit code 2."""
    content, wanted = FILES[bad]
    path = desk.home / "bad.toml"
    if content is not None:
        path.write_bytes(content)
    for more in ([], ["--json"]):
        line = fails([*TAKING[command](str(path)), *more], capsys)
        assert [part for part in ["bad.toml", *wanted] if part not in line] == []
        assert line.endswith(")"), "the way to mend it stands in brackets"


@pytest.mark.parametrize("command", TAKING)
def test_a_directory_is_no_policy(command: str, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A directory in place of a file is told as such."""
    assert "is a directory" in fails(TAKING[command](str(desk.home)), capsys)


BAD: dict[str, tuple[Callable[[Desk], list[str]], list[str]]] = {
    "lint without a file": (lambda _: ["lint"], ["FILE", "itilkit lint --help"]),
    "lint without a rule": (lambda desk: ["lint", str(desk.policy), "--ignore", "P03"], ["--ignore", "'P03'", "P003"]),
    "lint of no year": (lambda desk: ["lint", str(desk.policy), "--year", "x"], ["--year", "'x'"]),
    "lint beyond calendars": (lambda desk: ["lint", str(desk.policy), "--year", "2300"], ["--year", "1901 to 2199"]),
    "diff before all calendars": (
        lambda desk: ["diff", str(desk.policy), str(desk.policy), "--year", "0"],
        ["--year", "1901 to 2199"],
    ),
    "diff of one": (lambda desk: ["diff", str(desk.policy)], ["NEW", "--help"]),
    "diff as two": (
        lambda desk: ["diff", str(desk.policy), str(desk.policy), "--json", "--markdown"],
        ["not allowed with"],
    ),
    "backtest without a log": (
        lambda desk: trial(desk, log=desk.home / "none.csv"),
        ["none.csv", "no such file", "check the path"],
    ),
    "backtest of a directory": (lambda desk: trial(desk, log=desk.home), ["is a directory"]),
    "backtest of a policy": (lambda desk: trial(desk, log=desk.policy), ["desk.toml"]),
    "backtest of nothing": (lambda desk: trial(desk, log=Path(written(desk, "", "e.csv"))), ["e.csv", "empty"]),
    "backtest without a zone": (lambda desk: trial(desk)[:6], ["--zone", "itilkit backtest --help"]),
    "backtest in no zone": (lambda desk: trial(desk, zone="Europe/Lodnon"), ["'Europe/Lodnon'", "Europe/London"]),
    "backtest against nothing": (lambda desk: trial(desk)[:4], ["--against", "itilkit backtest --help"]),
    "backtest before the log": (
        lambda desk: trial(desk, "--as-of", "2020-01-01T00:00Z"),
        ["before the log begins", "2026-03-02"],
    ),
    "backtest from a naive instant": (lambda desk: trial(desk, "--as-of", "2026-05-01"), ["has no zone"]),
    "backtest by a cohort": (lambda desk: trial(desk, "--cohort", "closed"), ["--cohort", "opened", "resolved"]),
    "due beyond all calendars": (lambda desk: due(desk, opened="2300-01-01T00:00Z"), ["--opened", "1900 to 2200"]),
    "coverage without a log": (
        lambda desk: covered(desk, log=desk.home / "none.csv"),
        ["none.csv", "no such file"],
    ),
    "coverage before the log": (
        lambda desk: covered(desk, "--as-of", "2020-01-01T00:00Z"),
        ["before the log begins", "2026-03-02"],
    ),
    "coverage without a zone": (lambda desk: covered(desk)[:4], ["--zone", "itilkit coverage --help"]),
    "due without opened": (lambda desk: due(desk)[:-2], ["--opened", "itilkit due --help"]),
    "due without a priority": (
        lambda desk: ["due", "--policy", str(desk.policy), "--opened", FRIDAY, "--field", "impact=1"],
        ["--priority", "--field urgency="],
    ),
    "no number of the house's own": (
        lambda desk: ["due", "--policy", written(desk, CONDITIONS), "--priority", "P1", "--opened", FRIDAY,
                      "--field", "floor=third"],
        ["--field floor=third", "expected a number"],
    ),
    "unknown priority": (lambda desk: due(desk, priority="P9"), ["--priority", "'P9'", "P1"]),
    "mistyped priority": (lambda desk: due(desk, priority="Critcal"), ["did you mean Critical?"]),
    "naive opened": (lambda desk: due(desk, opened="2026-07-03T15:00"), ["--opened", "has no zone", "15:00:00Z"]),
    "no opened": (lambda desk: due(desk, opened="friday"), ["--opened", "'friday' is no ISO 8601 instant"]),
    "opened before time": (lambda desk: due(desk, opened="0001-01-01T00:00+01:00"), ["--opened", "no ISO 8601"]),
    "naive as-of": (lambda desk: due(desk, "--as-of", "2026-07-03"), ["--as-of", "has no zone"]),
    "as-of too early": (
        lambda desk: due(desk, "--as-of", "2026-07-03T14:59Z"),
        ["--as-of", "before the incident is opened", "2026-07-03T15:00:00Z or later"],
    ),
    "unknown event": (
        lambda desk: due(desk, "--event", "2026-07-03T15:30Z hold"),
        ['--event "2026-07-03T15:30Z hold"', "no event is called 'hold'", "did you mean held?"],
    ),
    "a second opening": (lambda desk: due(desk, "--event", f"{FRIDAY} logged"), ["that is --opened"]),
    "naive event": (lambda desk: due(desk, "--event", "2026-07-03T15:30 held"), ["--event", "has no zone"]),
    "event without a word": (lambda desk: due(desk, "--event", FRIDAY), ["is no event", "held awaiting_user"]),
    "event with an open quote": (lambda desk: due(desk, "--event", f"{FRIDAY} noted text='x"), ["is no event"]),
    "unknown reason": (
        lambda desk: due(desk, "--event", f"{FRIDAY} held awaiting_usr"),
        ["'awaiting_usr' is no hold reason", "did you mean awaiting_user"],
    ),
    "unknown field of an event": (lambda desk: due(desk, "--event", f"{FRIDAY} held reson=x"), ["did you mean reason"]),
    "field given twice": (lambda desk: due(desk, "--event", f"{FRIDAY} held other reason=other"), ["given twice"]),
    "event without what it needs": (lambda desk: due(desk, "--event", f"{FRIDAY} linked to=INC1"), ["needs kind"]),
    "value without a name": (lambda desk: due(desk, "--event", f"{FRIDAY} noted hello"), ["by name", "name=value"]),
    "no flag": (lambda desk: due(desk, "--event", f"{FRIDAY} replied public=no"), ["expected true or false"]),
    "no number": (lambda desk: due(desk, "--event", f"{FRIDAY} escalated functional level=x"), ["expected a number"]),
    "unknown priority of an event": (lambda desk: due(desk, "--event", f"{FRIDAY} priority_set P7"), ["'P7'"]),
    "event before the opening": (
        lambda desk: due(desk, "--event", "2026-07-03T14:00Z held other"),
        ['--event "2026-07-03T14:00Z held other"', "before the incident was opened"],
    ),
    "event that is not permitted": (
        lambda desk: due(desk, "--event", "2026-07-03T15:30Z closed", "--event", "2026-07-03T15:20Z noted"),
        ['--event "2026-07-03T15:30Z closed"', "New -> Closed is not permitted"],
    ),
    "field without a value": (lambda desk: due(desk, "--field", "customer"), ["--field customer", "name=value"]),
    "unknown field": (lambda desk: due(desk, "--field", "custmer=A"), ["did you mean customer?"]),
    "a field twice": (lambda desk: due(desk, "--field", "site=A", "--field", "site=B"), ["--field", "given twice"]),
    "no level": (lambda desk: due(desk, "--field", "impact=9"), ["--field impact=9", "1 is the highest"]),
    "unknown channel": (lambda desk: due(desk, "--field", "channel=fone"), ["'fone' is no channel", "phone"]),
    "unknown lifecycle": (lambda _: ["lifecycle", "show", "ServiceNew"], ["'ServiceNew'", "did you mean ServiceNow?"]),
    "unknown format": (lambda _: ["lifecycle", "show", "Simple", "--format", "png"], ["--format", "mermaid"]),
    "format and json": (lambda _: ["lifecycle", "show", "Simple", "--format", "dot", "--json"], ["not allowed with"]),
    "lifecycle of a kind": (lambda _: ["lifecycle", "draw", "Simple"], ["'draw'", "show"]),
    "lifecycle alone": (lambda _: ["lifecycle"], ["show|check", "itilkit lifecycle --help"]),
    "schema without a name": (lambda _: ["schema"], ["NAME", "itilkit schema --help"]),
    "unknown schema": (lambda _: ["schema", "polcy"], ["'polcy'", "policy"]),
    "unknown command": (lambda _: ["lnt"], ["'lnt'", "lint"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_ends_in_one_line(name: str, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """What, where, how to mend; exit code 2; nothing on stdout and no file made."""
    make, wanted = BAD[name]
    words = make(desk)
    before = desk.files()
    line = fails(words, capsys)
    assert [part for part in wanted if part not in line] == []
    assert line.endswith(")"), "the way to mend it stands in brackets"
    assert desk.files() == before


@pytest.mark.parametrize("policy", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_text_is_readable_at_80_columns(policy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No line is longer than a terminal is wide, but for a path; no sign but the printable ones."""
    words = ["--policy", str(policy), "--priority", "P2", "--opened", FRIDAY, "--as-of", "2026-07-20T09:00Z"]
    for command in (["due", *words], ["explain", *words], ["lifecycle", "show", str(policy)]):
        main(command)
        out, err = capsys.readouterr()
        assert err == ""
        assert [line for line in out.splitlines() if len(line) > 80 or not line.isprintable()] == []


def test_findings_and_changes_are_readable_at_80_columns(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names cannot make a terminal act, and long messages are wrapped."""
    name = r"\u001b[31mred" + " and long" * 20
    other = written(desk, SHADOWED.replace('"Second"', f'"{name}"').replace('"Shadowed"', f'"{name}"'))
    for words in (["lint", other], ["diff", str(EXAMPLES / "service_desk.toml"), other]):
        assert main(words) == 1
        lines = capsys.readouterr().out.splitlines()
        assert any(r"\x1b[31mred" in line for line in lines)
        assert [line for line in lines if not line.isprintable()] == []
        assert [line for line in lines if len(line) > 80 and str(other) not in line] == []


def test_text_on_a_terminal_without_the_signs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An arrow that the encoding lacks is made visible, not a traceback."""
    monkeypatch.setattr(type(sys.stdout), "encoding", property(lambda _: "ascii"))
    assert main(["lifecycle", "show", "Simple"]) == 0
    assert r"start \u2192 in_progress" in capsys.readouterr().out


def test_a_reader_that_goes_away() -> None:
    """A closed pipe ends a command with 141 and no word."""
    reader, writer = os.pipe()
    os.close(reader)
    words = [sys.executable, "-m", "itilkit", "lifecycle", "show", "ServiceNow"]
    done = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("lint", ["FILE", "--ignore", "--year", "--json"]),
        ("diff", ["OLD", "NEW", "--year", "--json", "--markdown"]),
        (
            "backtest",
            ["LOG", "--policy", "--against", "--zone", "--as-of", "--cohort", "--json", "--markdown"],
        ),
        ("coverage", ["LOG", "--policy", "--zone", "--as-of", "--json"]),
        ("due", ["--policy", "--priority", "--opened", "--field", "--event", "--as-of", "--json"]),
        ("explain", ["--policy", "--priority", "--opened", "--field", "--event", "--as-of", "--json"]),
        ("lifecycle show", ["NAME|FILE", "--format", "--json"]),
        ("lifecycle check", ["NAME|FILE", "--json"]),
        ("schema", ["NAME", "--json"]),
    ],
)
def test_help_names_every_option(
    command: str, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """`--help` is complete and tells the exit codes."""
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    out = capsys.readouterr().out
    assert ended.value.code == 0
    assert [each for each in (*options, "Exit code") if each not in out] == []


PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")


def test_the_page_names_every_event_field_and_key(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """What can be written and what JSON holds stands in the reference, and no word that is none."""
    (section,) = re.findall(r"^### An event in a line$(.*?)^###? ", PAGE, re.MULTILINE | re.DOTALL)
    rows = dict(re.findall(r"^\| `(\w+)`(?: \(`\w+`\))? \| (.*) \|$", section, re.MULTILINE))
    common = {"at", "by", "state", "inferred", "fields"}
    assert {word: set(re.findall(r"`(\w+)`", row)) for word, row in rows.items()} == {
        word: {field.name for field in attrs.fields(kind)} - common for word, kind in WORDS.items()
    }
    assert dict(re.findall(r"^\| `(\w+)` \(`(\w+)`\) \|", section, re.MULTILINE)) == MAIN
    told = [data(words, capsys)[1] for words in (
        ["lint", written(desk, SHADOWED)], ["diff", str(desk.policy), written(desk, SHADOWED)],
        trial(desk), covered(desk), due(desk, *WAITED, command="explain"),
    )]  # fmt: skip
    assert {key for each in told for key in keys(each)} - set(re.findall(r"`(\w+)`", PAGE)) == set()


def keys(value: Any) -> set[str]:
    """The keys of JSON at every depth, but for those that are data: names of warnings, outcomes, columns of rows."""
    if isinstance(value, list):
        return {key for each in value for key in keys(each)}
    if not isinstance(value, dict):
        return set()
    inner = {
        name: each
        for name, each in value.items()
        if name not in ("cells", "flips", "objectives", "thresholds")
    }
    counted = "newly_met" in value
    return set(value) | {
        key for each in inner.values() if not (counted and isinstance(each, dict)) for key in keys(each)
    }
