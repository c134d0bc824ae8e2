"""The figures of one period as a value: which KPIs, of which incidents, and what became of them since before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import sqrt
from statistics import fmean
from typing import Any, Literal, get_args

import attrs

from itilkit.calendars import Period, Unit
from itilkit.kpi.backlog import AtInstant, backlog, backlog_age, backlog_growth
from itilkit.kpi.cases import Cases
from itilkit.kpi.chance import generator
from itilkit.kpi.compare import Change, Comparison, Comparisons, compare
from itilkit.kpi.compliance import sla_compliance
from itilkit.kpi.definition import Kpi, refuse
from itilkit.kpi.durations import MIN_N
from itilkit.kpi.intervals import Interval, check_level, normal_quantile
from itilkit.kpi.measure import check_kpis, measure
from itilkit.kpi.measures import Measure, Measures
from itilkit.kpi.reopening import first_contact_resolution, reopen_rate
from itilkit.kpi.reporting import forms
from itilkit.kpi.reporting.lines import place, rows
from itilkit.kpi.resolving import time_to_resolve
from itilkit.kpi.routing import first_assignment_rate, hop_count
from itilkit.kpi.times import time_to_acknowledge, time_to_respond
from itilkit.kpi.volume import Volume, volume
from itilkit.sla import Assessment

__all__ = ["PeriodReport", "report"]

_INSTANT = timedelta(microseconds=1)
_TWO_WEEKS = 14


@attrs.frozen(repr=False)
class PeriodReport:
    """The figures of one period; see `report`.

    Attributes:
        period: The period.
        as_of: The instant from which it was seen; None of no incidents.
        by: The dimensions of the groups.
        compared_to: The period that it is compared with, or None.
        measures: Every figure, those of all incidents first, then those of each group.
        changes: What became of them since the other period; empty without one.
        level: Of the intervals.
    """

    period: Period
    as_of: datetime | None
    by: tuple[str, ...] = attrs.field(kw_only=True)
    compared_to: Period | None = attrs.field(kw_only=True)
    measures: Measures = attrs.field(kw_only=True)
    changes: Comparisons = attrs.field(kw_only=True)
    level: float = attrs.field(kw_only=True)

    def __repr__(self) -> str:
        against = f" against {self.compared_to}" if self.compared_to else ""
        return f"<PeriodReport {self.period}{against}: {len(self.measures)} figures>"

    @property
    def is_over(self) -> bool:
        """Whether the whole period could be seen; of no incidents it is taken for seen."""
        return self.as_of is None or self.as_of >= self.period.end

    @property
    def total(self) -> Measures:
        """The figures of all incidents."""
        return Measures(tuple(each for each in self.measures if not each.group))

    @property
    def groups(self) -> Measures:
        """The figures of the groups."""
        return Measures(tuple(each for each in self.measures if each.group))

    def change_of(self, measure: Measure) -> Change | None:
        """What became of a figure of this report since the other period; None without one."""
        wanted = place(measure)
        changes = (change for comparison in self.changes for change in comparison.changes)
        return next((change for change in changes if place(change.after) == wanted), None)

    def to_rows(self) -> list[dict[str, Any]]:
        """Tidy rows for any table, one per figure, all with the same columns; durations in seconds, ratios from 0 to 1.

        With another period also ``before``, ``n_before``, ``difference``, ``difference_low``, ``difference_high`` and
        ``verdict``; a difference stands only where its interval does.
        """
        return rows(self)

    def to_text(self) -> str:
        """To read in a terminal or a mail, at most 80 columns wide where names are short; it ends with a line feed."""
        return forms.text(self)

    def to_markdown(self) -> str:
        """Markdown with tables, for a wiki or a chat; what incidents say means nothing to Markdown."""
        return forms.markdown(self)

    def to_csv(self) -> str:
        """The rows as CSV by RFC 4180; a cell that a spreadsheet would take for a formula gets an apostrophe."""
        return forms.csv(self)

    def _repr_html_(self) -> str:
        return forms.html(self)


def report(
    assessments: Iterable[Assessment],
    *,
    period: Period,
    by: str | Sequence[str] = (),
    compare_to: Period | Literal["previous"] | None = None,
    more: Sequence[Kpi] = (),
    level: float = 0.95,
    seed: int = 0,
) -> PeriodReport:
    """The figures that a service desk circulates for a month, or any other period.

    Told are the incidents opened and resolved, the backlog that the period leaves behind, its growth and its age,
    time to resolve, to acknowledge and to respond, compliance for every target that has a clock, and how often
    incidents were reopened, resolved in the first contact, resolved by their first group, and moved. Each figure names
    the event that places an incident in the period; what it leaves out is counted by reason; what is not recorded is
    said to be that.

    Args:
        assessments: The incidents, assessed at one `as_of`; drawn once. Facts from after the period count as far as
            `as_of` knows them: to make the report that stood at its end, assess as of then.
        period: The period, such as ``Period.month(2026, 3, zone="Europe/London")``.
        by: Dimensions to tell the same by, as for `measure`.
        compare_to: Another period, or ``"previous"`` for the one before. A change is told with the interval of the
            difference, or not at all; where the interval holds zero, it cannot be told from chance.
        more: KPIs to tell as well. Those that look at an instant or a period of their own tell that one, and are not
            compared.
        level: Of the intervals.
        seed: Of the bootstrap.

    The difference of two counts has the interval that the counts of their days give it; what waits at an instant is no
    sample and has none, and neither has a mean or percentile of fewer than five. All other intervals are those of
    `measure` and `compare`.

    Returns:
        The report; of no incidents one in which nothing was opened and nothing else is known.

    Raises:
        KpiError: no period of some time, one that overlaps the other, an unknown dimension, something that is no KPI,
            a level or seed that is none, or assessments of different instants.

    >>> from itilkit.calendars import Period
    >>> found = report([], period=Period.month(2026, 3, zone="UTC"), compare_to="previous")
    >>> found.measures.one(name="volume", cohort="opened").value, found.compared_to.label
    (0, '2026-02')
    """
    check_level(level)
    generator(seed)
    _check_period("period", period)
    before = previous(period) if compare_to == "previous" else compare_to
    if before is not None:
        _check_period("compare_to", before)
        if before.start < period.end and period.start < before.end:
            raise refuse("compare_to", f"{before} overlaps {period}", 'another period, or "previous"')
    if more:
        check_kpis(more)
    names = (by,) if isinstance(by, str) else tuple(by)
    cases = Cases.of(assessments)
    groupings = [(cases, ()), (_opened(cases), names)] if names else [(cases, ())]
    told = [
        _told(some, (kpi, earlier), (before, period), grouping, (level, seed))
        for some, grouping in groupings
        for kpi, earlier in _kpis(cases, period, before, more)
        if not (grouping and kpi.whole)
    ]
    return PeriodReport(
        period,
        cases.as_of,
        by=names,
        compared_to=before,
        measures=Measures(tuple(measure for measures, _ in told for measure in measures)),
        changes=Comparisons(tuple(change for _, changes in told for change in changes)),
        level=level,
    )


def _opened(cases: Cases) -> Cases:
    """Those that were opened by then: the others are in no group yet."""
    opened = [case for case in cases if case.timeline.events]
    return cases if len(opened) == len(cases) else Cases(opened)


def _check_period(name: str, period: object) -> None:
    if not isinstance(period, Period) or not period.duration:
        raise refuse(
            name, f"expected a period of some time, got {period!r}", 'Period.month(2026, 3, zone="UTC")'
        )


def previous(period: Period) -> Period:
    """The period of the same kind before; for a stretch of its own, one of the same duration.

    >>> previous(Period.month(2026, 3, zone="Europe/London")).label
    '2026-02'
    """
    for unit in get_args(Unit):
        if Period.of(unit, period.start, zone=period.zone) == period:
            return Period.of(unit, period.start - _INSTANT, zone=period.zone)
    return Period.between(period.start - period.duration, period.start, zone=period.zone)


def _kpis(
    cases: Cases, period: Period, before: Period | None, more: Sequence[Kpi]
) -> Iterator[tuple[Kpi, Kpi | None]]:
    """What is told, in the order in which it is read; beside what looks at one period only, the same of the other."""
    yield volume(), None
    yield volume(cohort="resolved"), None
    yield from zip(_standing(period), _standing(before) if before else (None,) * 3, strict=True)
    for kpi in (
        time_to_resolve("mean", "median", "p90"),
        time_to_acknowledge("median", "p90"),
        time_to_respond("median", "p90"),
        *(sla_compliance(target=target) for target in _targets(cases)),
        reopen_rate(),
        first_contact_resolution(),
        first_assignment_rate(),
        hop_count(),
        *more,
    ):
        yield kpi, None


def _standing(period: Period) -> tuple[Kpi, Kpi, Kpi]:
    """What is told of the end of a period, whenever an incident was opened."""
    return (
        backlog(period.end, side="before"),
        backlog_growth(period),
        backlog_age(period.end, "median", "p90", side="before"),
    )


def _targets(cases: Cases) -> Iterable[str]:
    """The targets that have a clock in some incident."""
    return dict.fromkeys(target for case in cases for target in case.readings)


def _told(
    cases: Cases,
    kpis: tuple[Kpi, Kpi | None],
    periods: tuple[Period | None, Period],
    by: Sequence[str],
    sure: tuple[float, int],
) -> tuple[list[Measure], list[Comparison]]:
    """The figures of one KPI, and what became of them since the other period."""
    (kpi, earlier), (before, period), (level, seed) = kpis, periods, sure
    if _has_its_own_time(kpi):
        found = _at(cases, kpi, period, by, sure)
        then = [] if earlier is None or before is None else _at(cases, earlier, before, by, sure)
        return found, list(_side_by_side(kpi, then, found))
    found = list(measure(cases, kpi, by=by, period=period, level=level, seed=seed))
    if before is None:
        return found, []
    if isinstance(kpi, Volume):
        then = list(measure(cases, kpi, by=by, period=before))
        return found, list(_counted(cases, kpi, (before, period), (then, found), level))
    after = {_place(each): each for each in found}
    compared = compare(cases, kpi, before=before, after=period, by=by, level=level, seed=seed)
    return found, [_with(comparison, after) for comparison in compared]


def _with(comparison: Comparison, after: Mapping[tuple[object, ...], Measure]) -> Comparison:
    """The comparison, with the figures of the report in it; of few values resampling knows no interval."""
    changes: list[Change] = []
    for change in comparison.changes:
        told = attrs.evolve(change, after=after[_place(change.after)])
        if told.after.unit != "ratio" and min(told.before.n, told.after.n) < MIN_N:
            told = attrs.evolve(told, difference=None, interval=None)
        changes.append(told)
    return attrs.evolve(comparison, changes=tuple(changes))


def _has_its_own_time(kpi: Kpi) -> bool:
    """It looks at an instant or a period of its own, not at incidents that an event places in one."""
    return isinstance(kpi, AtInstant) or isinstance(getattr(kpi, "window", None), Period)


def _at(cases: Cases, kpi: Kpi, period: Period, by: Sequence[str], sure: tuple[float, int]) -> list[Measure]:
    level, seed = sure
    found = measure(cases, kpi, by=by, level=level, seed=seed)
    return [attrs.evolve(each, period=period.label) for each in found]


def _side_by_side(kpi: Kpi, before: Sequence[Measure], after: Sequence[Measure]) -> Iterator[Comparison]:
    """Figures of two instants: all that waits then is no sample, so that no difference is told."""
    changes: dict[tuple[object, ...], list[Change]] = {}
    for one, other in zip(before, after, strict=bool(before)):
        changes.setdefault(tuple(other.group.values()), []).append(Change(one, other, None, None))
    for found in changes.values():
        yield Comparison(kpi.name, kpi.reading, tuple(found), dict(found[0].after.group))


def _counted(
    cases: Cases,
    kpi: Kpi,
    periods: tuple[Period, Period],
    sides: tuple[Sequence[Measure], Sequence[Measure]],
    level: float,
) -> Iterator[Comparison]:
    """Counts of two periods, with the interval that their days give the difference."""
    names = tuple(sides[1][0].group) if sides[1] else ()
    days = [_by_day(cases, kpi, period, names) for period in periods]
    for one, other in zip(*sides, strict=True):
        key = tuple(other.group.values())
        difference = other.n - one.n
        interval = _difference_of_days(difference, [each.get(key, []) for each in days], level)
        change = Change(one, other, None if interval is None else difference, interval)
        yield Comparison(kpi.name, kpi.reading, (change,), dict(other.group))


_Day = tuple[int, int]  # its weekday, and what came


def _by_day(
    cases: Cases, kpi: Kpi, period: Period, by: Sequence[str]
) -> dict[tuple[object, ...], list[_Day]]:
    """The counts of the days of a period, by group; none of a period that is not over."""
    found: dict[tuple[object, ...], list[_Day]] = {}
    if cases.as_of is None or cases.as_of < period.end:
        return found
    for each in measure(cases, kpi, by=by, period=period, every="day", zone=period.zone):
        if each.period:
            day = date.fromisoformat(each.period).weekday(), each.n
            found.setdefault(tuple(each.group.values()), []).append(day)
    return found


def _difference_of_days(difference: int, sides: Sequence[Sequence[_Day]], level: float) -> Interval | None:
    """The normal interval of a difference of counts, the days of each side taken for a sample of such days.

    One count does not say how widely counts of its kind spread; those of its days do, and wider than Poisson's. None
    where a side has too few days, or nothing ever came.
    """
    spreads = [_variance_of_sum(side) for side in sides]
    known = [spread for spread in spreads if spread is not None]
    if len(known) < len(spreads) or not any(known):
        return None
    half = normal_quantile(level) * sqrt(sum(known))
    return Interval(
        difference - half, difference + half, level=level, method="normal, from the counts of days"
    )


def _variance_of_sum(days: Sequence[_Day]) -> float | None:
    """How widely the sum of so many days spreads; from two weeks on each day is held against its own weekday."""
    if len(days) < 2:  # noqa: PLR2004  a variance needs two
        return None
    strata: dict[int, list[int]] = {}
    for weekday, count in days:
        strata.setdefault(weekday if len(days) >= _TWO_WEEKS else 0, []).append(count)
    rest = sum((count - fmean(stratum)) ** 2 for stratum in strata.values() for count in stratum)
    return len(days) * rest / (len(days) - len(strata))


def _place(measure: Measure) -> tuple[object, ...]:
    return measure.statistic, *measure.group.values()
