"""What happened, in words."""

from __future__ import annotations

from typing import get_args

import pytest
from tests.major_incidents.stories import ANN, at, opened
from tests.test_events import NEEDS

from itilkit.events import (
    Acknowledged,
    Assigned,
    Cancelled,
    Classified,
    Closed,
    DisasterRecoveryInvoked,
    Escalated,
    Event,
    Held,
    Linked,
    Logged,
    MajorDeclared,
    MajorProposed,
    MajorRejected,
    Migrated,
    ModelAttached,
    Noted,
    PrioritySet,
    Reopened,
    Replied,
    RequesterWrote,
    Resolved,
    Resumed,
    Reviewed,
    RoleLeft,
    RoleTaken,
    Started,
    StepDone,
    StoodDown,
    SurveySent,
    WarRoomOpened,
)
from itilkit.lifecycle import PERMISSIVE, Timeline, replay
from itilkit.reviews import Entry, account

ONE = at(1)


def seen(*events: Event, until: int = 600) -> Timeline:
    """The incident as it was known."""
    return replay(opened(*events), PERMISSIVE, as_of=at(until), strict=False)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (Classified(ONE, service="orders", impact=1), "Classified: service orders, impact 1"),
        (
            Classified(ONE, category="a", subcategory="b", configuration_item="c", urgency=2),
            "Classified: category a, subcategory b, configuration item c, urgency 2",
        ),
        (PrioritySet(ONE, priority=1), "Priority P1"),
        (PrioritySet(ONE, priority=2, reason="VIP"), "Priority P2 (VIP)"),
        (Assigned(ONE, group="platform", assignee=ANN), "Assigned to platform, Ann"),
        (Assigned(ONE, assignee=ANN), "Assigned to Ann"),
        (Assigned(ONE), "Assigned to nobody"),
        (Acknowledged(ONE), "Acknowledged"),
        (Started(ONE), "Work began"),
        (Held(ONE), "On hold"),
        (Held(ONE, reason="awaiting_supplier", reference="HX-1"), "On hold: awaiting supplier (HX-1)"),
        (Resumed(ONE), "Work went on"),
        (Resolved(ONE), "Resolved"),
        (
            Resolved(ONE, code="workaround_provided", notes="Second site."),
            "Resolved (workaround provided): Second site.",
        ),
        (Reopened(ONE, reason="Again"), "Reopened: Again"),
        (Closed(ONE), "Closed"),
        (Closed(ONE, code="reviewed", confirmed_by=ANN), "Closed (reviewed), confirmed by Ann"),
        (Cancelled(ONE, reason="Twice", duplicate_of="INC7"), "Cancelled (repeats INC7): Twice"),
        (Replied(ONE, text="Soon."), "Answered: Soon."),
        (Replied(ONE, text="Soon.", audience="users"), "To users: Soon."),
        (Replied(ONE, text="Soon.", audience="management", public=False), "To management: Soon."),
        (Escalated(ONE, kind="functional", to="Hoster", reference="HX-1"), "Called in Hoster (functional, HX-1)"),
        (Escalated(ONE, kind="hierarchical", reason="P1"), "Called in others (hierarchical): P1"),
        (Linked(ONE, kind="known_error", to="KE1"), "Tied to known error KE1"),
        (ModelAttached(ONE, model="outage"), "Incident model outage attached"),
        (ModelAttached(ONE, model="outage", version="3"), "Incident model outage (3) attached"),
        (StepDone(ONE, step="check", notes="All well."), "Step done: check: All well."),
        (Migrated(ONE, reason="From the old tool"), "Carried over from elsewhere: From the old tool"),
        (Reviewed(ONE), "Review held"),
        (Reviewed(ONE, reference="PIR-1"), "Review held (PIR-1)"),
        (MajorProposed(ONE, reason="Down"), "Proposed as a major incident: Down"),
        (MajorRejected(ONE, reason="One user"), "Rejected as a major incident: One user"),
        (MajorDeclared(ONE), "Declared a major incident"),
        (
            MajorDeclared(ONE, reason="Down", war_room="Bridge 4", approved_by=ANN),
            "Declared a major incident, approved by Ann, war room Bridge 4: Down",
        ),
        (StoodDown(ONE, reason="Stable"), "Stood down: Stable"),
        (RoleTaken(ONE, role="incident_manager", person=ANN), "Ann became incident manager"),
        (RoleLeft(ONE, role="sme", person=ANN), "Ann is no longer sme"),
        (WarRoomOpened(ONE, war_room="Room 12"), "War room: Room 12"),
        (DisasterRecoveryInvoked(ONE, plan="Second site"), "Disaster recovery invoked (Second site)"),
        # What is left out.
        (Replied(ONE, text="Got it.", automatic=True), None),
        (Replied(ONE, text="Between us.", public=False), None),
        (RequesterWrote(ONE, text="My password is"), None),
        (Noted(ONE, text="Called back."), None),
        (SurveySent(ONE), None),
        (Classified(ONE, fields={"floor": 3}), None),
    ],
)  # fmt: skip
def test_what_an_event_tells(event: Event, told: str | None) -> None:
    """In words of the field; what is not for every reader is left out."""
    logged = Entry(at(0), "Reported: 8 of 16 nodes unreachable")
    assert account(seen(event)) == (logged, *([] if told is None else [Entry(ONE, told)]))


def test_work_notes_are_told_on_demand() -> None:
    """And who wrote them; an update without a text tells nothing."""
    timeline = seen(Noted(ONE, ANN, text="Called back."), Noted(ONE))
    assert account(timeline, notes=True)[1:] == (Entry(ONE, "Note: Called back.", ANN),)


def test_it_is_told_as_far_as_it_is_known() -> None:
    """In the order of the history, at the instants of the timeline; before it was opened there is nothing."""
    events: list[Event] = [Started(at(10)), Resumed(at(5)), Resolved(at(20))]
    assert [(each.at, each.what) for each in account(seen(*events, until=15))[1:]] == [
        (at(10), "Work began"),
        (at(10), "Work went on"),
    ]
    assert account(seen(*events, until=-1)) == ()


@pytest.mark.parametrize("kind", [kind for kind in get_args(Event) if kind is not Logged])
def test_no_event_is_forgotten(kind: type[Event]) -> None:
    """Each event tells a line or none, and none raises."""
    event = kind(ONE, "ann", **NEEDS.get(kind, {}))  # type: ignore[arg-type]  # the values of a table
    assert len(account(seen(event), notes=True)) in (1, 2)
