"""What the parts of a policy must be to each other, and how they are brought into one form.

Two policies that say the same are equal, whether they were built in code or read from a file: conditions are read
once more with the policy's own fields and scales, and every calendar that is used has a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, cast

import attrs

from itilkit.calendars import Calendar
from itilkit.calendars.algebra import AllOf, AnyOf, Changing, Except
from itilkit.conditions import INCIDENT, Always, Condition, FieldType, Level, Schema, from_data, to_data
from itilkit.errors import Fault, FaultError, PolicyError, of_another_kind
from itilkit.escalation import Cadence, Ladder
from itilkit.escalation import from_data as ladder_from_data
from itilkit.escalation import to_data as ladder_data
from itilkit.incident_models import IncidentModel, Route, list_from_data, routes_from_data, routes_to_data
from itilkit.incident_models import to_data as model_data
from itilkit.incident_models.data import cadence_data
from itilkit.major_incidents import MajorRule, rules_from_data, rules_to_data
from itilkit.policy.agreement import Agreement
from itilkit.policy.cadences import cadences_from_data
from itilkit.priority import Matrix, PriorityRule
from itilkit.sla import RULES
from itilkit.vocabulary import Scale

__all__ = ["BUILT_IN", "named_calendars", "read_again", "schema_of"]

BUILT_IN = "round_the_clock"

T = TypeVar("T")


def schema_of(fields: Mapping[str, object], matrix: Matrix) -> Schema:
    """The fields that conditions of a policy may ask about: the standard ones, with its scales, and its own.

    Raises:
        PolicyError: with every fault of the house's fields; paths begin with ``fields``.
    """
    try:
        own = INCIDENT.having(fields).fields
    except PolicyError as error:
        raise PolicyError(
            attrs.evolve(fault, path=f"fields.{fault.path}") for fault in error.faults
        ) from None
    named: dict[str, FieldType] = {name: _named(name, own[name]) for name in fields}
    scales = {"impact": matrix.impact, "urgency": matrix.urgency, "priority": matrix.priority}
    levels = {name: Level(Scale(name, scale.labels)) for name, scale in scales.items() if name not in fields}
    return INCIDENT.having({**levels, **named})


def _named(name: str, kind: FieldType) -> FieldType:
    """The type with the scale called as the field is."""
    if isinstance(kind, Level) and kind.scale is not None:
        return attrs.evolve(kind, scale=Scale(name, kind.scale.labels))
    return kind


def read_again(
    agreements: Sequence[Agreement],
    rules: Sequence[PriorityRule],
    schema: Schema,
    *,
    cadences: Sequence[Cadence] = (),
    models: Sequence[IncidentModel] = (),
    routes: Sequence[Route] = (),
    major_rules: Sequence[MajorRule] = (),
) -> Mapping[str, tuple[Any, ...]]:
    """The lists of a policy, by attribute, with their conditions read by the policy's own fields.

    Raises:
        PolicyError: a condition asks about a field that the policy does not know, or for a value that it does not
            have; a list names a priority that the policy does not have.
    """
    faults: list[Fault] = []
    lists: dict[str, tuple[Any, ...]] = {}
    for name, path, given, kind, write, again in (
        ("cadences", "cadences", cadences, Cadence, cadence_data, cadences_from_data),
        ("incident_models", "incident_models", models, IncidentModel, model_data, list_from_data),
        ("routes", "routing", routes, Route, _route_data, routes_from_data),
        ("major_rules", "major_rules", major_rules, MajorRule, _major_rule_data, rules_from_data),
    ):
        odd = list(of_another_kind(path, given, kind))
        faults += odd
        tables = () if odd else [cast("Any", write)(each) for each in given]
        lists[name] = _tried(partial(cast("Any", again), tables, schema=schema), faults)
    whens = [(f"agreements[{index}].when", each.when) for index, each in enumerate(agreements)]
    whens += [(f"priority.rules[{index}].when", each.when) for index, each in enumerate(rules)]
    read = [_read(path, when, schema, faults) for path, when in whens]
    ladders = [
        _ladder(f"agreements[{index}].escalate", each, schema, faults)
        for index, each in enumerate(agreements)
    ]
    for index, agreement in enumerate(agreements):
        if agreement.calendar_from and agreement.calendar_from not in schema.fields:
            faults += _unknown(f"agreements[{index}].calendar.from", agreement.calendar_from, schema)
    if faults:
        raise PolicyError(faults)
    found = (
        each
        if (each.when, each.escalate) == (when, ladder)
        else attrs.evolve(each, when=when, escalate=ladder)
        for each, when, ladder in zip(agreements, read, ladders, strict=False)
    )
    others = (
        each if each.when == when else attrs.evolve(each, when=when)
        for each, when in zip(rules, read[len(agreements) :], strict=True)
    )
    return {"agreements": tuple(found), "priority_rules": tuple(others), **lists}


def _route_data(route: Route) -> Mapping[str, Any]:
    (table,) = routes_to_data([route])
    return table


def _major_rule_data(rule: MajorRule) -> Mapping[str, Any]:
    (table,) = rules_to_data([rule])
    return table


def _tried(read: Callable[[], tuple[T, ...]], faults: list[Fault]) -> tuple[T, ...]:
    try:
        return read()
    except FaultError as error:
        faults += error.faults
        return ()


def _read(path: str, when: Condition, schema: Schema, faults: list[Fault]) -> Condition:
    try:
        return from_data(to_data(when), schema, path=path)
    except FaultError as error:
        faults += error.faults
        return when


def _ladder(path: str, agreement: Agreement, schema: Schema, faults: list[Fault]) -> Ladder | None:
    ladder = agreement.escalate
    if ladder is None or all(rung.when == Always() for rung in ladder.rungs):
        return ladder
    names = tuple(dict.fromkeys([*RULES, *agreement.rules]))
    try:
        return ladder_from_data(ladder_data(ladder), ladder.name, schema=schema, targets=names, path=path)
    except FaultError as error:
        faults += error.faults
        return ladder


def _unknown(path: str, name: str, schema: Schema) -> Iterator[Fault]:
    try:
        schema.field(name)
    except PolicyError as error:
        yield from (attrs.evolve(fault, path=path) for fault in error.faults)


def named_calendars(
    given: Mapping[str, Calendar], used: Iterable[Calendar], zone: str
) -> Mapping[str, Calendar]:
    """The calendars by name: the one that never closes, those given, and those that are used under no name yet.

    A calendar is also used where another one is made of it and it has a name by which the other one can say so.
    """
    found = {BUILT_IN: Calendar.round_the_clock(zone), **given}
    direct = [*given.values(), *used]
    for calendar in direct:
        if calendar not in found.values():
            found[_free(calendar.name or "calendar", found)] = calendar
    for part in (part for each in direct for part in _parts(each) if part.name):
        found.setdefault(part.name, part)
    return found


def _parts(calendar: Calendar) -> Iterator[Calendar]:
    """The calendars that one is made of, and those that these are made of."""
    rules = calendar.rules
    if isinstance(rules, AnyOf | AllOf):
        inner = rules.parts
    elif isinstance(rules, Except):
        inner = (rules.base, *rules.without)
    else:
        inner = tuple(part for _, part in rules.parts) if isinstance(rules, Changing) else ()
    for part in inner:
        yield part
        yield from _parts(part)


def _free(name: str, taken: Mapping[str, Calendar]) -> str:
    """The name, or with the first number that nobody has."""
    number = 2
    wanted = name
    while wanted in taken:
        wanted, number = f"{name}_{number}", number + 1
    return wanted
