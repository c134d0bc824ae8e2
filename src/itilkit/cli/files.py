"""Files: read in one go with what is wrong told, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from itilkit.errors import Fault, FaultError, PayloadError, PolicyError
from itilkit.policy import Policy
from itilkit.policy.file.text import LARGEST

__all__ = ["check_paths", "place", "policy_at", "text_at", "unreadable"]


def text_at(path: Path, what: str) -> str:
    """The text of a file.

    A file that is too large is not read to its end: what is handed on is large enough to be refused as such.

    Args:
        path: Where it is.
        what: What it is, in a word: ``policy``.

    Raises:
        FaultError: it cannot be read, is empty, or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise unreadable(path, error) from None
    if not content.strip():
        hint = "check that it is the right file"
        raise PolicyError((Fault("empty_file", "is empty", source=str(path), hint=hint),))
    if len(content) > LARGEST:
        return content.decode(errors="replace")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        message = f"byte 0x{content[error.start]:02x} is not UTF-8"
        line = content[: error.start].count(b"\n") + 1
        fault = Fault("not_utf8", message, line=line, hint=f"save the {what} as UTF-8", source=str(path))
        raise PolicyError((fault,)) from None


def policy_at(path: Path) -> Policy:
    """The policy that a file describes.

    Raises:
        FaultError: the file cannot be read, or describes none.
    """
    return Policy.from_toml(text_at(path, "policy"), source=str(path))


def unreadable(path: Path, error: OSError) -> PayloadError:
    """The error for a file that cannot be read."""
    what = (error.strerror or str(error)).lower()
    hint = "check the path and its rights"
    return PayloadError((Fault("unreadable", f"cannot be read: {what}", source=str(path), hint=hint),))


def check_paths(inputs: Mapping[str, Path], outputs: Mapping[str, Path]) -> None:
    """No output may stand where an input or another output stands; both by the option that names them.

    Raises:
        FaultError: one does.
    """
    seen: dict[Path, str] = {}
    for name, path in {**inputs, **outputs}.items():
        target = path.resolve()
        if target in seen and name in outputs:
            message = f"{str(path)!r} is {seen[target]} as well"
            raise FaultError.one("same_path", message, path=name, hint="name another file")
        seen[target] = name


@contextmanager
def place(option: str, path: Path) -> Generator[Callable[[str], None]]:
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
