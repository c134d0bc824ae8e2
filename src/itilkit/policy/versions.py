"""Policies that follow one another: one file per version, each with the date from which it is in force.

Which version judges an incident is a choice that somebody must make and that a figure must carry: the one that was in
force when the incident was opened, because that was promised, or the one in force now, because that is how a house
works today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Literal, TypeAlias, get_args

import attrs

from itilkit.errors import Fault, PolicyError, near
from itilkit.events import Person, Scalar
from itilkit.policy.policy import Policy
from itilkit.records import Incident
from itilkit.sla import Assessment, Reading
from itilkit.spans import utc, zone_named

__all__ = ["JudgedBy", "PolicyVersions"]

JudgedBy: TypeAlias = Literal["version when opened", "current version"]
_ALWAYS = datetime.min.replace(tzinfo=UTC)


def _in_order(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    return tuple(sorted(policies, key=lambda policy: policy.valid_from or date.min))


@attrs.frozen(repr=False)
class PolicyVersions:
    """The versions of a house's policy, the earliest first.

    A version is in force from the beginning of its `Policy.valid_from` in its own zone until the next one begins. The
    earliest may have no date: it has been in force ever since.

    Attributes:
        policies: The versions, in any order.
        judged_by: ``version when opened``: an incident keeps the version in force when it was opened. ``current
            version``: it is judged by the one in force at `as_of`.

    Raises:
        PolicyError: no version, two without a date or from one date, or a word that the option does not know.

    >>> from itilkit.lifecycle import ITIL4_DEFAULT
    >>> from itilkit.priority import ITIL_2X2, ITIL_3X3
    >>> old = Policy("Desk 2025", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3)
    >>> new = Policy("Desk 2026", lifecycle=ITIL4_DEFAULT, matrix=ITIL_2X2, valid_from=date(2026, 4, 1))
    >>> PolicyVersions([new, old]).in_force(datetime(2026, 3, 31, 23, 59, tzinfo=UTC)).name
    'Desk 2025'
    """

    policies: tuple[Policy, ...] = attrs.field(converter=_in_order)
    judged_by: JudgedBy = "version when opened"

    def __attrs_post_init__(self) -> None:
        faults = list(_odd(self))
        if faults:
            raise PolicyError(faults)

    def __repr__(self) -> str:
        told = ", ".join(f"{each.name} from {each.valid_from or 'ever'}" for each in self.policies)
        return f"<PolicyVersions {told}; judged by the {self.judged_by}>"

    def in_force(self, at: datetime) -> Policy:
        """The version in force at an instant.

        Args:
            at: Aware.

        Raises:
            PolicyError: the earliest version begins later.
            InstantError: `at` has no zone.
        """
        instant = utc(at)
        found = [policy for policy in self.policies if _start(policy) <= instant]
        if not found:
            first = self.policies[0]
            message = f"no version is in force at {instant:%Y-%m-%dT%H:%MZ}"
            hint = f"{first.name} begins on {first.valid_from}; add the version before it"
            raise PolicyError.one("not_in_force", message, hint=hint)
        return found[-1]

    def policy_for(self, incident: Incident, *, as_of: datetime) -> Policy:
        """The version by which an incident is judged.

        Args:
            incident: The record.
            as_of: The instant to look from; aware.

        Raises:
            PolicyError: no version was in force then.
        """
        return self.in_force(incident.opened_at if self.judged_by == "version when opened" else as_of)

    def assess(self, incident: Incident, *, as_of: datetime, strict: bool = True) -> Assessment:
        """What held when, and what the clocks say at `as_of`, by the version that judges the incident.

        The arguments and errors are those of `Policy.assess`; also an incident that no version judges is an error.
        """
        return self.policy_for(incident, as_of=as_of).assess(incident, as_of=as_of, strict=strict)

    def assess_all(
        self, incidents: Iterable[Incident], *, as_of: datetime, strict: bool = True
    ) -> Iterator[Assessment]:
        """The assessments of many incidents, one by one as they are drawn."""
        for incident in incidents:
            yield self.assess(incident, as_of=as_of, strict=strict)

    def promise(
        self, *, opened_at: datetime, priority: int | str, **fields: Scalar | Person
    ) -> Mapping[str, Reading]:
        """What is promised for an incident opened at an instant, by the version in force then."""
        return self.in_force(opened_at).promise(opened_at=opened_at, priority=priority, **fields)


def _start(policy: Policy) -> datetime:
    """When a version begins: the first instant of its date where it lives."""
    if policy.valid_from is None:
        return _ALWAYS
    return utc(datetime.combine(policy.valid_from, time(), tzinfo=zone_named(policy.zone)))


def _odd(versions: PolicyVersions) -> Iterator[Fault]:
    if not versions.policies:
        yield Fault("bad_value", "there is no version", path="policies", hint="give at least one policy")
    if versions.judged_by not in get_args(JudgedBy):
        hint = near(versions.judged_by, get_args(JudgedBy))
        message = f"{versions.judged_by!r} is none of its words"
        yield Fault("unknown_word", message, path="judged_by", hint=hint)
    for index, (before, after) in enumerate(
        zip(versions.policies, versions.policies[1:], strict=False), start=1
    ):
        if before.valid_from == after.valid_from:
            begins = f"from {after.valid_from}" if after.valid_from else "without a first date"
            message, hint = f"{before.name} and {after.name} are both {begins}", "give each its valid_from"
            yield Fault("bad_value", message, path=f"policies[{index}].valid_from", hint=hint)
