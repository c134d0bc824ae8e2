"""Bars one below the other: a name, figures and a bar, below them or, where there is room, between them."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from itilkit.plots.sheet import SIZE, Sheet
from itilkit.svg import text_width

__all__ = ["Line", "bar_rows"]

_ROOMY = 560
_MOST_OF_NAMES = 0.3
_GAP = 12


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


@attrs.frozen
class _Layout:
    """Where things stand in a row: bars from `left` to `right`, and from the row's top words, bar and next row."""

    left: float
    right: float
    names: float
    words: float
    bar: float
    thick: float
    row: float

    def x(self, share: float) -> float:
        """Where a share of the longest bar ends."""
        return self.left + (self.right - self.left) * share


def _layout(sheet: Sheet, lines: Sequence[Line], figures: float) -> _Layout:
    """The bar below its words; in a roomy sheet beside them. Figures begin at a place at the right."""
    if sheet.width < _ROOMY:
        return _Layout(0, sheet.width, figures - _GAP, 15, 23, 8, 36)
    longest = max(text_width(line.name, SIZE, bold=True) for line in lines)
    names = min(longest, sheet.width * _MOST_OF_NAMES)
    return _Layout(names + _GAP, figures - 2 * _GAP, names, 16, 6, 12, 24)


def bar_rows(
    sheet: Sheet, lines: Sequence[Line], heads: Sequence[str], *, track: bool = False
) -> list[float]:
    """Draw the bars; what comes back is the foot of each.

    `heads` stand above the columns of figures; a `track` shows how long a bar could be.
    """
    edges: list[float] = []
    right = float(sheet.width)
    for place, head in reversed(list(enumerate(heads))):
        edges.insert(0, right)
        column = (head, *(line.told[place] for line in lines))
        right -= max(text_width(words, SIZE, bold=True) for words in column) + _GAP
    layout = _layout(sheet, lines, right + _GAP)
    sheet.y += 20
    for edge, words in zip(edges, heads, strict=True):
        sheet.text(edge, sheet.y, words, look="soft", anchor="end")
    feet: list[float] = []
    for line in lines:
        before = len(sheet.parts)
        _row(sheet, line, layout, edges, track=track)
        sheet.named(f"{line.name}: {', '.join(line.told)}", before)
        sheet.y += layout.row
        feet.append(sheet.y)
    sheet.y += 4
    return feet


def _row(sheet: Sheet, line: Line, layout: _Layout, edges: Sequence[float], *, track: bool) -> None:
    top, look = sheet.y, "bold" if line.bold else ""
    middle = top + layout.bar + layout.thick / 2
    sheet.text(0, top + layout.words, line.name, look=look, room=layout.names)
    for edge, words in zip(edges, line.told, strict=True):
        sheet.text(edge, top + layout.words, words, look=look, anchor="end")
    if track:
        sheet.line(layout.left, middle, layout.right, middle, "rule")
    colour = "ink" if line.bold else "rest" if line.faint else "bar"
    wide = layout.x(line.share) - layout.left
    sheet.box(layout.left, top + layout.bar, wide, layout.thick, look=colour)
    if line.ends is not None:
        low, high = map(layout.x, line.ends)
        half = layout.thick / 2 + 2
        cap = f"v{2 * half:g}"
        shape = f"M{low:.1f} {middle - half:g}{cap}M{low:.1f} {middle:g}H{high:.1f}M{high:.1f} {middle - half:g}{cap}"
        sheet.path(shape, "edge")
