"""Pictures as SVG: head, plot, foot."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from itilkit.errors import KpiError, shown
from itilkit.plots.arrivals import draw_arrivals
from itilkit.plots.backlog import draw_backlog
from itilkit.plots.compliance import draw_compliance
from itilkit.plots.durations import draw_survival, draw_time_to_resolve
from itilkit.plots.pareto import draw_pareto
from itilkit.plots.picture import Kind, Picture
from itilkit.plots.sheet import Sheet
from itilkit.plots.time_in_status import draw_time_in_status
from itilkit.plots.volume import draw_volume
from itilkit.plots.words import left_out_words

__all__ = ["drawn"]

_WIDTHS, _MARGINS = (300, 1600), (0, 100)
_PLOTS: Mapping[Kind, Callable[[Picture, Sheet], None]] = {
    "arrivals": draw_arrivals,
    "backlog": draw_backlog,
    "compliance": draw_compliance,
    "pareto": draw_pareto,
    "survival": draw_survival,
    "time_in_status": draw_time_in_status,
    "time_to_resolve": draw_time_to_resolve,
    "volume": draw_volume,
}
# Pictures whose marks bear the words of their sentence.
_SAID: frozenset[Kind] = frozenset({"survival", "time_to_resolve"})
_NOTHING = "There is nothing to draw."


def drawn(picture: Picture, width: int, margin: int = 0) -> str:
    """The picture as an ``<svg>`` element of so many units, with a margin around it."""
    _check("width", width, *_WIDTHS)
    _check("margin", margin, *_MARGINS)
    sheet = Sheet(width)
    unit = f"{picture.unit}, n = {picture.n:,}"
    left_out = left_out_words(picture.left_out)
    sheet.lines(picture.title, look="head", most=2)
    sheet.lines(unit, look="soft", most=2)
    if picture.rows:
        if picture.kind not in _SAID:
            sheet.lines(picture.says, look="", most=3)
        _PLOTS[picture.kind](picture, sheet)
    else:
        sheet.y += 12
        sheet.lines(_NOTHING, look="", most=1)
    sheet.y += 6
    for words in (*picture.notes, left_out):
        sheet.lines(words, look="soft", most=3)
    told = (unit, picture.says if picture.rows else _NOTHING, *picture.notes, left_out, picture.reading)
    return sheet.finished(picture.title, (words for words in told if words), margin)


def _check(name: str, value: object, least: int, most: int) -> None:
    if type(value) is not int or not least <= value <= most:
        raise KpiError.one(
            "bad_option", f"{shown(value)} is no {name}", path=name, hint=f"{least} to {most:,} units"
        )
