"""Whether plain data has the shape that is read next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeGuard

__all__ = ["is_list", "is_table"]


def is_table(value: object) -> TypeGuard[Mapping[object, object]]:
    """Whether a value is a mapping, as a TOML table is."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Whether a value is a sequence of values; a text is not."""
    return isinstance(value, Sequence) and not isinstance(value, str)
