"""How far is it? The steps of a plan held against what happened.

Rules of this file:

* Events alone show that a step is done. What happened before the model was attached counts, too, but for `StepDone`,
  which then spoke of another model. What is done stays done, also where the incident is reopened.
* A step is free once all steps before it are settled: done, or skipped. An optional step holds up nothing.
* Its condition is judged once, when it becomes free, at the end of that instant; where it does not hold, the step is
  skipped. So are optional steps that are past due or whose incident is not open, and all steps of a cancelled
  incident, as long as it is that. Evidence that comes later still makes it done.
* A step is late if it is past due and neither done nor skipped. Due is what the plan says: who is late does not push
  out the steps that follow.
* The share counts what has to be done: steps that are done among those and all that are required and not skipped.
  So no event makes it smaller but one that takes a cancellation back, and it is never above 1.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias

import attrs

from itilkit.calendars import Calendar
from itilkit.conditions import Always, Situation, holds
from itilkit.errors import RecordError
from itilkit.events import ModelAttached, StepDone
from itilkit.incident_models.data import digest
from itilkit.incident_models.evidence import Evidence
from itilkit.incident_models.faces import local, markdown_table, plan_html
from itilkit.incident_models.model import IncidentModel, ModelStep
from itilkit.incident_models.planning import Plan, PlannedStep, plan
from itilkit.lifecycle import Timeline
from itilkit.lifecycle.situations import situation_at
from itilkit.vocabulary import Status

__all__ = ["Progress", "StepProgress", "StepState", "progress"]

StepState: TypeAlias = Literal["blocked", "ready", "running", "done", "late", "skipped"]


@attrs.frozen
class StepProgress:
    """How a step stands.

    Attributes:
        planned: The step, and what the plan says of it.
        state: ``blocked`` (others come first), ``ready`` (it may begin), ``running``, ``done``, ``late`` (past due and
            not done, whether it may begin or not) or ``skipped``.
        free_at: When it could begin; None while it cannot.
        done_at: When the evidence came; None while there is none.
        waits_for: The ids of the steps that hold it up.
        why: What the state rests on, in words.
    """

    planned: PlannedStep
    state: StepState
    free_at: datetime | None = attrs.field(default=None, kw_only=True)
    done_at: datetime | None = attrs.field(default=None, kw_only=True)
    waits_for: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    why: str = attrs.field(default="", kw_only=True)

    @property
    def step(self) -> ModelStep:
        """Which step."""
        return self.planned.step

    @property
    def due_at(self) -> datetime | None:
        """By when it should be done, as the plan says; None for a step without a budget."""
        return self.planned.due_at

    @property
    def done_late(self) -> bool:
        """It is done, and was so only after it was due."""
        return self.done_at is not None and self.due_at is not None and self.done_at > self.due_at

    @property
    def is_open(self) -> bool:
        """Somebody still has to do it, or may."""
        return self.state not in ("done", "skipped")


@attrs.frozen(repr=False)
class Progress:
    """How far an incident is on its plan.

    Attributes:
        plan: The plan.
        as_of: The instant to look from; UTC.
        steps: How each step stands, in the order of the model.
        unseen: The requirements for closure that no event shows yet.
    """

    plan: Plan
    as_of: datetime
    steps: tuple[StepProgress, ...] = attrs.field(kw_only=True)
    unseen: tuple[Evidence, ...] = attrs.field(default=(), kw_only=True)

    def __repr__(self) -> str:
        return f"<Progress {self.plan.model.id}: {self.share:.0%} as of {self.as_of.isoformat()}>"

    def step(self, step_id: str) -> StepProgress:
        """How the step of that id stands.

        Raises:
            PolicyError: there is none.
        """
        wanted = self.plan.model.step(step_id)
        return next(found for found in self.steps if found.step == wanted)

    @property
    def share(self) -> float:
        """How much of what has to be done is done, from 0 to 1; 1 where nothing has to be."""
        done = sum(found.state == "done" for found in self.steps)
        owed = sum(
            found.state != "skipped" and (found.state == "done" or not found.step.optional)
            for found in self.steps
        )
        return done / owed if owed else 1.0

    @property
    def late(self) -> tuple[StepProgress, ...]:
        """The steps that are past due, the one that was due first at the front."""
        return tuple(sorted((found for found in self.steps if found.state == "late"), key=_due))

    @property
    def next_due(self) -> StepProgress | None:
        """The open step that is due next and not past due; None where there is none."""
        coming = [
            found
            for found in self.steps
            if found.is_open and found.state != "late" and found.due_at is not None
        ]
        return min(coming, key=_due, default=None)

    @property
    def responsible(self) -> tuple[str, ...]:
        """The roles that can act now, the one whose step is due first at the front; each once."""
        acting = [found for found in self.steps if found.is_open and found.free_at is not None]
        return tuple(dict.fromkeys(found.step.owner for found in sorted(acting, key=_due)))

    @property
    def missing(self) -> tuple[str, ...]:
        """What has to happen before closure, in words: steps that are owed, and evidence that nobody has seen."""
        owed = (
            f"step {found.step.id}: {found.step.title}"
            for found in self.steps
            if found.is_open and not found.step.optional
        )
        return (*owed, *map(str, self.unseen))

    def to_rows(self) -> list[dict[str, Any]]:
        """One row for each step, for any table library.

        The columns are ``step``, ``title``, ``owner``, ``state``, ``starts_at`` and ``due_at`` (as planned),
        ``free_at``, ``done_at``, ``waits_for`` (a tuple) and ``why``; instants are in UTC.
        """
        return [
            {
                "step": found.step.id,
                "title": found.step.title,
                "owner": found.step.owner,
                "state": found.state,
                "starts_at": found.planned.starts_at,
                "due_at": found.due_at,
                "free_at": found.free_at,
                "done_at": found.done_at,
                "waits_for": found.waits_for,
                "why": found.why,
            }
            for found in self.steps
        ]

    @property
    def headline(self) -> str:
        """How far it is, who has to act and what is due next, in one sentence."""
        parts = [f"{self.plan.model.name}: {self.share:.0%} done as of {local(self.as_of, self.plan.zone)}"]
        if self.responsible:
            parts.append(f"with {', '.join(self.responsible)}")
        if self.late:
            parts.append(f"{len(self.late)} late")
        if self.next_due is not None and self.next_due.due_at is not None:
            parts.append(f"next due {self.next_due.step.id} {local(self.next_due.due_at, self.plan.zone)}")
        return ", ".join(parts)

    def told(self) -> Iterator[dict[str, str]]:
        """Each step in words, in local time."""
        for found in self.steps:
            due = local(found.due_at, self.plan.zone) if found.due_at else "no limit"
            yield {
                "step": found.step.id,
                "title": found.step.title,
                "owner": found.step.owner,
                "state": found.state,
                "due": due,
                "why": found.why,
            }

    def explain(self) -> str:
        """The progress as text, in local time of the plan's calendar."""
        lines = [
            f"  {row['state']}: {row['step']} ({row['owner']}), due {row['due']}: {row['why']}"
            for row in self.told()
        ]
        return "\n".join([self.headline, *lines])

    def to_markdown(self) -> str:
        """What `explain` says, as Markdown."""
        return markdown_table([self.headline], list(self.told()))

    def to_svg(self) -> str:
        """The steps as bars over time, each with its state; an ``<svg>`` element."""
        from itilkit.incident_models.drawing import progress_drawn  # noqa: PLC0415  for pages only

        return progress_drawn(self)

    def _repr_html_(self) -> str:
        return plan_html([self.headline], self.to_svg(), list(self.told()))


