"""Who gets it? Ordered rules from what an incident is to the group that deals with it, as data.

The first route whose condition holds decides. Each is for one support level: 1 for the desk, where an incident comes
in; asking for a higher level tells whom a functional escalation goes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from itilkit.conditions import (
    INCIDENT,
    Always,
    AnyOf,
    Condition,
    Explanation,
    Schema,
    explain,
    implies,
    satisfiable,
)
from itilkit.conditions import to_data as condition_data
from itilkit.errors import Fault, PolicyError, shown
from itilkit.incident_models.data import Plain, Reader
from itilkit.incident_models.matching import situation_now
from itilkit.lifecycle import Timeline

__all__ = ["Route", "Routed", "lint_routes", "route", "routes_from_data", "routes_to_data"]

_HIGHEST_LEVEL = 4


@attrs.frozen
class Route:
    """A group, and the incidents that it gets.

    Attributes:
        group: Who gets them; what `Assigned.group` names.
        when: Which incidents; what is left open does not hold.
        level: The support level of the group: 1 is the service desk, 2 a technical team, 3 specialists, 4 a supplier.
        because: Why, in the words of the house; told in explanations.

    Raises:
        PolicyError: no group, no condition, a level other than 1 to 4, a reason that is no text.

    >>> from itilkit.conditions import Eq
    >>> print(Route("network", Eq("category", "network"), level=2))
    network (level 2) where category is network
    """

    group: str
    when: Condition = attrs.field(factory=Always)
    level: int = attrs.field(default=1, kw_only=True)
    because: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        given: Any = self
        faults: list[Fault] = []
        if not isinstance(given.group, str) or not given.group.strip():
            faults.append(Fault("no_name", "a route leads to no group", path="group", hint="name one"))
        if not hasattr(given.when, "judge"):
            message = f"expected a condition, got {shown(given.when)}"
            faults.append(Fault("not_a_condition", message, path="when"))
        faults += _no_level(given.level)
        if not isinstance(given.because, str):
            faults.append(Fault("bad_value", f"expected a text, got {shown(given.because)}", path="because"))
        if faults:
            raise PolicyError(faults)

    def __str__(self) -> str:
        return f"{self.group} (level {self.level}) where {self.when}"


def _no_level(level: object) -> Iterator[Fault]:
    if type(level) is not int or not 1 <= level <= _HIGHEST_LEVEL:
        message = f"there is no support level {shown(level)}"
        yield Fault("not_a_level", message, path="level", hint="1 is the desk, 4 a supplier")


@attrs.frozen
class Routed:
    """Where an incident goes, and why.

    Attributes:
        route: The first route that holds; None where none does.
        level: The support level that was asked for.
        tried: The routes of that level up to the one that holds, each with its condition and the values found.
    """

    route: Route | None
    level: int
    tried: tuple[tuple[Route, Explanation], ...] = attrs.field(kw_only=True)

    @property
    def group(self) -> str | None:
        """The group that gets it; None where no route holds."""
        return None if self.route is None else self.route.group

    def explain(self) -> str:
        """Where it goes, and each route that was tried with what was found."""
        because = f", because {self.route.because}" if self.route and self.route.because else ""
        head = f"level {self.level}: {self.group or 'no route holds'}{because}"
        lines = (line for each, why in self.tried for line in (f"  {each.group}:", *why.lines("    ")))
        return "\n".join([head, *lines])


def route(routes: Iterable[Route], on: Timeline | Mapping[str, Any], *, level: int = 1) -> Routed:
    """The group that an incident goes to: that of the first route of the level whose condition holds.

    Args:
        routes: The house's routes, in order.
        on: The incident as it stands: its timeline, or a situation as `itilkit.conditions.situation` makes it.
        level: The support level that is asked for.

    Raises:
        PolicyError: there is no such support level.
        RecordError: a value of the situation is of a kind that cannot be compared.

    >>> from itilkit.conditions import Eq
    >>> house = [Route("desk"), Route("network", Eq("category", "network"), level=2, because="it is their cable")]
    >>> print(route(house, {"category": "network"}, level=2).explain())
    level 2: network, because it is their cable
      network:
        ✓ category is network: it is network
    """
    faults = tuple(_no_level(level))
    if faults:
        raise PolicyError(faults)
    situation = situation_now(on) if isinstance(on, Timeline) else on
    tried: list[tuple[Route, Explanation]] = []
    for each in routes if situation is not None else ():
        if each.level == level:
            tried.append((each, explain(each.when, situation or {})))
            if tried[-1][1].verdict:
                return Routed(each, level, tried=tuple(tried))
    return Routed(None, level, tried=tuple(tried))


def lint_routes(routes: Sequence[Route], *, path: str = "routing") -> tuple[Fault, ...]:
    """Warnings about routes: one that can never hold, one for which others of its level always come first.

    >>> from itilkit.conditions import Eq
    >>> print(*lint_routes([Route("desk"), Route("network", Eq("category", "network"))]))
    routing[1].when: route to network never comes first: others take all that it is for (move it up, or drop it)
    """
    return tuple(_warnings(routes, path))


def _warnings(routes: Sequence[Route], path: str) -> Iterator[Fault]:
    before: dict[int, list[Condition]] = {}
    for place, each in enumerate(routes):
        where, earlier = f"{path}[{place}].when", before.setdefault(each.level, [])
        if satisfiable(each.when) is False:
            yield Fault(
                "never_matches",
                f"route to {each.group} never holds: {each.when}",
                path=where,
                hint="mend its condition, or drop it",
                severity="warning",
            )
        elif earlier and implies(each.when, AnyOf(earlier)):
            yield Fault(
                "never_first",
                f"route to {each.group} never comes first: others take all that it is for",
                path=where,
                hint="move it up, or drop it",
                severity="warning",
            )
        earlier.append(each.when)


def routes_from_data(data: object, *, schema: Schema = INCIDENT, path: str = "routing") -> tuple[Route, ...]:
    """The routes that a list of tables describes, such as that under ``[[routing]]``.

    Raises:
        PolicyError: with every fault, each with its path.

    >>> rows = [{"group": "network", "when": {"category": "network"}, "level": 2}, {"group": "service_desk"}]
    >>> [str(each) for each in routes_from_data(rows)]
    ['network (level 2) where category is network', 'service_desk (level 1) where always']
    """
    reader = Reader(schema)
    found: list[Route] = []
    for place, item in enumerate(reader.listed(data, path, "[[routing]]")):
        where, before = f"{path}[{place}]", len(reader.faults)
        table = reader.table(item, where, tuple(_ROUTE), ("group",))
        given = {} if table is None else reader.values(table, _ROUTE, where)
        if len(reader.faults) > before:
            reader.note(where, _no_level(given.get("level", 1)))
            continue
        each = reader.tried(where, Route, **given)
        found += [] if each is None else [each]
    if reader.faults:
        raise PolicyError(reader.faults)
    return tuple(found)


def routes_to_data(routes: Iterable[Route]) -> list[Plain]:
    """The shortest list of tables that `routes_from_data` reads as these routes.

    >>> routes_to_data([Route("service_desk")])
    [{'group': 'service_desk'}]
    """
    return [_table(each) for each in routes]


def _table(each: Route) -> Plain:
    table: Plain = {"group": each.group}
    if not isinstance(each.when, Always):
        table["when"] = condition_data(each.when)
    if each.level != 1:
        table["level"] = each.level
    if each.because:
        table["because"] = each.because
    return table


_ROUTE = {"group": "text", "when": "condition", "level": "count", "because": "text"}
