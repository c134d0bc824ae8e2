"""What a new incident needs, in one call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit import Accepted, Incident, Person
from itilkit.conditions import Eq
from itilkit.errors import PolicyError
from itilkit.events import Assigned, Classified, Event, Logged, ModelAttached, PrioritySet
from itilkit.incident_models import (
    Defaults,
    IncidentModel,
    ModelStep,
    Route,
    attach,
    digest,
    shipped,
    triage,
)
from itilkit.lifecycle import ITIL4_DEFAULT, decide
from itilkit.priority import ITIL_3X3, PriorityRule

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANN = Person("ann")
MODEL = IncidentModel(
    "net",
    "Network",
    [ModelStep("a", "A", owner="sme")],
    when=Eq("category", "network"),
    defaults=Defaults(subcategory="vpn", impact=3, urgency=2, group="network"),
    priority_at_least=3,
)
ROUTES = [Route("leeds_network", Eq("site", "Leeds")), Route("desk", Eq("channel", "portal"))]
VIP = PriorityRule(Eq("reporter.vip", True), urgency_at_least=1, because="VIP caller")
ATTACHED = ModelAttached(AT, ANN, model="net", digest=digest(MODEL))
NETWORK = Classified(AT, category="network")
HOUSE: dict[str, Any] = {"models": [MODEL], "routes": ROUTES, "matrix": ITIL_3X3, "rules": [VIP]}


def opened(*events: Event, vip: bool = False, site: str | None = None) -> Incident:
    """An incident that Bob reports."""
    return Incident("INC1", [Logged(AT, ANN, reporter=Person("bob", vip=vip)), *events], site=site)


FILLED = Classified(AT, ANN, subcategory="vpn", impact=3, urgency=2)


@pytest.mark.parametrize(
    ("incident", "proposed"),
    [
        pytest.param(
            opened(NETWORK),
            [
                ATTACHED,
                FILLED,
                PrioritySet(AT, ANN, priority=3, reason="ITIL 3x3; incident model net keeps it at least P3"),
                Assigned(AT, ANN, group="network"),
            ],
            id="by the model",
        ),
        pytest.param(
            opened(NETWORK, site="Leeds"),
            [
                ATTACHED,
                FILLED,
                PrioritySet(AT, ANN, priority=3, reason="ITIL 3x3; incident model net keeps it at least P3"),
                Assigned(AT, ANN, group="leeds_network"),
            ],
            id="a route before the model's group",
        ),
        pytest.param(
            opened(NETWORK, Classified(AT, subcategory="lan", impact=2), vip=True),
            [
                ATTACHED,
                Classified(AT, ANN, urgency=2),
                PrioritySet(AT, ANN, priority=2, reason="ITIL 3x3; VIP caller"),
                Assigned(AT, ANN, group="network"),
            ],
            id="a rule raises",
        ),
        pytest.param(
            opened(NETWORK, PrioritySet(AT, priority=5), Assigned(AT, group="desk")),
            [
                ATTACHED,
                FILLED,
                PrioritySet(AT, ANN, priority=3, reason="incident model net keeps it at least P3"),
            ],
            id="a recorded priority is only bounded",
        ),
        pytest.param(
            opened(NETWORK, PrioritySet(AT, priority=1), Assigned(AT, assignee="carl")),
            [ATTACHED, FILLED],
            id="a recorded priority stays",
        ),
        pytest.param(opened(Classified(AT, category="access")), [], id="nothing fits"),
        pytest.param(
            opened(Classified(AT, category="access", impact=1, urgency=1), site="Leeds"),
            [PrioritySet(AT, ANN, priority=1, reason="ITIL 3x3"), Assigned(AT, ANN, group="leeds_network")],
            id="without a model",
        ),
        pytest.param(
            opened(NETWORK, ModelAttached(AT, model="other")),
            [],
            id="it has a model already",
        ),
    ],
)
def test_what_a_new_incident_needs(incident: Incident, proposed: list[Event]) -> None:
    """A model, what is still empty, a priority and a group; what is on record stays."""
    assert list(triage(incident, AT, ANN, **HOUSE).events) == proposed


def test_without_a_matrix_the_priority_follows_the_facts() -> None:
    """A house whose policy derives the priority records none."""
    found = triage(opened(NETWORK), AT, "ann", models=[MODEL])
    assert [type(event) for event in found.events] == [ModelAttached, Classified, Assigned]
    assert found.derivation is None


def test_an_empty_house_proposes_nothing() -> None:
    """Without models, routes and matrix there is nothing to do."""
    found = triage(opened(), AT)
    assert found.events == ()
    assert found.explain() == "no model is meant for it\nlevel 1: no route holds"


def test_a_triage_is_explained() -> None:
    """The words tell of the model, the priority and the route."""
    lines = triage(opened(NETWORK, vip=True, site="Leeds"), AT, ANN, **HOUSE).explain().splitlines()
    assert lines[0] == "1. net: no rank, 1 field asked: category is network"
    assert lines[1] == "ITIL 3x3 derives P3: impact Low, urgency Medium as recorded."
    assert lines[3] == "level 1: leeds_network"
    owned = triage(opened(NETWORK, Assigned(AT, group="desk")), AT, ANN, **HOUSE)
    assert owned.routed is None
    assert "level" not in owned.explain()


def test_a_route_sees_the_priority_that_was_just_derived() -> None:
    """What is classified and prioritised in the same call is known to the routes."""
    routes = [Route("war_room", Eq("priority", 1)), Route("desk")]
    incident = opened(Classified(AT, impact=1, urgency=1))
    assert triage(incident, AT, matrix=ITIL_3X3, routes=routes).events[-1] == Assigned(AT, group="war_room")


@given(
    st.builds(
        Classified,
        st.just(AT),
        category=st.sampled_from(["network", "access", None]),
        impact=st.integers(1, 3) | st.none(),
        urgency=st.integers(1, 3) | st.none(),
    ),
    st.sampled_from([None, 1, 5]),
    st.booleans(),
    st.sampled_from(["Leeds", None]),
)
def test_a_second_triage_proposes_nothing(
    classified: Classified, priority: int | None, vip: bool, site: str | None
) -> None:
    """What was accepted stands: triage after triage is nothing, and the priority lies within the model's bounds."""
    history: list[Event] = [classified]
    history += [PrioritySet(AT, priority=priority)] if priority else []
    incident = opened(*history, vip=vip, site=site)
    once = incident.appended(*triage(incident, AT, ANN, **HOUSE).events)
    assert triage(once, AT + timedelta(hours=1), ANN, **HOUSE).events == ()
    last = [event for event in once.events if isinstance(event, PrioritySet)][-1:]
    attached = any(isinstance(event, ModelAttached) for event in once.events)
    assert all(event.priority <= 3 for event in last if attached)


