"""How pressing is it? Impact and urgency to priority, by a matrix and rules that are data.

A matrix is a table (`PriorityMatrix`) or a sum of weights (`WeightedPriority`); both answer the same questions and
a weighted one can be written out as a table. Levels are integers with 1 = highest. Rules (`PriorityRule`) raise what
the matrix gives for VIPs, for critical items, for many affected users, for an outage that is long or dear; they never
lower it. `item_floors` makes rules of what items are worth, `derive` says how a priority came about, `prioritise` gives
it at every beat of an incident.
"""

from itilkit.priority.matrix import Matrix, PriorityMatrix, WeightedPriority, priorities
from itilkit.priority.rules import (
    Derivation,
    PriorityRule,
    Raised,
    WhenFactsChange,
    check_rules,
    check_when_facts_change,
    derive,
    item_floors,
    prioritise,
)
from itilkit.priority.shipped import (
    BMC_4X4,
    BMC_WEIGHTED,
    GLPI_5X5,
    ITIL_2X2,
    ITIL_3X3,
    ITOP_3X4,
    JSM_4X5,
    MATRICES,
    SERVICENOW_3X3,
    matrix_named,
)

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
    "Derivation",
    "Matrix",
    "PriorityMatrix",
    "PriorityRule",
    "Raised",
    "WeightedPriority",
    "WhenFactsChange",
    "check_rules",
    "check_when_facts_change",
    "derive",
    "item_floors",
    "matrix_named",
    "priorities",
    "prioritise",
]