def _due(found: StepProgress) -> tuple[bool, datetime]:
    """In order of due instants; what has none comes last, as it is planned."""
    return found.due_at is None, found.due_at or found.planned.starts_at


def progress(
    what: Plan | IncidentModel,
    timeline: Timeline,
    *,
    calendar: Calendar | None = None,
    known: Sequence[Situation] | None = None,
) -> Progress:
    """How far an incident is.

    Args:
        what: The plan; or the model, whose plan then begins when it was attached.
        timeline: What happened, up to its `as_of`.
        calendar: For a model: what its budgets are counted on.
        known: What conditions are judged on, one situation for each beat; None asks for the standard fields and the
            house's own as they are recorded.

    Raises:
        RecordError: the model was not attached to the incident by then.
        PolicyError: a model's plan needs a calendar and there is none.

    >>> from datetime import UTC, timedelta
    >>> from itilkit.events import Logged
    >>> from itilkit.incident_models import attach
    >>> from itilkit.lifecycle import ITIL4_DEFAULT, replay
    >>> from itilkit.records import Incident
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> soon = timedelta(minutes=5)
    >>> model = IncidentModel("locked", "Locked account", [
    ...     ModelStep("verify", "Verify the caller", owner="service_desk_agent", budget=soon),
    ...     ModelStep("unlock", "Unlock it", owner="service_desk_agent", budget=soon, depends_on="verify"),
    ... ])
    >>> incident = Incident("INC1", [Logged(nine)])
    >>> incident = incident.appended(*attach(incident, model, nine), StepDone(nine, "ann", step="verify"))
    >>> found = progress(model, replay(incident, ITIL4_DEFAULT, as_of=nine + timedelta(minutes=11)))
    >>> found.share, [step.state for step in found.steps], found.responsible
    (0.5, ['done', 'late'], ('service_desk_agent',))
    """
    laid = what if isinstance(what, Plan) else plan(what, _attached_at(what, timeline), calendar)
    walk = _Walk(laid, timeline, known)
    found = {step.id: walk.taken(step) for step in laid.model.in_order()}
    return Progress(
        laid,
        timeline.as_of,
        steps=tuple(found[planned.step.id] for planned in laid.steps),
        unseen=tuple(each for each in laid.model.closure if walk.first([each], None) is None),
    )


