"""Is that more than the usual up and down? Process behaviour charts and the spread of counts.

Sources: W. Shewhart; D. Wheeler, "Understanding Variation" (XmR: 2.66 and 3.268; eight points on one side); D. B.
Laney, "Improved Control Charts for Attributes", Quality Engineering 14 (2002). Counts of incidents are seldom Poisson:
weekday, season and outages spread them wider, so look at `dispersion` before a c- or u-chart; beyond 1.5 take
`xmr_chart`, or ``laney=True``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from math import isfinite, sqrt
from numbers import Real
from typing import Any

import attrs

from itilkit.kpi.definition import refuse
from itilkit.kpi.measures import Measure

__all__ = ["Chart", "Dispersion", "Point", "c_chart", "dispersion", "u_chart", "xmr_chart"]

_LEAST_TO_SIGNAL = 8
_RUN = 8
_OVER = 1.5
_XMR, _MOVING_RANGE = 2.66, 3.268
# The mean step between two draws of a normal distribution, in its standard deviations.
_STEP = 1.128

Series = Iterable[Measure] | Sequence[float | None]


@attrs.frozen
class Point:
    """One period of a chart.

    Attributes:
        label: Its period, or its number from 1 on.
        value: What was measured; None where nothing was, which no chart draws.
        low: The lower limit.
        high: The upper limit.
        signals: Why it is no usual up and down: ``beyond_limits``, ``run_of_eight``; empty where it may be.
    """

    label: str
    value: float | None
    low: float | None
    high: float | None
    signals: tuple[str, ...] = ()


@attrs.frozen
class Chart:
    """A process behaviour chart.

    Attributes:
        kind: ``XmR``, ``c``, ``u``, or with Laney's limits ``c'`` and ``u'``.
        centre: The mean line; None where nothing was measured.
        points: In order.
        moving_range: Of an XmR chart, the mean step from point to point.
        range_limit: Of an XmR chart, the limit of such a step.
        sigma_z: With Laney's limits, how many times wider than Poisson's they are; None of fewer than two points, and
            where every count is zero.
    """

    kind: str
    centre: float | None
    points: tuple[Point, ...]
    moving_range: float | None = None
    range_limit: float | None = None
    sigma_z: float | None = None

    @property
    def callable(self) -> bool:
        """There are enough points, eight, to call a signal; with fewer the limits are there, and no signals."""
        return sum(point.value is not None for point in self.points) >= _LEAST_TO_SIGNAL

    @property
    def signals(self) -> tuple[Point, ...]:
        """The points that are no usual up and down."""
        return tuple(point for point in self.points if point.signals)

    def to_rows(self) -> list[dict[str, Any]]:
        """One row per point: ``period``, ``value``, ``centre``, ``low``, ``high``, ``signal``."""
        return [
            {
                "period": point.label,
                "value": point.value,
                "centre": self.centre,
                "low": point.low,
                "high": point.high,
                "signal": ", ".join(point.signals),
            }
            for point in self.points
        ]


def _labelled(series: Series) -> tuple[list[str], list[float | None]]:
    """Labels and numbers: of measures their periods and plain values, those of no period left out."""
    labels: list[str] = []
    values: list[float | None] = []
    for place, each in enumerate(series, 1):
        if isinstance(each, Measure):
            if not each.period:
                continue
            labels.append(each.period)
            values.append(each.value.total_seconds() if isinstance(each.value, timedelta) else each.value)
        else:
            labels.append(str(place))
            values.append(None if each is None else _plain("series", each))
    return labels, values


def _plain(name: str, value: object) -> float:
    """A number as Python has it, also one of numpy's."""
    if not isinstance(value, bool):
        if isinstance(value, int):
            return value
        if isinstance(value, float | Real) and isfinite(float(value)):
            return float(value)
    what = "measure" if name == "series" else "exposure"
    raise refuse(
        name, f"{value!r} is no number and no {what}", "None for a gap; else whole or decimal numbers"
    )


def _chart(
    kind: str,
    centre: float | None,
    labelled: tuple[Sequence[str], Sequence[float | None]],
    limits: Sequence[tuple[float, float] | None],
    steps: tuple[float | None, float | None] = (None, None),
) -> Chart:
    labels, values = labelled
    enough = sum(value is not None for value in values) >= _LEAST_TO_SIGNAL
    runs = _in_runs(values, centre) if enough and centre is not None else [False] * len(values)
    points: list[Point] = []
    for label, value, limit, in_run in zip(labels, values, limits, runs, strict=True):
        low, high = (None, None) if limit is None else limit
        signals: list[str] = []
        if enough and value is not None and low is not None and high is not None and not low <= value <= high:
            signals.append("beyond_limits")
        if in_run:
            signals.append("run_of_eight")
        points.append(Point(label, value, low, high, tuple(signals)))
    return Chart(kind, centre, tuple(points), *steps)


def _in_runs(values: Sequence[float | None], centre: float) -> list[bool]:
    """Which values are at least the eighth in a row on one side of the centre; a gap ends no run."""
    found: list[bool] = []
    side = length = 0
    for value in values:
        now = 0 if value is None else (value > centre) - (value < centre)
        if value is not None:
            length = length + 1 if now and now == side else int(bool(now))
            side = now
        found.append(value is not None and length >= _RUN)
    return found


