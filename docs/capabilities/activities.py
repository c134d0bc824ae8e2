"""What is done with an incident, from detection to review? One function is one example."""


def who_found_it() -> None:
    """Who found it is a field of the record, and by which way it came another one."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Classified, Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    seen = [
        ("phone", "user"),
        ("supplier", "supplier"),
        ("portal", "user"),
        ("monitoring", "monitoring"),
    ]
    log = [
        Incident(
            f"INC{n}",
            [Logged(at, channel=way), Classified(at, fields={"detected_by": who})],
        )
        for n, (way, who) in enumerate(seen)
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at)
    for measure in kpi.measure(cases, kpi.volume(), by=["detected_by", "channel"]):
        print(
            f"{measure.group['detected_by']}, by {measure.group['channel']}: {measure.value}"
        )


def no_incident_after_all() -> None:
    """A report turns out to be none: it is cancelled with the reason, and the figures leave it out."""
    from datetime import UTC, datetime

    from itilkit import Accepted, Incident, Policy, kpi
    from itilkit.events import Cancelled, Logged
    from itilkit.lifecycle import ITIL4_DEFAULT
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    desk = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3)
    report = Incident("INC1", [Logged(at, title="I cannot print", reporter="ben")])
    print(desk.decide(report, Cancelled(at, "ann")))

    decision = desk.decide(
        report, Cancelled(at, "ann", reason="The printer was switched off")
    )
    assert isinstance(decision, Accepted)
    measure = kpi.measure([desk.assess(decision.incident, as_of=at)], kpi.volume()).one()
    print(f"incidents: {measure.value}, left out: {dict(measure.left_out)}")


def a_logged_call() -> None:
    """All that a desk takes down when somebody calls."""
    from datetime import UTC, datetime

    from itilkit import Incident, Person, lifecycle
    from itilkit.events import Classified, Logged

    at = datetime(2026, 3, 2, 9, 4, tzinfo=UTC)
    ben = Person("ben", name="Ben", organisation="Payroll")
    logged = Logged(
        at, "ann", title="Invoices do not print", reporter=ben, channel="phone"
    )
    symptoms = {
        "symptoms": "Error 49 on every page",
        "affected_services": "invoicing, printing",
    }
    incident = Incident(
        "INC42", [logged, Classified(at, "ann", service="invoicing", fields=symptoms)]
    )

    seen = lifecycle.replay(incident, lifecycle.ITIL4_DEFAULT, as_of=at)
    known = lifecycle.situations(seen)[-1]
    for name in (
        "reporter",
        "reporter.organisation",
        "opened_at",
        "channel",
        "symptoms",
        "affected_services",
    ):
        print(f"{name}: {known[name]}")


def just_enough() -> None:
    """A number and an instant make a record; what is asked for later, each step says when it comes."""
    from datetime import UTC, datetime

    from itilkit import Incident, lifecycle
    from itilkit.events import Logged

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for step in lifecycle.permitted(
        Incident("INC1", [Logged(at)]), lifecycle.ITIL4_DEFAULT, at=at
    ):
        print(f"{step.label}: {', '.join(step.missing)}")


def categories_of_the_house() -> None:
    """The house lists its categories; a rule that misspells one is refused when it is written."""
    from itilkit.conditions import INCIDENT, from_data
    from itilkit.errors import PolicyError

    kinds = ["hardware", "software", "network", "security"]
    house = INCIDENT.having({"category": kinds, "type": ["fault", "outage"]})
    print(from_data({"category": "Network", "type": "outage"}, schema=house))
    try:
        from_data({"category": "netwrok"}, schema=house, path="routing[0].when")
    except PolicyError as error:
        print(error)


def matrix() -> None:
    """Impact goes down the rows, urgency along the columns."""
    from itilkit import Impact, Urgency
    from itilkit.priority import ITIL_3X3

    for impact in Impact:
        row = (
            ITIL_3X3.priority_of(impact=impact, urgency=urgency) for urgency in Urgency
        )
        print(f"{impact.name:6}", *(f"P{priority}" for priority in row))


def classified_again() -> None:
    """After diagnosis more people turn out to be affected: priority and due time follow, and both stay on record."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Agreement, Calendar, Incident, Policy, Target
    from itilkit.events import Classified, Logged
    from itilkit.lifecycle import ITIL4_DEFAULT
    from itilkit.priority import ITIL_3X3

    targets = [
        Target(4, {"resolution": timedelta(hours=8)}),
        Target(2, {"resolution": timedelta(hours=4)}),
    ]
    gold = Agreement("Gold", targets, calendar=Calendar.round_the_clock("UTC"))
    desk = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[gold])
    nine, ten = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10))
    incident = Incident(
        "INC1",
        [
            Logged(nine),
            Classified(nine, impact=3, urgency=2),
            Classified(ten, impact=1),
        ],
    )
    for as_of in (nine, ten):
        case = desk.assess(incident, as_of=as_of)
        due_at = case.readings["resolution"].due_at
        print(
            f"{as_of:%H:%M}: P{case.timeline.priority}, due {due_at:%H:%M}, was {case.timeline.priorities}"
        )


