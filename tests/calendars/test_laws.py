"""Laws that every calendar obeys, whatever its hours."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.calendars.draws import amounts, calendars

from itilkit.calendars import Calendar
from itilkit.errors import CalendarError
from itilkit.spans import intersect, micros_of, subtract, total, union

SPANS = st.timedeltas(timedelta(days=-40), timedelta(days=40))
Drawn = tuple[Calendar, datetime]


@given(calendars(), SPANS, SPANS)
def test_elapsed_is_additive(drawn: Drawn, one: timedelta, two: timedelta) -> None:
    """A span split anywhere, also outside itself, keeps its open time; reversed, it is negative."""
    calendar, at = drawn
    whole = calendar.elapsed(at, at + one)
    assert calendar.elapsed(at, at + two) + calendar.elapsed(at + two, at + one) == whole
    assert calendar.elapsed(at + one, at) == -whole


@given(calendars(), amounts())
def test_add_is_the_earliest_instant_that_reaches_the_amount(drawn: Drawn, amount: timedelta) -> None:
    """The open time up to the answer is the amount, and a microsecond earlier it is not."""
    calendar, at = drawn
    assume(calendar.next_open(at) is not None)
    try:
        end = calendar.add(at, amount)
    except CalendarError:
        return
    assert calendar.elapsed(at, end) == amount
    assert calendar.elapsed(at, end - timedelta(microseconds=1)) < amount


@given(calendars(), amounts())
def test_adding_a_negative_amount_is_the_latest_instant(drawn: Drawn, amount: timedelta) -> None:
    """The open time from the answer on is the amount, and a microsecond later it is not."""
    calendar, at = drawn
    assume(calendar.previous_close(at) is not None)
    try:
        begin = calendar.add(at, -amount)
    except CalendarError:
        return
    assert calendar.elapsed(begin, at) == amount
    assert calendar.elapsed(begin + timedelta(microseconds=1), at) < amount


@given(calendars(), st.timedeltas(timedelta(0), timedelta(days=40)))
def test_open_and_closed_make_the_whole(drawn: Drawn, span: timedelta) -> None:
    """A calendar and its complement share no instant and leave none out."""
    calendar, at = drawn
    assert calendar.elapsed(at, at + span) + (~calendar).elapsed(at, at + span) == span
    assert calendar.is_open(at) != (~calendar).is_open(at)


@given(calendars(), calendars(), st.timedeltas(timedelta(0), timedelta(days=20)))
def test_the_algebra_is_that_of_sets(one: Drawn, two: Drawn, span: timedelta) -> None:
    """Union, intersection and difference of calendars are those of their open spans, also across zones."""
    (left, at), (right, _) = one, two
    low, high = micros_of(at), micros_of(at + span)
    mine, other = left.open_spans(low, high), right.open_spans(low, high)
    assert (left | right).open_spans(low, high) == union((*mine, *other))
    assert (left & right).open_spans(low, high) == intersect(mine, other)
    assert (left - right).open_spans(low, high) == subtract(mine, other)
    assert (~left).open_spans(low, high) == subtract([(low, high)], mine)


@given(calendars(), st.timedeltas(timedelta(0), timedelta(days=20)))
def test_all_questions_tell_one_story(drawn: Drawn, span: timedelta) -> None:
    """Spans, elapsed, is_open, next_open, next_close and previous_close agree with each other."""
    calendar, at = drawn
    spans = calendar.spans(at, at + span)
    assert sum((one.duration for one in spans), timedelta()) == calendar.elapsed(at, at + span)
    assert all(one.end < two.start for one, two in itertools.pairwise(spans))
    opening, closing, before = calendar.next_open(at), calendar.next_close(at), calendar.previous_close(at)
    assert calendar.is_open(at) == (opening == at)
    if opening is not None:
        assert calendar.elapsed(at, opening) == timedelta()
        assert calendar.is_open(opening)
    if closing is not None:
        assert not calendar.is_open(closing)
        assert calendar.is_open(closing - timedelta(microseconds=1))
        assert calendar.previous_close(closing) == closing
    if before is not None:
        assert before <= at
        assert not calendar.is_open(before)


@given(calendars(), SPANS, st.integers(0, 10**12))
def test_the_integer_face_says_the_same(drawn: Drawn, span: timedelta, more: int) -> None:
    """`open_at` grows with open time, and `earliest` and `latest` are its two inverses."""
    calendar, at = drawn
    low, high = micros_of(at), micros_of(at + span)
    spent = calendar.open_at(low)
    assert timedelta(microseconds=calendar.open_at(high) - spent) == calendar.elapsed(at, at + span)
    assert calendar.is_open_us(low) == calendar.is_open(at)
    first, last = calendar.earliest(spent + more), calendar.latest(spent + more)
    if first is not None:
        assert calendar.open_at(first) >= spent + more
        if last is not None:
            assert first <= last
            assert calendar.open_at(last) == spent + more
    assert total(calendar.open_spans(low, high)) == max(calendar.open_at(high) - spent, 0)


@given(
    calendars(),
    st.integers(1, 12),
    st.sampled_from(["next", "opening_day"]),
    st.sampled_from([None, "15:00"]),
)
def test_working_days_end_in_order(drawn: Drawn, n: int, first_day: str, cutoff: str | None) -> None:
    """Each end of a working day is one of the closings, which come in order.

    One working day more may end earlier, where a night shift outlasts the closing of the next working date.
    """
    calendar, at = drawn
    try:
        end = calendar.end_of_working_day(at, n, first_day, cutoff)  # type: ignore[arg-type]  # drawn from the two
        later = calendar.end_of_working_day(at, n + 1, first_day, cutoff)  # type: ignore[arg-type]
    except CalendarError:
        return
    closings = calendar.closings(micros_of(at) - 3 * 86_400_000_000, micros_of(max(end, later)))
    assert {micros_of(end), micros_of(later)} <= set(closings)
    assert closings == tuple(sorted(closings))


@pytest.mark.parametrize("zone", sorted(available_timezones())[::25])
def test_every_zone_goes_there_and_back(zone: str) -> None:
    """Over two years, adding an amount and measuring it gives the amount, in zones from all over the list."""
    round_trip(zone)


@pytest.mark.deep
@pytest.mark.parametrize("zone", sorted(available_timezones()))
def test_each_single_zone_goes_there_and_back(zone: str) -> None:
    """The same in every zone that is installed."""
    round_trip(zone)


def round_trip(zone: str) -> None:
    """Adds and measures from every seventh hour of two years."""
    calendar = Calendar({"mon-fri": ["00:30-02:30", "09:00-17:30"], "sat": "22:00-03:00"}, zone=zone)
    at = datetime(2025, 1, 1, tzinfo=ZoneInfo("UTC"))
    for step in range(2 * 365 * 24 // 7):
        start = at + timedelta(hours=7 * step)
        amount = timedelta(minutes=37 * (step % 50 + 1))
        assert calendar.elapsed(start, calendar.add(start, amount)) == amount
