"""Openings that recur, and what they do to a calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from itilkit.calendars import Calendar, Period, Recurrence
from itilkit.errors import CalendarError


def starts(calendar: Calendar, period: Period) -> list[str]:
    """When the open stretches of a period begin, in UTC."""
    return [span.start.strftime("%m-%d %H:%M") for span in calendar.spans(period.start, period.end)]


def test_the_second_sunday_at_two() -> None:
    """Four hours from 02:00 local time, which is 01:00 UTC in summer."""
    often = Recurrence("FREQ=MONTHLY;BYDAY=2SU", at=time(2), lasts=timedelta(hours=4))
    window = Calendar({}, zone="Europe/London", recurring=[often])
    first_half = Period.between(
        Period.month(2026, 1, zone="UTC").start, Period.month(2026, 6, zone="UTC").end
    )
    assert starts(window, first_half) == [
        "01-11 02:00", "02-08 02:00", "03-08 02:00", "04-12 01:00", "05-10 01:00", "06-14 01:00",
    ]  # fmt: skip
    assert window.open_time(first_half) == timedelta(hours=24)
    assert window.why(datetime.fromisoformat("2026-03-09T12:00Z")).startswith(
        "closed: outside FREQ=MONTHLY;BYDAY=2SU at 02:00"
    )


def test_a_time_that_a_change_of_clocks_skips_is_the_change() -> None:
    """02:30 on the night summer time begins in Berlin is 03:00, and the occurrence keeps its real length."""
    often = Recurrence("FREQ=DAILY", at="02:30", lasts="1h")
    calendar = Calendar({}, zone="Europe/Berlin", recurring=[often])
    day = Period.day(date(2026, 3, 29), zone="Europe/Berlin")
    assert starts(calendar, day) == ["03-29 01:00"]
    assert calendar.open_time(day) == timedelta(hours=1)


def test_an_occurrence_runs_over_the_end_of_the_year() -> None:
    """What begins on New Year's Eve is open on New Year's Day, whichever year is asked first."""
    often = Recurrence("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", at="22:00", lasts="2d")
    calendar = Calendar({}, zone="UTC", recurring=[often])
    assert calendar.is_open(datetime.fromisoformat("2027-01-02T21:59Z"))
    assert not calendar.is_open(datetime.fromisoformat("2027-01-02T22:00Z"))


def test_every_second_week_counts_from_its_start() -> None:
    """INTERVAL counts from the start date, and nothing begins before it."""
    often = Recurrence("FREQ=WEEKLY;INTERVAL=2", at="08:00", lasts="1h", start=date(2026, 1, 5))
    calendar = Calendar({}, zone="UTC", recurring=[often])
    assert starts(calendar, Period.month(2026, 2, zone="UTC")) == ["02-02 08:00", "02-16 08:00"]
    assert starts(calendar, Period.year(2025, zone="UTC")) == []


def test_a_rule_that_ends_ends() -> None:
    """COUNT and UNTIL are heeded, and open time runs out there."""
    twice = Recurrence("FREQ=DAILY;COUNT=2", at="08:00", lasts="1h", start=date(2026, 1, 5))
    calendar = Calendar({}, zone="UTC", recurring=[twice])
    assert calendar.open_time(Period.year(2026, zone="UTC")) == timedelta(hours=2)
    until = Recurrence("FREQ=DAILY;UNTIL=20260103", at="08:00", lasts="1h")
    assert starts(Calendar({}, zone="UTC", recurring=[until]), Period.month(2026, 1, zone="UTC")) == [
        "01-01 08:00", "01-02 08:00", "01-03 08:00",
    ]  # fmt: skip


def test_closed_dates_and_holidays_govern_recurrences_too() -> None:
    """Nothing recurs on a closed date, a public holiday or a date with special hours."""
    calendar = Calendar(
        {"mon": "09:00-10:00"},
        zone="Europe/London",
        public_holidays="GB-ENG",
        closed={"2026-12-29": "Stocktaking"},
        special_hours={"2026-12-30": "12:00-13:00"},
        recurring=[Recurrence("FREQ=DAILY", at="02:00", lasts="1h")],
    )
    assert starts(calendar, Period.week(2026, 53, zone="Europe/London")) == [
        "12-30 12:00", "12-31 02:00", "01-02 02:00", "01-03 02:00",
    ]  # fmt: skip


def test_taken_away_it_is_a_closure() -> None:
    """An office less its maintenance is closed while that lasts, and says so."""
    often = Recurrence("FREQ=MONTHLY;BYDAY=1MO", at="10:00", lasts="4h")
    office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC") - Calendar(
        {}, zone="UTC", recurring=[often], name="maintenance"
    )
    assert office.why(datetime.fromisoformat("2026-03-02T12:00Z")) == "closed: maintenance until 14:00"
    assert office.open_time(Period.day(date(2026, 3, 2), zone="UTC")) == timedelta(hours=4)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"rule": "FREQ=HOURLY"}, "too_dense"),
        ({"rule": "BYDAY=MO"}, "too_dense"),
        ({"rule": "FREQ=DAILY;BYHOUR=3"}, "bad_rule"),
        ({"rule": "every day"}, "bad_rule"),
        ({"rule": "FREQ=WEEKLY;BYDAY=XX"}, "bad_rule"),
        ({"rule": "FREQ=WEEKLY"}, "no_start"),
        ({"rule": "FREQ=DAILY;INTERVAL=2"}, "no_start"),
        ({"lasts": "0h"}, "bad_duration"),
        ({"lasts": timedelta(days=32)}, "bad_duration"),
        ({"lasts": "soon"}, "bad_duration"),
        ({"at": "26:00"}, "bad_time"),
        ({"at": "24:00"}, "bad_time"),
    ],
)
def test_a_recurrence_that_cannot_be_is_refused(arguments: dict[str, Any], code: str) -> None:
    """Denser than daily, without a date to count from, without a length, or not readable."""
    with pytest.raises(CalendarError) as caught:
        Recurrence(**{"rule": "FREQ=DAILY", "at": "02:00", "lasts": "1h", **arguments})
    assert code in [fault.code for fault in caught.value.faults]
