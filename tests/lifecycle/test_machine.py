"""Random events against every shipped lifecycle: each refusal is foretold, and what is accepted stays true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from itilkit.calendars import Calendar
from itilkit.errors import TransitionError
from itilkit.events import (
    Assigned,
    Classified,
    Closed,
    Escalated,
    Event,
    Logged,
    MajorDeclared,
    Migrated,
    Noted,
    Person,
    PrioritySet,
    Replied,
    Resolved,
)
from itilkit.lifecycle import (
    SHIPPED,
    Delay,
    Lifecycle,
    Refused,
    Right,
    Timeline,
    Transition,
    Window,
    apply,
    decide,
    permitted,
    replay,
    visits,
)
from itilkit.lifecycle.standing import standing_of
from itilkit.records import Incident
from itilkit.vocabulary import Status

from .plain import OPEN_STATUSES, Plain
from .stories import ANN, ASK, FAR, NOON, USER

OFFICE = Calendar({"mon-fri": "09:00-17:30"}, zone="UTC")
BOB = Person("bob", name="Bob")
HANDS = (None, ANN, Person("bob"), USER)
_BARE: list[Any] = [type(event) for event in ASK.values()]
EVENTS: list[Event] = [
    *ASK.values(),
    *(kind(NOON) for kind in _BARE),
    Assigned(NOON, group="desk", assignee=BOB),
    Resolved(NOON, code="other", notes="Rebooted.", resolver=BOB),
    Classified(NOON, category="network", impact=2, urgency=1),
    Classified(NOON, category="", service="mail", fields={"notes": "See the wiki.", "by": "bob"}),
    PrioritySet(NOON, priority=2),
    Escalated(NOON, kind="functional", to="network"),
    Noted(NOON),
    Replied(NOON),
    MajorDeclared(NOON),
    Logged(NOON),
]
SETTLED = (Status.RESOLVED, Status.CLOSED)
ROLES = (None, (), ("agent",), ("lead",), ("agent", "lead"), ("ModifyTicket",), ("DeleteTicket", "agent"))
AMOUNTS = (
    Delay(working_days=1),
    Delay(open_time=timedelta(hours=3)),
    Delay(wall_time=timedelta(hours=20)),
    Delay(working_days=2),
)


def guarded(lifecycle: Lifecycle) -> Lifecycle:
    """The lifecycle with guards of every kind on its rows: windows, roles, and steps kept from people."""
    return Lifecycle(
        f"{lifecycle.name}, guarded",
        lifecycle.states,
        transitions=[_guarded(row, index, lifecycle) for index, row in enumerate(lifecycle.transitions)],
        starts=lifecycle.starts,
        stimuli=lifecycle.stimuli,
        rights=[*lifecycle.rights, *_rights(lifecycle)],
    )


def _rights(lifecycle: Lifecycle) -> Iterator[Right]:
    """A right of each width, as far as the lifecycle has none."""
    first, second = (state.name for state in lifecycle.states[:2])
    there = {(right.source, right.target) for right in lifecycle.rights}
    for source, target, role in ((first, second, "lead"), (first, "*", "agent"), ("*", second, "lead")):
        if (source, target) not in there:
            yield Right(source, target, role)


def _guarded(row: Transition, index: int, lifecycle: Lifecycle) -> Transition:
    sources = {
        state.status
        for state in lifecycle.states
        for word in row.sources
        if word in ("*", state.name, state.status)
    }
    since = "resolved_at" if sources <= set(SETTLED) else "opened_at"
    changes: dict[str, Any] = {
        "reopen": {
            "within": Window(AMOUNTS[index % len(AMOUNTS)], since=since),
            "not_by": ("reporter",) * (index % 2),
        },
        "resolve": {"roles": ("agent", "lead"), "not_by": "opened_by"},
        "close": {"not_by": ("resolver", "assignee"), "requires": (*row.requires, "by")},
        "cancel": {"roles": row.roles or "lead"},
        "start": {"not_by": "reporter", "within": Window(Delay(working_days=3), since="opened_at")},
    }
    return attrs.evolve(row, **changes.get(row.trigger, {}))


CASES = {each.name: each for shipped in SHIPPED.values() for each in (shipped, guarded(shipped))}


class _Desk(RuleBasedStateMachine):
    """A desk on which one incident lives; `lifecycle` is set by the test."""

    lifecycle: Lifecycle
    plain: Plain | None = None

    @initialize(start=st.integers(0, 5))
    def log(self, start: int) -> None:
        """An incident begins in one of the lifecycle's starts."""
        starts = self.lifecycle.starts
        state = starts[start] if start < len(starts) else None
        first = Logged(NOON, BOB, title="No e-mail", reporter=USER, state=state)
        self.incident = Incident("INC1", [first])
        self.plain = Plain(self.lifecycle, first)
        self.migrated = False
        self.children = tuple(self._children())

    def _children(self) -> Iterator[Incident]:
        """A child in each state that there is, logged a little later than its parent."""
        later = NOON + timedelta(minutes=45)
        for state in self.lifecycle.states:
            yield Incident(state.name, [Logged(NOON, reporter=USER), Migrated(later, state=state.name)])

    def _decided(self, event: Event, *, roles: Any = None, children: bool = False) -> bool:
        """Decide, and hold the decision against the plain one; whether it was accepted."""
        assert self.plain is not None
        before, shape = self.incident.events, _shape(self.incident, self.lifecycle)
        expected = self.plain.refusals(event, roles)
        decision = decide(
            self.incident,
            event,
            self.lifecycle,
            roles=roles,
            calendar=OFFICE,
            children=self.children if children else (),
        )
        assert self.incident.events is before
        assert _shape(self.incident, self.lifecycle) == shape
        if isinstance(decision, Refused):
            with pytest.raises(TransitionError) as caught:
                apply(self.incident, event, self.lifecycle, roles=roles, calendar=OFFICE)
            assert list(map(str, caught.value.faults)) == [
                f"{each.field}: {each}" if each.field else str(each) for each in decision.reasons
            ]
            told = [(reason.code, reason.field) for reason in decision.reasons]
            assert set(told) == expected != set()
            assert len(told) == len(set(told))
            assert all(reason.message for reason in decision.reasons)
            return False
        assert expected == set()
        assert decision.events == (event,)
        assert decision.incident.events == (*before, event)
        applied = apply(self.incident, event, self.lifecycle, roles=roles, calendar=OFFICE)
        assert applied == decision.incident
        self.incident = decision.incident
        self.plain.append(event)
        assert list(decision.elsewhere) == (self._proposed(event) if children else [])
        return True

    def _proposed(self, event: Event) -> list[tuple[str, Event]]:
        """What a resolution or a closure proposes for the children, by the practice's rule."""
        assert self.plain is not None
        found: list[tuple[str, Event]] = []
        for child in self.children if isinstance(event, Resolved | Closed) else ():
            status = next(each.status for each in self.lifecycle.states if each.name == child.number)
            at, given = max(event.at, child.events[-1].at), self.plain.resolution
            if status in OPEN_STATUSES:
                told = (given.code, given.notes, given.resolver) if given else (None, None, None)
                code, notes, resolver = told
                found.append(
                    (child.number, Resolved(at, event.by, code=code, notes=notes, resolver=resolver))
                )
            if isinstance(event, Closed) and status not in (Status.CLOSED, Status.CANCELLED):
                closing = Closed(at, event.by, code=event.code, confirmed_by=event.confirmed_by)
                found.append((child.number, closing))
        return found

    @rule(
        event=st.sampled_from(EVENTS),
        minutes=st.sampled_from((-3, 0, 0, 1, 30, 60, 300, 1000, 3000)),
        where=st.integers(0, 40),
        hand=st.sampled_from(HANDS),
        roles=st.sampled_from(ROLES),
        children=st.booleans(),
    )
    def ask(
        self, event: Event, minutes: int, where: int, hand: Person | None, roles: Any, *, children: bool
    ) -> None:
        """Any event by anybody, now and then with a house state, an unknown one or a step back in time."""
        names = [*(state.name for state in self.lifecycle.states), "Brooding"]
        state = names[where] if where < len(names) else None
        at = self.incident.events[-1].at + timedelta(minutes=minutes)
        asked: Any = attrs.evolve(event, at=at, state=state, by=hand)
        self._decided(asked, roles=roles, children=children)

    @rule(
        which=st.integers(0, 30),
        minutes=st.sampled_from((0, 1, 60, 300, 3000)),
        edge=st.sampled_from((None, None, 0, 1)),
        hand=st.sampled_from(HANDS),
        roles=st.sampled_from(ROLES),
    )
    def press(self, which: int, minutes: int, edge: int | None, hand: Person | None, roles: Any) -> None:
        """Press a button and fill in its form: it does what it says, and what it says stands in the way does."""
        assert self.plain is not None
        at = self.incident.events[-1].at + timedelta(minutes=minutes)
        ends = [end for end in self.plain.window_ends() if end >= self.plain.latest]
        if edge is not None and ends:  # at the last instant of a window, and a minute later
            at = ends[which % len(ends)] + timedelta(minutes=edge)
        buttons = permitted(self.incident, self.lifecycle, at=at, by=hand, roles=roles, calendar=OFFICE)
        assert {(each.trigger, each.target) for each in buttons} == set(self.plain.steps())
        if not buttons:
            return
        button = buttons[which % len(buttons)]
        bare: Any = Escalated(at, hand, kind="functional") if button.event is Escalated else None
        empty: Any = attrs.evolve(bare or button.event(at, hand), state=button.target)  # type: ignore[call-arg]
        expected = self.plain.refusals(empty, roles)
        assert {(each.code, each.field) for each in button.reasons} == {
            each for each in expected if each[0] != "missing_fact"
        }
        assert set(button.missing) == {field for code, field in expected if code == "missing_fact"}
        assert button.allowed == (not button.reasons)
        self._fill_in(button.trigger, button.target, empty, roles)

    def _fill_in(self, trigger: str, target: str, empty: Any, roles: Any) -> None:
        assert self.plain is not None
        # What the form asks for and the event cannot carry is recorded first.
        facts: list[Event] = [
            Classified(empty.at, category="network", service="mail", impact=2, urgency=2),
            PrioritySet(empty.at, priority=3),
            Assigned(empty.at, group="desk", assignee=ANN, state=self.plain.state),
        ]
        for fact in facts:
            self._decided(fact)
        complete = {
            **ASK,
            "assign": Assigned(NOON, group="desk", assignee=ANN),
            "escalate": Escalated(NOON, kind="functional", to="network"),
        }
        full: Any = attrs.evolve(complete[trigger], at=empty.at, by=empty.by, state=target)
        if self._decided(full, roles=roles):
            assert self.plain.state == target

    @rule(where=st.integers(0, 40))
    def migrate(self, where: int) -> None:
        """A migration puts the record anywhere that exists."""
        name = self.lifecycle.states[where % len(self.lifecycle.states)].name
        assert self._decided(Migrated(self.incident.events[-1].at, state=name))
        self.migrated = True

    @precondition(lambda self: self.plain is not None)
    @invariant()
    def replays(self) -> None:
        """The history replays without a defect, to where deciding and the plain reading say that it stands."""
        assert self.plain is not None
        plain, timeline = self.plain, replay(self.incident, self.lifecycle, as_of=FAR)
        assert timeline.defects == ()
        twin = Incident("INC1", self.incident.events)
        for standing in (standing_of(self.incident, self.lifecycle), standing_of(twin, self.lifecycle)):
            for stands in (standing, timeline):
                assert (stands.state, stands.status, stands.hold_reason) == (
                    plain.state, plain.status, plain.hold_reason
                )  # fmt: skip
            assert standing.latest == timeline.beats[-1] == plain.latest
        assert (timeline.resolved_at, timeline.closed_at) == (plain.resolved_at, plain.closed_at)
        _invariants(timeline, asks_for_reasons=self.lifecycle.name.startswith("ITIL 4") and not self.migrated)


