"""What KPIs ask of one incident: each fact is found once, however many KPIs ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Literal

import attrs

from itilkit.events import Cancelled, Linked, Scalar
from itilkit.lifecycle import Timeline
from itilkit.sla import Assessment, Reading
from itilkit.vocabulary import Status

__all__ = ["Case", "LeftOut", "Reason"]

Reason = Literal[
    "open", "missing", "not_recorded", "negative", "cancelled", "duplicate", "pending", "no_agreement", "not_opened",
    "not_eligible", "out_of_period", "no_unit",
]  # fmt: skip


@attrs.frozen
class LeftOut:
    """An incident that a KPI does not count, and why."""

    reason: Reason


class Case:
    """One incident as it is measured: its assessment, and the facts that more than one KPI asks for.

    Attributes:
        timeline: What held when.
        readings: What the clocks say, by target.
        early: Why no duration and no share counts it: not opened yet, a duplicate, or cancelled; else None.
    """

    def __init__(self, assessment: Assessment) -> None:
        self.timeline: Timeline = assessment.timeline
        self.readings: Mapping[str, Reading] = assessment.readings
        self.early: LeftOut | None = _early(assessment.timeline)

    def __repr__(self) -> str:
        return f"<Case {self.timeline.incident.number}>"

    @cached_property
    def unresolved(self) -> LeftOut:
        """Why it has no resolution, where it has none: it still is open, or it ended without one."""
        return LeftOut("open" if self.timeline.statuses[-1].is_open else "missing")

    @cached_property
    def opened_at(self) -> datetime | None:
        """When it was reported."""
        return self.timeline.opened_at

    @cached_property
    def resolved_at(self) -> datetime | None:
        """When it last entered resolved; None while it is open."""
        return self.timeline.resolved_at

    @cached_property
    def first_resolved_at(self) -> datetime | None:
        """When it was first declared resolved, even if it is open again."""
        return self.timeline.first_resolved_at

    @cached_property
    def closed_at(self) -> datetime | None:
        """When it last entered closed; None while it is not."""
        return self.timeline.closed_at

    @cached_property
    def reopened_at(self) -> tuple[datetime, ...]:
        """Each instant at which it came back from resolved or closed."""
        timeline = self.timeline
        return tuple(
            at
            for at, (before, now) in zip(timeline.beats[1:], pairwise(timeline.statuses), strict=True)
            if now.is_open and not before.is_open
        )

    @cached_property
    def hops(self) -> int | LeftOut:
        """Changes of group: the first one is none, and a spell without a group does not count."""
        groups = sum(1 for _ in self.timeline.groups())
        return groups - 1 if groups else LeftOut("missing")

    @property
    def fields(self) -> Mapping[str, Scalar]:
        """Its fields as they stand; empty before it was opened."""
        fields = self.timeline.fields
        return fields[-1] if fields else {}

    def counter(self, name: str) -> int | LeftOut:
        """A counter of the tool's own."""
        value = self.fields.get(name)
        return value if type(value) is int else LeftOut("not_recorded")

    def lacks(self, facts: Iterable[str]) -> bool:
        """Whether its source does not record one of these facts."""
        return not self.timeline.incident.source.lacks.isdisjoint(facts)


def _early(timeline: Timeline) -> LeftOut | None:
    if not timeline.statuses:
        return LeftOut("not_opened")
    if any(_names_a_twin(event) for event in timeline.events if isinstance(event, Cancelled | Linked)):
        return LeftOut("duplicate")
    return LeftOut("cancelled") if timeline.statuses[-1] is Status.CANCELLED else None


def _names_a_twin(event: Cancelled | Linked) -> bool:
    """The event says that the incident repeats another one."""
    if isinstance(event, Cancelled):
        return event.duplicate_of is not None
    return event.kind == "duplicate_of"
