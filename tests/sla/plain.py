"""A second, slow way to measure a clock: minute by minute, with its own reading of the rules.

Nothing of `itilkit.sla` is used here, and no calendar: a minute is open when the wall clock of its zone says so. All
events lie on whole minutes, so that every minute has one meaning.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import attrs

DAYS_AHEAD = 30

Windows = tuple[tuple[int, int], ...]
"""Opening and closing in minutes since midnight; a closing at or before the opening lies on the next date."""


@attrs.frozen
class Hours:
    """A week of windows, Monday first, and the dates on which nothing opens."""

    zone: str
    week: tuple[Windows, ...]
    closed: tuple[date, ...] = ()

    def is_open(self, instant: datetime) -> bool:
        """Whether the wall clock lies in a window of its date, or of the date before that runs past midnight."""
        local = instant.astimezone(ZoneInfo(self.zone))
        minute, today = local.hour * 60 + local.minute, local.date()
        yesterday = today - timedelta(days=1)
        return any(
            opens <= minute < (closes if closes > opens else 1440) for opens, closes in self.of(today)
        ) or any(closes <= opens and minute < closes for opens, closes in self.of(yesterday))

    def of(self, day: date) -> Windows:
        """The windows that open on a date."""
        return () if day in self.closed else self.week[day.weekday()]


@cache
def open_minutes(hours: Hours, start: datetime) -> tuple[bool, ...]:
    """For every minute from an instant on, whether it is open."""
    return tuple(hours.is_open(start + timedelta(minutes=minute)) for minute in range(DAYS_AHEAD * 1440))


@cache
def closing_minutes(hours: Hours, start: datetime) -> Mapping[date, int]:
    """By working date, the minute at which the last window that opens on it closes."""
    found: dict[date, int] = {}
    zone = ZoneInfo(hours.zone)
    for ahead in range(-2, DAYS_AHEAD):
        day = start.date() + timedelta(days=ahead)
        for opens, closes in hours.of(day):
            wall = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(
                minutes=closes if closes > opens else closes + 1440
            )
            minute = (wall.astimezone(UTC) - start) // timedelta(minutes=1)
            found[day] = max(minute, found.get(day, minute))
    return found


@attrs.frozen
class Days:
    """A target in working dates; the cutoff is in minutes since midnight."""

    count: int
    opening_day: bool = False
    cutoff: int | None = None


Target = int | Days | None
"""Open minutes, working dates, or none."""


@attrs.frozen
class Axis:
    """The minutes from an instant on, as the wall clock of the hours tells them."""

    hours: Hours
    start: datetime

    @property
    def opens(self) -> tuple[bool, ...]:
        """For every minute, whether it is open."""
        return open_minutes(self.hours, self.start)

    @property
    def closes(self) -> Mapping[date, int]:
        """The minute at which each working date closes."""
        return closing_minutes(self.hours, self.start)

    def closings_until(self, target: Days, minute: int) -> int:
        """How many working dates close after a minute, up to the closing of the last one that the target counts."""
        local = (self.start + timedelta(minutes=minute)).astimezone(ZoneInfo(self.hours.zone))
        closes = self.closes
        days = sorted(closes)
        today = local.date()
        late = target.cutoff is not None and local.hour * 60 + local.minute >= target.cutoff
        if late or (target.cutoff is not None and today not in closes):
            today = next(day for day in days if day > today)
        first = [today] if target.opening_day and today in closes and minute < closes[today] else []
        counted = [*first, *(day for day in days if day > today)][: target.count]
        return sum(minute < closing <= closes[counted[-1]] for closing in closes.values())


@attrs.frozen
class Policy:
    """What is measured: which clock, against which targets, by priority."""

    clock: str
    targets: Mapping[int, Target]
    reopen: str = "continue"
    priority_change: str = "recalculate"
    pausing: bool = True
    limit: int | None = None
    suspended: bool = False


@attrs.frozen
class Happening:
    """Something that happens at a minute; `value` is a priority or the span of an exclusion."""

    minute: int
    kind: str
    value: int | tuple[int, int] = 0


@attrs.define
class _Cycle:
    start: int
    priority: int
    minutes: list[str]
    ended_at: int | None = None
    cancelled: bool = False
    suspended: bool = False
    offers: list[tuple[int, int]] = attrs.field(factory=list[tuple[int, int]])


@attrs.frozen
class Figures:
    """What the clock says, in minutes since the incident was opened."""

    cycle: int
    state: str
    elapsed: int
    paused: int
    excluded: int
    due: int | None
    breached: bool


NOT_STARTED = Figures(0, "not_started", 0, 0, 0, None, False)


def simulate(happenings: Sequence[Happening], policy: Policy, axis: Axis, now: int) -> Figures:
    """The figures of the latest cycle at a minute."""
    world = _World(policy)
    waiting = [each for each in happenings if each.minute <= now]
    for minute in range(now + 1):
        while waiting and waiting[0].minute == minute:
            world.take(waiting.pop(0))
        if minute < now:
            world.pass_minute()
    if not world.cycles:
        return NOT_STARTED
    spans = [
        each.value
        for each in happenings
        if each.minute <= now and each.kind == "exclude" and isinstance(each.value, tuple)
    ]
    return _judge(
        world, policy, axis, now, {minute for first, last in spans for minute in range(first, last)}
    )


class _World:
    """Where the incident stands and what its clock does."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.status = "open"
        self.priority = 0
        self.recorded: list[tuple[int, int]] = []
        self.cycles: list[_Cycle] = []
        self.runs = False
        self.over = False

    @property
    def cycle(self) -> _Cycle:
        return self.cycles[-1]

    def start(self, minute: int) -> None:
        self.cycles.append(_Cycle(minute, self.priority, []))
        self.runs = True

    def stop(self, minute: int) -> None:
        if self.runs:
            self.runs = False
            self.cycle.ended_at = minute

    def pass_minute(self) -> None:
        if not self.cycles:
            return
        if not self.runs or self.cycle.suspended:
            self.cycle.minutes.append("out")
        elif self.status == "held" and self.policy.pausing:
            self.cycle.minutes.append("paused")
        else:
            self.cycle.minutes.append("running")

    def take(self, event: Happening) -> None:
        if self.over:
            return
        done = self.status in ("resolved", "closed")
        if event.kind == "priority":
            self.prioritise(event)
        elif event.kind in ("reply", "write", "acknowledge", "workaround", "known error", "problem"):
            if not done:
                self.message(event)
        elif event.kind == "open":
            self.priority = event.value if isinstance(event.value, int) else 0
            if self.policy.clock != "periodic_update":
                self.start(event.minute)
        elif event.kind != "exclude":
            self.move(event)
        if self.runs and self.policy.priority_change != "keep":
            self.cycle.priority = self.priority
            self.cycle.offers.append((event.minute, self.priority))

    def prioritise(self, event: Happening) -> None:
        assert isinstance(event.value, int)
        if event.value != self.priority:
            self.priority = event.value
            self.recorded.append((event.minute, event.value))
            if self.policy.priority_change == "restart" and self.runs:
                suspended = self.cycle.suspended
                self.stop(event.minute)
                self.start(event.minute)
                self.cycle.suspended = suspended

    def message(self, event: Happening) -> None:
        clock, reply = self.policy.clock, event.kind == "reply"
        if clock == "response":
            if reply:
                self.stop(event.minute)
        elif clock == "workaround":
            if event.kind in ("workaround", "known error"):
                self.stop(event.minute)
        elif clock == "acknowledge":
            if event.kind in ("reply", "acknowledge"):
                self.stop(event.minute)
        elif clock == "next_response":
            if reply:
                self.stop(event.minute)
            elif event.kind == "write" and not self.runs:
                self.start(event.minute)
        elif clock == "periodic_update" and reply:
            self.stop(event.minute)
            self.start(event.minute)

    def move(self, event: Happening) -> None:
        if event.kind == "hold":
            self.status = "held"
        elif event.kind == "resume":
            self.status = "open"
        elif event.kind == "cancel":
            self.over = True
            if self.runs:
                self.stop(event.minute)
                self.cycle.cancelled, self.cycle.suspended = True, False
        elif event.kind in ("resolve", "close"):
            self.end(event)
        elif event.kind == "reopen":
            self.reopen(event)

    def end(self, event: Happening) -> None:
        before, self.status = self.status, "resolved" if event.kind == "resolve" else "closed"
        if self.policy.clock == "closure":
            if event.kind == "close":
                self.stop(event.minute)
        elif self.policy.clock in ("response", "acknowledge") and self.policy.suspended:
            if self.runs:
                self.cycle.suspended = True
        elif before not in ("resolved", "closed"):
            self.stop(event.minute)

    def reopen(self, event: Happening) -> None:
        before, self.status = self.status, "open"
        clock = self.policy.clock
        if clock in ("response", "acknowledge"):
            if self.runs:
                self.cycle.suspended = False
        elif clock == "next_response" or (clock == "periodic_update" and self.cycles):
            if not self.runs:
                self.start(event.minute)
        elif (
            (clock == "workaround" and not self.runs)
            or clock == "resolution"
            or (clock == "closure" and before == "closed")
        ):
            self.go_on(event)

    def go_on(self, event: Happening) -> None:
        if self.policy.reopen == "restart":
            self.start(event.minute)
        elif self.policy.reopen in ("continue", "retroactive"):
            if self.policy.reopen == "retroactive" and self.cycle.ended_at is not None:
                since = self.cycle.ended_at - self.cycle.start
                self.cycle.minutes[since:] = ["running"] * (event.minute - self.cycle.ended_at)
                self.cycle.offers += [each for each in self.recorded if each[0] >= self.cycle.ended_at]
            self.cycle.ended_at = None
            self.runs = True


