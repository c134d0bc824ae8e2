"""Which messages of monitoring tools belong together?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import MatchingError, RecordError
from itilkit.events import Classified, Fields
from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.lifecycle.situations import situation_at
from itilkit.matching import EventGroup, correlate
from itilkit.records import MonitoringEvent

from .histories import LATER, MONDAY

MINUTE = timedelta(minutes=1)
OVER = "resolved"


def said(minute: float, alert: str = "web-1", status: str = "firing", **given: Any) -> MonitoringEvent:
    """A message about an alert, so many minutes after midnight."""
    values: dict[str, Any] = {
        "service": "shop",
        "occurred_at": MONDAY + minute * MINUTE,
        "status": status,
        **given,
    }
    return MonitoringEvent("prometheus", f"{minute}", dedup_key=alert, **values)


def minutes(group: EventGroup) -> list[float]:
    """When its messages were made."""
    return [(event.at - MONDAY) / MINUTE for event in group.events]


def found(*events: MonitoringEvent, by: Any = "service", within: int = 10) -> list[list[float]]:
    """The minutes of each group."""
    return [minutes(group) for group in correlate(events, by=by, within=within * MINUTE)]


@pytest.mark.parametrize(
    ("events", "groups"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([said(0)], [[0]], id="one"),
        pytest.param([said(0), said(10, "web-2")], [[0, 10]], id="as late as may be"),
        pytest.param([said(0), said(10.1, "web-2")], [[0], [10.1]], id="too late"),
        pytest.param(
            [said(0, "a"), said(9, "b"), said(18, "c")],
            [[0, 9, 18]],
            id="the window begins anew with each message",
        ),
        pytest.param(
            [said(18, "c"), said(0, "a"), said(9, "b")], [[0, 9, 18]], id="in the order of instants"
        ),
        pytest.param([said(0), said(500)], [[0, 500]], id="an alert that is open goes on"),
        pytest.param([said(0), said(500, status=OVER)], [[0, 500]], id="its end belongs to it"),
        pytest.param(
            [said(0), said(5, status=OVER), said(500)], [[0, 5], [500]], id="after its end it is a new one"
        ),
        pytest.param(
            [said(0), said(5, status=OVER), said(9), said(12, status=OVER)], [[0, 5, 9, 12]], id="it flaps"
        ),
        pytest.param(
            [said(0), said(5, status=OVER), said(500, status=OVER)], [[0, 5], [500]], id="an end too many"
        ),
        pytest.param(
            [said(0, "a"), said(1, "b"), said(2, "a", OVER), said(500, "b", OVER), said(501, "a")],
            [[0, 1, 2, 500, 501]],
            id="a late end keeps the window open",
        ),
        pytest.param(
            [said(0, "a"), said(500, "b"), said(505, "a", OVER)],
            [[0], [500, 505]],
            id="another alert does not go on with it",
        ),
        pytest.param(
            [said(0, status="acknowledged"), said(500, status="suppressed"), said(900, status=OVER)],
            [[0, 500, 900]],
            id="acknowledged and silenced ones are open",
        ),
        pytest.param([said(0), said(1, service="mail")], [[0], [1]], id="another service"),
        pytest.param(
            [said(0, "a", service=None), said(1, "b", service=None), said(2, "a", service=None)],
            [[0, 2], [1]],
            id="of an unknown service: by alert",
        ),
    ],
)
def test_groups(events: list[MonitoringEvent], groups: list[list[float]]) -> None:
    """A message joins within the window of the last one, or where its alert is open in the group."""
    assert found(*events) == groups


@pytest.mark.parametrize(
    ("forget_after", "groups"),
    [
        pytest.param(500, [[0, 500, 1000]], id="as long as may be"),
        pytest.param(499, [[0], [500], [1000]], id="too long"),
        pytest.param(1, [[0], [500], [1000]], id="shorter than the window"),
    ],
)
def test_an_alert_whose_end_was_lost_is_forgotten(forget_after: int, groups: list[list[float]]) -> None:
    """An open alert goes on only where its last message is not too long ago; the window holds beside that."""
    events = [said(minute) for minute in (0, 500, 1000)]
    made = correlate(events, by="service", within=10 * MINUTE, forget_after=forget_after * MINUTE)
    assert [minutes(group) for group in made] == groups
    near = correlate([said(0), said(9)], by="service", within=10 * MINUTE, forget_after=MINUTE)
    assert [minutes(group) for group in near] == [[0, 9]]


def test_alerts_of_two_tools_are_two() -> None:
    """The end of an alert in one tool ends no alert of another one, also where both have one key."""
    other = attrs.evolve(said(1, "disk"), source="zabbix")
    (group,) = correlate([said(0, "disk"), other, said(2, "disk", OVER)], by="dedup_key", within=10 * MINUTE)
    assert (group.alerts, group.open_alerts, group.flaps) == (("disk", "disk"), ("disk",), 0)


@pytest.mark.parametrize("nothing", ["", None])
@pytest.mark.parametrize("name", ["service", "resource", "group_key", "labels.cluster"])
def test_an_empty_text_says_nothing(name: str, nothing: str | None) -> None:
    """Messages that do not say what is grouped by stay with those of their own alert; the group says so."""
    given = {"labels": {"cluster": nothing}} if name == "labels.cluster" else {name: nothing}
    events = [said(0, "a", **given), said(1, "b", **given), said(2, "a", **given)]
    assert found(*events, by=name) == [[0, 2], [1]]
    (one, _) = correlate(events, by=name, within=10 * MINUTE)
    assert str(one).startswith(f"no {name}, dedup_key is a: 2 events of 1 alert, ")


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        pytest.param("dedup_key", [[0, 2], [1], [3]], id="by alert"),
        pytest.param("service", [[0, 1, 2, 3]], id="by service"),
        pytest.param("resource", [[0, 1], [2], [3]], id="by resource, where it is told"),
        pytest.param("labels.cluster", [[0, 3], [1], [2]], id="by a label"),
        pytest.param(["service", "labels.cluster"], [[0, 3], [1], [2]], id="by two"),
        pytest.param("severity", [[0, 1, 2], [3]], id="by severity"),
    ],
)
def test_what_a_group_shares(by: Any, groups: list[list[float]]) -> None:
    """Any field, a label, or several of them say what belongs together."""
    events = [
        said(0, "a", resource="h1", labels={"cluster": "eu"}),
        said(1, "b", resource="h1", labels={"cluster": "us"}),
        said(2, "a", resource="h2"),
        said(3, "c", labels={"cluster": "eu"}, severity="error"),
    ]
    assert found(*events, by=by) == groups


def test_a_group_tells_what_it_is_made_of() -> None:
    """Alerts, what is still open, how often one came back, and the worst of it."""
    (group,) = correlate(
        [
            said(0, "web-1", severity="warning", title="web-1 slow"),
            said(1, "web-2", severity="critical", title="web-2 down"),
            said(2, "web-1", OVER, severity="critical", title="web-1 is back"),
            said(3, "web-1", severity="info"),
        ],
        by="service",
        within=10 * MINUTE,
    )
    assert (len(group), group.is_open) == (4, True)
    assert group.alerts == group.open_alerts == ("web-1", "web-2")
    assert (group.flaps, group.severity, group.leading.title) == (1, "critical", "web-2 down")
    assert (group.started_at, group.last_at) == (MONDAY, MONDAY + 3 * MINUTE)
    assert group.key == Fields({"service": "shop"})
    assert str(group) == (
        "service is shop: 4 events of 2 alerts, 2 open, 2026-03-02 00:00 to 2026-03-02 00:03 UTC, critical: web-2 down"
    )


def test_a_group_whose_alerts_are_over_is_not_open() -> None:
    """Once each alert is over, the group is."""
    (group,) = correlate([said(0), said(1, status=OVER)], by="service", within=10 * MINUTE)
    assert (group.open_alerts, group.is_open, group.flaps) == ((), False, 0)
    (ended,) = correlate([said(0, status=OVER, title="web-1 is back")], by="service", within=10 * MINUTE)
    assert (ended.is_open, ended.leading.title) == (False, "web-1 is back")


def test_a_group_opens_an_incident() -> None:
    """Logged by monitoring at the first message, with what the leading message says."""
    (group,) = correlate(
        [said(0, "a", severity="info"), said(1, "b", severity="error", title="Disk full", resource="db-1")],
        by="service",
        within=10 * MINUTE,
    )
    incident = group.to_incident("INC7")
    assert (incident.number, incident.opened_at, incident.source.name) == ("INC7", MONDAY, "prometheus")
    timeline = replay(incident, ITIL4_DEFAULT, as_of=LATER)
    known = situation_at(timeline, len(timeline.beats) - 1)
    told = ("title", "channel", "service", "configuration_item", "detected_by", "severity", "correlation_key")
    assert {name: known[name] for name in told} == {
        "title": "Disk full",
        "channel": "monitoring",
        "service": "shop",
        "configuration_item": "db-1",
        "detected_by": "monitoring",
        "severity": "error",
        "correlation_key": "b",
    }
    with pytest.raises(RecordError, match="needs a number"):
        group.to_incident("")


def test_what_is_not_known_is_left_unclassified() -> None:
    """A message without service and resource opens an incident that says neither."""
    (group,) = correlate([said(0, service=None)], by="dedup_key", within=MINUTE)
    classified = group.to_incident("INC7").events[1]
    assert isinstance(classified, Classified)
    assert (classified.service, classified.configuration_item) == (None, None)
    assert group.to_incident("INC7").logged.title == "web-1"


@pytest.mark.parametrize(
    ("by", "within", "code"),
    [
        pytest.param("servce", MINUTE, "unknown_field", id="a slip of the pen"),
        pytest.param("labels.", MINUTE, "unknown_field", id="a label without name"),
        pytest.param("__class__", MINUTE, "unknown_field", id="no field of an event"),
        pytest.param((), MINUTE, "no_name", id="nothing"),
        pytest.param("service", timedelta(0), "bad_duration", id="no window"),
    ],
)
def test_what_makes_no_sense_is_told(by: Any, within: timedelta, code: str) -> None:
    """A question that makes no sense is told by its code."""
    with pytest.raises(MatchingError) as caught:
        correlate([], by=by, within=within)
    assert [fault.code for fault in caught.value.faults] == [code]


events = st.lists(
    st.builds(
        lambda minute, alert, status, service, title: said(
            minute, alert, status, service=service, title=title
        ),
        st.integers(0, 60),
        st.sampled_from("abc"),
        st.sampled_from(["firing", "firing", "acknowledged", "resolved"]),
        st.sampled_from(["shop", "mail", None]),
        st.sampled_from(["", "x"]),
    ),
    max_size=14,
)
keys = st.sampled_from(["service", "dedup_key", ("service", "dedup_key"), "title"])


@given(events, keys, st.integers(1, 30))
def test_each_message_is_in_one_group(events: list[MonitoringEvent], by: Any, within: int) -> None:
    """The groups hold all messages, none twice, each group in the order of instants and of one key."""
    groups = correlate(events, by=by, within=within * MINUTE)
    flat = [event for group in groups for event in group.events]
    assert sorted(map(repr, flat)) == sorted(map(repr, events))
    names = (by,) if isinstance(by, str) else by
    for group in groups:
        assert minutes(group) == sorted(minutes(group))
        assert {tuple(getattr(event, name) or None for name in names) for event in group.events} == {
            tuple(group.key[name] for name in names)
        }
    assert [group.started_at for group in groups] == sorted(group.started_at for group in groups)


@given(events, keys, st.integers(1, 30), st.integers(1, 30))
def test_a_wider_window_joins_groups(events: list[MonitoringEvent], by: Any, one: int, other: int) -> None:
    """Each group of a wider window is made of whole groups of a narrower one, with and without forgetting."""
    numbered = [
        said(
            (event.at - MONDAY) / MINUTE,
            event.dedup_key,
            event.status,
            service=event.service,
            title=event.title,
            url=str(place),
        )
        for place, event in enumerate(events)
    ]

    def groups(within: int, forget_after: timedelta) -> list[set[MonitoringEvent]]:
        made = correlate(numbered, by=by, within=within * MINUTE, forget_after=forget_after)
        return [set(group.events) for group in made]

    narrow, wide = sorted((one, other))
    for forget_after in (timedelta.max, 20 * MINUTE):
        wider = groups(wide, forget_after)
        assert all(sum(group <= each for each in wider) == 1 for group in groups(narrow, forget_after))


@given(st.data(), keys, st.integers(1, 30))
def test_the_order_of_arrival_changes_nothing(data: st.DataObject, by: Any, within: int) -> None:
    """Messages that come in in another order make the same groups in the same order."""
    came = data.draw(events)
    other = data.draw(st.permutations(came))
    assert correlate(came, by=by, within=within * MINUTE) == correlate(other, by=by, within=within * MINUTE)


@given(events, st.integers(1, 30))
def test_groups_are_far_apart(events: list[MonitoringEvent], within: int) -> None:
    """Between two groups of a key lies more than the window, and the second one begins with no alert of the first."""
    last: dict[Fields, EventGroup] = {}
    for group in correlate(events, by="service", within=within * MINUTE):
        before = last.get(group.key)
        if before is not None:
            assert group.started_at - before.last_at > within * MINUTE
            assert group.events[0].dedup_key not in before.open_alerts
        last[group.key] = group
