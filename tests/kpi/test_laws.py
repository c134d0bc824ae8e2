"""Laws that hold for any population."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from itilkit import kpi
from itilkit.calendars import Calendar
from itilkit.events import (
    Assigned,
    Cancelled,
    Closed,
    Event,
    Logged,
    PrioritySet,
    Reopened,
    Resolved,
)
from itilkit.kpi import Kpi
from itilkit.kpi.statistic import mean, percentile
from itilkit.lifecycle import ITIL4_DEFAULT
from itilkit.policy import Agreement, Policy, Target
from itilkit.priority import ITIL_3X3
from itilkit.records import Incident
from itilkit.sla import Assessment

from .histories import at, hours

ROUND = Calendar.round_the_clock("UTC")
POLICY = Policy(
    "Desk",
    lifecycle=ITIL4_DEFAULT,
    matrix=ITIL_3X3,
    agreements=[Agreement("Gold", [Target((1, 2), {"resolution": hours(200)})], calendar=ROUND)],
)
KPIS: list[Kpi] = [
    kpi.time_to_resolve("mean", "median", "p90"),
    kpi.time_to_resolve("mean", resolution="first"),
    kpi.time_to_resolve("mean", resolution="worked"),
    kpi.mean_time_between_incidents(per="group"),
    kpi.first_assignment_rate(),
    kpi.hop_count(),
    kpi.reopen_rate(),
    kpi.reopens_per_incident(),
    kpi.sla_compliance(),
    kpi.sla_breach_rate(),
    kpi.volume(),
    kpi.backlog(at(300)),
    kpi.backlog(at(300), end="closed"),
    kpi.backlog(at(300), end="state"),
]


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Any life of an incident, told in hours; the order of the list is that of time."""
    hour = draw(st.integers(0, 1500))
    events: list[Event] = [Logged(at(hour))]
    open_now = True
    for _ in range(draw(st.integers(0, 6))):
        hour += draw(st.integers(0, 400))
        kinds = ["assign", "priority", *(["resolve", "cancel"] if open_now else ["reopen", "close"])]
        kind = draw(st.sampled_from(kinds))
        if kind == "assign":
            events.append(Assigned(at(hour), group=draw(st.sampled_from(["a", "b", None]))))
        elif kind == "priority":
            events.append(PrioritySet(at(hour), priority=draw(st.integers(1, 4))))
        elif kind == "resolve":
            events.append(Resolved(at(hour)))
            open_now = False
        elif kind == "reopen":
            events.append(Reopened(at(hour)))
            open_now = True
        else:
            events.append(Cancelled(at(hour)) if kind == "cancel" else Closed(at(hour)))
            break
    return events


populations = st.lists(histories(), max_size=8)


def _judged(population: list[list[Event]], as_of: int = 3000) -> list[Assessment]:
    incidents = [Incident(f"INC{number}", events) for number, events in enumerate(population)]
    return list(POLICY.assess_all(incidents, as_of=at(as_of), strict=False))


@given(populations, st.data())
def test_order_does_not_matter(population: list[list[Event]], data: st.DataObject) -> None:
    """Incidents in another order give the same figures."""
    cases = _judged(population)
    shuffled = data.draw(st.permutations(cases))
    assert kpi.measure(cases, *KPIS) == kpi.measure(shuffled, *KPIS)
    assert kpi.measure(cases, *KPIS, by="priority", every="month", zone="UTC") == kpi.measure(
        shuffled, *KPIS, by="priority", every="month", zone="UTC"
    )


@given(populations, st.integers(0, 3000))
def test_the_past_does_not_change(population: list[list[Event]], as_of: int) -> None:
    """Events after as_of, and whole incidents opened after it, change no figure but the count of those to come."""
    known = [[event for event in events if event.at <= at(as_of)] for events in population]
    whole = kpi.measure(_judged(population, as_of), *KPIS)
    cut = kpi.measure(_judged([events for events in known if events], as_of), *KPIS)
    for one, other in zip(whole, cut, strict=True):
        assert (one.value, one.n, one.parts) == (other.value, other.n, other.parts)
        assert {**one.left_out, "not_opened": 0} == {**other.left_out, "not_opened": 0}


@given(populations)
def test_groups_part_the_whole(population: list[list[Event]]) -> None:
    """Every incident is in one group: n, left out and counts add up to the total's."""
    cases = _judged(population)
    summed = [each for each in KPIS if not each.name.startswith("mean_time_between")]
    for definition in summed:
        total = kpi.measure(cases, definition)[0]
        groups = [
            each
            for each in kpi.measure(cases, definition, by="priority")
            if each.statistic == total.statistic
        ]
        assert sum(each.n for each in groups) == total.n
        assert sum(sum(each.left_out.values()) for each in groups) == sum(total.left_out.values())
        assert total.n + sum(total.left_out.values()) == len(cases)
        assert sum(each.parts.get("counted", 0) for each in groups) == total.parts.get("counted", 0)


@given(populations)
def test_months_part_the_whole(population: list[list[Event]]) -> None:
    """The volume over all months is the volume, whichever event places the incidents."""
    cases = _judged(population)
    for definition in (kpi.volume(), kpi.volume(cohort="resolved"), kpi.volume(cohort="closed")):
        found = kpi.measure(cases, definition, every="month", zone="Europe/Berlin")
        assert sum(each.n + sum(each.left_out.values()) for each in found) == len(cases)
        placed = [each.period for each in found if each.period]
        assert placed == sorted(set(placed))
    total = kpi.measure(cases, kpi.volume()).one()
    months = kpi.measure(cases, kpi.volume(), every="month", zone="Europe/Berlin")
    assert sum(each.n for each in months) == total.value


@given(populations)
def test_kept_and_broken_promises_are_all(population: list[list[Event]]) -> None:
    """Compliance and breach rate rest on one base and add up to 1."""
    kept, broken = kpi.measure(_judged(population), kpi.sla_compliance(), kpi.sla_breach_rate())
    assert (kept.n, kept.left_out) == (broken.n, broken.left_out)
    assert kept.parts["counted"] + broken.parts["counted"] == kept.n
    if isinstance(kept.value, float) and isinstance(broken.value, float):
        assert abs(kept.value + broken.value - 1) < 1e-12
    else:
        assert kept.value is broken.value is None


@given(populations)
def test_the_readings_are_in_order(population: list[list[Event]]) -> None:
    """Neither the first resolution nor the time worked is longer than the time to the last resolution."""
    for case in _judged(population):
        first, worked, last = (
            kpi.measure([case], kpi.mean_time_to_resolve(resolution=reading)).one().value
            for reading in ("first", "worked", "last")
        )
        if isinstance(last, timedelta) and isinstance(first, timedelta) and isinstance(worked, timedelta):
            assert timedelta(0) <= first <= worked <= last


@given(st.lists(st.integers(0, 10**15), min_size=1), st.integers(1, 99))
def test_percentiles_are_numpys(values: list[int], percent: int) -> None:
    """On whole numbers a percentile is numpy's default one, and the mean is its mean."""
    ordered = sorted(values)
    found = percentile(ordered, percent)
    assert found is not None
    assert np.isclose(found, np.percentile(values, percent), rtol=1e-12, atol=1e-6)
    assert ordered[0] <= found <= ordered[-1]
    assert np.isclose(mean(values) or 0, np.mean(values), rtol=1e-12)
