"""To whom it happened: the incident, what is around it, and what several events tell together."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit import records
from itilkit.errors import InstantError, RecordError
from itilkit.events import (
    Acknowledged,
    Assigned,
    Cancelled,
    Closed,
    Escalated,
    Event,
    Fields,
    Linked,
    Logged,
    Noted,
    Person,
    Reopened,
    Replied,
    RequesterWrote,
    Resolved,
    RoleLeft,
    RoleTaken,
    Started,
    StoodDown,
)
from itilkit.lifecycle import SERVICENOW, replay
from itilkit.records import (
    ChangeRef,
    Communication,
    ConfigurationItem,
    Escalation,
    Group,
    Incident,
    KnownError,
    Links,
    Problem,
    Resolution,
    RoleAssignment,
    Service,
    Source,
    Supplier,
    Workaround,
    communications,
    escalations,
    links,
    resolution,
    roles,
)
from itilkit.vocabulary import Audience, Channel, Role

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_an_incident_is_an_identity_and_a_history() -> None:
    """Its version counts the events, its opening is that of the first one, and all else is given or empty."""
    history: list[Event] = [Logged(NINE), Noted(TEN)]
    incident = Incident("INC1", iter(history))
    assert incident.events == (Logged(NINE), Noted(TEN))
    assert (incident.version, incident.opened_at) == (2, NINE)
    assert (incident.customer, incident.site, incident.attributes, incident.reported) == (
        None,
        None,
        Fields(),
        Fields(),
    )
    assert incident.source == Source()
    assert not incident.source.lacks


def test_how_an_incident_was_opened_is_asked_of_it() -> None:
    """The opening event is at hand with its own fields, however long the history becomes."""
    opened = Logged(NINE, "ann", title="No e-mail", reporter="bob", channel="phone")
    incident = Incident("INC42", [opened]).appended(Noted(NINE, text="Called back."))
    assert incident.logged is opened
    assert (incident.logged.title, incident.logged.reporter, incident.logged.channel) == (
        "No e-mail",
        Person("bob"),
        Channel.PHONE,
    )


def test_plain_values_are_taken() -> None:
    """A source may be given by name, attributes as a plain mapping."""
    incident = Incident(
        "INC1", [Logged(NINE)], source="Jira", attributes={"vip": True}, reported=Fields({"a": 1})
    )
    assert incident.source == Source("Jira")
    assert incident.attributes == Fields({"vip": True})
    assert incident.reported == {"a": 1}
    assert Source("log", lacks=["notes"]).lacks == {"notes"}


def test_appending_makes_a_longer_incident() -> None:
    """The one given stays as it was; its other values go along."""
    incident = Incident("INC1", [Logged(NINE)], customer="acme")
    longer = incident.appended(Noted(TEN), Resolved(TEN))
    assert (incident.version, longer.version, longer.customer) == (1, 3, "acme")
    assert longer.events == (Logged(NINE), Noted(TEN), Resolved(TEN))


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: Incident("", [Logged(NINE)]), "number: an incident needs a number"),
        (lambda: Incident("INC1", []), r"events: INC1 has no history \(begin with Logged\(at\)\)"),
        (lambda: Incident("INC1", [Noted(NINE)]), r"events\[0\]: the history of INC1 begins with Noted"),
        (
            lambda: Incident("INC1", [{"type": "Logged"}]),  # type: ignore[list-item]  # the mistake under test
            r"events\[0\]: the history of INC1 begins with dict",
        ),
        (
            lambda: Incident("INC1", [Logged(NINE), Noted(TEN), Logged(TEN)]),
            r"events\[2\]: INC1 is logged a second time \(a recurrence is an incident of its own",
        ),
    ],
)
def test_what_is_no_incident_is_refused(build: Callable[[], object], told: str) -> None:
    """An incident has a number and a history that begins with Logged, once."""
    with pytest.raises(RecordError, match=told):
        build()


def test_an_incident_is_a_value() -> None:
    """Equal by value, hashable, picklable, and shown with its number and length."""
    incident = Incident("INC1", [Logged(NINE)], reported=Fields({"resolved_at": TEN}))
    assert incident == Incident("INC1", [Logged(NINE)], reported=Fields({"resolved_at": TEN}))
    assert incident != incident.appended(Noted(TEN))
    assert len({incident, Incident("INC1", [Logged(NINE)], reported=Fields({"resolved_at": TEN}))}) == 1
    assert pickle.loads(pickle.dumps(incident)) == incident  # noqa: S301
    assert repr(incident) == "<Incident INC1: 1 event from 2026-03-02T09:00:00+00:00>"
    assert repr(incident.appended(Noted(TEN))) == "<Incident INC1: 2 events from 2026-03-02T09:00:00+00:00>"


# Late events: the same ones in the order of their stamps.


def _at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def test_late_events_are_put_in_order_on_demand() -> None:
    """By stamp, Logged first, equal stamps as they came; the incident given stays as it was."""
    events: list[Event] = [
        Logged(_at(5)),
        Started(_at(9)),
        Noted(_at(7), text="a"),
        Noted(_at(9)),
        Noted(_at(7), text="b"),
        Noted(_at(1)),
    ]
    incident = Incident("INC1", events, customer="acme")
    ordered = incident.in_order()
    assert ordered.events == (
        Logged(_at(5)), Noted(_at(1)), Noted(_at(7), text="a"), Noted(_at(7), text="b"), Started(_at(9)), Noted(_at(9))
    )  # fmt: skip
    assert (ordered.number, ordered.customer) == ("INC1", "acme")
    assert incident.events == tuple(events)
    defects = replay(ordered, SERVICENOW, as_of=_at(99), strict=False).defects
    assert [defect.code for defect in defects] == ["before_opened"]


_STAMPS = st.lists(st.integers(-3, 8), max_size=9)


@given(_STAMPS)
def test_laws_of_putting_in_order(minutes: list[int]) -> None:
    """Sorting twice is sorting once, loses and adds nothing, is stable, and leaves what is in order alone."""
    history = [Noted(_at(minute), text=str(index)) for index, minute in enumerate(minutes)]
    incident = Incident("INC1", [Logged(NINE), *history])
    ordered = incident.in_order()
    first, *later = ordered.events
    assert first == Logged(NINE)
    assert ordered.in_order() is ordered
    assert Counter(ordered.events) == Counter(incident.events)
    notes = [event for event in later if isinstance(event, Noted)]
    for one, two in pairwise(notes):
        assert one.at < two.at or (one.at == two.at and int(one.text) < int(two.text))
    if minutes == sorted(minutes):
        assert ordered is incident
    codes = {defect.code for defect in replay(ordered, SERVICENOW, as_of=_at(99), strict=False).defects}
    assert codes <= {"before_opened"}


# What is around an incident.

WHOLE: list[tuple[object, dict[str, object]]] = [
    (
        Service("inv", "Invoicing", criticality=1, owner="ann", support_hours="office", sla="Gold", parent="erp"),
        {"criticality": 1, "owner": "ann", "support_hours": "office", "sla": "Gold", "parent": "erp"},
    ),
    (Service("inv"), {"name": "", "criticality": None, "owner": None, "sla": None, "parent": None}),
    (
        ConfigurationItem("db1", "Database", ci_class="database", service="inv", impact=2, environment="production"),
        {"ci_class": "database", "service": "inv", "impact": 2, "environment": "production"},
    ),
    (
        Group("desk", "Desk", support_level=1, members=["ann"], escalates_to="net", contact="x", calendar="office"),
        {"support_level": 1, "members": ("ann",), "escalates_to": "net", "contact": "x", "calendar": "office"},
    ),
    (Group("desk", support_level=4, members="ann"), {"members": ("ann",), "escalates_to": None}),
    (Supplier("hoster", "Hoster Ltd", contract="UC-7"), {"name": "Hoster Ltd", "contract": "UC-7"}),
    (
        Problem("PRB1", "Leak", status="known_error", incidents=["INC1"], root_cause="Bug", known_error="KE1"),
        {"status": "known_error", "incidents": ("INC1",), "root_cause": "Bug", "known_error": "KE1"},
    ),
    (Problem("PRB1"), {"status": "new", "incidents": (), "root_cause": None}),
    (
        KnownError("KE1", "PRB1", symptoms="Slow", root_cause="Bug", workaround="WA1", match_keys=["E42"]),
        {"problem": "PRB1", "symptoms": "Slow", "workaround": "WA1", "match_keys": ("E42",)},
    ),
    (
        Workaround(
            "WA1", "Restart", steps=["Stop", "Start"], restores="partial",
            valid_until=datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Europe/London")),
        ),
        {"steps": ("Stop", "Start"), "restores": "partial", "valid_until": datetime(2026, 7, 1, 8, tzinfo=UTC)},
    ),
    (
        ChangeRef("CHG1", "caused_by", type="emergency", implemented_at=NINE),
        {"relation": "caused_by", "type": "emergency", "implemented_at": NINE},
    ),
    (ChangeRef("CHG1", "fixes"), {"type": "normal", "implemented_at": None}),
]  # fmt: skip


@pytest.mark.parametrize(("entity", "told"), WHOLE, ids=lambda value: type(value).__name__)
def test_an_entity_is_a_value(entity: Any, told: dict[str, object]) -> None:
    """Frozen, hashable and picklable; it keeps what it was given, lists as tuples and instants as UTC."""
    assert {name: getattr(entity, name) for name in told} == told
    assert pickle.loads(pickle.dumps(entity)) == entity  # noqa: S301
    assert hash(entity) == hash(attrs.evolve(entity))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        entity.id = "other"


# The mistakes under test are mistakes to a type checker too.
wrong: Any = records


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: wrong.Service(""), "id: '' names nothing"),
        (lambda: wrong.Service("inv", criticality=0), "0 is no level"),
        (lambda: wrong.Service("inv", parent="inv"), "parent: service 'inv' refers to itself"),
        (lambda: wrong.ConfigurationItem(7), "id: 7 names nothing"),
        (lambda: wrong.ConfigurationItem("db", impact=True), "True is no level"),
        (
            lambda: wrong.ConfigurationItem("db", environment="prod"),
            r"environment: 'prod' is no environment \(known: development, production",
        ),
        (lambda: wrong.Group("desk", support_level=0), "support_level: 0 is no support level"),
        (lambda: wrong.Group("desk", support_level=5), r"5 is no support level \(1 is the service desk"),
        (lambda: wrong.Group("desk", support_level=True), "True is no support level"),
        (lambda: wrong.Group("desk", support_level="2"), "'2' is no support level"),
        (lambda: wrong.Group("desk", support_level=1, escalates_to="desk"), "group 'desk' refers to itself"),
        (lambda: wrong.Supplier(""), "id: '' names nothing"),
        (lambda: wrong.Problem("PRB1", status="open"), "status: 'open' is no status of a problem"),
        (lambda: wrong.KnownError("KE1", ""), "problem: '' names nothing"),
        (lambda: wrong.Workaround("WA1", restores="most"), "restores: 'most' is no way of restoring"),
        (lambda: wrong.Workaround("WA1", restores="full", valid_until=datetime(2026, 3, 2)), "has no zone"),  # noqa: DTZ001
        (lambda: wrong.ChangeRef("CHG1", "fix"), r"relation: 'fix' .*did you mean fixes"),
        (lambda: wrong.ChangeRef("CHG1", "fixes", type="urgent"), "type: 'urgent' is no type of change"),
    ],
)
def test_an_entity_that_cannot_be_is_refused_at_the_door(build: Callable[[], object], told: str) -> None:
    """No id, a word that is not on its list, a level that is none, or a reference to itself."""
    with pytest.raises((RecordError, InstantError), match=told):
        build()


# What several events tell together.


@pytest.mark.parametrize(
    ("history", "told"),
    [
        ([], Links()),
        ([Logged(NINE), Noted(NINE)], Links()),
        ([Linked(NINE, kind="parent", to="A"), Linked(NINE, kind="parent", to="B")], Links(parent="B")),
        (
            [
                Linked(NINE, kind="problem", to="A"), Linked(NINE, kind="problem", to="B"),
                Linked(NINE, kind="problem", to="A"),
            ],
            Links(problem="A"),
        ),
        (
            [Linked(NINE, kind="child", to=number) for number in "BAB"],
            Links(children=("B", "A")),
        ),
        ([Cancelled(NINE, duplicate_of="INC7")], Links(duplicate_of="INC7")),
        ([Cancelled(NINE, reason="No incident.")], Links()),
        (
            [
                Linked(NINE, kind="duplicate", to="D"), Linked(NINE, kind="known_error", to="KE1"),
                Linked(NINE, kind="workaround", to="WA1"), Linked(NINE, kind="change", to="CHG1"),
                Linked(NINE, kind="caused_by_change", to="CHG2"), Linked(NINE, kind="related", to="R"),
            ],
            Links(
                duplicates=("D",), known_error="KE1", workaround="WA1", change="CHG1", caused_by_change="CHG2",
                related=("R",),
            ),
        ),
    ],
    ids=[
        "nothing", "no link", "another parent", "back to the first", "children", "a duplicate", "no duplicate",
        "the other kinds",
    ],
)  # fmt: skip
def test_links_of_a_history(history: list[Event], told: Links) -> None:
    """Of a kind of which there is one the last counts; the others keep their order, each once."""
    assert links(history) == told


def test_the_resolution_that_stands() -> None:
    """It joins the resolution, what it rests on and the user's confirmation; reopening takes all of it away."""
    solved = Resolved(
        _at(1), "ann", code="known_error", notes="Patched.", resolver="bo", applied_by="supplier"
    )
    tied: list[Event] = [
        Linked(NINE, kind="known_error", to="KE1"),
        Linked(NINE, kind="workaround", to="WA1"),
    ]
    closed = Closed(_at(2), "ann", confirmed_by="eve")
    found = resolution([*tied, solved, closed])
    assert found == Resolution(
        _at(1), Person("ann"), code="known_error", notes="Patched.", resolver=Person("bo"), applied_by="supplier",
        known_error="KE1", workaround="WA1", confirmed_by=Person("eve"), confirmed_at=_at(2),
    )  # fmt: skip
    assert found.permanent is False
    again = Resolved(_at(5), code="Solved (Permanently)")
    assert resolution([solved, closed, Reopened(_at(3))]) is None
    assert resolution([solved, closed, Reopened(_at(3)), again]) == Resolution(
        _at(5), code="Solved (Permanently)"
    )
    assert resolution([solved, again, Closed(_at(6))]) == Resolution(_at(5), code="Solved (Permanently)")
    assert (resolution([]), resolution([Closed(NINE, confirmed_by="eve")])) == (None, None)


