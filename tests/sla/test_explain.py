"""What a reading says in words: golden texts that a service-level manager can check by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from tests.sla.stories import ALWAYS, ANN, BOB, HOUR, LONDON, MINUTE, OFFICE, at, opened, read

from itilkit.calendars import Calendar
from itilkit.events import (
    Cancelled,
    Event,
    Excluded,
    Held,
    Logged,
    PrioritySet,
    Reopened,
    Replied,
    RequesterWrote,
    Resolved,
    Resumed,
    Started,
)
from itilkit.lifecycle import SERVICENOW, replay
from itilkit.records import Incident, Source
from itilkit.sla import (
    NEXT_RESPONSE,
    RESOLUTION,
    RESPONSE,
    Goal,
    Pauses,
    Reading,
    Term,
    WorkingDays,
    measure,
)
from itilkit.sla.explain import duration, stamp

LACKING = Source("log", lacks={"agent_reply"})
WORKED_ON = [*opened("03-06 16:30"), Started(at("03-06 16:45"), ANN)]


def pauses(count: int) -> list[Event]:
    """So many pauses of five minutes, one every twenty minutes, from Friday 13:00 on."""
    moment = at("03-06 13:00")
    story: list[Event] = []
    for _ in range(count):
        story += [Held(moment), Resumed(moment + 5 * MINUTE)]
        moment += 20 * MINUTE
    return story


GOLDEN: dict[str, tuple[Callable[[], Reading], str]] = {
    "over a weekend": (
        lambda: read([*WORKED_ON, Resolved(at("03-09 10:15"), ANN)], "03-09 12:00", 3 * HOUR),
        """\
resolution (Gold): met, stopped Mon 2026-03-09 10:15.
P3 allows 3h 00m of open time; due Mon 2026-03-09 11:00. All times are Europe/London.
  from                  to                    counted   total
  Fri 2026-03-06 16:30  Fri 2026-03-06 16:45      15m     15m  new
  Fri 2026-03-06 16:45  Fri 2026-03-06 17:30      45m  1h 00m  in progress
  Fri 2026-03-06 17:30  Mon 2026-03-09 09:00        -          closed: outside Mon-Fri 09:00-17:30
  Mon 2026-03-09 09:00  Mon 2026-03-09 10:15   1h 15m  2h 15m  in progress
  Mon 2026-03-09 10:15                                         stopped: resolved
As of Mon 2026-03-09 12:00: 2h 15m counted, 45m left.""",
    ),
    "over a clock change": (
        lambda: read(opened("03-28 22:00", 1), "03-29 06:00", Goal(6 * HOUR, ALWAYS)),
        """\
resolution (Gold): breached, running.
P1 allows 6h 00m of open time; due Sun 2026-03-29 05:00. All times are Europe/London.
  from                  to                    counted   total
  Sat 2026-03-28 22:00  Sun 2026-03-29 05:00   6h 00m  6h 00m  new, the clocks go forward by 1h 00m
  Sun 2026-03-29 05:00  Sun 2026-03-29 06:00   1h 00m  7h 00m  new, past due
As of Sun 2026-03-29 06:00: 7h 00m counted, 1h 00m over.""",
    ),
    "over a repeated hour": (
        lambda: read(
            [*opened("10-24 22:00", 1), Held(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))],
            "10-25 06:00",
            Goal(6 * HOUR, ALWAYS),
        ),
        """\
resolution (Gold): pending, paused.
P1 allows 6h 00m of open time; no due time while paused, Sun 2026-10-25 07:30 if it ran on from \
now. All times are Europe/London.
  from                      to                        counted   total
  Sat 2026-10-24 22:00      Sun 2026-10-25 01:30 GMT   4h 30m  4h 30m  new, the clocks go back by 1h 00m
  Sun 2026-10-25 01:30 GMT  Sun 2026-10-25 06:00            -          on hold (4h 30m not counted)
As of Sun 2026-10-25 06:00: 4h 30m counted, 1h 30m left, 4h 30m paused.""",
    ),
    "a pause across closing": (
        lambda: read(
            [
                *WORKED_ON,
                Held(at("03-06 17:00"), ANN, reason="awaiting_user"),
                Resumed(at("03-09 10:00"), ANN),
            ],
            "03-09 11:00",
            3 * HOUR,
        ),
        """\
