"""Did it change? Two periods, or two populations, with the interval of their difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, overload

import attrs

from itilkit.calendars import Period
from itilkit.errors import KpiError
from itilkit.kpi.chance import ends, generator, method_of_means, resampled_means
from itilkit.kpi.clusters import Clustered, anew, by_cluster
from itilkit.kpi.definition import Kpi, LeftOut
from itilkit.kpi.dimension import Dimensions
from itilkit.kpi.intervals import Interval, check_level, newcombe
from itilkit.kpi.measure import Table, check_kpis, fill
from itilkit.kpi.measures import Measure
from itilkit.kpi.statistic import change_of
from itilkit.kpi.survival import Spell
from itilkit.kpi.words import duration_words, value_words
from itilkit.sla import Assessment

__all__ = ["Change", "Comparison", "Comparisons", "compare"]


@attrs.frozen
class Change:
    """One figure before and after.

    Attributes:
        before: Of the earlier period.
        after: Of the later one.
        difference: After less before; None where one of them is undefined.
        interval: Of the difference; None where it cannot be told.
    """

    before: Measure
    after: Measure
    difference: timedelta | float | None
    interval: Interval | None

    @property
    def verdict(self) -> str:
        """``up``, ``down``, ``not beyond chance``, or ``not known``."""
        if self.interval is None or self.interval.low is None or self.interval.high is None:
            return "not known"
        low, high = (_plain(end) for end in (self.interval.low, self.interval.high))
        return "up" if low > 0 else "down" if high < 0 else "not beyond chance"

    def explain(self) -> str:
        """The change as a sentence."""
        one, other = self.before, self.after
        head = (
            f"{one.statistic}: {value_words(one.value, one.unit)} (n = {one.n}, {one.period or 'before'}) -> "
            f"{value_words(other.value, other.unit)} (n = {other.n}, {other.period or 'after'})"
        )
        if self.difference is None:
            return f"{head}; no difference can be told"
        if self.interval is None:
            return (
                f"{head}; difference {_signed(self.difference, one.unit)}, of which no interval can be told"
            )
        low, high = (_signed(end, one.unit) for end in (self.interval.low, self.interval.high))
        return (
            f"{head}; difference {_signed(self.difference, one.unit)}, {self.interval.level:.0%} interval "
            f"{low} to {high}: {self.verdict}"
        )


def _plain(value: timedelta | float) -> float:
    return value.total_seconds() if isinstance(value, timedelta) else value


def _signed(value: timedelta | float | None, unit: str) -> str:
    if isinstance(value, timedelta):
        return ("-" if value < timedelta(0) else "+") + duration_words(abs(value))
    return "open" if value is None else f"{value:+.3g}" if unit != "ratio" else f"{value * 100:+.1f} points"


@attrs.frozen
class Comparison:
    """One KPI before and after, in one group.

    Attributes:
        name: The KPI.
        reading: Which of its readings.
        changes: One per statistic.
        group: The group by dimension; empty for the total.
    """

    name: str
    reading: str
    changes: tuple[Change, ...]
    group: dict[str, Any] = attrs.field(factory=dict[str, Any])

    def explain(self) -> str:
        """What changed, as text."""
        group = "".join(f", {name} {value}" for name, value in self.group.items())
        lines = [
            f"{self.name}{group} ({self.reading})",
            *(f"  {change.explain()}" for change in self.changes),
        ]
        return "\n".join(lines)

    def to_rows(self) -> list[dict[str, Any]]:
        """One row per statistic: before, after, difference and its interval; durations in seconds."""
        return [
            {
                "kpi": self.name,
                "statistic": change.before.statistic,
                **self.group,
                "before": change.before.to_row()["value"],
                "n_before": change.before.n,
                "after": change.after.to_row()["value"],
                "n_after": change.after.n,
                "difference": None if change.difference is None else _plain(change.difference),
                "low": None if change.interval is None else _plain_or_none(change.interval.low),
                "high": None if change.interval is None else _plain_or_none(change.interval.high),
                "verdict": change.verdict,
            }
            for change in self.changes
        ]


def _plain_or_none(value: timedelta | float | None) -> float | None:
    return None if value is None else _plain(value)


@attrs.frozen(repr=False)
class Comparisons(Sequence[Comparison]):
    """Comparisons in the order of their groups."""

    items: tuple[Comparison, ...]

    @overload
    def __getitem__(self, index: int) -> Comparison: ...
    @overload
    def __getitem__(self, index: slice) -> Comparisons: ...
    def __getitem__(self, index: int | slice) -> Comparison | Comparisons:
        """The comparison at a place, or several of them."""
        return Comparisons(self.items[index]) if isinstance(index, slice) else self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"<Comparisons: {len(self.items)}>"

    def one(self, **group: object) -> Comparison:
        """The only comparison, or that of a group.

        Raises:
            KpiError: there is none, or more than one.
        """
        found = [
            each for each in self.items if all(each.group.get(name) == value for name, value in group.items())
        ]
        if len(found) != 1:
            raise KpiError.one("not_one", f"{len(found)} comparisons fit {group}", hint="say more or less")
        return found[0]

    def to_rows(self) -> list[dict[str, Any]]:
        """Tidy rows for any table library, one per group and statistic."""
        return [row for each in self.items for row in each.to_rows()]


def compare(
    assessments: Iterable[Assessment],
    kpi: Kpi,
    *,
    before: Period,
    after: Period,
    by: str | Sequence[str] = (),
    level: float = 0.95,
    seed: int = 0,
    cluster: str | None = None,
) -> Comparisons:
    """A KPI in two periods, with the difference and its interval: Newcombe's for shares, else by the bootstrap.

    Args:
        assessments: The incidents, assessed at one `as_of`; drawn once.
        kpi: The KPI; its cohort places an incident in a period.
        before: The earlier period.
        after: The later one.
        by: Dimensions to group by.
        level: Of the interval.
        seed: Of the bootstrap.
        cluster: What brings incidents in bunches, as for `measure`: every interval then comes from resamples of whole
            clusters, because fifty incidents of one outage are not fifty chances.

    Returns:
        One comparison per group, with one change per statistic. A difference whose interval holds zero is told as
        ``not beyond chance``: with the few incidents of a month that is most of them.

    Raises:
        KpiError: no KPI, an unknown dimension, or a level or seed that is none.
    """
    check_kpis([kpi])
    kpi = kpi if cluster is None else by_cluster(kpi, cluster)
    check_level(level)
    generator(seed)
    names = (by,) if isinstance(by, str) else tuple(by)
    tables = (Table(kpi, before, None), Table(kpi, after, None))
    dimensions = Dimensions((*names, *kpi.dimensions))
    as_of = fill(tables, assessments, names, look=lambda block: dimensions.look_at(block.cases))
    dimensions.check()
    for table in tables:
        if not names:
            table.cell(())
        for key in [place[1] for other in tables for place in other.cells]:
            table.cell(key)
    sides = [list(table.measures(names, kpi.reading, as_of, (None, seed))) for table in tables]
    found: dict[tuple[Any, ...], list[Change]] = {}
    for one, other in zip(*sides, strict=True):
        key = tuple(one.group.values())
        values = tables[0].cell(key).values, tables[1].cell(key).values
        found.setdefault(key, []).append(_change(kpi, one, other, values, (level, seed)))
    return Comparisons(
        tuple(
            Comparison(kpi.name, kpi.reading, tuple(changes), dict(zip(names, key, strict=True)))
            for key, changes in found.items()
        )
    )


def _change(
    kpi: Kpi, before: Measure, after: Measure, values: tuple[list[Any], list[Any]], sure: tuple[float, int]
) -> Change:
    one, other = before.value, after.value
    if isinstance(one, timedelta) and isinstance(other, timedelta):
        return Change(before, after, other - one, _interval(kpi, before.statistic, values, sure, before.unit))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return Change(before, after, other - one, _interval(kpi, before.statistic, values, sure, before.unit))
    return Change(before, after, None, None)


def _interval(
    kpi: Kpi, statistic: str, values: tuple[list[Any], list[Any]], sure: tuple[float, int], unit: str
) -> Interval | None:
    level, seed = sure
    before, after = (
        None if isinstance(kpi, Clustered) else _counted(kpi, statistic, side) for side in values
    )
    if before is not None and after is not None:
        low, high = newcombe((before, len(values[0])), (after, len(values[1])), level)
        return Interval(low, high, level=level, method="Newcombe")
    (earlier, method), (later, other) = (
        _draws(kpi, statistic, side, seed + place) for place, side in enumerate(values)
    )
    limits = ends([after - before for before, after in zip(earlier, later, strict=False)], level)
    if limits is None or _counts(unit, statistic):
        return None
    low, high = limits
    how = method if method == other else f"{method} and {other}"
    if unit == "duration":
        return Interval(timedelta(microseconds=low), timedelta(microseconds=high), level=level, method=how)
    return Interval(low, high, level=level, method=how)


def _counts(unit: str, statistic: str) -> bool:
    """A count is no mean of its incidents, so that resampling them tells nothing."""
    return unit == "incidents" or statistic in ("count", "n")


def _draws(kpi: Kpi, statistic: str, values: Sequence[Any], seed: int) -> tuple[Iterator[float], str]:
    """The figure of each resample, in microseconds where it is a duration, and how it was drawn."""
    if isinstance(kpi, Clustered):
        return kpi.draws(statistic, values, seed)
    if values and all(isinstance(value, Spell) for value in values):
        found, method = change_of(statistic, values, seed)
        quick = list(found)
        if quick:
            return iter(quick), method
    if values and all(isinstance(value, bool | int) and not isinstance(value, LeftOut) for value in values):
        return resampled_means(values, seed), method_of_means(len(values))
    return anew(kpi, statistic, [[value] for value in values], seed), "bootstrap"


def _counted(kpi: Kpi, statistic: str, values: Sequence[Any]) -> int | None:
    """Of a share of all observations, how many make it up."""
    for figure in kpi.figures(values) if values else ():
        counted = figure.parts.get("counted")
        if figure.statistic == statistic and counted is not None and figure.unit == "ratio":
            return counted if figure.value == counted / len(values) else None
    return None
