"""How are we doing? Definitions of KPIs as values, and their measurement.

A KPI is a value that says what counts, what is left out and why, and in which reading; `measure` puts many
assessments to one KPI or more. Undefined is None, never zero; what was left out is counted by reason; a fact the
source does not record makes a figure ``not_recorded``.

Every definition names its source; the reasons for having several readings are in docs/explanation.
"""

from itilkit.kpi.definition import Case, Cohort, Kpi, LeftOut, Reason
from itilkit.kpi.durations import (
    Ending,
    Negative,
    Resolution,
    mean_time_to_acknowledge,
    mean_time_to_resolve,
    time_to_acknowledge,
    time_to_resolve,
)
from itilkit.kpi.measure import Measure, Measures, measure
from itilkit.kpi.reliability import mean_time_between_failures, mean_time_between_incidents
from itilkit.kpi.shares import (
    Source,
    first_assignment_rate,
    first_contact_resolution,
    hop_count,
    reopen_rate,
    reopens_per_incident,
    sla_breach_rate,
    sla_compliance,
)
from itilkit.kpi.volume import Counting, End, Side, backlog, volume

__all__ = [
    "Case",
    "Cohort",
    "Counting",
    "End",
    "Ending",
    "Kpi",
    "LeftOut",
    "Measure",
    "Measures",
    "Negative",
    "Reason",
    "Resolution",
    "Side",
    "Source",
    "backlog",
    "first_assignment_rate",
    "first_contact_resolution",
    "hop_count",
    "mean_time_between_failures",
    "mean_time_between_incidents",
    "mean_time_to_acknowledge",
    "mean_time_to_resolve",
    "measure",
    "reopen_rate",
    "reopens_per_incident",
    "sla_breach_rate",
    "sla_compliance",
    "time_to_acknowledge",
    "time_to_resolve",
    "volume",
]
