"""What starts, pauses, stops and restarts each clock, and what the reading says then."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import attrs
import pytest
from tests.sla.stories import ALWAYS, ANN, BOB, HOUR, MINUTE, OFFICE, at, opened, read

from itilkit.calendars import Calendar
from itilkit.errors import PolicyError
from itilkit.events import (
    Acknowledged,
    Attached,
    Cancelled,
    Closed,
    Event,
    Excluded,
    Held,
    Linked,
    Logged,
    Noted,
    PrioritySet,
    Reopened,
    Replied,
    RequesterWrote,
    Resolved,
    Resumed,
)
from itilkit.records import Source
from itilkit.sla import (
    ACKNOWLEDGE,
    CLOSURE,
    NEXT_RESPONSE,
    PERIODIC_UPDATE,
    RESOLUTION,
    RESPONSE,
    RULES,
    WORKAROUND,
    Goal,
    Pauses,
    Reading,
    Rule,
    WorkingDays,
)
from itilkit.vocabulary import HoldReason, Status

ZERO = timedelta(0)
MORNING = opened("03-09 09:00")  # a Monday


def during(*events: Event) -> list[Event]:
    """The user opens an incident on Monday at nine, and then this happens."""
    return [*MORNING, *events]


def rule_with(rule: Rule, **changes: Any) -> Rule:
    """A rule with other options."""
    return attrs.evolve(rule, **changes)


def told(reading: Reading) -> tuple[str, str, timedelta, timedelta]:
    """State, outcome, elapsed and paused."""
    return reading.state, reading.outcome, reading.elapsed, reading.paused_for


STOPS = {
    "acknowledge: acknowledged": (ACKNOWLEDGE, Acknowledged(at("03-09 09:10"), ANN), 10),
    "acknowledge: a reply will do": (ACKNOWLEDGE, Replied(at("03-09 09:10"), ANN), 10),
    "response: a public reply": (RESPONSE, Replied(at("03-09 09:10"), ANN), 10),
    "response: resolved without a word": (RESPONSE, Resolved(at("03-09 09:10"), ANN), 10),
    "response: an internal note is no answer": (
        RESPONSE,
        Replied(at("03-09 09:10"), ANN, public=False),
        None,
    ),
    "response: an automatic mail is no answer": (
        RESPONSE,
        Replied(at("03-09 09:10"), ANN, automatic=True),
        None,
    ),
    "response: a work note is no answer": (RESPONSE, Noted(at("03-09 09:10"), ANN), None),
    "response: acknowledging is no answer": (RESPONSE, Acknowledged(at("03-09 09:10"), ANN), None),
    "next response: a reply": (NEXT_RESPONSE, Replied(at("03-09 09:10"), ANN), 10),
    "next response: resolved": (NEXT_RESPONSE, Resolved(at("03-09 09:10"), ANN), 10),
    "resolution: a reply is no solution": (RESOLUTION, Replied(at("03-09 09:10"), ANN), None),
    "resolution: resolved": (RESOLUTION, Resolved(at("03-09 09:10"), ANN), 10),
    "resolution: closed and never resolved": (RESOLUTION, Closed(at("03-09 09:10"), ANN), 10),
    "workaround: a link to a workaround": (
        WORKAROUND,
        Linked(at("03-09 09:10"), ANN, kind="workaround", to="WA7"),
        10,
    ),
    "workaround: a link to a known error": (
        WORKAROUND,
        Linked(at("03-09 09:10"), ANN, kind="known_error", to="KE7"),
        10,
    ),
    "workaround: a link to a problem is none": (
        WORKAROUND,
        Linked(at("03-09 09:10"), ANN, kind="problem", to="PRB7"),
        None,
    ),
    "workaround: a reply is none": (WORKAROUND, Replied(at("03-09 09:10"), ANN), None),
    "workaround: resolved by one": (
        WORKAROUND,
        Resolved(at("03-09 09:10"), ANN, code="workaround_provided"),
        10,
    ),
    "workaround: a solution is no less": (
        WORKAROUND,
        Resolved(at("03-09 09:10"), ANN, code="solution_provided"),
        10,
    ),
    "resolution: a workaround is no solution": (
        RESOLUTION,
        Linked(at("03-09 09:10"), ANN, kind="workaround", to="WA7"),
        None,
    ),
    "closure: runs on while resolved": (CLOSURE, Resolved(at("03-09 09:10"), ANN), None),
    "closure: closed": (CLOSURE, Closed(at("03-09 09:10"), ANN), 10),
}


@pytest.mark.parametrize(("rule", "event", "minutes"), STOPS.values(), ids=STOPS.keys())
def test_what_stops_a_clock(rule: Rule, event: Event, minutes: int | None) -> None:
    """A clock stops at the events that its target is about, and runs on after any other."""
    reading = read(during(event), "03-09 09:30", HOUR, rule)
    stopped = None if minutes is None else at("03-09 09:00") + minutes * MINUTE
    assert reading.stopped_at == stopped
    assert reading.elapsed == (30 if minutes is None else minutes) * MINUTE
    assert reading.outcome == ("pending" if minutes is None else "met")


def test_a_periodic_update_runs_from_reply_to_reply() -> None:
    """The first reply starts it, each next one ends a cycle and begins another, resolving ends the last."""
    assert read(MORNING, "03-09 10:00", HOUR, PERIODIC_UPDATE).state == "not_started"
    story = during(
        Replied(at("03-09 09:10"), ANN), Replied(at("03-09 09:50"), ANN), Resolved(at("03-09 10:20"), ANN)
    )
    reading = read(story, "03-09 12:00", 35 * MINUTE, PERIODIC_UPDATE)
    assert [(cycle.elapsed // MINUTE, cycle.outcome) for cycle in reading.cycles] == [
        (40, "breached"),
        (30, "met"),
    ]
    assert reading.outcome == "met"
    assert reading.ever_breached


def test_reopening_renews_a_periodic_update_that_there_was() -> None:
    """Any reopening starts the next cycle, but none where nobody ever replied."""
    story = during(Resolved(at("03-09 10:00"), ANN), Reopened(at("03-09 11:00"), ANN))
    assert read(story, "03-09 12:00", HOUR, PERIODIC_UPDATE).state == "not_started"
    replied = during(Replied(at("03-09 09:10"), ANN), *story[2:])
    reading = read(replied, "03-09 11:20", HOUR, PERIODIC_UPDATE)
    assert [cycle.elapsed // MINUTE for cycle in reading.cycles] == [50, 20]


def test_a_next_response_waits_for_the_user() -> None:
    """It runs from the first unanswered message; more messages do not restart it, and the agent's own start none."""
    by_agent: list[Event] = [Logged(at("03-09 09:00"), ANN, reporter=BOB)]
    assert read(by_agent, "03-09 10:00", HOUR, NEXT_RESPONSE).state == "not_started"
    story = [
        *by_agent,
        RequesterWrote(at("03-09 09:10"), BOB),
        RequesterWrote(at("03-09 09:40"), BOB),
    ]
    reading = read(story, "03-09 09:50", Goal(HOUR, OFFICE), NEXT_RESPONSE)
    assert reading.started_at == at("03-09 09:10")
    assert reading.elapsed == 40 * MINUTE


