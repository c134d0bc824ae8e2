"""Time to resolve and to acknowledge: readings, clocks, statistics, and what is left out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from itilkit import kpi
from itilkit.calendars import Calendar
from itilkit.errors import KpiError
from itilkit.events import (
    Acknowledged,
    Assigned,
    Cancelled,
    Closed,
    Fields,
    Linked,
    Logged,
    Replied,
    Resolved,
)
from itilkit.kpi import Resolution
from itilkit.records import Source
from itilkit.sla import Assessment

from .histories import at, case, hours, one, story

REOPENED = story(0, 10, reopened=30, again=34, reported=34)


@pytest.mark.parametrize(
    ("resolution", "expected"), [("last", 34), ("first", 10), ("worked", 14), ("reported", 34)]
)
def test_the_readings_of_a_reopened_incident(resolution: Resolution, expected: int) -> None:
    """Resolved at 10, reopened at 30, resolved at 34: last 34, first 10, worked 14 (KPI definitions, section 10)."""
    assert one(kpi.mean_time_to_resolve(resolution=resolution), REOPENED).value == hours(expected)


def test_every_reading_is_named() -> None:
    """The result says to which resolution and on which clock."""
    office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC", name="office")
    assert [
        one(definition, REOPENED).reading
        for definition in (
            kpi.time_to_resolve(),
            kpi.time_to_resolve(resolution="first", clock=office),
            kpi.time_to_resolve(resolution="worked", clock=Calendar.round_the_clock("UTC").named("")),
            kpi.time_to_resolve(resolution="reported", end="resolved_or_closed", negative="clip"),
            kpi.time_to_resolve(negative="keep"),
        )
    ] == [
        "to the last entry into resolved, wall clock",
        "to the first entry into resolved, open time of office",
        "open intervals only, time resolved left out, open time",
        "to the tool's own resolved_at column, else to closure, wall clock, negative ones clipped to zero",
        "to the last entry into resolved, wall clock, negative ones kept",
    ]


def test_percentiles_of_one_to_four() -> None:
    """1, 2, 3, 4: median 2.5, p90 3.7, p95 3.85 (KPI definitions, section 10)."""
    cases = [story(0, spent) for spent in (4, 1, 3, 2)]
    found = kpi.measure(cases, kpi.time_to_resolve("median", "p90", "p95", min_n=1))
    assert [each.value for each in found] == [hours(2.5), hours(3.7), hours(3.85)]
    assert [each.n for each in found] == [4, 4, 4]


def test_small_n_tells_no_high_percentile() -> None:
    """Below min_n, 5 unless said otherwise, a percentile above the median is None; the median stands."""
    cases = [story(0, spent) for spent in (1, 2, 3, 4)]
    found = kpi.measure(cases, kpi.time_to_resolve("mean", "p25", "median", "p75", "p90"))
    assert [each.value for each in found] == [hours(2.5), hours(1.75), hours(2.5), None, None]
    assert kpi.measure([*cases, story(0, 5)], kpi.time_to_resolve("p75")).one().value == hours(4)


def test_the_median_is_the_default() -> None:
    """Without a statistic the median is told."""
    assert one(kpi.time_to_resolve(), story(0, 3)).statistic == "median"


def test_one_incident_is_its_own_figure() -> None:
    """Of one element mean, median and, if allowed, every percentile are that element."""
    found = kpi.measure([story(0, 3)], kpi.time_to_resolve("mean", "median", "p1", "p99", min_n=1))
    assert [each.value for each in found] == [hours(3)] * 4


def test_zero_is_valid() -> None:
    """Resolved in the minute in which they were opened, incidents count with zero."""
    assert one(kpi.mean_time_to_resolve(), story(5, 5), story(6, 6)).value == timedelta(0)


def test_microseconds_are_kept() -> None:
    """Durations are added as whole microseconds, not as fractions of a second."""
    tick = timedelta(microseconds=1)
    cases = [case(Logged(at(0)), Resolved(at(0) + count * tick)) for count in (1, 2, 6)]
    assert one(kpi.mean_time_to_resolve(), *cases).value == 3 * tick


@pytest.mark.parametrize(
    ("left", "reason"),
    [
        (story(0), "open"),
        (story(0, 5, reopened=6), "open"),
        (story(0, closed=5), "missing"),
        (story(10, 5), "negative"),
        (story(0, cancelled=2), "cancelled"),
        (case(Logged(at(0)), Cancelled(at(1), duplicate_of="INC9")), "duplicate"),
        (case(Logged(at(0)), Linked(at(1), kind="duplicate_of", to="INC9"), Resolved(at(2))), "duplicate"),
        (story(20, 30, as_of=10), "not_opened"),
        (story(0, 30, as_of=10), "open"),
    ],
    ids=[
        "open",
        "open again",
        "closed unresolved",
        "end first",
        "cancelled",
        "duplicate",
        "linked",
        "early",
        "later",
    ],
)
def test_what_is_left_out_of_time_to_resolve(left: Assessment, reason: str) -> None:
    """An incident without a time to resolve is counted under the reason, beside one that has it."""
    since_monday = (left.timeline.as_of - at(0)) / hours(1)
    found = one(kpi.mean_time_to_resolve(), story(0, 4, as_of=since_monday), left)
    assert (found.value, found.n, found.left_out) == (hours(4), 1, {reason: 1})
    alone = one(kpi.mean_time_to_resolve(), left)
    assert (alone.value, alone.n, alone.left_out) == (None, 0, {reason: 1})


def test_an_open_incident_keeps_its_first_resolution() -> None:
    """Reopened and still open: nothing by the last resolution, the first one by the first."""
    back = story(0, 5, reopened=6)
    assert one(kpi.mean_time_to_resolve(resolution="first"), back).value == hours(5)
    assert one(kpi.mean_time_to_resolve(resolution="worked"), back).left_out == {"open": 1}


@pytest.mark.parametrize(
    ("told", "reason"),
    [(story(0, 4, reported=9, as_of=6), "missing"), (story(0, 4), "missing"), (story(0), "open")],
)
def test_the_reported_column(told: Assessment, reason: str) -> None:
    """A column that lies in the future or is empty is missing, once the incident no longer is open."""
    assert one(kpi.mean_time_to_resolve(resolution="reported"), told).left_out == {reason: 1}


def test_closure_stands_in_where_asked_for() -> None:
    """With end="resolved_or_closed" a closed incident without resolution counts to its closure."""
    cases = [story(0, 4, 9), story(0, closed=8)]
    assert one(kpi.time_to_resolve("mean", end="resolved_or_closed"), *cases).value == hours(6)
    assert one(kpi.mean_time_to_resolve(), *cases).value == hours(4)
    worked = one(kpi.time_to_resolve("mean", resolution="worked", end="resolved_or_closed"), *cases)
    assert worked.value == hours(6)


@pytest.mark.parametrize(("negative", "expected"), [("clip", 2), ("keep", -0.5), ("leave_out", 4)])
def test_an_end_before_its_start(negative: kpi.Negative, expected: float) -> None:
    """It is left out, clipped to zero or kept, as asked for."""
    found = one(kpi.time_to_resolve("mean", negative=negative), story(0, 4), story(10, 5))
    assert found.value == hours(expected)


def test_an_end_before_its_start_may_raise() -> None:
    """With negative="raise" the first such incident ends the measurement."""
    with pytest.raises(KpiError, match="ends before it starts"):
        one(kpi.time_to_resolve(negative="raise"), story(10, 5))


def test_the_open_time_of_a_calendar() -> None:
    """On office hours the night does not count: Monday 16:00 to Tuesday 10:00 are 2 hours of 9 to 17."""
    office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
    overnight = story(16, 34)
    assert one(kpi.mean_time_to_resolve(clock=office), overnight).value == hours(2)
    assert one(kpi.mean_time_to_resolve(), overnight).value == hours(18)
    twice = story(16, 17, reopened=26, again=34)
    assert one(kpi.mean_time_to_resolve(clock=office, resolution="worked"), twice).value == hours(2)


def test_time_to_acknowledge() -> None:
    """The first acknowledgement or public reply counts, a later one does not."""
    acknowledged = case(Logged(at(0)), Acknowledged(at(2), "ann"), Acknowledged(at(5), "ann"))
    replied = case(Logged(at(0)), Replied(at(4), "ann"), Acknowledged(at(5), "ann"))
    assert one(kpi.mean_time_to_acknowledge(), acknowledged, replied).value == hours(3)
    assert one(kpi.time_to_acknowledge(), acknowledged).statistic == "median"


def test_what_is_left_out_of_time_to_acknowledge() -> None:
    """Nobody took notice: open, or missing once it is over; cancelled ones are out."""
    found = one(kpi.mean_time_to_acknowledge(), story(0), story(0, 5), story(0, cancelled=1), story(9))
    assert (found.value, found.n) == (None, 0)
    assert found.left_out == {"cancelled": 1, "missing": 1, "open": 2}


def test_what_a_source_does_not_record() -> None:
    """On a source without acknowledgements the figure is not recorded: None, n 0, never zero."""
    silent = Source("export", lacks={"acknowledged"})
    found = one(kpi.mean_time_to_acknowledge(), story(0, 5, source=silent), story(0, source=silent))
    assert (found.value, found.n, found.recorded, found.left_out) == (None, 0, False, {"not_recorded": 2})


def test_a_stand_in_is_part_of_the_reading() -> None:
    """What a source took for an acknowledgement is named, once each; other KPIs do not name it."""
    sources = [
        Source("a", stand_ins=Fields({"acknowledged": "first assignee"})),
        Source("b", stand_ins=Fields({"acknowledged": "first move"})),
        Source("c", stand_ins=Fields({"acknowledged": "first assignee"})),
    ]
    cases = [story(0, 5, acknowledged=1, source=source) for source in sources]
    acknowledge, resolve = kpi.measure(cases, kpi.mean_time_to_acknowledge(), kpi.mean_time_to_resolve())
    assert acknowledge.reading == "to the first acknowledgement, wall clock; first assignee; first move"
    assert resolve.reading == "to the last entry into resolved, wall clock"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"resolution": "lst"}, "resolution: 'lst' is no resolution (did you mean last?)"),
        ({"cohort": "open"}, "cohort: 'open' is no cohort (did you mean opened?)"),
        ({"clock": "business"}, 'clock: \'business\' is no clock ("wall", "agreement", or a Calendar)'),
        ({"clock": 5}, 'clock: 5 is no clock ("wall", "agreement", or a Calendar)'),
        ({"end": "closed"}, "end: 'closed' is no end (known: resolved, resolved_or_closed)"),
        ({"negative": "drop"}, "negative: 'drop' is no negative (known: clip, keep, leave_out, raise)"),
    ],
)
def test_an_unknown_option_is_refused(options: dict[str, str], message: str) -> None:
    """A word that an option does not know is refused with the words that it does."""
    with pytest.raises(KpiError) as caught:
        kpi.time_to_resolve(**options)  # type: ignore[arg-type]
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["average", "p0", "p100", "p9.5", "", "P90", ("mean", "median")])
def test_an_unknown_statistic_is_refused(name: object) -> None:
    """Only mean, median and p1 to p99 are statistics."""
    with pytest.raises(
        KpiError, match="known: n, mean, geometric_mean, trimmed_mean, median, percentiles such as p90"
    ):
        kpi.time_to_resolve(name)  # type: ignore[arg-type]


def test_assignment_alone_is_no_acknowledgement() -> None:
    """Nothing stands in for an acknowledgement unless the source says so."""
    assigned = case(Logged(at(0)), Assigned(at(1), group="desk"), Closed(at(2)))
    assert one(kpi.mean_time_to_acknowledge(), assigned).left_out == {"missing": 1}
