"""Plans and progress in words: local instants, Markdown and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape

__all__ = ["local", "markdown_table", "plan_html"]

_MEANT = re.compile(r"[\\`*_|<>\[\]]")
_CELL = "padding:.1em .6em;text-align:left;vertical-align:top"


def local(at: datetime, zone: tzinfo) -> str:
    """An instant in local time with the abbreviation of its zone."""
    return at.astimezone(zone).strftime("%a %Y-%m-%d %H:%M %Z")


def markdown_table(lines: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    """Lines, the first one in bold, and rows as a table; names that the house chose cannot break out of it."""
    head = [f"**{_plain(lines[0])}**", *(f"\n{_plain(line)}" for line in lines[1:])]
    names = list(rows[0])
    cells = (names, ["---"] * len(names), *([_plain(text) for text in row.values()] for row in rows))
    return "\n".join([*head, "", *(f"| {' | '.join(each)} |" for each in cells)])


def _plain(text: str) -> str:
    """A text that means nothing to Markdown, on one line."""
    return _MEANT.sub(r"\\\g<0>", " ".join(text.split()))


def plan_html(lines: Sequence[str], drawing: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Lines, a drawing, and rows as a table that can be folded; all text is escaped, the drawing is taken as it is."""
    head = "<br>".join([f"<strong>{escape(lines[0])}</strong>", *map(escape, lines[1:])])
    names = _cells("th", rows[0])
    body = "".join(f"<tr>{_cells('td', row.values())}</tr>" for row in rows)
    return (
        f'<div class="itilkit-model"><p>{head}</p>{drawing}'
        '<details><summary>The steps</summary><div style="overflow-x:auto"><table style="border-collapse:collapse">'
        f"<thead><tr>{names}</tr></thead><tbody>{body}</tbody></table></div></details></div>"
    )


def _cells(tag: str, texts: Iterable[str]) -> str:
    return "".join(f'<{tag} style="{_CELL}">{escape(text)}</{tag}>' for text in texts)
