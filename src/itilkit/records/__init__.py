"""To whom did it happen? The incident, an identity and its history, and the things around it.

Nothing derived is stored on a record. Status, times, counters and time in state are answers of the `Timeline`
that `lifecycle.replay` makes from the history. What several events tell together, such as a resolution and its
confirmation, is read from them by a function of this room; it takes ``incident.events``, or ``timeline.events`` for
what was known as of an instant.
"""

from itilkit.records.around import ConfigurationItem, Group, Service, Supplier
from itilkit.records.incident import Fact, Incident, Source
from itilkit.records.incident import extended as extended
from itilkit.records.incident import remember as remember
from itilkit.records.joined import (
    Communication,
    Escalation,
    Links,
    Resolution,
    RoleAssignment,
    communications,
    escalations,
    links,
    resolution,
    roles,
)
from itilkit.records.monitoring import AlertSeverity, AlertStatus, MonitoringEvent
from itilkit.records.remedies import ChangeRef, KnownError, Problem, Workaround

__all__ = [
    "AlertSeverity",
    "AlertStatus",
    "ChangeRef",
    "Communication",
    "ConfigurationItem",
    "Escalation",
    "Fact",
    "Group",
    "Incident",
    "KnownError",
    "Links",
    "MonitoringEvent",
    "Problem",
    "Resolution",
    "RoleAssignment",
    "Service",
    "Source",
    "Supplier",
    "Workaround",
    "communications",
    "escalations",
    "links",
    "resolution",
    "roles",
]