def _shape(incident: Incident, lifecycle: Lifecycle) -> tuple[object, ...]:
    """How an incident stands, all of it."""
    standing = standing_of(incident, lifecycle)
    return tuple(getattr(standing, name) for name in standing.__slots__)


def _invariants(timeline: Timeline, *, asks_for_reasons: bool) -> None:
    """The practice's own: opened <= resolved <= closed; settled iff its instant is known; one hold at a time."""
    opened, status = timeline.opened_at, timeline.status
    assert opened is not None
    assert status is not None
    assert (timeline.resolved_at or timeline.closed_at) is not None or status not in SETTLED
    assert status in SETTLED or (timeline.resolved_at, timeline.closed_at) == (None, None)
    assert (timeline.closed_at is not None) == (status is Status.CLOSED)
    if timeline.resolved_at is not None:
        assert timeline.first_resolved_at is not None
        assert opened <= timeline.first_resolved_at <= timeline.resolved_at
    if timeline.closed_at is not None:
        assert opened <= (timeline.resolved_at or opened) <= timeline.closed_at
    for held, reason in zip(timeline.statuses, timeline.hold_reasons, strict=True):
        assert reason is None or held is Status.ON_HOLD
        assert not asks_for_reasons or (held is Status.ON_HOLD) == (reason is not None)
    assert not asks_for_reasons or (timeline.resolved_at is not None) == (status in SETTLED)
    assert sum(visit.goes_on for visit in visits(timeline)) == 1


@pytest.mark.parametrize("name", CASES)
def test_random_events_against_a_lifecycle(name: str) -> None:
    """Illegal events change nothing and name all reasons; histories replay; the invariants hold after each step."""
    machine: type[_Desk] = type("Desk", (_Desk,), {"lifecycle": CASES[name]})
    run: Callable[..., None] = run_state_machine_as_test
    run(
        machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_the_machine_meets_every_refusal() -> None:
    """Each code of a refusal is foretold for some event, so that none is left to chance."""
    met: set[str] = set()
    for lifecycle in CASES.values():
        for state in lifecycle.states:
            plain = Plain(lifecycle, Logged(NOON, BOB, reporter=USER, state=state.name))
            plain.assignee = ANN
            for event in EVENTS:
                for minutes in (-1, 0, 90_000):
                    at: Any = attrs.evolve(event, at=NOON + timedelta(minutes=minutes), by=USER)
                    for named in (None, "Brooding"):
                        asked = attrs.evolve(at, state=named)
                        met |= {code for code, _ in plain.refusals(asked, ("user",))}
    assert met == {
        "already_logged", "final_record", "missing_fact", "not_permitted", "out_of_order", "role_missing",
        "same_person", "unknown_state", "window_passed",
    }  # fmt: skip
