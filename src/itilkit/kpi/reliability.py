"""How long does a thing run between failures? Always per unit: a queue-wide figure shrinks as a company grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import attrs

from itilkit.calendars import Calendar, Period
from itilkit.kpi.chance import bootstrap, ends
from itilkit.kpi.definition import Case, Figure, Kpi, LeftOut, refuse
from itilkit.kpi.intervals import Interval, poisson_limits
from itilkit.kpi.outages import ONE_UNIT, Outage, Window, by_unit, gaps, outage
from itilkit.kpi.statistic import mean
from itilkit.spans import Pair, micros_of

__all__ = [
    "availability",
    "failure_rate",
    "mean_downtime_per_failure",
    "mean_time_between_failures",
    "mean_time_between_incidents",
    "mean_time_between_service_incidents",
    "uptime_share_between_failures",
]

_HOUR_US = 3_600_000_000


@attrs.frozen
class PerUnit(Kpi):
    """A figure of the outages of units.

    Attributes:
        unit_field: The dimension that names the unit; empty where all incidents are those of one service.
    """

    unit_field: str = attrs.field(kw_only=True)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimension that names the unit."""
        return (self.unit_field,) if self.unit_field else ()

    def observe(self, case: Case) -> Outage | LeftOut:
        """The unit and its outage; one that still lasts ends at `as_of`."""
        return outage(case, self.unit_field)


def _up(earlier: Pair, later: Pair) -> int:
    return later[0] - earlier[1]


def _between_starts(earlier: Pair, later: Pair) -> int:
    return later[0] - earlier[0]


@attrs.frozen
class Gaps(PerUnit):
    """The mean gap from one outage to the next one of the same unit."""

    from_start: bool = attrs.field(default=False, kw_only=True)

    def figures(self, observations: Sequence[Outage]) -> Iterator[Figure]:
        """The mean over all gaps; None where no unit failed twice."""
        units = by_unit(observations)
        found = list(gaps(units, _between_starts if self.from_start else _up))
        value = mean(found)
        yield Figure(
            "mean",
            None if value is None else timedelta(microseconds=value),
            "duration",
            len(found),
            {
                "failures": len(observations),
                "outages": sum(map(len, units.values())),
                "units": len(units),
                "gaps": len(found),
            },
            sureness=_resampled(found),
        )


def _resampled(found: Sequence[int]) -> Callable[[float, int], Interval | None]:
    def interval(level: float, seed: int) -> Interval | None:
        limits = ends(list(bootstrap(found, mean, seed)), level)
        if limits is None:
            return None
        low, high = (timedelta(microseconds=limit) for limit in limits)
        return Interval(low, high, level=level, method="bootstrap")

    return interval


@attrs.frozen
class InWindow(PerUnit):
    """A figure of the outages of units in a window of agreed service time."""

    window: Period = attrs.field(kw_only=True)
    agreed: Calendar | None = attrs.field(kw_only=True)
    units: int | None = attrs.field(kw_only=True)
    users: float | None = attrs.field(default=None, kw_only=True)

    def observe(self, case: Case) -> Outage | LeftOut:
        """Its outage, if it reaches into the window."""
        found = outage(case, self.unit_field)
        if isinstance(found, LeftOut) or self._reaches(found):
            return found
        return LeftOut("out_of_period")

    def _reaches(self, found: Outage) -> bool:
        low, high = micros_of(self.window.start), micros_of(self.window.end)
        return found.start < high and (found.end > low or found.start >= low)

    def figures(self, observations: Sequence[Outage]) -> Iterator[Figure]:
        """The figure of its name."""
        units = 1 if self.unit_field == ONE_UNIT else self.units
        seen = Window.of(observations, self.window, self.agreed, units)
        up, n = seen.agreed - seen.down, seen.failures
        parts = {"failures": n, "units": seen.units, "downtime_seconds": round(seen.down / 1e6)}
        yield from _FIGURES[self.name](self, seen, up, n, parts)


Parts = dict[str, int]


def _availability(kpi: InWindow, seen: Window, up: int, n: int, parts: Parts) -> Iterator[Figure]:
    yield Figure("share", up / seen.agreed if seen.agreed else None, "ratio", n, parts)
    if kpi.users is not None:
        whole, lost = seen.per_unit * kpi.users, seen.lost
        value = 1 - lost / whole if whole and lost is not None else None
        yield Figure("weighted_by_users", value, "ratio", n, parts)


