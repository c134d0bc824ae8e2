"""By what may incidents be grouped? What stands on the timeline, and the fields a tool keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Literal, cast

from itilkit.errors import Fault, KpiError, near
from itilkit.events import Person
from itilkit.kpi.case import Case

__all__ = ["Dimensions", "Standing", "dimension"]

# Fields that may be missing in every incident of a log and are no slip of the pen for that.
_USUAL = frozenset({"category", "subcategory", "service", "configuration_item", "channel"})


Standing = Literal["then", "initial", "final"]
"""When a group is read: as it stands at `as_of`; as it was first known; as it was when the incident last ended."""

_TRACKS = {
    "priority": "priorities",
    "status": "statuses",
    "state": "states",
    "impact": "impacts",
    "urgency": "urgencies",
    "hold_reason": "hold_reasons",
}
_ASSIGNED = ("group", "assignee")
_ON_RECORD = ("customer", "site")
_STANDING = frozenset({*_TRACKS, *_ASSIGNED, *_ON_RECORD})


def _values(case: Case, name: str) -> Sequence[Any]:
    """What held beat by beat."""
    timeline = case.timeline
    if name in _TRACKS:
        return cast("Sequence[Any]", getattr(timeline, _TRACKS[name]))
    if name in _ASSIGNED:
        return [getattr(assignment, name) for assignment in timeline.assignments]
    return [fields.get(name) for fields in timeline.fields]


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, Person) else value


def _now(name: str) -> Callable[[Case], Any]:
    if name in _ON_RECORD:
        return lambda case: getattr(case.timeline.incident, name)
    if name in _TRACKS:
        return lambda case: getattr(case.timeline, name)
    if name in _ASSIGNED:
        return lambda case: _told(getattr(case.timeline.assignment, name))
    return lambda case: case.known(name)


def _at(name: str, place: Callable[[Case, Sequence[Any]], Any]) -> Callable[[Case], Any]:
    def read(case: Case) -> Any:
        found = _told(place(case, _values(case, name)))
        return case.timeline.incident.attributes.get(name) if found is None else found

    return read


def _first(_case: Case, values: Sequence[Any]) -> Any:
    return next((value for value in values if value is not None), None)


def _at_the_end(case: Case, values: Sequence[Any]) -> Any:
    """At the last entry into a status that is not open; of one that is open, now."""
    statuses = case.timeline.statuses
    if not values:
        return None
    beat = len(values) - 1
    if not statuses[-1].is_open:
        while beat and not statuses[beat - 1].is_open:
            beat -= 1
    return values[beat]


@lru_cache(maxsize=128)  # asked for each incident
def dimension(name: str, standing: Standing = "then") -> Callable[[Case], Any]:
    """How to read a dimension; None where it is not known."""
    if standing == "then" or name in _ON_RECORD:
        return _now(name)
    return _at(name, _first if standing == "initial" else _at_the_end)


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

    def look_at(self, cases: Iterable[Case]) -> None:
        """Note which names some incidents know, as long as one is missing."""
        for case in cases if self.missing else ():
            self.look(case)

    def check(self) -> None:
        """Raise when there are incidents and a name is in none of them."""
        if self.missing and self.seen:
            known = {*_STANDING, *_USUAL, *self.known}
            raise KpiError(
                Fault("unknown_dimension", f"no incident has a {name!r}", path="by", hint=near(name, known))
                for name in sorted(self.missing)
            )