def test_a_clock_that_can_be_suspended_takes_up_where_it_left() -> None:
    """Resolving without a reply suspends the response until the incident is reopened, and it starts no other cycle."""
    rule = rule_with(RESPONSE, suspended_when_done=True)
    story = during(Resolved(at("03-09 09:20"), ANN), Reopened(at("03-09 11:00"), BOB))
    suspended = read(story, "03-09 10:00", HOUR, rule)
    assert told(suspended) == ("suspended", "pending", 20 * MINUTE, ZERO)
    assert suspended.due_at is None
    assert suspended.projected_due_at == at("03-09 10:40")
    again = read(story, "03-09 11:10", HOUR, rule)
    assert told(again) == ("running", "pending", 30 * MINUTE, ZERO)
    assert [entry.kind for entry in again.cycles[0].ledger] == ["counted", "suspended", "counted"]
    repeating = rule_with(rule, repeats=True, starts_on={"opened", "reopened"})
    assert len(read(story, "03-09 11:10", HOUR, repeating).cycles) == 1


PAUSES = {
    "on hold": (Pauses(), HoldReason.AWAITING_USER, 30),
    "without a reason": (Pauses(), None, 30),
    "a reason that does not count": (
        Pauses(but_not_for=[HoldReason.AWAITING_SUPPLIER]),
        HoldReason.AWAITING_SUPPLIER,
        0,
    ),
    "one of the only reasons": (Pauses(only_for=[HoldReason.AWAITING_USER]), HoldReason.AWAITING_USER, 30),
    "none of the only reasons": (Pauses(only_for=[HoldReason.AWAITING_USER]), HoldReason.AWAITING_CHANGE, 0),
    "no reason where only some count": (Pauses(only_for=[HoldReason.AWAITING_USER]), None, 0),
    "up to the limit": (Pauses(limit=10 * MINUTE), HoldReason.AWAITING_USER, 10),
    "a limit of nothing": (Pauses(limit=ZERO), HoldReason.AWAITING_USER, 0),
    "never": (None, HoldReason.AWAITING_USER, 0),
    "in another status": (Pauses([Status.NEW]), HoldReason.AWAITING_USER, 30),
}


