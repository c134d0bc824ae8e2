"""Short histories for the lifecycle's tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from itilkit.events import (
    Assigned,
    Cancelled,
    Classified,
    Closed,
    Event,
    Held,
    Logged,
    Person,
    PrioritySet,
    Reopened,
    Resolved,
    Resumed,
    Started,
)
from itilkit.records import Incident
from itilkit.vocabulary import HoldReason

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FAR = datetime(2100, 1, 1, tzinfo=UTC)
ANN = Person("ann")
USER = Person("user")


def at(minutes: int) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def logged(*events: Event) -> Incident:
    """An incident logged at noon by its reporter, with these events after it."""
    return Incident("INC1", [Logged(NOON, USER, title="No e-mail", reporter=USER), *events])


def known(*events: Event) -> Incident:
    """An incident that holds every fact the default lifecycle may ask for."""
    return logged(
        Classified(NOON, category="network", impact=2, urgency=2), PrioritySet(NOON, priority=3), *events
    )


# One complete event for each trigger.
ASK: dict[str, Event] = {
    "assign": Assigned(at(60), ANN, group="desk"),
    "start": Started(at(60), ANN),
    "hold": Held(at(60), ANN, reason=HoldReason.AWAITING_USER),
    "resume": Resumed(at(60), ANN),
    "resolve": Resolved(at(60), ANN, code="solution_provided", notes="Restarted."),
    "reopen": Reopened(at(60), USER, reason="It is back."),
    "close": Closed(at(60), ANN),
    "cancel": Cancelled(at(60), ANN, reason="No incident."),
}

# How to bring an incident of the default lifecycle into each of its statuses.
_ASSIGNED = Assigned(at(1), ANN, group="desk", assignee=ANN)
_STARTED = Started(at(2), ANN)
_RESOLVED = Resolved(at(4), ANN, code="solution_provided", notes="Restarted.")
WAY: dict[str, list[Event]] = {
    "new": [],
    "assigned": [_ASSIGNED],
    "in_progress": [_ASSIGNED, _STARTED],
    "on_hold": [_ASSIGNED, _STARTED, Held(at(3), ANN, reason=HoldReason.AWAITING_USER)],
    "resolved": [_ASSIGNED, _STARTED, _RESOLVED],
    "closed": [_ASSIGNED, _STARTED, _RESOLVED, Closed(at(5), ANN)],
    "cancelled": [Cancelled(at(1), ANN, reason="No incident.")],
}
