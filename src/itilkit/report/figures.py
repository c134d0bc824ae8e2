"""The report as a value: all figures of a log under a policy, before anybody chose how to show them.

Text, JSON and HTML are made of this value and of nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

import attrs

from itilkit import kpi
from itilkit.adapters.servicenow import AuditLog
from itilkit.calendars import Period
from itilkit.errors import KpiError
from itilkit.kpi import Kpi, Measure, Measures
from itilkit.lifecycle import Conformance, conformance
from itilkit.policy import Policy
from itilkit.report.findings import Finding, of_lifecycle, of_log, of_readings
from itilkit.report.words import promise
from itilkit.sla import Assessment
from itilkit.vocabulary import Status

__all__ = ["DIMENSIONS", "MONTHS", "UNPLACED", "Extent", "Promise", "Report", "figures"]

DIMENSIONS = ("priority", "channel", "group")
"""What the KPIs are told by, beside the total."""

MONTHS = 60
"""The backlog is told at the end of that many months at most, the latest ones."""

UNPLACED = "in no month"
"""The period of what a monthly figure leaves out."""

STATISTICS = ("mean", "median", "p90")


@attrs.frozen
class Extent:
    """What was read.

    Attributes:
        name: The name of the file.
        source: What kind of log it is.
        rows: Rows read.
        incidents: Incidents in them.
        zone: The zone in which its stamps were read.
        opened_from: When the first incident was opened.
        opened_until: When the last one was.
        last_event_at: The last stamp of all rows.
        lacks: Facts that such a log does not hold.
    """

    name: str
    source: str
    rows: int
    incidents: int
    zone: str
    opened_from: datetime
    opened_until: datetime
    last_event_at: datetime
    lacks: tuple[str, ...]


@attrs.frozen
class Promise:
    """What the policy promises for one priority; None where it states that there is no target."""

    target: str
    priority: int
    agreement: str
    text: str | None


@attrs.frozen(repr=False)
class Report:
    """All figures of a log under a policy.

    Attributes:
        version: The version of the library.
        as_of: The instant from which everything was seen.
        log: What was read.
        policy: The name of the policy.
        lifecycle: The name of its lifecycle.
        priorities: The labels of its priorities.
        targets: The targets under which readings exist.
        promises: What they promise.
        statuses: Incidents by where they stand at `as_of`; those not yet opened are under None.
        measures: Every figure.
        conformance: How far the log keeps to the lifecycle.
        counts: The quirks of the log, zeros included.
        findings: Conformance and quirks in words.
    """

    version: str
    as_of: datetime
    log: Extent
    policy: str
    lifecycle: str
    priorities: Mapping[int, str]
    targets: tuple[str, ...]
    promises: tuple[Promise, ...]
    statuses: Mapping[Status | None, int]
    measures: Measures
    conformance: Conformance
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return f"<Report on {self.log.name}: {len(self.measures)} figures as of {self.as_of.isoformat()}>"


def figures(
    log: AuditLog, cases: Iterable[Assessment], policy: Policy, *, name: str = "log", version: str = ""
) -> Report:
    """The report on a log whose incidents were assessed under a policy.

    Args:
        log: What was read.
        cases: Its incidents, assessed at one `as_of`.
        policy: The policy they were assessed under.
        name: What to call the log.
        version: The version of the library, to be told in the report.

    Raises:
        KpiError: there are no cases, or they were seen from different instants.
    """
    known = list(cases)
    instants = {case.timeline.as_of for case in known}
    if len(instants) != 1:
        raise KpiError.one("as_of", f"a report needs incidents seen from one instant, not {len(instants)}")
    (as_of,) = instants
    seen = conformance(case.timeline for case in known)
    targets = tuple(dict.fromkeys(target for case in known for target in case.readings))
    measures = tuple(_measures(known, targets, log.zone, as_of))
    history, reported = Measures(measures[:3]), Measures(measures[3:6])
    return Report(
        version,
        as_of,
        _extent(log, name),
        policy.name,
        policy.lifecycle.name,
        {level: policy.matrix.priority.label(level) for level in policy.matrix.priority.levels},
        targets,
        tuple(_promises(policy, targets)),
        _statuses(known),
        Measures(measures),
        seen,
        dict(log.counts),
        (
            *of_lifecycle(seen, policy.lifecycle.name),
            *of_readings(history, reported),
            *of_log(log.counts, log.faults),
        ),
    )


def _extent(log: AuditLog, name: str) -> Extent:
    opened = [incident.opened_at for incident in log.incidents]
    last = max(event.at for incident in log.incidents for event in incident.events)
    lacks = tuple(sorted(log.source.lacks))
    return Extent(
        name, log.source.name, log.rows, len(log.incidents), log.zone, min(opened), max(opened), last, lacks
    )


def _promises(policy: Policy, targets: Sequence[str]) -> Iterator[Promise]:
    """What each reading's target promises; of each kind the first agreement holds."""
    for agreement in reversed({each.kind: each for each in reversed(policy.agreements)}.values()):
        for name in agreement.rules:
            target = f"{agreement.prefix}{name}"
            levels = policy.matrix.priority.levels if target in targets else ()
            for level, term in zip(levels, agreement.terms(name, levels), strict=False):
                text = None if term.goal is None else promise(term.goal)
                yield Promise(target, level, agreement.name, text)


