"""Reviews as plain data: tables, lists, texts and dates, as TOML and JSON have them.

The keys are the names of the attributes; what is left out has the attribute's default, and what has its default is
not written. Instants and dates are written as ISO 8601 texts, and read as these or as what TOML makes of them. Reading
never stops at the first fault.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from itilkit.errors import Fault, RecordError, shown
from itilkit.events import Person
from itilkit.major_incidents.reading import Plain, Reader, under
from itilkit.reviews.record import ActionItem, ContributingFactor, PostIncidentReview, is_date
from itilkit.spans import utc

__all__ = ["Plain", "from_data", "to_data"]


def from_data(data: object, *, path: str = "") -> PostIncidentReview:
    """The review that a table describes.

    Args:
        data: A table with the keys ``id`` and ``incident``, and what else a review has.
        path: Where the data stands, for messages.

    Raises:
        RecordError: with every fault, each with its path.

    >>> action = {"what": "Test the failover", "owner": "Ola", "due": "2026-04-30"}
    >>> review = from_data({"id": "PIR-12", "incident": "INC0200", "actions": [action]})
    >>> review.actions[0].due
    datetime.date(2026, 4, 30)
    """
    reader = _Reader()
    review = reader.review(data, path)
    reader.done()
    return cast("PostIncidentReview", review)  # without a fault there is one


def to_data(review: PostIncidentReview) -> Plain:
    """The shortest table that `from_data` reads as this review; JSON and TOML can hold it.

    >>> to_data(PostIncidentReview(id="PIR-12", incident="INC0200", contributing=["No alarm"]))
    {'id': 'PIR-12', 'incident': 'INC0200', 'contributing': ['No alarm']}
    """
    table: Plain = {"id": review.id, "incident": review.incident}
    if review.held_at is not None:
        table["held_at"] = review.held_at.isoformat()
    if review.attendees:
        table["attendees"] = [_person(each) for each in review.attendees]
    if review.root_cause:
        table["root_cause"] = review.root_cause
    if review.contributing:
        table["contributing"] = [
            each.what if each.cause is None else {"what": each.what, "cause": each.cause.value}
            for each in review.contributing
        ]
    table |= {key: list(getattr(review, key)) for key in ("went_well", "went_wrong") if getattr(review, key)}
    if review.actions:
        table["actions"] = [_action(each) for each in review.actions]
    if review.problem is not None:
        table["problem"] = review.problem
    return table


def _person(person: Person) -> str | Plain:
    if person == Person(person.id):
        return person.id
    table: Plain = {"id": person.id}
    table |= {key: getattr(person, key) for key in ("name", "organisation", "vip") if getattr(person, key)}
    return table


def _action(action: ActionItem) -> Plain:
    table: Plain = {"what": action.what, "owner": action.owner, "due": action.due.isoformat()}
    if action.done_on is not None:
        table["done_on"] = action.done_on.isoformat()
    if action.feeds:
        table["feeds"] = action.feeds
    return table


class _Reader(Reader):
    """What a review is made of."""

    def __init__(self) -> None:
        super().__init__(RecordError)

    def review(self, data: object, path: str) -> PostIncidentReview | None:
        """A review; None, and faults, where the table describes none."""
        before = len(self.faults)
        table = self.table(data, path, tuple(_REVIEW), ("id", "incident"))
        given = {} if table is None else self.values(table, _REVIEW, path)
        if len(self.faults) > before:
            return None
        return self.tried(path, lambda: PostIncidentReview(**given))

    def values(self, table: dict[str, object], readers: dict[str, str], path: str) -> Plain:
        """What stands under each key, read by the method that the key has."""
        return {
            key: getattr(self, read)(table[key], under(path, key))
            for key, read in readers.items()
            if key in table
        }

    def each(self, data: object, path: str, example: str, read: str) -> list[Any]:
        """The items of a list, read by a method."""
        items = self.listed(data, path, example)
        return [getattr(self, read)(item, f"{path}[{place}]") for place, item in enumerate(items)]

    def people(self, data: object, path: str) -> list[Any]:
        """Some people."""
        return self.each(data, path, '["ann"]', "person")

    def person(self, data: object, path: str) -> Person | None:
        """A person by the id, or as a table."""
        if isinstance(data, str):
            named = self.text(data, path)
            return None if named is None else Person(named)
        before = len(self.faults)
        table = self.table(data, path, tuple(_PERSON), ("id",))
        given = {} if table is None else self.values(table, _PERSON, path)
        return None if len(self.faults) > before else Person(**given)

    def factors(self, data: object, path: str) -> list[Any]:
        """What contributed."""
        return self.each(data, path, '["..."]', "factor")

    def factor(self, data: object, path: str) -> ContributingFactor | None:
        """A contributing factor, as a text or a table."""
        keys = {"what": "text", "cause": "text"}
        table = self.table({"what": data} if isinstance(data, str) else data, path, tuple(keys), ("what",))
        before = len(self.faults)
        given = {} if table is None else self.values(table, keys, path)
        if table is None or "what" not in table or len(self.faults) > before:
            return None
        return self.tried(path, lambda: ContributingFactor(**given))

    def actions(self, data: object, path: str) -> list[Any]:
        """What is to be done."""
        return self.each(data, path, "[[actions]]", "action")

    def action(self, data: object, path: str) -> ActionItem | None:
        """An action."""
        before = len(self.faults)
        table = self.table(data, path, tuple(_ACTION), ("what", "owner", "due"))
        given = {} if table is None else self.values(table, _ACTION, path)
        return None if len(self.faults) > before else self.tried(path, lambda: ActionItem(**given))

    def flag(self, data: object, path: str) -> bool:
        """True or false."""
        if not isinstance(data, bool):
            message = f"expected true or false, got {shown(data)}"
            self.note(Fault("not_a_flag", message, path=path, hint="write true or false"))
        return data is True

    def instant(self, data: object, path: str) -> datetime | None:
        """An instant, as a text or as it is."""
        found = _iso(datetime, data)
        if isinstance(found, datetime):
            return self.tried(path, lambda: utc(found))
        message, hint = f"expected an instant, got {shown(data)}", "write 2026-03-17T10:00:00Z"
        self.note(Fault("not_an_instant", message, path=path, hint=hint))
        return None

    def day(self, data: object, path: str) -> date | None:
        """A date, as a text or as it is."""
        found = _iso(date, data)
        if is_date(found):
            return cast("date", found)
        message = f"expected a date, got {shown(data)}"
        self.note(Fault("bad_date", message, path=path, hint="write 2026-04-30"))
        return None


def _iso(kind: type[date], data: object) -> object:
    try:
        return kind.fromisoformat(data) if isinstance(data, str) else data
    except ValueError:
        return None


# By key, the method of the reader that takes its value.
_REVIEW = {
    "id": "text",
    "incident": "text",
    "held_at": "instant",
    "attendees": "people",
    "root_cause": "text",
    "contributing": "factors",
    "went_well": "texts",
    "went_wrong": "texts",
    "actions": "actions",
    "problem": "text",
}
_PERSON = {"id": "text", "name": "text", "organisation": "text", "vip": "flag"}
_ACTION = {"what": "text", "owner": "text", "due": "day", "done_on": "day", "feeds": "text"}
