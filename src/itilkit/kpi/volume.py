"""How many came, by time and by what they come from?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal, Unpack, get_args

import attrs

from itilkit.calendars import Period
from itilkit.kpi.definition import KINDS, Case, Cohort, Figure, Kind, Kpi, LeftOut, check_word, refuse
from itilkit.kpi.durations import EndingOptions
from itilkit.kpi.intervals import Interval, is_number, poisson_limits
from itilkit.kpi.resolving import TimeToResolve, time_to_resolve
from itilkit.kpi.survival import Spell, Survival
from itilkit.spans import micros

__all__ = ["Counting", "arrival_rate", "cohort_resolution", "incidents_per", "volume"]

Counting = Literal["demand", "unique"]
_DAY = timedelta(days=1)


@attrs.frozen
class Volume(Kpi):
    """See `volume`."""

    counting: Counting = attrs.field(kw_only=True)

    @property
    def usually_left_out(self) -> frozenset[Kind]:
        """Children of a major incident had to be dealt with, too, and are told among the parts."""
        return KINDS - {"child"} - ({"duplicate"} if self.counting == "demand" else set[Kind]())

    def observe(self, case: Case) -> bool | LeftOut:
        """Every incident counts; whether it follows a major one."""
        return "child" in case.kinds

    def figures(self, observations: Sequence[bool]) -> Iterator[Figure]:
        """The count; zero of nothing, because that nothing came is known."""
        children = sum(observations)
        parts = {"children": children} if children else {}
        yield Figure("count", len(observations), "incidents", len(observations), parts)


_COUNTING = {"demand": "duplicates counted", "unique": "duplicates left out"}


def volume(*, cohort: Cohort = "opened", counting: Counting = "demand") -> Volume:
    """Incidents per period; a period without any is 0.

    Args:
        cohort: The event that places an incident in a period.
        counting: ``demand`` counts an incident that repeats another one, because it had to be dealt with;
            ``unique`` leaves it out as ``duplicate``.

    Left out and counted apart: ``cancelled``, ``request``, ``not_opened`` at `as_of`. Children of a major incident
    count and are told among the parts. Source: ServiceNow's IT manager dashboard.

    Raises:
        KpiError: an unknown cohort or way of counting.
    """
    check_word("cohort", cohort, get_args(Cohort))
    check_word("counting", counting, get_args(Counting))
    return Volume("volume", reading=f"by {cohort}, {_COUNTING[counting]}", cohort=cohort, counting=counting)


@attrs.frozen
class ArrivalRate(Kpi):
    """See `arrival_rate` and `incidents_per`."""

    window: Period = attrs.field(kw_only=True)
    units: float = attrs.field(kw_only=True)
    of: str = attrs.field(kw_only=True)

    @property
    def usually_left_out(self) -> frozenset[Kind]:
        """What `volume` leaves out."""
        return frozenset({"cancelled", "request"})

    def observe(self, case: Case) -> datetime | LeftOut:
        """The right edge of what is known, of one that was opened in the period."""
        if case.timeline.events[0].at in self.window:
            return case.timeline.as_of
        return LeftOut("out_of_period")

    def figures(self, observations: Sequence[datetime]) -> Iterator[Figure]:
        """The rate with its exact Poisson interval; a period that is not over counts as far as it was seen."""
        seen = min(self.window.end, *observations[:1]) if observations else self.window.end
        days = (seen - self.window.start) / _DAY
        exposure, n = (days if self.of == "day" else self.units), len(observations)

        def interval(level: float, _seed: int) -> Interval:
            low, high = poisson_limits(n, level)
            return Interval(low / exposure, high / exposure, level=level, method="Poisson")

        value = n / exposure if exposure else None
        yield Figure("rate", value, f"incidents per {self.of}", n, sureness=interval if exposure else None)


def _checked(period: Period) -> Period:
    if not isinstance(period, Period):
        raise refuse("period", f"expected a period, got {period!r}", "Period.month(2026, 3, zone='UTC')")
    return period


def arrival_rate(period: Period) -> ArrivalRate:
    """Incidents opened in a period / its days, as far as `as_of` has seen them.

    Left out: ``out_of_period``, ``cancelled``, ``request``.

    Raises:
        KpiError: no period.
    """
    words = f"opened in {_checked(period).label}"
    return ArrivalRate("arrival_rate", reading=words, window=period, units=1, of="day")


def incidents_per(of: str, *, units: float, period: Period) -> ArrivalRate:
    """Incidents opened in a period / units: users, configuration items, sites.

    Args:
        of: What is counted, in the singular: ``user``.
        units: How many there are at the middle of the period, those without incidents as well.
        period: The period.

    Source: ServiceNow's incident management dashboard.

    Raises:
        KpiError: less than one unit, or no period.
    """
    if not is_number(units) or not units > 0:
        raise refuse("units", f"{units!r} units are none", "how many there are")
    if not of or of == "day":
        raise refuse("of", f"{of!r} is no unit", "user, configuration item, site")
    words = f"opened in {_checked(period).label}, per {of}"
    return ArrivalRate("incidents_per", reading=words, window=period, units=units, of=of)


@attrs.frozen
class CohortResolution(Kpi):
    """See `cohort_resolution`."""

    within: timedelta = attrs.field(kw_only=True)
    inner: TimeToResolve = attrs.field(kw_only=True)

    @property
    def from_earliest(self) -> bool:
        """As the time to resolve that it is made of."""
        return self.inner.from_earliest

    def observe(self, case: Case) -> Spell | LeftOut:
        """Its time to resolve, or how long it has been open."""
        return self.inner.observe(case)

    def figures(self, observations: Sequence[Spell]) -> Iterator[Figure]:
        """One less the Kaplan-Meier share that goes on."""
        survival = Survival.of(observations)
        goes_on = survival.share(self.within)
        ended = sum(spell.ended for spell in observations)
        parts = {"ended": ended, "still_open": len(observations) - ended}

        def interval(level: float, _seed: int) -> Interval | None:
            limits = [
                limit
                for time, limit in zip(survival.times, survival.limits(level), strict=True)
                if time <= micros(self.within)
            ]
            if not limits:
                return None
            low, high = limits[-1]
            return Interval(1 - high, 1 - low, level=level, method="Kaplan-Meier, log(-log)")

        value = None if goes_on is None else 1 - goes_on
        yield Figure("share", value, "ratio", survival.n, parts, sureness=interval)


def cohort_resolution(within: timedelta, **given: Unpack[EndingOptions]) -> CohortResolution:
    """The share of opened incidents that are resolved within so much time, open ones counted as long as they were seen.

    It is 1 - S(t) of Kaplan and Meier; None where nobody was seen that long and not all are resolved. The options are
    those of `time_to_resolve`; the cohort is that of the opening.

    Raises:
        KpiError: less than no time, or an unknown option.
    """
    asked: object = within
    if not isinstance(asked, timedelta) or asked < timedelta(0):
        raise refuse("within", f"{within!r} is no amount of time", "timedelta(days=5)")
    chosen: EndingOptions = {**given, "cohort": "opened"}
    inner = time_to_resolve("n", **chosen)
    words = f"within {within}, {inner.reading}"
    return CohortResolution("cohort_resolution", reading=words, within=within, inner=inner)
