"""The backlog at many instants: what `kpi.backlog` tells of each, found in one look at every incident."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import accumulate

import attrs

from itilkit import kpi
from itilkit.kpi.backlog import ended_at
from itilkit.kpi.definition import Case, Figure, Kind, Kpi

__all__ = ["backlogs"]

Stretches = tuple[tuple[int, int], ...]


@attrs.frozen
class _Backlogs(Kpi):
    """See `backlogs`."""

    instants: tuple[datetime, ...] = attrs.field(kw_only=True)
    end: kpi.End = attrs.field(kw_only=True)

    @property
    def usually_left_out(self) -> frozenset[Kind]:
        """What the backlog of one instant leaves out."""
        return kpi.backlog(self.instants[0]).usually_left_out

    def observe(self, case: Case) -> Stretches:
        """The stretches of instants at which it waits, by their places."""
        if self.end == "state":
            return tuple(self._while_open(case))
        ended = ended_at(case, self.end)
        first = bisect_left(self.instants, case.timeline.events[0].at)
        return ((first, len(self.instants) if ended is None else bisect_left(self.instants, ended)),)

    def _while_open(self, case: Case) -> Iterator[tuple[int, int]]:
        """What happens exactly at an instant has happened; before its first beat an incident is as it begins."""
        timeline, instants = case.timeline, self.instants
        first: int | None = bisect_left(instants, timeline.events[0].at)
        was_open = timeline.statuses[0].is_open
        if not was_open:
            first = None
        for beat, status in zip(timeline.beats, timeline.statuses, strict=True):
            if status.is_open is was_open:
                continue
            was_open = not was_open
            at = bisect_left(instants, beat)
            if first is not None:
                yield first, at
            first = at if was_open else None
        if first is not None:
            yield first, len(instants)

    def figures(self, observations: Sequence[Stretches]) -> Iterator[Figure]:
        """The count at each instant."""
        steps = [0] * (len(self.instants) + 1)
        for stretches in observations:
            for first, last in stretches:
                if first < last:
                    steps[first] += 1
                    steps[last] -= 1
        n = len(observations)
        for waiting in list(accumulate(steps))[:-1]:
            yield Figure("count", waiting if n else None, "incidents", n)


def backlogs(
    cases: kpi.Cases, instants: Sequence[datetime], end: kpi.End = "resolved"
) -> Iterator[kpi.Measure]:
    """The backlog at each of some instants that rise and are not later than `as_of`, as `kpi.backlog` tells it."""
    found = kpi.measure(cases, _Backlogs("backlog", instants=tuple(instants), end=end))
    for at, measure in zip(instants, found, strict=True):
        yield attrs.evolve(measure, reading=kpi.backlog(at, end=end).reading)
