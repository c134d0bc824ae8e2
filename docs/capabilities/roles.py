"""Who has a part in it? One function is one example."""


def who_leads() -> None:
    """Quinn declares it and leads until six, then Rosa: exactly one incident manager at any instant."""
    from datetime import UTC, datetime

    from itilkit import Accepted, Incident, lifecycle, major_incidents
    from itilkit.events import Logged

    def at(hour: int) -> datetime:
        return datetime(2026, 3, 2, hour, tzinfo=UTC)

    logged = Incident("INC1", [Logged(at(2), title="No orders")])
    declared = major_incidents.declare(
        logged, at(2), "quinn", incident_manager="quinn", reason="No orders"
    )
    assert isinstance(declared, Accepted)
    handed = major_incidents.hand_over(declared.incident, at(6), "quinn", to="rosa")
    assert isinstance(handed, Accepted)
    seen = major_incidents.standing(
        lifecycle.replay(handed.incident, lifecycle.SIMPLE, as_of=at(9))
    )
    assert seen is not None
    for hour in (3, 7):
        print(
            f"{hour:02}:00: {' and '.join(map(str, seen.holders('incident_manager', at(hour))))}"
        )


def what_the_commander_costs() -> None:
    """An incident commander leads people of several teams for two hours; a specialist joins for one."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Logged, MajorDeclared, RoleTaken, StoodDown
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    two, three, four = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (2, 3, 4))
    response = (
        MajorDeclared(two, reason="No orders"),
        RoleTaken(two, role="incident_manager", person="quinn"),
        RoleTaken(three, role="sme", person="bo"),
        StoodDown(four),
    )
    case = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(
        Incident("INC1", [Logged(two), *response]), as_of=four
    )
    rates = kpi.response_cost(
        per_hour=100, currency="EUR", factors={"incident_manager": 2}
    )
    print(f"EUR {kpi.measure([case], rates).one(statistic='total').value:g}")


def the_team() -> None:
    """Who has which role now: one technical lead takes over from another, experts are several."""
    from datetime import UTC, datetime

    from itilkit import Incident, Person, records
    from itilkit.events import Logged, RoleTaken

    at = datetime(2026, 3, 2, 2, tzinfo=UTC)
    names = [
        ("coordinator", "Rosa"),
        ("technical_lead", "Ida"),
        ("technical_lead", "Ola"),
        ("sme", "Bo"),
        ("sme", "Cy"),
    ]
    taken = [
        RoleTaken(at, role=role, person=Person(name.lower(), name=name))
        for role, name in names
    ]
    incident = Incident("INC1", [Logged(at), *taken])
    for each in records.roles(incident.events):
        if each.end is None:
            print(f"{each.role}: {each.person}")


def who_has_to_act() -> None:
    """The shipped model of a hypervisor failure: who answers for what comes next."""
    from datetime import UTC, datetime

    from itilkit import Calendar, Incident, lifecycle
    from itilkit.events import Logged, MajorDeclared, ModelAttached
    from itilkit.incident_models import digest, progress, shipped

    model = shipped("hypervisor_failure")
    at = datetime(2026, 3, 2, 2, tzinfo=UTC)
    opened = Incident(
        "INC1",
        [
            Logged(at),
            ModelAttached(at, model=model.id, version="1", digest=digest(model)),
        ],
    )
    for incident in (
        opened,
        opened.appended(MajorDeclared(at, "sam", reason="Half of the nodes are down")),
    ):
        seen = lifecycle.replay(incident, lifecycle.ITIL4_DEFAULT, as_of=at)
        office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
        print("can act now:", *progress(model, seen, calendar=office).responsible)


def lines_of_support() -> None:
    """What a ticket costs that is solved at the first, second or third line: costs add up along the way."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Assigned, Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3
    from itilkit.records import Group

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    groups = [
        Group("desk", support_level=1),
        Group("messaging", support_level=2),
        Group("database", support_level=3),
    ]
    log: list[Incident] = []
    for reached in (1, 2, 3):
        path = [Assigned(at, group=group.id) for group in groups[:reached]]
        log.append(Incident(f"INC{reached}", [Logged(at), *path, Resolved(at)]))
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at)
    rates = kpi.cost_per_ticket(
        costs={1: 900, 2: 600, 3: 800}, groups=groups, currency="EUR"
    )
    for measure in kpi.measure(cases, rates):
        print(
            f"{measure.statistic}: EUR {measure.value:g} for {measure.n} that came so far"
        )


