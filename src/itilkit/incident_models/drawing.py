"""Plans and progress as SVG: a line of text and a bar for each step, over the hours in which the calendar is open.

A drawing is as wide as the place it stands in: lengths along the bars are percentages, and text keeps its size. The
colours are dark enough for a white page and light enough for a black one, and each kind differs in its height or
outline, too. Names stand at the left and figures at the right of lines of their own, cut to what a phone can show; the
lines down the drawing leave these out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import NamedTuple

import attrs

from itilkit.calendars import Calendar
from itilkit.incident_models.planning import Plan, PlannedStep
from itilkit.incident_models.progress import Progress, StepProgress
from itilkit.spans import instant_of, micros_of
from itilkit.svg import shortened, text_width

__all__ = ["plan_drawn", "progress_drawn"]

_HEAD, _ROW, _FOOT = 44, 42, 26
_TALL = 12
_SIZE, _PHONE, _GAP = 12, 340, 16
_MINUTE = 60_000_000
# How much of a row is text, which the lines down the drawing leave free, and the dashes that fill the rest of it.
_TEXT = 19
_DASHES = "3 2 3 2 3 2 3 2 3"
# Of more spells of open hours than this a screen shows a grey band.
_SPELLS_DRAWN = 200


class _Look(NamedTuple):
    """How a bar looks: its height in pixels, its colour, how much of it is filled."""

    tall: int
    colour: str
    filled: float


_LOOKS: Mapping[str, _Look] = {
    "critical": _Look(_TALL, "var(--itilkit-bar, #3b6ea5)", 1),
    "planned": _Look(6, "var(--itilkit-bar, #3b6ea5)", 1),
    "done": _Look(_TALL, "var(--itilkit-done, #5f8a6a)", 1),
    "running": _Look(_TALL, "var(--itilkit-bar, #3b6ea5)", 0.6),
    "ready": _Look(_TALL, "var(--itilkit-bar, #3b6ea5)", 0.2),
    "blocked": _Look(6, "var(--itilkit-paused, #a8701a)", 0.2),
    "late": _Look(_TALL, "var(--itilkit-late, #c2372e)", 1),
    "skipped": _Look(2, "var(--itilkit-excluded, #8a6bb1)", 1),
}
_NAMES = {"critical": "on the critical path", "planned": "beside it"}


@attrs.frozen
class _Row:
    """One step: its name, what stands at the right, its kind, and from when to when its bar goes."""

    name: str
    told: str
    kind: str
    start: int
    end: int
    spoken: str


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


def plan_drawn(plan: Plan) -> str:
    """A plan as an ``<svg>`` element with its legend."""
    due = micros_of(plan.target_due_at) if plan.target_due_at else None
    scale = _scale(plan, due)
    rows = [_planned(planned, scale) for planned in plan.steps]
    return _drawn(rows, scale, plan.headline, plan.calendar, due=due)


def progress_drawn(progress: Progress) -> str:
    """The progress on a plan as an ``<svg>`` element with its legend."""
    plan = progress.plan
    due = micros_of(plan.target_due_at) if plan.target_due_at else None
    now = micros_of(progress.as_of)
    ends = [micros_of(found.done_at) for found in progress.steps if found.done_at is not None]
    scale = _scale(plan, due, now, *ends)
    rows = [_stood(found, scale, now) for found in progress.steps]
    return _drawn(rows, scale, progress.headline, plan.calendar, due=due, now=now)


def _scale(plan: Plan, *others: int | None) -> _Scale:
    """From the start to the resolution, or what comes later of target and now.

    What a model does afterwards, such as a review within days, would press the first hours into a corner: its bars run
    on to the edge, and the words beside them say until when.
    """
    low = micros_of(plan.start)
    high = max(micros_of(plan.resolves_at), low + _MINUTE, *(at for at in others if at is not None))
    if micros_of(plan.ends_at) > high:
        high += (high - low) // 10
    return _Scale(low, high, plan.zone)


def _short(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%a %H:%M")


def _planned(planned: PlannedStep, scale: _Scale) -> _Row:
    due_at = planned.due_at
    told = "no limit" if due_at is None else f"due {_short(due_at, scale.zone)}"
    return _Row(
        planned.step.title,
        told,
        "critical" if planned.critical else "planned",
        micros_of(planned.starts_at),
        micros_of(planned.ends_at),
        f"{planned.step.title}, {planned.step.owner}: {told}",
    )


def _stood(found: StepProgress, scale: _Scale, now: int) -> _Row:
    """A step as it stands: done ones from when they were free to when they were, late ones up to now."""
    start, end = micros_of(found.planned.starts_at), micros_of(found.planned.ends_at)
    told: str = found.state
    if found.done_at is not None:
        end = micros_of(found.done_at)
        start = min(end, micros_of(found.free_at) if found.free_at else start)
        told = f"{'done late' if found.done_late else 'done'} {_short(found.done_at, scale.zone)}"
    elif found.state == "late":
        end = max(now, end)
    if found.is_open and found.due_at is not None:
        told = f"{found.state}, due {_short(found.due_at, scale.zone)}"
    return _Row(
        found.step.title, told, found.state, start, end, f"{found.step.title}, {found.step.owner}: {told}"
    )


def _drawn(
    rows: Sequence[_Row],
    scale: _Scale,
    title: str,
    calendar: Calendar | None,
    *,
    due: int | None,
    now: int | None = None,
) -> str:
    foot = _HEAD + _ROW * len(rows)
    hours = calendar.open_spans(scale.low, scale.high) if calendar else ()
    shaded = 0 < len(hours) <= _SPELLS_DRAWN
    flags = [(now, "now", 16), (due, "target due", 32)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100%" height="{foot + _FOOT}" font-size="{_SIZE}" '
        'fill="currentColor" style="display:block">',
        f"<title>{escape(title)}</title>",
        *(_shade(*each, foot, scale) for each in (hours if shaded else ())),
        *(_flag(at, word, y, foot, scale) for at, word, y in flags if at is not None),
        *(_bar(row, _HEAD + _ROW * place, scale) for place, row in enumerate(rows)),
    ]
    return "".join([*parts, *_axis(foot, scale), "</svg>", _legend(rows, shaded=shaded)])


def _shade(start: int, end: int, foot: int, scale: _Scale) -> str:
    x, far = scale.x(start), scale.x(end)
    return f'<rect x="{x:.2f}%" y="{_HEAD}" width="{far - x:.2f}%" height="{foot - _HEAD}" opacity="0.1"/>'


def _bar(row: _Row, top: int, scale: _Scale) -> str:
    look = _LOOKS[row.kind]
    name = shortened(row.name, _PHONE - _GAP - text_width(row.told, _SIZE), _SIZE)
    # What lies outside of the drawing, as a step that was done before the plan began, is drawn at its edge.
    x, far = (min(max(scale.x(at), 0.0), 100.0) for at in (row.start, row.end))
    y = top + 20 + _TALL - look.tall
    return (
        f"<g><title>{escape(row.spoken)}</title>"
        f'<text x="0" dx="4" y="{top + 15}">{escape(name)}</text>'
        f'<text x="100%" dx="-4" y="{top + 15}" text-anchor="end">{escape(row.told)}</text>'
        f'<rect x="{min(x, 99.2):.2f}%" y="{y}" width="{max(far - x, 0.8):.2f}%" height="{look.tall}" '
        f'style="fill:{look.colour};stroke:{look.colour};fill-opacity:{look.filled}"/></g>'
    )


def _flag(at: int, word: str, y: int, foot: int, scale: _Scale) -> str:
    """A line down the drawing, and what it stands for at its head, grown towards the middle."""
    x = scale.x(at)
    anchor = "start" if x < 100 / 3 else "end" if x > 200 / 3 else "middle"
    drawn = f"{_ROW - _TEXT}" if word == "now" else _DASHES
    line = f'<line x1="{x:.2f}%" x2="{x:.2f}%" stroke="currentColor" opacity="0.6"'
    return (
        f'{line} y1="{_HEAD - 8}" y2="{_HEAD}"/>'
        f'{line} y1="{_HEAD + _TEXT}" y2="{foot}" stroke-dasharray="{drawn} {_TEXT}"/>'
        f'<text x="{x:.2f}%" y="{y}" text-anchor="{anchor}">{word} {scale.told(at, "%a %m-%d %H:%M")}</text>'
    )


def _axis(foot: int, scale: _Scale) -> Iterator[str]:
    yield f'<line x1="0" x2="100%" y1="{foot}" y2="{foot}" style="stroke:var(--itilkit-line, currentColor)"/>'
    for at, x, anchor in ((scale.low, "0", "start"), (scale.high, "100%", "end")):
        told = scale.told(at, "%a %Y-%m-%d %H:%M")
        yield f'<text x="{x}" y="{foot + 18}" text-anchor="{anchor}" opacity="0.75">{told}</text>'


def _legend(rows: Sequence[_Row], *, shaded: bool) -> str:
    """What the bars mean, of those that are in the drawing."""
    kinds = [kind for kind in _LOOKS if any(row.kind == kind for row in rows)]
    marks = [_mark(_NAMES.get(kind, kind), _LOOKS[kind]) for kind in kinds]
    if shaded:
        marks.append(_mark("open hours", _Look(_TALL, "currentColor", 0.1)))
    return f'<div style="display:flex;flex-wrap:wrap;gap:.2em 1em;font-size:12px">{"".join(marks)}</div>'


def _mark(name: str, look: _Look) -> str:
    return (
        '<span style="white-space:nowrap"><svg aria-hidden="true" width="12" height="12" fill="currentColor">'
        f'<rect y="{_TALL - look.tall}" width="12" height="{look.tall}" '
        f'style="fill:{look.colour};fill-opacity:{look.filled};stroke:{look.colour}"/></svg> {name}</span>'
    )
