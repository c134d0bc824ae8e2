"""Ten complaints about SLA clocks, as users made them elsewhere, and that this one gives no cause for them."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import attrs
from tests.sla.stories import ANN, BOB, HOUR, MINUTE, OFFICE, at, opened, read

from itilkit.calendars import Calendar
from itilkit.events import (
    Attached,
    Event,
    Held,
    Logged,
    PrioritySet,
    Reopened,
    Replied,
    RequesterWrote,
    Resolved,
    Resumed,
)
from itilkit.sla import CLOSURE, NEXT_RESPONSE, RESOLUTION, RESPONSE, Goal, Pauses
from itilkit.vocabulary import HoldReason

LUNCH = Calendar({"mon-fri": ["09:00-12:00", "13:00-17:00"]}, zone="Europe/London")


def test_complaint_1_pauses_are_forgotten_when_the_agreement_changes() -> None:
    """glpi-project/glpi 6902, 15605: the whole history is judged by the goal in force, with its pauses."""
    story = [
        *opened("03-09 09:00", 3),
        Held(at("03-09 10:00"), ANN, reason="awaiting_user"),
        Resumed(at("03-09 12:00"), ANN),
        PrioritySet(at("03-09 13:00"), ANN, priority=2),
    ]
    goals = {3: Goal(8 * HOUR, OFFICE), 2: Goal(4 * HOUR, LUNCH)}
    before, after = read(story[:4], "03-09 12:30", goals), read(story, "03-09 13:30", goals)
    assert before.paused_for == 2 * HOUR
    # The new goal has a lunch break: one hour before the pause, half an hour since lunch.
    assert (after.paused_for, after.elapsed) == (2 * HOUR, 90 * MINUTE)
    assert after.due_at == at("03-09 16:00")


def test_complaint_1_an_agreement_attached_late_knows_the_pauses_before_it() -> None:
    """glpi-project/glpi 16383: attaching the agreement after a pause does not lose the pause."""
    story = [
        *opened("03-09 09:00"),
        Held(at("03-09 10:00"), ANN),
        Resumed(at("03-09 12:00"), ANN),
        Attached(at("03-09 12:30"), ANN),
    ]
    rule = attrs.evolve(RESOLUTION, attached_by_event=True)
    assert read(story, "03-09 13:00", 4 * HOUR, rule).due_at == at("03-09 15:00")


def test_complaint_2_a_pause_is_counted_in_wall_time() -> None:
    """frappe/helpdesk 2449, frappe/erpnext 49414: a hold for the night moves the due date by nothing."""
    office = Calendar({"mon-sun": "09:00-17:00"}, zone="Europe/London")
    story = [*opened("03-09 09:00"), Held(at("03-09 17:00")), Resumed(at("03-10 09:00"))]
    reading = read(story, "03-10 09:30", Goal(8 * HOUR + 30 * MINUTE, office))
    assert reading.paused_for == 0 * HOUR
    assert reading.due_at == at("03-10 09:30")


def test_complaint_2_a_weekend_on_hold_is_no_pause() -> None:
    """glpi-project/glpi 14937, 10594: waiting over a weekend is intersected with the opening hours."""
    story = [*opened("03-06 16:30"), Held(at("03-06 17:00")), Resumed(at("03-09 09:30"))]
    assert read(story, "03-09 10:00", 3 * HOUR).paused_for == HOUR


def test_complaint_3_resolving_straight_from_a_pause_loses_the_pause() -> None:
    """frappe/helpdesk 3776: a ticket on hold for six weeks and then resolved has not been worked on for six weeks."""
    story = [*opened("02-02 09:00"), Held(at("02-02 10:00"), ANN), Resolved(at("03-16 10:00"), ANN)]
    reading = read(story, "03-17 09:00", 8 * HOUR)
    assert (reading.outcome, reading.elapsed) == ("met", HOUR)


def test_complaint_3_a_fresh_ticket_fails_in_another_zone() -> None:
    """frappe/helpdesk 3776: whoever looks from another zone sees the same clock."""
    here = read(opened("03-09 09:00"), "03-09 09:05", HOUR)
    in_india = at("03-09 09:00").astimezone(ZoneInfo("Asia/Kolkata"))
    elsewhere = read([Logged(in_india, BOB), PrioritySet(in_india, ANN, priority=3)], "03-09 09:05", HOUR)
    assert elsewhere.due_at == here.due_at == at("03-09 10:00")
    assert here.outcome == "pending"


def test_complaint_4_a_ticket_created_waiting_burns_time() -> None:
    """Nine-Minds/alga-psa 3091: the state at creation pauses as any later one does."""
    story: list[Event] = [
        Logged(at("03-09 09:00"), BOB, state="on_hold"),
        PrioritySet(at("03-09 09:00"), ANN, priority=3),
    ]
    reading = read(story, "03-09 15:00", 2 * HOUR)
    assert (reading.state, reading.elapsed, reading.paused_for) == ("paused", 0 * HOUR, 6 * HOUR)


def test_complaint_5_the_next_response_runs_on_after_resolution() -> None:
    """chatwoot/chatwoot 10178, libredesk 70: resolving ends every reply clock, a thank-you starts none."""
    story = [
        *opened("03-09 09:00"),
        Replied(at("03-09 09:10"), ANN),
        RequesterWrote(at("03-09 09:30"), BOB),
        Resolved(at("03-09 09:45"), ANN),
        RequesterWrote(at("03-09 10:00"), BOB),
    ]
    reading = read(story, "03-10 09:00", HOUR, NEXT_RESPONSE)
    assert (reading.state, reading.outcome, len(reading.cycles)) == ("stopped", "met", 2)
    assert reading.stopped_at == at("03-09 09:45")


def test_complaint_6_opening_hours_have_no_lunch_break() -> None:
    """frappe/helpdesk 2212, chatwoot/chatwoot 14009, osTicket 4166: several windows a day."""
    assert read(opened("03-09 11:30"), "03-09 12:30", Goal(HOUR, LUNCH)).due_at == at("03-09 13:30")


def test_complaint_6_the_night_shift_cannot_be_told() -> None:
    """A window may run past midnight, also over the night in which the clocks change."""
    night = Calendar({"mon-sun": "22:00-06:00"}, zone="Europe/London")
    reading = read(opened("03-28 23:00"), "03-29 12:00", Goal(8 * HOUR, night))
    assert (reading.elapsed, reading.due_at) == (6 * HOUR, at("03-30 00:00"))


def test_complaint_7_no_status_stops_the_clock() -> None:
    """osTicket/osTicket 3034, faveosuite/faveo-helpdesk 91, linear 1103: waiting pauses, by reason where one likes."""
    story = [*opened("03-09 09:00"), Held(at("03-09 10:00"), ANN, reason=HoldReason.AWAITING_SUPPLIER)]
    assert read(story, "03-09 12:00", 4 * HOUR).paused_for == 2 * HOUR
    rule = attrs.evolve(RESOLUTION, pauses=Pauses(but_not_for=[HoldReason.AWAITING_SUPPLIER]))
    assert read(story, "03-09 12:00", 4 * HOUR, rule).elapsed == 3 * HOUR


def test_complaint_8_restart_or_retarget_is_not_ours_to_choose() -> None:
    """glpi-project/glpi 1911, znuny/Znuny 369: both are wanted, so both are named options with a documented default."""
    story = [*opened("03-09 09:00"), PrioritySet(at("03-09 12:00"), ANN, priority=1)]
    goals = {3: Goal(8 * HOUR, OFFICE), 1: Goal(2 * HOUR, OFFICE)}
    assert read(story, "03-09 12:30", goals).due_at == at("03-09 11:00")
    restart = attrs.evolve(RESOLUTION, when_priority_changes="restart")
    assert read(story, "03-09 12:30", goals, restart).due_at == at("03-09 14:00")


def test_complaint_9_warnings_ignore_the_opening_hours() -> None:
    """glpi-project/glpi 15429, 15357, 22678: a threshold lives on the clock of its target."""
    wanted: dict[str, float | timedelta] = {"75%": 0.75, "an hour before": -HOUR}
    reading = read(opened("03-06 16:30"), "03-06 17:00", 4 * HOUR, thresholds=wanted)
    assert reading.thresholds == {"75%": at("03-09 11:00"), "an hour before": at("03-09 11:00")}


def test_complaint_10_the_badge_shows_calendar_hours() -> None:
    """frappe/helpdesk 3236, Zendesk 4408868203034: absolute due time, open time spent and left are given together."""
    reading = read(opened("03-06 16:00"), "03-06 17:00", 2 * HOUR)
    assert reading.due_at == at("03-09 09:30")
    assert (reading.elapsed, reading.remaining, reading.spent_share) == (HOUR, HOUR, 0.5)


def test_complaint_10_switching_the_target_off_leaves_the_ticket_escalated() -> None:
    """zammad/zammad 4353: nothing is stored, so without a target nothing is late."""
    late = read(opened("03-09 09:00"), "03-09 15:00", {3: Goal(HOUR, OFFICE)})
    off = read(opened("03-09 09:00"), "03-09 15:00", {3: None})
    assert (late.outcome, off.outcome) == ("breached", "cancelled")
    assert not off.ever_breached


def test_complaint_10_a_reopened_ticket_is_wrong() -> None:
    """zammad/zammad 188: time resolved and time closed are out alike, before and after several pauses."""
    story = [
        *opened("03-09 09:00"),
        Held(at("03-09 10:00"), ANN),
        Resolved(at("03-09 11:00"), ANN),
        Reopened(at("03-09 12:00"), BOB),
        Held(at("03-09 13:00"), ANN),
        Resumed(at("03-09 14:00"), ANN),
    ]
    reading = read(story, "03-09 15:00", 4 * HOUR)
    assert (reading.elapsed, reading.paused_for) == (3 * HOUR, 2 * HOUR)
    assert read(story, "03-09 15:00", 8 * HOUR, CLOSURE).elapsed == 4 * HOUR


def test_a_late_resolution_between_two_looks_is_late() -> None:
    """A polled job takes a ticket resolved late between two runs for kept (chatwoot); the history knows."""
    story = [*opened("03-09 09:00"), Resolved(at("03-09 10:01"), ANN)]
    assert read(story, "03-09 09:59", HOUR).outcome == "pending"
    assert read(story, "03-09 10:05", HOUR).outcome == "breached"
    assert read(story, "03-09 10:05", HOUR, RESPONSE).outcome == "breached"
