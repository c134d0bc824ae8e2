"""Calendars as tables of a policy file."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest

from itilkit.calendars import Calendar, Period, PublicHolidays, Recurrence, calendars_from_data
from itilkit.errors import CalendarError

DESK = """
[office]
weekly = { mon-fri = ["09:00-12:30", "13:30-17:30"] }
public_holidays = ["GB-ENG"]
closed = { 2026-12-31 = "Stocktaking" }
special_hours = { 2026-12-24 = ["09:00-12:00"] }
working_days = "mon-fri"
[follow_the_sun]
open_when_any = ["office", "singapore"]
except_when = ["maintenance"]
[singapore]
zone = "Asia/Singapore"
weekly = { mon-fri = ["09:00-18:00"] }
[maintenance]
recurring = [ { rule = "FREQ=MONTHLY;BYDAY=2SU", at = "02:00", lasts = "4h" } ]
[changing]
weekly = { mon = "09:00-17:00" }
changes = { 2026-07-01 = "office" }
[always_but]
open_when_any = ["round_the_clock"]
except_when = ["maintenance"]
"""


def desk() -> dict[str, Calendar]:
    """The calendars of the design's policy file."""
    return calendars_from_data(tomllib.loads(DESK), zone="Europe/London")


def test_a_policy_file_gives_the_calendars_it_describes() -> None:
    """Tables in any order, by name, equal what the constructor and the algebra make."""
    found = desk()
    office = Calendar(
        {"mon-fri": ["09:00-12:30", "13:30-17:30"]},
        zone="Europe/London",
        public_holidays=[PublicHolidays("GB-ENG")],
        closed={date(2026, 12, 31): "Stocktaking"},
        special_hours={date(2026, 12, 24): "09:00-12:00"},
        working_days=["mon-fri"],
    )
    singapore = Calendar({"mon-fri": "09:00-18:00"}, zone="Asia/Singapore")
    often = Recurrence("FREQ=MONTHLY;BYDAY=2SU", at="02:00", lasts=timedelta(hours=4))
    maintenance = Calendar({}, zone="Europe/London", recurring=[often])
    assert list(found) == list(tomllib.loads(DESK))
    assert [found[name].name for name in found] == list(found)
    assert found["office"] == office
    assert found["follow_the_sun"] == (office | singapore) - maintenance
    assert found["changing"] == Calendar({"mon": "09:00-17:00"}, zone="Europe/London").changing(
        {date(2026, 7, 1): office}
    )
    assert found["always_but"].open_time(Period.month(2026, 3, zone="Europe/London")) == timedelta(
        hours=743 - 4
    )


@pytest.mark.parametrize("name", list(tomllib.loads(DESK)))
def test_a_calendar_goes_to_data_and_back(name: str) -> None:
    """`to_data` gives a table that reads back into an equal calendar."""
    found = desk()
    again = Calendar.from_data(found[name].to_data(), zone="Europe/London", calendars=found)
    assert again == found[name]


def test_holidays_with_options_go_to_data_and_back() -> None:
    """What is unusual about holidays stands in a table of its own."""
    spec = PublicHolidays(
        "US", categories=["government"], language="th", observed=False, beyond="no_holidays"
    )
    anchored = Recurrence("FREQ=WEEKLY;INTERVAL=2", at="02:00", lasts="4h", start=date(2026, 1, 5))
    calendar = Calendar(
        {"mon": "09:00-17:00"}, zone="UTC", public_holidays=["GB", spec], recurring=[anchored]
    )
    data = calendar.to_data()
    assert data["public_holidays"] == [
        "GB",
        {
            "code": "US",
            "categories": ["government"],
            "language": "th",
            "observed": False,
            "beyond": "no_holidays",
        },
    ]
    assert Calendar.from_data(data) == calendar
    assert Calendar.from_data(Calendar.never("UTC").to_data()) == Calendar.never("UTC")


def test_what_no_table_expresses_says_so() -> None:
    """A part without a name, and a combination that tables do not know, are errors with a way out."""
    found = desk()
    with pytest.raises(CalendarError, match="no name"):
        (found["office"] | Calendar.never("UTC").named("")).to_data()
    with pytest.raises(CalendarError, match="no table"):
        (found["office"] & found["singapore"]).to_data()


