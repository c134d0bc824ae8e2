"""The table: states, transitions, and what a transition asks for.

Rules of this file:

* A state is a house's own name for one `Status`. Clocks and KPIs look at the status, people see the name.
* A transition is drawn by a *trigger*: the event type that asks for it (`TRIGGERS`). A `Transition` may name
  states, or a status and so every state that stands for it.
* A trigger in `MOVES` must lead somewhere: without a transition it is refused. `assign` may also leave the state
  as it is, because many tools keep assignment apart from the state.
* A definition is checked when it is built, and all its faults are told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from itilkit.errors import Fault, PolicyError, near
from itilkit.events import (
    Assigned,
    Cancelled,
    Closed,
    Event,
    Held,
    Logged,
    Reopened,
    Resolved,
    Resumed,
    Started,
)
from itilkit.lifecycle.window import SETTLED, Window
from itilkit.vocabulary import HoldReason, Status

__all__ = ["MOVES", "NATURAL", "TRIGGERS", "Lifecycle", "State", "Transition", "Window"]

TRIGGERS: Mapping[type[Event], str] = {
    Logged: "log",
    Assigned: "assign",
    Started: "start",
    Held: "hold",
    Resumed: "resume",
    Resolved: "resolve",
    Reopened: "reopen",
    Closed: "close",
    Cancelled: "cancel",
}
MOVES = frozenset(TRIGGERS.values()) - {"log", "assign"}

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
        "resolver", "confirmed_by",
    }
)  # fmt: skip


NO_ROLES: frozenset[str] = frozenset()


def _names(names: Iterable[str]) -> tuple[str, ...]:
    """Names as a tuple; a single text is one name, not a list of letters."""
    return (str(names),) if isinstance(names, str) else tuple(map(str, names))


def _roles(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_names(names))


def _status(value: Status | str) -> Status:
    try:
        return Status(value)
    except ValueError:
        raise PolicyError.one("unknown_status", f"{value!r} is no status", hint=near(value, Status)) from None


def _hold_reason(value: HoldReason | str | None) -> HoldReason | None:
    if value is None:
        return None
    try:
        return HoldReason(value)
    except ValueError:
        hint = near(value, HoldReason)
        raise PolicyError.one("unknown_hold_reason", f"{value!r} is no hold reason", hint=hint) from None


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

    Attributes:
        trigger: The event that asks for it: ``assign``, ``start``, ``hold``, ``resume``, ``resolve``, ``reopen``,
            ``close`` or ``cancel``.
        sources: From which states, or from every state of which statuses.
        target: To which state; a status means any state that stands for it, the first one by default.
        requires: Facts that must be known, in the event or on the record; ``"group or assignee"`` asks for one.
        roles: Who may take the step: one of these roles is enough. Empty means anyone.
        within: Until when the step may be taken; None means at any time.
    """

    trigger: str
    sources: tuple[str, ...] = attrs.field(converter=_names)
    target: str = attrs.field(converter=str)
    requires: tuple[str, ...] = attrs.field(default=(), converter=_names, kw_only=True)
    roles: frozenset[str] = attrs.field(default=NO_ROLES, converter=_roles, kw_only=True)
    within: Window | None = attrs.field(
        default=None,
        kw_only=True,
        validator=attrs.validators.optional(attrs.validators.instance_of(Window)),
    )


def _states(states: Iterable[State]) -> tuple[State, ...]:
    return tuple(states)


def _transitions(transitions: Iterable[Transition]) -> tuple[Transition, ...]:
    return tuple(transitions)


_Moves = Mapping[tuple[str, str], Mapping[str, Transition]]


@attrs.frozen(repr=False)
class Lifecycle:
    """States and the steps between them, checked.

    Attributes:
        name: What the house calls it.
        states: The first one is where a logged incident stands.
        transitions: The permitted steps.

    Raises:
        PolicyError: with every fault: a state or step named twice; an unknown state, trigger or fact; a step from
            nowhere; a window after an instant that is not known in the state the step leads from. When the names
            are sound, with every fault of the graph: a state that no step leads to, an open state without a way on,
            a state from which no end can be reached.

    >>> from itilkit.lifecycle import SERVICENOW
    >>> SERVICENOW.status("Awaiting Vendor"), SERVICENOW.permitted("Resolved")
    (<Status.ON_HOLD: 'on_hold'>, ('In Progress', 'Active', 'Closed'))
    """

    name: str
    states: tuple[State, ...] = attrs.field(converter=_states)
    transitions: tuple[Transition, ...] = attrs.field(converter=_transitions, kw_only=True)
    _by_name: Mapping[str, State] = attrs.field(init=False, eq=False)
    _moves: _Moves = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        faults = [*_name_faults(self), *_transition_faults(self)]
        if faults:
            raise PolicyError(faults)
        object.__setattr__(self, "_by_name", {state.name: state for state in self.states})
        object.__setattr__(self, "_moves", _compiled(self))
        faults = list(_graph_faults(self))
        if faults:
            raise PolicyError(faults)

    def __repr__(self) -> str:
        return f"<Lifecycle {self.name}: {len(self.states)} states, {len(self.transitions)} transitions>"

    @property
    def initial(self) -> State:
        """Where a logged incident stands."""
        return self.states[0]

    def state(self, name: str) -> State | None:
        """The state of that name, or None where this lifecycle has none."""
        return self._by_name.get(name)

    def status(self, name: str) -> Status | None:
        """The status that a state stands for, or None where this lifecycle has no such state."""
        known = self._by_name.get(name)
        return known.status if known else None

    def moves(self, source: str, trigger: str) -> Mapping[str, Transition]:
        """Where a trigger leads from a state: target name to transition, the default target first."""
        return self._moves.get((source, trigger), {})

    def permitted(self, source: str) -> tuple[str, ...]:
        """The states that may follow a state, in the order of the table."""
        targets = {
            target: None for (from_, _), moves in self._moves.items() if from_ == source for target in moves
        }
        return tuple(targets)

    def triggers(self, source: str, target: str) -> tuple[str, ...]:
        """What draws the step from one state to another; empty where it is not permitted.

        >>> from itilkit.lifecycle import SERVICENOW
        >>> SERVICENOW.triggers("On Hold", "In Progress"), SERVICENOW.triggers("New", "Closed")
        (('resume',), ())
        """
        return tuple(
            trigger for (from_, trigger), moves in self._moves.items() if from_ == source and target in moves
        )


