"""Words of pictures: groups, shares, durations, what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from itilkit.kpi import Reason
from itilkit.kpi.words import duration_words

__all__ = [
    "counted",
    "group_name",
    "group_names",
    "lasting",
    "left_out_words",
    "mean_words",
    "plain_group",
    "share_words",
]

_REASONS: Mapping[str, str] = {
    "missing": "without the fact on record",
    "no_agreement": "without an agreement",
    "not_opened": "not opened yet",
    "open": "still open",
    "out_of_period": "outside of the period",
    "pending": "open and in time",
}
_FEW = 0.01
_LARGE = 10


def lasting(seconds: float) -> str:
    """A duration in its largest fitting unit.

    >>> lasting(54540), lasting(0)
    ('15.2 h', '0 s')
    """
    return duration_words(timedelta(seconds=seconds))


def share_words(share: float) -> str:
    """A share in whole percent, in tenths where it is nearly nothing or all; neither 0 nor 100 % unless it is.

    >>> share_words(0.804), share_words(0.0071), share_words(0.99999), share_words(0.0), share_words(1.0)
    ('80 %', '0.7 %', 'over 99.9 %', '0 %', '100 %')
    """
    if share in (0.0, 1.0):
        return f"{share:.0%}".replace("%", " %")
    told = f"{share:.1%}" if round(min(share, 1 - share), 3) < _FEW else f"{share:.0%}"
    return {"0.0%": "under 0.1 %", "100.0%": "over 99.9 %"}.get(told, told.replace("%", " %"))


def mean_words(value: float) -> str:
    """A mean, in tenths where it is small.

    >>> mean_words(1843.2), mean_words(0.42)
    ('1,843', '0.4')
    """
    return f"{value:,.0f}" if value >= _LARGE else f"{value:.1f}".removesuffix(".0")


def group_name(dimension: str, group: object, names: Mapping[Any, str]) -> str:
    """A group in words: as it is called by the caller, else by its number or name.

    >>> group_name("priority", 1, {}), group_name("priority", 1, {1: "P1 Critical"}), group_name("category", None, {})
    ('P1', 'P1 Critical', 'not known')
    """
    if group in names:
        return names[group]
    if group is None:
        return "not known"
    told = str(group)
    return f"P{told}" if dimension == "priority" else told


def group_names(dimension: str, groups: Sequence[object], names: Mapping[Any, str]) -> list[str]:
    """Groups in words; of those that are called alike each with its own value, so that no two bars are taken for one.

    >>> group_names("category", ["nw", "sw", "hw"], {"nw": "Technology", "hw": "Technology"})
    ['Technology (nw)', 'sw', 'Technology (hw)']
    """
    told = [group_name(dimension, group, names) for group in groups]
    often = Counter(told)
    return [
        f"{name} ({group})" if often[name] > 1 else name for name, group in zip(told, groups, strict=True)
    ]


def plain_group(group: object) -> str | float | bool | None:
    """A group as a row holds it: text, a number, a truth or None."""
    return group if group is None or isinstance(group, str | int | float) else str(group)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun in the right form.

    >>> counted(1, "incident"), counted(2000, "category", "categories")
    ('1 incident', '2,000 categories')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def left_out_words(left_out: Mapping[Reason, int]) -> str:
    """What does not count, by reason; empty where everything does.

    >>> left_out_words({"open": 12, "not_opened": 3}), left_out_words({})
    ('Left out: 12 still open, 3 not opened yet.', '')
    """
    told = (
        f"{number:,} {_REASONS.get(why, why.replace('_', ' '))}" for why, number in left_out.items() if number
    )
    return f"Left out: {', '.join(told)}." if any(left_out.values()) else ""
