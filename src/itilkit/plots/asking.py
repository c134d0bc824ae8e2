"""What may be asked of every picture: checked at the door."""

from __future__ import annotations

from itilkit.calendars import Period
from itilkit.errors import KpiError

__all__ = ["check_dimension", "check_period", "period_note"]


def check_period(period: object) -> None:
    """Raise when what is to be a period is none."""
    if period is not None and not isinstance(period, Period):
        raise KpiError.one(
            "bad_option",
            f"expected a period, got {period!r}",
            path="period",
            hint="Period.month(2026, 3, zone='UTC')",
        )


def check_dimension(by: object) -> None:
    """Raise when a picture is to be told by something else than one dimension."""
    if not isinstance(by, str):
        raise KpiError.one(
            "bad_option", f"expected one dimension, got {by!r}", path="by", hint="by='category'"
        )


def period_note(period: Period | None) -> tuple[str, ...]:
    """The sentence that names the period, where one was asked for."""
    return () if period is None else (f"Period: {period.label}.",)
