"""What is promised: targets by priority, on calendars, with what pauses them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Literal, TypeAlias, TypeVar, get_args

import attrs

from itilkit.calendars import Calendar
from itilkit.conditions import Always, Condition
from itilkit.errors import Fault, PolicyError, near
from itilkit.escalation import Ladder
from itilkit.policy.objective import Objective
from itilkit.sla import RULES, Goal, Link, Pauses, Rule, Term, WhenPriorityChanges, WhenReopened, WorkingDays
from itilkit.sla.measure import Threshold
from itilkit.vocabulary import HoldReason, Status

__all__ = ["Agreement", "Kind", "Promise", "Target", "contradictions"]

Kind = Literal["SLA", "OLA", "UC"]
Promise: TypeAlias = timedelta | WorkingDays | None
"""Open time, working days, or None: there is no target, and that is stated."""


def _priorities(value: int | Iterable[int]) -> tuple[int, ...]:
    return (value,) if isinstance(value, int) else tuple(value)


@attrs.frozen
class Target:
    """What is promised for some priorities.

    Attributes:
        priorities: One or more; 1 is highest.
        promises: By target name (``response``, ``resolution`` ...).
        calendar: When time counts for these, instead of the agreement's calendar.

    Raises:
        PolicyError: a priority that is no whole number, or a promise that is no amount.
    """

    priorities: tuple[int, ...] = attrs.field(converter=_priorities)
    promises: Mapping[str, Promise] = attrs.field(hash=False)
    calendar: Calendar | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = list(_odd(self))
        if faults:
            raise PolicyError(faults)


def _is_level(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_promise(value: object) -> bool:
    return value is None or isinstance(value, timedelta | WorkingDays)


def _odd(target: Target) -> Iterator[Fault]:
    if not target.priorities:
        yield Fault("no_priority", "names no priority", path="priority")
    for priority in target.priorities:
        if not _is_level(priority):
            hint = "1 is the highest"
            yield Fault(
                "bad_priority", f"expected a whole number, got {priority!r}", path="priority", hint=hint
            )
    for name, promised in target.promises.items():
        if not _is_promise(promised):
            message = f"expected a timedelta, working days or None, got {promised!r}"
            yield Fault("bad_promise", message, path=name, hint="timedelta(hours=4)")


def _targets(targets: Iterable[Target]) -> tuple[Target, ...]:
    return tuple(targets)


Word = TypeVar("Word", Status, HoldReason)


def _words(kind: type[Word], words: Iterable[Word | str], path: str) -> frozenset[Word]:
    known = {word.value: word for word in kind}
    given = tuple(words)
    faults = [
        Fault("unknown_word", f"{word!r} is no {path}", path=path, hint=near(str(word), known))
        for word in given
        if word not in known
    ]
    if faults:
        raise PolicyError(faults)
    return frozenset(map(kind, given))


def _statuses(statuses: Iterable[Status | str]) -> frozenset[Status]:
    return _words(Status, statuses, "status")


def _reasons(reasons: Iterable[HoldReason | str]) -> frozenset[HoldReason]:
    return _words(HoldReason, reasons, "hold reason")


def _clocks(clocks: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(clocks)


def _names(names: Iterable[str] | None) -> frozenset[str]:
    return (
        frozenset(name for name, rule in RULES.items() if rule.pauses) if names is None else frozenset(names)
    )


_NONE = Term(None, None)


@attrs.frozen
class Agreement:
    """A service level agreement, an operational one behind it (OLA), or an underpinning contract (UC).

    Attributes:
        name: What the house calls it.
        targets: One per priority or set of priorities; a priority twice is a contradiction.
        calendar: When time counts.
        calendar_from: A field whose value names the calendar instead, such as ``customer``: a calendar of the policy
            that is called so, else `calendar`. A target's own calendar stands before both.
        when: Of which incidents it holds; of each kind the first agreement whose condition holds is in force.
        kind: ``SLA``, ``OLA`` or ``UC``.
        pause_while: Statuses in which pausing clocks stand still.
        but_not_while: Hold reasons for which they run on all the same.
        pausing: The targets whose clocks pause; resolution-type ones by default, response-type ones not.
        when_reopened: What reopening does to a stopped clock.
        when_priority_changes: What a changed priority does.
        clocks: The house's own clocks, beside the shipped ones; targets name them like those. Their options stand as
            they are, but for what `pausing` says.
        warn: Thresholds by name: a share of the target, or open time before or after it.
        objective: How often its promises must be kept; None where that is not agreed.
        escalate: Who is called in when; a target it names is the agreement's own. None calls nobody.

    Raises:
        PolicyError: with every fault: no target, an unknown target name, two targets for one priority, two clocks of
            one name, a word that an option does not know.
    """

    name: str
    targets: tuple[Target, ...] = attrs.field(converter=_targets)
    calendar: Calendar = attrs.field(kw_only=True)
    calendar_from: str = attrs.field(default="", kw_only=True)
    when: Condition = attrs.field(factory=Always, kw_only=True)
    kind: Kind = attrs.field(default="SLA", kw_only=True)
    pause_while: frozenset[Status] = attrs.field(
        default=frozenset({Status.ON_HOLD}), converter=_statuses, kw_only=True
    )
    but_not_while: frozenset[HoldReason] = attrs.field(
        default=frozenset[HoldReason](), converter=_reasons, kw_only=True
    )
    pausing: frozenset[str] = attrs.field(default=None, converter=_names, kw_only=True)
    when_reopened: WhenReopened = attrs.field(default="continue", kw_only=True)
    when_priority_changes: WhenPriorityChanges = attrs.field(default="recalculate from start", kw_only=True)
    clocks: tuple[Rule, ...] = attrs.field(default=(), converter=_clocks, kw_only=True)
    warn: Mapping[str, Threshold] = attrs.field(factory=dict[str, Threshold], kw_only=True, hash=False)
    objective: Objective | None = attrs.field(default=None, kw_only=True)
    escalate: Ladder | None = attrs.field(default=None, kw_only=True)
    _rules: Mapping[str, Rule] = attrs.field(init=False, eq=False, repr=False)
    _terms: Mapping[str, Mapping[int | None, Term]] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise PolicyError(faults)
        names = dict.fromkeys(name for target in self.targets for name in target.promises)
        object.__setattr__(self, "_rules", {name: self._rule(name) for name in names})
        object.__setattr__(self, "_terms", {name: self._by_priority(name) for name in names})

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The clocks of this agreement by target name."""
        return self._rules

    @property
    def calendars(self) -> tuple[Calendar, ...]:
        """Every calendar that it uses, its own first."""
        rows = (target.calendar for target in self.targets)
        return (self.calendar, *(calendar for calendar in rows if calendar is not None))

    @property
    def prefix(self) -> str:
        """What its readings are keyed with: nothing for the SLA, ``OLA.`` or ``UC.`` for the others."""
        return "" if self.kind == "SLA" else f"{self.kind}."

    def terms(self, name: str, priorities: Sequence[int | None]) -> tuple[Term, ...]:
        """The track of what was promised, one per priority given; at least one, for an incident not yet open."""
        by_priority = self._terms[name]
        return tuple([by_priority.get(priority, _NONE) for priority in priorities or (None,)])

    def term(self, name: str, priority: int | None, *, calendar: Calendar | None = None) -> Term:
        """What is promised for a priority, on another calendar than the agreement's where one is given."""
        term = self._terms[name].get(priority, _NONE) if name in self._terms else _NONE
        if term.goal is None or calendar is None or calendar == self.calendar:
            return attrs.evolve(term, priority=priority)
        own = any(priority in target.priorities and target.calendar for target in self.targets)
        return term if own else attrs.evolve(term, goal=attrs.evolve(term.goal, calendar=calendar))

    def link(self, name: str, priority: int) -> Link | None:
        """What it promises for a priority, as a link of a chain; None where it promises nothing."""
        term = self._terms[name].get(priority) if name in self._terms else None
        return None if term is None or term.goal is None else Link(f"{self.kind} {self.name}", term.goal)

    def _rule(self, name: str) -> Rule:
        pauses = Pauses(self.pause_while, but_not_for=self.but_not_while) if name in self.pausing else None
        own = next((rule for rule in self.clocks if rule.name == name), None)
        if own is not None:
            return own if pauses is None else attrs.evolve(own, pauses=pauses)
        rule = RULES[name]
        return attrs.evolve(
            rule,
            pauses=pauses,
            when_reopened=None if rule.when_reopened is None else self.when_reopened,
            when_priority_changes=self.when_priority_changes,
        )

    def _by_priority(self, name: str) -> Mapping[int | None, Term]:
        terms: dict[int | None, Term] = {}
        for target in self.targets:
            promised = target.promises.get(name)
            goal = None if promised is None else Goal(promised, target.calendar or self.calendar)
            terms |= {priority: Term(priority, goal) for priority in target.priorities}
        return terms


