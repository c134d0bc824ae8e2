"""Two policies over one log: outcomes, flips, the paired test, objectives, and the laws that must hold of them."""

from __future__ import annotations

import gc
import gzip
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itilkit.adapters import servicenow
from itilkit.calendars import Calendar, Period
from itilkit.errors import InstantError, PolicyError, TransitionError
from itilkit.events import Cancelled, Classified, Closed, Event, Logged, PrioritySet, Reopened, Resolved
from itilkit.lifecycle import ITIL4_DEFAULT, PERMISSIVE
from itilkit.policy import Agreement, Objective, Policy, Target
from itilkit.policy.backtest import Backtest, PairedTest, Verdict
from itilkit.priority import ITIL_2X2, ITIL_3X3, PriorityMatrix
from itilkit.records import Incident, Source
from itilkit.sla import WorkingDays

from .histories import AS_OF, logs, policies
from .texts import EXAMPLE

LOG = Path(__file__).parents[2] / "examples" / "data" / "incident_event_log.csv.gz"
NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)  # a Monday
OFFICE = Calendar({"mon-fri": "09:00-17:00"}, zone="Europe/London", name="office")
TWO = ITIL_2X2.impact


def hours(amount: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=amount)


def desk(name: str, resolution: Any, **options: Any) -> Policy:
    """A policy with one agreement."""
    gold = Agreement("Gold", [Target([2, 3], {"resolution": resolution})], calendar=OFFICE, **options)
    return Policy(name, lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[gold])


def solved(number: str, after: float, *more: Event, priority: int = 2) -> Incident:
    """An incident opened on Monday at nine and resolved so many hours later."""
    opened: list[Event] = [Logged(NINE), PrioritySet(NINE, priority=priority)]
    return Incident(number, [*opened, Resolved(NINE + hours(after)), *more])


OLD, NEW = desk("Old", hours(6)), desk("New", hours(3))
THREE = [solved("INC1", 2), solved("INC2", 4, priority=3), solved("INC3", 7)]


def run(incidents: Iterable[Incident], old: Policy = OLD, new: Policy = NEW, **options: Any) -> Backtest:
    """A back-test as of the next Monday."""
    given: dict[str, Any] = {"as_of": NINE + timedelta(days=7), **options}
    return new.backtest(incidents, against=old, **given)


# The paired test


@pytest.mark.parametrize(
    ("worse", "better", "p"),
    [
        pytest.param(0, 0, 1.0, id="nothing differs"),
        pytest.param(1, 0, 1.0, id="one pair shows nothing"),
        pytest.param(5, 5, 1.0, id="as many one way as the other"),
        pytest.param(6, 5, 1.0, id="an odd number as even as can be"),
        pytest.param(6, 0, 2 / 64, id="six of six: 2 * 1 / 64"),
        pytest.param(5, 1, 14 / 64, id="five of six: 2 * (1 + 6) / 64"),
        pytest.param(10, 2, 158 / 4096, id="ten of twelve: 2 * (1 + 12 + 66) / 4096"),
    ],
)
def test_exact_p_by_hand(worse: int, better: int, p: float) -> None:
    """Twice the smaller tail of a fair coin, and never more than one."""
    assert PairedTest(worse, better).p == pytest.approx(p, rel=1e-12)
    assert PairedTest(better, worse).p == PairedTest(worse, better).p
    assert PairedTest(worse, better).n == worse + better


def test_exact_p_as_published() -> None:
    """The worked example of the exact binomial test in Wikipedia's article on McNemar's test: b = 6, c = 16."""
    assert round(PairedTest(6, 16).p, 3) == 0.052
    assert str(PairedTest(6, 16)) == "p = 0.0525 (exact McNemar test, n = 22)"


@given(st.integers(0, 400), st.integers(0, 400))
def test_exact_p_is_the_binomial_sum(worse: int, better: int) -> None:
    """Whole numbers, summed term by term, give the same chance."""
    n = worse + better
    tail = Fraction(sum(comb(n, k) for k in range(min(worse, better) + 1)), 2**n)
    assert PairedTest(worse, better).p == pytest.approx(float(min(Fraction(1), 2 * tail)), rel=1e-10)


