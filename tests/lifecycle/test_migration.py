"""Records that move to another lifecycle, and histories that it would not have permitted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import InstantError, PolicyError
from itilkit.events import Cancelled, Closed, Event, Held, Logged, Reopened, Resolved, Started
from itilkit.lifecycle import (
    ITIL4_DEFAULT,
    PERMISSIVE,
    SERVICENOW,
    SHIPPED,
    SIMPLE,
    Accepted,
    Lifecycle,
    decide,
    replay,
)
from itilkit.lifecycle.migration import check_mapping, migrate, newly_illegal
from itilkit.records import Incident

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NINE + timedelta(days=1)
NEW = Incident("INC1", [Logged(NINE)])
WORKED_ON = Incident("INC2", [Logged(NINE), Started(NINE)])
SOLVED = Incident("INC3", [Logged(NINE), Resolved(NINE)])
CLOSED = Incident("INC4", [Logged(NINE), Resolved(NINE), Closed(NINE)])
ALL = [NEW, WORKED_ON, SOLVED, CLOSED]
TO_SERVICENOW = {"new": "New", "in_progress": "In Progress", "resolved": "Resolved"}


def changed(**rows: Any) -> Lifecycle:
    """The simple lifecycle with the second transition, which resolves, changed."""
    data = SIMPLE.to_data()
    data["transitions"][1].update(rows)
    return Lifecycle.from_data({**data, "name": "Stricter"})


def test_each_live_record_goes_where_the_mapping_says() -> None:
    """A record at its end stays; each other one gets an event that puts it into its state."""
    done = migrate(ALL, TO_SERVICENOW, old=SIMPLE, new=SERVICENOW, at=LATER, by="ann")
    assert [(move.incident.number, move.source, move.target) for move in done.moves] == [
        ("INC1", "new", "New"),
        ("INC2", "in_progress", "In Progress"),
        ("INC3", "resolved", "Resolved"),
    ]
    assert done.stays == ("INC4",)
    assert done.faults == ()
    event = done.moves[0].event
    assert (event.at, event.by and event.by.id, event.state, event.reason) == (
        LATER,
        "ann",
        "New",
        "Simple -> ServiceNow",
    )


def test_a_record_that_moved_lives_on_by_the_new_lifecycle() -> None:
    """The appended event puts it into the new state, from which the new lifecycle's steps are open to it."""
    done = migrate([WORKED_ON], TO_SERVICENOW, old=SIMPLE, new=SERVICENOW, at=LATER)
    moved = done.moves[0].moved
    assert replay(moved, SERVICENOW, as_of=LATER, strict=False).state == "In Progress"
    held = decide(moved, Held(LATER, "ann", reason="awaiting_user", state="On Hold"), SERVICENOW)
    assert isinstance(held, Accepted), held
    assert WORKED_ON.events == moved.events[:-1]


def test_states_of_the_same_name_and_status_need_no_mapping() -> None:
    """They are the same state; a change of status is shown."""
    done = migrate(ALL, {"in_progress": "assigned"}, old=SIMPLE, new=ITIL4_DEFAULT, at=LATER)
    assert done.to_rows() == [
        {"number": "INC2", "source": "in_progress", "target": "assigned", "changes_status": True}
    ]
    assert done.stays == ("INC1", "INC3", "INC4")
    assert str(done) == "in_progress -> assigned: 1\nas they are: 3"


def test_a_state_that_nobody_mapped() -> None:
    """All states in which records stand are told at once, with the first of these records."""
    several = [Incident(f"INC{number}", NEW.events) for number in range(5)]
    with pytest.raises(PolicyError) as caught:
        migrate([*several, SOLVED], {"in_progress": "In Progress"}, old=SIMPLE, new=SERVICENOW, at=LATER)
    assert [(fault.code, fault.path, fault.message) for fault in caught.value.faults] == [
        ("unmapped_state", "mapping.new", "nothing says where 'new' goes: INC0, INC1, INC2 and 2 more"),
        ("unmapped_state", "mapping.resolved", "nothing says where 'resolved' goes: INC3"),
    ]


def test_a_dry_run_tells_what_would_happen() -> None:
    """What can move is shown, and what keeps the rest from moving, without raising."""
    tried = migrate(ALL, {"new": "New"}, old=SIMPLE, new=SERVICENOW, at=LATER, dry_run=True)
    assert [move.incident.number for move in tried.moves] == ["INC1"]
    assert [fault.path for fault in tried.faults] == ["mapping.in_progress", "mapping.resolved"]
    assert "mapping.resolved: nothing says where 'resolved' goes: INC3" in str(tried)


def test_a_mapping_to_a_state_that_does_not_exist() -> None:
    """The near names are offered."""
    with pytest.raises(
        PolicyError, match=r"mapping.new: ServiceNow has no state 'Neww' \(did you mean New\?\)"
    ):
        migrate([], {"new": "Neww"}, old=SIMPLE, new=SERVICENOW, at=LATER)


def test_a_history_that_goes_on_after_the_move() -> None:
    """A record cannot be moved before its last event."""
    late = Incident("INC9", [Logged(NINE), Started(LATER)])
    with pytest.raises(PolicyError, match="INC9 goes on after 2026-03-02T09:00Z"):
        migrate([late], TO_SERVICENOW, old=SIMPLE, new=SERVICENOW, at=NINE)


