"""What counts as a word."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import MatchingError
from itilkit.matching import Words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", (), id="nothing"),
        pytest.param(" \t\n ", (), id="blanks"),
        pytest.param(
            "Printer JAM printer", ("printer", "jam", "printer"), id="case, and each time it stands"
        ),
        pytest.param("ORA-00600: internal_error", ("ora", "00600", "internal", "error"), id="signs part"),
        pytest.param("Straße", ("strasse",), id="case folding goes beyond lower case"),
        pytest.param("cafe\u0301 CAF\u00c9", ("caf\u00e9", "caf\u00e9"), id="composed and decomposed"),
        pytest.param("\uff35\uff33\uff22", ("usb",), id="full width"),
        pytest.param("हिन्दी में", ("हिन्दी", "में"), id="marks belong to their letters"),
        pytest.param("сервер не отвечает", ("сервер", "не", "отвечает"), id="Cyrillic"),
        pytest.param("服务器 故障", ("服务器", "故障"), id="a run without spaces is one word"),
        pytest.param("a b cd", ("cd",), id="too short"),
        pytest.param("<script>alert(1)</script>", ("script", "alert", "script"), id="markup is signs"),
    ],
)
def test_words_of_a_text(text: str, words: tuple[str, ...]) -> None:
    """A text is parted at whatever is no letter, digit or mark."""
    assert Words().of(text) == words


def test_stop_words_are_those_of_the_caller() -> None:
    """No word is left out but those that are given, in whatever case."""
    assert Words().of("the and not") == ("the", "and", "not")
    assert Words(stop_words=["The", "AND"]).of("the and not") == ("not",)
    assert Words(stop_words="the").of("the t h e") == ()
    assert Words(1, stop_words="the").of("the t h") == ("t", "h")


@pytest.mark.parametrize("length", [0, -1, 1.5, True, "2"])
def test_a_length_is_a_whole_number(length: int) -> None:
    """What is no length of a word is told."""
    with pytest.raises(MatchingError, match="is no length of a word"):
        Words(length)


@given(st.text())
def test_words_are_letters_digits_and_marks(text: str) -> None:
    """A word has no sign that parts words, and reading the words again gives the same words."""
    words = Words(1).of(text)
    assert all(
        sign.isalnum() or unicodedata.category(sign).startswith("M") for word in words for sign in word
    )
    assert Words(1).of(" ".join(words)) == words


@given(st.text(alphabet=st.characters(categories=["L", "N", "Z", "P"])))
def test_case_makes_no_difference(text: str) -> None:
    """A text that is folded once more has the same words."""
    assert Words(1).of(text.casefold()) == Words(1).of(text)
