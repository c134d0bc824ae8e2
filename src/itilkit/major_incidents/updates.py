"""What is each audience told, and when does it hear next? Status updates and the summary for executives, as values.

Rules of this file:

* Sending is the host's: a text is a value, and the event that keeps it on record goes with it (`StatusUpdate.event`).
* Who is outside (users, customers, the public, a regulator) learns no names, no war room and no supplier.
* Instants are told in local time of the zone that is given; there is no default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import TypeAlias

import attrs

from itilkit.calendars import Calendar
from itilkit.conditions import holds
from itilkit.errors import RecordError, near, shown
from itilkit.escalation import Cadence
from itilkit.events import Person, Replied
from itilkit.events.doors import person_of
from itilkit.lifecycle import Timeline, situation_at
from itilkit.lifecycle.boundary import over_at
from itilkit.major_incidents.brief import Brief, Card
from itilkit.major_incidents.standing import MajorIncident, standing
from itilkit.records import escalations
from itilkit.sla import Assessment
from itilkit.sla.explain import duration, stamp
from itilkit.spans import utc, zone_named
from itilkit.vocabulary import Audience, Channel, Role, Status

__all__ = ["OUTSIDE", "StatusUpdate", "executive_summary", "status_update"]

OUTSIDE = (Audience.USERS, Audience.CUSTOMERS, Audience.PUBLIC, Audience.REGULATOR)
"""Audiences outside the organisation that answers for the incident."""


@attrs.frozen
class StatusUpdate:
    """What an audience is told about an incident.

    Attributes:
        number: The incident.
        audience: Who is told.
        at: When; UTC.
        brief: What they are told.
        next_update_at: When they hear next; None where nothing is promised.
    """

    number: str
    audience: Audience
    at: datetime = attrs.field(kw_only=True)
    brief: Brief = attrs.field(kw_only=True)
    next_update_at: datetime | None = attrs.field(default=None, kw_only=True)

    def __str__(self) -> str:
        return str(self.brief)

    def to_markdown(self) -> str:
        """As Markdown."""
        return self.brief.to_markdown()

    def to_slack(self) -> Card:
        """As the body of a message of Slack: ``text`` and ``blocks``."""
        return self.brief.to_slack()

    def to_teams(self) -> Card:
        """As the body of a message of Teams with an Adaptive Card."""
        return self.brief.to_teams()

    def event(self, by: Person | str | None = None, *, channel: Channel | str | None = None) -> Replied:
        """What to decide on and append when it was sent: it answers what was owed, and promises the next update.

        Args:
            by: Who sent it.
            channel: By which way.
        """
        return Replied(
            self.at,
            person_of(by),
            text=self.brief.text,
            audience=self.audience,
            public=self.audience in OUTSIDE,
            channel=channel,
            next_update_due_at=self.next_update_at,
        )


@attrs.frozen
class _Seen:
    """What facts are read from."""

    assessment: Assessment
    major: MajorIncident | None
    zone: tzinfo

    def stamp(self, at: datetime) -> str:
        """An instant in local time, with the abbreviation of the zone."""
        told = stamp(at, self.zone)
        abbreviation = f"{at.astimezone(self.zone):%Z}"
        return told if told.endswith(abbreviation) else f"{told} {abbreviation}"


_Fact: TypeAlias = Callable[[_Seen], str | None]


def _status(seen: _Seen) -> str | None:
    status = seen.assessment.timeline.status
    return None if status is None else status.replace("_", " ")


def _service(seen: _Seen) -> str | None:
    fields = seen.assessment.timeline.fields
    service = fields[-1].get("service") if fields else None
    return None if service is None else str(service)


def _since(seen: _Seen) -> str | None:
    timeline = seen.assessment.timeline
    if timeline.opened_at is None:
        return None
    lasted, over = _lasted(timeline)
    return f"{seen.stamp(timeline.opened_at)}, {'for' if over else 'so far'} {lasted}"


def _lasted(timeline: Timeline) -> tuple[str, bool]:
    """How long the incident lasted until it was resolved, or ended without that, and whether it is over."""
    start = timeline.beats[0]
    end = timeline.resolved_at or timeline.closed_at
    if timeline.status is Status.CANCELLED:
        *_, end = timeline.entered(Status.CANCELLED)
    return duration(max(end or timeline.as_of, start) - start), end is not None


def _impact(seen: _Seen) -> str | None:
    return seen.major.reason or None if seen.major else None


def _leader(seen: _Seen) -> str | None:
    leader = seen.major.incident_manager if seen.major else None
    return None if leader is None else str(leader)


def _promise(seen: _Seen) -> str | None:
    reading = seen.assessment.readings.get("resolution")
    if reading is None or reading.due_at is None:
        return None
    outcome = "" if reading.outcome == "pending" else f", {reading.outcome}"
    return f"by {seen.stamp(reading.due_at)}{outcome}"


def _roles(seen: _Seen) -> str | None:
    if seen.major is None or seen.major.state != "accepted":
        return None
    now = [
        f"{each.person} ({each.role.replace('_', ' ')})"
        for each in seen.major.roles
        if each.holds(seen.major.as_of) and each.role is not Role.INCIDENT_MANAGER
    ]
    return ", ".join(now) or None


def _called_in(seen: _Seen) -> str | None:
    told = [
        f"{each.to}{f' ({each.reference})' if each.reference else ''}"
        for each in escalations(seen.assessment.timeline.events)
        if each.to
    ]
    return ", ".join(dict.fromkeys(told)) or None


def _recovery(seen: _Seen) -> str | None:
    invoked = seen.major.disaster_recovery if seen.major else ()
    return (
        "; ".join(f"{seen.stamp(each.at)}{f' ({each.plan})' if each.plan else ''}" for each in invoked)
        or None
    )


def _declared(seen: _Seen) -> str | None:
    at = seen.major.declared_at if seen.major else None
    return None if at is None else seen.stamp(at)


def _war_room(seen: _Seen) -> str | None:
    return seen.major.war_room or None if seen.major and seen.major.state == "accepted" else None


_FACTS: Mapping[str, _Fact] = {
    "Status": _status,
    "Service": _service,
    "Since": _since,
    "Declared": _declared,
    "Impact": _impact,
    "Incident manager": _leader,
    "Roles": _roles,
    "Resolution promised": _promise,
    "Called in": _called_in,
    "Disaster recovery": _recovery,
    "War room": _war_room,
}
_PUBLIC = ("Status", "Service", "Since")
_TOLD: Mapping[Audience, tuple[str, ...]] = {
    Audience.USERS: _PUBLIC,
    Audience.CUSTOMERS: _PUBLIC,
    Audience.PUBLIC: _PUBLIC,
    Audience.REGULATOR: (*_PUBLIC, "Declared", "Impact", "Disaster recovery"),
    Audience.STAKEHOLDERS: (*_PUBLIC, "Impact", "Incident manager", "Resolution promised"),
    Audience.MANAGEMENT: tuple(_FACTS),
}


def status_update(
    assessment: Assessment,
    audience: Audience | str,
    text: str,
    *,
    zone: str,
    headline: str = "",
    cadences: Iterable[Cadence] = (),
    calendar: Calendar | None = None,
    next_update_at: datetime | None = None,
) -> StatusUpdate:
    """What an audience is told at the assessment's `as_of`: a text, the facts that it may know, when it hears next.

    Users, customers and the public learn status, service and since when; a regulator also when it was declared, its
    impact and whether disaster recovery was invoked; stakeholders its impact, its incident manager and what is
    promised; management everything. Only an open incident promises a next update.

    Args:
        assessment: The incident.
        audience: Who is told.
        text: What is said, in the words of whoever writes.
        zone: The IANA zone of the instants told.
        headline: What stands above it; empty is the number and the title, which may be more than people outside
            should read.
        cadences: How often whom; the shortest that is for this audience gives the next update.
        calendar: What open time and working days are counted on.
        next_update_at: When they hear next, in place of what the cadences give.

    Raises:
        RecordError: no text, no such audience, or a next update that is not later than `as_of`.
        InstantError: no such zone, or an instant without one.
        PolicyError: a cadence in open time or working days, and no calendar.

    >>> from datetime import UTC, timedelta
    >>> from itilkit.events import Logged
    >>> from itilkit.lifecycle import ITIL4_DEFAULT, replay
    >>> from itilkit.records import Incident
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> seen = replay(Incident("INC1", [Logged(nine, title="No payments")]), ITIL4_DEFAULT, as_of=nine)
    >>> hourly = Cadence(timedelta(hours=1), "users")
    >>> told = status_update(Assessment(seen, {}), "users", "We are on it.", zone="Europe/London", cadences=[hourly])
    >>> print(told)
    INC1: No payments
    <BLANKLINE>
    We are on it.
    <BLANKLINE>
    Status: new
    Since: Mon 2026-03-02 09:00 GMT, so far 0m
    <BLANKLINE>
    Next update by Mon 2026-03-02 10:00 GMT.
    """
    given: object = text
    if not isinstance(given, str):
        raise RecordError.one(
            "not_a_text", f"expected a text, got {shown(given)}", path="text", hint="give a str"
        )
    reader, seen = _audience(audience), _Seen(assessment, standing(assessment.timeline), zone_named(zone))
    now = assessment.timeline.as_of
    following = (
        _following(assessment, reader, cadences, calendar) if next_update_at is None else utc(next_update_at)
    )
    if following is not None and following <= now:
        message = f"{following:%Y-%m-%dT%H:%MZ} is not after {now:%Y-%m-%dT%H:%MZ}, when this update is sent"
        raise RecordError.one("past_update", message, path="next_update_at", hint="name a later instant")
    return StatusUpdate(
        assessment.timeline.incident.number,
        reader,
        at=now,
        brief=Brief(
            headline or _heading(assessment),
            text,
            facts=_read(_TOLD[reader], seen),
            footer="" if following is None else f"Next update by {seen.stamp(following)}.",
        ),
        next_update_at=following,
    )


def _audience(value: Audience | str) -> Audience:
    try:
        return Audience(value)
    except ValueError:
        hint = near(value, Audience)
        raise RecordError.one(
            "unknown_word", f"{value!r} is no audience", path="audience", hint=hint
        ) from None


def _heading(assessment: Assessment) -> str:
    incident = assessment.timeline.incident
    title = incident.logged.title
    return f"{incident.number}: {title}" if title else incident.number


def _read(names: Iterable[str], seen: _Seen) -> Iterator[tuple[str, str]]:
    for name in names:
        told = _FACTS[name](seen)
        if told is not None:
            yield name, told


def _following(
    assessment: Assessment, audience: Audience, cadences: Iterable[Cadence], calendar: Calendar | None
) -> datetime | None:
    """When the shortest cadence for an audience calls for the next message after one that is sent now."""
    timeline = assessment.timeline
    if timeline.status is None or not timeline.status.is_open:
        return None
    known = situation_at(timeline, len(timeline.beats) - 1)
    instants = [
        over_at(cadence.every, timeline.as_of, calendar)
        for cadence in cadences
        if cadence.audience in (None, audience)
        and (cadence.priorities is None or timeline.priority in cadence.priorities)
        and holds(cadence.when, known)
    ]
    return min((at for at in instants if at is not None), default=None)


def executive_summary(assessment: Assessment, *, zone: str) -> Brief:
    """A major incident for people who decide: what it does to the business, who leads, what was done, what comes.

    One that nobody held for a major incident is told all the same, as what it is.

    Args:
        assessment: The incident.
        zone: The IANA zone of the instants told.

    Raises:
        InstantError: no such zone.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged, MajorDeclared
    >>> from itilkit.lifecycle import ITIL4_DEFAULT, replay
    >>> from itilkit.records import Incident
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> events = [Logged(nine, title="No payments"), MajorDeclared(nine, "ann", reason="No shop sells")]
    >>> seen = replay(Incident("INC1", events), ITIL4_DEFAULT, as_of=nine)
    >>> print(executive_summary(Assessment(seen, {}), zone="Europe/London").text)
    No shop sells. Reported at Mon 2026-03-02 09:00 GMT, new, 0m so far.
    Declared a major incident at Mon 2026-03-02 09:00 GMT by ann. Nobody leads it.
    """
    seen = _Seen(assessment, standing(assessment.timeline), zone_named(zone))
    names = ("Service", "Roles", "Resolution promised", "Called in", "Disaster recovery", "War room")
    lines = [" ".join(_how_it_stands(seen)), " ".join(_how_it_is_led(seen)), " ".join(_what_was_told(seen))]
    return Brief(_heading(assessment), "\n".join(line for line in lines if line), facts=_read(names, seen))


def _how_it_stands(seen: _Seen) -> Iterator[str]:
    timeline = seen.assessment.timeline
    impact = _impact(seen)
    if impact:
        yield impact if impact.endswith((".", "!", "?")) else f"{impact}."
    if timeline.opened_at is None or timeline.status is None:
        return
    lasted, over = _lasted(timeline)
    told = f"{_status(seen)} after {lasted}" if over else f"{_status(seen)}, {lasted} so far"
    if timeline.status is Status.CLOSED and timeline.resolved_at is not None:
        told = f"resolved after {lasted}, and closed"
    yield f"Reported at {seen.stamp(timeline.opened_at)}, {told}."
    if timeline.status is Status.ON_HOLD and timeline.hold_reason is not None:
        yield f"It waits: {timeline.hold_reason.replace('_', ' ')}."


def _how_it_is_led(seen: _Seen) -> Iterator[str]:
    major = seen.major
    if major is None:
        return
    if major.state == "proposed":
        yield f"Proposed as a major incident{_at_by(seen, major.proposed_at, major.proposed_by)}; nobody has decided."
    elif major.state == "rejected":
        yield f"Not held for a major incident: rejected{_at_by(seen, major.rejected_at, major.rejected_by)}."
    else:
        approved = "" if major.approved_by == major.declared_by else f", approved by {major.approved_by}"
        yield f"Declared a major incident{_at_by(seen, major.declared_at, major.declared_by)}{approved}."
        if major.state == "stood_down":
            yield f"Stood down{_at_by(seen, major.stood_down_at, major.stood_down_by)}."
        else:
            leader = major.incident_manager
            yield f"{leader} leads it." if leader else "Nobody leads it."


def _at_by(seen: _Seen, at: datetime | None, by: Person | None) -> str:
    when = "" if at is None else f" at {seen.stamp(at)}"
    return f"{when} by {by}" if by else when


def _what_was_told(seen: _Seen) -> Iterator[str]:
    sent = seen.major.bulletins if seen.major else ()
    if not sent:
        return
    count = len(sent)
    yield f"{count} bulletin{'' if count == 1 else 's'} so far, the last at {seen.stamp(sent[-1].at)}."
