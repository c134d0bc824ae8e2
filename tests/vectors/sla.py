"""Checks one SLA scenario: a ticket's events, a policy, a moment, and what each clock must say then.

A scenario speaks of a tool's own workflow states; they become a lifecycle in which every step is permitted, with
the pause states on hold. Its three pause reasons become hold reasons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import attrs

from itilkit import events as happened
from itilkit.calendars import Calendar
from itilkit.errors import ItilkitError
from itilkit.lifecycle import Lifecycle, State, Timeline, Transition, replay
from itilkit.records import Incident
from itilkit.sla import RULES, Goal, Pauses, Reading, Rule, Term, WorkingDays, measure
from itilkit.vocabulary import HoldReason, Status

Case = dict[str, Any]

REASONS = {
    "user": HoldReason.AWAITING_USER,
    "supplier": HoldReason.AWAITING_SUPPLIER,
    "change": HoldReason.AWAITING_CHANGE,
}
REOPEN = {
    "continue": "continue",
    "restart": "restart",
    "retroactive": "count the time resolved",
    "ignore": "ignore",
}
PRIORITY_CHANGE = {"retarget_from_start": "recalculate from start", "restart": "restart", "keep": "keep"}
REQUESTER = happened.Person("requester")
AGENT = happened.Person("agent")
DONE = ("resolved", "closed", "cancelled")


def check(case: Case) -> str | None:
    """None when every figure given holds, else what differs."""
    try:
        return "; ".join(_differences(case)) or None
    except (ItilkitError, LookupError) as error:
        return f"{type(error).__name__}: {error}"


def _differences(case: Case) -> Iterator[str]:
    timeline = replay(_incident(case), _lifecycle(case), as_of=_at(case["as_of"]), strict=False)
    ranks = _ranks(case)
    for target, expected in case["expected"].items():
        for key, value, got in _compared(expected, _reading(case, target, timeline, ranks)):
            if value != got:
                yield f"{target}.{key}: expected {value!r}, got {got!r}"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _lifecycle(case: Case) -> Lifecycle:
    names = {"new": None, "open": None}
    names |= dict.fromkeys(
        event["to"] for event in case["events"] if event["type"] in ("state", "reopened") and "to" in event
    )
    names |= dict.fromkeys(event["state"] for event in case["events"] if "state" in event)
    states = [
        State(name, Status.ON_HOLD if name in case["pause_states"] else Status.IN_PROGRESS)
        for name in names
        if f"*{name}" not in DONE
    ]
    ends = [State(f"*{status}", Status(status)) for status in DONE]
    sources = [state.name for state in states]
    # Every event names its state; where one did not, it would lead to the first of them.
    permitted = [
        Transition("start", sources, state.name, when_named=index > 0) for index, state in enumerate(states)
    ]
    permitted += [
        Transition(trigger, sources, end.name)
        for trigger, end in zip(("resolve", "close", "cancel"), ends, strict=True)
    ]
    return Lifecycle("scenario", [*states, *ends], transitions=permitted)


def _incident(case: Case) -> Incident:
    return Incident("case", list(_history(case)))


def _history(case: Case) -> Iterator[happened.Event]:
    """The events that have an effect: none of a step to where the ticket already is."""
    stands = "open"
    for event in case["events"]:
        kind = event["type"]
        done = stands != "open"
        if (kind == "state" and done) or (kind == "reopened" and not done):
            continue
        if (kind == "resolved" and done) or (kind == "closed" and stands == "closed"):
            continue
        if kind in ("resolved", "closed", "reopened"):
            stands = "open" if kind == "reopened" else kind
        yield from _happened(event, case)


def _happened(event: Case, case: Case) -> Iterator[happened.Event]:
    at, kind = _at(event["at"]), event["type"]
    if kind == "created":
        by = AGENT if case["options"].get("created_by") == "agent" else REQUESTER
        yield happened.Logged(at, by, reporter=REQUESTER, state=event.get("state", "new"))
        if "priority" in event:
            yield happened.PrioritySet(at, priority=_ranks(case)[event["priority"]])
    elif kind == "priority":
        yield happened.PrioritySet(at, priority=_ranks(case)[event["to"]])
    elif kind == "state":
        if event["to"] in case["pause_states"]:
            yield happened.Held(at, state=event["to"], reason=REASONS.get(event.get("reason", "")))
        else:
            yield happened.Started(at, state=event["to"])
    elif kind == "reopened":
        by = REQUESTER if event.get("by") == "requester" else AGENT
        yield happened.Reopened(at, by, state=event.get("to", "open"))
    elif kind in ("update", "first_response"):
        yield from _written(event, at)
    elif kind == "excluded":
        yield happened.Excluded(
            at, start=_at(event["from"]), end=_at(event["to"]), reason=event.get("reason", "")
        )
    else:
        yield _PLAIN[kind](at, AGENT, state=f"*{kind}" if kind in DONE else None)


def _written(event: Case, at: datetime) -> Iterator[happened.Event]:
    if event.get("by", "agent") == "agent":
        yield happened.Replied(at, AGENT, public=event.get("public", True))
    elif event.get("public", True):
        yield happened.RequesterWrote(at, REQUESTER)


_PLAIN: Mapping[str, Any] = {
    "attached": happened.Attached,
    "acknowledged": happened.Acknowledged,
    "resolved": happened.Resolved,
    "closed": happened.Closed,
    "cancelled": happened.Cancelled,
}


def _ranks(case: Case) -> dict[str, int]:
    """The scenario's priorities as integers, in the order in which they appear."""
    names = [
        event.get("priority", event.get("to"))
        for event in case["events"]
        if event["type"] in ("created", "priority")
    ]
    return {name: rank for rank, name in enumerate(dict.fromkeys(name for name in names if name), start=1)}


