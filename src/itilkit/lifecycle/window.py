"""How long after something happened?

An amount of time says of which kind it is, because "three days" of a desk that closes at night and at weekends is
three things: days of the week, days on which the desk works, or hours during which it is open.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal, TypeAlias, get_args

import attrs

from itilkit.errors import PolicyError, near
from itilkit.vocabulary import Status

__all__ = ["SETTLED", "Delay", "Since", "Window"]

Since: TypeAlias = Literal["opened_at", "resolved_at", "closed_at"]

# In which statuses an instant of the timeline is known.
SETTLED: dict[Since, frozenset[Status]] = {
    "opened_at": frozenset(Status),
    "resolved_at": frozenset({Status.RESOLVED, Status.CLOSED}),
    "closed_at": frozenset({Status.CLOSED}),
}


@attrs.frozen(kw_only=True, repr=False)
class Delay:
    """An amount of time of one kind; exactly one of the three is given.

    Attributes:
        working_days: Working dates of a calendar; the delay ends with the closing of the last one.
        open_time: Time during which a calendar is open.
        wall_time: Time on the wall; needs no calendar.

    Raises:
        PolicyError: none of them is given, or several, or it is not more than nothing.

    >>> print(Delay(working_days=5), Delay(open_time=timedelta(hours=8)), Delay(wall_time=timedelta(days=1)), sep=", ")
    5 working days, 8:00:00 of open time, 1 day, 0:00:00
    """

    working_days: int | None = None
    open_time: timedelta | None = None
    wall_time: timedelta | None = None

    def __attrs_post_init__(self) -> None:
        given = {name: value for name, value in attrs.asdict(self).items() if value is not None}
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise PolicyError.one(
                "not_one_delay",
                f"expected one of working_days, open_time and wall_time, got {found}",
                hint="name the one kind of time that counts",
            )
        ((name, value),) = given.items()
        kind: type[Any] = int if name == "working_days" else timedelta
        if isinstance(value, bool) or not isinstance(value, kind):
            raise PolicyError.one("not_a_delay", f"{value!r} is no {kind.__name__}", path=name)
        if value <= kind(0):
            raise PolicyError.one("empty_delay", f"a delay of {value} is over at once", path=name)

    def __repr__(self) -> str:
        given = ", ".join(
            f"{name}={value!r}" for name, value in attrs.asdict(self).items() if value is not None
        )
        return f"Delay({given})"

    def __str__(self) -> str:
        if self.working_days is not None:
            return f"{self.working_days} working day{'' if self.working_days == 1 else 's'}"
        return str(self.wall_time) if self.wall_time is not None else f"{self.open_time} of open time"

    @property
    def needs_calendar(self) -> bool:
        """Only a calendar can say when the delay is over."""
        return self.wall_time is None


def _since(value: object) -> Since:
    for known in get_args(Since):
        if value == known:
            return known  # type: ignore[no-any-return]
    hint = near(value, get_args(Since))
    raise PolicyError.one(
        "unknown_instant", f"{value!r} is no instant of a timeline", path="since", hint=hint
    )


@attrs.frozen
class Window:
    """Until when a step may be taken: so long after an instant of the timeline.

    Attributes:
        amount: How long.
        since: After what: ``opened_at``, ``resolved_at`` or ``closed_at``.

    Raises:
        PolicyError: `since` is no such instant.

    >>> print(Window(Delay(working_days=5), since="resolved_at"))
    within 5 working days of resolved_at
    """

    amount: Delay = attrs.field(validator=attrs.validators.instance_of(Delay))
    since: Since = attrs.field(default="resolved_at", kw_only=True, converter=_since)

    def __str__(self) -> str:
        return f"within {self.amount} of {self.since}"
