"""P013, of time: can the steps of an incident model be done within what is promised?

Rules of this file:

* Open time and working days of a budget are counted on the calendar of the policy, as those of windows and timers are.
* A model is held against each SLA that may be in force for the incidents that it is meant for, at each priority within
  its bounds. Amounts on one calendar are compared as they stand, others at the worst opening of the period.
* As in a plan every step is taken to be done, the target ends with the resolution, and of ways through the model the
  longest decides. Looked at are the one with the greatest sum of budgets, the first `_MOST_WAYS`, and each step that
  lies on none of them: all there is where budgets are on one clock; of several clocks a longer way may be missed.
* Of each SLA the highest priority is told for which the time is too short, and there a single step before a way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain, groupby, islice

import attrs

from itilkit.calendars import Calendar
from itilkit.conditions import Eq
from itilkit.errors import Fault
from itilkit.escalation.triggers import delay_words
from itilkit.incident_models import IncidentModel
from itilkit.incident_models.planning import before_resolution, longest_way, ways
from itilkit.lifecycle import Delay
from itilkit.policy.lint.clocks import why_never
from itilkit.policy.lint.look import Look, Row, cases_of
from itilkit.sla import Goal, Link, WorkingDays

__all__ = ["as_goal", "budgets"]

_MOST_WAYS = 256


def as_goal(delay: Delay, calendar: Calendar) -> Goal:
    """A delay as a goal, so that the two can be compared."""
    if delay.wall_time is not None:
        return Goal(delay.wall_time, Calendar.round_the_clock(calendar.zone))
    return Goal(delay.open_time or WorkingDays(delay.working_days or 1), calendar)


def budgets(look: Look) -> Iterator[Fault]:
    """P013: a budget that its calendar leaves no time for; steps that take longer than the resolution may."""
    for place, model in enumerate(look.policy.incident_models):
        where = f"incident_models[{place}]"
        endless = tuple(_endless(look, model, where))
        yield from endless or _beyond(look, model, where)


def _endless(look: Look, model: IncidentModel, where: str) -> Iterator[Fault]:
    office = look.policy.office
    for index, step in enumerate(model.steps):
        if step.budget is None or step.budget.wall_time is not None:
            continue
        if office is None:
            why = f"{delay_words(step.budget)} cannot be counted: the policy has no calendar"
        else:
            why = why_never(look, step.budget.open_time or as_goal(step.budget, office).target, office)
        if why:
            message = f"step {step.id} of model {model.id} never ends: {why}"
            hint = "take another calendar, or time on the wall"
            yield Fault("P013", message, path=f"{where}.steps[{index}].budget", hint=hint)


def _beyond(look: Look, model: IncidentModel, where: str) -> Iterator[Fault]:
    told: set[int] = set()
    for row, level in _held_against(look, model):
        promised = row.agreement.link("resolution", level)
        if promised is None or row.number in told:
            continue
        for fault in _too_long(look, model, promised, level):
            told.add(row.number)
            yield attrs.evolve(fault, path=f"{where}.{fault.path}")


def _held_against(look: Look, model: IncidentModel) -> Iterator[tuple[Row, int]]:
    """The SLA that may be in force for an incident of the model, each with the priorities it may have then."""
    rows = look.kinds.get("SLA", ())
    levels = {level: Eq(look.priority, level) for level in look.levels if model.bounded(level) == level}
    cases = cases_of([model.when, *(row.agreement.when for row in rows), *levels.values()])
    left = cases.where(model.when)
    for row in rows:
        here = cases.where(row.agreement.when) & left
        left &= ~here
        for level, has_it in levels.items():
            if here & cases.where(has_it):
                yield row, level


def _too_long(look: Look, model: IncidentModel, promised: Link, level: int) -> Iterator[Fault]:
    """The step that takes too long, or the way; nothing where all fit."""
    calendar = look.policy.office or promised.goal.calendar
    goals = {step.id: as_goal(step.budget, calendar) for step in model.steps if step.budget is not None}
    way = next((each for each in _looked_at(model, goals) if not _fits(look, each, goals, promised)), None)
    if way is None:
        return
    place, what = "steps", f"the steps {' -> '.join(way)} of model {model.id}"
    for index, step in enumerate(model.steps):
        if step.id in way and step.budget and not look.fits(goals[step.id], promised.goal):
            place = f"steps[{index}].budget"
            what = f"step {step.id} of model {model.id} alone ({delay_words(step.budget)})"
            break
    message = f"{what} may take longer than {promised} allows for P{level}"
    yield Fault("P013", message, path=place, hint="shorten a budget, or promise more time")


def _looked_at(model: IncidentModel, goals: Mapping[str, Goal]) -> Iterator[tuple[str, ...]]:
    """Ways to the resolution, the one with the greatest sum of budgets first, and each step that none of them takes."""
    left = before_resolution(model)
    lengths = {name: _about(goal) for name, goal in goals.items()}
    for way in chain([longest_way(model, lengths)], islice(ways(model), _MOST_WAYS)):
        left -= set(way)
        yield way
    yield from ((step.id,) for step in model.steps if step.id in left)


def _about(goal: Goal) -> timedelta:
    """About how long it takes, to choose which way to look at first; a working day counts as a day."""
    return goal.target if isinstance(goal.target, timedelta) else goal.target.days * timedelta(days=1)


def _fits(look: Look, way: Sequence[str], goals: Mapping[str, Goal], promised: Link) -> bool:
    """Whether steps one after the other fit inside a promise."""
    taken = tuple(_joined([goals[name] for name in way if name in goals]))
    if len(taken) < 2:  # noqa: PLR2004  one after the other takes two
        return not taken or look.fits(taken[0], promised.goal)
    amounts = [goal.target for goal in taken if isinstance(goal.target, timedelta)]
    calendar = look.policy.office or promised.goal.calendar
    # Open time is never over sooner than as much time on the wall: where all of it fits as open time, the steps do.
    whole = Goal(sum(amounts, timedelta(0)), calendar)
    if len(amounts) == len(taken) and look.fits(whole, promised.goal):
        return True
    return look.chained([Link("", goal) for goal in taken], promised)


def _joined(goals: Sequence[Goal]) -> Iterator[Goal]:
    """Amounts on one clock that follow each other are one amount."""
    for (clock, is_amount), some in groupby(
        goals, key=lambda goal: (goal.calendar, isinstance(goal.target, timedelta))
    ):
        if not is_amount:
            yield from some
            continue
        amounts = (goal.target for goal in some)
        whole = sum((each for each in amounts if isinstance(each, timedelta)), timedelta(0))
        yield Goal(whole, clock)