@pytest.mark.parametrize(("pauses", "reason", "minutes"), PAUSES.values(), ids=PAUSES.keys())
def test_what_pauses_a_clock(pauses: Pauses | None, reason: HoldReason | None, minutes: int) -> None:
    """A clock stands still in the statuses and for the reasons that its rule names, up to its limit."""
    story = during(Held(at("03-09 09:30"), ANN, reason=reason))
    reading = read(story, "03-09 10:00", 4 * HOUR, rule_with(RESOLUTION, pauses=pauses))
    assert reading.paused_for == minutes * MINUTE
    assert reading.elapsed == (60 - minutes) * MINUTE


def test_a_pause_limit_is_summed_over_the_cycle() -> None:
    """Two pauses share one limit, and the due time assumes that a pause uses it up."""
    rule = rule_with(RESOLUTION, pauses=Pauses(limit=30 * MINUTE))
    story = during(
        Held(at("03-09 09:10")),
        Resumed(at("03-09 09:30")),
        Held(at("03-09 10:00")),
        Resumed(at("03-09 10:30")),
    )
    within = read(story[:5], "03-09 10:05", 4 * HOUR, rule)
    assert (within.state, within.due_at) == ("paused", at("03-09 13:30"))
    beyond = read(story, "03-09 10:30", 4 * HOUR, rule)
    assert told(beyond) == ("running", "pending", HOUR, 30 * MINUTE)
    assert beyond.due_at == at("03-09 13:30")


REOPENED = {
    "continue": ("continue", 1, 150),
    "restart": ("restart", 2, 30),
    "count the time resolved": ("count the time resolved", 1, 240),
    "ignore": ("ignore", 1, 120),
}


@pytest.mark.parametrize(("how", "cycles", "minutes"), REOPENED.values(), ids=REOPENED.keys())
def test_what_reopening_does(how: str, cycles: int, minutes: int) -> None:
    """Two hours of work, ninety minutes resolved, half an hour more: each option counts in its own way."""
    story = during(Resolved(at("03-09 11:00"), ANN), Reopened(at("03-09 12:30"), BOB))
    reading = read(story, "03-09 13:00", 3 * HOUR, rule_with(RESOLUTION, when_reopened=how))
    assert len(reading.cycles) == cycles
    assert reading.elapsed == minutes * MINUTE


def test_a_workaround_stops_the_clock_on_hold_too_and_reopening_takes_it_up() -> None:
    """A pause keeps no workaround from counting; who reopens says that it does not help."""
    link = Linked(at("03-09 09:30"), ANN, kind="known_error", to="KE7")
    story = during(Held(at("03-09 09:20")), link, Resolved(at("03-09 10:00"), ANN))
    reading = read(story, "03-09 10:30", HOUR, WORKAROUND)
    assert told(reading) == ("stopped", "met", 20 * MINUTE, 10 * MINUTE)
    assert reading.stopped_at == at("03-09 09:30")
    again = read([*story, Reopened(at("03-09 11:00"), BOB)], "03-09 11:50", HOUR, WORKAROUND)
    assert told(again) == ("running", "breached", 70 * MINUTE, 10 * MINUTE)
    assert again.due_at == at("03-09 11:40")


