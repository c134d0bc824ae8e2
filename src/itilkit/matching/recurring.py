"""What comes again and again? Incidents with the same key, each shortly after the one before it.

An incident recurs in the sense of `itilkit.kpi.recurring_rate`: an earlier one of the same key was opened at most so
long before. A group is a chain of these, so its length may be many times the window.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

import attrs

from itilkit.errors import MatchingError
from itilkit.events import Event, Fields, Linked, Person
from itilkit.lifecycle import Timeline
from itilkit.matching.asking import check_count, check_within, parts_of
from itilkit.matching.doors import each_of
from itilkit.matching.known import Known, known_of, look_for, refuse_twins
from itilkit.matching.words import told
from itilkit.records import Problem, links
from itilkit.sla import Assessment
from itilkit.vocabulary import Status

__all__ = ["Promotion", "Recurrence", "Recurrences", "recurrences"]

_FEW = 5
_COLUMNS = ("incidents", "first_opened_at", "last_opened_at", "longest_gap", "problems", "numbers")
LeftOut = Literal["not_opened", "duplicate", "cancelled", "missing"]


@attrs.frozen
class Promotion:
    """A problem that is proposed for a group of incidents.

    Attributes:
        problem: The problem, new, with the numbers of all incidents of the group.
        proposed: The links for the incidents that are tied to no problem yet, as (number, event), for the host to
            decide on.
    """

    problem: Problem
    proposed: tuple[tuple[str, Event], ...]


@attrs.frozen
class Recurrence:
    """Incidents with the same key, each opened at most the window after the one before it.

    Attributes:
        key: The values that they share, by field.
        numbers: The incidents, in the order of opening.
        opened_at: When each was opened; UTC.
        problems: The problems that some of them are tied to already, by number.
        untied: Those of them that are tied to none.
    """

    key: Fields
    numbers: tuple[str, ...]
    opened_at: tuple[datetime, ...] = attrs.field(kw_only=True)
    problems: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    untied: tuple[str, ...] = attrs.field(default=(), kw_only=True)

    def __len__(self) -> int:
        """How many incidents there are."""
        return len(self.numbers)

    def __str__(self) -> str:
        return self.explain()

    @property
    def gaps(self) -> tuple[timedelta, ...]:
        """How long after the one before it each was opened; one fewer than there are incidents."""
        return tuple(later - earlier for earlier, later in pairwise(self.opened_at))

    @property
    def lasted(self) -> timedelta:
        """From the opening of the first to that of the last."""
        return self.opened_at[-1] - self.opened_at[0]

    def explain(self) -> str:
        """What comes again, how often and since when (UTC), and whether a problem is known."""
        first, last = (f"{at:%Y-%m-%d}" for at in (self.opened_at[0], self.opened_at[-1]))
        tied = f"; problem {_listed(self.problems)}" if self.problems else "; no problem yet"
        return f"{len(self)} times {_key_words(self.key)}, {first} to {last} UTC{tied}"

    def to_problem(
        self,
        number: str,
        at: datetime,
        by: Person | str | None = None,
        *,
        title: str = "",
    ) -> Promotion:
        """The problem that would stand for this group, and the links to it.

        Args:
            number: The identity that the host gives it.
            at: When; aware.
            by: Who proposes it; None is a tool.
            title: What it is about; by default what the incidents share.

        Raises:
            RecordError: no number.
            InstantError: `at` has no zone.
        """
        problem = Problem(number, title or f"Recurring: {_key_words(self.key)}", incidents=self.numbers)
        return Promotion(
            problem, tuple((each, Linked(at, by, kind="problem", to=number)) for each in self.untied)
        )


@attrs.frozen
class Recurrences:
    """The groups that recur, and what was not looked at.

    Attributes:
        groups: The largest first; equal ones by their first opening, then by number.
        left_out: How many incidents were not looked at, by reason: ``not_opened``, ``duplicate``, ``cancelled``, or
            ``missing`` where a part of the key is not known.
        n: How many were.
    """

    groups: tuple[Recurrence, ...]
    left_out: Mapping[LeftOut, int] = attrs.field(kw_only=True)
    n: int = attrs.field(kw_only=True)

    def __iter__(self) -> Iterator[Recurrence]:
        return iter(self.groups)

    def __len__(self) -> int:
        """How many groups there are."""
        return len(self.groups)

    def __str__(self) -> str:
        return self.explain()

    def to_rows(self) -> list[dict[str, Any]]:
        """One plain row for each group, for a data frame or a file.

        It has the key by field, ``incidents`` (how many), ``first_opened_at`` and ``last_opened_at`` (UTC),
        ``longest_gap``, ``problems`` and ``numbers``. A field of the key that is called like one of these has ``by_``
        before its name.
        """
        return [
            {
                **{f"by_{name}" if name in _COLUMNS else name: value for name, value in group.key.items()},
                "incidents": len(group),
                "first_opened_at": group.opened_at[0],
                "last_opened_at": group.opened_at[-1],
                "longest_gap": max(group.gaps),
                "problems": group.problems,
                "numbers": group.numbers,
            }
            for group in self.groups
        ]

    def explain(self) -> str:
        """The groups, one a line, and what was left out."""
        out = ", ".join(f"{reason.replace('_', ' ')} {count}" for reason, count in self.left_out.items())
        foot = f"of {self.n} incidents" + (f"; left out: {out}" if out else "")
        return "\n".join([*map(str, self.groups), foot])


def recurrences(
    cases: Iterable[Assessment | Timeline], *, by: str | Iterable[str], within: timedelta, at_least: int = 2
) -> Recurrences:
    """The groups of incidents that come again.

    Two incidents of one key belong together where the later one was opened at most `within` after the earlier one, or
    where others lie between them that close the gaps.

    Args:
        cases: The incidents as they are known at one instant: assessments, or timelines.
        by: The fields that say "the same", such as ``("symptom", "configuration_item")``. There is no default.
        within: How long after the one before it an incident still belongs to a group.
        at_least: The smallest group that is told.

    Raises:
        MatchingError: no field, one that no incident knows, a window of no time, a count below 2, or an incident that
            is given twice.
        RecordError: a field that holds many values, such as ``tags``.

    >>> from datetime import UTC
    >>> from itilkit.events import Classified, Logged
    >>> from itilkit.lifecycle import ITIL4_DEFAULT, replay
    >>> from itilkit.records import Incident
    >>> days = [datetime(2026, 3, day, tzinfo=UTC) for day in (2, 5, 6, 30)]
    >>> seen = [
    ...     replay(Incident(f"INC{at.day}", [Logged(at), Classified(at, configuration_item="db-1")]),
    ...            ITIL4_DEFAULT, as_of=days[-1])
    ...     for at in days
    ... ]
    >>> found = recurrences(seen, by="configuration_item", within=timedelta(days=7))
    >>> print(found)
    3 times configuration_item is db-1, 2026-03-02 to 2026-03-06 UTC; no problem yet
    of 4 incidents
    >>> found.groups[0].to_problem("PRB1", days[-1], "ann").problem.incidents
    ('INC2', 'INC5', 'INC6')
    """
    names = parts_of(by)
    check_within(within)
    check_count(at_least, "at_least", 2)
    left_out: Counter[LeftOut] = Counter()
    seen: list[Known] = []
    by_key: dict[tuple[Any, ...], list[_Tied]] = defaultdict(list)
    for timeline in _at_one_instant(cases):
        found = known_of(timeline)
        if found is None:
            left_out["not_opened"] += 1
            continue
        seen.append(found)
        reason = _left_out(timeline, found, names)
        if reason is None:
            by_key[tuple(found.values[name] for name in names)].append(_tied(timeline, found))
        else:
            left_out[reason] += 1
    refuse_twins((each.number for each in seen), "cases")
    look_for(names, seen, "by")
    groups = [
        _group(Fields(dict(zip(names, key, strict=True))), run)
        for key, members in by_key.items()
        for run in _runs(members, within)
        if len(run) >= at_least
    ]
    ordered = sorted(groups, key=lambda each: (-len(each), each.opened_at[0], each.numbers))
    n = sum(map(len, by_key.values()))
    return Recurrences(tuple(ordered), left_out=dict(sorted(left_out.items())), n=n)


def _at_one_instant(cases: Iterable[Assessment | Timeline]) -> Iterator[Timeline]:
    """The timelines; known at different instants they would not be told by the same measure."""
    as_of: datetime | None = None
    for case in each_of("an assessment or a timeline", (Assessment, Timeline), cases, "cases"):
        timeline = case.timeline if isinstance(case, Assessment) else case
        if as_of is not None and timeline.as_of != as_of:
            raise MatchingError.one(
                "mixed_as_of",
                f"the incidents are known as of {as_of.isoformat()} and of {timeline.as_of.isoformat()}",
                path="cases",
                hint="replay all incidents at one as_of",
            )
        as_of = timeline.as_of
        yield timeline


@attrs.frozen(order=True)
class _Tied:
    """An incident as it goes into a group."""

    opened_at: datetime
    number: str
    problem: str | None = attrs.field(eq=False)


def _tied(timeline: Timeline, found: Known) -> _Tied:
    recorded = found.values.get("problem")
    problem = links(timeline.events).problem or (None if recorded is None else str(recorded))
    return _Tied(found.opened_at, found.number, problem)


def _left_out(timeline: Timeline, found: Known, names: Iterable[str]) -> LeftOut | None:
    if links(timeline.events).duplicate_of is not None:
        return "duplicate"
    if timeline.status is Status.CANCELLED:
        return "cancelled"
    return "missing" if any(name not in found.values for name in names) else None


def _runs(members: Iterable[_Tied], within: timedelta) -> Iterator[list[_Tied]]:
    run: list[_Tied] = []
    for each in sorted(members):
        if run and each.opened_at - run[-1].opened_at > within:
            yield run
            run = []
        run.append(each)
    yield run


def _group(key: Fields, run: list[_Tied]) -> Recurrence:
    return Recurrence(
        key,
        tuple(each.number for each in run),
        opened_at=tuple(each.opened_at for each in run),
        problems=tuple(dict.fromkeys(each.problem for each in run if each.problem is not None)),
        untied=tuple(each.number for each in run if each.problem is None),
    )


def _key_words(key: Fields) -> str:
    return ", ".join(f"{told(name)} is {told(value)}" for name, value in key.items())


def _listed(numbers: Sequence[str]) -> str:
    """The first few."""
    few = ", ".join(map(told, numbers[:_FEW]))
    return few if len(numbers) <= _FEW else f"{few} and {len(numbers) - _FEW} more"
