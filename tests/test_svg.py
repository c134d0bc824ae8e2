"""Drawings: escaped, in proportion, readable without their page."""

from __future__ import annotations

from html import escape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.svg import Bar, bars, plain, shortened, text_width, ticks, wrapped

SVG = "{http://www.w3.org/2000/svg}"


def drawn(rows: list[Bar], **options: object) -> ElementTree.Element:
    """The drawing, read back as XML."""
    return ElementTree.fromstring(bars(rows, **{"title": "Title", **options}))  # type: ignore[arg-type]  # noqa: S314


def widths(drawing: ElementTree.Element) -> list[float]:
    """How long the bars are, in percent of the whole width."""
    return [float(rect.attrib["width"].rstrip("%")) for rect in drawing.iter(f"{SVG}rect")]


def test_bars_are_as_long_as_their_values() -> None:
    """Twice the value is twice the length, from a common zero."""
    drawing = drawn([Bar("a", 10, "10"), Bar("b", 5, "5"), Bar("c", 0, "0")])
    longest, half, none = widths(drawing)
    assert half == pytest.approx(longest / 2)
    assert none == 0
    assert len({rect.attrib["x"] for rect in drawing.iter(f"{SVG}rect")}) == 1


def test_a_bar_without_a_figure_has_no_length_but_its_words() -> None:
    """What is not recorded is said, not drawn as nothing known."""
    drawing = drawn([Bar("response", None, "none")])
    assert widths(drawing) == [0.0]
    assert "none" in {text.text for text in drawing.iter(f"{SVG}text")}


def test_bars_stay_inside_the_axis() -> None:
    """A value beyond the given end, or below zero, is drawn to the edge."""
    over, under, full = widths(drawn([Bar("a", 3, ""), Bar("b", -1, ""), Bar("c", 1, "")], most=1.0))
    assert over == full
    assert under == 0


def test_all_text_is_escaped() -> None:
    """Neither title nor label nor figure can become markup."""
    nasty = '</svg><script>"&'
    drawing = bars([Bar(nasty, 1, nasty)], title=nasty)
    assert "<script" not in drawing
    titles = [title.text for title in ElementTree.fromstring(drawing).iter(f"{SVG}title")]  # noqa: S314
    assert titles == [nasty, f"{nasty}: {nasty}"]


def test_the_drawing_names_itself() -> None:
    """The first child is the title, for those who hear the page."""
    drawing = drawn([Bar("a", 1, "1")])
    assert drawing.attrib["role"] == "img"
    assert (drawing[0].tag, drawing[0].text) == (f"{SVG}title", "Title")


@pytest.mark.parametrize(
    ("label", "anchor"),
    [("2016-03", "end"), ("P3 Moderate", None)],
    ids=["short: beside", "long: above"],
)
def test_long_names_stand_above_their_bars(label: str, anchor: str | None) -> None:
    """A short label stands beside its bar; a long one above it, where it has the whole width."""
    drawing = drawn([Bar(label, 1, "1")])
    (text,) = [text for text in drawing.iter(f"{SVG}text") if text.text == label]
    assert text.attrib.get("text-anchor") == anchor


def test_a_very_long_name_is_cut_and_kept_in_full_in_its_title() -> None:
    """A name that would leave the drawing ends in an ellipsis; hovering tells all of it."""
    name = "Network operations and monitoring"
    drawing = drawn([Bar(name, 1, "1")])
    assert name not in {text.text for text in drawing.iter(f"{SVG}text")}
    assert f"{name}: 1" in {title.text for title in drawing.iter(f"{SVG}title")}


def test_no_bars_leave_an_axis() -> None:
    """Nothing to draw is a drawing of nothing, not an error."""
    assert widths(drawn([])) == []


@pytest.mark.parametrize(
    ("most", "whole", "expected"),
    [
        (0, False, [0, 1]),
        (1, False, [0, 0.5, 1]),
        (1, True, [0, 1]),
        (2, True, [0, 1, 2]),
        (7, True, [0, 5, 10]),
        (12, True, [0, 5, 10, 15]),
        (8995, True, [0, 5000, 10000]),
        (0.3, False, [0, 0.1, 0.2, 0.3]),
    ],
)
def test_ticks_are_few_and_round(most: float, whole: bool, expected: list[float]) -> None:
    """The axis ends at or just beyond the longest bar and has four marks at most."""
    assert ticks(most, whole=whole) == pytest.approx(expected)


def test_percent_axis_speaks_percent() -> None:
    """A share is told in percent of 1."""
    texts = [text.text for text in drawn([Bar("a", 0.5, "50 %")], most=1.0, percent=True).iter(f"{SVG}text")]
    assert texts[:3] == ["0 %", "50 %", "100 %"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("desk", "desk"),
        ("a\tb\n", "a\\tb\\n"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\u202eabc", "\\u202eabc"),
        ("\ud800", "\\ud800"),
    ],
)
def test_plain_text_shows_what_acts(text: str, seen: str) -> None:
    """Signs that would act, that XML forbids or that cannot be written are shown as escapes."""
    assert plain(text) == seen
    ElementTree.fromstring(f"<t>{escape(plain(text))}</t>".encode())  # noqa: S314


@given(text=st.text(), size=st.floats(5, 40), room=st.floats(0, 400), bold=st.booleans())
def test_shortened_text_fits(text: str, size: float, room: float, *, bold: bool) -> None:
    """It takes no more room than there is, but for an ellipsis alone, and begins as the text does."""
    short = shortened(text, room, size, bold=bold)
    assert text_width(short, size, bold=bold) <= room or short == "\u2026" or not text
    assert text.startswith(short.removesuffix("\u2026").rstrip())


@given(text=st.text(alphabet="ab \u7db2"), room=st.floats(20, 200), lines=st.integers(1, 4))
def test_wrapped_text_fits(text: str, room: float, lines: int) -> None:
    """No line is too long, there are no more than asked for, and what is not cut is all there."""
    found = wrapped(text, room, 12, lines=lines)
    assert 1 <= len(found) <= lines
    assert all(text_width(line, 12) <= room for line in found)
    if not any("\u2026" in line for line in found):
        assert " ".join(found) == text


def test_wide_signs_take_more_room() -> None:
    """A Chinese sign is wider than a letter, a combining accent takes no room, bold text takes more."""
    assert text_width("\u7db2", 12) > text_width("m", 12) > text_width("i", 12)
    assert text_width("e\u0301", 12) == text_width("e", 12)
    assert text_width("desk", 12, bold=True) > text_width("desk", 12)
