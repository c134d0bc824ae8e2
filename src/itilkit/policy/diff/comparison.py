"""Two policies held against each other, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from itilkit.calendars import Calendar, Period
from itilkit.errors import CalendarError
from itilkit.lifecycle import Lifecycle
from itilkit.policy.agreement import Agreement
from itilkit.policy.diff.cells import Cells
from itilkit.policy.diff.changes import Change, Diff, Direction
from itilkit.policy.diff.directions import BY_FIELD, direction, step
from itilkit.policy.diff.hours import is_used, own_calendars, renamed_calendars, rests_on, table_of
from itilkit.policy.diff.lists import listed, paired
from itilkit.policy.diff.matrices import changed_cells
from itilkit.policy.diff.promises import (
    ABSENT,
    Line,
    by_priority,
    goal_of,
    in_days,
    line_text,
    promised,
    promises_anything,
)
from itilkit.policy.diff.told import NOTHING, label_of, told, warnings, words
from itilkit.policy.lint import named_year
from itilkit.policy.lint.hours import years_named
from itilkit.policy.lint.look import Look
from itilkit.sla import Goal
from itilkit.spans import micros_of, subtract

if TYPE_CHECKING:
    from itilkit.policy.policy import Policy

__all__ = ["diff"]

_DEFAULT = "calendar of windows and timers"


def diff(old: Policy, new: Policy, *, over: Period | None = None) -> Diff:
    """What changes from one policy to another.

    Args:
        old: The policy as it was.
        new: The policy as it is to be.
        over: The time in which hours and targets on different clocks are compared; without it, the last year of which
            the policies name a date, or 2026 where they name none.
    """
    return Diff(old.name, new.name, changes=Comparison(old, new, over or named_year(old, new)).changes())


class Comparison:
    """Two policies side by side, part by part."""

    def __init__(self, old: Policy, new: Policy, over: Period) -> None:
        self.old = old
        self.new = new
        self.over = over
        self.clocks = Look(new, over=over, asked=True, data={})
        self.cells = Cells(old, new)
        self.renamed = renamed_calendars(own_calendars(old), own_calendars(new))

    def changes(self) -> Iterator[Change]:
        """All of them, in the order of the policy file."""
        for field in attrs.fields(type(self.old)):
            if field.eq:
                compare = _PARTS.get(field.name, Comparison.plain)
                yield from compare(self, field.name)

    def plain(self, name: str) -> Iterator[Change]:
        """A part that is compared as a whole."""
        old, new = getattr(self.old, name), getattr(self.new, name)
        if old != new:
            yield Change(name, told(name), words(old), words(new))

    def default_calendar(self, name: str) -> Iterator[Change]:
        """The calendar that windows are counted on; new hours under the same name are told with the calendars."""
        old, new = self.old.calendar, self.new.calendar
        if self._other_calendar(old, new):
            yield Change(name, _DEFAULT, self._named(old, self.old), self._named(new, self.new))

    def listed(self, name: str) -> Iterator[Change]:
        """Rules, timers and whatever else is a list of values with names."""
        yield from listed(name, told(name), getattr(self.old, name), getattr(self.new, name))

    def own_fields(self, name: str) -> Iterator[Change]:
        """The types of the house's own fields."""
        old, new = self.old.fields, self.new.fields
        for key in dict.fromkeys((*old, *new)):
            if old.get(key) != new.get(key):
                texts = (each[key].told if key in each else NOTHING for each in (old, new))
                yield Change(f"{name}.{key}", f"field {key}", *texts)

    # The matrix

    def matrix(self, name: str) -> Iterator[Change]:
        """Its name, its labels, and each cell in which the priority is another one."""
        old, new = self.old.matrix, self.new.matrix
        if old.name != new.name:
            yield Change(f"{name}.name", "matrix", old.name, new.name)
        for scale in ("impact", "urgency", "priority"):
            before, after = getattr(old, scale).labels, getattr(new, scale).labels
            if before != after:
                yield Change(f"{name}.{scale}", f"{scale} levels", words(before), words(after))
        if (len(old.impact), len(old.urgency)) == (len(new.impact), len(new.urgency)):
            yield from changed_cells(name, old, new)

    # The lifecycle

    def lifecycle(self, name: str) -> Iterator[Change]:
        """Its states, steps and rights, one by one."""
        old, new = self.old.lifecycle, self.new.lifecycle
        for field in attrs.fields(Lifecycle):
            before, after = getattr(old, field.name), getattr(new, field.name)
            if not field.eq or not field.init or before == after:
                continue
            path = f"{name}.{field.name}"
            if field.name in ("states", "rights"):
                yield from listed(path, field.name.removesuffix("s"), before, after)
            elif field.name == "transitions":
                yield from listed(path, "step", before, after, presence=("looser", "stricter"), severity=step)
            else:
                yield Change(path, f"lifecycle {told(field.name)}", words(before), words(after))

    # The calendars

    def calendars(self, name: str) -> Iterator[Change]:
        """Hours under the same name, key by key; names of the same hours; and calendars that nobody uses yet."""
        old, new = own_calendars(self.old), own_calendars(self.new)
        for before, after in self.renamed.items():
            yield Change(name, "calendar", before, after)
        gone = [key for key in old if key not in new and key not in self.renamed]
        come = [key for key in new if key not in old and key not in self.renamed.values()]
        for key in gone:
            if not is_used(old[key], self.old):
                yield Change(f"{name}.{key}", f"calendar {key}", "there", NOTHING)
        for key in come:
            if not is_used(new[key], self.new):
                yield Change(f"{name}.{key}", f"calendar {key}", NOTHING, "there")
        for key in old:
            if key in new and old[key] != new[key]:
                yield from self._hours(f"{name}.{key}", key, old[key], new[key])

    def _hours(self, path: str, name: str, old: Calendar, new: Calendar) -> Iterator[Change]:
        severity = self._wider(old, new, days=self._counts_days(old, new))
        cells = self.cells.on(old, new)
        before, after = table_of(old, self.renamed), table_of(new, {})
        if before is None or after is None:
            yield Change(path, f"calendar {name}", repr(old), repr(new), severity=severity, cells=cells)
            return
        for key in dict.fromkeys((*before, *after)):
            if before.get(key) != after.get(key):
                texts = (words(each[key]) if key in each else NOTHING for each in (before, after))
                what = f"calendar {name}, {told(key)}"
                yield Change(f"{path}.{key}", what, *texts, severity=severity, cells=cells)

    def _counts_days(self, *calendars: Calendar) -> bool:
        """Whether working days are counted on a calendar: to close later makes these targets longer."""
        agreements = (*self.old.agreements, *self.new.agreements)
        return any(in_days(each) and any(rests_on(each, one) for one in calendars) for each in agreements)

    def _wider(self, old: Calendar, new: Calendar, *, days: bool) -> Direction:
        """Open longer is stricter: the clocks run in more hours and are due sooner."""
        years = [*years_named(old), *years_named(new), self.over.start.year, self.over.end.year]
        low, high = (micros_of(Period.year(year, zone="UTC").start) for year in (min(years), max(years) + 1))
        try:
            spans = [calendar.open_spans(low, high) for calendar in (old, new)]
        except CalendarError:
            return "other"
        lost, won = bool(tuple(subtract(*spans))), bool(tuple(subtract(*reversed(spans))))
        return direction(won and not days, lost and not days)

    def _named(self, calendar: Calendar | None, policy: Policy) -> str:
        if calendar is None:
            return NOTHING
        names = [name for name, each in policy.calendars.items() if each == calendar]
        return calendar.name if calendar.name in names else names[0] if names else words(calendar)

    def _other_calendar(self, old: Calendar | None, new: Calendar | None) -> bool:
        """Whether another calendar is meant, rather than the same one with other hours or another name."""
        if old is None or new is None:
            return old is not new
        before, after = self._named(old, self.old), self._named(new, self.new)
        return old != new and self.renamed.get(before, before) != after

    # The agreements

    def agreements(self, name: str) -> Iterator[Change]:
        """Who is promised what."""
        pairs, gone, come = paired(self.old.agreements, self.new.agreements, label_of)
        for each in gone:
            cells = self.cells.held(each, None)
            yield Change(
                f"{name}.{label_of(each)}", label_of(each), "there", NOTHING, severity="looser", cells=cells
            )
        for each in come:
            cells = self.cells.held(None, each)
            yield Change(
                f"{name}.{label_of(each)}", label_of(each), NOTHING, "there", severity="stricter", cells=cells
            )
        for kind in ("SLA", "OLA", "UC"):
            yield from self._order(kind, [pair for pair in pairs if pair[0].kind == pair[1].kind == kind])
        for old, new in pairs:
            yield from self._agreement(old, new)

    def _order(self, kind: str, pairs: Sequence[tuple[Agreement, Agreement]]) -> Iterator[Change]:
        places = {id(each): place for place, each in enumerate(self.new.agreements)}
        ordered = sorted(pairs, key=lambda pair: places[id(pair[1])])
        if ordered != list(pairs):
            texts = (", ".join(old.name for old, _ in pairs), ", ".join(new.name for _, new in ordered))
            moved = self.cells.moved_any(pairs)
            yield Change("agreements", f"order of the agreements of kind {kind}", *texts, cells=moved)

    def _agreement(self, old: Agreement, new: Agreement) -> Iterator[Change]:
        label = " / ".join(sorted({label_of(old), label_of(new)}))
        path = f"agreements.{label}"
        if old.name != new.name:
            yield Change("agreements", "name of an agreement", old.name, new.name)
        for field in attrs.fields(Agreement):
            before, after = getattr(old, field.name), getattr(new, field.name)
            if not (field.eq and field.init) or field.name == "name" or before == after:
                continue
            here, what = f"{path}.{field.name}", f"{label}, {told(field.name)}"
            cells = (self.cells.moved if field.name == "when" else self.cells.held)(old, new)
            if field.name == "targets":
                yield from self._targets(path, label, old, new)
            elif field.name == "calendar":
                if self._other_calendar(before, after):
                    yield Change(
                        here,
                        what,
                        self._named(before, self.old),
                        self._named(after, self.new),
                        severity=self._wider(before, after, days=in_days(old) or in_days(new)),
                        cells=cells,
                    )
            elif field.name == "clocks":
                yield from listed(here, f"{label}, clock", before, after)
            else:
                severity = BY_FIELD[field.name](before, after) if field.name in BY_FIELD else "other"
                tell = warnings if field.name == "warn" else words
                yield Change(here, what, tell(before), tell(after), severity=severity, cells=cells)

    def _targets(self, path: str, label: str, old: Agreement, new: Agreement) -> Iterator[Change]:
        """By priority; what changes alike for several priorities is one change."""
        before, after = by_priority(old), by_priority(new)
        alike: dict[tuple[str, str, str, Direction], list[int]] = {}
        for level in sorted({*before, *after}):
            for key in self._changed(old, new, before.get(level), after.get(level)):
                alike.setdefault(key, []).append(level)
        for (what, one, other, severity), levels in alike.items():
            named = ", ".join(f"P{level}" for level in levels)
            yield Change(
                f"{path}.targets.{named}{f'.{what}' if what else ''}",
                f"{label}: {named}{f' {told(what)}' if what else ''}",
                one,
                other,
                severity=severity,
                cells=self.cells.held(old, new, levels),
            )

    def _changed(
        self, old: Agreement, new: Agreement, before: Line | None, after: Line | None
    ) -> Iterator[tuple[str, str, str, Direction]]:
        if before is None or after is None:
            severity = direction(stricter=promises_anything(after), looser=promises_anything(before))
            yield "", line_text(before), line_text(after), severity
            return
        for clock in dict.fromkeys((*before.promises, *after.promises)):
            one, other = (each.promises.get(clock, ABSENT) for each in (before, after))
            if one != other:
                goals = [goal_of(one, before, old), goal_of(other, after, new)]
                yield clock, promised(one), promised(other), self._sooner(*goals)
        one_clock, other_clock = before.calendar, after.calendar
        if one_clock == other_clock or (one_clock or old.calendar) == (other_clock or new.calendar):
            return
        if self._other_calendar(one_clock, other_clock):
            texts = [self._named(one_clock, self.old), self._named(other_clock, self.new)]
            days = in_days(old) or in_days(new)
            severity = self._wider(one_clock or old.calendar, other_clock or new.calendar, days=days)
            yield "calendar", texts[0], texts[1], severity

    def _sooner(self, old: Goal | None, new: Goal | None) -> Direction:
        # A calendar that changes its hours is told on its own: amounts are compared on one clock.
        if old is not None and new is not None and not self._other_calendar(old.calendar, new.calendar):
            new = attrs.evolve(new, calendar=old.calendar)
        return direction(not self.clocks.fits(old, new), not self.clocks.fits(new, old))


_PARTS: Mapping[str, Callable[[Comparison, str], Iterator[Change]]] = {
    "lifecycle": Comparison.lifecycle,
    "matrix": Comparison.matrix,
    "priority_rules": Comparison.listed,
    "agreements": Comparison.agreements,
    "calendars": Comparison.calendars,
    "calendar": Comparison.default_calendar,
    "timers": Comparison.listed,
    "cadences": Comparison.listed,
    "incident_models": Comparison.listed,
    "routes": Comparison.listed,
    "major_rules": Comparison.listed,
    "fields": Comparison.own_fields,
}