def test_exact_p_of_a_large_log() -> None:
    """A million flips are answered at once, and a one-sided million has no chance at all."""
    assert PairedTest(1_000_000, 0).p == 0.0
    assert PairedTest(500_000, 500_000).p == 1.0
    # The normal approximation with z = 2 * 1000.5 / sqrt(1e6), that is 2.001, leaves 0.0454 on both sides.
    assert PairedTest(501_001, 498_999).p == pytest.approx(0.0453, abs=2e-4)


@pytest.mark.parametrize("count", [-1, 1.5, True, "3"])
def test_no_count_is_refused(count: Any) -> None:
    """Only whole numbers from 0 are counts."""
    with pytest.raises(PolicyError, match="expected a whole number from 0"):
        PairedTest(0, count)


# Outcomes and flips


def test_flips_and_counts() -> None:
    """Four hours are in time of six and late of three: one promise flips, and each figure says so."""
    found = run(THREE)
    assert (found.old, found.new, found.incidents, found.targets) == ("Old", "New", 3, ("resolution",))
    assert found.outcomes("resolution", "old") == {"met": 2, "breached": 1}
    assert found.outcomes("resolution", "new") == {"met": 1, "breached": 2}
    assert [flip.number for flip in found.newly_breached] == ["INC2"]
    assert found.newly_met == ()
    assert found.test("resolution") == PairedTest(1, 0)
    assert [(cell.old.priority, cell.old.outcome, cell.new.outcome, cell.count) for cell in found.cells] == [
        (2, "breached", "breached", 1),
        (2, "met", "met", 1),
        (3, "met", "breached", 1),
    ]
    assert found.cells[0].old == Verdict("SLA Gold", 2, outcome="breached")
    assert repr(found) == "<Backtest Old -> New: 1 newly breached, 0 newly met>"


def test_a_flip_explains_itself() -> None:
    """Both policies' promise, due and outcome, in the zone of the calendar."""
    (flip,) = run(THREE).flips
    assert flip.explain() == (
        "INC2 resolution\n"
        "  old: met: SLA Gold, P3 allows 6h 00m of open time; due Mon 2026-03-09 15:00, "
        "stopped Mon 2026-03-09 13:00 after 4h 00m of open time (Europe/London)\n"
        "  new: breached: SLA Gold, P3 allows 3h 00m of open time; due Mon 2026-03-09 12:00, "
        "stopped Mon 2026-03-09 13:00 after 4h 00m of open time (Europe/London)"
    )
    assert run(THREE).flip_rows() == [
        {
            "number": "INC2",
            "target": "resolution",
            "old_agreement": "SLA Gold",
            "old_priority": 3,
            "old_outcome": "met",
            "old_due_at": NINE + hours(6),
            "old_stopped_at": NINE + hours(4),
            "new_agreement": "SLA Gold",
            "new_priority": 3,
            "new_outcome": "breached",
            "new_due_at": NINE + hours(3),
            "new_stopped_at": NINE + hours(4),
        }
    ]


@pytest.mark.parametrize(
    ("incident", "outcome"),
    [
        pytest.param(Incident("I", [Logged(NINE), PrioritySet(NINE, priority=2)]), "pending", id="open"),
        pytest.param(
            Incident("I", [Logged(NINE), PrioritySet(NINE, priority=2), Cancelled(NINE + hours(1))]),
            "cancelled",
            id="cancelled",
        ),
        pytest.param(Incident("I", [Logged(NINE), PrioritySet(NINE, priority=5)]), "no_agreement", id="P5"),
    ],
)
def test_neither_met_nor_breached(incident: Incident, outcome: Any) -> None:
    """What is undecided, cancelled or not promised is told as that, and is no flip."""
    old, new = desk("Old", hours(20)), desk("New", hours(16))
    found = run([incident], old, new, as_of=NINE + hours(8))
    assert found.outcomes("resolution", "old") == found.outcomes("resolution", "new") == {outcome: 1}
    assert found.flips == ()


def test_open_and_late_is_no_flip_from_pending() -> None:
    """A clock that still runs under one policy has not met its target, so nothing has flipped yet."""
    incident = Incident("INC1", [Logged(NINE), PrioritySet(NINE, priority=2)])
    found = run([incident], as_of=NINE + hours(4))
    assert [(cell.old.outcome, cell.new.outcome) for cell in found.cells] == [("pending", "breached")]
    assert (found.flips, found.test("resolution").n) == ((), 0)


