"""The catalogue: it holds every KPI, the page shows it, and a figure explains itself with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from itilkit import kpi
from itilkit.errors import KpiError

from .everything import EVERY
from .histories import story

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "kpi" / "catalogue.md"


def test_every_kpi_is_in_the_catalogue() -> None:
    """The catalogue names what the KPIs are called, neither less nor more."""
    assert {entry.name for entry in kpi.catalogue()} == {make().name for make in EVERY.values()}


@pytest.mark.parametrize("entry", kpi.catalogue(), ids=lambda entry: entry.name)
def test_an_entry_says_all(entry: kpi.Entry) -> None:
    """Definition, formula, unit, inputs, rules and source are there; the mean form, where there is one, exists."""
    assert all(
        (entry.definition, entry.formula, entry.unit, entry.inputs, entry.edges, entry.source, entry.section)
    )
    assert entry.definition.endswith(".")
    assert not entry.mean or (entry.mean in kpi.__all__ and entry.mean.startswith("mean_"))
    assert entry.name in kpi.__all__


def test_units_are_those_of_the_figures() -> None:
    """The unit of an entry is that of a figure that its KPI makes, where the caller does not name it."""
    for make in EVERY.values():
        asked = make()
        unit = kpi.entry_of(asked.name).unit
        if unit in ("the currency", "incidents per unit"):
            continue
        assert unit in {each.unit for each in kpi.measure([], asked)}, asked.name


def test_the_page_shows_the_catalogue() -> None:
    """The page of the documentation is the text that is made of the values."""
    assert PAGE.read_text(encoding="utf-8") == kpi.catalogue_markdown(), (
        "write kpi.catalogue_markdown() to docs/reference/kpi/catalogue.md"
    )


def test_an_unknown_name() -> None:
    """A name that no KPI has is refused with near names."""
    with pytest.raises(KpiError, match="did you mean reopen_rate"):
        kpi.entry_of("reopen_rat")


def test_a_figure_explains_itself() -> None:
    """The text holds the definition, the reading, the actual counts and the interval."""
    cases = [story(0, hour, priority=1) for hour in range(1, 21)] + [
        story(0, priority=1),
        story(0, cancelled=1),
    ]
    found = kpi.measure(cases, kpi.time_to_resolve("median"), by="priority", level=0.95)
    assert found.one(priority=1).explain().splitlines() == [
        "time_to_resolve, median: 10.5 h",
        "  95% interval: 6.0 h to 15.0 h (order statistics)",
        "  What: From opening to resolution, in the reading last, first, worked or reported.",
        "  Formula: resolved - opened",
        "  Reading: to the last entry into resolved, wall clock; placed by resolved",
        "  Of: priority 1",
        "  Rests on: 20",
        "  Left out: open 1",
        "  Rule: open ones are left out, or counted so far by Kaplan-Meier and RMST",
        "  Rule: one into which duplicates were merged counts from the earliest opening of them",
        "  Rule: missing where it was closed without a resolution; end='resolved_or_closed' counts to closure",
        "  Rule: zero is valid, a negative one is left out and counted",
        "  Source: ServiceNow; PagerDuty analytics",
    ]
    assert "Left out: cancelled 1" in found.explain()


@pytest.mark.parametrize("name", EVERY)
def test_every_figure_can_be_explained(name: str) -> None:
    """No KPI fails to explain itself, of something or of nothing."""
    for cases in ([], [story(0, 5, 9, priority=1)]):
        assert kpi.measure(cases, EVERY[name](), level=0.9).explain().count("Rests on: ") >= 1
