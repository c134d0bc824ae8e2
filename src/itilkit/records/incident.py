"""The incident: an identity and its history, and the source that it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter, is_
from typing import Any, ClassVar, Literal, Self, TypeVar, cast

import attrs

from itilkit.errors import RecordError
from itilkit.events import NO_FIELDS, Event, Fields, Logged, Scalar

__all__ = ["Fact", "Incident", "Source"]

Fact = Literal["acknowledged", "agent_reply", "requester_message", "notes"]
"""What a source may fail to record; everything else shows itself by being absent."""


def _facts(facts: Iterable[Fact]) -> frozenset[Fact]:
    return frozenset(facts)


@attrs.frozen
class Source:
    """Where a record came from, and what it cannot tell.

    A figure that rests on a fact its source lacks is *not recorded*: never zero, never met, never breached.

    Attributes:
        name: The tool or export.
        lacks: Facts the source does not record.
        stand_ins: By fact, what was taken instead, in words; a result that uses it says so.
    """

    name: str = ""
    lacks: frozenset[Fact] = attrs.field(default=frozenset(), converter=_facts, kw_only=True)
    stand_ins: Fields = attrs.field(factory=Fields, kw_only=True)


COMPLETE = Source()
"""A source that records everything the library asks for."""


def _events(value: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(value)


def _fields(value: Mapping[str, Scalar]) -> Fields:
    return value if isinstance(value, Fields) else Fields(value)


def _source(value: Source | str) -> Source:
    return Source(value) if isinstance(value, str) else value


def _refuse_second_logged(number: str, events: tuple[Event, ...], first: int) -> None:
    for index, event in enumerate(events, first):
        if event.__class__ is Logged:
            raise RecordError.one(
                "logged_twice",
                f"{number} is logged a second time",
                path=f"events[{index}]",
                hint="a recurrence is an incident of its own; to go on with this one, use Reopened",
            )


# Under this name a frozen record keeps what was worked out from it.
_MEMO = "memo"


def remember(record: Incident, memo: object) -> None:
    """Leave something worked out from a record with it, so that it need not be worked out again."""
    record.__dict__[_MEMO] = memo


AnIncident = TypeVar("AnIncident", bound="Incident")


def extended(record: AnIncident, events: tuple[Event, ...], memo: object) -> AnIncident:
    """A record with more history, and what is remembered of it; nothing is checked, and none is a `Logged`."""
    longer = object.__new__(record.__class__)
    values = record.__dict__.copy()  # checked when that record was built
    values["events"] += events
    values[_MEMO] = memo
    _into(longer, values)
    return longer


@attrs.frozen(repr=False, slots=False)  # a dict, so that a longer history takes over the rest at once
class Incident:
    """An unplanned interruption to a service, or a reduction of its quality, with all that happened to it.

    Attributes:
        number: The identity in its source.
        events: The history, in the order of truth: equal instants keep this order. The first event is `Logged`.
        source: Which tool the record came from, and which facts it lacks; a name alone means it lacks none.
        customer: Whose incident it is, where a desk serves several customers.
        site: Where the affected people are.
        attributes: Other values that never change over the incident's life.
        reported: The source's own derived columns, such as ``resolved_at`` or ``made_sla``, as exported. They
            were filled in afterwards and are not part of the history: only a KPI reading that asks for them by
            name looks at them.

    Raises:
        RecordError: no number, no events, or a history that does not begin with `Logged` or has a second one.

    >>> from datetime import datetime, UTC
    >>> Incident("INC42", [Logged(datetime(2026, 3, 2, 9, tzinfo=UTC), title="No e-mail")])
    <Incident INC42: 1 event from 2026-03-02T09:00:00+00:00>
    """

    # What `remember` left with it. It is no field: equality, hash, copies, pickles and `attrs.fields` do not see it.
    memo: ClassVar[Any] = None

    number: str
    events: tuple[Event, ...] = attrs.field(converter=_events)
    source: Source = attrs.field(default=COMPLETE, converter=_source, kw_only=True)
    customer: str | None = attrs.field(default=None, kw_only=True)
    site: str | None = attrs.field(default=None, kw_only=True)
    attributes: Fields = attrs.field(default=NO_FIELDS, converter=_fields, kw_only=True)
    reported: Fields = attrs.field(default=NO_FIELDS, converter=_fields, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not self.number:
            raise RecordError.one("no_number", "an incident needs a number", path="number")
        if not self.events:
            raise RecordError.one(
                "no_events", f"{self.number} has no history", path="events", hint="begin with Logged(at)"
            )
        if not isinstance(self.events[0], Logged):
            raise RecordError.one(
                "not_logged",
                f"the history of {self.number} begins with {type(self.events[0]).__name__}",
                path="events[0]",
                hint="begin with Logged(at)",
            )
        if Logged in map(type, self.events[1:]):
            _refuse_second_logged(self.number, self.events[1:], 1)

    @property
    def version(self) -> int:
        """The number of events: a host's optimistic lock."""
        return len(self.events)

    @property
    def opened_at(self) -> datetime:
        """When the incident was reported; UTC."""
        return self.events[0].at

    @property
    def logged(self) -> Logged:
        """The event that opened it, which has its title, its reporter and the channel.

        >>> from datetime import datetime, UTC
        >>> Incident("INC42", [Logged(datetime(2026, 3, 2, 9, tzinfo=UTC), title="No e-mail")]).logged.title
        'No e-mail'
        """
        return cast("Logged", self.events[0])  # checked when the record was built

    def appended(self, *events: Event) -> Self:
        """This incident with more history; nothing is checked, `lifecycle.decide` does that."""
        for event in events:
            if event.__class__ is Logged:
                _refuse_second_logged(self.number, events, len(self.events))
        return extended(self, events, None)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != _MEMO}

    def in_order(self) -> Self:
        """This incident with its history in the order of its stamps.

        `Logged` stays first and events of one instant keep their order. The order of a history is the truth, so
        nothing in the library sorts by itself: this is for a caller who knows that events came in late, for instance
        from several sources, and that their stamps can be trusted. What is stamped before the incident was opened
        comes right after `Logged` and stays a defect of the history.

        >>> from datetime import datetime, UTC
        >>> from itilkit.events import Noted, Started
        >>> nine, ten = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)
        >>> late = Incident("INC42", [Logged(nine), Started(ten), Noted(nine, text="From the other tool")])
        >>> [type(event).__name__ for event in late.in_order().events]
        ['Logged', 'Noted', 'Started']
        """
        logged, *later = self.events
        ordered = (logged, *sorted(later, key=attrgetter("at")))
        # One that is in order already stays the same object, with what was worked out from it.
        if all(map(is_, ordered, self.events)):
            return self
        return attrs.evolve(self, events=ordered)

    def __repr__(self) -> str:
        count = len(self.events)
        plural = "" if count == 1 else "s"
        return f"<Incident {self.number}: {count} event{plural} from {self.opened_at.isoformat()}>"


# Past the door that keeps a frozen record from being changed: these values are its own from the start.
_into = Incident.__dict__["__dict__"].__set__
