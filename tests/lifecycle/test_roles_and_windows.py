"""Who may take a step, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from itilkit.calendars import Calendar
from itilkit.errors import PolicyError, TransitionError
from itilkit.events import Closed, Event, Logged, Migrated, Noted, Reopened, Resolved
from itilkit.lifecycle import (
    Accepted,
    Delay,
    Lifecycle,
    Refused,
    Right,
    State,
    Transition,
    Window,
    apply,
    decide,
)
from itilkit.records import Incident
from itilkit.vocabulary import Status

LONDON = ZoneInfo("Europe/London")
OFFICE = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London")
OPENED = datetime(2026, 3, 2, 9, tzinfo=LONDON)
# A Friday; five working days later is the Friday after it.
RESOLVED = datetime(2026, 3, 6, 16, 30, tzinfo=LONDON)


def _table(*rows: Transition) -> Lifecycle:
    return Lifecycle(
        "Rights",
        [State("new", Status.NEW), State("open", Status.IN_PROGRESS), State("doing", Status.IN_PROGRESS),
         State("solved", Status.RESOLVED), State("settled", Status.RESOLVED), State("closed", Status.CLOSED)],
        transitions=[
            Transition("start", ("new",), Status.IN_PROGRESS),
            *rows,
            Transition("resolve", (Status.IN_PROGRESS,), Status.RESOLVED),
            Transition("close", (Status.RESOLVED,), "closed"),
        ],
    )  # fmt: skip


EXACT = Transition("resolve", ("open",), "solved", roles=("exact",))
TO = Transition("resolve", (Status.IN_PROGRESS,), "solved", roles=("to",))
FROM = Transition("resolve", ("open",), Status.RESOLVED, roles=("from",))
ANY = Transition("resolve", (Status.IN_PROGRESS,), Status.RESOLVED, roles=("any",))


@pytest.mark.parametrize(
    ("rows", "source", "target", "role"),
    [
        ((ANY, FROM, TO, EXACT), "open", "solved", "exact"),
        ((ANY, FROM, TO), "open", "solved", "to"),
        ((ANY, FROM), "open", "solved", "from"),
        ((ANY,), "open", "solved", "any"),
        ((EXACT, TO, FROM, ANY), "open", "settled", "from"),
        ((EXACT, TO, FROM, ANY), "doing", "solved", "to"),
        ((EXACT, TO, FROM, ANY), "doing", "settled", "any"),
    ],
    ids=["exact", "* -> to", "from -> *", "* -> *", "not that target", "not that source", "neither"],
)
def test_the_most_specific_row_says_who_may(
    rows: tuple[Transition, ...], source: str, target: str, role: str
) -> None:
    """Exact beats `* -> to` beats `from -> *` beats `* -> *`, in whatever order the table has them."""
    # ANY and the table's own last row are one step declared twice; the table keeps the one with roles.
    base = _table()
    for given in (rows, rows[::-1]):
        kept = [row for row in base.transitions if row.trigger != "resolve"]
        free = [] if ANY in given else [Transition("resolve", (Status.IN_PROGRESS,), Status.RESOLVED)]
        lifecycle = Lifecycle("Rights", base.states, transitions=[*kept, *given, *free])
        assert lifecycle.roles_for(source, "resolve", target) == {role}
        incident = Incident("INC1", [Logged(OPENED), Migrated(OPENED, state=source)])
        event = Resolved(RESOLVED, state=target)
        assert isinstance(decide(incident, event, lifecycle, roles={role, "other"}), Accepted)
        assert isinstance(decide(incident, event, lifecycle), Accepted)
        for roles in ((), ("other",)):
            refused = decide(incident, event, lifecycle, roles=roles)
            assert isinstance(refused, Refused)
            assert [(reason.code, reason.field) for reason in refused.reasons] == [("role_missing", "by")]
            assert str(refused) == (
                f"to resolve it from {source} takes the role {role} (ask somebody who is {role})"
            )


RIGHTS = [
    Right("*", "*", roles=("any",)),
    Right("open", "*", roles=("from",)),
    Right("*", "solved", roles=("to",)),
    Right("open", "solved", roles=("exact",)),
]


@pytest.mark.parametrize("kept", [4, 3, 2, 1])
@pytest.mark.parametrize(
    ("source", "target", "order"),
    [
        ("open", "solved", ["exact", "to", "from", "any"]),
        ("open", "settled", ["from", "any"]),
        ("doing", "solved", ["to", "any"]),
        ("doing", "settled", ["any"]),
    ],
)
def test_a_row_without_roles_leaves_it_to_the_rights(
    source: str, target: str, order: list[str], kept: int
) -> None:
    """Exact beats `* -> to` beats `from -> *` beats `* -> *`, as in Request Tracker; the decision follows."""
    base = _table()
    lifecycle = Lifecycle("Rights", base.states, transitions=base.transitions, rights=RIGHTS[:kept])
    there = {role for right in RIGHTS[:kept] for role in right.roles}
    needed = next(role for role in order if role in there)
    incident = Incident("INC1", [Logged(OPENED), Migrated(OPENED, state=source)])
    for role in ("exact", "to", "from", "any"):
        decision = decide(incident, Resolved(RESOLVED, state=target), lifecycle, roles=(role,))
        assert isinstance(decision, Accepted) == (role == needed)


def test_where_nothing_is_said_anyone_may() -> None:
    """Without rights anyone may take a step, and what is no step takes no role."""
    incident = Incident("INC1", [Logged(OPENED), Migrated(OPENED, state="open")])
    assert isinstance(decide(incident, Resolved(RESOLVED), _table(), roles=()), Accepted)
    assert isinstance(decide(incident, Noted(OPENED), _table(TO), roles=()), Accepted)


def _with_window(delay: Delay, since: str = "resolved_at") -> Lifecycle:
    return Lifecycle(
        "Window",
        [State("open", Status.IN_PROGRESS), State("solved", Status.RESOLVED), State("closed", Status.CLOSED)],
        transitions=[
            Transition("resolve", ("open",), "solved"),
            Transition("close", ("solved",), "closed"),
            Transition("reopen", ("solved", "closed") if since != "closed_at" else ("closed",), "open",
                       within=Window(delay, since=since), roles=("desk",)),
        ],
    )  # fmt: skip


def _closed(*events: Event) -> Incident:
    return Incident("INC1", [Logged(OPENED), Resolved(RESOLVED), *events])


@pytest.mark.parametrize(
    ("delay", "since", "boundary"),
    [
        (Delay(working_days=5), "resolved_at", datetime(2026, 3, 13, 17, 30, tzinfo=LONDON)),
        (Delay(open_time=timedelta(hours=8)), "resolved_at", datetime(2026, 3, 9, 16, tzinfo=LONDON)),
        (Delay(wall_time=timedelta(days=1)), "resolved_at", RESOLVED + timedelta(days=1)),
        (Delay(wall_time=timedelta(days=10)), "opened_at", OPENED + timedelta(days=10)),
        (Delay(wall_time=timedelta(hours=2)), "closed_at", RESOLVED + timedelta(hours=3)),
    ],
    ids=["working days", "open time", "wall time", "since it was opened", "since it was closed"],
)
def test_a_window_is_open_up_to_its_boundary(delay: Delay, since: str, boundary: datetime) -> None:
    """At the boundary it is allowed, a microsecond later it is not, and the refusal says until when it was."""
    lifecycle = _with_window(delay, since)
    incident = _closed(Closed(RESOLVED + timedelta(hours=1)))
    assert isinstance(decide(incident, Reopened(boundary), lifecycle, calendar=OFFICE), Accepted)
    late = decide(incident, Reopened(boundary + timedelta(microseconds=1)), lifecycle, calendar=OFFICE)
    assert isinstance(late, Refused)
    (reason,) = late.reasons
    assert (reason.code, reason.field, reason.until) == ("window_passed", "at", boundary)
    assert reason.remedy == "log a new incident linked as related"
    assert f"until {boundary.astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%MZ}" in reason.message
    assert f"within {delay} of {since}" in reason.message


def test_every_obstacle_is_named() -> None:
    """A role and a window that both stand in the way are both told."""
    lifecycle = _with_window(Delay(wall_time=timedelta(days=1)))
    refused = decide(_closed(), Reopened(RESOLVED - timedelta(days=1)), lifecycle, roles=("user",))
    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == ["out_of_order", "role_missing"]
    late = Reopened(RESOLVED + timedelta(days=2))
    with pytest.raises(TransitionError, match=r"possible until") as caught:
        apply(_closed(), late, lifecycle, roles=("user",))
    assert [fault.code for fault in caught.value.faults] == ["role_missing", "window_passed"]


def test_a_window_begins_anew_with_each_resolution() -> None:
    """The resolution that stands counts, not one that was undone; one closed unresolved counts from its closing."""
    lifecycle = _with_window(Delay(wall_time=timedelta(days=1)))
    again = _closed(Reopened(RESOLVED + timedelta(hours=20)), Resolved(RESOLVED + timedelta(hours=30)))
    assert isinstance(decide(again, Reopened(RESOLVED + timedelta(hours=54)), lifecycle), Accepted)
    unresolved = Incident("INC1", [Logged(OPENED), Migrated(RESOLVED, state="closed")])
    assert isinstance(decide(unresolved, Reopened(RESOLVED + timedelta(days=1)), lifecycle), Accepted)
    assert isinstance(decide(unresolved, Reopened(RESOLVED + timedelta(days=2)), lifecycle), Refused)


def test_a_window_without_a_calendar_is_the_callers_mistake() -> None:
    """Working days and open time cannot be counted without a calendar; that is raised, not refused."""
    for delay in (Delay(working_days=5), Delay(open_time=timedelta(hours=8))):
        with pytest.raises(PolicyError, match="cannot be counted without a calendar"):
            decide(_closed(), Reopened(RESOLVED), _with_window(delay))


def test_a_window_that_never_ends_stays_open() -> None:
    """Where the calendar never gets so far, or time itself does not, the step stays possible."""
    far = Reopened(RESOLVED + timedelta(days=3650))
    never = Calendar.never("UTC")
    for delay in (Delay(working_days=5), Delay(open_time=timedelta(hours=8)), Delay(wall_time=timedelta.max)):
        assert isinstance(decide(_closed(), far, _with_window(delay), calendar=never), Accepted)
