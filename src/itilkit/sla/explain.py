"""A reading as text that a service-level manager can check by hand, in local time of the calendar.

Two lines say how the target stands and when it is due. A line for each span follows: what counted, what did not
and why, and the running total. The counted spans sum to the elapsed time exactly. A long stretch of whole days is
told in one line, and so is the middle of a long history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

import attrs

from itilkit.calendars import Calendar
from itilkit.sla.cycle import Cycle
from itilkit.sla.goal import Goal
from itilkit.sla.ledger import ZERO, Entry, spells
from itilkit.sla.rule import WhenPriorityChanges
from itilkit.spans import micros, zone_named

if TYPE_CHECKING:
    from itilkit.sla.reading import Reading

__all__ = ["HEADINGS", "Row", "Told", "cut_at", "duration", "explained", "stamp", "told"]

# More open spells of one run than this are told as the first, those between, and the last.
_SPELLS_SHOWN = 10
# Of a history with notably more spans than this, the first and the last ones are told.
_SPANS_SHOWN = 40
_REASONS_SHOWN = 4
_RULED = ("counted", "paused", "excluded")
_JUDGED: Mapping[WhenPriorityChanges, str] = {
    "recalculate from start": "judged from the start",
    "restart": "judged from the start",
    "keep": "kept from the start",
    "only tighten": "the tightest so far",
}


class Row(NamedTuple):
    """A span of the ledger in words; `total` is what counted so far."""

    start: str
    end: str
    counted: str
    total: str
    reason: str


class Told(NamedTuple):
    """A reading in words, before it is laid out as text, Markdown or HTML.

    `head` says how the target stands, when it is due, and what the earlier cycles came to; `sums` is empty
    where nothing is measured, `rows` also where no time has passed.
    """

    head: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    sums: str = ""


HEADINGS = Row("from", "to", "counted", "total", "")


def told(reading: Reading) -> Told:
    """The reading in words, one row a span."""
    name = reading.name.replace("_", " ") + (f" ({reading.agreement})" if reading.agreement else "")
    cycle = reading.latest
    if reading.missing:
        missing = reading.missing.replace("_", " ")
        return Told((f"{name}: not recorded. The source does not record: {missing}.",))
    if cycle is None:
        return Told((f"{name}: pending. The clock has not started.",))
    earlier = tuple(_earlier(reading.cycles[:-1]))
    if cycle.goal is None:
        whose = "without a priority" if reading.priority is None else f"for P{reading.priority}"
        return Told((f"{name}: cancelled. There is no target {whose}.", *earlier))
    zone = zone_named(cycle.goal.calendar.zone)
    head = (
        f"{name}: {_standing(cycle, zone)}.",
        _promise(reading.priority, cycle, cycle.goal, zone),
        *earlier,
    )
    rows = tuple(_rows(cycle, cycle.goal.calendar, zone))
    return Told(head, rows, f"As of {stamp(reading.as_of, zone)}: {_sum(cycle)}.")


def explained(reading: Reading) -> str:
    """The reading as plain text, one span a line."""
    head, rows, sums = told(reading)
    table = _table([HEADINGS, *rows]) if rows else ()
    return "\n".join([*head, *table, sums] if sums else head)


def _standing(cycle: Cycle, zone: tzinfo) -> str:
    """The outcome, since when, and what the clock does now."""
    said: str = cycle.outcome
    if cycle.breached_at is not None and cycle.breached_at != cycle.due_at:
        said += f" since {stamp(cycle.breached_at, zone)}"
    if said != cycle.state:
        said += f", {cycle.state}"
    return said if cycle.stopped_at is None else f"{said} {stamp(cycle.stopped_at, zone)}"


def _promise(priority: int | None, cycle: Cycle, goal: Goal, zone: tzinfo) -> str:
    """What is promised, when that is due, and where the times are."""
    amount = str(goal.target) if cycle.target is None else f"{duration(cycle.target)} of open time"
    whose = "The target" if priority is None else f"P{priority}"
    if cycle.priority_changed:
        whose += f", {_JUDGED[cycle.clock.rule.when_priority_changes]},"
    return f"{whose} allows {amount}; {_due(cycle, zone)}. All times are {goal.calendar.zone}."


def _due(cycle: Cycle, zone: tzinfo) -> str:
    due, projected = cycle.due_at, cycle.projected_due_at
    if due is not None:
        return f"due {stamp(due, zone)}"
    if cycle.state == "cancelled":
        return "nothing is due any more"
    if projected is None:
        return "never due, because there is not so much open time"
    return f"no due time while {cycle.state}, {stamp(projected, zone)} if it ran on from now"


def _sum(cycle: Cycle) -> str:
    parts = [f"{duration(cycle.elapsed)} counted"]
    if cycle.remaining is not None:
        over = cycle.remaining < ZERO
        parts.append(f"{duration(abs(cycle.remaining))} {'over' if over else 'left'}")
    parts += [f"{duration(cycle.paused_for)} paused"] if cycle.paused_for else []
    parts += [f"{duration(cycle.excluded)} excluded"] if cycle.excluded else []
    return ", ".join(parts)


def _earlier(cycles: Sequence[Cycle]) -> Iterator[str]:
    """One line for each cycle before the latest: a restart hides nothing."""
    if len(cycles) > _SPELLS_SHOWN:
        breached = sum(cycle.breached for cycle in cycles)
        yield f"Before it: {len(cycles)} cycles, {breached} of them breached; the last of them:"
    for cycle in cycles[-_SPELLS_SHOWN:]:
        zone = zone_named(cycle.goal.calendar.zone if cycle.goal else "UTC")
        ended = "" if cycle.stopped_at is None else f" to {stamp(cycle.stopped_at, zone)}"
        due = "" if cycle.due_at is None else f", due {stamp(cycle.due_at, zone)}"
        yield (
            f"Cycle {cycle.number}, {stamp(cycle.started_at, zone)}{ended}:"
            f" {cycle.outcome}, {duration(cycle.elapsed)} counted{due}."
        )


def _rows(cycle: Cycle, calendar: Calendar, zone: tzinfo) -> Iterator[Row]:
    due = cycle.due_at if cycle.breached else None
    spans = _joined(span for entry in cycle.ledger for span in _spans(entry, calendar, due))
    shown = _SPANS_SHOWN // 2
    if len(spans) <= _SPANS_SHOWN + _SPELLS_SHOWN:
        yield from (_row(span, zone) for span in spans)
    else:
        yield from (_row(span, zone) for span in spans[:shown])
        yield _row(_gathered(spans[shown:-shown]), zone)
        yield from (_row(span, zone) for span in spans[-shown:])
    if cycle.stopped_at is not None:
        yield Row(stamp(cycle.stopped_at, zone), "", "", "", _ending(cycle))


def _joined(spans: Iterable[Entry]) -> list[Entry]:
    """The spans, with closed ones that follow each other for one reason as one."""
    joined: list[Entry] = []
    for span in spans:
        last = joined[-1] if joined else span
        if last is not span and last.kind == span.kind == "closed" and last.reason == span.reason:
            joined[-1] = attrs.evolve(span, start=last.start)
        else:
            joined.append(span)
    return joined


def _ending(cycle: Cycle) -> str:
    return cycle.state if cycle.stopped_by == cycle.state else f"{cycle.state}: {cycle.stopped_by}"


def _spans(entry: Entry, calendar: Calendar, due: datetime | None) -> Iterator[Entry]:
    """The spells of a run, cut where the target is used up; whole days between the first and the last as one."""
    found = [part for spell in spells(entry, calendar) for part in cut_at(spell, due)]
    ruled = [index for index, spell in enumerate(found) if spell.kind == entry.kind]
    if len(ruled) <= _SPELLS_SHOWN or entry.kind not in _RULED:
        yield from found
        return
    first, last = ruled[1], ruled[-2]
    yield from found[:first]
    yield _gathered_days(found[first : last + 1])
    yield from found[last + 1 :]


def cut_at(spell: Entry, due: datetime | None) -> Iterator[Entry]:
    """A counted spell, in two parts where the target is used up inside it."""
    if due is None or spell.kind != "counted" or spell.end <= due:
        yield spell
        return
    late = f"{spell.reason}, past due"
    if spell.start >= due:
        yield attrs.evolve(spell, reason=late)
        return
    after = spell.end - due
    yield attrs.evolve(spell, end=due, open_time=spell.open_time - after, total=spell.total - after)
    yield attrs.evolve(spell, start=due, open_time=after, reason=late)


def _gathered_days(spans: Sequence[Entry]) -> Entry:
    """The spells of a long run, but for the first and the last, in one line."""
    last = spans[-1]
    count = sum(span.kind == last.kind for span in spans)
    reason = f"{last.reason}; {count} spells of open time, the closed time between them left out"
    # The usual closure is the week's; what else kept the calendar closed is worth a word.
    closures = Counter(span.reason for span in spans if span.kind == "closed")
    unusual = [each.removeprefix("closed: ") for each, _ in closures.most_common()[1:]]
    if unusual:
        reason += f", among it {', '.join(unusual[:_REASONS_SHOWN])}"
    total = sum((span.open_time for span in spans), ZERO)
    return attrs.evolve(last, start=spans[0].start, open_time=total, reason=reason)


def _gathered(spans: Sequence[Entry]) -> Entry:
    """The middle of a long history in one line."""
    counted = sum((span.open_time for span in spans if span.kind == "counted"), ZERO)
    paused = sum((span.open_time for span in spans if span.kind == "paused"), ZERO)
    waited = f", with {duration(paused)} paused" if paused else ""
    return Entry(
        spans[0].start, spans[-1].end, "counted", counted, spans[-1].total, f"{len(spans)} more spans{waited}"
    )


def _row(span: Entry, zone: tzinfo) -> Row:
    counted = span.kind == "counted"
    return Row(
        stamp(span.start, zone),
        stamp(span.end, zone),
        duration(span.open_time) if counted else "-",
        duration(span.total) if counted else "",
        span.reason + _remark(span, zone),
    )


def _remark(span: Entry, zone: tzinfo) -> str:
    """What a reader who subtracts the two times needs to know."""
    said = ""
    if span.kind in ("paused", "excluded"):
        said = f" ({duration(span.open_time)} not counted)"
    before, after = span.start.astimezone(zone).utcoffset(), span.end.astimezone(zone).utcoffset()
    unbroken = span.open_time == span.end - span.start
    if unbroken and before is not None and after is not None and before != after:
        way = "forward" if after > before else "back"
        said += f", the clocks go {way} by {duration(abs(after - before))}"
    return said


def _table(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for start, end, counted, total, reason in rows:
        cells = (
            start.ljust(widths[0]),
            end.ljust(widths[1]),
            counted.rjust(widths[2]),
            total.rjust(widths[3]),
            reason,
        )
        yield ("  " + "  ".join(cells)).rstrip()


def stamp(instant: datetime, zone: tzinfo) -> str:
    """An instant for people: ``Fri 2026-03-06 16:30``, with seconds where there are any.

    Where the clock shows a time twice, it says which of the two: ``Sun 2026-10-25 01:30 GMT``.
    """
    local = instant.astimezone(zone)
    seconds = f":{local:%S}" if local.second or local.microsecond else ""
    parts = f".{local:%f}".rstrip("0") if local.microsecond else ""
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%a %Y-%m-%d %H:%M}{seconds}{parts}" + (f" {local:%Z}" if twice else "")


def duration(length: timedelta) -> str:
    """A duration for people, exact: ``3h 05m``, ``45m``, ``12s``, ``1h 00m 00.5s``."""
    total = micros(length)
    sign = "-" if total < 0 else ""
    minutes, rest = divmod(abs(total), 60_000_000)
    hours, minutes = divmod(minutes, 60)
    said = [f"{hours:,}h", f"{minutes:02}m"] if hours else [f"{minutes}m"] if minutes or not rest else []
    if rest:
        said.append(f"{rest // 1_000_000}{f'.{rest % 1_000_000:06}'.rstrip('0').rstrip('.')}s")
    return sign + " ".join(said)
