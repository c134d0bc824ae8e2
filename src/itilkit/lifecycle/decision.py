"""May this event be appended? A decision that explains itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import attrs

from itilkit.errors import Fault, TransitionError
from itilkit.events import Event, Logged, Migrated
from itilkit.lifecycle.definition import TRIGGERS, Lifecycle
from itilkit.lifecycle.replay import refusal
from itilkit.lifecycle.standing import Standing, Target, standing_of
from itilkit.records import Incident, remember

__all__ = ["Accepted", "Decision", "Reason", "Refused", "apply", "decide"]


@attrs.frozen
class Reason:
    """One reason for a refusal.

    Attributes:
        code: A stable word for programs: ``not_permitted``, ``missing_fact``, ``unknown_state``, ``out_of_order``
            or ``already_logged``.
        message: What stands in the way.
        field: The fact that is missing or wrong, or an empty string.
        remedy: What would clear it, where the message does not say so already.
    """

    code: str
    message: str
    field: str = attrs.field(default="", kw_only=True)
    remedy: str = attrs.field(default="", kw_only=True)

    def __str__(self) -> str:
        return f"{self.message} ({self.remedy})" if self.remedy else self.message


@attrs.frozen
class Accepted:
    """The event may be appended.

    Attributes:
        incident: The incident with the event.
        events: What the host has to store.
    """

    incident: Incident
    events: tuple[Event, ...]


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


def decide(incident: Incident, event: Event, lifecycle: Lifecycle) -> Decision:
    """Whether `event` may follow the history of `incident`: `Accepted` with the longer history, or `Refused`.

    The history itself is believed as it stands. An event that brings a house state along (`event.state`) is judged
    by that state; without one the lifecycle's table says where it leads.

    >>> from datetime import UTC, datetime
    >>> from itilkit.events import Closed, Logged
    >>> from itilkit.lifecycle import ITIL4_DEFAULT
    >>> at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> print(decide(Incident("INC1", [Logged(at, title="No e-mail")]), Closed(at, "ann"), ITIL4_DEFAULT))
    new -> closed is not permitted; from new the lifecycle permits: assigned, in_progress, resolved, cancelled
    """
    standing = standing_of(incident, lifecycle)
    target = standing.target(event)
    reasons = tuple(_reasons(incident, event, standing, target))
    if reasons:
        return Refused(reasons)
    longer = incident.appended(event)
    remember(longer, standing.followed_by(event, target))
    return Accepted(longer, (event,))


def apply(incident: Incident, event: Event, lifecycle: Lifecycle) -> Incident:
    """The incident with `event` appended.

    Raises:
        TransitionError: the event is refused; the faults are the reasons.
    """
    decision = decide(incident, event, lifecycle)
    if isinstance(decision, Accepted):
        return decision.incident
    raise TransitionError(
        Fault(reason.code, reason.message, path=reason.field, hint=reason.remedy)
        for reason in decision.reasons
    )


def _reasons(incident: Incident, event: Event, standing: Standing, target: Target | None) -> Iterator[Reason]:
    if isinstance(event, Logged):
        yield Reason(
            "already_logged", f"{incident.number} has been logged already", remedy="append another event"
        )
        return
    latest = standing.latest
    if event.at < latest:
        stamp = f"{event.at:%Y-%m-%dT%H:%MZ}"
        yield Reason(
            "out_of_order",
            f"{type(event).__name__} at {stamp} is earlier than the last event at {latest:%Y-%m-%dT%H:%MZ}",
            field="at",
            remedy="append events in the order in which they happened",
        )
    if target is not None:
        yield from _step_reasons(event, target, standing)


def _step_reasons(event: Event, target: Target, standing: Standing) -> Iterator[Reason]:
    name = target[0]
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
    elif not standing.permits(event, target):
        yield Reason("not_permitted", refusal(standing, event, name), field="state")
    else:
        transition = standing.lifecycle.moves(standing.state, TRIGGERS[type(event)])[name]
        for required in transition.requires:
            if all(standing.fact(fact, event) is None for fact in required.split(" or ")):
                message = f"to {transition.trigger} it, {required} must be known"
                yield Reason(
                    "missing_fact", message, field=required, remedy="give it in the event or record it first"
                )
