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
    Person,
    PrioritySet,
    Reopened,
    Resolved,
    Resumed,
    Started,
)
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
