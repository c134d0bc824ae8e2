"""The synthetic log for examples."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from itilkit import kpi
from itilkit.errors import KpiError
from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.sla import Assessment

from .everything import EVERY

LATE = datetime(2027, 1, 1, tzinfo=UTC)
LOG = kpi.sample_log(600, seed=7)
CASES = [Assessment(replay(incident, ITIL4_DEFAULT, as_of=LATE), {}) for incident in LOG]


def test_one_seed_one_log() -> None:
    """The same seed gives the same log, another seed another, and none gives none."""
    assert kpi.sample_log(50, seed=1) == kpi.sample_log(50, seed=1) != kpi.sample_log(50, seed=2)
    assert kpi.sample_log(0, seed=1) == ()


def test_its_histories_keep_to_the_lifecycle() -> None:
    """Replayed strictly, no history departs from ITIL 4's own lifecycle, and they come in the order of opening."""
    assert all(case.timeline.defects == () for case in CASES)
    opened = [incident.opened_at for incident in LOG]
    assert opened == sorted(opened)


def test_it_looks_like_a_log() -> None:
    """The mean is well above the median, urgent ones are faster, weekends are quiet, and something is left out."""
    mean, median = kpi.measure(CASES, kpi.time_to_resolve("mean", "median"))
    assert mean.value > 1.5 * median.value  # type: ignore[operator]
    by = kpi.measure(CASES, kpi.time_to_resolve("median"), by="priority")
    assert by.one(priority=2).value < by.one(priority=4).value  # type: ignore[operator]
    assert {"open", "cancelled"} <= set(mean.left_out)
    weekend = sum(incident.opened_at.weekday() > 4 for incident in LOG)
    assert 0 < weekend < len(LOG) / 7
    reopened = kpi.measure(CASES, kpi.reopen_rate()).one().value
    assert isinstance(reopened, float)
    assert 0 < reopened < 0.2


def test_every_kpi_measures_it() -> None:
    """No KPI stumbles over it, by month or as a whole."""
    for make in EVERY.values():
        asked = make()
        assert kpi.measure(CASES, asked, every=None if asked.whole else "month", zone="UTC")


@pytest.mark.parametrize(("n", "seed"), [(-1, 1), (2.5, 1), (3, "x")])
def test_what_is_no_log(n: int, seed: int) -> None:
    """Less than no incidents and a seed that is none are refused."""
    with pytest.raises(KpiError):
        kpi.sample_log(n, seed)
