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
from itilkit.lifecycle.migration import Migration, Move, NewlyIllegal, check_mapping, migrate, newly_illegal
from itilkit.lifecycle.permitted import Permitted, permitted
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
from itilkit.lifecycle.situations import situation_at, situations
from itilkit.lifecycle.time_in_status import TimeIn, Visit, time_in, visits
from itilkit.lifecycle.timeline import Assignment, Defect, Mark, MarkKind, Step, Timeline
from itilkit.lifecycle.timers import (
    SERVICENOW_AUTO_CLOSE,
    Timer,
    TimerDue,
    check_timers,
    due_timers,
    next_due,
)
from itilkit.lifecycle.versions import LifecycleVersion, digest
from itilkit.lifecycle.window import Delay, Window

__all__ = [
    "ITIL4_DEFAULT",
    "ITOP",
    "JIRA_SM",
    "PERMISSIVE",
    "RT_DEFAULT",
    "SERVICENOW",
    "SERVICENOW_AUTO_CLOSE",
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
    "LifecycleVersion",
    "Mark",
    "MarkKind",
    "Migration",
    "Move",
    "NewlyIllegal",
    "Permitted",
    "Reason",
    "Refused",
    "Right",
    "State",
    "Step",
    "TimeIn",
    "Timeline",
    "Timer",
    "TimerDue",
    "Transition",
    "Visit",
    "Window",
    "apply",
    "check_mapping",
    "check_timers",
    "conformance",
    "decide",
    "digest",
    "due_timers",
    "lint",
    "migrate",
    "newly_illegal",
    "next_due",
    "permitted",
    "replay",
    "situation_at",
    "situations",
    "time_in",
    "visits",
]
