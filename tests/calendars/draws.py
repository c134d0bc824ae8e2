"""Random calendars and instants, many of them where clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from tests.calendars.plain import Plain

from itilkit.calendars import Calendar

HARD = (
    "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Johannesburg", "Africa/Lagos",
    "America/Anchorage", "America/Argentina/Buenos_Aires", "America/Asuncion", "America/Caracas",
    "America/Chicago", "America/Havana", "America/Los_Angeles", "America/Mexico_City", "America/New_York",
    "America/Nuuk", "America/Phoenix", "America/Port-au-Prince", "America/Santiago", "America/Sao_Paulo",
    "America/Scoresbysund", "America/St_Johns", "America/Toronto", "Antarctica/Casey", "Antarctica/Troll",
    "Asia/Amman", "Asia/Beirut", "Asia/Colombo", "Asia/Damascus", "Asia/Dhaka", "Asia/Gaza", "Asia/Hebron",
    "Asia/Hong_Kong", "Asia/Jerusalem", "Asia/Kabul", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Manila",
    "Asia/Pyongyang", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tehran", "Asia/Tokyo", "Asia/Yangon",
    "Atlantic/Azores", "Atlantic/Reykjavik", "Australia/Adelaide", "Australia/Eucla", "Australia/Lord_Howe",
    "Australia/Sydney", "Europe/Berlin", "Europe/Dublin", "Europe/Istanbul", "Europe/Lisbon", "Europe/London",
    "Europe/Moscow", "Europe/Paris", "Europe/Samara", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham",
    "Pacific/Easter", "Pacific/Fiji", "Pacific/Guam", "Pacific/Honolulu", "Pacific/Kiritimati",
    "Pacific/Kwajalein", "Pacific/Norfolk", "Pacific/Tongatapu", "UTC",
)  # fmt: skip


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """Instants near the changes of a zone between 1970 and 2040, found by asking every twelve hours."""
    info, found = ZoneInfo(zone), []
    at, end = datetime(1970, 1, 2, tzinfo=info), datetime(2040, 1, 1, tzinfo=info)
    at, end = at.astimezone(ZoneInfo("UTC")), end.astimezone(ZoneInfo("UTC"))
    before = at.astimezone(info).utcoffset()
    while at < end:
        at += timedelta(hours=12)
        after = at.astimezone(info).utcoffset()
        if after != before:
            found.append(at)
        before = after
    return tuple(found)


def minutes() -> st.SearchStrategy[int]:
    """Times of day in minutes, often on the hour, at the quarter, or where clocks change."""
    return st.one_of(
        st.integers(0, 23).map(lambda hour: 60 * hour),
        st.integers(0, 1439),
        st.sampled_from([0, 90, 120, 150, 180]),
    )


@st.composite
def windows(draw: st.DrawFn) -> tuple[int, int]:
    """A window in minutes from midnight, past midnight where it closes at or before it opens."""
    opens, closes = draw(minutes()), draw(st.one_of(minutes(), st.just(1440)))
    if closes == opens:
        closes = opens + 60
    return opens, closes if closes > opens else closes + 1440


def days(max_size: int = 3) -> st.SearchStrategy[list[tuple[int, int]]]:
    """The windows of a date."""
    return st.lists(windows(), max_size=max_size)


@st.composite
def instants(draw: st.DrawFn, zone: str) -> datetime:
    """An instant, half of the time within three days of a change of clocks in the zone."""
    anywhere = st.integers(0, 24_000).map(
        lambda days: datetime(1972, 1, 1, tzinfo=UTC) + timedelta(days=days)
    )
    near = changes(zone)
    around = draw(st.one_of(anywhere, st.sampled_from(near)) if near else anywhere)
    fine = draw(st.one_of(st.just(0), st.integers(0, 59_999_999)))
    return around + timedelta(minutes=draw(st.integers(-3 * 1440, 3 * 1440)), microseconds=fine)


@st.composite
def plains(draw: st.DrawFn, zones: tuple[str, ...] = HARD) -> tuple[Plain, datetime]:
    """Random hours, with exceptions near an instant, and that instant."""
    zone = draw(st.sampled_from(zones))
    at = draw(instants(zone))
    whole_week = draw(st.booleans())
    every = draw(days())
    week = [every] * 7 if whole_week else [draw(days()) for _ in range(7)]
    nearby = st.integers(-6, 6).map(lambda days: at.date() + timedelta(days=days))
    closed = draw(st.frozensets(nearby, max_size=3))
    special = draw(st.dictionaries(nearby, days(2), max_size=2))
    return Plain(zone, week, closed, special), at


def calendar_of(plain: Plain) -> Calendar:
    """The library's calendar with the same hours, through its public face."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return Calendar(
        {name: [text(window) for window in windows] for name, windows in zip(names, plain.week, strict=True)},
        zone=plain.zone,
        closed=dict.fromkeys(plain.closed, "closed"),
        special_hours={day: [text(window) for window in windows] for day, windows in plain.special.items()},
    )


def text(window: tuple[int, int]) -> str:
    """A window as it is written."""
    opens, closes = window
    shown = "24:00" if closes == 1440 else f"{closes % 1440 // 60:02}:{closes % 60:02}"
    return f"{opens // 60:02}:{opens % 60:02}-{shown}"


def calendars(zones: tuple[str, ...] = HARD) -> st.SearchStrategy[tuple[Calendar, datetime]]:
    """A random calendar and an instant near its exceptions."""

    def made(drawn: tuple[Plain, Any]) -> tuple[Calendar, datetime]:
        return calendar_of(drawn[0]), drawn[1]

    return plains(zones).map(made)


def amounts() -> st.SearchStrategy[timedelta]:
    """Amounts of open time, from a microsecond to two weeks."""
    return st.one_of(
        st.integers(1, 120).map(lambda hours: timedelta(hours=hours) / 2),
        st.timedeltas(timedelta(microseconds=1), timedelta(days=14)),
    )
