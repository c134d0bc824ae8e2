"""Every KPI on the real log equals a few lines of pandas, whole and without 500 incidents, in two zones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from itilkit import kpi
from itilkit.adapters.servicenow import audit_log
from itilkit.kpi import End, Kpi, Measure, Measures, Resolution, Source
from itilkit.sla import Assessment

from .conftest import AFTER_ALL, Reading, instants, policy

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("log")]

MAY = datetime(2016, 5, 1, tzinfo=UTC)
STATISTICS = ("mean", "median", "p90", "p95")
MICROSECOND = timedelta(microseconds=1)
# n, mean and median in seconds, by reading and zone: worked out elsewhere over the whole log.
TIME_TO_RESOLVE = {
    ("last", "UTC"): (24_905, 595_471, 54_540),
    ("last", "Europe/Berlin"): (24_905, 595_255, 54_540),
    ("reported", "UTC"): (23_362, 641_418, 79_560),
    ("reported", "Europe/Berlin"): (23_362, 641_187, 79_560),
}
READINGS: tuple[Resolution, ...] = ("last", "first", "worked", "reported")
SOURCES: tuple[Source, ...] = ("history", "counter")
ENDS: tuple[End, ...] = ("resolved", "closed", "state")


def _spent(facts: pd.DataFrame, resolution: Resolution) -> pd.Series[pd.Timedelta]:
    """The time to resolve of those who have one."""
    if resolution == "worked":
        return facts["worked"].where(facts["last"].notna()).dropna()
    return (facts[resolution] - facts["opened"]).dropna()


def _statistic(spent: pd.Series[pd.Timedelta], name: str) -> timedelta | None:
    if spent.empty or (name in ("p90", "p95") and len(spent) < 5):
        return None
    seconds = spent.dt.total_seconds()
    share = {"median": 0.5, "p90": 0.9, "p95": 0.95}
    return timedelta(seconds=float(seconds.quantile(share[name]) if name in share else seconds.mean()))


def _same(found: Measure, spent: pd.Series[pd.Timedelta]) -> None:
    """The figure is what pandas makes of these durations, to the microsecond."""
    expected = _statistic(spent, found.statistic)
    assert found.n == len(spent)
    if expected is None:
        assert found.value is None
    else:
        assert isinstance(found.value, timedelta)
        assert abs(found.value - expected) <= MICROSECOND, (found.group, found.statistic)


def _key(value: object) -> object:
    return value if isinstance(value, str) or value == value else None  # noqa: PLR0124 - NaN is no group


def _by_group(measures: Measures, dimension: str) -> dict[object, Measure]:
    return {each.group[dimension]: each for each in measures}


@pytest.mark.parametrize("resolution", READINGS)
def test_time_to_resolve_over_all(
    reading: Reading, cases: Sequence[Assessment], facts: pd.DataFrame, resolution: Resolution
) -> None:
    """Mean, median, p90, p95 and n of each reading are pandas', and the published ones over the whole log."""
    spent = _spent(facts, resolution)
    found = kpi.measure(cases, kpi.time_to_resolve(*STATISTICS, resolution=resolution))
    for each in found:
        _same(each, spent)
        assert each.left_out == ({"missing": len(facts) - len(spent)} if len(spent) < len(facts) else {})
    published = TIME_TO_RESOLVE.get((resolution, reading.zone))
    if reading.whole and published:
        mean, median = (found.one(statistic=name).to_row()["value"] for name in ("mean", "median"))
        assert (found[0].n, round(mean), round(median)) == published


def test_the_readings_differ(reading: Reading, cases: Sequence[Assessment]) -> None:
    """No two readings of time to resolve give one mean, and each result names its own."""
    found = kpi.measure(cases, *(kpi.time_to_resolve("mean", resolution=each) for each in READINGS))
    assert len({each.value for each in found}) == len({each.reading for each in found}) == len(READINGS)
    assert reading.log.rows


