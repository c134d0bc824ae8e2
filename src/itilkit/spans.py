"""Half-open spans of time and the small algebra they share.

Two forms of one idea. Inside the library a span is a pair of integer microseconds since 1970-01-01T00:00Z, and
a *set* of spans is a sorted tuple of pairs that neither touch nor overlap; `union`, `intersect`, `subtract` and
`total` work on those. At the public edge a span is a `Span` of two aware datetimes. This room knows nothing of
ITIL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import attrs

from itilkit.errors import InstantError, near

__all__ = [
    "EPOCH",
    "Span",
    "instant_of",
    "intersect",
    "micros",
    "micros_of",
    "subtract",
    "total",
    "union",
    "utc",
    "zone_named",
]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY_US = 86_400_000_000

_HINT = "give a datetime with a zone, such as datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo('Europe/London'))"


def utc(value: datetime) -> datetime:
    """The same instant in UTC, as a plain datetime; what pandas adds beyond microseconds is cut off.

    Raises:
        InstantError: `value` is no datetime, has no zone, or lies outside the years 1 to 9999 of UTC.

    >>> from zoneinfo import ZoneInfo
    >>> utc(datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Europe/London")))
    datetime.datetime(2026, 7, 1, 8, 0, tzinfo=datetime.timezone.utc)
    """
    if value.__class__ is datetime and value.tzinfo is UTC:
        return value
    if not isinstance(value, datetime):
        raise _no_instant(value)
    # What is missing in a pandas column is a NaT: an instance of datetime that equals nothing, itself included.
    if value != value:  # noqa: PLR0124
        raise _no_instant(value)
    if value.utcoffset() is None:
        raise InstantError.one(
            "naive_instant",
            f"{value.isoformat(sep=' ')} has no zone",
            hint="pass zone=, or a datetime with a zone",
        )
    try:
        known = value.astimezone(UTC)
    except OverflowError:
        message = f"{value.isoformat(sep=' ')} is beyond what a datetime in UTC can say"
        raise InstantError.one(
            "beyond_time", message, hint="give an instant of the years 1 to 9999"
        ) from None
    if known.__class__ is datetime:
        return known
    return datetime.combine(known.date(), known.time(), UTC)


def _no_instant(value: object) -> InstantError:
    return InstantError.one("not_an_instant", f"expected an instant, got {value!r}", hint=_HINT)


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that IANA name.

    Raises:
        InstantError: no such zone is known here; near names are offered.

    >>> zone_named("Europe/London")
    zoneinfo.ZoneInfo(key='Europe/London')
    """
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, TypeError, KeyError):  # folders, odd names, no text, unknown names
        raise InstantError.one(
            "unknown_zone",
            f"{name!r} is no IANA time zone",
            path="zone",
            hint=near(str(name), available_timezones()),
        ) from None


def micros_of(instant: datetime) -> int:
    """Microseconds from 1970-01-01T00:00Z to an aware instant."""
    since = instant - EPOCH
    return since.days * _DAY_US + since.seconds * 1_000_000 + since.microseconds


def instant_of(micros: int) -> datetime:
    """The UTC instant that lies `micros` microseconds after 1970-01-01T00:00Z."""
    return EPOCH + timedelta(microseconds=micros)


def micros(duration: timedelta) -> int:
    """A duration in whole microseconds."""
    return duration // _MICROSECOND


@attrs.frozen(order=True)
class Span:
    """The time from `start` up to, but not including, `end`; both UTC.

    >>> Span(instant_of(0), instant_of(60_000_000)).duration
    datetime.timedelta(seconds=60)
    """

    start: datetime = attrs.field(converter=utc)
    end: datetime = attrs.field(converter=utc)

    def __attrs_post_init__(self) -> None:
        if self.end < self.start:
            raise InstantError.one(
                "backward_span",
                f"a span cannot end ({self.end.isoformat()}) before it starts ({self.start.isoformat()})",
                hint="swap the two",
            )

    @property
    def duration(self) -> timedelta:
        """The real time between the two ends."""
        return self.end - self.start

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= utc(instant) < self.end


Pair = tuple[int, int]


def union(spans: Iterable[Pair]) -> tuple[Pair, ...]:
    """Spans in any order, empty and overlapping ones included, as a set of spans.

    >>> union([(5, 9), (1, 3), (3, 4), (8, 12), (7, 7)])
    ((1, 4), (5, 12))
    """
    return tuple(_merged(sorted(spans)))


def _merged(ordered: Iterable[Pair]) -> Iterator[Pair]:
    start = end = 0
    held = False
    for from_, to in ordered:
        if to <= from_:
            continue
        if held and from_ <= end:
            end = max(end, to)
            continue
        if held:
            yield start, end
        start, end, held = from_, to, True
    if held:
        yield start, end


def intersect(left: Sequence[Pair], right: Sequence[Pair]) -> tuple[Pair, ...]:
    """What lies in both sets.

    >>> intersect([(0, 10), (20, 30)], [(5, 25)])
    ((5, 10), (20, 25))
    """
    found: list[Pair] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i][0], right[j][0])
        end = min(left[i][1], right[j][1])
        if start < end:
            found.append((start, end))
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def subtract(left: Sequence[Pair], right: Sequence[Pair]) -> tuple[Pair, ...]:
    """What lies in the first set and not in the second.

    >>> subtract([(0, 10), (20, 30)], [(5, 25)])
    ((0, 5), (25, 30))
    """
    found: list[Pair] = []
    j = 0
    for start, end in left:
        at = start
        while j < len(right) and right[j][1] <= at:
            j += 1
        k = j
        while k < len(right) and right[k][0] < end:
            if right[k][0] > at:
                found.append((at, right[k][0]))
            at = max(at, right[k][1])
            k += 1
        if at < end:
            found.append((at, end))
    return tuple(found)


def total(spans: Iterable[Pair]) -> int:
    """The sum of the lengths of a set of spans.

    >>> total([(0, 5), (25, 30)])
    10
    """
    return sum(end - start for start, end in spans)
