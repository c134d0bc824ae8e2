"""What happened? The closed union of events that make up an incident's history.

An event is a fact that is over: a past participle with the instant at which it happened (`at`) and who did it
(`by`). The same values serve as actions: `decide(incident, Resolved(...))` asks whether the event may be
appended. Rules of this room:

* Instants are aware and turned to UTC at the door. Levels are whole numbers from 1, the highest. A word of a closed
  list that is not on it, or a value of a wrong kind, raises `RecordError` at the door.
* ``None`` in a `Classified` means "unchanged"; in an `Assigned`, which states the whole assignment, "nobody".
* `state` is the tool's own state after the event, where the tool has states of its own; the lifecycle knows
  which `Status` it stands for. Without it, the lifecycle's table says where the event leads.
* `inferred` marks what an adapter concluded rather than read; steps out of an inferred state are told apart.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Union, get_args

import attrs

from itilkit.errors import RecordError
from itilkit.events.doors import (
    among,
    audience_of,
    channel_of,
    fields_of,
    hold_reason_of,
    is_number,
    level_of,
    named,
    optional_instant,
    optional_level,
    person_of,
    role_of,
    scale_of,
    somebody,
)
from itilkit.events.values import NO_FIELDS, Fields, Person
from itilkit.spans import utc
from itilkit.vocabulary import Audience, Channel, HoldReason, Role

__all__ = [
    "Acknowledged",
    "AppliedBy",
    "Assigned",
    "Attached",
    "Cancelled",
    "Classified",
    "Closed",
    "DisasterRecoveryInvoked",
    "Escalated",
    "EscalationKind",
    "EscalationTrigger",
    "Event",
    "Excluded",
    "Held",
    "LinkKind",
    "Linked",
    "Logged",
    "MajorDeclared",
    "MajorProposed",
    "MajorRejected",
    "Migrated",
    "ModelAttached",
    "Noted",
    "PrioritySet",
    "Reopened",
    "Replied",
    "RequesterWrote",
    "Resolved",
    "Resumed",
    "Reviewed",
    "RoleLeft",
    "RoleTaken",
    "Started",
    "StepDone",
    "StoodDown",
    "SurveySent",
    "Surveyed",
    "WarRoomOpened",
]


# A frozen value with a dict takes a fifth less time to make than one with slots, and every step makes one.
@attrs.frozen(slots=False)
class _Happened:
    """What every event carries."""

    at: datetime = attrs.field(converter=utc)
    by: Person | None = attrs.field(default=None, converter=person_of)
    state: str | None = attrs.field(default=None, kw_only=True)
    inferred: bool = attrs.field(default=False, kw_only=True)


@attrs.frozen(slots=False)
class Logged(_Happened):
    """The incident was opened. `at` is when it was reported; `reporter` is the person affected."""

    title: str = attrs.field(default="", kw_only=True)
    reporter: Person | None = attrs.field(default=None, converter=person_of, kw_only=True)
    channel: Channel | None = attrs.field(default=None, converter=channel_of, kw_only=True)


@attrs.frozen(slots=False)
class Classified(_Happened):
    """Classification or other fields were set; ``None`` leaves a standard value as it was."""

    category: str | None = attrs.field(default=None, kw_only=True)
    subcategory: str | None = attrs.field(default=None, kw_only=True)
    service: str | None = attrs.field(default=None, kw_only=True)
    configuration_item: str | None = attrs.field(default=None, kw_only=True)
    impact: int | None = attrs.field(default=None, converter=optional_level, kw_only=True)
    urgency: int | None = attrs.field(default=None, converter=optional_level, kw_only=True)
    fields: Fields = attrs.field(default=NO_FIELDS, converter=fields_of, kw_only=True)


@attrs.frozen(slots=False)
class PrioritySet(_Happened):
    """A priority was recorded, by the tool's matrix or by hand; 1 is highest."""

    priority: int = attrs.field(converter=level_of, kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)


