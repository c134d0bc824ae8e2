"""What is searched? Many incidents as they were known at one instant, with an index that is made once.

A question touches only the incidents that share a value or a word with the one that is asked about. Words are weighed
as in Manning, Raghavan and Schütze, *Introduction to Information Retrieval* (2008), chapter 6:

* A word that stands tf times in a text weighs 1 + ln tf (6.4.1, sublinear tf scaling).
* This is multiplied by the inverse document frequency. The book's ln(N / df) (6.2.1) is nothing for a word of all
  texts and has no value for an unknown one. So both counts are raised by one, and the result by 1, as scikit-learn
  does it (`smooth_idf`): ln((1 + N) / (1 + df)) + 1, with N incidents, df of which have the word.
* Weights are divided by their Euclidean length (6.3.1), so that the product of two texts is the cosine of their angle:
  0 where no word is shared, 1 for the same words equally often.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import fsum, log, sqrt
from types import MappingProxyType
from typing import Any

import attrs

from itilkit.errors import MatchingError
from itilkit.matching.asking import check_weights
from itilkit.matching.doors import each_of, expected, names_of, one_of
from itilkit.matching.known import Known, known, look_for, refuse_twins
from itilkit.matching.words import PLAIN, Words
from itilkit.records import Incident
from itilkit.spans import utc

__all__ = ["FIELDS", "Corpus"]

FIELDS: Mapping[str, float] = MappingProxyType(
    {"service": 1.0, "configuration_item": 1.0, "category": 1.0, "subcategory": 1.0}
)
"""The fields that are compared unless told otherwise, each with the same weight."""

Posting = tuple[Sequence[int], Sequence[float]]


@attrs.frozen(eq=False, repr=False)
class Index:
    """Where each value and each word stands.

    Attributes:
        cases: The incidents as known, in the order of opening: those with which the corpus's records begin.
        opened: When each was opened.
        places: The place of each, by number.
        same: By field and value, the places of the incidents that have it.
        terms: By word, the places and the weight that it has there, ready for the cosine.
    """

    cases: tuple[Known, ...]
    opened: tuple[datetime, ...]
    places: Mapping[str, int]
    same: Mapping[tuple[str, Any], Sequence[int]]
    terms: Mapping[str, Posting]

    def weights(self, words: Iterable[str]) -> dict[str, float]:
        """What each of the words weighs in a text of these words, in the order of the alphabet."""
        counts = Counter(words)
        above = 1 + len(self.cases)
        raw = {
            word: (1 + log(counts[word])) * (log(above / (1 + len(self.terms.get(word, _NOWHERE)[0]))) + 1)
            for word in sorted(counts)
        }
        length = sqrt(fsum(weight * weight for weight in raw.values()))
        return {word: weight / length for word, weight in raw.items()}


_NOWHERE: Posting = ((), ())


def _in_order(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    known = each_of("an incident", Incident, incidents, "incidents")
    return tuple(sorted(known, key=lambda each: (each.opened_at, each.number)))


def _texts(value: Iterable[str]) -> tuple[str, ...]:
    return names_of(value, "texts")


def _pairs(fields: Mapping[str, float] | Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    given: object = fields
    if not isinstance(given, Iterable):
        raise expected("the weight of each field", given, "fields")
    pairs: Any = dict(fields).items() if isinstance(given, Mapping) else fields
    return tuple(dict(map(_pair, pairs)).items())


def _pair(value: tuple[str, float]) -> tuple[str, float]:
    try:
        name, weight = value
    except (TypeError, ValueError):
        raise expected("the name of a field and its weight", value, "fields") from None
    return one_of("the name of a field", str, name, "fields"), weight


def _check(corpus: Corpus) -> None:
    one_of("Words", Words, corpus.words, "words")
    refuse_twins((each.number for each in corpus.incidents), "incidents")
    fields = ((f"fields.{name}", weight) for name, weight in corpus.fields)
    check_weights([*fields, ("text_weight", corpus.text_weight)])
    if not corpus.fields and not corpus.texts:
        message, hint = "there is nothing to compare by", "name fields or texts"
        raise MatchingError.one("nothing_to_match", message, path="fields", hint=hint)


def _indexed(corpus: Corpus) -> Index:
    _check(corpus)
    cases = tuple(case for each in corpus.incidents if (case := known(each, corpus.as_of)) is not None)
    look_for((name for name, _ in corpus.fields), cases, "fields")
    look_for(corpus.texts, cases, "texts")
    same: dict[tuple[str, Any], list[int]] = defaultdict(list)
    places: dict[str, list[int]] = defaultdict(list)
    texts: list[tuple[str, ...]] = []
    for place, case in enumerate(cases):
        for name, _ in corpus.fields:
            if name in case.values:
                same[name, case.values[name]].append(place)
        texts.append(corpus.words.of(case.text(corpus.texts)))
        for word in set(texts[-1]):
            places[word].append(place)
    weighed: dict[str, list[float]] = {word: [] for word in places}
    index = Index(
        cases,
        tuple(case.opened_at for case in cases),
        {case.number: place for place, case in enumerate(cases)},
        same,
        {word: (places[word], weighed[word]) for word in places},
    )
    for text in texts:
        for word, weight in index.weights(text).items():
            weighed[word].append(weight)
    return index


@attrs.frozen(repr=False)
class Corpus:
    """Incidents to be searched, as they were known at one instant; those opened later are left out.

    It is prepared once and then only looked up. The order in which incidents are given does not matter.

    Attributes:
        incidents: The records with their histories, in the order of opening.
        as_of: The instant of which the corpus knows; what an event tells later is not in it. UTC.
        fields: Fields whose values may agree, with the weight of each, as pairs; a mapping is taken. The names are
            those that conditions ask by, such as ``service`` or a field of the house. Values agree where they are
            equal; those of ``tags``, where all of them are.
        texts: Fields whose words are compared, as one text.
        text_weight: The weight of the words, beside those of the fields.
        words: What counts as a word.
        index: What a question looks up.

    Raises:
        MatchingError: what is no incident or is given twice, a weight that is none, nothing to compare by, or a
            field that no incident knows.
        InstantError: `as_of` has no zone.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> Corpus([Incident("INC1", [Logged(nine, title="Printer jam")])], as_of=nine)
    <Corpus of 1 incident as of 2026-03-02T09:00:00+00:00: 2 words>
    """

    incidents: tuple[Incident, ...] = attrs.field(converter=_in_order)
    as_of: datetime = attrs.field(converter=utc, kw_only=True)
    fields: tuple[tuple[str, float], ...] = attrs.field(
        default=tuple(FIELDS.items()), converter=_pairs, kw_only=True
    )
    texts: tuple[str, ...] = attrs.field(default=("title",), converter=_texts, kw_only=True)
    text_weight: float = attrs.field(default=2.0, kw_only=True)
    words: Words = attrs.field(default=PLAIN, kw_only=True)
    index: Index = attrs.field(
        init=False, eq=False, repr=False, default=attrs.Factory(_indexed, takes_self=True)
    )

    def __repr__(self) -> str:
        count = len(self)
        plural = "" if count == 1 else "s"
        return f"<Corpus of {count} incident{plural} as of {self.as_of.isoformat()}: {len(self.index.terms)} words>"

    def __len__(self) -> int:
        """How many incidents can be found."""
        return len(self.index.cases)
