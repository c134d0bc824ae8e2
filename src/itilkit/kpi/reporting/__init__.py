"""The monthly figures that a service desk circulates, as one value and in the forms in which they are sent."""

from itilkit.kpi.reporting.period_report import PeriodReport, report

__all__ = ["PeriodReport", "report"]
