"""How much time is spent, and how much is left?

A clock is one more column over the beats of a timeline, drawn by a small `Rule`: which marks start and stop it,
which statuses end it, what pauses it, what reopening and a changed priority do. A `Goal` says how long it may take
and on which calendar. `measure` puts the two together; the `Reading` says how much is spent and left, when it is
due, and why.

The numbered rules that these files cite are those of the project's SLA vectors (tests/vectors/README.md).
"""

from itilkit.sla.assessment import Assessment
from itilkit.sla.chain import ChainFinding, Link, chain
from itilkit.sla.goal import Goal, Term, WorkingDays
from itilkit.sla.measure import measure
from itilkit.sla.reading import Cycle, Entry, Outcome, Reading, State
from itilkit.sla.risk import AtRisk, at_risk
from itilkit.sla.rule import (
    ACKNOWLEDGE,
    CLOSURE,
    NEXT_RESPONSE,
    PERIODIC_UPDATE,
    RESOLUTION,
    RESPONSE,
    RULES,
    WORKAROUND,
    Pauses,
    Rule,
    WhenPriorityChanges,
    WhenReopened,
)

__all__ = [
    "ACKNOWLEDGE",
    "CLOSURE",
    "NEXT_RESPONSE",
    "PERIODIC_UPDATE",
    "RESOLUTION",
    "RESPONSE",
    "RULES",
    "WORKAROUND",
    "Assessment",
    "AtRisk",
    "ChainFinding",
    "Cycle",
    "Entry",
    "Goal",
    "Link",
    "Outcome",
    "Pauses",
    "Reading",
    "Rule",
    "State",
    "Term",
    "WhenPriorityChanges",
    "WhenReopened",
    "WorkingDays",
    "at_risk",
    "chain",
    "measure",
]
