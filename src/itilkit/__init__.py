"""ITIL practice models as pure functions of (history of events, policy, as_of).

The face offers the nouns; verbs are called through their room: `kpi.measure`, `lifecycle.replay`, `sla.measure`.
A name is loaded from its room when it is first asked for, so that a program pays for the rooms it uses.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from itilkit import (
        adapters,
        calendars,
        conditions,
        escalation,
        events,
        incident_models,
        kpi,
        lifecycle,
        major_incidents,
        matching,
        policy,
        priority,
        records,
        reviews,
        sla,
    )
    from itilkit.calendars import Calendar, Period
    from itilkit.errors import (
        CalendarError,
        Fault,
        FaultError,
        InstantError,
        ItilkitError,
        ItilkitWarning,
        KpiError,
        MatchingError,
        PayloadError,
        PolicyError,
        RecordError,
        TransitionError,
    )
    from itilkit.events import Event, Person
    from itilkit.kpi import Measure, Measures
    from itilkit.lifecycle import Accepted, Lifecycle, Refused, Timeline
    from itilkit.policy import Agreement, Policy, Target
    from itilkit.records import Incident, Source
    from itilkit.sla import Assessment, Reading, WorkingDays
    from itilkit.spans import Span
    from itilkit.vocabulary import Channel, HoldReason, Impact, Priority, ResolutionCode, Status, Urgency

__all__ = [
    "Accepted",
    "Agreement",
    "Assessment",
    "Calendar",
    "CalendarError",
    "Channel",
    "Event",
    "Fault",
    "FaultError",
    "HoldReason",
    "Impact",
    "Incident",
    "InstantError",
    "ItilkitError",
    "ItilkitWarning",
    "KpiError",
    "Lifecycle",
    "MatchingError",
    "Measure",
    "Measures",
    "PayloadError",
    "Period",
    "Person",
    "Policy",
    "PolicyError",
    "Priority",
    "Reading",
    "RecordError",
    "Refused",
    "ResolutionCode",
    "Source",
    "Span",
    "Status",
    "Target",
    "Timeline",
    "TransitionError",
    "Urgency",
    "WorkingDays",
    "adapters",
    "calendars",
    "conditions",
    "escalation",
    "events",
    "incident_models",
    "kpi",
    "lifecycle",
    "major_incidents",
    "matching",
    "policy",
    "priority",
    "records",
    "reviews",
    "sla",
]

__version__ = "0.1.0"

# Hidden from type checkers: to them a module with __getattr__ has every name, misspelt ones included.
if not TYPE_CHECKING:
    _ROOMS = {
        "calendars": ("Calendar", "Period"),
        "errors": tuple(name for name in __all__ if name.endswith(("Error", "Warning")) or name == "Fault"),
        "events": ("Event", "Person"),
        "kpi": ("Measure", "Measures"),
        "lifecycle": ("Accepted", "Lifecycle", "Refused", "Timeline"),
        "policy": ("Agreement", "Policy", "Target"),
        "records": ("Incident", "Source"),
        "sla": ("Assessment", "Reading", "WorkingDays"),
        "spans": ("Span",),
        "vocabulary": ("Channel", "HoldReason", "Impact", "Priority", "ResolutionCode", "Status", "Urgency"),
    }
    _HOME = {name: room for room, names in _ROOMS.items() for name in names}

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            message = f"module 'itilkit' has no attribute {name!r}"
            raise AttributeError(message)
        home = _HOME.get(name)
        value = (
            import_module(f"itilkit.{name}")
            if home is None
            else getattr(import_module(f"itilkit.{home}"), name)
        )
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted([*__all__, "__version__"])