def test_what_a_source_lacks_is_not_recorded() -> None:
    """Response clocks of a log without replies are neither met nor breached."""
    gold = Agreement("Gold", [Target(2, {"response": hours(1), "resolution": hours(8)})], calendar=OFFICE)
    policy = attrs.evolve(OLD, agreements=[gold])
    events: list[Event] = [Logged(NINE), PrioritySet(NINE, priority=2), Resolved(NINE + hours(1))]
    found = run([Incident("INC1", events, source=Source("log", lacks={"agent_reply"}))], policy, policy)
    assert found.outcomes("response", "new") == {"not_recorded": 1}
    assert found.outcomes("resolution", "new") == {"met": 1}


def test_a_restart_hides_no_breach() -> None:
    """Late before it was reopened stays late, and the flip tells the figures of the cycle that was late."""
    later: list[Event] = [Reopened(NINE + hours(24)), Resolved(NINE + hours(25))]
    old, new = (
        desk(name, hours(amount), when_reopened="restart") for name, amount in (("Old", 6), ("New", 3))
    )
    (flip,) = run([solved("INC1", 4, *later)], old, new).flips
    assert (flip.new.due_at, flip.new.stopped_at) == (NINE + hours(3), NINE + hours(4))
    assert flip.new.outcome == "breached"


def test_a_target_that_only_one_policy_has() -> None:
    """The other one promises nothing: every incident is counted for both."""
    both = Agreement("Gold", [Target(2, {"response": hours(1), "resolution": hours(6)})], calendar=OFFICE)
    found = run([solved("INC1", 0.5)], attrs.evolve(OLD, agreements=[]), attrs.evolve(OLD, agreements=[both]))
    assert found.targets == ("response", "resolution")
    assert found.outcomes("resolution", "old") == {"no_agreement": 1}
    assert found.cells[0].old == Verdict("", 2, outcome="no_agreement")


def test_a_working_day_target_in_words() -> None:
    """Where the target is in working days, the flip says so."""
    (flip,) = run([solved("INC1", 4)], desk("Old", WorkingDays(1)), NEW).flips
    assert "allows 1 working day; due Tue 2026-03-10 17:00" in flip.explain()
    assert flip.old.target is None


def test_another_lifecycle_reads_for_itself() -> None:
    """A history that only one lifecycle permits is refused under the other, unless strictness is waived."""
    odd = Incident("INC1", [Logged(NINE), PrioritySet(NINE, priority=2), Closed(NINE + hours(4))])
    loose = attrs.evolve(NEW, lifecycle=PERMISSIVE)
    with pytest.raises(TransitionError):
        run([odd], OLD, loose)
    assert run([odd], OLD, loose, strict=False).incidents == 1
    with pytest.raises(TransitionError):
        run([odd], loose, NEW)
    assert run([odd], loose, loose).incidents == 1


def test_another_matrix_derives_for_itself() -> None:
    """High impact with low urgency is P3 by one matrix and P2 by another; each policy promises for its own."""
    old, new = OLD, attrs.evolve(OLD, matrix=ITIL_2X2)
    events: list[Event] = [Logged(NINE), Classified(NINE, impact=1, urgency=2), Resolved(NINE + hours(1))]
    unlike = attrs.evolve(old, matrix=PriorityMatrix("flat", [[3, 3], [3, 3]], impact=TWO, urgency=TWO))
    (cell,) = run([Incident("INC1", events)], unlike, new).cells
    assert (cell.old.priority, cell.new.priority) == (3, 2)


# Objectives


def test_objectives_by_period() -> None:
    """In March two of three met six hours, one of three met three; in April nothing was resolved."""
    old, new = (
        desk(name, hours(amount), objective=Objective(0.6, "month"))
        for name, amount in (("Old", 6), ("New", 3))
    )
    found = run(THREE, old, new)
    march = Period.month(2026, 3, zone="UTC")
    assert [(each.policy, each.period, each.met, each.breached, each.kept) for each in found.objectives] == [
        ("old", march, 2, 1, True),
        ("new", march, 1, 2, False),
    ]
    assert str(found).splitlines()[-1] == "SLA Gold resolution 2026-03: 2 of 3: kept -> 1 of 3: missed."
    assert found.objective_rows()[1] == {
        "policy": "new",
        "target": "resolution",
        "agreement": "SLA Gold",
        "objective": 0.6,
        "period": "2026-03",
        "met": 1,
        "breached": 2,
        "pending": 0,
        "kept": False,
    }


