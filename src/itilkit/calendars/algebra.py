"""Calendars made of calendars: open when any is, when all are, when one is and others are not, one after another.

The parts may lie in different zones. The result counts its dates in the zone of the first part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING

import attrs

from itilkit.calendars.rules import Rules, Shift, spans_of_shifts
from itilkit.calendars.zones import date_of, midnight, reads, turn, until_text, wall_of
from itilkit.spans import Pair, intersect, subtract, union

if TYPE_CHECKING:
    from itilkit.calendars.calendar import Calendar

__all__ = ["AllOf", "AnyOf", "Changing", "Except"]


def _label(calendar: Calendar) -> str:
    return calendar.name or calendar.zone


def _reasons(closed: Iterable[Calendar], instant: int) -> str:
    told = {f"{_label(part)}: {part.rules.why_closed(instant)}": None for part in closed}
    return "; ".join(told)


def _dates_of(zone: str, spans: Iterable[Pair], year: int) -> Iterator[Shift]:
    """Spans cut at the midnights of a zone, each piece with its date."""
    wall = wall_of(zone, year)
    for start, end in spans:
        at = start
        while at < end:
            day = date_of(wall.reads(at))
            following = max(wall.closing(midnight(day + 1)), at + 1)
            yield day, at, min(end, following)
            at = following


@attrs.frozen(repr=False)
class AnyOf:
    """Open when any of its parts is.

    A working date is one of the parts' where all share a zone; else a date of the first zone with open time,
    which closes at midnight at the latest.
    """

    parts: tuple[Calendar, ...]

    def __repr__(self) -> str:
        return f"({' | '.join(map(repr, self.parts))})"

    @property
    def zone(self) -> str:
        """The zone of the first part."""
        return self.parts[0].zone

    @property
    def _shared(self) -> bool:
        return all(part.zone == self.zone for part in self.parts)

    @property
    def reach(self) -> int:
        """How many days after the date on which it opens a shift may close."""
        return max(part.rules.reach for part in self.parts) if self._shared else 0

    def spans(self, year: int) -> tuple[Pair, ...]:
        """The open spans within a year."""
        low, high = turn(self.zone, year), turn(self.zone, year + 1)
        return union(span for part in self.parts for span in part.open_spans(low, high))

    def shifts(self, year: int) -> Iterable[Shift]:
        """The shifts that open on the dates of a year."""
        if self._shared:
            return sorted(
                shift
                for part in self.parts
                for shift in part.rules.shifts(year)
                if part.rules.counts(shift[0])
            )
        return _dates_of(self.zone, self.spans(year), year)

    def late(self, year: int) -> Iterable[Shift]:
        """The shifts that open before a year and run into it."""
        return [shift for part in self.parts for shift in part.rules.late(year)] if self._shared else ()

    def counts(self, day: int) -> bool:
        """Whether a date may be a working date of some part."""
        return any(part.rules.counts(day) for part in self.parts)

    def why_closed(self, instant: int) -> str:
        """Why each part is closed."""
        return _reasons(self.parts, instant)

    def remark(self, instant: int) -> str:
        """Which parts are open."""
        names = [_label(part) for part in self.parts if part.is_open_us(instant)]
        return f" ({', '.join(names)})" if names else ""


@attrs.frozen(repr=False)
class AllOf:
    """Open when all of its parts are; a shift is what the others leave of a shift of the first part."""

    parts: tuple[Calendar, ...]

    def __repr__(self) -> str:
        return f"({' & '.join(map(repr, self.parts))})"

    @property
    def zone(self) -> str:
        """The zone of the first part."""
        return self.parts[0].zone

    @property
    def reach(self) -> int:
        """How many days after the date on which it opens a shift may close."""
        return self.parts[0].rules.reach

    def spans(self, year: int) -> tuple[Pair, ...]:
        """The open spans within a year."""
        low, high = turn(self.zone, year), turn(self.zone, year + 1)
        return reduce(intersect, (part.open_spans(low, high) for part in self.parts))

    def shifts(self, year: int) -> Iterable[Shift]:
        """The shifts that open on the dates of a year."""
        return self._left(self.parts[0].rules.shifts(year))

    def late(self, year: int) -> Iterable[Shift]:
        """The shifts that open before a year and run into it."""
        return self._left(self.parts[0].rules.late(year))

    def _left(self, shifts: Iterable[Shift]) -> Iterator[Shift]:
        for day, opens, closes in shifts:
            others = (part.open_spans(opens, closes) for part in self.parts[1:])
            whole: tuple[Pair, ...] = ((opens, closes),)
            for start, end in reduce(intersect, others, whole):
                yield day, start, end

    def counts(self, day: int) -> bool:
        """Whether a date may be a working date of the first part."""
        return self.parts[0].rules.counts(day)

    def why_closed(self, instant: int) -> str:
        """Why the parts that are closed are."""
        return _reasons((part for part in self.parts if not part.is_open_us(instant)), instant)

    def remark(self, instant: int) -> str:
        """What the first part remarks."""
        return self.parts[0].rules.remark(instant)


@attrs.frozen(repr=False)
class Except:
    """Open when `base` is and none of `without`; a shift is what they leave of a shift of `base`."""

    base: Calendar
    without: tuple[Calendar, ...]

    def __repr__(self) -> str:
        return f"({' - '.join(map(repr, (self.base, *self.without)))})"

    @property
    def zone(self) -> str:
        """The zone of `base`."""
        return self.base.zone

    @property
    def reach(self) -> int:
        """How many days after the date on which it opens a shift may close."""
        return self.base.rules.reach

    def spans(self, year: int) -> tuple[Pair, ...]:
        """The open spans within a year."""
        low, high = turn(self.zone, year), turn(self.zone, year + 1)
        return self._without(self.base.open_spans(low, high), low, high)

    def _without(self, spans: tuple[Pair, ...], low: int, high: int) -> tuple[Pair, ...]:
        return reduce(subtract, (part.open_spans(low, high) for part in self.without), spans)

    def shifts(self, year: int) -> Iterable[Shift]:
        """The shifts that open on the dates of a year."""
        return self._left(self.base.rules.shifts(year))

    def late(self, year: int) -> Iterable[Shift]:
        """The shifts that open before a year and run into it."""
        return self._left(self.base.rules.late(year))

    def _left(self, shifts: Iterable[Shift]) -> Iterator[Shift]:
        for day, opens, closes in shifts:
            for start, end in self._without(((opens, closes),), opens, closes):
                yield day, start, end

    def counts(self, day: int) -> bool:
        """Whether a date may be a working date of `base`."""
        return self.base.rules.counts(day)

    def why_closed(self, instant: int) -> str:
        """Why `base` is closed, or which exception holds, and until when."""
        if not self.base.is_open_us(instant):
            return self.base.rules.why_closed(instant)
        holds = next(part for part in self.without if part.is_open_us(instant))
        until = holds.next_close_us(instant)
        which = holds.rules.remark(instant) if isinstance(holds.rules, AnyOf) else ""
        return f"{_label(holds)}{which}{'' if until is None else f' until {until_text(self.zone, instant, until)}'}"

    def remark(self, instant: int) -> str:
        """What `base` remarks."""
        return self.base.rules.remark(instant)


@attrs.frozen(repr=False)
class Changing:
    """One calendar until a date, another one from then on; a shift belongs to the one in force where it opens.

    Attributes:
        parts: `(date, calendar)` in order: from that date of the calendar's own zone on; the first one holds
            from the beginning, whatever its date.
    """

    parts: tuple[tuple[date, Calendar], ...]

    def __repr__(self) -> str:
        (_, first), *later = self.parts
        changes = ", ".join(f"{str(day)!r}: {calendar!r}" for day, calendar in later)
        return f"{first!r}.changing({{{changes}}})"

    @property
    def zone(self) -> str:
        """The zone of the first part; all share it."""
        return self.parts[0][1].zone

    @property
    def reach(self) -> int:
        """How many days after the date on which it opens a shift may close."""
        return max(part.rules.reach for _, part in self.parts)

    def _in_force(self, day: int) -> Rules:
        found = self.parts[0][1]
        for since, part in self.parts[1:]:
            if since.toordinal() <= day:
                found = part
        return found.rules

    def _among(self, first: int, last: int) -> list[Rules]:
        """The rules in force on any date from `first` to `last`."""
        days = {
            first,
            *(since.toordinal() for since, _ in self.parts[1:] if first <= since.toordinal() <= last),
        }
        return list(dict.fromkeys(self._in_force(day) for day in sorted(days)))

    def spans(self, year: int) -> tuple[Pair, ...]:
        """The open spans within a year."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        among = self._among(first - self.reach, last)
        return among[0].spans(year) if len(among) == 1 else spans_of_shifts(self, year)

    def shifts(self, year: int) -> Iterable[Shift]:
        """The shifts that open on the dates of a year."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        among = self._among(first, last)
        return sorted(
            shift for rules in among for shift in rules.shifts(year) if self._in_force(shift[0]) == rules
        )

    def late(self, year: int) -> Iterable[Shift]:
        """The shifts that open before a year and run into it."""
        first = date(year, 1, 1).toordinal()
        among = self._among(first - self.reach, first)
        return [shift for rules in among for shift in rules.late(year) if self._in_force(shift[0]) == rules]

    def counts(self, day: int) -> bool:
        """Whether a date may be a working date of the calendar in force."""
        return self._in_force(day).counts(day)

    def why_closed(self, instant: int) -> str:
        """Why the calendar in force is closed."""
        return self._in_force(date_of(reads(self.zone, instant))).why_closed(instant)

    def remark(self, instant: int) -> str:
        """What the calendar in force remarks."""
        return self._in_force(date_of(reads(self.zone, instant))).remark(instant)
