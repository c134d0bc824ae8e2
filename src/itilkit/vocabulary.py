"""The field's words, as enums and ranked values.

Terms are those of ITIL 4. Statuses, hold reasons and codes are closed: a tool's own states map onto a `Status`
in the lifecycle, and the tool's own word is kept beside it. Impact, urgency and priority are integers with
1 = highest, so that "at least high" is ``<=``.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum

import attrs

from itilkit.errors import RecordError, near

__all__ = [
    "HIGH_LOW",
    "HIGH_MEDIUM_LOW",
    "P1_TO_P5",
    "Audience",
    "Channel",
    "HoldReason",
    "Impact",
    "Priority",
    "ResolutionCode",
    "Role",
    "Scale",
    "Status",
    "Urgency",
    "fold",
]


class Status(StrEnum):
    """Where an incident stands. Escalation and SLA breach are never statuses.

    >>> Status.ON_HOLD.is_open, Status.RESOLVED.is_open
    (True, False)
    """

    NEW = "new"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Somebody still owes the user something: neither resolved, closed nor cancelled."""
        return self not in _DONE

    @property
    def is_final(self) -> bool:
        """The end of the record's life: closed or cancelled."""
        return self in _FINAL


# Tuples, because they are searched by identity where a set would hash the name each time.
_DONE = (Status.RESOLVED, Status.CLOSED, Status.CANCELLED)
_FINAL = (Status.CLOSED, Status.CANCELLED)


class HoldReason(StrEnum):
    """What an incident on hold is waiting for."""

    AWAITING_USER = "awaiting_user"
    AWAITING_SUPPLIER = "awaiting_supplier"
    AWAITING_CHANGE = "awaiting_change"
    AWAITING_PROBLEM = "awaiting_problem"
    AWAITING_EVIDENCE = "awaiting_evidence"
    AWAITING_APPROVAL = "awaiting_approval"
    AWAITING_PARTS = "awaiting_parts"
    SCHEDULED = "scheduled"
    OTHER = "other"


class ResolutionCode(StrEnum):
    """How an incident was resolved, in neutral words; a tool's own code is kept as text where none fits."""

    SOLUTION_PROVIDED = "solution_provided"
    WORKAROUND_PROVIDED = "workaround_provided"
    KNOWN_ERROR = "known_error"
    RESOLVED_BY_CHANGE = "resolved_by_change"
    RESOLVED_BY_PROBLEM = "resolved_by_problem"
    RESOLVED_BY_REQUEST = "resolved_by_request"
    RESOLVED_BY_CALLER = "resolved_by_caller"
    USER_ERROR = "user_error"
    DUPLICATE = "duplicate"
    NO_RESOLUTION = "no_resolution"
    FALSE_POSITIVE = "false_positive"
    NO_FAULT_FOUND = "no_fault_found"
    OTHER = "other"
    UNKNOWN = "unknown"

    @property
    def permanent(self) -> bool | None:
        """Whether the fault is gone for good; None where the code does not say.

        >>> ResolutionCode.WORKAROUND_PROVIDED.permanent, ResolutionCode.USER_ERROR.permanent
        (False, None)
        """
        return _PERMANENT.get(self)


_PERMANENT = {
    ResolutionCode.SOLUTION_PROVIDED: True,
    ResolutionCode.WORKAROUND_PROVIDED: False,
    ResolutionCode.KNOWN_ERROR: False,
    ResolutionCode.RESOLVED_BY_CHANGE: True,
    ResolutionCode.RESOLVED_BY_PROBLEM: True,
    ResolutionCode.RESOLVED_BY_REQUEST: True,
}


class Channel(StrEnum):
    """By which way an incident reached the desk."""

    PHONE = "phone"
    EMAIL = "email"
    PORTAL = "portal"
    CHAT = "chat"
    WALK_IN = "walk_in"
    MONITORING = "monitoring"
    API = "api"
    SUPPLIER = "supplier"
    SOCIAL = "social"
    OTHER = "other"


class Audience(StrEnum):
    """Whom a message was meant for."""

    USERS = "users"
    CUSTOMERS = "customers"
    STAKEHOLDERS = "stakeholders"
    MANAGEMENT = "management"
    PUBLIC = "public"
    REGULATOR = "regulator"