@pytest.mark.parametrize(
    ("code", "permanent"),
    [
        ("solution_provided", True),
        ("workaround_provided", False),
        ("user_error", None),
        ("bug fixed", None),
        (None, None),
    ],
)
def test_a_resolution_is_permanent_as_far_as_its_code_says(code: str | None, permanent: bool | None) -> None:
    """A neutral code may say so; a tool's own word and no code do not."""
    assert Resolution(NINE, code=code).permanent is permanent


def test_messages_of_a_history() -> None:
    """Replies go out, what the user wrote comes in; everything else is no message."""
    promised = Replied(
        NINE, "ann", public=False, text="Down.", audience="management", channel="chat", next_update_due_at=TEN
    )
    history: list[Event] = [
        Logged(NINE),
        promised,
        Noted(NINE),
        RequesterWrote(TEN, "eve", text="And?", channel="email"),
        Replied(TEN, automatic=True),
    ]
    assert communications(history) == (
        Communication(
            NINE, Person("ann"), direction="out", text="Down.", public=False, audience=Audience.MANAGEMENT,
            channel=Channel.CHAT, next_update_due_at=TEN,
        ),
        Communication(TEN, Person("eve"), direction="in", text="And?", channel=Channel.EMAIL),
        Communication(TEN, direction="out", automatic=True),
    )  # fmt: skip
    assert communications([]) == ()


