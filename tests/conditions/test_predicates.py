"""What a condition answers: tables of operators, types and missing values, and the laws of joining."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.conditions import (
    INCIDENT,
    AllOf,
    Always,
    AnyOf,
    Between,
    Condition,
    Eq,
    Field,
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
    StartsWith,
    Text,
    evaluate,
    free_fields,
    holds,
)
from itilkit.errors import PolicyError, RecordError
from itilkit.vocabulary import Impact, Status

from .draws import CONDITIONS, SITUATIONS

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)

# condition, a value of its field, the verdict
TABLE: list[tuple[Condition, Any, bool]] = [
    (Eq("service", "mail"), "mail", True),
    (Eq("service", "mail"), "Mail", False),
    (Eq("impact", 1), 1, True),
    (Eq("impact", 1), 2, False),
    (Eq("impact", Impact.HIGH), Impact.HIGH, True),
    (Eq("status", "on_hold"), Status.ON_HOLD, True),
    (Eq("status", Status.ON_HOLD), "new", False),
    (Eq("reporter.vip", True), True, True),
    (Eq("reporter.vip", False), True, False),
    (Eq("opened_at", NINE), NINE.astimezone(timezone(HOUR)), True),
    (Ne("service", "mail"), "mail", False),
    (Ne("service", "mail"), "payments", True),
    (Ne("reporter.vip", True), False, True),
    (In("service", ["mail", "payments"]), "payments", True),
    (In("service", ["mail", "payments"]), "vpn", False),
    (In("status", ["new"]), Status.NEW, True),
    (In("priority", [1, 2]), 3, False),
    (NotIn("service", ["mail", "payments"]), "payments", False),
    (NotIn("service", ["mail", "payments"]), "vpn", True),
    (Lt("priority", 2), 1, True),
    (Lt("priority", 2), 2, False),
    (Le("priority", 2), 2, True),
    (Le("priority", 2), 3, False),
    (Gt("reopen_count", 2), 2, False),
    (Gt("reopen_count", 2), 3, True),
    (Ge("reopen_count", 2), 2, True),
    (Ge("reopen_count", 2), 1, False),
    (Lt("opened_at", NINE), NINE - timedelta(microseconds=1), True),
    (Ge("opened_at", NINE), NINE, True),
    (Between("impact", 2, 3), 1, False),
    (Between("impact", 2, 3), 2, True),
    (Between("impact", 2, 3), 3, True),
    (Between("impact", 2, 3), 4, False),
    (HasAny("tags", ["a", "b"]), {"b", "c"}, True),
    (HasAny("tags", ["a", "b"]), {"c"}, False),
    (HasAny("tags", ["a", "b"]), [], False),
    (HasAll("tags", ["a", "b"]), {"b", "c"}, False),
    (HasAll("tags", ["a", "b"]), ("a", "b", "c"), True),
    (StartsWith("title", "VPN"), "VPN down", True),
    (StartsWith("title", "VPN"), "vpn down", False),
    (StartsWith("title", "V*"), "VPN", False),
    (Like("title", "VPN*down"), "VPN is down", True),
    (Like("title", "VPN*down"), "VPN is down again", False),
    (Like("title", "*"), "x", True),
    (Like("title", "V?N"), "VPN", True),
    (Like("title", "V?N"), "VN", False),
    (Like("title", "[V]*"), "VPN", False),
]


def told(value: object) -> str:
    """A readable test id, the same in every process."""
    return ", ".join(sorted(value)) if isinstance(value, frozenset | set) else str(value)


@pytest.mark.parametrize(("condition", "value", "verdict"), TABLE, ids=told)
def test_a_question_is_answered_from_its_field(condition: Condition, value: Any, verdict: bool) -> None:
    """Each operator on each type gives the verdict worked out by hand, and its opposite gives the other one."""
    (name,) = free_fields(condition)
    assert evaluate(condition, {name: value}) is verdict
    assert holds(condition, {name: value}) is verdict
    assert evaluate(Not(condition), {name: value}) is not verdict


@pytest.mark.parametrize("condition", dict.fromkeys(row[0] for row in TABLE), ids=told)
def test_a_missing_value_leaves_a_question_open(condition: Condition) -> None:
    """A value that is absent or None gives None, also for the negative operators, and never holds."""
    (name,) = free_fields(condition)
    for situation in ({}, {name: None}):
        assert evaluate(condition, situation) is None
        assert evaluate(Not(condition), situation) is None
        assert not holds(condition, situation)


@pytest.mark.parametrize("value", ["mail", "", 0, False], ids=repr)
def test_known_and_missing_are_never_left_open(value: Any) -> None:
    """Whether there is a value is always known; a false or empty value is one."""
    assert evaluate(Known("service"), {"service": value}) is True
    assert evaluate(Missing("service"), {"service": value}) is False
    for situation in ({}, {"service": None}):
        assert evaluate(Known("service"), situation) is False
        assert evaluate(Missing("service"), situation) is True


# Kleene's strong tables, as published: rows and columns False, None, True.
KLEENE_AND = {(a, b): False if False in (a, b) else None if None in (a, b) else True
              for a in (False, None, True) for b in (False, None, True)}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), KLEENE_AND)
def test_joining_follows_kleene(one: bool | None, other: bool | None) -> None:
    """One False settles "all", one True settles "any", whatever is missing."""
    situation = {"reporter.vip": one, "assignee.vip": other}
    parts = [Eq("reporter.vip", True), Eq("assignee.vip", True)]
    assert evaluate(AllOf(parts), situation) is KLEENE_AND[one, other]
    opposite = {True: False, False: True, None: None}
    assert evaluate(AnyOf(parts), situation) is opposite[KLEENE_AND[opposite[one], opposite[other]]]


def test_always_holds() -> None:
    """`Always` holds in every situation and its opposite in none."""
    assert evaluate(Always(), {}) is True
    assert evaluate(Not(Always()), {"impact": 1}) is False


@given(st.lists(CONDITIONS, min_size=1, max_size=3), SITUATIONS)
def test_de_morgan(parts: list[Condition], situation: dict[str, Any]) -> None:
    """Not all is any not, and not any is all not, in three values."""
    opposites = [Not(part) for part in parts]
    assert evaluate(Not(AllOf(parts)), situation) is evaluate(AnyOf(opposites), situation)
    assert evaluate(Not(AnyOf(parts)), situation) is evaluate(AllOf(opposites), situation)


@given(CONDITIONS, SITUATIONS)
def test_double_negation(condition: Condition, situation: dict[str, Any]) -> None:
    """The opposite of the opposite is the condition itself."""
    assert evaluate(Not(Not(condition)), situation) is evaluate(condition, situation)


@given(CONDITIONS, CONDITIONS, CONDITIONS, SITUATIONS)
def test_joining_distributes(a: Condition, b: Condition, c: Condition, situation: dict[str, Any]) -> None:
    """`a and (b or c)` is `(a and b) or (a and c)`."""
    left = AllOf([a, AnyOf([b, c])])
    right = AnyOf([AllOf([a, b]), AllOf([a, c])])
    assert evaluate(left, situation) is evaluate(right, situation)


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=12))
def test_patterns_fit_as_in_the_standard_library(pattern: str, text: str) -> None:
    """`*` and `?` mean what they mean to fnmatch."""
    if pattern:
        assert evaluate(Like("title", pattern), {"title": text}) is fnmatchcase(text, pattern)


def test_a_pattern_made_to_be_slow_is_quick() -> None:
    """Many stars against a long text that does not fit need no more than pattern times text steps."""
    assert evaluate(Like("title", "*a" * 90 + "b"), {"title": "a" * 20_000}) is False


BROKEN: dict[str, tuple[Callable[[], object], list[tuple[str, str]], str]] = {
    "unknown field": (lambda: Eq("imapct", 1), [("unknown_field", "imapct")], "did you mean impact"),
    "no field": (lambda: Eq(7, 1), [("unknown_field", "")], "expected a Field"),  # type: ignore[arg-type]
    "text where a level belongs": (lambda: Le("impact", "high"), [("wrong_kind", "impact")], "got 'high'"),
    "true where a level belongs": (lambda: Le("impact", True), [("wrong_kind", "impact")], "got True"),
    "level 0": (lambda: Eq("priority", 0), [("wrong_kind", "priority")], "1 is the highest"),
    "number where a text belongs": (lambda: Eq("service", 5), [("wrong_kind", "service")], "in quotes"),
    "text where true belongs": (
        lambda: Eq("reporter.vip", "true"),
        [("wrong_kind", "reporter.vip")],
        "true or false",
    ),
    "unknown word": (lambda: Eq("status", "onhold?"), [("unknown_word", "status")], "on_hold"),
    "every bad value": (
        lambda: In("status", ["new", "nwe", 3]),
        [("unknown_word", "status[1]"), ("wrong_kind", "status[2]")],
        "did you mean new",
    ),
    "text in place of a list": (lambda: In("service", "mail"), [("not_a_list", "service")], "'mail'"),
    "empty list": (lambda: In("service", []), [("empty_list", "service")], "at least one"),
    "empty text": (lambda: Eq("service", ""), [("empty_text", "service")], "known = false"),
    "order on a text": (lambda: Lt("service", "mail"), [("wrong_operator", "service")], "starts_with"),
    "order on true and false": (
        lambda: Ge("reporter.vip", True),
        [("wrong_operator", "reporter.vip")],
        "is_not",
    ),
    "order on a closed list": (lambda: Le("status", "new"), [("wrong_operator", "status")], "makes no sense"),
    "pattern on a level": (lambda: Like("impact", "1*"), [("wrong_operator", "impact")], "at_most"),
    "one value on texts": (lambda: Eq("tags", "vpn"), [("wrong_operator", "tags")], "has_any"),
    "texts on a text": (lambda: HasAny("service", ["mail"]), [("wrong_operator", "service")], "one_of"),
    "backward range": (lambda: Between("impact", 3, 2), [("backward_range", "impact")], "swap"),
    "naive instant": (
        lambda: Lt("opened_at", datetime(2026, 3, 2)),  # noqa: DTZ001  on purpose
        [("wrong_kind", "opened_at")],
        "offset",
    ),
    "infinite number": (
        lambda: Eq(INCIDENT.having({"cost": float}).field("cost"), float("inf")),
        [("wrong_kind", "cost")],
        "inf",
    ),
    "negative count": (lambda: Eq("reopen_count", -1), [("wrong_kind", "reopen_count")], "from 0"),
    "half a count": (lambda: Eq("reopen_count", 1.5), [("wrong_kind", "reopen_count")], "whole"),
    "long pattern": (lambda: Like("title", "a" * 201), [("too_long", "title")], "200"),
    "long text": (lambda: Eq("title", "a" * 1001), [("too_long", "title")], "1000"),
    "nothing joined": (lambda: AllOf([]), [("empty_condition", "")], "Always"),
    "no condition": (lambda: AnyOf(["impact is 1"]), [("not_a_condition", "")], "part 0"),  # type: ignore[list-item]
    "no condition denied": (lambda: Not(True), [("not_a_condition", "")], "True"),  # type: ignore[arg-type]
    "no list joined": (lambda: AllOf(5), [("not_a_condition", "")], "5"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_makes_no_sense_cannot_be_built(case: str) -> None:
    """A condition with a fault raises when it is built, with every fault, its place and how to mend it."""
    build, expected, words = BROKEN[case]
    with pytest.raises(PolicyError) as caught:
        build()
    assert [(fault.code, fault.path) for fault in caught.value.faults] == expected
    assert words in str(caught.value)


def test_conditions_lie_in_each_other_no_deeper_than_is_safe() -> None:
    """Nesting is cut off with a fault long before Python's own limit."""
    condition: Condition = Eq("impact", 1)
    for _ in range(32):
        condition = Not(condition)
    assert evaluate(condition, {"impact": 1}) is True
    with pytest.raises(PolicyError, match="more than 32 deep"):
        AllOf([condition])


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        (Le("impact", 2), "high"),
        (In("service", ["mail"]), ["mail"]),
        (HasAny("tags", ["a"]), "abc"),
        (HasAll("tags", ["a"]), 5),
        (HasAll("tags", ["a"]), "abc"),
        (StartsWith("title", "V"), 5),
        (Like("title", "V*"), ["V"]),
        (Lt("opened_at", NINE), NINE.replace(tzinfo=None)),
    ],
    ids=told,
)
def test_a_value_that_cannot_be_compared_is_told(condition: Condition, value: Any) -> None:
    """A situation with a value of another kind raises RecordError with the field's name, never a bare TypeError."""
    (name,) = free_fields(condition)
    with pytest.raises(RecordError) as caught:
        evaluate(AllOf([condition, Not(condition)]), {name: value})
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [("wrong_kind", name)]


