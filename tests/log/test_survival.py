"""Time to resolve as it was known on a date, open incidents counted: pandas, numpy and lifelines say the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from itilkit import kpi
from itilkit.kpi import Survival
from itilkit.lifecycle import SERVICENOW, replay
from itilkit.sla import Assessment

from .conftest import LOG, Reading, instants

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("log")]

# Made by lifelines_vector.py, from the rows alone.
LIFELINES: dict[str, Any] = json.loads((Path(__file__).parent / "lifelines.json").read_text("utf-8"))
MAY = datetime.fromisoformat(LIFELINES["as_of"])
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture(scope="session")
def early(reading: Reading) -> Sequence[Assessment]:
    """Every incident as it was known on 1 May."""
    return [
        Assessment(replay(each, SERVICENOW, as_of=MAY, strict=False), {}) for each in reading.log.incidents
    ]


@pytest.fixture(scope="session")
def spells(reading: Reading) -> pd.DataFrame:
    """By pandas, of each incident opened by then: how long, and whether it was resolved; missing where it cannot be."""
    rows = reading.rows
    entered, known = reading.entered_resolved, instants(reading) <= MAY
    resolved = entered[known[entered.index]].groupby("number")["sys_updated_at"].last()
    opened = reading.last["opened_at"]
    opened = opened[opened <= MAY]
    state = rows[known].groupby("number")["incident_state"].last().reindex(opened.index).fillna("New")
    ended = state.isin(["Resolved", "Closed"])
    spent = resolved.reindex(opened.index).where(ended, MAY) - opened
    return pd.DataFrame({"spent": spent, "ended": ended})


def _curve(spells: pd.DataFrame) -> pd.DataFrame:
    """Kaplan and Meier's table by the book: at each length the number at risk, the ended, S, and Greenwood's sum."""
    seen = spells.dropna()
    ended = seen["spent"][seen["ended"]].dt.total_seconds().value_counts().sort_index()
    lengths = np.sort(seen["spent"].dt.total_seconds())
    risk = len(lengths) - np.searchsorted(lengths, ended.index, side="left")
    table = pd.DataFrame({"risk": risk, "ended": ended.to_numpy()}, index=ended.index)
    table["share"] = (1 - table["ended"] / table["risk"]).cumprod()
    table["greenwood"] = (table["ended"] / (table["risk"] * (table["risk"] - table["ended"]))).cumsum()
    return table


def _area(table: pd.DataFrame, until: float) -> float:
    """The area under S up to a length."""
    inside = table[table.index < until]
    return float(np.diff([0, *inside.index, until]) @ [1, *inside["share"]])


ASKED = kpi.time_to_resolve(
    "mean", "median", "p90", "km_p25", "km_median", "km_p75", "km_p90", "rmst_14d", "rmst_30d", cohort="opened"
)  # fmt: skip


def test_as_of_a_date(early: Sequence[Assessment], spells: pd.DataFrame) -> None:
    """Cohort, open, missing, quartiles, restricted means with their intervals and the naive mean are the book's."""
    found = {each.statistic: each for each in kpi.measure(early, ASKED, level=0.95)}
    table, seen = _curve(spells), spells.dropna()
    ended = seen["spent"][seen["ended"]]
    missing = spells["spent"].isna().sum()
    plain = ended.dt.total_seconds()
    for name, seconds in (("mean", plain.mean()), ("median", plain.median()), ("p90", plain.quantile(0.9))):
        value = found[name].value
        assert isinstance(value, timedelta)
        assert abs(value - timedelta(seconds=float(seconds))) <= MICROSECOND
        assert (found[name].n, found[name].left_out["open"]) == (len(ended), len(seen) - len(ended))
    for name, share in (("km_p25", 0.25), ("km_median", 0.5), ("km_p75", 0.75), ("km_p90", 0.9)):
        first = table.index[table["share"] <= 1 - share + 1e-12][0]
        assert found[name].value == timedelta(seconds=float(first))
        assert (found[name].n, found[name].left_out["missing"]) == (len(seen), missing)
        assert found[name].parts == {"ended": len(ended), "still_open": len(seen) - len(ended)}
    for days in (14, 30):
        mean, tau = found[f"rmst_{days}d"], days * 86_400.0
        area = _area(table, tau)
        inside = table[table.index < tau]
        widths = np.diff([*inside.index, tau])
        beyond = (inside["share"] * widths)[::-1].cumsum()[::-1]  # the area from each length on
        variance = (beyond**2 * inside["ended"] / (inside["risk"] * (inside["risk"] - inside["ended"]))).sum()
        half = 1.959963984540054 * variance**0.5
        assert isinstance(mean.value, timedelta)
        assert mean.value.total_seconds() == pytest.approx(area, abs=1e-3)
        assert mean.interval is not None
        assert [each.total_seconds() for each in (mean.interval.low, mean.interval.high)] == pytest.approx(  # type: ignore[union-attr]
            [area - half, area + half], abs=1e-2
        )


