"""How is it drawn? A few pieces of SVG for pages and notebooks; all text in them is escaped.

A drawing is as wide as the place it stands in: lengths along the bars are percentages, and text keeps its size, so
it is as readable on a phone as on a desk. A page sets the colour of the bars as ``--itilkit-bar`` and that of the
grid as ``--itilkit-line``; text takes the colour of the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

import attrs

__all__ = ["Bar", "bars", "ticks"]

_STEPS = (1, 2, 5, 10)
_FEW = 3
_TOP, _FOOT = 4, 26
_SHORT = 8
_LONG = 24


@attrs.frozen
class Bar:
    """One bar: its name, its length (None where there is no figure), and the figure in words."""

    label: str
    value: float | None
    text: str


@attrs.frozen
class _Layout:
    """Where things stand: `left` and `room` in percent of the width, the others in pixels."""

    left: float
    room: float
    row: int
    bar: int
    thick: int
    baseline: int

    def x(self, value: float, end: float) -> str:
        """Where a value lies."""
        return f"{self.left + self.room * value / end:.2f}%"


_BESIDE = _Layout(20.0, 60.0, row=24, bar=5, thick=14, baseline=17)
_ABOVE = _Layout(0.0, 100.0, row=42, bar=20, thick=12, baseline=14)


def bars(rows: Sequence[Bar], *, title: str, most: float | None = None, percent: bool = False) -> str:
    """Bars from a common zero, from the top down, with an axis below; an ``<svg>`` element.

    Short names and figures stand beside their bars; where one is long, all stand above them.

    Args:
        rows: The bars; of none there is only the axis.
        title: What they show, to be read aloud.
        most: The end of the axis; by default the least round number that holds the longest bar.
        percent: Tell the axis in percent of 1.

    >>> drawing = bars([Bar("<new>", 3, "3 of 4")], title="Incidents & more")
    >>> "&lt;new&gt;" in drawing, "<title>Incidents &amp; more</title>" in drawing
    (True, True)
    """
    longest = max((max(len(row.label), len(row.text)) for row in rows), default=0)
    layout = _BESIDE if longest <= _SHORT else _ABOVE
    marks = ticks(most or max((row.value or 0 for row in rows), default=0), whole=not percent)
    foot = _TOP + layout.row * len(rows)
    drawn = (_bar(row, layout, _TOP + layout.row * number, marks[-1]) for number, row in enumerate(rows))
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100%" height="{foot + _FOOT}" '
            'font-size="13" fill="currentColor" style="display:block">',
            f"<title>{escape(title)}</title>",
            *_axis(marks, layout, foot, percent=percent),
            *drawn,
            "</svg>",
        )
    )


def ticks(most: float, *, whole: bool = False) -> list[float]:
    """Round numbers from 0 to one that is not less than `most`, four at most; on demand whole ones only.

    >>> ticks(8995), ticks(1.0), ticks(1.0, whole=True), ticks(0)
    ([0.0, 5000.0, 10000.0], [0.0, 0.5, 1.0], [0.0, 1.0], [0.0, 1.0])
    """
    if most <= 0:
        return [0.0, 1.0]
    rough = max(most / _FEW, 1.0) if whole else most / _FEW
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(step * scale for step in _STEPS if step * scale >= rough * (1 - 1e-9))
    return [round(step * number, 10) for number in range(math.ceil(most / step - 1e-9) + 1)]


def _axis(marks: Sequence[float], layout: _Layout, foot: int, *, percent: bool) -> Iterator[str]:
    last = len(marks) - 1
    outer = {0: "start", last: "end"} if layout is _ABOVE else {}
    for number, mark in enumerate(marks):
        x = layout.x(mark, marks[-1])
        told = f"{mark:.0%}".replace("%", " %") if percent else f"{mark:,.10g}"
        faint = "" if number == 0 else ' stroke-dasharray="2 3"'
        yield (
            f'<line x1="{x}" x2="{x}" y1="0" y2="{foot + 4}" '
            f'style="stroke:var(--itilkit-line, currentColor)"{faint}/>'
            f'<text x="{x}" y="{foot + 20}" text-anchor="{outer.get(number, "middle")}" font-size="12">{told}</text>'
        )


def _bar(row: Bar, layout: _Layout, top: int, end: float) -> str:
    value = min(max(row.value or 0.0, 0.0), end)
    label = row.label if len(row.label) <= _LONG else f"{row.label[: _LONG - 1]}\u2026"
    y = top + layout.baseline
    if layout is _ABOVE:
        names = f'<text x="0" dx="4" y="{y}">{escape(label)}</text>'
        told = f'<text x="100%" y="{y}" text-anchor="end">{escape(row.text)}</text>'
    else:
        names = f'<text x="{layout.left}%" dx="-8" y="{y}" text-anchor="end">{escape(label)}</text>'
        told = f'<text x="{layout.x(value, end)}" dx="6" y="{y}">{escape(row.text)}</text>'
    return (
        f"<g><title>{escape(f'{row.label}: {row.text}')}</title>{names}"
        f'<rect x="{layout.left}%" y="{top + layout.bar}" width="{layout.room * value / end:.2f}%" '
        f'height="{layout.thick}" rx="2" style="fill:var(--itilkit-bar, #3b6ea5)"/>{told}</g>'
    )
