"""What is due and what comes: ladders of well-known tools and the rules of the room, worked by hand."""

from __future__ import annotations

from datetime import UTC, timedelta
from time import perf_counter

import pytest
from tests.escalation.stories import (
    ALWAYS,
    ANN,
    BOB,
    HOUR,
    LONDON,
    MINUTE,
    OFFICE,
    Promises,
    at,
    case,
    ladder,
    now_due,
    opened,
    to_come,
)

from itilkit.calendars import Calendar
from itilkit.conditions import AllOf, Always, Eq, Le
from itilkit.errors import PolicyError
from itilkit.escalation import Ladder, Repeat, Rung, SinceOpened, ahead, due
from itilkit.events import (
    Acknowledged,
    Assigned,
    Cancelled,
    Classified,
    Closed,
    Escalated,
    Event,
    Excluded,
    Held,
    Linked,
    Noted,
    PrioritySet,
    Reopened,
    Replied,
    RequesterWrote,
    Resolved,
    Resumed,
    Started,
)
from itilkit.lifecycle import Delay
from itilkit.sla import WorkingDays

# Monday the 9th of March, at nine.
MONDAY = opened("03-09 09:00")


def _delay(minutes: int) -> SinceOpened:
    return SinceOpened(minutes * MINUTE if minutes else None)


def _pagerduty(loops: int) -> Ladder:
    """On call at once, the second line after 15 minutes, the manager after another 15; the loop takes 45 minutes."""
    again = Repeat(45 * MINUTE, times=loops)
    return ladder(
        *(
            Rung(_delay(15 * place), [who], unless=["acknowledged"], repeat=again)
            for place, who in enumerate(("on_call", "second_line", "manager"))
        )
    )


def test_pagerduty_pages_until_somebody_acknowledges() -> None:
    """Three levels of 15 minutes, looped three times more: twelve pages, the last at 11:45."""
    pages = now_due(_pagerduty(3), case(MONDAY, "03-09 15:00"), None)
    assert pages == [
        "03-09 09:00 on_call",
        "03-09 09:15 second_line",
        "03-09 09:30 manager",
        "03-09 09:45 on_call",
        "03-09 10:00 second_line",
        "03-09 10:15 manager",
        "03-09 10:30 on_call",
        "03-09 10:45 second_line",
        "03-09 11:00 manager",
        "03-09 11:15 on_call",
        "03-09 11:30 second_line",
        "03-09 11:45 manager",
    ]


@pytest.mark.parametrize(
    ("minute", "pages"),
    [("09:14", 0), ("09:15", 0), ("09:16", 0)],
    ids=["before the second", "at its very instant", "after it"],
)
def test_an_acknowledgement_ends_the_paging(minute: str, pages: int) -> None:
    """Once acknowledged nobody is paged, now or later; an acknowledgement at the instant of a page answers it."""
    seen = case([*MONDAY, Acknowledged(at(f"03-09 {minute}"), ANN)], "03-09 12:00")
    assert len(now_due(_pagerduty(3), seen, None)) == pages
    assert to_come(_pagerduty(3), seen, None) == []


ITOP = ladder(
    Rung("75% of resolution", "team_lead", kind="hierarchical"),
    Rung("100% of resolution", "service_desk_manager", kind="hierarchical", level=2),
)
FOUR_HOURS: Promises = {"resolution": 4 * HOUR}


@pytest.mark.parametrize(
    ("as_of", "now", "later"),
    [
        ("03-09 11:59", [], ["03-09 12:00 team_lead", "03-09 13:00 service_desk_manager"]),
        ("03-09 12:00", ["03-09 12:00 team_lead"], ["03-09 13:00 service_desk_manager"]),
        ("03-09 13:00", ["03-09 12:00 team_lead", "03-09 13:00 service_desk_manager"], []),
    ],
    ids=["a minute before", "at 75%", "at 100%"],
)
def test_itop_thresholds_at_75_and_100_percent(as_of: str, now: list[str], later: list[str]) -> None:
    """Four hours from nine: three are over at twelve, all at one; neither is told a minute early."""
    seen = case(MONDAY, as_of, FOUR_HOURS)
    assert now_due(ITOP, seen) == now
    assert to_come(ITOP, seen) == later


