"""History by history: fitness, closing without resolving, and facts that a step asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from itilkit.events import (
    Assigned,
    Closed,
    Event,
    Held,
    Logged,
    Migrated,
    Noted,
    PrioritySet,
    Resolved,
    Started,
)
from itilkit.lifecycle import ITIL4_DEFAULT, SHIPPED, Conformance, Timeline, conformance, replay
from itilkit.records import Incident, Source

from .stories import ANN, ASK, FAR, NOON, at


def _seen(number: str, *events: Event, source: Source | str = "tool", inferred: bool = False) -> Timeline:
    incident = Incident(number, [Logged(NOON, inferred=inferred), *events], source=source)
    return replay(incident, ITIL4_DEFAULT, as_of=FAR, strict=False)


def test_fitness_is_the_share_of_legal_steps() -> None:
    """Each history has the share of its judged steps that is legal, with the places of the others."""
    found = conformance(
        [
            _seen("A", Started(at(1)), Resolved(at(2)), Closed(at(3))),
            _seen("B", Started(at(1)), Closed(at(2))),
            _seen("C", Noted(at(1), state="-100"), Noted(at(2), state="resolved")),
            _seen("D"),
        ]
    )
    assert [case.fitness for case in found.cases] == [1, 0.5, None, None]
    assert [(step.beat, step.source, step.target) for step in found.cases[1].illegal] == [
        (2, "in_progress", "closed")
    ]
    assert found.fitness == 0.8
    assert conformance([]).fitness is None


def test_closing_without_resolving_is_told() -> None:
    """Closed from an open status or from cancelled; what began in mid-life or was migrated is not judged."""
    found = conformance(
        [
            _seen("A", Closed(at(1))),
            _seen("B", Resolved(at(1)), Closed(at(2))),
            _seen("C", Closed(at(1)), inferred=True),
            _seen("D", Migrated(at(1), state="closed")),
            _seen("E", *(ASK[name] for name in ("cancel", "close"))),
        ]
    )
    assert found.closed_unresolved == ("A", "E")


def test_facts_are_missing_only_where_the_source_records_them() -> None:
    """A fact that a source lacks, or that none of its records ever had, is not missing from one of them."""
    bare = _seen("A", PrioritySet(NOON, priority=1), Started(at(1)), Resolved(at(2)))
    full = _seen(
        "B", Assigned(NOON, group="desk", state="new"), Started(at(1)), Resolved(at(2), ANN, notes="Done.")
    )
    found = conformance([bare, full], ITIL4_DEFAULT)
    assert found.missing == {
        ("start", "group or assignee"): 1,
        ("start", "priority"): 1,
        ("resolve", "notes"): 1,
    }
    assert [(each.event, each.trigger, each.fact) for each in found.cases[0].missing] == [
        (2, "start", "group or assignee"), (3, "resolve", "notes")
    ]  # fmt: skip
    silent = Source("tool", lacks={"notes"})
    lacking = _seen("A", Assigned(NOON, group="desk", state="new"), Resolved(at(2)), source=silent)
    assert ("resolve", "notes") not in conformance([lacking, full], ITIL4_DEFAULT).missing
    elsewhere = attrs.evolve(full, incident=attrs.evolve(full.incident, source="other"))
    assert conformance([bare, elsewhere], ITIL4_DEFAULT).missing == {}
    assert conformance([bare, full]).missing == {}


def test_a_summary_as_rows_and_markdown() -> None:
    """Rows by kind with counts, and the same as a table in which no text breaks out of its cell."""
    found = conformance(
        [
            _seen("A", Closed(at(1)), Noted(at(0))),
            _seen("B", Noted(at(1), state="a|b\n c")),
            _seen("C", Started(at(1)), inferred=True),
            _seen("D", Noted(at(-1))),
        ],
        ITIL4_DEFAULT,
    )
    assert found.to_rows() == [
        {"kind": "illegal step", "what": "new -> closed", "count": 1},
        {"kind": "step at an unknown state", "what": "new -> a|b\n c", "count": 1},
        {"kind": "starts in mid-life", "what": "in_progress", "count": 1},
        {"kind": "closed without being resolved", "what": "incidents", "count": 1},
        {"kind": "against the order of time", "what": "before_opened", "count": 1},
        {"kind": "against the order of time", "what": "out_of_order", "count": 1},
    ]
    assert found.to_markdown().splitlines()[:5] == [
        "4 incidents, 1 steps judged, fitness 0.0000",
        "",
        "| kind | what | count |",
        "| --- | --- | ---: |",
        "| illegal step | new -> closed | 1 |",
    ]
    assert "| step at an unknown state | new -> a\\|b c | 1 |" in found.to_markdown()
    assert conformance([_seen("A")]).to_markdown() == "1 incidents, 0 steps judged, fitness unknown"


_ANY: list[Event] = [*ASK.values(), Held(NOON), Noted(NOON), Migrated(NOON), Started(NOON), Closed(NOON)]
_STATES = st.sampled_from([None, None, "", "-100", "new", "Resolved", "closed", "Awaiting Vendor", "a|b"])


@st.composite
def _broken(draw: st.DrawFn) -> Incident:
    events: list[Any] = []
    for event in draw(st.lists(st.sampled_from(_ANY), max_size=10)):
        when = NOON + timedelta(minutes=draw(st.integers(-100, 100)))
        events.append(attrs.evolve(event, at=when, state=draw(_STATES)))
    return Incident("INC1", [Logged(NOON, state=draw(_STATES), inferred=draw(st.booleans())), *events])


@given(st.lists(_broken(), max_size=3), st.sampled_from(sorted(SHIPPED)))
def test_broken_histories_are_counted_and_never_raise(incidents: list[Incident], name: str) -> None:
    """Whatever the histories, the counts agree with each other and every share lies between 0 and 1."""
    lifecycle = SHIPPED[name]
    found: Conformance = conformance(
        (replay(each, lifecycle, as_of=FAR, strict=False) for each in incidents), lifecycle
    )
    assert found.incidents == len(found.cases) == len(incidents)
    assert sum(found.illegal.values()) == sum(len(case.illegal) for case in found.cases)
    for case in found.cases:
        assert case.fitness is None or 0 <= case.fitness <= 1
        assert all(step.beat > 0 for step in case.illegal)
    assert found.to_markdown().startswith(f"{len(incidents)} incidents")
    assert sum(int(row["count"]) for row in found.to_rows() if row["kind"] == "illegal step") == sum(
        found.illegal.values()
    )
