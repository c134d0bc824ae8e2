"""Estimators against plain second implementations, and the laws that they keep."""

from __future__ import annotations

import random  # noqa: TID251  a second implementation, seeded
from datetime import timedelta
from fractions import Fraction
from math import comb, log
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit import kpi
from itilkit.errors import KpiError
from itilkit.kpi import Survival
from itilkit.kpi.chance import bootstrap, ends, resampled_means, resampled_percentiles
from itilkit.kpi.intervals import normal_quantile, order_ranks, poisson_limits
from itilkit.kpi.statistic import geometric_mean, percentile, trimmed_mean

from .histories import at, hours, one, story

spells = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=15)


def _plain_share(seen: list[tuple[int, bool]], time: int, entries: list[int] | None = None) -> Fraction:
    """S(t), as the textbook has it, in exact fractions."""
    share = Fraction(1)
    late = entries or [-1] * len(seen)
    for moment in sorted({t for t, over in seen if over and t <= time}):
        over = sum(t == moment and ended for t, ended in seen)
        risk = sum(t >= moment > entry for (t, _), entry in zip(seen, late, strict=True))
        share *= 1 - Fraction(over, risk)
    return share


def _of(seen: list[tuple[int, bool]]) -> Survival:
    return Survival.observed([hours(t) for t, _ in seen], [over for _, over in seen])


@given(spells)
def test_kaplan_meier_is_the_textbooks(seen: list[tuple[int, bool]]) -> None:
    """The share that goes on is the exact product, and a quantile is the first time at which enough have ended."""
    found = _of(seen)
    last = max(t for t, _ in seen)
    for time in range(last + 1):
        assert found.share(hours(time)) == pytest.approx(float(_plain_share(seen, time)), abs=1e-12)
    all_ended = _plain_share(seen, last) == 0
    assert found.share(hours(last + 1)) == (0 if all_ended else None)
    for percent in (25, 50, 90):
        times = sorted({t for t, over in seen if over})
        plain = next((t for t in times if _plain_share(seen, t) <= 1 - Fraction(percent, 100)), None)
        assert found.quantile(percent / 100) == (None if plain is None else hours(plain))


@given(spells, st.data())
def test_delayed_entry_is_the_textbooks(seen: list[tuple[int, bool]], data: st.DataObject) -> None:
    """Those that enter late are at risk only afterwards; those that ended before do not count."""
    seen = [(t + 1, over) for t, over in seen]
    entries = [data.draw(st.integers(0, t - 1)) for t, _ in seen]
    found = Survival.observed(
        [hours(t) for t, _ in seen], [over for _, over in seen], entries=[hours(entry) for entry in entries]
    )
    late = [entry or -1 for entry in entries]
    for time in range(max(t for t, _ in seen) + 1):
        assert found.share(hours(time)) == pytest.approx(float(_plain_share(seen, time, late)), abs=1e-12)


@given(st.lists(st.integers(0, 30), min_size=1), st.integers(1, 30))
def test_a_restricted_mean_without_censoring(times: list[int], tau: int) -> None:
    """RMST without censoring is the mean of min(t, tau); beyond the last one there is none."""
    found = _of([(t, True) for t in times]).rmst(hours(tau))
    if tau > max(times):
        assert found is None
    else:
        assert found is not None
        assert found / hours(1) == pytest.approx(sum(min(t, tau) for t in times) / len(times))


@given(spells)
def test_a_share_lies_within_its_interval(seen: list[tuple[int, bool]]) -> None:
    """Limits hold their share, lie from 0 to 1 and widen with the level."""
    found = _of(seen)
    for share, (low, high), (least, most) in zip(
        found.shares, found.limits(0.8), found.limits(0.95), strict=True
    ):
        assert 0 <= least <= low <= share + 1e-12
        assert share <= high + 1e-12
        assert high <= most <= 1


