"""A report on a period in words: which figures stand together in a table, and what is said about each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs

from itilkit.kpi.compare import Change
from itilkit.kpi.definition import Reason, Value
from itilkit.kpi.durations import MIN_N
from itilkit.kpi.intervals import Interval
from itilkit.kpi.measures import Measure
from itilkit.kpi.words import duration_words, value_words

if TYPE_CHECKING:
    from itilkit.kpi.reporting.period_report import PeriodReport

__all__ = ["REASONS", "Part", "change_words", "head", "interval_words", "label", "parts", "place", "rows"]

MOST = 20
"""So many groups, those with most incidents, stand in the tables; the rows have them all."""

NOTHING = "-"

REASONS: Mapping[Reason, str] = {
    "cancelled": "cancelled",
    "child": "following a major incident",
    "duplicate": "duplicate",
    "missing": "ended without it",
    "negative": "ended before the start",
    "never_warned": "never warned",
    "no_agreement": "without an agreement",
    "no_target": "without a target",
    "no_unit": "of no known unit",
    "not_eligible": "not eligible",
    "not_opened": "opened later",
    "not_recorded": "not recorded",
    "open": "still open",
    "pending": "not decided yet",
    "request": "service request",
    "unripe": "too recent to tell",
}
"""Why incidents are left out, in words."""

# Of these nobody has to be told: other periods are not asked about, and what has ended does not wait.
_OF_COURSE = ("out_of_period", "ended")

_LABELS: Mapping[str, str] = {
    "backlog": "Backlog at the end",
    "backlog_age": "Age of the backlog",
    "backlog_growth": "Growth of the backlog",
    "first_assignment_rate": "Resolved by the first group",
    "first_contact_resolution": "Resolved in the first contact",
    "hop_count": "Changes of group per incident",
    "reopen_rate": "Reopened",
}
_ONLY = ("count", "difference", "share", "rate")
_AGES = " days"


@attrs.frozen
class Part:
    """A table with what has to be said about it.

    Attributes:
        title: What it shows.
        head: The names of the columns.
        rows: As wide as the head.
        sides: For each column ``l`` for words, ``r`` for figures.
        notes: Sentences that stand below.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = attrs.field(kw_only=True)
    sides: str = attrs.field(kw_only=True)
    notes: tuple[str, ...] = attrs.field(default=(), kw_only=True)


Naming = Callable[[str, Any], str]


def _plainly(_dimension: str, value: Any) -> str:
    return "not known" if value is None else str(value)


def head(report: PeriodReport) -> tuple[str, tuple[str, ...]]:
    """The title, and what to know before reading on."""
    period, as_of = report.period, report.as_of
    notes: list[str] = []
    if as_of is not None:
        notes.append(
            f"Seen from {as_of:%Y-%m-%d %H:%M} UTC; the period is one of the zone {period.zone}."
            + ("" if report.is_over else " It is not over: every figure is of a part of it.")
        )
    else:
        notes.append("There are no incidents.")
    return f"Figures of {period.label}", tuple(notes)


def parts(report: PeriodReport, naming: Naming = _plainly) -> tuple[Part, ...]:
    """The tables, in the order in which they are read; `naming` says how a group is called."""
    return tuple(
        part
        for part in (
            _figures(report),
            _changed(report),
            _ages(report),
            *_by_group(report, naming),
            _changed_groups(report, naming),
            _left_out(report),
        )
        if part.rows
    )


def _figures(report: PeriodReport) -> Part:
    told = [each for each in report.total if not _is_band(each)]
    return Part(
        "Figures",
        ("figure", "value", f"{report.level:.0%} interval".replace("%", " %"), "n"),
        rows=tuple(
            (label(each), value(each), interval_words(each.interval, each.unit), f"{each.n:,}")
            for each in told
        ),
        sides="lrrr",
    )


def _changed(report: PeriodReport) -> Part:
    other = report.compared_to
    before = "before" if other is None else other.label
    return Part(
        f"Changes since {before}",
        ("figure", _heading(before), _heading(report.period.label), "change"),
        rows=tuple(
            (label(change.after), value(change.before), value(change.after), change_words(change))
            for comparison in report.changes
            for change in comparison.changes
            if not comparison.group and not _is_band(change.after) and _is_known(change)
        ),
        sides="lrrl",
        notes=(
            f"A change stands with the {report.level:.0%} interval of the difference, or not at all; ".replace(
                "%", " %"
            )
            + "where the interval holds zero, chance alone makes as much.",
        ),
    )


def _heading(label: str) -> str:
    """A period over a column: the two ends of a stretch may stand below each other."""
    return label.replace("/", " / ")