PRIORITY = {
    "only tighten": ("only tighten", 1, 90, "breached"),
    "recalculate from start": ("recalculate from start", 1, 90, "breached"),
    "restart": ("restart", 2, 30, "pending"),
    "keep": ("keep", 1, 90, "pending"),
}


@pytest.mark.parametrize(("how", "cycles", "minutes", "outcome"), PRIORITY.values(), ids=PRIORITY.keys())
def test_what_a_changed_priority_does(how: str, cycles: int, minutes: int, outcome: str) -> None:
    """Raised after an hour from four hours to one: judged from the start, begun anew, or left alone."""
    story = during(PrioritySet(at("03-09 10:00"), ANN, priority=1))
    goals = {3: Goal(4 * HOUR, OFFICE), 1: Goal(HOUR, OFFICE)}
    reading = read(story, "03-09 10:30", goals, rule_with(RESOLUTION, when_priority_changes=how))
    assert len(reading.cycles) == cycles
    assert reading.elapsed == minutes * MINUTE
    assert reading.outcome == outcome
    assert reading.priority == (3 if how == "keep" else 1)


MONDAY_AT_FOUR = opened("03-09 16:00")
TIGHTER = {
    "raised": ([("03-09 16:30", 1)], 1, "03-09 17:00"),
    "raised and lowered": ([("03-09 16:30", 1), ("03-09 16:40", 3)], 1, "03-09 17:00"),
    "raised when it is too late": ([("03-10 09:30", 1)], 1, "03-09 17:00"),
    "lowered": ([("03-09 16:30", 4)], 3, "03-10 11:30"),
    "lowered and raised again": ([("03-09 16:30", 4), ("03-10 09:15", 3)], 3, "03-10 11:30"),
    "to a priority without a target": ([("03-09 16:30", 5)], 3, "03-10 11:30"),
    "to more hours that are over sooner": ([("03-09 16:30", 2)], 2, "03-10 02:00"),
    "to a working day that ends later": ([("03-09 16:30", 6)], 3, "03-10 11:30"),
    "from working days to hours": ([("03-09 16:30", 6), ("03-09 16:40", 1)], 1, "03-09 17:00"),
}


@pytest.mark.parametrize(("changes", "priority", "due"), TIGHTER.values(), ids=TIGHTER.keys())
def test_a_changed_priority_may_only_tighten(changes: list[tuple[str, int]], priority: int, due: str) -> None:
    """Four office hours on Monday at four are due on Tuesday at half past eleven, and never later than that."""
    goals: dict[int, Goal | None] = {
        1: Goal(HOUR, OFFICE),
        2: Goal(10 * HOUR, ALWAYS),
        3: Goal(4 * HOUR, OFFICE),
        4: Goal(9 * HOUR, OFFICE),
        6: Goal(WorkingDays(1), OFFICE),
    }
    story = [*MONDAY_AT_FOUR, *(PrioritySet(at(when), ANN, priority=level) for when, level in changes)]
    reading = read(story, "03-10 10:00", goals, rule_with(RESOLUTION, when_priority_changes="only tighten"))
    assert (reading.priority, reading.due_at, len(reading.cycles)) == (priority, at(due), 1)


def test_what_tightens_is_decided_at_the_change() -> None:
    """A pause afterwards moves the due time on the calendar that was chosen; it does not choose another one."""
    goals: dict[int, Goal | None] = {2: Goal(17 * HOUR, ALWAYS), 3: Goal(4 * HOUR, OFFICE)}
    story = [*MONDAY_AT_FOUR, PrioritySet(at("03-09 16:30"), ANN, priority=2)]
    rule = rule_with(RESOLUTION, when_priority_changes="only tighten")
    assert read(story, "03-09 16:30", goals, rule).due_at == at("03-10 09:00")
    paused = [*story, Held(at("03-09 17:00"), ANN), Resumed(at("03-10 09:00"), ANN)]
    assert read(paused, "03-10 09:30", goals, rule).due_at == at("03-11 01:00")


