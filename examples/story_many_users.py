"""Story 2: many users. Invoicing is down on the one day of the month on which everybody needs it.

The calls are separate incidents, because each caller wants an answer. They become children of one incident; what
happens to that one is proposed for the others, and each proposal is decided on like any other event. The rules of the
desk stand in a file beside the program: what is urgent, which model is meant, and who gets it.

    python examples/story_many_users.py
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from itilkit import Accepted, Event, Incident, Person, Policy, records
from itilkit.events import (
    Classified,
    Closed,
    Linked,
    Logged,
    Noted,
    Replied,
    RequesterWrote,
    Resolved,
    Started,
    StepDone,
)
from itilkit.incident_models import Progress

LONDON = ZoneInfo("Europe/London")
ANN = Person("ann", name="Ann (service desk)")
IVO = Person("ivo", name="Ivo (finance applications)")

RULES = Path(__file__).with_suffix(".toml")
desk = Policy.from_toml(RULES.read_text(encoding="utf-8"), source=RULES.name)


def at(hour: int, minute: int) -> datetime:
    """A time on that Friday."""
    return datetime(2026, 3, 13, hour, minute, tzinfo=LONDON)


class Tickets:
    """All that a tool stores: histories by number."""

    def __init__(self) -> None:
        self.by_number: dict[str, Incident] = {}

    def record(self, number: str, *events: Event, followers: Iterable[str] = ()) -> list[str]:
        """Decide on each event, store what is accepted, and do the same with what it proposes elsewhere."""
        touched: list[str] = []
        for event in events:
            children = [self.by_number[each] for each in followers]
            decision = desk.decide(self.by_number[number], event, children=children)
            assert isinstance(decision, Accepted), decision
            self.by_number[number] = decision.incident
            for other, proposed in decision.elsewhere:
                self.record(other, proposed)
                touched.append(f"{type(proposed).__name__} {other}")
        return touched

    def tell_steps(self, number: str, *, as_of: datetime) -> Progress:
        """How far an incident is on the plan of its model, printed."""
        found = desk.progress(desk.assess(self.by_number[number], as_of=as_of))
        assert found is not None
        for each in found.steps:
            due = f"due {each.due_at.astimezone(LONDON):%a %H:%M}" if each.due_at else ""
            state = "done late" if each.done_late else each.state
            print(f"       {state:9} {each.step.title}, {due}")
        return found


def take_calls(tickets: Tickets) -> tuple[str, ...]:
    """Four people call; each call is logged for itself."""
    callers = {"INC0101": (9, 2), "INC0102": (9, 9), "INC0103": (9, 10), "INC0104": (9, 31)}
    for number, (hour, minute) in callers.items():
        caller = Person(f"caller of {number}")
        when = at(hour, minute)
        logged = Logged(when, ANN, title="Invoicing does not start", reporter=caller, channel="phone")
        tickets.by_number[number] = Incident(number, [logged])
        tickets.record(
            number, Classified(when, ANN, category="application", service="invoicing", impact=3, urgency=3)
        )
    return tuple(callers)


def tell_all(tickets: Tickets, main_one: str) -> None:
    """How each of them ended."""
    print("\n         number   status  after    led by   resolution")
    for number, incident in tickets.by_number.items():
        case = desk.assess(incident, as_of=at(12, 0))
        links, resolution = records.links(incident.events), records.resolution(incident.events)
        assert resolution is not None
        assert resolution.permanent is False
        spent = resolution.at - incident.opened_at
        print(
            f"         {number}  {case.timeline.status}  {spent}  {links.parent or '-':7}  {resolution.notes}"
        )
        assert case.timeline.status == "closed"
        assert links.parent == (None if number == main_one else main_one)
        assert case.readings["resolution"].outcome == "met"


def main() -> None:
    """Tell the story."""
    tickets = Tickets()
    main_one, *children = take_calls(tickets)
    is_run = desk.calendars["invoice_run"].is_open(at(9, 31))
    print(f"09:35  The fourth call about invoicing; nobody there can work. It is the invoice run: {is_run}.")
    tickets.record(main_one, Classified(at(9, 35), ANN, fields={"affected_users": 40, "invoice_run": is_run}))
    triage = desk.triage(tickets.by_number[main_one], at=at(9, 35), by=ANN)
    print("       " + triage.explain().replace("\n", "\n       "))
    assert triage.derivation is not None
    assert (triage.derivation.priority, triage.routed and triage.routed.group) == (1, "erp")

    tickets.record(
        main_one,
        *triage.events,
        *(Linked(at(9, 36), ANN, kind="child", to=child) for child in children),
        Started(at(9, 40), IVO),
    )
    for child in children:
        tickets.record(child, Linked(at(9, 36), ANN, kind="parent", to=main_one))
    print(f"       {main_one} leads {', '.join(children)}.")

    print("\n09:40  The plan, and how far it is:")
    laid = tickets.tell_steps(main_one, as_of=at(9, 40)).plan
    assert laid.target_due_at is not None
    print(
        f"       promised by {laid.target_due_at.astimezone(LONDON):%H:%M}; too long for that: {laid.findings or 'no'}"
    )
    assert laid.findings == ()

    print("\n10:20  Nobody has told the users; the plan shows it, and Ann writes to them.")
    tickets.tell_steps(main_one, as_of=at(10, 20))
    words = "Invoicing is down; we are working on it. Next news at 11:20."
    tickets.record(main_one, Replied(at(10, 21), ANN, text=words, audience="users"))

    solved = Resolved(at(11, 20), IVO, code="workaround_provided", notes="Licence server restarted.")
    proposed = tickets.record(main_one, solved, followers=children)
    print(f"\n11:20  Resolved once: {solved.notes}\n       proposed for the others: {', '.join(proposed)}")
    assert proposed == [f"Resolved {child}" for child in children]

    print("\n11:45  Before it is closed for everybody, two users are asked.")
    for child in (children[0], children[-1]):
        tickets.record(
            child,
            Noted(at(11, 45), ANN, text="Spot check: called back."),
            RequesterWrote(at(11, 47), f"caller of {child}", text="Works again."),
        )
        print(f"       {child}: {records.communications(tickets.by_number[child].events)[-1].text}")
    tickets.record(main_one, StepDone(at(11, 48), ANN, step="spot_check"))
    missing = tickets.tell_steps(main_one, as_of=at(11, 48)).missing
    print(f"       still missing: {', '.join(missing)}")
    tickets.record(main_one, Linked(at(11, 55), ANN, kind="problem", to="PRB0007"))

    closing = Closed(at(12, 0), ANN, code="spot check of two users")
    proposed = tickets.record(main_one, closing, followers=children)
    print(f"\n12:00  Closed once; proposed for the others: {', '.join(proposed)}")
    assert proposed == [f"Closed {child}" for child in children]
    assert tickets.tell_steps(main_one, as_of=at(12, 0)).missing == ()

    tell_all(tickets, main_one)
    assert records.links(tickets.by_number[main_one].events).children == tuple(children)


if __name__ == "__main__":
    main()
