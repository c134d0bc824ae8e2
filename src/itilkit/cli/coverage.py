"""``itilkit coverage``: what of a policy the incidents of a log never exercised."""

from __future__ import annotations

import argparse
from pathlib import Path

from itilkit.cli.files import policy_at
from itilkit.cli.logs import add_log, as_of, log_at, look_from
from itilkit.cli.progress import progress, uncollected
from itilkit.cli.say import iso, reflowed, say, say_json
from itilkit.spans import zone_named

__all__ = ["HELP", "options", "run"]

HELP = "what of a policy the incidents of a log never exercised"


def options(parser: argparse.ArgumentParser) -> None:
    """What the command is told."""
    parser.description = (
        "Read a ServiceNow incident audit log under a policy and tell which of its lines were never tried."
        " Exit code 0: all were; 1: some were not; 2: the input cannot be used."
    )
    add_log(parser)
    parser.add_argument("--policy", metavar="FILE", required=True, help="the policy, a TOML file")
    parser.add_argument("--json", action="store_true", help="print JSON, with every line and its count")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what was never exercised; 1 where there is such, else 0."""
    policy = policy_at(Path(options.policy))
    zone, seen_from = zone_named(options.zone).key, as_of(options)
    with uncollected():
        log = log_at(Path(options.log), zone)
        look_from(log, seen_from)
        with progress("assessing", len(log.incidents)) as advance:
            found = policy.coverage(log.incidents, as_of=seen_from, strict=False, progress=advance)
    if options.json:
        say_json(
            {
                "policy": found.policy,
                "as_of": iso(found.as_of),
                "incidents": found.incidents,
                "never": len(found.never),
                "lines": found.to_rows(),
            }
        )
    else:
        say(reflowed(str(found)))
    return 1 if found.never else 0
