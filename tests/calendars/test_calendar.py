"""Construction, faults, questions and words of a calendar."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from itilkit.calendars import Calendar, Period, PublicHolidays, Recurrence
from itilkit.errors import CalendarError, InstantError

LONDON = ZoneInfo("Europe/London")


def at(text: str, zone: str = "Europe/London") -> datetime:
    """A local time as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def office(**changes: Any) -> Calendar:
    """The office of the documentation."""
    return Calendar(
        **{
            "weekly": {"mon-fri": "09:00-17:30"},
            "zone": "Europe/London",
            "public_holidays": "GB-ENG",
            "closed": {date(2026, 12, 31): "Stocktaking"},
            "special_hours": {date(2026, 12, 24): ["09:00-12:00"]},
            **changes,
        }
    )


# Construction


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"mon-fri": "09:00-17:30"}, {"Monday-FRIDAY": ["9:00-17:30"]}),
        ({"mon-wed": "09:00-17:30"}, {"mon,tue, wed": ["09:00-12:00", "12:00-17:30"]}),
        ({"mon": "09:00-17:30"}, {"mon": ["10:00-17:30", "09:00-11:00"], "tue": []}),
        ({"fri-mon": "00:00-24:00"}, dict.fromkeys(("fri", "sat", "sun", "mon"), "00:00-24:00")),
        ({"mon": "22:00-00:00"}, {"mon": "22:00-24:00"}),
        ({"mon": "09:00:30-10:00"}, {"mon": ["09:00:30-09:30", "09:30-10:00:00"]}),
    ],
)
def test_the_same_hours_are_the_same_calendar(one: dict[str, Any], other: dict[str, Any]) -> None:
    """However weekdays and windows are written, equal hours make equal calendars with equal hashes."""
    left, right = Calendar(one, zone="UTC"), Calendar(other, zone=ZoneInfo("UTC"))
    assert left == right
    assert hash(left) == hash(right)


def test_other_rules_are_another_calendar() -> None:
    """Zone, holidays, exceptions and working days belong to the value; the name does not."""
    assert office() == office(name="London")
    others = [
        office(zone="Europe/Dublin"),
        office(public_holidays=["GB-ENG", "GB-SCT"]),
        office(closed=None),
        office(special_hours={}),
        office(working_days="mon-thu"),
    ]
    assert len({office(), *others}) == 6


@pytest.mark.parametrize(
    "calendar",
    [
        office(),
        office(
            public_holidays=[PublicHolidays("US", observed=False), "GB-ENG"], working_days=["mon", "wed-fri"]
        ),
        Calendar({"mon": ["00:00-11:00", "10:00-09:00"]}, zone="UTC"),
        Calendar(
            {"sat": "22:00-06:00"},
            zone="UTC",
            recurring=[Recurrence("FREQ=MONTHLY;BYDAY=2SU", at="02:00", lasts="4h")],
        ),
        Calendar(
            {},
            zone="UTC",
            recurring=[Recurrence("FREQ=WEEKLY", at="02:00", lasts="90m", start=date(2026, 1, 5))],
        ),
        Calendar.round_the_clock("Asia/Tokyo"),
        Calendar.never("UTC"),
        (office() | Calendar.never("Asia/Tokyo")) - Calendar.round_the_clock(),
        office() & ~Calendar.round_the_clock(),
        Calendar({"mon": "09:00-17:00"}, zone="UTC").changing({date(2026, 7, 1): Calendar.never("UTC")}),
    ],
)
def test_a_calendar_survives_its_repr_pickle_and_copy(calendar: Calendar) -> None:
    """The repr is an expression for an equal value; pickle and copy bring equal values that work."""
    names = {name: globals()[name] for name in ("Calendar", "PublicHolidays", "Recurrence", "date")}
    for again in (
        eval(repr(calendar), names),  # noqa: S307  that it can be read back is the point
        pickle.loads(pickle.dumps(calendar)),  # noqa: S301
        copy.copy(calendar),
        copy.deepcopy(calendar),
    ):
        assert again == calendar
        assert hash(again) == hash(calendar)
        assert again.why(at("2026-03-02T10:00")) == calendar.why(at("2026-03-02T10:00"))


