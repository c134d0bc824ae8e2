"""What do we do for this kind of incident? An incident model and its steps, checked when they are built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import timedelta
from typing import Any, cast

import attrs

from itilkit.conditions import Always, Condition
from itilkit.errors import Fault, PolicyError, near, of_another_kind, shown
from itilkit.escalation import Cadence
from itilkit.events import NO_FIELDS, Fields, Scalar
from itilkit.events.doors import optional_level
from itilkit.incident_models.evidence import Evidence
from itilkit.lifecycle import Delay
from itilkit.vocabulary import Role, fold

__all__ = ["Defaults", "IncidentModel", "ModelStep"]

_TEXTS = ("category", "subcategory", "service", "configuration_item", "group")
_ROLES: Mapping[str, str] = {fold(role): role.value for role in Role}


def _fields(value: Mapping[str, Scalar]) -> Fields:
    given: object = value
    if not isinstance(given, Mapping):
        message = f"expected fields and their values, got {shown(given)}"
        raise PolicyError.one("not_a_table", message, path="fields", hint="give a dict")
    return value if isinstance(value, Fields) else Fields(value)


def _several(value: object) -> tuple[Any, ...]:
    """The values of a list; a text, or what is no list, stands alone, and the checks tell of what kind it is."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return (value,)
    several = cast("Iterable[object]", value)
    # A set has one order in every run, so that the digest of a model stays what it is.
    return tuple(sorted(several, key=repr) if isinstance(value, Set) else several)


def _texts(value: Iterable[str] | str) -> tuple[str, ...]:
    return _several(value)


def _optional_texts(value: Iterable[str] | str | None) -> tuple[str, ...] | None:
    return None if value is None else _several(value)


def _evidence(value: Iterable[Evidence] | Evidence) -> tuple[Evidence, ...]:
    return _several(value)


def _owner(value: str) -> str:
    """A role of the vocabulary however it is written; any other text stands for itself."""
    given: object = value
    return _ROLES.get(fold(given), given) if isinstance(given, str) else value


def _budget(value: Delay | timedelta | None) -> Delay | None:
    given: Any = value
    if given is None or isinstance(given, Delay):
        return given
    if isinstance(given, timedelta):
        return Delay(wall_time=given)
    hint = "give a Delay, a timedelta of time on the wall, or None"
    raise PolicyError.one("not_a_delay", f"{shown(given)} is no delay", path="budget", hint=hint)


@attrs.frozen(kw_only=True)
class Defaults:
    """What a model fills in where an incident says nothing; what stands there already is left alone.

    Attributes:
        category: The category.
        subcategory: The subcategory.
        service: The service.
        configuration_item: The configuration item.
        impact: The impact; 1 is the highest.
        urgency: The urgency.
        group: The group it is given to where nobody has it.
        fields: The house's own fields, by name.

    Raises:
        PolicyError: with every value that is no text where one belongs.
        RecordError: an impact or urgency that is no level, a field that no field can hold.
    """

    category: str | None = None
    subcategory: str | None = None
    service: str | None = None
    configuration_item: str | None = None
    impact: int | None = attrs.field(default=None, converter=optional_level)
    urgency: int | None = attrs.field(default=None, converter=optional_level)
    group: str | None = None
    fields: Fields = attrs.field(default=NO_FIELDS, converter=_fields)

    def __attrs_post_init__(self) -> None:
        named = {key: getattr(self, key) for key in _TEXTS}
        faults = [
            Fault("bad_value", f"expected a text, got {shown(value)}", path=key)
            for key, value in named.items()
            if value is not None and not isinstance(value, str)
        ]
        if faults:
            raise PolicyError(faults)


