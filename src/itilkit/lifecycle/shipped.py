"""The lifecycles that come with the library: starting points, because every house changes its own.

What a product enforces is in its table; what it only lists, or leaves to each installation, is our reading and said
to be so. A state keeps the product's own name.
"""

from __future__ import annotations

from collections.abc import Mapping

from itilkit.lifecycle.definition import Lifecycle, Right, State, Transition
from itilkit.vocabulary import HoldReason, Status

__all__ = [
    "ITIL4_DEFAULT",
    "ITOP",
    "JIRA_SM",
    "PERMISSIVE",
    "RT_DEFAULT",
    "SERVICENOW",
    "SHIPPED",
    "SIMPLE",
    "ZENDESK",
]

_RESOLUTION = ("code", "notes")
_OPEN = tuple(status for status in Status if status.is_open)

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
        Transition("reopen", ("resolved",), "assigned", requires=("reason",), when_named=True),
        Transition("close", ("resolved",), "closed"),
        Transition(
            "cancel",
            ("new", "assigned", "in_progress", "on_hold"),
            "cancelled",
            requires=("reason or duplicate_of",),
        ),
    ],
)
"""The flow of ITIL 4's incident management practice, with the data each step asks for.

A reopened incident goes back to work; it goes back to a group (`assigned`) when the event names that state.
"""

SIMPLE = Lifecycle(
    "Simple",
    [State(each.value, each) for each in (Status.NEW, Status.IN_PROGRESS, Status.RESOLVED, Status.CLOSED)],
    transitions=[
        Transition("start", "new", "in_progress"),
        Transition("resolve", ("new", "in_progress"), "resolved"),
        Transition("reopen", "resolved", "in_progress"),
        Transition("close", "resolved", "closed"),
    ],
)
"""Four states and nothing asked for: the least in which an incident can be worked on. A house style, no product's."""

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

ITOP = Lifecycle(
    "iTop",
    [
        State("new", Status.NEW),
        State("escalated_tto", Status.NEW),
        State("assigned", Status.ASSIGNED),
        State("escalated_ttr", Status.ASSIGNED),
        State("pending", Status.ON_HOLD),
        State("resolved", Status.RESOLVED),
        State("closed", Status.CLOSED),
    ],
    transitions=[
        Transition("assign", "new", "assigned", requires=("group", "assignee"), stimuli="ev_assign"),
        Transition("assign", ("escalated_tto", "pending"), "assigned", stimuli="ev_assign"),
        Transition("assign", ("assigned", "escalated_ttr"), "assigned", stimuli="ev_reassign"),
        Transition("escalate", "new", "escalated_tto", stimuli="ev_timeout"),
        Transition("escalate", "assigned", "escalated_ttr", stimuli="ev_timeout"),
        Transition("hold", ("assigned", "escalated_ttr"), "pending", requires="reason", stimuli="ev_pending"),
        Transition(
            "resolve",
            ("assigned", "escalated_ttr"),
            "resolved",
            requires=("service", *_RESOLUTION),
            stimuli=("ev_resolve", "ev_autoresolve"),
        ),
        Transition("resolve", ("new", "pending", "resolved"), "resolved", stimuli="ev_autoresolve"),
        Transition("close", "resolved", "closed", stimuli="ev_close"),
        Transition("reopen", "resolved", "assigned", stimuli="ev_reopen"),
    ],
    stimuli=(
        "ev_assign",
        "ev_reassign",
        "ev_timeout",
        "ev_resolve",
        "ev_close",
        "ev_reopen",
        "ev_pending",
        "ev_autoresolve",
        "ev_autoclose",
    ),
)
"""iTop's incidents: 7 states, 9 stimuli, 18 steps, as its data model has them.

Source: Combodo/iTop, ``datamodels/2.x/itop-incident-mgmt-itil``. It is the one product here whose escalations are
states; they stand for the status that the incident has, and a breach stays a fact of a clock. `lint` tells of two
oddities that are the data model's own. The product also lets one stimulus resolve an incident together with its
parent (``ev_autoresolve``); from ``assigned`` and ``escalated_ttr`` it shares its step with ``ev_resolve``, and so the
data asked for. That a reassignment must change the agent is not told.
"""

