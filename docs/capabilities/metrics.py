"""How are we doing? One function is one example."""


def four_readings_of_one_mean() -> None:
    """Opened on Friday at 16:00, resolved at 17:00, reopened on Monday at 09:00, resolved for good at 10:00."""
    from datetime import UTC, datetime

    from itilkit import Calendar, Incident, Policy, kpi
    from itilkit.events import Logged, Reopened, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    def at(day: int, hour: int) -> datetime:
        return datetime(2026, 3, day, hour, tzinfo=UTC)

    office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
    incident = Incident(
        "INC1",
        [
            Logged(at(6, 16)),
            Resolved(at(6, 17)),
            Reopened(at(9, 9)),
            Resolved(at(9, 10)),
        ],
    )
    case = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(
        incident, as_of=at(10, 9)
    )
    for definition in (
        kpi.mean_time_to_resolve(),
        kpi.mean_time_to_resolve(resolution="first"),
        kpi.mean_time_to_resolve(resolution="worked"),
        kpi.mean_time_to_resolve(clock=office),
    ):
        found = kpi.measure([case], definition).one()
        print(f"{found.reading}: {found.value}")


def how_long_they_take() -> None:
    """One slow incident carries the mean and leaves the median alone."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    log = [
        Incident(f"INC{hours}", [Logged(start), Resolved(start + timedelta(hours=hours))])
        for hours in (1, 2, 3, 4, 40)
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(
        log, as_of=start + timedelta(days=9)
    )
    for found in kpi.measure(cases, kpi.time_to_resolve("mean", "median")):
        print(f"{found.statistic}: {found.value} over {found.n}")


def first_response() -> None:
    """A receipt by a machine is no answer; taking notice is less than answering."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Acknowledged, Logged, Replied
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    def at(minute: int) -> datetime:
        return datetime(2026, 3, 2, 9, minute, tzinfo=UTC)

    receipt = Replied(at(1), automatic=True, text="We have got your message")
    answered = (
        receipt,
        Acknowledged(at(6), "ann"),
        Replied(at(20), "ann", text="Please try again"),
    )
    case = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(
        Incident("INC1", [Logged(at(0)), *answered]), as_of=at(30)
    )
    for found in kpi.measure(
        [case], kpi.mean_time_to_acknowledge(), kpi.mean_time_to_respond()
    ):
        print(f"{found.name}: {found.value}")


def time_between_failures() -> None:
    """One server fails for an hour on Monday and on Wednesday; another one failing on Tuesday changes nothing."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Classified, Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    def at(day: int, hour: int) -> datetime:
        return datetime(2026, 3, day, hour, tzinfo=UTC)

    log = [
        Incident(
            f"INC{day}",
            [
                Logged(at(day, 9)),
                Classified(at(day, 9), configuration_item=item),
                Resolved(at(day, 10)),
            ],
        )
        for day, item in ((2, "web1"), (3, "db1"), (4, "web1"))
    ]
    cases = list(
        Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at(9, 9))
    )
    by_item = kpi.mean_time_between_service_incidents(per="configuration_item")
    for found in kpi.measure(cases, kpi.mean_time_between_failures(), by_item):
        print(f"{found.name}, {found.reading}: {found.value}")


def first_contact() -> None:
    """Solved on the telephone; solved by another group; came back two days later; and one that nobody can judge yet."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Assigned, Event, Logged, Reopened, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    now = nine + timedelta(days=14)

    def call(number: str, *events: Event, at: datetime = nine) -> Incident:
        return Incident(
            number, [Logged(at, channel="phone"), Assigned(at, group="desk"), *events]
        )

    log = [
        call("INC1", Resolved(nine)),
        call("INC2", Assigned(nine, group="network"), Resolved(nine)),
        call(
            "INC3",
            Resolved(nine),
            Reopened(nine + timedelta(days=2)),
            Resolved(nine + timedelta(days=2)),
        ),
        call("INC4", Resolved(now), at=now),
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=now)
    found = kpi.measure(cases, kpi.first_contact_resolution()).one()
    print(f"{found.value:.0%} of {found.n}, left out {dict(found.left_out)}")


