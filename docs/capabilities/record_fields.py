"""What stands in the record of an incident? One function is one example."""


def identity() -> None:
    """A number, which the tool gives; the length of the history is the version of the record."""
    from datetime import UTC, datetime

    from itilkit import Incident, RecordError
    from itilkit.events import Logged, Noted

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    incident = Incident("INC42", [Logged(at)])
    print(
        f"{incident.number}, version {incident.version} -> {incident.appended(Noted(at)).version}"
    )
    try:
        Incident("", [Logged(at)])
    except RecordError as error:
        print(error)


def the_caller() -> None:
    """Who is affected, and where they can be called back."""
    from datetime import UTC, datetime

    from itilkit import Incident, Person, lifecycle
    from itilkit.events import Logged

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    ben = Person(
        "ben", name="Ben Ode", organisation="Payroll", vip=True, contact="ext. 4711"
    )
    incident = Incident("INC1", [Logged(at, "ann", reporter=ben)], site="Leeds")
    seen = lifecycle.replay(incident, lifecycle.ITIL4_DEFAULT, as_of=at)
    known = lifecycle.situations(seen)[-1]
    vip = "VIP" if known["reporter.vip"] else "not a VIP"
    caller = incident.logged.reporter
    assert caller is not None
    print(
        f"{caller}, {known['reporter.organisation']}, {known['site']}, {vip}: {caller.contact}"
    )


def symptoms() -> None:
    """The title is searched by conditions, and so is what the house writes down beside it."""
    from itilkit.conditions import INCIDENT, AllOf, Like, explain

    house = INCIDENT.having({"symptoms": str})
    slow = AllOf([Like("title", "*log in*"), Like(house.field("symptoms"), "*time*out*")])
    print(
        explain(
            slow,
            {"title": "Cannot log in", "symptoms": "A time-out after 30 seconds"},
        )
    )


def affected_services() -> None:
    """From the component that failed to the service, and to the agreement that holds for it."""
    from datetime import UTC, datetime

    from itilkit import Incident, lifecycle
    from itilkit.events import Classified, Logged
    from itilkit.records import ConfigurationItem, Service

    shop = Service("shop", "Web shop", criticality=1, sla="Gold")
    web = ConfigurationItem("web1", "Web server 1", ci_class="server", service=shop.id)
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    hit = Classified(at, configuration_item=web.id, service=web.service)
    seen = lifecycle.replay(
        Incident("INC1", [Logged(at), hit]), lifecycle.SIMPLE, as_of=at
    )
    known = seen.fields[-1]
    print(
        f"{known['configuration_item']} carries {known['service']}, criticality {shop.criticality}, {shop.sla}"
    )


def priority_and_severity() -> None:
    """Priority is what the desk works by; a severity is a scale of the house's own."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy
    from itilkit.events import Classified, Logged, PrioritySet
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3
    from itilkit.vocabulary import Scale

    severity = Scale("Severity", ["Sev 1", "Sev 2", "Sev 3"])
    desk = Policy(
        "Desk", lifecycle=SIMPLE, matrix=ITIL_3X3, fields={"severity": severity}
    )
    at, level = datetime(2026, 3, 2, 9, tzinfo=UTC), severity.level("sev-2")
    facts = Classified(at, impact=2, urgency=2, fields={"severity": level})
    by_hand = PrioritySet(at, "quinn", priority=1, reason="The minister is in the house")
    print(
        desk.why_priority(
            Incident("INC1", [Logged(at), facts, by_hand]), as_of=at
        ).explain()
    )
    print(f"{severity.name} {level} of {len(severity)} is {severity.label(level)}")


def when_it_happened() -> None:
    """It broke at 02:00, was seen at 08:30 and reported at 09:00: three instants, not one."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Classified, Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    def at(hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)

    told = Classified(at(9), fields={"occurred_at": at(2), "detected_at": at(8, 30)})
    case = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(
        Incident("INC1", [Logged(at(9)), told]), as_of=at(9)
    )
    unseen = kpi.measure([case], kpi.mean_time_to_detect()).one()
    unreported = kpi.measure([case], kpi.time_between("detected", "opened", "mean")).one()
    print(f"unseen for {unseen.value}, seen and not reported for {unreported.value}")


