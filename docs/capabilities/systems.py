"""Tools by name: what is read from them, and what is written for them. One function is one example."""


def servicenow() -> None:
    """The audit log of an instance, one row per update, becomes a history; times without a zone need one."""
    from itilkit.adapters import servicenow

    header = "number,incident_state,sys_updated_at,opened_at,priority,assignment_group"
    rows = [
        "INC0000045,New,2/3/2026 09:23,2/3/2026 09:16,3 - Moderate,Group 56",
        "INC0000045,In Progress,2/3/2026 09:40,2/3/2026 09:16,3 - Moderate,Group 56",
        "INC0000045,Resolved,2/3/2026 11:29,2/3/2026 09:16,2 - High,Group 56",
    ]
    log = servicenow.audit_log([header, *rows], zone="Europe/London")
    (incident,) = log.incidents
    print(incident.number, *(type(event).__name__ for event in incident.events))
    print("not recorded there:", *sorted(incident.source.lacks))


def freshservice() -> None:
    """A ticket shows only its last state and some stamps; what is concluded from them is marked as inferred."""
    from datetime import datetime

    from itilkit import Incident, lifecycle
    from itilkit.events import Event, Logged, PrioritySet, Resolved

    ticket = {
        "id": "41",
        "subject": "No e-mail",
        "priority": "3",
        "created_at": "2026-03-02T09:00:00Z",
    }
    stats = {"resolved_at": "2026-03-02T10:30:00Z", "closed_at": None}
    opened, its_priority = (
        datetime.fromisoformat(ticket["created_at"]),
        int(ticket["priority"]),
    )
    history: list[Event] = [
        Logged(opened, title=ticket["subject"]),
        PrioritySet(opened, priority=5 - its_priority),  # there 4 is the highest
    ]
    if stats["resolved_at"]:
        history.append(
            Resolved(datetime.fromisoformat(stats["resolved_at"]), inferred=True)
        )
    incident = Incident(f"INC-{ticket['id']}", history, source="Freshservice")
    seen = lifecycle.replay(
        incident,
        lifecycle.SIMPLE,
        as_of=datetime.fromisoformat("2026-03-03T09:00:00Z"),
    )
    print(
        f"{incident.number}: P{seen.priority}, {seen.status}, inferred: {incident.events[-1].inferred}"
    )


def zendesk() -> None:
    """A ticket's audits tell each change of status; the shipped lifecycle knows what Zendesk's words mean."""
    from datetime import datetime

    from itilkit import Incident, lifecycle
    from itilkit.events import Event, Held, Logged, Resolved, Started

    audits = [("08:10", "open"), ("09:00", "pending"), ("11:00", "solved")]
    kinds: dict[str, type[Started | Held | Resolved]]
    kinds = {"open": Started, "pending": Held, "hold": Held, "solved": Resolved}
    history: list[Event] = [Logged(datetime.fromisoformat("2026-03-02T08:03:12Z"))]
    for time, status in audits:
        created_at = datetime.fromisoformat(f"2026-03-02T{time}:00Z")
        history.append(kinds[status](created_at, state=status))
    incident = Incident("35981", history, source="Zendesk")
    seen = lifecycle.replay(incident, lifecycle.ZENDESK, as_of=history[-1].at)
    print(
        *(
            f"{state} = {status}"
            for state, status in zip(seen.states, seen.statuses, strict=True)
        ),
        sep=", ",
    )


def words_of_other_desks() -> None:
    """BMC Helix and Cherwell call their states otherwise; a house declares them, each with what it stands for."""
    from datetime import UTC, datetime

    from itilkit import Incident, Status
    from itilkit.events import Held, Logged, Started
    from itilkit.lifecycle import Lifecycle, State, Transition, replay

    def desk(name: str, new: str, working: str, waiting: str, done: str) -> Lifecycle:
        states = [
            State(new, Status.NEW),
            State(working, Status.IN_PROGRESS),
            State(waiting, Status.ON_HOLD),
            State(done, Status.RESOLVED),
        ]
        steps = [
            Transition("start", new, working),
            Transition("hold", working, waiting),
            Transition("resume", waiting, working),
            Transition("resolve", working, done),
        ]
        return Lifecycle(name, states, transitions=steps)

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    waits = Incident("INC1", [Logged(at), Started(at), Held(at)])
    for house in (
        desk("BMC Helix", "New", "In Progress", "Pending", "Resolved"),
        desk("Cherwell", "New", "In Progress", "Pending Customer", "Resolved"),
    ):
        seen = replay(waits, house, as_of=at)
        print(f"{house.name}: {seen.state} is {seen.status}")


