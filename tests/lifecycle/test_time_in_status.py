"""How long incidents stood where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from itilkit.calendars import Calendar
from itilkit.events import Assigned, Closed, Event, Held, Logged, Noted, Resolved, Resumed, Started
from itilkit.lifecycle import SERVICENOW, Timeline, replay, time_in, visits
from itilkit.records import Incident

# A Monday at midnight.
T = datetime(2026, 3, 2, tzinfo=UTC)


def _h(hours: float) -> datetime:
    return T + timedelta(hours=hours)


def _seen(hours: float, *events: Event) -> Timeline:
    return replay(Incident("INC1", [Logged(T), *events]), SERVICENOW, as_of=_h(hours), strict=False)


WORKED = (
    Started(_h(2), state="Active"), Held(_h(5)), Resumed(_h(9), state="Active"), Resolved(_h(10)), Closed(_h(20)),
)  # fmt: skip


def test_the_worked_example_of_the_kpi_definitions() -> None:
    """New 0-2, Active 2-5, Hold 5-9, Active 9-10: Active is 4 h over 2 visits, 2 per visit; hold share 4/10."""
    table = time_in([_seen(30, *WORKED)], of="state")
    active = table["Active"]
    assert (active.total, active.visits, active.per_visit) == (timedelta(hours=4), 2, timedelta(hours=2))
    assert table["On Hold"].share == 0.4
    assert [(name, each.total / timedelta(hours=1)) for name, each in table.items()] == [
        ("New", 2), ("Active", 4), ("On Hold", 4), ("Resolved", 10), ("Closed", 10)
    ]  # fmt: skip
    assert (table["Resolved"].share, table["Closed"].share) == (None, None)


def test_three_means() -> None:
    """By visit, by visiting incident and by incident: each has its own denominator."""
    quick = _seen(30, Resolved(_h(1)))
    future = replay(Incident("INC2", [Logged(_h(9))]), SERVICENOW, as_of=T)
    active = time_in([_seen(30, *WORKED), quick, future], of="state")["Active"]
    assert (active.visits, active.visiting, active.incidents) == (2, 1, 2)
    assert (active.per_visit, active.per_visiting_incident, active.per_incident) == (
        timedelta(hours=2), timedelta(hours=4), timedelta(hours=2)
    )  # fmt: skip


def test_states_of_one_status_are_one_visit_of_the_status() -> None:
    """Moving from one house state to another of the same status goes on with the stay in the status."""
    timeline = _seen(5, Started(_h(1)), Noted(_h(2), state="Active"), Assigned(_h(3), group="desk"))
    assert [(visit.name, visit.start, visit.end) for visit in visits(timeline)] == [
        ("new", T, _h(1)), ("in_progress", _h(1), _h(5))
    ]  # fmt: skip
    assert [visit.name for visit in visits(timeline, of="state")] == ["New", "In Progress", "Active"]


def test_a_stay_that_goes_on_reaches_to_the_edge() -> None:
    """The last stay ends at `as_of` and says that it goes on."""
    (new,) = visits(_seen(7))
    assert (new.end, new.duration, new.goes_on, new.is_open) == (_h(7), timedelta(hours=7), True, True)
    assert not visits(_seen(30, *WORKED))[-1].is_open


def test_open_time_on_a_calendar() -> None:
    """With a calendar only open time counts; a share of no open time at all is unknown."""
    office = Calendar({"mon-fri": "08:00-17:00"}, zone="UTC")
    table = time_in([_seen(30, *WORKED)], of="state", calendar=office)
    assert (table["Active"].total, table["On Hold"].total) == (timedelta(hours=1), timedelta(hours=1))
    assert table["New"].share == 0
    closed = time_in([_seen(30, *WORKED)], calendar=Calendar.never("UTC"))
    assert {each.share for each in closed.values()} == {None}


def test_nothing_gives_nothing() -> None:
    """No timelines, and timelines without events, have no stays."""
    empty = replay(Incident("INC1", [Logged(_h(9))]), SERVICENOW, as_of=T)
    assert visits(empty) == ()
    assert time_in([]) == time_in([empty]) == {}


@given(st.lists(st.sampled_from(WORKED), max_size=8), st.sampled_from(["status", "state"]))
def test_stays_fill_the_time(events: list[Event], of: str) -> None:
    """Whatever the history, the stays touch, alternate and sum to the time from opening to the edge."""
    timeline = _seen(40, *events)
    found = visits(timeline, of=of)  # type: ignore[arg-type]
    assert sum((visit.duration for visit in found), timedelta(0)) == timeline.as_of - T
    for one, two in pairwise(found):
        assert one.end == two.start
        assert one.name != two.name
    assert [visit.goes_on for visit in found] == [*[False] * (len(found) - 1), True]
