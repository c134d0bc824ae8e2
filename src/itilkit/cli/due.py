"""``itilkit due`` and ``itilkit explain``: when is it due, and why; also after what may happen."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from itilkit.cli.files import policy_at
from itilkit.cli.histories import told
from itilkit.cli.instants import instant, now
from itilkit.cli.say import WIDTH, iso, say, say_json, wrapped
from itilkit.errors import FaultError
from itilkit.escalation import Due
from itilkit.policy import Policy
from itilkit.report.words import plain
from itilkit.sla import Assessment, Reading
from itilkit.sla.explain import HEADINGS, Row, stamp
from itilkit.sla.explain import told as in_words
from itilkit.spans import zone_named

__all__ = ["HELP", "HELP_EXPLAIN", "options", "options_explain", "run"]

HELP = "when the targets of an incident are due, and what if"
HELP_EXPLAIN = "the same, with every span that counts or does not"
_ABOUT = (
    "The targets of an incident opened at an instant with a priority, and what becomes of them after events."
    " An event is written \"ISO word [value] [name=value ...]\", such as '2026-03-06T16:45Z held awaiting_user'."
    " Exit code 0: no target is broken; 1: one is; 2: the input cannot be used."
)


def options(parser: argparse.ArgumentParser) -> None:
    """What `due` is told."""
    _options(parser, ledger=False)


def options_explain(parser: argparse.ArgumentParser) -> None:
    """What `explain` is told: the same."""
    _options(parser, ledger=True)


def _options(parser: argparse.ArgumentParser, *, ledger: bool) -> None:
    parser.description = _ABOUT
    parser.add_argument("--policy", metavar="FILE", required=True, help="the policy, a TOML file")
    priority = "P1, or a label of the matrix; without it, that of --field impact=... and urgency=..."
    parser.add_argument("--priority", metavar="P1", help=priority)
    parser.add_argument("--opened", metavar="ISO", required=True, help="when it is opened, with its zone")
    field = "what conditions may ask about: customer=ACME, service=Mail, reporter.vip=true"
    parser.add_argument("--field", metavar="NAME=VALUE", action="append", default=[], help=field)
    parser.add_argument("--event", metavar="EVENT", action="append", default=[], help="what happens to it")
    as_of = "see it from this instant, or from now; by default from the latest instant given"
    parser.add_argument("--as-of", metavar="ISO", help=as_of)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=partial(run, ledger=ledger))


class _Asked(NamedTuple):
    """What was asked, and the answer."""

    policy: Policy
    priority: int | None
    opened_at: datetime
    case: Assessment
    owed: tuple[Due, ...]


def run(options: argparse.Namespace, *, ledger: bool) -> int:
    """Print what each target says; 1 where one is or was broken, else 0."""
    policy = policy_at(Path(options.policy))
    history = told(
        policy,
        opened=options.opened,
        priority=options.priority,
        fields=options.field,
        events=options.event,
    )
    incident = history.incident
    as_of = _as_of(options.as_of, max(event.at for event in incident.events))
    if as_of < incident.opened_at:
        message = f"{iso(as_of)} lies before the incident is opened"
        raise FaultError.one("usage", message, path="--as-of", hint=f"{iso(incident.opened_at)} or later")
    try:
        case = policy.assess(incident, as_of=as_of)
        owed = policy.due(case)
    except FaultError as error:
        raise FaultError(map(history.placed, error.faults)) from None
    asked = _Asked(policy, case.timeline.priority, incident.opened_at, case, owed)
    if options.json:
        say_json(_data(asked, ledger=ledger))
    else:
        say("\n".join(_text(asked, ledger=ledger)) + "\n")
    return 1 if any(reading.ever_breached for reading in case.readings.values()) else 0


def _as_of(text: str | None, latest: datetime) -> datetime:
    if text is None:
        return latest
    return now() if text == "now" else instant(text, "--as-of")


def _text(asked: _Asked, *, ledger: bool) -> Iterator[str]:
    zone = zone_named(asked.policy.zone)
    opened, as_of = (stamp(at, zone) for at in (asked.opened_at, asked.case.timeline.as_of))
    yield from wrapped(f"{asked.policy.name}: {_pressing(asked)}, {asked.case.timeline.state}")
    yield from wrapped(f"opened {opened}, as of {as_of} {asked.policy.zone}")
    if not asked.case.readings:
        yield from wrapped(f"There is no target: {asked.case.why_none}.")
    for reading in asked.case.readings.values():
        yield ""
        yield from _target(reading, asked.policy.zone, ledger=ledger)
    if asked.owed:
        yield ""
        yield "Owed by now:"
        for each in asked.owed:
            yield from wrapped(f"{each.kind} to {', '.join(each.notify) or 'nobody'}: {each.why}", 4, 4)


def _pressing(asked: _Asked) -> str:
    """The priority by its number and, where the house calls it otherwise, by its label."""
    if asked.priority is None:
        return "no priority"
    label = asked.policy.matrix.priority.labels[asked.priority - 1]
    number = f"P{asked.priority}"
    return number if label == number else f"{number} {label}"


def _target(reading: Reading, zone: str, *, ledger: bool) -> Iterator[str]:
    """How a target stands, when it is due in the policy's zone and in UTC, and why on the clocks of its calendar."""
    words = in_words(reading)
    yield from wrapped(words.head[0], more=4)
    if reading.due_at is not None:
        yield from wrapped(f"due {stamp(reading.due_at, zone_named(zone))} {zone} = {iso(reading.due_at)}", 4)
    for line in words.head[1:]:
        yield from wrapped(line, 4, 4)
    if ledger:
        rows = [HEADINGS, *words.rows] if words.rows else []
        for row in rows:
            yield from _row(row, [max(len(each[column]) for each in rows) for column in range(4)])
        yield from wrapped(words.sums, 4, 4)
    else:
        yield from _warnings(reading, zone)


