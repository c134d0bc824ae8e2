"""What a KPI is: what it observes of one incident, and which figures it makes of many observations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import KpiError, near
from itilkit.kpi.case import Case, LeftOut, Reason
from itilkit.records import Fact

__all__ = [
    "Case",
    "Clock",
    "Cohort",
    "Figure",
    "Kpi",
    "LeftOut",
    "Reason",
    "Value",
    "check_word",
    "clock_name",
]

Cohort = Literal["opened", "resolved", "closed"]
Clock = Calendar | Literal["wall"]
Value = timedelta | float | int | None


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

    @property
    def facts(self) -> frozenset[Fact]:
        """The facts it rests on that a source may lack; a stand-in for one of them is named in the result."""
        return frozenset()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions it reads, which must be known to the incidents."""
        return ()

    def placed_at(self, case: Case) -> datetime | None:
        """The instant that places an incident in a period; None while its event has not come."""
        if self.cohort == "opened":
            return case.opened_at
        return self.resolved_at(case) if self.cohort == "resolved" else case.closed_at

    def resolved_at(self, case: Case) -> datetime | None:
        """The resolution that places an incident in a period: the last one, unless the reading has another."""
        return case.resolved_at

    @abstractmethod
    def observe(self, case: Case) -> Any:
        """What counts of one incident, or a `LeftOut`."""

    @abstractmethod
    def figures(self, observations: Sequence[Any]) -> Iterator[Figure]:
        """The figures that many observations make; none at all for an empty sequence is not an option."""


def check_word(what: str, word: str, known: Sequence[str]) -> None:
    """Raise when an option is given a word that it does not know."""
    if word not in known:
        raise KpiError.one(
            f"unknown_{what}", f"{word!r} is no {what}", path=what, hint=near(str(word), known)
        )


def clock_name(clock: Clock) -> str:
    """How a result names its clock.

    Raises:
        KpiError: it is none.
    """
    if clock == "wall":
        return "wall clock"
    if not isinstance(clock, Calendar):
        raise KpiError.one(
            "unknown_clock", f"{clock!r} is no clock", path="clock", hint='"wall", or a Calendar'
        )
    return f"open time of {clock.name}" if clock.name else "open time"