def test_all_faults_are_told_at_once() -> None:
    """Every mistake of every argument is in one error, each with its path and a way to mend it."""
    with pytest.raises(CalendarError) as caught:
        Calendar(
            {
                "mon-fri": ["09:00-09:00", "9-10", "24:00-01:00"],
                "tus": "8:00-24:00",
                "fri": "25:00-26:00",
                "mon-tue-wed": [],
            },
            zone="Europe/Lodnon",
            public_holidays=["GB-ENG", "GX", "US-XX", PublicHolidays("DE", categories="bank", language="xx")],
            closed={"2026-13-01": "x", "2026-02-30": "y", "2026-03-01": 3},  # type: ignore[arg-type]  # the mistake
            special_hours={"2026-01-01": "8", "yesterday": []},
            working_days="mon-xx",
            recurring=[Recurrence("FREQ=DAILY", at="02:00", lasts="1h"), "weekly"],  # type: ignore[list-item]  # the mistake
        )
    faults = caught.value.faults
    assert [(fault.path, fault.code) for fault in faults] == [
        ("weekly.mon-fri[0]", "empty_window"),
        ("weekly.mon-fri[1]", "bad_time"),
        ("weekly.mon-fri[1]", "bad_time"),
        ("weekly.mon-fri[2]", "bad_time"),
        ("weekly.tus", "unknown_weekday"),
        ("weekly.fri", "bad_time"),
        ("weekly.fri", "bad_time"),
        ("weekly.fri", "day_twice"),
        ("weekly.mon-tue-wed", "bad_weekday"),
        ("zone", "unknown_zone"),
        ("public_holidays[1]", "unknown_country"),
        ("public_holidays[2]", "unknown_subdivision"),
        ("public_holidays[3]", "unknown_category"),
        ("public_holidays[3]", "unknown_language"),
        ("closed.2026-13-01", "bad_date"),
        ("closed.2026-02-30", "bad_date"),
        ("closed.2026-03-01", "bad_reason"),
        ("special_hours.2026-01-01", "bad_window"),
        ("special_hours.yesterday", "bad_date"),
        ("working_days", "unknown_weekday"),
        ("recurring[1]", "bad_recurring"),
    ]
    assert all(fault.path and fault.hint for fault in faults)
    assert "Europe/London" in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"zone": None}, "no_zone"),
        ({"zone": "../etc/passwd"}, "unknown_zone"),
        ({"zone": ""}, "unknown_zone"),
        ({"weekly": "09:00-17:00"}, "bad_week"),
        ({"weekly": {3: "09:00-17:00"}}, "bad_weekday"),
        ({"weekly": {"mon": 9}}, "bad_window"),
        ({"weekly": {"mon": [["09:00", "17:00"]]}}, "bad_window"),
        ({"closed": ["2026-01-01"]}, "bad_dates"),
        ({"closed": {datetime(2026, 1, 1, tzinfo=UTC): "x"}}, "bad_date"),
        ({"closed": {date(2026, 1, 1): "x", "2026-01-01": "y"}}, "date_twice"),
        ({"public_holidays": 44}, "bad_holidays"),
        ({"public_holidays": ""}, "unknown_country"),
        ({"working_days": []}, "bad_weekday"),
        ({"recurring": 7}, "bad_recurring"),
        ({"recurring": "FREQ=DAILY"}, "bad_recurring"),
        ({"public_holidays": PublicHolidays(44)}, "bad_holidays"),  # type: ignore[arg-type]  # the mistake
        ({"public_holidays": PublicHolidays("GB", categories=3)}, "bad_holidays"),  # type: ignore[arg-type]  # the mistake
        ({"public_holidays": PublicHolidays("GB", beyond=[])}, "bad_holidays"),  # type: ignore[arg-type]  # the mistake
    ],
)
def test_a_single_mistake_is_told(arguments: dict[str, Any], code: str) -> None:
    """Each kind of wrong argument has its fault, with its place and a way to mend it."""
    whole: dict[str, Any] = {"weekly": {"mon": "09:00-17:00"}, "zone": "UTC", **arguments}
    with pytest.raises(CalendarError) as caught:
        Calendar(**whole)
    assert [fault.code for fault in caught.value.faults] == [code]
    assert all(fault.path and fault.hint for fault in caught.value.faults)


