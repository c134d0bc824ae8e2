"""Every KPI once, with options that it cannot do without."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.kpi import Kpi
from itilkit.records import Group

from .histories import at, hours

WEEK = Period.between(at(0), at(24 * 7))
GROUPS = (Group("desk", support_level=1), Group("lab", support_level=2))
ALL_STATISTICS = ("n", "mean", "geometric_mean", "trimmed_mean", "median", "p25", "p75", "p90", "p95", "p99")
CENSORED = ("km_median", "km_p90", "rmst_2h", "rmst_14d")

# The same KPIs with what changes whom they count, and to when.
WITH_OPTIONS: Mapping[str, Callable[[], Kpi]] = {
    "active time to closure": lambda: kpi.active_time(end="resolved_or_closed"),
    "cohort resolution to closure": lambda: kpi.cohort_resolution(hours(2), end="resolved_or_closed"),
    "hold share to closure": lambda: kpi.hold_share(end="resolved_or_closed"),
    "own opening": lambda: kpi.time_to_resolve(*ALL_STATISTICS, opening="own"),
    "restored or closed": lambda: kpi.time_to_restore(end="restored_or_resolved_or_closed"),
    "time to resolve to closure": lambda: kpi.mean_time_to_resolve(end="resolved_or_closed"),
    "touch time to closure": lambda: kpi.touch_time(work_log={}, end="resolved_or_closed"),
}

EVERY: Mapping[str, Callable[[], Kpi]] = {
    "active_time": kpi.active_time,
    "age": kpi.age,
    "arrival_rate": lambda: kpi.arrival_rate(WEEK),
    "availability": lambda: kpi.availability(WEEK, users=10),
    "backlog": lambda: kpi.backlog(at(48)),
    "backlog_age": lambda: kpi.backlog_age(at(48)),
    "backlog_growth": lambda: kpi.backlog_growth(WEEK),
    "breach_lead_time": kpi.breach_lead_time,
    "change_failure_rate": lambda: kpi.change_failure_rate([kpi.Deployment("CHG1", at(0))]),
    "change_induced_rate": kpi.change_induced_rate,
    "cohort_resolution": lambda: kpi.cohort_resolution(hours(2)),
    "correctly_assigned_rate": kpi.correctly_assigned_rate,
    "correctly_categorised_rate": kpi.correctly_categorised_rate,
    "cost_per_ticket": lambda: kpi.cost_per_ticket(costs={1: 10, 2: 20}, groups=GROUPS, currency="EUR"),
    "customer_effort_score": lambda: kpi.customer_effort_score(high_is="easy"),
    "customer_satisfaction": kpi.customer_satisfaction,
    "downtime_cost": lambda: kpi.downtime_cost(per_minute=3, currency="EUR"),
    "escalation_rate": lambda: kpi.escalation_rate(kind="functional", groups=GROUPS),
    "failed_deployment_recovery": lambda: kpi.failed_deployment_recovery([kpi.Deployment("CHG1", at(0))]),
    "failure_rate": lambda: kpi.failure_rate(WEEK),
    "first_assignment_rate": kpi.first_assignment_rate,
    "first_contact_resolution": kpi.first_contact_resolution,
    "first_level_resolution": lambda: kpi.first_level_resolution(groups=GROUPS),
    "high_priority_rate": kpi.high_priority_rate,
    "hold_share": kpi.hold_share,
    "hop_count": kpi.hop_count,
    "incidents_per": lambda: kpi.incidents_per("user", units=100, period=WEEK),
    "known_error_match_rate": lambda: kpi.known_error_match_rate(known_since={"KE1": at(-9)}),
    "major_rate": kpi.major_rate,
    "mean_downtime_per_failure": lambda: kpi.mean_downtime_per_failure(WEEK),
    "mean_time_between_failures": lambda: kpi.mean_time_between_failures(per=None, window=WEEK),
    "mean_time_between_incidents": kpi.mean_time_between_incidents,
    "mean_time_between_service_incidents": kpi.mean_time_between_service_incidents,
    "mean_time_to": lambda: kpi.mean_time_to(meaning="restore"),
    "mean_time_to_acknowledge": kpi.mean_time_to_acknowledge,
    "mean_time_to_detect": kpi.mean_time_to_detect,
    "mean_time_to_recover": kpi.mean_time_to_recover,
    "mean_time_to_repair": kpi.mean_time_to_repair,
    "mean_time_to_resolve": kpi.mean_time_to_resolve,
    "mean_time_to_respond": kpi.mean_time_to_respond,
    "mean_time_to_restore_service": kpi.mean_time_to_restore_service,
    "net_promoter_score": kpi.net_promoter_score,
    "oncall_escalation_rate": kpi.oncall_escalation_rate,
    "overrun": kpi.overrun,
    "ping_pong": kpi.ping_pong,
    "proactive_rate": kpi.proactive_rate,
    "reassignment_rate": kpi.reassignment_rate,
    "recurring_rate": kpi.recurring_rate,
    "reopen_rate": lambda: kpi.reopen_rate(window=timedelta(days=7)),
    "reopens_per_incident": kpi.reopens_per_incident,
    "resolution_rate": lambda: kpi.resolution_rate(WEEK),
    "response_cost": lambda: kpi.response_cost(per_hour=60, currency="EUR"),
    "sla_all_met": kpi.sla_all_met,
    "sla_attainment": lambda: kpi.sla_attainment(kpi.Objective(0.95, kpi.SmallN(40, 2))),
    "sla_breach_rate": kpi.sla_breach_rate,
    "sla_compliance": kpi.sla_compliance,
    "spent_share": kpi.spent_share,
    "stale": lambda: kpi.stale(at(48)),
    "time_between": lambda: kpi.time_between("assigned", "work_started"),
    "time_in_status": lambda: kpi.time_in_status("on_hold"),
    "time_to_acknowledge": kpi.time_to_acknowledge,
    "time_to_breach": kpi.time_to_breach,
    "time_to_close": kpi.time_to_close,
    "time_to_detect": kpi.time_to_detect,
    "time_to_empty": lambda: kpi.time_to_empty(WEEK),
    "time_to_mitigate": kpi.time_to_mitigate,
    "time_to_recover": kpi.time_to_recover,
    "time_to_repair": kpi.time_to_repair,
    "time_to_resolve": lambda: kpi.time_to_resolve(*ALL_STATISTICS, *CENSORED, cohort="opened"),
    "time_to_respond": kpi.time_to_respond,
    "time_to_restore": kpi.time_to_restore,
    "touch_time": lambda: kpi.touch_time(work_log={}),
    "uptime_share_between_failures": kpi.uptime_share_between_failures,
    "volume": kpi.volume,
}
