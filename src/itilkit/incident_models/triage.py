"""What is to be done with a new incident? Match, classify, prioritise and route, in one pure call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from itilkit.conditions import FieldType
from itilkit.errors import PolicyError
from itilkit.events import Assigned, Classified, Event, ModelAttached, Person, PrioritySet
from itilkit.incident_models.attaching import NO_FIELDS, attach, recorded
from itilkit.incident_models.matching import Match, match
from itilkit.incident_models.model import IncidentModel
from itilkit.incident_models.routing import Route, Routed, route
from itilkit.priority import Derivation, Matrix, PriorityRule, derive
from itilkit.records import Incident
from itilkit.spans import utc

__all__ = ["Triage", "triage"]


@attrs.frozen
class Triage:
    """What is proposed for an incident, and why.

    Attributes:
        events: For the host to decide on and to append in this order; empty where nothing is to be done.
        matches: The models that are meant for it, the one that is attached at the front.
        derivation: How the priority comes about; None without a matrix.
        routed: Where it goes; None where somebody has it already.
    """

    events: tuple[Event, ...]
    matches: tuple[Match, ...] = attrs.field(kw_only=True)
    derivation: Derivation | None = attrs.field(default=None, kw_only=True)
    routed: Routed | None = attrs.field(default=None, kw_only=True)

    def explain(self) -> str:
        """Why this is proposed: the models, the priority and the route."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield from map(str, self.matches) if self.matches else ("no model is meant for it",)
        if self.derivation is not None:
            yield self.derivation.explain()
        if self.routed is not None:
            yield self.routed.explain()


def triage(
    incident: Incident,
    at: datetime,
    by: Person | str | None = None,
    *,
    models: Iterable[IncidentModel] = (),
    routes: Iterable[Route] = (),
    matrix: Matrix | None = None,
    rules: Iterable[PriorityRule] = (),
    fields: Mapping[str, FieldType] = NO_FIELDS,
) -> Triage:
    """What a new incident needs: a model, what is still unclassified, a priority and a group.

    What is on record already is left alone, so that a second triage proposes nothing: an incident that has a model
    keeps it, a recorded priority is moved only into the bounds of a model that is attached now, and whose it is stays
    so. A route takes precedence over the group that the model would fill in.

    Args:
        incident: The record and its history.
        at: When; aware.
        by: Who does it; None is a tool.
        models: The models of the house.
        routes: Which group gets what, in order; those of support level 1 are asked.
        matrix: What derives a priority where none is recorded. Leave it out where the priority is not to be recorded
            because it should follow the facts, as a policy derives it.
        rules: What may raise the derived priority, in order.
        fields: The house's own fields; their values are read by their types.

    Raises:
        InstantError: `at` has no zone.
        PolicyError: an impact or urgency that the matrix does not have, or a priority to which a model moves it.
        RecordError: a value of a house's own field that is none of its type.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged
    >>> from itilkit.incident_models import shipped
    >>> from itilkit.priority import ITIL_3X3
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> call = Incident("INC1", [Logged(nine), Classified(nine, category="database", service="payments")])
    >>> found = triage(call, nine, "ann", models=[shipped("database_error")], matrix=ITIL_3X3)
    >>> [type(event).__name__ for event in found.events]
    ['ModelAttached', 'Classified', 'PrioritySet', 'Assigned']
    >>> found.events[2].priority, found.events[2].reason, found.events[3].group
    (2, 'ITIL 3x3', 'database')
    """
    at, person = utc(at), Person(by) if isinstance(by, str) else by
    known = recorded(incident, fields)
    has_model = any(isinstance(event, ModelAttached) for event in incident.events)
    matches = () if has_model else match(models, known)
    model = matches[0].model if matches else None
    events = [] if model is None else list(attach(incident, model, at, person))
    filled: list[Event] = [event for event in events if isinstance(event, ModelAttached | Classified)]
    known = recorded(incident.appended(*filled), fields)

    derivation = None if matrix is None else derive(matrix, rules, known, recorded=known.get("priority"))
    priority = known.get("priority") if derivation is None else derivation.priority
    if priority is not None:
        bounded = priority if model is None else model.bounded(priority)
        if bounded != priority and matrix is not None and bounded not in matrix.priority.levels:
            hint = f"levels are 1 to {len(matrix.priority)}"
            message = f"{matrix.name} has no priority {bounded}, to which model {model and model.id} moves it"
            raise PolicyError.one("unknown_level", message, hint=hint)
        if bounded != known.get("priority"):
            reason = _reason(derivation, model, moved=bounded != priority)
            filled.append(PrioritySet(at, person, priority=bounded, reason=reason))
            known = {**known, "priority": bounded}

    routed = None if _has_owner(known) else route(routes, known)
    default = None if model is None else model.defaults.group
    group = None if routed is None else routed.group or default
    if group is not None:
        filled.append(Assigned(at, person, group=group))
    return Triage(tuple(filled), matches=matches, derivation=derivation, routed=routed)


def _has_owner(known: Mapping[str, Any]) -> bool:
    return "group" in known or "assignee" in known


def _reason(derivation: Derivation | None, model: IncidentModel | None, *, moved: bool) -> str:
    """What the priority rests on: matrix, rules, and the model where it moved it."""
    parts: list[str] = []
    if derivation is not None and derivation.recorded is None:
        parts += [
            derivation.matrix.name,
            *(each.rule.because or str(each.rule.when) for each in derivation.raised),
        ]
    if moved and model is not None:
        parts.append(model.bounds)
    return "; ".join(parts)
