"""Outages: from a failure to the restoration, per unit, and where they overlap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from itilkit.calendars import Calendar, Period
from itilkit.kpi.definition import Case, LeftOut
from itilkit.kpi.dimension import dimension
from itilkit.kpi.facts import when
from itilkit.spans import Pair, instant_of, micros_of

__all__ = ["ONE_UNIT", "Outage", "Window", "by_unit", "gaps", "merged", "outage"]

# All incidents are those of one service.
ONE_UNIT = ""


class Outage(NamedTuple):
    """An outage of a unit, in microseconds; `now` is the instant that it is seen from, `users` how many it hit."""

    unit: str
    start: int
    end: int
    now: int
    users: float | None = None


def outage(case: Case, per: str) -> Outage | LeftOut:
    """From the failure, else the opening, to the restoration, else the last resolution, closure or `as_of`."""
    unit = ONE_UNIT if per == ONE_UNIT else dimension(per)(case)
    if unit is None:
        return LeftOut("no_unit")
    occurred, restored = when(case, "occurred"), when(case, "restored")
    start = case.timeline.events[0].at if isinstance(occurred, LeftOut) else occurred
    if isinstance(restored, LeftOut):
        restored = case.resolved_at or case.closed_at or case.timeline.as_of
    if restored < start:
        return LeftOut("negative")
    users = case.known("affected_users")
    hit = float(users) if isinstance(users, int | float) and not isinstance(users, bool) else None
    return Outage(str(unit), micros_of(start), micros_of(restored), micros_of(case.timeline.as_of), hit)


def by_unit(outages: Sequence[Outage]) -> dict[str, list[Pair]]:
    """The outages of each unit, those that overlap or touch as one."""
    found: dict[str, list[Pair]] = defaultdict(list)
    for each in outages:
        found[each.unit].append((each.start, each.end))
    return {unit: merged(sorted(spans)) for unit, spans in found.items()}


def merged(ordered: Sequence[Pair]) -> list[Pair]:
    """Outages that overlap or touch are one; an outage of no length still is a failure."""
    found: list[Pair] = []
    for start, end in ordered:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def gaps(units: dict[str, list[Pair]], gap: Callable[[Pair, Pair], int]) -> Iterator[int]:
    """What lies between each outage of a unit and its next one."""
    for spans in units.values():
        yield from (gap(earlier, later) for earlier, later in pairwise(spans))


class Window(NamedTuple):
    """What outages did to a window of agreed service time; amounts in microseconds, summed over units.

    Attributes:
        agreed: The agreed service time.
        down: The part of it that outages took, overlaps of a unit once.
        failures: Outages that began in the window.
        units: How many units there are.
        per_unit: The agreed service time of one unit.
        lost: What outages took, times the users that each hit; None where one does not tell its users.
    """

    agreed: int
    down: int
    failures: int
    units: int
    per_unit: int
    lost: float | None

    @classmethod
    def of(
        cls, outages: Sequence[Outage], period: Period, agreed: Calendar | None, units: int | None
    ) -> Window:
        """The window as far as it has been seen."""
        start, end = micros_of(period.start), micros_of(period.end)
        end = max(start, min(end, *(each.now for each in outages[:1]))) if outages else end
        length = _elapsed(agreed, start, end)
        down = sum(
            _elapsed(agreed, max(low, start), min(high, end))
            for spans in by_unit(outages).values()
            for low, high in spans
            if low < end and high > start
        )
        lost: float | None = 0.0
        for each in outages:
            if each.start < end and each.end > start:
                took = _elapsed(agreed, max(each.start, start), min(each.end, end))
                lost = None if lost is None or each.users is None else lost + took * each.users
        count = len({each.unit for each in outages}) if units is None else units
        failures = sum(start <= each.start < end for each in outages)
        return cls(length * count, down, failures, count, length, lost)


def _elapsed(agreed: Calendar | None, start: int, end: int) -> int:
    if agreed is None:
        return end - start
    return agreed.elapsed(instant_of(start), instant_of(end)) // timedelta(microseconds=1)
