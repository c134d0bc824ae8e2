"""A small history on the command line: an incident as it is opened, and what happens to it.

An event is written ``ISO word [value] [name=value ...]``: when, what (`WORDS`, the events' names in small letters),
and the event's fields by name. A value without a name is the event's main field (`MAIN`); quotes keep blanks together.

    2026-03-06T16:45+00:00 held awaiting_user
    2026-03-06T17:10Z assigned "Mail team" assignee=ann
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, get_args

import attrs

from itilkit.cli.instants import instant
from itilkit.conditions import Flag, Instant, Level, Number, Schema
from itilkit.errors import Fault, FaultError, near
from itilkit.events import Classified, Event, Logged, Person, PrioritySet
from itilkit.policy import Policy
from itilkit.policy.whole import schema_of
from itilkit.policy.words import priority_level
from itilkit.records import Incident

__all__ = ["MAIN", "WORDS", "Told", "told"]

T = TypeVar("T")

_KINDS: tuple[type[Any], ...] = get_args(Event)
WORDS: Mapping[str, type[Any]] = {
    re.sub(r"(?<=.)(?=[A-Z])", "_", kind.__name__).lower(): kind for kind in _KINDS if kind is not Logged
}
"""The events by their words; when the incident was opened is said by ``--opened``."""

MAIN: Mapping[str, str] = {
    "priority_set": "priority",
    "assigned": "group",
    "held": "reason",
    "resolved": "code",
    "reopened": "reason",
    "closed": "code",
    "cancelled": "reason",
    "escalated": "kind",
    "attached": "agreement",
    "major_proposed": "reason",
    "major_rejected": "reason",
    "major_declared": "reason",
    "stood_down": "reason",
    "war_room_opened": "war_room",
    "disaster_recovery_invoked": "plan",
    "step_done": "step",
    "migrated": "state",
}
"""Which field a value without a name is, by the event's word."""

_PERSON = {"reporter": "id", "reporter.name": "name", "reporter.organisation": "organisation"}
_LOGGED = ("title", "channel")
_RECORD = ("customer", "site")
_STANDARD = ("category", "subcategory", "service", "configuration_item", "impact", "urgency")
_INSTANTS = ("start", "end", "held_at", "next_update_due_at")
_FLAGS = ("public", "automatic", "inferred", "reporter.vip")
_NUMBERS = ("score", "level")
_WRITTEN = "2026-03-06T16:45Z held awaiting_user"


@attrs.frozen
class Told:
    """A history from the command line.

    Attributes:
        incident: The incident.
        sources: For each of its events the option that told it.
    """

    incident: Incident
    sources: tuple[str, ...]

    def placed(self, fault: Fault) -> Fault:
        """The fault of a history, at the option that told the event."""
        match = re.match(r"events\[(\d+)\]", fault.path)
        if match is None:
            path = fault.path or "--opened, --event or --as-of"
            return attrs.evolve(fault, path=path, hint=fault.hint or "mend what lies outside")
        return attrs.evolve(fault, path=self.sources[int(match[1])], hint=fault.hint or "take another step")


def told(
    policy: Policy,
    *,
    opened: str,
    priority: str | None,
    fields: Iterable[str] = (),
    events: Iterable[str] = (),
) -> Told:
    """The incident that the options describe; its events in the order of their instants.

    Args:
        policy: It knows the priorities and the house's own fields.
        opened: When it is opened.
        priority: With which priority, ``P1`` or a label; None derives it from impact and urgency.
        fields: What else is known of it, ``name=value``.
        events: What happens to it.

    Raises:
        FaultError: an option that cannot be understood.
    """
    reader = _Reader(policy)
    at = instant(opened, "--opened")
    given = [reader.pair(text) for text in fields]
    first = [("--opened", event) for event in reader.beginning(at, priority, given)]
    later = [(f'--event "{text}"', reader.event(text)) for text in events]
    later.sort(key=lambda pair: pair[1].at)
    history = [*first, *later]
    named: dict[str, Any] = {name: value for name, value in given if name in _RECORD}
    incident = Incident("what-if", [event for _, event in history], **named)
    return Told(incident, tuple(source for source, _ in history))


def _fault(message: str, path: str, hint: str = "") -> FaultError:
    return FaultError.one("usage", message, path=path, hint=hint)


