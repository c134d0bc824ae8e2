"""P012: is anybody called in while it still helps?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

from itilkit.errors import Fault
from itilkit.escalation import BesideDue, Rung, ShareOfTarget, SinceOpened
from itilkit.policy.agreement import Agreement
from itilkit.policy.lint.budgets import as_goal
from itilkit.policy.lint.look import Look, Row

__all__ = ["escalations"]


def escalations(look: Look) -> Iterator[Fault]:
    """P012: escalation after the breach only, for what is not promised, or to a higher level before a lower one."""
    for row in look.rows:
        if row.agreement.escalate is not None:
            rungs = row.agreement.escalate.rungs
            for index, rung in enumerate(rungs):
                why = _never_fires(row.agreement, rung) or _too_late(look, row, rung, rungs)
                if why:
                    path = f"{row.path}.escalate[{index}]"
                    hint = "name a share below 100% of a target that is promised"
                    yield Fault("P012", f"{row.agreement.name}: {why}", path=path, hint=hint)
            yield from _out_of_order(row, rungs)


def _never_fires(agreement: Agreement, rung: Rung) -> str:
    target = _target(rung)
    if not target or "." in target or target in agreement.rules:
        return ""
    return f"{rung.at}: nothing is promised by that name, so nobody is ever called in"


def _target(rung: Rung) -> str:
    return rung.at.target if isinstance(rung.at, ShareOfTarget | BesideDue) else ""


def _too_late(look: Look, row: Row, rung: Rung, rungs: tuple[Rung, ...]) -> str:
    """A rung that comes after the breach, where no other one comes before it."""
    if isinstance(rung.at, SinceOpened):
        return _after_the_end(look, row, rung, rung.at)
    target = _target(rung)
    if not target or any(_before_breach(each, target) for each in rungs):
        return ""
    return f"{rung.at}: nobody is called in before the {target.replace('_', ' ')} target is breached"


def _before_breach(rung: Rung, target: str) -> bool:
    """Whether a rung may fire before a target is breached; one that looks at something else may."""
    at = rung.at
    if isinstance(at, ShareOfTarget):
        return at.target == target and at.share < 1
    if isinstance(at, BesideDue):
        return at.target == target and at.amount < timedelta(0)
    return True


def _after_the_end(look: Look, row: Row, rung: Rung, trigger: SinceOpened) -> str:
    """A call for more skill or authority that always comes after the resolution is due."""
    if trigger.after is None or rung.kind == "notification" or "resolution" not in row.agreement.rules:
        return ""
    levels = [level for target in row.agreement.targets for level in target.priorities]
    due = [term.goal for term in row.agreement.terms("resolution", levels) if term.goal is not None]
    reached = as_goal(trigger.after, row.agreement.calendar)
    if due and all(look.fits(goal, reached) for goal in due):
        return f"{rung.at}: by then every resolution target is due"
    return ""


def _out_of_order(row: Row, rungs: tuple[Rung, ...]) -> Iterator[Fault]:
    """A higher level that is reached before a lower one of its kind, on the same clock."""
    numbered = list(enumerate(rungs))
    for (index, high), (_, low) in permutations(numbered, 2):
        if high.kind == low.kind != "notification" and high.level > low.level and _sooner(high, low):
            message = (
                f"{row.agreement.name}: {high.kind} level {high.level} ({high.at}) comes before"
                f" level {low.level} ({low.at})"
            )
            path = f"{row.path}.escalate[{index}]"
            yield Fault("P012", message, path=path, hint="call in the lower level first")


def _sooner(one: Rung, other: Rung) -> bool:
    a, b = one.at, other.at
    if isinstance(a, ShareOfTarget) and isinstance(b, ShareOfTarget):
        return a.target == b.target and a.share < b.share
    if isinstance(a, BesideDue) and isinstance(b, BesideDue):
        return a.target == b.target and a.amount < b.amount
    return False
