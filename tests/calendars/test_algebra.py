"""Calendars made of calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from itilkit.calendars import Calendar, Period, Recurrence
from itilkit.errors import CalendarError
from itilkit.spans import micros_of

LONDON = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London", name="London")
NEW_YORK = Calendar({"mon-fri": "09:00-17:00"}, zone="America/New_York", name="New York")
SINGAPORE = Calendar({"mon-fri": "09:00-18:00"}, zone="Asia/Singapore", name="Singapore")
OFTEN = Recurrence("FREQ=MONTHLY;BYDAY=2WE", at="16:00", lasts="4h")
MAINTENANCE = Calendar({}, zone="Europe/London", recurring=[OFTEN], name="maintenance")
SUN = (LONDON | NEW_YORK | SINGAPORE) - MAINTENANCE


def utc(text: str) -> datetime:
    """An instant of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-03-04T02:00", "open until 22:00 (Singapore)"),
        ("2026-03-04T09:30", "open until 22:00 (London, Singapore)"),
        ("2026-03-04T15:00", "open until 22:00 (London, New York)"),
        ("2026-03-04T22:00", "closed: London: outside Mon-Fri 09:00-17:30; New York: outside Mon-Fri 09:00-17:00; "
         "Singapore: outside Mon-Fri 09:00-18:00"),
        ("2026-03-11T15:00", "open until 16:00 (London, New York)"),
        ("2026-03-11T16:00", "closed: maintenance until 20:00"),
        ("2026-03-11T20:00", "open until 21:00 (New York)"),
    ],
)  # fmt: skip
def test_why_tells_who_is_open(moment: str, told: str) -> None:
    """Three desks less a maintenance window, told in the zone of the first."""
    assert SUN.why(utc(moment)) == told


def test_a_joined_calendar_answers_like_any_other() -> None:
    """Deadlines and open time run over the desks of three zones."""
    assert SUN.add(utc("2026-03-11T15:00"), timedelta(hours=2)) == utc("2026-03-11T21:00")
    assert SUN.elapsed(utc("2026-03-11T00:00"), utc("2026-03-12T00:00")) == timedelta(hours=16)
    assert SUN.zone == "Europe/London"


def test_joining_is_flat_and_keeps_each_part_once() -> None:
    """However it is bracketed, a union of the same parts in the same order is one value."""
    assert (LONDON | NEW_YORK) | SINGAPORE == LONDON | (NEW_YORK | SINGAPORE | LONDON)
    assert LONDON.except_when([NEW_YORK, SINGAPORE, NEW_YORK]) == (LONDON - NEW_YORK) - SINGAPORE
    assert hash(LONDON & NEW_YORK) == hash(LONDON & NEW_YORK)
    with pytest.raises(CalendarError, match="no calendar"):
        Calendar.any_of([])


def test_working_dates_of_a_union_in_one_zone_are_those_of_its_parts() -> None:
    """A day desk and a night desk: the date closes when the last shift that opened on it does."""
    day = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
    night = Calendar({"mon-thu": "22:00-06:00"}, zone="UTC")
    both = day | night
    assert both.end_of_working_day(utc("2026-03-02T12:00"), 1) == utc("2026-03-04T06:00")
    assert both.end_of_working_day(utc("2026-03-05T12:00"), 1) == utc("2026-03-06T17:00")


def test_working_dates_across_zones_are_cut_at_midnight() -> None:
    """Without one zone there is no date of opening, so a date closes at midnight at the latest."""
    far = LONDON | Calendar({"mon-fri": "09:00-18:00"}, zone="America/Los_Angeles")
    assert far.end_of_working_day(utc("2026-03-02T12:00"), 1, "opening_day") == utc("2026-03-03T00:00")
    assert SUN.end_of_working_day(utc("2026-03-06T12:00"), 1) == utc("2026-03-09T21:00")


def test_working_dates_of_what_is_left_are_those_of_the_first() -> None:
    """A difference and an intersection keep the first part's dates, with what is left of their shifts."""
    late = Calendar({"mon-fri": "17:00-19:00"}, zone="Europe/London")
    assert (LONDON - late).end_of_working_day(utc("2026-03-02T12:00"), 1) == utc("2026-03-03T17:00")
    noon = Calendar({"mon-sun": "11:00-13:00"}, zone="Europe/London")
    assert (LONDON & noon).end_of_working_day(utc("2026-03-02T12:00"), 1) == utc("2026-03-03T13:00")
    assert (LONDON & noon).closings(0, 0) == ()
    picky = Calendar({"mon-sun": "09:00-17:00"}, zone="UTC", working_days="mon-fri")
    assert (picky - late).working_days_between(date(2026, 3, 2), date(2026, 3, 9)) == 5
    assert (picky & picky.named("x")).working_days_between(date(2026, 3, 2), date(2026, 3, 9)) == 5


