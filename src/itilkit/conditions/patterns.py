"""Patterns with ``*`` and ``?``: does one text fit, and which of them may one text fit together?

No regular expressions: fitting takes time in proportion to pattern times text at the worst.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TypeAlias

__all__ = ["TooManyError", "beginning", "compiled", "literal", "matches", "witnesses"]

_MOST_STEPS = 200_000


class TooManyError(Exception):
    """More cases than are looked at one by one."""


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text fits the pattern.

    >>> matches("pay*", "payments"), matches("p?y", "pay"), matches("p?y", "py")
    (True, True, False)
    """
    at = read = 0
    star, resume = -1, 0
    while read < len(text):
        sign = pattern[at] if at < len(pattern) else ""
        if sign == "*":
            star, resume = at, read
            at += 1
        elif sign == "?" or (sign and sign == text[read]):
            at += 1
            read += 1
        elif star >= 0:  # let the last star take one letter more
            resume += 1
            at, read = star + 1, resume
        else:
            return False
    return all(sign == "*" for sign in pattern[at:])


Token: TypeAlias = str | None
"""A letter, or None for any one letter."""


Pattern: TypeAlias = tuple[tuple[Token, ...], frozenset[int]]
"""The single letters, and before which of them (by place) any number of letters may stand."""


def literal(text: str) -> Pattern:
    """A text as a pattern in which ``*`` and ``?`` are letters."""
    return tuple(text), frozenset()


def beginning(text: str) -> Pattern:
    """A pattern for the texts that begin with this one, in which ``*`` and ``?`` are letters."""
    return tuple(text), frozenset({len(text)})


def compiled(pattern: str) -> Pattern:
    """A pattern as it is written, taken apart."""
    tokens: list[Token] = []
    loops: set[int] = set()
    for sign in pattern:
        if sign == "*":
            loops.add(len(tokens))
        else:
            tokens.append(None if sign == "?" else sign)
    return tuple(tokens), frozenset(loops)


def witnesses(patterns: Sequence[Pattern]) -> list[str]:
    """A shortest text for every way in which a text can fit some of the patterns and not the others.

    All patterns are read at once, as one automaton whose state is an int: a bit for each place in each pattern.
    Letters that stand in no pattern are all alike, so that one of them speaks for all.

    Raises:
        TooManyError: the automaton has too many states.
    """
    letters = sorted({token for tokens, _ in patterns for token in tokens if token is not None})
    other = next(
        sign for code in range(0x78, 0x110000) if (sign := chr(code)).isalnum() and sign not in letters
    )
    start = loops = accept = anything = 0
    steps = dict.fromkeys([other, *letters], 0)
    offset = 0
    for tokens, stars in patterns:
        start |= 1 << offset
        loops |= sum(1 << (offset + place) for place in stars)
        for place, token in enumerate(tokens):
            if token is None:
                anything |= 1 << (offset + place)
            else:
                steps[token] |= 1 << (offset + place)
        offset += len(tokens)
        accept |= 1 << offset
        offset += 1
    steps = {letter: step | anything for letter, step in steps.items()}

    found: dict[int, str] = {}
    seen = {start}
    waiting = deque([(start, "")])
    count = 0
    while waiting:
        state, text = waiting.popleft()
        for letter, step in steps.items():
            count += 1
            if count > _MOST_STEPS:
                raise TooManyError
            after = ((state & step) << 1) | (state & loops)
            found.setdefault(after & accept, text + letter)
            if after not in seen:
                seen.add(after)
                waiting.append((after, text + letter))
    return list(found.values())
