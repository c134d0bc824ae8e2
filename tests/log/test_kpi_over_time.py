"""Time in status, weekly and daily volume with their charts, recurrence and who resolved, against plain pandas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.sla import Assessment

from .conftest import Reading, instants

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("log")]

MICROSECOND = timedelta(microseconds=1)
DAY = pd.Timedelta(days=1)
STATES = ("New", "Active", "Awaiting User Info", "Awaiting Vendor", "Resolved", "Closed")


@pytest.fixture(scope="session")
def visits(reading: Reading) -> pd.DataFrame:
    """One row per row of the log, and one for New from the opening on: state, how long, whether it begins a visit."""
    rows, beats = reading.rows, instants(reading)
    # the last row is Closed, which lasts for no more time
    until_next = (beats.groupby(rows["number"]).shift(-1) - beats).fillna(pd.Timedelta(0))
    before = reading.before["incident_state"].where(~reading.first, "New")
    seen = pd.DataFrame(
        {
            "number": rows["number"],
            "state": rows["incident_state"],
            "spent": until_next,
            "begins": rows["incident_state"] != before,
        }
    )
    opening = pd.DataFrame(
        {
            "number": rows["number"][reading.first],
            "state": "New",
            "spent": (beats - rows["opened_at"])[reading.first],
            "begins": True,
        }
    )
    return pd.concat([opening, seen])


@pytest.mark.parametrize("state", STATES)
def test_time_in_status(
    reading: Reading, cases: Sequence[Assessment], visits: pd.DataFrame, state: str
) -> None:
    """Per visit, per incident that was ever there and per incident of all: three means, and each is pandas'."""
    mine = visits[visits["state"] == state]
    bases = {
        "mean_per_visit": int(mine["begins"].sum()),
        "mean_per_visiting_incident": mine["number"].nunique(),
        "mean_per_incident": len(reading.last),
    }
    found = kpi.measure(cases, kpi.time_in_status(state, of="state"))
    assert {each.statistic: each.n for each in found} == bases
    for each in found:
        assert isinstance(each.value, timedelta)
        plain = mine["spent"].dt.total_seconds().sum() / bases[each.statistic]
        assert abs(each.value - timedelta(seconds=plain)) <= MICROSECOND


def test_weekly_volume(reading: Reading, cases: Sequence[Assessment], facts: pd.DataFrame) -> None:
    """Weeks of the log's zone, empty ones counted, and the limits of their XmR chart."""
    found = kpi.measure(cases, kpi.volume(), every="week", zone=reading.zone)
    monday = facts["opened"].dt.tz_convert(reading.zone).dt.tz_localize(None).dt.to_period("W").dt.start_time
    counts = monday.value_counts().sort_index().asfreq("7D", fill_value=0)
    assert {each.period: each.value for each in found} == {
        f"{start:%G-W%V}": count for start, count in counts.items()
    }
    chart = kpi.xmr_chart(found)
    moving = counts.diff().abs().mean()
    assert (chart.centre, chart.moving_range) == pytest.approx((counts.mean(), moving))
    assert chart.range_limit == pytest.approx(3.268 * moving)
    low, high = counts.mean() - 2.66 * moving, counts.mean() + 2.66 * moving
    for point, count in zip(chart.points, counts, strict=True):
        assert (point.value, point.low, point.high) == pytest.approx((count, low, high))
        assert ("beyond_limits" in point.signals) == (not low <= count <= high)


def test_weekdays_are_no_poisson(reading: Reading, cases: Sequence[Assessment], facts: pd.DataFrame) -> None:
    """Daily counts from Monday to Friday: c-chart and dispersion are numpy's, and they spread too widely for it."""
    zone = ZoneInfo(reading.zone)
    spring = Period.between(datetime(2016, 3, 1, tzinfo=zone), datetime(2016, 5, 14, tzinfo=zone))
    daily = kpi.measure(cases, kpi.volume(), period=spring, every="day", zone=reading.zone)
    weekdays = [each for each in daily if each.period and datetime.fromisoformat(each.period).weekday() < 5]
    opened = facts["opened"].dt.tz_convert(reading.zone).dt.tz_localize(None)
    days = opened[(opened >= "2016-03-01") & (opened < "2016-05-14")].dt.normalize().value_counts()
    days = days.reindex(pd.date_range("2016-03-01", "2016-05-13"), fill_value=0)
    counts = days[days.index.day_of_week < 5]
    assert [each.value for each in weekdays] == list(counts)
    chart, spread = kpi.c_chart(weekdays), kpi.dispersion(weekdays)
    mean = counts.mean()
    assert chart.centre == pytest.approx(mean)
    for point in chart.points:
        assert (point.low, point.high) == pytest.approx((mean - 3 * mean**0.5, mean + 3 * mean**0.5))
    assert len(chart.signals) >= ((counts - mean).abs() > 3 * mean**0.5).sum() > 10
    assert spread.ratio == pytest.approx(np.var(counts, ddof=1) / mean)
    assert spread.over_dispersed


@pytest.mark.parametrize(
    "key",
    [("category", "subcategory"), ("category", "subcategory", "symptom"), ("reporter", "category")],
    ids="-".join,
)
def test_recurrence_at_30_days(
    reading: Reading, cases: Sequence[Assessment], facts: pd.DataFrame, key: tuple[str, ...]
) -> None:
    """An earlier incident of the same key at most 30 days before; the first 30 days of the data cannot be judged."""
    columns = {"symptom": "u_symptom", "reporter": "caller_id"}
    keyed = reading.last[[columns.get(name, name) for name in key]].assign(opened=facts["opened"]).dropna()
    keyed = keyed.sort_values("opened", kind="stable")
    gaps = keyed.groupby([columns.get(name, name) for name in key])["opened"].diff()
    ripe = keyed["opened"] >= keyed["opened"].min() + 30 * DAY
    again = (gaps <= 30 * DAY)[ripe]
    found = kpi.measure(cases, kpi.recurring_rate(key=key)).one()
    assert (found.n, found.parts) == (len(again), {"counted": again.sum()})
    assert found.value == pytest.approx(again.mean())
    assert found.left_out == {"missing": len(facts) - len(keyed), "unripe": (~ripe).sum()}


def test_resolved_by_the_first_group(reading: Reading, cases: Sequence[Assessment]) -> None:
    """First assignment by its other definition: the group at the last resolution is the first one that had it."""
    rows = reading.rows
    first = rows.dropna(subset=["assignment_group"]).drop_duplicates("number").set_index("number")
    resolving = reading.entered_resolved.drop_duplicates("number", keep="last").set_index("number")
    known = resolving["assignment_group"].dropna()
    same = known == first["assignment_group"].reindex(known.index)
    found = kpi.measure(cases, kpi.correctly_assigned_rate()).one()
    assert (found.n, found.parts) == (len(same), {"counted": same.sum()})
    assert found.value == pytest.approx(same.mean())
    assert found.left_out == {"missing": len(reading.last) - len(same)}
    without = kpi.measure(cases, kpi.first_assignment_rate()).one()
    assert without.n >= found.n
    assert isinstance(without.value, float)
    assert without.value < same.mean()  # what came back to its first group had left it
