"""``itilkit diff``: what changes from one policy to another."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from itilkit.cli.files import policy_at
from itilkit.cli.instants import add_year, over
from itilkit.cli.say import say, say_json, wrapped
from itilkit.policy.diff import Diff
from itilkit.report.words import count, plain

__all__ = ["HELP", "options", "run"]

HELP = "what changes from one policy to another, and which way"
_DIRECTIONS = ("stricter", "looser", "other")


def options(parser: argparse.ArgumentParser) -> None:
    """What the command is told."""
    parser.description = (
        "Compare what two policies say, not how they are written. Exit code 0: the same; 1: different;"
        " 2: a file is no policy."
    )
    parser.add_argument("old", metavar="OLD", help="the policy as it is, a TOML file")
    parser.add_argument("new", metavar="NEW", help="the policy as it is to be")
    add_year(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--markdown", action="store_true", help="print a table for a pull request")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the changes."""
    old, new = policy_at(Path(options.old)), policy_at(Path(options.new))
    changes = old.diff(new, over=over(options.year, old))
    told = Counter[str](change.severity for change in changes)
    sums = {direction: told[direction] for direction in _DIRECTIONS}
    if options.json:
        rows = changes.to_rows()
        say_json({"old": changes.old, "new": changes.new, "changes": rows, **sums})
    else:
        say(_table(changes) if options.markdown else _text(changes, sums))
    return 1 if changes else 0


def _text(changes: Diff, sums: dict[str, int]) -> str:
    """A change a line, and how many of each kind."""
    if not changes:
        return "no change\n"
    lines = [line for change in changes for line in wrapped(str(change), more=4)]
    kinds = ", ".join(f"{number:,} {direction}" for direction, number in sums.items() if number)
    return "\n".join([*lines, f"{count(len(changes), 'change')}: {kinds}"]) + "\n"


def _table(changes: Diff) -> str:
    return "".join(f"{plain(line)}\n" for line in changes.to_markdown().splitlines())
