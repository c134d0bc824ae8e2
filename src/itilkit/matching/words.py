"""What are the words of a text? One definition for titles, keys and questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from unicodedata import category, normalize

import attrs

from itilkit.errors import MatchingError, shown
from itilkit.matching.doors import names_of, one_of

__all__ = ["PLAIN", "Words", "folded", "told"]

_SHOWN = 60


def folded(text: str) -> str:
    """The text without case and without differences of form that Unicode calls compatible.

    Source: Unicode Standard, 3.13, D146 (compatibility caseless matching), without its last decomposition.

    >>> folded("Straße ①")
    'strasse 1'
    """
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKC", text).casefold())


def _parts(sign: str) -> bool:
    """Whether a sign stands between words: it is no letter, digit, or mark on one."""
    return not sign.isalnum() and category(sign)[0] != "M"


def _split(text: str) -> list[str]:
    signs = folded(text)
    return signs.translate({ord(sign): " " for sign in set(signs) if _parts(sign)}).split()


def _folded_words(value: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in names_of(value, "stop_words") for word in _split(text))


@attrs.frozen
class Words:
    """What counts as a word: a run of letters, digits and the marks on them, without case.

    Everything else parts words, the underscore and the hyphen, too: ``ORA-00600`` is two words. Writing without spaces,
    as in Chinese or Thai, gives one word for each run. Words are not brought to a stem.

    Attributes:
        min_length: Shorter words do not count.
        stop_words: Words that do not count. There is no list by default, because it depends on the language: give that
            of yours.

    Raises:
        MatchingError: a length that is no whole number from 1, or stop words that are no texts.

    >>> Words(stop_words=["the", "is"]).of("The printer on floor 3 is jammed: E-502!")
    ('printer', 'on', 'floor', 'jammed', '502')
    """

    min_length: int = 2
    stop_words: frozenset[str] = attrs.field(default=frozenset(), converter=_folded_words, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if type(self.min_length) is not int or self.min_length < 1:
            raise MatchingError.one(
                "not_a_count",
                f"{shown(self.min_length)} is no length of a word",
                path="min_length",
                hint="give a whole number from 1",
            )

    def of(self, text: str) -> tuple[str, ...]:
        """The words of a text, in its order, each as often as it stands there; none for an empty text.

        Raises:
            MatchingError: it is no text.
        """
        least, stop = self.min_length, self.stop_words
        return tuple(
            word
            for word in _split(one_of("a text", str, text, "text"))
            if len(word) >= least and word not in stop
        )


PLAIN = Words()


def told(value: object, most: int = _SHOWN) -> str:
    r"""A value in a sentence: short, on one line, with everything that a terminal would act on made visible.

    >>> told("red \x1b[31m alarm\n"), told("x" * 100, most=5)
    ('red \\x1b[31m alarm\\n', 'xxxxx...')
    """
    given: Any = value
    text = ", ".join(sorted(map(str, given))) if isinstance(value, frozenset) else str(given)
    short = text if len(text) <= most else f"{text[:most]}..."
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in short)
