"""Instants as people write them, and the one clock."""

from __future__ import annotations

from datetime import UTC, datetime

from itilkit.errors import InstantError

__all__ = ["instant", "now"]


def now() -> datetime:
    """The clock, to the second."""
    # The one clock that the package reads: where the caller asks for it.
    return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251


def instant(text: str, path: str) -> datetime:
    """The instant that ISO 8601 text names, in UTC.

    Args:
        text: The text, with its offset from UTC.
        path: The option it stands in.

    Raises:
        InstantError: it is no instant, has no offset, or lies so near the ends of the calendar that UTC has no date
            for it.
    """
    try:
        at = datetime.fromisoformat(text)
        if at.utcoffset() is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InstantError.one(
            "not_an_instant", f"{text!r} is no ISO 8601 instant", path=path, hint="2016-06-01T00:00:00Z"
        ) from None
    hint = f"{at.isoformat()}Z for UTC, {at.isoformat()}+01:00 an hour ahead of it"
    raise InstantError.one("naive_instant", f"{text!r} has no zone", path=path, hint=hint)
