"""What a count and a mean by group cost: `python benchmarks/kpi.py [incidents]`, 100,000 unless told otherwise.

The figure is the ratio of `kpi.measure` to the bare loop that somebody would write for the same numbers without
counting what it leaves out: the median over rounds that time both in turn. The exit status is 1 when it is above 3 by a
fifth.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from itilkit import kpi
from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.sla import Assessment

BUDGET, TOLERANCE, ROUNDS = 3.0, 1.2, 7
Figures = dict[object, tuple[int, object]]


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


def timed(call: Callable[[Sequence[Assessment]], Figures], cases: Sequence[Assessment]) -> float:
    """Seconds for one call."""
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    call(cases)
    took = time.perf_counter() - began
    gc.enable()
    return took


def main(count: int) -> int:
    """Print the ratio; 1 where it misses its budget."""
    as_of = datetime(2027, 1, 1, tzinfo=UTC)
    log = kpi.sample_log(count, seed=7)
    cases = [Assessment(replay(incident, ITIL4_DEFAULT, as_of=as_of), {}) for incident in log]
    if bare(cases) != ours(cases):
        sys.stdout.write("the two do not agree\n")
        return 1
    ratios = [timed(ours, cases) / timed(bare, cases) for _ in range(ROUNDS)]
    ratio = statistics.median(ratios)
    sys.stdout.write(
        f"count and mean by group, {count:,} assessments: {ratio:.2f} of the bare loop (budget {BUDGET})\n"
    )
    return int(ratio > BUDGET * TOLERANCE)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
