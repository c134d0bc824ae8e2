"""Openings that recur, and what they do to a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Any

import pytest
from dateutil.rrule import rrulestr

from itilkit.calendars import Calendar, Period, Recurrence
from itilkit.errors import CalendarError
from itilkit.spans import micros_of


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
        ({"lasts": timedelta(days=367)}, "bad_duration"),
        ({"lasts": "soon"}, "bad_duration"),
        ({"at": "26:00"}, "bad_time"),
        ({"at": "24:00"}, "bad_time"),
        ({"at": time(2, tzinfo=UTC)}, "bad_time"),
        ({"at": -1}, "bad_time"),
        ({"at": 2.5}, "bad_time"),
        ({"lasts": "999999999d 24h"}, "bad_duration"),
        ({"lasts": 4}, "bad_duration"),
        ({"start": "soon"}, "bad_date"),
        ({"start": datetime(2026, 1, 5, tzinfo=UTC)}, "bad_date"),
        ({"rule": None}, "bad_rule"),
        ({"whole_days": 1}, "bad_whole_days"),
        ({"whole_days": True}, "bad_time"),
        ({"whole_days": True, "at": "00:00", "lasts": "36h"}, "bad_duration"),
    ],
)
def test_a_recurrence_that_cannot_be_is_refused(arguments: dict[str, Any], code: str) -> None:
    """Denser than daily, without a date to count from, without a length, or not readable."""
    with pytest.raises(CalendarError) as caught:
        Recurrence(**{"rule": "FREQ=DAILY", "at": "02:00", "lasts": "1h", **arguments})
    assert code in [fault.code for fault in caught.value.faults]
    assert all(fault.path and fault.hint for fault in caught.value.faults)


def test_all_that_is_wrong_with_a_recurrence_is_told_at_once() -> None:
    """Rule, time, length and start are all read, whatever is wrong with the others."""
    with pytest.raises(CalendarError) as caught:
        Recurrence("FREQ=HOURLY;BYDAY=9MO", at="26:00", lasts="soon", start="2026-02-30")
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("start", "bad_date"),
        ("rule", "too_dense"),
        ("rule", "bad_rule"),
        ("at", "bad_time"),
        ("lasts", "bad_duration"),
    ]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("FREQ=DAILY;COUNT=3;UNTIL=20260301", "COUNT and UNTIL are both given (give one of them)"),
        ("FREQ=SECONDLY", "a recurrence opens once a day at most, not FREQ=SECONDLY"),
        ("FREQ=MOSTLY", "FREQ=MOSTLY is not understood"),
        ("FREQ=DAILY;FREQ=WEEKLY", "FREQ is given twice (give it once)"),
        ("FREQ=DAILY;COUNT", "COUNT= is not understood (write COUNT=3)"),
        ("FREQ=DAILY;COUNT=0", "COUNT=0 is not understood"),
        ("FREQ=DAILY;COUNT=1,2", "COUNT=1,2 is not understood"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL=0 is not understood"),
        ("FREQ=DAILY;INTERVAL=99999999999999999999", "INTERVAL=99999999999999999999 is not understood"),
        ("FREQ=DAILY;INTERVAL=²", "is not understood (write INTERVAL=2)"),
        ("FREQ=MONTHLY;BYDAY=99MO", "BYDAY=99MO is not understood (write BYDAY=2SU)"),
        ("FREQ=YEARLY;BYMONTH=2;BYDAY=6MO", "BYDAY=6MO is not understood"),
        ("FREQ=WEEKLY;BYDAY=2MO", "BYDAY=2MO is not understood"),
        ("FREQ=WEEKLY;BYDAY=MO,", "BYDAY=MO, is not understood"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY=0 is not understood"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY=32 is not understood"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH=13 is not understood"),
        ("FREQ=YEARLY;BYYEARDAY=-367", "BYYEARDAY=-367 is not understood"),
        ("FREQ=YEARLY;BYEASTER=300", "BYEASTER=300 is not understood"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "BYSETPOS=0 is not understood"),
        ("FREQ=DAILY;WKST=2MO", "WKST=2MO is not understood"),
        ("FREQ=DAILY;UNTIL=2026", "UNTIL=2026 is not understood (write UNTIL=20261231)"),
        ("FREQ=DAILY;UNTIL=20260230", "UNTIL=20260230 is not understood"),
        ("FREQ=DAILY;BYHOUR=3", "'BYHOUR' is not understood (leave it out"),
        ("FREQ=DAILY;;", "is not understood"),
    ],
)
def test_a_part_that_means_nothing_is_a_fault(rule: str, told: str) -> None:
    """No part is passed over, none fails only when dates are asked for, and every fault says how to mend it."""
    with pytest.raises(CalendarError) as caught:
        Recurrence(rule, at="02:00", lasts="1h", start=date(2026, 1, 5))
    assert told in str(caught.value)
    assert all(fault.path == "rule" and fault.hint for fault in caught.value.faults)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1",
        "FREQ=DAILY;INTERVAL=99999",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4,6,9,11",
    ],
)
def test_a_rule_that_picks_no_date_is_no_endless_search(rule: str) -> None:
    """Where no date fits up to the year 2200 the calendar never opens, and says so."""
    never = Calendar({}, zone="UTC", recurring=[Recurrence(rule, at="02:00", lasts="1h", start="2026-01-05")])
    assert never.next_open(datetime.fromisoformat("2026-02-01T00:00Z")) is None


@pytest.mark.parametrize(
    ("rule", "start", "year", "expected"),
    [
        # https://www.rfc-editor.org/rfc/rfc5545#section-3.8.5.3, the examples of recurrence rules
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=SU", date(1997, 1, 1), 1999, "01-03 01-10 01-17 01-24 01-31"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", date(1997, 9, 2), 1997,
         "09-02 09-04 09-16 09-18 09-30 10-02 10-14 10-16"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", date(1997, 8, 5), 1997, "08-05 08-10 08-19 08-24"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", date(1997, 8, 5), 1997, "08-05 08-17 08-19 08-31"),
        ("FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", date(1997, 9, 7), 1998,
         "01-04 01-25 03-01 03-29 05-03 05-31"),
        ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", date(1997, 9, 22), 1998, "01-19 02-16"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", date(1997, 9, 28), 1997, "09-28 10-29 11-28 12-29"),
        ("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", date(1997, 1, 1), 2000, "01-01 04-09 07-18"),
        ("FREQ=YEARLY;BYDAY=20MO", date(1997, 5, 19), 1998, "05-18"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", date(1997, 5, 12), 1999, "05-17"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", date(1997, 9, 3), 1998, "02-13 03-13 11-13"),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", date(1996, 11, 5), 2004, "11-02"),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", date(1997, 9, 4), 1997, "09-04 10-07 11-06"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", date(1997, 9, 29), 1998,
         "01-29 02-26 03-30 04-29 05-28 06-29 07-30 08-28 09-29 10-29 11-27 12-30"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", date(2007, 1, 15), 2007, "01-15 01-30 02-15 03-15 03-30"),
        # Easter Monday: https://www.gov.uk/bank-holidays
        ("FREQ=YEARLY;BYEASTER=1", date(2020, 1, 1), 2026, "04-06"),
        # 2020 has 53 weeks, so that the first of them is the last but 52
        ("FREQ=WEEKLY;BYWEEKNO=-53;BYDAY=TU", date(2017, 12, 31), 2019, "12-31"),
    ],
)  # fmt: skip
def test_the_dates_of_a_rule(rule: str, start: date, year: int, expected: str) -> None:
    """The published examples of iCalendar, and some dates looked up."""
    often = Recurrence(rule, at="09:00", lasts="1h", start=start)
    found = often.days(date(year, 1, 1), date(year, 12, 31))
    assert [f"{date.fromordinal(day):%m-%d}" for day in found] == expected.split()


# Each fits some date in most years, as `dateutil` walks to the year 9999 where none fits any more.
ALIKE = (
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=DAILY;INTERVAL=2;BYDAY=MO,FR", "FREQ=DAILY;COUNT=40",
    "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU",
    "FREQ=WEEKLY;BYWEEKNO=1,20,52",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SA;UNTIL=20270315", "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=-1,15",
    "FREQ=MONTHLY;BYDAY=-1FR,2TU", "FREQ=MONTHLY;BYMONTH=1,2,7;BYDAY=3MO",
    "FREQ=MONTHLY;INTERVAL=2;BYDAY=MO,TU,WE;BYSETPOS=-1,2",
    "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=9", "FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=2", "FREQ=YEARLY;BYDAY=20MO,-1SU",
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU", "FREQ=YEARLY;BYWEEKNO=1,30;BYDAY=TH;WKST=TU",
    "FREQ=YEARLY;BYYEARDAY=1,100,-1",
    "FREQ=YEARLY;BYEASTER=-2,1,39", "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY;BYWEEKNO=53",
)  # fmt: skip


@pytest.mark.parametrize("rule", ALIKE)
def test_dates_are_those_of_dateutil(rule: str) -> None:
    """An independent reading of the same rule picks the same dates, from whatever date it counts."""
    low, high = date(2023, 1, 1), date(2031, 12, 31)
    for step in range(0, 400, 37):
        start = date(2023, 1, 2) + timedelta(days=step)
        walk = rrulestr(rule, dtstart=datetime(start.year, start.month, start.day))  # noqa: DTZ001  dates only
        theirs = takewhile(lambda day: day <= high.toordinal(), (found.toordinal() for found in walk))
        assert Recurrence(rule, at="09:00", lasts="1h", start=start).days(low, high) == tuple(theirs)


def test_whole_days_go_from_midnight_to_midnight() -> None:
    """Two days that hold a change of clocks are 47 hours open, not 48; the value reads back from repr and table."""
    often = Recurrence(
        "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SA", at="00:00", lasts="2d", start=date(2026, 1, 1), whole_days=True
    )
    calendar = Calendar({}, zone="Europe/Berlin", recurring=[often])
    assert calendar.open_time(Period.year(2026, zone="Europe/Berlin")) == timedelta(hours=47)
    assert starts(calendar, Period.year(2026, zone="Europe/Berlin")) == ["03-27 23:00"]
    assert eval(repr(often), {"Recurrence": Recurrence, "date": date}) == often  # noqa: S307  that it can be read back
    assert Calendar.from_data(calendar.to_data()) == calendar
    assert often.text == "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SA on whole days, for 2d from 2026-01-01"


def test_a_day_that_a_zone_left_out_holds_no_time() -> None:
    """Apia went from 29 to 31 December 2011: what recurs on every whole day is open throughout."""
    daily = Recurrence("FREQ=DAILY", at="00:00", lasts="1d", whole_days=True)
    calendar = Calendar({}, zone="Pacific/Apia", recurring=[daily])
    start, end = (datetime.fromisoformat(text) for text in ("2011-12-01T00:00Z", "2012-01-31T00:00Z"))
    assert calendar.elapsed(start, end) == end - start
    alone = Recurrence(
        "FREQ=DAILY;COUNT=1", at="00:00", lasts="1d", start=date(2011, 12, 30), whole_days=True
    )
    assert not Calendar({}, zone="Pacific/Apia", recurring=[alone]).spans(start, end)


def test_weeks_of_school_holidays_run_into_the_next_year() -> None:
    """An occurrence of many weeks is open in the year after, also when that is asked for first, and closes there."""
    often = Recurrence(
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20",
        at="00:00",
        lasts="42d",
        start=date(2020, 1, 1),
        whole_days=True,
    )
    calendar = Calendar({}, zone="Europe/Berlin", recurring=[often])
    assert calendar.is_open(datetime.fromisoformat("2027-01-30T22:59Z"))
    assert not calendar.is_open(datetime.fromisoformat("2027-01-30T23:00Z"))
    low, high = (datetime.fromisoformat(text) for text in ("2027-01-15T00:00Z", "2027-02-15T00:00Z"))
    closing = micros_of(datetime.fromisoformat("2027-01-30T23:00Z"))
    assert calendar.closings(micros_of(low), micros_of(high)) == (closing,)
