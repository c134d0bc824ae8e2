"""Amounts of time as tables and policies write them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.lifecycle.amounts import amount_text, read_amount


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("4h", 14_400), ("1h 30m", 5_400), ("1h30m", 5_400), ("45m", 2_700), ("90s", 90), ("1h 1s", 3_601),
     ("2 h 5 m", 7_500), ("0h 5m", 300), ("0m", 0), ("0.25s", 0.25), ("1m 0.000001s", 60.000001),
     ("1000000h", 3_600_000_000)],
)  # fmt: skip
def test_what_is_read(text: str, seconds: float) -> None:
    """Hours, minutes and seconds, in that order."""
    assert read_amount(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["", " ", "4", "h", "4 hrs", "30 min", "4H", "-4h", "+4h", "1.5h", "30m 4h", "4h!", "four hours", "PT4H", "1h,30m",
     "3d", "1 day", "99999999999h", "9" * 5000 + "h", "\u0664h", "4h\n", "1.1234567s", "1h 1h"],
)  # fmt: skip
def test_what_is_none(text: str) -> None:
    """Other units, signs, orders and digits, and what no timedelta can hold."""
    assert read_amount(text) is None


@pytest.mark.parametrize(
    ("text", "within"), [("59m", True), ("60m", False), ("1h", False), ("0h 59m 59.999999s", True)]
)
def test_what_is_too_long(text: str, within: bool) -> None:
    """An amount as long as the bound is none any more."""
    assert (read_amount(text, below=timedelta(hours=1)) is not None) == within


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (timedelta(hours=4), "4h"),
        (timedelta(minutes=90), "1h 30m"),
        (timedelta(days=3, seconds=1), "72h 1s"),
        (timedelta(seconds=61, microseconds=500), "1m 1.0005s"),
        (timedelta(0), "0m"),
    ],
)
def test_what_is_written(time: timedelta, text: str) -> None:
    """The shortest words."""
    assert amount_text(time) == text


@given(st.timedeltas(timedelta(0), timedelta.max))
def test_what_is_written_is_read(time: timedelta) -> None:
    """Every amount has its words."""
    assert read_amount(amount_text(time)) == time
