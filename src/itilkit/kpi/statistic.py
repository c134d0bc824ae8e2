"""Statistics of whole microseconds and counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from itilkit.errors import KpiError

__all__ = ["mean", "percentile", "statistic"]

_MEDIAN = 50
_PERCENTILE = re.compile(r"p([1-9]\d?)")

Statistic = Callable[[Sequence[int], int], float | None]


def mean(values: Sequence[int]) -> float | None:
    """The arithmetic mean; None of nothing.

    >>> mean([1, 2, 6])
    3.0
    """
    return sum(values) / len(values) if values else None


def percentile(ordered: Sequence[int], percent: int) -> float | None:
    """Interpolated between order statistics, Hyndman and Fan's type 7; None of nothing.

    The values must be sorted. Source: R. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", The
    American Statistician 50 (1996); the default of numpy and pandas.

    >>> percentile([1, 2, 3, 4], 90)
    3.7
    """
    if not ordered:
        return None
    below, hundredths = divmod((len(ordered) - 1) * percent, 100)
    if not hundredths:
        return float(ordered[below])
    low, high = ordered[below], ordered[below + 1]
    return (low * (100 - hundredths) + high * hundredths) / 100


def statistic(name: str) -> Statistic:
    """The statistic of that name: ``mean``, ``median`` or a percentile such as ``p90``.

    It takes sorted values and the smallest n for which a percentile above the median is told.

    Raises:
        KpiError: there is no such statistic.
    """
    if name == "mean":
        return lambda ordered, _: mean(ordered)
    percent = _percent(name)
    if percent is None:
        raise KpiError.one(
            "unknown_statistic",
            f"no statistic is called {name!r}",
            path="statistics",
            hint="known: mean, median and percentiles such as p90",
        )
    if percent <= _MEDIAN:
        return lambda ordered, _: percentile(ordered, percent)
    return lambda ordered, least: percentile(ordered, percent) if len(ordered) >= least else None


def _percent(name: object) -> int | None:
    if name == "median":
        return _MEDIAN
    match = _PERCENTILE.fullmatch(name) if isinstance(name, str) else None
    return int(match[1]) if match else None
