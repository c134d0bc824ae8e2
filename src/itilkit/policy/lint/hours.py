"""P011: do the calendars hold for as long as the policy does?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any

from itilkit.calendars import Calendar
from itilkit.calendars.algebra import AllOf, AnyOf, Changing, Except
from itilkit.calendars.hours import read_windows
from itilkit.calendars.rules import FIRST_YEAR, LAST_YEAR, Rules
from itilkit.calendars.schedule import Schedule
from itilkit.calendars.shapes import is_list, is_table
from itilkit.calendars.zones import wall_of
from itilkit.errors import CalendarError, Fault
from itilkit.policy.lint.look import Look
from itilkit.sla.explain import duration, stamp
from itilkit.spans import instant_of, intersect, micros_of, zone_named

__all__ = ["calendars", "is_known", "parts_of", "years_named"]

_DAY_US = 86_400_000_000


def calendars(look: Look) -> Iterator[Fault]:
    """P011: holidays that end too early, shifts that a clock change makes longer or shorter, windows that overlap."""
    for schedule, path in _schedules(look).items():
        yield from _holidays(look, path, schedule)
        yield from _closed(look, path, schedule)
        yield from _clock_changes(look, path, schedule)
    yield from _overlaps(look.data)


def _named(look: Look) -> Iterator[tuple[str, Calendar]]:
    """The calendars of the policy with their paths, those of its agreements last."""
    for name, calendar in look.policy.calendars.items():
        yield f"calendars.{name}", calendar
    for row in look.rows:
        yield f"{row.path}.calendar", row.agreement.calendar
        for index, target in enumerate(row.agreement.targets):
            if target.calendar is not None:
                yield f"{row.path}.targets[{index}].calendar", target.calendar


def _schedules(look: Look) -> Mapping[Schedule, str]:
    """Each week of hours that the policy rests on, with the place where it is written, or else first used."""
    found: dict[Schedule, str] = {}
    known = dict(reversed([(id(calendar), (path, calendar)) for path, calendar in _named(look)])).values()
    once = list(known)[::-1]
    for path, calendar in once:
        if isinstance(calendar.rules, Schedule):
            found.setdefault(calendar.rules, path)
    for path, calendar in once:
        for schedule in _leaves(calendar.rules):
            found.setdefault(schedule, path)
    return found


def _leaves(rules: Rules) -> Iterator[Schedule]:
    if isinstance(rules, Schedule):
        yield rules
    for part in parts_of(rules):
        yield from _leaves(part.rules)


def parts_of(rules: Rules) -> tuple[Calendar, ...]:
    """The calendars of which a calendar is made; none for a week of hours."""
    if isinstance(rules, AnyOf | AllOf):
        return rules.parts
    if isinstance(rules, Except):
        return (rules.base, *rules.without)
    if isinstance(rules, Changing):
        return tuple(calendar for _, calendar in rules.parts)
    return ()


def _years(look: Look, zone: str) -> range:
    """The years of the period, in a zone."""
    ends = (look.over.start, instant_of(micros_of(look.over.end) - 1))
    first, last = (end.astimezone(zone_named(zone)).year for end in ends)
    return range(first, last + 1)


def _holidays(look: Look, path: str, schedule: Schedule) -> Iterator[Fault]:
    for days in schedule.public_holidays:
        unknown = [year for year in _years(look, schedule.zone) if not days.knows(year)]
        if unknown and days.beyond == "error":
            first, last = days.years()
            message = (
                f"public holidays {days.code} are known from {first} to {last}, not for {unknown[0]}"
                f" ({look.over} is asked about)"
            )
            yield Fault("P011", message, path=f"{path}.public_holidays", hint="close the dates by hand")


def _closed(look: Look, path: str, schedule: Schedule) -> Iterator[Fault]:
    """A list of closed dates that stops before the policy does, where no public holidays go on."""
    if not look.asked or schedule.public_holidays or not schedule.closed:
        return
    last = max(day for day, _ in schedule.closed)
    if last.year < (ends := _years(look, schedule.zone)[-1]):
        message = f"closed dates end with {last}, and the policy is to hold until {ends}"
        yield Fault("P011", message, path=f"{path}.closed", hint=f"add the holidays up to {ends}")


def _clock_changes(look: Look, path: str, schedule: Schedule) -> Iterator[Fault]:
    told: list[str] = []
    try:
        for year in () if schedule.is_round_the_clock else _years(look, schedule.zone):
            told += _changed_shifts(look, schedule, year)
    except CalendarError:
        return
    if told:
        more = f", and {len(told) - 1} more" if len(told) > 1 else ""
        hint = "a target counts the time that passes; hand over at another hour if that is not meant"
        yield Fault("P011", f"the clocks change within opening hours: {told[0]}{more}", path=path, hint=hint)


def _changed_shifts(look: Look, schedule: Schedule, year: int) -> Iterator[str]:
    """The shifts of less than a day in which the clocks change."""
    low, high = micros_of(look.over.start), micros_of(look.over.end)
    zone = zone_named(schedule.zone)
    for (_, before), (at, after) in pairwise(wall_of(schedule.zone, year).turns):
        if not (low <= at < high and instant_of(at).astimezone(zone).year == year):
            continue
        for opens, closes in schedule.spans(year):
            # A span of more than a day is a desk that hands over and does not close.
            if opens < at < closes and closes - opens < _DAY_US + abs(after - before):
                way = "forward" if after > before else "back"
                shift = " to ".join(stamp(instant_of(end), zone) for end in (opens, closes))
                lasts = duration(instant_of(closes) - instant_of(opens))
                yield f"{way} in the shift {shift}, which lasts {lasts}"


def _overlaps(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Windows of one list that share time; a calendar joins them, so they can only be seen in the file."""
    for name, table in _items(data.get("calendars")):
        for key in ("weekly", "special_hours"):
            days = table.get(key) if is_table(table) else None
            for day, windows in _items(days):
                yield from _shared(windows, f"calendars.{name}.{key}.{day}")


def _items(table: object) -> Iterable[tuple[object, object]]:
    return table.items() if is_table(table) else ()


def _shared(windows: object, path: str) -> Iterator[Fault]:
    texts = list(enumerate(windows)) if is_list(windows) else []
    for (_, one), (index, other) in combinations(texts, 2):
        if intersect(read_windows(one, "", []), read_windows(other, "", [])):
            message = f"{other} overlaps with {one}: the time in both counts once"
            yield Fault("P011", message, path=f"{path}[{index}]", hint="write windows that do not overlap")


def years_named(calendar: Calendar) -> list[int]:
    """The years in which a calendar names dates of its own, of those that calendars know."""
    rules = calendar.rules
    years = [day.year for day, _ in rules.parts[1:]] if isinstance(rules, Changing) else []
    for schedule in _leaves(rules):
        years += [day.year for day, _ in (*schedule.closed, *schedule.special)]
    return [year for year in years if is_known(year)]


def is_known(year: int) -> bool:
    """Whether a calendar can be asked about a year and the two after it."""
    return FIRST_YEAR < year < LAST_YEAR - 2
