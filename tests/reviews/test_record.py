"""What a review holds, and what is still to be done over many of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import InstantError, RecordError
from itilkit.events import Person, Reviewed
from itilkit.reviews import ActionItem, Cause, ContributingFactor, PostIncidentReview, open_actions

DAY = date(2026, 4, 30)
# What a caller without a type checker may give.
wrong: Any = None
TEXT: Any = "2026-04-30"
SOON: Any = "soon"
SEVEN: Any = 7


def test_a_review_takes_plain_values() -> None:
    """People by their id, factors by their words, a single text for a list; instants are turned to UTC."""
    review = PostIncidentReview(
        id="PIR-12",
        incident="INC200",
        held_at=datetime(2026, 7, 1, 10, tzinfo=ZoneInfo("Europe/London")),
        attendees=["ann", Person("bo", name="Bo")],
        contributing=["No alarm", ContributingFactor("One breaker", "configuration")],
        went_well="Nobody panicked.",
        actions=[ActionItem("Mend it", "Ann", due=DAY)],
    )
    assert review.held_at == datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert review.attendees == (Person("ann"), Person("bo", name="Bo"))
    assert review.contributing[0] == ContributingFactor("No alarm")
    assert review.contributing[1].cause is Cause.CONFIGURATION
    assert [str(each) for each in review.contributing] == ["No alarm", "One breaker (configuration)"]
    assert (review.went_well, review.went_wrong) == (("Nobody panicked.",), ())
    assert (review.root_cause, review.problem) == ("", None)


def test_a_review_is_an_event_of_its_incident() -> None:
    """It names the review and when it was held; one that is still to come cannot be on record."""
    held, later = datetime(2026, 3, 17, 10, tzinfo=UTC), datetime(2026, 3, 17, 11, tzinfo=UTC)
    review = PostIncidentReview(id="PIR-12", incident="INC200", held_at=held)
    assert review.event(later, "ann") == Reviewed(later, "ann", reference="PIR-12", held_at=held)
    assert PostIncidentReview(id="PIR-12", incident="INC200").event(held) == Reviewed(
        held, reference="PIR-12"
    )
    with pytest.raises(RecordError, match="cannot be on record"):
        review.event(held - timedelta(hours=1))


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: PostIncidentReview(id="", incident="INC1"), "id: a review needs id, got ''"),
        (lambda: PostIncidentReview(id="PIR-1", incident=" "), "incident: a review needs incident"),
        (
            lambda: PostIncidentReview(id="PIR-1", incident="INC1", attendees=[wrong]),
            "nobody cannot take a role",
        ),
        (
            lambda: PostIncidentReview(id="P", incident="I", root_cause=wrong, went_well=["a", wrong], problem=SEVEN),
            r"root_cause: expected a text, got None.*\nproblem: expected a text, got 7.*\nwent_well\[1\]: expected a",
        ),
        (
            lambda: PostIncidentReview(id="P", incident="I", contributing=[SEVEN], actions=[SEVEN]),
            r"contributing\[0\]: expected a value of ContributingFactor, got 7\nactions\[0\]: expected .* ActionItem",
        ),
        (lambda: ContributingFactor(""), "what: a contributing factor needs what"),
        (
            lambda: ContributingFactor("x", "humna_error"),
            r"cause: 'humna_error' is no kind .* \(did you mean human_error",
        ),
        (lambda: ActionItem("", "", due=DAY), r"what: an action needs what, got ''.*\nowner: an action needs owner"),
        (lambda: ActionItem("x", "Ann", due=DAY, feeds=SEVEN), "feeds: expected a text, got 7"),
        (lambda: ActionItem("x", "Ann", due=wrong), "due: expected a date, got None"),
        (lambda: ActionItem("x", "Ann", due=TEXT), "due: expected a date, got '2026-04-30'"),
        (
            lambda: ActionItem("x", "Ann", due=datetime(2026, 4, 30, tzinfo=UTC)),
            r"due: expected a date, got datetime.datetime\(2026",
        ),
        (lambda: ActionItem("x", "Ann", due=DAY, done_on=SOON), "done_on: expected a date, got 'soon'"),
    ],
)  # fmt: skip
def test_what_is_no_review_is_refused_at_the_door(build: Callable[[], object], told: str) -> None:
    """Each fault names the field, and all of a value are told at once."""
    with pytest.raises(RecordError, match=told):
        build()


def test_an_instant_needs_a_zone() -> None:
    """The date of an instant depends on it."""
    with pytest.raises(InstantError, match="has no zone"):
        PostIncidentReview(id="PIR-1", incident="INC1", held_at=datetime(2026, 3, 17))  # noqa: DTZ001


FIRST = PostIncidentReview(
    id="PIR-1",
    incident="INC1",
    actions=[
        ActionItem("late", "Ann", due=date(2026, 4, 10)),
        ActionItem("done", "Ann", due=date(2026, 4, 1), done_on=date(2026, 4, 3)),
        ActionItem("today", "Bo", due=date(2026, 4, 20)),
    ],
)
SECOND = PostIncidentReview(
    id="PIR-2", incident="INC2", actions=[ActionItem("coming", "Ann", due=date(2026, 4, 12))]
)


@pytest.mark.parametrize(
    ("on", "owner", "expected"),
    [
        (date(2026, 4, 20), None, [("late", 10), ("coming", 8), ("today", 0)]),
        (date(2026, 4, 21), "Bo", [("today", 1)]),
        (date(2026, 4, 11), "Ann", [("late", 1), ("coming", 0)]),
        (date(2026, 4, 3), "Ann", [("late", 0), ("coming", 0)]),
        (date(2026, 4, 2), "Ann", [("done", 1), ("late", 0), ("coming", 0)]),
        (date(2026, 4, 2), "Cy", []),
    ],
)
def test_open_actions_over_many_reviews(on: date, owner: str | None, expected: list[tuple[str, int]]) -> None:
    """What is due first comes first; what was done later was still open, and what was done on the date is not."""
    found = open_actions([SECOND, FIRST], on=on, owner=owner)
    assert [(each.action.what, each.overdue_days) for each in found] == expected


def test_an_open_action_reads_as_a_line() -> None:
    """With the review and the incident that it comes from."""
    late, *_ = open_actions([FIRST], on=date(2026, 4, 12))
    assert (late.review, late.incident) == ("PIR-1", "INC1")
    assert str(late) == "PIR-1 (INC1): late: Ann, due 2026-04-10, 2 d overdue"
    assert open_actions([], on=DAY) == ()


def test_an_instant_is_no_date_to_ask_for() -> None:
    """Where it is today depends on the zone, so the caller says the date."""
    with pytest.raises(RecordError, match="on: expected a date"):
        open_actions([FIRST], on=datetime(2026, 4, 12, tzinfo=UTC))


DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 9))
ACTIONS = st.builds(
    ActionItem, st.just("x"), st.sampled_from(["Ann", "Bo"]), due=DAYS, done_on=st.none() | DAYS
)


@given(st.lists(st.lists(ACTIONS, max_size=4), max_size=4), DAYS)
def test_laws_of_open_actions(drawn: list[list[ActionItem]], on: date) -> None:
    """Every action is open or done, none is lost or told twice, and the day after nothing is open that was done."""
    found = [
        PostIncidentReview(id=f"PIR-{number}", incident="INC1", actions=actions)
        for number, actions in enumerate(drawn)
    ]
    told = open_actions(found, on=on)
    undone = [each for actions in drawn for each in actions if not (each.done_on and each.done_on <= on)]
    assert sorted(map(id, (each.action for each in told))) == sorted(map(id, undone))
    assert [each.action.due for each in told] == sorted(each.due for each in undone)
    assert all((each.overdue_days > 0) is (each.action.due < on) for each in told)
    assert len(told) == sum(len(open_actions(found, on=on, owner=who)) for who in ("Ann", "Bo"))
