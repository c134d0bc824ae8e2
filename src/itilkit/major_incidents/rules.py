"""Which incidents should somebody hold for a major one? Ordered rules on what an incident is, as data.

The first rule whose condition holds makes an incident a candidate, and says why. Nothing is declared by a rule:
whoever is asked proposes it, declares it, or leaves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from itilkit.conditions import (
    INCIDENT,
    AnyOf,
    Condition,
    Explanation,
    FieldType,
    Schema,
    explain,
    implies,
    satisfiable,
)
from itilkit.conditions import from_data as condition_from
from itilkit.conditions import to_data as condition_data
from itilkit.errors import Fault, PolicyError, shown
from itilkit.lifecycle import Timeline, situation_at
from itilkit.major_incidents.reading import Plain, Reader, under
from itilkit.sla import Assessment

__all__ = ["Candidate", "MajorRule", "candidate", "lint_rules", "rules_from_data", "rules_to_data"]

_NO_FIELDS: Mapping[str, FieldType] = {}


def _names(value: Iterable[str] | str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    given: object = value
    if not isinstance(given, Iterable):
        message = f"expected a list, got {shown(given)}"
        raise PolicyError.one("not_a_list", message, path="ask", hint='give ["duty_manager"]')
    return tuple(value)


@attrs.frozen
class MajorRule:
    """For which incidents somebody should decide whether they are major.

    Attributes:
        name: What the house calls it.
        when: Which incidents; what is left open does not hold.
        because: The business impact, in the words of the house; the reason that is proposed.
        ask: Who decides: roles, groups or people.

    Raises:
        PolicyError: no name, no condition, a reason or somebody to ask that is no text.

    >>> from itilkit.conditions import AllOf, Eq, Le
    >>> print(MajorRule("Shop down", AllOf([Eq("service", "orders"), Le("priority", 1)])))
    Shop down where service is orders and priority is at most 1
    """

    name: str
    when: Condition
    because: str = attrs.field(default="", kw_only=True)
    ask: tuple[str, ...] = attrs.field(default=(), converter=_names, kw_only=True)

    def __attrs_post_init__(self) -> None:
        given: Any = self
        faults: list[Fault] = []
        if not isinstance(given.name, str) or not given.name.strip():
            faults.append(Fault("no_name", "a rule without a name", path="name", hint="name it"))
        if not hasattr(given.when, "judge"):
            message = f"expected a condition, got {shown(given.when)}"
            faults.append(Fault("not_a_condition", message, path="when"))
        texts = {f"ask[{place}]": each for place, each in enumerate(given.ask)}
        for path, text in {**texts, **({"because": given.because} if given.because != "" else {})}.items():
            if not isinstance(text, str) or not text.strip():
                message = f"expected a text, got {shown(text)}"
                faults.append(Fault("not_a_text", message, path=path, hint="write it in quotes"))
        if faults:
            raise PolicyError(faults)

    def __str__(self) -> str:
        return f"{self.name} where {self.when}"


@attrs.frozen
class Candidate:
    """Whether an incident is a candidate for a major one, and why.

    Attributes:
        rule: The first rule that holds; None where none does.
        tried: The rules up to the one that holds, each with its condition and the values found.
    """

    rule: MajorRule | None
    tried: tuple[tuple[MajorRule, Explanation], ...] = attrs.field(kw_only=True)

    def __bool__(self) -> bool:
        return self.rule is not None

    @property
    def reason(self) -> str:
        """Why it is one: the reason of the rule, or else its name; empty where it is none."""
        return "" if self.rule is None else self.rule.because or self.rule.name

    @property
    def ask(self) -> tuple[str, ...]:
        """Who decides; nobody where it is no candidate."""
        return () if self.rule is None else self.rule.ask

    def explain(self) -> str:
        """Whether it is one, and each rule that was tried with what was found."""
        head = f"a candidate: {self.reason}" if self.rule else "no candidate: no rule holds"
        lines = (line for rule, why in self.tried for line in (f"  {rule.name}:", *why.lines("    ")))
        return "\n".join([head, *lines])


def candidate(
    on: Assessment | Timeline | Mapping[str, Any],
    rules: Iterable[MajorRule],
    *,
    fields: Mapping[str, FieldType] = _NO_FIELDS,
) -> Candidate:
    """Whether an incident should be held for a major one: by the first rule whose condition holds.

    Args:
        on: The incident as it stands: its assessment, whose priority is the derived one where none was recorded, its
            timeline, or a situation as `itilkit.conditions.situation` makes it.
        rules: The house's rules, in order.
        fields: The house's own fields; their values are read by their types.

    Returns:
        What is true where it is a candidate. An incident that is not opened yet is none.

    Raises:
        RecordError: a value is none of its field's type, or cannot be compared.

    >>> from itilkit.conditions import Le
    >>> print(candidate({"priority": 1}, [MajorRule("P1", Le("priority", 1), because="The top priority")]).explain())
    a candidate: The top priority
      P1:
        ✓ priority is at most 1: it is 1
    """
    known = _known(on, fields)
    tried: list[tuple[MajorRule, Explanation]] = []
    for rule in rules if known is not None else ():
        tried.append((rule, explain(rule.when, known or {})))
        if tried[-1][1].verdict:
            return Candidate(rule, tried=tuple(tried))
    return Candidate(None, tried=tuple(tried))


def _known(
    on: Assessment | Timeline | Mapping[str, Any], fields: Mapping[str, FieldType]
) -> Mapping[str, Any] | None:
    timeline = on.timeline if isinstance(on, Assessment) else on
    if not isinstance(timeline, Timeline):
        return timeline
    return situation_at(timeline, len(timeline.beats) - 1, fields) if timeline.beats else None


def lint_rules(rules: Sequence[MajorRule], *, path: str = "major_rules") -> tuple[Fault, ...]:
    """Warnings about rules: one that can never hold, one before which others always come.

    >>> from itilkit.conditions import Eq, Le
    >>> print(*lint_rules([MajorRule("P1", Le("priority", 1)), MajorRule("Top", Eq("priority", 1))]))
    major_rules[1].when: rule Top never comes first: others take all that it is for (move it up, or drop it)
    """
    return tuple(_warnings(rules, path))


def _warnings(rules: Sequence[MajorRule], path: str) -> Iterator[Fault]:
    earlier: list[Condition] = []
    for place, rule in enumerate(rules):
        where = f"{path}[{place}].when"
        if satisfiable(rule.when) is False:
            message, hint = f"rule {rule.name} never holds: {rule.when}", "mend its condition, or drop it"
            yield Fault("never_matches", message, path=where, hint=hint, severity="warning")
        elif earlier and implies(rule.when, AnyOf(earlier)):
            message = f"rule {rule.name} never comes first: others take all that it is for"
            yield Fault("never_first", message, path=where, hint="move it up, or drop it", severity="warning")
        earlier.append(rule.when)


def rules_from_data(
    data: object, *, schema: Schema = INCIDENT, path: str = "major_rules"
) -> tuple[MajorRule, ...]:
    """The rules that a list of tables describes, such as that under ``[[major_rules]]``.

    Raises:
        PolicyError: with every fault, each with its path.

    >>> rows = [{"name": "Shop down", "when": {"service": "orders", "priority": "P1"}, "ask": ["duty_manager"]}]
    >>> [str(each) for each in rules_from_data(rows)]
    ['Shop down where service is orders and priority is 1']
    """
    reader = Reader()
    found: list[MajorRule | None] = []
    for place, item in enumerate(reader.listed(data, path, "[[major_rules]]")):
        found.append(_rule(reader, item, f"{path}[{place}]", schema))
    reader.done()
    return tuple(each for each in found if each is not None)


def _rule(reader: Reader, data: object, path: str, schema: Schema) -> MajorRule | None:
    before = len(reader.faults)
    table = reader.table(data, path, ("name", "when", "because", "ask"), ("name", "when"))
    if table is None:
        return None
    given: Plain = {}
    for key in ("name", "because"):
        if key in table:
            given[key] = reader.text(table[key], under(path, key))
    if "ask" in table:
        given["ask"] = reader.texts(table["ask"], under(path, "ask"))
    if "when" in table:
        where = under(path, "when")
        given["when"] = reader.tried(where, lambda: condition_from(table["when"], schema, path=where))
    if len(reader.faults) > before:
        return None
    return reader.tried(path, lambda: MajorRule(**given))


def rules_to_data(rules: Iterable[MajorRule]) -> list[Plain]:
    """The shortest list of tables that `rules_from_data` reads as these rules.

    >>> from itilkit.conditions import Always
    >>> rules_to_data([MajorRule("Everything", Always())])
    [{'name': 'Everything', 'when': {'always': True}}]
    """
    return [_table(rule) for rule in rules]


def _table(rule: MajorRule) -> Plain:
    table: Plain = {"name": rule.name, "when": condition_data(rule.when)}
    if rule.because:
        table["because"] = rule.because
    if rule.ask:
        table["ask"] = list(rule.ask)
    return table
