"""What a back-test found, as a value and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import attrs

from itilkit.policy.backtest.figures import Cell, Flip, Kept, Outcome, Verdict, Which
from itilkit.policy.backtest.paired import PairedTest

__all__ = ["Backtest"]

_SHOWN = 10
_OUTCOMES: tuple[Outcome, ...] = ("met", "breached", "pending", "cancelled", "not_recorded", "no_agreement")


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


def _cells(given: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(given)


def _flips(given: Iterable[Flip]) -> tuple[Flip, ...]:
    return tuple(given)


def _kept(given: Iterable[Kept]) -> tuple[Kept, ...]:
    return tuple(given)


@attrs.frozen(repr=False)
class Backtest:
    """What the same incidents come to under an old policy and a new one.

    Attributes:
        old: The name of the old policy.
        new: The name of the new one.
        as_of: The instant from which both look; UTC.
        incidents: How many were read. For each target the counts of the cells add up to it.
        targets: The keys of the readings that either policy has, those of the old policy first.
        cells: Each pair of verdicts that occurred, and how often.
        flips: The promises that were met under one policy and breached under the other, by target and number.
        objectives: What became of each objective in each period, that of the old policy before that of the new one.
    """

    old: str
    new: str
    as_of: datetime = attrs.field(kw_only=True)
    incidents: int = attrs.field(kw_only=True)
    targets: tuple[str, ...] = attrs.field(converter=_texts, kw_only=True)
    cells: tuple[Cell, ...] = attrs.field(converter=_cells, kw_only=True)
    flips: tuple[Flip, ...] = attrs.field(converter=_flips, kw_only=True)
    objectives: tuple[Kept, ...] = attrs.field(converter=_kept, kw_only=True)

    def __repr__(self) -> str:
        worse, better = len(self.newly_breached), len(self.newly_met)
        return f"<Backtest {self.old} -> {self.new}: {worse} newly breached, {better} newly met>"

    @property
    def newly_breached(self) -> tuple[Flip, ...]:
        """The flips from met to breached."""
        return tuple(flip for flip in self.flips if flip.new.outcome == "breached")

    @property
    def newly_met(self) -> tuple[Flip, ...]:
        """The flips from breached to met."""
        return tuple(flip for flip in self.flips if flip.new.outcome == "met")

    def outcomes(self, target: str, policy: Which) -> Mapping[Outcome, int]:
        """How many incidents come to what on one target, under ``old`` or ``new``; they add up to `incidents`."""
        found = Counter[Outcome]()
        for cell in self._of(target):
            found[(cell.old if policy == "old" else cell.new).outcome] += cell.count
        return {outcome: found[outcome] for outcome in _OUTCOMES if found[outcome]}

    def test(self, target: str) -> PairedTest:
        """Whether chance alone explains the flips of a target."""
        return _test(self._of(target))

    def _of(self, target: str) -> list[Cell]:
        return [cell for cell in self.cells if cell.target == target]

    def to_rows(self) -> list[dict[str, Any]]:
        """A row for each pair of verdicts: ``target``, what each policy says, and ``count``."""
        return [cell.to_row() for cell in self.cells]

    def flip_rows(self) -> list[dict[str, Any]]:
        """A row for each flip: ``number``, ``target``, and each policy's agreement, priority, outcome, due, stop."""
        return [flip.to_row() for flip in self.flips]

    def objective_rows(self) -> list[dict[str, Any]]:
        """A row for each objective, period and policy, with ``met``, ``breached``, ``pending`` and ``kept``."""
        return [each.to_row() for each in self.objectives]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield self._head
        for target in self.targets:
            yield f"{target}: {self._counts(target)}."
            if not any(cell.flips for cell in self._of(target)):
                yield "  No promise flips."
                continue
            yield f"  {_flipped(self._of(target))}: {self.test(target)}."
            yield from (f"  {_whose(verdict)}: {_flipped(cells)}." for verdict, cells in self._groups(target))
            for way, flips in (("Newly breached", self.newly_breached), ("Newly met", self.newly_met)):
                numbers = [flip.number for flip in flips if flip.target == target]
                if numbers:
                    yield f"  {way}: {_some(numbers)}."
        for told, kept in self._periods():
            yield f"{told}: {kept}."

    @property
    def _head(self) -> str:
        s = "" if self.incidents == 1 else "s"
        seen = f"{self.incidents:,} incident{s} as of {self.as_of:%Y-%m-%d %H:%M} UTC"
        return f"{self.new} against {self.old}: {seen}."

    def _counts(self, target: str) -> str:
        old, new = self.outcomes(target, "old"), self.outcomes(target, "new")
        told = (
            f"{outcome.replace('_', ' ')} {old.get(outcome, 0):,} -> {new.get(outcome, 0):,}"
            for outcome in _OUTCOMES
            if outcome in old or outcome in new
        )
        return ", ".join(told) or "no incident"

    def _groups(self, target: str) -> Iterator[tuple[Verdict, list[Cell]]]:
        """The cells of a target by priority and agreement under the old policy, where anything flips."""
        for _, group in groupby(self._of(target), key=lambda cell: (cell.old.priority, cell.old.agreement)):
            cells = list(group)
            if any(cell.flips for cell in cells):
                yield cells[0].old, cells

    def _periods(self) -> Iterator[tuple[str, str]]:
        """Each objective and period in words, and what it comes to under both policies."""
        for (target, agreement, period), group in groupby(
            self.objectives, key=lambda each: (each.target, each.agreement, each.period)
        ):
            sides = {each.policy: each for each in group}
            told = [str(sides[which]) if which in sides else "no objective" for which in ("old", "new")]
            yield f"{agreement} {target} {period.label}", " -> ".join(told)

    def to_markdown(self) -> str:
        """A summary for a pull request: the outcomes, the flips by priority and agreement, objectives by period."""
        return "\n\n".join([_plain(self._head), *self._tables()]) + "\n"

    def _tables(self) -> Iterator[str]:
        yield _table(
            ["target", "outcome", "old", "new"],
            (
                [target, outcome.replace("_", " "), f"{old.get(outcome, 0):,}", f"{new.get(outcome, 0):,}"]
                for target in self.targets
                for old, new in [(self.outcomes(target, "old"), self.outcomes(target, "new"))]
                for outcome in _OUTCOMES
                if outcome in old or outcome in new
            ),
        )
        if self.flips:
            yield _table(
                ["target", "priority and agreement", "newly breached", "newly met", "p"],
                (row for target in self.targets for row in self._flip_table(target)),
            )
            yield "\n".join(
                f"- {_plain(target)}, {way}: {_plain(_some([each.number for each in flips]))}"
                for way, all_flips in (("newly breached", self.newly_breached), ("newly met", self.newly_met))
                for target in self.targets
                if (flips := [each for each in all_flips if each.target == target])
            )
        if self.objectives:
            yield _table(["objective", "old -> new"], map(list, self._periods()))

    def _flip_table(self, target: str) -> Iterator[list[str]]:
        test = self.test(target)
        if test.n:
            yield [target, "all", f"{test.worse:,}", f"{test.better:,}", f"{test.p:.3g}"]
            for verdict, cells in self._groups(target):
                part = _test(cells)
                yield [target, _whose(verdict), f"{part.worse:,}", f"{part.better:,}", ""]

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def _test(cells: Iterable[Cell]) -> PairedTest:
    flips = [cell for cell in cells if cell.flips]
    worse = sum(cell.count for cell in flips if cell.new.outcome == "breached")
    return PairedTest(worse, sum(cell.count for cell in flips) - worse)


def _flipped(cells: Iterable[Cell]) -> str:
    test = _test(cells)
    return f"{test.worse:,} newly breached, {test.better:,} newly met"


def _whose(verdict: Verdict) -> str:
    priority = "no priority" if verdict.priority is None else f"P{verdict.priority}"
    return f"{priority}, {verdict.agreement}"


def _some(numbers: list[str]) -> str:
    more = len(numbers) - _SHOWN
    return ", ".join(numbers[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _table(names: list[str], rows: Iterable[list[str]]) -> str:
    lines = [names, ["---"] * len(names), *(list(map(_plain, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _plain(text: str) -> str:
    """Words that cannot break out of their place in Markdown."""
    escaped = "".join(f"\\{letter}" if letter in "\\`*_[]<>|#" else letter for letter in text)
    return " ".join(escaped.split())
