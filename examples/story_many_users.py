"""Story 2: many users. Invoicing is down on the one day of the month on which everybody needs it.

The calls are separate incidents, because each caller wants an answer. They become children of one incident; what
happens to that one is proposed for the others, and each proposal is decided on like any other event.

    python examples/story_many_users.py
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from itilkit import Accepted, Agreement, Calendar, Event, Incident, Person, Policy, Target, records
from itilkit.calendars import Recurrence
from itilkit.events import (
    Assigned,
    Classified,
    Closed,
    Linked,
    Logged,
    Noted,
    PrioritySet,
    RequesterWrote,
    Resolved,
    Started,
)
from itilkit.lifecycle import ITIL4_DEFAULT
from itilkit.priority import ITIL_3X3
from itilkit.records import Group

LONDON = ZoneInfo("Europe/London")
ANN = Person("ann", name="Ann (service desk)")
ERP = Group("erp", "Finance applications", support_level=2, members=["ivo"])
IVO = Person("ivo", name="Ivo (finance applications)")

office = Calendar({"mon-fri": "08:00-18:00"}, zone="Europe/London", public_holidays="GB-ENG")
invoice_run = Calendar(
    {}, zone="Europe/London", recurring=[Recurrence("FREQ=MONTHLY;BYDAY=2FR", at="08:00", lasts="10h")]
)
gold = Agreement(
    "Gold",
    [
        Target(1, {"resolution": timedelta(hours=4)}),
        Target((2, 3, 4, 5), {"resolution": timedelta(hours=16)}),
    ],
    calendar=office,
)
desk = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[gold])


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


def main() -> None:
    """Tell the story."""
    tickets = Tickets()
    callers = {"INC0101": (9, 2), "INC0102": (9, 9), "INC0103": (9, 10), "INC0104": (9, 31)}
    for number, (hour, minute) in callers.items():
        caller = Person(f"caller of {number}")
        when = at(hour, minute)
        logged = Logged(when, ANN, title="Invoicing does not start", reporter=caller, channel="phone")
        tickets.by_number[number] = Incident(number, [logged])
        tickets.record(
            number, Classified(when, ANN, category="Application", service="invoicing", impact=3, urgency=3)
        )

    is_run = invoice_run.is_open(at(9, 31))
    urgency = 1 if is_run else 2
    priority = ITIL_3X3.priority_of(impact=1, urgency=urgency)
    print(
        f"09:35  The fourth call about invoicing. Second Friday of the month, invoice run: {is_run}. So P{priority}."
    )
    assert (is_run, priority) == (True, 1)

    main_one, *children = callers
    tickets.record(
        main_one,
        Classified(at(9, 35), ANN, impact=1, urgency=urgency),
        PrioritySet(at(9, 35), ANN, priority=priority, reason="Invoice run"),
        *(Linked(at(9, 35), ANN, kind="child", to=child) for child in children),
        Assigned(at(9, 36), ANN, group=ERP.id, assignee=IVO),
        Started(at(9, 40), IVO),
    )
    for child in children:
        tickets.record(child, Linked(at(9, 36), ANN, kind="parent", to=main_one))
    print(f"       {main_one} goes to {ERP.name}; it leads {', '.join(children)}.")

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

    closing = Closed(at(12, 0), ANN, code="spot check of two users")
    proposed = tickets.record(main_one, closing, followers=children)
    print(f"\n12:00  Closed once; proposed for the others: {', '.join(proposed)}")
    assert proposed == [f"Closed {child}" for child in children]

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
    assert records.links(tickets.by_number[main_one].events).children == tuple(children)


if __name__ == "__main__":
    main()
