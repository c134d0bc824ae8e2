"""Bars one below the other: a name and figures on a line, the bar below it."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from itilkit.plots.sheet import SIZE, Sheet
from itilkit.svg import text_width

__all__ = ["Line", "bar_rows"]

_ROW, _NAME, _BAR, _THICK = 36, 15, 23, 8


@attrs.frozen
class Line:
    """One bar.

    Attributes:
        name: Whose it is.
        share: How long it is, of the longest there can be.
        told: The figures, one per column.
        ends: The ends of its interval, or None.
        bold: It is the whole, not a part.
        faint: It is the rest, not a part of its own.
    """

    name: str
    share: float
    told: tuple[str, ...]
    ends: tuple[float, float] | None = None
    bold: bool = False
    faint: bool = False


def bar_rows(
    sheet: Sheet, lines: Sequence[Line], heads: Sequence[str], *, track: bool = False
) -> list[float]:
    """Draw the bars; what comes back is the foot of each.

    `heads` stand above the columns of figures; a `track` shows how long a bar could be.
    """
    columns = [
        max(text_width(words, SIZE, bold=True) for words in (head, *(line.told[place] for line in lines)))
        for place, head in enumerate(heads)
    ]
    edges: list[float] = []
    right = float(sheet.width)
    for wide in reversed(columns):
        edges.insert(0, right)
        right -= wide + 12
    sheet.y += 20
    for edge, words in zip(edges, heads, strict=True):
        sheet.text(edge, sheet.y, words, look="soft", anchor="end")
    feet: list[float] = []
    for line in lines:
        top, before = sheet.y, len(sheet.parts)
        look = "bold" if line.bold else ""
        sheet.text(0, top + _NAME, line.name, look=look, room=right)
        for edge, words in zip(edges, line.told, strict=True):
            sheet.text(edge, top + _NAME, words, look=look, anchor="end")
        if track:
            sheet.line(0, top + _BAR + _THICK / 2, sheet.width, top + _BAR + _THICK / 2, "rule")
        sheet.box(
            0,
            top + _BAR,
            sheet.width * line.share,
            _THICK,
            look="ink" if line.bold else "rest" if line.faint else "bar",
        )
        if line.ends is not None:
            _interval(sheet, line.ends, top + _BAR + _THICK / 2)
        sheet.named(f"{line.name}: {', '.join(line.told)}", before)
        sheet.y += _ROW
        feet.append(sheet.y)
    sheet.y += 4
    return feet


def _interval(sheet: Sheet, ends: tuple[float, float], y: float) -> None:
    low, high = (sheet.width * end for end in ends)
    sheet.path(f"M{low:.1f} {y - 6:.1f}v12M{low:.1f} {y:.1f}H{high:.1f}M{high:.1f} {y - 6:.1f}v12", "edge")
