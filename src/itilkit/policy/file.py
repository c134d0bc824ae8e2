"""The policy file: TOML that a service-level manager can review.

Each part is read in three steps: the shape of its tables (`strict`), the values in them (here), and what the values
mean together (the classes they become). A part with a fault does not keep the others from being read, so that all
faults are told at once, each with its path and line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, cast

import attrs

from itilkit.calendars import Calendar, calendars_from_data
from itilkit.errors import Fault, FaultError, PolicyError, near
from itilkit.lifecycle import SHIPPED, Lifecycle
from itilkit.policy.agreement import Agreement, Kind, Promise, Target, contradictions
from itilkit.policy.locate import depth, line_of, lines
from itilkit.policy.strict import WRITE, is_list, is_table, shown, structured
from itilkit.policy.words import priority_level, promise, threshold
from itilkit.priority import Matrix, PriorityMatrix, matrix_named
from itilkit.sla import RULES, WhenPriorityChanges, WhenReopened
from itilkit.spans import zone_named
from itilkit.vocabulary import HIGH_MEDIUM_LOW, P1_TO_P5, HoldReason, Scale, Status, fold

__all__ = ["PolicyFile", "read"]

FORMAT = 1
LARGEST = 1 << 20
DEEPEST = 32
BUILT_IN = "round_the_clock"
_SYNTAX = re.compile(r"(.*) \(at line (\d+), column (\d+)\)", re.DOTALL)

T = TypeVar("T")


def _example(text: str) -> dict[str, str]:
    return {WRITE: text}


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

    like: str = attrs.field(metadata=_example('like = "ITIL 4 default"'))


@attrs.frozen
class TargetRow:
    """A line of ``targets``: one priority or several, and a target by clock."""

    priority: Any = attrs.field(metadata=_example('priority = "P1"'))
    acknowledge: str | None = None
    response: str | None = None
    next_response: str | None = None
    periodic_update: str | None = None
    workaround: str | None = None
    resolution: str | None = None
    closure: str | None = None
    calendar: str | None = None


def _on_hold() -> list[Status]:
    return [Status.ON_HOLD]


@attrs.frozen
class AgreementTable:
    """``[[agreements]]``; its targets are read one by one."""

    name: str = attrs.field(metadata=_example('name = "Gold"'))
    calendar: str = attrs.field(metadata=_example('calendar = "round_the_clock"'))
    targets: Any = attrs.field(metadata=_example('targets = [{ priority = "P1", resolution = "4h" }]'))
    kind: Kind = "SLA"
    pause_while: list[Status] = attrs.field(factory=_on_hold)
    but_not_while: list[HoldReason] = attrs.field(factory=list[HoldReason])
    pausing: list[str] | None = None
    when_reopened: WhenReopened = "continue"
    when_priority_changes: WhenPriorityChanges = "recalculate from start"
    warn: list[str] = attrs.field(factory=list[str])


@attrs.frozen
class FileTable:
    """The whole file; its parts are read one by one."""

    itilkit: int = attrs.field(metadata=_example(f"itilkit = {FORMAT}"))
    name: str = attrs.field(metadata=_example('name = "Service desk"'))
    priority: Any = attrs.field(metadata=_example('[priority] and under it matrix = "ITIL 3x3"'))
    lifecycle: Any = attrs.field(metadata=_example('[lifecycle] and under it like = "ITIL 4 default"'))
    zone: str | None = None
    calendars: Any = None
    agreements: Any = None


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
        PolicyError: every fault, each with its path and line, in the order of the text.
    """
    if isinstance(text, str):
        text = text.removeprefix("\ufeff")
    try:
        data = _parsed(text)
    except PolicyError as error:
        raise PolicyError(attrs.evolve(fault, source=source) for fault in error.faults) from None
    reader = _Reader(data, calendars)
    file = reader.file()
    if file is None:
        known = lines(text)
        placed = [attrs.evolve(each, line=line_of(each.path, known), source=source) for each in reader.faults]
        raise PolicyError(sorted(placed, key=_line))
    return file


