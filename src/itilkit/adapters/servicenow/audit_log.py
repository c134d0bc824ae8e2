"""The audit log as incidents: each row becomes the events that it shows.

Rules of this file:

* The order of the file is the order of truth. Rows of one incident need not stand together.
* `opened_at` is when the incident was logged; the first row, later as a rule, is the first fact about it. Where
  that row shows another state than the first of the lifecycle, the record entered the log in mid-life: its
  `Logged` is marked as inferred.
* A row becomes one event per thing that changed: `Classified`, `PrioritySet`, `Assigned`, `Linked`, and at most
  one event of state. A row that shows no change becomes `Noted`.
* A state that is a bare number is a raw code without a label; the record is believed and the status stays as it
  was. Any other unknown state is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from math import inf
from operator import itemgetter
from typing import Literal, TypeAlias, cast

import attrs

from itilkit.adapters.servicenow.quirks import Quirks
from itilkit.adapters.servicenow.rows import Cell, Table, place_of, read
from itilkit.adapters.servicenow.table import CHANNELS, FIELDS, FILLED_IN_AFTERWARDS, LACKS
from itilkit.errors import Fault, PayloadError, near
from itilkit.events import (
    Acknowledged,
    Assigned,
    Cancelled,
    Classified,
    Closed,
    Event,
    Fields,
    Held,
    Linked,
    LinkKind,
    Logged,
    Noted,
    Person,
    PrioritySet,
    Reopened,
    Resolved,
    Resumed,
    Scalar,
    Started,
)
from itilkit.lifecycle import SERVICENOW, Lifecycle
from itilkit.records import Incident, Source
from itilkit.spans import zone_named
from itilkit.vocabulary import Channel, Status, fold

__all__ = ["AuditLog", "StandIn", "audit_log"]

StandIn = Literal["first_assignee", "first_move"]
STAND_INS: Mapping[StandIn, str] = {
    "first_assignee": "the first assignee stands in for acknowledgement",
    "first_move": "the first state other than new stands in for acknowledgement",
}
_RAW_CODE = re.compile(r"-?\d+")
_LINKS: Mapping[str, LinkKind] = {"problem_id": "problem", "rfc": "change", "caused_by": "caused_by_change"}


@attrs.frozen(repr=False)
class AuditLog:
    """What an audit log holds.

    Attributes:
        incidents: In the order in which the file first names them.
        rows: Rows read; each one is in the history of an incident.
        counts: How often each known quirk of such logs occurs, by its name; zeros included.
        faults: What a reader should know before trusting the log: warnings only, errors are raised.
        source: What the log is and which facts it lacks.
        zone: The zone in which its stamps were read.
    """

    incidents: tuple[Incident, ...]
    rows: int
    counts: Mapping[str, int]
    faults: tuple[Fault, ...]
    source: Source
    zone: str

    def __repr__(self) -> str:
        return f"<AuditLog: {self.rows:,} rows, {len(self.incidents):,} incidents, zone {self.zone}>"


def audit_log(
    lines: str | Iterable[str],
    *,
    zone: str,
    acknowledged: StandIn | None = None,
    lifecycle: Lifecycle = SERVICENOW,
    progress: Callable[[int], None] | None = None,
) -> AuditLog:
    """The incidents of a ServiceNow audit log in CSV, one row per audited update.

    Args:
        lines: The text, or its lines one by one.
        zone: The IANA zone of its stamps. There is no default: the file does not say.
        acknowledged: An audit log records no acknowledgement. Named, a stand-in marks one as inferred: the first
            assignee, or the first state other than new.
        lifecycle: Which states there are.
        progress: Called now and then with the number of rows read so far.

    Returns:
        The incidents, with counts of the log's quirks. Columns filled in afterwards (`resolved_at`, `closed_at`,
        ...) are in `Incident.reported`, not in the history.

    Raises:
        PayloadError: with all faults: no rows, a missing column, a ragged row, a cell that cannot be read, a
            state that is neither known nor a bare number.
        InstantError: the zone is unknown.

    >>> log = audit_log('''number,incident_state,opened_at,sys_updated_at
    ... INC1,New,2/3/2026 09:00,2/3/2026 09:05
    ... INC1,Resolved,2/3/2026 09:00,2/3/2026 10:00
    ... ''', zone="Europe/London")
    >>> log
    <AuditLog: 2 rows, 1 incidents, zone Europe/London>
    >>> [type(event).__name__ for event in log.incidents[0].events]
    ['Logged', 'Noted', 'Resolved']
    """
    table, rows = read(_lines(lines) if isinstance(lines, str) else lines, zone_named(zone))
    source = _source(acknowledged)
    desk = _Desk(table, lifecycle, source, acknowledged)
    count = 0
    for row, line, cells in rows:
        desk.take(row, line, cells)
        count += 1
        if progress is not None and count % 1_000 == 0:
            progress(count)
    faults = sorted([*table.faults, *desk.faults.values()], key=_line)
    if faults:
        raise PayloadError(faults)
    if not count:
        raise PayloadError.one(
            "no_rows", "the log has a header and no rows", line=1, hint="export its updates, one row each"
        )
    incidents = tuple(case.incident() for case in desk.cases.values())
    counts = {"rows": count, "incidents": len(incidents), **desk.quirks.counts()}
    return AuditLog(incidents, count, counts, tuple(_warnings(table, counts)), source, zone)


def _lines(text: str) -> Iterator[str]:
    """The lines with their ends, which a quoted cell keeps; only a line feed ends a line, as in a file."""
    return (match[0] for match in re.finditer(r"[^\n]*\n|[^\n]+", text))


def _line(fault: Fault) -> float:
    return inf if fault.line is None else fault.line


def _source(acknowledged: StandIn | None) -> Source:
    if acknowledged is None:
        return Source("ServiceNow audit log", lacks=LACKS)
    if acknowledged not in STAND_INS:
        raise PayloadError.one(
            "unknown_stand_in",
            f"no stand-in is called {acknowledged!r}",
            path="acknowledged",
            hint=near(acknowledged, STAND_INS),
        )
    return Source(
        "ServiceNow audit log",
        lacks=LACKS - {"acknowledged"},
        stand_ins=Fields({"acknowledged": STAND_INS[acknowledged]}),
    )


def _warnings(table: Table, counts: Mapping[str, int]) -> Iterator[Fault]:
    for name in table.unread:
        yield Fault(
            "unread_column", f"column {name!r} is not read", path="header", line=1, severity="warning"
        )
    if table.absent:
        names = ", ".join(sorted(table.absent))
        message = f"there is no column {names}; what they hold is not recorded"
        yield Fault("absent_columns", message, path="header", line=1, severity="warning")
    told = {
        "stamps_in_gap": "stamps fall into an hour that the clocks of this zone skipped: is it the right zone?",
        "stamps_in_fold": "stamps fall into an hour that the clocks of this zone showed twice; the first is taken",
        "raw_state_rows": "rows carry a state code without a label; the status stays as it was",
    }
    for name, message in told.items():
        if counts[name]:
            yield Fault(name, f"{counts[name]:,} {message}", severity="warning")


class _Desk:
    """All cases of the log, and where its columns stand."""

    def __init__(
        self, table: Table, lifecycle: Lifecycle, source: Source, acknowledged: StandIn | None
    ) -> None:
        self.lifecycle = lifecycle
        self.source = source
        self.acknowledged: StandIn | None = acknowledged
        self.place = {column: table.place(column) for column in (*FIELDS, *_PLACES)}
        self.quirks = Quirks(table)
        self.cases: dict[str, _Case] = {}
        self.people: dict[str, Person] = {}
        self.faults: dict[str, Fault] = {}
        self.fields = [(name, self.place[column]) for column, name in FIELDS.items()]
        # One comparison of these tells whether a row changed anything at all but the state.
        self.classified = itemgetter(
            self.place["impact"], self.place["urgency"], *(p for _, p in self.fields)
        )

    def take(self, row: int, line: int, cells: list[Cell]) -> None:
        number = cast("str", cells[self.place["number"]])
        case = self.cases.get(number)
        if case is None:
            case = self.cases[number] = _Case(number, self)
        self.quirks.row(case.cells, cells)
        case.take(row, line, cells)

    def person(self, name: Cell) -> Person | None:
        """One Person per id, so that a hundred thousand events share a thousand people."""
        if name is None:
            return None
        key = str(name)
        known = self.people.get(key)
        if known is None:
            known = self.people[key] = Person(key)
        return known

    def status(self, state: str, row: int, line: int) -> Status | None:
        """The status of a state; None for a raw code. Anything else is a fault, told once per state."""
        known = self.lifecycle.state(state)
        if known is not None:
            return known.status
        if not _RAW_CODE.fullmatch(state) and state not in self.faults:
            names = [state.name for state in self.lifecycle.states]
            self.faults[state] = Fault(
                "unknown_state",
                f"{state!r} is no state of {self.lifecycle.name}",
                path=place_of(row, "incident_state"),
                line=line,
                hint=near(state, names),
            )
        return None


_PLACES = (
    "number", "incident_state", "opened_at", "sys_updated_at", "sys_updated_by", "opened_by", "impact", "urgency",
    "priority", "assignment_group", "assigned_to", "made_sla", *FILLED_IN_AFTERWARDS,
)  # fmt: skip


class _Case:
    """One incident as it grows, row by row."""

    __slots__ = (
        "assignment",
        "cells",
        "classified",
        "desk",
        "events",
        "number",
        "priority",
        "state",
        "status",
    )

    def __init__(self, number: str, desk: _Desk) -> None:
        self.number = number
        self.desk = desk
        self.events: list[Event] = []
        self.cells: list[Cell] = []
        self.state = ""
        self.status = desk.lifecycle.initial.status
        self.priority: Cell = None
        self.assignment: tuple[Cell, Cell] = (None, None)
        self.classified: tuple[Cell, ...] = (None,) * (2 + len(desk.fields))

    def take(self, row: int, line: int, cells: list[Cell]) -> None:
        desk, place, events = self.desk, self.desk.place, self.events
        if not events:
            self._open(cells)
        at = cast("datetime", cells[place["sys_updated_at"]])
        by = desk.person(cells[place["sys_updated_by"]])
        before = len(events)
        classified = desk.classified(cells)
        if classified != self.classified:
            events.append(self._classified(at, by, classified))
            events.extend(self._links(at, by, cells))
            self.classified = classified
        priority = cells[place["priority"]]
        if priority != self.priority and priority is not None:
            events.append(PrioritySet(at, by, priority=cast("int", priority)))
            self.priority = priority
        assignment = (cells[place["assignment_group"]], cells[place["assigned_to"]])
        if assignment != self.assignment:
            events.append(self._assigned(at, by, assignment))
            self.assignment = assignment
        state = cast("str", cells[place["incident_state"]])
        if state != self.state:
            self._move(state, desk.status(state, row, line), at, by)
        if len(events) == before:
            events.append(Noted(at, by))
        self.cells = cells

    def _open(self, cells: list[Cell]) -> None:
        desk, place = self.desk, self.desk.place
        state = cast("str", cells[place["incident_state"]])
        contact = fold(str(cells[place["contact_type"]] or ""))
        self.events.append(
            Logged(
                cast("datetime", cells[place["opened_at"]]),
                desk.person(cells[place["opened_by"]]),
                reporter=desk.person(cells[place["caller_id"]]),
                channel=CHANNELS.get(contact, Channel.OTHER) if contact else None,
                inferred=desk.lifecycle.status(state) is not desk.lifecycle.initial.status,
            )
        )
        self.state = desk.lifecycle.initial.name

    def _classified(self, at: datetime, by: Person | None, classified: tuple[Cell, ...]) -> Classified:
        """The values that changed; a cell emptied again becomes a field that is None."""
        changed: dict[str, Scalar] = {
            name: value
            for (name, _), value, before in zip(
                self.desk.fields, classified[2:], self.classified[2:], strict=True
            )
            if value != before
        }
        impact, urgency = cast("tuple[int | None, int | None]", classified[:2])
        return Classified(
            at,
            by,
            impact=impact if impact != self.classified[0] else None,
            urgency=urgency if urgency != self.classified[1] else None,
            fields=Fields(changed),
        )

    def _links(self, at: datetime, by: Person | None, cells: list[Cell]) -> Iterator[Linked]:
        for column, kind in _LINKS.items():
            to = cells[self.desk.place[column]]
            if to is not None and (not self.cells or to != self.cells[self.desk.place[column]]):
                yield Linked(at, by, kind=kind, to=str(to))

    def _assigned(self, at: datetime, by: Person | None, assignment: tuple[Cell, Cell]) -> Assigned:
        group, assignee = assignment
        return Assigned(
            at, by, group=None if group is None else str(group), assignee=self.desk.person(assignee)
        )

    def _move(self, state: str, status: Status | None, at: datetime, by: Person | None) -> None:
        kind = _event_of_state(self.status, status)
        self.events.append(kind(at, by, state=state))
        self.state = state
        self.status = status or self.status

    def incident(self) -> Incident:
        """The finished record."""
        desk, cells = self.desk, self.cells
        desk.quirks.incident(cells, self.events)
        self._credit_resolver()
        if desk.acknowledged is not None:
            self._stand_in(desk.acknowledged)
        reported: dict[str, Scalar] = {
            name: cells[desk.place[name]]
            for name in (*FILLED_IN_AFTERWARDS, "made_sla")
            if cells[desk.place[name]] is not None
        }
        return Incident(self.number, self.events, source=desk.source, reported=reported)

    def _credit_resolver(self) -> None:
        """`resolved_by` was filled in afterwards, by the last resolution: it is a fact of that event."""
        resolver = self.desk.person(self.cells[self.desk.place["resolved_by"]])
        if resolver is None:
            return
        for index in range(len(self.events) - 1, -1, -1):
            event = self.events[index]
            if isinstance(event, Resolved):
                self.events[index] = attrs.evolve(event, resolver=resolver)
                return

    def _stand_in(self, name: StandIn) -> None:
        for index, event in enumerate(self.events):
            if name == "first_assignee":
                found = isinstance(event, Assigned) and event.assignee is not None
            else:
                found = isinstance(event, Started | Held | Resolved | Closed | Cancelled)
            if found:
                self.events.insert(index, Acknowledged(event.at, event.by, inferred=True))
                return


# The events that a change of the state column can stand for, all made alike.
_Moving: TypeAlias = type[Started | Held | Resumed | Resolved | Reopened | Closed | Cancelled | Noted]
_ENTERING: Mapping[Status, _Moving] = {
    Status.IN_PROGRESS: Started,
    Status.ASSIGNED: Started,
    Status.ON_HOLD: Held,
    Status.RESOLVED: Resolved,
    Status.CLOSED: Closed,
    Status.CANCELLED: Cancelled,
}


def _event_of_state(before: Status, after: Status | None) -> _Moving:
    """Which event a change of the state column stands for."""
    if after is None:
        return Noted
    if after.is_open and not before.is_open:
        return Reopened
    if after is Status.NEW:
        return Noted
    if after is Status.IN_PROGRESS and before is Status.ON_HOLD:
        return Resumed
    return _ENTERING[after]
