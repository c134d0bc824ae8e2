"""Amounts as people write them in a policy: ``4h``, ``1h 30m``, ``10 working days``, ``75%``, ``30m before``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from itilkit.policy.agreement import Promise
from itilkit.policy.strict import shown
from itilkit.sla import WorkingDays
from itilkit.sla.measure import Threshold
from itilkit.vocabulary import fold

__all__ = ["duration", "priority_level", "promise", "threshold"]

# Six digits of hours are more than a century: what is longer is a slip of the pen.
_DURATION = re.compile(r"(?:([0-9]{1,6}) *h)? *(?:([0-9]{1,6}) *m)? *(?:([0-9]{1,6}) *s)?")
_WORKING_DAYS = re.compile(r"([0-9]{1,4}) +working +days?")
_DAYS = re.compile(r"[0-9]+ *(?:d|days?)")
_SHARE = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,6})?) *%")
_BESIDE = re.compile(r"(.+?) +(before|after)")


def duration(text: str) -> timedelta:
    """An amount of time, more than none.

    Raises:
        ValueError: it is none; a bare ``3d`` neither, because a day of open time is no day of the calendar.

    >>> duration("1h 30m")
    datetime.timedelta(seconds=5400)
    """
    if _DAYS.fullmatch(text):
        message = f'{shown(text)} is ambiguous: write hours of open time, such as "24h"'
        raise ValueError(message)
    match = _DURATION.fullmatch(text)
    if not match or not any(match.groups()):
        message = f'expected an amount of time such as "4h", "1h 30m" or "45m", got {shown(text)}'
        raise ValueError(message)
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if not (hours or minutes or seconds):
        message = f"expected more than no time at all, got {shown(text)}"
        raise ValueError(message)
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def promise(text: str) -> Promise:
    """A target: an amount of open time, working days, or ``none``.

    Raises:
        ValueError: it is none of these.

    >>> promise("10 working days"), promise("none")
    (WorkingDays(days=10, first_day='next', cutoff=None), None)
    """
    if fold(text) == "none":
        return None
    days = _WORKING_DAYS.fullmatch(text)
    if days and int(days[1]):
        return WorkingDays(int(days[1]))
    if _DAYS.fullmatch(text):
        count = text.rstrip("days ")
        message = (
            f'{shown(text)} is ambiguous: write "{count} working days", or hours of open time such as "24h"'
        )
        raise ValueError(message)
    if _DURATION.fullmatch(text) and any(digit in text for digit in "0123456789"):
        return duration(text)
    message = f'expected a target such as "4h", "10 working days" or "none", got {shown(text)}'
    raise ValueError(message)


def threshold(text: str) -> Threshold:
    """A point on a clock: a share of the target, or time before or after it.

    Raises:
        ValueError: it is none of these.

    >>> threshold("75%"), threshold("30m before")
    (0.75, datetime.timedelta(days=-1, seconds=84600))
    """
    share = _SHARE.fullmatch(text)
    if share and float(share[1]):
        return float(share[1]) / 100
    beside = _BESIDE.fullmatch(text)
    if beside:
        amount = duration(beside[1])
        return -amount if beside[2] == "before" else amount
    message = f'expected a threshold such as "75%", "30m before" or "1h after", got {shown(text)}'
    raise ValueError(message)


def priority_level(value: object, labels: Sequence[str]) -> int:
    """The level that ``P1``, a label or a number names; 1 is highest.

    Raises:
        ValueError: the scale has no such level.

    >>> priority_level("P2", ("High", "Low")), priority_level("high", ("High", "Low")), priority_level(2, "ab")
    (2, 1, 2)
    """
    names = {f"p{level}": level for level in range(1, len(labels) + 1)}
    names |= {fold(label): level for level, label in enumerate(labels, start=1)}
    level = names.get(fold(value)) if isinstance(value, str) else value
    if type(level) is int and 1 <= level <= len(labels):
        return level
    told = f" or {', '.join(labels)}" if fold(labels[0]) != "p1" else ""
    message = f"expected a priority, P1 to P{len(labels)}{told}, got {shown(value)}"
    raise ValueError(message)
