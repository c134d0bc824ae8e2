"""The fields that may be asked about: the standard ones, those of a house, and situations made of them."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest

from itilkit.conditions import (
    INCIDENT,
    Choice,
    FieldType,
    Flag,
    HasAny,
    Instant,
    Level,
    Number,
    Schema,
    Text,
    Texts,
    evaluate,
    situation,
)
from itilkit.errors import PolicyError, RecordError
from itilkit.events import Classified, Logged, Person
from itilkit.lifecycle.timeline import Timeline
from itilkit.records import Incident
from itilkit.vocabulary import HIGH_MEDIUM_LOW, Channel, HoldReason, Impact, Scale, Status

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Region(StrEnum):
    """A house's own closed list."""

    EMEA = "emea"
    APAC = "apac"


def test_the_standard_fields_bear_the_names_of_the_record() -> None:
    """Each field without a house is named as in events, timeline or record: one thing, one name."""
    named = {field for kind in (Classified, Logged, Incident, Timeline) for field in dir(kind)}
    named |= {field for kind in (Classified, Logged, Incident) for field in kind.__annotations__}
    named |= {"group", "assignee", "title", "reporter", "channel", "source"}
    of_persons = {
        f"{who}.{what}" for who in ("assignee", "reporter") for what in ("name", "organisation", "vip")
    }
    costs = {"estimated_outage_minutes", "cost_per_minute", "item_cost"}
    not_yet_carried = {
        "tags",
        "affected_users",
        *costs,
    }  # said in `fields`, with the type they have everywhere
    assert set(INCIDENT.fields) - named == of_persons | not_yet_carried


@pytest.mark.parametrize("name", ["estimated_outage_minutes", "cost_per_minute", "item_cost"])
def test_what_an_outage_costs_is_a_number(name: str) -> None:
    """Parts of a minute and of a coin count; nothing is below zero, and a text is no number."""
    field = INCIDENT.field(name)
    assert INCIDENT.situation({name: 12.5}) == {name: 12.5}
    assert field.type.read(0) == 0
    for wrong in (-1, "12", True, float("nan")):
        with pytest.raises(PolicyError):
            field.type.read(wrong)


def test_closed_lists_are_those_of_the_vocabulary() -> None:
    """Status, hold reason and channel take the words of their enums."""
    for name, words in (("status", Status), ("hold_reason", HoldReason), ("channel", Channel)):
        assert INCIDENT.field(name).type == Choice([word.value for word in words])


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (str, Text()),
        (int, Number(whole=True)),
        (float, Number()),
        (bool, Flag()),
        (datetime, Instant()),
        (frozenset, Texts()),
        (["a", "b"], Choice(["a", "b"])),
        (("a", "b"), Choice(["a", "b"])),
        (Region, Choice(["emea", "apac"])),
        (HIGH_MEDIUM_LOW, Level(HIGH_MEDIUM_LOW)),
        (Number(least=3), Number(least=3)),
    ],
    ids=str,
)
def test_a_house_declares_its_fields(given: object, kind: FieldType) -> None:
    """A type is a field type or stands for one."""
    assert INCIDENT.having({"own": given}).field("own").type == kind
    assert "own" not in INCIDENT.fields


def test_a_standard_field_may_be_told_more_closely() -> None:
    """A text becomes a choice, a level gets its scale and keeps its letter."""
    house = INCIDENT.having({"service": ["mail", "vpn"], "priority": Scale("p", ("Critical", "High"))})
    assert house.field("service").type == Choice(["mail", "vpn"])
    assert house.field("priority").type.read("P2") == 2
    assert house.field("priority").type.read("critical") == 1
    assert repr(house) == "<Schema an incident: 31 fields>"
    assert pickle.loads(pickle.dumps(house)) == house  # noqa: S301  our own bytes


def test_what_a_house_cannot_declare_is_told_at_once() -> None:
    """Names that are words of conditions, no type, another kind: every fault with its field."""
    with pytest.raises(PolicyError) as caught:
        INCIDENT.having(
            {
                "all": str,
                "field.x": str,
                "cost.at_most": int,
                "": str,
                "a..b": str,
                "own": 5,
                "other": list,
                "words": [],
                "numbers": [1, 2],
                "impact": str,
                "service": int,
                "fine": str,
            }
        )
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [
        ("bad_name", "all"),
        ("bad_name", "field.x"),
        ("bad_name", "cost.at_most"),
        ("bad_name", ""),
        ("bad_name", "a..b"),
        ("unknown_type", "own"),
        ("unknown_type", "other"),
        ("wrong_kind", "words"),
        ("wrong_kind", "numbers"),
        ("other_kind", "impact"),
        ("other_kind", "service"),
    ]


def test_an_unknown_field_offers_near_names() -> None:
    """A slip of the pen is told with what was perhaps meant."""
    with pytest.raises(PolicyError, match="an incident has no field 'asignee' \\(did you mean assignee"):
        INCIDENT.field("asignee")


