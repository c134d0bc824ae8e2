"""What happens by itself after a while? Timers as data: nothing here waits, sleeps or runs.

A host asks now and then which timers are due, decides on their events and appends what is accepted. An event that
was appended is what keeps its timer from firing twice. Sources: ServiceNow's auto-close (KB0552820: any update
restarts it, major incidents are left out), CA Service Desk's (0 is off, a change of status cancels it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, Self, get_args

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import Fault, PolicyError, near
from itilkit.events import (
    Cancelled,
    Closed,
    Event,
    Fields,
    Reopened,
    Replied,
    Resolved,
    Resumed,
    Scalar,
    Started,
)
from itilkit.lifecycle.boundary import over_at
from itilkit.lifecycle.data import Plain
from itilkit.lifecycle.definition import Lifecycle
from itilkit.lifecycle.timeline import Timeline
from itilkit.lifecycle.timer_data import read_timer, written_timer
from itilkit.lifecycle.window import Delay
from itilkit.vocabulary import HoldReason, Status

__all__ = ["SERVICENOW_AUTO_CLOSE", "Timer", "TimerDue", "check_timers", "due_timers", "next_due"]

Since = Literal["entered", "last_update"]
Fires = Literal["remind", "start", "resume", "resolve", "reopen", "close", "cancel"]

_FIRED: Mapping[str, Callable[[datetime, str, str | None], Event]] = {
    "remind": lambda at, name, _: Replied(at, automatic=True, text=name),
    "start": lambda at, _name, _code: Started(at),
    "resume": lambda at, _name, _code: Resumed(at),
    "resolve": lambda at, name, code: Resolved(at, code=code, notes=name),
    "reopen": lambda at, name, _: Reopened(at, reason=name),
    "close": lambda at, _, code: Closed(at, code=code),
    "cancel": lambda at, name, _: Cancelled(at, reason=name),
}


def _after(value: Delay | timedelta | int | None) -> Delay | None:
    """Nothing is off; a plain duration is time on the wall."""
    if value is None or value == 0 or value == timedelta(0):
        return None
    if isinstance(value, Delay):
        return value
    if isinstance(value, timedelta):
        return Delay(wall_time=value)
    hint = "give a Delay, a timedelta of time on the wall, or None"
    raise PolicyError.one("not_a_delay", f"{value!r} is no delay", path="after", hint=hint)


def _status(value: Status | str | None) -> Status | None:
    if value is None:
        return None
    try:
        return Status(value)
    except ValueError:
        raise _unknown(value, "status", Status) from None


def _hold_reason(value: HoldReason | str | None) -> HoldReason | None:
    if value is None:
        return None
    try:
        return HoldReason(value)
    except ValueError:
        raise _unknown(value, "hold_reason", HoldReason) from None


def _unknown(value: object, path: str, known: Iterable[str]) -> PolicyError:
    return PolicyError.one("unknown_word", f"{value!r} is no {path}", path=path, hint=near(value, known))


def _kinds(kinds: Iterable[type[Event]]) -> frozenset[type[Event]]:
    return frozenset(kinds)


def _exclude(values: Mapping[str, Scalar]) -> Fields:
    return values if isinstance(values, Fields) else Fields(values)


def _known(timer: Timer, attribute: attrs.Attribute[Any], value: Any) -> None:  # noqa: ARG001  attrs gives all three
    known = get_args(Fires if attribute.name == "fires" else Since)
    if value not in known:
        raise _unknown(value, attribute.name, known)


@attrs.frozen
class Timer:
    """What happens to an incident that stays somewhere for a while.

    It runs while the incident is in `status` or `state`, and starts anew with each visit.

    Attributes:
        name: What the house calls it; also the text of a reminder and the reason or notes of what it fires.
        fires: ``remind`` (an automatic reply), ``start``, ``resume``, ``resolve``, ``reopen``, ``close`` or
            ``cancel``.
        after: How long; a plain duration is time on the wall, and None or 0 turns the timer off.
        status: Where the incident stays; this or `state`.
        state: The house's own state in which it stays; this or `status`.
        hold_reason: Only while it waits for this.
        since: ``entered`` counts from coming there, ``last_update`` from the last event that a person or another
            tool caused. An automatic reply is no update.
        restart_on: Event types after which it counts from the beginning.
        cancel_on: Event types that end it for this visit.
        exclude: Facts of the record; where any of them holds, the timer does not run. ``major`` holds from a
            `MajorDeclared` until a `StoodDown`; a record with neither has the tool's own field of that name.
        code: The resolution or closure code of what it fires.

    Raises:
        PolicyError: neither or both of `status` and `state`, or a value that is none of those named here.
    """

    name: str
    fires: Fires = attrs.field(validator=_known)
    after: Delay | None = attrs.field(converter=_after, kw_only=True)
    status: Status | None = attrs.field(default=None, converter=_status, kw_only=True)
    state: str | None = attrs.field(default=None, kw_only=True)
    hold_reason: HoldReason | None = attrs.field(default=None, converter=_hold_reason, kw_only=True)
    since: Since = attrs.field(default="entered", validator=_known, kw_only=True)
    restart_on: frozenset[type[Event]] = attrs.field(default=frozenset(), converter=_kinds, kw_only=True)
    cancel_on: frozenset[type[Event]] = attrs.field(default=frozenset(), converter=_kinds, kw_only=True)
    exclude: Fields = attrs.field(factory=Fields, converter=_exclude, kw_only=True)
    code: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if (self.status is None) == (self.state is None):
            raise PolicyError.one(
                "not_one_place",
                f"timer {self.name!r} runs nowhere or in two places",
                hint="give status or state",
            )

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """The timer that plain data describes, as JSON and TOML have it; the same checks as in code.

        The keys are the names of the attributes. ``after`` is 0 or a table with one of ``working_days``,
        ``open_time`` and ``wall_time``; events are written as ``requester_wrote``.

        Raises:
            PolicyError: with every fault of the data, each with its path.

        >>> Timer.from_data({"name": "Auto-close", "fires": "close", "after": {"working_days": 5}, "status": "resolved",
        ...                  "restart_on": ["requester_wrote"]}).after
        Delay(working_days=5)
        """
        return cls(**read_timer(data))

    def to_data(self) -> Plain:
        """The timer as plain data, without what has its default; `from_data` takes it back.

        >>> SERVICENOW_AUTO_CLOSE.to_data()["after"], SERVICENOW_AUTO_CLOSE.to_data()["exclude"]
        ({'wall_time': '24h'}, {'major': True})
        """
        return written_timer(self)

    def runs_at(self, timeline: Timeline, beat: int) -> bool:
        """The incident is where the timer runs at a beat."""
        here = timeline.states[beat] == self.state or timeline.statuses[beat] is self.status
        return here and self.hold_reason in (None, timeline.hold_reasons[beat])


SERVICENOW_AUTO_CLOSE = Timer(
    "Auto-close",
    "close",
    after=Delay(wall_time=timedelta(days=1)),
    status=Status.RESOLVED,
    since="last_update",
    exclude={"major": True},
)
"""A day after the resolution, where any update restarts it and major incidents are left out (KB0552820)."""


@attrs.frozen
class TimerDue:
    """A timer that fires.

    Attributes:
        timer: Which one.
        number: For which incident.
        due_at: From when on.
        event: What to decide on: at `due_at`, or at the instant of asking where that is later, because it happens
            when the host acts.
    """

    timer: Timer
    number: str
    due_at: datetime
    event: Event


def due_timers(
    timeline: Timeline, timers: Iterable[Timer], *, calendar: Calendar | None = None
) -> tuple[TimerDue, ...]:
    """The timers that are due at the timeline's `as_of` and have not fired, the earliest first.

    An incident that is not opened yet gives nothing.

    Args:
        timeline: What held when.
        timers: The house's timers.
        calendar: What working days and open time are counted on.

    Raises:
        PolicyError: a running timer needs a calendar and there is none.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged
    >>> from itilkit.lifecycle import SERVICENOW, replay
    >>> from itilkit.records import Incident
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> solved = Incident("INC1", [Logged(noon), Resolved(noon)])
    >>> later = replay(solved, SERVICENOW, as_of=noon + timedelta(days=2))
    >>> [(due.timer.name, str(due.due_at)) for due in due_timers(later, [SERVICENOW_AUTO_CLOSE])]
    [('Auto-close', '2026-03-03 12:00:00+00:00')]
    """
    running = _running(timeline, timers, calendar)
    return tuple(due for due in running if due.due_at <= timeline.as_of)


def next_due(
    timeline: Timeline, timers: Iterable[Timer], *, calendar: Calendar | None = None
) -> TimerDue | None:
    """The timer that fires first if nothing happens any more, due already or not; None where none runs.

    A host that stores `due_at` knows when to ask again. The arguments are those of `due_timers`.

    Raises:
        PolicyError: a running timer needs a calendar and there is none.
    """
    return next(iter(_running(timeline, timers, calendar)), None)


def check_timers(timers: Iterable[Timer], lifecycle: Lifecycle) -> tuple[Fault, ...]:
    """What is wrong with timers under a lifecycle: a state that is not there, a step that is not possible there."""
    return tuple(_timer_faults(timers, lifecycle))


def _timer_faults(timers: Iterable[Timer], lifecycle: Lifecycle) -> Iterator[Fault]:
    for index, timer in enumerate(timers):
        here = [
            state.name
            for state in lifecycle.states
            if state.name == timer.state or state.status is timer.status
        ]
        if not here:
            names = [state.name for state in lifecycle.states]
            place = timer.state or timer.status
            yield Fault(
                "unknown_state",
                f"timer {timer.name!r} runs in {place!r}, which {lifecycle.name} does not have",
                path=f"timers[{index}]",
                hint=near(place, names),
            )
        elif timer.fires != "remind" and not any(lifecycle.moves(name, timer.fires) for name in here):
            yield Fault(
                "not_permitted",
                f"timer {timer.name!r}: {timer.fires} leads nowhere from {' or '.join(here)}",
                path=f"timers[{index}].fires",
            )


def _running(timeline: Timeline, timers: Iterable[Timer], calendar: Calendar | None) -> list[TimerDue]:
    """The timers that run, by the instant at which they fire; of equal instants in the order given."""
    found: list[TimerDue] = []
    for timer in timers:
        start = _start(timer, timeline)
        if timer.after is None or start is None or _is_excluded(timer, timeline):
            continue
        due_at = over_at(timer.after, start, calendar)
        if due_at is not None:
            event = _FIRED[timer.fires](max(due_at, timeline.as_of), timer.name, timer.code)
            found.append(TimerDue(timer, timeline.incident.number, due_at, event))
    return sorted(found, key=lambda due: due.due_at)


def _start(timer: Timer, timeline: Timeline) -> datetime | None:
    """From when the timer counts; None where it does not run, was cancelled or has fired."""
    entered = len(timeline.beats)
    while entered and timer.runs_at(timeline, entered - 1):
        entered -= 1
    if entered == len(timeline.beats):
        return None
    start = timeline.beats[entered]
    reminded = False
    for beat in range(entered + 1, len(timeline.beats)):
        event = timeline.events[beat]
        reply = event.text if isinstance(event, Replied) and event.automatic else None
        if type(event) in timer.cancel_on:
            return None
        if type(event) in timer.restart_on or (timer.since == "last_update" and reply is None):
            start, reminded = timeline.beats[beat], False
        elif timer.fires == "remind" and reply == timer.name:
            reminded = True
    return None if reminded else start


def _is_excluded(timer: Timer, timeline: Timeline) -> bool:
    return any(_fact(timeline, name) == value for name, value in timer.exclude.items())


def _fact(timeline: Timeline, name: str) -> object:
    """A fact of the record as it stands: a level, whose it is, one of the tool's fields, or what never changes."""
    incident = timeline.incident
    assignee = timeline.assignment.assignee
    standard: Mapping[str, object] = {
        "impact": timeline.impact,
        "urgency": timeline.urgency,
        "priority": timeline.priority,
        "group": timeline.assignment.group,
        "assignee": assignee.id if assignee else None,
        "customer": incident.customer,
        "site": incident.site,
    }
    if name in standard:
        return standard[name]
    declared = timeline.declared_major if name == "major" else None
    if declared is not None:
        return declared
    fields = timeline.fields[-1]
    return fields[name] if name in fields else incident.attributes.get(name)
