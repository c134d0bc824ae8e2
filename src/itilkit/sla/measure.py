"""Runs of a clock on a calendar, against a target.

Everything is measured on an *axis*: a function that never decreases, with its earliest inverse. Open time is one
axis (the calendar's own), the number of working dates that have closed is the other; the walk is the same on both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import CalendarError
from itilkit.lifecycle import Timeline
from itilkit.sla.goal import Goal, Term, WorkingDays
from itilkit.sla.reading import ZERO, Cycle, Entry, EntryKind, Reading, State
from itilkit.sla.rule import Rule
from itilkit.sla.walk import CycleRuns, Doing, walk
from itilkit.spans import Pair, instant_of, micros, micros_of, union
from itilkit.vocabulary import HoldReason

__all__ = ["Threshold", "measure"]

# An instant beyond every calendar: the open end of the run that lasts.
_FOREVER = 1 << 62
_DAY = 86_400_000_000
_YEARS_AHEAD = 50

Threshold = float | timedelta
"""A share of the target (0.75), or open time before (negative) or after it."""


def measure(
    timeline: Timeline,
    rule: Rule,
    terms: Sequence[Term],
    *,
    thresholds: Mapping[str, Threshold] | None = None,
    agreement: str = "",
) -> Reading:
    """What the clock of `rule` says about an incident at the timeline's `as_of`.

    Args:
        timeline: What held when.
        rule: What starts, stops and pauses the clock.
        terms: What was promised at each beat; one more for an incident that is not open yet.
        thresholds: Instants wanted on the same clock, by name.
        agreement: The name of the agreement, carried into the reading.

    Returns:
        The reading; ``not_recorded`` where the source does not record what the clock needs, ``not_started`` before
        its start. Open time is real time while the calendar is open, in microseconds.
    """
    now = terms[-1] if terms else Term(None, None)
    lacking = sorted(rule.needs & timeline.incident.source.lacks)
    if lacking:
        return Reading(
            rule.name, timeline.as_of, (), now.goal, now.priority, missing=lacking[0], agreement=agreement
        )
    runs = walk(timeline, rule, terms)
    exclusions = union((micros_of(each.start), micros_of(each.end)) for each in timeline.exclusions)
    judged = [_term(cycle, number, rule, terms) for number, cycle in enumerate(runs)]
    cycles = tuple(
        _Measured(cycle, term.goal, rule, timeline, exclusions).cycle(number, thresholds or {})
        for number, (cycle, term) in enumerate(zip(runs, judged, strict=True), start=1)
    )
    term = judged[-1] if judged else now
    return Reading(rule.name, timeline.as_of, cycles, term.goal, term.priority, agreement=agreement)


def _term(cycle: CycleRuns, number: int, rule: Rule, terms: Sequence[Term]) -> Term:
    """The term that judges a cycle (rule 8).

    A kept term is that of the first priority recorded since the cycle began; for the first cycle of a clock that
    starts with the opening, since the opening, also when the agreement is attached later.
    """
    if rule.when_priority_changes != "keep":
        return terms[cycle.judged_at]
    first = 0 if number == 0 and "opened" in rule.starts_on else cycle.first_beat
    since = terms[first : cycle.judged_at + 1]
    return next((term for term in since if term.priority is not None), terms[cycle.judged_at])


@attrs.frozen
class _Run:
    """What the clock did between two instants, in microseconds, and the beat that shows why."""

    start: int
    end: int
    doing: Doing
    beat: int


class _Axis(Protocol):
    def at(self, us: int) -> int: ...

    def earliest(self, position: int) -> int | None: ...


class _OpenTime:
    """Open microseconds so far."""

    def __init__(self, calendar: Calendar) -> None:
        self.at = calendar.open_at
        self.earliest = calendar.earliest


class _Closings:
    """Working dates that have closed since an instant (rule 16)."""

    def __init__(self, calendar: Calendar, since: int) -> None:
        self.calendar = calendar
        self.since = since

    def at(self, us: int) -> int:
        return len(self.calendar.closings(self.since, us))

    def earliest(self, position: int) -> int | None:
        # Windows that double: the closing sought is near as a rule, and may never come.
        days = 16
        while days < _YEARS_AHEAD * 366:
            closings = self.calendar.closings(self.since, self.since + days * _DAY)
            if len(closings) >= position:
                return closings[position - 1]
            days *= 2
        return None


class _Measured:
    """A cycle on the calendar of its goal."""

    def __init__(
        self,
        cycle: CycleRuns,
        goal: Goal | None,
        rule: Rule,
        timeline: Timeline,
        exclusions: tuple[Pair, ...],
    ) -> None:
        self.runs = cycle
        self.goal = goal
        self.rule = rule
        self.timeline = timeline
        self.exclusions = exclusions
        self.as_of = micros_of(timeline.as_of)

    def cycle(self, number: int, thresholds: Mapping[str, Threshold]) -> Cycle:
        """The cycle's figures."""
        start = self.runs.starts_at
        if self.goal is None:
            return Cycle(
                number,
                instant_of(start),
                None,
                "cancelled",
                None,
                ZERO,
                ZERO,
                ZERO,
                None,
                None,
                None,
                None,
                (),
            )
        calendar = self.goal.calendar
        laid = self._laid(self.runs.changes, calendar)
        past = [
            _Run(run.start, min(run.end, self.as_of), run.doing, run.beat)
            for run in laid
            if run.start <= self.as_of
        ]
        axis, amount, target = self._target(self.goal)
        reached = _reach(past, amount, axis, start)
        breached = _ran_after(past, reached)
        state = self._state(past[-1].doing)
        due = self._due(state, laid, amount, axis, reached, breached)
        stopped = past[-1].start if state in ("stopped", "cancelled") else None
        spent = {doing: _open(past, doing, calendar) for doing in ("running", "paused", "excluded")}
        return Cycle(
            number,
            instant_of(start),
            _instant(stopped),
            state,
            self.goal,
            timedelta(microseconds=spent["running"]),
            timedelta(microseconds=spent["paused"]),
            timedelta(microseconds=spent["excluded"]),
            target,
            _instant(due),
            _instant(self._projected(state, laid, amount, axis, reached)),
            _instant(breached),
            self._ledger(past, calendar),
            thresholds=self._thresholds(thresholds, target, state, laid, axis),
        )

    def _target(self, goal: Goal) -> tuple[_Axis, int, timedelta | None]:
        """The axis, how far to go on it, and the target in open time (rules 10 and 16)."""
        calendar, start = goal.calendar, self.runs.starts_at
        if isinstance(goal.target, WorkingDays):
            return _Closings(calendar, start), self._closings(goal.target, calendar), None
        target = goal.target
        if goal.grace_out_of_hours and not calendar.is_open_us(start):
            target += goal.grace_out_of_hours
        return _OpenTime(calendar), micros(target), target

    def _closings(self, target: WorkingDays, calendar: Calendar) -> int:
        """How many working dates close until the target's end; more than ever come where there are too few."""
        start = self.runs.starts_at
        try:
            end = calendar.end_of_working_day(
                instant_of(start), target.days, first_day=target.first_day, cutoff=target.cutoff
            )
        except CalendarError:
            return _FOREVER
        return len(calendar.closings(start, micros_of(end)))

    def _laid(self, changes: Sequence[tuple[int, Doing, int]], calendar: Calendar) -> list[_Run]:
        """The runs to the end of time, exclusions and the pause limit laid over them (rules 14 and 15)."""
        ends = [at for at, _, _ in changes[1:]] + [_FOREVER]
        runs = [_Run(at, end, doing, beat) for (at, doing, beat), end in zip(changes, ends, strict=True)]
        if self.exclusions:
            runs = [piece for run in runs for piece in _excluded(run, self.exclusions)]
        limit = self.rule.pauses.limit if self.rule.pauses else None
        return runs if limit is None else list(_limited(runs, micros(limit), calendar))

    def _state(self, doing: Doing) -> State:
        return "paused" if doing == "excluded" else doing

    def _due(
        self,
        state: State,
        laid: list[_Run],
        amount: int,
        axis: _Axis,
        reached: int | None,
        breached: int | None,
    ) -> int | None:
        if state == "cancelled":
            return reached if breached is not None else None
        if state == "stopped":
            return reached if reached is not None else self._run_on(laid, amount, axis)
        if reached is not None and breached is not None:
            return reached
        return _reach(laid, amount, axis, self.runs.starts_at)

    def _run_on(self, laid: list[_Run], amount: int, axis: _Axis) -> int | None:
        """When the target would be used up if the clock ran on from its stop, or from as_of."""
        stop = laid[-1].start if laid[-1].doing in ("stopped", "cancelled") else self.as_of
        runs = [run if run.end <= stop else attrs.evolve(run, end=stop) for run in laid if run.start < stop]
        ahead = _Run(stop, _FOREVER, "running", laid[-1].beat)
        return _reach([*runs, *_excluded(ahead, self.exclusions)], amount, axis, self.runs.starts_at)

    def _projected(
        self, state: State, laid: list[_Run], amount: int, axis: _Axis, reached: int | None
    ) -> int | None:
        if reached is not None or state == "cancelled":
            return reached
        return self._run_on(laid, amount, axis)

    def _thresholds(
        self,
        wanted: Mapping[str, Threshold],
        target: timedelta | None,
        state: State,
        laid: list[_Run],
        axis: _Axis,
    ) -> dict[str, datetime | None]:
        """When each threshold is reached (rule 11); none are given for a target in working days."""
        if target is None:
            return {}
        runs = laid if state in ("running", "paused") else [run for run in laid if run.end <= self.as_of]
        found: dict[str, datetime | None] = {}
        for name, threshold in wanted.items():
            spent = target + threshold if isinstance(threshold, timedelta) else target * threshold
            found[name] = _instant(_reach(runs, micros(spent), axis, self.runs.starts_at))
        return found

    def _ledger(self, past: Sequence[_Run], calendar: Calendar) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        counted = 0
        for run in past:
            if run.doing in ("stopped", "cancelled") and run is past[-1]:
                break
            opened = calendar.open_at(run.end) - calendar.open_at(run.start)
            counted += opened if run.doing == "running" else 0
            entries.append(
                Entry(
                    instant_of(run.start),
                    instant_of(run.end),
                    _KINDS[run.doing],
                    timedelta(microseconds=opened),
                    timedelta(microseconds=counted),
                    self._reason(run),
                )
            )
        return tuple(entries)

    def _reason(self, run: _Run) -> str:
        status = self.timeline.statuses[run.beat]
        if run.doing == "excluded":
            known = (
                each
                for each in self.timeline.exclusions
                if micros_of(each.start) <= run.start < micros_of(each.end)
            )
            reason = next((each.reason for each in known), "")
            return f"excluded: {reason}" if reason else "excluded by agreement"
        if run.doing == "paused":
            return _on_hold(self.timeline.hold_reasons[run.beat])
        if (
            run.doing == "running"
            and self.rule.pauses
            and self.rule.pauses.hold(status, self.timeline.hold_reasons[run.beat])
        ):
            return f"{_on_hold(self.timeline.hold_reasons[run.beat])}, beyond the pause limit"
        return self.timeline.states[run.beat].replace("_", " ")


