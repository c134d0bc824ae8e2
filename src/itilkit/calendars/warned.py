"""What other packages warn of, caught so that it can be told as a fault instead."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from contextlib import contextmanager
from threading import RLock

__all__ = ["warned"]

_LOCK = RLock()  # warnings.catch_warnings swaps state of the whole process


@contextmanager
def warned() -> Generator[list[warnings.WarningMessage]]:
    """The warnings that are given within, whatever filters the process has set; none is shown or raised."""
    with _LOCK, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        yield told
