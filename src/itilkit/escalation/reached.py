"""When is a trigger reached? The instants at which each trigger of a ladder is, by what is known at `as_of`.

A trigger is reached once for each *turn*: each cycle of a clock, each stretch without an update, each time that the
priority is raised. Turns are numbered in an order that events appended later do not change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import CalendarError
from itilkit.escalation.ladder import PREFIX
from itilkit.escalation.triggers import (
    BesideDue,
    Idle,
    PriorityRaised,
    PriorityReached,
    ReopenedTimes,
    ShareOfTarget,
    SinceOpened,
    Trigger,
)
from itilkit.events import Escalated, Event, Replied
from itilkit.lifecycle import Delay, Timeline
from itilkit.lifecycle.boundary import over_at
from itilkit.sla import Cycle, Reading
from itilkit.spans import instant_of, micros, micros_of, union

__all__ = ["Turn", "is_own", "reference_of", "turns"]


@attrs.frozen
class Turn:
    """One turn of a trigger.

    Attributes:
        number: Which one, from 1.
        at: When it is reached; a fact up to `as_of`, later if nothing more happens.
        until: When it was over by itself; None while it is not.
        cycle: The cycle of the clock that it is a turn of; None for a trigger without a clock.
        projected: The clock waits: `at` is when it would be reached if it ran on from now.
    """

    number: int
    at: datetime
    until: datetime | None = None
    cycle: Cycle | None = attrs.field(default=None, kw_only=True, eq=False)
    projected: bool = attrs.field(default=False, kw_only=True)


def reference_of(event: Event) -> str:
    """What an event that a ladder proposed is known by; empty for any other event."""
    if isinstance(event, Escalated):
        told = event.reference
    elif isinstance(event, Replied) and event.automatic:
        told = event.text
    else:
        return ""
    return told if told.startswith(PREFIX) else ""


def is_own(event: Event) -> bool:
    """A ladder proposed the event."""
    return reference_of(event) != ""


def turns(
    trigger: Trigger, timeline: Timeline, readings: Mapping[str, Reading], calendar: Calendar | None
) -> Iterator[Turn]:
    """The turns of a trigger that are reached or will be, the earliest first; none before the opening."""
    if not timeline.beats:
        return
    match trigger:
        case ShareOfTarget() | BesideDue():
            reading = readings.get(trigger.target)
            if reading is not None:
                yield from _of_clock(trigger, timeline, reading)
        case SinceOpened(after=after):
            opened = timeline.beats[0]
            at = opened if after is None else over_at(after, opened, calendar)
            if at is not None:
                yield Turn(1, at)
        case Idle(after=after):
            yield from _idle(after, timeline, calendar)
        case ReopenedTimes(count=count):
            yield from _reopened(count, timeline)
        case PriorityReached(level=level):
            yield from _priority_reached(level, timeline)
        case PriorityRaised():
            yield from _priority_raised(timeline)


def _of_clock(trigger: ShareOfTarget | BesideDue, timeline: Timeline, reading: Reading) -> Iterator[Turn]:
    for cycle in reading.cycles:
        at = _on_clock(trigger, cycle)
        if at is not None:
            known = _known_since(timeline, reading) if cycle is reading.latest else None
            yield Turn(cycle.number, at if known is None else max(at, known), cycle=cycle)
        elif cycle.state == "paused":
            at = _if_it_ran_on(trigger, cycle, timeline)
            if at is not None:
                yield Turn(cycle.number, at, cycle=cycle, projected=True)


def _spent(trigger: ShareOfTarget | BesideDue, target: timedelta) -> timedelta:
    """How much open time is spent when the trigger is reached."""
    return target * trigger.share if isinstance(trigger, ShareOfTarget) else target + trigger.amount


def _on_clock(trigger: ShareOfTarget | BesideDue, cycle: Cycle) -> datetime | None:
    if cycle.target is not None:
        return cycle.when(_spent(trigger, cycle.target))
    return _beside_due(trigger, cycle, cycle.due_at)


def _beside_due(trigger: ShareOfTarget | BesideDue, cycle: Cycle, due_at: datetime | None) -> datetime | None:
    """On a target in working days: its due instant, or open time before or after it; other shares have no instant."""
    if due_at is None or cycle.goal is None:
        return None
    if isinstance(trigger, ShareOfTarget):
        return due_at if trigger.share == 1 else None
    calendar = cycle.goal.calendar
    found = calendar.earliest(calendar.open_at(micros_of(due_at)) + micros(trigger.amount))
    return None if found is None else max(instant_of(found), cycle.started_at)


def _if_it_ran_on(trigger: ShareOfTarget | BesideDue, cycle: Cycle, timeline: Timeline) -> datetime | None:
    """When a clock that waits would get there, if it ran on from now."""
    if cycle.target is None or cycle.goal is None:
        return _beside_due(trigger, cycle, cycle.projected_due_at)
    calendar, at = cycle.goal.calendar, micros_of(timeline.as_of)
    left = micros(_spent(trigger, cycle.target) - cycle.elapsed)
    spans = union((micros_of(each.start), micros_of(each.end)) for each in timeline.exclusions)
    for start, end in spans:
        if end <= at:
            continue
        before = calendar.open_at(max(start, at)) - calendar.open_at(at)
        if before >= left:
            break
        left -= before
        at = end
    try:
        return calendar.add(instant_of(at), timedelta(microseconds=left))
    except CalendarError:
        return None


def _known_since(timeline: Timeline, reading: Reading) -> datetime | None:
    """Since when the priority held that the clock is judged by, where it was another one or none before.

    Nobody could escalate at an instant that only a later change of priority put there.
    """
    track = timeline.priorities
    if reading.priority is None or all(priority == reading.priority for priority in track):
        return None
    beat = len(track) - 1
    while beat >= 0 and track[beat] != reading.priority:
        beat -= 1
    while beat > 0 and track[beat - 1] == reading.priority:
        beat -= 1
    return timeline.beats[beat] if beat >= 0 else None


def _idle(after: Delay, timeline: Timeline, calendar: Calendar | None) -> Iterator[Turn]:
    updates = [
        beat
        for beat, event in zip(timeline.beats, timeline.events, strict=True)
        if not is_own(event) and not (isinstance(event, Replied) and event.automatic)
    ]
    following: Sequence[datetime | None] = [*updates[1:], None]
    for number, (since, until) in enumerate(zip(updates, following, strict=True), start=1):
        at = over_at(after, since, calendar)
        if at is not None and (until is None or at < until):
            yield Turn(number, at, until)


def _reopened(count: int, timeline: Timeline) -> Iterator[Turn]:
    reopened = 0
    for beat in range(1, len(timeline.beats)):
        if not timeline.statuses[beat - 1].is_open and timeline.statuses[beat].is_open:
            reopened += 1
            if reopened == count:
                yield Turn(1, timeline.beats[beat])
                return


def _priority_reached(level: int, timeline: Timeline) -> Iterator[Turn]:
    number = 0
    came: datetime | None = None
    for at, priority in zip(timeline.beats, timeline.priorities, strict=True):
        there = priority is not None and priority <= level
        if there and came is None:
            came = at
            number += 1
        elif not there and came is not None:
            yield Turn(number, came, at)
            came = None
    if came is not None:
        yield Turn(number, came)


def _priority_raised(timeline: Timeline) -> Iterator[Turn]:
    number = 0
    held: int | None = None
    for beat, priority in enumerate(timeline.priorities):
        if priority is not None and held is not None and priority < held:
            number += 1
            yield Turn(number, timeline.beats[beat])
        held = priority if priority is not None else held
