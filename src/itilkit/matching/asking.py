"""What makes sense as a question? Windows, counts, scores, weights and keys, checked alike in the whole room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from itilkit.errors import Fault, MatchingError, shown
from itilkit.events.doors import is_number
from itilkit.matching.words import told

__all__ = ["check_count", "check_score", "check_weights", "check_within", "parts_of"]


def check_within(within: object, path: str = "within") -> None:
    """Refuse what is no amount of time.

    Raises:
        MatchingError: no timedelta, or one of no time.
    """
    if not isinstance(within, timedelta) or within <= timedelta(0):
        hint = "give a timedelta above 0"
        raise MatchingError.one("bad_duration", f"{shown(within)} is no amount of time", path=path, hint=hint)


def check_count(count: object, path: str, least: int = 1) -> None:
    """Refuse what is no count.

    Raises:
        MatchingError: no whole number, or too small.
    """
    if type(count) is not int or count < least:
        hint = f"give a whole number from {least}"
        raise MatchingError.one("not_a_count", f"{shown(count)} is no count", path=path, hint=hint)


def check_score(score: float, path: str) -> None:
    """Refuse what is no likeness.

    Raises:
        MatchingError: no number above 0 and up to 1.
    """
    if not is_number(score) or not 0 < score <= 1:
        hint = "give a number above 0 and up to 1"
        raise MatchingError.one("not_a_score", f"{shown(score)} is no likeness", path=path, hint=hint)


def check_weights(weights: Iterable[tuple[str, float]]) -> None:
    """Refuse weights that are none, each given with its path.

    Raises:
        MatchingError: with every fault.
    """
    faults = [
        Fault("not_a_weight", f"{shown(weight)} is no weight", path=told(path), hint="give a number above 0")
        for path, weight in weights
        if not is_number(weight) or weight <= 0
    ]
    if faults:
        raise MatchingError(faults)


def parts_of(by: str | Iterable[str]) -> tuple[str, ...]:
    """The names that make a key; a single one is no list of letters.

    Raises:
        MatchingError: none, or what is no name.
    """
    given: object = by
    names = (by,) if isinstance(by, str) else tuple(by) if isinstance(given, Iterable) else ()
    each: tuple[object, ...] = names
    if not names or not all(isinstance(name, str) and name for name in each):
        hint = "name at least one field"
        raise MatchingError.one("no_name", f"{shown(by)} names no fields to group by", path="by", hint=hint)
    return names
