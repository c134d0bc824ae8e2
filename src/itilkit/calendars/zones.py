"""How the wall clock of a zone runs along the real time axis.

One rule serves every zone and any size of change: a shift opens at the first instant at which the wall clock
reads its opening time or later, and closes at the first instant from which the wall clock reads its closing
time or later for good. So an ambiguous opening takes the first occurrence, an ambiguous closing the last, and
a time inside a gap is the instant of the change.

`zoneinfo` does not tell when a zone changes, so the changes of a year are found by probing. Wall-clock times
are kept as microseconds too: the time at which a clock in UTC would read the same.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import attrs

from itilkit.calendars.hours import DAY_US
from itilkit.errors import Fault, near

__all__ = [
    "EPOCH_DAY",
    "Wall",
    "date_of",
    "is_zone",
    "midnight",
    "read_zone",
    "reads",
    "turn",
    "until_text",
    "wall_of",
    "zone_of",
]

EPOCH_DAY = date(1970, 1, 1).toordinal()

# The shortest time between two changes of any zone since 1900 is 4 days (Africa/Freetown, September 1939).
_PROBE_DAYS = 2
_MARGIN_DAYS = 8
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  zoneinfo's fromutc wants the UTC fields without a zone of their own
_SECOND = timedelta(seconds=1)


def read_zone(value: object, path: str, faults: list[Fault]) -> str:
    """The key of an IANA zone given by name or as a `ZoneInfo`; UTC, and a fault, for anything else."""
    key = value.key if isinstance(value, ZoneInfo) else value
    if not isinstance(key, str):
        hint = 'name an IANA zone such as "Europe/London"'
        faults.append(Fault("no_zone", f"expected a zone, got {value!r}", path=path, hint=hint))
        return "UTC"
    if is_zone(key):
        return key
    hint = near(key, zoneinfo.available_timezones())
    faults.append(Fault("unknown_zone", f"{key!r} is no IANA zone", path=path, hint=hint))
    return "UTC"


def is_zone(key: str) -> bool:
    """Whether a name is that of an IANA zone."""
    try:
        zone_of(key)
    # A missing key can surface as any of these: zoneinfo opens a file of that name.
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def zone_of(key: str) -> ZoneInfo:
    """The zone of that name, the same object every time."""
    return ZoneInfo(key)


def midnight(day: int) -> int:
    """The wall-clock time at which the date with that proleptic ordinal begins.

    >>> midnight(EPOCH_DAY + 1)
    86400000000
    """
    return (day - EPOCH_DAY) * DAY_US


def date_of(wall: int) -> int:
    """The ordinal of the date that a wall-clock time lies on.

    >>> date.fromordinal(date_of(-1))
    datetime.date(1969, 12, 31)
    """
    return wall // DAY_US + EPOCH_DAY


@attrs.frozen
class Wall:
    """The wall clock of one zone around one year.

    Attributes:
        turns: `(instant, offset)` in order: from that instant on the wall clock is `offset` ahead of UTC, in
            microseconds. The first one holds from before the year.
    """

    turns: tuple[tuple[int, int], ...]

    def reads(self, instant: int) -> int:
        """What the wall clock reads at an instant."""
        offset = self.turns[0][1]
        for at, ahead in self.turns:
            if at > instant:
                break
            offset = ahead
        return instant + offset

    def opening(self, wall: int) -> int:
        """The first instant at which the wall clock reads `wall` or later."""
        for index, (at, offset) in enumerate(self.turns):
            instant = max(at, wall - offset)
            if index + 1 == len(self.turns) or instant < self.turns[index + 1][0]:
                return instant
        raise AssertionError  # unreachable: the last turn has no end

    def closing(self, wall: int) -> int:
        """The first instant from which the wall clock reads `wall` or later for good."""
        end: int | None = None
        for at, offset in reversed(self.turns):
            if at + offset < wall:
                return wall - offset if end is None else min(end, wall - offset)
            end = at
        return wall - self.turns[0][1]

    def quiet(self, first: int, stop: int) -> Iterator[tuple[int, int | None]]:
        """Each date from `first` up to `stop`, with the offset that holds through it and the date after it.

        The offset is None on a date that lies near enough to a change for its boundaries to need `opening`
        and `closing`.
        """
        near_change: set[int] = set()
        steps: list[tuple[int, int]] = []
        for (_, before), (at, after) in zip(self.turns, self.turns[1:], strict=False):
            low, high = date_of(at + min(before, after)), date_of(at + max(before, after))
            near_change.update(range(low - 2, high + 1))
            steps.append((high, after))
        offset, index = self.turns[0][1], 0
        for day in range(first, stop):
            while index < len(steps) and steps[index][0] <= day:
                offset = steps[index][1]
                index += 1
            yield day, None if day in near_change else offset


def turn(key: str, year: int) -> int:
    """The instant at which a year begins in a zone."""
    return wall_of(key, year).opening(midnight(date(year, 1, 1).toordinal()))


def reads(key: str, instant: int) -> int:
    """What the wall clock of a zone reads at an instant."""
    return wall_of(key, date.fromordinal(date_of(instant)).year).reads(instant)


def until_text(key: str, instant: int, until: int) -> str:
    """A later instant in local words, with its date where that is not the date of `instant`.

    >>> until_text("Europe/London", 0, 3_600_000_000), until_text("UTC", 0, 86_400_000_000)
    ('02:00', 'Fri 1970-01-02 00:00')
    """
    wall = reads(key, until)
    there = _EPOCH + timedelta(microseconds=wall)
    clock = there.isoformat(" ", "auto" if there.second or there.microsecond else "minutes")[11:]
    return clock if date_of(wall) == date_of(reads(key, instant)) else f"{there:%a %Y-%m-%d} {clock}"


@lru_cache(maxsize=4096)
def wall_of(key: str, year: int) -> Wall:
    """The wall clock of a zone through a year and some days around it."""
    zone = zone_of(key)
    first = date(year, 1, 1).toordinal() - EPOCH_DAY - _MARGIN_DAYS
    last = date(year, 12, 31).toordinal() - EPOCH_DAY + _MARGIN_DAYS
    at = first * 86_400
    offset = _offset(zone, at)
    turns = [(at * 1_000_000, offset)]
    for day in range(first + _PROBE_DAYS, last + _PROBE_DAYS, _PROBE_DAYS):
        later = day * 86_400
        after = _offset(zone, later)
        if after != offset:
            turns.append((_change(zone, at, later) * 1_000_000, after))
        at, offset = later, after
    return Wall(tuple(turns))


def _offset(zone: ZoneInfo, seconds: int) -> int:
    ahead = zone.fromutc((_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=zone)).utcoffset()
    return 0 if ahead is None else ahead // _SECOND * 1_000_000


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """The first second with the offset of `high`; the zone changes once between the two."""
    before = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high
