"""A lifecycle as plain data: mappings, lists, texts, numbers and truth values, as JSON and TOML have them.

Rules of this file:

* The keys are the names of the attributes. What is left out has the attribute's default, and what has its default is
  not written.
* Nothing in data is run: guards are names and amounts, never expressions.
* Reading never stops at the first fault. A row that cannot be read leaves its names behind, so that what refers to
  it is not called unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeAlias, cast

import attrs

from itilkit.errors import Fault, PolicyError, near, shown
from itilkit.lifecycle.amounts import amount_text, read_amount
from itilkit.lifecycle.checks import row_faults
from itilkit.lifecycle.table import Right, State, Table, Transition
from itilkit.lifecycle.window import Delay, Window
from itilkit.vocabulary import Status

__all__ = ["Plain", "plain_delay", "read", "read_delay", "written"]

# Any, because the values of data are whatever their reader finds in them.
Plain: TypeAlias = dict[str, Any]

_KINDS = ("working_days", "open_time", "wall_time")


def written(table: Table) -> Plain:
    """The table as data; `read` takes it back."""
    data: Plain = {"name": table.name, "states": [_without_defaults(state) for state in table.states]}
    if table.starts != tuple(state.name for state in table.states[:1]):
        data["starts"] = list(table.starts)
    data["transitions"] = [_without_defaults(transition) for transition in table.transitions]
    if table.stimuli:
        data["stimuli"] = list(table.stimuli)
    if table.roles:
        data["roles"] = sorted(table.roles)
    if table.rights:
        data["rights"] = [_without_defaults(right) for right in table.rights]
    return data


def _without_defaults(row: State | Transition | Right) -> Plain:
    values = ((field, getattr(row, field.name)) for field in attrs.fields(type(row)))
    return {field.name: _plain(value) for field, value in values if value != field.default}


def _plain(value: object) -> object:
    if isinstance(value, Window):
        return {**plain_delay(value.amount), "since": value.since}
    if isinstance(value, bool):
        return value
    if isinstance(value, tuple | frozenset):
        names = cast("tuple[str, ...] | frozenset[str]", value)
        return sorted(names) if isinstance(names, frozenset) else list(names)
    return str(value)


def plain_delay(delay: Delay) -> Plain:
    """An amount of time as data: a table with its one kind; `read_delay` takes it back."""
    if delay.working_days is not None:
        return {"working_days": delay.working_days}
    if delay.wall_time is not None:
        return {"wall_time": amount_text(delay.wall_time)}
    return {"open_time": amount_text(delay.open_time or timedelta(0))}


def read(data: Mapping[str, object]) -> Table:
    """The table that the data describes; its graph is not yet checked.

    Raises:
        PolicyError: with every fault of the data and of the rows in it.
    """
    reader = _Reader()
    table = reader.table(data)
    if reader.faults:
        raise PolicyError((*reader.faults, *reader.also(row_faults(table))))
    return table


def read_delay(value: object) -> Delay:
    """The amount of time that a table with one of ``working_days``, ``open_time`` and ``wall_time`` describes.

    Raises:
        PolicyError: with every fault of the table.

    >>> print(read_delay({"working_days": 5}))
    5 working days
    """
    reader = _Reader()
    delay = reader.delay(reader.mapping(value, "", _KINDS, needed=()), "")
    if delay is None or reader.faults:
        raise PolicyError(reader.faults)
    return delay


class _Reader:
    """Reads values of the kinds that are expected, and notes what is none."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.nameless = False

    def also(self, more: Iterator[Fault]) -> Iterator[Fault]:
        """The faults of the rows, but for those that a fault of the data has caused."""
        told = {fault.path for fault in self.faults}
        for fault in more:
            if self.nameless and fault.code in ("unknown_state", "no_states", "no_initial"):
                continue
            if not any(fault.path == path or path.startswith(f"{fault.path}.") for path in told):
                yield fault

    def fault(self, code: str, message: str, path: str, hint: str = "") -> None:
        """Note one fault."""
        self.faults.append(Fault(code, message, path=path, hint=hint))

    def table(self, value: object) -> Table:
        """The whole definition."""
        known = ("name", "states", "transitions", "starts", "stimuli", "roles", "rights")
        data = self.mapping(value, "", known, needed=("name", "states", "transitions"))
        name = self.text(data, "name", "")
        states = [self.state(each, path) for each, path in self.rows(data, "states")]
        self.nameless = not (states or data.get("states") == []) or not all(state.name for state in states)
        transitions = [self.transition(each, path) for each, path in self.rows(data, "transitions")]
        rights = [self.right(each, path) for each, path in self.rows(data, "rights")]
        declared: Plain = {"starts": self.names(data, "starts", "")} if "starts" in data else {}
        return Table(
            name,
            states,
            transitions=[each for each in transitions if each is not None],
            stimuli=self.names(data, "stimuli", ""),
            roles=frozenset(self.names(data, "roles", "")),
            rights=[each for each in rights if each is not None],
            **declared,
        )

    def state(self, value: object, path: str) -> State:
        """A state; one that cannot be read keeps its name and stands for the first status."""
        data = self.mapping(value, path, ("name", "status", "hold_reason"), needed=("name", "status"))
        name = self.text(data, "name", path)
        words = {key: self.text(data, key, path) for key in ("status", "hold_reason") if key in data}
        status = words.get("status", Status.NEW)
        try:
            return State(name, status, hold_reason=words.get("hold_reason"))
        except PolicyError as error:
            told = {fault.path for fault in self.faults}
            found = [attrs.evolve(fault, path=f"{path}.{fault.path}") for fault in error.faults]
            self.faults += [fault for fault in found if fault.path not in told]
            return State(name, Status.NEW)

    def transition(self, value: object, path: str) -> Transition | None:
        """A transition, or None where what it leads from or to cannot be told."""
        known = tuple(field.name for field in attrs.fields(Transition))
        data = self.mapping(value, path, known, needed=("trigger", "sources", "target"))
        before = len(self.faults)
        trigger, target = self.text(data, "trigger", path), self.text(data, "target", path)
        sources = self.names(data, "sources", path)
        broken = len(self.faults) > before or not {"trigger", "sources", "target"} <= set(data)
        requires, stimuli = self.names(data, "requires", path), self.names(data, "stimuli", path)
        roles, not_by = self.names(data, "roles", path), self.names(data, "not_by", path)
        when_named = data.get("when_named", False)
        if not isinstance(when_named, bool):
            self.fault("not_a_flag", f"expected true or false, got {shown(when_named)}", f"{path}.when_named")
            when_named = False
        within = self.window(data["within"], f"{path}.within") if "within" in data else None
        if broken:
            return None
        return Transition(
            trigger,
            sources,
            target,
            requires=requires,
            roles=frozenset(roles),
            not_by=frozenset(not_by),
            within=within,
            when_named=when_named,
            stimuli=stimuli,
        )

    def window(self, value: object, path: str) -> Window | None:
        """A window, or None where it cannot be read."""
        data = self.mapping(value, path, (*_KINDS, "since"), needed=("since",))
        amount = self.delay(data, path) if data else None
        if amount is None or "since" not in data:
            return None
        try:
            return Window(amount, since=data["since"])
        except PolicyError as error:
            self.under(path, error)
            return None

    def delay(self, data: Plain, path: str) -> Delay | None:
        """An amount of time of one kind, or None where it cannot be read."""
        before = len(self.faults)
        given: Plain = {key: data[key] for key in _KINDS if key in data}
        for key in ("open_time", "wall_time"):
            if key in given:
                given[key] = self.time(given[key], ".".join(filter(None, (path, key))))
        if len(self.faults) > before:
            return None
        try:
            return Delay(**given)
        except PolicyError as error:
            self.under(path, error)
            return None

    def under(self, path: str, error: PolicyError) -> None:
        """Note the faults of a value that stands at a path."""
        for fault in error.faults:
            self.faults.append(attrs.evolve(fault, path=".".join(filter(None, (path, fault.path)))))

    def time(self, value: object, path: str) -> timedelta:
        """An amount of time."""
        found = read_amount(value) if isinstance(value, str) else None
        if found is None:
            message = f'expected an amount of time such as "4h", "1h 30m" or "45m", got {shown(value)}'
            self.fault("not_a_duration", message, path, "working days are given as working_days")
        return found or timedelta(0)

    def right(self, value: object, path: str) -> Right | None:
        """A right, or None where it cannot be read."""
        keys = ("source", "target", "roles")
        before = len(self.faults)
        data = self.mapping(value, path, keys, needed=keys)
        source, target = self.text(data, "source", path), self.text(data, "target", path)
        roles = self.names(data, "roles", path)
        return Right(source, target, frozenset(roles)) if len(self.faults) == before else None

    def mapping(self, value: object, path: str, known: Sequence[str], *, needed: Sequence[str]) -> Plain:
        """A mapping with known keys only, and with the needed ones."""
        if not isinstance(value, Mapping):
            self.fault("not_a_table", f"expected {', '.join(needed)}, got {shown(value)}", path)
            return {}
        data = cast("Mapping[object, Any]", value)
        for key in data:
            if key not in known:
                self.fault("unknown_key", f"nothing is called {shown(key)}", path, near(key, known))
        for key in needed:
            if key not in data:
                self.fault("missing_key", f"{key} is missing", path, f"give {key}")
        return {key: data[key] for key in known if key in data}

    def rows(self, data: Plain, key: str) -> Iterator[tuple[object, str]]:
        """The items of a list, each with its path."""
        for index, row in enumerate(self.list(data.get(key, []), key)):
            yield row, f"{key}[{index}]"

    def list(self, value: object, path: str) -> Sequence[object]:
        """A list of anything."""
        if isinstance(value, list | tuple):
            return cast("Sequence[object]", value)
        self.fault("not_a_list", f"expected a list, got {shown(value)}", path)
        return ()

    def names(self, data: Plain, key: str, path: str) -> tuple[str, ...]:
        """A list of names; a single text is a list of one."""
        where = f"{path}.{key}" if path else key
        value = data.get(key, ())
        given = (value,) if isinstance(value, str) else self.list(value, where)
        found: list[str] = []
        for index, name in enumerate(given):
            if isinstance(name, str):
                found.append(name)
            else:
                self.fault("not_a_text", f"expected a name, got {shown(name)}", f"{where}[{index}]")
        return tuple(found)

    def text(self, data: Plain, key: str, path: str) -> str:
        """A text; an empty one where there is none."""
        value = data.get(key, "")
        if isinstance(value, str):
            return str(value)
        self.fault("not_a_text", f"expected a text, got {shown(value)}", f"{path}.{key}" if path else key)
        return ""
