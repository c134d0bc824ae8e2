"""The calendars of two policies, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from itilkit.calendars import Calendar
from itilkit.errors import CalendarError
from itilkit.policy.agreement import Agreement
from itilkit.policy.lint.hours import parts_of
from itilkit.policy.whole import BUILT_IN

if TYPE_CHECKING:
    from itilkit.policy.policy import Policy

__all__ = ["is_used", "own_calendars", "renamed_calendars", "rests_on", "table_of"]


def own_calendars(policy: Policy) -> Mapping[str, Calendar]:
    """The calendars of a policy, but for the one that is built in and follows the policy's zone."""
    usual = Calendar.round_the_clock(policy.zone)
    return {name: each for name, each in policy.calendars.items() if name != BUILT_IN or each != usual}


def renamed_calendars(old: Mapping[str, Calendar], new: Mapping[str, Calendar]) -> Mapping[str, str]:
    """Names that are gone, with the new names of the same hours."""
    come = [name for name in new if name not in old]
    found: dict[str, str] = {}
    for name in (each for each in old if each not in new):
        same = next((each for each in come if new[each] == old[name] and each not in found.values()), None)
        if same is not None:
            found[name] = same
    return found


def is_used(calendar: Calendar, policy: Policy) -> bool:
    """Whether something counts on it: then that it has come or gone is told there."""
    used = [each for agreement in policy.agreements for each in agreement.calendars]
    used += [part for each in policy.calendars.values() for part in parts_of(each.rules)]
    return calendar == policy.calendar or calendar in used


def rests_on(agreement: Agreement, calendar: Calendar) -> bool:
    """Whether an agreement counts on a calendar, or on one that is made of it."""
    layer = [*agreement.calendars]
    while layer:
        if calendar in layer:
            return True
        layer = [part for each in layer for part in parts_of(each.rules)]
    return False


def table_of(calendar: Calendar, renamed: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The calendar as a table of the policy file, with the new names of others; None where there is none."""
    try:
        table = calendar.to_data()
    except CalendarError:
        return None
    for key in ("open_when_any", "except_when"):
        if key in table:
            table[key] = [renamed.get(name, name) for name in table[key]]
    if "changes" in table:
        table["changes"] = {day: renamed.get(name, name) for day, name in table["changes"].items()}
    return table
