"""The figures of a period: they are those of `measure` and `compare`, and what they cannot tell they do not say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from statistics import NormalDist

import pytest

from itilkit import kpi
from itilkit.calendars import Calendar, Period
from itilkit.errors import CalendarError, KpiError
from itilkit.events import Acknowledged, Assigned, Fields, Logged, PrioritySet, Resolved
from itilkit.kpi import Cases, Kpi, Measure, Measures, PeriodReport
from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.policy import Agreement, Policy, Target
from itilkit.priority import ITIL_3X3
from itilkit.records import Incident, Source
from itilkit.sla import Assessment

from .histories import MONDAY, at, case, hours, story

MARCH, APRIL = (Period.month(2026, month, zone="Europe/London") for month in (3, 4))
DAY = 24.0
POLICY = Policy(
    "Desk",
    lifecycle=ITIL4_DEFAULT,
    matrix=ITIL_3X3,
    agreements=[
        Agreement(
            "Gold",
            [Target(each, {"response": hours(1), "resolution": hours(8 * each)}) for each in (1, 2, 3, 4)],
            calendar=Calendar.round_the_clock("UTC"),
        )
    ],
)
SAMPLE = list(POLICY.assess_all(kpi.sample_log(1_500, seed=11), as_of=datetime(2026, 7, 1, tzinfo=UTC)))
OPENED = [each for each in SAMPLE if each.timeline.events]


@pytest.fixture(scope="module")
def found() -> PeriodReport:
    """April against March, by priority."""
    return kpi.report(SAMPLE, period=APRIL, by="priority", compare_to="previous")


ASKED: dict[str, Kpi] = {
    "opened": kpi.volume(),
    "resolved": kpi.volume(cohort="resolved"),
    "time to resolve": kpi.time_to_resolve("mean", "median", "p90"),
    "time to acknowledge": kpi.time_to_acknowledge("median", "p90"),
    "time to respond": kpi.time_to_respond("median", "p90"),
    "resolution": kpi.sla_compliance(),
    "response": kpi.sla_compliance(target="response"),
    "reopened": kpi.reopen_rate(),
    "first contact": kpi.first_contact_resolution(),
    "first group": kpi.first_assignment_rate(),
    "hops": kpi.hop_count(),
}
STANDING: dict[str, Kpi] = {
    "backlog": kpi.backlog(APRIL.end, side="before"),
    "growth": kpi.backlog_growth(APRIL),
    "age": kpi.backlog_age(APRIL.end, "median", "p90", side="before"),
}

SHARES = ("sla_compliance", "reopen_rate", "first_contact_resolution", "first_assignment_rate")


def like(report: PeriodReport, measures: Measures) -> list[Measure]:
    """The figures of a report that tell the same KPI as these, in their order."""
    wanted = [(each.name, each.reading, each.cohort, each.statistic, each.group) for each in measures]
    known = {(each.name, each.reading, each.cohort, each.statistic): each for each in measures}
    assert len(known) * len({tuple(each.group.values()) for each in measures}) == len(wanted)
    return [
        each
        for each in report.measures
        if (each.name, each.reading, each.cohort, each.statistic, each.group) in wanted
    ]


@pytest.mark.parametrize("name", ASKED)
def test_figures_are_those_of_measure(found: PeriodReport, name: str) -> None:
    """Each figure, in all and by group, is what `measure` says of the period."""
    for by, cases in (((), SAMPLE), ("priority", OPENED)):
        expected = kpi.measure(cases, ASKED[name], by=by, period=APRIL, level=0.95)
        assert like(found, expected) == list(expected)


@pytest.mark.parametrize("name", STANDING)
def test_figures_of_the_end(found: PeriodReport, name: str) -> None:
    """What waits at the end of the period is what `measure` says of that instant, whenever it was opened."""
    for by, cases in (((), SAMPLE), ("priority", OPENED)):
        expected = kpi.measure(cases, STANDING[name], by=by, level=0.95)
        told = like(found, expected)
        assert [(each.value, each.n, each.left_out, each.interval) for each in told] == [
            (each.value, each.n, each.left_out, each.interval) for each in expected
        ]
        assert {each.period for each in told} == {"2026-04"}


def test_nothing_else_is_in_it(found: PeriodReport) -> None:
    """The figures of the tables above, and no other."""
    kpis = {*(each.name for each in ASKED.values()), *(each.name for each in STANDING.values())}
    assert {each.name for each in found.measures} == kpis
    assert len(found.total) == 2 + (1 + 1 + 7) + 3 + 2 + 2 + 2 + 4
    assert len(found.groups) == len(found.total) * 4
    assert [*found.total, *found.groups] == list(found.measures)


@pytest.mark.parametrize("name", [name for name in ASKED if name not in ("opened", "resolved")])
def test_changes_are_those_of_compare(found: PeriodReport, name: str) -> None:
    """Difference, interval and verdict are what `compare` finds; after is the figure that stands in the report."""
    asked = ASKED[name]
    for by, cases in (((), SAMPLE), ("priority", OPENED)):
        for comparison in kpi.compare(cases, asked, before=MARCH, after=APRIL, by=by):
            for change in comparison.changes:
                after = found.measures.where(
                    name=asked.name, reading=asked.reading, statistic=change.after.statistic
                )
                own = found.change_of(next(each for each in after if each.group == comparison.group))
                assert own is not None
                few = asked.name not in SHARES and min(change.before.n, change.after.n) < 5
                told = (None, None) if few else (change.difference, change.interval)
                assert (own.difference, own.interval) == told
                assert own.verdict == ("not known" if few else change.verdict)
                assert own.before == change.before
                assert own.after in after


def test_counts_have_the_interval_of_their_days(found: PeriodReport) -> None:
    """The variance of the days around the mean of their own weekday, summed, by a second way to work it out."""
    variance = 0.0
    for period, zone in (
        (MARCH, timedelta(0)),
        (APRIL, timedelta(hours=1)),
    ):  # London: summer from 29 March on
        counts: dict[date, int] = {}
        day = date(2026, int(period.label[-2:]), 1)
        while day.month == int(period.label[-2:]):
            counts[day] = 0
            day += timedelta(days=1)
        for each in OPENED:
            opened = each.timeline.opened_at
            assert opened is not None
            shift = timedelta(hours=1) if opened >= datetime(2026, 3, 29, 1, tzinfo=UTC) else zone
            local = (opened + shift).date()
            if local in counts and each.timeline.statuses[-1] != "cancelled":
                counts[local] += 1
        rest = 0.0
        for weekday in range(7):
            same = [count for day, count in counts.items() if day.weekday() == weekday]
            rest += sum(count**2 for count in same) - sum(same) ** 2 / len(same)
        variance += len(counts) * rest / (len(counts) - 7)
    change = found.change_of(found.total.one(name="volume", cohort="opened"))
    assert change is not None
    assert change.interval is not None
    half = NormalDist().inv_cdf(0.975) * variance**0.5
    assert change.difference == change.after.n - change.before.n
    assert (change.interval.low, change.interval.high) == pytest.approx(
        (change.after.n - change.before.n - half, change.after.n - change.before.n + half)
    )


def test_more_incidents_are_told_as_more() -> None:
    """Twice as many every day is up; as many as before is no change that can be told from chance."""
    first, second = (Period.between(at(DAY * day), at(DAY * (day + 14))) for day in (0, 14))
    steady = [story(DAY * day + hour) for day in range(28) for hour in range(3 + day % 2)]
    more = steady + [story(DAY * day + hour) for day in range(14, 28) for hour in range(10, 14)]
    verdicts: list[tuple[object, str]] = []
    for cases in (steady, more):
        report = kpi.report(cases, period=second, compare_to=first)
        change = report.change_of(report.total.one(name="volume", cohort="opened"))
        assert change is not None
        verdicts.append((change.difference, change.verdict))
    assert verdicts == [(0, "not beyond chance"), (56, "up")]


@pytest.mark.parametrize("days", [1, 3], ids=["one day", "three days"])
def test_counts_of_few_days(days: int) -> None:
    """One day has no spread, so nothing is told; a few days are held against their own mean."""
    first, second = (Period.between(at(DAY * day), at(DAY * (day + days))) for day in (0, days))
    cases = [story(DAY * day + hour) for day in range(2 * days) for hour in range(1 + day % 3)]
    report = kpi.report(cases, period=second, compare_to=first)
    change = report.change_of(report.total.one(name="volume", cohort="opened"))
    assert change is not None
    if days == 1:
        assert (change.difference, change.interval, change.verdict) == (None, None, "not known")
    else:  # 1, 2, 3 and 1, 2, 3 a day: each side has a variance of 1
        assert change.interval is not None
        assert change.interval.high == pytest.approx(NormalDist().inv_cdf(0.975) * 6**0.5)


def test_a_small_month_by_hand() -> None:
    """Three opened, two resolved, one of them from before; one waits since then, one was cancelled."""
    week = Period.between(at(0), at(24 * 7), label="the week", zone="UTC")
    cases = [
        story(-30, 10, priority=1, number="A"),  # 40 h
        story(5, 25, 60, reopened=30, again=50, groups=["desk", "lab"], priority=1, number="B"),  # 45 h
        story(20, priority=2, number="C"),
        story(30, cancelled=31, number="D"),
        story(-10, 24 * 8, priority=2, number="E"),
    ]
    report = kpi.report(cases, period=week, by="priority")
    total = report.total
    assert total.one(name="volume", cohort="opened").value == 2
    assert total.one(name="volume", cohort="opened").left_out == {"cancelled": 1, "out_of_period": 2}
    assert total.one(name="volume", cohort="resolved").value == 2
    assert total.one(name="backlog").value == 2
    assert total.one(name="backlog_growth").value == 3 - 3  # A, B and the cancelled D went
    assert total.one(name="backlog_age", statistic="median").value == hours((148 + 178) / 2)
    assert total.one(name="backlog_age", statistic="5-10 days").value == 2
    assert total.one(name="time_to_resolve", statistic="mean").value == hours(42.5)
    assert total.one(name="time_to_resolve", statistic="p90").value is None
    assert (total.one(name="reopen_rate").value, total.one(name="first_assignment_rate").value) == (0.5, 0.0)
    assert total.one(name="hop_count").value == 1.0
    groups = report.groups.where(name="backlog", priority=2)
    assert groups.one().value == 2
    assert report.changes.items == ()
    assert report.change_of(total[0]) is None


def test_an_empty_period() -> None:
    """Nothing opened and nothing resolved: zero for what is counted, None for what is not, and it can be told."""
    quiet = Period.month(2030, 1, zone="UTC")
    report = kpi.report([story(0, 1, as_of=24 * 365 * 5)], period=quiet, by="priority", compare_to="previous")
    assert [each.value for each in report.total.where(name="volume")] == [0, 0]
    assert report.total.one(name="backlog").value == 0
    assert report.total.one(name="time_to_resolve", statistic="median").value is None
    assert {change.verdict for each in report.changes for change in each.changes} == {"not known"}
    assert report.is_over
    for form in (report.to_text(), report.to_markdown(), report._repr_html_()):
        assert "2030-01" in form


@pytest.mark.parametrize("by", [(), "priority", ("priority", "service")], ids=str)
def test_no_incidents(by: str | tuple[str, ...]) -> None:
    """Of no incidents nothing was opened, and nothing else is known."""
    report = kpi.report([], period=MARCH, by=by, compare_to="previous")
    assert (report.as_of, report.is_over) == (None, True)
    assert {each.value for each in report.measures} == {0, None}
    assert len(report.groups) == 0
    assert "There are no incidents." in report.to_text()
    assert report.to_csv().startswith("kpi,statistic,")
    assert all(row["difference"] is None for row in report.to_rows())


def test_a_period_that_is_not_over() -> None:
    """Half a month is told as half a month: no backlog at its end, no change of its counts."""
    cases = [story(day * DAY, day * DAY + 1, as_of=14 * DAY) for day in range(-28, 13)]
    report = kpi.report(cases, period=MARCH, compare_to="previous")
    assert not report.is_over
    assert "It is not over" in " ".join(report.to_text().split())
    backlog = report.total.one(name="backlog")
    assert (backlog.value, backlog.left_out) == (None, {"missing": 41})
    change = report.change_of(report.total.one(name="volume", cohort="opened"))
    assert change is not None
    assert (change.difference, change.interval) == (None, None)


def test_what_is_not_recorded_is_said() -> None:
    """A source without acknowledgements and replies: not recorded, neither zero nor a dash, and no change of it."""
    source = Source("log", lacks=frozenset({"acknowledged", "agent_reply", "requester_message"}))
    cases = [story(day * DAY, day * DAY + 1, source=source) for day in range(-20, 20)]
    report = kpi.report(cases, period=MARCH, compare_to="previous")
    told = {
        line.rpartition("  not recorded")[0].strip()
        for line in report.to_text().splitlines()
        if "  not recorded" in line
    }
    assert told >= {
        "Time to acknowledge, median",
        "Time to respond, p90",
        "Resolved in the first contact",
    }
    changes = report.to_text().partition("Changes since")[2].partition("By ")[0]
    assert "acknowledge" not in changes.partition("Left out")[0]


def test_a_stand_in_is_named() -> None:
    """Where the source let something stand in for a fact, the reading says so, also in the change."""
    source = Source("log", stand_ins=Fields({"acknowledged": "first assignee"}))
    cases = [
        case(
            Logged(at(day * DAY)), Acknowledged(at(day * DAY + 1)), Resolved(at(day * DAY + 2)), source=source
        )
        for day in range(-20, 20)
    ]
    report = kpi.report(cases, period=MARCH, compare_to="previous")
    measure = report.total.one(name="time_to_acknowledge", statistic="median")
    assert "first assignee" in measure.reading
    assert report.change_of(measure) is not None


PREVIOUS = {
    "month": (MARCH, "2026-02"),
    "january": (Period.month(2026, 1, zone="UTC"), "2025-12"),
    "week": (Period.week(2026, 1, zone="UTC"), "2025-W52"),
    "quarter": (Period.quarter(2026, 1, zone="UTC"), "2025-Q4"),
    "year": (Period.year(2026, zone="UTC"), "2025"),
    "day": (Period.day(date(2026, 3, 30), zone="Europe/Berlin"), "2026-03-29"),
    "stretch": (Period.between(at(0), at(36)), "2026-02-28T12:00Z/2026-03-02T00:00Z"),
}


@pytest.mark.parametrize("kind", PREVIOUS)
def test_the_period_before(kind: str) -> None:
    """The one of the same kind that ends where this one begins; for any other stretch one of its length."""
    period, label = PREVIOUS[kind]
    before = kpi.report([], period=period, compare_to="previous").compared_to
    assert before is not None
    assert (before.label, before.end, before.zone) == (label, period.start, period.zone)


def test_more_kpis() -> None:
    """What a house adds is told as well; what looks at a time of its own tells that, and is not compared."""
    cases = [story(hour, hour + 2, priority=1) for hour in range(-200, 200, 5)]
    week = Period.between(at(0), at(24 * 7))
    added = [kpi.high_priority_rate(), kpi.stale(at(9)), kpi.arrival_rate(APRIL)]
    report = kpi.report(cases, period=week, compare_to="previous", more=added)
    assert report.total.one(name="high_priority_rate").value == 1.0
    assert report.change_of(report.total.one(name="high_priority_rate")) is not None
    stale = report.total.one(name="stale")
    assert (stale.n, stale.period) == (kpi.measure(cases, kpi.stale(at(9))).one().n, week.label)
    assert report.change_of(stale) is None
    assert report.total.one(name="arrival_rate").value == 0
    assert "High priority rate" in report.to_text()


def test_what_is_told_as_a_whole_has_no_groups() -> None:
    """A KPI whose base are no incidents stands among all figures, and in no group."""
    asked = kpi.change_failure_rate([kpi.Deployment("CHG1", at(1))])
    report = kpi.report([story(0, 2, priority=1)], period=MARCH, by="priority", more=[asked])
    assert report.total.one(name="change_failure_rate").n == 1
    assert not report.groups.where(name="change_failure_rate")


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "no period": ({"period": "2026-03"}, "expected a period"),
    "no time": ({"period": Period.between(at(0), at(0))}, "expected a period"),
    "the same period": ({"compare_to": MARCH}, "overlaps"),
    "a part of it": ({"compare_to": Period.between(MARCH.end - hours(1), APRIL.end)}, "overlaps"),
    "a word": ({"compare_to": "yesterday"}, "expected a period"),
    "no KPI": ({"more": ["mttr"]}, "expected a KPI"),
    "a level": ({"level": 95}, "a level of 95"),
    "a seed": ({"seed": "x"}, "a seed of"),
    "a dimension": ({"by": "prioritty"}, "no incident has a 'prioritty'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_questions_that_make_no_sense(name: str) -> None:
    """Each is refused in words, whatever the incidents."""
    given, words = REFUSED[name]
    with pytest.raises(KpiError, match=words):
        kpi.report([story(0, 1)], **({"period": MARCH} | given))  # type: ignore[arg-type]


def test_two_instants() -> None:
    """Incidents seen from different instants make no report."""
    with pytest.raises(KpiError, match="the assessments look from"):
        kpi.report([story(0, 1, as_of=5), story(0, 1, as_of=6)], period=MARCH)


def test_a_zone_that_is_none() -> None:
    """A period is bounded by dates of a zone that exists, so its days can be told."""
    with pytest.raises(CalendarError):
        Period.month(2026, 3, zone="Mars/Base")


def test_cases_may_be_kept() -> None:
    """The same incidents as `Cases`, or drawn once, give the same report; and so does the same seed."""
    kept = kpi.report(Cases(SAMPLE), period=APRIL, compare_to=MARCH, seed=3)
    assert kept == kpi.report(iter(SAMPLE), period=APRIL, compare_to=MARCH, seed=3)
    assert repr(kept) == f"<PeriodReport 2026-04 against 2026-03: {len(kept.measures)} figures>"
    assert repr(kpi.report([], period=MARCH)) == "<PeriodReport 2026-03: 22 figures>"


def test_facts_after_the_period_count_as_far_as_they_are_known() -> None:
    """Seen from the end of the month an incident is kept or late by then; seen later it may have been reopened."""
    incident = Incident(
        "INC1",
        [
            Logged(MONDAY),
            PrioritySet(MONDAY, priority=1),
            Assigned(MONDAY, group="desk"),
            Resolved(at(2), code="solution_provided", notes="Done."),
        ],
    )
    seen = [
        Assessment(replay(incident, ITIL4_DEFAULT, as_of=as_of, strict=False), {}) for as_of in (at(1), at(3))
    ]
    week = Period.between(at(-1), at(1.5))
    early, late = (kpi.report([each], period=week).total for each in seen)
    assert early.one(name="volume", cohort="resolved").left_out == {"open": 1}
    assert late.one(name="volume", cohort="resolved").left_out == {"out_of_period": 1}