@pytest.mark.parametrize("dimension", ["priority", "channel", "group"])
def test_time_to_resolve_by_group(cases: Sequence[Assessment], facts: pd.DataFrame, dimension: str) -> None:
    """By priority, channel and group each figure is pandas'; what is not known is a group of its own."""
    groups = {_key(value): numbers.index for value, numbers in facts.groupby(dimension, dropna=False)}
    every_reading = [kpi.time_to_resolve(*STATISTICS, resolution=each) for each in READINGS]
    found = kpi.measure(cases, *every_reading, by=dimension)
    assert [
        {each.group[dimension] for each in found.where(reading=one.reading)} for one in every_reading
    ] == [set(groups)] * len(READINGS)
    for one in every_reading:
        spent = _spent(facts, one.resolution)
        for each in found.where(reading=one.reading):
            numbers = groups[each.group[dimension]]
            _same(each, spent[spent.index.isin(numbers)])
            assert each.n + sum(each.left_out.values()) == len(numbers)


def test_time_to_resolve_by_opening_month(
    reading: Reading, cases: Sequence[Assessment], facts: pd.DataFrame
) -> None:
    """Placed by their opening, incidents fall into the months of the log's zone."""
    every_reading = [kpi.time_to_resolve(*STATISTICS, resolution=each, cohort="opened") for each in READINGS]
    found = kpi.measure(cases, *every_reading, every="month", zone=reading.zone)
    assert {each.period for each in found} == set(facts["month"])
    for one in every_reading:
        spent = _spent(facts, one.resolution)
        months = facts["month"].loc[spent.index]
        for each in found.where(reading=one.reading):
            _same(each, spent[months == each.period])


def test_time_to_resolve_by_month_of_resolution(
    reading: Reading, cases: Sequence[Assessment], facts: pd.DataFrame
) -> None:
    """Placed by their resolution, it is the resolution of the reading that counts."""
    every_reading = [kpi.time_to_resolve(*STATISTICS, resolution=each) for each in READINGS]
    found = kpi.measure(cases, *every_reading, every="month", zone=reading.zone)
    for one in every_reading:
        spent = _spent(facts, one.resolution)
        ended = facts["last" if one.resolution == "worked" else one.resolution].loc[spent.index]
        months = ended.dt.tz_convert(reading.zone).dt.strftime("%Y-%m")
        mine = found.where(reading=one.reading)
        placed = [each for each in mine if each.period]
        assert sum(each.n for each in placed) == len(STATISTICS) * len(spent)
        for each in placed:
            _same(each, spent[months == each.period])
        nowhere = [(each.value, dict(each.left_out)) for each in mine if not each.period]
        assert nowhere == [(None, {"missing": len(facts) - len(spent)})] * len(STATISTICS)


def _mean(values: pd.Series[Any]) -> float | None:
    return None if values.empty else float(values.mean())


def _first_assigned(facts: pd.DataFrame, source: Source) -> pd.Series[bool]:
    resolved = facts[facts["last"].notna()]
    hops = resolved["hops"].dropna() if source == "history" else resolved["reassignments"]
    return hops == 0


def _reopened(facts: pd.DataFrame, source: Source) -> pd.Series[bool]:
    resolved = facts[facts["first"].notna()]
    return resolved["reopenings" if source == "history" else "reopen_count"] > 0


