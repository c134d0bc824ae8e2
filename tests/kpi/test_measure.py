"""Groups, periods, rows, and questions that make no sense."""

from __future__ import annotations

import copy
import pickle

import pytest

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.errors import CalendarError, KpiError
from itilkit.events import Assigned, Classified, Closed, Logged, Person, PrioritySet, Resolved
from itilkit.kpi import Case, Kpi
from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.records import Incident
from itilkit.sla import Assessment

from .histories import at, case, hours, one, story, told

MARCH = Period.month(2026, 3, zone="UTC")
DAY = 24.0
ALL: list[Kpi] = [
    kpi.time_to_resolve("mean", "median", "p90"),
    kpi.time_to_resolve(resolution="worked"),
    kpi.mean_time_to_acknowledge(),
    kpi.mean_time_between_failures(),
    kpi.first_assignment_rate(),
    kpi.hop_count(),
    kpi.reopen_rate(),
    kpi.reopens_per_incident(),
    kpi.sla_compliance(),
    kpi.sla_breach_rate(),
    kpi.first_contact_resolution(),
    kpi.backlog(at(0)),
]


def test_an_empty_population_has_no_value() -> None:
    """Of nothing every figure but a volume is None, with n 0 and nothing left out."""
    found = kpi.measure([], *ALL)
    assert len(found) == len(ALL) + 2
    assert {(each.value, each.n, tuple(each.left_out)) for each in found} == {(None, 0, ())}
    assert all(each.recorded for each in found)
    assert len(kpi.measure([], *ALL, by="priority")) == 0


def test_all_open_and_all_cancelled() -> None:
    """Nothing resolved yet, or everything cancelled: None and the reason, never zero."""
    for cases, reason in (([story(0), story(1)], "open"), ([story(0, cancelled=1)] * 2, "cancelled")):
        for each in kpi.measure(
            cases, kpi.mean_time_to_resolve(), kpi.first_assignment_rate(), kpi.reopen_rate()
        ):
            assert (each.value, each.n, each.left_out) == (None, 0, {reason: 2})


def test_groups() -> None:
    """Each group has its figure; what is not known is a group of its own and comes last."""
    cases = [story(0, 2, priority=2), story(0, 4, priority=1), story(0, 6, priority=2), story(0, 9)]
    found = kpi.measure(cases, kpi.mean_time_to_resolve(), by="priority")
    assert [(each.group, each.value, each.n) for each in found] == [
        ({"priority": 1}, hours(4), 1),
        ({"priority": 2}, hours(4), 2),
        ({"priority": None}, hours(9), 1),
    ]


def test_several_dimensions() -> None:
    """Several dimensions give the combinations that occur, in order."""
    cases = [
        story(0, 1, priority=2, groups=["b"]),
        story(0, 1, priority=2, groups=["a"]),
        story(0, 1, priority=1, groups=["b"]),
    ]
    found = kpi.measure(cases, kpi.volume(), by=["priority", "group"])
    assert [tuple(each.group.values()) for each in found] == [(1, "b"), (2, "a"), (2, "b")]
    assert found.one(priority=2, group="a").value == 1


def test_dimensions_of_every_kind() -> None:
    """What stands on the timeline, on the record, in the fields and among the attributes can be grouped by."""
    incident = Incident(
        "INC1",
        [Logged(at(0)), Assigned(at(0), group="desk", assignee=Person("ann", name="Ann"))],
        customer="acme",
        site="Oslo",
        attributes={"floor": 3},
    )
    judged = Assessment(replay(incident, ITIL4_DEFAULT, as_of=at(9), strict=False), {})
    expected = {
        "priority": None, "status": "assigned", "state": "assigned", "impact": None, "urgency": None,
        "hold_reason": None, "group": "desk", "assignee": "Ann", "customer": "acme", "site": "Oslo", "floor": 3,
        "channel": None, "service": None,
    }  # fmt: skip
    found = kpi.measure([judged], kpi.volume(), by=list(expected)).one()
    assert found.group == expected


