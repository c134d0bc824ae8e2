"""P013: has every incident model and every route incidents that it is for, and can its steps be done in time?"""

from __future__ import annotations

from collections.abc import Iterator

from itilkit.errors import Fault
from itilkit.incident_models import lint, lint_routes
from itilkit.major_incidents import lint_rules
from itilkit.policy.lint.budgets import budgets
from itilkit.policy.lint.look import Look

__all__ = ["models"]


def models(look: Look) -> Iterator[Fault]:
    """P013: a model, step, route or major rule that is never meant, models that tie, steps with too little time."""
    policy = look.policy
    for fault in (
        *lint(policy.incident_models),
        *lint_routes(policy.routes),
        *lint_rules(policy.major_rules),
    ):
        yield Fault("P013", fault.message, path=fault.path, hint=fault.hint)
    yield from budgets(look)
