"""Closed without a resolution: missing, unless closure is asked to stand in for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.errors import KpiError
from itilkit.events import Closed, Held, Logged, Resolved, Resumed, Started
from itilkit.kpi import Ending, Kpi
from itilkit.kpi.definition import Value

from .histories import at, case, hours, one

# Opened at 0, in progress 2 to 4, on hold 4 to 6, in progress again, closed at 10: never resolved.
NEVER = case(Logged(at(0)), Started(at(2)), Held(at(4)), Resumed(at(6)), Closed(at(10)))
LOG = {"INC1": [("ann", at(3), at(4))]}
RESTORED = {"resolved": "restored_or_resolved", "resolved_or_closed": "restored_or_resolved_or_closed"}

ENDED: dict[str, tuple[Callable[[Ending], Kpi], Value]] = {
    "time to resolve": (lambda end: kpi.time_to_resolve("mean", end=end), hours(10)),
    "mean time to resolve": (lambda end: kpi.mean_time_to_resolve(end=end), hours(10)),
    "without hold": (lambda end: kpi.mean_time_to_resolve(end=end, hold="exclude"), hours(8)),
    "worked": (lambda end: kpi.mean_time_to_resolve(end=end, resolution="worked"), hours(10)),
    "first": (lambda end: kpi.mean_time_to_resolve(end=end, resolution="first"), hours(10)),
    "reported": (lambda end: kpi.mean_time_to_resolve(end=end, resolution="reported"), hours(10)),
    "active time": (lambda end: kpi.active_time("mean", end=end), hours(6)),
    "touch time": (lambda end: kpi.touch_time("mean", work_log=LOG, end=end), hours(1)),
    "hold share": (lambda end: kpi.hold_share(end=end), 0.2),
    "restore": (lambda end: kpi.mean_time_to_restore_service(end=RESTORED[end]), hours(10)),  # type: ignore[arg-type]
    "between facts": (
        lambda end: kpi.time_between(
            "opened", ("resolved", "closed") if "closed" in end else "resolved", "mean"
        ),
        hours(10),
    ),
    "cohort": (lambda end: kpi.cohort_resolution(hours(10), end=end), 1.0),
}


@pytest.mark.parametrize("name", ENDED)
def test_closure_stands_in_only_when_asked_for(name: str) -> None:
    """Whatever ends in a resolution is missing without one; asked for, the closure ends it, and the reading says so."""
    make, expected = ENDED[name]
    without, stands_in = one(make("resolved"), NEVER), one(make("resolved_or_closed"), NEVER)
    assert (without.value, without.n, without.left_out) == (None, 0, {"missing": 1})
    assert (stands_in.value, stands_in.n, stands_in.left_out) == (expected, 1, {})
    assert "else" in stands_in.reading
    assert "clos" in stands_in.reading
    assert "clos" not in without.reading


@pytest.mark.parametrize("name", ENDED)
def test_a_resolution_goes_before_closure(name: str) -> None:
    """Where there is a resolution, asking for closure changes nothing but the words; where it is open, nothing."""
    make, _ = ENDED[name]
    resolved = case(
        *NEVER.timeline.events[:4], Resolved(at(8)), Closed(at(10)), reported={"resolved_at": at(8)}
    )
    still_open = case(*NEVER.timeline.events[:4], as_of=9)
    for told in (resolved, still_open):
        usual, asked = one(make("resolved"), told), one(make("resolved_or_closed"), told)
        assert (usual.value, usual.n, usual.left_out) == (asked.value, asked.n, asked.left_out)


@pytest.mark.parametrize("name", ["time to resolve", "active time", "touch time", "hold share"])
def test_it_is_placed_by_what_ended_it(name: str) -> None:
    """By resolution, one whose closure stands in lies in the period of the closure."""
    make, expected = ENDED[name]
    late, early = Period.between(at(9), at(11)), Period.between(at(0), at(9))
    asked = make("resolved_or_closed")
    assert [kpi.measure([NEVER], asked, period=each).one().value for each in (early, late)] == [
        None,
        expected,
    ]


@pytest.mark.parametrize(
    "make",
    [
        lambda: kpi.active_time(end="closed"),  # type: ignore[arg-type]
        lambda: kpi.touch_time(work_log={}, end="closed"),  # type: ignore[arg-type]
        lambda: kpi.hold_share(end="closed"),  # type: ignore[arg-type]
        lambda: kpi.mean_time_to_resolve(end="closed"),  # type: ignore[arg-type]
        lambda: kpi.cohort_resolution(timedelta(1), end="closed"),  # type: ignore[arg-type]
    ],
)
def test_an_unknown_end(make: Callable[[], Kpi]) -> None:
    """Any other word is refused with those that are known."""
    with pytest.raises(KpiError, match="resolved, resolved_or_closed"):
        make()
