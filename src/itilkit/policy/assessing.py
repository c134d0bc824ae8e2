"""From what held when to what the clocks say: the steps of an assessment, for those who need them one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import attrs

from itilkit.conditions import Situation
from itilkit.lifecycle import Timeline
from itilkit.lifecycle.situations import situations
from itilkit.policy.held import Held, asks, held, why_none
from itilkit.priority import priorities, prioritise
from itilkit.sla import Assessment, Reading, measure

if TYPE_CHECKING:
    from itilkit.policy.policy import Policy

__all__ = ["assessed", "known_to", "prioritised", "readings"]


def prioritised(policy: Policy, timeline: Timeline) -> Timeline:
    """The timeline with derived priorities where none was recorded.

    Raises:
        PolicyError: the history names an impact or urgency that the matrix does not have.
    """
    if None not in timeline.priorities:
        return timeline
    if policy.priority_rules or policy.when_facts_change == "pinned":
        track = prioritise(
            policy.matrix,
            policy.priority_rules,
            situations(timeline, policy.fields),
            recorded=timeline.priorities,
            when_facts_change=policy.when_facts_change,
        )
    else:
        track = priorities(
            policy.matrix,
            impacts=timeline.impacts,
            urgencies=timeline.urgencies,
            recorded=timeline.priorities,
        )
    return attrs.evolve(timeline, priorities=track) if track != timeline.priorities else timeline


def known_to(policy: Policy, timeline: Timeline) -> Sequence[Situation]:
    """What was known at each beat, where an agreement asks for it; else nothing."""
    return situations(timeline, policy.fields) if any(map(asks, policy.agreements)) else ()


def readings(
    policy: Policy, timeline: Timeline, known: Sequence[Situation]
) -> Iterator[tuple[Held, Reading]]:
    """Each clock that is held against an incident, with what it says."""
    for clock in held(policy.agreements, timeline, known, policy.calendars):
        yield (
            clock,
            measure(
                timeline,
                clock.rule,
                clock.terms,
                thresholds=clock.agreement.warn,
                agreement=clock.agreement.name,
            ),
        )


def assessed(policy: Policy, timeline: Timeline) -> Assessment:
    """What the clocks of a policy say about a timeline that has its priorities."""
    found = {clock.key: each for clock, each in readings(policy, timeline, known_to(policy, timeline))}
    return Assessment(timeline, found, "" if found else why_none(policy.agreements))
