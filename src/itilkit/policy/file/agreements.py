"""``[[agreements]]``: what is promised to whom, one line per priority."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, cast

import attrs

from itilkit.calendars import Calendar
from itilkit.conditions import Always, to_data
from itilkit.errors import Fault, PolicyError, near, shown
from itilkit.escalation import Ladder
from itilkit.escalation import from_data as ladder_from_data
from itilkit.escalation import to_data as ladder_data
from itilkit.policy.agreement import Agreement, Kind, Promise, Target, contradictions
from itilkit.policy.file.reading import Reading, example
from itilkit.policy.objective import Objective, Per, SmallNumbers
from itilkit.policy.strict import is_list, is_table
from itilkit.policy.words import (
    priority_level,
    promise,
    promise_text,
    share,
    share_text,
    threshold,
    threshold_text,
)
from itilkit.sla import RULES, WhenPriorityChanges, WhenReopened
from itilkit.sla.measure import Threshold
from itilkit.vocabulary import HoldReason, Scale, Status, fold

__all__ = ["AgreementTable", "ObjectiveTable", "TargetRow", "agreement_data", "read_agreements"]


@attrs.frozen
class TargetRow:
    """A line of ``targets``: one priority or several, and a target by clock."""

    priority: Any = attrs.field(metadata=example('priority = "P1"'))
    acknowledge: str | None = None
    response: str | None = None
    next_response: str | None = None
    periodic_update: str | None = None
    workaround: str | None = None
    resolution: str | None = None
    closure: str | None = None
    calendar: str | None = None


@attrs.frozen
class SmallTable:
    """``small_n``: what holds instead while there are few incidents."""

    below: int = attrs.field(metadata=example("below = 40"))
    allow: int = attrs.field(metadata=example("allow = 2"))


@attrs.frozen
class ObjectiveTable:
    """``objective``: which share of a period's incidents must meet their targets."""

    share: str = attrs.field(metadata=example('share = "95%"'))
    per: Per = "month"
    small_n: SmallTable | None = None


def _on_hold() -> list[Status]:
    return [Status.ON_HOLD]


@attrs.frozen
class AgreementTable:
    """``[[agreements]]``; its condition, calendar, warnings and targets are read one by one."""

    name: str = attrs.field(metadata=example('name = "Gold"'))
    calendar: Any = attrs.field(metadata=example('calendar = "round_the_clock"'))
    targets: Any = attrs.field(metadata=example('targets = [{ priority = "P1", resolution = "4h" }]'))
    kind: Kind = "SLA"
    when: Any = None
    pause_while: list[Status] = attrs.field(factory=_on_hold)
    but_not_while: list[HoldReason] = attrs.field(factory=list[HoldReason])
    pausing: list[str] | None = None
    when_reopened: WhenReopened = "continue"
    when_priority_changes: WhenPriorityChanges = "recalculate from start"
    warn: Any = None
    objective: ObjectiveTable | None = None
    escalate: Any = None


@attrs.frozen
class _Names:
    warn: list[str]


def read_agreements(reading: Reading, scale: Scale | None) -> list[Agreement]:
    """The agreements, in order."""
    rows = reading.tables("agreements", reading.data.get("agreements", []))
    found = [_Part(reading, path, scale).agreement(row) for path, row in rows]
    return [agreement for agreement in found if agreement is not None]