@attrs.frozen(slots=False)
class Assigned(_Happened):
    """The incident now belongs to this group and this person; ``None`` means nobody."""

    group: str | None = attrs.field(default=None, kw_only=True)
    assignee: Person | None = attrs.field(default=None, converter=person_of, kw_only=True)


@attrs.frozen(slots=False)
class Acknowledged(_Happened):
    """Somebody took notice of the incident."""


@attrs.frozen(slots=False)
class Started(_Happened):
    """Work began."""


@attrs.frozen(slots=False)
class Held(_Happened):
    """Work waits for somebody or something."""

    reason: HoldReason | None = attrs.field(default=None, converter=hold_reason_of, kw_only=True)
    reference: str = attrs.field(default="", kw_only=True)


@attrs.frozen(slots=False)
class Resumed(_Happened):
    """Work went on after a hold."""


AppliedBy = Literal["automatic", "user", "support", "supplier"]


@attrs.frozen(slots=False)
class Resolved(_Happened):
    """Service was restored as far as the desk knows.

    `code` is a `ResolutionCode` or the tool's own word. `applied_by` says who applied the fix: ``automatic``, the
    ``user`` (self-help), ``support`` or a ``supplier``; None is not recorded.
    """

    code: str | None = attrs.field(default=None, kw_only=True)
    notes: str | None = attrs.field(default=None, kw_only=True)
    resolver: Person | None = attrs.field(default=None, converter=person_of, kw_only=True)
    applied_by: AppliedBy | None = attrs.field(
        default=None,
        kw_only=True,
        validator=among("one who applies a fix", get_args(AppliedBy), or_none=True),
    )


@attrs.frozen(slots=False)
class Reopened(_Happened):
    """The resolution did not hold."""

    reason: str = attrs.field(default="", kw_only=True)


@attrs.frozen(slots=False)
class Closed(_Happened):
    """The record was closed, by confirmation of the user (`confirmed_by`) or by the tool."""

    code: str | None = attrs.field(default=None, kw_only=True)
    confirmed_by: Person | None = attrs.field(default=None, converter=person_of, kw_only=True)


@attrs.frozen(slots=False)
class Cancelled(_Happened):
    """The record was no incident, or repeats another one (`duplicate_of`)."""

    reason: str = attrs.field(default="", kw_only=True)
    duplicate_of: str | None = attrs.field(default=None, kw_only=True)


@attrs.frozen(slots=False)
class Replied(_Happened):
    """An agent wrote. Only a public reply by a human answers the user.

    `public` means that the user sees it; a bulletin to management alone is not. `next_update_due_at` is when the
    reader was told to expect the next message.
    """

    public: bool = attrs.field(default=True, kw_only=True)
    automatic: bool = attrs.field(default=False, kw_only=True)
    text: str = attrs.field(default="", kw_only=True)
    audience: Audience | None = attrs.field(default=None, converter=audience_of, kw_only=True)
    channel: Channel | None = attrs.field(default=None, converter=channel_of, kw_only=True)
    next_update_due_at: datetime | None = attrs.field(default=None, converter=optional_instant, kw_only=True)


@attrs.frozen(slots=False)
class RequesterWrote(_Happened):
    """The user wrote."""

    text: str = attrs.field(default="", kw_only=True)
    channel: Channel | None = attrs.field(default=None, converter=channel_of, kw_only=True)


@attrs.frozen(slots=False)
class Noted(_Happened):
    """The record was touched without any other event: a work note, or an update whose content is unknown."""

    text: str = attrs.field(default="", kw_only=True)


EscalationKind = Literal["functional", "hierarchical"]
EscalationTrigger = Literal["manual", "timer", "sla_percent", "priority"]


