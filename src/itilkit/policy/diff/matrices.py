"""The cells of a priority matrix that change."""

from __future__ import annotations

from collections.abc import Iterator

from itilkit.policy.diff.changes import Change
from itilkit.policy.diff.directions import direction
from itilkit.priority import Matrix

__all__ = ["changed_cells"]


def changed_cells(path: str, old: Matrix, new: Matrix) -> Iterator[Change]:
    """Each impact and urgency that has another priority now."""
    for impact in old.impact.levels:
        for urgency in old.urgency.levels:
            before, after = (each.priority_of(impact=impact, urgency=urgency) for each in (old, new))
            if before != after:
                what = f"impact {old.impact.label(impact)} x urgency {old.urgency.label(urgency)}"
                yield Change(
                    f"{path}.{impact}.{urgency}",
                    what
                    if old.impact == new.impact and old.urgency == new.urgency
                    else f"impact {impact} x urgency {urgency}",
                    f"P{before}",
                    f"P{after}",
                    severity=direction(after < before, before < after),
                    cells=1,
                )