def nagios() -> None:
    """A notification as its script gets it, mapped by hand: host and service are the key of the alert."""
    from datetime import UTC, datetime

    from itilkit.records import MonitoringEvent

    told = {
        "NAGIOS_NOTIFICATIONTYPE": "PROBLEM",
        "NAGIOS_HOSTNAME": "mail-gw-1",
        "NAGIOS_SERVICEDESC": "SMTP",
        "NAGIOS_SERVICEPROBLEMID": "4711",
        "NAGIOS_TIMET": "1774228350",
    }
    alert = MonitoringEvent(
        "nagios",
        told["NAGIOS_SERVICEPROBLEMID"],
        dedup_key=f"{told['NAGIOS_HOSTNAME']}/{told['NAGIOS_SERVICEDESC']}",
        status="firing" if told["NAGIOS_NOTIFICATIONTYPE"] == "PROBLEM" else "resolved",
        occurred_at=datetime.fromtimestamp(int(told["NAGIOS_TIMET"]), UTC),
    )
    print(f"{alert.dedup_key} is {alert.status} since {alert.at:%d %B %H:%M} UTC")


def zabbix() -> None:
    """The message tells date and time without a zone; that of the server is the host's knowledge."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from itilkit.records import MonitoringEvent

    told = {
        "event_id": "918273",
        "event_value": "1",
        "event_name": "Replication lag",
        "event_date": "2026.03.21",
        "event_time": "06:14:03",
        "host_name": "db-2",
    }
    stamp = datetime.fromisoformat(
        f"{told['event_date'].replace('.', '-')}T{told['event_time']}"
    )
    alert = MonitoringEvent(
        "zabbix",
        told["event_id"],
        dedup_key=f"{told['host_name']}/{told['event_name']}",
        status="firing" if told["event_value"] == "1" else "resolved",
        occurred_at=stamp.replace(tzinfo=ZoneInfo("Europe/Berlin")),
    )
    print(f"{alert.dedup_key} is {alert.status} since {alert.at:%d %B %H:%M} UTC")


def three_webhooks() -> None:
    """New Relic, Datadog and Splunk send JSON; a small table says which of its keys means what."""
    from datetime import UTC, datetime

    from itilkit.records import MonitoringEvent

    payloads: dict[str, dict[str, str | int]] = {
        "newrelic": {
            "issueId": "i-1",
            "title": "Checkout is slow",
            "createdAt": 1772442000000,
        },
        "datadog": {"id": "d-7", "title": "Orders fell by half", "date": 1772442060000},
        "splunk": {"sid": "s-9", "search_name": "Payment errors", "_time": 1772442120},
    }
    keys = {
        "newrelic": ("issueId", "title", "createdAt", 1000),
        "datadog": ("id", "title", "date", 1000),
        "splunk": ("sid", "search_name", "_time", 1),
    }
    for tool, (number, title, stamp, per_second) in keys.items():
        told = payloads[tool]
        at = datetime.fromtimestamp(int(told[stamp]) / per_second, UTC)
        key, text = str(told[number]), str(told[title])
        alert = MonitoringEvent(
            tool, key, dedup_key=key, title=text, status="firing", started_at=at
        )
        print(f"{tool} {alert.source_id} at {alert.at:%H:%M}: {alert.title}")


def flat_in_and_out() -> None:
    """A flat JSON dict comes in and a flat one goes out: what a Zap or any other flow needs."""
    import json
    from datetime import datetime, timedelta

    from itilkit import Agreement, Calendar, Incident, Policy, Target
    from itilkit.events import Logged, PrioritySet
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    told = json.loads(
        '{"number": "INC1", "opened_at": "2026-03-02T09:00:00+00:00", "title": "No e-mail"}'
    )
    opened = datetime.fromisoformat(told["opened_at"])
    gold = Agreement(
        "Gold",
        [Target(3, {"resolution": timedelta(hours=8)})],
        calendar=Calendar.round_the_clock("UTC"),
    )
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3, agreements=[gold])
    incident = Incident(
        told["number"],
        [Logged(opened, title=told["title"]), PrioritySet(opened, priority=3)],
    )
    due_at = desk.assess(incident, as_of=opened).readings["resolution"].due_at
    assert due_at is not None
    print(json.dumps({**told, "due_at": due_at.isoformat()}))


def rows_for_a_list() -> None:
    """A list on a SharePoint site is a table: figures as CSV, with the standard library alone."""
    import csv
    import sys
    from datetime import UTC, datetime

    from itilkit import Incident, Policy, kpi
    from itilkit.events import Classified, Logged
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    log = [
        Incident(f"INC{n}", [Logged(at), Classified(at, service=name)])
        for n, name in enumerate(["mail", "crm", "mail"])
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(log, as_of=at)
    rows = kpi.measure(cases, kpi.volume(), by="service").to_rows()
    table = csv.DictWriter(
        sys.stdout,
        ["service", "kpi", "value"],
        extrasaction="ignore",
        lineterminator="\n",
    )
    table.writeheader()
    table.writerows(rows)


def a_ledger_for_a_wiki() -> None:
    """Why it was late, as a Markdown table for a page of the wiki."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Agreement, Calendar, Incident, Policy, Target
    from itilkit.events import Logged, PrioritySet, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    office = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
    gold = Agreement(
        "Gold", [Target(2, {"resolution": timedelta(hours=2)})], calendar=office
    )
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3, agreements=[gold])
    monday, tuesday = (
        datetime(2026, 3, 2, 15, tzinfo=UTC),
        datetime(2026, 3, 3, 10, tzinfo=UTC),
    )
    events = (Logged(monday), PrioritySet(monday, priority=2), Resolved(tuesday))
    reading = desk.assess(Incident("INC1", events), as_of=tuesday).readings["resolution"]
    print(reading.to_markdown())


