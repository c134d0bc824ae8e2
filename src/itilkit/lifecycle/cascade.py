"""What does this event propose for the incidents that follow it?

Resolving a parent resolves its open children with the parent's resolution, and closing it closes them (ServiceNow,
iTop); a child that is still open when its parent is closed is resolved first. Reopening proposes nothing: whether
the fault is back for the others too is not known. Incidents recorded as duplicates follow in the same way.

A proposal is an event like any other: the host decides on it against the child's own history. It bears the
instant of the parent's event, or that of the child's last event where that is later, so that it is in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from itilkit.events import Closed, Event, Resolved
from itilkit.lifecycle.standing import Standing, standing_of
from itilkit.records import Incident

__all__ = ["cascade"]


def cascade(event: Event, parent: Standing, children: Iterable[Incident]) -> Iterator[tuple[str, Event]]:
    """The events that `event` proposes for the children of an incident that stands so after it, with their numbers.

    No children give nothing, and neither does any other event than a resolution or a closure.
    """
    if not isinstance(event, Resolved | Closed):
        return
    for child in children:
        standing = standing_of(child, parent.lifecycle)
        at = max(event.at, standing.latest)
        if standing.status.is_open:
            yield child.number, _passed_on(parent.resolution, event, at)
        if isinstance(event, Closed) and not standing.status.is_final:
            yield child.number, Closed(at, event.by, code=event.code, confirmed_by=event.confirmed_by)


def _passed_on(resolution: Resolved | None, event: Event, at: datetime) -> Resolved:
    """The parent's resolution for a child: all that it says but for the state that it led the parent to."""
    if resolution is None:
        return Resolved(at, event.by)
    return attrs.evolve(resolution, at=at, by=event.by, state=None, inferred=False)