def _line(fault: Fault) -> int:
    return fault.line or 0


def _parsed(text: str) -> dict[str, Any]:
    if not isinstance(text, str):
        raise PolicyError.one(
            "no_text", f"expected text, got {type(text).__name__}", hint="decode it as UTF-8"
        )
    if len(text) > LARGEST or len(text.encode(errors="replace")) > LARGEST:
        raise PolicyError.one("too_large", "a policy of more than 1 MiB is not read", hint="split it")
    if depth(text) > DEEPEST:
        raise _too_deep()
    try:
        data = tomllib.loads(text)
    except ValueError as error:
        match = _SYNTAX.fullmatch(str(error))
        message, line = (match[1], int(match[2])) if match else (str(error), None)
        hint = "a text stands in double quotes, a list in [ ], a table in { } or under its [name]"
        raise PolicyError.one("not_toml", f"is not TOML: {message}", line=line, hint=hint) from None
    if _nests_deeper(data, DEEPEST):
        raise _too_deep()
    return data


def _too_deep() -> PolicyError:
    return PolicyError.one("too_deep", f"the text nests more than {DEEPEST} levels deep", hint="flatten it")


def _nests_deeper(data: object, limit: int) -> bool:
    """Whether tables and lists lie in each other more than `limit` deep; dotted keys make tables without brackets."""
    layer: list[object] = [data]
    for _ in range(limit + 1):
        layer = [inner for outer in layer for inner in _inner(outer)]
        if not layer:
            return False
    return True


def _inner(value: object) -> Iterable[object]:
    if is_table(value):
        return cast("Mapping[str, object]", value).values()
    return cast("Iterable[object]", value) if is_list(value) else ()


