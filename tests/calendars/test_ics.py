"""iCalendar text, out and in."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def spans(*events: str, zone: str = "UTC", year: int = 2026) -> list[tuple[str, str]]:
    """The open spans of a year, of events by their lines, as local starts and ends."""
    text = "".join(f"BEGIN:VEVENT\n{lines}\nEND:VEVENT\n" for lines in events)
    period = Period.year(year, zone=zone)
    found = from_ics(text, zone=zone).spans(period.start, period.end)
    there = ZoneInfo(zone)
    return [
        (f"{span.start.astimezone(there):%m-%d %H:%M}", f"{span.end.astimezone(there):%m-%d %H:%M}")
        for span in found
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            "DTSTART;VALUE=DATE:20260322\nRRULE:FREQ=WEEKLY;COUNT=2",
            [("03-22 00:00", "03-23 00:00"), ("03-29 00:00", "03-30 00:00")],
            id="a day of 23 hours",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20261024\nDURATION:P2D\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20271024",
            [("10-24 00:00", "10-26 00:00")],
            id="a day of 25 hours",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260105\nRDATE;VALUE=DATE:20260201,20260301\nEXDATE;VALUE=DATE:20260201",
            [("01-05 00:00", "01-06 00:00"), ("03-01 00:00", "03-02 00:00")],
            id="further dates",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=DAILY;UNTIL=20260106T000000Z",
            [("01-05 00:00", "01-07 00:00")],
            id="dates until a time",
        ),
        pytest.param(
            "DTSTART:20260105T090000\nDURATION:PT1H\nRDATE;VALUE=PERIOD:20260201T090000Z/PT2H,20260301T090000Z/20260301T093000Z",
            [("01-05 09:00", "01-05 10:00"), ("02-01 10:00", "02-01 12:00"), ("03-01 10:00", "03-01 10:30")],
            id="periods",
        ),
        pytest.param(
            "DTSTART:20260105T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n"
            "EXDATE:20260106T080000Z\nEXDATE:20260107T110000",
            [("01-05 09:00", "01-05 10:00"), ("01-07 09:00", "01-07 10:00")],
            id="left out is what begins at that time",
        ),
        pytest.param(
            "DTSTART:20260105T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20260107T000000",
            [("01-05 09:00", "01-05 10:00"), ("01-06 09:00", "01-06 10:00")],
            id="until before the time of day",
        ),
        pytest.param(
            "DTSTART:20260105T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2\nRRULE:FREQ=WEEKLY;COUNT=2",
            [("01-05 09:00", "01-05 10:00"), ("01-06 09:00", "01-06 10:00"), ("01-12 09:00", "01-12 10:00")],
            id="two rules",
        ),
        pytest.param(
            "DTSTART:20260105T090000Z\nDTEND:20260315T110000Z",
            [("01-05 10:00", "03-15 12:00")],
            id="longer than a month",
        ),
        pytest.param(
            "DTSTART:20261025T010000Z\nDURATION:PT30M",
            [("10-25 02:00", "10-25 02:30")],
            id="the second of two hours",
        ),
        pytest.param(
            "DTSTART;TZID=Eastern Standard Time:20260105T090000\nDURATION:PT1H",
            [("01-05 15:00", "01-05 16:00")],
            id="a Windows zone",
        ),
        *(
            pytest.param(
                f"DTSTART;TZID={prefix}America/Argentina/Buenos_Aires:20260105T090000\nDURATION:PT1H",
                [("01-05 13:00", "01-05 14:00")],
                id=f"a zone behind {prefix}",
            )
            for prefix in (
                "/freeassociation.sourceforge.net/",
                "/freeassociation.sourceforge.net/Tzfile/",
                "/citadel.org/20210210_1/",
                "/softwarestudio.org/Olson_20011030_5/",
            )
        ),
        pytest.param(
            "DTSTART;TZID=/citadel.org/20210210_1/Europe/London:20260105T090000\nDURATION:PT1H",
            [("01-05 10:00", "01-05 11:00")],
            id="a zone of two segments",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260329\nDTEND;VALUE=DATE:20260510\nRRULE:FREQ=YEARLY",
            [("03-29 00:00", "05-10 00:00")],
            id="six weeks every year",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260105\nDURATION:P3D\nRRULE:FREQ=WEEKLY;COUNT=2\nRDATE;VALUE=DATE:20260111",
            [("01-05 00:00", "01-08 00:00"), ("01-11 00:00", "01-15 00:00")],
            id="a further date just before a recurring one",
        ),
        pytest.param(
            # six times 52 weeks on, at 01:30 UTC on 25 October 2026, the clock reads 02:30 for the second time
            "DTSTART;TZID=Europe/Berlin:20201101T023000\nDURATION:P2190D",
            [("01-01 00:00", "10-31 02:30")],
            id="long, with a part that begins in an hour that comes again",
        ),
        pytest.param(
            "DTSTART:20260105T090000\nDURATION:PT1H\nRDATE:20260106T090000\nEXDATE;VALUE=DATE:20260105\nDTSTAMP:soon",
            [("01-06 09:00", "01-06 10:00")],
            id="the first left out",
        ),
        pytest.param("DTSTART:20260105T090000Z\nDURATION:PT1H\nSTATUS:CANCELLED", [], id="called off"),
    ],
)
def test_when_an_event_takes_place(lines: str, expected: list[tuple[str, str]]) -> None:
    """Rules, further dates, dates left out, days on which clocks change: read as RFC 5545 has them."""
    assert spans(lines, zone="Europe/Berlin") == expected


def test_a_time_that_the_clock_reads_twice_keeps_its_instant() -> None:
    """A time in UTC in the hour that comes again is neither its twin nor moved."""
    start, end = (datetime.fromisoformat(text) for text in ("2026-10-25T00:00Z", "2026-10-25T03:00Z"))
    lines = "DTSTART;TZID=Europe/Berlin:20260105T090000\nDURATION:PT1H\nRDATE:20261025T010000Z"
    found = from_ics(f"BEGIN:VEVENT\n{lines}\nEND:VEVENT\n", zone="Europe/Berlin").spans(start, end)
    assert [span.start.isoformat() for span in found] == ["2026-10-25T01:00:00+00:00"]


@pytest.mark.parametrize(
    ("lines", "code", "path"),
    [
        ("SUMMARY:x", "no_start", "DTSTART"),
        ("DTSTART:20260101T090000Z", "bad_duration", "DTEND"),
        ("DTSTART:soon", "bad_time", "DTSTART"),
        ("DTSTART:PT1H", "bad_time", "DTSTART"),
        ("DTSTART;VALUE=TEXT:20260101T090000Z\nDURATION:PT1H", "bad_time", "DTSTART"),
        ("DTSTART:20260101T090000Z\nDTEND;VALUE=INTEGER:20260102", "bad_time", "DTEND"),
        ("DTSTART:20260101T090000Z\nDURATION;VALUE=TEXT:PT1H", "bad_duration", "DURATION"),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE;VALUE=TEXT:FREQ=DAILY", "bad_rule", "RRULE"),
        ("DTSTART:00010101T000000Z\nDURATION:PT1H", "bad_time", "DTSTART"),
        ("DTSTART:20260101T090000Z\nDTSTART:20260101T090000Z\nDURATION:PT1H", "twice", "DTSTART"),
        ("DTSTART;TZID=Mars/Olympus:20260101T090000\nDURATION:PT1H", "unknown_zone", "DTSTART.TZID"),
        ("DTSTART;TZID=/x.org/Mars/Olympus:20260101T090000\nDURATION:PT1H", "unknown_zone", "DTSTART.TZID"),
        ("DTSTART;TZID=x.org/Europe/London:20260101T090000\nDURATION:PT1H", "unknown_zone", "DTSTART.TZID"),
        ("DTSTART:20260101T090000Z\nDTEND;VALUE=DATE:20260102", "bad_time", "DTEND"),
        ("DTSTART:20260101T090000Z\nDTEND:later", "bad_time", "DTEND"),
        ("DTSTART:20260101T090000Z\nDTEND:20260101T080000Z", "bad_duration", "DTEND"),
        ("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20260101", "bad_duration", "DTEND"),
        ("DTSTART;VALUE=DATE:20260101\nDURATION:PT1H", "bad_duration", "DURATION"),
        ("DTSTART:20260101T090000Z\nDURATION:P999999D", "bad_duration", "DURATION"),
        ("DTSTART:20260101T090000Z\nDURATION:1 hour", "bad_duration", "DURATION"),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nDTEND:20260101T100000Z", "twice", "DURATION"),
        ("DTSTART:20260101T090000Z\nDURATION:P400D\nRRULE:FREQ=YEARLY", "bad_duration", "DURATION"),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=HOURLY", "too_dense", "RRULE"),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYHOUR=9", "bad_rule", "RRULE"),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=PT1H", "bad_rule", "RRULE"),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=MOSTLY", "bad_rule", "RRULE"),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=0", "bad_rule", "RRULE"),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=0", "bad_rule", "RRULE"),
        (
            "DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2;UNTIL=20260301",
            "bad_rule",
            "RRULE",
        ),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT", "bad_rule", "RRULE"),
        (
            "DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20260301,20260401",
            "bad_rule",
            "RRULE",
        ),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=", "bad_rule", "RRULE"),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE;X-A=B:FREQ=DAILY;;COUNT=2", "bad_rule", "RRULE"),
        ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=MONTHLY;BYDAY=99MO", "bad_rule", "RRULE"),
        (
            "DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20270501\nRRULE:FREQ=YEARLY",
            "bad_duration",
            "DTEND",
        ),
        ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=SECONDLY", "too_dense", "RRULE"),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRDATE;VALUE=DATE:20260102", "bad_time", "RDATE"),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRDATE:PT5H", "bad_time", "RDATE"),
        (
            "DTSTART:20260101T090000Z\nDURATION:PT1H\nRECURRENCE-ID:20260102T090000Z",
            "not_understood",
            "RECURRENCE-ID",
        ),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nEXRULE:FREQ=DAILY", "not_understood", "EXRULE"),
        ("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nEXDATE:never", "bad_time", "EXDATE"),
    ],
)
def test_what_is_not_understood_is_a_fault_with_its_place(lines: str, code: str, path: str) -> None:
    """Nothing that would change when an event takes place is passed over."""
    with pytest.raises(CalendarError) as caught:
        spans("DTSTART:20260101T090000Z\nDURATION:PT1H", lines)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [(code, f"events[1].{path}")]
    assert caught.value.faults[0].hint


def test_all_faults_are_told_at_once_with_their_event() -> None:
    """Each fault says which event it lies in, by summary or id, and none hides another."""
    with pytest.raises(CalendarError) as caught:
        spans("DTSTART:soon\nEXDATE:never\nUID:7", "SUMMARY:Stocktaking", "UID:8\nDTSTART:20260101\nhello")
    assert [(fault.path, fault.message.partition(", in ")[2]) for fault in caught.value.faults] == [
        ("events[0].DTSTART", "'7'"),
        ("events[0].EXDATE", "'7'"),
        ("events[1].DTSTART", "'Stocktaking'"),
        ("events[2]", "'8'"),
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("pyproject.toml", "", id="the name of a file"),
        pytest.param("hello: world\n", "", id="other text"),
        pytest.param("\ud800", "", id="half a character"),
        pytest.param("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n", "VEVENT", id="cut off"),
        pytest.param("BEGIN:VCALENDAR\nMETHOD:CANCEL\nEND:VCALENDAR\n", "METHOD", id="called off"),
    ],
)
def test_a_text_that_cannot_be_read_is_an_error(text: str, path: str) -> None:
    """A text that is cut off or is none of the kind does not become a calendar without events."""
    with pytest.raises(CalendarError) as caught:
        from_ics(text, zone="UTC")
    assert path in [fault.path for fault in caught.value.faults]


def test_an_unknown_zone_is_an_error() -> None:
    """The zone for times that name none has to be one."""
    with pytest.raises(CalendarError, match="zone: 'Mars' is no IANA zone"):
        from_ics(CLOSURES, zone="Mars")


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, both ways say how to get it."""
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(CalendarError, match=r"pip install 'itilkit\[ics\]'"):
        from_ics(CLOSURES, zone="UTC")
    with pytest.raises(CalendarError, match=r"pip install 'itilkit\[ics\]'"):
        to_ics(Calendar.never("UTC"), Period.year(2026, zone="UTC"))


