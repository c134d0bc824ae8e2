"""Axes: values from zero upwards, and periods from left to right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import attrs

from itilkit.plots.scales import Slots, date_ticks
from itilkit.plots.sheet import SIZE, Sheet
from itilkit.svg import text_width, ticks

__all__ = ["ValueAxis", "date_axis", "side_labels", "value_axis"]

_APART = 15
_NARROW = 450


@attrs.frozen
class ValueAxis:
    """Where values lie between the foot and the top of a plot.

    Attributes:
        left: Where the plot begins, at the right of the labels.
        top: The end of the axis.
        foot: Zero.
        end: The value at the top.
    """

    left: float
    top: float
    foot: float
    end: float

    def y(self, value: float) -> float:
        """Where a value lies."""
        return self.foot - (self.foot - self.top) * min(value, self.end) / self.end


def value_axis(sheet: Sheet, most: float, *, right: float, tall: float, percent: bool = False) -> ValueAxis:
    """Draw lines at round values from zero to `most`, their labels at the left; the sheet is filled to the foot.

    A plot is as `tall` as asked for in a narrow sheet, and up to half as much more in a wide one.
    """
    marks = [0.0, 0.5, 1.0] if percent else ticks(most, whole=True)
    names = [f"{mark:.0%}".replace("%", " %") if percent else f"{mark:,.10g}" for mark in marks]
    left = max(text_width(name, SIZE) for name in names) + 6
    top = sheet.y + 18
    axis = ValueAxis(left, top, top + tall * min(max(sheet.width / _NARROW, 1), 1.5), marks[-1])
    for mark, name in zip(marks, names, strict=True):
        y = axis.y(mark)
        sheet.line(left, y, right, y, "edge" if mark == 0 else "rule")
        sheet.text(left - 6, y + 4, name, look="soft", anchor="end")
    sheet.y = axis.foot
    return axis


def date_axis(sheet: Sheet, days: Sequence[date], slots: Slots) -> None:
    """Draw labels below periods, the year where a new one begins."""
    found = date_ticks(days, slots)
    foot = sheet.y
    for place, name, year in found:
        x = slots.x(place)
        sheet.line(x, foot, x, foot + 4, "edge")
        sheet.beside(x, foot + 17, name, look="soft")
        if year:
            sheet.beside(x, foot + 32, year, look="soft")
    sheet.y = foot + (34 if any(year for _, _, year in found) else 20)


def side_labels(sheet: Sheet, labels: Sequence[tuple[float, str]], x: float, foot: float) -> None:
    """Draw words beside their lines, from the top down; moved apart where they would meet, and none below the foot."""
    places = [y for y, _ in labels]
    for place in range(1, len(places)):
        places[place] = max(places[place], places[place - 1] + _APART)
    lowest = foot + 4
    for place in reversed(range(len(places))):
        places[place] = min(places[place], lowest)
        lowest = places[place] - _APART
    for y, (_, words) in zip(places, labels, strict=True):
        sheet.text(x, y, words)
