"""Measures the library against its performance budget: `python benchmarks/check.py [calendars|lifecycle|sla ...]`.

Every line is a ratio of two things timed in turn, round by round, in one run: absolute times say more about the
machine than about the library. The figure is the median over the rounds; the exit status is 1 when one misses its
budget by more than a fifth.
"""

from __future__ import annotations

import argparse
import compileall
import gc
import gzip
import statistics
import subprocess
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import by_hand
import itilkit_adapter
import numpy as np

from itilkit.adapters import servicenow
from itilkit.calendars import Calendar, PublicHolidays
from itilkit.events import Assigned, Held, Logged, Person, PrioritySet, Replied, Resolved, Resumed, Started
from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.records import Incident
from itilkit.sla import RESOLUTION, RESPONSE, Goal, Term, measure

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
TOLERANCE = 1.2
SPANS = {"4 h": 4 / 24, "1 month": 30, "1 year": 365, "10 years": 3652}
Call = Callable[[], object]


class Bisect:
    """The plain way to be fast: opening spans in seconds, sorted, and two bisections a question."""

    def __init__(self, holidays: set[date]) -> None:
        self.holidays = holidays
        day, self.starts, self.ends, self.cum = date(2000, 1, 1), [], [], [0.0]
        while day < date(2041, 1, 1):
            if day.weekday() < 5 and day not in holidays:  # noqa: PLR2004  Saturday
                open_at = datetime(day.year, day.month, day.day, 9, tzinfo=LONDON).timestamp()
                self.starts.append(open_at)
                self.ends.append(open_at + 8.5 * 3600)
                self.cum.append(self.cum[-1] + 8.5 * 3600)
            day += timedelta(days=1)
        self.offsets = [start - cum for start, cum in zip(self.starts, self.cum, strict=False)]

    def elapsed(self, start: datetime, end: datetime) -> float:
        """Open seconds between two instants."""
        starts, ends, offsets = self.starts, self.ends, self.offsets
        at = start.timestamp()
        index = bisect_right(starts, at) - 1
        last = ends[index]
        before = (at if at < last else last) - offsets[index]
        at = end.timestamp()
        index = bisect_right(starts, at) - 1
        last = ends[index]
        return (at if at < last else last) - offsets[index] - before

    def add(self, start: datetime, seconds: float) -> datetime:
        """The deadline."""
        at = start.timestamp()
        index = bisect_right(self.starts, at) - 1
        last = self.ends[index]
        spent = (at if at < last else last) - self.offsets[index] + seconds
        index = bisect_left(self.cum, spent) - 1
        return datetime.fromtimestamp(spent + self.offsets[index], LONDON)


@attrs.frozen
class Line:
    """One line of the budget: how long `ours` takes by `theirs`; a gain is turned round, so more is better."""

    what: str
    ours: Call
    theirs: Call
    budget: float
    gain: bool = False

    def passes(self, ratio: float) -> bool:
        """Whether a ratio lies within the budget, give or take a fifth."""
        return ratio >= self.budget / TOLERANCE if self.gain else ratio <= self.budget * TOLERANCE


def timed(call: Call, loops: int) -> float:
    """Seconds per call."""
    gc.disable()
    began = time.perf_counter()
    for _ in range(loops):
        call()
    took = time.perf_counter() - began
    gc.enable()
    return took / loops


def ratio(line: Line, rounds: int) -> float:
    """The median over rounds that time both sides in turn."""
    loops = [max(1, int(0.02 / max(timed(call, 2), 1e-9))) for call in (line.ours, line.theirs)]
    found: list[float] = []
    for _ in range(rounds):
        ours, theirs = timed(line.ours, loops[0]), timed(line.theirs, loops[1])
        found.append(theirs / ours if line.gain else ours / theirs)
    return statistics.median(found)


def pairs(days: float, zone: Any, count: int = 100) -> list[tuple[datetime, datetime]]:
    """Instants in and out of hours, 2011 to 2016, that many days apart."""
    found = []
    for minutes in np.random.default_rng(7).integers(0, 1500 * 1440, count).tolist():
        start = datetime(2011, 1, 3, tzinfo=UTC) + timedelta(minutes=minutes)
        found.append((start.astimezone(zone), (start + timedelta(days=days)).astimezone(zone)))
    return found


def each(function: Callable[[Any, Any], object], arguments: list[tuple[Any, Any]]) -> Call:
    """A call that asks for every pair."""

    def call() -> None:
        for one, two in arguments:
            function(one, two)

    return call


