"""Why does a condition hold, or not? The condition with the values that were found, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from itilkit.conditions.fields import Situation, written
from itilkit.conditions.predicates import AllOf, Always, AnyOf, Condition, Not, evaluate

__all__ = ["Explanation", "explain"]

_MARKS: Mapping[bool | None, str] = {True: "✓", False: "✗", None: "?"}


@attrs.frozen(repr=False)
class Explanation:
    """A condition, its verdict, and the explanations of its parts.

    Attributes:
        condition: What was asked.
        verdict: True, False, or None where missing values leave it open.
        found: The value of the field that was asked about; None where it is missing or there is no field.
        parts: The same for each part, in order, settled or not.
    """

    condition: Condition
    verdict: bool | None
    found: Any = attrs.field(default=None, kw_only=True)
    parts: tuple[Explanation, ...] = attrs.field(default=(), kw_only=True)

    def __repr__(self) -> str:
        return f"<Explanation {_MARKS[self.verdict]} {self.condition}>"

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, indent: str = "") -> Iterator[str]:
        """One line for each part: a mark (✓ holds, ✗ does not, ? not known), the question and the value found."""
        yield f"{indent}{_MARKS[self.verdict]} {self._told()}"
        for part in self.parts:
            yield from part.lines(f"{indent}  ")

    def _told(self) -> str:
        condition = self.condition
        if isinstance(condition, AllOf):
            return "all of these:"
        if isinstance(condition, AnyOf):
            return "any of these:"
        if isinstance(condition, Not):
            return "not:"
        if isinstance(condition, Always):
            return "always"
        return f"{condition}: {'not known' if self.found is None else f'it is {written(self.found)}'}"


def explain(condition: Condition, situation: Situation) -> Explanation:
    """Why the condition holds or not: a tree with the values that were found. Its verdict is that of `evaluate`.

    Raises:
        RecordError: a value is of a kind that cannot be compared.

    >>> from itilkit.conditions import AllOf, In, Le
    >>> gold = AllOf([In("service", ["payments", "invoicing"]), Le("priority", 2)])
    >>> print(explain(gold, {"service": "payments"}))
    ? all of these:
      ✓ service is one of payments, invoicing: it is payments
      ? priority is at most 2: not known
    """
    parts: tuple[Condition, ...] = ()
    found: Any = None
    if isinstance(condition, AllOf | AnyOf):
        parts = condition.parts
    elif isinstance(condition, Not):
        parts = (condition.part,)
    elif not isinstance(condition, Always):
        found = situation.get(condition.field.name)
    told = tuple(explain(part, situation) for part in parts)
    return Explanation(condition, evaluate(condition, situation), found=found, parts=told)
