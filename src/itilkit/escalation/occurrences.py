"""What a ladder calls for: each time that a rung fires, as it would be seen by somebody who watched all along."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime

import attrs

from itilkit.calendars import Calendar
from itilkit.conditions import Always, Situation, holds
from itilkit.escalation.ladder import MARKS, Ladder, Rung
from itilkit.escalation.reached import Turn, turns
from itilkit.escalation.situation import situation_at
from itilkit.lifecycle import Timeline
from itilkit.lifecycle.boundary import over_at
from itilkit.sla import Assessment, Cycle
from itilkit.spans import micros_of

__all__ = ["Occurrence", "occurrences"]

_AT_WORK = ("running", "paused", "excluded")


@attrs.frozen
class Occurrence:
    """One time that a rung fires.

    Attributes:
        place: Where the rung stands in its ladder, from 0.
        rung: The rung.
        turn: Which turn of its trigger, from 1.
        time: 1 for the first time in the turn; more are repeats.
        at: When.
        answered: Something answers it by now, fired or not.
        projected: A clock waits: `at` is when it would fire if the clock ran on from now.
    """

    place: int
    rung: Rung
    turn: int
    time: int
    at: datetime
    answered: bool = attrs.field(default=False, kw_only=True)
    projected: bool = attrs.field(default=False, kw_only=True)

    def reference(self, ladder: Ladder) -> str:
        """What its event is known by: the ladder, the rung, the turn and the time; nothing that time alone moves."""
        return f"{ladder.prefix}{self.rung.label}/{self.turn}.{self.time}"


def occurrences(
    ladder: Ladder,
    assessment: Assessment,
    calendar: Calendar | None,
    known: Sequence[Situation] | None,
) -> list[Occurrence]:
    """All that a ladder calls for, past and ahead, the earliest first; of equal instants in the order of the rungs."""
    timeline = assessment.timeline
    found: list[Occurrence] = []
    for place, rung in enumerate(ladder.rungs):
        for turn in turns(rung.at, timeline, assessment.readings, calendar):
            found += _of_turn(place, _Watch(rung, turn, timeline, known), timeline, calendar)
    return sorted(found, key=_order)


def _order(each: Occurrence) -> tuple[datetime, int, int, int]:
    return each.at, each.place, each.turn, each.time


def _of_turn(
    place: int, watch: _Watch, timeline: Timeline, calendar: Calendar | None
) -> Iterator[Occurrence]:
    rung, turn = watch.rung, watch.turn
    answered = not watch.free_at(timeline.as_of)
    at = watch.first_free(turn.at)
    time = 1
    while at is not None:
        yield Occurrence(place, rung, turn.number, time, at, answered=answered, projected=turn.projected)
        if rung.repeat is None or time > rung.repeat.times:
            return
        time += 1
        again = over_at(rung.repeat.every, at, calendar)
        at = None if again is None else watch.first_free(again)


class _Watch:
    """At which instants a turn of a rung is free to fire."""

    def __init__(self, rung: Rung, turn: Turn, timeline: Timeline, known: Sequence[Situation] | None) -> None:
        self.rung = rung
        self.turn = turn
        self.timeline = timeline
        self.cycle = turn.cycle
        self.known = known
        self.free: dict[int, bool] = {}

    def first_free(self, at: datetime) -> datetime | None:
        """The first instant from `at` on at which nothing answers; None where there is none."""
        beats = self.timeline.beats
        while not self.free_at(at):
            beat = bisect_right(beats, at)
            if beat == len(beats) or self._over(at):
                return None
            at = beats[beat]
        return at

    def free_at(self, at: datetime) -> bool:
        """Nothing answers at an instant, all that happened at it included."""
        if self._over(at):
            return False
        if self.cycle is not None and not _at_work(self.cycle, at):
            return False
        beat = bisect_right(self.timeline.beats, at) - 1
        if beat not in self.free:
            self.free[beat] = beat >= 0 and self._free(beat)
        return self.free[beat]

    def _over(self, at: datetime) -> bool:
        return self.turn.until is not None and at >= self.turn.until

    def _free(self, beat: int) -> bool:
        timeline, rung = self.timeline, self.rung
        status = timeline.statuses[beat]
        if self.cycle is None and not status.is_open:
            return False
        if status.value in rung.unless or self._happened(beat):
            return False
        if isinstance(rung.when, Always):
            return True
        here = situation_at(timeline, beat) if self.known is None else self.known[beat]
        return holds(rung.when, here)

    def _happened(self, beat: int) -> bool:
        """A mark that answers was set by a beat, since the opening or the latest reopening."""
        words = self.rung.unless.intersection(MARKS)
        if not words:
            return False
        statuses = self.timeline.statuses
        since = next(
            (b for b in range(beat, 0, -1) if statuses[b].is_open and not statuses[b - 1].is_open), 0
        )
        return any(mark.kind in words and since <= mark.beat <= beat for mark in self.timeline.marks)


def _at_work(cycle: Cycle, at: datetime) -> bool:
    """Whether a clock ran or was on hold at an instant; after `as_of`, what it does now."""
    now = micros_of(at)
    doing = next((run.doing for run in reversed(cycle.past) if run.start <= now), None)
    return doing in _AT_WORK
