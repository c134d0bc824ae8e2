"""Rules around the matrix: they raise, never lower, and say what they did."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.conditions import AllOf, AnyOf, Eq, Ge, In
from itilkit.errors import PolicyError, RecordError
from itilkit.priority import (
    BMC_WEIGHTED,
    ITIL_3X3,
    SERVICENOW_3X3,
    PriorityRule,
    check_rules,
    derive,
    item_floors,
    prioritise,
)
from itilkit.records import ConfigurationItem

VIP = PriorityRule(Eq("reporter.vip", True), urgency_at_least=1, because="VIP caller")
CORE = PriorityRule(In("configuration_item", ["core-db", "core-sw"]), impact_at_least=1, because="core item")
MANY = PriorityRule(Ge("affected_users", 100), priority_at_least=2, because="many users")
HOUSE = [VIP, CORE, MANY]
DEAR = PriorityRule(
    AllOf([Ge("estimated_outage_minutes", 240), Ge("cost_per_minute", 100)]),
    impact_at_least=1,
    because="dear",
)
SPARE = PriorityRule(Ge("item_cost", 50_000), impact_at_least=2, because="no spare on the shelf")


# ITIL 3x3, rows impact, columns urgency: 1 2 3 / 2 3 4 / 3 4 5. Answers worked by hand.
@pytest.mark.parametrize(
    ("facts", "derived", "raised"),
    [
        ({"impact": 3, "urgency": 3}, 5, []),
        ({"impact": 3, "urgency": 3, "reporter.vip": True}, 3, [("urgency", 3, 1)]),
        ({"impact": 3, "urgency": 3, "reporter.vip": False}, 5, []),
        ({"impact": 3, "urgency": 1, "reporter.vip": True}, 3, []),
        ({"impact": 3, "urgency": 3, "configuration_item": "core-db"}, 3, [("impact", 3, 1)]),
        ({"impact": 2, "urgency": 2, "configuration_item": "core-db", "reporter.vip": True}, 1,
         [("urgency", 2, 1), ("impact", 2, 1)]),
        ({"impact": 3, "urgency": 3, "affected_users": 99}, 5, []),
        ({"impact": 3, "urgency": 3, "affected_users": 100}, 2, [("priority", 5, 2)]),
        ({"impact": 1, "urgency": 1, "affected_users": 100}, 1, []),
        ({"urgency": 2, "configuration_item": "core-db"}, 2, [("impact", None, 1)]),
        ({"impact": 2, "reporter.vip": True}, 2, [("urgency", None, 1)]),
        ({"impact": 2, "affected_users": 500}, 2, [("priority", None, 2)]),
        ({"impact": 2}, None, []),
        ({}, None, []),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_what_rules_raise(facts: dict[str, Any], derived: int | None, raised: list[tuple[Any, ...]]) -> None:
    """VIPs, critical items and many affected users, alone and together; what is high already stays."""
    found = derive(ITIL_3X3, HOUSE, facts)
    assert found.derived == found.priority == derived
    assert [(each.what, each.before, each.after) for each in found.raised] == raised


def test_a_later_rule_sees_what_an_earlier_one_raised() -> None:
    """The order of rules counts for their conditions."""
    urgent = PriorityRule(Eq("urgency", 1), impact_at_least=2)
    facts = {"impact": 3, "urgency": 3, "reporter.vip": True}
    assert derive(ITIL_3X3, [VIP, urgent], facts).derived == 2
    assert derive(ITIL_3X3, [urgent, VIP], facts).derived == 3


@pytest.mark.parametrize(
    ("facts", "derived", "raised"),
    [
        ({"estimated_outage_minutes": 240, "cost_per_minute": 100}, 3, [("impact", 3, 1)]),
        ({"estimated_outage_minutes": 239.5, "cost_per_minute": 100}, 5, []),
        ({"estimated_outage_minutes": 240, "cost_per_minute": 99.99}, 5, []),
        ({"estimated_outage_minutes": 240}, 5, []),
        ({"item_cost": 50_000}, 4, [("impact", 3, 2)]),
        ({"item_cost": 49_999.99}, 5, []),
        ({"item_cost": 80_000, "estimated_outage_minutes": 600, "cost_per_minute": 900}, 3, [("impact", 3, 1)]),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_what_an_outage_costs_raises(
    facts: dict[str, Any], derived: int, raised: list[tuple[Any, ...]]
) -> None:
    """Its length and the cost of a minute, and what the thing that failed costs; half of it known raises nothing."""
    found = derive(ITIL_3X3, [DEAR, SPARE], {"impact": 3, "urgency": 3, **facts})
    assert found.derived == derived
    assert [(each.what, each.before, each.after) for each in found.raised] == raised


@pytest.mark.parametrize(
    ("item", "impact", "derived"),
    [("core-db", 3, 3), ("mail", 3, 4), ("mail", 1, 3), ("pc", 3, 5), ("unknown", 3, 5), (None, 3, 5)],
)
def test_items_set_a_floor_for_the_impact(item: str | None, impact: int, derived: int) -> None:
    """An incident of an item has at least its impact; one of another item, or of none, is as recorded."""
    items = [
        ConfigurationItem("mail", impact=2),
        ConfigurationItem("core-db", impact=1),
        ConfigurationItem("pc"),
    ]
    facts = {"impact": impact, "urgency": 3, "configuration_item": item}
    assert [rule.impact_at_least for rule in item_floors(items)] == [1, 2]
    assert derive(ITIL_3X3, item_floors(items), facts).derived == derived


@given(st.lists(st.builds(ConfigurationItem, st.sampled_from("abcde"), impact=st.none() | st.integers(1, 3))))
def test_the_highest_impact_of_an_item_counts(items: list[ConfigurationItem]) -> None:
    """Whatever their order, and also where an item is told twice."""
    for name in "abcde":
        floors = [item.impact for item in items if item.id == name and item.impact is not None]
        found = derive(ITIL_3X3, item_floors(items), {"impact": 3, "urgency": 1, "configuration_item": name})
        assert found.derived == min([*floors, 3])  # of urgency 1, the priority is the impact


def test_a_raise_by_cost_says_why() -> None:
    """The words name both facts and their floors."""
    facts = {"impact": 3, "urgency": 3, "estimated_outage_minutes": 300, "cost_per_minute": 250.5}
    assert derive(ITIL_3X3, [DEAR], facts).explain().splitlines()[1] == (
        "- dear: impact Low -> High, because"
        " estimated_outage_minutes is at least 240 and cost_per_minute is at least 100."
    )


levels = st.none() | st.integers(1, 3)
rules = st.lists(
    st.builds(
        PriorityRule,
        st.sampled_from([VIP.when, CORE.when, MANY.when, DEAR.when, AnyOf([VIP.when, Eq("impact", 2)])]),
        impact_at_least=levels,
        urgency_at_least=levels,
        priority_at_least=st.integers(1, 5),
    ),
    max_size=4,
)
situations = st.fixed_dictionaries(
    {"impact": levels, "urgency": levels},
    optional={
        "reporter.vip": st.booleans(),
        "affected_users": st.integers(0, 200),
        "estimated_outage_minutes": st.floats(0, 600),
        "cost_per_minute": st.floats(0, 300),
        "configuration_item": st.sampled_from(["core-db", "pc"]),
    },
)


@given(rules, situations)
def test_rules_never_lower(rules: list[PriorityRule], facts: dict[str, Any]) -> None:
    """With rules the priority is at least what the matrix alone gives, and each step of the way is a raise."""
    alone, found = derive(ITIL_3X3, [], facts).derived, derive(ITIL_3X3, rules, facts)
    assert alone is None or (found.derived is not None and found.derived <= alone)
    assert all(each.before is None or each.after < each.before for each in found.raised)
    assert derive(ITIL_3X3, rules, {**facts}, recorded=4).priority == 4


def test_an_override_keeps_what_was_derived() -> None:
    """What was recorded stands, with its reason; the derived priority stays beside it."""
    facts = {"impact": 3, "urgency": 3, "reporter.vip": True}
    found = derive(SERVICENOW_3X3, [VIP], facts, recorded=4, reason="agreed with the caller")
    assert (found.priority, found.derived, found.overridden) == (4, 3, True)
    assert found.explain() == (
        "ServiceNow 3x3 derives P3 (Moderate): impact Low, urgency Low as recorded.\n"
        "- VIP caller: urgency Low -> High, because reporter.vip is true.\n"
        "Recorded as P4 (Low) over the derived P3 (Moderate): agreed with the caller."
    )
    same = derive(SERVICENOW_3X3, [VIP], facts, recorded=3)
    assert not same.overridden
    assert same.explain().endswith("Recorded as P3 (Moderate).")
    assert derive(ITIL_3X3, [], {}, recorded=3).explain().endswith("Recorded as P3.")
    assert (
        "over the derived P5, without a reason."
        in derive(ITIL_3X3, [], {"impact": 3, "urgency": 3}, recorded=1).explain()
    )


def test_a_priority_that_is_not_known_explains_itself() -> None:
    """What is missing is named; a rule on the priority itself tells from what to what."""
    assert derive(ITIL_3X3, [], {"impact": 2}).explain() == (
        "ITIL 3x3 derives no priority: impact Medium, urgency not known as recorded."
    )
    assert derive(ITIL_3X3, [MANY], {"impact": 2, "affected_users": 100}).explain().splitlines()[1] == (
        "- many users: priority no priority -> P2, because affected_users is at least 100."
    )


def test_recompute_or_pinned() -> None:
    """New facts move a derived priority, or the first one stands; a recorded one stands in both."""
    steps: list[dict[str, Any]] = [
        {},
        {"impact": 3, "urgency": 3},
        {"impact": 3, "urgency": 3, "reporter.vip": True},
        {"impact": 1, "urgency": 1, "reporter.vip": True},
    ]
    recorded = [None, None, None, None]
    assert prioritise(ITIL_3X3, HOUSE, steps, recorded=recorded) == (None, 5, 3, 1)
    assert prioritise(ITIL_3X3, HOUSE, steps, recorded=recorded, when_facts_change="pinned") == (
        None,
        5,
        5,
        5,
    )
    assert prioritise(ITIL_3X3, HOUSE, steps, recorded=[None, None, 4, 4]) == (None, 5, 4, 4)
    with pytest.raises(PolicyError, match="'pin' is none of its words"):
        prioritise(ITIL_3X3, [], [], recorded=[], when_facts_change="pin")  # type: ignore[arg-type]


def test_a_rule_on_a_sum_of_weights() -> None:
    """Rules go around any matrix; BMC's weights give 0 + 0 = Low, 9 + 0 = Low, 9 + 20 = Critical."""
    facts = {"impact": 4, "urgency": 4, "reporter.vip": True, "configuration_item": "core-db"}
    assert [derive(BMC_WEIGHTED, rules, facts).derived for rules in ([], [CORE], [VIP, CORE])] == [4, 4, 1]


