"""A picture as a value: what is told, in tidy rows, and the ways to show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import attrs

from itilkit.kpi import Reason
from itilkit.kpi.definition import check_option

__all__ = ["Kind", "Picture", "Row"]

Kind = Literal[
    "arrivals", "backlog", "compliance", "pareto", "survival", "time_in_status", "time_to_resolve", "volume"
]
Row = Mapping[str, Any]

NARROW = 350


@attrs.frozen(repr=False)
class Picture:
    """What a picture tells; a notebook shows it as SVG.

    Attributes:
        kind: Which picture it is.
        title: What it shows.
        unit: What is counted or measured.
        n: Incidents that it rests on, or clocks where it is about these.
        rows: One row per mark, of text, numbers, booleans and None; times are seconds, shares go from 0 to 1.
        figures: Numbers that belong to the whole, such as a median, by name; None where there is none.
        left_out: Incidents that do not count, by reason.
        reading: Which reading of its KPI is shown, in words.
        says: What it shows, in a sentence; empty where there is nothing to draw.
        notes: What else a reader must know, in sentences.
    """

    kind: Kind
    title: str
    unit: str = attrs.field(kw_only=True)
    n: int = attrs.field(kw_only=True)
    rows: tuple[Row, ...] = attrs.field(kw_only=True)
    figures: Mapping[str, float | None] = attrs.field(factory=dict[str, float | None], kw_only=True)
    left_out: Mapping[Reason, int] = attrs.field(factory=dict[Reason, int], kw_only=True)
    reading: str = attrs.field(default="", kw_only=True)
    says: str = attrs.field(default="", kw_only=True)
    notes: tuple[str, ...] = attrs.field(default=(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_option("kind", self.kind, get_args(Kind))

    def __repr__(self) -> str:
        return f"<Picture: {self.title}, n = {self.n:,}>"

    def to_rows(self) -> list[dict[str, Any]]:
        """The rows for any table library, each as a new dict."""
        return [dict(row) for row in self.rows]

    def to_svg(self, *, width: int = NARROW, margin: int = 0) -> str:
        """The picture as an ``<svg>`` element that needs nothing else.

        Inside a page it is as wide as its place, 480 pixels at most or `width` where that is more, takes the colour of
        text from the page and knows light from dark by the page's ``color-scheme``. As a file of its own it brings its
        paper. All text is escaped, and what is cut stands in full in a ``<title>``.

        Args:
            width: The units it is laid out in, 300 to 1,600. Text has 12 of them: at the default of 350 it is readable
                on a phone of 390 pixels; where there is more room, take as many as there are pixels.
            margin: Units of empty paper on each side, 0 to 100: for a file of its own.

        Raises:
            KpiError: a width or margin that is none.
        """
        from itilkit.plots.drawing import drawn  # noqa: PLC0415  for pages only

        return drawn(self, width, margin)

    def to_altair(self) -> Any:
        """The picture as an Altair chart of the same rows, for a notebook; layered or joined of several.

        A survival curve gets its two ends as well: all at no time, and the longest that any was seen.

        Raises:
            FaultError: altair is not installed.
        """
        from itilkit.plots.charts import chart  # noqa: PLC0415  an extra: loaded on use

        return chart(self)

    def _repr_html_(self) -> str:
        return self.to_svg()
