"""Shares of incidents, and counts per incident."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal, get_args

import attrs

from itilkit.errors import KpiError
from itilkit.kpi.definition import Case, Cohort, Figure, Kpi, LeftOut, check_word
from itilkit.kpi.statistic import mean
from itilkit.records import Fact
from itilkit.sla import RULES, Reading
from itilkit.vocabulary import Channel

__all__ = [
    "Source",
    "first_assignment_rate",
    "first_contact_resolution",
    "hop_count",
    "reopen_rate",
    "reopens_per_incident",
    "sla_breach_rate",
    "sla_compliance",
]

Source = Literal["history", "counter"]
"""Whether a count is taken from the events or from the tool's own counter; audit logs drop events, so they differ."""

_SOURCES = {"history": "by visible changes", "counter": "by the tool's counter"}


@attrs.frozen
class Share(Kpi):
    """The incidents of which something is true, as a ratio from 0 to 1."""

    @abstractmethod
    def observe(self, case: Case) -> bool | LeftOut:
        """Whether it is true of one incident, or why that cannot be told."""

    def figures(self, observations: Sequence[bool]) -> Iterator[Figure]:
        """The share; None of nothing."""
        count, n = sum(observations), len(observations)
        yield Figure("share", count / n if n else None, "ratio", n, {"counted": count})


@attrs.frozen
class PerIncident(Kpi):
    """A count per incident, as a mean."""

    unit: str = attrs.field(kw_only=True)

    @abstractmethod
    def observe(self, case: Case) -> int | LeftOut:
        """The count of one incident, or why it has none."""

    def figures(self, observations: Sequence[int]) -> Iterator[Figure]:
        """The mean; None of nothing."""
        yield Figure("mean", mean(observations), self.unit, len(observations), {"counted": sum(observations)})


def _hops(case: Case, source: Source) -> int | LeftOut:
    return case.counter("reassignment_count") if source == "counter" else case.hops


@attrs.frozen
class FirstAssignmentRate(Share):
    """See `first_assignment_rate`."""

    source: Source = attrs.field(kw_only=True)

    def observe(self, case: Case) -> bool | LeftOut:
        """Whether a resolved incident never changed its group."""
        if case.early is not None:
            return case.early
        if case.resolved_at is None:
            return case.unresolved
        hops = _hops(case, self.source)
        return hops if isinstance(hops, LeftOut) else hops == 0


def first_assignment_rate(*, source: Source = "history", cohort: Cohort = "resolved") -> FirstAssignmentRate:
    """Resolved without a change of group / resolved: the usual stand-in for first contact resolution.

    An incident parked for a month in its first group still passes. Left out: ``missing`` where no group was ever
    seen (by history) or no resolution, ``not_recorded`` where there is no counter, ``open``, ``cancelled``. Source:
    ServiceNow's benchmark and IT manager dashboards.

    Raises:
        KpiError: an unknown source or cohort.
    """
    check_word("source", source, get_args(Source))
    check_word("cohort", cohort, get_args(Cohort))
    return FirstAssignmentRate(
        "first_assignment_rate", reading=_SOURCES[source], cohort=cohort, source=source
    )


@attrs.frozen
class HopCount(PerIncident):
    """See `hop_count`."""

    source: Source = attrs.field(kw_only=True)

    def observe(self, case: Case) -> int | LeftOut:
        """How often the group changed."""
        return case.early or _hops(case, self.source)


def hop_count(*, source: Source = "history", cohort: Cohort = "opened") -> HopCount:
    """Changes of group per incident; the first assignment is none.

    Raises:
        KpiError: an unknown source or cohort.
    """
    check_word("source", source, get_args(Source))
    check_word("cohort", cohort, get_args(Cohort))
    return HopCount(
        "hop_count", reading=_SOURCES[source], cohort=cohort, source=source, unit="group changes per incident"
    )


class _EverResolved(Kpi):
    """Rests on incidents that were resolved once; the first resolution places them, also one that did not hold."""

    def resolved_at(self, case: Case) -> datetime | None:
        """The first resolution."""
        return case.first_resolved_at


def _reopenings(case: Case, source: Source) -> int | LeftOut:
    if case.early is not None:
        return case.early
    if case.first_resolved_at is None:
        return case.unresolved
    return case.counter("reopen_count") if source == "counter" else len(case.reopened_at)


@attrs.frozen
class ReopenRate(_EverResolved, Share):
    """See `reopen_rate`."""

    source: Source = attrs.field(kw_only=True)

    def observe(self, case: Case) -> bool | LeftOut:
        """Whether an incident that was resolved came back."""
        reopenings = _reopenings(case, self.source)
        return reopenings if isinstance(reopenings, LeftOut) else reopenings > 0


def reopen_rate(*, source: Source = "history", cohort: Cohort = "resolved") -> ReopenRate:
    """Resolved and ever reopened / ever resolved; several reopenings count once.

    The first resolution places an incident in a period, so that one that is open again is not lost. Recent
    resolutions have had less time to come back: their rate looks better than it is. Left out: ``open`` and
    ``missing`` where nothing was ever resolved, ``cancelled``, ``duplicate``. Source: ServiceNow's service quality
    dashboard.

    Raises:
        KpiError: an unknown source or cohort.
    """
    check_word("source", source, get_args(Source))
    check_word("cohort", cohort, get_args(Cohort))
    return ReopenRate("reopen_rate", reading=f"ever, {_SOURCES[source]}", cohort=cohort, source=source)


