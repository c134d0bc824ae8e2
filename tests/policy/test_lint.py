"""What lint finds in a policy, rule by rule: what is wrong is told, and its sound neighbour is not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from itilkit.calendars import Calendar, Period
from itilkit.conditions import (
    AllOf,
    Always,
    AnyOf,
    Condition,
    Eq,
    HasAny,
    In,
    Known,
    Le,
    Like,
    Missing,
    Ne,
    holds,
)
from itilkit.errors import Fault
from itilkit.escalation import Ladder, Rung, SinceOpened
from itilkit.incident_models import IncidentModel, ModelStep, Route
from itilkit.lifecycle import ITIL4_DEFAULT, ITOP, SIMPLE, Delay, Lifecycle
from itilkit.policy import Agreement, Policy, Target
from itilkit.policy.lint import RULES
from itilkit.policy.lint.look import Look
from itilkit.priority import ITIL_2X2, JSM_4X5
from itilkit.sla import Goal, Link, Rule, WorkingDays, chain
from itilkit.vocabulary import HoldReason, Status

from .policies import policies

OFFICE = Calendar({"mon-fri": "09:00-17:00"}, zone="Europe/London", name="office")
ALWAYS_OPEN = Calendar.round_the_clock("Europe/London")
NEVER = Calendar.never("Europe/London")
YEAR = Period.year(2026, zone="Europe/London")
MAIL, CARDS = Eq("service", "mail"), Eq("service", "cards")


def hours(amount: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=amount)


def agreement(
    name: str = "Gold", when: Condition | None = None, *targets: Target, **options: Any
) -> Agreement:
    """An agreement that promises P1 to P3 a resolution, if nothing else is asked for."""
    rows = targets or (Target([1, 2, 3], {"resolution": hours(4)}),)
    options = {"calendar": OFFICE, "when": Always() if when is None else when, **options}
    return Agreement(name, rows, **options)


def promising(**promises: Any) -> Agreement:
    """An agreement with one row for all priorities."""
    return agreement("Gold", None, Target([1, 2, 3], promises))


def by_priority(*goals: Any, **options: Any) -> Agreement:
    """An agreement with a resolution target for P1, P2 and P3; a pair is a target and its calendar."""
    pairs: list[tuple[Any, Any]] = [goal if isinstance(goal, tuple) else (goal, None) for goal in goals]
    rows = [
        Target(i, {"resolution": target}, calendar=clock) for i, (target, clock) in enumerate(pairs, start=1)
    ]
    return agreement("Gold", None, *rows, **options)


def policy(*agreements: Agreement, **options: Any) -> Policy:
    """A house with three priorities."""
    given: dict[str, Any] = {
        "lifecycle": ITIL4_DEFAULT,
        "matrix": ITIL_2X2,
        "agreements": agreements,
        **options,
    }
    return Policy("Desk", **given)


def lint(house: Policy, over: Period | None = None) -> tuple[Fault, ...]:
    """What is found in it."""
    return house.lint(over=over)


def codes(faults: Iterable[Fault]) -> set[str]:
    """Their codes."""
    return {fault.code for fault in faults}


def told(faults: Iterable[Fault], code: str) -> list[tuple[str, str]]:
    """Place and message of the findings of a rule."""
    return [(fault.path, fault.message) for fault in faults if fault.code == code]


def ola(
    *targets: Target, when: Condition | None = None, kind: Any = "OLA", name: str = "Network"
) -> Agreement:
    """What stands behind a promise."""
    return agreement(name, when, *(targets or (Target([1, 2, 3], {"resolution": hours(3)}),)), kind=kind)


def week(hours: Any, zone: str = "Europe/London", **options: Any) -> Agreement:
    """A promise on a week of hours."""
    return agreement(calendar=Calendar({"mon-sun": hours}, zone=zone, name="week", **options))


def own_clock(**options: Any) -> Agreement:
    """An agreement with a clock of the house's own."""
    clock = Rule("audit", starts_on={"opened"}, **options)
    return agreement("Gold", None, Target([1, 2, 3], {"audit": hours(4)}), clocks=[clock])


def calling(*rungs: Rung) -> Agreement:
    """An agreement that calls somebody in."""
    return agreement(escalate=Ladder("Gold", rungs))


def model(name: str, when: Condition, **options: Any) -> IncidentModel:
    """An incident model of one step."""
    return IncidentModel(name, name, [ModelStep("a", "Restore it", owner="sme")], when=when, **options)


