"""What is allowed in a lifecycle and yet looks like an oversight?

Rules of this file:

* Faults stop a definition where it is built; what is told here is a warning, and the lifecycle works.
* Where a lifecycle declares stimuli, they are what is looked at, because they are the tool's own words; elsewhere it
  is the triggers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from itilkit.errors import Fault
from itilkit.lifecycle.definition import Lifecycle
from itilkit.lifecycle.table import Transition

__all__ = ["lint"]

_FEW = 3


def lint(lifecycle: Lifecycle) -> tuple[Fault, ...]:
    """What looks like an oversight, each a `Fault` of severity ``warning``.

    The codes:

    * ``unused_stimulus``, ``unused_role``: declared, and no transition uses it.
    * ``all_but_one``: a stimulus (or, where none are declared, a trigger) is accepted in every open state but one.
      A state that it leads to is not missed, nor is one of fewer than three open states.
    * ``shadowed``: narrower transitions count for every step of this one.
    * ``same_guard``: a transition asks for just what a wider one asks for at the same step, and changes nothing.
    * ``nobody_barred``: `Transition.not_by` names the resolver, and the step leads only from open states, in which
      nobody has resolved the incident.
    * ``no_constraint``: every state reaches every other one in a single step.

    >>> from itilkit.lifecycle import ITOP
    >>> for fault in lint(ITOP):
    ...     print(fault)
    stimuli[8]: stimulus 'ev_autoclose' is declared and draws no step (drop it or add a step)
    transitions: 'ev_autoresolve' is accepted in every open state but 'escalated_tto' (is it missing there?)
    """
    checks = (_unused, _all_but_one, _overlaid, _barring_nobody, _free)
    return tuple(fault for check in checks for fault in check(lifecycle))


def _warning(code: str, message: str, path: str, hint: str) -> Fault:
    return Fault(code, message, path=path, hint=hint, severity="warning")


def _unused(lifecycle: Lifecycle) -> Iterator[Fault]:
    stimuli = {stimulus for transition in lifecycle.transitions for stimulus in transition.stimuli}
    for index, stimulus in enumerate(lifecycle.stimuli):
        if stimulus not in stimuli:
            message = f"stimulus {stimulus!r} is declared and draws no step"
            yield _warning("unused_stimulus", message, f"stimuli[{index}]", "drop it or add a step")
    asked = [transition.roles for transition in lifecycle.transitions]
    asked += [right.roles for right in lifecycle.rights]
    for role in sorted(lifecycle.roles.difference(*asked)):
        message = f"role {role!r} is declared and no step asks for it"
        yield _warning("unused_role", message, "roles", "drop it or give it a step")


def _words(lifecycle: Lifecycle, transition: Transition) -> tuple[str, ...]:
    return transition.stimuli if lifecycle.stimuli else (transition.trigger,)


def _all_but_one(lifecycle: Lifecycle) -> Iterator[Fault]:
    open_states = [state.name for state in lifecycle.states if state.status.is_open]
    sources: dict[str, set[str]] = {}
    targets: dict[str, set[str]] = {}
    for source, target, transition in lifecycle.steps:
        for word in _words(lifecycle, transition):
            sources.setdefault(word, set()).add(source)
            targets.setdefault(word, set()).add(target)
    for word, accepting in sources.items():
        missing = [name for name in open_states if name not in accepting]
        if len(missing) == 1 and len(open_states) >= _FEW and missing[0] not in targets[word]:
            message = f"{word!r} is accepted in every open state but {missing[0]!r}"
            yield _warning("all_but_one", message, "transitions", "is it missing there?")


def _overlaid(lifecycle: Lifecycle) -> Iterator[Fault]:
    """Transitions without which the same steps remain on the same terms."""
    terms = _terms(lifecycle, lifecycle.transitions)
    for index, transition in enumerate(lifecycle.transitions):
        others = (*lifecycle.transitions[:index], *lifecycle.transitions[index + 1 :])
        if _terms(lifecycle, others) != terms:
            continue
        path = f"transitions[{index}]"
        if all(row is not transition for _, _, row in lifecycle.steps):
            message = f"{transition}: narrower transitions count for each of its steps"
            yield _warning("shadowed", message, path, "drop it or one of them")
        else:
            message = f"{transition}: a wider transition already permits it and asks for the same"
            yield _warning("same_guard", message, path, "drop it")


def _terms(
    lifecycle: Lifecycle, rows: Sequence[Transition]
) -> dict[tuple[str, str, str], tuple[object, ...]]:
    """What each step asks for, if these were the rows."""
    asking = lifecycle.narrowest(row for row in rows if row.roles)
    return {
        step: (
            frozenset(row.requires),
            asking[step].roles if step in asking else None,
            row.not_by,
            row.within,
            row.when_named or lifecycle.default_of(row) != step[2],
            frozenset(row.stimuli),
        )
        for step, row in lifecycle.narrowest(rows).items()
    }


def _barring_nobody(lifecycle: Lifecycle) -> Iterator[Fault]:
    """Transitions kept from the resolver of what nobody has resolved."""
    settled = {state.name for state in lifecycle.states if not state.status.is_open}
    sources: dict[int, set[str]] = {}
    for source, _, row in lifecycle.steps:
        sources.setdefault(id(row), set()).add(source)
    for index, row in enumerate(lifecycle.transitions):
        if "resolver" in row.not_by and sources.get(id(row), settled).isdisjoint(settled):
            message = f"{row}: not by the resolver, and an open incident has none"
            path = f"transitions[{index}].not_by"
            yield _warning("nobody_barred", message, path, "drop it or name another person")


def _free(lifecycle: Lifecycle) -> Iterator[Fault]:
    names = {state.name for state in lifecycle.states}
    if len(names) >= _FEW and all(names - {name} <= set(lifecycle.permitted(name)) for name in names):
        message = "no constraint at all: every state reaches every other one"
        yield _warning("no_constraint", message, "transitions", "leave out the steps that must not be taken")
