"""What holds for every history: deciding is replaying step by step, and later events change nothing before them."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import TransitionError
from itilkit.events import (
    Acknowledged,
    Assigned,
    Cancelled,
    Classified,
    Closed,
    Event,
    Held,
    Migrated,
    Noted,
    PrioritySet,
    Reopened,
    Replied,
    RequesterWrote,
    Resolved,
    Resumed,
    Started,
)
from itilkit.lifecycle import ITIL4_DEFAULT, SERVICENOW, Accepted, Lifecycle, Timeline, decide, replay
from itilkit.records import Incident
from itilkit.vocabulary import HoldReason

from .stories import ANN, FAR, NOON, USER, logged

TRACKS = (
    "beats", "events", "statuses", "states", "hold_reasons", "impacts", "urgencies", "priorities", "assignments",
    "fields",
)  # fmt: skip

_EVENTS: list[Event] = [
    Classified(NOON, category="network", impact=2, urgency=1),
    Classified(NOON, fields={"floor": 3}),
    PrioritySet(NOON, priority=2),
    Assigned(NOON, ANN, group="desk"),
    Assigned(NOON, ANN, group="network", assignee=ANN),
    Assigned(NOON),
    Started(NOON, ANN),
    Held(NOON, reason=HoldReason.AWAITING_SUPPLIER),
    Held(NOON),
    Resumed(NOON),
    Resolved(NOON, ANN, code="other", notes="Restarted."),
    Resolved(NOON),
    Reopened(NOON, USER, reason="It is back."),
    Closed(NOON),
    Cancelled(NOON, duplicate_of="INC0"),
    Acknowledged(NOON, ANN),
    Replied(NOON, ANN),
    RequesterWrote(NOON, USER),
    Noted(NOON),
]


@st.composite
def _events(draw: st.DrawFn, lifecycle: Lifecycle, *, backward: bool = False) -> list[Event]:
    """Events in any order, some with a house state, known or not, minutes apart or at one instant."""
    states = st.sampled_from([None, None, None, *(state.name for state in lifecycle.states), "-100"])
    events: list[Event] = []
    at = NOON
    for event in draw(st.lists(st.sampled_from(_EVENTS), max_size=12)):
        at += timedelta(minutes=draw(st.integers(-5 if backward else 0, 9)))
        state = draw(states)
        events.append(attrs.evolve(event, at=at, state=state))
        if state is not None and draw(st.booleans()):
            events.append(Migrated(at, state=draw(states)))
    return events


def _lifecycles() -> st.SearchStrategy[Lifecycle]:
    return st.sampled_from([ITIL4_DEFAULT, SERVICENOW])


_CASES = _lifecycles().flatmap(lambda each: st.tuples(st.just(each), _events(each)))
_BACKWARD = _lifecycles().flatmap(lambda each: st.tuples(st.just(each), _events(each, backward=True)))


def _replayed(incident: Incident, lifecycle: Lifecycle) -> Timeline:
    return replay(incident, lifecycle, as_of=FAR, strict=False)


@given(_BACKWARD)
def test_what_was_decided_replays(case: tuple[Lifecycle, list[Event]]) -> None:
    """A history built by accepted decisions replays without a defect, and a refused event leaves it as it was."""
    lifecycle, events = case
    incident = logged()
    accepted: list[Event] = []
    for event in events:
        before = incident.events
        decision = decide(incident, event, lifecycle)
        assert incident.events is before
        if isinstance(decision, Accepted):
            assert decision.incident.events == (*before, event)
            incident = decision.incident
            accepted.append(event)
        else:
            assert decision.reasons
    timeline = replay(incident, lifecycle, as_of=FAR)
    assert timeline.defects == ()
    assert timeline == replay(logged(*accepted), lifecycle, as_of=FAR)
    assert timeline.events == incident.events


@given(_BACKWARD)
def test_replaying_what_a_replay_gave_changes_nothing(case: tuple[Lifecycle, list[Event]]) -> None:
    """Vector: replay is idempotent on its own output, with the events of the timeline as the history."""
    lifecycle, events = case
    first = _replayed(logged(*events), lifecycle)
    again = _replayed(attrs.evolve(first.incident, events=first.events), lifecycle)
    assert again == first
    assert _replayed(again.incident, lifecycle) == again


@given(_CASES)
def test_a_defect_is_what_a_decision_would_refuse(case: tuple[Lifecycle, list[Event]]) -> None:
    """Replaying finds a defect at just those events that deciding refuses for their step.

    Missing facts and facts that come after the end are no departure from the lifecycle's steps.
    """
    lifecycle, events = case
    timeline = _replayed(logged(*events), lifecycle)
    found = {defect.event for defect in timeline.defects}
    refused = set[int]()
    for index, event in enumerate(events, start=1):
        unknown = lifecycle.state(timeline.states[index - 1]) is None
        decision = decide(logged(*events[: index - 1]), event, lifecycle)
        codes = set() if isinstance(decision, Accepted) else {reason.code for reason in decision.reasons}
        if codes - {"missing_fact", "final_record"} and not (unknown and index not in found):
            refused.add(index)
    assert refused == found


@given(_BACKWARD)
def test_strict_raises_just_where_there_are_defects(case: tuple[Lifecycle, list[Event]]) -> None:
    """The same places are told, as faults or as defects."""
    lifecycle, events = case
    defects = _replayed(logged(*events), lifecycle).defects
    if not defects:
        assert replay(logged(*events), lifecycle, as_of=FAR).defects == ()
        return
    with pytest.raises(TransitionError, match=r"events\[") as caught:
        replay(logged(*events), lifecycle, as_of=FAR)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [
        (defect.code, f"events[{defect.event}]") for defect in defects
    ]


@given(_BACKWARD, st.integers(0, 15))
def test_the_replay_of_a_prefix_is_a_prefix(case: tuple[Lifecycle, list[Event]], length: int) -> None:
    """Cutting a history short cuts every track short and changes nothing in what is left."""
    lifecycle, events = case
    whole = _replayed(logged(*events), lifecycle)
    part = _replayed(logged(*events[:length]), lifecycle)
    kept = len(part.events)
    for track in TRACKS:
        assert getattr(part, track) == getattr(whole, track)[:kept]
    assert part.marks == tuple(mark for mark in whole.marks if mark.beat < kept)
    assert part.steps == tuple(step for step in whole.steps if step.beat < kept)
    assert part.defects == tuple(defect for defect in whole.defects if defect.event < kept)


@given(_BACKWARD, st.integers(0, 60), st.integers(0, 15))
def test_later_events_change_nothing_as_of_before(
    case: tuple[Lifecycle, list[Event]], minutes: int, length: int
) -> None:
    """A look from an instant sees the same whether or not events later than it were appended."""
    lifecycle, events = case
    as_of = NOON + timedelta(minutes=minutes)
    early = logged(*events[:length])
    later = [attrs.evolve(event, at=as_of + timedelta(microseconds=1)) for event in events[length:]]
    first = replay(early, lifecycle, as_of=as_of, strict=False)
    second = replay(early.appended(*later), lifecycle, as_of=as_of, strict=False)
    assert attrs.evolve(second, incident=early) == first
    assert all(beat <= as_of for beat in first.beats)


@given(_BACKWARD)
def test_tracks_are_aligned(case: tuple[Lifecycle, list[Event]]) -> None:
    """Every track has one value per event, beats never decrease, and each change of state but a migration is a step."""
    lifecycle, events = case
    timeline = _replayed(logged(*events), lifecycle)
    assert {len(getattr(timeline, track)) for track in TRACKS} == {len(events) + 1}
    assert list(timeline.beats) == sorted(timeline.beats)
    pairs = zip(timeline.states, timeline.states[1:], timeline.events[1:], strict=False)
    moved = [
        (beat, source, target)
        for beat, (source, target, event) in enumerate(pairs, start=1)
        if source != target and not isinstance(event, Migrated)
    ]
    assert [(step.beat, step.source, step.target) for step in timeline.steps] == moved
