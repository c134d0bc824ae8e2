"""What shows that something was done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import attrs
import pytest

from itilkit import Person
from itilkit.conditions import Eq
from itilkit.errors import PolicyError
from itilkit.events import (
    Assigned,
    Escalated,
    Event,
    Held,
    Linked,
    PrioritySet,
    Replied,
    Resolved,
    RoleTaken,
    StepDone,
)
from itilkit.incident_models import Evidence
from itilkit.incident_models.evidence import EVENTS, event_schema

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANN = Person("ann", vip=True)


@pytest.mark.parametrize(
    ("data", "event", "shown"),
    [
        ({"event": "resolved"}, Resolved(AT), True),
        ({"event": "Resolved"}, Resolved(AT), True),
        ({"event": "resolved"}, Assigned(AT), False),
        ({"event": "assigned", "group": "network"}, Assigned(AT, group="network"), True),
        ({"event": "assigned", "group": "network"}, Assigned(AT, group="dba"), False),
        ({"event": "assigned", "group": ["dba", "network"]}, Assigned(AT, group="dba"), True),
        ({"event": "assigned", "group": "network"}, Assigned(AT), False),
        ({"event": "assigned", "assignee": "ann"}, Assigned(AT, assignee=ANN), True),
        ({"event": "assigned", "assignee": {"vip": True}}, Assigned(AT, assignee=ANN), True),
        ({"event": "assigned", "by": "bo"}, Assigned(AT, "ann"), False),
        ({"event": "replied", "public": True, "audience": "users"}, Replied(AT, audience="users"), True),
        ({"event": "replied", "automatic": False}, Replied(AT, automatic=True), False),
        ({"event": "escalated", "kind": "functional"}, Escalated(AT, kind="hierarchical"), False),
        ({"event": "linked", "to": {"starts_with": "PRB"}}, Linked(AT, kind="problem", to="PRB1"), True),
        ({"event": "priority_set", "priority": {"at_most": "P2"}}, PrioritySet(AT, priority=1), True),
        ({"event": "held", "reason": "Awaiting user"}, Held(AT, reason="awaiting_user"), True),
        (
            {"event": "role_taken", "role": "incident_manager"},
            RoleTaken(AT, role="scribe", person=ANN),
            False,
        ),
        ({"event": "step_done", "step": "a"}, StepDone(AT, step="b"), False),
        (
            {"event": "resolved", "any": [{"code": "x"}, {"notes": {"known": True}}]},
            Resolved(AT, notes="n"),
            True,
        ),
    ],
)
def test_an_event_is_evidence_or_not(data: dict[str, Any], event: Event, shown: bool) -> None:
    """The kind and the fields of an event decide; several keys mean and, a list means any of."""
    assert Evidence.from_data(data).shows(event) is shown


@pytest.mark.parametrize(
    ("data", "step", "shown"),
    [
        pytest.param({"event": "step_done"}, "a", True, id="its own step"),
        pytest.param({"event": "step_done"}, "b", False, id="another step"),
        pytest.param({"event": "step_done", "step": "a"}, "b", True, id="names another step"),
        pytest.param({"event": "step_done", "notes": {"known": True}}, "b", False, id="asks for notes"),
    ],
)
def test_a_step_done_is_that_of_the_step_asked_about(data: dict[str, Any], step: str, shown: bool) -> None:
    """Unless the evidence names the step, only the step's own `StepDone` shows that it is done."""
    assert Evidence.from_data(data).shows(StepDone(AT, step="a", notes="n"), step=step) is shown


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (7, ("not_a_table", "p")),
        ({}, ("missing_key", "p.event")),
        ({"event": "asigned"}, ("unknown_word", "p.event")),
        ({"event": ["assigned"]}, ("unknown_word", "p.event")),
        ({"event": "assigned", "gruop": "network"}, ("unknown_field", "p.gruop")),
        ({"event": "replied", "public": "yes"}, ("wrong_kind", "p.public")),
        ({"event": "replied", "audience": "everybody"}, ("unknown_word", "p.audience")),
        ({"event": "escalated", "kind": "sideways"}, ("unknown_word", "p.kind")),
    ],
)
def test_evidence_that_cannot_be_read_is_told(data: Any, told: tuple[str, str]) -> None:
    """A misspelt event, field or word has its code and its path."""
    with pytest.raises(PolicyError) as caught:
        Evidence.from_data(data, path="p")
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [told]


def test_a_question_that_the_event_cannot_answer_is_refused() -> None:
    """In code, too, a condition asks about the fields of the event."""
    with pytest.raises(PolicyError, match="the event assigned has no field 'impact'"):
        Evidence("assigned", Eq("impact", 1))
    with pytest.raises(PolicyError, match="expected a condition"):
        Evidence("assigned", "always")  # type: ignore[arg-type]  # what a caller without a checker may give


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
def test_every_event_may_be_evidence(kind: type[Event]) -> None:
    """Each kind has its word, its class stands for it, and all that its schema names is there to be asked."""
    word = next(word for word, known in EVENTS.items() if known is kind)
    assert Evidence(kind).event == word
    names = {name.partition(".")[0] for name in event_schema(word).fields}
    assert names <= {each.name for each in attrs.fields(kind)}
    assert {"at", "by"} <= names


def test_evidence_is_written_as_it_is_read() -> None:
    """The data and the words of an evidence say the same."""
    data = {"event": "assigned", "group": ["dba", "network"]}
    found = Evidence.from_data(data)
    assert found.to_data() == data
    assert str(found) == "assigned (group is one of dba, network)"
    assert Evidence("resolved").to_data() == {"event": "resolved"}