def test_a_word_that_the_old_lifecycle_never_knew_is_mapped_too() -> None:
    """Records in a state that is in neither lifecycle are live, and must be mapped."""
    strange = Incident("INC5", [Logged(NINE), Started(NINE, state="Triage")])
    tried = migrate([strange], {}, old=SIMPLE, new=SERVICENOW, at=LATER, dry_run=True)
    assert [fault.path for fault in tried.faults] == ["mapping.Triage"]
    done = migrate([strange], {"Triage": "New"}, old=SIMPLE, new=SERVICENOW, at=LATER)
    assert done.moves[0].target == "New"


def test_nothing_to_move() -> None:
    """No record, no move."""
    assert str(migrate([], {}, old=SIMPLE, new=SERVICENOW, at=LATER)) == "nothing to move"


def test_an_instant_without_zone_is_refused() -> None:
    """Like everywhere."""
    with pytest.raises(InstantError):
        migrate([], {}, old=SIMPLE, new=SERVICENOW, at=datetime(2026, 3, 2))  # noqa: DTZ001  that is the point


def test_a_total_mapping() -> None:
    """Every state from which something leads on is mapped, or in the new lifecycle too; ends need no mapping."""
    assert check_mapping(TO_SERVICENOW, old=SIMPLE, new=SERVICENOW) == ()
    assert [fault.path for fault in check_mapping({}, old=SIMPLE, new=SERVICENOW)] == [
        "mapping.new",
        "mapping.in_progress",
        "mapping.resolved",
    ]


@given(st.sampled_from(list(SHIPPED.values())), st.sampled_from(list(SHIPPED.values())))
def test_a_total_mapping_moves_every_record(old: Lifecycle, new: Lifecycle) -> None:
    """If the mapping is total, no record that stands in a state of the old lifecycle is left without a place."""
    mapping = {state.name: new.starts[0] for state in old.states}
    records = [Incident(f"INC{i}", [Logged(NINE, state=state.name)]) for i, state in enumerate(old.states)]
    assert check_mapping(mapping, old=old, new=new) == ()
    done = migrate(records, mapping, old=old, new=new, at=LATER)
    for move in done.moves:
        assert replay(move.moved, new, as_of=LATER, strict=False).state == new.starts[0]
    assert len(done.moves) + len(done.stays) == len(records)


@given(st.sampled_from(list(SHIPPED.values())))
def test_no_record_moves_from_a_lifecycle_to_itself(lifecycle: Lifecycle) -> None:
    """Every state is there under its own name, and no history becomes illegal."""
    records = [
        Incident(f"INC{i}", [Logged(NINE, state=state.name)]) for i, state in enumerate(lifecycle.states)
    ]
    assert migrate(records, {}, old=lifecycle, new=lifecycle, at=LATER).moves == ()
    assert newly_illegal(records, old=lifecycle, new=lifecycle, as_of=LATER) == ()


def told(
    *records: Incident, new: Lifecycle, old: Lifecycle = SIMPLE
) -> list[tuple[str, list[str], list[str]]]:
    """The histories that become illegal: number, codes of defects, missing facts."""
    found = newly_illegal(records, old=old, new=new, as_of=LATER)
    return [
        (each.number, [one.code for one in each.defects], [one.fact for one in each.missing])
        for each in found
    ]


def test_a_step_that_is_taken_away() -> None:
    """Only the histories that took it are told."""
    assert told(*ALL, new=changed(sources=["in_progress"])) == [
        ("INC3", ["illegal_step"], []),
        ("INC4", ["illegal_step"], []),
    ]


def test_a_fact_that_is_asked_for_from_now_on() -> None:
    """Told of the histories that did not record it, where the source records it at all."""
    coded = Incident("INC8", [Logged(NINE), Resolved(NINE, code="solution_provided")])
    assert told(SOLVED, coded, new=changed(requires=["code"])) == [("INC3", [], ["code"])]
    assert told(SOLVED, new=changed(requires=["code"])) == []


def test_what_was_illegal_before_is_not_told_again() -> None:
    """A history that departs from the old lifecycle, too, is not made illegal by the new one."""
    skipped = Incident("INC7", [Logged(NINE), Closed(NINE)])
    assert told(skipped, new=changed(sources=["in_progress"])) == []
    assert told(skipped, old=PERMISSIVE, new=SIMPLE) == [("INC7", ["illegal_step"], [])]


def test_a_newly_illegal_history_says_why() -> None:
    """With the place of each event."""
    (each,) = newly_illegal([SOLVED], old=SIMPLE, new=changed(sources=["in_progress"]), as_of=LATER)
    assert str(each).startswith("INC3: events[1] at 2026-03-02T09:00Z: new -> resolved is not permitted")


EVENTS = st.lists(
    st.sampled_from([Started(NINE), Resolved(NINE), Reopened(NINE), Closed(NINE), Cancelled(NINE)]),
    max_size=6,
)


@given(st.lists(EVENTS, max_size=4))
def test_a_history_is_newly_illegal_exactly_if_only_the_new_lifecycle_refuses_it(
    histories: list[list[Event]],
) -> None:
    """Held against replaying strictly with both, for histories that the old lifecycle permits."""
    records = [Incident(f"INC{i}", [Logged(NINE), *events]) for i, events in enumerate(histories)]
    new = changed(sources=["in_progress"])
    fine = [each for each in records if not replay(each, SIMPLE, as_of=LATER, strict=False).defects]
    expected = [each.number for each in fine if replay(each, new, as_of=LATER, strict=False).defects]
    assert [number for number, _, _ in told(*fine, new=new)] == expected