@attrs.frozen(slots=False)
class Escalated(_Happened):
    """More skill (functional) or more authority (hierarchical) was called in.

    Attributes:
        kind: ``functional`` or ``hierarchical``.
        to: The group, person or supplier that was called in.
        level: The support level or rung that was reached; 1 is the lowest.
        reason: Why, in words.
        trigger: What called for it: ``manual``, ``timer``, ``sla_percent`` (a share of a target was used up) or
            ``priority`` (it was raised); None is not recorded.
        reference: Their own number for it, such as a supplier's ticket.
    """

    kind: EscalationKind = attrs.field(
        kw_only=True, validator=among("kind of escalation", get_args(EscalationKind))
    )
    to: str = attrs.field(default="", kw_only=True)
    level: int = attrs.field(default=1, converter=level_of, kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)
    trigger: EscalationTrigger | None = attrs.field(
        default=None,
        kw_only=True,
        validator=among("trigger of an escalation", get_args(EscalationTrigger), or_none=True),
    )
    reference: str = attrs.field(default="", kw_only=True)


LinkKind = Literal[
    "parent",
    "child",
    "duplicate_of",
    "duplicate",
    "problem",
    "known_error",
    "workaround",
    "change",
    "caused_by_change",
    "related",
]


@attrs.frozen(slots=False)
class Linked(_Happened):
    """The incident was tied to another record, named by its number.

    `kind` says what the other record is to this one: its ``parent`` or ``child``, what it is a ``duplicate_of`` or
    its ``duplicate``, its ``problem``, ``known_error`` or ``workaround``, the ``change`` raised to mend it, the
    ``caused_by_change`` that broke it, or merely ``related``.
    """

    kind: LinkKind = attrs.field(kw_only=True, validator=among("kind of link", get_args(LinkKind)))
    to: str = attrs.field(kw_only=True)


@attrs.frozen(slots=False)
class Attached(_Happened):
    """A service agreement began to hold for the incident."""

    agreement: str = attrs.field(default="", kw_only=True)


@attrs.frozen(slots=False)
class Excluded(_Happened):
    """An agreed span that no clock counts (planned maintenance, access refused); known from `at` on."""

    start: datetime = attrs.field(kw_only=True, converter=utc)
    end: datetime = attrs.field(kw_only=True, converter=utc)
    reason: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.end < self.start:
            raise RecordError.one(
                "backward_span",
                f"an exclusion cannot end ({self.end.isoformat()}) before it starts ({self.start.isoformat()})",
                path="end",
                hint="swap the two",
            )


@attrs.frozen(slots=False)
class MajorProposed(_Happened):
    """Somebody holds it for a major incident; who may decide that has not spoken yet.

    `reason` is the business impact that would make it one. It is answered by `MajorDeclared` or `MajorRejected`.
    """

    reason: str = attrs.field(default="", kw_only=True)


@attrs.frozen(slots=False)
class MajorRejected(_Happened):
    """It is no major incident: the proposal was turned down, or taken back."""

    reason: str = attrs.field(default="", kw_only=True)


@attrs.frozen(slots=False)
class MajorDeclared(_Happened):
    """It was declared a major incident: from here on the organisation's own procedure holds, until `StoodDown`.

    Attributes:
        reason: The business impact that made it one.
        war_room: Where people meet.
        approved_by: Who approved it, where that is not who declared it.
    """

    reason: str = attrs.field(default="", kw_only=True)
    war_room: str = attrs.field(default="", kw_only=True)
    approved_by: Person | None = attrs.field(default=None, converter=person_of, kw_only=True)


@attrs.frozen(slots=False)
class StoodDown(_Happened):
    """It is no major incident any more: the roles end, and the ordinary flow goes on."""

    reason: str = attrs.field(default="", kw_only=True)


@attrs.frozen(slots=False)
class RoleTaken(_Happened):
    """A person took a role; one that is not shared (`Role.shared`) is taken over from whoever has it.

    So a major incident has one incident manager at a time.
    """

    role: Role = attrs.field(converter=role_of, kw_only=True)
    person: Person = attrs.field(converter=somebody, kw_only=True)