SHARES: dict[str, tuple[Callable[..., Kpi], Callable[[pd.DataFrame, Source], pd.Series[bool]]]] = {
    "first assignment": (kpi.first_assignment_rate, _first_assigned),
    "reopened": (kpi.reopen_rate, _reopened),
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("name", SHARES)
def test_shares(cases: Sequence[Assessment], facts: pd.DataFrame, name: str, source: Source) -> None:
    """First assignments and reopenings, by what is seen and by the tool's counter, over all and by priority."""
    make, count = SHARES[name]
    expected = count(facts, source)
    total = kpi.measure(cases, make(source=source)).one()
    assert total.n == len(expected)
    assert total.value == pytest.approx(_mean(expected))
    assert total.parts == {"counted": expected.sum()}
    assert sum(total.left_out.values()) == len(facts) - len(expected)
    by_priority = kpi.measure(cases, make(source=source), by="priority")
    for each in by_priority:
        group = expected[facts["priority"].loc[expected.index] == each.group["priority"]]
        assert each.n == len(group)
        assert each.value == pytest.approx(_mean(group))


def test_reopened_incidents(reading: Reading, cases: Sequence[Assessment], facts: pd.DataFrame) -> None:
    """The log's counter tells 275 reopened incidents and 331 reopenings, and the history shows the same."""
    found = [kpi.measure(cases, kpi.reopen_rate(source=source)).one() for source in SOURCES]
    each_counts = [kpi.measure(cases, kpi.reopens_per_incident(source=source)).one() for source in SOURCES]
    resolved = facts[facts["first"].notna()]
    assert [each.parts["counted"] for each in each_counts] == [
        resolved["reopenings"].sum(),
        resolved["reopen_count"].sum(),
    ]
    if reading.whole:
        assert [each.parts["counted"] for each in found] == [275, 275]
        assert [each.parts["counted"] for each in each_counts] == [331, 331]


def test_hops(cases: Sequence[Assessment], facts: pd.DataFrame) -> None:
    """Changes of group per incident, by what is seen and by the counter: the log drops some, so they differ."""
    history, counter = (kpi.measure(cases, kpi.hop_count(source=source)).one() for source in SOURCES)
    seen = facts["hops"].dropna()
    assert history.n == len(seen)
    assert history.value == pytest.approx(_mean(seen))
    assert history.left_out == {"missing": len(facts) - len(seen)}
    assert counter.n == len(facts)
    assert counter.value == pytest.approx(_mean(facts["reassignments"]))
    assert history.value != counter.value


def test_volume(reading: Reading, cases: Sequence[Assessment], facts: pd.DataFrame) -> None:
    """Incidents opened per month of the log's zone, and by priority."""
    found = kpi.measure(cases, kpi.volume(), every="month", zone=reading.zone)
    assert {each.period: each.value for each in found} == facts["month"].value_counts().to_dict()
    by_priority = _by_group(kpi.measure(cases, kpi.volume(), by="priority"), "priority")
    assert {level: each.value for level, each in by_priority.items()} == facts[
        "priority"
    ].value_counts().to_dict()
    assert kpi.measure(cases, kpi.volume()).one().value == len(facts)


def test_volume_by_month_and_priority(
    reading: Reading, cases: Sequence[Assessment], facts: pd.DataFrame
) -> None:
    """Every month has every priority, with a count of 0 where nothing was opened."""
    found = kpi.measure(cases, kpi.volume(), by="priority", every="month", zone=reading.zone)
    table = pd.crosstab(facts["month"], facts["priority"]).stack()
    assert {(each.period, each.group["priority"]): each.value for each in found} == table.to_dict()


@pytest.mark.parametrize(
    "at", [MAY, datetime(2016, 3, 27, 1, tzinfo=UTC), datetime(2016, 2, 1, tzinfo=UTC)], ids=str
)
@pytest.mark.parametrize("end", ENDS)
def test_backlog(
    reading: Reading, cases: Sequence[Assessment], facts: pd.DataFrame, end: End, at: datetime
) -> None:
    """Opened and not ended at a date, under each of the three meanings of ended."""
    opened = facts["opened"] <= at
    if end == "state":
        known = (
            reading.rows[instants(reading) <= at].drop_duplicates("number", keep="last").set_index("number")
        )
        state = known["incident_state"].reindex(facts.index).fillna("New")
        expected = opened & ~state.isin(["Resolved", "Closed"])
    else:
        ended = facts["last"].fillna(facts["closed"]) if end == "resolved" else facts["closed"]
        expected = opened & ~(ended <= at)
    found = kpi.measure(cases, kpi.backlog(at, end=end)).one()
    assert (found.value, found.left_out) == (expected.sum(), {})
    by_priority = _by_group(kpi.measure(cases, kpi.backlog(at, end=end), by="priority"), "priority")
    assert {level: each.value for level, each in by_priority.items()} == expected.groupby(
        facts["priority"]
    ).sum().to_dict()


def _gaps(facts: pd.DataFrame, unit: str) -> pd.Series[pd.Timedelta]:
    """The time from the latest end so far to the next start, where that one comes later; within each unit."""
    outages = facts.dropna(subset=[unit]).sort_values("opened", kind="stable")
    ended = outages["last"].fillna(outages["closed"])
    latest = ended.groupby(outages[unit]).cummax().groupby(outages[unit]).shift()
    gaps = outages["opened"] - latest
    return gaps[gaps > pd.Timedelta(0)]


@pytest.mark.parametrize(
    ("make", "unit"),
    [(kpi.mean_time_between_failures, "configuration_item"), (kpi.mean_time_between_incidents, "category")],
)
def test_time_between(
    cases: Sequence[Assessment], facts: pd.DataFrame, make: Callable[[], Kpi], unit: str
) -> None:
    """The gaps between merged outages, over all units and for each of them."""
    gaps = _gaps(facts, unit)
    known = facts[unit].notna()
    found = kpi.measure(cases, make()).one()
    assert isinstance(found.value, timedelta)
    assert abs(found.value - gaps.mean().to_pytimedelta()) <= MICROSECOND
    assert found.n == len(gaps)
    assert found.left_out == {"no_unit": len(facts) - known.sum()}
    assert found.parts["failures"] == known.sum()
    assert found.parts["outages"] - found.parts["units"] == len(gaps)
    for name, each in _by_group(kpi.measure(cases, make(), by=unit), unit).items():
        own = gaps[facts[unit].loc[gaps.index] == name]
        assert each.n == len(own)
        assert (each.value is None) == own.empty
        if isinstance(each.value, timedelta):
            assert abs(each.value - own.mean().to_pytimedelta()) <= MICROSECOND


def test_compliance_counts_the_readings(cases: Sequence[Assessment], facts: pd.DataFrame) -> None:
    """Compliance is met / (met + breached) over the clocks, by priority, and breaches are the rest of it."""
    outcomes = Counter(
        (facts.loc[c.timeline.incident.number, "priority"], c.readings["resolution"].outcome) for c in cases
    )
    found = kpi.measure(cases, kpi.sla_compliance(), kpi.sla_breach_rate(), by="priority")
    for priority in facts["priority"].unique():
        met, breached = outcomes[priority, "met"], outcomes[priority, "breached"]
        kept = found.one(name="sla_compliance", priority=priority)
        assert (kept.value, kept.n) == (met / (met + breached), met + breached)
        assert found.one(name="sla_breach_rate", priority=priority).value == pytest.approx(
            1 - met / (met + breached)
        )


@pytest.mark.parametrize(
    "definition",
    [kpi.mean_time_to_acknowledge(), kpi.sla_compliance(target="response"), kpi.first_contact_resolution()],
    ids=["acknowledgement", "response", "first contact"],
)
def test_what_the_log_does_not_record(cases: Sequence[Assessment], definition: Kpi) -> None:
    """Acknowledgement, response and first contact are not recorded: no value, n 0, never 0 and never met."""
    found = kpi.measure(cases, definition).one()
    assert (found.value, found.n, found.recorded) == (None, 0, False)
    assert found.left_out == {"not_recorded": len(cases)}


def test_a_stand_in_is_named_in_the_result(reading: Reading, facts: pd.DataFrame) -> None:
    """With the first assignee for acknowledgement there is a figure; it is pandas' and names its stand-in."""
    if not reading.whole or reading.zone != "UTC":
        pytest.skip("read once more, the log of one zone is enough")
    log = audit_log(reading.lines, zone=reading.zone, acknowledged="first_assignee")
    judged = policy().assess_all(log.incidents, as_of=AFTER_ALL, strict=False)
    found = kpi.measure(judged, kpi.mean_time_to_acknowledge(), kpi.mean_time_to_resolve())
    assigned = reading.rows[reading.rows["assigned_to"].notna()].groupby("number")["sys_updated_at"].first()
    spent = (assigned - facts["opened"]).dropna()
    ahead = spent < pd.Timedelta(0)
    acknowledged, resolved = found
    _same(acknowledged, spent[~ahead])
    assert acknowledged.left_out.get("negative", 0) == ahead.sum()
    assert "the first assignee stands in for acknowledgement" in acknowledged.reading
    assert "stands in" not in resolved.reading
