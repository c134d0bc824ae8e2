"""What makes a model, and what is wrong with one: all at once, each with its place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from itilkit.conditions import Eq
from itilkit.errors import PolicyError, RecordError
from itilkit.incident_models import Defaults, IncidentModel, ModelStep
from itilkit.lifecycle import Delay
from itilkit.vocabulary import Role


def step(name: str, *before: str, **given: Any) -> ModelStep:
    """A step of a subject matter expert."""
    return ModelStep(
        name, name.upper() or "NAMELESS", **{"owner": "sme", "depends_on": before or None, **given}
    )


def faults(*steps: ModelStep, **given: Any) -> list[tuple[str, str]]:
    """The codes and paths of what is wrong."""
    with pytest.raises(PolicyError) as caught:
        IncidentModel("m", "M", steps, **given)
    return [(fault.code, fault.path) for fault in caught.value.faults]


TWICE = [step("a"), step("a")]


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        pytest.param([], [("no_steps", "steps")], id="no steps"),
        pytest.param([step("a", owner="")], [("no_owner", "steps[0].owner")], id="no owner"),
        pytest.param([step("a", owner=None)], [("no_owner", "steps[0].owner")], id="owner of no kind"),
        pytest.param([step("a", when=7)], [("not_a_condition", "steps[0].when")], id="no condition"),
        pytest.param(TWICE, [("twin_step", "steps[1].id")], id="one id twice"),
        pytest.param([step("a", "a")], [("step_cycle", "steps[0].depends_on")], id="waits for itself"),
        pytest.param(
            [step("a"), step("b", "a", "x")], [("unknown_step", "steps[1].depends_on[1]")], id="unknown step"
        ),
        pytest.param(
            [step("a"), step("b", "a"), step("c")], [("orphan_step", "steps[2].depends_on")], id="orphan"
        ),
        pytest.param(
            [step("", owner=""), step("b", "x"), step("c", "d"), step("d", "c")],
            [
                ("no_name", "steps[0].id"),
                ("no_owner", "steps[0].owner"),
                ("orphan_step", "steps[0].depends_on"),
                ("unknown_step", "steps[1].depends_on[0]"),
                ("step_cycle", "steps[2].depends_on"),
            ],
            id="all at once",
        ),
    ],
)
def test_what_is_wrong_with_steps_is_told_with_its_place(
    steps: list[ModelStep], told: list[tuple[str, str]]
) -> None:
    """Each fault of the graph has its code and its path, and none hides another."""
    assert faults(*steps) == told


@pytest.mark.parametrize(
    ("steps", "circles"),
    [
        pytest.param([step("a", "b"), step("b", "a")], ["a -> b -> a"], id="two"),
        pytest.param([step("c", "a"), step("a", "b"), step("b", "c")], ["c -> a -> b -> c"], id="three"),
        pytest.param(
            [step("z", "a"), step("a", "b"), step("b", "a"), step("y", "z")],
            ["a -> b -> a"],
            id="others wait",
        ),
        pytest.param(
            [step("a", "b"), step("b", "a"), step("c", "d"), step("d", "c")],
            ["a -> b -> a", "c -> d -> c"],
            id="two circles",
        ),
    ],
)
def test_a_circle_is_named_in_order(steps: list[ModelStep], circles: list[str]) -> None:
    """A circle is told once, from its first step in the model, each step before the one that it waits for."""
    with pytest.raises(PolicyError) as caught:
        IncidentModel("m", "M", steps)
    assert [fault.message for fault in caught.value.faults] == [
        f"steps wait for each other: {circle}" for circle in circles
    ]


def test_a_step_may_begin_at_once_on_purpose() -> None:
    """An explicit ``depends_on = []`` says that the step stands apart on purpose."""
    model = IncidentModel("m", "M", [step("a"), step("b", "a"), step("c", depends_on=[])])
    assert [each.id for each in model.in_order()] == ["a", "c", "b"]


def test_a_checklist_without_any_order_has_no_orphans() -> None:
    """Where no step waits for another, none stands apart."""
    assert len(IncidentModel("m", "M", [step("a"), step("b")]).steps) == 2


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param({"id": " "}, ("no_name", "id"), id="blank id"),
        pytest.param({"name": ""}, ("no_name", "name"), id="no name"),
        pytest.param({"when": "always"}, ("not_a_condition", "when"), id="text for a condition"),
        pytest.param(
            {"priority_at_least": 2, "priority_at_most": 3},
            ("backward_range", "priority_at_most"),
            id="range",
        ),
    ],
)
def test_what_is_wrong_with_a_model_is_told(given: dict[str, Any], told: tuple[str, str]) -> None:
    """A model needs its names, a condition, and a floor of the priority that is not above the ceiling."""
    with pytest.raises(PolicyError) as caught:
        IncidentModel(**{"id": "m", "name": "M", "steps": [step("a")], **given})
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [told]


@pytest.mark.parametrize("rank", [0, -1, True, "first"])
def test_a_rank_is_a_whole_number_from_one(rank: Any) -> None:
    """1 comes first; what is no such number is refused."""
    with pytest.raises(RecordError, match="is no level"):
        IncidentModel("m", "M", [step("a")], rank=rank)


@pytest.mark.parametrize(
    ("low", "high", "priority", "bounded"),
    [
        pytest.param(None, None, 4, 4, id="no bounds"),
        pytest.param(2, None, 4, 2, id="raised to the floor"),
        pytest.param(2, None, 1, 1, id="above the floor"),
        pytest.param(None, 2, 1, 2, id="lowered to the ceiling"),
        pytest.param(3, 2, 5, 3, id="both"),
    ],
)
def test_the_priority_is_kept_within_its_bounds(
    low: int | None, high: int | None, priority: int, bounded: int
) -> None:
    """At least P2 raises a P4 to P2; at most P2 lowers a P1 to P2."""
    model = IncidentModel("m", "M", [step("a")], priority_at_least=low, priority_at_most=high)
    assert model.bounded(priority) == bounded


@pytest.mark.parametrize(
    ("written", "owner"),
    [("Incident manager", Role.INCIDENT_MANAGER), ("sme", Role.SME), ("Database team", "Database team")],
)
def test_a_role_is_known_however_it_is_written(written: str, owner: str) -> None:
    """Case, spaces and hyphens do not matter for the roles of the vocabulary; other names stay as they are."""
    assert step("a", owner=written).owner == owner


def test_a_plain_duration_is_time_on_the_wall() -> None:
    """A budget is a delay; a timedelta stands for time on the wall, and anything else is refused."""
    assert step("a", budget=timedelta(hours=1)).budget == Delay(wall_time=timedelta(hours=1))
    with pytest.raises(PolicyError, match="budget: '1h' is no delay"):
        step("a", budget="1h")


def test_a_step_is_found_by_its_id() -> None:
    """An unknown id offers the near ones."""
    model = IncidentModel("m", "M", [step("verify")], when=Eq("impact", 1))
    assert model.step("verify").title == "VERIFY"
    with pytest.raises(PolicyError, match=r"no step 'verfy' \(did you mean verify\?\)"):
        model.step("verfy")


def test_a_model_says_what_it_is() -> None:
    """The representation names id, version and the number of steps."""
    assert repr(IncidentModel("m", "M", [step("a")], version="7")) == "<IncidentModel m 7: 1 step>"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param({"depends_on": 5}, "depends_on[0]", id="waits for a number"),
        pytest.param({"depends_on": [["a"]]}, "depends_on[0]", id="waits for a list"),
        pytest.param({"evidence": 5}, "evidence[0]", id="evidence of a number"),
        pytest.param({"evidence": ["resolved"]}, "evidence[0]", id="evidence in words"),
        pytest.param({"begins": [None]}, "begins[0]", id="begins with nothing"),
    ],
)
def test_what_stands_in_a_step_is_of_its_kind(given: dict[str, Any], told: str) -> None:
    """It is refused where the model is built, and does not wait for the first plan."""
    assert faults(step("a", **given)) == [("bad_value", f"steps[0].{told}")]


@pytest.mark.parametrize("name", [5, ["a"], None])
def test_a_step_has_a_name_that_is_a_text(name: Any) -> None:
    """Also where others wait for it, and where it cannot be a key."""
    given = ModelStep(name, "A", owner="sme"), step("b", name)
    assert faults(*given)[0] == ("no_name", "steps[0].id")


def test_a_flag_is_no_word() -> None:
    """Yes in words would count as true, and no as well."""
    assert faults(step("a", optional="no")) == [("not_a_flag", "steps[0].optional")]


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("steps", None, "steps[0]"),
        ("steps", "a", "steps[0]"),
        ("steps", [step("a"), "b"], "steps[1]"),
        ("version", 1, "version"),
        ("version", None, "version"),
        ("defaults", {"category": "access"}, "defaults"),
        ("defaults", None, "defaults"),
        ("communication", 1, "communication[0]"),
        ("communication", ["1h"], "communication[0]"),
        ("closure", None, "closure[0]"),
        ("closure", ["resolved"], "closure[0]"),
        ("workarounds", 5, "workarounds[0]"),
        ("knowledge", ["KB1", 7], "knowledge[1]"),
    ],
)
def test_what_stands_in_a_model_is_of_its_kind(key: str, value: Any, path: str) -> None:
    """Nothing of another kind gets in, and none of it ends in an error that names no place."""
    with pytest.raises(PolicyError) as caught:
        IncidentModel(**{"id": "m", "name": "M", "steps": [step("a")], key: value})
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [("bad_value", path)]


def test_a_single_step_stands_for_a_list() -> None:
    """As a single cadence or a single piece of evidence does."""
    given: Any = step("a")
    assert IncidentModel("m", "M", given) == IncidentModel("m", "M", [given])


@pytest.mark.parametrize(
    ("given", "path"),
    [({"category": 5, "group": ["x"]}, ["category", "group"]), ({"fields": 5}, ["fields"])],
)
def test_defaults_are_texts(given: dict[str, Any], path: list[str]) -> None:
    """What a model fills in has the kind of its field."""
    with pytest.raises(PolicyError) as caught:
        Defaults(**given)
    assert [fault.path for fault in caught.value.faults] == path


def test_a_set_has_one_order() -> None:
    """The digest of a model must be the same in every run."""
    first = [step(name) for name in "fedcba"]
    model = IncidentModel("m", "M", [*first, step("z")], knowledge={"KB3", "KB1", "KB2", "KB0"})
    waits: Any = {"f", "e", "d", "c", "b", "a"}
    assert ModelStep("z", "Z", owner="sme", depends_on=waits).after == tuple("abcdef")
    assert model.knowledge == ("KB0", "KB1", "KB2", "KB3")
