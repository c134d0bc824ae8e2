"""Which word was meant? Misspelt words, read as those that the corpus knows; the extra ``match`` does the comparing.

`read_as` gives the words that are to be read as others, as a value that can be looked at and changed;
`itilkit.matching.similar` takes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from itilkit.errors import MatchingError
from itilkit.matching.asking import check_score
from itilkit.matching.corpus import Corpus
from itilkit.matching.known import known
from itilkit.matching.likeness import not_before
from itilkit.records import Incident

__all__ = ["read_as"]

# Of shorter words too many are one slip apart, and no slip of the pen is so long.
_SHORT, _LONG = 4, 40
# 1 - 0.8 is a little less than the 1/5 of one slip in five letters.
_NOISE = 1e-9


def read_as(incident: Incident, corpus: Corpus, *, as_of: datetime, cutoff: float = 0.8) -> dict[str, str]:
    """The words of the incident that the corpus does not know, each with the nearest one that it knows.

    Likeness is 1 less the share of letters that have to be put in, left out, changed or swapped with their neighbour
    (optimal string alignment, by rapidfuzz); of equally near words the first one of the alphabet is taken. Words with
    digits are left alone, because a number that differs in one digit is another number; so are words of fewer than 4 or
    more than 40 letters.

    Args:
        incident: The one that is asked about.
        corpus: Whose words are known.
        as_of: What was known of the incident at this instant; not before that of the corpus.
        cutoff: The least likeness, above 0 and up to 1.

    Raises:
        MatchingError: rapidfuzz is not installed, a cutoff out of range, or a corpus that knows of more than `as_of`.
        InstantError: `as_of` has no zone.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged
    >>> nine, ten = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)
    >>> corpus = Corpus([Incident("INC1", [Logged(nine, title="Printer jam")])], as_of=nine)
    >>> asked = Incident("INC2", [Logged(ten, title="Pritner jammed")])
    >>> read_as(asked, corpus, as_of=ten)
    {'pritner': 'printer'}
    """
    check_score(cutoff, "cutoff")
    asked = known(incident, not_before(as_of, corpus))
    words = () if asked is None else corpus.words.of(asked.text(corpus.texts))
    known_words = corpus.index.terms
    unknown = [word for word in dict.fromkeys(words) if word not in known_words and _may_be_misspelt(word)]
    vocabulary = sorted(filter(_may_be_misspelt, known_words))
    return _nearest(unknown, vocabulary, cutoff)


def _may_be_misspelt(word: str) -> bool:
    return _SHORT <= len(word) <= _LONG and not any(sign.isdigit() for sign in word)


def _nearest(words: Sequence[str], vocabulary: Sequence[str], cutoff: float) -> dict[str, str]:
    try:
        from rapidfuzz import process  # noqa: PLC0415  an extra, imported on use
        from rapidfuzz.distance import OSA  # noqa: PLC0415
    except ImportError:
        message, hint = "misspelt words need rapidfuzz", "pip install 'itilkit[match]'"
        raise MatchingError.one("missing_extra", message, hint=hint) from None
    most = 1 - cutoff + _NOISE
    found: dict[str, str] = {}
    for word in words:
        best = process.extractOne(word, vocabulary, scorer=OSA.normalized_distance, score_cutoff=most)
        if best is not None:
            found[word] = best[0]
    return found
