"""How is an amount of time written? As ``4h``, ``1h 30m``, ``45m`` or ``0.5s``, wherever a table or a policy says one.

A day is no unit here: it may mean 24 hours, the open hours of a date, or a working day.
"""

from __future__ import annotations

import re
from datetime import timedelta

__all__ = ["TOO_LONG", "amount_text", "read_amount"]

# Eleven digits of hours hold the longest timedelta there is.
_AMOUNT = re.compile(r"(?:([0-9]{1,11}) *h)? *(?:([0-9]{1,6}) *m)? *(?:([0-9]{1,6})(?:\.([0-9]{1,6}))? *s)?")


TOO_LONG = timedelta(hours=1_000_000)
"""More than a century: in a policy that people write it is a slip of the pen."""


def read_amount(text: str, *, below: timedelta | None = None) -> timedelta | None:
    """The amount of time that a text writes; None where it writes none, or too long a one.

    Args:
        text: Hours, minutes and seconds, in that order; the seconds may have a decimal part.
        below: What is as long as this, or longer, is none; None takes all.

    >>> read_amount("1h 30m"), read_amount("0.5s"), read_amount("soon"), read_amount("3d")
    (datetime.timedelta(seconds=5400), datetime.timedelta(microseconds=500000), None, None)
    """
    match = _AMOUNT.fullmatch(text)
    if not match or not any(match.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
    split = int((match[4] or "0").ljust(6, "0"))
    try:
        found = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=split)
    except OverflowError:
        return None
    return found if below is None or found < below else None


def amount_text(time: timedelta) -> str:
    """An amount of time as `read_amount` reads it.

    >>> amount_text(timedelta(minutes=90)), amount_text(timedelta(days=2)), amount_text(timedelta(microseconds=500))
    ('1h 30m', '48h', '0.0005s')
    """
    seconds, rest = divmod(time, timedelta(seconds=1))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    split = f".{rest.microseconds:06}".rstrip("0") if rest else ""
    parts = (
        f"{hours}h" * bool(hours),
        f"{minutes}m" * bool(minutes),
        f"{seconds}{split}s" * bool(seconds or rest),
    )
    return " ".join(filter(None, parts)) or "0m"