def test_a_change_while_resolved_tightens_nothing() -> None:
    """What was set and taken back while the clock stood was never in force; counted as open time, it was."""
    goals: dict[int, Goal | None] = {1: Goal(HOUR, OFFICE), 3: Goal(4 * HOUR, OFFICE)}
    story = during(
        Resolved(at("03-09 09:30"), ANN),
        PrioritySet(at("03-09 10:00"), ANN, priority=1),
        PrioritySet(at("03-09 10:30"), ANN, priority=3),
        Reopened(at("03-09 11:00"), BOB),
    )
    rule = rule_with(RESOLUTION, when_priority_changes="only tighten")
    assert read(story, "03-09 11:00", goals, rule).due_at == at("03-09 14:30")
    counted = attrs.evolve(rule, when_reopened="count the time resolved")
    assert read(story, "03-09 11:00", goals, counted).due_at == at("03-09 10:00")


def test_without_a_target_nothing_is_tighter() -> None:
    """As long as no priority had a target, the clock is cancelled and tells the latest priority."""
    rule = rule_with(RESOLUTION, when_priority_changes="only tighten")
    story = during(PrioritySet(at("03-09 10:00"), ANN, priority=5))
    reading = read(story, "03-09 10:30", {1: Goal(HOUR, OFFICE)}, rule)
    assert (reading.state, reading.priority) == ("cancelled", 5)


def test_a_cycle_that_was_restarted_is_judged_by_its_own_priority() -> None:
    """The old cycle keeps the target it ran under, so that raising the priority makes no breach of it."""
    story = during(PrioritySet(at("03-09 11:00"), ANN, priority=1))
    goals = {3: Goal(4 * HOUR, OFFICE), 1: Goal(HOUR, OFFICE)}
    reading = read(story, "03-09 11:30", goals, rule_with(RESOLUTION, when_priority_changes="restart"))
    assert [cycle.target for cycle in reading.cycles] == [4 * HOUR, HOUR]
    assert not reading.ever_breached


def test_a_priority_without_a_target_cancels_the_clock() -> None:
    """While no target is in force there are no figures; a target brings the whole clock back."""
    story = during(
        PrioritySet(at("03-09 10:00"), ANN, priority=4), PrioritySet(at("03-09 11:00"), ANN, priority=3)
    )
    goals = {3: Goal(4 * HOUR, OFFICE)}
    without = read(story, "03-09 10:30", goals)
    assert told(without) == ("cancelled", "cancelled", ZERO, ZERO)
    assert (without.due_at, without.projected_due_at, without.target, without.remaining) == (None,) * 4
    assert (without.stopped_at, without.when(HOUR), without.cycles[0].ledger) == (None, None, ())
    assert without.cycles[0].stopped_by == ""
    assert not without.cycles[0].priority_changed
    assert read(story, "03-09 11:30", goals).elapsed == 150 * MINUTE


def test_an_agreement_that_is_attached_later() -> None:
    """By event, a clock waits for its agreement; it then counts from the opening, or from the attachment."""
    story = during(Held(at("03-09 09:20")), Resumed(at("03-09 09:40")), Attached(at("03-09 10:00"), ANN))
    by_event = rule_with(RESOLUTION, attached_by_event=True)
    assert read(story[:4], "03-09 10:30", HOUR, by_event).state == "not_started"
    assert told(read(story, "03-09 10:30", 4 * HOUR, by_event))[2:] == (70 * MINUTE, 20 * MINUTE)
    late = rule_with(by_event, retroactive_start=False)
    assert read(story, "03-09 10:30", 4 * HOUR, late).elapsed == 30 * MINUTE
    unforgiving = rule_with(by_event, retroactive_pauses=False)
    assert told(read(story, "03-09 10:30", 4 * HOUR, unforgiving))[2:] == (90 * MINUTE, ZERO)


