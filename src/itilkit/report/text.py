"""Sections as plain text: aligned, at most 100 columns wide, nothing but printable signs."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from itilkit.report.blocks import Bars, Cards, Facts, Note, Section, Table
from itilkit.report.figures import Report
from itilkit.report.sections import TITLE, sections
from itilkit.report.words import plain

__all__ = ["WIDTH", "as_text"]

WIDTH = 100
_GAP = "  "
_NARROWEST = 12


def as_text(report: Report) -> str:
    """The report to read in a terminal; it ends with a line feed."""
    lines = [TITLE, "=" * len(TITLE)]
    for section in sections(report):
        lines += _section(section)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield from ("", section.title, "-" * len(section.title))
    told = filter(None, (_WRITERS[type(block)](block) for block in section.blocks))
    for number, lines in enumerate(told):
        if number:
            yield ""
        yield from lines


def _note(note: Note) -> list[str]:
    return textwrap.wrap(plain(note.text), WIDTH)


def _facts(facts: Facts) -> list[str]:
    return _pairs([(name, value) for name, value in facts.items])


def _cards(cards: Cards) -> list[str]:
    return _grid([(plain(card.label), plain(card.value), plain(card.note)) for card in cards.items], "lrl")


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return _grid([(plain(name), plain(value)) for name, value in pairs], "ll")


def _table(table: Table) -> list[str]:
    rows = [tuple(map(plain, row)) for row in (table.head, *table.rows)]
    lines = _grid(rows, table.sides, ruled=True)
    return [*textwrap.wrap(f"{plain(table.caption)}:", WIDTH), *lines] if table.caption else lines


def _grid(rows: Sequence[Sequence[str]], sides: str, *, ruled: bool = False) -> list[str]:
    """Cells in columns; the widest column of words is wrapped where a row would be too wide."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    words = [place for place, side in enumerate(sides) if side == "l"]
    while sum(widths) + len(_GAP) * (len(widths) - 1) > WIDTH:
        widest = max(words, key=lambda place: widths[place])
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    lines = [line for row in rows[:1] for line in _row(row, widths, sides)]
    if ruled:
        lines.append(_GAP.join("-" * width for width in widths))
    return lines + [line for row in rows[1:] for line in _row(row, widths, sides)]


def _row(cells: Sequence[str], widths: Sequence[int], sides: str) -> Iterator[str]:
    """The lines of one row: as many as its tallest cell has."""
    wrapped = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(map(len, wrapped))):
        line = [cell[number] if number < len(cell) else "" for cell in wrapped]
        told = zip(line, widths, sides, strict=True)
        yield _GAP.join(text.rjust(width) if side == "r" else text.ljust(width) for text, width, side in told)


def _bars(_: Bars) -> list[str]:
    """Nothing: the table beside the bars holds their figures."""
    return []


_WRITERS: dict[type, Callable[[Any], list[str]]] = {
    Note: _note,
    Facts: _facts,
    Cards: _cards,
    Table: _table,
    Bars: _bars,
}
