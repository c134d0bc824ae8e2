"""Many assessments put to one KPI or more, by group and by period."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, overload

import attrs

from itilkit.calendars import Period, Unit
from itilkit.errors import KpiError
from itilkit.kpi.definition import COHORTS, Figure, Kpi, LeftOut, Reason, Value
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
        """A flat row for any table: durations in seconds, groups and left-out counts as columns of their own."""
        value = self.value.total_seconds() if isinstance(self.value, timedelta) else self.value
        return {
            "kpi": self.name,
            "statistic": self.statistic,
            "reading": self.reading,
            "cohort": self.cohort,
            "period": self.period or None,
            **self.group,
            "value": value,
            "unit": "seconds" if self.unit == "duration" else self.unit,
            "n": self.n,
            **{f"left_out_{reason}": count for reason, count in self.left_out.items()},
        }


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


def _matches(item: Measure, wanted: Mapping[str, object]) -> bool:
    for name, value in wanted.items():
        held = item.group[name] if name in item.group else getattr(item, name, None)
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
    """The figures of one KPI or more over many assessments.

    Args:
        assessments: The incidents, assessed at one `as_of`.
        kpis: What to measure.
        by: Dimensions to group by, as they stand at `as_of`: ``priority``, ``group``, ``assignee``, ``status``,
            ``state``, ``impact``, ``urgency``, or any field such as ``category`` or ``channel``. A dimension that is
            not known is the group None.
        period: Only incidents whose cohort event lies in it; the rest is left out as ``out_of_period``.
        every: A series of periods by the cohort event, gaps included: ``month``, ``week`` ...
        zone: The zone of `every`.

    Returns:
        For each KPI the figures by period and group; the total is that of all incidents, never of group values, and
        is measured by a call without `by`. Without incidents there is one figure without a value.

    Raises:
        KpiError: no KPI, or `every` without a zone.
    """
    if not kpis:
        raise KpiError.one("no_kpi", "there is nothing to measure", path="kpis")
    if every is not None and zone is None:
        raise KpiError.one(
            "no_zone", f"every={every!r} needs a zone", path="zone", hint="zone='Europe/London'"
        )
    dimensions = (by,) if isinstance(by, str) else tuple(by)
    cases = list(assessments)
    keys = [tuple(_dimension(name)(case) for name in dimensions) for case in cases]
    axis = _Axis(period, every, zone or "UTC")
    found: list[Measure] = []
    for kpi in kpis:
        cells = axis.cells(kpi, cases, keys)
        if not cells and not dimensions:
            cells["", ()] = _Cell()
        for (label, key), cell in _ordered(cells):
            group = dict(zip(dimensions, key, strict=True))
            found.extend(_measured(kpi, cell, group, label or (period.label if period else "")))
    return Measures(tuple(found))


@attrs.define
class _Cell:
    """The observations of one group in one period."""

    values: list[Any] = attrs.field(factory=list[Any])
    left_out: Counter[Reason] = attrs.field(factory=Counter[Reason])

    def take(self, observed: object) -> None:
        if isinstance(observed, LeftOut):
            self.left_out[observed.reason] += 1
        else:
            self.values.append(observed)


Cells = dict[tuple[str, Key], _Cell]


@attrs.frozen
class _Axis:
    """Which periods there are and which of them an incident lies in."""

    period: Period | None
    every: Unit | None
    zone: str

    def cells(self, kpi: Kpi, cases: Sequence[Assessment], keys: Sequence[Key]) -> Cells:
        """The observations by period and group."""
        cells: Cells = defaultdict(_Cell)
        placed = COHORTS[kpi.cohort]
        instants: list[datetime] = []
        for case, key in zip(cases, keys, strict=True):
            observed = kpi.observe(case)
            if self.period is None and self.every is None:
                cells["", key].take(observed)
                continue
            at = placed(case.timeline)
            if at is None or (self.period is not None and at not in self.period):
                cells["", key].take(_unplaced(observed, at))
                continue
            instants.append(at)
            cells[self._label(at), key].take(observed)
        self._fill(cells, instants)
        return cells

    def _label(self, at: datetime) -> str:
        return "" if self.every is None else Period.of(self.every, at, zone=self.zone).label

    def _fill(self, cells: Cells, instants: Sequence[datetime]) -> None:
        """Periods without incidents are there too, empty."""
        if self.every is None or not instants:
            return
        groups = {key for _, key in cells}
        end = max(instants) + timedelta.resolution
        for period in Period.each(self.every, min(instants), end, zone=self.zone):
            for key in groups:
                cells.setdefault((period.label, key), _Cell())


def _unplaced(observed: object, at: datetime | None) -> LeftOut:
    """Why an incident is in no period: it lies in another one, or its cohort event has not come."""
    if at is not None:
        return LeftOut("out_of_period")
    return observed if isinstance(observed, LeftOut) else LeftOut("open")


def _ordered(cells: Cells) -> list[tuple[tuple[str, Key], _Cell]]:
    return sorted(cells.items(), key=lambda item: (item[0][0], [_sortable(part) for part in item[0][1]]))


def _sortable(part: object) -> tuple[bool, bool, Any]:
    """Numbers before words, and what is not known last."""
    return part is None, isinstance(part, str), part if isinstance(part, int | str) else str(part)


def _measured(kpi: Kpi, cell: _Cell, group: Mapping[str, Any], label: str) -> Iterator[Measure]:
    figures: Iterable[Figure] = kpi.figures(cell.values)
    for figure in figures:
        yield Measure(
            kpi.name,
            figure.statistic,
            figure.value,
            figure.unit,
            figure.n,
            dict(sorted(cell.left_out.items())),
            kpi.reading,
            kpi.cohort,
            group,
            label,
            figure.parts,
        )


def _dimension(name: str) -> Callable[[Assessment], Any]:
    """How to read a dimension of an assessment."""
    if name in ("priority", "status", "state", "impact", "urgency"):
        return lambda case: getattr(case.timeline, name)
    if name == "group":
        return lambda case: case.timeline.assignment.group
    if name == "assignee":
        return _assignee
    return lambda case: case.timeline.fields[-1].get(name) if case.timeline.fields else None


def _assignee(case: Assessment) -> str | None:
    assignee = case.timeline.assignment.assignee
    return None if assignee is None else str(assignee)
