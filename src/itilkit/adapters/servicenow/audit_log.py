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
from itertools import compress
from math import inf
from operator import itemgetter, ne
from typing import Any, Literal, TypeAlias

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
_LINKS: tuple[tuple[str, LinkKind], ...] = (
    ("problem", "problem"), ("change", "change"), ("caused_by_change", "caused_by_change"),
)  # fmt: skip


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
    return map(itemgetter(0), re.finditer(r"[^\n]*\n|[^\n]+", text))


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


class _People(dict[str | None, Person | None]):
    """One Person per id, so that a hundred thousand events share a thousand people."""

    def __missing__(self, name: str | None) -> Person | None:
        self[name] = None if name is None else Person(name)
        return self[name]


class _Channels(dict[str | None, Channel | None]):
    """What each way of contact is called here."""

    def __missing__(self, contact: str | None) -> Channel | None:
        word = fold(contact or "")
        self[contact] = CHANNELS.get(word, Channel.OTHER) if word else None
        return self[contact]


class _Desk:
    """All cases of the log, and where its columns stand."""

    def __init__(
        self, table: Table, lifecycle: Lifecycle, source: Source, acknowledged: StandIn | None
    ) -> None:
        self.lifecycle = lifecycle
        self.source = source
        self.acknowledged: StandIn | None = acknowledged
        self.place = {column: table.place(column) for column in (*FIELDS, *_PLACES)}
        self.number = self.place["number"]
        self.quirks = Quirks(table)
        self.cases: dict[str, _Case] = {}
        self.people = _People()
        self.faults: dict[str, Fault] = {}
        self.steps: dict[tuple[str, str], tuple[_Moving, str]] = {}
        self.reported = itemgetter(*(self.place[column] for column in _REPORTED))
        self.opening = itemgetter(*(self.place[column] for column in _OPENING))
        self.channels = _Channels()
        # What every row is asked: each in one call, because there are many rows.
        self.asked = itemgetter(*(self.place[column] for column in _ASKED))
        # One comparison of these tells whether a row changed anything at all but the state.
        self.classified = itemgetter(*(self.place[column] for column in ("impact", "urgency", *FIELDS)))
        self.names = ("impact", "urgency", *FIELDS.values())

    def take(self, row: int, line: int, cells: list[Any]) -> None:
        number = cells[self.number]
        case = self.cases.get(number)
        if case is None:
            case = self.cases[number] = _Case(number, self)
        self.quirks.row(case.cells, cells)
        case.take(row, line, cells)

    def step(self, before: str, after: str, row: int, line: int) -> tuple[_Moving, str]:
        """The event that a change of state stands for, and the last state then whose status is known."""
        was, is_ = self.lifecycle.status(before), self.status(after, row, line)
        if was is None or is_ is None:
            return Noted, before
        return _event_of_state(was, is_), after

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


_OPENING = ("opened_at", "opened_by", "caller_id", "contact_type", "incident_state")
_REPORTED = (*FILLED_IN_AFTERWARDS, "made_sla")
_ASKED = ("sys_updated_at", "sys_updated_by", "priority", "assignment_group", "assigned_to", "incident_state")
_PLACES = (
    "number", "incident_state", "opened_at", "sys_updated_at", "sys_updated_by", "opened_by", "impact", "urgency",
    "priority", "assignment_group", "assigned_to", "made_sla", *FILLED_IN_AFTERWARDS,
)  # fmt: skip


class _Case:
    """One incident as it grows, row by row."""

    __slots__ = (
        "assignee",
        "cells",
        "classified",
        "desk",
        "events",
        "group",
        "known_state",
        "number",
        "priority",
        "state",
    )

    def __init__(self, number: str, desk: _Desk) -> None:
        self.number = number
        self.desk = desk
        self.events: list[Event] = []
        self.cells: list[Any] = []
        self.state = ""
        self.known_state = desk.lifecycle.initial.name
        self.priority: Cell = None
        self.group: str | None = None
        self.assignee: str | None = None
        self.classified: tuple[Any, ...] = (None,) * len(desk.names)

    def take(self, row: int, line: int, cells: list[Any]) -> None:
        desk, events = self.desk, self.events
        if not events:
            self._open(cells)
        at, who, priority, group, assignee, state = desk.asked(cells)
        by = desk.people[who]
        before = len(events)
        classified = desk.classified(cells)
        if classified != self.classified:
            self._classify(at, by, classified)
        if priority != self.priority and priority is not None:
            events.append(PrioritySet(at, by, priority=priority))
            self.priority = priority
        if group != self.group or assignee != self.assignee:
            events.append(Assigned(at, by, group=group, assignee=desk.people[assignee]))
            self.group, self.assignee = group, assignee
        if state != self.state:
            self._move(state, row, line, at, by)
        if len(events) == before:
            events.append(Noted(at, by))
        self.cells = cells

    def _open(self, cells: list[Any]) -> None:
        desk = self.desk
        opened, by, reporter, contact, state = desk.opening(cells)
        self.events.append(
            Logged(
                opened,
                desk.people[by],
                reporter=desk.people[reporter],
                channel=desk.channels[contact],
                inferred=desk.lifecycle.status(state) is not desk.lifecycle.initial.status,
            )
        )
        self.state = desk.lifecycle.initial.name

    def _classify(self, at: datetime, by: Person | None, classified: tuple[Any, ...]) -> None:
        """Take over the values that changed; a cell emptied again becomes a field that is None."""
        names = self.desk.names
        changed = {
            names[place]: classified[place]
            for place in compress(range(len(names)), map(ne, classified, self.classified))
        }
        self.classified = classified
        impact, urgency = changed.pop("impact", None), changed.pop("urgency", None)
        self.events.append(Classified(at, by, impact=impact, urgency=urgency, fields=Fields(changed)))
        for name, kind in _LINKS:
            if changed.get(name) is not None:
                self.events.append(Linked(at, by, kind=kind, to=changed[name]))

    def _move(self, state: str, row: int, line: int, at: datetime, by: Person | None) -> None:
        """Take the step that a change of the state column stands for."""
        desk, way = self.desk, (self.known_state, state)
        step = desk.steps.get(way)
        if step is None:
            step = desk.steps[way] = desk.step(*way, row, line)
        kind, self.known_state = step
        self.events.append(kind(at, by, state=state))
        self.state = state

    def incident(self) -> Incident:
        """The finished record."""
        desk, cells = self.desk, self.cells
        desk.quirks.incident(cells, self.events)
        self._credit_resolver()
        if desk.acknowledged is not None:
            self._stand_in(desk.acknowledged)
        reported: dict[str, Scalar] = {
            name: cell for name, cell in zip(_REPORTED, desk.reported(cells), strict=True) if cell is not None
        }
        return Incident(self.number, self.events, source=desk.source, reported=reported)

    def _credit_resolver(self) -> None:
        """`resolved_by` was filled in afterwards, by the last resolution: it is a fact of that event."""
        resolver = self.desk.people[self.cells[self.desk.place["resolved_by"]]]
        if resolver is None:
            return
        for index in range(len(self.events) - 1, -1, -1):
            event = self.events[index]
            if isinstance(event, Resolved):
                self.events[index] = Resolved(event.at, event.by, state=event.state, resolver=resolver)
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


def _event_of_state(before: Status, after: Status) -> _Moving:
    """Which event a change of the state column stands for."""
    if after.is_open and not before.is_open:
        return Reopened
    if after is Status.NEW:
        return Noted
    if after is Status.IN_PROGRESS and before is Status.ON_HOLD:
        return Resumed
    return _ENTERING[after]
