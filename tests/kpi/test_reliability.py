"""Time between failures and between incidents."""

from __future__ import annotations

import pytest

from itilkit import kpi
from itilkit.errors import KpiError
from itilkit.sla import Assessment

from .histories import hours, one, story


def _outage(start: float, end: float | None, unit: str | None = "mail", *, as_of: float = 100) -> Assessment:
    return story(start, end, fields={"configuration_item": unit, "category": "x"}, as_of=as_of)


def test_gaps_between_merged_outages() -> None:
    """Outages 10-14, 12-20 and 50-55: one gap, from 20 to 50 (KPI definitions, section 10)."""
    found = one(kpi.mean_time_between_failures(), _outage(12, 20), _outage(50, 55), _outage(10, 14))
    assert (found.value, found.n, found.unit) == (hours(30), 1, "duration")
    assert found.parts == {"failures": 3, "outages": 2, "units": 1, "gaps": 1}


def test_an_outage_within_another_ends_with_the_longer() -> None:
    """A short outage inside a long one does not end it."""
    assert one(
        kpi.mean_time_between_failures(), _outage(0, 20), _outage(5, 6), _outage(30, 31)
    ).value == hours(10)


def test_gaps_never_cross_units() -> None:
    """Each unit has its own gaps; the mean is over gaps, not over units."""
    cases = [_outage(0, 1), _outage(11, 12), _outage(32, 33), _outage(2, 3, "web"), _outage(9, 10, "web")]
    assert one(kpi.mean_time_between_failures(), *cases).value == hours((10 + 20 + 6) / 3)


def test_two_outages_are_needed() -> None:
    """One failure, or none, gives no figure: None, n 0."""
    found = one(kpi.mean_time_between_failures(), _outage(0, 1), _outage(5, 6, "web"))
    assert (found.value, found.n, found.parts["failures"]) == (None, 0, 2)
    assert one(kpi.mean_time_between_failures()).value is None


def test_an_outage_that_still_lasts_ends_at_as_of() -> None:
    """An open incident is an outage up to as_of; one that begins in it overlaps it."""
    cases = [_outage(0, 10), _outage(30, None), _outage(90, 95)]
    assert one(kpi.mean_time_between_failures(), *cases).value == hours(20)


def test_what_touches_is_one_outage() -> None:
    """No time ran between an outage and one that starts as it ends; two of no length at one instant are one."""
    found = one(
        kpi.mean_time_between_failures(), _outage(0, 10), _outage(10, 12), _outage(15, 15), _outage(15, 15)
    )
    assert (found.value, found.n) == (hours(3), 1)


def test_what_is_left_out() -> None:
    """No unit, cancelled, and an end before the start."""
    cancelled = story(0, cancelled=1, fields={"configuration_item": "mail"}, as_of=100)
    found = one(kpi.mean_time_between_failures(), _outage(0, 1, None), _outage(9, 5), cancelled)
    assert found.left_out == {"cancelled": 1, "negative": 1, "no_unit": 1}


def test_a_queue_is_no_unit_that_fails() -> None:
    """Over a category or a group the same arithmetic has another name, and any dimension will do."""
    cases = [story(0, 1, groups=["desk"]), story(5, 6, groups=["desk"]), story(9, 10, groups=["lab"])]
    found = one(kpi.mean_time_between_incidents(per="group"), *cases)
    assert (found.name, found.reading, found.value) == (
        "mean_time_between_incidents",
        "gaps per group",
        hours(4),
    )


def test_an_unknown_unit_is_refused() -> None:
    """A dimension that no incident has is a slip of the pen, not a log without units."""
    with pytest.raises(KpiError, match="did you mean configuration_item"):
        one(kpi.mean_time_between_failures(per="configuration_itm"), _outage(0, 1))