_LINES = (
    "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VTIMEZONE", "END:VTIMEZONE",
    "DTSTART:20260105T090000", "DTSTART;VALUE=DATE:20260105", "DTSTART;TZID=Europe/Berlin:20260105T090000",
    "DTEND:20260105T100000", "DURATION:P2D", "DURATION:-PT1H", "RRULE:FREQ=MONTHLY;BYDAY=2SU",
    "RRULE:FREQ=YEARLY;UNTIL=20280101", "RDATE:20260201T090000Z", "RDATE;VALUE=PERIOD:20260201T090000Z/PT1H",
    "EXDATE:20260105T090000", "EXDATE;VALUE=DATE:20260105", "SUMMARY:one\\, two", " folded", "TZID:Home", "STATUS:X",
)  # fmt: skip


@given(st.lists(st.sampled_from(_LINES), max_size=9), st.data())
def test_any_text_gives_a_calendar_or_its_faults(lines: list[str], data: st.DataObject) -> None:
    """Lines in any order, with any one sign put in anywhere, give a calendar that answers or a CalendarError."""
    text = "\n".join(["BEGIN:VEVENT", "DTSTART:20260105T090000", *lines, "END:VEVENT"])
    at = data.draw(st.integers(0, len(text)))
    text = (
        text[:at]
        + data.draw(st.sampled_from(["", ":", ";", "=", "9", "T", ",", "\n", "\x00", "ß"]))
        + text[at:]
    )
    try:
        calendar = from_ics(text, zone="Europe/Berlin")
    except CalendarError as error:
        assert error.faults  # noqa: PT017  either is an answer
    else:
        calendar.is_open(datetime.fromisoformat("2026-01-05T08:30Z"))


@given(st.integers(0, len(CLOSURES)), st.integers(0, 12), st.text(max_size=3))
def test_damaged_text_gives_a_calendar_or_its_faults(at: int, cut: int, put: str) -> None:
    """A real text with a few signs lost or put in gives a calendar or a CalendarError."""
    try:
        found = from_ics(CLOSURES[:at] + put + CLOSURES[at + cut :], zone="Europe/London")
    except CalendarError as error:
        assert error.faults  # noqa: PT017  either is an answer
    else:
        assert isinstance(found, Calendar)
