"""Incidents and small policies drawn for back-tests and coverage: every outcome, several agreements, conditions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from itilkit.calendars import Calendar
from itilkit.conditions import Eq, In
from itilkit.events import (
    Cancelled,
    Classified,
    Closed,
    Event,
    Held,
    Logged,
    PrioritySet,
    Reopened,
    Replied,
    Resolved,
    Resumed,
    Started,
)
from itilkit.lifecycle import ITIL4_DEFAULT, PERMISSIVE
from itilkit.policy import Agreement, Objective, Policy, SmallNumbers, Target
from itilkit.priority import ITIL_3X3, PriorityRule
from itilkit.records import Incident, Source
from itilkit.sla import WorkingDays

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
AS_OF = START + timedelta(days=20)
OFFICE = Calendar({"mon-fri": ["09:00-12:30", "13:30-17:00"]}, zone="Europe/London", name="office")
ALWAYS = Calendar.round_the_clock("Europe/London")
SILENT = Source("silent", lacks={"agent_reply"})

# Hours of an office are days; most promises lie where most of the incidents end, so that some flip.
amounts: st.SearchStrategy[timedelta | WorkingDays | None] = st.sampled_from(
    [*(timedelta(hours=n) for n in (1, 2, 3, 5, 8, 13, 21, 34)), WorkingDays(1), WorkingDays(3), None]
)
whens = st.sampled_from([None, None, Eq("service", "mail"), In("service", ["cards", "mail"])])
objectives = st.sampled_from(
    [
        None,
        Objective(0.5, "week"),
        Objective(0.9, "month"),
        Objective(0.9, "week", small_n=SmallNumbers(below=3, allow=1)),
    ]
)

STEPS: dict[str, Callable[[datetime], Event]] = {
    "start": Started,
    "reply": lambda at: Replied(at, public=True),
    "hold": Held,
    "resume": Resumed,
    "resolve": Resolved,
    "reopen": Reopened,
    "close": Closed,
    "cancel": Cancelled,
    "P1": lambda at: PrioritySet(at, priority=1),
    "P4": lambda at: PrioritySet(at, priority=4),
    "mail": lambda at: Classified(at, service="mail"),
    "low": lambda at: Classified(at, impact=3, urgency=3),
}


@st.composite
def incidents(draw: st.DrawFn, number: str) -> Incident:
    """A history of a few steps, legal or not."""
    at = START + timedelta(hours=draw(st.integers(0, 240)))
    events: list[Event] = [
        Logged(at),
        Classified(
            at,
            impact=draw(st.integers(1, 3)),
            urgency=draw(st.integers(1, 3)),
            service=draw(st.sampled_from(["mail", "cards", "print"])),
        ),
    ]
    names = draw(st.lists(st.sampled_from(sorted(STEPS)), max_size=4))
    for name in [*names[:2], "resolve", *names[2:]] if draw(st.booleans()) else names:
        at += timedelta(minutes=draw(st.integers(0, 20 * 60)))
        events.append(STEPS[name](at))
    return Incident(number, events, source=SILENT if draw(st.integers(0, 3)) == 3 else Source("drawn"))


@st.composite
def logs(draw: st.DrawFn, largest: int = 8) -> list[Incident]:
    """Incidents with numbers of their own."""
    return [draw(incidents(f"INC{index}")) for index in range(draw(st.integers(0, largest)))]


@st.composite
def agreements(draw: st.DrawFn, name: str, kind: Any = "SLA") -> Agreement:
    """An agreement on some priorities."""
    levels = draw(st.sampled_from([range(1, 6), range(1, 6), range(1, 4), range(3, 6)]))
    clocks = draw(st.sampled_from([["resolution"], ["response", "resolution"]]))
    rows = [Target(level, {clock: draw(amounts) for clock in clocks}) for level in levels]
    options: dict[str, Any] = {} if (when := draw(whens)) is None else {"when": when}
    return Agreement(
        name,
        rows,
        calendar=draw(st.sampled_from([OFFICE, ALWAYS])),
        kind=kind,
        when_reopened=draw(st.sampled_from(["continue", "restart"])),
        objective=draw(objectives),
        **options,
    )


@st.composite
def policies(draw: st.DrawFn, name: str) -> Policy:
    """A policy with up to two SLAs and an OLA, with or without a rule around the matrix."""
    found = [draw(agreements(each)) for each in ("Gold", "Rest")[: draw(st.sampled_from([1, 2, 2, 0]))]]
    if draw(st.booleans()):
        found.append(draw(agreements("Network", "OLA")))
    rule = PriorityRule(Eq("service", "cards"), urgency_at_least=1, because="cards")
    return Policy(
        name,
        lifecycle=draw(st.sampled_from([ITIL4_DEFAULT, PERMISSIVE])),
        matrix=ITIL_3X3,
        agreements=found,
        priority_rules=[rule] if draw(st.booleans()) else [],
        zone=draw(st.sampled_from(["UTC", "Asia/Tokyo"])),
    )
