"""What works and looks like an oversight."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from itilkit import Calendar
from itilkit.conditions import AllOf, Always, Condition, Eq, Le, Not
from itilkit.errors import InstantError, PolicyError
from itilkit.incident_models import Evidence, IncidentModel, ModelStep, lint
from itilkit.sla import Goal

from .network import FRIDAY, NETWORK, OFFICE, hours

NEVER = AllOf([Eq("impact", 1), Eq("impact", 2)])
P1 = Eq("priority", 1)


def step(name: str = "a", *before: str, **given: Any) -> ModelStep:
    """A step of a subject matter expert."""
    return ModelStep(name, name.upper(), owner="sme", depends_on=before, **given)


def model(name: str, *steps: ModelStep, when: Condition = P1, rank: int | None = None) -> IncidentModel:
    """A model for P1."""
    return IncidentModel(name, name, steps or [step()], when=when, rank=rank)


ACCESS = model("access", when=Eq("category", "access"))


@pytest.mark.parametrize(
    ("models", "options", "told"),
    [
        pytest.param([], {}, [], id="no models"),
        pytest.param([NETWORK], {"start": FRIDAY, "calendar": OFFICE}, [], id="nothing odd"),
        pytest.param([model("m", when=NEVER)], {}, [("never_matches", "[0].when")], id="never matches"),
        pytest.param([model("m"), ACCESS], {}, [("tied_models", "[1]")], id="tie of different fields"),
        pytest.param([model("m"), model("n", when=Eq("priority", 2))], {}, [], id="no overlap"),
        pytest.param([model("m"), model("n", rank=1)], {}, [], id="ranks differ"),
        pytest.param([model("m"), model("m")], {}, [], id="two versions of one model"),
        pytest.param([model("m"), model("n", when=AllOf([P1, Eq("impact", 1)]))], {}, [], id="more specific"),
        pytest.param(
            [model("m", step(when=Not(Always())))],
            {},
            [("unreachable_step", "[0].steps[0].when")],
            id="never needed",
        ),
        pytest.param(
            [model("m", step(), step("b", "a", when=Eq("priority", 3)))],
            {},
            [("unreachable_step", "[0].steps[1].when")],
            id="needed elsewhere only",
        ),
        pytest.param([model("m", step(when=Le("priority", 2)))], {}, [], id="always needed"),
        pytest.param(
            [model("m", step(when=P1), when=NEVER)], {}, [("never_matches", "[0].when")], id="told once"
        ),
        pytest.param(
            [model("m", step(budget=hours(1)), step("b", "a", budget=timedelta(hours=1)))],
            {"start": FRIDAY, "calendar": Calendar.never("UTC")},
            [("never_over", "[0].steps[0].budget")],
            id="closed calendar",
        ),
        pytest.param(
            [model("m", step(budget=hours(1)))],
            {"start": FRIDAY},
            [("no_calendar", "[0].steps[0].budget")],
            id="no calendar",
        ),
        pytest.param(
            [
                model(
                    "m",
                    step(budget=hours(1)),
                    step("b", "a", budget=hours(3)),
                    step("c", "b", budget=hours(1)),
                )
            ],
            {"start": FRIDAY, "calendar": OFFICE, "goal": Goal(timedelta(hours=2), OFFICE)},
            [("beyond_target", "[0].steps[1].budget"), ("beyond_target", "[0].steps")],
            id="a step beyond the target",
        ),
        pytest.param(
            [model("m", step(budget=hours(1)), step("b", "a", budget=hours(2)))],
            {"start": FRIDAY, "calendar": OFFICE, "goal": Goal(timedelta(hours=2), OFFICE)},
            [("beyond_target", "[0].steps")],
            id="all steps beyond the target",
        ),
        pytest.param(
            [model("m", step(budget=hours(1)), step("b", budget=hours(2)))],
            {"start": FRIDAY, "calendar": OFFICE, "goal": Goal(timedelta(hours=2), OFFICE)},
            [],
            id="side by side within the target",
        ),
        pytest.param(
            [
                model(
                    "m", step(evidence=Evidence("resolved"), budget=hours(1)), step("b", "a", budget=hours(9))
                )
            ],
            {"start": FRIDAY, "calendar": OFFICE, "goal": Goal(timedelta(hours=2), OFFICE)},
            [],
            id="after the resolution",
        ),
        pytest.param(
            [
                model(
                    "m",
                    step(budget=hours(3)),
                    step("b", "a", "c", evidence=Evidence("resolved")),
                    step("c", "a"),
                )
            ],
            {"start": FRIDAY, "calendar": OFFICE, "goal": Goal(timedelta(hours=2), OFFICE)},
            [("beyond_target", "[0].steps[0].budget"), ("beyond_target", "[0].steps")],
            id="before the resolution",
        ),
    ],
)
def test_oversights_are_told_with_their_place(
    models: list[IncidentModel], options: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    """Each finding is a warning with its code and path; what is meant so is not told."""
    found = lint(models, **options)
    assert [(fault.code, fault.path) for fault in found] == [
        (code, f"incident_models{path}") for code, path in told
    ]
    assert {fault.severity for fault in found} <= {"warning"}


def test_a_start_needs_a_zone() -> None:
    """A naive instant is refused."""
    with pytest.raises(InstantError):
        lint([NETWORK], start=datetime(2026, 3, 2))  # noqa: DTZ001  what is refused


NIGHT = Calendar.round_the_clock("Europe/London")


@pytest.mark.parametrize(
    ("budget", "goal", "over"),
    [
        # Friday 16:00 to 17:30 are an hour and a half; the rest is done on Monday.
        pytest.param(hours(2), Goal(timedelta(hours=1), OFFICE), "1h of open time", id="over a weekend"),
        pytest.param(timedelta(hours=4), Goal(timedelta(minutes=90), OFFICE), "2h 30m", id="in the evening"),
        pytest.param(timedelta(hours=4), Goal(timedelta(hours=3), NIGHT), "1h", id="at night"),
    ],
)
def test_how_much_too_long(budget: Any, goal: Goal, over: str) -> None:
    """Open time is told, and time on the wall where the desk is closed all along; both findings tell the same."""
    alone, way = lint([model("m", step(budget=budget))], start=FRIDAY, calendar=OFFICE, goal=goal)
    assert f"alone takes {over} longer" in alone.message
    assert f", {over} after the target is due" in way.message


@pytest.mark.parametrize("goal", ["4h", timedelta(hours=4), 4])
def test_a_goal_without_a_calendar_is_none(goal: Any) -> None:
    """An amount of time alone says nothing about when it is over."""
    with pytest.raises(PolicyError, match="is no target"):
        lint([model("m")], start=FRIDAY, calendar=OFFICE, goal=goal)
