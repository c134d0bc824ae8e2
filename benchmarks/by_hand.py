"""What one would write by hand instead of the library: the plain forms that the benchmarks hold it against."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

import attrs

from itilkit.events import Assigned, Closed, Event, Held, Logged, Reopened, Resolved, Resumed, Started
from itilkit.records import Incident

__all__ = ["life_by_evolve", "life_of_the_same_record", "rows_by_hand"]

STEPS = {
    ("new", "assign"): "assigned",
    ("assigned", "start"): "in_progress",
    ("in_progress", "hold"): "on_hold",
    ("on_hold", "resume"): "in_progress",
    ("in_progress", "resolve"): "resolved",
    ("resolved", "reopen"): "in_progress",
    ("resolved", "close"): "closed",
    ("new", "cancel"): "cancelled",
}
LIFE: dict[str, type[Event]] = {
    "assign": Assigned,
    "start": Started,
    "hold": Held,
    "resume": Resumed,
    "resolve": Resolved,
    "reopen": Reopened,
    "close": Closed,
}
TRIGGERS = ("assign", "start", "hold", "resume", "resolve", "reopen", "resolve", "close")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@attrs.frozen
class Entry:
    """A step taken; nothing in it is checked."""

    event: str
    source: str
    target: str
    at: float


@attrs.frozen
class Record:
    """A record of nine plain fields; nothing in it is checked."""

    number: str
    title: str = "t"
    state: str = "new"
    priority: int = 3
    opened: float = 0.0
    resolved: float | None = None
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    history: tuple[Entry, ...] = ()


def life_by_evolve() -> Record:
    """Eight steps of a record that knows no more than its state, looked up in a dict, with `attrs.evolve`."""
    record = Record("INC1")
    for trigger in TRIGGERS:
        target = STEPS[record.state, trigger]
        entry = Entry(trigger, record.state, target, 1.0)
        record = attrs.evolve(record, state=target, history=(*record.history, entry))
    return record


def life_of_the_same_record() -> Incident:
    """Eight steps of the library's own record and events, looked up in a dict, with `attrs.evolve`."""
    incident, state = Incident("INC1", [Logged(AT)]), "new"
    for trigger in TRIGGERS:
        state = STEPS[state, trigger]
        incident = attrs.evolve(incident, events=(*incident.events, LIFE[trigger](AT)))
    return incident


FLAGS = {"active", "made_sla", "knowledge", "u_priority_confirmation"}
COUNTS = {"reassignment_count", "reopen_count", "sys_mod_count", "impact", "urgency", "priority"}
STAMPS = {"opened_at", "sys_created_at", "sys_updated_at", "resolved_at", "closed_at"}


def _stamp(text: str) -> datetime | None:
    if text == "?":
        return None
    day, _, clock = text.partition(" ")
    date, month, year = day.split("/")
    return datetime(int(year), int(month), int(date), int(clock[:-3]), int(clock[-2:]), tzinfo=UTC)


def _reader(column: str) -> Callable[[str], object]:
    if column in FLAGS:
        return lambda text: text == "true"
    if column in COUNTS:
        return lambda text: int(text.split(" ", 1)[0])
    return _stamp if column in STAMPS else lambda text: None if text == "?" else text


def rows_by_hand(text: str) -> list[object]:
    """Each row of an event log as a frozen value of its typed cells: no history, nothing compared or counted."""
    reader = csv.reader(StringIO(text))
    header = next(reader)
    readers = [_reader(column) for column in header]
    row = attrs.make_class("Row", [f"_{name}" for name in header], frozen=True, slots=True)
    return [row(*[read(cell) for read, cell in zip(readers, cells, strict=True)]) for cells in reader]