def xmr_chart(series: Series) -> Chart:
    """The XmR chart of single values: centre the mean, limits 2.66 mean moving ranges off, whatever their distribution.

    Args:
        series: The measures of one KPI, statistic and group by period, or numbers. Durations count in seconds. What has
            no value is a gap, and the step over it counts.

    Two points are needed for limits, eight for signals: a point beyond a limit, or the eighth in a row on one side of
    the centre.

    >>> found = xmr_chart([10, 12, 9, 14, 11])
    >>> found.centre, found.moving_range, round(found.points[0].high, 3)
    (11.2, 3.25, 19.845)

    Raises:
        KpiError: what is no number and no measure.
    """
    labels, values = _labelled(series)
    known = [value for value in values if value is not None]
    centre = sum(known) / len(known) if known else None
    steps = [abs(later - earlier) for earlier, later in pairwise(known)]
    if centre is None or not steps:
        return _chart("XmR", centre, (labels, values), [None] * len(values))
    moving = sum(steps) / len(steps)
    limit = (centre - _XMR * moving, centre + _XMR * moving)
    return _chart("XmR", centre, (labels, values), [limit] * len(values), (moving, _MOVING_RANGE * moving))


def c_chart(series: Series, *, laney: bool = False) -> Chart:
    """The c-chart of counts over equal exposures: the mean count, and three of its square roots to either side.

    The arguments are those of `xmr_chart`. Only for counts that spread like Poisson's: see `dispersion`. For others
    ``laney`` widens the limits by what the counts spread from point to point, as in `u_chart`.

    Raises:
        KpiError: a count below zero, or what is no number and no measure.
    """
    labels, values = _labelled(series)
    _check_counts(values)
    return _counted("c", labels, values, [1.0] * len(values), laney=laney)


def u_chart(series: Series, exposures: Sequence[float], *, laney: bool = False) -> Chart:
    """The u-chart of rates over unequal exposures: all counts by all exposure, limits wider where exposure is small.

    Args:
        series: The counts.
        exposures: For each its days, users or machines; where it is zero there is no point.
        laney: For counts that spread wider than Poisson's: each rate as its distance from the centre in Poisson's
            standard deviations, the mean step between neighbours of them by 1.128, and the limits so many times as
            wide (``sigma_z``). Counts that spread like Poisson's have a ``sigma_z`` near 1. Source: Laney's u'-chart.

    Raises:
        KpiError: a count or exposure below zero, what is no number, or not one exposure per count.

    >>> found = u_chart([16, 32, 0], [4, 16, 4], laney=True)
    >>> found.kind, found.centre, round(found.sigma_z, 4), round(found.points[1].high, 4)
    ("u'", 2.0, 2.5075, 4.6596)
    """
    labels, counts = _labelled(series)
    _check_counts(counts)
    sizes = [_plain("exposures", size) for size in exposures]
    _check_counts(sizes)
    if len(sizes) != len(counts):
        raise refuse("exposures", f"{len(sizes)} exposures are not one per count ({len(counts)})")
    return _counted("u", labels, counts, sizes, laney=laney)


def _counted(
    kind: str,
    labels: Sequence[str],
    counts: Sequence[float | None],
    exposures: Sequence[float],
    *,
    laney: bool,
) -> Chart:
    """A chart of counts by exposure."""
    known = [
        (count, size) for count, size in zip(counts, exposures, strict=True) if count is not None and size
    ]
    whole = sum(size for _, size in known)
    centre = sum(count for count, _ in known) / whole if whole else None
    rates = [
        count / size if count is not None and size else None
        for count, size in zip(counts, exposures, strict=True)
    ]
    if centre is None:
        return _chart(kind, centre, (labels, rates), [None] * len(rates))
    sigma_z = _sigma_z(centre, known) if laney else None
    wide = sigma_z if laney and centre else 1.0
    limits = [
        None
        if not size or wide is None
        else (
            max(0.0, centre - 3 * wide * sqrt(centre / size)),
            centre + 3 * wide * sqrt(centre / size),
        )
        for size in exposures
    ]
    found = _chart(f"{kind}'" if laney else kind, centre, (labels, rates), limits)
    return attrs.evolve(found, sigma_z=sigma_z)


def _sigma_z(centre: float, known: Sequence[tuple[float, float]]) -> float | None:
    """How far rates step from point to point, as a multiple of what Poisson's would."""
    if not centre:
        return None
    scores = [(count / size - centre) / sqrt(centre / size) for count, size in known]
    steps = [abs(later - earlier) for earlier, later in pairwise(scores)]
    return sum(steps) / len(steps) / _STEP if steps else None


def _check_counts(values: Iterable[float | None]) -> None:
    for value in values:
        if value is not None and value < 0:
            raise refuse("series", f"{value!r} is less than nothing", "counts and exposures are zero or more")


@attrs.frozen
class Dispersion:
    """How widely counts spread.

    Attributes:
        mean: Of the counts; None of nothing.
        variance: Of the sample; None of fewer than two.
        ratio: Variance by mean: 1 for counts that are Poisson's.
        n: How many counts.
    """

    mean: float | None
    variance: float | None
    ratio: float | None
    n: int

    @property
    def over_dispersed(self) -> bool | None:
        """Too wide for a c- or u-chart: the ratio is above 1.5; None where there is no ratio."""
        return None if self.ratio is None else self.ratio > _OVER


def dispersion(series: Series) -> Dispersion:
    """The variance of counts by their mean, which tells whether a c- or u-chart may be drawn.

    >>> dispersion([2, 4, 6]).ratio
    1.0

    Raises:
        KpiError: what is no number and no measure.
    """
    known = [value for value in _labelled(series)[1] if value is not None]
    n = len(known)
    mean = sum(known) / n if n else None
    if mean is None or n == 1:
        return Dispersion(mean, None, None, n)
    variance = sum((value - mean) ** 2 for value in known) / (n - 1)
    return Dispersion(mean, variance, variance / mean if mean else None, n)


def numbers(series: Series) -> Iterator[float]:
    """The plain values of a series, gaps left out."""
    return (value for value in _labelled(series)[1] if value is not None)
