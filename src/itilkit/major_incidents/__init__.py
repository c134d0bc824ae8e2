"""How is a major incident led? Candidates, decisions, roles over time, and what each audience is told.

`candidate` says by ordered rules which incidents somebody should decide on. `propose`, `reject`, `declare`,
`hand_over`, `assign_role`, `release_role` and `stand_down` answer whether a step may be taken now, and with which
events. `standing` reads from a history how the major incident stands. `status_update` and `executive_summary` are
texts as values, for Markdown, Slack and Teams.

Rules of this room:

* What makes it a major incident is events, from `MajorDeclared` until `StoodDown`; the lifecycle stays as it is.
* What goes through the doors of this room leaves a major incident with exactly one incident manager at any instant.
  In a history of another tool that lacks one, `standing` tells of it; nothing raises.
* When an update is due is told by `itilkit.escalation.communications_due`; a text that is sent becomes an event.
"""

from itilkit.major_incidents.brief import Brief, Card
from itilkit.major_incidents.doors import (
    assign_role,
    declare,
    hand_over,
    propose,
    reject,
    release_role,
    stand_down,
)
from itilkit.major_incidents.rules import (
    Candidate,
    MajorRule,
    candidate,
    lint_rules,
    rules_from_data,
    rules_to_data,
)
from itilkit.major_incidents.standing import (
    MajorFinding,
    MajorFindingCode,
    MajorIncident,
    MajorState,
    Spell,
    standing,
)
from itilkit.major_incidents.updates import StatusUpdate, executive_summary, status_update

__all__ = [
    "Brief",
    "Candidate",
    "Card",
    "MajorFinding",
    "MajorFindingCode",
    "MajorIncident",
    "MajorRule",
    "MajorState",
    "Spell",
    "StatusUpdate",
    "assign_role",
    "candidate",
    "declare",
    "executive_summary",
    "hand_over",
    "lint_rules",
    "propose",
    "reject",
    "release_role",
    "rules_from_data",
    "rules_to_data",
    "stand_down",
    "standing",
    "status_update",
]
