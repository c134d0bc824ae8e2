"""Which clocks run out soon?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import attrs

from itilkit.errors import PolicyError
from itilkit.sla.assessment import Assessment
from itilkit.sla.ledger import ZERO
from itilkit.sla.reading import Reading

__all__ = ["AtRisk", "at_risk"]

_WAITS_FOR_SOMEBODY = ("running", "paused")


@attrs.frozen(repr=False)
class AtRisk:
    """A clock that is not done and is late, or soon will be.

    Attributes:
        assessment: Whose it is.
        target: The key of the reading: ``resolution``, ``OLA.resolution`` ...
        due_at: When the target is or will be used up, in UTC; for a clock that waits, if it ran on from now.
    """

    assessment: Assessment
    target: str
    due_at: datetime = attrs.field(kw_only=True)

    def __repr__(self) -> str:
        return f"<AtRisk {self}>"

    def __str__(self) -> str:
        number, due = self.assessment.timeline.incident.number, f"{self.due_at:%Y-%m-%dT%H:%MZ}"
        how = "breached, was due" if self.breached else "due if it ran on" if self.projected else "due"
        return f"{number} {self.target}: {how} {due}"

    @property
    def reading(self) -> Reading:
        """What the clock says."""
        return self.assessment.readings[self.target]

    @property
    def breached(self) -> bool:
        """The clock is late already."""
        return self.reading.breached

    @property
    def projected(self) -> bool:
        """The clock waits: nobody knows when it will be due, only when it would be if it ran on from now."""
        return self.reading.due_at is None

    @property
    def left(self) -> timedelta:
        """Time by the clock on the wall from the instant of the reading to the due time; negative when late."""
        return self.due_at - self.reading.as_of


def at_risk(assessments: Iterable[Assessment], *, within: timedelta) -> tuple[AtRisk, ...]:
    """The clocks that run or wait, are not done, and are due within so much time from the instant of their reading.

    Those that are breached and still not done are always among them. Clocks that are stopped, cancelled or suspended,
    and those that have no due time at all, are not.

    Args:
        assessments: What is open, as `Policy.assess_all` gives it; none gives none.
        within: Time by the clock on the wall, not open time; a clock due exactly then is among them.

    Returns:
        One value per clock, the earliest due first, and so the breached ones before all others; clocks due at the same
        instant in the order of the assessments.

    Raises:
        PolicyError: `within` is negative.

    >>> at_risk([], within=timedelta(hours=2))
    ()
    """
    asked: object = within
    if not isinstance(asked, timedelta) or asked < ZERO:
        message = f"expected an amount of time, zero or more, got {within!r}"
        raise PolicyError.one("bad_duration", message, path="within", hint="timedelta(hours=2)")
    found = (each for assessment in assessments for each in _not_done(assessment))
    return tuple(sorted((each for each in found if each.left <= within), key=_due))


def _not_done(assessment: Assessment) -> Iterator[AtRisk]:
    for target, reading in assessment.readings.items():
        due = reading.due_at or reading.projected_due_at
        if (
            due is not None
            and reading.outcome in ("pending", "breached")
            and reading.state in _WAITS_FOR_SOMEBODY
        ):
            yield AtRisk(assessment, target, due_at=due)


def _due(each: AtRisk) -> tuple[bool, datetime]:
    return not each.breached, each.due_at
