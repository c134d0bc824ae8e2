"""``[priority]``: the matrix, by name, as rows or as weights, and the rules around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import attrs

from itilkit.conditions import Level, to_data
from itilkit.errors import Fault
from itilkit.policy.file.reading import Reading, example
from itilkit.priority import (
    MATRICES,
    Matrix,
    PriorityMatrix,
    PriorityRule,
    WeightedPriority,
    WhenFactsChange,
    matrix_named,
)
from itilkit.vocabulary import HIGH_MEDIUM_LOW, P1_TO_P5, Scale

__all__ = ["PriorityTable", "RuleTable", "priority_data", "read_matrix", "read_rules"]


@attrs.frozen
class ScaleNames:
    """What the scales are called, where that is not impact, urgency and priority."""

    impact: str | None = None
    urgency: str | None = None
    priority: str | None = None


@attrs.frozen
class PriorityTable:
    """``[priority]``: a matrix by name, or rows or weights with the labels of the levels; and the rules around it."""

    matrix: str | None = None
    name: str | None = None
    rows: list[list[int]] | None = None
    impact_weights: list[int] | None = None
    urgency_weights: list[int] | None = None
    at_least: list[int] | None = None
    impact_labels: list[str] | None = None
    urgency_labels: list[str] | None = None
    labels: list[str] | None = None
    scale_names: ScaleNames | None = None
    when_facts_change: WhenFactsChange = "recompute"
    rules: Any = None


@attrs.frozen
class RuleTable:
    """``[[priority.rules]]``: what holds for whom; a level by its label or number."""

    when: Any = attrs.field(metadata=example("when.reporter.vip = true"))
    impact_at_least: Any = None
    urgency_at_least: Any = None
    priority_at_least: Any = None
    because: str = ""


_WEIGHTS = ("impact_weights", "urgency_weights", "at_least")
_OF_ROWS = ("name", "impact_labels", "urgency_labels", "labels", "scale_names")
_LABELS = {
    "impact": ("impact_labels", HIGH_MEDIUM_LOW),
    "urgency": ("urgency_labels", HIGH_MEDIUM_LOW),
    "priority": ("labels", P1_TO_P5),
}


def read_matrix(reading: Reading, table: PriorityTable) -> Matrix | None:
    """The matrix that the table names or holds."""
    weights = [key for key in _WEIGHTS if getattr(table, key) is not None]
    given = [table.matrix is not None, table.rows is not None, bool(weights)]
    if sum(given) != 1:
        message = "give either matrix or rows" if not weights else "give either matrix, rows or weights"
        reading.faults.append(Fault("bad_value", message, path="priority", hint='matrix = "ITIL 3x3"'))
        return None
    if table.matrix is not None:
        for key in _OF_ROWS:
            if getattr(table, key) is not None:
                message = "goes with rows; a matrix by name has labels of its own"
                reading.faults.append(Fault("bad_value", message, path=f"priority.{key}"))
        return reading.tried("priority", partial(matrix_named, table.matrix))
    missing = [key for key in _WEIGHTS if weights and key not in weights]
    reading.faults += [
        Fault("missing_key", "is missing", path=f"priority.{key}", hint=f"write {key} = [...]")
        for key in missing
    ]
    scales = {what: _scale(reading, table, what) for what in _LABELS}
    if missing or None in scales.values():
        return None
    called = reading.data.get("name")
    name = table.name if table.name is not None else called if isinstance(called, str) else ""
    return reading.tried("priority", partial(_built, name, table, scales))


def _built(name: str, table: PriorityTable, scales: Mapping[str, Any]) -> Matrix:
    if table.rows is not None:
        return PriorityMatrix(name, table.rows, **scales)
    return WeightedPriority(
        name,
        table.impact_weights or (),
        urgency_weights=table.urgency_weights or (),
        at_least=table.at_least or (),
        **scales,
    )


def _scale(reading: Reading, table: PriorityTable, what: str) -> Scale | None:
    key, default = _LABELS[what]
    labels = getattr(table, key)
    called = None if table.scale_names is None else getattr(table.scale_names, what)
    if labels is None:
        return default if called is None else attrs.evolve(default, name=called)
    return reading.tried(f"priority.{key}", partial(Scale, what if called is None else called, labels))


def read_rules(reading: Reading, table: PriorityTable, matrix: Matrix | None) -> list[PriorityRule]:
    """The rules around the matrix."""
    rows = () if table.rules is None else reading.tables("priority.rules", table.rules)
    found = (_rule(reading, path, row, matrix) for path, row in rows)
    return [rule for rule in found if rule is not None]


def _rule(reading: Reading, path: str, data: object, matrix: Matrix | None) -> PriorityRule | None:
    before = len(reading.faults)
    table = reading.shaped(path, data, RuleTable)
    if table is None:
        return None
    when = reading.condition(f"{path}.when", table.when)
    floors: dict[str, Any] = {}
    for what, letter in (("impact", ""), ("urgency", ""), ("priority", "P")):
        value = getattr(table, f"{what}_at_least")
        if value is not None and matrix is not None:
            level = Level(getattr(matrix, what), letter=letter)
            floors[f"{what}_at_least"] = reading.tried(f"{path}.{what}_at_least", partial(level.read, value))
    if when is None or matrix is None or len(reading.faults) > before:
        return None
    return reading.tried(path, partial(PriorityRule, when, because=table.because, **floors))


def priority_data(
    matrix: Matrix, rules: Iterable[PriorityRule], when_facts_change: WhenFactsChange, name: str
) -> dict[str, Any]:
    """The table; `name` is the policy's, which a matrix of the house has too unless it says another one."""
    data = _named(matrix) or _spelt(matrix, name)
    if when_facts_change != "recompute":
        data["when_facts_change"] = when_facts_change
    told = [_rule_data(rule, matrix) for rule in rules]
    return {**data, **({"rules": told} if told else {})}


def _named(matrix: Matrix) -> dict[str, Any]:
    called = [name for name, known in MATRICES.items() if known == matrix]
    return {"matrix": called[0]} if called else {}


def _spelt(matrix: Matrix, name: str) -> dict[str, Any]:
    data: dict[str, Any] = {} if matrix.name == name else {"name": matrix.name}
    names: dict[str, str] = {}
    for what, (key, default) in _LABELS.items():
        scale = getattr(matrix, what)
        if scale == default:
            continue
        data[key] = list(scale.labels)
        names |= {} if scale.name == what else {what: scale.name}
    data |= {"scale_names": names} if names else {}
    if isinstance(matrix, PriorityMatrix):
        return {**data, "rows": [list(row) for row in matrix.rows]}
    return {**data, **{key: list(getattr(matrix, key)) for key in _WEIGHTS}}


def _rule_data(rule: PriorityRule, matrix: Matrix) -> dict[str, Any]:
    floors = {f"{what}_at_least": getattr(matrix, what).label(level) for what, level in rule.floors}
    return {"when": to_data(rule.when), **floors, **({"because": rule.because} if rule.because else {})}
