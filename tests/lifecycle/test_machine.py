"""Random events against every shipped lifecycle: what is refused changes nothing, what is accepted stays true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from itilkit.events import (
    Assigned,
    Classified,
    Escalated,
    Event,
    Logged,
    Migrated,
    Noted,
    PrioritySet,
    Replied,
)
from itilkit.lifecycle import (
    SHIPPED,
    Accepted,
    Lifecycle,
    Refused,
    Timeline,
    decide,
    permitted,
    replay,
    visits,
)
from itilkit.lifecycle.definition import TRIGGERS
from itilkit.lifecycle.standing import Standing, standing_of
from itilkit.records import Incident
from itilkit.vocabulary import Status

from .stories import ANN, ASK, FAR, NOON, USER

_BARE: list[Any] = [type(event) for event in ASK.values()]
_EVENTS: list[Event] = [
    *ASK.values(),
    *(kind(NOON) for kind in _BARE),
    Classified(NOON, category="network", impact=2, urgency=1),
    PrioritySet(NOON, priority=2),
    Escalated(NOON, kind="functional", to="network"),
    Noted(NOON),
    Replied(NOON),
]
_SETTLED = (Status.RESOLVED, Status.CLOSED)


def _expected(lifecycle: Lifecycle, standing: Standing, event: Event) -> set[str]:
    """The codes that the table asks for, worked out from its rows and not by walking it."""
    codes: set[str] = set()
    if event.at < standing.latest:
        codes.add("out_of_order")
    known = {state.name for state in lifecycle.states}
    if event.state is not None and event.state not in known:
        codes.add("unknown_state")
    return codes


class _Desk(RuleBasedStateMachine):
    """A desk on which one incident lives; `lifecycle` is set by the test."""

    lifecycle: Lifecycle

    @initialize()
    def log(self) -> None:
        self.incident = Incident("INC1", [Logged(NOON, USER, title="No e-mail", reporter=USER)])
        self.now = NOON

    @rule(
        event=st.sampled_from(_EVENTS),
        minutes=st.integers(-3, 60),
        where=st.integers(0, 40),
    )
    def ask(self, event: Event, minutes: int, where: int) -> None:
        """Any event, now and then with a house state, an unknown one or a step back in time."""
        names = [*(state.name for state in self.lifecycle.states), "Brooding"]
        state = names[where] if where < len(names) and type(event) in TRIGGERS else None
        asked: Any = attrs.evolve(event, at=self.now + timedelta(minutes=minutes), state=state)
        before, standing = self.incident.events, standing_of(self.incident, self.lifecycle)
        stood = (standing.state, standing.status, standing.hold_reason, standing.fields, standing.latest)
        decision = decide(self.incident, asked, self.lifecycle)
        assert self.incident.events is before
        assert stood == (
            standing.state, standing.status, standing.hold_reason, standing.fields, standing.latest
        )  # fmt: skip
        expected = _expected(self.lifecycle, standing, asked)
        if isinstance(decision, Refused):
            assert decision.reasons
            assert expected <= {reason.code for reason in decision.reasons}
            assert all(reason.message for reason in decision.reasons)
        else:
            assert not expected
            assert decision.incident.events == (*before, asked)
            self.incident, self.now = decision.incident, asked.at

    @rule(which=st.integers(0, 30), minutes=st.integers(0, 60))
    def press(self, which: int, minutes: int) -> None:
        """Press a button and fill in its form: it does what it says."""
        at = self.now + timedelta(minutes=minutes)
        steps = permitted(self.incident, self.lifecycle, at=at)
        if not steps:
            return
        step = steps[which % len(steps)]
        complete = {
            **ASK,
            "assign": Assigned(NOON, group="desk", assignee=ANN),
            "escalate": Escalated(NOON, kind="functional", to="network"),
        }
        full: Any = attrs.evolve(complete[step.trigger], at=at, state=step.target)
        here = standing_of(self.incident, self.lifecycle).state
        # What the form asks for and the event cannot carry is recorded first.
        facts: list[Event] = [
            Classified(at, category="network", service="mail", impact=2, urgency=2),
            PrioritySet(at, priority=3),
            Assigned(at, group="desk", assignee=ANN, state=here),
        ]
        for event in (*facts, full):
            decision = decide(self.incident, event, self.lifecycle)
            if isinstance(decision, Accepted):
                self.incident, self.now = decision.incident, at
            else:
                assert {reason.code for reason in decision.reasons} <= {"missing_fact", "final_record"}, (
                    decision
                )
        assert isinstance(decision, Accepted), (step, decision)
        standing = standing_of(self.incident, self.lifecycle)
        assert (standing.state, standing.status) == (step.target, step.status)

    @rule(where=st.integers(0, 40))
    def migrate(self, where: int) -> None:
        """A migration puts the record anywhere that exists."""
        name = self.lifecycle.states[where % len(self.lifecycle.states)].name
        decision = decide(self.incident, Migrated(self.now, state=name), self.lifecycle)
        assert isinstance(decision, Accepted)
        self.incident = decision.incident

    @invariant()
    def replays(self) -> None:
        """The history replays without a defect, to where deciding says that it stands."""
        if hasattr(self, "incident"):
            timeline = replay(self.incident, self.lifecycle, as_of=FAR)
            assert timeline.defects == ()
            twin = Incident("INC1", self.incident.events)
            for standing in (standing_of(self.incident, self.lifecycle), standing_of(twin, self.lifecycle)):
                assert (standing.state, standing.status, standing.hold_reason) == (
                    timeline.state, timeline.status, timeline.hold_reason
                )  # fmt: skip
                assert (standing.resolved_at, standing.closed_at) == (
                    timeline.resolved_at,
                    timeline.closed_at,
                )
                assert standing.latest == timeline.beats[-1]
            _invariants(timeline)


def _invariants(timeline: Timeline) -> None:
    """DOMAIN's own: opened <= resolved <= closed; settled iff its instant is known; one hold at a time."""
    opened, status = timeline.opened_at, timeline.status
    assert opened is not None
    assert status is not None
    assert (timeline.resolved_at or timeline.closed_at) is not None or status not in _SETTLED
    assert status in _SETTLED or (timeline.resolved_at, timeline.closed_at) == (None, None)
    if timeline.resolved_at is not None:
        assert opened <= timeline.resolved_at
        assert timeline.first_resolved_at is not None
        assert timeline.first_resolved_at <= timeline.resolved_at
    if timeline.closed_at is not None:
        assert opened <= timeline.closed_at
    if timeline.resolved_at is not None and timeline.closed_at is not None:
        assert timeline.resolved_at <= timeline.closed_at
    for held, reason in zip(timeline.statuses, timeline.hold_reasons, strict=True):
        assert reason is None or held is Status.ON_HOLD
    assert sum(visit.goes_on for visit in visits(timeline)) == 1


@pytest.mark.parametrize("name", SHIPPED)
def test_random_events_against_a_lifecycle(name: str) -> None:
    """Illegal events change nothing and name their reasons; histories replay; the invariants hold after each step."""
    machine: type[_Desk] = type("Desk", (_Desk,), {"lifecycle": SHIPPED[name]})
    run: Callable[..., None] = run_state_machine_as_test
    run(machine, settings=settings(max_examples=25, stateful_step_count=12, deadline=None))