def who_handles_it() -> None:
    """The first route that holds names the group; the level tells whom to call in next."""
    from itilkit.conditions import Eq
    from itilkit.incident_models import Route, route

    house = [
        Route(
            "vip_desk",
            Eq("reporter.vip", value=True),
            because="the board has a desk of its own",
        ),
        Route("service_desk"),
        Route("database", Eq("category", "database"), level=2),
    ]
    for situation in ({"reporter.vip": True}, {"category": "database"}):
        first, second = (route(house, situation, level=level).group for level in (1, 2))
        print(f"{situation}: first {first}, then {second}")


def routed_by_category() -> None:
    """A table of categories and groups, as a policy file has it, and why a call went where it went."""
    from itilkit.incident_models import route, routes_from_data

    routing = routes_from_data(
        [
            {"group": "network_team", "when": {"category": "network"}},
            {
                "group": "facilities",
                "when": {"category": ["heating", "doors"]},
                "because": "they have the keys",
            },
            {"group": "service_desk"},
        ]
    )
    print(route(routing, {"category": "doors"}).explain())


def first_line_diagnosis() -> None:
    """The desk looks first; what it can solve does not travel."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Assigned, Logged, Noted, Resolved, Started
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3
    from itilkit.records import Group

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    desk, network = Group("desk", support_level=1), Group("network", support_level=2)
    looked = (
        Logged(at),
        Assigned(at, group=desk.id, assignee="ann"),
        Started(at, "ann"),
    )
    solved = Incident(
        "INC1",
        [*looked, Noted(at, "ann", text="Cable was loose"), Resolved(at, "ann")],
    )
    passed_on = Incident(
        "INC2", [*looked, Assigned(at, group=network.id), Resolved(at, "bo")]
    )
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(
        [solved, passed_on], as_of=at
    )
    print(
        kpi.measure(cases, kpi.first_level_resolution(groups=[desk, network])).one().parts
    )


def investigation() -> None:
    """Work notes are events; hands-on time comes from a work log, where two stretches of one person overlap."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Logged, Noted, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    def at(hour: int, minute: int) -> datetime:
        return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)

    found = [
        Noted(at(9, 20), "ann", text="Log: time-outs"),
        Noted(at(9, 45), "ann", text="Replayed: it is DNS"),
    ]
    incident = Incident("INC1", [Logged(at(9, 0)), *found, Resolved(at(10, 0), "ann")])
    work = {
        "INC1": [
            ("ann", at(9, 0), at(9, 30)),
            ("ann", at(9, 20), at(9, 50)),
            ("bo", at(9, 40), at(9, 50)),
        ]
    }
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(
        [incident], as_of=at(12, 0)
    )
    print(
        "notes:",
        *(event.text for event in incident.events if isinstance(event, Noted)),
        sep=" | ",
    )
    print(
        "hands-on:",
        kpi.measure(cases, kpi.touch_time("mean", work_log=work)).one().value,
    )


