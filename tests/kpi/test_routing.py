"""Groups and levels, escalation, and what one question to an incident tells."""

from __future__ import annotations

from datetime import timedelta

import pytest

from itilkit import kpi
from itilkit.errors import KpiError
from itilkit.events import (
    Classified,
    Closed,
    Escalated,
    Event,
    Linked,
    Logged,
    MajorDeclared,
    Reopened,
    Resolved,
)
from itilkit.kpi import Kpi
from itilkit.sla import Assessment
from itilkit.vocabulary import Channel

from .everything import GROUPS
from .histories import at, case, one, story, told


def _routed(*groups: str | None, resolved: bool = True) -> Assessment:
    return story(0, 5 if resolved else None, groups=groups)


@pytest.mark.parametrize(
    ("asked", "value", "n", "left_out"),
    [
        (kpi.reassignment_rate(), 3 / 4, 4, {"missing": 1}),
        (kpi.ping_pong(), (0 + 0 + 1 + 2) / 4, 4, {"missing": 1}),
        (kpi.hop_count(), (0 + 1 + 2 + 3) / 4, 4, {"missing": 1}),
        (kpi.first_assignment_rate(), 1 / 3, 3, {"missing": 1, "open": 1}),
        (kpi.correctly_assigned_rate(), 2 / 3, 3, {"missing": 1, "open": 1}),
        (kpi.first_level_resolution(groups=GROUPS), 2 / 3, 3, {"missing": 1, "open": 1}),
        (kpi.escalation_rate(kind="functional", groups=GROUPS), 3 / 5, 5, {}),
        (kpi.escalation_rate(kind="hierarchical", groups=GROUPS), 0, 5, {}),
        (kpi.oncall_escalation_rate(), None, 0, {"not_recorded": 5}),
    ],
    ids=lambda value: value.name if isinstance(value, Kpi) else "",
)
def test_five_routes(asked: Kpi, value: float | None, n: int, left_out: dict[str, int]) -> None:
    """Desk; desk-lab; desk-lab-desk; desk-lab-desk-lab and open; nobody: each figure by hand."""
    cases = [
        _routed("desk"),
        _routed("desk", "lab"),
        _routed("desk", "lab", "desk"),
        _routed("desk", "lab", "desk", "lab", resolved=False),
        _routed(),
    ]
    found = one(asked, *cases)
    assert (found.n, found.left_out) == (n, left_out)
    assert found.value == (None if value is None else pytest.approx(value))


def test_escalations() -> None:
    """An event of one kind is no escalation of the other; without levels only events tell."""
    functional = case(Logged(at(0)), Escalated(at(1), kind="functional", to="lab"))
    hierarchical = case(Logged(at(0)), Escalated(at(1), kind="hierarchical", to="manager"))
    cases = [functional, hierarchical, _routed("desk", "lab")]
    assert one(kpi.escalation_rate(kind="functional"), *cases).value == pytest.approx(1 / 3)
    assert one(kpi.escalation_rate(kind="hierarchical"), *cases).value == pytest.approx(1 / 3)


def test_a_group_of_unknown_level() -> None:
    """Resolved by a group that nobody gave a level, an incident's level is not recorded."""
    assert one(kpi.first_level_resolution(groups=GROUPS), _routed("attic")).left_out == {"not_recorded": 1}


def _linked(*links: tuple[str, str]) -> Assessment:
    events: list[Event] = [Logged(at(0)), *(Linked(at(1), kind=kind, to=to) for kind, to in links)]  # type: ignore[arg-type]
    return case(*events)


def test_known_errors() -> None:
    """A link to a younger article does not count; one of unknown age is not recorded."""
    cases = [
        _linked(("known_error", "KE1")),
        _linked(("workaround", "KE2")),
        _linked(),
        _linked(("known_error", "KE9")),
    ]
    found = one(kpi.known_error_match_rate(known_since={"KE1": at(-5), "KE2": at(1)}), *cases)
    assert found.value == pytest.approx(1 / 3)
    assert found.left_out == {"not_recorded": 1}


def test_what_a_change_caused() -> None:
    """A change raised to mend an incident caused nothing."""
    cases = [_linked(("caused_by_change", "CHG1")), _linked(("change", "CHG2")), _linked()]
    assert one(kpi.change_induced_rate(), *cases).value == pytest.approx(1 / 3)


