"""What the rules of lint look at: a policy, the cases that its conditions tell apart, and which goal is the shorter.

The cases are all there are, as long as they are few enough to go through. Beyond that a sample is taken, always the
same one, and then only what a case at hand proves is told: a gap that is found is a gap, and a rule is called
shadowed only if a single other one proves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeGuard

import attrs

from itilkit.calendars import Calendar, Period
from itilkit.calendars.hours import DAY_US
from itilkit.calendars.schedule import Schedule
from itilkit.calendars.zones import midnight, wall_of
from itilkit.conditions import Always, Condition, Eq, Field, Regions, evaluate, predicates, regions
from itilkit.errors import CalendarError, PolicyError
from itilkit.policy.agreement import Agreement
from itilkit.policy.whole import schema_of
from itilkit.sla import Goal, Link, WorkingDays, chain
from itilkit.spans import Pair, micros_of, subtract

if TYPE_CHECKING:
    from itilkit.policy.policy import Policy

__all__ = ["COMPLETE", "Look", "Row", "Sample", "cases_of", "named"]

# What every incident has at every moment. A priority may be missing; nothing is promised then, whatever holds.
COMPLETE = ("status", "state", "opened_at", "reopen_count", "priority")
"""The fields that are never missing when a promise is looked for."""
_EACH, _MOST = 8, 2_000


def named(rows: Iterable[Row], most: int = 5) -> str:
    """The names of agreements, the first few of them."""
    names = [row.agreement.name for row in rows]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _plain_days(target: object) -> TypeGuard[WorkingDays]:
    """Whether a target is in working dates from the one after the opening on."""
    return isinstance(target, WorkingDays) and target == WorkingDays(target.days)


def _ends_in_the_day(calendar: Calendar) -> bool:
    """Whether every date is known to close before its midnight."""
    rules = calendar.rules
    if not isinstance(rules, Schedule) or rules.recurring:
        return False
    days = (*rules.week, *(windows for _, windows in rules.special))
    return all(closes < DAY_US for windows in days for _, closes in windows)


@attrs.frozen
class Sample:
    """Some of the cases that conditions tell apart; sets of them are whole numbers, a bit for each."""

    situations: tuple[Mapping[str, Any], ...]

    @property
    def every(self) -> int:
        """The set of all that are looked at."""
        return (1 << len(self.situations)) - 1

    def where(self, condition: Condition) -> int:
        """Those in which the condition is known to hold."""
        return sum(
            1 << place
            for place, situation in enumerate(self.situations)
            if evaluate(condition, situation) is True
        )

    def cells(self, some: int) -> Iterator[Mapping[str, Any]]:
        """The situations of a set, in order."""
        return (situation for place, situation in enumerate(self.situations) if some >> place & 1)

    @classmethod
    def of(cls, conditions: Sequence[Condition], complete: Sequence[str]) -> Sample:
        """Cases in which each condition holds, the other fields going through their values at different paces."""
        values = _values(conditions, complete)
        starts = [start for condition in conditions for start in _starts(condition, complete)]
        starts += [{}] * len(values)
        per_start = max(1, _MOST // max(1, len(starts)))
        found: dict[tuple[tuple[str, Any], ...], None] = {}
        turn = 0
        for start in starts:
            for _ in range(per_start):
                case = {
                    name: some[(turn * (1 + place) + turn // len(some)) % len(some)]
                    for place, (name, some) in enumerate(values.items())
                }
                case |= start
                found[tuple(sorted((name, value) for name, value in case.items() if value is not None))] = (
                    None
                )
                turn += 1
        return cls(tuple(dict(case) for case in found))


def cases_of(conditions: Sequence[Condition]) -> Regions | Sample:
    """The cases that conditions tell apart, or a sample of too many."""
    try:
        return regions(conditions, complete=COMPLETE)
    except PolicyError as error:
        if error.faults[0].code != "too_many_regions":
            raise
        return Sample.of(conditions, COMPLETE)


def _values(conditions: Sequence[Condition], complete: Sequence[str]) -> Mapping[str, tuple[Any, ...]]:
    """A value of each region of each field that a single question tells apart."""
    found: dict[str, dict[Any, None]] = {}
    for predicate in dict.fromkeys(each for condition in conditions for each in predicates(condition)):
        (axis,) = regions([predicate], complete=complete).axes
        found.setdefault(axis.field.name, {}).update(dict.fromkeys(axis.values))
    return {name: tuple(values) for name, values in found.items()}


def _starts(condition: Condition, complete: Sequence[str]) -> list[Mapping[str, Any]]:
    """A few situations in which a condition holds; none where it has too many cases itself."""
    try:
        cells = regions([condition], complete=complete)
    except PolicyError:
        return []
    return [
        {axis.field.name: case.get(axis.field.name) for axis in cells.axes}
        for case in islice(cells.cells(cells.where(condition)), _EACH)
    ]


@attrs.frozen
class Row:
    """An agreement in its place.

    Attributes:
        number: Its index among all agreements, as in paths.
        agreement: The agreement.
        where: The cases in which its condition holds.
        first: Those in which it is the first one of its kind to hold.
    """

    number: int
    agreement: Agreement
    where: int = attrs.field(kw_only=True)
    first: int = attrs.field(kw_only=True)

    @property
    def path(self) -> str:
        """Where it stands."""
        return f"agreements[{self.number}]"


class Look:
    """A policy as the rules look at it.

    Attributes:
        policy: The policy.
        over: The time in which it is to hold.
        asked: Whether that time was given, rather than taken from the dates that the calendars name.
        data: The policy file as plain data; empty for a policy built in code.
    """

    def __init__(self, policy: Policy, *, over: Period, asked: bool, data: Mapping[str, Any]) -> None:
        self.policy = policy
        self.over = over
        self.asked = asked
        self.data = data
        self._numbers: dict[Calendar, int] = {}
        self._seen: dict[int, tuple[Calendar, int]] = {}
        self._within: dict[tuple[int, int], bool] = {}
        self._shorter: dict[tuple[object, ...], bool | None] = {}
        self._usable: dict[int, bool] = {}
        self._dates: dict[int, tuple[Pair, ...]] = {}

    def written(self, row: Row, key: str) -> object:
        """What the file says under a key of an agreement; None where it says nothing, or there is no file."""
        tables: Any = self.data.get("agreements", ())
        return tables[row.number].get(key) if row.number < len(tables) else None

    def warning(self, row: Row, index: int, name: str) -> str:
        """The path of a warning: its place in a list, or its name in a table."""
        named_ones = isinstance(self.written(row, "warn"), Mapping)
        return f"{row.path}.warn.{name}" if named_ones else f"{row.path}.warn[{index}]"

    # Cases

    @cached_property
    def priority(self) -> Field:
        """The field of the priority, as the conditions of this policy have it."""
        return schema_of(self.policy.fields, self.policy.matrix).field("priority")

    @cached_property
    def cases(self) -> Regions | Sample:
        """The cases that the conditions and the priorities tell apart, or a sample of too many."""
        conditions: list[Condition] = [agreement.when for agreement in self.policy.agreements]
        conditions += [Eq(self.priority, level) for level in self.policy.matrix.priority.levels]
        return cases_of(conditions)

    @property
    def exact(self) -> bool:
        """Whether all cases are looked at."""
        return isinstance(self.cases, Regions)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The agreements in the order of the file, each with its cases."""
        claimed: dict[str, int] = {}
        rows: list[Row] = []
        for number, agreement in enumerate(self.policy.agreements):
            where = self.cases.where(agreement.when)
            taken = claimed.get(agreement.kind, 0)
            claimed[agreement.kind] = taken | where
            rows.append(Row(number, agreement, where=where, first=where & ~taken))
        return tuple(rows)

    @cached_property
    def kinds(self) -> Mapping[str, tuple[Row, ...]]:
        """The agreements of each kind, in order."""
        kinds: dict[str, tuple[Row, ...]] = {}
        for row in self.rows:
            kinds[row.agreement.kind] = (*kinds.get(row.agreement.kind, ()), row)
        return kinds

    @cached_property
    def levels(self) -> Mapping[int, int]:
        """The cases of each priority."""
        return {
            level: self.cases.where(Eq(self.priority, level)) for level in self.policy.matrix.priority.levels
        }

    def example(self, some: int, asked: Iterable[Condition]) -> str:
        """The first case of a set in words: the fields that the conditions ask about."""
        case = next(self.cases.cells(some))
        names = dict.fromkeys(each.field.name for condition in asked for each in predicates(condition))
        return ", ".join(f"{name} {case[name]!r}" if name in case else f"no {name}" for name in names)

    def always(self, condition: Condition) -> bool:
        """Whether a condition is known to hold in every case."""
        if isinstance(condition, Always):
            return True
        return self.exact and self.cases.where(condition) == self.cases.every

    # Clocks

    def usable(self, calendar: Calendar) -> bool:
        """Whether the calendar can be asked in the period; one whose holidays are not known there cannot."""
        number = self._number(calendar)
        if number not in self._usable:
            try:
                calendar.open_time(self.over)
                self._usable[number] = True
            except CalendarError:
                self._usable[number] = False
        return self._usable[number]

    def fits(self, short: Goal | None, long: Goal | None) -> bool:
        """Whether one goal is due no later than another one, from whichever opening in the period.

        No goal at all is due never. Where the calendars cannot tell, it is taken to fit.
        """
        if long is None or (short is not None and short == long):
            return True
        if short is None:
            return False
        key = (*self._key(short), *self._key(long))
        if key not in self._shorter:
            self._shorter[key] = self._compared(short, long)
        return self._shorter[key] is not False

    def chained(self, links: Sequence[Link], within: Link) -> bool:
        """Whether links one after the other fit inside another one."""
        if len(links) == 1:
            return self.fits(links[0].goal, within.goal)
        key = (*(part for link in links for part in self._key(link.goal)), *self._key(within.goal))
        if key not in self._shorter:
            days = self._added_days([*(link.goal for link in links), within.goal])
            self._shorter[key] = sum(days[:-1]) <= days[-1] if days else self._followed(links, within)
        return self._shorter[key] is not False

    def _added_days(self, goals: Sequence[Goal]) -> list[int]:
        """The working days of goals that can be added up; nothing where they cannot.

        On one calendar whose dates close before midnight, the next count begins on the date on which the one before
        it ended; where they close at midnight, it begins on the next one.
        """
        calendar = goals[0].calendar
        days = [goal.target.days for goal in goals if _plain_days(goal.target)]
        one_clock = len({self._number(goal.calendar) for goal in goals}) == 1
        return days if len(days) == len(goals) and one_clock and _ends_in_the_day(calendar) else []

    def _compared(self, short: Goal, long: Goal) -> bool | None:
        """The quick ways first: one clock, or a clock that runs whenever the other one does."""
        ours, theirs = short.target, long.target
        same = self._number(short.calendar) == self._number(long.calendar)
        if isinstance(ours, WorkingDays) and isinstance(theirs, WorkingDays):
            if same and (ours.first_day, ours.cutoff) == (theirs.first_day, theirs.cutoff):
                return ours.days <= theirs.days
        elif isinstance(ours, timedelta) and isinstance(theirs, timedelta):
            if same:
                return ours <= theirs
            if ours <= theirs and self._runs_within(long.calendar, short.calendar):
                return True
        elif _plain_days(ours) and isinstance(theirs, timedelta):
            most = self._most(short.calendar, ours.days)
            enough = most is not None and (most <= theirs if same else most < theirs)
            if enough and self._runs_within(long.calendar, short.calendar):
                return True
        elif isinstance(ours, timedelta) and _plain_days(theirs):
            least = self._least(long.calendar, theirs.days)
            if least is not None and ours <= least and self._runs_within(long.calendar, short.calendar):
                return True
        return self._followed([Link("", short)], Link("", long))

    def _followed(self, links: Sequence[Link], within: Link) -> bool | None:
        calendars = [link.goal.calendar for link in (*links, within)]
        if not all(map(self.usable, calendars)):
            return None
        try:
            return chain("", 1, within, links, over=self.over) is None
        except CalendarError:
            return None

    def _runs_within(self, inner: Calendar, outer: Calendar) -> bool:
        """Whether the outer calendar is open whenever the inner one is, in the period and the year after it."""
        if not (self.usable(inner) and self.usable(outer)):
            return False
        key = self._number(inner), self._number(outer)
        if key not in self._within:
            low, high = micros_of(self.over.start), micros_of(self.over.next().end)
            try:
                spans: tuple[tuple[Pair, ...], ...] = tuple(
                    each.open_spans(low, high) for each in (inner, outer)
                )
                self._within[key] = not tuple(subtract(*spans))
            except CalendarError:
                self._within[key] = False
        return self._within[key]

    def _least(self, calendar: Calendar, days: int) -> timedelta | None:
        """The least open time from the beginning of a working date to the end of the last of so many.

        The worst opening of a target in working days is just before the first of them begins. None where that
        cannot be told.
        """
        dates = self._working_dates(calendar)
        counted = zip(dates, dates[days - 1 :], strict=False)
        least = min((end - begin for (begin, _), (_, end) in counted), default=None)
        return None if least is None else timedelta(microseconds=least)

    def _most(self, calendar: Calendar, days: int) -> timedelta | None:
        """The most open time that a target in working days leaves: from the beginning of a date to its end.

        The date of the opening comes before those that are counted. None where there is other open time than that
        of working dates, or where it cannot be told.
        """
        rules = calendar.rules
        if not isinstance(rules, Schedule) or rules.working_days is not None or rules.reach:
            return None
        dates = self._working_dates(calendar)
        counted = zip(dates, dates[days:], strict=False)
        most = max((end - begin for (begin, _), (_, end) in counted), default=None)
        return None if most is None else timedelta(microseconds=most)

    def _working_dates(self, calendar: Calendar) -> tuple[Pair, ...]:
        """The open time so far, when each working date begins and when it closes; none where they are not known."""
        number = self._number(calendar)
        if number not in self._dates:
            try:
                self._dates[number] = tuple(self._dates_of(calendar))
            except CalendarError:
                self._dates[number] = ()
        return self._dates[number]

    def _dates_of(self, calendar: Calendar) -> Iterator[Pair]:
        rules, zone = calendar.rules, calendar.zone
        ends: dict[int, int] = {}
        for year in range(self.over.start.year, self.over.end.year + 2):
            for day, _, closes in rules.shifts(year):
                if rules.counts(day):
                    ends[day] = max(closes, ends.get(day, closes))
        for day, end in sorted(ends.items()):
            begin = wall_of(zone, date.fromordinal(day).year).opening(midnight(day))
            yield calendar.open_at(begin), calendar.open_at(end)

    def _key(self, goal: Goal) -> tuple[object, ...]:
        return goal.target, goal.grace_out_of_hours, self._number(goal.calendar)

    def _number(self, calendar: Calendar) -> int:
        """One number for equal calendars; each object is hashed once, because a calendar takes long to hash."""
        seen = self._seen.get(id(calendar))
        if seen is None:
            number = self._numbers.setdefault(calendar, len(self._numbers))
            seen = self._seen[id(calendar)] = (calendar, number)
        return seen[1]
