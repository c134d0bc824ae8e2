"""Volume and backlog."""

from __future__ import annotations

import pytest

from itilkit import kpi
from itilkit.errors import InstantError, KpiError
from itilkit.events import Cancelled, Linked, Logged, Resolved
from itilkit.kpi import End

from .histories import at, case, one, story

TWIN = case(Logged(at(0)), Cancelled(at(1), duplicate_of="INC9"))


def test_volume_counts_demand() -> None:
    """Cancelled ones are counted apart; a duplicate was demand, and is left out where unique ones are asked for."""
    cases = [story(0), story(0, 5, 6), story(0, cancelled=1), TWIN, story(9, as_of=24 * 365)]
    demand, unique = kpi.measure(cases, kpi.volume(), kpi.volume(counting="unique"))
    assert (demand.value, demand.n, demand.left_out) == (4, 4, {"cancelled": 1})
    assert (unique.value, unique.left_out) == (3, {"cancelled": 1, "duplicate": 1})
    assert [demand.reading, unique.reading] == [
        "by opened, duplicates counted",
        "by opened, duplicates left out",
    ]


def test_volume_of_nothing_is_zero() -> None:
    """That nothing came is known: the volume of no incident is 0, not None."""
    assert (one(kpi.volume()).value, one(kpi.volume()).n) == (0, 0)


def test_volume_hides_what_came_later() -> None:
    """Incidents opened after as_of are not opened yet."""
    found = one(kpi.volume(), story(5, as_of=4), story(3, as_of=4))
    assert (found.value, found.left_out) == (1, {"not_opened": 1})


BACK = story(0, 10, 40, reopened=20, again=30)


@pytest.mark.parametrize(
    ("hour", "resolved", "closed", "state"),
    [(-1, 0, 0, 0), (0, 1, 1, 1), (10, 1, 1, 0), (15, 1, 1, 0), (20, 1, 1, 1), (30, 0, 1, 0), (40, 0, 0, 0)],
)
def test_three_meanings_of_the_backlog(hour: int, resolved: int, closed: int, state: int) -> None:
    """A reopened incident: until last resolved, until closed, and open by its state differ."""
    ends: tuple[End, ...] = ("resolved", "closed", "state")
    found = kpi.measure([BACK], *(kpi.backlog(at(hour), end=end) for end in ends))
    assert [each.value for each in found] == [resolved, closed, state]


@pytest.mark.parametrize(
    ("hour", "resolved", "closed", "state"),
    [(0, 0, 0, 0), (10, 1, 1, 1), (20, 1, 1, 0), (30, 1, 1, 1), (40, 0, 1, 0)],
)
def test_the_backlog_that_a_period_leaves_behind(hour: int, resolved: int, closed: int, state: int) -> None:
    """With side="before", what happens exactly at the instant has not happened."""
    ends: tuple[End, ...] = ("resolved", "closed", "state")
    found = kpi.measure([BACK], *(kpi.backlog(at(hour), end=end, side="before") for end in ends))
    assert [each.value for each in found] == [resolved, closed, state]
    assert all(each.reading.endswith(", before what happens then") for each in found)


def test_the_backlog_grows_by_what_opened_less_what_ended() -> None:
    """Opened less ended in a period is the backlog at its end less that at its start, both seen from before."""
    cases = [story(0, 10), story(5, 25), story(10, 10), story(12), story(20, 30)]
    start, end = 10, 25
    opened = sum(start <= hour < end for hour in (0, 5, 10, 12, 20))
    ended = sum(start <= hour < end for hour in (10, 25, 10, 30))
    before, after = kpi.measure(cases, *(kpi.backlog(at(hour), side="before") for hour in (start, end)))
    assert isinstance(before.value, int)
    assert isinstance(after.value, int)
    assert after.value - before.value == opened - ended


@pytest.mark.parametrize("end", ["resolved", "closed", "state"])
def test_cancelled_ones_leave_the_backlog_once_cancelled(end: End) -> None:
    """Until it was cancelled an incident was somebody's work; a duplicate never was work of its own."""
    cancelled = story(0, cancelled=5)
    assert one(kpi.backlog(at(4), end=end), cancelled).value == 1
    assert one(kpi.backlog(at(5), end=end), cancelled).value == 0
    assert one(kpi.backlog(at(0), end=end), TWIN, cancelled).left_out == {"duplicate": 1}


def test_closed_without_resolution_has_ended() -> None:
    """By the last resolution an incident that never had one ends with its closure."""
    assert one(kpi.backlog(at(5)), story(0, closed=5)).value == 0
    assert one(kpi.backlog(at(4)), story(0, closed=5)).value == 1


def test_nobody_knows_the_backlog_of_the_future() -> None:
    """An instant after as_of gives None and says that the facts are missing."""
    found = one(kpi.backlog(at(50)), story(0, as_of=40), story(45, as_of=40))
    assert (found.value, found.n, found.left_out) == (None, 0, {"missing": 1, "not_opened": 1})
    assert one(kpi.backlog(at(40)), story(0, as_of=40)).value == 1


def test_the_backlog_names_its_instant_and_rule() -> None:
    """Reading: when, and what ends an incident."""
    assert kpi.backlog(at(9), end="closed").reading == "at 2026-03-02T09:00Z, until closed"


def test_bad_questions_are_refused() -> None:
    """An unknown rule, side, cohort or way of counting, and an instant without a zone."""
    for make in (
        lambda: kpi.backlog(at(0), end="done"),  # type: ignore[arg-type]
        lambda: kpi.backlog(at(0), side="at"),  # type: ignore[arg-type]
        lambda: kpi.volume(cohort="made"),  # type: ignore[arg-type]
        lambda: kpi.volume(counting="all"),  # type: ignore[arg-type]
    ):
        with pytest.raises(KpiError, match=r"known:|did you mean"):
            make()
    with pytest.raises(InstantError):
        kpi.backlog(at(0).replace(tzinfo=None))


def test_a_linked_duplicate_is_a_duplicate() -> None:
    """A record may be tied to its twin and resolved instead of cancelled."""
    linked = case(Logged(at(0)), Linked(at(1), kind="duplicate_of", to="INC9"), Resolved(at(2)))
    related = case(Logged(at(0)), Linked(at(1), kind="related", to="INC9"), Resolved(at(2)))
    assert one(kpi.volume(counting="unique"), linked, related).left_out == {"duplicate": 1}
