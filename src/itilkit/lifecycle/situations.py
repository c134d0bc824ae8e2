"""What was known of an incident at each beat, as conditions ask about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import attrs

from itilkit.conditions import Choice, FieldType, Texts, situation
from itilkit.errors import PolicyError, RecordError
from itilkit.events import Logged
from itilkit.lifecycle.timeline import Timeline

__all__ = ["situation_at", "situations"]

_NO_FIELDS: Mapping[str, FieldType] = {}


def situations(
    timeline: Timeline, fields: Mapping[str, FieldType] = _NO_FIELDS
) -> tuple[dict[str, Any], ...]:
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
    reopened = 0
    found: list[dict[str, Any]] = []
    for beat, status in enumerate(timeline.statuses):
        reopened += beat > 0 and status.is_open and not timeline.statuses[beat - 1].is_open
        found.append(_typed(situation(fixed, _layer(timeline, beat, reopened)), fields))
    return tuple(found)


def situation_at(
    timeline: Timeline, beat: int, fields: Mapping[str, FieldType] = _NO_FIELDS
) -> dict[str, Any]:
    """The fields of an incident by name, at one beat, counted from 0 or back from -1, the last; else as `situations`.

    Raises:
        IndexError: there is no such beat.
        RecordError: a value of a house's own field that is none of its type.

    >>> from datetime import UTC, datetime
    >>> from itilkit.lifecycle import ITIL4_DEFAULT, replay
    >>> from itilkit.records import Incident
    >>> at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> seen = replay(Incident("INC1", [Logged(at, "bob", title="No e-mail")]), ITIL4_DEFAULT, as_of=at)
    >>> situation_at(seen, 0)["status"], situation_at(seen, 0)["title"]
    ('new', 'No e-mail')
    """
    beat = range(len(timeline.beats))[beat]
    statuses = timeline.statuses[: beat + 1]
    reopened = sum(not before.is_open and after.is_open for before, after in pairwise(statuses))
    return _typed(situation(_fixed(timeline), _layer(timeline, beat, reopened)), fields)


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


def _layer(timeline: Timeline, beat: int, reopened: int) -> dict[str, object]:
    """What held at a beat."""
    assignment = timeline.assignments[beat]
    return {
        **timeline.fields[beat],
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
