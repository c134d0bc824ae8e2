"""Before and after, the parts of a whole, and figures of a fixed mix."""

from __future__ import annotations

import random  # noqa: TID251  draws of the test, seeded
from datetime import timedelta

import pytest

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.errors import KpiError
from itilkit.sla import Assessment

from .histories import at, hours, story

FIRST, SECOND = (
    Period.between(at(0), at(1000), label="first"),
    Period.between(at(1000), at(2000), label="second"),
)


def _lives(start: float, spent: list[float], **options: object) -> list[Assessment]:
    return [story(start, start + each, **options) for each in spent]  # type: ignore[arg-type]


LONGER = _lives(10, [float(hour) for hour in range(1, 40)]) + _lives(
    1010, [hour + 30.0 for hour in range(1, 40)]
)


def test_a_change_beyond_chance() -> None:
    """Thirty hours more on each: the difference is thirty hours, its interval holds it and not zero."""
    found = kpi.compare(
        LONGER, kpi.time_to_resolve("mean", "median"), before=FIRST, after=SECOND, seed=7
    ).one()
    assert [change.difference for change in found.changes] == [hours(30), hours(30)]
    for change in found.changes:
        assert change.interval is not None
        assert timedelta(0) < change.interval.low <= hours(30) <= change.interval.high  # type: ignore[operator]
        assert change.verdict == "up"
    assert (
        found.explain().splitlines()[1].startswith("  mean: 20.0 h (n = 39, first) -> 2.1 d (n = 39, second)")
    )
    assert "difference +1.2 d" in found.explain()


def test_one_seed_one_answer() -> None:
    """The same seed tells the same, another one nearly the same."""
    asked = kpi.time_to_resolve("mean")
    one, two, other = (
        kpi.compare(LONGER, asked, before=FIRST, after=SECOND, seed=seed).one().changes[0].interval
        for seed in (1, 1, 2)
    )
    assert one == two != other


def test_noise_is_not_a_change() -> None:
    """Two draws from one distribution differ, and nearly never beyond chance."""
    draw = random.Random(3)  # noqa: S311  no secrets
    called = 0
    for seed in range(40):
        cases = _lives(10, [draw.expovariate(0.1) for _ in range(15)])
        cases += _lives(1010, [draw.expovariate(0.1) for _ in range(15)])
        found = kpi.compare(cases, kpi.mean_time_to_resolve(), before=FIRST, after=SECOND, seed=seed).one()
        called += found.changes[0].verdict != "not beyond chance"
    assert called <= 8


def test_shares_and_groups() -> None:
    """Shares are compared in points, group by group; a group that is missing on one side is told."""
    cases = [story(10, 20, reopened=21, again=22, priority=1)] * 30 + [story(1010, 1020, priority=1)] * 30
    cases += [story(10, 20, priority=2)]
    found = kpi.compare(cases, kpi.reopen_rate(), before=FIRST, after=SECOND, by="priority")
    assert len(found) == 2
    change = found.one(priority=1).changes[0]
    assert (change.before.value, change.after.value, change.difference, change.verdict) == (1, 0, -1, "down")
    lone = found.one(priority=2).changes[0]
    assert (lone.difference, lone.verdict) == (None, "not known")
    assert "no difference can be told" in found.one(priority=2).explain()
    assert found.to_rows()[0]["difference"] == -1
    assert repr(found) == "<Comparisons: 2>"
    with pytest.raises(KpiError, match="2 comparisons fit"):
        found.one()


def test_a_count_has_no_interval() -> None:
    """A volume is no mean of its incidents: its difference is told without an interval."""
    change = kpi.compare(LONGER, kpi.volume(), before=FIRST, after=SECOND).one().changes[0]
    assert (change.difference, change.interval) == (0, None)
    assert "of which no interval can be told" in change.explain()