@attrs.frozen
class ReopensPerIncident(_EverResolved, PerIncident):
    """See `reopens_per_incident`."""

    source: Source = attrs.field(kw_only=True)

    def observe(self, case: Case) -> int | LeftOut:
        """How often it came back."""
        return _reopenings(case, self.source)


def reopens_per_incident(*, source: Source = "history", cohort: Cohort = "resolved") -> ReopensPerIncident:
    """Reopenings / incidents ever resolved; each reopening counts.

    Raises:
        KpiError: an unknown source or cohort.
    """
    check_word("source", source, get_args(Source))
    check_word("cohort", cohort, get_args(Cohort))
    return ReopensPerIncident(
        "reopens_per_incident",
        reading=_SOURCES[source],
        cohort=cohort,
        source=source,
        unit="reopenings per incident",
    )


@attrs.frozen
class SlaCompliance(Share):
    """See `sla_compliance` and `sla_breach_rate`."""

    target: str = attrs.field(kw_only=True)
    wanted: Literal["met", "breached"] = attrs.field(kw_only=True)

    @property
    def facts(self) -> frozenset[Fact]:
        """What the clock needs."""
        return RULES[_clock(self.target)].needs

    def observe(self, case: Case) -> bool | LeftOut:
        """Whether the clock was met, or breached in any of its cycles; an open clock past its target is breached."""
        if case.early is not None:
            return case.early
        reading = case.readings.get(self.target)
        if reading is None:
            return LeftOut("no_agreement")
        outcome = reading.outcome
        if outcome not in ("breached", "not_recorded") and _breached_before(reading):
            outcome = "breached"
        if outcome == "cancelled" and reading.goal is None:
            return LeftOut("no_agreement")
        if outcome in ("pending", "cancelled", "not_recorded"):
            return LeftOut(outcome)
        return outcome == self.wanted


def _breached_before(reading: Reading) -> bool:
    """A restart hides no earlier breach."""
    return any(cycle.outcome == "breached" for cycle in reading.cycles[:-1])


def _clock(target: str) -> str:
    """The clock that a target such as ``OLA.resolution`` is measured by."""
    return target.rpartition(".")[2]


def _check_target(target: str) -> None:
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
    _check_target(target)
    check_word("cohort", cohort, get_args(Cohort))
    return SlaCompliance("sla_compliance", reading=target, cohort=cohort, target=target, wanted="met")


def sla_breach_rate(*, target: str = "resolution", cohort: Cohort = "opened") -> SlaCompliance:
    """Clocks breached / (met + breached): one less compliance, on the same base.

    Raises:
        KpiError: an unknown target or cohort.
    """
    _check_target(target)
    check_word("cohort", cohort, get_args(Cohort))
    return SlaCompliance("sla_breach_rate", reading=target, cohort=cohort, target=target, wanted="breached")


_LIVE = (Channel.PHONE.value, Channel.CHAT.value, Channel.WALK_IN.value)


@attrs.frozen
class FirstContactResolution(_EverResolved, Share):
    """See `first_contact_resolution`."""

    quiet: timedelta = attrs.field(kw_only=True)

    @property
    def facts(self) -> frozenset[Fact]:
        """What is said between user and desk."""
        return frozenset({"agent_reply", "requester_message"})

    def observe(self, case: Case) -> bool | LeftOut:
        """Whether the first live contact was the only one."""
        if case.early is not None:
            return case.early
        if case.lacks(self.facts):
            return LeftOut("not_recorded")
        resolved = case.first_resolved_at
        if resolved is None:
            return case.unresolved
        if case.fields.get("channel") not in _LIVE:
            return LeftOut("not_eligible")
        quiet = resolved + self.quiet
        if case.timeline.as_of < quiet:
            return LeftOut("pending")
        beats = case.timeline.beats
        written = (beats[mark.beat] for mark in case.timeline.marks if mark.kind == "requester_message")
        moved = case.hops not in (0, LeftOut("missing"))
        return not moved and all(at >= quiet for at in (*written, *case.reopened_at))


def first_contact_resolution(
    *, quiet: timedelta = timedelta(days=7), cohort: Cohort = "resolved"
) -> FirstContactResolution:
    """FCR: resolved in the first contact / resolved that could be.

    Could be: live contact (phone, chat, walk-in). Was: no change of group, and no further message of the user and no
    reopening until `quiet` has passed since the first resolution, which also places it in a period. A resolution
    younger than `quiet` is ``pending``; other channels are ``not_eligible``; a source without replies and messages
    makes it ``not_recorded``. Source: MetricNet.

    Raises:
        KpiError: a negative `quiet`, or an unknown cohort.
    """
    if quiet < timedelta(0):
        raise KpiError.one("negative_quiet", f"a quiet time of {quiet} is none", path="quiet")
    check_word("cohort", cohort, get_args(Cohort))
    return FirstContactResolution(
        "first_contact_resolution",
        reading=f"live channels, quiet for {_told(quiet)}",
        cohort=cohort,
        quiet=quiet,
    )


def _told(quiet: timedelta) -> str:
    return str(quiet) if quiet % timedelta(days=1) else f"{quiet.days} days"