resolution (Gold): pending, running.
P3 allows 3h 00m of open time; due Mon 2026-03-09 12:30. All times are Europe/London.
  from                  to                    counted   total
  Fri 2026-03-06 16:30  Fri 2026-03-06 16:45      15m     15m  new
  Fri 2026-03-06 16:45  Fri 2026-03-06 17:00      15m     30m  in progress
  Fri 2026-03-06 17:00  Fri 2026-03-06 17:30        -          on hold, awaiting user (30m not counted)
  Fri 2026-03-06 17:30  Mon 2026-03-09 09:00        -          closed: outside Mon-Fri 09:00-17:30
  Mon 2026-03-09 09:00  Mon 2026-03-09 10:00        -          on hold, awaiting user (1h 00m not \
counted)
  Mon 2026-03-09 10:00  Mon 2026-03-09 11:00   1h 00m  1h 30m  in progress
As of Mon 2026-03-09 11:00: 1h 30m counted, 1h 30m left, 1h 30m paused.""",
    ),
    "priority raised": (
        lambda: read(
            [*WORKED_ON, PrioritySet(at("03-09 09:30"), ANN, priority=1)],
            "03-09 10:00",
            {3: Goal(8 * HOUR, OFFICE), 1: Goal(HOUR, OFFICE)},
        ),
        """\
resolution (Gold): breached, running.
P1, judged from the start, allows 1h 00m of open time; due Fri 2026-03-06 17:30. All times are \
Europe/London.
  from                  to                    counted   total
  Fri 2026-03-06 16:30  Fri 2026-03-06 16:45      15m     15m  new at P3
  Fri 2026-03-06 16:45  Fri 2026-03-06 17:30      45m  1h 00m  in progress at P3
  Fri 2026-03-06 17:30  Mon 2026-03-09 09:00        -          closed: outside Mon-Fri 09:00-17:30
  Mon 2026-03-09 09:00  Mon 2026-03-09 09:30      30m  1h 30m  in progress at P3, past due
  Mon 2026-03-09 09:30  Mon 2026-03-09 10:00      30m  2h 00m  in progress at P1, past due
As of Mon 2026-03-09 10:00: 2h 00m counted, 1h 00m over.""",
    ),
    "reopened": (
        lambda: read(
            [
                *WORKED_ON,
                Resolved(at("03-09 10:00"), ANN),
                Reopened(at("03-10 09:15")),
                Resolved(at("03-10 10:45:30"), ANN),
            ],
            "03-11 09:00",
            3 * HOUR,
        ),
        """\
resolution (Gold): breached, stopped Tue 2026-03-10 10:45:30.
P3 allows 3h 00m of open time; due Tue 2026-03-10 10:15. All times are Europe/London.
  from                     to                       counted       total
  Fri 2026-03-06 16:30     Fri 2026-03-06 16:45         15m         15m  new
  Fri 2026-03-06 16:45     Fri 2026-03-06 17:30         45m      1h 00m  in progress
  Fri 2026-03-06 17:30     Mon 2026-03-09 09:00           -              closed: outside Mon-Fri \
09:00-17:30
  Mon 2026-03-09 09:00     Mon 2026-03-09 10:00      1h 00m      2h 00m  in progress
  Mon 2026-03-09 10:00     Tue 2026-03-10 09:15           -              resolved
  Tue 2026-03-10 09:15     Tue 2026-03-10 10:15      1h 00m      3h 00m  in progress
  Tue 2026-03-10 10:15     Tue 2026-03-10 10:45:30  30m 30s  3h 30m 30s  in progress, past due
  Tue 2026-03-10 10:45:30                                                stopped: resolved
As of Wed 2026-03-11 09:00: 3h 30m 30s counted, 30m 30s over.""",
    ),
    "restarted": (
        lambda: read(
            [*WORKED_ON, PrioritySet(at("03-09 10:30"), ANN, priority=1)],
            "03-09 11:00",
            {3: Goal(2 * HOUR, OFFICE), 1: Goal(HOUR, OFFICE)},
            attrs.evolve(RESOLUTION, when_priority_changes="restart"),
        ),
        """\
resolution (Gold): pending, running.
P1 allows 1h 00m of open time; due Mon 2026-03-09 11:30. All times are Europe/London.
Cycle 1, Fri 2026-03-06 16:30 to Mon 2026-03-09 10:30: breached, 2h 30m counted, due Mon 2026-03-09 \
10:00.
  from                  to                    counted  total
  Mon 2026-03-09 10:30  Mon 2026-03-09 11:00      30m    30m  in progress