def _is_known(change: Change) -> bool:
    return change.before.value is not None or change.after.value is not None


def _ages(report: PeriodReport) -> Part:
    bands = [each for each in report.total if _is_band(each) and each.value is not None]
    return Part(
        "Age of what was open at the end",
        ("age", "incidents"),
        rows=tuple((each.statistic, value(each)) for each in bands),
        sides="lr",
    )


# The figures that stand beside each other in the tables by group.
_SIDE_BY_SIDE: Mapping[str, Sequence[tuple[str, str]]] = {
    "By {}": (
        ("volume", "count"),
        ("backlog", "count"),
        ("time_to_resolve", "median"),
        ("time_to_resolve", "p90"),
    ),
    "Targets by {}": (("sla_compliance", "share"),),
    "Reopening and routing by {}": (
        ("reopen_rate", "share"),
        ("first_assignment_rate", "share"),
        ("hop_count", "mean"),
    ),
}
_ABREAST = 5


def _columns(report: PeriodReport) -> Iterator[tuple[str, Sequence[Measure]]]:
    """What stands side by side, not more than fits."""
    for title, wanted in _SIDE_BY_SIDE.items():
        known = [each for each in report.total if (each.name, each.statistic) in wanted and each.recorded]
        for start in range(0, len(known), _ABREAST):
            yield title, known[start : start + _ABREAST]


def _by_group(report: PeriodReport, naming: Naming) -> Iterator[Part]:
    found: dict[tuple[Any, ...], list[Measure]] = {}
    for each in report.groups:
        found.setdefault(tuple(each.group.values()), []).append(each)
    busy = [key for key, each in found.items() if any(one.name in _BUSY and one.value for one in each)]
    shown = busy
    if len(busy) > MOST:
        shown = sorted(busy, key=lambda key: -max(one.n for one in found[key] if one.name == "volume"))[:MOST]
    notes = _which_groups(len(found), len(busy), len(shown))
    for title, columns in _columns(report):
        yield Part(
            title.format(_dimensions(report)),
            (_dimensions(report), *map(label, columns)),
            rows=tuple(
                (
                    _named(report, naming, key),
                    *(_of_n(_like(column, found[key])) for column in columns),
                )
                for key in shown
            ),
            sides="l" + "r" * len(columns),
            notes=notes,
        )
        notes = ()


_BUSY = ("volume", "backlog")


def _which_groups(known: int, busy: int, shown: int) -> tuple[str, ...]:
    more = f"The {shown} groups with most incidents of {busy}." if shown < busy else ""
    idle = known - busy
    quiet = f"{idle:,} {'group has' if idle == 1 else 'groups have'} none and nothing open." if idle else ""
    return tuple(filter(None, (more, quiet)))


def _dimensions(report: PeriodReport) -> str:
    return ", ".join(name.replace("_", " ") for name in report.by)


def _named(report: PeriodReport, naming: Naming, key: Sequence[Any]) -> str:
    return ", ".join(naming(name, each) for name, each in zip(report.by, key, strict=True))


def _like(column: Measure, measures: Sequence[Measure]) -> Measure:
    """The figure of a group that is the same as one of the whole."""
    wanted = (column.name, column.statistic, column.cohort, column.reading)
    return next(each for each in measures if (each.name, each.statistic, each.cohort, each.reading) == wanted)


def _of_n(measure: Measure) -> str:
    """A figure with what it rests on, where that is not the figure itself."""
    told = value(measure)
    return told if measure.value is None or measure.unit == "incidents" else f"{told} of {measure.n:,}"


def _changed_groups(report: PeriodReport, naming: Naming) -> Part:
    told = [
        change
        for comparison in report.changes
        for change in comparison.changes
        if comparison.group and change.interval is not None
    ]
    beyond = [change for change in told if change.verdict in ("up", "down")]
    other = report.compared_to
    before = "before" if other is None else other.label
    share = f"{1 - report.level:.0%}".replace("%", " %")
    return Part(
        f"Changes by {_dimensions(report)} beyond chance",
        (_dimensions(report), "figure", _heading(before), _heading(report.period.label), "change"),
        rows=tuple(
            (
                _named(report, naming, tuple(change.after.group.values())),
                label(change.after),
                value(change.before),
                value(change.after),
                change_words(change),
            )
            for change in beyond
        ),
        sides="llrrl",
        notes=(
            f"{len(beyond):,} of {len(told):,} changes; of so many, chance alone makes about {share} look like one.",
        ),
    )


