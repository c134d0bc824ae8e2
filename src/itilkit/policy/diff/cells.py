"""How many cases does a change touch?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from itilkit.calendars import Calendar
from itilkit.conditions import Condition, Eq, Regions, regions
from itilkit.errors import PolicyError
from itilkit.policy.agreement import Agreement
from itilkit.policy.diff.hours import rests_on
from itilkit.policy.lint.look import COMPLETE
from itilkit.policy.whole import schema_of

if TYPE_CHECKING:
    from itilkit.policy.policy import Policy

__all__ = ["Cells"]


class Cells:
    """The cases that the conditions of two policies and the priorities tell apart, counted."""

    def __init__(self, old: Policy, new: Policy) -> None:
        self.policies = (old, new)
        self.levels: dict[int, Condition] = {}
        conditions: list[Condition] = []
        for each in self.policies:
            field = schema_of(each.fields, each.matrix).field("priority")
            self.levels |= {level: Eq(field, level) for level in each.matrix.priority.levels}
            conditions += self.levels.values()
        conditions += [each.when for policy in self.policies for each in policy.agreements]
        self.regions: Regions | None = None
        try:
            self.regions = regions(conditions, complete=COMPLETE)
        except PolicyError:  # too many, or the two policies mean different things by one field
            return
        self.first = [_first(policy, self.regions) for policy in self.policies]

    def held(
        self, old: Agreement | None, new: Agreement | None, levels: Iterable[int] | None = None
    ) -> int | None:
        """In how many an agreement holds, by the old policy or by the new one, for these priorities."""
        if self.regions is None:
            return None
        cells = self._of(0, old) | self._of(1, new)
        if levels is not None:
            wanted = 0
            for level in levels:
                wanted |= self.regions.where(self.levels[level])
            cells &= wanted
        return cells.bit_count()

    def moved(self, old: Agreement, new: Agreement) -> int | None:
        """In how many an agreement holds by one of the policies only."""
        return self.moved_any([(old, new)])

    def moved_any(self, pairs: Iterable[tuple[Agreement, Agreement]]) -> int | None:
        """In how many any of some agreements holds by one of the policies only."""
        if self.regions is None:
            return None
        cells = 0
        for old, new in pairs:
            cells |= self._of(0, old) ^ self._of(1, new)
        return cells.bit_count()

    def on(self, *calendars: Calendar) -> int | None:
        """In how many something is promised on the old calendar by the old policy or on the new by the new one."""
        if self.regions is None:
            return None
        cells = 0
        for side, calendar in enumerate(calendars):
            for agreement in self.policies[side].agreements:
                if rests_on(agreement, calendar):
                    cells |= self._of(side, agreement)
        return cells.bit_count()

    def _of(self, side: int, agreement: Agreement | None) -> int:
        return 0 if agreement is None else self.first[side].get(id(agreement), 0)


def _first(policy: Policy, cells: Regions) -> dict[int, int]:
    """The cells in which each agreement is the first one of its kind to hold, by its identity."""
    claimed: dict[str, int] = {}
    found: dict[int, int] = {}
    for agreement in policy.agreements:
        where = cells.where(agreement.when)
        taken = claimed.get(agreement.kind, 0)
        claimed[agreement.kind] = taken | where
        found[id(agreement)] = where & ~taken
    return found
