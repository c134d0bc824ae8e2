"""The report as JSON: every figure with its name, reading, unit, n and what was left out.

What people ask for first stands once more under a key of its own, so that nobody has to search the list for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from itilkit.kpi import Chart, Measure, Measures, PeriodReport, c_chart, dispersion, xmr_chart
from itilkit.lifecycle import Conformance
from itilkit.report.figures import UNPLACED, Report
from itilkit.report.findings import Finding, commonest

__all__ = ["FORMAT", "as_data", "as_json"]

FORMAT = 1
"""The version of this shape: it grows when a key changes its meaning or goes, not when one is added."""

_RESOLUTIONS = {"history": "last entry", "reported": "resolved_at"}


def as_json(report: Report) -> str:
    """The report as JSON text, indented, the same for the same report; it ends with a line feed."""
    return json.dumps(as_data(report), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain lists and dicts.

    Durations are in seconds, ratios from 0 to 1, instants in UTC; a figure without a value is None.
    """
    log = report.log
    return {
        "format": FORMAT,
        "itilkit": report.version,
        "as_of": _instant(report.as_of),
        "zone": log.zone,
        "policy": {
            "name": report.policy,
            "lifecycle": report.lifecycle,
            "priorities": {str(level): label for level, label in report.priorities.items()},
            "promises": [
                {
                    "target": each.target,
                    "priority": each.priority,
                    "agreement": each.agreement,
                    "promised": each.text,
                }
                for each in report.promises
            ],
        },
        "log": {
            "name": log.name,
            "source": log.source,
            "rows": log.rows,
            "incidents": log.incidents,
            "opened_from": _instant(log.opened_from),
            "opened_until": _instant(log.opened_until),
            "last_event_at": _instant(log.last_event_at),
            "not_recorded": list(log.lacks),
        },
        "incidents_by_status": {
            "not_opened" if status is None else status.value: number
            for status, number in report.statuses.items()
        },
        "time_to_resolve": {
            name: _resolution(report.measures, words) for name, words in _RESOLUTIONS.items()
        },
        "survival": _survival(report.measures),
        "first_assignment_rate": {
            **_sources(report.measures, "first_assignment_rate"),
            "by_first_group": _share(_total(report.measures, "correctly_assigned_rate")[0]),
        },
        "reopen_rate": _sources(report.measures, "reopen_rate"),
        "hop_count": _sources(report.measures, "hop_count"),
        "backlog": _backlog(report.measures),
        "time_in_status": _stays(report.in_status, "in status "),
        "time_in_state": _stays(report.in_status, "in state "),
        "weekly_volume": _weekly(report.weekly),
        "daily_volume": _daily(report.daily),
        "recurrence": [_share(each) for each in _total(report.measures, "recurring_rate")],
        "month": _month(report.month),
        "figures": [_figure(each) for each in report.measures],
        "conformance": _conformance(report.conformance),
        "quirks": dict(sorted(report.counts.items())),
        "findings": [_finding(each) for each in report.findings],
    }


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _value(measure: Measure) -> float | int | None:
    value = measure.value
    return value.total_seconds() if isinstance(value, timedelta) else value


def _figure(measure: Measure) -> dict[str, Any]:
    return {
        "name": measure.name,
        "reading": measure.reading,
        "statistic": measure.statistic,
        "value": _value(measure),
        "unit": "seconds" if measure.unit == "duration" else measure.unit,
        "n": measure.n,
        "left_out": dict(measure.left_out),
        "cohort": measure.cohort,
        "group": dict(measure.group),
        "period": measure.period or None,
        "parts": dict(measure.parts),
    }


def _total(measures: Iterable[Measure], name: str, cohort: str = "") -> list[Measure]:
    """The figures of a KPI over all incidents and all time."""
    return [
        each
        for each in measures
        if each.name == name and not each.group and not each.period and cohort in ("", each.cohort)
    ]


def _resolution(measures: Measures, words: str) -> dict[str, Any]:
    """Time to resolve under one reading."""
    told = [each for each in measures if each.name == "time_to_resolve" and words in each.reading]
    found = [each for each in told if each.cohort == "resolved"]
    monthly = [each for each in told if each.period]
    priorities = dict.fromkeys(each.group["priority"] for each in found if "priority" in each.group)
    return {
        "reading": found[0].reading,
        "unit": "seconds",
        "overall": _statistics([each for each in found if not each.group]),
        "by_priority": {
            str(priority): _statistics([each for each in found if each.group == {"priority": priority}])
            for priority in priorities
        },
        "by_opening_month": {
            month: _statistics([each for each in monthly if each.period == month])
            for month in dict.fromkeys(each.period for each in monthly if each.period != UNPLACED)
        },
    }


