"""What a ladder calls for: each time that a rung fires, as it would be seen by somebody who watched all along."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import cache

import attrs

from itilkit.calendars import Calendar
from itilkit.conditions import Always, Situation, holds
from itilkit.escalation.ladder import MARKS, Ladder, Rung
from itilkit.escalation.reached import Turn, turns
from itilkit.escalation.triggers import BesideDue, ShareOfTarget
from itilkit.lifecycle import Timeline
from itilkit.lifecycle import situations as situations_of
from itilkit.lifecycle.boundary import over_at
from itilkit.sla import Assessment
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

    @cache
    def situations() -> Sequence[Situation]:
        return situations_of(timeline) if known is None else known

    found: list[Occurrence] = []
    for place, rung in enumerate(ladder.rungs):
        answers = _Answers(rung, timeline, situations)
        for turn in turns(rung.at, timeline, assessment.readings, calendar):
            found += _of_turn(place, _Watch(rung, turn, answers), timeline.as_of, calendar)
    return sorted(found, key=_order)


def _order(each: Occurrence) -> tuple[datetime, int, int, int]:
    return each.at, each.place, each.turn, each.time


def _of_turn(place: int, watch: _Watch, as_of: datetime, calendar: Calendar | None) -> Iterator[Occurrence]:
    rung, turn = watch.rung, watch.turn
    answered = not watch.free_at(as_of)
    at = watch.first_free(turn.at)
    time = 1
    while at is not None:
        yield Occurrence(place, rung, turn.number, time, at, answered=answered, projected=turn.projected)
        if rung.repeat is None or time > rung.repeat.times:
            return
        time += 1
        again = over_at(rung.repeat.every, at, calendar)
        at = None if again is None else watch.first_free(again)


class _Answers:
    """At which beats something answers a rung, whatever the turn; each is judged once, when it is asked about."""

    def __init__(self, rung: Rung, timeline: Timeline, known: Callable[[], Sequence[Situation]]) -> None:
        self.rung = rung
        self.timeline = timeline
        self.known = known
        self.on_clock = isinstance(rung.at, ShareOfTarget | BesideDue)
        self.free: dict[int, bool] = {}
        self.marked = _marked(timeline, rung.unless.intersection(MARKS))

    def free_at(self, beat: int) -> bool:
        """Nothing answers from a beat on until the next one."""
        if beat not in self.free:
            self.free[beat] = beat >= 0 and self._free(beat)
        return self.free[beat]

    def _free(self, beat: int) -> bool:
        rung, status = self.rung, self.timeline.statuses[beat]
        if not self.on_clock and not status.is_open:
            return False
        if status.value in rung.unless or (self.marked and self.marked[beat]):
            return False
        return isinstance(rung.when, Always) or holds(rung.when, self.known()[beat])


def _marked(timeline: Timeline, words: Collection[str]) -> Sequence[bool]:
    """For each beat, whether a mark of the words was set since the opening or the latest reopening."""
    if not words:
        return ()
    beats = {mark.beat for mark in timeline.marks if mark.kind in words}
    found: list[bool] = []
    happened, was_open = False, True
    for beat, status in enumerate(timeline.statuses):
        is_open = status.is_open
        happened = (happened and (was_open or not is_open)) or beat in beats
        was_open = is_open
        found.append(happened)
    return found


class _Watch:
    """At which instants a turn of a rung is free to fire."""

    def __init__(self, rung: Rung, turn: Turn, answers: _Answers) -> None:
        self.rung = rung
        self.turn = turn
        self.answers = answers
        self.beats = answers.timeline.beats
        self.cycle = turn.cycle
        self.starts = [] if turn.cycle is None else [run.start for run in turn.cycle.past]
        self.until = turn.until if turn.cycle is None else turn.cycle.stopped_at

    def first_free(self, at: datetime) -> datetime | None:
        """The first instant from `at` on at which nothing answers; None where there is none."""
        while not self.free_at(at):
            beat = bisect_right(self.beats, at)
            if beat == len(self.beats) or self._over(at):
                return None
            at = self.beats[beat]
        return at

    def free_at(self, at: datetime) -> bool:
        """Nothing answers at an instant, all that happened at it included."""
        if self._over(at) or not self._at_work(at):
            return False
        return self.answers.free_at(bisect_right(self.beats, at) - 1)

    def _over(self, at: datetime) -> bool:
        return self.until is not None and at >= self.until

    def _at_work(self, at: datetime) -> bool:
        """Whether the clock ran or was on hold at an instant; after `as_of`, what it does now."""
        if self.cycle is None:
            return True
        place = bisect_right(self.starts, micros_of(at)) - 1
        return place >= 0 and self.cycle.past[place].doing in _AT_WORK
