"""Models, knowledge and automation. One function is one example."""


def a_model() -> None:
    """The shipped model of a locked account: who is meant by it, what is done, and until when."""
    from datetime import UTC, datetime

    from itilkit import Calendar
    from itilkit.incident_models import match, plan, shipped

    model = shipped("locked_account")
    found = match(
        [model, shipped("database_error")],
        {"category": "access", "subcategory": "locked account"},
    )
    print(*(each.model.name for each in found), sep=", ")
    office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
    for each in plan(model, datetime(2026, 3, 2, 9, tzinfo=UTC), office).steps:
        print(f"{each.starts_at:%H:%M}-{each.ends_at:%H:%M} {each.step.title}")


def a_workaround_in_time() -> None:
    """An agreement may promise a workaround before the resolution; this one restores a part, for a while."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Agreement, Calendar, Incident, Policy, Target
    from itilkit.events import Linked, Logged, PrioritySet
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3
    from itilkit.records import Workaround

    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    spare = Workaround(
        "WA3",
        "Use the spare printer",
        steps=["Pick printer 2"],
        restores="partial",
        valid_until=nine + timedelta(days=7),
    )
    promise = Target(
        2, {"workaround": timedelta(hours=2), "resolution": timedelta(hours=8)}
    )
    gold = Agreement("Gold", [promise], calendar=Calendar.round_the_clock("UTC"))
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3, agreements=[gold])
    used = Linked(nine + timedelta(hours=1), "ann", kind="workaround", to=spare.id)
    incident = Incident("INC1", [Logged(nine), PrioritySet(nine, priority=2), used])
    readings = desk.assess(incident, as_of=nine + timedelta(hours=3)).readings
    print(
        f"{spare.title} ({spare.restores}): {readings['workaround'].outcome}, after {readings['workaround'].elapsed}"
    )
    print(f"resolution: {readings['resolution'].outcome}")


def known_before() -> None:
    """How many incidents showed an error that was known before they were opened?"""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Linked, Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3
    from itilkit.records import KnownError

    def at(day: int) -> datetime:
        return datetime(2026, 3, day, tzinfo=UTC)

    leak = KnownError(
        "KE4",
        "PRB7",
        symptoms="Queue grows",
        workaround="WA3",
        match_keys=["queue full", "4.7.1"],
    )
    log = [
        Incident(
            f"INC{day}",
            [Logged(at(day)), Linked(at(day), kind="known_error", to=leak.id)],
        )
        for day in (1, 5, 9)
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(
        [*log, Incident("INC0", [Logged(at(9))])], as_of=at(10)
    )
    found = kpi.measure(
        cases, kpi.known_error_match_rate(known_since={leak.id: at(4)})
    ).one()
    print(f"{found.parts['counted']} of {found.n} showed what was known before")


def articles_that_help() -> None:
    """A model names the articles for its kind of incident by address; the agent sees them when it matches."""
    from itilkit.conditions import Eq
    from itilkit.incident_models import IncidentModel, ModelStep, match

    help_centre = "https://help.example.org/hc/en-gb/articles"
    vpn = IncidentModel(
        "vpn",
        "VPN does not connect",
        [ModelStep("follow", "Follow the article", owner="service_desk_agent")],
        when=Eq("category", "vpn"),
        knowledge=[f"{help_centre}/360001", "KB0012"],
    )
    for found in match([vpn], {"category": "vpn"}):
        print(f"{found.model.name}: read", " and ".join(found.model.knowledge))


def overnight() -> None:
    """What comes in at night is triaged by a job: each proposed event is decided on and kept."""
    from datetime import UTC, datetime

    from itilkit import Accepted, Incident, Policy
    from itilkit.conditions import Eq
    from itilkit.events import Classified, Logged
    from itilkit.incident_models import Route
    from itilkit.lifecycle import ITIL4_DEFAULT
    from itilkit.priority import ITIL_3X3

    routes = [Route("network", Eq("category", "network")), Route("service_desk")]
    desk = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, routes=routes)
    at = datetime(2026, 3, 2, 3, tzinfo=UTC)
    for number, category in {"INC1": "network", "INC2": "printer"}.items():
        incident = Incident(
            number,
            [Logged(at), Classified(at, category=category, impact=2, urgency=2)],
        )
        for event in desk.triage(incident, at=at).events:
            decision = desk.decide(incident, event)
            assert isinstance(decision, Accepted)
            incident = decision.incident
        seen = desk.assess(incident, as_of=at).timeline
        print(f"{number}: {seen.status}, {seen.assignment.group}, P{seen.priority}")


def figures_that_explain_themselves() -> None:
    """A figure brings its definition, what it rests on and what was left out: text for the report of the month."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Cancelled, Logged, Resolved
    from itilkit.lifecycle import PERMISSIVE
    from itilkit.priority import ITIL_3X3

    nine, eleven = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 11))
    log = [
        Incident("INC1", [Logged(nine), Resolved(eleven)]),
        Incident("INC2", [Logged(nine)]),
        Incident("INC3", [Logged(nine), Cancelled(nine, reason="A test")]),
    ]
    cases = Policy("Desk", lifecycle=PERMISSIVE, matrix=ITIL_3X3).assess_all(
        log, as_of=eleven
    )
    print(kpi.measure(cases, kpi.mean_time_to_resolve()).one().explain())


