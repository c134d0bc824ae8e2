"""The shipped policy file, and what a policy answers."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from itilkit.calendars import Calendar
from itilkit.errors import InstantError, PolicyError, TransitionError
from itilkit.events import Classified, Logged, PrioritySet, Reopened, Resolved
from itilkit.lifecycle import ITIL4_DEFAULT, SERVICENOW, Accepted
from itilkit.policy import Agreement, Policy, Target
from itilkit.priority import ITIL_3X3, JSM_4X5
from itilkit.records import Incident
from itilkit.sla import RULES, WorkingDays
from itilkit.vocabulary import HoldReason, Scale, Status

from .texts import EXAMPLE, SMALL, changed

FRIDAY = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
OFFICE = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
GOLD = Agreement("Gold", [Target((1, 2, 3, 4, 5), {"resolution": timedelta(hours=3)})], calendar=OFFICE)


def _policy(*agreements: Agreement) -> Policy:
    return Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=agreements)


def test_the_shipped_policy() -> None:
    """It reads as it is written, and there is nothing odd about it."""
    policy = Policy.from_toml(EXAMPLE, source="service_desk.toml")
    (agreement,) = policy.agreements
    assert repr(policy) == "<Policy Service desk: ServiceNow, Service desk, SLA Desk promise>"
    assert policy.lint() == ()
    assert policy.lifecycle is SERVICENOW
    assert policy.matrix.priority.labels == ("Critical", "High", "Moderate", "Low")
    assert [target.priorities for target in agreement.targets] == [(1,), (2,), (3,), (4,)]
    assert agreement.targets[0].promises == {
        "response": timedelta(minutes=15),
        "resolution": timedelta(hours=4),
    }
    assert agreement.targets[3].promises == {"response": timedelta(hours=8), "resolution": WorkingDays(5)}
    assert agreement.targets[0].calendar == policy.calendars["round_the_clock"]
    assert agreement.targets[1].calendar is None
    assert agreement.calendar == policy.calendars["office"]
    assert (agreement.kind, agreement.prefix) == ("SLA", "")
    assert agreement.pause_while == {Status.ON_HOLD}
    assert agreement.but_not_while == {HoldReason.AWAITING_SUPPLIER}
    assert agreement.pausing == {"resolution"}
    assert agreement.warn == {"75%": 0.75, "1h before": -timedelta(hours=1)}


def test_windows_line_ends_and_a_byte_order_mark() -> None:
    """A file saved by an editor on Windows reads the same."""
    assert Policy.from_toml("\ufeff" + EXAMPLE.replace("\n", "\r\n")) == Policy.from_toml(EXAMPLE)


def test_equal_texts_make_equal_policies() -> None:
    """A policy is a value: equal, copied and pickled."""
    policy = Policy.from_toml(EXAMPLE)
    assert policy == Policy.from_toml(EXAMPLE) == copy.deepcopy(policy) == pickle.loads(pickle.dumps(policy))  # noqa: S301
    assert policy != Policy.from_toml(changed('response = "15m"', 'response = "16m"', EXAMPLE))
    assert hash(policy) == hash(Policy.from_toml(EXAMPLE))


def test_what_is_left_unsaid() -> None:
    """Without more words: an SLA, paused on hold for the clocks that pause, continued when reopened, no warnings."""
    (agreement,) = Policy.from_toml(SMALL).agreements
    assert agreement.kind == "SLA"
    assert agreement.pause_while == {Status.ON_HOLD}
    assert agreement.but_not_while == frozenset()
    assert agreement.pausing == {"workaround", "resolution", "closure"}
    assert agreement.when_reopened == "continue"
    assert agreement.when_priority_changes == "recalculate from start"
    assert agreement.warn == {}
    assert agreement.rules["response"].pauses is None
    assert agreement.rules["resolution"].pauses is not None


def test_names_ignore_case_and_hyphens() -> None:
    """Matrix, lifecycle, calendar, words, clocks and priorities may be written as people write them."""
    text = SMALL.replace("ITIL 3x3", "itil_3X3").replace("ITIL 4 default", "itil4-default")
    text = text.replace('calendar = "office"', 'calendar = "Office"').replace('"P1"', '"p 1"')
    text = changed(
        "targets = [",
        'kind = "ola"\npause_while = ["On hold"]\nbut_not_while = ["awaiting supplier"]\npausing = ["Next response"]\n'
        'when_reopened = "RESTART"\ntargets = [',
        text,
    )
    (agreement,) = Policy.from_toml(text).agreements
    assert agreement.kind == "OLA"
    assert agreement.when_reopened == "restart"
    assert agreement.pausing == {"next_response"}
    assert agreement.pause_while == {Status.ON_HOLD}
    assert agreement.but_not_while == {HoldReason.AWAITING_SUPPLIER}


def test_every_shipped_clock_has_its_key() -> None:
    """A target row knows each clock by its name, workaround and closure among them."""
    names = " , ".join(f'{name} = "4h"' for name in RULES)
    text = changed('response = "15m", resolution = "4h"', names)
    text = changed("targets = [", 'when_priority_changes = "Only tighten"\ntargets = [', text)
    (agreement,) = Policy.from_toml(text).agreements
    assert set(agreement.targets[0].promises) == set(agreement.rules) == set(RULES)
    assert {rule.when_priority_changes for rule in agreement.rules.values()} == {"only tighten"}


def test_no_target_is_stated() -> None:
    """The word "none" promises nothing, and check is satisfied."""
    text = changed('resolution = "4h"', 'resolution = "none"')
    assert Policy.from_toml(text).agreements[0].targets[0].promises["resolution"] is None


def test_calendars_may_name_each_other_and_given_ones() -> None:
    """Calendars join each other in any order, and stand beside those built in code."""
    text = changed(
        "[calendars.office]",
        '[calendars.all]\nopen_when_any = ["office", "given"]\nexcept_when = ["works"]\n'
        '[calendars.works]\nrecurring = [{ rule = "FREQ=MONTHLY;BYDAY=2SU", at = "02:00", lasts = "4h" }]\n'
        "[calendars.office]",
    )
    text = changed('calendar = "office"', 'calendar = "all"', text)
    policy = Policy.from_toml(text, calendars={"given": Calendar({"sat": "09:00-12:00"}, zone="UTC")})
    saturday = datetime(2026, 3, 7, 10, tzinfo=UTC)
    assert set(policy.calendars) == {"all", "works", "office", "given", "round_the_clock"}
    assert policy.agreements[0].calendar.is_open(saturday)


def test_a_matrix_by_rows() -> None:
    """Rows with their own labels; priorities may then be named by label."""
    text = changed(
        'matrix = "ITIL 3x3"',
        'rows = [[1, 2], [2, 2]]\nimpact_labels = ["Many", "One"]\nurgency_labels = ["Now", "Later"]\n'
        'labels = ["Urgent", "Normal"]',
    )
    text = text.replace('["P2", "P3"]', '"normal"').replace('"P1"', "1")
    policy = Policy.from_toml(text)
    assert policy.matrix.priority_of(impact=1, urgency=1) == 1
    assert (policy.matrix.name, policy.matrix.impact.labels) == ("Desk", ("Many", "One"))
    assert [target.priorities for target in policy.agreements[0].targets] == [(1,), (2,)]


def test_assess_and_promise() -> None:
    """Logged on Friday at 16:30 and due after three open hours: on Monday at 11:30 of a day from 9 to 17."""
    policy = _policy(GOLD)
    monday = datetime(2026, 3, 9, 11, 30, tzinfo=UTC)
    assert policy.promise(opened_at=FRIDAY, priority=3)["resolution"].due_at == monday
    incident = Incident("INC1", [Logged(FRIDAY), PrioritySet(FRIDAY, priority=3)])
    case = policy.assess(incident, as_of=FRIDAY)
    assert case.readings["resolution"].due_at == monday
    assert [one.readings for one in policy.assess_all([incident], as_of=FRIDAY)] == [case.readings]


def test_promise_of_fields() -> None:
    """Fields of the incident to come may be named."""
    assert _policy(GOLD).promise(opened_at=FRIDAY, priority=1, service="mail")["resolution"].priority == 1


def test_a_promise_explains_itself() -> None:
    """Every target has its reading, with the due time in local time and why; what has not begun says so."""
    targets = Target(
        3, {"response": timedelta(hours=1), "periodic_update": timedelta(hours=4), "resolution": None}
    )
    policy = _policy(Agreement("Gold", [targets], calendar=OFFICE))
    promised = policy.promise(opened_at=FRIDAY, priority=3)
    assert {name: reading.explain().splitlines()[:2] for name, reading in promised.items()} == {
        "response": [
            "response (Gold): pending, running.",
            "P3 allows 1h 00m of open time; due Mon 2026-03-09 09:30. All times are UTC.",
        ],
        "periodic_update": ["periodic update (Gold): pending. The clock has not started."],
        "resolution": ["resolution (Gold): cancelled. There is no target for P3."],
    }


@pytest.mark.parametrize("priority", [2, "P2", "p2", "High", "high"])
def test_a_priority_may_be_named(priority: int | str) -> None:
    """By its level, and by its label in any case."""
    matrix = attrs.evolve(
        ITIL_3X3, priority=Scale("priority", ["Critical", "High", "Moderate", "Low", "Planning"])
    )
    policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=matrix, agreements=[GOLD])
    assert policy.promise(opened_at=FRIDAY, priority=priority)["resolution"].priority == 2


def test_all_that_is_wrong_with_a_promise_is_told() -> None:
    """Near names are offered for the priority and for a field that is all but called like a standard one."""
    matrix = attrs.evolve(
        ITIL_3X3, priority=Scale("priority", ["Critical", "High", "Moderate", "Low", "Planning"])
    )
    policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=matrix, agreements=[GOLD])
    with pytest.raises(PolicyError) as caught:
        policy.promise(opened_at=FRIDAY, priority="Hihg", servce="mail", catgory="network", floor=3)
    assert list(map(str, caught.value.faults)) == [
        "priority: the matrix knows no priority 'Hihg' (did you mean High?)",
        "servce: no field is called 'servce' (did you mean service?)",
        "catgory: no field is called 'catgory' (did you mean category or subcategory?)",
    ]


@pytest.mark.parametrize("priority", [0, 6, True, 2.0, None, "", "P0"])
def test_what_is_no_priority(priority: Any) -> None:
    """A level is a whole number on the scale or a label of it."""
    with pytest.raises(PolicyError, match="the matrix knows no priority"):
        _policy(GOLD).promise(opened_at=FRIDAY, priority=priority)


def test_many_are_assessed_one_by_one() -> None:
    """Nothing is read ahead, and the count of those that are done is told before each is handed out."""
    drawn: list[str] = []
    done: list[int] = []

    def incidents() -> Iterator[Incident]:
        for number in ("A", "B", "C"):
            drawn.append(number)
            yield Incident(number, [Logged(FRIDAY)])

    cases = _policy(GOLD).assess_all(incidents(), as_of=FRIDAY, progress=done.append)
    assert (drawn, done) == ([], [])
    assert next(cases).timeline.incident.number == "A"
    assert (drawn, done) == (["A"], [1])
    assert len(list(cases)) == 2
    assert done == [1, 2, 3]


def test_many_are_assessed_strictly_unless_told_otherwise() -> None:
    """The first history that departs from the lifecycle ends the run, after those before it were handed out."""
    good = Incident("A", [Logged(FRIDAY)])
    bad = Incident("B", [Logged(FRIDAY), Reopened(FRIDAY)])
    cases = _policy(GOLD).assess_all([good, bad], as_of=FRIDAY)
    assert next(cases).timeline.incident is good
    with pytest.raises(TransitionError, match="Reopened"):
        next(cases)
    lenient = _policy(GOLD).assess_all([good, bad], as_of=FRIDAY, strict=False)
    assert [bool(case.timeline.defects) for case in lenient] == [False, True]


def test_a_promise_for_no_priority_is_refused() -> None:
    """A priority that the matrix does not have is a slip of the pen; so is an instant without a zone."""
    with pytest.raises(PolicyError, match="the matrix knows no priority 6"):
        _policy(GOLD).promise(opened_at=FRIDAY, priority=6)
    with pytest.raises(InstantError):
        _policy(GOLD).promise(opened_at=FRIDAY.replace(tzinfo=None), priority=1)


def test_a_priority_that_was_not_recorded_is_derived() -> None:
    """Impact and urgency give the priority, and with it the target; a recorded one stands."""
    derived = Incident("INC1", [Logged(FRIDAY), Classified(FRIDAY, impact=1, urgency=2)])
    assert _policy(GOLD).assess(derived, as_of=FRIDAY).timeline.priority == 2
    recorded = derived.appended(PrioritySet(FRIDAY, priority=4))
    assert _policy(GOLD).assess(recorded, as_of=FRIDAY).timeline.priority == 4
    unknown = Incident("INC1", [Logged(FRIDAY)])
    assert _policy(GOLD).assess(unknown, as_of=FRIDAY).timeline.priority is None


def test_the_calendar_of_a_target() -> None:
    """A row's own calendar replaces the agreement's for its priorities."""
    text = changed('resolution = "4h" }', 'resolution = "4h", calendar = "round_the_clock" }')
    policy = Policy.from_toml(text)
    assert policy.promise(opened_at=FRIDAY, priority=1)["resolution"].due_at == FRIDAY + timedelta(hours=4)
    assert policy.promise(opened_at=FRIDAY, priority=2)["response"].due_at == datetime(
        2026, 3, 9, 9, 30, tzinfo=UTC
    )


def test_keys_of_agreements_behind_the_promise() -> None:
    """Readings of an OLA and of a UC are keyed with their kind; the first agreement of each kind holds."""

    def kind(name: str, kind: str, hours: int) -> Agreement:
        target = Target(1, {"resolution": timedelta(hours=hours)})
        return Agreement(name, [target], calendar=OFFICE, kind=kind)  # type: ignore[arg-type]

    policy = _policy(GOLD, kind("Team", "OLA", 2), kind("Supplier", "UC", 1), kind("Other team", "OLA", 9))
    readings = policy.promise(opened_at=FRIDAY, priority=1)
    assert set(readings) == {"resolution", "OLA.resolution", "UC.resolution"}
    assert [reading.agreement for reading in readings.values()] == ["Gold", "Team", "Supplier"]


def test_why_none() -> None:
    """Without an agreement there is no reading, and the assessment says why."""
    case = _policy().assess(Incident("INC1", [Logged(FRIDAY)]), as_of=FRIDAY)
    assert (dict(case.readings), case.why_none) == ({}, "the policy has no agreement")
    assert _policy(GOLD).assess(Incident("INC1", [Logged(FRIDAY)]), as_of=FRIDAY).why_none == ""


def test_decide() -> None:
    """The policy asks its lifecycle."""
    decision = _policy(GOLD).decide(
        Incident("INC1", [Logged(FRIDAY)]), Resolved(FRIDAY, "ann", code="x", notes="y")
    )
    assert isinstance(decision, Accepted)


def test_what_is_odd_about_a_policy() -> None:
    """Gaps, agreements that never hold and matrices that contradict themselves are told, each with its place."""
    assert [str(fault) for fault in _policy().lint()] == [
        "agreements: nothing is promised to anybody (add an agreement)"
    ]
    text = (
        SMALL
        + '[[agreements]]\nname = "Silver"\ncalendar = "office"\n'
        + 'targets = [\n  { priority = "P1", response = "1h" },\n]\n'
    )
    text = changed('response = "1h", resolution = "2 working days"', 'resolution = "2 working days"', text)
    assert [str(fault) for fault in Policy.from_toml(text, source="desk.toml").lint()] == [
        "desk.toml, line 14: agreements[0]: Gold has no condition: Silver behind it never holds "
        "(move it behind the other agreements of kind SLA, or give it a condition)",
        "desk.toml, line 17: agreements[0].targets: Gold promises nothing for P4, P5 "
        '(write "none" where no target is meant)',
        "desk.toml, line 19: agreements[0].targets[1].response: Gold promises no response for P2, P3 "
        '(write "none" where no target is meant)',
        "desk.toml, line 21: agreements[1]: Silver never holds: Gold comes first wherever it would "
        "(put the narrower condition first, or drop it)",
    ]
    odd = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=JSM_4X5, agreements=[GOLD]).lint()
    assert {fault.code for fault in odd} == {"not_monotone"}
    assert {fault.severity for fault in odd} == {"warning"}


def test_a_target_for_no_priority_of_the_matrix() -> None:
    """In code as in the file, a priority beyond the matrix is refused with its place."""
    with pytest.raises(PolicyError) as caught:
        _policy(Agreement("Gold", [Target(6, {"resolution": timedelta(1)})], calendar=OFFICE))
    assert str(caught.value) == "agreements[0].targets[0].priority: the matrix knows no priority 6 (P1 to P5)"
