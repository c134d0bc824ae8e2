"""Which incidents somebody should hold for a major one."""

from __future__ import annotations

from typing import Any

import pytest

from itilkit.conditions import INCIDENT, AllOf, Always, Eq, Ge, HasAny, Le, Number, Schema
from itilkit.errors import PolicyError
from itilkit.events import Classified, PrioritySet
from itilkit.lifecycle import PERMISSIVE, replay
from itilkit.major_incidents import MajorRule, candidate, lint_rules, rules_from_data, rules_to_data

from .stories import at, case, opened, seen

USERS = INCIDENT.having({"tills_down": int})
MANY = Ge(USERS.field("tills_down"), 100)
HOUSE = [
    MajorRule(
        "Shop",
        AllOf([Eq("service", "orders"), Le("priority", 1)]),
        because="Nobody can buy",
        ask="duty_manager",
    ),
    MajorRule("Crowd", MANY, ask=["duty_manager", "service_desk_manager"]),
    MajorRule("Attack", HasAny("tags", ["ransomware"])),
]


@pytest.mark.parametrize(
    ("known", "name", "reason", "ask", "tried"),
    [
        ({"service": "orders", "priority": 1}, "Shop", "Nobody can buy", ("duty_manager",), 1),
        ({"service": "orders", "priority": 2, "tills_down": 100}, "Crowd", "Crowd",
         ("duty_manager", "service_desk_manager"), 2),
        ({"tags": frozenset({"ransomware"})}, "Attack", "Attack", (), 3),
        ({"service": "orders", "priority": 1, "tills_down": 999}, "Shop", "Nobody can buy", ("duty_manager",), 1),
        ({"service": "orders"}, None, "", (), 3),
        ({}, None, "", (), 3),
    ],
)  # fmt: skip
def test_the_first_rule_that_holds(
    known: dict[str, Any], name: str | None, reason: str, ask: tuple[str, ...], tried: int
) -> None:
    """In order; what is left open does not hold."""
    found = candidate(known, HOUSE)
    assert (found.rule.name if found.rule else None) == name
    assert bool(found) is (name is not None)
    assert (found.reason, found.ask, len(found.tried)) == (reason, ask, tried)


def test_it_is_asked_of_an_incident_as_it_stands() -> None:
    """Its timeline, or its assessment, at the instant from which it is seen."""
    events = (Classified(at(5), service="orders"), PrioritySet(at(6), priority=1))
    assert candidate(case(*events), HOUSE)
    assert candidate(seen(*events), HOUSE)
    assert not candidate(seen(*events, until=5), HOUSE)
    assert not candidate(replay(opened(*events), PERMISSIVE, as_of=at(-1)), [MajorRule("All", Always())])


def test_the_houses_own_fields_are_read_by_their_types() -> None:
    """A count that a tool keeps as a number is compared as one."""
    told = seen(Classified(at(5), fields={"tills_down": 250}))
    assert candidate(told, HOUSE, fields={"tills_down": Number()})


def test_why_it_is_one() -> None:
    """Each rule that was tried, with what was found."""
    assert candidate({"service": "orders", "priority": 1}, HOUSE).explain() == (
        "a candidate: Nobody can buy\n"
        "  Shop:\n"
        "    ✓ all of these:\n"
        "      ✓ service is orders: it is orders\n"
        "      ✓ priority is at most 1: it is 1"
    )
    assert candidate({"priority": 3}, HOUSE[:1]).explain().startswith("no candidate: no rule holds\n  Shop:")
    assert str(HOUSE[2]) == "Attack where tags has any of ransomware"


@pytest.mark.parametrize(
    ("name", "when", "told"),
    [
        ("", Always(), "name: a rule without a name"),
        ("  ", Always(), "name: a rule without a name"),
        ("Shop", "always", "when: expected a condition, got"),
    ],
)
def test_what_is_no_rule(name: str, when: Any, told: str) -> None:
    """A rule has a name and a condition."""
    with pytest.raises(PolicyError, match=told):
        MajorRule(name, when)


