"""The three example policies broken in one place each: the rule that catches it, and on which line."""

from __future__ import annotations

import attrs
import pytest

from itilkit.errors import Fault, PolicyError
from itilkit.policy import Policy

from .test_examples import FOLDER

TEXTS = {name: (FOLDER / f"{name}.toml").read_text("utf-8") for name in ("bank", "hospital", "saas")}

SEVENTY_TWO = '{ priority = ["P4", "P5"], response = "4h", resolution = "72h" }'
GOLD_P1 = '  { priority = "P1", response = "30m", resolution = "8h", calendar = "round_the_clock" },\n'
STANDARD_P1 = (
    '  { priority = "P1", response = "2h",'
    ' resolution = "2 working days, the opening day counts, cutoff 15:00" },\n'
)
BANK_P1 = '{ priority = "P1", response = "15m", resolution = "4h" }'
STANDARD = (
    TEXTS["saas"].partition('[[agreements]]\nname = "Standard"')[2].partition("# --- What do our own")[0]
)

# File, pieces replaced, code, and a piece of the line on which the finding must be told (the n-th line that has it).
BROKEN: dict[str, tuple[str, dict[str, str], str, str, int]] = {
    "no agreement for the rest": (
        "saas",
        {f'[[agreements]]\nname = "Standard"{STANDARD}': ""},
        "P001",
        "[[agreements]]",
        2,
    ),
    "two conditions of equal rank": (
        "hospital",
        {'when.area = "day clinic"': "when.patient_safety = true"},
        "P002",
        "when.patient_safety = true",
        2,
    ),
    "a narrow agreement behind a wide one": (
        "hospital",
        {'when.area = "day clinic"': 'when.area = "ward"'},
        "P003",
        "[[agreements]]",
        2,
    ),
    "frappe/helpdesk PR 3547: a blank condition before the default": (
        "bank",
        {'when.business_line = ["payments", "trading"]\n': ""},
        "P004",
        "[[agreements]]",
        1,
    ),
    "and what it shadows": (
        "bank",
        {'when.business_line = ["payments", "trading"]\n': ""},
        "P003",
        "[[agreements]]",
        2,
    ),
    "a target on the calendar of the maintenance window": (
        "bank",
        {SEVENTY_TWO: SEVENTY_TWO.replace(" }", ', calendar = "maintenance" }')},
        "P005",
        'calendar = "maintenance"',
        1,
    ),
    "a response after the resolution": (
        "bank",
        {BANK_P1: BANK_P1.replace("15m", "5h")},
        "P006",
        'response = "5h"',
        1,
    ),
    "a warning at the breach": ("saas", {'late = "30m before"': 'late = "100%"'}, "P006", 'late = "100%"', 1),
    "a team that is slower than the promise": (
        "saas",
        {'{ priority = "P1", resolution = "2h" }': '{ priority = "P1", resolution = "5h" }'},
        "P007",
        '{ priority = "P1", resolution = "5h" }',
        1,
    ),
    "a high priority that waits longer": (
        "bank",
        {'response = "30m", resolution = "8h"': 'response = "30m", resolution = "30h"'},
        "P008",
        'resolution = "30h"',
        1,
    ),
    "an exception to no pause": (
        "hospital",
        {"pause_while = [] ": 'but_not_while = ["awaiting_user"]\npause_while = [] '},
        "P009",
        'but_not_while = ["awaiting_user"]',
        1,
    ),
    "a priority that is left out": (
        "hospital",
        {'  { priority = "Routine", response = "8h", resolution = "10 working days" },\n': ""},
        "P010",
        "targets = [",
        3,
    ),
    "a target moved under another agreement": ("saas", {GOLD_P1: "", STANDARD_P1: GOLD_P1}, "P010", "targets = [", 2),
    "windows that overlap": (
        "bank",
        {'{ mon-fri = ["08:00-17:00"] }': '{ mon-fri = [\n  "08:00-13:00",\n  "12:00-17:00",\n] }'},
        "P011",
        '"12:00-17:00"',
        1,
    ),
    "a shift in which the clocks change": (
        "hospital",
        {'sat = ["08:00-13:00"]': 'sat = ["20:00-06:00"]'},
        "P011",
        "[calendars.day_clinic]",
        1,
    ),
    "a manager before the team": (
        "bank",
        {'at = "50% of resolution"': 'at = "80% of resolution"'},
        "P012",
        'at = "75% of resolution"',
        1,
    ),
    "a step that takes longer than the promise": (
        "hospital",
        {'title = "Restore the system", owner = "technical_lead", budget = "45m"':
         'title = "Restore the system", owner = "technical_lead", budget = "90m"'},
        "P013",
        'budget = "90m"',
        1,
    ),
    "steps that take longer together": (
        "hospital",
        {'budget = "10m", depends_on = [], evidence': 'budget = "20m", depends_on = [], evidence'},
        "P013",
        "steps = [",
        1,
    ),
    "a step in office hours where a ward is promised an hour": (
        "hospital",
        {'"technical_lead", budget = "45m"': '"technical_lead", budget = "45m of open time"'},
        "P013",
        'budget = "45m of open time"',
        1,
    ),
    "a step that is never needed": (
        "bank",
        {"when.regulated = true, evidence": 'when.business_line = "trading", evidence'},
        "P013",
        'when.business_line = "trading", evidence',
        1,
    ),
    "a model that nobody is meant for": (
        "saas",
        {'when = { layer = "hosting", impact = "Outage" }':
         'when = { all = [{ impact = "Outage" }, { impact = "Minor" }] }'},
        "P013",
        'when = { all = [',
        1,
    ),
    "a route behind one for all": (
        "bank",
        {'group = "security"\nwhen.category = "security"': 'group = "security"'},
        "P013",
        'when.business_line = "trading"',
        1,
    ),
}  # fmt: skip


