"""``[[priority.rules]]`` of the file: whom and what an incident concerns, how long it may last, what it costs."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from itilkit.errors import PolicyError
from itilkit.events import Classified, Event, Fields, Logged, Person, PrioritySet
from itilkit.policy import Policy
from itilkit.records import Incident

from .texts import changed, faults

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
RULES = """\
[[priority.rules]]
when.reporter.vip = true
urgency_at_least = "high"
because = "VIP caller"

[[priority.rules]]
when.configuration_item = ["core-db", "core-sw"]
impact_at_least = "high"
because = "core item"

[[priority.rules]]
when.affected_users.at_least = 100
priority_at_least = "P2"
because = "100 users or more"

[[priority.rules]]
when.estimated_outage_minutes.at_least = 240
when.cost_per_minute.at_least = 99.5
impact_at_least = "high"
because = "a long outage that costs"

[[priority.rules]]
when.item_cost.at_least = 50000
impact_at_least = "medium"
because = "no spare on the shelf"
"""
TEXT = changed("[lifecycle]", RULES + "\n[lifecycle]")
DESK = Policy.from_toml(TEXT)


def incident(*events: Event, item: str | None = None, vip: bool = False, **fields: Any) -> Incident:
    """A call of impact and urgency Low."""
    known = Classified(NINE, impact=3, urgency=3, configuration_item=item, fields=Fields(fields))
    return Incident("INC1", [Logged(NINE, reporter=Person("bob", vip=vip)), known, *events])


@pytest.mark.parametrize(
    ("given", "priority", "because"),
    [
        ({}, 5, []),
        ({"vip": True}, 3, ["VIP caller"]),
        ({"item": "core-sw"}, 3, ["core item"]),
        ({"affected_users": 99}, 5, []),
        ({"affected_users": 100}, 2, ["100 users or more"]),
        ({"estimated_outage_minutes": 240, "cost_per_minute": 99.5}, 3, ["a long outage that costs"]),
        ({"estimated_outage_minutes": 600}, 5, []),
        ({"item_cost": 50_000}, 4, ["no spare on the shelf"]),
        ({"item_cost": 60_000, "item": "core-db", "vip": True}, 1, ["VIP caller", "core item"]),
    ],
    ids=str,
)
def test_what_raises_a_priority(given: dict[str, Any], priority: int, because: list[str]) -> None:
    """ITIL 3x3 gives P5; each fact raises it as its rule says, and triage records the same with the reasons."""
    found = DESK.why_priority(incident(**given), as_of=NINE)
    assert found.priority == priority
    assert [each.rule.because for each in found.raised] == because
    (proposed,) = DESK.triage(incident(**given), at=NINE).events
    assert isinstance(proposed, PrioritySet)
    assert (proposed.priority, proposed.reason) == (priority, "; ".join(["ITIL 3x3", *because]))


def test_the_rules_are_written_as_they_are_read() -> None:
    """To TOML and back nothing is lost; the JSON Schema knows the fields, and nothing looks odd."""
    again = Policy.from_toml(DESK.to_toml())
    assert again.priority_rules == DESK.priority_rules
    assert DESK.to_toml(like=TEXT) == TEXT
    schema = Policy.schema()
    assert list(Draft202012Validator(schema).iter_errors(tomllib.loads(TEXT))) == []
    known = schema["$defs"]["when"]["properties"]
    assert {"affected_users", "estimated_outage_minutes", "cost_per_minute", "item_cost"} <= set(known)
    assert [fault for fault in DESK.lint() if fault.path.startswith("priority")] == []


def test_an_estimate_is_corrected() -> None:
    """The priority follows the new estimate, or stays as first derived; what somebody set by hand stands over both."""
    later = NINE + timedelta(hours=1)
    first = incident(cost_per_minute=200, estimated_outage_minutes=30)
    longer = first.appended(Classified(later, fields={"estimated_outage_minutes": 300}))
    matrix = 'matrix = "ITIL 3x3"\n'
    pinned = Policy.from_toml(changed(matrix, f'{matrix}when_facts_change = "pinned"\n', TEXT))
    assert [each.assess(longer, as_of=later).timeline.priorities[-1] for each in (DESK, pinned)] == [3, 5]
    by_hand = longer.appended(PrioritySet(later, "ann", priority=4, reason="the night shift is not at work"))
    for policy, derived in ((DESK, 3), (pinned, 5)):
        found = policy.why_priority(by_hand, as_of=later)
        assert (found.priority, found.derived, found.overridden) == (4, derived, True)
        assert found.explain().splitlines()[-1] == (
            f"Recorded as P4 over the derived P{derived}: the night shift is not at work."
        )


@pytest.mark.parametrize(("kept", "priority"), [(True, 5), (False, 3)], ids=["recorded", "left out"])
def test_a_priority_that_triage_proposed(kept: bool, priority: int) -> None:
    """Once it is appended it stands; left out, the priority follows a new estimate."""
    first = incident(cost_per_minute=200, estimated_outage_minutes=30)
    proposed = DESK.triage(first, at=NINE).events
    later = NINE + timedelta(hours=1)
    estimate = Classified(later, fields={"estimated_outage_minutes": 300})
    call = first.appended(*(proposed if kept else ()), estimate)
    assert DESK.assess(call, as_of=later).timeline.priority == priority


def test_a_misspelt_fact_of_a_promise() -> None:
    """What looks like a standard fact is told, and no field of the house's own is made of it."""
    with pytest.raises(
        PolicyError, match=r"affected_user: no field is called 'affected_user' \(did you mean"
    ):
        DESK.promise(opened_at=NINE, priority=1, affected_user=3)
    assert DESK.promise(opened_at=NINE, priority=1, affected_users=3)["resolution"].due_at is not None


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("estimated_outage_minutes", "estimated_outage_minuts", "when.estimated_outage_minuts"),
        ("at_least = 99.5", 'at_least = "99.5"', "when.cost_per_minute.at_least"),
        ("at_least = 99.5", "at_least = -1", "when.cost_per_minute.at_least"),
        (
            "when.cost_per_minute.at_least",
            "when.cost_per_minute.starts_with",
            "when.cost_per_minute.starts_with",
        ),
    ],
    ids=["misspelt", "a text", "below zero", "an operator for texts"],
)
def test_what_is_wrong(old: str, new: str, path: str) -> None:
    """Each fault has its path and its line."""
    text = changed(old, new, TEXT)
    (found,) = faults(text)
    assert found.path == f"priority.rules[3].{path}"
    assert new in text.split("\n")[(found.line or 0) - 1]
