"""How often must a promise be kept? The service level objective of an agreement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias, get_args

import attrs

from itilkit.errors import Fault, PolicyError, near

__all__ = ["Objective", "Per", "SmallNumbers"]

Per: TypeAlias = Literal["day", "week", "month", "quarter", "year"]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@attrs.frozen
class SmallNumbers:
    """What holds instead of a share while there are few incidents: one breach in twelve is no 92% service.

    Attributes:
        below: With fewer incidents than this ...
        allow: ... so many breaches keep the objective.

    Raises:
        PolicyError: a number that is no count.
    """

    below: int
    allow: int

    def __attrs_post_init__(self) -> None:
        faults = [
            Fault("bad_value", f"expected a whole number from 0, got {value!r}", path=name)
            for name, value in (("below", self.below), ("allow", self.allow))
            if not _is_count(value)
        ]
        if faults:
            raise PolicyError(faults)


@attrs.frozen
class Objective:
    """The share of incidents in a period for which the targets of an agreement must be met.

    Attributes:
        share: From more than 0 to 1; 0.95 is 95%.
        per: The period: ``day``, ``week``, ``month``, ``quarter`` or ``year``.
        small_n: What holds instead while there are few incidents; None for the share whatever the number.

    Raises:
        PolicyError: a share that is none, or no such period.

    >>> monthly = Objective(0.95, "month", small_n=SmallNumbers(below=40, allow=2))
    >>> monthly.is_kept(met=28, of=30), monthly.is_kept(met=93, of=100), monthly.is_kept(met=0, of=0)
    (True, False, None)
    """

    share: float
    per: Per = "month"
    small_n: SmallNumbers | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = list(_odd(self))
        if faults:
            raise PolicyError(faults)

    def is_kept(self, *, met: int, of: int) -> bool | None:
        """Whether the objective is kept by a period in which `met` of `of` incidents met their targets.

        None where there was no incident: nothing was shown.

        Raises:
            PolicyError: a number that is no count, or more met than there were.
        """
        if not (_is_count(met) and _is_count(of) and met <= of):
            message, hint = (
                f"{met!r} of {of!r} is no share",
                "give two counts, the first not above the second",
            )
            raise PolicyError.one("bad_value", message, path="met", hint=hint)
        if not of:
            return None
        if self.small_n is not None and of < self.small_n.below:
            return of - met <= self.small_n.allow
        return met / of >= self.share


def _odd(objective: Objective) -> Iterator[Fault]:
    share: object = objective.share
    small: object = objective.small_n
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
        hint = "0.95 is 95%"
        yield Fault("bad_value", f"expected a share above 0 up to 1, got {share!r}", path="share", hint=hint)
    if objective.per not in get_args(Per):
        hint = near(objective.per, get_args(Per))
        yield Fault("unknown_word", f"{objective.per!r} is no period", path="per", hint=hint)
    if small is not None and not isinstance(small, SmallNumbers):
        message = f"expected SmallNumbers, got {small!r}"
        yield Fault("bad_value", message, path="small_n", hint="SmallNumbers(below=40, allow=2)")
