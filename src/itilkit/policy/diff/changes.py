"""What a diff is made of: changes, each with its direction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias, overload

import attrs

__all__ = ["Change", "Diff", "Direction"]

Direction: TypeAlias = Literal["stricter", "looser", "other"]


@attrs.frozen
class Change:
    """One thing that two policies say differently.

    Attributes:
        path: Where, by names: ``agreements.SLA Gold.targets.P2.resolution``.
        what: What it is, in words.
        old: What the old policy says; ``nothing`` where it does not say it.
        new: What the new one says.
        severity: ``stricter``, ``looser`` or ``other``.
        cells: How many of the cases that the conditions of both policies and the priorities tell apart it touches;
            None where it touches no incident's promise, or where the cases are too many to count.

    >>> print(Change("name", "name", "Desk", "Service desk"))
    name: Desk -> Service desk; other
    """

    path: str
    what: str
    old: str
    new: str
    severity: Direction = attrs.field(default="other", kw_only=True)
    cells: int | None = attrs.field(default=None, kw_only=True)

    def __str__(self) -> str:
        cells = "" if self.cells is None else f"{self.cells} cell{'' if self.cells == 1 else 's'}; "
        return f"{self.what}: {self.old} -> {self.new}; {cells}{self.severity}"


def _changes(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(changes)


@attrs.frozen(repr=False)
class Diff(Sequence[Change]):
    """The changes from one policy to another; empty, and so false, where both say the same.

    Attributes:
        old: The name of the old policy.
        new: The name of the new one.
        changes: In the order of the policy file.
    """

    old: str
    new: str
    changes: tuple[Change, ...] = attrs.field(converter=_changes, kw_only=True)

    def __repr__(self) -> str:
        return f"<Diff {self.old} -> {self.new}: {len(self)} changes>"

    def __str__(self) -> str:
        return "\n".join(map(str, self.changes)) or "no change"

    def __len__(self) -> int:
        return len(self.changes)

    @overload
    def __getitem__(self, index: int) -> Change: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Change]: ...

    def __getitem__(self, index: int | slice) -> Change | Sequence[Change]:
        return self.changes[index]

    def to_rows(self) -> list[dict[str, str | int | None]]:
        """A row per change, with the attributes of `Change` as keys."""
        return [attrs.asdict(change) for change in self.changes]

    def to_markdown(self) -> str:
        """A table for a pull request."""
        head = f"| {self.old} -> {self.new} | old | new | cells | severity |\n|---|---|---|--:|---|\n"
        rows = (
            (each.what, each.old, each.new, "" if each.cells is None else str(each.cells), each.severity)
            for each in self.changes
        )
        return head + "".join(f"| {' | '.join(map(_cell, row))} |\n" for row in rows)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