def test_night_shifts_run_over_new_year_in_every_combination() -> None:
    """The part of a shift after the turn of the year is there, whichever year is asked first."""
    night = Calendar({"mon-sun": "22:00-06:00"}, zone="UTC")
    morning, edge = utc("2027-01-01T05:00"), utc("2027-01-01T06:00")
    never = Calendar.never("UTC")
    for calendar in (
        night,
        night | never,
        night & ~never,
        night - never,
        night.changing({"2026-12-31": night.named("x")}),
    ):
        assert calendar.next_close(morning) == edge
        assert calendar.end_of_working_day(utc("2026-12-31T12:00"), 1, "opening_day") == edge
        assert calendar.working_days_between(date(2026, 12, 31), date(2027, 1, 2)) == 2


def test_hours_that_change_on_a_date_change_there() -> None:
    """A shift belongs to the hours in force where it opens, also after midnight of the change."""
    old = Calendar({"mon-sun": "22:00-06:00"}, zone="UTC")
    new = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC", special_hours={"2026-07-03": "10:00-11:00"})
    desk = old.changing({date(2026, 7, 1): new, date(2026, 9, 1): old})
    assert desk.next_close(utc("2026-07-01T03:00")) == utc("2026-07-01T06:00")
    assert desk.next_open(utc("2026-07-01T06:00")) == utc("2026-07-01T09:00")
    assert not desk.is_open(utc("2026-07-01T23:00"))
    assert desk.is_open(utc("2026-09-01T23:00"))
    assert desk.why(utc("2026-07-03T10:30")) == "open until 11:00 (special hours of 2026-07-03)"
    assert desk.open_time(Period.month(2027, 1, zone="UTC")) == old.open_time(
        Period.month(2027, 1, zone="UTC")
    )
    assert desk.working_days_between(date(2026, 6, 29), date(2026, 7, 6)) == 5


def test_changes_keep_to_one_zone_and_to_dates() -> None:
    """Another zone or a date that is none is a fault each."""
    with pytest.raises(CalendarError) as caught:
        LONDON.changing({"2026-07-01": NEW_YORK, "2026-02-30": LONDON})
    assert [fault.code for fault in caught.value.faults] == ["zone_changes", "bad_date"]


def test_the_reprs_read_like_the_expressions() -> None:
    """Names are kept, so that a combination can be read."""
    never = Calendar.never("UTC")
    assert repr(never | never.named("")) == "(Calendar({}, zone='UTC', name='never'))"
    assert repr((LONDON & NEW_YORK).named("both")).endswith("name='New York')).named('both')")


NIGHT = Calendar({"sun-thu": "22:00-06:00"}, zone="UTC")
LONG = Calendar(
    {}, zone="UTC", recurring=[Recurrence("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20", at="08:00", lasts="40d")]
)
ALWAYS, NEVER = Calendar.round_the_clock(), Calendar.never("UTC")


@pytest.mark.parametrize(
    ("calendar", "closing"),
    [
        (NIGHT | NEVER, "2026-01-01T06:00Z"),
        (NIGHT & ALWAYS, "2026-01-01T06:00Z"),
        (NIGHT - NEVER, "2026-01-01T06:00Z"),
        (NIGHT.changing({"2025-06-01": NIGHT - NEVER}), "2026-01-01T06:00Z"),
        (LONG | NEVER, "2026-01-29T08:00Z"),
        (LONG & ALWAYS, "2026-01-29T08:00Z"),
        (LONG - NEVER, "2026-01-29T08:00Z"),
        (NEVER.changing({"2025-12-01": LONG}), "2026-01-29T08:00Z"),
    ],
)
def test_what_opened_in_the_old_year_closes_in_the_new(calendar: Calendar, closing: str) -> None:
    """A shift over the turn of the year, of a night or of weeks, closes in January, however calendars are joined."""
    new_year, end = datetime(2026, 1, 1, 0, 30, tzinfo=UTC), datetime.fromisoformat(closing)
    assert calendar.is_open(new_year)
    assert calendar.next_close(new_year) == end
    found = calendar.closings(micros_of(end - timedelta(hours=1)), micros_of(end + timedelta(hours=1)))
    assert found == (micros_of(end),)
