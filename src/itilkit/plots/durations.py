"""How long incidents last: the share that goes on, and how many took how long."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from math import log2
from typing import Any

import attrs

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.errors import KpiError, shown
from itilkit.kpi import Case, Kpi, LeftOut
from itilkit.kpi.definition import Figure
from itilkit.kpi.durations import Durations
from itilkit.kpi.intervals import check_level
from itilkit.plots.asking import assessed, check_period, period_note
from itilkit.plots.axes import value_axis
from itilkit.plots.picture import Picture, Row
from itilkit.plots.scales import LogTime
from itilkit.plots.sheet import SIZE, Sheet, polyline
from itilkit.plots.words import lasting
from itilkit.sla import Assessment
from itilkit.svg import text_width

__all__ = ["draw_survival", "draw_time_to_resolve", "survival", "time_to_resolve"]

_MINUTE = 60
_GRID, _SHOWN = 100, 201
_LEAST_SPAN = 64
_TALL = 170
_TWICE = "Each bar reaches twice as far as the one before it."
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
            "bad_option",
            f"{shown(asked)} is no duration",
            path="of",
            hint="kpi.time_to_resolve(cohort='opened')",
        )
    if asked.negative == "keep":
        raise KpiError.one(
            "bad_option", "what ends before its start cannot be drawn", path="of", hint="negative='leave_out'"
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

    Rows: ``seconds``, ``share``, ``low``, ``high``, ``at_risk``; those of `kpi.survival_curve`, at 201 lengths of time
    at most. Figures: ``median_seconds`` and ``p90_seconds``, by when half and nine in ten have ended, and
    ``last_seconds``, the longest that any was seen.

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
    check_period(period)
    check_level(level)
    cases = assessed(assessments)
    asked = _asked(of, kpi.time_to_resolve(cohort="opened"), "km_median", "km_p90")
    median, p90 = kpi.measure(cases, asked, period=period)
    curve = kpi.survival_curve(cases, _InPeriod(asked.name, of=asked, window=period))
    rows = tuple(_thinned(curve, level))
    figures = {
        "median_seconds": _seconds(median.value),
        "p90_seconds": _seconds(p90.value),
        "last_seconds": None if curve.last is None else curve.last / 1e6,
    }
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
        notes=(*_notes(level, drawn=bool(rows)), *period_note(period)),
    )


def _notes(level: float, *, drawn: bool) -> Iterator[str]:
    if drawn:
        yield f"Shaded: {100 * level:g} % interval. Open incidents count as long as they were seen."


def _seconds(value: object) -> float | None:
    return value.total_seconds() if isinstance(value, timedelta) else None


def _halves(figures: dict[str, float | None]) -> str:
    median, p90 = figures["median_seconds"], figures["p90_seconds"]
    if median is None:
        return "Fewer than half have ended."
    rest = "" if p90 is None else f", nine in ten within {lasting(p90)}"
    return f"Half end within {lasting(median)}{rest}."


def _thinned(curve: kpi.Survival, level: float) -> Iterator[Row]:
    """The curve at 201 lengths of time at most: even steps of time, on a scale of logarithms, and of the share."""
    rows = curve.to_rows(level)
    if len(rows) > _SHOWN:
        times, fallen = [row["seconds"] for row in rows], [1 - row["share"] for row in rows]
        low = max(times[0], _ends(times[-1])[0])
        step = log2(times[-1] / low) / (_GRID - 1)
        places = {bisect_right(times, low * 2 ** (step * number)) - 1 for number in range(_GRID)}
        places |= {bisect_left(fallen, number / _GRID) for number in range(_GRID)} | {len(rows) - 1}
        rows = [rows[place] for place in sorted(places) if 0 <= place < len(rows)]
    for row in rows:
        yield {name: row[name] for name in ("seconds", "share", "low", "high", "at_risk")}


def _ends(longest: float) -> tuple[float, float]:
    """The ends of the axis: from a minute on, from less where nothing lasted for an hour."""
    high = max(longest, 1.0)
    return min(_MINUTE, high / _LEAST_SPAN), high


def draw_survival(picture: Picture, sheet: Sheet) -> None:
    """The curve falls in steps from all; its interval is a band, median and p90 are dots with their words."""
    rows = picture.rows
    right = sheet.width - 8
    axis = value_axis(sheet, 1.0, right=right, tall=_TALL, percent=True)
    last = picture.figures["last_seconds"] or 0.0
    scale = LogTime(*_ends(last), axis.left, right)
    corner, xs = (axis.left, axis.top), [scale.x(row["seconds"]) for row in rows]
    share, low, high = (
        _steps(corner, xs, [axis.y(row[name]) for row in rows], scale.x(last))
        for name in ("share", "low", "high")
    )
    sheet.path(polyline([*high, *reversed(low)]) + "z", "band")
    sheet.path(polyline(share), "trace")
    for name, goes_on, words in (
        ("median_seconds", 1 - _MEDIAN, "half"),
        ("p90_seconds", 1 - _NINE_TENTHS, "nine in ten"),
    ):
        seconds = picture.figures[name]
        if seconds is not None:
            told = f"{words} within {lasting(seconds)}"
            _pointed(sheet, scale.x(seconds), axis.y(goes_on), told, right=right)
    _time_axis(sheet, scale)


def _steps(
    start: tuple[float, float], xs: Sequence[float], ys: Sequence[float], end: float
) -> list[tuple[float, float]]:
    """The corners of stairs: level to each x, down to its y, and level to the end."""
    points = [start]
    for x, y in zip(xs, ys, strict=True):
        points += [(x, points[-1][1]), (x, y)]
    return [*points, (end, points[-1][1])]


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
    check_period(period)
    cases = assessed(assessments)
    # From when on a log was seen matters to the estimate of what has not ended, which is not drawn here.
    asked = attrs.evolve(_asked(of, kpi.time_to_resolve(), "median", "p90"), observed_since=None)
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
        notes=(*((_TWICE,) if rows else ()), *period_note(period)),
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
