"""Answers for all situations at once, against a second implementation that tries every one of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itilkit.conditions import (
    INCIDENT,
    AllOf,
    Always,
    AnyOf,
    Between,
    Condition,
    Eq,
    Ge,
    Gt,
    HasAll,
    HasAny,
    In,
    Known,
    Le,
    Like,
    Lt,
    Missing,
    Ne,
    Not,
    NotIn,
    Number,
    StartsWith,
    evaluate,
    free_fields,
    holds,
    implies,
    overlaps,
    regions,
    satisfiable,
)
from itilkit.errors import PolicyError

from .draws import ABOUT_TEXT, HOUSE, QUESTIONS, all_situations, joined

FINITE = joined(QUESTIONS, leaves=5)
TEXTUAL = joined(ABOUT_TEXT, leaves=4)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
COST = HOUSE.field("cost")

# Texts of up to seven of the letters that patterns are drawn from, and one letter that stands for all others; with
# at most two patterns of four signs a shorter text fits the same patterns.
TEXTS = [None, *("".join(letters) for size in range(1, 6) for letters in product("abz", repeat=size))]


def situations(*conditions: Condition, complete: bool) -> list[dict[str, Any]]:
    """All there are over the fields of the conditions, by hand."""
    fields = tuple(dict.fromkeys(name for condition in conditions for name in free_fields(condition)))
    return [each for each in all_situations(fields) if not (complete and None in each.values())]


@given(FINITE, FINITE, st.booleans())
@settings(max_examples=100)
def test_implies_overlaps_satisfiable_equal_trying_everything(
    one: Condition, other: Condition, complete: bool
) -> None:
    """On finite domains and on numbers split at the bounds, each answer equals that of trying every situation."""
    tried = [(holds(one, each), holds(other, each)) for each in situations(one, other, complete=complete)]
    assert implies(one, other, complete=complete) is all(right for left, right in tried if left)
    assert overlaps(one, other, complete=complete) is any(left and right for left, right in tried)
    assert satisfiable(one, complete=complete) is any(left for left, _ in tried)


@given(TEXTUAL, TEXTUAL)
@settings(max_examples=100)
def test_patterns_are_told_apart_exactly(one: Condition, other: Condition) -> None:
    """No short text contradicts an answer about patterns, and each answer that there is one shows it."""
    cells = regions([one, other])
    shown = [dict(each) for each in cells]
    assert {(holds(one, each), holds(other, each)) for each in shown} >= {
        (holds(one, {"region": text}), holds(other, {"region": text})) for text in TEXTS
    }
    assert implies(one, other) is all(holds(other, each) for each in shown if holds(one, each))
    assert overlaps(one, other) is any(holds(one, each) and holds(other, each) for each in shown)


@given(st.lists(joined(st.one_of(QUESTIONS, ABOUT_TEXT), leaves=4), min_size=1, max_size=3))
def test_each_cell_is_judged_as_its_situation(conditions: list[Condition]) -> None:
    """The set of cells in which a condition holds is that of the situations in which it is True."""
    cells = regions(conditions)
    assert len(list(cells)) == len(cells)
    for condition in conditions:
        where = cells.where(condition)
        assert [bool(where >> place & 1) for place in range(len(cells))] == [
            holds(condition, each) for each in cells
        ]
        assert list(cells.cells(where)) == [each for each in cells if holds(condition, each)]


# one, other, implies, overlaps: by hand
ANSWERS: list[tuple[Condition, Condition, bool, bool]] = [
    (Eq("priority", 1), Le("priority", 2), True, True),
    (Le("priority", 2), In("priority", [1, 2]), True, True),
    (Le("priority", 3), In("priority", [1, 2]), False, True),
    (Lt("priority", 2), Eq("priority", 1), True, True),
    (Eq("service", "mail"), Ne("service", "vpn"), True, True),
    (Ne("service", "vpn"), Eq("service", "mail"), False, True),
    (Eq("service", "mail"), Eq("service", "vpn"), False, False),
    (In("service", ["mail", "vpn"]), In("service", ["vpn", "mail", "web"]), True, True),
    (Eq("service", "mail"), Known("service"), True, True),
    (NotIn("service", ["mail"]), Known("service"), True, True),
    (Missing("service"), Ne("service", "mail"), False, False),
    (Known("service"), AnyOf([Eq("service", "mail"), Ne("service", "mail")]), True, True),
    (Always(), AnyOf([Eq("service", "mail"), Ne("service", "mail")]), False, True),
    (Gt("reopen_count", 0), Ge("reopen_count", 1), True, True),
    (AllOf([Gt("reopen_count", 1), Lt("reopen_count", 2)]), Eq("site", "Leeds"), True, False),
    (AllOf([Gt(COST, 1), Lt(COST, 2)]), Between(COST, 1, 2), True, True),
    (Known("reopen_count"), Ge("reopen_count", 0), True, True),
    (AllOf([Gt("opened_at", NINE - INSTANT), Lt("opened_at", NINE + INSTANT)]), Eq("opened_at", NINE), True, True),
    (HasAll("tags", ["a", "b"]), HasAny("tags", ["b", "c"]), True, True),
    (HasAny("tags", ["a", "b"]), HasAll("tags", ["a", "b"]), False, True),
    (AllOf([Known("tags"), Not(HasAny("tags", ["a"]))]), HasAll("tags", ["a", "b"]), False, False),
    (StartsWith("title", "VPN"), Like("title", "V*"), True, True),
    (Like("title", "V?N"), StartsWith("title", "VPN"), False, True),
    (Like("title", "*down"), Like("title", "*up"), False, False),
    (Like("title", "a*"), Not(Like("title", "*")), False, False),
    (Like("title", "*a*b*"), Like("title", "*b*"), True, True),
    (Like("title", "??"), Ne("title", "abc"), True, True),
    (Eq("title", "a*"), Like("title", "a*"), True, True),
    (StartsWith("title", "a*"), Like("title", "a?b"), False, True),
    (Known("title"), Like("title", "?*"), True, True),
    (Eq("reporter.vip", True), Ne("reporter.vip", False), True, True),
    (Ne("status", "new"), In("status", ["assigned", "in_progress", "on_hold", "resolved", "closed", "cancelled"]),
     True, True),
    (Not(Always()), Eq("impact", 1), True, False),
    (Eq("impact", 1), Eq("urgency", 1), False, True),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "implied", "overlapping"), ANSWERS, ids=str)
def test_answers_worked_by_hand(one: Condition, other: Condition, implied: bool, overlapping: bool) -> None:
    """Each kind of field has its boundaries where they belong."""
    assert implies(one, other) is implied
    assert overlaps(one, other) is overlapping
    assert overlaps(other, one) is overlapping


def test_in_complete_situations_something_or_its_opposite_holds() -> None:
    """The law of the excluded middle is one of complete situations only."""
    either = AnyOf([Eq("site", "Leeds"), Not(Eq("site", "Leeds"))])
    assert implies(Always(), either, complete=True) is True
    assert implies(Always(), either) is False
    assert satisfiable(Missing("site"), complete=True) is False


def test_some_fields_are_never_missing() -> None:
    """Named fields have no missing value; the others do."""
    either = AnyOf([Eq("site", "Leeds"), Ne("site", "Leeds")])
    both = AllOf([Known("site"), either, Known("group")])
    assert implies(Always(), either, complete=["site", "service"]) is True
    assert implies(Always(), both, complete=["site"]) is False
    assert implies(Always(), both, complete=["site", "group"]) is True
    assert overlaps(Missing("site"), Missing("group"), complete={"group"}) is False
    assert satisfiable(Missing("site"), complete=("group",)) is True
    assert len(regions([both], complete=["site"])) == 4
    assert satisfiable(Missing("site"), complete="site") is False


def test_between_two_neighbouring_floats_there_is_nothing() -> None:
    """A region of numbers that no float lies in does not count as one."""
    low, high = 1.0, 1.0000000000000002
    assert satisfiable(AllOf([Gt(COST, low), Lt(COST, high)])) is False
    assert satisfiable(AllOf([Gt(COST, 2**999), Lt(COST, 2**999 + 1)])) is False
    assert satisfiable(AllOf([Gt(COST, 2**999), Lt(COST, 2**999 + 2)])) is True
    assert satisfiable(AllOf([Gt(COST, 1e300), Lt(COST, 1.1e300)])) is True


def test_numbers_go_down_as_far_as_they_go() -> None:
    """Below the lowest bound there is a region, down to the least number that occurs."""
    house = INCIDENT.having({"balance": int, "load": Number(least=0)})
    balance, load = house.field("balance"), house.field("load")
    assert satisfiable(Lt(balance, -3)) is True
    assert satisfiable(Lt(COST, -0.5)) is True
    assert satisfiable(Lt(load, 0.5)) is True
    assert satisfiable(AllOf([Gt(load, 0), Lt(load, 0.5)])) is True
    assert satisfiable(Lt(load, 0)) is False
    assert implies(Known(load), Ge(load, 0)) is True
    assert satisfiable(Lt("opened_at", datetime(1969, 1, 1, tzinfo=UTC))) is True


def test_no_instant_lies_beyond_what_a_datetime_can_say() -> None:
    """At the ends of time there is no region beyond."""
    last = datetime.max.replace(tzinfo=UTC)
    assert satisfiable(Gt("opened_at", last)) is False
    assert satisfiable(Ge("opened_at", last)) is True
    assert satisfiable(Lt("opened_at", datetime.min.replace(tzinfo=UTC))) is False


def test_a_scale_ends() -> None:
    """With a scale there is no level beyond its last one; without, there is."""
    assert satisfiable(Gt(HOUSE.field("impact"), 3)) is False
    assert satisfiable(Gt("impact", 3)) is True


def test_first_match_rules_are_judged_as_sets_of_cells() -> None:
    """A list of rules, first one wins: the shadowed rule and the gap come out of a few set operations."""
    gold, small, late = (
        In("service", ["payments"]),
        Eq("impact", 3),
        AllOf([Eq("service", "payments"), Le("impact", 2)]),
    )
    cells = regions([gold, small, late], complete=True)
    claimed, reached = 0, []
    for rule in (gold, small, late):
        where = cells.where(rule)
        reached.append(bool(where & ~claimed))
        claimed |= where
    assert reached == [True, True, False]
    gap = list(cells.cells(cells.every & ~claimed))
    assert [(each["service"], each["impact"]) for each in gap] == [("another", 1), ("another", 4)]


def test_regions_are_a_sequence_of_situations() -> None:
    """They have a length, places from both ends and slices, and show their axes."""
    cells = regions([Eq("reporter.vip", True), Eq("site", "Leeds")])
    assert repr(cells) == "<Regions: 9 cells, 3 reporter.vip x 3 site>"
    assert cells[0] == {"reporter.vip": True, "site": "Leeds"}
    assert cells[-1] == {}
    assert cells[7:] == [{"site": "another"}, {}]
    with pytest.raises(IndexError):
        cells[9]


def test_values_that_nobody_tells_apart_share_a_region() -> None:
    """Two hundred services in two lists make up as many regions as there are ways to be listed, not two hundred."""
    names = [f"s{number}" for number in range(200)]
    cells = regions([In("service", names[:150]), In("service", names[50:])])
    assert len(cells) == 5


def test_without_fields_there_is_one_cell() -> None:
    """`Always` tells nothing apart."""
    cells = regions([Always()])
    assert list(cells) == [{}]
    assert cells.where(Always()) == cells.every == 1
    assert len(regions([])) == 1


def test_a_text_that_fits_nothing_is_another_one() -> None:
    """The text that stands for all others is none of those that are asked for."""
    cells = regions([In("site", ["another", "another'"])], complete=True)
    assert [each["site"] for each in cells] == ["another", "another''"]


def many(count: int) -> list[Condition]:
    """Conditions that tell very many cells apart."""
    house = INCIDENT.having({f"f{number}": int for number in range(count)})
    return [Between(house.field(f"f{number}"), 0, 9) for number in range(count)]


def test_too_many_cells_are_told_and_not_counted() -> None:
    """Above the limit `regions` raises, and the yes-or-no questions answer None: cannot tell."""
    whole = AllOf(many(15))
    with pytest.raises(PolicyError, match="more than 1,000,000 cells"):
        regions([whole])
    assert satisfiable(whole) is None
    assert overlaps(whole, Always()) is None
    assert implies(whole, Always()) is None
    with pytest.raises(PolicyError, match="more than 8 cells"):
        regions([AllOf(many(2))], most=8)
    assert len(regions([AllOf(many(2))], most=9)) == 9


@pytest.mark.parametrize(
    "condition",
    [
        AnyOf(
            [
                Like("title", "*" + "?a" * 20 + f"*{first}*{second}*")
                for first in "abcde"
                for second in "abcde"
            ]
        ),
        HasAny("tags", [f"t{number}" for number in range(17)]),
    ],
    ids=["patterns", "texts"],
)
def test_too_many_patterns_or_texts_are_told(condition: Condition) -> None:
    """A field that has too many regions of its own is told in the same way."""
    assert satisfiable(condition) is None
    with pytest.raises(PolicyError, match="too many to tell apart"):
        regions([condition])


def test_a_million_cells_are_asked_at_once() -> None:
    """Near the limit a condition is still judged on all cells."""
    conditions = many(12)
    cells = regions(conditions)
    assert len(cells) == 3**12
    assert cells.where(AllOf(conditions)).bit_count() == 1
    assert cells.where(conditions[0]).bit_count() == 3**11


def test_regions_answer_only_what_they_were_made_for() -> None:
    """A question that their boundaries do not fit is refused rather than guessed."""
    cells = regions([Le("impact", 2)])
    with pytest.raises(PolicyError, match="whether impact is at most 1"):
        cells.where(Not(Le("impact", 1)))


def test_one_name_has_one_type() -> None:
    """Conditions of houses that differ about a field cannot be compared."""
    ours, theirs = INCIDENT.having({"region": str}), INCIDENT.having({"region": int})
    with pytest.raises(PolicyError, match="disagree about the type of region"):
        overlaps(Eq(ours.field("region"), "EMEA"), Eq(theirs.field("region"), 3))


def test_every_situation_shown_is_judged_without_complaint() -> None:
    """The situations that stand for regions are situations: `Schema.situation` takes them as they are."""
    conditions: list[Condition] = [
        Le(COST, 0.5),
        Eq("opened_at", NINE),
        HasAny("tags", ["a"]),
        Like("title", "a?b"),
        Gt("reopen_count", 2),
    ]
    for each in regions(conditions):
        assert HOUSE.situation(each) == each
        assert evaluate(conditions[0], each) in (True, False, None)