DATA = [
    {"name": "Shop", "when": {"service": "orders", "priority": {"at_most": 1}}, "because": "Nobody can buy",
     "ask": ["duty_manager"]},
    {"name": "Crowd", "when": {"tills_down": {"at_least": 100}}},
]  # fmt: skip


def test_rules_as_data() -> None:
    """What is read is written again, and names are taken one by one."""
    rules = rules_from_data(DATA, schema=USERS)
    assert rules_to_data(rules) == DATA
    assert rules_from_data(rules_to_data(HOUSE), schema=USERS) == tuple(HOUSE)
    [single] = rules_from_data([{"name": "All", "when": {"always": True}, "ask": "cto"}])
    assert (single.ask, single.because) == (("cto",), "")
    assert rules_from_data([]) == ()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, [("not_a_list", "major_rules")]),
        ([7], [("not_a_table", "major_rules[0]")]),
        (
            [{}],
            [
                ("missing_key", "major_rules[0].name"),
                ("missing_key", "major_rules[0].when"),
            ],
        ),
        ([{"name": "", "when": {"always": True}}], [("not_a_text", "major_rules[0].name")]),
        (
            [{"name": "A", "when": {"servis": "x"}, "asks": []}, {"name": 3, "when": 7}],
            [
                ("unknown_key", "major_rules[0].asks"),
                ("unknown_field", "major_rules[0].when.servis"),
                ("not_a_text", "major_rules[1].name"),
                ("not_a_table", "major_rules[1].when"),
            ],
        ),
        (
            [{"name": "A", "when": {"always": True}, "ask": [""]}],
            [("not_a_text", "major_rules[0].ask[0]")],
        ),
        (
            [{"name": "A", "when": {"always": True}, "ask": 3}],
            [("not_a_list", "major_rules[0].ask")],
        ),
        ([{7: 1, "name": "A", "when": {"always": True}}], [("unknown_key", "major_rules[0].7")]),
        ([{}] * 1001, [("too_large", "major_rules")]),
    ],
)
def test_faulty_data_is_told_at_once(data: object, told: list[tuple[str, str]]) -> None:
    """Every fault, with its path."""
    with pytest.raises(PolicyError) as caught:
        rules_from_data(data)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == told


def test_oversights_are_warnings() -> None:
    """A rule that never holds and one that others always precede; sound rules give none."""
    never = MajorRule("Never", AllOf([Eq("service", "a"), Eq("service", "b")]))
    late = MajorRule("Late", AllOf([Eq("service", "orders"), Eq("priority", 1), Eq("site", "Leeds")]))
    found = lint_rules([*HOUSE, never, late], path="rules")
    assert [(fault.code, fault.path, fault.severity) for fault in found] == [
        ("never_matches", "rules[3].when", "warning"),
        ("never_first", "rules[4].when", "warning"),
    ]
    assert lint_rules(HOUSE) == ()


def test_a_schema_of_the_house() -> None:
    """Conditions are held to the fields that there are."""
    schema = Schema("order", {"value": Number()})
    [rule] = rules_from_data([{"name": "Big", "when": {"value": {"at_least": 1000}}}], schema=schema)
    assert candidate({"value": 2000}, [rule])


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({"ask": ["vera", "\r"]}, ["ask[1]"]),
        ({"ask": [7, None]}, ["ask[0]", "ask[1]"]),
        ({"ask": " "}, ["ask[0]"]),
        ({"ask": 7}, ["ask"]),
        ({"because": " "}, ["because"]),
        ({"because": None}, ["because"]),
    ],
    ids=["a blank name", "no names", "one blank name", "no list", "a blank reason", "no reason"],
)
def test_a_rule_in_code_holds_what_a_file_could_say(given: dict[str, Any], paths: list[str]) -> None:
    """What could not be read back from data is refused where the rule is built."""
    with pytest.raises(PolicyError) as caught:
        MajorRule("P1", Le("priority", 1), **given)
    assert [fault.path for fault in caught.value.faults] == paths
