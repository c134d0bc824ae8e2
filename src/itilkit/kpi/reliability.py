"""How long does a thing run between failures? Always per unit: a queue-wide figure shrinks as a company grows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

import attrs

from itilkit.kpi.definition import Case, Figure, Kpi, LeftOut
from itilkit.kpi.dimension import dimension
from itilkit.kpi.statistic import mean
from itilkit.spans import Pair, micros_of

__all__ = ["mean_time_between_failures", "mean_time_between_incidents"]

Outage = tuple[str, int, int]


@attrs.frozen
class Gaps(Kpi):
    """The mean gap from one outage's end to the next one's start, within each unit."""

    unit_field: str = attrs.field(kw_only=True)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimension that names the unit."""
        return (self.unit_field,)

    def observe(self, case: Case) -> Outage | LeftOut:
        """The unit and its outage, in microseconds; one that still lasts ends at `as_of`."""
        if case.early is not None:
            return case.early
        unit = dimension(self.unit_field)(case)
        if unit is None:
            return LeftOut("no_unit")
        end = case.resolved_at or case.closed_at or case.timeline.as_of
        start = case.timeline.events[0].at
        if end < start:
            return LeftOut("negative")
        return str(unit), micros_of(start), micros_of(end)

    def figures(self, observations: Sequence[Outage]) -> Iterator[Figure]:
        """The mean over all gaps; None where no unit failed twice."""
        outages: dict[str, list[Pair]] = defaultdict(list)
        for unit, start, end in observations:
            outages[unit].append((start, end))
        merged = [_merged(sorted(spans)) for spans in outages.values()]
        gaps = [later[0] - earlier[1] for spans in merged for earlier, later in pairwise(spans)]
        value = mean(gaps)
        yield Figure(
            "mean",
            None if value is None else timedelta(microseconds=value),
            "duration",
            len(gaps),
            {
                "failures": len(observations),
                "outages": sum(map(len, merged)),
                "units": len(merged),
                "gaps": len(gaps),
            },
        )


def _merged(ordered: Sequence[Pair]) -> list[Pair]:
    """Outages that overlap or touch are one; an outage of no length still is a failure."""
    merged: list[Pair] = []
    for start, end in ordered:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def mean_time_between_failures(*, per: str = "configuration_item") -> Gaps:
    """MTBF: the mean time from a restoration to the next failure of the same unit.

    An outage lasts from opening to the last resolution, else to closure, else to `as_of`; a spell in which a reopened
    incident counted as resolved is part of it. Outages of a unit that overlap or touch merge first. The run before
    the first and after the last failure is not seen, so the figure is biased low on short logs. `n` is the number of
    gaps; the parts give failures, outages and units. Left out: ``no_unit`` where the unit is not known,
    ``negative``, ``cancelled``, ``duplicate``. Source: ITIL glossary; the "gaps" form of it.

    Args:
        per: The dimension that names the unit: ``configuration_item`` or ``service``.
    """
    return Gaps("mean_time_between_failures", reading=f"gaps per {per.replace('_', ' ')}", unit_field=per)


def mean_time_between_incidents(*, per: str = "category") -> Gaps:
    """The arithmetic of MTBF over a category or queue, which is no unit that fails: hence the other name.

    Args:
        per: The dimension that gathers incidents: ``category``, ``group`` ...
    """
    return Gaps("mean_time_between_incidents", reading=f"gaps per {per.replace('_', ' ')}", unit_field=per)
