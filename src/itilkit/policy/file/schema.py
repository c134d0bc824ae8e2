"""The policy file as a JSON Schema, made from the classes that read it, so that editors complete and check it.

The schema knows keys, kinds of values and closed words. What values mean together, such as a calendar that nobody
described, only reading the file tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import NoneType
from typing import Any, cast, get_args, get_origin, get_type_hints

import attrs

from itilkit.conditions import INCIDENT
from itilkit.incident_models import Defaults
from itilkit.lifecycle import SHIPPED, Right, State, Timer, Transition
from itilkit.policy.file.agreements import AgreementTable, TargetRow
from itilkit.policy.file.document import FORMAT, FileTable
from itilkit.policy.file.fields import TYPES, FieldTable
from itilkit.policy.file.lifecycle import LifecycleTable
from itilkit.policy.file.priority import PriorityTable, RuleTable
from itilkit.priority import MATRICES
from itilkit.vocabulary import Audience

__all__ = [
    "CADENCE_KEYS",
    "CALENDAR_KEYS",
    "MODEL_KEYS",
    "ROUTE_KEYS",
    "RUNG_KEYS",
    "STEP_KEYS",
    "file_schema",
]

Plain = dict[str, Any]

_TEXT: Plain = {"type": "string"}
_TEXTS: Plain = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_TABLE: Plain = {"type": "object"}
_LEVEL: Plain = {"anyOf": [_TEXT, {"type": "integer", "minimum": 1}]}
_LEVELS: Plain = {"anyOf": [*_LEVEL["anyOf"], {"type": "array", "items": _LEVEL, "minItems": 1}]}
_AMOUNT: Plain = {"type": "string", "not": {"pattern": "^[0-9]+ *(d|days?)$"}}
_HOURS: Plain = {"type": "object", "additionalProperties": _TEXTS}
_HOLIDAY: Plain = {"anyOf": [_TEXT, _TABLE]}

_PLAIN: Mapping[Any, Plain] = {
    str: _TEXT,
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Any: {},
}

CALENDAR_KEYS: Mapping[str, Plain] = {
    "zone": _TEXT,
    "weekly": _HOURS,
    "public_holidays": {"anyOf": [_HOLIDAY, {"type": "array", "items": _HOLIDAY}]},
    "closed": {"type": "object", "additionalProperties": _TEXT},
    "special_hours": _HOURS,
    "working_days": _TEXTS,
    "recurring": {"type": "array", "items": _TABLE},
    "open_when_any": {"type": "array", "items": _TEXT, "minItems": 1},
    "except_when": {"type": "array", "items": _TEXT},
    "changes": {"type": "object", "additionalProperties": _TEXT},
}
RUNG_KEYS: Mapping[str, Plain] = {
    "at": _TEXT,
    "to": _TEXTS,
    "kind": _TEXT,
    "level": {"type": "integer", "minimum": 1},
    "unless": _TEXTS,
    "when": _TABLE,
    "repeat": _TABLE,
    "name": _TEXT,
}


def file_schema() -> Plain:
    """The schema of a policy file, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "itilkit policy",
        "description": "When a house works, what is urgent, how incidents flow and what is promised.",
        **_shape(FileTable, _FILE_KEYS),
        "$defs": {"when": _when()},
    }


def _shape(shape: type, told: Mapping[str, Plain] | None = None) -> Plain:
    """A table with the keys of a class; `told` holds what its types do not say."""
    fields = cast("tuple[attrs.Attribute[Any], ...]", attrs.fields(cast("Any", shape)))
    hints = get_type_hints(shape)
    known = told or {}
    return _object(
        {field.name: known.get(field.name) or _kind(hints[field.name]) for field in fields},
        [field.name for field in fields if field.default is attrs.NOTHING],
    )


def _object(keys: Mapping[str, Plain], required: Iterable[str] = ()) -> Plain:
    needed = list(required)
    return {
        "type": "object",
        "properties": dict(keys),
        **({"required": needed} if needed else {}),
        "additionalProperties": False,
    }


