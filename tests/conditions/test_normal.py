"""The normal form keeps the meaning and has the shape it promises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from itilkit.conditions import (
    AllOf,
    Always,
    AnyOf,
    Between,
    Condition,
    Eq,
    Ge,
    Gt,
    HasAll,
    In,
    Known,
    Le,
    Like,
    Lt,
    Missing,
    Ne,
    Not,
    NotIn,
    StartsWith,
    evaluate,
    normalise,
)
from itilkit.errors import PolicyError

from .draws import CONDITIONS, SITUATIONS

A, B, C = Eq("site", "A"), Eq("customer", "B"), Eq("category", "C")

FORMS: dict[str, tuple[Condition, Condition]] = {
    "question": (A, A),
    "all": (AllOf([A, B]), AllOf([A, B])),
    "single all": (AllOf([A]), A),
    "single any": (AnyOf([AllOf([A])]), A),
    "flattened": (AllOf([A, AllOf([B, C])]), AllOf([A, B, C])),
    "distributed": (AllOf([A, AnyOf([B, C])]), AnyOf([AllOf([A, B]), AllOf([A, C])])),
    "repeats": (AllOf([A, A, AnyOf([A, A])]), A),
    "taken in": (AnyOf([AllOf([A, B]), A, AllOf([A, C])]), A),
    "contradiction stays": (AllOf([A, Not(A)]), AllOf([A, Ne("site", "A")])),
    "not all": (Not(AllOf([A, B])), AnyOf([Ne("site", "A"), Ne("customer", "B")])),
    "not any": (Not(AnyOf([A, B])), AllOf([Ne("site", "A"), Ne("customer", "B")])),
    "not not": (Not(Not(A)), A),
    "not in": (Not(In("site", ["A", "B"])), NotIn("site", ["A", "B"])),
    "not none of": (Not(NotIn("site", ["A", "B"])), In("site", ["A", "B"])),
    "not is not": (Not(Ne("site", "A")), A),
    "not below": (Not(Lt("impact", 2)), Ge("impact", 2)),
    "not at least": (Not(Ge("impact", 2)), Lt("impact", 2)),
    "not at most": (Not(Le("impact", 2)), Gt("impact", 2)),
    "not above": (Not(Gt("impact", 2)), Le("impact", 2)),
    "not between": (Not(Between("impact", 2, 3)), AnyOf([Lt("impact", 2), Gt("impact", 3)])),
    "not known": (Not(Known("site")), Missing("site")),
    "not missing": (Not(Missing("site")), Known("site")),
    "no opposite": (Not(HasAll("tags", ["a"])), Not(HasAll("tags", ["a"]))),
    "no opposite of a pattern": (Not(AnyOf([Like("site", "a*"), StartsWith("site", "b")])),
                                 AllOf([Not(Like("site", "a*")), Not(StartsWith("site", "b"))])),
    "always": (AnyOf([A, Always()]), Always()),
    "always drops out": (AllOf([A, Always()]), A),
    "never": (Not(AllOf([Always(), Always()])), Not(Always())),
    "never drops out": (AnyOf([A, Not(Always())]), A),
}  # fmt: skip


@pytest.mark.parametrize("case", FORMS)
def test_the_normal_form_worked_by_hand(case: str) -> None:
    """Each rule of the form, one by one."""
    condition, form = FORMS[case]
    assert normalise(condition) == form


@given(CONDITIONS, SITUATIONS)
def test_the_normal_form_keeps_the_meaning(condition: Condition, situation: dict[str, Any]) -> None:
    """It has the same verdict in every situation, also where values are missing."""
    assert evaluate(normalise(condition), situation) is evaluate(condition, situation)


@given(CONDITIONS)
def test_the_normal_form_has_its_shape(condition: Condition) -> None:
    """Any of all of questions, each of these perhaps alone; doing it again changes nothing."""
    form = normalise(condition)
    clauses = form.parts if isinstance(form, AnyOf) else (form,)
    literals = [
        part for clause in clauses for part in (clause.parts if isinstance(clause, AllOf) else (clause,))
    ]
    for literal in literals:
        inner = literal.part if isinstance(literal, Not) else literal
        assert not isinstance(inner, AllOf | AnyOf | Not)
    assert normalise(form) == form


def test_a_form_that_would_be_huge_is_refused() -> None:
    """Twenty choices of two make a million clauses: told, and not built."""
    condition = AllOf([AnyOf([Eq("impact", n), Eq("urgency", n)]) for n in range(1, 21)])
    with pytest.raises(PolicyError, match="more than 500 clauses"):
        normalise(condition)
    with pytest.raises(PolicyError, match="more than 3 clauses"):
        normalise(AllOf([AnyOf([A, B]), AnyOf([C, Eq("impact", 1)])]), most=3)
    assert (
        len(getattr(normalise(AllOf([AnyOf([A, B]), AnyOf([C, Eq("impact", 1)])]), most=4), "parts", ())) == 4
    )
