"""A table that has been checked: what may follow what.

All the faults of a definition are told at once, whether it is written in code or read from data.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from itilkit.errors import PolicyError
from itilkit.lifecycle.checks import graph_faults, row_faults
from itilkit.lifecycle.data import Plain, read, written
from itilkit.lifecycle.diagram import dot, html, mermaid
from itilkit.lifecycle.table import (
    ANY,
    FACTS,
    MOVES,
    NATURAL,
    NO_ROLES,
    TRIGGERS,
    Moves,
    Right,
    State,
    Table,
    Transition,
)
from itilkit.lifecycle.ways import Free, Ways, free, ways
from itilkit.lifecycle.window import Window
from itilkit.vocabulary import Status

__all__ = [
    "FACTS",
    "MOVES",
    "NATURAL",
    "TRIGGERS",
    "Lifecycle",
    "Right",
    "State",
    "Transition",
    "Window",
]


@attrs.frozen(repr=False)
class Lifecycle(Table):
    """States and the steps between them, checked.

    An event that names no state has one meaning: from a state, a trigger leads to one target. Where a house wants
    several, as when a reopened incident may go to work or back to a group, all but one are taken only when the event
    names them (`Transition.when_named`); two that need no naming are refused as ambiguous.

    Attributes:
        name: What the house calls it.
        states: The house's states.
        transitions: The permitted steps.
        starts: In which states a record may begin; by default in the first one. The first of them is where a logged
            incident stands.
        stimuli: The tool's own names for what draws its steps, where it has such; `lint` looks for unused ones.
        roles: The roles there are. Where they are declared, a transition or right cannot name another one.
        rights: Who may take which step, for all transitions that say nothing about it.

    Raises:
        PolicyError: with every fault of the rows: a state, step, stimulus or right declared twice; an unknown state,
            trigger, fact, role or stimulus; a step from nowhere; no state to begin in; two targets for one trigger; a
            window after an instant that is not known in the state the step leads from. When the rows are sound, with
            every fault of the graph: a state that no step leads to, an open state without a way on, a state from
            which no end can be reached.

    >>> from itilkit.lifecycle import SERVICENOW
    >>> SERVICENOW.status("Awaiting Vendor"), SERVICENOW.permitted("Resolved")
    (<Status.ON_HOLD: 'on_hold'>, ('In Progress', 'Active', 'Closed'))
    """

    _by_name: Mapping[str, State] = attrs.field(init=False, eq=False)
    _moves: Moves = attrs.field(init=False, eq=False)
    ways: Ways = attrs.field(init=False, eq=False)
    free: Free = attrs.field(init=False, eq=False)
    _asking: Mapping[tuple[str, str, str], Transition] = attrs.field(init=False, eq=False)
    _rights: Mapping[tuple[str, str], frozenset[str]] = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        faults = list(row_faults(self))
        if faults:
            raise PolicyError(faults)
        object.__setattr__(self, "_by_name", {state.name: state for state in self.states})
        object.__setattr__(self, "_moves", self.compiled())
        object.__setattr__(self, "_asking", self.narrowest(row for row in self.transitions if row.roles))
        object.__setattr__(
            self, "_rights", {(right.source, right.target): right.roles for right in self.rights}
        )
        faults = list(graph_faults(self, self._moves))
        if faults:
            raise PolicyError(faults)
        object.__setattr__(self, "ways", ways(self, self._moves))
        object.__setattr__(self, "free", free(self.ways))

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Lifecycle:
        """The lifecycle that plain data describes, as JSON and TOML have it; the same checks as in code.

        The keys are the names of the attributes; a single name may stand for a list of one. A window is a table with
        one of ``working_days``, ``open_time`` and ``wall_time`` (``"4h"``, ``"1h 30m"``), and ``since``.

        Raises:
            PolicyError: with every fault of the data and of its rows, each with its path; when there are none, with
                every fault of the graph.

        >>> Lifecycle.from_data({
        ...     "name": "house",
        ...     "states": [{"name": "new", "status": "new"}, {"name": "done", "status": "resolved"}],
        ...     "transitions": [{"trigger": "resolve", "sources": "new", "target": "done", "requires": ["code"]}],
        ... })
        <Lifecycle house: 2 states, 1 transitions>
        """
        table = read(data)
        return cls(
            table.name,
            table.states,
            transitions=table.transitions,
            starts=table.starts,
            stimuli=table.stimuli,
            roles=table.roles,
            rights=table.rights,
        )

    def to_data(self) -> Plain:
        """The lifecycle as plain data, without what has its default; `from_data` takes it back.

        >>> from itilkit.lifecycle import SIMPLE
        >>> SIMPLE.to_data()["transitions"][0]
        {'trigger': 'start', 'sources': ['new'], 'target': 'in_progress'}
        """
        return written(self)

    def to_mermaid(self) -> str:
        """A Mermaid state diagram, with an arrow for each pair of states and on it all that draws the step.

        >>> from itilkit.lifecycle import SIMPLE
        >>> print(SIMPLE.to_mermaid())
        stateDiagram-v2
            state "new" as s0
            state "in_progress" as s1
            state "resolved" as s2
            state "closed" as s3
            [*] --> s0
            s0 --> s1: start
            s0 --> s2: resolve
            s1 --> s2: resolve
            s2 --> s1: reopen
            s2 --> s3: close
            s3 --> [*]
        <BLANKLINE>
        """
        return mermaid(self)

    def to_dot(self) -> str:
        """The same diagram in Graphviz's language; a state without a way out has a double border."""
        return dot(self)

    def _repr_html_(self) -> str:
        """A table for notebooks: each state, what it stands for, and what may follow and on which terms."""
        return html(self)

    def __repr__(self) -> str:
        return f"<Lifecycle {self.name}: {len(self.states)} states, {len(self.transitions)} transitions>"

    @property
    def initial(self) -> State:
        """Where a logged incident stands."""
        return self._by_name[self.starts[0]]

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

    def roles_for(self, source: str, trigger: str, target: str) -> frozenset[str]:
        """Who may take a step: one of these roles is enough, and none at all means anyone.

        Of the transitions that cover the step and name roles, the narrowest counts: one that names both states, then
        ``* -> target``, then ``source -> *``, then ``* -> *``; a status is wider than a state and narrower than ``*``.
        Where none names a role it is left to the lifecycle's rights, in the same order.
        Source: the rights of Request Tracker's lifecycles.

        >>> from itilkit.lifecycle import RT_DEFAULT
        >>> sorted(RT_DEFAULT.roles_for("open", "cancel", "deleted"))
        ['DeleteTicket']
        >>> sorted(RT_DEFAULT.roles_for("open", "hold", "stalled"))
        ['ModifyTicket']
        """
        row = self._asking.get((source, trigger, target))
        if row is not None:
            return row.roles
        for right in ((source, target), (ANY, target), (source, ANY), (ANY, ANY)):
            if right in self._rights:
                return self._rights[right]
        return NO_ROLES

    @property
    def steps(self) -> tuple[tuple[str, str, Transition], ...]:
        """Each permitted step: from which state, to which, and the transition that counts for it.

        >>> from itilkit.lifecycle import SIMPLE
        >>> [(source, target, each.trigger) for source, target, each in SIMPLE.steps][:2]
        [('new', 'in_progress', 'start'), ('new', 'resolved', 'resolve')]
        """
        return tuple(
            (source, target, transition)
            for (source, _), moves in self._moves.items()
            for target, transition in moves.items()
        )