def test_where_an_incident_is_placed() -> None:
    """By its resolution or by its opening; what is not resolved is placed by its opening only, as pending."""
    policy = desk("Old", hours(900), objective=Objective(0.9, "month"))
    late = solved("INC1", 24 * 30)  # opened in March, resolved in April
    still = Incident("INC2", [Logged(NINE), PrioritySet(NINE, priority=2)])
    when = NINE + timedelta(days=35)
    by = {
        cohort: [
            (each.period.label, each.met, each.pending)
            for each in run([late, still], policy, policy, as_of=when, cohort=cohort).objectives
            if each.policy == "new"
        ]
        for cohort in ("resolved", "opened")
    }
    assert by == {"resolved": [("2026-04", 1, 0)], "opened": [("2026-03", 1, 1)]}


def test_the_period_is_that_of_the_policys_zone() -> None:
    """The last evening of March in London is April in Tokyo."""
    events: list[Event] = [
        Logged(NINE),
        PrioritySet(NINE, priority=2),
        Resolved(datetime(2026, 3, 31, 20, tzinfo=UTC)),
    ]
    london = desk("Old", hours(6), objective=Objective(0.9, "month"))
    tokyo = attrs.evolve(london, zone="Asia/Tokyo")
    found = run([Incident("INC1", events)], london, tokyo, as_of=NINE + timedelta(days=40))
    assert [(each.policy, each.period.label) for each in found.objectives] == [
        ("old", "2026-03"),
        ("new", "2026-04"),
    ]


def test_pending_is_told_and_nothing_is_judged() -> None:
    """A period in which all is undecided is neither kept nor missed."""
    policy = desk("Old", hours(20), objective=Objective(0.9, "month"))
    still = Incident("INC1", [Logged(NINE), PrioritySet(NINE, priority=2)])
    found = run([still], policy, policy, as_of=NINE + hours(1), cohort="opened")
    assert found.objectives[0].kept is None
    assert str(found.objectives[0]) == "0 of 0, 1 pending: nothing to judge"


def test_an_unknown_cohort() -> None:
    """The near word is offered."""
    with pytest.raises(PolicyError, match="no cohort") as told:
        run(THREE, cohort="resolve")
    assert "resolved" in told.value.faults[0].hint


def test_an_instant_without_a_zone() -> None:
    """It is refused before an incident is read."""
    with pytest.raises(InstantError):
        run([], as_of=datetime(2026, 3, 9))  # noqa: DTZ001  that is the point


# Words


def test_the_text() -> None:
    """What a reviewer reads: outcomes, flips and their test, by priority, with the numbers."""
    assert str(run(THREE)) == (
        "New against Old: 3 incidents as of 2026-03-16 09:00 UTC.\n"
        "resolution: met 2 -> 1, breached 1 -> 2.\n"
        "  1 newly breached, 0 newly met: p = 1 (exact McNemar test, n = 1).\n"
        "  P3, SLA Gold: 1 newly breached, 0 newly met.\n"
        "  Newly breached: INC2."
    )


def test_ten_numbers_are_told_in_full() -> None:
    """Nothing is left over to be counted."""
    last = str(run([solved(f"INC{index:02}", 4) for index in range(10)], NEW, OLD)).splitlines()[-1]
    assert last.endswith("INC08, INC09.")


def test_many_numbers_are_cut() -> None:
    """The first ten numbers are told, and how many more there are."""
    last = str(run([solved(f"INC{index:02}", 4) for index in range(12)], NEW, OLD)).splitlines()[-1]
    assert last.startswith("  Newly met: INC00, INC01, ")
    assert last.endswith("INC09 and 2 more.")


def test_nothing_at_all() -> None:
    """No incident is no finding, in every form."""
    found = run([])
    assert str(found) == (
        "New against Old: 0 incidents as of 2026-03-16 09:00 UTC.\nresolution: no incident.\n  No promise flips."
    )
    assert (found.to_rows(), found.flip_rows(), found.objective_rows()) == ([], [], [])


def test_markdown_cannot_be_broken_out_of() -> None:
    """Names that the house chose stay in their cells."""
    odd = attrs.evolve(OLD.agreements[0], name="Go|ld\n<b>", objective=Objective(0.5))
    old, new = attrs.evolve(OLD, agreements=[odd]), attrs.evolve(NEW, name="N*w")
    told = run(THREE, old, new).to_markdown()
    assert told.startswith("N\\*w against Old: 3 incidents")
    assert "| resolution | P3, SLA Go\\|ld \\<b\\> | 1 | 0 |  |" in told
    assert "- resolution, newly breached: INC2" in told
    assert told == run(THREE, old, new)._repr_markdown_()


