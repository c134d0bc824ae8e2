"""Figures in words: nothing rounds up to all, nothing undefined reads as zero."""

from __future__ import annotations

from datetime import timedelta

import pytest

from itilkit.calendars import Calendar
from itilkit.kpi import Measure
from itilkit.report.words import count, duration, figure, left_out, plain, promise, rate, share
from itilkit.sla import Goal, WorkingDays


def measure(value: timedelta | float | None, *, n: int = 4, unit: str = "ratio", **left: int) -> Measure:
    """A figure with what it left out."""
    return Measure("kpi", "share", value, unit, n, left, "reading", "opened", parts={"counted": 1})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (timedelta(0), "0 min"),
        (timedelta(milliseconds=1), "0 min"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(days=1, seconds=59), "1 d"),
        (timedelta(days=4, minutes=5), "4 d 0 h 5 min"),
        (timedelta(days=6, hours=21, minutes=24, seconds=31), "6 d 21 h 24 min"),
        (timedelta(days=1234, hours=2), "1,234 d 2 h"),
        (timedelta(minutes=-90), "-1 h 30 min"),
    ],
)
def test_durations_are_cut_to_the_minute(value: timedelta, words: str) -> None:
    """Days, hours and minutes; zeros inside stay, zeros at the end go."""
    assert duration(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "0.0 %"), (1e-9, "under 0.1 %"), (0.5, "50.0 %"), (1 - 1e-9, "over 99.9 %"), (1.0, "100.0 %")],
)
def test_shares_never_claim_all_or_nothing_falsely(value: float, words: str) -> None:
    """One breach in a million is not 100 %."""
    assert share(value) == words


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (measure(0.25), "25.0 %"),
        (measure(timedelta(hours=2), unit="duration"), "2 h"),
        (measure(7, unit="incidents"), "7"),
        (measure(0.5, unit="group changes per incident"), "0.50"),
        (measure(None, n=0, open=3), "-"),
        (measure(None, n=0, not_recorded=3), "not recorded"),
        (measure(None, n=3), "too few"),
    ],
)
def test_a_figure_without_a_value_says_why(made: Measure, words: str) -> None:
    """Undefined is a dash, too few to tell, or not recorded; never a zero."""
    assert figure(made) == words


def test_a_rate_shows_what_it_was_made_of() -> None:
    """A percentage comes with its counts; one without a base is no percentage."""
    assert rate(measure(0.25)) == "25.0 % (1 of 4)"
    assert rate(measure(None, n=0)) == "-"


def test_left_out_names_every_reason() -> None:
    """Each reason with its count; incidents not opened yet are told once for the whole report."""
    assert left_out(measure(1.0)) == "none"
    assert (
        left_out(measure(1.0, missing=2, open=3, not_opened=9))
        == "2 without the fact in the log, 3 still open"
    )


def test_promises_are_told_in_open_hours() -> None:
    """24 open hours are not called a day, and working days are."""
    office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC", name="main_office")
    assert promise(Goal(timedelta(hours=24), office)) == "24 h (main office)"
    assert promise(Goal(timedelta(minutes=90), office)) == "1 h 30 min (main office)"
    assert promise(Goal(timedelta(seconds=30), office)) == "30 s (main office)"
    assert promise(Goal(WorkingDays(5), Calendar.round_the_clock("UTC"))).startswith("5 working days")


def test_signs_that_act_are_made_visible() -> None:
    """A terminal sees neither a new line nor an escape sequence from a log."""
    assert plain("a\nb\x1b[0m\u202eé") == "a\\nb\\x1b[0m\\u202eé"


def test_counts_have_their_noun() -> None:
    """One incident, two incidents."""
    assert [count(n, "incident") for n in (0, 1, 2)] == ["0 incidents", "1 incident", "2 incidents"]
