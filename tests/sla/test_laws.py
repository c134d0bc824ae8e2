"""What holds for every clock, whatever the incident."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.sla.draws import HOURS, STARTS, Draw, calendar_of, draws
from tests.sla.plain import Happening

from itilkit.calendars import Calendar
from itilkit.events import Event, Held, Logged, Person, PrioritySet, Resumed
from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.records import Incident
from itilkit.sla import RESOLUTION, Goal, Reading, Term, measure
from itilkit.sla.ledger import spells

ZERO = timedelta(0)
CALENDARS = [calendar_of(hours) for hours in HOURS]


def reading_of(
    draw: Draw, events: Sequence[Event] | None = None, *, as_of: datetime | None = None
) -> Reading:
    """What the clock says of a drawn incident, or of other events under its policy."""
    incident = Incident("INC1", draw.events() if events is None else events)
    timeline = replay(incident, ITIL4_DEFAULT, as_of=as_of or draw.as_of, strict=False)
    goals = draw.goals()
    terms = [Term(each, None if each is None else goals[each]) for each in timeline.priorities]
    marks: dict[str, float | timedelta] = {"half": 0.5, "an hour before": timedelta(hours=-1)}
    return measure(timeline, draw.rule(), terms or [Term(None, None)], thresholds=marks)


def figures(reading: Reading) -> tuple[object, ...]:
    """All that a reading says in figures."""
    return (
        reading.state,
        reading.outcome,
        reading.due_at,
        reading.projected_due_at,
        reading.breached_at,
        reading.elapsed,
        reading.paused_for,
        reading.excluded,
        reading.remaining,
        tuple(reading.thresholds.items()),
        len(reading.cycles),
    )


def in_minutes(start: datetime, minute: int) -> datetime:
    """An instant so many minutes after a start."""
    return start + timedelta(minutes=minute)


@given(
    st.sampled_from(CALENDARS),
    st.sampled_from(STARTS),
    st.integers(0, 3000),
    st.integers(0, 3000),
    st.integers(1, 2000),
)
def test_a_pause_moves_the_due_time_by_its_open_time(
    calendar: Calendar, start: datetime, before: int, long: int, target: int
) -> None:
    """A pause of p open seconds before the due time moves it by exactly p open seconds."""
    goal = Goal(timedelta(minutes=target), calendar)
    held, resumed = in_minutes(start, before), in_minutes(start, before + long)
    opening: list[Event] = [Logged(start), PrioritySet(start, priority=1)]
    plain = due_of(opening, resumed, goal)
    assume(plain > held)
    paused = due_of([*opening, Held(held), Resumed(resumed)], resumed, goal)
    assert calendar.elapsed(plain, paused) == calendar.elapsed(held, resumed)


@given(
    st.sampled_from(CALENDARS),
    st.sampled_from(CALENDARS),
    st.sampled_from(STARTS),
    st.tuples(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 2000)),
)
def test_more_open_time_never_delays_the_due_time(
    calendar: Calendar, more: Calendar, start: datetime, minutes: tuple[int, int, int]
) -> None:
    """A target on longer hours is due at the same time or sooner, also with a pause in between."""
    before, long, target = minutes
    held, resumed = in_minutes(start, before), in_minutes(start, before + long)
    story: list[Event] = [Logged(start), Held(held), Resumed(resumed)]
    amount = timedelta(minutes=target)
    assert due_of(story, resumed, Goal(amount, calendar | more)) <= due_of(
        story, resumed, Goal(amount, calendar)
    )


def due_of(events: Sequence[Event], as_of: datetime, goal: Goal) -> datetime:
    """When the resolution is due."""
    timeline = replay(Incident("INC1", events), ITIL4_DEFAULT, as_of=as_of, strict=False)
    due = measure(timeline, RESOLUTION, [Term(1, goal)] * len(events)).due_at
    assert due is not None
    return due


@given(draws("resolution"), st.integers(1, 600))
def test_splitting_a_pause_changes_nothing(draw: Draw, after: int) -> None:
    """A pause that ends and begins again at one instant is the pause it was."""
    events = draw.events()
    split: list[Event] = []
    for event, following in zip(events, [*events[1:], None], strict=True):
        split.append(event)
        until = following.at if following else draw.as_of
        cut = event.at + timedelta(minutes=after)
        if isinstance(event, Held) and cut < until:
            split += [Resumed(cut), Held(cut)]
    assert figures(reading_of(draw)) == figures(reading_of(draw, split))


@given(draws(), st.sampled_from(("Asia/Kolkata", "America/New_York", "Europe/Berlin")))
def test_the_zone_of_the_input_never_matters(draw: Draw, zone: str) -> None:
    """The same instants written in another zone give an equal reading."""
    elsewhere = [attrs.evolve(each, at=each.at.astimezone(ZoneInfo(zone))) for each in draw.events()]
    moved = reading_of(draw, elsewhere, as_of=draw.as_of.astimezone(ZoneInfo(zone)))
    assert moved == reading_of(draw)
    assert moved.explain() == reading_of(draw).explain()


@given(draws())
def test_the_ledger_sums_to_the_figures(draw: Draw) -> None:
    """What counted sums to elapsed, the pauses to paused, the exclusions to excluded; in spells as in runs."""
    for cycle in reading_of(draw).cycles:
        if cycle.goal is None:
            assert cycle.ledger == ()
            continue
        pieces = [piece for entry in cycle.ledger for piece in spells(entry, cycle.goal.calendar)]
        for entries in (list(cycle.ledger), pieces):
            sums = {
                kind: sum((entry.open_time for entry in entries if entry.kind == kind), ZERO)
                for kind in ("counted", "paused", "excluded", "closed")
            }
            assert sums["counted"] == cycle.elapsed
            assert sums["paused"] == cycle.paused_for
            assert sums["excluded"] == cycle.excluded
            assert sums["closed"] == ZERO
            assert all(entry.end == later.start for entry, later in pairwise(entries))
            if entries:
                assert entries[0].start == cycle.started_at
                assert entries[-1].total == cycle.elapsed


@given(draws())
def test_a_reading_depends_only_on_what_is_known(draw: Draw) -> None:
    """Events later than as_of change nothing, not even by being there."""
    known = [event for event in draw.events() if event.at <= draw.as_of]
    assert reading_of(draw, known) == reading_of(draw)


@given(draws())
def test_a_restart_hides_no_earlier_breach(draw: Draw) -> None:
    """Once a finished cycle is breached it stays so, and the reading says it."""
    reading = reading_of(draw)
    earlier = [cycle for cycle in reading.cycles[:-1] if cycle.breached]
    assert reading.ever_breached == (bool(earlier) or reading.breached)
    later = reading_of(draw, [*draw.events(), PrioritySet(draw.as_of, priority=1)])
    assert [cycle.breached for cycle in later.cycles[: len(reading.cycles) - 1]] == [
        cycle.breached for cycle in reading.cycles[:-1]
    ]


@given(draws(), st.integers(0, 5000))
def test_the_due_time_of_a_running_clock_waits_for_an_event(draw: Draw, later: int) -> None:
    """Time alone does not move the due time of a running clock: a host may store it and sort by it."""
    reading = reading_of(draw)
    assume(reading.state == "running")
    known = [event for event in draw.events() if event.at <= draw.as_of]
    after = reading_of(draw, known, as_of=in_minutes(draw.as_of, later))
    assert after.due_at == reading.due_at


@given(draws())
def test_when_agrees_with_the_ledger_and_the_due_time(draw: Draw) -> None:
    """The instant by which the target is spent is due, and the elapsed time is spent by as_of."""
    reading = reading_of(draw)
    assume(reading.target is not None)
    assert reading.target is not None
    if reading.state in ("running", "paused") and reading.started_at is not None:
        assert reading.when(reading.target) == reading.due_at
        spent = reading.when(reading.elapsed)
        assert spent is not None
        assert spent <= reading.as_of


@given(draws())
def test_a_reading_survives_pickling(draw: Draw) -> None:
    """A copy that went to another process says the same."""
    reading = reading_of(draw)
    copy = pickle.loads(pickle.dumps(reading))  # noqa: S301  # our own bytes
    assert copy == reading
    assert copy.explain() == reading.explain()


@given(draws())
def test_every_reading_explains_itself(draw: Draw) -> None:
    """The text never fails, and begins with the target and the outcome."""
    reading = reading_of(draw)
    assert reading.explain().startswith(f"{reading.name.replace('_', ' ')}: {reading.outcome}")
    assert repr(reading).startswith(f"<Reading {reading.name}: {reading.outcome}, {reading.state}")


@given(draws("resolution"))
def test_a_priority_set_again_is_no_change(draw: Draw) -> None:
    """Setting the priority that holds changes no figure."""
    happenings: list[Happening] = []
    priority = draw.happenings[0].value
    for each in draw.happenings:
        if each.kind == "priority":
            priority = each.value
        happenings.append(each)
        if each.kind != "cancel":
            happenings.append(Happening(each.minute, "priority", priority))
    again = attrs.evolve(draw, happenings=tuple(happenings))
    assert figures(reading_of(again)) == figures(reading_of(draw))


@given(draws(), st.integers(1, 3))
def test_a_changed_priority_never_pushes_a_tightening_clock_back(draw: Draw, priority: int) -> None:
    """With only tighten, one more change of priority leaves the due time where it is or brings it forward."""
    only = attrs.evolve(draw, policy=attrs.evolve(draw.policy, priority_change="tighten"))
    known = [event for event in only.events() if event.at <= only.as_of]
    before = reading_of(only, known)
    after = reading_of(only, [*known, PrioritySet(only.as_of, priority=priority)])
    assume(before.due_at is not None)
    assert before.due_at is not None
    assert after.due_at is not None
    assert after.due_at <= before.due_at


def test_an_equal_reading_has_an_equal_hash() -> None:
    """Readings can stand in sets."""
    start = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
    events: list[Event] = [Logged(start, Person("bob"))]
    goal = Goal(timedelta(hours=3), CALENDARS[0])
    timeline = replay(Incident("INC1", events), ITIL4_DEFAULT, as_of=start)
    assert len({measure(timeline, RESOLUTION, [Term(None, goal)]) for _ in range(2)}) == 1
