"""Texts of others, made harmless for the place they go to."""

from __future__ import annotations

import json
import re
import unicodedata
from html import escape, unescape
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from itilkit.major_incidents.plain_text import (
    clean,
    cut,
    cut_json,
    html_text,
    markdown_lines,
    markdown_text,
    slack_text,
)

from .hostile import HOSTILE
from .markdown import elements

anything = st.one_of(st.text(), st.sampled_from([text for text in HOSTILE.values() if len(text) < 10_000]))
TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def acts(sign: str) -> bool:
    """A sign that does something instead of being seen, by its Unicode category."""
    return unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or sign in TURNING


@given(text=st.text(st.characters(categories=None)), most=st.none() | st.integers(1, 40), lines=st.booleans())
@example("\ud83d\udc80 \x9b31m \u2066", None, False)
def test_nothing_that_acts_is_left(text: str, most: int | None, lines: bool) -> None:
    """No control character, no turning of direction, no half of a pair; line breaks only where they are asked for."""
    plain = clean(text, most=most, lines=lines)
    assert not [sign for sign in plain if acts(sign) and not (lines and sign == "\n")]
    assert plain.encode().decode() == plain
    assert most is None or len(plain) <= most
    assert clean(plain, lines=lines) == plain


def test_what_is_no_text_is_told_as_it_is() -> None:
    """A tool may have put a number where a text belongs."""
    number: Any = 7
    assert (clean(number), html_text(number), slack_text(number, 9), markdown_text(number)) == ("7",) * 4


@given(st.text("abcdé ,.", max_size=50))
def test_what_is_harmless_stays(text: str) -> None:
    """Only spaces at the ends and beside each other are taken together."""
    words = text.split()
    assert clean(text) == clean(text, lines=True) == " ".join(words)


@given(st.text(max_size=30), st.integers(1, 20))
def test_cutting(text: str, most: int) -> None:
    """What fits stays, what does not is cut to what fits and says so."""
    found = cut(text, most)
    assert len(found) <= most
    assert (found == text) is (len(text) <= most)
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))


@given(st.text(max_size=60), st.integers(6, 60))
def test_cutting_by_the_size_in_json(text: str, most: int) -> None:
    """In ASCII, where a sign beyond it takes six or twelve bytes; as much as fits is kept."""
    found = cut_json(text, most)
    size = len(json.dumps(found)) - 2
    assert size <= most
    if found != text:
        assert found.endswith("…")
        assert len(json.dumps(text)) - 2 > most
        longer = text[: len(found)] + "…"
        assert len(json.dumps(longer)) - 2 > most


def rendered(markdown: str) -> str:
    """What a line of Markdown shows where every sign that means something is escaped; fails where one is not."""
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", markdown)
    assert not re.search(r"[\\`*_\[\]<>|~&${}]", bare), markdown
    assert not re.match(r"([-+#=:>]|\d+[.)]|\s)", markdown), markdown
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


@given(anything)
def test_markdown_shows_the_text_itself(text: str) -> None:
    """Nothing in it means anything: a reader who takes every escape back has the text."""
    assert rendered(markdown_text(text)) == clean(text)


@given(anything)
def test_a_reader_of_markdown_finds_nothing_but_text(text: str) -> None:
    """Alone on its line, within a cell of a table, and in its own lines."""
    plain = {"paragraph", "inline", "text", "text_special", "hardbreak"}
    told = markdown_text(text)
    assert elements(told) <= plain
    assert elements(f"| a | b |\n| --- | --- |\n| {told} | c |") == elements(
        "| a | b |\n| --- | --- |\n| x | c |"
    ) | (elements(told) - {"paragraph"})
    assert elements(markdown_lines(text)) <= plain


@given(anything)
def test_markdown_keeps_lines_and_paragraphs(text: str) -> None:
    """Each line means nothing by itself; breaks within a paragraph are hard ones."""
    told = markdown_lines(text)
    shown = [[rendered(line) for line in paragraph.split("\\\n")] for paragraph in told.split("\n\n") if told]
    plain = re.split(r"\n{2,}", clean(text, lines=True))
    assert shown == [paragraph.split("\n") for paragraph in plain if paragraph]


@given(anything)
def test_html_shows_the_text_itself(text: str) -> None:
    """No sign of markup is left, and a browser that takes the entities back has the text."""
    told = html_text(text)
    assert not set("<>\"'") & set(told)
    assert unescape(told) == clean(text)


@given(anything, st.integers(5, 200))
def test_slack_shows_the_text_itself(text: str, most: int) -> None:
    """Its three signs are entities, none of them cut in two, and the whole is no longer than it may be."""
    told = slack_text(text, most)
    assert len(told) <= most
    assert not set("<>") & set(told)
    assert not re.search(r"&(?!(amp|lt|gt);)", told)
    shown = told.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    fits = len(escape(clean(text), quote=False)) <= most
    assert (shown == clean(text)) is fits
    if not fits:
        assert shown.endswith("…")
        assert clean(text).startswith(shown[:-1])
        assert len(escape(clean(text)[: len(shown)], quote=False)) + 1 > most


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_long_texts_are_cut_in_no_time(text: str) -> None:
    """A megabyte is cut to its place in each form."""
    assert len(clean(text, most=100)) <= 100
    assert len(markdown_text(text, most=100)) <= 201
    assert len(html_text(text, most=100)) <= 600
    assert len(slack_text(text, 100)) <= 100
    assert len(cut_json(clean(text), 100)) <= 100
