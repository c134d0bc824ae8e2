"""Misspelt words are read as those that the corpus knows."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit import Incident
from itilkit.errors import MatchingError
from itilkit.matching import Corpus, similar
from itilkit.matching.fuzzy import read_as

from .histories import LATER, at, opened

KNOWN = opened("INC1", 0, "printer jam on db42 authentication mail")
CORPUS = Corpus([KNOWN], as_of=LATER)


def asked(title: str) -> Incident:
    """An incident that is asked about."""
    return opened("INC9", 3, title)


@pytest.mark.parametrize(
    ("title", "read"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("printer", {}, id="known"),
        pytest.param("pritner", {"pritner": "printer"}, id="swapped: 1 of 7, likeness 0.86"),
        pytest.param("printr", {"printr": "printer"}, id="left out: 1 of 7"),
        pytest.param("prinnter", {"prinnter": "printer"}, id="put in: 1 of 8"),
        pytest.param("primter", {"primter": "printer"}, id="changed: 1 of 7"),
        pytest.param("prmtr", {}, id="too far: 3 of 7"),
        pytest.param("maiil", {"maiil": "mail"}, id="just near enough: 1 of 5"),
        pytest.param("mals", {}, id="short words part soon: 2 of 4"),
        pytest.param("jan", {}, id="too short to be sure"),
        pytest.param("db43", {}, id="a number that differs is another number"),
        pytest.param("AUTHENTCATION", {"authentcation": "authentication"}, id="case does not matter"),
        pytest.param("x" * 41, {}, id="no slip of the pen is so long"),
    ],
)
def test_a_misspelt_word(title: str, read: dict[str, str]) -> None:
    """A word that is not known is read as the nearest one that is, where one is near enough."""
    assert read_as(asked(title), CORPUS, as_of=LATER) == read


def test_of_equally_near_words_the_first_is_taken() -> None:
    """By the alphabet, whatever the order of the corpus."""
    for titles in (("roster", "router"), ("router", "roster")):
        corpus = Corpus([opened(f"INC{place}", 0, title) for place, title in enumerate(titles)], as_of=LATER)
        assert read_as(asked("roxter"), corpus, as_of=LATER, cutoff=0.8) == {"roxter": "roster"}
        assert read_as(asked("roxer"), corpus, as_of=LATER, cutoff=0.6) == {"roxer": "roster"}


def test_the_cutoff_says_how_near() -> None:
    """A higher cutoff reads fewer words as others."""
    assert read_as(asked("pritner"), CORPUS, as_of=LATER, cutoff=0.9) == {}
    assert read_as(asked("prmtr"), CORPUS, as_of=LATER, cutoff=0.5) == {"prmtr": "printer"}
    odd: tuple[Any, ...] = (0, 1.1, float("nan"), True, "1")
    for cutoff in odd:
        with pytest.raises(MatchingError, match="is no likeness"):
            read_as(asked("pritner"), CORPUS, as_of=LATER, cutoff=cutoff)


def test_an_incident_is_found_by_what_was_meant() -> None:
    """What the words are read as goes into the search, and the answer says so."""
    question = asked("Pritner jam")
    (match,) = similar(question, CORPUS, as_of=LATER, read_as=read_as(question, CORPUS, as_of=LATER))
    assert {(each.value, each.written) for each in match.why} == {("printer", "pritner"), ("jam", None)}


def test_what_is_told_later_is_not_seen() -> None:
    """An incident that is not opened yet has no words; a corpus that knows of later things is refused."""
    corpus = Corpus([KNOWN], as_of=at(1))
    assert read_as(asked("pritner"), corpus, as_of=at(2)) == {}
    with pytest.raises(MatchingError, match="knows what happened up to"):
        read_as(asked("pritner"), CORPUS, as_of=at(2))


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing rapidfuzz is told with the extra that brings it, also where no word is misspelt."""
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    for title in ("pritner", "printer"):
        with pytest.raises(MatchingError, match=r"pip install 'itilkit\[match\]'") as caught:
            read_as(asked(title), CORPUS, as_of=LATER)
        assert caught.value.faults[0].code == "missing_extra"


def _slips(one: str, other: str) -> int:
    """Optimal string alignment, by the textbook's table (Levenshtein's, with swaps of neighbours)."""
    table = {(row, -1): row + 1 for row in range(-1, len(one))}
    table |= {(-1, column): column + 1 for column in range(-1, len(other))}
    for row, mine in enumerate(one):
        for column, theirs in enumerate(other):
            costs = [
                table[row - 1, column] + 1,
                table[row, column - 1] + 1,
                table[row - 1, column - 1] + (mine != theirs),
            ]
            if row and column and one[row - 1 : row + 1] == other[column - 1 : column + 1][::-1]:
                costs.append(table[row - 2, column - 2] + 1)
            table[row, column] = min(costs)
    return table[len(one) - 1, len(other) - 1]


words = st.text(alphabet="abc", min_size=4, max_size=7)


@given(words, st.lists(words, min_size=1, max_size=5, unique=True), st.sampled_from([0.5, 0.75, 0.8]))
def test_the_nearest_word_is_the_one_by_the_definition(word: str, known: list[str], cutoff: float) -> None:
    """The answer is what going through all known words by the textbook gives."""
    corpus = Corpus([opened("INC1", 0, " ".join(known))], as_of=LATER)
    likeness = {each: 1 - _slips(word, each) / max(len(word), len(each)) for each in sorted(known)}
    best = max(likeness, key=lambda each: likeness[each])
    expected = {word: best} if word not in known and likeness[best] >= cutoff else {}
    assert read_as(asked(word), corpus, as_of=LATER, cutoff=cutoff) == expected
