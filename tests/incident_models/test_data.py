"""Models as TOML has them."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from itilkit.conditions import INCIDENT, AllOf, Eq, HasAny, Like
from itilkit.errors import PolicyError
from itilkit.escalation import Cadence
from itilkit.incident_models import (
    Defaults,
    Evidence,
    IncidentModel,
    ModelStep,
    digest,
    from_data,
    list_from_data,
    to_data,
)
from itilkit.lifecycle import Delay

TEXT = """
id = "locked_account"
name = "Locked account"
version = "3"
rank = 10
priority_at_least = "P4"
priority_at_most = 2
workarounds = ["WA12"]
knowledge = "KB100"
when = { category = "access", title.like = "*locked*" }
defaults = { subcategory = "account", service = "sign-in", impact = 3, urgency = 2, group = "service_desk" }
communication = [ { every = "30m", audience = "Users", priorities = ["P1", 2], to = "service_desk_agent" } ]
closure = { event = "closed", confirmed_by.known = true }

[[steps]]
id = "verify"
title = "Verify who is calling"
owner = "Service desk agent"
budget = "5m"

[[steps]]
id = "audit"
title = "Look for a break-in"
owner = "security"
budget = "2h of open time"
depends_on = "verify"
optional = true
when.tags = ["suspicious"]

