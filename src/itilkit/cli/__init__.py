"""The command line: the only room that asks the time and opens files.

    itilkit lint FILE...
    itilkit diff OLD NEW
    itilkit backtest LOG --policy NEW --against OLD --zone ZONE [--as-of ISO]
    itilkit coverage LOG --policy FILE --zone ZONE [--as-of ISO]
    itilkit due --policy FILE --priority P1 --opened ISO [--event "ISO word ..."] [--as-of ISO]
    itilkit explain (the same, with the whole ledger)
    itilkit lifecycle show NAME|FILE [--format text|mermaid|dot]
    itilkit lifecycle check NAME|FILE
    itilkit schema policy
    itilkit report LOG --policy FILE --zone ZONE [--as-of ISO] [--html OUT] [--json OUT]

Exit codes: 0 where all is well, 1 where there is something to look at - findings, changes, a broken target -, and 2
where the input cannot be used: then one line on stderr says ``itilkit: what, where, how to mend``, and stdout is
empty. A broken pipe ends with 141 and Ctrl-C with 130, as shells expect, without a word.

``--json`` prints JSON in place of text, in plain ASCII whatever the terminal; `report` writes it to a file. A file is
written beside its place and moved there when all is done, so nothing is ever half-written. The clock is read only by
``report``, ``backtest`` and ``coverage`` without ``--as-of``, and by ``--as-of now``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple, NoReturn

from itilkit.cli import backtest, coverage, diff, due, lifecycle, lint, report, schema
from itilkit.cli.say import installed
from itilkit.errors import Fault, FaultError
from itilkit.report.words import plain

__all__ = ["main"]

UNUSABLE, INTERRUPTED, BROKEN_PIPE = 2, 130, 141


class _Command(NamedTuple):
    help: str
    options: Callable[[argparse.ArgumentParser], None]


_COMMANDS = {
    "lint": _Command(lint.HELP, lint.options),
    "diff": _Command(diff.HELP, diff.options),
    "backtest": _Command(backtest.HELP, backtest.options),
    "coverage": _Command(coverage.HELP, coverage.options),
    "due": _Command(due.HELP, due.options),
    "explain": _Command(due.HELP_EXPLAIN, due.options_explain),
    "lifecycle": _Command(lifecycle.HELP, lifecycle.options),
    "schema": _Command(schema.HELP, schema.options),
    "report": _Command(report.HELP, report.options),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit code comes back.

    Args:
        argv: The words after the command's name; those of the process by default.
    """
    try:
        options = _parser().parse_args(argv)
        code: int = options.run(options)
        sys.stdout.flush()
    except FaultError as error:
        print(_line(error.faults), file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _silence()
        return BROKEN_PIPE
    return code


def _line(faults: Sequence[Fault]) -> str:
    """The first fault, and how many more there are."""
    more = f" (and {len(faults) - 1:,} more)" if len(faults) > 1 else ""
    return f"itilkit: {plain(str(faults[0]))}{more}"


def _silence() -> None:
    """Nobody listens any more: what is still in the buffer goes nowhere, also at the interpreter's end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are faults like all others."""

    def error(self, message: str) -> NoReturn:
        """Raise the message as a fault."""
        raise FaultError.one("usage", message, hint=f"see {self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="itilkit", description="ITIL practice models: policies, lifecycles, incident logs.")
    parser.add_argument("--version", action="version", version=f"itilkit {installed()}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, command in _COMMANDS.items():
        command.options(commands.add_parser(name, help=command.help))
    return parser
