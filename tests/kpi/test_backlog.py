"""Ages, stale incidents, flows, rates and costs, by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from itilkit import kpi
from itilkit.calendars import Calendar, Period
from itilkit.errors import KpiError
from itilkit.events import (
    Escalated,
    Event,
    Excluded,
    Linked,
    Logged,
    Noted,
    PrioritySet,
    Resolved,
    Reviewed,
    RoleTaken,
    StoodDown,
)
from itilkit.records import Incident
from itilkit.sla import Assessment
from itilkit.vocabulary import Role

from .everything import GROUPS
from .histories import at, case, hours, one, story, told
from .test_worked_examples import DESK, _promised

DAY = 24.0
WEEK = Period.between(at(0), at(7 * DAY), label="week")


def test_ages_and_bands() -> None:
    """Half a day, 1, 5, 10 and 40 days old: a band holds its lower bound."""
    cases = [story((50 - age) * DAY) for age in (0.5, 1, 5, 10, 40)] + [story(0, DAY)]
    found = kpi.measure(cases, kpi.backlog_age(at(50 * DAY)))
    assert [(each.statistic, each.value) for each in found] == [
        ("median", timedelta(days=5)),
        ("p90", timedelta(days=28)),
        ("0-1 days", 1),
        ("1-5 days", 1),
        ("5-10 days", 1),
        ("10-30 days", 1),
        ("30 days and more", 1),
    ]
    assert found[0].left_out == {"ended": 1}


def test_stale() -> None:
    """Untouched for more than five days; exactly five are not stale."""
    touched = case(Logged(at(0)), Noted(at(4 * DAY)))
    cases = [story(0), touched, story(5 * DAY), story(0, DAY)]
    found = one(kpi.stale(at(10 * DAY)), *cases)
    assert (found.value, found.left_out) == (2 / 3, {"ended": 1})
    assert found.parts == {"counted": 2}


def test_flows() -> None:
    """Three opened and four ended in the week, two wait at its end: growth -1, rate 4/3, empty in two weeks."""
    cases = [story(-9, 5), story(-8, 6), story(-7, 7), story(1, 9), story(2), story(3)]
    growth, rate, empty = kpi.measure(
        cases, kpi.backlog_growth(WEEK), kpi.resolution_rate(WEEK), kpi.time_to_empty(WEEK)
    )
    assert (growth.value, rate.value, empty.value) == (-1, 4 / 3, timedelta(weeks=2))
    assert growth.parts == {"opened": 3, "ended": 4, "backlog": 2}
    assert one(kpi.time_to_empty(WEEK), story(1), story(2, 3)).value is None
    assert one(kpi.backlog_growth(WEEK), story(1, as_of=5)).left_out == {"missing": 1}


def test_arrivals() -> None:
    """14 in a week are two a day; a week of which half was seen counts half."""
    assert one(kpi.arrival_rate(WEEK), *[story(hour) for hour in range(14)], story(-1)).value == 2
    assert one(kpi.arrival_rate(WEEK), *[story(0, as_of=84)] * 14).value == 4
    found = kpi.measure([story(1)] * 5, kpi.incidents_per("user", units=50, period=WEEK), level=0.95).one()
    assert (found.value, found.unit) == (0.1, "incidents per user")
    assert found.interval is not None
    assert found.interval.low == pytest.approx(1.6235 / 50, rel=1e-3)
    assert found.interval.high == pytest.approx(11.6683 / 50, rel=1e-3)


def test_availability_on_agreed_time_and_for_users() -> None:
    """Down from Monday 16:00 to 20:00, agreed until 17:00: one of 40 hours; two of ten users hit: half a hundredth."""
    office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC", name="office")
    down = told(Logged(at(16)), Resolved(at(20)), affected_users=2)
    share, weighted = kpi.measure([down], kpi.availability(WEEK, agreed=office, users=10))
    assert share.value == 39 / 40
    assert weighted.value == pytest.approx(1 - 2 / 400)
    assert kpi.measure([story(16, 20)], kpi.availability(WEEK, users=10))[1].value is None
    closed = kpi.availability(WEEK, agreed=Calendar.never("UTC"))
    assert one(closed, down).value is None


def test_availability_of_several_units() -> None:
    """Four units of a week each, one of them down for seven hours."""
    mail = story(0, 7, fields={"service": "mail"})
    found = one(kpi.availability(WEEK, per="service", units=4), mail, story(0, 5))
    assert found.value == pytest.approx(1 - 7 / (4 * 168))
    assert found.left_out == {"no_unit": 1}
    assert one(kpi.failure_rate(WEEK, per="service"), mail).value == pytest.approx(1 / 161)


def test_an_outage_from_failure_to_restoration() -> None:
    """What the house records of failure and restoration comes before opening and resolution."""
    down = told(Logged(at(3)), Resolved(at(9)), occurred_at=at(1), restored_at=at(5))
    found = one(kpi.mean_downtime_per_failure(WEEK), down)
    assert found.value == hours(4)


def test_downtime_costs() -> None:
    """Four hours at 2 a minute and 20 an outage are 500; users count only where they are told."""
    down = told(Logged(at(0)), Resolved(at(4)), affected_users=10)
    total, mean = kpi.measure([down, down], kpi.downtime_cost(per_minute=2, fixed=20, currency="EUR"))
    assert (total.value, mean.value, total.unit) == (1000, 500, "EUR")
    users = kpi.downtime_cost(per_user_minute=0.5, currency="EUR")
    found = kpi.measure([down, story(0, 4)], users)
    assert (found[0].value, found[0].left_out) == (1200, {"not_recorded": 1})


def test_response_costs() -> None:
    """Ann leads for 2 h and Bo for 1 h at double rate, Cy writes for 3 h, each sits an hour in the review."""
    manager, writer = Role.INCIDENT_MANAGER, Role.COMMUNICATIONS_MANAGER
    major = case(
        Logged(at(0)),
        RoleTaken(at(0), role=manager, person="ann"),
        RoleTaken(at(0), role=writer, person="cy"),
        RoleTaken(at(2), role=manager, person="bo"),
        StoodDown(at(3)),
        Resolved(at(9)),
        Reviewed(at(20)),
    )
    asked = kpi.response_cost(per_hour=50, currency="EUR", factors={"incident_manager": 2}, review=hours(1))
    found = kpi.measure([major, story(0, 5)], asked)
    assert found[0].value == 50 * (2 * 2 + 1 * 2 + 3 + 3)
    assert found[0].left_out == {"not_recorded": 1}


def test_costs_add_up_along_the_levels() -> None:
    """100 at level 1 for four tickets, 60 at level 2 for two of them: 25, and 25 + 30."""
    cases = [story(0, 1, groups=["desk"])] * 2 + [story(0, 1, groups=["desk", "lab"])] * 2 + [story(0, 1)]
    asked = kpi.cost_per_ticket(costs={1: 100, 2: 60}, groups=GROUPS, currency="EUR")
    found = kpi.measure(cases, asked)
    assert [(each.statistic, each.value, each.n) for each in found] == [
        ("level_1", 25, 4),
        ("level_2", 55, 2),
    ]


def test_deployments() -> None:
    """Of four deployments one broke two things, one was rolled back: half failed, recovered in nine hours."""
    deployments = [kpi.Deployment(f"CHG{n}", at(0), rolled_back=n == 4) for n in (1, 2, 3, 4)]
    broken = [
        case(Logged(at(1)), Linked(at(2), kind="caused_by_change", to="CHG1"), Resolved(at(5))),
        case(Logged(at(1)), Linked(at(2), kind="caused_by_change", to="CHG1"), Resolved(at(9))),
        story(0, 1),
    ]
    rate = one(kpi.change_failure_rate(deployments), *broken)
    assert (rate.value, rate.n, rate.parts) == (0.5, 4, {"counted": 2, "incidents": 2})
    assert one(kpi.failed_deployment_recovery(deployments), *broken).value == hours(9)
    waiting = [*broken, case(Logged(at(1)), Linked(at(2), kind="caused_by_change", to="CHG2"))]
    assert one(kpi.failed_deployment_recovery(deployments), *waiting).left_out == {"open": 1}
    with pytest.raises(KpiError, match="no groups or series"):
        kpi.measure(broken, kpi.change_failure_rate(deployments), by="priority")


def test_touch_time() -> None:
    """Ann worked 1-3 and 2-4, Bo 2-5: three hours and three; who is not in the log is not recorded."""
    log = {"INC1": [("ann", at(1), at(3)), ("ann", at(2), at(4)), ("bo", at(2), at(5))]}
    found = one(kpi.touch_time(work_log=log), story(0, 9), story(0, 9, number="INC2"))
    assert (found.value, found.left_out) == (hours(6), {"not_recorded": 1})


def _warned(number: int, warned: float | None) -> Incident:
    events: list[Event] = [*_promised(number, 0).events]
    if warned is not None:
        events.append(Escalated(at(warned), kind="hierarchical", trigger="sla_percent"))
    return Incident(f"INC{number}", [*events, Resolved(at(20))])


def test_warnings_and_what_is_left() -> None:
    """Due at 8: warned at 6 and at 9, leads of 2 h and -1 h; one never warned; on an open clock 3 of 8 h are left."""
    incidents = [_warned(1, 6), _warned(2, 9), _warned(3, None), _promised(4, 15)]
    judged: list[Assessment] = list(DESK.assess_all(incidents, as_of=at(20), strict=False))
    lead = one(kpi.breach_lead_time("mean"), *judged)
    assert (lead.value, lead.left_out) == (hours(0.5), {"never_warned": 1, "pending": 1})
    left = one(kpi.time_to_breach("mean"), *judged)
    assert (left.value, left.left_out) == (hours(3), {"ended": 3})
    shares = kpi.measure(judged, kpi.spent_share())
    assert shares.one(statistic="mean").value == pytest.approx((3 * 20 / 8 + 5 / 8) / 4)
    assert shares.one(statistic="50-75 %").value == 1
    assert shares.one(statistic="100 % and more").value == 3


def test_an_objective() -> None:
    """95 in a hundred: of 100 five may be late; with few a number counts; open ones leave it undecided."""
    objective = kpi.Objective(0.95)
    assert [objective.allowed(n) for n in (0, 19, 20, 100)] == [0, 0, 1, 5]
    asked = kpi.sla_attainment(objective, cohort="opened")
    kept = [_promised(number, 0, 8) for number in range(19)]
    judged = list(DESK.assess_all([*kept, _promised(20, 95)], as_of=at(100), strict=False))
    found = kpi.measure(judged, asked)
    assert (found[0].value, found[0].parts["pending"], found[0].parts["affordable_late"]) == (1, 1, 0)
    late = list(
        DESK.assess_all([*kept[:9], _promised(30, 0, 9), _promised(20, 95)], as_of=at(100), strict=False)
    )
    assert kpi.measure(late, asked)[0].value == 0
    few = list(DESK.assess_all([*kept, _promised(30, 0, 9), _promised(31, 95)], as_of=at(100), strict=False))
    assert kpi.measure(few, asked)[0].value is None
    assert kpi.measure([], asked)[0].value is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: kpi.backlog_age(at(0), bands=[]),
        lambda: kpi.backlog_age(at(0), bands=[hours(2), hours(1)]),
        lambda: kpi.stale(at(0), after=hours(-1)),
        lambda: kpi.backlog_growth("March"),  # type: ignore[arg-type]
        lambda: kpi.arrival_rate(7),  # type: ignore[arg-type]
        lambda: kpi.incidents_per("user", units=0, period=WEEK),
        lambda: kpi.incidents_per("", units=1, period=WEEK),
        lambda: kpi.cohort_resolution(hours(-1)),
        lambda: kpi.availability("March"),  # type: ignore[arg-type]
        lambda: kpi.availability(WEEK, units=0),
        lambda: kpi.availability(WEEK, users=0),
        lambda: kpi.availability(WEEK, agreed="office"),  # type: ignore[arg-type]
        lambda: kpi.downtime_cost(currency="EUR"),
        lambda: kpi.downtime_cost(currency="", per_minute=1),
        lambda: kpi.downtime_cost(currency="EUR", per_minute=float("nan")),
        lambda: kpi.response_cost(per_hour=-1, currency="EUR"),
        lambda: kpi.cost_per_ticket(costs={}, groups=GROUPS, currency="EUR"),
        lambda: kpi.change_failure_rate(["CHG1"]),  # type: ignore[list-item]
        lambda: kpi.touch_time(work_log={"INC1": [("ann", at(2), at(1))]}),
        lambda: kpi.time_in_status("onhold"),
        lambda: kpi.time_in_status("on_hold", clock="agreement"),  # type: ignore[arg-type]
        lambda: kpi.sla_attainment(0.95),  # type: ignore[arg-type]
        lambda: kpi.Objective(95),
        lambda: kpi.SmallN(0, 2),
        lambda: kpi.spent_share(bands=[]),
        lambda: kpi.customer_satisfaction(top=9),
        lambda: kpi.customer_satisfaction(scale=(5, 1)),
        lambda: kpi.customer_effort_score(high_is="good"),
        lambda: kpi.sla_all_met(kind="XLA"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_asked(make: object) -> None:
    """Options that cannot be are refused at once, not when something is measured."""
    with pytest.raises(KpiError):
        make()  # type: ignore[operator]


def test_what_was_excluded_is_told() -> None:
    """A clock that only an agreed exclusion kept in time is counted beside the share."""
    life = Incident(
        "INC1",
        [
            Logged(at(0)),
            PrioritySet(at(0), priority=1),
            Excluded(at(1), start=at(1), end=at(4)),
            Resolved(at(10)),
        ],
    )
    judged = list(DESK.assess_all([life, _promised(2, 0, 5)], as_of=at(100), strict=False))
    assert one(kpi.sla_compliance(), *judged).parts == {"counted": 2, "met_by_exclusions": 1}
