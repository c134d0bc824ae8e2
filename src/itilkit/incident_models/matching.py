"""Which models are meant for this incident, and which one comes first?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from itilkit.conditions import Explanation, Situation, explain, free_fields, holds
from itilkit.incident_models.model import IncidentModel
from itilkit.lifecycle import Timeline
from itilkit.lifecycle.situations import situation_at

__all__ = ["Match", "match"]


@attrs.frozen
class Match:
    """A model that is meant for an incident, and why it stands where it stands.

    Attributes:
        model: Which one.
        place: 1 for the one that comes first.
        specificity: How many fields its condition asks about.
        explanation: Its condition with the values that were found.
        ties: The ids of models that match, too, and that neither rank nor specificity tells from this one; the id
            alone, in the order of the alphabet, decides between them.
    """

    model: IncidentModel
    place: int
    specificity: int = attrs.field(kw_only=True)
    explanation: Explanation = attrs.field(kw_only=True)
    ties: tuple[str, ...] = attrs.field(default=(), kw_only=True)

    @property
    def why(self) -> str:
        """Why it stands where it stands, in words."""
        rank = "no rank" if self.model.rank is None else f"rank {self.model.rank}"
        count = f"{self.specificity} field{'' if self.specificity == 1 else 's'} asked"
        tied = f", tied with {', '.join(self.ties)}: the id decides" if self.ties else ""
        return f"{rank}, {count}{tied}: {self.model.when}"

    def __str__(self) -> str:
        return f"{self.place}. {self.model.id}: {self.why}"


def match(models: Iterable[IncidentModel], on: Timeline | Mapping[str, Any]) -> tuple[Match, ...]:
    """All models whose condition holds, the one that comes first at the front; none gives an empty tuple.

    The explicit rank decides, 1 before 2 and models without one last; then how many fields the condition asks about,
    the more the earlier; then the id. Of several versions of one model only the one that stands first is asked: the
    others are kept for the incidents that have them.

    Args:
        models: The models of the house.
        on: The incident as it stands: its timeline, or a situation as `itilkit.conditions.situation` makes it.

    Raises:
        RecordError: a value of the situation is of a kind that cannot be compared.

    >>> from itilkit.conditions import AllOf, Eq
    >>> from itilkit.incident_models import ModelStep
    >>> steps = [ModelStep("a", "Restore the service", owner="sme")]
    >>> network = IncidentModel("network", "Network", steps, when=Eq("category", "network"))
    >>> leeds = IncidentModel("leeds", "Leeds", steps, when=AllOf([Eq("category", "network"), Eq("site", "Leeds")]))
    >>> for found in match([network, leeds], {"category": "network", "site": "Leeds"}):
    ...     print(found)
    1. leeds: no rank, 2 fields asked: category is network and site is Leeds
    2. network: no rank, 1 field asked: category is network
    """
    situation = situation_now(on) if isinstance(on, Timeline) else on
    if situation is None:
        return ()
    newest = dict[str, IncidentModel]()
    for model in models:
        newest.setdefault(model.id, model)
    found = sorted((model for model in newest.values() if holds(model.when, situation)), key=_order)
    level: dict[object, list[str]] = defaultdict(list)
    for model in found:
        level[_order(model)[:-1]].append(model.id)
    return tuple(
        Match(
            model,
            place,
            specificity=specificity(model),
            explanation=explain(model.when, situation),
            ties=tuple(other for other in level[_order(model)[:-1]] if other != model.id),
        )
        for place, model in enumerate(found, start=1)
    )


def situation_now(timeline: Timeline) -> Situation | None:
    """The fields of an incident at the end of its timeline; None where it is not opened yet."""
    return situation_at(timeline, len(timeline.beats) - 1) if timeline.beats else None


def specificity(model: IncidentModel) -> int:
    """How many fields the condition of a model asks about."""
    return len(free_fields(model.when))


def _order(model: IncidentModel) -> tuple[bool, int, int, str]:
    return model.rank is None, model.rank or 0, -specificity(model), model.id