def _per_failure(kpi: InWindow, seen: Window, up: int, n: int, parts: Parts) -> Iterator[Figure]:
    amount = {"mean_time_between_failures": up, "mean_downtime_per_failure": seen.down}.get(
        kpi.name, seen.agreed
    )
    exact = kpi.name == "mean_time_between_failures"

    def interval(level: float, _seed: int) -> Interval | None:
        if not exact or not up:
            return None
        low, high = poisson_limits(n, level)
        return Interval(
            timedelta(microseconds=up / high),
            timedelta(microseconds=up / low) if low else None,
            level=level,
            method="chi-squared",
        )

    value = timedelta(microseconds=amount / n) if n else None
    yield Figure("mean", value, "duration", n, parts, sureness=interval)


def _rate(_kpi: InWindow, _seen: Window, up: int, n: int, parts: Parts) -> Iterator[Figure]:
    hours = up / _HOUR_US

    def interval(level: float, _seed: int) -> Interval:
        low, high = poisson_limits(n, level)
        return Interval(low / hours, high / hours, level=level, method="Poisson")

    yield Figure(
        "rate",
        n / hours if hours else None,
        "failures per hour",
        n,
        parts,
        sureness=interval if hours else None,
    )


_FIGURES: dict[str, Callable[[InWindow, Window, int, int, Parts], Iterator[Figure]]] = {
    "availability": _availability,
    "mean_time_between_failures": _per_failure,
    "mean_time_between_service_incidents": _per_failure,
    "mean_downtime_per_failure": _per_failure,
    "failure_rate": _rate,
}


def _in_window(  # noqa: PLR0917  one call per figure, all alike
    name: str,
    words: str,
    per: str | None,
    window: Period,
    agreed: Calendar | None,
    units: int | None,
    users: float | None = None,
) -> InWindow:
    if not isinstance(window, Period):
        raise refuse("window", f"expected a period, got {window!r}", "Period.month(2026, 3, zone='UTC')")
    if agreed is not None and not isinstance(agreed, Calendar):
        raise refuse("agreed", f"expected a Calendar, got {agreed!r}")
    if units is not None and (type(units) is not int or units < 1):
        raise refuse(
            "units", f"{units!r} units are none", "how many there are, those that never failed as well"
        )
    if users is not None and not users > 0:
        raise refuse("users", f"{users!r} users are none", "how many use the service")
    service = "calendar time" if agreed is None else f"open time of {agreed.name or 'a calendar'}"
    which = "one service" if per is None else f"per {per.replace('_', ' ')}"
    return InWindow(
        name,
        reading=f"{words} in {window.label}, {which}, {service}",
        unit_field=per or ONE_UNIT,
        window=window,
        agreed=agreed,
        units=units,
        users=users,
    )


def mean_time_between_failures(
    *,
    per: str | None = "configuration_item",
    window: Period | None = None,
    agreed: Calendar | None = None,
    units: int | None = None,
) -> Gaps | InWindow:
    """MTBF: the mean time from a restoration to the next failure of the same unit.

    An outage lasts from the failure (``occurred_at`` where the house records it, else the opening) to the restoration
    (``restored_at``, else the last resolution, else closure, else `as_of`); a spell in which a reopened incident
    counted as resolved is part of it. Outages of a unit that overlap or touch merge first.

    Args:
        per: The dimension that names the unit: ``configuration_item`` or ``service``; None where all incidents are
            those of one service.
        window: Uptime in this window / failures that began in it, with an exact interval, of which the lower end is
            there without any failure, too. Without it, the mean gap between outages: the run before the first and after
            the last failure is not seen, so that is biased low on short logs, and `n` is the number of gaps.
        agreed: The agreed service time, planned maintenance taken off; calendar time without it.
        units: How many units there are; without it, as many as failed.

    Left out: ``no_unit`` where the unit is not known, ``out_of_period``, ``negative``, and the kinds that durations
    leave out. Source: ITIL glossary.

    Raises:
        KpiError: an option that cannot be.
    """
    name = "mean_time_between_failures"
    if window is not None:
        return _in_window(name, "uptime by failures", per, window, agreed, units)
    words = "gaps of one service" if per is None else f"gaps per {per.replace('_', ' ')}"
    return Gaps(name, reading=words, unit_field=per or ONE_UNIT)


