"""The whole file: the order in which its parts are read and written, because later parts name earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, TypeVar, cast

import attrs

from itilkit.calendars import Calendar, calendars_from_data
from itilkit.conditions import FieldType
from itilkit.errors import Fault, PolicyError, shown
from itilkit.escalation import Cadence
from itilkit.incident_models import IncidentModel, Route, list_from_data, routes_from_data, routes_to_data
from itilkit.incident_models import to_data as model_data
from itilkit.incident_models.data import cadence_data
from itilkit.lifecycle import Lifecycle, Timer
from itilkit.major_incidents import MajorRule, rules_from_data, rules_to_data
from itilkit.policy.agreement import Agreement
from itilkit.policy.cadences import cadences_from_data
from itilkit.policy.file.agreements import agreement_data, read_agreements
from itilkit.policy.file.fields import fields_data, read_fields
from itilkit.policy.file.lifecycle import LifecyclePart, LifecycleTable, lifecycle_data, read_lifecycle
from itilkit.policy.file.priority import PriorityTable, priority_data, read_matrix, read_rules
from itilkit.policy.file.reading import Reading, example, under
from itilkit.policy.file.text import DEEPEST, nests_deeper, parsed, too_deep
from itilkit.policy.locate import line_of, lines
from itilkit.policy.strict import is_table, structured
from itilkit.policy.whole import BUILT_IN, schema_of
from itilkit.priority import ITIL_3X3, Matrix, PriorityRule, WhenFactsChange
from itilkit.spans import zone_named

__all__ = [
    "FORMAT",
    "FileTable",
    "PolicyFile",
    "file_data",
    "placed",
    "read",
    "read_calendar_names",
    "read_data",
]

FORMAT = 1

T = TypeVar("T")


@attrs.frozen
class FileTable:
    """The whole file; its parts are read one by one."""

    itilkit: int = attrs.field(metadata=example(f"itilkit = {FORMAT}"))
    name: str = attrs.field(metadata=example('name = "Service desk"'))
    priority: Any = attrs.field(metadata=example('[priority] and under it matrix = "ITIL 3x3"'))
    lifecycle: Any = attrs.field(metadata=example('[lifecycle] and under it like = "ITIL 4 default"'))
    zone: str | None = None
    valid_from: Any = None
    calendars: Any = None
    fields: Any = None
    agreements: Any = None
    cadences: Any = None
    incident_models: Any = None
    routing: Any = None
    major_rules: Any = None


@attrs.frozen(kw_only=True)
class PolicyFile:
    """What a file describes: the arguments of a policy."""

    name: str
    lifecycle: Lifecycle
    matrix: Matrix
    priority_rules: tuple[PriorityRule, ...] = ()
    when_facts_change: WhenFactsChange = "recompute"
    agreements: tuple[Agreement, ...] = ()
    calendars: Mapping[str, Calendar]
    calendar: Calendar | None = None
    timers: tuple[Timer, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    incident_models: tuple[IncidentModel, ...] = ()
    routes: tuple[Route, ...] = ()
    major_rules: tuple[MajorRule, ...] = ()
    fields: Mapping[str, FieldType]
    zone: str = "UTC"
    valid_from: date | None = None


def read(text: str, *, source: str, calendars: Mapping[str, Calendar]) -> PolicyFile:
    """What the text describes.

    Raises:
        PolicyError: every fault, each with its path and line, in the order of the text.
    """
    if isinstance(text, str):
        text = text.removeprefix("\ufeff")
    try:
        data = parsed(text)
    except PolicyError as error:
        raise PolicyError(attrs.evolve(fault, source=source) for fault in error.faults) from None
    try:
        return read_data(data, calendars)
    except PolicyError as error:
        raise placed(error, text, source) from None


def read_calendar_names(text: str) -> frozenset[str]:
    """The names of the calendars that a text describes, and of the one that is built in.

    Raises:
        PolicyError: the text is no TOML.
    """
    tables = parsed(text.removeprefix("\ufeff")).get("calendars", {})
    return frozenset({BUILT_IN, *(cast("Mapping[str, Any]", tables) if is_table(tables) else ())})


def placed(error: PolicyError, text: str, source: str) -> PolicyError:
    """The error with the line of each fault, in the order of the text."""
    known = lines(text.removeprefix("\ufeff"))
    found = [attrs.evolve(each, line=line_of(each.path, known), source=source) for each in error.faults]
    return PolicyError(sorted(found, key=_line))


def _line(fault: Fault) -> int:
    return fault.line or 0


def read_data(data: object, calendars: Mapping[str, Calendar]) -> PolicyFile:
    """What the tables of a file describe.

    Raises:
        PolicyError: every fault, each with its path.
    """
    if not is_table(data):
        message = f"expected the tables of a policy, got {shown(data)}"
        raise PolicyError.one("bad_value", message, hint="give a dict")
    if nests_deeper(data, DEEPEST):
        raise too_deep()
    reader = _Reader(cast("Mapping[str, Any]", data), calendars)
    file = reader.file()
    if file is None:
        raise PolicyError(reader.faults)
    return file


class _Reader:
    """The parts of a file, one after the other."""

    def __init__(self, data: Mapping[str, Any], calendars: Mapping[str, Calendar]) -> None:
        self.data = data
        self.given = calendars
        self.reading = Reading(data)

    @property
    def faults(self) -> list[Fault]:
        """What is wrong so far."""
        return self.reading.faults

    def file(self) -> PolicyFile | None:
        """What the tables describe; None, and faults, where they describe nothing whole."""
        reading = self.reading
        reading.faults += self.format()
        if reading.faults:  # what another format means by its keys is not known
            return None
        head = reading.tried("", partial(structured, self.data, FileTable))
        zone = self.zone()
        valid_from = self.date()
        reading.calendars = self.calendars(zone)
        fields = read_fields(reading)
        pressing = self.part("priority", PriorityTable)
        matrix = None if pressing is None else read_matrix(reading, pressing)
        reading.schema = reading.tried("", partial(schema_of, fields, matrix or ITIL_3X3)) or reading.schema
        rules = [] if pressing is None else read_rules(reading, pressing, matrix)
        flow = self.part("lifecycle", LifecycleTable)
        lifecycle: LifecyclePart | None = None if flow is None else read_lifecycle(reading, flow)
        agreements = read_agreements(reading, None if matrix is None else matrix.priority)
        cadences = self.listed("cadences", cadences_from_data)
        models = self.listed("incident_models", list_from_data)
        routes = self.listed("routing", routes_from_data)
        major_rules = self.listed("major_rules", rules_from_data)
        if reading.faults or head is None or matrix is None or lifecycle is None or pressing is None:
            return None
        return PolicyFile(
            name=head.name,
            lifecycle=lifecycle.lifecycle,
            matrix=matrix,
            priority_rules=tuple(rules),
            when_facts_change=pressing.when_facts_change,
            agreements=tuple(agreements),
            calendars=reading.calendars,
            calendar=lifecycle.calendar,
            timers=lifecycle.timers,
            cadences=cadences,
            incident_models=models,
            routes=routes,
            major_rules=major_rules,
            fields=fields,
            zone=zone or "UTC",
            valid_from=valid_from,
        )

    def part(self, path: str, shape: type[T]) -> T | None:
        """A table of the file in its shape; what is missing is told with the file's own keys."""
        return None if path not in self.data else self.reading.shaped(path, self.data[path], shape)

    def listed(self, key: str, read: Callable[..., tuple[T, ...]]) -> tuple[T, ...]:
        """A list of tables that another room reads, with the fields of this file; empty where it is not there."""
        build = partial(read, self.data.get(key, []), schema=self.reading.schema)
        return self.reading.tried("", build) or ()

    def format(self) -> Iterator[Fault]:
        """What is wrong with the number of the format."""
        version = self.data.get("itilkit")
        if type(version) is int and version > FORMAT:
            message = f"format {shown(version)} is newer than {FORMAT}"
            yield Fault("newer_format", message, path="itilkit", hint="a newer itilkit reads it")
        elif type(version) is int and version < FORMAT:
            message = f"there is no format {shown(version)}"
            yield Fault("unknown_format", message, path="itilkit", hint=f"write itilkit = {FORMAT}")

    def zone(self) -> str | None:
        """The zone of the file; UTC in place of a bad one, so that what follows can be read."""
        zone = self.data.get("zone")
        if zone is None:
            return None
        if isinstance(zone, str) and self.reading.tried("", partial(zone_named, zone)) is not None:
            return zone
        return "UTC"

    def date(self) -> date | None:
        """The first date on which the policy is in force."""
        value = self.data.get("valid_from")
        if value is None or type(value) is date:
            return value
        message, hint = f"expected a date, got {shown(value)}", "write 2026-04-01, without quotes"
        self.faults.append(Fault("bad_value", message, path="valid_from", hint=hint))
        return None

    def calendars(self, zone: str | None) -> dict[str, Calendar]:
        """The calendars by name: built in, given and those of the file."""
        calendars = {BUILT_IN: Calendar.round_the_clock(zone or "UTC"), **self.given}
        tables = self.data.get("calendars", {})
        if not is_table(tables):
            message = f"expected a table, got {shown(tables)}"
            self.faults.append(Fault("bad_value", message, path="calendars", hint="write [calendars.office]"))
            return calendars
        build = partial(calendars_from_data, tables, zone=zone, given=self.given)
        # What is wrong is told already: those that name a broken calendar are read on with a stand-in.
        found = self.reading.tried("calendars", build) or dict.fromkeys(tables, calendars[BUILT_IN])
        return {**calendars, **found}


