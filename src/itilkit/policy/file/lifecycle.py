"""``[lifecycle]``: a shipped one, the house's own, or a shipped one with rows of the house; windows and timers.

With ``like`` the rows of the file are appended to those of the shipped lifecycle; nothing is taken away from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, cast

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import Fault, PolicyError, near, shown
from itilkit.lifecycle import SHIPPED, Delay, Lifecycle, Timer, Transition, Window, check_timers
from itilkit.policy.file.reading import Reading, example
from itilkit.policy.strict import is_list, is_table
from itilkit.policy.words import delay, delay_text
from itilkit.vocabulary import Status, fold

__all__ = ["LifecyclePart", "LifecycleTable", "lifecycle_data", "read_lifecycle"]

_ROWS = ("states", "transitions", "starts", "stimuli", "roles", "rights")
_INDEX = re.compile(r"(\w+)\[(\d+)\](.*)")
_AUTO_CLOSE = "Auto-close"
_RESOLVED = frozenset({Status.RESOLVED, Status.CLOSED})


@attrs.frozen
class LifecycleTable:
    """``[lifecycle]``: a shipped lifecycle by name, rows of the house, and what happens in time."""

    like: str | None = attrs.field(default=None, metadata=example('like = "ITIL 4 default"'))
    name: str | None = None
    states: Any = None
    transitions: Any = None
    starts: Any = None
    stimuli: Any = None
    roles: Any = None
    rights: Any = None
    reopen_within: str | None = None
    close_after: str | None = None
    calendar: str | None = None
    timers: Any = None


@attrs.frozen
class LifecyclePart:
    """What the table describes."""

    lifecycle: Lifecycle
    timers: tuple[Timer, ...]
    calendar: Calendar | None


def read_lifecycle(reading: Reading, table: LifecycleTable) -> LifecyclePart | None:
    """The lifecycle, its timers and the calendar on which they are counted."""
    before = len(reading.faults)
    base = None if table.like is None else reading.tried("lifecycle.like", partial(_shipped, table.like))
    own = {key: getattr(table, key) for key in ("name", *_ROWS) if getattr(table, key) is not None}
    if table.like is None and not own:
        hint = 'write like = "ITIL 4 default"'
        reading.faults.append(Fault("missing_key", "is missing", path="lifecycle.like", hint=hint))
    found = base if base is not None and not own else None
    if own and (base is not None or table.like is None):
        found = reading.tried("", partial(_joined, base, own))
    window = _delay(reading, "lifecycle.reopen_within", table.reopen_within)
    if found is not None and window is not None:
        found = reading.tried("lifecycle.reopen_within", partial(_reopening, found, window))
    timers = _timers(reading, table, found)
    calendar = None if table.calendar is None else reading.calendar("lifecycle.calendar", table.calendar)
    if found is None or len(reading.faults) > before:
        return None
    return LifecyclePart(found, timers, calendar)


def _shipped(name: str) -> Lifecycle:
    for known, lifecycle in SHIPPED.items():
        if fold(known) == fold(name):
            return lifecycle
    message = f"no lifecycle is called {shown(name)}"
    raise PolicyError.one("unknown_lifecycle", message, hint=near(name, SHIPPED))


def _joined(base: Lifecycle | None, own: Mapping[str, Any]) -> Lifecycle:
    """The lifecycle of the house's rows, after those of a shipped one; faults point into the house's rows."""
    shipped: dict[str, Any] = {} if base is None else base.to_data()
    if base is not None:
        shipped.setdefault("starts", list(base.starts))
    before = {key: len(shipped.get(key, ())) for key in _ROWS}
    data = {**shipped, **own}
    for key in _ROWS:
        if key in own and key in shipped and (is_list(own[key]) or isinstance(own[key], str)):
            rows = own[key] if is_list(own[key]) else [own[key]]
            data[key] = [*shipped[key], *rows]
    try:
        return Lifecycle.from_data(data)
    except PolicyError as error:
        raise PolicyError(
            attrs.evolve(fault, path=_place(fault.path, before)) for fault in error.faults
        ) from None


def _place(path: str, before: Mapping[str, int]) -> str:
    match = _INDEX.fullmatch(path)
    if match is None or match[1] not in before:
        return f"lifecycle.{path}" if path else "lifecycle"
    index = int(match[2]) - before[match[1]]
    return f"lifecycle.{match[1]}[{index}]{match[3]}" if index >= 0 else "lifecycle"


def _delay(reading: Reading, path: str, text: str | None) -> Delay | None:
    return None if text is None else reading.tried(path, partial(delay, text))


def _reopening(lifecycle: Lifecycle, amount: Delay) -> Lifecycle:
    """The lifecycle with a window on each step by which a resolved or closed incident is reopened.

    Raises:
        PolicyError: there is no such step.
    """
    rows = [row for transition in lifecycle.transitions for row in _windowed(lifecycle, transition, amount)]
    if rows == list(lifecycle.transitions):
        message = f"{lifecycle.name} reopens nothing that was resolved"
        raise PolicyError.one("bad_value", message, hint="leave it out, or add a transition")
    return attrs.evolve(lifecycle, transitions=rows)


def _windowed(lifecycle: Lifecycle, row: Transition, amount: Delay) -> Iterator[Transition]:
    """The transition with the window; from where the resolution is not known, it stands apart without one."""
    if row.trigger != "reopen":
        yield row
        return
    window = Window(amount, since="resolved_at")
    kept = [name for name in row.sources if _all_resolved(lifecycle, name, row)]
    rest = [name for name in row.sources if name not in kept]
    if kept:
        yield attrs.evolve(row, sources=kept, within=window)
    if rest:
        yield attrs.evolve(row, sources=rest) if kept else row


def _all_resolved(lifecycle: Lifecycle, name: str, row: Transition) -> bool:
    states = lifecycle.meant(name, other_than=row.target)
    return all(lifecycle.status(state) in _RESOLVED for state in states)


def _timers(reading: Reading, table: LifecycleTable, lifecycle: Lifecycle | None) -> tuple[Timer, ...]:
    found: list[Timer | None] = []
    after = _delay(reading, "lifecycle.close_after", table.close_after)
    if after is not None:
        found.append(_auto_close(after))
    rows = () if table.timers is None else reading.tables("lifecycle.timers", table.timers)
    for path, row in rows:
        timer = reading.tried(path, partial(_timer, row))
        found.append(timer)
        wrong = () if timer is None or lifecycle is None else check_timers([timer], lifecycle)
        for fault in wrong:
            reading.faults.append(attrs.evolve(fault, path=path + fault.path.removeprefix("timers[0]")))
    return tuple(timer for timer in found if timer is not None)


def _auto_close(after: Delay) -> Timer:
    return Timer(_AUTO_CLOSE, "close", after=after, status=Status.RESOLVED)


def _timer(row: object) -> Timer:
    """A timer; ``after`` may be written in words."""
    if is_table(row):
        table = cast("Mapping[str, object]", row)
        after = table.get("after")
        if isinstance(after, str):
            return attrs.evolve(Timer.from_data({**table, "after": 0}), after=_after(after))
    return Timer.from_data(cast("Mapping[str, object]", row))


def _after(text: str) -> Delay:
    try:
        return delay(text)
    except ValueError as error:
        raise PolicyError.one("bad_value", str(error), path="after") from None


def lifecycle_data(lifecycle: Lifecycle, timers: Sequence[Timer], calendar: str | None) -> dict[str, Any]:
    """The table; a shipped lifecycle, also with a window for reopening or with rows of the house, by its name."""
    data = _short(lifecycle) or lifecycle.to_data()
    left = list(timers)
    if left and left[0].after is not None and left[0] == _auto_close(left[0].after):
        data["close_after"] = delay_text(left.pop(0).after or Delay(working_days=1))
    if calendar is not None:
        data["calendar"] = calendar
    rows = [
        {**timer.to_data(), **({} if timer.after is None else {"after": delay_text(timer.after)})}
        for timer in left
    ]
    return {**data, **({"timers": rows} if rows else {})}


def _short(lifecycle: Lifecycle) -> dict[str, Any]:
    """The table with ``like`` and the fewest rows beside it; empty where no shipped lifecycle is the beginning."""
    tables = [
        table
        for name, shipped in SHIPPED.items()
        for window in _windows(lifecycle)
        for table in _tables_like(name, shipped, window, lifecycle)
    ]
    fewest = sorted(tables, key=lambda table: sum(len(table.get(key, ())) for key in _ROWS))
    return fewest[0] if fewest else {}


def _tables_like(
    name: str, shipped: Lifecycle, window: Delay | None, lifecycle: Lifecycle
) -> Iterator[dict[str, Any]]:
    """The table that says what a lifecycle has beyond a shipped one, if it does say all of it."""
    base = shipped if window is None else _with_window(shipped, window)
    own = None if base is None else _surplus(base, lifecycle)
    if own is None:
        return
    again = _joined(shipped, own) if own else shipped
    again = again if window is None else _with_window(again, window) or again
    if again == lifecycle:
        yield {"like": name, **own, **({} if window is None else {"reopen_within": delay_text(window)})}


def _windows(lifecycle: Lifecycle) -> Iterable[Delay | None]:
    given = (row.within for row in lifecycle.transitions if row.trigger == "reopen")
    amounts = dict.fromkeys(
        window.amount for window in given if window is not None and window.since == "resolved_at"
    )
    return (None, *amounts)


def _with_window(lifecycle: Lifecycle, amount: Delay) -> Lifecycle | None:
    try:
        return _reopening(lifecycle, amount)
    except PolicyError:
        return None


def _surplus(base: Lifecycle, lifecycle: Lifecycle) -> dict[str, Any] | None:
    """What a lifecycle has beyond another one; None where it does not begin with that one's rows."""
    data = {"starts": list(lifecycle.starts), **lifecycle.to_data()}
    own: dict[str, Any] = {} if base.name == lifecycle.name else {"name": lifecycle.name}
    for key in _ROWS:
        first, whole = getattr(base, key), getattr(lifecycle, key)
        if key == "roles":
            rest = sorted(whole - first) if first <= whole else None
        else:
            rest = data.get(key, [])[len(first) :] if whole[: len(first)] == first else None
        if rest is None:
            return None
        own |= {key: rest} if rest else {}
    return own