def test_freshservice_hierarchical_escalation_around_the_due_times() -> None:
    """Response in one hour, resolution in eight: half an hour before, at once when due, an hour after, two after."""
    steps = ladder(
        Rung("30m before response", "agent"),
        Rung("100% of response", "team_lead"),
        Rung("1h after resolution", "manager", kind="hierarchical"),
        Rung("2h after resolution", "director", kind="hierarchical", level=2),
    )
    promises: Promises = {"response": HOUR, "resolution": 8 * HOUR}
    assert to_come(steps, case(MONDAY, "03-09 09:00", promises)) == [
        "03-09 09:30 agent",
        "03-09 10:00 team_lead",
        "03-10 09:30 manager",
        "03-10 10:30 director",
    ]


def test_open_time_passes_over_the_weekend() -> None:
    """Friday 16:30, four open hours until half past five and on from Monday at nine: 75% is at 11:00."""
    seen = case(opened("03-06 16:30"), "03-09 10:59", FOUR_HOURS)
    steps = ladder(
        Rung("75% of resolution", "team_lead"),
        Rung("2h of open time after opened", "second_line", kind="functional", level=2),
        Rung("2h after opened", "duty_manager"),
    )
    assert now_due(steps, seen) == ["03-06 18:30 duty_manager", "03-09 10:00 second_line"]
    assert to_come(steps, seen) == ["03-09 11:00 team_lead"]


def test_over_a_clock_change_wall_time_is_elapsed_time() -> None:
    """Saturday 28 March at noon plus 24 hours is Sunday at one: the clocks went forward."""
    seen = case(opened("03-28 12:00"), "03-28 12:00")
    assert to_come(ladder(Rung("24h after opened", "desk")), seen) == ["03-29 13:00 desk"]


def test_a_clock_on_hold_reaches_nothing() -> None:
    """Held after two of four hours, 75% is an open hour away: nothing is due, and what comes is only projected."""
    held = [*MONDAY, Started(at("03-09 09:00"), ANN), Held(at("03-09 11:00"), ANN, reason="awaiting_user")]
    seen = case(held, "03-10 10:00", FOUR_HOURS)
    assert now_due(ITOP, seen) == []
    assert to_come(ITOP, seen) == ["03-10 11:00 team_lead if", "03-10 12:00 service_desk_manager if"]
    resumed = case([*held, Resumed(at("03-10 10:00"), ANN)], "03-10 10:00", FOUR_HOURS)
    assert to_come(ITOP, resumed) == ["03-10 11:00 team_lead", "03-10 12:00 service_desk_manager"]


def test_a_projection_leaves_out_agreed_exclusions() -> None:
    """A clock on hold at 10:00 with two hours to 75%, 10:30 to 11:30 excluded: it would get there at 13:00."""
    held = [
        *MONDAY,
        Excluded(at("03-09 09:00"), ANN, start=at("03-09 10:30"), end=at("03-09 11:30")),
        Started(at("03-09 09:00"), ANN),
        Held(at("03-09 10:00"), ANN),
    ]
    seen = case(held, "03-09 10:00", FOUR_HOURS)
    assert to_come(ITOP, seen) == ["03-09 13:00 team_lead if", "03-09 14:00 service_desk_manager if"]


def test_a_threshold_passed_before_the_hold_stays_due() -> None:
    """75% was at twelve, the hold began at half past: it should have been told and still should."""
    held = [*MONDAY, Started(at("03-09 09:00"), ANN), Held(at("03-09 12:30"), ANN)]
    assert now_due(ITOP, case(held, "03-09 15:00", FOUR_HOURS)) == ["03-09 12:00 team_lead"]


def test_what_answers_for_a_while_only_puts_off() -> None:
    """Unless on hold: 75% was at twelve in the hold of a clock that runs on; it fires when work goes on."""
    held: list[Event] = [
        *MONDAY,
        Started(at("03-09 09:00"), ANN),
        Held(at("03-09 11:00"), ANN),
        Resumed(at("03-09 14:00"), ANN),
    ]
    steps = ladder(Rung("2h after opened", "desk", unless="on_hold"))
    assert to_come(steps, case(held, "03-09 10:00")) == ["03-09 11:00 desk"]
    assert now_due(steps, case(held, "03-09 13:59")) == []
    assert to_come(steps, case(held, "03-09 13:59")) == []
    assert now_due(steps, case(held, "03-09 14:00")) == ["03-09 14:00 desk"]


