"""How are we doing? Definitions of KPIs as values, and their measurement.

A KPI is a value that says what counts, what is left out and why, and in which reading; `measure` puts many
assessments to one KPI or more. Undefined is None, never zero; what was left out is counted by reason; a fact the
source does not record makes a figure ``not_recorded``. Which kinds of incident count (cancelled, duplicates, children
of a major incident, requests) is part of each definition, and `Kpi.including` and `Kpi.excluding` change it.

Every definition names its source; the reasons for having several readings are in docs/explanation.
"""

from itilkit.kpi.attainment import Objective, SmallN, sla_attainment
from itilkit.kpi.backlog import (
    End,
    Side,
    backlog,
    backlog_age,
    backlog_growth,
    resolution_rate,
    stale,
    time_to_empty,
)
from itilkit.kpi.cases import Cases
from itilkit.kpi.catalogue import Entry, catalogue, catalogue_markdown, entry_of
from itilkit.kpi.charts import Chart, Dispersion, Point, c_chart, dispersion, u_chart, xmr_chart
from itilkit.kpi.compare import Change, Comparison, Comparisons, compare
from itilkit.kpi.compliance import sla_all_met, sla_breach_rate, sla_compliance
from itilkit.kpi.cost import cost_per_ticket, downtime_cost, response_cost
from itilkit.kpi.definition import Case, Cohort, Kind, Kpi, LeftOut, Reason
from itilkit.kpi.deployment import Deployment, change_failure_rate, failed_deployment_recovery
from itilkit.kpi.dimension import Standing
from itilkit.kpi.durations import Ending, Hold, Negative, Opening
from itilkit.kpi.facts import FactName
from itilkit.kpi.intervals import Interval
from itilkit.kpi.measure import measure
from itilkit.kpi.measures import Measure, Measures
from itilkit.kpi.mix import Standardised, mix, pareto, standardise, survival_curve
from itilkit.kpi.promises import breach_lead_time, overrun, spent_share, time_to_breach
from itilkit.kpi.questions import (
    change_induced_rate,
    correctly_categorised_rate,
    high_priority_rate,
    known_error_match_rate,
    major_rate,
    proactive_rate,
    recurring_rate,
)
from itilkit.kpi.reliability import (
    availability,
    failure_rate,
    mean_downtime_per_failure,
    mean_time_between_failures,
    mean_time_between_incidents,
    mean_time_between_service_incidents,
    uptime_share_between_failures,
)
from itilkit.kpi.reopening import first_contact_resolution, reopen_rate, reopens_per_incident
from itilkit.kpi.reporting import PeriodReport, report
from itilkit.kpi.resolving import Resolution, mean_time_to_resolve, time_to_resolve
from itilkit.kpi.routing import (
    correctly_assigned_rate,
    escalation_rate,
    first_assignment_rate,
    first_level_resolution,
    hop_count,
    oncall_escalation_rate,
    ping_pong,
    reassignment_rate,
)
from itilkit.kpi.sample import sample_log
from itilkit.kpi.share import Source
from itilkit.kpi.standing import active_time, hold_share, time_in_status, touch_time
from itilkit.kpi.survey import customer_effort_score, customer_satisfaction, net_promoter_score
from itilkit.kpi.survival import Spell, Survival
from itilkit.kpi.times import (
    Meaning,
    age,
    mean_time_to,
    mean_time_to_acknowledge,
    mean_time_to_detect,
    mean_time_to_recover,
    mean_time_to_repair,
    mean_time_to_respond,
    mean_time_to_restore_service,
    time_between,
    time_to_acknowledge,
    time_to_close,
    time_to_detect,
    time_to_mitigate,
    time_to_recover,
    time_to_repair,
    time_to_respond,
    time_to_restore,
)
from itilkit.kpi.trend import Trend, trend
from itilkit.kpi.volume import Counting, arrival_rate, cohort_resolution, incidents_per, volume

__all__ = [
    "Case",
    "Cases",
    "Change",
    "Chart",
    "Cohort",
    "Comparison",
    "Comparisons",
    "Counting",
    "Deployment",
    "Dispersion",
    "End",
    "Ending",
    "Entry",
    "FactName",
    "Hold",
    "Interval",
    "Kind",
    "Kpi",
    "LeftOut",
    "Meaning",
    "Measure",
    "Measures",
    "Negative",
    "Objective",
    "Opening",
    "PeriodReport",
    "Point",
    "Reason",
    "Resolution",
    "Side",
    "SmallN",
    "Source",
    "Spell",
    "Standardised",
    "Standing",
    "Survival",
    "Trend",
    "active_time",
    "age",
    "arrival_rate",
    "availability",
    "backlog",
    "backlog_age",
    "backlog_growth",
    "breach_lead_time",
    "c_chart",
    "catalogue",
    "catalogue_markdown",
    "change_failure_rate",
    "change_induced_rate",
    "cohort_resolution",
    "compare",
    "correctly_assigned_rate",
    "correctly_categorised_rate",
    "cost_per_ticket",
    "customer_effort_score",
    "customer_satisfaction",
    "dispersion",
    "downtime_cost",
    "entry_of",
    "escalation_rate",
    "failed_deployment_recovery",
    "failure_rate",
    "first_assignment_rate",
    "first_contact_resolution",
    "first_level_resolution",
    "high_priority_rate",
    "hold_share",
    "hop_count",
    "incidents_per",
    "known_error_match_rate",
    "major_rate",
    "mean_downtime_per_failure",
    "mean_time_between_failures",
    "mean_time_between_incidents",
    "mean_time_between_service_incidents",
    "mean_time_to",
    "mean_time_to_acknowledge",
    "mean_time_to_detect",
    "mean_time_to_recover",
    "mean_time_to_repair",
    "mean_time_to_resolve",
    "mean_time_to_respond",
    "mean_time_to_restore_service",
    "measure",
    "mix",
    "net_promoter_score",
    "oncall_escalation_rate",
    "overrun",
    "pareto",
    "ping_pong",
    "proactive_rate",
    "reassignment_rate",
    "recurring_rate",
    "reopen_rate",
    "reopens_per_incident",
    "report",
    "resolution_rate",
    "response_cost",
    "sample_log",
    "sla_all_met",
    "sla_attainment",
    "sla_breach_rate",
    "sla_compliance",
    "spent_share",
    "stale",
    "standardise",
    "survival_curve",
    "time_between",
    "time_in_status",
    "time_to_acknowledge",
    "time_to_breach",
    "time_to_close",
    "time_to_detect",
    "time_to_empty",
    "time_to_mitigate",
    "time_to_recover",
    "time_to_repair",
    "time_to_resolve",
    "time_to_respond",
    "time_to_restore",
    "touch_time",
    "trend",
    "u_chart",
    "uptime_share_between_failures",
    "volume",
    "xmr_chart",
]
