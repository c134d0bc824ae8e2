"""Which lines of a policy incidents exercise: each kind by hand, windows against a plain count, and the laws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itilkit.calendars import Calendar, Recurrence
from itilkit.conditions import Eq, In
from itilkit.errors import InstantError, PolicyError, TransitionError
from itilkit.events import Cancelled, Classified, Closed, Event, Held, Logged, PrioritySet, Resolved, Started
from itilkit.lifecycle import ITIL4_DEFAULT, SHIPPED, SIMPLE, Lifecycle
from itilkit.policy import Agreement, Policy, Target
from itilkit.policy.coverage import Coverage, What
from itilkit.policy.coverage.windows import RunningTime
from itilkit.priority import BMC_WEIGHTED, ITIL_2X2, ITIL_3X3, PriorityRule
from itilkit.records import Incident, Source
from itilkit.sla import WorkingDays

from .histories import AS_OF, OFFICE, logs, policies

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)  # a Monday, in winter: London reads UTC
DAY = timedelta(days=1)


def hours(amount: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=amount)


def agreement(name: str, *levels: int, calendar: Calendar = OFFICE, **options: Any) -> Agreement:
    """An agreement with a resolution target for each priority."""
    target = Target(levels or (1, 2, 3), {"resolution": hours(8)})
    return Agreement(name, [target], calendar=calendar, **options)


def desk(*agreements: Agreement, **options: Any) -> Policy:
    """A policy of these agreements."""
    given: dict[str, Any] = {"lifecycle": ITIL4_DEFAULT, "matrix": ITIL_2X2, **options}
    return Policy("Desk", agreements=agreements, **given)


def incident(*more: Event, at: datetime = NINE, priority: int | None = 2, number: str = "INC1") -> Incident:
    """An incident with a recorded priority."""
    recorded: list[Event] = [] if priority is None else [PrioritySet(at, priority=priority)]
    return Incident(number, [Logged(at), *recorded, *more])


def counted(found: Coverage, what: What) -> dict[str, int]:
    """The lines of one kind with their counts."""
    return {item.words: item.count for item in found.of(what)}


def cover(
    policy: Policy, incidents: Iterable[Incident], as_of: datetime = NINE + 7 * DAY, **options: Any
) -> Coverage:
    """A coverage as of the next Monday."""
    return policy.coverage(incidents, as_of=as_of, **options)


# Each kind of line


def test_agreements_in_force() -> None:
    """One counts for the incidents for which it held at some beat, also where it was left later."""
    policy = desk(
        agreement("Mail", when=Eq("service", "mail")),
        agreement("Cards", when=Eq("service", "cards")),
        agreement("Rest"),
        agreement("Shadow"),
        agreement("Network", kind="OLA"),
    )
    moved = incident(Classified(NINE, service="mail"), Classified(NINE + hours(1), service="print"))
    found = cover(policy, [moved, incident(Classified(NINE, service="mail"), number="INC2")])
    assert counted(found, "agreement") == {
        "SLA Mail": 2,
        "SLA Cards": 0,
        "SLA Rest": 2,  # before the service was known, and after it was corrected
        "SLA Shadow": 0,
        "OLA Network": 2,
    }


def test_two_agreements_of_one_name_are_told_apart() -> None:
    """What is exercised is a line, not a name."""
    policy = desk(agreement("Gold", when=Eq("service", "mail")), agreement("Gold"))
    items = cover(policy, [incident()]).of("agreement")
    assert [(item.path, item.count) for item in items] == [("agreements[0]", 0), ("agreements[1]", 1)]


def test_targets_that_judged() -> None:
    """By priority and clock; a stated absence is no line, and what is not recorded was not exercised."""
    rows = [
        Target([1, 2], {"response": hours(1), "resolution": hours(4)}),
        Target(3, {"response": None, "resolution": WorkingDays(2)}),
    ]
    policy = desk(Agreement("Gold", rows, calendar=OFFICE))
    silent = Incident(
        "INC2", [Logged(NINE), PrioritySet(NINE, priority=1)], source=Source("x", lacks={"agent_reply"})
    )
    found = cover(policy, [incident(priority=2), silent])
    assert counted(found, "target") == {
        "SLA Gold: P1 response": 0,
        "SLA Gold: P2 response": 1,
        "SLA Gold: P1 resolution": 1,
        "SLA Gold: P2 resolution": 1,
        "SLA Gold: P3 resolution": 0,
    }
    assert found.of("target")[4].path == "agreements[0].targets[1].resolution"


def test_a_changed_priority_exercises_what_judged() -> None:
    """The target that a clock is judged by counts, not the one that stood before."""
    found = cover(desk(agreement("Gold")), [incident(PrioritySet(NINE + hours(1), priority=1))])
    assert [name for name, count in counted(found, "target").items() if count] == ["SLA Gold: P1 resolution"]


def test_rules_that_raised() -> None:
    """A rule counts when it raises something; one that finds nothing left to raise does not."""
    rules = [
        PriorityRule(Eq("service", "cards"), urgency_at_least=1, because="cards"),
        PriorityRule(Eq("service", "cards"), urgency_at_least=2, because="too late"),
        PriorityRule(In("service", ["mail"]), impact_at_least=1),
    ]
    facts = Classified(NINE, impact=2, urgency=3, service="cards")
    found = cover(desk(matrix=ITIL_3X3, priority_rules=rules), [incident(facts, priority=None)])
    assert [(item.path, item.count) for item in found.of("priority rule")] == [
        ("priority.rules[0]", 1),
        ("priority.rules[1]", 0),
        ("priority.rules[2]", 0),
    ]
    assert [item.words for item in found.of("priority rule")][:2] == ["cards", "too late"]
    cells = [item for item in found.of("matrix cell") if item.count]
    # Impact Medium with urgency High, where the first rule has raised it: row 1, column 0.
    assert [(cell.path, cell.count) for cell in cells] == [("priority.rows[1][0]", 1)]


def test_cells_that_occurred() -> None:
    """Each pair of impact and urgency that an incident had, once per incident, recorded priority or not."""
    facts = [Classified(NINE, impact=1, urgency=1), Classified(NINE + hours(1), impact=1, urgency=2)]
    found = cover(desk(), [incident(*facts), incident(*facts[:1], priority=None, number="INC2")])
    assert [(item.path, item.count) for item in found.of("matrix cell")] == [
        ("priority.rows[0][0]", 2),
        ("priority.rows[0][1]", 1),
        ("priority.rows[1][0]", 0),
        ("priority.rows[1][1]", 0),
    ]
    assert found.of("matrix cell")[0].words == "impact High, urgency High: P1"


def test_weights_have_cells_too() -> None:
    """A matrix of weights has a line for each pair; the file has no cell to point at."""
    items = cover(desk(matrix=BMC_WEIGHTED), []).of("matrix cell")
    assert len(items) == 16
    assert {item.path for item in items} == {"priority"}


def test_steps_that_were_taken() -> None:
    """Each pair of states of the lifecycle, with what draws it; an illegal step exercises nothing."""
    legal = incident(Started(NINE + hours(1)), Resolved(NINE + hours(2)))
    odd = incident(Closed(NINE + hours(1)), number="INC2")
    wrong = incident(
        Started(NINE + hours(1), state="resolved"), number="INC3"
    )  # that step is drawn by resolve
    midway = Incident(
        "INC4", [Logged(NINE, inferred=True), Started(NINE)]
    )  # what came before is not on record
    found = cover(desk(lifecycle=SIMPLE), [legal, odd, wrong, midway], strict=False)
    assert counted(found, "transition") == {
        "new -> in_progress (start)": 1,
        "new -> resolved (resolve)": 0,
        "in_progress -> resolved (resolve)": 1,
        "resolved -> in_progress (reopen)": 0,
        "resolved -> closed (close)": 0,
    }


@pytest.mark.parametrize("lifecycle", SHIPPED.values(), ids=list(SHIPPED))
def test_each_pair_of_states_is_one_line(lifecycle: Lifecycle) -> None:
    """However many triggers draw a step; what stays in its state is none."""
    pairs = [item.words.rpartition(" (")[0] for item in cover(desk(lifecycle=lifecycle), []).of("transition")]
    assert sorted(pairs) == sorted(
        {f"{source} -> {target}" for source, target, _ in lifecycle.steps if source != target}
    )


# Windows


def test_windows_in_which_a_clock_ran() -> None:
    """Monday from ten to eleven exercises the morning; a pause over noon leaves out the afternoon."""
    policy = desk(agreement("Gold"))
    held = incident(Held(NINE + hours(1)), Resolved(NINE + hours(6)))
    found = cover(policy, [held], strict=False)
    assert [name for name, count in counted(found, "calendar window").items() if count] == [
        "office: Mon 09:00-12:30"
    ]
    assert len(found.of("calendar window")) == 10
    assert found.of("calendar window")[0].path == "calendars.office.weekly.mon"


def test_a_window_counts_its_occurrences() -> None:
    """Two weeks have two Mondays, however many clocks ran on them."""
    policy = desk(agreement("Gold"))
    long = [incident(Resolved(NINE + 8 * DAY), number=number) for number in ("INC1", "INC2")]
    found = counted(cover(policy, long, as_of=NINE + 30 * DAY), "calendar window")
    assert (found["office: Mon 09:00-12:30"], found["office: Wed 13:30-17:00"]) == (2, 1)


def test_special_hours_closed_dates_and_recurrences() -> None:
    """Each has a line of its own, and the window of the week does not count on a date that has other hours."""
    calendar = Calendar(
        {"mon-tue": "09:00-17:00"},
        zone="Europe/London",
        special_hours={date(2026, 3, 9): ["10:00-12:00", "20:00-21:00"]},
        closed={date(2026, 3, 10): "Stocktaking", date(2026, 3, 17): ""},
        recurring=[Recurrence("FREQ=MONTHLY;BYDAY=2SU", at="02:00", lasts="4h")],
        name="site",
    )
    found = cover(desk(agreement("Gold", calendar=calendar)), [incident(Resolved(NINE + 2 * DAY))])
    assert counted(found, "calendar window") == {
        "site: Mon 09:00-17:00": 0,
        "site: Tue 09:00-17:00": 0,
        "site: FREQ=MONTHLY;BYDAY=2SU at 02:00 for 4h": 0,
        "site: 2026-03-09 10:00-12:00": 1,
        "site: 2026-03-09 20:00-21:00": 1,
        "site: closed 2026-03-10 Stocktaking": 1,
        "site: closed 2026-03-17": 0,
    }


def test_a_night_shift_belongs_to_its_evening() -> None:
    """A clock that runs only after midnight exercises the window that opened the evening before."""
    nights = Calendar({"sun-mon": "22:00-06:00"}, zone="Europe/London", name="nights")
    early = NINE - hours(6)  # Monday at three
    found = cover(desk(agreement("Gold", calendar=nights)), [incident(Resolved(early + hours(1)), at=early)])
    assert counted(found, "calendar window") == {"nights: Mon 22:00-06:00": 0, "nights: Sun 22:00-06:00": 1}


def test_round_the_clock_is_one_line() -> None:
    """A calendar that never closes has nothing to tell apart, and the built-in one is told where it is used."""
    always = Calendar.round_the_clock("UTC")
    found = cover(desk(agreement("Gold", calendar=always)), [incident()])
    assert counted(found, "calendar window") == {"round_the_clock: round the clock": 1}
    assert cover(desk(agreement("Gold")), []).of("calendar window")[0].words.startswith("office")


LONDON = Calendar({"mon": "09:00-17:00"}, zone="Europe/London", name="london")
SINGAPORE = Calendar({"mon": "09:00-18:00"}, zone="Asia/Singapore", name="singapore")
LONDON_AND_MORE = Calendar({"mon": "08:00-18:00"}, zone="Europe/London", name="more")
LATER = Calendar({"mon": "10:00-11:00"}, zone="Europe/London", name="later")
WORKS = Calendar({"mon": "12:00-13:00", "sun": "02:00-04:00"}, zone="Europe/London", name="works")


@pytest.mark.parametrize(
    ("calendar", "lines"),
    [
        pytest.param(
            (LONDON | SINGAPORE).named("sun"),
            {"london: Mon 09:00-17:00": 1, "singapore: Mon 09:00-18:00": 1},
            id="any of them: Singapore is open until ten in London",
        ),
        pytest.param(
            (LONDON & WORKS).named("both"),
            {"london: Mon 09:00-17:00": 1, "works: Mon 12:00-13:00": 1, "works: Sun 02:00-04:00": 0},
            id="all of them",
        ),
        pytest.param(
            (LONDON - WORKS).named("less"),
            {"london: Mon 09:00-17:00": 1, "works: Mon 12:00-13:00": 1, "works: Sun 02:00-04:00": 0},
            id="one without another: the works kept it closed on Monday, on Sunday it was anyway",
        ),
        pytest.param(
            (LONDON - LONDON_AND_MORE).named("none"),
            {"london: Mon 09:00-17:00": 0, "more: Mon 08:00-18:00": 1},
            id="one without all of it: its own hours never counted",
        ),
        pytest.param(
            LONDON.changing({date(2026, 3, 9): WORKS, date(2026, 3, 10): LATER}),
            {
                "london: Mon 09:00-17:00": 0,
                "works: Mon 12:00-13:00": 1,
                "works: Sun 02:00-04:00": 0,
                "later: Mon 10:00-11:00": 0,
            },
            id="one after another: on that Monday the second is in force",
        ),
    ],
)
def test_parts_of_joined_calendars(calendar: Calendar, lines: dict[str, int]) -> None:
    """The lines are those of the parts, exercised where the part had a say while a clock ran."""
    done = incident(Resolved(NINE + hours(8)), at=NINE - 2 * DAY)  # from Saturday morning on
    found = cover(desk(agreement("Gold", calendar=calendar)), [done])
    assert {name: min(count, 1) for name, count in counted(found, "calendar window").items()} == lines


def test_calendars_that_a_field_names() -> None:
    """Where a field names the calendar, every declared calendar may be used, and so has its lines."""
    policy = desk(agreement("Gold", calendar_from="customer"), calendars={"acme": LONDON})
    acme = Incident("INC1", [Logged(NINE), PrioritySet(NINE, priority=2)], customer="acme")
    found = counted(cover(policy, [acme]), "calendar window")
    assert found["acme: Mon 09:00-17:00"] == 1  # until the next Monday at nine
    assert found["office: Mon 09:00-12:30"] == 0
    assert not any(words.startswith("round_the_clock") for words in found)


def test_running_time_stays_small() -> None:
    """Much time on one calendar is joined as it comes, and none of it is lost."""
    running = RunningTime()
    for start in range(0, 90_000, 3):
        running.add(OFFICE, [(start, start + 2), (start + 2, start + 3)])
    running.add(OFFICE, [(100_000, 100_001)])
    assert list(running) == [(OFFICE, ((0, 90_000), (100_000, 100_001)))]


# As a value


def test_text_rows_and_share() -> None:
    """What a reviewer reads, what a table takes, and the share."""
    policy = desk(agreement("Gold", 1, 2, calendar=Calendar({"mon": "09:00-17:00"}, zone="UTC", name="office")),
                  lifecycle=SIMPLE)  # fmt: skip
    found = cover(policy, [incident()], as_of=NINE + hours(1))
    assert str(found) == (
        "Desk: 1 incident as of 2026-03-09 10:00 UTC.\n"
        "agreements: 1 of 1 exercised.\n"
        "targets: 1 of 2 exercised; never:\n"
        "  SLA Gold: P1 resolution\n"
        "matrix cells: 0 of 4 exercised; never:\n"
        "  impact High, urgency High: P1\n"
        "  impact High, urgency Low: P2\n"
        "  impact Low, urgency High: P2\n"
        "  impact Low, urgency Low: P3\n"
        "calendar windows: 1 of 1 exercised.\n"
        "transitions: 0 of 5 exercised; never:\n"
        "  new -> in_progress (start)\n"
        "  new -> resolved (resolve)\n"
        "  in_progress -> resolved (resolve)\n"
        "  resolved -> in_progress (reopen)\n"
        "  resolved -> closed (close)"
    )
    assert found.to_rows()[0] == {
        "what": "agreement",
        "path": "agreements[0]",
        "words": "SLA Gold",
        "count": 1,
    }
    assert len(found.to_rows()) == len(found.items) == 13
    assert found.share == pytest.approx(3 / 13)
    assert repr(found) == "<Coverage Desk: 3 of 13>"
    assert str(found.items[0]) == "SLA Gold: 1"


def test_no_line_at_all_has_no_share() -> None:
    """A share of nothing is none."""
    assert Coverage("Desk", NINE, incidents=0, items=()).share is None


def test_an_unknown_kind_of_line() -> None:
    """The near word is offered."""
    asked: Any = "targets"
    with pytest.raises(PolicyError, match="no kind of line") as told:
        cover(desk(), []).of(asked)
    assert "target" in told.value.faults[0].hint


def test_what_is_not_open_yet_exercises_nothing() -> None:
    """An incident of tomorrow is read and counts for nothing."""
    found = cover(desk(agreement("Gold")), [incident(at=NINE + DAY)], as_of=NINE)
    assert (found.incidents, [item for item in found.items if item.count]) == (1, [])


def test_strictness_progress_and_zones() -> None:
    """A broken history is refused unless that is waived; progress is told; an instant needs its zone."""
    odd, told = incident(Closed(NINE + hours(1))), list[int]()
    with pytest.raises(TransitionError):
        cover(desk(lifecycle=SIMPLE), [odd])
    cover(desk(lifecycle=SIMPLE), iter([odd, odd]), strict=False, progress=told.append)
    assert told == [1, 2]
    with pytest.raises(InstantError):
        cover(desk(), [], as_of=datetime(2026, 3, 9))  # noqa: DTZ001  that is the point


# Laws


def numbers(found: Coverage) -> list[int]:
    """The counts of all lines that count incidents."""
    return [item.count for item in found.items if item.what != "calendar window"]


@settings(deadline=None)
@given(logs(), logs(), policies("Desk"))
def test_counts_of_two_logs_add_up(one: list[Incident], other: list[Incident], policy: Policy) -> None:
    """Lines that count incidents count those of both; none counts more than there are; a window never counts less."""
    first, second, both = (
        cover(policy, log, as_of=AS_OF, strict=False) for log in (one, other, [*one, *other])
    )
    assert numbers(both) == [a + b for a, b in zip(numbers(first), numbers(second), strict=True)]
    assert all(0 <= count <= len(one) for count in numbers(first))
    windows = [found.of("calendar window") for found in (first, second, both)]
    for a, b, joined in zip(*windows, strict=True):
        assert max(a.count, b.count) <= joined.count <= a.count + b.count


@settings(deadline=None)
@given(logs(), policies("Desk"), st.data())
def test_the_order_does_not_matter(incidents: list[Incident], policy: Policy, data: st.DataObject) -> None:
    """Shuffling the incidents changes nothing."""
    shuffled = data.draw(st.permutations(incidents))
    assert cover(policy, shuffled, as_of=AS_OF, strict=False) == cover(
        policy, incidents, as_of=AS_OF, strict=False
    )


def plain_windows(policy: Policy, incidents: Sequence[Incident]) -> dict[str, int]:
    """On how many dates a clock ran in each office window, from the ledgers and wall-clock times."""
    zone, found = ZoneInfo("Europe/London"), dict[str, int]()
    ran = [
        (row["start"], row["end"])
        for each in incidents
        for reading in policy.assess(each, as_of=AS_OF, strict=False).readings.values()
        for cycle in reading.cycles
        for row in (attrs.asdict(entry) for entry in cycle.ledger)
        if row["kind"] == "counted" and cycle.goal is not None and cycle.goal.calendar == OFFICE
    ]
    for day in range(60):
        on = date(2026, 2, 20) + day * DAY
        for opens, closes in ((time(9), time(12, 30)), (time(13, 30), time(17))):
            words = f"office: {on:%a} {opens:%H:%M}-{closes:%H:%M}"
            first, last = (datetime.combine(on, at, zone) for at in (opens, closes))
            if on.weekday() < 5 and any(start < last and end > first for start, end in ran):
                found[words] = found.get(words, 0) + 1
    return found


@settings(deadline=None)
@given(logs(4), policies("Desk"))
def test_windows_as_ledgers_say(incidents: list[Incident], policy: Policy) -> None:
    """The windows of the office are exercised where a ledger counts time in them."""
    found = counted(cover(policy, incidents, as_of=AS_OF, strict=False), "calendar window")
    told = {words: count for words, count in found.items() if count and words.startswith("office")}
    assert told == plain_windows(policy, incidents)


@settings(deadline=None)
@given(logs(), policies("Desk"))
def test_targets_as_readings_say(incidents: list[Incident], policy: Policy) -> None:
    """As many lines are exercised as there are readings that started with a promise, whatever the order of lines."""
    found = cover(policy, incidents, as_of=AS_OF, strict=False)
    expected: Counter[str] = Counter()
    for each in incidents:
        for key, reading in policy.assess(each, as_of=AS_OF, strict=False).readings.items():
            if reading.started_at is not None and reading.goal is not None:
                kind = key.partition(".")[0] if "." in key else "SLA"
                expected[f"{kind} P{reading.priority} {reading.name}"] += 1
    told: Counter[str] = Counter()
    for words, count in counted(found, "target").items():
        told[f"{words[:3]} {words.rpartition(': ')[2]}"] += count
    assert +told == expected


def test_the_target_of_an_agreement_that_was_left() -> None:
    """A promise kept under one agreement stays a line of it, whatever the incident is moved to afterwards."""
    gold, rest = agreement("Gold", 1, when=Eq("service", "mail")), agreement("Rest", 2)
    moved = incident(Resolved(NINE + hours(1)), Classified(NINE + hours(2), service="mail"))
    found = cover(desk(gold, rest), [moved])
    assert counted(found, "target") == {"SLA Gold: P1 resolution": 0, "SLA Rest: P2 resolution": 1}
    cancelled = incident(Cancelled(NINE + hours(1)), Classified(NINE + hours(2), service="mail"))
    found = cover(desk(gold, rest), [cancelled], strict=False)
    assert counted(found, "target") == {"SLA Gold: P1 resolution": 0, "SLA Rest: P2 resolution": 1}