def waiting_for_the_supplier() -> None:
    """A supplier has a contract; how long it kept the incident waiting is read from the history."""
    from datetime import UTC, datetime

    from itilkit import HoldReason, Incident, lifecycle
    from itilkit.events import Held, Logged, Resumed, Started
    from itilkit.records import Group, Supplier

    def at(hour: int, minute: int) -> datetime:
        return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)

    hoster = Supplier("hoster", "Hoster Ltd", contract="UC-7")
    outside = Group("hoster_noc", support_level=4, contact="+44 20 7946 0000")
    waited = Held(at(9, 30), "ann", reason="awaiting_supplier", reference="HX-1")
    incident = Incident(
        "INC1",
        [Logged(at(9, 0)), Started(at(9, 5), "ann"), waited, Resumed(at(10, 20))],
    )
    seen = lifecycle.replay(incident, lifecycle.PERMISSIVE, as_of=at(11, 0))
    assert HoldReason.AWAITING_SUPPLIER in seen.hold_reasons
    held = next(visit for visit in lifecycle.visits(seen) if visit.name == "on_hold")
    print(
        f"{hoster.name} ({hoster.contract}, level {outside.support_level}): {held.duration}"
    )


def teams_asked() -> None:
    """Other teams are asked without getting the incident; their people join as liaisons."""
    from datetime import UTC, datetime

    from itilkit import Incident, Person, lifecycle
    from itilkit.events import Assigned, Logged, RoleTaken

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    teams = ["Facilities", "Access", "Change enablement"]
    asked = [
        RoleTaken(at, role="liaison", person=Person(f"p{n}", organisation=team))
        for n, team in enumerate(teams)
    ]
    incident = Incident("INC1", [Logged(at), Assigned(at, group="desk"), *asked])
    seen = lifecycle.replay(incident, lifecycle.SIMPLE, as_of=at)
    consulted = ", ".join(
        event.person.organisation for event in seen.events if isinstance(event, RoleTaken)
    )
    print(f"consulted: {consulted}; it stays with {seen.assignment.group}")


def problem_manager() -> None:
    """What comes twice is handed to the problem manager as one problem."""
    from datetime import UTC, datetime

    from itilkit import Incident
    from itilkit.events import Linked, Logged, RoleTaken
    from itilkit.records import Problem, links

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    again = [
        Incident(number, [Logged(at, title="Mail queue is full")])
        for number in ("INC3", "INC8")
    ]
    problem = Problem(
        "PRB1",
        "Mail queue fills up",
        incidents=[incident.number for incident in again],
    )
    pat = RoleTaken(at, role="problem_manager", person="pat")
    handed = [
        incident.appended(pat, Linked(at, "pat", kind="problem", to=problem.id))
        for incident in again
    ]
    print(
        f"{pat.role} {pat.person}:",
        *(f"{each.number} -> {links(each.events).problem}" for each in handed),
    )


