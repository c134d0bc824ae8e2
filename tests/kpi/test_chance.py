"""What is drawn for a share is what resampling draws, only quicker."""

from __future__ import annotations

from collections import Counter
from math import comb

import pytest

from itilkit.kpi.chance import RESAMPLES, method_of_means, resampled_means
from itilkit.kpi.intervals import newcombe


@pytest.mark.parametrize(("count", "n"), [(3, 10), (1, 40), (39, 40), (450, 900)])
def test_shares_are_binomial(count: int, n: int) -> None:
    """How often each number of true ones is drawn is the binomial chance of it, as far as 2,000 draws tell."""
    drawn = Counter(round(mean * n) for mean in resampled_means([True] * count + [False] * (n - count), 5))
    assert sum(drawn.values()) == RESAMPLES
    share = count / n
    at_most = expected = 0.0
    for number in range(n + 1):
        at_most += drawn[number] / RESAMPLES
        expected += comb(n, number) * share**number * (1 - share) ** (n - number)
        assert at_most == pytest.approx(
            expected, abs=0.04
        )  # Kolmogorov: beyond 0.036 once in a hundred seeds


@pytest.mark.parametrize("values", [[True] * 7, [False] * 7, [1], [0]], ids=str)
def test_all_or_none_stay_so(values: list[int]) -> None:
    """A share of all or of none is that in each resample."""
    assert set(resampled_means(values, 1)) == {float(values[0])}


def test_nothing_is_drawn_from_nothing() -> None:
    """Of no values there is no mean; of many the normal limit is named."""
    assert list(resampled_means([], 1)) == []
    assert (method_of_means(1_000), method_of_means(1_001)) == ("bootstrap", "normal limit of the bootstrap")


def test_newcombe_holds_as_often_as_it_says() -> None:
    """Over all outcomes of two samples of 30 the interval holds the true difference about 95 times in a hundred."""
    size = 30
    for first, second in ((0.1, 0.3), (0.5, 0.5), (0.3, 0.6)):
        held = 0.0
        for one in range(size + 1):
            for other in range(size + 1):
                low, high = newcombe((one, size), (other, size), 0.95)
                chance = comb(size, one) * first**one * (1 - first) ** (size - one)
                chance *= comb(size, other) * second**other * (1 - second) ** (size - other)
                held += chance * (low <= second - first <= high)
        assert 0.94 < held < 0.96
