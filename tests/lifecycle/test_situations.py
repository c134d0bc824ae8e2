"""What conditions are judged on, beat by beat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from itilkit.conditions import Texts
from itilkit.events import Assigned, Classified, Event, Held, Logged, Person, Reopened, Resolved, Started
from itilkit.lifecycle import PERMISSIVE, replay, situation_at, situations
from itilkit.records import Incident

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HISTORY: list[Event] = [
    Logged(NOON, title="No e-mail", reporter=Person("bob", vip=True)),
    Classified(NOON, service="mail", impact=2, fields={"region": "EU", "tags": "vip, mail"}),
    Assigned(NOON, group="desk", assignee="ann"),
    Started(NOON + timedelta(hours=1)),
    Held(NOON + timedelta(hours=2), reason="awaiting_user"),
    Resolved(NOON + timedelta(hours=3)),
    Reopened(NOON + timedelta(hours=4)),
]
SEEN = replay(
    Incident("INC1", HISTORY, customer="ACME", attributes={"region": "US"}),
    PERMISSIVE,
    as_of=NOON + timedelta(days=1),
)


def test_each_beat_tells_what_was_known_then() -> None:
    """Fields appear with the event that set them, and a reopening is counted from its beat on."""
    first, classified, assigned, _, held, _, reopened = situations(SEEN)
    assert (first["title"], first["reporter"], first["reporter.vip"]) == ("No e-mail", "bob", True)
    assert (first["customer"], first["region"], "service" in first) == ("ACME", "US", False)
    assert (classified["service"], classified["impact"]) == ("mail", 2)
    assert classified["region"] == "EU"  # an event stands over an attribute
    assert (assigned["group"], assigned["assignee"]) == ("desk", "ann")
    assert (held["status"], held["hold_reason"], held["reopen_count"]) == ("on_hold", "awaiting_user", 0)
    assert (reopened["reopen_count"], "hold_reason" in reopened) == (1, False)


def test_texts_of_the_house_are_parted() -> None:
    """A field of texts that a tool keeps as one text is read as a set."""
    assert situations(SEEN, {"tags": Texts()})[1]["tags"] == frozenset({"vip", "mail"})


def test_one_beat_is_that_beat_of_all() -> None:
    """Asking for one beat or for all of them gives the same."""
    count = len(HISTORY)
    assert tuple(situation_at(SEEN, beat) for beat in range(count)) == situations(SEEN)
    assert tuple(situation_at(SEEN, beat) for beat in range(-count, 0)) == situations(SEEN)
    with pytest.raises(IndexError):
        situation_at(SEEN, count)


def test_before_it_is_opened_only_the_record_is_known() -> None:
    """An incident that is not open yet has what never changes, and no status."""
    early = replay(SEEN.incident, PERMISSIVE, as_of=NOON - timedelta(days=1))
    assert situations(early) == ({"region": "US", "customer": "ACME"},)
