"""Impact and urgency to priority."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import PolicyError
from itilkit.priority import (
    BMC_4X4,
    BMC_WEIGHTED,
    GLPI_5X5,
    ITIL_2X2,
    ITIL_3X3,
    ITOP_3X4,
    JSM_4X5,
    MATRICES,
    SERVICENOW_3X3,
    Matrix,
    PriorityMatrix,
    WeightedPriority,
    matrix_named,
    priorities,
)
from itilkit.vocabulary import HIGH_LOW, Impact, Scale, Urgency

# Rows are impacts, columns urgencies, the highest first: as published by each vendor.
PUBLISHED = {
    "ITIL 3x3": "1 2 3 / 2 3 4 / 3 4 5",
    "ServiceNow 3x3": "1 2 3 / 2 3 4 / 3 4 5",
    "ITIL 2x2": "1 2 / 2 3",
    "BMC 4x4": "1 1 2 4 / 1 2 3 4 / 2 2 3 4 / 2 3 3 4",
    "GLPI 5x5": "1 1 2 3 4 / 1 2 2 3 4 / 2 2 3 4 4 / 3 3 4 4 5 / 4 4 4 5 5",
    "iTop 3x4": "1 1 2 4 / 1 2 3 4 / 2 3 3 4",
    "JSM 4x5": "1 2 3 4 5 / 1 2 3 4 5 / 2 3 4 4 5 / 3 4 5 4 5",
}
# GLPI's install data as it stands there, 5 highest: urgency, then one priority per impact from 1 to 5.
GLPI_RAW = {
    1: [1, 1, 2, 2, 2],
    2: [1, 2, 2, 3, 3],
    3: [2, 2, 3, 4, 4],
    4: [2, 3, 4, 4, 5],
    5: [2, 3, 4, 5, 5],
}
# BMC's published weights and sums: impact down, urgency across.
BMC_SUMS = [[29, 24, 19, 9], [25, 20, 15, 5], [23, 18, 13, 3], [20, 15, 10, 0]]


def test_every_shipped_matrix_is_published() -> None:
    """The table of this file names them all."""
    assert set(MATRICES) == set(PUBLISHED)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_shipped_matrix_has_the_published_cells(name: str) -> None:
    """Cell by cell, the priority is what the vendor publishes."""
    matrix = MATRICES[name]
    for impact, row in enumerate(PUBLISHED[name].split(" / "), start=1):
        for urgency, cell in enumerate(row.split(), start=1):
            assert matrix.priority_of(impact=impact, urgency=urgency) == int(cell)
    assert len(matrix.impact) == PUBLISHED[name].count("/") + 1
    assert len(matrix.urgency) == len(PUBLISHED[name].split(" / ")[0].split())


def test_glpi_turned_round() -> None:
    """GLPI counts up to 5; turned round so that 1 is highest, its install data gives the shipped table."""
    for urgency, row in GLPI_RAW.items():
        for impact, priority in enumerate(row, start=1):
            assert GLPI_5X5.priority_of(impact=6 - impact, urgency=6 - urgency) == 6 - priority


def test_weights_agree_with_the_table() -> None:
    """BMC's sums fall into its published ranges, and the weighted form gives the table in all 16 cells."""
    ranges = {1: range(24, 30), 2: range(18, 24), 3: range(10, 18), 4: range(10)}
    for impact, sums in enumerate(BMC_SUMS, start=1):
        for urgency, weight in enumerate(sums, start=1):
            assert (
                BMC_WEIGHTED.impact_weights[impact - 1] + BMC_WEIGHTED.urgency_weights[urgency - 1] == weight
            )
            (expected,) = [priority for priority, sums in ranges.items() if weight in sums]
            assert BMC_WEIGHTED.priority_of(impact=impact, urgency=urgency) == expected
            assert BMC_4X4.priority_of(impact=impact, urgency=urgency) == expected
    assert BMC_WEIGHTED.table() == BMC_4X4