As of Mon 2026-03-09 11:00: 30m counted, 30m left.""",
    ),
    "a house holiday, an exclusion and a pause limit": (
        lambda: read(
            [
                *WORKED_ON,
                Held(at("03-06 17:00"), ANN, reason="awaiting_supplier"),
                Excluded(
                    at("03-10 09:00"), ANN, start=at("03-10 10:00"), end=at("03-10 12:00"), reason="patch day"
                ),
            ],
            "03-10 13:00",
            Goal(
                8 * HOUR,
                Calendar(
                    {"mon-fri": "09:00-17:30"}, zone="Europe/London", closed={"2026-03-09": "Inventory"}
                ),
            ),
            attrs.evolve(RESOLUTION, pauses=Pauses(limit=HOUR)),
        ),
        """\
resolution (Gold): pending, running.
P3 allows 8h 00m of open time; due Wed 2026-03-11 10:30. All times are Europe/London.
  from                  to                    counted   total
  Fri 2026-03-06 16:30  Fri 2026-03-06 16:45      15m     15m  new
  Fri 2026-03-06 16:45  Fri 2026-03-06 17:00      15m     30m  in progress
  Fri 2026-03-06 17:00  Fri 2026-03-06 17:30        -          on hold, awaiting supplier (30m not \
counted)
  Fri 2026-03-06 17:30  Mon 2026-03-09 00:00        -          closed: outside Mon-Fri 09:00-17:30
  Mon 2026-03-09 00:00  Tue 2026-03-10 00:00        -          closed: Inventory
  Tue 2026-03-10 00:00  Tue 2026-03-10 09:00        -          closed: outside Mon-Fri 09:00-17:30
  Tue 2026-03-10 09:00  Tue 2026-03-10 09:30        -          on hold, awaiting supplier (30m not \
counted)
  Tue 2026-03-10 09:30  Tue 2026-03-10 10:00      30m  1h 00m  on hold, awaiting supplier, beyond \
the pause limit
  Tue 2026-03-10 10:00  Tue 2026-03-10 12:00        -          excluded: patch day (2h 00m not counted)
  Tue 2026-03-10 12:00  Tue 2026-03-10 13:00   1h 00m  2h 00m  on hold, awaiting supplier, beyond \
the pause limit
As of Tue 2026-03-10 13:00: 2h 00m counted, 6h 00m left, 1h 00m paused, 2h 00m excluded.""",
    ),
    "a response": (
        lambda: read([*WORKED_ON, Replied(at("03-06 16:50"), ANN)], "03-09 10:00", HOUR, RESPONSE),
        """\
response (Gold): met, stopped Fri 2026-03-06 16:50.
P3 allows 1h 00m of open time; due Fri 2026-03-06 17:30. All times are Europe/London.
  from                  to                    counted  total
  Fri 2026-03-06 16:30  Fri 2026-03-06 16:45      15m    15m  new
  Fri 2026-03-06 16:45  Fri 2026-03-06 16:50       5m    20m  in progress
  Fri 2026-03-06 16:50                                        stopped: agent reply
As of Mon 2026-03-09 10:00: 20m counted, 40m left.""",
    ),
    "working days": (
        lambda: read(WORKED_ON, "03-06 17:00", Goal(WorkingDays(2), OFFICE)),
        """\
resolution (Gold): pending, running.
P3 allows 2 working days; due Tue 2026-03-10 17:30. All times are Europe/London.
  from                  to                    counted  total
  Fri 2026-03-06 16:30  Fri 2026-03-06 16:45      15m    15m  new
  Fri 2026-03-06 16:45  Fri 2026-03-06 17:00      15m    30m  in progress
As of Fri 2026-03-06 17:00: 30m counted.""",
    ),
    "cancelled": (
        lambda: read([*WORKED_ON, Cancelled(at("03-06 17:00"), ANN)], "03-09 10:00", 3 * HOUR),
        """\
resolution (Gold): cancelled Fri 2026-03-06 17:00.
P3 allows 3h 00m of open time; nothing is due any more. All times are Europe/London.
  from                  to                    counted  total
  Fri 2026-03-06 16:30  Fri 2026-03-06 16:45      15m    15m  new
  Fri 2026-03-06 16:45  Fri 2026-03-06 17:00      15m    30m  in progress
  Fri 2026-03-06 17:00                                        cancelled
As of Mon 2026-03-09 10:00: 30m counted, 2h 30m left.""",
    ),
    "a long run": (
        lambda: read(WORKED_ON, "04-09 10:00", 300 * HOUR),
        """\
resolution (Gold): pending, running.
P3 allows 300h 00m of open time; due Wed 2026-04-29 10:30. All times are Europe/London.
  from                  to                     counted     total
  Fri 2026-03-06 16:30  Fri 2026-03-06 16:45       15m       15m  new
  Fri 2026-03-06 16:45  Fri 2026-03-06 17:30       45m    1h 00m  in progress
  Fri 2026-03-06 17:30  Mon 2026-03-09 09:00         -            closed: outside Mon-Fri 09:00-17:30
  Mon 2026-03-09 09:00  Wed 2026-04-08 17:30  178h 30m  179h 30m  in progress; 21 spells of open \
