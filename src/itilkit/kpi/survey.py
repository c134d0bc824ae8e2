"""What did users say? Satisfaction, recommendation and effort, from the answers of surveys.

Beside the answers stands the response rate, without which they mean little. What it is a rate of is said by the
option `response_base`: of all incidents, for a source that records answers only, or of those whose user was asked
(`SurveySent`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, get_args

import attrs

from itilkit.events import Surveyed, SurveySent
from itilkit.kpi.chance import bootstrap, ends
from itilkit.kpi.definition import Case, Cohort, Figure, Kpi, LeftOut, check_option, check_word, refuse
from itilkit.kpi.intervals import Interval
from itilkit.kpi.share import mean_interval, share_interval

__all__ = ["ResponseBase", "customer_effort_score", "customer_satisfaction", "net_promoter_score"]

ResponseBase = Literal["incidents", "surveys_sent"]
"""Whose silence counts: ``incidents`` counts each one without an answer as unanswered, ``surveys_sent`` only those
whose user was sent a survey."""


@attrs.frozen
class Survey(Kpi):
    """Answers on one scale; the last answer of an incident counts.

    Attributes:
        scale: The lowest and the highest answer.
        response_base: Whose silence counts.
    """

    scale: tuple[float, float] = attrs.field(kw_only=True)
    response_base: ResponseBase = attrs.field(default="incidents", kw_only=True)

    def observe(self, case: Case) -> float | LeftOut | None:
        """The last answer on the scale, None where nobody answered; one on another scale is another survey."""
        answers = [event for event in case.timeline.events if isinstance(event, Surveyed)]
        found = [event.score for event in answers if event.scale == self.scale]
        if found:
            return found[-1]
        unasked = self.response_base == "surveys_sent" and not _was_asked(case)
        return LeftOut("not_eligible") if answers or unasked else None

    def rest(self, observations: Sequence[float | None]) -> tuple[list[float], Figure]:
        """The answers, and the share of the incidents that count of which there is one."""
        answers = [answer for answer in observations if answer is not None]
        count, n = len(answers), len(observations)
        rate = Figure(
            "response_rate",
            count / n if n else None,
            "ratio",
            n,
            {"answers": count},
            sureness=lambda level, _: share_interval(count, n, level),
        )
        return answers, rate


def _was_asked(case: Case) -> bool:
    return any(isinstance(event, SurveySent) for event in case.timeline.events)


def _scale(scale: tuple[float, float]) -> tuple[float, float]:
    low, high = scale
    if not low < high:
        raise refuse("scale", f"{scale!r} is no scale", "the lowest and the highest answer, such as (1, 5)")
    return float(low), float(high)


def _check(response_base: ResponseBase, cohort: Cohort) -> None:
    check_option("response_base", response_base, get_args(ResponseBase))
    check_word("cohort", cohort, get_args(Cohort))


def _of(response_base: ResponseBase) -> str:
    """What the response rate is a rate of, where it is not of all incidents."""
    return ", response rate of surveys sent" if response_base == "surveys_sent" else ""


def _words(scale: tuple[float, float]) -> str:
    return f"on a scale from {scale[0]:g} to {scale[1]:g}"


@attrs.frozen
class Satisfaction(Survey):
    """See `customer_satisfaction`."""

    top: float = attrs.field(kw_only=True)

    def figures(self, observations: Sequence[float | None]) -> Iterator[Figure]:
        """The share of good answers, the mean, and the response rate."""
        answers, rate = self.rest(observations)
        count, n = sum(answer >= self.top for answer in answers), len(answers)
        yield Figure(
            "share",
            count / n if n else None,
            "ratio",
            n,
            {"counted": count},
            sureness=lambda level, _: share_interval(count, n, level),
        )
        yield _mean(answers)
        yield rate


def _mean(answers: Sequence[float]) -> Figure:
    return Figure(
        "mean",
        sum(answers) / len(answers) if answers else None,
        "points",
        len(answers),
        sureness=lambda level, seed: mean_interval(answers, level, seed),
    )


def customer_satisfaction(
    *,
    scale: tuple[float, float] = (1, 5),
    top: float = 4,
    response_base: ResponseBase = "incidents",
    cohort: Cohort = "resolved",
) -> Satisfaction:
    """CSAT: good answers / answers, the mean answer, and the response rate, which belongs beside it.

    Args:
        scale: The lowest and the highest answer of the survey.
        top: From which answer on one is good: 4 of 5.
        response_base: What the response rate is a rate of: ``incidents`` is all of them, ``surveys_sent`` those whose
            user was sent a survey, for a source that records it (`SurveySent`).
        cohort: The event that places an incident in a period.

    An incident without an answer counts for the response rate only. Left out: ``not_eligible`` (answered on
    another scale only, which is another survey; with ``surveys_sent`` neither asked nor answered). Source: ServiceNow's
    service quality dashboard.

    Raises:
        KpiError: no scale, a top that is not on it, or an unknown word or cohort.
    """
    _check(response_base, cohort)
    ends_ = _scale(scale)
    if not ends_[0] <= top <= ends_[1]:
        raise refuse("top", f"{top!r} is no answer {_words(ends_)}")
    words = f"{top:g} or better {_words(ends_)}{_of(response_base)}"
    return Satisfaction(
        "customer_satisfaction",
        reading=words,
        cohort=cohort,
        scale=ends_,
        top=top,
        response_base=response_base,
    )


_PROMOTER, _DETRACTOR = 9, 6


def _net(answers: Sequence[float]) -> float | None:
    if not answers:
        return None
    balance = sum((answer >= _PROMOTER) - (answer <= _DETRACTOR) for answer in answers)
    return balance / len(answers)


@attrs.frozen
class NetPromoter(Survey):
    """See `net_promoter_score`."""

    def figures(self, observations: Sequence[float | None]) -> Iterator[Figure]:
        """The difference of the two shares, and the response rate."""
        answers, rate = self.rest(observations)

        def interval(level: float, seed: int) -> Interval | None:
            found = ends(list(bootstrap(answers, _net, seed)), level)
            return None if found is None else Interval(*found, level=level, method="bootstrap")

        promoters = sum(answer >= _PROMOTER for answer in answers)
        detractors = sum(answer <= _DETRACTOR for answer in answers)
        parts = {"promoters": promoters, "detractors": detractors}
        yield Figure("difference", _net(answers), "ratio", len(answers), parts, sureness=interval)
        yield rate


def net_promoter_score(
    *, response_base: ResponseBase = "incidents", cohort: Cohort = "resolved"
) -> NetPromoter:
    """NPS: the share of answers 9 and 10 less the share of answers 0 to 6, from -1 to 1; and the response rate.

    Args:
        response_base: What the response rate is a rate of, as for `customer_satisfaction`.
        cohort: The event that places an incident in a period.

    Raises:
        KpiError: an unknown word or cohort.
    """
    _check(response_base, cohort)
    words = f"{_words((0, 10))}{_of(response_base)}"
    return NetPromoter(
        "net_promoter_score", reading=words, cohort=cohort, scale=(0.0, 10.0), response_base=response_base
    )


@attrs.frozen
class Effort(Survey):
    """See `customer_effort_score`."""

    def figures(self, observations: Sequence[float | None]) -> Iterator[Figure]:
        """The mean answer, and the response rate."""
        answers, rate = self.rest(observations)
        yield _mean(answers)
        yield rate


def customer_effort_score(
    *,
    high_is: str,
    scale: tuple[float, float] = (1, 7),
    response_base: ResponseBase = "incidents",
    cohort: Cohort = "resolved",
) -> Effort:
    """CES: the mean of the effort answers; and the response rate.

    Args:
        high_is: ``easy`` or ``hard``: what a high answer means; surveys differ, so there is no default.
        scale: The lowest and the highest answer.
        response_base: What the response rate is a rate of, as for `customer_satisfaction`.
        cohort: The event that places an incident in a period.

    Raises:
        KpiError: an unknown direction, word or cohort, or no scale.
    """
    if high_is not in ("easy", "hard"):
        raise refuse("high_is", f"{high_is!r} is no direction", "easy or hard")
    _check(response_base, cohort)
    ends_ = _scale(scale)
    words = f"{_words(ends_)}, high is {high_is}{_of(response_base)}"
    return Effort(
        "customer_effort_score", reading=words, cohort=cohort, scale=ends_, response_base=response_base
    )
