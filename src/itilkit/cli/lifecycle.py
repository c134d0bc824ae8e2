"""``itilkit lifecycle``: a lifecycle shown, drawn and checked."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import attrs

from itilkit.cli.files import text_at
from itilkit.cli.lint import UNREAD
from itilkit.cli.say import Checked, say, say_findings, say_json, wrapped
from itilkit.errors import Fault, FaultError, PolicyError, near
from itilkit.lifecycle import SHIPPED, Lifecycle, lint
from itilkit.lifecycle.diagram import steps_told
from itilkit.policy import Policy
from itilkit.policy.file import placed
from itilkit.policy.file.text import parsed
from itilkit.policy.locate import line_of, lines
from itilkit.report.words import count
from itilkit.vocabulary import fold

__all__ = ["HELP", "options"]

HELP = "a lifecycle shown, drawn and checked"
_WHICH = "a shipped lifecycle by name, a policy, or a TOML file with a lifecycle's tables"


def options(parser: argparse.ArgumentParser) -> None:
    """What the two commands are told."""
    parser.description = "Show, draw or check a lifecycle: what may follow what."
    commands = parser.add_subparsers(metavar="show|check", required=True)
    show = commands.add_parser("show", help="its states and steps, as text or as a diagram")
    show.description = "Print a lifecycle. Exit code 0; 2 where there is none."
    show.add_argument("lifecycle", metavar="NAME|FILE", help=_WHICH)
    form = show.add_mutually_exclusive_group()
    form.add_argument("--format", choices=sorted(_FORMATS), default="text", help="text by default")
    form.add_argument("--json", action="store_true", help="print JSON")
    show.set_defaults(run=_show)
    check = commands.add_parser("check", help="what is wrong with it, and what looks like an oversight")
    check.description = "Tell what is wrong. Exit code 0: nothing; 1: findings; 2: there is none."
    check.add_argument("lifecycle", metavar="NAME|FILE", help=_WHICH)
    check.add_argument("--json", action="store_true", help="print JSON")
    check.set_defaults(run=_check)


def _show(options: argparse.Namespace) -> int:
    found = _found(options.lifecycle).lifecycle
    if options.json:
        say_json(found.to_data())
    else:
        say(_FORMATS[options.format](found))
    return 0


def _check(options: argparse.Namespace) -> int:
    try:
        found = _found(options.lifecycle)
    except PolicyError as error:
        if _ABSENT & {fault.code for fault in error.faults}:
            raise
        checked = Checked(options.lifecycle, "", findings=error.faults)
    else:
        checked = Checked(options.lifecycle, found.lifecycle.name, findings=found.findings())
    return say_findings([checked], as_json=options.json)


_ABSENT = UNREAD | {"empty_file", "not_utf8"}


@attrs.frozen
class _Found:
    """A lifecycle, and the text that it was read from.

    Attributes:
        lifecycle: The lifecycle.
        text: The text of its file; empty for a shipped one.
        under: The path of its tables in the file.
    """

    lifecycle: Lifecycle
    text: str = ""
    under: str = ""

    def findings(self) -> tuple[Fault, ...]:
        """What looks like an oversight, in the order of the file."""
        paths = (attrs.evolve(each, path=self.under + each.path) for each in lint(self.lifecycle))
        if not self.text:
            return tuple(paths)
        known = lines(self.text)
        found = [attrs.evolve(each, line=line_of(each.path, known)) for each in paths]
        return tuple(sorted(found, key=lambda each: each.line or 0))


def _found(which: str) -> _Found:
    """What the word names: a shipped lifecycle, else a file."""
    for name, shipped in SHIPPED.items():
        if fold(name) == fold(which):
            return _Found(shipped)
    path = Path(which)
    if not path.suffix and not path.exists():
        message = f"neither a shipped lifecycle nor a file is called {which!r}"
        raise FaultError.one("usage", message, path="NAME|FILE", hint=near(which, SHIPPED))
    text = text_at(path, "lifecycle").removeprefix("\ufeff")
    try:
        data = parsed(text)
    except PolicyError as error:
        raise PolicyError(attrs.evolve(fault, source=which) for fault in error.faults) from None
    if {"itilkit", "lifecycle"} & set(data):
        return _Found(Policy.from_toml(text, source=which).lifecycle, text, "lifecycle.")
    try:
        return _Found(Lifecycle.from_data(data), text)
    except PolicyError as error:
        raise placed(error, text, which) from None


def _text(lifecycle: Lifecycle) -> str:
    return "\n".join(_told(lifecycle)) + "\n"


def _told(lifecycle: Lifecycle) -> Iterator[str]:
    """Each state, what it stands for, and where each step from it leads."""
    sums = f"{count(len(lifecycle.states), 'state')}, {count(len(lifecycle.steps), 'step')}"
    yield from wrapped(f"{lifecycle.name}: {sums}; begins in {' or '.join(lifecycle.starts)}")
    for state in lifecycle.states:
        yield ""
        waits = f", {state.hold_reason}" if state.hold_reason else ""
        yield from wrapped(f"{state.name} ({state.status}{waits})")
        for step in tuple(steps_told(lifecycle, state.name)) or ("final",):
            yield from wrapped(step, 4, 4)


_FORMATS: Mapping[str, Callable[[Lifecycle], str]] = {
    "text": _text,
    "mermaid": Lifecycle.to_mermaid,
    "dot": Lifecycle.to_dot,
}
