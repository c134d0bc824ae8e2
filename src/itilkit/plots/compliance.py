"""How many promises were kept, group by group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.kpi.intervals import check_level
from itilkit.plots.asking import (
    assessed,
    check_dimension,
    check_names,
    check_period,
    check_target,
    period_note,
)
from itilkit.plots.picture import Picture, Row
from itilkit.plots.rows import Line, bar_rows
from itilkit.plots.sheet import Sheet
from itilkit.plots.words import counted, group_names, plain_group, share_words
from itilkit.sla import Assessment

__all__ = ["compliance", "draw_compliance"]

_MOST = 12
_NO_NAMES: Mapping[Any, str] = {}


def compliance(
    assessments: Iterable[Assessment],
    *,
    by: str = "priority",
    target: str = "resolution",
    period: Period | None = None,
    level: float = 0.95,
    names: Mapping[Any, str] = _NO_NAMES,
) -> Picture:
    """The share of clocks that were met, by priority or another dimension, each with its interval.

    Rows: ``group``, ``name``, ``share``, ``low``, ``high``, ``met``, ``n``. Of more than twelve groups those with the
    most clocks are shown. Figures: ``share`` and ``met`` of all.

    Args:
        assessments: The incidents, assessed at one `as_of`.
        by: The dimension, as for `kpi.measure`.
        target: The key of the reading: ``resolution``, ``response``, ``OLA.resolution`` ...
        period: Only incidents opened in it.
        level: Of the intervals (Wilson's).
        names: What groups are called: ``{1: "P1 Critical"}``.

    >>> compliance([], target="OLA.resolution", by="group")
    <Picture: OLA resolution targets kept, by group, n = 0>

    Raises:
        KpiError: an unknown target or dimension, or a level that is none.
    """
    check_period(period)
    check_dimension(by)
    check_names(names)
    check_target(target)
    check_level(level)
    cases = assessed(assessments)
    asked = kpi.sla_compliance(target=target)
    whole = kpi.measure(cases, asked, period=period).one()
    groups = [each for each in kpi.measure(cases, asked, by=by, period=period, level=level) if each.n]
    shown = groups
    if len(groups) > _MOST:
        shown = sorted(groups, key=lambda each: -each.n)[:_MOST]
    called = group_names(by, [_group(each) for each in shown], names)
    rows = tuple(_row(each, name) for each, name in zip(shown, called, strict=True))
    share = whole.value if isinstance(whole.value, float) else None
    return Picture(
        "compliance",
        f"{_clock(target)} targets kept, by {by.replace('_', ' ')}",
        unit="share of clocks met",
        n=whole.n,
        rows=rows,
        figures={"share": share, "met": whole.parts["counted"]},
        left_out=whole.left_out,
        reading=whole.reading,
        says="" if share is None else f"{share_words(share)} of {counted(whole.n, 'clock')} met.",
        notes=(*_notes(len(groups), len(rows), level), *period_note(period)),
    )


def _group(measure: kpi.Measure) -> Any:
    (group,) = measure.group.values()
    return group


def _row(measure: kpi.Measure, name: str) -> Row:
    interval = measure.interval
    return {
        "group": plain_group(_group(measure)),
        "name": name,
        "share": _plain(measure.value),
        "low": _plain(interval.low) if interval else None,
        "high": _plain(interval.high) if interval else None,
        "met": measure.parts["counted"],
        "n": measure.n,
    }


def _clock(target: str) -> str:
    """A target in words: ``OLA.resolution`` is the OLA's resolution."""
    told = target.replace("_", " ").replace(".", " ")
    return f"{told[:1].upper()}{told[1:]}"


def _plain(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _notes(groups: int, shown: int, level: float) -> Iterable[str]:
    if shown:
        yield f"The whole line is 100 %; between the ticks lies the {100 * level:g} % interval."
    if groups > shown:
        yield f"The {shown} groups with the most clocks, of {groups:,}."


def draw_compliance(picture: Picture, sheet: Sheet) -> None:
    """A bar for each group with its interval, and one for all; the whole width is 100 %."""
    lines = [
        Line(
            str(row["name"]),
            row["share"],
            (share_words(row["share"]), f"{row['met']:,} of {row['n']:,}"),
            None if row["low"] is None else (row["low"], row["high"]),
        )
        for row in picture.rows
    ]
    share, met = picture.figures["share"] or 0.0, picture.figures["met"] or 0
    lines.append(Line("All", share, (share_words(share), f"{met:,} of {picture.n:,}"), bold=True))
    bar_rows(sheet, lines, ("met", ""), track=True)
