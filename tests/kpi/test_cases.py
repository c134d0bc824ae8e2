"""Incidents that are measured more than once: the figures are those of the assessments themselves."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest
from tests.kpi.everything import EVERY

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.errors import KpiError
from itilkit.kpi import Case, Cases, Kpi
from itilkit.kpi.definition import Figure
from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.sla import Assessment

from .histories import at, story

MARCH = Period.month(2026, 3, zone="UTC")
APRIL = Period.month(2026, 4, zone="UTC")
SAMPLE = [
    Assessment(replay(incident, ITIL4_DEFAULT, as_of=at(24 * 40)), {})
    for incident in kpi.sample_log(1_200, seed=3)
]


@pytest.fixture(scope="module")
def cases() -> Cases:
    """The sample, kept over all tests, so that each finds what the ones before it left."""
    return Cases(SAMPLE)


@pytest.mark.parametrize("name", sorted(EVERY))
def test_every_kpi_is_the_same(cases: Cases, name: str) -> None:
    """Asked twice, all at once or drawn one by one: the same figures, of the whole, by group, and by period."""
    asked = EVERY[name]()
    for _ in range(2):
        assert kpi.measure(cases, asked, level=0.9) == kpi.measure(iter(SAMPLE), asked, level=0.9)
        if not asked.whole:
            found = kpi.measure(cases, asked, by=("priority", "service"), period=MARCH)
            assert found == kpi.measure(iter(SAMPLE), asked, by=("priority", "service"), period=MARCH)
            found = kpi.measure(cases, asked, every="week", zone="Europe/London", dimension="initial")
            assert found == kpi.measure(
                SAMPLE, asked, every="week", zone="Europe/London", dimension="initial"
            )


def test_comparisons_are_the_same(cases: Cases) -> None:
    """A comparison of kept incidents is that of the assessments."""
    asked = kpi.time_to_resolve("median", cohort="opened")
    found = kpi.compare(cases, asked, before=MARCH, after=APRIL, by="priority")
    assert found == kpi.compare(SAMPLE, asked, before=MARCH, after=APRIL, by="priority")
    assert len(found) == 5


def test_readings_are_kept_apart(cases: Cases) -> None:
    """Another reading of a KPI that was asked before is another question; other statistics are the same one."""
    last, first = (
        kpi.measure(cases, kpi.time_to_resolve("mean", resolution=each)).one().value
        for each in ("last", "first")
    )
    assert last is not None
    assert last != first
    named = [each.statistic for each in kpi.measure(cases, kpi.time_to_resolve("n", "p90"))]
    assert named == ["n", "p90"]


def test_cases_are_the_assessments() -> None:
    """They come back as they went in, in their order, and say how many they are and when they were seen."""
    made = Cases(iter(SAMPLE[:3]))
    assert list(made) == SAMPLE[:3]
    assert (made[0], made[-1], made[1:]) == (SAMPLE[0], SAMPLE[2], tuple(SAMPLE[1:3]))
    assert (len(made), made.as_of) == (3, at(24 * 40))
    assert repr(made) == "<Cases: 3 as of 2026-04-11T00:00:00+00:00>"
    assert Cases.of(made) is made
    assert list(Cases.of(SAMPLE[:2])) == SAMPLE[:2]
    assert (len(Cases([])), Cases([]).as_of, repr(Cases([]))) == (0, None, "<Cases: 0>")


def test_cases_of_two_instants() -> None:
    """Incidents seen from different instants are none that can be measured together."""
    with pytest.raises(KpiError, match="the assessments look from"):
        Cases([story(0, 1, as_of=5), story(0, 1, as_of=6)])


@attrs.frozen
class Weighed(Kpi):
    """A KPI of somebody's own that cannot be a key, because it holds a list."""

    weights: list[int] = attrs.field(kw_only=True)

    def observe(self, case: Case) -> int:
        """How many events there are."""
        return len(case.timeline.events) * self.weights[0]

    def figures(self, observations: list[int]) -> Iterator[Figure]:  # type: ignore[override]
        """Their sum."""
        yield Figure("sum", sum(observations), "points", len(observations))


def test_a_kpi_that_is_no_key() -> None:
    """A KPI of the house's own may hold what it likes; it is asked anew each time."""
    made = Cases([story(0, 1), story(0, 2)])
    one, other = (Weighed("weighed", weights=[factor]) for factor in (1, 2))
    first = kpi.measure(made, one, period=MARCH).one().value
    assert isinstance(first, int)
    assert kpi.measure(made, other).one().value == 2 * first
    assert kpi.measure(made, attrs.evolve(one, cohort="resolved"), period=MARCH).one().value == first
