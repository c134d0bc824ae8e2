"""What lifelines makes of the shipped log as of 1 May 2016: writes `lifelines.json`, from the raw rows alone.

lifelines needs pandas before 3, so it runs in an environment of its own, without this library:

    python -m venv .venv-lifelines
    .venv-lifelines/bin/pip install "lifelines==0.30.3" "pandas<3"
    .venv-lifelines/bin/python tests/log/lifelines_vector.py

An incident runs from its opening to its last entry into Resolved that was known by then. It is open where its state at
that instant is neither Resolved nor Closed; one that was closed without a resolution is left out.
"""

from __future__ import annotations

import importlib
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

HERE = Path(__file__).parent
LOG = HERE.parents[1] / "examples" / "data" / "incident_event_log.csv.gz"
AS_OF = pd.Timestamp("2016-05-01T00:00Z")
DAY = 86_400
AFTER = (0, 60, 3_600, 8 * 3_600, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 45 * DAY, 59 * DAY)


def spells() -> tuple[pd.DataFrame, int]:
    """Seconds and whether it was resolved, by incident; and how many were closed without a resolution."""
    rows = pd.read_csv(LOG, dtype=object, keep_default_na=False)
    for column in ("opened_at", "sys_updated_at"):
        rows[column] = pd.to_datetime(rows[column], format="%d/%m/%Y %H:%M").dt.tz_localize("UTC")
    rows = rows[rows["opened_at"] <= AS_OF]
    opened = rows.drop_duplicates("number").set_index("number")["opened_at"]
    # a row that is stamped before an earlier one of its incident was known no sooner than that one
    at = rows.groupby("number")["sys_updated_at"].cummax()
    rows = rows.assign(at=at.where(at > rows["opened_at"], rows["opened_at"]))
    rows = rows[rows["at"] <= AS_OF]
    was = rows.groupby("number")["incident_state"].shift()
    entries = rows[(rows["incident_state"] == "Resolved") & (was != "Resolved")]
    resolved = entries.groupby("number")["sys_updated_at"].last().reindex(opened.index)
    # one whose first row came later had been opened, and was New
    state = rows.groupby("number")["incident_state"].last().reindex(opened.index).fillna("New")
    ended = state.isin(["Resolved", "Closed"])
    until = resolved.where(ended, AS_OF)
    found = pd.DataFrame({"seconds": (until - opened).dt.total_seconds(), "resolved": ended})
    return found.dropna(), int(until.isna().sum())


def vector() -> dict[str, Any]:
    """The estimates with what made them."""
    lifelines = importlib.import_module("lifelines")
    utils = importlib.import_module("lifelines.utils")
    seen, missing = spells()
    curve = lifelines.KaplanMeierFitter().fit(seen["seconds"], seen["resolved"])
    shares, limits = curve.survival_function_.iloc[:, 0], curve.confidence_interval_survival_function_
    rows = [limits.index.searchsorted(after, side="right") - 1 for after in AFTER]
    return {
        "made_by": "tests/log/lifelines_vector.py",
        "versions": {"lifelines": lifelines.__version__, "pandas": pd.__version__},
        "log_sha256": sha256(LOG.read_bytes()).hexdigest(),
        "as_of": AS_OF.isoformat(),
        "zone": "UTC",
        "cohort": len(seen),
        "open": int((~seen["resolved"]).sum()),
        "missing": missing,
        "naive_mean": float(seen["seconds"][seen["resolved"]].mean()),
        "ended_by": {
            str(percent): float(utils.qth_survival_time(1 - percent / 100, curve.survival_function_))
            for percent in (25, 50, 75, 90)
        },
        "rmst": {
            str(days): float(utils.restricted_mean_survival_time(curve, t=days * DAY)) for days in (14, 30)
        },
        "level": 0.95,
        "curve": [
            {
                "seconds": after,
                "share": float(shares.iloc[row]),
                "low": float(limits.iloc[row, 0]),
                "high": float(limits.iloc[row, 1]),
            }
            for after, row in zip(AFTER, rows, strict=True)
        ],
    }


if __name__ == "__main__":
    text = json.dumps(vector(), indent=1)
    (HERE / "lifelines.json").write_text(text + "\n", encoding="utf-8")
