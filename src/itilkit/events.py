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

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from math import isfinite
from operator import index
from typing import Any, Literal, SupportsIndex, Union, get_args

import attrs

from itilkit.errors import RecordError, near
from itilkit.spans import utc
from itilkit.vocabulary import Audience, Channel, HoldReason, Role

__all__ = [
    "Acknowledged",
    "Assigned",
    "Attached",
    "Cancelled",
    "Classified",
    "Closed",
    "Escalated",
    "Event",
    "Excluded",
    "Fields",
    "Held",
    "Linked",
    "Logged",
    "MajorDeclared",
    "Migrated",
    "ModelAttached",
    "Noted",
    "Person",
    "PrioritySet",
    "Reopened",
    "Replied",
    "RequesterWrote",
    "Resolved",
    "Resumed",
    "Reviewed",
    "RoleTaken",
    "Scalar",
    "Started",
    "StepDone",
    "StoodDown",
    "Surveyed",
]

Scalar = str | int | float | bool | datetime | None


_PLAIN = frozenset({str, int, float, bool, type(None)})


def _scalar(name: str, value: object) -> Scalar:
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, str | int | float):
        return value
    raise RecordError.one(
        "not_a_scalar",
        f"a field cannot hold {value!r}",
        path=name,
        hint="give a text, a number, True, False, an instant or None",
    )