def test_free_fields_are_named_once_in_order() -> None:
    """The fields that a condition asks about, as they first stand there."""
    condition = AllOf([Eq("site", "Leeds"), Not(AnyOf([Known("impact"), Eq("site", "York")]))])
    assert free_fields(condition) == ("site", "impact")
    assert free_fields(Always()) == ()


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Eq("service", "mail"), "service is mail"),
        (Ne("title", "VPN down"), 'title is not "VPN down"'),
        (In("service", ["payments", "invoicing"]), "service is one of payments, invoicing"),
        (NotIn("priority", [4, 5]), "priority is none of 4, 5"),
        (Lt("impact", 2), "impact is below 2"),
        (Le("impact", 2), "impact is at most 2"),
        (Gt("impact", 2), "impact is above 2"),
        (Ge("opened_at", NINE), "opened_at is at least 2026-03-02T09:00:00Z"),
        (Between("impact", 1, 2), "impact is from 1 to 2"),
        (HasAny("tags", ["a", "b"]), "tags has any of a, b"),
        (HasAll("tags", ["a", "b"]), "tags has all of a, b"),
        (StartsWith("title", "VPN"), "title starts with VPN"),
        (Like("title", "*down"), "title is like *down"),
        (Known("site"), "site is known"),
        (Missing("site"), "site is not known"),
        (Always(), "always"),
        (Not(Always()), "never"),
        (Not(Eq("impact", 1)), "not (impact is 1)"),
        (
            AnyOf([AllOf([Eq("impact", 1), Eq("reporter.vip", True)]), Known("site")]),
            "(impact is 1 and reporter.vip is true) or site is known",
        ),
    ],
)
def test_a_condition_reads_as_a_sentence(condition: Condition, text: str) -> None:
    """`str` gives words that a service-level manager can read."""
    assert str(condition) == text


@given(CONDITIONS)
def test_the_representation_gives_the_condition_back(condition: Condition) -> None:
    """`repr` is the Python that builds an equal condition; so is a pickle."""
    assert eval(repr(condition), dict(globals()) | _names()) == condition  # noqa: S307  our own text
    assert pickle.loads(pickle.dumps(condition)) == condition  # noqa: S301  our own bytes
    assert len({condition, pickle.loads(pickle.dumps(condition))}) == 1  # noqa: S301


def _names() -> dict[str, object]:
    import itilkit.conditions  # noqa: PLC0415  all its names at once
    from itilkit.vocabulary import Scale  # noqa: PLC0415

    return {**vars(itilkit.conditions), "Scale": Scale}


def test_a_field_of_the_house_shows_its_type() -> None:
    """A field that is no standard one is written out in full."""
    assert repr(Eq(Field("region", Text()), "EMEA")) == "Eq(Field(name='region', type=Text()), 'EMEA')"


def test_a_set_has_one_order() -> None:
    """Which one must not hang on the run: what is written, digested or told of it stays the same."""
    words = ["e", "c", "a", "d", "b", "f"]
    assert In("category", set(words)).values == tuple("abcdef")
    assert In("category", words).values == tuple(words)