def the_smallest_ticket_tool() -> None:
    """A store of histories and one question per event: that is all a tool has to bring."""
    from datetime import UTC, datetime

    from itilkit import Accepted, Event, Incident, Policy
    from itilkit.events import Closed, Logged, Resolved, Started
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3)
    store: dict[str, Incident] = {}

    def record(number: str, event: Event) -> str:
        match desk.decide(store[number], event):
            case Accepted(incident=longer):
                store[number] = longer
                return f"stored version {longer.version}"
            case refused:
                return str(refused)

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    store["INC1"] = Incident("INC1", [Logged(at, title="No e-mail")])
    for event in (
        Started(at, "ann"),
        Closed(at, "ann"),
        Resolved(at, "ann"),
        Closed(at, "ann"),
    ):
        print(f"{type(event).__name__}: {record('INC1', event)}")


def what_the_stories_are_about() -> None:
    """The systems of the stories are services and items; what an item carries is lost with it."""
    from itilkit.records import ConfigurationItem, Service

    services = [
        Service("crm", "Customer relations", criticality=2),
        Service("timesheets", "Timesheets and invoicing", criticality=1),
        Service("backup", "Backup of virtual machines", criticality=3),
    ]
    items = [
        ConfigurationItem(f"vm-{each.id}", ci_class="virtual machine", service=each.id)
        for each in services
    ]
    host = ConfigurationItem("node1", "Hypervisor 1", ci_class="hypervisor", impact=1)
    lost = sorted(services, key=lambda service: service.criticality or 9)
    print(
        f"{host.name} carries {len(items)} machines; restore first: {', '.join(each.name for each in lost)}"
    )


