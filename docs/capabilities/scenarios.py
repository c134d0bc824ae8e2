"""The stories that guides tell. One function is one example; longer ones are programs in ``examples/``."""


def one_user() -> None:
    """A profile that a change spoilt is mended at the first call; five stars, no problem record."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy, kpi, records
    from itilkit.events import Assigned, Closed, Linked, Logged, Resolved, Surveyed
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    done = at + timedelta(minutes=8)
    call = (
        Logged(at, "ann", title="CRM: cannot log in", reporter="ben", channel="phone"),
        Assigned(at, "ann", group="desk", assignee="ann"),
        Linked(at, "ann", kind="caused_by_change", to="CHG3"),
        Resolved(done, "ann", notes="Profile restored"),
        Closed(done, "ann", confirmed_by="ben"),
        Surveyed(done, "ben", score=5, scale=(1, 5)),
    )
    incident = Incident("INC1", call)
    case = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(
        incident, as_of=at + timedelta(days=8)
    )
    first, stars = (
        kpi.measure([case], kpi.first_contact_resolution()).one(),
        kpi.measure([case], kpi.customer_satisfaction()).one(statistic="mean"),
    )
    tied = records.links(incident.events)
    print(
        f"first contact: {first.value:.0%}, stars: {stars.value}, by {tied.caused_by_change}, problem: {tied.problem}"
    )


def many_users() -> None:
    """An engineer logs the outage first, reports follow as children, and all are closed together."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Accepted, Incident, Policy, lifecycle
    from itilkit.events import Closed, Event, Linked, Logged, RequesterWrote, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 6, 15, tzinfo=UTC)
    fixed, asked = at + timedelta(minutes=20), at + timedelta(minutes=30)
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3)
    numbers = ("INC2", "INC3", "INC4")
    store = {
        number: Incident(number, [Logged(at), Linked(at, kind="parent", to="INC1")])
        for number in numbers
    }
    store["INC1"] = Incident(
        "INC1",
        [Logged(at, "eve"), *(Linked(at, kind="child", to=each) for each in numbers)],
    )

    def record(number: str, event: Event) -> None:
        children = [store[each] for each in numbers] if number == "INC1" else []
        decision = desk.decide(store[number], event, children=children)
        assert isinstance(decision, Accepted)
        store[number] = decision.incident
        for other, proposed in decision.elsewhere:
            record(other, proposed)

    record("INC1", Resolved(fixed, "eve", notes="Timesheets are back"))
    for number in numbers[:2]:
        record(number, RequesterWrote(asked, text="I can book my hours again"))
    record("INC1", Closed(asked, "eve", code="spot check of two users"))
    for number, incident in sorted(store.items()):
        seen = lifecycle.replay(incident, SIMPLE, as_of=asked)
        assert seen.resolved_at is not None
        print(
            f"{number}: {seen.status}, down for {seen.resolved_at - incident.opened_at}"
        )


def major_incident() -> None:
    """Half of the nodes are down: a supplier with a P1, disaster recovery, a problem for the week after."""
    from datetime import UTC, datetime, timedelta

    from itilkit import (
        Agreement,
        Calendar,
        Incident,
        Policy,
        Target,
        events,
        major_incidents,
        records,
    )
    from itilkit.lifecycle import PERMISSIVE
    from itilkit.priority import ITIL_3X3

    def at(hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 3, 10, hour, minute, tzinfo=UTC)

    night = (
        events.Logged(at(2), channel="monitoring", title="8 of 16 nodes unreachable"),
        events.PrioritySet(at(2), priority=1),
        events.MajorDeclared(at(2, 20), "sam", reason="Half of all orders fail"),
        events.RoleTaken(at(2, 20), role="incident_manager", person="quinn"),
        events.Held(at(2, 31), reason="awaiting_supplier", reference="HX-8812, their P1"),
        events.Resumed(at(3, 20)),
        events.DisasterRecoveryInvoked(at(3, 25), "cto", plan="DR-2"),
        events.Resolved(at(5), "ola", code="workaround_provided"),
        events.Linked(at(8), "quinn", kind="problem", to="PRB31"),
    )
    target, always = (
        Target(1, {"resolution": timedelta(hours=4)}),
        Calendar.round_the_clock("UTC"),
    )
    gold = Agreement(
        "Gold", [target], calendar=always, but_not_while=["awaiting_supplier"]
    )
    desk = Policy("Desk", lifecycle=PERMISSIVE, matrix=ITIL_3X3, agreements=[gold])
    case = desk.assess(Incident("INC1", night), as_of=at(9))
    reading, found = case.readings["resolution"], major_incidents.standing(case.timeline)
    assert found is not None
    (invoked,) = found.disaster_recovery
    print(
        f"resolution {reading.outcome} after {reading.elapsed}, waiting for the supplier counted"
    )
    print(f"{found}; {invoked.plan} by {invoked.by} at {invoked.at:%H:%M}")
    print(f"the cause is looked for in {records.links(night).problem}")


def crash_on_a_sale_day() -> None:
    """The shop is down for fifty minutes on the day of the year; another hour costs what it costs on any day."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Classified, Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    noon = datetime(2026, 11, 27, 12, tzinfo=UTC)
    log = [
        Incident(
            f"INC{n}",
            [
                Logged(noon),
                Classified(noon, fields={"season": season}),
                Resolved(noon + timedelta(minutes=n)),
            ],
        )
        for n, season in ((50, "sale"), (60, "ordinary"))
    ]
    cases = list(
        Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(
            log, as_of=noon + timedelta(days=1)
        )
    )
    for season, rate in (("sale", 1_200), ("ordinary", 80)):
        found = kpi.measure(
            cases, kpi.downtime_cost(per_minute=rate, currency="EUR"), by="season"
        )
        print(f"{season}: EUR {found.one(statistic='total', season=season).value:,.0f}")
