"""How long did each stage take: to detect, to acknowledge, to diagnose, to repair, to restore?

A stage lies between two facts: it was detected from the failure (``occurred``) to its detection, acknowledged from
there, and so on to the restoration of service. When these came about is told by the history or by fields of the house
(`itilkit.kpi`: ``occurred_at``, ``detected_at``, ``diagnosed_at``, ``repaired_at``, ``restored_at``).

Rules of this file:

* The stages add up to the whole. Where a fact between two stages was not recorded, the two are told as one.
* Without ``detected_at``, it was detected when it was opened; without ``restored_at``, service is back with the
  resolution.
* Source: the stages of an incident in the ITIL glossary, from the failure to the restoration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

import attrs

from itilkit.kpi.case import Case, LeftOut
from itilkit.kpi.facts import when
from itilkit.sla import Assessment

__all__ = ["Stage", "StageName", "Stages", "Unknown", "stages"]

StageName = Literal["detect", "acknowledge", "diagnose", "repair", "restore"]
Unknown = Literal["not_recorded", "open", "out_of_order"]
"""Why a fact is no end of a stage: nobody recorded it, it may still come, or it lies outside of its neighbours."""

_NAMES: tuple[StageName, ...] = ("detect", "acknowledge", "diagnose", "repair", "restore")
# The facts that part the stages, each with what stands for it where it is not recorded.
_FACTS: tuple[tuple[str, ...], ...] = (
    ("occurred",),
    ("detected", "opened"),
    ("acknowledged",),
    ("diagnosed",),
    ("repaired",),
    ("restored", "resolved"),
)
_LAST = len(_FACTS) - 1


@attrs.frozen
class Stage:
    """A stage, or several that nothing on record tells apart.

    Attributes:
        names: Which ones.
        start: From when; UTC.
        end: Until when; None while it lasts.
        lasted: How long, until `as_of` while it lasts.
        between: The facts that it lies between; the second is empty while it lasts.
    """

    names: tuple[StageName, ...]
    start: datetime
    end: datetime | None = attrs.field(kw_only=True)
    lasted: timedelta = attrs.field(kw_only=True)
    between: tuple[str, str] = attrs.field(kw_only=True)

    @property
    def name(self) -> str:
        """Its name, or those of several: ``diagnose and repair``."""
        *others, last = self.names
        return f"{', '.join(others)} and {last}" if others else last


@attrs.frozen
class Stages:
    """The stages of an incident.

    Attributes:
        known: Those that are known, in order; each begins where the one before it ends.
        unknown: The facts that would part stages and do not, each with the reason, in order.
    """

    known: tuple[Stage, ...]
    unknown: Mapping[str, Unknown] = attrs.field(kw_only=True)

    @property
    def total(self) -> timedelta | None:
        """How long all of them took; None where none is known."""
        return sum((stage.lasted for stage in self.known), timedelta(0)) if self.known else None


class _Bound(NamedTuple):
    place: int
    fact: str
    at: datetime


def stages(assessment: Assessment) -> Stages:
    """How long each stage took, as far as `as_of` knows; nothing of an incident that is not opened yet.

    The stage that an open incident is in lasts until `as_of`. A fact that lies before the one that opens its stage, or
    after the restoration, parts no stages.

    >>> from datetime import UTC
    >>> from itilkit.events import Acknowledged, Logged, Resolved
    >>> from itilkit.lifecycle import ITIL4_DEFAULT, replay
    >>> from itilkit.records import Incident
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> events = [Logged(nine), Acknowledged(nine + timedelta(minutes=5)), Resolved(nine + timedelta(hours=1))]
    >>> seen = replay(Incident("INC1", events), ITIL4_DEFAULT, as_of=nine + timedelta(hours=2))
    >>> for stage in stages(Assessment(seen, {})).known:
    ...     print(stage.name, stage.lasted)
    acknowledge 0:05:00
    diagnose, repair and restore 0:55:00
    """
    if not assessment.timeline.beats:
        return Stages((), unknown={})
    case = Case(assessment)
    unknown: dict[str, Unknown] = {}
    found = list(_found(case, unknown))
    kept = list(_in_order(found, unknown))
    order = [names[0] for names in _FACTS]
    told: dict[str, Unknown] = {fact: unknown[fact] for fact in order if fact in unknown}
    running = () if not assessment.timeline.statuses[-1].is_open else _running(kept, unknown, assessment)
    return Stages((*_between(kept), *running), unknown=told)


def _found(case: Case, unknown: dict[str, Unknown]) -> Iterator[_Bound]:
    """The facts that came about; of those that did not, why."""
    for place, facts in enumerate(_FACTS):
        for fact in facts:
            at = when(case, fact)
            if not isinstance(at, LeftOut):
                yield _Bound(place, fact, at)
                break
            unknown.setdefault(facts[0], "open" if at.reason == "open" else "not_recorded")
        else:
            continue
        unknown.pop(facts[0], None)


def _in_order(found: Sequence[_Bound], unknown: dict[str, Unknown]) -> Iterator[_Bound]:
    """The facts in the order of the stages; the opening, or detection, and the restoration are believed first."""
    end = next((bound.at for bound in found if bound.place == _LAST), None)
    begin = next(bound.at for bound in found if bound.place == 1)
    latest: datetime | None = None
    for bound in found:
        early = latest is not None and bound.at < latest
        late = (end is not None and bound.at > end) or (bound.place == 0 and bound.at > begin)
        if early or late:
            unknown[_FACTS[bound.place][0]] = "out_of_order"
        else:
            latest = bound.at
            yield bound


def _between(kept: Sequence[_Bound]) -> Iterator[Stage]:
    for before, after in pairwise(kept):
        names = _NAMES[before.place : after.place]
        lasted = after.at - before.at
        yield Stage(names, before.at, end=after.at, lasted=lasted, between=(before.fact, after.fact))


def _running(
    kept: Sequence[_Bound], unknown: Mapping[str, Unknown], assessment: Assessment
) -> Iterator[Stage]:
    """The stage that an open incident is in: up to the first fact that may still come."""
    if kept and kept[-1].place < _LAST:
        place, fact, start = kept[-1]
        coming = next(
            (later for later in range(place + 1, _LAST) if unknown.get(_FACTS[later][0]) == "open"), _LAST
        )
        lasted = assessment.timeline.as_of - start
        yield Stage(_NAMES[place:coming], start, end=None, lasted=lasted, between=(fact, ""))
