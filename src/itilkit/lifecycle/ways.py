"""Where does each event lead from each state? Worked out once for a lifecycle, so that a step is one look-up.

Rules of this file:

* An event that names no state leads to the default target of its trigger; one that names a state leads there.
* An event of a trigger that must lead somewhere, and that the table does not permit here, would lead to the first
  state of its own status: that is where a record is believed to stand that took the step all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from itilkit.events import Event
from itilkit.lifecycle.table import ANY, MOVES, NATURAL, TRIGGERS, Moves, State, Table, Transition
from itilkit.vocabulary import HoldReason, Status

__all__ = ["KINDS", "Free", "Target", "Ways", "free", "ways"]

KINDS: Mapping[str, type[Event]] = {trigger: kind for kind, trigger in TRIGGERS.items()}
ON_HOLD = Status.ON_HOLD


class Target(NamedTuple):
    """Where an event leads.

    Attributes:
        state: The house's state.
        status: What it stands for.
        hold_reason: What a record there waits for, unless the event says otherwise.
        transition: The row that permits the step; None where no row does.
        free: Anyone may take the step at any time, and nothing need be known for it.
    """

    state: str
    status: Status
    hold_reason: HoldReason | None
    transition: Transition | None
    free: bool = False


# By state, and `ANY` for a state that the table does not know: by the kind of an event that names no state, and by
# (kind, state named).
Ways: TypeAlias = Mapping[str, Mapping[type[Event] | tuple[type[Event], str], Target]]


# By state and by what happens, as in `Ways`: the state that a free step leads to.
Free: TypeAlias = Mapping[str, Mapping[type[Event] | tuple[type[Event], str], str]]


def ways(table: Table, moves: Moves) -> Ways:
    """Every permitted step of a table, and where an event leads that is not permitted."""
    states = {state.name: state for state in table.states}
    found: dict[str, dict[type[Event] | tuple[type[Event], str], Target]] = {
        name: {KINDS[trigger]: _natural(trigger, table) for trigger in MOVES} for name in (ANY, *states)
    }
    for (source, trigger), cell in moves.items():
        kind, here = KINDS[trigger], found[source]
        here.update({(kind, target): _into(states[target], row, table) for target, row in cell.items()})
        here[kind] = here[kind, next(iter(cell))]  # the default target comes first
    return found


def free(found: Ways) -> Free:
    """The steps that anyone may take at any time, and for which nothing need be known."""
    return {
        source: {happened: target.state for happened, target in here.items() if target.free}
        for source, here in found.items()
    }


def _into(state: State, row: Transition, table: Table) -> Target:
    reason = state.hold_reason if state.status is ON_HOLD else None
    rights = bool(table.rights) or any(each.roles for each in table.transitions)
    return Target(
        state.name, state.status, reason, row, free=not (rights or row.requires or row.within or row.not_by)
    )


def _natural(trigger: str, table: Table) -> Target:
    status = NATURAL[trigger]
    named = next((state.name for state in table.states if state.status is status), status.value)
    return Target(named, status, None, None)
