"""What the models that were attached ask for: the progress of an incident on its plan, and messages that are owed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from itilkit.calendars import Calendar
from itilkit.conditions import Eq, Schema
from itilkit.conditions.fields import INCIDENT
from itilkit.errors import PolicyError, RecordError
from itilkit.escalation import Cadence
from itilkit.events import Classified, Event, Logged, ModelAttached, Replied, Resolved, StepDone
from itilkit.incident_models import Evidence, IncidentModel, ModelStep, attach
from itilkit.lifecycle import ITIL4_DEFAULT, Delay
from itilkit.policy import Agreement, Policy, Target
from itilkit.priority import ITIL_3X3
from itilkit.records import Incident

OFFICE = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC", name="office")
NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)  # a Monday
HOUSE: Schema = INCIDENT.having({"region": ["EMEA", "APAC"]})
HOUR = Delay(open_time=timedelta(hours=1))
MODEL = IncidentModel(
    "mail",
    "Mail is down",
    [
        ModelStep("look", "Look", owner="service_desk_agent", budget=HOUR),
        ModelStep("abroad", "Call Singapore", owner="sme", budget=HOUR, depends_on="look",
                  when=Eq(HOUSE.field("region"), "APAC")),
        ModelStep("mend", "Mend it", owner="sme", budget=HOUR, depends_on="abroad", evidence=Evidence("resolved")),
    ],
    communication=Cadence(timedelta(minutes=30), "users"),
)  # fmt: skip
OTHER = IncidentModel(
    "other", "Other", MODEL.steps[:1], communication=Cadence(timedelta(hours=2), "stakeholders", to="sponsor")
)


def at(hour: int, minute: int = 0) -> datetime:
    """A time on that Monday."""
    return NINE.replace(hour=hour, minute=minute)


def desk(*models: IncidentModel, **options: Any) -> Policy:
    """A house that promises two hours."""
    gold = Agreement("Gold", [Target([1, 2, 3, 4, 5], {"resolution": timedelta(hours=2)})], calendar=OFFICE)
    given = {"agreements": [gold], "fields": {"region": ["EMEA", "APAC"]}, **options}
    return Policy(
        "Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, incident_models=models or [MODEL, OTHER], **given
    )


def incident(*events: Event, region: str = "EMEA", models: tuple[IncidentModel, ...] = (MODEL,)) -> Incident:
    """Opened at nine; the models are attached at ten."""
    known = Classified(NINE, impact=2, urgency=2, fields={"region": region})
    call = Incident("INC1", [Logged(NINE), known])
    for model in models:
        call = call.appended(*attach(call, model, at(10)))
    return call.appended(*events)


@pytest.mark.parametrize(
    ("region", "clock", "states", "late"),
    [
        ("EMEA", at(10), ["ready", "blocked", "blocked"], []),
        # Look is done; Singapore is not asked in EMEA, so it is skipped at once.
        ("EMEA", at(10, 45), ["done", "skipped", "ready"], []),
        ("APAC", at(10, 45), ["done", "ready", "blocked"], []),
        ("apac", at(10, 45), ["done", "ready", "blocked"], []),  # as the fields of the house have it
        ("APAC", at(12, 1), ["done", "late", "blocked"], ["abroad"]),
    ],
)
def test_the_progress_of_an_incident(
    region: str, clock: datetime, states: list[str], late: list[str]
) -> None:
    """From the attachment on, with the fields of the house, on the calendar of the policy."""
    call = incident(StepDone(at(10, 40), step="look"), region=region)
    policy = desk()
    found = policy.progress(policy.assess(call, as_of=clock))
    assert found is not None
    assert [each.state for each in found.steps] == states
    assert [each.step.id for each in found.late] == late
    assert [each.due_at for each in found.steps] == [at(11), at(12), at(13)]
    # Promised from nine on are two hours; the plan resolves at one o'clock.
    assert (found.plan.target_due_at, [each.code for each in found.plan.findings]) == (
        at(11),
        ["beyond_target"],
    )


def test_nothing_was_attached_yet() -> None:
    """Before the instant of the attachment, and where none comes, there is no plan."""
    policy = desk()
    assert policy.progress(policy.assess(incident(), as_of=at(9, 59))) is None
    assert policy.progress(policy.assess(incident(models=()), as_of=at(12))) is None


@pytest.mark.parametrize(("clock", "model"), [(at(10, 59), "mail"), (at(11), "other")])
def test_the_model_that_was_attached_last(clock: datetime, model: str) -> None:
    """It is the one that counts, from the instant on at which it was attached."""
    policy, call = desk(), incident()
    call = call.appended(*attach(call, OTHER, at(11)))
    found = policy.progress(policy.assess(call, as_of=clock))
    assert found is not None
    assert found.plan.model.id == model


def test_a_model_that_is_gone() -> None:
    """One that was edited since then is not taken for the one that was attached."""
    policy = desk(attrs.evolve(MODEL, version="2"))
    case = policy.assess(incident(), as_of=at(12))
    with pytest.raises(RecordError, match="INC1: model mail was edited since it was attached"):
        policy.progress(case)
    assert [due for due in policy.due(case) if due.kind == "communication"] == []


def test_budgets_without_a_calendar() -> None:
    """A policy that has no calendar cannot say when open time is over."""
    policy = desk(agreements=[])
    with pytest.raises(PolicyError, match="cannot be counted without a calendar"):
        policy.progress(policy.assess(incident(), as_of=at(12)))


@pytest.mark.parametrize(
    ("models", "clock", "owed"),
    [
        ((), at(12), []),
        ((MODEL,), at(9, 59), []),  # not attached yet
        ((MODEL,), at(10), [("communications_manager", at(9, 30))]),  # half an hour after the opening
        ((MODEL, OTHER), at(12), [("communications_manager", at(9, 30)), ("sponsor", at(11))]),
        ((MODEL, MODEL), at(12), [("communications_manager", at(9, 30))]),
    ],
    ids=["no model", "before", "one", "two", "twice"],
)
def test_a_model_has_messages_written(
    models: tuple[IncidentModel, ...], clock: datetime, owed: list[tuple[str, datetime]]
) -> None:
    """As often as it says, beside what the policy says of all incidents."""
    policy = desk()
    call = incident(models=models)
    if len(models) == 2 and models[0] == models[1]:
        call = call.appended(ModelAttached(at(11), model="mail"))
    found = [due for due in policy.due(policy.assess(call, as_of=clock)) if due.kind == "communication"]
    assert [(due.notify[0], due.at) for due in found] == owed


def test_the_shorter_of_two_cadences_counts() -> None:
    """The policy asks for an hour, the model for half of it; a message answers both, and a resolution ends them."""
    policy = desk(cadences=[Cadence(timedelta(hours=1), "users")])
    written = incident(Replied(at(10, 5), "ann", audience="users"))
    (due,) = policy.due(policy.assess(written, as_of=at(10, 35)))
    assert (due.kind, due.at) == ("communication", at(10, 35))
    ended = written.appended(Resolved(at(10, 10), "ann", code="solution_provided", notes="x"))
    assert [
        each for each in policy.due(policy.assess(ended, as_of=at(12))) if each.kind == "communication"
    ] == []
