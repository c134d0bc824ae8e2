"""Populations in which there is little or nothing to measure: None or a right value, never an exception or NaN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import isfinite

import pytest

from itilkit import kpi
from itilkit.events import Assigned, Logged, Resolved
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
    "all duplicates": [story(0, 4)] * 0 + [case(Logged(at(0)), number="INC2")],
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