# How it runs


def test_incidents_are_drawn_one_by_one() -> None:
    """The next incident is asked for when the one before was counted, and progress is told in between."""
    told: list[str] = []

    def drawn() -> Iterator[Incident]:
        for incident in THREE:
            told.append(incident.number)
            yield incident

    run(drawn(), progress=told.append)
    assert told == ["INC1", 1, "INC2", 2, "INC3", 3]


def test_no_incident_is_kept() -> None:
    """When the next incident is asked for, those before are gone, flips or not: only counts and figures stay."""
    seen: list[weakref.ref[Incident]] = []
    alive: list[int] = []

    def drawn() -> Iterator[Incident]:
        for index in range(6):
            fresh = solved(f"INC{index}", 4)
            seen.append(weakref.ref(fresh))
            yield fresh
            del fresh
            gc.collect()
            alive.append(sum(each() is not None for each in seen))

    found = run(drawn())
    assert len(found.flips) == 6
    assert max(alive) <= 1  # the loop still names the one it has just counted


def test_progress_may_stop_the_run() -> None:
    """What the callback raises is raised."""

    def stop(done: int) -> None:
        raise KeyboardInterrupt(done)

    with pytest.raises(KeyboardInterrupt, match="1"):
        run(THREE, progress=stop)


# Laws


