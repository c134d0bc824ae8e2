"""Do deployments fail, and how long until service is back?

The deployments come from the caller: no incident knows those that went well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import attrs

from itilkit.events import Linked
from itilkit.kpi.definition import Case, Figure, Kpi, LeftOut, refuse
from itilkit.kpi.durations import MIN_N
from itilkit.kpi.facts import when
from itilkit.kpi.share import share_interval
from itilkit.kpi.statistic import check_statistics, duration_figures
from itilkit.kpi.survival import Spell
from itilkit.spans import micros_of, utc

__all__ = ["Deployment", "change_failure_rate", "failed_deployment_recovery"]


@attrs.frozen
class Deployment:
    """A change that was put into effect.

    Attributes:
        id: What incidents name as what caused them.
        at: When.
        rolled_back: It was taken back, which is a failure also where no incident came of it.
    """

    id: str
    at: datetime = attrs.field(converter=utc)
    rolled_back: bool = attrs.field(default=False, kw_only=True)


class _Failure(NamedTuple):
    deployments: tuple[str, ...]
    restored: int | None


def _deployments(deployments: Iterable[Deployment]) -> tuple[Deployment, ...]:
    found = {each.id: each for each in deployments}
    return tuple(found[key] for key in sorted(found))


@attrs.frozen
class OfDeployments(Kpi):
    """What incidents tell about deployments."""

    deployments: tuple[Deployment, ...] = attrs.field(kw_only=True, repr=False)

    @property
    def whole(self) -> bool:
        """Its base are deployments."""
        return True

    def observe(self, case: Case) -> _Failure:
        """The deployments that caused it, and when service was back."""
        causes = tuple(
            event.to
            for event in case.timeline.events
            if isinstance(event, Linked) and event.kind == "caused_by_change"
        )
        restored = when(case, "restored")
        end = case.resolved_at if isinstance(restored, LeftOut) else restored
        return _Failure(causes, None if end is None else micros_of(end))


@attrs.frozen
class ChangeFailureRate(OfDeployments):
    """See `change_failure_rate`."""

    def figures(self, observations: Sequence[_Failure]) -> Iterator[Figure]:
        """Each deployment counts once."""
        blamed = {cause for each in observations for cause in each.deployments}
        n = len(self.deployments)
        failed = sum(each.rolled_back or each.id in blamed for each in self.deployments)
        yield Figure(
            "share",
            failed / n if n else None,
            "ratio",
            n,
            {"counted": failed, "incidents": sum(1 for each in observations if each.deployments)},
            sureness=lambda level, _: share_interval(failed, n, level),
        )


def change_failure_rate(deployments: Iterable[Deployment]) -> ChangeFailureRate:
    """Deployments that led to an incident or were rolled back / deployments; several incidents of one count once.

    Args:
        deployments: Those of the period. `n` is their number. Groups of incidents are no groups of deployments:
            `by` and `every` are refused.

    Source: DORA.

    Raises:
        KpiError: what is no deployment.
    """
    return ChangeFailureRate(
        "change_failure_rate", reading="incidents and rollbacks", deployments=_checked(deployments)
    )


def _checked(deployments: Iterable[Deployment]) -> tuple[Deployment, ...]:
    found = tuple(deployments)
    for each in found:
        if not isinstance(each, Deployment):
            raise refuse("deployments", f"expected a Deployment, got {each!r}", "Deployment('CHG1', at)")
    return _deployments(found)


@attrs.frozen
class Recovery(OfDeployments):
    """See `failed_deployment_recovery`."""

    statistics: tuple[str, ...] = attrs.field(kw_only=True)

    def figures(self, observations: Sequence[_Failure]) -> Iterator[Figure]:
        """From each failed deployment to the last restoration of its incidents."""
        ends: dict[str, int | None] = {}
        for each in observations:
            for cause in each.deployments:
                known = ends.get(cause, each.restored)
                ends[cause] = None if known is None or each.restored is None else max(known, each.restored)
        spells: list[Spell] = []
        for deployment in self.deployments:
            if deployment.id in ends:
                end, start = ends[deployment.id], micros_of(deployment.at)
                spells.append(Spell(0, ended=False) if end is None else Spell(max(0, end - start)))
        yield from duration_figures(self.statistics, spells, MIN_N)


def failed_deployment_recovery(deployments: Iterable[Deployment], *statistics: str) -> Recovery:
    """From a failed deployment to the last restoration of what it caused; the median, None where none failed.

    Restored is ``restored_at`` where the house records it, else the last resolution. `n` counts deployments; one whose
    incidents are not all restored is ``open``. Source: DORA, since its report of 2023.

    Raises:
        KpiError: what is no deployment, or an unknown statistic.
    """
    told = statistics or ("median",)
    check_statistics(told, "failed deployments")
    return Recovery(
        "failed_deployment_recovery",
        reading="deployment to restoration",
        deployments=_checked(deployments),
        statistics=told,
    )
