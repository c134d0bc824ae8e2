"""What a reading costs, in questions to the calendar: these do not depend on the machine."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from tests.sla.stories import ANN, HOUR, MINUTE, OFFICE, at, opened, read

from itilkit.calendars import Calendar
from itilkit.events import Event, Held, Noted, PrioritySet, Resumed
from itilkit.sla import RESOLUTION, Goal, Reading, cycle


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The instants at which the calendar is asked for its open time so far."""
    instants: list[int] = []
    open_at = Calendar.open_at

    def counting(self: Calendar, instant: int) -> int:
        instants.append(instant)
        return open_at(self, instant)

    monkeypatch.setattr(Calendar, "open_at", counting)
    return instants


def story(pauses: int) -> list[Event]:
    """So many pauses of two minutes, one every five."""
    moment = at("03-09 09:00")
    events: list[Event] = list(opened("03-09 09:00"))
    for _ in range(pauses):
        events += [Held(moment + 3 * MINUTE), Resumed(moment + 5 * MINUTE)]
        moment += 5 * MINUTE
    return events


def figures(reading: Reading) -> tuple[object, ...]:
    """What a list shows."""
    return reading.due_at, reading.outcome, reading.elapsed, reading.remaining


def test_the_cost_grows_with_the_events_and_no_faster(asked: list[int]) -> None:
    """Ten times the pauses ask ten times as many questions: one for each instant between two runs."""
    counts: list[int] = []
    for pauses in (4, 40, 400):
        asked.clear()
        figures(read(story(pauses), "03-20 09:00", 100 * HOUR))
        counts.append(len(asked))
    assert [count - 2 * pauses for count, pauses in zip(counts, (4, 40, 400), strict=True)] == [
        counts[0] - 8
    ] * 3


def test_priorities_that_change_on_one_calendar_cost_no_question(asked: list[int]) -> None:
    """A clock that may only tighten compares targets on one calendar by their amounts, however often they change."""
    rule = attrs.evolve(RESOLUTION, when_priority_changes="only tighten")
    goals = {1: Goal(HOUR, OFFICE), 3: Goal(4 * HOUR, OFFICE)}
    counts: list[int] = []
    for changes in (1, 100):
        flapping = [
            PrioritySet(at("03-09 09:00") + number * MINUTE, ANN, priority=1 if number % 2 else 3)
            for number in range(1, changes + 1)
        ]
        asked.clear()
        assert figures(read([*opened("03-09 09:00"), *flapping], "03-20 09:00", goals, rule))[0] == at(
            "03-09 10:00"
        )
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_notes_cost_no_question(asked: list[int]) -> None:
    """Events that the rule does not ask about ask the calendar nothing."""
    notes: list[Event] = [Noted(at("03-09 09:00") + minute * MINUTE, ANN) for minute in range(100)]
    figures(read(opened("03-09 09:00"), "03-20 09:00", HOUR))
    before = len(asked)
    asked.clear()
    figures(read([*opened("03-09 09:00"), *notes], "03-20 09:00", HOUR))
    assert len(asked) == before


def test_the_ledger_is_made_only_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Assessing a whole log does not pay for the words of its readings."""

    def refuse(*_: Any) -> None:
        raise AssertionError("nobody asked for a ledger")

    monkeypatch.setattr(cycle, "entries", refuse)
    reading = read(story(3), "03-20 09:00", HOUR)
    assert figures(reading)[1] == "breached"
    with pytest.raises(AssertionError, match="nobody asked"):
        reading.explain()