def test_escalations_of_a_history() -> None:
    """Each names who had the incident; whoever takes notice answers every escalation before it, once."""
    history: list[Event] = [
        Escalated(_at(1), kind="hierarchical", to="head", level=2, trigger="timer", reason="P1"),
        Assigned(_at(2), group="network"),
        Escalated(_at(3), "bo", kind="functional", to="hoster", level=4, reference="HT-8812"),
        Acknowledged(_at(4)),
        Acknowledged(_at(5)),
        Escalated(_at(6), kind="functional"),
    ]
    assert escalations(history) == (
        Escalation(
            _at(1), kind="hierarchical", to="head", level=2, trigger="timer", reason="P1", acknowledged_at=_at(4)
        ),
        Escalation(
            _at(3), Person("bo"), kind="functional", from_group="network", to="hoster", level=4, reference="HT-8812",
            acknowledged_at=_at(4),
        ),
        Escalation(_at(6), kind="functional", from_group="network"),
    )  # fmt: skip
    assert escalations([Acknowledged(NINE)]) == ()


LEAD, EXPERT = Role.INCIDENT_MANAGER, Role.SME


def _took(hour: int, role: Role, who: str) -> RoleTaken:
    return RoleTaken(_at(hour), role=role, person=who)


@pytest.mark.parametrize(
    ("history", "told"),
    [
        ([], []),
        ([_took(1, LEAD, "ann")], [("ann", 1, None)]),
        ([_took(1, LEAD, "ann"), _took(2, LEAD, "bo")], [("ann", 1, 2), ("bo", 2, None)]),
        ([_took(1, EXPERT, "ann"), _took(2, EXPERT, "bo")], [("ann", 1, None), ("bo", 2, None)]),
        ([_took(1, LEAD, "ann"), _took(2, LEAD, "ann")], [("ann", 1, None)]),
        ([_took(1, EXPERT, "ann"), _took(2, EXPERT, "ann")], [("ann", 1, None)]),
        ([_took(1, LEAD, "ann"), _took(2, Role.SCRIBE, "ann")], [("ann", 1, None), ("ann", 2, None)]),
        ([_took(1, LEAD, "ann"), RoleLeft(_at(3), role=LEAD, person="ann")], [("ann", 1, 3)]),
        ([_took(1, LEAD, "ann"), RoleLeft(_at(3), role=LEAD, person="bo")], [("ann", 1, None)]),
        ([_took(1, LEAD, "ann"), RoleLeft(_at(3), role=EXPERT, person="ann")], [("ann", 1, None)]),
        (
            [_took(1, EXPERT, "ann"), _took(1, EXPERT, "bo"), RoleLeft(_at(3), role=EXPERT, person="ann")],
            [("ann", 1, 3), ("bo", 1, None)],
        ),
        (
            [_took(1, LEAD, "ann"), _took(2, EXPERT, "bo"), StoodDown(_at(4)), _took(5, LEAD, "ann")],
            [("ann", 1, 4), ("bo", 2, 4), ("ann", 5, None)],
        ),
        ([_took(5, LEAD, "ann"), StoodDown(_at(4))], [("ann", 5, 5)]),
    ],
    ids=[
        "nobody", "taken", "taken over", "shared", "kept", "shared and kept", "two roles", "left", "left by another",
        "another role left", "one of two experts left", "stood down", "ended before it began",
    ],
)  # fmt: skip
def test_roles_of_a_history(history: list[Event], told: list[tuple[str, int, int | None]]) -> None:
    """Who takes a role takes it over unless it is shared; leaving and standing down end it."""
    assert [(each.person.id, each.start, each.end) for each in roles(history)] == [
        (who, _at(start), None if end is None else _at(end)) for who, start, end in told
    ]


