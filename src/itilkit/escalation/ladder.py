"""Who is called in when? A ladder of rungs, as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, Literal, cast, get_args

import attrs

from itilkit.conditions import Always, Condition
from itilkit.errors import Fault, PolicyError, near
from itilkit.escalation.triggers import BesideDue, ShareOfTarget, Trigger, delay_words
from itilkit.escalation.words import trigger
from itilkit.lifecycle import Delay
from itilkit.vocabulary import Status

__all__ = ["ANSWERS", "Kind", "Ladder", "Repeat", "Rung"]

Kind = Literal["functional", "hierarchical", "notification"]

MARKS = ("acknowledged", "agent_reply", "requester_message", "escalated", "workaround")
"""What answers once it happened, since the opening or the latest reopening."""
ANSWERS = tuple(dict.fromkeys((*MARKS, *(status.value for status in Status))))
"""The words of `unless`: marks and statuses."""

PREFIX = "rung:"
"""What the reference of every event begins with that a ladder proposed."""

_MOST_REPEATS = 1_000


def _texts(value: Iterable[str] | str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    # What is no list is told with the other faults of the rung.
    given: object = value
    return tuple(value) if isinstance(given, Iterable) else (cast("str", given),)


def _words(value: Iterable[str] | str) -> frozenset[str]:
    return frozenset(_texts(value))


def _at(value: Trigger | str) -> Trigger:
    """Words stand for the trigger that they name."""
    if isinstance(value, str) or not isinstance(value, get_args(Trigger)):
        return trigger(value, path="at")
    return value


def _every(value: Delay | timedelta) -> Delay:
    given: object = value
    if isinstance(given, timedelta):
        return Delay(wall_time=given)
    if isinstance(given, Delay):
        return given
    hint = "give a Delay, or a timedelta of time on the wall"
    raise PolicyError.one("not_a_delay", f"{value!r} is no delay", path="every", hint=hint)


@attrs.frozen
class Repeat:
    """Again, while nobody answers.

    Attributes:
        every: How long after the last time; a plain duration is time on the wall.
        times: How often after the first time, 1 to 1,000.

    >>> print(Repeat(timedelta(minutes=30), times=3))
    every 30m, 3 times
    """

    every: Delay = attrs.field(converter=_every)
    times: int = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        given: object = self.times
        if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= _MOST_REPEATS:
            message = f"expected a whole number from 1 to {_MOST_REPEATS}, got {self.times!r}"
            raise PolicyError.one(
                "not_a_count", message, path="times", hint="to fire once, leave the repeat out"
            )

    def __str__(self) -> str:
        return f"every {delay_words(self.every)}, {self.times} time{'' if self.times == 1 else 's'}"


@attrs.frozen
class Rung:
    """When somebody is called in, and who.

    A rung fires at the first instant from its trigger on at which nothing answers it and its condition holds. Beside
    `unless`, a rung on a target is answered while the target's clock is stopped, suspended or cancelled; any other
    one while the incident is resolved, closed or cancelled.

    Attributes:
        at: The trigger, or the words that name it.
        to: Roles, groups or people.
        kind: ``functional`` (more skill), ``hierarchical`` (more authority), or ``notification``: they are told and
            nobody is called in.
        level: The rung that is reached; 1 is the lowest.
        unless: What answers: a status that the incident is in, or what has happened to it since it was opened or
            last reopened: ``acknowledged``, ``agent_reply``, ``requester_message``, ``escalated``, ``workaround``.
        when: What must hold of the incident; what is left open does not hold.
        repeat: Again, while nobody answers.
        name: What the house calls it. With the name of the ladder it is what an appended event is known by, so a
            rung with a name may have its trigger changed and still knows that it has fired.

    Raises:
        PolicyError: with every fault.

    >>> rung = Rung("75% of resolution", "incident_manager", kind="hierarchical", unless="on_hold")
    >>> rung.at, rung.label
    (ShareOfTarget(share=0.75, target='resolution'), '75% of resolution, hierarchical 1')
    """

    at: Trigger = attrs.field(converter=_at)
    to: tuple[str, ...] = attrs.field(converter=_texts)
    kind: Kind = attrs.field(default="notification", kw_only=True)
    level: int = attrs.field(default=1, kw_only=True)
    unless: frozenset[str] = attrs.field(default=frozenset[str](), converter=_words, kw_only=True)
    when: Condition = attrs.field(factory=Always, kw_only=True)
    repeat: Repeat | None = attrs.field(default=None, kw_only=True)
    name: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise PolicyError(faults)

    @property
    def label(self) -> str:
        """Its name, or what stands for one."""
        return self.name or f"{self.at}, {self.kind} {self.level}"


def _faults(rung: Rung) -> Iterator[Fault]:
    given: Any = rung
    if not rung.to or not all(isinstance(name, str) and name for name in given.to):
        yield Fault(
            "nobody", f"expected who is called in, got {list(rung.to)!r}", path="to", hint="name a role"
        )
    if rung.kind not in get_args(Kind):
        yield Fault(
            "unknown_word",
            f"{rung.kind!r} is no kind of rung",
            path="kind",
            hint=near(rung.kind, get_args(Kind)),
        )
    if isinstance(given.level, bool) or not isinstance(given.level, int) or rung.level < 1:
        yield Fault("not_a_count", f"{rung.level!r} is no level", path="level", hint="1 is the lowest")
    for word in sorted(map(str, rung.unless)):
        if word not in ANSWERS:
            yield Fault("unknown_word", f"{word!r} answers nothing", path="unless", hint=near(word, ANSWERS))
    if not hasattr(given.when, "judge"):
        yield Fault("not_a_condition", f"expected a condition, got {rung.when!r}", path="when")
    if rung.repeat is not None and not isinstance(given.repeat, Repeat):
        yield Fault("not_a_repeat", f"expected a Repeat, got {rung.repeat!r}", path="repeat")
    if not isinstance(given.name, str):
        yield Fault("not_a_text", f"expected a name, got {rung.name!r}", path="name")


def _rungs(value: Iterable[Rung]) -> tuple[Rung, ...]:
    # What is no list is told with the other faults of the ladder.
    given: object = value
    return tuple(value) if isinstance(given, Iterable) else (cast("Rung", given),)


@attrs.frozen
class Ladder:
    """The rungs of an agreement or a house, in their order.

    Attributes:
        name: What the house calls it; part of what an appended event is known by.
        rungs: In order; of those that fire at one instant the first one comes first.

    Raises:
        PolicyError: no name, something that is no rung, or two rungs of one name.

    >>> Ladder("Gold", [Rung("opened", "desk"), Rung("2h after opened", "network", kind="functional")]).name
    'Gold'
    """

    name: str
    rungs: tuple[Rung, ...] = attrs.field(converter=_rungs)

    def __attrs_post_init__(self) -> None:
        faults = [
            Fault("not_a_rung", f"expected a Rung, got {rung!r}", path=f"rungs[{index}]")
            for index, rung in enumerate(cast("tuple[object, ...]", self.rungs))
            if not isinstance(rung, Rung)
        ]
        given: object = self.name
        if not isinstance(given, str) or not given:
            faults.insert(0, Fault("no_name", "a ladder needs a name", path="name"))
        faults = faults or list(_twins(self))
        if faults:
            raise PolicyError(faults)

    @property
    def prefix(self) -> str:
        """What the references of its events begin with; no name of a ladder is the beginning of another one's."""
        name = self.name.replace("%", "%25").replace("/", "%2F")
        return f"{PREFIX}{name}/"

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets that its rungs name, each once, in order; a rung on a target that nobody promises never fires.

        >>> Ladder("Gold", [Rung("75% of resolution", "lead"), Rung("opened", "desk")]).targets
        ('resolution',)
        """
        found = (rung.at.target for rung in self.rungs if isinstance(rung.at, ShareOfTarget | BesideDue))
        return tuple(dict.fromkeys(found))


def _twins(ladder: Ladder) -> Iterator[Fault]:
    counted = Counter(rung.label for rung in ladder.rungs)
    for index, rung in enumerate(ladder.rungs):
        if counted[rung.label] > 1:
            yield Fault(
                "twin_rung",
                f"two rungs are called {rung.label!r}",
                path=f"rungs[{index}].name",
                hint="give each a name of its own",
            )
