"""The same log, judged by ITIL 4's own flow instead of the tool's.

The tool's states become the statuses that they stand for. An assignment leaves the record where it is, as in the log,
where assigning and moving are two things; it says so by naming the status that it found.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator

import attrs
import pytest

from itilkit.events import Assigned, Event
from itilkit.lifecycle import ITIL4_DEFAULT, Conformance, Timeline, conformance, replay
from itilkit.records import Incident

from .conftest import AFTER_ALL, Reading, log_lines

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("log")]

STATUS = {
    "New": "new", "Active": "in_progress", "Awaiting User Info": "on_hold", "Awaiting Evidence": "on_hold",
    "Awaiting Problem": "on_hold", "Awaiting Vendor": "on_hold", "Resolved": "resolved", "Closed": "closed",
}  # fmt: skip
WAITING = [state for state, status in STATUS.items() if status == "on_hold"]

# Out of the table of the log's description. ITIL 4's flow lets nothing wait that nobody has taken on.
ILLEGAL = {
    ("new", "on_hold"): 1_944 + 81 + 75 + 2,
    ("new", "closed"): 11,
    ("in_progress", "closed"): 1,
    ("on_hold", "closed"): 1,
    ("closed", "in_progress"): 12,
    ("resolved", "on_hold"): 2,
}
MID_LIFE = {"in_progress": 6_503, "resolved": 1_819, "on_hold": 193 + 6}


def _neutral(incident: Incident) -> Incident:
    """The incident in the words of ITIL 4; a code without a label stays as it is."""
    return attrs.evolve(incident, events=tuple(_translated(incident.events)))


def _translated(events: tuple[Event, ...]) -> Iterator[Event]:
    here = "new"
    for event in events:
        if event.state is not None:
            here = STATUS.get(event.state, event.state)
        named = event.state is not None or isinstance(event, Assigned)
        yield attrs.evolve(event, state=here) if named else event


@pytest.fixture(scope="session")
def judged(reading: Reading) -> list[Timeline]:
    """The timelines of this reading under ITIL 4's flow."""
    return [
        replay(_neutral(each), ITIL4_DEFAULT, as_of=AFTER_ALL, strict=False) for each in reading.log.incidents
    ]


@pytest.fixture(scope="session")
def found(judged: list[Timeline]) -> Conformance:
    """Their conformance."""
    return conformance(judged)


def _moves(reading: Reading) -> Counter[tuple[str, str]]:
    """The changes of state, by a shift of the column."""
    before, now = reading.before["incident_state"], reading.rows["incident_state"]
    moved = before.notna() & (before != now)
    return Counter(zip(before[moved].map(str), now[moved].map(str), strict=True))


def test_illegal_steps_are_those_of_the_flow(reading: Reading, found: Conformance) -> None:
    """Changes of status that the flow does not have, counted by pandas; a change of the hold reason is none."""
    counted: Counter[tuple[str, str]] = Counter()
    for (source, target), number in _moves(reading).items():
        if source in STATUS and target in STATUS:
            counted[STATUS[source], STATUS[target]] += number
    steps = {move: number for move, number in found.steps.items() if "-100" not in move}
    assert steps == {move: number for move, number in counted.items() if move[0] != move[1]}
    assert found.illegal == {move: number for move, number in counted.items() if move in ILLEGAL}
    if reading.whole:
        assert found.illegal == ILLEGAL
        assert sum(found.unknown.values()) == 4


def test_starts_in_mid_life_are_the_same(reading: Reading, found: Conformance) -> None:
    """What entered the log in mid-life does so under every lifecycle."""
    states = reading.rows[reading.first]["incident_state"].map(STATUS)
    assert found.mid_life == states[states != "new"].value_counts().to_dict()
    if reading.whole:
        assert found.mid_life == MID_LIFE
        assert sum(found.mid_life.values()) == 8_521


def test_times_do_not_depend_on_the_lifecycle(reading: Reading, judged: list[Timeline]) -> None:
    """Statuses, resolutions, closures and reopenings are what the log says, whoever judges it."""
    for ours, theirs in zip(judged, reading.timelines, strict=True):
        assert ours.statuses == theirs.statuses
        assert (ours.first_resolved_at, ours.resolved_at, ours.closed_at, ours.reopen_count) == (
            theirs.first_resolved_at, theirs.resolved_at, theirs.closed_at, theirs.reopen_count
        )  # fmt: skip
    if reading.whole:
        assert sum(each.first_resolved_at is not None for each in judged) == 24_905


def test_a_change_of_the_hold_reason_is_legal_for_the_tool_only(
    reading: Reading, judged: list[Timeline]
) -> None:
    """157 times a waiting record came to wait for something else: ServiceNow's step, none of ITIL 4's flow."""
    between = {(one, other) for one in WAITING for other in WAITING if one != other}
    theirs = conformance(reading.timelines)
    expected = Counter({move: number for move, number in _moves(reading).items() if move in between})
    assert {move: number for move, number in theirs.steps.items() if move in between} == expected
    assert between.isdisjoint(theirs.illegal)
    refused = [
        (timeline.incident.number, defect.event)
        for timeline in judged
        for defect in timeline.defects
        if defect.code == "illegal_step"
        and timeline.states[defect.event - 1] == timeline.states[defect.event] == "on_hold"
    ]
    assert len(refused) == sum(expected.values())
    if reading.whole:
        assert len(refused) == 157


def test_the_changes_of_the_hold_reason_counted_by_hand() -> None:
    """157, by nothing but the csv module: the row before it of the same incident waits for something else."""
    last: dict[str, str] = {}
    changes = 0
    for row in csv.DictReader(log_lines()):
        before, now = last.get(row["number"]), row["incident_state"]
        changes += before != now and before in WAITING and now in WAITING
        last[row["number"]] = now
    assert changes == 157