def test_a_naive_instant_is_refused_by_every_question() -> None:
    """An instant without a zone is an error, never a guess."""
    desk, naive = office(), datetime(2026, 3, 2, 9)  # noqa: DTZ001  the mistake under test
    questions: list[Callable[[], object]] = [
        lambda: desk.elapsed(naive, naive),
        lambda: desk.add(naive, timedelta(hours=1)),
        lambda: desk.add(naive, timedelta()),
        lambda: desk.is_open(naive),
        lambda: desk.next_open(naive),
        lambda: desk.next_close(naive),
        lambda: desk.previous_close(naive),
        lambda: desk.spans(naive, naive),
        lambda: desk.end_of_working_day(naive, 1),
        lambda: desk.why(naive),
    ]
    for question in questions:
        with pytest.raises(InstantError, match="zone"):
            question()


# Questions


def test_answers_are_in_utc() -> None:
    """Whatever zone asks, instants come back in UTC."""
    desk = office()
    for answer in (
        desk.add(at("2026-07-01T10:00"), timedelta(hours=1)),
        desk.add(at("2026-07-01T10:00"), timedelta()),
        desk.next_open(at("2026-07-01T20:00")),
        desk.next_close(at("2026-07-01T20:00")),
        desk.previous_close(at("2026-07-01T20:00")),
        desk.end_of_working_day(at("2026-07-01T10:00"), 1),
    ):
        assert answer is not None
        assert answer.tzinfo is UTC


def test_an_amount_used_up_at_closing_time_ends_there() -> None:
    """The deadline is the closing instant, not the next opening."""
    assert office().add(at("2026-03-06T16:30"), timedelta(hours=1)) == at("2026-03-06T17:30")


def test_a_calendar_that_never_opens_says_so() -> None:
    """`add` raises, `next_open` and its likes answer None, open time is nothing."""
    never, now = Calendar.never("UTC"), at("2026-03-02T09:00")
    with pytest.raises(CalendarError, match="never opens after"):
        never.add(now, timedelta(hours=1))
    with pytest.raises(CalendarError, match="never was open before"):
        never.add(now, -timedelta(hours=1))
    with pytest.raises(CalendarError, match="not 1 working days"):
        never.end_of_working_day(now, 1, "opening_day", "15:00")
    assert (never.next_open(now), never.next_close(now), never.previous_close(now)) == (None, None, None)
    assert never.elapsed(now, now + timedelta(days=9)) == timedelta()
    assert never.why(now) == "closed: never open"
    assert never.earliest(1) is None


def test_a_calendar_that_opens_a_last_time_runs_out() -> None:
    """Open time that ends for good is no endless search: the amount that fits is found, more is an error."""
    once = Calendar({}, zone="UTC", special_hours={"2026-03-02": "09:00-17:00"})
    assert once.add(at("2026-03-01T00:00", "UTC"), timedelta(hours=8)) == at("2026-03-02T17:00", "UTC")
    with pytest.raises(CalendarError, match="not so much open time after"):
        once.add(at("2026-03-01T00:00", "UTC"), timedelta(hours=9))
    with pytest.raises(CalendarError, match="not so much open time before"):
        once.add(at("2026-03-03T00:00", "UTC"), -timedelta(hours=9))
    assert once.next_open(at("2026-03-03T00:00", "UTC")) is None


def test_round_the_clock_never_closes() -> None:
    """Its open time is real time, also back to 1900 and on to 2200; its working dates close at midnight UTC."""
    always = Calendar.round_the_clock()
    start, end = datetime(1900, 1, 1, tzinfo=UTC), datetime(2201, 1, 1, tzinfo=UTC)
    assert always.elapsed(start, end) == end - start
    assert always.next_close(start) is None
    assert always.previous_close(start) is None
    assert always.end_of_working_day(at("2026-03-02T09:00", "UTC"), 2) == at("2026-03-05T00:00", "UTC")
    assert always.why(start) == "open round the clock"


