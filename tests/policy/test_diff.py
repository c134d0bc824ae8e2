"""What changes from one policy to another: what is told, which way it goes, and that nothing else is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, cast

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itilkit.calendars import Calendar, Period
from itilkit.conditions import Eq, In
from itilkit.incident_models import Route
from itilkit.lifecycle import ITIL4_DEFAULT, SIMPLE, Delay, Lifecycle, Timer
from itilkit.policy import Agreement, Policy, Target
from itilkit.policy.diff import Change, Diff, diff
from itilkit.policy.objective import Objective, SmallNumbers
from itilkit.priority import ITIL_2X2, ITIL_3X3, PriorityRule
from itilkit.sla import Rule, WorkingDays
from itilkit.vocabulary import HoldReason, Status

from .policies import policies

ALWAYS_OPEN = Calendar.round_the_clock("Europe/London")
REMIND = Timer("Nudge", "remind", after=timedelta(hours=24), status="resolved")
VIP = PriorityRule(Eq("reporter.vip", True), urgency_at_least=1, because="VIP caller")
REOPEN = {"wall_time": "72h", "since": "resolved_at"}


def hours(amount: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=amount)


def office(windows: Any = "09:00-17:00", **options: Any) -> Calendar:
    """Office hours."""
    given: dict[str, Any] = {"zone": "Europe/London", "name": "office", **options}
    return Calendar({"mon-fri": windows}, **given)


def row(levels: Any, resolution: Any, calendar: Calendar | None = None) -> Target:
    """A line of targets."""
    return Target(levels, {"response": hours(1), "resolution": resolution}, calendar=calendar)


def gold(*rows: Target, **options: Any) -> Agreement:
    """The agreement that is changed."""
    given = rows or (row(1, hours(4), calendar=ALWAYS_OPEN), row(2, hours(8)), row(3, WorkingDays(5)))
    usual: dict[str, Any] = {"calendar": office(), "when": In("service", ["mail", "cards"]), **options}
    return Agreement("Gold", given, **usual)


def rest(**options: Any) -> Agreement:
    """The agreement behind it."""
    usual: dict[str, Any] = {"targets": [row([1, 2, 3], hours(16))], "calendar": office(), **options}
    return Agreement("Rest", **usual)


REST = rest()
OLA = Agreement("Network", [Target([1, 2, 3], {"resolution": hours(2)})], calendar=office(), kind="OLA")


def house(*agreements: Agreement, hours_of: Calendar | None = None, **options: Any) -> Policy:
    """A policy with three agreements on one calendar."""
    given: dict[str, Any] = {
        "lifecycle": SIMPLE,
        "matrix": ITIL_2X2,
        "agreements": agreements or (gold(), rest(), OLA),
        "calendars": {"office": hours_of or office(), "late": office("12:00-20:00", name="late")},
        "timers": [REMIND],
        "priority_rules": [VIP],
        "zone": "Europe/London",
        **options,
    }
    given["agreements"] = [
        attrs.evolve(each, calendar=given["calendars"].get(each.calendar.name, each.calendar))
        for each in given["agreements"]
    ]
    return Policy("Desk", **given)


def lifecycle(change: Callable[[dict[str, Any]], object]) -> Lifecycle:
    """The simple lifecycle with its data changed."""
    data = SIMPLE.to_data()
    change(data)
    return Lifecycle.from_data(data)


BASE = house()

# What is changed, and all that is told of it.
MUTATIONS: dict[str, tuple[Policy, str]] = {
    "a shorter target": (
        house(
            gold(row(1, hours(4), calendar=ALWAYS_OPEN), row(2, hours(6)), row(3, WorkingDays(5))),
            rest(),
            OLA,
        ),
        "SLA Gold: P2 resolution: 8h -> 6h; 1 cell; stricter",
    ),
    "a longer target in working days": (
        house(
            gold(row(1, hours(4), calendar=ALWAYS_OPEN), row(2, hours(8)), row(3, WorkingDays(6))),
            rest(),
            OLA,
        ),
        "SLA Gold: P3 resolution: 5 working days -> 6 working days; 1 cell; looser",
    ),
    "working days instead of hours": (
        house(
            gold(row(1, hours(4), calendar=ALWAYS_OPEN), row(2, WorkingDays(3)), row(3, WorkingDays(5))),
            rest(),
            OLA,
        ),
        "SLA Gold: P2 resolution: 8h -> 3 working days; 1 cell; looser",
    ),
    "a target for several priorities": (
        house(gold(), attrs.evolve(rest(), targets=[row([1, 2, 3], hours(20))]), OLA),
        "SLA Rest: P1, P2, P3 resolution: 16h -> 20h; 6 cells; looser",
    ),
    "no target": (
        house(
            gold(row(1, None, calendar=ALWAYS_OPEN), row(2, hours(8)), row(3, WorkingDays(5))), rest(), OLA
        ),
        "SLA Gold: P1 resolution: 4h -> none; 1 cell; looser",
    ),
    "a priority that is left out": (
        house(gold(row(1, hours(4), calendar=ALWAYS_OPEN), row(2, hours(8))), rest(), OLA),
        "SLA Gold: P3: response 1h, resolution 5 working days -> nothing; 1 cell; looser",
    ),
    "a calendar of one priority": (
        house(gold(row(1, hours(4)), row(2, hours(8)), row(3, WorkingDays(5))), rest(), OLA),
        "SLA Gold: P1 calendar: round_the_clock -> nothing; 1 cell; other",
    ),
    "another calendar": (
        house(gold(), rest(calendar=office(name="late")), OLA),
        "SLA Rest, calendar: office -> late; 6 cells; other",
    ),
    "longer hours": (
        house(gold(), rest(), OLA, hours_of=office("08:00-18:00")),
        "calendar office, weekly: mon-fri 09:00-17:00 -> mon-fri 08:00-18:00; 9 cells; other",
    ),
    "a closed date": (
        house(gold(), rest(), OLA, hours_of=office(closed={date(2026, 12, 31): "Stocktaking"})),
        "calendar office, closed: nothing -> 2026-12-31 Stocktaking; 9 cells; other",
    ),
    "a calendar that nobody uses": (
        house(calendars={"office": office()}),
        "calendar late: there -> nothing; other",
    ),
    "a narrower condition": (
        house(gold(when=Eq("service", "mail")), rest(), OLA),
        "SLA Gold, when: service is one of mail, cards -> service is mail; 3 cells; other",
    ),
    "fewer pauses": (
        house(gold(pause_while=[]), rest(), OLA),
        "SLA Gold, pause while: on_hold -> nothing; 3 cells; stricter",
    ),
    "an exception to the pauses": (
        house(gold(but_not_while=["awaiting_supplier"]), rest(), OLA),
        "SLA Gold, but not while: nothing -> awaiting_supplier; 3 cells; stricter",
    ),
    "a warning": (
        house(gold(warn={"75%": 0.75}), rest(), OLA),
        "SLA Gold, warn: nothing -> 75%; 3 cells; other",
    ),
    "an objective": (
        house(gold(objective=Objective(0.95)), rest(), OLA),
        "SLA Gold, objective: nothing -> 95% per month; 3 cells; stricter",
    ),
    "when it is reopened": (
        house(gold(when_reopened="restart"), rest(), OLA),
        "SLA Gold, when reopened: continue -> restart; 3 cells; other",
    ),
    "a new name": (
        house(attrs.evolve(gold(), name="Platinum"), rest(), OLA),
        "name of an agreement: Gold -> Platinum; other",
    ),
    "another kind": (
        house(gold(), rest(), attrs.evolve(OLA, kind="UC")),
        "OLA Network / UC Network, kind: OLA -> UC; 9 cells; other",
    ),
    "an agreement less": (house(gold(), rest()), "OLA Network: there -> nothing; 9 cells; looser"),
    "an agreement more": (
        house(
            gold(),
            Agreement("VIP", [row([1, 2, 3], hours(2))], when=Eq("reporter.vip", True), calendar=office()),
            rest(),
            OLA,
        ),
        "SLA VIP: nothing -> there; 6 cells; stricter",
    ),
    "another order": (
        house(rest(), gold(), OLA),
        "order of the agreements of kind SLA: Gold, Rest -> Rest, Gold; 3 cells; other",
    ),
    "a cell of the matrix": (
        house(matrix=attrs.evolve(ITIL_2X2, rows=[[1, 1], [2, 3]])),
        "impact High x urgency Low: P2 -> P1; 1 cell; stricter",
    ),
    "the name of the matrix": (
        house(matrix=attrs.evolve(ITIL_2X2, name="Ours")),
        "matrix: ITIL 2x2 -> Ours; other",
    ),
    "a rule": (house(priority_rules=[]), "priority rules VIP caller: there -> nothing; other"),
    "the floor of a rule": (
        house(priority_rules=[attrs.evolve(VIP, urgency_at_least=2)]),
        "priority rules VIP caller, urgency at least: 1 -> 2; other",
    ),
    "facts": (house(when_facts_change="pinned"), "when facts change: recompute -> pinned; other"),
    "a timer": (
        house(timers=[attrs.evolve(REMIND, after=Delay(working_days=2))]),
        "timers Nudge, after: 24h of wall time -> 2 working days; other",
    ),
    "a field": (house(fields={"region": str}), "field region: nothing -> a text; other"),
    "the first date": (house(valid_from=date(2027, 1, 1)), "valid from: nothing -> 2027-01-01; other"),
    "the name": (attrs.evolve(BASE, name="Service desk"), "name: Desk -> Service desk; other"),
    "the calendar of windows": (
        house(calendar=office()),
        "calendar of windows and timers: nothing -> office; other",
    ),
    "a fact that a step asks for": (
        house(lifecycle=lifecycle(lambda data: data["transitions"][1].update(requires=["code"]))),
        "step resolve to resolved, requires: nothing -> code; stricter",
    ),
    "a window": (
        house(lifecycle=lifecycle(lambda data: data["transitions"][2].update(within=REOPEN))),
        "step reopen to in_progress, within: nothing -> 72h of wall time from resolved at; stricter",
    ),
    "a step less": (
        house(lifecycle=lifecycle(lambda data: data["transitions"].pop(2))),
        "step reopen to in_progress: there -> nothing; stricter",
    ),
    "a step from fewer states": (
        house(lifecycle=lifecycle(lambda data: data["transitions"][1].update(sources=["in_progress"]))),
        "step resolve to resolved, sources: new, in_progress -> in_progress; stricter",
    ),
    "a state's status": (
        house(lifecycle=lifecycle(lambda data: data["states"][1].update(status="assigned"))),
        "state in_progress, status: in_progress -> assigned; other",
    ),
    "the lifecycle's name": (
        house(lifecycle=lifecycle(lambda data: data.update(name="house"))),
        "lifecycle name: Simple -> house; other",
    ),
}


@pytest.mark.parametrize("case", MUTATIONS)
def test_one_change_is_told_as_one(case: str) -> None:
    """Whatever single thing is changed, exactly that is told."""
    changed, told = MUTATIONS[case]
    assert str(BASE.diff(changed)) == told


TURNED = {"stricter": "looser", "looser": "stricter", "other": "other"}


def turned(changes: Diff) -> set[tuple[Any, ...]]:
    """The changes the other way round."""
    return {(each.path, each.what, each.new, each.old, TURNED[each.severity], each.cells) for each in changes}


def plain(changes: Diff) -> set[tuple[Any, ...]]:
    """The changes as they stand."""
    return {attrs.astuple(each) for each in changes}


POLICIES = [
    BASE,
    *(changed for changed, _ in MUTATIONS.values()),
    house(matrix=ITIL_3X3, lifecycle=ITIL4_DEFAULT),
]
POLICY = st.sampled_from(POLICIES)


@given(POLICY)
def test_nothing_changes_from_a_policy_to_itself(policy: Policy) -> None:
    """The diff is empty, also to an equal policy that was built anew."""
    assert not policy.diff(policy)
    assert not policy.diff(attrs.evolve(policy))


@given(POLICY, POLICY)
def test_turned_round_old_and_new_and_stricter_and_looser_change_places(one: Policy, other: Policy) -> None:
    """The diff back is the diff there, turned round."""
    assert turned(one.diff(other)) == plain(other.diff(one))


@given(POLICY, POLICY)
def test_policies_that_differ_are_told_apart(one: Policy, other: Policy) -> None:
    """No change means that both say the same."""
    assert bool(one.diff(other)) == (one != other)


def test_another_order_of_timers() -> None:
    """The names are told in both orders."""
    close = Timer("Close", "close", after=Delay(working_days=5), status="resolved")
    one, other = (house(timers=timers) for timers in ([REMIND, close], [close, REMIND]))
    assert str(one.diff(other)) == "order of timers: Nudge, Close -> Close, Nudge; other"


def test_another_order_where_two_say_the_same() -> None:
    """A list may hold one value twice: what moved is told both ways."""
    bare, known = Route("desk"), Route("desk", because="they know it")
    one, other = (house(routes=routes) for routes in ([bare, known], [known, known]))
    assert turned(one.diff(other)) == plain(other.diff(one))
    assert any(change.path == "routes" for change in one.diff(other))


@settings(max_examples=25)
@given(policies(), policies())
def test_the_laws_hold_for_any_policies(one: Policy, other: Policy) -> None:
    """No change from a policy to itself, and the way back is the way there turned round."""
    assert not one.diff(one)
    assert turned(one.diff(other)) == plain(other.diff(one))


# Mutations that are drawn


@given(st.sampled_from([1, 2, 3]), st.sampled_from(["response", "resolution"]), st.integers(1, 60))
def test_another_target_is_one_change(level: int, clock: str, amount: int) -> None:
    """Each target of each priority is told alone, stricter where it is shorter."""
    line = REST.targets[0].promises
    old, new = line[clock], hours(amount)
    rows = [Target(each, {**line, clock: new} if each == level else line) for each in (1, 2, 3)]
    changes = BASE.diff(house(gold(), attrs.evolve(REST, targets=rows), OLA))
    if old == new:
        assert not changes
        return
    (change,) = changes
    assert change.path == f"agreements.SLA Rest.targets.P{level}.{clock}"
    assert change.severity == ("stricter" if new < cast("timedelta", old) else "looser")
    assert change.cells == 2  # one where the service is another one, one where it is not known


@given(st.sampled_from([0, 1]), st.sampled_from([0, 1]), st.sampled_from([1, 2, 3]))
def test_another_cell_is_one_change(impact: int, urgency: int, priority: int) -> None:
    """Each cell of the matrix is told alone, stricter where the priority is higher."""
    rows = [list(row) for row in ITIL_2X2.rows]
    old, rows[impact][urgency] = rows[impact][urgency], priority
    changes = BASE.diff(house(matrix=attrs.evolve(ITIL_2X2, rows=rows)))
    assert [(each.old, each.new) for each in changes] == (
        [] if old == priority else [(f"P{old}", f"P{priority}")]
    )
    assert {each.severity for each in changes} <= {"stricter" if priority < old else "looser"}


@given(st.sets(st.sampled_from(list(Status))), st.sets(st.sampled_from(list(HoldReason))))
def test_other_pauses_are_one_change_each(statuses: set[Status], reasons: set[HoldReason]) -> None:
    """To pause longer is looser, to pause for fewer reasons stricter."""
    changed = house(gold(pause_while=statuses, but_not_while=reasons), rest(), OLA)
    found = {each.path.rpartition(".")[2]: each.severity for each in BASE.diff(changed)}
    expected: dict[str, str] = {}
    if statuses != {Status.ON_HOLD}:
        more, fewer = statuses > {Status.ON_HOLD}, not statuses
        expected["pause_while"] = "looser" if more else "stricter" if fewer else "other"
    if reasons:
        expected["but_not_while"] = "stricter"
    assert found == expected


# Calendars


def test_a_calendar_under_another_name_changes_no_hours() -> None:
    """Renaming is told as renaming, also where other calendars are made of it."""
    desk = office(name="desk")
    plant = Calendar({"mon-sun": "06:00-22:00"}, zone="Europe/London", name="plant")
    old = house(
        calendars={
            "office": office(),
            "plant": plant,
            "both": Calendar.any_of([office(), plant], name="both"),
        }
    )
    new = house(
        *(attrs.evolve(each, calendar=desk) for each in BASE.agreements),
        calendars={"desk": desk, "plant": plant, "both": Calendar.any_of([desk, plant], name="both")},
    )
    assert str(old.diff(new)) == "calendar: office -> desk; other"


def test_longer_hours_are_stricter_where_no_working_days_are_counted() -> None:
    """Clocks that run longer are due sooner; a later closing moves targets in working days the other way."""
    promise = attrs.evolve(rest(), targets=[row([1, 2, 3], hours(16))])
    old, new = (house(promise, calendars={"office": office(each)}) for each in ("09:00-17:00", "08:00-18:00"))
    assert [each.severity for each in old.diff(new)] == ["stricter"]
    assert [each.severity for each in new.diff(old)] == ["looser"]
    shifted = house(promise, calendars={"office": office("10:00-18:00")})
    assert [each.severity for each in old.diff(shifted)] == ["other"]


def test_a_calendar_made_of_others_changes_with_its_parts_only() -> None:
    """New hours of a part are told once, at the part."""

    def joined(hours_of: Calendar) -> Policy:
        late = office("12:00-20:00", name="late")
        both = Calendar.any_of([hours_of, late], name="both")
        return house(rest(calendar=both), calendars={"office": hours_of, "late": late, "both": both})

    changes = joined(office()).diff(joined(office("08:00-17:00")))
    assert [(each.path, each.cells) for each in changes] == [("calendars.office.weekly", 3)]


WEST, EAST = office(name="west"), office("12:00-20:00", name="east")
MORE: dict[str, tuple[Policy, Policy, str]] = {
    "a higher share": (
        house(gold(objective=Objective(0.95)), rest(), OLA),
        house(gold(objective=Objective(0.99)), rest(), OLA),
        "SLA Gold, objective: 95% per month -> 99% per month; 3 cells; stricter",
    ),
    "another period": (
        house(gold(objective=Objective(0.95)), rest(), OLA),
        house(gold(objective=Objective(0.95, "quarter")), rest(), OLA),
        "SLA Gold, objective: 95% per month -> 95% per quarter; 3 cells; other",
    ),
    "an objective for few incidents": (
        house(gold(objective=Objective(0.95)), rest(), OLA),
        house(gold(objective=Objective(0.95, small_n=SmallNumbers(40, 2))), rest(), OLA),
        "SLA Gold, objective: 95% per month -> 95% per month; below 40, 2 breaches; 3 cells; other",
    ),
    "a warning under a name of its own": (
        BASE,
        house(gold(warn={"soon": 0.75, "odd": timedelta(microseconds=-1)}), rest(), OLA),
        "SLA Gold, warn: nothing -> soon (75%), odd (0.000001s before); 3 cells; other",
    ),
    "a step for some roles only": (
        BASE,
        house(lifecycle=lifecycle(lambda data: data["transitions"][1].update(roles=["agent"]))),
        "step resolve to resolved, roles: nothing -> agent; stricter",
    ),
    "a step for more roles": (
        house(lifecycle=lifecycle(lambda data: data["transitions"][1].update(roles=["agent"]))),
        house(lifecycle=lifecycle(lambda data: data["transitions"][1].update(roles=["agent", "lead"]))),
        "step resolve to resolved, roles: agent -> agent, lead; looser",
    ),
    "a step that must be named": (
        BASE,
        house(lifecycle=lifecycle(lambda data: data["transitions"][1].update(stimuli=["ev_resolve"]))),
        "step resolve to resolved, stimuli: nothing -> ev_resolve; other",
    ),
    "a step that leads elsewhere": (
        BASE,
        house(lifecycle=lifecycle(lambda data: data["transitions"][2].update(target="new"))),
        "step reopen to in_progress / reopen to new, target: in_progress -> new; other",
    ),
    "a calendar that has come and is not used": (
        house(calendars={"office": office()}),
        BASE,
        "calendar late: nothing -> there; other",
    ),
    "a date from which other hours hold": (
        house(
            rest(calendar=WEST.changing({"2026-07-01": EAST}, name="both")),
            calendars={"west": WEST, "east": EAST},
        ),
        house(
            rest(calendar=WEST.changing({"2026-08-01": EAST}, name="both")),
            calendars={"west": WEST, "east": EAST},
        ),
        "calendar both, changes: 2026-07-01 east -> 2026-08-01 east; 3 cells; other",
    ),
    "a calendar that only some other one rests on": (
        house(
            calendars={
                "office": office(),
                "both": Calendar.any_of([office()], name="both"),
            }
        ),
        house(
            calendars={
                "office": office(),
                "both": Calendar.any_of([office(), EAST], name="both"),
                "east": EAST,
            }
        ),
        "calendar both, open when any: office -> office, east; 0 cells; stricter",
    ),
}


@pytest.mark.parametrize("case", MORE)
def test_more_changes_are_told_as_one(case: str) -> None:
    """From one policy to another, one thing is told."""
    old, new, told = MORE[case]
    assert str(old.diff(new)) == told


def test_hours_that_no_table_can_express_are_told_whole() -> None:
    """Parts without names have no place in a file: such calendars are told as they are."""
    plant = Calendar({"sat": "06:00-22:00"}, zone="Europe/London")
    old, new = (
        Calendar.any_of([office(each, name=""), plant]).named("both")
        for each in ("09:00-17:00", "08:00-17:00")
    )
    (change,) = house(rest(calendar=old), calendars={"both": old}).diff(
        house(rest(calendar=new), calendars={"both": new})
    )
    assert (change.path, change.severity) == ("calendars.both", "stricter")
    assert "08:00-17:00" in change.new


def test_hours_of_years_without_known_holidays_are_compared_all_the_same() -> None:
    """Where holidays are not known, which way the hours go cannot be told."""
    far = Period.year(2150, zone="UTC")
    old, new = (
        house(rest(), calendars={"office": office(each, public_holidays="GB-ENG")})
        for each in ("09:00-17:00", "08:00-18:00")
    )
    assert [each.severity for each in old.diff(new, over=far)] == ["other"]
    assert [each.severity for each in old.diff(new)] == ["stricter"]


def test_clocks_of_the_house_are_compared_one_by_one() -> None:
    """What ends a clock is told with its name."""

    def audited(*ends: Status) -> Policy:
        clock = Rule("audit", starts_on={"opened"}, ends_in=ends)
        return house(rest(targets=[Target([1, 2, 3], {"audit": hours(4)})], clocks=[clock]))

    changes = audited(Status.RESOLVED).diff(audited(Status.RESOLVED, Status.CLOSED))
    assert str(changes) == "SLA Rest, clock audit, ends in: resolved -> closed, resolved; other"


def test_amounts_that_a_file_cannot_say_are_told_all_the_same() -> None:
    """A target of more than a century has no words of its own."""
    long = timedelta(hours=1_000_001)
    changes = BASE.diff(house(gold(), attrs.evolve(REST, targets=[row([1, 2, 3], long)]), OLA))
    assert [(each.new, each.severity) for each in changes] == [(str(long), "looser")]


# Faces


def test_a_diff_is_read_as_text_rows_and_markdown() -> None:
    """A line for each change, a row with the same values, and a table for a pull request."""
    changed, told = MUTATIONS["a shorter target"]
    changes = BASE.diff(changed)
    assert str(changes) == told
    assert repr(changes) == "<Diff Desk -> Desk: 1 changes>"
    assert changes.to_rows() == [
        {
            "path": "agreements.SLA Gold.targets.P2.resolution",
            "what": "SLA Gold: P2 resolution",
            "old": "8h",
            "new": "6h",
            "severity": "stricter",
            "cells": 1,
        }
    ]
    assert changes.to_markdown() == (
        "| Desk -> Desk | old | new | cells | severity |\n|---|---|---|--:|---|\n"
        "| SLA Gold: P2 resolution | 8h | 6h | 1 | stricter |\n"
    )
    assert getattr(changes, "_repr_markdown_")() == changes.to_markdown()  # noqa: B009  as a notebook asks


def test_an_empty_diff() -> None:
    """Nothing is false, and says so."""
    nothing = diff(BASE, BASE)
    assert (bool(nothing), str(nothing), len(nothing), nothing.to_rows()) == (False, "no change", 0, [])


def test_what_would_break_a_table_is_escaped() -> None:
    """A name with a bar stays in its cell."""
    changes = Diff("a", "b", changes=[Change("name", "name", "a|b", "c")])
    assert "a\\|b" in changes.to_markdown()


def test_changes_are_a_sequence() -> None:
    """They are counted, indexed and cut."""
    changes = BASE.diff(house(matrix=ITIL_3X3))
    assert list(changes) == [changes[index] for index in range(len(changes))]
    assert list(changes[:1]) == [changes[0]]


def test_too_many_cases_are_not_counted() -> None:
    """Where the cases are too many to count, a change has no number of cells."""
    names = (
        "site",
        "category",
        "subcategory",
        "service",
        "configuration_item",
        "customer",
        "source",
        "group",
    )
    many = [
        attrs.evolve(rest(), name=f"{name} {i}", when=Eq(name, f"{i}")) for name in names for i in range(5)
    ]
    (change,) = house(*many, rest()).diff(house(*many, rest(pause_while=[])))
    assert (change.severity, change.cells) == ("stricter", None)
