"""What a notebook shows of a calendar."""

from __future__ import annotations

from datetime import date

import pytest

from itilkit.calendars import Calendar, Recurrence
from itilkit.errors import CalendarError

DESK = Calendar(
    {"mon-fri": ["09:00-12:30", "13:30-17:30"], "sat": "22:00-06:00"},
    zone="Europe/London",
    public_holidays="GB-ENG",
    closed={"2026-12-31": "Stock & <taking>", "2026-12-30": ""},
    special_hours={"2026-12-24": "09:00-12:00", "2026-12-29": []},
    recurring=[Recurrence("FREQ=MONTHLY;BYDAY=2SU", at="02:00", lasts="4h")],
    name="Desk",
)


def test_the_week_is_drawn_and_what_is_written_down_is_listed() -> None:
    """Without a date: seven rows, a bar a window, the exceptions in order, everything escaped."""
    page = DESK._repr_html_()
    assert page.count("<tr>") == 7
    assert page.count("background:#2a6f97") == 5 * 2 + 1
    assert "Desk, Europe/London" in page
    assert "<td>closed</td>" in page
    assert "FREQ=MONTHLY;BYDAY=2SU at 02:00 for 4h" in page
    lines = ["closed on public holidays GB-ENG", "Thu 2026-12-24: special hours 09:00-12:00",
             "Tue 2026-12-29: special hours: none", "Wed 2026-12-30: closed",
             "Thu 2026-12-31: Stock &amp; &lt;taking&gt;"]  # fmt: skip
    places = [page.index(line) for line in lines]
    assert places == sorted(places)


def test_what_is_coming_is_told_from_a_date() -> None:
    """With a date: special hours, closed dates and holidays of the days after it, by name."""
    page = DESK.to_html(on=date(2026, 12, 24), days=10)
    for line in (
        "Thu 2026-12-24: special hours 09:00-12:00",
        "Fri 2026-12-25: Christmas Day (holiday GB-ENG)",
        "Fri 2027-01-01",
    ):
        assert line in page
    assert "2027-04" not in page
    with pytest.raises(CalendarError):
        DESK.to_html(on=date(2100, 12, 31), days=2)


def test_a_combination_is_shown_as_its_expression() -> None:
    """A calendar of calendars has no single week; its expression is escaped."""
    assert "<pre>(Calendar(" in (DESK - Calendar.never("UTC"))._repr_html_()
    assert "<ul>" not in Calendar({"mon": "09:00-17:00"}, zone="UTC")._repr_html_()
