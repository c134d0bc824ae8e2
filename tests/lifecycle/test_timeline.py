"""What a timeline derives from its tracks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from itilkit.events import (
    Assigned,
    Cancelled,
    Classified,
    Closed,
    Event,
    Excluded,
    Held,
    Logged,
    MajorDeclared,
    MajorProposed,
    MajorRejected,
    Noted,
    Reopened,
    Resolved,
    Started,
    StoodDown,
)
from itilkit.lifecycle import SERVICENOW, Timeline, replay
from itilkit.records import Incident
from itilkit.vocabulary import Status

from .stories import ANN, FAR, NOON, at, logged


def _timeline(*events: Event) -> Timeline:
    return replay(logged(*events), SERVICENOW, as_of=FAR, strict=False)


WORKED, SOLVED = Started(at(1)), Resolved(at(10))
BACK, SOLVED_AGAIN = Reopened(at(20)), Resolved(at(30))
SHUT = Closed(at(40))
BACK_AGAIN = Reopened(at(50))


@pytest.mark.parametrize(
    ("events", "first_resolved", "resolved", "closed", "reopened"),
    [
        ([], None, None, None, 0),
        ([WORKED], None, None, None, 0),
        ([WORKED, SOLVED], 10, 10, None, 0),
        ([WORKED, SOLVED, Noted(at(11))], 10, 10, None, 0),
        ([WORKED, SOLVED, BACK], 10, None, None, 1),
        ([WORKED, SOLVED, BACK, SOLVED_AGAIN], 10, 30, None, 1),
        ([WORKED, SOLVED, BACK, SOLVED_AGAIN, SHUT], 10, 30, 40, 1),
        ([WORKED, SOLVED, BACK, SOLVED_AGAIN, SHUT, Noted(at(41))], 10, 30, 40, 1),
        ([WORKED, SOLVED, BACK, SOLVED_AGAIN, SHUT, BACK_AGAIN], 10, None, None, 2),
        ([WORKED, SHUT], None, None, 40, 0),
        # The resolution did not hold, and no other one followed.
        ([WORKED, SOLVED, BACK, SHUT], 10, None, 40, 1),
        ([WORKED, SOLVED, SHUT, BACK_AGAIN, Closed(at(60))], 10, None, 60, 1),
        ([WORKED, SOLVED, Cancelled(at(15))], 10, None, None, 0),
        ([Cancelled(at(15)), BACK], None, None, None, 1),
        # Twice resolved without an opening in between is resolved once.
        ([WORKED, SOLVED, Resolved(at(12), state="Resolved")], 10, 10, None, 0),
        # A backward stamp keeps its own instant.
        ([Started(at(20)), SOLVED], 10, 10, None, 0),
    ],
)
def test_ends_and_reopenings(
    events: list[Event], first_resolved: int | None, resolved: int | None, closed: int | None, reopened: int
) -> None:
    """Resolved and closed are told while they hold; the first resolution and every reopening stay told."""

    def instant(minutes: int | None) -> datetime | None:
        return None if minutes is None else at(minutes)

    timeline = _timeline(*events)
    assert timeline.opened_at == NOON
    assert timeline.first_resolved_at == instant(first_resolved)
    assert timeline.resolved_at == instant(resolved)
    assert timeline.closed_at == instant(closed)
    assert timeline.reopen_count == reopened


def test_entries_into_a_status() -> None:
    """Each coming from another status counts, a change of house state within the status does not."""
    timeline = _timeline(Held(at(1), state="Awaiting Vendor"), Held(at(2)), Started(at(3)), Held(at(4)))
    assert list(timeline.entered(Status.ON_HOLD)) == [at(1), at(4)]
    assert list(timeline.entered(Status.NEW)) == [NOON]
    assert not list(timeline.entered(Status.CLOSED))


def test_groups_in_their_order() -> None:
    """A group counts again when another one had the incident; times without a group and people do not."""
    timeline = _timeline(
        Assigned(at(1), assignee=ANN),
        Assigned(at(2), group="desk"),
        Assigned(at(3), group="desk", assignee=ANN),
        Assigned(at(4)),
        Assigned(at(5), group="desk"),
        Assigned(at(6), group="network"),
        Assigned(at(7), group="desk"),
    )
    assert list(timeline.groups()) == ["desk", "network", "desk"]


def test_exclusions_are_given_as_they_became_known() -> None:
    """The agreed spans that no clock counts, in the order of the history."""
    late = Excluded(at(1), start=at(100), end=at(110), reason="Maintenance")
    early = Excluded(at(2), start=at(-5), end=at(5))
    assert _timeline(late, Noted(at(1)), early).exclusions == (late, early)


@pytest.mark.parametrize(
    ("events", "declared", "major"),
    [
        ((), None, False),
        ((MajorProposed(at(1)),), None, False),
        ((MajorProposed(at(1)), MajorRejected(at(2))), None, False),
        ((MajorDeclared(at(1)),), True, True),
        ((MajorDeclared(at(1)), StoodDown(at(2))), False, False),
        ((MajorDeclared(at(1)), StoodDown(at(2)), MajorDeclared(at(3))), True, True),
        ((Classified(at(1), fields={"major": True}),), None, True),
        ((Classified(at(1), fields={"major": "yes"}),), None, False),
        ((Classified(at(1), fields={"major": True}), StoodDown(at(2))), False, False),
    ],
)
def test_whether_it_is_major(events: tuple[Event, ...], declared: bool | None, major: bool) -> None:
    """From its declaration until it is stood down; a proposal is not enough, and the tool's own field comes last."""
    timeline = _timeline(*events)
    assert (timeline.declared_major, timeline.is_major) == (declared, major)


def test_an_attribute_may_say_that_it_is_major() -> None:
    """Where no field of that name is recorded; before it was opened nothing is."""
    incident = Incident("INC1", [Logged(NOON)], attributes={"major": True})
    assert replay(incident, SERVICENOW, as_of=NOON).is_major
    assert not replay(incident, SERVICENOW, as_of=NOON - timedelta(hours=1)).is_major
