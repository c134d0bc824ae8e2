"""Statistics of whole microseconds and counts, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from math import exp, log

import attrs

from itilkit.errors import KpiError
from itilkit.kpi.chance import (
    ends,
    method_of_means,
    resampled_means,
    resampled_percentiles,
    resampled_trimmed_means,
)
from itilkit.kpi.definition import Figure, Reason, Sureness, Value
from itilkit.kpi.intervals import Interval, order_ranks
from itilkit.kpi.survival import Spell, Survival

__all__ = [
    "change_of",
    "check_statistics",
    "duration_figures",
    "geometric_mean",
    "mean",
    "percentile",
    "trimmed_mean",
]

_MEDIAN = 50
_PERCENTILE = re.compile(r"p([1-9]\d?)")
_RMST = re.compile(r"rmst_([1-9]\d*)([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_TRIMMED_TENTH = 10

Plain = Callable[[Sequence[int]], float | None]


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


def geometric_mean(values: Sequence[int]) -> float | None:
    """The mean on the scale of logarithms; 0 where one is 0, None of nothing and where one is negative.

    >>> round(geometric_mean([1, 10, 100]), 9)
    10.0
    """
    if not values or min(values) < 0:
        return None
    return exp(sum(map(log, values)) / len(values)) if min(values) else 0.0


def trimmed_mean(ordered: Sequence[int]) -> float | None:
    """The mean without the tenth of the values at either end, rounded down; None of nothing. Sorted values.

    >>> trimmed_mean([0, 1, 1, 1, 1, 1, 1, 1, 1, 90])
    1.0
    """
    cut = len(ordered) // _TRIMMED_TENTH
    return mean(ordered[cut : len(ordered) - cut])


@attrs.frozen
class _Named:
    """A statistic as its name was understood: a plain one, a percentile, or one that counts what has not ended."""

    plain: Plain | None = None
    percent: int | None = None
    tau: timedelta | None = None
    survives: bool = False


_PLAIN: dict[str, Plain] = {"mean": mean, "geometric_mean": geometric_mean, "trimmed_mean": trimmed_mean}


def _named(name: object) -> _Named:
    text = name if isinstance(name, str) else ""
    if text in _PLAIN:
        return _Named(_PLAIN[text])
    if text == "n":
        return _Named()
    restricted = _RMST.fullmatch(text)
    if restricted:
        unit = _UNITS[restricted[2]]
        return _Named(tau=timedelta(**{unit: int(restricted[1])}), survives=True)
    survives = text.startswith("km_")
    short = text.removeprefix("km_")
    match = _PERCENTILE.fullmatch(short)
    if short == "median" or match:
        return _Named(percent=int(match[1]) if match else _MEDIAN, survives=survives)
    raise KpiError.one(
        "unknown_statistic",
        f"no statistic is called {name!r}",
        path="statistics",
        hint="known: n, mean, geometric_mean, trimmed_mean, median, percentiles such as p90; "
        "with what has not ended, km_median, km_p90, rmst_14d",
    )


def check_statistics(names: Sequence[str], cohort: str) -> None:
    """Raise when there is no such statistic, or it counts what has not ended in a cohort that lacks it."""
    for name in names:
        if _named(name).survives and cohort != "opened":
            raise KpiError.one(
                "bad_option",
                f"{name} counts incidents that have not ended, and a cohort of those {cohort} holds none",
                path="cohort",
                hint='cohort="opened"',
            )


def duration_figures(names: Sequence[str], spells: Sequence[Spell], min_n: int) -> Iterator[Figure]:
    """One figure per statistic; what has not ended is left out as open, except where the statistic counts it."""
    ordered = sorted([spell.spent for spell in spells if spell.ended])
    goes_on = len(spells) - len(ordered)
    left_out: dict[Reason, int] = {"open": goes_on} if goes_on else {}
    parts = _starts(spells)
    survival: Survival | None = None
    for name in names:
        known = _named(name)
        if known.survives:
            survival = survival or Survival.of(spells)
            yield _survival_figure(name, known, survival, parts)
        elif known.plain is None and known.percent is None:
            yield Figure(name, len(ordered), "incidents", len(ordered), parts, left_out=left_out)
        else:
            value, sureness = _plain_figure(known, ordered, min_n)
            yield Figure(name, value, "duration", len(ordered), parts, left_out=left_out, sureness=sureness)


def _starts(spells: Sequence[Spell]) -> dict[str, int]:
    """From which facts they are counted, where there is a choice."""
    counts: dict[str, int] = {}
    for spell in spells:
        if spell.start and spell.ended:
            counts[f"from_{spell.start}"] = counts.get(f"from_{spell.start}", 0) + 1
    return counts


def _duration(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(microseconds=value)


def _plain_figure(known: _Named, ordered: Sequence[int], min_n: int) -> tuple[Value, Sureness | None]:
    percent, plain = known.percent, known.plain
    if percent is None:
        assert plain is not None  # noqa: S101  one of the two is there
        return _duration(plain(ordered)), _resampled(plain, ordered)
    if percent > _MEDIAN and len(ordered) < min_n:
        return None, None
    return _duration(percentile(ordered, percent)), _by_ranks(ordered, percent)


def _by_ranks(ordered: Sequence[int], percent: int) -> Sureness | None:
    def interval(level: float, _seed: int) -> Interval:
        low, high = (
            None if rank is None else timedelta(microseconds=ordered[rank - 1])
            for rank in order_ranks(len(ordered), percent, level)
        )
        return Interval(low, high, level=level, method="order statistics")

    return interval if ordered else None


def _resampled(plain: Plain, values: Sequence[int]) -> Sureness | None:
    def interval(level: float, seed: int) -> Interval | None:
        found = ends(list(_resamples(plain, values, seed)), level)
        if found is None:
            return None
        low, high = map(_duration, found)
        return Interval(low, high, level=level, method=method_of_means(len(values)))

    return interval if values else None


def _resamples(plain: Plain, values: Sequence[int], seed: int) -> Iterator[float]:
    """Of a mean, of the mean of logarithms, or of what is left after trimming."""
    if plain is geometric_mean and values and min(values) > 0:
        return map(exp, resampled_means([log(value) for value in values], seed))
    if plain is trimmed_mean:
        return resampled_trimmed_means(values, len(values) // _TRIMMED_TENTH, seed)
    return resampled_means(values, seed) if plain is mean else iter(())


def _survival_figure(name: str, known: _Named, survival: Survival, starts: dict[str, int]) -> Figure:
    ended = sum(survival.ended)
    parts = {**starts, "ended": ended, "still_open": survival.n - ended}
    tau, percent = known.tau, known.percent
    if tau is not None:
        return Figure(
            name,
            survival.rmst(tau),
            "duration",
            survival.n,
            parts,
            sureness=lambda level, _: survival.rmst_interval(tau, level),
        )
    share = (percent or _MEDIAN) / 100
    return Figure(
        name,
        survival.quantile(share),
        "duration",
        survival.n,
        parts,
        sureness=lambda level, _: survival.quantile_interval(share, level),
    )


def change_of(name: str, spells: Sequence[Spell], seed: int) -> tuple[Iterator[float], str]:
    """The statistic of each resample, in microseconds, and how it was drawn.

    None at all for a statistic that cannot be drawn without its definition.
    """
    known = _named(name)
    ordered = sorted([spell.spent for spell in spells if spell.ended])
    if known.percent is not None and not known.survives:
        return resampled_percentiles(ordered, known.percent, seed), "bootstrap"
    means = iter(()) if known.plain is None else _resamples(known.plain, ordered, seed)
    return means, method_of_means(len(ordered))
