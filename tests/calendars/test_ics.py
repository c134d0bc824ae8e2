"""iCalendar text, out and in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from itilkit.calendars import Calendar, Period
from itilkit.calendars.ics import from_ics, to_ics
from itilkit.errors import CalendarError

CLOSURES = """BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
UID:1\r
DTSTART;VALUE=DATE:20261224\r
DTEND;VALUE=DATE:20261228\r
SUMMARY:Company holi\r
 day\\, all of it\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;TZID=America/New_York:20260308T013000\r
DURATION:PT2H30M\r
RRULE:FREQ=MONTHLY;BYDAY=2SU;UNTIL=20260615T000000Z\r
EXDATE;TZID=America/New_York:20260412T013000\r
SUMMARY:Maintenance\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART:20260501T220000Z\r
DTEND:20260502T010000Z\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_events_become_open_time_that_can_be_taken_away() -> None:
    """All-day, recurring and single events, in their zones, with what is left out left out."""
    events = from_ics(CLOSURES, zone="Europe/London", name="closures")
    year = Period.year(2026, zone="Europe/London")
    assert [(span.start.isoformat(), span.duration) for span in events.spans(year.start, year.end)] == [
        ("2026-03-08T06:30:00+00:00", timedelta(hours=2.5)),
        ("2026-05-01T22:00:00+00:00", timedelta(hours=3)),
        ("2026-05-10T05:30:00+00:00", timedelta(hours=2.5)),
        ("2026-06-14T05:30:00+00:00", timedelta(hours=2.5)),
        ("2026-12-24T00:00:00+00:00", timedelta(days=4)),
    ]
    office = Calendar({"mon-fri": "09:00-17:00"}, zone="Europe/London") - events
    assert office.why(datetime.fromisoformat("2026-12-24T10:00Z")) == (
        "closed: closures (Company holiday, all of it) until Mon 2026-12-28 00:00"
    )


def test_a_calendar_goes_out_and_comes_back() -> None:
    """The open spans of a period, written and read again, are the same open spans."""
    desk = Calendar({"mon-fri": ["09:00-12:30", "13:30-17:30"], "sat": "22:00-03:00"}, zone="Europe/Berlin")
    period = Period.month(2026, 3, zone="Europe/Berlin")
    text = to_ics(
        desk,
        period,
        summary="Störungsannahme; täglich, außer an Sonn- und Feiertagen\nund nachts, wie vereinbart",
    )
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text == to_ics(
        desk,
        period,
        summary="Störungsannahme; täglich, außer an Sonn- und Feiertagen\nund nachts, wie vereinbart",
    )
    assert from_ics(text, zone="UTC").same_hours(desk, period)


def test_no_events_are_never_open() -> None:
    """A text without events gives a calendar that never opens."""
    assert (
        from_ics("BEGIN:VCALENDAR\nEND:VCALENDAR\n", zone="UTC").next_open(
            datetime.fromisoformat("2026-01-01T00:00Z")
        )
        is None
    )


@pytest.mark.parametrize(
    ("lines", "code", "line"),
    [
        ("SUMMARY:x", "no_start", 1),
        ("DTSTART:20260101T090000Z", "bad_duration", 2),
        ("DTSTART:soon", "bad_time", 2),
        ("DTSTART;TZID=Mars/Olympus:20260101T090000\nDURATION:PT1H", "unknown_zone", 2),
        ("DTSTART:20260101T090000Z\nDTEND;VALUE=DATE:20260102", "bad_time", 3),
        ("DTSTART:20260101T090000Z\nDTEND:later", "bad_time", 3),
        ("DTSTART:20260101T090000Z\nDURATION:1 hour", "bad_duration", 3),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=HOURLY", "too_dense", 4),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRDATE:20260102T090000Z", "not_understood", 4),
        ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY", "not_understood", 3),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nEXDATE:never", "bad_time", 5),
    ],
)
def test_what_is_not_understood_is_a_fault_with_its_line(lines: str, code: str, line: int) -> None:
    """Nothing that would change when an event takes place is passed over."""
    with pytest.raises(CalendarError) as caught:
        from_ics(f"BEGIN:VEVENT\n{lines}\nEND:VEVENT\n", zone="UTC")
    assert [(fault.code, fault.line) for fault in caught.value.faults] == [(code, line)]
