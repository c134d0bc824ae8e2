"""What conditions are judged on: an incident as it stood at one beat of its timeline."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from itilkit.conditions import situation
from itilkit.events import Logged
from itilkit.lifecycle import Timeline

__all__ = ["every_situation", "situation_at"]


def situation_at(timeline: Timeline, beat: int) -> dict[str, Any]:
    """The fields of an incident at a beat, as `itilkit.conditions.INCIDENT` names them, and the house's own.

    >>> from datetime import UTC, datetime
    >>> from itilkit.lifecycle import ITIL4_DEFAULT, replay
    >>> from itilkit.records import Incident
    >>> at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> seen = replay(Incident("INC1", [Logged(at, "bob", title="No e-mail")]), ITIL4_DEFAULT, as_of=at)
    >>> situation_at(seen, 0)["status"], situation_at(seen, 0)["title"]
    ('new', 'No e-mail')
    """
    statuses = timeline.statuses[: beat + 1]
    return _situation(timeline, beat, sum(not a.is_open and b.is_open for a, b in pairwise(statuses)))


def every_situation(timeline: Timeline) -> tuple[dict[str, Any], ...]:
    """The fields of an incident at each beat."""
    reopened = 0
    found: list[dict[str, Any]] = []
    for beat, status in enumerate(timeline.statuses):
        reopened += beat > 0 and status.is_open and not timeline.statuses[beat - 1].is_open
        found.append(_situation(timeline, beat, reopened))
    return tuple(found)


def _situation(timeline: Timeline, beat: int, reopen_count: int) -> dict[str, Any]:
    incident, logged = timeline.incident, timeline.events[0]
    assignment = timeline.assignments[beat]
    return situation(
        incident.attributes,
        timeline.fields[beat],
        {
            "title": logged.title if isinstance(logged, Logged) else "",
            "reporter": logged.reporter if isinstance(logged, Logged) else None,
            "impact": timeline.impacts[beat],
            "urgency": timeline.urgencies[beat],
            "priority": timeline.priorities[beat],
            "status": timeline.statuses[beat],
            "state": timeline.states[beat],
            "hold_reason": timeline.hold_reasons[beat],
            "group": assignment.group,
            "assignee": assignment.assignee,
            "customer": incident.customer,
            "site": incident.site,
            "source": incident.source.name,
            "reopen_count": reopen_count,
            "opened_at": logged.at,
        },
    )
