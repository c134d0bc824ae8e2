"""Figures as values: what was found, of how many, what was left out, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, overload

import attrs

from itilkit.errors import KpiError
from itilkit.kpi.catalogue import known_entry
from itilkit.kpi.definition import Reason, Value
from itilkit.kpi.intervals import Interval
from itilkit.kpi.words import value_words

__all__ = ["Measure", "Measures"]


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
        interval: Where the true value lies as far as chance goes; None unless asked for with `level`.
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
    interval: Interval | None = None

    @property
    def recorded(self) -> bool:
        """False where the source does not record what the KPI needs."""
        return self.n > 0 or not self.left_out.get("not_recorded")

    def explain(self) -> str:
        """What the figure is, what it rests on, what was left out, and how sure it is, as text."""
        return explained(self)

    def to_row(self) -> dict[str, Any]:
        """A flat row for any table: durations in seconds, groups and left-out counts as columns of their own.

        With an interval it also has ``low``, ``high`` and ``level``.

        A dimension that is named like one of the other columns becomes ``by_value``, ``by_unit`` ...
        """
        return {
            "kpi": self.name,
            "statistic": self.statistic,
            "reading": self.reading,
            "cohort": self.cohort,
            "period": self.period or None,
            **{f"by_{name}" if name in _COLUMNS else name: group for name, group in self.group.items()},
            "value": _plain(self.value),
            "unit": "seconds" if self.unit == "duration" else self.unit,
            "n": self.n,
            **_ends(self.interval),
            **{f"left_out_{reason}": count for reason, count in self.left_out.items()},
        }


def _plain(value: timedelta | float | None) -> float | None:
    return value.total_seconds() if isinstance(value, timedelta) else value


def _ends(interval: Interval | None) -> dict[str, Any]:
    if interval is None:
        return {}
    return {"low": _plain(interval.low), "high": _plain(interval.high), "level": interval.level}


_COLUMNS = (
    "kpi", "statistic", "reading", "cohort", "period", "value", "unit", "n", "low", "high", "level",
    "before", "n_before", "difference", "difference_low", "difference_high", "verdict",
)  # fmt: skip


def explained(measure: Measure) -> str:
    """A figure with the definition of its KPI and the actual counts."""
    entry = known_entry(measure.name)
    lines = [f"{measure.name}, {measure.statistic}: {value_words(measure.value, measure.unit)}"]
    interval = measure.interval
    if interval is not None:
        low, high = (
            "open" if end is None else value_words(end, measure.unit) for end in (interval.low, interval.high)
        )
        lines.append(f"  {interval.level:.0%} interval: {low} to {high} ({interval.method})")
    if entry is not None:
        lines += [f"  What: {entry.definition}", f"  Formula: {entry.formula}"]
    lines.append(f"  Reading: {measure.reading or 'the only one'}; placed by {measure.cohort}")
    if measure.group or measure.period:
        where = [f"{name} {value}" for name, value in measure.group.items()]
        lines.append(f"  Of: {', '.join([*where, *([measure.period] if measure.period else [])])}")
    lines.append(f"  Rests on: {measure.n:,}")
    if measure.parts:
        lines.append(f"  Made of: {_listed(measure.parts)}")
    lines.append(f"  Left out: {_listed(measure.left_out) if measure.left_out else 'nothing'}")
    if entry is not None:
        lines += [f"  Rule: {edge}" for edge in entry.edges]
        lines.append(f"  Source: {'the definition of the library' if entry.source == '-' else entry.source}")
    return "\n".join(lines)


def _listed(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items())


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

    def explain(self) -> str:
        """What each figure is, one after the other, as text."""
        return "\n\n".join(item.explain() for item in self.items)

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
