"""How far long work is, where somebody looks; the cycle collector set aside meanwhile."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager

__all__ = ["Advance", "progress", "uncollected"]

Advance = Callable[[int], None]


@contextmanager
def uncollected() -> Generator[None]:
    """Without the cycle collector: frozen records make no cycles, and it would walk millions of them in vain."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _quiet(_: int) -> None:
    """Nobody looks."""


@contextmanager
def progress(what: str, total: int) -> Generator[Advance]:
    """How far the work is, told on stderr where that is a terminal and rich is installed; else nothing."""
    bar = _bar(what, total) if sys.stderr.isatty() else None
    if bar is None:
        yield _quiet
        return
    with bar as advance:
        yield advance


def _bar(what: str, total: int) -> AbstractContextManager[Advance] | None:
    try:
        from rich.console import Console  # noqa: PLC0415  an extra: loaded on use
        from rich.progress import Progress  # noqa: PLC0415  so is this
    except ImportError:
        return None

    @contextmanager
    def shown() -> Generator[Advance]:
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=total or None)
            yield lambda done: bar.update(task, completed=done)

    return shown()
