"""From one lifecycle to another: which records move where, and which histories the new one would not have permitted.

Rules of this file:

* A record is live while its state has a way out; those at their end stay where they are.
* Nothing is guessed. Each state in which a live record stands must be mapped, or be in the new lifecycle under the
  same name and status.
* What is moved is proposed: an event `Migrated` for each record, to be appended and stored by the host. The history
  stays as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from itilkit.errors import Fault, PolicyError, near
from itilkit.events import Migrated, Person
from itilkit.lifecycle.conformance import CaseConformance, MissingFact, conformance
from itilkit.lifecycle.definition import Lifecycle
from itilkit.lifecycle.replay import replay
from itilkit.lifecycle.timeline import Defect
from itilkit.records import Incident
from itilkit.spans import utc

__all__ = ["Migration", "Move", "NewlyIllegal", "check_mapping", "migrate", "newly_illegal"]

_SHOWN = 3


@attrs.frozen
class Move:
    """A record that moves.

    Attributes:
        incident: The record, as it was.
        source: The state in which it stands.
        target: The state into which it is put.
        event: What records the move.
        changes_status: Whether the two states stand for different statuses, so that clocks and KPIs see a change.
    """

    incident: Incident
    source: str
    target: str = attrs.field(kw_only=True)
    event: Migrated = attrs.field(kw_only=True)
    changes_status: bool = attrs.field(kw_only=True)

    @property
    def moved(self) -> Incident:
        """The record with the event appended."""
        return attrs.evolve(self.incident, events=(*self.incident.events, self.event))


@attrs.frozen
class Migration:
    """What a migration does, or would do.

    Attributes:
        moves: The records that move, in the order in which they were given.
        stays: The numbers of those that stand in the same state of the new lifecycle, or are at their end.
        faults: What keeps it from being done; empty where nothing does.
    """

    moves: tuple[Move, ...]
    stays: tuple[str, ...]
    faults: tuple[Fault, ...] = ()

    def __str__(self) -> str:
        counts = Counter((move.source, move.target) for move in self.moves)
        lines = [f"{source} -> {target}: {count}" for (source, target), count in counts.items()]
        lines += [f"as they are: {len(self.stays)}"] if self.stays else []
        return "\n".join([*lines, *map(str, self.faults)]) or "nothing to move"

    def to_rows(self) -> list[dict[str, Any]]:
        """A row for each record that moves."""
        return [
            {
                "number": move.incident.number,
                "source": move.source,
                "target": move.target,
                "changes_status": move.changes_status,
            }
            for move in self.moves
        ]


def migrate(
    incidents: Iterable[Incident],
    mapping: Mapping[str, str],
    *,
    old: Lifecycle,
    new: Lifecycle,
    at: datetime,
    by: Person | str | None = None,
    reason: str = "",
    dry_run: bool = False,
) -> Migration:
    """Where each live record goes, with the event that puts it there.

    Args:
        incidents: The records.
        mapping: From states of the old lifecycle (and words that it never knew) to states of the new one. A state that
            is left out keeps its name, where the new lifecycle has it with the same status.
        old: The lifecycle of the histories; they may depart from it.
        new: The lifecycle that is to hold.
        at: When they move; aware.
        by: Who moves them.
        reason: Why, for the event; by default the names of the two lifecycles.
        dry_run: True tells the faults in the result instead of raising them.

    Raises:
        PolicyError: not `dry_run`, and a live record stands in a state that is not mapped, the mapping names a state
            that its lifecycle does not have, or a history goes on after `at`.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged, Started
    >>> from itilkit.lifecycle import ITIL4_DEFAULT, SIMPLE
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> records = [Incident("INC1", [Logged(nine)]), Incident("INC2", [Logged(nine), Started(nine)])]
    >>> done = migrate(records, {"in_progress": "assigned"}, old=SIMPLE, new=ITIL4_DEFAULT, at=nine)
    >>> print(done)
    in_progress -> assigned: 1
    as they are: 1
    >>> done.moves[0].moved.events[-1].state
    'assigned'
    """
    instant = utc(at)
    told = reason or f"{old.name} -> {new.name}"
    moves: list[Move] = []
    stays: list[str] = []
    unmapped: dict[str, list[str]] = {}
    faults = list(_unknown(mapping, new))
    for incident in incidents:
        timeline = replay(incident, old, as_of=max(instant, incident.events[-1].at), strict=False)
        source = timeline.states[-1]
        target = _target(source, mapping, old, new)
        if target == source or not _is_live(source, old):
            stays.append(incident.number)
            continue
        if target is None:
            unmapped.setdefault(source, []).append(incident.number)
            continue
        if max(event.at for event in incident.events) > instant:
            message = f"{incident.number} goes on after {instant:%Y-%m-%dT%H:%MZ}"
            faults.append(Fault("out_of_order", message, path=incident.number, hint="move it later"))
        event = Migrated(instant, by, state=target, reason=told)
        changes = old.status(source) != new.status(target)
        moves.append(Move(incident, source, target=target, event=event, changes_status=changes))
    faults += [_unmapped(state, numbers, new) for state, numbers in unmapped.items()]
    if faults and not dry_run:
        raise PolicyError(faults)
    return Migration(tuple(moves), tuple(stays), tuple(faults))


def check_mapping(mapping: Mapping[str, str], *, old: Lifecycle, new: Lifecycle) -> tuple[Fault, ...]:
    """What is wrong with a mapping for any records there may be: whether it is total, and knows its states.

    >>> from itilkit.lifecycle import SIMPLE, ZENDESK
    >>> for fault in check_mapping({"in_progress": "open", "resolved": "solved"}, old=SIMPLE, new=ZENDESK):
    ...     print(fault)
    """
    live = [state.name for state in old.states if _is_live(state.name, old)]
    open_ends = [state for state in live if _target(state, mapping, old, new) is None]
    return (*_unknown(mapping, new), *(_unmapped(state, (), new) for state in open_ends))


def _is_live(state: str, lifecycle: Lifecycle) -> bool:
    """Whether a record may go on from a state; one that the lifecycle does not know may."""
    return lifecycle.state(state) is None or bool(lifecycle.permitted(state))


def _target(source: str, mapping: Mapping[str, str], old: Lifecycle, new: Lifecycle) -> str | None:
    """Where a state goes; None where that is not said."""
    if source in mapping:
        return mapping[source]
    same = new.status(source)
    return source if same is not None and same == old.status(source) else None


def _unknown(mapping: Mapping[str, str], new: Lifecycle) -> Iterator[Fault]:
    names = [state.name for state in new.states]
    for source, target in mapping.items():
        if new.state(target) is None:
            message = f"{new.name} has no state {target!r}"
            yield Fault("unknown_state", message, path=f"mapping.{source}", hint=near(target, names))


def _unmapped(state: str, numbers: Iterable[str], new: Lifecycle) -> Fault:
    standing = list(numbers)
    more = f" and {len(standing) - _SHOWN} more" if len(standing) > _SHOWN else ""
    there = f": {', '.join(standing[:_SHOWN])}{more}" if standing else ""
    names = ", ".join(each.name for each in new.states)
    message = f"nothing says where {state!r} goes{there}"
    return Fault("unmapped_state", message, path=f"mapping.{state}", hint=f"name one of {names}")


@attrs.frozen
class NewlyIllegal:
    """A history that one lifecycle permits and another one would not.

    Attributes:
        number: Whose history it is.
        defects: The steps and states that only the new lifecycle objects to.
        missing: The facts that only the new lifecycle asks for and that were not known then; what no record of the
            source ever had counts as not recorded, not as missing.
    """

    number: str
    defects: tuple[Defect, ...]
    missing: tuple[MissingFact, ...] = ()

    def __str__(self) -> str:
        told = [
            *map(str, self.defects),
            *(f"events[{each.event}]: {each.fact} was not known" for each in self.missing),
        ]
        return f"{self.number}: {'; '.join(told)}"


def newly_illegal(
    incidents: Iterable[Incident], *, old: Lifecycle, new: Lifecycle, as_of: datetime
) -> tuple[NewlyIllegal, ...]:
    """The histories that a changed lifecycle would make illegal, in the order in which they were given.

    What departs from the old lifecycle already is not told again. An empty iterable gives nothing.

    Args:
        incidents: The records.
        old: The lifecycle as it is.
        new: The lifecycle as it is to be.
        as_of: The instant to look from; aware. Later facts are invisible.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged, Resolved
    >>> from itilkit.lifecycle import SIMPLE
    >>> data = SIMPLE.to_data()
    >>> data["transitions"][1]["sources"] = ["in_progress"]
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> at_once = Incident("INC1", [Logged(nine), Resolved(nine)])
    >>> for each in newly_illegal([at_once], old=SIMPLE, new=Lifecycle.from_data(data), as_of=nine):
    ...     print(each.number, each.defects[0].code)
    INC1 illegal_step
    """
    records = tuple(incidents)
    found: list[NewlyIllegal] = []
    for incident, before, after in zip(
        records, _judged(records, old, as_of), _judged(records, new, as_of), strict=True
    ):
        known = {(defect.code, defect.event) for defect in before.defects}
        asked = {(each.event, each.fact) for each in before.missing}
        defects = tuple(each for each in after.defects if (each.code, each.event) not in known)
        missing = tuple(each for each in after.missing if (each.event, each.fact) not in asked)
        if defects or missing:
            found.append(NewlyIllegal(incident.number, defects, missing))
    return tuple(found)


def _judged(
    records: Iterable[Incident], lifecycle: Lifecycle, as_of: datetime
) -> tuple[CaseConformance, ...]:
    """Each history as a lifecycle judges it, in order."""
    return conformance(
        (replay(each, lifecycle, as_of=as_of, strict=False) for each in records), lifecycle
    ).cases
