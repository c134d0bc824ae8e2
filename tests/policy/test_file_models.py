"""``[[incident_models]]`` and ``[[routing]]`` of the file, and the triage that a policy makes of them."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from typing import Any

import pytest

from itilkit.errors import PolicyError
from itilkit.events import Assigned, Classified, Fields, Logged, ModelAttached, PrioritySet
from itilkit.incident_models import SHIPPED, IncidentModel, ModelStep, Route, digest, shipped, shipped_text
from itilkit.incident_models import from_data as model_from_data
from itilkit.lifecycle import ITIL4_DEFAULT
from itilkit.policy import Policy
from itilkit.priority import ITIL_3X3
from itilkit.records import Incident

from .texts import changed, faults

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
HEAD = changed("[priority]\n", '[fields]\ntier = { levels = ["Gold", "Silver"] }\n\n[priority]\n')
ROWS = """
[[incident_models]]
id = "mail_down"
name = "Mail is down"
when.category = "mail"
when.tier = "Gold"
priority_at_least = "P2"
defaults = { impact = 2, urgency = "low", group = "mail" }

[[incident_models.steps]]
id = "restart"
title = "Restart the gateway"
owner = "sme"
budget = "30m"

[[incident_models.steps]]
id = "tell"
title = "Tell the users"
owner = "communications_manager"
depends_on = ["restart"]

[[routing]]
group = "network"
when.category = "network"
because = "it is their cable"

