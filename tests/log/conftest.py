"""The real log, read by the library and, beside it, by pandas: neither looks at the other.

Reading costs seconds and memory, so each reading is made once and dropped before the next one.
"""

from __future__ import annotations

import gc
import gzip
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path

import attrs
import numpy as np
import pandas as pd
import pytest

from itilkit.adapters.servicenow import AuditLog, audit_log
from itilkit.lifecycle import SERVICENOW, Timeline, replay
from itilkit.policy import Policy
from itilkit.sla import Assessment

LOG = Path(__file__).parents[2] / "examples" / "data" / "incident_event_log.csv.gz"
POLICY = Path(__file__).parents[2] / "examples" / "policies" / "service_desk.toml"
AFTER_ALL = datetime(2018, 1, 1, tzinfo=UTC)
STAMPS = ("opened_at", "sys_updated_at", "sys_created_at", "resolved_at", "closed_at")
CHANNELS = {
    "Phone": "phone",
    "IVR": "phone",
    "Self service": "portal",
    "Email": "email",
    "Direct opening": "other",
}


@cache
def log_lines() -> tuple[str, ...]:
    """The log as text, header first."""
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as file:
        return tuple(file)


def lines_but(deleted: int) -> list[str]:
    """The log as text without a seeded choice of incidents."""
    header, *rows = log_lines()
    numbers = sorted({row.partition(",")[0] for row in rows})
    gone = set(np.random.default_rng(498).choice(numbers, deleted, replace=False))
    return [header, *(row for row in rows if row.partition(",")[0] not in gone)]


def parsed(lines: Sequence[str], zone: str) -> tuple[pd.DataFrame, dict[str, int]]:
    """The rows in pandas, and how many stamps the zone's clocks skipped or showed twice.

    `?` becomes missing, stamps become UTC; a skipped stamp is read on the offset before the change, of two equal
    ones the first is taken.
    """
    text = io.StringIO("".join(lines))
    frame = pd.read_csv(text, dtype=object, keep_default_na=False, na_values=["?"])
    odd = {"stamps_in_gap": 0, "stamps_in_fold": 0}
    for column in STAMPS:
        local = pd.to_datetime(frame[column], format="%d/%m/%Y %H:%M")
        first = np.ones(len(local), dtype=bool)
        shown = local.dt.tz_localize(zone, ambiguous=first, nonexistent=pd.Timedelta(hours=1))
        missing = local.isna().sum()
        gap = local.dt.tz_localize(zone, ambiguous=first, nonexistent="NaT")
        fold = local.dt.tz_localize(zone, ambiguous="NaT", nonexistent=pd.Timedelta(hours=1))
        odd["stamps_in_gap"] += int(gap.isna().sum() - missing)
        odd["stamps_in_fold"] += int(fold.isna().sum() - missing)
        frame[column] = shown.dt.tz_convert("UTC")
    for column in ("sys_mod_count", "reassignment_count", "reopen_count"):
        frame[column] = frame[column].astype(int)
    return frame, odd


@attrs.frozen(slots=False, repr=False, eq=False)
class Reading:
    """One way to read the log: `whole` when no incident was deleted."""

    zone: str
    whole: bool
    lines: list[str]
    log: AuditLog
    timelines: tuple[Timeline, ...]
    rows: pd.DataFrame
    odd_stamps: dict[str, int]

    @cached_property
    def before(self) -> pd.DataFrame:
        """For each row, the incident's row before it; missing values for its first."""
        return self.rows.groupby("number", sort=False).shift()

    @cached_property
    def first(self) -> pd.Series[bool]:
        """Which rows are the first of their incident."""
        return ~self.rows["number"].duplicated()

    @cached_property
    def last(self) -> pd.DataFrame:
        """The last row of each incident, by number."""
        return self.rows.drop_duplicates("number", keep="last").set_index("number")

    @cached_property
    def entered_resolved(self) -> pd.DataFrame:
        """The rows in which an incident came into Resolved from another state."""
        resolved = (self.rows["incident_state"] == "Resolved") & (self.before["incident_state"] != "Resolved")
        return self.rows[resolved]

    @cached_property
    def cases(self) -> dict[str, Timeline]:
        """The timelines by number."""
        return {timeline.incident.number: timeline for timeline in self.timelines}


