"""How many wait, over time, and how old they are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import attrs

from itilkit import kpi
from itilkit.calendars import Period, Unit
from itilkit.kpi import Case, Kpi, Measure, Spell
from itilkit.kpi.backlog import BacklogAge
from itilkit.kpi.definition import Figure
from itilkit.plots.asking import SOME_INSTANT, assessed, band_bounds, check_period, check_zone
from itilkit.plots.axes import date_axis, value_axis
from itilkit.plots.picture import Picture, Row
from itilkit.plots.scales import Slots, first_day
from itilkit.plots.sheet import Sheet
from itilkit.plots.words import counted
from itilkit.sla import Assessment

__all__ = ["backlog", "draw_backlog"]

_MOST = 60
_ALL = "all"
_BANDS = tuple(timedelta(days=days) for days in (1, 5, 10, 30))
_TALL, _LOW = 110, 8


def backlog(
    assessments: Iterable[Assessment],
    *,
    zone: str,
    every: Unit = "week",
    period: Period | None = None,
    end: kpi.End = "resolved",
    bands: Sequence[timedelta] = _BANDS,
) -> Picture:
    """Incidents that wait at the end of each period, all of them and in bands of age.

    Rows: ``period``, ``at``, ``band``, ``incidents``; the band ``all`` is the whole. The last instant is `as_of` where
    that comes before the end of its period. Of more than 60 periods the latest are shown. `n` is the number of
    incidents that were looked at.

    Args:
        assessments: The incidents, assessed at one `as_of`.
        zone: The zone in which periods end.
        every: A kind of period.
        period: Only the periods that share time with it.
        end: As for `kpi.backlog`.
        bands: The bounds between the bands, as for `kpi.backlog_age`.

    >>> backlog([], zone="Europe/London", every="month")
    <Picture: Backlog at the end of each month, n = 0>

    Raises:
        KpiError: assessments of different instants, an unknown end, or bands that do not rise.
        CalendarError: an unknown zone or kind of period.
    """
    check_period(period)
    check_zone(zone, every)
    bounds = band_bounds(bands)
    kpi.backlog_age(SOME_INSTANT, end=end, bands=bounds)  # a slip of the pen is told of an empty desk, too
    cases = assessed(assessments)
    found = _periods(cases, every, zone, period)
    periods = found[-_MOST:]
    as_of = cases[0].timeline.as_of if cases else None
    if as_of is None:
        return _picture((), every, None)
    if not periods:
        return _picture((), every, kpi.measure(cases, kpi.backlog(as_of, end=end)).one())
    instants = [min(each.end, as_of) for each in periods]
    asked = _Waiting(
        "backlog_age",
        reading=f"at the end of each {every}, {kpi.backlog(as_of, end=end).reading.partition(', ')[2]}",
        of=tuple(kpi.backlog_age(at, "n", end=end, bands=bounds) for at in instants),
    )
    told = kpi.measure(cases, asked)
    per_instant = len(told) // len(instants)
    rows: list[Row] = []
    for place, (each, at) in enumerate(zip(periods, instants, strict=True)):
        rows += _rows(each.label, at, told[place * per_instant : (place + 1) * per_instant])
    return _picture(rows, every, told[0], periods=len(found))


@attrs.frozen
class _Waiting(Kpi):
    """Several `kpi.backlog_age` in one, each asked only of incidents that may wait at its instant."""

    of: tuple[BacklogAge, ...] = attrs.field(kw_only=True)

    @property
    def leaves_out(self) -> frozenset[kpi.Kind]:
        """What each of them leaves out."""
        return self.of[0].leaves_out

    def observe(self, case: Case) -> tuple[tuple[int, Spell], ...]:
        """The instants at which it waits, by number, with its age."""
        first = bisect_left(self.of, case.timeline.beats[0], key=_instant)
        last = bisect_right(self.of, case.timeline.beats[-1], key=_instant)
        if not case.timeline.statuses[-1].is_final:
            last = len(self.of)
        found: list[tuple[int, Spell]] = []
        for place in range(first, last):
            age = self.of[place].observe(case)
            if isinstance(age, Spell):
                found.append((place, age))
        return tuple(found)

    def figures(self, observations: Sequence[tuple[tuple[int, Spell], ...]]) -> Iterator[Figure]:
        """The figures of each, one after the other, resting on all incidents that were looked at."""
        ages: list[list[Spell]] = [[] for _ in self.of]
        for observed in observations:
            for place, age in observed:
                ages[place].append(age)
        for each, found in zip(self.of, ages, strict=True):
            for figure in each.figures(found):
                yield attrs.evolve(figure, value=figure.value or 0, n=len(observations))


def _instant(each: BacklogAge) -> datetime:
    return each.at


def _periods(
    cases: Sequence[Assessment], every: Unit, zone: str, period: Period | None
) -> tuple[Period, ...]:
    """The periods from the first opening up to now, as far as they share time with the one asked for."""
    opened = [case.timeline.opened_at for case in cases if case.timeline.opened_at is not None]
    if not opened:
        return ()
    start, end = min(opened), cases[0].timeline.as_of
    if period is not None:
        start, end = max(start, period.start), min(end, period.end)
    return (
        (Period.of(every, start, zone=zone),) if start == end else Period.each(every, start, end, zone=zone)
    )


def _rows(period: str, at: datetime, figures: Sequence[Measure]) -> Iterator[Row]:
    """The whole, then each band."""
    for figure in figures:
        yield {
            "period": period,
            "at": at.isoformat(),
            "band": _ALL if figure.statistic == "n" else figure.statistic,
            "incidents": figure.value,
        }


def _picture(rows: Sequence[Row], every: Unit, whole: Measure | None, *, periods: int = 0) -> Picture:
    n = whole.n if whole is not None and rows else 0
    return Picture(
        "backlog",
        f"Backlog at the end of each {every}",
        unit="incidents waiting, all and by age",
        n=n,
        rows=tuple(rows) if n else (),
        left_out={} if whole is None else whole.left_out,
        reading="" if whole is None else whole.reading,
        says=_says([row for row in rows if row["band"] == _ALL]) if n else "",
        notes=tuple(_notes(periods, every)) if n else (),
    )


def _notes(periods: int, every: Unit) -> Iterator[str]:
    if periods > _MOST:
        yield f"The latest {_MOST} of {periods:,} {every}s."
    yield "All columns on one scale."


def _says(whole: Sequence[Row]) -> str:
    top = max(whole, key=_count)
    if not _count(top):
        return "Nothing waits at any of these instants."
    return f"{_count(top):,} at most ({top['period']}), {_count(whole[-1]):,} at last."


def _count(row: Row) -> int:
    return int(row["incidents"])


def draw_backlog(picture: Picture, sheet: Sheet) -> None:
    """Columns of the whole, and below them columns of each band, all on one scale."""
    series: dict[str, list[Row]] = {}
    for row in picture.rows:
        series.setdefault(str(row["band"]), []).append(row)
    whole = series.pop(_ALL)
    right = sheet.width
    axis = value_axis(sheet, max(map(_count, whole)), right=right, tall=_TALL)
    slots = Slots(len(whole), axis.left, right)
    scale = (axis.foot - axis.top) / axis.end
    _columns(sheet, whole, slots, axis.foot, scale, told=True)
    for band, rows in series.items():
        most = max(map(_count, rows))
        sheet.y += 24
        sheet.text(axis.left, sheet.y, band)
        sheet.text(right, sheet.y, f"most {most:,}, last {_count(rows[-1]):,}", look="soft", anchor="end")
        sheet.y += max(_LOW, most * scale) + 6
        _columns(sheet, rows, slots, sheet.y, scale)
        sheet.line(axis.left, sheet.y, right, sheet.y, "edge")
    date_axis(sheet, [first_day(str(row["period"])) for row in whole], slots)


def _columns(
    sheet: Sheet, rows: Sequence[Row], slots: Slots, foot: float, scale: float, *, told: bool = False
) -> None:
    gap = min(slots.step * 0.2, 6.0)
    for place, row in enumerate(rows):
        tall = _count(row) * scale
        words = f"{row['period']}: {counted(_count(row), 'incident')}" if told else ""
        sheet.box(
            slots.x(place) - (slots.step - gap) / 2,
            foot - tall,
            slots.step - gap,
            tall,
            look="bar",
            told=words,
        )
