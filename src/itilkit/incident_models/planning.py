"""By when should each step be done? A model laid out on a calendar.

Rules of this file:

* A step begins when the last of the steps before it is due, and is due when its budget is over. One that waits for
  nothing begins at once; one without a budget takes no time and is never due.
* Every step is taken to be done, optional and conditional ones too: the plan is the longest that the model may take.
* The critical path is the chain of steps that decides when the last one ends, from one that waits for nothing to one
  that nothing waits for: each begins when the one before it ends. Of chains that are equally long one is told.
* An SLA target ends with the resolution: it is held against the steps of which a `Resolved` event is evidence, and
  what comes before them. What a model does afterwards, such as a review, is none of its business. A model without
  such a step is held against it as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import attrs

from itilkit.calendars import Calendar
from itilkit.errors import CalendarError, Fault, PolicyError, shown
from itilkit.escalation.triggers import delay_words
from itilkit.incident_models.faces import local, markdown_table, plan_html
from itilkit.incident_models.model import IncidentModel, ModelStep
from itilkit.lifecycle.amounts import amount_text
from itilkit.lifecycle.boundary import over_at
from itilkit.sla import Goal, Reading
from itilkit.spans import utc, zone_named

__all__ = ["Plan", "PlannedStep", "plan"]


@attrs.frozen
class PlannedStep:
    """A step with its instants.

    Attributes:
        step: Which one.
        starts_at: The earliest instant at which it can begin; UTC.
        ends_at: When its budget is over; `starts_at` for one without.
        critical: It lies on the critical path.
    """

    step: ModelStep
    starts_at: datetime
    ends_at: datetime = attrs.field(kw_only=True)
    critical: bool = attrs.field(default=False, kw_only=True)

    @property
    def due_at(self) -> datetime | None:
        """By when it should be done; None for a step without a budget."""
        return None if self.step.budget is None else self.ends_at


@attrs.frozen(repr=False)
class Plan:
    """A model laid out from an instant on.

    Attributes:
        model: Which model.
        start: From when on; UTC.
        steps: Its steps with their instants, in the order of the model.
        critical_path: The ids of the steps that decide when the last one ends, the first one first.
        calendar: What open time and working days are counted on; None where only time on the wall is.
        resolves_at: When the last step ends of which a `Resolved` event is evidence; of a model without one, the end.
        target_due_at: When the SLA target is due that the plan is held against; None where there is none.
        findings: Warnings: the plan resolves after that.
    """

    model: IncidentModel
    start: datetime
    steps: tuple[PlannedStep, ...] = attrs.field(kw_only=True)
    critical_path: tuple[str, ...] = attrs.field(kw_only=True)
    resolves_at: datetime = attrs.field(kw_only=True)
    calendar: Calendar | None = attrs.field(default=None, kw_only=True)
    target_due_at: datetime | None = attrs.field(default=None, kw_only=True)
    findings: tuple[Fault, ...] = attrs.field(default=(), kw_only=True)

    def __repr__(self) -> str:
        ends = self.ends_at.isoformat()
        return f"<Plan {self.model.id}: {len(self.steps)} steps from {self.start.isoformat()}, ends {ends}>"

    @property
    def ends_at(self) -> datetime:
        """When the last step ends."""
        return max(planned.ends_at for planned in self.steps)

    @property
    def lasts(self) -> timedelta:
        """The time on the wall from start to end."""
        return self.ends_at - self.start

    @property
    def open_time(self) -> timedelta | None:
        """The total budget in open time: what the calendar is open from start to end; None without a calendar."""
        return None if self.calendar is None else self.calendar.elapsed(self.start, self.ends_at)

    @property
    def zone(self) -> tzinfo:
        """The zone in which the plan speaks: that of its calendar, else UTC."""
        return UTC if self.calendar is None else zone_named(self.calendar.zone)

    def step(self, step_id: str) -> PlannedStep:
        """The step of that id with its instants.

        Raises:
            PolicyError: there is none.
        """
        wanted = self.model.step(step_id)
        return next(planned for planned in self.steps if planned.step == wanted)

    def to_rows(self) -> list[dict[str, Any]]:
        """One row for each step, for any table library.

        The columns are ``step``, ``title``, ``owner``, ``depends_on`` (a tuple; empty: it begins at once),
        ``budget`` (in words; empty: none), ``starts_at``, ``due_at`` (UTC), ``optional`` and ``critical``.
        """
        return [
            {
                "step": planned.step.id,
                "title": planned.step.title,
                "owner": planned.step.owner,
                "depends_on": planned.step.after,
                "budget": delay_words(planned.step.budget) if planned.step.budget else "",
                "starts_at": planned.starts_at,
                "due_at": planned.due_at,
                "optional": planned.step.optional,
                "critical": planned.critical,
            }
            for planned in self.steps
        ]

    def explain(self) -> str:
        """The plan as text, in local time of its calendar: who does what from when until when, and after what."""
        head = [self.headline, f"Critical path: {' -> '.join(self.critical_path)}"]
        lines = [
            f"  {row['step']}: {row['title']} ({row['owner']}), {row['after']}, {row['when']}"
            for row in self.told()
        ]
        return "\n".join([*head, *lines, *map(str, self.findings)])

    @property
    def headline(self) -> str:
        """What it is and how long it takes, in one sentence."""
        spent, ends = between(self.start, self.ends_at, self.calendar), local(self.ends_at, self.zone)
        return f"{self.model.name}: from {local(self.start, self.zone)} to {ends}, {spent} in all"

    def told(self) -> Iterator[dict[str, str]]:
        """Each step in words."""
        for planned in self.steps:
            step = planned.step
            begins, ends = local(planned.starts_at, self.zone), local(planned.ends_at, self.zone)
            budget = f"{delay_words(step.budget)}: " if step.budget else "no limit: "
            yield {
                "step": step.id,
                "title": step.title + (", optional" if step.optional else ""),
                "owner": step.owner,
                "after": f"after {', '.join(step.after)}" if step.after else "begins at once",
                "when": f"{budget}{begins} to {ends}" if step.budget else f"{budget}from {begins}",
            }

    def to_markdown(self) -> str:
        """What `explain` says, as Markdown."""
        return markdown_table([self.headline, *map(str, self.findings)], list(self.told()))

    def to_svg(self) -> str:
        """The steps as bars over time, the critical path darker; an ``<svg>`` element."""
        from itilkit.incident_models.drawing import plan_drawn  # noqa: PLC0415  for pages only

        return plan_drawn(self)

    def _repr_html_(self) -> str:
        return plan_html([self.headline, *map(str, self.findings)], self.to_svg(), list(self.told()))


def plan(
    model: IncidentModel,
    start: datetime,
    calendar: Calendar | None = None,
    *,
    target: Goal | Reading | datetime | None = None,
) -> Plan:
    """The model laid out from an instant on.

    Args:
        model: Which model.
        start: From when on: when the model is attached; aware.
        calendar: What open time and working days are counted on; not needed where all budgets are time on the wall.
        target: The SLA target to hold the plan against: a goal whose clock begins at `start`, a reading, or the
            instant at which it is due. A reading that has no due instant holds nothing.

    Raises:
        PolicyError: a budget needs a calendar and there is none, or the calendar never gets so far; `target` is none.
        InstantError: `start` has no zone.

    >>> from itilkit.incident_models import ModelStep
    >>> from itilkit.lifecycle import Delay
    >>> hour = Delay(open_time=timedelta(hours=1))
    >>> model = IncidentModel("x", "X", [
    ...     ModelStep("look", "Find the fault", owner="sme", budget=hour),
    ...     ModelStep("mend", "Mend it", owner="sme", budget=hour, depends_on=["look"]),
    ... ])
    >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="UTC")
    >>> friday = datetime(2026, 3, 6, 16, tzinfo=UTC)
    >>> plan(model, friday, office).ends_at.isoformat()
    '2026-03-09T09:30:00+00:00'
    >>> print(*plan(model, friday, office, target=Goal(hour.open_time, office)).findings)
    steps: the longest way look -> mend ends Mon 2026-03-09 09:30 UTC, 1h of open time after the ... (...)
    """
    start = utc(start)
    spans: dict[str, tuple[datetime, datetime]] = {}
    for step in model.in_order():
        begins = max((spans[name][1] for name in step.after), default=start)
        spans[step.id] = begins, _end(step, begins, calendar)
    ends = {name: span[1] for name, span in spans.items()}
    path = _way(model, ends, _last(model))
    resolving = _way(model, ends, resolving_steps(model))
    due_at = due_of(target, start)
    found = Plan(
        model,
        start,
        steps=tuple(
            PlannedStep(step, spans[step.id][0], ends_at=spans[step.id][1], critical=step.id in path)
            for step in model.steps
        ),
        critical_path=path,
        resolves_at=spans[resolving[-1]][1],
        calendar=calendar,
        target_due_at=due_at,
    )
    if due_at is None or found.resolves_at <= due_at:
        return found
    return attrs.evolve(found, findings=(_beyond(found, resolving, due_at),))


def _end(step: ModelStep, begins: datetime, calendar: Calendar | None) -> datetime:
    if step.budget is None:
        return begins
    try:
        ends = over_at(step.budget, begins, calendar)
    except PolicyError as error:
        raise PolicyError(
            attrs.evolve(fault, path=f"steps.{step.id}.budget") for fault in error.faults
        ) from None
    if ends is None:
        raise PolicyError.one(
            "never_over",
            f"the calendar never gets to the end of {delay_words(step.budget)} from {begins.isoformat()}",
            path=f"steps.{step.id}.budget",
            hint="look at the calendar's opening hours",
        )
    return ends


def _last(model: IncidentModel) -> list[ModelStep]:
    """The steps that nothing waits for."""
    awaited = {name for step in model.steps for name in step.after}
    return [step for step in model.steps if step.id not in awaited]


def resolving_steps(model: IncidentModel) -> list[ModelStep]:
    """The steps of which a `Resolved` event is evidence; of a model without one those that nothing waits for."""
    found = [step for step in model.steps if any(proof.event == "resolved" for proof in step.proofs)]
    return found or _last(model)


def before_resolution(model: IncidentModel) -> set[str]:
    """The steps that a target is held against: those that resolve, and all that come before them."""
    found: set[str] = set()
    left = [step.id for step in resolving_steps(model)]
    while left:
        step = model.step(left.pop())
        if step.id not in found:
            found.add(step.id)
            left += step.after
    return found


def ways(model: IncidentModel) -> Iterator[tuple[str, ...]]:
    """Each chain from a step that waits for nothing to one that resolves; there may be very many.

    >>> a, b = (ModelStep(name, name, owner="sme") for name in "ab")
    >>> list(ways(IncidentModel("x", "X", [a, b, ModelStep("c", "C", owner="sme", depends_on=["a", "b"])])))
    [('a', 'c'), ('b', 'c')]
    """
    left: list[tuple[str, ...]] = [(step.id,) for step in reversed(resolving_steps(model))]
    while left:
        way = left.pop()
        before = model.step(way[0]).after
        if before:
            left += [(name, *way) for name in reversed(before)]
        else:
            yield way


def longest_way(model: IncidentModel, lengths: Mapping[str, timedelta]) -> tuple[str, ...]:
    """Of the `ways` the one whose steps have the greatest sum of lengths; a step that is not named has none.

    >>> a, b = (ModelStep(name, name, owner="sme") for name in "ab")
    >>> model = IncidentModel("x", "X", [a, b, ModelStep("c", "C", owner="sme", depends_on=["a", "b"])])
    >>> longest_way(model, {"a": timedelta(hours=1), "b": timedelta(hours=2)})
    ('b', 'c')
    """
    none = timedelta(0)
    ends: dict[str, timedelta] = {}
    for step in model.in_order():
        ends[step.id] = max((ends[name] for name in step.after), default=none) + lengths.get(step.id, none)
    return _way(model, ends, resolving_steps(model))


def _way(
    model: IncidentModel, ends: Mapping[str, datetime] | Mapping[str, timedelta], last: Sequence[ModelStep]
) -> tuple[str, ...]:
    """The chain to the one of these steps that ends last: each time back to the one before it that ended last."""
    step = max(last, key=lambda step: ends[step.id])
    path = [step.id]
    while step.after:
        step = model.step(max(step.after, key=lambda name: ends[name]))
        path.append(step.id)
    return tuple(reversed(path))


def due_of(target: Goal | Reading | datetime | None, start: datetime) -> datetime | None:
    """When a target is due whose clock begins at `start`; None where that cannot be told."""
    if target is None or isinstance(target, datetime):
        return None if target is None else utc(target)
    if isinstance(target, Reading):
        return target.due_at
    given: object = target
    if not isinstance(given, Goal):
        hint = "give a Goal with its calendar, a Reading, or the instant at which it is due"
        raise PolicyError.one("bad_value", f"{shown(given)} is no target", path="target", hint=hint)
    calendar, wanted = target.calendar, target.target
    try:
        if isinstance(wanted, timedelta):
            grace = timedelta(0) if calendar.is_open(start) else target.grace_out_of_hours
            return calendar.add(start, wanted + grace)
        return calendar.end_of_working_day(start, wanted.days, wanted.first_day, wanted.cutoff)
    except CalendarError:
        return None


def between(start: datetime, end: datetime, calendar: Calendar | None) -> str:
    """How long it is from one instant to another, in words: open time, or time on the wall where none of it is open."""
    opens = None if calendar is None else calendar.elapsed(start, end)
    return f"{amount_text(opens)} of open time" if opens else amount_text(end - start)


def _beyond(found: Plan, way: Sequence[str], due_at: datetime) -> Fault:
    ends = f"{' -> '.join(way)} ends {local(found.resolves_at, found.zone)}"
    over = between(due_at, found.resolves_at, found.calendar)
    message = f"the longest way {ends}, {over} after the target is due"
    hint = "shorten a budget on the way, or let steps run side by side"
    return Fault("beyond_target", message, path="steps", hint=hint, severity="warning")
