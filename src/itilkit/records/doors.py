"""What the entities check and convert alike."""

from __future__ import annotations

from collections.abc import Iterable

from itilkit.errors import RecordError

__all__ = ["names", "not_itself"]


def names(value: Iterable[str]) -> tuple[str, ...]:
    """Names as a tuple; a single text is one name, not a list of letters."""
    return (value,) if isinstance(value, str) else tuple(value)


def not_itself(what: str, own: str, other: str | None, path: str) -> None:
    """Refuse a reference that leads back to where it stands.

    Raises:
        RecordError: both are the same.
    """
    if own == other:
        raise RecordError.one(
            "own_reference", f"{what} {own!r} refers to itself", path=path, hint="name another one or None"
        )
