"""First assignment, hops, reopening, compliance and first contact."""

from __future__ import annotations

from datetime import timedelta

import pytest

from itilkit import kpi
from itilkit.calendars import Calendar
from itilkit.errors import KpiError
from itilkit.events import (
    Assigned,
    Cancelled,
    Event,
    Fields,
    Logged,
    PrioritySet,
    Reopened,
    RequesterWrote,
    Resolved,
)
from itilkit.lifecycle import ITIL4_DEFAULT
from itilkit.policy import Agreement, Policy, Target
from itilkit.priority import ITIL_3X3
from itilkit.records import Incident, Source
from itilkit.sla import Assessment, WhenReopened
from itilkit.vocabulary import Channel

from .histories import at, case, hours, one, story

ROUND = Calendar.round_the_clock("UTC")


def _judged(
    *events: Event,
    as_of: float = 10,
    priority: int = 1,
    reopened: WhenReopened = "continue",
    **targets: float | None,
) -> Assessment:
    """Under an agreement of 4 hours to resolve priority 1, round the clock."""
    promises = {
        name: None if count is None else hours(count)
        for name, count in (targets or {"resolution": 4}).items()
    }
    agreement = Agreement("Gold", [Target(1, promises)], calendar=ROUND, when_reopened=reopened)
    policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[agreement])
    first, *rest = events
    history = [first, PrioritySet(first.at, priority=priority), *rest]
    return policy.assess(Incident("INC1", history), as_of=at(as_of), strict=False)


MET = [_judged(Logged(at(0)), Resolved(at(2)))] * 6
BREACHED = [_judged(Logged(at(0)), Resolved(at(6)))] * 2
OVERDUE = [_judged(Logged(at(0)))]
IN_TIME = [_judged(Logged(at(8)))] * 3
CANCELLED = [_judged(Logged(at(0)), Cancelled(at(1), reason="none"))]


def test_compliance_counts_an_overdue_clock_as_breached() -> None:
    """6 met, 2 breached, 1 open overdue, 3 in time, 1 cancelled: 6/9, 3 pending (KPI definitions, section 10)."""
    found = one(kpi.sla_compliance(), *MET, *BREACHED, *OVERDUE, *IN_TIME, *CANCELLED)
    assert (found.value, found.n, found.unit) == (6 / 9, 9, "ratio")
    assert found.left_out == {"cancelled": 1, "pending": 3}
    assert found.parts == {"counted": 6}


def test_a_target_met_to_the_second_is_met() -> None:
    """Spent equal to the target is in time, also while the clock still runs."""
    exactly = _judged(Logged(at(0)), Resolved(at(4)))
    assert one(kpi.sla_compliance(), exactly).value == 1


def test_no_promise_is_left_out() -> None:
    """No agreement, no target for the priority, and a target stated to be none: out of the base, counted."""
    without = story(0, 5, as_of=10)
    other_priority = _judged(Logged(at(0)), Resolved(at(9)), priority=3)
    stated = _judged(Logged(at(0)), Resolved(at(9)), resolution=None)
    found = one(kpi.sla_compliance(), without, other_priority, stated)
    assert (found.value, found.left_out) == (None, {"no_agreement": 3})


def test_a_restart_hides_no_breach() -> None:
    """Breached, reopened with a new clock and met: the incident stays breached."""
    events = (Logged(at(0)), Resolved(at(6)), Reopened(at(7)), Resolved(at(8)))
    restarted = _judged(*events, reopened="restart")
    assert restarted.readings["resolution"].outcome == "met"
    assert one(kpi.sla_compliance(), restarted).value == 0
    assert one(kpi.sla_breach_rate(), restarted).value == 1


@pytest.mark.parametrize("target", ["resoluton", "SLA.resolution", "OLA.fix", ""])
def test_an_unknown_target_is_refused(target: str) -> None:
    """A target that no clock has is refused, not counted as unpromised."""
    for make in (kpi.sla_compliance, kpi.sla_breach_rate):
        with pytest.raises(KpiError, match="is no target"):
            make(target=target)


