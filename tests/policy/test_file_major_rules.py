"""``[[major_rules]]`` of the file: who is a candidate for a major incident under a policy."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from itilkit import Incident, Policy, PolicyError
from itilkit.conditions import Eq, Le
from itilkit.events import Classified, Logged
from itilkit.lifecycle import ITIL4_DEFAULT
from itilkit.major_incidents import MajorRule
from itilkit.priority import ITIL_3X3

from .texts import changed, faults

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
HEAD = changed("[priority]\n", '[fields]\ntier = { levels = ["Gold", "Silver"] }\n\n[priority]\n')
ROWS = """
[[major_rules]]
name = "Gold is down"
when = { tier = "Gold", priority = "P1" }
because = "Contracts with penalties"
ask = ["duty_manager", "sales"]

[[major_rules]]
name = "Many"
when.affected_users = { at_least = 100 }
"""
TEXT = HEAD + ROWS


def _call(**fields: Any) -> Incident:
    return Incident("INC1", [Logged(NINE), Classified(NINE, impact=1, urgency=1, fields=fields)])


def test_what_the_file_says() -> None:
    """The rules in order; their conditions know the fields and levels of the house."""
    gold, many = Policy.from_toml(TEXT).major_rules
    assert (str(gold), gold.because, gold.ask) == (
        "Gold is down where tier is 1 and priority is 1",
        "Contracts with penalties",
        ("duty_manager", "sales"),
    )
    assert (many.name, many.because, many.ask) == ("Many", "", ())


def test_the_file_comes_back() -> None:
    """Written and read again it is the same policy, each rule under a header of its own."""
    policy = Policy.from_toml(TEXT)
    written = policy.to_toml()
    assert Policy.from_toml(written) == policy
    assert Policy.from_data(policy.to_data()) == policy
    assert written.count("[[major_rules]]") == 2


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"tier": "Gold"}, "Contracts with penalties"),
        ({"tier": "Gold", "affected_users": 500}, "Contracts with penalties"),
        ({"tier": "Silver", "affected_users": 100}, "Many"),
        ({"tier": "Silver", "affected_users": 99}, ""),
        ({}, ""),
    ],
    ids=["gold", "the first rule counts", "many", "too few", "nothing known"],
)
def test_who_is_a_candidate(fields: dict[str, object], reason: str) -> None:
    """The first rule that holds says why; the priority is the one that the matrix derives."""
    policy = Policy.from_toml(TEXT)
    found = policy.candidate(policy.assess(_call(**fields), as_of=NINE))
    assert (bool(found), found.reason) == (bool(reason), reason)


def test_nobody_is_a_candidate_before_there_is_an_incident_or_a_rule() -> None:
    """An incident that is not opened yet is none, and a policy without rules knows none."""
    policy = Policy.from_toml(TEXT)
    early = policy.assess(_call(tier="Gold"), as_of=datetime(2026, 3, 9, 8, tzinfo=UTC))
    assert not policy.candidate(early)
    bare = Policy.from_toml(HEAD)
    assert not bare.candidate(bare.assess(_call(tier="Gold"), as_of=NINE))


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ('name = "Many"', 'name = ""', ("not_a_text", "major_rules[1].name")),
        ("when.affected_users", "when.affected_user", ("unknown_field", "major_rules[1].when.affected_user")),
        ('tier = "Gold",', 'tier = "Golden",', ("unknown_level", "major_rules[0].when.tier")),
        ("because =", "why =", ("unknown_key", "major_rules[0].why")),
        ('ask = ["duty_manager", "sales"]', "ask = [1, 2]", ("not_a_text", "major_rules[0].ask[0]")),
    ],
    ids=["no name", "a misspelt field", "a level nobody has", "a misspelt key", "numbers for names"],
)
def test_what_cannot_be_read_is_told_with_its_place(old: str, new: str, wanted: tuple[str, str]) -> None:
    """Each fault has its path and its line."""
    assert TEXT.count(old) == 1
    found = faults(TEXT.replace(old, new))
    assert wanted in [(each.code, each.path) for each in found]
    assert all(each.line for each in found)


def test_a_policy_in_code_is_held_to_its_own_fields() -> None:
    """A rule made with the standard fields is read again with the policy's own; what is no rule is told."""
    rules = [MajorRule("P1", Le("priority", 1)), MajorRule("Shop", Eq("service", "shop"))]
    policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, major_rules=rules)
    assert Policy.from_toml(policy.to_toml()) == policy
    with pytest.raises(PolicyError, match=r"major_rules\[0\]: expected a value of MajorRule"):
        Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, major_rules=["P1"])  # type: ignore[list-item]


def test_lint_tells_a_rule_that_never_comes_first() -> None:
    """P013 names the rule, and the line of its condition."""
    text = TEXT + '\n[[major_rules]]\nname = "More"\nwhen.affected_users = { at_least = 500 }\n'
    (fault,) = [each for each in Policy.from_toml(text).lint() if each.path.startswith("major_rules")]
    assert (fault.code, fault.path, fault.line) == ("P013", "major_rules[2].when", text.count("\n"))


def test_diff_tells_rules_that_came_and_went() -> None:
    """Two policies whose rules differ differ in nothing else."""
    old, new = Policy.from_toml(HEAD), Policy.from_toml(TEXT)
    assert old.diff(new)
    assert all(each.path.startswith("major_rules") for each in old.diff(new))
    assert not new.diff(Policy.from_toml(TEXT))