def by_telephone() -> None:
    """Calls are live contacts: only they count for first contact resolution; a mail does not."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Channel, Incident, Policy, kpi
    from itilkit.events import Assigned, Logged, Resolved
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    log = [
        Incident(way, [Logged(at, channel=way), Assigned(at, group="desk"), Resolved(at)])
        for way in (Channel.PHONE, Channel.EMAIL)
    ]
    cases = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess_all(
        log, as_of=at + timedelta(days=8)
    )
    found = kpi.measure(cases, kpi.first_contact_resolution()).one()
    print(f"of {found.n} call, left out {dict(found.left_out)}")


def in_public() -> None:
    """Somebody complains in public; the answer is public, too, and the promise it makes is kept in view."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy
    from itilkit.events import Logged, Replied
    from itilkit.lifecycle import SIMPLE
    from itilkit.priority import ITIL_3X3

    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    answer = Replied(
        nine,
        "pia",
        text="We look into it",
        audience="public",
        channel="social",
        next_update_due_at=nine + timedelta(hours=1),
    )
    incident = Incident(
        "INC1", [Logged(nine, title="Your app is down!", channel="social"), answer]
    )
    desk = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3)
    for due in desk.due(desk.assess(incident, as_of=nine + timedelta(hours=2))):
        print(f"came by {incident.logged.channel}: {due.why}")


def supplier_portal() -> None:
    """While it waits for the supplier, the number in the supplier's portal is at hand."""
    from datetime import UTC, datetime

    from itilkit import HoldReason, Incident
    from itilkit.events import Held, Logged, Started

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    waits = Held(at, "ann", reason="awaiting_supplier", reference="HX-8812")
    log = [
        Incident("INC1", [Logged(at), Started(at), waits]),
        Incident("INC2", [Logged(at)]),
    ]
    for incident in log:
        for event in incident.events:
            if isinstance(event, Held) and event.reason is HoldReason.AWAITING_SUPPLIER:
                print(
                    f"https://portal.example.org/tickets/{event.reference} for {incident.number}"
                )


def more_lifecycles() -> None:
    """The states of other tools are known already, and their matrices: only the reading is left to the host."""
    from itilkit.lifecycle import ITOP, JIRA_SM, RT_DEFAULT
    from itilkit.priority import GLPI_5X5

    for house, state in (
        (JIRA_SM, "Pending"),
        (ITOP, "escalated_tto"),
        (RT_DEFAULT, "stalled"),
    ):
        print(f"{house.name}: {state} is {house.status(state)}")
    print(
        f"{GLPI_5X5.name}: impact 2, urgency 3 is {GLPI_5X5.priority_of(impact=2, urgency=3)}"
    )


def into_a_chat() -> None:
    """The same message as the body that Slack takes and as the card that Teams takes; posting it is one request."""
    from datetime import UTC, datetime, timedelta

    from itilkit import Incident, Policy
    from itilkit.events import Logged, MajorDeclared, RoleTaken
    from itilkit.lifecycle import SIMPLE
    from itilkit.major_incidents import status_update
    from itilkit.priority import ITIL_3X3

    two = datetime(2026, 3, 2, 2, tzinfo=UTC)
    major = (
        MajorDeclared(two, "quinn", reason="No orders"),
        RoleTaken(two, role="incident_manager", person="quinn"),
    )
    incident = Incident("INC1", [Logged(two, title="Shop <down>"), *major])
    case = Policy("Desk", lifecycle=SIMPLE, matrix=ITIL_3X3).assess(
        incident, as_of=two + timedelta(minutes=30)
    )
    told = status_update(
        case, "stakeholders", "The second site takes over.", zone="Europe/London"
    )
    slack, teams = told.to_slack(), told.to_teams()
    print("Slack:", slack["text"], [block["type"] for block in slack["blocks"]])
    card = teams["attachments"][0]["content"]
    print("Teams:", card["type"], card["version"], card["body"][0]["inlines"][0]["text"])
