"""What the commands print: text of 80 columns or JSON, to any terminal."""

from __future__ import annotations

import importlib.metadata
import json
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from itilkit.errors import Fault
from itilkit.report.words import count, plain

__all__ = ["WIDTH", "Checked", "installed", "iso", "reflowed", "say", "say_findings", "say_json", "wrapped"]

WIDTH = 80


def installed() -> str:
    """The version that is installed."""
    try:
        return importlib.metadata.version("itilkit")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def say(text: str) -> None:
    """Print, with what the terminal's encoding lacks made visible."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), end="")


def say_json(data: Mapping[str, Any]) -> None:
    """Print as JSON, in ASCII: an escape of the terminal's would be no JSON."""
    print(json.dumps(data, indent=2))


def wrapped(text: str, indent: int = 0, more: int = 0) -> Iterator[str]:
    """The text in lines of 80 columns, indented; the second and later ones by `more` on top.

    >>> list(wrapped("due Mon", 4))
    ['    due Mon']
    """
    yield from textwrap.wrap(
        plain(text),
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + more),
        break_on_hyphens=False,
    )


def reflowed(text: str) -> str:
    """Lines of any length as lines of 80 columns, each at its own indent."""
    lines = text.splitlines()
    return "".join(
        f"{part}\n" for line in lines for part in wrapped(line.strip(), len(line) - len(line.lstrip()), 4)
    )


def iso(at: datetime | None) -> str | None:
    """An instant in UTC as ISO 8601, None for none.

    >>> from datetime import UTC
    >>> iso(datetime(2026, 3, 9, 12, tzinfo=UTC))
    '2026-03-09T12:00:00Z'
    """
    return None if at is None else at.isoformat().replace("+00:00", "Z")


@attrs.frozen
class Checked:
    """A file that was looked at, and what was found.

    Attributes:
        file: Its path, or the name of what is shipped.
        name: What it describes, by name; empty where it could not be built.
        findings: What was found.
    """

    file: str
    name: str
    findings: tuple[Fault, ...] = attrs.field(kw_only=True)


def say_findings(checked: Sequence[Checked], *, as_json: bool) -> int:
    """Print what was found; 1 where something was, else 0."""
    found = [fault for each in checked for fault in each.findings]
    errors = sum(fault.severity == "error" for fault in found)
    if as_json:
        files = [
            {"file": each.file, "name": each.name, "findings": list(map(_row, each.findings))}
            for each in checked
        ]
        say_json({"files": files, "errors": errors, "warnings": len(found) - errors})
    else:
        lines = [line for each in checked for fault in each.findings for line in _finding(each.file, fault)]
        told = [count(errors, "error"), count(len(found) - errors, "warning")] if found else ["no findings"]
        say("\n".join([*lines, f"{', '.join(told)} in {count(len(checked), 'file')}"]) + "\n")
    return 1 if found else 0


def _row(fault: Fault) -> dict[str, str | int | None]:
    keys = ("code", "severity", "line", "path", "message", "hint")
    return {key: getattr(fault, key) for key in keys}


def _finding(file: str, fault: Fault) -> Iterable[str]:
    """Where and what kind on the first line, as editors and CI jump to it; then what, and how to mend it."""
    place = plain(file) + (f":{fault.line}" if fault.line is not None else "")
    path = f" at {plain(fault.path)}" if fault.path else ""
    yield f"{place}: {fault.severity} {fault.code}{path}"
    yield from wrapped(fault.message, 4)
    if fault.hint:
        yield from wrapped(f"({fault.hint})", 4)