RESPONDED: list[tuple[str, Event, bool]] = [
    ("acknowledged", Acknowledged(at("03-09 09:30"), ANN), True),
    ("agent_reply", Replied(at("03-09 09:30"), ANN), True),
    ("agent_reply", Replied(at("03-09 09:30"), ANN, public=False), False),
    ("requester_message", RequesterWrote(at("03-09 09:30"), BOB), True),
    ("workaround", Linked(at("03-09 09:30"), ANN, kind="workaround", to="W1"), True),
    ("workaround", Linked(at("03-09 09:30"), ANN, kind="related", to="W1"), False),
    ("escalated", Escalated(at("03-09 09:30"), ANN, kind="functional", to="x"), True),
    ("assigned", Assigned(at("03-09 09:30"), ANN, group="desk"), True),
    ("in_progress", Started(at("03-09 09:30"), ANN), True),
    ("in_progress", Noted(at("03-09 09:30"), ANN), False),
]


@pytest.mark.parametrize(("word", "event", "answers"), RESPONDED)
def test_words_of_unless(word: str, event: Event, answers: bool) -> None:
    """A status answers while the incident is in it, a mark once it happened."""
    steps = ladder(Rung("1h after opened", "desk", unless=[word]))
    seen = case([*MONDAY, event], "03-09 12:00")
    assert now_due(steps, seen) == ([] if answers else ["03-09 10:00 desk"])


def test_reopening_asks_anew_for_what_answers() -> None:
    """Acknowledged, resolved, reopened: the acknowledgement is of the first time round, so the rung fires."""
    history = [
        *MONDAY,
        Acknowledged(at("03-09 09:30"), ANN),
        Resolved(at("03-09 09:40"), ANN),
        Reopened(at("03-09 11:00"), BOB),
    ]
    steps = ladder(Rung("1h after opened", "desk", unless="acknowledged"))
    assert now_due(steps, case(history[:-1], "03-09 12:00")) == []
    assert now_due(steps, case(history, "03-09 12:00")) == ["03-09 11:00 desk"]
    again = [*history, Acknowledged(at("03-09 11:30"), ANN)]
    assert now_due(steps, case(again, "03-09 12:00")) == []


@pytest.mark.parametrize(
    "end",
    [Resolved(at("03-09 09:30"), ANN), Cancelled(at("03-09 09:30"), ANN)],
    ids=["resolved", "cancelled"],
)
def test_nobody_is_called_to_an_incident_that_is_done(end: Event) -> None:
    """Done incidents call nobody in, whatever the trigger, and nothing comes."""
    steps = ladder(
        Rung("1h after opened", "a"),
        Rung("idle for 1h", "b"),
        Rung("75% of resolution", "c"),
        Rung("opened", "d"),
    )
    seen = case([*MONDAY, end], "03-09 15:00", FOUR_HOURS)
    assert now_due(steps, seen) == []
    assert to_come(steps, seen) == []


def test_the_clock_of_closure_runs_on_while_resolved() -> None:
    """A rung on a target asks its clock, not the status: closure in 4 hours, resolved after one, is due at 13:00."""
    resolved = [*MONDAY, Resolved(at("03-09 10:00"), ANN)]
    steps = ladder(Rung("100% of closure", "desk"))
    assert now_due(steps, case(resolved, "03-09 13:00", {"closure": 4 * HOUR})) == ["03-09 13:00 desk"]
    closed = [*resolved, Closed(at("03-09 13:00"), ANN)]
    assert now_due(steps, case(closed, "03-09 14:00", {"closure": 4 * HOUR})) == []


def test_resolved_at_the_very_instant_is_in_time() -> None:
    """A target is met when spent equals it: nobody is called in, then or after a reopening before the next minute."""
    met = [*MONDAY, Resolved(at("03-09 13:00"), ANN)]
    assert now_due(ITOP, case(met, "03-09 15:00", FOUR_HOURS)) == []


