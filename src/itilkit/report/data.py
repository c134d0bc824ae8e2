"""The report as JSON: every figure with its name, reading, unit, n and what was left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from itilkit.kpi import Measure, Measures
from itilkit.lifecycle import Conformance
from itilkit.report.figures import Report
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


def _resolution(measures: Measures, words: str) -> dict[str, Any]:
    """Time to resolve under one reading, once more, where nobody has to search for it."""
    found = [each for each in measures if each.name == "time_to_resolve" and words in each.reading]
    priorities = dict.fromkeys(each.group["priority"] for each in found if "priority" in each.group)
    return {
        "reading": found[0].reading,
        "unit": "seconds",
        "overall": _statistics([each for each in found if not each.group]),
        "by_priority": {
            str(priority): _statistics([each for each in found if each.group == {"priority": priority}])
            for priority in priorities
        },
    }


def _statistics(found: Sequence[Measure]) -> dict[str, Any]:
    values = {each.statistic: _value(each) for each in found}
    return {"n": found[0].n, **values, "left_out": dict(found[0].left_out)}


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
