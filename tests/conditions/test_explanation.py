"""An explanation says what evaluate says, with the values found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from itilkit.conditions import (
    AllOf,
    Always,
    AnyOf,
    Condition,
    Eq,
    Explanation,
    HasAny,
    In,
    Known,
    Le,
    Missing,
    Not,
    evaluate,
    explain,
)
from itilkit.errors import RecordError
from itilkit.vocabulary import Status

from .draws import CONDITIONS, SITUATIONS


def nodes(explanation: Explanation) -> Iterator[Explanation]:
    """The explanation and all its parts."""
    yield explanation
    for part in explanation.parts:
        yield from nodes(part)


@given(CONDITIONS, SITUATIONS)
def test_the_verdict_is_that_of_evaluate(condition: Condition, situation: dict[str, Any]) -> None:
    """At the root and at every part, and there is a line for each."""
    explanation = explain(condition, situation)
    assert explanation.condition == condition
    every = list(nodes(explanation))
    for node in every:
        assert node.verdict is evaluate(node.condition, situation)
    assert len(str(explanation).splitlines()) == len(every)


def test_an_explanation_reads_as_a_list() -> None:
    """One line a part, with a mark, the question and the value that was found."""
    condition = AnyOf(
        [
            AllOf([In("service", ["payments", "invoicing"]), Le("priority", 2)]),
            Not(Eq("status", "new")),
            HasAny("tags", ["vpn", "wifi"]),
            Known("site"),
            Missing("group"),
            Always(),
        ]
    )
    situation = {"service": "payments", "status": Status.NEW, "tags": {"b c", "a"}, "site": "Leeds"}
    assert str(explain(condition, situation)) == (
        "✓ any of these:\n"
        "  ? all of these:\n"
        "    ✓ service is one of payments, invoicing: it is payments\n"
        "    ? priority is at most 2: not known\n"
        "  ✗ not:\n"
        "    ✓ status is new: it is new\n"
        '  ✗ tags has any of vpn, wifi: it is "b c", a\n'
        "  ✓ site is known: it is Leeds\n"
        "  ✓ group is not known: not known\n"
        "  ✓ always"
    )


def test_an_explanation_is_short_in_a_session() -> None:
    """`repr` shows the verdict and the condition; an empty set is nothing."""
    assert repr(explain(Eq("impact", 1), {"impact": 2})) == "<Explanation ✗ impact is 1>"
    assert str(explain(HasAny("tags", ["a"]), {"tags": []})) == "✗ tags has any of a: it is nothing"


def test_a_value_that_cannot_be_compared_is_not_explained() -> None:
    """It is told as evaluating tells it."""
    with pytest.raises(RecordError, match="expected a level"):
        explain(Le("impact", 2), {"impact": "high"})
