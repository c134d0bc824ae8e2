"""Times from one fact of an incident to another."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, get_args

import attrs

from itilkit.errors import KpiError
from itilkit.kpi.definition import Case, Clock, Cohort, Figure, Kpi, LeftOut, check_word, clock_name
from itilkit.kpi.statistic import statistic
from itilkit.lifecycle import Timeline
from itilkit.records import Fact
from itilkit.spans import micros

__all__ = [
    "Ending",
    "Negative",
    "Resolution",
    "mean_time_to_acknowledge",
    "mean_time_to_resolve",
    "time_to_acknowledge",
    "time_to_resolve",
]

Resolution = Literal["last", "first", "worked", "reported"]
Ending = Literal["resolved", "resolved_or_closed"]
Negative = Literal["leave_out", "clip", "keep", "raise"]
MIN_N = 5


@attrs.frozen
class Durations(Kpi):
    """Durations with their statistics.

    Attributes:
        statistics: ``mean``, ``median``, percentiles such as ``p90``.
        clock: ``wall``, or a calendar whose open time counts.
        min_n: Below this many observations no percentile above the median is told.
        negative: What becomes of an end before its start.
    """

    statistics: tuple[str, ...] = attrs.field(default=("median",), kw_only=True)
    clock: Clock = attrs.field(default="wall", kw_only=True)
    min_n: int = attrs.field(default=MIN_N, kw_only=True)
    negative: Negative = attrs.field(default="leave_out", kw_only=True)

    def __attrs_post_init__(self) -> None:
        for name in self.statistics:
            statistic(name)
        clock_name(self.clock)

    @abstractmethod
    def observe(self, case: Case) -> timedelta | LeftOut:
        """The duration of one incident, or why it has none."""

    def figures(self, observations: Sequence[timedelta]) -> Iterator[Figure]:
        """One figure per statistic, as a timedelta."""
        ordered = sorted(map(micros, observations))
        for name in self.statistics:
            value = statistic(name)(ordered, self.min_n)
            yield Figure(
                name, None if value is None else timedelta(microseconds=value), "duration", len(ordered)
            )

    def between(self, start: datetime, end: datetime) -> timedelta | LeftOut:
        """The duration on this KPI's clock; an end before its start is dealt with as asked for."""
        if end < start and self.negative != "keep":
            return self._negative(start, end)
        return self.elapsed(start, end)

    def _negative(self, start: datetime, end: datetime) -> timedelta | LeftOut:
        if self.negative == "raise":
            raise KpiError.one(
                "negative_duration",
                f"{self.name} from {start.isoformat()} to {end.isoformat()} ends before it starts",
                path="negative",
                hint='negative="leave_out" leaves such incidents out and counts them',
            )
        return timedelta(0) if self.negative == "clip" else LeftOut("negative")

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """The time from one instant to another on this KPI's clock."""
        return end - start if isinstance(self.clock, str) else self.clock.elapsed(start, end)


@attrs.frozen
class TimeToResolve(Durations):
    """See `time_to_resolve`."""

    resolution: Resolution = attrs.field(default="last", kw_only=True)
    end: Ending = attrs.field(default="resolved", kw_only=True)

    def observe(self, case: Case) -> timedelta | LeftOut:
        """From opening to resolution under the reading asked for."""
        if case.early is not None:
            return case.early
        end = self.resolved_at(case)
        if end is None:
            return case.unresolved
        if self.resolution == "worked":
            return self._worked(case.timeline)
        return self.between(case.timeline.events[0].at, end)

    def resolved_at(self, case: Case) -> datetime | None:
        """The resolution that the reading means; where asked for, closure stands in for one that is missing."""
        if self.resolution == "first":
            found = case.first_resolved_at
        else:
            found = _reported(case.timeline) if self.resolution == "reported" else case.resolved_at
        return case.closed_at if found is None and self.end == "resolved_or_closed" else found

    def _worked(self, timeline: Timeline) -> timedelta:
        """The sum of its open spells; each runs from beat to beat until a status that is not open."""
        spent = timedelta(0)
        since: datetime | None = None
        for at, status in zip(timeline.beats, timeline.statuses, strict=True):
            if since is None:
                since = at if status.is_open else None
            elif not status.is_open:
                spent += self.elapsed(since, at)
                since = None
        return spent


def _reported(timeline: Timeline) -> datetime | None:
    """The tool's own column, hidden while it lies in the future."""
    told = timeline.incident.reported.get("resolved_at")
    return told if isinstance(told, datetime) and told <= timeline.as_of else None