def test_idle_counts_from_each_update_anew() -> None:
    """A note at 11:00 answers what was idle at 10:00; four hours later it is idle again; no update comes of it."""
    steps = ladder(Rung("idle for 1h", "desk"))
    assert now_due(steps, case(MONDAY, "03-09 10:30")) == ["03-09 10:00 desk"]
    noted = [*MONDAY, Noted(at("03-09 11:00"), ANN)]
    assert now_due(steps, case(noted, "03-09 11:30")) == []
    assert to_come(steps, case(noted, "03-09 11:30")) == ["03-09 12:00 desk"]
    automatic = [*MONDAY, Replied(at("03-09 09:30"), automatic=True)]
    assert now_due(steps, case(automatic, "03-09 10:30")) == ["03-09 10:00 desk"]


def test_what_a_ladder_proposed_is_no_update() -> None:
    """The escalation of an idle incident does not make it busy: the repeat comes at its time."""
    steps = ladder(Rung("idle for 1h", "desk", kind="hierarchical", repeat=Repeat(HOUR, times=2)))
    [first] = due(steps, case(MONDAY, "03-09 10:00"))
    assert first.event is not None
    again = case([*MONDAY, first.event], "03-09 10:30")
    assert now_due(steps, again) == []
    assert to_come(steps, again) == ["03-09 11:00 desk", "03-09 12:00 desk"]
    by_hand = [*MONDAY, Escalated(at("03-09 10:00"), ANN, kind="hierarchical", to="somebody")]
    assert to_come(steps, case(by_hand, "03-09 10:30")) == [
        "03-09 11:00 desk",
        "03-09 12:00 desk",
        "03-09 13:00 desk",
    ]


def test_idle_on_open_time_sleeps_at_night() -> None:
    """Idle for four open hours from Friday 16:30 is Monday at noon."""
    seen = case(opened("03-06 16:30"), "03-06 16:30")
    assert to_come(ladder(Rung("idle for 4h of open time", "desk")), seen) == ["03-09 12:00 desk"]


def test_the_second_reopening_calls_the_problem_manager() -> None:
    """Reopened twice, not once; closing and reopening counts as well."""
    steps = ladder(Rung("reopened 2 times", "problem_manager", kind="functional", level=3))
    once = [*MONDAY, Resolved(at("03-09 10:00"), ANN), Reopened(at("03-09 10:30"), BOB)]
    twice = [*once, Resolved(at("03-09 11:00"), ANN), Reopened(at("03-09 12:00"), BOB)]
    assert now_due(steps, case(once, "03-09 15:00")) == []
    assert now_due(steps, case(twice, "03-09 15:00")) == ["03-09 12:00 problem_manager"]


def test_priority_reached_and_raised() -> None:
    """P3 to P2 to P1 to P2 to P1: raised three times, P1 reached twice, and only the latest P1 still calls."""
    track = [("09:30", 2), ("10:00", 1), ("10:30", 2), ("11:00", 1)]
    changes = [PrioritySet(at(f"03-09 {when}"), ANN, priority=priority) for when, priority in track]
    history = [*MONDAY, *changes]
    reached = ladder(Rung("priority P1", "incident_manager", kind="hierarchical"))
    raised = ladder(Rung("priority raised", "duty_manager"))
    assert now_due(reached, case(history, "03-09 10:29")) == ["03-09 10:00 incident_manager"]
    assert now_due(reached, case(history, "03-09 10:30")) == []
    assert now_due(reached, case(history, "03-09 12:00")) == ["03-09 11:00 incident_manager"]
    assert now_due(raised, case(history, "03-09 12:00")) == [
        "03-09 09:30 duty_manager",
        "03-09 10:00 duty_manager",
        "03-09 11:00 duty_manager",
    ]


def test_the_first_priority_of_all_is_reached_and_not_raised() -> None:
    """An incident opened as a P1 has reached P1; nothing was raised."""
    major = case(opened("03-09 09:00", 1), "03-09 09:00")
    assert now_due(ladder(Rung("priority P2", "x")), major) == ["03-09 09:00 x"]
    assert now_due(ladder(Rung("priority raised", "x")), major) == []


