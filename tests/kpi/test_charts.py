"""Process behaviour charts, the spread of counts, and trends."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit import kpi
from itilkit.errors import KpiError
from itilkit.kpi.trend import student_quantile

from .histories import story


def test_xmr_of_five() -> None:
    """XmR of 10, 12, 9, 14, 11: centre 11.2, mR 3.25, limits 2.555 .. 19.845, range limit 10.621 (section 10)."""
    found = kpi.xmr_chart([10, 12, 9, 14, 11])
    assert (found.kind, found.centre, found.moving_range) == ("XmR", 11.2, 3.25)
    assert found.range_limit == pytest.approx(10.621)
    for point in found.points:
        assert point.low == pytest.approx(2.555)
        assert point.high == pytest.approx(19.845)
    assert (found.callable, found.signals) == (False, ())


def test_signals_need_eight_points() -> None:
    """With eight points, one beyond the limits is a signal; with seven it is not called."""
    calm = [10, 11, 10, 11, 10, 11, 10]
    assert [point.signals for point in kpi.xmr_chart([*calm, 90]).signals] == [("beyond_limits",)] * 1
    assert kpi.xmr_chart([*calm[1:], 90]).signals == ()


def test_eight_on_one_side() -> None:
    """The eighth in a row on one side of the centre is a signal, a gap between them or not."""
    found = kpi.c_chart([9] * 5 + [None] + [9] * 4 + [13] * 3)
    assert [point.label for point in found.signals] == ["9", "10"]
    assert found.signals[0].signals == ("run_of_eight",)
    assert found.points[5].value is None


def test_c_chart() -> None:
    """A mean count of 4 has limits 0 (not -2) and 10; of 16, 4 and 28."""
    low = kpi.c_chart([3, 5, 4, 4])
    assert (low.centre, low.points[0].low, low.points[0].high) == (4, 0, 10)
    high = kpi.c_chart([15, 17])
    assert (high.points[1].low, high.points[1].high) == (4, 28)


def test_u_chart() -> None:
    """20 in 10 days and 12 in 6: 2 a day; limits 2 -/+ 3 sqrt(2 / days); no point without exposure."""
    found = kpi.u_chart([20, 0, 12], [10, 0, 6])
    assert (found.centre, found.points[0].value, found.points[1].value) == (2, 2, None)
    assert found.points[0].high == pytest.approx(2 + 3 * (2 / 10) ** 0.5)
    assert found.points[2].low == pytest.approx(max(0, 2 - 3 * (2 / 6) ** 0.5))


def test_laneys_c_chart_by_hand() -> None:
    """2, 6, 2, 6: centre 4, z -1, 1, -1, 1, mean step 2, sigma z 2 / 1.128 = 1.7730; limits 4 -/+ 3 * 2 * 1.7730."""
    found = kpi.c_chart([2, 6, None, 2, 6], laney=True)
    assert (found.kind, found.centre) == ("c'", 4)
    assert found.sigma_z == pytest.approx(1.77305, abs=1e-5)
    assert [point.low for point in found.points] == [0] * 5
    assert [point.high for point in found.points] == pytest.approx([14.6383] * 5, abs=1e-4)
    assert kpi.c_chart([2, 6, 2, 6]).points[0].high == 10


def test_laneys_u_chart_by_hand() -> None:
    """16 in 4, 32 in 16, 0 in 4: centre 2, z 2.8284, 0, -2.8284, sigma z 2.8284 / 1.128 = 2.5075.

    The limits are 2 -/+ 3 * 2.5075 * sqrt(2 / 4) and 2 -/+ 3 * 2.5075 * sqrt(2 / 16); no point without exposure.
    """
    found = kpi.u_chart([16, 32, 5, 0], [4, 16, 0, 4], laney=True)
    assert (found.kind, found.centre) == ("u'", 2)
    assert found.sigma_z == pytest.approx(2.50748, abs=1e-5)
    highs = [point.high for point in found.points]
    assert highs.pop(2) is None
    assert highs == pytest.approx([7.31915, 4.65957, 7.31915], abs=1e-5)
    assert [point.low for point in found.points] == [0, 0, None, 0]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 40)), min_size=2, max_size=30))
def test_laneys_limits_are_numpys(told: list[tuple[int, int]]) -> None:
    """Sigma z is the mean step of standardised rates by 1.128; with equal exposures the c'-chart is the u'-chart."""
    counts, sizes = (np.array(each, dtype=float) for each in zip(*told, strict=True))
    found = kpi.u_chart(list(counts), list(sizes), laney=True)
    centre = counts.sum() / sizes.sum()
    if not centre:
        assert (found.sigma_z, found.points[0].low, found.points[0].high) == (None, 0, 0)
        return
    scale = np.sqrt(centre / sizes)
    sigma = np.abs(np.diff((counts / sizes - centre) / scale)).mean() / 1.128
    assert found.sigma_z == pytest.approx(sigma)
    assert [point.high for point in found.points] == pytest.approx(list(centre + 3 * sigma * scale))
    assert [point.low for point in found.points] == pytest.approx(
        list(np.maximum(0, centre - 3 * sigma * scale))
    )
    even = kpi.u_chart(list(counts), [1] * len(told), laney=True)
    assert attrs.evolve(even, kind="c'") == kpi.c_chart(list(counts), laney=True)


def test_laney_tells_poissons_counts_from_others() -> None:
    """Of counts that are Poisson's sigma z is near 1, and of those whose mean moves between 10 and 90 far above."""
    draw = np.random.default_rng(8)
    calm = kpi.c_chart([int(each) for each in draw.poisson(50, 400)], laney=True)
    moved = kpi.c_chart([int(draw.poisson(10 + 80 * draw.random())) for _ in range(400)], laney=True)
    assert calm.sigma_z == pytest.approx(1, abs=0.1)
    assert moved.sigma_z is not None
    assert moved.sigma_z > 3
    assert len(moved.signals) < len(kpi.c_chart([point.value for point in moved.points]).signals) / 4


