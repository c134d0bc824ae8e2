"""Incidents of which the tests of this room know everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from itilkit import Incident
from itilkit.events import Classified, Event, Logged

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
STANDARD = ("category", "subcategory", "service", "configuration_item")


def at(hours: float) -> datetime:
    """So many hours after Monday, midnight UTC."""
    return MONDAY + timedelta(hours=hours)


def opened(number: str, hour: float = 0, title: str = "", *more: Event, **known: Any) -> Incident:
    """An incident that is opened and classified at once, with more events after that."""
    events: list[Event] = [Logged(at(hour), title=title)]
    if known:
        given = {name: known[name] for name in STANDARD if name in known}
        fields = {name: value for name, value in known.items() if name not in STANDARD}
        events.append(Classified(at(hour), **given, fields=fields))
    return Incident(number, [*events, *more])


WORDS = ("printer", "jam", "mail", "slow", "login", "E502", "on", "the")
titles = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
_values = st.sampled_from(["a", "b", None])


@st.composite
def incidents(draw: st.DrawFn, most: int = 8) -> list[Incident]:
    """Incidents with few words and few values, so that many agree and many tie; numbers are not in order of opening."""
    count = draw(st.integers(1, most))
    numbers = draw(st.permutations([f"INC{each}" for each in range(count)]))
    found = []
    for number in numbers:
        known = {name: draw(_values) for name in ("service", "category")}
        title, hour = draw(titles), draw(st.integers(0, 5))
        found.append(opened(number, hour, title, **known))
    return found
