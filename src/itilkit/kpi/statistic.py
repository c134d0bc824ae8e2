"""Statistics of whole microseconds and counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from itilkit.errors import KpiError

__all__ = ["mean", "percentile", "statistic"]

_MEDIAN = 0.5
_PERCENTILE = re.compile(r"p([1-9]\d?)")

Statistic = Callable[[Sequence[int], int], float | None]


def mean(values: Sequence[int]) -> float | None:
    """The arithmetic mean; None of nothing.

    >>> mean([1, 2, 6])
    3.0
    """
    return sum(values) / len(values) if values else None


def percentile(ordered: Sequence[int], share: float) -> float | None:
    """Interpolated between order statistics, Hyndman and Fan's type 7; None of nothing.

    The values must be sorted. Source: R. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", The
    American Statistician 50 (1996); the default of numpy and pandas.

    >>> percentile([1, 2, 3, 4], 0.9)
    3.7
    """
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    below = int(place)
    if below + 1 == len(ordered):
        return float(ordered[below])
    low, high = ordered[below], ordered[below + 1]
    return low + (high - low) * (place - below)


def statistic(name: str) -> Statistic:
    """The statistic of that name: ``mean``, ``median`` or a percentile such as ``p90``.

    It takes sorted values and the smallest n for which a percentile above the median is told.

    Raises:
        KpiError: there is no such statistic.
    """
    if name == "mean":
        return lambda ordered, _: mean(ordered)
    share = _share(name)
    if share is None:
        raise KpiError.one(
            "unknown_statistic",
            f"no statistic is called {name!r}",
            path="statistics",
            hint="mean, median or p90",
        )
    if share <= _MEDIAN:
        return lambda ordered, _: percentile(ordered, share)
    return lambda ordered, least: percentile(ordered, share) if len(ordered) >= least else None


def _share(name: str) -> float | None:
    if name == "median":
        return _MEDIAN
    match = _PERCENTILE.fullmatch(name)
    return int(match[1]) / 100 if match else None