def test_a_role_is_held_from_its_taking_to_before_its_end() -> None:
    """Half-open, so that at the instant of a hand-over one person has it."""
    held = RoleAssignment(LEAD, Person("ann"), start=_at(1), end=_at(3))
    assert [held.holds(_at(hour)) for hour in range(5)] == [False, True, True, False, False]
    assert RoleAssignment(LEAD, Person("ann"), start=_at(1)).holds(_at(9))
    with pytest.raises(InstantError, match="has no zone"):
        held.holds(datetime(2026, 3, 2))  # noqa: DTZ001  the mistake under test


def test_what_is_told_is_told_as_of_an_instant() -> None:
    """Of a timeline's events only what was known then is read."""
    incident = Incident("INC1", [Logged(NINE), Linked(TEN, kind="problem", to="PRB1"), Resolved(TEN)])
    early = replay(incident, SERVICENOW, as_of=NINE)
    assert (links(early.events).problem, resolution(early.events)) == (None, None)
    assert links(incident.events).problem == "PRB1"


_PEOPLE = st.sampled_from([None, "ann", "bo"])
_TELLING: st.SearchStrategy[list[Event]] = st.lists(
    st.one_of(
        st.builds(Resolved, st.just(NINE), _PEOPLE, code=st.sampled_from([None, "known_error"])),
        st.builds(Reopened, st.just(NINE)),
        st.builds(Closed, st.just(NINE), confirmed_by=_PEOPLE),
        st.builds(
            Linked, st.just(NINE), kind=st.sampled_from(["child", "problem"]), to=st.sampled_from("AB")
        ),
        st.builds(Replied, st.just(NINE)),
        st.builds(RequesterWrote, st.just(NINE)),
        st.builds(Escalated, st.just(NINE), kind=st.just("functional")),
        st.builds(Acknowledged, st.just(NINE)),
        st.builds(Assigned, st.just(NINE), group=st.sampled_from([None, "desk", "net"])),
    ),
    max_size=12,
)


