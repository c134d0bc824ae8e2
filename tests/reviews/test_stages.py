"""How long each stage of an incident took."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.major_incidents.stories import at, opened

from itilkit.events import Acknowledged, Cancelled, Classified, Closed, Event, Reopened, Replied, Resolved
from itilkit.lifecycle import PERMISSIVE, replay
from itilkit.records import Fact, Incident, Source
from itilkit.reviews import Stages, stages
from itilkit.sla import Assessment


def told(minutes: int, **facts: int) -> Classified:
    """At some minute the house records when something came about, by the minute."""
    return Classified(at(minutes), fields={f"{fact}_at": at(minute) for fact, minute in facts.items()})


def found(*events: Event, until: int = 300, lacks: tuple[Fact, ...] = ()) -> Stages:
    """The stages of an incident that was opened at minute 0."""
    incident = Incident("INC1", opened(*events).events, source=Source("tool", lacks=lacks))
    return stages(Assessment(replay(incident, PERMISSIVE, as_of=at(until), strict=False), {}))


def minutes(instant: datetime | None) -> int | None:
    """Minutes after the opening."""
    return None if instant is None else round((instant - at(0)).total_seconds() / 60)


ALL = told(99, occurred=-20, detected=-5, diagnosed=30, repaired=60, restored=70)


@pytest.mark.parametrize(
    ("events", "known", "unknown"),
    [
        (
            [Acknowledged(at(10)), ALL, Resolved(at(100))],
            [
                ("detect", -20, -5), ("acknowledge", -5, 10), ("diagnose", 10, 30), ("repair", 30, 60),
                ("restore", 60, 70),
            ],
            {},
        ),
        (
            [Acknowledged(at(10)), Resolved(at(100))],
            [("acknowledge", 0, 10), ("diagnose, repair and restore", 10, 100)],
            {"occurred": "not_recorded", "diagnosed": "not_recorded", "repaired": "not_recorded"},
        ),
        (
            [told(5, occurred=-20), Resolved(at(100))],
            [("detect", -20, 0), ("acknowledge, diagnose, repair and restore", 0, 100)],
            {"acknowledged": "not_recorded", "diagnosed": "not_recorded", "repaired": "not_recorded"},
        ),
        (
            [Replied(at(12)), told(5, repaired=50), Resolved(at(100))],
            [("acknowledge", 0, 12), ("diagnose and repair", 12, 50), ("restore", 50, 100)],
            {"occurred": "not_recorded", "diagnosed": "not_recorded"},
        ),
        # While it is open, the stage that it is in lasts.
        (
            [],
            [("acknowledge", 0, None)],
            {
                "occurred": "not_recorded",
                "acknowledged": "open",
                "diagnosed": "open",
                "repaired": "open",
                "restored": "open",
            },
        ),
        (
            [Acknowledged(at(10)), told(40, diagnosed=30)],
            [("acknowledge", 0, 10), ("diagnose", 10, 30), ("repair", 30, None)],
            {"occurred": "not_recorded", "repaired": "open", "restored": "open"},
        ),
        (
            [Acknowledged(at(10)), told(70, diagnosed=30, repaired=60)],
            [("acknowledge", 0, 10), ("diagnose", 10, 30), ("repair", 30, 60), ("restore", 60, None)],
            {"occurred": "not_recorded", "restored": "open"},
        ),
        (
            [Acknowledged(at(10)), Resolved(at(50)), Reopened(at(60))],
            [("acknowledge", 0, 10), ("diagnose", 10, None)],
            {"occurred": "not_recorded", "diagnosed": "open", "repaired": "open", "restored": "open"},
        ),
        # What was never resolved was never restored, and nothing lasts any more.
        (
            [Acknowledged(at(10)), Cancelled(at(50))],
            [("acknowledge", 0, 10)],
            {
                "occurred": "not_recorded",
                "diagnosed": "not_recorded",
                "repaired": "not_recorded",
                "restored": "not_recorded",
            },
        ),
        # A fact outside of its neighbours parts nothing.
        (
            [Acknowledged(at(10)), told(90, occurred=5, diagnosed=8, repaired=150), Resolved(at(100))],
            [("acknowledge", 0, 10), ("diagnose, repair and restore", 10, 100)],
            {"occurred": "out_of_order", "diagnosed": "out_of_order", "repaired": "out_of_order"},
        ),
        (
            [Acknowledged(at(10)), told(90, diagnosed=60, repaired=50), Resolved(at(100))],
            [("acknowledge", 0, 10), ("diagnose", 10, 60), ("repair and restore", 60, 100)],
            {"occurred": "not_recorded", "repaired": "out_of_order"},
        ),
        (
            [told(90, restored=-50), Resolved(at(100)), Closed(at(110))],
            [],
            {
                "occurred": "not_recorded",
                "detected": "out_of_order",
                "acknowledged": "not_recorded",
                "diagnosed": "not_recorded",
                "repaired": "not_recorded",
            },
        ),
    ],
    ids=[
        "all", "a plain record", "occurred only", "repaired only", "new", "diagnosed", "repaired", "reopened",
        "cancelled", "outside", "crossed", "restored before it was opened",
    ],
)  # fmt: skip
def test_the_stages(
    events: list[Event], known: list[tuple[str, int, int | None]], unknown: dict[str, str]
) -> None:
    """Where a fact between two stages is missing they are told as one, and each missing fact says why."""
    seen = found(*events)
    assert [(each.name, minutes(each.start), minutes(each.end)) for each in seen.known] == known
    assert list(seen.unknown.items()) == list(unknown.items())


def test_a_source_that_records_no_acknowledgement() -> None:
    """An open incident of it is in a stage that nobody can tell from the next one."""
    seen = found(lacks=("acknowledged",))
    assert [(each.name, each.end) for each in seen.known] == [("acknowledge and diagnose", None)]


def test_what_is_learnt_later_is_not_known_yet() -> None:
    """At an earlier instant the stages are those of then; before it was opened there are none."""
    events: list[Event] = [Acknowledged(at(10)), told(99, diagnosed=30), Resolved(at(100))]
    assert [each.name for each in found(*events, until=50).known] == ["acknowledge", "diagnose"]
    assert found(*events, until=50).known[1].lasted == timedelta(minutes=40)
    assert found(*events, until=-1) == Stages((), unknown={})
    assert found(*events, until=-1).total is None


def test_a_stage_says_what_it_lies_between() -> None:
    """The facts that stood for its ends; detection is the opening where nothing else is known."""
    seen = found(Acknowledged(at(10)), told(99, detected=-5), Resolved(at(100)))
    assert [each.between for each in seen.known] == [
        ("detected", "acknowledged"),
        ("acknowledged", "resolved"),
    ]
    assert found().known[0].between == ("opened", "")


MINUTES = st.none() | st.integers(-60, 200)


@given(
    occurred=MINUTES, detected=MINUTES, acknowledged=MINUTES, diagnosed=MINUTES, repaired=MINUTES, restored=MINUTES,
    resolved=st.none() | st.integers(1, 200), until=st.integers(0, 250),
)  # fmt: skip
def test_laws_of_stages(
    resolved: int | None, until: int, acknowledged: int | None, **facts: int | None
) -> None:
    """They follow each other without a gap, none is negative, no name comes twice, and they add up to the whole."""
    given = {fact: minute for fact, minute in facts.items() if minute is not None}
    events: list[Event] = [told(0, **given)]
    if acknowledged is not None and acknowledged >= 0:
        events.append(Acknowledged(at(acknowledged)))
    if resolved is not None:
        events.append(Resolved(at(resolved)))
    seen = found(*sorted(events, key=lambda event: event.at), until=until)
    known = seen.known
    assert [each.end for each in known[:-1]] == [each.start for each in known[1:]]
    assert all(each.lasted >= timedelta(0) for each in known)
    names = [name for each in known for name in each.names]
    order = ["detect", "acknowledge", "diagnose", "repair", "restore"]
    assert names == [name for name in order if name in names]
    assert names == order[order.index(names[0]) :][: len(names)] if names else True
    if known:
        last = known[-1].end or at(until)
        assert seen.total == last - known[0].start
    for fact, name in (("diagnosed", "diagnose"), ("repaired", "repair")):
        ends = any(each.names[-1] == name and each.end is not None for each in known)
        assert not (ends and fact in seen.unknown)
