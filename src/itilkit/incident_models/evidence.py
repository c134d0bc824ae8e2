"""What shows that something was done? A question to the events of a history, as data.

An `Evidence` names a kind of event and, where wanted, what its fields must be. The questions are those of
`itilkit.conditions`, asked of the event instead of the incident: ``{ event = "assigned", group = ["dba", "sme"] }``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import NoneType
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

import attrs

from itilkit.conditions import (
    Always,
    Choice,
    Condition,
    FieldType,
    Flag,
    Instant,
    Level,
    Number,
    Schema,
    Text,
    free_fields,
    holds,
    predicates,
    situation,
)
from itilkit.conditions import from_data as condition_from
from itilkit.conditions import to_data as condition_data
from itilkit.errors import Fault, PolicyError, near, shown
from itilkit.events import Event, Person, StepDone
from itilkit.vocabulary import fold

__all__ = ["EVENTS", "Evidence", "event_schema"]


def _word(kind: type[Event]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


EVENTS: Mapping[str, type[Event]] = {_word(kind): kind for kind in get_args(Event)}
"""The kinds of events by the word that stands for each in data: ``step_done`` for `StepDone`."""

_PLAIN: Mapping[object, FieldType] = {
    str: Text(),
    bool: Flag(),
    int: Level(),
    float: Number(),
    datetime: Instant(),
}


def _type_of(hint: object) -> FieldType | None:
    """The type by which a field of an event is asked; None for one that no question fits."""
    if get_origin(hint) is Literal:
        return Choice(get_args(hint))
    options = [option for option in get_args(hint) if option is not NoneType]
    if options and NoneType in get_args(hint):
        return _type_of(options[0])
    if isinstance(hint, type) and hasattr(hint, "__members__"):
        return Choice(cast("Any", hint))
    return _PLAIN.get(hint)


@cache
def event_schema(event: str) -> Schema:
    """The fields of a kind of event that may be asked about; people by their id, and by name, organisation and vip.

    `event` is its word in `EVENTS`, such as ``step_done``.

    >>> sorted(event_schema("assigned").fields)[:3]
    ['assignee', 'assignee.name', 'assignee.organisation']
    """
    found: dict[str, FieldType] = {}
    for name, hint in get_type_hints(EVENTS[event]).items():
        if Person in (hint, *get_args(hint)):
            found |= {name: Text(), f"{name}.name": Text(), f"{name}.organisation": Text()}
            found[f"{name}.vip"] = Flag()
            continue
        kind = Level(letter="P") if name == "priority" else _type_of(hint)
        if kind is not None:
            found[name] = kind
    return Schema(f"the event {event}", found)


def _event(value: str | type[Event]) -> str:
    """The word of a kind of event; case, spaces, ``_`` and ``-`` do not matter."""
    if isinstance(value, str):
        for word in EVENTS:
            if fold(word) == fold(value):
                return word
    elif value in EVENTS.values():
        return _word(value)
    raise PolicyError.one(
        "unknown_word", f"{shown(value)} is no event", path="event", hint=near(value, EVENTS)
    )


@attrs.frozen
class Evidence:
    """A kind of event, and what must hold of it.

    Attributes:
        event: The word of the kind, such as ``assigned``; the class of the event stands for it, too.
        when: What must hold of the event's own fields; what is left open does not hold.

    Raises:
        PolicyError: no such event, or a question that such an event cannot answer.

    >>> from datetime import UTC
    >>> from itilkit.events import Assigned
    >>> Evidence.from_data({"event": "assigned", "group": "network"}).shows(
    ...     Assigned(datetime(2026, 3, 2, tzinfo=UTC), group="network"))
    True

    In code a question is asked of a field of the event, which `event_schema` has:

    >>> from itilkit.conditions import Eq
    >>> print(Evidence(StepDone, Eq(event_schema("step_done").field("step"), "isolate")))
    step_done (step is isolate)
    """

    event: str = attrs.field(converter=_event)
    when: Condition = attrs.field(factory=Always)

    def __attrs_post_init__(self) -> None:
        given: object = self.when
        if not hasattr(given, "judge"):
            raise PolicyError.one("not_a_condition", f"expected a condition, got {shown(given)}", path="when")
        schema = event_schema(self.event)
        asked = {predicate.field.name: predicate.field for predicate in predicates(self.when)}
        faults = [
            Fault(
                "unknown_field",
                f"{schema.name} has no field {name!r}",
                path=name,
                hint=near(name, schema.fields),
            )
            for name, field in asked.items()
            if schema.fields.get(name) != field.type
        ]
        if faults:
            raise PolicyError(faults)

    def __str__(self) -> str:
        return self.event if isinstance(self.when, Always) else f"{self.event} ({self.when})"

    @classmethod
    def from_data(cls, data: object, *, path: str = "") -> Evidence:
        """The evidence that a table describes: ``event``, and what its fields must be.

        Raises:
            PolicyError: with every fault, each with its path.

        >>> print(Evidence.from_data({"event": "Escalated", "kind": "functional", "to": ["dba", "network"]}))
        escalated (kind is functional and to is one of dba, network)
        """
        if not isinstance(data, Mapping):
            message, hint = f"expected a table, got {shown(data)}", 'write { event = "step_done" }'
            raise PolicyError.one("not_a_table", message, path=path, hint=hint)
        table = dict(cast("Mapping[object, object]", data))
        if "event" not in table:
            where = f"{path}.event" if path else "event"
            raise PolicyError.one(
                "missing_key", "event is missing", path=where, hint='write event = "step_done"'
            )
        try:
            event = _event(cast("str", table.pop("event")))
        except PolicyError as error:
            where = f"{path}.event" if path else "event"
            raise PolicyError(attrs.evolve(fault, path=where) for fault in error.faults) from None
        if not table:
            return cls(event)
        return cls(event, condition_from(table, event_schema(event), path=path))

    def to_data(self) -> dict[str, Any]:
        """The shortest table that `from_data` reads as this evidence."""
        questions = {} if isinstance(self.when, Always) else condition_data(self.when)
        return {"event": self.event, **questions}

    @property
    def names_step(self) -> bool:
        """It says which step was done."""
        return "step" in free_fields(self.when)

    def shows(self, event: Event, *, step: str | None = None) -> bool:
        """Whether the event is evidence.

        Args:
            event: What happened.
            step: The step asked about: a `StepDone` of which the evidence does not say the step is one of this step.
        """
        if event.__class__ is not EVENTS[self.event]:
            return False
        if isinstance(event, StepDone) and step is not None and not self.names_step and event.step != step:
            return False
        if isinstance(self.when, Always):
            return True
        names = {name.partition(".")[0] for name in free_fields(self.when)}
        return holds(self.when, situation({name: getattr(event, name) for name in names}))
