"""What is taken in this room, and what is none: checked alike at each of its doors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from itilkit.errors import MatchingError, shown

__all__ = ["check_mapping", "each_of", "expected", "names_of", "one_of"]

T = TypeVar("T")


def expected(what: str, value: object, path: str) -> MatchingError:
    """The error about a value of another kind."""
    return MatchingError.one(
        "bad_value", f"expected {what}, got {shown(value)}", path=path, hint=f"give {what}"
    )


def one_of(what: str, kind: type[T] | tuple[type[T], ...], value: object, path: str) -> T:
    """A value of that kind.

    Raises:
        MatchingError: it is of another kind.
    """
    if not isinstance(value, kind):
        raise expected(what, value, path)
    return value


def each_of(what: str, kind: type[T] | tuple[type[T], ...], values: Iterable[T], path: str) -> tuple[T, ...]:
    """Values of that kind, drawn once.

    Raises:
        MatchingError: no list, or one in it is of another kind.
    """
    given: object = values
    if not isinstance(given, Iterable):
        raise expected(f"a list, each of it {what}", given, path)
    return tuple(one_of(what, kind, each, f"{path}[{place}]") for place, each in enumerate(values))


def check_mapping(what: str, value: object, path: str) -> None:
    """Refuse what is no mapping.

    Raises:
        MatchingError: it is none.
    """
    if not isinstance(value, Mapping):
        raise expected(what, value, path)


def names_of(values: Iterable[str], path: str) -> tuple[str, ...]:
    """Names; a single text is one name, no list of letters.

    Raises:
        MatchingError: what is no list of texts.
    """
    return (values,) if isinstance(values, str) else each_of("a text", str, values, path)
