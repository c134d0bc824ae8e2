"""What a clock says: the walk over the beats, laid on the calendar of the goal in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from itilkit.lifecycle import Timeline
from itilkit.sla.allowance import allowance_of, open_target
from itilkit.sla.clock import Clock, Threshold
from itilkit.sla.cycle import Cycle
from itilkit.sla.goal import Goal, Term
from itilkit.sla.reading import Reading
from itilkit.sla.rule import Rule
from itilkit.sla.runs import runs_of
from itilkit.sla.walk import Course, walk
from itilkit.spans import Pair, micros, micros_of, union

__all__ = ["Threshold", "measure"]

_NOTHING = Term(None, None)


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

    Raises:
        CalendarError: The history reaches into years in which the calendar does not work.
    """
    term = terms[-1] if terms else _NOTHING
    cycles: list[Cycle] = []
    lacking = rule.needs & timeline.incident.source.lacks
    if not lacking:
        clock = Clock(timeline, rule, thresholds=thresholds or {}, exclusions=_exclusions(timeline))
        for number, course in enumerate(walk(timeline, rule, terms), start=1):
            term = _judging(course, terms, clock, first=number == 1)
            cycles.append(_cycle(number, course, term.goal, clock, micros_of(timeline.as_of)))
    return Reading(
        rule.name,
        timeline.as_of,
        cycles=tuple(cycles),
        goal=term.goal,
        priority=term.priority,
        missing=min(lacking) if lacking else "",
        agreement=agreement,
    )


def _judging(course: Course, terms: Sequence[Term], clock: Clock, *, first: bool) -> Term:
    """The term that judges a cycle (rule 8).

    A kept term is that of the first priority recorded since the cycle began; for the first cycle of a clock that
    starts with the opening, since the opening, also when the agreement is attached later.
    """
    rule = clock.rule
    if rule.when_priority_changes == "only tighten":
        return _tightest(course, terms, clock)
    if rule.when_priority_changes != "keep":
        return terms[course.judged_at]
    begin = 0 if first and "opened" in rule.starts_on else course.first_beat
    since = terms[begin : course.judged_at + 1]
    return next((term for term in since if term.priority is not None), terms[course.judged_at])


def _tightest(course: Course, terms: Sequence[Term], clock: Clock) -> Term:
    """The term that a changed priority may only replace by one under which the clock falls due earlier.

    That is decided at the change, with what had happened by then, so that time alone never decides it anew.
    """
    held = terms[course.first_beat]
    for beat in _in_force(course):
        offered = terms[beat]
        if offered.goal == held.goal:
            continue
        if held.goal is None or (
            offered.goal is not None and _earlier(offered.goal, held.goal, course, beat, clock)
        ):
            held = offered
    return held if held.goal is not None else terms[course.judged_at]


def _in_force(course: Course) -> Iterator[int]:
    """The beats of a cycle at which it was judged: those at which it had not stopped."""
    ends = [beat for beat, _ in course.changes[1:]] + [course.judged_at + 1]
    for (beat, doing), end in zip(course.changes, ends, strict=True):
        if doing not in ("stopped", "cancelled"):
            yield from range(beat, end)


def _earlier(offered: Goal, held: Goal, course: Course, beat: int, clock: Clock) -> bool:
    """Whether the clock falls due earlier by one goal than by another, if it ran on from a beat."""
    if _alike(offered, held) and isinstance(offered.target, timedelta) and isinstance(held.target, timedelta):
        return offered.target < held.target  # nothing to measure, however often it changes
    known = Course(course.first_beat, beat, [change for change in course.changes if change[0] <= beat])
    now = micros_of(clock.timeline.beats[beat])
    due, before = (_cycle(0, known, goal, clock, now).projected_due_at for goal in (offered, held))
    return due is not None and (before is None or due < before)


def _alike(one: Goal, other: Goal) -> bool:
    return one.calendar is other.calendar and one.grace_out_of_hours == other.grace_out_of_hours


def _cycle(number: int, course: Course, goal: Goal | None, clock: Clock, now: int) -> Cycle:
    """A cycle judged by a goal, as it stands now; without a goal it is cancelled."""
    timeline, pauses = clock.timeline, clock.rule.pauses
    start = micros_of(timeline.beats[course.first_beat])
    if goal is None:
        return Cycle(number, start, clock=clock)
    limit = None if pauses is None or pauses.limit is None else micros(pauses.limit)
    past, ahead = runs_of(
        course, timeline.beats, now, goal.calendar, exclusions=clock.exclusions, limit=limit
    )
    target = open_target(goal, start)
    allowance = allowance_of(goal, start, target)
    used_up, left = allowance.spend(past, allowance.amount)
    return Cycle(
        number,
        start,
        clock=clock,
        goal=goal,
        target=target,
        allowance=allowance,
        used_up=used_up,
        left=left,
        past=past,
        ahead=ahead,
    )


def _exclusions(timeline: Timeline) -> tuple[Pair, ...]:
    for mark in timeline.marks:
        if mark.kind == "excluded":
            return union((micros_of(each.start), micros_of(each.end)) for each in timeline.exclusions)
    return ()
