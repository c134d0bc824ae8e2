"""The laws of a major incident, on histories that nobody thought of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from itilkit import major_incidents as major
from itilkit.escalation import Cadence, communications_due
from itilkit.events import (
    Assigned,
    Event,
    MajorDeclared,
    MajorProposed,
    MajorRejected,
    Noted,
    PrioritySet,
    Replied,
    RoleLeft,
    RoleTaken,
    StoodDown,
)
from itilkit.lifecycle import PERMISSIVE, Accepted, Refused, replay
from itilkit.major_incidents import MajorIncident, standing
from itilkit.records import Incident, roles
from itilkit.sla import Assessment
from itilkit.vocabulary import Role

from .stories import at, opened

FAR = at(10_000)
LEAD = Role.INCIDENT_MANAGER
WHO = st.sampled_from(["ann", "bo", "quinn"])
ROLES = st.sampled_from([LEAD, Role.TECHNICAL_LEAD, Role.SME])

Ask = Callable[[Incident, datetime], Accepted | Refused]


def _asked() -> st.SearchStrategy[Ask]:
    def ask(name: str, role: Role, who: str) -> Ask:
        doors: dict[str, Ask] = {
            "propose": lambda incident, when: major.propose(incident, when, who),
            "reject": lambda incident, when: major.reject(incident, when, who),
            "declare": lambda incident, when: major.declare(incident, when, incident_manager=who),
            "hand over": lambda incident, when: major.hand_over(incident, when, to=who),
            "assign": lambda incident, when: major.assign_role(incident, when, role=role, person=who),
            "release": lambda incident, when: major.release_role(incident, when, role=role, person=who),
            "stand down": major.stand_down,
            "note": lambda incident, when: Accepted(incident.appended(Noted(when)), (Noted(when),)),
        }
        return doors[name]

    names = [
        "propose",
        "reject",
        "declare",
        "declare",
        "hand over",
        "assign",
        "release",
        "stand down",
        "note",
    ]
    return st.builds(ask, st.sampled_from(names), ROLES, WHO)


MINUTES = st.integers(0, 3)


def through_the_doors(asked: list[tuple[int, Ask]]) -> Incident:
    """The history that comes of asking one thing after the other; what is refused changes nothing."""
    incident, now = opened(), 0
    for later, ask in asked:
        now += later
        before = incident
        match ask(incident, at(now)):
            case Accepted(incident=longer, events=events):
                assert longer.events == (*before.events, *events)
                incident = longer
            case Refused(reasons=reasons):
                assert reasons
    return incident


def plain_holders(events: tuple[Event, ...], when: datetime) -> dict[Role, set[str]]:
    """Who has which role at an instant, by writing the history onto a board until then."""
    board: dict[Role, set[str]] = {}
    for event in events:
        if event.at > when:
            break
        if isinstance(event, RoleTaken):
            shared = event.role in (Role.SME,)
            board[event.role] = {event.person.id} | (board.get(event.role, set()) if shared else set())
        elif isinstance(event, RoleLeft):
            board.get(event.role, set()).discard(event.person.id)
        elif isinstance(event, StoodDown):
            board.clear()
    return board


def plain_is_major(events: tuple[Event, ...], when: datetime) -> bool:
    """Whether it is a major incident at an instant, by the last word until then."""
    known = [event for event in events if event.at <= when]
    told = [type(event) for event in known if isinstance(event, MajorDeclared | StoodDown)]
    return bool(told) and told[-1] is MajorDeclared


def instants(incident: Incident) -> list[datetime]:
    """Each instant of a history, and those between them."""
    stamps = sorted({event.at for event in incident.events})
    return [*stamps, *(stamp + timedelta(seconds=30) for stamp in stamps)]


def known(incident: Incident, when: datetime | None = None) -> MajorIncident | None:
    """How it stands."""
    return standing(replay(incident, PERMISSIVE, as_of=when or FAR))


@given(st.lists(st.tuples(MINUTES, _asked()), max_size=25))
def test_a_major_incident_has_exactly_one_incident_manager(asked: list[tuple[int, Ask]]) -> None:
    """At any instant at which it is accepted, whatever was asked of the doors; and the board agrees on all roles."""
    incident = through_the_doors(asked)
    found = known(incident)
    for when in instants(incident):
        accepted = plain_is_major(incident.events, when)
        board = plain_holders(incident.events, when)
        assert (found is not None and found.accepted_at(when)) is accepted
        assert len(board.get(LEAD, ())) == accepted
        for role, people in board.items():
            assert found is not None
            assert {each.id for each in found.holders(role, when)} == people
        then = known(incident, when)
        leader = None if then is None else then.incident_manager
        assert (set() if leader is None else {leader.id}) == board.get(LEAD, set())
    assert found is None or found.findings == ()


@given(st.lists(st.tuples(MINUTES, _asked()), max_size=25))
def test_standing_down_ends_all_roles(asked: list[tuple[int, Ask]]) -> None:
    """Right after it nobody has a role, and nobody gets one before it is declared again."""
    incident = through_the_doors(asked)
    for place, event in enumerate(incident.events, start=1):
        if isinstance(event, StoodDown):
            history = Incident("INC200", incident.events[:place])
            assert all(held.end is not None and held.end <= event.at for held in roles(history.events))
            found = known(history)
            assert found is not None
            assert found.state == "stood_down"
            assert found.incident_manager is None
    accepted = [plain_is_major(incident.events[:place], FAR) for place in range(len(incident.events))]
    taken = [isinstance(event, RoleTaken) for event in incident.events]
    assert all(before for before, took in zip(accepted, taken, strict=True) if took)


_FOREIGN = st.one_of(
    st.builds(lambda role, who: ("taken", role, who), ROLES, WHO),
    st.builds(lambda role, who: ("left", role, who), ROLES, WHO),
    st.sampled_from([("declared",), ("down",), ("proposed",), ("rejected",)]),
)


def _foreign(told: list[tuple[int, tuple[object, ...]]]) -> Incident:
    events: list[Event] = []
    now = 0
    for later, (word, *rest) in told:
        now += later
        match word, rest:
            case "taken", [Role() as role, str(who)]:
                events.append(RoleTaken(at(now), role=role, person=who))
            case "left", [Role() as role, str(who)]:
                events.append(RoleLeft(at(now), role=role, person=who))
            case "declared", _:
                events.append(MajorDeclared(at(now)))
            case "proposed", _:
                events.append(MajorProposed(at(now)))
            case "rejected", _:
                events.append(MajorRejected(at(now)))
            case _:
                events.append(StoodDown(at(now)))
    return opened(*events)


@given(st.lists(st.tuples(MINUTES, _FOREIGN), max_size=20))
def test_a_foreign_history_is_told_where_nobody_led(told: list[tuple[int, tuple[object, ...]]]) -> None:
    """Nothing raises, and the findings cover exactly the instants at which it was accepted and nobody led."""
    incident = _foreign(told)
    found = known(incident)
    gaps = () if found is None else [each for each in found.findings if each.code == "no_incident_manager"]
    for when in instants(incident):
        accepted = plain_is_major(incident.events, when)
        leaders = plain_holders(incident.events, when).get(LEAD, set())
        assert (found is not None and found.accepted_at(when)) is accepted
        told_so = any(gap.at <= when and (gap.until is None or when < gap.until) for gap in gaps)
        assert told_so is (accepted and not leaders)


SENT = st.tuples(
    st.integers(0, 50),
    st.sampled_from(["users", "management"]),
    st.booleans(),
    st.none() | st.integers(1, 40),
)


@given(
    sent=st.lists(SENT, max_size=8),
    every=st.integers(1, 45),
    now=st.integers(0, 300),
    declared=st.integers(0, 20),
)
def test_the_cadence_never_asks_too_early_and_misses_none(
    sent: list[tuple[int, str, bool, int | None]], every: int, now: int, declared: int
) -> None:
    """Users are owed a message exactly when the earlier of cadence and promise is over, counted minute by minute."""
    events: list[Event] = [PrioritySet(at(0), priority=1), Assigned(at(0), group="platform")]
    last, promised = 0, None  # the minute of the last message by a person, and what it promised
    minute = 0
    for later, audience, automatic, promise in sent:
        minute += later
        until = None if promise is None or automatic else minute + promise
        events.append(
            Replied(
                at(minute), audience=audience, automatic=automatic, public=audience == "users",
                next_update_due_at=None if until is None else at(until),
            )
        )  # fmt: skip
        if audience == "users" and not automatic and minute <= now:
            last, promised = minute, until
    events.append(MajorDeclared(at(declared)))
    events.append(RoleTaken(at(declared), role=LEAD, person="quinn"))
    history = sorted(events, key=lambda event: event.at)
    timeline = replay(opened(*history), PERMISSIVE, as_of=at(now))
    owed = communications_due(Assessment(timeline, {}), [Cadence(timedelta(minutes=every), "users")])
    due = min(each for each in (last + every, promised) if each is not None)
    users = [each for each in owed if each.why.startswith("users")]
    assert [each.at for each in users] == ([at(due)] if due <= now else [])
