"""Amounts as people write them in a policy: ``4h``, ``1h 30m``, ``10 working days``, ``75%``, ``30m before``."""

from __future__ import annotations

import re
from datetime import timedelta

from itilkit.policy.agreement import Promise
from itilkit.sla import WorkingDays
from itilkit.sla.measure import Threshold

__all__ = ["duration", "priority_level", "promise", "threshold"]

_DURATION = re.compile(r"(?:(\d+)\s*h)?\s*(?:(\d+)\s*m)?\s*(?:(\d+)\s*s)?")
_WORKING_DAYS = re.compile(r"(\d+)\s+working\s+days?")
_DAYS = re.compile(r"\d+\s*(?:d|days?)")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_BESIDE = re.compile(r"(.+?)\s+(before|after)")


def duration(text: str) -> timedelta:
    """An amount of time.

    Raises:
        ValueError: it is none; a bare ``3d`` neither, because a day of open time is no day of the calendar.

    >>> duration("1h 30m")
    datetime.timedelta(seconds=5400)
    """
    if _DAYS.fullmatch(text):
        message = f'{text!r} is ambiguous: write hours of open time such as "24h", or "3 working days"'
        raise ValueError(message)
    match = _DURATION.fullmatch(text)
    if not match or not any(match.groups()):
        message = f'expected an amount of time such as "4h", "1h 30m" or "45m", got {text!r}'
        raise ValueError(message)
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def promise(text: str) -> Promise:
    """A target: an amount of open time, working days, or ``none``.

    Raises:
        ValueError: it is none of these.

    >>> promise("10 working days"), promise("none")
    (WorkingDays(days=10, first_day='next', cutoff=None), None)
    """
    if text == "none":
        return None
    days = _WORKING_DAYS.fullmatch(text)
    if days and int(days[1]):
        return WorkingDays(int(days[1]))
    try:
        return duration(text)
    except ValueError as error:
        if _DAYS.fullmatch(text):
            raise
        message = f'expected a target such as "4h", "10 working days" or "none", got {text!r}'
        raise ValueError(message) from error


def threshold(text: str) -> Threshold:
    """A point on a clock: a share of the target, or time before or after it.

    Raises:
        ValueError: it is none of these.

    >>> threshold("75%"), threshold("30m before")
    (0.75, datetime.timedelta(days=-1, seconds=84600))
    """
    share = _SHARE.fullmatch(text)
    if share:
        return float(share[1]) / 100
    beside = _BESIDE.fullmatch(text)
    if beside:
        amount = duration(beside[1])
        return -amount if beside[2] == "before" else amount
    message = f'expected a threshold such as "75%", "30m before" or "1h after", got {text!r}'
    raise ValueError(message)


def priority_level(value: object, labels: tuple[str, ...]) -> int:
    """The level that ``P1``, a label or a number names; 1 is highest.

    Raises:
        ValueError: the scale has no such level.
    """
    names = {f"p{level}": level for level in range(1, len(labels) + 1)}
    names |= {label.casefold(): level for level, label in enumerate(labels, start=1)}
    level = names.get(value.casefold()) if isinstance(value, str) else value
    if type(level) is int and level in names.values():
        return level
    message = f"expected a priority such as P1 to P{len(labels)} or {', '.join(labels)}, got {value!r}"
    raise ValueError(message)
