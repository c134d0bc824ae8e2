"""Incidents that come in bunches: intervals from resamples of whole clusters."""

from __future__ import annotations

import random  # noqa: TID251  draws of the tests, seeded
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.errors import KpiError
from itilkit.events import Linked, Logged, Resolved
from itilkit.kpi import Interval, Measure, Spell
from itilkit.kpi.clusters import Member, by_cluster
from itilkit.sla import Assessment
from itilkit.spans import micros

from .histories import at, case, hours, one, story


def _reported(number: int, start: float, spent: float, reporter: str | None) -> Assessment:
    return case(Logged(at(start), reporter=reporter), Resolved(at(start + spent)), number=f"INC{number}")


def _bunches(draw: random.Random, clusters: int, size: int, start: float = 0.0) -> list[Assessment]:
    """Clusters of incidents whose times share the part that their caller brings: 100 h in the mean."""
    found: list[Assessment] = []
    for caller in range(clusters):
        own = draw.gauss(0, 20)
        for _ in range(size):
            spent = max(0.0, 100 + own + draw.gauss(0, 5))
            found.append(_reported(len(found), start, spent, f"{start}-{caller}"))
    return found


def _holds(interval: Interval | None, value: timedelta | float) -> bool:
    assert interval is not None
    return bool(interval.low <= value <= interval.high)  # type: ignore[operator]  # both ends are of one kind


def test_clusters_cover_what_single_incidents_miss() -> None:
    """Of 60 draws of 30 callers with 8 incidents each, the 95 % interval by caller holds the true mean in 51 or more.

    The textbook's interval, which takes the 240 incidents for independent, holds it in 42 at most.
    """
    draw = random.Random(11)  # noqa: S311  no secrets
    asked = by_cluster(kpi.mean_time_to_resolve(), "reporter")
    clustered = independent = 0
    for seed in range(60):
        owns = [draw.gauss(100, 20) for _ in range(30)]
        drawn = [(caller, own + draw.gauss(0, 5)) for caller, own in enumerate(owns) for _ in range(8)]
        (found,) = asked.figures([Member(caller, Spell(micros(hours(spent)))) for caller, spent in drawn])
        assert found.sureness is not None
        clustered += _holds(found.sureness(0.95, seed), hours(100))
        spent = np.array([each for _, each in drawn])
        independent += abs(spent.mean() - 100) <= 1.96 * spent.std(ddof=1) / 240**0.5
    assert clustered >= 51
    assert independent <= 42


def test_the_figures_are_those_without_clusters() -> None:
    """Clusters move no figure, only its interval, which names them; the parts count them."""
    cases = _bunches(random.Random(5), clusters=12, size=5)  # noqa: S311  no secrets
    asked = (
        kpi.time_to_resolve("mean", "median", "p90", "km_median", "rmst_20h", cohort="opened"),
        kpi.reopen_rate(),
    )
    plain = kpi.measure(cases, *asked, level=0.9, seed=3)
    found = kpi.measure(cases, *asked, level=0.9, seed=3, cluster="reporter")
    assert found == kpi.measure(cases[::-1], *asked, level=0.9, seed=3, cluster="reporter")
    for one_by_one, clustered in zip(plain, found, strict=True):
        assert (one_by_one.value, one_by_one.n, one_by_one.left_out) == (
            clustered.value,
            clustered.n,
            clustered.left_out,
        )
        assert clustered.parts["clusters"] == 12
        assert clustered.interval is not None
        assert clustered.interval.method == "bootstrap of 12 clusters by reporter"
    mean = found.one(statistic="mean")
    assert "Made of: clusters 12" in mean.explain()
    wide, narrow = (_width(found.one(statistic=name)) for found, name in ((found, "mean"), (plain, "mean")))
    assert wide > 1.5 * narrow


def _width(measure: Measure) -> float:
    interval = measure.interval
    assert interval is not None
    return (interval.high - interval.low) / hours(1)  # type: ignore[operator]  # durations


def test_clusters_of_one_are_single_incidents() -> None:
    """Where each caller has one incident, and where none is known, the interval is nearly that of single incidents."""
    spent = [float(each) for each in range(1, 61)]
    single = kpi.measure(
        [_reported(place, 0, each, None) for place, each in enumerate(spent)],
        kpi.mean_time_to_resolve(),
        level=0.95,
    ).one()
    for reporters in ([None] * 60, [f"caller {each}" for each in spent]):
        cases = [_reported(place, 0, spent[place], who) for place, who in enumerate(reporters)]
        found = kpi.measure(cases, kpi.mean_time_to_resolve(), level=0.95, cluster="reporter").one()
        assert found.parts["clusters"] == 60
        assert _width(found) == pytest.approx(_width(single), rel=0.1)


