"""What happened: events as values, checked at the door."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import attrs
import pytest

from itilkit import events as happened
from itilkit.errors import InstantError, RecordError
from itilkit.events import (
    Assigned,
    Classified,
    Closed,
    Escalated,
    Event,
    Excluded,
    Fields,
    Held,
    Linked,
    Logged,
    Noted,
    Person,
    PrioritySet,
    Resolved,
)
from itilkit.vocabulary import Channel, HoldReason, Impact, Priority

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
# What the events ask for beside their instant.
NEEDS = {
    PrioritySet: {"priority": 3},
    Escalated: {"kind": "hierarchical"},
    Linked: {"kind": "problem", "to": "PRB1"},
    Excluded: {"start": NINE, "end": NINE},
}


@pytest.mark.parametrize("kind", get_args(Event))
def test_an_event_is_a_value(kind: type[Event]) -> None:
    """Every event is frozen, hashable, equal by value and picklable; people may be given by their id."""
    event = kind(NINE, "ann", **NEEDS.get(kind, {}))  # type: ignore[arg-type]  # an id, and the table's values
    assert event.at == NINE
    assert event.by == Person("ann")
    assert (event.state, event.inferred) == (None, False)
    assert pickle.loads(pickle.dumps(event)) == event  # noqa: S301
    assert hash(event) == hash(attrs.evolve(event))
    assert attrs.evolve(event, state="Active") != event
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        event.at = NINE  # type: ignore[misc]  # the mistake under test


def test_the_union_is_closed() -> None:
    """The union names every event of the room, and the room offers them all."""
    assert {kind.__name__ for kind in get_args(Event)} <= set(happened.__all__)
    assert set(happened.__all__) - {kind.__name__ for kind in get_args(Event)} == {
        "Event",
        "Fields",
        "Person",
        "Scalar",
    }


def test_instants_are_turned_to_utc() -> None:
    """At the door, in every event and in every field."""
    summer = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Europe/London"))
    event = Excluded(summer, start=summer, end=summer)
    assert [stamp.tzinfo for stamp in (event.at, event.start, event.end)] == [UTC] * 3
    assert Fields({"due": summer})["due"] == datetime(2026, 7, 1, 8, tzinfo=UTC)
    with pytest.raises(InstantError, match="has no zone"):
        Noted(datetime(2026, 7, 1))  # noqa: DTZ001  the mistake under test
    with pytest.raises(InstantError, match="has no zone"):
        Fields({"due": datetime(2026, 7, 1)})  # noqa: DTZ001  the mistake under test


def test_words_become_members() -> None:
    """Words of closed lists may be given as texts; levels become plain integers."""
    assert Held(NINE, reason="awaiting_user").reason is HoldReason.AWAITING_USER
    assert Logged(NINE, channel="phone").channel is Channel.PHONE
    assert (Held(NINE).reason, Logged(NINE).channel) == (None, None)
    assert type(PrioritySet(NINE, priority=Priority.P2).priority) is int
    assert (Classified(NINE, impact=Impact.LOW).impact, Classified(NINE).impact) == (3, None)


# The mistakes under test are mistakes to a type checker too.
wrong: Any = happened


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: wrong.Noted(NINE, 7), "expected a Person or an id, got 7"),
        (
            lambda: wrong.Held(NINE, reason="awaiting_usr"),
            r"reason: 'awaiting_usr' is no hold reason \(did you mean awaiting_user",
        ),
        (lambda: wrong.Logged(NINE, channel="fone"), r"channel: 'fone' is no channel \(did you mean phone"),
        (
            lambda: wrong.PrioritySet(NINE, priority=0),
            r"0 is no level \(levels are whole numbers; 1 is the highest\)",
        ),
        (lambda: wrong.PrioritySet(NINE, priority="2"), "'2' is no level"),
        (lambda: wrong.PrioritySet(NINE, priority=True), "True is no level"),
        (lambda: wrong.PrioritySet(NINE, priority=None), "None is no level"),
        (lambda: wrong.Classified(NINE, impact=1.5), r"1\.5 is no level"),
        (lambda: wrong.Classified(NINE, urgency=-1), "-1 is no level"),
        (lambda: wrong.Escalated(NINE, kind="functional", level=0), "0 is no level"),
        (lambda: wrong.Escalated(NINE, kind="sideways"), "kind: 'sideways' is no kind of escalation"),
        (
            lambda: wrong.Linked(NINE, kind="problm", to="PRB1"),
            r"'problm' is no kind of link \(did you mean problem\?\)",
        ),
        (
            lambda: wrong.Excluded(NINE, start=NINE, end=datetime(2026, 3, 2, 8, tzinfo=UTC)),
            r"end: an exclusion cannot end \(2026-03-02T08:00:00\+00:00\) before it starts .*swap the two",
        ),
        (lambda: wrong.Fields({"tags": ["a"]}), r"tags: a field cannot hold \['a'\] \(give a text, a number"),
        (lambda: wrong.Classified(NINE, fields={"tags": {}}), "tags: a field cannot hold {}"),
    ],
)
def test_what_cannot_be_is_refused_at_the_door(build: Callable[[], object], told: str) -> None:
    """A word that is not on its list and a value of a wrong kind say what is wrong and what would be right."""
    with pytest.raises(RecordError, match=told):
        build()


def test_fields_are_an_immutable_mapping() -> None:
    """They read like a dict, compare like one, and can be hashed and pickled."""
    fields = Fields({"category": "Network", "floor": 3, "vip": True, "note": None, "share": 0.5})
    assert fields == {"floor": 3, "category": "Network", "vip": True, "note": None, "share": 0.5}
    assert hash(fields) == hash(
        Fields({"floor": 3, "category": "Network", "vip": True, "note": None, "share": 0.5})
    )
    assert (fields["floor"], fields.get("room"), len(fields), next(iter(fields))) == (3, None, 5, "category")
    assert pickle.loads(pickle.dumps(fields)) == fields  # noqa: S301
    assert repr(Fields({"floor": 3})) == "Fields({'floor': 3})"
    assert Fields({"channel": Channel.PHONE}) == {"channel": "phone"}
    assert Fields() == Fields(None) == Fields({}) == {}
    with pytest.raises(TypeError, match="does not support item assignment"):
        fields["floor"] = 4  # type: ignore[index]  # the mistake under test


def test_merging_makes_new_fields() -> None:
    """The changed values lie over the old ones, which stay as they were."""
    before = Fields({"floor": 3, "room": "A"})
    assert before.merged({"floor": 4, "wing": "N"}) == {"floor": 4, "room": "A", "wing": "N"}
    assert before == {"floor": 3, "room": "A"}
    with pytest.raises(RecordError, match="wing: a field cannot hold"):
        before.merged({"wing": []})  # type: ignore[dict-item]  # the mistake under test


def test_fields_of_an_event() -> None:
    """A plain mapping is taken, an empty one is no fields, and fields are taken as they are."""
    fields = Fields({"floor": 3})
    assert Classified(NINE, fields=fields).fields is fields
    assert Classified(NINE, fields={"floor": 3}).fields == fields
    assert Classified(NINE).fields == Classified(NINE, fields={}).fields == {}


def test_people_are_shown_by_name() -> None:
    """The name where there is one, else the id."""
    assert [str(Person("u1", name="Ann", vip=True)), str(Person("u1"))] == ["Ann", "u1"]
    assert Closed(NINE, confirmed_by="u1").confirmed_by == Person("u1")
    assert Assigned(NINE, assignee="u1").assignee == Resolved(NINE, resolver="u1").resolver
