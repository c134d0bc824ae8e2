"""Many assessments put to one KPI or more, by group and by period."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, get_args

import attrs

from itilkit.calendars import Period, Unit
from itilkit.errors import KpiError
from itilkit.kpi.chance import generator
from itilkit.kpi.definition import Case, Figure, Kpi, LeftOut, Reason, check_option, refuse
from itilkit.kpi.dimension import Dimensions, Standing
from itilkit.kpi.dimension import dimension as reader_of
from itilkit.kpi.intervals import Interval, check_level
from itilkit.kpi.measures import Measure, Measures
from itilkit.records import Source
from itilkit.sla import Assessment

__all__ = ["Table", "cases_of", "check_kpis", "measure"]

Key = tuple[object, ...]


def measure(
    assessments: Iterable[Assessment],
    *kpis: Kpi,
    by: str | Sequence[str] = (),
    dimension: Standing = "then",
    period: Period | None = None,
    every: Unit | None = None,
    zone: str | None = None,
    level: float | None = None,
    seed: int = 0,
) -> Measures:
    """The figures of one KPI or more over many assessments, which are drawn once, one by one.

    Args:
        assessments: The incidents, assessed at one `as_of`.
        kpis: What to measure.
        by: Dimensions to group by: ``priority``, ``group``, ``assignee``, ``status``,
            ``state``, ``impact``, ``urgency``, ``hold_reason``, ``customer``, ``site``, or any field such as
            ``category`` or ``channel``. An incident that does not know its own is in the group None.
        dimension: When a dimension is read: ``then``, as it stands at `as_of`; ``initial``, as it was first known;
            ``final``, as it was when the incident last ended, which for an open one is as it stands.
        period: Only incidents whose cohort event lies in it; the rest is left out as ``out_of_period``.
        every: A series of periods by the cohort event, gaps included: ``month``, ``week`` ... With `period`, those
            that share time with it, as far as `as_of`; each counts only what lies in both.
        zone: The zone of `every`.
        level: Tell an interval with each figure that has one, such as 0.95: Wilson's for a share, order statistics for
            a median or percentile, Kaplan-Meier's for what has not ended, else the bootstrap of `seed`.
        seed: Of the bootstrap, which is the only chance in it.

    An incident that follows another one (`Linked` as its parent) is the child of a major incident when that one is
    among the assessments and was declared major.

    Returns:
        For each KPI the figures by period and group; the total is that of all incidents, never of group values, and
        is measured by a call without `by`. Without incidents there is one figure that rests on nothing, and with
        `by` there is none. With `every`, incidents that lie in no period have figures of their own without a value,
        whose period is empty, so that the reason is told.

    Raises:
        KpiError: no KPI, `every` without a zone, assessments of different instants, a dimension that no incident
            knows, a level that is none, or groups of a KPI that is told as a whole.
        CalendarError: an unknown kind of period, or an unknown zone.

    >>> from itilkit.kpi import volume
    >>> measure([], volume()).one().value
    0
    """
    check_kpis(kpis)
    generator(seed)
    check_option("dimension", dimension, get_args(Standing))
    if level is not None:
        check_level(level)
    if every is not None:
        if zone is None:
            raise KpiError.one(
                "no_zone", f"every={every!r} needs a zone", path="zone", hint="zone='Europe/London'"
            )
        Period.of(every, _SOME_INSTANT, zone=zone)
    names = (by,) if isinstance(by, str) else tuple(by)
    _check_whole(kpis, grouped=bool(names) or every is not None)
    readers = [reader_of(name, dimension) for name in names]
    dimensions = Dimensions((*names, *(name for kpi in kpis for name in kpi.dimensions)))
    tables = [Table(kpi, period, None if every is None else _Series(every, zone or "UTC")) for kpi in kpis]
    stand_ins = _StandIns()
    as_of: datetime | None = None
    for case in cases_of(assessments):
        as_of = case.timeline.as_of
        if dimensions.missing:
            dimensions.look(case)
        stand_ins.look(case)
        key = tuple([read(case) for read in readers])
        for table in tables:
            table.take(case, key)
    dimensions.check()
    found: list[Measure] = []
    for table in tables:
        reading = stand_ins.named(table.kpi)
        found.extend(table.measures(names, reading, as_of, (level, seed)))
    return Measures(tuple(found))


def cases_of(assessments: Iterable[Assessment]) -> Iterator[Case]:
    """The incidents as they are measured, those that follow others last, when it is known which ones were major.

    Raises:
        KpiError: the assessments look from different instants.
    """
    as_of: datetime | None = None
    majors: set[str] = set()
    waiting: list[tuple[Case, str]] = []
    for assessment in assessments:
        case = Case(assessment)
        as_of = _checked(case.timeline.as_of, as_of)
        if case.is_major:
            majors.add(case.timeline.incident.number)
        if case.parent is None:
            yield case
        else:
            waiting.append((case, case.parent))
    for case, parent in waiting:
        if parent in majors:
            case.kinds = (*case.kinds, "child")
        yield case


_SOME_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)


def check_kpis(kpis: Sequence[Kpi]) -> None:
    """Raise when there is nothing to measure, or something that is no KPI."""
    if not kpis:
        raise KpiError.one("no_kpi", "there is nothing to measure", path="kpis")
    for kpi in kpis:
        if not isinstance(kpi, Kpi):
            raise KpiError.one(
                "no_kpi", f"expected a KPI, got {kpi!r}", path="kpis", hint="pass several one by one"
            )


def _check_whole(kpis: Sequence[Kpi], *, grouped: bool) -> None:
    for kpi in kpis:
        if grouped and kpi.whole:
            raise refuse("by", f"{kpi.name} has no groups or series of incidents", "measure it by itself")


def _checked(now: datetime, before: datetime | None) -> datetime:
    """The instant that all assessments look from."""
    if before is not None and now != before:
        raise KpiError.one(
            "mixed_as_of",
            f"the assessments look from {before.isoformat()} and from {now.isoformat()}",
            path="assessments",
            hint="assess all incidents at one as_of",
        )
    return now


class _StandIns:
    """What sources took in place of facts that they do not record."""

    def __init__(self) -> None:
        self.words: dict[str, dict[str, None]] = {}
        self.latest: Source | None = None

    def look(self, case: Case) -> None:
        source = case.timeline.incident.source
        if source is not self.latest:
            self.latest = source
            for fact, words in source.stand_ins.items():
                self.words.setdefault(fact, {})[str(words)] = None

    def named(self, kpi: Kpi) -> str:
        """The reading of a KPI with every stand-in that it rests on."""
        used = dict.fromkeys(words for fact in sorted(kpi.facts) for words in self.words.get(fact, ()))
        return "; ".join(words for words in (kpi.reading, kpi.population, *used) if words)


@attrs.define
class _Cell:
    """The observations of one group in one period."""

    values: list[Any] = attrs.field(factory=list[Any])
    left_out: Counter[Reason] = attrs.field(factory=Counter[Reason])


class _Series:
    """The periods of a kind, worked out as instants ask for them."""

    def __init__(self, unit: Unit, zone: str) -> None:
        self.unit: Unit = unit
        self.zone = zone
        self.starts: list[datetime] = []
        self.known: list[Period] = []

    def label(self, at: datetime) -> str:
        """The label of the period that an instant lies in."""
        place = bisect_right(self.starts, at)
        if place and at < self.known[place - 1].end:
            return self.known[place - 1].label
        period = Period.of(self.unit, at, zone=self.zone)
        self.starts.insert(place, period.start)
        self.known.insert(place, period)
        return period.label

    def labels(self, within: Period | None, as_of: datetime | None) -> Iterator[str]:
        """The labels from the first to the last period that is known or asked for."""
        if within is not None:
            start, end = within.start, within.end if as_of is None else min(within.end, as_of)
        elif self.known:
            start, end = self.known[0].start, self.known[-1].end
        else:
            return
        for period in Period.each(self.unit, start, end, zone=self.zone):
            yield period.label


class Table:
    """The observations of one KPI by period and group."""

    def __init__(self, kpi: Kpi, period: Period | None, series: _Series | None) -> None:
        self.kpi = kpi
        self.leaves_out = kpi.leaves_out
        self.period = period
        self.series = series
        self.cells: defaultdict[tuple[str, Key], _Cell] = defaultdict(_Cell)

    def take(self, case: Case, key: Key) -> None:
        """Put an incident into its cell."""
        observed, label = case.left_out(self.leaves_out) or self.kpi.observe(case), ""
        if self.period is not None or self.series is not None:
            at = self.kpi.placed_at(case)
            if at is None or (self.period is not None and at not in self.period):
                observed = _unplaced(case, observed, at)
            elif self.series is not None:
                label = self.series.label(at)
        cell = self.cells[label, key]
        if isinstance(observed, LeftOut):
            cell.left_out[observed.reason] += 1
        else:
            cell.values.append(observed)

    def cell(self, key: Key) -> _Cell:
        """What is in a group, made where nothing is yet."""
        return self.cells["", key]

    def measures(
        self, names: Sequence[str], reading: str, as_of: datetime | None, sure: tuple[float | None, int]
    ) -> Iterator[Measure]:
        """The figures of every cell, also of those in which nothing is."""
        self._fill(names, as_of)
        label = self.period.label if self.period is not None else ""
        for (placed, key), cell in sorted(self.cells.items(), key=_place):
            group = dict(zip(names, key, strict=True))
            told = bool(placed) or self.series is None
            for figure in self.kpi.figures(cell.values):
                yield Measure(
                    self.kpi.name,
                    figure.statistic,
                    figure.value if told else None,
                    figure.unit,
                    figure.n,
                    _left_out(cell, figure),
                    reading,
                    self.kpi.cohort,
                    group,
                    label if self.series is None else placed,
                    figure.parts,
                    _interval(figure, *sure) if told else None,
                )

    def _fill(self, names: Sequence[str], as_of: datetime | None) -> None:
        """Every group has every period; without groups there is at least one figure."""
        if self.series is not None:
            groups = dict.fromkeys(key for _, key in self.cells) or ({} if names else {(): None})
            for label in self.series.labels(self.period, as_of):
                for key in groups:
                    self.cells.setdefault((label, key), _Cell())
        if not self.cells and not names:
            self.cells["", ()] = _Cell()


def _left_out(cell: _Cell, figure: Figure) -> dict[Reason, int]:
    return dict(sorted((cell.left_out + Counter(figure.left_out)).items()))


def _interval(figure: Figure, level: float | None, seed: int) -> Interval | None:
    return None if level is None or figure.sureness is None else figure.sureness(level, seed)


def _unplaced(case: Case, observed: object, at: datetime | None) -> LeftOut:
    """Why an incident is in no period: it lies in another one, or its cohort event has not come or never will."""
    if at is not None:
        return LeftOut("out_of_period")
    if isinstance(observed, LeftOut):
        return observed
    return LeftOut("missing" if case.timeline.statuses[-1].is_final else "open")


def _place(item: tuple[tuple[str, Key], _Cell]) -> tuple[str, list[tuple[int, Any]]]:
    (label, key), _ = item
    return label, [_sortable(part) for part in key]


def _sortable(part: object) -> tuple[int, Any]:
    """Numbers before words, and what is not known last."""
    if part is None:
        return 2, 0
    return (0, part) if isinstance(part, int | float) else (1, str(part))