def test_greenwood_by_hand() -> None:
    """3, 5, 5, 8+, 10, 12+: the sums are 1/30, then + 2/15, then + 1/2; S(5) lies within 0.1109 and 0.8037 (95 %)."""
    found = _of([(3, True), (5, True), (5, True), (8, False), (10, True), (12, False)])
    assert list(found.greenwood()) == pytest.approx([1 / 30, 1 / 6, 2 / 3])
    spread = NormalDist().inv_cdf(0.975) * (1 / 6) ** 0.5 / log(0.5)
    low, high = sorted(0.5 ** np.exp([spread, -spread]))
    assert list(found.limits(0.95))[1] == pytest.approx((low, high))
    interval = found.quantile_interval(0.5, 0.95)
    assert interval is not None
    assert (interval.low, interval.high) == (hours(3), None)


@given(st.integers(1, 40), st.integers(1, 99), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_order_statistics_hold_the_quantile(n: int, percent: int, level: float) -> None:
    """The ranks are the innermost whose tails hold at most half of what the level leaves, by exact fractions."""
    share, tail = Fraction(percent, 100), (1 - level) / 2
    low, high = order_ranks(n, percent, level)

    def below(rank: int) -> float:
        return float(sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(rank)))

    assert low is None or below(low) <= tail + 1e-9
    assert low == n or below((low or 0) + 1) > tail - 1e-9
    assert high is None or below(high) >= 1 - tail - 1e-9
    assert high is None or below(high - 1) < 1 - tail + 1e-9


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
def test_the_normal_distribution(level: float) -> None:
    """The quantile is that of the standard library."""
    assert normal_quantile(level) == pytest.approx(NormalDist().inv_cdf((1 + level) / 2), abs=1e-9)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0, 3.6889),
        (1, 0.0253, 5.5716),
        (5, 1.6235, 11.6683),
        (10, 4.7954, 18.3904),
        (100, 81.3640, 121.6272),
    ],
)
def test_poisson_limits(count: int, low: float, high: float) -> None:
    """The exact limits of a count at 95 %, as published in tables (Garwood 1936)."""
    assert poisson_limits(count, 0.95) == pytest.approx((low, high), abs=5e-4)


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=40))
def test_means_are_numpys(values: list[int]) -> None:
    """The geometric mean is that of logarithms; the trimmed one leaves out a tenth at either end."""
    ordered = sorted(values)
    cut = len(values) // 10
    assert geometric_mean(ordered) == pytest.approx(float(np.exp(np.mean(np.log(values)))))
    assert trimmed_mean(ordered) == pytest.approx(float(np.mean(ordered[cut : len(values) - cut])))


def test_the_geometric_mean_of_nothing_and_less() -> None:
    """None of nothing and with a negative one; zero with a zero."""
    assert (geometric_mean([]), geometric_mean([-1, 5]), geometric_mean([0, 5])) == (None, None, 0.0)


@pytest.mark.parametrize("percent", [25, 50, 90])
def test_resampled_percentiles_are_those_of_resamples(percent: int) -> None:
    """Drawing order statistics gives the distribution that resampling and sorting gives."""
    values = [1, 2, 4, 8, 16, 32, 64]
    draw = random.Random(5)  # noqa: S311  a second implementation, seeded
    plain = [percentile(sorted(draw.choices(values, k=7)), percent) for _ in range(20_000)]
    drawn = [found for seed in range(10) for found in resampled_percentiles(values, percent, seed)]
    for tail in (0.1, 0.5, 0.9):
        assert float(np.quantile(drawn, tail)) == pytest.approx(float(np.quantile(plain, tail)), rel=0.15)  # type: ignore[arg-type]
    assert float(np.mean(drawn)) == pytest.approx(float(np.mean(plain)), rel=0.03)  # type: ignore[arg-type]


def test_a_seed_repeats() -> None:
    """One seed gives one interval, another seed another; many values are drawn from the normal limit."""
    values = [1.0, 2, 3, 50]
    assert list(resampled_means(values, 7)) == list(resampled_means(values, 7))
    assert list(resampled_means(values, 7)) != list(resampled_means(values, 8))
    many = list(range(1500))
    low, high = ends(list(resampled_means(many, 1)), 0.95) or (0, 0)
    half = NormalDist().inv_cdf(0.975) * float(np.std(many)) / 1500**0.5
    assert (low, high) == pytest.approx((749.5 - half, 749.5 + half), abs=3)
    assert list(bootstrap([], len, 1)) == []
    assert ends([], 0.95) is None


