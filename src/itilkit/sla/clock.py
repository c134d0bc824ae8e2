"""What the cycles of one clock have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeAlias

import attrs

from itilkit.lifecycle import Timeline
from itilkit.sla.rule import Rule
from itilkit.spans import Pair

__all__ = ["Clock", "Threshold"]

Threshold: TypeAlias = float | timedelta
"""A share of the target (0.75), or open time before (negative) or after it."""


# One is made for every reading: without slots a frozen value is made in half the time.
@attrs.frozen(slots=False)
class Clock:
    """A rule at work on one incident.

    Attributes:
        timeline: What held when.
        rule: What starts, stops and pauses it.
        thresholds: Instants wanted on it, by name.
        exclusions: The agreed exclusions known by now, in microseconds.
    """

    timeline: Timeline
    rule: Rule
    thresholds: Mapping[str, Threshold] = attrs.field(kw_only=True)
    exclusions: tuple[Pair, ...] = attrs.field(kw_only=True)
