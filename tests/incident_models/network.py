"""One model that several tests look at, with its answers worked out by hand.

The office is open from Monday to Friday, 09:00 to 12:30 and 13:30 to 17:30, London time (UTC in early March 2026).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from itilkit import Calendar, Incident, Timeline
from itilkit.conditions import Le
from itilkit.events import Event, Logged
from itilkit.incident_models import Evidence, IncidentModel, ModelStep, Plan, plan
from itilkit.lifecycle import PERMISSIVE, Delay, replay

OFFICE = Calendar({"mon-fri": ["09:00-12:30", "13:30-17:30"]}, zone="Europe/London")
FRIDAY = datetime(2026, 3, 6, 16, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant in March 2026; the 6th is a Friday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def hours(count: float) -> Delay:
    """Some hours of open time."""
    return Delay(open_time=timedelta(hours=count))


NETWORK = IncidentModel(
    "network",
    "Site without network",
    [
        # 16:00 to 17:00 on Friday
        ModelStep("check", "Check the site router", owner="service_desk_agent", budget=hours(1)),
        # half an hour on Friday, the rest on Monday from 09:00 to 10:30
        ModelStep(
            "line",
            "Have the carrier test the line",
            owner="supplier_contact",
            budget=hours(2),
            depends_on="check",
            evidence=Evidence.from_data({"event": "escalated", "to": "carrier"}),
        ),
        # from 17:00 on Friday, on the wall
        ModelStep(
            "tell",
            "Tell the site",
            owner="service_desk_agent",
            budget=timedelta(minutes=30),
            depends_on="check",
        ),
        # begins at once, may be left out
        ModelStep("log", "Save the router's log", owner="sme", depends_on=[], optional=True, budget=hours(1)),
        # only where it is pressing: Monday 10:30, then two working days: Wednesday 17:30
        ModelStep(
            "replace",
            "Replace the router",
            owner="sme",
            budget=Delay(working_days=2),
            depends_on=["line", "tell", "log"],
            when=Le("priority", 2),
        ),
        ModelStep(
            "restore",
            "Confirm that the site is back",
            owner="service_desk_agent",
            depends_on="replace",
            evidence=Evidence("resolved"),
        ),
    ],
    closure=[Evidence("resolved"), Evidence.from_data({"event": "linked", "kind": "problem"})],
)
STARTS = [at(6, 16), at(6, 17), at(6, 17), at(6, 16), at(9, 10, 30), at(11, 17, 30)]
ENDS = [at(6, 17), at(9, 10, 30), at(6, 17, 30), at(6, 17), at(11, 17, 30), at(11, 17, 30)]


def laid() -> Plan:
    """The plan from Friday 16:00."""
    return plan(NETWORK, FRIDAY, OFFICE)


def seen(as_of: datetime, *events: Event) -> Timeline:
    """What is known of an incident opened on Friday at 15:30."""
    incident = Incident("INC1", [Logged(at(6, 15, 30), "bob"), *events])
    return replay(incident, PERMISSIVE, as_of=as_of)
