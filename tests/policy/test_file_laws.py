"""What is written is read: the same policy, and the same text from then on."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings

from itilkit.calendars import Calendar
from itilkit.errors import PolicyError
from itilkit.lifecycle import ITIL4_DEFAULT
from itilkit.policy import Agreement, Policy, Target
from itilkit.priority import ITIL_3X3
from itilkit.sla import RESPONSE, Rule

from .policies import OFFICE, PLAIN, SITE, policies

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "policies").glob("*.toml"))
HOUR = timedelta(hours=1)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(policies())
def test_what_is_written_is_read(policy: Policy) -> None:
    """As tables and as text; another TOML parser reads the same tables; the text is stable."""
    data = policy.to_data()
    assert Policy.from_data(data) == policy
    text = policy.to_toml()
    assert tomllib.loads(text) == tomlkit.parse(text).unwrap() == data
    again = Policy.from_toml(text)
    assert again == policy
    assert again.to_toml() == text


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_written_as_they_are_read(path: Path) -> None:
    """Each shipped policy comes back from its own text."""
    policy = Policy.from_toml(path.read_text("utf-8"), source=path.name)
    text = policy.to_toml()
    assert Policy.from_toml(text) == policy
    assert Policy.from_toml(text).to_toml() == text


def _policy(*agreements: Agreement, **calendars: Calendar) -> Policy:
    return Policy(
        "Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=agreements, calendars=calendars
    )


def _agreement(
    calendar: Calendar = OFFICE, amount: timedelta = HOUR, clocks: tuple[Rule, ...] = ()
) -> Agreement:
    return Agreement("Gold", [Target(1, {"resolution": amount})], calendar=calendar, clocks=clocks)


@pytest.mark.parametrize(
    "policy",
    [
        _policy(_agreement(OFFICE & SITE)),
        _policy(_agreement(OFFICE | PLAIN)),
        _policy(_agreement(amount=timedelta(0))),
        _policy(_agreement(clocks=(RESPONSE.__class__("own", starts_on={"opened"}),))),
        _policy(_agreement(OFFICE | SITE), office=PLAIN),
        _policy(round_the_clock=OFFICE),
    ],
    ids=["all of", "a part without a name", "no time", "own clock", "a name that is taken", "built in"],
)
def test_what_a_file_cannot_say(policy: Policy) -> None:
    """It is refused, never written as something else."""
    with pytest.raises(PolicyError):
        policy.to_toml()
