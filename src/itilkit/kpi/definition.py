"""What a KPI is: what it observes of one incident, and which figures it makes of many observations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import KpiError, near
from itilkit.lifecycle import Timeline
from itilkit.sla import Assessment
from itilkit.vocabulary import Status

__all__ = [
    "COHORTS",
    "Clock",
    "Cohort",
    "Figure",
    "Kpi",
    "LeftOut",
    "Reason",
    "Value",
    "clock_name",
    "ended_early",
]

Cohort = Literal["opened", "resolved", "closed"]
Reason = Literal[
    "open", "missing", "not_recorded", "negative", "cancelled", "duplicate", "pending", "no_agreement", "not_opened",
    "not_eligible", "out_of_period", "no_unit",
]  # fmt: skip
Clock = Calendar | Literal["wall"]
Value = timedelta | float | int | None


@attrs.frozen
class LeftOut:
    """An incident that a KPI does not count, and why."""

    reason: Reason


@attrs.frozen
class Figure:
    """One number made of many observations.

    Attributes:
        statistic: What it is: ``mean``, ``median``, ``p90``, ``share``, ``count`` ...
        value: None where it is undefined.
        unit: ``duration``, ``ratio``, ``incidents`` or what is counted per incident.
        n: Observations used.
        parts: The numbers it was made of, by name.
    """

    statistic: str
    value: Value
    unit: str
    n: int
    parts: Mapping[str, int] = attrs.field(factory=dict[str, int])


@attrs.frozen
class Kpi(ABC):
    """A definition.

    Attributes:
        name: Its full name.
        reading: Which of its readings this is, in words; part of every result.
        cohort: The event that places an incident in a period.
    """

    name: str
    reading: str = attrs.field(default="", kw_only=True)
    cohort: Cohort = attrs.field(default="opened", kw_only=True)

    @abstractmethod
    def observe(self, case: Assessment) -> Any:
        """What counts of one incident, or a `LeftOut`."""

    @abstractmethod
    def figures(self, observations: Sequence[Any]) -> Iterator[Figure]:
        """The figures that many observations make; none at all for an empty sequence is not an option."""


def _opened(timeline: Timeline) -> datetime | None:
    return timeline.opened_at


def _resolved(timeline: Timeline) -> datetime | None:
    return timeline.resolved_at


def _closed(timeline: Timeline) -> datetime | None:
    return timeline.closed_at


COHORTS = {"opened": _opened, "resolved": _resolved, "closed": _closed}


def check_word(what: str, word: str, known: Sequence[str]) -> None:
    """Raise when an option is given a word that it does not know."""
    if word not in known:
        raise KpiError.one(f"unknown_{what}", f"{word!r} is no {what}", path=what, hint=near(word, known))


def clock_name(clock: Clock) -> str:
    """How a result names its clock."""
    if isinstance(clock, str):
        return "wall clock"
    return f"open time of {clock.name}" if clock.name else "open time"


def ended_early(timeline: Timeline) -> LeftOut | None:
    """Not opened yet, cancelled, or a duplicate: what no duration and no share counts."""
    if not timeline.statuses:
        return LeftOut("not_opened")
    if timeline.statuses[-1] is not Status.CANCELLED:
        return None
    duplicate = any(getattr(event, "duplicate_of", None) for event in timeline.events)
    return LeftOut("duplicate" if duplicate else "cancelled")