def test_targets_of_other_agreements() -> None:
    """Readings of operational agreements are asked for by their prefix; without one nothing is promised."""
    assert one(kpi.sla_compliance(target="OLA.resolution"), *MET).left_out == {"no_agreement": 6}


def test_a_target_on_a_fact_that_is_not_recorded() -> None:
    """A response target on a source without replies is not recorded, whatever else happened."""
    silent = Source("export", lacks={"agent_reply"})
    agreement = Agreement("Gold", [Target(1, {"response": hours(1)})], calendar=ROUND)
    policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[agreement])
    incident = Incident("INC1", [Logged(at(0)), PrioritySet(at(0), priority=1)], source=silent)
    found = one(kpi.sla_compliance(target="response"), policy.assess(incident, as_of=at(9)))
    assert (found.value, found.n, found.recorded) == (None, 0, False)


def test_compliance_names_a_stand_in() -> None:
    """A clock on acknowledgements that something stands in for says so; one on resolution does not."""
    source = Source("export", stand_ins=Fields({"acknowledged": "first assignee"}))
    agreement = Agreement(
        "Gold", [Target(1, {"acknowledge": hours(1), "resolution": hours(4)})], calendar=ROUND
    )
    policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[agreement])
    incident = Incident("INC1", [Logged(at(0)), PrioritySet(at(0), priority=1)], source=source)
    judged = [policy.assess(incident, as_of=at(9))]
    found = kpi.measure(judged, kpi.sla_compliance(target="acknowledge"), kpi.sla_compliance())
    assert [each.reading for each in found] == ["acknowledge; first assignee", "resolution"]


@pytest.mark.parametrize(
    ("groups", "hops", "first"),
    [
        (["a"], 0, 1),
        (["a", "a"], 0, 1),
        (["a", "b"], 1, 0),
        (["a", "b", "a"], 2, 0),
        (["a", None, "a"], 0, 1),
        (["a", None, "b"], 1, 0),
    ],
)
def test_hops(groups: list[str | None], hops: int, first: int) -> None:
    """The first group is no change; a spell without a group is none; a return is one."""
    moved = story(0, 5, groups=groups)
    assert one(kpi.hop_count(), moved).value == hops
    assert one(kpi.first_assignment_rate(), moved).value == first


def test_no_group_is_not_no_hop() -> None:
    """An incident that no group ever had is missing, not zero."""
    for make in (kpi.hop_count, kpi.first_assignment_rate):
        found = one(make(), story(0, 5))
        assert (found.value, found.left_out) == (None, {"missing": 1})


def test_the_tools_own_counters() -> None:
    """By counter the tool's figures stand; where there is no counter they are not recorded."""
    counted = story(0, 5, fields={"reassignment_count": 3, "reopen_count": 2})
    first = story(0, 5, fields={"reassignment_count": 0, "reopen_count": 0})
    text = story(0, 5, fields={"reassignment_count": "3"})
    found = one(kpi.hop_count(source="counter"), counted, first, text, story(0, 5))
    assert (found.value, found.n, found.left_out) == (1.5, 2, {"not_recorded": 2})
    assert one(kpi.first_assignment_rate(source="counter"), counted, first).value == 0.5
    assert one(kpi.reopen_rate(source="counter"), counted, first).value == 0.5
    assert one(kpi.reopens_per_incident(source="counter"), counted, first).value == 1
    assert one(kpi.hop_count(source="counter"), first).reading == "by the tool's counter"


def test_first_assignment_rests_on_resolved_incidents() -> None:
    """Open, never resolved, and cancelled incidents are left out by reason."""
    found = one(
        kpi.first_assignment_rate(),
        story(0, 5, groups=["a"]),
        story(0, groups=["a"]),
        story(0, closed=5, groups=["a"]),
        story(0, cancelled=1, groups=["a"]),
    )
    assert (found.value, found.n) == (1, 1)
    assert found.left_out == {"cancelled": 1, "missing": 1, "open": 1}