@given(
    st.lists(st.lists(st.integers(1, 50), min_size=1, max_size=6), min_size=2, max_size=12),
    st.integers(0, 99),
)
def test_a_mean_of_clusters_is_numpys(clusters: list[list[int]], seed: int) -> None:
    """The interval is that of a plain resampling of clusters by numpy, as far as two seeds agree."""
    cases = [
        _reported(place * 100 + index, 0, spent, f"caller {place}")
        for place, members in enumerate(clusters)
        for index, spent in enumerate(members)
    ]
    found = kpi.measure(cases, kpi.mean_time_to_resolve(), level=0.8, seed=seed, cluster="reporter").one()
    picked = np.random.default_rng(seed).integers(0, len(clusters), (2000, len(clusters)))
    totals, counts = (np.array([make(each) for each in clusters]) for make in (sum, len))
    means = totals[picked].sum(axis=1) / counts[picked].sum(axis=1)
    spread = float(means.max() - means.min())
    assert found.interval is not None
    for end, share in ((found.interval.low, 0.1), (found.interval.high, 0.9)):
        near = [float(np.quantile(means, share + step)) for step in (-0.05, 0.05)]
        assert near[0] - 0.02 * spread - 1e-6 <= end / hours(1) <= near[1] + 0.02 * spread + 1e-6  # type: ignore[operator]


def test_many_clusters_have_the_limit() -> None:
    """More than a thousand clusters: the normal limit, and the result says so; its width is worked by hand."""
    cases = [_reported(place, 0, 1 + place % 7, f"caller {place // 2}") for place in range(2_400)]
    found = kpi.measure(cases, kpi.mean_time_to_resolve(), level=0.95, cluster="reporter").one()
    assert found.interval is not None
    assert found.interval.method == "normal limit of the bootstrap of 1,200 clusters by reporter"
    sums = np.array([sum(1 + (2 * pair + each) % 7 for each in (0, 1)) for pair in range(1_200)])
    half = 1.96 * float(np.std(sums)) * 1_200**0.5 / 2_400
    assert _width(found) / 2 == pytest.approx(half, rel=0.1)


def test_a_major_incident_with_all_that_follow_it() -> None:
    """By parent, an incident and its children are one cluster; everything else is alone."""
    children = [
        case(Logged(at(1)), Linked(at(1), kind="parent", to="INC1"), Resolved(at(9)), number=f"INC{number}")
        for number in (2, 3, 4)
    ]
    cases = [story(0, 8, number="INC1"), *children, story(0, 3, number="INC5"), story(0, 4, number="INC6")]
    found = kpi.measure(cases, kpi.mean_time_to_resolve(), level=0.95, cluster="parent").one()
    assert (found.n, found.parts) == (6, {"clusters": 3})


def test_one_cluster_tells_no_interval() -> None:
    """Of one cluster, and of none, nobody knows how far another one would be."""
    cases = [_reported(place, 0, place + 1, "ann") for place in range(9)]
    for told in (cases, []):
        assert (
            kpi.measure(told, kpi.mean_time_to_resolve(), level=0.95, cluster="reporter").one().interval
            is None
        )
    assert one(kpi.mean_time_to_resolve(), *cases).value == hours(5)


FIRST = Period.between(at(0), at(1000), label="first")
SECOND = Period.between(at(1000), at(2000), label="second")


def test_clusters_of_a_comparison() -> None:
    """A difference that single incidents would call beyond chance is not, if two callers made it."""
    before = [_reported(place, 10, 10 + place % 5, f"caller {place % 12}") for place in range(60)]
    burst = [_reported(100 + place, 1010, 40 + place % 5, "ann") for place in range(20)]
    rest = [_reported(200 + place, 1010, 10 + place % 5, f"caller {place % 12}") for place in range(40)]
    asked = kpi.mean_time_to_resolve()
    single, clustered = (
        kpi.compare([*before, *burst, *rest], asked, before=FIRST, after=SECOND, seed=4, cluster=cluster)
        .one()
        .changes[0]
        for cluster in (None, "reporter")
    )
    assert single.difference == clustered.difference == hours(10)
    assert (single.verdict, clustered.verdict) == ("up", "not beyond chance")
    assert clustered.interval is not None
    assert clustered.interval.method == (
        "bootstrap of 12 clusters by reporter and bootstrap of 13 clusters by reporter"
    )
    shares = kpi.compare(
        [*before, *burst, *rest], kpi.reopen_rate(), before=FIRST, after=SECOND, cluster="reporter"
    )
    assert shares.one().changes[0].interval is not None


def test_by_a_dimension_and_by_group() -> None:
    """Any dimension makes clusters, also beside groups and periods; one that no incident has is refused."""
    cases = [
        story(place, place + 5 + place % 3, priority=1 + place % 2, fields={"service": f"s{place % 4}"})
        for place in range(40)
    ]
    found = kpi.measure(
        cases,
        kpi.mean_time_to_resolve(),
        by="priority",
        every="day",
        zone="UTC",
        level=0.9,
        cluster="service",
    )
    assert {each.parts["clusters"] for each in found if each.n} == {2}
    with pytest.raises(KpiError, match="no incident has a 'servicee'"):
        kpi.measure(cases, kpi.mean_time_to_resolve(), level=0.9, cluster="servicee")


@pytest.mark.parametrize(
    ("asked", "cluster", "said"),
    [
        ([kpi.volume()], "", "'' is no name"),
        ([kpi.volume()], 3, "3 is no name"),
        ([kpi.change_failure_rate([kpi.Deployment("CHG1", at(0))])], "service", "no clusters of incidents"),
    ],
    ids=["empty", "a number", "told as a whole"],
)
def test_bad_clusters(asked: Sequence[kpi.Kpi], cluster: str, said: str) -> None:
    """A cluster has a name, and is made of incidents."""
    with pytest.raises(KpiError, match=said):
        kpi.measure([], *asked, cluster=cluster)