@attrs.frozen
class ModelStep:
    """One step of a model: what is to be done, by whom, how soon and after what.

    Attributes:
        id: Its name in data and in `StepDone`.
        title: What is to be done, in words.
        owner: The role that answers for it: one of `Role`, or a name of the house's own.
        budget: How long it may take from when it can begin: open time, working days or time on the wall, for which
            a plain duration stands. None: no limit, and no time in the plan.
        depends_on: The steps that come before it. None says nothing; an empty tuple says that it begins at once, on
            purpose.
        optional: It may be left out: it holds up no other step and is never late.
        when: For which incidents it is needed; judged once, when the step becomes free. What is left open does not
            hold.
        evidence: What shows that it is done, any of these; of none, a `StepDone` with its id.
        begins: What shows that somebody works on it, any of these; of none, an incident in progress.

    >>> ModelStep("verify", "Verify the caller", owner="Service desk agent", budget=timedelta(minutes=5)).owner
    'service_desk_agent'
    """

    id: str
    title: str
    owner: str = attrs.field(default="", converter=_owner, kw_only=True)
    budget: Delay | None = attrs.field(default=None, converter=_budget, kw_only=True)
    depends_on: tuple[str, ...] | None = attrs.field(default=None, converter=_optional_texts, kw_only=True)
    optional: bool = attrs.field(default=False, kw_only=True)
    when: Condition = attrs.field(factory=Always, kw_only=True)
    evidence: tuple[Evidence, ...] = attrs.field(default=(), converter=_evidence, kw_only=True)
    begins: tuple[Evidence, ...] = attrs.field(default=(), converter=_evidence, kw_only=True)

    @property
    def after(self) -> tuple[str, ...]:
        """The steps that come before it; empty where it begins at once."""
        return self.depends_on or ()

    @property
    def proofs(self) -> tuple[Evidence, ...]:
        """What shows that it is done."""
        return self.evidence or (Evidence("step_done"),)


def _steps(value: Iterable[ModelStep]) -> tuple[ModelStep, ...]:
    return _several(value)


def _cadences(value: Iterable[Cadence] | Cadence) -> tuple[Cadence, ...]:
    return _several(value)


