"""Did a tool call in whom it should have, and when it should have?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import attrs

from itilkit.calendars import Calendar
from itilkit.conditions import Situation
from itilkit.errors import PolicyError
from itilkit.escalation.ladder import Ladder
from itilkit.escalation.occurrences import occurrences
from itilkit.escalation.proposal import matched
from itilkit.escalation.reached import reference_of
from itilkit.events import Escalated
from itilkit.sla import Assessment

__all__ = ["Audited", "Verdict", "audit"]

Verdict = Literal["in time", "late", "missing", "uncalled for"]
_ZERO = timedelta(0)


@attrs.frozen
class Audited:
    """One escalation that a ladder calls for, or that took place.

    Attributes:
        number: The incident.
        rung: The label of the rung; empty for an escalation that none calls for.
        time: 1 for the first time in its turn, more for repeats; 0 for an escalation that none calls for.
        due_at: When it should have taken place; None for one that none calls for.
        fired_at: When it did; None where it is missing.
        late_by: Time on the wall from the one to the other; None where one of them is.
        verdict: ``in time``, ``late``, ``missing``, or ``uncalled for``.
    """

    number: str
    rung: str
    time: int = attrs.field(kw_only=True)
    due_at: datetime | None = attrs.field(kw_only=True)
    fired_at: datetime | None = attrs.field(kw_only=True)
    late_by: timedelta | None = attrs.field(kw_only=True)
    verdict: Verdict = attrs.field(kw_only=True)

    def to_row(self) -> dict[str, Any]:
        """The attributes by name, for any table library."""
        return attrs.asdict(self)


def audit(
    ladder: Ladder,
    assessment: Assessment,
    *,
    calendar: Calendar | None = None,
    known: Sequence[Situation] | None = None,
    tolerance: timedelta = _ZERO,
) -> tuple[Audited, ...]:
    """Every escalation that a ladder called for by `as_of`, and every one that took place, held against each other.

    It is judged by what is known at `as_of`: an escalation that a later change made needless is uncalled for. Whoever
    answered without having been called in is not seen; the escalation is missing. Escalations that another ladder of
    this library proposed are left out, and so are notifications that no ladder proposed, which no event tells of.

    Args:
        ladder: When somebody is called in, and who.
        assessment: The incident and what its clocks say.
        calendar: What open time and working days are counted on that are no target's own.
        known: As for `due`.
        tolerance: How late is still in time, on the wall: the interval at which the tool looks.

    Returns:
        In the order of the instants at which they were due or, uncalled for, took place.

    Raises:
        PolicyError: a negative tolerance, or open time to be counted and no calendar.
    """
    asked: object = tolerance
    if not isinstance(asked, timedelta) or asked < _ZERO:
        message = f"expected an amount of time, zero or more, got {tolerance!r}"
        raise PolicyError.one("bad_duration", message, path="tolerance", hint="timedelta(minutes=15)")
    return tuple(sorted(_audited(ladder, assessment, calendar, known, tolerance), key=_instant))


def _instant(each: Audited) -> datetime:
    found = each.due_at or each.fired_at
    assert found is not None  # noqa: S101  one of the two is always there
    return found


def _audited(
    ladder: Ladder,
    assessment: Assessment,
    calendar: Calendar | None,
    known: Sequence[Situation] | None,
    tolerance: timedelta,
) -> Iterator[Audited]:
    timeline = assessment.timeline
    number = timeline.incident.number
    found = occurrences(ladder, assessment, calendar, known)
    fired = matched(ladder, found, timeline.events)
    for place, each in enumerate(found):
        event = fired.get(place)
        if event is not None or (each.at <= timeline.as_of and not each.projected):
            late_by = None if event is None else max(_ZERO, event.at - each.at)
            yield Audited(
                number,
                each.rung.label,
                time=each.time,
                due_at=each.at,
                fired_at=None if event is None else event.at,
                late_by=late_by,
                verdict="missing" if late_by is None else "late" if late_by > tolerance else "in time",
            )
    used = {id(event) for event in fired.values()}
    for event in timeline.events:
        reference = reference_of(event)
        ours = reference.startswith(ladder.prefix)
        if id(event) not in used and (ours or (isinstance(event, Escalated) and not reference)):
            yield Audited(
                number, "", time=0, due_at=None, fired_at=event.at, late_by=None, verdict="uncalled for"
            )
