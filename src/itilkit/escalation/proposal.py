"""Who must know by now, and who will have to know if nothing happens?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal

import attrs

from itilkit.calendars import Calendar
from itilkit.conditions import Always, Situation
from itilkit.escalation.ladder import Ladder
from itilkit.escalation.occurrences import Occurrence, occurrences
from itilkit.escalation.reached import reference_of
from itilkit.escalation.triggers import BesideDue, ShareOfTarget, called_by
from itilkit.events import Escalated, Event, Replied
from itilkit.sla import Assessment
from itilkit.spans import utc, zone_named

__all__ = ["Due", "DueKind", "ahead", "due", "local"]

DueKind = Literal["functional", "hierarchical", "notification", "communication", "timer"]


@attrs.frozen
class Due:
    """Something that is to be done about an incident, and when.

    Attributes:
        at: From when on; UTC.
        kind: ``functional`` or ``hierarchical`` escalation, ``notification`` (they are told and nobody is called in),
            ``communication`` (somebody owes a message), ``timer``.
        event: What to decide on and append, which is what keeps it from being due again; at `at`, or at the instant
            of asking where that is later. None where only a person can do it: the message itself is what answers.
        notify: Roles, groups or people who are to be told.
        why: Why, in words, in local time of the calendar.
        number: The incident.
        projected: A clock waits, and nobody knows when it will go on: `at` is when this would be due if the clock ran
            on from now. Never so for what is due already.

    """

    at: datetime
    kind: DueKind
    event: Event | None = attrs.field(default=None, kw_only=True)
    notify: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    why: str = attrs.field(default="", kw_only=True)
    number: str = attrs.field(default="", kw_only=True)
    projected: bool = attrs.field(default=False, kw_only=True)

    def __str__(self) -> str:
        return f"{self.number}: {self.kind} to {', '.join(self.notify) or 'nobody'}: {self.why}"


def due(
    ladder: Ladder,
    assessment: Assessment,
    *,
    calendar: Calendar | None = None,
    known: Sequence[Situation] | None = None,
) -> tuple[Due, ...]:
    """What should have been done by `as_of`, was not, and is still called for.

    Nothing is due that something has answered since, and nothing that has fired: an event is told by its reference,
    any other escalation of that kind and level to one of the same people answers the latest time before it.
    A host that appends `Due.event` is not told again.

    Args:
        ladder: When somebody is called in, and who.
        assessment: The incident and what its clocks say; its `as_of` is the instant of asking.
        calendar: What open time and working days are counted on that are no target's own.
        known: What conditions are judged on, one situation for each beat; None asks for the standard fields and the
            house's own as they were recorded.

    Returns:
        The earliest first; of equal instants in the order of the rungs. Empty before the incident is opened.

    Raises:
        PolicyError: open time or working days are to be counted and there is no calendar.

    >>> from datetime import UTC, timedelta
    >>> from itilkit.escalation import Rung
    >>> from itilkit.events import Logged
    >>> from itilkit.lifecycle import ITIL4_DEFAULT, replay
    >>> from itilkit.records import Incident
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> seen = replay(Incident("INC1", [Logged(nine)]), ITIL4_DEFAULT, as_of=nine + timedelta(hours=3))
    >>> ladder = Ladder("Desk", [Rung("2h after opened", "network", kind="functional", level=2)])
    >>> [found] = due(ladder, Assessment(seen, {}))
    >>> print(found)
    INC1: functional to network: 2h after opened: Mon 2026-03-02 11:00 UTC
    >>> found.event.reference
    'rung:Desk/2h after opened, functional 2/1.1'
    """
    as_of = assessment.timeline.as_of
    found = _unfired(ladder, assessment, calendar, known)
    return tuple(
        _proposed(each, ladder, assessment, calendar)
        for each in found
        if each.at <= as_of and not each.answered and not each.projected
    )


def ahead(
    ladder: Ladder,
    assessment: Assessment,
    *,
    until: datetime | None = None,
    calendar: Calendar | None = None,
    known: Sequence[Situation] | None = None,
) -> tuple[Due, ...]:
    """What comes after `as_of` if nothing more happens: with `due`, the whole line of time of a ladder.

    A clock on hold reaches nothing: what it would reach if it ran on from now is there with `projected`.

    Args:
        ladder: When somebody is called in, and who.
        assessment: The incident and what its clocks say.
        until: The last instant asked for; None asks for all there is, which a ladder always has an end to.
        calendar: As for `due`.
        known: As for `due`.

    Raises:
        PolicyError: open time or working days are to be counted and there is no calendar.
        InstantError: `until` has no zone.
    """
    as_of = assessment.timeline.as_of
    last = None if until is None else utc(until)
    return tuple(
        _proposed(each, ladder, assessment, calendar)
        for each in _unfired(ladder, assessment, calendar, known)
        if (each.at > as_of or each.projected) and (last is None or each.at <= last)
    )


def _unfired(
    ladder: Ladder,
    assessment: Assessment,
    calendar: Calendar | None,
    known: Sequence[Situation] | None,
) -> Iterator[Occurrence]:
    found = occurrences(ladder, assessment, calendar, known)
    fired = matched(ladder, found, assessment.timeline.events)
    return (each for place, each in enumerate(found) if place not in fired)


def matched(ladder: Ladder, found: Sequence[Occurrence], events: Iterable[Event]) -> dict[int, Event]:
    """By place in `found`, the event that fired it.

    An event that a ladder proposed says which one it is. Any other escalation fires the latest one before it that is
    of its kind and level and to one of the same people, and has not fired.
    """
    places = {each.reference(ladder): place for place, each in enumerate(found)}
    fired: dict[int, Event] = {}
    others: list[Escalated] = []
    for event in events:
        reference = reference_of(event)
        if reference in places:
            fired.setdefault(places[reference], event)
        elif isinstance(event, Escalated) and not reference:
            others.append(event)
    for event in others:
        fits = [place for place, each in enumerate(found) if place not in fired and _fits(each, event)]
        if fits:
            fired[fits[-1]] = event
    return fired


def _fits(each: Occurrence, event: Escalated) -> bool:
    rung = each.rung
    return (
        not each.projected
        and each.at <= event.at
        and rung.kind == event.kind
        and rung.level == event.level
        and (not event.to or event.to in rung.to or event.to == ", ".join(rung.to))
    )


def _proposed(each: Occurrence, ladder: Ladder, assessment: Assessment, calendar: Calendar | None) -> Due:
    timeline, rung = assessment.timeline, each.rung
    why = _why(each, assessment, calendar)
    at, reference = max(each.at, timeline.as_of), each.reference(ladder)
    event: Event
    if rung.kind == "notification":
        event = Replied(at, public=False, automatic=True, text=reference)
    else:
        event = Escalated(
            at,
            kind=rung.kind,
            to=", ".join(rung.to),
            level=rung.level,
            reason=why,
            trigger=called_by(rung.at),
            reference=reference,
        )
    return Due(
        each.at,
        rung.kind,
        event=event,
        notify=rung.to,
        why=why,
        number=timeline.incident.number,
        projected=each.projected,
    )


def _why(each: Occurrence, assessment: Assessment, calendar: Calendar | None) -> str:
    rung = each.rung
    if isinstance(rung.at, ShareOfTarget | BesideDue):
        reading = assessment.readings[rung.at.target]
        clock = reading.goal.calendar if reading.goal else None
    else:
        clock = calendar
    parts = [str(rung.at)]
    if rung.repeat and each.time > 1:
        parts.append(f"again, {each.time - 1} of {rung.repeat.times}")
    if not isinstance(rung.when, Always):
        parts.append(f"while {rung.when}")
    if rung.unless:
        parts.append(f"not {' or '.join(word.replace('_', ' ') for word in sorted(rung.unless))}")
    told = ", ".join(parts)
    return f"{told}: {'if the clock ran on, ' if each.projected else ''}{local(each.at, clock)}"


def local(at: datetime, calendar: Calendar | None) -> str:
    """An instant in local time of a calendar, UTC where there is none."""
    zone = calendar.zone if calendar else "UTC"
    return f"{at.astimezone(zone_named(zone)):%a %Y-%m-%d %H:%M} {zone}"