@attrs.frozen(repr=False)
class IncidentModel:
    """A repeatable way to deal with one kind of incident.

    Attributes:
        id: Its name in data and in `ModelAttached`.
        name: What people call it.
        steps: What is done, in the order in which it is read.
        version: Which edition of it; any text.
        when: For which incidents it is meant.
        rank: Which of several models that match comes first, 1 before 2; one without a rank comes after all that
            have one.
        defaults: What it fills in where an incident says nothing.
        priority_at_least: The lowest priority such an incident has: 3 allows P1, P2 and P3.
        priority_at_most: The highest priority such an incident has: 2 allows P2 and lower ones.
        communication: How often whom to write to while it is open.
        closure: What must have happened before it is closed, each of these, beside its steps.
        workarounds: The workarounds that are known, by number.
        knowledge: The articles that help, by number or address.

    Raises:
        PolicyError: with every fault: no name, no steps, two steps of one id, a step without an owner, one that waits
            for an unknown step or, round a circle, for itself, one that stands apart from all others without
            saying ``depends_on = []``, a floor of the priority above its ceiling, a value of another kind.

    >>> from itilkit.conditions import Eq
    >>> IncidentModel("locked", "Locked account", [
    ...     ModelStep("verify", "Verify the caller", owner="service_desk_agent"),
    ...     ModelStep("unlock", "Unlock the account", owner="service_desk_agent", depends_on=["verify"]),
    ... ], when=Eq("category", "access"))
    <IncidentModel locked: 2 steps>
    >>> IncidentModel("x", "X", [ModelStep("a", "A", owner="sme", depends_on=["b"]),
    ...                          ModelStep("b", "B", owner="sme", depends_on=["a"])])
    Traceback (most recent call last):
    itilkit.errors.PolicyError: steps[0].depends_on: steps wait for each other: a -> b -> a (let one of them begin ...)
    """

    id: str
    name: str
    steps: tuple[ModelStep, ...] = attrs.field(converter=_steps)
    version: str = attrs.field(default="", kw_only=True)
    when: Condition = attrs.field(factory=Always, kw_only=True)
    rank: int | None = attrs.field(default=None, converter=optional_level, kw_only=True)
    defaults: Defaults = attrs.field(factory=Defaults, kw_only=True)
    priority_at_least: int | None = attrs.field(default=None, converter=optional_level, kw_only=True)
    priority_at_most: int | None = attrs.field(default=None, converter=optional_level, kw_only=True)
    communication: tuple[Cadence, ...] = attrs.field(default=(), converter=_cadences, kw_only=True)
    closure: tuple[Evidence, ...] = attrs.field(default=(), converter=_evidence, kw_only=True)
    workarounds: tuple[str, ...] = attrs.field(default=(), converter=_texts, kw_only=True)
    knowledge: tuple[str, ...] = attrs.field(default=(), converter=_texts, kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = list(_odd(self))
        if not any(of_another_kind("steps", self.steps, ModelStep)):
            faults += graph_faults(self.steps)
        if faults:
            raise PolicyError(faults)

    def __repr__(self) -> str:
        version = f" {self.version}" if self.version else ""
        return (
            f"<IncidentModel {self.id}{version}: {len(self.steps)} step{'' if len(self.steps) == 1 else 's'}>"
        )

    def step(self, step_id: str) -> ModelStep:
        """The step of that id.

        Raises:
            PolicyError: there is none; near names are offered.
        """
        for step in self.steps:
            if step.id == step_id:
                return step
        known = [step.id for step in self.steps]
        raise PolicyError.one(
            "unknown_step", f"model {self.id} has no step {shown(step_id)}", hint=near(step_id, known)
        )

    def in_order(self) -> tuple[ModelStep, ...]:
        """The steps, each after all that it depends on; else in the order of the model."""
        by_id = {step.id: step for step in self.steps}
        return tuple(by_id[step_id] for step_id in _settled({step.id: step.after for step in self.steps}))

    @property
    def bounds(self) -> str:
        """Within which priorities it keeps an incident, in words; empty where it sets no bounds."""
        low = f"at least P{self.priority_at_least}" if self.priority_at_least is not None else ""
        high = f"at most P{self.priority_at_most}" if self.priority_at_most is not None else ""
        told = " and ".join(filter(None, (low, high)))
        return f"incident model {self.id} keeps it {told}" if told else ""

    def bounded(self, priority: int) -> int:
        """The priority within the floor and the ceiling of the model; 1 is the highest.

        >>> step = ModelStep("a", "Restore the service", owner="sme")
        >>> IncidentModel("x", "X", [step], priority_at_least=2).bounded(4)
        2
        """
        if self.priority_at_least is not None:
            priority = min(priority, self.priority_at_least)
        return priority if self.priority_at_most is None else max(priority, self.priority_at_most)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _odd(model: IncidentModel) -> Iterator[Fault]:
    """What is wrong with a model, its graph apart."""
    given: Any = model
    for key in ("id", "name"):
        if not _is_name(getattr(given, key)):
            yield Fault("no_name", f"a model needs its {key}", path=key, hint="give one")
    if not hasattr(given.when, "judge"):
        yield Fault("not_a_condition", f"expected a condition, got {shown(given.when)}", path="when")
    if not isinstance(given.version, str):
        yield Fault("bad_value", f"expected a text, got {shown(given.version)}", path="version")
    if not isinstance(given.defaults, Defaults):
        message = f"expected a value of Defaults, got {shown(given.defaults)}"
        yield Fault("bad_value", message, path="defaults")
    for key, kind in _LISTS.items():
        yield from of_another_kind(key, getattr(given, key), kind)
    if not model.steps:
        yield no_steps()
    yield from backward_range(model.priority_at_least, model.priority_at_most)


_LISTS: Mapping[str, type] = {
    "steps": ModelStep,
    "communication": Cadence,
    "closure": Evidence,
    "workarounds": str,
    "knowledge": str,
}


def no_steps() -> Fault:
    """A model has none."""
    return Fault("no_steps", "a model without steps says nothing to do", path="steps", hint="name one")


def backward_range(low: int | None, high: int | None) -> Iterator[Fault]:
    """A floor of the priority that lies above its ceiling."""
    if low is not None and high is not None and high > low:
        message = f"no priority is at least P{low} and at most P{high}"
        yield Fault("backward_range", message, path="priority_at_most", hint="swap the two")


def graph_faults(steps: Sequence[ModelStep]) -> Iterator[Fault]:
    """What is wrong with steps, alone and among each other; of ids that are no texts no graph is made."""
    alone = [list(_step_faults(step, f"steps[{place}]")) for place, step in enumerate(steps)]
    named: list[object] = [name for step in steps for name in (step.id, *step.after)]
    if not all(isinstance(name, str) for name in named):
        yield from (fault for faults in alone for fault in faults)
        return
    ids = [step.id for step in steps]
    awaited = {name for step in steps for name in step.after}
    for place, step in enumerate(steps):
        yield from alone[place]
        if ids.index(step.id) != place:
            message = f"two steps are called {step.id!r}"
            yield Fault("twin_step", message, path=f"steps[{place}].id", hint="rename one")
        yield from _unmet(step, ids, f"steps[{place}].depends_on")
        if awaited and step.depends_on is None and step.id not in awaited:
            yield Fault(
                "orphan_step",
                f"step {step.id!r} waits for nothing and nothing waits for it",
                path=f"steps[{place}].depends_on",
                hint="name what comes before it, or write depends_on = [] if it begins at once",
            )
    waits = {step.id: tuple(dict.fromkeys(name for name in step.after if name in ids)) for step in steps}
    for cycle in _cycles(waits):
        yield Fault(
            "step_cycle",
            f"steps wait for each other: {' -> '.join(cycle)}",
            path=f"steps[{ids.index(cycle[0])}].depends_on",
            hint="let one of them begin without the next",
        )


def _unmet(step: ModelStep, ids: Sequence[str], path: str) -> Iterator[Fault]:
    """The steps that one waits for and that there are not."""
    for index, name in enumerate(step.after):
        if name not in ids:
            message = f"step {step.id!r} waits for {shown(name)}, which the model does not have"
            yield Fault("unknown_step", message, path=f"{path}[{index}]", hint=near(name, ids))


def _step_faults(step: ModelStep, path: str) -> Iterator[Fault]:
    given: Any = step
    for key in ("id", "title"):
        if not _is_name(getattr(given, key)):
            yield Fault("no_name", f"a step needs its {key}", path=f"{path}.{key}", hint="give one")
    if not _is_name(given.owner):
        yield Fault(
            "no_owner", f"nobody answers for step {shown(step.id)}", path=f"{path}.owner", hint="name a role"
        )
    if not hasattr(given.when, "judge"):
        message = f"expected a condition, got {shown(given.when)}"
        yield Fault("not_a_condition", message, path=f"{path}.when")
    if not isinstance(given.optional, bool):
        message = f"expected true or false, got {shown(given.optional)}"
        yield Fault("not_a_flag", message, path=f"{path}.optional")
    yield from of_another_kind(f"{path}.depends_on", step.after, str)
    for key in ("evidence", "begins"):
        yield from of_another_kind(f"{path}.{key}", getattr(given, key), Evidence)


def _settled(waits: Mapping[str, Sequence[str]]) -> list[str]:
    """The steps in an order in which each comes after all that it waits for; those in circles are left out."""
    found: dict[str, None] = {}
    left = dict(waits)
    while free := [step for step, before in left.items() if all(each in found for each in before)]:
        for step in free:
            found[step] = None
            del left[step]
    return list(found)


def _cycles(waits: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """The circles in which steps wait, each from its first step round to that step again; none is told twice."""
    left = dict(waits)
    while True:
        done = set(
            _settled({step: [each for each in before if each in left] for step, before in left.items()})
        )
        left = {
            step: [each for each in before if each in left]
            for step, before in left.items()
            if step not in done
        }
        if not left:
            return
        walk = [next(iter(left))]
        while (step := next(each for each in left[walk[-1]] if each in left)) not in walk:
            walk.append(step)
        cycle = walk[walk.index(step) :]
        first = min(cycle, key=list(waits).index)
        turn = cycle.index(first)
        yield (*cycle[turn:], *cycle[:turn], first)
        for step in cycle:
            del left[step]
