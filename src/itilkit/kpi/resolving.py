"""From opening to resolution, in each of its readings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, get_args

import attrs

from itilkit.kpi.definition import Case, Clock, Cohort, LeftOut, check_word
from itilkit.kpi.durations import (
    ENDINGS,
    MIN_N,
    Durations,
    Ending,
    Hold,
    Negative,
    Opening,
    Options,
    check_ending,
    ended_at,
    options,
)
from itilkit.kpi.survival import Spell
from itilkit.lifecycle import Timeline

__all__ = ["Resolution", "mean_time_to_resolve", "time_to_resolve"]

Resolution = Literal["last", "first", "worked", "reported"]


@attrs.frozen
class TimeToResolve(Durations):
    """See `time_to_resolve`."""

    resolution: Resolution = attrs.field(default="last", kw_only=True)
    end: Ending = attrs.field(default="resolved", kw_only=True)

    def observe(self, case: Case) -> Spell | LeftOut:
        """From opening to resolution under the reading asked for; of an open one, how long it has lasted."""
        end = self.resolved_at(case)
        if end is None and case.unresolved.reason != "open":
            return case.unresolved
        # the usual one without a call, for this is asked of every incident
        start, name = (case.timeline.events[0].at, "") if case.merged_at is None else self.opened(case)
        if self.resolution == "worked":
            return self.spell(case, start, self._worked(case), name, ended=end is not None)
        return self.until_now(case, start, name) if end is None else self.between(case, start, end, name)

    def resolved_at(self, case: Case) -> datetime | None:
        """The resolution that the reading means, or the closure that stands in for it."""
        if self.resolution == "first":
            found = case.first_resolved_at
        else:
            found = _reported(case.timeline) if self.resolution == "reported" else case.resolved_at
        return ended_at(case, self.end, found)

    def _worked(self, case: Case) -> timedelta | LeftOut:
        """The sum of its open spells; each runs from beat to beat until a status that is not open, or until now."""
        timeline = case.timeline
        spent = timedelta(0)
        since = case.merged_at if self.from_earliest else None  # what was merged into it was open before
        beats = (*zip(timeline.beats, timeline.statuses, strict=True), (timeline.as_of, None))
        for at, status in beats:
            goes_on = status is not None and status.is_open
            if since is None:
                since = at if goes_on else None
            elif not goes_on:
                spell = self.elapsed(case, since, at)
                if isinstance(spell, LeftOut):
                    return spell
                spent += spell
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


def time_to_resolve(
    *statistics: str,
    resolution: Resolution = "last",
    clock: Clock = "wall",
    cohort: Cohort = "resolved",
    hold: Hold = "include",
    min_n: int = MIN_N,
    end: Ending = "resolved",
    negative: Negative = "leave_out",
    observed_since: datetime | None = None,
    opening: Opening = "earliest",
) -> TimeToResolve:
    """Time from opening to resolution: the service desk's MTTR, with its reading.

    Args:
        statistics: ``n``, ``mean``, ``geometric_mean``, ``trimmed_mean``, ``median``, percentiles such as ``p90``; the
            median alone by default. With ``cohort="opened"`` also those that count open incidents as long as they have
            lasted: ``km_median``, ``km_p90`` (Kaplan-Meier) and ``rmst_14d`` (the mean restricted to 14 days).
        resolution: ``last`` entry into resolved, which is what the user lived through; ``first``; ``worked``, the
            open intervals only; or ``reported``, the tool's own column.
        clock: ``wall``; a calendar whose open time counts; or ``agreement``, the calendar of the incident's own
            resolution target.
        cohort: The event that places an incident in a period; ``resolved`` is the resolution that the reading means.
        hold: ``exclude`` takes time on hold off.
        min_n: Below this many, no percentile above the median is told.
        end: ``resolved_or_closed`` takes closure where a closed incident has no resolution. Closing often happens by
            itself days after the resolution, so this makes the figure longer.
        negative: What becomes of an end before its start: ``leave_out`` and count it, ``clip`` it to zero, ``keep``
            it, or ``raise``. Zero is valid.
        observed_since: When the log began; Kaplan-Meier figures and restricted means then count an incident that was
            opened before from that instant on (delayed entry).
        opening: An incident into which duplicates were merged counts, and is placed, by the ``earliest`` opening of
            them, which is told among the parts; ``own`` takes that of its own record.

    Left out: ``open`` (not resolved), ``missing`` (closed without a resolution), ``cancelled``, ``duplicate``,
    ``child`` (of a major incident), ``request``, ``negative``, ``no_agreement`` (with ``clock="agreement"``). Source:
    ServiceNow and PagerDuty call this mean time to resolve.

    Raises:
        KpiError: an unknown statistic, reading, clock, cohort or other option.
    """
    check_word("resolution", resolution, get_args(Resolution))
    check_ending(end)
    given: Options = {
        "clock": clock,
        "cohort": cohort,
        "hold": hold,
        "min_n": min_n,
        "negative": negative,
        "observed_since": observed_since,
        "opening": opening,
    }
    words = f"{_RESOLUTIONS[resolution]}{ENDINGS[end]}"
    return TimeToResolve(
        "time_to_resolve", **options(statistics, words, given), resolution=resolution, end=end
    )


def mean_time_to_resolve(
    *,
    resolution: Resolution = "last",
    clock: Clock = "wall",
    cohort: Cohort = "resolved",
    hold: Hold = "include",
    end: Ending = "resolved",
) -> TimeToResolve:
    """MTTR, in the reading "resolve": the mean of `time_to_resolve`.

    A few long incidents carry a mean; show the median beside it.
    """
    return time_to_resolve("mean", resolution=resolution, clock=clock, cohort=cohort, hold=hold, end=end)
