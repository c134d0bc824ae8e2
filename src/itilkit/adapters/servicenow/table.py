"""What the columns and values of a ServiceNow incident audit log mean."""

from __future__ import annotations

from collections.abc import Mapping

from itilkit.records import Fact
from itilkit.vocabulary import Channel

MISSING = "?"

REQUIRED = ("number", "incident_state", "opened_at", "sys_updated_at")

# Columns that an audited update may change, and the neutral name of the field they fill.
FIELDS: Mapping[str, str] = {
    "category": "category",
    "subcategory": "subcategory",
    "cmdb_ci": "configuration_item",
    "u_symptom": "symptom",
    "location": "location",
    "caller_id": "reporter",
    "contact_type": "contact_type",
    "knowledge": "knowledge_used",
    "u_priority_confirmation": "priority_confirmed",
    "vendor": "supplier",
    "problem_id": "problem",
    "rfc": "change",
    "caused_by": "caused_by_change",
    "reassignment_count": "reassignment_count",
    "reopen_count": "reopen_count",
}
COUNTERS = ("reassignment_count", "reopen_count", "sys_mod_count")
FLAGS = ("active", "made_sla", "knowledge", "u_priority_confirmation")
LEVELS = ("impact", "urgency", "priority")

# Derived by the tool and constant over an incident's rows, because the export fills them in afterwards: not facts
# before their time, so they are kept apart from the history.
FILLED_IN_AFTERWARDS = ("resolved_at", "closed_at", "closed_code", "resolved_by", "notify")

OTHERS = ("active", "made_sla", "sys_mod_count", "opened_by", "sys_created_by", "sys_created_at", "sys_updated_by",
          "impact", "urgency", "priority", "assignment_group", "assigned_to")  # fmt: skip

KNOWN = (*REQUIRED, *FIELDS, *FILLED_IN_AFTERWARDS, *OTHERS)

# Without case, spaces and hyphens: products and houses write them in many ways.
CHANNELS: Mapping[str, Channel] = {
    "phone": Channel.PHONE,
    "ivr": Channel.PHONE,
    "selfservice": Channel.PORTAL,
    "email": Channel.EMAIL,
    "chat": Channel.CHAT,
    "virtualagent": Channel.CHAT,
    "walkin": Channel.WALK_IN,
    "event": Channel.MONITORING,
    "monitoring": Channel.MONITORING,
    "directopening": Channel.OTHER,
}

LACKS: frozenset[Fact] = frozenset({"acknowledged", "agent_reply", "requester_message", "notes"})
"""What an audit log of field changes does not hold: nobody's words, and no act of taking notice."""
