"""Reviews as JSON and TOML have them."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import RecordError
from itilkit.events import Person
from itilkit.reviews import ActionItem, Cause, ContributingFactor, PostIncidentReview, from_data, to_data

TOML = """
id = "PIR-12"
incident = "INC0200"
held_at = 2026-03-17T10:00:00Z
attendees = ["ann", { id = "bo", name = "Bo", vip = true }]
root_cause = "One breaker for both feeds."
contributing = ["No alarm", { what = "Old runbook", cause = "human_error" }]
went_well = "Nobody panicked."
problem = "PRB31"

[[actions]]
what = "Check the feeds"
owner = "Ola"
due = 2026-04-30
done_on = 2026-04-29
feeds = "problem management"
"""


def test_a_review_in_toml() -> None:
    """Instants and dates are read as TOML makes them."""
    review = from_data(tomllib.loads(TOML))
    assert review == PostIncidentReview(
        id="PIR-12",
        incident="INC0200",
        held_at=datetime(2026, 3, 17, 10, tzinfo=UTC),
        attendees=[Person("ann"), Person("bo", name="Bo", vip=True)],
        root_cause="One breaker for both feeds.",
        contributing=["No alarm", ContributingFactor("Old runbook", "human_error")],
        went_well=["Nobody panicked."],
        actions=[
            ActionItem(
                "Check the feeds",
                "Ola",
                due=date(2026, 4, 30),
                done_on=date(2026, 4, 29),
                feeds="problem management",
            )
        ],
        problem="PRB31",
    )


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (7, [("not_a_table", "")]),
        ({}, [("missing_key", "id"), ("missing_key", "incident")]),
        ({"id": "", "incident": "INC1"}, [("not_a_text", "id")]),
        ({"id": "P", "incident": "I", "held_on": 1}, [("unknown_key", "held_on")]),
        ({"id": "P", "incident": "I", "held_at": "soon"}, [("not_an_instant", "held_at")]),
        ({"id": "P", "incident": "I", "held_at": 7}, [("not_an_instant", "held_at")]),
        ({"id": "P", "incident": "I", "held_at": "2026-03-17T10:00:00"}, [("naive_instant", "held_at")]),
        (
            {"id": "P", "incident": "I", "attendees": ["", 7, {"name": "Bo"}, {"id": "bo", "vip": "yes"}]},
            [
                ("not_a_text", "attendees[0]"),
                ("not_a_table", "attendees[1]"),
                ("missing_key", "attendees[2].id"),
                ("not_a_flag", "attendees[3].vip"),
            ],
        ),
        (
            {"id": "P", "incident": "I", "contributing": ["", {"cause": "change"}, {"what": "x", "cause": "y"}]},
            [
                ("not_a_text", "contributing[0].what"),
                ("missing_key", "contributing[1].what"),
                ("unknown_word", "contributing[2].cause"),
            ],
        ),
        (
            {"id": "P", "incident": "I", "actions": [{"what": "x", "owner": "y", "due": "30.4."}, {"what": 3}]},
            [
                ("bad_date", "actions[0].due"),
                ("missing_key", "actions[1].owner"),
                ("missing_key", "actions[1].due"),
                ("not_a_text", "actions[1].what"),
            ],
        ),
        (
            {
                "id": "P",
                "incident": "I",
                "actions": [{"what": "x", "owner": "y", "due": datetime(2026, 4, 1, tzinfo=UTC)}],
            },
            [("bad_date", "actions[0].due")],
        ),
        (
            {"id": "P", "incident": "I", "went_well": 7, "actions": {}},
            [("not_a_list", "went_well"), ("not_a_list", "actions")],
        ),
    ],
)  # fmt: skip
def test_faulty_data_is_told_at_once(data: object, told: list[tuple[str, str]]) -> None:
    """Every fault with its path, and a path before it where the data stands in a larger one."""
    with pytest.raises(RecordError) as caught:
        from_data(data)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == told
    with pytest.raises(RecordError) as caught:
        from_data(data, path="reviews[3]")
    assert [fault.path for fault in caught.value.faults] == [
        f"reviews[3].{path}" if path else "reviews[3]" for _, path in told
    ]


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)
DATES = st.dates()
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-5))])
INSTANTS = st.datetimes(datetime(2, 1, 1), datetime(9000, 1, 1), timezones=ZONES)  # noqa: DTZ001  hypothesis adds the zone
REVIEWS = st.builds(
    PostIncidentReview,
    id=TEXTS,
    incident=TEXTS,
    held_at=st.none() | INSTANTS,
    attendees=st.lists(TEXTS | st.builds(Person, TEXTS, name=TEXTS, vip=st.booleans()), max_size=3),
    root_cause=st.just("") | TEXTS,
    contributing=st.lists(st.builds(ContributingFactor, TEXTS, st.none() | st.sampled_from(Cause)), max_size=3),
    went_well=st.lists(TEXTS, max_size=2),
    went_wrong=st.lists(TEXTS, max_size=2),
    actions=st.lists(
        st.builds(ActionItem, TEXTS, TEXTS, due=DATES, done_on=st.none() | DATES, feeds=st.just("") | TEXTS), max_size=3
    ),
    problem=st.none() | TEXTS,
)  # fmt: skip


@given(REVIEWS)
def test_what_is_written_is_read_again(review: PostIncidentReview) -> None:
    """Also through JSON."""
    assert from_data(json.loads(json.dumps(to_data(review)))) == review
