"""How many came in each period, with the limits of the usual up and down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time

from itilkit import kpi
from itilkit.calendars import Period, Unit
from itilkit.plots.asking import assessed, check_period, check_zone, period_note
from itilkit.plots.axes import date_axis, side_labels, value_axis
from itilkit.plots.picture import Picture, Row
from itilkit.plots.scales import Slots, first_day
from itilkit.plots.sheet import SIZE, Sheet, number, polyline
from itilkit.plots.words import counted, mean_words
from itilkit.sla import Assessment
from itilkit.spans import zone_named
from itilkit.svg import text_width

__all__ = ["draw_volume", "volume"]

_MOST = 400
_MANY = 120
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_TALL = 150


def volume(
    assessments: Iterable[Assessment],
    *,
    zone: str,
    every: Unit = "week",
    period: Period | None = None,
    counting: kpi.Counting = "demand",
) -> Picture:
    """Incidents opened in each period, on an XmR chart: which counts are more than the usual up and down.

    Rows: ``period``, ``starts_on``, ``incidents``, ``complete``, ``centre``, ``low``, ``high``, ``signal``. A period
    that had not ended at `as_of`, or that lies in `period` in part, is not ``complete``: it is drawn hollow, and the
    limits do not rest on it. Periods go from the first opening to the last one, because a log may end long before
    `as_of`; with `period` the quiet ones before and after are there, too. Of more than 400 periods the latest are
    shown, and the limits rest on them.

    Args:
        assessments: The incidents, assessed at one `as_of`.
        zone: The zone in which periods begin.
        every: A kind of period.
        period: Only incidents opened in it.
        counting: As for `kpi.volume`.

    >>> volume([], zone="Europe/London")
    <Picture: Incidents opened per week, n = 0>

    Raises:
        KpiError: assessments of different instants, or an unknown way of counting.
        CalendarError: an unknown zone or kind of period.
    """
    check_period(period)
    check_zone(zone, every)
    cases = assessed(assessments)
    asked = kpi.volume(counting=counting)
    found = [each for each in kpi.measure(cases, asked, every=every, zone=zone, period=period) if each.period]
    whole = kpi.measure(cases, asked, period=period).one()
    shown = found[-_MOST:] if whole.n else []
    done = [_is_whole(each.period, every, zone, ends=_ends(cases, period)) for each in shown]
    chart = kpi.xmr_chart([each for each, complete in zip(shown, done, strict=True) if complete])
    limits = chart.points[0] if chart.points else None
    figures = {
        "centre": chart.centre,
        "low": None if limits is None else limits.low,
        "high": None if limits is None else limits.high,
    }
    return Picture(
        "volume",
        f"Incidents opened per {every}",
        unit=f"incidents per {every}",
        n=sum(each.n for each in shown),
        rows=tuple(_rows(shown, done, chart, figures)),
        figures=figures,
        left_out=whole.left_out,
        reading=whole.reading,
        says=_says(chart, every),
        notes=(*(_notes(len(found), chart, every, done) if shown else ()), *period_note(period)),
    )


def _ends(cases: Sequence[Assessment], period: Period | None) -> tuple[datetime, datetime]:
    """From when until when incidents were looked for, as far as is known."""
    as_of = cases[0].timeline.as_of
    return (_LONG_AGO, as_of) if period is None else (period.start, min(as_of, period.end))


def _is_whole(label: str, every: Unit, zone: str, *, ends: tuple[datetime, datetime]) -> bool:
    noon = datetime.combine(first_day(label), time(12), zone_named(zone))
    span = Period.of(every, noon, zone=zone)
    return ends[0] <= span.start and span.end <= ends[1]


def _rows(
    shown: Sequence[kpi.Measure], done: Sequence[bool], chart: kpi.Chart, figures: Mapping[str, float | None]
) -> Iterator[Row]:
    signals = {point.label: ", ".join(point.signals) for point in chart.points}
    for each, complete in zip(shown, done, strict=True):
        yield {
            "period": each.period,
            "starts_on": first_day(each.period).isoformat(),
            "incidents": each.n,
            "complete": complete,
            **figures,
            "signal": signals.get(each.period, ""),
        }


def _says(chart: kpi.Chart, every: Unit) -> str:
    if chart.centre is None:
        return ""
    mean = f"{mean_words(chart.centre)} per {every} on average"
    if not chart.callable:
        return f"{mean}."
    periods = counted(len(chart.points), every)
    return f"{mean}; {len(chart.signals) or 'none'} of {periods} beyond the usual up and down."


def _notes(found: int, chart: kpi.Chart, every: Unit, done: Sequence[bool]) -> Iterable[str]:
    if found > _MOST:
        yield f"The latest {_MOST} of {found:,} {every}s."
    if not chart.callable:
        yield f"Fewer than eight whole {every}s: too few to call one unusual."
    if not all(done):
        yield f"Hollow: a {every} that is not seen as a whole."


def draw_volume(picture: Picture, sheet: Sheet) -> None:
    """The counts as a line with dots, the limits as a band, and what lies beyond as marks of other shapes."""
    rows = picture.rows
    signals = _key(rows, sheet)
    limits = {
        "upper": picture.figures["high"],
        "mean": picture.figures["centre"],
        "lower": picture.figures["low"],
    }
    told = {name: value for name, value in limits.items() if value is not None and value >= 0}
    names = {name: f"{name} {mean_words(value)}" for name, value in told.items()}
    right = sheet.width - max((text_width(name, SIZE) + 6 for name in names.values()), default=8)
    most = max([*(row["incidents"] for row in rows), *told.values()])
    axis = value_axis(sheet, most, right=right, tall=_TALL)
    slots = Slots(len(rows), axis.left, right)
    if "upper" in told:
        top, foot = axis.y(told["upper"]), axis.y(told.get("lower", 0.0))
        sheet.box(axis.left, top, right - axis.left, foot - top, look="band")
    for name, value in told.items():
        sheet.line(axis.left, axis.y(value), right, axis.y(value), "edge" if name == "mean" else "dash")
    side_labels(
        sheet, [(axis.y(value) + 4, names[name]) for name, value in told.items()], right + 5, axis.foot
    )
    points = [(slots.x(place), axis.y(row["incidents"])) for place, row in enumerate(rows)]
    sheet.path(polyline(points), "trace")
    # Of many periods only what needs an eye has a mark, signals all in one shape: dots would be a smear.
    many = len(rows) > _MANY
    for at, row, signal in zip(points, rows, signals, strict=True):
        if not many or not row["complete"]:
            _dot(sheet, at, row, signal, min(max(slots.step / 3, 1.3), 3.0))
    if many and any(signals):
        late = (_SHAPES[signal](*at) for at, signal in zip(points, signals, strict=True) if signal)
        sheet.path("".join(late), "late")
    date_axis(sheet, [first_day(str(row["period"])) for row in rows], slots)


def _key(rows: Sequence[Row], sheet: Sheet) -> list[str]:
    """The shape of each row's mark, and above the plot what the shapes mean."""
    shapes = [
        "diamond" if "beyond" in str(row["signal"]) else "round" if row["signal"] else "" for row in rows
    ]
    x = 0.0
    for shape, words in (("diamond", "beyond the limits"), ("round", "eighth or later on one side")):
        if shape in shapes:
            sheet.y += 0 if x else 18
            sheet.path(_SHAPES[shape](x + 5, sheet.y - 4), "late")
            sheet.text(x + 14, sheet.y, words)
            x += 28 + text_width(words, SIZE)
    return shapes


def _diamond(x: float, y: float, size: float = 4.5) -> str:
    side = number(size)
    return f"M{number(x)} {number(y - size)}l{side} {side}-{side} {side}-{side}-{side}z"


def _round(x: float, y: float, size: float = 3.0) -> str:
    half, whole = number(size), number(2 * size)
    return f"M{number(x - size)} {number(y)}a{half} {half} 0 1 0 {whole} 0a{half} {half} 0 1 0-{whole} 0z"


_SHAPES = {"diamond": _diamond, "round": _round}


def _dot(sheet: Sheet, at: tuple[float, float], row: Row, signal: str, size: float) -> None:
    look = "late" if signal else "bar" if row["complete"] else "hollow"
    signals = str(row["signal"]).replace("_", " ")
    before = len(sheet.parts)
    sheet.path(_SHAPES[signal](*at) if signal else _round(*at, size if row["complete"] else 3.0), look)
    sheet.named(f"{row['period']}: {row['incidents']:,} {signals}".rstrip(), before)