def test_cancelling_ends_a_clock_for_good() -> None:
    """The figures stand as of then, nothing is due any more, and no later event brings the clock back."""
    story = during(Cancelled(at("03-09 10:00"), ANN), Reopened(at("03-09 11:00"), BOB))
    reading = read(story, "03-09 12:00", 4 * HOUR)
    assert told(reading) == ("cancelled", "cancelled", HOUR, ZERO)
    assert (reading.due_at, reading.stopped_at) == (None, at("03-09 10:00"))
    late = read(story, "03-09 12:00", 30 * MINUTE)
    assert (late.outcome, late.due_at) == ("breached", at("03-09 09:30"))


DUE = {
    "stopped exactly at due": ("03-09 10:00", "met", 0),
    "stopped a minute later": ("03-09 10:01", "breached", 1),
    "stopped a minute earlier": ("03-09 09:59", "met", -1),
}


@pytest.mark.parametrize(("when", "outcome", "over"), DUE.values(), ids=DUE.keys())
def test_a_stop_at_due_is_in_time(when: str, outcome: str, over: int) -> None:
    """A target is met when spent equals it."""
    reading = read(during(Resolved(at(when), ANN)), "03-09 12:00", HOUR)
    assert reading.outcome == outcome
    assert reading.remaining == -over * MINUTE
    assert reading.overrun == max(0, over) * MINUTE
    assert reading.due_at == reading.projected_due_at == at("03-09 10:00")


def test_a_stop_in_the_night_after_a_due_at_closing_is_late() -> None:
    """A due at closing time stays there; a stop after it is late, and over by nothing."""
    story = [*opened("03-06 16:30"), Resolved(at("03-06 20:00"), ANN)]
    reading = read(story, "03-09 12:00", HOUR)
    assert reading.due_at == reading.breached_at == at("03-06 17:30")
    assert (reading.outcome, reading.remaining, reading.overrun) == ("breached", ZERO, ZERO)


def test_a_pause_after_the_breach_does_not_undo_it() -> None:
    """The due time stays, and the elapsed time stands still."""
    reading = read(during(Held(at("03-09 10:30"))), "03-09 15:00", HOUR)
    assert told(reading) == ("paused", "breached", 90 * MINUTE, 270 * MINUTE)
    assert reading.due_at == at("03-09 10:00")


def test_a_target_of_nothing_is_due_at_the_start() -> None:
    """It is breached as soon as the clock has run at all, and has no share."""
    reading = read(MORNING, "03-09 09:01", ZERO)
    assert (reading.outcome, reading.due_at) == ("breached", at("03-09 09:00"))
    assert reading.spent_share is None
    assert read(MORNING, "03-09 09:00", ZERO).outcome == "pending"


def test_exclusions_count_as_neither_elapsed_nor_paused() -> None:
    """Announced ahead they move the due time; agreed afterwards they may clear a breach; overlaps count once."""
    ahead = during(Excluded(at("03-09 09:00"), ANN, start=at("03-09 10:00"), end=at("03-09 11:00")))
    assert read(ahead, "03-09 09:30", 2 * HOUR).due_at == at("03-09 12:00")
    inside = read(ahead, "03-09 10:30", 2 * HOUR)
    assert (inside.state, inside.excluded, inside.due_at) == ("paused", 30 * MINUTE, at("03-09 12:00"))
    assert read(MORNING, "03-09 11:30", 2 * HOUR).outcome == "breached"
    spans = [("10:00", "11:00"), ("10:30", "11:00"), ("08:00", "08:30")]
    agreed = during(
        *(
            Excluded(at("03-09 11:30"), ANN, start=at(f"03-09 {start}"), end=at(f"03-09 {end}"))
            for start, end in spans
        )
    )
    afterwards = read(agreed, "03-09 11:30", 2 * HOUR)
    assert (afterwards.outcome, afterwards.excluded) == ("pending", HOUR)
    assert [entry.reason for entry in afterwards.cycles[0].ledger] == ["new", "excluded by agreement", "new"]


