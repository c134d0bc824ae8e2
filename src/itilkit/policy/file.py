"""The policy file: TOML that a service-level manager can review.

Read in three passes, each telling all it finds: the shape of the tables (`strict`), the values in them (here), and
what the values mean together (the classes they become). Every fault carries its path and line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import Fault, FaultError, PolicyError, near
from itilkit.lifecycle import SHIPPED, Lifecycle
from itilkit.policy.agreement import Agreement, Kind, Promise, Target
from itilkit.policy.locate import depth, line_of, lines
from itilkit.policy.strict import structured
from itilkit.policy.words import priority_level, promise, threshold
from itilkit.priority import Matrix, PriorityMatrix, matrix_named
from itilkit.sla import WhenPriorityChanges, WhenReopened
from itilkit.vocabulary import HIGH_MEDIUM_LOW, P1_TO_P5, HoldReason, Scale, Status, fold

__all__ = ["PolicyFile", "read"]

FORMAT = 1
LARGEST = 1 << 20
DEEPEST = 32
BUILT_IN = "round_the_clock"
_SYNTAX = re.compile(r"(.*) \(at line (\d+), column (\d+)\)")

T = TypeVar("T")


@attrs.frozen
class PriorityTable:
    """``[priority]``: a matrix by name, or its rows with the labels of its levels."""

    matrix: str | None = None
    rows: list[list[int]] | None = None
    impact_labels: list[str] | None = None
    urgency_labels: list[str] | None = None
    labels: list[str] | None = None


@attrs.frozen
class LifecycleTable:
    """``[lifecycle]``: a shipped lifecycle by name."""

    like: str


@attrs.frozen
class TargetRow:
    """A line of ``targets``: one priority or several, and a target by clock."""

    priority: Any
    acknowledge: str | None = None
    response: str | None = None
    next_response: str | None = None
    periodic_update: str | None = None
    resolution: str | None = None
    closure: str | None = None
    calendar: str | None = None


@attrs.frozen
class AgreementTable:
    """``[[agreements]]``."""

    name: str
    calendar: str
    targets: list[TargetRow]
    kind: Kind = "SLA"
    pause_while: list[Status] = attrs.field(factory=lambda: [Status.ON_HOLD])
    but_not_while: list[HoldReason] = attrs.field(factory=list)
    pausing: list[str] | None = None
    when_reopened: WhenReopened = "continue"
    when_priority_changes: WhenPriorityChanges = "recalculate from start"
    warn: list[str] = attrs.field(factory=list)


@attrs.frozen
class FileTable:
    """The whole file."""

    itilkit: int
    name: str
    priority: PriorityTable
    lifecycle: LifecycleTable
    zone: str | None = None
    calendars: dict[str, dict[str, Any]] = attrs.field(factory=dict)
    agreements: list[AgreementTable] = attrs.field(factory=list)


@attrs.frozen
class PolicyFile:
    """What a file describes, built."""

    name: str
    lifecycle: Lifecycle
    matrix: Matrix
    agreements: tuple[Agreement, ...]
    calendars: Mapping[str, Calendar]


def read(text: str, *, source: str, calendars: Mapping[str, Calendar]) -> PolicyFile:
    """What the text describes.

    Raises:
        PolicyError: every fault of the first pass that finds one, each with its path and line.
    """
    try:
        data = _parsed(text)
        return _Builder(structured(data, FileTable), calendars).built()
    except PolicyError as error:
        known = lines(text) if all(fault.code not in _UNPARSED for fault in error.faults) else {}
        raise PolicyError(_placed(fault, known, source) for fault in error.faults) from None


_UNPARSED = ("too_large", "too_deep", "not_toml")


def _placed(fault: Fault, known: Mapping[str, int], source: str) -> Fault:
    line = fault.line if fault.line is not None else line_of(fault.path, known)
    return attrs.evolve(fault, line=line, source=source)


def _parsed(text: str) -> dict[str, Any]:
    if len(text.encode()) > LARGEST:
        raise PolicyError.one("too_large", "a policy of more than 1 MiB is not read", hint="split it")
    if depth(text) > DEEPEST:
        raise PolicyError.one("too_deep", f"brackets nest more than {DEEPEST} levels deep", hint="flatten it")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _SYNTAX.fullmatch(str(error))
        message, line = (match[1], int(match[2])) if match else (str(error), None)
        raise PolicyError.one("not_toml", f"is not TOML: {message}", line=line) from None
    version = data.get("itilkit")
    if type(version) is int and version > FORMAT:
        hint = "a newer itilkit reads it"
        raise PolicyError.one(
            "newer_format", f"format {version} is newer than {FORMAT}", path="itilkit", hint=hint
        )
    return data


class _Builder:
    """Values from tables; faults are collected, so that one bad value does not hide the next."""

    def __init__(self, file: FileTable, calendars: Mapping[str, Calendar]) -> None:
        self.file = file
        self.given = calendars
        self.faults: list[Fault] = []

    def built(self) -> PolicyFile:
        calendars = self._calendars()
        matrix = self._matrix(self.file.priority)
        lifecycle = self._tried("lifecycle.like", lambda: _lifecycle(self.file.lifecycle.like))
        agreements = [
            self._agreement(f"agreements[{index}]", table, calendars, matrix)
            for index, table in enumerate(self.file.agreements)
        ]
        if self.faults or matrix is None or lifecycle is None:
            raise PolicyError(self.faults)
        whole = tuple(agreement for agreement in agreements if agreement is not None)
        return PolicyFile(self.file.name, lifecycle, matrix, whole, calendars)

    def _tried(self, path: str, build: Callable[[], T]) -> T | None:
        """What `build` gives; its faults are kept under `path`."""
        try:
            return build()
        except FaultError as error:
            self.faults += [attrs.evolve(fault, path=_under(path, fault.path)) for fault in error.faults]
        except ValueError as error:
            self.faults.append(Fault("bad_value", str(error), path=path))
        return None

    def _calendars(self) -> dict[str, Calendar]:
        calendars = {BUILT_IN: Calendar.round_the_clock(self.file.zone or "UTC"), **self.given}
        for name, table in self.file.calendars.items():
            path = f"calendars.{name}"
            if name in calendars:
                self.faults.append(Fault("twin_calendar", f"calendar {name!r} is there already", path=path))
                continue
            build = partial(Calendar.from_data, table, zone=self.file.zone, name=name)
            calendar = self._tried(path, build)
            if calendar is not None:
                calendars[name] = calendar
        return calendars

    def _matrix(self, table: PriorityTable) -> Matrix | None:
        if (table.matrix is None) == (table.rows is None):
            message = "give either matrix or rows"
            self.faults.append(Fault("bad_value", message, path="priority", hint='matrix = "ITIL 3x3"'))
            return None
        if table.matrix is not None:
            name = table.matrix
            return self._tried("priority.matrix", lambda: matrix_named(name))
        return self._tried(
            "priority",
            lambda: PriorityMatrix(
                self.file.name,
                table.rows or [],
                impact=_scale("impact", table.impact_labels, HIGH_MEDIUM_LOW),
                urgency=_scale("urgency", table.urgency_labels, HIGH_MEDIUM_LOW),
                priority=_scale("priority", table.labels, P1_TO_P5),
            ),
        )

    def _agreement(
        self, path: str, table: AgreementTable, calendars: Mapping[str, Calendar], matrix: Matrix | None
    ) -> Agreement | None:
        before = len(self.faults)
        calendar = self._calendar(f"{path}.calendar", table.calendar, calendars)
        labels = matrix.priority.labels if matrix else P1_TO_P5.labels
        targets = [
            self._target(f"{path}.targets[{index}]", row, calendars, labels)
            for index, row in enumerate(table.targets)
        ]
        warn = {
            text: self._tried(f"{path}.warn[{index}]", partial(threshold, text))
            for index, text in enumerate(table.warn)
        }
        if calendar is None or len(self.faults) > before:
            return None
        return self._tried(
            path,
            lambda: Agreement(
                table.name,
                [target for target in targets if target is not None],
                calendar=calendar,
                kind=table.kind,
                pause_while=table.pause_while,
                but_not_while=table.but_not_while,
                pausing=table.pausing,
                when_reopened=table.when_reopened,
                when_priority_changes=table.when_priority_changes,
                warn={text: point for text, point in warn.items() if point is not None},
            ),
        )

    def _calendar(self, path: str, name: str, calendars: Mapping[str, Calendar]) -> Calendar | None:
        if name in calendars:
            return calendars[name]
        if name not in self.file.calendars:  # a broken one has been told already
            hint = near(name, {*calendars, *self.file.calendars})
            self.faults.append(
                Fault("unknown_calendar", f"no calendar is called {name!r}", path=path, hint=hint)
            )
        return None

    def _target(
        self, path: str, row: TargetRow, calendars: Mapping[str, Calendar], labels: tuple[str, ...]
    ) -> Target | None:
        before = len(self.faults)
        named = row.priority if isinstance(row.priority, list) else [row.priority]
        levels = [self._tried(f"{path}.priority", partial(priority_level, value, labels)) for value in named]
        promises: dict[str, Promise] = {}
        for name, text in _promised(row):
            promises[name] = self._tried(f"{path}.{name}", partial(promise, text))
        calendar = (
            None if row.calendar is None else self._calendar(f"{path}.calendar", row.calendar, calendars)
        )
        if len(self.faults) > before:
            return None
        return Target([level for level in levels if level is not None], promises, calendar=calendar)


def _promised(row: TargetRow) -> Iterator[tuple[str, str]]:
    for field in attrs.fields(TargetRow):
        text = getattr(row, field.name)
        if field.name not in ("priority", "calendar") and text is not None:
            yield field.name, text


def _under(path: str, inner: str) -> str:
    if not inner:
        return path
    return f"{path}{inner}" if inner.startswith("[") else f"{path}.{inner}"


def _scale(name: str, labels: list[str] | None, default: Scale) -> Scale:
    return default if labels is None else Scale(name, labels)


def _lifecycle(name: str) -> Lifecycle:
    for known, lifecycle in SHIPPED.items():
        if fold(known) == fold(name):
            return lifecycle
    raise PolicyError.one("unknown_lifecycle", f"no lifecycle is called {name!r}", hint=near(name, SHIPPED))
