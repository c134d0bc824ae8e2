"""The plain second implementation: a walk along the real axis that asks a wall clock for every instant that matters.

Nothing is compiled and no rule of the library is used. A shift opens where the wall clock first comes to its
opening time, and closes where it last comes to its closing time; those instants are told by asking the wall clock
just before and at each candidate. Open time is summed step by step along all boundaries of all shifts.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import attrs

UTC0 = datetime(1970, 1, 1)  # noqa: DTZ001  plain wall-clock arithmetic
US = timedelta(microseconds=1)
DAY = 86_400_000_000
HOUR = 3_600_000_000
CHUNK = 32 * DAY


@attrs.frozen
class Plain:
    """Hours by weekday and their exceptions, as minutes from midnight; a close beyond 24 hours is the next date's."""

    zone: str
    week: Sequence[Sequence[tuple[int, int]]]
    closed: frozenset[date] = frozenset()
    special: Mapping[date, Sequence[tuple[int, int]]] = attrs.field(factory=dict)

    def windows(self, day: date) -> Sequence[tuple[int, int]]:
        """The windows that open on a date."""
        if day in self.special:
            return self.special[day]
        return () if day in self.closed else self.week[day.weekday()]


def wall(zone: str, instant: int) -> int:
    """What the wall clock reads at an instant, asked of zoneinfo alone; microseconds."""
    info = ZoneInfo(zone)
    local = info.fromutc((UTC0 + timedelta(microseconds=instant)).replace(tzinfo=info)).replace(tzinfo=None)
    return (local - UTC0) // US


@cache
def changes(zone: str, chunk: int) -> tuple[int, ...]:
    """The changes of a zone within the chunk of 32 days with that number: asked hour by hour, then halved."""
    found: list[int] = []
    for at in range(chunk * CHUNK, (chunk + 1) * CHUNK, HOUR):
        low, high = at, at + HOUR
        ahead = wall(zone, low) - low
        if wall(zone, high) - high != ahead:
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if wall(zone, middle) - middle == ahead else (low, middle)
            found.append(high)
    return tuple(found)


@lru_cache(maxsize=100_000)
def crossings(zone: str, reading: int) -> tuple[int, ...]:
    """The instants at which the wall clock comes from less than `reading` to that or more; mostly one."""
    chunks = range((reading - 3 * DAY) // CHUNK, (reading + 3 * DAY) // CHUNK + 1)
    jumps = [at for chunk in chunks for at in changes(zone, chunk) if abs(at - reading) < 3 * DAY]
    aheads = {wall(zone, at) - at for at in (reading - 3 * DAY, *jumps, reading + 3 * DAY)}
    tried = sorted({*jumps, *(reading - ahead for ahead in aheads)})
    return tuple(at for at in tried if wall(zone, at) >= reading > wall(zone, at - 1))


def shifts(plain: Plain, low: int, high: int) -> Iterator[tuple[date, int, int]]:
    """The shifts that may matter between two instants, by date."""
    day = date(1970, 1, 1) + timedelta(days=low // DAY - 4)
    last = date(1970, 1, 1) + timedelta(days=high // DAY + 3)
    while day <= last:
        midnight = (day - date(1970, 1, 1)).days * DAY
        for opens, closes in plain.windows(day):
            start = crossings(plain.zone, midnight + opens * 60_000_000)[0]
            end = crossings(plain.zone, midnight + closes * 60_000_000)[-1]
            if start < end:
                yield day, start, end
        day += timedelta(days=1)


def is_open(plain: Plain, instant: int) -> bool:
    """Whether any shift holds an instant."""
    return any(start <= instant < end for _, start, end in shifts(plain, instant, instant))


def elapsed(plain: Plain, low: int, high: int) -> int:
    """Open microseconds between two instants, step by step along all boundaries."""
    if high < low:
        return -elapsed(plain, high, low)
    held = list(shifts(plain, low, high))
    steps = sorted({low, high, *(edge for _, *ends in held for edge in ends if low < edge < high)})
    return sum(
        after - before
        for before, after in itertools.pairwise(steps)
        if any(start <= before < end for _, start, end in held)
    )


def closings(plain: Plain, low: int, high: int) -> list[int]:
    """The closings of working dates after `low` up to and including `high`."""
    by_date: dict[date, int] = {}
    for day, _, end in shifts(plain, low, high):
        by_date[day] = max(end, by_date.get(day, end))
    return sorted(end for end in by_date.values() if low < end <= high)