@pytest.mark.parametrize("reading", ["utc"], indirect=True)
def test_lifelines_agrees(early: Sequence[Assessment], spells: pd.DataFrame) -> None:
    """Over the whole log lifelines finds the same cohort, quartiles, restricted means, shares and Greenwood limits."""
    assert sha256(LOG.read_bytes()).hexdigest() == LIFELINES["log_sha256"]
    curve = kpi.survival_curve(early, kpi.time_to_resolve())
    assert (curve.n, sum(curve.ended)) == (LIFELINES["cohort"], LIFELINES["cohort"] - LIFELINES["open"])
    assert spells["spent"].isna().sum() == LIFELINES["missing"] == 3
    naive = kpi.measure(early, kpi.mean_time_to_resolve()).one().value
    assert isinstance(naive, timedelta)
    assert naive.total_seconds() == pytest.approx(LIFELINES["naive_mean"], abs=1e-6)
    for percent, seconds in LIFELINES["ended_by"].items():
        assert curve.quantile(int(percent) / 100) == timedelta(seconds=seconds)
    for days, seconds in LIFELINES["rmst"].items():
        mean = curve.rmst(timedelta(days=int(days)))
        assert mean is not None
        assert mean.total_seconds() == pytest.approx(seconds, abs=1e-3)
    rows = curve.to_rows(LIFELINES["level"])
    for told in LIFELINES["curve"]:
        assert curve.share(timedelta(seconds=told["seconds"])) == pytest.approx(told["share"], abs=1e-9)
        row = max((row for row in rows if row["seconds"] <= told["seconds"]), key=lambda row: row["seconds"])
        assert (row["low"], row["high"]) == pytest.approx((told["low"], told["high"]), abs=1e-9)


@pytest.mark.parametrize("reading", ["utc"], indirect=True)
def test_a_group_has_its_own_curve(
    reading: Reading, early: Sequence[Assessment], spells: pd.DataFrame
) -> None:
    """By priority, as it stood that day, the median and the restricted mean are those of the group's own table."""
    known = reading.rows[instants(reading) <= MAY].drop_duplicates("number", keep="last").set_index("number")
    priority = known["priority"].str[0].astype(int).reindex(spells.index)
    asked = kpi.time_to_resolve("km_median", "rmst_14d", cohort="opened")
    found = kpi.measure(early, asked, by="priority")
    assert {each.group["priority"] for each in found} == {1, 2, 3, 4, None}
    for level in (1, 2, 3, 4):
        median, restricted = found.where(priority=level)
        own = spells[priority == level]
        table = _curve(own)
        assert median.n == restricted.n == len(own.dropna())
        assert median.value == timedelta(seconds=float(table.index[table["share"] <= 0.5 + 1e-12][0]))
        assert isinstance(restricted.value, timedelta)
        assert restricted.value.total_seconds() == pytest.approx(_area(table, 14 * 86_400.0), abs=1e-3)


def test_filling_in_now_is_too_short(early: Sequence[Assessment], spells: pd.DataFrame) -> None:
    """Leaving the open out, or ending them now, gives a shorter median than counting them as long as they were seen."""
    seen = spells.dropna()
    counted = kpi.survival_curve(early, kpi.time_to_resolve())
    ended_now = Survival.observed([each.to_pytimedelta() for each in seen["spent"]], [True] * len(seen))
    naive = timedelta(seconds=float(seen["spent"][seen["ended"]].dt.total_seconds().median()))
    low, filled, high = naive, ended_now.quantile(0.5), counted.quantile(0.5)
    assert filled is not None
    assert high is not None
    assert low < filled < high
