"""What incident management has to do with its neighbours. One function is one example."""


def from_incidents_to_a_known_error() -> None:
    """The same item fails three times in a week: a problem is proposed, with the links to it."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy, matching
    from itilkit.events import Classified, Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    opened = [datetime(2026, 3, day, 9, tzinfo=UTC) for day in (2, 5, 6, 30)]
    log = [
        Incident(f"INC{at.day}", [Logged(at), Classified(at, configuration_item="db-1")])
        for at in opened
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(
        log, as_of=opened[-1]
    )
    found = matching.recurrences(
        cases, by="configuration_item", within=timedelta(days=7)
    ).groups[0]
    proposal = found.to_problem("PRB1", opened[-1], "pat")
    print(
        f"{proposal.problem.id}, {proposal.problem.title}: {', '.join(number for number, _ in proposal.proposed)}"
    )


def what_changes_do() -> None:
    """Of four changes one broke something and one was taken back; a change that mends counts for nothing."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Linked, Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3
    from itilkit.records import ChangeRef

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    broke = ChangeRef("CHG1", "caused_by", implemented_at=at)
    mends = ChangeRef("CHG2", "fixes", type="emergency", implemented_at=at)
    ties = [
        Linked(at, kind="caused_by_change", to=broke.id),
        Linked(at, kind="change", to=mends.id),
    ]
    case = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(
        Incident("INC1", [Logged(at), *ties, Resolved(at)]), as_of=at
    )
    done = [kpi.Deployment(f"CHG{n}", at, rolled_back=n == 4) for n in (1, 2, 3, 4)]
    found = kpi.measure([case], kpi.change_failure_rate(done)).one()
    print(f"{found.value:.0%} of {found.n} changes failed")


def what_stands_behind_a_service() -> None:
    """Items of the configuration management system carry services; what they are worth sets a floor to the impact."""
    from itilkit.priority import ITIL_3X3, derive, item_floors
    from itilkit.records import ConfigurationItem

    items = [
        ConfigurationItem("san1", "Storage", ci_class="storage", service="all", impact=1),
        ConfigurationItem("web1", "Web server", ci_class="server", service="shop"),
    ]
    for item in items:
        known = {"impact": 3, "urgency": 2, "configuration_item": item.id}
        print(
            f"{item.ci_class} {item.id}: P{derive(ITIL_3X3, item_floors(items), known).priority}"
        )


def a_day_at_the_desk() -> None:
    """What came in, what was solved, what is left at the end of the day."""
    from datetime import UTC, date, datetime

    from itilkit import Incident, Period, Policy, kpi
    from itilkit.events import Event, Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    def at(day: int, hour: int) -> datetime:
        return datetime(2026, 3, day, hour, tzinfo=UTC)

    log: list[Incident] = []
    for number, (opened, solved) in {
        "INC1": (9, 10),
        "INC2": (9, 16),
        "INC3": (11, None),
        "INC4": (15, 17),
    }.items():
        end: list[Event] = [] if solved is None else [Resolved(at(2, solved), "ann")]
        log.append(Incident(number, [Logged(at(2, opened)), *end]))
    cases = list(
        Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at(3, 9))
    )
    day = Period.day(date(2026, 3, 2), zone="UTC")
    print(f"solved / opened: {kpi.measure(cases, kpi.resolution_rate(day)).one().value}")
    for hour in (12, 18):
        waiting = kpi.measure(cases, kpi.backlog(at(2, hour))).one()
        print(f"waiting at {hour}:00: {waiting.value}")


def was_the_objective_kept() -> None:
    """Nine of ten were in time: enough for ninety in a hundred, not for ninety-five."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Agreement, Calendar, Incident, Policy, Target, kpi
    from itilkit.events import Logged, PrioritySet, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    gold = Agreement(
        "Gold",
        [Target(3, {"resolution": timedelta(hours=8)})],
        calendar=Calendar.round_the_clock("UTC"),
    )
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3, agreements=[gold])
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    log: list[Incident] = []
    for n, hours in enumerate([20, *[2] * 9]):
        solved = Resolved(nine + timedelta(hours=hours))
        log.append(
            Incident(f"INC{n}", [Logged(nine), PrioritySet(nine, priority=3), solved])
        )
    cases = list(desk.assess_all(log, as_of=datetime(2026, 4, 1, tzinfo=UTC)))
    for share in (0.9, 0.95):
        found = kpi.measure(
            cases, kpi.sla_attainment(kpi.Objective(share)), every="month", zone="UTC"
        )
        kept = found.one(statistic="attained")
        print(
            f"{kept.period}, {share:.0%} promised: {'kept' if kept.value == 1 else 'missed'}"
        )


def security() -> None:
    """Files are being encrypted: its own model, its own team, and nobody else's queue."""
    from itilkit import incident_models
    from itilkit.conditions import Eq
    from itilkit.incident_models import Route

    models = [incident_models.shipped(name) for name in incident_models.SHIPPED]
    known = {"category": "security", "tags": frozenset(["ransomware"])}
    best = incident_models.match(models, known)[0].model
    team = incident_models.route(
        [Route("csirt", Eq("category", "security")), Route("service_desk")], known
    ).group
    print(f"{best.name}, to {team}")
    print("first:", best.in_order()[0].title)


