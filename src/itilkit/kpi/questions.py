"""Shares that one question to each incident tells: what it was, how it was found, what caused it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import attrs

from itilkit.events import Linked
from itilkit.kpi.case import Reason
from itilkit.kpi.definition import Case, Cohort, Figure, Kpi, LeftOut, check_word, refuse
from itilkit.kpi.dimension import dimension
from itilkit.kpi.share import Claim, claim, share_interval
from itilkit.spans import micros_of, utc

__all__ = [
    "change_induced_rate",
    "correctly_categorised_rate",
    "high_priority_rate",
    "known_error_match_rate",
    "major_rate",
    "proactive_rate",
    "recurring_rate",
]


def _category_stayed(case: Case) -> bool | LeftOut:
    if case.closed_at is None:
        return LeftOut("missing" if case.timeline.statuses[-1].is_final else "open")
    told = (fields.get("category") for fields in case.timeline.fields)
    first = next((each for each in told if each is not None), None)
    return LeftOut("missing") if first is None else first == case.fields.get("category")


def correctly_categorised_rate(*, cohort: Cohort = "closed") -> Claim:
    """The first category is the final one / closed with both known: "unchanged", for nobody mends every wrong one.

    Left out: ``open`` (not closed), ``missing`` (no category).

    Raises:
        KpiError: an unknown cohort.
    """
    return claim("correctly_categorised_rate", _category_stayed, reading="category unchanged", cohort=cohort)


def _matched(case: Case, known: tuple[tuple[str, datetime], ...]) -> bool | LeftOut:
    since, opened = dict(known), case.timeline.events[0].at
    links = [
        event
        for event in case.timeline.events
        if isinstance(event, Linked) and event.kind in ("known_error", "workaround")
    ]
    if any(since.get(link.to, opened) < opened for link in links):
        return True
    return LeftOut("not_recorded") if any(link.to not in since for link in links) else False


def known_error_match_rate(*, known_since: Mapping[str, datetime], cohort: Cohort = "opened") -> Claim:
    """Incidents tied to a known error or workaround that was there before they were opened / incidents.

    Args:
        known_since: When each known error and workaround came to be, by number. A link to another one makes an incident
            ``not_recorded``, because nobody can tell whether it helped or was written afterwards.
        cohort: The event that places an incident in a period.

    Raises:
        KpiError: an unknown cohort.
        InstantError: an instant without a zone.
    """
    since = tuple(sorted((number, utc(at)) for number, at in known_since.items()))
    return claim("known_error_match_rate", _matched, since, reading="known before the opening", cohort=cohort)


def _found_by_monitoring(case: Case) -> bool | LeftOut:
    by, channel = case.known("detected_by"), case.known("channel")
    if by is None and channel is None:
        return LeftOut("not_recorded")
    return by == "monitoring" if by is not None else channel == "monitoring"


def proactive_rate(*, cohort: Cohort = "opened") -> Claim:
    """Detected by monitoring / incidents of which it is known: by the field ``detected_by``, else by the channel.

    Left out: ``not_recorded`` (neither is known).

    Raises:
        KpiError: an unknown cohort.
    """
    return claim("proactive_rate", _found_by_monitoring, reading="detected by monitoring", cohort=cohort)


def _major(case: Case) -> bool | LeftOut:
    if case.is_major:
        return True
    return False if case.timeline.priority is None else case.timeline.priority == 1


def _declared(case: Case) -> bool:
    return case.is_major


def major_rate(*, by_priority: bool = False, cohort: Cohort = "opened") -> Claim:
    """Major incidents / incidents: those declared major, or whose field ``major`` is true.

    Args:
        by_priority: Take priority 1 for major as well, for a house that declares none.
        cohort: The event that places an incident in a period.

    Source: ServiceNow.

    Raises:
        KpiError: an unknown cohort.
    """
    words = "declared major" + (", or priority 1" if by_priority else "")
    return claim("major_rate", _major if by_priority else _declared, reading=words, cohort=cohort)


def _high(case: Case, below: int) -> bool | LeftOut:
    priority = case.timeline.priority
    return LeftOut("not_recorded") if priority is None else priority <= below


def high_priority_rate(*, down_to: int = 2, cohort: Cohort = "opened") -> Claim:
    """Incidents of priority 1 or 2 / incidents of known priority, as it stands at `as_of`.

    Args:
        down_to: The lowest priority that counts; 1 is the highest.
        cohort: The event that places an incident in a period.

    Left out: ``not_recorded`` (no priority). Source: ServiceNow's benchmark.

    Raises:
        KpiError: a priority that is none, or an unknown cohort.
    """
    if type(down_to) is not int or down_to < 1:
        raise refuse("down_to", f"{down_to!r} is no priority", "a whole number; 1 is the highest")
    return claim("high_priority_rate", _high, down_to, reading=f"priority 1 to {down_to}", cohort=cohort)


def _caused(case: Case) -> bool:
    return any(
        isinstance(event, Linked) and event.kind == "caused_by_change" for event in case.timeline.events
    )


def change_induced_rate(*, cohort: Cohort = "opened") -> Claim:
    """Incidents that a change caused / incidents. A change raised to mend one (`Linked` as ``change``) caused nothing.

    An unknown cause counts as no change: the figure is a lower bound where causes are seldom looked for.

    Raises:
        KpiError: an unknown cohort.
    """
    return claim("change_induced_rate", _caused, reading="linked as caused by a change", cohort=cohort)


Seen = tuple[tuple[Any, ...], int]
_KEY = ("service", "category", "subcategory")


@attrs.frozen
class RecurringRate(Kpi):
    """See `recurring_rate`."""

    key: tuple[str, ...] = attrs.field(kw_only=True)
    window: timedelta = attrs.field(kw_only=True)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that make the key."""
        return self.key

    @property
    def _readers(self) -> tuple[Callable[[Case], Any], ...]:
        return tuple(map(dimension, self.key))

    def observe(self, case: Case) -> Seen | LeftOut:
        """Its key and when it was opened."""
        key = tuple(read(case) for read in self._readers)
        return LeftOut("missing") if None in key else (key, micros_of(case.timeline.events[0].at))

    def figures(self, observations: Sequence[Seen]) -> Iterator[Figure]:
        """The share; what was opened within the first `window` of the data cannot be judged."""
        window = self.window // timedelta(microseconds=1)
        ordered = sorted(((at, key) for key, at in observations), key=lambda each: each[0])
        ripe = ordered[0][0] + window if ordered else 0
        last: dict[tuple[Any, ...], int] = {}
        count = n = 0
        for at, key in ordered:
            if at >= ripe:
                n += 1
                count += key in last and at - last[key] <= window
            last[key] = at
        unripe: dict[Reason, int] = {"unripe": len(ordered) - n} if len(ordered) > n else {}
        yield Figure(
            "share",
            count / n if n else None,
            "ratio",
            n,
            {"counted": count},
            left_out=unripe,
            sureness=lambda level, _: share_interval(count, n, level),
        )


def recurring_rate(
    *, key: Sequence[str] = _KEY, window: timedelta = timedelta(days=30), cohort: Cohort = "opened"
) -> RecurringRate:
    """Incidents with an earlier one of the same key, opened at most `window` before / incidents with a full key.

    Args:
        key: The dimensions that say "the same": service, category and subcategory unless told otherwise.
        window: How long ago the earlier one may be.
        cohort: The event that places an incident in a period. With periods or groups each cell looks only at itself.

    Left out: ``missing`` (part of the key is not known), ``unripe`` (opened in the first `window` of the data, where an
    earlier one could not be seen), duplicates and the other kinds that shares leave out.

    Raises:
        KpiError: no key, a window of no time, or an unknown cohort.
    """
    check_word("cohort", cohort, get_args(Cohort))
    names = (key,) if isinstance(key, str) else tuple(key)
    if not names:
        raise refuse("key", "nothing says which incidents are the same", "key=('service', 'category')")
    if window <= timedelta(0):
        raise refuse("window", f"a window of {window} is none")
    words = f"same {', '.join(names)} within {window.days} days"
    return RecurringRate("recurring_rate", reading=words, cohort=cohort, key=names, window=window)
