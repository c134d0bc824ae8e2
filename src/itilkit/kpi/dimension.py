"""By what may incidents be grouped? What stands on the timeline, and the fields a tool keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from itilkit.errors import Fault, KpiError, near
from itilkit.kpi.case import Case

__all__ = ["Dimensions", "dimension"]

# Fields that may be missing in every incident of a log and are no slip of the pen for that.
_USUAL = frozenset({"category", "subcategory", "service", "configuration_item", "channel"})


def _group(case: Case) -> str | None:
    return case.timeline.assignment.group


def _assignee(case: Case) -> str | None:
    assignee = case.timeline.assignment.assignee
    return None if assignee is None else str(assignee)


def _own(name: str) -> Callable[[Case], Any]:
    def read(case: Case) -> Any:
        return getattr(case.timeline, name)

    return read


def _of_incident(name: str) -> Callable[[Case], Any]:
    def read(case: Case) -> Any:
        return getattr(case.timeline.incident, name)

    return read


def _field(name: str) -> Callable[[Case], Any]:
    def read(case: Case) -> Any:
        return case.known(name)

    return read


_STANDING: Mapping[str, Callable[[Case], Any]] = {
    "group": _group,
    "assignee": _assignee,
    **{name: _own(name) for name in ("priority", "status", "state", "impact", "urgency", "hold_reason")},
    **{name: _of_incident(name) for name in ("customer", "site")},
}


def dimension(name: str) -> Callable[[Case], Any]:
    """How to read a dimension, as it stands at `as_of`; None where it is not known."""
    return _STANDING.get(name) or _field(name)


class Dimensions:
    """Names that must turn up somewhere: one that is in no incident at all is a slip of the pen."""

    def __init__(self, names: Iterable[str]) -> None:
        self.missing = {name for name in names if name not in _STANDING and name not in _USUAL}
        self.known: set[str] = set()
        self.seen = False

    def look(self, case: Case) -> None:
        """Note which names the incident knows."""
        if self.missing and case.timeline.statuses:
            self.seen = True
            names = {*case.fields, *case.timeline.incident.attributes}
            self.known |= names
            self.missing -= names

    def check(self) -> None:
        """Raise when there are incidents and a name is in none of them."""
        if self.missing and self.seen:
            known = {*_STANDING, *_USUAL, *self.known}
            raise KpiError(
                Fault("unknown_dimension", f"no incident has a {name!r}", path="by", hint=near(name, known))
                for name in sorted(self.missing)
            )
