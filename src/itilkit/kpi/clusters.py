"""How sure is a figure, if incidents come in bunches? Whole bunches are drawn anew, instead of single incidents.

Fifty incidents that one outage or one caller brought tell less than fifty that have nothing to do with each other. An
interval that takes them for fifty is too narrow. Here an interval comes from resamples of clusters, each with all of
its incidents; below some thirty clusters it still is too narrow, and of one cluster there is none.

Source: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application" (1997), section 3.8: draw clusters,
keep what is in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import attrs

from itilkit.events import Logged
from itilkit.kpi.chance import MANY, RESAMPLES, ends, generator
from itilkit.kpi.definition import Case, Figure, Kind, Kpi, LeftOut, refuse
from itilkit.kpi.dimension import dimension
from itilkit.kpi.durations import Durations
from itilkit.kpi.intervals import Interval
from itilkit.kpi.share import PerIncident, Share
from itilkit.records import Fact

__all__ = ["Clustered", "Member", "anew", "by_cluster"]

# Figures that have to be worked out anew for each resample are worked out this often.
_FEWER = 400
_LEAST = 2


class Member(NamedTuple):
    """What was observed of one incident, and the cluster that it belongs to; None where that is not known."""

    cluster: Any
    observed: Any


def _number_or_parent(case: Case) -> Any:
    return case.parent or case.timeline.incident.number


def _reporter(case: Case) -> Any:
    known = case.known("reporter")
    opening = case.timeline.events[0] if case.timeline.events else None
    if known is None and isinstance(opening, Logged) and opening.reporter is not None:
        return str(opening.reporter)
    return known


@lru_cache(maxsize=64)
def _reader(name: str) -> Callable[[Case], Any]:
    if name == "parent":
        return _number_or_parent
    return _reporter if name == "reporter" else dimension(name)


@attrs.frozen
class Clustered(Kpi):
    """A KPI whose intervals come from resamples of clusters; its figures are those of the KPI that it is made of."""

    inner: Kpi = attrs.field(kw_only=True)
    cluster: str = attrs.field(kw_only=True)

    @property
    def facts(self) -> frozenset[Fact]:
        """Those of the KPI that it is made of."""
        return self.inner.facts

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Those of the KPI that it is made of, and what makes the clusters."""
        own = () if self.cluster in ("parent", "reporter") else (self.cluster,)
        return (*self.inner.dimensions, *own)

    @property
    def whole(self) -> bool:
        """As the KPI that it is made of."""
        return self.inner.whole

    @property
    def from_earliest(self) -> bool:
        """As the KPI that it is made of."""
        return self.inner.from_earliest

    @property
    def usually_left_out(self) -> frozenset[Kind]:
        """As the KPI that it is made of."""
        return self.inner.usually_left_out

    def placed_at(self, case: Case) -> datetime | None:
        """As the KPI that it is made of."""
        return self.inner.placed_at(case)

    def observe(self, case: Case) -> Member | LeftOut:
        """What the KPI that it is made of observes, with the cluster."""
        found = self.inner.observe(case)
        return found if isinstance(found, LeftOut) else Member(_reader(self.cluster)(case), found)

    def figures(self, observations: Sequence[Member]) -> Iterator[Figure]:
        """The figures of the KPI that it is made of, how many clusters they rest on, and how sure that makes them."""
        clusters = _clusters(observations)
        for figure in self.inner.figures([each.observed for each in observations]):
            sureness = None if figure.sureness is None else self._sureness(figure, clusters)
            parts = {**figure.parts, "clusters": len(clusters)}
            yield attrs.evolve(figure, parts=parts, sureness=sureness)

    def _sureness(
        self, figure: Figure, clusters: Sequence[Sequence[Any]]
    ) -> Callable[[float, int], Interval | None]:
        def interval(level: float, seed: int) -> Interval | None:
            limits = ends(list(self._drawn(figure.statistic, clusters, seed)), level)
            if limits is None:
                return None
            low, high = limits
            method = self._method(figure.statistic, clusters)
            if figure.unit == "duration":
                return Interval(_duration(low), _duration(high), level=level, method=method)
            return Interval(low, high, level=level, method=method)

        return interval

    def _method(self, statistic: str, clusters: Sequence[Sequence[Any]]) -> str:
        many = len(clusters) > MANY and self._sums(statistic, clusters[:1]) is not None
        how = "normal limit of the bootstrap" if many else "bootstrap"
        return f"{how} of {len(clusters):,} clusters by {self.cluster}"

    def draws(self, statistic: str, observations: Sequence[Member], seed: int) -> tuple[Iterator[float], str]:
        """The figure of each resample, in microseconds where it is a duration, and how it was drawn."""
        clusters = _clusters(observations)
        return self._drawn(statistic, clusters, seed), self._method(statistic, clusters)

    def _drawn(self, statistic: str, clusters: Sequence[Sequence[Any]], seed: int) -> Iterator[float]:
        if len(clusters) < _LEAST:
            return iter(())
        sums = self._sums(statistic, clusters)
        return anew(self.inner, statistic, clusters, seed) if sums is None else _ratios(sums, seed)

    def _sums(self, statistic: str, clusters: Sequence[Sequence[Any]]) -> list[tuple[int, int]] | None:
        """The sum and the count in each cluster, where the figure is the one by the other over all."""
        if statistic == "mean" and isinstance(self.inner, Durations):
            ended = [[each.spent for each in members if each.ended] for members in clusters]
            return [(sum(spent), len(spent)) for spent in ended]
        if type(self.inner).figures in (Share.figures, PerIncident.figures):
            return [(sum(members), len(members)) for members in clusters]
        return None


