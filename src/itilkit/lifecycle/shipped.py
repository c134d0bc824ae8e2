"""The lifecycles that come with the library: starting points, because every house changes its own."""

from __future__ import annotations

from collections.abc import Mapping

from itilkit.lifecycle.definition import Lifecycle, State, Transition
from itilkit.vocabulary import HoldReason, Status

__all__ = ["ITIL4_DEFAULT", "SERVICENOW", "SHIPPED"]

_RESOLUTION = ("code", "notes")

ITIL4_DEFAULT = Lifecycle(
    "ITIL 4 default",
    [State(status.value, status) for status in Status],
    transitions=[
        Transition(
            "assign", ("new",), "assigned", requires=("group or assignee", "category", "impact", "urgency")
        ),
        Transition(
            "assign", ("assigned", "in_progress", "on_hold"), "assigned", requires=("group or assignee",)
        ),
        Transition("start", ("new", "assigned"), "in_progress", requires=("group or assignee", "priority")),
        Transition("hold", ("assigned", "in_progress"), "on_hold", requires=("reason",)),
        Transition("resume", ("on_hold",), "in_progress"),
        Transition(
            "resolve", ("new", "assigned", "in_progress", "on_hold"), "resolved", requires=_RESOLUTION
        ),
        Transition("reopen", ("resolved",), "in_progress", requires=("reason",)),
        Transition("reopen", ("resolved",), "assigned", requires=("reason",)),
        Transition("close", ("resolved",), "closed"),
        Transition(
            "cancel",
            ("new", "assigned", "in_progress", "on_hold"),
            "cancelled",
            requires=("reason or duplicate_of",),
        ),
    ],
)
"""The flow of ITIL 4's incident management practice, with the data each step asks for."""

SERVICENOW = Lifecycle(
    "ServiceNow",
    [
        State("New", Status.NEW),
        State("In Progress", Status.IN_PROGRESS),
        State("On Hold", Status.ON_HOLD),
        State("Resolved", Status.RESOLVED),
        State("Closed", Status.CLOSED),
        State("Canceled", Status.CANCELLED),
        # The states of the older model, which long-lived instances and exports still show.
        State("Active", Status.IN_PROGRESS),
        State("Awaiting User Info", Status.ON_HOLD, hold_reason=HoldReason.AWAITING_USER),
        State("Awaiting Evidence", Status.ON_HOLD, hold_reason=HoldReason.AWAITING_EVIDENCE),
        State("Awaiting Problem", Status.ON_HOLD, hold_reason=HoldReason.AWAITING_PROBLEM),
        State("Awaiting Vendor", Status.ON_HOLD, hold_reason=HoldReason.AWAITING_SUPPLIER),
    ],
    transitions=[
        Transition("start", (Status.NEW,), Status.IN_PROGRESS),
        Transition("hold", (Status.NEW, Status.IN_PROGRESS, Status.ON_HOLD), Status.ON_HOLD),
        Transition("resume", (Status.ON_HOLD,), Status.IN_PROGRESS),
        Transition("resolve", (Status.NEW, Status.IN_PROGRESS, Status.ON_HOLD), Status.RESOLVED),
        Transition("cancel", (Status.NEW, Status.IN_PROGRESS, Status.ON_HOLD), Status.CANCELLED),
        Transition("reopen", (Status.RESOLVED,), Status.IN_PROGRESS),
        Transition("close", (Status.RESOLVED,), Status.CLOSED),
    ],
)
"""Our reading of ServiceNow's incident states: the product lists states, not a transition table."""

SHIPPED: Mapping[str, Lifecycle] = {lifecycle.name: lifecycle for lifecycle in (ITIL4_DEFAULT, SERVICENOW)}
"""The shipped lifecycles by name."""
