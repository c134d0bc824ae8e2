"""Times between facts that the house records, and the clock, hold and censoring that they share."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from itilkit import kpi
from itilkit.calendars import Calendar
from itilkit.errors import KpiError
from itilkit.events import Acknowledged, Assigned, Closed, Held, Logged, Replied, Resolved, Started
from itilkit.kpi import Kpi

from .histories import at, case, hours, one, story, told
from .test_worked_examples import DESK, _promised

STAGES = {
    "occurred_at": at(0),
    "detected_at": at(1),
    "diagnosed_at": at(3),
    "mitigated_at": at(4),
    "repaired_at": at(6),
    "recovered_at": at(7),
    "restored_at": at(9),
}
STAGED = told(
    Logged(at(2)),
    Acknowledged(at(2.5)),
    Assigned(at(2.75), group="desk", assignee="ann"),
    Started(at(3)),
    Replied(at(3.5), automatic=True),
    Replied(at(3.75)),
    Resolved(at(10)),
    Closed(at(20)),
    **STAGES,  # type: ignore[arg-type]  # what is left is an attribute
)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (kpi.mean_time_to_detect(), 1),
        (kpi.mean_time_to_acknowledge(), 0.5),
        (kpi.mean_time_to_acknowledge(start="detected"), 1.5),
        (kpi.mean_time_to_respond(), 1.75),
        (kpi.mean_time_to_repair(), 6),
        (kpi.mean_time_to_repair(start="work_started"), 3),
        (kpi.mean_time_to_recover(), 7),
        (kpi.mean_time_to_restore_service(), 9),
        (kpi.time_to_mitigate(), 3),
        (kpi.time_to_close(), 18),
        (kpi.time_between("detected", "diagnosed"), 2),
        (kpi.time_between("opened", "assigned"), 0.75),
        (kpi.time_between(["diagnosed", "opened"], ["closed"]), 17),
        (kpi.time_between("first_resolved", "closed"), 10),
        (kpi.mean_time_to(meaning="respond"), 1.75),
        (kpi.mean_time_to(meaning="resolve"), 8),
        (kpi.mean_time_to(meaning="repair"), 6),
        (kpi.mean_time_to(meaning="recover"), 7),
        (kpi.mean_time_to(meaning="restore"), 9),
    ],
    ids=lambda value: value.reading if isinstance(value, Kpi) else "",
)
def test_every_stage_of_one_incident(asked: Kpi, expected: float) -> None:
    """Failure at 0, detected 1, opened 2, ..., restored 9, resolved 10, closed 20: each time is told by hand."""
    assert one(asked, STAGED).value == hours(expected)


def test_the_stages_add_up() -> None:
    """Occurred, detected, diagnosed, repaired, recovered, restored: their times add up to time to restore."""
    stages: list[kpi.FactName] = ["occurred", "detected", "diagnosed", "repaired", "recovered", "restored"]
    parts = [one(kpi.time_between(start, end), STAGED).value for start, end in pairwise(stages)]
    whole = sum((part for part in parts if isinstance(part, timedelta)), hours(0))
    assert whole == one(kpi.time_to_restore(), STAGED).value == hours(9)


def test_the_start_of_a_restoration_is_counted() -> None:
    """Occurred, else detected, else opened: the parts tell how often each was used."""
    cases = [
        STAGED,
        told(Logged(at(2)), Resolved(at(5)), detected_at=at(1), restored_at=at(4)),
        told(Logged(at(2)), Resolved(at(5)), restored_at=at(5)),
        told(Logged(at(2)), Resolved(at(5))),
        told(Logged(at(2))),
    ]
    found = one(kpi.time_to_restore("mean"), *cases)
    assert (found.value, found.n) == (hours((9 + 3 + 3) / 3), 3)
    assert found.parts == {"from_occurred": 1, "from_detected": 1, "from_opened": 1}
    assert found.left_out == {"not_recorded": 1, "open": 1}


def test_what_the_house_does_not_record() -> None:
    """Without the instants nothing is zero: it is not recorded, or open while it may still come."""
    closed, waiting = story(0, 5, 9), story(0)
    assert one(kpi.time_to_detect(), closed, waiting).left_out == {"not_recorded": 2}
    assert not one(kpi.time_to_detect(), closed).recorded
    repaired = told(Logged(at(0)), occurred_at=at(0))
    assert one(kpi.time_to_repair(), repaired, closed).left_out == {"not_recorded": 1, "open": 1}


def test_an_instant_to_come_is_hidden() -> None:
    """A detection later than as_of is not known yet."""
    early = told(Logged(at(0)), as_of=5, occurred_at=at(0), detected_at=at(6))
    assert one(kpi.time_to_detect(), early).left_out == {"not_recorded": 1}


def test_nobody_answered() -> None:
    """An automatic receipt is no response; while it is open the answer is awaited, and Kaplan-Meier counts that."""
    waiting = case(Logged(at(0)), Replied(at(0), automatic=True), as_of=9)
    assert one(kpi.time_to_respond(), waiting).left_out == {"open": 1}
    censored = one(kpi.time_to_respond("km_median"), waiting, case(Logged(at(0)), Replied(at(2)), as_of=9))
    assert (censored.value, censored.n, censored.parts) == (hours(2), 2, {"ended": 1, "still_open": 1})
    silent = case(Logged(at(0)), Resolved(at(3)))
    assert one(kpi.time_to_respond(), silent).left_out == {"missing": 1}


def test_closure_is_open_until_the_end() -> None:
    """Resolved and not closed is open for time to close; cancelled is out."""
    assert one(kpi.time_to_close(), story(0, 5), story(0, cancelled=1)).left_out == {
        "cancelled": 1,
        "open": 1,
    }


HELD = case(Logged(at(9)), Held(at(10)), Started(at(26)), Resolved(at(34)))
OFFICE = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC", name="office")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 25),
        ({"hold": "exclude"}, 9),
        ({"clock": OFFICE}, 9),
        ({"clock": OFFICE, "hold": "exclude"}, 2),
        ({"resolution": "worked", "hold": "exclude"}, 9),
    ],
    ids=["wall", "without hold", "office", "office without hold", "worked"],
)
def test_clock_and_hold(options: dict[str, object], expected: float) -> None:
    """Monday 09:00 to Tuesday 10:00, on hold from Monday 10:00 to Tuesday 02:00: open hours only, hold or not."""
    assert one(kpi.mean_time_to_resolve(**options), HELD).value == hours(expected)  # type: ignore[arg-type]


def test_the_clock_of_the_agreement() -> None:
    """Each incident on the calendar of its own target; without one it is left out."""
    judged = list(DESK.assess_all([_promised(1, 0, 8)], as_of=at(100), strict=False))
    found = one(kpi.time_to_resolve("mean", clock="agreement"), *judged, story(0, 5, as_of=100))
    assert (found.value, found.left_out) == (hours(8), {"no_agreement": 1})
    assert found.reading.endswith("open time of the agreement")


def test_age() -> None:
    """Of the open ones, from opening to as_of; those that ended have none."""
    found = one(kpi.age("mean"), story(0, as_of=10), story(4, as_of=10), story(0, 5, as_of=10))
    assert (found.value, found.left_out) == (hours(8), {"ended": 1})


@pytest.mark.parametrize(
    "make",
    [
        lambda: kpi.time_between("opend", "closed"),  # type: ignore[arg-type]
        lambda: kpi.time_between([], "closed"),
        lambda: kpi.time_to_restore(end="resolved"),  # type: ignore[arg-type]
        lambda: kpi.mean_time_to(meaning="fix"),  # type: ignore[arg-type]
        lambda: kpi.time_to_resolve(hold="without"),  # type: ignore[arg-type]
        lambda: kpi.time_to_resolve(min_n=0),
        lambda: kpi.age("average"),
    ],
    ids=["fact", "no fact", "end", "meaning", "hold", "min_n", "statistic"],
)
def test_what_no_time_knows(make: object) -> None:
    """An unknown fact, end, meaning or option is refused."""
    with pytest.raises(KpiError):
        make()  # type: ignore[operator]
