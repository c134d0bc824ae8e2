"""Figures in words: durations, shares and counts as a service desk manager reads them.

All words of a report's figures are made here, so that its text and its page cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from itilkit.kpi import Measure
from itilkit.kpi.reporting.lines import REASONS
from itilkit.sla import Goal

__all__ = [
    "NOTHING",
    "count",
    "duration",
    "figure",
    "instant",
    "left_out",
    "plain",
    "promise",
    "rate",
    "share",
    "status",
]

NOTHING = "-"
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))
_PENDING = (("sla_compliance", "", "open and in time"), ("", "", REASONS["pending"]))
_MISSING = (
    ("time_to_resolve", "resolved_at", "without resolved_at"),
    ("time_to_resolve", "", "closed without a resolution"),
    ("first_assignment_rate", "", "without a resolution or a group"),
    ("hop_count", "", "without a group"),
    ("reopen_rate", "", "never resolved"),
    ("", "", "without the fact in the log"),
)
_SCARCE = 0.0005


def duration(value: timedelta) -> str:
    """Days, hours and minutes, the rest cut off; seconds where there is not one minute.

    >>> duration(timedelta(days=6, hours=21, minutes=24, seconds=31)), duration(timedelta(seconds=42))
    ('6 d 21 h 24 min', '42 s')
    >>> duration(timedelta(hours=-2)), duration(timedelta(0)), duration(timedelta(days=1, minutes=5))
    ('-2 h', '0 min', '1 d 0 h 5 min')
    """
    if value < timedelta(0):
        return f"-{duration(-value)}"
    left = int(value.total_seconds())
    if 0 < left < _UNITS[-1][0]:
        return f"{left} s"
    parts: list[tuple[int, str]] = []
    for seconds, unit in _UNITS:
        whole, left = divmod(left, seconds)
        if whole or parts:
            parts.append((whole, unit))
    while len(parts) > 1 and not parts[-1][0]:
        parts.pop()
    return " ".join(f"{number:,} {unit}" for number, unit in parts) or "0 min"


def share(value: float) -> str:
    """A ratio in percent; what is not all never reads as 100 %, and what is not nothing never as 0 %.

    >>> share(0.80379), share(0.99999), share(0.00001), share(1.0)
    ('80.4 %', 'over 99.9 %', 'under 0.1 %', '100.0 %')
    """
    if 0 < value < _SCARCE:
        return "under 0.1 %"
    if 1 - _SCARCE < value < 1:
        return "over 99.9 %"
    return f"{value:.1%}".replace("%", " %")


def count(number: int, one: str = "", many: str = "") -> str:
    """A number with its noun in the right form.

    >>> count(24918, "incident"), count(1, "incident"), count(2, "category", "categories")
    ('24,918 incidents', '1 incident', '2 categories')
    """
    noun = one if number == 1 else many or f"{one}s"
    return f"{number:,} {noun}" if one else f"{number:,}"


def figure(measure: Measure) -> str:
    """The value of a measure, without its n; in words where it has none."""
    value = measure.value
    if value is None:
        return _absent(measure)
    if isinstance(value, timedelta):
        return duration(value)
    if measure.unit == "ratio":
        return share(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}"


def rate(measure: Measure) -> str:
    """A share with what it was made of, never without its n."""
    if measure.value is None:
        return figure(measure)
    return f"{figure(measure)} ({measure.parts['counted']:,} of {measure.n:,})"


def _absent(measure: Measure) -> str:
    if not measure.recorded:
        return "not recorded"
    return "too few" if measure.n else NOTHING


def left_out(measure: Measure) -> str:
    """What a figure does not count, by reason; "none" where it counts everything.

    Incidents not yet opened are told once for the whole report, not with each figure.
    """
    known = {why: number for why, number in measure.left_out.items() if why != "not_opened"}
    words = {**REASONS, "missing": _told(measure, _MISSING), "pending": _told(measure, _PENDING)}
    return (
        ", ".join(f"{number:,} {words.get(why) or why.replace('_', ' ')}" for why, number in known.items())
        or "none"
    )


def _told(measure: Measure, words: Sequence[tuple[str, str, str]]) -> str:
    return next(told for name, reading, told in words if name in measure.name and reading in measure.reading)


def instant(at: datetime, zone: str) -> str:
    """An instant on the clocks of a zone, to the minute.

    >>> from datetime import UTC
    >>> instant(datetime(2016, 6, 1, 12, tzinfo=UTC), "Europe/Berlin")
    '2016-06-01 14:00 Europe/Berlin'
    """
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def promise(goal: Goal) -> str:
    """What is promised, on which calendar.

    >>> from itilkit.calendars import Calendar
    >>> promise(Goal(timedelta(hours=24), Calendar.round_the_clock("UTC")))
    '24 h (round the clock)'
    """
    target = _open_time(goal.target) if isinstance(goal.target, timedelta) else str(goal.target)
    return f"{target} ({goal.calendar.name.replace('_', ' ')})" if goal.calendar.name else target


def _open_time(value: timedelta) -> str:
    """Hours and minutes: a day of open time is no day."""
    minutes = int(value.total_seconds()) // 60
    parts = ((minutes // 60, "h"), (minutes % 60, "min"))
    return " ".join(f"{number:,} {unit}" for number, unit in parts if number) or duration(value)


def status(name: str) -> str:
    """A status as it is spoken.

    >>> status("in_progress")
    'in progress'
    """
    return name.replace("_", " ")


def plain(text: str) -> str:
    r"""The text on one line, with everything that a terminal would act on made visible.

    >>> plain("red \x1b[31m alarm\n")
    'red \\x1b[31m alarm\\n'
    """
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
