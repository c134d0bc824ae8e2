"""What a post-incident review found, and what is to be done: values that a host keeps beside the incident.

Rules of this file:

* A review holds what people said. What the history tells, such as the course of events and how long each stage took,
  is read from it each time and never kept here.
* Due and done are dates, as people agree on them; whether an action was open is asked for a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum

import attrs

from itilkit.errors import Fault, RecordError, near, shown
from itilkit.events import Person, Reviewed
from itilkit.events.doors import optional_instant, person_of, somebody

__all__ = ["ActionItem", "Cause", "ContributingFactor", "OpenAction", "PostIncidentReview", "open_actions"]


class Cause(StrEnum):
    """Of which kind a cause or a contributing factor is."""

    CHANGE = "change"
    CAPACITY = "capacity"
    HARDWARE_FAILURE = "hardware_failure"
    SOFTWARE_DEFECT = "software_defect"
    CONFIGURATION = "configuration"
    HUMAN_ERROR = "human_error"
    SUPPLIER = "supplier"
    SECURITY = "security"
    ENVIRONMENT = "environment"
    UNKNOWN = "unknown"


def _cause(value: Cause | str | None) -> Cause | None:
    try:
        return None if value is None else Cause(value)
    except ValueError:
        raise RecordError.one(
            "unknown_word", f"{value!r} is no kind of cause", path="cause", hint=near(value, Cause)
        ) from None


def _named(what: str, values: Iterable[tuple[str, object]]) -> Iterator[Fault]:
    for path, value in values:
        if not isinstance(value, str) or not value.strip():
            yield Fault("no_name", f"{what} needs {path}, got {value!r}", path=path, hint="give a text")


def _texts_only(values: Iterable[tuple[str, object]]) -> Iterator[Fault]:
    for path, value in values:
        if not isinstance(value, str):
            yield Fault("not_a_text", f"expected a text, got {shown(value)}", path=path, hint="give a str")


def _each(path: str, values: Iterable[object]) -> Iterator[tuple[str, object]]:
    return ((f"{path}[{place}]", value) for place, value in enumerate(values))


def is_date(value: object) -> bool:
    """A plain date: an instant is none, because its date depends on the zone."""
    return isinstance(value, date) and not isinstance(value, datetime)


@attrs.frozen
class ContributingFactor:
    """What made the incident happen, last longer or hit harder.

    Attributes:
        what: In words.
        cause: Of which kind it is; None where nobody said.

    Raises:
        RecordError: no words, or no such kind.
    """

    what: str
    cause: Cause | None = attrs.field(default=None, converter=_cause)

    def __attrs_post_init__(self) -> None:
        faults = list(_named("a contributing factor", [("what", self.what)]))
        if faults:
            raise RecordError(faults)

    def __str__(self) -> str:
        return self.what if self.cause is None else f"{self.what} ({self.cause.replace('_', ' ')})"


@attrs.frozen
class ActionItem:
    """What somebody does so that it does not happen again, or is over sooner.

    Attributes:
        what: In words.
        owner: Who answers for it.
        due: By which date.
        done_on: When it was done; None while it is not.
        feeds: The practice that it belongs to, such as problem management; may be empty.

    Raises:
        RecordError: no words, nobody, or no date.

    >>> ActionItem("Test the failover every month", "Ola", due=date(2026, 4, 30)).is_open(date(2026, 5, 1))
    True
    """

    what: str
    owner: str
    due: date = attrs.field(kw_only=True)
    done_on: date | None = attrs.field(default=None, kw_only=True)
    feeds: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = list(_named("an action", [("what", self.what), ("owner", self.owner)]))
        faults += _texts_only([("feeds", self.feeds)])
        for path, value in (("due", self.due), ("done_on", self.done_on)):
            if not is_date(value) and (path == "due" or value is not None):
                hint = "give a date such as date(2026, 4, 30)"
                faults.append(Fault("bad_date", f"expected a date, got {value!r}", path=path, hint=hint))
        if faults:
            raise RecordError(faults)

    def is_open(self, on: date) -> bool:
        """Whether it was still to be done at the end of a date."""
        return self.done_on is None or self.done_on > on


def _texts(values: Iterable[str] | str) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _factors(values: Iterable[ContributingFactor | str]) -> tuple[ContributingFactor, ...]:
    return tuple(ContributingFactor(each) if isinstance(each, str) else each for each in values)


def _people(values: Iterable[Person | str]) -> tuple[Person, ...]:
    return tuple(somebody(each) for each in values)


def _actions(values: Iterable[ActionItem]) -> tuple[ActionItem, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class PostIncidentReview:
    """What was found when an incident was looked at afterwards.

    Attributes:
        id: Its number; what `Reviewed.reference` names.
        incident: The number of the incident.
        held_at: When; UTC. None while it is planned.
        attendees: Who took part; people may be given by their id.
        root_cause: What the cause is held to be; empty while it is looked for.
        contributing: What else contributed; a text stands for a factor without a kind.
        went_well: What to keep.
        went_wrong: What to mend.
        actions: What is to be done.
        problem: The problem under which the cause is looked for; None where there is none.

    Raises:
        RecordError: no number of the review or of the incident, an attendee who is nobody, or a value of another kind.
        InstantError: `held_at` has no zone.

    >>> review = PostIncidentReview(id="PIR-12", incident="INC0200", contributing=["No alarm on the switch"])
    >>> print(review.contributing[0])
    No alarm on the switch
    """

    id: str
    incident: str
    held_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    attendees: tuple[Person, ...] = attrs.field(default=(), converter=_people)
    root_cause: str = ""
    contributing: tuple[ContributingFactor, ...] = attrs.field(default=(), converter=_factors)
    went_well: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    went_wrong: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    actions: tuple[ActionItem, ...] = attrs.field(default=(), converter=_actions)
    problem: str | None = None

    def __attrs_post_init__(self) -> None:
        if faults := [*_named("a review", [("id", self.id), ("incident", self.incident)]), *_odd(self)]:
            raise RecordError(faults)

    def event(self, at: datetime, by: Person | str | None = None) -> Reviewed:
        """What to decide on and append to the incident once it was held.

        Raises:
            RecordError: it was held later than `at`.
            InstantError: `at` has no zone.
        """
        return Reviewed(at, person_of(by), reference=self.id, held_at=self.held_at)


def _odd(review: PostIncidentReview) -> Iterator[Fault]:
    """What stands in a review and is of another kind."""
    texts: list[tuple[str, object]] = [("root_cause", review.root_cause)]
    texts += [] if review.problem is None else [("problem", review.problem)]
    yield from _texts_only(
        [*texts, *_each("went_well", review.went_well), *_each("went_wrong", review.went_wrong)]
    )
    parts: tuple[tuple[str, Iterable[object], type], ...] = (
        ("contributing", review.contributing, ContributingFactor),
        ("actions", review.actions, ActionItem),
    )
    for path, values, kind in parts:
        for where, value in _each(path, values):
            if not isinstance(value, kind):
                message = f"expected a value of {kind.__name__}, got {shown(value)}"
                yield Fault("bad_value", message, path=where)


@attrs.frozen
class OpenAction:
    """An action that is still to be done, and where it comes from.

    Attributes:
        action: What is to be done.
        review: The number of the review.
        incident: The number of the incident.
        overdue_days: How many days past its due date; 0 while it is not.
    """

    action: ActionItem
    review: str
    incident: str = attrs.field(kw_only=True)
    overdue_days: int = attrs.field(kw_only=True)

    def __str__(self) -> str:
        late = f", {self.overdue_days} d overdue" if self.overdue_days else ""
        return f"{self.review} ({self.incident}): {self.action.what}: {self.action.owner}, due {self.action.due}{late}"


def open_actions(
    reviews: Iterable[PostIncidentReview], *, on: date, owner: str | None = None
) -> tuple[OpenAction, ...]:
    """The actions of many reviews that are to be done at the end of a date, the one that is due first at the front.

    Args:
        reviews: The reviews; of none nothing is open.
        on: The date; what was done on it is done, what was done later was still open.
        owner: Only theirs; None is everybody's.

    Raises:
        RecordError: `on` is no date.

    >>> action = ActionItem("Test the failover", "Ola", due=date(2026, 4, 30))
    >>> review = PostIncidentReview(id="PIR-12", incident="INC0200", actions=[action])
    >>> print(*open_actions([review], on=date(2026, 5, 2)))
    PIR-12 (INC0200): Test the failover: Ola, due 2026-04-30, 2 d overdue
    """
    if not is_date(on):
        hint = "give a date such as date(2026, 4, 30)"
        raise RecordError.one("bad_date", f"expected a date, got {on!r}", path="on", hint=hint)
    found = [
        OpenAction(action, review.id, incident=review.incident, overdue_days=max((on - action.due).days, 0))
        for review in reviews
        for action in review.actions
        if action.is_open(on) and owner in (None, action.owner)
    ]
    return tuple(sorted(found, key=lambda each: (each.action.due, each.review)))
