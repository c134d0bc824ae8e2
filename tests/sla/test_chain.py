"""Whether what a promise rests on fits inside it: sums on one clock, the worst opening on several."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.sla.stories import ALWAYS, HOUR, MINUTE, OFFICE, at

from itilkit.calendars import Calendar, Period
from itilkit.errors import PolicyError
from itilkit.lifecycle import ITIL4_DEFAULT
from itilkit.policy import Agreement, Policy, Target
from itilkit.priority import ITIL_3X3
from itilkit.sla import ChainFinding, Goal, Link, WorkingDays, chain

MARCH = Period.month(2026, 3, zone="Europe/London")


def checked(promised: Goal, *behind: Goal, over: Period | None = None) -> ChainFinding | None:
    """What is wrong with links behind a promise for P2."""
    links = [Link(f"OLA {number}", goal) for number, goal in enumerate(behind, start=1)]
    return chain("resolution", 2, Link("SLA Gold", promised), links, over=over)


def hours(amount: float, calendar: Calendar = OFFICE) -> Goal:
    """A target in hours."""
    return Goal(timedelta(hours=amount), calendar)


def days(amount: int, calendar: Calendar = OFFICE) -> Goal:
    """A target in working days."""
    return Goal(WorkingDays(amount), calendar)


def test_a_sum_that_fits() -> None:
    """Three hours and one fit into four; nothing fits into everything; four hours fit into four."""
    assert checked(hours(4), hours(3), hours(1)) is None
    assert checked(hours(4)) is None
    assert checked(hours(4), hours(4)) is None


def test_a_sum_that_does_not_fit() -> None:
    """One minute too much is too much, and the finding says whose and by how much."""
    finding = checked(hours(4), hours(3), Goal(61 * MINUTE, OFFICE))
    assert finding is not None
    assert str(finding) == (
        "P2 resolution: OLA 1 (3h 00m) and OLA 2 (1h 01m) need 4h 01m, 1m more than SLA Gold (4h 00m) allows."
    )
    assert (finding.late_by, finding.opened_at, finding.compared) == (MINUTE, None, True)
    alone = checked(hours(4), hours(5))
    assert alone is not None
    assert alone.message == "OLA 1 (5h 00m) needs 5h 00m, 1h 00m more than SLA Gold (4h 00m) allows."


def test_equal_hours_are_one_clock() -> None:
    """Two calendars with the same hours are one clock, whatever they are called."""
    assert checked(hours(4), hours(4, OFFICE.named("another"))) is None


def test_different_clocks_without_a_period_are_not_compared() -> None:
    """Nobody can say whether 8 office hours fit into 12 round the clock without openings to ask about."""
    finding = checked(hours(12, ALWAYS), hours(8))
    assert finding is not None
    assert not finding.compared
    assert finding.late_by is None
    assert finding.message == (
        "OLA 1 (8h 00m) and SLA Gold (12h 00m) run on different clocks: give a period to compare them in."
    )


def test_the_worst_opening_is_told() -> None:
    """Opened as the office closes on a Friday, four hours round the clock are over long before it opens again."""
    finding = checked(hours(4, ALWAYS), hours(1), over=MARCH)
    assert finding is not None
    assert finding.message == (
        "opened just after Fri 2026-03-06 16:30, the worst case of 2026-03, SLA Gold (4h 00m) is due"
        " Fri 2026-03-06 20:30, but OLA 1 (1h 00m) may take until Mon 2026-03-09 09:00. The clocks differ;"
        " times are Europe/London."
    )
    assert finding.late_by is not None
    assert timedelta(0) <= 60 * HOUR + 30 * MINUTE - finding.late_by < MINUTE
    assert finding.opened_at is not None
    assert timedelta(0) < finding.opened_at - at("03-06 16:30") < MINUTE


def test_clocks_that_differ_and_fit() -> None:
    """Ten hours round the clock are over within a day: two working days are always longer."""
    assert checked(days(2), hours(10, ALWAYS), over=MARCH) is None
    assert checked(hours(8), hours(1, ALWAYS), over=MARCH) is None


def test_the_worst_opening_may_lie_just_before_an_edge() -> None:
    """Opened at the last moment of a Friday, a target that ends on the opening day leaves no time at all."""
    finding = checked(
        Goal(WorkingDays(1, first_day="opening_day"), OFFICE), Goal(2 * MINUTE, OFFICE), over=MARCH
    )
    assert finding is not None
    assert finding.message == (
        "opened just before Fri 2026-03-06 17:30, the worst case of 2026-03, SLA Gold (1 working day) is due"
        " Fri 2026-03-06 17:30, but OLA 1 (2m) may take until Mon 2026-03-09 09:02. The clocks differ; times are"
        " Europe/London."
    )


def test_working_days_add_up() -> None:
    """One working day and one more end with the second one; with a third they do not."""
    assert checked(days(2), days(1), days(1), over=MARCH) is None
    finding = checked(days(2), days(1), days(2), over=MARCH)
    assert finding is not None
    assert finding.late_by == 120 * HOUR  # from the Thursday before Easter to the Tuesday after it
    assert (
        "OLA 1 (1 working day) and OLA 2 (2 working days) may take until Tue 2026-04-07 17:30"
        in finding.message
    )


def test_what_may_never_be_done() -> None:
    """A supporting calendar that never opens keeps no promise; a promise that is never due is never broken."""
    never = hours(1, Calendar.never("Europe/London"))
    finding = checked(hours(4), never, hours(1), over=MARCH)
    assert finding is not None
    assert finding.late_by is None
    assert finding.message.endswith("may never be done. The clocks differ; times are Europe/London.")
    assert checked(never, hours(4), over=MARCH) is None


def test_an_empty_period_is_refused() -> None:
    """A period without an instant has no opening."""
    empty = Period(at("03-06 09:00"), at("03-06 09:00"), label="none", zone="Europe/London")
    with pytest.raises(PolicyError, match="over: none holds no instant"):
        checked(hours(4), hours(1), over=empty)


NIGHT = Calendar({"mon-thu": "22:00-06:00", "sat": "10:00-14:00"}, zone="America/New_York")
LUNCH = Calendar(
    {"mon-fri": ["09:00-12:30", "13:30-18:00"]}, zone="Europe/Berlin", closed={"2026-03-11": "works"}
)
WEEK = Period(datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 13, tzinfo=UTC), label="a week", zone="UTC")
goals = st.builds(
    Goal,
    st.one_of(
        st.integers(0, 900).map(lambda minutes: timedelta(minutes=minutes)),
        st.builds(
            WorkingDays,
            st.integers(1, 3),
            first_day=st.sampled_from(("next", "opening_day")),
            cutoff=st.sampled_from((None, time(8), time(16, 20))),
        ),
    ),
    st.sampled_from((OFFICE, LUNCH, NIGHT, ALWAYS)),
    grace_out_of_hours=st.sampled_from((timedelta(0), 20 * MINUTE)),
)


def due(goal: Goal, start: datetime) -> datetime:
    """When a goal that starts then is due, asked of the calendar itself."""
    if isinstance(goal.target, WorkingDays):
        return goal.calendar.end_of_working_day(
            start, goal.target.days, first_day=goal.target.first_day, cutoff=goal.target.cutoff
        )
    grace = timedelta(0) if goal.calendar.is_open(start) else goal.grace_out_of_hours
    amount = goal.target + grace
    return goal.calendar.add(start, amount) if amount else start


@example(Goal(WorkingDays(1, first_day="opening_day"), OFFICE), [Goal(2 * MINUTE, OFFICE)])
@settings(max_examples=15, deadline=None)
@given(goals, st.lists(goals, min_size=1, max_size=2))
def test_no_opening_is_worse_than_the_one_that_is_told(promised: Goal, behind: list[Goal]) -> None:
    """Every minute of a week, and the instants beside it, are asked about: none ends later after its due time."""
    worst = timedelta(0)
    for minute in range(8 * 1440):
        for beside in (-1, 0, 1):
            start = WEEK.start + minute * MINUTE + timedelta(microseconds=beside)
            if start < WEEK.start:
                continue
            done = start
            for goal in behind:
                done = due(goal, done)
            worst = max(worst, done - due(promised, start))
    finding = checked(promised, *behind, over=WEEK)
    plain = len({goal.calendar for goal in (promised, *behind)}) == 1 and not any(
        isinstance(goal.target, WorkingDays) or goal.grace_out_of_hours for goal in (promised, *behind)
    )
    if plain:
        assert (finding is not None) == (worst > timedelta(0))
    else:
        assert worst == (timedelta(0) if finding is None else finding.late_by)


def agreement(name: str, kind: str, calendar: Calendar = OFFICE, **targets: timedelta | None) -> Agreement:
    """An agreement for P3."""
    return Agreement(name, [Target(3, targets)], calendar=calendar, kind=kind)  # type: ignore[arg-type]


def policy(*agreements: Agreement) -> Policy:
    """A policy with these."""
    return Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=agreements)


def test_a_policy_checks_every_target_and_priority() -> None:
    """By target name and priority; the first agreement of each kind holds; what nobody supports is left alone."""
    gold = agreement("Gold", "SLA", response=HOUR, resolution=4 * HOUR, closure=None)
    network = agreement("Network", "OLA", response=2 * HOUR, resolution=3 * HOUR, closure=HOUR)
    telco = agreement("Telco", "UC", resolution=2 * HOUR, workaround=HOUR)
    unused = agreement("Other", "UC", resolution=99 * HOUR)
    assert list(map(str, policy(gold, network, telco, unused).chain())) == [
        "P3 response: OLA Network (2h 00m) needs 2h 00m, 1h 00m more than SLA Gold (1h 00m) allows.",
        "P3 resolution: OLA Network (3h 00m) and UC Telco (2h 00m) need 5h 00m, 1h 00m more than SLA Gold (4h 00m)"
        " allows.",
    ]
    assert policy(gold).chain() == policy(network, telco).chain() == policy().chain() == ()


def test_a_policy_compares_different_clocks_in_a_period() -> None:
    """Without a period it says that it did not; with one it says which opening is the worst."""
    gold = agreement("Gold", "SLA", resolution=4 * HOUR)
    telco = agreement("Telco", "UC", calendar=ALWAYS, resolution=6 * HOUR)
    (unknown,) = policy(gold, telco).chain()
    assert not unknown.compared
    (known,) = policy(gold, telco).chain(over=MARCH)
    assert known.late_by == 2 * HOUR
    assert known.opened_at == at("03-02 09:00")