# type, value, what is read; None: refused
READ: list[tuple[FieldType, Any, Any]] = [
    (Text(), "x", "x"),
    (Text(), "", None),
    (Text(), 5, None),
    (Choice(["on_hold", "new"]), "On-Hold", "on_hold"),
    (Choice(["on_hold", "new"]), Status.NEW, "new"),
    (Choice(["on_hold", "new"]), "old", None),
    (Choice(["on_hold", "new"]), 1, None),
    (Level(), 7, 7),
    (Level(), Impact.HIGH, 1),
    (Level(), 0, None),
    (Level(), True, None),
    (Level(), 1.0, None),
    (Level(), "1", None),
    (Level(letter="P"), "p3", 3),
    (Level(letter="P"), "3", None),
    (Level(HIGH_MEDIUM_LOW), "medium", 2),
    (Level(HIGH_MEDIUM_LOW), 4, None),
    (Level(HIGH_MEDIUM_LOW), "P1", None),
    (Number(), 1.5, 1.5),
    (Number(), 2, 2),
    (Number(), float("nan"), None),
    (Number(), "2", None),
    (Number(), True, None),
    (Number(), 2**999, 2**999),
    (Number(), 2**1000, None),
    (Number(whole=True), 1.5, None),
    (Number(least=0), -0.5, None),
    (Flag(), False, False),
    (Flag(), 0, None),
    (Flag(), "true", None),
    (Instant(), NINE.astimezone(timezone(timedelta(hours=1))), NINE),
    (Instant(), "2026-03-02T10:00:00+01:00", NINE),
    (Instant(), "2026-03-02T10:00:00", None),
    (Instant(), "soon", None),
    (Instant(), 5, None),
]


@pytest.mark.parametrize(("kind", "value", "read"), READ, ids=repr)
def test_a_value_is_read_strictly(kind: FieldType, value: object, read: object) -> None:
    """What is of the type comes out plain; everything else is refused with a fault."""
    if read is None:
        with pytest.raises(PolicyError) as caught:
            kind.read(value)
        assert caught.value.faults[0].code in {"wrong_kind", "unknown_word", "unknown_level", "empty_text"}
    else:
        found = kind.read(value)
        assert found == read
        assert type(found) is type(read)


def test_a_situation_is_flat_and_plain() -> None:
    """People and mappings are spread over dotted names, words are plain, what says nothing is left out."""
    found = situation(
        {"region": "EMEA", "site": "York", "impact": None},
        {"site": "Leeds", "service": "", "status": Status.ON_HOLD, "tags": ["a", "b"], "impact": Impact.HIGH},
        {"reporter": Person("ann", organisation="ACME"), "assignee": {"vip": True}},
        {"site": None},
    )
    assert found == {
        "region": "EMEA",
        "site": "Leeds",
        "status": "on_hold",
        "tags": frozenset({"a", "b"}),
        "impact": 1,
        "reporter": "ann",
        "reporter.organisation": "ACME",
        "reporter.vip": False,
        "assignee.vip": True,
    }
    assert type(found["status"]) is str
    assert type(found["impact"]) is int


def test_of_another_person_nothing_is_left() -> None:
    """A person laid over another one takes the place of all that was known of that one."""
    found = situation(
        {"assignee": Person("bob", name="Bob", organisation="ACME", vip=True)}, {"assignee": Person("ann")}
    )
    assert found == {"assignee": "ann", "assignee.vip": False}


def test_a_list_of_lists_is_no_set_of_texts() -> None:
    """It is told with the field, in a checked situation and where it is compared."""
    assert situation({"tags": [["a"]]}) == {"tags": [["a"]]}
    for ask in (
        lambda: INCIDENT.situation({"tags": [["a"]]}),
        lambda: INCIDENT.situation({"tags": [5]}),
        lambda: evaluate(HasAny("tags", ["a"]), situation({"tags": [["a"]]})),
    ):
        with pytest.raises(RecordError) as caught:
            ask()
        assert [(fault.code, fault.path) for fault in caught.value.faults] == [("wrong_kind", "tags")]


def test_a_checked_situation_has_plain_values() -> None:
    """`Schema.situation` makes labels levels, words plain and instants UTC."""
    house = INCIDENT.having({"impact": HIGH_MEDIUM_LOW})
    assert house.situation(
        {"impact": "medium", "status": "On hold", "opened_at": "2026-03-02T10:00:00+01:00", "tags": ("a",)}
    ) == {"impact": 2, "status": "on_hold", "opened_at": NINE, "tags": frozenset({"a"})}


def test_a_checked_situation_tells_every_fault() -> None:
    """An unknown name and every value of another type, each with its field."""
    with pytest.raises(RecordError) as caught:
        INCIDENT.situation(
            {"imapct": 1, "impact": "high", "tags": "vpn", "reporter": {"vip": 1}, "site": "Leeds"},
            {"title": 5},
        )
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [
        ("unknown_field", "imapct"),
        ("wrong_kind", "impact"),
        ("wrong_kind", "tags"),
        ("wrong_kind", "reporter.vip"),
        ("wrong_kind", "title"),
    ]


def test_mappings_within_mappings_are_left_alone() -> None:
    """Hostile depth in a situation is a value of a wrong kind, and no RecursionError."""
    deep: dict[str, Any] = {}
    for _ in range(10_000):
        deep = {"reporter": deep}
    with pytest.raises(RecordError):
        INCIDENT.situation(deep)


def test_a_schema_of_another_thing() -> None:
    """A schema is data: what is no incident has its own."""
    change = Schema("a change", {"risk": Level(HIGH_MEDIUM_LOW)})
    assert change.field("risk").type.told == "a level from 1 to 3, or High, Medium, Low"
    with pytest.raises(PolicyError, match="a change has no field 'impact'"):
        change.field("impact")


def test_a_field_reads_as_its_name() -> None:
    """In a sentence a field is its name."""
    assert str(INCIDENT.field("reporter.vip")) == "reporter.vip"
