"""How pressing is it? Impact and urgency to priority, by a matrix that is data.

A matrix is a table (`PriorityMatrix`) or a sum of weights (`WeightedPriority`); both answer the same questions and
a weighted one can be written out as a table. Levels are integers with 1 = highest.

Sources of the named matrices: ITIL 3x3 with the labels of ServiceNow's community article "managing incident
priority" (the same cells in BMC Remedyforce and Ivanti ISM); BMC's additive weights as published for Remedy; GLPI's
install data `priority_matrix`, turned round so that 1 is highest; iTop's Incident.ComputePriority; the example of
Atlassian's support page for Jira Service Management. `ITIL_2X2` is a house style of no product.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from itilkit.errors import Fault, PolicyError, near
from itilkit.vocabulary import HIGH_LOW, HIGH_MEDIUM_LOW, P1_TO_P5, Scale, fold

__all__ = [
    "MATRICES",
    "Matrix",
    "PriorityMatrix",
    "WeightedPriority",
    "matrix_named",
    "priorities",
]

CRITICAL_TO_LOW = Scale("Critical to Low", ("Critical", "High", "Medium", "Low"))
VERY_HIGH_TO_VERY_LOW = Scale("Very high to Very low", ("Very high", "High", "Medium", "Low", "Very low"))
HIGHEST_TO_LOWEST = Scale("Highest to Lowest", ("Highest", "High", "Medium", "Low", "Lowest"))


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


def matrix_named(name: str) -> Matrix:
    """The shipped matrix of that name; case, spaces, ``_`` and ``-`` do not matter.

    Raises:
        PolicyError: no matrix has that name.
    """
    for known, matrix in MATRICES.items():
        if fold(known) == fold(name):
            return matrix
    raise PolicyError.one(
        "unknown_matrix", f"no matrix is called {name!r}", path="matrix", hint=near(name, MATRICES)
    )


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


ITIL_3X3 = PriorityMatrix("ITIL 3x3", [[1, 2, 3], [2, 3, 4], [3, 4, 5]])
SERVICENOW_3X3 = PriorityMatrix(
    "ServiceNow 3x3",
    ITIL_3X3.rows,
    priority=Scale("Critical to Planning", ("Critical", "High", "Moderate", "Low", "Planning")),
)
ITIL_2X2 = PriorityMatrix(
    "ITIL 2x2",
    [[1, 2], [2, 3]],
    impact=HIGH_LOW,
    urgency=HIGH_LOW,
    priority=Scale("P1 to P3", ("P1", "P2", "P3")),
)
_BMC_IMPACT = Scale(
    "BMC impact", ("Extensive/Widespread", "Significant/Large", "Moderate/Limited", "Minor/Localized")
)
BMC_WEIGHTED = WeightedPriority(
    "BMC 4x4",
    [9, 5, 3, 0],
    urgency_weights=[20, 15, 10, 0],
    at_least=[24, 18, 10, 0],
    impact=_BMC_IMPACT,
    urgency=CRITICAL_TO_LOW,
    priority=CRITICAL_TO_LOW,
)
BMC_4X4 = PriorityMatrix(
    "BMC 4x4",
    [[1, 1, 2, 4], [1, 2, 3, 4], [2, 2, 3, 4], [2, 3, 3, 4]],
    impact=_BMC_IMPACT,
    urgency=CRITICAL_TO_LOW,
    priority=CRITICAL_TO_LOW,
)
GLPI_5X5 = PriorityMatrix(
    "GLPI 5x5",
    [[1, 1, 2, 3, 4], [1, 2, 2, 3, 4], [2, 2, 3, 4, 4], [3, 3, 4, 4, 5], [4, 4, 4, 5, 5]],
    impact=VERY_HIGH_TO_VERY_LOW,
    urgency=VERY_HIGH_TO_VERY_LOW,
    priority=VERY_HIGH_TO_VERY_LOW,
)
ITOP_3X4 = PriorityMatrix(
    "iTop 3x4",
    [[1, 1, 2, 4], [1, 2, 3, 4], [2, 3, 3, 4]],
    impact=Scale("iTop impact", ("Department", "Service", "Person")),
    urgency=CRITICAL_TO_LOW,
    priority=CRITICAL_TO_LOW,
)
JSM_4X5 = PriorityMatrix(
    "JSM 4x5",
    [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [2, 3, 4, 4, 5], [3, 4, 5, 4, 5]],
    impact=Scale("JSM impact", ("Extensive", "Significant", "Moderate", "Minor")),
    urgency=Scale("JSM urgency", ("Critical", "High", "Medium", "Low", "Lowest")),
    priority=HIGHEST_TO_LOWEST,
)

MATRICES: Mapping[str, Matrix] = {
    matrix.name: matrix
    for matrix in (ITIL_3X3, SERVICENOW_3X3, ITIL_2X2, BMC_4X4, GLPI_5X5, ITOP_3X4, JSM_4X5)
}
"""The shipped matrices by name; JSM's is its vendor's documented example and is not monotone."""
