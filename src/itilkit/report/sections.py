"""From figures to sections: which figures stand together, under which words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import attrs

from itilkit.kpi import Measure
from itilkit.kpi.reporting.lines import head, parts
from itilkit.plots import Kind
from itilkit.report.blocks import Block, Card, Cards, Drawing, Facts, Note, Section, Table
from itilkit.report.figures import MONTHS, UNPLACED, Report
from itilkit.report.findings import ABOUT
from itilkit.report.words import NOTHING, count, figure, instant, left_out, rate, status

__all__ = ["TITLE", "sections"]

TITLE = "Incident report"
TOP = 10
"""So many groups, the largest first, are shown; the JSON has them all."""

_ABREAST = 4
"""So many targets stand side by side in a table."""

_HISTORY, _REPORTED = "last entry", "resolved_at"
_VISIBLE, _COUNTER = "visible", "counter"
_READINGS = ((_HISTORY, "by history: last entry into Resolved"), (_REPORTED, "by the resolved_at column"))
_SOURCES = ((_VISIBLE, "by history: changes visible in the log"), (_COUNTER, "by the tool's own counter"))
_STATISTICS = ("mean", "median", "p90")


@attrs.frozen
class _Figures:
    """Some figures of a report, with a short way to each."""

    measures: Sequence[Measure]

    def one(self, name: str, reading: str = "", statistic: str = "") -> Measure:
        """The figure of that name whose reading contains those words."""
        return next(
            each
            for each in self.measures
            if each.name == name and reading in each.reading and statistic in ("", each.statistic)
        )


def sections(report: Report) -> tuple[Section, ...]:
    """The report in the order in which it is read."""
    told: dict[str, Callable[[Report], Iterator[Block]]] = {
        "What was read": _read,
        "At a glance": _glance,
        "The last full month": _month,
        "Time to resolve": _resolve,
        "SLA compliance": _compliance,
        "Where time goes": _time_goes,
        "Reopening and routing": _routing,
        "Reliability": _reliability,
        "Volume and backlog": _volume,
        "By priority": _by_priority,
        "By channel": _by_channel,
        "By group": _by_group,
        "Not recorded": _not_recorded,
        "What was left out": _excluded,
        "Findings about the log": _findings,
    }
    found = ((title, tuple(part(report))) for title, part in told.items())
    return tuple(Section(title, blocks) for title, blocks in found if blocks)


def _total(report: Report) -> _Figures:
    """The figures of the whole log."""
    return _Figures([each for each in report.measures if not each.group and not each.period])


def _groups(report: Report, dimension: str) -> dict[Any, _Figures]:
    """The figures of each group of a dimension."""
    found: dict[Any, list[Measure]] = {}
    for each in report.measures:
        if dimension in each.group:
            found.setdefault(each.group[dimension], []).append(each)
    return {group: _Figures(each) for group, each in found.items()}


def _named(report: Report, dimension: str, key: Any) -> str:
    """A group in words."""
    if key is None:
        return "not known"
    if dimension == "priority":
        return f"P{key} {report.priorities.get(key, '')}".rstrip()
    return str(key).replace("_", " ") if dimension == "channel" else str(key)


def _read(report: Report) -> Iterator[Block]:
    log = report.log
    opened, until, last = (
        instant(at, log.zone).removesuffix(f" {log.zone}")
        for at in (log.opened_from, log.opened_until, log.last_event_at)
    )
    yield Facts(
        (
            ("Log", f"{log.name} ({log.source})"),
            ("Read", f"{count(log.rows, 'row')}, {count(log.incidents, 'incident')}"),
            ("Zone", f"read as {log.zone}; the log itself does not say in which zone it was written"),
            ("Opened", f"{opened} to {until}; last update {last}"),
            ("Seen from", f"{instant(report.as_of, log.zone)} (--as-of); later facts are hidden"),
            ("Standing then", ", ".join(_standing(report))),
            ("Policy", f"{report.policy}; lifecycle {report.lifecycle}"),
        )
    )


def _standing(report: Report) -> Iterator[str]:
    for where, number in report.statuses.items():
        yield f"{number:,} {'not opened yet' if where is None else status(where.value)}"


def _drawn(report: Report, *kinds: Kind) -> Iterator[Block]:
    """The pictures of these kinds, if the report has any."""
    yield from (Drawing(each) for kind in kinds for each in report.pictures if each.kind == kind and each.n)


def _month(report: Report) -> Iterator[Block]:
    month = report.month
    if month is None:
        yield Note("The log holds no full month.")
        return
    title, notes = head(month)
    against = (
        f"{title}, compared with {month.compared_to}."
        if month.compared_to
        else f"{title}. The log holds no full month before it to compare with."
    )
    yield Note(" ".join([against, *notes]))
    for part in parts(month, lambda dimension, key: _named(report, dimension, key)):
        yield Table(part.head, part.rows, part.sides, part.title)
        yield from map(Note, part.notes)


def _glance(report: Report) -> Iterator[Block]:
    total = _total(report)
    resolve = [total.one("time_to_resolve", _HISTORY, name) for name in _STATISTICS]
    mean, median, p90 = map(figure, resolve)
    reopened = total.one("reopen_rate", _COUNTER)
    history = total.one("reopen_rate", _VISIBLE)
    backlog = total.one("backlog", "until last resolved")
    cards = [
        Card(
            "Mean time to resolve",
            mean,
            f"median {median}, p90 {p90}; n = {resolve[0].n:,}; {_READINGS[0][1]}",
        ),
        Card(
            "The resolved_at column says",
            figure(total.one("time_to_resolve", _REPORTED, "mean")),
            f"median {figure(total.one('time_to_resolve', _REPORTED, 'median'))}; "
            f"n = {total.one('time_to_resolve', _REPORTED).n:,}; filled in afterwards",
        ),
        *(_kept(report, target) for target in report.targets),
        Card(
            "Reopened incidents",
            f"{reopened.parts['counted']:,}",
            f"by counter, {history.parts['counted']:,} by history; {figure(history)} of {history.n:,} resolved",
        ),
        Card("Backlog", figure(backlog), f"not resolved at {instant(report.as_of, report.log.zone)}"),
    ]
    yield Cards(tuple(cards))


def _kept(report: Report, target: str) -> Card:
    kept = _total(report).one("sla_compliance", target)
    told = "the log does not hold it" if not kept.recorded else left_out(kept)
    note = f"{kept.parts['counted']:,} of {kept.n:,} kept their target" if kept.n else told
    return Card(f"{target.capitalize()} within target", figure(kept), note)


def _resolve(report: Report) -> Iterator[Block]:
    total = _total(report)
    rows = tuple((words, *_durations(total, reading)) for reading, words in _READINGS)
    yield Table(
        ("reading", "n", *_STATISTICS), rows, caption="Elapsed time from opening to resolution, wall clock"
    )
    told = [f"{each.count:,} {each.told}." for each in report.findings if each.code == "reported_differs"]
    yield from map(Note, told)
    yield from _until_now(report)
    yield from _drawn(report, "survival", "time_to_resolve")


def _until_now(report: Report) -> Iterator[Block]:
    """Time to resolve of all that were opened, open ones counted as long as they have lasted."""
    found = [
        each
        for each in _total(report).measures
        if each.name == "time_to_resolve" and each.cohort == "opened" and each.statistic != "mean"
    ]
    whole = found[0]
    yield Table(
        ("resolved", "time"),
        tuple((_SO_FAR.get(each.statistic, each.statistic), figure(each)) for each in found),
        caption=f"Of {count(whole.n, 'incident')}, the {whole.parts['still_open']:,} open ones as long as they have "
        "lasted (Kaplan-Meier)",
    )


_SO_FAR = {
    "km_p25": "a quarter within",
    "km_median": "half within",
    "km_p75": "three quarters within",
    "km_p90": "nine in ten within",
    "rmst_14d": "mean of the first 14 d",
    "rmst_30d": "mean of the first 30 d",
}


def _time_goes(report: Report) -> Iterator[Block]:
    rows: dict[str, list[str]] = {}
    for each in report.in_status:
        if each.reading.startswith("in status "):
            name = status(each.reading.removeprefix("in status ").rpartition(", ")[0])
            row = rows.setdefault(
                name, [name, f"{each.parts['visits']:,}", f"{each.parts['visiting_incidents']:,}"]
            )
            row.append(figure(each))
    yield Table(
        (
            "status",
            "visits",
            "incidents ever there",
            "mean per visit",
            "per incident ever there",
            "per incident",
        ),
        tuple(tuple(row) for row in rows.values()),
        caption="Time in each status, wall clock",
    )
    yield from _drawn(report, "time_in_status")


def _durations(figures: _Figures, reading: str) -> tuple[str, ...]:
    found = [figures.one("time_to_resolve", reading, name) for name in _STATISTICS]
    return (f"{found[0].n:,}", *map(figure, found))


def _compliance(report: Report) -> Iterator[Block]:
    total, groups = _total(report), _groups(report, "priority")
    if not report.targets:
        yield Note("The policy has no agreement: nothing was promised, so nothing is kept or broken.")
        return
    kept = [(target, total.one("sla_compliance", target)) for target in report.targets]
    rows = tuple((target, rate(each), left_out(each)) for target, each in kept)
    yield Table(
        ("target", "kept", "left out"),
        rows,
        "lll",
        caption="Kept / (kept + broken); open past its target is broken",
    )
    promises = {(each.target, each.priority): each.text or "no target" for each in report.promises}
    for target, whole in kept:
        if not whole.n:
            continue
        found = [(key, each.one("sla_compliance", target)) for key, each in groups.items()]
        by = tuple(
            (
                _named(report, "priority", key),
                promises.get((target, key), NOTHING),
                f"{each.n:,}",
                figure(each),
            )
            for key, each in found
        )
        yield Table(
            ("priority", "promised", "n", "kept"), by, "llrr", caption=f"{target.capitalize()} by priority"
        )
    yield from _drawn(report, "compliance")


def _routing(report: Report) -> Iterator[Block]:
    total = _total(report)
    kpis = {
        "reopen_rate": "Reopened, of those ever resolved",
        "first_assignment_rate": "Resolved by the first group",
    }
    rows = [
        (label, *(rate(total.one(name, source)) for source, _ in _SOURCES)) for name, label in kpis.items()
    ]
    hops = [total.one("hop_count", source) for source, _ in _SOURCES]
    rows.append(("Changes of group per incident", *(f"{figure(each)} (n = {each.n:,})" for each in hops)))
    head = ("", *(words.partition(":")[0].replace("tool's own ", "") for _, words in _SOURCES))
    yield Table(head, tuple(rows))
    yield Note(
        "By history counts the changes visible in the log; by the counter is what the tool counted itself. "
        "An audit log drops updates, so the two may differ. Neither is first contact resolution."
    )


def _reliability(report: Report) -> Iterator[Block]:
    total = _total(report)
    names = {
        "mean_time_between_failures": "configuration item (MTBF)",
        "mean_time_between_incidents": "category",
    }
    found = [(label, total.one(name)) for name, label in names.items()]
    rows = tuple(
        (
            label,
            figure(each),
            f"{each.n:,}",
            *(f"{each.parts[part]:,}" for part in ("failures", "outages", "units")),
            left_out(each),
        )
        for label, each in found
    )
    yield Table(("per", "mean gap", "n (gaps)", "incidents", "merged", "units", "left out"), rows, "lrrrrrl")
    yield Note(
        "A gap runs from one resolution to the next opening in the same unit; overlapping incidents merge first. "
        "Both figures rest on their gaps only: where these are few, the figure is a hint."
    )
    recurring = [each for each in total.measures if each.name == "recurring_rate"]
    if recurring:
        yield Table(
            ("an earlier incident of the", "share", "left out"),
            tuple((each.reading.removeprefix("same "), rate(each), left_out(each)) for each in recurring),
            "lrl",
            "Incidents that recur",
        )
    yield from _drawn(report, "pareto")
    for dimension, name, caption in (
        ("configuration_item", "mean_time_between_failures", "Configuration items that failed again"),
        ("category", "mean_time_between_incidents", "Categories with most gaps"),
    ):
        again = [(key, each.one(name)) for key, each in _groups(report, dimension).items()]
        again = sorted((pair for pair in again if pair[1].n), key=lambda pair: -pair[1].n)[:TOP]
        rows = tuple(
            (_named(report, dimension, key), figure(each), f"{each.n:,}", f"{each.parts['failures']:,}")
            for key, each in again
        )
        if rows:
            yield Table((dimension.replace("_", " "), "mean", "n (gaps)", "incidents"), rows, caption=caption)


def _volume(report: Report) -> Iterator[Block]:
    opened, resolved = (_months(report, "volume", reading) for reading in ("opened", "resolved"))
    standing = _months(report, "backlog", "until last resolved")
    months = sorted({*opened, *resolved, *standing})
    rows = tuple(
        (month, *(f"{by[month]:,}" if month in by else NOTHING for by in (opened, resolved, standing)))
        for month in months
    )
    yield Table(("month", "opened", "resolved", "backlog at its end"), rows)
    yield from _drawn(report, "volume", "backlog", "arrivals")
    total = _total(report)
    readings = {
        "until last resolved": "not resolved",
        "until closed": "not closed",
        "open by its state": "in an open state",
    }
    told = ", ".join(
        f"{figure(total.one('backlog', reading))} {words}" for reading, words in readings.items()
    )
    yield Note(f"Backlog at {instant(report.as_of, report.log.zone)}: {told}.")
    yield Note(
        "A log lacks what was open before it begins, so the first months' backlog is too low."
        + (f" The backlog is told for the latest {MONTHS} months." if len(months) > MONTHS else "")
    )


def _months(report: Report, name: str, reading: str) -> dict[str, int]:
    """A count by month."""
    return {
        each.period: each.value
        for each in report.measures
        if each.name == name
        and each.period not in ("", UNPLACED)
        and reading in each.reading
        and isinstance(each.value, int)
    }


def _by_priority(report: Report) -> Iterator[Block]:
    yield from _by(report, "priority")
    groups = _groups(report, "priority")
    rows = tuple(
        (_named(report, "priority", key), *_durations(each, _REPORTED)) for key, each in groups.items()
    )
    yield Table(("priority", "n", *_STATISTICS), rows, caption=f"Time to resolve, {_READINGS[1][1]}")


def _by_channel(report: Report) -> Iterator[Block]:
    yield from _by(report, "channel")


def _by_group(report: Report) -> Iterator[Block]:
    yield from _by(report, "group")


def _by(report: Report, dimension: str) -> Iterator[Block]:
    """The KPIs of each group; of many groups the largest."""
    groups = _groups(report, dimension)
    shown = list(groups.items())
    if len(shown) > TOP:
        shown = sorted(shown, key=lambda pair: -pair[1].one("volume").n)[:TOP]
    head = (dimension, "incidents", "n", *_STATISTICS)
    more = f", the largest {TOP} of {len(groups):,}" if len(groups) > TOP else ""
    rows = tuple(
        (_named(report, dimension, key), figure(each.one("volume")), *_durations(each, _HISTORY))
        for key, each in shown
    )
    yield Table(head, rows, caption=f"Time to resolve{more}, {_READINGS[0][1]}")
    targets = [target for target in report.targets if _total(report).one("sla_compliance", target).n]
    inside = (
        targets if len(targets) == 1 else []
    )  # more than one have tables of their own: the page is narrow
    for start in range(0, 0 if inside else len(targets), _ABREAST):
        some = targets[start : start + _ABREAST]
        rows = tuple((_named(report, dimension, key), *_kept_of(each, some)) for key, each in shown)
        yield Table((dimension, *some), rows, caption=f"Targets kept, of n{more}")
    columns = (
        dimension,
        *(f"{target} kept" for target in inside),
        "reopened",
        "by first group",
        "group changes",
    )
    rows = tuple(
        (_named(report, dimension, key), *_kept_of(each, inside), *_shares(each)) for key, each in shown
    )
    yield Table(columns, rows, caption=f"Shares of n{more}, {_SOURCES[0][1]}")


def _kept_of(figures: _Figures, targets: Sequence[str]) -> Iterator[str]:
    for target in targets:
        yield _of_n(figures.one("sla_compliance", target))


def _of_n(measure: Measure) -> str:
    return f"{figure(measure)} of {measure.n:,}" if measure.n else figure(measure)


def _shares(figures: _Figures) -> Iterator[str]:
    for name in ("reopen_rate", "first_assignment_rate"):
        yield _of_n(figures.one(name, _VISIBLE))
    hops = figures.one("hop_count", _VISIBLE)
    yield f"{figure(hops)} (n = {hops.n:,})" if hops.n else figure(hops)


_FACTS = {
    "acknowledged": "acknowledgements",
    "agent_reply": "replies of the desk",
    "notes": "notes",
    "requester_message": "messages of the user",
}


def _not_recorded(report: Report) -> Iterator[Block]:
    unknown = [each for each in _total(report).measures if not each.recorded]
    lacks = ", ".join(_FACTS.get(fact, fact) for fact in report.log.lacks)
    rows = tuple(
        (_label(each), f"not recorded ({count(each.left_out['not_recorded'], 'incident')})")
        for each in unknown
    )
    if rows:
        yield Table(("KPI", "figure"), rows, "ll")
        yield Note(
            f"A {report.log.source} does not hold {lacks}; without them these are neither met nor broken nor zero."
        )


_LABELS = {
    "backlog": "Backlog",
    "correctly_assigned_rate": "Resolved by the group that had it first",
    "first_assignment_rate": "Resolved by the first group",
    "first_contact_resolution": "First contact resolution (FCR)",
    "hop_count": "Changes of group",
    "mean_time_between_failures": "Mean time between failures (MTBF)",
    "mean_time_between_incidents": "Mean time between incidents",
    "recurring_rate": "Recurring",
    "reopen_rate": "Reopened",
    "sla_compliance": "SLA compliance",
    "time_to_acknowledge": "Time to acknowledge (MTTA)",
    "time_to_resolve": "Time to resolve",
    "volume": "Incidents per month",
}


def _label(measure: Measure) -> str:
    return f"{_LABELS.get(measure.name, measure.name)}, {measure.reading}"


def _excluded(report: Report) -> Iterator[Block]:
    told: dict[str, tuple[str, ...]] = {}
    for each in report.measures:
        whole = not each.group and each.period in ("", UNPLACED) and not _is_survival(each)
        if whole and each.recorded and each.left_out.keys() - {"not_opened"}:
            n = NOTHING if each.period else f"{each.n:,}"
            told[_label(each)] = (_label(each), n, left_out(each))
    if told:
        yield Table(("figure", "n", "left out"), tuple(told.values()), "lrl")
    if None in report.statuses:
        later = count(report.statuses[None], "incident")
        yield Note(f"No figure counts the {later} opened after {instant(report.as_of, report.log.zone)}.")


def _is_survival(measure: Measure) -> bool:
    """It stands beside the figure of the same name, which tells what is left out."""
    return measure.name == "time_to_resolve" and measure.cohort == "opened"


def _findings(report: Report) -> Iterator[Block]:
    for about, caption in ABOUT.items():
        rows = tuple(
            (f"{each.count:,}", each.told) for each in report.findings if each.about == about and each.count
        )
        if rows:
            yield Table(("count", "what"), rows, "rl", caption=caption)
    yield Note(
        "Steps against the lifecycle are counted as of that instant; everything else in the whole file."
    )
