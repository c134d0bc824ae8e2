"""Who must know by now, under all the agreements of a policy?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from itilkit.calendars import Calendar
from itilkit.conditions import Always, FieldType, Situation, holds
from itilkit.escalation import Cadence, Due, communications_due, due
from itilkit.escalation.proposal import local
from itilkit.escalation.triggers import delay_words
from itilkit.lifecycle import Timer, due_timers
from itilkit.lifecycle.situations import situations
from itilkit.policy.agreement import Agreement
from itilkit.policy.held import asks
from itilkit.sla import Assessment
from itilkit.vocabulary import fold

__all__ = ["dues"]


def dues(
    assessment: Assessment,
    agreements: Iterable[Agreement],
    *,
    timers: Iterable[Timer],
    cadences: Sequence[Cadence],
    fields: Mapping[str, FieldType],
    calendars: Mapping[str, Calendar],
    office: Calendar | None,
) -> tuple[Due, ...]:
    """What is due by the ladders of the agreements in force, by timers and by what readers are owed.

    Args:
        assessment: The incident and what its clocks say.
        agreements: All of them, in order.
        timers: What happens by itself.
        cadences: How often whom.
        fields: The house's own fields.
        calendars: By name, for agreements that take their calendar from a field.
        office: What timers and cadences are counted on.

    Returns:
        The earliest first; of equal instants the agreements in their order, then timers, then messages.
    """
    several = tuple(agreements)
    known = situations(assessment.timeline, fields) if _asks(several, cadences) else None
    here = known[-1] if known else {}
    found: list[Due] = []
    for agreement in _in_force(several, here):
        if agreement.escalate is not None:
            calendar = _calendar(agreement, here, calendars)
            found += due(
                agreement.escalate, _own_first(assessment, agreement.prefix), calendar=calendar, known=known
            )
    found += _of_timers(assessment, timers, office)
    found += communications_due(assessment, cadences, calendar=office, known=known)
    return tuple(sorted(found, key=lambda each: each.at))


def _asks(agreements: Sequence[Agreement], cadences: Iterable[Cadence]) -> bool:
    """Whether what is known of an incident decides anything; to gather it costs more than all the rest."""
    ladders = [agreement.escalate for agreement in agreements if agreement.escalate is not None]
    whens = [rung.when for ladder in ladders for rung in ladder.rungs] + [each.when for each in cadences]
    return any(map(asks, agreements)) or any(when != Always() for when in whens)


def _in_force(agreements: Iterable[Agreement], here: Situation) -> Iterator[Agreement]:
    """Of each kind the first one whose condition holds now."""
    seen: set[str] = set()
    for agreement in agreements:
        if agreement.kind not in seen and (agreement.when == Always() or holds(agreement.when, here)):
            seen.add(agreement.kind)
            yield agreement


def _calendar(agreement: Agreement, here: Situation, calendars: Mapping[str, Calendar]) -> Calendar:
    name = fold(str(here.get(agreement.calendar_from, "")))
    return next((each for known, each in calendars.items() if fold(known) == name), agreement.calendar)


def _own_first(assessment: Assessment, prefix: str) -> Assessment:
    """The readings, those of an agreement also under their bare names: its ladder means its own targets."""
    own = {
        name.removeprefix(prefix): reading
        for name, reading in assessment.readings.items()
        if name.startswith(prefix)
    }
    return attrs.evolve(assessment, readings={**assessment.readings, **own}) if prefix else assessment


def _of_timers(assessment: Assessment, timers: Iterable[Timer], office: Calendar | None) -> Iterator[Due]:
    for each in due_timers(assessment.timeline, timers, calendar=office):
        timer = each.timer
        after = f" after {delay_words(timer.after)}" if timer.after else ""
        yield Due(
            each.due_at,
            "timer",
            event=each.event,
            why=f"{timer.name}, {timer.fires}{after}: {local(each.due_at, office)}",
            number=each.number,
        )