def test_intervals_of_measures() -> None:
    """With a level, shares, means, percentiles and censored figures have an interval that holds the value."""
    cases = [story(0, spent, groups=["a", "b"][: 1 + spent % 2]) for spent in range(1, 30)]
    asked = kpi.time_to_resolve(
        "mean", "median", "p75", "geometric_mean", "trimmed_mean", "km_median", "rmst_10h", cohort="opened"
    )
    found = kpi.measure(cases, asked, kpi.hop_count(), kpi.first_assignment_rate(), level=0.9, seed=3)
    assert found == kpi.measure(cases, asked, kpi.hop_count(), kpi.first_assignment_rate(), level=0.9, seed=3)
    for each in found:
        assert each.interval is not None, each
        assert each.interval.level == 0.9
        assert each.interval.low <= each.value <= each.interval.high  # type: ignore[operator]
        assert {"low", "high", "level"} <= set(each.to_row())
    assert [each.interval.method for each in found if each.interval] == [
        "bootstrap", "order statistics", "order statistics", "bootstrap", "bootstrap", "Kaplan-Meier, log(-log)",
        "normal", "bootstrap", "Wilson",
    ]  # fmt: skip
    assert all(each.interval is None for each in kpi.measure(cases, asked))


@pytest.mark.parametrize("level", [0, 1, 95, True, "0.95"])
def test_a_level_that_is_none(level: float) -> None:
    """A level lies between 0 and 1."""
    with pytest.raises(KpiError, match="level"):
        kpi.measure([], kpi.volume(), level=level)


def test_what_has_not_ended_needs_the_cohort_of_openings() -> None:
    """By resolution there is nothing open to count, so Kaplan-Meier and restricted means are refused."""
    with pytest.raises(KpiError, match="cohort: km_median counts incidents that have not ended"):
        kpi.time_to_resolve("km_median")


def test_delayed_entry_of_a_log() -> None:
    """An incident opened before the log began counts from then on: 2 and 9 h old ones enter at 0."""
    cases = [story(-2, 3, as_of=20), story(-9, 6, as_of=20), story(0, 4, as_of=20), story(1, None, as_of=20)]
    naive, late = (
        one(kpi.time_to_resolve("km_median", cohort="opened", observed_since=since), *cases).value
        for since in (None, at(0))
    )
    # spells 5 (from 2), 15 (from 9), 4, 19+: at 4 three are at risk, at 5 two, at 15 two
    assert (naive, late) == (hours(5), hours(5))
    spent, entries = map(hours, (5, 15, 4, 19)), map(hours, (2, 9, 0, 0))
    curve = Survival.observed(list(spent), [True, True, True, False], entries=list(entries))
    assert curve.shares == pytest.approx([2 / 3, 1 / 3, 1 / 6])
    assert curve.quantile(0.7) == hours(15)


@given(spells, st.integers(0, 30))
def test_cohort_resolution_is_the_rest(seen: list[tuple[int, bool]], within: int) -> None:
    """cohort_resolution + S = 1, where anybody was seen so long or all are resolved."""
    cases = [story(-t, 0 if over else None, as_of=0) for t, over in seen]
    found = one(kpi.cohort_resolution(hours(within)), *cases)
    goes_on = _of(seen).share(hours(within))
    if goes_on is None:
        assert found.value is None
    else:
        assert found.value == pytest.approx(1 - goes_on)


@pytest.mark.parametrize(("n", "method"), [(1_000, "bootstrap"), (1_001, "normal limit of the bootstrap")])
def test_an_interval_of_many_says_that_it_is_the_limit(n: int, method: str) -> None:
    """The mean of more than a thousand values is drawn from the limit of the bootstrap, and the result says so."""
    cases = [story(0, 1 + index % 7) for index in range(n)]
    (found,) = kpi.measure(cases, kpi.time_to_resolve("mean"), level=0.95)
    assert found.interval is not None
    assert found.interval.method == method
    # Worked by hand: the standard error of the mean of 1 to 7, equally often, is 2 / sqrt(n) hours.
    half = timedelta(hours=1.96 * 2 / n**0.5)
    assert abs((found.interval.high - found.interval.low) / 2 - half) < half * 0.1  # type: ignore[operator]
