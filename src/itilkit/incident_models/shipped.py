"""Five models to start from: data of the package, in the words that any other model is written in.

They are starting points: categories, groups and budgets are a house's own. `shipped_text` gives the TOML to copy.
"""

from __future__ import annotations

import tomllib
from importlib import resources

from itilkit.errors import PolicyError, near, shown
from itilkit.incident_models.data import from_data
from itilkit.incident_models.model import IncidentModel

__all__ = ["SHIPPED", "shipped", "shipped_text"]

SHIPPED = (
    "locked_account",
    "database_error",
    "certificate_expiry",
    "phishing_ransomware",
    "hypervisor_failure",
)
"""The ids of the shipped models, from the smallest to the gravest."""


def shipped_text(name: str) -> str:
    """The TOML of a shipped model, with its comments, for a file of one's own.

    Raises:
        PolicyError: no shipped model is called so; near names are offered.

    >>> print(shipped_text("locked_account").splitlines()[1])
    id = "locked_account"
    """
    if name not in SHIPPED:
        raise PolicyError.one(
            "unknown_model", f"no shipped model is called {shown(name)}", hint=near(name, SHIPPED)
        )
    # Data of the package, the same for everybody at any time: no file of the caller is opened.
    return (
        resources.files("itilkit.incident_models")
        .joinpath("toml", f"{name}.toml")
        .read_text(encoding="utf-8")
    )


def shipped(name: str) -> IncidentModel:
    """A shipped model.

    Raises:
        PolicyError: no shipped model is called so; near names are offered.

    >>> shipped("database_error")
    <IncidentModel database_error 1: 9 steps>
    """
    return from_data(tomllib.loads(shipped_text(name)))
