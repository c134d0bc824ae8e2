"""Who is owed a message: what was promised, and how often an audience hears."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.escalation.stories import ANN, BOB, HOUR, MINUTE, OFFICE, at, case, local, opened

from itilkit.conditions import Eq
from itilkit.errors import PolicyError
from itilkit.escalation import Cadence, communications_due
from itilkit.events import Classified, Event, PrioritySet, Reopened, Replied, RequesterWrote, Resolved
from itilkit.lifecycle import Delay

MONDAY = opened("03-09 09:00", 1)
HALF_HOUR = 30 * MINUTE


def _owed(
    events: Sequence[Event], as_of: str, *cadences: Cadence, until: str | None = None
) -> list[tuple[str, str]]:
    seen = case([*MONDAY, *events], as_of)
    found = communications_due(seen, cadences, until=at(until) if until else None, calendar=OFFICE)
    return [(local(each.at), each.why.split(" ")[0]) for each in found]


def _told(when: str, audience: str | None = None, *, news: str | None = None, **other: bool) -> Event:
    return Replied(at(when), ANN, audience=audience, next_update_due_at=at(news) if news else None, **other)  # type: ignore[arg-type]


def test_a_promised_update_is_due_when_it_was_promised() -> None:
    """Told at 09:30 to expect news at 10:00: owed from then on, until a person writes."""
    told = _told("03-09 09:30", "users", news="03-09 10:00")
    assert _owed([told], "03-09 09:59") == []
    assert _owed([told], "03-09 10:00") == [("03-09 10:00", "users")]
    assert _owed([told], "03-09 09:59", until="03-09 10:00") == [("03-09 10:00", "users")]
    assert _owed([told, _told("03-09 09:50", "users")], "03-09 11:00") == []
    again = _told("03-09 09:50", "users", news="03-09 10:30")
    assert _owed([told, again], "03-09 11:00") == [("03-09 10:30", "users")]


@pytest.mark.parametrize(
    ("answer", "answers"),
    [
        (_told("03-09 10:05", "users"), True),
        (_told("03-09 10:05"), True),
        (_told("03-09 10:05", public=False), False),
        (_told("03-09 10:05", "management"), False),
        (_told("03-09 10:05", "users", automatic=True), False),
        (RequesterWrote(at("03-09 10:05"), BOB), False),
        (Resolved(at("03-09 10:05"), ANN), True),
    ],
    ids=["same audience", "not recorded", "private", "others", "automatic", "the user wrote", "resolved"],
)
def test_what_answers_a_promise(answer: Event, *, answers: bool) -> None:
    """A message by a person to that audience, or the end of the incident."""
    told = _told("03-09 09:30", "users", news="03-09 10:00")
    assert _owed([told, answer], "03-09 11:00") == ([] if answers else [("03-09 10:00", "users")])


def test_an_automatic_promise_is_owed() -> None:
    """A bot that promises news has promised them; its next empty reply takes nothing back."""
    bot = _told("03-09 09:01", "users", news="03-09 09:31", automatic=True)
    assert _owed([bot, _told("03-09 09:02", "users", automatic=True)], "03-09 10:00") == [
        ("03-09 09:31", "users")
    ]


def test_a_cadence_counts_from_the_last_message() -> None:
    """Stakeholders hear every half hour: 09:30 from the opening, 10:10 from a message at 09:40."""
    cadence = Cadence(HALF_HOUR, "stakeholders")
    assert _owed([], "03-09 09:29", cadence) == []
    assert _owed([], "03-09 09:30", cadence) == [("03-09 09:30", "stakeholders")]
    told = _told("03-09 09:40", "stakeholders")
    assert _owed([told], "03-09 10:09", cadence) == []
    assert _owed([told], "03-09 10:10", cadence) == [("03-09 10:10", "stakeholders")]
    assert _owed([_told("03-09 09:40", "users")], "03-09 10:00", cadence) == [("03-09 09:30", "stakeholders")]


def test_a_cadence_for_a_priority_counts_from_when_it_came() -> None:
    """P3 every four hours, P1 every half hour: raised at 10:00, owed at 10:30; lowered again, at 14:00."""
    cadences = (Cadence(4 * HOUR, "users", priorities=3), Cadence(HALF_HOUR, "users", priorities=[1, 2]))
    raised = [
        PrioritySet(at("03-09 09:00"), ANN, priority=3),
        _told("03-09 09:10", "users"),
        PrioritySet(at("03-09 10:00"), ANN, priority=1),
    ]
    lowered = [*raised, PrioritySet(at("03-09 10:10"), ANN, priority=3)]
    assert _owed(raised[:2], "03-09 15:00", *cadences) == [("03-09 13:10", "users")]
    assert _owed(raised, "03-09 15:00", *cadences) == [("03-09 10:30", "users")]
    assert _owed(lowered, "03-09 15:00", *cadences) == [("03-09 14:10", "users")]
    assert _owed([PrioritySet(at("03-09 09:00"), ANN, priority=4)], "03-09 15:00", *cadences) == []


def test_the_earlier_of_promise_and_cadence_counts() -> None:
    """One message is owed to an audience, not two."""
    cadence = Cadence(HALF_HOUR, "users")
    soon, late = (_told("03-09 09:10", "users", news=f"03-09 {when}") for when in ("09:20", "12:00"))
    assert _owed([soon], "03-09 13:00", cadence) == [("03-09 09:20", "users")]
    assert _owed([late], "03-09 13:00", cadence) == [("03-09 09:40", "users")]


def test_audiences_are_told_apart_and_the_earliest_comes_first() -> None:
    """Two cadences and a promise to a third audience."""
    history = [_told("03-09 09:05", "regulator", news="03-09 09:45")]
    cadences = (Cadence(HOUR, "users"), Cadence(HALF_HOUR, "management", to="duty_manager"))
    assert _owed(history, "03-09 12:00", *cadences) == [
        ("03-09 09:30", "management"),
        ("03-09 09:45", "regulator"),
        ("03-09 10:00", "users"),
    ]


def test_a_due_message_proposes_no_event() -> None:
    """Only a person can write it: who owes it, why, and no event."""
    [found] = communications_due(
        case(MONDAY, "03-09 10:00"), [Cadence(Delay(open_time=HOUR), to=["desk"])], calendar=OFFICE
    )
    assert (found.kind, found.event, found.notify, found.number) == ("communication", None, ("desk",), "INC1")
    assert found.why == (
        "readers hear every 1h of open time, counted from the beginning: Mon 2026-03-09 10:00 Europe/London"
    )
    [later] = communications_due(case([*MONDAY, _told("03-09 09:20")], "03-09 11:00"), [Cadence(HOUR)])
    assert later.why == "readers hear every 1h, counted from the last message: Mon 2026-03-09 10:20 UTC"


def test_a_cadence_with_a_condition() -> None:
    """Only while it is known to hold."""
    cadence = Cadence(HOUR, "users", when=Eq("service", "payments"))
    assert _owed([], "03-09 12:00", cadence) == []
    assert _owed([Classified(at("03-09 09:10"), ANN, service="payments")], "03-09 12:00", cadence) == [
        ("03-09 10:00", "users")
    ]
    seen = case(MONDAY, "03-09 12:00")
    known = [{"service": "payments"}] * len(seen.timeline.beats)
    assert len(communications_due(seen, [cadence], known=known)) == 1


def test_only_an_open_incident_owes_messages() -> None:
    """Not before it is opened, not once it is resolved, and again after a reopening."""
    cadence = Cadence(HOUR, "users")
    assert communications_due(case(MONDAY, "03-09 08:00"), [cadence]) == ()
    resolved: list[Event] = [Resolved(at("03-09 09:30"), ANN)]
    assert _owed(resolved, "03-09 15:00", cadence) == []
    assert _owed([*resolved, Reopened(at("03-09 10:30"), BOB)], "03-09 15:00", cadence) != []


def test_open_time_needs_a_calendar() -> None:
    """A cadence in open time without a calendar is told."""
    with pytest.raises(PolicyError, match="pass calendar="):
        communications_due(case(MONDAY, "03-09 12:00"), [Cadence(Delay(open_time=timedelta(hours=1)))])


def test_an_automatic_reply_does_not_count_as_a_message() -> None:
    """A bot at 09:20 moves no cadence."""
    bot = _told("03-09 09:20", "users", automatic=True)
    assert _owed([bot], "03-09 12:00", Cadence(HALF_HOUR, "users")) == [("03-09 09:30", "users")]
