"""``itilkit lint``: what is wrong with a policy, and what cannot be meant."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from pathlib import Path

from itilkit.cli.files import text_at
from itilkit.cli.instants import add_year, over
from itilkit.cli.say import Checked, say_findings
from itilkit.codes import CODES
from itilkit.errors import FaultError, PolicyError, near
from itilkit.policy import Policy
from itilkit.policy.lint import RULES

__all__ = ["HELP", "UNREAD", "options", "run"]

HELP = "what is wrong with a policy, and what cannot be meant"
UNREAD = frozenset({"not_toml", "too_large", "too_deep", "newer_format", "unknown_format"})
"""With one of these there is nothing to look at; every other fault of a policy is a finding."""


def options(parser: argparse.ArgumentParser) -> None:
    """What the command is told."""
    parser.description = (
        "Tell every fault of policies and what is allowed in them and yet cannot be meant, each with its line."
        " Exit code 0: no findings; 1: findings; 2: a file is no policy."
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a policy, a TOML file")
    parser.add_argument(
        "--ignore", metavar="CODE", action="append", default=[], help="pass over a finding, such as P007"
    )
    add_year(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the findings of all files, in their order."""
    for code in options.ignore:
        if code not in CODES:
            hint = near(code, [*RULES, *CODES])
            raise FaultError.one("usage", f"no finding has the code {code!r}", path="--ignore", hint=hint)
    checked = [_checked(Path(file), frozenset(options.ignore), options.year) for file in options.files]
    return say_findings(checked, as_json=options.json)


def _checked(path: Path, ignored: Collection[str], year: int | None) -> Checked:
    text = text_at(path, "policy")
    try:
        policy = Policy.from_toml(text, source=str(path))
    except PolicyError as error:
        if UNREAD & {fault.code for fault in error.faults}:
            raise
        return Checked(str(path), "", findings=error.faults)
    found = policy.lint(over=over(year, policy))
    kept = tuple(fault for fault in found if fault.code not in ignored)
    return Checked(str(path), policy.name, findings=kept)