@pytest.mark.parametrize(
    ("matrix", "impact", "urgency", "priority"),
    [
        (ITIL_3X3, "High Medium Low", "High Medium Low", "P1 P2 P3 P4 P5"),
        (SERVICENOW_3X3, "High Medium Low", "High Medium Low", "Critical High Moderate Low Planning"),
        (ITIL_2X2, "High Low", "High Low", "P1 P2 P3"),
        (
            BMC_4X4,
            "Extensive/Widespread Significant/Large Moderate/Limited Minor/Localized",
            "Critical High Medium Low",
            "Critical High Medium Low",
        ),
        (ITOP_3X4, "Department Service Person", "Critical High Medium Low", "Critical High Medium Low"),
        (
            JSM_4X5,
            "Extensive Significant Moderate Minor",
            "Critical High Medium Low Lowest",
            "Highest High Medium Low Lowest",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, PriorityMatrix) else "",
)
def test_labels(matrix: PriorityMatrix, impact: str, urgency: str, priority: str) -> None:
    """Each scale carries the vendor's labels, the highest first."""
    scales = (matrix.impact, matrix.urgency, matrix.priority)
    assert [" ".join(scale.labels) for scale in scales] == [impact, urgency, priority]


def test_glpi_labels() -> None:
    """GLPI names all three scales alike."""
    assert GLPI_5X5.impact == GLPI_5X5.urgency == GLPI_5X5.priority
    assert GLPI_5X5.impact.labels == ("Very high", "High", "Medium", "Low", "Very low")


def test_only_jsm_is_not_monotone() -> None:
    """Raising impact or urgency lowers the priority in one shipped table, at one place; it is a warning."""
    assert [name for name, matrix in MATRICES.items() if not _table(matrix).is_monotone()] == ["JSM 4x5"]
    (warning,) = JSM_4X5.check()
    assert (warning.code, warning.severity, warning.path) == ("not_monotone", "warning", "matrix")
    assert str(warning) == (
        "matrix: impact Minor x urgency Medium (priority 5) ranks below impact Minor x urgency Low (priority 4) "
        "(raising impact or urgency should never lower the priority)"
    )
    assert ITIL_3X3.check() == ()


def test_a_higher_impact_that_counts_less_is_told() -> None:
    """The check looks down the rows as well as along them."""
    odd = PriorityMatrix("odd", [[2, 2], [1, 3]], impact=HIGH_LOW, urgency=HIGH_LOW)
    assert [fault.message for fault in odd.check()] == [
        "impact High x urgency High (priority 2) ranks below impact Low x urgency High (priority 1)"
    ]


def _table(matrix: Matrix) -> PriorityMatrix:
    return matrix.table() if isinstance(matrix, WeightedPriority) else matrix


def _weighted(**changes: object) -> WeightedPriority:
    values: dict[str, object] = {
        "urgency_weights": [5, 0], "at_least": [10, 0], "impact": HIGH_LOW, "urgency": HIGH_LOW, "priority": HIGH_LOW,
    }  # fmt: skip
    return WeightedPriority("house", changes.pop("impact_weights", [5, 0]), **values | changes)  # type: ignore[arg-type]


FAULTS: dict[str, tuple[Callable[[], object], list[tuple[str, str, str]]]] = {
    "a missing row": (
        lambda: PriorityMatrix("house", [[1, 2, 3], [2, 3, 4]]),
        [("not_total", "rows", "2 rows for the 3 levels of impact")],
    ),
    "a missing and a surplus cell": (
        lambda: PriorityMatrix("house", [[1, 2, 3], [2, 3], [3, 4, 5, 5]]),
        [
            ("not_total", "rows[1]", "2 cells for the 3 levels of urgency"),
            ("not_total", "rows[2]", "4 cells for the 3 levels of urgency"),
        ],
    ),
    "cells beyond the scale, and a row too many": (
        lambda: PriorityMatrix("house", [[0, 2], [2, 6], [1, 1]], impact=HIGH_LOW, urgency=HIGH_LOW),
        [
            ("not_total", "rows", "3 rows for the 2 levels of impact"),
            ("unknown_level", "rows[0][0]", "P1 to P5 has no level 0"),
            ("unknown_level", "rows[1][1]", "P1 to P5 has no level 6"),
        ],
    ),
    "wrong counts of weights": (
        lambda: _weighted(impact_weights=[5], at_least=[10, 5, 0]),
        [
            ("wrong_count", "impact_weights", "1 values for the 2 levels of High Low"),
            ("wrong_count", "at_least", "3 values for the 2 levels of High Low"),
        ],
    ),
    "thresholds that climb": (
        lambda: _weighted(at_least=[0, 10]),
        [("not_descending", "at_least", "(0, 10) does not descend")],
    ),
    "a sum that reaches nothing": (
        lambda: _weighted(at_least=[10, 1]),
        [("not_total", "at_least", "the smallest sum reaches no priority")],
    ),
    "an impact that is none": (
        lambda: ITIL_3X3.priority_of(impact=4, urgency=1),
        [("unknown_level", "impact", "High Medium Low has no level 4")],
    ),
    "an urgency that is none": (
        lambda: BMC_WEIGHTED.priority_of(impact=1, urgency=0),
        [("unknown_level", "urgency", "Critical to Low has no level 0")],
    ),
    "a name that is none": (
        lambda: matrix_named("ITIL 3x4"),
        [("unknown_matrix", "matrix", "no matrix is called 'ITIL 3x4'")],
    ),
}


@pytest.mark.parametrize(("build", "faults"), FAULTS.values(), ids=FAULTS)
def test_what_is_no_matrix_is_refused(
    build: Callable[[], object], faults: list[tuple[str, str, str]]
) -> None:
    """All faults are told at once, each with its place."""
    with pytest.raises(PolicyError, match=faults[0][2].replace("(", r"\(").replace(")", r"\)")) as caught:
        build()
    assert [(fault.code, fault.path, fault.message) for fault in caught.value.faults] == faults


def test_hints_say_how_to_mend() -> None:
    """A missing row, a wrong level and a wrong name each come with help."""
    with pytest.raises(PolicyError, match=r"\(one row per impact, the highest first\)"):
        PriorityMatrix("house", [[1, 2, 3]])
    with pytest.raises(PolicyError, match=r"\(levels are 1 to 3\)"):
        ITIL_3X3.priority_of(impact=1, urgency=5)
    with pytest.raises(PolicyError, match=r"did you mean ITIL 3x3"):
        matrix_named("ITIL 33")


@pytest.mark.parametrize("name", ["itil_3x3", "ITIL 3X3", "Itil-3x3", "itil3x3"])
def test_names_ignore_case_and_separators(name: str) -> None:
    """A matrix is found under any spelling of its name."""
    assert matrix_named(name) is ITIL_3X3


def test_enums_are_levels() -> None:
    """The named levels of the common scales are integers."""
    assert ITIL_3X3.priority_of(impact=Impact.HIGH, urgency=Urgency.LOW) == 3


def test_a_matrix_is_a_value() -> None:
    """Equal by value, hashable, picklable, and shown with its cells."""
    twin = PriorityMatrix("ITIL 3x3", [[1, 2, 3], [2, 3, 4], [3, 4, 5]])
    assert twin == ITIL_3X3
    assert len({twin, ITIL_3X3}) == 1
    assert repr(twin) == "<PriorityMatrix ITIL 3x3: 1 2 3 / 2 3 4 / 3 4 5>"
    for matrix in (*MATRICES.values(), BMC_WEIGHTED):
        assert pickle.loads(pickle.dumps(matrix)) == matrix  # noqa: S301


def test_the_priority_track() -> None:
    """What was recorded stands; else the matrix derives; where a level is unknown, so is the priority."""
    assert priorities(
        ITIL_3X3,
        impacts=[None, 1, 1, 1, None, 3, 3],
        urgencies=[None, None, 2, 2, 1, 3, 3],
        recorded=[None, None, None, None, None, None, 1],
    ) == (None, None, 2, 2, None, 5, 1)
    assert priorities(ITIL_3X3, impacts=[], urgencies=[], recorded=[]) == ()
    with pytest.raises(PolicyError, match="no level 4"):
        priorities(ITIL_3X3, impacts=[4], urgencies=[1], recorded=[None])
    with pytest.raises(ValueError, match="shorter"):
        priorities(ITIL_3X3, impacts=[1, 2], urgencies=[1], recorded=[None, None])


@given(st.data(), st.integers(1, 5), st.integers(1, 5), st.integers(1, 6))
def test_a_weighted_priority_is_monotone_and_total(
    data: st.DataObject, impacts: int, urgencies: int, levels: int
) -> None:
    """With weights that do not climb, every cell has a priority and more never counts less."""

    def descending(size: int) -> list[int]:
        return sorted(data.draw(st.lists(st.integers(0, 30), min_size=size, max_size=size)), reverse=True)

    def scale(size: int) -> Scale:
        return Scale(f"{size} levels", tuple(f"level {number}" for number in range(size)))

    weighted = WeightedPriority(
        "drawn",
        descending(impacts),
        urgency_weights=descending(urgencies),
        at_least=[*descending(levels)[:-1], 0],
        impact=scale(impacts),
        urgency=scale(urgencies),
        priority=scale(levels),
    )
    table = weighted.table()
    assert table.is_monotone()
    for impact in weighted.impact.levels:
        for urgency in weighted.urgency.levels:
            priority = weighted.priority_of(impact=impact, urgency=urgency)
            assert priority == table.rows[impact - 1][urgency - 1]
            weight = weighted.impact_weights[impact - 1] + weighted.urgency_weights[urgency - 1]
            assert weighted.at_least[priority - 1] <= weight
            assert priority == 1 or weight < weighted.at_least[priority - 2]
