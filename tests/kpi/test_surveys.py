"""What users said, and how many of those who were asked said anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit import kpi
from itilkit.errors import KpiError
from itilkit.events import Event, Logged, Resolved, Surveyed, SurveySent
from itilkit.sla import Assessment

from .histories import at, case


def told(*later: Event) -> Assessment:
    """An incident that was resolved after an hour, and what happened then."""
    return case(Logged(at(0)), Resolved(at(1)), *later)


def answer(score: float, hour: float = 3, scale: tuple[float, float] = (1, 5)) -> Surveyed:
    """What a user said."""
    return Surveyed(at(hour), score=score, scale=scale)


# Ten incidents: five users were asked, of whom two answered, one of them twice; one answered without being asked.
CASES = [
    told(SurveySent(at(2)), answer(5)),
    told(SurveySent(at(2)), answer(1), SurveySent(at(4)), answer(4, 5)),
    told(SurveySent(at(2))),
    told(SurveySent(at(2), to="eve")),
    told(SurveySent(at(2)), answer(10, scale=(0, 10))),
    told(answer(2)),
    *(told() for _ in range(4)),
]


@pytest.mark.parametrize(
    ("base", "rate", "n", "left_out"),
    [("incidents", 3 / 9, 9, 1), ("surveys_sent", 3 / 5, 5, 5)],
)
def test_the_response_rate(base: Any, rate: float, n: int, left_out: int) -> None:
    """Of all incidents, or of those whose user was asked; who answered unasked counts, another scale does not."""
    share, mean, responses = kpi.measure(CASES, kpi.customer_satisfaction(response_base=base))
    assert (share.value, mean.value) == (2 / 3, 11 / 3)
    assert responses.value == pytest.approx(rate)
    assert (responses.n, responses.parts) == (n, {"answers": 3})
    assert responses.left_out == {"not_eligible": left_out}


def test_the_reading_says_of_what_it_is_a_rate() -> None:
    """In the result, so that two reports cannot be mistaken for each other."""
    assert kpi.customer_satisfaction().reading == "4 or better on a scale from 1 to 5"
    assert (
        kpi.customer_satisfaction(response_base="surveys_sent").reading
        == "4 or better on a scale from 1 to 5, response rate of surveys sent"
    )
    assert (
        kpi.net_promoter_score(response_base="surveys_sent").reading
        == "on a scale from 0 to 10, response rate of surveys sent"
    )
    effort = kpi.customer_effort_score(high_is="easy", response_base="surveys_sent")
    assert effort.reading == "on a scale from 1 to 7, high is easy, response rate of surveys sent"


def test_recommendation_and_effort_have_the_same_rate() -> None:
    """Each on its own scale; of three who were asked on this one, or said nothing, one answered."""
    net = kpi.measure(CASES, kpi.net_promoter_score(response_base="surveys_sent"))
    assert [each.value for each in net] == [1, 1 / 3]
    hard = kpi.customer_effort_score(high_is="hard", scale=(1, 5), response_base="surveys_sent")
    assert [each.value for each in kpi.measure(CASES, hard)] == [11 / 3, 3 / 5]


def test_promoters_and_detractors() -> None:
    """Nine promotes and six detracts; seven and eight do neither."""
    scores = [told(answer(score, scale=(0, 10))) for score in (10, 9, 8, 7, 6, 0)]
    net, _ = kpi.measure(scores, kpi.net_promoter_score(), level=0.95)
    assert (net.value, net.parts) == (0, {"promoters": 2, "detractors": 2})
    assert net.interval is not None
    assert isinstance(net.interval.low, float)
    assert isinstance(net.interval.high, float)
    assert net.interval.low < 0 < net.interval.high


def test_the_best_answer_may_be_the_only_good_one() -> None:
    """The top of the scale is on it; a scale of one answer is none."""
    share, *_ = kpi.measure(CASES, kpi.customer_satisfaction(top=5))
    assert share.value == 1 / 3
    with pytest.raises(KpiError, match=r"\(5, 5\) is no scale"):
        kpi.customer_satisfaction(scale=(5, 5))


def test_nobody_was_asked() -> None:
    """There is no rate of nothing."""
    found = kpi.measure([told(), told()], kpi.customer_satisfaction(response_base="surveys_sent"))
    assert [(each.value, each.n) for each in found] == [(None, 0)] * 3


def test_a_survey_that_is_sent_later_is_not_known_yet() -> None:
    """As of an instant before it, nobody was asked."""
    early = case(Logged(at(0)), Resolved(at(1)), SurveySent(at(9)), as_of=8)
    assert kpi.measure([early], kpi.customer_satisfaction(response_base="surveys_sent"))[2].left_out == {
        "not_eligible": 1
    }


WRONG: Any = "somebody"


@pytest.mark.parametrize(
    "build",
    [
        lambda: kpi.customer_satisfaction(response_base=WRONG),
        lambda: kpi.net_promoter_score(response_base=WRONG),
        lambda: kpi.customer_effort_score(high_is="easy", response_base=WRONG),
    ],
)
def test_an_unknown_word_is_told(build: Callable[[], object]) -> None:
    """With those that there are."""
    with pytest.raises(KpiError, match=r"'somebody' is no response base \(known: incidents, surveys_sent"):
        build()


BASES: tuple[Any, ...] = ("incidents", "surveys_sent")


@given(st.lists(st.tuples(st.booleans(), st.none() | st.integers(1, 5)), max_size=12))
def test_laws_of_the_response_rate(drawn: list[tuple[bool, int | None]]) -> None:
    """The answers are the same either way; of those asked no smaller a share answers than of all."""
    cases = [
        told(*([SurveySent(at(2))] if sent else []), *([] if score is None else [answer(score)]))
        for sent, score in drawn
    ]
    every, sent = (kpi.measure(cases, kpi.customer_satisfaction(response_base=base)) for base in BASES)
    assert [each.value for each in every[:2]] == [each.value for each in sent[:2]]
    scores = [score for _, score in drawn if score is not None]
    asked = sum(was or score is not None for was, score in drawn)
    assert sent[2].value == (len(scores) / asked if asked else None)
    assert every[2].value == (len(scores) / len(drawn) if drawn else None)
