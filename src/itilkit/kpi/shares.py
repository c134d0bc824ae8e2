"""Shares of incidents, and counts per incident."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Literal, get_args

import attrs

from itilkit.kpi.definition import Cohort, Figure, Kpi, LeftOut, check_word, ended_early
from itilkit.kpi.statistic import mean
from itilkit.lifecycle import Timeline
from itilkit.sla import Assessment
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
    def observe(self, case: Assessment) -> bool | LeftOut:
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
    def observe(self, case: Assessment) -> int | LeftOut:
        """The count of one incident, or why it has none."""

    def figures(self, observations: Sequence[int]) -> Iterator[Figure]:
        """The mean; None of nothing."""
        yield Figure("mean", mean(observations), self.unit, len(observations), {"counted": sum(observations)})


def _counter(timeline: Timeline, name: str) -> int | LeftOut:
    value = timeline.fields[-1].get(name) if timeline.fields else None
    return value if isinstance(value, int) else LeftOut("not_recorded")


def _hops(timeline: Timeline, source: Source) -> int | LeftOut:
    """Changes of group: the first assignment is none, and a spell without a group does not count."""
    if source == "counter":
        return _counter(timeline, "reassignment_count")
    groups = sum(1 for _ in timeline.groups())
    return groups - 1 if groups else LeftOut("missing")


def _unresolved(timeline: Timeline) -> LeftOut | None:
    early = ended_early(timeline)
    if early is not None:
        return early
    if timeline.resolved_at is None:
        return LeftOut("open" if timeline.statuses[-1].is_open else "missing")
    return None


@attrs.frozen
class FirstAssignmentRate(Share):
    """See `first_assignment_rate`."""

    source: Source = attrs.field(kw_only=True)

    def observe(self, case: Assessment) -> bool | LeftOut:
        """Whether a resolved incident never changed its group."""
        unresolved = _unresolved(case.timeline)
        if unresolved is not None:
            return unresolved
        hops = _hops(case.timeline, self.source)
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

    def observe(self, case: Assessment) -> int | LeftOut:
        """How often the group changed."""
        return ended_early(case.timeline) or _hops(case.timeline, self.source)


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


def _reopenings(timeline: Timeline, source: Source) -> int | LeftOut:
    early = ended_early(timeline)
    if early is not None:
        return early
    if timeline.first_resolved_at is None:
        return LeftOut("open" if timeline.statuses[-1].is_open else "missing")
    return _counter(timeline, "reopen_count") if source == "counter" else timeline.reopen_count


@attrs.frozen
class ReopenRate(Share):
    """See `reopen_rate`."""

    source: Source = attrs.field(kw_only=True)

    def observe(self, case: Assessment) -> bool | LeftOut:
        """Whether an incident that was resolved came back."""
        reopenings = _reopenings(case.timeline, self.source)
        return reopenings if isinstance(reopenings, LeftOut) else reopenings > 0


def reopen_rate(*, source: Source = "history", cohort: Cohort = "resolved") -> ReopenRate:
    """Resolved and ever reopened / ever resolved; several reopenings count once.

    Recent resolutions have had less time to come back: their rate looks better than it is. Left out: ``open`` and
    ``missing`` where nothing was ever resolved, ``cancelled``. Source: ServiceNow's service quality dashboard.

    Raises:
        KpiError: an unknown source or cohort.
    """
    check_word("source", source, get_args(Source))
    check_word("cohort", cohort, get_args(Cohort))
    return ReopenRate("reopen_rate", reading=f"ever, {_SOURCES[source]}", cohort=cohort, source=source)


@attrs.frozen
class ReopensPerIncident(PerIncident):
    """See `reopens_per_incident`."""

    source: Source = attrs.field(kw_only=True)

    def observe(self, case: Assessment) -> int | LeftOut:
        """How often it came back."""
        return _reopenings(case.timeline, self.source)


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

    def observe(self, case: Assessment) -> bool | LeftOut:
        """Whether the clock was met, or breached; an open clock past its target is breached."""
        early = ended_early(case.timeline)
        if early is not None:
            return early
        reading = case.readings.get(self.target)
        if reading is None:
            return LeftOut("no_agreement")
        if reading.outcome in ("pending", "cancelled", "not_recorded"):
            return LeftOut(reading.outcome)
        return reading.outcome == self.wanted


def sla_compliance(*, target: str = "resolution", cohort: Cohort = "opened") -> SlaCompliance:
    """Clocks met / (met + breached), for one target.

    An open clock past its target is breached, so a team does not look better by never closing late ones. Left out:
    ``pending`` (open and in time), ``cancelled``, ``no_agreement``, ``not_recorded``. Source: ServiceNow's IT
    manager dashboard.

    Args:
        target: The key of the reading: ``resolution``, ``response``, ``OLA.resolution`` ...
        cohort: The event that places an incident in a period.
    """
    check_word("cohort", cohort, get_args(Cohort))
    return SlaCompliance("sla_compliance", reading=target, cohort=cohort, target=target, wanted="met")


def sla_breach_rate(*, target: str = "resolution", cohort: Cohort = "opened") -> SlaCompliance:
    """Clocks breached / (met + breached): one less compliance, on the same base."""
    check_word("cohort", cohort, get_args(Cohort))
    return SlaCompliance("sla_breach_rate", reading=target, cohort=cohort, target=target, wanted="breached")


_LIVE = (Channel.PHONE.value, Channel.CHAT.value, Channel.WALK_IN.value)


@attrs.frozen
class FirstContactResolution(Share):
    """See `first_contact_resolution`."""

    quiet: timedelta = attrs.field(kw_only=True)

    def observe(self, case: Assessment) -> bool | LeftOut:
        """Whether the first live contact was the only one."""
        timeline = case.timeline
        if timeline.incident.source.lacks & {"agent_reply", "requester_message"}:
            return LeftOut("not_recorded")
        unresolved = _unresolved(timeline)
        if unresolved is not None:
            return unresolved
        if timeline.fields[-1].get("channel") not in _LIVE:
            return LeftOut("not_eligible")
        resolved = timeline.first_resolved_at
        if resolved is not None and timeline.as_of < resolved + self.quiet:
            return LeftOut("pending")
        hops = _hops(timeline, "history")
        contacts = sum(mark.kind == "requester_message" for mark in timeline.marks)
        return hops in (0, LeftOut("missing")) and not contacts and not timeline.reopen_count


def first_contact_resolution(
    *, quiet: timedelta = timedelta(days=7), cohort: Cohort = "resolved"
) -> FirstContactResolution:
    """FCR: resolved in the first contact / resolved that could be.

    Could be: live contact (phone, chat, walk-in). Was: no change of group, no further message of the user, no
    reopening. A resolution younger than `quiet` is ``pending``; other channels are ``not_eligible``; a source without
    replies and messages makes it ``not_recorded``. Source: MetricNet.
    """
    check_word("cohort", cohort, get_args(Cohort))
    return FirstContactResolution(
        "first_contact_resolution",
        reading=f"live channels, quiet for {quiet.days} days",
        cohort=cohort,
        quiet=quiet,
    )
