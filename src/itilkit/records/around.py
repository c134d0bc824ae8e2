"""What an incident is about and who works on it: services, configuration items, groups and suppliers.

The entities refer to each other by id, as the events do, so that each can be kept where its tool keeps it.
"""

from __future__ import annotations

from typing import Literal, get_args

import attrs

from itilkit.errors import RecordError
from itilkit.events.doors import among, named, optional_level
from itilkit.records.doors import names, not_itself

__all__ = ["ConfigurationItem", "Group", "Service", "Supplier"]

Environment = Literal["production", "test", "development"]
_LEVELS = range(1, 5)


@attrs.frozen
class Service:
    """What the users have and the provider promises (ITIL 4: a means of enabling value co-creation).

    Attributes:
        id: Its identity in the tool; what `Classified.service` names.
        name: What people call it.
        criticality: How much depends on it; 1 is the highest. None is not known.
        owner: The id of the person who answers for it.
        support_hours: The name of the policy's calendar on which it is supported.
        sla: The name of the service level agreement that holds for it.
        parent: The id of the service that it is a part of.

    Raises:
        RecordError: no id, a criticality that is no level, or a service that is its own parent.

    >>> Service("invoicing", "Invoicing", criticality=1, owner="ann").criticality
    1
    """

    id: str = attrs.field(validator=named)
    name: str = ""
    criticality: int | None = attrs.field(default=None, converter=optional_level, kw_only=True)
    owner: str | None = attrs.field(default=None, kw_only=True)
    support_hours: str | None = attrs.field(default=None, kw_only=True)
    sla: str | None = attrs.field(default=None, kw_only=True)
    parent: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        not_itself("service", self.id, self.parent, "parent")


@attrs.frozen
class ConfigurationItem:
    """A component that has to be managed in order to deliver a service (ITIL 4).

    Attributes:
        id: Its identity in the configuration management system; what `Classified.configuration_item` names.
        name: What people call it.
        ci_class: What it is, in the tool's own words: a server, a router, a database.
        service: The id of the service that it carries.
        impact: The least impact of an incident that it is in; 1 is the highest. None sets no floor.
        environment: ``production``, ``test`` or ``development``; None is not known.

    Raises:
        RecordError: no id, an impact that is no level, or no such environment.
    """

    id: str = attrs.field(validator=named)
    name: str = ""
    ci_class: str = attrs.field(default="", kw_only=True)
    service: str | None = attrs.field(default=None, kw_only=True)
    impact: int | None = attrs.field(default=None, converter=optional_level, kw_only=True)
    environment: Environment | None = attrs.field(
        default=None,
        kw_only=True,
        validator=attrs.validators.optional(among("environment", get_args(Environment))),
    )


@attrs.frozen
class Group:
    """People who share a queue.

    Attributes:
        id: Its identity in the tool; what `Assigned.group` names.
        name: What people call it.
        support_level: 1 is the service desk, 2 a technical team, 3 specialists of hardware or software, 4 a supplier.
            A step to a higher level is a functional escalation.
        members: The ids of its people.
        escalates_to: The id of the group that it calls in.
        contact: Where it is reached: an address, a number, a channel.
        calendar: The name of the policy's calendar on which it works.

    Raises:
        RecordError: no id, a support level other than 1 to 4, or a group that escalates to itself.

    >>> Group("desk", "Service desk", support_level=1, members=["ann", "bo"], escalates_to="network").members
    ('ann', 'bo')
    """

    id: str = attrs.field(validator=named)
    name: str = ""
    support_level: int = attrs.field(kw_only=True)
    members: tuple[str, ...] = attrs.field(default=(), converter=names, kw_only=True)
    escalates_to: str | None = attrs.field(default=None, kw_only=True)
    contact: str = attrs.field(default="", kw_only=True)
    calendar: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.support_level, bool) or self.support_level not in _LEVELS:
            raise RecordError.one(
                "not_a_support_level",
                f"{self.support_level!r} is no support level",
                path="support_level",
                hint="1 is the service desk, 4 a supplier",
            )
        not_itself("group", self.id, self.escalates_to, "escalates_to")


@attrs.frozen
class Supplier:
    """Another organisation that provides a part of a service.

    Its own number for an incident is no fact about the supplier: it stands in the event that handed the incident
    over, as ``Escalated.reference`` or ``Held.reference``.

    Attributes:
        id: Its identity in the tool.
        name: What people call it.
        contract: The name of the supplier contract (underpinning contract) that holds.

    Raises:
        RecordError: no id.
    """

    id: str = attrs.field(validator=named)
    name: str = ""
    contract: str | None = attrs.field(default=None, kw_only=True)