def swarming() -> None:
    """Three people of three groups work on it together; it belongs to one group throughout."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Assigned, Logged, RoleTaken
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    swarm = [
        RoleTaken(at, role="sme", person=person)
        for person in ("network.bo", "database.cy", "desk.ann")
    ]
    incident = Incident(
        "INC1", [Logged(at), Assigned(at, group="desk", assignee="ann"), *swarm]
    )
    cases = [Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(incident, as_of=at)]
    hops = kpi.measure(cases, kpi.hop_count()).one(statistic="mean")
    print(f"{len(swarm)} people, {hops.value:g} changes of group")


def who_applied_the_fix() -> None:
    """By a script, by the user with an article, by the desk, by a supplier."""
    from collections import Counter
    from datetime import UTC, datetime

    from itilkit import Incident, records
    from itilkit.events import AppliedBy, Logged, Resolved

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    hands: list[AppliedBy] = ["automatic", "user", "support", "supplier", "support"]
    log = [
        Incident(f"INC{n}", [Logged(at), Resolved(at, applied_by=hand)])
        for n, hand in enumerate(hands)
    ]
    counted = Counter(
        found.applied_by for each in log if (found := records.resolution(each.events))
    )
    print(*(f"{hand}: {n}" for hand, n in counted.most_common()), sep=", ")


def what_helped() -> None:
    """A house counts its fixes: a field says what was done, Pareto says what is done most."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Classified, Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    done = [
        "restart",
        "patch",
        "restart",
        "configuration change",
        "hardware replaced",
        "restart",
    ]
    log = [
        Incident(
            f"INC{n}",
            [Logged(at), Classified(at, fields={"action": action}), Resolved(at)],
        )
        for n, action in enumerate(done)
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at)
    top = kpi.pareto(kpi.measure(cases, kpi.volume(), by="action"))[0]
    print(f"{top.group}: {top.value:g} of {len(log)}, {top.share:.0%}")


def recovery_is_verified() -> None:
    """A model asks for proof before closure: somebody outside of the team has tried it."""
    from datetime import UTC, datetime

    from itilkit import Incident, lifecycle
    from itilkit.events import Logged, ModelAttached, Resolved, StepDone
    from itilkit.incident_models import IncidentModel, ModelStep, digest, progress

    outage = IncidentModel(
        "outage",
        "Outage",
        [
            ModelStep("restore", "Restore the service", owner="technical_lead"),
            ModelStep(
                "verify",
                "Log in as a user would",
                owner="service_desk_agent",
                depends_on=["restore"],
            ),
        ],
    )
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    attached = ModelAttached(at, model=outage.id, digest=digest(outage))
    restored = Incident(
        "INC1", [Logged(at), attached, StepDone(at, step="restore"), Resolved(at)]
    )
    for incident in (restored, restored.appended(StepDone(at, "ann", step="verify"))):
        seen = lifecycle.replay(incident, lifecycle.SIMPLE, as_of=at)
        print(
            seen.status,
            "before closure:",
            progress(outage, seen).missing or "nothing is owed",
        )


def back_to_diagnosis() -> None:
    """The fix does not hold: back to work, and the reopening is counted."""
    from datetime import UTC, datetime

    from itilkit import Incident, lifecycle
    from itilkit.events import Logged, Reopened, Resolved, Started

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    tried = (
        Started(at, "ann"),
        Resolved(at, "ann"),
        Reopened(at, "ben", reason="Same error"),
        Resolved(at, "bo"),
    )
    seen = lifecycle.replay(
        Incident("INC1", [Logged(at), *tried]), lifecycle.SIMPLE, as_of=at
    )
    print(" -> ".join(seen.statuses))
    print(f"fixes that did not hold: {seen.reopen_count}")


def disaster_recovery() -> None:
    """That a plan was invoked, which one, by whom and when, is on record."""
    from datetime import UTC, datetime

    from itilkit import Incident, lifecycle, major_incidents
    from itilkit.events import DisasterRecoveryInvoked, Logged, MajorDeclared

    declared, done = (datetime(2026, 3, 2, 2, minute, tzinfo=UTC) for minute in (10, 55))
    invoked = DisasterRecoveryInvoked(
        done, "quinn", plan="DR-2", reason="Half of the nodes are gone"
    )
    incident = Incident("INC1", [Logged(declared), MajorDeclared(declared), invoked])
    found = major_incidents.standing(
        lifecycle.replay(incident, lifecycle.SIMPLE, as_of=done)
    )
    assert found is not None
    for each in found.disaster_recovery:
        print(
            f"{each.plan} by {each.by} at {each.at:%H:%M}, {each.at - declared} after the declaration"
        )


