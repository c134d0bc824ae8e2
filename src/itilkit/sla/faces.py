"""A reading as Markdown and as HTML: the words of `explain`, and in HTML the line of time as well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from itilkit.sla.drawing import drawn
from itilkit.sla.explain import HEADINGS, Row, told

if TYPE_CHECKING:
    from itilkit.sla.reading import Reading

__all__ = ["html", "markdown"]

_MEANT = re.compile(r"[\\`*_|<>\[\]]")
_NUMBERS = ("counted", "total")
_CELL = "padding:.1em .6em;text-align:{};white-space:{};vertical-align:top"


def markdown(reading: Reading) -> str:
    """The words as Markdown: lines, and the ledger as a table."""
    head, rows, sums = told(reading)
    lines = [f"**{_plain(head[0])}**", *(f"\n{_plain(line)}" for line in head[1:])]
    if not sums:
        return "\n".join(lines)
    ruled = ["---:" if name in _NUMBERS else "---" for name in HEADINGS]
    cells = (HEADINGS, ruled, *(map(_plain, row) for row in rows)) if rows else ()
    table = [f"| {' | '.join(each)} |" for each in cells]
    return "\n".join([*lines, "", *table, *([""] if table else []), _plain(sums)])


def _plain(text: str) -> str:
    """A text that means nothing to Markdown, on one line."""
    return _MEANT.sub(r"\\\g<0>", " ".join(text.split()))


def html(reading: Reading) -> str:
    """The words and the line of time as a piece of HTML; all text in it is escaped."""
    head, rows, sums = told(reading)
    lines = [f"<strong>{escape(head[0])}</strong>", *map(escape, head[1:])]
    parts = [f'<div class="itilkit-reading"><p>{"<br>".join(lines)}</p>']
    cycle = reading.latest
    if sums and cycle is not None and cycle.goal is not None:
        parts += [
            drawn(cycle, cycle.goal.calendar, reading.as_of, f"{head[0]} {sums}"),
            f"<p>{escape(sums)}</p>",
            _table(rows) if rows else "",
        ]
    return "".join([*parts, "</div>"])


def _table(rows: Sequence[Row]) -> str:
    body = "".join(f"<tr>{_cells(row, 'td')}</tr>" for row in rows)
    return (
        '<details><summary>The ledger</summary><div style="overflow-x:auto"><table style="border-collapse:collapse;'
        f'font-variant-numeric:tabular-nums"><thead><tr>{_cells(HEADINGS, "th")}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></details>"
    )


def _cells(row: Row, tag: str) -> str:
    def cell(name: str, text: str) -> str:
        style = _CELL.format("right" if name in _NUMBERS else "left", "nowrap" if name else "normal")
        return f'<{tag} style="{style}">{escape(text)}</{tag}>'

    return "".join(map(cell, HEADINGS, row))
