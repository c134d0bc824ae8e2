"""Which models are meant for an incident, in which order, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from itilkit import Incident, Person
from itilkit.conditions import AllOf, Always, Condition, Eq, In, Le
from itilkit.errors import RecordError
from itilkit.events import Classified, Event, Logged
from itilkit.incident_models import IncidentModel, ModelStep, match
from itilkit.lifecycle import ITIL4_DEFAULT, replay

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def model(name: str, when: Condition, rank: int | None = None) -> IncidentModel:
    """A model with one step."""
    return IncidentModel(name, name, [ModelStep("a", "A", owner="sme")], when=when, rank=rank)


ANY = model("any", Always())
NETWORK = model("network", Eq("category", "network"))
ACCESS = model("access", Eq("category", "access"))
URGENT = model("urgent", AllOf([Eq("category", "network"), Le("priority", 2)]))
FIRST = model("first", Always(), rank=1)
SECOND = model("second", AllOf([Eq("category", "network"), Le("priority", 2)]), rank=2)
TWIN = model("a_twin", In("category", ["network", "access"]))


@pytest.mark.parametrize(
    ("models", "order", "ties"),
    [
        pytest.param([], [], [], id="no models"),
        pytest.param([ACCESS], [], [], id="none matches"),
        pytest.param(
            [ANY, NETWORK, ACCESS, URGENT], ["urgent", "network", "any"], [(), (), ()], id="specific"
        ),
        pytest.param([SECOND, URGENT, FIRST], ["first", "second", "urgent"], [(), (), ()], id="rank"),
        pytest.param([NETWORK, TWIN], ["a_twin", "network"], [("network",), ("a_twin",)], id="tie"),
    ],
)
def test_models_are_ranked(
    models: list[IncidentModel], order: list[str], ties: list[tuple[str, ...]]
) -> None:
    """The rank decides, then the number of fields asked about, then the id; ties are told."""
    found = match(models, {"category": "network", "priority": 1})
    assert [each.model.id for each in found] == order
    assert [each.place for each in found] == list(range(1, len(order) + 1))
    assert [each.ties for each in found] == ties
    assert all(each.explanation.verdict for each in found)


def test_a_match_says_why() -> None:
    """The words name rank, specificity, ties and the condition."""
    first, second = match([NETWORK, TWIN], {"category": "network"})
    assert (
        str(second)
        == "2. network: no rank, 1 field asked, tied with a_twin: the id decides: category is network"
    )
    assert str(first.explanation) == "\u2713 category is one of network, access: it is network"


def test_an_incident_is_matched_as_it_stands() -> None:
    """The fields of a timeline are judged at its end; what is missing matches nothing."""
    history: list[Event] = [
        Logged(AT, Person("bob"), title="VPN"),
        Classified(AT + timedelta(minutes=1), category="network"),
    ]
    incident = Incident("INC1", history)
    before, after = (
        match([NETWORK, ANY], replay(incident, ITIL4_DEFAULT, as_of=AT + timedelta(minutes=each)))
        for each in (0, 1)
    )
    assert [each.model.id for each in before] == ["any"]
    assert [each.model.id for each in after] == ["network", "any"]
    assert match([ANY], replay(incident, ITIL4_DEFAULT, as_of=AT - timedelta(days=1))) == ()


def test_a_value_that_cannot_be_compared_is_told() -> None:
    """A level that is a text is no level."""
    with pytest.raises(RecordError, match="priority: expected a level"):
        match([URGENT], {"category": "network", "priority": "high"})


def test_of_several_versions_the_first_is_asked() -> None:
    """Older ones are kept for the incidents that have them; they are meant for no other, whatever they ask."""
    narrow = attrs.evolve(NETWORK, version="2", when=AllOf([NETWORK.when, Eq("site", "Leeds")]))
    anywhere = {"category": "network"}
    assert [each.model for each in match([narrow, NETWORK, ANY], anywhere)] == [ANY]
    assert [each.model for each in match([narrow, NETWORK], {**anywhere, "site": "Leeds"})] == [narrow]
    assert [each.model for each in match([NETWORK, narrow], anywhere)] == [NETWORK]
