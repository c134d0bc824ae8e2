"""What may be asked about: the named, typed fields of an incident as it stands at one beat.

A `Schema` is data. The library's own, `INCIDENT`, has the standard fields under the names they carry in events and
timelines; a house declares its own beside them with `Schema.having`. What a condition is judged on, a *situation*,
is a plain mapping of field name to value. A field that is not in it, or that is None there, is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum, EnumType, StrEnum
from math import isfinite
from operator import index
from typing import Any, TypeAlias, Union, cast

import attrs

from itilkit.errors import Fault, PolicyError, RecordError, near, shown
from itilkit.events import Person
from itilkit.spans import utc
from itilkit.vocabulary import Channel, HoldReason, Scale, Status, fold

__all__ = [
    "INCIDENT",
    "OPERATORS",
    "Choice",
    "Field",
    "FieldType",
    "Flag",
    "Instant",
    "Level",
    "Number",
    "Schema",
    "Situation",
    "Text",
    "Texts",
    "Value",
    "situation",
    "written",
]

# Any, because a situation also comes from tools whose values are whatever they are.
Situation: TypeAlias = Mapping[str, Any]
Value: TypeAlias = str | int | float | datetime
"""What a field is compared with; a truth value is an int to type checkers."""

_EQUALITY = frozenset({"is", "is_not", "one_of", "none_of", "known"})
_ORDER = _EQUALITY | {"below", "at_most", "above", "at_least", "between"}
OPERATORS = _ORDER | {"has_any", "has_all", "starts_with", "like"}
"""The words by which a field is compared; no part of a field's name but the first may be one."""

_RESERVED = frozenset({"all", "any", "not", "always", "field"})
_LONGEST_TEXT = 1_000
_MOST_BITS = 1_000  # every whole number has a float near it