_KINDS: Mapping[Doing, EntryKind] = {
    "running": "counted",
    "paused": "paused",
    "excluded": "excluded",
    "suspended": "suspended",
    "stopped": "resolved",
    "cancelled": "resolved",
}


def _on_hold(reason: HoldReason | None) -> str:
    return f"on hold, {reason.value.replace('_', ' ')}" if reason else "on hold"


def _instant(us: int | None) -> datetime | None:
    return None if us is None else instant_of(us)


def _reach(runs: Iterable[_Run], amount: int, axis: _Axis, start: int) -> int | None:
    """The earliest instant by which the running runs have covered `amount`; None if they never do (rule 4)."""
    if amount <= 0:
        return start
    covered = 0
    for run in runs:
        if run.doing != "running":
            continue
        position = axis.at(run.start)
        if run.end == _FOREVER:
            return axis.earliest(position + amount - covered)
        length = axis.at(run.end) - position
        if covered + length >= amount:
            return axis.earliest(position + amount - covered)
        covered += length
    return None


def _ran_after(past: Iterable[_Run], due: int | None) -> int | None:
    """The first instant after `due` at which the clock ran, None if there is none (rule 5)."""
    if due is None:
        return None
    for run in past:
        since = max(run.start, due)
        if run.doing == "running" and run.end > since:
            return since
    return None


