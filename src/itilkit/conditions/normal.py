"""Conditions in one form: any of several lists of questions, all of which must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from itilkit.conditions.predicates import (
    AllOf,
    Always,
    AnyOf,
    Between,
    Condition,
    Eq,
    Ge,
    Gt,
    In,
    Known,
    Le,
    Lt,
    Missing,
    Ne,
    Not,
    NotIn,
    Predicate,
)
from itilkit.errors import PolicyError

__all__ = ["MOST_CLAUSES", "normalise"]

MOST_CLAUSES = 500

# A clause holds if each of its literals does; ordered as written, without repeats.
Literal: TypeAlias = Condition
Clause: TypeAlias = tuple[Literal, ...]

_OPPOSITE: Mapping[type[Predicate], Callable[..., Predicate]] = {
    Eq: Ne,
    Ne: Eq,
    In: NotIn,
    NotIn: In,
    Lt: Ge,
    Ge: Lt,
    Le: Gt,
    Gt: Le,
    Known: Missing,
    Missing: Known,
}


def normalise(condition: Condition, *, most: int = MOST_CLAUSES) -> Condition:
    """The same condition as `AnyOf` of `AllOf` of questions (disjunctive normal form); single ones stand bare.

    It has the same verdict in every situation, also where values are missing. `Not` is left only on questions that
    have no opposite of their own. Repeats are dropped, and clauses that another one takes in.

    Args:
        condition: The condition.
        most: How many clauses there may be on the way.

    Raises:
        PolicyError: there would be more.

    >>> from itilkit.conditions import HasAny
    >>> print(normalise(Not(AllOf([Le("impact", 2), AnyOf([Eq("site", "Leeds"), HasAny("tags", ["vpn"])])]))))
    impact is above 2 or (site is not Leeds and not (tags has any of vpn))
    """
    clauses = _clauses(condition, most, opposite=False)
    if () in clauses:
        return Always()
    found: list[Condition] = [clause[0] if len(clause) == 1 else AllOf(clause) for clause in clauses]
    if not found:
        return Not(Always())
    return found[0] if len(found) == 1 else AnyOf(found)


def _clauses(condition: Condition, most: int, *, opposite: bool) -> list[Clause]:
    """The clauses of a condition or of its opposite."""
    if isinstance(condition, Not):
        return _clauses(condition.part, most, opposite=not opposite)
    if isinstance(condition, Always):
        return [] if opposite else [()]
    if isinstance(condition, AllOf | AnyOf):
        parts = (_clauses(part, most, opposite=opposite) for part in condition.parts)
        # The opposite of "all" is "any opposite", and the other way round.
        return _every(parts, most) if isinstance(condition, AllOf) is not opposite else _some(parts, most)
    return [(literal,) for literal in _opposite(condition)] if opposite else [(condition,)]


def _opposite(predicate: Predicate) -> tuple[Literal, ...]:
    """What holds exactly where the question is answered with no: any of these."""
    if isinstance(predicate, Between):
        return Lt(predicate.field, predicate.low), Gt(predicate.field, predicate.high)
    other = _OPPOSITE.get(type(predicate))
    if other is None:
        return (Not(predicate),)
    operand = predicate.operand
    return (other(predicate.field) if operand is None else other(predicate.field, operand),)


def _some(parts: Iterable[list[Clause]], most: int) -> list[Clause]:
    found: list[Clause] = []
    for clauses in parts:
        found = _lean([*found, *clauses], most)
    return found


def _every(parts: Iterable[list[Clause]], most: int) -> list[Clause]:
    found: list[Clause] = [()]
    for clauses in parts:
        joined = (tuple(dict.fromkeys(left + right)) for left in found for right in clauses)
        found = _lean(joined, most)
    return found


def _lean(clauses: Iterable[Clause], most: int) -> list[Clause]:
    """Without clauses that ask for all that another one asks for, and more."""
    found: dict[frozenset[Literal], Clause] = {}
    for clause in clauses:
        literals = frozenset(clause)
        if any(kept <= literals for kept in found):
            continue
        for kept in [kept for kept in found if literals < kept]:
            del found[kept]
        found[literals] = clause
        if len(found) > most:
            message = f"in normal form the condition has more than {most} clauses"
            raise PolicyError.one("too_many_clauses", message, hint="split it into several conditions")
    return list(found.values())
