"""Conditions as plain data: what a file may say, what it may not, and that nothing is lost on the way."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
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
    from_data,
    to_data,
)
from itilkit.errors import Fault, PolicyError
from itilkit.vocabulary import HIGH_MEDIUM_LOW

from .draws import CONDITIONS, HOUSE

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MAIL, PAYMENTS = Eq("service", "mail"), Eq("service", "payments")

# TOML text in its shortest form, and the condition; each is read from the other.
SHORT: dict[str, tuple[str, Condition]] = {
    "one value": ('when.service = "mail"', MAIL),
    "any of a list": ('when.service = ["payments", "invoicing"]', In("service", ["payments", "invoicing"])),
    "a list of one": ('when.service = ["mail"]', In("service", ["mail"])),
    "true": ("when.reporter.vip = true", Eq("reporter.vip", True)),
    "a person": ('when.assignee = "ann"', Eq("assignee", "ann")),
    "a level": ("when.priority = 1", Eq("priority", 1)),
    "bound": ("when.priority.at_most = 2", Le("priority", 2)),
    "below": ("when.priority.below = 2", Lt("priority", 2)),
    "above": ("when.reopen_count.above = 2", Gt("reopen_count", 2)),
    "at least": ("when.affected_users.at_least = 50", Ge("affected_users", 50)),
    "between": ("when.impact.between = [1, 2]", Between("impact", 1, 2)),
    "is not": ('when.service.is_not = "mail"', Ne("service", "mail")),
    "none of": ('when.status.none_of = ["resolved", "closed"]', NotIn("status", ["resolved", "closed"])),
    "texts": ('when.tags = ["vpn", "wifi"]', HasAny("tags", ["vpn", "wifi"])),
    "all texts": ('when.tags.has_all = ["vpn", "wifi"]', HasAll("tags", ["vpn", "wifi"])),
    "beginning": ('when.title.starts_with = "VPN"', StartsWith("title", "VPN")),
    "pattern": ('when.title.like = "VPN*down"', Like("title", "VPN*down")),
    "known": ("when.site.known = true", Known("site")),
    "not known": ("when.site.known = false", Missing("site")),
    "instant": ('when.opened_at.below = "2026-03-02T09:00:00Z"', Lt("opened_at", NINE)),
    "several keys": ('when.service = "mail"\nwhen.impact = 1', AllOf([MAIL, Eq("impact", 1)])),
    "several bounds": (
        "when.impact.at_least = 2\nwhen.impact.is_not = 3",
        AllOf([Ge("impact", 2), Ne("impact", 3)]),
    ),
    "below one name": (
        'when.reporter.vip = true\nwhen.reporter.organisation = "ACME"\nwhen.reporter.is_not = "bob"',
        AllOf([Eq("reporter.vip", True), Eq("reporter.organisation", "ACME"), Ne("reporter", "bob")]),
    ),
    "any": ('when.any = [{ service = "mail" }, { impact = 1 }]', AnyOf([MAIL, Eq("impact", 1)])),
    "all": ('when.all = [{ service = "mail" }, { service = "payments" }]', AllOf([MAIL, PAYMENTS])),
    "not": ('when.not.service = "mail"', Not(MAIL)),
    "always": ("when.always = true", Always()),
    "never": ("when.not.always = true", Not(Always())),
    "all of one": ('when.all = [{ service = "mail" }]', AllOf([MAIL])),
    "all in all": (
        'when.all = [{ impact = 1 }, { service = "mail", urgency = 1 }]',
        AllOf([Eq("impact", 1), AllOf([MAIL, Eq("urgency", 1)])]),
    ),
    "keys beside any": (
        'when.impact = 1\nwhen.any = [{ service = "mail" }, { tags = ["vpn"] }]',
        AllOf([Eq("impact", 1), AnyOf([MAIL, HasAny("tags", ["vpn"])])]),
    ),
    "the order of keys is kept": (
        'when.all = [{ reporter = { vip = true } }, { impact = 1 }, { reporter = { organisation = "ACME" } }]',
        AllOf([Eq("reporter.vip", True), Eq("impact", 1), Eq("reporter.organisation", "ACME")]),
    ),
    "not beside not": (
        'when.all = [{ not = { service = "mail" } }, { not = { impact = 1 } }]',
        AllOf([Not(MAIL), Not(Eq("impact", 1))]),
    ),
}


@pytest.mark.parametrize("case", SHORT)
def test_the_short_form_reads_and_writes(case: str) -> None:
    """What a policy file says in its shortest form is the condition, and the condition is written so."""
    text, condition = SHORT[case]
    data = tomllib.loads(text)["when"]
    assert from_data(data, path="when") == condition
    assert to_data(condition) == data
    assert list(to_data(condition)) == list(data)


# Other ways of saying it, which are read and not written.
ALSO: dict[str, tuple[str, Condition]] = {
    "long": ('when = { field = "service", op = "is", value = "mail" }', MAIL),
    "long, class name": ('when = { field = "impact", op = "le", value = 2 }', Le("impact", 2)),
    "long, in": ('when = { field = "service", op = "in", value = ["mail"] }', In("service", ["mail"])),
    "long, known": ('when = { field = "site", op = "known", value = false }', Missing("site")),
    "long, between": ('when = { field = "impact", op = "between", value = [1, 2] }', Between("impact", 1, 2)),
    "all, long": (
        'when = { all = [ { field = "impact", op = "le", value = 2 },'
        ' { field = "tags", op = "has_any", value = ["payments"] } ] }',
        AllOf([Le("impact", 2), HasAny("tags", ["payments"])]),
    ),
    "written out": ('when.service.is = "mail"', MAIL),
    "written out, list": ('when.service.one_of = ["mail"]', In("service", ["mail"])),
    "one text among texts": ('when.tags = "vpn"', HasAny("tags", ["vpn"])),
    "quoted name": ('when."reporter.vip" = true', Eq("reporter.vip", True)),
    "P1": ('when.priority = ["P1", "p2"]', In("priority", [1, 2])),
    "words as people write them": ('when.status = "On Hold"', Eq("status", "on_hold")),
    "repeats": ('when.service = ["mail", "mail"]', In("service", ["mail"])),
    "TOML instant": ("when.opened_at.below = 2026-03-02T10:00:00+01:00", Lt("opened_at", NINE)),
}


@pytest.mark.parametrize("case", ALSO)
def test_other_ways_of_saying_it_are_read(case: str) -> None:
    """The long form and words as people write them mean the same."""
    text, condition = ALSO[case]
    assert from_data(tomllib.loads(text)["when"]) == condition


@given(CONDITIONS)
def test_data_give_the_condition_back(condition: Condition) -> None:
    """`from_data(to_data(x)) == x`, also through JSON text."""
    data = to_data(condition)
    assert from_data(data, HOUSE) == condition
    assert from_data(json.loads(json.dumps(data)), HOUSE) == condition
    assert to_data(from_data(data, HOUSE)) == data


def test_labels_of_a_scale_are_levels() -> None:
    """Where the schema has a scale, its labels may be written; a level beyond it is refused."""
    house = INCIDENT.having({"impact": HIGH_MEDIUM_LOW})
    assert from_data({"impact": {"at_most": "medium"}}, house) == Le(house.field("impact"), 2)
    with pytest.raises(
        PolicyError, match="impact: expected a level from 1 to 3, or High, Medium, Low, got 4"
    ):
        from_data({"impact": 4}, house)


# TOML text, and the faults: code and path.
BROKEN: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "blank": ("when = {}", [("empty_condition", "when")]),
    "blank name": ("when.service = {}", [("empty_condition", "when.service")]),
    "blank any": ("when.any = []", [("empty_condition", "when.any")]),
    "blank within": ("when.any = [{}]", [("empty_condition", "when.any[0]")]),
    "blank not": ("when.not = {}", [("empty_condition", "when.not")]),
    "a text": ('when = "impact <= 2"', [("not_a_table", "when")]),
    "a list": ("when = [{ impact = 1 }]", [("not_a_table", "when")]),
    "any of a table": ("when.any = { impact = 1 }", [("not_a_list", "when.any")]),
    "any of texts": ('when.any = ["x"]', [("not_a_table", "when.any[0]")]),
    "not of a list": ("when.not = [{ impact = 1 }]", [("not_a_table", "when.not")]),
    "always false": ("when.always = false", [("wrong_kind", "when.always")]),
    "unknown field": ("when.imapct = 1", [("unknown_field", "when.imapct")]),
    "unknown field with a table": ("when.imapct.at_most = 1", [("unknown_field", "when.imapct")]),
    "unknown below a name": ("when.reporter.vpi = true", [("unknown_key", "when.reporter.vpi")]),
    "unknown operator": ("when.impact.at_moost = 1", [("unknown_key", "when.impact.at_moost")]),
    "wrong type": ('when.impact = "high"', [("wrong_kind", "when.impact")]),
    "wrong type in a list": (
        'when.impact = [1, "high", true]',
        [("wrong_kind", "when.impact[1]"), ("wrong_kind", "when.impact[2]")],
    ),
    "wrong type under an operator": ('when.impact.at_most = "high"', [("wrong_kind", "when.impact.at_most")]),
    "wrong operator": ('when.service.at_most = "m"', [("wrong_operator", "when.service.at_most")]),
    "wrong operator between": (
        'when.service.between = ["a", "b"]',
        [("wrong_operator", "when.service.between")],
    ),
    "list of true": ("when.reporter.vip = [true, false]", [("wrong_operator", "when.reporter.vip")]),
    "one value for a list": ('when.service.one_of = "mail"', [("not_a_list", "when.service.one_of")]),
    "table in a list": ("when.service = [{ a = 1 }]", [("wrong_kind", "when.service[0]")]),
    "empty list": ("when.service = []", [("empty_list", "when.service")]),
    "empty texts": ("when.tags = []", [("empty_list", "when.tags")]),
    "empty text": ('when.service = ""', [("empty_text", "when.service")]),
    "half a range": ("when.impact.between = [1]", [("wrong_kind", "when.impact.between")]),
    "no range": ("when.impact.between = 1", [("wrong_kind", "when.impact.between")]),
    "backward range": ("when.impact.between = [2, 1]", [("backward_range", "when.impact.between")]),
    "wrong type in a range": ('when.impact.between = [1, "x"]', [("wrong_kind", "when.impact.between[1]")]),
    "known by a text": ('when.site.known = "yes"', [("wrong_kind", "when.site.known")]),
    "unknown word": ('when.hold_reason = "awaiting_usr"', [("unknown_word", "when.hold_reason")]),
    "unknown P": ('when.priority = "P0"', [("unknown_level", "when.priority")]),
    "naive instant": ("when.opened_at.below = 2026-03-02T10:00:00", [("wrong_kind", "when.opened_at.below")]),
    "bare date": ("when.opened_at.below = 2026-03-02", [("wrong_kind", "when.opened_at.below")]),
    "not a number": ("when.affected_users.above = nan", [("wrong_kind", "when.affected_users.above")]),
    "long, half": (
        'when = { field = "impact", value = 2 }',
        [("missing_key", "when.op")],
    ),
    "long, surplus": (
        'when = { field = "impact", op = "le", value = 2, service = "mail" }',
        [("unknown_key", "when.service")],
    ),
    "long, unknown operator": (
        'when = { field = "impact", op = "<=", value = 2 }',
        [("unknown_operator", "when.op")],
    ),
    "long, operator no text": (
        'when = { field = "impact", op = 3, value = 2 }',
        [("unknown_operator", "when.op")],
    ),
    "long, unknown field": (
        'when = { field = "imapct", op = "le", value = 2 }',
        [("unknown_field", "when.field")],
    ),
    "long, field no text": (
        'when = { field = ["impact"], op = "le", value = 2 }',
        [("unknown_field", "when.field")],
    ),
    "long, wrong type": (
        'when = { field = "impact", op = "le", value = "x" }',
        [("wrong_kind", "when.value")],
    ),
    "everything at once": (
        'when.any = [{ imapct = 1 }, { service = 5, all = [] }]\nwhen.not = { status = "nwe" }',
        [
            ("unknown_field", "when.any[0].imapct"),
            ("wrong_kind", "when.any[1].service"),
            ("empty_condition", "when.any[1].all"),
            ("unknown_word", "when.not.status"),
        ],
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_every_fault_is_told_with_its_path(case: str) -> None:
    """All faults at once, each with a stable code and the key where it stands."""
    text, expected = BROKEN[case]
    with pytest.raises(PolicyError) as caught:
        from_data(tomllib.loads(text)["when"], path="when")
    assert [(fault.code, fault.path) for fault in caught.value.faults] == expected


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"imapct": 1}, "did you mean impact?"),
        ({"reporter": {"vpi": True}}, "did you mean vip?"),
        ({"impact": {"at_moost": 1}}, "did you mean at_most"),
        ({"status": "nwe"}, "did you mean new?"),
        ({"field": "impact", "op": "at_mots", "value": 1}, "did you mean at_most"),
        ({}, "write always = true"),
        ({"service": ""}, "ask for known = false"),
        ([{"impact": 1}], "several tables go into any = [ ... ]"),
    ],
)
def test_a_fault_says_how_to_mend_it(data: object, words: str) -> None:
    """Near names and the right form are offered."""
    with pytest.raises(PolicyError) as caught:
        from_data(data)
    assert words in caught.value.faults[0].hint


def nested(depth: int, key: str) -> Any:
    """Tables that lie in each other."""
    data: Any = {"impact": 1}
    for _ in range(depth):
        data = {key: data if key in ("not", "reporter", "impact", "nowhere") else [data]}
    return data


@pytest.mark.parametrize("key", ["not", "all", "any", "reporter", "impact", "nowhere"])
def test_data_nested_ten_thousand_deep_are_a_fault(key: str) -> None:
    """Hostile depth gives a fault, never a RecursionError."""
    with pytest.raises(PolicyError):
        from_data(nested(10_000, key))


def test_values_nested_ten_thousand_deep_are_a_fault() -> None:
    """Hostile values, names and operators are told as being of a wrong kind, and shown in short."""
    deep: list[Any] = []
    for _ in range(10_000):
        deep = [deep]
    for data in (
        {"field": deep, "op": "le", "value": 1},
        {"field": "impact", "op": deep, "value": 1},
        {"field": "impact", "op": "le", "value": deep},
        {"impact": {"between": [1, deep]}},
        {"reporter": {"vip": deep}},
        {"always": deep},
        {"site": {"known": deep}},
        {"affected_users": 10**6_000},
    ):
        with pytest.raises(PolicyError) as caught:
            from_data(data)
        assert all(len(str(fault)) < 400 for fault in caught.value.faults)


def test_a_key_that_is_no_text_is_told() -> None:
    """What no TOML and no JSON has is a fault all the same."""
    with pytest.raises(PolicyError) as caught:
        from_data({5: 1, "impact": {5: 1}}, path="when")
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [
        ("unknown_key", "when"),
        ("unknown_key", "when.impact.5"),
    ]


def test_operators_of_one_name_are_counted_too() -> None:
    """Hostile size below one name ends the reading as well."""
    with pytest.raises(PolicyError) as caught:
        from_data({"impact": {f"o{number}": 1 for number in range(10_001)}})
    assert [fault.code for fault in caught.value.faults] == ["too_large"]


def test_depth_ends_where_that_of_conditions_does() -> None:
    """32 levels are read, also with a key beside each; more are a fault with its path."""
    assert to_data(from_data(nested(32, "not"))) == nested(32, "not")
    with pytest.raises(PolicyError) as caught:
        from_data(nested(33, "not"), path="when")
    assert caught.value.faults[0].code == "too_deep"
    data: Any = {"impact": 1}
    for _ in range(20):  # each level is a condition of two levels: all of a question and any
        data = {"impact": 1, "any": [data]}
    with pytest.raises(PolicyError) as caught:
        from_data(data, path="when")
    assert {fault.code for fault in caught.value.faults} == {"too_deep"}
    assert caught.value.faults[0].path.startswith("when")


@pytest.mark.parametrize(
    "data",
    [
        {"service": [f"s{number}" for number in range(10_001)]},
        {"any": [{"impact": 1}] * 10_001},
        {"any": [{"any": [{"impact": 1}] * 200}] * 200},
        {f"f{number}": 1 for number in range(10_001)},
    ],
    ids=["values", "parts", "parts of parts", "keys"],
)
def test_data_of_too_many_values_are_a_fault(data: object) -> None:
    """Hostile size gives one fault and ends the reading."""
    with pytest.raises(PolicyError) as caught:
        from_data(data)
    assert [fault.code for fault in caught.value.faults] == ["too_large"]


ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.datetimes(),
        st.sampled_from(["impact", "mail", "at_most", "P1", "new"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(
                st.sampled_from(
                    ["all", "any", "not", "always", "field", "op", "value", "impact", "service", "reporter", "vip",
                     "tags", "at_most", "between", "known", "one_of", "is", "opened_at"]
                ),
                st.integers(),
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=12,
)  # fmt: skip


@given(ANYTHING)
def test_whatever_is_read_is_a_condition_or_faults(data: object) -> None:
    """No data end in anything but a condition that can be written again, or faults with code and message."""
    faults: tuple[Fault, ...] = ()
    condition: Condition | None = None
    try:
        condition = from_data(data, path="when")
    except PolicyError as error:
        faults = error.faults
    assert all(fault.code and fault.message and fault.path.startswith("when") for fault in faults)
    assert (condition is None) is bool(faults)
    if condition is not None:
        assert from_data(to_data(condition)) == condition
