"""``itilkit backtest``: what the incidents of a log come to under two policies."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from itilkit.cli.files import policy_at
from itilkit.cli.logs import add_log, as_of, log_at, look_from
from itilkit.cli.progress import progress, uncollected
from itilkit.cli.say import iso, reflowed, say, say_json
from itilkit.policy.backtest import Backtest, Cohort
from itilkit.report.words import plain
from itilkit.spans import zone_named

__all__ = ["HELP", "options", "run"]

HELP = "what the incidents of a log come to under two policies"


def options(parser: argparse.ArgumentParser) -> None:
    """What the command is told."""
    parser.description = (
        "Read a ServiceNow incident audit log under two policies and tell which promises flip from met to breached"
        " and back. Exit code 0: none does; 1: some do; 2: the input cannot be used."
    )
    add_log(parser)
    parser.add_argument(
        "--policy", metavar="FILE", required=True, help="the policy as it is to be, a TOML file"
    )
    parser.add_argument(
        "--against", metavar="FILE", required=True, help="the policy to compare with: the old one"
    )
    cohort = "what places an incident in a period of an objective; resolved by default"
    parser.add_argument("--cohort", choices=get_args(Cohort), default="resolved", help=cohort)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON, with every flip")
    form.add_argument("--markdown", action="store_true", help="print tables for a pull request")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what flips; 1 where something does, else 0."""
    new, old = policy_at(Path(options.policy)), policy_at(Path(options.against))
    zone, seen_from = zone_named(options.zone).key, as_of(options)
    with uncollected():
        log = log_at(Path(options.log), zone)
        look_from(log, seen_from)
        with progress("assessing", len(log.incidents)) as advance:
            found = new.backtest(
                log.incidents,
                against=old,
                as_of=seen_from,
                strict=False,
                cohort=options.cohort,
                progress=advance,
            )
    if options.json:
        say_json(_data(found))
    else:
        say(_told(found.to_markdown()) if options.markdown else reflowed(str(found)))
    return 1 if found.flips else 0


def _told(markdown: str) -> str:
    return "".join(f"{plain(line)}\n" for line in markdown.splitlines())


def _data(found: Backtest) -> Mapping[str, Any]:
    tests = {target: found.test(target) for target in found.targets}
    return {
        "old": found.old,
        "new": found.new,
        "as_of": iso(found.as_of),
        "incidents": found.incidents,
        "targets": [
            {
                "target": target,
                "old": found.outcomes(target, "old"),
                "new": found.outcomes(target, "new"),
                "newly_breached": test.worse,
                "newly_met": test.better,
                "p": test.p,
            }
            for target, test in tests.items()
        ],
        "cells": found.to_rows(),
        "flips": [_plain_row(row) for row in found.flip_rows()],
        "objectives": found.objective_rows(),
    }


def _plain_row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row with its instants as ISO 8601."""
    return {name: iso(value) if isinstance(value, datetime) else value for name, value in row.items()}
