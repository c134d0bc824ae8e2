"""Where values lie, and what axes are labelled with."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.plots.scales import LogTime, Slots, date_ticks
from itilkit.plots.words import left_out_words, share_words
from itilkit.svg import text_width

DAY = timedelta(days=1)


def days(first: date, step: int, count: int) -> list[date]:
    """So many dates, evenly spaced."""
    return [first + number * step * DAY for number in range(count)]


def months(year: int, count: int) -> list[date]:
    """The first days of so many months."""
    return [date(year + number // 12, number % 12 + 1, 1) for number in range(count)]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        pytest.param(
            days(date(2026, 3, 30), 1, 4), ["30 Mar 2026", "31 Mar", "1 Apr", "2 Apr"], id="four days"
        ),
        pytest.param(
            days(date(2025, 12, 29), 7, 3), ["29 Dec 2025", "5 Jan 2026", "12 Jan"], id="three weeks"
        ),
        pytest.param(
            days(date(2026, 1, 5), 7, 26),
            ["Jan 2026", "Feb", "Mar", "Apr", "May", "Jun"],
            id="half a year of weeks",
        ),
        pytest.param(
            days(date(2016, 2, 29), 7, 13),
            ["Mar 2016", "Apr", "May"],
            id="a first week in another month is too near",
        ),
        pytest.param(
            months(2025, 24), ["Jan 2025", "Apr", "Jul", "Oct", "Jan 2026"], id="two years of months"
        ),
        pytest.param(months(2000, 240), ["2000", "2005", "2010", "2015"], id="twenty years of months"),
        pytest.param([date(year, 1, 1) for year in (2024, 2025, 2026)], ["2024", "2025", "2026"], id="years"),
        pytest.param([date(2026, 3, 1)], ["1 Mar 2026"], id="one period"),
        pytest.param([], [], id="none"),
    ],
)
def test_labels_of_periods(dates: list[date], expected: list[str]) -> None:
    """Days where they span weeks, else months or years; the year where a new one begins."""
    found = [f"{name} {year}".rstrip() for _, name, year in date_ticks(dates, Slots(len(dates), 30, 290))]
    assert found[: len(expected)] == expected or found == expected
    assert bool(found) == bool(dates)


@given(
    first=st.dates(date(1990, 1, 1), date(2050, 1, 1)),
    step=st.sampled_from([1, 7, 30, 91, 365]),
    count=st.integers(1, 400),
    width=st.integers(120, 1600),
)
def test_no_two_labels_meet(first: date, step: int, count: int, width: int) -> None:
    """There is at least one label, and none lies on another one."""
    slots = Slots(count, 30, 30 + width)
    found = date_ticks(days(first, step, count), slots)
    assert found
    for (early, one, _), (late, other, _) in pairwise(found):
        assert slots.x(late) - slots.x(early) >= (text_width(one, 12) + text_width(other, 12)) / 2


def test_where_no_year_fits_the_first_one_stands() -> None:
    """Four decades without a round year in a corner of the sheet still have a label."""
    years = [date(year, 1, 1) for year in range(1901, 1950)]
    assert date_ticks(years, Slots(len(years), 0, 80)) == [(0, "1901", "")]


@given(seconds=st.floats(0, 1e10), low=st.floats(0.1, 3600), far=st.floats(2, 1e6))
def test_durations_lie_between_the_ends(seconds: float, low: float, far: float) -> None:
    """What is shorter or longer than the scale lies at its edge; longer is never further left."""
    scale = LogTime(low, low * far, 40, 340)
    assert 40 <= scale.x(seconds) <= 340 + 1e-9
    assert scale.x(seconds) <= scale.x(seconds * 2 + 1) + 1e-9


@given(low=st.floats(0.1, 3600), far=st.floats(2, 1e7))
def test_labels_of_durations_do_not_meet(low: float, far: float) -> None:
    """Labels are sorted and apart."""
    found = LogTime(low, low * far, 40, 340).ticks()
    for (x, one), (beyond, other) in pairwise(found):
        assert beyond - x >= (text_width(one, 12) + text_width(other, 12)) / 2


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (0.0004, "under 0.1 %"),
        (0.00997, "1 %"),
        (0.005, "0.5 %"),
        (0.0983, "10 %"),
        (0.5, "50 %"),
        (0.991, "99.1 %"),
        (0.9999, "over 99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_shares_in_words(share: float, words: str) -> None:
    """What is not all never reads as 100 %, and what is not nothing never as 0 %."""
    assert share_words(share) == words


def test_left_out_words_tell_what_counts() -> None:
    """Reasons without an incident are not told."""
    assert left_out_words({"duplicate": 2, "open": 0}) == "Left out: 2 duplicate."
    assert left_out_words({"open": 0}) == ""
