"""Who must know by now?

A `Ladder` is data: rungs that say when (a share of a target, time since the opening, time without an update, a
reopening, a priority), who (`to`), and how: a functional escalation to more skill, a hierarchical one to more
authority, or a notification. `due` says what should have been done by `as_of` and was not; `ahead` what comes if
nothing more happens; `audit` holds a ladder against what a tool did; `communications_due` says who is owed a message.

Rules of this room:

* Nothing waits or fires here. A `Due` proposes an event; appending it is what keeps it from being due again.
* A rung fires at the first instant from its trigger on at which nothing answers it. Events at that instant answer.
* A proposed event is known by its reference, ``rung:<ladder>/<rung>/<turn>.<time>``: neither the words of the reason
  nor the instant matter, so a host that acts late, or a due that moved, fires nothing twice.
"""

from itilkit.escalation.auditing import Audited, Verdict, audit
from itilkit.escalation.communication import Cadence, communications_due
from itilkit.escalation.data import from_data, to_data
from itilkit.escalation.ladder import Kind, Ladder, Repeat, Rung
from itilkit.escalation.proposal import Due, DueKind, ahead, due
from itilkit.escalation.triggers import (
    BesideDue,
    Idle,
    PriorityRaised,
    PriorityReached,
    ReopenedTimes,
    ShareOfTarget,
    SinceOpened,
    Trigger,
)
from itilkit.escalation.words import delay, trigger

__all__ = [
    "Audited",
    "BesideDue",
    "Cadence",
    "Due",
    "DueKind",
    "Idle",
    "Kind",
    "Ladder",
    "PriorityRaised",
    "PriorityReached",
    "ReopenedTimes",
    "Repeat",
    "Rung",
    "ShareOfTarget",
    "SinceOpened",
    "Trigger",
    "Verdict",
    "ahead",
    "audit",
    "communications_due",
    "delay",
    "due",
    "from_data",
    "to_data",
    "trigger",
]