def the_user_confirms() -> None:
    """Closed because the user said so, or by itself after five working days without a word."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Calendar, Incident, lifecycle, records
    from itilkit.events import Closed, Logged, Resolved
    from itilkit.lifecycle import Delay, Timer

    office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
    friday = datetime(2026, 3, 6, 15, tzinfo=UTC)
    resolved = Incident("INC1", [Logged(friday), Resolved(friday, "ann")])
    asked = records.resolution(
        resolved.appended(Closed(friday, "ann", confirmed_by="ben")).events
    )
    assert asked is not None
    print(f"confirmed by {asked.confirmed_by}")

    auto_close = Timer(
        "Auto-close", "close", after=Delay(working_days=5), status="resolved"
    )
    seen = lifecycle.replay(resolved, lifecycle.SIMPLE, as_of=friday + timedelta(days=1))
    due = lifecycle.next_due(seen, [auto_close], calendar=office)
    assert due is not None
    print(f"without an answer it closes by itself: {due.due_at:%a %d %B %H:%M}")


def closure_checklist() -> None:
    """What is owed at closure is a list in the model; the update of the configuration records is one line of it."""
    from datetime import UTC, datetime

    from itilkit import Incident, incident_models, lifecycle
    from itilkit.events import Logged, ModelAttached, StepDone

    swap = incident_models.from_data(
        {
            "id": "swap",
            "name": "Replaced hardware",
            "steps": [
                {"id": "swap", "title": "Swap the part", "owner": "technical_lead"}
            ],
            "closure": [{"event": "step_done", "step": "update_ci"}],
        }
    )
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    attached = ModelAttached(at, model="swap", digest=incident_models.digest(swap))
    swapped = Incident("INC1", [Logged(at), attached, StepDone(at, step="swap")])
    for incident in (
        swapped,
        swapped.appended(StepDone(at, "ann", step="update_ci")),
    ):
        seen = lifecycle.replay(incident, lifecycle.SIMPLE, as_of=at)
        print("owed:", *incident_models.progress(swap, seen).missing or ["nothing"])


def what_to_bill() -> None:
    """Hours from the work log at the customer's rate; the invoice is written elsewhere."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    end = start + timedelta(minutes=90)
    log = [Incident("INC1", [Logged(start), Resolved(end)], customer="acme")]
    work = {"INC1": [("ann", start, end), ("bo", end - timedelta(minutes=30), end)]}
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=end)
    for measure in kpi.measure(
        cases, kpi.touch_time("mean", work_log=work), by="customer"
    ):
        assert isinstance(measure.value, timedelta)
        hours = measure.value * measure.n / timedelta(hours=1)
        print(f"{measure.group['customer']}: {hours:g} h at EUR 90 = EUR {hours * 90:g}")


def many_reports_one_fix() -> None:
    """The reports are children of one incident; what is done there is proposed for each of them."""
    from datetime import UTC, datetime

    from itilkit import Accepted, Incident, Policy
    from itilkit.events import Linked, Logged, Resolved
    from itilkit.lifecycle import ITIL4_DEFAULT
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    reports = [
        Incident(number, [Logged(at), Linked(at, kind="parent", to="INC1")])
        for number in ("INC2", "INC3")
    ]
    children = [Linked(at, kind="child", to=report.number) for report in reports]
    desk = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3)
    solved = Resolved(
        at, "ann", code="solution_provided", notes="Licence server restarted"
    )
    decision = desk.decide(
        Incident("INC1", [Logged(at), *children]), solved, children=reports
    )
    assert isinstance(decision, Accepted)
    for number, event in decision.elsewhere:
        print(
            f"{number}: {type(event).__name__}, {event.notes if isinstance(event, Resolved) else ''}"
        )


def spot_check() -> None:
    """Before it is closed for everybody some users are asked; each answer is a message on record."""
    from datetime import UTC, datetime

    from itilkit import Incident, records
    from itilkit.events import Logged, Noted, RequesterWrote, Resolved

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    asked = ("ben", "cleo")
    answers = [
        RequesterWrote(at, user, text="Works again", channel="phone") for user in asked
    ]
    incident = Incident(
        "INC1",
        [Logged(at), Resolved(at), Noted(at, "ann", text="Spot check"), *answers],
    )
    heard = [
        each for each in records.communications(incident.events) if each.direction == "in"
    ]
    print(
        f"{len(heard)} of {len(asked)} answered:",
        *(f"{each.by}: {each.text}" for each in heard),
        sep="; ",
    )


