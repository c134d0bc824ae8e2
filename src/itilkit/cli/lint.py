"""``itilkit lint``: what is wrong with a policy, and what cannot be meant."""

from __future__ import annotations

import argparse
from pathlib import Path

from itilkit.cli.files import text_at
from itilkit.cli.say import Checked, say_findings
from itilkit.errors import PolicyError
from itilkit.policy import Policy

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
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the findings of all files, in their order."""
    return say_findings([_checked(Path(file)) for file in options.files], as_json=options.json)


def _checked(path: Path) -> Checked:
    text = text_at(path, "policy")
    try:
        policy = Policy.from_toml(text, source=str(path))
    except PolicyError as error:
        if UNREAD & {fault.code for fault in error.faults}:
            raise
        return Checked(str(path), "", findings=error.faults)
    return Checked(str(path), policy.name, findings=policy.lint())
