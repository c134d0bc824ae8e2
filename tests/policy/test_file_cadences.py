"""``[[cadences]]`` of the file: how often whom to write to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from itilkit.conditions import Always, Eq, Field, In, Text
from itilkit.errors import PolicyError
from itilkit.escalation import Cadence
from itilkit.events import Logged, PrioritySet
from itilkit.lifecycle import ITIL4_DEFAULT, Delay
from itilkit.policy import Policy
from itilkit.priority import ITIL_3X3
from itilkit.records import Incident

from .texts import SMALL, faults

ROWS = """
[[cadences]]
every = "30m"
audience = "Stakeholders"
priorities = ["P1", 2]

[[cadences]]
every = "2h of open time"
when.service = ["mail"]
to = "service_owner"
"""
TEXT = SMALL + ROWS


def test_what_the_file_says() -> None:
    """Words in any spelling, priorities as elsewhere in the file; what is left out has its default."""
    first, second = Policy.from_toml(TEXT).cadences
    assert first == Cadence(timedelta(minutes=30), "stakeholders", priorities=[1, 2])
    assert second.every == Delay(open_time=timedelta(hours=2))
    assert (second.audience, second.priorities, second.to) == (None, None, ("service_owner",))
    assert (str(second.when), first.when) == ("service is one of mail", Always())


def test_it_comes_into_effect() -> None:
    """A P1 of nine o'clock, of which stakeholders have not heard at ten, owes the message of half past nine."""
    nine = datetime(2026, 3, 9, 9, tzinfo=UTC)
    incident = Incident("INC1", [Logged(nine), PrioritySet(nine, priority=1)])
    policy = Policy.from_toml(TEXT)
    owed = [
        each
        for each in policy.due(policy.assess(incident, as_of=nine + timedelta(hours=1)))
        if each.kind == "communication"
    ]
    assert [(each.at, each.notify) for each in owed] == [
        (nine + timedelta(minutes=30), ("communications_manager",))
    ]


def test_it_is_written() -> None:
    """Under headers of its own; a text with comments keeps them."""
    policy = Policy.from_toml(TEXT)
    text = policy.to_toml()
    assert text.count("[[cadences]]") == 2
    assert 'when.service = ["mail"]' in text.splitlines()
    assert Policy.from_toml(text) == policy
    commented = TEXT.replace("[[cadences]]", "# Nobody likes silence.\n[[cadences]]", 1)
    assert policy.to_toml(like=commented) == commented
    fewer = Policy.from_toml(commented.replace("30m", "15m"))
    assert fewer.to_toml(like=commented) == commented.replace("30m", "15m")


LINE = SMALL.count("\n") + 2
BROKEN = {
    "no amount": ('every = "30m"', 'every = "3d"', "every", 1),
    "no audience": ('"Stakeholders"', '"stakeholder"', "audience", 2),
    "no such priority": ('["P1", 2]', '["P1", 9]', "priorities[1]", 3),
    "no such key": ("audience =", "audiences =", "audiences", 2),
    "nothing said of how often": ('every = "30m"\n', "", "every", 0),
}


@pytest.mark.parametrize(("old", "new", "key", "line"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong(old: str, new: str, key: str, line: int) -> None:
    """Each fault with its path and line."""
    (fault,) = faults(SMALL + ROWS.replace(old, new, 1))
    assert (fault.path, fault.line) == (f"cadences[0].{key}", LINE + line)


def test_all_faults_at_once() -> None:
    """Beside those of other parts, in the order of the text; conditions know the fields of the house."""
    text = (
        TEXT.replace('"15m"', '"15 min"').replace('"30m"', '"often"').replace("when.service", "when.servise")
    )
    assert [fault.path for fault in faults(text)] == [
        "agreements[0].targets[0].response",
        "cadences[0].every",
        "cadences[1].when.servise",
    ]
    own = TEXT.replace("[priority]", '[fields]\nshop = "text"\n\n[priority]').replace(
        "when.service", "when.shop"
    )
    assert Policy.from_toml(own).cadences[1].when == In(Field("shop", Text()), ["mail"])


def test_no_list() -> None:
    """A table where a list of tables belongs."""
    (fault,) = faults(SMALL + '\n[cadences]\nevery = "30m"\n')
    assert (fault.code, fault.path, fault.hint) == ("not_a_list", "cadences", "write [[cadences]]")


@pytest.mark.parametrize(
    ("cadence", "path"),
    [
        (Cadence(timedelta(minutes=30), priorities=[9]), "cadences[0].priorities[0]"),
        (Cadence(timedelta(minutes=30), when=Eq(Field("shop", Text()), "x")), "cadences[0].when.shop"),
        ("30m", "cadences[0]"),
    ],
    ids=["a priority that the matrix does not have", "a field that the policy does not have", "no cadence"],
)
def test_in_code(cadence: Any, path: str) -> None:
    """A policy that is built in code is held to the same."""
    with pytest.raises(PolicyError) as raised:
        Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, cadences=[cadence])
    assert [fault.path for fault in raised.value.faults] == [path]
