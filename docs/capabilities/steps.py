"""How an organisation gets there. One function is one example."""


def what_to_measure() -> None:
    """The catalogue says what each KPI is and which facts it needs, before anything is measured."""
    from itilkit import kpi
    from itilkit.priority import ITIL_3X3

    print(f"{ITIL_3X3.name} gives {len(ITIL_3X3.priority)} priorities")
    for name in ("first_contact_resolution", "time_to_restore"):
        found = kpi.entry_of(name)
        print(f"{found.name} ({found.abbreviation}): {found.formula}")


def what_runs_out_soon() -> None:
    """Six hours of eight are gone: on the list of what is due within the next two hours and a half."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Agreement, Calendar, Incident, Policy, Target, sla
    from itilkit.events import Logged, PrioritySet
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    gold = Agreement(
        "Gold",
        [Target(2, {"resolution": timedelta(hours=8)})],
        calendar=Calendar.round_the_clock("UTC"),
    )
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3, agreements=[gold])
    now = datetime(2026, 3, 2, 15, tzinfo=UTC)
    opened = [now - timedelta(hours=hours) for hours in (6, 1)]
    log = [
        Incident(f"INC{n}", [Logged(at), PrioritySet(at, priority=2)])
        for n, at in enumerate(opened, 1)
    ]
    for each in sla.at_risk(
        desk.assess_all(log, as_of=now), within=timedelta(hours=2, minutes=30)
    ):
        print(
            f"{each.assessment.timeline.incident.number}: {each.target} due {each.due_at:%H:%M}"
        )


def rules_as_data() -> None:
    """A policy is a file that people review: read, checked, written, and dated."""
    from datetime import UTC, datetime

    from itilkit import Policy
    from itilkit.policy import PolicyVersions

    text = """
    itilkit = 1
    name = "Desk {year}"
    zone = "Europe/London"
    valid_from = {year}-01-01
    [calendars.office]
    weekly = {{ mon-fri = ["09:00-17:30"] }}
    [priority]
    matrix = "ITIL 3x3"
    [lifecycle]
    like = "ITIL 4 default"
    [[agreements]]
    name = "Gold"
    calendar = "office"
    targets = [ {{ priority = ["P1", "P2", "P3", "P4", "P5"], resolution = "4h" }} ]
    """
    old, new = (Policy.from_toml(text.format(year=year)) for year in (2025, 2026))
    print("findings:", [fault.code for fault in new.lint()])
    print(
        "in force:",
        PolicyVersions([old, new]).in_force(datetime(2025, 7, 1, tzinfo=UTC)).name,
    )


def did_it_get_better() -> None:
    """The median of two months, and whether the difference is more than chance."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Period, Policy, kpi
    from itilkit.events import Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    log: list[Incident] = []
    for month, hours in ((3, 20), (4, 5)):
        for day in range(1, 21):
            opened = datetime(2026, month, day, 9, tzinfo=UTC)
            solved = Resolved(opened + timedelta(hours=hours, minutes=day))
            log.append(Incident(f"INC{month}{day:02}", [Logged(opened), solved]))
    cases = list(
        Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(
            log, as_of=datetime(2026, 5, 1, tzinfo=UTC)
        )
    )
    march, april = (Period.month(2026, month, zone="UTC") for month in (3, 4))
    change = (
        kpi.compare(
            cases, kpi.time_to_resolve("median"), before=march, after=april, seed=7
        )
        .one()
        .changes[0]
    )
    print(f"{change.before.value} -> {change.after.value}: {change.verdict}")


def no_more_than_needed() -> None:
    """The same step under two lifecycles: one asks for nothing, the other for what a larger desk needs."""
    from datetime import UTC, datetime

    from itilkit import Incident
    from itilkit.events import Logged
    from itilkit.lifecycle import ITIL4_DEFAULT, SIMPLE, permitted

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for house in (SIMPLE, ITIL4_DEFAULT):
        steps = permitted(Incident("INC1", [Logged(at)]), house, at=at)
        start = next(step for step in steps if step.trigger == "start")
        print(
            f"{house.name}: {len(house.states)} states; to start: {', '.join(start.missing) or 'nothing'}"
        )
