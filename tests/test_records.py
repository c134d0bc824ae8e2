"""To whom it happened: the incident."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from itilkit.errors import RecordError
from itilkit.events import Event, Fields, Logged, Noted, Resolved
from itilkit.records import Incident, Source

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_an_incident_is_an_identity_and_a_history() -> None:
    """Its version counts the events, its opening is that of the first one, and all else is given or empty."""
    history: list[Event] = [Logged(NINE), Noted(TEN)]
    incident = Incident("INC1", iter(history))
    assert incident.events == (Logged(NINE), Noted(TEN))
    assert (incident.version, incident.opened_at) == (2, NINE)
    assert (incident.customer, incident.site, incident.attributes, incident.reported) == (
        None,
        None,
        Fields(),
        Fields(),
    )
    assert incident.source == Source()
    assert not incident.source.lacks


def test_plain_values_are_taken() -> None:
    """A source may be given by name, attributes as a plain mapping."""
    incident = Incident(
        "INC1", [Logged(NINE)], source="Jira", attributes={"vip": True}, reported=Fields({"a": 1})
    )
    assert incident.source == Source("Jira")
    assert incident.attributes == Fields({"vip": True})
    assert incident.reported == {"a": 1}
    assert Source("log", lacks=["notes"]).lacks == {"notes"}


def test_appending_makes_a_longer_incident() -> None:
    """The one given stays as it was; its other values go along."""
    incident = Incident("INC1", [Logged(NINE)], customer="acme")
    longer = incident.appended(Noted(TEN), Resolved(TEN))
    assert (incident.version, longer.version, longer.customer) == (1, 3, "acme")
    assert longer.events == (Logged(NINE), Noted(TEN), Resolved(TEN))


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: Incident("", [Logged(NINE)]), "number: an incident needs a number"),
        (lambda: Incident("INC1", []), r"events: INC1 has no history \(begin with Logged\(at\)\)"),
        (lambda: Incident("INC1", [Noted(NINE)]), r"events\[0\]: the history of INC1 begins with Noted"),
        (
            lambda: Incident("INC1", [{"type": "Logged"}]),  # type: ignore[list-item]  # the mistake under test
            r"events\[0\]: the history of INC1 begins with dict",
        ),
        (
            lambda: Incident("INC1", [Logged(NINE), Noted(TEN), Logged(TEN)]),
            r"events\[2\]: INC1 is logged a second time \(a recurrence is an incident of its own",
        ),
    ],
)
def test_what_is_no_incident_is_refused(build: Callable[[], object], told: str) -> None:
    """An incident has a number and a history that begins with Logged, once."""
    with pytest.raises(RecordError, match=told):
        build()


def test_an_incident_is_a_value() -> None:
    """Equal by value, hashable, picklable, and shown with its number and length."""
    incident = Incident("INC1", [Logged(NINE)], reported=Fields({"resolved_at": TEN}))
    assert incident == Incident("INC1", [Logged(NINE)], reported=Fields({"resolved_at": TEN}))
    assert incident != incident.appended(Noted(TEN))
    assert len({incident, Incident("INC1", [Logged(NINE)], reported=Fields({"resolved_at": TEN}))}) == 1
    assert pickle.loads(pickle.dumps(incident)) == incident  # noqa: S301
    assert repr(incident) == "<Incident INC1: 1 event from 2026-03-02T09:00:00+00:00>"
    assert repr(incident.appended(Noted(TEN))) == "<Incident INC1: 2 events from 2026-03-02T09:00:00+00:00>"