@pytest.mark.parametrize(
    ("standing", "group", "priority", "floor", "status"),
    [("then", "attic", 1, 4, "closed"), ("initial", "desk", 3, 2, "new"), ("final", "lab", 2, 3, "resolved")],
)
def test_when_a_dimension_is_read(
    standing: kpi.Standing, group: str, priority: int, floor: int, status: str
) -> None:
    """By what stands at as_of, by what was first known, or by what held when the incident last ended."""
    moved = case(
        Logged(at(0)),
        PrioritySet(at(1), priority=3),
        Assigned(at(1), group="desk"),
        Classified(at(1), fields={"floor": 2}),
        PrioritySet(at(2), priority=2),
        Assigned(at(2), group="lab"),
        Classified(at(2), fields={"floor": 3}),
        Resolved(at(3)),
        Assigned(at(4), group="attic"),
        PrioritySet(at(4), priority=1),
        Classified(at(4), fields={"floor": 4}),
        Closed(at(5)),
    )
    names = ["group", "priority", "floor", "status"]
    found = kpi.measure([moved], kpi.volume(), by=names, dimension=standing).one()
    assert list(found.group.values()) == [group, priority, floor, status]


def test_a_dimension_of_an_open_incident() -> None:
    """An incident that is open ends in what stands; a record's own values never change; nothing known is None."""
    waiting = told(Logged(at(0)), Assigned(at(1), group="desk"), site="Oslo", wing="east")
    early = told(Logged(at(9)), as_of=1, site="Oslo", wing="east")
    for standing in ("initial", "final"):
        found = kpi.measure(
            [waiting], kpi.volume(), by=["group", "wing", "channel"], dimension=standing
        ).one()
        assert list(found.group.values()) == ["desk", "east", None]
        assert kpi.measure([early], kpi.volume(), by="group", dimension=standing).one().group == {
            "group": None
        }
    with pytest.raises(KpiError, match="is no dimension"):
        kpi.measure([waiting], kpi.volume(), by="group", dimension="now")  # type: ignore[arg-type]


def test_groups_of_mixed_values_are_put_in_order() -> None:
    """Numbers come first, then words, then what is not known, whatever the tool kept in the field."""
    values: list[str | int | float | None] = ["low", 3, None, 2.5, "High"]
    cases = [story(0, fields={"floor": value}) for value in values]
    assert [each.group["floor"] for each in kpi.measure(cases, kpi.volume(), by="floor")] == [
        2.5,
        3,
        "High",
        "low",
        None,
    ]


def test_an_unknown_dimension_is_refused() -> None:
    """A dimension that no incident knows is refused with near names, not told as one big group."""
    cases = [story(0, fields={"floor": 3}), story(0)]
    with pytest.raises(KpiError, match=r"by: no incident has a 'priorty' \(did you mean priority\?\)"):
        kpi.measure(cases, kpi.volume(), by="priorty")
    with pytest.raises(KpiError, match="did you mean floor"):
        kpi.measure(cases, kpi.volume(), by=("flor", "priority"))
    assert len(kpi.measure(cases, kpi.volume(), by="service")) == 1


def test_a_period_is_half_open_in_its_zone() -> None:
    """What happens at its start lies in it, what happens at its end does not; the zone says where it lies."""
    start, end = -DAY, 30 * DAY
    cases = [story(start, start), story(0, 5), story(0, end - 1), story(0, end), story(end, end)]
    late_february = story(start - 1, 0)
    found = kpi.measure([*cases, late_february], kpi.volume(), period=MARCH).one()
    assert (found.value, found.left_out, found.period) == (4, {"out_of_period": 2}, "2026-03")
    resolved = kpi.measure(cases, kpi.volume(cohort="resolved"), period=MARCH).one()
    assert (resolved.value, resolved.left_out) == (3, {"out_of_period": 2})
    berlin = Period.month(2026, 3, zone="Europe/Berlin")
    assert kpi.measure([late_february], kpi.volume(), period=berlin).one().value == 1


def test_who_has_not_come_to_the_event() -> None:
    """Without the event that places it an incident is in no period: still open, never resolved, or its own reason."""
    cases = [story(0), story(0, closed=9), story(0, cancelled=3), story(0, 5), story(0, 5, 9)]
    found = kpi.measure(cases, kpi.volume(cohort="resolved"), kpi.volume(cohort="closed"), period=MARCH)
    assert [(each.value, each.left_out) for each in found] == [
        (2, {"cancelled": 1, "missing": 1, "open": 1}),
        (2, {"cancelled": 1, "open": 2}),
    ]


