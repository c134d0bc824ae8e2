"""What an event proposes for the incidents that follow it."""

from __future__ import annotations

import attrs
import pytest

from itilkit.events import Assigned, Closed, Event, Linked, Logged, Migrated, Noted, Reopened, Resolved
from itilkit.lifecycle import ITIL4_DEFAULT, Accepted, decide
from itilkit.records import Incident

from .stories import ANN, ASK, NOON, USER, WAY, at, known

PARENT = known(*WAY["in_progress"])
RESOLUTION = Resolved(
    at(60), ANN, code="solution_provided", notes="Restarted.", resolver=USER, applied_by="support"
)


def _child(number: str, source: str, *events: Event) -> Incident:
    first: list[Event] = [Logged(NOON), Linked(NOON, kind="parent", to="INC1")]
    return Incident(number, [*first, *WAY[source], *events])


CHILDREN = [_child(source, source) for source in WAY]


def test_a_resolution_is_passed_on_to_open_children() -> None:
    """Each open child is proposed the parent's resolution; settled ones are left alone."""
    decision = decide(PARENT, RESOLUTION, ITIL4_DEFAULT, children=CHILDREN)
    assert isinstance(decision, Accepted)
    assert decision.events == (RESOLUTION,)
    assert decision.elsewhere == tuple(
        (number, RESOLUTION) for number in ("new", "assigned", "in_progress", "on_hold")
    )


def test_a_closure_closes_children_and_resolves_open_ones_first() -> None:
    """A child still open takes the parent's resolution and is then closed; each proposal is accepted in turn."""
    resolved = decide(PARENT, RESOLUTION, ITIL4_DEFAULT)
    assert isinstance(resolved, Accepted)
    closing = Closed(at(90), ANN, code="confirmed", confirmed_by=USER)
    decision = decide(resolved.incident, closing, ITIL4_DEFAULT, children=CHILDREN)
    assert isinstance(decision, Accepted)
    proposed: dict[str, list[Event]] = {}
    for number, event in decision.elsewhere:
        proposed.setdefault(number, []).append(event)
    resolution = attrs.evolve(RESOLUTION, at=at(90))
    both = [resolution, closing]
    assert proposed == {
        "new": both, "assigned": both, "in_progress": both, "on_hold": both, "resolved": [closing]
    }  # fmt: skip
    for child in CHILDREN:
        now = child
        for event in proposed.get(child.number, []):
            accepted = decide(now, event, ITIL4_DEFAULT)
            assert isinstance(accepted, Accepted)
            now = accepted.incident


@pytest.mark.parametrize(
    ("source", "event"),
    [("resolved", ASK["reopen"]), ("new", ASK["cancel"]), ("new", Noted(at(60))), ("new", ASK["assign"])],
    ids=["reopening", "cancelling", "a note", "an assignment"],
)
def test_other_events_stay_with_their_incident(source: str, event: Event) -> None:
    """Reopening, cancelling and the like propose nothing for the children."""
    decision = decide(known(*WAY[source]), event, ITIL4_DEFAULT, children=CHILDREN)
    assert isinstance(decision, Accepted)
    assert decision.elsewhere == ()


def test_a_refused_event_proposes_nothing() -> None:
    """What may not happen to the parent does not happen to its children."""
    assert not isinstance(decide(known(), ASK["close"], ITIL4_DEFAULT, children=CHILDREN), Accepted)
    assert not isinstance(
        decide(known(), Reopened(at(60), reason="?"), ITIL4_DEFAULT, children=CHILDREN), Accepted
    )


def test_a_duplicate_follows_and_stays_in_order() -> None:
    """An open duplicate takes the same resolution, no earlier than its own last event."""
    duplicate = Incident(
        "INC2", [Logged(NOON), Linked(NOON, kind="duplicate_of", to="INC1"), Assigned(at(75), group="desk")]
    )
    decision = decide(PARENT, RESOLUTION, ITIL4_DEFAULT, children=iter([duplicate]))
    assert isinstance(decision, Accepted)
    ((number, event),) = decision.elsewhere
    assert (number, event.at, type(event)) == ("INC2", at(75), Resolved)
    assert isinstance(decide(duplicate, event, ITIL4_DEFAULT), Accepted)


def test_a_parent_settled_without_a_resolution_has_none_to_pass_on() -> None:
    """Where the lifecycle let it be closed unresolved, the child's resolution says nothing it does not know."""
    moved = known(Migrated(at(1), state="resolved"))
    decision = decide(moved, Closed(at(60), ANN), ITIL4_DEFAULT, children=[_child("INC2", "new")])
    assert isinstance(decision, Accepted)
    assert decision.elsewhere[0] == ("INC2", Resolved(at(60), ANN))


def test_a_child_is_not_told_the_state_of_its_parent() -> None:
    """Where the parent's event named a state or was concluded, the proposal for the child says neither."""
    told = attrs.evolve(RESOLUTION, state="resolved", inferred=True)
    decision = decide(PARENT, told, ITIL4_DEFAULT, children=[_child("INC2", "new")])
    assert isinstance(decision, Accepted)
    assert decision.elsewhere == (("INC2", RESOLUTION),)
