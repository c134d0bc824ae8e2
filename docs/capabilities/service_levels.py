"""What is promised, and by whom? One function is one example."""


def by_priority() -> None:
    """What is promised for an incident that is opened on Friday afternoon, before anything happened to it."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Agreement, Calendar, Policy, Target
    from itilkit.lifecycle import ITIL4_DEFAULT
    from itilkit.priority import ITIL_3X3

    office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
    always = Calendar.round_the_clock("UTC")
    targets = [
        Target(
            1,
            {"response": timedelta(minutes=15), "resolution": timedelta(hours=4)},
            calendar=always,
        ),
        Target(3, {"response": timedelta(hours=1), "resolution": timedelta(hours=8)}),
    ]
    desk = Policy(
        "Desk",
        lifecycle=ITIL4_DEFAULT,
        matrix=ITIL_3X3,
        agreements=[Agreement("Gold", targets, calendar=office)],
    )
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
    for priority in (1, 3):
        for target, reading in desk.promise(opened_at=friday, priority=priority).items():
            print(f"P{priority} {target}: {reading.due_at:%a %H:%M}")


def what_is_agreed() -> None:
    """Each service has its agreement, and each agreement its share of incidents that must keep it."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Agreement, Calendar, Policy, Target
    from itilkit.conditions import In
    from itilkit.lifecycle import ITIL4_DEFAULT
    from itilkit.policy import Objective
    from itilkit.priority import ITIL_3X3

    always = Calendar.round_the_clock("UTC")
    four, day = (
        Target([1, 2, 3, 4, 5], {"resolution": timedelta(hours=hours)})
        for hours in (4, 24)
    )
    dear = In("service", ["payments", "invoicing"])
    gold = Agreement(
        "Gold", [four], calendar=always, when=dear, objective=Objective(0.98, "month")
    )
    standard = Agreement(
        "Standard", [day], calendar=always, objective=Objective(0.9, "month")
    )
    desk = Policy(
        "Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[gold, standard]
    )
    for service in ("payments", "printing"):
        promised = desk.promise(
            opened_at=datetime(2026, 3, 2, 9, tzinfo=UTC), priority=2, service=service
        )
        reading = promised["resolution"]
        held = next(each for each in desk.agreements if each.name == reading.agreement)
        assert held.objective is not None
        print(
            f"{service}: {reading.agreement}, {reading.target}, kept for {held.objective.share:.0%}"
        )


def contracts_behind_it() -> None:
    """The supplier's contract and the promise to users do not fit; and its delay is no excuse towards them."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Agreement, Calendar, Incident, Policy, Target
    from itilkit.events import Held, Logged, PrioritySet
    from itilkit.lifecycle import PERMISSIVE
    from itilkit.priority import ITIL_3X3

    always = Calendar.round_the_clock("UTC")
    four, six = (Target(2, {"resolution": timedelta(hours=hours)}) for hours in (4, 6))
    gold = Agreement("Gold", [four], calendar=always, but_not_while=["awaiting_supplier"])
    contract = Agreement("Telco", [six], calendar=always, kind="UC")
    desk = Policy(
        "Desk", lifecycle=PERMISSIVE, matrix=ITIL_3X3, agreements=[gold, contract]
    )
    print(desk.chain()[0].message)

    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    held = (
        Logged(nine),
        PrioritySet(nine, priority=2),
        Held(nine, reason="awaiting_supplier"),
    )
    reading = desk.assess(
        Incident("INC1", held), as_of=nine + timedelta(hours=3)
    ).readings["resolution"]
    print(f"after three hours with the supplier {reading.remaining} is left")


def a_promise_changes() -> None:
    """Before a tighter promise is signed: what it changes, and which incidents of last month would have missed it."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Agreement, Calendar, Incident, Policy, Target
    from itilkit.events import Logged, PrioritySet, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    def desk(hours: int) -> Policy:
        target = Target(2, {"resolution": timedelta(hours=hours)})
        gold = Agreement("Gold", [target], calendar=Calendar.round_the_clock("UTC"))
        return Policy(
            f"{hours} hours", lifecycle=SIMPLE, matrix=ITIL_3X3, agreements=[gold]
        )

    old, new = desk(8), desk(6)
    print(old.diff(new))
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    log = [
        Incident(
            f"INC{hours}",
            [
                Logged(nine),
                PrioritySet(nine, priority=2),
                Resolved(nine + timedelta(hours=hours)),
            ],
        )
        for hours in (5, 7, 9)
    ]
    print(new.backtest(log, against=old, as_of=nine + timedelta(days=1)))
