"""Is it chance? The exact test for pairs of answers to one question about the same incidents.

Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages",
Psychometrika 12 (1947); its exact form is the sign test on the pairs that differ, as in A. Agresti, "Categorical Data
Analysis", 3rd edition, section 11.1.1.
"""

from __future__ import annotations

from math import exp, lgamma, log

import attrs

from itilkit.errors import PolicyError

__all__ = ["PairedTest"]

# What comes after a term so small cannot be seen in the sum.
_NEGLIGIBLE = 1e-17


@attrs.frozen
class PairedTest:
    """McNemar's exact test, two-sided: of the promises that differ, are as many worse as better?

    Pairs with the same outcome under both policies say nothing about that and are not in it.

    Attributes:
        worse: How many were met under the old policy and breached under the new one.
        better: How many were breached and are met.

    Raises:
        PolicyError: a number that is no count.

    >>> print(PairedTest(10, 2))
    p = 0.0386 (exact McNemar test, n = 12)
    """

    worse: int
    better: int

    def __attrs_post_init__(self) -> None:
        for name in ("worse", "better"):
            count: object = getattr(self, name)
            if isinstance(count, bool) or not isinstance(count, int) or count < 0:
                raise PolicyError.one(
                    "bad_value", f"expected a whole number from 0, got {count!r}", path=name
                )

    @property
    def n(self) -> int:
        """How many pairs differ."""
        return self.worse + self.better

    @property
    def p(self) -> float:
        """The chance of a split at least as uneven, were worse and better equally likely; 1 where nothing differs.

        Smaller than 1e-300 it may be 0.
        """
        n, few = self.n, min(self.worse, self.better)
        if 2 * few >= n - 1:  # half of them or, of an odd number, next to it: both tails are everything
            return 1.0
        first = lgamma(n + 1) - lgamma(few + 1) - lgamma(n - few + 1) - n * log(2)
        term = tail = 1.0
        for k in range(few, 0, -1):
            term *= k / (n - k + 1)
            tail += term
            if term < _NEGLIGIBLE:
                break
        return min(1.0, 2 * exp(first) * tail)

    def __str__(self) -> str:
        return f"p = {self.p:.3g} (exact McNemar test, n = {self.n})"
