"""``itilkit schema``: the JSON Schema of a file that the library reads."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from itilkit.cli.say import say_json
from itilkit.policy import Policy

__all__ = ["HELP", "options", "run"]

HELP = "the JSON Schema of a file, for editors and other tools"
_SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = {"policy": Policy.schema}


def options(parser: argparse.ArgumentParser) -> None:
    """What the command is told."""
    parser.description = (
        "Print the JSON Schema of a file that itilkit reads. Exit code 0; 2 where there is none."
    )
    parser.add_argument(
        "name", metavar="NAME", choices=sorted(_SCHEMAS), help=f"{' or '.join(sorted(_SCHEMAS))}"
    )
    parser.add_argument("--json", action="store_true", help="as it is: a schema is JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the schema."""
    say_json(_SCHEMAS[options.name]())
    return 0
