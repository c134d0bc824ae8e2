"""How long incidents last: the share that goes on, and how many took how long."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from math import log2
from typing import Any

import attrs

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.errors import KpiError
from itilkit.kpi import Case, Kpi, LeftOut
from itilkit.kpi.definition import Figure
from itilkit.kpi.durations import Durations
from itilkit.plots.axes import value_axis
from itilkit.plots.picture import Picture, Row
from itilkit.plots.scales import LogTime
from itilkit.plots.sheet import SIZE, Sheet, polyline
from itilkit.plots.words import lasting
from itilkit.sla import Assessment
from itilkit.svg import text_width

__all__ = ["draw_survival", "draw_time_to_resolve", "survival", "time_to_resolve"]

_MINUTE = 60
_SHOWN = 200
_LEAST_SPAN = 64
_TALL = 170
_MEDIAN, _NINE_TENTHS = 0.5, 0.9


@attrs.frozen
class _InPeriod(Kpi):
    """A KPI of the incidents whose cohort event lies in a period, for what is not told by period itself."""

    of: Durations = attrs.field(kw_only=True)
    window: Period | None = attrs.field(kw_only=True)

    @property
    def leaves_out(self) -> frozenset[kpi.Kind]:
        """What the KPI itself leaves out."""
        return self.of.leaves_out

    def observe(self, case: Case) -> Any:
        """What the KPI observes, in the period."""
        if self.window is not None:
            at = self.of.placed_at(case)
            if at is None or at not in self.window:
                return LeftOut("out_of_period")
        return self.of.observe(case)

    def figures(self, observations: Sequence[Any]) -> Iterator[Figure]:
        """What the KPI makes of it."""
        return self.of.figures(observations)


def _asked(of: Kpi | None, usual: Kpi, *statistics: str) -> Durations:
    """The duration that is asked for, with these statistics."""
    asked = usual if of is None else of
    if not isinstance(asked, Durations):
        raise KpiError.one(
            "bad_option", f"{asked!r} is no duration", path="of", hint="kpi.time_to_resolve(cohort='opened')"
        )
    return attrs.evolve(asked, statistics=statistics)


def _name(asked: Kpi) -> str:
    return asked.name.replace("_", " ")


def survival(
    assessments: Iterable[Assessment],
    *,
    of: Kpi | None = None,
    period: Period | None = None,
    level: float = 0.95,
) -> Picture:
    """The share of incidents that still goes on after each length of time, open ones counted as long as they were seen.

    Rows: ``seconds``, ``share``, ``low``, ``high``, ``at_risk``; those of `kpi.survival_curve`, at 200 lengths of time
    at most. Figures: ``median_seconds`` and ``p90_seconds``, by when half and nine in ten have ended.

    Args:
        assessments: The incidents, assessed at one `as_of`.
        of: A duration, `kpi.time_to_resolve(cohort="opened")` by default.
        period: Only incidents whose cohort event lies in it.
        level: Of the interval around the curve.

    >>> survival([]).says
    ''

    Raises:
        KpiError: no duration, one of a cohort that has ended by definition, or a level that is none.
    """
    cases = tuple(assessments)
    asked = _asked(of, kpi.time_to_resolve(cohort="opened"), "km_median", "km_p90")
    median, p90 = kpi.measure(cases, asked, period=period)
    curve = kpi.survival_curve(cases, _InPeriod(asked.name, of=asked, window=period))
    rows = tuple(_thinned(curve, level))
    figures = {"median_seconds": _seconds(median.value), "p90_seconds": _seconds(p90.value)}
    return Picture(
        "survival",
        "Incidents not yet resolved, by age" if of is None else f"Incidents that go on: {_name(asked)}",
        unit="share of incidents",
        n=median.n if rows else 0,
        rows=rows,
        figures=figures,
        left_out=median.left_out if rows or not median.n else {**median.left_out, "open": median.n},
        reading=median.reading,
        says=_halves(figures) if rows else "",
        notes=(f"Shaded: {100 * level:g} % interval. Open incidents count as long as they were seen.",)
        if rows
        else (),
    )


def _seconds(value: object) -> float | None:
    return value.total_seconds() if isinstance(value, timedelta) else None


def _halves(figures: dict[str, float | None]) -> str:
    median, p90 = figures["median_seconds"], figures["p90_seconds"]
    if median is None:
        return "Fewer than half have ended."
    rest = "" if p90 is None else f", nine in ten within {lasting(p90)}"
    return f"Half end within {lasting(median)}{rest}."


def _thinned(curve: kpi.Survival, level: float) -> Iterator[Row]:
    """The curve at 200 lengths of time at most, evenly spread on a scale of logarithms, the last one included."""
    rows = curve.to_rows(level)
    if len(rows) > _SHOWN:
        times = [max(row["seconds"], 1.0) for row in rows]
        low, step = max(times[0], _MINUTE), log2(times[-1] / max(times[0], _MINUTE)) / (_SHOWN - 1)
        places = {bisect_right(times, low * 2 ** (step * number)) - 1 for number in range(_SHOWN)}
        rows = [rows[place] for place in sorted({*places, len(rows) - 1}) if place >= 0]
    for row in rows:
        yield {name: row[name] for name in ("seconds", "share", "low", "high", "at_risk")}


def draw_survival(picture: Picture, sheet: Sheet) -> None:
    """The curve falls in steps from all; its interval is a band, median and p90 are dots with their words."""
    rows = picture.rows
    right = sheet.width - 8
    axis = value_axis(sheet, 1.0, right=right, tall=_TALL, percent=True)
    last = max(rows[-1]["seconds"], _MINUTE)
    scale = LogTime(min(_MINUTE, last / _LEAST_SPAN), max(last, _MINUTE * _LEAST_SPAN), axis.left, right)
    xs = [scale.x(row["seconds"]) for row in rows]
    high = _steps(axis.left, xs, [axis.y(row["high"]) for row in rows], axis.top)
    low = _steps(axis.left, xs, [axis.y(row["low"]) for row in rows], axis.top)
    sheet.path(polyline([*high, *reversed(low)]) + "z", "band")
    sheet.path(polyline(_steps(axis.left, xs, [axis.y(row["share"]) for row in rows], axis.top)), "trace")
    for name, goes_on, words in (
        ("median_seconds", 1 - _MEDIAN, "half"),
        ("p90_seconds", 1 - _NINE_TENTHS, "nine in ten"),
    ):
        seconds = picture.figures[name]
        if seconds is not None:
            told = f"{words} within {lasting(seconds)}"
            _pointed(sheet, scale.x(seconds), axis.y(goes_on), told, right=right)
    _time_axis(sheet, scale)


def _steps(left: float, xs: Sequence[float], ys: Sequence[float], top: float) -> list[tuple[float, float]]:
    points = [(left, top)]
    before = top
    for x, y in zip(xs, ys, strict=True):
        points += [(x, before), (x, y)]
        before = y
    return points


def _pointed(sheet: Sheet, x: float, y: float, words: str, *, right: float) -> None:
    """A dot on the falling curve; its words stand above and right of it, or below and left, where nothing is drawn."""
    sheet.path(f"M{x - 3.5:.1f} {y:.1f}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z", "bar")
    if x + 8 + text_width(words, SIZE) <= right:
        sheet.text(x + 8, y - 6, words)
    else:
        sheet.text(x - 8, min(y + 15, sheet.y - 5), words, anchor="end")


def _flagged(sheet: Sheet, x: float, y: float, words: str, foot: float) -> None:
    """A line up from the foot with its words at the left of its head, or at the right where they would be cut."""
    sheet.line(x, y - 9, x, foot, "dash")
    if text_width(words, SIZE) + 5 <= x:
        sheet.text(x - 5, y, words, anchor="end")
    else:
        sheet.text(x + 5, y, words)


def _time_axis(sheet: Sheet, scale: LogTime) -> None:
    foot = sheet.y
    for x, name in scale.ticks():
        sheet.line(x, foot, x, foot + 4, "edge")
        sheet.beside(x, foot + 17, name, look="soft")
    sheet.y = foot + 20


def time_to_resolve(
    assessments: Iterable[Assessment], *, of: Kpi | None = None, period: Period | None = None
) -> Picture:
    """How many incidents took how long; each bar reaches twice as far as the one before it.

    Rows: ``from_seconds``, ``to_seconds``, ``incidents``; the first bar takes what took less than a minute. Figures:
    ``median_seconds`` and ``p90_seconds``. Open incidents are left out: `survival` counts them.

    Args:
        assessments: The incidents, assessed at one `as_of`.
        of: A duration, `kpi.time_to_resolve()` by default.
        period: Only incidents whose cohort event lies in it.

    >>> time_to_resolve([], of=kpi.time_to_acknowledge())
    <Picture: Time to acknowledge, n = 0>

    Raises:
        KpiError: no duration, or assessments of different instants.
    """
    cases = tuple(assessments)
    asked = _asked(of, kpi.time_to_resolve(), "median", "p90")
    median, p90 = kpi.measure(cases, asked, period=period)
    curve = kpi.survival_curve(cases, _InPeriod(asked.name, of=asked, window=period))
    figures = {"median_seconds": _seconds(median.value), "p90_seconds": _seconds(p90.value)}
    rows = tuple(_bins(curve)) if median.n else ()
    return Picture(
        "time_to_resolve",
        _name(asked).capitalize(),
        unit=f"incidents by {_name(asked)}",
        n=median.n,
        rows=rows,
        figures=figures,
        left_out=median.left_out,
        reading=median.reading,
        says=_halves(figures) if rows else "",
        notes=("Each bar reaches twice as far as the one before it.",) if rows else (),
    )


def _bins(curve: kpi.Survival) -> Iterator[Row]:
    counts: dict[int, int] = {}
    for time, ended in zip(curve.times, curve.ended, strict=True):
        place = (time // (_MINUTE * 1_000_000)).bit_length()
        counts[place] = counts.get(place, 0) + ended
    for place in range(min(counts), max(counts) + 1):
        yield {
            "from_seconds": _MINUTE * 2 ** (place - 1) if place else 0,
            "to_seconds": _MINUTE * 2**place,
            "incidents": counts.get(place, 0),
        }


def draw_time_to_resolve(picture: Picture, sheet: Sheet) -> None:
    """Bars side by side on a scale of logarithms; median and p90 are lines with their words above the bars."""
    rows = picture.rows
    right = sheet.width - 8
    sheet.y += 30
    axis = value_axis(sheet, max(row["incidents"] for row in rows), right=right, tall=_TALL - 30)
    low = max(rows[0]["from_seconds"], _MINUTE / 2)
    scale = LogTime(low, max(rows[-1]["to_seconds"], low * _LEAST_SPAN), axis.left, right)
    for row in rows:
        x, far, y = scale.x(row["from_seconds"]), scale.x(row["to_seconds"]), axis.y(row["incidents"])
        told = f"{lasting(row['from_seconds'])} to {lasting(row['to_seconds'])}: {row['incidents']:,.0f}"
        sheet.box(x + 0.5, y, far - x - 1, axis.foot - y, look="bar", told=told)
    for name, words, above in (
        ("median_seconds", "half within", 10),
        ("p90_seconds", "nine in ten within", 26),
    ):
        seconds = picture.figures[name]
        if seconds is not None:
            _flagged(sheet, scale.x(seconds), axis.top - above, f"{words} {lasting(seconds)}", axis.foot)
    _time_axis(sheet, scale)