def _open(past: Iterable[_Run], doing: Doing, calendar: Calendar) -> int:
    return sum(
        calendar.open_at(run.end) - calendar.open_at(run.start)
        for run in past
        if run.doing == doing and run.end > run.start
    )


def _excluded(run: _Run, exclusions: Iterable[Pair]) -> Iterable[_Run]:
    """A run with the exclusions cut out of it, where it is one that they apply to."""
    if run.doing not in ("running", "paused"):
        yield run
        return
    at = run.start
    for start, end in exclusions:
        if end <= at or start >= run.end:
            continue
        if start > at:
            yield _Run(at, start, run.doing, run.beat)
        yield _Run(max(at, start), min(end, run.end), "excluded", run.beat)
        at = min(end, run.end)
    if at < run.end:
        yield _Run(at, run.end, run.doing, run.beat)


def _limited(runs: Iterable[_Run], limit: int, calendar: Calendar) -> Iterable[_Run]:
    """Pauses up to the limit; what goes beyond it runs."""
    left = limit
    for run in runs:
        if run.doing != "paused":
            yield run
            continue
        position = calendar.open_at(run.start)
        used_up = calendar.earliest(position + left)
        cut = run.end if used_up is None else max(run.start, used_up)
        if cut >= run.end:
            yield run
            left -= calendar.open_at(run.end) - position if run.end != _FOREVER else 0
            continue
        if cut > run.start:
            yield _Run(run.start, cut, "paused", run.beat)
        yield _Run(cut, run.end, "running", run.beat)
        left = 0
