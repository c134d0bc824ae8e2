"""Were the promises kept? Shares of clocks met and breached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, get_args

import attrs

from itilkit.kpi.definition import KINDS, Case, Cohort, Figure, Kind, Kpi, LeftOut, check_option, check_word
from itilkit.kpi.share import Claim, claim, share_interval
from itilkit.records import Fact
from itilkit.sla import RULES, Reading

__all__ = ["check_target", "outcome_of", "sla_all_met", "sla_breach_rate", "sla_compliance"]


@attrs.frozen
class SlaCompliance(Kpi):
    """See `sla_compliance` and `sla_breach_rate`."""

    target: str = attrs.field(kw_only=True)
    wanted: Literal["met", "breached"] = attrs.field(kw_only=True)

    @property
    def facts(self) -> frozenset[Fact]:
        """What the clock needs."""
        return RULES[_clock(self.target)].needs

    @property
    def usually_left_out(self) -> frozenset[Kind]:
        """The child of a major incident has a target of its own."""
        return KINDS - {"child"}

    def observe(self, case: Case) -> tuple[bool, bool] | LeftOut:
        """Whether the outcome is the wanted one, and whether an agreed exclusion alone kept the promise."""
        outcome = outcome_of(case, self.target)
        if isinstance(outcome, LeftOut):
            return outcome
        excluded = outcome == "met" and _late_without_exclusions(case.readings[self.target])
        return outcome == self.wanted, excluded

    def figures(self, observations: Sequence[tuple[bool, bool]]) -> Iterator[Figure]:
        """The share; None of nothing. What exclusions alone have kept is told beside it."""
        count, n = sum(wanted for wanted, _ in observations), len(observations)
        excused = sum(excused for _, excused in observations)
        yield Figure(
            "share",
            count / n if n else None,
            "ratio",
            n,
            {"counted": count, **({"met_by_exclusions": excused} if excused else {})},
            sureness=lambda level, _: share_interval(count, n, level),
        )


def outcome_of(case: Case, target: str) -> Literal["met", "breached"] | LeftOut:
    """Met, or breached in any of its cycles; an open clock past its target is breached."""
    reading = case.readings.get(target)
    if reading is None:
        return LeftOut("no_agreement")
    outcome = reading.outcome
    if outcome not in ("breached", "not_recorded") and _breached_before(reading):
        return "breached"
    if outcome == "cancelled" and reading.goal is None:
        return LeftOut("no_agreement")
    return outcome if outcome == "met" or outcome == "breached" else LeftOut(outcome)  # noqa: PLR1714  told to checkers


def _late_without_exclusions(reading: Reading) -> bool:
    """The target would have been used up, had agreed exclusions counted."""
    target = reading.target
    return target is not None and bool(reading.excluded) and reading.elapsed + reading.excluded > target


def _breached_before(reading: Reading) -> bool:
    """A restart hides no earlier breach."""
    return any(cycle.outcome == "breached" for cycle in reading.cycles[:-1])


def _clock(target: str) -> str:
    """The clock that a target such as ``OLA.resolution`` is measured by."""
    return target.rpartition(".")[2]


def check_target(target: str) -> None:
    """Raise when no clock is called so."""
    kind, _, clock = target.rpartition(".")
    if clock not in RULES or kind not in ("", "OLA", "UC"):
        known = [f"{kind}{name}" for kind in ("", "OLA.", "UC.") for name in RULES]
        check_word("target", target, known)


def sla_compliance(*, target: str = "resolution", cohort: Cohort = "opened") -> SlaCompliance:
    """Clocks met / (met + breached), for one target.

    An open clock past its target is breached, so a team does not look better by never closing late ones. Left out:
    ``pending`` (open and in time), ``cancelled``, ``no_agreement`` (nothing is promised), ``not_recorded``. A clock
    that was restarted is breached when any of its cycles was. Source: ServiceNow's IT manager dashboard.

    Args:
        target: The key of the reading: ``resolution``, ``response``, ``OLA.resolution`` ...
        cohort: The event that places an incident in a period.

    Raises:
        KpiError: an unknown target or cohort.
    """
    check_target(target)
    check_word("cohort", cohort, get_args(Cohort))
    return SlaCompliance("sla_compliance", reading=target, cohort=cohort, target=target, wanted="met")


def sla_breach_rate(*, target: str = "resolution", cohort: Cohort = "opened") -> SlaCompliance:
    """Clocks breached / (met + breached): one less compliance, on the same base.

    Raises:
        KpiError: an unknown target or cohort.
    """
    check_target(target)
    check_word("cohort", cohort, get_args(Cohort))
    return SlaCompliance("sla_breach_rate", reading=target, cohort=cohort, target=target, wanted="breached")


def _all_met(case: Case, kind: str) -> bool | LeftOut:
    prefix = "" if kind == "SLA" else f"{kind}."
    outcomes = [
        outcome_of(case, name) for name in case.readings if name.rpartition(".")[0] == prefix.rstrip(".")
    ]
    known = [outcome for outcome in outcomes if not isinstance(outcome, LeftOut)]
    if "breached" in known:
        return False
    if LeftOut("pending") in outcomes:
        return LeftOut("pending")
    if known:
        return True
    left = next((outcome for outcome in outcomes if isinstance(outcome, LeftOut)), None)
    return left or LeftOut("no_agreement")


def sla_all_met(*, kind: Literal["SLA", "OLA", "UC"] = "SLA", cohort: Cohort = "opened") -> Claim:
    """Incidents that kept every promise / incidents with a promise: where several clocks run, one figure per incident.

    One that is late on any clock is not kept, also while others run. Left out: ``pending`` (none is late, one still
    runs), ``no_agreement``, ``cancelled``, ``not_recorded`` (where no clock can be told).

    Raises:
        KpiError: an unknown kind of agreement or cohort.
    """
    check_option("kind", kind, ("SLA", "OLA", "UC"))
    found = claim("sla_all_met", _all_met, kind, reading=f"every target of the {kind}", cohort=cohort)
    return found.including("child")
