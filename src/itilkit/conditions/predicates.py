"""The closed union of conditions: what may be asked of a field, and how answers are joined.

Rules of this file:

* A condition is checked when it is built: field names, types of values and what makes sense on a type.
* Judging has three answers: True, False, and None where a missing value leaves it open. Joining follows Kleene:
  one False settles `AllOf`, one True settles `AnyOf`, the opposite of None is None. `Known` and `Missing` always
  know their answer.
* Plain values only: no expression text, no regular expression, nothing is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any, ClassVar, TypeAlias, Union, cast

import attrs

from itilkit.conditions.fields import INCIDENT, Field, Situation, Value, written
from itilkit.conditions.patterns import matches
from itilkit.errors import Fault, PolicyError, RecordError, shown

__all__ = [
    "BY_OPERATOR",
    "DEEPEST",
    "AllOf",
    "Always",
    "AnyOf",
    "Between",
    "Condition",
    "Eq",
    "Ge",
    "Gt",
    "HasAll",
    "HasAny",
    "In",
    "Known",
    "Le",
    "Like",
    "Lt",
    "Missing",
    "Ne",
    "Not",
    "NotIn",
    "Predicate",
    "StartsWith",
    "evaluate",
    "free_fields",
    "holds",
    "predicates",
]

DEEPEST = 32
"""How deep conditions may lie in each other."""

_LONGEST_PATTERN = 200


def _field(field: Field | str) -> Field:
    return INCIDENT.field(field) if isinstance(field, str) else field


def _checked(predicate: _Predicate, values: Iterable[tuple[str, object]]) -> list[Value]:
    """The values of a predicate made plain, each with its place; raises with every fault."""
    field, word = predicate.field, predicate.operator
    if not isinstance(field, Field):
        raise PolicyError.one("unknown_field", f"expected a Field or a name, got {shown(field)}")
    if word not in field.type.operators:
        hint = f"on {field.name} may stand: {', '.join(sorted(field.type.operators))}"
        message = f"{word} makes no sense on {field.name}, which is {field.type.told}"
        raise PolicyError.one("wrong_operator", message, path=field.name, hint=hint)
    found: list[Value] = []
    faults: list[Fault] = []
    for place, value in values:
        try:
            found.append(field.type.read(value))
        except PolicyError as error:
            faults += [attrs.evolve(fault, path=f"{field.name}{place}") for fault in error.faults]
    if faults:
        raise PolicyError(faults)
    return found


@attrs.frozen(repr=False)
class _Predicate:
    """A question to one field; `operator` is its word in data, `phrase` its words in a sentence."""

    operator: ClassVar[str] = ""
    phrase: ClassVar[str] = ""

    field: Field = attrs.field(converter=_field)

    @property
    def operand(self) -> Any:
        """What the field is compared with."""
        return None

    def __repr__(self) -> str:
        standard = INCIDENT.fields.get(self.field.name) == self.field.type
        field = repr(self.field.name if standard else self.field)
        operand = self.operand
        given: tuple[object, ...] = (operand,) if operand is not None else ()
        if isinstance(self, Between):
            given = (self.low, self.high)
        return f"{type(self).__name__}({', '.join([field, *map(repr, given)])})"

    def __str__(self) -> str:
        return f"{self.field.name} {self.phrase} {written(self.operand)}"


@attrs.frozen(repr=False)
class _WithValue(_Predicate):
    value: Any

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "value", _checked(self, [("", self.value)])[0])

    @property
    def operand(self) -> Any:
        """What the field is compared with."""
        return self.value


def _is_list(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)


def _values(values: Iterable[object]) -> tuple[Any, ...]:
    if isinstance(values, Set):  # in one order in every run, so that what is made of it can be compared
        return tuple(sorted(values, key=repr))
    # What is no list is told once the name of the field is known.
    return tuple(values) if _is_list(values) else cast("tuple[Any, ...]", values)


def _no_list(predicate: _Predicate, values: object) -> PolicyError:
    message = f"expected a list of values, got {shown(values)}"
    return PolicyError.one("not_a_list", message, path=predicate.field.name, hint="put it in [ ]")


@attrs.frozen(repr=False)
class _WithValues(_Predicate):
    values: tuple[Any, ...] = attrs.field(converter=_values)
    lookup: frozenset[Any] = attrs.field(init=False, eq=False, default=frozenset[Any]())

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.values, tuple):
            raise _no_list(self, self.values)
        values = _checked(self, ((f"[{place}]", value) for place, value in enumerate(self.values)))
        if not values:
            message, hint = f"{self.operator} lists nothing", "name at least one value"
            raise PolicyError.one("empty_list", message, path=self.field.name, hint=hint)
        object.__setattr__(self, "values", tuple(dict.fromkeys(values)))
        object.__setattr__(self, "lookup", frozenset(values))

    @property
    def operand(self) -> Any:
        """What the field is compared with."""
        return self.values


@attrs.frozen(repr=False)
class Eq(_WithValue):
    """The field has this value.

    >>> print(Eq("reporter.vip", True))
    reporter.vip is true
    """

    operator, phrase = "is", "is"

    def judge(self, situation: Situation) -> bool | None:
        """True, False, or None where the value is missing."""
        value = situation.get(self.field.name)
        return None if value is None else bool(value == self.value)


@attrs.frozen(repr=False)
class Ne(_WithValue):
    """The field has another value than this."""

    operator, phrase = "is_not", "is not"

    def judge(self, situation: Situation) -> bool | None:
        """True, False, or None where the value is missing."""
        value = situation.get(self.field.name)
        return None if value is None else bool(value != self.value)


@attrs.frozen(repr=False)
class Lt(_WithValue):
    """The field is smaller; for a level, where 1 is the highest, that means more pressing."""

    operator, phrase = "below", "is below"

    def judge(self, situation: Situation) -> bool | None:
        """True, False, or None where the value is missing."""
        value = situation.get(self.field.name)
        return None if value is None else bool(value < self.value)


@attrs.frozen(repr=False)
class Le(_WithValue):
    """The field is this or smaller: ``Le("priority", 2)`` takes in P1 and P2."""

    operator, phrase = "at_most", "is at most"

    def judge(self, situation: Situation) -> bool | None:
        """True, False, or None where the value is missing."""
        value = situation.get(self.field.name)
        return None if value is None else bool(value <= self.value)


@attrs.frozen(repr=False)
class Gt(_WithValue):
    """The field is greater."""

    operator, phrase = "above", "is above"

    def judge(self, situation: Situation) -> bool | None:
        """True, False, or None where the value is missing."""
        value = situation.get(self.field.name)
        return None if value is None else bool(value > self.value)


@attrs.frozen(repr=False)
class Ge(_WithValue):
    """The field is this or greater."""

    operator, phrase = "at_least", "is at least"

    def judge(self, situation: Situation) -> bool | None:
        """True, False, or None where the value is missing."""
        value = situation.get(self.field.name)
        return None if value is None else bool(value >= self.value)


@attrs.frozen(repr=False)
class StartsWith(_WithValue):
    """The text begins with this; case counts."""

    operator, phrase = "starts_with", "starts with"

    def judge(self, situation: Situation) -> bool | None:
        """True, False, or None where the value is missing."""
        value = situation.get(self.field.name)
        return None if value is None else str.startswith(value, self.value)


@attrs.frozen(repr=False)
class Like(_WithValue):
    """The whole text fits the pattern: ``*`` stands for any letters or none, ``?`` for exactly one; case counts.

    >>> evaluate(Like("title", "VPN*down"), {"title": "VPN Leeds is down"})
    True
    """

    operator, phrase = "like", "is like"

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if len(self.value) > _LONGEST_PATTERN:
            message = f"a pattern of more than {_LONGEST_PATTERN} signs is not taken"
            raise PolicyError.one("too_long", message, path=self.field.name)

    def judge(self, situation: Situation) -> bool | None:
        """True, False, or None where the value is missing."""
        value = situation.get(self.field.name)
        if value is not None and not isinstance(value, str):
            raise TypeError
        return None if value is None else matches(self.value, value)


@attrs.frozen(repr=False)
class In(_WithValues):
    """The field has one of these values.

    >>> In("service", ["payments", "invoicing"])
    In('service', ('payments', 'invoicing'))
    """

    operator, phrase = "one_of", "is one of"

    def judge(self, situation: Situation) -> bool | None:
        """True, False, or None where the value is missing."""
        value = situation.get(self.field.name)
        return None if value is None else value in self.lookup


@attrs.frozen(repr=False)
class NotIn(_WithValues):
    """The field has none of these values, but one."""

    operator, phrase = "none_of", "is none of"

    def judge(self, situation: Situation) -> bool | None:
        """True, False, or None where the value is missing."""
        value = situation.get(self.field.name)
        return None if value is None else value not in self.lookup


@attrs.frozen(repr=False)
class HasAny(_WithValues):
    """At least one of these is among the texts."""

    operator, phrase = "has_any", "has any of"

    def judge(self, situation: Situation) -> bool | None:
        """True, False, or None where the value is missing."""
        value = situation.get(self.field.name)
        if isinstance(value, str):  # a text is made of texts too
            raise TypeError
        return None if value is None else not self.lookup.isdisjoint(value)


@attrs.frozen(repr=False)
class HasAll(_WithValues):
    """Every one of these is among the texts."""

    operator, phrase = "has_all", "has all of"

    def judge(self, situation: Situation) -> bool | None:
        """True, False, or None where the value is missing."""
        value = situation.get(self.field.name)
        if isinstance(value, str):
            raise TypeError
        return None if value is None else self.lookup.issubset(value)


@attrs.frozen(repr=False)
class Between(_Predicate):
    """The field lies between the two, both included.

    >>> print(Between("impact", 2, 3))
    impact is from 2 to 3
    """

    operator, phrase = "between", "is from"

    low: Any
    high: Any

    def __attrs_post_init__(self) -> None:
        low, high = _checked(self, [("[0]", self.low), ("[1]", self.high)])
        if low > high:  # type: ignore[operator]  # both are of the field's one type
            message = f"from {written(low)} to {written(high)} runs backwards"
            raise PolicyError.one("backward_range", message, path=self.field.name, hint="swap the two")
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)

    @property
    def operand(self) -> Any:
        """What the field is compared with."""
        return (self.low, self.high)

    def __str__(self) -> str:
        return f"{self.field.name} is from {written(self.low)} to {written(self.high)}"

    def judge(self, situation: Situation) -> bool | None:
        """True, False, or None where the value is missing."""
        value = situation.get(self.field.name)
        return None if value is None else bool(self.low <= value <= self.high)


@attrs.frozen(repr=False)
class Known(_Predicate):
    """The field has a value; this is never left open."""

    operator, phrase = "known", "is known"

    def __attrs_post_init__(self) -> None:
        _checked(self, ())

    def __str__(self) -> str:
        return f"{self.field.name} {self.phrase}"

    def judge(self, situation: Situation) -> bool:
        """True or False."""
        return situation.get(self.field.name) is not None


@attrs.frozen(repr=False)
class Missing(Known):
    """The field has no value; this is never left open."""

    phrase = "is not known"

    def judge(self, situation: Situation) -> bool:
        """True or False."""
        return situation.get(self.field.name) is None


@attrs.frozen
class Always:
    """Holds whatever the situation."""

    def __str__(self) -> str:
        return "always"

    def judge(self, situation: Situation) -> bool:  # noqa: ARG002  one shape for all
        """True."""
        return True


def _depth(part: Condition) -> int:
    return part.depth if isinstance(part, AllOf | AnyOf | Not) else 0


def _deeper(parts: Iterable[Condition]) -> int:
    for place, part in enumerate(parts):
        if not isinstance(part, _ANY):
            raise PolicyError.one("not_a_condition", f"part {place}: expected a condition, got {shown(part)}")
    depth = 1 + max(map(_depth, parts))
    if depth > DEEPEST:
        message = f"conditions lie in each other more than {DEEPEST} deep"
        raise PolicyError.one("too_deep", message, hint="flatten it")
    return depth


def _parts(parts: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(parts) if _is_list(parts) else cast("tuple[Condition, ...]", (parts,))


@attrs.frozen(repr=False)
class _Joined:
    joint: ClassVar[str] = ""

    parts: tuple[Condition, ...] = attrs.field(converter=_parts)
    depth: int = attrs.field(init=False, eq=False, default=0)

    def __attrs_post_init__(self) -> None:
        if not self.parts:
            message, hint = f"{type(self).__name__} joins nothing", "for no condition, say Always()"
            raise PolicyError.one("empty_condition", message, hint=hint)
        object.__setattr__(self, "depth", _deeper(self.parts))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self.parts)!r})"

    def __str__(self) -> str:
        return f" {self.joint} ".join(map(_inner, self.parts))


def _inner(part: Condition) -> str:
    return f"({part})" if isinstance(part, _Joined) else str(part)


@attrs.frozen(repr=False)
class AllOf(_Joined):
    """Every part holds.

    >>> print(AllOf([Eq("impact", 1), AnyOf([Eq("site", "Leeds"), Known("customer")])]))
    impact is 1 and (site is Leeds or customer is known)
    """

    joint = "and"

    def judge(self, situation: Situation) -> bool | None:
        """False if one part is False; else None if one is left open; else True."""
        verdict: bool | None = True
        for part in self.parts:
            found = part.judge(situation)
            if found is False:
                return False
            if found is None:
                verdict = None
        return verdict


@attrs.frozen(repr=False)
class AnyOf(_Joined):
    """At least one part holds."""

    joint = "or"

    def judge(self, situation: Situation) -> bool | None:
        """True if one part is True; else None if one is left open; else False."""
        verdict: bool | None = False
        for part in self.parts:
            found = part.judge(situation)
            if found:
                return True
            if found is None:
                verdict = None
        return verdict


@attrs.frozen(repr=False)
class Not:
    """The part is known not to hold.

    >>> evaluate(Not(Eq("impact", 1)), {}) is None
    True
    """

    part: Condition
    depth: int = attrs.field(init=False, eq=False, default=0)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "depth", _deeper([self.part]))

    def __repr__(self) -> str:
        return f"Not({self.part!r})"

    def __str__(self) -> str:
        return "never" if isinstance(self.part, Always) else f"not ({self.part})"

    def judge(self, situation: Situation) -> bool | None:
        """The opposite; None stays None."""
        found = self.part.judge(situation)
        return None if found is None else not found


Predicate: TypeAlias = Union[  # noqa: UP007 - one name for the closed union
    Eq, Ne, Lt, Le, Gt, Ge, StartsWith, Like, In, NotIn, HasAny, HasAll, Between, Known, Missing
]
Condition: TypeAlias = Union[Predicate, AllOf, AnyOf, Not, Always]  # noqa: UP007 - one name for the closed union

BY_OPERATOR: Mapping[str, Callable[..., Predicate]] = {
    kind.operator: kind
    for kind in (Eq, Ne, Lt, Le, Gt, Ge, StartsWith, Like, In, NotIn, HasAny, HasAll, Between, Known)
}
_ANY = (_Predicate, AllOf, AnyOf, Not, Always)


def evaluate(condition: Condition, situation: Situation) -> bool | None:
    """Whether the condition holds: True, False, or None where missing values leave it open.

    Args:
        condition: The condition.
        situation: Field name to value; a name that is not there, or is None, is missing. Other names do not matter.

    Raises:
        RecordError: a value is of a kind that cannot be compared; `Schema.situation` checks values at the door.

    >>> urgent = AnyOf([Le("priority", 2), Eq("reporter.vip", True)])
    >>> evaluate(urgent, {"priority": 1}), evaluate(urgent, {"priority": 3}), evaluate(urgent, {})
    (True, None, None)
    """
    try:
        return condition.judge(situation)
    except TypeError:
        raise RecordError(_mismatches(condition, situation)) from None


def holds(condition: Condition, situation: Situation) -> bool:
    """Whether the condition is known to hold; one that is left open does not.

    Raises:
        RecordError: a value is of a kind that cannot be compared.

    >>> holds(Eq("service", "payments"), {"service": "payments"}), holds(Eq("service", "payments"), {})
    (True, False)
    """
    return evaluate(condition, situation) is True


def _mismatches(condition: Condition, situation: Situation) -> Iterator[Fault]:
    told: set[str] = set()
    for predicate in predicates(condition):
        name = predicate.field.name
        try:
            predicate.judge(situation)
        except TypeError:
            if name not in told:
                told.add(name)
                message = f"expected {predicate.field.type.told}, got {shown(situation[name])}"
                yield Fault("wrong_kind", message, path=name, hint="Schema.situation makes values plain")


def predicates(condition: Condition) -> Iterator[Predicate]:
    """The questions to fields in a condition, in order; each as often as it stands there."""
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from predicates(part)
    elif isinstance(condition, Not):
        yield from predicates(condition.part)
    elif not isinstance(condition, Always):
        yield condition


def free_fields(condition: Condition) -> tuple[str, ...]:
    """The names of the fields that a condition asks about, each once, in order; empty for `Always`.

    >>> free_fields(AllOf([Eq("impact", 1), Known("site"), Lt("impact", 3)]))
    ('impact', 'site')
    """
    return tuple(dict.fromkeys(predicate.field.name for predicate in predicates(condition)))
