"""Where incidents spend their time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Literal

from itilkit import kpi
from itilkit.calendars import Calendar, Period
from itilkit.kpi import Measure
from itilkit.plots.asking import assessed, check_period, period_note
from itilkit.plots.picture import Picture, Row
from itilkit.plots.rows import Line, bar_rows
from itilkit.plots.sheet import Sheet
from itilkit.plots.words import lasting, share_words
from itilkit.sla import Assessment
from itilkit.vocabulary import Status

__all__ = ["draw_time_in_status", "time_in_status"]


def time_in_status(
    assessments: Iterable[Assessment],
    *,
    of: Literal["status", "state"] = "status",
    clock: Calendar | Literal["wall"] = "wall",
    period: Period | None = None,
) -> Picture:
    """The mean time of an incident in each status, those that were never there included, so that the bars add up.

    Rows: ``status``, ``open``, ``seconds_per_incident``, ``seconds_per_visiting_incident``, ``seconds_per_visit``,
    ``visits``, and ``visiting``, the incidents that were ever there. A status in which no incident ever was has no row,
    and neither has one that ends the record, because it lasts for no time.

    Args:
        assessments: The incidents, assessed at one `as_of`.
        of: ``status``, or ``state`` for the tool's own states.
        clock: ``wall``, or a calendar whose open time counts.
        period: Only incidents opened in it.

    >>> time_in_status([], of="state")
    <Picture: Time in each state, n = 0>

    Raises:
        KpiError: an unknown track or clock, or assessments of different instants.
    """
    check_period(period)
    cases = assessed(assessments)
    names = _states(cases) if of == "state" else _STATUSES
    asked = [kpi.time_in_status(name, of=of, clock=clock) for name in names or ("new",)]
    found = kpi.measure(cases, *asked, period=period)
    n = found[0].parts["incidents"]
    parts = [found[place : place + _FIGURES] for place in range(0, len(found), _FIGURES)]
    told = zip(names.items(), parts, strict=False)
    rows = [_row(name, figures, goes_on=goes_on) for (name, goes_on), figures in told if figures[0].n]
    longest = max((row for row in rows if row["open"]), key=mean, default=None)
    says = (
        ""
        if longest is None
        else f"Longest while open: {_words(longest['status'])}, {lasting(mean(longest))} per incident."
    )
    return Picture(
        "time_in_status",
        f"Time in each {of}",
        unit="mean time per incident",
        n=n,
        rows=tuple(rows),
        left_out=found[0].left_out,
        reading=found[0].reading.partition(", ")[2],
        says=says,
        notes=(*_notes(rows), *period_note(period)),
    )


_FIGURES = 3
_STATUSES = {str(status): status.is_open for status in Status if not status.is_final}


def _states(cases: Iterable[Assessment]) -> Mapping[str, bool]:
    """The tool's own states as they were first seen, open ones first, but for those that end the record."""
    found: dict[str, bool] = {}
    for case in cases:
        for state, status in zip(case.timeline.states, case.timeline.statuses, strict=True):
            if not status.is_final:
                found[state] = status.is_open
    return {name: found[name] for name in sorted(found, key=lambda name: not found[name])}


def _notes(rows: Sequence[Row]) -> Iterator[str]:
    if rows:
        yield "One that was never there counts as no time, so the bars add up."
    if not all(row["open"] for row in rows):
        yield "Pale: no longer open."


def _row(name: str, figures: Sequence[Measure], *, goes_on: bool) -> Row:
    per_visit, per_visiting, per_incident = (_seconds(figure.value) for figure in figures)
    return {
        "status": name,
        "open": goes_on,
        "seconds_per_incident": per_incident,
        "seconds_per_visiting_incident": per_visiting,
        "seconds_per_visit": per_visit,
        "visits": figures[0].parts["visits"],
        "visiting": figures[0].parts["visiting_incidents"],
    }


def _seconds(value: object) -> float | None:
    return value.total_seconds() if isinstance(value, timedelta) else None


def mean(row: Row) -> float:
    """The seconds that an incident spends there in the mean."""
    return float(row["seconds_per_incident"])


def _words(status: object) -> str:
    return str(status).replace("_", " ")


def draw_time_in_status(picture: Picture, sheet: Sheet) -> None:
    """A bar for each status, as long as its mean; beside its name how many were ever there."""
    rows = picture.rows
    most = max(map(mean, rows)) or 1.0
    lines = [
        Line(
            _words(row["status"]),
            mean(row) / most,
            (share_words(row["visiting"] / picture.n), lasting(mean(row))),
            faint=not row["open"],
        )
        for row in rows
    ]
    bar_rows(sheet, lines, ("ever there", "mean"))
