"""Whole columns give the answers that single questions give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calendars.draws import calendars

from itilkit.calendars import Calendar, Recurrence
from itilkit.errors import CalendarError, InstantError
from itilkit.spans import micros_of

OFFICE = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London", public_holidays="GB-ENG")
ODD = Calendar({"mon-fri": "09:07-17:31"}, zone="Europe/London")
ODDER = Calendar({"mon-fri": ["09:07-09:11", "09:12-17:31:01"]}, zone="Europe/London")
ALWAYS = Calendar.round_the_clock()
KINDS = {"coarse grid": OFFICE, "one span a cell": ODD, "search": ODDER, "round the clock": ALWAYS}


def columns(rows: int, seed: int = 1) -> tuple[Any, Any]:
    """Random starts over 16 years and spans up to two months forth and back, in seconds."""
    draw = np.random.default_rng(seed)
    starts = draw.integers(1_293_840_000, 1_798_761_600, rows)
    return starts, starts + draw.integers(-5_000_000, 5_000_000, rows)


def at(seconds: int) -> datetime:
    """An instant."""
    return datetime.fromtimestamp(int(seconds), UTC)


@pytest.mark.parametrize("calendar", KINDS.values(), ids=KINDS)
def test_columns_equal_single_answers(calendar: Calendar) -> None:
    """Whichever table serves them, every row equals the single question."""
    starts, ends = columns(3_000)
    found = calendar.elapsed_many(starts, ends, unit="s")
    assert found.tolist() == [
        calendar.elapsed(at(a), at(b)).total_seconds() for a, b in zip(starts, ends, strict=True)
    ]
    amounts = np.random.default_rng(2).integers(-500_000, 500_000, 3_000)
    amounts[:100] = 0
    deadlines = calendar.add_many(starts, amounts, unit="s")
    assert deadlines.tolist() == [
        calendar.add(at(a), timedelta(seconds=int(s))).timestamp()
        for a, s in zip(starts, amounts, strict=True)
    ]
    forth = np.abs(amounts) + 1
    assert (
        calendar.elapsed_many(starts, calendar.add_many(starts, forth, unit="s"), unit="s") == forth
    ).all()


@settings(max_examples=30)
@given(calendars(), st.lists(st.integers(-3 * 10**12, 3 * 10**12), min_size=1, max_size=30))
def test_any_calendar_to_the_microsecond(drawn: tuple[Calendar, datetime], steps: list[int]) -> None:
    """Random hours near changes of clocks: microseconds in, the same microseconds out as one by one."""
    calendar, middle = drawn
    starts = np.array([micros_of(middle) + step for step in steps])
    ends = starts[::-1].copy()
    found = calendar.elapsed_many(starts, ends, unit="us").tolist()
    assert found == [
        calendar.open_at(b) - calendar.open_at(a) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_every_unit_says_the_same(unit: str) -> None:
    """datetime64 of any unit gives timedelta64 and datetime64 of that unit; NaT stays NaT."""
    starts, ends = (column.astype("datetime64[s]").astype(f"datetime64[{unit}]") for column in columns(500))
    starts[3] = ends[5] = np.datetime64("NaT")
    found = OFFICE.elapsed_many(starts, ends)
    assert found.dtype == np.dtype(f"timedelta64[{unit}]")
    assert np.flatnonzero(np.isnat(found)).tolist() == [3, 5]
    assert found[0].item() is not None
    seconds = OFFICE.elapsed_many(starts.astype("datetime64[s]"), ends.astype("datetime64[s]"))
    assert (found[10:] == seconds[10:]).all()
    deadlines = OFFICE.add_many(
        starts, np.full(500, 3600, dtype="timedelta64[s]").astype(f"timedelta64[{unit}]")
    )
    assert deadlines.dtype == starts.dtype
    assert np.flatnonzero(np.isnat(deadlines)).tolist() == [3]


def test_days_and_minutes_are_counted_in_seconds() -> None:
    """A coarser datetime64 is no loss: the answer is in seconds."""
    days = np.array(["2026-03-02", "2026-03-03"], dtype="datetime64[D]")
    assert OFFICE.elapsed_many(days, days + 1).tolist() == [timedelta(hours=8.5)] * 2


def test_lists_of_datetimes_give_lists() -> None:
    """Aware datetimes and None in, timedelta, datetimes and None out; a naive one is refused."""
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert OFFICE.elapsed_many([noon, None], [noon + timedelta(hours=1), noon]) == [timedelta(hours=1), None]
    assert OFFICE.add_many([noon, noon], [timedelta(hours=1), None]) == [noon + timedelta(hours=1), None]
    with pytest.raises(InstantError):
        OFFICE.elapsed_many([noon.replace(tzinfo=None)], [noon])


BERLIN = ZoneInfo("Europe/Berlin")
# Over a weekend in which clocks change: half an hour on Friday, and an hour on Monday, of London's time.
STARTS = [datetime(2026, 3, 27, 18, tzinfo=BERLIN), None, datetime(2026, 3, 27, 18, tzinfo=BERLIN)]
ENDS = [datetime(2026, 3, 30, 11, tzinfo=BERLIN), datetime(2026, 3, 30, 11, tzinfo=BERLIN), None]
AMOUNTS = [timedelta(hours=1.5), timedelta(hours=1.5), timedelta(hours=1.5)]
DEADLINE = datetime(2026, 3, 30, 9, tzinfo=UTC)


def test_columns_of_polars() -> None:
    """Instants with a zone, null among them, one by one and as arrays: the same answers, null stays null."""
    polars: Any = pytest.importorskip("polars")
    starts, ends, amounts = polars.Series(STARTS), polars.Series(ENDS), polars.Series(AMOUNTS)
    assert starts.dtype == polars.Datetime("us", "Europe/Berlin")
    assert OFFICE.elapsed_many(starts, ends) == [timedelta(hours=1.5), None, None]
    assert OFFICE.add_many(starts, amounts) == [DEADLINE, None, DEADLINE]
    elapsed = polars.Series(OFFICE.elapsed_many(starts.to_numpy(), ends.to_numpy()))
    assert elapsed.to_list() == [timedelta(hours=1.5), None, None]
    deadlines = polars.Series(OFFICE.add_many(starts.to_numpy(), amounts.to_numpy()))
    assert deadlines.dt.replace_time_zone("UTC").to_list() == [DEADLINE, None, DEADLINE]
    with pytest.raises(InstantError, match="zone"):
        OFFICE.elapsed_many(starts.dt.replace_time_zone(None), ends)


def test_columns_of_pandas() -> None:
    """Instants with a zone, NaT among them, one by one and as arrays: the same answers, missing stays missing."""
    pandas: Any = pytest.importorskip("pandas")
    starts, ends, amounts = pandas.Series(STARTS), pandas.Series(ENDS), pandas.Series(AMOUNTS)
    assert OFFICE.elapsed_many(starts, ends) == [timedelta(hours=1.5), None, None]
    assert OFFICE.add_many(starts, amounts) == [DEADLINE, None, DEADLINE]
    arrays = (column.to_numpy("datetime64[us]") for column in (starts, ends))
    elapsed = pandas.Series(OFFICE.elapsed_many(*arrays))
    assert [None if pandas.isna(one) else one for one in elapsed] == [timedelta(hours=1.5), None, None]


def test_empty_and_missing_columns() -> None:
    """No rows give no rows, and a column of nothing but NaT gives NaT."""
    none = np.array([], dtype="datetime64[us]")
    assert OFFICE.elapsed_many(none, none).tolist() == []
    assert OFFICE.add_many(none, none - none).tolist() == []
    nat = np.array(["NaT", "NaT"], dtype="datetime64[us]")
    assert np.isnat(OFFICE.elapsed_many(nat, nat)).all()
    assert np.isnat(OFFICE.add_many(nat, nat - nat)).all()


def test_what_cannot_be_answered_is_an_error() -> None:
    """Integers without a unit, columns that do not go together, an amount that is never reached."""
    starts, ends = columns(10)
    with pytest.raises(CalendarError, match="need a unit"):
        OFFICE.elapsed_many(starts, ends)
    with pytest.raises(CalendarError, match="10 instants do not go with 9"):
        OFFICE.elapsed_many(starts, ends[:9], unit="s")
    with pytest.raises(CalendarError, match="2 instants do not go with 1"):
        OFFICE.elapsed_many([at(0), at(1)], [at(2)])
    with pytest.raises(CalendarError, match="expected two columns, got 5 with 6"):
        OFFICE.elapsed_many(5, 6)
    with pytest.raises(CalendarError, match="got float64"):
        OFFICE.elapsed_many(starts / 2, ends, unit="s")
    with pytest.raises(CalendarError, match="never opens"):
        Calendar.never("UTC").add_many(starts, ends, unit="s")
    with pytest.raises(CalendarError, match="not for 2101"):
        OFFICE.elapsed_many(starts, starts + 100 * 31_557_600, unit="s")
    fine = Calendar(
        {}, zone="UTC", recurring=[Recurrence("FREQ=DAILY", at="02:00", lasts=timedelta(microseconds=5))]
    )
    with pytest.raises(CalendarError, match="within a ms"):
        fine.elapsed_many(starts * 1000, ends * 1000, unit="ms")
    with pytest.raises(CalendarError, match="too many years"):
        ALWAYS.elapsed_many(np.array([-(2**60)]), np.array([3 * 2**60]), unit="ns")


def test_asking_again_uses_the_same_tables() -> None:
    """A second question over the same years compiles nothing anew; a wider one does."""
    desk = Calendar({"mon-fri": "09:00-17:30"}, zone="UTC")
    starts, ends = columns(100)
    desk.elapsed_many(starts, ends, unit="s")
    table = desk.timeline.bulk["s"]
    desk.elapsed_many(ends, starts, unit="s")
    assert desk.timeline.bulk["s"] is table
    desk.elapsed_many(starts, ends + 10**9, unit="s")
    assert desk.timeline.bulk["s"] is not table
