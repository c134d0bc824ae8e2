"""How many histories keep to their lifecycle, counted."""

from __future__ import annotations

from itilkit.events import Closed, Event, Logged, Noted, Reopened, Resolved, Started
from itilkit.lifecycle import SERVICENOW, Conformance, Timeline, conformance, replay
from itilkit.records import Incident

from .stories import FAR, NOON, at


def _timeline(number: str, *events: Event, inferred: bool = False) -> Timeline:
    return replay(
        Incident(number, [Logged(NOON, inferred=inferred), *events]), SERVICENOW, as_of=FAR, strict=False
    )


def test_nothing_counts_as_nothing() -> None:
    """No timelines give zeros."""
    assert conformance([]) == Conformance(0, {}, {}, {}, {}, {})


def test_steps_are_counted_by_kind() -> None:
    """Steps, illegal ones, steps touching an unknown state and mid-life starts are told apart, with who has them."""
    found = conformance(
        [
            _timeline("A", Started(at(1)), Resolved(at(2)), Closed(at(3))),
            _timeline("B", Closed(at(1)), Reopened(at(2), state="Active"), Closed(at(3))),
            _timeline("C", Started(at(0)), Noted(at(1), state="-100"), Resolved(at(2)), Noted(at(1))),
            _timeline("D", Resolved(at(1)), Closed(at(2)), inferred=True),
            _timeline("E", Noted(at(-1))),
            _timeline("F", Resolved(at(1)), Resolved(at(2))),
        ]
    )
    assert found.incidents == 6
    assert found.steps == {
        ("New", "In Progress"): 2,
        ("In Progress", "Resolved"): 1,
        ("Resolved", "Closed"): 2,
        ("New", "Closed"): 1,
        ("Closed", "Active"): 1,
        ("Active", "Closed"): 1,
        ("In Progress", "-100"): 1,
        ("-100", "Resolved"): 1,
        ("New", "Resolved"): 1,
    }
    assert found.illegal == {("New", "Closed"): 1, ("Closed", "Active"): 1, ("Active", "Closed"): 1}
    assert found.unknown == {("In Progress", "-100"): 1, ("-100", "Resolved"): 1}
    assert found.mid_life == {"Resolved": 1}
    assert found.affected == {
        "illegal_step": ("B", "F"),
        "unknown_state": ("C",),
        "out_of_order": ("C",),
        "starts_mid_life": ("D",),
        "before_opened": ("E",),
    }
