"""Which few make most of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.kpi.mix import Share
from itilkit.plots.asking import assessed, check_dimension, check_names, check_period, period_note
from itilkit.plots.picture import Picture, Row
from itilkit.plots.rows import Line, bar_rows
from itilkit.plots.sheet import Sheet
from itilkit.plots.words import counted, group_names, plain_group, share_words
from itilkit.sla import Assessment

__all__ = ["draw_pareto", "pareto"]

_MOST = 10
_VITAL = 0.8
_LINE = "Dashed: 80 % up to here."
_NO_NAMES: Mapping[Any, str] = {}


def pareto(
    assessments: Iterable[Assessment],
    *,
    by: str = "category",
    period: Period | None = None,
    counting: kpi.Counting = "demand",
    names: Mapping[Any, str] = _NO_NAMES,
) -> Picture:
    """Incidents by category or another dimension, the most first, with the share of all up to there.

    Rows: ``group``, ``name``, ``groups``, ``incidents``, ``share``, ``cumulative``; the ten largest groups, then all
    others in one row, whose ``groups`` says how many they are. Figures: ``groups``, how many there are, and
    ``vital``, how many of the largest make up 80 %.

    Args:
        assessments: The incidents, assessed at one `as_of`.
        by: The dimension, as for `kpi.measure`.
        period: Only incidents opened in it.
        counting: As for `kpi.volume`.
        names: What groups are called.

    >>> pareto([], by="configuration_item")
    <Picture: Incidents by configuration item, n = 0>

    Raises:
        KpiError: an unknown dimension, or assessments of different instants.
    """
    check_period(period)
    check_dimension(by)
    check_names(names)
    cases = assessed(assessments)
    asked = kpi.volume(counting=counting)
    whole = kpi.measure(cases, asked, period=period).one()
    shares = [share for share in kpi.pareto(kpi.measure(cases, asked, by=by, period=period)) if share.value]
    vital = next((place for place, share in enumerate(shares, 1) if share.cumulative >= _VITAL), 0)
    told = by.replace("_", " ")
    return Picture(
        "pareto",
        f"Incidents by {told}",
        unit="incidents opened",
        n=whole.n,
        rows=tuple(_rows(shares, by, names)),
        figures={"groups": len(shares), "vital": vital},
        left_out=whole.left_out,
        reading=whole.reading,
        notes=(*((_LINE,) if 0 < vital <= min(_MOST, len(shares) - 1) else ()), *period_note(period)),
        says=f"80 % lie in {vital:,} of {counted(len(shares), 'group')}." if shares else "",
    )


def _rows(shares: Sequence[Share], by: str, names: Mapping[Any, str]) -> Iterator[Row]:
    shown = shares[:_MOST]
    called = group_names(by, [share.group for share in shown], names)
    for share, name in zip(shown, called, strict=True):
        yield {
            "group": plain_group(share.group),
            "name": name,
            "groups": 1,
            "incidents": int(share.value),
            "share": share.share,
            "cumulative": share.cumulative,
        }
    rest = shares[_MOST:]
    if rest:
        yield {
            "group": None,
            "name": counted(len(rest), "other"),
            "groups": len(rest),
            "incidents": int(sum(share.value for share in rest)),
            "share": sum(share.share for share in rest),
            "cumulative": 1.0,
        }


def draw_pareto(picture: Picture, sheet: Sheet) -> None:
    """A bar for each group; beside its name its number, its share, and the share of all up to there."""
    rows = picture.rows
    most = max(row["incidents"] for row in rows)
    lines = [
        Line(
            str(row["name"]),
            row["incidents"] / most,
            (
                f"{row['incidents']:,}",
                share_words(row["share"]),
                share_words(row["cumulative"]),
            ),
            faint=row["groups"] != 1,
        )
        for row in rows
    ]
    feet = bar_rows(sheet, lines, ("number", "share", "up to here"))
    vital = int(picture.figures["vital"] or 0)
    if _LINE in picture.notes:
        sheet.line(0, feet[vital - 1] + 2, sheet.width, feet[vital - 1] + 2, "dash")