@pytest.mark.parametrize(
    ("table", "paths"),
    [
        ({}, ["weekly"]),
        ({"weekly": {"mon-fry": "9-17"}}, ["weekly.mon-fry", "weekly.mon-fry", "weekly.mon-fry", "zone"]),
        ({"weekly": {}, "zone": "UTC", "holidays": []}, ["holidays"]),
        ({"open_when_any": ["offce"], "zone": "UTC"}, ["zone", "open_when_any[0]", "open_when_any"]),
        ({"open_when_any": "office"}, ["open_when_any", "open_when_any"]),
        ({"open_when_any": ["office"], "except_when": [3]}, ["except_when[0]"]),
        ({"weekly": {}, "zone": "UTC", "changes": ["office"]}, ["changes"]),
        ({"weekly": {}, "zone": "UTC", "changes": {"2026-02-30": "office"}},
         ["changes.2026-02-30", "changes.2026-02-30"]),
        ({"weekly": {}, "zone": "UTC", "public_holidays": [{"code": 3, "beyond": "x", "cod": 1}]},
         ["public_holidays[0].cod", "public_holidays[0].code", "public_holidays[0].beyond"]),
        ({"recurring": [{"rule": 1, "at": 2, "lasts": "4x", "strt": 1}], "zone": "UTC"},
         ["recurring[0].strt", "recurring[0].at", "recurring[0].rule", "recurring[0].lasts"]),
        ({"recurring": [{"rule": "FREQ=HOURLY", "at": "02:00", "lasts": "4h"}], "zone": "UTC"}, ["recurring[0].rule"]),
        ({"recurring": [{"rule": "FREQ=WEEKLY", "at": "02:00", "lasts": "4h", "start": "soon"}], "zone": "UTC"},
         ["recurring[0].start"]),
        ({"recurring": [{"rule": "FREQ=DAILY", "at": "02:00", "lasts": "36h", "whole_days": True, "start": 3}],
          "zone": "UTC"}, ["recurring[0].start", "recurring[0].at", "recurring[0].lasts"]),
        ({"recurring": [{"rule": "FREQ=DAILY", "at": "00:00", "lasts": "1d", "whole_days": "yes"}], "zone": "UTC"},
         ["recurring[0].whole_days"]),
        ({"recurring": [{"rule": "FREQ=DAILY"}], "zone": "UTC"}, ["recurring[0].at", "recurring[0].lasts"]),
        ({"recurring": "daily", "zone": "UTC"}, ["recurring"]),
    ],
)  # fmt: skip
def test_faults_lead_to_their_place_in_the_table(table: dict[str, Any], paths: list[str]) -> None:
    """Each fault carries the key path inside the table."""
    known = {"office": Calendar({"mon": "09:00-17:00"}, zone="Europe/London")}
    with pytest.raises(CalendarError) as caught:
        Calendar.from_data(table, calendars=known)
    assert [fault.path for fault in caught.value.faults] == paths


def test_faults_of_a_whole_file_carry_the_calendar_s_name() -> None:
    """Faults of several tables come together; a table that names a broken one is not blamed for it."""
    tables = {
        "broken": {"weekly": {"mon": "x"}},
        "fine": {"open_when_any": ["broken"]},
        "round_the_clock": {"weekly": {}},
        "flat": 7,
        "lost": {"open_when_any": ["nowhere"]},
    }
    with pytest.raises(CalendarError) as caught:
        calendars_from_data(tables, zone="UTC")
    assert sorted(fault.path for fault in caught.value.faults) == [
        "broken.weekly.mon", "flat", "lost.open_when_any", "lost.open_when_any[0]", "round_the_clock",
    ]  # fmt: skip


def test_calendars_made_of_each_other_are_a_fault() -> None:
    """A ring of names is told as a ring."""
    tables = {"a": {"open_when_any": ["b"]}, "b": {"open_when_any": ["a"]}}
    with pytest.raises(CalendarError, match=r"made of each other: (a -> b -> a|b -> a -> b)"):
        calendars_from_data(tables)


def test_given_calendars_may_be_named_but_not_replaced() -> None:
    """Calendars of the caller stand beside the file's."""
    acme = Calendar({"mon": "09:00-17:00"}, zone="UTC", name="acme")
    found = calendars_from_data({"ours": {"open_when_any": ["acme"]}}, given={"acme": acme})
    assert found["ours"].open_time(Period.week(2026, 10, zone="UTC")) == timedelta(hours=8)
    with pytest.raises(CalendarError, match="given already"):
        calendars_from_data({"acme": {"weekly": {}}}, zone="UTC", given={"acme": acme})