def broken(name: str, pieces: dict[str, str]) -> str:
    """The file with pieces replaced, each of which stands in it."""
    text = TEXTS[name]
    for old, new in pieces.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def line_of(text: str, piece: str, which: int) -> int:
    """The number of the n-th line with a piece in it, counted by hand as an editor does."""
    return [number for number, line in enumerate(text.split("\n"), start=1) if piece in line][which - 1]


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_copy_is_caught_on_its_line(case: str) -> None:
    """The code, the line and the file are told."""
    name, pieces, code, piece, which = BROKEN[case]
    text = broken(name, pieces)
    found = Policy.from_toml(text, source=f"{name}.toml").lint()
    assert (code, line_of(text, piece, which)) in [(fault.code, fault.line) for fault in found], found
    assert {fault.source for fault in found} == {f"{name}.toml"}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_copy_gives_no_flood(case: str) -> None:
    """One slip gives a handful of findings at most, in the order of the file."""
    name, pieces, *_ = BROKEN[case]
    lines = [fault.line or 0 for fault in Policy.from_toml(broken(name, pieces)).lint()]
    assert 0 < len(lines) <= 6
    assert lines == sorted(lines)


def test_a_target_moved_beside_one_of_its_priority_is_refused() -> None:
    """Two lines for one priority contradict each other: the file is not read, and the moved line is named."""
    text = broken("saas", {GOLD_P1: "", STANDARD_P1: STANDARD_P1 + GOLD_P1})
    with pytest.raises(PolicyError) as caught:
        Policy.from_toml(text)
    assert [(fault.code, fault.line) for fault in caught.value.faults] == [
        ("contradictory_targets", line_of(text, GOLD_P1.strip(), 1))
    ]


def test_a_changed_copy_has_no_lines() -> None:
    """What was changed in code was read from no text."""
    policy = Policy.from_toml(broken("bank", {'when.business_line = ["payments", "trading"]\n': ""}))
    found: tuple[Fault, ...] = attrs.evolve(policy, name="Another").lint()
    assert found
    assert {fault.line for fault in found} == {None}
