"""The report as a value: all figures of a log under a policy, before anybody chose how to show them.

Text, JSON and HTML are made of this value and of nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Literal

import attrs

from itilkit import kpi, plots
from itilkit.adapters.servicenow import AuditLog
from itilkit.calendars import Period
from itilkit.errors import KpiError
from itilkit.kpi import Cases, Kpi, Measure, Measures, PeriodReport
from itilkit.lifecycle import Conformance, conformance
from itilkit.plots import Picture
from itilkit.policy import Policy
from itilkit.report.backlogs import backlogs
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

STATISTICS = ("mean", "median", "p90", "p95")
SURVIVAL = ("mean", "km_p25", "km_median", "km_p75", "km_p90", "rmst_14d", "rmst_30d")
"""Of time to resolve by the opening: what has not ended counts as long as it has lasted, except in the mean."""

ENDS: tuple[kpi.End, ...] = ("resolved", "closed", "state")
RECURRING = (("category", "subcategory"), ("category", "subcategory", "symptom"))
"""What makes an incident the same as an earlier one."""

_INSTANT = timedelta(microseconds=1)


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
        measures: Every figure, but for those that follow.
        weekly: Incidents opened in each week, from the first to the last week in which one was.
        daily: Incidents opened on each day, from the first to the last day on which one was.
        in_status: The mean time in each status and in each state of the tool's own.
        month: The last full month, beside the one before; None where the log holds no full month.
        conformance: How far the log keeps to the lifecycle.
        counts: The quirks of the log, zeros included.
        findings: Conformance and quirks in words.
        pictures: What a page shows, if it was asked for.
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
    weekly: Measures
    daily: Measures
    in_status: Measures
    month: PeriodReport | None
    conformance: Conformance
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]
    pictures: tuple[Picture, ...] = ()

    def __repr__(self) -> str:
        return f"<Report on {self.log.name}: {len(self.measures)} figures as of {self.as_of.isoformat()}>"


def figures(
    log: AuditLog,
    assessments: Iterable[Assessment],
    policy: Policy,
    *,
    name: str = "log",
    version: str = "",
    pictures: bool = False,
) -> Report:
    """The report on a log whose incidents were assessed under a policy.

    Args:
        log: What was read.
        assessments: Its incidents, assessed at one `as_of`.
        policy: The policy they were assessed under.
        name: What to call the log.
        version: The version of the library, to be told in the report.
        pictures: Draw up the pictures of a page as well.

    Raises:
        KpiError: there are no assessments, or they were seen from different instants.
    """
    known = list(assessments)
    instants = {case.timeline.as_of for case in known}
    if len(instants) != 1:
        raise KpiError.one("as_of", f"a report needs incidents seen from one instant, not {len(instants)}")
    (as_of,) = instants
    cases = Cases(known)
    seen = conformance(case.timeline for case in known)
    targets = tuple(dict.fromkeys(target for case in known for target in case.readings))
    extent = _extent(log, name)
    measures = Measures(tuple(_measures(cases, targets, log.zone, as_of)))
    total = measures.where(name="time_to_resolve", cohort="resolved", group={}, period="")
    history, reported = (
        Measures(tuple(each for each in total if words in each.reading))
        for words in ("last entry", "resolved_at")
    )
    return Report(
        version,
        as_of,
        extent,
        policy.name,
        policy.lifecycle.name,
        {level: policy.matrix.priority.label(level) for level in policy.matrix.priority.levels},
        targets,
        tuple(_promises(policy, targets)),
        _statuses(known),
        measures,
        _series(cases, "week", log.zone),
        _series(cases, "day", log.zone),
        _in_status(cases),
        _month(cases, extent, as_of),
        seen,
        dict(log.counts),
        (
            *of_lifecycle(seen, policy.lifecycle.name),
            *of_readings(history, reported),
            *of_log(log.counts, log.faults),
        ),
        tuple(_pictures(cases, policy, targets, log.zone)) if pictures else (),
    )


def _pictures(cases: Cases, policy: Policy, targets: Sequence[str], zone: str) -> Iterator[Picture]:
    labels = policy.matrix.priority
    names = {level: f"P{level} {labels.label(level)}" for level in labels.levels}
    yield plots.survival(cases)
    yield plots.time_to_resolve(cases)
    yield from (plots.compliance(cases, target=target, names=names) for target in targets)
    yield plots.time_in_status(cases)
    yield plots.volume(cases, zone=zone)
    yield plots.arrivals(cases, zone=zone)
    yield plots.backlog(cases, zone=zone)
    yield plots.pareto(cases)


def _series(cases: Cases, every: Literal["day", "week"], zone: str) -> Measures:
    found = kpi.measure(cases, kpi.volume(), every=every, zone=zone)
    return Measures(tuple(each for each in found if each.period))


def _in_status(cases: Cases) -> Measures:
    """Statuses in the order of a life, states in the order in which they turn up; those that were ever held."""
    statuses = {status: None for case in cases for status in case.timeline.statuses}
    states = {state: None for case in cases for state in case.timeline.states}
    asked = [
        *(kpi.time_in_status(status) for status in Status if status in statuses),
        *(kpi.time_in_status(state, of="state") for state in states),
    ]
    return kpi.measure(cases, *asked) if asked else Measures(())


def _month(cases: Cases, log: Extent, as_of: datetime) -> PeriodReport | None:
    """The last month that was over when the log ends, or at `as_of`; the one before, if the log holds all of it."""
    edge = min(as_of, log.last_event_at)
    month = Period.of("month", Period.of("month", edge, zone=log.zone).start - _INSTANT, zone=log.zone)
    if month.end <= log.opened_from:
        return None
    before = Period.of("month", month.start - _INSTANT, zone=log.zone)
    whole = log.opened_from <= before.start
    return kpi.report(cases, period=month, by="priority", compare_to=before if whole else None)


def _extent(log: AuditLog, name: str) -> Extent:
    opened = [incident.opened_at for incident in log.incidents]
    last = max(max(map(_at, incident.events)) for incident in log.incidents)
    lacks = tuple(sorted(log.source.lacks))
    return Extent(
        name, log.source.name, log.rows, len(log.incidents), log.zone, min(opened), max(opened), last, lacks
    )


_at = attrgetter("at")


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


def _measures(cases: Cases, targets: Sequence[str], zone: str, as_of: datetime) -> Iterator[Measure]:
    standing = _standing(targets)
    yield from kpi.measure(cases, *standing, *_once(cases))
    known = [case for case in cases if case.timeline.events]  # the others are in no group yet
    opened = cases if len(known) == len(cases) else Cases(known)
    for dimension in DIMENSIONS:
        yield from kpi.measure(opened, kpi.volume(), *standing, by=dimension)
    yield from kpi.measure(opened, kpi.mean_time_between_failures(), by="configuration_item")
    yield from kpi.measure(opened, kpi.mean_time_between_incidents(), by="category")
    monthly = (kpi.volume(), kpi.volume(cohort="resolved"), *_by_opening())
    for measure in kpi.measure(cases, *monthly, every="month", zone=zone):
        yield measure if measure.period else attrs.evolve(measure, period=UNPLACED)
    months = _ended_months(cases, zone, as_of)
    instants = [*(each.end for each in months), as_of]
    for end in ENDS:
        *ends, now = backlogs(cases, instants, end)
        yield now
        for month, measure in zip(months, ends, strict=True):
            yield attrs.evolve(measure, period=month.label)


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


def _by_opening() -> tuple[Kpi, ...]:
    """Time to resolve by the month of the opening: it mixes no old incidents into a month, and lacks its open ones."""
    return (
        kpi.time_to_resolve(*STATISTICS, cohort="opened"),
        kpi.time_to_resolve(*STATISTICS, resolution="reported", cohort="opened"),
    )


def _once(cases: Cases) -> tuple[Kpi, ...]:
    """The KPIs that are told for the whole log only."""
    fields = {"category", "subcategory", *_named(cases, "symptom")}
    return (
        kpi.volume(),
        kpi.time_to_resolve(*SURVIVAL, cohort="opened"),
        kpi.correctly_assigned_rate(),
        *(kpi.recurring_rate(key=key) for key in RECURRING if fields.issuperset(key)),
        kpi.mean_time_between_failures(),
        kpi.mean_time_between_incidents(),
        kpi.mean_time_to_acknowledge(),
        kpi.first_contact_resolution(),
    )


def _named(cases: Cases, field: str) -> Iterator[str]:
    """The field, if any incident knows it: one that none knows cannot be asked for."""
    if any(field in fields for case in cases for fields in case.timeline.fields[-1:]):
        yield field


def _ended_months(cases: Cases, zone: str, as_of: datetime) -> list[Period]:
    """The months in which something happened that are over, the latest ones."""
    beats = [beat for case in cases for beat in case.timeline.beats[:1] + case.timeline.beats[-1:]]
    months = Period.each("month", min(beats), max(beats), zone=zone)[-MONTHS:] if beats else ()
    return [month for month in months if month.end <= as_of]
