"""A small policy that is whole, and its shipped larger sister."""

from __future__ import annotations

from pathlib import Path

from itilkit.errors import Fault, PolicyError
from itilkit.policy import Policy

EXAMPLE = (Path(__file__).parents[2] / "examples" / "policies" / "service_desk.toml").read_text("utf-8")
SMALL = """\
itilkit = 1
name = "Desk"
zone = "Europe/London"

[calendars.office]
weekly = { mon-fri = "09:00-17:00" }

[priority]
matrix = "ITIL 3x3"

[lifecycle]
like = "ITIL 4 default"

[[agreements]]
name = "Gold"
calendar = "office"
targets = [
  { priority = "P1", response = "15m", resolution = "4h" },
  { priority = ["P2", "P3"], response = "1h", resolution = "2 working days" },
]
"""


def faults(text: str, source: str = "") -> tuple[Fault, ...]:
    """What is wrong with the text; a text with nothing wrong is a failure."""
    try:
        policy = Policy.from_toml(text, source=source)
    except PolicyError as error:
        return error.faults
    raise AssertionError(policy)


def told(text: str) -> list[str]:
    """What is wrong with the text, in words."""
    return list(map(str, faults(text)))


def changed(old: str, new: str, text: str = SMALL) -> str:
    """The text with one piece replaced, which must be in it."""
    assert old in text, old
    return text.replace(old, new, 1)
