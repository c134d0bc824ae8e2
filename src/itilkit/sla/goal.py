"""How long may it take, and on which calendar?"""

from __future__ import annotations

from datetime import time, timedelta
from typing import Literal

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import PolicyError

__all__ = ["Goal", "Term", "WorkingDays"]


@attrs.frozen
class WorkingDays:
    """A target in working dates: due at the closing of the n-th one.

    Attributes:
        days: How many, at least 1.
        first_day: ``next`` counts from the working date after the start's date; ``opening_day`` counts the start's
            own date when it is a working date that has not closed yet.
        cutoff: A start at or after this wall-clock time counts as on the next working date.
    """

    days: int = attrs.field(validator=attrs.validators.ge(1))
    first_day: Literal["next", "opening_day"] = attrs.field(default="next", kw_only=True)
    cutoff: time | None = attrs.field(default=None, kw_only=True)

    def __str__(self) -> str:
        return f"{self.days} working day{'' if self.days == 1 else 's'}"


@attrs.frozen
class Goal:
    """A target on a calendar.

    Attributes:
        target: Open time, or working dates.
        calendar: When time counts.
        grace_out_of_hours: Added to a target in open time when the clock starts while the calendar is closed.

    Raises:
        PolicyError: a negative target.
    """

    target: timedelta | WorkingDays
    calendar: Calendar
    grace_out_of_hours: timedelta = attrs.field(default=timedelta(0), kw_only=True)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.target, timedelta) and self.target < timedelta(0):
            raise PolicyError.one(
                "negative_target", f"a target of {self.target} cannot be met", path="target"
            )


@attrs.frozen
class Term:
    """What is promised at a beat: under which priority, and to which goal; None is "no target"."""

    priority: int | None
    goal: Goal | None