class Role(StrEnum):
    """What a person is answerable for in an incident; the incident manager is what others call its commander."""

    INCIDENT_MANAGER = "incident_manager"
    COORDINATOR = "coordinator"
    TECHNICAL_LEAD = "technical_lead"
    COMMUNICATIONS_MANAGER = "communications_manager"
    SME = "sme"
    SCRIBE = "scribe"
    LIAISON = "liaison"
    SERVICE_DESK_AGENT = "service_desk_agent"
    SERVICE_DESK_MANAGER = "service_desk_manager"
    PROBLEM_MANAGER = "problem_manager"
    SUPPLIER_CONTACT = "supplier_contact"
    EXECUTIVE_SPONSOR = "executive_sponsor"
    OBSERVER = "observer"

    @property
    def shared(self) -> bool:
        """Several people may have the role at once; any other is one person's at a time, and is taken over.

        >>> Role.SME.shared, Role.INCIDENT_MANAGER.shared
        (True, False)
        """
        return self in _SHARED


_SHARED = (Role.SME, Role.LIAISON, Role.SERVICE_DESK_AGENT, Role.SUPPLIER_CONTACT, Role.OBSERVER)


class Impact(IntEnum):
    """How much is affected, on the common three levels; 1 is highest. Any other scale uses plain integers."""

    HIGH = 1
    MEDIUM = 2
    LOW = 3


class Urgency(IntEnum):
    """How soon it must be dealt with, on the common three levels; 1 is highest."""

    HIGH = 1
    MEDIUM = 2
    LOW = 3


class Priority(IntEnum):
    """The order of dealing with incidents, on the common five levels; 1 is highest."""

    P1 = 1
    P2 = 2
    P3 = 3
    P4 = 4
    P5 = 5


def fold(name: str) -> str:
    """A name without case, spaces, underscores and hyphens: two names are one when their folds are equal.

    >>> fold("ITIL 3x3") == fold("itil_3x3")
    True
    """
    return name.casefold().replace(" ", "").replace("_", "").replace("-", "")


def _labels(labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(labels)


@attrs.frozen
class Scale:
    """Ranked levels with their labels, the highest first; level 1 is the first label.

    >>> HIGH_MEDIUM_LOW.level("medium"), HIGH_MEDIUM_LOW.label(1), len(HIGH_MEDIUM_LOW)
    (2, 'High', 3)
    """

    name: str
    labels: tuple[str, ...] = attrs.field(converter=_labels)

    def __attrs_post_init__(self) -> None:
        if not self.labels:
            raise RecordError.one(
                "empty_scale", f"scale {self.name!r} has no level", hint="name at least one level"
            )
        if len({fold(label) for label in self.labels}) < len(self.labels):
            raise RecordError.one(
                "twin_labels", f"scale {self.name!r} names a level twice: {', '.join(self.labels)}"
            )

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def levels(self) -> range:
        """Every level, the highest (1) first."""
        return range(1, len(self.labels) + 1)

    def label(self, level: int) -> str:
        """The label of a level.

        Raises:
            RecordError: the scale has no such level.
        """
        if level not in self.levels:
            raise RecordError.one(
                "unknown_level", f"{self.name} has no level {level}", hint=f"levels are 1 to {len(self)}"
            )
        return self.labels[level - 1]

    def level(self, label: str) -> int:
        """The level that a label names; case, spaces, ``_`` and ``-`` do not matter.

        Raises:
            RecordError: no level has that label.
        """
        wanted = fold(label)
        for level, name in enumerate(self.labels, start=1):
            if fold(name) == wanted:
                return level
        raise RecordError.one(
            "unknown_level", f"{self.name} has no level {label!r}", hint=near(label, self.labels)
        )


HIGH_MEDIUM_LOW = Scale("High Medium Low", ("High", "Medium", "Low"))
HIGH_LOW = Scale("High Low", ("High", "Low"))
P1_TO_P5 = Scale("P1 to P5", ("P1", "P2", "P3", "P4", "P5"))
