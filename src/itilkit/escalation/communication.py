"""Who is owed a message by now?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import attrs

from itilkit.calendars import Calendar
from itilkit.conditions import Always, Condition, Situation, holds
from itilkit.errors import PolicyError, near
from itilkit.escalation.proposal import Due, local
from itilkit.escalation.triggers import delay_words
from itilkit.lifecycle import Delay, Timeline
from itilkit.lifecycle.boundary import over_at
from itilkit.lifecycle.situations import situation_at
from itilkit.records import Communication, communications
from itilkit.sla import Assessment
from itilkit.spans import utc
from itilkit.vocabulary import Audience, Role

__all__ = ["Cadence", "communications_due"]

_OUTSIDE = (Audience.USERS, Audience.CUSTOMERS, Audience.PUBLIC, Audience.REGULATOR)
_WRITER = (Role.COMMUNICATIONS_MANAGER.value,)


def _every(value: Delay | timedelta) -> Delay:
    given: object = value
    if isinstance(given, timedelta):
        return Delay(wall_time=given)
    if isinstance(given, Delay):
        return given
    hint = "give a Delay, or a timedelta of time on the wall"
    raise PolicyError.one("not_a_delay", f"{value!r} is no delay", path="every", hint=hint)


def _audience(value: Audience | str | None) -> Audience | None:
    try:
        return None if value is None else Audience(value)
    except ValueError:
        hint = near(value, Audience)
        raise PolicyError.one(
            "unknown_word", f"{value!r} is no audience", path="audience", hint=hint
        ) from None


def _priorities(value: Iterable[int] | int | None) -> frozenset[int] | None:
    if value is None:
        return None
    found = frozenset((value,) if isinstance(value, int) else value)
    for priority in found:
        given: object = priority
        if isinstance(given, bool) or not isinstance(given, int) or given < 1:
            message, hint = f"expected a whole number, got {priority!r}", "1 is the highest"
            raise PolicyError.one("bad_priority", message, path="priorities", hint=hint)
    return found


def _names(value: Iterable[str] | str) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@attrs.frozen
class Cadence:
    """How often an audience is written to while an incident is open.

    Attributes:
        every: How long after the last message, the opening, or the instant at which the priority came to be one of
            these, whichever is the latest; a plain duration is time on the wall.
        audience: Who is written to; None is anybody.
        priorities: For which priorities, 1 is the highest; None is for all.
        to: Who owes the message.
        when: What must hold of the incident; what is left open does not hold.

    Raises:
        PolicyError: no delay, no such audience, a priority that is no level.

    >>> Cadence(timedelta(minutes=30), "stakeholders", priorities=1).to
    ('communications_manager',)
    """

    every: Delay = attrs.field(converter=_every)
    audience: Audience | None = attrs.field(default=None, converter=_audience)
    priorities: frozenset[int] | None = attrs.field(default=None, converter=_priorities, kw_only=True)
    to: tuple[str, ...] = attrs.field(default=_WRITER, converter=_names, kw_only=True)
    when: Condition = attrs.field(factory=Always, kw_only=True)


def communications_due(
    assessment: Assessment,
    cadences: Iterable[Cadence] = (),
    *,
    until: datetime | None = None,
    calendar: Calendar | None = None,
    known: Sequence[Situation] | None = None,
) -> tuple[Due, ...]:
    """The messages that are owed: because one was promised, or by how often an audience is written to.

    Both hold beside each other, and the earlier one counts. A message by a person answers what was owed to its
    audience; one whose audience is not recorded answers for all, a private one only inside. An automatic reply
    answers nothing, and what it promises is owed. Only an open incident owes messages.

    Args:
        assessment: The incident.
        cadences: How often whom; none asks for promises alone (`Replied.next_update_due_at`).
        until: The last instant asked for: what will be owed if nobody writes. None is `as_of`.
        calendar: What open time and working days are counted on.
        known: As for `due`.

    Returns:
        One for each audience, the earliest first. `Due.event` is None: the message itself is what answers.

    Raises:
        PolicyError: open time or working days are to be counted and there is no calendar.
        InstantError: `until` has no zone.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged, Replied
    >>> from itilkit.lifecycle import ITIL4_DEFAULT, replay
    >>> from itilkit.records import Incident
    >>> nine, ten = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10))
    >>> told = Replied(nine, "ann", audience="users", next_update_due_at=ten)
    >>> seen = replay(Incident("INC1", [Logged(nine), told]), ITIL4_DEFAULT, as_of=ten)
    >>> print(*communications_due(Assessment(seen, {})))
    INC1: communication to communications_manager: users were told to expect news: Mon 2026-03-02 10:00 UTC
    """
    timeline = assessment.timeline
    if timeline.status is None or not timeline.status.is_open:
        return ()
    last = timeline.as_of if until is None else utc(until)
    found = [due for due in _owed(timeline, tuple(cadences), calendar, known) if due.at <= last]
    return tuple(sorted(found, key=lambda due: due.at))


def _owed(
    timeline: Timeline,
    cadences: Sequence[Cadence],
    calendar: Calendar | None,
    known: Sequence[Situation] | None,
) -> Iterator[Due]:
    sent = [message for message in communications(timeline.events) if message.direction == "out"]
    asked = dict.fromkeys(cadence.audience for cadence in cadences)
    promises = [message for message in sent if message.next_update_due_at is not None]
    others = dict.fromkeys(
        message.audience for message in promises if not any(_reaches(message, each) for each in asked)
    )
    situation = situation_at(timeline, len(timeline.beats) - 1) if known is None else known[-1]
    for audience in (*asked, *others):
        reached = [message for message in sent if _reaches(message, audience)]
        options = list(_promise(reached, audience, timeline, calendar))
        for cadence in cadences:
            if cadence.audience == audience and holds(cadence.when, situation):
                options += _by_cadence(cadence, reached, timeline, calendar)
        if options:
            yield min(options, key=lambda due: due.at)


def _reaches(message: Communication, audience: Audience | None) -> bool:
    """Whether a message counts for an audience; of those to nobody in particular a private one stays inside."""
    if audience is None or message.audience is audience:
        return True
    return message.audience is None and (message.public or audience not in _OUTSIDE)


def _who(audience: Audience | None) -> str:
    return audience.value if audience else "readers"


def _promise(
    reached: Sequence[Communication], audience: Audience | None, timeline: Timeline, calendar: Calendar | None
) -> Iterator[Due]:
    """What the latest message that promised one promised, if no person has written since."""
    for message in reversed(reached):
        at = message.next_update_due_at
        if at is not None:
            yield _due(at, f"{_who(audience)} were told to expect news", _WRITER, timeline, calendar)
        if at is not None or not message.automatic:
            return


def _by_cadence(
    cadence: Cadence, reached: Sequence[Communication], timeline: Timeline, calendar: Calendar | None
) -> Iterator[Due]:
    since = _entered(cadence, timeline)
    if since is None:
        return
    last = max((message.at for message in reached if not message.automatic), default=since)
    at = over_at(cadence.every, max(last, since), calendar)
    if at is not None:
        after = "the last message" if last >= since and last != since else "the beginning"
        why = f"{_who(cadence.audience)} hear every {delay_words(cadence.every)}, counted from {after}"
        yield _due(at, why, cadence.to, timeline, calendar)


def _entered(cadence: Cadence, timeline: Timeline) -> datetime | None:
    """Since when the incident has been one that the cadence is for; None where it is not."""
    if cadence.priorities is None:
        return timeline.beats[0]
    beat = len(timeline.priorities)
    while beat and timeline.priorities[beat - 1] in cadence.priorities:
        beat -= 1
    return None if beat == len(timeline.priorities) else timeline.beats[beat]


def _due(at: datetime, why: str, to: tuple[str, ...], timeline: Timeline, calendar: Calendar | None) -> Due:
    return Due(
        at,
        "communication",
        notify=to,
        why=f"{why}: {local(at, calendar)}",
        number=timeline.incident.number,
    )