@pytest.mark.parametrize("year", [1899, 2201])
def test_years_out_of_range_are_refused(year: int) -> None:
    """Calendars work from 1900 to 2200 and say so beyond."""
    with pytest.raises(CalendarError, match="1900 to 2200"):
        Calendar.round_the_clock().is_open(datetime(year, 6, 1, tzinfo=UTC))


def test_the_first_answer_does_not_depend_on_what_was_asked_before() -> None:
    """Growing the compiled range forth and back, in any order, changes no answer."""
    desk, fresh = office(public_holidays=None), office(public_holidays=None)
    years = [2026, 1950, 2150, 2020, 1949, 2151]
    for year in years:
        desk.is_open(datetime(year, 6, 1, tzinfo=UTC))
    for year in reversed(years):
        start = datetime(year, 12, 30, 12, 30, tzinfo=UTC)
        for span in (timedelta(days=3), timedelta(days=-300)):
            assert desk.elapsed(start, start + span) == fresh.elapsed(start, start + span)
            assert desk.spans(start, start + span) == fresh.spans(start, start + span)


def test_eight_threads_on_a_fresh_calendar_agree() -> None:
    """Many threads that grow one calendar at once get the answers that one thread gets."""
    starts = [datetime(1960 + step % 90, 1 + step % 12, 3, 10, tzinfo=UTC) for step in range(400)]
    desk, shared = office(public_holidays=None), office(public_holidays=None)
    expected = [desk.elapsed(start, start + timedelta(days=400)) for start in starts]
    with ThreadPoolExecutor(8) as pool:
        assert (
            list(pool.map(lambda start: shared.elapsed(start, start + timedelta(days=400)), starts))
            == expected
        )


def test_eight_threads_on_a_fresh_joined_calendar_agree() -> None:
    """Parts in three zones, holidays and a recurrence, asked by eight threads at once: one thread's answers."""

    def service() -> Calendar:
        week = {"mon-fri": ["09:00-12:30", "13:30-17:30"]}
        places = (("Europe/London", "GB-ENG"), ("America/New_York", "US"), ("Asia/Singapore", "SG"))
        desks = [Calendar(week, zone=zone, public_holidays=code, name=zone) for zone, code in places]
        often = Recurrence("FREQ=MONTHLY;BYDAY=2SU", at="02:00", lasts="4h")
        return Calendar.any_of(desks) - Calendar(
            {}, zone="Europe/London", recurring=[often], name="maintenance"
        )

    instants = [datetime(2000 + step % 30, 1 + step % 12, 3, step % 24, tzinfo=UTC) for step in range(60)]

    def ask(calendar: Calendar) -> list[object]:
        return [
            (
                calendar.elapsed(instant, instant + timedelta(days=40)),
                calendar.add(instant, timedelta(hours=30)),
                calendar.end_of_working_day(instant, 3),
                calendar.why(instant),
            )
            for instant in instants
        ]

    shared, together = service(), Barrier(8)

    def thread(_: int) -> list[object]:
        together.wait()
        return ask(shared)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(thread, range(8)))
    assert found == [ask(service())] * 8


# Working days


def test_working_days_leave_out_weekdays_that_do_not_count() -> None:
    """A Saturday that opens is no working date where only Monday to Friday count."""
    weekly, friday = {"mon-sat": "09:00-17:00"}, at("2026-03-06T12:00", "UTC")
    assert Calendar(weekly, zone="UTC").end_of_working_day(friday, 1) == at("2026-03-07T17:00", "UTC")
    counted = Calendar(weekly, zone="UTC", working_days="mon-fri")
    assert counted.end_of_working_day(friday, 1) == at("2026-03-09T17:00", "UTC")


