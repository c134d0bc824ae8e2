"""How long did incidents stand where? Time in status or state: by visit, by visiting incident, by incident."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

import attrs

from itilkit.calendars import Calendar
from itilkit.lifecycle.timeline import Timeline
from itilkit.vocabulary import Status

__all__ = ["TimeIn", "Visit", "time_in", "visits"]

Track = Literal["status", "state"]
_NONE = timedelta(0)


@attrs.frozen
class Visit:
    """A stay in one status or state.

    Attributes:
        name: The status or state.
        start: When it came there.
        end: When it left, or the `as_of` of a stay that goes on.
        duration: How long; open time where a calendar was given, time on the wall otherwise.
        goes_on: It had not left by `as_of`.
        is_open: Somebody still owed the user something.
    """

    name: str
    start: datetime
    end: datetime = attrs.field(kw_only=True)
    duration: timedelta = attrs.field(kw_only=True)
    goes_on: bool = attrs.field(kw_only=True)
    is_open: bool = attrs.field(kw_only=True)


@attrs.frozen
class TimeIn:
    """The stays of many incidents in one status or state.

    Attributes:
        name: The status or state.
        total: The sum of the stays.
        visits: How many stays.
        visiting: How many incidents were ever there.
        incidents: How many incidents were looked at.
        share: Of the time during which the incidents were open; None for a status that is not open, or where they
            were open for no time at all.
    """

    name: str
    total: timedelta = attrs.field(kw_only=True)
    visits: int = attrs.field(kw_only=True)
    visiting: int = attrs.field(kw_only=True)
    incidents: int = attrs.field(kw_only=True)
    share: float | None = attrs.field(kw_only=True)

    @property
    def per_visit(self) -> timedelta:
        """The mean stay."""
        return self.total / self.visits

    @property
    def per_visiting_incident(self) -> timedelta:
        """The mean time of the incidents that were ever there."""
        return self.total / self.visiting

    @property
    def per_incident(self) -> timedelta:
        """The mean time of all incidents, those that were never there included."""
        return self.total / self.incidents


def visits(
    timeline: Timeline, *, of: Track = "status", calendar: Calendar | None = None
) -> tuple[Visit, ...]:
    """The stays of one incident, one after the other, up to `as_of`.

    Args:
        timeline: What held when; one without events gives nothing.
        of: ``status``, or ``state`` for the tool's own states.
        calendar: Count open time on this calendar; without it, time on the wall.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged, Resolved
    >>> from itilkit.lifecycle import SERVICENOW, replay
    >>> from itilkit.records import Incident
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> solved = Incident("INC1", [Logged(noon), Resolved(noon + timedelta(hours=3))])
    >>> for visit in visits(replay(solved, SERVICENOW, as_of=noon + timedelta(hours=4)), of="state"):
    ...     print(visit.name, visit.duration, visit.goes_on)
    New 3:00:00 False
    Resolved 1:00:00 True
    """
    return tuple(_visits(timeline, of, calendar))


def _visits(timeline: Timeline, of: Track, calendar: Calendar | None) -> Iterator[Visit]:
    track: tuple[Status | str, ...] = timeline.statuses if of == "status" else timeline.states
    first = 0
    for beat in range(1, len(track) + 1):
        if beat < len(track) and track[beat] == track[first]:
            continue
        goes_on = beat == len(track)
        start = timeline.beats[first]
        end = timeline.as_of if goes_on else timeline.beats[beat]
        yield Visit(
            str(track[first]),
            start,
            end=end,
            duration=end - start if calendar is None else calendar.elapsed(start, end),
            goes_on=goes_on,
            is_open=timeline.statuses[first].is_open,
        )
        first = beat


def time_in(
    timelines: Iterable[Timeline], *, of: Track = "status", calendar: Calendar | None = None
) -> Mapping[str, TimeIn]:
    """The time that incidents spent in each status or state, in the order in which each was first seen.

    A status that no incident was ever in has no entry; no timelines give an empty mapping. Timelines without
    events are not counted. The arguments are those of `visits`.
    """
    stays: dict[str, list[Visit]] = {}
    visiting: dict[str, int] = {}
    incidents = 0
    for timeline in timelines:
        found = visits(timeline, of=of, calendar=calendar)
        incidents += bool(found)
        for visit in found:
            stays.setdefault(visit.name, []).append(visit)
        for name in {visit.name for visit in found}:
            visiting[name] = visiting.get(name, 0) + 1
    opened = sum((visit.duration for each in stays.values() for visit in each if visit.is_open), _NONE)
    table: dict[str, TimeIn] = {}
    for name, each in stays.items():
        total = sum((visit.duration for visit in each), _NONE)
        table[name] = TimeIn(
            name,
            total=total,
            visits=len(each),
            visiting=visiting[name],
            incidents=incidents,
            share=total / opened if opened and each[0].is_open else None,
        )
    return table
