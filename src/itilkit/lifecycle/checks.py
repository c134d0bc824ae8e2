"""What makes a table no lifecycle? Faults of its names and rows, then, when those are sound, of its graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from itilkit.errors import Fault, near
from itilkit.lifecycle.table import ANY, FACTS, PEOPLE, TRIGGERS, Moves, State, Table, Transition
from itilkit.lifecycle.window import SETTLED

__all__ = ["graph_faults", "row_faults"]


def row_faults(table: Table) -> Iterator[Fault]:
    """Names declared twice or not at all, and rows that contradict each other."""
    if not table.states:
        yield Fault("no_states", f"lifecycle {table.name!r} has no state", path="states")
    elif not table.starts:
        yield Fault(
            "no_initial", "no state is the first of a record", path="starts", hint="name one or leave it out"
        )
    names = tuple(state.name for state in table.states)
    yield from _twins("twin_state", "state", names, "states")
    yield from _twins("twin_stimulus", "stimulus", table.stimuli, "stimuli")
    for index, name in enumerate(table.starts):
        yield from _unknown(name, names, f"starts[{index}]")
    yield from _transition_faults(table)
    yield from _right_faults(table, names)
    yield from _choice_faults(table)


def _twins(code: str, kind: str, names: tuple[str, ...], path: str) -> Iterator[Fault]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Fault(code, f"{kind} {name!r} is declared twice", path=f"{path}[{index}]")


def _unknown(name: str, known: Iterable[str], path: str) -> Iterator[Fault]:
    if name not in known:
        yield Fault("unknown_state", f"no state is called {name!r}", path=path, hint=near(name, known))


def _transition_faults(table: Table) -> Iterator[Fault]:
    known = {state.name for state in table.states} | {state.status.value for state in table.states}
    triggers = set(TRIGGERS.values()) - {"log"}
    seen: set[tuple[str, str, str]] = set()
    for index, transition in enumerate(table.transitions):
        path = f"transitions[{index}]"
        if transition.trigger not in triggers:
            hint = near(transition.trigger, triggers)
            yield Fault(
                "unknown_trigger", f"no event is triggered by {transition.trigger!r}", path=path, hint=hint
            )
        if not transition.sources:
            yield Fault("no_source", f"{transition.trigger} starts nowhere", path=path, hint="name a state")
        for name in (*(each for each in transition.sources if each != ANY), transition.target):
            yield from _unknown(name, known, path)
        for source in transition.sources:
            step = (transition.trigger, source, transition.target)
            if step in seen:
                message = f"{transition.trigger}: {source} -> {transition.target} is declared twice"
                yield Fault("twin_transition", message, path=path)
            seen.add(step)
        yield from _guard_faults(table, transition, path)


def _guard_faults(table: Table, transition: Transition, path: str) -> Iterator[Fault]:
    """What a transition asks for and is called must be known."""
    for number, required in enumerate(transition.requires):
        for fact in required.split(" or "):
            if fact not in FACTS:
                yield Fault(
                    "unknown_fact",
                    f"nothing is called {fact!r}",
                    path=f"{path}.requires[{number}]",
                    hint=near(fact, FACTS),
                )
    yield from _role_faults(table, transition.roles, f"{path}.roles")
    for person in sorted(transition.not_by - PEOPLE.keys()):
        yield Fault(
            "unknown_person",
            f"no record knows who is its {person!r}",
            path=f"{path}.not_by",
            hint=near(person, PEOPLE),
        )
    for number, stimulus in enumerate(transition.stimuli):
        if table.stimuli and stimulus not in table.stimuli:
            yield Fault(
                "unknown_stimulus",
                f"no stimulus is called {stimulus!r}",
                path=f"{path}.stimuli[{number}]",
                hint=near(stimulus, table.stimuli),
            )
    yield from _window_faults(table, transition, f"{path}.within")


def _role_faults(table: Table, roles: frozenset[str], path: str) -> Iterator[Fault]:
    """Only a lifecycle that declares its roles can know that one is unknown."""
    for role in sorted(roles - table.roles) if table.roles else ():
        yield Fault("unknown_role", f"no role is called {role!r}", path=path, hint=near(role, table.roles))


def _window_faults(table: Table, transition: Transition, path: str) -> Iterator[Fault]:
    window = transition.within
    if window is None:
        return
    sources = {source for name in transition.sources for source in table.meant(name)}
    for state in table.states:
        if state.name in sources and state.status not in SETTLED[window.since]:
            yield Fault(
                "window_not_settled",
                f"{transition.trigger} from {state.name!r}: an incident that is {state.status} has no {window.since}",
                path=path,
                hint="leave that state out or count from another instant",
            )


def _right_faults(table: Table, names: tuple[str, ...]) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for index, right in enumerate(table.rights):
        path = f"rights[{index}]"
        for name in (right.source, right.target):
            if name != ANY:
                yield from _unknown(name, names, path)
        if (right.source, right.target) in seen:
            yield Fault("twin_right", f"{right.source} -> {right.target} is declared twice", path=path)
        seen.add((right.source, right.target))
        if not right.roles:
            yield Fault(
                "no_roles", "a right without a role is nobody's", path=path, hint="name a role or drop it"
            )
        yield from _role_faults(table, right.roles, f"{path}.roles")


def _choice_faults(table: Table) -> Iterator[Fault]:
    """From a state, a trigger has one target for an event that names none."""
    defaults: dict[tuple[str, str], str] = {}
    named: dict[tuple[str, str], tuple[int, str]] = {}
    for index, transition in enumerate(table.transitions):
        default = table.default_of(transition)
        for source, target, _ in table.steps_of(transition):
            cell = (source, transition.trigger)
            if default is None:
                named.setdefault(cell, (index, target))
            elif target == default != defaults.setdefault(cell, default):
                yield Fault(
                    "ambiguous",
                    f"{transition.trigger} leads from {source!r} to {defaults[cell]!r} and to {default!r}",
                    path=f"transitions[{index}]",
                    hint="say when_named of all but one",
                )
    for (source, trigger), (index, target) in named.items():
        if (source, trigger) not in defaults:
            yield Fault(
                "no_default",
                f"{trigger} from {source!r} leads to {target!r} only when the event names it, and nowhere otherwise",
                path=f"transitions[{index}]",
                hint="drop when_named on one",
            )
    yield from _naming_faults(table, defaults)


def _naming_faults(table: Table, defaults: Mapping[tuple[str, str], str]) -> Iterator[Fault]:
    """The transition that counts for a step cannot need naming where a wider one needs none."""
    places = {id(row): index for index, row in enumerate(table.transitions)}
    for (source, trigger, target), row in table.narrowest(table.transitions).items():
        if row.when_named and defaults.get((source, trigger)) == target:
            yield Fault(
                "named_default",
                f"{trigger} from {source!r} to {target!r} has to be named, and a wider transition leads there unnamed",
                path=f"transitions[{places[id(row)]}]",
                hint="drop when_named here or say it of the wider one too",
            )


def graph_faults(table: Table, moves: Moves) -> Iterator[Fault]:
    """States that no record reaches, and states that no record leaves."""
    onward: dict[str, set[str]] = {state.name: set() for state in table.states}
    for (source, _), cell in moves.items():
        onward[source] |= set(cell) - {source}
    reached = {name for start in table.starts for name in _reachable(start, onward)}
    final = {state.name for state in table.states if state.status.is_final or not onward[state.name]}
    for index, state in enumerate(table.states):
        yield from _state_faults(state, f"states[{index}]", onward, reached, final)


def _state_faults(
    state: State, path: str, onward: Mapping[str, set[str]], reached: set[str], final: set[str]
) -> Iterator[Fault]:
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
