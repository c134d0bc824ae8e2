"""Which earlier incidents does this one resemble, and in what?

The score is the share of what is known of the incident asked about that agrees with the other one. Each field that is
known has its weight, and so have the words of the text, if there are any; a field that agrees counts in full, the words
by their cosine. What is not known of the one that is asked about counts for nobody, what is not known of the other does
not agree.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from heapq import nlargest
from types import MappingProxyType
from typing import Any

import attrs

from itilkit.errors import MatchingError, shown
from itilkit.matching.asking import check_count
from itilkit.matching.corpus import Corpus
from itilkit.matching.doors import check_mapping, each_of, one_of
from itilkit.matching.known import Known, known
from itilkit.matching.words import told
from itilkit.records import Incident
from itilkit.spans import utc

__all__ = ["WORDS", "Agreed", "Match", "similar"]

WORDS = "words"
"""What `Agreed.field` says of a shared word."""

_AS_WRITTEN: Mapping[str, str] = MappingProxyType({})
# Sums of floating-point numbers are equal up to noise: what differs by less is a tie.
_DIGITS = 9
_MARGIN = 2e-9


@attrs.frozen
class Agreed:
    """One thing in which two records agree.

    Attributes:
        field: Which field, or ``words`` for a word of their texts.
        value: The value that both have, or the word.
        share: How much of the score it is; the shares of a match add up to its score.
        written: How the word is written in the incident that is asked about, where it was read as another one.
    """

    field: str
    value: Any = attrs.field(repr=shown)
    share: float = attrs.field(kw_only=True)
    written: str | None = attrs.field(default=None, kw_only=True)

    def __str__(self) -> str:
        if self.field != WORDS:
            return f"{told(self.field)} is {told(self.value)} ({self.share:.2f})"
        read = "" if self.written is None else f", written {told(self.written)}"
        return f"{told(self.value)}{read} ({self.share:.2f})"


@attrs.frozen
class Match:
    """An incident that resembles the one that was asked about.

    Attributes:
        number: Its number.
        score: How much it resembles it: above 0, and 1 where all that is known agrees.
        why: What agrees: fields in the order of the corpus, then words by their share.
    """

    number: str
    score: float
    why: tuple[Agreed, ...] = attrs.field(kw_only=True)

    def __str__(self) -> str:
        return self.explain()

    def explain(self) -> str:
        """What agrees, on one line, each with its share of the score."""
        return f"{told(self.number)} {self.score:.2f}: {sentence(self.why)}"


def sentence(why: Iterable[Agreed]) -> str:
    """What agrees, as half a sentence: fields, then words."""
    parts = tuple(why)
    fields = ", ".join(str(each) for each in parts if each.field != WORDS)
    words = ", ".join(str(each) for each in parts if each.field == WORDS)
    return "; ".join(part for part in (fields, f"words {words}" if words else "") if part)


def similar(
    incident: Incident,
    corpus: Corpus,
    k: int = 5,
    *,
    as_of: datetime,
    read_as: Mapping[str, str] = _AS_WRITTEN,
) -> tuple[Match, ...]:
    """The earlier incidents that resemble this one most, the best first; equal ones by number.

    Only incidents of the corpus that were opened no later than this one are found, and never itself. Where nothing
    agrees, or nothing is known of it, the answer is empty.

    Args:
        incident: The one that is asked about; it may be in the corpus or not.
        corpus: Where to look.
        k: How many at most.
        as_of: What was known of the incident at this instant is asked about; not before that of the corpus, which would
            tell what was known later only.
        read_as: Words to be read as others, such as misspelt ones; `itilkit.matching.fuzzy` finds them.

    Raises:
        MatchingError: `k` is no whole number from 1, words that are none, what is no incident or corpus, or a corpus
            that knows of more than `as_of`.
        InstantError: `as_of` has no zone.

    >>> from datetime import UTC
    >>> from itilkit.events import Classified, Logged
    >>> nine, ten = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)
    >>> corpus = Corpus([
    ...     Incident("INC1", [Logged(nine, title="Printer jam on floor 3"), Classified(nine, service="print")]),
    ...     Incident("INC2", [Logged(nine, title="Mail is slow"), Classified(nine, service="mail")]),
    ... ], as_of=nine)
    >>> asked = Incident("INC3", [Logged(ten, title="Jam in the printer"), Classified(ten, service="print")])
    >>> for match in similar(asked, corpus, as_of=ten):
    ...     print(match)
    INC1 0.60: service is print (0.33); words jam (0.13), printer (0.13)
    """
    check_count(k, "k")
    _check_words(read_as)
    asked = known(incident, not_before(as_of, corpus))
    if asked is None:
        return ()
    question = Question(asked, corpus, read_as)
    return tuple(question.match(place, score) for place, score in question.best(k))


def _check_words(read_as: Mapping[str, str]) -> None:
    check_mapping("what words are read as", read_as, "read_as")
    each_of("a word", str, [*read_as, *read_as.values()], "read_as")


def not_before(as_of: datetime, corpus: Corpus) -> datetime:
    """The instant, where the corpus knows of nothing later.

    Raises:
        MatchingError: it does, or is no corpus.
        InstantError: no zone.
    """
    at = utc(as_of)
    if at < one_of("a Corpus", Corpus, corpus, "corpus").as_of:
        raise MatchingError.one(
            "corpus_knows_later",
            f"the corpus knows what happened up to {corpus.as_of.isoformat()}, later than {at.isoformat()}",
            path="as_of",
            hint="make the corpus as of that instant or before it",
        )
    return at


class Question:
    """One incident that is asked about, ready to be looked up."""

    def __init__(self, asked: Known, corpus: Corpus, read_as: Mapping[str, str] = _AS_WRITTEN) -> None:
        self.asked, self.corpus, self.index = asked, corpus, corpus.index
        self.known = [(name, weight) for name, weight in corpus.fields if name in asked.values]
        written = corpus.words.of(asked.text(corpus.texts))
        words = [read_as.get(word, word) for word in written]
        self.written = {read: word for word, read in zip(written, words, strict=True) if word != read}
        self.words = self.index.weights(words)
        text = corpus.text_weight if self.words else 0.0
        whole = sum(weight for _, weight in self.known) + text
        self.known = [(name, weight / whole) for name, weight in self.known]
        self.text = text / whole if whole else 0.0

    def best(self, k: int) -> list[tuple[int, float]]:
        """The places of the `k` that resemble it most, with their scores; equal ones by number."""
        found = self._sums()
        # Only those that may be among them are rounded and sorted: most incidents share some common word.
        least = min(nlargest(k, found.values()), default=0.0)
        cases = self.index.cases
        rounded = self._rounded((place, score) for place, score in found.items() if score > least - _MARGIN)
        return sorted(rounded, key=lambda each: (-each[1], cases[each[0]].number))[:k]

    def at_least(self, least: float) -> list[tuple[int, float]]:
        """The places of those that resemble it by this score or more, with their scores."""
        sums = self._sums().items()
        return [
            each
            for each in self._rounded(item for item in sums if item[1] > least - _MARGIN)
            if each[1] >= least
        ]

    def _rounded(self, found: Iterable[tuple[int, float]]) -> list[tuple[int, float]]:
        scores = ((place, min(1.0, round(score, _DIGITS))) for place, score in found)
        return [(place, score) for place, score in scores if score > 0]

    def _sums(self) -> dict[int, float]:
        """How much each incident that shares something resembles it, by its place in the corpus."""
        found: defaultdict[int, float] = defaultdict(float)
        last = bisect_right(self.index.opened, self.asked.opened_at)
        for name, share in self.known:
            for place in _up_to(self.index.same.get((name, self.asked.values[name]), ()), last):
                found[place] += share
        for word, weight in self.words.items():
            places, weights = self.index.terms.get(word, ((), ()))
            share = self.text * weight
            for place, other in zip(_up_to(places, last), weights, strict=False):
                found[place] += share * other
        own = self.index.places.get(self.asked.number)
        if own is not None:
            found.pop(own, None)
        return found

    def match(self, place: int, score: float) -> Match:
        """What is found at a place, with what agrees."""
        words = sorted(self._words(place), key=lambda each: (-each.share, each.value))
        return Match(self.index.cases[place].number, score, why=(*self._fields(place), *words))

    def _fields(self, place: int) -> Iterator[Agreed]:
        values = self.index.cases[place].values
        for name, share in self.known:
            if values.get(name) == self.asked.values[name]:
                yield Agreed(name, values[name], share=share)

    def _words(self, place: int) -> Iterator[Agreed]:
        for word, weight in self.words.items():
            places, weights = self.index.terms.get(word, ((), ()))
            at = bisect_left(places, place)
            if at < len(places) and places[at] == place:
                share = self.text * weight * weights[at]
                yield Agreed(WORDS, word, share=share, written=self.written.get(word))


def _up_to(places: Any, last: int) -> Any:
    """The places before `last`; all of them as they are, where all are."""
    return places if not places or places[-1] < last else places[: bisect_left(places, last)]
