"""A second, slow way to walk a ladder: minute by minute, as somebody would who watched an incident all along.

Nothing of `itilkit.escalation`'s reckoning is used here, no clock of `itilkit.sla` and no calendar. Where the incident
stood, and at which priority, is taken from its timeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from zoneinfo import ZoneInfo

import attrs
from tests.escalation.draws import Story, instant
from tests.escalation.stories import MINUTE

from itilkit.conditions import Always, Eq, In, Le
from itilkit.escalation import (
    BesideDue,
    Idle,
    Ladder,
    PriorityRaised,
    PriorityReached,
    ReopenedTimes,
    Rung,
    ShareOfTarget,
    SinceOpened,
)
from itilkit.lifecycle import Delay, Timeline

AHEAD = 4_000
"""How many minutes after the asking are looked at."""

_DONE = ("resolved", "closed", "cancelled")
_UPDATES_NOT = ("auto",)


@cache
def open_minutes(always: bool, length: int) -> tuple[int, ...]:
    """For each minute, how many open ones came before it."""
    zone = ZoneInfo("Europe/London")
    counted, total = [0], 0
    for minute in range(length):
        local = instant(minute).astimezone(zone)
        is_open = local.weekday() < 5 and 9 * 60 <= local.hour * 60 + local.minute < 17 * 60 + 30
        total += always or is_open
        counted.append(total)
    return tuple(counted)


@attrs.define(eq=False)
class Clock:
    """One cycle of a clock."""

    name: str
    number: int
    spent: int = 0
    doing: str = "running"


@attrs.define(eq=False)
class Turn:
    """A trigger that was reached, and when its rung fires next."""

    number: int
    cycle: Clock | None
    since: int
    wait: Delay | None
    time: int = 1
    over: bool = False


Fired = tuple[int, int, int, int]
"""Minute, place of the rung, turn, time."""


class Watcher:
    """What somebody knows who watches, and what they would have done."""

    def __init__(self, ladder: Ladder, story: Story, timeline: Timeline) -> None:
        self.ladder = ladder
        self.story = story
        self.timeline = timeline
        self.opened = open_minutes(story.always_open, story.now + AHEAD + 1)
        self.status = ""
        self.priority: int | None = None
        self.reopenings = 0
        self.raises = 0
        self.updates = 0
        self.updated = 0
        self.marks: set[str] = set()
        self.clocks: dict[str, list[Clock]] = {"response": [], "resolution": [], "next_response": []}
        self.turns: list[list[Turn]] = [[] for _ in ladder.rungs]
        self.fired: list[Fired] = []

    def watch(self) -> tuple[list[Fired], list[Fired]]:
        """What is due at the asking, and what comes."""
        beats = list(enumerate(self.story.happenings))
        due: list[Fired] = []
        for minute in range(self.story.now + AHEAD + 1):
            if minute:
                self._count(minute)
            while beats and beats[0][1][0] == minute:
                beat, (_, kind, _) = beats.pop(0)
                self._happen(kind, beat, minute)
            for place, rung in enumerate(self.ladder.rungs):
                self._reach(place, rung, minute)
                self._fire(place, rung, minute)
            if minute == self.story.now:
                due = [each for each in self.fired if self._still(each)]
                self.fired = []
        return due, self.fired

    def _count(self, minute: int) -> None:
        if self.opened[minute] > self.opened[minute - 1]:
            for cycles in self.clocks.values():
                for clock in cycles:
                    clock.spent += clock.doing == "running"

    def _happen(self, kind: str, beat: int, minute: int) -> None:
        before, now = self.status, self.timeline.statuses[beat].value
        was_done, is_done = before in _DONE, now in _DONE
        self.status = now
        if kind not in _UPDATES_NOT:
            self.updates += 1
            self.updated = minute
            for place, rung in enumerate(self.ladder.rungs):
                if isinstance(rung.at, Idle):
                    for turn in self.turns[place]:
                        turn.over = True
        if was_done and not is_done:
            self.reopenings += 1
            self.marks = set()
        mark = {"reply": "agent_reply", "write": "requester_message", "acknowledge": "acknowledged"}.get(kind)
        self.marks |= {mark} if mark else set()
        priority = self.timeline.priorities[beat]
        if self.priority is not None and priority is not None and priority < self.priority:
            self.raises += 1
        if priority != self.priority:
            self._judge_anew()
        self.priority = priority
        self._clocks(kind, was_done=was_done, is_done=is_done)

    def _judge_anew(self) -> None:
        """With another priority the clocks have other targets, and what they call for is called for from now on."""
        for place, rung in enumerate(self.ladder.rungs):
            if isinstance(rung.at, ShareOfTarget | BesideDue):
                self.turns[place] = []
                self.fired = [each for each in self.fired if each[1] != place]

    def _clocks(self, kind: str, *, was_done: bool, is_done: bool) -> None:
        touched = not (was_done and is_done)
        response, resolution, following = self.clocks.values()
        if kind == "open":
            for name, cycles in self.clocks.items():
                cycles.append(Clock(name, 1))
            return
        for clock in (*response, *following):
            if clock.doing == "running" and ((kind == "reply" and touched) or is_done):
                clock.doing = "cancelled" if self.status == "cancelled" else "stopped"
        (only,) = resolution
        if only.doing != "cancelled":
            done = "cancelled" if self.status == "cancelled" else "stopped"
            only.doing = done if is_done else "paused" if self.status == "on_hold" else "running"
        starts = kind in ("write", "reopen") and touched and not is_done
        if starts and following[-1].doing == "stopped":
            following.append(Clock("next_response", len(following) + 1))

    def _reach(self, place: int, rung: Rung, minute: int) -> None:
        known = {turn.number for turn in self.turns[place]}
        for number, cycle in self._reached(rung, minute):
            if number not in known:
                self.turns[place].append(Turn(number, cycle, minute, None))

    def _reached(self, rung: Rung, minute: int) -> Iterator[tuple[int, Clock | None]]:
        if isinstance(rung.at, ShareOfTarget | BesideDue):
            for clock in self.clocks[rung.at.target][-1:]:
                if clock.doing in ("running", "paused") and clock.spent >= self._needed(rung, rung.at.target):
                    yield clock.number, clock
            return
        counted = self._counted(rung, minute)
        for number in (
            range(1, counted + 1) if isinstance(rung.at, PriorityRaised) else (counted,) * bool(counted)
        ):
            yield number, None

    def _counted(self, rung: Rung, minute: int) -> int:
        """The turn that is reached, 0 for none."""
        match rung.at:
            case SinceOpened(after=after):
                return int(after is None or self._passed(after, 0, minute))
            case Idle(after=after):
                return self.updates if self._passed(after, self.updated, minute) else 0
            case ReopenedTimes(count=count):
                return int(self.reopenings >= count)
            case PriorityReached(level=level):
                return int(self.priority is not None and self.priority <= level)
            case _:
                return self.raises

    def _needed(self, rung: Rung, target: str) -> float:
        assert self.priority is not None
        promised = self.story.promises[target][self.priority]
        if isinstance(rung.at, ShareOfTarget):
            return promised * round(rung.at.share * 100) / 100
        assert isinstance(rung.at, BesideDue)
        return promised + rung.at.amount / MINUTE

    def _passed(self, delay: Delay, since: int, minute: int) -> bool:
        if delay.wall_time is not None:
            return minute - since >= delay.wall_time / MINUTE
        assert delay.open_time is not None
        return self.opened[minute] - self.opened[since] >= delay.open_time / MINUTE

    def _fire(self, place: int, rung: Rung, minute: int) -> None:
        for turn in self.turns[place]:
            most = 1 + (rung.repeat.times if rung.repeat else 0)
            if turn.time > most or not self._free(rung, turn):
                continue
            if turn.wait is None or self._passed(turn.wait, turn.since, minute):
                self.fired.append((minute, place, turn.number, turn.time))
                turn.time += 1
                turn.since = minute
                turn.wait = rung.repeat.every if rung.repeat else None

    def _free(self, rung: Rung, turn: Turn) -> bool:
        if turn.over:
            return False
        if turn.cycle is None and self.status in _DONE:
            return False
        if turn.cycle is not None and turn.cycle.doing not in ("running", "paused"):
            return False
        if self.status in rung.unless or self.marks & rung.unless:
            return False
        return self._holds(rung)

    def _holds(self, rung: Rung) -> bool:
        match rung.when:
            case Always():
                return True
            case Le(value=level):
                return bool(self.priority is not None and self.priority <= level)
            case In(values=words):
                return self.status in words
            case Eq(value=count):
                return bool(self.reopenings == count)
        raise AssertionError

    def _still(self, fired: Fired) -> bool:
        _, place, number, _ = fired
        rung = self.ladder.rungs[place]
        return any(self._free(rung, turn) for turn in self.turns[place] if turn.number == number)


def watched(ladder: Ladder, story: Story, timeline: Timeline) -> tuple[Sequence[Fired], Sequence[Fired]]:
    """What is due at the asking and what comes in the next minutes, in the order of time and rungs."""
    due, ahead = Watcher(ladder, story, timeline).watch()
    return sorted(due), sorted(ahead)