def test_a_condition_holds_a_rung_back_until_it_holds() -> None:
    """A rung for payments fires when the service is known to be payments, and not while nobody knows."""
    steps = ladder(
        Rung("opened", "payments_team", when=AllOf([Eq("service", "payments"), Le("priority", 2)]))
    )
    history = [
        *MONDAY,
        Classified(at("03-09 10:00"), ANN, service="payments"),
        PrioritySet(at("03-09 11:00"), ANN, priority=2),
    ]
    assert now_due(steps, case(history, "03-09 10:59")) == []
    seen = case(history, "03-09 12:00")
    assert now_due(steps, seen) == ["03-09 11:00 payments_team"]
    assert due(steps, seen)[0].why == (
        "opened, while service is payments and priority is at most 2: Mon 2026-03-09 11:00 UTC"
    )


def test_a_raised_priority_puts_nothing_into_the_past() -> None:
    """P3 (8h) becomes P1 (2h) at noon: 75% of two hours was at 10:30, but nobody could know before noon."""
    promises: Promises = {"resolution": {3: 8 * HOUR, 1: 2 * HOUR}}
    raised = [*MONDAY, PrioritySet(at("03-09 12:00"), ANN, priority=1)]
    assert now_due(ITOP, case(raised, "03-09 11:59", promises)) == []
    assert now_due(ITOP, case(raised, "03-09 12:00", promises)) == [
        "03-09 12:00 team_lead",
        "03-09 12:00 service_desk_manager",
    ]


def test_what_fired_under_the_old_priority_fires_no_second_time() -> None:
    """Told at 75% as a P1; lowered to P3, 75% comes again at 15:00, and nobody is told again."""
    promises: Promises = {"resolution": {3: 8 * HOUR, 1: 2 * HOUR}}
    history = opened("03-09 09:00", 1)
    [first] = due(ITOP, case(history, "03-09 10:30", promises))
    assert first.event is not None
    lowered = [*history, first.event, PrioritySet(at("03-09 10:45"), ANN, priority=3)]
    assert to_come(ITOP, case(lowered, "03-09 11:00", promises)) == ["03-09 17:00 service_desk_manager"]


def test_each_cycle_of_a_clock_is_a_turn_of_its_own() -> None:
    """Next response within an hour: the first message was answered late, the second one calls again."""
    steps = ladder(Rung("100% of next response", "team_lead", kind="hierarchical"))
    promises: Promises = {"next_response": HOUR}
    [first] = due(steps, case(MONDAY, "03-09 10:00", promises))
    assert first.event is not None
    answered = [*MONDAY, first.event, Replied(at("03-09 10:30"), ANN), RequesterWrote(at("03-09 12:00"), BOB)]
    assert now_due(steps, case(answered, "03-09 12:59", promises)) == []
    assert now_due(steps, case(answered, "03-09 13:00", promises)) == ["03-09 13:00 team_lead"]


def test_targets_in_working_days() -> None:
    """Two working days from Monday end on Wednesday at 17:30; half of them has no instant, an hour before has."""
    steps = ladder(
        Rung("50% of resolution", "a"),
        Rung("1h before resolution", "b"),
        Rung("100% of resolution", "c"),
        Rung("1h after resolution", "d"),
    )
    seen = case(MONDAY, "03-09 09:00", {"resolution": WorkingDays(2)})
    assert to_come(steps, seen) == ["03-11 16:30 b", "03-11 17:30 c", "03-12 10:00 d"]
    held = [*MONDAY, Started(at("03-09 09:00"), ANN), Held(at("03-09 10:00"), ANN)]
    paused = case(held, "03-10 10:00", {"resolution": WorkingDays(2)})
    assert to_come(steps, paused) == ["03-12 16:30 b if", "03-12 17:30 c if", "03-13 10:00 d if"]


def test_more_before_than_there_is_is_the_start() -> None:
    """Five hours before a target of four: at the opening."""
    steps = ladder(Rung("5h before resolution", "desk"))
    assert now_due(steps, case(MONDAY, "03-09 09:00", FOUR_HOURS)) == ["03-09 09:00 desk"]


def test_a_target_that_is_not_promised_calls_nobody() -> None:
    """No reading of that name, or no target for the priority."""
    assert to_come(ITOP, case(MONDAY, "03-09 09:00")) == []
    assert to_come(ITOP, case(MONDAY, "03-09 09:00", {"resolution": {1: HOUR}})) == []


