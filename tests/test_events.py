"""What happened: events as values, checked at the door."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
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
    ModelAttached,
    Noted,
    Person,
    PrioritySet,
    Replied,
    Resolved,
    Reviewed,
    RoleLeft,
    RoleTaken,
    StepDone,
    Surveyed,
    WarRoomOpened,
)
from itilkit.vocabulary import Audience, Channel, HoldReason, Impact, Priority, Role

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
# What the events ask for beside their instant.
NEEDS = {
    PrioritySet: {"priority": 3},
    Escalated: {"kind": "hierarchical"},
    Linked: {"kind": "problem", "to": "PRB1"},
    Excluded: {"start": NINE, "end": NINE},
    RoleTaken: {"role": "incident_manager", "person": "ann"},
    RoleLeft: {"role": "incident_manager", "person": "ann"},
    WarRoomOpened: {"war_room": "Bridge 4"},
    ModelAttached: {"model": "Major incident"},
    StepDone: {"step": "Call the supplier"},
    Surveyed: {"score": 5, "scale": (1, 5)},
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
        "AppliedBy",
        "EscalationKind",
        "EscalationTrigger",
        "Event",
        "Fields",
        "LinkKind",
        "NO_FIELDS",
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
    bulletin = Replied(NINE, public=False, audience="management", channel="chat")
    assert (bulletin.audience, bulletin.channel) == (Audience.MANAGEMENT, Channel.CHAT)
    assert (Replied(NINE).audience, Replied(NINE).next_update_due_at) == (None, None)
    taken = RoleTaken(NINE, role="scribe", person="ann")
    assert (taken.role, taken.person) == (Role.SCRIBE, Person("ann"))
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
        (
            lambda: wrong.Escalated(NINE, kind="functional", trigger="whim"),
            "trigger: 'whim' is no trigger of an",
        ),
        (lambda: wrong.Escalated(NINE, kind="sideways"), "kind: 'sideways' is no kind of escalation"),
        (
            lambda: wrong.Linked(NINE, kind="problm", to="PRB1"),
            r"'problm' is no kind of link \(did you mean problem\?\)",
        ),
        (
            lambda: wrong.Excluded(NINE, start=NINE, end=datetime(2026, 3, 2, 8, tzinfo=UTC)),
            r"end: an exclusion cannot end \(2026-03-02T08:00:00\+00:00\) before it starts .*swap the two",
        ),
        (
            lambda: wrong.Resolved(NINE, applied_by="supplyer"),
            r"applied_by: 'supplyer' is no one who applies a fix",
        ),
        (lambda: wrong.Replied(NINE, audience="managment"), r"audience: .* \(did you mean management\?\)"),
        (lambda: wrong.RequesterWrote(NINE, channel="mail"), r"channel: 'mail' is no channel"),
        (lambda: wrong.RoleTaken(NINE, role="comander", person="ann"), r"role: 'comander' is no role"),
        (lambda: wrong.RoleTaken(NINE, role="sme", person=None), "person: nobody cannot take a role"),
        (lambda: wrong.RoleLeft(NINE, role="comander", person="ann"), r"role: 'comander' is no role"),
        (lambda: wrong.RoleLeft(NINE, role="sme", person=None), "person: nobody cannot take a role"),
        (lambda: wrong.WarRoomOpened(NINE, war_room=""), "war_room: '' names nothing"),
        (lambda: wrong.MajorDeclared(NINE, approved_by=7), "expected a Person or an id, got 7"),
        (lambda: wrong.ModelAttached(NINE, model=""), "model: '' names nothing"),
        (lambda: wrong.StepDone(NINE, step=3), "step: 3 names nothing"),
        (lambda: wrong.Surveyed(NINE, score=6, scale=(1, 5)), "score: 6 is no answer from 1 to 5"),
        (lambda: wrong.Surveyed(NINE, score=0.5, scale=(1, 5)), r"score: 0\.5 is no answer"),
        (lambda: wrong.Surveyed(NINE, score="5", scale=(1, 5)), "score: '5' is no answer"),
        (lambda: wrong.Surveyed(NINE, score=True, scale=(1, 5)), "score: True is no answer"),
        (lambda: wrong.Surveyed(NINE, score=float("nan"), scale=(1, 5)), "score: nan is no answer"),
        (lambda: wrong.Surveyed(NINE, score=1, scale=5), r"scale: 5 is no scale \(give the lowest"),
        (lambda: wrong.Surveyed(NINE, score=1, scale=(1, 2, 3)), "is no scale"),
        (lambda: wrong.Surveyed(NINE, score=1, scale=(5, 1)), r"\(5, 1\) is no scale"),
        (lambda: wrong.Surveyed(NINE, score=1, scale="15"), "'15' is no scale"),
        (lambda: wrong.Surveyed(NINE, score=1, scale=(1, float("inf"))), "is no scale"),
        (
            lambda: wrong.Reviewed(NINE, held_at=datetime(2026, 3, 9, tzinfo=UTC)),
            r"held_at: a review held at 2026-03-09.* cannot be on record at 2026-03-02.*record it once it was held",
        ),
        (lambda: wrong.Reviewed(NINE, held_at=datetime(2026, 3, 1)), "has no zone"),  # noqa: DTZ001
        (lambda: wrong.Fields({"tags": ["a"]}), r"tags: a field cannot hold \['a'\] \(give a text, a number"),
        (lambda: wrong.Classified(NINE, fields={"tags": {}}), "tags: a field cannot hold {}"),
    ],
)
def test_what_cannot_be_is_refused_at_the_door(build: Callable[[], object], told: str) -> None:
    """A word that is not on its list and a value of a wrong kind say what is wrong and what would be right."""
    with pytest.raises((RecordError, InstantError), match=told):
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


def test_a_person_can_be_called_back() -> None:
    """The contact is told with the call, stays as it was told, and is no part of how a person is printed."""
    ben = Person("ben", name="Ben", contact="ext. 4711")
    call = Logged(NINE, "ann", reporter=ben)
    assert call.reporter is not None
    assert (call.reporter.contact, str(call.reporter)) == ("ext. 4711", "Ben")
    assert Person("ben").contact == ""
    assert Person("ben", contact="ext. 1") != Person("ben", contact="ext. 2")


@pytest.mark.parametrize(
    ("score", "scale", "normalised"),
    [(5, (1, 5), 1), (1, (1, 5), 0), (3, (1, 5), 0.5), (0, (-1, 1), 0.5), (7.5, [0, 10], 0.75)],
)
def test_answers_on_different_scales_compare(
    score: float, scale: tuple[float, float], normalised: float
) -> None:
    """The worst answer is 0 and the best is 1, whatever the tool's scale."""
    surveyed = Surveyed(NINE, score=score, scale=scale)
    assert surveyed.normalised == normalised
    assert surveyed.scale == tuple(scale)


def test_a_review_may_be_recorded_after_it_was_held() -> None:
    """The event bears the instant of recording; both instants are UTC."""
    held = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    reviewed = Reviewed(NINE, reference="PIR1", held_at=held)
    assert (reviewed.at, reviewed.held_at) == (NINE, datetime(2026, 3, 2, 8, tzinfo=UTC))
    assert Reviewed(NINE, held_at=NINE).held_at == NINE
    assert (ModelAttached(NINE, model="M").version, StepDone(NINE, step="S").notes) == ("", "")


def test_the_reference_places_every_event() -> None:
    """The page's table of the practice names each event once, and nothing that is none."""
    page = Path(__file__).parents[1] / "docs" / "reference" / "events.md"
    table = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    named = [name for line in table for name in re.findall(r"`(\w+)`", line)]
    assert sorted(named) == sorted(kind.__name__ for kind in get_args(Event))
