"""Sections as plain text: aligned, at most 100 columns wide, nothing but printable signs."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from itilkit.kpi.reporting.grid import grid
from itilkit.report.blocks import Cards, Drawing, Facts, Note, Section, Table
from itilkit.report.figures import Report
from itilkit.report.sections import TITLE, sections
from itilkit.report.words import plain

__all__ = ["WIDTH", "as_text"]

WIDTH = 100


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
    return grid(
        [(plain(card.label), plain(card.value), plain(card.note)) for card in cards.items], "lrl", room=WIDTH
    )


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return grid([(plain(name), plain(value)) for name, value in pairs], "ll", room=WIDTH)


def _table(table: Table) -> list[str]:
    rows = [tuple(map(plain, row)) for row in (table.head, *table.rows)]
    lines = grid(rows, table.sides, room=WIDTH, ruled=True)
    return [*textwrap.wrap(f"{plain(table.caption)}:", WIDTH), *lines] if table.caption else lines


def _drawing(_: Drawing) -> list[str]:
    """Nothing: tables tell the figures, and the text is the same with and without pictures."""
    return []


_WRITERS: dict[type, Callable[[Any], list[str]]] = {
    Note: _note,
    Facts: _facts,
    Cards: _cards,
    Table: _table,
    Drawing: _drawing,
}