def scalar(desk: Calendar, plain: Bisect) -> Iterator[Line]:
    """Single questions."""
    for zone, name, budget in (
        (LONDON, "its own zone", 0.5),
        (UTC, "UTC", 1.1),
        (NEW_YORK, "a third zone", 1.1),
    ):
        for span, days in SPANS.items():
            asked = pairs(days, zone)
            yield Line(
                f"elapsed {span}, {name}: by bisect",
                each(desk.elapsed, asked),
                each(plain.elapsed, asked),
                budget,
            )
    near, far = pairs(SPANS["4 h"], LONDON), pairs(SPANS["10 years"], LONDON)
    yield Line("elapsed: 10 years by 4 h", each(desk.elapsed, far), each(desk.elapsed, near), 1.25)
    for span, days in SPANS.items():
        asked = pairs(days, LONDON)
        amounts = [(start, plain.elapsed(start, end) + 1800) for start, end in asked]
        exact = [(start, timedelta(seconds=seconds)) for start, seconds in amounts]
        yield Line(f"add {span}: by bisect", each(desk.add, exact), each(plain.add, amounts), 1.15)


def bulk(desk: Calendar, plain: Bisect, rows: int) -> Iterator[Line]:
    """Whole columns."""
    draw = np.random.default_rng(7)
    starts = draw.integers(978_307_200, 2_208_988_800, rows)
    ends, amounts = starts + draw.integers(0, 10**7, rows), draw.integers(1, 10**6, rows)
    out = (np.empty_like(starts), np.empty_like(starts))

    def copied() -> None:
        np.copyto(out[0], starts)
        np.copyto(out[1], ends)

    odd = Calendar({"mon-fri": "09:07-17:31"}, zone="Europe/London", public_holidays="GB-ENG")
    yield Line(
        "elapsed_many, coarse grid: by copying the input",
        lambda: desk.elapsed_many(starts, ends, unit="s"),
        copied,
        8,
    )
    yield Line(
        "elapsed_many, odd minutes: by copying the input",
        lambda: odd.elapsed_many(starts, ends, unit="s"),
        copied,
        11,
    )
    yield Line("add_many: by copying the input", lambda: desk.add_many(starts, amounts, unit="s"), copied, 12)
    few = rows // 10
    off = np.busdaycalendar(holidays=np.array(sorted(plain.holidays), dtype="datetime64[D]"))
    left, right = starts[:few].astype("datetime64[s]"), ends[:few].astype("datetime64[s]")
    yield Line(
        "numpy busday recipe by elapsed_many",
        lambda: desk.elapsed_many(left, right),
        lambda: busday(left, right, off),
        15,
        gain=True,
    )


def readings(desk: Calendar, plain: Bisect) -> Line:
    """One incident of eight events: the replay, two clocks, and of each the due time, the outcome and what is spent."""
    opened = datetime(2026, 3, 6, 9, tzinfo=UTC)
    ann, bob = Person("ann"), Person("bob")
    minutes = (0, 1, 5, 30, 45, 60, 4440, 4620)
    at = [opened + timedelta(minutes=each) for each in minutes]
    incident = Incident(
        "INC1",
        [
            Logged(at[0], bob, reporter=bob),
            PrioritySet(at[1], ann, priority=3),
            Assigned(at[2], ann, group="desk", assignee=ann),
            Started(at[3], ann),
            Replied(at[4], ann),
            Held(at[5], ann, reason="awaiting_user"),
            Resumed(at[6], ann),
            Resolved(at[7], ann, code="solution_provided"),
        ],
    )
    goals = {RESPONSE: Goal(timedelta(hours=1), desk), RESOLUTION: Goal(timedelta(hours=8), desk)}
    terms = {rule: [Term(None, goal), *[Term(3, goal)] * 7] for rule, goal in goals.items()}
    pair = pairs(SPANS["4 h"], LONDON)

    def read() -> None:
        timeline = replay(incident, ITIL4_DEFAULT, as_of=at[-1])
        for rule, promised in terms.items():
            reading = measure(timeline, rule, promised)
            _ = reading.due_at, reading.outcome, reading.elapsed

    return Line(
        "replay and two readings, 8 events: by elapsed by bisect",
        lambda: [read() for _ in pair],
        each(plain.elapsed, pair),
        20,
    )


def records() -> Iterator[Line]:
    """Steps decided, and a log read."""
    new, lap = itilkit_adapter.machine()
    yield Line(
        "8 steps decided: by attrs.evolve of the same record",
        lambda: lap(new()),
        by_hand.life_of_the_same_record,
        0.6,
    )
    yield Line(
        "8 steps decided: by attrs.evolve of a record that checks nothing",
        lambda: lap(new()),
        by_hand.life_by_evolve,
        0.6,
    )
    log = Path(__file__).resolve().parents[1] / "examples" / "data" / "incident_event_log.csv.gz"
    text = gzip.decompress(log.read_bytes()).decode()
    yield Line(
        "an event log read into histories: by its rows as frozen values",
        lambda: servicenow.audit_log(text, zone="UTC"),
        lambda: by_hand.rows_by_hand(text),
        0.75,
    )