def _plain_resolution(events: list[Event]) -> tuple[int, Event | None] | None:
    """Where the resolution that stands is, found from the end, and the last confirmation after it."""
    for index in range(len(events) - 1, -1, -1):
        if isinstance(events[index], Reopened):
            return None
        if isinstance(events[index], Resolved):
            after = [each for each in events[index:] if isinstance(each, Closed) and each.confirmed_by]
            return index, after[-1] if after else None
    return None


@given(_TELLING)
def test_laws_of_what_is_read_from_a_history(events: list[Event]) -> None:
    """Nothing is lost or invented, and a plain search from the end finds the same resolution and the same links."""
    found, plain = resolution(events), _plain_resolution(events)
    assert (found is None) == (plain is None)
    if found is not None and plain is not None:
        stands, confirmed = events[plain[0]], plain[1]
        assert (found.by, found.code) == (stands.by, getattr(stands, "code", None))
        assert found.confirmed_by == (getattr(confirmed, "confirmed_by", None))
    tied = links(events)
    named = [event for event in events if isinstance(event, Linked)]
    children = [event.to for event in named if event.kind == "child"]
    assert set(tied.children) == set(children)
    assert [children.index(number) for number in tied.children] == sorted(map(children.index, set(children)))
    assert tied.problem == next((event.to for event in reversed(named) if event.kind == "problem"), None)
    assert len(communications(events)) == sum(isinstance(event, Replied | RequesterWrote) for event in events)
    kinds = [type(event) for event in events if isinstance(event, Escalated | Acknowledged)]
    answered = [Acknowledged in kinds[index:] for index, kind in enumerate(kinds) if kind is Escalated]
    assert [each.acknowledged_at is not None for each in escalations(events)] == answered


@given(_TELLING, st.integers(0, 12))
def test_what_is_learnt_later_takes_no_message_or_escalation_back(events: list[Event], known: int) -> None:
    """What a prefix of the history tells is the beginning of what the whole one tells."""
    early = communications(events[:known])
    assert communications(events)[: len(early)] == early
    begun = [attrs.evolve(each, acknowledged_at=None) for each in escalations(events[:known])]
    whole = [attrs.evolve(each, acknowledged_at=None) for each in escalations(events)]
    assert whole[: len(begun)] == begun