def called_in_from_above() -> None:
    """Who is called in when time runs out: operations at three quarters, executives at the limit."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Agreement, Calendar, Incident, Policy, Target
    from itilkit.escalation import Ladder, Rung
    from itilkit.events import Logged, PrioritySet
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    operations = Rung("75% of resolution", "it_operations_manager", kind="hierarchical")
    board = Rung(
        "100% of resolution", ["it_manager", "executive_sponsor"], kind="hierarchical"
    )
    target, always = (
        Target(1, {"resolution": timedelta(hours=4)}),
        Calendar.round_the_clock("UTC"),
    )
    ladder = Ladder("Gold", [operations, board])
    gold = Agreement("Gold", [target], calendar=always, escalate=ladder)
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3, agreements=[gold])
    nine, two = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 14))
    incident = Incident("INC1", [Logged(nine), PrioritySet(nine, priority=1)])
    for due in desk.due(desk.assess(incident, as_of=two)):
        print(f"{due.at:%H:%M}: {' and '.join(due.notify)}")


def teams_with_a_speciality() -> None:
    """Groups are data: monitoring's alerts go to the NOC, clouds to their administrators, disasters to their team."""
    from itilkit.conditions import Eq, In
    from itilkit.incident_models import Route, route
    from itilkit.records import Group

    noc = Group("noc", "Network operations centre", support_level=1, members=["noor"])
    clouds = Group("cloud_admins", "Cloud and network administrators", support_level=3)
    recovery = Group("recovery_team", "Disaster recovery team", support_level=3)
    house = [
        Route(noc.id, Eq("channel", "monitoring"), level=noc.support_level),
        Route(recovery.id, Eq("subcategory", "site lost"), level=3),
        Route(clouds.id, In("category", ["cloud", "network"]), level=3),
    ]
    print(
        "an alert:",
        route(house, {"channel": "monitoring", "category": "network"}).group,
    )
    print("a cloud:", route(house, {"category": "cloud"}, level=3).group)
    print(
        "a fire:",
        route(house, {"category": "cloud", "subcategory": "site lost"}, level=3).group,
    )


def user_customer_requester() -> None:
    """Ann writes down what Ben reports; Acme pays."""
    from datetime import UTC, datetime

    from itilkit import Incident, Person, lifecycle
    from itilkit.events import Logged

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    ben = Person("ben", name="Ben", organisation="Acme payroll")
    incident = Incident("INC1", [Logged(at, "ann", reporter=ben)], customer="Acme")
    seen = lifecycle.replay(incident, lifecycle.SIMPLE, as_of=at)
    known = lifecycle.situations(seen)[-1]
    print(
        f"user {known['reporter.name']}, customer {known['customer']}, written by {incident.logged.by}"
    )


def audiences() -> None:
    """Management hears every hour, stakeholders every half hour, for as long as it is a P1."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy
    from itilkit.escalation import Cadence
    from itilkit.events import Logged, PrioritySet
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    cadences = [
        Cadence(timedelta(minutes=30), "stakeholders", priorities=1),
        Cadence(timedelta(hours=1), "management", priorities=1, to="incident_manager"),
    ]
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3, cadences=cadences)
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    case = desk.assess(
        Incident("INC1", [Logged(nine), PrioritySet(nine, priority=1)]),
        as_of=nine + timedelta(hours=2),
    )
    for due in desk.due(case):
        print(f"{due.at:%H:%M} {due.notify[0]}: {due.why.partition(',')[0]}")


def who_took_part_in_the_review() -> None:
    """The process owner and quality management sit at the table, and answer for what is to be done."""
    from datetime import UTC, date, datetime

    from itilkit import Person
    from itilkit.reviews import ActionItem, PostIncidentReview

    owner = Person("mo", name="Mo", organisation="Process owner")
    quality = Person("kim", name="Kim", organisation="Quality management")
    review = PostIncidentReview(
        id="PIR-1",
        incident="INC1",
        held_at=datetime(2026, 3, 9, 10, tzinfo=UTC),
        attendees=[owner, quality, "ola"],
        actions=[
            ActionItem("Tighten the guard on closing", owner.name, due=date(2026, 4, 30))
        ],
    )
    print(
        *(
            f"{each} ({each.organisation or 'no organisation told'})"
            for each in review.attendees
        ),
        sep=", ",
    )
    print(*(f"{each.owner}: {each.what}" for each in review.actions))
