"""One incident at one instant: what held when, and what its clocks say."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from itilkit.lifecycle import Timeline
from itilkit.sla.reading import Reading

__all__ = ["Assessment"]


@attrs.frozen(repr=False)
class Assessment:
    """What lists, KPIs and escalation need to know of an incident.

    Attributes:
        timeline: What held when; its priorities are the recorded ones, else those the policy derives.
        readings: By target: ``resolution`` for the service level agreement, ``OLA.resolution`` and
            ``UC.resolution`` for the agreements behind it.
        why_none: Why there are no readings, or an empty string.
    """

    timeline: Timeline
    readings: Mapping[str, Reading]
    why_none: str = ""

    def __repr__(self) -> str:
        readings = ", ".join(f"{name} {reading.outcome}" for name, reading in self.readings.items())
        return f"<Assessment {self.timeline.incident.number}: {self.timeline.state}; {readings or self.why_none}>"
