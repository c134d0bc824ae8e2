"""What happens by itself after a while, as data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from itilkit.calendars import Calendar
from itilkit.errors import PolicyError
from itilkit.events import (
    Assigned,
    Cancelled,
    Classified,
    Closed,
    Event,
    Held,
    Logged,
    MajorDeclared,
    Noted,
    PrioritySet,
    Reopened,
    Replied,
    RequesterWrote,
    Resolved,
    Resumed,
    Started,
    StoodDown,
)
from itilkit.lifecycle import (
    SERVICENOW,
    SERVICENOW_AUTO_CLOSE,
    Accepted,
    Delay,
    Timeline,
    Timer,
    check_timers,
    decide,
    due_timers,
    next_due,
    replay,
)
from itilkit.records import Incident
from itilkit.vocabulary import HoldReason, Status

# A Friday noon.
T = datetime(2026, 3, 6, 12, tzinfo=UTC)
OFFICE = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")


def _h(hours: float) -> datetime:
    return T + timedelta(hours=hours)


def _seen(hours: float, *events: Event, **identity: Any) -> Timeline:
    return replay(Incident("INC1", [Logged(T), *events], **identity), SERVICENOW, as_of=_h(hours))


def _due(timeline: Timeline, *timers: Timer) -> list[tuple[str, datetime]]:
    return [(due.timer.name, due.due_at) for due in due_timers(timeline, timers, calendar=OFFICE)]


CLOSE = SERVICENOW_AUTO_CLOSE


def test_an_update_restarts_servicenows_auto_close() -> None:
    """Resolved at T and updated at T+20 h, it is closed at T+44 h and not at T+24 h."""
    assert _due(_seen(24, Resolved(T)), CLOSE) == [("Auto-close", _h(24))]
    assert _due(_seen(24 - 1e-6, Resolved(T)), CLOSE) == []
    updated = (Resolved(T), Noted(_h(20)))
    assert _due(_seen(24, *updated), CLOSE) == []
    assert _due(_seen(44 - 1e-6, *updated), CLOSE) == []
    assert _due(_seen(44, *updated), CLOSE) == [("Auto-close", _h(44))]


def test_major_incidents_are_never_closed_by_themselves() -> None:
    """A record that says that it is major, whether set at once or later, is left out."""
    later = _seen(99, Resolved(T), Classified(_h(1), fields={"major": True}))
    always = _seen(99, Resolved(T), attributes={"major": True})
    for timeline in (later, always):
        assert _due(timeline, CLOSE) == []
        assert next_due(timeline, [CLOSE]) is None
    assert _due(_seen(99, Resolved(T), Classified(_h(1), fields={"major": False})), CLOSE) == [
        ("Auto-close", _h(25))
    ]


@pytest.mark.parametrize(
    ("history", "due"),
    [
        ((MajorDeclared(T), Resolved(T)), False),
        ((Resolved(T), MajorDeclared(_h(1))), False),
        ((MajorDeclared(T), Resolved(T), StoodDown(_h(1))), True),
        ((MajorDeclared(T), StoodDown(T), MajorDeclared(T), Resolved(_h(1))), False),
        ((Classified(T, fields={"major": True}), Resolved(T), StoodDown(_h(1))), True),
        ((Classified(T, fields={"major": False}), MajorDeclared(T), Resolved(_h(1))), False),
    ],
    ids=["declared", "declared later", "stood down", "declared again", "the field, stood down", "not by the field"],
)  # fmt: skip
def test_a_declared_major_incident_is_never_closed_by_itself(history: tuple[Event, ...], due: bool) -> None:
    """From the declaration until it stands down; what was declared counts before what a field says."""
    assert _due(_seen(99, *history), CLOSE) == ([("Auto-close", _h(25))] if due else [])


def test_a_change_of_status_ends_it() -> None:
    """A timer runs while the incident stays; a new visit starts it anew."""
    assert _due(_seen(99, Resolved(T), Reopened(_h(1))), CLOSE) == []
    again = (Resolved(T), Reopened(_h(1)), Resolved(_h(30)))
    assert _due(_seen(53, *again), CLOSE) == []
    assert _due(_seen(54, *again), CLOSE) == [("Auto-close", _h(54))]
    assert _due(_seen(-1), CLOSE) == []


def test_the_event_of_a_timer_is_what_keeps_it_from_firing_twice() -> None:
    """A host decides on the event and appends it; asked again, nothing is due."""
    timeline = _seen(50, Resolved(T))
    (due,) = due_timers(timeline, [CLOSE])
    assert (due.number, due.event) == ("INC1", Closed(_h(50)))
    decision = decide(timeline.incident, due.event, SERVICENOW, roles=("system",))
    assert isinstance(decision, Accepted)
    closed = replay(decision.incident, SERVICENOW, as_of=_h(99))
    assert closed.status is Status.CLOSED
    assert due_timers(closed, [CLOSE]) == ()


@pytest.mark.parametrize("off", [0, None, timedelta(0)], ids=["0", "None", "no time"])
def test_nothing_is_off(off: timedelta | int | None) -> None:
    """A timer after no time at all is turned off, as in CA Service Desk."""
    timer = Timer("Off", "close", after=off, status=Status.RESOLVED)
    assert timer.after is None
    assert _due(_seen(999, Resolved(T)), timer) == []


@pytest.mark.parametrize(
    ("after", "due_at"),
    [
        (timedelta(hours=8), _h(8)),
        (Delay(wall_time=timedelta(hours=8)), _h(8)),
        (Delay(open_time=timedelta(hours=8)), datetime(2026, 3, 9, 12, tzinfo=UTC)),
        (Delay(working_days=2), datetime(2026, 3, 10, 17, tzinfo=UTC)),
    ],
    ids=["a plain duration", "wall time", "open time", "working days"],
)
def test_a_delay_is_of_one_kind(after: Delay | timedelta, due_at: datetime) -> None:
    """Time on the wall, open time and working days each end where they should."""
    timer = Timer("Close", "close", after=after, status="resolved")
    found = next_due(_seen(0, Resolved(T)), [timer], calendar=OFFICE)
    assert found is not None
    assert (found.due_at, found.event) == (due_at, Closed(due_at))


def test_reminders_and_a_resolution_while_waiting_for_the_user() -> None:
    """Reminders on working days 5 and 10 and a resolution on day 15, unless the user writes."""
    waiting: dict[str, Any] = {"status": Status.ON_HOLD, "hold_reason": "awaiting_user"}
    ladder = [
        Timer("Second reminder", "remind", after=Delay(working_days=10), cancel_on={RequesterWrote}, **waiting),
        Timer("First reminder", "remind", after=Delay(working_days=5), cancel_on={RequesterWrote}, **waiting),
        Timer("No answer", "resolve", after=Delay(working_days=15), restart_on={RequesterWrote}, code="no_answer",
              **waiting),
    ]  # fmt: skip
    held = Held(T, reason=HoldReason.AWAITING_USER)
    fifth, tenth, last = (datetime(2026, 3, day, 17, tzinfo=UTC) for day in (13, 20, 27))
    soon = next_due(_seen(0, held), ladder, calendar=OFFICE)
    assert soon is not None
    assert soon.event == Replied(fifth, automatic=True, text="First reminder")
    reminded = (held, soon.event)
    assert _due(_seen(200, *reminded), *ladder) == []
    assert _due(_seen(24 * 30, *reminded), *ladder) == [("Second reminder", tenth), ("No answer", last)]
    no_answer = due_timers(_seen(24 * 30, *reminded), ladder, calendar=OFFICE)[1]
    assert no_answer.event == Resolved(_h(24 * 30), code="no_answer", notes="No answer")
    wrote = (held, RequesterWrote(_h(1)))
    assert _due(_seen(24 * 30, *wrote), *ladder) == [("No answer", last)]
    other = Held(T, reason=HoldReason.AWAITING_SUPPLIER)
    assert _due(_seen(24 * 30, other), *ladder) == []


def test_a_reminder_may_come_again_after_an_update() -> None:
    """An automatic reply is no update, and after a real one the reminder counts from the beginning."""
    timer = Timer("Nudge", "remind", after=timedelta(hours=2), state="In Progress", since="last_update")
    nudge = Replied(_h(3), automatic=True, text="Nudge")
    assert _due(_seen(9, Started(T)), timer) == [("Nudge", _h(2))]
    assert _due(_seen(9, Started(T), nudge), timer) == []
    assert _due(_seen(9, Started(T), Replied(_h(1), automatic=True, text="Received")), timer) == [
        ("Nudge", _h(2))
    ]
    assert _due(_seen(9, Started(T), nudge, Replied(_h(4))), timer) == [("Nudge", _h(6))]


@pytest.mark.parametrize(
    ("exclude", "identity"),
    [
        ({"impact": 1}, {}),
        ({"urgency": 2}, {}),
        ({"priority": 1}, {}),
        ({"group": "desk"}, {}),
        ({"assignee": "ann"}, {}),
        ({"customer": "ACME"}, {"customer": "ACME"}),
        ({"site": "Leeds"}, {"site": "Leeds"}),
        ({"floor": 3}, {}),
        ({"floor": 4, "site": "Leeds"}, {"site": "Leeds"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
)
def test_a_fact_of_the_record_excludes(exclude: dict[str, Any], identity: dict[str, str]) -> None:
    """Levels, whose it is, what never changes and the tool's own fields can each leave a record out."""
    facts: list[Event] = [
        Classified(T, impact=1, urgency=2, fields={"floor": 3}),
        PrioritySet(T, priority=1),
        Assigned(T, group="desk", assignee="ann"),
        Resolved(T),
    ]
    timer = Timer("Close", "close", after=timedelta(hours=1), status=Status.RESOLVED, exclude=exclude)
    assert _due(_seen(9, *facts, **identity), timer) == []
    assert _due(_seen(9, Resolved(T)), timer) == [("Close", _h(1))]