def test_thresholds_live_on_the_clock() -> None:
    """A share of the target, open time before it and after it: past ones are facts, later ones projected."""
    wanted: dict[str, float | timedelta] = {"half": 0.5, "warning": -30 * MINUTE, "late": HOUR}
    reading = read(opened("03-06 16:30"), "03-09 09:00", 2 * HOUR, thresholds=wanted)
    assert reading.thresholds == {
        "half": at("03-06 17:30"),
        "warning": at("03-09 09:30"),
        "late": at("03-09 11:00"),
    }
    paused = read(
        [*opened("03-06 16:30"), Held(at("03-06 17:00"))], "03-09 09:00", 2 * HOUR, thresholds=wanted
    )
    assert set(paused.thresholds.values()) == {None}
    days = read(MORNING, "03-09 10:00", Goal(WorkingDays(1), OFFICE), thresholds=wanted)
    assert days.thresholds == {}


def test_when_tells_the_past_and_the_future() -> None:
    """The instant by which an amount is spent; None while the clock waits and the amount is not."""
    story = during(Held(at("03-09 10:00")), Resumed(at("03-09 11:00")))
    reading = read(story, "03-09 12:00", 4 * HOUR)
    assert reading.when(HOUR) == at("03-09 10:00")
    assert reading.when(HOUR + MINUTE) == at("03-09 11:01")
    assert reading.when(3 * HOUR) == at("03-09 13:00")
    assert reading.when(ZERO) == at("03-09 09:00")
    paused = read(story[:3], "03-09 10:30", 4 * HOUR)
    assert (paused.when(30 * MINUTE), paused.when(2 * HOUR)) == (at("03-09 09:30"), None)
    assert read(MORNING, "03-08 09:00", HOUR).when(HOUR) is None


def test_out_of_hours_grace_is_added_where_the_clock_starts_closed() -> None:
    """An incident opened in the night has the grace on top, one opened by day has not."""
    goal = Goal(HOUR, OFFICE, grace_out_of_hours=30 * MINUTE)
    assert read(opened("03-09 07:00"), "03-09 09:15", goal).due_at == at("03-09 10:30")
    assert read(MORNING, "03-09 09:15", goal).due_at == at("03-09 10:00")


WORKING = {
    "counted from the next date": (WorkingDays(2), "03-11 17:30"),
    "counted from the opening date": (WorkingDays(2, first_day="opening_day"), "03-10 17:30"),
    "after the cutoff": (WorkingDays(1, cutoff=time(8, 30)), "03-11 17:30"),
    "before the cutoff": (WorkingDays(1, cutoff=time(12, 0)), "03-10 17:30"),
}


@pytest.mark.parametrize(("target", "due"), WORKING.values(), ids=WORKING.keys())
def test_a_target_in_working_days(target: WorkingDays, due: str) -> None:
    """It is due at the closing of the last date, has no remaining time, and counts open time all the same."""
    reading = read(MORNING, "03-09 10:00", Goal(target, OFFICE))
    assert reading.due_at == at(due)
    assert (reading.remaining, reading.overrun, reading.spent_share) == (None, None, None)
    assert reading.elapsed == HOUR


def test_a_pause_moves_working_days_by_the_closings_in_it() -> None:
    """A pause within a day moves nothing; one over two closings moves the due time by two working dates."""
    goal = Goal(WorkingDays(2), OFFICE)
    short = during(Held(at("03-09 10:00")), Resumed(at("03-09 16:00")))
    assert read(short, "03-09 16:00", goal).due_at == at("03-11 17:30")
    long = during(Held(at("03-09 10:00")), Resumed(at("03-11 09:00")))
    assert read(long, "03-11 09:00", goal).due_at == at("03-13 17:30")
    assert read(long, "03-10 09:00", goal).due_at is None


def test_working_days_that_never_come() -> None:
    """On a calendar that never opens, or closes for good, nothing is ever due."""
    never = read(MORNING, "03-09 10:00", Goal(WorkingDays(1), Calendar.never("Europe/London")))
    assert (never.due_at, never.projected_due_at, never.outcome) == (None, None, "pending")
    weekday = Calendar({}, zone="Europe/London", special_hours={"2026-03-10": "09:00-17:30"})
    story = during(Held(at("03-10 09:00")), Resumed(at("03-11 09:00")))
    assert read(story, "03-11 10:00", Goal(WorkingDays(1), weekday)).due_at is None


