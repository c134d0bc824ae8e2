"""What do incidents cost? Always at rates that the caller gives: there is no rate that holds for two houses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import get_args

import attrs

from itilkit.events import Reviewed
from itilkit.kpi.chance import bootstrap, ends
from itilkit.kpi.definition import Case, Cohort, Figure, Kpi, LeftOut, check_word, refuse
from itilkit.kpi.intervals import Interval
from itilkit.kpi.outages import ONE_UNIT, outage
from itilkit.kpi.routing import levels_of
from itilkit.records import Group, roles

__all__ = ["cost_per_ticket", "downtime_cost", "response_cost"]

_HOUR = timedelta(hours=1)


@attrs.frozen
class Cost(Kpi):
    """Money per incident: the total, and the mean.

    Attributes:
        currency: Of the rates.
    """

    currency: str = attrs.field(kw_only=True)

    def figures(self, observations: Sequence[float]) -> Iterator[Figure]:
        """The total and the mean; None of nothing."""
        n = len(observations)

        def interval(level: float, seed: int) -> Interval | None:
            found = ends(list(bootstrap(observations, _mean, seed)), level)
            return None if found is None else Interval(*found, level=level, method="bootstrap")

        yield Figure("total", sum(observations) if n else None, self.currency, n)
        yield Figure("mean", _mean(observations), self.currency, n, sureness=interval)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _money(name: str, amount: object) -> float:
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount < float("inf"):
        raise refuse(name, f"{amount!r} is no amount of money", "a number, zero or more")
    return float(amount)


def _currency(currency: object) -> str:
    if not isinstance(currency, str) or not currency:
        raise refuse("currency", f"{currency!r} is no currency", "EUR")
    return currency


@attrs.frozen
class DowntimeCost(Cost):
    """See `downtime_cost`."""

    per_minute: float = attrs.field(kw_only=True)
    per_user_minute: float = attrs.field(kw_only=True)
    fixed: float = attrs.field(kw_only=True)

    def observe(self, case: Case) -> float | LeftOut:
        """Minutes of outage at the rates."""
        found = outage(case, ONE_UNIT)
        if isinstance(found, LeftOut):
            return found
        minutes = (found.end - found.start) / 60e6
        if self.per_user_minute and found.users is None:
            return LeftOut("not_recorded")
        return minutes * (self.per_minute + self.per_user_minute * (found.users or 0)) + self.fixed


def downtime_cost(
    *,
    currency: str,
    per_minute: float = 0,
    per_user_minute: float = 0,
    fixed: float = 0,
    cohort: Cohort = "opened",
) -> DowntimeCost:
    """Minutes of outage x what a minute costs, in total and in the mean.

    Args:
        currency: Of the rates.
        per_minute: Revenue that a minute loses.
        per_user_minute: Productivity that a minute loses per user hit, by the field ``affected_users``.
        fixed: What each outage costs however long it lasts.
        cohort: The event that places an incident in a period.

    There is no default rate: published averages range over two orders of magnitude, and their sources advise against
    them. An outage lasts as for `mean_time_between_failures`; overlapping ones are counted each. Left out:
    ``negative``, ``not_recorded`` (a rate per user, and no users).

    Raises:
        KpiError: no rate at all, a rate that is none, or an unknown cohort.
    """
    check_word("cohort", cohort, get_args(Cohort))
    rates = [
        _money(name, amount)
        for name, amount in (
            ("per_minute", per_minute),
            ("per_user_minute", per_user_minute),
            ("fixed", fixed),
        )
    ]
    if not any(rates):
        raise refuse("per_minute", "no rate is given", "per_minute=, per_user_minute= or fixed=")
    words = f"{rates[0]:g} a minute, {rates[1]:g} a user and minute, {rates[2]:g} an outage"
    return DowntimeCost(
        "downtime_cost",
        reading=words,
        cohort=cohort,
        currency=_currency(currency),
        per_minute=rates[0],
        per_user_minute=rates[1],
        fixed=rates[2],
    )


@attrs.frozen
class ResponseCost(Cost):
    """See `response_cost`."""

    per_hour: float = attrs.field(kw_only=True)
    factors: tuple[tuple[str, float], ...] = attrs.field(kw_only=True)
    review: timedelta = attrs.field(kw_only=True)

    def observe(self, case: Case) -> float | LeftOut:
        """Engaged hours at the rate, by role."""
        engaged = list(_engaged(case))
        if not engaged:
            return LeftOut("not_recorded")
        factors = dict(self.factors)
        cost = sum(time / _HOUR * factors.get(role, 1.0) for role, time in engaged)
        if any(isinstance(event, Reviewed) for event in case.timeline.events):
            cost += self.review / _HOUR * len({held.person.id for held in roles(case.timeline.events)})
        return cost * self.per_hour


def _engaged(case: Case) -> Iterator[tuple[str, timedelta]]:
    """How long each role was held: until it ended, the incident was resolved, or `as_of`."""
    end = case.resolved_at or case.timeline.as_of
    for held in roles(case.timeline.events):
        yield held.role.value, max((held.end or end) - held.start, timedelta(0))


def response_cost(
    *,
    per_hour: float,
    currency: str,
    factors: Mapping[str, float] | None = None,
    review: timedelta = timedelta(0),
    cohort: Cohort = "opened",
) -> ResponseCost:
    """What the people of a response cost: engaged hours x rate x the factor of their role, in total and in the mean.

    Args:
        per_hour: The rate; there is no default.
        currency: Of the rate.
        factors: By role, such as ``incident_manager``, what it costs more or less; 1 for the others.
        review: What a post-incident review takes of each person, added where one was held.
        cohort: The event that places an incident in a period.

    A role lasts until it ends (`records.roles`), until the incident is resolved, or until `as_of`. Left out:
    ``not_recorded`` (nobody took a role). Source: Netflix Dispatch.

    Raises:
        KpiError: a rate or factor that is none, or an unknown cohort.
    """
    check_word("cohort", cohort, get_args(Cohort))
    rates = tuple(sorted((role, _money("factors", factor)) for role, factor in (factors or {}).items()))
    return ResponseCost(
        "response_cost",
        reading=f"{_money('per_hour', per_hour):g} an hour",
        cohort=cohort,
        currency=_currency(currency),
        per_hour=float(per_hour),
        factors=rates,
        review=review,
    )


@attrs.frozen
class CostPerTicket(Kpi):
    """See `cost_per_ticket`."""

    currency: str = attrs.field(kw_only=True)
    costs: tuple[tuple[int, float], ...] = attrs.field(kw_only=True)
    levels: tuple[tuple[str, int], ...] = attrs.field(kw_only=True)

    def observe(self, case: Case) -> int | LeftOut:
        """The highest level of support that had it."""
        known = dict(self.levels)
        found = [known[group] for group in case.groups if group in known]
        return max(found) if found else LeftOut("not_recorded")

    def figures(self, observations: Sequence[int]) -> Iterator[Figure]:
        """For each level its cost by the tickets that reached it, summed up to there."""
        total = 0.0
        for level, cost in self.costs:
            handled = sum(reached >= level for reached in observations)
            total = total + cost / handled if handled else total
            yield Figure(f"level_{level}", total if handled else None, self.currency, handled)


def cost_per_ticket(
    *, costs: Mapping[int, float], groups: Iterable[Group], currency: str, cohort: Cohort = "resolved"
) -> CostPerTicket:
    """What a ticket costs that is solved at each level of support: costs add up along the levels.

    Args:
        costs: By level its operating cost in the period, fully loaded: people, tools, space.
        groups: The groups with their levels; the highest level that had a ticket is the one that it reached.
        currency: Of the costs.
        cohort: The event that places a ticket in a period; the costs are those of the same period.

    Left out: ``not_recorded`` (no group of known level). Source: MetricNet.

    Raises:
        KpiError: no costs, a cost that is none, what is no group, or an unknown cohort.
    """
    check_word("cohort", cohort, get_args(Cohort))
    if not costs:
        raise refuse("costs", "no level costs anything", "{1: 12000.0, 2: 20000.0}")
    by_level = tuple(sorted((level, _money("costs", cost)) for level, cost in costs.items()))
    words = "costs of " + ", ".join(f"level {level}: {cost:g}" for level, cost in by_level)
    return CostPerTicket(
        "cost_per_ticket",
        reading=words,
        cohort=cohort,
        currency=_currency(currency),
        costs=by_level,
        levels=levels_of(groups),
    )