def rung(share: str, level: int) -> Rung:
    """Somebody of higher authority at a share of the resolution target."""
    return Rung(f"{share} of resolution", f"level {level}", kind="hierarchical", level=level)


def beside(amount: str, level: int) -> Rung:
    """Somebody of higher authority so long before the resolution is due."""
    return Rung(f"{amount} before resolution", f"level {level}", kind="hierarchical", level=level)


NARROW_FIRST = (agreement("Cards", AllOf([CARDS, Le("priority", 2)])), agreement("Rest"))
DIFFERENT = Target([1, 2, 3], {"resolution": hours(9)})

# Code, what is sound, what is not, and of the latter the place and a piece of the message.
TABLE: dict[str, tuple[str, Policy, Policy, str, str]] = {
    "nothing promised": ("P001", policy(agreement()), policy(), "agreements", "nothing is promised"),
    "a service without SLA": (
        "P001",
        policy(agreement("Mail", MAIL), agreement("Rest")),
        policy(agreement("Mail", MAIL), agreement("Others", Ne("service", "mail"))),
        "agreements[1]",
        "for no service",
    ),
    "a value without SLA": (
        "P001",
        policy(
            agreement("Mail", MAIL), agreement("Others", AnyOf([Ne("service", "mail"), Missing("service")]))
        ),
        policy(agreement("Mail", MAIL), agreement("None", Missing("service"))),
        "agreements[1]",
        "for service 'another'",
    ),
    "two rules of equal rank": (
        "P002",
        policy(*NARROW_FIRST),
        policy(
            agreement("Cards", CARDS),
            agreement("VIP", Eq("reporter.vip", True), DIFFERENT),
            agreement("Rest"),
        ),
        "agreements[1].when",
        "VIP and Cards both hold, for example, for reporter.vip True, service 'cards'",
    ),
    "two rules that promise the same": (
        "P002",
        policy(agreement("Cards", CARDS), agreement("VIP", Eq("reporter.vip", True)), agreement("Rest")),
        policy(
            agreement("Cards", CARDS), agreement("Tag", HasAny("tags", ["vip"]), DIFFERENT), agreement("Rest")
        ),
        "agreements[1].when",
        "tags",
    ),
    "shadowed by one": (
        "P003",
        policy(*NARROW_FIRST),
        policy(
            agreement("Two", In("service", ["mail", "cards"])), agreement("Cards", CARDS), agreement("Rest")
        ),
        "agreements[1]",
        "Cards never holds: Two comes first wherever it would",
    ),
    "shadowed by several together": (
        "P003",
        policy(
            agreement("Mail", MAIL), agreement("Two", In("service", ["mail", "cards"])), agreement("Rest")
        ),
        policy(
            agreement("Mail", MAIL),
            agreement("Cards", CARDS),
            agreement("Two", In("service", ["mail", "cards"])),
            agreement("Rest"),
        ),
        "agreements[2]",
        "Two never holds: Mail, Cards together come first wherever it would",
    ),
    "a condition that cannot hold": (
        "P003",
        policy(agreement("Mail", AllOf([MAIL, Le("impact", 1)])), agreement("Rest")),
        policy(agreement("Mail", AllOf([MAIL, CARDS])), agreement("Rest")),
        "agreements[0]",
        "there is no case in which its condition does",
    ),
    "shadowed by a pattern": (
        "P003",
        policy(
            agreement("VPN", Like("title", "VPN*")),
            agreement("All VPN", Like("title", "*VPN*")),
            agreement("Rest"),
        ),
        policy(
            agreement("All VPN", Like("title", "*VPN*")),
            agreement("VPN", Like("title", "VPN*")),
            agreement("Rest"),
        ),
        "agreements[1]",
        "VPN never holds: All VPN comes first",
    ),
    "frappe/helpdesk PR 3547, a blank condition before the default": (
        "P004",
        policy(agreement("Cards", CARDS), agreement("Default")),
        policy(agreement("Cards"), agreement("Default")),
        "agreements[0]",
        "Cards has no condition: Default behind it never holds",
    ),
    "a condition that always holds": (
        "P004",
        policy(agreement("Known", Known("service")), agreement("Rest")),
        policy(agreement("Either", AnyOf([Known("service"), Missing("service")])), agreement("Rest")),
        "agreements[0].when",
        "Either has a condition that always holds: Rest behind it never holds",
    ),
    "another kind is no rival": (
        "P004",
        policy(agreement("Gold"), ola()),
        policy(agreement("Gold"), ola(), ola(name="Other")),
        "agreements[1]",
        "Network has no condition: Other behind it never holds",
    ),
    "never open": (
        "P005",
        policy(agreement()),
        policy(agreement(calendar=NEVER)),
        "agreements[0].targets[0].resolution",
        "the resolution target can never be met: its calendar (never) never opens in 2026",
    ),
    "no time": (
        "P005",
        policy(promising(response=hours(1), resolution=None)),
        policy(promising(response=timedelta(0))),
        "agreements[0].targets[0].response",
        "it allows no time",
    ),
    "more than a year has": (
        "P005",
        policy(by_priority(hours(4), hours(8), WorkingDays(250))),
        policy(by_priority(hours(4), hours(8), WorkingDays(400))),
        "agreements[0].targets[2].resolution",
        "2026 has 261 working days on office",
    ),
    "warned at the breach": (
        "P006",
        policy(agreement(warn={"75%": 0.75, "1h before": -hours(1)})),
        policy(agreement(warn={"75%": 0.75, "100%": 1.0})),
        "agreements[0].warn[1]",
        "the warning '100%' comes when the target is breached",
    ),
    "warned after the breach": (
        "P006",
        policy(agreement(warn={"30m before": -hours(0.5)})),
        policy(agreement(warn={"30m after": hours(0.5)})),
        "agreements[0].warn[0]",
        "or later",
    ),
    "warned at the start": (
        "P006",
        policy(agreement(warn={"3h before": -hours(3)})),
        policy(agreement(warn={"4h before": -hours(4)})),
        "agreements[0].warn[0]",
        "comes when the clock starts",
    ),
    "answered after it is solved": (
        "P006",
        policy(promising(response=hours(4), resolution=hours(4))),
        policy(promising(response=hours(5), resolution=hours(4))),
        "agreements[0].targets[0].response",
        "the response target (5h 00m) may be due after the resolution target (4h 00m)",
    ),
    "answered after working days": (
        "P006",
        policy(promising(response=hours(8), resolution=WorkingDays(1))),
        policy(promising(response=hours(9), resolution=WorkingDays(1))),
        "agreements[0].targets[0].response",
        "may be due after the resolution target (1 working day)",
    ),
    "an OLA that takes longer": (
        "P007",
        policy(agreement(), ola()),
        policy(
            agreement(), ola(Target(1, {"resolution": hours(5)}), Target([2, 3], {"resolution": hours(4)}))
        ),
        "agreements[1].targets[0].resolution",
        "P1 resolution: OLA Network (5h 00m) needs 5h 00m, 1h 00m more than SLA Gold (4h 00m) allows.",
    ),
    "an OLA and a contract that together take longer": (
        "P007",
        policy(agreement(), ola(), ola(Target([1, 2, 3], {"resolution": hours(1)}), kind="UC", name="Telco")),
        policy(agreement(), ola(), ola(Target([1, 2, 3], {"resolution": hours(2)}), kind="UC", name="Telco")),
        "agreements[1].targets[0].resolution",
        "need 5h 00m",
    ),
    "an OLA for other services": (
        "P007",
        policy(
            agreement("Mail", MAIL),
            agreement("Rest", None, Target([1, 2, 3], {"resolution": hours(9)})),
            ola(Target([1, 2, 3], {"resolution": hours(9)}), when=CARDS),
        ),
        policy(
            agreement("Mail", MAIL),
            agreement("Rest", None, Target([1, 2, 3], {"resolution": hours(9)})),
            ola(Target([1, 2, 3], {"resolution": hours(9)})),
        ),
        "agreements[2].targets[0].resolution",
        "9h 00m, 5h 00m more than SLA Mail",
    ),
    "a high priority that waits longer": (
        "P008",
        policy(by_priority(hours(4), hours(8), hours(8))),
        policy(by_priority(hours(4), hours(9), hours(8))),
        "agreements[0].targets[1].resolution",
        "P2 may wait longer for the resolution than P3: 9h 00m on office against 8h 00m on office",
    ),
    "eight office hours against twelve by the wall": (
        "P008",
        policy(by_priority((hours(8), ALWAYS_OPEN), hours(8), hours(12))),
        policy(by_priority(hours(8), (hours(12), ALWAYS_OPEN), hours(12))),
        "agreements[0].targets[0].resolution",
        "P1 may wait longer for the resolution than P2: 8h 00m on office against 12h 00m on round_the_clock, at the",
    ),
    "a high priority without target": (
        "P008",
        policy(by_priority(hours(4), hours(8), None)),
        policy(by_priority(hours(4), None, hours(8))),
        "agreements[0].targets[1].resolution",
        "no target against 8h 00m",
    ),
    "a pause that the lifecycle does not have": (
        "P009",
        policy(agreement(pause_while=["on_hold"]), lifecycle=SIMPLE),
        policy(agreement(pause_while=["on_hold", "assigned"]), lifecycle=SIMPLE),
        "agreements[0].pause_while",
        "Gold pauses while assigned, and the lifecycle has no such state",
    ),
    "a pause after the end": (
        "P009",
        policy(agreement()),
        policy(agreement(pause_while=["on_hold", "resolved"])),
        "agreements[0].pause_while",
        "Gold pauses while resolved, in which its clocks have stopped",
    ),
    "a closure clock may pause while resolved": (
        "P009",
        policy(
            agreement(
                "Gold", None, Target([1, 2, 3], {"closure": hours(4)}), pause_while=["on_hold", "resolved"]
            )
        ),
        policy(
            agreement(
                "Gold", None, Target([1, 2, 3], {"closure": hours(4)}), pause_while=["on_hold", "closed"]
            )
        ),
        "agreements[0].pause_while",
        "Gold pauses while closed, in which its clocks have stopped",
    ),
    "a clock that never runs": (
        "P009",
        policy(agreement(pause_while=["new", "on_hold"])),
        policy(agreement(pause_while=[status for status in Status if status.is_open])),
        "agreements[0].pause_while",
        "its clocks never run",
    ),
    "an exception to no pause": (
        "P009",
        policy(agreement(but_not_while=["awaiting_supplier"])),
        policy(agreement(pause_while=["new"], but_not_while=["awaiting_supplier"])),
        "agreements[0].but_not_while",
        "does not pause on hold anyway",
    ),
    "a pause for no reason": (
        "P009",
        policy(agreement(but_not_while=[HoldReason.AWAITING_SUPPLIER])),
        policy(agreement(but_not_while=list(HoldReason))),
        "agreements[0].but_not_while",
        "pauses on hold for no reason at all",
    ),
    "a clock that closing does not stop": (
        "P009",
        policy(own_clock(stops_on={"agent_reply"}, ends_in=())),
        policy(own_clock(ends_in={Status.RESOLVED})),
        "agreements[0].clocks[0]",
        "closing does not stop the clock 'audit'",
    ),
    "a priority without target": (
        "P010",
        policy(agreement()),
        policy(agreement("Gold", None, Target([1, 2], {"resolution": hours(4)}))),
        "agreements[0].targets",
        "Gold promises nothing for P3",
    ),
    "a priority that its condition leaves out": (
        "P010",
        policy(
            agreement("Top", Le("priority", 2), Target([1, 2], {"resolution": hours(4)})), agreement("Rest")
        ),
        policy(agreement("Top", Le("priority", 2), Target(1, {"resolution": hours(4)})), agreement("Rest")),
        "agreements[0].targets",
        "Top promises nothing for P2",
    ),
    "a target for a priority that cannot come": (
        "P010",
        policy(
            agreement("Top", Le("priority", 2), Target([1, 2], {"resolution": hours(4)})), agreement("Rest")
        ),
        policy(
            agreement(
                "Top",
                Le("priority", 2),
                Target([1, 2], {"resolution": hours(4)}),
                Target(3, {"resolution": hours(9)}),
            ),
            agreement("Rest"),
        ),
        "agreements[0].targets[1].priority",
        "Top never holds for P3",
    ),
    "a clock that one row leaves out": (
        "P010",
        policy(
            agreement(
                "Gold",
                None,
                Target([1, 2], {"response": hours(1), "resolution": hours(4)}),
                Target(3, {"response": None, "resolution": hours(4)}),
            )
        ),
        policy(
            agreement(
                "Gold",
                None,
                Target([1, 2], {"response": hours(1), "resolution": hours(4)}),
                Target(3, {"resolution": hours(4)}),
            )
        ),
        "agreements[0].targets[1].response",
        "Gold promises no response for P3",
    ),
    "the clocks change at night": (
        "P011",
        policy(week("06:00-22:00")),
        policy(week("22:00-06:00")),
        "calendars.week",
        "the clocks change within opening hours: forward in the shift Sat 2026-03-28 22:00 to Sun 2026-03-29 06:00,"
        " which lasts 7h 00m, and 1 more",
    ),
    "a zone without clock changes": (
        "P011",
        policy(week("22:00-06:00", "Asia/Tokyo")),
        policy(week("22:00-06:00", "America/New_York")),
        "calendars.week",
        "forward in the shift Sat 2026-03-07 22:00",
    ),
    "a desk that hands over": (
        "P011",
        policy(week(["06:00-22:00", "22:00-06:00"])),
        policy(week(["07:00-21:00", "22:00-06:00"])),
        "calendars.week",
        "forward in the shift",
    ),
    "called in after the breach": (
        "P012",
        policy(calling(Rung("75% of resolution", "boss"), Rung("100% of resolution", "owner"))),
        policy(calling(Rung("100% of resolution", "owner"), Rung("1h after resolution", "boss"))),
        "agreements[0].escalate[0]",
        "100% of resolution: nobody is called in before the resolution target is breached",
    ),
    "called in at another sign": (
        "P012",
        policy(calling(Rung("reopened", "boss"), Rung("1h after resolution", "owner"))),
        policy(calling(Rung("1h after resolution", "owner"))),
        "agreements[0].escalate[0]",
        "1h after resolution: nobody is called in before",
    ),
    "called in for nothing": (
        "P012",
        policy(calling(Rung("75% of resolution", "boss"), Rung("75% of OLA.resolution", "team"))),
        policy(calling(Rung("75% of response", "boss"))),
        "agreements[0].escalate[0]",
        "75% of response: nothing is promised by that name",
    ),
    "called in when all is due": (
        "P012",
        policy(calling(Rung(SinceOpened(Delay(open_time=hours(3))), "boss", kind="hierarchical"))),
        policy(calling(Rung(SinceOpened(Delay(open_time=hours(4))), "boss", kind="hierarchical"))),
        "agreements[0].escalate[0]",
        "by then every resolution target is due",
    ),
    "told when all is due": (
        "P012",
        policy(calling(Rung(SinceOpened(hours(400)), "boss"))),
        policy(calling(Rung(SinceOpened(hours(400)), "boss", kind="functional"))),
        "agreements[0].escalate[0]",
        "400h after opened: by then every resolution target is due",
    ),
    "levels turned round before the due instant": (
        "P012",
        policy(calling(beside("2h", 1), beside("1h", 2))),
        policy(calling(beside("1h", 1), beside("2h", 2))),
        "agreements[0].escalate[1]",
        "hierarchical level 2 (2h before resolution) comes before level 1 (1h before resolution)",
    ),
    "levels turned round": (
        "P012",
        policy(calling(rung("50%", 1), rung("75%", 2))),
        policy(calling(rung("75%", 1), rung("50%", 2))),
        "agreements[0].escalate[1]",
        "hierarchical level 2 (50% of resolution) comes before level 1 (75% of resolution)",
    ),
    "a model that is never meant": (
        "P013",
        policy(incident_models=[model("x", MAIL)]),
        policy(incident_models=[model("x", AllOf([Eq("impact", 1), Eq("impact", 2)]))]),
        "incident_models[0].when",
        "model x never matches",
    ),
    "two models that tie": (
        "P013",
        policy(incident_models=[model("x", MAIL, rank=1), model("y", Eq("category", "a"))]),
        policy(incident_models=[model("x", MAIL), model("y", Eq("category", "a"))]),
        "incident_models[1]",
        "only their ids decide",
    ),
    "a route behind a wider one": (
        "P013",
        policy(routes=[Route("mail team", MAIL), Route("desk")]),
        policy(routes=[Route("desk"), Route("mail team", MAIL)]),
        "routing[1].when",
        "never comes first",
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_a_rule_tells_what_is_wrong_and_where(case: str) -> None:
    """The broken policy is caught by the rule at its place."""
    code, _, broken, path, message = TABLE[case]
    found = told(broken.lint(), code)
    assert any(place == path and message in text for place, text in found), found


@pytest.mark.parametrize("case", TABLE)
def test_a_rule_is_silent_where_nothing_is_wrong(case: str) -> None:
    """The sound neighbour of a broken policy is not told of by that rule."""
    code, sound, _, _, _ = TABLE[case]
    assert told(sound.lint(), code) == []


def test_every_rule_has_its_cases() -> None:
    """Each rule is caught and not caught by a row of the table, but for those that have tests of their own."""
    assert {code for code, *_ in TABLE.values()} == set(RULES) - {"P000"}


# What is looked at over a period that is asked about


def test_holidays_that_end_before_the_policy() -> None:
    """A country's holidays must be known in the years asked about; where the calendar says so, none are."""
    holidays = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC", public_holidays="GB-ENG", name="office")
    asked = policy(agreement(calendar=holidays))
    assert told(asked.lint(over=YEAR), "P011") == []
    ((path, message),) = told(asked.lint(over=Period.year(2150, zone="UTC")), "P011")
    assert path == "calendars.office.public_holidays"
    assert "not for 2150" in message


def test_a_calendar_that_cannot_be_asked_is_told_once() -> None:
    """Where holidays are not known, the rules about clocks are silent and P011 tells why."""
    holidays = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC", public_holidays="GB-ENG", name="office")
    mixed = by_priority(hours(9), (hours(12), ALWAYS_OPEN), hours(12), calendar=holidays)
    asked = Period.year(2150, zone="UTC")
    assert codes(lint(policy(mixed, agreement(kind="OLA", calendar=holidays)), over=asked)) == {"P011"}


def closed(last: date) -> Policy:
    """A policy on office hours with closed dates up to a last one."""
    dates = {date(2026, 12, 25): "Christmas Day", last: "Stocktaking"}
    office = Calendar({"mon-fri": "09:00-17:00"}, zone="Europe/London", closed=dates, name="office")
    return policy(agreement(calendar=office))


def test_closed_dates_that_end_before_the_policy() -> None:
    """A list of closed dates by hand must reach the end of the time asked about; nothing is asked without one."""
    until = Period.year(2027, zone="Europe/London")
    ((path, message),) = told(lint(closed(date(2026, 12, 31)), over=until), "P011")
    assert (path, message) == (
        "calendars.office.closed",
        "closed dates end with 2026-12-31, and the policy is to hold until 2027",
    )
    assert lint(closed(date(2027, 1, 4)), over=until) == ()
    assert lint(closed(date(2026, 12, 31))) == ()


def test_the_last_year_that_is_named_is_looked_at() -> None:
    """Without a period, the last date that the policy names says in which year it is to hold."""
    late = Calendar({}, zone="UTC", special_hours={date(2031, 7, 1): ["09:00-12:00"]}, name="late")
    ((_, message),) = told(lint(policy(agreement(calendar=late))), "P005")
    assert "2031 has 3h 00m of open time on late" in message
    ((_, message),) = told(lint(policy(agreement(calendar=NEVER), valid_from=date(2032, 5, 1))), "P005")
    assert "never opens in 2032" in message


# What the policy rests on


def test_the_matrix_and_the_lifecycle_speak_for_themselves() -> None:
    """Their own findings keep their codes, under their part of the file; a shipped lifecycle is no finding."""
    house = Lifecycle.from_data({**SIMPLE.to_data(), "name": "house", "roles": ["agent"]})
    rows = Target([1, 2, 3, 4, 5], {"resolution": hours(4)})
    found = lint(policy(agreement("Gold", None, rows), lifecycle=house, matrix=JSM_4X5))
    assert {(fault.path, fault.code) for fault in found} == {
        ("priority.matrix", "not_monotone"),
        ("lifecycle.roles", "unused_role"),
    }
    assert {fault.severity for fault in found} == {"warning"}


def test_what_is_odd_about_a_shipped_lifecycle_is_not_told() -> None:
    """A house that takes iTop's lifecycle, or adds to it, is not told what is odd about iTop's; its own slips are."""
    data = ITOP.to_data()
    data["stimuli"].append("ev_ours")
    assert lint(policy(agreement(), lifecycle=ITOP)) == ()
    (fault,) = lint(policy(agreement(), lifecycle=Lifecycle.from_data({**data, "name": "ours"})))
    assert (fault.code, fault.path) == ("unused_stimulus", f"lifecycle.stimuli[{len(data['stimuli']) - 1}]")


def test_what_cannot_work_is_an_error_and_what_is_odd_a_warning() -> None:
    """Agreements that never hold and targets that cannot be met are errors, whatever else is odd a warning."""
    found = [fault for *_, broken, _, _ in TABLE.values() for fault in broken.lint()]
    assert codes(fault for fault in found if fault.severity == "error") == {"P003", "P004", "P005"}
    assert codes(fault for fault in found if fault.severity == "warning").isdisjoint({"P003", "P004", "P005"})


# Against a plain second reading: every situation tried one by one

SITES, VALUES = ("leeds", "york"), (1, 2, 3)
SIMPLE_CONDITIONS: st.SearchStrategy[Condition] = st.sampled_from(
    [
        *(Eq("site", "leeds"), Eq("site", "york"), Ne("site", "leeds"), Known("site"), Missing("site")),
        *(Eq("priority", 1), Le("priority", 2), Eq("reporter.vip", True), Always()),
    ]
)
CONDITIONS = SIMPLE_CONDITIONS | st.lists(SIMPLE_CONDITIONS, min_size=2, max_size=3).map(AllOf)
SITUATIONS: list[dict[str, Any]] = [
    {name: value for name, value in case.items() if value is not None}
    for site in ("leeds", "york", "hull", None)
    for priority in VALUES
    for vip in (True, False, None)
    for case in [{"site": site, "priority": priority, "reporter.vip": vip}]
]


@given(st.lists(CONDITIONS, min_size=1, max_size=5))
def test_gaps_and_shadows_are_those_of_every_situation(conditions: list[Condition]) -> None:
    """P001 and P003 are told exactly where going through all situations one by one finds them."""
    house = policy(*(agreement(f"A{index}", when) for index, when in enumerate(conditions)))
    first = [next((i for i, when in enumerate(conditions) if holds(when, case)), None) for case in SITUATIONS]
    found = house.lint()
    assert bool(told(found, "P001")) == (None in first)
    never = {f"agreements[{index}]" for index in range(len(conditions)) if index not in first}
    assert {path for path, _ in told(found, "P003")} == never


@given(st.lists(CONDITIONS, min_size=1, max_size=5))
def test_priorities_without_target_are_those_of_every_situation(conditions: list[Condition]) -> None:
    """P010 names the priorities for which an agreement is the first to hold and has no line."""
    row = Target(2, {"resolution": hours(4)})
    house = policy(*(agreement(f"A{index}", when, row) for index, when in enumerate(conditions)))
    reached: dict[int, set[int]] = {}
    for case in SITUATIONS:
        index = next((i for i, when in enumerate(conditions) if holds(when, case)), None)
        if index is not None:
            reached.setdefault(index, set()).add(case["priority"])
    expected = {
        (
            f"agreements[{index}].targets",
            f"A{index} promises nothing for {', '.join(f'P{p}' for p in sorted(some))}",
        )
        for index, some in ((index, levels - {2}) for index, levels in reached.items())
        if some
    }
    dead = {
        (f"agreements[{index}].targets[0].priority", f"A{index} never holds for P2")
        for index, levels in reached.items()
        if 2 not in levels
    }
    assert set(told(house.lint(), "P010")) == expected | dead


TERMS = st.tuples(CONDITIONS, st.integers(1, 4))


@given(st.lists(TERMS, max_size=3), st.lists(TERMS, max_size=2), st.lists(TERMS, max_size=2))
def test_what_does_not_fit_is_found_in_every_situation(
    promised: list[tuple[Condition, int]],
    teams: list[tuple[Condition, int]],
    firms: list[tuple[Condition, int]],
) -> None:
    """P007 is told exactly where going through all situations finds work that may take longer than the promise."""
    kinds = {"SLA": promised, "OLA": teams, "UC": firms}
    house = policy(
        *(
            agreement(f"{kind} {place}", when, Target([1, 2, 3], {"resolution": hours(length)}), kind=kind)
            for kind, rows in kinds.items()
            for place, (when, length) in enumerate(rows)
        )
    )
    late = False
    for case in SITUATIONS:
        held = [
            next((length for when, length in rows if holds(when, case)), None)
            for rows in (promised, teams, firms)
        ]
        late = late or (held[0] is not None and sum(filter(None, held[1:])) > held[0])
    assert bool(told(house.lint(), "P007")) == late


@settings(max_examples=10)
@given(policies())
def test_any_policy_can_be_looked_at(house: Policy) -> None:
    """Whatever is allowed in a policy, lint has an answer, each finding with a code and a place."""
    for fault in house.lint():
        assert fault.code
        assert fault.path
        assert fault.message


# The quick comparisons against the plain one


CLOCKS = [
    OFFICE,
    ALWAYS_OPEN,
    Calendar({"mon-sat": "07:00-19:00"}, zone="Europe/London", working_days="mon-fri", name="long"),
    Calendar({"mon,wed,fri": "22:00-06:00"}, zone="Europe/London", name="night"),
    Calendar(
        {"mon-fri": ["09:00-12:00", "13:00-16:00"]}, zone="Europe/London", closed={date(2026, 3, 4): "Fair"}
    ),
]
TARGETS = st.integers(1, 30).map(hours) | st.integers(1, 4).map(WorkingDays)
GOALS = st.builds(Goal, TARGETS | st.just(WorkingDays(2, first_day="opening_day")), st.sampled_from(CLOCKS))
MARCH = Period.month(2026, 3, zone="Europe/London")


DAYS = [Goal(WorkingDays(days), ALWAYS_OPEN) for days in (2, 1, 1)]


@example(DAYS)  # a date that closes at midnight: the next count begins a day later
@settings(max_examples=200)
@given(st.lists(GOALS, min_size=2, max_size=3))
def test_what_is_told_apart_quickly_is_what_following_every_opening_tells(goals: list[Goal]) -> None:
    """The shortcuts of the comparison have the answers of `itilkit.sla.chain`, which follows the clocks."""
    look = Look(policy(agreement()), over=MARCH, asked=True, data={})
    within, *links = (Link("", goal) for goal in goals)
    assert look.chained(links, within) is (chain("", 1, within, links, over=MARCH) is None)


# More cases than can be gone through

WIDE = ("site", "category", "subcategory", "service", "configuration_item", "customer", "source", "group")


def wide(*last: Agreement) -> Policy:
    """Agreements that ask about many values of many fields."""
    return policy(
        *(agreement(f"{name} {i}", Eq(name, f"{name} {i}")) for name in WIDE for i in range(5)), *last
    )


def test_too_many_cases_are_sampled_and_that_is_said() -> None:
    """P000 says that a sample was looked at; a gap, a rule shadowed by one other and a blank one are still told."""
    found = lint(wide())
    assert {"P000", "P001"} <= codes(found)
    assert "P003" not in codes(found)
    found = lint(wide(agreement("Again", Eq("site", "site 3")), agreement("Blank"), agreement("Rest")))
    assert "P001" not in codes(found)
    assert [path for path, _ in told(found, "P003")] == ["agreements[40]", "agreements[42]"]
    assert [path for path, _ in told(found, "P004")] == ["agreements[41]"]


def broken(code: str) -> Policy:
    """A policy in which a rule finds something."""
    return wide() if code == "P000" else next(wrong for rule, _, wrong, *_ in TABLE.values() if rule == code)


def test_the_sample_is_always_the_same() -> None:
    """Nothing is drawn at random."""
    assert lint(wide()) == lint(wide())


def test_few_cases_are_all_looked_at() -> None:
    """P000 is not told where all cases were gone through."""
    assert "P000" not in codes(lint(policy(*NARROW_FIRST)))


def test_many_agreements() -> None:
    """Of 198 agreements of three kinds on several calendars, the one that is shadowed is found."""
    many = tenants(198)
    again = attrs.evolve(many[21], name="Again")
    found = lint(policy(*many, again, agreement("Rest")))
    assert [(fault.code, fault.path, fault.message) for fault in found] == [
        ("P003", "agreements[198]", "Again never holds: Tenant 7 comes first wherever it would")
    ]


def tenants(count: int) -> list[Agreement]:
    """For each customer an SLA, an OLA and a contract, on five calendars."""
    calendars = [
        Calendar({"mon-fri": f"{opens:02}:00-18:00"}, zone="Europe/London", name=f"c{opens}")
        for opens in range(5, 10)
    ]
    found: list[Agreement] = []
    for number in range(count):
        customer, kind = number // 3, ("SLA", "OLA", "UC")[number % 3]
        more = customer % 7 * (3 - number % 3)
        rows = [
            Target(
                1, {"resolution": timedelta(minutes=(240, 120, 60)[number % 3] + more)}, calendar=ALWAYS_OPEN
            ),
            Target(2, {"resolution": timedelta(minutes=(720, 360, 180)[number % 3] + more)}),
            Target(3, {"resolution": WorkingDays(9 - 3 * (number % 3))}),
        ]
        when, calendar = Eq("customer", f"tenant {customer}"), calendars[customer % len(calendars)]
        found.append(agreement(f"Tenant {customer}", when, *rows, kind=kind, calendar=calendar))
    return found
