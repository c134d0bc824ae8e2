"""May this event be appended? A decision that explains itself.

Rules of this file:

* A refusal names everything that stands in the way, so that a user mends it once.
* `roles=None` means that nobody asked who is acting; an empty collection is somebody without any role.
* Who may take a step is the lifecycle's answer (`Lifecycle.roles_for`): the row's own roles, or else the narrowest
  right, in the order of Request Tracker: exact, ``* -> to``, ``from -> *``, ``* -> *``.
* Whose hand may not take a step is asked of the event's `by`. An event that names nobody is nobody's hand.
* A window is open up to and including its boundary.
* A record at its end keeps its classification, priority and assignment: they are the facts that reports count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import TypeAlias

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import Fault, TransitionError
from itilkit.events import Assigned, Classified, Event, Logged, Migrated, Person, PrioritySet
from itilkit.lifecycle.boundary import over_at
from itilkit.lifecycle.cascade import cascade
from itilkit.lifecycle.definition import Lifecycle, Transition
from itilkit.lifecycle.replay import refusal
from itilkit.lifecycle.standing import Standing, appended, standing_of, stepped
from itilkit.lifecycle.table import PEOPLE
from itilkit.lifecycle.window import Window
from itilkit.records import Incident

__all__ = ["Accepted", "Decision", "Reason", "Refused", "apply", "decide", "step_reasons"]

_ANEW = "log a new incident linked as related"


@attrs.frozen
class Reason:
    """One reason for a refusal.

    Attributes:
        code: A stable word for programs, such as ``role_missing``; `itilkit.codes` has them all.
        message: What stands in the way.
        field: The fact that is missing or wrong, or an empty string.
        remedy: What would clear it, or what to do instead, where the message does not say so already.
        until: The last instant at which the step was possible, where it is a window that has passed.
    """

    code: str
    message: str
    field: str = attrs.field(default="", kw_only=True)
    remedy: str = attrs.field(default="", kw_only=True)
    until: datetime | None = attrs.field(default=None, kw_only=True)

    def __str__(self) -> str:
        return f"{self.message} ({self.remedy})" if self.remedy else self.message


@attrs.frozen
class Accepted:
    """The event may be appended.

    Attributes:
        incident: The incident with the event.
        events: What the host has to store.
        elsewhere: What the event proposes for the children that were given, as (number, event) in the order to
            append them; each is decided on its own.
    """

    incident: Incident
    events: tuple[Event, ...]
    elsewhere: tuple[tuple[str, Event], ...] = ()


@attrs.frozen
class Refused:
    """The event may not be appended; nothing has changed.

    Attributes:
        reasons: All that stands in the way; at least one.
    """

    reasons: tuple[Reason, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, self.reasons))


Decision: TypeAlias = Accepted | Refused


def decide(
    incident: Incident,
    event: Event,
    lifecycle: Lifecycle,
    *,
    roles: Collection[str] | None = None,
    calendar: Calendar | None = None,
    children: Iterable[Incident] = (),
) -> Decision:
    """Whether `event` may follow the history of `incident`: `Accepted` with the longer history, or `Refused`.

    The history itself is believed as it stands. An event that brings a house state along (`event.state`) is judged
    by that state; without one the lifecycle's table says where it leads.

    Args:
        incident: The record and its history.
        event: What is asked for.
        lifecycle: What may follow what.
        roles: The roles of whoever asks; None means that roles are not asked about.
        calendar: What windows in working days or open time are counted on.
        children: The incidents that follow this one: its children, and those recorded as its duplicates.

    Raises:
        PolicyError: a window needs a calendar and there is none.

    >>> from datetime import UTC
    >>> from itilkit.events import Closed
    >>> from itilkit.lifecycle import ITIL4_DEFAULT
    >>> at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> print(decide(Incident("INC1", [Logged(at, title="No e-mail")]), Closed(at, "ann"), ITIL4_DEFAULT))
    new -> closed is not permitted; from new the lifecycle permits: assigned, in_progress, resolved, cancelled
    """
    longer = stepped(incident, event, lifecycle)
    if longer is None:
        standing = standing_of(incident, lifecycle)
        reasons = tuple(_reasons(incident, event, standing, roles=roles, calendar=calendar))
        if reasons:
            return Refused(reasons)
        longer = appended(incident, event, lifecycle)
    elsewhere = tuple(cascade(event, standing_of(longer, lifecycle), children)) if children else ()
    return Accepted(longer, (event,), elsewhere)


def apply(
    incident: Incident,
    event: Event,
    lifecycle: Lifecycle,
    *,
    roles: Collection[str] | None = None,
    calendar: Calendar | None = None,
) -> Incident:
    """The incident with `event` appended; the arguments are those of `decide`.

    Raises:
        TransitionError: the event is refused; the faults are the reasons.
        PolicyError: a window needs a calendar and there is none.
    """
    longer = stepped(incident, event, lifecycle)
    if longer is not None:
        return longer
    standing = standing_of(incident, lifecycle)
    faults = [
        Fault(reason.code, reason.message, path=reason.field, hint=reason.remedy)
        for reason in _reasons(incident, event, standing, roles=roles, calendar=calendar)
    ]
    if faults:
        raise TransitionError(faults)
    return appended(incident, event, lifecycle)


def _reasons(
    incident: Incident,
    event: Event,
    standing: Standing,
    *,
    roles: Collection[str] | None,
    calendar: Calendar | None,
) -> Iterator[Reason]:
    if isinstance(event, Logged):
        yield Reason(
            "already_logged", f"{incident.number} has been logged already", remedy="append another event"
        )
        return
    if event.at < standing.latest:
        yield out_of_order(type(event).__name__, event.at, standing)
    target = standing.target(event)
    if target is None:
        if isinstance(event, Assigned | Classified | PrioritySet) and standing.is_final:
            message = f"{incident.number} is {standing.state}: {type(event).__name__} comes too late"
            yield Reason("final_record", message, field="state", remedy=_ANEW)
        return
    name = target.state
    if standing.lifecycle.state(name) is None:
        states = ", ".join(state.name for state in standing.lifecycle.states)
        yield Reason(
            "unknown_state", f"the lifecycle has no state {name!r}", field="state", remedy=f"states: {states}"
        )
    elif isinstance(event, Migrated):
        return
    elif standing.lifecycle.state(standing.state) is None:
        yield Reason(
            "unknown_state",
            f"the incident stands in {standing.state!r}, which the lifecycle does not know",
            field="state",
            remedy="append Migrated(at, state=...) to put it into a known state",
        )
    elif target.transition is None:
        yield Reason("not_permitted", refusal(standing, event, name), field="state")
    else:
        transition = target.transition
        for required in missing_facts(transition, event, standing):
            message = f"to {transition.trigger} it, {required} must be known"
            yield Reason(
                "missing_fact", message, field=required, remedy="give it in the event or record it first"
            )
        yield from step_reasons(
            transition, name, incident, standing, at=event.at, by=event.by, roles=roles, calendar=calendar
        )


def out_of_order(what: str, at: datetime, standing: Standing) -> Reason:
    """The refusal of an event that is earlier than the history."""
    return Reason(
        "out_of_order",
        f"{what} at {at:%Y-%m-%dT%H:%MZ} is earlier than the last event at {standing.latest:%Y-%m-%dT%H:%MZ}",
        field="at",
        remedy="append events in the order in which they happened",
    )


def missing_facts(transition: Transition, event: Event, standing: Standing) -> Iterator[str]:
    """What the transition asks for and neither the event nor the record knows."""
    for required in transition.requires:
        if all(_fact(fact, event, standing) is None for fact in required.split(" or ")):
            yield required


def _fact(name: str, event: Event, standing: Standing) -> object:
    """Who acts is the event's own; the record's field of that name is another matter."""
    return event.by if name == "by" else standing.fact(name, event)


def step_reasons(
    transition: Transition,
    target: str,
    incident: Incident,
    standing: Standing,
    *,
    at: datetime,
    by: Person | None,
    roles: Collection[str] | None,
    calendar: Calendar | None,
) -> Iterator[Reason]:
    """Why a permitted step may not be taken by these roles, by this person or at this instant; facts apart."""
    if roles is not None:
        needed = standing.lifecycle.roles_for(standing.state, transition.trigger, target)
        if needed and needed.isdisjoint(roles):
            named = " or ".join(sorted(needed))
            message = f"to {transition.trigger} it from {standing.state} takes the role {named}"
            yield Reason("role_missing", message, field="by", remedy=f"ask somebody who is {named}")
    if by is not None and transition.not_by:
        held = [name for name in sorted(transition.not_by) if _is(by, _person(name, incident, standing))]
        if held:
            did = " and ".join(PEOPLE[name] for name in held)
            message = (
                f"{by} may not {transition.trigger} it, by the rule not_by {', '.join(held)}: {by} {did}"
            )
            yield Reason("same_person", message, field="by", remedy="ask somebody else")
    if transition.within is not None:
        until = _until(transition.within, standing, calendar)
        if until is not None and at > until:
            message = (
                f"to {transition.trigger} it was possible until {until:%Y-%m-%dT%H:%MZ}, {transition.within}"
            )
            remedy = _ANEW if transition.trigger == "reopen" else ""
            yield Reason("window_passed", message, field="at", remedy=remedy, until=until)


def _person(name: str, incident: Incident, standing: Standing) -> Person | None:
    """Who a record's person of that name is; None where it knows of none."""
    if name == "assignee":
        return standing.assignment.assignee
    if name == "opened_by":
        return incident.events[0].by
    if name == "reporter":
        return standing.reporter
    resolution = standing.resolution
    return None if resolution is None else resolution.resolver or resolution.by


def _is(one: Person, other: Person | None) -> bool:
    """The same person: the id counts, not what was known of them at the time."""
    return other is not None and one.id == other.id


def _until(window: Window, standing: Standing, calendar: Calendar | None) -> datetime | None:
    """The last instant of a window; None where it never ends, or nothing is known that it could begin with."""
    if window.since == "opened_at":
        start: datetime | None = standing.opened_at
    elif window.since == "closed_at":
        start = standing.closed_at
    else:
        # What was closed without being resolved was settled when it was closed.
        start = standing.resolved_at or standing.closed_at
    return None if start is None else over_at(window.amount, start, calendar)
