"""From a timeline and a rule to the runs of a clock: no calendar, no target, only what the clock was doing when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import attrs

from itilkit.lifecycle import Mark, Timeline
from itilkit.sla.goal import Term
from itilkit.sla.rule import Rule
from itilkit.spans import micros_of
from itilkit.vocabulary import Status

__all__ = ["CycleRuns", "Doing", "walk"]

Doing = Literal["running", "paused", "suspended", "stopped", "cancelled", "excluded"]
_CLOCK_STANDS = ("idle", "stopped", "cancelled")


@attrs.define
class CycleRuns:
    """One cycle of a clock, before it is measured.

    Attributes:
        starts_at: When it began, in microseconds.
        first_beat: The beat that began it.
        judged_at: The last beat whose term the cycle can be judged by.
        changes: From which instant on it did what, and the beat that shows why; in order.
    """

    starts_at: int
    first_beat: int
    judged_at: int
    changes: list[tuple[int, Doing, int]] = attrs.field(factory=list)


def walk(timeline: Timeline, rule: Rule, terms: Sequence[Term]) -> list[CycleRuns]:
    """The cycles of a clock, the earliest first; empty while it has not started."""
    attached = next((mark.beat for mark in timeline.marks if mark.kind == "attached"), None)
    if not timeline.beats or (attached is None and rule.attached_by_event):
        return []
    begin = 0 if attached is None or rule.retroactive_start else attached
    counted_from = 0 if attached is None or rule.retroactive_pauses else attached
    clock = _Clock(timeline, rule, begin, counted_from)
    marks: dict[int, Mark] = {mark.beat: mark for mark in timeline.marks}
    restarts = rule.when_priority_changes == "restart"
    for beat in range(begin, len(timeline.beats)):
        if clock.cancelled:
            break
        clock.take(beat, marks.get(beat))
        if restarts and beat > begin and _changed(terms[beat - 1], terms[beat]):
            clock.restart(beat)
        clock.settle(beat)
    return clock.cycles


def _changed(before: Term, now: Term) -> bool:
    """Another priority; the first one to be recorded, or the same one again, is no change."""
    return before.priority is not None and now.priority != before.priority


class _Clock:
    """What the clock is doing, beat by beat."""

    def __init__(self, timeline: Timeline, rule: Rule, begin: int, counted_from: int) -> None:
        self.timeline = timeline
        self.rule = rule
        self.begin = begin
        self.counted_from = counted_from
        self.cycles: list[CycleRuns] = []
        self.doing: Literal["idle", "running", "suspended", "stopped", "cancelled"] = "idle"
        self.cancelled = False

    def take(self, beat: int, mark: Mark | None) -> None:
        """Move on by one beat."""
        statuses = self.timeline.statuses
        status = statuses[beat]
        before = statuses[beat - 1] if beat > self.begin else Status.NEW
        if status is Status.CANCELLED:
            self.cancelled = True
            if self.doing not in _CLOCK_STANDS:
                self.doing = "cancelled"
            return
        ended, was_ended = status in self.rule.ends_in, before in self.rule.ends_in
        if beat == self.begin and "opened" in self.rule.starts_on and self._starting(self._opening(mark)):
            self._start(beat)
        elif mark is not None and not (_done(status) and _done(before)):
            self._marked(beat, mark)
        if ended and not was_ended:
            self._end()
        elif was_ended and not ended:
            self._reopen(beat)

    def _opening(self, mark: Mark | None) -> Mark:
        """The mark that opens the clock; where it starts with an attachment, still the incident's own opening."""
        return mark if mark is not None and mark.kind == "opened" else self.timeline.marks[0]

    def _starting(self, mark: Mark) -> bool:
        rule = self.rule
        return mark.kind in rule.starts_on and (rule.started_by is None or mark.by == rule.started_by)

    def _marked(self, beat: int, mark: Mark) -> None:
        rule = self.rule
        if self.doing == "running" and mark.kind in rule.stops_on:
            self.doing = "stopped"
            self.settle(beat)
            if rule.restarts_on_stop:
                self._start(beat)
        elif (
            self.doing != "running"
            and rule.repeats
            and self._starting(mark)
            and not self._nothing_to_renew(mark)
        ):
            self._start(beat)

    def _nothing_to_renew(self, mark: Mark) -> bool:
        """A reopening, whoever it came from, renews a periodic clock only where there was one before."""
        return mark.kind == "reopened" and not self.cycles and self.rule.started_by is None

    def _start(self, beat: int) -> None:
        self.cycles.append(CycleRuns(micros_of(self.timeline.beats[beat]), beat, beat))
        self.doing = "running"

    def restart(self, beat: int) -> None:
        """Begin a new cycle from zero, suspended if the old one was."""
        if self.doing in _CLOCK_STANDS:
            return
        doing = self.doing
        # The old cycle is over, and judged by the term it ran under, not by the new one.
        self._change(micros_of(self.timeline.beats[beat]), "stopped", beat)
        self._start(beat)
        self.doing = doing

    def _end(self) -> None:
        if self.doing == "running":
            self.doing = "suspended" if self.rule.suspended_when_done else "stopped"

    def _reopen(self, beat: int) -> None:
        if self.doing == "suspended":
            self.doing = "running"
        if self.doing != "stopped" or self.rule.when_reopened in (None, "ignore"):
            return
        if self.rule.when_reopened == "restart":
            self._start(beat)
            return
        if self.rule.when_reopened == "count the time resolved":
            at, _, why = self.cycles[-1].changes.pop()
            self._change(at, "running", why)
        self.doing = "running"

    def settle(self, beat: int) -> None:
        """Note what the clock does from this beat on, if that is something else than before."""
        if not self.cycles:
            return
        cycle = self.cycles[-1]
        doing: Doing = "stopped" if self.doing == "idle" else self.doing
        if doing == "running" and self._paused(beat):
            doing = "paused"
        stands = bool(cycle.changes) and cycle.changes[-1][1] in ("stopped", "cancelled")
        if not (stands and doing in ("stopped", "cancelled")):
            cycle.judged_at = beat
        self._change(micros_of(self.timeline.beats[beat]), doing, beat)

    def _change(self, at: int, doing: Doing, beat: int) -> None:
        changes = self.cycles[-1].changes
        if not changes or changes[-1][1] != doing:
            changes.append((at, doing, beat))

    def _paused(self, beat: int) -> bool:
        pauses = self.rule.pauses
        if pauses is None or beat < self.counted_from:
            return False
        return pauses.hold(self.timeline.statuses[beat], self.timeline.hold_reasons[beat])


def _done(status: Status) -> bool:
    return status in (Status.RESOLVED, Status.CLOSED)
