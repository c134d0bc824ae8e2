"""Attaching a model, and finding it again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from itilkit import Accepted, Incident, Person
from itilkit.errors import InstantError
from itilkit.events import Assigned, Classified, Event, Logged, ModelAttached, PrioritySet
from itilkit.incident_models import (
    Defaults,
    IncidentModel,
    ModelStep,
    attach,
    attachments,
    digest,
    model_of,
)
from itilkit.lifecycle import ITIL4_DEFAULT, decide

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANN = Person("ann")
STEPS = [ModelStep("a", "A", owner="sme")]
MODEL = IncidentModel(
    "net",
    "Network",
    STEPS,
    version="2",
    defaults=Defaults(
        category="network",
        subcategory="vpn",
        service="remote",
        impact=2,
        urgency=2,
        group="network",
        fields={"floor": 3},
    ),
    priority_at_least=3,
)
ATTACHED = ModelAttached(AT, ANN, model="net", version="2", digest=digest(MODEL))
FILLED: dict[str, Any] = {
    "category": "network",
    "subcategory": "vpn",
    "service": "remote",
    "impact": 2,
    "urgency": 2,
}


def opened(*events: Event) -> Incident:
    """An incident with more history."""
    return Incident("INC1", [Logged(AT, "bob"), *events])


@pytest.mark.parametrize(
    ("history", "proposed"),
    [
        pytest.param(
            [],
            [Classified(AT, ANN, **FILLED, fields={"floor": 3}), Assigned(AT, ANN, group="network")],
            id="everything is empty",
        ),
        pytest.param(
            [Classified(AT, category="software", impact=1, fields={"floor": 1})],
            [
                Classified(AT, ANN, subcategory="vpn", service="remote", urgency=2),
                Assigned(AT, ANN, group="network"),
            ],
            id="some is known",
        ),
        pytest.param(
            [Classified(AT, **FILLED, fields={"floor": 3}), Assigned(AT, group="desk")], [], id="all is known"
        ),
        pytest.param(
            [Classified(AT, **FILLED, fields={"floor": 3}), Assigned(AT, assignee="bo")],
            [],
            id="a person has it",
        ),
        pytest.param(
            [
                Classified(AT, **FILLED, fields={"floor": 0}),
                Assigned(AT, group="desk"),
                PrioritySet(AT, priority=5),
            ],
            [PrioritySet(AT, ANN, priority=3, reason="incident model net keeps it at least P3")],
            id="the priority is too low",
        ),
        pytest.param(
            [
                Classified(AT, **FILLED, fields={"floor": 3}),
                Assigned(AT, group="desk"),
                PrioritySet(AT, priority=1),
            ],
            [],
            id="the priority is high enough",
        ),
    ],
)
def test_a_model_fills_in_only_what_is_empty(history: list[Event], proposed: list[Event]) -> None:
    """The attachment comes first, then the defaults for which the incident has no value."""
    assert attach(opened(*history), MODEL, AT, ANN) == (ATTACHED, *proposed)


def test_both_bounds_of_the_priority_are_named() -> None:
    """The reason of the new priority names floor and ceiling."""
    model = attrs.evolve(MODEL, priority_at_most=2, defaults=Defaults())
    _, raised = attach(opened(PrioritySet(AT, priority=1)), model, AT)
    assert isinstance(raised, PrioritySet)
    assert (raised.priority, raised.reason) == (2, "incident model net keeps it at least P3 and at most P2")


def test_a_later_fact_is_not_overwritten() -> None:
    """Also what was told after the instant of attaching fills a field."""
    later = Classified(AT + timedelta(hours=1), **{**FILLED, "category": "software"}, fields={"floor": 1})
    assert attach(opened(later, Assigned(later.at, group="desk")), MODEL, AT, "ann") == (ATTACHED,)


def test_what_is_proposed_may_be_appended() -> None:
    """The lifecycle accepts the events in their order."""
    incident = opened()
    for event in attach(incident, MODEL, AT, ANN):
        decision = decide(incident, event, ITIL4_DEFAULT)
        assert isinstance(decision, Accepted)
        incident = decision.incident
    assert incident.version == 4
    assert attach(incident, MODEL, AT + timedelta(days=1)) == ()


def test_an_edited_model_may_be_attached_beside_the_old_one() -> None:
    """Another digest is another attachment; both are found, the last one by `model_of`."""
    edited = attrs.evolve(MODEL, name="Networks")
    incident = opened()
    incident = incident.appended(*attach(incident, MODEL, AT))
    incident = incident.appended(*attach(incident, edited, AT))
    assert [each.model for each in attachments(incident, [edited, MODEL])] == [MODEL, edited]
    found = model_of(incident, [MODEL, edited])
    assert found is not None
    assert (found.model, found.at, found.why) == (edited, AT, "found by its digest")


EDITED = attrs.evolve(MODEL, name="Networks")
OTHER = attrs.evolve(MODEL, version="3")
BY_ID = "no digest is on record; found by"
V3, V9 = (ModelAttached(AT, model="net", version=each) for each in "39")


@pytest.mark.parametrize(
    ("event", "models", "model", "why"),
    [
        pytest.param(ATTACHED, [EDITED, MODEL], MODEL, "found by its digest", id="kept"),
        pytest.param(ATTACHED, [EDITED], None, "model net 2 was edited since it was attached", id="edited"),
        pytest.param(ATTACHED, [], None, "there is no model net 2 among those given", id="gone"),
        pytest.param(ModelAttached(AT, model="net"), [MODEL], MODEL, BY_ID, id="by id"),
        pytest.param(V3, [MODEL, OTHER], OTHER, BY_ID, id="by version"),
        pytest.param(
            ModelAttached(AT, model="net"),
            [MODEL, OTHER],
            None,
            "no digest is on record, and 2 of",
            id="several",
        ),
        pytest.param(V9, [MODEL], None, "no digest is on record, and 0 of", id="other version"),
    ],
)
def test_an_attached_model_is_found_as_it_was(
    event: ModelAttached, models: list[IncidentModel], model: IncidentModel | None, why: str
) -> None:
    """The digest decides; without one id and version do, where they leave no doubt."""
    found = model_of(opened(event), models)
    assert found is not None
    assert found.model == model
    assert found.why.startswith(why)


def test_nothing_attached_is_nothing_found() -> None:
    """An incident without a model has none."""
    assert model_of(opened(), [MODEL]) is None


def test_an_instant_needs_a_zone() -> None:
    """A naive instant is refused."""
    with pytest.raises(InstantError):
        attach(opened(), MODEL, datetime(2026, 3, 2, 9))  # noqa: DTZ001  what is refused
