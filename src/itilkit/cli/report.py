"""``itilkit report``: KPIs, SLA compliance and findings of an incident log."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import attrs

from itilkit.adapters.servicenow import AuditLog
from itilkit.cli.files import check_paths, place, policy_at
from itilkit.cli.logs import add_log, as_of, log_at, look_from
from itilkit.cli.progress import progress, uncollected
from itilkit.cli.say import installed, say
from itilkit.policy import Policy
from itilkit.report import Report, as_html, as_json, as_text, figures, page_template
from itilkit.sla import Assessment
from itilkit.spans import zone_named

__all__ = ["HELP", "options", "run"]

HELP = "KPIs, SLA compliance and findings of an incident log"
_STEP = 500


def options(parser: argparse.ArgumentParser) -> None:
    """What the command is told."""
    parser.description = (
        "Read a ServiceNow incident audit log, replay every incident and print what it shows."
    )
    add_log(parser)
    parser.add_argument("--policy", metavar="FILE", required=True, help="the policy, a TOML file")
    parser.add_argument("--html", metavar="OUT", help="write a page; needs pip install 'itilkit[report]'")
    parser.add_argument("--json", metavar="OUT", help="write every figure")
    parser.set_defaults(run=run)


@attrs.frozen
class _Wanted:
    """What the report is to be made of, checked before the long work."""

    log: Path
    policy: Policy
    zone: str
    as_of: datetime


def run(options: argparse.Namespace) -> int:
    """Print the report, write what else is asked for."""
    outputs = {f"--{name}": Path(out) for name in _SHOWN if (out := getattr(options, name)) is not None}
    check_paths({"LOG": Path(options.log), "--policy": Path(options.policy)}, outputs)
    wanted = _Wanted(
        Path(options.log),
        policy_at(Path(options.policy)),
        zone_named(options.zone).key,
        as_of(options),
    )
    if "--html" in outputs:
        page_template()
    with ExitStack() as stack:
        places = {name: stack.enter_context(place(name, path)) for name, path in outputs.items()}
        with uncollected():
            report = _figures(wanted, pictures="--html" in outputs)
        shown = {name: _SHOWN[name.removeprefix("--")](report) for name in outputs}
        for name, write in places.items():
            write(shown[name])
    say(as_text(report))
    return 0


_SHOWN: dict[str, Callable[[Report], str]] = {"html": as_html, "json": as_json}


def _figures(wanted: _Wanted, *, pictures: bool) -> Report:
    log = log_at(wanted.log, wanted.zone)
    look_from(log, wanted.as_of)
    cases = list(_assessed(log, wanted))
    return figures(log, cases, wanted.policy, name=wanted.log.name, version=installed(), pictures=pictures)


def _assessed(log: AuditLog, wanted: _Wanted) -> Iterator[Assessment]:
    cases = wanted.policy.assess_all(log.incidents, as_of=wanted.as_of, strict=False)
    with progress("assessing", len(log.incidents)) as advance:
        for number, case in enumerate(cases):
            if number % _STEP == 0:
                advance(number)
            yield case