@attrs.frozen
class _Part:
    """One agreement being read."""

    reading: Reading
    path: str
    scale: Scale | None

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{key}"

    def fault(self, fault: Fault) -> None:
        """Keep a fault."""
        self.reading.faults.append(fault)

    def agreement(self, data: object) -> Agreement | None:
        """The agreement that the table describes."""
        reading = self.reading
        before = len(reading.faults)
        rows = self.targets(data)
        table = reading.shaped(self.path, data, AgreementTable)
        if table is None:
            return None
        field, calendar = self.hours(table.calendar)
        when = reading.condition(self.at("when"), table.when)
        pausing = [self.clock(self.at(f"pausing[{i}]"), name) for i, name in enumerate(table.pausing or ())]
        warn = self.warnings(table.warn)
        objective = None if table.objective is None else self.objective(table.objective)
        ladder = None if table.escalate is None else self.ladder(table.escalate, table.name)
        if self.scale is None or calendar is None or when is None or len(reading.faults) > before:
            return None
        build = partial(
            Agreement,
            table.name,
            rows,
            calendar=calendar,
            calendar_from=field,
            when=when,
            kind=table.kind,
            pause_while=table.pause_while,
            but_not_while=table.but_not_while,
            pausing=None if table.pausing is None else [name for name in pausing if name is not None],
            when_reopened=table.when_reopened,
            when_priority_changes=table.when_priority_changes,
            warn=warn,
            objective=objective,
            escalate=ladder,
        )
        return reading.tried(self.path, build)

    def ladder(self, rows: object, name: str) -> Ladder | None:
        """Who is called in when."""
        schema, path = self.reading.schema, self.at("escalate")
        return self.reading.tried("", partial(ladder_from_data, rows, name, schema=schema, path=path))

    def hours(self, value: object) -> tuple[str, Calendar | None]:
        """The calendar, and the field that may name another one."""
        path = self.at("calendar")
        if isinstance(value, str):
            return "", self.reading.calendar(path, value)
        if not is_table(value):
            hint = "" if is_list(value) else "write it in quotes"
            self.fault(Fault("bad_value", f"expected a text, got {shown(value)}", path=path, hint=hint))
            return "", None
        table = cast("Mapping[str, object]", value)
        for key in sorted(table.keys() - {"from", "otherwise"}):
            hint = near(key, ("from", "otherwise"))
            self.fault(Fault("unknown_key", f"unknown key {key!r}", path=f"{path}.{key}", hint=hint))
        for key, told in (("from", 'from = "customer"'), ("otherwise", 'otherwise = "office"')):
            if key not in table:
                self.fault(Fault("missing_key", "is missing", path=f"{path}.{key}", hint=f"write {told}"))
            elif not isinstance(table[key], str) or not table[key]:
                message = f"expected a text, got {shown(table[key])}"
                self.fault(Fault("bad_value", message, path=f"{path}.{key}"))
        field, otherwise = table.get("from"), table.get("otherwise")
        if not isinstance(field, str) or not isinstance(otherwise, str):
            return "", None
        calendar = self.reading.calendar(f"{path}.otherwise", otherwise)
        known = self.reading.tried("", partial(self.known, field, f"{path}.from"))
        return field, None if known is None else calendar

    def known(self, field: str, path: str) -> object:
        """The field of that name."""
        try:
            return self.reading.schema.field(field)
        except PolicyError as error:
            raise PolicyError(attrs.evolve(fault, path=path) for fault in error.faults) from None

    def warnings(self, value: object) -> dict[str, Threshold]:
        """Thresholds as they are written, or by a name of the house."""
        if value is None:
            return {}
        texts: dict[str, tuple[str, object]]
        if is_table(value):
            named = cast("Mapping[str, object]", value)
            texts = {name: (self.at(f"warn.{name}"), text) for name, text in named.items()}
        else:
            table = self.reading.shaped(self.path, {"warn": value}, _Names)
            names = [] if table is None else table.warn
            texts = {text: (self.at(f"warn[{index}]"), text) for index, text in enumerate(names)}
        found = {name: self.amount(path, text, threshold) for name, (path, text) in texts.items()}
        return {name: point for name, point in found.items() if point is not None}

    def amount(self, path: str, text: object, read: Callable[[str], Threshold]) -> Threshold | None:
        """An amount in words."""
        if isinstance(text, str):
            return self.reading.tried(path, partial(read, text))
        self.fault(
            Fault("bad_value", f"expected a text, got {shown(text)}", path=path, hint="write it in quotes")
        )
        return None

    def objective(self, table: ObjectiveTable) -> Objective | None:
        """How often the promises must be kept."""
        part = self.amount(self.at("objective.share"), table.share, share)
        small = table.small_n
        if part is None:
            return None
        return self.reading.tried(
            self.at("objective"),
            lambda: Objective(
                cast("float", part),
                table.per,
                small_n=None if small is None else SmallNumbers(small.below, small.allow),
            ),
        )

    def targets(self, data: object) -> Sequence[Target]:
        """The rows of an agreement, and what they say against each other."""
        value: object = cast("Mapping[str, object]", data).get("targets", ()) if is_table(data) else ()
        if value == ():
            return ()
        if not is_list(value):
            message, hint = (
                f"expected a list of tables, got {shown(value)}",
                'write [{ priority = "P1", ... }]',
            )
            self.fault(Fault("bad_value", message, path=self.at("targets"), hint=hint))
            return ()
        found: list[Target] = []
        levels: list[Sequence[int]] = []
        for index, item in enumerate(cast("Sequence[object]", value)):
            path = self.at(f"targets[{index}]")
            row = self.reading.shaped(path, item, TargetRow)
            levels.append(() if row is None else self.levels(f"{path}.priority", row))
            target = None if row is None else self.target(path, row, levels[-1])
            if target is not None:
                found.append(target)
        for each in contradictions(levels):
            self.fault(attrs.evolve(each, path=self.at(each.path)))
        return found

    def levels(self, path: str, row: TargetRow) -> Sequence[int]:
        """The priorities of a row."""
        named = cast("Sequence[object]", row.priority) if is_list(row.priority) else (row.priority,)
        if not named:
            hint = 'write "P1" or ["P1", "P2"]'
            self.fault(Fault("bad_value", "names no priority", path=path, hint=hint))
        if self.scale is None:  # the matrix cannot be read: which priorities there are is not known
            return ()
        labels = self.scale.labels
        found = [self.reading.tried(path, partial(priority_level, value, labels)) for value in named]
        return [level for level in found if level is not None]

    def target(self, path: str, row: TargetRow, levels: Sequence[int]) -> Target | None:
        """The target of a row."""
        before = len(self.reading.faults)
        promises: dict[str, Promise] = {}
        for name, text in _promised(row):
            promises[name] = self.reading.tried(f"{path}.{name}", partial(promise, text))
        if not promises:
            hint = 'write resolution = "none" where no target is meant'
            self.fault(Fault("no_promise", "promises nothing", path=path, hint=hint))
        calendar = None if row.calendar is None else self.reading.calendar(f"{path}.calendar", row.calendar)
        whole = len(self.reading.faults) == before and levels
        return Target(levels, promises, calendar=calendar) if whole else None

    def clock(self, path: str, name: str) -> str | None:
        """The clock that is called so."""
        found = next((known for known in RULES if fold(known) == fold(name)), None)
        if found is None:
            message = f"no clock is called {shown(name)}"
            self.fault(Fault("unknown_target", message, path=path, hint=near(name, RULES)))
        return found