def kept_promises() -> None:
    """Two kept, one broken, one that still runs: it counts neither way."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Agreement, Calendar, Incident, Policy, Target, kpi
    from itilkit.events import Event, Logged, PrioritySet, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    gold = Agreement(
        "Gold",
        [Target(2, {"resolution": timedelta(hours=8)})],
        calendar=Calendar.round_the_clock("UTC"),
    )
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3, agreements=[gold])
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    log: list[Incident] = []
    for number, hours in {"INC1": 3, "INC2": 8, "INC3": 9, "INC4": None}.items():
        opened = nine if hours else nine + timedelta(hours=10)
        end: list[Event] = [Resolved(opened + timedelta(hours=hours))] if hours else []
        log.append(
            Incident(number, [Logged(opened), PrioritySet(opened, priority=2), *end])
        )
    cases = desk.assess_all(log, as_of=nine + timedelta(hours=12))
    found = kpi.measure(cases, kpi.sla_compliance(cohort="opened")).one()
    print(f"kept {found.value:.0%} of {found.n}, left out {dict(found.left_out)}")


def volume() -> None:
    """A week without any incident is a week with none, not a week that is missing."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    log = [
        Incident(f"INC{day}", [Logged(datetime(2026, 3, day, 9, tzinfo=UTC))])
        for day in (2, 3, 17)
    ]
    as_of = datetime(2026, 3, 18, tzinfo=UTC)
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=as_of)
    for found in kpi.measure(cases, kpi.volume(), every="week", zone="UTC"):
        print(f"{found.period}: {found.value}")


def would_they_recommend_us() -> None:
    """Two promoters, one in between, one detractor: NPS, with how many answered."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Logged, Resolved, Surveyed
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    log = [
        Incident(
            f"INC{n}",
            [Logged(at), Resolved(at), Surveyed(at, score=score, scale=(0, 10))],
        )
        for n, score in enumerate([10, 9, 7, 3])
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(
        [*log, Incident("INC9", [Logged(at), Resolved(at)])], as_of=at
    )
    for found in kpi.measure(cases, kpi.net_promoter_score()):
        print(f"{found.statistic}: {found.value}")


def downtime() -> None:
    """Two outages that overlap are one; a week of office hours has forty hours."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Calendar, Incident, Period, Policy, kpi
    from itilkit.events import Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    def at(day: int, hour: int) -> datetime:
        return datetime(2026, 3, day, hour, tzinfo=UTC)

    log = [
        Incident("INC1", [Logged(at(3, 9)), Resolved(at(3, 11))]),
        Incident("INC2", [Logged(at(3, 10)), Resolved(at(3, 12))]),
        Incident("INC3", [Logged(at(5, 16)), Resolved(at(5, 20))]),
    ]
    cases = list(
        Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at(9, 9))
    )
    week, office = (
        Period.week(2026, 10, zone="UTC"),
        Calendar({"mon-fri": "09:00-17:00"}, zone="UTC"),
    )
    up = kpi.measure(cases, kpi.availability(week, agreed=office)).one()
    down = timedelta(seconds=up.parts["downtime_seconds"])
    print(
        f"down for {down} in {up.parts['failures']} outages, available {up.value:.0%} of the agreed time"
    )


def does_it_come_back_less() -> None:
    """Recurrences per month, halved each month since the problem was solved."""
    from itilkit import kpi

    found = kpi.trend([1280, 640, 320, 160, 80, 40, 20, 10])
    print(f"{found.direction}: {found.growth:.0%} a month over {found.n} months")


def cost_of_downtime() -> None:
    """Two outages: what each minute loses, and what each outage costs however short it is."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    lengths = (60, 30)
    log = [
        Incident(f"INC{n}", [Logged(start), Resolved(start + timedelta(minutes=n))])
        for n in lengths
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(
        log, as_of=start + timedelta(days=1)
    )
    rate = kpi.downtime_cost(per_minute=20, fixed=500, currency="EUR")
    for found in kpi.measure(cases, rate):
        print(f"{found.statistic}: {found.unit} {found.value:,.0f}")