def _left_out(report: PeriodReport) -> Part:
    found: dict[str, str] = {}
    for each in report.total:
        words = left_out_words(each)
        if words and not _is_band(each):
            found.setdefault(words_of_all(each), words)
    return Part(
        "Left out",
        ("figure", "incidents"),
        rows=tuple(found.items()),
        sides="ll",
        notes=("What was never resolved lies in no period: it is counted here whenever it was opened.",),
    )


def left_out_words(measure: Measure) -> str:
    """What a figure does not count, by reason; empty where it counts everything."""
    return ", ".join(
        f"{number:,} {_reason(why, measure)}"
        for why, number in measure.left_out.items()
        if why not in _OF_COURSE
    )


def _reason(why: Reason, measure: Measure) -> str:
    if why == "missing" and measure.name.startswith("backlog"):
        return "not to be told before the period is over"
    return REASONS.get(why) or why.replace("_", " ")


def _is_band(measure: Measure) -> bool:
    return measure.name == "backlog_age" and _AGES in measure.statistic


def words_of_all(measure: Measure) -> str:
    """What a KPI is called, whichever its statistic."""
    if measure.name == "volume":
        return measure.cohort.capitalize()
    if measure.name == "sla_compliance":
        target = measure.reading.partition(";")[0]
        return f"{target[:1].upper()}{target[1:]} within target"
    return _LABELS.get(measure.name) or measure.name.replace("_", " ").capitalize()


def label(measure: Measure) -> str:
    """What a figure is called in a table."""
    told = words_of_all(measure)
    return told if measure.statistic in _ONLY else f"{told}, {measure.statistic}"


def value(measure: Measure) -> str:
    """The value of a figure; where it has none, why."""
    found = measure.value
    if found is None:
        return "not recorded" if not measure.recorded else "too few" if measure.n else NOTHING
    return _words(found, measure.unit)


def _words(found: Value, unit: str) -> str:
    if isinstance(found, int):
        return f"{found:,}"
    return f"{found:,.2f}" if isinstance(found, float) and unit != "ratio" else value_words(found, unit)


def interval_words(interval: Interval | None, unit: str) -> str:
    """From one end to the other."""
    if interval is None:
        return ""
    low, high = ("open" if end is None else _words(end, unit) for end in (interval.low, interval.high))
    return f"{low} to {high}"


def change_words(change: Change) -> str:
    """What became of a figure: with the interval of the difference, or why there is none."""
    interval, difference, unit = change.interval, change.difference, change.after.unit
    if difference is None or interval is None or interval.low is None or interval.high is None:
        return _untold(change)
    low, high, told = (_signed(each, unit) for each in (interval.low, interval.high, difference))
    between = f"({low.removesuffix(' points')} to {high})"
    if change.verdict == "not beyond chance":
        return f"no change that can be told from chance {between}"
    return f"{change.verdict} {told.lstrip('+-')} {between}"


def _untold(change: Change) -> str:
    if change.before.value is None or change.after.value is None:
        return "not told: one of the two is not known"
    if change.after.name in ("backlog", "backlog_age"):
        return "not told: all that waits at an instant is no sample"
    if min(change.before.n, change.after.n) < MIN_N and change.after.name not in ("volume", "backlog_growth"):
        return "not told: too few"
    return "not told: no interval can be found"


def _signed(found: timedelta | float, unit: str) -> str:
    if isinstance(found, timedelta):
        return ("-" if found < timedelta(0) else "+") + duration_words(abs(found))
    if unit == "incidents":
        return f"{found:+,.0f}"
    return f"{found * 100:+.1f} points" if unit == "ratio" else f"{found:+.2f}"


def place(measure: Measure) -> tuple[object, ...]:
    """What tells a figure of a report from every other one."""
    return (measure.name, measure.reading, measure.cohort, measure.statistic, *measure.group.items())


def rows(report: PeriodReport) -> list[dict[str, Any]]:
    """Tidy rows: those of the measures, and beside them what stood before and the difference."""
    plain = report.measures.to_rows()
    if report.compared_to is None:
        return plain
    changes = {place(change.after): change for comparison in report.changes for change in comparison.changes}
    return [
        {**row, **_before(changes.get(place(measure)))}
        for row, measure in zip(plain, report.measures, strict=True)
    ]


def _before(change: Change | None) -> dict[str, Any]:
    interval = None if change is None else change.interval
    return {
        "before": None if change is None else change.before.to_row()["value"],
        "n_before": None if change is None else change.before.n,
        "difference": None if change is None or interval is None else _plain(change.difference),
        "difference_low": None if interval is None else _plain(interval.low),
        "difference_high": None if interval is None else _plain(interval.high),
        "verdict": "not known" if change is None else change.verdict,
    }


def _plain(found: timedelta | float | None) -> float | None:
    return found.total_seconds() if isinstance(found, timedelta) else found
