"""Short histories for the tests of this room: all of them in London, in spring 2026."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from itilkit.calendars import Calendar
from itilkit.escalation import Due, Ladder, Rung, ahead, due
from itilkit.events import Event, Logged, Person, PrioritySet
from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.records import Incident
from itilkit.sla import RULES, Assessment, Goal, Term, WorkingDays, measure

LONDON = ZoneInfo("Europe/London")
OFFICE = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London")
ALWAYS = Calendar.round_the_clock("Europe/London")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ANN, BOB = Person("ann"), Person("bob")

Promises = Mapping[str, timedelta | WorkingDays | Mapping[int, timedelta]]


def at(text: str) -> datetime:
    """``03-06 16:30`` is in London in 2026; a Friday, and in winter time."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=LONDON)


def opened(when: str, priority: int = 3) -> list[Event]:
    """The user opens an incident, and its priority is set at once."""
    return [Logged(at(when), BOB, reporter=BOB), PrioritySet(at(when), ANN, priority=priority)]


def case(
    events: Iterable[Event],
    as_of: str | datetime,
    promises: Promises | None = None,
    calendar: Calendar = OFFICE,
) -> Assessment:
    """What is known of an incident, with readings of the shipped clocks."""
    now = at(as_of) if isinstance(as_of, str) else as_of
    timeline = replay(Incident("INC1", events), ITIL4_DEFAULT, as_of=now, strict=False)
    readings = {}
    for name, promise in (promises or {}).items():
        terms = []
        for priority in timeline.priorities or (None,):
            if isinstance(promise, Mapping):
                amount = promise.get(priority) if priority is not None else None
                terms.append(Term(priority, None if amount is None else Goal(amount, calendar)))
            else:
                terms.append(Term(priority, Goal(promise, calendar)))
        readings[name] = measure(timeline, RULES[name], terms, agreement="Gold")
    return Assessment(timeline, readings)


def ladder(*rungs: Rung, name: str = "Gold") -> Ladder:
    """A ladder of these rungs."""
    return Ladder(name, rungs)


def local(instant: datetime) -> str:
    """An instant as `at` takes it."""
    return f"{instant.astimezone(LONDON):%m-%d %H:%M}"


def told(dues: Iterable[Due]) -> list[str]:
    """When, and who is called in."""
    return [f"{local(each.at)} {', '.join(each.notify)}{' if' if each.projected else ''}" for each in dues]


def now_due(steps: Ladder, seen: Assessment, calendar: Calendar | None = OFFICE) -> list[str]:
    """What is due, in words."""
    return told(due(steps, seen, calendar=calendar))


def to_come(steps: Ladder, seen: Assessment, calendar: Calendar | None = OFFICE) -> list[str]:
    """What comes, in words."""
    return told(ahead(steps, seen, calendar=calendar))


def appended(seen: Assessment, events: Iterable[Event], *, later: timedelta = timedelta(0)) -> list[Event]:
    """The history with more events."""
    assert all(event.at <= seen.timeline.as_of.astimezone(UTC) + later for event in events)
    return [*seen.timeline.incident.events, *events]
