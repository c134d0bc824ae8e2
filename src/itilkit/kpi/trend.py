"""Does it rise or fall? A slope with its interval, never the change between two months."""

from __future__ import annotations

from math import atan, cos, exp, log, pi, sin, sqrt

import attrs

from itilkit.kpi.charts import Series, numbers
from itilkit.kpi.definition import refuse
from itilkit.kpi.intervals import Interval, check_level, crossing

__all__ = ["Trend", "student_quantile", "trend"]

_LEAST = 8


@attrs.frozen
class Trend:
    """How a series of counts grows per period.

    Attributes:
        growth: By how much of itself it grows per period: 0.02 for two in a hundred; None of fewer than eight periods.
        interval: Of the growth.
        n: The number of periods.
    """

    growth: float | None
    interval: Interval | None
    n: int

    @property
    def direction(self) -> str:
        """``up``, ``down``, or ``none`` where the interval holds both or there is none."""
        low, high = (None, None) if self.interval is None else (self.interval.low, self.interval.high)
        if isinstance(low, float) and low > 0:
            return "up"
        return "down" if isinstance(high, float) and high < 0 else "none"


def trend(series: Series, *, level: float = 0.95) -> Trend:
    """The slope of log(count + 0.5) over periods, told as growth per period, with Student's interval.

    Args:
        series: Measures of one KPI by period, or numbers, none below zero; at least eight of them.
        level: Of the interval.

    Neighbouring periods are often alike; then the interval is too narrow, and an XmR chart is the better judge.

    >>> found = trend([10, 20, 40, 80, 160, 320, 640, 1280])
    >>> round(found.growth, 2), found.direction
    (0.99, 'up')

    Raises:
        KpiError: a count below zero, or a level that is none.
    """
    check_level(level)
    counts = list(numbers(series))
    if any(count < 0 for count in counts):
        raise refuse("series", "a count is less than nothing", "counts are zero or more")
    n = len(counts)
    if n < _LEAST:
        return Trend(None, None, n)
    logs = [log(count + 0.5) for count in counts]
    middle, mean = (n - 1) / 2, sum(logs) / n
    spread = sum((place - middle) ** 2 for place in range(n))
    slope = sum((place - middle) * value for place, value in enumerate(logs)) / spread
    rest = sum((value - mean - slope * (place - middle)) ** 2 for place, value in enumerate(logs))
    half = student_quantile(level, n - 2) * sqrt(rest / (n - 2) / spread)
    limits = Interval(
        exp(slope - half) - 1, exp(slope + half) - 1, level=level, method="least squares, Student's t"
    )
    return Trend(exp(slope) - 1, limits, n)


def student_quantile(level: float, degrees: int) -> float:
    """What holds that share of Student's distribution to either side, by the finite series of its distribution.

    Source: M. Abramowitz and I. Stegun, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4.

    >>> round(student_quantile(0.95, 10), 4), round(student_quantile(0.95, 5), 4)
    (2.2281, 2.5706)
    """
    high = 2.0
    while _within(high, degrees) < level:
        high *= 2
    return crossing(lambda t: _within(t, degrees), level, 0.0, high)


def _within(t: float, degrees: int) -> float:
    """The chance that Student's variable lies within t of zero."""
    angle = atan(t / sqrt(degrees))
    cosine, sine = cos(angle), sin(angle)
    odd = degrees % 2
    term = total = (cosine if degrees > 1 else 0.0) if odd else 1.0
    for place in range(3 if odd else 2, degrees - 1, 2):
        term *= cosine**2 * (place - 1) / place
        total += term
    return 2 / pi * (angle + sine * total) if odd else sine * total
