"""A whole set of calendars, as the ``[calendars]`` of a policy file: tables that may name each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any, cast
from zoneinfo import ZoneInfo

import attrs

from itilkit.calendars.calendar import Calendar
from itilkit.calendars.shapes import is_list, is_table
from itilkit.calendars.tables import BUILT_IN, NAMING, read_calendar
from itilkit.errors import CalendarError, Fault

__all__ = ["calendars_from_data"]


def calendars_from_data(
    tables: Mapping[str, Any],
    *,
    zone: str | ZoneInfo | None = None,
    given: Mapping[str, Calendar] | None = None,
) -> dict[str, Calendar]:
    """The calendars of a set of tables by name, which may name each other, the `given` and ``round_the_clock``.

    Args:
        tables: The ``[calendars]`` of a policy file.
        zone: The zone of tables that name none.
        given: Further calendars by name; a table of the same name is a fault.

    Raises:
        CalendarError: With all faults at once; paths such as ``office.weekly.mon-fri`` lead into `tables`.

    >>> from datetime import datetime
    >>> tables = {
    ...     "all": {"open_when_any": ["early", "late"]},
    ...     "early": {"weekly": {"mon": "06:00-14:00"}},
    ...     "late": {"weekly": {"mon": "14:00-22:00"}},
    ... }
    >>> calendars_from_data(tables, zone="UTC")["all"].why(datetime.fromisoformat("2026-03-02T09:00Z"))
    'open until 22:00 (early)'
    """
    found: dict[str, Calendar] = dict(given or {})
    faults = [
        Fault("calendar_twice", f"a calendar {name!r} is given already", path=name, hint="name it otherwise")
        for name in tables
        if name in found or name == BUILT_IN
    ]
    for name in _order(tables, faults):
        calendar = _read(name, tables[name], zone, found, faults)
        # One that has faults of its own is not missing: those that name it are read on with a stand-in.
        found[name] = calendar or Calendar.never("UTC")
    if faults:
        raise CalendarError(faults)
    return {name: found[name] for name in tables}


def _read(
    name: str, table: object, zone: str | ZoneInfo | None, found: Mapping[str, Calendar], faults: list[Fault]
) -> Calendar | None:
    if not is_table(table):
        faults.append(Fault("bad_calendar", f"expected a table, got {table!r}", path=name))
        return None
    told: list[Fault] = []
    data = cast("Mapping[str, Any]", table)
    calendar = read_calendar(Calendar, data, zone=zone, known=found, name=name, faults=told)
    faults += [attrs.evolve(fault, path=f"{name}.{fault.path}") for fault in told]
    return calendar


def _order(tables: Mapping[str, Any], faults: list[Fault]) -> list[str]:
    """The names of the tables, each after those that it names."""
    needs = {name: [other for other in _mentions(table) if other in tables] for name, table in tables.items()}
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        ring = list(reversed(error.args[1]))
        message = f"calendars that are made of each other: {' -> '.join(ring)}"
        faults.append(
            Fault("calendar_cycle", message, path=ring[0], hint="let one of them have hours of its own")
        )
        return []


def _mentions(table: object) -> Iterable[str]:
    if is_table(table):
        for key in NAMING:
            value = table.get(key)
            names = value.values() if is_table(value) else value if is_list(value) else ()
            yield from (name for name in names if isinstance(name, str))