def test_triage_attaches_what_attach_would() -> None:
    """Without routes and a matrix the events are those of attaching the best model."""
    incident = opened(Classified(AT, category="database", service="payments"), PrioritySet(AT, priority=4))
    model = shipped("database_error")
    assert triage(incident, AT, ANN, models=[model]).events == attach(incident, model, AT, ANN)


def test_what_is_proposed_may_be_appended() -> None:
    """The lifecycle accepts the events in their order."""
    incident = opened(NETWORK)
    for event in triage(incident, AT, ANN, **HOUSE).events:
        decision = decide(incident, event, ITIL4_DEFAULT)
        assert isinstance(decision, Accepted)
        incident = decision.incident
    assert incident.version == 6


@pytest.mark.parametrize("recorded", [[], [PrioritySet(AT, priority=2)]], ids=["derived", "recorded"])
def test_a_model_cannot_move_a_priority_off_the_scale(recorded: list[Event]) -> None:
    """A ceiling that the matrix does not know is told, and no such priority is proposed."""
    model = IncidentModel("m", "M", [ModelStep("a", "A", owner="sme")], priority_at_most=9)
    call = opened(Classified(AT, impact=1, urgency=1), *recorded)
    with pytest.raises(PolicyError, match="ITIL 3x3 has no priority 9, to which model m moves it"):
        triage(call, AT, models=[model], matrix=ITIL_3X3)
