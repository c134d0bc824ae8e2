"""What the tests of major incidents tell: instants of one Tuesday in March, and histories made of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from itilkit.events import Event, Logged, Person
from itilkit.lifecycle import PERMISSIVE, Timeline, replay
from itilkit.records import Incident
from itilkit.sla import Assessment

ANN, BO, QUINN = Person("ann", name="Ann"), Person("bo", name="Bo"), Person("quinn", name="Quinn")


def at(minutes: int) -> datetime:
    """So many minutes after two o'clock in the morning."""
    return datetime(2026, 3, 10, 2, tzinfo=UTC) + timedelta(minutes=minutes)


def opened(*events: Event, title: str = "8 of 16 nodes unreachable") -> Incident:
    """An incident opened at two, and what happened then."""
    return Incident("INC200", [Logged(at(0), title=title), *events])


def seen(*events: Event, until: int = 600, title: str = "8 of 16 nodes unreachable") -> Timeline:
    """The incident as it was known some minutes later."""
    return replay(opened(*events, title=title), PERMISSIVE, as_of=at(until), strict=False)


def case(*events: Event, until: int = 600, title: str = "8 of 16 nodes unreachable") -> Assessment:
    """The same, with no promise made."""
    return Assessment(seen(*events, until=until, title=title), {})
