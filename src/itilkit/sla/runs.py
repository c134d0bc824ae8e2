"""The runs of a clock: what it did from one instant to the next, laid on a calendar.

Instants and amounts are integer microseconds. Runs follow each other without a gap; the last one lasts for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

from itilkit.calendars import Calendar
from itilkit.sla.walk import Course, Doing
from itilkit.spans import Pair, micros_of

__all__ = ["FOREVER", "Piece", "Run", "measured", "running_from", "runs_of"]

FOREVER = 1 << 62
"""An instant beyond every calendar: the end of the run that lasts."""

Piece: TypeAlias = tuple[int, int, Doing, int]
"""A run before it is measured: start, end, what the clock did, and the beat that shows why."""


class Run(NamedTuple):
    """What a clock did from `start` to `end`, the beat that shows why, and the open time between the two.

    The open time of a run that lasts for ever, or of a clock that has stopped, is not told.
    """

    start: int
    end: int
    doing: Doing
    beat: int
    opened: int


def runs_of(
    course: Course,
    beats: Sequence[datetime],
    now: int,
    calendar: Calendar,
    *,
    exclusions: Sequence[Pair],
    limit: int | None,
) -> tuple[tuple[Run, ...], tuple[Piece, ...]]:
    """The runs up to now, the last of which is what the clock does then, and the pieces ahead of it.

    Exclusions and the pause limit are laid over what the clock did and goes on to do (rules 14 and 15).
    """
    pieces = _pieces(course, beats)
    if exclusions:
        pieces = [part for piece in pieces for part in _excluded(piece, exclusions)]
    if limit is not None:
        pieces = list(_limited(pieces, limit, calendar))
    if exclusions or limit is not None:
        return _split_at(now, pieces, calendar)
    start, end, doing, beat = pieces[-1]  # nothing else has an end later than now
    pieces[-1] = (start, now, doing, beat)
    return measured(pieces, calendar), ((now, end, doing, beat),)


def _pieces(course: Course, beats: Sequence[datetime]) -> list[Piece]:
    """What the clock did and goes on to do."""
    pieces: list[Piece] = []
    beat, doing = course.changes[0]
    start = micros_of(beats[beat])
    for next_beat, next_doing in course.changes[1:]:
        end = micros_of(beats[next_beat])
        pieces.append((start, end, doing, beat))
        start, beat, doing = end, next_beat, next_doing
    pieces.append((start, FOREVER, doing, beat))
    return pieces


def _split_at(
    now: int, pieces: Iterable[Piece], calendar: Calendar
) -> tuple[tuple[Run, ...], tuple[Piece, ...]]:
    """The pieces cut at an instant: those before it measured, those after it as they are."""
    past: list[Piece] = []
    ahead: list[Piece] = []
    for piece in pieces:
        start, end, doing, beat = piece
        if end <= now:
            past.append(piece)
            continue
        if start <= now:
            past.append((start, now, doing, beat))
        ahead.append((max(start, now), end, doing, beat))
    return measured(past, calendar), tuple(ahead)


def measured(pieces: Sequence[Piece], calendar: Calendar) -> tuple[Run, ...]:
    """Pieces that follow each other as runs: the calendar is asked once for each instant between two of them."""
    open_at = calendar.open_at
    before = open_at(pieces[0][0])
    runs: list[Run] = []
    last = pieces[-1]
    for piece in pieces:
        start, end, doing, beat = piece
        # How much open time has come since a clock stopped for good is no figure of it.
        after = before if end == FOREVER or (doing == "stopped" and piece is last) else open_at(end)
        runs.append(Run(start, end, doing, beat, after - before))
        before = after
    return tuple(runs)


def running_from(start: int, beat: int, exclusions: Sequence[Pair]) -> list[Piece]:
    """What a clock does that runs on from an instant and waits for nothing but the exclusions."""
    piece: Piece = (start, FOREVER, "running", beat)
    return list(_excluded(piece, exclusions)) if exclusions else [piece]


def _excluded(piece: Piece, exclusions: Iterable[Pair]) -> Iterator[Piece]:
    """A piece with the exclusions cut out of it, where it is one that they apply to."""
    at, end, doing, beat = piece
    if doing not in ("running", "paused"):
        yield piece
        return
    for first, last in exclusions:
        if last <= at or first >= end:
            continue
        if first > at:
            yield at, first, doing, beat
        yield max(at, first), min(last, end), "excluded", beat
        at = min(last, end)
    if at < end:
        yield at, end, doing, beat


def _limited(pieces: Iterable[Piece], limit: int, calendar: Calendar) -> Iterator[Piece]:
    """Pauses up to the limit; what goes beyond it runs."""
    left = limit
    for piece in pieces:
        start, end, doing, beat = piece
        if doing != "paused":
            yield piece
            continue
        position = calendar.open_at(start)
        used_up = calendar.earliest(position + left)
        cut = end if used_up is None else max(start, used_up)
        if cut >= end:
            yield piece
            left -= calendar.open_at(end) - position if end != FOREVER else 0
            continue
        if cut > start:
            yield start, cut, "paused", beat
        yield cut, end, "running", beat
        left = 0
