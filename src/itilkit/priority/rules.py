"""Rules around the matrix: whom or what an incident concerns may raise its priority, never lower it.

Rules of this file:

* A rule states a floor: what its condition holds for has at least this impact, urgency or priority. What is higher
  already stays, so that no rule and no order of rules lowers anything. An impact or urgency that nobody recorded
  takes the floor.
* Rules apply in order; a later one sees the impact and urgency that earlier ones raised. A condition that missing
  values leave open does not hold.
* A priority that was recorded stands over the derived one, which is kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, TypeAlias, get_args

import attrs

from itilkit.conditions import Condition, In, Situation, free_fields, holds
from itilkit.errors import Fault, PolicyError, near, shown
from itilkit.events.doors import optional_level
from itilkit.priority.matrix import Matrix
from itilkit.records import ConfigurationItem
from itilkit.vocabulary import Scale, fold

__all__ = [
    "Derivation",
    "PriorityRule",
    "Raised",
    "WhenFactsChange",
    "check_rules",
    "check_when_facts_change",
    "derive",
    "item_floors",
    "prioritise",
]

Floor = Literal["impact", "urgency", "priority"]
WhenFactsChange: TypeAlias = Literal["recompute", "pinned"]
"""What new facts do to a derived priority: it follows them, or what was first derived stands."""


@attrs.frozen
class PriorityRule:
    """A floor for the incidents of which a condition holds.

    Attributes:
        when: The condition, on the incident as it stands; it may not ask for the priority, which the rule decides.
        impact_at_least: The lowest impact they have; 1 is the highest.
        urgency_at_least: The lowest urgency.
        priority_at_least: The lowest priority, whatever the matrix says.
        because: Why, in the words of the house; told in explanations.

    Raises:
        PolicyError: a rule that raises nothing, what is no condition, or one that asks for the priority.
        RecordError: a level that is no whole number from 1.

    >>> from itilkit.conditions import Eq
    >>> PriorityRule(Eq("reporter.vip", True), urgency_at_least=1, because="VIP caller").because
    'VIP caller'
    """

    when: Condition
    impact_at_least: int | None = attrs.field(default=None, converter=optional_level, kw_only=True)
    urgency_at_least: int | None = attrs.field(default=None, converter=optional_level, kw_only=True)
    priority_at_least: int | None = attrs.field(default=None, converter=optional_level, kw_only=True)
    because: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = list(_odd(self))
        if faults:
            raise PolicyError(faults)

    @property
    def floors(self) -> tuple[tuple[Floor, int], ...]:
        """What is raised and to which level, in the order impact, urgency, priority."""
        given: list[tuple[Floor, int | None]] = [
            ("impact", self.impact_at_least),
            ("urgency", self.urgency_at_least),
            ("priority", self.priority_at_least),
        ]
        return tuple((what, level) for what, level in given if level is not None)


def _odd(rule: PriorityRule) -> Iterator[Fault]:
    if not rule.floors:
        hint = "give impact_at_least, urgency_at_least or priority_at_least"
        yield Fault("raises_nothing", "the rule raises nothing", hint=hint)
    given: Any = rule
    if not hasattr(given.when, "judge"):
        yield Fault("not_a_condition", f"expected a condition, got {shown(given.when)}", path="when")
    elif "priority" in free_fields(rule.when):
        hint = "ask for impact, urgency or another fact"
        yield Fault("circular_rule", "asks for the priority that it decides", path="when.priority", hint=hint)


def item_floors(items: Iterable[ConfigurationItem]) -> tuple[PriorityRule, ...]:
    """The rules by which items raise the impact of their incidents, one for each level of `ConfigurationItem.impact`.

    Args:
        items: The items of the house; those without an impact set no floor.

    Returns:
        The rules, the highest impact first; empty where no item has one.

    >>> core = [ConfigurationItem(name, impact=1) for name in ("core-db", "core-sw")]
    >>> for rule in item_floors([*core, ConfigurationItem("printer-7")]):
    ...     print(rule.when, rule.impact_at_least, rule.because)
    configuration_item is one of core-db, core-sw 1 the impact of the item
    """
    levels: dict[int, list[str]] = {}
    for item in items:
        if item.impact is not None:
            levels.setdefault(item.impact, []).append(item.id)
    return tuple(
        PriorityRule(
            In("configuration_item", sorted(ids)),
            impact_at_least=level,
            because="the impact of the item",
        )
        for level, ids in sorted(levels.items())
    )


def check_rules(rules: Iterable[PriorityRule], matrix: Matrix) -> tuple[Fault, ...]:
    """The floors that the scales of a matrix do not have; paths are those of the policy file."""
    scales = {"impact": matrix.impact, "urgency": matrix.urgency, "priority": matrix.priority}
    return tuple(
        Fault(
            "unknown_level",
            f"{what} has no level {level}",
            path=f"priority.rules[{index}].{what}_at_least",
            hint=f"levels are 1 to {len(scales[what])}",
        )
        for index, rule in enumerate(rules)
        for what, level in rule.floors
        if level > len(scales[what])
    )


def check_when_facts_change(word: object) -> tuple[Fault, ...]:
    """The fault of what is none of the words; empty for one of them."""
    known = get_args(WhenFactsChange)
    if word in known:
        return ()
    message, hint = f"{shown(word)} is none of its words", near(word, known)
    return (Fault("unknown_word", message, path="when_facts_change", hint=hint),)


@attrs.frozen
class Raised:
    """What a rule did: it raised an impact, an urgency or a priority from one level to another.

    Attributes:
        what: ``impact``, ``urgency`` or ``priority``.
        before: The level before; None where there was none.
        after: The level after; 1 is the highest.
        rule: The rule that did it.
    """

    what: Floor
    before: int | None
    after: int = attrs.field(kw_only=True)
    rule: PriorityRule = attrs.field(kw_only=True)


def _raised(raised: Iterable[Raised]) -> tuple[Raised, ...]:
    return tuple(raised)


@attrs.frozen
class Derivation:
    """How a priority came about.

    Attributes:
        matrix: By which matrix.
        impact: As recorded; None where it was not.
        urgency: As recorded; None where it was not.
        raised: What the rules raised, in their order.
        derived: What matrix and rules give; None where impact or urgency is not known and no rule gives a priority.
        recorded: What was recorded by the tool or by hand; it stands.
        reason: Why it was recorded, where that was said.
    """

    matrix: Matrix
    impact: int | None
    urgency: int | None = attrs.field(kw_only=True)
    raised: tuple[Raised, ...] = attrs.field(converter=_raised, kw_only=True)
    derived: int | None = attrs.field(kw_only=True)
    recorded: int | None = attrs.field(default=None, kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)

    @property
    def priority(self) -> int | None:
        """What holds: the recorded priority, else the derived one; 1 is the highest."""
        return self.derived if self.recorded is None else self.recorded

    @property
    def overridden(self) -> bool:
        """Another priority was recorded than matrix and rules give."""
        return self.recorded is not None and self.derived is not None and self.recorded != self.derived

    def explain(self) -> str:
        """Why the priority is what it is: the matrix, each rule that raised something, and what was recorded."""
        return "\n".join(_lines(self))


def _lines(found: Derivation) -> Iterator[str]:
    matrix = found.matrix
    impact, urgency = _told(found.impact, matrix.impact), _told(found.urgency, matrix.urgency)
    derived = _priority(found.derived, matrix)
    yield f"{matrix.name} derives {derived}: impact {impact}, urgency {urgency} as recorded."
    scales = {"impact": matrix.impact, "urgency": matrix.urgency}
    for each in found.raised:
        scale = scales.get(each.what)
        before, after = (
            (_priority(each.before, matrix), _priority(each.after, matrix))
            if scale is None
            else (_told(each.before, scale), _told(each.after, scale))
        )
        because = f"{each.rule.because}: " if each.rule.because else ""
        yield f"- {because}{each.what} {before} -> {after}, because {each.rule.when}."
    if found.recorded is not None:
        over = f" over the derived {derived}" if found.overridden else ""
        reason = f": {found.reason}" if found.reason else ", without a reason" if found.overridden else ""
        yield f"Recorded as {_priority(found.recorded, matrix)}{over}{reason}."


def _told(level: int | None, scale: Scale) -> str:
    if level is None:
        return "not known"
    return scale.label(level) if level in scale.levels else str(level)


def _priority(level: int | None, matrix: Matrix) -> str:
    if level is None:
        return "no priority"
    label = _told(level, matrix.priority)
    return f"P{level}" if fold(label) in (f"p{level}", str(level)) else f"P{level} ({label})"


def derive(
    matrix: Matrix,
    rules: Iterable[PriorityRule],
    situation: Situation,
    *,
    recorded: int | None = None,
    reason: str = "",
) -> Derivation:
    """How the priority of a situation comes about.

    Args:
        matrix: Impact and urgency to priority.
        rules: What may raise it, in order.
        situation: What is known: ``impact``, ``urgency`` and what the rules ask about.
        recorded: The priority that was recorded; it stands over the derived one.
        reason: Why it was recorded.

    Raises:
        PolicyError: an impact or urgency that the matrix does not have.
        RecordError: a value of the situation that a rule cannot compare.

    >>> from itilkit.conditions import Eq
    >>> from itilkit.priority import ITIL_3X3
    >>> vip = PriorityRule(Eq("reporter.vip", True), urgency_at_least=1, because="VIP caller")
    >>> print(derive(ITIL_3X3, [vip], {"impact": 2, "urgency": 3, "reporter.vip": True}).explain())
    ITIL 3x3 derives P2: impact Medium, urgency Low as recorded.
    - VIP caller: urgency Low -> High, because reporter.vip is true.
    """
    now: dict[str, Any] = dict(situation)
    impact, urgency = now.get("impact"), now.get("urgency")
    floor: int | None = None
    raised: list[Raised] = []
    for rule in rules:
        if not holds(rule.when, now):
            continue
        for what, level in rule.floors:
            before = _derived(matrix, now, floor) if what == "priority" else now.get(what)
            if before is not None and before <= level:
                continue
            raised.append(Raised(what, before, after=level, rule=rule))
            if what == "priority":
                floor = level
            else:
                now[what] = level
    derived = _derived(matrix, now, floor)
    return Derivation(
        matrix, impact, urgency=urgency, raised=raised, derived=derived, recorded=recorded, reason=reason
    )


def _derived(matrix: Matrix, situation: Situation, floor: int | None) -> int | None:
    impact, urgency = situation.get("impact"), situation.get("urgency")
    if impact is None or urgency is None:
        return floor
    derived = matrix.priority_of(impact=impact, urgency=urgency)
    return derived if floor is None else min(derived, floor)


def prioritise(
    matrix: Matrix,
    rules: Sequence[PriorityRule],
    situations: Sequence[Situation],
    *,
    recorded: Sequence[int | None],
    when_facts_change: WhenFactsChange = "recompute",
) -> tuple[int | None, ...]:
    """The priority track: what was recorded, else what matrix and rules derive, else None.

    Args:
        matrix: Impact and urgency to priority.
        rules: What may raise it, in order.
        situations: What was known at each beat.
        recorded: What was recorded by each beat; as long as `situations`.
        when_facts_change: ``recompute`` derives anew at each beat; ``pinned`` keeps what was first derived.

    Raises:
        PolicyError: a level that the matrix does not have, or a word that the option does not know.
        RecordError: a value that a rule cannot compare.

    >>> from itilkit.priority import ITIL_3X3
    >>> steps = [{"impact": 2, "urgency": 2}, {"impact": 1, "urgency": 1}]
    >>> prioritise(ITIL_3X3, [], steps, recorded=[None, None])
    (3, 1)
    >>> prioritise(ITIL_3X3, [], steps, recorded=[None, None], when_facts_change="pinned")
    (3, 3)
    """
    faults = check_when_facts_change(when_facts_change)
    if faults:
        raise PolicyError(faults)
    derived = [derive(matrix, rules, each).derived for each in situations]
    if when_facts_change == "pinned":
        first = next((level for level in derived if level is not None), None)
        derived = [None if level is None else first for level in derived]
    return tuple(one if one is not None else other for one, other in zip(recorded, derived, strict=True))