def failed_releases() -> None:
    """A release at noon broke the shop; it was back an hour and a half later."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Classified, Linked, Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    back = noon + timedelta(minutes=90)
    hit = (
        Logged(noon + timedelta(minutes=5)),
        Linked(noon + timedelta(minutes=5), kind="caused_by_change", to="release-7"),
        Classified(back, fields={"restored_at": back}),
        Resolved(back),
    )
    case = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(
        Incident("INC1", hit), as_of=back
    )
    releases = [kpi.Deployment("release-7", noon), kpi.Deployment("release-8", noon)]
    found = kpi.measure([case], kpi.failed_deployment_recovery(releases, "mean")).one()
    print(f"recovered after {found.value}, {found.n} of {len(releases)} releases")


def continuity() -> None:
    """A site is lost: the plan is a model, and events show how far it is."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, incident_models, lifecycle
    from itilkit.events import Logged, ModelAttached, StepDone

    invoke = {
        "id": "invoke",
        "title": "Invoke the plan",
        "owner": "executive_sponsor",
        "budget": "30m",
    }
    move = {
        "id": "move",
        "title": "Start at the second site",
        "owner": "technical_lead",
        "budget": "4h",
    }
    steps = [invoke, {**move, "depends_on": ["invoke"]}]
    plan = incident_models.from_data(
        {"id": "site_lost", "name": "Site lost", "steps": steps}
    )
    two = datetime(2026, 3, 2, 2, tzinfo=UTC)
    attached = ModelAttached(two, model=plan.id, digest=incident_models.digest(plan))
    invoked = StepDone(two + timedelta(minutes=20), step="invoke")
    incident = Incident("INC1", [Logged(two), attached, invoked])
    seen = lifecycle.replay(incident, lifecycle.SIMPLE, as_of=two + timedelta(hours=1))
    print(incident_models.progress(plan, seen).headline)


def from_alerts_to_incidents() -> None:
    """An alert that comes, goes and comes back is one alert that flapped, not three incidents."""
    from datetime import UTC, datetime, timedelta

    from itilkit.matching import correlate
    from itilkit.records import AlertStatus, MonitoringEvent

    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def told(minute: int, status: AlertStatus) -> MonitoringEvent:
        at = nine + timedelta(minutes=minute)
        return MonitoringEvent(
            "zabbix",
            str(minute),
            dedup_key="ping/web1",
            status=status,
            occurred_at=at,
        )

    messages = [
        told(0, "firing"),
        told(2, "resolved"),
        told(4, "firing"),
        told(9, "resolved"),
        told(55, "firing"),
    ]
    for group in correlate(messages, by="dedup_key", within=timedelta(minutes=10)):
        print(
            f"{group.started_at:%H:%M}: {len(group)} messages, flapped {group.flaps}, open: {group.is_open}"
        )


def activities_of_the_value_chain() -> None:
    """Each action feeds an activity of the value chain, or a practice; the register is counted by them."""
    from collections import Counter
    from datetime import date

    from itilkit.reviews import ActionItem, PostIncidentReview, open_actions

    due = date(2026, 4, 30)
    actions = [
        ActionItem("Write to the ten largest customers", "Pia", due=due, feeds="engage"),
        ActionItem(
            "Put a second switch into the design",
            "Ola",
            due=due,
            feeds="design and transition",
        ),
        ActionItem("Halve the time to detect", "Noor", due=due, feeds="improve"),
        ActionItem("Check the alarms each month", "Noor", due=due, feeds="improve"),
    ]
    review = PostIncidentReview(id="PIR-1", incident="INC1", actions=actions)
    counted = Counter(
        each.action.feeds for each in open_actions([review], on=date(2026, 4, 1))
    )
    for activity, count in counted.most_common():
        print(f"{activity}: {count}")
