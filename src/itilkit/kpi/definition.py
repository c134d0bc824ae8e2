"""What a KPI is: what it observes of one incident, and which figures it makes of many observations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, Self, get_args

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import KpiError, near
from itilkit.kpi.case import Case, Kind, LeftOut, Reason
from itilkit.kpi.intervals import Interval
from itilkit.records import Fact

__all__ = [
    "KINDS",
    "Case",
    "Clock",
    "Cohort",
    "Figure",
    "Kind",
    "Kpi",
    "LeftOut",
    "Reason",
    "Sureness",
    "Value",
    "check_option",
    "check_word",
    "clock_name",
    "refuse",
]

Cohort = Literal["opened", "resolved", "closed"]
Clock = Calendar | Literal["wall", "agreement"]
Value = timedelta | float | int | None
Sureness = Callable[[float, int], Interval | None]
"""From a level such as 0.95 and a seed to the interval of a figure."""

KINDS: frozenset[Kind] = frozenset(get_args(Kind))
_NO_KINDS: frozenset[Kind] = frozenset()


@attrs.frozen
class Figure:
    """One number made of many observations.

    Attributes:
        statistic: What it is: ``mean``, ``median``, ``p90``, ``share``, ``count`` ...
        value: None where it is undefined.
        unit: ``duration``, ``ratio``, ``incidents`` or what is counted per incident.
        n: Observations used.
        parts: The numbers it was made of, by name.
        left_out: Observations that this figure cannot use, by reason.
        sureness: How to find its interval; None where it has none.
    """

    statistic: str
    value: Value
    unit: str
    n: int
    parts: Mapping[str, int] = attrs.field(factory=dict[str, int])
    left_out: Mapping[Reason, int] = attrs.field(factory=dict[Reason, int], kw_only=True)
    sureness: Sureness | None = attrs.field(default=None, kw_only=True, eq=False)


@attrs.frozen
class Kpi(ABC):
    """A definition.

    Attributes:
        name: Its full name.
        reading: Which of its readings this is, in words; part of every result.
        cohort: The event that places an incident in a period.
        included: Kinds of incident that count, although they usually do not.
        excluded: Kinds of incident that do not count, although they usually do.
    """

    name: str
    reading: str = attrs.field(default="", kw_only=True)
    cohort: Cohort = attrs.field(default="opened", kw_only=True)
    included: frozenset[Kind] = attrs.field(default=_NO_KINDS, kw_only=True)
    excluded: frozenset[Kind] = attrs.field(default=_NO_KINDS, kw_only=True)

    @property
    def facts(self) -> frozenset[Fact]:
        """The facts it rests on that a source may lack; a stand-in for one of them is named in the result."""
        return frozenset()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions it reads, which must be known to the incidents."""
        return ()

    @property
    def from_earliest(self) -> bool:
        """An incident into which others were merged has the earliest opening of them."""
        return False

    @property
    def whole(self) -> bool:
        """Its base are not incidents, so that groups and series of incidents make no sense of it."""
        return False

    @property
    def usually_left_out(self) -> frozenset[Kind]:
        """The kinds of incident that it does not count unless asked to."""
        return KINDS

    @property
    def leaves_out(self) -> frozenset[Kind]:
        """The kinds of incident that it does not count."""
        return (self.usually_left_out - self.included) | self.excluded

    def including(self, *kinds: Kind) -> Self:
        """This KPI, counting these kinds of incident as well: cancelled, duplicate, child, request.

        Raises:
            KpiError: there is no such kind.

        >>> from itilkit import kpi
        >>> kpi.reopen_rate().including("child").leaves_out == {"cancelled", "duplicate", "request"}
        True
        """
        _check_kinds(kinds)
        return attrs.evolve(
            self,
            included=(self.included | set(kinds)) & self.usually_left_out,
            excluded=self.excluded - set(kinds),
        )

    def excluding(self, *kinds: Kind) -> Self:
        """This KPI without these kinds of incident, which are counted apart: cancelled, duplicate, child, request.

        Raises:
            KpiError: there is no such kind.
        """
        _check_kinds(kinds)
        return attrs.evolve(
            self,
            included=self.included - set(kinds),
            excluded=(self.excluded | set(kinds)) - self.usually_left_out,
        )

    @property
    def population(self) -> str:
        """How its population differs from the usual one, in words; empty where it does not."""
        parts = [f"{kind} incidents counted" for kind in sorted(self.included)]
        parts += [f"{kind} incidents left out" for kind in sorted(self.excluded)]
        return ", ".join(parts)

    def placed_at(self, case: Case) -> datetime | None:
        """The instant that places an incident in a period; None while its event has not come."""
        if self.cohort == "opened":
            return case.merged_at if self.from_earliest and case.merged_at else case.opened_at
        return self.resolved_at(case) if self.cohort == "resolved" else case.closed_at

    def resolved_at(self, case: Case) -> datetime | None:
        """The resolution that places an incident in a period: the last one, unless the reading has another."""
        return case.resolved_at

    @abstractmethod
    def observe(self, case: Case) -> Any:
        """What counts of one incident that is known and in the population, or a `LeftOut`."""

    @abstractmethod
    def figures(self, observations: Sequence[Any]) -> Iterator[Figure]:
        """The figures that many observations make; none at all for an empty sequence is not an option."""


def _check_kinds(kinds: Sequence[str]) -> None:
    for kind in kinds:
        check_option("kind", kind, sorted(KINDS))


def check_word(what: str, word: str, known: Sequence[str]) -> None:
    """Raise when an option is given a word that it does not know."""
    if word not in known:
        raise KpiError.one(
            f"unknown_{what}", f"{word!r} is no {what}", path=what, hint=near(str(word), known)
        )


def check_option(name: str, word: object, known: Sequence[str]) -> None:
    """Raise when an option is given a word that it does not know."""
    if word not in known:
        hint = near(str(word), known)
        raise KpiError.one("unknown_option", f"{word!r} is no {name.replace('_', ' ')}", path=name, hint=hint)


def refuse(name: str, message: str, hint: str = "") -> KpiError:
    """The error about an option whose value cannot be."""
    return KpiError.one("bad_option", message, path=name, hint=hint)


def clock_name(clock: Clock) -> str:
    """How a result names its clock.

    Raises:
        KpiError: it is none.
    """
    if clock == "wall":
        return "wall clock"
    if clock == "agreement":
        return "open time of the agreement"
    if not isinstance(clock, Calendar):
        raise KpiError.one(
            "unknown_clock", f"{clock!r} is no clock", path="clock", hint='"wall", "agreement", or a Calendar'
        )
    return f"open time of {clock.name}" if clock.name else "open time"
