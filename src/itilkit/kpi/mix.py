"""What do the parts say about the whole? Pareto's few, and figures that no change of the mix moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import attrs

from itilkit.kpi.cases import Cases, cases_of
from itilkit.kpi.definition import Kpi, Value, refuse
from itilkit.kpi.measure import measure
from itilkit.kpi.measures import Measure, Measures
from itilkit.kpi.survival import Spell, Survival
from itilkit.sla import Assessment

__all__ = ["Share", "Standardised", "mix", "pareto", "standardise", "survival_curve"]


@attrs.frozen
class Share:
    """A group's part of the whole.

    Attributes:
        group: Its value, None where it is not known.
        value: What it has: incidents, seconds ...
        share: Of the whole.
        cumulative: The share of this one and of all before it.
    """

    group: Any
    value: float
    share: float
    cumulative: float


def _group(measure: Measure) -> Any:
    return next(iter(measure.group.values()))


def _by_one(measures: Iterable[Measure]) -> list[Measure]:
    found = list(measures)
    alike = {(each.name, each.statistic, each.reading, each.period) for each in found}
    if len(alike) > 1 or any(len(each.group) != 1 for each in found):
        raise refuse("measures", "expected one figure of one KPI by one dimension", "pick them with where()")
    return found


def pareto(measures: Iterable[Measure]) -> tuple[Share, ...]:
    """The groups by what they have, the most first, with their share and the share of all up to there.

    Args:
        measures: One figure of one KPI by one dimension, such as the volume by category. Groups without a value are
            left out; durations count in seconds. The values must add up to a whole: counts or totals, no means.

    Raises:
        KpiError: several figures or dimensions, or a value below zero.
    """
    values: list[tuple[float, Any]] = []
    for each in _by_one(measures):
        plain = each.value.total_seconds() if isinstance(each.value, timedelta) else each.value
        if plain is None:
            continue
        if plain < 0:
            raise refuse("measures", f"{plain!r} is less than nothing", "counts or totals")
        values.append((plain, _group(each)))
    values.sort(key=lambda each: (-each[0], str(each[1])))
    whole = sum(value for value, _ in values)
    found: list[Share] = []
    so_far = 0.0
    for value, group in values:
        so_far += value
        found.append(Share(group, value, value / whole if whole else 0.0, so_far / whole if whole else 0.0))
    return tuple(found)


def mix(measures: Iterable[Measure]) -> dict[Any, float]:
    """How many incidents each group has: weights for `standardise`.

    Raises:
        KpiError: several figures or dimensions.
    """
    return {_group(each): float(each.n) for each in _by_one(measures)}


@attrs.frozen
class Standardised:
    """A figure of a fixed mix, beside the crude one.

    Attributes:
        crude: The figure of all incidents as they came.
        value: The group values in the fixed mix; None where a group that has weight has no value.
        groups: The figure of each group.
    """

    crude: Measure
    value: Value
    groups: Measures


def standardise(
    assessments: Iterable[Assessment], kpi: Kpi, *, by: str, weights: Mapping[Any, float]
) -> tuple[Standardised, ...]:
    """A KPI with the mix held still, for comparing two populations whose mix differs (Simpson's paradox).

    Args:
        assessments: The incidents.
        kpi: The KPI; one value per statistic comes out. Weighted medians are no medians: take means and shares.
        by: The dimension of the mix.
        weights: The weight of each group: the `mix` of a reference period. The group None is the unknown one.

    Raises:
        KpiError: no weight above zero, or one below it.
    """
    if not weights or any(weight < 0 for weight in weights.values()) or not sum(weights.values()):
        raise refuse(
            "weights", f"{dict(weights)!r} is no mix", "the mix of a reference period: kpi.mix(measures)"
        )
    known = list(assessments)
    grouped = measure(known, kpi, by=by)
    return tuple(
        Standardised(crude, _weighted(grouped.where(statistic=crude.statistic), weights), grouped)
        for crude in measure(known, kpi)
    )


def _weighted(groups: Measures, weights: Mapping[Any, float]) -> Value:
    values = {_group(each): each.value for each in groups}
    total = sum(weights.values())
    parts = [(values.get(group), weight / total) for group, weight in weights.items() if weight]
    durations = [value * part for value, part in parts if isinstance(value, timedelta)]
    numbers = [value * part for value, part in parts if isinstance(value, int | float)]
    if len(durations) == len(parts):
        return sum(durations, timedelta(0))
    return sum(numbers) if len(numbers) == len(parts) else None


def survival_curve(assessments: Iterable[Assessment], kpi: Kpi) -> Survival:
    """The share of incidents that goes on after each length of time, open ones counted as long as they were seen.

    Args:
        assessments: The incidents.
        kpi: A duration, such as `time_to_resolve`; its cohort does not matter.

    Raises:
        KpiError: the KPI is no duration, or the assessments look from different instants.
    """
    spells: list[Spell] = []
    for case in cases_of(Cases.of(assessments)):
        observed = case.left_out(kpi.leaves_out) or kpi.observe(case)
        if isinstance(observed, Spell):
            spells.append(observed)
        elif not hasattr(observed, "reason"):
            raise refuse("kpi", f"{kpi.name} is no duration", "kpi.time_to_resolve()")
    return Survival.of(spells)
