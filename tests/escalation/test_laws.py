"""What holds for every ladder and every history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.escalation.draws import Story, instant, ladders, stories
from tests.escalation.stories import MINUTE, case

from itilkit.escalation import Cadence, Due, Ladder, ahead, audit, communications_due, due
from itilkit.events import Escalated, Event, Replied
from itilkit.sla import Assessment

_TICK = timedelta(microseconds=1)


def _seen(story: Story, events: Sequence[Event], as_of: datetime) -> Assessment:
    return case(events, as_of, story.targets(), story.calendar)


def _reference(each: Due) -> str:
    event = each.event
    assert isinstance(event, Escalated | Replied)
    return event.reference if isinstance(event, Escalated) else event.text


def _told(dues: Iterable[Due]) -> list[tuple[datetime, str]]:
    return [(each.at, _reference(each)) for each in dues if not each.projected]


@given(ladders(), stories())
def test_nothing_is_due_before_its_instant(steps: Ladder, story: Story) -> None:
    """What is due was to be done by now, what comes is later, and a proposed event happens neither early nor twice."""
    seen = _seen(story, story.events(), instant(story.now))
    now = due(steps, seen, calendar=story.calendar)
    coming = ahead(steps, seen, calendar=story.calendar)
    as_of = seen.timeline.as_of
    assert all(each.at <= as_of and not each.projected for each in now)
    assert all(each.at > as_of for each in coming if not each.projected)
    for each in (*now, *coming):
        assert each.event is not None
        assert each.event.at == max(each.at, as_of)
        assert each.at.tzinfo is UTC
    counted = Counter(map(_reference, (*now, *coming)))
    assert set(counted.values()) <= {1}


@given(ladders(), stories(), st.data())
def test_the_event_of_a_due_answers_it_and_nothing_else(
    steps: Ladder, story: Story, data: st.DataObject
) -> None:
    """Appending what is due takes exactly that from the list; appending all leaves nothing."""
    seen = _seen(story, story.events(), instant(story.now))
    now = due(steps, seen, calendar=story.calendar)
    if not now:
        return
    picked = data.draw(st.sampled_from(now))
    assert picked.event is not None
    later = due(
        steps, _seen(story, [*story.events(), picked.event], instant(story.now)), calendar=story.calendar
    )
    assert _told(later) == [each for each in _told(now) if each[1] != _reference(picked)]
    everything = [*story.events(), *(each.event for each in now if each.event is not None)]
    assert due(steps, _seen(story, everything, instant(story.now)), calendar=story.calendar) == ()


@given(ladders(), stories(), st.integers(0, 3000))
def test_time_alone_brings_what_was_ahead(steps: Ladder, story: Story, minutes: int) -> None:
    """Asked later, without an event between, due is what was due and what came by then; nothing is lost or moved."""
    early, later = instant(story.now), instant(story.now + minutes)
    before, after = (_seen(story, story.events(), when) for when in (early, later))
    come = ahead(steps, before, until=later, calendar=story.calendar)
    expected = [*_told(due(steps, before, calendar=story.calendar)), *_told(come)]
    assert _told(due(steps, after, calendar=story.calendar)) == expected
    rest = [each for each in _told(ahead(steps, before, calendar=story.calendar)) if each[0] > later]
    assert _told(ahead(steps, after, calendar=story.calendar)) == rest


@given(ladders(), stories())
def test_repeats_are_as_many_as_were_asked_for(steps: Ladder, story: Story) -> None:
    """In each turn the times are 1, 2, 3 without a gap, no more than one and the repeats, each later than the last."""
    seen = _seen(story, story.events(), instant(story.now))
    turns: dict[tuple[str, str], list[tuple[int, datetime]]] = {}
    for each in (
        *due(steps, seen, calendar=story.calendar),
        *ahead(steps, seen, calendar=story.calendar),
    ):
        _, label, counted = _reference(each).split("/")
        turn, time = counted.split(".")
        turns.setdefault((label, turn), []).append((int(time), each.at))
    allowed = {rung.label: 1 + (rung.repeat.times if rung.repeat else 0) for rung in steps.rungs}
    for (label, _), found in turns.items():
        found.sort()
        assert [time for time, _ in found] == list(range(1, len(found) + 1))
        assert len(found) <= allowed[label]
        instants = [at for _, at in found]
        assert all(first < second for first, second in pairwise(instants))


@given(ladders(), stories())
def test_the_order_is_that_of_time_and_then_of_the_ladder(steps: Ladder, story: Story) -> None:
    """The earliest first, and of one instant the rung that stands first."""
    seen = _seen(story, story.events(), instant(story.now))
    places = {rung.label: place for place, rung in enumerate(steps.rungs)}
    for found in (due(steps, seen, calendar=story.calendar), ahead(steps, seen, calendar=story.calendar)):
        keys = [(each.at, places[_reference(each).split("/")[1]]) for each in found]
        assert keys == sorted(keys)


@given(ladders(), stories())
def test_the_zone_of_the_asking_never_matters(steps: Ladder, story: Story) -> None:
    """Asked from Tokyo, the answer is the same."""
    here = _seen(story, story.events(), instant(story.now))
    there = _seen(story, story.events(), instant(story.now).astimezone(ZoneInfo("Asia/Tokyo")))
    assert due(steps, here, calendar=story.calendar) == due(steps, there, calendar=story.calendar)
    assert ahead(steps, here, calendar=story.calendar) == ahead(steps, there, calendar=story.calendar)


def _hosted(steps: Ladder, story: Story, every: int) -> list[Event]:
    """The history under a host that asks every so many minutes and appends what is due."""
    coming = story.events()
    history: list[Event] = []
    for minute in range(0, story.now + every, every):
        now = instant(minute)
        while coming and coming[0].at <= now:
            history.append(coming.pop(0))
        found = due(steps, _seen(story, history, now), calendar=story.calendar)
        history += [each.event for each in found if each.event is not None]
    return [*history, *coming]


@settings(max_examples=150)
@given(ladders(), stories(), st.sampled_from((15, 60, 240)))
def test_a_host_that_asks_now_and_then_fires_each_once_and_in_time(
    steps: Ladder, story: Story, every: int
) -> None:
    """Nothing fires twice, nothing later than the next asking, and nothing that was not called for."""
    # A raised priority moves what was called for, and a story of days takes too long to be asked about each quarter.
    quiet = [each for each in story.happenings if each[1] != "raise" or each[0] == 0]
    story = Story(tuple(quiet), story.promises, story.always_open, min(story.now, 3000))
    story = Story(
        tuple(each for each in story.happenings if each[0] <= story.now),
        story.promises,
        story.always_open,
        story.now,
    )
    history = _hosted(steps, story, every)
    end = instant(story.now + every)
    fired = [told for told in map(_own, history) if told]
    assert len(fired) == len(set(fired))
    rows = audit(steps, _seen(story, history, end), calendar=story.calendar, tolerance=every * MINUTE)
    allowed = {"in time", "late", "missing"} if _takes_back(story) else {"in time", "missing"}
    assert {row.verdict for row in rows} <= allowed
    assert sum(row.verdict != "missing" for row in rows) == len(fired)


def _takes_back(story: Story) -> bool:
    """What answered for a while may not answer any more: what was due meanwhile is due again, and late."""
    return any(kind in ("reopen", "resume", "hold", "start") for _, kind, _ in story.happenings)


def _own(event: Event) -> str:
    """The reference of an event that a ladder proposed; empty for any other."""
    told = ""
    if isinstance(event, Escalated):
        told = event.reference
    elif isinstance(event, Replied):
        told = event.text
    return told if told.startswith("rung:") else ""


_CADENCES = st.builds(
    Cadence,
    st.integers(1, 300).map(lambda minutes: minutes * MINUTE),
    st.sampled_from((None, "users", "management")),
    priorities=st.none() | st.sets(st.integers(1, 4), min_size=1),
)


@given(st.lists(_CADENCES, max_size=3), stories(), st.integers(0, 3000))
def test_time_alone_brings_the_messages_that_come(
    cadences: list[Cadence], story: Story, minutes: int
) -> None:
    """What will be owed until an instant is what is owed at it, where nothing happens between; one for an audience."""
    early, later = instant(story.now), instant(story.now + minutes)
    before, after = (_seen(story, story.events(), when) for when in (early, later))
    found = communications_due(after, cadences)
    assert communications_due(before, cadences, until=later) == found
    assert [each for each in found if each.at <= early] == list(communications_due(before, cadences))
    assert len(found) <= len({cadence.audience for cadence in cadences})
    assert [each.at for each in found] == sorted(each.at for each in found)


@given(ladders(), stories(), st.integers(0, 2000))
def test_only_an_event_takes_away_what_was_due(steps: Ladder, story: Story, minutes: int) -> None:
    """What was due earlier and is no more was answered, moved or judged anew by an event in between."""
    early = max(0, story.now - minutes)
    before = due(steps, _seen(story, story.events(), instant(early)), calendar=story.calendar)
    after = due(steps, _seen(story, story.events(), instant(story.now)), calendar=story.calendar)
    gone = {_reference(each) for each in before} - {_reference(each) for each in after}
    between = [each for each in story.happenings if early < each[0] <= story.now]
    assert between or not gone
    assert instant(early) <= instant(story.now) + _TICK