def plain(
    incidents: Iterable[Incident], old: Policy, new: Policy, as_of: datetime
) -> tuple[Counter[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """Outcome pairs by target and the flips, from whole assessments of either policy."""

    def names(policy: Policy) -> set[str]:
        kinds = {"SLA": "", "OLA": "OLA.", "UC": "UC."}
        return {
            kinds[each.kind] + name
            for each in policy.agreements
            for row in each.targets
            for name in row.promises
        }

    def outcome(policy: Policy, incident: Incident, target: str) -> str:
        readings = policy.assess(incident, as_of=as_of, strict=False).readings
        if target not in readings:
            return "no_agreement"
        reading = readings[target]
        if reading.missing:
            return "not_recorded"
        if "breached" in [cycle.outcome for cycle in reading.cycles]:
            return "breached"
        if reading.cycles and reading.cycles[-1].goal is None:
            return "no_agreement"
        return reading.cycles[-1].outcome if reading.cycles else "pending"

    pairs: Counter[tuple[str, str, str]] = Counter()
    flips: set[tuple[str, str, str]] = set()
    for incident in incidents:
        for target in names(old) | names(new):
            was, now = (outcome(policy, incident, target) for policy in (old, new))
            pairs[target, was, now] += 1
            if (was, now) in {("met", "breached"), ("breached", "met")}:
                flips.add((incident.number, target, now))
    return pairs, flips


def pairs_of(found: Backtest) -> Counter[tuple[str, str, str]]:
    """The outcome pairs of a back-test."""
    pairs: Counter[tuple[str, str, str]] = Counter()
    for cell in found.cells:
        pairs[cell.target, cell.old.outcome, cell.new.outcome] += cell.count
    return pairs


@settings(deadline=None)
@given(logs(), policies("Old"), policies("New"))
def test_as_two_plain_loops_say(incidents: list[Incident], old: Policy, new: Policy) -> None:
    """Counts and flips are those of assessing every incident under each policy on its own."""
    found = run(incidents, old, new, as_of=AS_OF, strict=False)
    pairs, flips = plain(incidents, old, new, AS_OF)
    assert pairs_of(found) == pairs
    assert {(flip.number, flip.target, flip.new.outcome) for flip in found.flips} == flips
    assert all(
        found.test(target).n == sum(flip.target == target for flip in found.flips) for target in found.targets
    )


@settings(deadline=None)
@given(logs(), policies("Old"), policies("New"), st.data())
def test_counts_add_up_and_order_does_not_matter(
    incidents: list[Incident], old: Policy, new: Policy, data: st.DataObject
) -> None:
    """For each target the counts add up to the incidents; shuffling them changes nothing."""
    found = run(incidents, old, new, as_of=AS_OF, strict=False)
    for target in found.targets:
        for side in ("old", "new"):
            assert sum(found.outcomes(target, side).values()) == len(incidents)
    shuffled = data.draw(st.permutations(incidents))
    assert run(shuffled, old, new, as_of=AS_OF, strict=False) == found


@settings(deadline=None)
@given(logs(), policies("Old"), policies("New"))
def test_swapping_the_policies_swaps_the_flips(incidents: list[Incident], old: Policy, new: Policy) -> None:
    """What was newly breached is newly met the other way round, with both answers in each other's place."""
    forth = run(incidents, old, new, as_of=AS_OF, strict=False)
    back = run(incidents, new, old, as_of=AS_OF, strict=False)
    swapped = {(flip.number, flip.target, flip.new, flip.old) for flip in back.flips}
    assert {(flip.number, flip.target, flip.old, flip.new) for flip in forth.flips} == swapped
    assert len(forth.newly_breached) == len(back.newly_met)
    assert {(cell.target, cell.new, cell.old, cell.count) for cell in back.cells} == {
        (cell.target, cell.old, cell.new, cell.count) for cell in forth.cells
    }


@settings(deadline=None)
@given(logs(), policies("Old"))
def test_a_policy_against_itself(incidents: list[Incident], policy: Policy) -> None:
    """Nothing flips, and every objective comes to the same."""
    found = run(incidents, policy, policy, as_of=AS_OF, strict=False)
    assert found.flips == ()
    assert all(cell.old == cell.new for cell in found.cells)
    kept = {side: [attrs.evolve(each, policy="old") for each in found.objectives if each.policy == side]
            for side in ("old", "new")}  # fmt: skip
    assert kept["old"] == kept["new"]


@settings(deadline=None)
@given(logs(), policies("Old"), policies("New"))
def test_objectives_count_what_the_cells_count(incidents: list[Incident], old: Policy, new: Policy) -> None:
    """Placed by their opening, all incidents that met, breached or still run under an objective are in some period."""
    found = run(incidents, old, new, as_of=AS_OF, strict=False, cohort="opened")
    for side, policy in (("old", old), ("new", new)):
        bound = {f"{each.kind} {each.name}" for each in policy.agreements if each.objective}
        counted: Counter[str] = Counter()
        for cell in found.cells:
            verdict = cell.old if side == "old" else cell.new
            if verdict.agreement in bound:
                counted[verdict.outcome] += cell.count
        placed = [each for each in found.objectives if each.policy == side]
        for outcome in ("met", "breached", "pending"):
            assert sum(getattr(each, outcome) for each in placed) == counted[outcome]


# The shipped log


@pytest.mark.slow
@pytest.mark.xdist_group("log")
def test_the_shipped_log() -> None:
    """Twenty hours instead of 24 for P3 change P3 alone, and what flips lies between the two targets."""
    with gzip.open(LOG, "rt", encoding="utf-8") as opened:
        log = servicenow.audit_log(opened.read(), zone="UTC")
    old = Policy.from_toml(EXAMPLE)
    new = Policy.from_toml(EXAMPLE.replace('resolution = "24h"', 'resolution = "20h"'))
    as_of = datetime(2017, 3, 1, tzinfo=UTC)
    found = new.backtest(log.incidents, against=old, as_of=as_of, strict=False)
    assert found.incidents == 24_918
    assert found.outcomes("response", "new") == {"not_recorded": 24_918}
    counted = found.outcomes("resolution", "old")
    assert sum(counted.values()) == 24_918
    assert found.newly_met == ()
    for flip in found.flips:
        assert (flip.old.priority, flip.new.priority, flip.old.elapsed) == (3, 3, flip.new.elapsed)
        assert hours(20) <= flip.new.elapsed <= hours(24)
    flipped = {flip.number for flip in found.flips}
    office = old.calendars["office"]
    for incident in log.incidents:
        reading = old.assess(incident, as_of=as_of, strict=False).readings["resolution"]
        if (
            reading.priority == 3
            and len(reading.cycles) == 1
            and not reading.paused_for
            and reading.started_at
        ):
            due = [office.add(reading.started_at, hours(amount)) for amount in (20, 24)]
            end = reading.stopped_at or as_of
            if not any(entry.kind != "counted" for entry in reading.cycles[0].ledger):
                assert (incident.number in flipped) == (due[0] < end <= due[1])
