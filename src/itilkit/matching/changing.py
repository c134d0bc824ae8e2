"""What was changed shortly before? Changes that may have caused an incident, as a suggestion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import attrs

from itilkit.errors import Fault, MatchingError, near, shown
from itilkit.events import Event, Linked, Person
from itilkit.events.doors import named, optional_instant
from itilkit.matching.asking import check_weights, check_within
from itilkit.matching.doors import check_mapping, each_of, names_of
from itilkit.matching.known import Known, known
from itilkit.matching.likeness import Agreed, sentence
from itilkit.matching.words import told
from itilkit.records import ChangeRef, Incident

__all__ = ["Change", "RelatedChange", "related_changes"]

TIME = "time"
_WEIGHTS: Mapping[str, float] = MappingProxyType({"configuration_item": 2.0, "service": 1.0, TIME: 1.0})


def _items(value: Iterable[str]) -> tuple[str, ...]:
    return names_of(value, "configuration_items")


def _services(value: Iterable[str]) -> tuple[str, ...]:
    return names_of(value, "services")


@attrs.frozen
class Change:
    """A change as its own practice knows it, as far as it matters here.

    Attributes:
        id: Its identity in the tool.
        title: What it is about.
        implemented_at: When it was put into effect; aware, UTC out. None while it was not.
        configuration_items: The ids of what it changed.
        services: The ids of the services that depend on that.

    Raises:
        RecordError: no id.
        MatchingError: items or services that are no texts.
        InstantError: `implemented_at` has no zone.
    """

    id: str = attrs.field(validator=named)
    title: str = ""
    implemented_at: datetime | None = attrs.field(default=None, converter=optional_instant, kw_only=True)
    configuration_items: tuple[str, ...] = attrs.field(default=(), converter=_items, kw_only=True)
    services: tuple[str, ...] = attrs.field(default=(), converter=_services, kw_only=True)


@attrs.frozen
class RelatedChange:
    """A change that may have caused an incident.

    Attributes:
        number: The incident.
        change: The change.
        score: How near it is; above 0 and up to 1.
        before: How long before the opening of the incident it was put into effect.
        why: What agrees; the shares add up to the score.
    """

    number: str
    change: Change
    score: float = attrs.field(kw_only=True)
    before: timedelta = attrs.field(kw_only=True)
    why: tuple[Agreed, ...] = attrs.field(kw_only=True)

    def __str__(self) -> str:
        return self.explain()

    @property
    def ref(self) -> ChangeRef:
        """The change as an incident refers to it, as its cause."""
        return ChangeRef(self.change.id, "caused_by", implemented_at=self.change.implemented_at)

    def explain(self) -> str:
        """What agrees, and how near it was."""
        return f"{told(self.change.id)} {self.score:.2f}: {sentence(self.why)}"

    def proposed(self, at: datetime, by: Person | str | None = None) -> tuple[tuple[str, Event], ...]:
        """The link to the change as the cause, as (number, event), for the host to decide on.

        Raises:
            InstantError: `at` has no zone.
        """
        return ((self.number, Linked(at, by, kind="caused_by_change", to=self.change.id)),)


def related_changes(
    incident: Incident,
    changes: Iterable[Change],
    *,
    as_of: datetime,
    before: timedelta,
    weights: Mapping[str, float] = _WEIGHTS,
) -> tuple[RelatedChange, ...]:
    """The changes that may have caused an incident, the nearest first; equal ones by id.

    A change counts where it was put into effect at most `before` the opening of the incident, not after it, and where
    it touched the incident's configuration item or service. The score is the share of the weights that agree: the item
    and the service where the incident knows them, and the time by how near it is, from 1 at the opening down to 0 at
    `before`. It is a suggestion and no finding: what comes first need not be the cause.

    Args:
        incident: The one that is asked about.
        changes: Where to look.
        as_of: What was known of the incident at this instant.
        before: How long before the opening a change may have been. There is no default: it is a matter of the house.
        weights: The weights of ``configuration_item``, ``service`` and ``time``; what is not named does not count.

    Raises:
        MatchingError: a window of no time, a weight that is none or of something else, none for item and service, or
            what is no incident or change.
        InstantError: `as_of` has no zone.

    >>> from datetime import UTC
    >>> from itilkit.events import Classified, Logged
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> incident = Incident("INC1", [Logged(nine), Classified(nine, configuration_item="db-1", service="payments")])
    >>> patch = Change("CHG7", implemented_at=nine - timedelta(hours=6), configuration_items=["db-1"])
    >>> for found in related_changes(incident, [patch], as_of=nine, before=timedelta(days=1)):
    ...     print(found)
    CHG7 0.69: configuration_item is db-1 (0.50), time is 6:00:00 before (0.19)
    """
    check_within(before, "before")
    _check(weights)
    given = each_of("a Change", Change, changes, "changes")
    asked = known(incident, as_of)
    if asked is None:
        return ()
    parts = {name: weight for name, weight in weights.items() if name == TIME or name in asked.values}
    whole = sum(parts.values())
    shares = {name: weight / whole for name, weight in parts.items()}
    found = (_related(asked, change, shares, before) for change in given)
    return tuple(
        sorted((each for each in found if each is not None), key=lambda each: (-each.score, each.change.id))
    )


def _check(weights: Mapping[str, float]) -> None:
    check_mapping("the weight of each field", weights, "weights")
    faults = [
        Fault(
            "unknown_field",
            f"changes are not compared by {shown(name)}",
            path="weights",
            hint=near(name, _WEIGHTS),
        )
        for name in weights
        if name not in _WEIGHTS
    ]
    if faults:
        raise MatchingError(faults)
    check_weights((f"weights.{name}", weight) for name, weight in weights.items())
    if not set(weights) - {TIME}:
        message, hint = "changes are related by what they touched", "weigh configuration_item or service, too"
        raise MatchingError.one("nothing_to_match", message, path="weights", hint=hint)


def _related(
    asked: Known, change: Change, shares: Mapping[str, float], within: timedelta
) -> RelatedChange | None:
    if change.implemented_at is None:
        return None
    before = asked.opened_at - change.implemented_at
    agreed = tuple(_agreed(asked, change, shares))
    if not agreed or not timedelta(0) <= before <= within:
        return None
    if TIME in shares:
        near = shares[TIME] * (1 - before / within)
        agreed = (*agreed, Agreed(TIME, f"{before} before", share=near))
    score = min(1.0, round(sum(each.share for each in agreed), 9))
    return RelatedChange(asked.number, change, score=score, before=before, why=agreed)


def _agreed(asked: Known, change: Change, shares: Mapping[str, float]) -> Iterator[Agreed]:
    touched = {"configuration_item": change.configuration_items, "service": change.services}
    for name, values in touched.items():
        if name in shares and asked.values[name] in values:
            yield Agreed(name, asked.values[name], share=shares[name])