def _statuses(cases: Sequence[Assessment]) -> dict[Status | None, int]:
    tally = Counter(case.timeline.status for case in cases)
    return {status: tally[status] for status in (*Status, None) if tally[status]}


def _measures(
    cases: Sequence[Assessment], targets: Sequence[str], zone: str, as_of: datetime
) -> Iterator[Measure]:
    standing = _standing(targets)
    yield from kpi.measure(cases, *standing, *_once(), *_backlogs(as_of))
    opened = [case for case in cases if case.timeline.events]  # the others are in no group yet
    for dimension in DIMENSIONS:
        yield from kpi.measure(opened, kpi.volume(), *standing, by=dimension)
    yield from kpi.measure(opened, kpi.mean_time_between_failures(), by="configuration_item")
    yield from kpi.measure(opened, kpi.mean_time_between_incidents(), by="category")
    for measure in kpi.measure(cases, kpi.volume(), kpi.volume(cohort="resolved"), every="month", zone=zone):
        yield measure if measure.period else attrs.evolve(measure, period=UNPLACED)
    yield from _month_ends(cases, zone, as_of)


def _standing(targets: Sequence[str]) -> tuple[Kpi, ...]:
    """The KPIs that are told for the whole log and for each of its groups."""
    return (
        kpi.time_to_resolve(*STATISTICS),
        kpi.time_to_resolve(*STATISTICS, resolution="reported"),
        *(kpi.sla_compliance(target=target) for target in targets),
        kpi.reopen_rate(),
        kpi.reopen_rate(source="counter"),
        kpi.first_assignment_rate(),
        kpi.first_assignment_rate(source="counter"),
        kpi.hop_count(),
        kpi.hop_count(source="counter"),
    )


def _once() -> tuple[Kpi, ...]:
    """The KPIs that are told for the whole log only."""
    return (
        kpi.volume(),
        kpi.mean_time_between_failures(),
        kpi.mean_time_between_incidents(),
        kpi.mean_time_to_acknowledge(),
        kpi.first_contact_resolution(),
    )


def _backlogs(at: datetime) -> tuple[Kpi, ...]:
    return (kpi.backlog(at), kpi.backlog(at, end="closed"), kpi.backlog(at, end="state"))


def _month_ends(cases: Sequence[Assessment], zone: str, as_of: datetime) -> Iterator[Measure]:
    """The backlog at the end of each month in which something happened, named by the month."""
    beats = [beat for case in cases for beat in case.timeline.beats[:1] + case.timeline.beats[-1:]]
    if not beats:
        return
    months = Period.each("month", min(beats), max(beats), zone=zone)[-MONTHS:]
    ended = [month for month in months if month.end <= as_of]
    if not ended:
        return
    found = kpi.measure(cases, *(kpi.backlog(month.end) for month in ended))
    for month, measure in zip(ended, cast("Iterable[Measure]", found), strict=True):
        yield attrs.evolve(measure, period=month.label)
