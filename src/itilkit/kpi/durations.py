"""What durations have in common: a clock, what becomes of holds and of an end before its start, and statistics."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, TypedDict, get_args

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import KpiError
from itilkit.kpi.definition import (
    Case,
    Clock,
    Cohort,
    Figure,
    Kpi,
    LeftOut,
    check_option,
    check_word,
    clock_name,
    refuse,
)
from itilkit.kpi.statistic import check_statistics, duration_figures
from itilkit.kpi.survival import NOT_LATE, Spell
from itilkit.spans import micros, utc
from itilkit.vocabulary import Status

__all__ = [
    "ENDINGS",
    "MIN_N",
    "Durations",
    "Ending",
    "EndingOptions",
    "Hold",
    "Negative",
    "Opening",
    "Options",
    "check_ending",
    "ended_at",
    "options",
]

Negative = Literal["leave_out", "clip", "keep", "raise"]
Hold = Literal["include", "exclude"]
Ending = Literal["resolved", "resolved_or_closed"]
"""What ends one that should end in a resolution: that, or else closure where it was closed without one."""
Opening = Literal["earliest", "own"]
"""When an incident into which duplicates were merged was opened: with the earliest of them, or by its own record."""

MIN_N = 5
_ZERO = timedelta(0)
_MERGED = "duplicate"


@attrs.frozen
class Durations(Kpi):
    """Durations with their statistics.

    Attributes:
        statistics: ``n``, ``mean``, ``geometric_mean``, ``trimmed_mean``, ``median``, percentiles such as ``p90``;
            and, counting what has not ended, ``km_median``, ``km_p90``, ``rmst_14d``.
        clock: ``wall``, a calendar whose open time counts, or ``agreement`` for the calendar of the incident's own
            target.
        hold: Whether time on hold counts.
        min_n: Below this many observations no percentile above the median is told.
        negative: What becomes of an end before its start.
        opening: Whether an incident into which duplicates were merged counts from the earliest opening of them.
        observed_since: When the log began: an incident opened before is counted from then on by the statistics that
            count what has not ended.
    """

    statistics: tuple[str, ...] = attrs.field(default=("median",), kw_only=True)
    clock: Clock = attrs.field(default="wall", kw_only=True)
    hold: Hold = attrs.field(default="include", kw_only=True)
    min_n: int = attrs.field(default=MIN_N, kw_only=True)
    negative: Negative = attrs.field(default="leave_out", kw_only=True)
    opening: Opening = attrs.field(default="earliest", kw_only=True)
    observed_since: datetime | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_statistics(self.statistics, self.cohort)
        clock_name(self.clock)

    @abstractmethod
    def observe(self, case: Case) -> Spell | LeftOut:
        """The duration of one incident, or why it has none."""

    @property
    def from_earliest(self) -> bool:
        """An incident into which others were merged counts from the earliest opening of them."""
        return self.opening == "earliest"

    def opened(self, case: Case) -> tuple[datetime, str]:
        """The opening, and ``duplicate`` where it is that of another incident that was merged into it."""
        if case.merged_at is not None and self.opening == "earliest":
            return case.merged_at, _MERGED
        return case.timeline.events[0].at, ""

    def figures(self, observations: Sequence[Spell]) -> Iterator[Figure]:
        """One figure per statistic, as a timedelta."""
        return duration_figures(self.statistics, observations, self.min_n)

    def between(self, case: Case, start: datetime, end: datetime, name: str = "") -> Spell | LeftOut:
        """What has ended, on this KPI's clock; an end before its start is dealt with as asked for."""
        if end < start and self.negative != "keep":
            return self._negative(start, end)
        if self.observed_since is None and self.clock == "wall" and self.hold == "include":
            return Spell(micros(end - start), start=name)  # the usual one, at half the cost
        return self.spell(case, start, self.elapsed(case, start, end), name)

    def until_now(self, case: Case, start: datetime, name: str = "") -> Spell | LeftOut:
        """What has not ended, up to `as_of`."""
        now = case.timeline.as_of
        spent = self.elapsed(case, start, max(start, now))
        return self.spell(case, start, spent, name, ended=False)

    def spell(
        self, case: Case, start: datetime, spent: timedelta | LeftOut, name: str = "", *, ended: bool = True
    ) -> Spell | LeftOut:
        """The duration, seen from when the log began."""
        if isinstance(spent, LeftOut):
            return spent
        entry, since = NOT_LATE, self.observed_since
        if since is not None and start < since:
            late = self.elapsed(case, start, since)
            entry = micros(late) if isinstance(late, timedelta) else NOT_LATE
        return Spell(micros(spent), ended, entry, name)

    def _negative(self, start: datetime, end: datetime) -> Spell | LeftOut:
        if self.negative == "raise":
            raise KpiError.one(
                "negative_duration",
                f"{self.name} from {start.isoformat()} to {end.isoformat()} ends before it starts",
                path="negative",
                hint='negative="leave_out" leaves such incidents out and counts them',
            )
        return Spell(0) if self.negative == "clip" else LeftOut("negative")

    def elapsed(self, case: Case, start: datetime, end: datetime) -> timedelta | LeftOut:
        """The time from one instant to another on this KPI's clock, less time on hold where that does not count."""
        if self.clock == "wall" and self.hold == "include":
            return end - start
        calendar = self._calendar(case)
        if isinstance(calendar, LeftOut):
            return calendar
        spent = _elapsed(calendar, start, end)
        if self.hold == "exclude":
            for low, high in _held(case, start, end):
                spent -= _elapsed(calendar, low, high)
        return spent

    def _calendar(self, case: Case) -> Calendar | LeftOut | None:
        if self.clock != "agreement":
            return self.clock if isinstance(self.clock, Calendar) else None
        reading = case.readings.get("resolution")
        goal = None if reading is None else reading.goal
        return LeftOut("no_agreement") if goal is None else goal.calendar


