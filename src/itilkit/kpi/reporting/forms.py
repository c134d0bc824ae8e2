"""A report on a period as text, Markdown, CSV and HTML; what incidents say acts in none of them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from itilkit.kpi.reporting.grid import grid
from itilkit.kpi.reporting.lines import Part, head, parts, rows

if TYPE_CHECKING:
    from itilkit.kpi.reporting.period_report import PeriodReport

__all__ = ["csv", "html", "markdown", "text"]

WIDTH = 80

# What Markdown, or the page that a wiki makes of it, would act on; a name with @ would call people.
_MEANT = re.compile(r"[\\`*_|{}\[\]#~$!<>&@]|://")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;", "://": "&#58;//"}

# A spreadsheet takes a cell for a formula by its first sign, also where blanks stand before it.
# Source: OWASP, "CSV Injection".
_FORMULA = re.compile(r"\s*[=+\-@\uff0b\uff0d\uff1d\uff20]|[\t\r\n]")
_QUOTED = re.compile(r"[\",;\t\r\n]|^\s|\s$")

_CELL = "padding:.2em .8em .2em 0;text-align:{};vertical-align:top"


def _plain(words: str) -> str:
    """The text on one line, with every sign that acts instead of being seen made visible."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in words)


def text(report: PeriodReport) -> str:
    """To read in a terminal; it ends with a line feed."""
    title, notes = head(report)
    lines = [_plain(title), "=" * len(_plain(title))]
    for note in notes:
        lines += textwrap.wrap(_plain(note), WIDTH)
    for part in parts(report):
        lines += ["", _plain(part.title), "-" * len(_plain(part.title)), *_text(part)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _text(part: Part) -> Iterator[str]:
    cells = [tuple(map(_plain, row)) for row in (part.head, *part.rows)]
    yield from grid(cells, part.sides, room=WIDTH, ruled=True)
    for note in part.notes:
        yield from ("", *textwrap.wrap(_plain(note), WIDTH))


def markdown(report: PeriodReport) -> str:
    """With a heading for each table; it ends with a line feed."""
    title, notes = head(report)
    lines = [f"# {_meaningless(title)}", *(f"\n{_meaningless(note)}" for note in notes)]
    for part in parts(report):
        lines += ["", f"## {_meaningless(part.title)}", "", *_table(part)]
        for note in part.notes:
            lines += ["", _meaningless(note)]
    return "\n".join(lines) + "\n"


def _table(part: Part) -> Iterator[str]:
    yield _line(map(_meaningless, part.head))
    yield _line("---:" if side == "r" else "---" for side in part.sides)
    for row in part.rows:
        yield _line(map(_meaningless, row))


def _line(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _meaningless(words: str) -> str:
    return _MEANT.sub(lambda found: _ENTITIES.get(found[0]) or f"\\{found[0]}", _plain(words))


def csv(report: PeriodReport) -> str:
    """The rows of the report, head first, with the line ends of RFC 4180."""
    found = rows(report)
    columns = list(found[0]) if found else []
    lines = [columns, *([row[column] for column in columns] for row in found)]
    return "".join(f"{','.join(map(_cell, line))}\r\n" for line in lines)


def _cell(value: Any) -> str:
    """A number as it is; words so that they stay words."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    words = _plain(str(value))
    guarded = f"'{words}" if _FORMULA.match(str(value)) else words
    doubled = guarded.replace('"', '""')
    return f'"{doubled}"' if _QUOTED.search(guarded) else guarded


def html(report: PeriodReport) -> str:
    """A piece of HTML for a notebook; all text in it is escaped."""
    title, notes = head(report)
    pieces = [
        f'<div class="itilkit-report"><h3>{_shown(title)}</h3>',
        *(f"<p>{_shown(note)}</p>" for note in notes),
    ]
    for part in parts(report):
        pieces += [
            f"<h4>{_shown(part.title)}</h4>",
            _drawn(part),
            *(f"<p>{_shown(note)}</p>" for note in part.notes),
        ]
    return "".join([*pieces, "</div>"])


def _drawn(part: Part) -> str:
    body = "".join(f"<tr>{_cells(row, part.sides, 'td')}</tr>" for row in part.rows)
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;font-variant-numeric:tabular-nums">'
        f"<thead><tr>{_cells(part.head, part.sides, 'th')}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(row: Sequence[str], sides: str, tag: str) -> str:
    return "".join(
        f'<{tag} style="{_CELL.format("right" if side == "r" else "left")}">{_shown(cell)}</{tag}>'
        for cell, side in zip(row, sides, strict=True)
    )


def _shown(words: str) -> str:
    return escape(_plain(words))