def test_every_kind_of_figure_can_be_compared() -> None:
    """Censored figures and compliance are worked out anew for each resample."""
    asked = kpi.time_to_resolve("km_median", "rmst_10h", "geometric_mean", "trimmed_mean", cohort="opened")
    found = kpi.compare(LONGER, asked, before=FIRST, after=SECOND).one()
    assert [change.verdict for change in found.changes] == ["up"] * 4


def test_nothing_to_compare() -> None:
    """Of nothing there is one comparison without a difference."""
    found = kpi.compare([], kpi.mean_time_to_resolve(), before=FIRST, after=SECOND).one()
    assert (found.changes[0].difference, found.changes[0].verdict) == (None, "not known")


def test_a_group_that_no_incident_has() -> None:
    """A dimension, or a cluster, that is in no incident is refused, with near names."""
    for options in ({"by": "prioritty"}, {"cluster": "prioritty"}):
        with pytest.raises(KpiError, match=r"no incident has a 'prioritty' \(did you mean priority\?\)"):
            kpi.compare(LONGER, kpi.mean_time_to_resolve(), before=FIRST, after=SECOND, **options)  # type: ignore[arg-type]


def test_pareto() -> None:
    """Six, three and one: the most first, 60, 90 and 100 in a hundred."""
    cases = [story(0, fields={"category": name}) for name in "aaaaaabbbc"]
    found = kpi.pareto(kpi.measure(cases, kpi.volume(), by="category"))
    assert [(each.group, each.value, each.share, each.cumulative) for each in found] == [
        ("a", 6, 0.6, 0.6),
        ("b", 3, 0.3, 0.9),
        ("c", 1, 0.1, 1.0),
    ]
    assert kpi.pareto([]) == ()
    with pytest.raises(KpiError, match="by one dimension"):
        kpi.pareto(kpi.measure(cases, kpi.volume()))


def _simpson(quick: int, slow: int, quick_hours: float, slow_hours: float) -> list[Assessment]:
    return _lives(0, [quick_hours] * quick, priority=1) + _lives(0, [slow_hours] * slow, priority=2)


def test_simpson() -> None:
    """Both priorities get faster and the mean gets slower, because the mix moved; standardised, it is faster."""
    before, after = _simpson(80, 20, 2, 10), _simpson(20, 80, 1.5, 9)
    asked = kpi.mean_time_to_resolve()
    weights = kpi.mix(kpi.measure(before, asked, by="priority"))
    (one,), (other,) = (
        kpi.standardise(cases, asked, by="priority", weights=weights) for cases in (before, after)
    )
    assert (one.crude.value, other.crude.value) == (hours(3.6), hours(7.5))
    assert (one.value, other.value) == (hours(3.6), hours(0.8 * 1.5 + 0.2 * 9))


def test_a_group_without_a_value_has_no_standard() -> None:
    """Where a group that has weight has no value, the standardised figure is None."""
    (found,) = kpi.standardise(
        _lives(0, [1.0], priority=1), kpi.reopen_rate(), by="priority", weights={1: 1, 2: 1}
    )
    assert (found.crude.value, found.value) == (0, None)
    with pytest.raises(KpiError, match="is no mix"):
        kpi.standardise([], kpi.reopen_rate(), by="priority", weights={})


def test_the_curve_of_incidents() -> None:
    """The survival curve of incidents is that of their durations, open ones included; a share has none."""
    cases = [story(0, 2, as_of=9), story(0, 4, as_of=9), story(0, as_of=9), story(0, cancelled=1, as_of=9)]
    curve = kpi.survival_curve(cases, kpi.time_to_resolve())
    assert (curve.n, curve.quantile(0.5)) == (3, hours(4))
    assert curve.to_rows()[0]["seconds"] == 7200
    assert repr(curve) == "<Survival: 3 spells, 2 ended>"
    with pytest.raises(KpiError, match="is no duration"):
        kpi.survival_curve(cases, kpi.reopen_rate())
