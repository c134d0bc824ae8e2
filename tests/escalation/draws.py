"""Random ladders and histories for the laws and for the comparison with the plain simulation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
from hypothesis import strategies as st
from tests.escalation.stories import ALWAYS, ANN, BOB, MINUTE, OFFICE

from itilkit import events as happened
from itilkit.conditions import Always, Condition, Eq, In, Le
from itilkit.escalation import (
    BesideDue,
    Idle,
    Ladder,
    PriorityRaised,
    PriorityReached,
    ReopenedTimes,
    Repeat,
    Rung,
    ShareOfTarget,
    SinceOpened,
)
from itilkit.events import Event
from itilkit.lifecycle import Delay

# A Friday at 15:00 in London, so that a night and a weekend lie ahead.
START = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
TARGETS = ("response", "resolution", "next_response")

_MINUTES = st.integers(1, 600).map(lambda minutes: minutes * MINUTE)
_DELAYS = st.one_of(
    _MINUTES.map(lambda time: Delay(wall_time=time)), _MINUTES.map(lambda time: Delay(open_time=time))
)
# A whole number of minutes of any target that is a multiple of 20.
_SHARES = st.sampled_from((0.05, 0.25, 0.5, 0.75, 1.0, 1.5))
_TRIGGERS = st.one_of(
    st.builds(ShareOfTarget, _SHARES, st.sampled_from(TARGETS)),
    st.builds(BesideDue, _MINUTES | _MINUTES.map(lambda time: -time), st.sampled_from(TARGETS)),
    st.builds(SinceOpened, st.none() | _DELAYS),
    st.builds(Idle, _DELAYS),
    st.builds(ReopenedTimes, st.integers(1, 3)),
    st.builds(PriorityReached, st.integers(1, 3)),
    st.builds(PriorityRaised),
)
_CONDITIONS: st.SearchStrategy[Condition] = st.sampled_from(
    (Always(), Always(), Le("priority", 2), In("status", ["new", "in_progress"]), Eq("reopen_count", 1))
)
_ANSWERS = st.frozensets(
    st.sampled_from(("acknowledged", "agent_reply", "requester_message", "on_hold", "in_progress")),
    max_size=2,
)
_REPEATS = st.none() | st.builds(Repeat, _DELAYS, times=st.integers(1, 4))


@st.composite
def ladders(
    draw: st.DrawFn, kinds: tuple[str, ...] = ("functional", "hierarchical", "notification")
) -> Ladder:
    """One to four rungs of any kind."""
    rungs: list[Rung] = []
    for place in range(draw(st.integers(1, 4))):
        kind: Any = draw(st.sampled_from(kinds))
        rungs.append(
            Rung(
                draw(_TRIGGERS),
                [f"who {place}"],
                kind=kind,
                level=draw(st.integers(1, 3)),
                unless=draw(_ANSWERS),
                when=draw(_CONDITIONS),
                repeat=draw(_REPEATS),
                name=f"rung {place}",
            )
        )
    return Ladder("Gold", rungs)


_NEXT = {
    "open": ("hold", "hold", "resolve", "cancel", "start"),
    "held": ("resume", "resume", "resolve"),
    "resolved": ("reopen", "reopen", "close"),
    "closed": ("reopen",),
}
_LEADS_TO = {
    "hold": "held",
    "resume": "open",
    "resolve": "resolved",
    "close": "closed",
    "reopen": "open",
    "start": "open",
}
_ANY_TIME = ("reply", "auto", "write", "acknowledge", "note", "raise")
_MAKES: dict[str, Any] = {
    "hold": happened.Held,
    "start": happened.Started,
    "resume": happened.Resumed,
    "resolve": happened.Resolved,
    "close": happened.Closed,
    "reopen": happened.Reopened,
    "cancel": happened.Cancelled,
    "reply": happened.Replied,
    "write": happened.RequesterWrote,
    "acknowledge": happened.Acknowledged,
    "note": happened.Noted,
}


@attrs.frozen
class Story:
    """Happenings by minute, the promises, and a minute to ask at."""

    happenings: tuple[tuple[int, str, int], ...]
    promises: dict[str, dict[int, int]]
    always_open: bool
    now: int

    def events(self) -> list[Event]:
        """The history as typed events."""
        return [_event(*each) for each in self.happenings]

    def targets(self) -> dict[str, Any]:
        """The promises as amounts of open time."""
        return {
            name: {level: minutes * MINUTE for level, minutes in by_priority.items()}
            for name, by_priority in self.promises.items()
        }

    @property
    def calendar(self) -> Any:
        """When time counts."""
        return ALWAYS if self.always_open else OFFICE


def _event(minute: int, kind: str, priority: int) -> Event:
    when = START + minute * MINUTE
    if kind == "open":
        return happened.Logged(when, BOB, reporter=BOB)
    if kind == "raise":
        return happened.PrioritySet(when, ANN, priority=priority)
    if kind == "auto":
        return happened.Replied(when, automatic=True)
    event: Event = _MAKES[kind](when, BOB if kind in ("write", "reopen") else ANN)
    return event


_GAPS = st.one_of(st.integers(0, 90), st.sampled_from((0, 30, 60, 150, 3900)), st.integers(0, 1500))


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Happenings that may follow each other. A priority is only ever raised, and a raised one promises no more time."""
    minute, status, priority = 0, "open", draw(st.integers(1, 4))
    found = [(0, "open", 0), (0, "raise", priority)]
    for _ in range(draw(st.integers(0, 9))):
        minute += draw(_GAPS)
        kind = draw(st.sampled_from((*_NEXT[status], *_ANY_TIME)))
        if kind == "raise":
            priority = max(1, priority - draw(st.integers(0, 2)))
        found.append((minute, kind, priority))
        status = _LEADS_TO.get(kind, status)
        if kind == "cancel":
            break
    promises: dict[str, dict[int, int]] = {}
    for name in TARGETS:
        amounts = sorted(20 * draw(st.integers(1, 60)) for _ in range(4))
        promises[name] = dict(enumerate(amounts, start=1))
    return Story(tuple(found), promises, draw(st.booleans()), minute + draw(st.integers(0, 2500)))


def instant(minute: int) -> datetime:
    """The instant of a minute of a story."""
    return START + timedelta(minutes=minute)
