"""What is allowed in a policy and yet cannot be meant, proven from the policy alone, without any incident.

Rules of this room:

* Each rule is one function, from a `Look` at the policy to its findings; `RULES` is their table.
* A finding is a `Fault` with the code of its rule. Of severity ``error`` is what can never come into effect: an
  agreement that never holds (P003, P004) and a target that can never be met (P005). All else is a ``warning``.
* Over closed lists, levels, numbers and texts the rules are exact. Where there are more cases than can be gone
  through, P000 says that a sample was looked at, and what is told then is still true.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from itilkit.calendars import Period
from itilkit.errors import Fault
from itilkit.lifecycle import SHIPPED
from itilkit.lifecycle import lint as lifecycle_lint
from itilkit.policy.lint import agreements, clocks, escalation, hours, models
from itilkit.policy.lint.look import Look
from itilkit.policy.locate import line_of, lines
from itilkit.priority import PriorityMatrix

if TYPE_CHECKING:
    from itilkit.policy.policy import Policy

__all__ = ["RULES", "lint", "named_year"]

_ANY_YEAR = 2026  # weekly hours are the same in each

RULES: Mapping[str, Callable[[Look], Iterator[Fault]]] = {
    "P000": agreements.not_all,
    "P001": agreements.gaps,
    "P002": agreements.overlapping,
    "P003": agreements.shadowed,
    "P004": agreements.not_last,
    "P005": clocks.never_met,
    "P006": clocks.warned_late,
    "P007": clocks.behind,
    "P008": clocks.turned_round,
    "P009": clocks.pauses,
    "P010": agreements.priorities,
    "P011": hours.calendars,
    "P012": escalation.escalations,
    "P013": models.models,
}
"""The rules by code."""

_ERRORS = ("P003", "P004", "P005")


def lint(
    policy: Policy, *, over: Period | None = None, text: str = "", source: str = ""
) -> tuple[Fault, ...]:
    """What looks like an oversight in a policy, by rule; then what the matrix and the lifecycle say of themselves.

    What is odd about a shipped lifecycle is not told: it is odd about the tool that it describes.

    Args:
        policy: The policy.
        over: The time in which the policy is to hold; it decides what is compared on different clocks and which
            holidays must be known. Without it, the last year of which the policy names a date - in a calendar, or
            the one from which on it holds -, or 2026 where it names none.
        text: The policy file, for its lines and for what a policy does not keep of it: windows that overlap, and
            options that are written although they are the usual ones.
        source: The name of the file.
    """
    data: dict[str, Any] = tomllib.loads(text.removeprefix("\ufeff"))
    look = Look(policy, over=over or named_year(policy), asked=over is not None, data=data)
    found = [
        attrs.evolve(fault, severity="error" if code in _ERRORS else "warning")
        for code, rule in RULES.items()
        for fault in rule(look)
    ]
    if isinstance(policy.matrix, PriorityMatrix):
        found += _under("priority", policy.matrix.check())
    found += _under("lifecycle", _of_the_house(lifecycle_lint(policy.lifecycle)))
    return tuple(_placed(found, text, source))


def _placed(found: Sequence[Fault], text: str, source: str) -> Sequence[Fault]:
    """The findings with their lines and in the order of these."""
    if not text:
        return found
    known = lines(text.removeprefix("\ufeff"))
    placed = [attrs.evolve(fault, line=line_of(fault.path, known), source=source) for fault in found]
    return sorted(placed, key=lambda fault: fault.line or 0)


def _of_the_house(faults: Sequence[Fault]) -> Sequence[Fault]:
    """Without what is told of a shipped lifecycle as well: that is odd about the tool it describes."""
    if not faults:
        return faults
    known = {
        (each.code, each.message) for lifecycle in SHIPPED.values() for each in lifecycle_lint(lifecycle)
    }
    return [fault for fault in faults if (fault.code, fault.message) not in known]


def _under(path: str, faults: Sequence[Fault]) -> Iterator[Fault]:
    for fault in faults:
        yield attrs.evolve(fault, path=f"{path}.{fault.path}" if fault.path else path)


def named_year(*policies: Policy) -> Period:
    """The last year of which policies name a date, or 2026 where they name none."""
    calendars = [each for policy in policies for each in policy.calendars.values()]
    years = [year for calendar in calendars for year in hours.years_named(calendar)]
    years += [policy.valid_from.year for policy in policies if policy.valid_from is not None]
    years = [year for year in years if hours.is_known(year)]
    return Period.year(max(years, default=_ANY_YEAR), zone=policies[0].zone)
