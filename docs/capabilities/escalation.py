"""Who is called in, and how do people work together? One function is one example."""


def from_tier_to_tier() -> None:
    """From the desk to the network team, and from there to the supplier: each time with who had it before."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, records
    from itilkit.events import Acknowledged, Assigned, Escalated, Logged

    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    later = nine + timedelta(minutes=7)
    history = (
        Logged(nine),
        Assigned(nine, group="desk"),
        Escalated(nine, "ann", kind="functional", to="network", level=2),
        Acknowledged(later, "bo"),
        Assigned(later, group="network"),
        Escalated(later, "bo", kind="functional", to="telco", level=3),
    )
    for each in records.escalations(Incident("INC1", history).events):
        heard = (
            "not heard yet"
            if each.acknowledged_at is None
            else f"heard after {each.acknowledged_at - each.at}"
        )
        print(f"tier {each.level}: {each.from_group} -> {each.to}, {heard}")


def to_management() -> None:
    """More skill and more authority are two things, and are counted apart."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Escalated, Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    skill = Escalated(at, kind="functional", to="network", level=2)
    authority = Escalated(
        at, kind="hierarchical", to="cio", reason="The customer threatens to leave"
    )
    log = [
        Incident("INC1", [Logged(at), skill, authority]),
        Incident("INC2", [Logged(at), skill]),
        Incident("INC3", [Logged(at)]),
        Incident("INC4", [Logged(at)]),
    ]
    cases = list(
        Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at)
    )
    for kind in (
        kpi.escalation_rate(kind="functional"),
        kpi.escalation_rate(kind="hierarchical"),
    ):
        found = kpi.measure(cases, kind).one()
        print(f"{found.reading}: {found.value:.0%}")


def when_time_runs_out() -> None:
    """Three quarters of the resolution time are gone: what is due, and what keeps it from being due again."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Accepted, Agreement, Calendar, Incident, Policy, Target
    from itilkit.escalation import Ladder, Rung
    from itilkit.events import Logged, PrioritySet
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    ladder = Ladder(
        "Gold", [Rung("75% of resolution", "incident_manager", kind="hierarchical")]
    )
    always = Calendar.round_the_clock("UTC")
    gold = Agreement(
        "Gold",
        [Target(2, {"resolution": timedelta(hours=8)})],
        calendar=always,
        escalate=ladder,
    )
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3, agreements=[gold])
    nine, now = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 16))
    incident = Incident("INC1", [Logged(nine), PrioritySet(nine, priority=2)])
    for due in desk.due(desk.assess(incident, as_of=now)):
        print(due)
        assert due.event is not None
        decision = desk.decide(incident, due.event)
        assert isinstance(decision, Accepted)
        incident = decision.incident
    print("due again:", desk.due(desk.assess(incident, as_of=now)))


def urgent_ones_at_once() -> None:
    """A P1 calls in the duty manager as soon as it is one; a P3 does not."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy
    from itilkit.escalation import Ladder, Rung, due
    from itilkit.events import Logged, PrioritySet
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    ladder = Ladder("House", [Rung("priority P1", "duty_manager", kind="hierarchical")])
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3)
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    ten = nine + timedelta(hours=1)
    incident = Incident(
        "INC1",
        [Logged(nine), PrioritySet(nine, priority=3), PrioritySet(ten, priority=1)],
    )
    for as_of in (nine, ten):
        called = [
            f"{each.kind} to {each.notify[0]}"
            for each in due(ladder, desk.assess(incident, as_of=as_of))
        ]
        print(f"{as_of:%H:%M}:", *called or ["nobody"])


def people_of_several_teams() -> None:
    """People of several teams take roles; the team ends when the major incident is stood down."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Person, records
    from itilkit.events import Logged, MajorDeclared, RoleTaken, StoodDown

    two = datetime(2026, 3, 2, 2, tzinfo=UTC)
    people = {
        "incident_manager": Person("quinn", organisation="Service desk"),
        "technical_lead": Person("ola", organisation="Platform"),
        "sme": Person("bo", organisation="Network"),
        "communications_manager": Person("pia", organisation="Service desk"),
    }
    taken = [RoleTaken(two, role=role, person=person) for role, person in people.items()]
    incident = Incident(
        "INC1",
        [
            Logged(two),
            MajorDeclared(two, "quinn"),
            *taken,
            StoodDown(two + timedelta(hours=3)),
        ],
    )
    team = records.roles(incident.events)
    for at in (two, two + timedelta(hours=3)):
        now = [each.person for each in team if each.holds(at)]
        print(
            f"{at:%H:%M}: {len(now)} people of {len({person.organisation for person in now})} teams"
        )


def war_room() -> None:
    """Where people meet is told with the declaration, and again when it moves; the call itself is made elsewhere."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, lifecycle, major_incidents
    from itilkit.events import Logged, MajorDeclared, WarRoomOpened

    two = datetime(2026, 3, 2, 2, tzinfo=UTC)
    three = two + timedelta(hours=1)
    declared = MajorDeclared(
        two, "quinn", reason="Half of all orders fail", war_room="bridge 4, ext. 99"
    )
    incident = Incident(
        "INC1",
        [Logged(two), declared, WarRoomOpened(three, "quinn", war_room="room 2.17")],
    )
    for as_of in (two, three):
        found = major_incidents.standing(
            lifecycle.replay(incident, lifecycle.SIMPLE, as_of=as_of)
        )
        assert found is not None
        print(f"{as_of:%H:%M} {found.reason}: meet at {found.war_room}")


def handed_to_other_practices() -> None:
    """A problem takes over the cause, a change the repair; the incident names both."""
    from datetime import UTC, datetime

    from itilkit import Incident, records
    from itilkit.events import Linked, Logged, Resolved

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    handed = [
        Linked(at, kind="problem", to="PRB7"),
        Linked(at, kind="change", to="CHG12"),
    ]
    found = records.links(Incident("INC1", [Logged(at), Resolved(at), *handed]).events)
    print(f"cause: {found.problem}, repair: {found.change}")


def one_door() -> None:
    """Whatever nobody else asks for comes to the desk; a route behind that one would never be asked."""
    from itilkit.conditions import Eq
    from itilkit.incident_models import Route, lint_routes, route

    house = [Route("service_desk"), Route("printers", Eq("category", "printer"))]
    print("anything:", route(house, {"title": "It beeps"}).group)
    print(*lint_routes(house))