def where_it_came_from() -> None:
    """A source says what it cannot tell; a figure that needs it is not recorded, and never zero."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, Source, kpi
    from itilkit.events import Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    export = Source("old tool", lacks=["agent_reply"])
    incident = Incident(
        "INC1", [Logged(at, channel="email"), Resolved(at)], source=export
    )
    case = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(incident, as_of=at)
    found = kpi.measure([case], kpi.mean_time_to_respond()).one()
    print(
        f"{incident.source.name}, by {incident.logged.channel}: {found.value}, {dict(found.left_out)}"
    )


def type_of_record() -> None:
    """A request that was filed as an incident is told by its kind, and does not count as one."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Classified, Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    kinds = {"INC1": "incident", "INC2": "service_request", "INC3": "incident"}
    log = [
        Incident(number, [Logged(at), Classified(at, fields={"kind": kind})])
        for number, kind in kinds.items()
    ]
    cases = list(
        Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at)
    )
    for definition in (kpi.volume(), kpi.volume().including("request")):
        found = kpi.measure(cases, definition).one()
        print(f"{found.value} incidents, left out {dict(found.left_out)}")


def who_and_what_is_affected() -> None:
    """How many people, which component, how badly: facts that rules ask about."""
    from itilkit.conditions import AllOf, Ge, In, Le, explain

    severe = AllOf(
        [
            Le("impact", 2),
            Ge("affected_users", 100),
            In("configuration_item", ["core-switch", "san1"]),
        ]
    )
    print(
        explain(
            severe, {"impact": 1, "affected_users": 340, "configuration_item": "san1"}
        )
    )


def urgency() -> None:
    """The same fault becomes urgent when payroll has to run this afternoon."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, Urgency
    from itilkit.events import Classified, Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    nine, three = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 15))
    incident = Incident(
        "INC1",
        [
            Logged(nine, title="Payroll does not start"),
            Classified(nine, impact=2, urgency=Urgency.LOW),
            Classified(three, urgency=Urgency.HIGH),
        ],
    )
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3)
    for as_of in (nine, three):
        seen = desk.assess(incident, as_of=as_of).timeline
        print(f"{as_of:%H:%M}: urgency {seen.urgency}, P{seen.priority}")


def for_good_or_for_now() -> None:
    """The code says whether the fault is gone; a link says which workaround was used."""
    from datetime import UTC, datetime

    from itilkit import records
    from itilkit.events import Linked, Logged, Resolved

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    patched = (Logged(at), Resolved(at, code="solution_provided"))
    helped = (
        Logged(at),
        Linked(at, kind="workaround", to="WA3"),
        Resolved(at, code="workaround_provided"),
    )
    for history in (patched, helped):
        found = records.resolution(history)
        assert found is not None
        print(f"{found.code}: workaround {found.workaround}, for good: {found.permanent}")


def root_cause() -> None:
    """It belongs to the problem and is found later; nobody needs it to resolve the incident."""
    from itilkit.lifecycle import ITIL4_DEFAULT
    from itilkit.records import KnownError, Problem

    resolve = next(row for row in ITIL4_DEFAULT.transitions if row.trigger == "resolve")
    print("to resolve an incident takes", *resolve.requires)
    known = KnownError(
        "KE4", "PRB7", symptoms="Queue grows", root_cause="A leak in the mail filter"
    )
    problem = Problem(
        "PRB7",
        status="known_error",
        root_cause=known.root_cause,
        known_error=known.id,
    )
    print(f"{problem.id} ({problem.status}): {problem.root_cause}")