def _duration(microseconds: float) -> timedelta:
    return timedelta(microseconds=microseconds)


def _clusters(observations: Sequence[Member]) -> list[list[Any]]:
    """What was observed, cluster by cluster, in an order that does not depend on that of the incidents.

    An incident whose cluster is not known is one of its own.
    """
    found: dict[Any, list[Any]] = {}
    alone: list[list[Any]] = []
    for cluster, observed in observations:
        if cluster is None:
            alone.append([observed])
        else:
            found.setdefault(cluster, []).append(observed)
    named = sorted(found.items(), key=lambda each: (each[0].__class__.__name__, str(each[0])))
    return [*(members for _, members in named), *sorted(alone, key=repr)]


def _ratios(sums: Sequence[tuple[int, int]], seed: int) -> Iterator[float]:
    """All sums by all counts, of each resample of clusters; of many clusters from the normal limit."""
    draw = generator(seed)
    k = len(sums)
    whole = sum(count for _, count in sums)
    if k > MANY and whole:
        centre = sum(total for total, _ in sums) / whole
        spread = sum((total - centre * count) ** 2 for total, count in sums) ** 0.5 / whole
        yield from (draw.gauss(centre, spread) for _ in range(RESAMPLES))
        return
    for _ in range(RESAMPLES if whole else 0):
        picked = draw.choices(sums, k=k)
        count = sum(each for _, each in picked)
        if count:
            yield sum(each for each, _ in picked) / count


def anew(kpi: Kpi, statistic: str, clusters: Sequence[Sequence[Any]], seed: int) -> Iterator[float]:
    """The figure of each resample of clusters by its own definition, in microseconds where it is a duration."""
    draw = generator(seed)
    for _ in range(_FEWER if clusters else 0):
        sample = [each for members in draw.choices(clusters, k=len(clusters)) for each in members]
        for figure in kpi.figures(sample):
            if figure.statistic == statistic and figure.value is not None:
                value = figure.value
                yield value / timedelta(microseconds=1) if isinstance(value, timedelta) else value


def by_cluster(kpi: Kpi, cluster: object) -> Clustered:
    """The KPI with intervals from resamples of clusters.

    Args:
        kpi: What to measure.
        cluster: What brings incidents in bunches: ``parent`` for an incident with all that follow it, ``reporter`` for
            the caller, or any dimension that `measure` groups by, such as ``service`` or ``configuration_item``.

    Raises:
        KpiError: the name of a cluster is none, or the KPI is told as a whole.
    """
    if not isinstance(cluster, str) or not cluster:
        raise refuse(
            "cluster", f"{cluster!r} is no name", '"parent", "reporter", or a dimension such as "service"'
        )
    if kpi.whole:
        raise refuse("cluster", f"{kpi.name} has no clusters of incidents", "measure it without")
    return Clustered(
        kpi.name,
        reading=kpi.reading,
        cohort=kpi.cohort,
        included=kpi.included,
        excluded=kpi.excluded,
        inner=kpi,
        cluster=cluster,
    )
