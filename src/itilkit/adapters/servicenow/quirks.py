"""What is odd about a log, counted: a reader should know it before trusting a figure.

Each count has a name of its own and is there even when it is zero. Steps that the lifecycle does not permit are not
counted here; `lifecycle.conformance` does that from the timelines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from itilkit.adapters.servicenow.rows import Cell, Table
from itilkit.adapters.servicenow.table import LEVELS, OTHERS, REQUIRED
from itilkit.events import Event, Resolved

__all__ = ["Quirks"]

Cells = Sequence[Any]

# ServiceNow closes a resolved incident by itself after five days; the job that does it runs every few minutes.
_AUTO_CLOSE = (timedelta(days=5), timedelta(days=5.1))

_ENDS = ("cmdb_ci", "caused_by", "rfc", "problem_id", "vendor", "assignment_group", "assigned_to")
_AT_FIRST = ("opened_at", "sys_created_at", "sys_updated_at", "made_sla")
_AT_END = (
    "assignment_group",
    "assigned_to",
    "reopen_count",
    "reassignment_count",
    "number",
    "made_sla",
    "priority",
)
_COLUMNS = (*REQUIRED, *OTHERS, *_ENDS, "resolved_at", "closed_at", "reopen_count", "reassignment_count")
# What is counted by adding up, so that a count that finds nothing is there and zero.
_COUNTED = (
    "row_pairs", "rows_keeping_state", "rows_in_same_minute", "rows_out_of_order", "first_row_before_opened",
    "created_at_missing", "created_before_opened", "mod_count_decreasing", "mod_count_jumping_rows",
    "raw_state_rows", "inactive_before_closure", "made_sla_false_from_first_row", "made_sla_turned_false_on_closure",
    "made_sla_false_at_priority_1_or_2", "reopened_incidents", "reopenings", "reassignments_above_visible",
    "reassignments_below_visible", "without_group_at_end", "without_assignee_at_end", "never_resolved",
    "resolved_at_missing", "resolved_at_missing_though_resolved", "resolved_at_after_first_resolution",
    "resolved_before_opened", "resolved_at_opening", "closed_before_resolved", "closed_at_resolution",
    "closed_automatically", "closed_later_than_automatically", "closed_earlier_than_automatically",
    *(f"{column}_known_at_end" for column in _ENDS),
)  # fmt: skip


class Quirks:
    """Counts that grow by row and by incident."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.tally = dict.fromkeys(_COUNTED, 0)
        self.place = {column: table.place(column) for column in _COLUMNS}
        self.jumped: set[Cell] = set()
        self.words: set[str] = set()
        self.raw: set[Cell] = set()
        self.closed_rows: Counter[Cell] = Counter()
        self.changed: dict[str, set[Cell]] = {level: set() for level in LEVELS}
        # What every row is asked: each in one call, because there are many rows.
        self.asked = itemgetter(*(self.place[column] for column in ("number", "incident_state", "active")))
        self.compared = itemgetter(
            *(self.place[column] for column in ("assignment_group", "made_sla", *LEVELS))
        )
        self.at_first = itemgetter(*(self.place[column] for column in _AT_FIRST))
        self.at_end = itemgetter(*(self.place[column] for column in _AT_END))
        self.instants = itemgetter(
            *(self.place[column] for column in ("opened_at", "resolved_at", "closed_at"))
        )
        self.known_at_end = [(f"{column}_known_at_end", self.place[column]) for column in _ENDS]
        self.stamp, self.state, self.count = (
            self.place[column] for column in ("sys_updated_at", "incident_state", "sys_mod_count")
        )
        self.turned: set[Cell] = set()
        self.group_changes: Counter[Cell] = Counter()

    def row(self, before: Cells, now: Cells) -> None:
        """Count what one row shows; `before` is the incident's row before it, empty for its first."""
        number, state, active = self.asked(now)
        if state == "Closed":
            self.closed_rows[number] += 1
        elif active is False:
            self.tally["inactive_before_closure"] += 1
        if state not in self.words:
            self._state(state, number)
        if before:
            self._pair(before, now, number)
        else:
            self._first(now)

    def _state(self, state: str, number: Cell) -> None:
        """Count a state that is a raw code, and remember one that is a word."""
        if state.lstrip("-").isdecimal():
            self.tally["raw_state_rows"] += 1
            self.raw.add(number)
        else:
            self.words.add(state)

    def _first(self, now: Cells) -> None:
        tally = self.tally
        opened, created, updated, made_sla = self.at_first(now)
        if created is None:
            tally["created_at_missing"] += 1
        elif created < opened:
            tally["created_before_opened"] += 1
        if updated < opened:
            tally["first_row_before_opened"] += 1
        if made_sla is False:
            tally["made_sla_false_from_first_row"] += 1

    def _pair(self, before: Cells, now: Cells, number: Cell) -> None:
        tally = self.tally
        tally["row_pairs"] += 1
        stamped, stamp = before[self.stamp], now[self.stamp]
        if stamped == stamp:
            tally["rows_in_same_minute"] += 1
        elif stamp < stamped:
            tally["rows_out_of_order"] += 1
        if before[self.state] == now[self.state]:
            tally["rows_keeping_state"] += 1
        counted, count = before[self.count], now[self.count]
        if counted is not None and count is not None and count - counted not in (0, 1):
            self._jump(count - counted, number)
        was, is_ = self.compared(before), self.compared(now)
        if was == is_:
            return
        held, made, *levels = was
        holds, makes, *new = is_
        for numbers, was_level, level in zip(self.changed.values(), levels, new, strict=True):
            if was_level != level:
                numbers.add(number)
        if made is True and makes is False:
            self.turned.add(number)
            tally["made_sla_turned_false_on_closure"] += now[self.state] == "Closed"
        if held != holds and held is not None and holds is not None:
            self.group_changes[number] += 1

    def _jump(self, step: int, number: Cell) -> None:
        if step < 0:
            self.tally["mod_count_decreasing"] += 1
        else:
            self.tally["mod_count_jumping_rows"] += 1
            self.jumped.add(number)

    def incident(self, last: Cells, events: Sequence[Event]) -> None:
        """Count what the last row of an incident shows beside its history."""
        tally = self.tally
        group, assignee, reopenings, counter, number, made_sla, priority = self.at_end(last)
        for name, place in self.known_at_end:
            if last[place] is not None:
                tally[name] += 1
        tally["without_group_at_end"] += group is None
        tally["without_assignee_at_end"] += assignee is None
        if reopenings:
            tally["reopened_incidents"] += 1
            tally["reopenings"] += reopenings
        if counter is not None and counter != self.group_changes[number]:
            above = counter > self.group_changes[number]
            tally["reassignments_above_visible" if above else "reassignments_below_visible"] += 1
        if made_sla is False and priority in (1, 2):
            tally["made_sla_false_at_priority_1_or_2"] += 1
        self._ends(last, [event.at for event in events if event.__class__ is Resolved])

    def _ends(self, last: Cells, resolutions: Sequence[datetime]) -> None:
        """Compare the columns filled in afterwards with each other and with the history."""
        tally = self.tally
        opened, resolved, closed = self.instants(last)
        tally["never_resolved"] += not resolutions
        if resolved is None:
            tally["resolved_at_missing"] += 1
            tally["resolved_at_missing_though_resolved"] += bool(resolutions)
        else:
            tally["resolved_at_after_first_resolution"] += bool(resolutions) and resolutions[0] < resolved
            tally["resolved_before_opened"] += opened is not None and resolved < opened
            tally["resolved_at_opening"] += resolved == opened
        if closed is None or resolved is None:
            return
        after = closed - resolved
        tally["closed_before_resolved"] += closed < resolved
        tally["closed_at_resolution"] += closed == resolved
        tally["closed_automatically"] += _AUTO_CLOSE[0] <= after <= _AUTO_CLOSE[1]
        tally["closed_later_than_automatically"] += after > _AUTO_CLOSE[1]
        tally["closed_earlier_than_automatically"] += after < _AUTO_CLOSE[0]

    def counts(self) -> dict[str, int]:
        """Every count by name."""
        more = {
            "stamps_in_gap": self.table.in_gap,
            "stamps_in_fold": self.table.in_fold,
            "doubled_spaces": sum(self.table.doubled_spaces.values()),
            "raw_state_incidents": len(self.raw),
            "mod_count_jumping_incidents": len(self.jumped),
            "closed_more_than_once_in_file": sum(count > 1 for count in self.closed_rows.values()),
            "made_sla_turned_false": len(self.turned),
            **{f"{column}_changed": len(numbers) for column, numbers in self.changed.items()},
        }
        return {**self.tally, **more}
