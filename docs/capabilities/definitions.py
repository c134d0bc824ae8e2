"""What is an incident, and what is none? One function is one example; the page shows its body and what it prints."""


def interruption_or_less_quality() -> None:
    """A service that is down and one that is slow are both incidents."""
    from datetime import UTC, datetime

    from itilkit import Incident, lifecycle
    from itilkit.events import Classified, Logged

    nine, half_past = (
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    )
    down = (
        Logged(nine, title="The web shop is down"),
        Classified(nine, fields={"effect": "interruption"}),
    )
    slow = (
        Logged(half_past, title="A page takes 20 seconds"),
        Classified(half_past, fields={"effect": "less quality"}),
    )
    for incident in (Incident("INC1", down), Incident("INC2", slow)):
        seen = lifecycle.replay(incident, lifecycle.ITIL4_DEFAULT, as_of=half_past)
        effect = seen.fields[-1]["effect"]
        print(
            f"{incident.number} {incident.logged.title}: {effect}, since {seen.opened_at:%H:%M}"
        )


def not_felt_yet() -> None:
    """A disk of a mirror fails: nobody notices, and it is an incident all the same."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy
    from itilkit.conditions import Eq
    from itilkit.events import Classified, Logged
    from itilkit.lifecycle import ITIL4_DEFAULT
    from itilkit.priority import ITIL_3X3, PriorityRule

    nobody_yet = PriorityRule(
        Eq("affected_users", 0), priority_at_least=4, because="nobody is hit yet"
    )
    desk = Policy(
        "Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, priority_rules=[nobody_yet]
    )
    two = datetime(2026, 3, 2, 2, tzinfo=UTC)
    disk = (
        Logged(two, title="Disk 3 of 4 failed"),
        Classified(two, fields={"affected_users": 0}),
    )
    seen = desk.assess(Incident("INC1", disk), as_of=two).timeline
    print(f"impact: {seen.impact}, users: {seen.fields[-1]['affected_users']}")
    print(f"priority: P{seen.priority}")


def felt_by_the_user() -> None:
    """A user feels an interruption, and nobody finds a fault."""
    from datetime import UTC, datetime

    from itilkit import Incident, lifecycle, records
    from itilkit.events import Classified, Logged, Resolved

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    logged = Logged(
        at, title="My screen flickers now and then", reporter="ben", channel="phone"
    )
    classified = Classified(at, category="Workplace", fields={"detected_by": "user"})
    watched = Resolved(at, "ann", code="no_fault_found", notes="Watched it for an hour")
    felt = Incident("INC1", [logged, classified, watched])
    seen = lifecycle.replay(felt, lifecycle.SIMPLE, as_of=at)
    resolution = records.resolution(felt.events)
    assert resolution is not None
    print(f"configuration item: {seen.fields[-1].get('configuration_item')}")
    print(f"resolved all the same: {resolution.code}, for good: {resolution.permanent}")


def incident_and_problem() -> None:
    """The incident is closed when the service is back; the problem stays until its cause is found."""
    from datetime import UTC, datetime

    from itilkit import Incident, lifecycle, records
    from itilkit.events import Closed, Linked, Logged, Resolved
    from itilkit.records import Problem

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    incident = Incident(
        "INC1", [Logged(at, title="Mail stands still"), Resolved(at), Closed(at)]
    )
    incident = incident.appended(Linked(at, "quinn", kind="problem", to="PRB7"))
    problem = Problem(
        "PRB7",
        "Mail queue fills up",
        status="investigating",
        incidents=[incident.number],
    )

    status = lifecycle.replay(incident, lifecycle.SIMPLE, as_of=at).status
    assert records.links(incident.events).problem == problem.id
    print(
        f"{incident.number} is {status}; {problem.id} goes on ({problem.status}), ",
        end="",
    )
    print(f"root cause: {problem.root_cause}")


def domains() -> None:
    """Incidents by domain: security and operations are fields of one record, not two kinds of record."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Classified, Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    found = {"INC1": "operations", "INC2": "security", "INC3": "operations"}
    log = [
        Incident(number, [Logged(at), Classified(at, fields={"domain": found[number]})])
        for number in found
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at)
    for measure in kpi.measure(cases, kpi.volume(), by="domain"):
        print(f"{measure.group['domain']}: {measure.value}")


def major_or_minor() -> None:
    """Rules say whom to ask; an urgent incident is no major one until somebody declares it."""
    from datetime import UTC, datetime

    from itilkit import Incident, lifecycle
    from itilkit.conditions import Ge
    from itilkit.events import Logged, MajorDeclared, PrioritySet
    from itilkit.major_incidents import MajorRule, candidate

    crowd = MajorRule(
        "crowd", Ge("affected_users", 500), because="500 users or more", ask="sam"
    )
    for users in (12, 700):
        found = candidate({"affected_users": users}, [crowd])
        print(
            f"{users} users: {found.reason or 'no candidate'}, ask {', '.join(found.ask) or 'nobody'}"
        )

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    urgent = Incident("INC1", [Logged(at), PrioritySet(at, priority=1)])
    for incident in (
        urgent,
        urgent.appended(MajorDeclared(at, "sam", reason="No orders")),
    ):
        seen = lifecycle.replay(incident, lifecycle.SIMPLE, as_of=at)
        print(f"P{seen.priority}, major: {seen.is_major}")


def restore_fast() -> None:
    """The service fails at 09:00, somebody calls at 09:10, it is back at 09:40, and the record follows at 10:30."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Classified, Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    def at(hour: int, minute: int) -> datetime:
        return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)

    instants = Classified(
        at(9, 41), fields={"occurred_at": at(9, 0), "restored_at": at(9, 40)}
    )
    log = [Incident("INC1", [Logged(at(9, 10)), instants, Resolved(at(10, 30))])]
    cases = list(
        Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at(12, 0))
    )
    restored, resolved = kpi.measure(
        cases, kpi.mean_time_to_restore_service(), kpi.mean_time_to_resolve()
    )
    print(f"restored after {restored.value}, counted from the failure")
    print(f"resolved after {resolved.value}, counted from the call")


def environments() -> None:
    """What breaks on the way to production is counted apart."""
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Classified, Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3
    from itilkit.records import ConfigurationItem

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    web, trial = (
        ConfigurationItem("web1", environment="production"),
        ConfigurationItem("web9", environment="test"),
    )
    log = [
        Incident(
            number,
            [Logged(at), Classified(at, fields={"environment": item.environment})],
        )
        for number, item in (("INC1", web), ("INC2", trial), ("INC3", web))
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at)
    for measure in kpi.measure(cases, kpi.volume(), by="environment"):
        print(f"{measure.group['environment']}: {measure.value}")


def unseen_by_users() -> None:
    """Monitoring sees it before a user does."""
    from datetime import UTC, datetime

    from itilkit import Channel, Incident, Policy, kpi
    from itilkit.events import Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    channels = [
        Channel.MONITORING,
        Channel.PHONE,
        Channel.MONITORING,
        Channel.MONITORING,
    ]
    log = [
        Incident(f"INC{n}", [Logged(at, channel=channel)])
        for n, channel in enumerate(channels)
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at)
    rate = kpi.measure(cases, kpi.proactive_rate()).one()
    assert isinstance(rate.value, float)
    print(
        f"found by monitoring: {rate.value * rate.n:.0f} of {rate.n} ({rate.value:.0%})"
    )