def test_many_working_days_are_found_far_ahead() -> None:
    """A target of a hundred working days is found beyond the first look ahead."""
    goal = Goal(WorkingDays(100), OFFICE)
    assert read(MORNING, "03-09 10:00", goal).due_at == OFFICE.end_of_working_day(at("03-09 09:00"), 100)


def test_before_the_opening_nothing_has_started() -> None:
    """An incident of the future has a clock that has not started, with its target and no figures."""
    reading = read(MORNING, "03-08 09:00", Goal(HOUR, OFFICE))
    assert told(reading) == ("not_started", "pending", ZERO, ZERO)
    assert (reading.remaining, reading.overrun, reading.spent_share) == (HOUR, ZERO, 0.0)
    assert (reading.latest, reading.started_at, reading.stopped_at, reading.breached_at) == (None,) * 4
    assert (reading.due_at, reading.projected_due_at, reading.thresholds) == (None, None, {})
    assert reading.excluded == ZERO
    assert not reading.breached
    assert not reading.ever_breached
    assert read(MORNING, "03-08 09:00", Goal(WorkingDays(1), OFFICE)).target is None


@pytest.mark.parametrize(
    "rule", [ACKNOWLEDGE, RESPONSE, NEXT_RESPONSE, PERIODIC_UPDATE], ids=lambda rule: rule.name
)
def test_a_source_that_cannot_tell_gives_no_verdict(rule: Rule) -> None:
    """A fact that the source does not record makes the reading not_recorded: never met, breached or zero."""
    source = Source("log", lacks=rule.needs)
    reading = read(MORNING, "03-12 09:00", HOUR, rule, source=source)
    assert (reading.outcome, reading.missing) == ("not_recorded", min(rule.needs))
    assert reading.cycles == ()
    assert read(MORNING, "03-12 09:00", HOUR, RESOLUTION, source=source).outcome == "breached"


def test_a_negative_target_is_refused() -> None:
    """A goal that cannot be met says so when it is made."""
    with pytest.raises(PolicyError, match="cannot be met"):
        Goal(-HOUR, OFFICE)


def test_the_share_goes_beyond_one() -> None:
    """Three quarters, and one and a half."""
    assert read(MORNING, "03-09 09:45", HOUR).spent_share == 0.75
    assert read(MORNING, "03-09 10:30", HOUR).spent_share == 1.5


def test_readings_are_short_in_a_debugger() -> None:
    """A reading and its cycle show what matters."""
    reading = read(MORNING, "03-09 09:45", HOUR)
    assert repr(reading) == "<Reading resolution: pending, running, due 2026-03-09T10:00:00+00:00>"
    assert repr(reading.latest) == (
        "<Cycle 1 from 2026-03-09T09:00:00+00:00: pending, running, due 2026-03-09T10:00:00+00:00>"
    )
    assert repr(read(MORNING, "03-08 09:45", HOUR)) == "<Reading resolution: pending, not_started>"
    assert str(WorkingDays(1)) == "1 working day"
    assert str(WorkingDays(3)) == "3 working days"


def test_the_shipped_rules_pause_resolution_and_not_response() -> None:
    """Who is asked something has been answered, but nothing has been resolved."""
    assert {name for name, rule in RULES.items() if rule.pauses} == {"workaround", "resolution", "closure"}


def test_a_microsecond_counts() -> None:
    """Figures are exact to the microsecond."""
    late = at("03-09 10:00") + timedelta(microseconds=1)
    reading = read(during(Resolved(late, ANN)), "03-09 12:00", HOUR)
    assert (reading.outcome, reading.overrun) == ("breached", timedelta(microseconds=1))


def test_a_leap_of_the_clock_is_an_hour_of_real_time() -> None:
    """Round the clock, the night in which the clocks change is an hour shorter."""
    reading = read(opened("03-28 22:00"), "03-29 06:00", Goal(8 * HOUR, ALWAYS))
    assert reading.elapsed == 7 * HOUR
    assert reading.due_at == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
