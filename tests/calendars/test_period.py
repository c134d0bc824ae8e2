"""Months, quarters, weeks and years in a zone."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.calendars import Period
from itilkit.calendars.period import Unit
from itilkit.errors import CalendarError, InstantError

ZONES = ("UTC", "Europe/London", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia")
UNITS: tuple[Unit, ...] = ("day", "week", "month", "quarter", "year")


@pytest.mark.parametrize(
    ("period", "start", "end", "label"),
    [
        (Period.month(2026, 3, zone="Europe/London"), "2026-03-01T00:00Z", "2026-03-31T23:00Z", "2026-03"),
        (Period.month(2026, 12, zone="UTC"), "2026-12-01T00:00Z", "2027-01-01T00:00Z", "2026-12"),
        (Period.quarter(2026, 1, zone="Asia/Tokyo"), "2025-12-31T15:00Z", "2026-03-31T15:00Z", "2026-Q1"),
        (Period.quarter(2026, 4, zone="UTC"), "2026-10-01T00:00Z", "2027-01-01T00:00Z", "2026-Q4"),
        (Period.week(2026, 53, zone="UTC"), "2026-12-28T00:00Z", "2027-01-04T00:00Z", "2026-W53"),
        (Period.year(2024, zone="America/New_York"), "2024-01-01T05:00Z", "2025-01-01T05:00Z", "2024"),
        (
            Period.day(date(2026, 3, 29), zone="Europe/Berlin"),
            "2026-03-28T23:00Z",
            "2026-03-29T22:00Z",
            "2026-03-29",
        ),
    ],
    ids=str,
)
def test_a_period_runs_from_local_midnight_to_local_midnight(
    period: Period, start: str, end: str, label: str
) -> None:
    """Start and end are the first instants of local dates, the label names the period."""
    assert (period.start, period.end) == (datetime.fromisoformat(start), datetime.fromisoformat(end))
    assert period.label == str(period) == label


def test_a_date_that_a_zone_skipped_is_an_empty_period() -> None:
    """Samoa had no 30 December 2011."""
    assert Period.day(date(2011, 12, 30), zone="Pacific/Apia").duration == timedelta()


@given(
    st.datetimes(
        datetime(1950, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
        datetime(2100, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from(ZONES).map(ZoneInfo),
    ),
    st.sampled_from(UNITS),
    st.sampled_from(ZONES),
)
def test_every_instant_lies_in_its_period(instant: datetime, unit: Unit, zone: str) -> None:
    """`of` gives a period that holds the instant, and the one after it begins where it ends."""
    period = Period.of(unit, instant, zone=zone)
    assert instant in period
    assert period.next().start == period.end
    assert period.start.astimezone(ZoneInfo(zone)).strftime("%H:%M") == "00:00"


def test_month_of_follows_the_zone() -> None:
    """Half past eleven in the evening of 31 March, UTC, is April in London."""
    late = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    assert Period.month_of(late, zone="Europe/London") == Period.month(2026, 4, zone="Europe/London")
    assert Period.month_of(late, zone="UTC").label == "2026-03"


def test_each_gives_whole_periods_in_order() -> None:
    """Weeks that share any time with the span are given, touching, first to last."""
    start, end = datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 3, 16, 1, tzinfo=UTC)
    weeks = Period.each("week", start, end, zone="UTC")
    assert [week.label for week in weeks] == ["2026-W10", "2026-W11", "2026-W12"]
    assert [week.end for week in weeks[:-1]] == [week.start for week in weeks[1:]]
    assert Period.each("week", end, start, zone="UTC") == ()


def test_between_names_its_ends_unless_told_otherwise() -> None:
    """A stretch of its own has a label, a duration, and a next stretch that is as long."""
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
    assert Period.between(start, end).label == "2026-03-01T00:00Z/2026-03-03T00:00Z"
    assert Period.between(start, end, label="trial").label == "trial"
    assert Period.between(start, end).next() == Period.between(end, datetime(2026, 3, 5, tzinfo=UTC))


def test_a_period_is_half_open() -> None:
    """The start belongs to it, the end does not."""
    march = Period.month(2026, 3, zone="UTC")
    assert march.start in march
    assert march.end not in march


def test_a_period_is_a_value() -> None:
    """Equal by value, sortable, picklable."""
    march = Period.month(2026, 3, zone="UTC")
    assert pickle.loads(pickle.dumps(march)) == march  # noqa: S301
    assert sorted([march.next(), march]) == [march, march.next()]
    assert len({march, Period.month(2026, 3, zone="UTC")}) == 1


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Period.month(2026, 13, zone="UTC"), "no such month"),
        (lambda: Period.week(2025, 53, zone="UTC"), "no such week"),
        (lambda: Period.year(0, zone="UTC"), "no such year"),
        (lambda: Period.month(2026, 1, zone="Europe/Lodnon"), "Europe/London"),
        (lambda: Period.of("mounth", datetime(2026, 1, 1, tzinfo=UTC), zone="UTC"), "did you mean month"),  # type: ignore[arg-type]  # the mistake under test
    ],
)
def test_what_is_no_period_is_an_error(make: object, told: str) -> None:
    """A month 13, a week 53 that the year has not, an unknown zone or unit say what is wrong."""
    with pytest.raises(CalendarError, match=told):
        make()  # type: ignore[operator]  # the table holds functions of different types


def test_a_period_cannot_run_backward() -> None:
    """An end before the start is refused."""
    with pytest.raises(InstantError, match="cannot end"):
        Period.between(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
