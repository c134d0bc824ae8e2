"""Deciding once more, the plain way: rows are read one by one, time is walked, nothing is worked out beforehand.

Nothing of the code under test is asked but the rows of the lifecycle as they were written down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from itilkit.events import (
    Assigned,
    Cancelled,
    Classified,
    Closed,
    Escalated,
    Event,
    Held,
    Logged,
    Migrated,
    Person,
    PrioritySet,
    Reopened,
    Resolved,
    Resumed,
    Started,
)
from itilkit.lifecycle import Lifecycle, State, Transition, Window
from itilkit.vocabulary import HoldReason, Status

DRAWS: Mapping[type[Event], str] = {
    Assigned: "assign",
    Started: "start",
    Held: "hold",
    Resumed: "resume",
    Escalated: "escalate",
    Resolved: "resolve",
    Reopened: "reopen",
    Closed: "close",
    Cancelled: "cancel",
}
# Where an event that must lead somewhere would lead, were there a step.
OWN = {
    "start": "in_progress",
    "hold": "on_hold",
    "resume": "in_progress",
    "resolve": "resolved",
    "reopen": "in_progress",
    "close": "closed",
    "cancel": "cancelled",
}
MINUTE = timedelta(minutes=1)
OPEN_STATUSES = ("new", "assigned", "in_progress", "on_hold")


def is_open_at(at: datetime) -> bool:
    """The office is open from Monday to Friday, from 09:00 to 17:30 UTC."""
    return at.weekday() < 5 and (9, 0) <= (at.hour, at.minute) < (17, 30)


def last_instant(window: Window, start: datetime) -> datetime:
    """The end of a window of whole minutes that began at a whole minute, found by walking."""
    amount, at = window.amount, start
    if amount.wall_time is not None:
        return start + amount.wall_time
    if amount.open_time is not None:
        left = amount.open_time
        while left:
            left -= MINUTE if is_open_at(at) else timedelta(0)
            at += MINUTE
        return at
    days = amount.working_days or 0
    while days:
        at += timedelta(days=1)
        days -= at.weekday() < 5
    return at.replace(hour=17, minute=30)


class Plain:
    """One incident as it stands, by a plain reading of the rows."""

    def __init__(self, lifecycle: Lifecycle, logged: Logged) -> None:
        self.lifecycle = lifecycle
        self.state = logged.state or lifecycle.starts[0]
        self.logged = logged
        self.latest = logged.at
        self.hold_reason: HoldReason | None = self._row(self.state).hold_reason
        self.facts: dict[str, object] = {"title": logged.title, "reporter": logged.reporter}
        self.assignee: Person | None = None
        self.resolution: Resolved | None = None
        status = self.status
        self.was_resolved_at: datetime | None = logged.at if status is Status.RESOLVED else None
        self.closed_at: datetime | None = logged.at if status is Status.CLOSED else None

    @property
    def status(self) -> Status:
        """What the present state stands for."""
        return self._row(self.state).status

    @property
    def resolved_at(self) -> datetime | None:
        """When it was resolved, while it is resolved or closed."""
        return self.was_resolved_at if self.status in ("resolved", "closed") else None

    def _row(self, name: str) -> State:
        return next(state for state in self.lifecycle.states if state.name == name)

    def _has(self, name: str) -> bool:
        return any(state.name == name for state in self.lifecycle.states)

    def _width(self, word: str, name: str) -> int | None:
        """How wide a word is that means a state; None where it does not mean it."""
        if word == name:
            return 0
        if word == "*":
            return 2
        return 1 if not self._has(word) and word == self._row(name).status else None

    def rows(self, trigger: str, target: str) -> list[Transition]:
        """The rows for a step from here, the narrowest first."""
        found: list[tuple[int, int, int, Transition]] = []
        for index, row in enumerate(self.lifecycle.transitions):
            to = self._width(row.target, target)
            for word in row.sources:
                width = self._width(word, self.state)
                meant = width is not None and not (word == "*" and self.state == target)
                if row.trigger == trigger and to is not None and width is not None and meant:
                    found.append((to, width, index, row))
        return [row for _, _, _, row in sorted(found, key=lambda each: each[:3])]

    def default(self, trigger: str) -> str | None:
        """Where a trigger leads from here for an event that names no state."""
        for row in self.lifecycle.transitions:
            names = [
                each.name for each in self.lifecycle.states if self._width(row.target, each.name) is not None
            ]
            if row.trigger == trigger and not row.when_named and row in self.rows(trigger, names[0]):
                return names[0]
        return None

    def steps(self) -> dict[tuple[str, str], Transition]:
        """Each step from here with the row that counts."""
        triggers = set(DRAWS.values())
        names = [state.name for state in self.lifecycle.states]
        found = {(trigger, name): self.rows(trigger, name) for trigger in triggers for name in names}
        return {step: rows[0] for step, rows in found.items() if rows}

    def target(self, event: Event) -> str | None:
        """Where an event leads or would lead; None where it leaves the state alone."""
        trigger = DRAWS.get(type(event))
        if event.state is None:
            led = None if trigger is None else self.default(trigger)
            if led is None and trigger in OWN:
                states = [each.name for each in self.lifecycle.states if each.status == OWN[trigger]]
                led = states[0] if states else OWN[trigger]
            return led
        stays = event.state == self.state and trigger not in OWN
        return None if stays and not (trigger and self.rows(trigger, self.state)) else event.state

    def refusals(self, event: Event, roles: Collection[str] | None) -> set[tuple[str, str]]:
        """Every reason, by code and field, for which the event is to be refused."""
        if isinstance(event, Logged):
            return {("already_logged", "")}
        found = {("out_of_order", "at")} if event.at < self.latest else set[tuple[str, str]]()
        target = self.target(event)
        if target is None:
            late = isinstance(event, Assigned | Classified | PrioritySet) and self.is_at_its_end
            return found | ({("final_record", "state")} if late else set())
        if not self._has(target):
            return found | {("unknown_state", "state")}
        if isinstance(event, Migrated):
            return found
        rows = self.rows(DRAWS.get(type(event), ""), target)
        if not rows:
            return found | {("not_permitted", "state")}
        return found | set(self._obstacles(event, rows, target, roles))

    def _obstacles(
        self, event: Event, rows: list[Transition], target: str, roles: Collection[str] | None
    ) -> Iterator[tuple[str, str]]:
        row = rows[0]
        for required in row.requires:
            if not any(self._knows(word, event) for word in required.split(" or ")):
                yield "missing_fact", required
        needed = next((each.roles for each in rows if each.roles), None) or self._right(target)
        if roles is not None and needed and not any(role in needed for role in roles):
            yield "role_missing", "by"
        if event.by is not None and any(self._person(word) == event.by.id for word in row.not_by):
            yield "same_person", "by"
        end = None if row.within is None else self._end(row.within)
        if end is not None and event.at > end:
            yield "window_passed", "at"

    def _end(self, window: Window) -> datetime | None:
        settled = {
            "opened_at": self.logged.at,
            "resolved_at": self.resolved_at or self.closed_at,
            "closed_at": self.closed_at,
        }
        start = settled[window.since]
        return None if start is None else last_instant(window, start)

    def window_ends(self) -> list[datetime]:
        """The last instants of the windows of the steps from here."""
        ends = [self._end(row.within) for row in self.steps().values() if row.within is not None]
        return sorted(end for end in ends if end is not None)

    def _knows(self, word: str, event: Event) -> bool:
        if word == "by":
            return event.by is not None
        if word in ("group", "assignee") and isinstance(event, Assigned):
            return bool(getattr(event, word))
        return bool(getattr(event, word, None) or self.facts.get(word))

    def _right(self, target: str) -> frozenset[str]:
        for source, to in ((self.state, target), ("*", target), (self.state, "*"), ("*", "*")):
            for right in self.lifecycle.rights:
                if (right.source, right.target) == (source, to):
                    return right.roles
        return frozenset()

    def _person(self, word: str) -> str | None:
        resolver = None if self.resolution is None else self.resolution.resolver or self.resolution.by
        people = {
            "assignee": self.assignee,
            "opened_by": self.logged.by,
            "reporter": self.logged.reporter,
            "resolver": resolver,
        }
        found = people[word]
        return None if found is None else found.id

    @property
    def is_at_its_end(self) -> bool:
        """Closed or cancelled, and nothing leads to another state or here again."""
        return self.status in ("closed", "cancelled") and not self.steps()

    def append(self, event: Event) -> None:
        """Move on by an event that was accepted."""
        target = self.target(event)
        self.latest = event.at
        if target is not None:
            self._move(event, target)
        if isinstance(event, Resolved) and self.status not in OPEN_STATUSES:
            self.resolution = event
        if isinstance(event, Assigned):
            self.assignee = event.assignee
            self.facts |= {"group": event.group, "assignee": event.assignee}
        if isinstance(event, PrioritySet):
            self.facts["priority"] = event.priority
        if isinstance(event, Classified):
            names = ("category", "subcategory", "service", "configuration_item", "impact", "urgency")
            given = {name: getattr(event, name) for name in names}
            self.facts |= {name: value for name, value in given.items() if value is not None}
            self.facts |= dict(event.fields)

    def _move(self, event: Event, target: str) -> None:
        before, self.state = self.status, target
        now = self.status
        own = event.reason if isinstance(event, Held) else None
        self.hold_reason = (own or self._row(target).hold_reason) if now == "on_hold" else None
        if now is before:
            return
        self.closed_at = event.at if now == "closed" else None
        if now == "resolved":
            self.was_resolved_at = event.at
        if now in OPEN_STATUSES:
            self.was_resolved_at = self.resolution = None
