"""Which incidents tell of an occurrence that has been reported already?

A duplicate and a recurrence may read alike. The difference is in the other one: a duplicate repeats an incident that
was still open when it came in; after that one was resolved, the same trouble is a new occurrence.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from itilkit.events import Event, Linked, Person
from itilkit.matching.asking import check_score, check_within
from itilkit.matching.corpus import Corpus
from itilkit.matching.known import known_of, seen
from itilkit.matching.likeness import Match, Question, not_before, sentence
from itilkit.matching.words import told
from itilkit.records import Incident, links

__all__ = ["Duplicate", "duplicates"]


@attrs.frozen
class Duplicate:
    """An incident that seems to repeat another one.

    Attributes:
        number: The later one.
        of: The one that it repeats.
        match: How alike they are, and in what.
        after: How long after the other one it was opened.
    """

    number: str
    of: str
    match: Match = attrs.field(kw_only=True)
    after: timedelta = attrs.field(kw_only=True)

    def __str__(self) -> str:
        return self.explain()

    def explain(self) -> str:
        """Why it seems to be a duplicate, in words."""
        reason = f"opened {self.after} later, while it was open; likeness {self.match.score:.2f}"
        return f"{told(self.number)} repeats {told(self.of)}: {reason}: {sentence(self.match.why)}"

    def proposed(self, at: datetime, by: Person | str | None = None) -> tuple[tuple[str, Event], ...]:
        """The links for both records, as (number, event), for the host to decide on.

        Raises:
            InstantError: `at` has no zone.
        """
        return (
            (self.number, Linked(at, by, kind="duplicate_of", to=self.of)),
            (self.of, Linked(at, by, kind="duplicate", to=self.number)),
        )


def duplicates(
    incident: Incident, corpus: Corpus, *, as_of: datetime, within: timedelta, at_least: float
) -> tuple[Duplicate, ...]:
    """The incidents that this one seems to repeat, the most alike first; equal ones by number.

    They were opened at most `within` before it and were still open when it was opened; of two that were opened at one
    instant, that with the lesser number is the earlier one. One that is itself a duplicate
    is not proposed, so that all point to the first one; for an incident that is known to be a duplicate nothing is.

    Args:
        incident: The one that may be a duplicate.
        corpus: Where to look.
        as_of: What was known of the incident at this instant; not before that of the corpus.
        within: How long before it the other one may have been opened. There is no default: it is a matter of the house.
        at_least: The least score, above 0 and up to 1, as `similar` gives it.

    Raises:
        MatchingError: a window of no time, a score out of range, or a corpus that knows of more than `as_of`.
        InstantError: `as_of` has no zone.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged
    >>> nine, ten = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)
    >>> corpus = Corpus([Incident("INC1", [Logged(nine, title="Printer jam")])], as_of=ten)
    >>> asked = Incident("INC2", [Logged(ten, title="Jam of the printer")])
    >>> (found,) = duplicates(asked, corpus, as_of=ten, within=timedelta(hours=4), at_least=0.5)
    >>> print(found)
    INC2 repeats INC1: opened 1:00:00 later, while it was open; likeness 0.51: words jam (0.25), printer (0.25)
    >>> [(number, event.kind, event.to) for number, event in found.proposed(ten, "ann")]
    [('INC2', 'duplicate_of', 'INC1'), ('INC1', 'duplicate', 'INC2')]
    """
    check_within(within)
    check_score(at_least, "at_least")
    timeline = seen(incident, not_before(as_of, corpus))
    asked = known_of(timeline)
    if asked is None or links(timeline.events).duplicate_of is not None:
        return ()
    question = Question(asked, corpus)
    found: list[Duplicate] = []
    for place, score in question.at_least(at_least):
        other = corpus.incidents[place]
        after = asked.opened_at - other.opened_at
        if (other.opened_at, other.number) > (asked.opened_at, asked.number):
            continue  # of two that came at one instant only one can repeat the other
        if after <= within and _is_meant(other, asked.opened_at, corpus.as_of):
            match = question.match(place, score)
            found.append(Duplicate(asked.number, other.number, match=match, after=after))
    return tuple(sorted(found, key=lambda each: (-each.match.score, each.of)))


def _is_meant(record: Incident, opened_at: datetime, as_of: datetime) -> bool:
    """Whether a record was open then and is, as far as is known, no duplicate itself."""
    status = seen(record, min(opened_at, as_of)).status
    return status is not None and status.is_open and links(seen(record, as_of).events).duplicate_of is None
