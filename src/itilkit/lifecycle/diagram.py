"""How does a lifecycle look? Mermaid and DOT text and a table, all from the same steps.

Names are a house's own words, so every one is escaped for the language it is written into: states get ids of ours
and show their names as labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itilkit.lifecycle.definition import Lifecycle

__all__ = ["dot", "html", "mermaid", "steps_told"]

# Only where things stand: colours are those of the page, light or dark.
_CELL = " style='text-align:left;vertical-align:top;padding:0.2em 1em 0.2em 0'"


def mermaid(lifecycle: Lifecycle) -> str:
    """A Mermaid state diagram."""
    ids = _ids(lifecycle)
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{_mermaid(name)}" as {ids[name]}' for name in ids]
    lines += [f"    [*] --> {ids[name]}" for name in lifecycle.starts]
    lines += [
        f"    {ids[source]} --> {ids[target]}: {_mermaid(label)}"
        for source, target, label in _arrows(lifecycle)
    ]
    lines += [
        f"    {ids[state.name]} --> [*]" for state in lifecycle.states if not lifecycle.permitted(state.name)
    ]
    return "\n".join(lines) + "\n"


def dot(lifecycle: Lifecycle) -> str:
    """A directed graph in Graphviz's language."""
    ids = _ids(lifecycle)
    lines = [f"digraph {_dot(lifecycle.name)} {{", "    rankdir=LR", "    node [shape=box, style=rounded]"]
    lines.append('    start [shape=point, label=""]')
    for state in lifecycle.states:
        double = "" if lifecycle.permitted(state.name) else ", peripheries=2"
        lines.append(f"    {ids[state.name]} [label={_dot(state.name)}{double}]")
    lines += [f"    start -> {ids[name]}" for name in lifecycle.starts]
    lines += [
        f"    {ids[source]} -> {ids[target]} [label={_dot(label)}]"
        for source, target, label in _arrows(lifecycle)
    ]
    return "\n".join([*lines, "}"]) + "\n"


def html(lifecycle: Lifecycle) -> str:
    """A table: one row for each state, with what it stands for and where each trigger leads."""
    rows = "".join(
        f"<tr><th scope='row'{_CELL}>{escape(state.name)}</th><td{_CELL}>{escape(state.status)}</td>"
        f"<td{_CELL}>{'<br>'.join(escape(step) for step in steps_told(lifecycle, state.name)) or 'final'}</td></tr>"
        for state in lifecycle.states
    )
    names = "".join(f"<th scope='col'{_CELL}>{name}</th>" for name in ("state", "status", "steps"))
    head = f"<caption>{escape(lifecycle.name)}</caption><thead><tr>{names}</tr></thead>"
    return f"<table>{head}<tbody>{rows}</tbody></table>"


def _ids(lifecycle: Lifecycle) -> dict[str, str]:
    return {state.name: f"s{index}" for index, state in enumerate(lifecycle.states)}


def _arrows(lifecycle: Lifecycle) -> Iterator[tuple[str, str, str]]:
    """One arrow for each pair of states, with all that draws it."""
    labels: dict[tuple[str, str], dict[str, None]] = {}
    for source, target, transition in lifecycle.steps:
        drawn = labels.setdefault((source, target), {})
        drawn.update(dict.fromkeys(transition.stimuli or (transition.trigger,)))
    for (source, target), words in labels.items():
        yield source, target, ", ".join(words)


def steps_told(lifecycle: Lifecycle, source: str) -> Iterator[str]:
    """Each step from a state in words: what draws it, where to, and what it asks for."""
    for from_, target, transition in lifecycle.steps:
        if from_ == source:
            roles = lifecycle.roles_for(source, transition.trigger, target)
            asked = [
                *(f"needs {required}" for required in transition.requires),
                *((f"by {' or '.join(sorted(roles))}",) if roles else ()),
                *(f"not by the {person}" for person in sorted(transition.not_by)),
                *((str(transition.within),) if transition.within else ()),
                *(("when the event names it",) if transition.when_named else ()),
            ]
            drawn = " or ".join(transition.stimuli) or transition.trigger
            yield f"{drawn} → {target}" + (f" ({'; '.join(asked)})" if asked else "")


def _mermaid(text: str) -> str:
    """Letters, digits, spaces and harmless signs as they are; all else as Mermaid's entity codes."""
    return "".join(each if each.isalnum() or each in " _-,." else f"#{ord(each)};" for each in text)


def _dot(text: str) -> str:
    """A quoted string; a line break would end a label's line and a backslash begins an escape."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", " ").replace("\n", " ")
    return f'"{quoted}"'
