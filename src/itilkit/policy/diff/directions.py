"""Which way does a change go?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import attrs

from itilkit.policy.diff.changes import Direction

__all__ = ["BY_FIELD", "direction", "step"]


def direction(stricter: bool, looser: bool) -> Direction:  # noqa: FBT001  one of two, both or neither
    """The direction of what is either stricter or looser; `other` where it is neither or both."""
    if stricter is looser:
        return "other"
    return "stricter" if stricter else "looser"


def more_is(severity: Literal["stricter", "looser"]) -> Callable[[Any, Any], Direction]:
    """For sets: which way it is to have more in it."""

    def compared(old: frozenset[Any], new: frozenset[Any]) -> Direction:
        more, fewer = old < new, new < old
        return direction(more, fewer) if severity == "stricter" else direction(fewer, more)

    return compared


def objective(old: Any, new: Any) -> Direction:
    """Which way an objective goes: a greater share, or one where there was none, is stricter."""
    if old is None or new is None:
        return direction(old is None, new is None)
    if attrs.evolve(old, share=new.share) != new:
        return "other"
    return direction(old.share < new.share, new.share < old.share)


BY_FIELD: Mapping[str, Callable[[Any, Any], Direction]] = {
    "pause_while": more_is("looser"),
    "but_not_while": more_is("stricter"),
    "pausing": more_is("looser"),
    "objective": objective,
}


def step(field: str, old: Any, new: Any) -> Direction:
    """Which way a step goes that asks for more, or that fewer may take."""
    if field in ("requires", "not_by"):
        return more_is("stricter")(frozenset(old), frozenset(new))
    if field == "sources":
        return more_is("looser")(frozenset(old), frozenset(new))
    if field == "roles":
        if not old or not new:
            return direction(not old, not new)
        return more_is("looser")(old, new)
    if field == "within":
        return direction(old is None, new is None)
    return "other"