def test_the_reading_places_the_incident() -> None:
    """By the first resolution an incident lies in March, by the last one in April, by closure in May."""
    far = story(0, 5, 70 * DAY, reopened=6, again=40 * DAY, reported=10)

    def period(**options: object) -> str:
        return kpi.measure([far], kpi.time_to_resolve(**options), every="month", zone="UTC").one().period  # type: ignore[arg-type]

    assert period(resolution="first") == period(resolution="reported") == "2026-03"
    assert period(resolution="last") == period(resolution="worked") == "2026-04"
    assert period(cohort="closed") == "2026-05"
    assert period(cohort="opened") == "2026-03"


def test_a_series_of_periods_has_no_holes() -> None:
    """Months without incidents are there for every group: a volume of 0, no time to resolve."""
    cases = [story(0, 1, priority=1), story(70 * DAY, 71 * DAY, priority=2)]
    found = kpi.measure(
        cases, kpi.volume(), kpi.mean_time_to_resolve(), by="priority", every="month", zone="UTC"
    )
    months = ["2026-03", "2026-03", "2026-04", "2026-04", "2026-05", "2026-05"]
    assert [each.period for each in found] == months * 2
    assert [each.value for each in found[:6]] == [1, 0, 0, 0, 0, 1]
    assert [each.value for each in found[6:]] == [hours(1), None, None, None, None, hours(DAY)]


@pytest.mark.parametrize(
    ("zone", "month"), [("UTC", "2026-03"), ("Europe/Berlin", "2026-04"), ("America/New_York", "2026-03")]
)
def test_the_zone_of_a_series(zone: str, month: str) -> None:
    """Half an hour before April in UTC it is April in Berlin and March in New York."""
    assert kpi.measure([story(30 * DAY - 0.5)], kpi.volume(), every="month", zone=zone).one().period == month


@pytest.mark.parametrize(
    ("unit", "label"), [("day", "2026-03-02"), ("week", "2026-W10"), ("quarter", "2026-Q1"), ("year", "2026")]
)
def test_every_kind_of_period(unit: object, label: str) -> None:
    """Days, weeks, quarters and years are told by their labels."""
    found = kpi.measure([story(0), story(1)], kpi.volume(), every=unit, zone="UTC").one()  # type: ignore[arg-type]
    assert (found.period, found.value) == (label, 2)


def test_a_series_within_a_period() -> None:
    """Every month of the period is there as far as as_of; what lies outside or nowhere is told apart, without value."""
    quarter = Period.quarter(2026, 1, zone="UTC")
    cases = [story(0, 5, as_of=40 * DAY), story(-10 * DAY, as_of=40 * DAY), story(35 * DAY, as_of=40 * DAY)]
    found = kpi.measure(cases, kpi.volume(), period=quarter, every="month", zone="UTC")
    assert [(each.period, each.value, each.left_out) for each in found] == [
        ("", None, {"out_of_period": 1}),
        ("2026-01", 0, {}),
        ("2026-02", 1, {}),
        ("2026-03", 1, {}),
    ]
    year = kpi.measure(cases, kpi.volume(), period=Period.year(2026, zone="UTC"), every="quarter", zone="UTC")
    assert [each.period for each in year] == ["2026-Q1", "2026-Q2"]
    empty = kpi.measure([], kpi.volume(), period=quarter, every="month", zone="UTC")
    assert [(each.period, each.value) for each in empty] == [("2026-01", 0), ("2026-02", 0), ("2026-03", 0)]
    assert len(kpi.measure([], kpi.volume(), period=quarter, every="month", zone="UTC", by="priority")) == 0


def test_incidents_in_no_period_are_told_apart() -> None:
    """In a series by resolution the open ones have a figure without value or period."""
    found = kpi.measure([story(0), story(0, 5)], kpi.volume(cohort="resolved"), every="month", zone="UTC")
    assert [(each.period, each.value, each.n, each.left_out) for each in found] == [
        ("", None, 0, {"open": 1}),
        ("2026-03", 1, 1, {}),
    ]


