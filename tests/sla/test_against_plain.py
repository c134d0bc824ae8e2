"""The clocks against a second, minute-by-minute measurement of random incidents."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from tests.sla.draws import Draw, draws
from tests.sla.plain import Figures, simulate

from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.records import Incident
from itilkit.sla import Reading, Term, measure


def reading_of(draw: Draw) -> Reading:
    """What the library says of a drawn incident."""
    timeline = replay(Incident("INC1", draw.events()), ITIL4_DEFAULT, as_of=draw.as_of, strict=False)
    goals = draw.goals()
    terms = [Term(each, None if each is None else goals[each]) for each in timeline.priorities]
    return measure(timeline, draw.rule(), terms)


def figures_of(reading: Reading, start: datetime) -> Figures:
    """A reading in whole minutes since the incident was opened."""
    minute = timedelta(minutes=1)
    return Figures(
        len(reading.cycles),
        reading.state,
        reading.elapsed // minute,
        reading.paused_for // minute,
        reading.excluded // minute,
        None if reading.due_at is None else (reading.due_at - start) // minute,
        reading.breached,
    )


def plain_figures(draw: Draw) -> Figures:
    """What the simulation says of the same incident."""
    return simulate(draw.happenings, draw.policy, draw.axis, draw.now)


@settings(max_examples=300)
@given(draws())
def test_random_incidents_agree_with_the_plain_simulation(draw: Draw) -> None:
    """Every clock with every option gives the figures of a count of minutes, over nights and clock changes."""
    assert figures_of(reading_of(draw), draw.start) == plain_figures(draw)


@pytest.mark.slow
@settings(max_examples=2000)
@given(draws())
def test_many_random_incidents_agree_with_the_plain_simulation(draw: Draw) -> None:
    """Two thousand more of them agree."""
    assert figures_of(reading_of(draw), draw.start) == plain_figures(draw)