def test_one_count_has_no_laney_limits() -> None:
    """One point tells no step, so that there is no limit; eight zeros are a chart of nothing beyond limits."""
    lone = kpi.c_chart([7], laney=True)
    assert (lone.centre, lone.sigma_z, lone.points[0].low) == (7, None, None)
    assert kpi.c_chart([0] * 8, laney=True).signals == ()


def test_charts_of_measures() -> None:
    """A series of measures is charted by its periods, durations in seconds, those of no period left out."""
    cases = [story(24 * day, 24 * day + 2) for day in range(9)] + [story(0)]
    series = kpi.measure(cases, kpi.mean_time_to_resolve(), every="day", zone="UTC")
    chart = kpi.xmr_chart(series)
    assert [point.value for point in chart.points] == [7200.0] * 9
    assert chart.points[0].label == "2026-03-02"
    assert chart.to_rows()[0] == {
        "period": "2026-03-02",
        "value": 7200.0,
        "centre": 7200.0,
        "low": 7200.0,
        "high": 7200.0,
        "signal": "",
    }


@pytest.mark.parametrize("series", [[], [None], [None, None]])
def test_charts_of_nothing(series: list[None]) -> None:
    """Without values there is no centre and no limit."""
    exposures = [1] * len(series)
    charts = (kpi.xmr_chart(series), kpi.c_chart(series), kpi.u_chart(series, exposures))
    for chart in (*charts, kpi.c_chart(series, laney=True), kpi.u_chart(series, exposures, laney=True)):
        assert chart.centre is None
        assert all(point.low is None for point in chart.points)
    assert kpi.dispersion(series).ratio is None
    assert kpi.dispersion(series).over_dispersed is None


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=60))
def test_dispersion_is_numpys(counts: list[int]) -> None:
    """Variance by mean, the variance being that of a sample."""
    found = kpi.dispersion(counts)
    assert found.variance == pytest.approx(float(np.var(counts, ddof=1)), abs=1e-9)
    if sum(counts):
        assert found.ratio == pytest.approx(float(np.var(counts, ddof=1) / np.mean(counts)))
        assert found.over_dispersed == (found.ratio is not None and found.ratio > 1.5)


@given(st.lists(st.integers(0, 500), min_size=8, max_size=40))
def test_a_trend_is_numpys(counts: list[int]) -> None:
    """The growth is the slope of numpy's least squares on log(count + 0.5), and lies within its interval."""
    found = kpi.trend(counts)
    slope = np.polyfit(range(len(counts)), np.log(np.array(counts) + 0.5), 1)[0]
    assert found.growth == pytest.approx(float(np.exp(slope) - 1), abs=1e-9)
    assert found.interval is not None
    assert found.interval.low <= found.growth <= found.interval.high  # type: ignore[operator]


def test_fewer_than_eight_periods_have_no_trend() -> None:
    """Seven months tell no trend; a level line of eight has none."""
    assert kpi.trend([1, 2, 4, 8, 16, 32, 64]).growth is None
    assert kpi.trend([5] * 8).direction == "none"
    assert kpi.trend([100, 90, 80, 70, 60, 50, 40, 30]).direction == "down"


@pytest.mark.parametrize(
    ("level", "degrees", "published"),
    [
        (0.95, 1, 12.706),
        (0.95, 2, 4.303),
        (0.95, 5, 2.571),
        (0.95, 10, 2.228),
        (0.9, 7, 1.895),
        (0.99, 30, 2.750),
    ],
)
def test_students_distribution(level: float, degrees: int, published: float) -> None:
    """The quantiles are those of the published table."""
    assert student_quantile(level, degrees) == pytest.approx(published, abs=6e-4)


def test_bad_series() -> None:
    """Words, negative counts and exposures that do not fit are refused."""
    with pytest.raises(KpiError, match="no number and no measure"):
        kpi.xmr_chart(["many"])  # type: ignore[arg-type]
    with pytest.raises(KpiError, match="less than nothing"):
        kpi.c_chart([-1])
    with pytest.raises(KpiError, match="not one per count"):
        kpi.u_chart([1, 2], [1])
    with pytest.raises(KpiError, match="exposures: 'many' is no number and no exposure"):
        kpi.u_chart([1], ["many"])  # type: ignore[list-item]
    for odd in (float("nan"), float("inf"), True):
        with pytest.raises(KpiError, match="no number and no measure"):
            kpi.xmr_chart([odd])
    with pytest.raises(KpiError, match="less than nothing"):
        kpi.trend([-1])
