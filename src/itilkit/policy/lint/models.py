"""P013: does every incident model and every route have incidents that it is for?"""

from __future__ import annotations

from collections.abc import Iterator

from itilkit.errors import Fault
from itilkit.incident_models import lint, lint_routes
from itilkit.policy.lint.look import Look

__all__ = ["models"]


def models(look: Look) -> Iterator[Fault]:
    """P013: a model or step that is never meant, two models that tie, a route that never comes first."""
    policy = look.policy
    for fault in (*lint(policy.incident_models), *lint_routes(policy.routes)):
        yield Fault("P013", fault.message, path=fault.path, hint=fault.hint)
