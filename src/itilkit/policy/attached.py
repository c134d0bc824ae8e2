"""What do the incident models that were attached ask for? How far the incident is, and who hears from it how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from itilkit.calendars import Calendar
from itilkit.conditions import FieldType
from itilkit.errors import RecordError
from itilkit.escalation import Cadence
from itilkit.events import ModelAttached
from itilkit.incident_models import Attachment, IncidentModel, Progress, attachments, plan, progress
from itilkit.lifecycle import Timeline
from itilkit.lifecycle.situations import situations
from itilkit.sla import Assessment

__all__ = ["cadences_of", "progress_of"]


def _attached(timeline: Timeline, models: Iterable[IncidentModel]) -> Sequence[Attachment]:
    """Those that were attached by then; to take the digests of the models costs, so only where one was."""
    if not any(isinstance(event, ModelAttached) for event in timeline.events):
        return ()
    return [found for found in attachments(timeline.incident, models) if found.at <= timeline.as_of]


def cadences_of(timeline: Timeline, models: Iterable[IncidentModel]) -> tuple[Cadence, ...]:
    """How often whom the attached models have written to."""
    found = [each.model for each in _attached(timeline, models) if each.model is not None]
    return tuple(cadence for model in found for cadence in model.communication)


def progress_of(
    assessment: Assessment,
    models: Iterable[IncidentModel],
    *,
    fields: Mapping[str, FieldType],
    office: Calendar | None,
) -> Progress | None:
    """How far an incident is on the plan of the model that was attached last; None where none was.

    Raises:
        RecordError: the model that was attached is not among these.
        PolicyError: its budgets need a calendar and there is none.
    """
    timeline = assessment.timeline
    found = _attached(timeline, models)
    if not found:
        return None
    last = found[-1]
    if last.model is None:
        hint = "keep the version that was attached among the models as long as such incidents are open"
        raise RecordError.one("not_attached", f"{timeline.incident.number}: {last.why}", hint=hint)
    laid = plan(last.model, last.at, office, target=assessment.readings.get("resolution"))
    return progress(laid, timeline, known=situations(timeline, fields))