class Fields(Mapping[str, Scalar]):
    """Named values that a tool keeps beside the standard ones: an immutable mapping that can be hashed.

    Raises:
        RecordError: a value is no text, number, truth value, instant or None.

    >>> Fields({"category": "Network"}).merged({"floor": 3})
    Fields({'category': 'Network', 'floor': 3})
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Scalar] | None = None) -> None:
        self._values: dict[str, Scalar] = {
            name: value if value.__class__ in _PLAIN else _scalar(name, value)
            for name, value in (values or {}).items()
        }

    def __getitem__(self, name: str) -> Scalar:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:  # the inherited one raises and catches, for every absent name
        return name in self._values

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"Fields({self._values!r})"

    def merged(self, changes: Mapping[str, Scalar]) -> Fields:
        """These values with the changed ones laid over them."""
        merged = Fields(changes)
        merged._values = {**self._values, **merged._values}
        return merged


NO_FIELDS = Fields()


@attrs.frozen
class Person:
    """A person as known when the event happened: `id` in the tool, and what rules may ask about."""

    id: str
    name: str = attrs.field(default="", kw_only=True)
    organisation: str = attrs.field(default="", kw_only=True)
    vip: bool = attrs.field(default=False, kw_only=True)

    def __str__(self) -> str:
        return self.name or self.id


def _person(value: Person | str | None) -> Person | None:
    if value is None or isinstance(value, Person):
        return value
    if isinstance(value, str):
        return Person(value)
    raise RecordError.one("not_a_person", f"expected a Person or an id, got {value!r}")


def _fields(value: Mapping[str, Scalar] | None) -> Fields:
    if isinstance(value, Fields):
        return value
    return Fields(value) if value else NO_FIELDS


def _hold_reason(value: HoldReason | str | None) -> HoldReason | None:
    if value is None or isinstance(value, HoldReason):
        return value
    try:
        return HoldReason(value)
    except ValueError:
        raise RecordError.one(
            "unknown_hold_reason", f"{value!r} is no hold reason", path="reason", hint=near(value, HoldReason)
        ) from None


def _channel(value: Channel | str | None) -> Channel | None:
    if value is None or isinstance(value, Channel):
        return value
    try:
        return Channel(value)
    except ValueError:
        raise RecordError.one(
            "unknown_channel", f"{value!r} is no channel", path="channel", hint=near(value, Channel)
        ) from None


def _audience(value: Audience | str | None) -> Audience | None:
    if value is None or isinstance(value, Audience):
        return value
    try:
        return Audience(value)
    except ValueError:
        raise RecordError.one(
            "unknown_word", f"{value!r} is no audience", path="audience", hint=near(value, Audience)
        ) from None


def _role(value: Role | str) -> Role:
    try:
        return Role(value)
    except ValueError:
        raise RecordError.one(
            "unknown_role", f"{value!r} is no role", path="role", hint=near(value, Role)
        ) from None


def _somebody(value: Person | str) -> Person:
    person = _person(value)
    if person is None:
        raise RecordError.one(
            "not_a_person", "nobody cannot take a role", path="person", hint="give a Person"
        )
    return person


def optional_instant(value: datetime | None) -> datetime | None:
    return None if value is None else utc(value)


def _level(value: SupportsIndex) -> int:
    """A plain whole number from anything that is one, such as a member of an IntEnum."""
    try:
        level = index(value)
    except TypeError:
        level = 0
    if level < 1 or isinstance(value, bool):
        hint = "levels are whole numbers; 1 is the highest"
        raise RecordError.one("not_a_level", f"{value!r} is no level", hint=hint)
    return level


def optional_level(value: SupportsIndex | None) -> int | None:
    return None if value is None else _level(value)


def among(what: str, known: tuple[str, ...]) -> Callable[[object, attrs.Attribute[Any], str], None]:
    """A check that a word is on a closed list."""

    def check(event: object, attribute: attrs.Attribute[Any], value: str) -> None:  # noqa: ARG001  attrs gives all three
        if value not in known:
            hint = near(value, known)
            raise RecordError.one("unknown_word", f"{value!r} is no {what}", path=attribute.name, hint=hint)

    return check


def named(event: object, attribute: attrs.Attribute[Any], value: object) -> None:  # noqa: ARG001  attrs gives all three
    """A check that a name was given."""
    if not isinstance(value, str) or not value:
        raise RecordError.one(
            "no_name", f"{value!r} names nothing", path=attribute.name, hint="give its name"
        )


def _scale(value: Iterable[float]) -> tuple[float, float]:
    """The lowest and the highest answer of a survey."""
    try:
        low, high = value
    except (TypeError, ValueError):
        low = high = 0
    if not (_is_number(low) and _is_number(high) and low < high):
        hint = "give the lowest and the highest answer, such as (1, 5)"
        raise RecordError.one("not_a_scale", f"{value!r} is no scale", path="scale", hint=hint)
    return low, high


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


@attrs.frozen
class _Happened:
    """What every event carries."""

    at: datetime = attrs.field(converter=utc)
    by: Person | None = attrs.field(default=None, converter=_person)
    state: str | None = attrs.field(default=None, kw_only=True)
    inferred: bool = attrs.field(default=False, kw_only=True)


@attrs.frozen
class Logged(_Happened):
    """The incident was opened. `at` is when it was reported; `reporter` is the person affected."""

    title: str = attrs.field(default="", kw_only=True)
    reporter: Person | None = attrs.field(default=None, converter=_person, kw_only=True)
    channel: Channel | None = attrs.field(default=None, converter=_channel, kw_only=True)


@attrs.frozen
class Classified(_Happened):
    """Classification or other fields were set; ``None`` leaves a standard value as it was."""

    category: str | None = attrs.field(default=None, kw_only=True)
    subcategory: str | None = attrs.field(default=None, kw_only=True)
    service: str | None = attrs.field(default=None, kw_only=True)
    configuration_item: str | None = attrs.field(default=None, kw_only=True)
    impact: int | None = attrs.field(default=None, converter=optional_level, kw_only=True)
    urgency: int | None = attrs.field(default=None, converter=optional_level, kw_only=True)
    fields: Fields = attrs.field(default=NO_FIELDS, converter=_fields, kw_only=True)


@attrs.frozen
class PrioritySet(_Happened):
    """A priority was recorded, by the tool's matrix or by hand; 1 is highest."""

    priority: int = attrs.field(converter=_level, kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class Assigned(_Happened):
    """The incident now belongs to this group and this person; ``None`` means nobody."""

    group: str | None = attrs.field(default=None, kw_only=True)
    assignee: Person | None = attrs.field(default=None, converter=_person, kw_only=True)


@attrs.frozen
class Acknowledged(_Happened):
    """Somebody took notice of the incident."""


@attrs.frozen
class Started(_Happened):
    """Work began."""


@attrs.frozen
class Held(_Happened):
    """Work waits for somebody or something."""

    reason: HoldReason | None = attrs.field(default=None, converter=_hold_reason, kw_only=True)
    reference: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class Resumed(_Happened):
    """Work went on after a hold."""


AppliedBy = Literal["automatic", "user", "support", "supplier"]


@attrs.frozen
class Resolved(_Happened):
    """Service was restored as far as the desk knows.

    `code` is a `ResolutionCode` or the tool's own word. `applied_by` says who applied the fix: ``automatic``, the
    ``user`` (self-help), ``support`` or a ``supplier``; None is not recorded.
    """

    code: str | None = attrs.field(default=None, kw_only=True)
    notes: str | None = attrs.field(default=None, kw_only=True)
    resolver: Person | None = attrs.field(default=None, converter=_person, kw_only=True)
    applied_by: AppliedBy | None = attrs.field(
        default=None,
        kw_only=True,
        validator=attrs.validators.optional(among("one who applies a fix", get_args(AppliedBy))),
    )


@attrs.frozen
class Reopened(_Happened):
    """The resolution did not hold."""

    reason: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class Closed(_Happened):
    """The record was closed, by confirmation of the user (`confirmed_by`) or by the tool."""

    code: str | None = attrs.field(default=None, kw_only=True)
    confirmed_by: Person | None = attrs.field(default=None, converter=_person, kw_only=True)


@attrs.frozen
class Cancelled(_Happened):
    """The record was no incident, or repeats another one (`duplicate_of`)."""

    reason: str = attrs.field(default="", kw_only=True)
    duplicate_of: str | None = attrs.field(default=None, kw_only=True)


@attrs.frozen
class Replied(_Happened):
    """An agent wrote. Only a public reply by a human answers the user.

    `public` means that the user sees it; a bulletin to management alone is not. `next_update_due_at` is when the
    reader was told to expect the next message.
    """

    public: bool = attrs.field(default=True, kw_only=True)
    automatic: bool = attrs.field(default=False, kw_only=True)
    text: str = attrs.field(default="", kw_only=True)
    audience: Audience | None = attrs.field(default=None, converter=_audience, kw_only=True)
    channel: Channel | None = attrs.field(default=None, converter=_channel, kw_only=True)
    next_update_due_at: datetime | None = attrs.field(default=None, converter=optional_instant, kw_only=True)


@attrs.frozen
class RequesterWrote(_Happened):
    """The user wrote."""

    text: str = attrs.field(default="", kw_only=True)
    channel: Channel | None = attrs.field(default=None, converter=_channel, kw_only=True)


@attrs.frozen
class Noted(_Happened):
    """The record was touched without any other event: a work note, or an update whose content is unknown."""

    text: str = attrs.field(default="", kw_only=True)


EscalationKind = Literal["functional", "hierarchical"]
EscalationTrigger = Literal["manual", "timer", "sla_percent", "priority"]


@attrs.frozen
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
    level: int = attrs.field(default=1, converter=_level, kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)
    trigger: EscalationTrigger | None = attrs.field(
        default=None,
        kw_only=True,
        validator=attrs.validators.optional(
            among("trigger of an escalation", get_args(EscalationTrigger)),
        ),
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


@attrs.frozen
class Linked(_Happened):
    """The incident was tied to another record, named by its number.

    `kind` says what the other record is to this one: its ``parent`` or ``child``, what it is a ``duplicate_of`` or
    its ``duplicate``, its ``problem``, ``known_error`` or ``workaround``, the ``change`` raised to mend it, the
    ``caused_by_change`` that broke it, or merely ``related``.
    """

    kind: LinkKind = attrs.field(kw_only=True, validator=among("kind of link", get_args(LinkKind)))
    to: str = attrs.field(kw_only=True)


@attrs.frozen
class Attached(_Happened):
    """A service agreement began to hold for the incident."""

    agreement: str = attrs.field(default="", kw_only=True)


@attrs.frozen
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


@attrs.frozen
class MajorDeclared(_Happened):
    """It was declared a major incident: from here on the organisation's own procedure holds, until `StoodDown`.

    `reason` is the business impact that made it one; `war_room` is where people meet.
    """

    reason: str = attrs.field(default="", kw_only=True)
    war_room: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class StoodDown(_Happened):
    """It is no major incident any more: the roles end, and the ordinary flow goes on."""

    reason: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class RoleTaken(_Happened):
    """A person took a role. A major incident has one incident manager: who takes that role takes it over."""

    role: Role = attrs.field(converter=_role, kw_only=True)
    person: Person = attrs.field(converter=_somebody, kw_only=True)


@attrs.frozen
class ModelAttached(_Happened):
    """An incident model began to hold: which one, in which `version`, and the `digest` of its text as it was then."""

    model: str = attrs.field(validator=named, kw_only=True)
    version: str = attrs.field(default="", kw_only=True)
    digest: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class StepDone(_Happened):
    """A step of the incident model was done, such as invoking disaster recovery."""

    step: str = attrs.field(validator=named, kw_only=True)
    notes: str = attrs.field(default="", kw_only=True)


@attrs.frozen
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
    scale: tuple[float, float] = attrs.field(converter=_scale, kw_only=True)
    comment: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        low, high = self.scale
        if not _is_number(self.score) or not low <= self.score <= high:
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


@attrs.frozen
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


@attrs.frozen
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
    MajorDeclared,
    StoodDown,
    RoleTaken,
    ModelAttached,
    StepDone,
    Surveyed,
    Reviewed,
    Migrated,
]