def bulletin() -> None:
    """What users are told, as Markdown for the portal; the event that keeps it on record promises the next one."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy
    from itilkit.escalation import Cadence
    from itilkit.events import Classified, Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.major_incidents import status_update
    from itilkit.priority import ITIL_3X3

    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    incident = Incident(
        "INC1",
        [
            Logged(nine, title="Invoicing is down"),
            Classified(nine, service="invoicing"),
        ],
    )
    case = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(
        incident, as_of=nine + timedelta(minutes=20)
    )
    hourly = Cadence(timedelta(hours=1), "users")
    told = status_update(
        case,
        "users",
        "We are restoring last night's state.",
        zone="UTC",
        cadences=[hourly],
    )
    print(told.to_markdown())
    print(f"\nowed from then on: {told.event('pia').next_update_due_at:%H:%M}")


def trends() -> None:
    """Does it grow, what makes most of it, how much comes back?"""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Classified, Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    print(f"per month: {kpi.trend([10, 20, 40, 80, 160, 320, 640, 1280]).direction}")
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    opened = {
        "INC1": ("mail", 0),
        "INC2": ("mail", 7),
        "INC3": ("mail", 14),
        "INC4": ("print", 14),
    }
    log = [
        Incident(
            number,
            [
                Logged(start + timedelta(days=day)),
                Classified(start + timedelta(days=day), service=name),
            ],
        )
        for number, (name, day) in opened.items()
    ]
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3)
    cases = list(desk.assess_all(log, as_of=start + timedelta(days=30)))
    again = kpi.measure(
        cases, kpi.recurring_rate(key=["service"], window=timedelta(days=7))
    ).one()
    print(f"the same service within 7 days: {again.value:.0%} of {again.n}")


def nobody_is_forgotten() -> None:
    """The users were told to expect news at ten; nobody wrote."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy
    from itilkit.escalation import communications_due
    from itilkit.events import Logged, Replied
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    nine, ten = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10))
    told = Replied(
        nine, "ann", text="We are on it", audience="users", next_update_due_at=ten
    )
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3)
    case = desk.assess(Incident("INC1", [Logged(nine), told]), as_of=ten)
    for due in communications_due(case):
        print(due.why, "owed by", *due.notify)


def stale_records() -> None:
    """Of three that wait, one has not been touched for more than five days."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Logged, Noted
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    now = datetime(2026, 3, 16, 9, tzinfo=UTC)
    touched = {"INC1": 1, "INC2": 9, "INC3": 5}
    log = [
        Incident(
            number,
            [
                Logged(now - timedelta(days=12)),
                Noted(now - timedelta(days=days), "ann"),
            ],
        )
        for number, days in touched.items()
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=now)
    stale = kpi.measure(cases, kpi.stale(now, after=timedelta(days=5))).one()
    print(f"without an update for more than 5 days: {stale.parts} of {stale.n}")


def contact_register() -> None:
    """Whom to call, and whom after that."""
    from itilkit.records import Group

    register = {
        group.id: group
        for group in (
            Group("desk", support_level=1, contact="ext. 100", escalates_to="network"),
            Group(
                "network",
                support_level=2,
                contact="network@example.org",
                escalates_to="telco",
            ),
            Group("telco", "Telco Ltd", support_level=4, contact="+44 20 7946 0000"),
        )
    }
    name: str | None = "desk"
    while name:
        group = register[name]
        print(f"level {group.support_level}: {group.id}, {group.contact}")
        name = group.escalates_to


def monthly_report() -> None:
    """What a desk circulates each month, as a value: rows, text, Markdown, CSV; here some rows of it."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Period, Policy, kpi
    from itilkit.events import Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    log: list[Incident] = []
    for month, hours in ((3, 2), (3, 4), (4, 6)):
        opened = datetime(2026, month, 10, 9, tzinfo=UTC)
        log.append(
            Incident(
                f"INC{hours}",
                [Logged(opened), Resolved(opened + timedelta(hours=hours))],
            )
        )
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(
        log, as_of=datetime(2026, 5, 1, tzinfo=UTC)
    )
    march = kpi.report(cases, period=Period.month(2026, 3, zone="UTC"))
    for row in march.to_rows():
        if (row["kpi"], row["statistic"]) in {
            ("volume", "count"),
            ("time_to_resolve", "mean"),
        }:
            print(
                row["period"],
                row["kpi"],
                f"by {row['cohort']}:",
                row["value"],
                row["unit"],
            )
    print(march.to_text().splitlines()[0])