[[steps]]
id = "unlock"
title = "Unlock it"
owner = "service_desk_agent"
budget = "1 working day"
depends_on = ["verify", "audit"]
evidence = [ { event = "resolved" }, { event = "step_done" } ]
begins = { event = "assigned", group = "directory" }
"""

MODEL = IncidentModel(
    "locked_account",
    "Locked account",
    [
        ModelStep("verify", "Verify who is calling", owner="service_desk_agent", budget=timedelta(minutes=5)),
        ModelStep(
            "audit",
            "Look for a break-in",
            owner="security",
            budget=Delay(open_time=timedelta(hours=2)),
            depends_on=["verify"],
            optional=True,
            when=HasAny("tags", ["suspicious"]),
        ),
        ModelStep(
            "unlock",
            "Unlock it",
            owner="service_desk_agent",
            budget=Delay(working_days=1),
            depends_on=["verify", "audit"],
            evidence=[Evidence("resolved"), Evidence("step_done")],
            begins=Evidence("assigned", Eq("group", "directory")),
        ),
    ],
    version="3",
    rank=10,
    priority_at_least=4,
    priority_at_most=2,
    when=AllOf([Eq("category", "access"), Like("title", "*locked*")]),
    defaults=Defaults(subcategory="account", service="sign-in", impact=3, urgency=2, group="service_desk"),
    communication=Cadence(timedelta(minutes=30), "users", priorities=[1, 2], to="service_desk_agent"),
    closure=Evidence.from_data({"event": "closed", "confirmed_by": {"known": True}}),
    workarounds=["WA12"],
    knowledge="KB100",
)


def test_a_model_is_read_from_its_own_file() -> None:
    """Every key of a model and of a step has its place in TOML; single texts and tables stand for lists of one."""
    assert from_data(tomllib.loads(TEXT)) == MODEL


def test_a_model_is_written_as_it_is_read() -> None:
    """What is written is read back as the same model, and says nothing that is a default."""
    data = to_data(MODEL)
    assert from_data(data) == MODEL
    assert to_data(IncidentModel("m", "M", [ModelStep("a", "A", owner="sme", depends_on=[])])) == {
        "id": "m",
        "name": "M",
        "steps": [{"id": "a", "title": "A", "owner": "sme", "depends_on": []}],
    }
    assert data["communication"] == [
        {"every": "30m", "audience": "users", "priorities": [1, 2], "to": ["service_desk_agent"]}
    ]


def test_a_message_to_anybody_may_have_a_condition() -> None:
    """A cadence without an audience is for anybody; its condition is part of its data."""
    rows = [{"every": "2h of open time", "to": ["sme"], "when": {"impact": 1}}]
    model = from_data({**GOOD, "communication": rows})
    assert model.communication[0].audience is None
    assert to_data(model)["communication"] == rows


STEP = {"id": "a", "title": "A", "owner": "sme"}
GOOD: dict[str, Any] = {"id": "m", "name": "M", "steps": [STEP]}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(7, [("not_a_table", "p")], id="no table"),
        pytest.param(
            {}, [("missing_key", "p.id"), ("missing_key", "p.name"), ("missing_key", "p.steps")], id="nothing"
        ),
        pytest.param({**GOOD, "owner": "x"}, [("unknown_key", "p.owner")], id="unknown key"),
        pytest.param(
            {7: "x", "id": "m", "name": "M", "steps": [STEP]}, [("unknown_key", "p.7")], id="key of no text"
        ),
        pytest.param({**GOOD, "steps": []}, [("no_steps", "p.steps")], id="no steps"),
        pytest.param({**GOOD, "steps": "a"}, [("not_a_list", "p.steps")], id="no list"),
        pytest.param({**GOOD, "steps": ["a"]}, [("not_a_table", "p.steps[0]")], id="step of no table"),
        pytest.param({**GOOD, "steps": [STEP] * 201}, [("too_large", "p.steps")], id="too many"),
        pytest.param({**GOOD, "name": ""}, [("not_a_text", "p.name")], id="empty text"),
        pytest.param({**GOOD, "rank": "first"}, [("not_a_level", "p.rank")], id="rank"),
        pytest.param(
            {**GOOD, "priority_at_least": "P0"}, [("unknown_level", "p.priority_at_least")], id="P0"
        ),
        pytest.param({**GOOD, "when": {"catgory": "x"}}, [("unknown_field", "p.when.catgory")], id="when"),
        pytest.param(
            {**GOOD, "priority_at_least": 1, "priority_at_most": 3},
            [("backward_range", "p.priority_at_most")],
            id="range",
        ),
        pytest.param(
            {**GOOD, "defaults": {"impact": "high", "grop": "x"}},
            [("unknown_key", "p.defaults.grop"), ("wrong_kind", "p.defaults.impact")],
            id="defaults",
        ),
        pytest.param({**GOOD, "defaults": []}, [("not_a_table", "p.defaults")], id="no defaults"),
        pytest.param(
            {**GOOD, "defaults": {"fields": {"affected_users": -1, "x": []}}},
            [("wrong_kind", "p.defaults.fields.affected_users"), ("not_a_scalar", "p.defaults.fields.x")],
            id="fields",
        ),
        pytest.param(
            {**GOOD, "defaults": {"fields": 3}}, [("not_a_table", "p.defaults.fields")], id="no fields"
        ),
        pytest.param(
            {**GOOD, "communication": [{"audience": "all"}, {"every": "3d", "to": 4, "priorities": [0]}, 7]},
            [
                ("missing_key", "p.communication[0].every"),
                ("bad_duration", "p.communication[1].every"),
                ("wrong_kind", "p.communication[1].priorities[0]"),
                ("not_a_list", "p.communication[1].to"),
                ("not_a_table", "p.communication[2]"),
            ],
            id="communication",
        ),
        pytest.param(
            {**GOOD, "communication": [{"every": "1h", "audience": "all", "priorities": 0}]},
            [
                ("unknown_word", "p.communication[0].audience"),
                ("wrong_kind", "p.communication[0].priorities"),
            ],
            id="audience",
        ),
        pytest.param(
            {**GOOD, "closure": [{"event": "closd"}, 3]},
            [("unknown_word", "p.closure[0].event"), ("not_a_table", "p.closure[1]")],
            id="closure",
        ),
        pytest.param(
            {
                **GOOD,
                "rank": 0,
                "steps": [
                    {"id": "a", "title": "A", "budget": "soon", "depends_on": ["b", 3]},
                    {"id": "b", "title": "B", "owner": "sme", "depends_on": ["a", "c"], "optional": "no"},
                ],
            },
            [
                ("not_a_level", "p.rank"),
                ("missing_key", "p.steps[0].owner"),
                ("bad_duration", "p.steps[0].budget"),
                ("not_a_text", "p.steps[0].depends_on[1]"),
                ("not_a_flag", "p.steps[1].optional"),
                ("unknown_step", "p.steps[1].depends_on[1]"),
                ("step_cycle", "p.steps[0].depends_on"),
            ],
            id="all at once",
        ),
        pytest.param(
            {**GOOD, "rank": 0, "steps": [], "priority_at_least": "P3", "priority_at_most": "P4"},
            [
                ("not_a_level", "p.rank"),
                ("no_steps", "p.steps"),
                ("backward_range", "p.priority_at_most"),
            ],
            id="no steps and a range beside another fault",
        ),
    ],
)
def test_all_that_is_wrong_is_told_with_its_path(data: Any, told: list[tuple[str, str]]) -> None:
    """No fault hides another, none is told twice, and each has its path from the top of the file."""
    with pytest.raises(PolicyError) as caught:
        from_data(data, path="p")
    assert sorted((fault.code, fault.path) for fault in caught.value.faults) == sorted(told)


def test_a_house_reads_models_with_its_own_fields() -> None:
    """Conditions and defaults are held to the fields that the house declared."""
    house = INCIDENT.having({"region": ["EMEA", "APAC"]})
    data = {**GOOD, "when": {"region": "emea"}, "defaults": {"fields": {"region": "apac"}}}
    assert from_data(data, schema=house).defaults.fields == {"region": "APAC"}
    with pytest.raises(PolicyError, match=r"when\.region: an incident has no field 'region'"):
        from_data(data)
    with pytest.raises(PolicyError, match=r"defaults\.fields\.region: 'x' is not on the list"):
        from_data({**data, "defaults": {"fields": {"region": "x"}}}, schema=house)


def test_several_models_are_read_from_one_list() -> None:
    """A list has each model once; two versions of one model may stand side by side."""
    second = {**GOOD, "version": "2"}
    assert [model.version for model in list_from_data([GOOD, second])] == ["", "2"]
    with pytest.raises(PolicyError) as caught:
        list_from_data([GOOD, {**GOOD, "rank": 0}, second, second, "x"])
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [
        ("not_a_level", "incident_models[1].rank"),
        ("not_a_table", "incident_models[4]"),
        ("twin_model", "incident_models[1].id"),
        ("twin_model", "incident_models[3].id"),
    ]


# By `printf '%s' '{"id":"m","name":"M\u00fc","steps":[{"id":"a","owner":"sme","title":"A"}]}' | sha256sum`
KNOWN = "7ae5ef3b8bad16e73d75f2941d8f64a518a9c9124b713be2a668cd9381e4be1d"


def test_the_digest_is_that_of_the_data() -> None:
    """The digest is the SHA-256 of the sorted data in UTF-8, as any other tool works it out."""
    assert digest(from_data({**GOOD, "name": "M\u00fc"})) == KNOWN


@pytest.mark.parametrize(
    "change",
    [
        {"name": "N"},
        {"version": "4"},
        {"rank": 1},
        {"when": Eq("opened_at", datetime(2026, 1, 1, tzinfo=UTC))},
        {"defaults": Defaults(fields={"since": datetime(2026, 1, 1, tzinfo=UTC)})},
        {"steps": MODEL.steps[:1]},
    ],
)
def test_any_edit_changes_the_digest(change: dict[str, Any]) -> None:
    """Whatever a model says is part of its digest."""
    edited = attrs.evolve(MODEL, **change)
    assert digest(edited) != digest(MODEL)
    assert from_data(to_data(edited)) == edited