def busday(starts: Any, ends: Any, off: Any) -> Any:
    """The usual recipe with numpy: whole business days, and the two rests (clocks that change left out)."""
    days = [column.astype("datetime64[D]") for column in (starts, ends)]
    seconds: Any = 0
    for sign, column, day in ((-1, starts, days[0]), (1, ends, days[1])):
        rest = np.clip((column - day).astype(np.int64), 9 * 3600, 63_000) - 9 * 3600
        seconds = seconds + sign * np.where(np.is_busday(day, busdaycal=off), rest, 0)
    return np.busday_count(days[0], days[1], busdaycal=off) * 30_600 + seconds


FIRST = """
from datetime import datetime, timedelta, UTC
from itilkit.calendars import Calendar
office = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London", public_holidays="GB-ENG")
office.add(datetime(2026, 3, 2, tzinfo=UTC), timedelta(hours=4))
"""
BARE = "import holidays; holidays.country_holidays('GB', subdiv='ENG', years=2026)"


def fresh(code: str) -> Call:
    """A call that runs code in a fresh process, on bytecode as an installed package has it."""
    source = str(Path(__file__).resolve().parents[1] / "src")
    compileall.compile_dir(source, quiet=1)
    whole = f"import sys; sys.path.insert(0, {source!r})\n{code}"
    return lambda: subprocess.run([sys.executable, "-c", whole], check=True)  # noqa: S603  its own code


def growth(desk: Calendar) -> Iterator[Line]:
    """What grows, and what must not."""
    day, half_century = (
        pairs(1, UTC, 20),
        [(start.replace(year=1985), end.replace(year=2035)) for start, end in pairs(1, UTC, 20)],
    )
    yield Line("elapsed: 50 years by 1 day", each(desk.elapsed, half_century), each(desk.elapsed, day), 1.25)
    many = Calendar({"mon-fri": [f"{hour:02}:00-{hour:02}:40" for hour in range(24)]}, zone="Europe/London")
    asked = pairs(365, UTC)
    yield Line("elapsed: 24 windows a day by 1", each(many.elapsed, asked), each(desk.elapsed, asked), 3)
    lunch = Calendar(
        {"mon-fri": ["09:00-12:30", "13:30-17:30"]}, zone="Europe/London", public_holidays="GB-ENG"
    )
    yield Line("elapsed: a lunch break by none", each(lunch.elapsed, asked), each(desk.elapsed, asked), 3)
    yield Line("a year compiled: 1 ms budget, by 1 ms of sleep", fresh_year, lambda: time.sleep(0.001), 1)


def calendars(desk: Calendar, plain: Bisect, rows: int) -> Iterator[Line]:
    """All that concerns calendars."""
    yield from scalar(desk, plain)
    yield from growth(desk)
    yield Line("first answer by bare holidays", fresh(FIRST), fresh(BARE), 1.3)
    yield from bulk(desk, plain, rows)


def fresh_year() -> None:
    """Builds a calendar on known holidays and asks its first question."""
    desk = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London", public_holidays="GB-ENG")
    desk.is_open(datetime(2026, 3, 2, 12, tzinfo=UTC))


def say(line: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """0 when every line keeps its budget, give or take a fifth."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("groups", nargs="*", choices=["calendars", "lifecycle", "sla", []], metavar="group")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=10_000_000)
    options = parser.parse_args()
    desk = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London", public_holidays="GB-ENG")
    spec = PublicHolidays("GB-ENG")
    plain = Bisect({date.fromordinal(day) for year in range(2000, 2041) for day in spec.of(year)})
    missed = 0
    say("| what | ratio | budget | |\n|---|---:|---:|---|")
    groups: dict[str, Callable[[], Iterator[Line]]] = {
        "calendars": lambda: calendars(desk, plain, options.rows),
        "lifecycle": records,
        "sla": lambda: iter([readings(desk, plain)]),
    }
    for line in (line for name in options.groups or groups for line in groups[name]()):
        line.ours(), line.theirs(), line.ours()
        found = ratio(line, options.rounds)
        missed += not line.passes(found)
        sign = ">=" if line.gain else "<="
        say(
            f"| {line.what} | {found:.2f} | {sign} {line.budget:g} | {'' if line.passes(found) else 'missed'} |",
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
