"""``[[cadences]]``: how often whom to write to while an incident is open."""

from __future__ import annotations

from itilkit.conditions import INCIDENT, Schema
from itilkit.errors import PolicyError
from itilkit.escalation import Cadence
from itilkit.incident_models.data import Reader

__all__ = ["cadences_from_data"]


def cadences_from_data(data: object, *, schema: Schema = INCIDENT) -> tuple[Cadence, ...]:
    """The cadences that a list of tables describes, in the form that a model's ``communication`` has, too.

    Args:
        data: The list under ``[[cadences]]``.
        schema: The fields that ``when`` may ask about, and the priorities that there are.

    Raises:
        PolicyError: with every fault, each with its path.

    >>> cadences_from_data([{"every": "30m", "audience": "users", "priorities": ["P1"]}])[0].priorities
    frozenset({1})
    """
    reader = Reader(schema)
    rows = reader.listed(data, "cadences", "[[cadences]]")
    found = [reader.cadence(row, f"cadences[{place}]") for place, row in enumerate(rows)]
    if reader.faults:
        raise PolicyError(reader.faults)
    return tuple(each for each in found if each is not None)
