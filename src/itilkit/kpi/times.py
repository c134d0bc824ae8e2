"""Times from one fact of an incident to another: the family that "MTTx" stands for, each with its own name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal, Unpack

import attrs

from itilkit.kpi.case import Reason
from itilkit.kpi.definition import Case, Clock, Cohort, LeftOut, check_option
from itilkit.kpi.durations import MIN_N, Durations, Opening, Options, options
from itilkit.kpi.facts import NEEDS, FactName, check_fact, when
from itilkit.kpi.resolving import time_to_resolve
from itilkit.kpi.survival import Spell
from itilkit.records import Fact

__all__ = [
    "Meaning",
    "age",
    "mean_time_to",
    "mean_time_to_acknowledge",
    "mean_time_to_detect",
    "mean_time_to_recover",
    "mean_time_to_repair",
    "mean_time_to_respond",
    "mean_time_to_restore_service",
    "time_between",
    "time_to_acknowledge",
    "time_to_close",
    "time_to_detect",
    "time_to_mitigate",
    "time_to_recover",
    "time_to_repair",
    "time_to_respond",
    "time_to_restore",
]

Meaning = Literal["respond", "resolve", "repair", "recover", "restore"]
Restored = Literal["restored", "restored_or_resolved", "restored_or_resolved_or_closed"]
_RESTORED: Mapping[Restored, tuple[FactName, ...]] = {
    "restored": ("restored",),
    "restored_or_resolved": ("restored", "resolved"),
    "restored_or_resolved_or_closed": ("restored", "resolved", "closed"),
}


@attrs.frozen
class TimeBetween(Durations):
    """See `time_between`.

    Attributes:
        starts: The facts that it is counted from: the first of them that is known.
        ends: The facts that it is counted to: the first of them that is known.
    """

    starts: tuple[FactName, ...] = attrs.field(kw_only=True)
    ends: tuple[FactName, ...] = attrs.field(kw_only=True)

    @property
    def facts(self) -> frozenset[Fact]:
        """What a source may lack of it."""
        needed = (NEEDS.get(name, frozenset[Fact]()) for name in (*self.starts, *self.ends))
        return frozenset[Fact]().union(*needed)

    def observe(self, case: Case) -> Spell | LeftOut:
        """From the start to the end; of one that may still end, how long it has lasted."""
        name, start = _first(case, self.starts)
        if isinstance(start, LeftOut):
            return start
        said = name if len(self.starts) > 1 else ""
        if name == "opened":
            start, merged = self.opened(case)
            said = merged or said
        _, end = _first(case, self.ends)
        if not isinstance(end, LeftOut):
            return self.between(case, start, end, said)
        if end.reason != "open" or start > case.timeline.as_of:
            return end
        return self.until_now(case, start, said)


_WORTH: Sequence[Reason] = ("open", "missing", "not_recorded")


def _first(case: Case, names: Sequence[str]) -> tuple[str, datetime | LeftOut]:
    """The first fact that is known; where none is, the reason that says most."""
    reasons: list[LeftOut] = []
    for name in names:
        found = when(case, name)
        if not isinstance(found, LeftOut):
            return name, found
        reasons.append(found)
    return names[0], min(reasons, key=lambda each: _WORTH.index(each.reason))


def _told(names: Sequence[str]) -> str:
    return ", else ".join(name.replace("_", " ") for name in names)


def time_between(
    start: FactName | Sequence[FactName],
    end: FactName | Sequence[FactName],
    *statistics: str,
    name: str = "time_between",
    **given: Unpack[Options],
) -> TimeBetween:
    """The time between two facts: the one definition behind every time to something.

    Args:
        start: ``opened``, ``acknowledged``, ``responded`` (first human reply), ``assigned`` (first person),
            ``work_started``, ``first_resolved``, ``resolved``, ``closed``; or what the house records in a field or
            attribute as an instant, such as ``detected_at``: ``occurred``, ``detected``, ``diagnosed``, ``mitigated``,
            ``repaired``, ``recovered``, ``restored``, ``deployed``. Of several the first that is known.
        end: The same; ``("resolved", "closed")`` takes closure where a closed incident has no resolution.
        statistics: As for `time_to_resolve`; the median by default.
        name: What the figure is called.
        given: The options of `time_to_resolve`: ``clock``, ``cohort``, ``hold``, ``min_n``, ``negative``,
            ``observed_since``, ``opening``.

    Left out: ``open`` (has not ended), ``missing`` (ended without it), ``not_recorded`` (the source or the house does
    not record it), ``negative``, and the kinds that durations leave out.

    Raises:
        KpiError: an unknown fact, statistic or option.
    """
    starts, ends = _names("start", start), _names("end", end)
    words = f"from {_told(starts)} to {_told(ends)}"
    return TimeBetween(name, **options(statistics, words, given), starts=starts, ends=ends)


def _names(option: str, names: FactName | Sequence[FactName]) -> tuple[FactName, ...]:
    found: tuple[FactName, ...] = (names,) if isinstance(names, str) else tuple(names)
    for name in found or ("",):
        check_fact(option, name)
    return found


def time_to_detect(*statistics: str, **given: Unpack[Options]) -> TimeBetween:
    """MTTD and its kin: from when the failure began to when it was detected.

    Both are instants that the house records (``occurred_at``, ``detected_at``); without them it is ``not_recorded``.
    When a failure began is often found out later, so figures of recent periods still move. Source: DataDog.
    """
    return time_between("occurred", "detected", *statistics, name="time_to_detect", **given)


def time_to_acknowledge(
    *statistics: str,
    start: FactName = "opened",
    clock: Clock = "wall",
    cohort: Cohort = "opened",
    min_n: int = MIN_N,
    opening: Opening = "earliest",
) -> TimeBetween:
    """MTTA and its kin: from opening to the first acknowledgement or public reply; later ones do not count.

    Left out: ``not_recorded`` where the source holds no acknowledgements, ``open`` and ``missing`` where nobody took
    notice, ``cancelled``, ``duplicate``, ``negative``. Source: PagerDuty's analytics.

    Raises:
        KpiError: an unknown statistic, clock or cohort.
    """
    check_fact("start", start)
    words = (
        "to the first acknowledgement" if start == "opened" else f"from {start} to the first acknowledgement"
    )
    given: Options = {"clock": clock, "cohort": cohort, "min_n": min_n, "opening": opening}
    return TimeBetween(
        "time_to_acknowledge", **options(statistics, words, given), starts=(start,), ends=("acknowledged",)
    )


def time_to_respond(*statistics: str, **given: Unpack[Options]) -> TimeBetween:
    """From opening to the first human reply to the user; an automatic receipt is no response. Source: ServiceNow."""
    return time_between("opened", "responded", *statistics, name="time_to_respond", **given)


def time_to_close(*statistics: str, **given: Unpack[Options]) -> TimeBetween:
    """From opening to closure; some dashboards call it MTTR. It holds the delay of automatic closing.

    Source: ServiceNow's service quality dashboard.
    """
    return time_between("opened", "closed", *statistics, name="time_to_close", **given)


def time_to_repair(*statistics: str, start: FactName = "occurred", **given: Unpack[Options]) -> TimeBetween:
    """MTTR in the reading "repair": from the failure to the end of the fault, recovery and restoration not in it.

    ``start="work_started"`` gives pure repair time. Source: ITIL glossary.
    """
    return time_between(start, "repaired", *statistics, name="time_to_repair", **given)


def time_to_recover(*statistics: str, **given: Unpack[Options]) -> TimeBetween:
    """MTTR in the reading "recover": from the failure to data and configuration being back. Source: ITIL glossary."""
    return time_between("occurred", "recovered", *statistics, name="time_to_recover", **given)


def time_to_restore(
    *statistics: str,
    end: Restored = "restored",
    **given: Unpack[Options],
) -> TimeBetween:
    """MTRS and its kin: from the failure, else its detection, else the opening, to the service being usable again.

    The parts count which start was used. ``end="restored_or_resolved"`` lets the resolution stand in where no
    restoration is recorded, ``"restored_or_resolved_or_closed"`` the closure as well, and the reading says so. Source:
    ITIL glossary.

    Raises:
        KpiError: an unknown statistic or option.
    """
    check_option("end", end, tuple(_RESTORED))
    starts: tuple[FactName, ...] = ("occurred", "detected", "opened")
    return time_between(starts, _RESTORED[end], *statistics, name="time_to_restore", **given)


def time_to_mitigate(*statistics: str, **given: Unpack[Options]) -> TimeBetween:
    """From detection to the impact being stopped; some tools call that "stable". Source: Netflix Dispatch."""
    return time_between("detected", "mitigated", *statistics, name="time_to_mitigate", **given)


def mean_time_to_detect(**given: Unpack[Options]) -> TimeBetween:
    """MTTD: the mean of `time_to_detect`."""
    return time_to_detect("mean", **given)


def mean_time_to_acknowledge(
    *, start: FactName = "opened", clock: Clock = "wall", cohort: Cohort = "opened"
) -> TimeBetween:
    """MTTA: the mean of `time_to_acknowledge`."""
    return time_to_acknowledge("mean", start=start, clock=clock, cohort=cohort)


def mean_time_to_respond(**given: Unpack[Options]) -> TimeBetween:
    """MTTR in the reading "respond": the mean of `time_to_respond`."""
    return time_to_respond("mean", **given)


def mean_time_to_repair(*, start: FactName = "occurred", **given: Unpack[Options]) -> TimeBetween:
    """MTTR in the reading "repair": the mean of `time_to_repair`."""
    return time_to_repair("mean", start=start, **given)


def mean_time_to_recover(**given: Unpack[Options]) -> TimeBetween:
    """MTTR in the reading "recover": the mean of `time_to_recover`."""
    return time_to_recover("mean", **given)


def mean_time_to_restore_service(*, end: Restored = "restored", **given: Unpack[Options]) -> TimeBetween:
    """MTRS: the mean of `time_to_restore`."""
    return time_to_restore("mean", end=end, **given)


def mean_time_to(*, meaning: Meaning, **given: Unpack[Options]) -> Durations:
    """MTTR, for whoever says which of the five they mean; there is no default.

    Args:
        meaning: ``respond``, ``resolve``, ``repair``, ``recover`` or ``restore``.
        given: The options of `time_to_resolve`.

    Raises:
        KpiError: an unknown meaning or option.

    >>> mean_time_to(meaning="repair").reading
    'from occurred to repaired, wall clock'
    """
    check_option("meaning", meaning, (*_MEANINGS, "resolve"))
    if meaning == "resolve":
        return time_to_resolve("mean", **given)
    return _MEANINGS[meaning](**given)


_MEANINGS: Mapping[str, Callable[..., TimeBetween]] = {
    "respond": mean_time_to_respond,
    "repair": mean_time_to_repair,
    "recover": mean_time_to_recover,
    "restore": mean_time_to_restore_service,
}


@attrs.frozen
class Age(Durations):
    """See `age`."""

    def observe(self, case: Case) -> Spell | LeftOut:
        """How long it has been open."""
        timeline = case.timeline
        if not timeline.statuses[-1].is_open:
            return LeftOut("ended")
        start, name = self.opened(case)
        return self.spell(case, start, self.elapsed(case, start, timeline.as_of), name)


def age(*statistics: str, **given: Unpack[Options]) -> Age:
    """How long the open incidents have been open at `as_of`; for another instant see `backlog_age`.

    Left out: ``ended``, and the kinds that durations leave out. Source: ServiceNow's IT manager dashboard.
    """
    return Age("age", **options(statistics, "from opening to as_of", given))
