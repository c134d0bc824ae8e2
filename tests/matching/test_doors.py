"""What is no incident, corpus, name or weight is told at the door: what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from itilkit.errors import FaultError, MatchingError
from itilkit.lifecycle import PERMISSIVE, replay
from itilkit.matching import (
    Change,
    Corpus,
    Words,
    correlate,
    duplicates,
    known_errors,
    recurrences,
    related_changes,
    similar,
)
from itilkit.matching.fuzzy import read_as
from itilkit.records import KnownError, MonitoringEvent, Workaround

from .histories import DAY, LATER, MONDAY, opened

ONE, TWO = (
    opened("INC1", 0, "printer jam", service="print"),
    opened("INC2", 1, "printer jam", service="print"),
)
CORPUS = Corpus([ONE], as_of=LATER)
SEEN = [replay(each, PERMISSIVE, as_of=LATER, strict=False) for each in (ONE, TWO)]
ERROR = KnownError("KE1", "PRB1", match_keys=["jam"])
HELP = Workaround("WA1", "Pull it out", restores="full")
EVENT = MonitoringEvent("prometheus", "1", dedup_key="x", status="firing", service="shop", occurred_at=MONDAY)
ODD: dict[str, Any] = {
    "none": None,
    "number": 5,
    "huge number": 10**400,
    "no number": float("nan"),
    "bytes": b"x",
    "object": object(),
    "instant": datetime(2026, 3, 2, tzinfo=UTC),
    "list of none": [None],
    "list of numbers": [5],
    "list of lists": [[]],
    "table of none": {5: None},
    "large": [["x" * 100_000]],
}
ASKED: dict[str, tuple[Callable[..., object], dict[str, Any]]] = {
    "Corpus": (
        lambda **given: Corpus(**given, as_of=LATER),
        {"incidents": [ONE], "fields": {"service": 1}, "texts": ["title"], "words": Words()},
    ),
    "Words": (Words, {"stop_words": ["the"]}),
    "Words.of": (Words().of, {"text": "printer jam"}),
    "similar": (
        lambda **given: similar(**given, as_of=LATER),
        {"incident": TWO, "corpus": CORPUS, "read_as": {"printr": "printer"}},
    ),
    "duplicates": (
        lambda **given: duplicates(**given, as_of=LATER, within=DAY, at_least=0.5),
        {"incident": TWO, "corpus": CORPUS},
    ),
    "read_as": (lambda **given: read_as(**given, as_of=LATER), {"incident": TWO, "corpus": CORPUS}),
    "known_errors": (
        lambda **given: known_errors(**given, as_of=LATER),
        {"incident": ONE, "catalogue": [ERROR], "workarounds": [HELP], "texts": ["title"]},
    ),
    "related_changes": (
        lambda **given: related_changes(**given, as_of=LATER, before=DAY),
        {"incident": ONE, "changes": [Change("CHG1")], "weights": {"service": 1}},
    ),
    "Change": (
        lambda **given: Change("CHG1", **given),
        {"configuration_items": ["db-1"], "services": ["print"]},
    ),
    "recurrences": (
        lambda **given: recurrences(**given, within=DAY),
        {"cases": SEEN, "by": ["service"]},
    ),
    "correlate": (lambda **given: correlate(**given, within=DAY), {"events": [EVENT], "by": ["service"]}),
}
QUESTIONS = [
    pytest.param(name, option, odd, id=f"{name} {option} {odd}")
    for name, (_, options) in ASKED.items()
    for option in options
    for odd in ODD
]


@pytest.mark.parametrize("name", ASKED)
def test_what_makes_sense_is_answered(name: str) -> None:
    """The questions that are spoilt below have an answer before that."""
    ask, options = ASKED[name]
    assert ask(**options) is not None


@pytest.mark.parametrize(("name", "option", "odd"), QUESTIONS)
def test_what_is_of_another_kind_is_told(name: str, option: str, odd: str) -> None:
    """Whatever stands where something must, it ends in a short fault with its place and a way to mend it."""
    ask, options = ASKED[name]
    with pytest.raises(FaultError) as caught:
        ask(**{**options, option: ODD[odd]})
    assert all(fault.path.startswith(option) and fault.hint for fault in caught.value.faults)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("Corpus", "incidents"),
        ("Corpus", "texts"),
        ("known_errors", "catalogue"),
        ("known_errors", "workarounds"),
        ("related_changes", "changes"),
        ("recurrences", "cases"),
        ("recurrences", "by"),
        ("correlate", "events"),
        ("correlate", "by"),
    ],
)
def test_what_can_be_drawn_once_is_enough(name: str, option: str) -> None:
    """A generator serves as well as a list."""
    ask, options = ASKED[name]
    assert ask(**{**options, option: iter(options[option])}) == ask(**options)


def test_the_first_one_that_is_wrong_is_named() -> None:
    """Of a list, the place of what is no incident is told."""
    with pytest.raises(
        MatchingError, match=r"^incidents\[1\]: expected an incident, got 'INC2' \(give an incident\)$"
    ):
        Corpus([ONE, "INC2"], as_of=LATER)  # type: ignore[list-item]


def test_a_weight_beyond_all_numbers_is_none() -> None:
    """A whole number that no calculation can end in is no weight."""
    with pytest.raises(MatchingError, match="is no weight"):
        Corpus([ONE], as_of=LATER, text_weight=10**400)


def test_incidents_of_two_instants_do_not_recur() -> None:
    """What was known at different instants is not grouped, just as KPIs do not measure it."""
    cases = [SEEN[0], replay(TWO, PERMISSIVE, as_of=LATER + timedelta(1), strict=False)]
    with pytest.raises(MatchingError) as caught:
        recurrences(cases, by="service", within=DAY)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [("mixed_as_of", "cases")]