def workflow() -> None:
    """A house writes its own workflow as a table; the next steps, and what each still needs, are read from it."""
    from datetime import UTC, datetime

    from itilkit import Incident
    from itilkit.events import Logged, Started
    from itilkit.lifecycle import Lifecycle, permitted

    house = Lifecycle.from_data(
        {
            "name": "Field service",
            "states": [
                {"name": "open", "status": "new"},
                {"name": "on site", "status": "in_progress"},
                {"name": "done", "status": "resolved"},
            ],
            "transitions": [
                {"trigger": "start", "sources": "open", "target": "on site"},
                {
                    "trigger": "resolve",
                    "sources": "on site",
                    "target": "done",
                    "requires": ["code", "resolver"],
                },
            ],
        }
    )
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for step in permitted(
        Incident("INC1", [Logged(at), Started(at, "eve")]), house, at=at
    ):
        print(f"{step.label} -> {step.target}, needs {' and '.join(step.missing)}")


def for_a_dashboard() -> None:
    """A picture is a value: a sentence, its rows for any chart tool, and an SVG for a page."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy, plots
    from itilkit.events import Classified, Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    found = ["network", "mail", "network", "network"]
    log = [
        Incident(
            f"INC{n}",
            [
                Logged(start + timedelta(days=n)),
                Classified(start + timedelta(days=n), category=category),
            ],
        )
        for n, category in enumerate(found)
    ]
    cases = list(
        Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(
            log, as_of=start + timedelta(days=9)
        )
    )
    picture = plots.pareto(cases, by="category")
    for row in picture.to_rows():
        print(
            f"{row['name']}: {row['incidents']} incidents, {row['cumulative']:.0%} up to here"
        )
    drawing = picture.to_svg()
    print(f"{picture.title}: {drawing[:4]} ... {drawing[-6:]}")


def audit_trail() -> None:
    """For an auditor: every event with its author, and each step that the rules did not permit."""
    from datetime import UTC, datetime

    from itilkit import Incident, lifecycle
    from itilkit.events import Closed, Logged, Resolved

    def at(hour: int) -> datetime:
        return datetime(2026, 3, 2, hour, tzinfo=UTC)

    kept = Incident(
        "INC1", [Logged(at(9), "ann"), Resolved(at(10), "ann"), Closed(at(11), "bo")]
    )
    hasty = Incident("INC2", [Logged(at(9), "ann"), Closed(at(9), "ann")])
    for event in kept.events:
        print(
            f"{kept.number} {event.at.isoformat()} {type(event).__name__} by {event.by}"
        )
    seen = [
        lifecycle.replay(each, lifecycle.SIMPLE, as_of=at(12), strict=False)
        for each in (kept, hasty)
    ]
    found = lifecycle.conformance(seen, lifecycle.SIMPLE)
    print(f"not permitted: {found.illegal}")


def everything_it_is_tied_to() -> None:
    """The item that failed, the change that broke it, the problem, the known error, the workaround."""
    from datetime import UTC, datetime

    import attrs

    from itilkit import Incident, records
    from itilkit.events import Classified, Linked, Logged

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    ties = [
        Linked(at, kind="caused_by_change", to="CHG12"),
        Linked(at, kind="problem", to="PRB7"),
        Linked(at, kind="known_error", to="KE4"),
        Linked(at, kind="workaround", to="WA3"),
    ]
    incident = Incident(
        "INC1", [Logged(at), Classified(at, configuration_item="web1"), *ties]
    )
    found = attrs.asdict(records.links(incident.events))
    print(", ".join(f"{kind} {number}" for kind, number in found.items() if number))


def where_it_stands() -> None:
    """How long it stood where, and where it stands now."""
    from datetime import UTC, datetime

    from itilkit import Incident, lifecycle
    from itilkit.events import Assigned, Logged, Resolved, Started

    def at(hour: int, minute: int) -> datetime:
        return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)

    path = (
        Assigned(at(9, 10), group="desk"),
        Started(at(9, 25), "ann"),
        Resolved(at(11, 0), "ann"),
    )
    seen = lifecycle.replay(
        Incident("INC1", [Logged(at(9, 0)), *path]),
        lifecycle.PERMISSIVE,
        as_of=at(12, 0),
    )
    for visit in lifecycle.visits(seen):
        print(f"{visit.name}: {visit.duration}{' so far' if visit.goes_on else ''}")


def alerts_of_two_systems() -> None:
    """Two tools see the same outage: what concerns one service within ten minutes belongs together."""
    from datetime import UTC, datetime, timedelta

    from itilkit.matching import correlate
    from itilkit.records import MonitoringEvent

    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def alert(
        tool: str, key: str, minute: int, title: str, service: str
    ) -> MonitoringEvent:
        at = nine + timedelta(minutes=minute)
        return MonitoringEvent(
            tool,
            key,
            dedup_key=key,
            status="firing",
            severity="error",
            title=title,
            service=service,
            started_at=at,
        )

    alerts = [
        alert("zabbix", "z1", 0, "web1 does not answer", "shop"),
        alert("datadog", "d1", 3, "Orders fell by half", "shop"),
        alert("zabbix", "z2", 4, "Printer 7 is out of paper", "printing"),
    ]
    for group in correlate(alerts, by="service", within=timedelta(minutes=10)):
        tools = " and ".join(event.source for event in group.events)
        print(f"{tools}: {group.explain()}")


def alerts_at_night() -> None:
    """A job at six: what is over by itself is left alone, what is still open becomes an incident."""
    from datetime import UTC, datetime, timedelta

    from itilkit.matching import correlate
    from itilkit.records import AlertStatus, MonitoringEvent

    def told(minute: int, key: str, status: AlertStatus, title: str) -> MonitoringEvent:
        at = datetime(2026, 3, 2, 2, minute, tzinfo=UTC)
        number = f"{key}/{minute}"
        return MonitoringEvent(
            "nagios", number, dedup_key=key, status=status, title=title, occurred_at=at
        )

    night = [
        told(0, "load/app1", "firing", "High load"),
        told(1, "disk/db1", "firing", "Disk is full"),
        told(5, "load/app1", "resolved", "Load is normal"),
    ]
    for group in correlate(night, by="dedup_key", within=timedelta(hours=1)):
        opened = (
            group.to_incident("INC1").logged.title
            if group.is_open
            else "nothing, it is over"
        )
        print(f"{group.alerts[0]}: {opened}")
