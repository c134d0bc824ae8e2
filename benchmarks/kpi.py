"""What KPIs cost: `python benchmarks/kpi.py [incidents]`, 100,000 unless told otherwise.

A count and a mean by group: `kpi.measure` by the bare loop that somebody would write for the same numbers without
counting what it leaves out. The full report: every figure of the shipped log, 24,918 incidents, by the replay of the
same log, and by its assessment under the shipped policy, which replays it, too. Each is a ratio, the median over
rounds that time both in turn, in time of the processor. The exit status is 1 when one is above its budget by a fifth.
"""

from __future__ import annotations

import gc
import gzip
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from itilkit import kpi
from itilkit.adapters.servicenow import audit_log
from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.policy import Policy
from itilkit.report import figures
from itilkit.sla import Assessment

ROOT = Path(__file__).resolve().parents[1]
BUDGET, REPORT_BUDGET, TOLERANCE, ROUNDS = 3.0, 2.0, 1.2, 5
AFTER_ALL = datetime(2017, 3, 1, tzinfo=UTC)
Figures = dict[object, tuple[int, object]]
T = TypeVar("T")


def bare(cases: Sequence[Assessment]) -> Figures:
    """Count and mean of the time to resolve by priority, in a loop over attributes."""
    spent: defaultdict[object, timedelta] = defaultdict(timedelta)
    count: defaultdict[object, int] = defaultdict(int)
    for case in cases:
        timeline = case.timeline
        resolved, opened = timeline.resolved_at, timeline.opened_at
        if resolved is not None and opened is not None:
            spent[timeline.priority] += resolved - opened
            count[timeline.priority] += 1
    return {priority: (n, spent[priority] / n) for priority, n in count.items()}


def ours(cases: Sequence[Assessment]) -> Figures:
    """The same by `kpi.measure`."""
    found = kpi.measure(cases, kpi.mean_time_to_resolve(), by="priority")
    return {each.group["priority"]: (each.n, each.value) for each in found}


def timed(call: Callable[[], T]) -> tuple[float, T]:
    """Seconds of the processor for one call, and what came of it."""
    gc.collect()
    gc.disable()
    began = time.process_time()
    found = call()
    took = time.process_time() - began
    gc.enable()
    return took, found


def told(what: str, ratios: Sequence[float], budget: float | None) -> bool:
    """Print the median; whether it keeps its budget."""
    ratio = statistics.median(ratios)
    said = (
        "" if budget is None else f" (budget {budget:g}{'' if ratio <= budget * TOLERANCE else ', missed'})"
    )
    sys.stdout.write(f"{what}: {ratio:.2f}{said}\n")
    return budget is None or ratio <= budget * TOLERANCE


def by_group(count: int) -> bool:
    """Count and mean by group, by the bare loop."""
    as_of = datetime(2027, 1, 1, tzinfo=UTC)
    log = kpi.sample_log(count, seed=7)
    cases = [Assessment(replay(incident, ITIL4_DEFAULT, as_of=as_of), {}) for incident in log]
    if bare(cases) != ours(cases):
        sys.stdout.write("the two do not agree\n")
        return False
    ratios = [timed(lambda: ours(cases))[0] / timed(lambda: bare(cases))[0] for _ in range(ROUNDS)]
    return told(f"count and mean by group, {count:,} assessments, by the bare loop", ratios, BUDGET)


def full_report() -> bool:
    """Every figure of the shipped log, by its replay and by its assessment."""
    with gzip.open(ROOT / "examples/data/incident_event_log.csv.gz", "rt", encoding="utf-8") as lines:
        log = audit_log(lines, zone="UTC")
    text = (ROOT / "examples/policies/service_desk.toml").read_text(encoding="utf-8")
    policy = Policy.from_toml(text)
    by_replay: list[float] = []
    by_assessment: list[float] = []
    for _ in range(ROUNDS):
        replayed, _timelines = timed(
            lambda: [replay(each, policy.lifecycle, as_of=AFTER_ALL, strict=False) for each in log.incidents]
        )
        del _timelines
        assessed, cases = timed(lambda: list(policy.assess_all(log.incidents, as_of=AFTER_ALL, strict=False)))
        reported, _report = timed(lambda cases=cases: figures(log, cases, policy))  # type: ignore[misc]
        by_replay.append(reported / replayed)
        by_assessment.append(reported / assessed)
    kept = told(
        f"the full report, {len(log.incidents):,} incidents, by their replay", by_replay, REPORT_BUDGET
    )
    told("the same by their assessment", by_assessment, None)
    return kept


def main(count: int) -> int:
    """Print the ratios; 1 where one misses its budget."""
    kept = [by_group(count), full_report()]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
