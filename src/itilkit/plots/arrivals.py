"""When they come: by weekday and hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from math import sqrt

import attrs

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.kpi import Case, Kpi
from itilkit.kpi.definition import Figure
from itilkit.plots.asking import assessed, check_period, check_zone, period_note
from itilkit.plots.picture import Picture, Row
from itilkit.plots.sheet import SIZE, Sheet
from itilkit.plots.words import counted
from itilkit.sla import Assessment
from itilkit.spans import zone_named
from itilkit.svg import text_width

__all__ = ["arrivals", "draw_arrivals"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS = 24
_SQUARES = "The area of a square is its number; at the right, incidents per weekday."
_CELLS = len(_DAYS) * _HOURS


@attrs.frozen
class _ByHour(Kpi):
    """A volume by hour of the week, counted from Monday's midnight on the clocks of a zone."""

    of: Kpi = attrs.field(kw_only=True)
    zone: tzinfo = attrs.field(kw_only=True)

    @property
    def leaves_out(self) -> frozenset[kpi.Kind]:
        """What the volume leaves out."""
        return self.of.leaves_out

    def observe(self, case: Case) -> int:
        """The hour of the week in which it was opened."""
        local = case.timeline.events[0].at.astimezone(self.zone)
        return local.weekday() * _HOURS + local.hour

    def figures(self, observations: Sequence[int]) -> Iterator[Figure]:
        """A count for each hour of the week."""
        counts = Counter(observations)
        for hour in range(_CELLS):
            yield Figure(f"hour_{hour}", counts[hour], "incidents", len(observations))


def arrivals(
    assessments: Iterable[Assessment],
    *,
    zone: str,
    period: Period | None = None,
    counting: kpi.Counting = "demand",
) -> Picture:
    """Incidents opened by weekday and hour of the day, on the clocks of a zone.

    Rows: ``weekday``, ``hour``, ``incidents``; 168 of them. An hour that a change of clocks repeats or skips counts
    twice or not at all.

    Args:
        assessments: The incidents, assessed at one `as_of`.
        zone: Whose clocks.
        period: Only incidents opened in it.
        counting: As for `kpi.volume`.

    >>> arrivals([], zone="Europe/London").rows
    ()

    Raises:
        KpiError: assessments of different instants, or an unknown way of counting.
        CalendarError: an unknown zone.
    """
    check_period(period)
    check_zone(zone)
    of = kpi.volume(counting=counting)
    asked = _ByHour("arrivals", reading=f"{of.reading}, clocks of {zone}", of=of, zone=zone_named(zone))
    found = kpi.measure(assessed(assessments), asked, period=period)
    n = found[0].n
    rows: tuple[Row, ...] = tuple(
        {"weekday": _DAYS[place // _HOURS], "hour": place % _HOURS, "incidents": each.value}
        for place, each in enumerate(found)
    )
    return Picture(
        "arrivals",
        "When incidents are opened",
        unit=f"incidents by weekday and hour, {zone}",
        n=n,
        rows=rows if n else (),
        left_out=found[0].left_out,
        reading=found[0].reading,
        says=_says(rows) if n else "",
        notes=(*((_SQUARES,) if n else ()), *period_note(period)),
    )


def _count(row: Row) -> int:
    return int(row["incidents"])


def _says(rows: Sequence[Row]) -> str:
    top = max(rows, key=_count)
    return f"Busiest: {top['weekday']} from {top['hour']}:00 on, {counted(_count(top), 'incident')}."


def draw_arrivals(picture: Picture, sheet: Sheet) -> None:
    """A square for each hour of the week, its area the number; beside each weekday its sum."""
    rows = picture.rows
    sums = [sum(map(_count, rows[place : place + _HOURS])) for place in range(0, _CELLS, _HOURS)]
    left = max(text_width(day, SIZE) for day in _DAYS) + 8
    right = sheet.width - max(text_width(f"{each:,}", SIZE) for each in sums) - 8
    wide = (right - left) / _HOURS
    tall = min(max(wide, 18.0), 30.0)
    most = max(map(_count, rows))
    sheet.y += 10
    for place, day in enumerate(_DAYS):
        y = sheet.y + tall * (place + 0.5)
        sheet.text(0, y + 4, day)
        sheet.text(sheet.width, y + 4, f"{sums[place]:,}", anchor="end")
        for row in rows[place * _HOURS : (place + 1) * _HOURS]:
            if _count(row):
                side = max((min(wide, tall) - 1) * sqrt(_count(row) / most), 1.0)
                x = left + wide * (row["hour"] + 0.5)
                told = f"{day} {row['hour']}:00: {counted(_count(row), 'incident')}"
                sheet.box(x - side / 2, y - side / 2, side, side, look="bar", told=told)
    sheet.y += tall * len(_DAYS)
    for hour in (0, 6, 12, 18):
        x = left + wide * hour
        sheet.line(x, sheet.y, x, sheet.y + 4, "edge")
        sheet.text(x, sheet.y + 17, f"{hour}:00", look="soft")
    sheet.y += 20
