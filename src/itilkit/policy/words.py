"""Amounts as people write them in a policy: ``4h``, ``1h 30m``, ``10 working days``, ``75%``, ``30m before``.

Each kind has a reader, named as what it gives, and a writer, whose name ends in ``_text``: the reader reads that text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time, timedelta
from decimal import Decimal
from fractions import Fraction

from itilkit.errors import PolicyError, shown
from itilkit.lifecycle import Delay
from itilkit.lifecycle.amounts import TOO_LONG, amount_text, read_amount
from itilkit.policy.agreement import Promise
from itilkit.sla import WorkingDays
from itilkit.sla.measure import Threshold
from itilkit.vocabulary import fold

__all__ = [
    "delay",
    "delay_text",
    "duration",
    "duration_text",
    "priority_level",
    "promise",
    "promise_text",
    "share",
    "share_text",
    "threshold",
    "threshold_text",
]

_WORKING_DAYS = re.compile(
    r"([0-9]{1,4}) +working +days?(, the opening day counts)?(?:, cutoff ([0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?))?",
    re.IGNORECASE,
)
_DAYS = re.compile(r"[0-9]+ *(?:d|days?)")
_SHARE = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,18})?) *%")
_KIND = re.compile(r"(.+?) +(?:of +)?(open|wall) +time", re.IGNORECASE)
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
    found = read_amount(text, below=TOO_LONG)
    if found is None:
        message = f'expected an amount of time such as "4h", "1h 30m" or "45m", got {shown(text)}'
        raise ValueError(message)
    if not found:
        message = f"expected more than no time at all, got {shown(text)}"
        raise ValueError(message)
    return found


def duration_text(amount: timedelta) -> str:
    """An amount of time as `duration` reads it.

    Raises:
        PolicyError: no time at all, or more than a century.

    >>> duration_text(timedelta(minutes=90)), duration_text(timedelta(days=3))
    ('1h 30m', '72h')
    """
    if not timedelta(0) < amount < TOO_LONG:
        raise PolicyError.one("no_words", f"a policy file has no words for an amount of {amount}")
    return amount_text(amount)


def promise(text: str) -> Promise:
    """A target: an amount of open time, working days, or ``none``.

    Working days begin with the one after the start; ``2 working days, the opening day counts`` takes in the start's
    own, and with ``, cutoff 15:00`` a start from then on counts as on the next one.

    Raises:
        ValueError: it is none of these.

    >>> promise("10 working days"), promise("none")
    (WorkingDays(days=10, first_day='next', cutoff=None), None)
    >>> promise("2 working days, the opening day counts, cutoff 15:00")
    WorkingDays(days=2, first_day='opening_day', cutoff=datetime.time(15, 0))
    """
    if fold(text) == "none":
        return None
    days = _WORKING_DAYS.fullmatch(text)
    if days and int(days[1]):
        cutoff = None if days[3] is None else time.fromisoformat(days[3])
        return WorkingDays(int(days[1]), first_day="opening_day" if days[2] else "next", cutoff=cutoff)
    if _DAYS.fullmatch(text):
        count = text.rstrip("days ")
        message = (
            f'{shown(text)} is ambiguous: write "{count} working days", or hours of open time such as "24h"'
        )
        raise ValueError(message)
    if read_amount(text, below=TOO_LONG) is not None:
        return duration(text)
    message = f'expected a target such as "4h", "10 working days" or "none", got {shown(text)}'
    raise ValueError(message)


def promise_text(target: Promise) -> str:
    """A target as `promise` reads it.

    Raises:
        PolicyError: the reader knows no words for it.

    >>> promise_text(None), promise_text(WorkingDays(2, cutoff=time(15)))
    ('none', '2 working days, cutoff 15:00')
    """
    if target is None:
        return "none"
    if isinstance(target, timedelta):
        return duration_text(target)
    first = ", the opening day counts" if target.first_day == "opening_day" else ""
    cutoff = "" if target.cutoff is None else f", cutoff {_clock(target.cutoff)}"
    text = f"{target}{first}{cutoff}"
    if not _WORKING_DAYS.fullmatch(text):
        raise PolicyError.one("no_words", f"a policy file has no words for {target!r}")
    return text


def _clock(value: time) -> str:
    return f"{value:%H:%M}" if value == value.replace(second=0, microsecond=0) else value.isoformat()


def delay(text: str) -> Delay:
    """How long after something: ``5 working days``, ``40h`` of open time, ``72h of wall time``.

    Raises:
        ValueError: it is none of these.

    >>> print(delay("5 working days"), delay("40h"), delay("72h of wall time"), sep="; ")
    5 working days; 1 day, 16:00:00 of open time; 3 days, 0:00:00
    """
    kind = _KIND.fullmatch(text)
    if kind:
        amount = duration(kind[1])
        return Delay(wall_time=amount) if kind[2].lower() == "wall" else Delay(open_time=amount)
    target = promise(text)
    if isinstance(target, timedelta):
        return Delay(open_time=target)
    if target is None or target != WorkingDays(target.days):
        message = f'expected "5 working days", "40h" or "72h of wall time", got {shown(text)}'
        raise ValueError(message)
    return Delay(working_days=target.days)


def delay_text(value: Delay) -> str:
    """A delay as `delay` reads it.

    Raises:
        PolicyError: the reader knows no words for it.
    """
    if value.wall_time is not None:
        return f"{duration_text(value.wall_time)} of wall time"
    return promise_text(value.open_time or WorkingDays(value.working_days or 1))


def share(text: str) -> float:
    """A share of a whole, as the fraction nearest to it.

    Raises:
        ValueError: it is none, or nothing.

    >>> share("99.9%")
    0.999
    """
    match = _SHARE.fullmatch(text)
    if match is None or not Fraction(match[1]):
        message = f'expected a share such as "95%", got {shown(text)}'
        raise ValueError(message)
    return float(Fraction(match[1]) / 100)


def share_text(value: float) -> str:
    """A share as `share` reads it.

    Raises:
        PolicyError: the reader knows no words for it.

    >>> share_text(0.999)
    '99.9%'
    """
    text = f"{(Decimal(repr(float(value))) * 100).normalize():f}%"
    if not _SHARE.fullmatch(text) or not value:
        raise PolicyError.one("no_words", f"a policy file has no words for a share of {value!r}")
    return text


def threshold(text: str) -> Threshold:
    """A point on a clock: a share of the target, or time before or after it.

    Raises:
        ValueError: it is none of these.

    >>> threshold("75%"), threshold("30m before")
    (0.75, datetime.timedelta(days=-1, seconds=84600))
    """
    if _SHARE.fullmatch(text):
        return share(text)
    beside = _BESIDE.fullmatch(text)
    if beside:
        amount = duration(beside[1])
        return -amount if beside[2] == "before" else amount
    message = f'expected a threshold such as "75%", "30m before" or "1h after", got {shown(text)}'
    raise ValueError(message)


def threshold_text(value: Threshold) -> str:
    """A point on a clock as `threshold` reads it.

    Raises:
        PolicyError: the reader knows no words for it.

    >>> threshold_text(0.75), threshold_text(-timedelta(minutes=30))
    ('75%', '30m before')
    """
    if not isinstance(value, timedelta):
        return share_text(value)
    return f"{duration_text(abs(value))} {'before' if value < timedelta(0) else 'after'}"


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