def mean_time_between_service_incidents(
    *,
    per: str | None = "service",
    window: Period | None = None,
    agreed: Calendar | None = None,
    units: int | None = None,
) -> Gaps | InWindow:
    """MTBSI: the mean time from one failure to the next one of the same unit: MTBF and downtime together.

    The arguments are those of `mean_time_between_failures`: in a window, agreed service time / failures; without one,
    the mean gap from start to start of merged outages. Source: ITIL glossary.

    Raises:
        KpiError: an option that cannot be.
    """
    name = "mean_time_between_service_incidents"
    if window is not None:
        return _in_window(name, "agreed time by failures", per, window, agreed, units)
    words = "gaps from start to start" + ("" if per is None else f" per {per.replace('_', ' ')}")
    return Gaps(name, reading=words, unit_field=per or ONE_UNIT, from_start=True)


def mean_time_between_incidents(*, per: str = "category") -> Gaps:
    """The arithmetic of MTBF over a category or queue, which is no unit that fails: hence the other name.

    Args:
        per: The dimension that gathers incidents: ``category``, ``group`` ...
    """
    return Gaps("mean_time_between_incidents", reading=f"gaps per {per.replace('_', ' ')}", unit_field=per)


def availability(
    window: Period,
    *,
    per: str | None = None,
    agreed: Calendar | None = None,
    units: int | None = None,
    users: float | None = None,
) -> InWindow:
    """(Agreed service time - downtime in it) / agreed service time; 1 without failures, None without agreed time.

    Args:
        window: The window; as far as `as_of` has seen it.
        per: The dimension that names the unit; None, the default, where all incidents are those of one service.
        agreed: The agreed service time, planned maintenance taken off; calendar time without it.
        units: How many units there are; without it, as many as failed, which is too low a base.
        users: How many use the service: adds the figure ``weighted_by_users``, 1 - the time lost times the users hit /
            the agreed time of all users, from the field ``affected_users``; None where an incident does not tell it.

    Downtime is the union of outages: what overlaps counts once. Source: ITIL.

    Raises:
        KpiError: an option that cannot be.
    """
    return _in_window("availability", "uptime", per, window, agreed, units, users)


def failure_rate(
    window: Period, *, per: str | None = None, agreed: Calendar | None = None, units: int | None = None
) -> InWindow:
    """Failures that began in a window / hours of uptime in it, with an exact interval.

    Raises:
        KpiError: an option that cannot be.
    """
    return _in_window("failure_rate", "failures by uptime", per, window, agreed, units)


def mean_downtime_per_failure(
    window: Period, *, per: str | None = None, agreed: Calendar | None = None, units: int | None = None
) -> InWindow:
    """Downtime in a window / failures that began in it: what MTBSI has on top of MTBF.

    It differs from `mean_time_to_restore_service` where outages overlap or reach beyond the window.

    Raises:
        KpiError: an option that cannot be.
    """
    return _in_window("mean_downtime_per_failure", "downtime by failures", per, window, agreed, units)


@attrs.frozen
class UptimeShare(PerUnit):
    """See `uptime_share_between_failures`."""

    def figures(self, observations: Sequence[Outage]) -> Iterator[Figure]:
        """The two sums of gaps against each other."""
        units = by_unit(observations)
        up, whole = sum(gaps(units, _up)), sum(gaps(units, _between_starts))
        n = sum(1 for _ in gaps(units, _up))
        yield Figure("ratio", up / whole if whole else None, "ratio", n, {"gaps": n, "units": len(units)})


def uptime_share_between_failures(*, per: str | None = "configuration_item") -> UptimeShare:
    """MTBF / MTBSI by gaps: high where faults are short, low where they are long; None without two outages."""
    words = "gaps" if per is None else f"gaps per {per.replace('_', ' ')}"
    return UptimeShare("uptime_share_between_failures", reading=words, unit_field=per or ONE_UNIT)
