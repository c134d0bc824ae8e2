"""Desks to draw: a synthetic log under a policy, and shapes of a desk that are easily forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from xml.etree import ElementTree

import attrs
from tests.kpi.histories import story

from itilkit import kpi, plots
from itilkit.events import Cancelled, Classified, Held, PrioritySet, Reopened, Resolved, Resumed
from itilkit.plots import Picture
from itilkit.policy import Policy
from itilkit.sla import Assessment

SVG = "{http://www.w3.org/2000/svg}"
AS_OF = datetime(2026, 7, 1, tzinfo=UTC)
ZONE = "Europe/London"

POLICY = """\
itilkit = 1
name = "Desk"

[calendars.always]
zone = "UTC"
weekly = { mon-sun = ["00:00-24:00"] }

[priority]
labels = ["Critical", "High", "Moderate", "Low"]
rows = [[1, 2, 3], [2, 3, 4], [3, 4, 4]]

[lifecycle]
like = "ITIL 4 default"

[[agreements]]
name = "Gold"
calendar = "always"
targets = [
  { priority = "P1", resolution = "4h" },
  { priority = "P2", resolution = "8h" },
  { priority = "P3", resolution = "24h" },
  { priority = "P4", resolution = "72h" },
]
"""

PICTURES: Mapping[str, Callable[[Iterable[Assessment]], Picture]] = {
    "arrivals": lambda cases: plots.arrivals(cases, zone=ZONE),
    "backlog": lambda cases: plots.backlog(cases, zone=ZONE),
    "compliance": plots.compliance,
    "pareto": lambda cases: plots.pareto(cases, by="service"),
    "survival": plots.survival,
    "time_in_status": plots.time_in_status,
    "time_to_resolve": plots.time_to_resolve,
    "volume": lambda cases: plots.volume(cases, zone=ZONE),
}
"""Each picture as it is usually asked for."""


@cache
def desk(n: int = 300) -> tuple[Assessment, ...]:
    """A synthetic log under the policy."""
    return tuple(Policy.from_toml(POLICY).assess_all(kpi.sample_log(n, seed=7), as_of=AS_OF))


@cache
def pictures() -> Mapping[str, Picture]:
    """All eight pictures of the synthetic log."""
    return {name: drawn(desk()) for name, drawn in PICTURES.items()}


@attrs.frozen
class Told:
    """What the events of one incident tell, read without the library.

    Attributes:
        opened: When it was opened.
        resolved: When it was last resolved, if it was not reopened since.
        spent: How long it was open and not on hold.
        cancelled: When it was cancelled.
        priority: As it was last set.
        service: As it was last classified.
    """

    opened: datetime
    resolved: datetime | None
    spent: timedelta
    cancelled: datetime | None
    priority: int | None
    service: object


@cache
def told(n: int = 300) -> tuple[Told, ...]:
    """What the synthetic log tells up to the instant it is looked at; incidents that come later are left out."""
    found: list[Told] = []
    for incident in kpi.sample_log(n, seed=7):
        events = [event for event in incident.events if event.at <= AS_OF]
        resolved: datetime | None = None
        spent, since = timedelta(0), events[0].at if events else None
        cancelled: datetime | None = None
        priority: int | None = None
        service: object = None
        for event in events:
            if isinstance(event, Held | Resolved) and since is not None:
                spent, since = spent + (event.at - since), None
            elif isinstance(event, Resumed | Reopened):
                since = event.at
            if isinstance(event, Resolved | Reopened):
                resolved = event.at if isinstance(event, Resolved) else None
            elif isinstance(event, Cancelled):
                cancelled = event.at
            elif isinstance(event, PrioritySet):
                priority = event.priority
            elif isinstance(event, Classified):
                service = event.service
        if events:
            spent += timedelta(0) if since is None else AS_OF - since
            found.append(Told(events[0].at, resolved, spent, cancelled, priority, service))
    return tuple(found)


SMALL: Mapping[str, Sequence[Assessment]] = {
    "none": (),
    "one resolved": (story(0, 5, priority=1),),
    "one resolved at once": (story(0, 0),),
    "one open": (story(0),),
    "one open, seen at its opening": (story(0, as_of=0),),
    "all open": tuple(story(hour, number=f"INC{hour}") for hour in range(12)),
    "all cancelled": (story(0, cancelled=1), story(2, cancelled=3, number="INC2")),
    "not opened yet": (story(10, as_of=5),),
}
"""Populations in which something is missing."""


def parsed(svg: str) -> ElementTree.Element:
    """A drawing, read back as XML."""
    return ElementTree.fromstring(svg)  # noqa: S314  our own


def texts(svg: str) -> list[str]:
    """The words of a drawing from the first to the last."""
    return [text.text or "" for text in parsed(svg).iter(f"{SVG}text")]


def marks(svg: str, look: str) -> list[ElementTree.Element]:
    """The shapes of a look."""
    return [each for each in parsed(svg).iter() if each.attrib.get("class") == look]
