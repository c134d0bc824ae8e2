"""Where do incidents spend their time? In a status, on hold, being worked on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, Unpack, get_args

import attrs

from itilkit.calendars import Calendar
from itilkit.kpi.case import NO_STAYS
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
from itilkit.kpi.durations import ENDINGS, Durations, Ending, Options, check_ending, ended_at, options
from itilkit.kpi.survival import Spell
from itilkit.lifecycle import Visit, visits
from itilkit.spans import micros, micros_of, total, union, utc
from itilkit.vocabulary import Status

__all__ = ["active_time", "hold_share", "time_in_status", "touch_time"]

Track = Literal["status", "state"]
PlainClock = Calendar | Literal["wall"]
_ZERO = timedelta(0)


def _lasted(visit: Visit, case: Case, calendar: Calendar) -> timedelta:
    """How long; the last stay counts up to `as_of`, and where the record is at its end up to the last event."""
    if not (visit.goes_on and case.timeline.statuses[-1].is_final):
        return visit.duration
    return calendar.elapsed(visit.start, case.timeline.beats[-1])


@attrs.frozen
class TimeInStatus(Kpi):
    """See `time_in_status`."""

    wanted: str = attrs.field(kw_only=True)
    of: Track = attrs.field(kw_only=True)
    clock: PlainClock = attrs.field(kw_only=True)

    def observe(self, case: Case) -> tuple[int, timedelta]:
        """The number of stays, and how long they took together."""
        if self.clock == "wall":
            known = case.in_status if self.of == "status" else case.in_state
            return known.get(self.wanted, NO_STAYS)
        stays = [
            _lasted(visit, case, self.clock)
            for visit in visits(case.timeline, of=self.of, calendar=self.clock)
            if visit.name == self.wanted
        ]
        return len(stays), sum(stays, _ZERO)

    def figures(self, observations: Sequence[tuple[int, timedelta]]) -> Iterator[Figure]:
        """Three means, of which each answers another question."""
        spent = sum((time for _, time in observations), _ZERO)
        stays = sum(count for count, _ in observations)
        visiting = sum(count > 0 for count, _ in observations)
        parts = {"visits": stays, "visiting_incidents": visiting, "incidents": len(observations)}
        bases = (
            ("mean_per_visit", stays),
            ("mean_per_visiting_incident", visiting),
            ("mean_per_incident", len(observations)),
        )
        for name, base in bases:
            yield Figure(name, spent / base if base else None, "duration", base, parts)


def time_in_status(
    status: Status | str, *, of: Track = "status", clock: PlainClock = "wall", cohort: Cohort = "opened"
) -> TimeInStatus:
    """The mean time in a status: per visit, per incident that was ever there, and per incident of all.

    Args:
        status: The status; with ``of="state"`` a state of the tool's own.
        of: ``status`` or ``state``.
        clock: ``wall``, or a calendar whose open time counts.
        cohort: The event that places an incident in a period.

    A status lasts to the next event, the last one to `as_of`; after the last event of one that is closed or cancelled
    no more time counts.

    Raises:
        KpiError: no such status, or an unknown track, clock or cohort.
    """
    check_option("of", of, get_args(Track))
    check_word("cohort", cohort, get_args(Cohort))
    if of == "status":
        check_option("status", str(status), [each.value for each in Status])
    words = f"in {of} {status}, {_clock_words(clock)}"
    return TimeInStatus(
        "time_in_status", reading=words, cohort=cohort, wanted=str(status), of=of, clock=clock
    )


def _clock_words(clock: Clock) -> str:
    if clock == "agreement":
        raise refuse("clock", "the agreement's clock is none of a status", '"wall", or a Calendar')
    return clock_name(clock)


@attrs.frozen
class HoldShare(Kpi):
    """See `hold_share`."""

    clock: PlainClock = attrs.field(kw_only=True)
    end: Ending = attrs.field(default="resolved", kw_only=True)

    def resolved_at(self, case: Case) -> datetime | None:
        """The last resolution, or the closure that stands in for it."""
        return ended_at(case, self.end, case.resolved_at)

    def observe(self, case: Case) -> tuple[int, int] | LeftOut:
        """Time on hold until the last resolution, and time to it, in microseconds."""
        start, end = case.timeline.events[0].at, self.resolved_at(case)
        if end is None:
            return case.unresolved
        if end < start:
            return LeftOut("negative")
        calendar = self.clock if isinstance(self.clock, Calendar) else None
        held = sum(
            (
                visit.duration
                for visit in visits(case.timeline, calendar=calendar)
                if visit.name == Status.ON_HOLD.value and visit.end <= end
            ),
            _ZERO,
        )
        whole = end - start if calendar is None else calendar.elapsed(start, end)
        return micros(held), micros(whole)

    def figures(self, observations: Sequence[tuple[int, int]]) -> Iterator[Figure]:
        """All time on hold by all time to resolve: a long incident weighs as much as it lasted."""
        held = sum(each for each, _ in observations)
        whole = sum(each for _, each in observations)
        on_hold = sum(each > 0 for each, _ in observations)
        yield Figure(
            "share", held / whole if whole else None, "ratio", len(observations), {"ever_on_hold": on_hold}
        )


def hold_share(
    *, clock: PlainClock = "wall", cohort: Cohort = "resolved", end: Ending = "resolved"
) -> HoldShare:
    """Time on hold / time to resolve, over all incidents together; None where they took no time.

    ``end="resolved_or_closed"`` takes the time to closure where a closed incident has no resolution. Left out:
    ``open``, ``missing``, ``negative``.

    Raises:
        KpiError: an unknown clock, cohort or end.
    """
    check_word("cohort", cohort, get_args(Cohort))
    check_ending(end)
    words = f"share of time{ENDINGS[end]}, {_clock_words(clock)}"
    return HoldShare("hold_share", reading=words, cohort=cohort, clock=clock, end=end)


@attrs.frozen
class Resolving(Durations):
    """Time that was spent until a resolution."""

    end: Ending = attrs.field(default="resolved", kw_only=True)

    def resolved_at(self, case: Case) -> datetime | None:
        """The last resolution, or the closure that stands in for it."""
        return ended_at(case, self.end, case.resolved_at)


@attrs.frozen
class ActiveTime(Resolving):
    """See `active_time`."""

    def observe(self, case: Case) -> Spell | LeftOut:
        """The sum of its stays in progress."""
        end = self.resolved_at(case)
        if end is None and case.unresolved.reason != "open":
            return case.unresolved
        spent = _ZERO
        for visit in visits(case.timeline):
            if visit.name == Status.IN_PROGRESS.value:
                stay = self.elapsed(case, visit.start, visit.end)
                if isinstance(stay, LeftOut):
                    return stay
                spent += stay
        return self.spell(case, case.timeline.events[0].at, spent, ended=end is not None)


def active_time(*statistics: str, end: Ending = "resolved", **given: Unpack[Options]) -> ActiveTime:
    """Time in progress, which stands for work where nobody logs it: an incident in progress may still lie on a desk.

    ``end="resolved_or_closed"`` counts those that were closed without a resolution, too. Left out: ``open`` (not
    resolved), ``missing``, and the kinds that durations leave out.

    Raises:
        KpiError: an unknown statistic or option.
    """
    check_ending(end)
    words = f"in progress{ENDINGS[end]}"
    return ActiveTime("active_time", **options(statistics, words, given, "resolved"), end=end)


Work = tuple[str, datetime, datetime]
Log = tuple[tuple[str, tuple[tuple[str, int, int], ...]], ...]


@attrs.frozen
class TouchTime(Resolving):
    """See `touch_time`."""

    log: Log = attrs.field(default=(), kw_only=True, repr=False)

    def observe(self, case: Case) -> Spell | LeftOut:
        """The time that was logged for it, as far as it lies before `as_of`."""
        if self.resolved_at(case) is None:
            return case.unresolved
        number = case.timeline.incident.number
        place = bisect_left(self.log, (number,))
        if place == len(self.log) or self.log[place][0] != number:
            return LeftOut("not_recorded")
        found = self.log[place][1]
        now = micros_of(case.timeline.as_of)
        people = dict.fromkeys(person for person, _, _ in found)
        spent = sum(
            total(union((start, min(end, now)) for who, start, end in found if who == person))
            for person in people
        )
        return Spell(spent)


def touch_time(
    *statistics: str,
    work_log: Mapping[str, Sequence[Work]],
    end: Ending = "resolved",
    **given: Unpack[Options],
) -> TouchTime:
    """Hands-on time: what each person logged for an incident, overlaps of one person once, over all persons.

    Args:
        statistics: As for `time_to_resolve`.
        work_log: By incident number the stretches of work: person, start, end. No event records them, so an incident
            without an entry is ``not_recorded``; see `active_time` for a stand-in.
        end: ``resolved_or_closed`` counts those that were closed without a resolution, too.
        given: The options of `time_to_resolve`.

    Raises:
        KpiError: an unknown statistic or option, or work that ends before it starts.
        InstantError: an instant without a zone.
    """
    check_ending(end)
    log: list[tuple[str, tuple[tuple[str, int, int], ...]]] = []
    for number, stretches in work_log.items():
        found = tuple((who, micros_of(utc(start)), micros_of(utc(end))) for who, start, end in stretches)
        if any(end < start for _, start, end in found):
            raise refuse("work_log", f"work on {number} ends before it starts", "swap the two")
        log.append((number, found))
    words = f"as logged{ENDINGS[end]}"
    return TouchTime(
        "touch_time", **options(statistics, words, given, "resolved"), end=end, log=tuple(sorted(log))
    )
