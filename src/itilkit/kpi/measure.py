"""Many assessments put to one KPI or more, by group and by period."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, overload

import attrs

from itilkit.calendars import Period, Unit
from itilkit.errors import KpiError
from itilkit.kpi.definition import Case, Kpi, LeftOut, Reason, Value
from itilkit.kpi.dimension import Dimensions, dimension
from itilkit.records import Source
from itilkit.sla import Assessment

__all__ = ["Measure", "Measures", "measure"]

Key = tuple[object, ...]


@attrs.frozen
class Measure:
    """One figure, with what it was made of.

    Attributes:
        name: The KPI.
        statistic: ``mean``, ``median``, ``p90``, ``share``, ``count`` ...
        value: A timedelta, a ratio from 0 to 1, a count, or None where it is undefined.
        unit: ``duration``, ``ratio``, ``incidents`` ...
        n: Incidents (for MTBF gaps) that it rests on.
        left_out: Incidents that do not count, by reason.
        reading: Which reading of the KPI this is, in words.
        cohort: The event that places an incident in a period.
        group: The group by dimension; empty for the total, None in it where the dimension is not known.
        period: The label of the period, or an empty string.
        parts: The numbers it was made of, by name.
    """

    name: str
    statistic: str
    value: Value
    unit: str
    n: int
    left_out: Mapping[Reason, int]
    reading: str
    cohort: str
    group: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    period: str = ""
    parts: Mapping[str, int] = attrs.field(factory=dict[str, int])

    @property
    def recorded(self) -> bool:
        """False where the source does not record what the KPI needs."""
        return self.n > 0 or not self.left_out.get("not_recorded")

    def to_row(self) -> dict[str, Any]:
        """A flat row for any table: durations in seconds, groups and left-out counts as columns of their own.

        A dimension that is named like one of the other columns becomes ``by_value``, ``by_unit`` ...
        """
        value = self.value.total_seconds() if isinstance(self.value, timedelta) else self.value
        return {
            "kpi": self.name,
            "statistic": self.statistic,
            "reading": self.reading,
            "cohort": self.cohort,
            "period": self.period or None,
            **{f"by_{name}" if name in _COLUMNS else name: group for name, group in self.group.items()},
            "value": value,
            "unit": "seconds" if self.unit == "duration" else self.unit,
            "n": self.n,
            **{f"left_out_{reason}": count for reason, count in self.left_out.items()},
        }


_COLUMNS = ("kpi", "statistic", "reading", "cohort", "period", "value", "unit", "n")


@attrs.frozen(repr=False)
class Measures(Sequence[Measure]):
    """Figures in order: by KPI, then period, then group, then statistic."""

    items: tuple[Measure, ...]

    @overload
    def __getitem__(self, index: int) -> Measure: ...
    @overload
    def __getitem__(self, index: slice) -> Measures: ...
    def __getitem__(self, index: int | slice) -> Measure | Measures:
        """The figure at a place, or several of them."""
        return Measures(self.items[index]) if isinstance(index, slice) else self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"<Measures: {len(self.items)} figures>"

    def where(self, **wanted: object) -> Measures:
        """The figures whose attributes or groups have these values.

        >>> Measures(()).where(name="volume", priority=1)
        <Measures: 0 figures>
        """
        return Measures(tuple(item for item in self.items if _matches(item, wanted)))

    def one(self, **wanted: object) -> Measure:
        """The only figure with these values.

        Raises:
            KpiError: there is none, or more than one.
        """
        found = self.where(**wanted) if wanted else self
        if len(found) != 1:
            raise KpiError.one("not_one", f"{len(found)} figures fit {wanted}", hint="say more or less")
        return found[0]

    def to_rows(self) -> list[dict[str, Any]]:
        """Tidy rows for any table library, one per figure, all with the same columns."""
        rows = [item.to_row() for item in self.items]
        columns = dict.fromkeys(column for row in rows for column in row)
        empty = {column: 0 if column.startswith("left_out_") else None for column in columns}
        return [{**empty, **row} for row in rows]


_NOTHING = object()


def _matches(item: Measure, wanted: Mapping[str, object]) -> bool:
    for name, value in wanted.items():
        held = item.group[name] if name in item.group else getattr(item, name, _NOTHING)
        if held != value:
            return False
    return True


def measure(
    assessments: Iterable[Assessment],
    *kpis: Kpi,
    by: str | Sequence[str] = (),
    period: Period | None = None,
    every: Unit | None = None,
    zone: str | None = None,
) -> Measures:
    """The figures of one KPI or more over many assessments, which are drawn once, one by one.

    Args:
        assessments: The incidents, assessed at one `as_of`.
        kpis: What to measure.
        by: Dimensions to group by, as they stand at `as_of`: ``priority``, ``group``, ``assignee``, ``status``,
            ``state``, ``impact``, ``urgency``, ``hold_reason``, ``customer``, ``site``, or any field such as
            ``category`` or ``channel``. An incident that does not know its own is in the group None.
        period: Only incidents whose cohort event lies in it; the rest is left out as ``out_of_period``.
        every: A series of periods by the cohort event, gaps included: ``month``, ``week`` ... With `period`, those
            that share time with it, as far as `as_of`; each counts only what lies in both.
        zone: The zone of `every`.

    Returns:
        For each KPI the figures by period and group; the total is that of all incidents, never of group values, and
        is measured by a call without `by`. Without incidents there is one figure that rests on nothing, and with
        `by` there is none. With `every`, incidents that lie in no period have figures of their own without a value,
        whose period is empty, so that the reason is told.

    Raises:
        KpiError: no KPI, `every` without a zone, assessments of different instants, or a dimension that no incident
            knows.
        CalendarError: an unknown kind of period, or an unknown zone.

    >>> from itilkit.kpi import volume
    >>> measure([], volume()).one().value
    0
    """
    _check_kpis(kpis)
    if every is not None:
        if zone is None:
            raise KpiError.one(
                "no_zone", f"every={every!r} needs a zone", path="zone", hint="zone='Europe/London'"
            )
        Period.of(every, _SOME_INSTANT, zone=zone)
    names = (by,) if isinstance(by, str) else tuple(by)
    readers = [dimension(name) for name in names]
    dimensions = Dimensions((*names, *(name for kpi in kpis for name in kpi.dimensions)))
    tables = [_Table(kpi, period, None if every is None else _Series(every, zone or "UTC")) for kpi in kpis]
    stand_ins = _StandIns()
    as_of: datetime | None = None
    for assessment in assessments:
        case = Case(assessment)
        as_of = _checked(case.timeline.as_of, as_of)
        dimensions.look(case)
        stand_ins.look(case)
        key = tuple([read(case) for read in readers])
        for table in tables:
            table.take(case, key)
    dimensions.check()
    found: list[Measure] = []
    for table in tables:
        reading = stand_ins.named(table.kpi)
        found.extend(table.measures(names, reading, as_of))
    return Measures(tuple(found))


_SOME_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)


def _check_kpis(kpis: Sequence[Kpi]) -> None:
    if not kpis:
        raise KpiError.one("no_kpi", "there is nothing to measure", path="kpis")
    for kpi in kpis:
        if not isinstance(kpi, Kpi):
            raise KpiError.one(
                "no_kpi", f"expected a KPI, got {kpi!r}", path="kpis", hint="pass several one by one"
            )


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
        return "; ".join((kpi.reading, *used))


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


class _Table:
    """The observations of one KPI by period and group."""

    def __init__(self, kpi: Kpi, period: Period | None, series: _Series | None) -> None:
        self.kpi = kpi
        self.period = period
        self.series = series
        self.cells: defaultdict[tuple[str, Key], _Cell] = defaultdict(_Cell)

    def take(self, case: Case, key: Key) -> None:
        """Put an incident into its cell."""
        observed, label = self.kpi.observe(case), ""
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

    def measures(self, names: Sequence[str], reading: str, as_of: datetime | None) -> Iterator[Measure]:
        """The figures of every cell, also of those in which nothing is."""
        self._fill(names, as_of)
        label = self.period.label if self.period is not None else ""
        for (placed, key), cell in sorted(self.cells.items(), key=_place):
            group = dict(zip(names, key, strict=True))
            left_out = dict(sorted(cell.left_out.items()))
            for figure in self.kpi.figures(cell.values):
                yield Measure(
                    self.kpi.name,
                    figure.statistic,
                    figure.value if placed or self.series is None else None,
                    figure.unit,
                    figure.n,
                    left_out,
                    reading,
                    self.kpi.cohort,
                    group,
                    label if self.series is None else placed,
                    figure.parts,
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