def test_before_the_opening_nothing_is_due() -> None:
    """An incident that is not opened yet has neither."""
    seen = case(MONDAY, "03-09 08:59", FOUR_HOURS)
    assert now_due(ITOP, seen) == []
    assert to_come(ladder(Rung("opened", "x"), Rung("idle for 1h", "y")), seen) == []


@pytest.mark.parametrize("kind", ["functional", "hierarchical"])
def test_the_event_that_is_proposed(kind: str) -> None:
    """It says who, which level, why, what called for it, and which rung of which ladder it is; it happens now."""
    steps = ladder(Rung("75% of resolution", ["lead", "boss"], kind=kind, level=2, name="Three quarters"))  # type: ignore[arg-type]
    [found] = due(steps, case(MONDAY, "03-09 12:20", FOUR_HOURS))
    assert found.at == at("03-09 12:00")
    assert found.at.tzinfo is UTC
    assert found.event == Escalated(
        at("03-09 12:20"),
        kind=kind,  # type: ignore[arg-type]
        to="lead, boss",
        level=2,
        reason="75% of resolution: Mon 2026-03-09 12:00 Europe/London",
        trigger="sla_percent",
        reference="rung:Gold/Three quarters/1.1",
    )
    assert (found.kind, found.notify, found.number) == (kind, ("lead", "boss"), "INC1")
    assert str(found) == f"INC1: {kind} to lead, boss: 75% of resolution: Mon 2026-03-09 12:00 Europe/London"


def test_a_notification_is_a_private_automatic_reply() -> None:
    """It calls nobody in, answers no user, and is known by its text."""
    steps = ladder(Rung("30m after opened", "desk", unless=["agent_reply", "on_hold"]))
    [found] = due(steps, case(MONDAY, "03-09 10:00"))
    reference = "rung:Gold/30m after opened, notification 1/1.1"
    assert found.event == Replied(at("03-09 10:00"), public=False, automatic=True, text=reference)
    assert found.why == "30m after opened, not agent reply or on hold: Mon 2026-03-09 09:30 UTC"
    assert now_due(steps, case([*MONDAY, found.event], "03-09 11:00")) == []


@pytest.mark.parametrize(
    ("words", "called"),
    [("priority P3", "priority"), ("opened", "timer"), ("30m before resolution", "sla_percent")],
)
def test_what_called_for_it(words: str, called: str) -> None:
    """The event names the kind of trigger."""
    [found] = due(ladder(Rung(words, "x", kind="functional")), case(MONDAY, "03-09 12:30", FOUR_HOURS))
    assert isinstance(found.event, Escalated)
    assert found.event.trigger == called


def test_repeats_are_counted_from_the_last_time_and_say_so() -> None:
    """Every open hour, twice more: 16:30 on Monday, 17:30, and 10:00 on Tuesday."""
    repeat = Repeat(Delay(open_time=HOUR), times=2)
    steps = ladder(Rung("75% of resolution", "lead", repeat=repeat))
    seen = case(opened("03-09 13:30"), "03-13 09:00", FOUR_HOURS)
    assert now_due(steps, seen) == ["03-09 16:30 lead", "03-09 17:30 lead", "03-10 10:00 lead"]
    assert [each.why.split(":")[0] for each in due(steps, seen, calendar=OFFICE)] == [
        "75% of resolution",
        "75% of resolution, again, 1 of 2",
        "75% of resolution, again, 2 of 2",
    ]


def test_until_is_the_last_instant_and_included() -> None:
    """What comes is cut off after the instant asked for."""
    steps = ladder(Rung("opened", "x", repeat=Repeat(HOUR, times=9)))
    seen = case(MONDAY, "03-09 09:00")
    found = ahead(steps, seen, until=at("03-09 11:00"))
    assert [each.at.astimezone(LONDON).hour for each in found] == [10, 11]
    with pytest.raises(ValueError, match="zone"):
        ahead(steps, seen, until=at("03-09 11:00").replace(tzinfo=None))