@attrs.frozen(slots=False)
class RoleLeft(_Happened):
    """A person gave a role up, and nobody took it over with it."""

    role: Role = attrs.field(converter=role_of, kw_only=True)
    person: Person = attrs.field(converter=somebody, kw_only=True)


@attrs.frozen(slots=False)
class WarRoomOpened(_Happened):
    """People meet here from now on: a room, a bridge, a channel."""

    war_room: str = attrs.field(validator=named, kw_only=True)


@attrs.frozen(slots=False)
class DisasterRecoveryInvoked(_Happened):
    """A disaster recovery plan was invoked; `plan` names it."""

    plan: str = attrs.field(default="", kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)


@attrs.frozen(slots=False)
class ModelAttached(_Happened):
    """An incident model began to hold: which one, in which `version`, and the `digest` of its text as it was then."""

    model: str = attrs.field(validator=named, kw_only=True)
    version: str = attrs.field(default="", kw_only=True)
    digest: str = attrs.field(default="", kw_only=True)


@attrs.frozen(slots=False)
class StepDone(_Happened):
    """A step of the incident model was done."""

    step: str = attrs.field(validator=named, kw_only=True)
    notes: str = attrs.field(default="", kw_only=True)


@attrs.frozen(slots=False)
class SurveySent(_Happened):
    """The user was asked how satisfied they are; `to` is who was asked, where that is not the reporter."""

    to: Person | None = attrs.field(default=None, converter=person_of, kw_only=True)


@attrs.frozen(slots=False)
class Surveyed(_Happened):
    """The user said how satisfied they are.

    Attributes:
        score: The answer.
        scale: The lowest and the highest answer there is; tools differ, so there is no default.
        comment: What the user wrote beside it.

    >>> from datetime import UTC
    >>> Surveyed(datetime(2026, 3, 2, tzinfo=UTC), score=4, scale=(1, 5)).normalised
    0.75
    """

    score: float = attrs.field(kw_only=True)
    scale: tuple[float, float] = attrs.field(converter=scale_of, kw_only=True)
    comment: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        low, high = self.scale
        if not is_number(self.score) or not low <= self.score <= high:
            raise RecordError.one(
                "not_on_scale",
                f"{self.score!r} is no answer from {low} to {high}",
                path="score",
                hint="give a number on the scale",
            )

    @property
    def normalised(self) -> float:
        """The score from 0, the worst answer, to 1, the best: (score - lowest) / (highest - lowest)."""
        low, high = self.scale
        return (self.score - low) / (high - low)


@attrs.frozen(slots=False)
class Reviewed(_Happened):
    """The post-incident review was held: `reference` names its record, `held_at` when, if not at `at`."""

    reference: str = attrs.field(default="", kw_only=True)
    held_at: datetime | None = attrs.field(default=None, converter=optional_instant, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.held_at is not None and self.held_at > self.at:
            raise RecordError.one(
                "not_held_yet",
                f"a review held at {self.held_at.isoformat()} cannot be on record at {self.at.isoformat()}",
                path="held_at",
                hint="record it once it was held",
            )


@attrs.frozen(slots=False)
class Migrated(_Happened):
    """The record was carried over from another tool or lifecycle and stands in `state` without a step."""

    reason: str = attrs.field(default="", kw_only=True)


Event = Union[  # noqa: UP007 - one name for the closed union; written out so that checkers see every member
    Logged,
    Classified,
    PrioritySet,
    Assigned,
    Acknowledged,
    Started,
    Held,
    Resumed,
    Resolved,
    Reopened,
    Closed,
    Cancelled,
    Replied,
    RequesterWrote,
    Noted,
    Escalated,
    Linked,
    Attached,
    Excluded,
    MajorProposed,
    MajorRejected,
    MajorDeclared,
    StoodDown,
    RoleTaken,
    RoleLeft,
    WarRoomOpened,
    DisasterRecoveryInvoked,
    ModelAttached,
    StepDone,
    SurveySent,
    Surveyed,
    Reviewed,
    Migrated,
]
