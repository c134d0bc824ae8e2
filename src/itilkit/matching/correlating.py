"""Which messages of monitoring tools make one incident?

Messages are taken in the order of their instants. One joins the group of its key where it comes at most `within` after
the group's last message, or where it is about an alert that the group still holds open: an alert that goes on for days
is the same alert, and the message that it is over belongs to what it ends. After that, and after the window, the next
message begins another group. Event platforms work the same way: PagerDuty, for one, adds to the open incident of a
``dedup_key`` until it is resolved (Events API v2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, get_args

import attrs

from itilkit.errors import Fault, MatchingError, near, shown
from itilkit.events import Classified, Event, Fields, Logged, Scalar
from itilkit.matching.asking import check_within, parts_of
from itilkit.matching.doors import each_of
from itilkit.matching.words import told
from itilkit.records import AlertSeverity, AlertStatus, Incident, MonitoringEvent, Source
from itilkit.vocabulary import Channel

__all__ = ["EventGroup", "correlate"]

_SEVERITIES: tuple[str, ...] = get_args(AlertSeverity)
_STATUSES: tuple[str, ...] = get_args(AlertStatus)
_LABEL = "labels."
_KEYS = ("source", "dedup_key", "group_key", "status", "severity", "priority", "title", "resource", "service")


@attrs.frozen
class EventGroup:
    """Messages that belong together, in the order of their instants; never empty.

    Attributes:
        key: What they share, by field. Where a message does not say one of the fields, or says an empty text,
            ``dedup_key`` stands beside it: such messages stay with those of their own alert.
        events: The messages.
    """

    key: Fields
    events: tuple[MonitoringEvent, ...] = attrs.field(repr=False)

    def __len__(self) -> int:
        """How many messages there are."""
        return len(self.events)

    def __str__(self) -> str:
        return self.explain()

    @property
    def started_at(self) -> datetime:
        """The first message; UTC."""
        return self.events[0].at

    @property
    def last_at(self) -> datetime:
        """The last message; UTC."""
        return self.events[-1].at

    @property
    def alerts(self) -> tuple[str, ...]:
        """The keys of its alerts, in the order in which they came up; alerts of two tools are two, also by one key."""
        return tuple(key for _, key in self._last)

    @property
    def open_alerts(self) -> tuple[str, ...]:
        """The alerts that are not over: the last message about each is not that it is resolved."""
        return tuple(key for (_, key), status in self._last.items() if status != "resolved")

    @property
    def _last(self) -> dict[tuple[str, str], AlertStatus]:
        """The last status of each alert."""
        return {_alert(event): event.status for event in self.events}

    @property
    def is_open(self) -> bool:
        """Whether an alert is not over."""
        return bool(self.open_alerts)

    @property
    def flaps(self) -> int:
        """How often an alert came back after it was over."""
        over: set[tuple[str, str]] = set()
        count = 0
        for event in self.events:
            if event.status == "resolved":
                over.add(_alert(event))
            elif _alert(event) in over:
                over.remove(_alert(event))
                count += 1
        return count

    @property
    def severity(self) -> str:
        """The worst severity of its messages; ``unknown`` where none is known."""
        return min((event.severity for event in self.events), key=_SEVERITIES.index)

    @property
    def leading(self) -> MonitoringEvent:
        """The message that tells most: the first one of the worst severity that is not about an end."""
        told_of = [event for event in self.events if event.status != "resolved"] or self.events
        return min(told_of, key=lambda event: _SEVERITIES.index(event.severity))

    @property
    def title(self) -> str:
        """The title of the leading message; where it has none, its ``dedup_key``."""
        return self.leading.title or self.leading.dedup_key

    def explain(self) -> str:
        """What they share, how many there are, since when (UTC), and what is still open."""
        key = ", ".join(
            f"no {told(name)}" if value is None else f"{told(name)} is {told(value)}"
            for name, value in self.key.items()
        )
        events = f"{len(self)} event{'' if len(self) == 1 else 's'}"
        alerts = (
            f"{len(self.alerts)} alert{'' if len(self.alerts) == 1 else 's'}, {len(self.open_alerts)} open"
        )
        span = f"{self.started_at:%Y-%m-%d %H:%M} to {self.last_at:%Y-%m-%d %H:%M} UTC"
        return f"{key}: {events} of {alerts}, {span}, {self.severity}: {told(self.title)}"

    def to_incident(self, number: str) -> Incident:
        """The incident that this group would open: detected by monitoring, opened at the first message.

        Service and configuration item (the resource) are those of the leading message. The fields ``detected_by``,
        ``severity`` and ``correlation_key`` are set, too.

        Args:
            number: The number that the host gives it.

        Raises:
            RecordError: no number.
        """
        lead = self.leading
        at = self.started_at
        fields: dict[str, Scalar] = {
            "detected_by": "monitoring",
            "severity": self.severity,
            "correlation_key": lead.dedup_key,
        }
        events: tuple[Event, ...] = (
            Logged(at, title=self.title, channel=Channel.MONITORING),
            Classified(at, service=lead.service, configuration_item=lead.resource, fields=fields),
        )
        return Incident(number, events, source=Source(lead.source))


def correlate(
    events: Iterable[MonitoringEvent],
    *,
    by: str | Iterable[str],
    within: timedelta,
    forget_after: timedelta = timedelta.max,
) -> tuple[EventGroup, ...]:
    """The groups that messages make, by their first message; each message is in one of them.

    The order in which messages come in does not matter. A wider window only joins groups.

    Args:
        events: The messages, of one tool or several.
        by: What a group shares: ``dedup_key``, ``group_key``, ``service``, ``resource``, ``source``, ``severity``,
            ``status``, ``priority``, ``title``, a label as ``labels.cluster``, or several of these.
        within: How long after the last message of a group the next one may come.
        forget_after: After how long without a message an open alert counts as over, for tools that lose the message
            of its end; by default never.

    Raises:
        MatchingError: no such field, a window of no time, or what is no monitoring event.

    >>> from datetime import UTC
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> def said(minute, key, status="firing"):
    ...     at = nine + timedelta(minutes=minute)
    ...     return MonitoringEvent("prometheus", str(minute), dedup_key=key, status=status, service="shop",
    ...                            severity="error", title=f"{key} down", occurred_at=at)
    >>> told = [said(0, "web-1"), said(2, "web-2"), said(50, "web-1", "resolved"), said(55, "web-2", "resolved"),
    ...         said(90, "web-1")]
    >>> for group in correlate(told, by="service", within=timedelta(minutes=10)):
    ...     print(group)
    service is shop: 4 events of 2 alerts, 0 open, 2026-03-02 09:00 to 2026-03-02 09:55 UTC, error: web-1 down
    service is shop: 1 event of 1 alert, 1 open, 2026-03-02 10:30 to 2026-03-02 10:30 UTC, error: web-1 down
    """
    names = parts_of(by)
    check_within(within)
    check_within(forget_after, "forget_after")
    readers = _readers(names)
    by_key: dict[tuple[Any, ...], list[MonitoringEvent]] = defaultdict(list)
    for event in each_of("a MonitoringEvent", MonitoringEvent, events, "events"):
        found = tuple(read(event) for read in readers)
        by_key[(*found, event.dedup_key if None in found else None)].append(event)
    groups = [
        EventGroup(_key(names, key), tuple(run))
        for key, members in by_key.items()
        for run in _runs(members, within, forget_after)
    ]
    return tuple(sorted(groups, key=lambda group: _order(group.events[0])))


def _readers(names: Iterable[str]) -> tuple[Callable[[MonitoringEvent], Any], ...]:
    faults = [
        Fault("unknown_field", f"a monitoring event has no {shown(name)}", path="by", hint=near(name, _KEYS))
        for name in names
        if name not in _KEYS and not (name.startswith(_LABEL) and len(name) > len(_LABEL))
    ]
    if faults:
        raise MatchingError(faults)
    return tuple(map(_reader, names))


def _reader(name: str) -> Callable[[MonitoringEvent], Any]:
    if name.startswith(_LABEL):
        label = name.removeprefix(_LABEL)
        return lambda event: _said(event.labels.get(label))
    return lambda event: _said(getattr(event, name))


def _said(value: Any) -> Any:
    """An empty text says as little as none: many tools send it where they know nothing."""
    return None if value == "" else value


def _key(names: tuple[str, ...], key: tuple[Any, ...]) -> Fields:
    *values, alert = key
    found = dict(zip(names, values, strict=True))
    return Fields(found if alert is None else {**found, "dedup_key": alert})


def _alert(event: MonitoringEvent) -> tuple[str, str]:
    return event.source, event.dedup_key


def _runs(
    members: Iterable[MonitoringEvent], within: timedelta, forget_after: timedelta
) -> Iterator[list[MonitoringEvent]]:
    run: list[MonitoringEvent] = []
    still_open: dict[tuple[str, str], datetime] = {}
    for event in sorted(members, key=_order):
        alert = _alert(event)
        goes_on = alert in still_open and event.at - still_open[alert] <= forget_after
        if run and event.at - run[-1].at > within and not goes_on:
            yield run
            run, still_open = [], {}
        run.append(event)
        if event.status == "resolved":
            still_open.pop(alert, None)
        else:
            still_open[alert] = event.at
    yield run


def _order(event: MonitoringEvent) -> tuple[Any, ...]:
    """By instant; what is left tells equal instants apart, so that the order of arrival does not matter."""
    labels = tuple(sorted((name, repr(value)) for name, value in event.labels.items()))
    rest = tuple("" if value is None else str(value) for value in _others(event))
    return (
        event.at,
        event.dedup_key,
        _STATUSES.index(event.status),
        event.source,
        event.source_id,
        *rest,
        labels,
    )


def _others(event: MonitoringEvent) -> Iterator[object]:
    for field in attrs.fields(MonitoringEvent):
        if field.name not in ("labels", "at", "dedup_key", "status", "source", "source_id"):
            yield getattr(event, field.name)
