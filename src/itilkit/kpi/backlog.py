"""What is waiting, how old is it, and does it grow?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal, get_args

import attrs

from itilkit.calendars import Period
from itilkit.kpi.definition import KINDS, Case, Figure, Kind, Kpi, LeftOut, check_word, refuse
from itilkit.kpi.durations import MIN_N
from itilkit.kpi.share import share_interval
from itilkit.kpi.statistic import check_statistics, duration_figures
from itilkit.kpi.survival import Spell
from itilkit.spans import micros, utc
from itilkit.vocabulary import Status

__all__ = [
    "End",
    "Side",
    "backlog",
    "backlog_age",
    "backlog_growth",
    "resolution_rate",
    "stale",
    "time_to_empty",
]

End = Literal["resolved", "closed", "state"]
Side = Literal["after", "before"]
_DAY = timedelta(days=1)


@attrs.frozen
class AtInstant(Kpi):
    """What waits at an instant."""

    at: datetime = attrs.field(kw_only=True)
    end: End = attrs.field(kw_only=True)
    side: Side = attrs.field(kw_only=True)

    @property
    def usually_left_out(self) -> frozenset[Kind]:
        """One that was cancelled counts until then; the child of a major incident waits as well."""
        return KINDS - {"cancelled", "child"}

    def waiting(self, case: Case) -> bool | LeftOut:
        """Whether the incident was open at the instant."""
        if case.timeline.as_of < self.at:
            return LeftOut("missing")
        return waits(case, self.at, self.end, self.side)


@attrs.frozen
class Backlog(AtInstant):
    """See `backlog`."""

    def observe(self, case: Case) -> bool | LeftOut:
        """Whether the incident was open at the instant."""
        return self.waiting(case)

    def figures(self, observations: Sequence[bool]) -> Iterator[Figure]:
        """The count; None of nothing, because then nobody can tell."""
        n = len(observations)
        yield Figure("count", sum(observations) if n else None, "incidents", n)


def waits(case: Case, at: datetime, end: End, side: Side) -> bool:
    """Whether an incident was opened and not ended at an instant."""
    timeline = case.timeline
    opened = timeline.events[0].at
    if opened > at or (opened == at and side == "before"):
        return False
    if end == "state":
        known = bisect_right if side == "after" else bisect_left
        return timeline.statuses[known(timeline.beats, at) - 1].is_open
    ended = ended_at(case, end)
    return ended is None or ended > at or (ended == at and side == "before")


def ended_at(case: Case, end: End) -> datetime | None:
    """When the incident ended for good; closed or cancelled without a resolution, it ended then."""
    if case.timeline.statuses[-1] is Status.CANCELLED:
        return max(case.timeline.entered(Status.CANCELLED))
    if end == "resolved" and case.resolved_at is not None:
        return case.resolved_at
    return case.closed_at


_ENDS = {"resolved": "until last resolved", "closed": "until closed", "state": "open by its state"}
_SIDES = {"after": "", "before": ", before what happens then"}


def _words(at: datetime, end: End, side: Side) -> str:
    check_word("end", end, get_args(End))
    check_word("side", side, get_args(Side))
    return f"at {at:%Y-%m-%dT%H:%MZ}, {_ENDS[end]}{_SIDES[side]}"


def backlog(at: datetime, *, end: End = "resolved", side: Side = "after") -> Backlog:
    """Incidents opened at an instant and not ended at it.

    Args:
        at: The instant; aware.
        end: ``resolved`` for the last resolution, ``closed`` for closure, or ``state`` for what the history shows:
            not resolved, closed or cancelled at the instant. A reopened incident makes the three differ.
        side: ``after``: what happens exactly at the instant has happened; ``before``: it has not, which is what a
            period that ends at the instant leaves behind.

    `n` is the number of incidents that were looked at. A log that begins on some date lacks the older open
    incidents: an early backlog is too low. Left out: ``missing`` when the assessment's `as_of` lies before the
    instant, ``duplicate``, ``request``, ``not_opened``; one that was cancelled counts until then.

    Raises:
        KpiError: an unknown end or side.
        InstantError: `at` has no zone.
    """
    instant = utc(at)
    return Backlog("backlog", reading=_words(instant, end, side), at=instant, end=end, side=side)


_BANDS = tuple(timedelta(days=days) for days in (1, 5, 10, 30))


@attrs.frozen
class BacklogAge(AtInstant):
    """See `backlog_age`."""

    statistics: tuple[str, ...] = attrs.field(kw_only=True)
    bands: tuple[timedelta, ...] = attrs.field(kw_only=True)
    min_n: int = attrs.field(kw_only=True)

    def observe(self, case: Case) -> Spell | LeftOut:
        """How old it is, if it waits."""
        waiting = self.waiting(case)
        if isinstance(waiting, LeftOut):
            return waiting
        return Spell(micros(self.at - case.timeline.events[0].at)) if waiting else LeftOut("ended")

    def figures(self, observations: Sequence[Spell]) -> Iterator[Figure]:
        """The statistics, then the count in each band; what is as old as a bound lies in the band above it."""
        yield from duration_figures(self.statistics, observations, self.min_n)
        places = [bisect_right(self.bands, timedelta(microseconds=spell.spent)) for spell in observations]
        for place, name in enumerate(_band_names(self.bands)):
            n = len(observations)
            yield Figure(name, places.count(place) if n else None, "incidents", n)


def _band_names(bands: Sequence[timedelta]) -> Iterator[str]:
    ends = [f"{band / _DAY:g}" for band in bands]
    yield from (f"{low}-{high} days" for low, high in zip(["0", *ends], ends, strict=False))
    yield f"{ends[-1]} days and more"


def backlog_age(
    at: datetime,
    *statistics: str,
    end: End = "resolved",
    side: Side = "after",
    bands: Sequence[timedelta] = _BANDS,
    min_n: int = MIN_N,
) -> BacklogAge:
    """How old the incidents are that wait at an instant: statistics, and counts in bands of age.

    Args:
        at: The instant; aware.
        statistics: As for `time_to_resolve`; the median and p90 by default.
        end: As for `backlog`.
        side: As for `backlog`.
        bands: The bounds between the bands, 1, 5, 10 and 30 days by default; each band holds its lower bound.
        min_n: Below this many no percentile above the median is told.

    Left out: ``ended`` (does not wait then), and what `backlog` leaves out. Source: ServiceNow's incident management
    dashboard.

    Raises:
        KpiError: an unknown statistic, end or side, or bands that do not rise.
        InstantError: `at` has no zone.
    """
    told = statistics or ("median", "p90")
    check_statistics(told, "opened")
    bounds = tuple(bands)
    if not bounds or list(bounds) != sorted(set(bounds)) or bounds[0] <= timedelta(0):
        raise refuse(
            "bands", "bounds of bands rise, from more than nothing", "[timedelta(days=1), timedelta(days=5)]"
        )
    instant = utc(at)
    words = _words(instant, end, side)
    return BacklogAge(
        "backlog_age",
        reading=words,
        at=instant,
        end=end,
        side=side,
        statistics=told,
        bands=bounds,
        min_n=min_n,
    )


@attrs.frozen
class Stale(AtInstant):
    """See `stale`."""

    after: timedelta = attrs.field(kw_only=True)

    def observe(self, case: Case) -> bool | LeftOut:
        """Whether one that waits was not touched for too long."""
        waiting = self.waiting(case)
        if isinstance(waiting, LeftOut):
            return waiting
        beats = case.timeline.beats
        touched = beats[bisect_right(beats, self.at) - 1]
        return self.at - touched > self.after if waiting else LeftOut("ended")

    def figures(self, observations: Sequence[bool]) -> Iterator[Figure]:
        """The share; None where nothing waits."""
        count, n = sum(observations), len(observations)
        yield Figure(
            "share",
            count / n if n else None,
            "ratio",
            n,
            {"counted": count},
            sureness=lambda level, _: share_interval(count, n, level),
        )


def stale(at: datetime, *, after: timedelta = timedelta(days=5), end: End = "resolved") -> Stale:
    """Waiting incidents without any event for more than so long / waiting incidents, at an instant.

    Left out: ``ended`` (does not wait then), and what `backlog` leaves out. Source: ServiceNow's IT manager dashboard.

    Raises:
        KpiError: less than no time, or an unknown end.
        InstantError: `at` has no zone.
    """
    if after < timedelta(0):
        raise refuse("after", f"{after} is less than no time")
    instant = utc(at)
    words = f"{_words(instant, end, 'after')}, untouched for more than {after.days} days"
    return Stale("stale", reading=words, at=instant, end=end, side="after", after=after)


@attrs.frozen
class Flow(Kpi):
    """How many were opened and how many ended in a period."""

    window: Period = attrs.field(kw_only=True)
    end: End = attrs.field(kw_only=True)

    @property
    def usually_left_out(self) -> frozenset[Kind]:
        """What the backlog counts."""
        return KINDS - {"cancelled", "child"}

    def observe(self, case: Case) -> tuple[bool, bool, bool] | LeftOut:
        """Whether it was opened and whether it ended in the period, and whether it waits at its end."""
        low, high = self.window.start, self.window.end
        if case.timeline.as_of < high:
            return LeftOut("missing")
        opened, ended = case.timeline.events[0].at, ended_at(case, self.end)
        return (
            low <= opened < high,
            ended is not None and low <= ended < high,
            opened < high and (ended is None or ended >= high),
        )

    def figures(self, observations: Sequence[tuple[bool, bool, bool]]) -> Iterator[Figure]:
        """The figure of its name."""
        opened, ended, waiting = (sum(each[place] for each in observations) for place in range(3))
        n, parts = len(observations), {"opened": opened, "ended": ended, "backlog": waiting}
        if self.name == "backlog_growth":
            yield Figure("difference", opened - ended if n else None, "incidents", n, parts)
        elif self.name == "resolution_rate":
            yield Figure("rate", ended / opened if opened else None, "ended per opened", n, parts)
        else:
            surplus = ended - opened
            left = self.window.duration * (waiting / surplus) if n and surplus > 0 else None
            yield Figure("expectation", left, "duration", n, parts)


def _flow(name: str, period: object, end: End) -> Flow:
    check_word("end", end, ("resolved", "closed"))
    if not isinstance(period, Period) or not period.duration:
        raise refuse(
            "period", f"expected a period of some time, got {period!r}", "Period.month(2026, 3, zone='UTC')"
        )
    words = f"in {period.label}, {_ENDS[end]}"
    return Flow(name, reading=words, window=period, end=end)


def backlog_growth(period: Period, *, end: Literal["resolved", "closed"] = "resolved") -> Flow:
    """Incidents opened less incidents ended in a period: what the backlog grew by, seen before its bounds.

    Left out: ``missing`` where `as_of` lies before the end of the period, and what `backlog` leaves out. Source:
    ServiceNow's IT manager dashboard.

    Raises:
        KpiError: no period, or an unknown end.
    """
    return _flow("backlog_growth", period, end)


def resolution_rate(period: Period, *, end: Literal["resolved", "closed"] = "resolved") -> Flow:
    """Incidents ended in a period / incidents opened in it: a flow, which may exceed 1.

    The share of opened ones that were resolved in time is another figure: `cohort_resolution`.

    Raises:
        KpiError: no period, or an unknown end.
    """
    return _flow("resolution_rate", period, end)


def time_to_empty(period: Period, *, end: Literal["resolved", "closed"] = "resolved") -> Flow:
    """The backlog at the end of a period / (ended - opened) in it: how long it lasts at this pace.

    None unless more ends than arrives.

    Raises:
        KpiError: no period, or an unknown end.
    """
    return _flow("time_to_empty", period, end)
