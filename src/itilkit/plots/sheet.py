"""The paper that pictures are drawn on: text, lines and marks in units, escaped and in the colours of the house."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Literal

from itilkit.svg import PALETTE, plain, shortened, text_width, wrapped

__all__ = ["SIZE", "Sheet", "number", "polyline"]

Anchor = Literal["start", "middle", "end"]

SIZE, _HEAD_SIZE = 12, 15
_LEADING = 16
# In more pixels than these the text of a narrow picture would shout.
_WIDEST = 480
_PAPER = ("#ffffff", "#1c2024")
_INK = ("#22262b", "#e4e2dd")
_FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif"


def _colours() -> str:
    """Each colour as a property: the page's own, or that of the scheme in use, or in old browsers one for both."""
    usual = ";".join(f"--{name}:var(--itilkit-{name},{colour.anywhere})" for name, colour in PALETTE.items())
    schemes = ";".join(
        f"--{name}:var(--itilkit-{name},light-dark({colour.light},{colour.dark}))"
        for name, colour in PALETTE.items()
    )
    own = f"background:light-dark({_PAPER[0]},{_PAPER[1]});color:light-dark({_INK[0]},{_INK[1]})"
    return (
        f".itilkit-picture{{{usual}}}"
        f"@supports(color:light-dark(red,red)){{.itilkit-picture{{{schemes}}}"
        f".itilkit-picture:root{{color-scheme:light dark;{own}}}}}"
    )


# Rules start with the class of the drawing: in a page they stand among those of everybody else.
_LOOKS = {
    "": f"font:{SIZE}px {_FONT};font-variant-numeric:tabular-nums;direction:ltr;fill:currentColor",
    ":not(:root)": "display:block;width:100%;height:auto",
    " .head": f"font-size:{_HEAD_SIZE}px;font-weight:600",
    " .soft": "fill-opacity:.8",
    " .bold": "font-weight:600",
    " .rule": "fill:none;stroke:var(--line);stroke-width:1",
    " .edge": "fill:none;stroke:currentColor;stroke-width:1",
    " .dash": "fill:none;stroke:currentColor;stroke-width:1;stroke-dasharray:3 3",
    " .bar": "fill:var(--bar)",
    " .trace": "fill:none;stroke:var(--bar);stroke-width:1.75;stroke-linejoin:round",
    " .dots": "fill:none;stroke:var(--bar);stroke-width:4;stroke-linecap:round",
    " .band": "fill:var(--bar);fill-opacity:.18",
    " .ink": "fill:currentColor",
    " .rest": "fill:var(--bar);fill-opacity:.35;stroke:var(--bar)",
    " .late": "fill:var(--late)",
    " .hollow": "fill:none;stroke:var(--bar);stroke-width:1.5",
}
STYLE = _colours() + "".join(f".itilkit-picture{where}{{{look}}}" for where, look in _LOOKS.items())


def number(value: float) -> str:
    """A coordinate, to a tenth of a unit."""
    return f"{value:.1f}".removesuffix(".0")


class Sheet:
    """What has been drawn so far, from the top down.

    Attributes:
        width: How many units wide it is.
        y: How far down it is filled.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self.y = 0.0
        self.parts: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        look: str = "",
        anchor: Anchor = "start",
        room: float | None = None,
    ) -> None:
        """Words at a place, cut to the room there is."""
        told = plain(words) if room is None else shortened(plain(words), room, SIZE, bold=look == "bold")
        looks = f' class="{look}"' if look else ""
        anchored = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.parts.append(f'<text x="{number(x)}" y="{number(y)}"{looks}{anchored}>{escape(told)}</text>')

    def beside(self, x: float, y: float, words: str, *, look: str = "") -> None:
        """Words centred on a place, moved inwards where they would leave the sheet."""
        half = text_width(words, SIZE) / 2
        self.text(min(max(x, half), self.width - half), y, words, look=look, anchor="middle")

    def line(self, x1: float, y1: float, x2: float, y2: float, look: str) -> None:
        """A straight line."""
        self.path(f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}", look)

    def path(self, shape: str, look: str) -> None:
        """A shape in the language of SVG's paths."""
        self.parts.append(f'<path class="{look}" d="{shape}"/>')

    def box(self, x: float, y: float, wide: float, tall: float, *, look: str, told: str = "") -> None:
        """A rectangle; `told` is shown where somebody points at it."""
        place = f'x="{number(x)}" y="{number(y)}" width="{number(wide)}" height="{number(tall)}"'
        inner = f"><title>{escape(plain(told))}</title></rect>" if told else "/>"
        self.parts.append(f'<rect class="{look}" {place}{inner}')

    def named(self, told: str, drawn: int) -> None:
        """Put the parts drawn since the `drawn`-th into a group that says its words where somebody points at it."""
        inner = "".join(self.parts[drawn:])
        self.parts[drawn:] = [f"<g><title>{escape(plain(told))}</title>{inner}</g>"]

    def lines(self, words: str, *, look: str, most: int) -> None:
        """Words from edge to edge in so many lines at most; without words nothing is drawn."""
        if not words:
            return
        bold = look == "head"
        size = _HEAD_SIZE if bold else SIZE
        for line in wrapped(plain(words), self.width, size, lines=most, bold=bold):
            self.y += 19 if bold else _LEADING
            self.text(0, self.y, line, look=look)

    def finished(self, title: str, told: Iterable[str], margin: int) -> str:
        """The drawing; `title` and what is `told` are read aloud in its place."""
        wide, tall = self.width + 2 * margin, round(self.y + 6) + 2 * margin
        desc = escape(plain(" ".join(told)))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="itilkit-picture" role="img" '
            f'viewBox="{-margin} {-margin} {wide} {tall}" width="{wide}" height="{tall}" '
            f'style="max-width:{max(wide, _WIDEST)}px">'
            f"<title>{escape(plain(title))}</title><desc>{desc}</desc><style>{STYLE}</style>"
            f"{''.join(self.parts)}</svg>"
        )


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """The shape of a line through points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
