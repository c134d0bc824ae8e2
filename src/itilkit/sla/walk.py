"""From a timeline and a rule to what a clock did when: no calendar, no target.

The walk stops only at beats at which something happened that the rule asks about, so that a history of notes and
assignments costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import attrs

from itilkit.lifecycle import Mark, Timeline
from itilkit.sla.goal import Term
from itilkit.sla.rule import Rule
from itilkit.vocabulary import HoldReason, Status

__all__ = ["Course", "Doing", "walk"]

Doing = Literal["running", "paused", "suspended", "stopped", "cancelled", "excluded"]
Phase = Literal["open", "held", "ended", "cancelled"]
Hand = Literal["idle", "running", "suspended", "stopped", "cancelled"]

_STANDS = ("idle", "stopped", "cancelled")
_DONE = (Status.RESOLVED, Status.CLOSED)


@attrs.define(eq=False)
class Course:
    """One cycle of a clock, before it is measured.

    Attributes:
        first_beat: The beat that began it.
        judged_at: The last beat whose term the cycle can be judged by.
        changes: From which beat on it did what, in order; the first is `first_beat`.
    """

    first_beat: int
    judged_at: int
    changes: list[tuple[int, Doing]]


def walk(timeline: Timeline, rule: Rule, terms: Sequence[Term]) -> list[Course]:
    """The cycles of a clock, the earliest first; empty while it has not started."""
    marks, attached = _marks(timeline, rule)
    if not timeline.beats or (attached is None and rule.attached_by_event):
        return []
    begin = 0 if attached is None or rule.retroactive_start else attached
    counted_from = 0 if attached is None or rule.retroactive_pauses else attached
    changed = _changed(terms, begin) if rule.when_priority_changes == "restart" else ()
    clock = _Clock(timeline, rule)
    only_once = not rule.repeats and rule.when_reopened is None
    statuses, reasons = timeline.statuses, timeline.hold_reasons
    before = phase = "open"
    status, reason = None, None
    for beat in range(begin, len(statuses)):
        if statuses[beat] is not status or reasons[beat] is not reason or beat == counted_from:
            status, reason = statuses[beat], reasons[beat]
            phase = clock.phase(status, reason, pauses_count=beat >= counted_from)
        elif beat not in marks and beat not in changed:
            continue
        if phase == "cancelled":
            clock.cancel(beat)
            break
        if beat == begin:
            clock.open(beat, marks.get(beat))
        elif beat in marks:
            clock.marked(beat, marks[beat])
        if phase != before and "ended" in (phase, before):
            clock.end_or_reopen(beat, ended=phase == "ended")
        if beat in changed:
            clock.restart(beat)
        clock.settle(beat, held=phase == "held")
        if only_once and clock.hand == "stopped":
            break
        before = phase
    return clock.finished()


def _marks(timeline: Timeline, rule: Rule) -> tuple[Mapping[int, Mark], int | None]:
    """The marks that the rule asks about, by beat, and the beat at which an agreement was first attached."""
    asked = rule.asks_about
    marks: dict[int, Mark] = {}
    attached: int | None = None
    for mark in timeline.marks:
        if mark.kind in asked:
            marks[mark.beat] = mark
        if attached is None and mark.kind == "attached":
            attached = mark.beat
    return marks, attached


def _changed(terms: Sequence[Term], begin: int) -> Collection[int]:
    """The beats with another priority; the first one to be recorded, or the same one again, is no change."""
    return frozenset(
        beat
        for beat in range(begin + 1, len(terms))
        if terms[beat - 1].priority is not None and terms[beat].priority != terms[beat - 1].priority
    )


class _Clock:
    """What the clock is doing, from one beat of interest to the next."""

    __slots__ = ("courses", "ends", "hand", "rule", "timeline")

    def __init__(self, timeline: Timeline, rule: Rule) -> None:
        self.timeline = timeline
        self.rule = rule
        self.ends = tuple(rule.ends_in)  # searched by identity: hashing an enum takes longer
        self.courses: list[Course] = []
        self.hand: Hand = "idle"

    def phase(self, status: Status, reason: HoldReason | None, *, pauses_count: bool) -> Phase:
        """What a status and what it waits for mean to the rule."""
        if status is Status.CANCELLED:
            return "cancelled"
        if status in self.ends:
            return "ended"
        pauses = self.rule.pauses
        return "held" if pauses is not None and pauses_count and pauses.hold(status, reason) else "open"

    def open(self, beat: int, mark: Mark | None) -> None:
        """The beat from which the clock counts; where that is an attachment, the incident's own opening starts it."""
        opening = mark if mark is not None and mark.kind == "opened" else self.timeline.marks[0]
        if "opened" in self.rule.starts_on and self._starting(opening):
            self._start(beat)
        elif mark is not None:
            self.marked(beat, mark)

    def marked(self, beat: int, mark: Mark) -> None:
        """A mark of the rule; one on an incident that was and is resolved or closed touches no clock."""
        statuses = self.timeline.statuses
        if beat and statuses[beat] in _DONE and statuses[beat - 1] in _DONE:
            return
        if self.hand == "running" and mark.kind in self.rule.stops_on:
            self._stop(beat)
            if self.rule.restarts_on_stop:
                self._start(beat)
        elif self.hand in ("idle", "stopped") and self.rule.repeats and self._renewing(mark):
            self._start(beat)

    def _starting(self, mark: Mark) -> bool:
        rule = self.rule
        return mark.kind in rule.starts_on and (rule.started_by is None or mark.by == rule.started_by)

    def _renewing(self, mark: Mark) -> bool:
        """A reopening, whoever it came from, renews a periodic clock only where there was one before."""
        if mark.kind == "reopened" and not self.courses and self.rule.started_by is None:
            return False
        return self._starting(mark)

    def _start(self, beat: int) -> None:
        self.courses.append(Course(beat, beat, []))
        self.hand = "running"

    def _stop(self, beat: int) -> None:
        self.hand = "stopped"
        self.settle(beat, held=False)

    def restart(self, beat: int) -> None:
        """Begin a new cycle from zero, suspended if the old one was.

        The old cycle is judged by the term that it ran under, not by the new one.
        """
        if self.hand in _STANDS:
            return
        hand, old = self.hand, self.courses[-1]
        self._stop(beat)
        old.judged_at = beat - 1
        self._start(beat)
        self.hand = hand

    def end_or_reopen(self, beat: int, *, ended: bool) -> None:
        """The incident came into a status that ends the clock, or left one."""
        if ended:
            if self.hand == "running":
                self.hand = "suspended" if self.rule.suspended_when_done else "stopped"
        elif self.hand == "suspended":
            self.hand = "running"
        elif self.hand == "stopped":
            self._reopen(beat)

    def _reopen(self, beat: int) -> None:
        how = self.rule.when_reopened
        if how is None or how == "ignore":
            return
        if how == "restart":
            self._start(beat)
            return
        if how == "count the time resolved":
            stopped, _ = self.courses[-1].changes.pop()
            self._change(stopped, "running")
        self.hand = "running"

    def cancel(self, beat: int) -> None:
        """Every clock that runs or waits ends for good."""
        if self.hand not in _STANDS:
            self.hand = "cancelled"
            self.settle(beat, held=False)

    def settle(self, beat: int, *, held: bool) -> None:
        """Note what the clock does from this beat on, if that is something else than before."""
        hand = self.hand
        if hand != "idle":
            self._change(beat, "paused" if held and hand == "running" else hand)

    def _change(self, beat: int, doing: Doing) -> None:
        course = self.courses[-1]
        changes = course.changes
        if not changes or changes[-1][1] != doing:
            changes.append((beat, doing))
            course.judged_at = beat

    def finished(self) -> list[Course]:
        """The cycles; one that still goes on can be judged by the latest term."""
        if self.hand not in _STANDS:
            self.courses[-1].judged_at = len(self.timeline.beats) - 1
        return self.courses
