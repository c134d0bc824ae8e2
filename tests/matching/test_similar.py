"""Which earlier incidents are found, in which order, and why."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from datetime import datetime
from math import fsum, log, sqrt
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit import Incident
from itilkit.errors import InstantError, MatchingError
from itilkit.events import Classified, Logged
from itilkit.lifecycle import PERMISSIVE, replay
from itilkit.matching import Corpus, Words, similar

from .histories import LATER, at, incidents, opened, titles

JAM = opened("INC1", 0, "printer jam", service="print", category="hardware")
SLOW = opened("INC2", 1, "mail slow", service="mail", category="software")
BARE = opened("INC3", 2)


def found(
    asked: Incident, *others: Incident, as_of: datetime = LATER, **options: Any
) -> list[tuple[str, float]]:
    """Numbers and rounded scores."""
    matches = similar(asked, Corpus(others, as_of=as_of, **options), as_of=as_of)
    return [(match.number, round(match.score, 4)) for match in matches]


def test_a_score_worked_by_hand() -> None:
    """Two of four shares agree, and one word of two.

    Of the one that is asked about service (weight 1), category (1) and words (2) are known. The service agrees: 1/4.
    Words: N = 2; idf of printer and of jam, each in one text, is ln(3/2) + 1 = 1.405465; that of offline, in none, is
    ln 3 + 1 = 2.098612. Lengths: printer offline sqrt(1.405465^2 + 2.098612^2) = 2.525768, printer jam
    1.405465 sqrt(2) = 1.987628. Cosine: 1.405465^2 / (2.525768 * 1.987628) = 0.393470; of that 2/4: 0.196735.
    """
    asked = opened("INC9", 3, "Printer offline!", service="print", category="network")
    (match,) = similar(asked, Corpus([JAM, SLOW], as_of=LATER), as_of=LATER)
    assert match.number == "INC1"
    assert match.score == pytest.approx(0.25 + 0.196735, abs=1e-6)
    assert [(each.field, each.value, round(each.share, 4)) for each in match.why] == [
        ("service", "print", 0.25),
        ("words", "printer", 0.1967),
    ]
    assert str(match) == "INC1 0.45: service is print (0.25); words printer (0.20)"


def test_a_word_that_stands_more_often_weighs_more() -> None:
    """A word that stands twice weighs 1 + ln 2 times one that stands once.

    With one text each weight is the same idf of 1: asked (1 + ln 2, 1) = (1.693147, 1), known (1, 1). Cosine:
    2.693147 / (sqrt(3.866747) sqrt(2)) = 0.968427.
    """
    known, asked = opened("INC1", 0, "disk full"), opened("INC2", 1, "disk disk full")
    assert found(asked, known) == [("INC1", 0.9684)]


@pytest.mark.parametrize(
    ("asked", "options", "numbers"),
    [
        pytest.param(opened("INC9", 3, "printer"), {}, ["INC1"], id="by a word"),
        pytest.param(opened("INC9", 3, service="mail"), {}, ["INC2"], id="by a field"),
        pytest.param(opened("INC9", 3, "server", service="web"), {}, [], id="by nothing"),
        pytest.param(BARE, {}, [], id="of which nothing is known"),
        pytest.param(attrs.evolve(JAM, number="INC9"), {}, ["INC1"], id="opened at the same instant"),
        pytest.param(opened("INC9", -1, "printer"), {}, [], id="opened before the others"),
        pytest.param(JAM, {}, [], id="never itself"),
        pytest.param(opened("INC9", 3, "printer", service="mail"), {"fields": {}}, ["INC1"], id="words only"),
        pytest.param(opened("INC9", 3, "printer", service="mail"), {"texts": []}, ["INC2"], id="fields only"),
        pytest.param(
            opened("INC9", 3, "jam mail"), {"words": Words(4)}, ["INC2"], id="short words do not count"
        ),
        pytest.param(
            opened("INC9", 3, "printer mail"),
            {"words": Words(stop_words=["mail"])},
            ["INC1"],
            id="stop words",
        ),
    ],
)
def test_who_is_found(asked: Incident, options: dict[str, Any], numbers: list[str]) -> None:
    """Whoever shares a word or a value and was opened no later; never the one that is asked about."""
    assert [number for number, _ in found(asked, JAM, SLOW, BARE, **options)] == numbers


def test_an_empty_corpus_finds_nothing() -> None:
    """Where there is nothing to search, nothing is found."""
    assert found(JAM) == []


def test_equal_scores_are_told_by_number() -> None:
    """Of ten that agree alike the first five by number are told, whatever the order in which they came."""
    twins = [opened(f"INC{each}", 9 - each, "printer jam") for each in range(10)]
    asked = opened("INC99", 20, "printer jam")
    assert [number for number, _ in found(asked, *twins)] == ["INC0", "INC1", "INC2", "INC3", "INC4"]
    assert [match.number for match in similar(asked, Corpus(twins, as_of=LATER), 2, as_of=LATER)] == [
        "INC0",
        "INC1",
    ]


def test_weights_say_what_counts_more() -> None:
    """Where a field weighs more, whoever agrees in it comes first."""
    asked = opened("INC9", 3, service="print", category="software")
    assert found(asked, JAM, SLOW, fields={"service": 3, "category": 1}) == [("INC1", 0.75), ("INC2", 0.25)]
    assert found(asked, JAM, SLOW, fields={"service": 1, "category": 3}) == [("INC2", 0.75), ("INC1", 0.25)]


def test_a_field_of_the_house_and_another_text_can_be_compared() -> None:
    """Any field that conditions may ask about is compared, and any text."""
    known = opened("INC1", 0, symptom="S7", description="disk is full")
    asked = opened("INC2", 1, symptom="S7", description="full of water")
    matches = similar(
        asked, Corpus([known], as_of=LATER, fields={"symptom": 1}, texts="description"), as_of=LATER
    )
    assert [(each.field, each.value) for each in matches[0].why] == [("symptom", "S7"), ("words", "full")]


def test_tags_agree_where_all_are_the_same() -> None:
    """Several values at once are told in the order of the alphabet."""
    known, asked = opened("INC1", 0, tags="vpn,home,mac"), opened("INC2", 1, tags="mac, vpn, home")
    matches = similar(asked, Corpus([known], as_of=LATER, fields={"tags": 1}), as_of=LATER)
    assert list(map(str, matches)) == ["INC1 1.00: tags is home, mac, vpn (1.00)"]
    assert found(opened("INC2", 1, tags="mac"), known, fields={"tags": 1}) == []


def test_what_is_told_later_is_not_seen() -> None:
    """An incident opened later, and a value set later, are as unknown as they were then."""
    known = opened("INC1", 0, "", Classified(at(5), service="print"))
    later = opened("INC2", 3, service="print")
    asked = opened("INC9", 4, "", Classified(at(4), service="print"), Classified(at(8), service="mail"))
    assert found(asked, known, later, as_of=at(4)) == [("INC2", 1.0)]
    assert found(asked, known, later, as_of=at(6)) == [("INC1", 1.0), ("INC2", 1.0)]
    assert found(asked, known, later, as_of=at(9)) == []
    assert found(asked, known, later, as_of=at(3)) == []


def test_a_corpus_may_be_older_than_the_question() -> None:
    """A corpus of the night before answers in the morning; one of tomorrow answers nothing about today."""
    corpus = Corpus([JAM], as_of=at(10))
    asked = opened("INC9", 30, "printer")
    assert [match.number for match in similar(asked, corpus, as_of=at(31))] == ["INC1"]
    with pytest.raises(MatchingError, match="knows what happened up to 2026-03-02T10:00:00") as caught:
        similar(asked, corpus, as_of=at(9))
    assert caught.value.faults[0].code == "corpus_knows_later"


def test_words_can_be_read_as_others() -> None:
    """A misspelt word counts as the one that is meant, and how it was written is told."""
    asked = opened("INC9", 3, "Pritner")
    assert found(asked, JAM) == []
    (match,) = similar(asked, Corpus([JAM], as_of=LATER), as_of=LATER, read_as={"pritner": "printer"})
    assert match.explain() == "INC1 0.71: words printer, written pritner (0.71)"


@pytest.mark.parametrize("k", [0, -1, 2.5, True, "3"])
def test_how_many_is_a_count(k: int) -> None:
    """What is no count is told."""
    with pytest.raises(MatchingError, match=r"^k: .* is no count"):
        similar(JAM, Corpus([JAM], as_of=LATER), k, as_of=LATER)


@pytest.mark.parametrize(
    ("options", "code", "path"),
    [
        pytest.param({"fields": {"service": 0}}, "not_a_weight", "fields.service", id="no weight"),
        pytest.param(
            {"fields": {"service": float("nan")}}, "not_a_weight", "fields.service", id="not a number"
        ),
        pytest.param({"fields": {"service": "1"}}, "not_a_weight", "fields.service", id="a text"),
        pytest.param({"text_weight": -1}, "not_a_weight", "text_weight", id="words weigh less than nothing"),
        pytest.param({"fields": {}, "texts": []}, "nothing_to_match", "fields", id="nothing to compare by"),
        pytest.param({"fields": {"symptm": 1}}, "unknown_field", "fields", id="a slip of the pen"),
        pytest.param({"texts": ["descripton"]}, "unknown_field", "texts", id="in a text"),
    ],
)
def test_a_corpus_that_cannot_be(options: dict[str, Any], code: str, path: str) -> None:
    """What cannot be compared by is told with its place."""
    known = opened("INC1", 0, symptom="S7", description="full")
    with pytest.raises(MatchingError) as caught:
        Corpus([known], as_of=LATER, **options)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [(code, path)]


def test_an_unknown_field_is_told_with_its_near_name() -> None:
    """A slip of the pen is told with what was meant; fields that tools often lack are none."""
    with pytest.raises(MatchingError, match=r"no incident has a 'symptm' \(did you mean symptom\?\)"):
        Corpus([opened("INC1", symptom="S7")], as_of=LATER, fields={"symptm": 1})
    assert len(Corpus([BARE], as_of=LATER, fields={"configuration_item": 1})) == 1
    assert len(Corpus([], as_of=LATER, fields={"symptm": 1})) == 0


def test_an_incident_given_twice_is_told() -> None:
    """A corpus in which an incident stands twice would find twice as much."""
    with pytest.raises(MatchingError, match="incident INC1 is given twice"):
        Corpus([JAM, JAM], as_of=LATER)


def test_an_instant_needs_a_zone() -> None:
    """A naive instant is refused by corpus and question."""
    naive = datetime(2026, 3, 2)  # noqa: DTZ001  what is refused
    with pytest.raises(InstantError):
        Corpus([JAM], as_of=naive)
    with pytest.raises(InstantError):
        similar(JAM, Corpus([JAM], as_of=LATER), as_of=naive)


def test_a_corpus_is_a_value() -> None:
    """Corpora are equal whatever the order of their incidents, can be hashed, and tell what they are."""
    one, other = Corpus([JAM, SLOW], as_of=LATER), Corpus([SLOW, JAM], as_of=LATER)
    assert one == other
    assert hash(one) == hash(other)
    assert one != Corpus([JAM, SLOW], as_of=at(5))
    packed = pickle.loads(pickle.dumps(one))  # noqa: S301  packed here
    assert similar(JAM, packed, as_of=LATER) == similar(JAM, one, as_of=LATER)
    assert packed == one
    assert repr(one) == "<Corpus of 2 incidents as of 2027-01-01T00:00:00+00:00: 4 words>"
    assert (
        repr(attrs.evolve(one, as_of=at(0)))
        == "<Corpus of 1 incident as of 2026-03-02T00:00:00+00:00: 2 words>"
    )


# --- a plain second answer ---------------------------------------------------------------------------------------


def _facts(incident: Incident) -> tuple[str, Mapping[str, Any]]:
    timeline = replay(incident, PERMISSIVE, as_of=LATER, strict=False)
    logged = incident.events[0]
    assert isinstance(logged, Logged)
    return logged.title, timeline.fields[-1]


def plainly(asked: Incident, others: list[Incident]) -> dict[str, float]:
    """The scores with weights of 1 for service and category and of 2 for words, by comparing one by one."""
    texts = {each.number: [word.lower() for word in _facts(each)[0].split()] for each in [*others, asked]}
    stock = [set(texts[each.number]) for each in others]

    def vector(number: str) -> dict[str, float]:
        words = texts[number]
        raw = {
            word: (1 + log(words.count(word)))
            * (log((1 + len(stock)) / (1 + sum(word in text for text in stock))) + 1)
            for word in set(words)
        }
        length = sqrt(sum(weight**2 for weight in raw.values()))
        return {word: weight / length for word, weight in raw.items()}

    own, (_, known) = vector(asked.number), _facts(asked)
    names = [name for name in ("service", "category") if name in known]
    whole = len(names) + 2 * bool(own)
    scores = {}
    for other in others:
        if other.number == asked.number or other.opened_at > asked.opened_at or not whole:
            continue
        theirs = vector(other.number)
        agreed = sum(known[name] == _facts(other)[1].get(name) for name in names)
        cosine = sum(weight * theirs.get(word, 0) for word, weight in own.items())
        scores[other.number] = (agreed + 2 * cosine) / whole
    return {number: score for number, score in scores.items() if score > 0}


OPTIONS: dict[str, Any] = {"fields": {"service": 1, "category": 1}}


@given(incidents(), titles, st.integers(0, 6))
def test_the_index_finds_what_comparing_one_by_one_finds(
    known: list[Incident], title: str, hour: int
) -> None:
    """Scores are those of the plain definition; the best come first; shares add up to the score."""
    for asked in (known[0], opened("INC99", hour, title, service="a")):
        matches = similar(asked, Corpus(known, as_of=LATER, **OPTIONS), 100, as_of=LATER)
        assert {match.number: match.score for match in matches} == pytest.approx(plainly(asked, known))
        assert [(-each.score, each.number) for each in matches] == sorted(
            (-each.score, each.number) for each in matches
        )
        for match in matches:
            assert 0 < match.score <= 1
            assert fsum(each.share for each in match.why) == pytest.approx(match.score)
            assert all(each.share > 0 for each in match.why)


@given(st.data())
def test_the_order_of_the_corpus_changes_nothing(data: st.DataObject) -> None:
    """Incidents given in another order are found in the same order, for the same reasons."""
    known = data.draw(incidents())
    other = data.draw(st.permutations(known))
    one, two = Corpus(known, as_of=LATER, **OPTIONS), Corpus(other, as_of=LATER, **OPTIONS)
    assert one == two
    for asked in known:
        assert similar(asked, one, as_of=LATER) == similar(asked, two, as_of=LATER)


@given(incidents())
def test_likeness_of_texts_goes_both_ways(known: list[Incident]) -> None:
    """By their words alone two incidents of one instant are as like as the other way round, to the last digit."""
    corpus = Corpus([opened(each.number, 0, _facts(each)[0]) for each in known], as_of=LATER, fields={})
    scores = {
        (asked.number, match.number): match.score
        for asked in corpus.incidents
        for match in similar(asked, corpus, 100, as_of=LATER)
    }
    assert all(scores[other, one] == score for (one, other), score in scores.items())


@given(titles.filter(bool), incidents())
def test_the_same_words_are_wholly_alike(title: str, known: list[Incident]) -> None:
    """A text is like itself by 1, whatever else is in the corpus, in whatever order its words stand."""
    turned = " ".join(reversed(title.split()))
    corpus = Corpus([opened("INC98", 0, turned), *known], as_of=LATER, fields={})
    matches = similar(opened("INC99", 9, title), corpus, 100, as_of=LATER)
    assert [match.score for match in matches if match.number == "INC98"] == [1.0]
