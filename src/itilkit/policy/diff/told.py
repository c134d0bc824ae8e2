"""Values of a policy in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, cast

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import PolicyError
from itilkit.lifecycle import Delay, Lifecycle, Window
from itilkit.policy.agreement import Agreement
from itilkit.policy.objective import Objective
from itilkit.policy.words import delay_text, duration_text, share_text, threshold_text
from itilkit.priority import PriorityMatrix, WeightedPriority
from itilkit.sla.measure import Threshold

__all__ = ["NOTHING", "label_of", "told", "warnings", "words"]

NOTHING = "nothing"


def told(name: str) -> str:
    """The name of an option as people say it."""
    return name.replace("_", " ")


def words(value: Any) -> str:
    """A value of a policy as a reader of the file would write it.

    >>> words(timedelta(hours=8)), words(frozenset({"b", "a"})), words(None), words(True)
    ('8h', 'a, b', 'nothing', 'yes')
    """
    for kind, say in _WORDS:
        if isinstance(value, kind):
            return say(value) or NOTHING
    kind_of = cast("Any", type(value))
    if attrs.has(kind_of) and kind_of.__str__ is object.__str__:
        fields = (field for field in attrs.fields(kind_of) if field.eq and field.init)
        said = ((field.name, getattr(value, field.name), field.default) for field in fields)
        return "; ".join(f"{told(name)} {words(each)}" for name, each, usual in said if each != usual)
    return str(value)


def warnings(points: Mapping[str, Threshold]) -> str:
    """Their names, and what they are where the name does not say it."""
    texts = {name: _threshold(point) for name, point in points.items()}
    return ", ".join(name if name == text else f"{name} ({text})" for name, text in texts.items()) or NOTHING


def _threshold(point: Threshold) -> str:
    try:
        return threshold_text(point)
    except PolicyError:
        return str(point)


def _joined(values: Iterable[Any]) -> str:
    return ", ".join(map(words, values))


def _duration(value: timedelta) -> str:
    try:
        return duration_text(value) if value >= timedelta(0) else threshold_text(value)
    except PolicyError:
        return str(value)


def _delay(value: Delay) -> str:
    try:
        return delay_text(value)
    except PolicyError:
        return str(value)


def _table_words(value: Mapping[Any, Any]) -> str:
    return ", ".join(f"{words(key)} {words(each)}" for key, each in value.items())


def _objective_words(value: Objective) -> str:
    few = "" if value.small_n is None else f"; below {value.small_n.below}, {value.small_n.allow} breaches"
    return f"{share_text(value.share)} per {value.per}{few}"


_WORDS: Sequence[tuple[Any, Callable[[Any], str]]] = (
    (type(None), lambda _: NOTHING),
    (bool, lambda value: "yes" if value else "no"),
    (Enum, lambda value: str(value.value)),
    (str, str),
    (type, lambda value: value.__name__),
    (timedelta, _duration),
    (Delay, _delay),
    (Window, lambda value: f"{_delay(value.amount)} from {told(value.since)}"),
    (datetime | date, str),
    (Calendar, lambda value: value.name or repr(value)),
    (Lifecycle | PriorityMatrix | WeightedPriority, lambda value: value.name),
    (Objective, _objective_words),
    (Mapping, _table_words),
    (Set, lambda value: ", ".join(sorted(map(words, value)))),
    (Sequence, _joined),
)


def label_of(agreement: Agreement) -> str:
    """Kind and name of an agreement."""
    return f"{agreement.kind} {agreement.name}"
