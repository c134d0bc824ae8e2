"""What was exercised how often, as a value and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

import attrs

from itilkit.errors import PolicyError, near

__all__ = ["Coverage", "Item", "What"]

What: TypeAlias = Literal[
    "agreement", "target", "priority rule", "matrix cell", "calendar window", "transition"
]
_KINDS: tuple[What, ...] = get_args(What)


@attrs.frozen
class Item:
    """One line of a policy, and how often it was exercised.

    Attributes:
        what: Which kind of line.
        path: Where it stands, as in the policy file: ``agreements[0].targets[1].resolution``.
        words: What it says.
        count: By how many incidents; of a calendar window, in how many of its occurrences a clock ran.
    """

    what: What
    path: str
    words: str = attrs.field(kw_only=True)
    count: int = attrs.field(kw_only=True)

    def __str__(self) -> str:
        return f"{self.words}: {f'{self.count:,}' if self.count else 'never'}"


def _items(given: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(given)


@attrs.frozen(repr=False)
class Coverage:
    """What incidents exercised of a policy.

    Attributes:
        policy: The name of the policy.
        as_of: The instant from which they were looked at; UTC.
        incidents: How many were read.
        items: Every line that can be exercised, in the order of the policy.
    """

    policy: str
    as_of: datetime
    incidents: int = attrs.field(kw_only=True)
    items: tuple[Item, ...] = attrs.field(converter=_items, kw_only=True)

    def __repr__(self) -> str:
        return f"<Coverage {self.policy}: {len(self.items) - len(self.never)} of {len(self.items)}>"

    @property
    def never(self) -> tuple[Item, ...]:
        """The lines that no incident exercised."""
        return tuple(item for item in self.items if not item.count)

    @property
    def share(self) -> float | None:
        """The share of all lines that were exercised; None where there are none."""
        return 1 - len(self.never) / len(self.items) if self.items else None

    def of(self, what: What) -> tuple[Item, ...]:
        """The lines of one kind.

        Raises:
            PolicyError: there is no such kind.
        """
        if what not in _KINDS:
            hint = near(what, _KINDS)
            raise PolicyError.one("unknown_word", f"{what!r} is no kind of line", path="what", hint=hint)
        return tuple(item for item in self.items if item.what == what)

    def to_rows(self) -> list[dict[str, Any]]:
        """A row for each line: ``what``, ``path``, ``words``, ``count``."""
        return [attrs.asdict(item) for item in self.items]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        s = "" if self.incidents == 1 else "s"
        yield f"{self.policy}: {self.incidents:,} incident{s} as of {self.as_of:%Y-%m-%d %H:%M} UTC."
        for what in _KINDS:
            items = self.of(what)
            never = [item for item in items if not item.count]
            if items:
                yield f"{what}s: {len(items) - len(never)} of {len(items)} exercised{'; never:' if never else '.'}"
            yield from (f"  {item.words}" for item in never)
