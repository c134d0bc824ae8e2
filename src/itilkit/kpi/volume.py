"""How many came, and how many are there?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, get_args

import attrs

from itilkit.kpi.definition import Cohort, Figure, Kpi, LeftOut, check_word, ended_early
from itilkit.lifecycle import Timeline
from itilkit.sla import Assessment
from itilkit.spans import utc
from itilkit.vocabulary import Status

__all__ = ["End", "backlog", "volume"]

End = Literal["resolved", "closed", "state"]


@attrs.frozen
class Count(Kpi):
    """The incidents of which something is true, counted."""

    def figures(self, observations: Sequence[bool]) -> Iterator[Figure]:
        """The count; zero of nothing, because nothing was counted and that is known."""
        yield Figure("count", sum(observations), "incidents", len(observations))


@attrs.frozen
class Volume(Count):
    """See `volume`."""

    def observe(self, case: Assessment) -> bool | LeftOut:
        """Every incident opened counts; cancelled ones and duplicates are counted apart."""
        return ended_early(case.timeline) or True


def volume(*, cohort: Cohort = "opened") -> Volume:
    """Incidents per period; a period without any is 0.

    Left out and counted apart: ``cancelled``, ``duplicate``, ``not_opened`` at `as_of`. Source: ServiceNow's IT
    manager dashboard.
    """
    check_word("cohort", cohort, get_args(Cohort))
    return Volume("volume", reading=f"by {cohort}", cohort=cohort)


@attrs.frozen
class Backlog(Count):
    """See `backlog`."""

    at: datetime = attrs.field(kw_only=True)
    end: End = attrs.field(kw_only=True)

    def observe(self, case: Assessment) -> bool | LeftOut:
        """Whether the incident was open at the instant."""
        timeline = case.timeline
        if not timeline.statuses:
            return LeftOut("not_opened")
        if timeline.as_of < self.at:
            return LeftOut("missing")
        if self.end == "state":
            return self._stood_open(timeline)
        end = _ended(timeline, self.end)
        return timeline.events[0].at <= self.at and (end is None or end > self.at)

    def _stood_open(self, timeline: Timeline) -> bool:
        status: Status | None = None
        for beat, at in enumerate(timeline.beats):
            if at > self.at:
                break
            status = timeline.statuses[beat]
        return status is not None and status.is_open


def _ended(timeline: Timeline, end: End) -> datetime | None:
    """When the incident ended for good; closed or cancelled without a resolution, it ended then."""
    if timeline.status is Status.CANCELLED:
        return max(timeline.entered(Status.CANCELLED))
    if end == "resolved" and timeline.resolved_at is not None:
        return timeline.resolved_at
    return timeline.closed_at


def backlog(at: datetime, *, end: End = "resolved") -> Backlog:
    """Incidents opened at an instant and not ended at it.

    Args:
        at: The instant; aware. What happens exactly then has happened.
        end: ``resolved`` for the last resolution, ``closed`` for closure, or ``state`` for what the history shows:
            not resolved, closed or cancelled at the instant. A reopened incident makes the three differ.

    A log that begins on some date lacks the older open incidents: an early backlog is too low. Left out:
    ``missing`` when the assessment's `as_of` lies before the instant. Source: ServiceNow's IT manager dashboard.
    """
    check_word("end", end, get_args(End))
    instant = utc(at)
    reading = {"resolved": "until last resolved", "closed": "until closed", "state": "open by its state"}[end]
    return Backlog("backlog", reading=f"at {instant:%Y-%m-%dT%H:%MZ}, {reading}", at=instant, end=end)