def _attached_at(model: IncidentModel, timeline: Timeline) -> datetime:
    mark = digest(model)
    for event in timeline.events:
        if isinstance(event, ModelAttached) and event.model == model.id and event.digest in (mark, ""):
            return event.at
    raise RecordError.one(
        "not_attached",
        f"model {model.id}, as it is, was not attached to {timeline.incident.number} by {timeline.as_of.isoformat()}",
        hint="attach it, find the one that was by model_of, or give a plan",
    )


def _ended_at(timeline: Timeline) -> datetime | None:
    """Since when the incident has the status that ended it; None where it is open, or was opened again."""
    found = None
    for at, status in zip(reversed(timeline.beats), reversed(timeline.statuses), strict=True):
        if status.is_open or status is not timeline.status:
            break
        found = at
    return found


class _Walk:
    """The steps in the order in which they depend on each other, each judged on what is known of those before."""

    def __init__(self, laid: Plan, timeline: Timeline, known: Sequence[Situation] | None) -> None:
        self.known = known
        self.timeline = timeline
        self.planned: Mapping[str, PlannedStep] = {each.step.id: each for each in laid.steps}
        self.start = laid.start
        self.begun = laid.start <= timeline.as_of and bool(timeline.beats)
        self.passed: dict[str, datetime | None] = {}
        self.ended_at = _ended_at(timeline)

    def first(self, proofs: Sequence[Evidence], step: str | None) -> datetime | None:
        """When the first evidence came; None while there is none."""
        for at, event in zip(self.timeline.beats, self.timeline.events, strict=True):
            if isinstance(event, StepDone) and at < self.start:
                continue
            if any(proof.shows(event, step=step) for proof in proofs):
                return at
        return None

    def taken(self, step: ModelStep) -> StepProgress:
        """How a step stands, and from when on it holds up no other."""
        waits = tuple(name for name in step.after if self.passed[name] is None)
        free_at = None
        if self.begun and not waits:
            free_at = max(
                self.start, *(at for at in map(self.passed.get, step.after) if at is not None), self.start
            )
        done_at = self.first(step.proofs, step.id)
        skipped_at, skipped = self._skipped(step, free_at)
        settled = [at for at in (done_at, skipped_at) if at is not None]
        if step.optional and free_at is not None:
            settled.append(free_at)
        self.passed[step.id] = min(settled, default=None)
        planned = self.planned[step.id]
        state, why = self._state(planned, free_at, done_at, skipped, waits)
        return StepProgress(
            planned,
            state,
            free_at=free_at,
            done_at=done_at,
            waits_for=waits if done_at is None else (),
            why=why,
        )

    def _skipped(self, step: ModelStep, free_at: datetime | None) -> tuple[datetime | None, str]:
        """From when on a step is not needed, and why; it holds up no other from then on."""
        found: list[tuple[datetime, str]] = []
        if free_at is not None and not self._needed(step, free_at):
            found.append((free_at, f"not needed: {step.when} did not hold when it became free"))
        if self.ended_at is not None and self.timeline.status is Status.CANCELLED:
            found.append((self.ended_at, "the incident was cancelled"))
        if step.optional and free_at is not None and self.ended_at is not None:
            found.append((max(self.ended_at, free_at), "optional, and the incident is no longer open"))
        due_at = self.planned[step.id].due_at
        if not found and step.optional and due_at is not None and self.timeline.as_of > due_at:
            return (
                None,
                "optional, and its time is over",
            )  # no event, so what comes after it waits for the same as before
        return min(found, default=(None, ""), key=lambda each: each[0])

    def _needed(self, step: ModelStep, at: datetime) -> bool:
        if isinstance(step.when, Always):
            return True
        beat = max(bisect_right(self.timeline.beats, at) - 1, 0)
        here = situation_at(self.timeline, beat) if self.known is None else self.known[beat]
        return holds(step.when, here)

    def _state(
        self,
        planned: PlannedStep,
        free_at: datetime | None,
        done_at: datetime | None,
        skipped: str,
        waits: tuple[str, ...],
    ) -> tuple[StepState, str]:
        due_at, step = planned.due_at, planned.step
        if done_at is not None:
            late = due_at is not None and done_at > due_at
            return "done", "done after it was due" if late else "done"
        if skipped:
            return "skipped", skipped
        blocked = f"waits for {', '.join(waits)}" if waits else "" if free_at is not None else "not begun yet"
        if due_at is not None and self.timeline.as_of > due_at:
            return "late", f"past due; {blocked}" if blocked else "past due"
        if blocked:
            return "blocked", blocked
        if step.begins:
            running = self.first(step.begins, step.id) is not None
        else:
            running = self.timeline.status is Status.IN_PROGRESS
        return ("running", "somebody works on it") if running else ("ready", "it may begin")
