"""Attaching a model to an incident, and finding the very model that was attached.

The event carries the id, the version and the digest of the model as it was then. Whoever edits the model later
changes nothing for an incident in flight: `attachments` finds the model of that digest, and says when it is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import attrs

from itilkit.conditions import FieldType, Situation
from itilkit.events import Assigned, Classified, Event, ModelAttached, Person, PrioritySet
from itilkit.incident_models.data import digest
from itilkit.incident_models.model import Defaults, IncidentModel
from itilkit.lifecycle import PERMISSIVE, replay
from itilkit.lifecycle.situations import situation_at
from itilkit.records import Incident
from itilkit.spans import utc

__all__ = ["Attachment", "attach", "attachments", "model_of"]

NO_FIELDS: Mapping[str, FieldType] = MappingProxyType({})
_CLASSIFIED = ("category", "subcategory", "service", "configuration_item", "impact", "urgency")


@attrs.frozen
class Attachment:
    """A model that was attached to an incident.

    Attributes:
        event: The event that tells it.
        model: The model as it was then; None where it is not among those that were given.
        why: Why there is none, or what it was found by.
    """

    event: ModelAttached
    model: IncidentModel | None
    why: str = ""

    @property
    def at(self) -> datetime:
        """When it was attached; UTC."""
        return self.event.at


def attach(
    incident: Incident, model: IncidentModel, at: datetime, by: Person | str | None = None
) -> tuple[Event, ...]:
    """The events that attach a model, for the host to decide on and to append in this order.

    `ModelAttached` comes first, with version and digest; then a `Classified` with those defaults for which the
    incident has no value yet; a `PrioritySet` where the recorded priority lies outside of the model's bounds; and an
    `Assigned` to the model's group where nobody has the incident.

    Args:
        incident: The record and its history.
        model: Which model.
        at: When; aware.
        by: Who attaches it; None is a tool.

    Returns:
        Nothing where this very model is attached already.

    Raises:
        InstantError: `at` has no zone.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged
    >>> from itilkit.incident_models import ModelStep
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> model = IncidentModel("locked", "Locked account", [ModelStep("unlock", "Unlock", owner="service_desk_agent")],
    ...                       defaults=Defaults(category="access", impact=3))
    >>> incident = Incident("INC1", [Logged(nine), Classified(nine, impact=2)])
    >>> attached, classified = attach(incident, model, nine, "ann")
    >>> attached.model, classified.category, classified.impact
    ('locked', 'access', None)
    >>> attach(incident.appended(attached), model, nine)
    ()
    """
    at = utc(at)
    mark = digest(model)
    if any(isinstance(event, ModelAttached) and _is(event, model, mark) for event in incident.events):
        return ()
    known = recorded(incident)
    person = Person(by) if isinstance(by, str) else by
    events: list[Event] = [ModelAttached(at, person, model=model.id, version=model.version, digest=mark)]
    filled = _empty(model.defaults, known)
    if filled:
        events.append(Classified(at, person, **filled))
    priority: int | None = known.get("priority")
    if priority is not None and model.bounded(priority) != priority:
        events.append(PrioritySet(at, person, priority=model.bounded(priority), reason=model.bounds))
    if model.defaults.group is not None and "group" not in known and "assignee" not in known:
        events.append(Assigned(at, person, group=model.defaults.group))
    return tuple(events)


def recorded(incident: Incident, fields: Mapping[str, FieldType] = NO_FIELDS) -> Situation:
    """All that is on record of an incident, by the names of fields; the whole history counts."""
    # What fields say does not hang on the lifecycle, so the one that permits everything serves.
    timeline = replay(incident, PERMISSIVE, as_of=max(event.at for event in incident.events), strict=False)
    return situation_at(timeline, len(timeline.beats) - 1, fields)


def _is(event: ModelAttached, model: IncidentModel, mark: str) -> bool:
    return event.model == model.id and event.digest == mark


def _empty(defaults: Defaults, known: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults for which the incident has no value."""
    filled: dict[str, Any] = {
        name: getattr(defaults, name)
        for name in _CLASSIFIED
        if getattr(defaults, name) is not None and known.get(name) is None
    }
    fields = {name: value for name, value in defaults.fields.items() if known.get(name) is None}
    return {**filled, "fields": fields} if fields else filled


def attachments(incident: Incident, models: Iterable[IncidentModel]) -> tuple[Attachment, ...]:
    """The models that were attached to an incident, in its order, each as it was then.

    Args:
        incident: The record and its history.
        models: Where to look: today's models and those kept of earlier versions.

    Returns:
        One for each `ModelAttached`. Of one with a digest only the model of that digest is the one; of one without,
        as another tool may write it, the only one of that id and version.
    """
    known = [(model, digest(model)) for model in models]
    return tuple(_found(event, known) for event in incident.events if isinstance(event, ModelAttached))


def model_of(incident: Incident, models: Iterable[IncidentModel]) -> Attachment | None:
    """The model that was attached last; None where none was. The arguments are those of `attachments`.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged
    >>> from itilkit.incident_models import ModelStep
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> model = IncidentModel("locked", "Locked account", [ModelStep("unlock", "Unlock", owner="service_desk_agent")])
    >>> incident = Incident("INC1", [Logged(nine)])
    >>> incident = incident.appended(*attach(incident, model, nine))
    >>> found = model_of(incident, [attrs.evolve(model, name="Locked out")])
    >>> print(found.why)
    model locked was edited since it was attached: none of those given has its digest
    """
    found = attachments(incident, models)
    return found[-1] if found else None


def _found(event: ModelAttached, known: Sequence[tuple[IncidentModel, str]]) -> Attachment:
    label = f"{event.model} {event.version}".strip()
    named = [(model, mark) for model, mark in known if model.id == event.model]
    if not named:
        return Attachment(event, None, f"there is no model {label} among those given")
    if event.digest:
        for model, mark in named:
            if mark == event.digest:
                return Attachment(event, model, "found by its digest")
        why = f"model {label} was edited since it was attached: none of those given has its digest"
        return Attachment(event, None, why)
    versions = [model for model, _ in named if model.version == event.version or not event.version]
    if len(versions) == 1:
        return Attachment(event, versions[0], "no digest is on record; found by its id and version")
    why = f"no digest is on record, and {len(versions)} of the models given are {label}"
    return Attachment(event, None, why)
