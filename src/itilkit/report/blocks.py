"""What a report is made of before it is text or a page: sections of facts, tables, pictures and notes, all in words."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from itilkit.plots import Picture

__all__ = ["Block", "Card", "Cards", "Drawing", "Facts", "Note", "Section", "Table"]


@attrs.frozen
class Note:
    """A sentence or two."""

    text: str


@attrs.frozen
class Facts:
    """Names and their values, one a line."""

    items: tuple[tuple[str, str], ...]


@attrs.frozen
class Card:
    """One figure that the reader should see first: what it is, the figure, and what it rests on."""

    label: str
    value: str
    note: str


@attrs.frozen
class Cards:
    """The figures to see first."""

    items: tuple[Card, ...]


@attrs.frozen
class Table:
    """Rows of words under a head.

    Attributes:
        head: The names of the columns.
        rows: As wide as the head.
        align: One letter per column: ``l`` for words, ``r`` for figures; words, then figures, if not given.
        caption: What it shows.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str = ""
    caption: str = ""

    @property
    def sides(self) -> str:
        """The side on which each column stands."""
        return self.align or "l".ljust(len(self.head), "r")


@attrs.frozen
class Drawing:
    """A picture; in text nothing, because a table beside it or its own sentence tells the same."""

    picture: Picture


Block: TypeAlias = Note | Facts | Cards | Table | Drawing


@attrs.frozen
class Section:
    """A part of the report under its own heading."""

    title: str
    blocks: tuple[Block, ...]
