"""What a reader of Markdown makes of a text: its elements, by a library that knows nothing of the code under test."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

# CommonMark with the tables and strikes of GitHub; raw HTML would be passed on.
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or [])


def elements(markdown: str) -> set[str]:
    """The kinds of elements that a reader finds."""
    return {token.type.removesuffix("_open").removesuffix("_close") for token in _all(READER.parse(markdown))}


def count(markdown: str, kind: str) -> int:
    """How many elements of a kind there are."""
    return sum(token.type == f"{kind}_open" for token in _all(READER.parse(markdown)))
