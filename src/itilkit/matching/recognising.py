"""Is it known already? Known errors, recognised by their keys, and the workarounds that help meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import attrs

from itilkit.events import Event, Linked, Person
from itilkit.matching.doors import each_of, names_of
from itilkit.matching.known import Known, known, look_for
from itilkit.matching.words import Words, told
from itilkit.records import Incident, KnownError, Workaround
from itilkit.spans import utc

__all__ = ["Recognised", "known_errors"]

_EVERY_WORD = Words(1)


@attrs.frozen
class Recognised:
    """A known error that an incident shows.

    Attributes:
        number: The incident.
        known_error: The known error.
        keys: Its keys that were found, each with the field that says it, in their order.
        score: How many of its keys were found, of all; above 0 and up to 1. Keys of the same words are one.
        workaround: Its workaround, where there is one that may still be used.
    """

    number: str
    known_error: KnownError
    keys: tuple[tuple[str, str], ...] = attrs.field(kw_only=True)
    score: float = attrs.field(kw_only=True)
    workaround: Workaround | None = attrs.field(default=None, kw_only=True)

    def __str__(self) -> str:
        return self.explain()

    def explain(self) -> str:
        """Which keys were found where, and what helps."""
        found = ", ".join(f"{told(key)} in {told(field)}" for key, field in self.keys)
        helps = f"; workaround {told(self.workaround.id)}" if self.workaround else "; no workaround"
        count = f"{len(self.keys)} of {len(_keys(self.known_error))} keys"
        return f"{told(self.known_error.id)}: {count}: {found}{helps}"

    def proposed(self, at: datetime, by: Person | str | None = None) -> tuple[tuple[str, Event], ...]:
        """The links to the known error and its workaround, as (number, event), for the host to decide on.

        Raises:
            InstantError: `at` has no zone.
        """
        error = Linked(at, by, kind="known_error", to=self.known_error.id)
        if self.workaround is None:
            return ((self.number, error),)
        return (self.number, error), (self.number, Linked(at, by, kind="workaround", to=self.workaround.id))


def known_errors(
    incident: Incident,
    catalogue: Iterable[KnownError],
    *,
    as_of: datetime,
    workarounds: Iterable[Workaround] = (),
    texts: Iterable[str] = ("title",),
) -> tuple[Recognised, ...]:
    """The known errors of which the incident shows a key: most keys found first, then the larger share, then by id.

    A key is found where its words stand in a text one after the other; case and signs between words do not matter, so
    that ``ORA-00600`` is found in "ora 00600". A part of a word is no find.

    Args:
        incident: The one that is asked about.
        catalogue: What is known. Pass what was known then: a known error does not say since when it is.
        as_of: What was known of the incident at this instant; workarounds that ended by then are not offered.
        workarounds: Those that known errors may name.
        texts: The fields that are searched; they need not be long: an error code's field will do.

    Raises:
        MatchingError: a field that is no standard one and that the incident does not know, or what is no incident,
            known error or workaround.
        InstantError: `as_of` has no zone.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> call = Incident("INC1", [Logged(nine, title="Payments fails with ORA 00600")])
    >>> error = KnownError("KE7", "PRB1", match_keys=["ORA-00600", "ORA-07445"], workaround="WA3")
    >>> restart = Workaround("WA3", "Restart the listener", restores="full")
    >>> for found in known_errors(call, [error], as_of=nine, workarounds=[restart]):
    ...     print(found)
    KE7: 1 of 2 keys: ORA-00600 in title; workaround WA3
    """
    at, fields = utc(as_of), names_of(texts, "texts")
    errors = each_of("a KnownError", KnownError, catalogue, "catalogue")
    helps = each_of("a Workaround", Workaround, workarounds, "workarounds")
    asked = known(incident, at)
    if asked is None:
        return ()
    look_for(fields, [asked], "texts")
    said = [(field, _phrase(asked.text([field]))) for field in fields]
    usable = {each.id: each for each in helps if each.valid_until is None or at < each.valid_until}
    found = (_recognised(asked, error, said, usable.get(error.workaround or "")) for error in errors)
    return tuple(
        sorted(
            (each for each in found if each is not None),
            key=lambda each: (-len(each.keys), -each.score, each.known_error.id),
        )
    )


def _recognised(
    asked: Known, error: KnownError, said: Iterable[tuple[str, str]], workaround: Workaround | None
) -> Recognised | None:
    keys: list[tuple[str, str]] = []
    wanted = _keys(error)
    for phrase, key in wanted.items():
        field = next((field for field, text in said if phrase in text), None)
        if field is not None:
            keys.append((key, field))
    if not keys:
        return None
    score = len(keys) / len(wanted)
    return Recognised(asked.number, error, keys=tuple(keys), score=score, workaround=workaround)


def _keys(error: KnownError) -> dict[str, str]:
    """Its keys by their words: one that is given in two spellings counts once, and one without words is none."""
    found: dict[str, str] = {}
    for key in error.match_keys:
        if phrase := _phrase(key).strip():
            found.setdefault(f" {phrase} ", key)
    return found


def _phrase(text: str) -> str:
    """The words of a text between single spaces, so that a part of a word is not found."""
    return f" {' '.join(_EVERY_WORD.of(text))} "