_RESOLUTIONS: Mapping[Resolution, str] = {
    "last": "to the last entry into resolved",
    "first": "to the first entry into resolved",
    "worked": "open intervals only, time resolved left out",
    "reported": "to the tool's own resolved_at column",
}
_ENDINGS: Mapping[Ending, str] = {"resolved": "", "resolved_or_closed": ", else to closure"}
_NEGATIVES: Mapping[Negative, str] = {
    "leave_out": "",
    "clip": ", negative ones clipped to zero",
    "keep": ", negative ones kept",
    "raise": "",
}


def time_to_resolve(
    *statistics: str,
    resolution: Resolution = "last",
    clock: Clock = "wall",
    cohort: Cohort = "resolved",
    min_n: int = MIN_N,
    end: Ending = "resolved",
    negative: Negative = "leave_out",
) -> TimeToResolve:
    """Time from opening to resolution: the service desk's MTTR, with its reading.

    Args:
        statistics: ``mean``, ``median``, percentiles such as ``p90``; the median alone by default.
        resolution: ``last`` entry into resolved, which is what the user lived through; ``first``; ``worked``, the
            open intervals only; or ``reported``, the tool's own column.
        clock: ``wall``, or a calendar whose open time counts.
        cohort: The event that places an incident in a period; ``resolved`` is the resolution that the reading means.
        min_n: Below this many, no percentile above the median is told.
        end: ``resolved_or_closed`` takes closure where a closed incident has no resolution. Closing often happens by
            itself days after the resolution, so this makes the figure longer.
        negative: What becomes of an end before its start: ``leave_out`` and count it, ``clip`` it to zero, ``keep``
            it, or ``raise``. Zero is valid.

    Left out: ``open`` (not resolved), ``missing`` (closed without a resolution), ``cancelled``, ``duplicate``,
    ``negative``. Source: ServiceNow and PagerDuty call this mean time to resolve.

    Raises:
        KpiError: an unknown statistic, reading, clock, cohort or other option.
    """
    check_word("resolution", resolution, get_args(Resolution))
    check_word("cohort", cohort, get_args(Cohort))
    check_word("end", end, get_args(Ending))
    check_word("negative", negative, get_args(Negative))
    return TimeToResolve(
        "time_to_resolve",
        reading=f"{_RESOLUTIONS[resolution]}{_ENDINGS[end]}, {clock_name(clock)}{_NEGATIVES[negative]}",
        cohort=cohort,
        statistics=statistics or ("median",),
        clock=clock,
        min_n=min_n,
        negative=negative,
        resolution=resolution,
        end=end,
    )


def mean_time_to_resolve(
    *, resolution: Resolution = "last", clock: Clock = "wall", cohort: Cohort = "resolved"
) -> TimeToResolve:
    """MTTR, in the reading "resolve": the mean of `time_to_resolve`.

    A few long incidents carry a mean; show the median beside it.
    """
    return time_to_resolve("mean", resolution=resolution, clock=clock, cohort=cohort)


@attrs.frozen
class TimeToAcknowledge(Durations):
    """See `time_to_acknowledge`."""

    @property
    def facts(self) -> frozenset[Fact]:
        """Acknowledgements."""
        return frozenset({"acknowledged"})

    def observe(self, case: Case) -> timedelta | LeftOut:
        """From opening to the first acknowledgement or public reply."""
        if case.early is not None:
            return case.early
        if case.lacks(self.facts):
            return LeftOut("not_recorded")
        timeline = case.timeline
        for mark in timeline.marks:
            if mark.kind in ("acknowledged", "agent_reply"):
                return self.between(timeline.events[0].at, timeline.events[mark.beat].at)
        return case.unresolved


def time_to_acknowledge(
    *statistics: str, clock: Clock = "wall", cohort: Cohort = "opened", min_n: int = MIN_N
) -> TimeToAcknowledge:
    """MTTA and its kin: from opening to the first acknowledgement or public reply; later ones do not count.

    Left out: ``not_recorded`` where the source holds no acknowledgements, ``open`` and ``missing`` where nobody took
    notice, ``cancelled``, ``duplicate``, ``negative``. Source: PagerDuty's analytics.

    Raises:
        KpiError: an unknown statistic, clock or cohort.
    """
    check_word("cohort", cohort, get_args(Cohort))
    return TimeToAcknowledge(
        "time_to_acknowledge",
        reading=f"to the first acknowledgement, {clock_name(clock)}",
        cohort=cohort,
        statistics=statistics or ("median",),
        clock=clock,
        min_n=min_n,
    )


def mean_time_to_acknowledge(*, clock: Clock = "wall", cohort: Cohort = "opened") -> TimeToAcknowledge:
    """MTTA: the mean of `time_to_acknowledge`."""
    return time_to_acknowledge("mean", clock=clock, cohort=cohort)