@pytest.mark.parametrize(
    ("fires", "event"),
    [
        ("remind", Replied(_h(9), automatic=True, text="Rule")),
        ("start", Started(_h(9))),
        ("resume", Resumed(_h(9))),
        ("resolve", Resolved(_h(9), code="x", notes="Rule")),
        ("reopen", Reopened(_h(9), reason="Rule")),
        ("close", Closed(_h(9), code="x")),
        ("cancel", Cancelled(_h(9), reason="Rule")),
    ],
)
def test_each_timer_fires_its_event(fires: Any, event: Event) -> None:
    """The event says by the timer's name why it happened."""
    timer = Timer("Rule", fires, after=timedelta(hours=1), status=Status.NEW, code="x")
    (due,) = due_timers(_seen(9), [timer])
    assert due.event == event


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: Timer("A", "close", after=None), "runs nowhere or in two places"),
        (lambda: Timer("A", "close", after=None, status="new", state="New"), "runs nowhere or in two places"),
        (lambda: Timer("A", "clos", after=None, status="new"), r"'clos' is no fires \(did you mean close"),  # type: ignore[arg-type]
        (lambda: Timer("A", "close", after=None, status="solved"), "'solved' is no status"),
        (lambda: Timer("A", "close", after=None, status="new", hold_reason="x"), "'x' is no hold_reason"),
        (lambda: Timer("A", "close", after=None, status="new", since="left"), "'left' is no since"),  # type: ignore[arg-type]
        (lambda: Timer("A", "close", after="3d", status="new"), "'3d' is no delay"),  # type: ignore[arg-type]
        (lambda: Timer("A", "close", after=timedelta(-1), status="new"), "is over at once"),
    ],
)
def test_a_timer_that_makes_no_sense_is_refused(build: Callable[[], Timer], told: str) -> None:
    """What cannot be meant is told where the timer is built."""
    with pytest.raises(PolicyError, match=told):
        build()


def test_a_timer_that_needs_a_calendar_says_so() -> None:
    """Working days without a calendar are the caller's mistake; a calendar that never opens lets it run for ever."""
    timer = Timer("Close", "close", after=Delay(working_days=2), status=Status.RESOLVED)
    with pytest.raises(PolicyError, match="without a calendar"):
        due_timers(_seen(9, Resolved(T)), [timer])
    assert next_due(_seen(9, Resolved(T)), [timer], calendar=Calendar.never("UTC")) is None


def test_timers_are_checked_against_a_lifecycle() -> None:
    """A state that is not there and a step that leads nowhere from there are found before anything runs."""
    faults = check_timers(
        [
            CLOSE,
            Timer("Remind", "remind", after=timedelta(1), state="New"),
            Timer("Lost", "close", after=timedelta(1), state="Resolvd"),
            Timer("Stuck", "close", after=timedelta(1), status=Status.NEW),
        ],
        SERVICENOW,
    )
    assert [(fault.code, fault.path) for fault in faults] == [
        ("unknown_state", "timers[2]"),
        ("not_permitted", "timers[3].fires"),
    ]
    assert "did you mean Resolved?" in str(faults[0])
    assert "close leads nowhere from New" in str(faults[1])
