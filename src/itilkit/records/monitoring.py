"""What a monitoring tool tells: an alert that fires, is acknowledged, is silenced or ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, get_args

import attrs

from itilkit.errors import RecordError, shown
from itilkit.events import NO_FIELDS, Fields, Scalar
from itilkit.events.doors import among, fields_of, named, optional_instant, optional_level

__all__ = ["AlertSeverity", "AlertStatus", "MonitoringEvent"]

AlertStatus = Literal["firing", "acknowledged", "suppressed", "resolved"]
AlertSeverity = Literal["critical", "error", "warning", "info", "unknown"]


def _instant(event: MonitoringEvent) -> datetime:
    of_status: dict[str, datetime | None] = {
        "acknowledged": event.acknowledged_at,
        "resolved": event.ended_at,
    }
    # The status is not checked yet: it may be anything.
    found = event.occurred_at or of_status.get(str(event.status)) or event.started_at
    if found is None:
        raise RecordError.one(
            "no_instant",
            f"event {event.source_id!r} of {event.source!r} does not say when it happened",
            path="occurred_at",
            hint="give occurred_at or started_at",
        )
    return found


def _labels(value: Mapping[str, Scalar] | None) -> Fields:
    given: object = value
    if given is not None and not isinstance(given, Mapping):
        raise RecordError.one(
            "not_a_table", f"{shown(given)} is no table of labels", path="labels", hint='{"cluster": "eu-1"}'
        )
    return fields_of(value)


def _text(event: object, attribute: attrs.Attribute[Any], value: object) -> None:  # noqa: ARG001  attrs gives all three
    """A check that a text is one, or that there is none where that may be."""
    if not isinstance(value, str) and (value is not None or attribute.default is not None):
        raise RecordError.one(
            "not_a_text",
            f"{shown(value)} is no text",
            path=attribute.name,
            hint="give a text, or leave it out",
        )


@attrs.frozen
class MonitoringEvent:
    """One message of a monitoring tool about one alert (ITIL 4: an event is a change of state that matters).

    An alert has many messages: it fires, fires again, is acknowledged, ends. Those with one `dedup_key` are about one
    alert.

    Attributes:
        source: The tool that tells it.
        source_id: The identity of the message in that tool.
        dedup_key: What the alert is known by: equal for all of its messages.
        group_key: What the tool itself groups alerts by.
        status: ``firing``, ``acknowledged``, ``suppressed`` (silenced, still there) or ``resolved``.
        severity: ``critical``, ``error``, ``warning``, ``info``, or ``unknown`` where the tool does not tell.
        priority: The tool's priority; 1 is the highest.
        title: What it is about.
        description: More of it.
        resource: What it was seen on: a host, a pod, a configuration item.
        service: The id of the service that it concerns.
        labels: Other values that the tool sends along.
        url: Where it is shown.
        runbook_url: Where it says what to do.
        started_at: Since when it is so; aware, UTC out.
        occurred_at: When this message was made.
        acknowledged_at: When somebody took notice.
        ended_at: When it was over.
        occurrences: How many times it was seen, where the tool counts.
        at: When it happened; UTC. That is when the message was made; where the tool does not tell, the end of a
            resolved alert or the acknowledgement of an acknowledged one; else the start.

    Raises:
        RecordError: no source, id or key; a text that is none; labels that are no mapping; no such status or severity;
            a priority that is no level; no instant at all, an end before the start, or less than one occurrence.
        InstantError: an instant without a zone.

    >>> from datetime import UTC
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> disk = MonitoringEvent("prometheus", "17", dedup_key="disk/db-1", status="firing", started_at=nine)
    >>> disk.at == nine, disk.severity
    (True, 'unknown')
    """

    source: str = attrs.field(validator=named)
    source_id: str = attrs.field(validator=named)
    dedup_key: str = attrs.field(validator=named, kw_only=True)
    group_key: str | None = attrs.field(default=None, kw_only=True, validator=_text)
    status: AlertStatus = attrs.field(
        kw_only=True, validator=among("status of an alert", get_args(AlertStatus))
    )
    severity: AlertSeverity = attrs.field(
        default="unknown", kw_only=True, validator=among("severity of an alert", get_args(AlertSeverity))
    )
    priority: int | None = attrs.field(default=None, converter=optional_level, kw_only=True)
    title: str = attrs.field(default="", kw_only=True, validator=_text)
    description: str | None = attrs.field(default=None, kw_only=True, validator=_text)
    resource: str | None = attrs.field(default=None, kw_only=True, validator=_text)
    service: str | None = attrs.field(default=None, kw_only=True, validator=_text)
    labels: Fields = attrs.field(default=NO_FIELDS, converter=_labels, kw_only=True)
    url: str | None = attrs.field(default=None, kw_only=True, validator=_text)
    runbook_url: str | None = attrs.field(default=None, kw_only=True, validator=_text)
    started_at: datetime | None = attrs.field(default=None, converter=optional_instant, kw_only=True)
    occurred_at: datetime | None = attrs.field(default=None, converter=optional_instant, kw_only=True)
    acknowledged_at: datetime | None = attrs.field(default=None, converter=optional_instant, kw_only=True)
    ended_at: datetime | None = attrs.field(default=None, converter=optional_instant, kw_only=True)
    occurrences: int = attrs.field(default=1, kw_only=True)

    at: datetime = attrs.field(
        init=False, repr=False, eq=False, default=attrs.Factory(_instant, takes_self=True)
    )

    def __attrs_post_init__(self) -> None:
        if self.started_at is not None and self.ended_at is not None and self.ended_at < self.started_at:
            raise RecordError.one(
                "backward_span",
                f"an alert cannot end ({self.ended_at.isoformat()}) before it starts ({self.started_at.isoformat()})",
                path="ended_at",
                hint="swap the two",
            )
        if type(self.occurrences) is not int or self.occurrences < 1:
            raise RecordError.one(
                "not_a_count",
                f"{shown(self.occurrences)} is no number of occurrences",
                path="occurrences",
                hint="give a whole number from 1",
            )