class _Reader:
    """Texts into the values of fields."""

    def __init__(self, policy: Policy) -> None:
        self.labels = policy.matrix.priority.labels
        self.own = policy.fields
        self.schema: Schema = schema_of(policy.fields, policy.matrix)

    def pair(self, text: str) -> tuple[str, Any]:
        """What ``--field`` says."""
        path = f"--field {text}"
        known = (*_PERSON, "reporter.vip", *_LOGGED, *_RECORD, *_STANDARD, *self.own)
        name, equals, value = text.partition("=")
        if not equals:
            raise _fault("there is no value", path, "write name=value, such as service=Mail")
        if name not in known:
            raise _fault(f"no field is called {name!r}", path, near(name, known))
        read = self.typed if name in self.own else self.value
        return name, read(name, value, path)

    def beginning(
        self, at: datetime, priority: str | None, given: Sequence[tuple[str, Any]]
    ) -> Iterable[Event]:
        """How the history begins."""
        known = dict(given)
        if priority is None and not {"impact", "urgency"} <= set(known):
            hint = "give it, or --field impact=... and --field urgency=..."
            raise _fault("nothing says how pressing it is", "--priority", hint)
        if len(known) < len(given):
            raise _fault("a field is given twice", "--field", "give each once")
        person = {_PERSON[name]: value for name, value in given if name in _PERSON}
        if "reporter.vip" in known:
            person["vip"] = known["reporter.vip"]
        logged = {name: known[name] for name in _LOGGED if name in known}
        if person:
            logged["reporter"] = _made("--field", partial(Person, **{"id": "reporter", **person}))
        yield _made("--field", partial(Logged, at, **logged))
        if priority is not None:
            yield PrioritySet(at, priority=self.priority(priority, "--priority"))
        standard = {name: known[name] for name in _STANDARD if name in known}
        own = {name: known[name] for name in self.own if name in known}
        if standard or own:
            yield _made("--field", partial(Classified, at, **standard, fields=own))

    def event(self, text: str) -> Event:
        """What ``--event`` says."""
        path = f'--event "{text}"'
        try:
            at, word, *values = shlex.split(text)
        except ValueError:
            raise _fault("is no event", path, f'write "ISO word [name=value ...]": "{_WRITTEN}"') from None
        when = instant(at, path)
        if word not in WORDS:
            hint = "that is --opened" if word == "logged" else near(word, WORDS)
            raise _fault(f"no event is called {word!r}", path, hint)
        kind = WORDS[word]
        names = [field.name for field in attrs.fields(kind) if field.name not in ("at", "fields")]
        given: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for value in values:
            name, equals, rest = value.partition("=")
            if not equals:
                name, rest = self.main(word, path), value
            mine = word == "classified" and name in self.own and name not in names
            if name not in names and not mine:
                raise _fault(f"{word} has no {name!r}", path, near(name, names))
            if name in given or name in own:
                raise _fault(f"{name} is given twice", path, "give it once")
            read = self.typed if mine else self.value
            (own if mine else given)[name] = read(name, rest, path)
        if own:
            given["fields"] = own
        missing = [
            field.name
            for field in attrs.fields(kind)
            if field.default is attrs.NOTHING and field.name not in ("at", *given)
        ]
        if missing:
            raise _fault(f"{word} needs {' and '.join(missing)}", path, f"add {missing[0]}=...")
        event: Event = _made(path, lambda: kind(when, **given))
        return event

    def main(self, word: str, path: str) -> str:
        """The field that a value without a name is."""
        if word not in MAIN:
            raise _fault(f"{word} takes its values by name", path, "write name=value")
        return MAIN[word]

    def priority(self, text: str, path: str) -> int:
        """The level of a priority."""
        try:
            return priority_level(int(text) if text.isdecimal() else text, self.labels)
        except ValueError:
            message = f"the matrix knows no priority {text!r}"
            raise _fault(message, path, near(text, [*self.labels, *self._numbers()])) from None

    def _numbers(self) -> Iterable[str]:
        return (f"P{level}" for level in range(1, len(self.labels) + 1))

    def value(self, name: str, text: str, path: str) -> Any:
        """The value of a field."""
        if name == "priority":
            return self.priority(text, path)
        if name in _INSTANTS:
            return instant(text, path)
        if name in _FLAGS:
            return _flag(text, path)
        if name in _NUMBERS:
            return _number(text, path)
        if name == "scale":
            return tuple(_number(part, path) for part in text.split("-"))
        return self.typed(name, text, path) if name in ("impact", "urgency") else text

    def typed(self, name: str, text: str, path: str) -> Any:
        """The value of a field that has a type in the policy."""
        kind = self.schema.fields[name]
        if isinstance(kind, Instant):
            return instant(text, path)
        value = _plain(text) if isinstance(kind, Number | Flag | Level) else text
        return _made(path, partial(kind.read, value), "write another value")


def _made(path: str, make: Callable[[], T], hint: str = "") -> T:
    """What `make` makes; its faults are those of the option."""
    try:
        return make()
    except FaultError as error:
        found = (attrs.evolve(fault, path=path, hint=fault.hint or hint) for fault in error.faults)
        raise FaultError(found) from None


def _flag(text: str, path: str) -> bool:
    if text not in ("true", "false"):
        raise _fault(f"expected true or false, got {text!r}", path, "write true or false")
    return text == "true"


def _number(text: str, path: str) -> int | float:
    plain = _plain(text)
    if isinstance(plain, bool) or not isinstance(plain, int | float):
        raise _fault(f"expected a number, got {text!r}", path, "write it in digits")
    return plain


def _plain(text: str) -> str | int | float | bool:
    """A truth value or a number where the text is one."""
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?[0-9]{1,15}", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,15}", text) else text