time, the closed time between them left out, among it Good Friday (holiday GB-ENG), Easter Monday (holiday GB-ENG)
  Wed 2026-04-08 17:30  Thu 2026-04-09 09:00         -            closed: outside Mon-Fri 09:00-17:30
  Thu 2026-04-09 09:00  Thu 2026-04-09 10:00    1h 00m  180h 30m  in progress
As of Thu 2026-04-09 10:00: 180h 30m counted, 119h 30m left.""",
    ),
}


@pytest.mark.parametrize(("reading", "text"), GOLDEN.values(), ids=GOLDEN.keys())
def test_a_reading_in_words(reading: Callable[[], Reading], text: str) -> None:
    """The text is the one that was read, checked by hand and found good."""
    assert reading().explain() == text


@pytest.mark.parametrize("name", GOLDEN)
def test_the_counted_spans_of_the_text_sum_to_elapsed(name: str) -> None:
    """Whoever adds up the column gets what the last line says, and the running total agrees."""
    reading = GOLDEN[name][0]()
    rows = [
        line for line in reading.explain().splitlines() if line.startswith("  ") and "from" not in line[:8]
    ]
    found = [re.findall(r"(?<= )((?:\d+h \d\dm|\d+m)(?: [\d.]+s)?)  ", row + "  ")[:2] for row in rows]
    total = timedelta(0)
    for cells in found:
        if len(cells) == 2:
            total += parsed(cells[0])
            assert parsed(cells[1]) == total
    assert total == reading.elapsed


def parsed(text: str) -> timedelta:
    """A duration as the text tells it."""
    units = {"h": HOUR, "m": MINUTE, "s": timedelta(seconds=1)}
    return sum((float(part[:-1]) * units[part[-1]] for part in text.split()), timedelta(0))


def test_a_long_history_is_told_by_its_beginning_and_its_end() -> None:
    """A hundred pauses are gathered in one line that keeps the sums."""
    reading = read([*opened("03-06 09:00"), *pauses(100)], "03-10 10:00", Goal(100 * HOUR, ALWAYS))
    lines = reading.explain().splitlines()
    assert len(lines) == 45
    gathered = lines[23]
    assert gathered.endswith("161 more spans, with 6h 40m paused")
    assert sum("on hold" in line for line in lines) == 20
    assert lines[-1] == "As of Tue 2026-03-10 10:00: 88h 40m counted, 11h 20m left, 8h 20m paused."


def test_many_earlier_cycles_are_counted() -> None:
    """Of more cycles than one reads, the last ten are listed and all are counted."""
    story: list[Event] = list(opened("03-09 09:00"))
    for minute in range(20, 240, 20):
        moment = at("03-09 09:00") + minute * MINUTE
        story += [Replied(moment, ANN), RequesterWrote(moment + MINUTE, BOB)]
    lines = read(story, "03-09 14:00", 19 * MINUTE + MINUTE / 2, NEXT_RESPONSE).explain().splitlines()
    assert lines[2] == "Before it: 11 cycles, 1 of them breached; the last of them:"
    assert lines[3].startswith("Cycle 2, Mon 2026-03-09 09:21 to Mon 2026-03-09 09:40: met, 19m counted")
    assert len([line for line in lines if line.startswith("Cycle ")]) == 10


@pytest.mark.parametrize(
    ("reading", "text"),
    [
        pytest.param(
            lambda: read(opened("03-06 09:00"), "03-06 10:00", HOUR, RESPONSE, source=LACKING),
            "response (Gold): not recorded. The source does not record: agent reply.",
            id="not recorded",
        ),
        pytest.param(
            lambda: read(opened("03-06 09:00"), "03-05 10:00", HOUR),
            "resolution (Gold): pending. The clock has not started.",
            id="not started",
        ),
        pytest.param(
            lambda: read(opened("03-06 09:00", 4), "03-06 10:00", {3: Goal(HOUR, OFFICE)}),
            "resolution (Gold): cancelled. There is no target for P4.",
            id="no target",
        ),
        pytest.param(
            lambda: read([Logged(at("03-06 09:00"))], "03-06 10:00", None),
            "resolution (Gold): cancelled. There is no target without a priority.",
            id="no priority",
        ),
    ],
)
def test_a_reading_without_a_ledger_in_words(reading: Callable[[], Reading], text: str) -> None:
    """Where nothing is measured, the text says why."""
    assert reading().explain() == text


def test_a_closure_of_months_is_told_in_a_line() -> None:
    """A calendar that opens once a year is closed in one line, holidays and all."""
    yearly = Calendar({}, zone="Europe/London", special_hours={"2026-11-09": "09:00-17:00"})
    reading = read(opened("03-09 09:00"), "11-09 10:00", Goal(HOUR, yearly))
    closed = [line for line in reading.explain().splitlines() if "closed" in line]
    assert len(closed) <= 3
    assert reading.elapsed == HOUR


def test_a_calendar_that_never_opens_is_told() -> None:
    """A target on a calendar without open time is never due, and the text says so."""
    reading = read(opened("03-06 09:00"), "03-06 10:00", Goal(HOUR, Calendar.never("Europe/London")))
    assert reading.due_at is None
    assert "never due, because there is not so much open time" in reading.explain()


def test_a_breach_that_came_after_the_due_time_is_told() -> None:
    """On hold exactly from the due time on, the clock breaches only when it runs again."""
    story = [*opened("03-09 09:00"), Held(at("03-09 10:00")), Resumed(at("03-09 12:00"))]
    text = read(story, "03-09 12:30", HOUR).explain().splitlines()
    assert text[0] == "resolution (Gold): breached since Mon 2026-03-09 12:00, running."
    assert "due Mon 2026-03-09 10:00" in text[1]


def test_a_kept_priority_is_told() -> None:
    """Where the first priority judges the clock for good, the text says that it was kept."""
    rule = attrs.evolve(RESOLUTION, when_priority_changes="keep")
    story = [*opened("03-06 09:00"), PrioritySet(at("03-06 09:30"), ANN, priority=1)]
    text = read(story, "03-06 10:00", {3: Goal(2 * HOUR, OFFICE), 1: Goal(HOUR, OFFICE)}, rule).explain()
    assert "P3, kept from the start, allows 2h 00m of open time" in text


def test_a_target_that_was_not_loosened_is_told() -> None:
    """Where a lower priority does not push the due time back, the text says whose target holds."""
    rule = attrs.evolve(RESOLUTION, when_priority_changes="only tighten")
    story = [*opened("03-06 09:00", 1), PrioritySet(at("03-06 09:30"), ANN, priority=3)]
    text = read(story, "03-06 10:00", {3: Goal(2 * HOUR, OFFICE), 1: Goal(HOUR, OFFICE)}, rule).explain()
    assert "P1, the tightest so far, allows 1h 00m of open time; due Fri 2026-03-06 10:00." in text


def test_the_state_is_told_in_the_words_of_the_tool() -> None:
    """A tool's own state stands in the ledger, without the reason that it already names."""
    lifecycle = SERVICENOW
    story: list[Event] = [Logged(at("03-06 09:00")), Held(at("03-06 09:30"), state="Awaiting User Info")]
    timeline = replay(Incident("INC1", story), lifecycle, as_of=at("03-06 10:00"), strict=False)
    reading = measure(timeline, RESOLUTION, [Term(3, Goal(HOUR, OFFICE))] * 2)
    assert [entry.reason for entry in reading.cycles[0].ledger] == ["New", "Awaiting User Info"]


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(0), "0m"),
        (HOUR + 5 * MINUTE, "1h 05m"),
        (45 * MINUTE, "45m"),
        (timedelta(seconds=12), "12s"),
        (-HOUR, "-1h 00m"),
        (1234 * HOUR, "1,234h 00m"),
        (HOUR + timedelta(seconds=0.5), "1h 00m 0.5s"),
        (timedelta(seconds=59, microseconds=123456), "59.123456s"),
        (MINUTE + timedelta(microseconds=1), "1m 0.000001s"),
    ],
)
def test_durations_are_told_exactly(length: timedelta, text: str) -> None:
    """No duration is rounded, so that sums by hand come out."""
    assert duration(length) == text


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 7, 1, 8, 30, tzinfo=UTC), "Wed 2026-07-01 09:30"),
        (datetime(2026, 7, 1, 8, 30, 5, tzinfo=UTC), "Wed 2026-07-01 09:30:05"),
        (datetime(2026, 7, 1, 8, 30, 0, 250000, tzinfo=UTC), "Wed 2026-07-01 09:30:00.25"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Sun 2026-10-25 01:30 BST"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Sun 2026-10-25 01:30 GMT"),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "Sun 2026-03-29 02:30"),
    ],
)
def test_instants_are_told_in_local_time(instant: datetime, text: str) -> None:
    """A time that the clock shows twice says which of the two it is."""
    assert stamp(instant, LONDON) == text
