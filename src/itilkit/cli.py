"""The command line: the only room that asks the time and opens files.

    itilkit report LOG --policy FILE --zone ZONE [--as-of ISO] [--html OUT] [--json OUT]

Input that cannot be used ends in one line on stderr, ``itilkit: what, where, how to mend``, and exit code 2. A file
is written beside its place and moved there when all is done, so nothing is ever half-written. A broken pipe ends
with 141 and Ctrl-C with 130, as shells expect, without a word.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import importlib.metadata
import os
import sys
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

import attrs

from itilkit.adapters.servicenow import AuditLog, audit_log
from itilkit.errors import Fault, FaultError, InstantError, PayloadError, PolicyError
from itilkit.policy import Policy
from itilkit.report import Report, as_html, as_json, as_text, figures, page_template
from itilkit.report.words import plain
from itilkit.sla import Assessment
from itilkit.spans import zone_named

__all__ = ["main"]

UNUSABLE, INTERRUPTED, BROKEN_PIPE = 2, 130, 141
LONGEST_LINE = 1 << 20
_GZIP = b"\x1f\x8b"
_STEP = 500

Advance = Callable[[int], None]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit code comes back.

    Args:
        argv: The words after the command's name; those of the process by default.
    """
    try:
        options = _parser().parse_args(argv)
        code: int = options.run(options)
        sys.stdout.flush()
    except FaultError as error:
        print(_line(error.faults), file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _silence()
        return BROKEN_PIPE
    return code


def _line(faults: Sequence[Fault]) -> str:
    """The first fault, and how many more there are."""
    more = f" (and {len(faults) - 1:,} more)" if len(faults) > 1 else ""
    return f"itilkit: {plain(str(faults[0]))}{more}"


def _silence() -> None:
    """Nobody listens any more: what is still in the buffer goes nowhere, also at the interpreter's end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are faults like all others."""

    def error(self, message: str) -> NoReturn:
        """Raise the message as a fault."""
        raise FaultError.one("usage", message, hint=f"see {self.prog} --help")


def _version() -> str:
    try:
        return importlib.metadata.version("itilkit")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="itilkit", description="ITIL practice models on incident logs.")
    parser.add_argument("--version", action="version", version=f"itilkit {_version()}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    report = commands.add_parser(
        "report",
        help="KPIs, SLA compliance and findings of an incident log",
        description="Read a ServiceNow incident audit log, replay every incident and print what it shows.",
    )
    report.add_argument("log", metavar="LOG", help="the log, .csv or .csv.gz, one row per update")
    report.add_argument("--policy", metavar="FILE", required=True, help="the policy, a TOML file")
    report.add_argument(
        "--zone", required=True, help="the IANA zone of the log's stamps, such as Europe/London"
    )
    report.add_argument("--as-of", metavar="ISO", help="see everything from this instant; now by default")
    report.add_argument("--html", metavar="OUT", help="write a page; needs pip install 'itilkit[report]'")
    report.add_argument("--json", metavar="OUT", help="write every figure")
    report.set_defaults(run=_report)
    return parser


@attrs.frozen
class _Wanted:
    """What the report is to be made of, checked before the long work."""

    log: Path
    policy: Policy
    zone: str
    as_of: datetime


def _report(options: argparse.Namespace) -> int:
    outputs = {name: Path(out) for name in ("html", "json") if (out := getattr(options, name)) is not None}
    _check_paths(Path(options.log), Path(options.policy), outputs)
    wanted = _Wanted(
        Path(options.log),
        _policy(Path(options.policy)),
        zone_named(options.zone).key,
        _instant(options.as_of),
    )
    if "html" in outputs:
        page_template()
    with ExitStack() as stack:
        places = {name: stack.enter_context(_place(f"--{name}", path)) for name, path in outputs.items()}
        report = _measured(wanted)
        shown = {name: _SHOWN[name](report) for name in outputs}
        for name, place in places.items():
            place(shown[name])
    _say(as_text(report))
    return 0


_SHOWN: dict[str, Callable[[Report], str]] = {"html": as_html, "json": as_json}


def _say(text: str) -> None:
    """Print, with what the terminal's encoding lacks made visible."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), end="")


def _measured(wanted: _Wanted) -> Report:
    with _uncollected():
        return _figures(wanted)


@contextmanager
def _uncollected() -> Generator[None]:
    """Without the cycle collector: frozen records make no cycles, and it would walk millions of them in vain."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _figures(wanted: _Wanted) -> Report:
    log = _read(wanted)
    first = min(incident.opened_at for incident in log.incidents)
    if wanted.as_of < first:
        raise InstantError.one(
            "as_of_before_log",
            f"{wanted.as_of.isoformat()} lies before the log begins",
            path="--as-of",
            hint=f"{first.isoformat()} or later",
        )
    cases = list(_assessed(log, wanted))
    return figures(log, cases, wanted.policy, name=wanted.log.name, version=_version())


