"""What makes an incident pressing? One function is one example."""


def cost_of_an_hour() -> None:
    """What a minute of outage costs is the house's own figure; the library multiplies."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    outage = Incident("INC1", [Logged(start), Resolved(start + timedelta(minutes=30))])
    case = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(
        outage, as_of=start + timedelta(hours=1)
    )
    total = kpi.measure([case], kpi.downtime_cost(per_minute=250, currency="EUR")).one(
        statistic="total"
    )
    print(f"30 minutes cost {total.unit} {total.value:,.0f}")


def vip() -> None:
    """The same fault for a board member: the rule says so, and why."""
    from itilkit.conditions import Eq
    from itilkit.priority import ITIL_3X3, PriorityRule, derive

    rule = PriorityRule(
        Eq("reporter.vip", value=True), urgency_at_least=1, because="VIP caller"
    )
    for is_vip in (False, True):
        found = derive(
            ITIL_3X3, [rule], {"impact": 2, "urgency": 3, "reporter.vip": is_vip}
        )
        print(found.explain())


def worth_and_length() -> None:
    """What the failed thing is worth and how long the outage may last: two facts, two rules."""
    from itilkit.conditions import Ge
    from itilkit.priority import ITIL_3X3, PriorityRule, derive

    rules = [
        PriorityRule(
            Ge("item_cost", 50_000), impact_at_least=2, because="an expensive machine"
        ),
        PriorityRule(
            Ge("estimated_outage_minutes", 480),
            priority_at_least=2,
            because="a long outage",
        ),
    ]
    known = {
        "impact": 3,
        "urgency": 2,
        "item_cost": 80_000,
        "estimated_outage_minutes": 720,
    }
    print(derive(ITIL_3X3, rules, known).explain())


def how_many_users() -> None:
    """Five users and ten thousand: thresholds turn a count into an impact."""
    from itilkit.conditions import Ge
    from itilkit.priority import ITIL_3X3, PriorityRule, derive

    steps = [
        PriorityRule(Ge("affected_users", 50), impact_at_least=2),
        PriorityRule(Ge("affected_users", 1_000), impact_at_least=1),
    ]
    for users in (5, 60, 10_000):
        found = derive(
            ITIL_3X3, steps, {"impact": 3, "urgency": 1, "affected_users": users}
        )
        print(f"{users} users: P{found.priority}")


def three_levels() -> None:
    """High, medium, low: names for levels 1, 2 and 3; a house may have two, four or five."""
    from itilkit.priority import PriorityMatrix
    from itilkit.vocabulary import HIGH_LOW, HIGH_MEDIUM_LOW

    house = PriorityMatrix(
        "House",
        [[1, 2], [2, 3], [3, 3]],
        impact=HIGH_MEDIUM_LOW,
        urgency=HIGH_LOW,
        priority=HIGH_MEDIUM_LOW,
    )
    level = house.priority_of(
        impact=HIGH_MEDIUM_LOW.level("medium"), urgency=HIGH_LOW.level("high")
    )
    print(f"medium impact, high urgency: {HIGH_MEDIUM_LOW.label(level)}")


def ticket_at_the_supplier() -> None:
    """Our P2 is their P1; their number is on record where the incident was handed over."""
    from datetime import UTC, datetime

    from itilkit import Incident, records
    from itilkit.events import Classified, Escalated, Logged, PrioritySet

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    incident = Incident(
        "INC1",
        [
            Logged(at),
            PrioritySet(at, priority=2),
            Escalated(
                at,
                "ann",
                kind="functional",
                to="hoster",
                level=4,
                reference="HX-8812",
            ),
            Classified(at, "ann", fields={"supplier_priority": "P1"}),
        ],
    )
    theirs = [
        event.fields["supplier_priority"]
        for event in incident.events
        if isinstance(event, Classified)
    ]
    for each in records.escalations(incident.events):
        print(f"{each.reference} at {each.to}, {theirs[-1]} there")