def written(value: object) -> str:
    """A value as a sentence about a condition shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        plain = str.__str__(value)
        return plain if plain and all(sign.isalnum() or sign in "-_.@/*?" for sign in plain) else f'"{plain}"'
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, frozenset | set | tuple | list):
        items = cast("Iterable[object]", value)
        texts = [written(item) for item in items]
        return ", ".join(texts if isinstance(value, tuple | list) else sorted(texts)) or "nothing"
    return shown(value)


def _wrong(told: str, value: object, hint: str = "") -> PolicyError:
    return PolicyError.one("wrong_kind", f"expected {told}, got {shown(value)}", hint=hint)


@attrs.frozen
class Text:
    """Free text; compared letter by letter, so case counts."""

    @property
    def told(self) -> str:
        """What a value of this type is, in words."""
        return "a text"

    @property
    def operators(self) -> frozenset[str]:
        """The operators that make sense on it."""
        return _EQUALITY | {"starts_with", "like"}

    def read(self, value: object) -> Value:
        """The value, made plain; raises `PolicyError` where it is none of this type."""
        if not isinstance(value, str):
            raise _wrong(self.told, value, "write it in quotes")
        if not value:
            raise PolicyError.one("empty_text", "an empty text says nothing", hint="ask for known = false")
        if len(value) > _LONGEST_TEXT:
            raise PolicyError.one("too_long", f"a text of more than {_LONGEST_TEXT} letters is not compared")
        return str.__str__(value)


def _words(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.value if isinstance(word, StrEnum) else word for word in words))


@attrs.frozen
class Choice:
    """One word of a closed list; in reading, case, spaces, ``_`` and ``-`` do not matter."""

    words: tuple[str, ...] = attrs.field(converter=_words)

    def __attrs_post_init__(self) -> None:
        words: tuple[object, ...] = self.words
        if not words or not all(isinstance(word, str) and word for word in words):
            raise PolicyError.one("wrong_kind", f"expected words to choose from, got {shown(self.words)}")

    @property
    def told(self) -> str:
        """What a value of this type is, in words."""
        return f"one of {', '.join(self.words[:12])}{', ...' if len(self.words) > 12 else ''}"  # noqa: PLR2004

    @property
    def operators(self) -> frozenset[str]:
        """The operators that make sense on it."""
        return _EQUALITY

    def read(self, value: object) -> Value:
        """The value, made plain; raises `PolicyError` where it is none of this type."""
        if not isinstance(value, str):
            raise _wrong(self.told, value)
        if value in self.words:
            return str.__str__(value)
        for word in self.words:
            if fold(word) == fold(value):
                return word
        raise PolicyError.one(
            "unknown_word", f"{shown(value)} is not on the list", hint=near(value, self.words)
        )


@attrs.frozen
class Level:
    """A ranked level: a whole number from 1, the highest, up to the length of the scale where there is one.

    Attributes:
        scale: The labels that may stand for the numbers; None for any whole number from 1.
        letter: What may stand before the number, such as ``P`` in ``P1``.
    """

    scale: Scale | None = None
    letter: str = ""

    @property
    def told(self) -> str:
        """What a value of this type is, in words."""
        if self.scale is None:
            return "a level: a whole number from 1"
        return f"a level from 1 to {len(self.scale)}, or {', '.join(self.scale.labels)}"

    @property
    def operators(self) -> frozenset[str]:
        """The operators that make sense on it."""
        return _ORDER

    def read(self, value: object) -> Value:
        """The value, made plain; raises `PolicyError` where it is none of this type."""
        if isinstance(value, str):
            return self._named(value)
        level = _whole(value)
        if level is None or level < 1 or (self.scale is not None and level > len(self.scale)):
            raise _wrong(self.told, value, "1 is the highest")
        return level

    def _named(self, text: str) -> int:
        labels = self.scale.labels if self.scale else ()
        count = len(labels) or 9
        names = {f"{self.letter}{level}": level for level in range(1, count + 1)} if self.letter else {}
        names |= {label: level for level, label in enumerate(labels, start=1)}
        for name, level in names.items():
            if fold(name) == fold(text):
                return level
        if not names:
            raise _wrong(self.told, text, "1 is the highest")
        raise PolicyError.one("unknown_level", f"there is no level {shown(text)}", hint=near(text, names))


def _whole(value: object) -> int | None:
    """The whole number that a value is, or None; truth values are none."""
    if isinstance(value, bool):
        return None
    try:
        number = int(index(cast("Any", value)))
    except TypeError:
        return None
    return number if number.bit_length() <= _MOST_BITS else None


@attrs.frozen
class Number:
    """A number.

    Attributes:
        whole: Only whole numbers occur.
        least: The smallest that occurs, or None.
    """

    whole: bool = attrs.field(default=False, kw_only=True)
    least: int | None = attrs.field(default=None, kw_only=True)

    @property
    def told(self) -> str:
        """What a value of this type is, in words."""
        kind = "a whole number" if self.whole else "a number"
        return kind if self.least is None else f"{kind} from {self.least}"

    @property
    def operators(self) -> frozenset[str]:
        """The operators that make sense on it."""
        return _ORDER

    def read(self, value: object) -> Value:
        """The value, made plain; raises `PolicyError` where it is none of this type."""
        number: int | float | None = _whole(value)
        if number is None and not self.whole and isinstance(value, float) and isfinite(value):
            number = float(value)
        if number is None or (self.least is not None and number < self.least):
            raise _wrong(self.told, value)
        return number


@attrs.frozen
class Flag:
    """True or false."""

    @property
    def told(self) -> str:
        """What a value of this type is, in words."""
        return "true or false"

    @property
    def operators(self) -> frozenset[str]:
        """The operators that make sense on it."""
        return frozenset({"is", "is_not", "known"})

    def read(self, value: object) -> Value:
        """The value, made plain; raises `PolicyError` where it is none of this type."""
        if not isinstance(value, bool):
            raise _wrong(self.told, value)
        return value


@attrs.frozen
class Instant:
    """A point in time; aware, UTC inside. As plain data also ISO 8601 text with its offset."""

    @property
    def told(self) -> str:
        """What a value of this type is, in words."""
        return 'an instant such as "2026-03-02T09:00:00Z"'

    @property
    def operators(self) -> frozenset[str]:
        """The operators that make sense on it."""
        return _ORDER

    def read(self, value: object) -> Value:
        """The value, made plain; raises `PolicyError` where it is none of this type."""
        try:
            return utc(datetime.fromisoformat(value) if isinstance(value, str) else cast("datetime", value))
        except (ValueError, TypeError):
            raise _wrong(self.told, value, "give it with its offset from UTC") from None


@attrs.frozen
class Texts:
    """A set of texts, such as tags."""

    @property
    def told(self) -> str:
        """What a value of this type is, in words."""
        return "texts"

    @property
    def operators(self) -> frozenset[str]:
        """The operators that make sense on it."""
        return frozenset({"has_any", "has_all", "known"})

    def read(self, value: object) -> Value:
        """One of the texts, made plain; raises `PolicyError` where it is none."""
        return Text().read(value)


FieldType: TypeAlias = Union[Text, Choice, Level, Number, Flag, Instant, Texts]  # noqa: UP007 - one closed union
_TYPES = (Text, Choice, Level, Number, Flag, Instant, Texts)


@attrs.frozen
class Field:
    """A field that may be asked about: its name and the type of its values.

    >>> INCIDENT.field("priority")
    Field(name='priority', type=Level(scale=None, letter='P'))
    """

    name: str
    type: FieldType

    def __str__(self) -> str:
        return self.name


def _typed(fields: Mapping[str, FieldType]) -> Mapping[str, FieldType]:
    return dict(fields)


@attrs.frozen(repr=False)
class Schema:
    """The fields that there are, by name.

    >>> house = INCIDENT.having({"region": ["EMEA", "APAC"], "contract_value": float})
    >>> house.field("region").type.told
    'one of EMEA, APAC'
    """

    name: str
    fields: Mapping[str, FieldType] = attrs.field(converter=_typed, hash=False)

    def __repr__(self) -> str:
        return f"<Schema {self.name}: {len(self.fields)} fields>"

    def field(self, name: object) -> Field:
        """The field of that name.

        Raises:
            PolicyError: there is none; near names are offered.
        """
        if isinstance(name, str) and name in self.fields:
            return Field(name, self.fields[name])
        message = f"{self.name} has no field {shown(name)}"
        place = name if isinstance(name, str) else ""
        raise PolicyError.one("unknown_field", message, path=place, hint=near(place, self.fields))

    def having(self, fields: Mapping[str, object]) -> Schema:
        """This schema with fields of the house beside its own, or with its own told more closely.

        A type is a `FieldType` or stands for one: ``str``, ``int``, ``float``, ``bool``, ``datetime``,
        ``frozenset`` (texts), a list of words or a StrEnum (a choice), a `Scale` (a level). A field that is there
        already keeps its kind, but for a text that becomes a choice: ``{"service": ["mail", "payments"]}``.

        Raises:
            PolicyError: with every fault: a name that cannot be told from the words of a condition, no type, another
                kind than the field has.
        """
        faults: list[Fault] = []
        found: dict[str, FieldType] = {}
        for name, given in fields.items():
            try:
                _check_name(name)
                found[name] = self._closer(name, _type_of(given))
            except PolicyError as error:
                faults += [attrs.evolve(fault, path=str(name)) for fault in error.faults]
        if faults:
            raise PolicyError(faults)
        return Schema(self.name, {**self.fields, **found})

    def _closer(self, name: str, kind: FieldType) -> FieldType:
        own = self.fields.get(name)
        if isinstance(own, Level) and isinstance(kind, Level):
            return attrs.evolve(kind, letter=kind.letter or own.letter)
        if own is None or type(own) is type(kind) or (isinstance(own, Text) and isinstance(kind, Choice)):
            return kind
        message = f"{name} is {own.told} in every {self.name}"
        raise PolicyError.one("other_kind", message, hint="give the house's own field another name")

    def situation(self, *layers: Mapping[str, object]) -> dict[str, Any]:
        """As the function `situation`, with every name and value checked: labels become levels, instants UTC.

        Raises:
            RecordError: with every fault: an unknown name, a value that is none of the field's type.

        >>> INCIDENT.situation({"priority": "P1", "reporter": {"vip": True}})
        {'priority': 1, 'reporter.vip': True}
        """
        faults: list[Fault] = []
        found: dict[str, Any] = {}
        for name, value in situation(*layers).items():
            try:
                found[name] = _plain(self.field(name).type, value)
            except PolicyError as error:
                faults += [attrs.evolve(fault, path=name) for fault in error.faults]
        if faults:
            raise RecordError(faults)
        return found


def _plain(kind: FieldType, value: object) -> object:
    """A value of a situation; the field of texts takes a set of them."""
    if not isinstance(kind, Texts):
        return kind.read(value)
    if not isinstance(value, frozenset):
        raise _wrong("a list of texts", value)
    return frozenset(map(kind.read, cast("frozenset[object]", value)))


def _check_name(name: object) -> None:
    parts = name.split(".") if isinstance(name, str) else [""]
    if not all(part.strip() for part in parts):
        raise PolicyError.one("bad_name", f"{shown(name)} is no name of a field", hint="give a text")
    word = next((part for part in parts[1:] if part in OPERATORS), parts[0])
    if word in _RESERVED or word != parts[0]:
        message = f"{word!r} is a word of conditions, so no field can be called {shown(name)}"
        raise PolicyError.one("bad_name", message, hint="give the field another name")


_STAND_INS: Mapping[object, FieldType] = {
    str: Text(),
    int: Number(whole=True),
    float: Number(),
    bool: Flag(),
    datetime: Instant(),
    frozenset: Texts(),
}


def _type_of(given: object) -> FieldType:
    if isinstance(given, _TYPES):
        return given
    if isinstance(given, type) and given in _STAND_INS:
        return _STAND_INS[given]
    if isinstance(given, EnumType) and issubclass(given, StrEnum):
        return Choice(given)
    if isinstance(given, Scale):
        return Level(given)
    if isinstance(given, list | tuple):
        return Choice(cast("Iterable[str]", given))
    raise PolicyError.one(
        "unknown_type",
        f"{shown(given)} is no type of a field",
        hint="str, int, float, bool or a list of words",
    )


def situation(*layers: Mapping[str, object]) -> dict[str, Any]:
    """What conditions are judged on: flat names, plain values. Later layers are laid over earlier ones.

    A `Person`, or a mapping, is spread over dotted names; the person's own name is the id. None and the empty text
    say nothing and leave what an earlier layer said. Nothing is checked: `Schema.situation` does that.

    >>> from itilkit.events import Person
    >>> situation({"region": "EMEA"}, {"status": Status.NEW, "group": None, "reporter": Person("ann", vip=True)})
    {'region': 'EMEA', 'status': 'new', 'reporter': 'ann', 'reporter.vip': True}
    """
    found: dict[str, Any] = {}
    for layer in layers:
        for name, value in layer.items():
            if value.__class__ in _PLAIN and value != "":
                found[name] = value
            elif value is not None:
                _lay(found, name, value)
    return found


_PLAIN = frozenset({str, int, float, bool, datetime})


def _lay(found: dict[str, Any], name: str, value: object) -> None:
    """Lay a value that is not plain, or says nothing."""
    if isinstance(value, Enum):
        found[name] = value.value
    elif isinstance(value, Person):
        parts = {
            name: value.id,
            f"{name}.name": value.name or None,
            f"{name}.organisation": value.organisation or None,
            f"{name}.vip": value.vip,
        }
        for part, held in parts.items():  # of another person before, nothing is left
            found.pop(part, None)
            if held is not None:
                found[part] = held
    elif isinstance(value, Mapping) and "." not in name:  # one level, as the names of fields go
        inner = cast("Mapping[str, object]", value)
        found.update(situation({f"{name}.{part}": each for part, each in inner.items()}))
    elif isinstance(value, list | tuple | set | frozenset):
        try:
            found[name] = frozenset(cast("Iterable[object]", value))
        except TypeError:  # a list of lists is told where it is compared
            found[name] = value
    elif value != "":
        found[name] = value


def _person(name: str) -> dict[str, FieldType]:
    return {name: Text(), f"{name}.name": Text(), f"{name}.organisation": Text(), f"{name}.vip": Flag()}


INCIDENT = Schema(
    "an incident",
    {
        "title": Text(),
        "channel": Choice(Channel),
        "category": Text(),
        "subcategory": Text(),
        "service": Text(),
        "configuration_item": Text(),
        "impact": Level(),
        "urgency": Level(),
        "priority": Level(letter="P"),
        "status": Choice(Status),
        "state": Text(),
        "hold_reason": Choice(HoldReason),
        "group": Text(),
        **_person("assignee"),
        **_person("reporter"),
        "customer": Text(),
        "site": Text(),
        "source": Text(),
        "tags": Texts(),
        "affected_users": Number(whole=True, least=0),
        "estimated_outage_minutes": Number(least=0),
        "cost_per_minute": Number(least=0),
        "item_cost": Number(least=0),
        "reopen_count": Number(whole=True, least=0),
        "opened_at": Instant(),
    },
)
"""The standard fields of an incident at a beat; people by their id.

``tags``, ``affected_users``, ``estimated_outage_minutes`` (how long it is thought to last), ``cost_per_minute`` (what
each minute of it costs) and ``item_cost`` (what the thing that failed costs to replace) have no place of their own on
an event: a tool says them in `Classified.fields`, or as attributes of the record. Costs are in one currency.
"""