def _expanded(name: str, states: Iterable[State]) -> tuple[str, ...]:
    """The states that a name of the table means: itself, or every state of that status."""
    by_name = tuple(state.name for state in states if state.name == name)
    return by_name or tuple(state.name for state in states if state.status == name)


def _compiled(lifecycle: Lifecycle) -> _Moves:
    moves: dict[tuple[str, str], dict[str, Transition]] = {}
    for transition in lifecycle.transitions:
        targets = _expanded(transition.target, lifecycle.states)
        for name in transition.sources:
            for source in _expanded(name, lifecycle.states):
                found = moves.setdefault((source, transition.trigger), {})
                found.update((target, transition) for target in targets if target not in found)
    return moves


def _name_faults(lifecycle: Lifecycle) -> Iterable[Fault]:
    if not lifecycle.states:
        yield Fault("no_states", f"lifecycle {lifecycle.name!r} has no state", path="states")
    names = [state.name for state in lifecycle.states]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Fault("twin_state", f"state {name!r} is declared twice", path=f"states[{index}]")


def _fact_faults(required: str, path: str) -> Iterable[Fault]:
    for fact in required.split(" or "):
        if fact not in FACTS:
            yield Fault("unknown_fact", f"nothing is called {fact!r}", path=path, hint=near(fact, FACTS))


def _transition_faults(lifecycle: Lifecycle) -> Iterable[Fault]:
    known = {state.name for state in lifecycle.states} | {state.status for state in lifecycle.states}
    triggers = set(TRIGGERS.values()) - {"log"}
    seen: set[tuple[str, str, str]] = set()
    for index, transition in enumerate(lifecycle.transitions):
        path = f"transitions[{index}]"
        if transition.trigger not in triggers:
            hint = near(transition.trigger, triggers)
            yield Fault(
                "unknown_trigger", f"no event is triggered by {transition.trigger!r}", path=path, hint=hint
            )
        if not transition.sources:
            yield Fault("no_source", f"{transition.trigger} starts nowhere", path=path, hint="name a state")
        for name in (*transition.sources, transition.target):
            if name not in known:
                yield Fault(
                    "unknown_state", f"no state is called {name!r}", path=path, hint=near(name, known)
                )
        for source in transition.sources:
            step = (transition.trigger, source, transition.target)
            if step in seen:
                message = f"{transition.trigger}: {source} -> {transition.target} is declared twice"
                yield Fault("twin_transition", message, path=path)
            seen.add(step)
        for number, fact in enumerate(transition.requires):
            yield from _fact_faults(fact, f"{path}.requires[{number}]")
        yield from _window_faults(transition, lifecycle.states, f"{path}.within")


def _window_faults(transition: Transition, states: tuple[State, ...], path: str) -> Iterable[Fault]:
    window = transition.within
    if window is None:
        return
    sources = {name for source in transition.sources for name in _expanded(source, states)}
    for state in states:
        if state.name in sources and state.status not in SETTLED[window.since]:
            yield Fault(
                "window_not_settled",
                f"{transition.trigger} from {state.name!r}: an incident that is {state.status} has no {window.since}",
                path=path,
                hint="leave that state out or count from another instant",
            )


def _graph_faults(lifecycle: Lifecycle) -> Iterable[Fault]:
    onward = {state.name: set(lifecycle.permitted(state.name)) - {state.name} for state in lifecycle.states}
    reached = _reachable(lifecycle.initial.name, onward)
    final = {state.name for state in lifecycle.states if state.status.is_final or not onward[state.name]}
    for index, state in enumerate(lifecycle.states):
        path = f"states[{index}]"
        if state.name not in reached:
            yield Fault(
                "unreachable", f"no step leads to {state.name!r}", path=path, hint="add one or drop the state"
            )
        if not onward[state.name] and state.status.is_open:
            yield Fault("dead_end", f"no step leads out of {state.name!r}", path=path, hint="add one")
        elif not _reachable(state.name, onward) & final:
            yield Fault("no_end", f"from {state.name!r} no end can be reached", path=path)


def _reachable(start: str, onward: Mapping[str, set[str]]) -> set[str]:
    reached = {start}
    waiting = [start]
    while waiting:
        fresh = onward[waiting.pop()] - reached
        reached |= fresh
        waiting.extend(fresh)
    return reached
