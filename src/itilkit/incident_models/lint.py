"""What works in a set of models and looks like an oversight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations

import attrs

from itilkit.calendars import Calendar
from itilkit.conditions import Always, overlaps, satisfiable
from itilkit.errors import Fault, PolicyError
from itilkit.escalation.triggers import delay_words
from itilkit.incident_models.matching import specificity
from itilkit.incident_models.model import IncidentModel, ModelStep
from itilkit.incident_models.planning import before_resolution, between, due_of, plan
from itilkit.lifecycle.boundary import over_at
from itilkit.sla import Goal
from itilkit.spans import utc

__all__ = ["lint"]


def lint(
    models: Sequence[IncidentModel],
    *,
    start: datetime | None = None,
    calendar: Calendar | None = None,
    goal: Goal | None = None,
    path: str = "incident_models",
) -> tuple[Fault, ...]:
    """Warnings about models, in their order; empty where nothing looks odd.

    Told are: a model whose condition can never hold; two models that match the same incident and that neither rank
    nor specificity tells apart; a step whose condition can never hold, or never while the model matches. With a
    `start` also: a budget that the calendar never gets to the end of; a step, or the longest way to the resolution,
    that takes longer than the goal allows.

    Args:
        models: The models of the house.
        start: An instant from which plans are laid out, such as a Monday morning; None leaves time out.
        calendar: What open time and working days are counted on.
        goal: What the SLA promises, on its own calendar; None leaves it out.
        path: Where the models stand, for messages.

    >>> from itilkit.conditions import AllOf, Eq
    >>> steps = [ModelStep("a", "Restore the service", owner="sme")]
    >>> never = IncidentModel("never", "Never", steps, when=AllOf([Eq("impact", 1), Eq("impact", 2)]))
    >>> print(*lint([never]))
    incident_models[0].when: model never never matches: impact is 1 and impact is 2 (mend its condition, or drop it)
    """
    return tuple(_warnings(models, utc(start) if start else None, calendar, goal, path))


def _warnings(
    models: Sequence[IncidentModel],
    start: datetime | None,
    calendar: Calendar | None,
    goal: Goal | None,
    path: str,
) -> Iterator[Fault]:
    for place, model in enumerate(models):
        where = f"{path}[{place}]"
        if satisfiable(model.when) is False:
            message, hint = f"model {model.id} never matches: {model.when}", "mend its condition, or drop it"
            yield _warning("never_matches", message, f"{where}.when", hint)
        for index, step in enumerate(model.steps):
            yield from _reached(model, step, f"{where}.steps[{index}].when")
        if start is not None:
            yield from _timed(model, start, calendar, goal, where)
    yield from _ties(models, path)


def _warning(code: str, message: str, path: str, hint: str) -> Fault:
    return Fault(code, message, path=path, hint=hint, severity="warning")


def _ties(models: Sequence[IncidentModel], path: str) -> Iterator[Fault]:
    for (one, first), (two, second) in combinations(enumerate(models), 2):
        level = (first.rank, specificity(first)) == (second.rank, specificity(second))
        if level and first.id != second.id and overlaps(first.when, second.when):
            message = f"models {first.id} and {second.id} match the same incidents, and only their ids decide"
            yield _warning("tied_models", message, f"{path}[{two}]", f"give it or {path}[{one}] a rank")


def _reached(model: IncidentModel, step: ModelStep, where: str) -> Iterator[Fault]:
    if isinstance(step.when, Always):
        return
    if satisfiable(step.when) is False:
        message = f"step {step.id} of model {model.id} is never needed: {step.when}"
        yield _warning("unreachable_step", message, where, "mend its condition, or drop the step")
    elif satisfiable(model.when) and overlaps(model.when, step.when) is False:
        message = f"step {step.id} is needed only where model {model.id} does not match: {step.when}"
        yield _warning(
            "unreachable_step", message, where, "mend its condition, unless fields change on the way"
        )


def _timed(
    model: IncidentModel, start: datetime, calendar: Calendar | None, goal: Goal | None, where: str
) -> Iterator[Fault]:
    """What is wrong with budgets on the calendar; of a model with an endless one nothing else can be told."""
    due_at = due_of(goal, start)
    counted = before_resolution(model)
    endless = False
    for index, step in enumerate(model.steps):
        at = f"{where}.steps[{index}].budget"
        if step.budget is None:
            continue
        try:
            ends = over_at(step.budget, start, calendar)
        except PolicyError as error:
            endless = True
            yield from (attrs.evolve(fault, path=at, severity="warning") for fault in error.faults)
            continue
        if ends is None:
            endless = True
            message = f"the calendar never gets to the end of step {step.id}, {delay_words(step.budget)}"
            yield _warning("never_over", message, at, "look at the calendar's opening hours")
        elif due_at is not None and ends > due_at and step.id in counted:
            over = between(due_at, ends, calendar)
            message = f"step {step.id} alone takes {over} longer than the target allows"
            yield _warning("beyond_target", message, at, "shorten its budget")
    if not endless:
        for fault in plan(model, start, calendar, target=due_at).findings:
            yield attrs.evolve(fault, path=f"{where}.{fault.path}")
