"""A ladder against what another tool did: in time, late, missing, uncalled for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import attrs
import pytest
from tests.escalation.stories import ANN, BOB, HOUR, MINUTE, OFFICE, Promises, at, case, ladder, local, opened

from itilkit.errors import PolicyError
from itilkit.escalation import Ladder, Repeat, Rung, audit, due
from itilkit.events import Escalated, Event, Held, PrioritySet, Reopened, Replied, Resolved, Started

MONDAY = opened("03-09 09:00")
FOUR_HOURS: Promises = {"resolution": 4 * HOUR}
STEPS = ladder(
    Rung("75% of resolution", "lead", kind="hierarchical"),
    Rung("100% of resolution", "manager", kind="hierarchical", level=2),
)


def _page(when: str, to: str, level: int = 1) -> Event:
    return Escalated(at(when), kind="hierarchical", to=to, level=level, reference="PAGE-7")


def _audited(
    steps: Ladder, events: Sequence[Event], as_of: str, tolerance: timedelta = timedelta(0)
) -> list[tuple[str | None, str | None, str]]:
    seen = case([*MONDAY, *events], as_of, FOUR_HOURS)
    return [
        (
            None if each.due_at is None else local(each.due_at),
            None if each.fired_at is None else local(each.fired_at),
            each.verdict,
        )
        for each in audit(steps, seen, calendar=OFFICE, tolerance=tolerance)
    ]


def test_in_time_late_and_missing() -> None:
    """75% told at once; 100% twenty minutes late, or not at all."""
    first = _page("03-09 12:00", "lead")
    late = [first, _page("03-09 13:20", "manager", 2)]
    assert _audited(STEPS, late, "03-09 15:00") == [
        ("03-09 12:00", "03-09 12:00", "in time"),
        ("03-09 13:00", "03-09 13:20", "late"),
    ]
    assert _audited(STEPS, late, "03-09 15:00", 20 * MINUTE)[1][2] == "in time"
    assert _audited(STEPS, late, "03-09 15:00", 20 * MINUTE - timedelta(microseconds=1))[1][2] == "late"
    assert _audited(STEPS, [first], "03-09 15:00") == [
        ("03-09 12:00", "03-09 12:00", "in time"),
        ("03-09 13:00", None, "missing"),
    ]
    assert _audited(STEPS, [first], "03-09 12:59") == [("03-09 12:00", "03-09 12:00", "in time")]


def test_what_was_answered_without_an_escalation_is_missing_all_the_same() -> None:
    """Resolved at 12:30 and nobody was told at twelve: nothing is due any more, and the audit says so."""
    resolved = [Resolved(at("03-09 12:30"), ANN)]
    assert due(STEPS, case([*MONDAY, *resolved], "03-09 15:00", FOUR_HOURS)) == ()
    assert _audited(STEPS, resolved, "03-09 15:00") == [("03-09 12:00", None, "missing")]
    assert _audited(STEPS, [Resolved(at("03-09 12:00"), ANN)], "03-09 15:00") == []


def test_what_nothing_called_for() -> None:
    """Too early, to somebody else, a second time: uncalled for, at the instant at which it took place."""
    events = [
        _page("03-09 11:00", "lead"),
        _page("03-09 12:00", "lead"),
        _page("03-09 12:30", "lead"),
        _page("03-09 12:45", "director", 3),
    ]
    assert _audited(STEPS, events, "03-09 12:59") == [
        (None, "03-09 11:00", "uncalled for"),
        ("03-09 12:00", "03-09 12:00", "in time"),
        (None, "03-09 12:30", "uncalled for"),
        (None, "03-09 12:45", "uncalled for"),
    ]


def test_a_page_fires_the_latest_repeat_before_it() -> None:
    """Repeats at 12:00, 12:30 and 13:00, pages at 12:05 and 13:00: the one in the middle is missing."""
    steps = ladder(
        Rung("75% of resolution", "lead", kind="hierarchical", repeat=Repeat(30 * MINUTE, times=2))
    )
    pages = [_page("03-09 12:05", "lead"), _page("03-09 13:00", "lead")]
    assert _audited(steps, pages, "03-09 15:00") == [
        ("03-09 12:00", "03-09 12:05", "late"),
        ("03-09 12:30", None, "missing"),
        ("03-09 13:00", "03-09 13:00", "in time"),
    ]


def test_own_events_are_known_by_their_reference() -> None:
    """A host that acted at 12:20 is twenty minutes late, whatever words it put into the reason."""
    [found] = due(STEPS, case(MONDAY, "03-09 12:20", FOUR_HOURS))
    assert isinstance(found.event, Escalated)
    seen = case([*MONDAY, found.event], "03-09 12:30", FOUR_HOURS)
    [row] = [each.to_row() for each in audit(STEPS, seen)]
    assert row == {
        "number": "INC1",
        "rung": "75% of resolution, hierarchical 1",
        "time": 1,
        "due_at": at("03-09 12:00"),
        "fired_at": at("03-09 12:20"),
        "late_by": 20 * MINUTE,
        "verdict": "late",
    }
    assert audit(ladder(name="Other"), seen) == ()


def test_notifications_are_audited_where_a_ladder_proposed_them() -> None:
    """A notification leaves a private reply; without one it is missing."""
    steps = ladder(Rung("30m after opened", "desk"))
    [found] = due(steps, case(MONDAY, "03-09 09:30"))
    assert isinstance(found.event, Replied)
    assert _audited(steps, [found.event], "03-09 10:00")[0][2] == "in time"
    assert _audited(steps, [], "03-09 10:00")[0][2] == "missing"


def test_what_a_later_change_made_needless_is_uncalled_for() -> None:
    """Told at 75% of two hours as a P1, then lowered to P3 with eight: by what is known now, too early."""
    promises: Promises = {"resolution": {3: 8 * HOUR, 1: 2 * HOUR}}
    history = [*opened("03-09 09:00", 1), _page("03-09 10:30", "lead")]
    history.append(PrioritySet(at("03-09 10:45"), ANN, priority=3))
    verdicts = [each.verdict for each in audit(STEPS, case(history, "03-09 11:00", promises))]
    assert verdicts == ["uncalled for"]


def test_a_clock_on_hold_misses_nothing() -> None:
    """What is only projected is neither missing nor late, even where it lies at the instant of asking."""
    steps = ladder(Rung("75% of resolution", "lead", kind="hierarchical"))
    held: list[Event] = [Started(at("03-09 09:00"), ANN), Held(at("03-09 11:59"), ANN)]
    assert _audited(steps, held, "03-09 17:00") == []


def test_earlier_cycles_are_audited_too() -> None:
    """Next response within an hour: the first cycle was late and nobody was told; the second one is in time."""
    steps = ladder(Rung("100% of next response", "lead", kind="hierarchical"))
    history = [*MONDAY, Replied(at("03-09 10:30"), ANN), Resolved(at("03-09 10:40"), ANN)]
    history += [Reopened(at("03-09 11:00"), BOB), Replied(at("03-09 11:30"), ANN)]
    rows = audit(steps, case(history, "03-09 15:00", {"next_response": HOUR}))
    assert [(local(each.due_at), each.verdict) for each in rows if each.due_at] == [
        ("03-09 10:00", "missing")
    ]


@pytest.mark.parametrize("tolerance", [timedelta(-1), 5, None])
def test_a_tolerance_is_an_amount_of_time(tolerance: object) -> None:
    """Negative or no amount at all is refused."""
    with pytest.raises(PolicyError, match="tolerance"):
        audit(STEPS, case(MONDAY, "03-09 10:00"), tolerance=tolerance)  # type: ignore[arg-type]


def test_an_event_that_was_appended_twice_counts_once() -> None:
    """The first one fired; the same again ten minutes later is uncalled for."""
    [found] = due(STEPS, case(MONDAY, "03-09 12:00", FOUR_HOURS))
    assert isinstance(found.event, Escalated)
    again = attrs.evolve(found.event, at=at("03-09 12:10"))
    assert _audited(STEPS, [found.event, again], "03-09 12:30") == [
        ("03-09 12:00", "03-09 12:00", "in time"),
        (None, "03-09 12:10", "uncalled for"),
    ]


def test_what_is_due_at_the_very_instant_is_missing() -> None:
    """As `due` lists it from its instant on, so the audit misses it from then on."""
    assert _audited(STEPS, [], "03-09 12:00") == [("03-09 12:00", None, "missing")]
    assert _audited(STEPS, [], "03-09 11:59") == []