def _read(wanted: _Wanted) -> AuditLog:
    try:
        with wanted.log.open("rb") as file, _progress("reading", _size(file)) as advance:
            lines = _lines(_unpacked(file, wanted.log))
            return audit_log(lines, zone=wanted.zone, progress=lambda _: advance(file.tell()))
    except OSError as error:
        raise _unreadable(wanted.log, error) from None
    except PayloadError as error:
        raise PayloadError(_from(fault, wanted.log) for fault in error.faults) from None


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


def _assessed(log: AuditLog, wanted: _Wanted) -> Iterator[Assessment]:
    cases = wanted.policy.assess_all(log.incidents, as_of=wanted.as_of, strict=False)
    with _progress("assessing", len(log.incidents)) as advance:
        for number, case in enumerate(cases):
            if number % _STEP == 0:
                advance(number)
            yield case


def _policy(path: Path) -> Policy:
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise _unreadable(path, error) from None
    except UnicodeDecodeError as error:
        message = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        line = error.object[: error.start].count(b"\n") + 1
        fault = Fault("not_utf8", message, line=line, hint="save the policy as UTF-8", source=str(path))
        raise PolicyError((fault,)) from None
    return Policy.from_toml(text, source=str(path))


def _instant(text: str | None) -> datetime:
    """The instant asked for, or now."""
    if text is None:
        # The one clock that the package reads: where the caller names no instant, it is now, to the second.
        return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InstantError.one(
            "not_an_instant", f"{text!r} is no ISO 8601 instant", path="--as-of", hint="2016-06-01T00:00:00Z"
        ) from None
    if at.utcoffset() is None:
        hint = f"{at.isoformat()}Z for UTC, {at.isoformat()}+01:00 an hour ahead of it"
        raise InstantError.one("naive_instant", f"{text!r} has no zone", path="--as-of", hint=hint)
    return at.astimezone(UTC)


def _unreadable(path: Path, error: OSError) -> PayloadError:
    what = (error.strerror or str(error)).lower()
    hint = "check the path and its rights"
    return PayloadError((Fault("unreadable", f"cannot be read: {what}", source=str(path), hint=hint),))


def _check_paths(log: Path, policy: Path, outputs: dict[str, Path]) -> None:
    """No output may stand where an input or another output stands."""
    taken = {"LOG": log, "--policy": policy, **{f"--{name}": path for name, path in outputs.items()}}
    seen: dict[Path, str] = {}
    for name, path in taken.items():
        place = path.resolve()
        if place in seen and name.strip("-") in outputs:
            message = f"{str(path)!r} is {seen[place]} as well"
            raise FaultError.one("same_path", message, path=name, hint="name another file")
        seen[place] = name


@contextmanager
def _place(option: str, path: Path) -> Generator[Callable[[str], None]]:
    """A way to write `path` at the end; that it can be written is known at once, and a failure leaves no trace.

    A file is written beside its place and moved there whole. A device or a pipe is written as it is: moving a file
    there would put the file in its stead.
    """
    target = path.resolve()
    whole = target.is_file() or not target.exists()
    part = target.with_name(f".{target.name}.{os.getpid()}.part") if whole else target
    try:
        if target.is_dir():
            raise IsADirectoryError(0, "it is a directory")
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(0, "it is read-only")
        if whole:
            part.touch(exist_ok=False)
    except OSError as error:
        raise _unwritable(option, path, error) from None

    def write(text: str) -> None:
        try:
            part.write_text(text, encoding="utf-8")
            if whole:
                part.replace(target)
        except OSError as error:
            raise _unwritable(option, path, error) from None

    try:
        yield write
    finally:
        if whole:
            part.unlink(missing_ok=True)


def _unwritable(option: str, path: Path, error: OSError) -> FaultError:
    what = (error.strerror or str(error)).lower()
    return FaultError.one(
        "unwritable", f"{str(path)!r} cannot be written: {what}", path=option, hint="name another file"
    )


def _quiet(_: int) -> None:
    """Nobody looks."""


@contextmanager
def _progress(what: str, total: int) -> Generator[Advance]:
    """How far the work is, told on stderr where that is a terminal and rich is installed; else nothing."""
    bar = _bar(what, total) if sys.stderr.isatty() else None
    if bar is None:
        yield _quiet
        return
    with bar as advance:
        yield advance


def _bar(what: str, total: int) -> AbstractContextManager[Advance] | None:
    try:
        from rich.console import Console  # noqa: PLC0415  an extra: loaded on use
        from rich.progress import Progress  # noqa: PLC0415  so is this
    except ImportError:
        return None

    @contextmanager
    def shown() -> Generator[Advance]:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(what, total=total or None)
            yield lambda done: progress.update(task, completed=done)

    return shown()
