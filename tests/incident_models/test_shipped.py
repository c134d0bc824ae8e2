"""The models that come with the library: clean, and each carried out from the first step to the last."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from itilkit import Calendar, Incident
from itilkit.errors import PolicyError
from itilkit.events import (
    Acknowledged,
    Assigned,
    Classified,
    Closed,
    Escalated,
    Event,
    Linked,
    Logged,
    MajorDeclared,
    Replied,
    Resolved,
    Reviewed,
    RoleTaken,
    StepDone,
    StoodDown,
)
from itilkit.incident_models import (
    SHIPPED,
    IncidentModel,
    attach,
    from_data,
    lint,
    match,
    progress,
    shipped,
    shipped_text,
    to_data,
)
from itilkit.lifecycle import PERMISSIVE, replay
from itilkit.sla import Goal

OFFICE = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London")
ALWAYS = Calendar.round_the_clock("Europe/London")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)

FACTS: dict[str, dict[str, Any]] = {
    "locked_account": {"category": "access", "subcategory": "locked account"},
    "database_error": {"category": "database", "service": "payments"},
    "certificate_expiry": {"category": "security", "subcategory": "certificate"},
    "phishing_ransomware": {"category": "security", "tags": frozenset({"ransomware", "personal_data"})},
    "hypervisor_failure": {"category": "hardware", "subcategory": "hypervisor"},
}
# How long the way to the resolution may take, on the wall: what such a model has to keep.
TARGETS = {
    "locked_account": timedelta(minutes=30),
    "database_error": timedelta(hours=2),
    "certificate_expiry": timedelta(hours=4),
    "phishing_ransomware": timedelta(hours=24),
    "hypervisor_failure": timedelta(hours=4),
}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model_says_what_it_is(name: str) -> None:
    """Its id is its name, its titles fit into a line, and its data gives the same model back."""
    model = shipped(name)
    assert model.id == name
    assert model.version
    assert all(len(step.title) <= 42 for step in model.steps)
    assert from_data(to_data(model)) == model
    assert shipped_text(name).startswith("# ")
    assert tomllib.loads(shipped_text(name))["id"] == name


def test_the_shipped_models_are_clean() -> None:
    """Nothing looks odd, also under the targets that such incidents have, and no two of them are tied."""
    assert set(FACTS) == set(TARGETS) == set(SHIPPED)
    assert lint([shipped(name) for name in SHIPPED], start=MONDAY, calendar=OFFICE) == ()
    for name, target in TARGETS.items():
        assert lint([shipped(name)], start=MONDAY, calendar=OFFICE, goal=Goal(target, ALWAYS)) == ()


def test_a_target_that_a_model_cannot_keep_is_told() -> None:
    """The same check speaks up where the promise is shorter than the steps."""
    short = Goal(timedelta(minutes=20), ALWAYS)
    found = lint([shipped("database_error")], start=MONDAY, calendar=OFFICE, goal=short)
    assert {fault.code for fault in found} == {"beyond_target"}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model_is_meant_for_its_incidents(name: str) -> None:
    """Of all shipped models the right one comes first, without a tie."""
    first, *_ = match([shipped(each) for each in SHIPPED], FACTS[name])
    assert (first.model.id, first.ties) == (name, ())


def test_an_unknown_model_is_told() -> None:
    """Near names are offered."""
    with pytest.raises(PolicyError, match=r"'databse_error' \(did you mean database_error\?\)"):
        shipped("databse_error")


def _story(name: str) -> list[Event]:
    """What a desk does, a minute apart; steps whose evidence is no `StepDone` have their own events."""
    own: list[Event] = [
        Acknowledged(MONDAY),
        Assigned(MONDAY, group="database"),
        MajorDeclared(MONDAY),
        RoleTaken(MONDAY, role="incident_manager", person="ann"),
        Escalated(MONDAY, kind="functional", to="supplier"),
        Replied(MONDAY, audience="users"),
        Replied(MONDAY, public=False, audience="regulator"),
        Linked(MONDAY, kind="problem", to="PRB1"),
        Linked(MONDAY, kind="change", to="CHG1"),
        *(StepDone(MONDAY, step=step.id) for step in shipped(name).steps),
        Resolved(MONDAY, code="solution_provided"),
        StoodDown(MONDAY),
        Reviewed(MONDAY),
        Closed(MONDAY, confirmed_by="bob"),
    ]
    return own


def _opened(model: IncidentModel) -> Incident:
    facts = dict(FACTS[model.id])
    fields = {"tags": ", ".join(sorted(facts.pop("tags")))} if "tags" in facts else {}
    incident = Incident("INC1", [Logged(MONDAY, "bob"), Classified(MONDAY, **facts, fields=fields)])
    return incident.appended(*attach(incident, model, MONDAY))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model_is_carried_out(name: str) -> None:
    """Each step waits for its turn at first; once all has happened nothing is owed and it may be closed."""
    model = shipped(name)
    incident = _opened(model)
    before = progress(model, replay(incident, PERMISSIVE, as_of=MONDAY), calendar=OFFICE)
    assert 0 <= before.share < 0.2
    assert before.responsible
    done = incident.appended(*_story(name))
    after = progress(model, replay(done, PERMISSIVE, as_of=MONDAY, strict=False), calendar=OFFICE)
    assert after.share == 1
    assert after.missing == ()
    assert {each.state for each in after.steps} <= {"done", "skipped"}
    if name == "phishing_ransomware":
        assert after.step("tell_authority").state == "done"  # the tags of the record asked for it