def test_reopening_counts_once_and_each() -> None:
    """Twice reopened counts once in the rate and twice per incident; open again still counts."""
    twice = case(
        Logged(at(0)), Resolved(at(1)), Reopened(at(2)), Resolved(at(3)), Reopened(at(4)), Resolved(at(5))
    )
    again = story(0, 5, reopened=6)
    cases = [twice, again, story(0, 5), story(0, 5), story(0), story(0, closed=4), story(0, cancelled=1)]
    rate, each = kpi.measure(cases, kpi.reopen_rate(), kpi.reopens_per_incident())
    assert (rate.value, rate.n, each.value, each.n) == (2 / 4, 4, 3 / 4, 4)
    assert rate.left_out == each.left_out == {"cancelled": 1, "missing": 1, "open": 1}


def test_a_reopened_incident_is_placed_by_its_first_resolution() -> None:
    """Resolved in March and open again: it is among March's reopened ones, not lost as open."""
    back = story(0, 5, reopened=6)
    found = kpi.measure([back, story(0, 5)], kpi.reopen_rate(), every="month", zone="UTC").one()
    assert (found.period, found.value, found.n) == ("2026-03", 0.5, 2)


def _phoned(
    *events: Event, as_of: float = 24 * 30, resolved: float = 1, source: Source | None = None
) -> Assessment:
    return case(
        Logged(at(0), channel=Channel.PHONE), Resolved(at(resolved)), *events, as_of=as_of, source=source
    )


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ((), 1),
        ((RequesterWrote(at(5)),), 0),
        ((RequesterWrote(at(24 * 9)),), 1),
        ((Reopened(at(5)), Resolved(at(6))), 0),
        ((Reopened(at(5)),), 0),
        ((Reopened(at(24 * 9)), Resolved(at(24 * 9))), 1),
        ((Assigned(at(2), group="a"), Assigned(at(3), group="b")), 0),
        ((Assigned(at(2), group="a"),), 1),
    ],
    ids=["alone", "wrote", "wrote late", "reopened", "open again", "reopened late", "moved", "first group"],
)
def test_first_contact(later: tuple[Event, ...], expected: int) -> None:
    """One live contact: no move, and neither message nor reopening until the quiet time has passed."""
    assert one(kpi.first_contact_resolution(), _phoned(*later)).value == expected


def test_what_is_left_out_of_first_contact() -> None:
    """Other channels, young resolutions, open and cancelled ones and silent sources are left out by reason."""
    silent = Source("export", lacks={"requester_message"})
    found = one(
        kpi.first_contact_resolution(),
        _phoned(as_of=24),
        story(0, 5, channel=Channel.EMAIL, as_of=24),
        story(0, channel=Channel.PHONE, as_of=24),
        story(0, cancelled=3, channel=Channel.PHONE, as_of=24),
        _phoned(as_of=24, source=silent),
    )
    assert (found.value, found.n) == (None, 0)
    assert found.left_out == {"cancelled": 1, "not_eligible": 1, "not_recorded": 1, "open": 1, "pending": 1}


def test_the_quiet_time_is_named() -> None:
    """The reading tells the quiet time, in days where it is whole days."""
    for quiet, told in ((timedelta(days=7), "7 days"), (timedelta(hours=36), "1 day, 12:00:00")):
        assert kpi.first_contact_resolution(quiet=quiet).reading == f"live channels, quiet for {told}"
    with pytest.raises(KpiError, match="quiet"):
        kpi.first_contact_resolution(quiet=timedelta(days=-1))


@pytest.mark.parametrize(
    "make", [kpi.hop_count, kpi.first_assignment_rate, kpi.reopen_rate, kpi.reopens_per_incident]
)
def test_an_unknown_source_is_refused(make: object) -> None:
    """A count is taken by history or by counter."""
    assert callable(make)
    with pytest.raises(KpiError, match="is no source"):
        make(source="histry")
    with pytest.raises(KpiError, match="is no cohort"):
        make(cohort="created")
