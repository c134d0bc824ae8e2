"""A synthetic log for examples: realistic in its shapes, and nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random  # noqa: TID251  for its type; `generator` makes it

from itilkit.events import (
    Acknowledged,
    Assigned,
    Cancelled,
    Classified,
    Closed,
    Event,
    Held,
    Logged,
    PrioritySet,
    Reopened,
    Resolved,
    Resumed,
    Started,
    Surveyed,
)
from itilkit.kpi.chance import generator
from itilkit.kpi.definition import refuse
from itilkit.records import Incident
from itilkit.vocabulary import Channel, HoldReason

__all__ = ["sample_log"]

_FROM = datetime(2026, 1, 5, tzinfo=UTC)
_DAYS = 180
_CHANNELS = (Channel.PHONE, Channel.EMAIL, Channel.PORTAL, Channel.CHAT, Channel.MONITORING)
_CHANNEL_WEIGHTS = (35, 25, 25, 8, 7)
_SERVICES = ("mail", "network", "payments", "workplace", "printing")
_SERVICE_WEIGHTS = (30, 15, 8, 35, 12)
_CATEGORIES = ("access", "hardware", "software", "performance")
_PRIORITY_WEIGHTS = (2, 8, 30, 60)
# The median hours to resolution by priority; the spread is lognormal, as it is in real logs.
_HOURS = {1: 2.0, 2: 6.0, 3: 20.0, 4: 40.0}
_SPREAD = 1.3
_DESK, _TEAM = "service desk", "second level"
# Incidents by hour of the day, and how many fewer there are at a weekend.
_HOUR_WEIGHTS = (1, 1, 1, 1, 1, 2, 4, 10, 18, 20, 18, 15, 11, 14, 16, 14, 11, 7, 4, 3, 2, 2, 1, 1)
_WEEKEND = 0.25
_SATURDAY = 5


def sample_log(n: int, seed: int) -> tuple[Incident, ...]:
    """A log of so many incidents from January to July 2026, the same for the same seed; in the order of opening.

    Arrivals follow hours and weekdays, durations are lognormal by priority, some incidents change their group, are held
    for the user, reopened, cancelled, or were never closed. Histories keep to `lifecycle.ITIL4_DEFAULT`. Nothing in it
    is taken from a real log, so it proves nothing about one.

    Raises:
        KpiError: less than no incidents, or a seed that is none.

    >>> log = sample_log(100, seed=7)
    >>> len(log), log[0].number, log == sample_log(100, seed=7)
    (100, 'INC00001', True)
    """
    if type(n) is not int or n < 0:
        raise refuse("n", f"{n!r} incidents are none", "a whole number, 0 or more")
    draw = generator(seed)
    starts = sorted(_arrival(draw) for _ in range(n))
    return tuple(
        Incident(f"INC{number:05}", tuple(_life(draw, at)), source="sample")
        for number, at in enumerate(starts, 1)
    )


def _arrival(draw: Random) -> datetime:
    while True:
        day = draw.randrange(_DAYS)
        at = _FROM + timedelta(days=day)
        if at.weekday() < _SATURDAY or draw.random() < _WEEKEND:
            (hour,) = draw.choices(range(24), _HOUR_WEIGHTS)
            return at + timedelta(hours=hour, minutes=draw.randrange(60), seconds=draw.randrange(60))


def _life(draw: Random, at: datetime) -> Iterator[Event]:
    (priority,) = draw.choices(range(1, 5), _PRIORITY_WEIGHTS)
    (channel,) = draw.choices(_CHANNELS, _CHANNEL_WEIGHTS)
    (service,) = draw.choices(_SERVICES, _SERVICE_WEIGHTS)
    whole = timedelta(hours=_HOURS[priority] * draw.lognormvariate(0, _SPREAD))
    category = draw.choice(_CATEGORIES)

    def after(share: float) -> datetime:
        return at + timedelta(seconds=round(whole.total_seconds() * share))

    yield Logged(at, reporter=f"user{draw.randrange(400)}", channel=channel)
    yield Classified(
        at, category=category, service=service, configuration_item=f"{service}-{draw.randrange(1, 6)}"
    )
    yield PrioritySet(at, priority=priority)
    if draw.random() < 0.04:  # noqa: PLR2004  four in a hundred
        yield Cancelled(after(0.3), f"agent{draw.randrange(9)}", reason="no incident")
        return
    agent = f"agent{draw.randrange(9)}"
    yield Assigned(after(0.02), agent, group=_DESK, assignee=agent)
    yield Acknowledged(after(0.05), agent)
    yield Started(after(0.1), agent)
    if draw.random() < (0.15 if priority > 2 else 0.4):  # noqa: PLR2004  urgent ones go to specialists
        agent = f"agent{draw.randrange(9, 15)}"
        yield Assigned(after(0.2), agent, group=_TEAM, assignee=agent)
    if draw.random() < 0.2:  # noqa: PLR2004  a fifth
        yield Held(after(0.3), agent, reason=HoldReason.AWAITING_USER)
        yield Resumed(after(0.6), agent)
    if draw.random() < 0.02:  # noqa: PLR2004  two in a hundred are never resolved
        return
    yield from _end(draw, at + whole, agent)


def _end(draw: Random, done: datetime, agent: str) -> Iterator[Event]:
    done = done.replace(microsecond=0)
    yield Resolved(done, agent, code="solution_provided", notes="Restored.")
    if draw.random() < 0.05:  # noqa: PLR2004  five in a hundred
        back = done + timedelta(hours=draw.uniform(1, 60))
        yield Reopened(back, reason="It came back.")
        done = back + timedelta(hours=draw.lognormvariate(1.5, 1))
        yield Resolved(done, agent, code="solution_provided", notes="Restored again.")
    if draw.random() < 0.3:  # noqa: PLR2004  three in ten answer
        (score,) = draw.choices(range(1, 6), (5, 7, 15, 35, 38))
        yield Surveyed(done + timedelta(hours=12), score=score, scale=(1, 5))
    yield Closed(done + timedelta(days=5), "tool")