def _reading(zone: str, deleted: int = 0) -> Reading:
    lines = lines_but(deleted)
    log = audit_log(lines, zone=zone)
    timelines = tuple(replay(each, SERVICENOW, as_of=AFTER_ALL, strict=False) for each in log.incidents)
    return Reading(zone, not deleted, lines, log, timelines, *parsed(lines, zone))


READINGS = {
    "utc": ("UTC", 0),
    "berlin": ("Europe/Berlin", 0),
    "utc without 500": ("UTC", 500),
}


@pytest.fixture(scope="session", params=READINGS)
def reading(request: pytest.FixtureRequest) -> Iterator[Reading]:
    """The log under one zone, whole or without 500 incidents; pytest holds one of them at a time.

    A million objects that stay are kept from the garbage collector, which would walk them again and again.
    """
    gc.disable()
    made = _reading(*READINGS[request.param])
    gc.freeze()
    gc.enable()
    yield made
    gc.unfreeze()


@cache
def policy() -> Policy:
    """The shipped policy."""
    return Policy.from_toml(POLICY.read_text("utf-8"), source=POLICY.name)


@pytest.fixture(scope="session")
def cases(reading: Reading) -> Sequence[Assessment]:
    """Every incident of the log under the shipped policy."""
    return list(policy().assess_all(reading.log.incidents, as_of=AFTER_ALL, strict=False))


@pytest.fixture(scope="session")
def facts(reading: Reading) -> pd.DataFrame:
    """One row per incident, by pandas: its instants, its groupings and its counts."""
    rows, last, before = reading.rows, reading.last, reading.before
    numbers = rows["number"]
    resolved = reading.entered_resolved.groupby("number")["sys_updated_at"]
    closing = (rows["incident_state"] == "Closed") & (before["incident_state"] != "Closed")
    reopening = before["incident_state"].isin(["Resolved", "Closed"])
    reopening &= ~rows["incident_state"].isin(["Resolved", "Closed"])
    grouped = rows[rows["assignment_group"].notna()]
    moved = grouped["assignment_group"] != grouped.groupby("number")["assignment_group"].shift()
    return pd.DataFrame(
        {
            "opened": last["opened_at"],
            "last": resolved.last(),
            "first": resolved.first(),
            "reported": last["resolved_at"],
            "closed": rows[closing].groupby("number")["sys_updated_at"].last(),
            "worked": _worked(reading),
            "hops": moved.groupby(grouped["number"]).sum() - 1,
            "reassignments": last["reassignment_count"],
            "reopenings": reopening.groupby(numbers).sum(),
            "reopen_count": last["reopen_count"],
            "priority": last["priority"].str[0].astype(int),
            "group": last["assignment_group"],
            "channel": rows[reading.first].set_index("number")["contact_type"].map(CHANNELS),
            "category": last["category"],
            "configuration_item": last["cmdb_ci"],
            "month": last["opened_at"].dt.tz_convert(reading.zone).dt.strftime("%Y-%m"),
        },
        index=last.index,
    )


def instants(reading: Reading) -> pd.Series[pd.Timestamp]:
    """The instant of each row; one stamped before what it follows, or before the opening, takes that instant."""
    latest = reading.rows.groupby("number")["sys_updated_at"].cummax()
    return latest.where(latest > reading.rows["opened_at"], reading.rows["opened_at"])


def _worked(reading: Reading) -> pd.Series[pd.Timedelta]:
    """Per incident the time that it was neither Resolved nor Closed; before its first row it was New."""
    rows, beats = reading.rows, instants(reading)
    until_next = beats.groupby(rows["number"]).shift(-1) - beats
    still_open = ~rows["incident_state"].isin(["Resolved", "Closed"])
    spent = (
        until_next.where(still_open, pd.Timedelta(0)).fillna(pd.Timedelta(0)).groupby(rows["number"]).sum()
    )
    return spent + (beats[reading.first] - rows["opened_at"][reading.first]).set_axis(
        rows["number"][reading.first]
    )
