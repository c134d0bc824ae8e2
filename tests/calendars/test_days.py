"""The fast lane by day against the exact way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from tests.calendars.draws import calendars

from itilkit.calendars import Calendar
from itilkit.spans import micros_of

HOURS = {
    "office": {"mon-fri": "09:00-17:30"},
    "lunch": {"mon-fri": ["09:00-12:30", "13:30-17:30"]},
    "nights": {"mon-sun": ["22:00-06:00", "12:00-12:01"]},
    "always": {"mon-sun": "00:00-24:00"},
    "small hours": {"mon-sun": ["00:30-01:30", "02:30-03:15"]},
}


@pytest.mark.parametrize("weekly", HOURS.values(), ids=HOURS)
@pytest.mark.parametrize("asked", ["Europe/London", "UTC", "Asia/Kathmandu"])
def test_a_year_that_is_asked_for_often_keeps_its_answers(weekly: dict[str, list[str]], asked: str) -> None:
    """Every ninth hour of a year, asked for in the calendar's own zone, in UTC and in a third zone, twice."""
    calendar, exact = (Calendar(weekly, zone="Europe/London") for _ in range(2))
    zone = UTC if asked == "UTC" else ZoneInfo(asked)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(2):
        for step in range(0, 366 * 24, 9):
            at = (start + timedelta(hours=step, microseconds=step)).astimezone(zone)
            expected = exact.open_at(micros_of(at)) - exact.open_at(micros_of(start))
            assert calendar.elapsed(start.astimezone(zone), at) == timedelta(microseconds=expected)


def test_both_readings_of_a_repeated_hour_are_told_apart() -> None:
    """On the night the clocks go back the second 01:30 is an hour after the first, however often it was asked."""
    london = ZoneInfo("Europe/London")
    calendar = Calendar({"mon-sun": "00:00-24:00"}, zone="Europe/London")
    first = datetime(2026, 10, 25, 1, 30, tzinfo=london)
    for _ in range(20):
        assert calendar.elapsed(first, first.replace(fold=1)) == timedelta(hours=1)


@settings(max_examples=30)
@given(calendars())
def test_any_calendar_keeps_its_answers(drawn: tuple[Calendar, datetime]) -> None:
    """Random hours near changes of clocks: warm answers in local time equal the exact ones."""
    calendar, middle = drawn
    local = middle.astimezone(ZoneInfo(calendar.zone))
    steps = [local + timedelta(hours=7 * step) for step in range(-12, 12)]
    for _ in range(2):
        for at in steps:
            expected = calendar.open_at(micros_of(at)) - calendar.open_at(micros_of(local))
            assert calendar.elapsed(local, at) == timedelta(microseconds=expected)
