"""What may follow what, and what held when?

A `Lifecycle` is a table of states and transitions. `decide` says whether an event may be appended to an incident
and, if not, why not; `replay` turns a whole history into a `Timeline`; `conformance` counts how a log keeps to
its lifecycle. Deciding and replaying walk the same `Standing`, so a history built by accepted decisions always
replays cleanly.
"""

from itilkit.lifecycle.conformance import Conformance, conformance
from itilkit.lifecycle.decision import Accepted, Decision, Reason, Refused, apply, decide
from itilkit.lifecycle.definition import Lifecycle, Right, State, Transition
from itilkit.lifecycle.lint import lint
from itilkit.lifecycle.replay import replay
from itilkit.lifecycle.shipped import (
    ITIL4_DEFAULT,
    ITOP,
    JIRA_SM,
    PERMISSIVE,
    RT_DEFAULT,
    SERVICENOW,
    SHIPPED,
    SIMPLE,
    ZENDESK,
)
from itilkit.lifecycle.timeline import Assignment, Defect, Mark, MarkKind, Step, Timeline
from itilkit.lifecycle.window import Delay, Window

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
    "Accepted",
    "Assignment",
    "Conformance",
    "Decision",
    "Defect",
    "Delay",
    "Lifecycle",
    "Mark",
    "MarkKind",
    "Reason",
    "Refused",
    "Right",
    "State",
    "Step",
    "Timeline",
    "Transition",
    "Window",
    "apply",
    "conformance",
    "decide",
    "lint",
    "replay",
]
