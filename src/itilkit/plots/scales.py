"""Where values lie: times on a scale of logarithms, and the labels of periods in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from math import log

import attrs

from itilkit.plots.sheet import SIZE
from itilkit.svg import text_width

__all__ = ["LogTime", "Slots", "date_ticks", "first_day"]

# The first ones first where there is no room for all.
_TICKS = (
    ("1 min", 60.0),
    ("1 h", 3_600.0),
    ("1 d", 86_400.0),
    ("7 d", 604_800.0),
    ("30 d", 2_592_000.0),
    ("1 y", 31_536_000.0),
    ("10 min", 600.0),
    ("10 y", 315_360_000.0),
    ("1 s", 1.0),
    ("10 s", 10.0),
    ("8 h", 28_800.0),
)
_GAP = 10


@attrs.frozen
class LogTime:
    """A scale of seconds on which each step is as many times longer; what is shorter than `low` lies at its edge."""

    low: float
    high: float
    left: float
    right: float

    def x(self, seconds: float) -> float:
        """Where a duration lies."""
        inside = min(max(seconds, self.low), self.high)
        return self.left + (self.right - self.left) * log(inside / self.low) / log(self.high / self.low)

    def ticks(self) -> list[tuple[float, str]]:
        """Places with their labels, as many as there is room for."""
        found: list[tuple[float, str]] = []
        for told, seconds in _TICKS:
            x = self.x(seconds)
            if self.low <= seconds <= self.high and all(
                abs(x - other) >= (text_width(told, SIZE) + text_width(name, SIZE)) / 2 + _GAP
                for other, name in found
            ):
                found.append((x, told))
        return sorted(found)


@attrs.frozen
class Slots:
    """Periods side by side, each as wide as the others."""

    count: int
    left: float
    right: float

    @property
    def step(self) -> float:
        """How wide one is."""
        return (self.right - self.left) / max(self.count, 1)

    def x(self, place: int) -> float:
        """The middle of a period."""
        return self.left + self.step * (place + 0.5)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BY_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 600)
_BY_PLACES = (1, 2, 3, 5, 7, 10, 14, 28, 56)
_YEAR = 12
_MONTH_LONG, _YEAR_LONG, _FEW_DAYS = 28, 365, 75


def first_day(label: str) -> date:
    """The first date of a period by its label.

    >>> [first_day(label).isoformat() for label in ("2026-W10", "2026-03", "2026-Q2", "2026", "2026-03-02")]
    ['2026-03-02', '2026-03-01', '2026-04-01', '2026-01-01', '2026-03-02']
    """
    year, _, rest = label.partition("-")
    if rest.startswith("W"):
        return date.fromisocalendar(int(year), int(rest[1:]), 1)
    if rest.startswith("Q"):
        return date(int(year), 3 * int(rest[1:]) - 2, 1)
    month, _, day = rest.partition("-")
    return date(int(year), int(month or 1), int(day or 1))


def date_ticks(days: Sequence[date], slots: Slots) -> list[tuple[int, str, str]]:
    """Which periods are labelled, by their first days: place, label, and the year where a new one begins.

    As many as there is room for; days where they span weeks, months or years where they span more.
    """
    found: list[tuple[int, str]] = []
    for chosen in _choices(days):
        # The first period often begins in the middle of a month, too near to the next one.
        found = chosen[1:] if len(chosen) > 1 and not _apart(chosen[:2], slots) else chosen
        if found and _apart(found, slots):
            break
    ticks: list[tuple[int, str, str]] = []
    year = ""
    for place, name in found:
        now = str(days[place].year)
        ticks.append((place, name, "" if now in (year, name) else now))
        year = now
    return ticks


def _apart(labels: Sequence[tuple[int, str]], slots: Slots) -> bool:
    """Whether no two labels meet."""
    return all(
        slots.x(later) - slots.x(earlier) >= (text_width(one, SIZE) + text_width(other, SIZE)) / 2 + _GAP
        for (earlier, one), (later, other) in pairwise(labels)
    )


def _choices(days: Sequence[date]) -> Iterator[list[tuple[int, str]]]:
    """Labelled places, fewer each time."""
    gap = (days[1] - days[0]).days if len(days) > 1 else 0
    short = bool(days) and (days[-1] - days[0]).days <= _FEW_DAYS and gap < _MONTH_LONG
    return _by_days(days) if short else _by_months(days, gap)


def _by_days(days: Sequence[date]) -> Iterator[list[tuple[int, str]]]:
    for step in _BY_PLACES:
        places = range(0, len(days), step)
        yield [(place, f"{days[place].day} {_MONTHS[days[place].month - 1]}") for place in places]


def _by_months(days: Sequence[date], gap: int) -> Iterator[list[tuple[int, str]]]:
    months = [day.year * _YEAR + day.month - 1 for day in days]
    begins = [place for place, month in enumerate(months) if not place or month != months[place - 1]]
    for step in _BY_MONTHS if gap < _YEAR_LONG else _BY_MONTHS[_BY_MONTHS.index(_YEAR) :]:
        yield [
            (place, str(days[place].year) if step >= _YEAR else _MONTHS[days[place].month - 1])
            for place in begins
            if months[place] % step == 0
        ]
    yield [(0, str(days[0].year))] if days else []