def test_bad_questions() -> None:
    """No KPI, KPIs in a list, a series without or with an unknown zone, an unknown kind of period."""
    with pytest.raises(KpiError, match="nothing to measure"):
        kpi.measure([])
    with pytest.raises(KpiError, match="expected a KPI, got"):
        kpi.measure([], [kpi.volume()])  # type: ignore[arg-type]
    with pytest.raises(KpiError, match="needs a zone"):
        kpi.measure([], kpi.volume(), every="month")
    with pytest.raises(CalendarError, match="Europe/Berlin"):
        kpi.measure([], kpi.volume(), every="month", zone="Europe/Berln")
    with pytest.raises(CalendarError, match="month"):
        kpi.measure([], kpi.volume(), every="mont", zone="UTC")  # type: ignore[arg-type]


def test_assessments_of_different_instants_do_not_mix() -> None:
    """What was known on two days cannot be one figure."""
    with pytest.raises(KpiError, match="assess all incidents at one as_of"):
        kpi.measure([story(0, as_of=9), story(0, as_of=10)], kpi.volume())


def test_incidents_are_drawn_once() -> None:
    """A generator will do, for any number of KPIs."""
    found = kpi.measure((story(0, hour) for hour in (1, 3)), kpi.mean_time_to_resolve(), kpi.volume())
    assert [each.value for each in found] == [hours(2), 2]


def test_where_and_one() -> None:
    """Figures are picked by attributes and by groups; one insists on exactly one."""
    cases = [story(0, 2, priority=1), story(0, 4)]
    found = kpi.measure(cases, kpi.volume(), kpi.mean_time_to_resolve(), by="priority")
    assert len(found.where(name="volume")) == 2
    assert found.one(name="volume", priority=None).value == 1
    assert len(found.where(colour=None)) == 0
    assert len(found[1:]) == 3
    assert repr(found) == "<Measures: 4 figures>"
    with pytest.raises(KpiError, match="2 figures fit"):
        found.one(priority=1)
    with pytest.raises(KpiError, match="0 figures fit"):
        found.one(priority=5)
    total = kpi.measure(cases, kpi.volume())
    assert len(total.where(priority=None)) == 0


def test_rows() -> None:
    """Rows are flat, all with the same columns: seconds, groups, a column per reason."""
    cases = [story(0, 2, priority=1), story(0, priority=2)]
    rows = kpi.measure(cases, kpi.mean_time_to_resolve(), kpi.volume(), by="priority").to_rows()
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert rows[0] == {
        "kpi": "time_to_resolve",
        "statistic": "mean",
        "reading": "to the last entry into resolved, wall clock",
        "cohort": "resolved",
        "period": None,
        "priority": 1,
        "value": 7200.0,
        "unit": "seconds",
        "n": 1,
        "left_out_open": 0,
    }
    assert rows[1]["left_out_open"] == 1
    assert [row["value"] for row in rows] == [7200.0, None, 1, 1]


def test_a_field_named_like_a_column_keeps_its_place() -> None:
    """Grouped by a field called value, the row has both, the group under by_value."""
    row = kpi.measure([story(0, fields={"value": "x"})], kpi.volume(), by="value").to_rows()[0]
    assert (row["by_value"], row["value"]) == ("x", 1)


def test_figures_survive_pickling_and_copying() -> None:
    """Measures cross process borders."""
    found = kpi.measure([story(0, 2, priority=1)], kpi.volume(), kpi.mean_time_to_resolve(), by="priority")
    assert pickle.loads(pickle.dumps(found)) == copy.deepcopy(found) == found  # noqa: S301


def test_definitions_are_values() -> None:
    """Equal options make equal definitions, which survive pickling."""
    for make in (
        kpi.volume,
        kpi.hop_count,
        kpi.reopen_rate,
        kpi.first_contact_resolution,
        kpi.sla_compliance,
    ):
        assert make() == make() == pickle.loads(pickle.dumps(make()))  # noqa: S301
    assert kpi.time_to_resolve("p90") != kpi.time_to_resolve("p95")


def test_a_case_tells_its_incident() -> None:
    """The view that definitions observe shows its number, and knows nothing before the opening."""
    seen = Case(story(5, as_of=1))
    assert repr(seen) == "<Case INC1>"
    assert (seen.opened_at, dict(seen.fields)) == (None, {})


def test_not_opened_yet_comes_first() -> None:
    """Looking from before everything, no KPI knows anything, not even what is not recorded."""
    early = story(5, 9, as_of=1)
    for each in kpi.measure([early], *ALL):
        assert (each.value, each.n, each.left_out) == (None, 0, {"not_opened": 1}), each.name
    assert one(kpi.volume(), early).left_out == {"not_opened": 1}
