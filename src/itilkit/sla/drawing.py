"""A cycle drawn as a line of time: open hours, what counted and what did not, the due time, and now.

Like all drawings of the library it is as wide as the place it stands in, and its text takes the colour of the page.
What a stretch means is told by its height as well as by its colour. Labels stand on lines of their own and grow
towards the middle, so that none is cut off on a phone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import NamedTuple

import attrs

from itilkit.calendars import Calendar
from itilkit.sla.cycle import Cycle
from itilkit.sla.explain import cut_at
from itilkit.sla.ledger import spells
from itilkit.spans import instant_of, micros_of, zone_named

__all__ = ["drawn"]

# Of more spells of open hours than this a screen shows a grey band: whole runs are drawn then, without the nights.
_SPELLS_DRAWN = 200
_HOUR = 3_600_000_000
_TOP, _TALL, _HEIGHT = 22, 24, 88
_THIRD = 100 / 3


class _Look(NamedTuple):
    """How a kind of stretch looks: its height in pixels, its colour, its name in the legend."""

    tall: int
    colour: str
    name: str


# Dark enough for a white page, light enough for a black one; a page may set its own.
_LOOKS: Mapping[str, _Look] = {
    "counted": _Look(_TALL, "var(--itilkit-bar, #3b6ea5)", "counted"),
    "late": _Look(_TALL, "var(--itilkit-late, #c2372e)", "counted, past due"),
    "paused": _Look(12, "var(--itilkit-paused, #a8701a)", "paused"),
    "excluded": _Look(12, "var(--itilkit-excluded, #8a6bb1)", "excluded"),
    "suspended": _Look(4, "var(--itilkit-done, #5f8a6a)", "suspended"),
    "resolved": _Look(4, "var(--itilkit-done, #5f8a6a)", "resolved"),
}
_OPEN = "open hours"


class _Stretch(NamedTuple):
    start: int
    end: int
    kind: str


@attrs.frozen
class _Scale:
    """What is drawn, from its first to its last microsecond."""

    low: int
    high: int
    zone: tzinfo

    def x(self, at: int) -> float:
        """Where an instant lies, in percent of the width."""
        return 100 * (at - self.low) / (self.high - self.low)

    def told(self, at: int, form: str) -> str:
        """An instant in local time."""
        return instant_of(at).astimezone(self.zone).strftime(form)


def drawn(cycle: Cycle, calendar: Calendar, now: datetime, title: str) -> str:
    """One cycle as an ``<svg>`` element with its legend; `title` is read aloud in its place."""
    edge = micros_of(cycle.stopped_at or now)
    due_at = cycle.due_at or cycle.projected_due_at
    due = edge if due_at is None else micros_of(due_at)
    scale = _Scale(cycle.start, max(edge, due, cycle.start + _HOUR), zone_named(calendar.zone))
    hours = calendar.open_spans(scale.low, scale.high)
    fine = len(hours) <= _SPELLS_DRAWN
    stretches = list(_stretches(cycle, calendar, fine=fine))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100%" height="{_HEIGHT}" font-size="12" '
        'fill="currentColor" style="display:block">',
        f"<title>{escape(title)}</title>",
        *(_block(each, _TALL, 'opacity="0.15"', scale) for each in (hours if fine else ())),
        *(
            _block(each[:2], _LOOKS[each.kind].tall, f'style="fill:{_LOOKS[each.kind].colour}"', scale)
            for each in stretches
        ),
        _flag(edge, cycle.state if cycle.stopped_at else "now", _TOP + _TALL + 15, scale),
    ]
    if due_at is not None:
        parts.append(_flag(due, "due" if cycle.due_at else "due if it ran on", _TOP - 8, scale))
    return "".join([*parts, *_axis(scale), "</svg>", _legend(stretches, fine=fine)])


def _stretches(cycle: Cycle, calendar: Calendar, *, fine: bool) -> Iterator[_Stretch]:
    """What the clock did, in spells of open time or, if not `fine`, in whole runs; cut where it became late."""
    due = cycle.due_at if cycle.breached else None
    for entry in cycle.ledger:
        for spell in spells(entry, calendar) if fine else (entry,):
            if spell.kind == "closed":
                continue
            for part in cut_at(spell, due):
                late = due is not None and part.kind == "counted" and part.start >= due
                yield _Stretch(micros_of(part.start), micros_of(part.end), "late" if late else part.kind)


def _block(span: Sequence[int], tall: int, look: str, scale: _Scale) -> str:
    x, end = (scale.x(at) for at in span)
    y = _TOP + _TALL - tall
    return f'<rect x="{x:.2f}%" y="{y}" width="{end - x:.2f}%" height="{tall}" {look}/>'


def _flag(at: int, word: str, y: int, scale: _Scale) -> str:
    """A line across the bar, and what happens there: beside it at the sides, above it in the middle."""
    x = scale.x(at)
    anchor = "start" if x < _THIRD else "end" if x > 2 * _THIRD else "middle"
    dash = ' stroke-dasharray="3 2"' if word.startswith("due") else ""
    return (
        f'<line x1="{x:.2f}%" x2="{x:.2f}%" y1="{_TOP - 4}" y2="{_TOP + _TALL + 4}" stroke="currentColor"'
        f' stroke-width="2"{dash}/>'
        f'<text x="{x:.2f}%" y="{y}" text-anchor="{anchor}">{word} {scale.told(at, "%a %m-%d %H:%M")}</text>'
    )


def _axis(scale: _Scale) -> Iterator[str]:
    y = _TOP + _TALL
    yield (f'<line x1="0" x2="100%" y1="{y}" y2="{y}" style="stroke:var(--itilkit-line, currentColor)"/>')
    for at, x, anchor in ((scale.low, "0", "start"), (scale.high, "100%", "end")):
        told = scale.told(at, "%a %Y-%m-%d %H:%M")
        yield f'<text x="{x}" y="{_HEIGHT - 6}" text-anchor="{anchor}" opacity="0.75">{told}</text>'


def _legend(stretches: Sequence[_Stretch], *, fine: bool) -> str:
    """What the colours mean, of those that are in the drawing."""
    looks = {_LOOKS[each.kind].name: f"background:{_LOOKS[each.kind].colour}" for each in stretches}
    looks |= {_OPEN: "background:currentColor;opacity:.15"} if fine else {}
    marks = (
        '<span style="white-space:nowrap"><span aria-hidden="true" style="display:inline-block;width:.8em;'
        f'height:.8em;{look}"></span> {name}</span>'
        for name, look in looks.items()
    )
    return f'<div style="display:flex;flex-wrap:wrap;gap:.2em 1em;font-size:12px">{"".join(marks)}</div>'
