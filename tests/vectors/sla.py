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
DONE = ("resolved", "closed", "cancelled")


def check(case: Case) -> str | None:
    """None when every figure given holds, else what differs."""
    timeline = replay(_incident(case), _lifecycle(case), as_of=_at(case["as_of"]), strict=False)
    ranks = _ranks(case)
    differs = [
        f"{target}.{key}: expected {value!r}, got {got!r}"
        for target, expected in case["expected"].items()
        for key, value, got in _compared(expected, _reading(case, target, timeline, ranks), case)
        if value != got
    ]
    return "; ".join(differs) or None


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
    permitted = [
        Transition(trigger, [state.name for state in states], target.name)
        for trigger, target in [("start", each) for each in states] + [("close", each) for each in ends]
    ]
    return Lifecycle("scenario", [*states, *ends], transitions=permitted)


def _incident(case: Case) -> Incident:
    return Incident("case", list(_history(case)))


def _history(case: Case) -> Iterator[happened.Event]:
    ranks = _ranks(case)
    paused = set(case["pause_states"])
    done = False
    for event in case["events"]:
        at, kind = _at(event["at"]), event["type"]
        # Rule 3 of the format: these have no effect, because the ticket is already there.
        if done and kind in ("state", "resolved") and not (kind == "resolved" and done == "closed"):
            continue
        if (kind == "reopened" and not done) or (kind in ("resolved", "closed") and done == "closed"):
            continue
        done = {"resolved": "resolved", "closed": "closed", "reopened": False}.get(kind, done)
        yield from _happened(event, kind, at, case, ranks, paused)


def _happened(
    event: Case, kind: str, at: datetime, case: Case, ranks: Mapping[str, int], paused: set[str]
) -> Iterator[happened.Event]:
    if kind == "created":
        by = happened.Person("agent") if case["options"].get("created_by") == "agent" else REQUESTER
        yield happened.Logged(at, by, reporter=REQUESTER, state=event.get("state", "new"))
        if "priority" in event:
            yield happened.PrioritySet(at, priority=ranks[event["priority"]])
    elif kind == "priority":
        yield happened.PrioritySet(at, priority=ranks[event["to"]])
    elif kind == "state":
        if event["to"] in paused:
            yield happened.Held(at, state=event["to"], reason=REASONS.get(event.get("reason", "")))
        else:
            yield happened.Started(at, state=event["to"])
    elif kind == "reopened":
        by = REQUESTER if event.get("by") == "requester" else happened.Person("agent")
        yield happened.Reopened(at, by, state=event.get("to", "open"))
    elif kind in ("update", "first_response"):
        if event.get("by", "agent") == "agent":
            yield happened.Replied(at, "agent", public=event.get("public", True))
        elif event.get("public", True):
            yield happened.RequesterWrote(at, REQUESTER)
    elif kind == "excluded":
        yield happened.Excluded(
            at, start=_at(event["from"]), end=_at(event["to"]), reason=event.get("reason", "")
        )
    else:
        yield _PLAIN[kind](at, "agent", state=f"*{kind}" if kind in DONE else None)


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


def _compared(expected: Case, reading: Reading, case: Case) -> Iterator[tuple[str, object, object]]:
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