def _judge(world: _World, policy: Policy, axis: Axis, now: int, excluded: set[int]) -> Figures:
    cycle = world.cycle
    opens, number = axis.opens, len(world.cycles)
    laid = _Laid(policy, opens, excluded)
    tighten = policy.priority_change == "tighten"
    target = policy.targets[_tightest(cycle, policy, axis, laid) if tighten else cycle.priority]
    if target is None:
        return Figures(number, "cancelled", 0, 0, 0, None, False)
    doing = laid.lay(cycle.start, cycle.minutes)
    state = _state(world, laid, now)
    counts = {
        name: sum(opens[cycle.start + index] for index, each in enumerate(doing) if each == name)
        for name in ("running", "paused", "excluded")
    }
    due = _due(cycle.start, doing, axis, target)
    breached = due is not None and any(
        each == "running" and cycle.start + index >= due for index, each in enumerate(doing)
    )
    if state == "cancelled" and not breached:
        due = None
    elif due is None and state != "suspended":
        due = _due(cycle.start, _projected(world, laid, state, now), axis, target)
    return Figures(number, state, counts["running"], counts["paused"], counts["excluded"], due, breached)


def _tightest(cycle: _Cycle, policy: Policy, axis: Axis, laid: _Laid) -> int:
    """The priority whose target was held, or brought the due minute forward when it came."""
    held = cycle.offers[0][1]
    for minute, offered in cycle.offers:
        so_far = cycle.minutes[: minute - cycle.start]
        ahead = ["running"] * (len(axis.opens) - minute)
        doing = laid.lay(cycle.start, [*so_far, *ahead])
        if _due_or_never(cycle.start, doing, axis, policy.targets[offered]) < _due_or_never(
            cycle.start, doing, axis, policy.targets[held]
        ):
            held = offered
    return held