ZENDESK = Lifecycle(
    "Zendesk",
    [
        State("new", Status.NEW),
        State("open", Status.IN_PROGRESS),
        State("pending", Status.ON_HOLD, hold_reason=HoldReason.AWAITING_USER),
        State("hold", Status.ON_HOLD, hold_reason=HoldReason.AWAITING_SUPPLIER),
        State("solved", Status.RESOLVED),
        State("closed", Status.CLOSED),
    ],
    transitions=[
        Transition("start", "new", "open"),
        Transition("hold", ("new", "open", "hold"), "pending"),
        Transition("hold", ("new", "open"), "hold", when_named=True),
        Transition("hold", "pending", "hold"),
        Transition("resume", ("pending", "hold"), "open"),
        Transition("resolve", ("new", "open", "pending", "hold"), "solved"),
        Transition("reopen", "solved", "open"),
        Transition("close", "solved", "closed"),
    ],
)
"""Zendesk's ticket statuses: a ticket never becomes new again, and a closed one stays closed.

``pending`` waits for the requester and ``hold`` for a third party; an event that names neither means ``pending``.
Source: Zendesk's developer documentation, ticket metric events and ticket audits. That only an assigned ticket can be
solved is an installation's setting and not in here.
"""

JIRA_SM = Lifecycle(
    "Jira Service Management",
    [
        State("Open", Status.NEW),
        State("Work in progress", Status.IN_PROGRESS),
        State("Pending", Status.ON_HOLD),
        State("Completed", Status.RESOLVED),
        State("Canceled", Status.CANCELLED),
        State("Closed", Status.CLOSED),
    ],
    transitions=[
        Transition("start", "Open", "Work in progress"),
        Transition("hold", ("Open", "Work in progress"), "Pending"),
        Transition("resume", "Pending", "Work in progress"),
        Transition("resolve", "Work in progress", "Completed"),
        Transition("cancel", ("Open", "Work in progress", "Pending"), "Canceled"),
        Transition("reopen", "Completed", "Work in progress"),
        Transition("close", "Completed", "Closed"),
    ],
)
"""The statuses of Jira Service Management's incident template, and our reading of the steps between them.

The product's workflow is data of each project: this is a starting point, not what an installation has.
"""

RT_DEFAULT = Lifecycle(
    "RT default",
    [
        State("new", Status.NEW),
        State("open", Status.IN_PROGRESS),
        State("stalled", Status.ON_HOLD),
        State("resolved", Status.RESOLVED),
        State("rejected", Status.CANCELLED),
        State("deleted", Status.CANCELLED),
    ],
    starts=("new", "open", "resolved"),
    transitions=[
        Transition("start", "new", "open"),
        Transition("resume", "stalled", "open"),
        Transition("hold", "*", "stalled"),
        Transition("resolve", "*", "resolved"),
        Transition("cancel", ("new", "open", "stalled", "resolved", "deleted"), "rejected"),
        Transition("cancel", ("new", "open", "stalled", "resolved"), "deleted", when_named=True),
        Transition("cancel", "rejected", "deleted"),
        Transition("reopen", ("resolved", "rejected", "deleted"), "open"),
        Transition("reopen", ("resolved", "rejected", "deleted"), "new", when_named=True),
        Transition("reopen", ("open", "stalled"), "new"),
    ],
    rights=[Right("*", "deleted", "DeleteTicket"), Right("*", "*", "ModifyTicket")],
)
"""Request Tracker's default lifecycle: every status reaches every other one, and rights are all that stands between.

Source: bestpractical/rt, ``etc/RT_Config.pm.in``. A ticket may be created new, open or resolved. The product knows
statuses only; which event draws a change of status is our reading: an event that takes an open ticket back to new is
a `Reopened`.
"""

PERMISSIVE = Lifecycle(
    "Permissive",
    [State(status.value, status) for status in Status],
    transitions=[
        Transition("assign", _OPEN, "assigned"),
        Transition("start", tuple(Status), "in_progress"),
        Transition("hold", tuple(Status), "on_hold"),
        Transition("resume", tuple(Status), "in_progress"),
        Transition("resolve", tuple(Status), "resolved"),
        Transition("reopen", tuple(Status), "in_progress"),
        Transition("reopen", tuple(Status), "assigned", when_named=True),
        Transition("reopen", tuple(Status), "new", when_named=True),
        Transition("close", tuple(Status), "closed"),
        Transition("cancel", tuple(Status), "cancelled"),
    ],
    starts=tuple(Status),
)
"""Every status follows every other one, for histories that are to be taken as they are.

Only an assignment after the end leaves the status as it is: it does not open the incident again.
"""

SHIPPED: Mapping[str, Lifecycle] = {
    lifecycle.name: lifecycle
    for lifecycle in (
        ITIL4_DEFAULT,
        SIMPLE,
        SERVICENOW,
        ITOP,
        ZENDESK,
        JIRA_SM,
        RT_DEFAULT,
        PERMISSIVE,
    )
}
"""The shipped lifecycles by name."""
