"""What makes a rung fire? A closed union of triggers, each with the words by which a policy file names it."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeAlias, Union

import attrs

from itilkit.errors import PolicyError
from itilkit.events import EscalationTrigger
from itilkit.lifecycle import Delay
from itilkit.lifecycle.amounts import amount_text

__all__ = [
    "BesideDue",
    "Idle",
    "PriorityRaised",
    "PriorityReached",
    "ReopenedTimes",
    "ShareOfTarget",
    "SinceOpened",
    "Trigger",
    "called_by",
    "delay_words",
]

_LARGEST_SHARE = 100.0


def delay_words(delay: Delay) -> str:
    """A delay in the words of a policy file; a bare amount is time on the wall.

    >>> delay_words(Delay(open_time=timedelta(hours=1))), delay_words(Delay(working_days=2))
    ('1h of open time', '2 working days')
    """
    if delay.open_time is not None:
        return f"{amount_text(delay.open_time)} of open time"
    return str(delay) if delay.wall_time is None else amount_text(delay.wall_time)


def _after(value: Delay | timedelta) -> Delay:
    """A plain duration is time on the wall."""
    return Delay(wall_time=value) if isinstance(value, timedelta) else _checked(value)


def _checked(value: object) -> Delay:
    if isinstance(value, Delay):
        return value
    hint = "give a Delay, or a timedelta of time on the wall"
    raise PolicyError.one("not_a_delay", f"{value!r} is no delay", path="after", hint=hint)


def _optional_after(value: Delay | timedelta | None) -> Delay | None:
    return None if value is None else _after(value)


def _share(value: float) -> float:
    """A share in whole millionths of a percent, as words can tell it."""
    given: object = value
    number = isinstance(given, int | float) and not isinstance(given, bool)
    if not number or not 0 < value <= _LARGEST_SHARE:
        raise PolicyError.one(
            "bad_share", f"expected a share such as 0.75, got {value!r}", path="share", hint="1 is all of it"
        )
    return round(value * 100, 6) / 100


def _target(value: str) -> str:
    given: object = value
    if not isinstance(given, str) or not given:
        raise PolicyError.one(
            "unknown_target", f"{value!r} names no target", path="target", hint="resolution"
        )
    return given


def _beside(value: timedelta) -> timedelta:
    given: object = value
    if not isinstance(given, timedelta):
        raise PolicyError.one(
            "bad_duration",
            f"expected an amount of time, got {value!r}",
            path="amount",
            hint="timedelta(minutes=-30) is half an hour before",
        )
    if given == timedelta(0):
        raise PolicyError.one(
            "bad_duration",
            "no time at all is neither before nor after",
            path="amount",
            hint='"100% of resolution" is the due instant',
        )
    return given


def _whole(value: int) -> int:
    given: object = value
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise PolicyError.one(
            "not_a_count", f"expected a whole number from 1, got {value!r}", hint="write 1 or more"
        )
    return given


def _told(target: str) -> str:
    return target.replace("_", " ")


@attrs.frozen
class ShareOfTarget:
    """A share of a target is used up, on the target's own clock: it waits while the clock waits.

    Attributes:
        share: 0.75 for three quarters; 1 is the due instant.
        target: The key of the reading: ``resolution``, ``OLA.resolution``.

    >>> str(ShareOfTarget(0.75, "resolution"))
    '75% of resolution'
    """

    share: float = attrs.field(converter=_share)
    target: str = attrs.field(converter=_target)

    def __str__(self) -> str:
        percent = f"{self.share * 100:.6f}".rstrip("0").rstrip(".")
        return f"{percent}% of {_told(self.target)}"


@attrs.frozen
class BesideDue:
    """So much open time before (negative) or after a target is used up, on the target's own clock.

    More before than the target allows is the start of the clock.

    >>> str(BesideDue(timedelta(minutes=-30), "resolution"))
    '30m before resolution'
    """

    amount: timedelta = attrs.field(converter=_beside)
    target: str = attrs.field(converter=_target)

    def __str__(self) -> str:
        side = "before" if self.amount < timedelta(0) else "after"
        return f"{amount_text(abs(self.amount))} {side} {_told(self.target)}"


@attrs.frozen
class SinceOpened:
    """So long after the incident was opened; None is at once. A plain duration is time on the wall.

    >>> str(SinceOpened(timedelta(hours=2))), str(SinceOpened())
    ('2h after opened', 'opened')
    """

    after: Delay | None = attrs.field(default=None, converter=_optional_after)

    def __str__(self) -> str:
        return "opened" if self.after is None else f"{delay_words(self.after)} after opened"


@attrs.frozen
class Idle:
    """So long without an update, each time anew. A plain duration is time on the wall.

    Every event is an update but automatic replies and what a ladder itself proposed.

    >>> str(Idle(Delay(open_time=timedelta(hours=4))))
    'idle for 4h of open time'
    """

    after: Delay = attrs.field(converter=_after)

    def __str__(self) -> str:
        return f"idle for {delay_words(self.after)}"


@attrs.frozen
class ReopenedTimes:
    """The incident was reopened so many times.

    >>> str(ReopenedTimes(2))
    'reopened 2 times'
    """

    count: int = attrs.field(default=1, converter=_whole)

    def __str__(self) -> str:
        return "reopened" if self.count == 1 else f"reopened {self.count} times"


@attrs.frozen
class PriorityReached:
    """The priority came to be this or a higher one, each time anew; 1 is the highest.

    >>> str(PriorityReached(1))
    'priority P1'
    """

    level: int = attrs.field(converter=_whole)

    def __str__(self) -> str:
        return f"priority P{self.level}"


@attrs.frozen
class PriorityRaised:
    """The priority was raised, each time anew.

    >>> str(PriorityRaised())
    'priority raised'
    """

    def __str__(self) -> str:
        return "priority raised"


Trigger: TypeAlias = Union[  # noqa: UP007 - one name for the closed union
    ShareOfTarget, BesideDue, SinceOpened, Idle, ReopenedTimes, PriorityReached, PriorityRaised
]


def called_by(trigger: Trigger) -> EscalationTrigger:
    """What an `Escalated` event says called for it."""
    if isinstance(trigger, ShareOfTarget | BesideDue):
        return "sla_percent"
    return "priority" if isinstance(trigger, PriorityReached | PriorityRaised) else "timer"