def _rule(case: Case, target: str) -> Rule:
    options = case["options"]
    rule = RULES[target]
    limit = options.get("pause_limit_s", {}).get(target)
    only = options.get("pause_only_reasons")
    pauses = Pauses(
        but_not_for=[REASONS[reason] for reason in options.get("pause_except_reasons", [])],
        only_for=None if only is None else [REASONS[reason] for reason in only],
        limit=None if limit is None else timedelta(seconds=limit),
    )
    changes: dict[str, Any] = {
        "pauses": pauses if target in options.get("pausable", []) else None,
        "when_priority_changes": PRIORITY_CHANGE[options.get("priority_change", "retarget_from_start")],
        "attached_by_event": options.get("attach") == "event",
        "retroactive_start": options.get("retroactive_start", True),
        "retroactive_pauses": options.get("retroactive_pause", True),
    }
    if rule.when_reopened is not None:
        changes["when_reopened"] = REOPEN[options.get("reopen", "continue")]
    if target in ("response", "acknowledge"):
        changes["suspended_when_done"] = not options.get("resolve_stops_response", True)
    if target == "periodic_update" and options.get("periodic_from") == "created":
        changes["starts_on"] = {*rule.starts_on, "opened"}
    return attrs.evolve(rule, **changes)


def _goal(case: Case, target: str, priority: str | None) -> Goal | None:
    options = case["options"]
    value = case["targets"][target]
    by_priority = options.get("targets_by_priority", {}).get(priority, {})
    value = by_priority.get(target, value)
    if value is None:
        return None
    calendar = case.get("calendars", {}).get(target, case.get("calendar"))
    calendar = options.get("calendars_by_priority", {}).get(priority, {}).get(target, calendar)
    grace = timedelta(seconds=options.get("out_of_hours_extra_s", {}).get(target, 0))
    if isinstance(value, dict):
        cutoff = time.fromisoformat(value["cutoff"]) if value.get("cutoff") else None
        days = WorkingDays(value["working_days"], first_day=value["first_day"], cutoff=cutoff)
        return Goal(days, _calendar(calendar), grace_out_of_hours=grace)
    return Goal(timedelta(seconds=value), _calendar(calendar), grace_out_of_hours=grace)


def _calendar(data: Any) -> Calendar:
    if data == "24x7":
        return Calendar.round_the_clock("UTC")
    return Calendar(
        {day: _windows(windows) for day, windows in data["weekly"].items()},
        zone=data["tz"],
        closed=dict.fromkeys(data.get("holidays", []), "holiday"),
        special_hours={day: _windows(windows) for day, windows in data.get("overrides", {}).items()},
    )


def _windows(windows: Sequence[Sequence[str]]) -> list[str]:
    """Windows as text; one that ends when it began (rule 1: on the next date) is written as two that touch."""
    texts: list[str] = []
    for opens, closes in windows:
        if opens == closes:
            texts += [f"{opens}-24:00", f"23:59-{closes}"]
        else:
            texts.append(f"{opens}-{closes}")
    return texts


def _threshold(text: str) -> float | timedelta:
    return float(text[:-1]) / 100 if text.endswith("%") else timedelta(seconds=int(text[:-1]))


def _reading(case: Case, target: str, timeline: Timeline, ranks: Mapping[str, int]) -> Reading:
    names = {rank: name for name, rank in ranks.items()}
    known: dict[int | None, Term] = {}
    for priority in {*timeline.priorities, None}:
        name = names.get(priority) if priority else None
        known[priority] = Term(priority, _goal(case, target, name))
    terms: Sequence[Term] = [known[priority] for priority in timeline.priorities] or [known[None]]
    thresholds = {
        text: _threshold(text) for text in case["options"].get("thresholds", ["75%", "-900s", "+3600s"])
    }
    return measure(timeline, _rule(case, target), terms, thresholds=thresholds)


def _compared(expected: Case, reading: Reading) -> Iterator[tuple[str, object, object]]:
    for key, value in expected.items():
        if key in ("due", "projected_due", "opens_at"):
            wanted: object = None if value is None else _at(value)
        elif key == "thresholds":
            wanted = {name: None if at is None else _at(at) for name, at in value.items()}
        else:
            wanted = value
        yield key, wanted, _FIGURES[key](reading)


def _status(reading: Reading) -> str:
    if reading.outcome in ("breached", "met", "cancelled"):
        return reading.outcome
    return "paused" if reading.state == "suspended" else reading.state


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()


def _opens_at(reading: Reading) -> datetime | None:
    cycle = reading.latest
    return cycle.goal.calendar.next_open(cycle.started_at) if cycle and cycle.goal else None


_FIGURES: Mapping[str, Any] = {
    "due": lambda reading: reading.due_at,
    "projected_due": lambda reading: reading.projected_due_at,
    "opens_at": _opens_at,
    "elapsed_s": lambda reading: _seconds(reading.elapsed),
    "paused_s": lambda reading: _seconds(reading.paused_for),
    "excluded_s": lambda reading: _seconds(reading.excluded),
    "remaining_s": lambda reading: _seconds(reading.remaining),
    "breached": lambda reading: reading.breached,
    "state": lambda reading: reading.state,
    "status": _status,
    "cycle": lambda reading: len(reading.cycles),
    "thresholds": lambda reading: reading.thresholds,
}
