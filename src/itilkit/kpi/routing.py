"""Who had it? Changes of group, levels of support, and escalation."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Literal, get_args

import attrs

from itilkit.events import Escalated
from itilkit.kpi.definition import Case, Cohort, LeftOut, check_option, check_word, refuse
from itilkit.kpi.share import SOURCES, Claim, PerIncident, Share, Source, claim
from itilkit.records import Group
from itilkit.vocabulary import Status

__all__ = [
    "correctly_assigned_rate",
    "escalation_rate",
    "first_assignment_rate",
    "first_level_resolution",
    "hop_count",
    "levels_of",
    "oncall_escalation_rate",
    "ping_pong",
    "reassignment_rate",
]


def _hops(case: Case, source: Source) -> int | LeftOut:
    return case.counter("reassignment_count") if source == "counter" else case.hops


@attrs.frozen
class FirstAssignmentRate(Share):
    """See `first_assignment_rate`."""

    source: Source = attrs.field(kw_only=True)

    def observe(self, case: Case) -> bool | LeftOut:
        """Whether a resolved incident never changed its group."""
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
    return FirstAssignmentRate("first_assignment_rate", reading=SOURCES[source], cohort=cohort, source=source)


@attrs.frozen
class HopCount(PerIncident):
    """See `hop_count`."""

    source: Source = attrs.field(kw_only=True)

    def observe(self, case: Case) -> int | LeftOut:
        """How often the group changed."""
        return _hops(case, self.source)


def hop_count(*, source: Source = "history", cohort: Cohort = "opened") -> HopCount:
    """Changes of group per incident; the first assignment is none.

    Raises:
        KpiError: an unknown source or cohort.
    """
    check_word("source", source, get_args(Source))
    check_word("cohort", cohort, get_args(Cohort))
    return HopCount(
        "hop_count", reading=SOURCES[source], cohort=cohort, source=source, unit="group changes per incident"
    )


def _reassigned(case: Case, source: Source) -> bool | LeftOut:
    hops = _hops(case, source)
    return hops if isinstance(hops, LeftOut) else hops > 0


def reassignment_rate(*, source: Source = "history", cohort: Cohort = "opened") -> Claim:
    """Incidents that changed their group at least once / incidents; the first assignment is no change.

    Left out: ``missing`` where no group was ever seen, ``not_recorded`` where there is no counter.

    Raises:
        KpiError: an unknown source or cohort.
    """
    check_word("source", source, get_args(Source))
    return claim("reassignment_rate", _reassigned, source, reading=SOURCES[source], cohort=cohort)


@attrs.frozen
class PingPong(PerIncident):
    """See `ping_pong`."""

    def observe(self, case: Case) -> int | LeftOut:
        """How often it came back to a group that had it before."""
        groups = case.groups
        return len(groups) - len(set(groups)) if groups else LeftOut("missing")


def ping_pong(*, cohort: Cohort = "opened") -> PingPong:
    """Returns to a group that had the incident before, per incident. Left out: ``missing`` (no group was ever seen).

    Raises:
        KpiError: an unknown cohort.
    """
    check_word("cohort", cohort, get_args(Cohort))
    return PingPong(
        "ping_pong", reading=SOURCES["history"], cohort=cohort, unit="returns to a group per incident"
    )


def _resolving_group(case: Case) -> str | LeftOut:
    """The group that had it when it was last resolved."""
    if case.resolved_at is None:
        return case.unresolved
    statuses, assignments = case.timeline.statuses, case.timeline.assignments
    entries = (
        beat
        for beat in range(len(statuses) - 1, -1, -1)
        if statuses[beat] is Status.RESOLVED and (beat == 0 or statuses[beat - 1] is not Status.RESOLVED)
    )
    group = assignments[next(entries, -1)].group
    return LeftOut("missing") if group is None else group


def levels_of(groups: Iterable[Group]) -> tuple[tuple[str, int], ...]:
    """The level of support by id and by name of each group."""
    levels: dict[str, int] = {}
    for group in groups:
        if not isinstance(group, Group):
            raise refuse("groups", f"expected a Group, got {group!r}", "Group('desk', support_level=1)")
        levels.update({name: group.support_level for name in (group.name, group.id) if name})
    return tuple(sorted(levels.items()))


def _at_first_level(case: Case, levels: tuple[tuple[str, int], ...]) -> bool | LeftOut:
    group = _resolving_group(case)
    if isinstance(group, LeftOut):
        return group
    level = dict(levels).get(group)
    return LeftOut("not_recorded") if level is None else level == 1


def first_level_resolution(*, groups: Iterable[Group], cohort: Cohort = "resolved") -> Claim:
    """FLR: resolved by the first level of support / resolved; time and number of contacts do not matter.

    Args:
        groups: The groups with their levels, known by id or by name; the resolving group of an incident that is none of
            them makes it ``not_recorded``.
        cohort: The event that places an incident in a period.

    Left out: ``open``, ``missing`` (no resolution, or no group at it), ``not_recorded``. Source: MetricNet.

    Raises:
        KpiError: what is no group, or an unknown cohort.
    """
    return claim(
        "first_level_resolution",
        _at_first_level,
        levels_of(groups),
        reading="by the level of the resolving group",
        cohort=cohort,
    )


def _as_first_assigned(case: Case) -> bool | LeftOut:
    group = _resolving_group(case)
    if isinstance(group, LeftOut):
        return group
    return case.groups[0] == group


def correctly_assigned_rate(*, cohort: Cohort = "resolved") -> Claim:
    """The first group is the one that resolved it / resolved with both known; it may have been elsewhere between.

    That is the first-assignment rate "by first group", and not the one without any change of group. Left out: ``open``,
    ``missing``.

    Raises:
        KpiError: an unknown cohort.
    """
    return claim(
        "correctly_assigned_rate",
        _as_first_assigned,
        reading="the first group is the resolving one",
        cohort=cohort,
    )


EscalationWay = Literal["functional", "hierarchical"]


def _escalated(case: Case, kind: EscalationWay, levels: tuple[tuple[str, int], ...]) -> bool | LeftOut:
    if any(isinstance(event, Escalated) and event.kind == kind for event in case.timeline.events):
        return True
    if kind == "hierarchical" or not levels:
        return False
    known = dict(levels)
    passed = [known[group] for group in case.groups if group in known]
    return any(later > earlier for earlier, later in pairwise(passed))


def escalation_rate(*, kind: EscalationWay, groups: Iterable[Group] = (), cohort: Cohort = "opened") -> Claim:
    """Escalated incidents / incidents; the two kinds of escalation are never mixed, so there is no default.

    Args:
        kind: ``functional``: more skill was called in, by an `Escalated` or by a move to a group of a higher level, as
            far as `groups` tells the levels; ``hierarchical``: more authority was called in.
        groups: The groups with their levels of support.
        cohort: The event that places an incident in a period.

    Escalation along an on-call rota is another figure: `oncall_escalation_rate`.

    Raises:
        KpiError: an unknown kind or cohort, or what is no group.
    """
    check_option("kind", kind, get_args(EscalationWay))
    return claim("escalation_rate", _escalated, kind, levels_of(groups), reading=kind, cohort=cohort)


def _not_recorded(_case: Case) -> LeftOut:
    return LeftOut("not_recorded")


def oncall_escalation_rate(*, cohort: Cohort = "opened") -> Claim:
    """Incidents that an on-call rota passed on to its next level / incidents: ``not_recorded``.

    No event tells it, and an `Escalated` is no stand-in for it. Source: PagerDuty.

    Raises:
        KpiError: an unknown cohort.
    """
    return claim("oncall_escalation_rate", _not_recorded, reading="on-call levels", cohort=cohort)
