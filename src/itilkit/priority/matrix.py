"""Impact and urgency to priority, by a table or by a sum of weights; levels are integers with 1 = highest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import attrs

from itilkit.errors import Fault, PolicyError
from itilkit.vocabulary import HIGH_MEDIUM_LOW, P1_TO_P5, Scale

__all__ = ["Matrix", "PriorityMatrix", "WeightedPriority", "priorities"]


def _row(row: Iterable[int]) -> tuple[int, ...]:
    return tuple(row)


def _rows(rows: Iterable[Iterable[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(map(_row, rows))


@attrs.frozen(repr=False)
class PriorityMatrix:
    """A table of priorities: one row per impact, one column per urgency, the highest first.

    Attributes:
        name: What the house calls it.
        rows: The priorities.
        impact: The scale of the rows.
        urgency: The scale of the columns.
        priority: The scale of the cells.

    Raises:
        PolicyError: with every fault: a missing or surplus row or cell, a cell beyond the priority scale.

    >>> from itilkit.priority import ITIL_3X3
    >>> ITIL_3X3.priority_of(impact=1, urgency=2)
    2
    """

    name: str
    rows: tuple[tuple[int, ...], ...] = attrs.field(converter=_rows)
    impact: Scale = attrs.field(default=HIGH_MEDIUM_LOW, kw_only=True)
    urgency: Scale = attrs.field(default=HIGH_MEDIUM_LOW, kw_only=True)
    priority: Scale = attrs.field(default=P1_TO_P5, kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = list(_table_faults(self))
        if faults:
            raise PolicyError(faults)

    def __repr__(self) -> str:
        rows = " / ".join(" ".join(map(str, row)) for row in self.rows)
        return f"<PriorityMatrix {self.name}: {rows}>"

    def priority_of(self, *, impact: int, urgency: int) -> int:
        """The priority of an impact and an urgency; 1 is highest.

        Raises:
            PolicyError: a level that its scale does not have.
        """
        _check_level("impact", impact, self.impact)
        _check_level("urgency", urgency, self.urgency)
        return self.rows[impact - 1][urgency - 1]

    def is_monotone(self) -> bool:
        """Whether raising impact or urgency never lowers the priority.

        >>> from itilkit.priority import ITIL_3X3, JSM_4X5
        >>> ITIL_3X3.is_monotone(), JSM_4X5.is_monotone()
        (True, False)
        """
        return next(_inversions(self), None) is None

    def check(self) -> tuple[Fault, ...]:
        """Warnings about a table that is valid and odd: pairs of cells where more impact or urgency counts less."""
        return tuple(
            Fault(
                "not_monotone",
                f"{better} ranks below {worse}",
                path="matrix",
                hint="raising impact or urgency should never lower the priority",
                severity="warning",
            )
            for better, worse in _inversions(self)
        )


@attrs.frozen
class WeightedPriority:
    """Priority by the sum of two weights.

    Attributes:
        name: What the house calls it.
        impact_weights: One per impact, the highest first.
        urgency_weights: One per urgency, the highest first.
        at_least: The smallest sum of each priority, the highest first; the last one catches the rest.
        impact: The scale of the first weights.
        urgency: The scale of the second.
        priority: The scale of the result.

    >>> from itilkit.priority import BMC_4X4, BMC_WEIGHTED
    >>> BMC_WEIGHTED.priority_of(impact=3, urgency=1), BMC_WEIGHTED.table() == BMC_4X4
    (2, True)
    """

    name: str
    impact_weights: tuple[int, ...] = attrs.field(converter=_row)
    urgency_weights: tuple[int, ...] = attrs.field(converter=_row, kw_only=True)
    at_least: tuple[int, ...] = attrs.field(converter=_row, kw_only=True)
    impact: Scale = attrs.field(kw_only=True)
    urgency: Scale = attrs.field(kw_only=True)
    priority: Scale = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = [
            Fault(
                "wrong_count", f"{len(values)} values for the {len(scale)} levels of {scale.name}", path=path
            )
            for path, values, scale in (
                ("impact_weights", self.impact_weights, self.impact),
                ("urgency_weights", self.urgency_weights, self.urgency),
                ("at_least", self.at_least, self.priority),
            )
            if len(values) != len(scale)
        ]
        if list(self.at_least) != sorted(self.at_least, reverse=True):
            faults.append(Fault("not_descending", f"{self.at_least} does not descend", path="at_least"))
        if not faults and min(self.impact_weights) + min(self.urgency_weights) < self.at_least[-1]:
            faults.append(Fault("not_total", "the smallest sum reaches no priority", path="at_least"))
        if faults:
            raise PolicyError(faults)

    def priority_of(self, *, impact: int, urgency: int) -> int:
        """The priority of an impact and an urgency; 1 is highest.

        Raises:
            PolicyError: a level that its scale does not have.
        """
        _check_level("impact", impact, self.impact)
        _check_level("urgency", urgency, self.urgency)
        weight = self.impact_weights[impact - 1] + self.urgency_weights[urgency - 1]
        return next(level for level, least in enumerate(self.at_least, start=1) if weight >= least)

    def table(self) -> PriorityMatrix:
        """The same priorities as a table."""
        return PriorityMatrix(
            self.name,
            [
                [self.priority_of(impact=impact, urgency=urgency) for urgency in self.urgency.levels]
                for impact in self.impact.levels
            ],
            impact=self.impact,
            urgency=self.urgency,
            priority=self.priority,
        )


Matrix: TypeAlias = PriorityMatrix | WeightedPriority


def priorities(
    matrix: Matrix,
    *,
    impacts: Sequence[int | None],
    urgencies: Sequence[int | None],
    recorded: Sequence[int | None],
) -> tuple[int | None, ...]:
    """The priority track: what was recorded, else what the matrix derives, else None.

    The three tracks are aligned and of one length. A recorded priority stands until another one is recorded.

    Raises:
        PolicyError: a level that the matrix does not have.

    >>> from itilkit.priority import ITIL_3X3
    >>> priorities(ITIL_3X3, impacts=[None, 1, 1], urgencies=[None, 2, 2], recorded=[None, None, 1])
    (None, 2, 1)
    """
    derived = dict[tuple[int | None, int | None], int | None]()
    track: list[int | None] = []
    for impact, urgency, priority in zip(impacts, urgencies, recorded, strict=True):
        if priority is not None or impact is None or urgency is None:
            track.append(priority)
            continue
        pair = (impact, urgency)
        if pair not in derived:
            derived[pair] = matrix.priority_of(impact=impact, urgency=urgency)
        track.append(derived[pair])
    return tuple(track)


def _check_level(what: str, level: int, scale: Scale) -> None:
    if level not in scale.levels:
        raise PolicyError.one(
            "unknown_level",
            f"{scale.name} has no level {level}",
            path=what,
            hint=f"levels are 1 to {len(scale)}",
        )


def _table_faults(matrix: PriorityMatrix) -> Iterable[Fault]:
    if len(matrix.rows) != len(matrix.impact):
        message = f"{len(matrix.rows)} rows for the {len(matrix.impact)} levels of impact"
        yield Fault("not_total", message, path="rows", hint="one row per impact, the highest first")
    for index, row in enumerate(matrix.rows):
        if len(row) != len(matrix.urgency):
            message = f"{len(row)} cells for the {len(matrix.urgency)} levels of urgency"
            yield Fault(
                "not_total", message, path=f"rows[{index}]", hint="one cell per urgency, the highest first"
            )
        for column, cell in enumerate(row):
            if cell not in matrix.priority.levels:
                message = f"{matrix.priority.name} has no level {cell}"
                yield Fault("unknown_level", message, path=f"rows[{index}][{column}]")


def _inversions(matrix: PriorityMatrix) -> Iterator[tuple[str, str]]:
    for i, row in enumerate(matrix.rows):
        for j, cell in enumerate(row):
            here = f"impact {matrix.impact.labels[i]} x urgency {matrix.urgency.labels[j]} (priority {cell})"
            for down, along in ((i + 1, j), (i, j + 1)):
                if down < len(matrix.rows) and along < len(row) and matrix.rows[down][along] < cell:
                    below = matrix.rows[down][along]
                    labels = f"impact {matrix.impact.labels[down]} x urgency {matrix.urgency.labels[along]}"
                    yield here, f"{labels} (priority {below})"