def _row(row: Row, widths: list[int]) -> Iterator[str]:
    """A span; its reason stands on lines of its own where it does not fit beside it."""
    start, end, counted, total, reason = row
    cells = f"{start:<{widths[0]}}  {end:<{widths[1]}}  {counted:>{widths[2]}}  {total:>{widths[3]}}"
    whole = f"    {cells}  {reason}".rstrip()
    if len(whole) <= WIDTH:
        yield plain(whole)
    else:
        yield plain(f"    {cells}".rstrip())
        yield from wrapped(reason, 8)


def _warnings(reading: Reading, zone: str) -> Iterator[str]:
    local = zone_named(zone)
    known = [f"{name} at {stamp(at, local)}" for name, at in reading.thresholds.items() if at is not None]
    if known:
        yield from wrapped(f"warnings: {', '.join(known)} {zone}", 4, 4)


def _data(asked: _Asked, *, ledger: bool) -> Mapping[str, Any]:
    timeline = asked.case.timeline
    return {
        "policy": asked.policy.name,
        "zone": asked.policy.zone,
        "priority": asked.priority,
        "opened_at": iso(asked.opened_at),
        "as_of": iso(timeline.as_of),
        "state": timeline.state,
        "targets": [
            _target_data(name, reading, asked.policy.zone, ledger=ledger)
            for name, reading in asked.case.readings.items()
        ],
        "why_none": asked.case.why_none,
        "owed": [
            {"at": iso(each.at), "kind": each.kind, "notify": list(each.notify), "why": each.why}
            for each in asked.owed
        ],
    }


def _target_data(name: str, reading: Reading, zone: str, *, ledger: bool) -> Mapping[str, Any]:
    due = reading.due_at
    data = {
        "target": name,
        "agreement": reading.agreement,
        "state": reading.state,
        "outcome": reading.outcome,
        "ever_breached": reading.ever_breached,
        "due_at": iso(due),
        "due_local": due.astimezone(zone_named(zone)).isoformat() if due else None,
        "calendar_zone": reading.goal.calendar.zone if reading.goal else None,
        "projected_due_at": iso(reading.projected_due_at),
        "breached_at": iso(reading.breached_at),
        "stopped_at": iso(reading.stopped_at),
        "target_seconds": _seconds(reading.target),
        "elapsed_seconds": _seconds(reading.elapsed),
        "remaining_seconds": _seconds(reading.remaining),
        "thresholds": {each: iso(at) for each, at in reading.thresholds.items()},
        "why": list(in_words(reading).head),
    }
    return {**data, "ledger": [_entry(row) for row in reading.to_rows()]} if ledger else data


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def _entry(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A span of the ledger, its instants and durations as plain values."""
    return {
        "cycle": row["cycle"],
        "start": iso(row["start"]),
        "end": iso(row["end"]),
        "kind": row["kind"],
        "open_seconds": _seconds(row["open_time"]),
        "total_seconds": _seconds(row["total"]),
        "reason": row["reason"],
    }
