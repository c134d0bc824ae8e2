"""Half-open spans against plain sets of integers, and instants in UTC."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import InstantError
from itilkit.spans import (
    EPOCH,
    Span,
    instant_of,
    intersect,
    micros,
    micros_of,
    subtract,
    total,
    union,
    utc,
    zone_named,
)

Pairs = tuple[tuple[int, int], ...]
PAIRS = st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), max_size=8)
SETS = PAIRS.map(union)


def points(pairs: object) -> set[int]:
    """The whole numbers that a set of spans holds."""
    assert isinstance(pairs, list | tuple)
    return {point for start, end in pairs for point in range(start, end)}


def assert_sound(pairs: Pairs) -> None:
    """Sorted, none empty, none touching the next."""
    assert all(start < end for start, end in pairs)
    assert all(left[1] < right[0] for left, right in pairwise(pairs))


@given(PAIRS)
def test_union_holds_the_points_of_its_spans(pairs: list[tuple[int, int]]) -> None:
    """Spans in any order, empty, backward and overlapping ones included, become a set of spans."""
    united = union(pairs)
    assert_sound(united)
    assert points(united) == points(pairs)
    assert union(united) == united


@given(SETS, SETS)
def test_the_algebra_is_that_of_sets(left: Pairs, right: Pairs) -> None:
    """Intersect, subtract and union hold the points that sets of integers say, and give sound sets."""
    for result, expected in (
        (intersect(left, right), points(left) & points(right)),
        (subtract(left, right), points(left) - points(right)),
        (union([*left, *right]), points(left) | points(right)),
    ):
        assert_sound(result)
        assert points(result) == expected


@given(SETS, SETS)
def test_totals_add_up(left: Pairs, right: Pairs) -> None:
    """What two sets share and what only the first has make up the first; lengths are counted in points."""
    assert total(left) == len(points(left))
    assert total(intersect(left, right)) + total(subtract(left, right)) == total(left)
    assert intersect(left, right) == intersect(right, left)


@given(SETS, st.integers(-25, 25))
def test_splitting_keeps_the_total(pairs: Pairs, at: int) -> None:
    """Cut at any point, the two parts make the whole."""
    before, after = intersect(pairs, ((-50, at),)), intersect(pairs, ((at, 50),))
    assert union([*before, *after]) == pairs
    assert total(before) + total(after) == total(pairs)


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.timezones()))  # noqa: DTZ001
def test_instants_go_to_microseconds_and_back(instant: datetime) -> None:
    """No instant loses a microsecond, and its UTC form is the same instant."""
    known = utc(instant)
    assert known.tzinfo is UTC
    assert known == instant.astimezone(UTC)
    assert instant_of(micros_of(instant)) == known
    assert micros_of(known) == (known - EPOCH) // timedelta(microseconds=1)


def test_instants_of_one_zone_are_not_subtracted_by_the_wall() -> None:
    """Across a change of clocks an hour of the wall may be no time at all: 28 to 29 March in Berlin has 23 hours."""
    berlin = ZoneInfo("Europe/Berlin")
    start, end = datetime(2026, 3, 28, 12, tzinfo=berlin), datetime(2026, 3, 29, 12, tzinfo=berlin)
    assert end - start == timedelta(hours=24)
    assert Span(start, end).duration == timedelta(hours=23)


@given(st.timedeltas())
def test_durations_in_microseconds(duration: timedelta) -> None:
    """Whole microseconds, exactly."""
    assert timedelta(microseconds=micros(duration)) == duration


class Stamp(datetime):
    """A datetime of some other library."""


def test_other_kinds_of_datetime_become_plain_ones() -> None:
    """What pandas or another library gives is an instant too, to the microsecond."""
    expected = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
    stamps = [
        pd.Timestamp("2026-03-02 10:30:00.123456", tz="Europe/Berlin"),
        Stamp(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC),
    ]
    for stamp in stamps:
        assert utc(stamp) == expected
        assert type(utc(stamp)) is datetime


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (datetime(2026, 3, 2, 9, 30), r"2026-03-02 09:30:00 has no zone \(pass zone="),  # noqa: DTZ001
        ("2026-03-02", r"expected an instant, got '2026-03-02' \(give a datetime with a zone"),
        (date(2026, 3, 2), r"expected an instant, got datetime.date\(2026, 3, 2\)"),
        (None, "expected an instant, got None"),
        (pd.NaT, "expected an instant, got NaT"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))), "beyond what a datetime in UTC can say"),
        (
            datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-2))),
            "beyond what a datetime in UTC can say",
        ),
    ],
    ids=str,
)
def test_what_is_no_instant_is_refused(value: datetime, told: str) -> None:
    """A naive datetime, something else, something missing and something beyond time each say what is wrong."""
    with pytest.raises(InstantError, match=told):
        utc(value)


def test_zones_by_name() -> None:
    """A known name gives its zone; an unknown one offers near names."""
    assert zone_named("Europe/London").key == "Europe/London"
    with pytest.raises(
        InstantError, match=r"zone: 'Europe/Lodnon' is no IANA time zone \(did you mean Europe/London"
    ):
        zone_named("Europe/Lodnon")
    for odd in ("", "Europe", "../etc/passwd", "/etc/passwd", "a\0b", None):
        with pytest.raises(InstantError, match="is no IANA time zone"):
            zone_named(odd)  # type: ignore[arg-type]  # one of them is no text


def test_a_span_is_half_open() -> None:
    """The start belongs to it, the end does not."""
    span = Span(instant_of(0), instant_of(10))
    assert instant_of(0) in span
    assert instant_of(9) in span
    assert instant_of(10) not in span
    assert instant_of(0) not in Span(instant_of(0), instant_of(0))
    with pytest.raises(InstantError, match="has no zone"):
        _ = datetime(1970, 1, 1) in span  # noqa: DTZ001  the mistake under test


def test_a_span_cannot_run_backward() -> None:
    """An end before the start is refused, in words."""
    with pytest.raises(
        InstantError, match=r"cannot end \(1970-01-01T00:00:00\+00:00\) before it starts.*swap the two"
    ):
        Span(instant_of(1), instant_of(0))


def test_a_span_is_a_value() -> None:
    """Equal by instants whatever their zones, sortable by start, picklable."""
    london = ZoneInfo("Europe/London")
    summer = Span(datetime(2026, 7, 1, 10, tzinfo=london), datetime(2026, 7, 1, 11, tzinfo=london))
    assert summer == Span(datetime(2026, 7, 1, 9, tzinfo=UTC), datetime(2026, 7, 1, 10, tzinfo=UTC))
    assert sorted([summer, Span(EPOCH, EPOCH)])[0] == Span(EPOCH, EPOCH)
    assert pickle.loads(pickle.dumps(summer)) == summer  # noqa: S301
