"""Targets, priority by priority, however a policy groups them into rows."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import PolicyError
from itilkit.policy.agreement import Agreement, Promise
from itilkit.policy.diff.told import NOTHING, told
from itilkit.policy.words import promise_text
from itilkit.sla import Goal, WorkingDays

__all__ = [
    "ABSENT",
    "Absent",
    "Line",
    "by_priority",
    "goal_of",
    "in_days",
    "line_text",
    "promised",
    "promises_anything",
]


@attrs.frozen
class Line:
    """What an agreement promises for one priority."""

    promises: Mapping[str, Promise]
    calendar: Calendar | None


class Absent:
    """Nothing is said; another thing than to say that there is no target."""


ABSENT = Absent()


def by_priority(agreement: Agreement) -> Mapping[int, Line]:
    """The lines of an agreement, one for each priority."""
    return {
        level: Line(target.promises, target.calendar)
        for target in agreement.targets
        for level in target.priorities
    }


def promised(promise: Promise | Absent) -> str:
    """A promise in the words of the policy file."""
    if isinstance(promise, Absent):
        return NOTHING
    try:
        return promise_text(promise)
    except PolicyError:
        return str(promise)


def line_text(line: Line | None) -> str:
    """A whole line in words."""
    if line is None:
        return NOTHING
    return ", ".join(f"{told(name)} {promised(promise)}" for name, promise in line.promises.items())


def promises_anything(line: Line | None) -> bool:
    """Whether there is a target in the line."""
    return line is not None and any(promise is not None for promise in line.promises.values())


def goal_of(promise: Promise | Absent, line: Line, agreement: Agreement) -> Goal | None:
    """A promise on the calendar on which it counts; None where there is no target."""
    if promise is None or isinstance(promise, Absent):
        return None
    return Goal(promise, line.calendar or agreement.calendar)


def in_days(agreement: Agreement) -> bool:
    """Whether it promises something in working days."""
    promises = (promise for target in agreement.targets for promise in target.promises.values())
    return any(isinstance(promise, WorkingDays) for promise in promises)
