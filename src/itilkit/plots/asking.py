"""What may be asked of every picture: checked at the door, of an empty desk as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from itilkit.calendars import Period, Unit
from itilkit.errors import KpiError, shown
from itilkit.kpi import Cases
from itilkit.sla import Assessment

__all__ = [
    "SOME_INSTANT",
    "assessed",
    "band_bounds",
    "check_dimension",
    "check_names",
    "check_period",
    "check_target",
    "check_zone",
    "period_note",
]

# What is checked by calling needs an instant; which one does not matter.
SOME_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)


def assessed(assessments: Iterable[Assessment]) -> Sequence[Assessment]:
    """The assessments, drawn once; `Cases` stay what they are, with what was found out about each incident.

    Raises:
        KpiError: what is given is no list of assessments.
    """
    if isinstance(assessments, Cases):
        return assessments
    given: object = assessments
    hint = "give a list of assessments, as policy.assess_all makes them"
    if not isinstance(given, Iterable):
        raise KpiError.one(
            "bad_option", f"expected assessments, got {shown(given)}", path="assessments", hint=hint
        )
    drawn = tuple(assessments)
    found: tuple[object, ...] = drawn
    for place, each in enumerate(found):
        if not isinstance(each, Assessment):
            message = f"expected an assessment, got {shown(each)}"
            raise KpiError.one("bad_option", message, path=f"assessments[{place}]", hint=hint)
    return drawn


def check_period(period: object) -> None:
    """Raise when what is to be a period is none."""
    if period is not None and not isinstance(period, Period):
        raise KpiError.one(
            "bad_option",
            f"expected a period, got {shown(period)}",
            path="period",
            hint="Period.month(2026, 3, zone='UTC')",
        )


def check_zone(zone: object, every: Unit = "day") -> None:
    """Raise when what is to be a zone, or a kind of period, is none.

    Raises:
        KpiError: the zone is no name.
        CalendarError: no zone or kind of period is called so.
    """
    if not isinstance(zone, str):
        raise KpiError.one(
            "bad_option",
            f"expected the name of a zone, got {shown(zone)}",
            path="zone",
            hint='name an IANA zone such as "Europe/London"',
        )
    Period.of(every, SOME_INSTANT, zone=zone)


def check_dimension(by: object) -> None:
    """Raise when a picture is to be told by something else than one dimension."""
    if not isinstance(by, str):
        raise KpiError.one(
            "bad_option", f"expected one dimension, got {shown(by)}", path="by", hint="by='category'"
        )


def check_names(names: Mapping[Any, str]) -> None:
    """Raise when what is to say how groups are called is no mapping to texts."""
    given: object = names
    called: Iterable[object] = names.values() if isinstance(given, Mapping) else (None,)
    if not all(isinstance(name, str) for name in called):
        raise KpiError.one(
            "bad_option",
            f"expected what groups are called, got {shown(names)}",
            path="names",
            hint="names={1: 'P1 Critical'}",
        )


def check_target(target: object) -> None:
    """Raise when what is to be the key of a reading is no text."""
    if not isinstance(target, str):
        raise KpiError.one(
            "bad_option",
            f"expected the key of a reading, got {shown(target)}",
            path="target",
            hint="target='resolution'",
        )


def band_bounds(bands: Iterable[timedelta]) -> tuple[timedelta, ...]:
    """The bounds between bands of age, drawn once; `kpi.backlog_age` checks that they rise.

    Raises:
        KpiError: one is no amount of time.
    """
    given: object = bands
    bounds = tuple(bands) if isinstance(given, Iterable) else ()
    found: tuple[object, ...] = bounds or (None,)
    if not all(isinstance(bound, timedelta) for bound in found):
        raise KpiError.one(
            "bad_option",
            f"expected bounds of bands, got {shown(bands)}",
            path="bands",
            hint="[timedelta(days=1), timedelta(days=5)]",
        )
    return bounds


def period_note(period: Period | None) -> tuple[str, ...]:
    """The sentence that names the period, where one was asked for."""
    return () if period is None else (f"Period: {period.label}.",)
