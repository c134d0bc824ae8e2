"""What was known of an incident at each beat, as conditions ask about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from itilkit.conditions import Choice, FieldType, Texts, situation
from itilkit.errors import PolicyError, RecordError
from itilkit.events import Logged
from itilkit.lifecycle import Timeline

__all__ = ["situations"]


def situations(timeline: Timeline, fields: Mapping[str, FieldType]) -> tuple[dict[str, Any], ...]:
    """The fields of an incident by name, one mapping per beat; one more for an incident that is not open yet.

    Standard fields have the names of `itilkit.conditions.INCIDENT`. A field that an event set stands over an
    attribute of the record with the same name.

    Args:
        timeline: What held when.
        fields: The house's own fields; their values are read by their types, and texts may be parted by commas.

    Raises:
        RecordError: a value of a house's own field that is none of its type.
    """
    fixed = _fixed(timeline)
    if not timeline.beats:
        return (_typed(situation(fixed), fields),)
    return tuple(_typed(situation(fixed, layer), fields) for layer in _layers(timeline))


def _fixed(timeline: Timeline) -> dict[str, object]:
    """What does not change over the incident's life."""
    incident = timeline.incident
    logged = timeline.events[0] if timeline.events else None
    opening: dict[str, object] = {}
    if isinstance(logged, Logged):
        opening = {"title": logged.title, "reporter": logged.reporter, "opened_at": logged.at}
    return {
        **incident.attributes,
        "customer": incident.customer,
        "site": incident.site,
        "source": incident.source.name,
        **opening,
    }


def _layers(timeline: Timeline) -> Iterator[dict[str, object]]:
    reopened = 0
    for beat, fields in enumerate(timeline.fields):
        if beat and timeline.statuses[beat].is_open and not timeline.statuses[beat - 1].is_open:
            reopened += 1
        assignment = timeline.assignments[beat]
        yield {
            **fields,
            "impact": timeline.impacts[beat],
            "urgency": timeline.urgencies[beat],
            "priority": timeline.priorities[beat],
            "status": timeline.statuses[beat],
            "state": timeline.states[beat],
            "hold_reason": timeline.hold_reasons[beat],
            "group": assignment.group,
            "assignee": assignment.assignee,
            "reopen_count": reopened,
        }


def _typed(known: dict[str, Any], fields: Mapping[str, FieldType]) -> dict[str, Any]:
    """The situation with the house's own fields as their types have them."""
    for name in known.keys() & {"tags", *fields}:
        known[name] = _value(name, known[name], fields.get(name, Texts()))
    return known


def _value(name: str, value: object, kind: FieldType) -> object:
    if isinstance(kind, Texts):
        parted = value.split(",") if isinstance(value, str) else value
        if isinstance(parted, Iterable):
            return frozenset(str(each).strip() for each in parted)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  any iterable
    try:
        return kind.read(value)
    except PolicyError as error:
        if isinstance(kind, Choice):  # a word that is not on the list is what it is: no condition names it
            return value
        raise RecordError(attrs.evolve(fault, path=f"fields.{name}") for fault in error.faults) from None
