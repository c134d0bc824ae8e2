"""What may happen next? The buttons a ticket tool draws."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import attrs

from itilkit.calendars import Calendar
from itilkit.events import Escalated, Event, Noted, Person
from itilkit.lifecycle.decision import Reason, missing_facts, out_of_order, step_reasons
from itilkit.lifecycle.definition import TRIGGERS, Lifecycle
from itilkit.lifecycle.standing import Standing, standing_of
from itilkit.records import Incident
from itilkit.vocabulary import Status

__all__ = ["Permitted", "permitted"]


@attrs.frozen
class Permitted:
    """A step that the lifecycle has from here.

    Attributes:
        trigger: What draws it, such as ``resolve``.
        target: The state it leads to; the event has to name it (``state=``) where it is not the default one.
        status: What that state stands for.
        label: The words for a button: the trigger, and the target where the trigger leads to several.
        allowed: Nothing but missing facts stands in the way.
        missing: The facts to ask for, because the record does not know them; ``"group or assignee"`` asks for one.
        reasons: Why it is not allowed: a role, the person, a window that has passed, an instant before the last
            event.
        event: The event type that draws it.
    """

    trigger: str
    target: str
    status: Status = attrs.field(kw_only=True)
    label: str = attrs.field(kw_only=True)
    allowed: bool = attrs.field(kw_only=True)
    missing: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    reasons: tuple[Reason, ...] = attrs.field(default=(), kw_only=True)
    event: type[Event] = attrs.field(kw_only=True)


def permitted(
    incident: Incident,
    lifecycle: Lifecycle,
    *,
    at: datetime,
    by: Person | str | None = None,
    roles: Collection[str] | None = None,
    calendar: Calendar | None = None,
) -> tuple[Permitted, ...]:
    """Every step from where an incident stands, each with what is missing and what stands in the way.

    A record at its end, or in a state that the lifecycle does not know, gives nothing. Steps come in the order of a
    record's life; of one trigger the default target comes first.

    Args:
        incident: The record and its history.
        lifecycle: What may follow what.
        at: When the step would be taken; aware.
        by: Who would take it, a person or an id; None means that steps kept from a person are not asked about.
        roles: The roles of whoever would take it; None means that roles are not asked about.
        calendar: What windows in working days or open time are counted on.

    Raises:
        PolicyError: a window needs a calendar and there is none.
        InstantError: `at` has no zone.
        RecordError: `by` is no person and no id.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged
    >>> from itilkit.lifecycle import ITIL4_DEFAULT
    >>> at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> for each in permitted(Incident("INC1", [Logged(at)]), ITIL4_DEFAULT, at=at):
    ...     print(each.label, each.missing)
    Assign ('group or assignee', 'category', 'impact', 'urgency')
    Start ('group or assignee', 'priority')
    Resolve ('code', 'notes')
    Cancel ('reason or duplicate_of',)
    """
    asking = Noted(at, by)  # which checks who acts and when, whatever it is that may follow
    return tuple(_steps(incident, standing_of(incident, lifecycle), asking, roles, calendar))


def _steps(
    incident: Incident,
    standing: Standing,
    asking: Noted,
    roles: Collection[str] | None,
    calendar: Calendar | None,
) -> Iterator[Permitted]:
    at, by = asking.at, asking.by
    for event_type, trigger in TRIGGERS.items():
        moves = standing.lifecycle.moves(standing.state, trigger)
        early = (out_of_order(trigger, at, standing),) if at < standing.latest else ()
        for target, transition in moves.items():
            label = trigger.capitalize()
            reasons = step_reasons(
                transition, target, incident, standing, at=at, by=by, roles=roles, calendar=calendar
            )
            found = (*early, *reasons)
            yield Permitted(
                trigger,
                target,
                status=standing.lifecycle.status(target) or standing.status,
                label=f"{label}: {target}" if len(moves) > 1 else label,
                allowed=not found,
                missing=tuple(missing_facts(transition, _bare(event_type, asking), standing)),
                reasons=found,
                event=event_type,
            )


def _bare(event_type: type[Event], asking: Noted) -> Event:
    """The event with nothing in it but who acts and when."""
    if event_type is Escalated:
        return Escalated(asking.at, asking.by, kind="functional")
    return event_type(asking.at, asking.by)  # type: ignore[call-arg]