def _elapsed(calendar: Calendar | None, start: datetime, end: datetime) -> timedelta:
    return end - start if calendar is None else calendar.elapsed(start, end)


def _held(case: Case, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches on hold between two instants."""
    beats = case.timeline.beats
    for place, status in enumerate(case.timeline.statuses):
        if status is Status.ON_HOLD:
            low = max(start, beats[place])
            high = min(end, beats[place + 1] if place + 1 < len(beats) else case.timeline.as_of)
            if low < high:
                yield low, high


class Options(TypedDict, total=False):
    """The options that every duration has; see `Durations`."""

    clock: Clock
    cohort: Cohort
    hold: Hold
    min_n: int
    negative: Negative
    observed_since: datetime | None
    opening: Opening


class EndingOptions(Options, total=False):
    """The options of a duration that ends in resolution; `time_to_resolve` tells what they mean."""

    end: Ending


ENDINGS: Mapping[Ending, str] = {"resolved": "", "resolved_or_closed": ", else to closure"}


def check_ending(end: str) -> None:
    """Raise when there is no such ending."""
    check_word("end", end, get_args(Ending))


def ended_at(case: Case, end: Ending, resolved_at: datetime | None) -> datetime | None:
    """The resolution; where asked for, closure stands in for one that is missing."""
    return case.closed_at if resolved_at is None and end == "resolved_or_closed" else resolved_at


_HOLDS: Mapping[Hold, str] = {"include": "", "exclude": ", time on hold left out"}
_NEGATIVES: Mapping[Negative, str] = {
    "leave_out": "",
    "clip": ", negative ones clipped to zero",
    "keep": ", negative ones kept",
    "raise": "",
}
_OPENINGS: Mapping[Opening, str] = {
    "earliest": "",
    "own": ", from its own opening where others were merged into it",
}


def options(
    statistics: tuple[str, ...], words: str, given: Options, cohort: Cohort = "opened"
) -> dict[str, Any]:
    """The options of a duration, checked, with its reading in words."""
    chosen = given.get("cohort", cohort)
    hold, negative = given.get("hold", "include"), given.get("negative", "leave_out")
    check_word("cohort", chosen, get_args(Cohort))
    check_word("negative", negative, get_args(Negative))
    check_option("hold", hold, get_args(Hold))
    opening = given.get("opening", "earliest")
    check_option("opening", opening, get_args(Opening))
    since = given.get("observed_since")
    least = given.get("min_n", MIN_N)
    if type(least) is not int or least < 1:
        raise refuse("min_n", f"at least {least!r} incidents is no condition", "a whole number from 1 on")
    clock = given.get("clock", "wall")
    seen = "" if since is None else f", seen since {utc(since):%Y-%m-%dT%H:%MZ}"
    return {
        "reading": f"{words}, {clock_name(clock)}{_HOLDS[hold]}{_NEGATIVES[negative]}{_OPENINGS[opening]}{seen}",
        "cohort": chosen,
        "statistics": statistics or ("median",),
        "clock": clock,
        "hold": hold,
        "min_n": least,
        "negative": negative,
        "opening": opening,
        "observed_since": None if since is None else utc(since),
    }
