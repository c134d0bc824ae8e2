"""Versions of a policy: which one is in force, and which one judges an incident."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from itilkit.errors import InstantError, PolicyError
from itilkit.events import Logged, PrioritySet
from itilkit.policy import Policy, PolicyVersions
from itilkit.records import Incident

from .texts import changed


def version(name: str, response: str, valid_from: str = "") -> Policy:
    """The small policy with another response for P1."""
    text = changed('"15m"', f'"{response}"', changed('"Desk"', f'"{name}"'))
    dated = f'zone = "Europe/London"\nvalid_from = {valid_from}' if valid_from else 'zone = "Europe/London"'
    return Policy.from_toml(changed('zone = "Europe/London"', dated, text))


OLD = version("Old", "1h")
SPRING = version("Spring", "30m", "2026-04-01")
SUMMER = version("Summer", "15m", "2026-07-01")
HOUSE = PolicyVersions([SUMMER, OLD, SPRING])
# London keeps summer time from 29 March on: the first of April begins at 23:00 UTC the day before.
TURN = datetime(2026, 3, 31, 23, tzinfo=UTC)


def test_versions_stand_in_order() -> None:
    """However they are given; the earliest may have no date."""
    assert HOUSE.policies == (OLD, SPRING, SUMMER)
    assert repr(HOUSE) == (
        "<PolicyVersions Old from ever, Spring from 2026-04-01, Summer from 2026-07-01; "
        "judged by the version when opened>"
    )


@pytest.mark.parametrize(
    ("at", "name"),
    [
        (datetime(1999, 1, 1, tzinfo=UTC), "Old"),
        (TURN - timedelta(microseconds=1), "Old"),
        (TURN, "Spring"),
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), "Spring"),
        (datetime(2026, 6, 30, 23, tzinfo=UTC), "Summer"),
        (datetime(2030, 1, 1, tzinfo=UTC), "Summer"),
    ],
)
def test_a_version_is_in_force_until_the_next_one(at: datetime, name: str) -> None:
    """From the first instant of its date where the desk is."""
    assert HOUSE.in_force(at).name == name


def test_which_version_judges() -> None:
    """The one in force when the incident was opened, or the current one: opened at 09:00 local, due by its response."""
    opened = datetime(2026, 3, 31, 8, tzinfo=UTC)
    incident = Incident("INC1", [Logged(opened), PrioritySet(opened, priority=1)])
    later = datetime(2026, 4, 2, 12, tzinfo=UTC)
    current = PolicyVersions(HOUSE.policies, "current version")
    due = [each.assess(incident, as_of=later).readings["response"].due_at for each in (HOUSE, current)]
    assert due == [opened + timedelta(hours=1), opened + timedelta(minutes=30)]
    assert current.assess(incident, as_of=opened).readings["response"].due_at == opened + timedelta(hours=1)
    assert [case.readings["response"].due_at for case in HOUSE.assess_all([incident], as_of=later)] == due[:1]


def test_a_promise_is_that_of_its_day() -> None:
    """Whatever judges later."""
    thursday = datetime(2026, 4, 2, 9, tzinfo=UTC)
    promised = HOUSE.promise(opened_at=thursday, priority="P1", service="mail")
    assert promised["response"].due_at == thursday + timedelta(minutes=30)


def test_before_the_first_version() -> None:
    """An incident that no version judges is told, with what is missing."""
    dated = PolicyVersions([SPRING, SUMMER])
    with pytest.raises(PolicyError) as caught:
        dated.in_force(TURN - timedelta(seconds=1))
    assert str(caught.value) == (
        "no version is in force at 2026-03-31T22:59Z (Spring begins on 2026-04-01; add the version before it)"
    )
    with pytest.raises(InstantError):
        dated.in_force(datetime(2026, 5, 1))  # noqa: DTZ001  naive on purpose


def test_what_are_no_versions() -> None:
    """None at all, two of one date, two without one, a word that is not known."""
    twin = version("Twin", "1h", "2026-04-01")
    for policies, message in (
        ((), "policies: there is no version"),
        ((SPRING, twin), "policies[1].valid_from: Spring and Twin are both from 2026-04-01"),
        (
            (OLD, version("Older", "2h")),
            "policies[1].valid_from: Old and Older are both without a first date",
        ),
    ):
        with pytest.raises(PolicyError) as caught:
            PolicyVersions(policies)
        assert str(caught.value).startswith(message)
    with pytest.raises(PolicyError, match="judged_by: 'opened' is none of its words"):
        PolicyVersions([OLD], "opened")  # type: ignore[arg-type]
    assert SPRING.valid_from == date(2026, 4, 1)