[[routing]]
group = "service_desk"
"""
TEXT = HEAD + ROWS


def test_what_the_file_says() -> None:
    """Models, their steps and routes, in order; conditions know the fields and levels of the house."""
    policy = Policy.from_toml(TEXT)
    (model,) = policy.incident_models
    assert str(model.when) == "category is mail and tier is 1"
    assert (model.priority_at_least, model.defaults.urgency) == (2, 3)
    assert [(step.id, step.depends_on) for step in model.steps] == [("restart", None), ("tell", ("restart",))]
    assert [(each.group, each.because) for each in policy.routes] == [
        ("network", "it is their cable"),
        ("service_desk", ""),
    ]


def test_it_is_written() -> None:
    """Under headers of their own; a text with comments keeps them."""
    policy = Policy.from_toml(TEXT)
    lines = policy.to_toml().splitlines()
    assert [line for line in lines if line.startswith("[[") and "agree" not in line] == [
        "[[incident_models]]",
        "[[incident_models.steps]]",
        "[[incident_models.steps]]",
        "[[routing]]",
        "[[routing]]",
    ]
    commented = TEXT.replace("[[routing]]", "# Who gets it?\n[[routing]]", 1)
    assert policy.to_toml(like=commented) == commented
    slower = Policy.from_toml(TEXT.replace('"30m"', '"45m"'))
    assert slower.to_toml(like=commented) == commented.replace('"30m"', '"45m"')


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model_in_a_policy(name: str) -> None:
    """It is the same model to its digest, so that what is attached by one is found by the other."""
    policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, incident_models=[shipped(name)])
    again = Policy.from_toml(policy.to_toml())
    assert digest(model_from_data(tomllib.loads(shipped_text(name)))) == digest(again.incident_models[0])


def _types(text: str, *, tier: str, category: str) -> list[Any]:
    facts = Classified(NINE, category=category, fields=Fields({"tier": tier}))
    return list(
        Policy.from_toml(text).triage(Incident("INC1", [Logged(NINE), facts]), at=NINE, by="ann").events
    )


def test_triage() -> None:
    """The model is meant for Gold, fills in impact and urgency, which ITIL 3x3 makes a P4, and keeps it at P2."""
    attached, filled, pressing, assigned = _types(TEXT, tier="Gold", category="mail")
    assert isinstance(attached, ModelAttached)
    assert attached.model == "mail_down"
    assert isinstance(filled, Classified)
    assert (filled.impact, filled.urgency) == (2, 3)
    assert isinstance(pressing, PrioritySet)
    assert pressing.priority == 2
    assert isinstance(assigned, Assigned)
    assert (assigned.group, assigned.at, str(assigned.by and assigned.by.id)) == ("service_desk", NINE, "ann")


def test_triage_without_a_model() -> None:
    """It is not meant for Silver; then only the route is proposed, as impact and urgency are not known."""
    (assigned,) = _types(TEXT, tier="Silver", category="network")
    assert isinstance(assigned, Assigned)
    assert assigned.group == "network"


def test_triage_of_a_policy_that_says_nothing() -> None:
    """No model, no route, no classification: nothing is proposed."""
    assert _types(HEAD, tier="Gold", category="mail") == []


BROKEN = {
    "unknown key": ('name = "Mail', 'nam = "Mail', ["incident_models[0].nam", "incident_models[0].name"]),
    "unknown field": ("when.tier", "when.teir", ["incident_models[0].when.teir"]),
    "no such priority": ('"P2"', '"P9"', ["incident_models[0].priority_at_least"]),
    "unknown step": ('["restart"]', '["restrt"]', None),
    "no owner": ('owner = "sme"\n', "", ["incident_models[0].steps[0].owner"]),
    "no amount": ('"30m"', '"3d"', ["incident_models[0].steps[0].budget"]),
    "no group": ('group = "service_desk"', "level = 2", ["routing[1].group"]),
    "no level": ('because = "it is their cable"', "level = 9", ["routing[0].level"]),
}


@pytest.mark.parametrize(("old", "new", "paths"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong(old: str, new: str, paths: list[str] | None) -> None:
    """Each fault with its path, and on a line of its own part of the file."""
    found = faults(HEAD + changed(old, new, ROWS))
    wanted = paths or ["incident_models[0].steps[0].depends_on", "incident_models[0].steps[1].depends_on[0]"]
    assert sorted(fault.path for fault in found) == sorted(wanted)
    assert all((fault.line or 0) > HEAD.count("\n") for fault in found)


def test_all_faults_at_once() -> None:
    """Beside those of other parts, in the order of the text, each with its line."""
    text = (
        TEXT.replace('"15m"', '"15 min"')
        .replace('"30m"', '"3d"')
        .replace('when.category = "net', 'when.categry = "net')
    )
    lines = text.split("\n")
    assert [(fault.path, lines[(fault.line or 0) - 1].strip()[:12]) for fault in faults(text)] == [
        ("agreements[0].targets[0].response", "{ priority ="),
        ("incident_models[0].steps[0].budget", 'budget = "3d'),
        ("routing[0].when.categry", "when.categry"),
    ]


STEPS = [ModelStep("a", "Restore it", owner="sme")]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"incident_models": [IncidentModel("x", "X", STEPS)] * 2}, "incident_models[1].id"),
        (
            {"incident_models": [IncidentModel("x", "X", STEPS, priority_at_most=9)]},
            "incident_models[0].priority_at_most",
        ),
        ({"incident_models": ["x"]}, "incident_models[0]"),
        ({"routes": [Route("desk"), "network"]}, "routing[1]"),
    ],
    ids=["twins", "a priority that the matrix does not have", "no model", "no route"],
)
def test_in_code(given: dict[str, Any], path: str) -> None:
    """A policy that is built in code is held to the same."""
    with pytest.raises(PolicyError) as raised:
        Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, **given)
    assert [fault.path for fault in raised.value.faults] == [path]


def test_lint_tells_the_line() -> None:
    """P013 stands on the line of the condition that can never come first."""
    text = TEXT + '\n[[routing]]\ngroup = "late"\nwhen.category = "mail"\n'
    (fault,) = [each for each in Policy.from_toml(text).lint() if each.code == "P013"]
    assert (fault.path, fault.line) == ("routing[2].when", text.count("\n"))


def test_diff_tells_of_models_and_routes() -> None:
    """What is dropped and what is changed is told by name."""
    old = Policy.from_toml(TEXT)
    new = Policy.from_toml(
        TEXT.replace('"Mail is down"', '"Mail is gone"').replace("their cable", "their job")
    )
    paths = [change.path for change in old.diff(new).changes]
    assert len(paths) == 2
    assert paths[0].startswith("incident_models.")
    assert paths[1].startswith("routes.")
