"""Public holidays: which dates, which names, and the years that are known."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime, timedelta

import pytest

from itilkit.calendars import Calendar, Period, PublicHolidays
from itilkit.calendars import public_holidays as room
from itilkit.errors import CalendarError


def test_the_dates_of_a_year() -> None:
    """England's eight days of 2026, by name; Scotland has other ones."""
    names = PublicHolidays("GB-ENG").of(2026)
    assert [date.fromordinal(day).isoformat() for day in sorted(names)] == [
        "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25",
        "2026-12-26", "2026-12-28",
    ]  # fmt: skip
    assert date(2026, 11, 30).toordinal() in PublicHolidays("GB-SCT").of(2026)


def test_days_in_lieu_may_be_left_out() -> None:
    """Without observed days Boxing Day 2026 stays on its Saturday."""
    assert date(2026, 12, 28).toordinal() not in PublicHolidays("GB-ENG", observed=False).of(2026)


def test_names_come_in_the_language_that_is_asked_for() -> None:
    """The country's own language unless another one is given; never the environment's."""
    new_year = date(2026, 1, 1).toordinal()
    assert PublicHolidays("DE").of(2026)[new_year] == "Neujahr"
    assert PublicHolidays("DE", language="en_US").of(2026)[new_year] == "New Year's Day"


def test_several_countries_are_joined() -> None:
    """A date that is a holiday of either is closed, and both are named where both have it."""
    both = Calendar({"mon-sun": "00:00-24:00"}, zone="UTC", public_holidays=["DE", "GB-ENG"])
    assert both.why(datetime(2026, 10, 3, 12, tzinfo=UTC)).endswith("(holiday DE)")
    assert both.why(datetime(2026, 8, 31, 12, tzinfo=UTC)).endswith("(holiday GB-ENG)")
    assert both.why(datetime(2026, 12, 25, 12, tzinfo=UTC)).count("holiday") == 2


def test_a_year_that_is_not_known_is_an_error_that_names_the_range() -> None:
    """No question reaches over the end of what is known in silence."""
    desk = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC", public_holidays="GB-ENG")
    first, last = PublicHolidays("GB-ENG").years()
    edge = datetime(last + 1, 1, 1, tzinfo=UTC)
    assert desk.elapsed(edge - timedelta(days=31), edge) > timedelta()
    for question in (
        lambda: desk.elapsed(edge - timedelta(days=1), edge + timedelta(microseconds=1)),
        lambda: desk.add(edge - timedelta(days=1), timedelta(days=30)),
        lambda: desk.next_open(edge),
        lambda: desk.end_of_working_day(edge - timedelta(days=1), 3),
    ):
        with pytest.raises(CalendarError, match=f"from {first} to {last}, not for {last + 1}"):
            question()


def test_beyond_the_range_no_holidays_may_be_asked_for_and_why_says_so() -> None:
    """With beyond="no_holidays" the years after are answered, and told to be unknown."""
    loose = PublicHolidays("GB-ENG", beyond="no_holidays")
    desk = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC", public_holidays=[loose])
    christmas = datetime(2126, 12, 25, 10, tzinfo=UTC)
    assert desk.is_open(christmas)
    assert desk.why(christmas) == "open until 17:00 (public holidays GB-ENG are not known for 2126)"
    assert desk.why(christmas.replace(hour=20)).endswith("(public holidays GB-ENG are not known for 2126)")


def test_hours_that_never_meet_a_holiday_need_none() -> None:
    """Where only special hours open, no holiday is looked up, in whatever year."""
    once = Calendar({}, zone="UTC", public_holidays="GB-ENG", special_hours={"2150-01-01": "09:00-10:00"})
    assert once.open_time(Period.year(2150, zone="UTC")) == timedelta(hours=1)


def test_asking_for_a_date_does_not_change_what_is_known() -> None:
    """The set of a year is frozen, and the same object every time."""
    spec = PublicHolidays("FR")
    assert spec.of(2026) is spec.of(2026)
    with pytest.raises(TypeError):
        spec.of(2026)[1] = "no"  # type: ignore[index]  # the mistake under test


def test_a_warning_of_the_package_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the holidays package warns of when it makes a year is not passed over."""

    class Doubtful:
        start_year, end_year, default_language = 1900, 2100, None

        def __call__(self, **_options: object) -> dict[date, str]:
            warnings.warn("estimated", UserWarning, stacklevel=2)
            return {}

    monkeypatch.setattr(room, "_entity", lambda _country: Doubtful())
    with pytest.raises(CalendarError, match="public holidays XX of 2026: estimated"):
        PublicHolidays("XX").of(2026)


def test_the_repr_says_what_is_unusual() -> None:
    """Only what differs from the usual is shown."""
    assert repr(PublicHolidays("GB")) == "PublicHolidays('GB')"
    assert repr(PublicHolidays("US-CA", categories="government", beyond="no_holidays")) == (
        "PublicHolidays('US-CA', categories=('government',), beyond='no_holidays')"
    )