@pytest.mark.parametrize("cutoff", ["15:00", time(15)])
def test_a_cutoff_is_a_text_or_a_time(cutoff: str | time) -> None:
    """At the cutoff it is too late, a moment before it is not."""
    desk = office()
    assert desk.end_of_working_day(at("2026-03-02T14:59"), 1, cutoff=cutoff) == at("2026-03-03T17:30")
    assert desk.end_of_working_day(at("2026-03-02T15:00"), 1, cutoff=cutoff) == at("2026-03-04T17:30")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"n": 0}, "1 working day or more"),
        ({"n": 1, "first_day": "nxt"}, "did you mean next"),
        ({"n": 1, "cutoff": "3pm"}, "24-hour time"),
        ({"n": 1, "cutoff": time(15, tzinfo=UTC)}, "calendar's own zone"),
    ],
)
def test_a_working_day_question_that_makes_no_sense_is_refused(arguments: dict[str, Any], told: str) -> None:
    """Nothing to count, an unknown way of counting, a cutoff that is no wall-clock time."""
    with pytest.raises(CalendarError, match=told):
        office().end_of_working_day(at("2026-03-02T09:00"), **arguments)


def test_working_days_between_counts_dates() -> None:
    """From a date up to, but not including, another one; negative when reversed."""
    desk = office()
    assert desk.working_days_between(date(2026, 12, 21), date(2027, 1, 4)) == 6
    assert desk.working_days_between(date(2027, 1, 4), date(2026, 12, 21)) == -6
    assert desk.working_days_between(date(2026, 12, 21), date(2026, 12, 21)) == 0


# Periods


def test_open_time_of_a_period() -> None:
    """21 working days of 8 and a half hours in April 2026, less Good Friday and Easter Monday."""
    april = Period.month(2026, 4, zone="Europe/London")
    assert office().open_time(april) == 20 * timedelta(hours=8.5)


def test_same_hours_compares_what_is_open() -> None:
    """Two calendars of different make that open alike have the same hours; the period decides."""
    late = office().changing({"2026-07-01": office(closed=None)})
    assert late.same_hours(office(), Period.quarter(2026, 2, zone="UTC"))
    assert not late.same_hours(office(), Period.year(2026, zone="UTC"))


# Words


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-03-02T10:00", "open until 17:30"),
        ("2026-03-02T17:30", "closed: outside Mon-Fri 09:00-17:30"),
        ("2026-12-25T10:00", "closed: Christmas Day (holiday GB-ENG)"),
        ("2026-12-28T10:00", "closed: Boxing Day (observed) (holiday GB-ENG)"),
        ("2026-12-31T10:00", "closed: Stocktaking"),
        ("2026-12-24T10:00", "open until 12:00 (special hours of 2026-12-24)"),
        ("2026-12-24T13:00", "closed: outside the special hours 09:00-12:00 of 2026-12-24"),
    ],
)
def test_why_names_the_rule(moment: str, told: str) -> None:
    """The rule that decides is told in the calendar's own zone."""
    assert office().why(at(moment).astimezone(UTC)) == told


def test_why_blames_the_date_on_which_a_night_shift_would_have_opened() -> None:
    """Early on Tuesday after a closed Monday it is Monday's reason that counts."""
    night = Calendar(
        {"mon-fri": "22:00-06:00"}, zone="UTC", closed={"2026-03-02": "Inventory", "2026-03-04": ""}
    )
    assert night.why(at("2026-03-03T02:00", "UTC")) == "closed: Inventory"
    assert night.why(at("2026-03-03T23:00", "UTC")) == "open until Wed 2026-03-04 06:00"
    assert night.why(at("2026-03-04T12:00", "UTC")) == "closed: closed on 2026-03-04"
    assert night.why(at("2026-03-05T12:00", "UTC")) == "closed: outside Mon-Fri 22:00-06:00"


def test_why_names_special_hours_without_any() -> None:
    """A date whose special hours are none is closed by them."""
    assert (
        office(special_hours={"2026-03-02": []}).why(at("2026-03-02T10:00"))
        == "closed: special hours of 2026-03-02: none"
    )


def test_importing_the_room_loads_nothing_heavy() -> None:
    """holidays, numpy and dateutil's rules are loaded when they are used."""
    code = (
        "import sys, itilkit.calendars as c; "
        "c.Calendar({'mon': '09:00-17:00'}, zone='UTC'); "
        "print(*{'holidays', 'numpy', 'dateutil.rrule'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
