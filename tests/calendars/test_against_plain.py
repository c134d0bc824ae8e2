"""The compiled calendar against the plain walk of the real axis."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.calendars import plain as plainly
from tests.calendars.draws import HARD, amounts, calendar_of, plains
from tests.calendars.plain import Plain

from itilkit.calendars import Calendar
from itilkit.errors import CalendarError
from itilkit.spans import instant_of, micros, micros_of


def compare(plain: Plain, at: datetime, span: timedelta, amount: timedelta) -> None:
    """Every question of a draw: open or not, elapsed both ways, the closings, and a deadline forth and back."""
    calendar = calendar_of(plain)
    low, high = micros_of(at), micros_of(at + span)
    assert calendar.is_open(at) == plainly.is_open(plain, low)
    assert micros(calendar.elapsed(at, at + span)) == plainly.elapsed(plain, low, high)
    assert list(calendar.closings(low, high)) == plainly.closings(plain, low, high)
    deadline(calendar, plain, at, amount)


def deadline(calendar: Calendar, plain: Plain, at: datetime, amount: timedelta) -> None:
    """`add` reaches the amount, and reaches it first."""
    try:
        end = calendar.add(at, amount)
    except CalendarError:
        assert not any(plain.week)
        return
    if end - at > timedelta(days=60):
        return  # the walk would take too long, and shorter amounts tell as much
    low, found = micros_of(at), micros_of(end)
    assert plainly.elapsed(plain, low, found) == micros(amount)
    assert plainly.elapsed(plain, low, found - 1) < micros(amount)
    back = micros_of(calendar.add(end, -amount))
    assert plainly.elapsed(plain, back, found) == micros(amount)
    assert plainly.elapsed(plain, back + 1, found) < micros(amount)


SPANS = st.timedeltas(timedelta(), timedelta(days=9))


@settings(max_examples=60)
@given(plains(), SPANS, amounts())
def test_it_agrees_with_the_plain_walk(
    drawn: tuple[Plain, datetime], span: timedelta, amount: timedelta
) -> None:
    """Open or not, open time, closings and deadlines equal those of a walk that compiles nothing."""
    compare(*drawn, span, amount)


@pytest.mark.deep
@settings(max_examples=100_000, suppress_health_check=list(HealthCheck))
@given(plains(), SPANS, amounts())
def test_it_agrees_with_the_plain_walk_100_000_times(
    drawn: tuple[Plain, datetime], span: timedelta, amount: timedelta
) -> None:
    """The same over 100,000 draws and more than sixty zones."""
    compare(*drawn, span, amount)


def test_the_zones_are_many_and_hard() -> None:
    """At least sixty zones, the odd ones among them."""
    odd = {"Australia/Lord_Howe", "Antarctica/Troll", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu"}
    assert odd | {"Asia/Tehran", "America/St_Johns", "Europe/Dublin"} <= set(HARD)
    assert len(set(HARD)) >= 60


def test_the_plain_walk_itself_knows_a_long_day() -> None:
    """A whole day is 25 hours long in Berlin when summer time ends, and 23 when it begins."""
    always = Plain("Europe/Berlin", [[(0, 1440)]] * 7)
    for day, hours in (("2026-10-25", 25), ("2026-03-29", 23), ("2026-06-01", 24)):
        start = micros_of(
            datetime.fromisoformat(f"{day}T00:00+02:00" if day != "2026-03-29" else f"{day}T00:00+01:00")
        )
        (_, low, high) = next(
            shift for shift in plainly.shifts(always, start, start + 1) if str(shift[0]) == day
        )
        assert instant_of(high) - instant_of(low) == timedelta(hours=hours)
