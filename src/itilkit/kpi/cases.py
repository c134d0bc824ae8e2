"""Many incidents as KPIs see them: what was found out about one is kept for the next question."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar, overload

import attrs

from itilkit.calendars import Period
from itilkit.errors import KpiError
from itilkit.kpi.case import Case, Kind, LeftOut
from itilkit.kpi.definition import Kpi
from itilkit.kpi.dimension import Standing
from itilkit.kpi.dimension import dimension as reader_of
from itilkit.kpi.durations import Durations
from itilkit.records import Source
from itilkit.sla import Assessment

__all__ = ["Block", "Cases", "Key", "blocks_of", "cases_of"]

Key = tuple[object, ...]
T = TypeVar("T")

# So many incidents are looked at together: enough to make columns worth while, few enough to stay in the caches.
_AT_ONCE = 1_000


class Block:
    """Some incidents, and column by column what was found out about them; each column is made once.

    Attributes:
        cases: The incidents.
    """

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = cases
        self._columns: dict[object, Any] = {}

    @property
    def merges(self) -> bool:
        """One of them is a duplicate."""
        return any(case.repeats is not None for case in self.cases)

    def answers(self, kpi: Kpi) -> Sequence[Any]:
        """What a KPI observes of each incident, or why it does not count."""
        asked = _question(kpi)
        return self._column(asked, lambda: self._asked(asked))

    def _asked(self, kpi: Kpi) -> list[Any]:
        leaves_out, observe = kpi.leaves_out, kpi.observe
        left_out = self._column(("left out", leaves_out), lambda: self._left_out(leaves_out))
        return [why or observe(case) for why, case in zip(left_out, self.cases, strict=True)]

    def _left_out(self, kinds: frozenset[Kind]) -> list[LeftOut | None]:
        return [case.left_out(kinds) for case in self.cases]

    def placed(self, kpi: Kpi) -> Sequence[datetime | None]:
        """The instant that places each incident in a period."""
        return self._column(("placed", _placing(kpi)), lambda: [kpi.placed_at(case) for case in self.cases])

    def inside(self, kpi: Kpi, period: Period) -> list[int]:
        """The places of the incidents that lie in a period."""
        ordered = self._column(("ordered", _placing(kpi)), lambda: self._ordered(kpi))
        low, high = (bisect_left(ordered, end, key=_instant) for end in (period.start, period.end))
        return sorted(row for _, row in ordered[low:high])

    def _ordered(self, kpi: Kpi) -> list[tuple[datetime, int]]:
        return sorted((at, row) for row, at in enumerate(self.placed(kpi)) if at is not None)

    def nowhere(self, kpi: Kpi) -> Sequence[int]:
        """The places of the incidents that no instant places in any period."""
        return self._column(
            ("nowhere", _placing(kpi)), lambda: [row for row, at in enumerate(self.placed(kpi)) if at is None]
        )

    def keys(self, names: Sequence[str], standing: Standing = "then") -> Sequence[Key]:
        """The group of each incident."""
        if not names:
            return [()] * len(self.cases)
        return self._column(("keys", *names, standing), lambda: self._keys(names, standing))

    def _keys(self, names: Sequence[str], standing: Standing) -> list[Key]:
        columns: list[list[Any]] = []
        for name in names:
            read = reader_of(name, standing)
            columns.append([read(case) for case in self.cases])
        return list(zip(*columns, strict=True))

    def groups(self, names: Sequence[str], standing: Standing = "then") -> dict[Key, Sequence[int]]:
        """The places of the incidents of each group, in the order in which the groups turn up."""
        if not names:
            return {(): range(len(self.cases))}
        return self._column(("groups", *names, standing), lambda: _by_key(self.keys(names, standing)))

    def stand_ins(self) -> Mapping[str, Sequence[str]]:
        """What sources took in place of facts that they do not record, in words, by fact."""
        return self._column("stand-ins", self._stand_ins)

    def _stand_ins(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        latest: Source | None = None
        for case in self.cases:
            source = case.timeline.incident.source
            if source is not latest:
                latest = source
                for fact, words in source.stand_ins.items():
                    found.setdefault(fact, {})[str(words)] = None
        return {fact: tuple(words) for fact, words in found.items()}

    def _column(self, name: object, make: Callable[[], T]) -> T:
        try:
            found: T | None = self._columns.get(name)
        except TypeError:  # a KPI of the house's own that holds a list, say
            return make()
        if found is None:
            found = self._columns[name] = make()
        return found


def _by_key(keys: Sequence[Key]) -> dict[Key, Sequence[int]]:
    found: dict[Key, list[int]] = {}
    for row, key in enumerate(keys):
        if key in found:
            found[key].append(row)
        else:
            found[key] = [row]
    return {**found}


def _instant(placed: tuple[datetime, int]) -> datetime:
    return placed[0]


def _placing(kpi: Kpi) -> object:
    """What decides where a KPI places incidents: of resolved each has its own reading."""
    if kpi.cohort == "resolved":
        return kpi
    return (kpi.cohort, "earliest") if kpi.from_earliest else kpi.cohort


def _question(kpi: Kpi) -> Kpi:
    """The KPI as far as one incident is asked: of durations with other statistics or another cohort the same one."""
    return attrs.evolve(kpi, statistics=("n",), cohort="opened") if isinstance(kpi, Durations) else kpi


class Cases(Sequence[Assessment]):
    """Many incidents that are measured more than once.

    `measure`, `compare`, `report` and their kin take it in place of the assessments. The figures are the same; what
    one question found out about an incident is there for the next, at the price of memory for it.

    Args:
        assessments: The incidents, assessed at one `as_of`; drawn once.

    Raises:
        KpiError: the assessments look from different instants.

    >>> from itilkit import kpi
    >>> cases = kpi.Cases([])
    >>> len(cases), kpi.measure(cases, kpi.volume()).one().value
    (0, 0)
    """

    def __init__(self, assessments: Iterable[Assessment]) -> None:
        self._block = Block(_merged(tuple(cases_of(assessments))))

    def __iter__(self) -> Iterator[Assessment]:
        return (case.assessment for case in self._block.cases)

    @overload
    def __getitem__(self, index: int) -> Assessment: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Assessment, ...]: ...
    def __getitem__(self, index: int | slice) -> Assessment | tuple[Assessment, ...]:
        """The assessment at a place, or several of them."""
        if isinstance(index, slice):
            return tuple(case.assessment for case in self._block.cases[index])
        return self._block.cases[index].assessment

    def __len__(self) -> int:
        return len(self._block.cases)

    def __repr__(self) -> str:
        seen = f" as of {self.as_of.isoformat()}" if self.as_of else ""
        return f"<Cases: {len(self):,}{seen}>"

    @classmethod
    def of(cls, assessments: Iterable[Assessment]) -> Cases:
        """The assessments as cases; what is that already comes back as it is."""
        return assessments if isinstance(assessments, Cases) else cls(assessments)

    @property
    def as_of(self) -> datetime | None:
        """The instant that all look from; None of no incidents."""
        return self._block.cases[0].timeline.as_of if self._block.cases else None

    @property
    def block(self) -> Block:
        """All of them in one block."""
        return self._block


def _merged(cases: Sequence[Case]) -> Sequence[Case]:
    """The incidents, each of which knows the earliest opening of those that were merged into it."""
    repeats = [case for case in cases if case.repeats is not None and case.timeline.events]
    known = {case.timeline.incident.number: case for case in cases} if repeats else {}
    for case in repeats:
        kept = _kept(case, known)
        opened = case.timeline.events[0].at
        if kept is not None and opened < (kept.merged_at or kept.timeline.events[0].at):
            kept.merged_at = opened
    return cases


def _kept(case: Case, known: Mapping[str, Case]) -> Case | None:
    """What a duplicate was merged into in the end; None where that is not there, and where some repeat each other."""
    found: Case | None = case
    passed: set[str] = set()
    while found is not None and found.repeats is not None:
        if found.repeats in passed:
            return None
        passed.add(found.repeats)
        found = known.get(found.repeats)
    return found if found is not None and found.timeline.events else None


def blocks_of(assessments: Iterable[Assessment]) -> Iterator[Block]:
    """The incidents block by block: `Cases` in the one that they keep, others as they are drawn.

    Raises:
        KpiError: the assessments look from different instants.
    """
    if isinstance(assessments, Cases):
        if len(assessments):
            yield assessments.block
        return
    drawn = cases_of(assessments)
    while some := list(islice(drawn, _AT_ONCE)):
        yield Block(some)


def cases_of(assessments: Iterable[Assessment]) -> Iterator[Case]:
    """The incidents as they are measured, those that follow others last, when it is known which ones were major.

    Raises:
        KpiError: the assessments look from different instants.
    """
    if isinstance(assessments, Cases):
        yield from assessments.block.cases
        return
    as_of: datetime | None = None
    majors: set[str] = set()
    waiting: list[tuple[Case, str]] = []
    for assessment in assessments:
        case = Case(assessment)
        as_of = _checked(case.timeline.as_of, as_of)
        if case.is_major:
            majors.add(case.timeline.incident.number)
        if case.parent is None:
            yield case
        else:
            waiting.append((case, case.parent))
    for case, parent in waiting:
        if parent in majors:
            case.kinds = (*case.kinds, "child")
        yield case


def _checked(now: datetime, before: datetime | None) -> datetime:
    """The instant that all assessments look from."""
    if before is not None and now != before:
        raise KpiError.one(
            "mixed_as_of",
            f"the assessments look from {before.isoformat()} and from {now.isoformat()}",
            path="assessments",
            hint="assess all incidents at one as_of",
        )
    return now