def survey() -> None:
    """Of four users three were asked, two of them answered, one of them gladly."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Logged, Resolved, Surveyed, SurveySent
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    asked = Incident("INC1", [Logged(at), Resolved(at), SurveySent(at)])
    log = [
        asked.appended(Surveyed(at, score=5, scale=(1, 5))),
        Incident("INC2", asked.events).appended(Surveyed(at, score=3, scale=(1, 5))),
        Incident("INC3", asked.events),
        Incident("INC4", asked.events[:2]),
    ]
    cases = list(
        Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at)
    )
    for found in kpi.measure(
        cases, kpi.customer_satisfaction(response_base="surveys_sent")
    ):
        print(f"{found.statistic}: {found.value:.2f} of {found.n}")


def triage() -> None:
    """One call proposes model, classification, priority and group; the host decides on each event."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy
    from itilkit.conditions import Eq
    from itilkit.events import Classified, Logged
    from itilkit.incident_models import Route, shipped
    from itilkit.lifecycle import ITIL4_DEFAULT
    from itilkit.priority import ITIL_3X3

    desk = Policy(
        "Desk",
        lifecycle=ITIL4_DEFAULT,
        matrix=ITIL_3X3,
        incident_models=[shipped("database_error")],
        routes=[Route("payments_dba", Eq("service", "payments"))],
    )
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    call = Incident(
        "INC1", [Logged(at), Classified(at, category="database", service="payments")]
    )
    found = desk.triage(call, at=at)
    print(", then ".join(type(event).__name__ for event in found.events))
    print(found.explain())


def from_alert_to_incident() -> None:
    """A disk fills up: the alert fires twice, and one incident is opened for it."""
    from datetime import UTC, datetime, timedelta

    from itilkit.events import Classified
    from itilkit.matching import correlate
    from itilkit.records import AlertSeverity, MonitoringEvent

    def fires(minute: int, severity: AlertSeverity, title: str) -> MonitoringEvent:
        at = datetime(2026, 3, 2, 9, minute, tzinfo=UTC)
        return MonitoringEvent(
            "prometheus",
            f"a{minute}",
            dedup_key="disk/db-1",
            status="firing",
            severity=severity,
            title=title,
            resource="db-1",
            started_at=at,
        )

    alerts = [
        fires(0, "warning", "Disk is 90% full"),
        fires(5, "critical", "Disk is 98% full"),
    ]
    (group,) = correlate(alerts, by="dedup_key", within=timedelta(minutes=10))
    incident = group.to_incident("INC1")
    item = next(
        event.configuration_item
        for event in incident.events
        if isinstance(event, Classified)
    )
    print(
        f"{incident.number}, by {incident.logged.channel} at {incident.opened_at:%H:%M}: {incident.logged.title}"
    )
    print(f"{len(alerts)} alerts on {item}, one incident")


def what_does_it_resemble() -> None:
    """An earlier incident that is alike, and a known error whose code stands in the title."""
    from datetime import UTC, datetime

    from itilkit import Incident, matching
    from itilkit.events import Classified, Logged
    from itilkit.records import KnownError, Workaround

    nine, ten = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10))
    earlier = [
        Incident(
            "INC1",
            [
                Logged(nine, title="Payroll stops with ORA-01555"),
                Classified(nine, service="payroll"),
            ],
        ),
        Incident(
            "INC2",
            [Logged(nine, title="Mail is slow"), Classified(nine, service="mail")],
        ),
    ]
    call = Incident(
        "INC3",
        [
            Logged(ten, title="ORA 01555 in payroll"),
            Classified(ten, service="payroll"),
        ],
    )
    best = matching.similar(call, matching.Corpus(earlier, as_of=nine), as_of=ten)[0]
    print(f"like {best.number}: {', '.join(str(each.value) for each in best.why)}")

    known = KnownError("KE7", "PRB1", match_keys=["ORA-01555"], workaround="WA3")
    smaller = Workaround("WA3", "Run it for one department at a time", restores="full")
    for found in matching.known_errors(call, [known], as_of=ten, workarounds=[smaller]):
        print(found)


