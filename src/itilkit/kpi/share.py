"""What shares and counts per incident have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

import attrs

from itilkit.kpi.chance import ends, method_of_means, resampled_means
from itilkit.kpi.definition import Case, Cohort, Figure, Kpi, LeftOut, check_word
from itilkit.kpi.intervals import Interval, wilson
from itilkit.kpi.statistic import mean

__all__ = ["SOURCES", "Claim", "PerIncident", "Share", "Source", "claim", "mean_interval", "share_interval"]

Source = Literal["history", "counter"]
"""Whether a count is taken from the events or from the tool's own counter; audit logs drop events, so they differ."""

SOURCES: Mapping[Source, str] = {"history": "by visible changes", "counter": "by the tool's counter"}


def share_interval(count: int, n: int, level: float) -> Interval | None:
    """Wilson's interval of a share; None of nothing."""
    found = wilson(count, n, level)
    return None if found is None else Interval(*found, level=level, method="Wilson")


def mean_interval(values: Sequence[float], level: float, seed: int) -> Interval | None:
    """The bootstrap interval of a mean; None of nothing."""
    found = ends(list(resampled_means(values, seed)), level)
    return None if found is None else Interval(*found, level=level, method=method_of_means(len(values)))


@attrs.frozen
class Share(Kpi):
    """The incidents of which something is true, as a ratio from 0 to 1."""

    @abstractmethod
    def observe(self, case: Case) -> bool | LeftOut:
        """Whether it is true of one incident, or why that cannot be told."""

    def figures(self, observations: Sequence[bool]) -> Iterator[Figure]:
        """The share; None of nothing."""
        count, n = sum(observations), len(observations)
        yield Figure(
            "share",
            count / n if n else None,
            "ratio",
            n,
            {"counted": count},
            sureness=lambda level, _: share_interval(count, n, level),
        )


@attrs.frozen
class PerIncident(Kpi):
    """A count per incident, as a mean."""

    unit: str = attrs.field(kw_only=True)

    @abstractmethod
    def observe(self, case: Case) -> int | LeftOut:
        """The count of one incident, or why it has none."""

    def figures(self, observations: Sequence[int]) -> Iterator[Figure]:
        """The mean; None of nothing."""
        yield Figure(
            "mean",
            mean(observations),
            self.unit,
            len(observations),
            {"counted": sum(observations)},
            sureness=lambda level, seed: mean_interval(observations, level, seed),
        )


@attrs.frozen
class Claim(Share):
    """A share that is told by one question to an incident.

    Attributes:
        asks: The question: of an incident and the options whether it is true, or why that cannot be told.
        given: The options.
    """

    asks: Callable[..., bool | LeftOut] = attrs.field(kw_only=True)
    given: tuple[Any, ...] = attrs.field(default=(), kw_only=True)

    def observe(self, case: Case) -> bool | LeftOut:
        """The answer."""
        return self.asks(case, *self.given)


def claim(
    name: str, asks: Callable[..., bool | LeftOut], *given: object, reading: str, cohort: Cohort
) -> Claim:
    """A share by that name, its cohort checked."""
    check_word("cohort", cohort, get_args(Cohort))
    return Claim(name, reading=reading, cohort=cohort, asks=asks, given=given)
