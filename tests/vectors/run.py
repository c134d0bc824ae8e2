"""Runs files of conformance vectors: `python tests/vectors/run.py KIND FILE...`.

A kind is a module beside this file with `check(case) -> str | None`: None when the case holds, else what
differs. Every case that does not hold is printed, then how many do; the exit status is 1 unless all of them
hold.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
KINDS = ("business_time", "sla")
Check = Callable[[dict[str, Any]], str | None]


def check_of(kind: str) -> Check:
    """The check of a kind."""
    spec = importlib.util.spec_from_file_location(f"vectors_{kind}", HERE / f"{kind}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Check = module.check
    return found


def cases_of(path: Path) -> Iterator[dict[str, Any]]:
    """The cases of a file, one JSON object a line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def run(kind: str, paths: Sequence[Path]) -> tuple[int, int]:
    """How many cases hold, and how many there are; those that do not hold are printed."""
    check = check_of(kind)
    hold = count = 0
    for path in paths:
        for case in cases_of(path):
            count += 1
            differs = check(case)
            if differs is None:
                hold += 1
            else:
                print(f"{case.get('id', f'{path.name} case {count}')}: {differs}")  # noqa: T201
    return hold, count


def main(arguments: Sequence[str]) -> int:
    """0 when every case of every file holds, 1 when some does not, 2 when the command makes no sense."""
    if len(arguments) < 2 or arguments[0] not in KINDS:
        print(f"usage: run.py {'|'.join(KINDS)} FILE...", file=sys.stderr)  # noqa: T201
        return 2
    hold, count = run(arguments[0], [Path(argument) for argument in arguments[1:]])
    print(f"{hold} of {count} hold")  # noqa: T201
    return 0 if hold == count and count else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
