"""Conditions and situations to draw, over a small house in which every combination can be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from hypothesis import strategies as st

from itilkit.conditions import (
    INCIDENT,
    AllOf,
    Always,
    AnyOf,
    Between,
    Condition,
    Eq,
    Ge,
    Gt,
    HasAll,
    HasAny,
    In,
    Known,
    Le,
    Like,
    Lt,
    Missing,
    Ne,
    Not,
    NotIn,
    StartsWith,
)
from itilkit.vocabulary import Scale

HOUSE = INCIDENT.having(
    {
        "service": ["mail", "payments", "vpn"],
        "impact": Scale("impact", ("High", "Medium", "Low")),
        "region": str,
        "cost": float,
    }
)
SERVICE, IMPACT, VIP = HOUSE.field("service"), HOUSE.field("impact"), HOUSE.field("reporter.vip")
TAGS, REGION = HOUSE.field("tags"), HOUSE.field("region")

# Every value that matters, written out by hand: domains that end are whole; of the others, what lies between,
# beyond and on the bounds that are drawn below.
DOMAINS: Mapping[str, tuple[Any, ...]] = {
    "service": ("mail", "payments", "vpn", None),
    "impact": (1, 2, 3, None),
    "reporter.vip": (True, False, None),
    "tags": (frozenset(), frozenset({"a"}), frozenset({"b"}), frozenset({"a", "b"}), None),
    "reopen_count": (0, 1, 2, 3, 4, 5, None),
    "cost": (-1, 0, 0.25, 0.5, 0.75, 1, 1.5, None),
}

_LEVELS = st.integers(1, 3)
_COUNTS = st.integers(0, 4)
_COSTS = st.sampled_from([0, 0.5, 1])
_SERVICES = st.lists(st.sampled_from(["mail", "payments", "vpn"]), min_size=1, max_size=3, unique=True)
_TAGGED = st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2, unique=True)


def _compared(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Condition]:
    field = HOUSE.field(name)
    ends = st.tuples(values, values).map(sorted)
    return st.one_of(
        st.builds(Eq, st.just(field), values),
        st.builds(Ne, st.just(field), values),
        st.builds(Lt, st.just(field), values),
        st.builds(Le, st.just(field), values),
        st.builds(Gt, st.just(field), values),
        st.builds(Ge, st.just(field), values),
        ends.map(lambda both: Between(field, both[0], both[1])),
        st.builds(Known, st.just(field)),
        st.builds(Missing, st.just(field)),
    )


QUESTIONS: st.SearchStrategy[Condition] = st.one_of(
    _compared("impact", _LEVELS),
    _compared("reopen_count", _COUNTS),
    _compared("cost", _COSTS),
    st.builds(In, st.just(SERVICE), _SERVICES),
    st.builds(NotIn, st.just(SERVICE), _SERVICES),
    st.builds(Known, st.just(SERVICE)),
    st.builds(Eq, st.just(VIP), st.booleans()),
    st.builds(Ne, st.just(VIP), st.booleans()),
    st.builds(HasAny, st.just(TAGS), _TAGGED),
    st.builds(HasAll, st.just(TAGS), _TAGGED),
)
_LETTERS = st.text("ab*?", min_size=1, max_size=4)
_PLAIN_TEXTS = st.text("ab", min_size=1, max_size=3)
ABOUT_TEXT: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Eq, st.just(REGION), _PLAIN_TEXTS),
    st.builds(Ne, st.just(REGION), _PLAIN_TEXTS),
    st.builds(In, st.just(REGION), st.lists(_PLAIN_TEXTS, min_size=1, max_size=2)),
    st.builds(StartsWith, st.just(REGION), _PLAIN_TEXTS),
    st.builds(Like, st.just(REGION), _LETTERS),
    st.builds(Known, st.just(REGION)),
)


def joined(questions: st.SearchStrategy[Condition], leaves: int = 8) -> st.SearchStrategy[Condition]:
    """Conditions made of such questions, joined every way."""

    def join(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(inner, min_size=1, max_size=3)
        return st.one_of(several.map(AllOf), several.map(AnyOf), inner.map(Not))

    return st.recursive(st.one_of(questions, st.just(Always())), join, max_leaves=leaves)


CONDITIONS = joined(st.one_of(QUESTIONS, ABOUT_TEXT))
SITUATIONS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {name: st.sampled_from(values) for name, values in DOMAINS.items()}
    | {"region": st.one_of(st.none(), st.text("abc", min_size=1, max_size=5))}
)


def all_situations(fields: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every situation over these fields."""
    for values in product(*(DOMAINS[name] for name in fields)):
        yield dict(zip(fields, values, strict=True))
