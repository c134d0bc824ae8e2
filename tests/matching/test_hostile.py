"""Titles and names that mean harm do none: in no answer, in no rendering."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import FaultError
from itilkit.lifecycle import PERMISSIVE, replay
from itilkit.matching import (
    Change,
    Corpus,
    correlate,
    duplicates,
    known_errors,
    recurrences,
    related_changes,
    similar,
)
from itilkit.matching.fuzzy import read_as
from itilkit.records import KnownError, MonitoringEvent, Workaround

from .histories import HOUR, LATER, MONDAY, opened

HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "markdown": "| a | [click](javascript:alert(1)) `code` **b** |",
    "terminal": "\x1b[2J\x1b]0;gone\x07 red \x1b[31malarm",
    "control": "a\x00b\rc\nd\te\x7f\x9bf",
    "bidi": "invoice \u202egnp.exe\u2066 abc",
    "format": "{0.__class__} %s %n ${x}",
    "formula": "=cmd|' /C calc'!A0",
    "surrogate": "half \ud800 pair",
    "large": "word " * 200_000,
    "large word": "w" * 1_000_000,
    "large and hostile": "\x1b[31m<b>" * 100_000,
    "ligatures that grow": "\ufdfa" * 50_000,
}
MOST = 2_000


def renderings(text: str) -> list[str]:
    """Every text that this room makes of an incident, a key, a name or an event that says this."""
    known = dict.fromkeys(("service", "configuration_item", "category", "house"), text)
    one, two = opened(f"INC1{text}", 0, text, **known), opened(f"INC2{text}", 1, text, **known)
    corpus = Corpus([one], as_of=LATER, fields={"service": 1, "house": 1})
    seen = [replay(each, PERMISSIVE, as_of=LATER, strict=False) for each in (one, two)]
    (group,) = groups = recurrences(seen, by=("service", "house"), within=HOUR)
    promoted = group.to_problem(f"PRB{text}", LATER)
    error = KnownError(f"KE{text}", "PRB1", match_keys=[text, f"x {text}"], workaround="WA")
    workaround = Workaround("WA", text, restores="full")
    change = Change(f"CHG{text}", text, implemented_at=MONDAY, configuration_items=[text], services=[text])
    event = MonitoringEvent(
        text, text, dedup_key=text, status="firing", title=text, service=text, resource=text, occurred_at=MONDAY,
        labels={text: text},
    )  # fmt: skip
    found: list[Any] = [
        *similar(two, corpus, as_of=LATER),
        *duplicates(two, corpus, as_of=LATER, within=2 * HOUR, at_least=0.1),
        groups,
        group,
        *known_errors(two, [error], as_of=LATER, workarounds=[workaround], texts=["title", "house"]),
        *related_changes(two, [change], as_of=LATER, before=2 * HOUR),
        *correlate([event], by=("service", f"labels.{text}"), within=HOUR),
    ]
    read_as(two, corpus, as_of=LATER)
    assert repr(corpus)
    return [*map(str, found), *(each.explain() for each in found), promoted.problem.title]


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_text_is_harmless(kind: str) -> None:
    """Renderings are short and hold nothing on which a terminal, a log or a page of text would act."""
    made = renderings(HOSTILE[kind])
    assert len(made) >= 9
    for text in made:
        assert len(text) <= MOST
        assert all(line.isprintable() for line in text.split("\n"))
        text.encode("utf-8")


def test_each_rendering_stays_on_its_lines() -> None:
    """A name cannot add a line: only the list of groups has more than one."""
    lines = sorted({text.count("\n") for text in renderings("a\nINC1 1.00: forged")})
    assert lines == [0, 1]


@given(st.text(alphabet=st.characters(), max_size=30))
def test_any_text_is_harmless(text: str) -> None:
    """Whatever stands in a title, nothing breaks, and what is shown can be printed."""
    found = similar(
        opened("INC2", 1, text, service=text),
        Corpus([opened("INC1", 0, text, service=text)], as_of=LATER),
        as_of=LATER,
    )
    assert all(str(match).isprintable() for match in found)


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_faults_about_hostile_names_are_short(kind: str) -> None:
    """A name that is no field is told, and not at its full length."""
    name = HOSTILE[kind]
    with pytest.raises(FaultError) as caught:
        correlate([], by=name, within=HOUR)
    assert len(str(caught.value)) <= MOST
    with pytest.raises(FaultError) as caught:
        Corpus([opened("INC1")], as_of=LATER, fields={name: 1})
    assert len(str(caught.value)) <= MOST
    with pytest.raises(FaultError) as caught:
        Corpus([opened(name), opened(name)], as_of=LATER)
    assert len(str(caught.value)) <= MOST
    with pytest.raises(FaultError) as caught:
        related_changes(opened("INC1"), [], as_of=LATER, before=timedelta(1), weights={name: 1})
    assert len(str(caught.value)) <= MOST