class _Reader:
    """Values from tables; faults are collected, so that one bad value does not hide the next."""

    def __init__(self, data: Mapping[str, Any], calendars: Mapping[str, Calendar]) -> None:
        self.data = data
        self.given = calendars
        self.faults: list[Fault] = []

    def file(self) -> PolicyFile | None:
        """What the tables describe; None, and faults, where they describe nothing whole."""
        self.faults += self._format()
        if self.faults:  # what another format means by its keys is not known
            return None
        head = self._tried("", partial(structured, self.data, FileTable))
        calendars = self._calendars(self._zone())
        matrix = self._part("priority", PriorityTable, self._matrix)
        lifecycle = self._part("lifecycle", LifecycleTable, self._lifecycle)
        agreements = [
            self._agreement(f"agreements[{index}]", table, calendars, matrix)
            for index, table in enumerate(self._tables("agreements"))
        ]
        if self.faults or head is None or matrix is None or lifecycle is None:
            return None
        whole = tuple(agreement for agreement in agreements if agreement is not None)
        return PolicyFile(head.name, lifecycle, matrix, whole, calendars)

    def _tried(self, path: str, build: Callable[[], T]) -> T | None:
        """What `build` gives; its faults are kept under `path`."""
        try:
            return build()
        except FaultError as error:
            self.faults += [attrs.evolve(fault, path=_under(path, fault.path)) for fault in error.faults]
        except ValueError as error:
            self.faults.append(Fault("bad_value", str(error), path=path))
        return None

    def _part(self, path: str, shape: type[T], build: Callable[[T], Matrix | Lifecycle | None]) -> Any:
        if path not in self.data:
            return None
        table = self._tried(path, partial(structured, self.data[path], shape))
        return None if table is None else build(table)

    def _tables(self, path: str) -> Sequence[object]:
        value = self.data.get(path, [])
        if is_list(value):
            return cast("Sequence[object]", value)
        self.faults.append(
            Fault(
                "bad_value",
                f"expected a list of tables, got {shown(value)}",
                path=path,
                hint=f"write [[{path}]]",
            )
        )
        return ()

    def _format(self) -> Iterator[Fault]:
        version = self.data.get("itilkit")
        if type(version) is int and version > FORMAT:
            message = f"format {shown(version)} is newer than {FORMAT}"
            yield Fault("newer_format", message, path="itilkit", hint="a newer itilkit reads it")
        elif type(version) is int and version < FORMAT:
            message = f"there is no format {shown(version)}"
            yield Fault("unknown_format", message, path="itilkit", hint=f"write itilkit = {FORMAT}")

    def _zone(self) -> str | None:
        """The zone of the file; UTC in place of a bad one, so that what follows can be read."""
        zone = self.data.get("zone")
        if zone is None:
            return None
        if isinstance(zone, str) and self._tried("", partial(zone_named, zone)) is not None:
            return zone
        return "UTC"

    def _calendars(self, zone: str | None) -> dict[str, Calendar]:
        calendars = {BUILT_IN: Calendar.round_the_clock(zone or "UTC"), **self.given}
        tables = self.data.get("calendars", {})
        if not is_table(tables):
            message = f"expected a table, got {shown(tables)}"
            self.faults.append(Fault("bad_value", message, path="calendars", hint="write [calendars.office]"))
            return calendars
        build = partial(calendars_from_data, tables, zone=zone, given=self.given)
        # What is wrong is told already: those that name a broken calendar are read on with a stand-in.
        found = self._tried("calendars", build) or dict.fromkeys(tables, calendars[BUILT_IN])
        return {**calendars, **found}

    def _matrix(self, table: PriorityTable) -> Matrix | None:
        if (table.matrix is None) == (table.rows is None):
            message = "give either matrix or rows"
            self.faults.append(Fault("bad_value", message, path="priority", hint='matrix = "ITIL 3x3"'))
            return None
        if table.rows is None:
            for key in ("impact_labels", "urgency_labels", "labels"):
                if getattr(table, key) is not None:
                    message = "goes with rows; a matrix by name has labels of its own"
                    self.faults.append(Fault("bad_value", message, path=f"priority.{key}"))
            return self._tried("priority", partial(matrix_named, table.matrix or ""))
        impact = self._scale("impact", "impact_labels", table.impact_labels, HIGH_MEDIUM_LOW)
        urgency = self._scale("urgency", "urgency_labels", table.urgency_labels, HIGH_MEDIUM_LOW)
        priority = self._scale("priority", "labels", table.labels, P1_TO_P5)
        if impact is None or urgency is None or priority is None:
            return None
        name = self.data.get("name")
        return self._tried(
            "priority",
            partial(
                PriorityMatrix,
                name if isinstance(name, str) else "",
                table.rows,
                impact=impact,
                urgency=urgency,
                priority=priority,
            ),
        )

    def _scale(self, name: str, key: str, labels: list[str] | None, default: Scale) -> Scale | None:
        if labels is None:
            return default
        return self._tried(f"priority.{key}", partial(Scale, name, labels))

    def _lifecycle(self, table: LifecycleTable) -> Lifecycle | None:
        return self._tried("lifecycle.like", partial(_lifecycle, table.like))

    def _agreement(
        self, path: str, data: object, calendars: Mapping[str, Calendar], matrix: Matrix | None
    ) -> Agreement | None:
        before = len(self.faults)
        rows = self._targets(path, data, calendars, matrix.priority if matrix else P1_TO_P5)
        table = self._tried(path, partial(structured, data, AgreementTable))
        if table is None:
            return None
        calendar = self._calendar(f"{path}.calendar", table.calendar, calendars)
        pausing = [self._clock(f"{path}.pausing[{i}]", name) for i, name in enumerate(table.pausing or ())]
        points = [
            (text, self._tried(f"{path}.warn[{index}]", partial(threshold, text)))
            for index, text in enumerate(table.warn)
        ]
        if calendar is None or len(self.faults) > before:
            return None
        return self._tried(
            path,
            partial(
                Agreement,
                table.name,
                rows,
                calendar=calendar,
                kind=table.kind,
                pause_while=table.pause_while,
                but_not_while=table.but_not_while,
                pausing=None if table.pausing is None else [name for name in pausing if name is not None],
                when_reopened=table.when_reopened,
                when_priority_changes=table.when_priority_changes,
                warn={text: point for text, point in points if point is not None},
            ),
        )

    def _targets(
        self, path: str, data: object, calendars: Mapping[str, Calendar], scale: Scale
    ) -> Sequence[Target]:
        """The rows of an agreement, and what they say against each other."""
        value: object = cast("Mapping[str, object]", data).get("targets", ()) if is_table(data) else ()
        if value == ():
            return ()
        if not is_list(value):
            message, hint = (
                f"expected a list of tables, got {shown(value)}",
                'write [{ priority = "P1", ... }]',
            )
            self.faults.append(Fault("bad_value", message, path=f"{path}.targets", hint=hint))
            return ()
        found: list[Target] = []
        levels: list[Sequence[int]] = []
        for index, item in enumerate(cast("Sequence[object]", value)):
            row = self._tried(f"{path}.targets[{index}]", partial(structured, item, TargetRow))
            levels.append(
                () if row is None else self._levels(f"{path}.targets[{index}].priority", row, scale)
            )
            target = (
                None if row is None else self._target(f"{path}.targets[{index}]", row, levels[-1], calendars)
            )
            if target is not None:
                found.append(target)
        self.faults += [attrs.evolve(each, path=f"{path}.{each.path}") for each in contradictions(levels)]
        return found

    def _levels(self, path: str, row: TargetRow, scale: Scale) -> Sequence[int]:
        named = cast("Sequence[object]", row.priority) if is_list(row.priority) else (row.priority,)
        if not named:
            self.faults.append(
                Fault("bad_value", "names no priority", path=path, hint='write "P1" or ["P1", "P2"]')
            )
        found = [self._tried(path, partial(priority_level, value, scale.labels)) for value in named]
        return [level for level in found if level is not None]

    def _target(
        self, path: str, row: TargetRow, levels: Sequence[int], calendars: Mapping[str, Calendar]
    ) -> Target | None:
        before = len(self.faults)
        promises: dict[str, Promise] = {}
        for name, text in _promised(row):
            promises[name] = self._tried(f"{path}.{name}", partial(promise, text))
        if not promises:
            hint = 'write resolution = "none" where no target is meant'
            self.faults.append(Fault("no_promise", "promises nothing", path=path, hint=hint))
        calendar = (
            None if row.calendar is None else self._calendar(f"{path}.calendar", row.calendar, calendars)
        )
        return (
            None if len(self.faults) > before or not levels else Target(levels, promises, calendar=calendar)
        )

    def _calendar(self, path: str, name: str, calendars: Mapping[str, Calendar]) -> Calendar | None:
        if name in calendars:
            return calendars[name]
        alike = [calendar for known, calendar in calendars.items() if fold(known) == fold(name)]
        if len(alike) == 1:
            return alike[0]
        fault = Fault("unknown_calendar", f"no calendar is called {shown(name)}", path=path)
        self.faults.append(attrs.evolve(fault, hint=near(name, calendars)))
        return None

    def _clock(self, path: str, name: str) -> str | None:
        found = next((known for known in RULES if fold(known) == fold(name)), None)
        if found is None:
            message = f"no clock is called {shown(name)}"
            self.faults.append(Fault("unknown_target", message, path=path, hint=near(name, RULES)))
        return found


def _promised(row: TargetRow) -> Iterator[tuple[str, str]]:
    for field in attrs.fields(TargetRow):
        text = getattr(row, field.name)
        if field.name not in ("priority", "calendar") and text is not None:
            yield field.name, text


def _under(path: str, inner: str) -> str:
    if not inner or not path:
        return path or inner
    return f"{path}{inner}" if inner.startswith("[") else f"{path}.{inner}"


def _lifecycle(name: str) -> Lifecycle:
    for known, lifecycle in SHIPPED.items():
        if fold(known) == fold(name):
            return lifecycle
    raise PolicyError.one(
        "unknown_lifecycle", f"no lifecycle is called {shown(name)}", hint=near(name, SHIPPED)
    )
