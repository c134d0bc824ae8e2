"""How far an incident is, against answers worked out by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from itilkit import Incident
from itilkit.conditions import Eq, Le
from itilkit.errors import PolicyError, RecordError
from itilkit.events import (
    Assigned,
    Cancelled,
    Escalated,
    Event,
    Linked,
    Logged,
    ModelAttached,
    PrioritySet,
    Reopened,
    Resolved,
    Started,
    StepDone,
)
from itilkit.incident_models import Evidence, IncidentModel, ModelStep, attach, plan, progress
from itilkit.lifecycle import PERMISSIVE, replay

from .network import FRIDAY, NETWORK, OFFICE, at, hours, laid, seen

CHECKED = StepDone(at(6, 16, 30), "ann", step="check")
CALLED = Escalated(at(6, 17, 15), "ann", kind="functional", to="carrier")
TOLD = StepDone(at(6, 17, 20), "ann", step="tell")
P1 = PrioritySet(at(6, 15, 45), priority=1)
P3 = PrioritySet(at(6, 15, 45), priority=3)
RESOLVED = Resolved(at(9, 9), "ann")
B, Y, R, D, L, S = "blocked", "ready", "running", "done", "late", "skipped"


@pytest.mark.parametrize(
    ("events", "as_of", "states", "share"),
    [
        pytest.param([], at(6, 15, 45), [B, B, B, B, B, B], 0, id="before the plan begins"),
        pytest.param([], at(6, 16), [Y, B, B, Y, B, B], 0, id="at the start"),
        pytest.param([Started(at(6, 16))], at(6, 16, 30), [R, B, B, R, B, B], 0, id="in progress"),
        pytest.param([], at(6, 17), [Y, B, B, Y, B, B], 0, id="due at this very instant"),
        pytest.param([], at(6, 17, 1), [L, B, B, S, B, B], 0, id="a minute late"),
        pytest.param([CHECKED], at(6, 16, 45), [D, Y, Y, Y, B, B], 1 / 5, id="one done"),
        pytest.param([CHECKED], at(9, 9), [D, Y, L, S, B, B], 1 / 5, id="one late"),
        pytest.param([CALLED], at(6, 17, 15), [L, D, B, S, B, B], 1 / 5, id="out of order"),
        pytest.param([P1, CHECKED, CALLED, TOLD], at(9, 9), [D, D, D, S, Y, B], 3 / 5, id="needed"),
        pytest.param([P3, CHECKED, CALLED, TOLD], at(9, 9), [D, D, D, S, S, Y], 3 / 4, id="not needed"),
        pytest.param([CHECKED, CALLED, TOLD], at(9, 9), [D, D, D, S, S, Y], 3 / 4, id="left open"),
        pytest.param([P3, CHECKED, CALLED, TOLD, RESOLVED], at(9, 9), [D, D, D, S, S, D], 1, id="all done"),
        pytest.param([RESOLVED], at(9, 9), [L, B, L, S, B, D], 1 / 5, id="resolved without steps"),
        pytest.param(
            [P3, CHECKED, CALLED, TOLD, RESOLVED, Reopened(at(9, 10))],
            at(9, 11),
            [D, D, D, S, S, D],
            1,
            id="reopened",
        ),
        pytest.param([CHECKED, Cancelled(at(6, 16, 40))], at(9, 9), [D, S, S, S, S, S], 1, id="cancelled"),
    ],
)
def test_each_step_has_its_state(events: list[Event], as_of: Any, states: list[str], share: float) -> None:
    """What happened by then decides what is done, what may begin, what waits and what is late."""
    found = progress(laid(), seen(as_of, *events))
    assert [each.state for each in found.steps] == states
    assert found.share == pytest.approx(share)


def test_a_blocked_step_may_be_late() -> None:
    """Past due is late, whether it may begin or not; what holds it up is told."""
    found = progress(laid(), seen(at(9, 11)))
    line = found.step("line")
    assert (line.state, line.waits_for, line.free_at) == ("late", ("check",), None)
    assert line.why == "past due; waits for check"


def test_a_step_done_late_is_done() -> None:
    """It is done, and known to have been late."""
    found = progress(laid(), seen(at(6, 17, 30), StepDone(at(6, 17, 10), step="check")))
    step = found.step("check")
    assert (step.state, step.done_late, step.done_at, step.why) == (
        D,
        True,
        at(6, 17, 10),
        "done after it was due",
    )
    assert not progress(laid(), seen(at(6, 17, 30), CHECKED)).step("check").done_late


def test_a_skipped_step_may_still_be_done() -> None:
    """Evidence that comes after all counts."""
    late = StepDone(at(9, 9), step="log")
    assert progress(laid(), seen(at(9, 8))).step("log").why == "optional, and its time is over"
    assert progress(laid(), seen(at(9, 9), late)).step("log").state == D


def test_evidence_after_a_step_was_skipped_moves_nothing() -> None:
    """What waited for a skipped step became free when it was skipped, not when it was done after all."""
    late = StepDone(at(10, 9), step="replace")
    history: list[Event] = [P3, CHECKED, CALLED, TOLD]
    for events in (history, [*history, late]):
        assert progress(laid(), seen(at(10, 9), *events)).step("restore").free_at == at(6, 17, 20)


def test_why_a_step_is_skipped_is_told() -> None:
    """A condition, the end of the incident, or a cancellation."""
    done = progress(laid(), seen(at(9, 9), P3, CHECKED, CALLED, TOLD))
    assert done.step("replace").why == "not needed: priority is at most 2 did not hold when it became free"
    ended = progress(laid(), seen(at(6, 16, 30), Resolved(at(6, 16, 20))))
    assert ended.step("log").why == "optional, and the incident is no longer open"
    cancelled = progress(laid(), seen(at(6, 16, 30), Cancelled(at(6, 16, 20))))
    assert cancelled.step("check").why == cancelled.step("log").why == "the incident was cancelled"


def test_a_condition_is_judged_once() -> None:
    """A priority that is raised after the step became free does not bring it back."""
    raised = PrioritySet(at(9, 9), priority=1)
    found = progress(laid(), seen(at(9, 9), P3, CHECKED, CALLED, TOLD, raised))
    assert found.step("replace").state == S


def test_conditions_are_judged_on_what_the_caller_knows() -> None:
    """Situations with a derived priority take the place of the recorded fields."""
    timeline = seen(at(9, 9), CHECKED, CALLED, TOLD)
    known = [{"priority": 1}] * len(timeline.beats)
    assert progress(laid(), timeline, known=known).step("replace").state == Y


def test_what_happened_before_the_model_was_attached_counts() -> None:
    """An escalation before the start is evidence; a `StepDone` before it spoke of another model."""
    before = at(6, 15, 45)
    early: list[Event] = [Escalated(before, kind="functional", to="carrier"), StepDone(before, step="check")]
    found = progress(laid(), seen(FRIDAY, *early))
    assert [each.state for each in found.steps][:2] == [Y, D]


def test_a_step_may_say_what_shows_that_it_began() -> None:
    """With `begins` a step runs from that event on, and not because the incident is in progress."""
    begins = Evidence("assigned", Eq("group", "network"))
    model = IncidentModel("x", "X", [ModelStep("a", "A", owner="sme", begins=begins)])
    found = plan(model, FRIDAY)
    started = Started(FRIDAY)
    assert progress(found, seen(FRIDAY, started)).step("a").state == Y
    assert progress(found, seen(FRIDAY, started, Assigned(FRIDAY, group="network"))).step("a").state == R


def test_who_has_to_act_and_what_is_due_next() -> None:
    """Roles of free steps in the order in which they are due; the next due step is not a late one."""
    found = progress(laid(), seen(at(6, 17, 45), CHECKED))
    assert found.responsible == ("service_desk_agent", "supplier_contact")
    assert [each.step.id for each in found.late] == ["tell"]
    assert found.next_due is not None
    assert (found.next_due.step.id, found.next_due.due_at) == ("line", at(9, 10, 30))
    assert found.headline == (
        "Site without network: 20% done as of Fri 2026-03-06 17:45 GMT, with service_desk_agent, supplier_contact, "
        "1 late, next due line Mon 2026-03-09 10:30 GMT"
    )
    done = progress(laid(), seen(at(9, 9), P3, CHECKED, CALLED, TOLD, RESOLVED))
    assert (done.responsible, done.late, done.next_due) == ((), (), None)
    assert done.headline == "Site without network: 100% done as of Mon 2026-03-09 09:00 GMT"


def test_what_is_missing_before_closure() -> None:
    """Steps that are owed and requirements that no event shows, but no optional step."""
    found = progress(laid(), seen(at(9, 9), P3, CHECKED, CALLED))
    assert found.missing == (
        "step tell: Tell the site",
        "step replace: Replace the router",
        "step restore: Confirm that the site is back",
        "resolved",
        "linked (kind is problem)",
    )
    linked = Linked(at(9, 9), kind="problem", to="PRB1")
    assert progress(laid(), seen(at(9, 9), P3, CHECKED, CALLED, TOLD, RESOLVED, linked)).missing == ()


def test_a_model_begins_when_it_was_attached() -> None:
    """Given a model, its plan starts at the attachment, which must be of this very model."""
    incident = Incident("INC1", [Logged(at(6, 15))])
    incident = incident.appended(*attach(incident, NETWORK, FRIDAY))
    timeline = replay(incident, PERMISSIVE, as_of=at(6, 17, 1))
    found = progress(NETWORK, timeline, calendar=OFFICE)
    assert found.plan == laid()
    assert found.step("check").state == L
    with pytest.raises(RecordError, match="was not attached to INC1"):
        progress(IncidentModel("network", "N", NETWORK.steps), timeline, calendar=OFFICE)
    with pytest.raises(PolicyError, match="without a calendar"):
        progress(NETWORK, timeline)
    bare = Incident("INC1", [Logged(at(6, 15)), ModelAttached(FRIDAY, model="network")])
    assert progress(NETWORK, replay(bare, PERMISSIVE, as_of=FRIDAY), calendar=OFFICE).plan == laid()


def test_an_incident_that_is_not_opened_yet_has_nothing_begun() -> None:
    """Every step is blocked, and none is done."""
    found = progress(laid(), seen(at(6, 12)))
    assert {each.state for each in found.steps} == {B}
    assert found.step("check").why == "not begun yet"


def test_where_nothing_has_to_be_done_all_is_done() -> None:
    """A model of optional steps alone owes nothing."""
    model = IncidentModel("x", "X", [ModelStep("a", "A", owner="sme", optional=True)])
    assert progress(plan(model, FRIDAY), seen(FRIDAY)).share == 1


def test_an_optional_step_whose_time_is_over_lets_nothing_pass() -> None:
    """What waits for an optional step still waits for what that one waits for."""
    steps = [
        ModelStep("a", "A", owner="sme"),
        ModelStep("b", "B", owner="sme", depends_on="a", optional=True, budget=timedelta(minutes=5)),
        ModelStep("c", "C", owner="sme", depends_on="b"),
    ]
    found = plan(IncidentModel("x", "X", steps), FRIDAY)
    before = progress(found, seen(at(6, 17)))
    assert [each.state for each in before.steps] == [Y, S, B]
    after = progress(found, seen(at(6, 18), StepDone(at(6, 18), step="a")))
    assert [each.state for each in after.steps] == [D, S, Y]


def test_the_condition_of_a_first_step_is_judged_once_all_of_its_instant_is_known() -> None:
    """The events with which a model is attached belong together: the first step sees what they filled in."""
    model = IncidentModel("x", "X", [ModelStep("a", "A", owner="sme", when=Le("priority", 2))])
    timeline = seen(FRIDAY, ModelAttached(FRIDAY, model="x"), PrioritySet(FRIDAY, priority=1))
    assert progress(model, timeline).step("a").state == Y


def test_progress_tells_itself() -> None:
    """The words, the rows and the Markdown say the same."""
    found = progress(laid(), seen(at(6, 17, 45), CHECKED))
    assert found.explain().splitlines()[1:4] == [
        "  done: check (service_desk_agent), due Fri 2026-03-06 17:00 GMT: done",
        "  ready: line (supplier_contact), due Mon 2026-03-09 10:30 GMT: it may begin",
        "  late: tell (service_desk_agent), due Fri 2026-03-06 17:30 GMT: past due",
    ]
    assert "due no limit: waits for replace" in found.explain()
    assert found.to_rows()[0] == {
        "step": "check",
        "title": "Check the site router",
        "owner": "service_desk_agent",
        "state": "done",
        "starts_at": FRIDAY,
        "due_at": at(6, 17),
        "free_at": FRIDAY,
        "done_at": at(6, 16, 30),
        "waits_for": (),
        "why": "done",
    }
    assert "| late | Fri 2026-03-06 17:30 GMT | past due |" in found.to_markdown()
    assert repr(found) == "<Progress network: 20% as of 2026-03-06T17:45:00+00:00>"


def test_a_step_is_found_by_its_id() -> None:
    """An unknown one is told."""
    with pytest.raises(PolicyError, match="has no step 'chek'"):
        progress(laid(), seen(FRIDAY)).step("chek")


def test_budgets_may_be_mixed() -> None:
    """A step without a budget passes the instant on."""
    steps = [
        ModelStep("a", "A", owner="sme"),
        ModelStep("b", "B", owner="sme", depends_on="a", budget=hours(1)),
    ]
    found = plan(IncidentModel("x", "X", steps), FRIDAY, OFFICE)
    assert [planned.ends_at for planned in found.steps] == [FRIDAY, at(6, 17)]


@pytest.mark.parametrize(
    ("after", "states", "share"),
    [
        pytest.param([], [D, S, S, S, S, S], 1, id="cancelled"),
        pytest.param([Reopened(at(6, 16, 45))], [D, R, R, R, B, B], 1 / 5, id="taken back"),
        pytest.param([Reopened(at(6, 16, 45)), Cancelled(at(6, 16, 46))], [D, S, S, S, S, S], 1, id="again"),
    ],
)
def test_a_cancellation_that_was_taken_back(after: list[Event], states: list[str], share: float) -> None:
    """Steps are skipped as long as the incident is cancelled; one that is open again owes them as before."""
    found = progress(laid(), seen(at(6, 16, 50), CHECKED, Cancelled(at(6, 16, 40)), *after))
    assert [step.state for step in found.steps] == states
    assert found.share == share


def test_an_optional_step_of_an_incident_that_is_open_again() -> None:
    """It may be done again, and what is said of it is true."""
    steps = [
        ModelStep("a", "A", owner="sme"),
        ModelStep("b", "B", owner="sme", optional=True, depends_on=()),
    ]
    drawn = plan(IncidentModel("m", "M", steps), at(6, 16))
    ended, opened = Resolved(at(6, 16, 10)), Reopened(at(6, 16, 20))
    assert progress(drawn, seen(at(6, 16, 15), ended)).step("b").state == S
    assert progress(drawn, seen(at(6, 16, 25), ended, opened)).step("b").state == R
