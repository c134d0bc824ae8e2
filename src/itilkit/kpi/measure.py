"""Many assessments put to one KPI or more, by group and by period."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, get_args

import attrs

from itilkit.calendars import Period, Unit
from itilkit.errors import KpiError
from itilkit.kpi.cases import Block, Cases, Key, blocks_of, cases_of
from itilkit.kpi.chance import generator
from itilkit.kpi.clusters import by_cluster
from itilkit.kpi.definition import Case, Figure, Kpi, LeftOut, Reason, check_option, refuse
from itilkit.kpi.dimension import Dimensions, Standing
from itilkit.kpi.intervals import Interval, check_level
from itilkit.kpi.measures import Measure, Measures
from itilkit.sla import Assessment

__all__ = ["Table", "cases_of", "check_kpis", "fill", "measure"]


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
    cluster: str | None = None,
) -> Measures:
    """The figures of one KPI or more over many assessments, which are drawn once, a few at a time.

    Args:
        assessments: The incidents, assessed at one `as_of`; as `Cases`, where they are measured more than once.
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
        cluster: What brings incidents in bunches: ``parent`` (a major incident with all that follow it), ``reporter``,
            or any dimension. Every interval then comes from resamples of whole clusters, which the parts count.

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
    if cluster is not None:
        kpis = tuple(by_cluster(kpi, cluster) for kpi in kpis)
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
    dimensions = Dimensions((*names, *(name for kpi in kpis for name in kpi.dimensions)))
    tables = [Table(kpi, period, None if every is None else _Series(every, zone or "UTC")) for kpi in kpis]
    stand_ins = _StandIns()

    def look(block: Block) -> None:
        stand_ins.look(block)
        for case in block.cases if dimensions.missing else ():
            dimensions.look(case)

    as_of = fill(tables, assessments, names, dimension, look)
    dimensions.check()
    found: list[Measure] = []
    for table in tables:
        reading = stand_ins.named(table.kpi)
        found.extend(table.measures(names, reading, as_of, (level, seed)))
    return Measures(tuple(found))


def fill(
    tables: Sequence[Table],
    assessments: Iterable[Assessment],
    names: Sequence[str],
    dimension: Standing = "then",
    look: Callable[[Block], None] | None = None,
) -> datetime | None:
    """Put all incidents into tables, grouped by dimensions.

    Returns:
        The instant that they look from; None of no incidents.

    Raises:
        KpiError: the assessments look from different instants.
    """
    unsettled = not isinstance(assessments, Cases) and any(table.kpi.from_earliest for table in tables)
    if unsettled and not isinstance(assessments, Sequence):
        assessments = tuple(assessments)
    as_of: datetime | None = None
    for block in blocks_of(assessments):
        if (
            unsettled and block.merges
        ):  # they may change what was looked at before, so that all is looked at again
            for table in tables:
                table.cells.clear()
            return fill(tables, Cases(assessments), names, dimension, look)
        as_of = block.cases[-1].timeline.as_of
        if look is not None:
            look(block)
        for table in tables:
            table.take(block, names, dimension)
    return as_of


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


class _StandIns:
    """What sources took in place of facts that they do not record."""

    def __init__(self) -> None:
        self.words: dict[str, dict[str, None]] = {}

    def look(self, block: Block) -> None:
        for fact, words in block.stand_ins().items():
            self.words.setdefault(fact, {}).update(dict.fromkeys(words))

    def named(self, kpi: Kpi) -> str:
        """The reading of a KPI with every stand-in that it rests on."""
        used = dict.fromkeys(words for fact in sorted(kpi.facts) for words in self.words.get(fact, ()))
        return "; ".join(words for words in (kpi.reading, kpi.population, *used) if words)


@attrs.define
class _Cell:
    """The observations of one group in one period."""

    values: list[Any] = attrs.field(factory=list[Any])
    left_out: Counter[Reason] = attrs.field(factory=Counter[Reason])

    def take(self, observed: Sequence[Any]) -> None:
        """Keep what counts, and count the rest by reason."""
        kept = [each for each in observed if each.__class__ is not LeftOut]
        self.values += kept
        if len(kept) < len(observed):
            self.left_out.update([each.reason for each in observed if each.__class__ is LeftOut])


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

    def take(self, block: Block, names: Sequence[str] = (), standing: Standing = "then") -> None:
        """Put incidents into their cells."""
        observed = block.answers(self.kpi)
        groups = block.groups(names, standing)
        if self.period is not None:
            self._take_period(self.period, block, observed, (groups, block.keys(names, standing)))
        elif self.series is not None:
            self._take_series(self.series, block, observed, groups)
        else:
            for key, rows in groups.items():
                self.cells["", key].take([observed[row] for row in rows])

    def _take_period(
        self,
        period: Period,
        block: Block,
        observed: Sequence[Any],
        grouped: tuple[Mapping[Key, Sequence[int]], Sequence[Key]],
    ) -> None:
        """Only what lies in the period is looked at, and what lies in none; the rest is counted as a whole."""
        groups, keys = grouped
        elsewhere = {key: len(rows) for key, rows in groups.items()}
        found: defaultdict[tuple[str, Key], list[Any]] = defaultdict(list)
        placed = block.placed(self.kpi)
        for row in block.inside(self.kpi, period):
            at, key = placed[row], keys[row]
            elsewhere[key] -= 1
            label = "" if self.series is None or at is None else self.series.label(at)
            found[label, key].append(observed[row])
        for row in block.nowhere(self.kpi):
            elsewhere[keys[row]] -= 1
            found["", keys[row]].append(_unplaced(block.cases[row], observed[row]))
        for place, each in found.items():
            self.cells[place].take(each)
        for key, count in elsewhere.items():
            if count or self.series is None:
                self.cells["", key].left_out["out_of_period"] += count

    def _take_series(
        self, series: _Series, block: Block, observed: Sequence[Any], groups: Mapping[Key, Sequence[int]]
    ) -> None:
        placed = block.placed(self.kpi)
        for key, rows in groups.items():
            found: defaultdict[str, list[Any]] = defaultdict(list)
            for row in rows:
                at = placed[row]
                if at is None:
                    found[""].append(_unplaced(block.cases[row], observed[row]))
                else:
                    found[series.label(at)].append(observed[row])
            for label, each in found.items():
                self.cells[label, key].take(each)

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


def _unplaced(case: Case, observed: object) -> LeftOut:
    """Why an incident is in no period at all: its cohort event has not come or never will."""
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