def test_open_time_without_a_calendar_is_told() -> None:
    """A ladder that counts open time needs a calendar; round the clock is one."""
    steps = ladder(Rung("2h of open time after opened", "desk"))
    with pytest.raises(PolicyError, match="pass calendar="):
        due(steps, case(MONDAY, "03-09 10:00"))
    assert now_due(steps, case(MONDAY, "03-09 11:00"), ALWAYS) == ["03-09 11:00 desk"]


def test_a_manual_escalation_to_the_same_people_counts() -> None:
    """Somebody called the manager in by hand after it was due: nothing is due; a call to others changes nothing."""
    steps = ladder(Rung("75% of resolution", ["manager", "duty_manager"], kind="hierarchical", level=2))
    for to, level, kind, counts in (
        ("manager", 2, "hierarchical", True),
        ("", 2, "hierarchical", True),
        ("manager, duty_manager", 2, "hierarchical", True),
        ("director", 2, "hierarchical", False),
        ("manager", 1, "hierarchical", False),
        ("manager", 2, "functional", False),
    ):
        call = Escalated(at("03-09 12:10"), ANN, kind=kind, to=to, level=level, reference="PAGE-7")  # type: ignore[arg-type]
        seen = case([*MONDAY, call], "03-09 12:20", FOUR_HOURS)
        assert now_due(steps, seen) == ([] if counts else ["03-09 12:00 manager, duty_manager"])
    early = Escalated(at("03-09 11:59"), ANN, kind="hierarchical", to="manager", level=2)
    assert len(now_due(steps, case([*MONDAY, early], "03-09 12:20", FOUR_HOURS))) == 1


def test_ladders_do_not_take_each_others_events_for_their_own() -> None:
    """The SLA's escalation to the manager is not that of the OLA, although all but the reference is the same."""
    rung = Rung("opened", "manager", kind="hierarchical")
    sla, ola = ladder(rung, name="Gold"), ladder(rung, name="Network")
    [found] = due(sla, case(MONDAY, "03-09 09:00"))
    assert found.event is not None
    seen = case([*MONDAY, found.event], "03-09 10:00")
    assert now_due(sla, seen) == []
    assert now_due(ola, seen) == ["03-09 09:00 manager"]


def test_a_rung_with_a_name_may_change_its_trigger() -> None:
    """Fired at 75%, the ladder is changed to 80%: a named rung has fired, one known by its words has not."""
    for name, again in (("Warn", []), ("", ["03-09 12:12 lead"])):
        before = ladder(Rung("75% of resolution", "lead", kind="hierarchical", name=name))
        after = ladder(Rung("80% of resolution", "lead", kind="hierarchical", name=name))
        [found] = due(before, case(MONDAY, "03-09 12:00", FOUR_HOURS))
        assert found.event is not None
        assert now_due(after, case([*MONDAY, found.event], "03-09 13:00", FOUR_HOURS)) == again


def test_of_one_instant_the_first_rung_comes_first() -> None:
    """Rungs that fire together keep the order of the ladder."""
    steps = ladder(Rung("1h after opened", "b"), Rung("opened", "z"), Rung("idle for 1h", "a"))
    assert now_due(steps, case(MONDAY, "03-09 12:00")) == [
        "03-09 09:00 z",
        "03-09 10:00 b",
        "03-09 10:00 a",
    ]


def test_an_open_condition_needs_no_situation() -> None:
    """The default condition always holds, whatever is known of the incident."""
    assert Rung("opened", "x").when == Always()
    assert timedelta(0) < MINUTE


def test_a_projection_passes_over_what_lies_behind_and_far_ahead() -> None:
    """Of two exclusions one is over and one begins on the next day: neither moves what is an hour away."""
    held = [
        *MONDAY,
        Excluded(at("03-09 09:00"), ANN, start=at("03-09 09:30"), end=at("03-09 10:00")),
        Excluded(at("03-09 09:00"), ANN, start=at("03-10 09:00"), end=at("03-10 10:00")),
        Started(at("03-09 09:00"), ANN),
        Held(at("03-09 11:30"), ANN),
    ]
    seen = case(held, "03-09 12:00", FOUR_HOURS)
    assert to_come(ITOP, seen) == ["03-09 13:00 team_lead if", "03-09 14:00 service_desk_manager if"]