def which_change_was_it() -> None:
    """Of the changes of a day those that touched the item or the service; the item weighs more than the hour."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, matching
    from itilkit.events import Classified, Logged

    nine = datetime(2026, 3, 3, 9, tzinfo=UTC)
    hit = Classified(nine, configuration_item="web1", service="shop")
    changes = [
        matching.Change(
            "CHG1",
            "Patch web1",
            implemented_at=nine - timedelta(hours=12),
            configuration_items=["web1"],
        ),
        matching.Change(
            "CHG2",
            "New prices",
            implemented_at=nine - timedelta(hours=1),
            services=["shop"],
        ),
        matching.Change(
            "CHG3",
            "New printers",
            implemented_at=nine - timedelta(hours=1),
            services=["print"],
        ),
    ]
    incident = Incident("INC1", [Logged(nine), hit])
    for found in matching.related_changes(
        incident, changes, as_of=nine, before=timedelta(days=1)
    ):
        print(f"{found.change.title}, {found.before} before")


def lessons_learned() -> None:
    """What to keep, what to mend; that the review was held is an event of the incident."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident
    from itilkit.events import Logged, Resolved
    from itilkit.reviews import PostIncidentReview

    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    week_later = nine + timedelta(days=7)
    review = PostIncidentReview(
        id="PIR-12",
        incident="INC1",
        held_at=week_later,
        went_well=["The second site took over in four minutes"],
        went_wrong=["The alarm went to a mailbox that nobody reads"],
    )
    incident = Incident("INC1", [Logged(nine), Resolved(nine)]).appended(
        review.event(week_later, "pat")
    )
    print(f"{incident.version} events, the last one by {incident.events[-1].by}")
    for lesson in (*review.went_well, *review.went_wrong):
        print("-", lesson)


def post_mortem() -> None:
    """How long each stage took, from the failure to the restoration; what nobody wrote down parts nothing."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, reviews
    from itilkit.events import Acknowledged, Classified, Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    def at(hour: int, minute: int) -> datetime:
        return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)

    known = Classified(
        at(9, 10), fields={"occurred_at": at(8, 40), "diagnosed_at": at(9, 50)}
    )
    history = (
        Logged(at(9, 0)),
        Acknowledged(at(9, 5), "ann"),
        known,
        Resolved(at(10, 30), "ola"),
    )
    case = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(
        Incident("INC1", history), as_of=at(12, 0)
    )
    found = reviews.stages(case)
    for stage in found.known:
        print(f"{stage.name}: {stage.lasted}")
    print(f"together {found.total}; not told: {', '.join(found.unknown)}")


def register_of_actions() -> None:
    """What reviews asked for and nobody has done yet, over all reviews, the oldest first."""
    from datetime import date

    from itilkit import reviews
    from itilkit.reviews import ActionItem, PostIncidentReview

    april, may = date(2026, 4, 30), date(2026, 5, 29)
    held = [
        PostIncidentReview(
            id="PIR-12",
            incident="INC1",
            actions=[
                ActionItem(
                    "Send alarms to the bridge",
                    "Noor",
                    due=april,
                    done_on=date(2026, 4, 2),
                ),
                ActionItem("Test the failover", "Ola", due=april),
            ],
        ),
        PostIncidentReview(
            id="PIR-13",
            incident="INC9",
            actions=[ActionItem("Buy a spare switch", "Pat", due=may)],
        ),
    ]
    for each in reviews.open_actions(held, on=date(2026, 5, 4)):
        print(each)


def the_document() -> None:
    """Review and history as one document, in Markdown for a wiki or as a page of HTML; here its table of contents."""
    from datetime import UTC, date, datetime

    from itilkit import Incident, Policy, reviews
    from itilkit.events import Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3
    from itilkit.reviews import ActionItem, PostIncidentReview

    nine, ten = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10))
    incident = Incident(
        "INC1",
        [
            Logged(nine, title="No payments"),
            Resolved(ten, "ola", notes="Disk enlarged"),
        ],
    )
    action = ActionItem("Watch the disk", "Noor", due=date(2026, 4, 30))
    review = PostIncidentReview(
        id="PIR-1", incident="INC1", root_cause="A full disk", actions=[action]
    )
    case = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(incident, as_of=ten)
    text = reviews.document(case, review, zone="Europe/London").to_markdown()
    print(
        *(line for line in text.splitlines() if line.startswith("#") or "Watch" in line),
        sep="\n",
    )
