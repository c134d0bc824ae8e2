"""What conditions are judged on: an incident as it stood at one beat of its timeline."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from itilkit.conditions import situation
from itilkit.events import Logged
from itilkit.lifecycle import Timeline

__all__ = ["situation_at"]


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
    incident, logged = timeline.incident, timeline.events[0]
    known = timeline.statuses[: beat + 1]
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
            "reopen_count": sum(not before.is_open and after.is_open for before, after in pairwise(known)),
            "opened_at": logged.at,
        },
    )
