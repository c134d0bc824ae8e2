"""Which changes may have caused an incident?"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from math import fsum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import InstantError, MatchingError, RecordError
from itilkit.events import Classified
from itilkit.matching import Change, related_changes
from itilkit.records import ChangeRef, links

from .histories import DAY, HOUR, LATER, at, opened

INCIDENT = opened("INC1", 48, configuration_item="db-1", service="payments")


def change(name: str = "CHG1", hour: float | None = 24, **given: Any) -> Change:
    """A change of the incident's configuration item, unless told otherwise."""
    when = None if hour is None else at(hour)
    return Change(name, implemented_at=when, **(given or {"configuration_items": ["db-1"]}))


@pytest.mark.parametrize(
    ("changed", "score"),
    [
        # weights: item 2, service 1, time 1
        pytest.param(change(), (2 + 0.5) / 4, id="the item, half the window ago"),
        pytest.param(change(services=["payments"]), (1 + 0.5) / 4, id="the service"),
        pytest.param(change(configuration_items=["db-1"], services="payments"), (3 + 0.5) / 4, id="both"),
        pytest.param(change(hour=48), (2 + 1) / 4, id="at the same instant"),
        pytest.param(change(hour=0), 2 / 4, id="as long ago as may be"),
        pytest.param(change(hour=-0.1), None, id="too long ago"),
        pytest.param(change(hour=48.1), None, id="afterwards"),
        pytest.param(change(hour=None), None, id="not put into effect"),
        pytest.param(change(configuration_items=["db-2"], services=["mail"]), None, id="of something else"),
    ],
)
def test_a_change_that_is_near(changed: Change, score: float | None) -> None:
    """A change is near by what it touched and by how long before it was; without the first, time says nothing."""
    found = related_changes(INCIDENT, [changed], as_of=LATER, before=2 * DAY)
    assert [each.score for each in found] == ([] if score is None else [pytest.approx(score)])


def test_the_nearest_comes_first() -> None:
    """By score, then by id, whatever the order in which changes are given."""
    given = [change("CHG3"), change("CHG1", 30, services=["payments"]), change("CHG2"), change("CHG4", 40)]
    found = related_changes(INCIDENT, given, as_of=LATER, before=2 * DAY)
    assert [each.change.id for each in found] == ["CHG4", "CHG2", "CHG3", "CHG1"]
    assert found == related_changes(INCIDENT, given[::-1], as_of=LATER, before=2 * DAY)


def test_what_the_incident_does_not_know_does_not_count() -> None:
    """Without a known service, item and time make the whole; with nothing known there is no suggestion."""
    bare = opened("INC1", 48, configuration_item="db-1")
    (found,) = related_changes(bare, [change(hour=48)], as_of=LATER, before=DAY)
    assert found.score == 1
    assert related_changes(opened("INC1", 48), [change()], as_of=LATER, before=2 * DAY) == ()


def test_what_is_told_later_is_not_seen() -> None:
    """A configuration item that is found out later is not known before."""
    slow = opened("INC1", 48, "", Classified(at(50), configuration_item="db-1"))
    assert related_changes(slow, [change()], as_of=at(49), before=2 * DAY) == ()
    assert len(related_changes(slow, [change()], as_of=at(50), before=2 * DAY)) == 1
    assert related_changes(slow, [change()], as_of=at(47), before=2 * DAY) == ()


def test_weights_can_be_chosen() -> None:
    """What is not named does not count."""
    found = related_changes(
        INCIDENT, [change()], as_of=LATER, before=2 * DAY, weights={"configuration_item": 1}
    )
    assert [each.score for each in found] == [1.0]
    assert found[0].explain() == "CHG1 1.00: configuration_item is db-1 (1.00)"


def test_the_link_names_the_cause() -> None:
    """What is proposed reads as the cause, and so does the reference."""
    (found,) = related_changes(INCIDENT, [change()], as_of=LATER, before=2 * DAY)
    ((number, event),) = found.proposed(at(50), "ann")
    assert (number, links([event]).caused_by_change) == ("INC1", "CHG1")
    assert found.ref == ChangeRef("CHG1", "caused_by", implemented_at=at(24))
    assert found.before == DAY
    assert str(found) == "CHG1 0.62: configuration_item is db-1 (0.50), time is 1 day, 0:00:00 before (0.12)"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        pytest.param({"before": timedelta(0)}, "bad_duration", id="no window"),
        pytest.param({"weights": {"time": 0}}, "not_a_weight", id="no weight"),
        pytest.param({"weights": {"time": 1}}, "nothing_to_match", id="time alone relates nothing"),
        pytest.param({"weights": {}}, "nothing_to_match", id="no weights"),
        pytest.param({"weights": {"servce": 1}}, "unknown_field", id="a slip of the pen"),
    ],
)
def test_what_makes_no_sense_is_told(options: dict[str, Any], code: str) -> None:
    """A question that makes no sense is told by its code."""
    with pytest.raises(MatchingError) as caught:
        related_changes(INCIDENT, [], **{"as_of": LATER, "before": DAY, **options})
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_change_is_checked() -> None:
    """A change has an id, and its instant a zone; a single item is no list of letters."""
    with pytest.raises(RecordError, match="names nothing"):
        Change("")
    with pytest.raises(InstantError):
        Change("CHG1", implemented_at=at(0).replace(tzinfo=None))
    assert Change("CHG1", configuration_items="db-1").configuration_items == ("db-1",)


items = st.lists(st.sampled_from(["db-1", "db-2"]), unique=True)
services = st.lists(st.sampled_from(["payments", "mail"]), unique=True)
changes = st.lists(
    st.builds(
        lambda hour, items, services: change("x", hour, configuration_items=items, services=services),
        st.integers(-10, 60),
        items,
        services,
    ),
    max_size=6,
)


@given(changes, st.integers(1, 60))
def test_shares_add_up(drawn: list[Change], hours: int) -> None:
    """Scores are above 0 and up to 1, and what agrees adds up to them; the nearer of two like changes comes first."""
    found = related_changes(INCIDENT, drawn, as_of=LATER, before=hours * HOUR)
    for each in found:
        assert 0 < each.score <= 1
        assert fsum(part.share for part in each.why) == pytest.approx(each.score)
        assert timedelta(0) <= each.before <= hours * HOUR
    for one, other in pairwise(found):
        assert one.score >= other.score
