"""Do the agreements behind a promise fit inside it?

A service level agreement is kept by teams and suppliers that have promised something themselves: in operational level
agreements (OLA) and underpinning contracts (UC). If these work one after the other and each takes all the time it is
allowed, the promise must still hold.

On one clock that is a sum. On different clocks it is not: eight office hours and twelve hours round the clock can be
compared only from an opening on, and the worst opening of a period is what counts. Between two starts at which some
clock of the chain begins or is due at an edge of its calendar, the delay grows or falls evenly. So it is enough to ask
at those, just before and just after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

import attrs

from itilkit.calendars import Calendar, Period
from itilkit.errors import PolicyError
from itilkit.sla.allowance import allowance_of, open_target
from itilkit.sla.explain import duration, stamp
from itilkit.sla.goal import Goal, WorkingDays
from itilkit.sla.ledger import ZERO
from itilkit.spans import Pair, instant_of, micros, micros_of, zone_named

__all__ = ["ChainFinding", "Link", "chain"]

_DAY, _SECOND = 86_400_000_000, 1_000_000
_BESIDE = 1


class Link(NamedTuple):
    """What an agreement promises: its name and the goal."""

    agreement: str
    goal: Goal

    def __str__(self) -> str:
        target = self.goal.target
        return f"{self.agreement} ({target if isinstance(target, WorkingDays) else duration(target)})"


@attrs.frozen
class ChainFinding:
    """Agreements that do not fit inside the one that they support, or that could not be compared with it.

    Attributes:
        target: The name of the target.
        priority: Whose target; 1 is highest.
        supported: What is promised.
        supporting: What it rests on, in the order of the work.
        message: What is wrong, in words, in local time of the supported calendar.
        late_by: By how much the work may end after the due time: open time where all are on one clock, else time by
            the clock on the wall; None where it may never end, or was not compared.
        opened_at: The worst opening, on different clocks; None on one.
        compared: False where the clocks differ and no period was given to compare them in.
    """

    target: str
    priority: int
    supported: Link
    supporting: tuple[Link, ...]
    message: str = attrs.field(kw_only=True)
    late_by: timedelta | None = attrs.field(default=None, kw_only=True)
    opened_at: datetime | None = attrs.field(default=None, kw_only=True)
    compared: bool = attrs.field(default=True, kw_only=True)

    def __str__(self) -> str:
        return f"P{self.priority} {self.target.replace('_', ' ')}: {self.message}"


def chain(
    target: str,
    priority: int,
    supported: Link,
    supporting: Sequence[Link],
    *,
    over: Period | None = None,
) -> ChainFinding | None:
    """What is wrong with the agreements that a promise rests on, None if they fit inside it.

    Targets in open time without grace, all on one calendar, are added up. Any others are followed from each opening in
    a period: the first supporting clock starts then, each next one where the one before it is due. No pause is
    assumed.

    Args:
        target: The name of the target, for the message.
        priority: Whose target it is; 1 is highest.
        supported: What is promised.
        supporting: What that rests on, in the order of the work; nothing fits inside everything.
        over: The openings to compare different clocks by; a year takes about a tenth of a second.

    Raises:
        PolicyError: the period holds no instant.

    >>> def hours(amount):
    ...     return Goal(timedelta(hours=amount), Calendar({"mon-fri": "09:00-17:00"}, zone="UTC"))
    >>> behind = [Link("OLA Network", hours(3)), Link("UC Telco", hours(2))]
    >>> print(chain("resolution", 1, Link("SLA Gold", hours(4)), behind))
    P1 resolution: OLA Network (3h 00m) and UC Telco (2h 00m) need 5h 00m, 1h 00m more than SLA Gold (4h 00m) allows.
    """
    links = tuple(supporting)
    if over is not None and over.start == over.end:
        raise PolicyError.one("empty_period", f"{over.label} holds no instant to compare by", path="over")
    if not links:
        return None
    finding = ChainFinding(target, priority, supported, links, message="")
    amounts = [_plain_amount(link.goal) for link in (supported, *links)]
    if None not in amounts and len({link.goal.calendar for link in (supported, *links)}) == 1:
        return _added_up(finding, [each for each in amounts if each is not None])
    if over is None:
        said = f"{_named(links)} and {supported} run on different clocks: give a period to compare them in."
        return attrs.evolve(finding, message=said, compared=False)
    return _worst(finding, over)


def _plain_amount(goal: Goal) -> timedelta | None:
    """A target that can be added to another one on the same calendar."""
    return None if isinstance(goal.target, WorkingDays) or goal.grace_out_of_hours else goal.target


def _named(links: Iterable[Link]) -> str:
    return " and ".join(map(str, links))


def _added_up(finding: ChainFinding, amounts: Sequence[timedelta]) -> ChainFinding | None:
    allowed, needed = amounts[0], sum(amounts[1:], ZERO)
    if needed <= allowed:
        return None
    need = "needs" if len(finding.supporting) == 1 else "need"
    said = (
        f"{_named(finding.supporting)} {need} {duration(needed)}, {duration(needed - allowed)} more than"
        f" {finding.supported} allows."
    )
    return attrs.evolve(finding, message=said, late_by=needed - allowed)


def _worst(finding: ChainFinding, over: Period) -> ChainFinding | None:
    """The opening after which the work ends latest after the due time, the earliest of those alike."""
    worst, late = None, 0
    for at in _openings(finding, over):
        due, done = _due(finding.supported.goal, at), _done(finding.supporting, at)
        if due is not None and done is None:
            return attrs.evolve(
                finding, message=_told(finding, over, at, due, None), opened_at=instant_of(at)
            )
        if due is not None and done is not None and done - due > late:
            worst, late = (at, due, done), done - due
    if worst is None:
        return None
    return attrs.evolve(
        finding,
        message=_told(finding, over, *worst),
        late_by=timedelta(microseconds=late),
        opened_at=instant_of(worst[0]),
    )


def _told(finding: ChainFinding, over: Period, at: int, due: int, done: int | None) -> str:
    zone = finding.supported.goal.calendar.zone
    beside = {_BESIDE: "just after ", _SECOND - _BESIDE: "just before "}.get(at % _SECOND, "")
    late = "may never be done" if done is None else f"may take until {_stamp(done, zone)}"
    return (
        f"opened {beside}{_stamp(at, zone)}, the worst case of {over.label}, {finding.supported} is due"
        f" {_stamp(due, zone)}, but {_named(finding.supporting)} {late}. The clocks differ; times are {zone}."
    )


def _stamp(at: int, zone: str) -> str:
    """An instant to the nearest second: what lies a microsecond beside an edge is told as the edge."""
    return stamp(instant_of((at + _SECOND // 2) // _SECOND * _SECOND), zone_named(zone))


def _due(goal: Goal, start: int) -> int | None:
    """When a clock that starts then and never pauses is due, None if never."""
    allowance = allowance_of(goal, start, open_target(goal, start))
    return allowance.after(start, allowance.amount) if allowance.amount > 0 else start


def _done(links: Iterable[Link], start: int) -> int | None:
    """When the last of the links is due, each one starting where the one before it was."""
    at: int | None = start
    for link in links:
        if at is None:
            return None
        at = _due(link.goal, at)
    return at


def _openings(finding: ChainFinding, over: Period) -> list[int]:
    """The openings of a period at which, or just beside which, the worst case is found."""
    low, high = micros_of(over.start), micros_of(over.end)
    ends = (_due(finding.supported.goal, high), _done(finding.supporting, high))
    window = low, max(high, *(end for end in ends if end is not None)) + _DAY
    found = {low, *_breaks(finding.supported.goal, (), window)}
    breaks: frozenset[int] = frozenset()
    for link in reversed(finding.supporting):
        breaks = _breaks(link.goal, breaks, window)
    found |= breaks
    return sorted(at for each in found for at in (each - _BESIDE, each, each + _BESIDE) if low <= at < high)


def _breaks(goal: Goal, after: Iterable[int], window: Pair) -> frozenset[int]:
    """The starts at which the due time leaps or halts, or comes to an instant of `after`.

    These are the edges of the calendar, and the starts from which the target is used up at such an edge.
    """
    calendar, target = goal.calendar, goal.target
    edges = {edge for span in calendar.open_spans(*window) for edge in span}
    if isinstance(target, WorkingDays):
        cutoff = [] if target.cutoff is None else [target.cutoff]
        return frozenset(edges.union(*(_each_day(at, calendar, window) for at in (time(), *cutoff))))
    spent = {
        calendar.open_at(at) - micros(target + grace) for at in edges.union(after) for grace in _graces(goal)
    }
    starts = {start for each in spent for start in (calendar.earliest(each), calendar.latest(each))}
    return frozenset(edges | {start for start in starts if start is not None})


def _graces(goal: Goal) -> set[timedelta]:
    return {ZERO, goal.grace_out_of_hours}


def _each_day(at: time, calendar: Calendar, window: Pair) -> Iterator[int]:
    """A wall-clock time on every local date of a window."""
    zone = zone_named(calendar.zone)
    first, last = (instant_of(edge).astimezone(zone).date() for edge in window)
    for ahead in range((last - first).days + 1):
        yield micros_of(datetime.combine(first + timedelta(days=ahead), at, zone))
