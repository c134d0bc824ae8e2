"""Short histories for the tests of this room: all of them in London, in spring 2026 unless a date says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from itilkit.calendars import Calendar
from itilkit.events import Event, Logged, Person, PrioritySet
from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.records import Incident, Source
from itilkit.sla import RESOLUTION, Goal, Reading, Rule, Term, measure

LONDON = ZoneInfo("Europe/London")
OFFICE = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London", public_holidays="GB-ENG")
ALWAYS = Calendar.round_the_clock("Europe/London")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
BOB, ANN = Person("bob"), Person("ann")

Promise = timedelta | Goal | Mapping[int, Goal | None] | None


def at(text: str) -> datetime:
    """``03-06 16:30`` is in London in 2026; a Friday."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=LONDON)


def opened(when: str, priority: int = 3) -> list[Event]:
    """The user opens an incident, and its priority is set at once."""
    return [Logged(at(when), BOB, reporter=BOB), PrioritySet(at(when), ANN, priority=priority)]


def read(
    events: Iterable[Event],
    as_of: str,
    promise: Promise,
    rule: Rule = RESOLUTION,
    *,
    thresholds: Mapping[str, float | timedelta] | None = None,
    source: Source | str = "",
) -> Reading:
    """What a clock says; a bare duration is a target on the office's hours."""
    timeline = replay(Incident("INC1", events, source=source), ITIL4_DEFAULT, as_of=at(as_of), strict=False)
    terms = [Term(priority, goal_of(promise, priority)) for priority in timeline.priorities or (None,)]
    return measure(timeline, rule, terms, thresholds=thresholds, agreement="Gold")


def goal_of(promise: Promise, priority: int | None) -> Goal | None:
    """The goal for a priority."""
    if isinstance(promise, timedelta):
        return Goal(promise, OFFICE)
    if isinstance(promise, Mapping):
        return None if priority is None else promise.get(priority)
    return promise
