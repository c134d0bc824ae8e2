"""How sure is a figure? Intervals that need no random numbers.

Sources: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927) for
shares; the binomial argument for order statistics; F. Garwood, "Fiducial Limits for the Poisson Distribution",
Biometrika 28 (1936) for counts and rates.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from math import erfc, exp, inf, lgamma, log, log1p, sqrt

import attrs

from itilkit.errors import KpiError

__all__ = [
    "Interval",
    "check_level",
    "crossing",
    "is_number",
    "newcombe",
    "normal_quantile",
    "order_ranks",
    "poisson_limits",
    "wilson",
]

_HALVINGS = 200


@attrs.frozen
class Interval:
    """Where the true value of a figure lies, as far as chance goes.

    It says nothing about what was left out or never recorded.

    Attributes:
        low: The lower end; None where it is open.
        high: The upper end; None where it is open.
        level: How often an interval made like this holds the true value, such as 0.95.
        method: How it was made.
    """

    low: timedelta | float | None
    high: timedelta | float | None
    level: float = attrs.field(kw_only=True)
    method: str = attrs.field(kw_only=True)


def is_number(value: object) -> bool:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_level(level: float) -> None:
    """Raise when a level is none: it lies between 0 and 1, 0.95 for 95 in a hundred."""
    if not is_number(level) or not 0 < level < 1:
        raise KpiError.one(
            "bad_option", f"a level of {level!r} is none", path="level", hint="0.95 for 95 in a hundred"
        )


def crossing(rises: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """Where a function that rises reaches a value, by halving."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if rises(middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@lru_cache(maxsize=32)
def normal_quantile(level: float) -> float:
    """How many standard deviations to either side hold that share of a normal distribution.

    >>> round(normal_quantile(0.95), 6)
    1.959964
    """
    return crossing(lambda z: 1 - erfc(z / sqrt(2)), level, 0.0, 40.0)


def wilson(count: int, n: int, level: float) -> tuple[float, float] | None:
    """Wilson's score interval of a share; None of nothing.

    >>> low, high = wilson(3, 10, 0.95)
    >>> round(low, 5), round(high, 5)
    (0.10779, 0.60322)
    """
    if not n:
        return None
    z = normal_quantile(level)
    share, z2 = count / n, z * z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return (
        0.0 if count == 0 else max(0.0, centre - half),
        1.0 if count == n else min(1.0, centre + half),
    )


def newcombe(before: tuple[int, int], after: tuple[int, int], level: float) -> tuple[float, float]:
    """The interval of a difference of shares, after less before, each given as a count of n; n is above 0.

    It is made of the two intervals of Wilson, so that it holds for few incidents, too, and where all or none count.
    Source: R. G. Newcombe, "Interval Estimation for the Difference between Independent Proportions: Comparison of
    Eleven Methods", Statistics in Medicine 17 (1998), method 10.

    >>> low, high = newcombe((48, 80), (56, 70), 0.95)
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    (low, high), (later_low, later_high) = (wilson(*side, level) or (0.0, 1.0) for side in (before, after))
    share, later = (count / n for count, n in (before, after))
    down = sqrt((later - later_low) ** 2 + (high - share) ** 2)
    up = sqrt((later_high - later) ** 2 + (share - low) ** 2)
    return later - share - down, later - share + up


def order_ranks(n: int, percent: float, level: float) -> tuple[int | None, int | None]:
    """Ranks, counted from 1, of the order statistics that hold a quantile; None where the sample is too small.

    The lower one is the highest rank that lies above the quantile with a chance of at most half of what the level
    leaves, and the upper one its mirror.

    >>> order_ranks(10, 50, 0.95)
    (2, 9)
    """
    tail, share = (1 - level) / 2, percent / 100
    below = 0.0  # P(at most `rank` of n lie below the quantile)
    low: int | None = None
    high: int | None = None
    for rank in range(n + 1):
        below += exp(_log_binomial(n, rank, share))
        if below <= tail:
            low = rank + 1
        if high is None and below >= 1 - tail:
            high = rank + 1
            break
    return (low if low is not None and low <= n else None, high if high is not None and high <= n else None)


def _log_binomial(n: int, k: int, share: float) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(share) + (n - k) * log1p(-share)


def poisson_limits(count: int, level: float, *, one_sided: bool = False) -> tuple[float, float]:
    """The exact limits of the expectation of a count: half the quantiles of chi-squared with 2n and 2n + 2 degrees.

    The lower limit of no events is 0. With `one_sided` only the upper limit has the level; the lower one is 0.

    >>> low, high = poisson_limits(4, 0.95)
    >>> round(1000 / high, 2), round(1000 / low, 2)
    (97.64, 917.54)
    """
    tail = 1 - level if one_sided else (1 - level) / 2
    top = count + 20 * sqrt(count + 1) + 60
    high = crossing(lambda mean: 1 - _at_most(count, mean), 1 - tail, 0.0, top)
    if count == 0 or one_sided:
        return 0.0, high
    return crossing(lambda mean: 1 - _at_most(count - 1, mean), tail, 0.0, top), high


def _at_most(count: int, mean: float) -> float:
    """The chance of at most so many events."""
    if mean <= 0:
        return 1.0
    terms = [k * log(mean) - mean - lgamma(k + 1) for k in range(count + 1)]
    top = max(terms, default=-inf)
    return min(1.0, exp(top) * sum(exp(term - top) for term in terms))