def _kind(kind: Any) -> Plain:
    """What a key of that type may hold."""
    given = [each for each in get_args(kind) if each is not NoneType]
    if NoneType in get_args(kind):
        return _kind(given[0])
    if get_origin(kind) is list:
        return {"type": "array", "items": _kind(given[0])}
    if given:
        return _words(given)
    if attrs.has(kind):
        return _shape(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _words(word.value for word in kind)
    return dict(_PLAIN[kind])


def _words(words: Iterable[str]) -> Plain:
    """One of the words; case, spaces, ``_`` and ``-`` do not matter."""
    known = list(words)
    patterns = ("[ _-]*".join(_letter(sign) for sign in word if sign not in " _-") for word in known)
    return {"anyOf": [{"enum": known}, {"type": "string", "pattern": f"^({'|'.join(patterns)})$"}]}


def _letter(sign: str) -> str:
    return f"[{sign.upper()}{sign.lower()}]" if sign.isalpha() else sign


def _rows(row: type, needed: Iterable[str]) -> Plain:
    """A list of tables with the names of a class's attributes; their values are checked when they are read."""
    fields = cast("tuple[attrs.Attribute[Any], ...]", attrs.fields(cast("Any", row)))
    return {"type": "array", "items": _object({field.name: {} for field in fields if field.init}, needed)}


def _when() -> Plain:
    """A condition: the standard fields for completion, and whatever the house declares."""
    fields: dict[str, Plain] = {}
    for name in INCIDENT.fields:
        first = name.partition(".")[0]
        fields[first] = {}
    return {"type": "object", "minProperties": 1, "properties": fields}


_WHEN: Plain = {"$ref": "#/$defs/when"}
_RULE_KEYS: Mapping[str, Plain] = {
    "when": _WHEN,
    **dict.fromkeys(("impact_at_least", "urgency_at_least", "priority_at_least"), _LEVEL),
}
_TARGET_KEYS: Mapping[str, Plain] = {
    **{field.name: _AMOUNT for field in attrs.fields(TargetRow)},
    "priority": _LEVELS,
    "calendar": _TEXT,
}
_PRIORITY_KEYS: Mapping[str, Plain] = {
    "matrix": _words(MATRICES),
    "rules": {"type": "array", "items": _shape(RuleTable, _RULE_KEYS)},
}
_LIFECYCLE_KEYS: Mapping[str, Plain] = {
    "like": _words(SHIPPED),
    "reopen_within": _AMOUNT,
    "close_after": _AMOUNT,
    "states": _rows(State, ("name", "status")),
    "transitions": _rows(Transition, ("trigger", "sources", "target")),
    "rights": _rows(Right, ("source", "target", "roles")),
    "timers": _rows(Timer, ("name", "fires", "after")),
    **dict.fromkeys(("starts", "stimuli", "roles"), _TEXTS),
}
_AGREEMENT_KEYS: Mapping[str, Plain] = {
    "calendar": {"anyOf": [_TEXT, _object({"from": _TEXT, "otherwise": _TEXT}, ("from", "otherwise"))]},
    "when": _WHEN,
    "targets": {"type": "array", "items": _shape(TargetRow, _TARGET_KEYS), "minItems": 1},
    "warn": {"anyOf": [{"type": "array", "items": _TEXT}, {"type": "object", "additionalProperties": _TEXT}]},
    "escalate": {"type": "array", "items": _object(RUNG_KEYS, ("at", "to"))},
}
CADENCE_KEYS: Mapping[str, Plain] = {
    "every": _AMOUNT,
    "audience": _words(Audience),
    "priorities": _LEVELS,
    "to": _TEXTS,
    "when": _WHEN,
}
_CADENCE: Plain = _object(CADENCE_KEYS, ("every",))
_EVIDENCE: Plain = {"anyOf": [_TABLE, {"type": "array", "items": _TABLE}]}
STEP_KEYS: Mapping[str, Plain] = {
    **dict.fromkeys(("id", "title", "owner"), _TEXT),
    "budget": _AMOUNT,
    "depends_on": _TEXTS,
    "optional": {"type": "boolean"},
    "when": _WHEN,
    "evidence": _EVIDENCE,
    "begins": _EVIDENCE,
}
_STEPS: Plain = {"type": "array", "items": _object(STEP_KEYS, ("id", "title", "owner")), "minItems": 1}
MODEL_KEYS: Mapping[str, Plain] = {
    **dict.fromkeys(("id", "name", "version"), _TEXT),
    "when": _WHEN,
    "rank": {"type": "integer", "minimum": 1},
    "defaults": _object({field.name: {} for field in attrs.fields(Defaults)}),
    "priority_at_least": _LEVEL,
    "priority_at_most": _LEVEL,
    "communication": {"type": "array", "items": _CADENCE},
    "closure": _EVIDENCE,
    "workarounds": _TEXTS,
    "knowledge": _TEXTS,
    "steps": _STEPS,
}
ROUTE_KEYS: Mapping[str, Plain] = {
    "group": _TEXT,
    "when": _WHEN,
    "level": {"type": "integer", "minimum": 1, "maximum": 4},
    "because": _TEXT,
}
MAJOR_RULE_KEYS: Mapping[str, Plain] = {"name": _TEXT, "when": _WHEN, "because": _TEXT, "ask": _TEXTS}
_FIELD: Plain = {
    "anyOf": [_words(TYPES), {"type": "array", "items": _TEXT, "minItems": 1}, _shape(FieldTable)],
}
_FILE_KEYS: Mapping[str, Plain] = {
    "itilkit": {"const": FORMAT},
    "valid_from": {"type": "string", "format": "date"},
    "calendars": {"type": "object", "additionalProperties": _object(CALENDAR_KEYS)},
    "fields": {"type": "object", "additionalProperties": _FIELD},
    "priority": _shape(PriorityTable, _PRIORITY_KEYS),
    "lifecycle": _shape(LifecycleTable, _LIFECYCLE_KEYS),
    "agreements": {"type": "array", "items": _shape(AgreementTable, _AGREEMENT_KEYS)},
    "cadences": {"type": "array", "items": _CADENCE},
    "incident_models": {"type": "array", "items": _object(MODEL_KEYS, ("id", "name", "steps"))},
    "routing": {"type": "array", "items": _object(ROUTE_KEYS, ("group",))},
    "major_rules": {"type": "array", "items": _object(MAJOR_RULE_KEYS, ("name", "when"))},
}
