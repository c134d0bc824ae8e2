"""In which windows of which calendars did clocks run?

A window is exercised where a clock ran while it was open; a closed date, where a clock ran over it. The hours of a
joined calendar are those of its parts, so these are looked at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple, cast

import attrs

from itilkit.calendars import Calendar, Period
from itilkit.calendars.algebra import AllOf, AnyOf, Changing, Except
from itilkit.calendars.hours import DAY_US, WEEKDAYS, Week, Window, windows_data
from itilkit.calendars.schedule import Schedule
from itilkit.policy.coverage.result import Item
from itilkit.spans import Pair, intersect, micros_of, union

__all__ = ["RunningTime", "window_items"]

_CLOSED_ALL_WEEK: Week = ((), (), (), (), (), (), ())
_WHOLE_DAY: Window = (0, DAY_US)
_MANY = 10_000
_FOR_EVER = 1 << 62


class RunningTime:
    """When the clocks on each calendar ran, joined as it grows: it stays small however many incidents there are."""

    def __init__(self) -> None:
        self._spans: dict[int, tuple[Calendar, list[Pair]]] = {}

    def add(self, calendar: Calendar, spans: Iterable[Pair]) -> None:
        """More time on a calendar."""
        _, held = self._spans.setdefault(id(calendar), (calendar, []))
        held += spans
        if len(held) > _MANY:
            held[:] = union(held)

    def __iter__(self) -> Iterator[tuple[Calendar, tuple[Pair, ...]]]:
        """Each calendar with the time in which a clock on it ran."""
        for calendar, spans in self._spans.values():
            yield calendar, union(spans)


def window_items(
    calendars: Mapping[str, Calendar], used: Iterable[Calendar], running: RunningTime
) -> Iterator[Item]:
    """The windows of the calendars that are used, by the name of their calendar, and of the parts of joined ones."""
    found: dict[Schedule, tuple[str, list[Pair]]] = {}
    nowhere: tuple[Pair, ...] = ()
    for calendar, spans in (*((each, nowhere) for each in used), *running):
        for part, ran in _parts(calendar, spans):
            rules = part.rules
            if isinstance(rules, Schedule):
                name = next((name for name, each in calendars.items() if each == part), part.name)
                found.setdefault(rules, (name or part.zone, []))[1].extend(ran)
    for schedule, (name, all_of_it) in found.items():
        yield from _items(name, schedule, union(all_of_it))


def _parts(calendar: Calendar, ran: tuple[Pair, ...]) -> Iterator[tuple[Calendar, tuple[Pair, ...]]]:
    """A calendar, or the parts it is made of, with the time in which a clock ran and the part had a say."""
    rules = calendar.rules
    if isinstance(rules, AnyOf | AllOf):
        opened = _while_open(calendar, ran)
        pieces = [(part, opened) for part in rules.parts]
    elif isinstance(rules, Except):
        otherwise = _while_open(rules.base, ran)
        pieces = [(rules.base, _while_open(calendar, ran)), *((part, otherwise) for part in rules.without)]
    elif isinstance(rules, Changing):
        pieces = [(part, intersect(ran, (span,))) for part, span in _in_turn(rules)]
    else:
        yield calendar, ran
        return
    for part, spans in pieces:
        yield from _parts(part, spans)


def _in_turn(rules: Changing) -> Iterator[tuple[Calendar, Pair]]:
    """Each part and the time in which it is in force, from one local midnight to another."""
    starts = [micros_of(Period.day(day, zone=rules.zone).start) for day, _ in rules.parts[1:]]
    turns = pairwise([-_FOR_EVER, *starts, _FOR_EVER])
    for (_, part), span in zip(rules.parts, turns, strict=True):
        yield part, span


def _while_open(calendar: Calendar, ran: tuple[Pair, ...]) -> tuple[Pair, ...]:
    return intersect(ran, calendar.open_spans(ran[0][0], ran[-1][1])) if ran else ()


class _Line(NamedTuple):
    """A line of a calendar: where, in words, and a schedule that is open in this window alone."""

    path: str
    words: str
    alone: Schedule


def _items(name: str, schedule: Schedule, ran: tuple[Pair, ...]) -> Iterator[Item]:
    for line in _lines(schedule):
        count = _occurrences(Calendar.of(line.alone), ran)
        path = ".".join(filter(None, ("calendars", name, line.path)))
        yield Item("calendar window", path, words=f"{name}: {line.words}", count=count)


def _occurrences(window: Calendar, ran: tuple[Pair, ...]) -> int:
    """In how many of its occurrences a clock ran."""
    if not ran:
        return 0
    opened = window.open_spans(ran[0][0], ran[-1][1])
    starts = [start for start, _ in opened]
    return len({bisect_right(starts, start) for start, _ in intersect(opened, ran)})


def _lines(schedule: Schedule) -> Iterator[_Line]:
    if schedule.is_round_the_clock:
        yield _Line("", "round the clock", schedule)
        return
    exceptional = {day: "" for day, _ in schedule.special} | dict(schedule.closed)
    usual = attrs.evolve(
        schedule, week=_CLOSED_ALL_WEEK, special=(), closed=tuple(exceptional.items()), recurring=()
    )
    for day, windows in enumerate(schedule.week):
        for window in windows:
            week = cast("Week", tuple((window,) if each == day else () for each in range(7)))
            yield _Line(
                f"weekly.{WEEKDAYS[day]}",
                f"{WEEKDAYS[day].title()} {_hours(window)}",
                attrs.evolve(usual, week=week),
            )
    for number, each in enumerate(schedule.recurring):
        yield _Line(f"recurring[{number}]", each.text, attrs.evolve(usual, recurring=(each,)))
    for on, windows in schedule.special:
        for window in windows:
            only = Schedule(_CLOSED_ALL_WEEK, schedule.zone, special=((on, (window,)),))
            yield _Line(f"special_hours.{on}", f"{on} {_hours(window)}", only)
    for on, reason in schedule.closed:
        whole = Schedule(_CLOSED_ALL_WEEK, schedule.zone, special=((on, (_WHOLE_DAY,)),))
        yield _Line(f"closed.{on}", f"closed {on}{f' {reason}' if reason else ''}", whole)


def _hours(window: Window) -> str:
    return ", ".join(windows_data((window,)))