def file_data(file: PolicyFile) -> dict[str, Any]:
    """The tables that describe a policy, in the order of the file.

    Raises:
        PolicyError: something that a file has no words for.
    """

    def called(calendar: Calendar) -> str:
        own = (name for name, known in file.calendars.items() if known == calendar)
        return calendar.name if file.calendars.get(calendar.name) == calendar else next(own)

    data: dict[str, Any] = {"itilkit": FORMAT, "name": file.name, "zone": file.zone}
    data |= {} if file.valid_from is None else {"valid_from": file.valid_from}
    tables = {
        name: _calendar_data(name, calendar, file.zone)
        for name, calendar in file.calendars.items()
        if name != BUILT_IN
    }
    data |= {"calendars": tables} if tables else {}
    data |= {"fields": fields_data(file.fields)} if file.fields else {}
    data["priority"] = priority_data(file.matrix, file.priority_rules, file.when_facts_change, file.name)
    calendar = None if file.calendar is None else called(file.calendar)
    data["lifecycle"] = lifecycle_data(file.lifecycle, file.timers, calendar)
    agreements = [agreement_data(agreement, called) for agreement in file.agreements]
    lists = {
        "agreements": agreements,
        "cadences": [cadence_data(each) for each in file.cadences],
        "incident_models": [model_data(each) for each in file.incident_models],
        "routing": routes_to_data(file.routes),
        "major_rules": rules_to_data(file.major_rules),
    }
    return {**data, **{key: rows for key, rows in lists.items() if rows}}


def _calendar_data(name: str, calendar: Calendar, zone: str) -> dict[str, Any]:
    try:
        data = calendar.to_data()
    except ValueError as error:
        faults = getattr(error, "faults", ())
        raise PolicyError(
            attrs.evolve(fault, path=under(f"calendars.{name}", fault.path)) for fault in faults
        ) from None
    if data.get("zone") == zone:
        del data["zone"]
    return data
