"""Tiny histories, told in hours since a Monday morning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from itilkit.events import (
    Acknowledged,
    Assigned,
    Cancelled,
    Classified,
    Closed,
    Event,
    Logged,
    PrioritySet,
    Reopened,
    Resolved,
)
from itilkit.kpi import Kpi, Measure, measure
from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.records import Incident, Source
from itilkit.sla import Assessment
from itilkit.vocabulary import Channel

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
LATE = 24 * 365


def at(hours: float) -> datetime:
    """That many hours after Monday's midnight."""
    return MONDAY + timedelta(hours=hours)


def hours(count: float) -> timedelta:
    """A duration."""
    return timedelta(hours=count)


def case(
    *events: Event,
    as_of: float = LATE,
    number: str = "INC1",
    source: Source | None = None,
    reported: dict[str, datetime] | None = None,
) -> Assessment:
    """What was known of one incident by then; a departure from the lifecycle is believed."""
    incident = Incident(number, events, source=source or Source(), reported=reported or {})
    return Assessment(replay(incident, ITIL4_DEFAULT, as_of=at(as_of), strict=False), {})


def story(
    opened: float = 0,
    resolved: float | None = None,
    closed: float | None = None,
    *,
    reopened: float | None = None,
    again: float | None = None,
    cancelled: float | None = None,
    acknowledged: float | None = None,
    groups: Iterable[str | None] = (),
    priority: int | None = None,
    as_of: float = LATE,
    channel: Channel | None = None,
    fields: dict[str, str | int | float | None] | None = None,
    reported: float | None = None,
    number: str = "INC1",
    source: Source | None = None,
) -> Assessment:
    """The usual life of an incident: opened, resolved, perhaps reopened and resolved again, closed."""
    events: list[Event] = [Logged(at(opened), channel=channel)]
    if fields:
        events.append(Classified(at(opened), fields=fields))
    if priority is not None:
        events.append(PrioritySet(at(opened), priority=priority))
    events += [Assigned(at(opened), group=group) for group in groups]
    if acknowledged is not None:
        events.append(Acknowledged(at(acknowledged)))
    if resolved is not None:
        events.append(Resolved(at(resolved)))
    if reopened is not None:
        events.append(Reopened(at(reopened)))
    if again is not None:
        events.append(Resolved(at(again)))
    if closed is not None:
        events.append(Closed(at(closed)))
    if cancelled is not None:
        events.append(Cancelled(at(cancelled)))
    told = None if reported is None else {"resolved_at": at(reported)}
    return case(*events, as_of=as_of, number=number, source=source, reported=told)


def one(kpi: Kpi, *cases: Assessment) -> Measure:
    """The only figure of a KPI over these incidents."""
    return measure(cases, kpi).one()


def told(*events: Event, as_of: float = LATE, number: str = "INC1", **attributes: object) -> Assessment:
    """What was known of one incident whose record carries attributes such as ``detected_at``."""
    incident = Incident(number, events, attributes=attributes)  # type: ignore[arg-type]
    return Assessment(replay(incident, ITIL4_DEFAULT, as_of=at(as_of), strict=False), {})
