"""When did what happen to an incident? The facts that durations run between.

The history tells when an incident was opened, acknowledged, assigned, worked on, resolved and closed. What only the
house knows (when a failure began, was detected, repaired ...) is an instant that it records in a field or attribute
named after the fact: ``occurred_at``, ``detected_at``, ``repaired_at`` ...; where it is not there, it is not recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, get_args

from itilkit.events import Assigned
from itilkit.kpi.case import Case, LeftOut
from itilkit.kpi.definition import check_option
from itilkit.records import Fact
from itilkit.vocabulary import Status

__all__ = ["NEEDS", "FactName", "check_fact", "when"]

FactName = Literal[
    "occurred", "detected", "opened", "acknowledged", "responded", "assigned", "work_started", "diagnosed",
    "mitigated", "repaired", "recovered", "restored", "first_resolved", "resolved", "closed", "deployed",
]  # fmt: skip

# What a source may fail to record, by the fact that it leaves unknown.
NEEDS: Mapping[str, frozenset[Fact]] = {
    "acknowledged": frozenset({"acknowledged"}),
    "responded": frozenset({"agent_reply"}),
}

# Facts that come after the opening: while an incident is open they may still come.
_MAY_COME = frozenset(get_args(FactName)) - {"occurred", "detected", "opened", "deployed"}


def _assigned(case: Case) -> datetime | None:
    for event in case.timeline.events:
        if isinstance(event, Assigned) and event.assignee is not None:
            return event.at
    return None


_IN_HISTORY: Mapping[str, Callable[[Case], datetime | None]] = {
    "opened": lambda case: case.opened_at,
    "acknowledged": lambda case: case.marked("acknowledged", "agent_reply"),
    "responded": lambda case: case.marked("agent_reply"),
    "assigned": _assigned,
    "work_started": lambda case: next(case.timeline.entered(Status.IN_PROGRESS), None),
    "first_resolved": lambda case: case.first_resolved_at,
    "resolved": lambda case: case.resolved_at,
    "closed": lambda case: case.closed_at,
}


def check_fact(option: str, name: object) -> None:
    """Raise when there is no such fact."""
    check_option(option, name, get_args(FactName))


def when(case: Case, fact: str) -> datetime | LeftOut:
    """When the fact came about, as far as `as_of` knows, or why that cannot be told."""
    needed = NEEDS.get(fact)
    if needed is not None and case.lacks(needed):
        return LeftOut("not_recorded")
    read = _IN_HISTORY.get(fact)
    if read is not None:
        if fact == "closed" and not case.timeline.statuses[-1].is_final:
            return LeftOut("open")
        return read(case) or case.unresolved
    told = case.known(f"{fact}_at")
    if isinstance(told, datetime) and told <= case.timeline.as_of:
        return told
    waits = fact in _MAY_COME and case.timeline.statuses[-1].is_open
    return LeftOut("open" if waits else "not_recorded")
