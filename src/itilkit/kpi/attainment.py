"""Was the promised share kept in the period? The objective of an agreement, such as 95 % in a month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor

import attrs

from itilkit.kpi.compliance import check_target, outcome_of
from itilkit.kpi.definition import KINDS, Case, Cohort, Figure, Kind, Kpi, LeftOut, check_word, refuse
from itilkit.kpi.intervals import is_number
from itilkit.kpi.share import share_interval

__all__ = ["Objective", "SmallN", "sla_attainment"]

_ROUNDING = 1e-9


@attrs.frozen
class SmallN:
    """With fewer than `below` incidents in the period not the share counts, but at most `allow` late ones."""

    below: int
    allow: int

    def __attrs_post_init__(self) -> None:
        if type(self.below) is not int or type(self.allow) is not int or self.below < 1 or self.allow < 0:
            raise refuse("small_n", f"below {self.below!r} allow {self.allow!r} is no rule", "SmallN(40, 2)")


@attrs.frozen
class Objective:
    """The promised share.

    Attributes:
        share: From 0 to 1, such as 0.95.
        small_n: What holds instead where there are few.

    >>> Objective(0.95, SmallN(below=40, allow=2)).allowed(30), Objective(0.95).allowed(30)
    (2, 1)
    """

    share: float
    small_n: SmallN | None = None

    def __attrs_post_init__(self) -> None:
        if not is_number(self.share) or not 0 < self.share <= 1:
            raise refuse("share", f"a share of {self.share!r} is none", "0.95 for 95 in a hundred")

    def allowed(self, n: int) -> int:
        """How many of so many may be late."""
        if self.small_n is not None and n < self.small_n.below:
            return self.small_n.allow
        return floor(n * (1 - self.share) + _ROUNDING)


@attrs.frozen
class Attainment(Kpi):
    """See `sla_attainment`."""

    target: str = attrs.field(kw_only=True)
    objective: Objective = attrs.field(kw_only=True)

    @property
    def usually_left_out(self) -> frozenset[Kind]:
        """The child of a major incident has a target of its own."""
        return KINDS - {"child"}

    def observe(self, case: Case) -> bool | LeftOut | None:
        """Whether it was kept; None while that is open."""
        outcome = outcome_of(case, self.target)
        if isinstance(outcome, LeftOut):
            return None if outcome.reason == "pending" else outcome
        return outcome == "met"

    def figures(self, observations: Sequence[bool | None]) -> Iterator[Figure]:
        """1 where the objective was kept, 0 where it was missed, None while the open clocks can decide it."""
        judged = [kept for kept in observations if kept is not None]
        n, late, pending = len(judged), judged.count(False), len(observations) - len(judged)
        parts = {
            "met": n - late,
            "late": late,
            "pending": pending,
            "allowed_late": self.objective.allowed(n),
            "affordable_late": self.objective.allowed(n) - late,
        }
        yield Figure("attained", self._verdict(n, late, pending), "yes or no", n, parts)
        yield Figure(
            "share",
            (n - late) / n if n else None,
            "ratio",
            n,
            parts,
            sureness=lambda level, _: share_interval(n - late, n, level),
        )

    def _verdict(self, n: int, late: int, pending: int) -> int | None:
        if not n + pending:
            return None
        ends = {
            late <= self.objective.allowed(n + pending),
            late + pending <= self.objective.allowed(n + pending),
        }
        return int(ends.pop()) if len(ends) == 1 else None


def sla_attainment(
    objective: Objective, *, target: str = "resolution", cohort: Cohort = "resolved"
) -> Attainment:
    """Whether the promised share was kept in a period: 1, 0, or None while open clocks can still decide it.

    Args:
        objective: The promise.
        target: The key of the reading.
        cohort: The event that places an incident in a period. Give the period, in the agreement's zone, to `measure`:
            ``every="month", zone="Europe/London"``.

    The parts tell how many were met, late and pending, how many may be late, and how many more can still be afforded;
    the second figure is the share with Wilson's interval. Left out: ``cancelled``, ``no_agreement``, ``not_recorded``.
    Source: published service level agreements.

    Raises:
        KpiError: no objective, or an unknown target or cohort.
    """
    if not isinstance(objective, Objective):
        raise refuse("objective", f"expected an Objective, got {objective!r}", "Objective(0.95)")
    check_target(target)
    check_word("cohort", cohort, ("opened", "resolved", "closed"))
    rule = objective.small_n
    few = "" if rule is None else f", or with fewer than {rule.below} at most {rule.allow} late"
    return Attainment(
        "sla_attainment",
        reading=f"{target}, {objective.share:.4g} kept{few}",
        cohort=cohort,
        target=target,
        objective=objective,
    )
