"""Instants and years as people write them, and the one clock."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from itilkit.calendars import Period
from itilkit.errors import FaultError, InstantError
from itilkit.policy import Policy

# Of the years in which calendars work those that are whole in every zone.
_YEARS = range(1901, 2200)

__all__ = ["add_year", "instant", "now", "over"]


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


def add_year(parser: argparse.ArgumentParser) -> None:
    """Give a command the option ``--year``."""
    told = "the year in which it is to hold; by default the last one that is named"
    parser.add_argument("--year", type=int, help=told)


def over(year: int | None, policy: Policy) -> Period | None:
    """The year of ``--year`` in the policy's zone; None where none was asked for.

    Raises:
        FaultError: calendars do not work in that year.
    """
    if year is None:
        return None
    if year not in _YEARS:
        hint = f"calendars work from {_YEARS[0]} to {_YEARS[-1]}"
        raise FaultError.one("usage", f"nothing is known of the year {year}", path="--year", hint=hint)
    return Period.year(year, zone=policy.zone)
