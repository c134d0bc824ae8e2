"""What comes again in the real log is what pandas groups, whole and without 500 incidents, in two zones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd
import pytest

from itilkit.matching import Recurrences, recurrences

from .conftest import Reading

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("log")]

COLUMNS = {
    "symptom": "u_symptom",
    "configuration_item": "cmdb_ci",
    "category": "category",
    "subcategory": "subcategory",
}
KEYS = [
    pytest.param(("symptom", "configuration_item"), 90, 2, id="symptom and item within 90 days"),
    pytest.param(("configuration_item",), 30, 2, id="item within 30 days"),
    pytest.param(("symptom",), 1, 5, id="symptom within a day, five and more"),
    pytest.param(("category", "subcategory", "symptom"), 7, 3, id="three fields within a week"),
]


def plainly(reading: Reading, by: Sequence[str], days: int, at_least: int) -> pd.DataFrame:
    """One row per group: the numbers in the order of opening, the first and last opening, the problems."""
    last = reading.last.reset_index()
    first = reading.rows[reading.first].set_index("number")["opened_at"]
    names = [COLUMNS[name] for name in by]
    # A link is not taken back by a cell that is emptied later; the ids have spaces in plenty.
    told = reading.rows.groupby("number")["problem_id"].last().str.split().str.join(" ")
    problem = last["number"].map(told)
    known = (
        last.assign(opened=last["number"].map(first), problem=problem)
        .dropna(subset=names)
        .sort_values(["opened", "number"])
    )
    gap = known.groupby(names, sort=False)["opened"].diff()
    known["run"] = (gap.isna() | (gap > pd.Timedelta(days=days))).astype(int).groupby(
        [known[name] for name in names]
    ).cumsum()  # fmt: skip
    groups = known.groupby([*names, "run"], sort=False).agg(
        numbers=("number", tuple),
        opened=("opened", tuple),
        problems=("problem", lambda each: tuple(dict.fromkeys(each.dropna()))),
    )
    large = groups[groups["numbers"].map(len) >= at_least].reset_index()
    large["size"] = -large["numbers"].map(len)
    large["begins"] = large["opened"].map(lambda each: each[0])
    return large.sort_values(["size", "begins", "numbers"])


def found(reading: Reading, by: Sequence[str], days: int, at_least: int) -> Recurrences:
    """The groups by the library."""
    return recurrences(reading.timelines, by=by, within=timedelta(days=days), at_least=at_least)


@pytest.mark.parametrize(("by", "days", "at_least"), KEYS)
def test_groups_are_those_of_a_plain_computation(
    reading: Reading, by: tuple[str, ...], days: int, at_least: int
) -> None:
    """The same incidents stand together in the same order, with the same key, openings and problems."""
    groups, expected = found(reading, by, days, at_least), plainly(reading, by, days, at_least)
    assert [group.numbers for group in groups] == expected["numbers"].tolist()
    assert [group.opened_at for group in groups] == [
        tuple(at.to_pydatetime() for at in each) for each in expected["opened"]
    ]
    keys = expected[[COLUMNS[name] for name in by]].itertuples(index=False)
    assert [tuple(group.key.values()) for group in groups] == list(map(tuple, keys))
    assert [group.problems for group in groups] == expected["problems"].tolist()
    assert len(groups) > 0


@pytest.mark.parametrize(("by", "days", "at_least"), KEYS)
def test_what_is_left_out_has_no_full_key(
    reading: Reading, by: tuple[str, ...], days: int, at_least: int
) -> None:
    """Those with a full key are looked at, the others are counted as missing; nothing is cancelled in this log."""
    groups = found(reading, by, days, at_least)
    full = reading.last[[COLUMNS[name] for name in by]].notna().all(axis="columns").sum()
    assert groups.n == full
    assert dict(groups.left_out) == {"missing": len(reading.last) - full}
