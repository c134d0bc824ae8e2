"""Laws that hold for any population."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, get_args

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from itilkit import kpi
from itilkit.calendars import Calendar, Period
from itilkit.events import (
    Assigned,
    Cancelled,
    Closed,
    Event,
    Linked,
    Logged,
    MajorDeclared,
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

from .everything import EVERY, WITH_OPTIONS
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


TIES: tuple[Literal["duplicate_of", "parent"], ...] = ("duplicate_of", "parent")


@st.composite
def tied(draw: st.DrawFn) -> list[list[Event]]:
    """A population in which some repeat or follow others, or themselves, and some were declared major."""
    population = draw(populations)
    for events in population:
        last = events[-1].at
        if draw(st.booleans()):
            events.append(MajorDeclared(last))
        for kind in draw(st.lists(st.sampled_from(TIES), max_size=2, unique=True)):
            to = f"INC{draw(st.integers(0, len(population)))}"
            events.append(Linked(last, kind=kind, to=to))
    return population


@given(tied(), st.data())
def test_ties_do_not_depend_on_the_order(population: list[list[Event]], data: st.DataObject) -> None:
    """Duplicates and children are known in any order, drawn once or kept, and every incident is accounted for."""
    cases = _judged(population)
    asked = (
        *KPIS,
        kpi.time_to_resolve("mean", "km_median", cohort="opened"),
        kpi.age(),
        kpi.mean_time_to_resolve(),
    )
    known = kpi.measure(cases, *asked, by="priority", every="month", zone="UTC")
    for other in (data.draw(st.permutations(cases)), iter(cases), kpi.Cases(cases)):
        assert kpi.measure(other, *asked, by="priority", every="month", zone="UTC") == known
    total = kpi.measure(cases, kpi.mean_time_to_resolve()).one()
    assert total.n + sum(total.left_out.values()) == len(cases)


@given(tied())
def test_the_earliest_opening_only_lengthens(population: list[list[Event]]) -> None:
    """With the earliest opening of what was merged no mean is shorter than by the own ones, and n is the same."""
    cases = _judged(population)
    for resolution in get_args(kpi.Resolution):
        earliest, own = kpi.measure(
            cases,
            kpi.time_to_resolve("mean", resolution=resolution),
            kpi.time_to_resolve("mean", resolution=resolution, opening="own"),
        )
        assert (earliest.n, earliest.left_out) == (own.n, own.left_out)
        if isinstance(earliest.value, timedelta) and isinstance(own.value, timedelta):
            assert earliest.value >= own.value
            assert (earliest.value > own.value) == bool(earliest.parts)


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


@given(populations, st.data())
def test_order_matters_to_no_kpi(population: list[list[Event]], data: st.DataObject) -> None:
    """Permuting the incidents changes no figure of any KPI."""
    cases = _judged(population)
    shuffled = data.draw(st.permutations(cases))
    for make in (*EVERY.values(), *WITH_OPTIONS.values()):
        asked = make()
        for one, other in zip(kpi.measure(cases, asked), kpi.measure(shuffled, asked), strict=True):
            assert (one.n, one.left_out, one.parts) == (other.n, other.left_out, other.parts)
            assert _alike(one.value, other.value), asked.name


def _alike(one: object, other: object) -> bool:
    """Equal, but for the order in which fractions were added."""
    if isinstance(one, float) and isinstance(other, float):
        return bool(np.isclose(one, other, rtol=1e-12, atol=1e-12))
    return one == other


@given(populations, st.integers(0, 2999))
def test_later_events_change_no_kpi(population: list[list[Event]], as_of: int) -> None:
    """What happens after as_of changes no figure of any KPI as of before."""
    known = [[event for event in events if event.at <= at(as_of)] for events in population]
    whole, cut = _judged(population, as_of), _judged([events for events in known if events], as_of)
    for make in (*EVERY.values(), *WITH_OPTIONS.values()):
        for one, other in zip(kpi.measure(whole, make()), kpi.measure(cut, make()), strict=True):
            assert (one.value, one.n) == (other.value, other.n)


@given(populations, st.integers(0, 2000), st.integers(1, 900))
def test_backlog_growth(population: list[list[Event]], start: int, length: int) -> None:
    """Growth = opened - ended in the period = backlog at its end - backlog at its start, both seen before the bound."""
    cases = _judged(population)
    period = Period.between(at(start), at(start + length))
    for end in ("resolved", "closed"):
        growth = kpi.measure(cases, kpi.backlog_growth(period, end=end)).one()
        first, last = kpi.measure(
            cases,
            kpi.backlog(period.start, end=end, side="before"),
            kpi.backlog(period.end, end=end, side="before"),
        )
        if cases and growth.n:
            assert growth.value == last.value - first.value  # type: ignore[operator]  # counts
            assert growth.value == growth.parts["opened"] - growth.parts["ended"]


@given(populations)
def test_a_total_is_its_weighted_groups(population: list[list[Event]]) -> None:
    """A mean or share of all incidents is that of the groups, each weighted with its n."""
    cases = _judged(population)
    for asked in (kpi.mean_time_to_resolve(), kpi.hop_count(), kpi.reopen_rate(), kpi.sla_compliance()):
        total = kpi.measure(cases, asked).one()
        groups = [each for each in kpi.measure(cases, asked, by="priority") if each.n]
        weighted = sum(_number(each.value) * each.n for each in groups)
        if total.n:
            assert np.isclose(weighted / total.n, _number(total.value), rtol=1e-9, atol=1e-6)


def _number(value: object) -> float:
    """Seconds, or the number itself."""
    return value.total_seconds() if isinstance(value, timedelta) else float(value)  # type: ignore[arg-type]


@given(populations, st.integers(0, 500), st.integers(1, 1500))
def test_mtbsi_is_mtbf_and_downtime(population: list[list[Event]], start: int, length: int) -> None:
    """In any window MTBSI = MTBF + downtime per failure, and availability = MTBF / MTBSI."""
    cases = _judged(population)
    window = Period.between(at(start), at(start + length))
    between, service, down, available = kpi.measure(
        cases,
        kpi.mean_time_between_failures(per=None, window=window),
        kpi.mean_time_between_service_incidents(per=None, window=window),
        kpi.mean_downtime_per_failure(window),
        kpi.availability(window),
    )
    assert isinstance(available.value, float)
    assert 0 <= available.value <= 1
    if service.n:
        assert np.isclose(_number(service.value), _number(between.value) + _number(down.value), atol=1e-5)
        assert np.isclose(_number(between.value) / _number(service.value), available.value, atol=1e-8)


@given(populations)
def test_including_a_kind_only_adds(population: list[list[Event]]) -> None:
    """Counting a kind that is usually left out loses no incident, and all are still accounted for."""
    cases = _judged(population)
    for asked in (kpi.reopen_rate(), kpi.hop_count(), kpi.volume()):
        usual, wider = kpi.measure(cases, asked, asked.including("cancelled"))
        assert wider.n >= usual.n
        assert wider.n + sum(wider.left_out.values()) == usual.n + sum(usual.left_out.values()) == len(cases)
