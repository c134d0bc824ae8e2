"""Amounts, thresholds and priorities as people write them."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import PolicyError
from itilkit.lifecycle import Delay
from itilkit.policy.words import (
    delay,
    delay_text,
    duration,
    duration_text,
    priority_level,
    promise,
    promise_text,
    share,
    share_text,
    threshold,
    threshold_text,
)
from itilkit.sla import WorkingDays


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("4h", 14_400), ("1h 30m", 5_400), ("1h30m", 5_400), ("45m", 2_700), ("90s", 90), ("1h 1s", 3_601),
     ("2 h 5 m", 7_500), ("0h 5m", 300), ("240h", 864_000)],
)  # fmt: skip
def test_durations(text: str, seconds: int) -> None:
    """Hours, minutes and seconds, in that order."""
    assert duration(text) == promise(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["", " ", "4", "h", "4 hrs", "30 min", "4H", "-4h", "+4h", "1.5h", "30m 4h", "4h!", "four hours", "PT4H", "1h,30m",
     "9999999h", "9" * 5000 + "h", "\u0664h", "4h\n", "0h", "0h 0m", "1 workingday", "working days", "-1 working days"],
)  # fmt: skip
def test_what_is_no_duration(text: str) -> None:
    """Anything else is refused with an example; a target of no time at all cannot be met."""
    with pytest.raises(ValueError, match=r"^expected (a target|an amount|more than no time)"):
        promise(text)
    with pytest.raises(ValueError, match=r"^expected (an amount|more than no time)"):
        duration(text)


@pytest.mark.parametrize("text", ["3d", "3 d", "1day", "3 days"])
def test_a_bare_day_is_ambiguous(text: str) -> None:
    """A day may be 24 hours of open time or a working day: the message offers both."""
    with pytest.raises(ValueError, match=r"is ambiguous: write \"[13] working days\", or hours of open time"):
        promise(text)
    with pytest.raises(ValueError, match=r"is ambiguous: write hours of open time"):
        duration(text)


def test_promises() -> None:
    """Working days, and none."""
    assert promise("10 working days") == WorkingDays(10)
    assert promise("1 working day") == WorkingDays(1)
    assert promise("none") is promise("None") is None


@pytest.mark.parametrize(
    "text", ["0 working days", "99999 working days", "no", "nothing", "2.5 working days"]
)
def test_what_is_no_promise(text: str) -> None:
    """No days, too many days and other words are refused."""
    with pytest.raises(ValueError, match=r"^expected a target such as"):
        promise(text)


@pytest.mark.parametrize(
    ("text", "point"),
    [("75%", 0.75), ("75 %", 0.75), ("100%", 1.0), ("150%", 1.5), ("99.5%", 0.995),
     ("30m before", timedelta(minutes=-30)),
     ("1h 30m before", timedelta(minutes=-90)), ("1h after", timedelta(hours=1))],
)  # fmt: skip
def test_thresholds(text: str, point: float | timedelta) -> None:
    """A share of the target, or open time before or after it."""
    assert threshold(text) == point


@pytest.mark.parametrize(
    "text",
    [
        "",
        "75",
        "0%",
        "-5%",
        "%",
        "before",
        "30m",
        "soon before",
        "3d before",
        "30m  ahead",
        "99999%",
        "0m before",
    ],
)
def test_what_is_no_threshold(text: str) -> None:
    """Anything else is refused in words."""
    with pytest.raises(ValueError, match=r"^expected|is ambiguous"):
        threshold(text)


@pytest.mark.parametrize(
    ("value", "level"),
    [("P1", 1), ("p2", 2), (" p-2 ", 2), ("High", 1), ("very LOW", 3), ("very_low", 3), (3, 3)],
)
def test_priorities(value: object, level: int) -> None:
    """By P and number, by label, or by number."""
    assert priority_level(value, ("High", "Low", "Very low")) == level


@pytest.mark.parametrize("value", ["P0", "P4", "Highest", "", 0, 4, -1, True, 1.0, None, [], ["P1"], {}])
def test_what_is_no_priority(value: object) -> None:
    """A level that the scale does not have is refused with those that it has."""
    with pytest.raises(ValueError, match=r"expected a priority, P1 to P3 or High, Low, Very low, got"):
        priority_level(value, ("High", "Low", "Very low"))


amounts = st.timedeltas(timedelta(microseconds=1), timedelta(days=40_000))
days = st.builds(
    WorkingDays,
    st.integers(1, 9999),
    first_day=st.sampled_from(["next", "opening_day"]),
    cutoff=st.none() | st.times().map(lambda at: at.replace(microsecond=0)),
)
shares = st.decimals("0.0001", "99", places=6).map(float)


@given(amounts, days, shares)
def test_what_is_written_is_read(amount: timedelta, working: WorkingDays, part: float) -> None:
    """The text of an amount is read as that very amount."""
    assert duration(duration_text(amount)) == amount
    for target in (amount, working, None):
        assert promise(promise_text(target)) == target
    for kind in (Delay(open_time=amount), Delay(wall_time=amount), Delay(working_days=working.days)):
        assert delay(delay_text(kind)) == kind
    assert share(share_text(part)) == part
    for point in (part, amount, -amount):
        assert threshold(threshold_text(point)) == point


@pytest.mark.parametrize(
    ("text", "value"), [("95%", 0.95), ("99.9%", 0.999), ("100 %", 1.0), ("0.1%", 0.001)]
)
def test_a_share_is_the_nearest_fraction(text: str, value: float) -> None:
    """So that 999 of 1,000 are 99.9%."""
    assert share(text) == value


@pytest.mark.parametrize("text", ["95", "0%", "0.0%", "-5%", "five %", "%", "95 percent"])
def test_what_is_no_share(text: str) -> None:
    """Anything else is refused with an example."""
    with pytest.raises(ValueError, match='expected a share such as "95%"'):
        share(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5 working days", Delay(working_days=5)),
        ("40h", Delay(open_time=timedelta(hours=40))),
        ("40h of open time", Delay(open_time=timedelta(hours=40))),
        ("72h wall time", Delay(wall_time=timedelta(hours=72))),
    ],
)
def test_delays(text: str, value: Delay) -> None:
    """Working days, time during which a calendar is open, and time on the wall."""
    assert delay(text) == value


@pytest.mark.parametrize(
    "text", ["none", "3d", "soon", "2 working days, cutoff 15:00", "5 working days of wall time"]
)
def test_what_is_no_delay(text: str) -> None:
    """A delay is more than nothing and of one kind."""
    with pytest.raises(ValueError, match=r"expected|ambiguous"):
        delay(text)


def test_cutoffs() -> None:
    """The long form of working days."""
    assert promise("1 Working Day, the opening day counts") == WorkingDays(1, first_day="opening_day")
    assert promise_text(WorkingDays(3, cutoff=time(15, 30, 10))) == "3 working days, cutoff 15:30:10"
    with pytest.raises(ValueError, match="hour must be"):
        promise("2 working days, cutoff 25:00")


@pytest.mark.parametrize(
    "write",
    [
        lambda: duration_text(timedelta(0)),
        lambda: duration_text(timedelta(hours=1_000_000)),
        lambda: promise_text(WorkingDays(10_000)),
        lambda: share_text(0.0),
        lambda: share_text(1e-30),
    ],
)
def test_what_has_no_words(write: object) -> None:
    """An amount that the reader would refuse is not written."""
    with pytest.raises(PolicyError, match="a policy file has no words for"):
        write()  # type: ignore[operator]
