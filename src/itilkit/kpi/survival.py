"""How long does it take, if some have not ended yet? The Kaplan-Meier estimator and what is read off it.

Leaving open incidents out of a mean leaves out the long ones, and ending them now makes them too short. Here each one
counts as long as it was seen: it is *censored*. One that was open before the log began enters late.

Sources: E. L. Kaplan and P. Meier, "Nonparametric Estimation from Incomplete Observations", JASA 53 (1958); Greenwood's
variance; J. D. Kalbfleisch and R. L. Prentice for the log(-log) scale; P. Royston and M. Parmar for restricted means.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from math import exp, log, sqrt
from typing import Any, NamedTuple, Self

import attrs

from itilkit.errors import KpiError
from itilkit.kpi.intervals import Interval, check_level, normal_quantile
from itilkit.spans import micros

__all__ = ["Spell", "Survival", "check_tau"]

# The product of shares misses an exact half by a rounding error, which would move a median to the next event.
_TOLERANCE = 1e-12
NOT_LATE = -1


class Spell(NamedTuple):
    """How long something lasted, in microseconds.

    Attributes:
        spent: Its length, or how long it had lasted when it was last seen.
        ended: It has ended.
        entry: From which of its microseconds on it was seen; -1 from its beginning.
        start: Which fact it is counted from.
    """

    spent: int
    ended: bool = True
    entry: int = NOT_LATE
    start: str = ""


@attrs.frozen(repr=False)
class Survival:
    """The share that still goes on after each length of time at which one ended.

    Attributes:
        times: Those lengths, rising, in microseconds.
        at_risk: How many were seen to last that long, or longer.
        ended: How many ended then.
        shares: The share that goes on beyond it.
        n: How many there are.
        last: The longest that any was seen, in microseconds; None of nothing.
    """

    times: tuple[int, ...]
    at_risk: tuple[int, ...] = attrs.field(kw_only=True)
    ended: tuple[int, ...] = attrs.field(kw_only=True)
    shares: tuple[float, ...] = attrs.field(kw_only=True)
    n: int = attrs.field(kw_only=True)
    last: int | None = attrs.field(kw_only=True)

    def __repr__(self) -> str:
        return f"<Survival: {self.n} spells, {sum(self.ended)} ended>"

    @classmethod
    def of(cls, spells: Iterable[Spell]) -> Self:
        """The estimate from spells; one that was never seen, because it ended before it could be, does not count.

        >>> day = 86_400_000_000
        >>> seen = [Spell(3 * day), Spell(5 * day), Spell(5 * day), Spell(8 * day, False), Spell(10 * day)]
        >>> Survival.of(seen).quantile(0.5)
        datetime.timedelta(days=5)
        """
        seen = [spell for spell in spells if spell.spent > spell.entry]
        ends = Counter(spell.spent for spell in seen if spell.ended)
        lengths = sorted(spell.spent for spell in seen)
        entries = sorted(spell.entry for spell in seen if spell.entry != NOT_LATE)
        times = tuple(sorted(ends))
        at_risk: list[int] = []
        shares: list[float] = []
        share, gone = 1.0, 0
        for time in times:
            while lengths[gone] < time:
                gone += 1
            to_come = len(entries) - bisect_right(entries, time - 1)
            risk = len(lengths) - gone - to_come
            share *= 1 - ends[time] / risk
            at_risk.append(risk)
            shares.append(share)
        return cls(
            times,
            at_risk=tuple(at_risk),
            ended=tuple(ends[time] for time in times),
            shares=tuple(shares),
            n=len(seen),
            last=lengths[-1] if lengths else None,
        )

    @classmethod
    def observed(
        cls,
        durations: Sequence[timedelta],
        ended: Sequence[bool],
        *,
        entries: Sequence[timedelta] | None = None,
    ) -> Self:
        """The estimate from durations and whether each has ended; `entries` from when on each was seen.

        Raises:
            KpiError: the sequences are not equally long.
        """
        late = [None] * len(durations) if entries is None else entries
        if not len(durations) == len(ended) == len(late):
            raise KpiError.one(
                "bad_option", "the sequences are not equally long", path="ended", hint="one per duration"
            )
        return cls.of(
            Spell(micros(spent), bool(over), NOT_LATE if entry is None or not entry else micros(entry))
            for spent, over, entry in zip(durations, ended, late, strict=True)
        )

    def share(self, after: timedelta) -> float | None:
        """The share that goes on beyond a length of time.

        None of nothing, and beyond the longest that was seen while one of them goes on; 0.0 once all have ended.
        """
        if self.last is None or (micros(after) > self.last and self._goes_on):
            return None
        place = bisect_right(self.times, micros(after))
        return self.shares[place - 1] if place else 1.0

    @property
    def _goes_on(self) -> bool:
        """What was seen longest has not ended."""
        return not self.shares or self.shares[-1] > 0

    def quantile(self, share: float) -> timedelta | None:
        """The time by which that share has ended, 0.5 for the median; None where it was not reached."""
        for time, on in zip(self.times, self.shares, strict=True):
            if on <= 1 - share + _TOLERANCE:
                return timedelta(microseconds=time)
        return None

    def rmst(self, tau: timedelta) -> timedelta | None:
        """The restricted mean: how long of the first `tau` one lasts in the mean.

        None of nothing, and where `tau` lies beyond the longest that was seen.
        """
        until = check_tau(tau)
        if self.last is None or until > self.last:
            return None
        return timedelta(microseconds=self._area(0, until))

    def _area(self, start: int, until: int) -> float:
        area, at, on = 0.0, start, 1.0
        for time, share in zip(self.times, self.shares, strict=True):
            if time >= until:
                break
            if time > at:
                area += on * (time - at)
                at = time
            on = share
        return area + on * (until - at)

    def greenwood(self) -> Iterator[float]:
        """The sum in Greenwood's formula after each event: the variance of a share is its square times this."""
        total = 0.0
        for risk, over in zip(self.at_risk, self.ended, strict=True):
            total += over / (risk * (risk - over)) if risk > over else 0.0
            yield total

    def limits(self, level: float) -> Iterator[tuple[float, float]]:
        """The interval of each share, on the log(-log) scale; where all or none have ended it has no width."""
        check_level(level)
        z = normal_quantile(level)
        for share, total in zip(self.shares, self.greenwood(), strict=True):
            if not _TOLERANCE < share < 1:
                yield share, share
                continue
            bend = exp(z * sqrt(total) / log(share))
            low, high = sorted((share**bend, share ** (1 / bend)))
            yield low, high

    def quantile_interval(self, share: float, level: float) -> Interval | None:
        """Every time that the interval of the share that goes on allows as the quantile; an end may be open."""
        if not self.times:
            return None
        low: timedelta | None = None
        high: timedelta | None = None
        for time, (least, most) in zip(self.times, self.limits(level), strict=True):
            if low is None and least <= 1 - share + _TOLERANCE:
                low = timedelta(microseconds=time)
            if high is None and most <= 1 - share + _TOLERANCE:
                high = timedelta(microseconds=time)
        return Interval(low, high, level=level, method="Kaplan-Meier, log(-log)")

    def rmst_interval(self, tau: timedelta, level: float) -> Interval | None:
        """The normal interval of the restricted mean."""
        value = self.rmst(tau)
        if value is None:
            return None
        check_level(level)
        until, variance, beyond = micros(tau), 0.0, 0.0
        later = until
        for place in range(bisect_right(self.times, until - 1) - 1, -1, -1):
            risk, over = self.at_risk[place], self.ended[place]
            beyond += self.shares[place] * (later - self.times[place])
            later = self.times[place]
            variance += beyond**2 * over / (risk * (risk - over)) if risk > over else 0.0
        half = timedelta(microseconds=normal_quantile(level) * sqrt(variance))
        return Interval(max(timedelta(0), value - half), min(tau, value + half), level=level, method="normal")

    def to_rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """The curve as rows for any table: ``seconds``, ``share``, ``low``, ``high``, ``at_risk``, ``ended``."""
        return [
            {"seconds": time / 1e6, "share": share, "low": low, "high": high, "at_risk": risk, "ended": over}
            for time, share, (low, high), risk, over in zip(
                self.times, self.shares, self.limits(level), self.at_risk, self.ended, strict=True
            )
        ]


def check_tau(tau: object) -> int:
    """The microseconds of a restriction, which is an amount of time."""
    if not isinstance(tau, timedelta) or tau <= timedelta(0):
        raise KpiError.one(
            "bad_option", f"a restriction to {tau!r} is none", path="tau", hint="timedelta(days=14)"
        )
    return micros(tau)
