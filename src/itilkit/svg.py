"""How is it drawn? A few pieces of SVG for pages and notebooks; all text in them is escaped.

A drawing of `bars` is as wide as the place it stands in: lengths along the bars are percentages, and text keeps its
size, so it is as readable on a phone as on a desk. A page sets the colour of the bars as ``--itilkit-bar`` and that of
the grid as ``--itilkit-line``; text takes the colour of the page. `PALETTE` holds the colours of all drawings.

What is laid out in units of its own, such as the pictures of `itilkit.plots`, has to know how much room a text takes:
`text_width`, `shortened` and `wrapped` tell it for the widest of the usual fonts.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import accumulate
from typing import NamedTuple

import attrs

__all__ = ["PALETTE", "Bar", "Colour", "bars", "plain", "shortened", "text_width", "ticks", "wrapped"]

_STEPS = (1, 2, 5, 10)
_FEW = 3
_TOP, _FOOT = 4, 26
_SHORT = 8
_LONG = 24


class Colour(NamedTuple):
    """A colour in three shades.

    Attributes:
        anywhere: For any page, white or black: a contrast of 3 to 1 on both.
        light: For a white page: a contrast of 4.5 to 1.
        dark: For a black or nearly black page: a contrast of 4.5 to 1.
    """

    anywhere: str
    light: str
    dark: str


PALETTE: Mapping[str, Colour] = {
    "bar": Colour("#3b6ea5", "#3b6f9c", "#7fb0d8"),
    "late": Colour("#c2372e", "#b3261e", "#f2938c"),
    "line": Colour("#8a8a8a", "#c9c4bb", "#4a5259"),
}
"""The colours of the drawings: what is counted, what is out of bounds, and the lines of a grid, which only guide the
eye and need no contrast. A page sets its own as ``--itilkit-bar``, ``--itilkit-late`` and ``--itilkit-line``."""

# Advance widths of printable ASCII in DejaVu Sans, hundredths of the size; the widest of the fonts in use on screens.
_ADVANCES = (
    "32 40 46 84 64 95 78 27 39 39 50 84 32 36 32 34 64 64 64 64 64 64 64 64 64 64 34 34 84 84 84 53 100 68 69 70 77 "
    "63 58 77 75 29 29 66 56 86 75 79 60 79 69 63 61 73 68 99 69 61 69 39 34 39 84 50 50 61 63 55 63 62 35 63 63 28 28 "
    "58 28 97 63 61 63 63 41 52 39 63 59 82 59 59 52 64 34 64 84"
)
_WIDTHS = {chr(32 + place): int(width) for place, width in enumerate(_ADVANCES.split())}
_BOLD = 1.13
_OTHER, _WIDE = 80, 105
_ELLIPSIS = "\u2026"


def plain(text: str) -> str:
    r"""The text on one line, with every sign that acts instead of being seen made visible; XML forbids some of them.

    >>> plain("red \x1b[31m alarm\n")
    'red \\x1b[31m alarm\\n'
    """
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The room that a text takes, in the unit of its size: an upper bound for the usual fonts.

    >>> round(text_width("INC1", 12), 1), text_width("", 12)
    (28.6, 0.0)
    """
    hundredths = sum(_WIDTHS.get(sign) or _advance(sign) for sign in text)
    return hundredths * size / 100 * (_BOLD if bold else 1)


def _advance(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return _WIDE if unicodedata.east_asian_width(sign) in "WF" else _OTHER


def shortened(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, cut to the room there is; what is cut ends in an ellipsis.

    >>> shortened("Network operations", 60, 12), shortened("Mail", 60, 12)
    ('Network\u2026', 'Mail')
    """
    if not text or text_width(text, size, bold=bold) <= room:
        return text
    kept = room - text_width(_ELLIPSIS, size, bold=bold)
    used = accumulate(text_width(sign, size, bold=bold) for sign in text)
    cut = next((place for place, wide in enumerate(used) if wide > kept), len(text))
    return f"{text[:cut].rstrip()}{_ELLIPSIS}"


def wrapped(text: str, room: float, size: float, *, lines: int, bold: bool = False) -> list[str]:
    """The text in so many lines at most, broken at spaces; what does not fit is cut.

    >>> wrapped("Incidents opened per week", 100, 12, lines=3)
    ['Incidents', 'opened per', 'week']
    """
    found: list[str] = []
    rest = text.split(" ")
    while rest and len(found) < lines - 1:
        taken = 1
        while taken < len(rest) and text_width(" ".join(rest[: taken + 1]), size, bold=bold) <= room:
            taken += 1
        found.append(shortened(" ".join(rest[:taken]), room, size, bold=bold))
        rest = rest[taken:]
    return [*found, shortened(" ".join(rest), room, size, bold=bold)] if rest else found


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
