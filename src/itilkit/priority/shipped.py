"""The matrices that come with the library, by name.

Sources: ITIL 3x3 with the labels of ServiceNow's community article "managing incident priority" (the same cells in
BMC Remedyforce and Ivanti ISM); BMC's additive weights as published for Remedy; GLPI's install data
`priority_matrix`, turned round so that 1 is highest; iTop's Incident.ComputePriority; the example of Atlassian's
support page for Jira Service Management. `ITIL_2X2` is a house style of no product.
"""

from __future__ import annotations

from collections.abc import Mapping

from itilkit.errors import PolicyError, near
from itilkit.priority.matrix import Matrix, PriorityMatrix, WeightedPriority
from itilkit.vocabulary import HIGH_LOW, Scale, fold

__all__ = [
    "BMC_4X4",
    "BMC_WEIGHTED",
    "GLPI_5X5",
    "ITIL_2X2",
    "ITIL_3X3",
    "ITOP_3X4",
    "JSM_4X5",
    "MATRICES",
    "SERVICENOW_3X3",
    "matrix_named",
]

CRITICAL_TO_LOW = Scale("Critical to Low", ("Critical", "High", "Medium", "Low"))
VERY_HIGH_TO_VERY_LOW = Scale("Very high to Very low", ("Very high", "High", "Medium", "Low", "Very low"))
HIGHEST_TO_LOWEST = Scale("Highest to Lowest", ("Highest", "High", "Medium", "Low", "Lowest"))


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
