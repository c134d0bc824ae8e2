"""A document of headings, paragraphs, lists and tables, as Markdown and as one self-contained page of HTML.

Texts of others mean nothing in either, and none is longer than its place takes: `itilkit.major_incidents.plain_text`.
The page needs no network and no script. Where the screen is narrow, the cells of a row stand below each other, each
with the name of its column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import attrs

from itilkit.major_incidents.plain_text import clean, html_text, markdown_lines, markdown_text
from itilkit.svg import PALETTE, text_width

__all__ = ["Block", "Facts", "Items", "Page", "Paragraph", "Section", "Share", "Shares", "Table"]

_TITLE, _CELL, _TEXT = 200, 500, 10_000
# Pixels: the width of a bar on a phone, the size of the names in it, and what stands free beside them.
_PHONE, _SIZE, _BESIDE = 340, 13, 12


@attrs.frozen
class Paragraph:
    """A text in its own lines."""

    text: str


def _items(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@attrs.frozen
class Items:
    """A list of texts."""

    items: tuple[str, ...] = attrs.field(converter=_items)


def _rows(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in rows)


@attrs.frozen
class Table:
    """Rows under names, all of the same width; of no rows it has only its names."""

    names: tuple[str, ...] = attrs.field(converter=_items)
    rows: tuple[tuple[str, ...], ...] = attrs.field(converter=_rows)


@attrs.frozen
class Facts:
    """Names and values; Markdown makes the first pair the head of a table."""

    rows: tuple[tuple[str, ...], ...] = attrs.field(converter=_rows)


@attrs.frozen
class Share:
    """A part of a whole: its name, what it comes to in words, and its length in any unit."""

    name: str
    told: str
    length: float


def _shares(values: Iterable[Share]) -> tuple[Share, ...]:
    return tuple(values)


@attrs.frozen
class Shares:
    """The parts of a whole side by side; Markdown leaves it to the table beside it."""

    title: str
    parts: tuple[Share, ...] = attrs.field(converter=_shares)


Block: TypeAlias = Paragraph | Items | Table | Facts | Shares


def _blocks(values: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(values)


@attrs.frozen
class Section:
    """A part of a page under a heading; one without blocks is left out."""

    title: str
    blocks: tuple[Block, ...] = attrs.field(converter=_blocks)


def _sections(values: Iterable[Section]) -> tuple[Section, ...]:
    return tuple(section for section in values if section.blocks)


@attrs.frozen
class Page:
    """A document.

    Attributes:
        title: Its heading.
        sections: Its parts.
    """

    title: str
    sections: tuple[Section, ...] = attrs.field(converter=_sections)

    def to_markdown(self) -> str:
        """As Markdown; it ends with a line feed."""
        parts = [f"# {markdown_text(self.title, most=_TITLE)}"]
        for section in self.sections:
            if section.title:
                parts.append(f"## {markdown_text(section.title, most=_TITLE)}")
            parts += [told for block in section.blocks if (told := _markdown(block))]
        return "\n\n".join(parts) + "\n"

    def to_html(self) -> str:
        """As a page of HTML, complete with its style."""
        title = html_text(self.title, most=_TITLE)
        body = "\n".join(
            f"<section>{f'<h2>{html_text(each.title, most=_TITLE)}</h2>' if each.title else ''}"
            f"{''.join(map(_html, each.blocks))}</section>"
            for each in self.sections
        )
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n"
            f"<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
        )


def _markdown(block: Block) -> str:
    match block:
        case Paragraph():
            return markdown_lines(block.text, most=_TEXT)
        case Items():
            return "\n".join(f"- {markdown_text(item, most=_CELL)}" for item in block.items)
        case Table():
            return _markdown_table((block.names, *block.rows))
        case Facts():
            return _markdown_table(block.rows)
        case _:  # shares are for the eye
            return ""


def _markdown_table(rows: Sequence[Sequence[str]]) -> str:
    cells = [[markdown_text(cell, most=_CELL) for cell in row] for row in rows]
    ruled = [*cells[:1], ["---"] * len(cells[0]), *cells[1:]]
    return "\n".join(f"| {' | '.join(row)} |" for row in ruled)


def _html(block: Block) -> str:
    match block:
        case Paragraph():
            paragraphs = clean(block.text, most=_TEXT, lines=True).split("\n\n")
            return "".join(
                f"<p>{'<br>'.join(map(html_text, each.split(chr(10))))}</p>" for each in paragraphs
            )
        case Items():
            return f"<ul>{''.join(f'<li>{html_text(item, most=_CELL)}</li>' for item in block.items)}</ul>"
        case Table():
            return _html_table(block)
        case Facts():
            pairs = ("".join(map(_cell, ("dt", "dd"), row)) for row in block.rows)
            return f"<dl>{''.join(pairs)}</dl>"
        case _:
            shares: Shares = block  # type checkers see that nothing else is left
            return _drawn(shares)


def _html_table(table: Table) -> str:
    names = [html_text(name, most=_CELL) for name in table.names]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = "".join(
        f"<tr>{''.join(_cell('td', text, name) for text, name in zip(row, names, strict=True))}</tr>"
        for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(tag: str, text: str, name: str = "") -> str:
    named = f' data-name="{name}"' if name else ""
    return f"<{tag}{named}>{html_text(text, most=_CELL)}</{tag}>"


def _drawn(shares: Shares) -> str:
    """The parts as one bar; the name of one that is too narrow for it on a phone is shown where the pointer rests."""
    whole = sum(part.length for part in shares.parts)
    if not whole:
        return ""
    return (
        f'<svg role="img" width="100%" height="34"><title>{html_text(shares.title)}</title>'
        f"{''.join(_parts(shares.parts, whole))}</svg>"
    )


def _parts(parts: Sequence[Share], whole: float) -> Iterator[str]:
    before = 0.0
    for part in parts:
        left, room = 100 * before / whole, 100 * part.length / whole
        before += part.length
        fits = text_width(part.name, _SIZE) + _BESIDE <= _PHONE * room / 100
        name = html_text(part.name, most=_CELL)
        told = f'<text x="6" y="22">{name}</text>' if fits else ""
        yield (
            f'<svg x="{left:.3f}%" width="{room:.3f}%" height="34"><g><title>{name}: {html_text(part.told)}</title>'
            f'<rect width="100%" height="34"/>'
            f"{told}</g></svg>"
        )


_BAR, _LINE = PALETTE["bar"], PALETTE["line"]
_STYLE = f"""
:root{{color-scheme:light dark;--text:#1d2226;--back:#fff;--line:{_LINE.light};--bar:{_BAR.light}}}
@media(prefers-color-scheme:dark){{:root{{--text:#e6e8ea;--back:#16191c;--line:{_LINE.dark};--bar:{_BAR.dark}}}}}
body{{margin:0;background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}}
main{{max-width:60rem;margin:0 auto;padding:1rem}}
h1{{font-size:1.5rem;line-height:1.25}}h2{{font-size:1.15rem;margin:1.6rem 0 .4rem}}
table{{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}}
th,td{{padding:.35rem .7rem .35rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}}
td:first-child{{white-space:nowrap}}
dl{{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.25rem 1.2rem}}
dt{{font-weight:600}}dd{{margin:0}}
@media(max-width:40rem){{
thead{{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}}
table,tbody,tr,td{{display:block}}tr{{padding:.4rem 0;border-bottom:1px solid var(--line)}}
td{{padding:0;border:0}}td:first-child{{white-space:normal;font-weight:600}}td:empty{{display:none}}
td:not(:first-child)::before{{content:attr(data-name) ": ";opacity:.75}}
}}
svg text{{font-size:13px;fill:var(--back)}}rect{{fill:var(--bar);stroke:var(--back);stroke-width:2}}
@media print{{body{{font-size:12px}}h2{{break-after:avoid}}tr{{break-inside:avoid}}}}
"""
