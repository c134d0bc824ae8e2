"""How much of a promise is spent, left, or overrun, and did a warning come in time?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import get_args

import attrs

from itilkit.events import Escalated
from itilkit.kpi.compliance import check_target
from itilkit.kpi.definition import KINDS, Case, Cohort, Figure, Kind, Kpi, LeftOut, check_word, refuse
from itilkit.kpi.durations import MIN_N
from itilkit.kpi.share import mean_interval
from itilkit.kpi.statistic import check_statistics, duration_figures, percentile
from itilkit.kpi.survival import Spell
from itilkit.sla import Reading
from itilkit.spans import micros

__all__ = ["breach_lead_time", "overrun", "spent_share", "time_to_breach"]

_WARNINGS = ("sla_percent", "timer")


@attrs.frozen
class OfClock(Kpi):
    """A duration that a clock tells.

    Attributes:
        target: The key of the reading: ``resolution``, ``OLA.resolution`` ...
        statistics: As for `time_to_resolve`.
        asks: From an incident and its reading to the duration, or why there is none.
    """

    target: str = attrs.field(kw_only=True)
    statistics: tuple[str, ...] = attrs.field(kw_only=True)
    min_n: int = attrs.field(default=MIN_N, kw_only=True)
    asks: Callable[[Case, Reading], timedelta | LeftOut] = attrs.field(kw_only=True)

    @property
    def usually_left_out(self) -> frozenset[Kind]:
        """The child of a major incident has a target of its own."""
        return KINDS - {"child"}

    def observe(self, case: Case) -> Spell | LeftOut:
        """The duration of one incident."""
        reading = _reading(case, self.target)
        if isinstance(reading, LeftOut):
            return reading
        found = self.asks(case, reading)
        return found if isinstance(found, LeftOut) else Spell(micros(found))

    def figures(self, observations: Sequence[Spell]) -> Iterator[Figure]:
        """One figure per statistic."""
        return duration_figures(self.statistics, observations, self.min_n)


def _reading(case: Case, target: str) -> Reading | LeftOut:
    reading = case.readings.get(target)
    if reading is None:
        return LeftOut("no_agreement")
    return LeftOut("not_recorded") if reading.outcome == "not_recorded" else reading


def _of_clock(  # noqa: PLR0917  one call per figure, all alike
    name: str,
    words: str,
    target: str,
    statistics: tuple[str, ...],
    cohort: Cohort,
    asks: Callable[[Case, Reading], timedelta | LeftOut],
) -> OfClock:
    check_target(target)
    check_word("cohort", cohort, get_args(Cohort))
    told = statistics or ("median", "p90")
    check_statistics(told, "opened")
    return OfClock(
        name, reading=f"{target}, {words}", cohort=cohort, target=target, statistics=told, asks=asks
    )


def _lead(case: Case, reading: Reading) -> timedelta | LeftOut:
    late = reading.breached_at
    if late is None:
        return LeftOut("ended" if reading.outcome in ("met", "cancelled") else "pending")
    warned: datetime | None = None
    for event in case.timeline.events:
        if isinstance(event, Escalated) and event.trigger in _WARNINGS:
            warned = event.at
            break
    return LeftOut("never_warned") if warned is None else late - warned


def breach_lead_time(*statistics: str, target: str = "resolution", cohort: Cohort = "opened") -> OfClock:
    """How long before the breach the first warning came, over breached clocks; negative where it came afterwards.

    A warning is an `Escalated` that a timer or a share of the target triggered. Left out: ``never_warned``, which is
    counted and is not zero; ``ended`` (kept) and ``pending`` clocks; ``no_agreement``; ``not_recorded``.

    Raises:
        KpiError: an unknown target, statistic or cohort.
    """
    return _of_clock("breach_lead_time", "warning to breach", target, statistics, cohort, _lead)


def _left(_case: Case, reading: Reading) -> timedelta | LeftOut:
    if reading.state not in ("running", "paused"):
        return LeftOut("ended")
    left = reading.remaining
    return LeftOut("no_target") if left is None else left


def time_to_breach(*statistics: str, target: str = "resolution", cohort: Cohort = "opened") -> OfClock:
    """Open time that is left on clocks that run or wait at `as_of`; negative where they are late.

    Left out: ``ended``, ``no_target`` (in working days, or none), ``no_agreement``, ``not_recorded``. Which ones are
    due soon is what `sla.at_risk` tells.

    Raises:
        KpiError: an unknown target, statistic or cohort.
    """
    return _of_clock("time_to_breach", "open time left", target, statistics, cohort, _left)


def _over(_case: Case, reading: Reading) -> timedelta | LeftOut:
    if reading.outcome != "breached":
        return LeftOut("pending" if reading.outcome == "pending" else "ended")
    over = reading.overrun
    return LeftOut("no_target") if over is None else over


def overrun(*statistics: str, target: str = "resolution", cohort: Cohort = "opened") -> OfClock:
    """Open time beyond the target, over breached clocks; of one that still runs, up to `as_of`.

    Left out: ``ended`` (kept or cancelled), ``pending``, ``no_target`` (in working days), ``no_agreement``,
    ``not_recorded``.

    Raises:
        KpiError: an unknown target, statistic or cohort.
    """
    return _of_clock("overrun", "open time beyond the target", target, statistics, cohort, _over)


_BANDS = (0.5, 0.75, 0.85, 0.95, 1.0)


@attrs.frozen
class SpentShare(Kpi):
    """See `spent_share`."""

    target: str = attrs.field(kw_only=True)
    bands: tuple[float, ...] = attrs.field(kw_only=True)

    @property
    def usually_left_out(self) -> frozenset[Kind]:
        """The child of a major incident has a target of its own."""
        return KINDS - {"child"}

    def observe(self, case: Case) -> float | LeftOut:
        """How much of its target is spent."""
        reading = _reading(case, self.target)
        if isinstance(reading, LeftOut):
            return reading
        if reading.outcome == "cancelled":
            return LeftOut("cancelled")
        share = reading.spent_share
        return LeftOut("no_target") if share is None else share

    def figures(self, observations: Sequence[float]) -> Iterator[Figure]:
        """The mean and median share, and the count from each bound up to the next."""
        ordered = sorted(observations)
        n = len(ordered)
        yield Figure(
            "mean",
            sum(ordered) / n if n else None,
            "ratio",
            n,
            sureness=lambda level, seed: mean_interval(ordered, level, seed),
        )
        millionths = [round(share * 1_000_000) for share in ordered]
        middle = percentile(millionths, 50)
        yield Figure("median", None if middle is None else middle / 1e6, "ratio", n)
        places = [bisect_right(self.bands, share) for share in ordered]
        bounds = ["0", *(f"{band * 100:g}" for band in self.bands)]
        names = [f"{low}-{high} %" for low, high in pairwise(bounds)]
        for place, name in enumerate([*names, f"{bounds[-1]} % and more"]):
            yield Figure(name, places.count(place) if n else None, "clocks", n)


def spent_share(
    *, target: str = "resolution", bands: Sequence[float] = _BANDS, cohort: Cohort = "opened"
) -> SpentShare:
    """Open time spent / target, of clocks that run or have stopped: mean, median, and counts in bands.

    Left out: ``no_target`` (in working days, or none), ``cancelled``, ``no_agreement``, ``not_recorded``. A band holds
    its lower bound. Source: ServiceNow's incident management dashboard.

    Raises:
        KpiError: an unknown target or cohort, or bands that do not rise.
    """
    check_target(target)
    check_word("cohort", cohort, get_args(Cohort))
    bounds = tuple(bands)
    if not bounds or list(bounds) != sorted(set(bounds)) or bounds[0] <= 0:
        raise refuse("bands", "bounds of bands rise, from more than nothing", "(0.5, 0.75, 1.0)")
    return SpentShare("spent_share", reading=f"{target}, spent", cohort=cohort, target=target, bands=bounds)
