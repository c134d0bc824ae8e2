"""Agreements and targets built in code: what contradicts itself is refused with every fault."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from itilkit.calendars import Calendar
from itilkit.errors import PolicyError
from itilkit.events import Escalated, Event, Logged, PrioritySet
from itilkit.lifecycle import ITIL4_DEFAULT
from itilkit.policy import Agreement, Policy, Target
from itilkit.priority import ITIL_3X3
from itilkit.records import Incident
from itilkit.sla import RESOLUTION, Pauses, Rule, WorkingDays
from itilkit.vocabulary import HoldReason, Status

OFFICE = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
HOUR = timedelta(hours=1)
ONE = Target(1, {"resolution": HOUR})


def _refused(*targets: Target, **options: Any) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        Agreement("Gold", targets, calendar=OFFICE, **options)
    return list(map(str, caught.value.faults))


def test_no_targets() -> None:
    """An agreement that promises nothing is none."""
    assert _refused() == ["targets: agreement 'Gold' promises nothing"]


def test_an_unknown_clock() -> None:
    """A promise on a clock that there is not is refused; so is pausing it."""
    assert _refused(Target(1, {"resoluton": HOUR}), pausing=["fix", "respons"]) == [
        "targets[0].resoluton: no clock is called 'resoluton' (did you mean resolution?)",
        "pausing: no clock is called 'fix' (known: acknowledge, closure, next_response, periodic_update, resolution, "
        "response, workaround)",
        "pausing: no clock is called 'respons' (did you mean response or next_response?)",
    ]


def test_two_targets_for_one_priority() -> None:
    """A priority in two rows, or twice in one, is a contradiction; each place is told."""
    assert _refused(ONE, Target((2, 1), {"resolution": HOUR}), Target((3, 3), {"resolution": HOUR})) == [
        "targets[1].priority: P1 has a target in targets[0] already (one line per priority)",
        "targets[2].priority: P3 stands here twice (one line per priority)",
    ]


def test_unknown_words() -> None:
    """Words of options are closed lists."""
    assert _refused(ONE, kind="sla", when_reopened="stop", when_priority_changes="recalculate") == [
        "kind: 'sla' is none of its words (did you mean SLA or OLA?)",
        "when_reopened: 'stop' is none of its words (known: continue, count the time resolved, ignore, restart)",
        "when_priority_changes: 'recalculate' is none of its words (did you mean recalculate from start?)",
    ]
    assert _refused(ONE, pause_while=["onhold"]) == ["status: 'onhold' is no status (did you mean on_hold?)"]
    assert _refused(ONE, but_not_while=["awaiting_suplier"])[0].startswith(
        "hold reason: 'awaiting_suplier' is no hold reason (did you mean awaiting_supplier"
    )


@pytest.mark.parametrize(
    ("priorities", "promises", "message"),
    [
        ("P1", {"resolution": HOUR}, "priority: expected a whole number, got 'P' (1 is the highest)"),
        (True, {"resolution": HOUR}, "priority: expected a whole number, got True (1 is the highest)"),
        ((), {"resolution": HOUR}, "priority: names no priority"),
        (
            1,
            {"resolution": 4},
            "resolution: expected a timedelta, working days or None, got 4 (timedelta(hours=4))",
        ),
        (
            1,
            {"resolution": "4h"},
            "resolution: expected a timedelta, working days or None, got '4h' (timedelta",
        ),
    ],
)
def test_what_is_no_target(priorities: Any, promises: Any, message: str) -> None:
    """Priorities are whole numbers, and promises are amounts."""
    with pytest.raises(PolicyError) as caught:
        Target(priorities, promises)
    assert str(caught.value.faults[0]).startswith(message)


def test_a_negative_target_is_refused() -> None:
    """Nothing can be met before it starts."""
    with pytest.raises(PolicyError, match="cannot be met"):
        Agreement("Gold", [Target(1, {"resolution": -HOUR})], calendar=OFFICE)


def test_what_pauses() -> None:
    """Named clocks pause in the named statuses, but not for the named reasons; the others never do."""
    agreement = Agreement(
        "Gold",
        [Target(1, {"response": HOUR, "resolution": WorkingDays(2)})],
        calendar=OFFICE,
        pause_while=["on_hold", Status.ASSIGNED],
        but_not_while=["awaiting_parts"],
        pausing=["response"],
    )
    pauses = agreement.rules["response"].pauses
    assert pauses is not None
    assert agreement.rules["resolution"].pauses is None
    assert pauses.hold(Status.ON_HOLD, HoldReason.AWAITING_USER)
    assert pauses.hold(Status.ASSIGNED, None)
    assert not pauses.hold(Status.ON_HOLD, HoldReason.AWAITING_PARTS)


def test_terms() -> None:
    """Each priority has its term; one without a promise, or not known, has none."""
    agreement = Agreement(
        "Gold",
        [Target((1, 2), {"resolution": HOUR, "response": None}), Target(3, {"response": HOUR})],
        calendar=OFFICE,
    )
    first, third, unknown = agreement.terms("resolution", (1, 3, None))
    assert (first.priority, first.goal and first.goal.target) == (1, HOUR)
    assert third.goal is None
    assert (unknown.priority, unknown.goal) == (None, None)
    assert [term.goal for term in agreement.terms("response", ())] == [None]


TRIAGE = Rule("triage", starts_on={"opened"}, stops_on={"escalated"}, pauses=Pauses(limit=HOUR))


def test_a_clock_of_the_house() -> None:
    """A house's own clock has targets, readings and pauses like a shipped one; its own options stand."""
    own = Agreement(
        "Gold", [Target(3, {"triage": HOUR, "resolution": 4 * HOUR})], calendar=OFFICE, clocks=[TRIAGE]
    )
    assert own.rules["triage"] is TRIAGE
    policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[own])
    nine = datetime(2026, 3, 9, 9, tzinfo=UTC)
    story: list[Event] = [
        Logged(nine, "bob"),
        PrioritySet(nine, priority=3),
        Escalated(nine + HOUR / 2, "ann", kind="functional"),
    ]
    readings = policy.assess(Incident("INC1", story), as_of=nine + 2 * HOUR).readings
    assert {name: (reading.outcome, reading.elapsed) for name, reading in readings.items()} == {
        "triage": ("met", HOUR / 2),
        "resolution": ("pending", 2 * HOUR),
    }
    assert readings["triage"].due_at == nine + HOUR


def test_a_clock_of_the_house_may_pause_like_the_others() -> None:
    """Named in pausing, it stands still where the agreement says, instead of where it says itself."""
    own = Agreement(
        "Gold",
        [Target(3, {"triage": HOUR})],
        calendar=OFFICE,
        clocks=[TRIAGE],
        pausing=["triage"],
        pause_while=["new"],
    )
    assert own.rules["triage"].pauses == Pauses([Status.NEW])


def test_a_clock_of_the_house_needs_a_name_of_its_own() -> None:
    """One name, one clock: a shipped name or the same one twice is refused, and its name is offered to near ones."""
    assert _refused(ONE, clocks=[TRIAGE, TRIAGE, RESOLUTION]) == [
        "clocks[1]: there is a clock called 'triage' already (give it a name of its own)",
        "clocks[2]: there is a clock called 'resolution' already (give it a name of its own)",
    ]
    assert _refused(Target(1, {"triag": HOUR}), clocks=[TRIAGE]) == [
        "targets[0].triag: no clock is called 'triag' (did you mean triage?)"
    ]