def _promised(row: TargetRow) -> Iterator[tuple[str, str]]:
    for field in attrs.fields(TargetRow):
        text = getattr(row, field.name)
        if field.name not in ("priority", "calendar") and text is not None:
            yield field.name, text


def agreement_data(agreement: Agreement, called: Callable[[Calendar], str]) -> dict[str, Any]:
    """The table of an agreement; `called` gives the names of calendars.

    Raises:
        PolicyError: a clock of the house's own, which a file cannot describe, or an amount without words.
    """
    if agreement.clocks:
        message = f"a policy file has no words for the house's own clocks of {agreement.name}"
        raise PolicyError.one("no_words", message)
    hours: object = called(agreement.calendar)
    if agreement.calendar_from:
        hours = {"from": agreement.calendar_from, "otherwise": hours}
    usual = Agreement("", (Target(1, {"resolution": None}),), calendar=agreement.calendar)
    data: dict[str, Any] = {
        "name": agreement.name,
        "kind": agreement.kind,
        "when": None if agreement.when == Always() else to_data(agreement.when),
        "calendar": hours,
    }
    for key in ("pause_while", "but_not_while", "pausing"):
        words = getattr(agreement, key)
        data[key] = None if words == getattr(usual, key) else sorted(map(str, words))
    for key in ("when_reopened", "when_priority_changes"):
        data[key] = None if getattr(agreement, key) == getattr(usual, key) else getattr(agreement, key)
    data["warn"] = _warnings_data(agreement.warn)
    data["targets"] = [_target_data(target, called) for target in agreement.targets]
    data["objective"] = None if agreement.objective is None else _objective_data(agreement.objective)
    data["escalate"] = None if agreement.escalate is None else ladder_data(agreement.escalate)
    return {key: value for key, value in data.items() if value is not None}


def _warnings_data(warn: Mapping[str, Threshold]) -> object:
    if not warn:
        return None
    if all(_says(name, point) for name, point in warn.items()):
        return list(warn)
    return {name: threshold_text(point) for name, point in warn.items()}


def _says(name: str, point: Threshold) -> bool:
    try:
        return threshold(name) == point
    except ValueError:
        return False


def _target_data(target: Target, called: Callable[[Calendar], str]) -> dict[str, Any]:
    names = [f"P{priority}" for priority in target.priorities]
    calendar = {} if target.calendar is None else {"calendar": called(target.calendar)}
    promises = {name: promise_text(target.promises[name]) for name in RULES if name in target.promises}
    return {"priority": names[0] if len(names) == 1 else names, **promises, **calendar}


def _objective_data(objective: Objective) -> dict[str, Any]:
    small = objective.small_n
    return {
        "share": share_text(objective.share),
        "per": objective.per,
        **({} if small is None else {"small_n": {"below": small.below, "allow": small.allow}}),
    }
