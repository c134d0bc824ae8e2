"""Incident logs: packed or not, line by line, each fault with its line."""

from __future__ import annotations

import argparse
import gzip
import os
import zlib
from collections.abc import Iterator
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

import attrs

from itilkit.adapters.servicenow import AuditLog, audit_log
from itilkit.cli.files import unreadable
from itilkit.cli.instants import instant, now
from itilkit.cli.progress import progress
from itilkit.errors import Fault, InstantError, PayloadError

__all__ = ["add_log", "as_of", "log_at", "look_from"]

LONGEST_LINE = 1 << 20
_GZIP = b"\x1f\x8b"


def add_log(parser: argparse.ArgumentParser) -> None:
    """Give a command a log, with the zone of its stamps and the instant to look from."""
    parser.add_argument("log", metavar="LOG", help="the log, .csv or .csv.gz, one row per update")
    parser.add_argument(
        "--zone", required=True, help="the IANA zone of the log's stamps, such as Europe/London"
    )
    parser.add_argument("--as-of", metavar="ISO", help="see everything from this instant; now by default")


def as_of(options: argparse.Namespace) -> datetime:
    """The instant asked for; now, where none is."""
    return now() if options.as_of in (None, "now") else instant(options.as_of, "--as-of")


def log_at(path: Path, zone: str) -> AuditLog:
    """The log in a file.

    Args:
        path: Where it is; ``.csv`` or ``.csv.gz``.
        zone: The IANA zone of its stamps.

    Raises:
        PayloadError: it cannot be read.
    """
    try:
        with path.open("rb") as file, progress("reading", _size(file)) as advance:
            lines = _lines(_unpacked(file, path))
            return audit_log(lines, zone=zone, progress=lambda _: advance(file.tell()))
    except OSError as error:
        raise unreadable(path, error) from None
    except PayloadError as error:
        raise PayloadError(_from(fault, path) for fault in error.faults) from None


def look_from(log: AuditLog, seen_from: datetime) -> None:
    """Refuse an instant from which nothing of the log can be seen.

    Raises:
        InstantError: `seen_from` lies before the log begins.
    """
    first = min(incident.opened_at for incident in log.incidents)
    if seen_from < first:
        raise InstantError.one(
            "as_of_before_log",
            f"{seen_from.isoformat()} lies before the log begins",
            path="--as-of",
            hint=f"{first.isoformat()} or later",
        )


def _from(fault: Fault, path: Path) -> Fault:
    return attrs.evolve(fault, source=fault.source or str(path))


def _size(file: BufferedReader) -> int:
    return os.fstat(file.fileno()).st_size


def _unpacked(file: BufferedReader, path: Path) -> BinaryIO:
    packed = file.peek(len(_GZIP))[: len(_GZIP)] == _GZIP
    if path.suffix == ".gz" and not packed:
        raise PayloadError.one("not_gzip", "is no gzip file", hint="leave out .gz, or pack it again")
    return cast("BinaryIO", BufferedReader(gzip.GzipFile(fileobj=file))) if packed else file


def _lines(file: BinaryIO) -> Iterator[str]:
    """The lines as text, each fault with its line."""
    number = 0
    try:
        while line := file.readline(LONGEST_LINE):
            number += 1
            yield _decoded(line, number)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise PayloadError.one(
            "broken_gzip", f"the gzip data is broken: {error}", line=number + 1, hint="get the file again"
        ) from None


def _decoded(line: bytes, number: int) -> str:
    if len(line) == LONGEST_LINE:
        message = "is longer than 1 MiB: this is no CSV log"
        raise PayloadError.one("long_line", message, line=number, hint="is it another file?")
    if b"\0" in line:
        raise PayloadError.one("nul", "holds a NUL byte", line=number, hint="save it as UTF-8, not as UTF-16")
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        message = f"byte 0x{line[error.start]:02x} at column {error.start + 1} is not UTF-8"
        raise PayloadError.one("not_utf8", message, line=number, hint="save the log as UTF-8") from None