def _statistics(found: Sequence[Measure]) -> dict[str, Any]:
    values = {each.statistic: _value(each) for each in found}
    return {"n": found[0].n, **values, "left_out": dict(found[0].left_out)}


def _survival(measures: Measures) -> dict[str, Any]:
    """Time to resolve of all that were opened; what is open counts so far, except in the naive mean."""
    found = {
        each.statistic: each
        for each in _total(measures, "time_to_resolve", "opened")
        if "last entry" in each.reading
    }
    whole = found["km_median"]
    return {
        "reading": whole.reading,
        "unit": "seconds",
        "cohort": whole.n,
        "open": whole.parts["still_open"],
        "left_out": dict(whole.left_out),
        **{name: _value(each) for name, each in found.items() if name != "mean"},
        "naive_mean": _value(found["mean"]),
    }


_SOURCES = {"history": "visible", "counter": "counter"}


def _sources(measures: Measures, name: str) -> dict[str, Any]:
    """By what the log shows, and by the tool's own counter."""
    found = _total(measures, name)
    return {
        source: _share(next(each for each in found if word in each.reading))
        for source, word in _SOURCES.items()
    }


def _share(measure: Measure) -> dict[str, Any]:
    return {
        "reading": measure.reading,
        "value": _value(measure),
        "n": measure.n,
        **measure.parts,
        "left_out": dict(measure.left_out),
    }


_ENDS = {"resolved": "until last resolved", "closed": "until closed", "state": "open by its state"}


def _backlog(measures: Measures) -> dict[str, Any]:
    """By each rule for what has ended: as of then, and at the end of each month by what is known now."""
    months: dict[str, dict[str, Any]] = {}
    for each in measures.where(name="backlog"):
        if each.period:
            at = each.reading.partition(", ")[0].removeprefix("at ")
            months.setdefault(each.period, {"at": at})[_rule(each)] = each.value
    return {
        "unit": "incidents",
        "as_of": {_rule(each): each.value for each in _total(measures, "backlog")},
        "month_ends": months,
    }


def _rule(measure: Measure) -> str:
    return next(end for end, words in _ENDS.items() if words in measure.reading)


def _stays(measures: Measures, words: str) -> dict[str, Any]:
    """The three means, in seconds, and what each rests on, by status or state."""
    found: dict[str, dict[str, Any]] = {}
    for each in measures:
        if each.reading.startswith(words):
            name = each.reading.removeprefix(words).rpartition(", ")[0]
            found.setdefault(name, {**each.parts})[each.statistic] = _value(each)
    return found


def _weekly(weeks: Measures) -> dict[str, Any]:
    """Every week, and its limits; the first and the last one are there in part."""
    chart = xmr_chart(weeks)
    return {"weeks": _counts(weeks), "xmr": {**_limits(chart), "moving_range": chart.moving_range}}


def _daily(days: Measures) -> dict[str, Any]:
    """Every day, and of the days from Monday to Friday the c-chart and how widely they spread."""
    weekdays = [each for each in days if date.fromisoformat(each.period).weekday() < _SATURDAY]
    chart, spread = c_chart(weekdays), dispersion(weekdays)
    return {
        "days": _counts(days),
        "weekdays": {
            "c_chart": _limits(chart),
            "dispersion": {
                "n": spread.n,
                "mean": spread.mean,
                "variance": spread.variance,
                "ratio": spread.ratio,
                "over_dispersed": spread.over_dispersed,
            },
        },
    }


_SATURDAY = 5


def _counts(series: Measures) -> dict[str, Any]:
    return {each.period: each.value for each in series}


def _limits(chart: Chart) -> dict[str, Any]:
    first = next(iter(chart.points), None)
    return {
        "centre": chart.centre,
        "low": None if first is None else first.low,
        "high": None if first is None else first.high,
        "signals": {point.label: list(point.signals) for point in chart.signals},
    }


def _month(report: PeriodReport | None) -> dict[str, Any] | None:
    """The last full month, as `kpi.report` tells it; durations in seconds."""
    if report is None:
        return None
    return {
        "period": report.period.label,
        "compared_to": None if report.compared_to is None else report.compared_to.label,
        "level": report.level,
        "figures": report.to_rows(),
    }


def _conformance(conformance: Conformance) -> dict[str, Any]:
    return {
        "incidents": conformance.incidents,
        "steps": _steps(conformance.steps),
        "illegal": _steps(conformance.illegal),
        "unknown": _steps(conformance.unknown),
        "mid_life": dict(commonest(conformance.mid_life)),
        "affected": {code: len(numbers) for code, numbers in sorted(conformance.affected.items())},
    }


def _steps(moves: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    return [{"from": source, "to": target, "count": number} for (source, target), number in commonest(moves)]


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "about": finding.about,
        "code": finding.code,
        "count": finding.count,
        "text": finding.text,
        "examples": list(finding.examples),
    }
