"""Who gets it: the first route that holds, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from itilkit import Incident
from itilkit.conditions import INCIDENT, AllOf, Eq, In, Le
from itilkit.errors import PolicyError
from itilkit.events import Classified, Logged
from itilkit.incident_models import Route, lint_routes, route, routes_from_data, routes_to_data
from itilkit.lifecycle import ITIL4_DEFAULT, replay

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
NETWORK = Eq("category", "network")
HOUSE = [
    Route("payments_desk", Eq("service", "payments"), because="they know the banks"),
    Route("network", NETWORK, level=2),
    Route("leeds", AllOf([NETWORK, Eq("site", "Leeds")])),
    Route("desk"),
    Route("carrier", NETWORK, level=4),
]


@pytest.mark.parametrize(
    ("facts", "level", "group", "tried"),
    [
        pytest.param(
            {"service": "payments", "category": "network"}, 1, "payments_desk", 1, id="the first that holds"
        ),
        pytest.param({"category": "network", "site": "Leeds"}, 1, "leeds", 2, id="of its level only"),
        pytest.param({}, 1, "desk", 3, id="the last takes the rest"),
        pytest.param({"category": "network"}, 2, "network", 1, id="second level"),
        pytest.param({"category": "network"}, 4, "carrier", 1, id="supplier"),
        pytest.param({"category": "access"}, 2, None, 1, id="none holds"),
        pytest.param({"category": "network"}, 3, None, 0, id="none of that level"),
    ],
)
def test_the_first_route_of_the_level_decides(
    facts: dict[str, Any], level: int, group: str | None, tried: int
) -> None:
    """Order decides within a support level; what is left open does not hold."""
    found = route(HOUSE, facts, level=level)
    assert (found.group, len(found.tried), found.level) == (group, tried, level)


def test_a_route_is_explained() -> None:
    """Each route that was tried is told with what was found, and why the house wants it so."""
    assert route(HOUSE, {"service": "payments"}).explain().splitlines() == [
        "level 1: payments_desk, because they know the banks",
        "  payments_desk:",
        "    \u2713 service is payments: it is payments",
    ]
    assert route(HOUSE, {}, level=2).explain().splitlines() == [
        "level 2: no route holds",
        "  network:",
        "    ? category is network: not known",
    ]


def test_a_route_says_what_it_is() -> None:
    """The words name group, level and condition."""
    assert str(HOUSE[1]) == "network (level 2) where category is network"


def test_an_incident_is_routed_as_it_stands() -> None:
    """A timeline is judged at its end; an incident that is not opened yet goes nowhere."""
    incident = Incident("INC1", [Logged(AT), Classified(AT, service="payments")])
    assert route(HOUSE, replay(incident, ITIL4_DEFAULT, as_of=AT)).group == "payments_desk"
    early = route(HOUSE, replay(incident, ITIL4_DEFAULT, as_of=datetime(2026, 3, 1, tzinfo=UTC)))
    assert (early.group, early.tried) == (None, ())


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"group": ""}, [("no_name", "group")]),
        ({"group": "x", "when": "always"}, [("not_a_condition", "when")]),
        ({"group": None, "level": 0}, [("no_name", "group"), ("not_a_level", "level")]),
        ({"group": "x", "level": 5}, [("not_a_level", "level")]),
        ({"group": "x", "level": True}, [("not_a_level", "level")]),
        ({"group": "x", "level": "2"}, [("not_a_level", "level")]),
        ({"group": "x", "because": 5}, [("bad_value", "because")]),
    ],
)
def test_what_is_wrong_with_a_route_is_told(given: dict[str, Any], told: list[tuple[str, str]]) -> None:
    """A route needs a group, a condition and a support level from 1 to 4."""
    with pytest.raises(PolicyError) as caught:
        Route(**given)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == told


@pytest.mark.parametrize(
    ("routes", "told"),
    [
        pytest.param(HOUSE, [], id="clean"),
        pytest.param([HOUSE[3], HOUSE[0]], [("never_first", "routing[1].when")], id="after the rest"),
        pytest.param(
            [Route("a", Eq("impact", 1)), Route("b", Eq("impact", 2)), Route("c", Le("impact", 2))],
            [("never_first", "routing[2].when")],
            id="by two together",
        ),
        pytest.param(
            [Route("a", Le("impact", 2)), Route("b", Eq("impact", 2), level=2)], [], id="another level"
        ),
        pytest.param(
            [Route("a", AllOf([Eq("impact", 1), Eq("impact", 2)]))],
            [("never_matches", "routing[0].when")],
            id="never",
        ),
    ],
)
def test_oversights_are_told(routes: list[Route], told: list[tuple[str, str]]) -> None:
    """A route that never holds or never comes first is a warning."""
    found = lint_routes(routes)
    assert [(fault.code, fault.path) for fault in found] == told
    assert {fault.severity for fault in found} <= {"warning"}


def test_routes_are_written_as_they_are_read() -> None:
    """The data of the routes gives them back."""
    data = routes_to_data(HOUSE)
    assert data[0] == {
        "group": "payments_desk",
        "when": {"service": "payments"},
        "because": "they know the banks",
    }
    assert data[1] == {"group": "network", "when": {"category": "network"}, "level": 2}
    assert routes_from_data(data) == tuple(HOUSE)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, [("not_a_list", "routing")]),
        (["desk"], [("not_a_table", "routing[0]")]),
        ([{"gruop": "desk"}], [("unknown_key", "routing[0].gruop"), ("missing_key", "routing[0].group")]),
        (
            [{"group": "a", "level": 9}, {"group": "", "when": {"x": 1}, "level": 0, "because": 3}],
            [
                ("not_a_level", "routing[0].level"),
                ("not_a_text", "routing[1].group"),
                ("unknown_field", "routing[1].when.x"),
                ("not_a_level", "routing[1].level"),
                ("not_a_text", "routing[1].because"),
            ],
        ),
        # A level that there is not is told beside what cannot be read.
        ([{"level": 9}], [("missing_key", "routing[0].group"), ("not_a_level", "routing[0].level")]),
    ],
)
def test_all_that_is_wrong_is_told_with_its_path(data: Any, told: list[tuple[str, str]]) -> None:
    """No fault hides another."""
    with pytest.raises(PolicyError) as caught:
        routes_from_data(data)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == told


def test_routes_ask_about_the_fields_of_the_house() -> None:
    """Conditions are held to the schema that is given."""
    house = INCIDENT.having({"region": ["EMEA", "APAC"]})
    (found,) = routes_from_data([{"group": "a", "when": {"region": ["emea"]}}], schema=house)
    assert found.when == In(house.field("region"), ["EMEA"])


@pytest.mark.parametrize("level", [0, 5, "2", True])
def test_there_is_no_such_level(level: Any) -> None:
    """Asking for a level that no route can have is a slip, not an incident that nobody gets."""
    with pytest.raises(PolicyError, match="there is no support level"):
        route(HOUSE, {"category": "network"}, level=level)
