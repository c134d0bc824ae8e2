"""What do we do for this kind of incident? ITIL 4 incident models: repeatable approaches, as data.

An `IncidentModel` says for which incidents it is meant, what it fills in, and which steps are taken: each with the
role that answers for it, its budget, what comes before it, and the events that show that it is done. `match` ranks
the models that are meant for an incident; `attach` proposes the events that pin one to it; `plan` lays its steps out
on a calendar; `progress` holds the plan against what happened; `lint` tells what looks like an oversight. `route` says
which group gets an incident, and `triage` does all that a new one needs in one call.

Rules of this room:

* A model is checked when it is built: no circle of steps, none unknown, none without an owner.
* What was attached stays as it was: the event carries the digest of the model, and `model_of` finds no other.
* Nothing here assigns, closes or sends: a function proposes events, and the host decides on them.
"""

from itilkit.incident_models.attaching import Attachment, attach, attachments, model_of
from itilkit.incident_models.data import digest, from_data, list_from_data, to_data
from itilkit.incident_models.evidence import Evidence, event_schema
from itilkit.incident_models.lint import lint
from itilkit.incident_models.matching import Match, match
from itilkit.incident_models.model import Defaults, IncidentModel, ModelStep
from itilkit.incident_models.planning import Plan, PlannedStep, plan
from itilkit.incident_models.progress import Progress, StepProgress, StepState, progress
from itilkit.incident_models.routing import (
    Route,
    Routed,
    lint_routes,
    route,
    routes_from_data,
    routes_to_data,
)
from itilkit.incident_models.shipped import SHIPPED, shipped, shipped_text
from itilkit.incident_models.triage import Triage, triage

__all__ = [
    "SHIPPED",
    "Attachment",
    "Defaults",
    "Evidence",
    "IncidentModel",
    "Match",
    "ModelStep",
    "Plan",
    "PlannedStep",
    "Progress",
    "Route",
    "Routed",
    "StepProgress",
    "StepState",
    "Triage",
    "attach",
    "attachments",
    "digest",
    "event_schema",
    "from_data",
    "lint",
    "lint_routes",
    "list_from_data",
    "match",
    "model_of",
    "plan",
    "progress",
    "route",
    "routes_from_data",
    "routes_to_data",
    "shipped",
    "shipped_text",
    "to_data",
    "triage",
]
