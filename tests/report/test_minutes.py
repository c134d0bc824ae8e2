"""Resolution compliance on the real log against a count of minutes that shares no code with the library.

Each row of an incident is believed in file order; from one row to the next the state and priority hold. A minute
counts where the clock runs and the desk is open; a clock that runs on when its target is used up is late.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from itilkit.adapters.servicenow import audit_log
from itilkit.policy import Policy
from itilkit.report import figures

EXAMPLES = Path(__file__).parents[2] / "examples"
MINUTE = timedelta(minutes=1)
CLOSED_ON = {date(2016, 3, 25), date(2016, 3, 28)}
PAUSED = {
    "Awaiting User Info",
    "Awaiting Problem",
    "Awaiting Evidence",
}  # waiting for our own supplier counts
ENDED = {"Resolved", "Closed"}

Row = dict[str, str]


@cache
def rows() -> tuple[str, dict[str, list[str]]]:
    """The header of the log, and its lines by incident."""
    with gzip.open(EXAMPLES / "data" / "incident_event_log.csv.gz", "rt", encoding="utf-8") as file:
        header = next(file)
        lines: dict[str, list[str]] = defaultdict(list)
        for line in file:
            lines[line.partition(",")[0]].append(line)
    return header, lines


def drawn() -> list[str]:
    """300 incidents: reopened ones, each priority, and any others."""
    header, lines = rows()
    last = {number: next(csv.DictReader([header, each[-1]])) for number, each in lines.items()}
    seed = np.random.default_rng(2016)
    kinds = (
        (60, lambda row: row["reopen_count"] != "0"),
        (50, lambda row: row["priority"].startswith("1")),
        (50, lambda row: row["priority"].startswith("2")),
        (50, lambda row: row["priority"].startswith("4")),
        (90, lambda _: True),
    )
    chosen: dict[str, None] = {}
    for wanted, fits in kinds:
        able = sorted(number for number, row in last.items() if number not in chosen and fits(row))
        chosen |= dict.fromkeys(map(str, seed.choice(able, wanted, replace=False)))
    return list(chosen)


def stamp(text: str) -> datetime:
    """A stamp of the log."""
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)


def is_open(minute: datetime) -> bool:
    """Whether the office is open in the minute that begins now."""
    return (
        minute.weekday() < 5
        and minute.date() not in CLOSED_ON
        and minute.hour in (8, 9, 10, 11, 13, 14, 15, 16)
    )


def closes(minute: datetime) -> bool:
    """Whether a working date ends just now."""
    return (minute.hour, minute.minute) == (17, 0) and minute.weekday() < 5 and minute.date() not in CLOSED_ON


def runs(incident: list[Row]) -> list[tuple[datetime, datetime]]:
    """When the resolution clock ran, and by which priority it is judged last."""
    found: list[tuple[datetime, datetime]] = []
    state, since = "New", stamp(incident[0]["opened_at"])
    for row in incident:
        at = max(since, stamp(row["sys_updated_at"]))
        if state not in ENDED | PAUSED and at > since:
            found.append((since, at))
        since = at
        state = state if row["incident_state"] == "-100" else row["incident_state"]
    assert state in ENDED
    return found


def judging(incident: list[Row]) -> int:
    """The priority in force when the clock stopped for the last time."""
    priority, state = 0, "New"
    for row in incident:
        if state not in ENDED or row["incident_state"] not in ENDED:
            priority = int(row["priority"][0])
        state = state if row["incident_state"] == "-100" else row["incident_state"]
    return priority


def is_kept(incident: list[Row]) -> bool:
    """Whether no minute ran after the target was used up."""
    priority, opened = judging(incident), stamp(incident[0]["opened_at"])
    if priority == 4:  # five working dates after the date of opening
        left = 5 + any(closes(opened + MINUTE * n) for n in range(1, minutes_to_midnight(opened)))
    else:
        left = {1: 4 * 60, 2: 8 * 60, 3: 24 * 60}[priority]
    for start, end in runs(incident):
        minute = start
        while minute < end:
            if left == 0:
                return False
            if priority == 4:
                left -= closes(minute + MINUTE)
            else:
                left -= priority == 1 or is_open(minute)
            minute += MINUTE
    return True


def minutes_to_midnight(at: datetime) -> int:
    """Minutes from an instant to the end of its date."""
    return 24 * 60 - at.hour * 60 - at.minute


def test_resolution_compliance_equals_a_count_of_minutes() -> None:
    """By priority, for 300 seeded incidents with 60 reopened ones, under the shipped policy."""
    header, lines = rows()
    numbers = drawn()
    kept: dict[int, list[bool]] = defaultdict(list)
    reopened = 0
    for number in numbers:
        incident = list(csv.DictReader([header, *lines[number]]))
        reopened += incident[-1]["reopen_count"] != "0"
        kept[int(incident[-1]["priority"][0])].append(is_kept(incident))

    log = audit_log([header, *(line for number in numbers for line in lines[number])], zone="UTC")
    policy = Policy.from_toml((EXAMPLES / "policies" / "service_desk.toml").read_text(encoding="utf-8"))
    as_of = datetime(2018, 1, 1, tzinfo=UTC)
    report = figures(log, policy.assess_all(log.incidents, as_of=as_of, strict=False), policy)
    told = {
        each.group["priority"]: (each.parts["counted"], each.n)
        for each in report.measures
        if each.name == "sla_compliance" and each.reading == "resolution" and "priority" in each.group
    }
    assert told == {priority: (sum(each), len(each)) for priority, each in sorted(kept.items())}
    assert (len(numbers), sum(n for _, n in told.values())) == (300, 300)
    assert reopened >= 60
    assert all(0 < counted < n for counted, n in told.values())
