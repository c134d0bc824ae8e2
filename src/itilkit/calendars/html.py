"""A calendar as a notebook shows it: the week as bars, and the dates on which other hours hold.

Nothing here reads a clock: what is coming is told from a date that the caller gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from html import escape
from typing import TYPE_CHECKING

from itilkit.calendars.hours import DAY_US, WEEKDAYS, Windows, windows_data
from itilkit.calendars.schedule import Schedule

if TYPE_CHECKING:
    from itilkit.calendars.calendar import Calendar

__all__ = ["calendar_html"]

_STYLE = "border-collapse:collapse;font-variant-numeric:tabular-nums"
_BAR = "position:absolute;top:0;bottom:0;background:#2a6f97"


def calendar_html(calendar: Calendar, on: date | None, days: int) -> str:
    """The week, and the exceptions: all that are written down, or those of some days from a date on."""
    rules = calendar.rules
    title = f"{calendar.name}, {calendar.zone}" if calendar.name else calendar.zone
    if not isinstance(rules, Schedule):
        return f"<div><strong>{escape(title)}</strong><pre>{escape(repr(calendar))}</pre></div>"
    rows = "".join(_row(day, windows) for day, windows in enumerate(rules.week))
    told = list(_written(rules) if on is None else _coming(rules, on, days))
    notes = "".join(f"<li>{escape(line)}</li>" for line in [*(one.text for one in rules.recurring), *told])
    listed = f"<ul>{notes}</ul>" if notes else ""
    return f'<div><strong>{escape(title)}</strong><table style="{_STYLE}">{rows}</table>{listed}</div>'


def _row(day: int, windows: Windows) -> str:
    bars = "".join(_bar(opens, closes) for opens, closes in windows)
    hours = ", ".join(windows_data(windows)) or "closed"
    grid = f'<td><div style="position:relative;width:240px;height:1em;background:#e8eef2">{bars}</div></td>'
    return f"<tr><th>{WEEKDAYS[day].title()}</th>{grid}<td>{escape(hours)}</td></tr>"


def _bar(opens: int, closes: int) -> str:
    """A window's bar; what lies past midnight is left to the text."""
    left, width = 100 * opens / DAY_US, 100 * (min(closes, DAY_US) - opens) / DAY_US
    return f'<div style="{_BAR};left:{left:.2f}%;width:{width:.2f}%"></div>'


def _written(rules: Schedule) -> Iterator[str]:
    lines = [(day, reason or "closed") for day, reason in rules.closed]
    lines += [(day, _special(windows)) for day, windows in rules.special]
    for spec in rules.public_holidays:
        yield f"closed on public holidays {spec.code}"
    for day, line in sorted(lines):
        yield f"{day:%a} {day}: {line}"


def _coming(rules: Schedule, on: date, days: int) -> Iterator[str]:
    special = dict(rules.special)
    for step in range(days):
        day = on + timedelta(days=step)
        line = _special(special[day]) if day in special else rules.reason(day)
        if line:
            yield f"{day:%a} {day}: {line}"


def _special(windows: Windows) -> str:
    hours = ", ".join(windows_data(windows))
    return f"special hours {hours}" if hours else "special hours: none"
