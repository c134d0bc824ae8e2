"""The worked examples of the KPI definitions, section 10: each test quotes the line that it holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from itilkit import kpi
from itilkit.calendars import Calendar, Period
from itilkit.events import (
    Cancelled,
    Closed,
    Event,
    Held,
    Logged,
    Noted,
    PrioritySet,
    Resolved,
    Started,
    Surveyed,
)
from itilkit.kpi import Survival
from itilkit.kpi.intervals import wilson
from itilkit.lifecycle import ITIL4_DEFAULT
from itilkit.policy import Agreement, Policy, Target
from itilkit.priority import ITIL_3X3
from itilkit.records import Incident
from itilkit.sla import Assessment

from .histories import at, case, hours, one, story

TIMES = [3, 5, 5, 8, 10, 12]
ENDED = [True, True, True, False, True, False]


def _survival() -> Survival:
    return Survival.observed([hours(time) for time in TIMES], ENDED)


def test_kaplan_meier() -> None:
    """KM, t = 3, 5, 5, 8+, 10, 12+: S(3) = 5/6, S(5) = 1/2, S(10) = 1/4; median 5; p75 10; p90 None."""
    found = _survival()
    assert found.shares == pytest.approx([5 / 6, 1 / 2, 1 / 4])
    assert [found.share(hours(time)) for time in (3, 5, 10)] == pytest.approx([5 / 6, 1 / 2, 1 / 4])
    assert [found.quantile(share) for share in (0.5, 0.75, 0.9)] == [hours(5), hours(10), None]


def test_restricted_mean() -> None:
    """RMST(10) = 43/6 = 7.1667; RMST(12) = 23/3 = 7.6667; beyond the last follow-up None."""
    found = _survival()
    for tau, expected in ((10, 43 / 6), (12, 23 / 3)):
        restricted = found.rmst(hours(tau))
        assert restricted is not None
        assert restricted / hours(1) == pytest.approx(expected, abs=1e-9)
    assert found.rmst(hours(12.1)) is None


def test_kaplan_meier_of_incidents() -> None:
    """The same six as incidents: four resolved, two open as of the hour to which they were seen."""
    seen = [story(-time, 0 if over else None, as_of=0) for time, over in zip(TIMES, ENDED, strict=True)]
    found = kpi.measure(
        seen, kpi.time_to_resolve("km_median", "km_p75", "km_p90", "rmst_10h", "median", cohort="opened")
    )
    assert [each.value for each in found[:3]] == [hours(5), hours(10), None]
    restricted = found[3].value
    assert isinstance(restricted, timedelta)
    assert restricted / hours(1) == pytest.approx(43 / 6, abs=1e-9)
    assert [(each.n, dict(each.left_out)) for each in found] == [(6, {})] * 4 + [(4, {"open": 2})]
    assert found[0].parts == {"ended": 4, "still_open": 2}
    assert found[4].value == hours(5)


@pytest.mark.parametrize(("count", "low", "high"), [(3, 0.10779, 0.60322), (0, 0, 0.27753)])
def test_wilson(count: int, low: float, high: float) -> None:
    """Wilson 95 % of 3/10: 0.10779 .. 0.60322; of 0/10: 0 .. 0.27753."""
    assert wilson(count, 10, 0.95) == pytest.approx((low, high), abs=5e-6)
    cases = [story(0, 1, reopened=2, again=3) for _ in range(count)] + [story(0, 1)] * (10 - count)
    interval = kpi.measure(cases, kpi.reopen_rate(), level=0.95).one().interval
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-6)
    assert interval.method == "Wilson"


THOUSAND = Period.between(at(0), at(1000))


def test_mtbf_without_failures() -> None:
    """MTBF, U = 1,000 h, n = 0: None; one-sided lower bound 333.80 h; two-sided lower 271.09 h."""
    asked = kpi.mean_time_between_failures(per=None, window=THOUSAND)
    for level, bound in ((0.9, 333.80), (0.95, 271.09)):  # two-sided at 90 % is one-sided at 95 %
        found = kpi.measure([], asked, level=level).one()
        assert (found.value, found.n) == (None, 0)
        assert found.interval is not None
        assert isinstance(found.interval.low, timedelta)
        assert found.interval.low / hours(1) == pytest.approx(bound, abs=0.01)
        assert found.interval.high is None


def test_mtbf_of_four_failures() -> None:
    """MTBF, U = 1,000 h, n = 4: 250 h; 95 % interval 97.64 .. 917.54 h."""
    failures = [story(opened, opened, as_of=2000) for opened in (100, 300, 500, 999)]
    found = kpi.measure(failures, kpi.mean_time_between_failures(per=None, window=THOUSAND), level=0.95).one()
    assert found.value == hours(250)
    assert found.interval is not None
    assert isinstance(found.interval.low, timedelta)
    assert isinstance(found.interval.high, timedelta)
    assert [found.interval.low / hours(1), found.interval.high / hours(1)] == pytest.approx(
        [97.64, 917.54], abs=0.01
    )


HUNDRED = Period.between(at(0), at(100))
OUTAGES = [story(start, end, as_of=200) for start, end in ((10, 14), (12, 20), (50, 55))]


def test_overlapping_outages() -> None:
    """Window 0-100 h, outages 10-14, 12-20, 50-55: D = 15 h, availability 0.85, MTBF 28.33 h, MTBSI 33.33 h."""
    available = one(kpi.availability(HUNDRED), *OUTAGES)
    assert available.value == 0.85
    assert available.parts == {"failures": 3, "units": 1, "downtime_seconds": 15 * 3600}
    between = one(kpi.mean_time_between_failures(per=None, window=HUNDRED), *OUTAGES)
    service = one(kpi.mean_time_between_service_incidents(per=None, window=HUNDRED), *OUTAGES)
    down = one(kpi.mean_downtime_per_failure(HUNDRED), *OUTAGES)
    assert [each.value for each in (between, service, down)] == [hours(85 / 3), hours(100 / 3), hours(5)]


def test_gaps_between_outages() -> None:
    """`mtbf_gaps` 30 h (20 to 50); `mtbsi_gaps` 40 h (starts 10 and 50 after merging; = 30 + 10)."""
    assert one(kpi.mean_time_between_failures(per=None), *OUTAGES).value == hours(30)
    assert one(kpi.mean_time_between_service_incidents(per=None), *OUTAGES).value == hours(40)
    assert one(kpi.uptime_share_between_failures(per=None), *OUTAGES).value == 0.75


def test_mean_time_to_restore_service() -> None:
    """MTRS (4 + 8 + 5)/3 = 5.667 h, where the resolution stands in for the restoration."""
    found = one(kpi.mean_time_to_restore_service(end="restored_or_resolved"), *OUTAGES)
    assert found.value == timedelta(hours=17) / 3
    assert found.parts == {"from_opened": 3}
    assert one(kpi.mean_time_to_restore_service(), *OUTAGES).left_out == {"not_recorded": 3}


def test_net_promoter_score() -> None:
    """NPS of 10, 9, 8, 7, 6, 3: 2/6 - 2/6 = 0."""
    cases = [
        case(Logged(at(0)), Resolved(at(1)), Surveyed(at(2), score=score, scale=(0, 10)))
        for score in (10, 9, 8, 7, 6, 3)
    ]
    found = kpi.measure([*cases, story(0, 1)], kpi.net_promoter_score())
    assert (found[0].value, found[0].n) == (0, 6)
    assert (found[1].statistic, found[1].value) == ("response_rate", 6 / 7)


STATES = case(
    Logged(at(0)),
    Started(at(2)),
    Held(at(5)),
    Started(at(9)),
    Resolved(at(10)),
    Closed(at(20)),
)


def test_time_in_status() -> None:
    """New 0-2, Active 2-5, Hold 5-9, Active 9-10, Resolved at 10, closed at 20: Active 4 h over 2 visits."""
    found = one_by_statistic(kpi.time_in_status("in_progress"))
    assert found == {
        "mean_per_visit": hours(2),
        "mean_per_visiting_incident": hours(4),
        "mean_per_incident": hours(4),
    }
    assert one(kpi.active_time(), STATES).value == hours(4)


def test_time_in_a_status_that_is_final() -> None:
    """Closed at 20 for good: no time; an event at 23 shows three hours of it, and up to now would be a year."""
    later = case(*STATES.timeline.events, Noted(at(23), text="letter sent"))
    for asked, spent in ((STATES, hours(0)), (later, hours(3))):
        found = kpi.measure([asked], kpi.time_in_status("closed"))
        assert {each.value for each in found} == {spent}
    open_now = case(*STATES.timeline.events[:4], as_of=30)
    assert kpi.measure([open_now], kpi.time_in_status("in_progress"))[0].value == hours(12)
    working = Calendar.round_the_clock("UTC")
    assert kpi.measure([later], kpi.time_in_status("closed", clock=working))[0].value == hours(3)


def test_hold_share() -> None:
    """The same: hold share 4/10; resolve 10 h; close 20 h."""
    assert one(kpi.hold_share(), STATES).value == 0.4
    assert one(kpi.mean_time_to_resolve(), STATES).value == hours(10)
    assert one(kpi.mean_time_to_resolve(hold="exclude"), STATES).value == hours(6)
    assert one(kpi.time_to_close(), STATES).value == hours(20)


def one_by_statistic(asked: kpi.Kpi) -> dict[str, object]:
    """The figures of the one incident."""
    return {each.statistic: each.value for each in kpi.measure([STATES], asked)}


DESK = Policy(
    "Desk",
    lifecycle=ITIL4_DEFAULT,
    matrix=ITIL_3X3,
    agreements=[
        Agreement("Gold", [Target((1,), {"resolution": hours(8)})], calendar=Calendar.round_the_clock("UTC"))
    ],
)


def _promised(
    number: int, opened: float, resolved: float | None = None, cancelled: float | None = None
) -> Incident:
    events: list[Event] = [Logged(at(opened)), PrioritySet(at(opened), priority=1)]
    events += [] if resolved is None else [Resolved(at(resolved))]
    events += [] if cancelled is None else [Cancelled(at(cancelled))]
    return Incident(f"INC{number}", events)


def test_compliance() -> None:
    """SLA: 6 met, 2 breached, 1 open overdue, 3 open in time, 1 cancelled: compliance 6/9 = 0.6667, pending 3."""
    incidents = [
        *(_promised(number, 0, 8) for number in range(6)),
        *(_promised(number, 0, 9) for number in range(6, 8)),
        _promised(8, 0),
        *(_promised(number, 95) for number in range(9, 12)),
        _promised(12, 0, cancelled=2),
    ]
    judged: list[Assessment] = list(DESK.assess_all(incidents, as_of=at(100), strict=False))
    found = one(kpi.sla_compliance(), *judged)
    assert found.value == pytest.approx(6 / 9)
    assert (found.n, found.left_out) == (9, {"cancelled": 1, "pending": 3})
    assert one(kpi.sla_all_met(), *judged).value == pytest.approx(6 / 9)
    attained = kpi.measure(judged, kpi.sla_attainment(kpi.Objective(0.95, kpi.SmallN(below=40, allow=2))))
    assert [each.value for each in attained] == [0, pytest.approx(6 / 9)]
    assert attained[0].parts == {"met": 6, "late": 3, "pending": 3, "allowed_late": 2, "affordable_late": -1}
    late = kpi.measure(judged, kpi.overrun("median", "mean"))
    assert [each.value for each in late] == [hours(1), hours((1 + 1 + 92) / 3)]


def test_two_surveys_in_one_log() -> None:
    """Answers from 1 to 5 and from 0 to 10 are two surveys: each counts its own, and the other is not eligible."""
    cases = [
        case(Logged(at(0)), Resolved(at(1)), Surveyed(at(2), score=5, scale=(1, 5))),
        case(Logged(at(0)), Resolved(at(1)), Surveyed(at(2), score=3, scale=(1, 5))),
        case(Logged(at(0)), Resolved(at(1)), Surveyed(at(2), score=10, scale=(0, 10))),
        story(0, 1),
    ]
    share, mean, rate = kpi.measure(cases, kpi.customer_satisfaction())
    assert (share.value, mean.value) == (0.5, 4)
    assert rate.value == pytest.approx(2 / 3)
    assert share.left_out == {"not_eligible": 1}
    assert kpi.measure(cases, kpi.net_promoter_score())[0].value == 1
