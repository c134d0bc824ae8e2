"""The only random numbers of the library, always from a seed: the bootstrap, and the sample log.

Resampling a sample of n and sorting it is not needed for a quantile: the k-th of n sorted draws is the sample's value
at the place floor(n * U), where U is the k-th of n sorted uniform numbers and so has a beta distribution. That is the
same bootstrap at a cost that does not grow with n.

Source: B. Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7 (1979); percentile form.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from math import exp, lgamma, log, log1p
from random import Random  # noqa: TID251  seeded, and nowhere else
from typing import TypeVar

from itilkit.errors import KpiError

__all__ = [
    "MANY",
    "RESAMPLES",
    "bootstrap",
    "ends",
    "generator",
    "method_of_means",
    "resampled_means",
    "resampled_percentiles",
    "resampled_trimmed_means",
]

RESAMPLES = 2_000
# Beyond this many values the resampled mean is drawn from its normal limit, because drawing them all takes seconds.
MANY = 1_000

T = TypeVar("T")


def generator(seed: int) -> Random:
    """A generator of its own.

    Raises:
        KpiError: the seed is no whole number.
    """
    if type(seed) is not int:
        raise KpiError.one("bad_option", f"a seed of {seed!r} is none", path="seed", hint="a whole number")
    return Random(seed)  # noqa: S311  no secrets


def bootstrap(
    observations: Sequence[T], figure: Callable[[Sequence[T]], float | None], seed: int
) -> Iterator[float]:
    """A figure of each resample; those in which it is undefined are passed over."""
    draw = generator(seed)
    for _ in range(RESAMPLES if observations else 0):
        found = figure(draw.choices(observations, k=len(observations)))
        if found is not None:
            yield found


def method_of_means(n: int) -> str:
    """How an interval from `resampled_means` or `resampled_trimmed_means` of so many values is called."""
    return "bootstrap" if n <= MANY else "normal limit of the bootstrap"


def resampled_means(values: Sequence[float], seed: int) -> Iterator[float]:
    """The mean of each resample; of what is all true or false the binomial shares that resampling would draw."""
    n = len(values)
    draw = generator(seed)
    if 0 < n <= MANY and set(values) <= {0, 1}:
        count = round(sum(values))
        steps = _binomial_steps(count, n) if 0 < count < n else [1.0]
        least = 0 if len(steps) > 1 else count
        for _ in range(RESAMPLES):
            yield (least + bisect_left(steps, draw.random() * steps[-1])) / n
    elif n > MANY:
        centre = sum(values) / n
        spread = (sum((value - centre) ** 2 for value in values) / n / n) ** 0.5
        for _ in range(RESAMPLES):
            yield draw.gauss(centre, spread)
    elif n:
        for _ in range(RESAMPLES):
            yield sum(draw.choices(values, k=n)) / n


def _binomial_steps(count: int, n: int) -> list[float]:
    """The chance of at most 0, 1 ... n among n draws from values of which so many are true."""
    share = count / n
    return list(
        accumulate(
            exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(share) + (n - k) * log1p(-share))
            for k in range(n + 1)
        )
    )


def resampled_trimmed_means(ordered: Sequence[float], cut: int, seed: int) -> Iterator[float]:
    """The mean of each resample without so many at either end; of many from Tukey and McLaughlin's limit."""
    n = len(ordered)
    draw = generator(seed)
    if n > MANY:
        drawn_in = [min(max(value, ordered[cut]), ordered[n - cut - 1]) for value in ordered]
        centre, around = sum(ordered[cut : n - cut]) / (n - 2 * cut), sum(drawn_in) / n
        spread = (sum((value - around) ** 2 for value in drawn_in)) ** 0.5 / (n - 2 * cut)
        for _ in range(RESAMPLES):
            yield draw.gauss(centre, spread)
    else:
        for _ in range(RESAMPLES if n else 0):
            yield sum(sorted(draw.choices(ordered, k=n))[cut : n - cut]) / (n - 2 * cut)


def resampled_percentiles(ordered: Sequence[float], percent: int, seed: int) -> Iterator[float]:
    """The interpolated percentile (type 7) of each resample of sorted values."""
    n = len(ordered)
    draw = generator(seed)
    below, hundredths = divmod((n - 1) * percent, 100)
    for _ in range(RESAMPLES if n else 0):
        place = draw.betavariate(below + 1, n - below)
        low = ordered[min(n - 1, int(n * place))]
        if not hundredths:
            yield low
            continue
        place += (1 - place) * draw.betavariate(1, n - below - 1)
        high = ordered[min(n - 1, int(n * place))]
        yield (low * (100 - hundredths) + high * hundredths) / 100


def ends(found: Sequence[float], level: float) -> tuple[float, float] | None:
    """What lies between the tails of resampled figures; None of nothing."""
    if not found:
        return None
    ordered = sorted(found)
    last = len(ordered) - 1
    tail = (1 - level) / 2
    return ordered[round(last * tail)], ordered[round(last * (1 - tail))]
