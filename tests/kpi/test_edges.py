"""Populations in which there is little or nothing to measure: None or a right value, never an exception or NaN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import isfinite

import pytest

from itilkit import kpi
from itilkit.events import Assigned, Linked, Logged, Resolved
from itilkit.kpi import Measure
from itilkit.policy import Policy
from itilkit.records import Incident, Source
from itilkit.sla import Assessment

from .everything import EVERY, WITH_OPTIONS
from .histories import at, case, hours, story
from .test_laws import POLICY

SILENT = Source("silent", lacks={"acknowledged", "agent_reply", "requester_message", "notes"})


def _judged(policy: Policy, *incidents: Incident) -> list[Assessment]:
    return list(policy.assess_all(incidents, as_of=at(24 * 30), strict=False))


POPULATIONS: Mapping[str, Sequence[Assessment]] = {
    "empty": [],
    "one element": [story(0, 5, 9, groups=["desk"], priority=1, acknowledged=1)],
    "all open": [story(0), story(5, groups=["desk"]), story(9, priority=2)],
    "all cancelled": [story(0, cancelled=1), story(3, cancelled=3)],
    "not recorded": [story(0, 5, source=SILENT), story(1, 6, source=SILENT)],
    "zero duration": [story(5, 5), story(5, 5, 5), story(7, 7)],
    "all duplicates": [
        case(Logged(at(0)), Linked(at(1), kind="duplicate_of", to=other), number=number)
        for number, other in (("INC1", "INC9"), ("INC2", "INC3"), ("INC3", "INC2"))
    ],
    "not opened yet": [story(5, 9, as_of=1), story(6, as_of=1)],
    "end before start": [story(5, 2)],
    "judged by a policy": _judged(
        POLICY,
        Incident("INC1", [Logged(at(0)), Assigned(at(0), group="desk"), Resolved(at(3))]),
        Incident("INC2", [Logged(at(0))]),
    ),
    "closed without a resolution": [story(0, closed=9)],
}


def _sound(measure: Measure) -> bool:
    value = measure.value
    if value is None or isinstance(value, timedelta):
        return True
    return isfinite(value)


@pytest.mark.parametrize("population", POPULATIONS)
@pytest.mark.parametrize("name", [*EVERY, *WITH_OPTIONS])
def test_little_or_nothing_to_measure(name: str, population: str) -> None:
    """Every KPI has a finite value or None, accounts for every incident, and can be told as a row."""
    cases = POPULATIONS[population]
    asked = ({**EVERY, **WITH_OPTIONS})[name]()
    for level, cluster in ((None, None), (0.95, None), (0.95, None if asked.whole else "reporter")):
        found = kpi.measure(cases, asked, level=level, cluster=cluster)
        assert len(found) >= 1
        for each in found:
            assert _sound(each), each
            assert each.n >= 0
            assert each.value is None or each.unit
            assert all(count > 0 for count in each.left_out.values())
            interval = each.interval
            if interval is not None and interval.low is not None and interval.high is not None:
                assert interval.low <= interval.high  # type: ignore[operator]  # both ends are of one kind
        rows = found.to_rows()
        assert len({tuple(row) for row in rows}) == 1


# What is known although nothing happened: counts and rates are zero, and what nobody interrupted was available.
KNOWN_OF_NOTHING: Mapping[tuple[str, str], float] = {
    ("arrival_rate", "rate"): 0,
    ("availability", "share"): 1,
    ("availability", "weighted_by_users"): 1,
    ("change_failure_rate", "share"): 0,  # of the one deployment that there was
    ("failure_rate", "rate"): 0,
    ("incidents_per", "rate"): 0,
    ("time_to_resolve", "n"): 0,
    ("volume", "count"): 0,
}


def test_what_is_known_of_nothing() -> None:
    """Without incidents every other figure is None, with n 0 and nothing left out; never zero, never an exception."""
    for name, make in EVERY.items():
        for each in kpi.measure([], make()):
            assert each.value == KNOWN_OF_NOTHING.get((name, each.statistic)), (name, each.statistic)
            assert (each.n, each.left_out) == (1 if name == "change_failure_rate" else 0, {})


DAY = timedelta(days=1)
WORKED: Mapping[str, Mapping[str, object]] = {
    # opened at 0, 5 and 9 and seen a year later: nobody knows a median, and of two hours each lasted all
    "all open": {
        "n": 0,
        "mean": None,
        "median": None,
        "km_median": None,
        "rmst_2h": hours(2),
        "rmst_14d": 14 * DAY,
    },
    "all cancelled": {"n": 0, "mean": None, "km_median": None, "rmst_2h": None},
    "all duplicates": {"n": 0, "mean": None, "km_median": None, "rmst_2h": None},
    "one element": {
        "n": 1,
        "mean": hours(5),
        "median": hours(5),
        "p90": None,
        "km_p90": hours(5),
        "rmst_2h": hours(2),
    },
    "not recorded": {"n": 2, "mean": hours(5), "geometric_mean": hours(5), "p25": hours(5), "rmst_14d": None},
    "end before start": {"n": 0, "mean": None, "km_median": None},
    "closed without a resolution": {"n": 0, "mean": None, "km_median": None},
}
LEFT_OUT: Mapping[str, Mapping[str, int]] = {
    "all open": {"open": 3},
    "all cancelled": {"cancelled": 2},
    "all duplicates": {"duplicate": 3},
    "one element": {},
    "not recorded": {},
    "end before start": {"negative": 1},
    "closed without a resolution": {"missing": 1},
}


@pytest.mark.parametrize("population", WORKED)
def test_time_to_resolve_worked_by_hand(population: str) -> None:
    """Each statistic is None or what it is by hand, and says why incidents were left out."""
    found = {
        each.statistic: each for each in kpi.measure(POPULATIONS[population], EVERY["time_to_resolve"]())
    }
    for statistic, expected in WORKED[population].items():
        assert found[statistic].value == expected, statistic
    assert found["mean"].left_out == LEFT_OUT[population]


@pytest.mark.parametrize("name", ["mean_time_to_acknowledge", "time_to_respond", "first_contact_resolution"])
def test_what_the_source_does_not_record_is_not_recorded(name: str) -> None:
    """Acknowledgement, response and first contact of a silent source: None, n 0 and the reason; never zero."""
    found = kpi.measure(POPULATIONS["not recorded"], EVERY[name]())[0]
    assert (found.value, found.n, found.left_out, found.recorded) == (None, 0, {"not_recorded": 2}, False)


def test_every_kpi_is_looked_at() -> None:
    """What is public, and when called makes a KPI, is in the list; `mean_time_to` makes one of the others."""
    others = {name for name in kpi.__all__ if name[0].islower()} - set(EVERY)
    assert others == VERBS


VERBS = {
    "c_chart",
    "catalogue",
    "catalogue_markdown",
    "entry_of",
    "sample_log",
    "compare",
    "dispersion",
    "measure",
    "mix",
    "pareto",
    "report",
    "standardise",
    "survival_curve",
    "trend",
    "u_chart",
    "xmr_chart",
}


@pytest.mark.parametrize("name", EVERY)
def test_nothing_not_recorded_is_zero(name: str) -> None:
    """Of incidents that are only open, nothing is a value of no time, and no share is one of nothing."""
    found = kpi.measure([story(0, as_of=0.0)], EVERY[name]())
    for each in found:
        if each.value == timedelta(0):
            assert each.n > 0
        if each.unit == "ratio" and each.value is not None and name != "availability":
            assert each.n > 0


def test_time_to_resolve_of_zero_durations() -> None:
    """Resolved as they were opened: every statistic is zero, and none is undefined for it."""
    found = kpi.measure(POPULATIONS["zero duration"], EVERY["time_to_resolve"]())
    values = {each.statistic: each.value for each in found}
    assert values["mean"] == values["median"] == values["geometric_mean"] == values["km_median"] == hours(0)
    assert values["n"] == 3
    assert values["rmst_2h"] is None
