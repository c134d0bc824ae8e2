"""How many came, and how many are there?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, get_args

import attrs

from itilkit.kpi.definition import Case, Cohort, Figure, Kpi, LeftOut, check_word
from itilkit.spans import utc
from itilkit.vocabulary import Status

__all__ = ["Counting", "End", "Side", "backlog", "volume"]

End = Literal["resolved", "closed", "state"]
Counting = Literal["demand", "unique"]
Side = Literal["after", "before"]


@attrs.frozen
class Volume(Kpi):
    """See `volume`."""

    counting: Counting = attrs.field(kw_only=True)

    def observe(self, case: Case) -> bool | LeftOut:
        """Every incident opened counts; cancelled ones are counted apart."""
        early = case.early
        if early is None or (early.reason == "duplicate" and self.counting == "demand"):
            return True
        return early

    def figures(self, observations: Sequence[bool]) -> Iterator[Figure]:
        """The count; zero of nothing, because that nothing came is known."""
        yield Figure("count", len(observations), "incidents", len(observations))


_COUNTING = {"demand": "duplicates counted", "unique": "duplicates left out"}


def volume(*, cohort: Cohort = "opened", counting: Counting = "demand") -> Volume:
    """Incidents per period; a period without any is 0.

    Args:
        cohort: The event that places an incident in a period.
        counting: ``demand`` counts an incident that repeats another one, because it had to be dealt with;
            ``unique`` leaves it out as ``duplicate``.

    Left out and counted apart: ``cancelled``, ``not_opened`` at `as_of`. Source: ServiceNow's IT manager dashboard.

    Raises:
        KpiError: an unknown cohort or way of counting.
    """
    check_word("cohort", cohort, get_args(Cohort))
    check_word("counting", counting, get_args(Counting))
    return Volume("volume", reading=f"by {cohort}, {_COUNTING[counting]}", cohort=cohort, counting=counting)


@attrs.frozen
class Backlog(Kpi):
    """See `backlog`."""

    at: datetime = attrs.field(kw_only=True)
    end: End = attrs.field(kw_only=True)
    side: Side = attrs.field(kw_only=True)

    def observe(self, case: Case) -> bool | LeftOut:
        """Whether the incident was open at the instant."""
        timeline, early = case.timeline, case.early
        if early is not None and early.reason != "cancelled":
            return early
        if timeline.as_of < self.at:
            return LeftOut("missing")
        if not self._has_come(timeline.events[0].at):
            return False
        if self.end == "state":
            known = bisect_right if self.side == "after" else bisect_left
            return timeline.statuses[known(timeline.beats, self.at) - 1].is_open
        end = _ended(case, self.end)
        return end is None or not self._has_come(end)

    def _has_come(self, instant: datetime) -> bool:
        return instant <= self.at if self.side == "after" else instant < self.at

    def figures(self, observations: Sequence[bool]) -> Iterator[Figure]:
        """The count; None of nothing, because then nobody can tell."""
        n = len(observations)
        yield Figure("count", sum(observations) if n else None, "incidents", n)


def _ended(case: Case, end: End) -> datetime | None:
    """When the incident ended for good; closed or cancelled without a resolution, it ended then."""
    if case.timeline.status is Status.CANCELLED:
        return max(case.timeline.entered(Status.CANCELLED))
    if end == "resolved" and case.resolved_at is not None:
        return case.resolved_at
    return case.closed_at


_ENDS = {"resolved": "until last resolved", "closed": "until closed", "state": "open by its state"}
_SIDES = {"after": "", "before": ", before what happens then"}


def backlog(at: datetime, *, end: End = "resolved", side: Side = "after") -> Backlog:
    """Incidents opened at an instant and not ended at it.

    Args:
        at: The instant; aware.
        end: ``resolved`` for the last resolution, ``closed`` for closure, or ``state`` for what the history shows:
            not resolved, closed or cancelled at the instant. A reopened incident makes the three differ.
        side: ``after``: what happens exactly at the instant has happened; ``before``: it has not, which is what a
            period that ends at the instant leaves behind.

    `n` is the number of incidents that were looked at. A log that begins on some date lacks the older open
    incidents: an early backlog is too low. Left out: ``missing`` when the assessment's `as_of` lies before the
    instant, ``duplicate``, ``not_opened``; one that was cancelled counts until then.

    Raises:
        KpiError: an unknown end or side.
        InstantError: `at` has no zone.
    """
    check_word("end", end, get_args(End))
    check_word("side", side, get_args(Side))
    instant = utc(at)
    reading = f"at {instant:%Y-%m-%dT%H:%MZ}, {_ENDS[end]}{_SIDES[side]}"
    return Backlog("backlog", reading=reading, at=instant, end=end, side=side)
