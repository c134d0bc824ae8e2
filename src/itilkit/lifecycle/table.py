"""The rows of a lifecycle: states, transitions and rights, as written down and not yet checked.

Rules of this file:

* A state is a house's own name for one `Status`. Clocks and KPIs look at the status, people see the name.
* A transition is drawn by a *trigger*: the word for the event that asks for it (`TRIGGERS`).
* A trigger in `MOVES` must lead somewhere: without a transition it is refused. `assign` and `escalate` may also
  leave the state as it is, because most tools keep assignment and escalation apart from the state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import attrs

from itilkit.errors import PolicyError, near
from itilkit.events import (
    Assigned,
    Cancelled,
    Closed,
    Escalated,
    Event,
    Held,
    Logged,
    Reopened,
    Resolved,
    Resumed,
    Started,
)
from itilkit.lifecycle.window import Window
from itilkit.vocabulary import HoldReason, Status

__all__ = [
    "ANY",
    "FACTS",
    "MOVES",
    "NATURAL",
    "PEOPLE",
    "TRIGGERS",
    "Moves",
    "Right",
    "State",
    "Table",
    "Transition",
]

TRIGGERS: Mapping[type[Event], str] = {
    Logged: "log",
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
MOVES = frozenset(TRIGGERS.values()) - {"log", "assign", "escalate"}

# Where an event leads when the lifecycle does not know the state it names.
NATURAL: Mapping[str, Status] = {
    "start": Status.IN_PROGRESS,
    "hold": Status.ON_HOLD,
    "resume": Status.IN_PROGRESS,
    "resolve": Status.RESOLVED,
    "reopen": Status.IN_PROGRESS,
    "close": Status.CLOSED,
    "cancel": Status.CANCELLED,
}

# What `requires` may name: values of the event itself or of the record as it stands.
FACTS = frozenset(
    {
        "title", "reporter", "channel", "category", "subcategory", "service", "configuration_item", "impact",
        "urgency", "priority", "group", "assignee", "code", "notes", "reason", "reference", "duplicate_of",
        "resolver", "confirmed_by", "by",
    }
)  # fmt: skip

# Whom `not_by` may name: the people that a record knows, and what each of them did or has.
PEOPLE: Mapping[str, str] = {
    "assignee": "has it assigned",
    "opened_by": "logged it",
    "reporter": "reported it",
    "resolver": "resolved it",
}

ANY = "*"
NO_ROLES: frozenset[str] = frozenset()


def _names(names: Iterable[str]) -> tuple[str, ...]:
    """Names as a tuple; a single text is one name, not a list of letters."""
    return (str(names),) if isinstance(names, str) else tuple(map(str, names))


def _set(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_names(names))


def _status(value: Status | str) -> Status:
    try:
        return Status(value)
    except ValueError:
        hint = near(value, Status)
        raise PolicyError.one("unknown_status", f"{value!r} is no status", path="status", hint=hint) from None


def _hold_reason(value: HoldReason | str | None) -> HoldReason | None:
    if value is None:
        return None
    try:
        return HoldReason(value)
    except ValueError:
        hint = near(value, HoldReason)
        raise PolicyError.one(
            "unknown_hold_reason", f"{value!r} is no hold reason", path="hold_reason", hint=hint
        ) from None


@attrs.frozen
class State:
    """A house's name for a status.

    Attributes:
        name: What people see.
        status: What it stands for.
        hold_reason: What a record in this state waits for, unless the event says otherwise.

    Raises:
        PolicyError: `status` or `hold_reason` is no such word.
    """

    name: str
    status: Status = attrs.field(converter=_status)
    hold_reason: HoldReason | None = attrs.field(default=None, kw_only=True, converter=_hold_reason)


@attrs.frozen
class Transition:
    """A permitted step.

    Of several transitions for one step the narrowest counts: one that names both states before one that leads to a
    named state from a status or from ``*``, and that before one that leads to a status.

    Attributes:
        trigger: The event that asks for it: ``assign``, ``start``, ``hold``, ``resume``, ``escalate``, ``resolve``,
            ``reopen``, ``close`` or ``cancel``.
        sources: From which states, or from every state of which statuses; ``*`` is every other state.
        target: To which state; a status means any state that stands for it, the first one by default.
        requires: Facts that must be known, in the event or on the record; ``"group or assignee"`` asks for one.
        roles: Who may take the step: one of these roles is enough. Empty leaves it to the lifecycle's `rights`.
        not_by: Who may not take the step, whatever their role (separation of duty): the ``assignee``, the ``resolver``
            (whoever recorded the resolution, where it names nobody), the ``reporter`` or ``opened_by``, who logged
            it. An event that names nobody is nobody's hand: a timer closes what a person may not. A house that wants
            a name there requires ``"by"``. Source: the ban on self-approval of Frappe's workflows.
        within: Until when the step may be taken; None means at any time.
        when_named: The step is taken only by an event that names the target. A trigger that leads from one state to
            two needs this on all but one of them, so that an event that names no state has one meaning.
        stimuli: What the tool itself calls that which draws the step, where it has a name for it.
    """

    trigger: str
    sources: tuple[str, ...] = attrs.field(converter=_names)
    target: str = attrs.field(converter=str)
    requires: tuple[str, ...] = attrs.field(default=(), converter=_names, kw_only=True)
    roles: frozenset[str] = attrs.field(default=NO_ROLES, converter=_set, kw_only=True)
    not_by: frozenset[str] = attrs.field(default=frozenset(), converter=_set, kw_only=True)
    within: Window | None = attrs.field(
        default=None,
        kw_only=True,
        validator=attrs.validators.optional(attrs.validators.instance_of(Window)),
    )
    when_named: bool = attrs.field(default=False, kw_only=True)
    stimuli: tuple[str, ...] = attrs.field(default=(), converter=_names, kw_only=True)

    def __str__(self) -> str:
        return f"{self.trigger}: {', '.join(self.sources)} -> {self.target}"


@attrs.frozen
class Right:
    """Who may take a step from one state to another, whatever draws it; ``*`` stands for any state.

    Attributes:
        source: From which state.
        target: To which state.
        roles: One of these roles is enough.
    """

    source: str
    target: str
    roles: frozenset[str] = attrs.field(converter=_set)


def _states(states: Iterable[State]) -> tuple[State, ...]:
    return tuple(states)


def _transitions(transitions: Iterable[Transition]) -> tuple[Transition, ...]:
    return tuple(transitions)


def _rights(rights: Iterable[Right]) -> tuple[Right, ...]:
    return tuple(rights)


def _first(table: Any) -> tuple[str, ...]:  # attrs hands over the table half built
    return tuple(state.name for state in table.states[:1])


Moves: TypeAlias = Mapping[tuple[str, str], Mapping[str, Transition]]
_Rank: TypeAlias = tuple[int, int]


@attrs.frozen
class Table:
    """A lifecycle as somebody wrote it down; `Lifecycle` is one that has been checked."""

    name: str
    states: tuple[State, ...] = attrs.field(converter=_states)
    transitions: tuple[Transition, ...] = attrs.field(converter=_transitions, kw_only=True)
    starts: tuple[str, ...] = attrs.field(
        default=attrs.Factory(_first, takes_self=True), converter=_names, kw_only=True
    )
    stimuli: tuple[str, ...] = attrs.field(default=(), converter=_names, kw_only=True)
    roles: frozenset[str] = attrs.field(default=NO_ROLES, converter=_set, kw_only=True)
    rights: tuple[Right, ...] = attrs.field(default=(), converter=_rights, kw_only=True)

    def meant(self, name: str, other_than: str = "") -> tuple[str, ...]:
        """The states that a name of the table means: itself, every state of that status, or every other one."""
        if name == ANY:
            return tuple(state.name for state in self.states if state.name != other_than)
        named = tuple(state.name for state in self.states if state.name == name)
        return named or tuple(state.name for state in self.states if state.status == name)

    def breadth(self, name: str) -> int:
        """How much a name means: 0 is one state, 1 a status, 2 any state."""
        return 2 if name == ANY else int(all(state.name != name for state in self.states))

    def steps_of(self, transition: Transition) -> Iterator[tuple[str, str, _Rank]]:
        """Each step that a transition permits, the default target first, with the rank of the transition there."""
        for target in self.meant(transition.target):
            for name in transition.sources:
                rank = (self.breadth(transition.target), self.breadth(name))
                for source in self.meant(name, other_than=target):
                    yield source, target, rank

    def default_of(self, transition: Transition) -> str | None:
        """Where the transition leads for an event that names no state."""
        return None if transition.when_named else next(iter(self.meant(transition.target)), None)

    def narrowest(self, rows: Iterable[Transition]) -> dict[tuple[str, str, str], Transition]:
        """For each step of the rows (source, trigger, target) the narrowest one; of equally narrow ones the first."""
        best: dict[tuple[str, str, str], tuple[_Rank, Transition]] = {}
        for row in rows:
            for source, target, rank in self.steps_of(row):
                step = (source, row.trigger, target)
                if step not in best or rank < best[step][0]:
                    best[step] = (rank, row)
        return {step: row for step, (_, row) in best.items()}

    def compiled(self) -> Moves:
        """From a state by a trigger: target to the transition that counts, the default target first."""
        defaults = {
            (source, row.trigger, target)
            for row in self.transitions
            for source, target, _ in self.steps_of(row)
            if target == self.default_of(row)
        }
        found = self.narrowest(self.transitions)
        moves: dict[tuple[str, str], dict[str, Transition]] = {(step[0], step[1]): {} for step in found}
        for step in sorted(found, key=lambda step: step not in defaults):
            moves[step[0], step[1]][step[2]] = found[step]
        return moves
