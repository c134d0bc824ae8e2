"""Words in columns: the shape of a table in a terminal or a mail."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

__all__ = ["grid"]

_GAP = "  "
_NARROWEST = 12


def grid(rows: Sequence[Sequence[str]], sides: str, *, room: int, ruled: bool = False) -> list[str]:
    """Cells in columns; where a row would be too wide, the head is wrapped, then the widest column of words.

    Args:
        rows: Rows of one width; with `ruled` the first is the head.
        sides: For each column ``l`` for words, ``r`` for figures, which are never wrapped.
        room: What the lines should fit in.
        ruled: Draw a line below the head.

    >>> grid([("figure", "n"), ("Opened", "12")], "lr", room=80, ruled=True)
    ['figure   n', '------  --', 'Opened  12']
    """
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    least = [
        max([*map(len, column[1:]), *map(len, column[0].split())]) if ruled and side == "r" else width
        for column, side, width in zip(columns, sides, widths, strict=True)
    ]
    heads = [place for place, side in enumerate(sides) if side == "r"]
    words = [place for place, side in enumerate(sides) if side == "l"]
    _shrink(widths, heads, least, room)
    _shrink(widths, words, [_NARROWEST] * len(widths), room)
    lines = [line for row in rows[:1] for line in _row(row, widths, sides)]
    if ruled:
        lines.append(_GAP.join("-" * each for each in widths))
    return lines + [line for row in rows[1:] for line in _row(row, widths, sides)]


def _shrink(widths: list[int], places: Sequence[int], least: Sequence[int], room: int) -> None:
    """Make the widest of some columns narrower, until the row fits or none of them can be."""
    while sum(widths) + len(_GAP) * (len(widths) - 1) > room:
        able = [place for place in places if widths[place] > least[place]]
        if not able:
            break
        widths[max(able, key=lambda place: widths[place])] -= 1


def _row(cells: Sequence[str], widths: Sequence[int], sides: str) -> Iterator[str]:
    """The lines of one row: as many as its tallest cell has."""
    wrapped = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(map(len, wrapped))):
        line = [cell[number] if number < len(cell) else "" for cell in wrapped]
        told = zip(line, widths, sides, strict=True)
        yield _GAP.join(text.rjust(width) if side == "r" else text.ljust(width) for text, width, side in told)
