"""P000 to P004 and P010: which agreement holds, and for whom does none?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from itilkit.conditions import Always, implies
from itilkit.errors import Fault
from itilkit.policy.lint.look import Look, Row, named

__all__ = ["gaps", "not_all", "not_last", "overlapping", "priorities", "shadowed"]

_NONE = 'write "none" where no target is meant'


def not_all(look: Look) -> Iterator[Fault]:
    """P000: more cases than can be gone through."""
    if not look.exact:
        yield Fault(
            "P000",
            "the conditions tell more cases apart than can be gone through: a sample was looked at,"
            " and what it does not show may be there",
            path="agreements",
            hint="split the policy, or ask fewer fields in one condition",
        )


def gaps(look: Look) -> Iterator[Fault]:
    """P001: a case in which no SLA holds."""
    if not look.policy.agreements:
        yield Fault("P001", "nothing is promised to anybody", path="agreements", hint="add an agreement")
    rows = look.kinds.get("SLA", ())
    left = look.cases.every
    for row in rows:
        left &= ~row.where
    if rows and left:
        case = look.example(left, [row.agreement.when for row in rows])
        hint = f"end with an SLA that has no condition; {_NONE}"
        yield Fault("P001", f"no SLA holds, for example, for {case}", path=rows[-1].path, hint=hint)


def overlapping(look: Look) -> Iterator[Fault]:
    """P002: agreements of which neither is the narrower one, and which promise different things where both hold."""
    for rows in look.kinds.values():
        for place, row in enumerate(rows):
            if not row.first:
                continue
            rivals = [before for before in rows[:place] if _compete(before, row)]
            if rivals:
                both = row.where & rivals[0].where
                case = look.example(both, [row.agreement.when, rivals[0].agreement.when])
                verb = "holds" if len(rivals) == 1 else "hold"
                message = (
                    f"{row.agreement.name} and {named(rivals)} both hold, for example, for {case}:"
                    f" {named(rivals)} {verb} because of the order alone"
                )
                yield Fault(
                    "P002",
                    message,
                    path=f"{row.path}.when",
                    hint="narrow one of the conditions, or let one take in the other",
                )


def _compete(before: Row, row: Row) -> bool:
    both = row.where & before.where
    return both not in (0, row.where, before.where) and _promise(before) != _promise(row)


def _promise(row: Row) -> object:
    return attrs.evolve(row.agreement, name="", when=Always())


def shadowed(look: Look) -> Iterator[Fault]:
    """P003: an agreement that never holds, because others come first or because its condition cannot hold."""
    for rows in look.kinds.values():
        for place, row in enumerate(rows):
            message = _why_never(look, row, rows[:place])
            if message:
                hint = "put the narrower condition first, or drop it"
                yield Fault("P003", message, path=row.path, hint=hint)


def _why_never(look: Look, row: Row, before: tuple[Row, ...]) -> str:
    name = row.agreement.name
    if not look.exact:
        holder = next((each for each in before if _proven(row, each)), None)
        return f"{name} never holds: {named([holder])} comes first wherever it would" if holder else ""
    if row.first:
        return ""
    if not row.where:
        return f"{name} never holds: there is no case in which its condition does"
    alone = next((each for each in before if row.where & ~each.where == 0), None)
    if alone is not None:
        return f"{name} never holds: {named([alone])} comes first wherever it would"
    return f"{name} never holds: {named(_taking(row, before))} together come first wherever it would"


def _proven(row: Row, before: Row) -> bool:
    return implies(row.agreement.when, before.agreement.when) is True


def _taking(row: Row, before: Iterable[Row]) -> Iterator[Row]:
    """The agreements that take a part of its cases, in order."""
    return (each for each in before if each.first & row.where)


def not_last(look: Look) -> Iterator[Fault]:
    """P004: an agreement without condition before others of its kind."""
    for rows in look.kinds.values():
        for place, row in enumerate(rows[:-1], start=1):
            if look.always(row.agreement.when):
                blank = isinstance(row.agreement.when, Always)
                why = "has no condition" if blank else "has a condition that always holds"
                behind = rows[place:]
                verb = "holds" if len(behind) == 1 else "hold"
                yield Fault(
                    "P004",
                    f"{row.agreement.name} {why}: {named(behind)} behind it never {verb}",
                    path=row.path if blank else f"{row.path}.when",
                    hint=f"move it behind the other agreements of kind {row.agreement.kind}, or give it a condition",
                )
                break


def priorities(look: Look) -> Iterator[Fault]:
    """P010: a priority that can occur and has no target, and a target for one that cannot."""
    for row in look.rows:
        if not row.first:
            continue
        occurring = {level for level, cases in look.levels.items() if row.first & cases}
        yield from _without_target(row, occurring)
        for index, target in enumerate(row.agreement.targets):
            if look.exact and occurring.isdisjoint(target.priorities):
                message = f"{row.agreement.name} never holds for {_levels(target.priorities)}"
                path = f"{row.path}.targets[{index}].priority"
                yield Fault("P010", message, path=path, hint="drop the line, or widen the condition")


def _without_target(row: Row, occurring: set[int]) -> Iterator[Fault]:
    agreement = row.agreement
    missing = sorted(occurring.difference(*(target.priorities for target in agreement.targets)))
    if missing:
        message = f"{agreement.name} promises nothing for {_levels(missing)}"
        yield Fault("P010", message, path=f"{row.path}.targets", hint=_NONE)
    for index, target in enumerate(agreement.targets):
        concerned = [level for level in target.priorities if level in occurring]
        for name in agreement.rules:
            if name not in target.promises and concerned:
                message = f"{agreement.name} promises no {name.replace('_', ' ')} for {_levels(concerned)}"
                yield Fault("P010", message, path=f"{row.path}.targets[{index}].{name}", hint=_NONE)


def _levels(levels: Iterable[int]) -> str:
    return ", ".join(f"P{level}" for level in levels)
