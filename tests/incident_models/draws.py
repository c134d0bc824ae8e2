"""Random models and histories, and plain second answers about them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from itilkit import Calendar, Incident
from itilkit.conditions import Always, Eq, Le
from itilkit.events import (
    Assigned,
    Cancelled,
    Classified,
    Event,
    Logged,
    Noted,
    Reopened,
    Resolved,
    Started,
    StepDone,
)
from itilkit.incident_models import Evidence, IncidentModel, ModelStep
from itilkit.lifecycle import Delay

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
OFFICE = Calendar({"mon-fri": ["09:00-12:30", "13:30-17:30"]}, zone="Europe/London")

_minutes = st.integers(1, 3000).map(lambda count: timedelta(minutes=count))
BUDGETS = st.one_of(
    st.none(),
    _minutes.map(lambda time: Delay(wall_time=time)),
    _minutes.map(lambda time: Delay(open_time=time)),
    st.integers(1, 4).map(lambda days: Delay(working_days=days)),
)
CONDITIONS = st.sampled_from(
    [Always(), Always(), Le("priority", 2), Eq("impact", 1), Eq("category", "network")]
)
PROOFS = st.sampled_from([(), (), (), (Evidence("resolved"),), (Evidence("assigned"), Evidence("step_done"))])


@st.composite
def models(draw: st.DrawFn, *, plain: bool = False) -> IncidentModel:
    """A model whose steps wait for any earlier ones; `plain`: neither optional nor conditional, done by hand."""
    count = draw(st.integers(1, 7))
    ids = [f"s{place}" for place in range(count)]
    steps = []
    for place, name in enumerate(ids):
        before = draw(st.lists(st.sampled_from(ids[:place]), unique=True)) if place else []
        given: dict[str, Any] = {} if plain else {"optional": draw(st.booleans()), "when": draw(CONDITIONS)}
        given |= {} if plain else {"evidence": draw(PROOFS)}
        steps.append(ModelStep(name, name, owner="sme", budget=draw(BUDGETS), depends_on=before, **given))
    return IncidentModel("drawn", "Drawn", draw(st.permutations(steps)))


@st.composite
def histories(draw: st.DrawFn, model: IncidentModel) -> list[Event]:
    """Events after an opening, each strictly later than the one before; some of them finish steps."""
    at, found = MONDAY, list[Event]()
    for _ in range(draw(st.integers(0, 10))):
        at += timedelta(minutes=draw(st.integers(1, 2000)))
        step = draw(st.sampled_from(model.steps)).id
        kinds: list[Event] = [
            StepDone(at, step=step),
            StepDone(at, step=step),
            StepDone(at, step="elsewhere"),
            Classified(
                at, impact=draw(st.integers(1, 3)), category=draw(st.sampled_from(["network", "access"]))
            ),
            Assigned(at, group="network"),
            Started(at),
            Resolved(at),
            Reopened(at),
            Noted(at),
            Cancelled(at),
        ]
        found.append(draw(st.sampled_from(kinds)))
    return found


def opened(*events: Event) -> Incident:
    """An incident opened on Monday morning, with more history."""
    return Incident("INC1", [Logged(MONDAY, "bob"), *events])


def paths(model: IncidentModel) -> list[list[ModelStep]]:
    """Every way through a model from a step that waits for nothing to one that nothing waits for."""
    by_id = {step.id: step for step in model.steps}

    def back(step: ModelStep) -> list[list[ModelStep]]:
        ways = [way for name in step.depends_on or () for way in back(by_id[name])]
        return [[*way, step] for way in ways] if ways else [[step]]

    return [way for step in model.steps for way in back(step)]


def walked(way: list[ModelStep], start: datetime) -> datetime:
    """When a chain of steps ends, each begun when the one before it ends."""
    for step in way:
        budget = step.budget
        if budget is None:
            continue
        if budget.wall_time is not None:
            start += budget.wall_time
        elif budget.open_time is not None:
            start = OFFICE.add(start, budget.open_time)
        else:
            assert budget.working_days is not None
            start = OFFICE.end_of_working_day(start, budget.working_days)
    return start


def follows(way: tuple[str, ...], model: IncidentModel) -> bool:
    """Each step of a chain waits for the one before it, and the first one for nothing."""
    waits = {step.id: step.depends_on or () for step in model.steps}
    return not waits[way[0]] and all(one in waits[two] for one, two in pairwise(way))
