"""How is it drawn? A few pieces of SVG for pages and notebooks; all text in them is escaped.

A drawing is as wide as the place it stands in: lengths along the bars are percentages, and text keeps its size, so
it is as readable on a phone as on a desk. It has no colours of its own beyond one for the bars, which a page sets as
``--itilkit-bar`` (and ``--itilkit-line`` for the grid); text takes the colour of the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

import attrs

__all__ = ["Bar", "bars", "ticks"]

_ROW, _THICK, _TOP = 24, 14, 6
_LABELS, _ROOM = 27.0, 50.0
"""Percent of the width: the labels to the left of the bars, and the longest bar. The rest is for its figure."""
_LONGEST_LABEL = 13
_STEPS = (1, 2, 2.5, 5, 10)
_TICKS = 3


@attrs.frozen
class Bar:
    """One bar: its name, its length (None where there is no figure), and the figure in words."""

    label: str
    value: float | None
    text: str


def bars(rows: Sequence[Bar], *, title: str, most: float | None = None, percent: bool = False) -> str:
    """Bars from a common zero, from the top down, with an axis below; an ``<svg>`` element.

    Args:
        rows: The bars; of none there is only the axis.
        title: What they show, to be read aloud.
        most: The end of the axis; by default the least round number that holds the longest bar.
        percent: Tell the axis in percent of 1.

    >>> drawing = bars([Bar("<new>", 3, "3 of 4")], title="Incidents & more")
    >>> "&lt;new&gt;" in drawing, "<title>Incidents &amp; more</title>" in drawing
    (True, True)
    """
    marks = ticks(most or max((row.value or 0 for row in rows), default=0))
    end = marks[-1]
    height = _TOP + _ROW * len(rows) + 22
    foot = _TOP + _ROW * len(rows) + 2
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100%" height="{height}" '
            'font-size="13" fill="currentColor" style="display:block">',
            f"<title>{escape(title)}</title>",
            *(_tick(mark, end, foot, percent=percent) for mark in marks),
            *(piece for number, row in enumerate(rows) for piece in _bar(row, _TOP + _ROW * number, end)),
            "</svg>",
        )
    )


def ticks(most: float) -> list[float]:
    """Round numbers from 0 to one that is not less than `most`, a few of them.

    >>> ticks(8995), ticks(1.0), ticks(0)
    ([0.0, 5000.0, 10000.0], [0.0, 0.5, 1.0], [0.0, 1.0])
    """
    if most <= 0:
        return [0.0, 1.0]
    rough = most / _TICKS
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(step * scale for step in _STEPS if step * scale >= rough * (1 - 1e-9))
    return [round(step * number, 10) for number in range(math.ceil(most / step - 1e-9) + 1)]


def _x(value: float, end: float) -> str:
    return f"{_LABELS + _ROOM * value / end:.2f}%"


def _tick(mark: float, end: float, foot: int, *, percent: bool) -> str:
    x = _x(mark, end)
    told = f"{mark:.0%}".replace("%", " %") if percent else f"{mark:,.10g}"
    line = "var(--itilkit-line, currentColor)"
    faint = "" if mark == 0 else ' stroke-opacity="0.35" stroke-dasharray="2 3"'
    return (
        f'<line x1="{x}" x2="{x}" y1="0" y2="{foot}" style="stroke:{line}"{faint}/>'
        f'<text x="{x}" y="{foot + 16}" text-anchor="middle" font-size="12">{told}</text>'
    )


def _bar(row: Bar, top: int, end: float) -> Iterator[str]:
    middle = top + _ROW // 2 + 3
    value = min(max(row.value or 0.0, 0.0), end)
    label = row.label if len(row.label) <= _LONGEST_LABEL else f"{row.label[: _LONGEST_LABEL - 1]}\u2026"
    yield f"<g><title>{escape(f'{row.label}: {row.text}')}</title>"
    yield f'<text x="{_LABELS}%" dx="-8" y="{middle}" text-anchor="end">{escape(label)}</text>'
    yield (
        f'<rect x="{_LABELS}%" y="{top + (_ROW - _THICK) // 2}" width="{_ROOM * value / end:.2f}%" '
        f'height="{_THICK}" rx="2" style="fill:var(--itilkit-bar, #3b6ea5)"/>'
    )
    yield f'<text x="{_x(value, end)}" dx="6" y="{middle}">{escape(row.text)}</text></g>'
