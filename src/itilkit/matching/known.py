"""What was known of an incident at an instant? The one place where this room looks into a history.

Rules of this file:

* What an event tells later than the instant is not seen, so that a search as of last March is the one that could have
  been made last March.
* Fields have the names that conditions ask by; the lifecycle that permits everything is enough to read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import attrs

from itilkit.conditions import INCIDENT
from itilkit.errors import Fault, MatchingError, near, shown
from itilkit.lifecycle import PERMISSIVE, Timeline, replay
from itilkit.lifecycle.situations import situation_at
from itilkit.matching.doors import one_of
from itilkit.matching.words import told
from itilkit.records import Incident

__all__ = ["Known", "known", "known_of", "look_for", "refuse_twins", "seen"]

# Fields that may be missing in every incident and are no slip of the pen for that.
_USUAL = frozenset(INCIDENT.fields)


@attrs.frozen(repr=False)
class Known:
    """An incident as it was known."""

    number: str
    opened_at: datetime
    values: Mapping[str, Any]

    def text(self, names: Iterable[str]) -> str:
        """What these fields say, one after the other; a field that is no text says nothing."""
        return "\n".join(value for name in names if isinstance(value := self.values.get(name), str))


def known(incident: Incident, as_of: datetime) -> Known | None:
    """The incident as it was known; None where it was not opened yet.

    Raises:
        MatchingError: it is no incident.
    """
    return known_of(seen(incident, as_of))


def seen(incident: Incident, as_of: datetime) -> Timeline:
    """What could be known of an incident at an instant.

    Raises:
        MatchingError: it is no incident.
        InstantError: `as_of` has no zone.
    """
    checked = one_of("an incident", Incident, incident, "incident")
    return replay(checked, PERMISSIVE, as_of=as_of, strict=False)


def known_of(timeline: Timeline) -> Known | None:
    """The same of a timeline, at its own `as_of`."""
    if not timeline.beats:
        return None
    values = situation_at(timeline, len(timeline.beats) - 1)
    return Known(timeline.incident.number, timeline.events[0].at, values)


def refuse_twins(numbers: Iterable[str], path: str) -> None:
    """Refuse an incident that is given twice, because it would match and recur with itself.

    Raises:
        MatchingError: a number comes up again.
    """
    seen: set[str] = set()
    for number in numbers:
        if number in seen:
            message, hint = f"incident {told(number)} is given twice", "give each incident once"
            raise MatchingError.one("twin_number", message, path=path, hint=hint)
        seen.add(number)


def look_for(names: Iterable[str], cases: Iterable[Known], path: str) -> None:
    """Refuse a name that is no standard field and that no incident knows: a slip of the pen.

    Raises:
        MatchingError: for each such name; where there are no incidents, none is wrong.
    """
    missing = {name for name in names if name not in _USUAL}
    there: set[str] = set()
    some = False
    for case in cases if missing else ():
        some = True
        missing -= case.values.keys()
        there |= case.values.keys()
        if not missing:
            return
    if missing and some:
        known = {*_USUAL, *(name for name in there if told(name) == name)}
        raise MatchingError(
            Fault("unknown_field", f"no incident has a {shown(name)}", path=path, hint=near(name, known))
            for name in sorted(missing)
        )