def test_detection() -> None:
    """The field tells before the channel does; where neither is known it is not recorded."""
    cases = [
        story(0, channel=Channel.MONITORING),
        story(0, channel=Channel.PHONE),
        told(Logged(at(0), channel=Channel.PHONE), detected_by="monitoring"),
        story(0),
    ]
    found = one(kpi.proactive_rate(), *cases)
    assert found.value == pytest.approx(2 / 3)
    assert found.left_out == {"not_recorded": 1}


def test_major_and_high() -> None:
    """Declared, or by the field; priority 1 counts as major only when asked for."""
    cases = [
        case(Logged(at(0)), MajorDeclared(at(0))),
        told(Logged(at(0)), major=True),
        story(0, priority=1),
        story(0),
    ]
    assert one(kpi.major_rate(), *cases).value == 0.5
    assert one(kpi.major_rate(by_priority=True), *cases).value == 0.75
    ranked = [story(0, priority=level) for level in (1, 2, 3)]
    assert one(kpi.high_priority_rate(), *ranked, story(0)).value == pytest.approx(2 / 3)
    assert one(kpi.high_priority_rate(down_to=1), *ranked).value == pytest.approx(1 / 3)


def test_categories() -> None:
    """The first category against the last one, over what is closed."""
    stayed = case(Logged(at(0)), Classified(at(0), category="a"), Resolved(at(1)), Closed(at(2)))
    moved = case(
        Logged(at(0)),
        Classified(at(0), category="a"),
        Classified(at(1), category="b"),
        Resolved(at(1)),
        Closed(at(2)),
    )
    found = one(kpi.correctly_categorised_rate(), stayed, moved, story(0, 1), story(0, 1, 2))
    assert (found.value, found.left_out) == (0.5, {"missing": 1, "open": 1})


def test_recurrence() -> None:
    """Same key within 30 days of the one before; the first 30 days of the data cannot be judged."""
    day = 24.0
    cases = [
        story(opened * day, fields={"service": key, "category": "x", "subcategory": "y"})
        for opened, key in ((0, "a"), (20, "a"), (31, "a"), (40, "b"), (70, "b"), (101, "b"), (45, None))
    ]
    found = one(kpi.recurring_rate(), *cases)
    # judged: a at 31 (11 days after 20: yes), b at 40 (none), b at 70 (30 days: yes), b at 101 (31 days: no)
    assert (found.value, found.n) == (0.5, 4)
    assert found.left_out == {"missing": 1, "unripe": 2}
    assert one(kpi.recurring_rate(key="service", window=timedelta(days=31)), *cases).parts == {"counted": 3}


def test_reopened_within_a_window() -> None:
    """Within seven days of the first resolution, to the instant; younger ones are pending, later ones are no."""
    window = timedelta(days=7)
    week = 24.0 * 7
    cases = [
        story(0, 1, reopened=1 + week, again=2 + week, as_of=1000),
        story(0, 1, reopened=1.5 + week, again=2 + week, as_of=1000),
        story(0, 1, as_of=1000),
        story(990, 995, as_of=1000),
        case(Logged(at(990)), Resolved(at(991)), Reopened(at(992)), as_of=1000),
    ]
    found = one(kpi.reopen_rate(window=window), *cases)
    assert (found.value, found.n, found.left_out) == (0.5, 4, {"pending": 1})
    assert found.reading == "within 7 days, by visible changes"


@pytest.mark.parametrize(
    "make",
    [
        lambda: kpi.escalation_rate(kind="lateral"),  # type: ignore[arg-type]
        lambda: kpi.first_level_resolution(groups=["desk"]),  # type: ignore[list-item]
        lambda: kpi.high_priority_rate(down_to=0),
        lambda: kpi.recurring_rate(key=()),
        lambda: kpi.recurring_rate(window=timedelta(0)),
        lambda: kpi.reopen_rate(window=timedelta(days=-1)),
        lambda: kpi.reopen_rate(window=timedelta(days=1), source="counter"),
        lambda: kpi.major_rate(cohort="never"),  # type: ignore[arg-type]
    ],
)
def test_what_no_share_knows(make: object) -> None:
    """Options that cannot be are refused."""
    with pytest.raises(KpiError):
        make()  # type: ignore[operator]
