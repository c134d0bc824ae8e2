"""The JSON Schema of the file, held against an independent validator: good files pass, broken ones do not."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from itilkit.calendars import tables
from itilkit.escalation import data as escalation_data
from itilkit.incident_models import data as models_data
from itilkit.incident_models import routing
from itilkit.major_incidents import MajorRule
from itilkit.policy import Policy
from itilkit.policy.file import schema

from .policies import policies
from .test_file import FAULTS, LARGE
from .test_refusals import TYPES
from .texts import SMALL, changed

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "policies").glob("*.toml"))
VALIDATOR = Draft202012Validator(Policy.schema())
SHIPPED = resources.files("itilkit.policy") / "policy.schema.json"


def plain(value: Any) -> Any:
    """The values as JSON has them: dates are texts."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def wrong(text: str) -> list[str]:
    """Where the validator objects to a text."""
    return [error.json_path for error in VALIDATOR.iter_errors(plain(tomllib.loads(text)))]


def test_it_is_a_schema() -> None:
    """By the rules of the draft that it names."""
    Draft202012Validator.check_schema(Policy.schema())


def test_the_shipped_file_is_the_generated_one() -> None:
    """Editors read the file, so it says what the classes say."""
    hint = "write json.dumps(Policy.schema(), indent=1, ensure_ascii=False) and a line end"
    assert SHIPPED.read_text("utf-8") == json.dumps(Policy.schema(), indent=1, ensure_ascii=False) + "\n", (
        hint
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_pass(path: Path) -> None:
    """Every shipped policy keeps to it."""
    assert wrong(path.read_text("utf-8")) == []


def test_good_texts_pass() -> None:
    """The small policy and the large one, also in other people's spelling."""
    assert wrong(SMALL) == wrong(LARGE) == []
    assert wrong(changed('"ITIL 3x3"', '"itil_3X3"')) == []
    assert (
        wrong(changed('calendar = "office"', 'calendar = "office"\nkind = "ola"\npause_while = ["On hold"]'))
        == []
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(policies())
def test_what_is_written_passes(policy: Policy) -> None:
    """Whatever the library writes."""
    assert list(VALIDATOR.iter_errors(plain(policy.to_data()))) == []


# To JSON 1.0 is a whole number.
SHAPES = [row for row in TYPES if "1.0" not in row[1]]


@pytest.mark.parametrize(("old", "new"), [row[:2] for row in SHAPES], ids=[repr(row[1]) for row in SHAPES])
def test_values_of_a_wrong_kind(old: str, new: str) -> None:
    """What the reader refuses for its kind, the schema refuses, too."""
    assert wrong(changed(old, new)) != []


KNOWN = (
    "'pin' is",
    "unknown key",
    "is missing",
    "'bool'",
    "got True",
    "got 5",
    "got 75",
    "'quarterly'",
    "'5d'",
)


@pytest.mark.parametrize(
    ("old", "new"),
    [row[:2] for row in FAULTS if any(word in row[2] for word in KNOWN) and "weights" not in row[1]],
    ids=lambda value: repr(value)[:50],
)
def test_broken_files(old: str, new: str) -> None:
    """Unknown and missing keys, unknown words and wrong kinds in every part."""
    assert wrong(changed(old, new, LARGE)) != []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("itilkit = 1", "itilkit = 2", "$.itilkit"),
        ('"15m"', '"3d"', "$.agreements[0].targets[0].response"),
        ('name = "Gold"\n', "", "$.agreements[0]"),
        ("weekly =", "week =", "$.calendars.office"),
        ('"ITIL 4 default"', '"ITIL 5"', "$.lifecycle.like"),
    ],
)
def test_the_place_of_a_fault(old: str, new: str, place: str) -> None:
    """The validator points to it."""
    assert wrong(changed(old, new)) == [place]


def test_keys_that_other_rooms_read() -> None:
    """Calendars, ladders, cadences, models and routes are read by their rooms: the keys here are theirs."""
    assert set(schema.CALENDAR_KEYS) == set(tables._KEYS)
    assert set(schema.RUNG_KEYS) == set(escalation_data._KEYS)
    assert set(schema.CADENCE_KEYS) == set(models_data._CADENCE)
    assert set(schema.MODEL_KEYS) == set(models_data._MODEL)
    assert set(schema.STEP_KEYS) == set(models_data._STEP)
    assert set(schema.ROUTE_KEYS) == set(routing._ROUTE)
    assert set(schema.MAJOR_RULE_KEYS) == {field.name for field in attrs.fields(MajorRule)}
