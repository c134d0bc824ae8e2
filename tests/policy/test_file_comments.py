"""A policy written back into its own text keeps the comments, and changes only what changed."""

from __future__ import annotations

import difflib
import sys
from datetime import timedelta
from pathlib import Path

import attrs
import pytest

from itilkit.calendars import Calendar
from itilkit.errors import PolicyError
from itilkit.policy import Policy, Target
from itilkit.priority import ITIL_3X3

from .texts import EXAMPLE, SMALL, changed

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "policies").glob("*.toml"))


def lines(old: str, new: str) -> list[str]:
    """The lines that went and those that came."""
    diff = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    return [line for line in diff if line[0] in "+-" and not line.startswith(("+++", "---"))]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_nothing_changed(path: Path) -> None:
    """The very same text comes back."""
    text = path.read_text("utf-8")
    assert Policy.from_toml(text).to_toml(like=text) == text


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_changed_name(path: Path) -> None:
    """One line changes; a matrix that was called as the policy says so from then on."""
    text = path.read_text("utf-8")
    policy = Policy.from_toml(text)
    changes = lines(text, attrs.evolve(policy, name="Another").to_toml(like=text))
    assert '+name = "Another"' in changes
    assert len([line for line in changes if line.startswith("-")]) == 1


def test_a_changed_target() -> None:
    """Of a row only the value; the comments of the file stay."""
    policy = Policy.from_toml(EXAMPLE)
    (desk,) = policy.agreements
    faster = attrs.evolve(
        desk.targets[1], promises={**desk.targets[1].promises, "resolution": timedelta(hours=6)}
    )
    targets = [faster if each is desk.targets[1] else each for each in desk.targets]
    text = attrs.evolve(policy, agreements=[attrs.evolve(desk, targets=targets)]).to_toml(like=EXAMPLE)
    assert lines(EXAMPLE, text) == [
        '-  { priority = "P2", response = "30m", resolution = "8h" },',
        '+  { priority = "P2", response = "30m", resolution = "6h" },',
    ]


def test_what_is_added_and_taken_away() -> None:
    """An agreement more, a calendar more, another matrix: the rest of the text stays."""
    policy = Policy.from_toml(EXAMPLE)
    (desk,) = policy.agreements
    nights = Calendar({"mon-sun": "20:00-06:00"}, zone="UTC", name="nights")
    team = attrs.evolve(
        desk, name="Team", kind="OLA", calendar=nights, targets=[Target(1, {"resolution": None})]
    )
    grown = attrs.evolve(policy, matrix=ITIL_3X3, agreements=[desk, team])
    text = grown.to_toml(like=EXAMPLE)
    assert Policy.from_toml(text) == grown
    assert text.startswith(EXAMPLE[: EXAMPLE.index("[priority]")][:200])
    back = policy.to_toml(like=text)
    assert Policy.from_toml(back) == policy
    assert "Team" not in back


def test_a_calendar_that_is_given() -> None:
    """What stands nowhere in the text is not put there."""
    office = Policy.from_toml(SMALL).calendars["office"]
    text = changed('[calendars.office]\nweekly = { mon-fri = "09:00-17:00" }\n', "")
    policy = Policy.from_toml(text, calendars={"office": office})
    assert policy.to_toml(like=text) == text


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names what to install; without a text to keep, nothing is needed."""
    monkeypatch.setitem(sys.modules, "tomlkit", None)
    policy = Policy.from_toml(SMALL)
    assert Policy.from_toml(policy.to_toml()) == policy
    with pytest.raises(PolicyError, match=r"pip install 'itilkit\[toml\]'"):
        policy.to_toml(like=SMALL)
