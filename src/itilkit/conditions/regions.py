"""Which situations are there to tell apart? Exact answers about conditions, by enumeration.

The values of a field that no condition tells apart make up one *region*; one of them speaks for all. Where numbers,
instants and texts have no end, there are still finitely many regions: numbers are split at the bounds that occur,
texts by which patterns they fit. All regions of all fields together make up the *cells*, and what holds in a cell
holds in every situation of it, so answers are exact.

A missing value is a region of its own. Every combination of values counts as possible: that an incident has a hold
reason only while on hold is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from itertools import chain, combinations, pairwise
from math import ceil, floor, prod
from typing import Any, TypeAlias, cast, overload

import attrs

from itilkit.conditions.fields import Choice, Field, Flag, Instant, Level, Number, Texts
from itilkit.conditions.patterns import TooManyError, beginning, compiled, literal, witnesses
from itilkit.conditions.predicates import (
    AllOf,
    Always,
    AnyOf,
    Condition,
    Known,
    Like,
    Not,
    Predicate,
    StartsWith,
    predicates,
)
from itilkit.errors import PolicyError
from itilkit.spans import instant_of, micros_of

__all__ = ["MOST_CELLS", "Axis", "Regions", "implies", "overlaps", "regions", "satisfiable"]

MOST_CELLS = 1_000_000
Complete: TypeAlias = bool | Collection[str]
_MOST_TEXTS = 16


@attrs.frozen
class Axis:
    """A field and one value of each of its regions; None stands for a missing value."""

    field: Field
    values: tuple[Any, ...]


@attrs.frozen(repr=False)
class Regions(Sequence[Mapping[str, Any]]):
    """The cells that some conditions tell apart, each given by one situation that lies in it.

    Sets of cells are whole numbers, a bit for each cell: join them with ``|``, ``&`` and ``& ~``, count them with
    ``int.bit_count``.

    Attributes:
        axes: The fields with their regions; the last one turns fastest.
    """

    axes: tuple[Axis, ...]
    _asked: Mapping[Predicate, tuple[bool | None, ...]] = attrs.field(alias="asked", eq=False)

    def __repr__(self) -> str:
        sides = " x ".join(f"{len(axis.values)} {axis.field.name}" for axis in self.axes)
        return f"<Regions: {len(self)} cells{f', {sides}' if sides else ''}>"

    def __len__(self) -> int:
        return prod(len(axis.values) for axis in self.axes)

    @overload
    def __getitem__(self, index: int) -> Mapping[str, Any]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Mapping[str, Any]]: ...

    def __getitem__(self, index: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        """A situation in that cell; a missing value is left out."""
        if isinstance(index, slice):
            return [self._situation(cell) for cell in range(len(self))[index]]
        return self._situation(range(len(self))[index])

    def _situation(self, cell: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for axis in reversed(self.axes):
            cell, place = divmod(cell, len(axis.values))
            if axis.values[place] is not None:
                found[axis.field.name] = axis.values[place]
        return dict(reversed(found.items()))

    @property
    def every(self) -> int:
        """The set of all cells."""
        return (1 << len(self)) - 1

    def where(self, condition: Condition) -> int:
        """The cells in which the condition is known to hold.

        Raises:
            PolicyError: the condition asks something that the regions were not made for.
        """
        unasked = [predicate for predicate in predicates(condition) if predicate not in self._asked]
        if unasked:
            message = f"the regions do not tell apart whether {unasked[0]}"
            raise PolicyError.one("other_regions", message, hint="give regions() this condition too")
        return self._sides(condition)[0]

    def cells(self, some: int) -> Iterator[Mapping[str, Any]]:
        """A situation in each cell of a set, in order."""
        bits = f"{some:b}"[::-1]
        cell = bits.find("1")
        while cell >= 0:
            yield self._situation(cell)
            cell = bits.find("1", cell + 1)

    def _sides(self, condition: Condition) -> tuple[int, int]:
        """The cells in which it is True, and those in which it is False."""
        if isinstance(condition, Always):
            return self.every, 0
        if isinstance(condition, Not):
            true, false = self._sides(condition.part)
            return false, true
        if isinstance(condition, AllOf | AnyOf):
            true, false = self._sides(condition.parts[0])
            for part in condition.parts[1:]:
                more_true, more_false = self._sides(part)
                if isinstance(condition, AllOf):
                    true, false = true & more_true, false | more_false
                else:
                    true, false = true | more_true, false & more_false
            return true, false
        return self._side(condition, verdict=True), self._side(condition, verdict=False)

    def _side(self, predicate: Predicate, *, verdict: bool) -> int:
        """The cells in which a question has that answer: a stripe as wide as the axes that turn faster."""
        place = next(i for i, axis in enumerate(self.axes) if axis.field == predicate.field)
        width = prod(len(axis.values) for axis in self.axes[place + 1 :])
        stripe = (1 << width) - 1
        answers = self._asked[predicate]
        block = 0
        for region, answer in enumerate(answers):
            if answer is verdict:
                block |= stripe << (region * width)
        return _repeated(block, width * len(answers), len(self))


def _repeated(block: int, width: int, whole: int) -> int:
    """A block of bits again and again until `whole` bits are full, doubling."""
    while width < whole:
        block |= block << width
        width *= 2
    return block & ((1 << whole) - 1)


def regions(
    conditions: Iterable[Condition], *, complete: Complete = False, most: int = MOST_CELLS
) -> Regions:
    """The cells that the conditions tell apart; without any field there is one cell.

    Args:
        conditions: The conditions.
        complete: True for situations in which no field is missing; or the names of the fields that never are.
        most: How many cells there may be.

    Raises:
        PolicyError: there are more, or a field appears with two types.

    >>> from itilkit.conditions import In, Le
    >>> gold, urgent = In("service", ["payments", "mail"]), Le("priority", 2)
    >>> cells = regions([gold, urgent], complete=True)
    >>> cells
    <Regions: 4 cells, 2 service x 2 priority>
    >>> list(cells.cells(cells.where(gold) & ~cells.where(urgent)))
    [{'service': 'payments', 'priority': 3}]
    """
    always = (
        complete if isinstance(complete, bool) else {complete} if isinstance(complete, str) else {*complete}
    )
    by_field: dict[Field, dict[Predicate, None]] = {}
    for predicate in chain.from_iterable(map(predicates, conditions)):
        by_field.setdefault(predicate.field, {})[predicate] = None
    names = [field.name for field in by_field]
    for name in names:
        if names.count(name) > 1:
            raise PolicyError.one("two_types", f"the conditions disagree about the type of {name}", path=name)
    axes: list[Axis] = []
    asked: dict[Predicate, tuple[bool | None, ...]] = {}
    for field, questions in by_field.items():
        always_known = always if isinstance(always, bool) else field.name in always
        values, answers = _axis(field, tuple(questions), always_known=always_known)
        axes.append(Axis(field, values))
        asked |= answers
        if prod(len(axis.values) for axis in axes) > most:
            raise _too_many(f"the conditions tell more than {most:,} cells apart")
    return Regions(tuple(axes), asked=asked)


def _too_many(message: str) -> PolicyError:
    return PolicyError.one("too_many_regions", message, hint="look at fewer conditions at once")


def _axis(
    field: Field, questions: Sequence[Predicate], *, always_known: bool
) -> tuple[tuple[Any, ...], dict[Predicate, tuple[bool | None, ...]]]:
    """One value of each region, and the answers to each question by region."""
    try:
        candidates = [*_candidates(field, questions), *(() if always_known else (None,))]
    except TooManyError:
        message = f"the patterns and texts that {field.name} is compared with are too many to tell apart"
        raise _too_many(message) from None
    found: dict[tuple[bool | None, ...], Any] = {}
    for value in candidates:
        situation = {} if value is None else {field.name: value}
        found.setdefault(tuple(question.judge(situation) for question in questions), value)
    rows = tuple(found)
    return tuple(found.values()), {
        question: tuple(row[place] for row in rows) for place, question in enumerate(questions)
    }


def _candidates(field: Field, questions: Sequence[Predicate]) -> Iterable[Any]:
    """Values of which at least one lies in each region."""
    kind = field.type
    constants = list(dict.fromkeys(chain.from_iterable(map(_constants, questions))))
    if isinstance(kind, Choice | Flag):
        words = kind.words if isinstance(kind, Choice) else (True, False)
        return [*constants, *(word for word in words if word not in constants)]
    if isinstance(kind, Level | Number):
        return _numbers(kind, constants)
    if isinstance(kind, Instant):
        return _instants(constants)
    if isinstance(kind, Texts):
        return _subsets(constants)
    return _texts(constants, questions)


def _constants(question: Predicate) -> tuple[Any, ...]:
    if isinstance(question, Known | StartsWith | Like):
        return ()
    operand: object = question.operand
    return tuple(cast("tuple[object, ...]", operand)) if isinstance(operand, tuple) else (operand,)


def _numbers(kind: Level | Number, constants: Sequence[Any]) -> Iterable[Any]:
    if isinstance(kind, Number):
        return _whole(constants, kind.least) if kind.whole else _real(constants, kind.least)
    last = len(kind.scale) if kind.scale else None
    return [level for level in _whole(constants, 1) if last is None or level <= last]


def _whole(constants: Iterable[int], least: int | None) -> list[int]:
    first = 0 if least is None else least
    around = {near for value in constants for near in (value - 1, value, value + 1)} | {first}
    return sorted(value for value in around if least is None or value >= least)


def _real(constants: Iterable[float], least: int | None) -> list[int | float]:
    """The bounds, a number between each two, and one beyond either end."""
    bounds = sorted({*constants, *(() if least is None else (least,))})
    if not bounds:
        return [0]
    inner = [between for low, high in pairwise(bounds) for between in _between(low, high)]
    found = [floor(bounds[0]) - 1, *bounds, *inner, ceil(bounds[-1]) + 1]
    return [value for value in found if least is None or value >= least]


def _between(low: float, high: float) -> tuple[int, float]:
    """Numbers of which one lies between, where any does; one that does not is as good as any other."""
    middle = (Fraction(low) + Fraction(high)) / 2
    return floor(middle), float(middle)


def _instants(constants: Sequence[datetime]) -> list[datetime]:
    lowest = micros_of(datetime.min.replace(tzinfo=UTC))
    highest = micros_of(datetime.max.replace(tzinfo=UTC))
    around = _whole([micros_of(instant) for instant in constants], None)
    return [instant_of(value) for value in around if lowest <= value <= highest]


def _subsets(constants: Sequence[str]) -> Iterator[frozenset[str]]:
    if len(constants) > _MOST_TEXTS:
        raise TooManyError
    sizes = range(len(constants) + 1)
    return map(frozenset, chain.from_iterable(combinations(constants, size) for size in sizes))


def _texts(constants: Sequence[str], questions: Sequence[Predicate]) -> Iterable[str]:
    patterns = [compiled(each.value) for each in questions if isinstance(each, Like)]
    patterns += [beginning(each.value) for each in questions if isinstance(each, StartsWith)]
    if patterns:
        return witnesses([*patterns, *map(literal, constants)])
    other = "another"
    while other in constants:
        other += "'"
    return [*constants, other]


def _told(
    conditions: Sequence[Condition], ask: Callable[[Regions], bool], *, complete: Complete
) -> bool | None:
    try:
        return ask(regions(conditions, complete=complete))
    except PolicyError as error:
        if error.faults[0].code != "too_many_regions":
            raise
        return None


def satisfiable(condition: Condition, *, complete: Complete = False) -> bool | None:
    """Whether there is a situation in which the condition holds; None where too many cells keep from telling.

    Args:
        condition: The condition.
        complete: True for situations in which no field is missing; or the names of the fields that never are.

    >>> from itilkit.conditions import Gt, Lt
    >>> satisfiable(AllOf([Gt("reopen_count", 2), Lt("reopen_count", 3)]))
    False
    """
    return _told([condition], lambda cells: cells.where(condition) != 0, complete=complete)


def overlaps(one: Condition, other: Condition, *, complete: Complete = False) -> bool | None:
    """Whether there is a situation in which both hold; None where too many cells keep from telling.

    Args:
        one: A condition.
        other: Another one.
        complete: True for situations in which no field is missing; or the names of the fields that never are.

    >>> from itilkit.conditions import Like, StartsWith
    >>> overlaps(StartsWith("title", "VPN"), Like("title", "*down"))
    True
    """
    return _told([one, other], lambda cells: cells.where(one) & cells.where(other) != 0, complete=complete)


def implies(one: Condition, other: Condition, *, complete: Complete = False) -> bool | None:
    """Whether the second condition holds wherever the first one does; None where too many cells keep from telling.

    To hold is to be True: where a missing value leaves a condition open, it does not hold. So a condition on the
    site implies ``Known("site")``, and ``Always()`` does not imply "the site is Leeds or not Leeds" - unless only
    complete situations are looked at.

    Args:
        one: The narrower condition.
        other: The wider one.
        complete: True for situations in which no field is missing; or the names of the fields that never are.

    >>> from itilkit.conditions import Eq, In, Le
    >>> implies(Eq("priority", 1), Le("priority", 2)), implies(Le("priority", 2), In("priority", [1, 2]))
    (True, True)
    """
    return _told([one, other], lambda cells: cells.where(one) & ~cells.where(other) == 0, complete=complete)