def test_what_is_no_rule() -> None:
    """A rule that raises nothing, one that asks for what it decides, a level that is none."""
    with pytest.raises(PolicyError) as caught:
        PriorityRule(Eq("priority", 1))
    assert [fault.code for fault in caught.value.faults] == ["raises_nothing", "circular_rule"]
    with pytest.raises(RecordError, match="0 is no level"):
        PriorityRule(VIP.when, impact_at_least=0)
    low = PriorityRule(VIP.when, impact_at_least=3, urgency_at_least=4, priority_at_least=6)
    assert list(map(str, check_rules([VIP, low], ITIL_3X3))) == [
        "priority.rules[1].urgency_at_least: urgency has no level 4 (levels are 1 to 3)",
        "priority.rules[1].priority_at_least: priority has no level 6 (levels are 1 to 5)",
    ]


def test_a_value_that_cannot_be_compared() -> None:
    """A history with a text where a number belongs is told, not guessed at."""
    with pytest.raises(RecordError, match="affected_users"):
        derive(ITIL_3X3, [MANY], {"impact": 1, "urgency": 1, "affected_users": "many"})


@pytest.mark.parametrize("when", ["category is access", None, {"category": "access"}])
def test_what_is_no_condition(when: Any) -> None:
    """A rule in code takes a condition; its table belongs into a file."""
    with pytest.raises(PolicyError, match="when: expected a condition"):
        PriorityRule(when, impact_at_least=1)