def _faults(agreement: Agreement) -> Iterator[Fault]:
    if not agreement.targets:
        yield Fault("no_targets", f"agreement {agreement.name!r} promises nothing", path="targets")
    for what, word, known in (
        ("kind", agreement.kind, get_args(Kind)),
        ("when_reopened", agreement.when_reopened, get_args(WhenReopened)),
        ("when_priority_changes", agreement.when_priority_changes, get_args(WhenPriorityChanges)),
    ):
        if word not in known:
            yield Fault("unknown_word", f"{word!r} is none of its words", path=what, hint=near(word, known))
    clocks = {*RULES, *(rule.name for rule in agreement.clocks)}
    for index, target in enumerate(agreement.targets):
        yield from _unknown(target.promises, clocks, f"targets[{index}].")
    held: object = agreement.escalate
    if held is not None and not isinstance(held, Ladder):
        yield Fault(
            "not_a_ladder", f"expected a Ladder, got {held!r}", path="escalate", hint="Ladder(name, rungs)"
        )
    yield from contradictions([target.priorities for target in agreement.targets])
    yield from _unknown(sorted(agreement.pausing), clocks, "pausing")
    yield from _taken(agreement.clocks)


def _unknown(names: Iterable[str], known: Collection[str], path: str) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            place = f"{path}{name}" if path.endswith(".") else path
            yield Fault("unknown_target", f"no clock is called {name!r}", path=place, hint=near(name, known))


def _taken(clocks: Sequence[Rule]) -> Iterator[Fault]:
    """Names of the house's own clocks that mean another clock already."""
    seen = set(RULES)
    for index, rule in enumerate(clocks):
        if rule.name in seen:
            yield Fault(
                "known_target",
                f"there is a clock called {rule.name!r} already",
                path=f"clocks[{index}]",
                hint="give it a name of its own",
            )
        seen.add(rule.name)


def contradictions(rows: Iterable[Iterable[int]]) -> Iterator[Fault]:
    """Priorities that have a target in more than one row, or twice in one."""
    holders: dict[int, int] = {}
    for index, priorities in enumerate(rows):
        for priority in priorities:
            if priority in holders:
                holder = holders[priority]
                twice = (
                    f"has a target in targets[{holder}] already" if holder != index else "stands here twice"
                )
                yield Fault(
                    "contradictory_targets",
                    f"P{priority} {twice}",
                    path=f"targets[{index}].priority",
                    hint="one line per priority",
                )
            holders.setdefault(priority, index)