def test_a_calendar_that_never_opens_again_reaches_nothing() -> None:
    """What no open time will bring is not there, on hold or not, and raises nothing."""
    never = Calendar.never("Europe/London")
    steps = ladder(
        Rung("75% of resolution", "a"),
        Rung("1h of open time after opened", "b"),
        Rung("idle for 1h of open time", "c"),
    )
    held = [*MONDAY, Started(at("03-09 09:00"), ANN), Held(at("03-09 10:00"), ANN)]
    for history in (MONDAY, held):
        seen = case(history, "03-09 12:00", FOUR_HOURS, never)
        assert now_due(steps, seen, never) == []
        assert to_come(steps, seen, never) == []


def test_a_priority_that_was_lost_is_reached_anew() -> None:
    """The turns of a priority are counted by the times that it came, and each has its own reference."""
    track = [("09:30", 1), ("10:00", 3), ("10:30", 1)]
    changes = [PrioritySet(at(f"03-09 {when}"), ANN, priority=priority) for when, priority in track]
    [found] = due(ladder(Rung("priority P1", "x", name="P1")), case([*MONDAY, *changes], "03-09 12:00"))
    assert isinstance(found.event, Replied)
    assert found.event.text == "rung:Gold/P1/2.1"


def test_long_histories_cost_no_more_than_they_are_long() -> None:
    """What is looked up for each beat is judged once: eight times the events take well under thirty times as long."""
    steps = ladder(
        Rung("opened", "a", unless="acknowledged", repeat=Repeat(HOUR, times=100)),
        Rung("100% of next response", "b", kind="hierarchical", when=Eq("service", "payments")),
        Rung("idle for 1m", "c", when=Eq("service", "payments")),
    )

    def spent(length: int) -> float:
        history: list[Event] = [*MONDAY, Acknowledged(at("03-09 09:00"), ANN)]
        for minute in range(0, 2 * length, 2):
            asked = at("03-09 09:01") + minute * MINUTE
            history += [RequesterWrote(asked, BOB), Replied(asked + 2 * MINUTE, ANN)]
        seen = case(history, history[-1].at, {"next_response": MINUTE})
        begun = perf_counter()
        assert due(steps, seen) == ()
        return perf_counter() - begun

    short = min(spent(100) for _ in range(3))
    assert min(spent(800) for _ in range(3)) < 30 * short


def test_a_stopped_clock_repeats_nothing() -> None:
    """75% at 12:00, again each half hour; resolved from 12:15 to 13:15: the repeat of 12:30 waits for the reopening."""
    steps = ladder(Rung("75% of resolution", "lead", repeat=Repeat(30 * MINUTE, times=2)))
    history = [*MONDAY, Resolved(at("03-09 12:15"), ANN), Reopened(at("03-09 13:15"), BOB)]
    assert now_due(steps, case(history, "03-09 15:00", FOUR_HOURS)) == [
        "03-09 12:00 lead",
        "03-09 13:15 lead",
        "03-09 13:45 lead",
    ]


def test_a_projection_is_the_earliest_instant() -> None:
    """An exclusion that begins when the clock would get there moves nothing."""
    held = [
        *MONDAY,
        Excluded(at("03-09 09:00"), ANN, start=at("03-09 13:00"), end=at("03-09 14:00")),
        Started(at("03-09 09:00"), ANN),
        Held(at("03-09 11:00"), ANN),
    ]
    assert to_come(ITOP, case(held, "03-09 12:00", FOUR_HOURS)) == [
        "03-09 13:00 team_lead if",
        "03-09 15:00 service_desk_manager if",
    ]


def test_names_with_slashes_stay_apart() -> None:
    """The ladder "24/7" with a rung "x" is not the ladder "24" with a rung "7/x"."""
    rung = Rung("opened", "desk", kind="hierarchical", name="x")
    [found] = due(ladder(rung, name="24/7"), case(MONDAY, "03-09 09:00"))
    assert isinstance(found.event, Escalated)
    assert found.event.reference == "rung:24%2F7/x/1.1"
    other = ladder(Rung("opened", "desk", kind="hierarchical", name="7/x"), name="24")
    assert len(now_due(other, case([*MONDAY, found.event], "03-09 10:00"))) == 1
