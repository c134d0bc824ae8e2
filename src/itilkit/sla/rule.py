"""What starts, stops, pauses and restarts a clock: data, not code.

The shipped rules are those of ITIL's usual targets. Resolution-type rules pause while the incident is on hold,
response-type ones do not: a user who is asked something has been answered, but nothing has been resolved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Literal

import attrs

from itilkit.lifecycle import MarkKind
from itilkit.records import Fact
from itilkit.vocabulary import HoldReason, Status

__all__ = [
    "ACKNOWLEDGE",
    "CLOSURE",
    "NEXT_RESPONSE",
    "PERIODIC_UPDATE",
    "RESOLUTION",
    "RESPONSE",
    "RULES",
    "WORKAROUND",
    "Pauses",
    "Rule",
    "WhenPriorityChanges",
    "WhenReopened",
]

WhenReopened = Literal["continue", "restart", "count the time resolved", "ignore"]
WhenPriorityChanges = Literal["recalculate from start", "restart", "keep", "only tighten"]

_DONE = frozenset({Status.RESOLVED, Status.CLOSED})
_ON_HOLD = frozenset({Status.ON_HOLD})


def _statuses(statuses: Iterable[Status]) -> frozenset[Status]:
    return frozenset(map(Status, statuses))


def _reasons(reasons: Iterable[HoldReason]) -> frozenset[HoldReason]:
    return frozenset(map(HoldReason, reasons))


def _marks(marks: Iterable[MarkKind]) -> frozenset[MarkKind]:
    return frozenset(marks)


def _facts(facts: Iterable[Fact]) -> frozenset[Fact]:
    return frozenset(facts)


def _searched(pauses: Pauses) -> tuple[Status, ...]:
    return tuple(pauses.statuses)


def _asks_about(rule: Rule) -> frozenset[MarkKind]:
    return rule.starts_on | rule.stops_on


@attrs.frozen
class Pauses:
    """What pauses a clock (rules 3, 13 and 14).

    Attributes:
        statuses: Statuses in which it does not run.
        but_not_for: Hold reasons for which it runs on all the same.
        only_for: Where given, the only hold reasons for which it does not run.
        limit: Open time of pause in one cycle; what goes beyond it counts. None is no limit.
    """

    statuses: frozenset[Status] = attrs.field(default=_ON_HOLD, converter=_statuses)
    but_not_for: frozenset[HoldReason] = attrs.field(default=frozenset(), converter=_reasons, kw_only=True)
    only_for: frozenset[HoldReason] | None = attrs.field(
        default=None, converter=attrs.converters.optional(_reasons), kw_only=True
    )
    limit: timedelta | None = attrs.field(default=None, kw_only=True)
    # To look through a few enums is quicker than to hash one, and every reading asks.
    _searched: tuple[Status, ...] = attrs.field(
        init=False, eq=False, repr=False, default=attrs.Factory(_searched, takes_self=True)
    )

    def hold(self, status: Status, reason: HoldReason | None) -> bool:
        """Whether a clock stands still in this status for this reason."""
        if status not in self._searched or (self.but_not_for and reason in self.but_not_for):
            return False
        return self.only_for is None or reason in self.only_for


@attrs.frozen
class Rule:
    """A clock (rules 2 and 7 to 9).

    Attributes:
        name: The target it measures.
        starts_on: Marks that start a cycle.
        started_by: Where given, only marks from this side start one.
        stops_on: Marks that stop the running cycle.
        ends_in: Statuses that end it.
        needs: Facts without which it cannot be read; a source that lacks one gives ``not_recorded``.
        repeats: A stopped clock starts anew at the next mark of `starts_on`.
        restarts_on_stop: The mark that stops a cycle starts the next one.
        pauses: What it waits for; None never pauses.
        suspended_when_done: Resolving only suspends it until the incident is reopened.
        when_reopened: What leaving `ends_in` does; None leaves a stopped clock stopped.
        when_priority_changes: Judge the whole clock by the term in force, begin a new cycle, keep the term of
            the cycle's start, or judge the whole clock by a new term only if it then falls due earlier.
        attached_by_event: It starts only once an agreement has been attached.
        retroactive_start: An agreement attached later counts from the opening.
        retroactive_pauses: Pauses before the attachment count as pauses.
        asks_about: The marks that start or stop it.
    """

    name: str
    starts_on: frozenset[MarkKind] = attrs.field(converter=_marks, kw_only=True)
    started_by: Literal["agent", "requester"] | None = attrs.field(default=None, kw_only=True)
    stops_on: frozenset[MarkKind] = attrs.field(default=frozenset(), converter=_marks, kw_only=True)
    ends_in: frozenset[Status] = attrs.field(default=_DONE, converter=_statuses, kw_only=True)
    needs: frozenset[Fact] = attrs.field(default=frozenset(), converter=_facts, kw_only=True)
    repeats: bool = attrs.field(default=False, kw_only=True)
    restarts_on_stop: bool = attrs.field(default=False, kw_only=True)
    pauses: Pauses | None = attrs.field(default=None, kw_only=True)
    suspended_when_done: bool = attrs.field(default=False, kw_only=True)
    when_reopened: WhenReopened | None = attrs.field(default=None, kw_only=True)
    when_priority_changes: WhenPriorityChanges = attrs.field(default="recalculate from start", kw_only=True)
    attached_by_event: bool = attrs.field(default=False, kw_only=True)
    retroactive_start: bool = attrs.field(default=True, kw_only=True)
    retroactive_pauses: bool = attrs.field(default=True, kw_only=True)
    asks_about: frozenset[MarkKind] = attrs.field(
        init=False, eq=False, repr=False, default=attrs.Factory(_asks_about, takes_self=True)
    )


ACKNOWLEDGE = Rule(
    "acknowledge",
    starts_on={"opened"},
    stops_on={"acknowledged", "agent_reply"},
    needs={"acknowledged"},
)
"""From opening until somebody takes notice: an acknowledgement or any public reply."""

RESPONSE = Rule("response", starts_on={"opened"}, stops_on={"agent_reply"}, needs={"agent_reply"})
"""From opening to the first public reply by a human; resolving ends it too."""

NEXT_RESPONSE = Rule(
    "next_response",
    starts_on={"opened", "requester_message", "reopened"},
    started_by="requester",
    stops_on={"agent_reply"},
    needs={"agent_reply", "requester_message"},
    repeats=True,
)
"""From the first unanswered message of the user to the next reply, each time anew."""

PERIODIC_UPDATE = Rule(
    "periodic_update",
    starts_on={"agent_reply", "reopened"},
    stops_on={"agent_reply"},
    needs={"agent_reply"},
    repeats=True,
    restarts_on_stop=True,
)
"""From each reply to the next one, until the incident is resolved."""

RESOLUTION = Rule("resolution", starts_on={"opened"}, pauses=Pauses(), when_reopened="continue")
"""From opening to resolved, or to closed if it never was resolved."""

WORKAROUND = Rule(
    "workaround",
    starts_on={"opened"},
    stops_on={"workaround"},
    pauses=Pauses(),
    when_reopened="continue",
)
"""From opening until there is something that reduces the impact: a link to a workaround or to a known error, or a
resolution, with whatever code, because it is no less than a workaround.

A workaround that nobody linked is not seen. Reopening says that what was provided does not help: the clock goes on.
"""

CLOSURE = Rule(
    "closure", starts_on={"opened"}, ends_in={Status.CLOSED}, pauses=Pauses(), when_reopened="continue"
)
"""From opening to closed; it runs on while the incident is resolved."""

RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (ACKNOWLEDGE, RESPONSE, NEXT_RESPONSE, PERIODIC_UPDATE, WORKAROUND, RESOLUTION, CLOSURE)
}
"""The shipped rules by the name of their target."""
