"""The three policies in examples/policies: a bank, a hospital, a software vendor. Every answer is worked by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from itilkit.events import (
    Assigned,
    Classified,
    Event,
    Held,
    Logged,
    ModelAttached,
    Person,
    PrioritySet,
    Reopened,
    Resolved,
    Resumed,
    Started,
)
from itilkit.incident_models import route
from itilkit.lifecycle import Accepted, Refused
from itilkit.policy import Policy
from itilkit.records import Incident

FOLDER = Path(__file__).parents[2] / "examples" / "policies"


def read(name: str) -> Policy:
    """The policy in the file of that name."""
    return Policy.from_toml((FOLDER / f"{name}.toml").read_text("utf-8"), source=f"{name}.toml")


BANK, HOSPITAL, SAAS = map(read, ("bank", "hospital", "saas"))


def at(text: str) -> datetime:
    """An instant of 2026: month, day and time in UTC."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


@pytest.mark.parametrize("policy", [BANK, HOSPITAL, SAAS], ids=lambda policy: policy.name)
def test_there_is_nothing_odd_about_them(policy: Policy) -> None:
    """They lint clean."""
    assert policy.lint() == ()


PROMISES = [
    # The second Sunday of March is the 8th; London keeps GMT. An hour until 02:00, none until 06:00, another hour.
    (BANK, "03-08 01:00", "P1", {"business_line": "payments"}, "resolution", "03-08 07:00"),
    # New York closes on Friday at 23:00 UTC, Singapore opens on Monday at 00:00 UTC: two hours and six.
    (BANK, "03-06 21:00", "P2", {"business_line": "retail"}, "resolution", "03-09 06:00"),
    # Friday 12:00 to 18:00 in London, then New York until 23:00 (13:00 to 18:00 EST): 11 of 12 hours, one on Monday.
    (BANK, "03-06 12:00", "P3", {}, "resolution", "03-09 13:00"),
    (HOSPITAL, "03-08 03:00", "Emergency", {"area": "ward"}, "resolution", "03-08 04:00"),
    (HOSPITAL, "03-08 03:00", "Emergency", {"area": "office"}, "resolution", "03-08 07:00"),
    # The day clinic opens on Monday at 07:00 in Berlin, 06:00 UTC.
    (HOSPITAL, "03-08 03:00", "Urgent", {"area": "day clinic"}, "response", "03-09 06:30"),
    # Three working days after Friday the 6th: Monday, Tuesday, Wednesday, which closes at 16:30 in Berlin.
    (HOSPITAL, "03-06 09:00", "Soon", {}, "resolution", "03-11 15:30"),
    (SAAS, "03-07 03:00", "P1", {"tier": "Platinum"}, "resolution", "03-07 07:00"),
    # Acme opens on Saturdays from 08:00 to 12:00 in Chicago, six hours behind UTC; others wait for Monday in Dublin.
    (SAAS, "03-07 14:30", "P2", {"tier": "Gold", "customer": "Acme"}, "response", "03-07 15:30"),
    (SAAS, "03-07 14:30", "P2", {"tier": "Gold", "customer": "Globex"}, "response", "03-09 09:00"),
    # Monday at 15:30 is past the cutoff: Tuesday is the first working day, Wednesday the second.
    (SAAS, "03-09 15:30", "P1", {}, "resolution", "03-11 18:00"),
    (SAAS, "03-09 14:30", "P1", {}, "resolution", "03-10 18:00"),
    (SAAS, "03-07 03:00", "P1", {"layer": "hosting"}, "UC.resolution", "03-07 04:00"),
    (SAAS, "03-07 03:00", "P2", {"layer": "database"}, "OLA.resolution", "03-07 09:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "opened", "priority", "fields", "target", "due"),
    PROMISES,
    ids=[f"{row[0].name} {row[1]} {row[2]} {row[4]}" for row in PROMISES],
)
def test_what_is_promised(  # noqa: PLR0917  a row of the table
    policy: Policy, opened: str, priority: str, fields: dict[str, Any], target: str, due: str
) -> None:
    """Due at the instant that the comments of the table work out."""
    promised = policy.promise(opened_at=at(opened), priority=priority, **fields)
    assert promised[target].due_at == at(due)


PRIORITIES = [
    # ITIL 3x3: impact Low and urgency Low is P5; urgency High makes it P3, impact Medium P4, impact High P3.
    (BANK, 3, 3, {}, 5, []),
    (BANK, 3, 3, {"vip": True}, 3, ["VIP caller"]),
    (BANK, 3, 3, {"regulated": True}, 4, ["the supervisor asks about this system"]),
    (BANK, 3, 3, {"affected_users": 500, "vip": True}, 1, ["VIP caller", "500 users or more"]),
    (HOSPITAL, 3, 3, {}, 4, []),
    (HOSPITAL, 3, 3, {"patient_safety": True}, 1, ["patient safety"]),
    (HOSPITAL, 2, 3, {"area": "ward"}, 3, ["clinical area"]),
    (HOSPITAL, 3, 1, {"area": "ward", "affected_beds": 20}, 1, ["20 beds or more"]),
    # Weights: 20 + 0 = 20 is P2, 10 + 5 = 15 is P3.
    (SAAS, 1, 3, {}, 2, []),
    (SAAS, 2, 2, {}, 3, []),
    (SAAS, 1, 3, {"tier": "Platinum"}, 1, ["outage of a Platinum customer"]),
]


@pytest.mark.parametrize(("policy", "impact", "urgency", "fields", "priority", "because"), PRIORITIES)
def test_priorities(  # noqa: PLR0917  a row of the table
    policy: Policy, impact: int, urgency: int, fields: dict[str, Any], priority: int, because: list[str]
) -> None:
    """The matrix and the rules of each house."""
    known = dict(fields)
    caller = Person("ann", vip=known.pop("vip", False))
    events: list[Event] = [
        Logged(at("03-02 09:00"), reporter=caller),
        Classified(at("03-02 09:00"), impact=impact, urgency=urgency, fields=known),
    ]
    found = policy.why_priority(Incident("INC1", events), as_of=at("03-02 09:00"))
    assert found.priority == priority
    assert [each.rule.because for each in found.raised] == because


def test_nothing_stops_the_clock_of_a_ward() -> None:
    """A hold moves the due time of the offices, not that of a ward."""
    monday = at("03-02 09:00")

    def due(area: str) -> datetime | None:
        events: list[Event] = [
            Logged(monday),
            PrioritySet(monday, priority=1),
            Classified(monday, fields={"area": area}),
            Assigned(monday, group="desk"),
            Started(monday),
            Held(at("03-02 09:10"), state="with the maker", reference="M-7"),
            Resumed(at("03-02 09:40")),
        ]
        case = HOSPITAL.assess(Incident("INC1", events), as_of=at("03-02 09:45"))
        return case.readings["resolution"].due_at

    assert due("ward") == at("03-02 10:00")
    assert due("office") == at("03-02 13:30")


NINE = at("03-09 09:00")  # a Monday
PAYMENTS = {"category": "application", "business_line": "payments"}
OUTAGE = {"layer": "hosting", "impact": 1}
DEAR = {"impact": 3, "urgency": 3, "cost_per_minute": 1000}
# The policy, what the desk says, then the models, the priorities, the group and the levels that the model fills in.
TRIAGED: list[tuple[Policy, dict[str, Any], list[str], list[int], str, list[tuple[int | None, int | None]]]] = [
    # Impact and urgency High by the model: P1.
    (BANK, PAYMENTS, ["payments_stopped"], [1], "payments_operations", [(1, 1)]),
    # The desk has said Low and Low, which is P5; the model allows P2 at least.
    (BANK, {**PAYMENTS, "impact": 3, "urgency": 3}, ["payments_stopped"], [2], "payments_operations", []),
    (BANK, {**PAYMENTS, "category": "security", "impact": 2, "urgency": 2}, [], [3], "security", []),
    # Two hours at 1000 a minute make impact High: with urgency Low P3, where impact Low would be P5.
    (BANK, {**DEAR, "estimated_outage_minutes": 120}, [], [3], "service_desk", []),
    (BANK, {**DEAR, "estimated_outage_minutes": 119}, [], [5], "service_desk", []),
    (HOSPITAL, {"category": "clinical system", "area": "ward"}, ["ward_without_system"], [1], "clinical_it", [(1, 1)]),
    (HOSPITAL, {"category": "clinical system", "area": "office"}, [], [], "service_desk", []),
    # Weights 20 + 10 = 30: P1.
    (SAAS, {**OUTAGE, "tier": "Platinum"}, ["hosting_outage"], [1], "premium_support", [(None, 1)]),
    (SAAS, {**OUTAGE, "impact": 2, "tier": "Gold"}, [], [], "support", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "known", "models", "priorities", "group", "filled"),
    TRIAGED,
    ids=[f"{row[0].name} {' '.join(map(str, row[1].values()))}" for row in TRIAGED],
)
def test_what_a_new_incident_needs(  # noqa: PLR0917  a row of the table
    policy: Policy,
    known: dict[str, Any],
    models: list[str],
    priorities: list[int],
    group: str,
    filled: list[tuple[int | None, int | None]],
) -> None:
    """The model that is meant, the priority, the group, and the impact and urgency that were left empty."""
    standard = {name: known[name] for name in ("category", "impact", "urgency") if name in known}
    own = {name: value for name, value in known.items() if name not in standard}
    call = Incident("INC1", [Logged(NINE), Classified(NINE, **standard, fields=own)])
    events = policy.triage(call, at=NINE).events
    assert [event.model for event in events if isinstance(event, ModelAttached)] == models
    assert [event.priority for event in events if isinstance(event, PrioritySet)] == priorities
    assert [event.group for event in events if isinstance(event, Assigned)] == [group]
    assert [(event.impact, event.urgency) for event in events if isinstance(event, Classified)] == filled


def test_who_is_called_in_by_whom() -> None:
    """A functional escalation asks the routes of its level."""
    database = {"category": "database", "layer": "database"}
    found = [route(policy.routes, database, level=2).group for policy in (BANK, HOSPITAL, SAAS)]
    assert found == ["database", None, "database"]
    assert route(SAAS.routes, {"layer": "hosting"}, level=4).group == "hosting_firm"


# A P1 was opened at 08:00 UTC: when it is asked, and whom a message is owed by then.
OWED = [
    (BANK, {}, "08:29", []),
    (BANK, {}, "08:30", ["incident_manager"]),
    (BANK, {}, "10:00", ["incident_manager", "communications_manager"]),
    (HOSPITAL, {"area": "ward"}, "08:15", ["clinical_it_on_call"]),
    (HOSPITAL, {"area": "office"}, "12:00", []),
    (SAAS, {}, "08:30", ["communications_manager"]),
]


@pytest.mark.parametrize(
    ("policy", "fields", "clock", "owed"), OWED, ids=[f"{row[0].name} {row[2]}" for row in OWED]
)
def test_who_owes_a_message(policy: Policy, fields: dict[str, Any], clock: str, owed: list[str]) -> None:
    """Each audience is owed its message once the time of its cadence is over."""
    eight = at("03-09 08:00")
    events: list[Event] = [Logged(eight), PrioritySet(eight, priority=1), Classified(eight, fields=fields)]
    case = policy.assess(Incident("INC1", events), as_of=at(f"03-09 {clock}"))
    found = [due for due in policy.due(case) if due.kind == "communication"]
    assert [name for due in found for name in due.notify] == owed


def test_windows_and_closing() -> None:
    """The bank reopens until the close of the fifth working day; the hospital for three days on the wall."""
    friday = at("03-06 12:00")
    solved = Incident("INC1", [Logged(friday), Resolved(friday, "ann", code="x", notes="y")])
    fifth, third_day = at("03-13 18:00"), friday + timedelta(days=3)
    for policy, last in ((BANK, fifth), (HOSPITAL, third_day)):
        for instant, kind in ((last, Accepted), (last + timedelta(seconds=1), Refused)):
            assert isinstance(policy.decide(solved, Reopened(instant, "bob", reason="again")), kind)
    closing = SAAS.due_timers(Incident("INC2", [Logged(friday), Resolved(friday)]), as_of=at("03-10 12:00"))
    assert [(due.timer.name, due.due_at) for due in closing] == [("Auto-close", at("03-10 12:00"))]
