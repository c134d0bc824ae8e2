"""By when each step should be done, against answers worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from itilkit import Calendar, WorkingDays
from itilkit.errors import InstantError, PolicyError
from itilkit.incident_models import Evidence, IncidentModel, ModelStep, plan
from itilkit.lifecycle import Delay
from itilkit.sla import Goal, Reading

from .network import ENDS, FRIDAY, NETWORK, OFFICE, STARTS, at, hours, laid


def test_steps_are_laid_out_on_the_calendar() -> None:
    """Open time passes in opening hours, working days end with the office, time on the wall never waits."""
    found = laid()
    assert [planned.starts_at for planned in found.steps] == STARTS
    assert [planned.ends_at for planned in found.steps] == ENDS
    assert [planned.due_at for planned in found.steps] == [*ENDS[:-1], None]


def test_a_plan_knows_its_longest_way() -> None:
    """The chain that ends last is told, with its length on the wall and in open time."""
    found = laid()
    assert found.critical_path == ("check", "line", "replace", "restore")
    assert [planned.step.id for planned in found.steps if planned.critical] == list(found.critical_path)
    assert found.ends_at == at(11, 17, 30)
    assert found.lasts == timedelta(days=5, hours=1, minutes=30)
    # 1:30 on Friday and 7:30 on each of Monday, Tuesday and Wednesday
    assert found.open_time == timedelta(hours=24)
    assert found.step("tell").ends_at == at(6, 17, 30)


SHORT = IncidentModel("x", "X", [ModelStep("a", "A", owner="sme", budget=hours(3))])


@pytest.mark.parametrize(
    ("target", "due", "told"),
    [
        pytest.param(None, None, "", id="none"),
        pytest.param(Goal(timedelta(hours=3), OFFICE), at(9, 10, 30), "", id="met to the minute"),
        pytest.param(Goal(timedelta(hours=2), OFFICE), at(9, 9, 30), "1h of open time after", id="too short"),
        pytest.param(Goal(timedelta(hours=30), OFFICE), at(12, 16), "", id="long"),
        pytest.param(Goal(WorkingDays(1), OFFICE), at(9, 17, 30), "", id="working days"),
        pytest.param(
            Goal(timedelta(hours=1), OFFICE, grace_out_of_hours=timedelta(hours=9)),
            at(6, 17),
            "2h of open time after",
            id="no grace in hours",
        ),
        pytest.param(Goal(timedelta(hours=1), Calendar.never("UTC")), None, "", id="never due"),
        pytest.param(at(6, 17), at(6, 17), "2h of open time after", id="an instant"),
        pytest.param(Reading("resolution", FRIDAY), None, "", id="a clock that has not started"),
    ],
)
def test_a_plan_is_held_against_its_target(target: Any, due: datetime | None, told: str) -> None:
    """Three hours from Friday 16:00 end on Monday at 10:30; a target that is due before is a finding."""
    found = plan(SHORT, FRIDAY, OFFICE, target=target)
    assert found.target_due_at == due
    if told:
        (finding,) = found.findings
        assert finding.message.startswith("the longest way a ends Mon 2026-03-09 10:30 GMT, ")
        assert told in finding.message
        assert (finding.code, finding.severity, finding.path) == ("beyond_target", "warning", "steps")
    else:
        assert found.findings == ()


def test_what_comes_after_the_resolution_is_not_held_against_the_target() -> None:
    """A review that takes days breaks no promise to resolve within hours."""
    steps = [
        ModelStep("mend", "Mend it", owner="sme", budget=hours(1), evidence=Evidence("resolved")),
        ModelStep("review", "Review it", owner="sme", budget=Delay(working_days=3), depends_on="mend"),
    ]
    model = IncidentModel("x", "X", steps)
    found = plan(model, FRIDAY, OFFICE, target=Goal(timedelta(hours=1), OFFICE))
    assert (found.resolves_at, found.ends_at, found.findings) == (at(6, 17), at(11, 17, 30), ())
    assert found.critical_path == ("mend", "review")
    (finding,) = plan(model, FRIDAY, OFFICE, target=Goal(timedelta(minutes=45), OFFICE)).findings
    assert "the longest way mend ends Fri 2026-03-06 17:00 GMT, 15m of open time after" in finding.message


def test_a_clock_that_starts_out_of_hours_has_its_grace() -> None:
    """A goal with a grace is due later where the plan begins while its calendar is closed."""
    goal = Goal(timedelta(hours=1), OFFICE, grace_out_of_hours=timedelta(hours=1))
    assert plan(SHORT, at(7, 12), OFFICE, target=goal).target_due_at == at(9, 11)


def test_without_a_calendar_only_the_wall_counts() -> None:
    """Budgets on the wall need no calendar; the plan then speaks UTC and has no open time."""
    model = IncidentModel("x", "X", [ModelStep("a", "A", owner="sme", budget=timedelta(hours=2))])
    found = plan(model, FRIDAY, target=at(6, 17))
    assert (found.open_time, found.ends_at, found.zone) == (None, at(6, 18), UTC)
    assert found.findings[0].message.endswith("1h after the target is due")
    assert found.headline == "X: from Fri 2026-03-06 16:00 UTC to Fri 2026-03-06 18:00 UTC, 2h in all"


@pytest.mark.parametrize(
    ("calendar", "code"),
    [
        pytest.param(None, "no_calendar", id="no calendar"),
        pytest.param(Calendar.never("UTC"), "never_over", id="closed calendar"),
    ],
)
def test_a_budget_that_cannot_be_counted_is_told(calendar: Calendar | None, code: str) -> None:
    """The fault names the step."""
    with pytest.raises(PolicyError) as caught:
        plan(NETWORK, FRIDAY, calendar)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [(code, "steps.check.budget")]


def test_a_start_needs_a_zone() -> None:
    """A naive instant is refused."""
    with pytest.raises(InstantError):
        plan(SHORT, datetime(2026, 3, 2), OFFICE)  # noqa: DTZ001  what is refused


def test_a_plan_tells_itself() -> None:
    """The words name owner, what comes before, budget and local instants."""
    found = plan(NETWORK, FRIDAY, OFFICE, target=at(10, 9))
    lines = found.explain().splitlines()
    assert lines[0] == (
        "Site without network: from Fri 2026-03-06 16:00 GMT to Wed 2026-03-11 17:30 GMT, 24h of open time in all"
    )
    assert lines[1] == "Critical path: check -> line -> replace -> restore"
    assert lines[2] == (
        "  check: Check the site router (service_desk_agent), begins at once, "
        "1h of open time: Fri 2026-03-06 16:00 GMT to Fri 2026-03-06 17:00 GMT"
    )
    assert lines[5].startswith("  log: Save the router's log, optional (sme), begins at once, ")
    assert lines[7].endswith("after replace, no limit: from Wed 2026-03-11 17:30 GMT")
    assert lines[8].startswith(
        "steps: the longest way check -> line -> replace -> restore ends Wed 2026-03-11 17:30 GMT"
    )
    assert repr(found) == (
        "<Plan network: 6 steps from 2026-03-06T16:00:00+00:00, ends 2026-03-11T17:30:00+00:00>"
    )


def test_a_plan_is_a_table() -> None:
    """The rows carry what a frame needs."""
    row = laid().to_rows()[4]
    assert row == {
        "step": "replace",
        "title": "Replace the router",
        "owner": "sme",
        "depends_on": ("line", "tell", "log"),
        "budget": "2 working days",
        "starts_at": at(9, 10, 30),
        "due_at": at(11, 17, 30),
        "optional": False,
        "critical": True,
    }


def test_words_of_the_house_stay_words_in_markdown() -> None:
    """A name with signs that Markdown knows cannot break out of its cell."""
    model = IncidentModel("x", "X *y*", [ModelStep("a", "Do | it", owner="[me]")])
    lines = plan(model, FRIDAY).to_markdown().splitlines()
    assert lines[0].startswith(r"**X \*y\*: from ")
    assert lines[2:] == [
        "| step | title | owner | after | when |",
        "| --- | --- | --- | --- | --- |",
        r"| a | Do \| it | \[me\] | begins at once | no limit: from Fri 2026-03-06 16:00 UTC |",
    ]
