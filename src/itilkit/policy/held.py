"""Which agreement holds when, and what does it promise?

Of each kind the first agreement whose condition holds is in force, judged at each beat. An incident that moves from
one to another, as when its service is corrected, is promised at each beat what the agreement of that beat promises.
What pauses a clock, what reopening does to it and its warnings are those of the agreement that held when the clock
could last run, so that nothing that happens after the end changes what was measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from itilkit.calendars import Calendar
from itilkit.conditions import Always, Situation, holds
from itilkit.lifecycle import Timeline
from itilkit.policy.agreement import Agreement, Kind
from itilkit.sla import Rule, Term
from itilkit.vocabulary import Status, fold

__all__ = ["Held", "asks", "by_kind", "course", "held", "why_none"]

Course: TypeAlias = tuple[Agreement | None, ...]


@attrs.frozen
class Held:
    """A clock to be read: under which key, by which rule and terms, and whose warnings and name it carries."""

    key: str
    rule: Rule
    terms: tuple[Term, ...]
    agreement: Agreement


def asks(agreement: Agreement) -> bool:
    """Whether what is known of an incident decides what the agreement promises."""
    return bool(agreement.calendar_from) or not isinstance(agreement.when, Always)


def held(
    agreements: Iterable[Agreement],
    timeline: Timeline,
    known: Sequence[Situation],
    calendars: Mapping[str, Calendar],
) -> Iterator[Held]:
    """The clocks of an incident, kind by kind in the order of the agreements.

    Args:
        agreements: All of them, in order.
        timeline: What held when, with the priorities that hold.
        known: What was known at each beat; only read where an agreement asks.
        calendars: By name, for agreements that take their calendar from a field.
    """
    for several in by_kind(agreements).values():
        if not asks(several[0]):
            yield from _always(several[0], timeline)
            continue
        in_force = course(several, known)
        names = dict.fromkeys(name for each in dict.fromkeys(in_force) if each for name in each.rules)
        for name in names:
            agreement = _ruling(in_force, timeline, name)
            terms = _terms(in_force, name, timeline.priorities or (None,), known, calendars)
            yield Held(f"{agreement.prefix}{name}", agreement.rules[name], terms, agreement)


def _always(agreement: Agreement, timeline: Timeline) -> Iterator[Held]:
    """The clocks of an agreement that holds whatever is known: most policies have no other one."""
    prefix, priorities = agreement.prefix, timeline.priorities
    for name, rule in agreement.rules.items():
        yield Held(f"{prefix}{name}", rule, agreement.terms(name, priorities), agreement)


def by_kind(agreements: Iterable[Agreement]) -> Mapping[Kind, Sequence[Agreement]]:
    """The agreements of each kind, in order."""
    found: dict[Kind, list[Agreement]] = {}
    for agreement in agreements:
        found.setdefault(agreement.kind, []).append(agreement)
    return found


def course(agreements: Sequence[Agreement], known: Sequence[Situation]) -> Course:
    """The agreement in force at each beat; one value alone where it is always the same."""
    if isinstance(agreements[0].when, Always):
        return (agreements[0],)
    return tuple(next((each for each in agreements if holds(each.when, here)), None) for here in known)


def _ruling(course: Course, timeline: Timeline, name: str) -> Agreement:
    """Of the agreements with a clock of that name, the one in force when the clock could last run."""
    having = [(beat, each) for beat, each in enumerate(course) if each is not None and name in each.rules]
    ends = having[0][1].rules[name].ends_in | {Status.CANCELLED}  # cancelling ends every clock
    statuses = timeline.statuses
    running = [each for beat, each in having if statuses and statuses[beat] not in ends]
    return running[-1] if running else having[0][1]


def _terms(
    course: Course,
    name: str,
    priorities: Sequence[int | None],
    known: Sequence[Situation],
    calendars: Mapping[str, Calendar],
) -> tuple[Term, ...]:
    whole = course * len(priorities) if len(course) == 1 else course
    by_name = {fold(each): calendar for each, calendar in calendars.items()}
    found: list[Term] = []
    for agreement, priority, here in zip(whole, priorities, known, strict=True):
        if agreement is None:
            found.append(Term(priority, None))
            continue
        calendar = by_name.get(fold(str(here.get(agreement.calendar_from, ""))))
        found.append(agreement.term(name, priority, calendar=calendar))
    return tuple(found)


def why_none(agreements: Sequence[Agreement]) -> str:
    """Why there is no reading, in words."""
    if not agreements:
        return "the policy has no agreement"
    asked = "; ".join(f"{each.name} asks that {each.when}" for each in agreements)
    return f"no agreement's condition holds: {asked}"
