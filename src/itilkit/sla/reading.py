"""What a clock says, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

import attrs

from itilkit.calendars import Calendar
from itilkit.sla.goal import Goal, WorkingDays
from itilkit.spans import instant_of, micros, micros_of

__all__ = ["Cycle", "Entry", "Outcome", "Reading", "State"]

State = Literal["not_started", "running", "paused", "suspended", "stopped", "cancelled"]
Outcome = Literal["pending", "met", "breached", "cancelled", "not_recorded"]
EntryKind = Literal["counted", "paused", "excluded", "suspended", "resolved"]

ZERO = timedelta(0)

# More open spells than this in one run are told in one line: nobody reads forty nights.
_SPELLS_SHOWN = 12


@attrs.frozen
class Entry:
    """One run of the ledger: what the clock did from `start` to `end`, how much open time that was, and why.

    Attributes:
        start: UTC.
        end: UTC.
        kind: ``counted`` time is spent; the other kinds are not.
        open_time: The calendar's open time between the two.
        total: Counted so far, this run included.
        reason: Why, in words.
    """

    start: datetime
    end: datetime
    kind: EntryKind
    open_time: timedelta
    total: timedelta
    reason: str


@attrs.frozen
class Cycle:
    """One run of a clock from its start to its end or to `as_of`.

    Attributes:
        number: 1 for the first.
        started_at: When it began.
        stopped_at: When it stopped, None while it has not.
        state: What the clock does at `as_of`.
        goal: What it is judged by; None where no target is in force, which cancels the clock.
        elapsed: Open time spent.
        paused_for: Open time on hold.
        excluded: Open time in agreed exclusions.
        target: The target in open time, grace included; None for a target in working days.
        due_at: When the target is used up; None while paused or suspended and not late, because nobody knows.
        projected_due_at: When it would be, if the clock ran on from `as_of` or from its stop.
        breached_at: The first instant at which the clock ran past its due, None if it never did.
        ledger: Every run of the clock, in order; the counted ones sum to `elapsed`.
    """

    number: int
    started_at: datetime
    stopped_at: datetime | None
    state: State
    goal: Goal | None
    elapsed: timedelta
    paused_for: timedelta
    excluded: timedelta
    target: timedelta | None
    due_at: datetime | None
    projected_due_at: datetime | None
    breached_at: datetime | None
    ledger: tuple[Entry, ...] = attrs.field(repr=False)
    thresholds: Mapping[str, datetime | None] = attrs.field(factory=dict, repr=False)

    @property
    def breached(self) -> bool:
        """The clock ran past its due."""
        return self.breached_at is not None

    @property
    def remaining(self) -> timedelta | None:
        """Target less elapsed; negative when over, None for a target in working days."""
        return None if self.target is None else self.target - self.elapsed

    @property
    def outcome(self) -> Outcome:
        """Breached, met, pending or cancelled."""
        if self.breached:
            return "breached"
        if self.state == "cancelled":
            return "cancelled"
        return "met" if self.state == "stopped" else "pending"


@attrs.frozen(repr=False)
class Reading:
    """What one clock of one incident says at `as_of`.

    The figures are those of the latest cycle; `cycles` holds them all, so that a restart hides no earlier breach.

    Attributes:
        name: The target, such as ``resolution``.
        as_of: The instant of the reading.
        cycles: The earliest first; empty while the clock has not started.
        goal: What is promised now; None where nothing is.
        priority: The priority that the promise is for.
        missing: The fact that the source does not record and without which there is no reading.
        agreement: The name of the agreement.
    """

    name: str
    as_of: datetime
    cycles: tuple[Cycle, ...]
    goal: Goal | None
    priority: int | None = None
    missing: str = ""
    agreement: str = ""

    def __repr__(self) -> str:
        due = f", due {self.due_at.isoformat()}" if self.due_at else ""
        return f"<Reading {self.name}: {self.outcome}, {self.state}{due}>"

    @property
    def latest(self) -> Cycle | None:
        """The latest cycle, None while there is none."""
        return self.cycles[-1] if self.cycles else None

    @property
    def state(self) -> State:
        """What the clock does at `as_of`."""
        return self.cycles[-1].state if self.cycles else "not_started"

    @property
    def outcome(self) -> Outcome:
        """Pending, met, breached, cancelled, or not_recorded where the source lacks what the clock needs."""
        if self.missing:
            return "not_recorded"
        return self.cycles[-1].outcome if self.cycles else "pending"

    @property
    def breached(self) -> bool:
        """The clock ran past its due in the latest cycle."""
        return self.outcome == "breached"

    @property
    def due_at(self) -> datetime | None:
        """When the target is used up; None while nobody can know."""
        return self.cycles[-1].due_at if self.cycles else None

    @property
    def projected_due_at(self) -> datetime | None:
        """When it would be, if the clock ran on from now or from its stop."""
        return self.cycles[-1].projected_due_at if self.cycles else None

    @property
    def breached_at(self) -> datetime | None:
        """The first instant at which the clock ran past its due."""
        return self.cycles[-1].breached_at if self.cycles else None

    @property
    def elapsed(self) -> timedelta:
        """Open time spent."""
        return self.cycles[-1].elapsed if self.cycles else ZERO

    @property
    def paused_for(self) -> timedelta:
        """Open time on hold."""
        return self.cycles[-1].paused_for if self.cycles else ZERO

    @property
    def excluded(self) -> timedelta:
        """Open time in agreed exclusions."""
        return self.cycles[-1].excluded if self.cycles else ZERO

    @property
    def remaining(self) -> timedelta | None:
        """Target less elapsed; negative when over, None where the target is none in open time."""
        if self.cycles:
            return self.cycles[-1].remaining
        target = self.goal.target if self.goal else None
        return target if isinstance(target, timedelta) else None

    @property
    def thresholds(self) -> Mapping[str, datetime | None]:
        """When each threshold asked for is or will be reached; None while nobody can know."""
        return self.cycles[-1].thresholds if self.cycles else {}

    def explain(self) -> str:
        """The ledger as text: every span, counted or not, and the reason, in local time of the calendar."""
        return "\n".join(_explained(self))


def _explained(reading: Reading) -> Iterator[str]:
    if reading.missing:
        yield f"{reading.name}: not recorded, because the source does not record {reading.missing.replace('_', ' ')}"
        return
    cycle = reading.latest
    if cycle is None:
        yield f"{reading.name}: the clock has not started"
        return
    yield _headline(reading, cycle)
    if cycle.goal is None:
        return
    for entry in cycle.ledger:
        yield from _spells(entry, cycle.goal.calendar)
    yield (
        f"  elapsed {span(cycle.elapsed)}"
        + ("" if cycle.target is None else f" of {span(cycle.target)}")
        + (f", on hold {span(cycle.paused_for)}" if cycle.paused_for else "")
        + (f", excluded {span(cycle.excluded)}" if cycle.excluded else "")
    )


def _headline(reading: Reading, cycle: Cycle) -> str:
    words = [f"{reading.name}: {cycle.outcome}"]
    if cycle.goal is None:
        return f"{words[0]}, no target is in force"
    target = cycle.goal.target
    promised = str(target) if isinstance(target, WorkingDays) else span(cycle.target or ZERO)
    words.append(f"target {promised}" + (f" for P{reading.priority}" if reading.priority else ""))
    zone = cycle.goal.calendar.zone
    if cycle.due_at is not None:
        words.append(f"due {stamp(cycle.due_at, zone)} ({zone})")
    elif cycle.projected_due_at is not None:
        words.append(
            f"no due time while {cycle.state}; {stamp(cycle.projected_due_at, zone)} ({zone}) if it ran on now"
        )
    return ", ".join(words)


def _spells(entry: Entry, calendar: Calendar) -> Iterator[str]:
    """A counted run in its open and closed spells, any other run in one line."""
    if entry.kind != "counted":
        yield _line(entry.start, entry.end, calendar.zone, "not counted", span(entry.open_time), entry.reason)
        return
    start, end = micros_of(entry.start), micros_of(entry.end)
    spells = calendar.open_spans(start, end)
    if len(spells) > _SPELLS_SHOWN:
        reason = f"{entry.reason}: {len(spells)} spells of open time"
        yield _line(entry.start, entry.end, calendar.zone, "counted", span(entry.open_time), reason)
        return
    at = start
    for opens, closes in spells:
        if opens > at:
            yield _closed(at, opens, calendar)
        length = span(timedelta(microseconds=closes - opens))
        yield _line(instant_of(opens), instant_of(closes), calendar.zone, "counted", length, entry.reason)
        at = closes
    if at < end:
        yield _closed(at, end, calendar)


def _closed(start: int, end: int, calendar: Calendar) -> str:
    at = instant_of(start)
    return _line(at, instant_of(end), calendar.zone, "not counted", "", calendar.why(at))


def _line(start: datetime, end: datetime, zone: str, counted: str, length: str, reason: str) -> str:
    return f"  {stamp(start, zone)} - {stamp(end, zone)}  {counted:<11} {length:>9}  {reason}"


def stamp(instant: datetime, zone: str) -> str:
    """An instant for people, in local time: ``Fri 2026-03-06 16:30``, with seconds where there are any."""
    from itilkit.spans import zone_named  # noqa: PLC0415

    local = instant.astimezone(zone_named(zone))
    return f"{local:%a %Y-%m-%d %H:%M}" + (f":{local:%S}" if local.second else "")


def span(duration: timedelta) -> str:
    """A duration for people: ``3h 05m``, ``45m``, ``-1h 00m``, ``12s``."""
    total = micros(duration)
    sign = "-" if total < 0 else ""
    minutes, rest = divmod(abs(total), 60_000_000)
    hours, minutes = divmod(minutes, 60)
    seconds = f" {rest / 1_000_000:g}s" if rest else ""
    if hours:
        return f"{sign}{hours:,}h {minutes:02}m{seconds}"
    if minutes or not seconds:
        return f"{sign}{minutes}m{seconds}"
    return f"{sign}{seconds.strip()}"
