"""P013, of time: what lint finds of the budgets of incident models on the calendars and targets of a policy."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.incident_models.draws import MONDAY
from tests.incident_models.draws import OFFICE as SPLIT
from tests.incident_models.draws import models as drawn_models

from itilkit.calendars import Calendar
from itilkit.conditions import AllOf, Always, Condition, Eq
from itilkit.errors import Fault
from itilkit.incident_models import Evidence, IncidentModel, ModelStep, plan
from itilkit.lifecycle import ITIL4_DEFAULT, Delay
from itilkit.policy import Agreement, Policy, Target
from itilkit.priority import ITIL_2X2
from itilkit.sla import Goal, WorkingDays

OFFICE = Calendar({"mon-fri": "09:00-17:00"}, zone="Europe/London", name="office")
ALWAYS = Calendar.round_the_clock("Europe/London")
ONCE = Calendar({}, zone="Europe/London", special_hours={date(2026, 7, 1): ["09:00-12:00"]}, name="once")
MAIL, CARDS = Eq("service", "mail"), Eq("service", "cards")
RESOLVED = Evidence("resolved")


def hours(amount: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=amount)


def opened(amount: float) -> Delay:
    """So many hours of open time."""
    return Delay(open_time=hours(amount))


def step(name: str, budget: Delay | timedelta | None, *before: str, **options: Any) -> ModelStep:
    """A step of a subject matter expert."""
    return ModelStep(name, name, owner="sme", budget=budget, depends_on=before, **options)


def model(*steps: ModelStep, when: Condition = CARDS, **options: Any) -> IncidentModel:
    """A model for one of the services."""
    return IncidentModel("x", "X", steps, when=when, **options)


def sla(name: str = "Gold", when: Condition | None = None, **options: Any) -> Agreement:
    """Four hours for each of the three priorities, if nothing else is asked for."""
    rows = options.pop("rows", [Target([1, 2, 3], {"resolution": hours(4)})])
    return Agreement(name, rows, when=when or Always(), **{"calendar": OFFICE, **options})


def house(given: IncidentModel, *agreements: Agreement, **options: Any) -> Policy:
    """A policy with one model."""
    return Policy(
        "Desk",
        lifecycle=ITIL4_DEFAULT,
        matrix=ITIL_2X2,
        agreements=agreements,
        incident_models=[given],
        **options,
    )


def found(policy: Policy) -> list[Fault]:
    """What P013 finds."""
    return [fault for fault in policy.lint() if fault.code == "P013"]


# A sound policy, a broken one, and where and how the latter is told of.
TABLE: dict[str, tuple[Policy, Policy, str, str]] = {
    "a step beyond the target": (
        house(model(step("a", opened(4))), sla()),
        house(model(step("a", opened(4.25))), sla()),
        "steps[0].budget",
        "step a of model x alone (4h 15m of open time) may take longer than SLA Gold (4h 00m) allows for P1",
    ),
    "two steps beyond the target": (
        house(model(step("a", opened(2)), step("b", opened(2), "a")), sla()),
        house(model(step("a", opened(2)), step("b", opened(2.5), "a")), sla()),
        "steps",
        "the steps a -> b of model x may take longer than SLA Gold (4h 00m) allows for P1",
    ),
    "side by side, or one after the other": (
        house(model(step("a", opened(3)), step("b", opened(3)), step("c", opened(1), "a", "b")), sla()),
        house(model(step("a", opened(1)), step("b", opened(3)), step("c", opened(2), "a", "b")), sla()),
        "steps",
        "the steps b -> c of model x may take longer",
    ),
    "before the resolution, or after it": (
        house(model(step("a", opened(3), evidence=RESOLVED), step("b", opened(9), "a")), sla()),
        house(model(step("b", opened(9)), step("a", opened(3), "b", evidence=RESOLVED)), sla()),
        "steps[0].budget",
        "step b of model x alone (9h of open time)",
    ),
    "a calendar that is closed": (
        house(model(step("a", hours(1))), sla(calendar=ALWAYS), calendar=Calendar.never("Europe/London")),
        house(model(step("a", opened(1))), sla(calendar=ALWAYS), calendar=Calendar.never("Europe/London")),
        "steps[0].budget",
        "step a of model x never ends: its calendar (never) never opens in 2026",
    ),
    "a calendar that is open for too short": (
        house(model(step("a", opened(3))), sla(calendar=ONCE)),
        house(model(step("a", opened(3.5))), sla(calendar=ONCE)),
        "steps[0].budget",
        "step a of model x never ends: 2026 has 3h 00m of open time on once",
    ),
    "no calendar": (
        house(model(step("a", hours(1)))),
        house(model(step("a", Delay(working_days=1)))),
        "steps[0].budget",
        "step a of model x never ends: 1 working day cannot be counted: the policy has no calendar",
    ),
    # An hour of open time from Friday 16:30 on ends on Monday at 09:30, that on the wall at 17:30.
    "open time under a promise round the clock": (
        house(model(step("a", hours(1))), sla(calendar=ALWAYS), calendar=OFFICE),
        house(model(step("a", opened(1))), sla(calendar=ALWAYS), calendar=OFFICE),
        "steps[0].budget",
        "step a of model x alone (1h of open time) may take longer than SLA Gold (4h 00m) allows for P1",
    ),
    # From 13:00 on four hours of open time are over at 17:00; three hours on the wall and one of open time, too.
    "time on the wall, then open time": (
        house(model(step("a", hours(3)), step("b", opened(1), "a")), sla()),
        house(model(step("a", hours(3)), step("b", opened(4), "a")), sla()),
        "steps",
        "the steps a -> b of model x may take longer",
    ),
    # Opened at 16:59 on Monday, a working day ends on Tuesday at 17:00: 8 hours and a minute of open time.
    "a working day": (
        house(model(step("a", Delay(working_days=1))), sla(rows=[Target(1, {"resolution": WorkingDays(1)})])),
        house(model(step("a", Delay(working_days=1))), sla(rows=[Target(1, {"resolution": hours(8)})])),
        "steps[0].budget",
        "step a of model x alone (1 working day) may take longer than SLA Gold (8h 00m) allows for P1",
    ),
    # Opened on Monday at 23:30, the hour ends on Tuesday; a working day from then on ends on Wednesday at 17:00.
    "time on the wall, then a working day": (
        house(
            model(step("a", hours(1)), step("b", Delay(working_days=1), "a")),
            sla(rows=[Target(1, {"resolution": WorkingDays(2)})]),
        ),
        house(
            model(step("a", hours(1)), step("b", Delay(working_days=1), "a")),
            sla(rows=[Target(1, {"resolution": WorkingDays(1)})]),
        ),
        "steps",
        "the steps a -> b of model x may take longer than SLA Gold (1 working day) allows for P1",
    ),
    "a long step after the resolution": (
        house(model(step("a", opened(4), evidence=RESOLVED), step("b", opened(9), "a")), sla()),
        house(
            model(step("c", opened(2)), step("a", opened(3), "c", evidence=RESOLVED), step("b", opened(9), "a")), sla()
        ),
        "steps",
        "the steps c -> a of model x",
    ),
    "the SLA that is in force": (
        house(model(step("a", opened(9))), sla("Mail", MAIL), sla("All", rows=[Target(1, {"resolution": hours(9)})])),
        house(model(step("a", opened(9)), when=MAIL), sla("Mail", MAIL), sla("All")),
        "steps[0].budget",
        "may take longer than SLA Mail (4h 00m) allows for P1",
    ),
    "the priorities that the model allows": (
        house(
            model(step("a", opened(9)), priority_at_most=2),
            sla(rows=[Target(1, {"resolution": hours(4)}), Target(2, {"resolution": hours(9)})]),
        ),
        house(
            model(step("a", opened(9)), priority_at_least=2),
            sla(rows=[Target(1, {"resolution": hours(9)}), Target([2, 3], {"resolution": hours(4)})]),
        ),
        "steps[0].budget",
        "allows for P2",
    ),
    "the priorities for which it is meant": (
        house(
            model(step("a", opened(9)), when=AllOf([CARDS, Eq("priority", 2)])),
            sla(rows=[Target(1, {"resolution": hours(4)}), Target(2, {"resolution": hours(9)})]),
        ),
        house(model(step("a", opened(9)), when=AllOf([CARDS, Eq("priority", 2)])), sla()),
        "steps[0].budget",
        "allows for P2",
    ),
    "promises to customers only": (
        house(model(step("a", opened(9))), sla(kind="OLA"), sla(kind="UC")),
        house(model(step("a", opened(9))), sla(kind="OLA"), sla()),
        "steps[0].budget",
        "SLA Gold",
    ),
    "a step that never comes": (
        house(model(step("a", None), step("b", None, "a", when=Eq("impact", 1)))),
        house(model(step("a", None), step("b", None, "a", when=AllOf([Eq("impact", 1), Eq("impact", 2)])))),
        "steps[1].when",
        "step b of model x is never needed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_steps_that_cannot_be_done_in_time_are_told(case: str) -> None:
    """The broken policy is told of once, at its place; its sound neighbour is not."""
    sound, broken, path, message = TABLE[case]
    assert found(sound) == []
    (fault,) = found(broken)
    assert fault.path == f"incident_models[0].{path}"
    assert message in fault.message
    assert fault.severity == "warning"


def test_each_agreement_is_told_once() -> None:
    """Two SLA are too short for all priorities: of each the highest is told."""
    given = model(step("a", opened(9)), when=Always())
    policy = house(given, sla("Mail", MAIL), sla("Rest"))
    assert [fault.message.rpartition("than ")[2] for fault in found(policy)] == [
        "SLA Mail (4h 00m) allows for P1",
        "SLA Rest (4h 00m) allows for P1",
    ]


def test_an_incident_that_no_promise_is_made_for() -> None:
    """A priority without a target, and an agreement without a resolution, hold nothing against a model."""
    some = sla(rows=[Target([1], {"response": hours(1)}), Target([2, 3], {"resolution": None})])
    assert found(house(model(step("a", opened(90))), some)) == []


def test_a_model_with_very_many_ways() -> None:
    """Ten layers of three steps have 59 049 ways; what is told of some of them is told at once."""
    names = [[f"s{layer}_{place}" for place in range(3)] for layer in range(10)]
    steps = [step(name, opened(1)) for name in names[0]]
    steps += [step(name, opened(1), *before) for before, layer in pairwise(names) for name in layer]
    given = model(*steps)
    (fault,) = found(house(given, sla(rows=[Target(1, {"resolution": hours(9.5)})])))
    assert fault.path == "incident_models[0].steps"
    assert found(house(given, sla(rows=[Target(1, {"resolution": hours(10)})]))) == []
    slow = attrs.evolve(given, steps=[*steps[:-1], attrs.evolve(steps[-1], budget=opened(11))])
    (fault,) = found(house(slow, sla(rows=[Target(1, {"resolution": hours(10)})])))
    assert fault.path == "incident_models[0].steps[29].budget"


def test_the_longest_of_very_many_ways() -> None:
    """Nine layers of two steps have 512 ways, and the slow steps stand last in each: the longest is not overlooked."""
    names = [[f"s{layer}_{place}" for place in ("quick", "slow")] for layer in range(9)]
    steps = [
        step(name, opened(0.5 if name.endswith("slow") else 0.25), *before)
        for before, layer in pairwise([[], *names])
        for name in layer
    ]
    given = model(*steps, step("end", None, *names[-1]))
    # Nine times half an hour; all other ways are a quarter of an hour shorter, or more.
    (fault,) = found(house(given, sla(rows=[Target(1, {"resolution": hours(4.4)})])))
    assert fault.message.startswith("the steps s0_slow -> s1_slow -> ")
    assert found(house(given, sla(rows=[Target(1, {"resolution": hours(4.5)})]))) == []


@settings(max_examples=40, deadline=None)
@given(
    drawn_models(),
    st.integers(1, 60).map(hours) | st.integers(1, 3).map(WorkingDays),
    st.sampled_from([SPLIT, ALWAYS]),
    st.lists(
        st.integers(0, 7 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes)), min_size=3
    ),
)
def test_what_a_plan_finds_is_found_without_one(
    given: IncidentModel, target: Any, clock: Calendar, starts: list[datetime]
) -> None:
    """Where the plan from some opening resolves after its target is due, lint has told so; the reverse is the worst."""
    policy = house(
        given,
        Agreement("Gold", [Target([1, 2, 3], {"resolution": target})], calendar=clock),
        calendar=SPLIT,
    )
    beyond = any(plan(given, start, SPLIT, target=Goal(target, clock)).findings for start in starts)
    assert not beyond or found(policy)
