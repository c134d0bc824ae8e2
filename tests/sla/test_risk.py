"""Which clocks run out soon: the list of a desk's morning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests.sla.stories import ANN, HOUR, MINUTE, OFFICE, at, opened

from itilkit.errors import PolicyError
from itilkit.events import Cancelled, Event, Held, Replied, Resolved
from itilkit.lifecycle import ITIL4_DEFAULT
from itilkit.policy import Agreement, Policy, Target
from itilkit.priority import ITIL_3X3
from itilkit.records import Incident
from itilkit.sla import Assessment, at_risk

POLICY = Policy(
    "Desk",
    lifecycle=ITIL4_DEFAULT,
    matrix=ITIL_3X3,
    agreements=[
        Agreement("Gold", [Target(3, {"response": HOUR, "resolution": 4 * HOUR})], calendar=OFFICE),
        Agreement("Network", [Target(3, {"resolution": 3 * HOUR})], calendar=OFFICE, kind="OLA"),
    ],
)


def case(number: str, *events: Event, opening: str = "03-09 09:00", as_of: str = "03-09 11:00") -> Assessment:
    """An incident opened on Monday at nine unless said otherwise, and looked at at eleven."""
    incident = Incident(number, [*opened(opening), *events])
    return POLICY.assess(incident, as_of=at(as_of), strict=False)


def told(cases: Sequence[Assessment], within: timedelta) -> list[str]:
    """What is at risk, in words."""
    return list(map(str, at_risk(cases, within=within)))


REPLY = Replied(at("03-09 09:30"), ANN)


def test_the_earliest_due_comes_first_and_breached_ones_before_all() -> None:
    """Response was due at ten, the OLA is due at twelve, the resolution at one: by due, over all incidents."""
    cases = [case("B", REPLY, opening="03-09 09:20"), case("A")]
    assert told(cases, 2 * HOUR) == [
        "A response: breached, was due 2026-03-09T10:00Z",
        "A OLA.resolution: due 2026-03-09T12:00Z",
        "B OLA.resolution: due 2026-03-09T12:20Z",
        "A resolution: due 2026-03-09T13:00Z",
    ]


def test_due_exactly_at_the_end_of_the_window_is_within() -> None:
    """The window is closed: what is due in sixty minutes is due within an hour, a microsecond more is not."""
    assert told([case("A", REPLY)], HOUR) == ["A OLA.resolution: due 2026-03-09T12:00Z"]
    assert told([case("A", REPLY)], HOUR - timedelta(microseconds=1)) == []


def test_a_clock_that_waits_is_told_apart() -> None:
    """On hold it has no due time; it would have one if it ran on from now."""
    (ola, sla) = at_risk([case("A", REPLY, Held(at("03-09 10:30"), ANN))], within=3 * HOUR)
    assert str(ola) == "A OLA.resolution: due if it ran on 2026-03-09T12:30Z"
    assert repr(sla) == "<AtRisk A resolution: due if it ran on 2026-03-09T13:30Z>"
    assert (ola.projected, ola.breached, ola.left) == (True, False, 90 * MINUTE)
    assert ola.reading.state == "paused"


def test_a_clock_that_is_late_and_waits_comes_before_those_that_are_not() -> None:
    """A pause after the breach mends nothing."""
    cases = [case("A", REPLY), case("B", REPLY, Held(at("03-09 10:30"), ANN), opening="03-06 09:00")]
    late = at_risk(cases, within=HOUR)
    assert [(each.assessment.timeline.incident.number, each.breached) for each in late] == [
        ("B", True),
        ("B", True),
        ("A", False),
    ]
    assert late[0].left < timedelta(0)


def test_what_is_done_is_at_no_risk() -> None:
    """Stopped and cancelled clocks are left out, the breached ones among them too; so is what has not begun."""
    cases = [
        case("A", Resolved(at("03-09 10:30"), ANN)),
        case("B", Cancelled(at("03-09 10:30"), ANN)),
        case("C", opening="03-09 12:00"),
    ]
    assert cases[0].readings["response"].breached
    assert told(cases, timedelta(days=365)) == []


@pytest.mark.parametrize("within", [-HOUR, 2, "2h", None])
def test_a_window_that_is_none_is_refused(within: Any) -> None:
    """Nothing can be due within less than no time, and a bare number says no unit."""
    with pytest.raises(PolicyError, match=r"within: expected an amount of time, zero or more, got"):
        at_risk([], within=within)
