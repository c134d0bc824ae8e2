"""A timer as plain data: the arguments that a table names, and the table that gives them back.

The keys are the names of the attributes; events are written as ``requester_wrote`` for `RequesterWrote`. What is
left out has the attribute's default, and what has its default is not written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast, get_args

import attrs

from itilkit.errors import Fault, FaultError, PolicyError, near
from itilkit.events import Event, Fields
from itilkit.lifecycle.data import Plain, plain_delay, read_delay
from itilkit.lifecycle.window import Delay
from itilkit.vocabulary import fold

__all__ = ["read_timer", "written_timer"]

_TEXTS = ("name", "fires", "status", "state", "hold_reason", "since", "code")
_NEEDED = ("name", "fires", "after")


def _snake(kind: type[Event]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


_EVENTS: Mapping[str, type[Event]] = {_snake(kind): kind for kind in get_args(Event)}
_NAMES: Mapping[type[Event], str] = {kind: name for name, kind in _EVENTS.items()}


def read_timer(data: object) -> Plain:
    """The arguments of the timer that a table describes.

    Raises:
        PolicyError: with every fault of the table, each with its path.
    """
    if not isinstance(data, Mapping):
        raise PolicyError.one("not_a_table", f"expected {', '.join(_NEEDED)}, got {data!r}")
    table = cast("Mapping[object, object]", data)
    faults = [
        Fault("unknown_key", f"nothing is called {key!r}", path=str(key), hint=near(key, _READERS))
        for key in table
        if key not in _READERS
    ]
    faults += [
        Fault("missing_key", f"{key} is missing", path=key, hint=f"give {key}")
        for key in _NEEDED
        if key not in table
    ]
    found: Plain = {}
    for key, read in _READERS.items():
        if key in table:
            try:
                found[key] = read(table[key])
            except FaultError as error:
                faults += [attrs.evolve(fault, path=_under(key, fault.path)) for fault in error.faults]
    if faults:
        raise PolicyError(faults)
    return found


def written_timer(timer: Any) -> Plain:
    """The table of a timer; `read_timer` takes it back."""
    data: Plain = {"name": timer.name, "fires": timer.fires, "after": _plain_after(timer.after)}
    for field in attrs.fields(timer.__class__):
        value = getattr(timer, field.name)
        if field.name in data or value == field.default or not value:
            continue
        if isinstance(value, frozenset):
            data[field.name] = sorted(_NAMES[kind] for kind in cast("frozenset[type[Event]]", value))
        elif isinstance(value, Mapping):
            data[field.name] = dict(cast("Mapping[str, object]", value))
        else:
            data[field.name] = str(value)
    return data


def _under(key: str, inner: str) -> str:
    return f"{key}{inner}" if not inner or inner.startswith("[") else f"{key}.{inner}"


def _plain_after(after: Delay | None) -> object:
    return 0 if after is None else plain_delay(after)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise PolicyError.one("not_a_text", f"expected a text, got {value!r}")
    return str(value)


def _after(value: object) -> Delay | None:
    """A table of one kind of time; 0 is off."""
    if type(value) is int and value == 0:
        return None
    if not isinstance(value, Mapping):
        message, hint = f"expected 0 or a table, got {value!r}", "write { working_days = 5 }"
        raise PolicyError.one("not_a_table", message, hint=hint)
    return read_delay(cast("object", value))


def _kinds(value: object) -> frozenset[type[Event]]:
    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, list | tuple):
        raise PolicyError.one("not_a_list", f"expected names of events, got {value!r}")
    faults = list(_unknown(cast("list[object]", names)))
    if faults:
        raise PolicyError(faults)
    folded = {fold(name): kind for name, kind in _EVENTS.items()}
    return frozenset(folded[fold(str(name))] for name in cast("list[object]", names))


def _unknown(names: list[object]) -> Iterator[Fault]:
    known = {fold(name) for name in _EVENTS}
    for index, name in enumerate(names):
        if not isinstance(name, str) or fold(name) not in known:
            hint = near(name, _EVENTS)
            yield Fault("unknown_word", f"{name!r} is no event", path=f"[{index}]", hint=hint)


def _exclude(value: object) -> Fields:
    if not isinstance(value, Mapping):
        raise PolicyError.one("not_a_table", f"expected facts and their values, got {value!r}")
    return Fields({str(key): fact for key, fact in cast("Mapping[object, Any]", value).items()})


_READERS: Mapping[str, Callable[[object], Any]] = {
    **dict.fromkeys(_TEXTS, _text),
    "after": _after,
    "restart_on": _kinds,
    "cancel_on": _kinds,
    "exclude": _exclude,
}
