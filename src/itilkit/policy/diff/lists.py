"""Lists of values with names: what belongs together, what is gone, what has come, what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, cast

import attrs

from itilkit.lifecycle import Transition
from itilkit.policy.diff.changes import Change, Direction
from itilkit.policy.diff.told import NOTHING, told, words

__all__ = ["listed", "paired"]

T = TypeVar("T")


def listed(
    path: str,
    what: str,
    old: Sequence[Any],
    new: Sequence[Any],
    *,
    presence: tuple[Direction, Direction] = ("other", "other"),
    severity: Callable[[str, Any, Any], Direction] = lambda _field, _old, _new: "other",
) -> Iterator[Change]:
    """What is gone, what has come, what changed in those that stayed, and whether their order did."""
    partner = _partners(old, new, name_of)
    pairs, gone, come = _sorted_out(partner, old, new)
    for each in gone:
        yield Change(
            f"{path}.{name_of(each)}", f"{what} {name_of(each)}", "there", NOTHING, severity=presence[1]
        )
    for each in come:
        yield Change(
            f"{path}.{name_of(each)}", f"{what} {name_of(each)}", NOTHING, "there", severity=presence[0]
        )
    order = [partner[place] for place in sorted(partner)]
    if order != sorted(order):
        yield Change(path, f"order of {what}", words([*map(name_of, old)]), words([*map(name_of, new)]))
    for before, after in pairs:
        for field in differing(before, after):
            one, other = getattr(before, field), getattr(after, field)
            yield Change(
                f"{path}.{common(before, after)}.{field}",
                f"{what} {common(before, after)}, {told(field)}",
                words(one),
                words(other),
                severity=severity(field, one, other),
            )


def paired(
    old: Sequence[T], new: Sequence[T], label: Callable[[T], str]
) -> tuple[list[tuple[T, T]], list[T], list[T]]:
    """Those that belong together, in the old order; those that are gone; those that have come.

    Equal ones belong together, then those of one name, then those that differ in one thing only.
    """
    return _sorted_out(_partners(old, new, label), old, new)


def _partners(old: Sequence[T], new: Sequence[T], label: Callable[[T], str]) -> dict[int, int]:
    """By the place of an old one the place of the new one that belongs to it."""
    partner: dict[int, int] = {}
    taken: set[int] = set()
    tests: tuple[Callable[[T, T], bool], ...] = (
        lambda a, b: a == b,
        lambda a, b: label(a) == label(b) and len(differing(a, b)) == 1,
        lambda a, b: label(a) == label(b),
        lambda a, b: len(differing(a, b)) == 1,
    )
    for test in tests:
        for i, one in enumerate(old):
            free = (j for j in range(len(new)) if j not in taken and test(one, new[j]))
            j = next(free, None) if i not in partner else None
            if j is not None:
                partner[i] = j
                taken.add(j)
    return partner


def _sorted_out(
    partner: dict[int, int], old: Sequence[T], new: Sequence[T]
) -> tuple[list[tuple[T, T]], list[T], list[T]]:
    pairs = [(old[i], new[partner[i]]) for i in sorted(partner)]
    gone = [each for i, each in enumerate(old) if i not in partner]
    come = [each for j, each in enumerate(new) if j not in partner.values()]
    return pairs, gone, come


def differing(old: Any, new: Any) -> list[str]:
    """The fields in which two values of one class differ; the empty name where they cannot be told by fields."""
    kind = cast("Any", type(old))
    if not attrs.has(kind) or kind is not type(new):
        return [""] if old != new else []
    fields = (field for field in attrs.fields(kind) if field.eq and field.init)
    return [field.name for field in fields if getattr(old, field.name) != getattr(new, field.name)]


def name_of(value: Any) -> str:
    """By what a value of a list is known."""
    if isinstance(value, Transition):
        return f"{value.trigger} to {value.target}"
    for name in ("name", "because"):
        if getattr(value, name, ""):
            return str(getattr(value, name))
    return words(value)


def common(old: Any, new: Any) -> str:
    """By what both are known: turned round it is the same."""
    names = sorted({name_of(old), name_of(new)})
    return names[0] if len(names) == 1 else " / ".join(names)