class _Laid:
    """Exclusions and the pause limit laid over the minutes of a cycle."""

    def __init__(self, policy: Policy, opens: Sequence[bool], excluded: set[int]) -> None:
        self.policy = policy
        self.opens = opens
        self.excluded = excluded
        self.paused = 0

    def lay(self, start: int, minutes: Sequence[str]) -> list[str]:
        self.paused = 0
        return [self.at(start + index, each) for index, each in enumerate(minutes)]

    def at(self, minute: int, doing: str) -> str:
        if doing in ("running", "paused") and minute in self.excluded:
            return "excluded"
        limit = self.policy.limit
        if doing != "paused" or limit is None:
            return doing
        if self.paused >= limit:
            return "running"
        self.paused += self.opens[minute]
        return "paused"


def _state(world: _World, laid: _Laid, now: int) -> str:
    cycle = world.cycle
    if cycle.cancelled:
        return "cancelled"
    if not world.runs:
        return "stopped"
    if cycle.suspended:
        return "suspended"
    held = world.status == "held" and world.policy.pausing
    doing = laid.at(now, "paused" if held else "running")
    return "paused" if doing == "excluded" else doing


def _projected(world: _World, laid: _Laid, state: str, now: int) -> list[str]:
    """The minutes as they would be: a stopped clock runs on from its stop, any other goes on as it does now."""
    cycle = world.cycle
    end = cycle.ended_at if state == "stopped" else now
    assert end is not None
    held = state != "stopped" and world.status == "held" and world.policy.pausing
    ahead = ["paused" if held else "running"] * (len(laid.opens) - end)
    return laid.lay(cycle.start, [*cycle.minutes[: end - cycle.start], *ahead])


def _due_or_never(start: int, doing: Sequence[str], axis: Axis, target: Target) -> float:
    due = None if target is None else _due(start, doing, axis, target)
    assert target is None or due is not None, "the minutes reach too short"
    return math.inf if due is None else due


def _due(start: int, doing: Sequence[str], axis: Axis, target: int | Days) -> int | None:
    """The end of the minute in which the target is used up."""
    if target == 0:
        return start
    if isinstance(target, Days):
        left = axis.closings_until(target, start)
        ends = set(axis.closes.values())
        counts = [minute + 1 in ends for minute in range(len(axis.opens))]
    else:
        left, counts = target, list(axis.opens)
    for index, each in enumerate(doing):
        if each == "running" and counts[start + index]:
            left -= 1
            if left == 0:
                return start + index + 1
    return None
