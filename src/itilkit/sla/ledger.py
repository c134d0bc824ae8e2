"""The ledger of a clock: every run of it, whether it counted, and why.

The runs sum to the figures of the cycle. Each can be told in more detail as the spells in which the calendar was open
and closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Literal

import attrs

from itilkit.calendars import Calendar
from itilkit.sla.clock import Clock
from itilkit.sla.runs import Run
from itilkit.sla.walk import Doing
from itilkit.spans import Pair, instant_of, micros_of, zone_named
from itilkit.vocabulary import fold

__all__ = ["ZERO", "Entry", "EntryKind", "entries", "priority_changed", "spells", "stopped_by"]

EntryKind = Literal["counted", "paused", "excluded", "suspended", "resolved", "closed"]

_KINDS: Mapping[Doing, EntryKind] = {
    "running": "counted",
    "paused": "paused",
    "excluded": "excluded",
    "suspended": "suspended",
    "stopped": "resolved",
    "cancelled": "resolved",
}

_BY_THE_CALENDAR = ("counted", "paused", "excluded")
ZERO = timedelta(0)

# A closure longer than this is told with its reasons up to here.
_DAYS_TOLD = 60


@attrs.frozen
class Entry:
    """What a clock did from `start` to `end`, how much open time that was, and why.

    Attributes:
        start: UTC.
        end: UTC.
        kind: ``counted`` time is spent; the other kinds are not. ``closed`` stands in the spells of a run only.
        open_time: The calendar's open time between the two.
        total: Counted so far, this entry included.
        reason: Why, in words.
    """

    start: datetime
    end: datetime
    kind: EntryKind
    open_time: timedelta
    total: timedelta
    reason: str


def entries(runs: Sequence[Run], clock: Clock, calendar: Calendar) -> Iterator[Entry]:
    """One entry for each run and reason, runs of no length left out."""
    total = 0
    words = _Words(clock, runs[0].beat) if runs else None
    for run in runs:
        for start, end, reason in words.parts(run) if words else ():
            whole = start == run.start and end == run.end
            opened = run.opened if whole else calendar.open_at(end) - calendar.open_at(start)
            total += opened if run.doing == "running" else 0
            yield Entry(
                instant_of(start),
                instant_of(end),
                _KINDS[run.doing],
                timedelta(microseconds=opened),
                timedelta(microseconds=total),
                reason,
            )


def spells(entry: Entry, calendar: Calendar) -> Iterator[Entry]:
    """A run as the spells in which the calendar was open, and those in which it was closed.

    Only of a run that counted, was paused or excluded; any other stays whole. The open time of the spells sums to
    that of the run.
    """
    if entry.kind not in _BY_THE_CALENDAR:
        yield entry
        return
    at, end = micros_of(entry.start), micros_of(entry.end)
    total = entry.total - entry.open_time if entry.kind == "counted" else entry.total
    for opens, closes in calendar.open_spans(at, end):
        if opens > at:
            yield from _closed((at, opens), total, calendar)
        length = timedelta(microseconds=closes - opens)
        total += length if entry.kind == "counted" else ZERO
        yield Entry(instant_of(opens), instant_of(closes), entry.kind, length, total, entry.reason)
        at = closes
    if at < end:
        yield from _closed((at, end), total, calendar)


def _closed(span: Pair, total: timedelta, calendar: Calendar) -> Iterator[Entry]:
    """Closed time in parts with one reason each: a holiday between two nights is told as such."""
    start, end = map(instant_of, span)
    reason = calendar.why(start)
    for midnight in _midnights(start, end, zone_named(calendar.zone)):
        other = calendar.why(midnight)
        if other != reason:
            yield Entry(start, midnight, "closed", ZERO, total, reason)
            start, reason = midnight, other
    yield Entry(start, end, "closed", ZERO, total, reason)


def _midnights(start: datetime, end: datetime, zone: tzinfo) -> Iterator[datetime]:
    """The local midnights strictly between two instants, up to a number that somebody would read about."""
    day = start.astimezone(zone).date()
    for ahead in range(1, _DAYS_TOLD):
        midnight = datetime.combine(day + timedelta(days=ahead), time(), zone).astimezone(UTC)
        if midnight >= end:
            return
        if midnight > start:
            yield midnight


def stopped_by(beat: int, clock: Clock) -> str:
    """What stopped a clock at a beat, in words: the mark that its rule waits for, or where the incident came."""
    for mark in clock.timeline.marks:
        if mark.beat == beat and mark.kind in clock.rule.stops_on:
            return mark.kind.replace("_", " ")
    return _Words(clock, beat).stands(beat)


def priority_changed(first_beat: int, clock: Clock) -> bool:
    """Whether the incident had more than one priority since a beat."""
    return len({each for each in clock.timeline.priorities[first_beat:] if each is not None}) > 1


class _Words:
    """Why a clock did what it did, beat by beat."""

    def __init__(self, clock: Clock, first_beat: int) -> None:
        self.timeline = clock.timeline
        self.pauses = clock.rule.pauses
        self.priority_changed = priority_changed(first_beat, clock)

    def parts(self, run: Run) -> Iterator[tuple[int, int, str]]:
        """The stretches of a run that have one reason: start, end and reason."""
        start, reason = run.start, self.reason(run.beat, run)
        for beat in range(run.beat + 1, len(self.timeline.beats)):
            at = micros_of(self.timeline.beats[beat])
            if at >= run.end:
                break
            said = self.reason(beat, run)
            if said != reason and at > start:
                yield start, at, reason
                start = at
            reason = said
        if run.end > start:
            yield start, run.end, reason

    def reason(self, beat: int, run: Run) -> str:
        """Why, at a beat of a run."""
        if run.doing == "excluded":
            return self._exclusion(run)
        said = self.stands(beat)
        priority = self.timeline.priorities[beat]
        if self.priority_changed and priority is not None:
            said += f" at P{priority}"
        return f"{said}, beyond the pause limit" if run.doing == "running" and self._held(beat) else said

    def stands(self, beat: int) -> str:
        """The state in the tool's own word, with what it waits for where the word does not say so."""
        state, reason = self.timeline.states[beat].replace("_", " "), self.timeline.hold_reasons[beat]
        if reason is None or fold(reason) in fold(state):
            return state
        return f"{state}, {reason.replace('_', ' ')}"

    def _held(self, beat: int) -> bool:
        pauses = self.pauses
        return pauses is not None and pauses.hold(
            self.timeline.statuses[beat], self.timeline.hold_reasons[beat]
        )

    def _exclusion(self, run: Run) -> str:
        found = (
            each.reason
            for each in self.timeline.exclusions
            if micros_of(each.start) <= run.start < micros_of(each.end)
        )
        reason = next(found, "")
        return f"excluded: {reason}" if reason else "excluded by agreement"
