"""Random incidents for the laws and for the comparison with the plain simulation."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import attrs
from hypothesis import strategies as st
from tests.sla.plain import Axis, Days, Happening, Hours, Policy, Target
from tests.sla.stories import ANN, BOB

from itilkit import events as happened
from itilkit.calendars import Calendar
from itilkit.events import Event
from itilkit.sla import RULES, Goal, Pauses, Rule, WorkingDays

_NINE_TO_FIVE = ((9 * 60, 17 * 60),)
_NIGHT = ((22 * 60, 6 * 60),)
HOURS = (
    Hours("Europe/London", (_NINE_TO_FIVE,) * 5 + ((), ())),
    Hours("Europe/Berlin", (((9 * 60, 12 * 60 + 30), (13 * 60 + 30, 18 * 60)),) * 5 + ((), ())),
    Hours("Europe/London", (_NIGHT,) * 7, (date(2026, 3, 29),)),
    Hours("America/New_York", (_NIGHT, _NIGHT, (), _NINE_TO_FIVE + _NIGHT, _NIGHT, _NIGHT, ())),
    Hours("Europe/London", (((0, 1440),),) * 7),
)
# Before the clocks change in Europe, before they change in New York, and before they change back.
STARTS = tuple(
    datetime(2026, month, day, 9, 0, tzinfo=UTC) for month, day in ((3, 27), (3, 6), (10, 23), (10, 30))
)

# Most of the rules bear on the clocks that pause and are reopened.
CLOCKS = (*sorted(RULES), "resolution", "resolution", "resolution", "closure", "workaround")

_NEXT = {
    "open": ("hold", "hold", "hold", "resolve", "resolve", "close", "cancel"),
    "held": ("resume", "resume", "resume", "resolve", "close", "cancel"),
    "resolved": ("reopen", "reopen", "reopen", "close"),
    "closed": ("reopen", "reopen"),
}
_LINKS: dict[str, happened.LinkKind] = {
    "workaround": "workaround",
    "known error": "known_error",
    "problem": "problem",
}
_ANY_TIME = ("reply", "write", "acknowledge", "priority", "priority", "exclude", *_LINKS)
_LEADS_TO = {"hold": "held", "resume": "open", "resolve": "resolved", "close": "closed", "reopen": "open"}
_REOPEN = {"restart": "restart", "retroactive": "count the time resolved", "ignore": "ignore"}
_CHANGE = {"recalculate": "recalculate from start", "tighten": "only tighten"}


def calendar_of(hours: Hours) -> Calendar:
    """The same hours as a calendar."""
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    weekly = {
        day: [f"{_clock(opens)}-{_clock(closes)}" for opens, closes in windows]
        for day, windows in zip(days, hours.week, strict=True)
    }
    return Calendar(weekly, zone=hours.zone, closed=dict.fromkeys(hours.closed, "closed"))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@attrs.frozen
class Draw:
    """An incident in minutes, what is measured on it, and when it is looked at."""

    start: datetime
    happenings: tuple[Happening, ...]
    policy: Policy
    hours: Hours
    now: int

    @property
    def as_of(self) -> datetime:
        """The moment to ask at."""
        return self.start + timedelta(minutes=self.now)

    @property
    def axis(self) -> Axis:
        """The minutes that the simulation counts."""
        return Axis(self.hours, self.start)

    def events(self) -> list[Event]:
        """The same history as typed events."""
        return [event for each in self.happenings for event in _events(each, self.start)]

    def rule(self) -> Rule:
        """The same clock as a rule."""
        policy = self.policy
        rule = RULES[policy.clock]
        limit = None if policy.limit is None else timedelta(minutes=policy.limit)
        changes: dict[str, Any] = {
            "pauses": Pauses(limit=limit) if policy.pausing else None,
            "when_priority_changes": _CHANGE.get(policy.priority_change, policy.priority_change),
            "suspended_when_done": policy.suspended and policy.clock in ("response", "acknowledge"),
        }
        if rule.when_reopened is not None:
            changes["when_reopened"] = _REOPEN.get(policy.reopen, policy.reopen)
        return attrs.evolve(rule, **changes)

    def goals(self) -> dict[int, Goal | None]:
        """The same targets as goals."""
        calendar = calendar_of(self.hours)
        return {
            priority: None if target is None else Goal(_amount(target), calendar)
            for priority, target in self.policy.targets.items()
        }


def _amount(target: int | Days) -> timedelta | WorkingDays:
    if not isinstance(target, Days):
        return timedelta(minutes=target)
    cutoff = None if target.cutoff is None else time(*divmod(target.cutoff, 60))
    return WorkingDays(target.count, first_day="opening_day" if target.opening_day else "next", cutoff=cutoff)


def _events(each: Happening, start: datetime) -> list[Event]:
    when = start + timedelta(minutes=each.minute)
    if isinstance(each.value, tuple):
        first, last = (start + timedelta(minutes=minute) for minute in each.value)
        return [happened.Excluded(when, ANN, start=first, end=last)]
    if each.kind == "open":
        return [
            happened.Logged(when, BOB, reporter=BOB),
            happened.PrioritySet(when, ANN, priority=each.value),
        ]
    if each.kind == "priority":
        return [happened.PrioritySet(when, ANN, priority=each.value)]
    if each.kind in _LINKS:
        return [happened.Linked(when, ANN, kind=_LINKS[each.kind], to="PRB1")]
    return [_PLAIN[each.kind](when, BOB if each.kind in ("write", "reopen") else ANN)]


_PLAIN: dict[str, Any] = {
    "hold": happened.Held,
    "resume": happened.Resumed,
    "resolve": happened.Resolved,
    "close": happened.Closed,
    "reopen": happened.Reopened,
    "cancel": happened.Cancelled,
    "reply": happened.Replied,
    "write": happened.RequesterWrote,
    "acknowledge": happened.Acknowledged,
}
_GAPS = st.one_of(
    st.integers(0, 90), st.sampled_from((0, 60, 480, 510, 930, 1440, 2880)), st.integers(0, 4000)
)
_DAYS = st.builds(
    Days,
    st.integers(1, 4),
    st.booleans(),
    st.one_of(st.none(), st.integers(0, 1439), st.sampled_from((540, 720))),
)
_TARGETS: st.SearchStrategy[Target] = st.one_of(
    st.sampled_from((0, 60, 240, 480)), st.integers(1, 1500), _DAYS
)


@st.composite
def policies(draw: st.DrawFn, clock: str | None = None) -> Policy:
    """Any clock with any of its options."""
    return Policy(
        clock or draw(st.sampled_from(CLOCKS)),
        {
            1: draw(_TARGETS),
            2: draw(_TARGETS),
            3: draw(st.one_of(_TARGETS, st.none())),
        },
        reopen=draw(st.sampled_from(("continue", "restart", "retroactive", "ignore"))),
        priority_change=draw(st.sampled_from(("recalculate", "restart", "keep", "tighten"))),
        pausing=draw(st.booleans()),
        limit=draw(st.one_of(st.none(), st.integers(0, 600))),
        suspended=draw(st.booleans()),
    )


@st.composite
def histories(draw: st.DrawFn, length: int = 10) -> tuple[tuple[Happening, ...], int]:
    """Happenings that may follow each other, and a minute to look at them."""
    minute, status = 0, "open"
    found = [Happening(0, "open", draw(st.integers(1, 3)))]
    for _ in range(draw(st.integers(0, length))):
        minute += draw(_GAPS)
        kind = draw(st.sampled_from((*_NEXT[status], *_ANY_TIME)))
        if kind == "exclude":
            first = max(0, minute + draw(st.integers(-600, 600)))
            found.append(Happening(minute, kind, (first, first + draw(st.integers(0, 900)))))
        else:
            found.append(Happening(minute, kind, draw(st.integers(1, 3)) if kind == "priority" else 0))
        status = _LEADS_TO.get(kind, status)
        if kind == "cancel":
            break
    return tuple(found), max(0, minute + draw(st.one_of(st.integers(0, 5000), st.integers(-3000, 0))))


@st.composite
def draws(draw: st.DrawFn, clock: str | None = None) -> Draw:
    """A random incident, clock, calendar and moment."""
    happenings, now = draw(histories())
    return Draw(
        draw(st.sampled_from(STARTS)),
        happenings,
        draw(policies(clock)),
        draw(st.sampled_from(HOURS)),
        min(now, 15 * 1440),
    )
